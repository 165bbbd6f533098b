
/*
 * Consent: the purposes, a person's choice, and what follows from it.
 *
 * A choice is what the person said; a decision is what may be done now, each
 * purpose with the layer that decided it.  Silence grants nothing by itself:
 * where a law starts from permission, the layer is called "default".
 */


#ifndef _XPECTO_CONSENT_H_INCLUDED_
#define _XPECTO_CONSENT_H_INCLUDED_


#include "xpecto.h"


/* permanent numbers: bit n of a mask is purpose n; they stand in tokens */

typedef enum {
    XPECTO_PURPOSE_NECESSARY = 0,
    XPECTO_PURPOSE_FUNCTIONAL,
    XPECTO_PURPOSE_PREFERENCES,
    XPECTO_PURPOSE_ANALYTICS,
    XPECTO_PURPOSE_AD_STORAGE,
    XPECTO_PURPOSE_AD_USER_DATA,
    XPECTO_PURPOSE_AD_PERSONALIZATION,
    XPECTO_PURPOSE_SALE_SHARE,
    XPECTO_PURPOSE_MARKETING_COMMS,
    XPECTO_PURPOSE_DIAGNOSTICS,
    XPECTO_PURPOSE_SESSION_REPLAY,
    XPECTO_PURPOSE_SOCIAL_EMBEDS,
    XPECTO_PURPOSE_PRECISE_GEO,
    XPECTO_PURPOSE_PROFILING,
    XPECTO_PURPOSE_SECURITY,
    XPECTO_PURPOSE_CUSTOM,
    XPECTO_PURPOSES
} xpecto_purpose_e;

#define XPECTO_PURPOSE_BIT(n)     ((uint16_t) (1u << (n)))

/* never asked for and never refused */

#define XPECTO_PURPOSES_ALWAYS    ((uint16_t) 0x4001)

/* asked for everywhere; "custom" is asked for where it is configured */

#define XPECTO_PURPOSES_ASKED     ((uint16_t) 0x3ffe)

/* what nobody's silence grants, wherever they are, nor any interest */

#define XPECTO_PURPOSES_SPOKEN    ((uint16_t) 0x1400)

/* what the Global Privacy Control and Do Not Track refuse */

#define XPECTO_PURPOSES_GPC       ((uint16_t) 0x00f0)
#define XPECTO_PURPOSES_DNT       ((uint16_t) 0x00f8)


/* flags of a choice */

#define XPECTO_CHOICE_EXPLICIT    0x80
#define XPECTO_CHOICE_GPC         0x40  /* the signal came with the choice */
#define XPECTO_CHOICE_WITHDRAWN   0x02
#define XPECTO_CHOICE_GPC_STICKY  0x01  /* and lasts without the signal */

#define XPECTO_CHOICE_ID_LEN      16
#define XPECTO_CHOICE_TTL_MAX     34560000      /* 400 days, as browsers do */


typedef enum {
    XPECTO_MODEL_NOTICE = 0,
    XPECTO_MODEL_OPT_IN,
    XPECTO_MODEL_OPT_OUT
} xpecto_model_e;


typedef enum {
    XPECTO_METHOD_NONE = 0,
    XPECTO_METHOD_ACCEPT_ALL,
    XPECTO_METHOD_SELECTION,
    XPECTO_METHOD_REJECT_ALL,
    XPECTO_METHOD_SIGNAL,
    XPECTO_METHOD_API,
    XPECTO_METHOD_FORM,
    XPECTO_METHOD_BRIDGE,
    XPECTO_METHOD_MIGRATED
} xpecto_method_e;


/* a purpose in neither mask has not been asked for; times are unix seconds */

typedef struct {
    uint16_t            granted;
    uint16_t            denied;
    uint32_t            revision;       /* of the policy: 20260301 */
    uint32_t            created;        /* the first choice */
    uint32_t            updated;
    uint32_t            expires;
    xpecto_country_t    country;        /* at the choice, 0 unknown */
    uint8_t             region[3];      /* ISO 3166-2 suffix, 0-padded */
    uint8_t             regime;
    uint8_t             model;          /* xpecto_model_e */
    uint8_t             age;            /* source << 4 | band */
    uint8_t             method;         /* xpecto_method_e */
    uint8_t             flags;
    uint8_t             id[XPECTO_CHOICE_ID_LEN];
} xpecto_choice_t;


typedef enum {
    XPECTO_CHOICE_NONE = 0,
    XPECTO_CHOICE_VALID,
    XPECTO_CHOICE_EXPIRED,
    XPECTO_CHOICE_STALE,                /* of a policy that is no more */
    XPECTO_CHOICE_INVALID,
    XPECTO_CHOICE_REVOKED               /* as the caller knows */
} xpecto_choice_state_e;


