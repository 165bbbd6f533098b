
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_age.h"
#include "xpecto_calendar.h"
#include "xpecto_consent.h"


static void xpecto_consent_said(xpecto_decision_t *decision, uint16_t *open,
    const xpecto_consent_facts_t *facts, int asks_first);
static void xpecto_consent_set(xpecto_decision_t *decision, uint16_t *open,
    uint16_t mask, int grant, xpecto_layer_e layer);
static uint8_t *xpecto_consent_copy(uint8_t *dst, const char *text);


#define XPECTO_CLOCK_SKEW       300     /* between the machines of a site */


static const char *const  xpecto_purposes[XPECTO_PURPOSES] = {
    "necessary", "functional", "preferences", "analytics",
    "ad_storage", "ad_user_data", "ad_personalization", "sale_share",
    "marketing_comms", "diagnostics", "session_replay", "social_embeds",
    "precise_geo", "profiling", "security", "custom"
};


static const char *const  xpecto_layers[XPECTO_LAYERS] = {
    "always", "age", "no_sale", "gpc", "withdrawal", "cookie", "dnt",
    "default"
};


/* the types of Google Consent Mode v2 and the purposes that they need */

static const struct {
    const char  *name;
    uint16_t     purposes;
} xpecto_modes[] = {
    { "ad_storage", XPECTO_PURPOSE_BIT(XPECTO_PURPOSE_AD_STORAGE) },
    { "ad_user_data", XPECTO_PURPOSE_BIT(XPECTO_PURPOSE_AD_USER_DATA) },
    { "ad_personalization",
      XPECTO_PURPOSE_BIT(XPECTO_PURPOSE_AD_PERSONALIZATION)
      | XPECTO_PURPOSE_BIT(XPECTO_PURPOSE_SALE_SHARE) },
    { "analytics_storage", XPECTO_PURPOSE_BIT(XPECTO_PURPOSE_ANALYTICS) },
    { "functionality_storage", XPECTO_PURPOSE_BIT(XPECTO_PURPOSE_FUNCTIONAL) },
    { "personalization_storage",
      XPECTO_PURPOSE_BIT(XPECTO_PURPOSE_PREFERENCES) },
    { "security_storage", XPECTO_PURPOSE_BIT(XPECTO_PURPOSE_SECURITY) }
};


xpecto_str_t
xpecto_purpose_name(unsigned n)
{
    xpecto_str_t  name;

    name.data = (const uint8_t *) xpecto_purposes[n];
    name.len = strlen(xpecto_purposes[n]);

    return name;
}


int
xpecto_purpose_find(const uint8_t *name, size_t len)
{
    int  n;

    for (n = 0; n < XPECTO_PURPOSES; n++) {
        if (strlen(xpecto_purposes[n]) == len
            && memcmp(xpecto_purposes[n], name, len) == 0)
        {
            return n;
        }
    }

    return -1;
}


xpecto_layer_e
xpecto_consent_layer(const xpecto_decision_t *decision, unsigned purpose)
{
    unsigned  layer;

    for (layer = 0; layer < XPECTO_LAYERS - 1; layer++) {
        if (decision->layers[layer] & XPECTO_PURPOSE_BIT(purpose)) {
            break;
        }
    }

    return (xpecto_layer_e) layer;
}


xpecto_str_t
xpecto_layer_name(xpecto_layer_e layer)
{
    xpecto_str_t  name;

    name.data = (const uint8_t *) xpecto_layers[layer];
    name.len = strlen(xpecto_layers[layer]);

    return name;
}


void
xpecto_consent_revision(const xpecto_revision_t *revs, size_t n, int64_t now,
    uint32_t *current, uint32_t *oldest)
{
    size_t  i;

    *current = 0;
    *oldest = 0;

    for (i = 0; i < n; i++) {

        if (revs[i].effective > now) {
            continue;
        }

        if (revs[i].rev > *current) {
            *current = revs[i].rev;
        }

        if (revs[i].material && revs[i].rev > *oldest) {
            *oldest = revs[i].rev;
        }
    }
}


int
xpecto_choice_has_id(const xpecto_choice_t *choice)
{
    unsigned  i;

    for (i = 0; i < XPECTO_CHOICE_ID_LEN; i++) {
        if (choice->id[i] != 0) {
            return 1;
        }
    }

    return 0;
}


xpecto_choice_state_e
xpecto_consent_check(const xpecto_choice_t *choice, int64_t now,
    uint32_t oldest)
{
    if ((int64_t) choice->updated > now + XPECTO_CLOCK_SKEW) {
        return XPECTO_CHOICE_INVALID;
    }

    if ((int64_t) choice->expires <= now) {
        return XPECTO_CHOICE_EXPIRED;
    }

    if (choice->revision < oldest) {
        return XPECTO_CHOICE_STALE;
    }

    return XPECTO_CHOICE_VALID;
}


