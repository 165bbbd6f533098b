
/*
 * Transfers: may data of these origins go to these destinations, and on
 * which legal basis?
 *
 * Every origin is asked with each of its regimes about each destination; the
 * worst basis counts, and the strictest action.  Ties go to the first in the
 * order of codes and ids: the same question has the same answer.
 */


#ifndef _XPECTO_TRANSFER_H_INCLUDED_
#define _XPECTO_TRANSFER_H_INCLUDED_


#include "xpecto_rules.h"


/* a question; countries as indices of the rules */

typedef struct {
    xpecto_set_t     declared;          /* somebody is established there */
    xpecto_set_t     hinted;            /* a person is there */
    uint64_t         areas;             /* and may be in these parts of it */
    uint64_t         seats;             /* of these, where somebody is
                                           established */
    xpecto_set_t     destinations;      /* empty: unknown */
    uint64_t         attests;           /* a bit for each that holds */
    int32_t          today;             /* days since 1970 */
    unsigned         unknown:1;         /* an origin of no known country */
    unsigned         forbidden:1;       /* the rules deny it for a signal */
} xpecto_transfer_t;


/* one answer, and who gave it; NONE: not known, or no law applies */

typedef struct {
    uint8_t          origin;
    uint8_t          area;              /* of the origin, or NONE */
    uint8_t          regime;
    uint8_t          destination;
    xpecto_text_t    instrument;        /* it rests on, or a restriction that
                                           stands against it; may be empty */
} xpecto_reason_t;


typedef struct {
    xpecto_basis_e   basis;
    xpecto_reason_t  why;

    xpecto_action_e  action;
    xpecto_reason_t  cause;             /* of the action */
    uint8_t          rule;              /* that took it, or NONE */
    uint16_t         status;            /* of a deny */
} xpecto_decision_t;


void xpecto_transfer_decide(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, xpecto_decision_t *decision);

/*
 * The region with the mildest action, then the best basis, for what else is
 * in the question: of the allowed ones (a bit for each), the home region (or
 * NONE) first, then in the order of the rules.  NONE: there is no region, and
 * the decision is to deny.
 */

unsigned xpecto_transfer_region(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, uint64_t allowed, unsigned home,
    xpecto_decision_t *decision);

/* the bit of an attestation that the rules define, else 0 */

uint64_t xpecto_transfer_attest(const xpecto_rules_t *rules,
    xpecto_str_t name);

/* of these attestations those that have not expired, nor what they need */

uint64_t xpecto_transfer_attests(const xpecto_rules_t *rules,
    uint64_t attests, int32_t today);

/*
 * "DE,EU_GDPR,IN" or "CA-QC,CA_QC_L25,IN": the length, at most
 * XPECTO_TRANSFER_WHY; 0: no law of a known country says so.
 */

#define XPECTO_TRANSFER_WHY  (XPECTO_AREA_CODE + 32 + 4)

size_t xpecto_transfer_why(const xpecto_rules_t *rules,
    const xpecto_reason_t *reason, uint8_t *p);

/*
 * The regimes of countries and areas, ascending by id, joined by spaces.
 * The length; it is at most XPECTO_TRANSFER_REGIMES.
 */

#define XPECTO_TRANSFER_REGIMES  (32 * XPECTO_RULES_REGIMES)

size_t xpecto_transfer_regimes(const xpecto_rules_t *rules,
    const xpecto_set_t *countries, uint64_t areas, uint8_t *p);

/*
 * The highest age of consent, in years: of a place whose age is not known,
 * and where a place itself is not known, that of xpecto_age_min(0).  0: none
 * of both, and no place.
 */

unsigned xpecto_transfer_min_age(const xpecto_rules_t *rules,
    const xpecto_set_t *countries, uint64_t areas, int unknown);

/* the day from which an opt-out signal binds in one of them */

int32_t xpecto_transfer_signal(const xpecto_rules_t *rules,
    const xpecto_set_t *countries);

/* 1: all of them have opt-out, and there is one */

int xpecto_transfer_opt_out(const xpecto_rules_t *rules,
    const xpecto_set_t *countries, uint64_t areas);


#endif /* _XPECTO_TRANSFER_H_INCLUDED_ */
