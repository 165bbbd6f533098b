
/*
 * The rules: which laws govern, what they allow, what the operator makes of
 * it.  rules.json (docs/formats.md) and the legal data it names, compiled
 * into one position-independent image of fixed layout, texts behind it.
 */


#ifndef _XPECTO_RULES_H_INCLUDED_
#define _XPECTO_RULES_H_INCLUDED_


#include "xpecto_set.h"


#define XPECTO_RULES_REGIMES       128
#define XPECTO_RULES_COUNTRIES     255
#define XPECTO_RULES_AREAS         64
#define XPECTO_RULES_ROWS          4096
#define XPECTO_RULES_RESTRICTIONS  128
#define XPECTO_RULES_ATTESTS       64
#define XPECTO_RULES_REGIONS       64
#define XPECTO_RULES_PROCESSORS    16
#define XPECTO_RULES_PATHS         8        /* of a processor */
#define XPECTO_RULES_RULES         128
#define XPECTO_RULES_OVERLAYS      4        /* regimes of a country */

#define XPECTO_RULES_NONE          XPECTO_SET_NONE  /* no index */

#define XPECTO_AREA_CODE           8        /* "AE-DIFC", zeroes follow */


/* from the best to the worst: the worst of a transfer counts */

typedef enum {
    XPECTO_BASIS_LOCAL = 0,
    XPECTO_BASIS_UNRESTRICTED,
    XPECTO_BASIS_ADEQUATE,
    XPECTO_BASIS_ADEQUATE_SCOPED,
    XPECTO_BASIS_SAFEGUARDS,
    XPECTO_BASIS_FORMAL,
    XPECTO_BASIS_DEROGATION,
    XPECTO_BASIS_LOCAL_COPY,
    XPECTO_BASIS_LOCAL_FIRST,
    XPECTO_BASIS_NONE,
    XPECTO_BASIS_BLOCKED,
    XPECTO_BASES
} xpecto_basis_e;


/* from the mildest to the strictest */

typedef enum {
    XPECTO_ACTION_ALLOW = 0,
    XPECTO_ACTION_FLAG,
    XPECTO_ACTION_DENY,
    XPECTO_ACTIONS
} xpecto_action_e;


/* what a signal can be instead of a country */

typedef enum {
    XPECTO_SIGNAL_PRIVATE_IP = 0,
    XPECTO_SIGNAL_DB_MISSING,
    XPECTO_SIGNAL_DB_STALE,
    XPECTO_SIGNAL_NO_RECIPIENT,
    XPECTO_SIGNAL_INVALID_NUMBER,
    XPECTO_SIGNAL_NON_GEOGRAPHIC,
    XPECTO_SIGNAL_RULES_EXPIRED,        /* these rules, since that day */
    XPECTO_SIGNAL_NO_PLUS,              /* a number may be a national one */
    XPECTO_SIGNALS
} xpecto_signal_e;


/* what is made of such a signal */

typedef enum {
    XPECTO_SIGNAL_IGNORE = 0,           /* the other origins count */
    XPECTO_SIGNAL_UNKNOWN,              /* an origin of unknown country */
    XPECTO_SIGNAL_DENY
} xpecto_signal_action_e;


/* bytes of the image */

typedef struct {
    uint32_t              off;
    uint32_t              len;
} xpecto_text_t;


typedef struct {
    xpecto_text_t         id;
    uint16_t              number;       /* permanent */
    uint16_t              row[XPECTO_RULES_COUNTRIES];  /* + 1, 0: none */
    uint8_t               needs_establishment;
    uint8_t               free;         /* what is not forbidden is allowed */
    uint8_t               group;        /* each country has its own law */
    uint8_t               listed;       /* what is local is in its rows */
    uint8_t               inherits;     /* index of a regime or NONE */
    uint8_t               restrictions; /* the first of them */
    uint8_t               nrestrictions;
    uint8_t               min_age;      /* 0: unknown */
    uint8_t               opt_out;
} xpecto_regime_t;


typedef struct {
    xpecto_country_t      code;
    uint8_t               min_age;
    uint8_t               opt_out;
    uint8_t               territorial;  /* index of a regime */
    uint8_t               nregimes;
    uint8_t               regimes[XPECTO_RULES_OVERLAYS];   /* ascending */
    int32_t               signal;       /* day of 1970 from which an opt-out
                                           signal binds in a part of it */
} xpecto_place_rule_t;


/*
 * A state or province: the laws that its country does not have, if any.
 * Without one, what it does not say of age and consent is its country's.
 */

typedef struct {
    char                  code[XPECTO_AREA_CODE];
    uint8_t               country;
    uint8_t               min_age;
    uint8_t               opt_out;
    uint8_t               nregimes;
    uint8_t               regimes[XPECTO_RULES_OVERLAYS];   /* ascending */
} xpecto_area_rule_t;


/* a decision row: from the first day on, before the last one */

typedef struct {
    int32_t               since;        /* days since 1970 */
    int32_t               until;
    uint64_t              attests;      /* one of them is needed; 0: none is */
    uint8_t               basis;
    uint8_t               never;        /* the attestation is not defined */
    xpecto_text_t         instrument;
} xpecto_row_t;