typedef struct {
    uint32_t            rev;
    int64_t             effective;
    unsigned            material;       /* older choices end with it */
} xpecto_revision_t;


/* what decided, the strongest first */

typedef enum {
    XPECTO_LAYER_ALWAYS = 0,
    XPECTO_LAYER_AGE,
    XPECTO_LAYER_NO_SALE,
    XPECTO_LAYER_GPC,
    XPECTO_LAYER_WITHDRAWAL,
    XPECTO_LAYER_COOKIE,
    XPECTO_LAYER_DNT,
    XPECTO_LAYER_DEFAULT,
    XPECTO_LAYERS
} xpecto_layer_e;


typedef struct {
    const xpecto_choice_t  *choice;     /* NULL: none that is valid */
    xpecto_model_e          model;      /* of the jurisdiction now */
    unsigned                min_age;    /* of the jurisdiction, 0 unknown */
    uint8_t                 age;        /* as said since; as in a choice */
    uint16_t                asked;      /* the optional purposes in use */
    uint16_t                interest;   /* on without a consent, until there
                                           is an objection */
    uint8_t                 no_sale;
    uint8_t                 gpc;        /* the signal came with the request */
    uint8_t                 gpc_off;    /* and is ignored, stored or not */
    uint8_t                 dnt;
    uint8_t                 unread;     /* there is a choice that cannot be
                                           read: it may be a refusal */
} xpecto_consent_facts_t;


typedef struct {
    uint16_t                granted;
    uint16_t                denied;     /* all that is not granted */
    uint16_t                layers[XPECTO_LAYERS];     /* what each decided */
    unsigned                gpc:1;      /* the signal decided */
    unsigned                minor:1;    /* known to be below 18 */
} xpecto_decision_t;


/* "analytics"; the caller keeps n below XPECTO_PURPOSES */

xpecto_str_t xpecto_purpose_name(unsigned n);

/* the number of a name, or -1 */

int xpecto_purpose_find(const uint8_t *name, size_t len);

/* what decided a purpose, and its name: "gpc" */

xpecto_layer_e xpecto_consent_layer(const xpecto_decision_t *decision,
    unsigned purpose);
xpecto_str_t xpecto_layer_name(xpecto_layer_e layer);


/* the current revision, and the oldest that a choice may be of */

void xpecto_consent_revision(const xpecto_revision_t *revs, size_t n,
    int64_t now, uint32_t *current, uint32_t *oldest);

/* 1: it can be told from others, and be taken back; refusals cannot */

int xpecto_choice_has_id(const xpecto_choice_t *choice);

/* what changes while a choice stays the same: for each use, not once */

xpecto_choice_state_e xpecto_consent_check(const xpecto_choice_t *choice,
    int64_t now, uint32_t oldest);

/*
 * Finishes a choice whose masks, flags and origin are set: times, and for a
 * choice that grants nothing the form in which all who refuse on that day
 * are equal, with no identifier.  Else id is used.
 */

void xpecto_consent_seal(xpecto_choice_t *choice, int64_t now, uint32_t ttl,
    const uint8_t id[XPECTO_CHOICE_ID_LEN]);

void xpecto_consent_decide(xpecto_decision_t *decision,
    const xpecto_consent_facts_t *facts);


/* purposes that nothing a person says grants now: an age, a law, a signal */

static inline uint16_t
xpecto_consent_barred(const xpecto_decision_t *decision)
{
    return decision->layers[XPECTO_LAYER_AGE]
           | decision->layers[XPECTO_LAYER_NO_SALE]
           | decision->layers[XPECTO_LAYER_GPC];
}


/* the value of a Sec-GPC line, or one that a hop folded: "1, 1" */

int xpecto_consent_gpc(const uint8_t *value, size_t len);


/*
 * Texts of a decision; each returns the number of bytes written, at most the
 * size named.  names: "necessary,analytics", with the separator given.
 * sources: "functional=cookie,...".  mode: the seven types of Google Consent
 * Mode v2 as a JSON object.  permissions: what a browser must not do for
 * purposes that are denied, as in Permissions-Policy; empty if none is.
 */

#define XPECTO_CONSENT_NAMES_LEN    256
#define XPECTO_CONSENT_SOURCES_LEN  448
#define XPECTO_CONSENT_MODE_LEN     256
#define XPECTO_CONSENT_PERMISSIONS_LEN  160

size_t xpecto_consent_names(uint8_t *dst, uint16_t mask, uint8_t separator);
size_t xpecto_consent_sources(uint8_t *dst, const xpecto_decision_t *decision);
size_t xpecto_consent_mode(uint8_t *dst, const xpecto_decision_t *decision);
size_t xpecto_consent_permissions(uint8_t *dst,
    const xpecto_decision_t *decision);


#endif /* _XPECTO_CONSENT_H_INCLUDED_ */