void
xpecto_consent_seal(xpecto_choice_t *choice, int64_t now, uint32_t ttl,
    const uint8_t id[XPECTO_CHOICE_ID_LEN])
{
    uint32_t  time;

    time = (uint32_t) now;

    if (choice->granted & ~XPECTO_PURPOSES_ALWAYS) {

        if (choice->created == 0 || choice->created > time) {
            choice->created = time;
        }

        memcpy(choice->id, id, XPECTO_CHOICE_ID_LEN);

    } else {
        time -= time % XPECTO_DAY;

        /* ttl counts from the end of the day: nobody's refusal is shorter */

        ttl = (ttl < XPECTO_CHOICE_TTL_MAX - XPECTO_DAY)
              ? ttl + XPECTO_DAY : XPECTO_CHOICE_TTL_MAX;

        choice->created = time;
        choice->country = 0;
        choice->regime = 0;
        choice->model = 0;
        choice->age = 0;
        choice->method = 0;

        memset(choice->region, 0, sizeof(choice->region));
        memset(choice->id, 0, XPECTO_CHOICE_ID_LEN);
    }

    choice->updated = time;
    choice->expires = time + ttl;
}


void
xpecto_consent_decide(xpecto_decision_t *decision,
    const xpecto_consent_facts_t *facts)
{
    int                     asks_first;
    uint16_t                open;
    xpecto_age_band_e       band;
    const xpecto_choice_t  *choice;

    choice = facts->choice;
    open = 0xffff;

    memset(decision, 0, sizeof(xpecto_decision_t));

    xpecto_consent_set(decision, &open, XPECTO_PURPOSES_ALWAYS, 1,
                       XPECTO_LAYER_ALWAYS);

    /* what nobody was asked for is granted by no default either */

    xpecto_consent_set(decision, &open, (uint16_t) ~facts->asked, 0,
                       XPECTO_LAYER_DEFAULT);

    /* what was said last; a choice remembers what was said before it */

    band = xpecto_age_of(facts->age);

    if (band == XPECTO_AGE_UNKNOWN && choice != NULL) {
        band = xpecto_age_of(choice->age);
    }

    decision->minor = (band != XPECTO_AGE_UNKNOWN && band != XPECTO_AGE_ADULT);

    /* below 16 nothing is sold by silence (11 CCR 7070, 7071) */

    asks_first = (band != XPECTO_AGE_UNKNOWN && band < XPECTO_AGE_16);

    if (xpecto_age_is_young(band, facts->min_age)) {
        xpecto_consent_set(decision, &open, 0xffff, 0, XPECTO_LAYER_AGE);
    }

    if (facts->no_sale) {
        xpecto_consent_set(decision, &open,
                           XPECTO_PURPOSE_BIT(XPECTO_PURPOSE_SALE_SHARE), 0,
                           XPECTO_LAYER_NO_SALE);
    }

    /* a signal that was there once is not taken back by its absence */

    if (!facts->gpc_off
        && (facts->gpc
            || (choice != NULL
                && (choice->flags
                    & (XPECTO_CHOICE_GPC | XPECTO_CHOICE_GPC_STICKY)))))
    {
        decision->gpc = 1;
        xpecto_consent_set(decision, &open, XPECTO_PURPOSES_GPC, 0,
                           XPECTO_LAYER_GPC);
    }

    if (choice != NULL) {
        xpecto_consent_said(decision, &open, facts, asks_first);
    }

    /* which is an objection as well */

    if (facts->dnt) {
        xpecto_consent_set(decision, &open,
                           (uint16_t) (XPECTO_PURPOSES_DNT | facts->interest),
                           0, XPECTO_LAYER_DNT);
    }

    if (facts->unread) {
        xpecto_consent_set(decision, &open, 0xffff, 0, XPECTO_LAYER_DEFAULT);
    }

    if (asks_first) {
        xpecto_consent_set(decision, &open, XPECTO_PURPOSES_GPC, 0,
                           XPECTO_LAYER_DEFAULT);
    }

    xpecto_consent_set(decision, &open, XPECTO_PURPOSES_SPOKEN, 0,
                       XPECTO_LAYER_DEFAULT);

    xpecto_consent_set(decision, &open, facts->interest, 1,
                       XPECTO_LAYER_DEFAULT);

    xpecto_consent_set(decision, &open, 0xffff,
                       facts->model != XPECTO_MODEL_OPT_IN,
                       XPECTO_LAYER_DEFAULT);
}


/* what the choice itself says */