typedef struct {
    xpecto_set_t          to;
    uint64_t              attests;      /* one of them lifts or satisfies it */
    uint8_t               regime;
    uint8_t               effect;       /* xpecto_basis_e */
    xpecto_text_t         id;
} xpecto_restriction_t;


typedef enum {
    XPECTO_ATTEST_FACT = 0,
    XPECTO_ATTEST_SAFEGUARDS,           /* "safeguards", "safeguards:IN" */
    XPECTO_ATTEST_DEROGATION            /* "derogation", "derogation:IN" */
} xpecto_attest_e;


typedef struct {
    xpecto_text_t         name;
    xpecto_text_t         instrument;   /* the name where none is given */
    int32_t               expires;      /* the first day it does not hold */
    uint64_t              needs;
    xpecto_set_t          covers;       /* regimes */
    uint8_t               kind;
    uint8_t               country;      /* NONE: all */
} xpecto_attest_t;


typedef struct {
    xpecto_text_t         name;
    xpecto_text_t         upstream;
    uint8_t               country;
} xpecto_region_t;


typedef struct {
    xpecto_set_t          countries;
    uint32_t              npaths;       /* 0: all paths */
    xpecto_text_t         paths[XPECTO_RULES_PATHS];
} xpecto_processor_t;


typedef struct {
    xpecto_text_t         id;
    xpecto_set_t          origin;
    xpecto_set_t          dest;
    uint8_t               regime;       /* NONE: any */
    uint8_t               has_origin;
    uint8_t               has_dest;     /* 2: all but dest */
    uint8_t               action;
    uint16_t              status;       /* 0: that of deny */
} xpecto_rule_t;


#define XPECTO_RULES_DIGEST  16


typedef struct {
    uint8_t               digest[XPECTO_RULES_DIGEST];  /* of both documents:
                                           for whoever compiles them */
    int32_t               expires;      /* INT32_MAX: never */
    uint16_t              status;       /* of a deny */
    uint8_t               operator;     /* country or NONE */
    uint8_t               unknown;      /* xpecto_action_e */
    uint8_t               actions[XPECTO_BASES];
    uint8_t               signals[XPECTO_SIGNALS];
    xpecto_text_t         version;
    xpecto_text_t         blocked_by;
    xpecto_text_t         type;

    uint32_t              nregimes;
    uint32_t              ncountries;
    uint32_t              nareas;
    uint32_t              nrows;
    uint32_t              nrestrictions;
    uint32_t              nattests;
    uint32_t              nregions;
    uint32_t              nprocessors;
    uint32_t              nrules;

    uint8_t               index[26 * 26];   /* of a country, or NONE */

    xpecto_regime_t       regimes[XPECTO_RULES_REGIMES];    /* by id */
    xpecto_place_rule_t   countries[XPECTO_RULES_COUNTRIES];    /* by code */
    xpecto_area_rule_t    areas[XPECTO_RULES_AREAS];            /* by code */
    xpecto_row_t          rows[XPECTO_RULES_ROWS];
    xpecto_restriction_t  restrictions[XPECTO_RULES_RESTRICTIONS];
                                        /* by regime, then by id */
    xpecto_attest_t       attests[XPECTO_RULES_ATTESTS];        /* by name */
    xpecto_region_t       regions[XPECTO_RULES_REGIONS];
    xpecto_processor_t    processors[XPECTO_RULES_PROCESSORS];
    xpecto_rule_t         rules[XPECTO_RULES_RULES];
} xpecto_rules_t;


/* data.jurisdictions of rules.json: a file name, terminated by a zero */

xpecto_rc_e xpecto_rules_data(xpecto_str_t rules, char *name, size_t size,
    xpecto_err_t *err);

/*
 * OK: image->data was allocated by malloc and belongs to the caller.
 * ERROR: err says what is wrong, with the JSON path and the line; of the
 * legal data it begins with "jurisdictions: ".
 */

xpecto_rc_e xpecto_rules_compile(xpecto_str_t rules, xpecto_str_t law,
    xpecto_image_t *image, xpecto_err_t *err);

/* reading the image */

unsigned xpecto_rules_country(const xpecto_rules_t *rules,
    xpecto_country_t code);

/*
 * The bit of a state or province, for areas; 0: it has no law of its own, and
 * is no stricter about age and consent than its country.  A code that the
 * legal data do not have is not known.
 */

uint64_t xpecto_rules_area(const xpecto_rules_t *rules, const char *code);
int xpecto_rules_area_known(const xpecto_rules_t *rules, const char *code);

const xpecto_region_t *xpecto_rules_region(const xpecto_rules_t *rules,
    xpecto_str_t name);
xpecto_str_t xpecto_rules_text(const xpecto_rules_t *rules,
    xpecto_text_t text);
const char *xpecto_rules_basis(unsigned basis);

/* processors of this path add their countries; of an empty one all do */

void xpecto_rules_processors(const xpecto_rules_t *rules, xpecto_str_t path,
    xpecto_set_t *countries);


#endif /* _XPECTO_RULES_H_INCLUDED_ */