static void
xpecto_consent_said(xpecto_decision_t *decision, uint16_t *open,
    const xpecto_consent_facts_t *facts, int asks_first)
{
    uint16_t                granted;
    const xpecto_choice_t  *choice;

    choice = facts->choice;
    granted = choice->granted;

    if (choice->flags & XPECTO_CHOICE_WITHDRAWN) {
        xpecto_consent_set(decision, open, 0xffff, 0, XPECTO_LAYER_WITHDRAWAL);
    }

    /* what silence once granted elsewhere is void where it must be asked */

    if (!(choice->flags & XPECTO_CHOICE_EXPLICIT)) {

        granted &= (uint16_t) ~XPECTO_PURPOSES_SPOKEN;

        if (facts->model == XPECTO_MODEL_OPT_IN) {
            granted = 0;
        }

        if (asks_first) {
            granted &= (uint16_t) ~XPECTO_PURPOSES_GPC;
        }
    }

    xpecto_consent_set(decision, open, choice->denied, 0, XPECTO_LAYER_COOKIE);
    xpecto_consent_set(decision, open, granted, 1, XPECTO_LAYER_COOKIE);
}


/* decides those purposes of the mask that are still open */

static void
xpecto_consent_set(xpecto_decision_t *decision, uint16_t *open, uint16_t mask,
    int grant, xpecto_layer_e layer)
{
    mask = (uint16_t) (mask & *open);

    *open = (uint16_t) (*open & ~mask);

    if (grant) {
        decision->granted = (uint16_t) (decision->granted | mask);

    } else {
        decision->denied = (uint16_t) (decision->denied | mask);
    }

    decision->layers[layer] = (uint16_t) (decision->layers[layer] | mask);
}


int
xpecto_consent_gpc(const uint8_t *value, size_t len)
{
    size_t          n;
    const uint8_t  *end, *comma;

    end = value + len;

    for ( ;; ) {

        while (value < end && (*value == ' ' || *value == '\t')) {
            value++;
        }

        comma = memchr(value, ',', (size_t) (end - value));
        n = (size_t) ((comma == NULL ? end : comma) - value);

        while (n && (value[n - 1] == ' ' || value[n - 1] == '\t')) {
            n--;
        }

        if (n == 1 && value[0] == '1') {
            return 1;
        }

        if (comma == NULL) {
            return 0;
        }

        value = comma + 1;
    }
}


size_t
xpecto_consent_names(uint8_t *dst, uint16_t mask, uint8_t separator)
{
    uint8_t   *p;
    unsigned   n;

    p = dst;

    for (n = 0; n < XPECTO_PURPOSES; n++) {

        if (!(mask & XPECTO_PURPOSE_BIT(n))) {
            continue;
        }

        if (p != dst) {
            *p++ = separator;
        }

        p = xpecto_consent_copy(p, xpecto_purposes[n]);
    }

    return (size_t) (p - dst);
}


size_t
xpecto_consent_sources(uint8_t *dst, const xpecto_decision_t *decision)
{
    uint8_t         *p;
    unsigned         n;
    xpecto_layer_e   layer;

    p = dst;

    for (n = 0; n < XPECTO_PURPOSES; n++) {
        layer = xpecto_consent_layer(decision, n);

        if (layer == XPECTO_LAYER_ALWAYS) {
            continue;
        }

        if (p != dst) {
            *p++ = ',';
        }

        p = xpecto_consent_copy(p, xpecto_purposes[n]);
        *p++ = '=';
        p = xpecto_consent_copy(p, xpecto_layers[layer]);
    }

    return (size_t) (p - dst);
}


size_t
xpecto_consent_mode(uint8_t *dst, const xpecto_decision_t *decision)
{
    int        granted;
    size_t     i;
    uint8_t   *p;
    uint16_t   purposes;

    p = dst;

    for (i = 0; i < sizeof(xpecto_modes) / sizeof(xpecto_modes[0]); i++) {
        purposes = xpecto_modes[i].purposes;
        granted = ((decision->granted & purposes) == purposes);

        if (decision->minor
            && (purposes
                & XPECTO_PURPOSE_BIT(XPECTO_PURPOSE_AD_PERSONALIZATION)))
        {
            granted = 0;
        }

        p = xpecto_consent_copy(p, (i == 0) ? "{\"" : ",\"");
        p = xpecto_consent_copy(p, xpecto_modes[i].name);
        p = xpecto_consent_copy(p, granted ? "\":\"granted\""
                                           : "\":\"denied\"");
    }

    *p++ = '}';

    return (size_t) (p - dst);
}


static uint8_t *
xpecto_consent_copy(uint8_t *dst, const char *text)
{
    size_t  len;

    len = strlen(text);
    memcpy(dst, text, len);

    return dst + len;
}
