
/*
 * Meters: what a policy counts by and how, whatever kind it is of.
 */


#ifndef _XPECTO_METER_H_INCLUDED_
#define _XPECTO_METER_H_INCLUDED_


#include "xpecto.h"
#include "xpecto_cells.h"
#include "xpecto_count.h"
#include "xpecto_gcra.h"
#include "xpecto_held.h"
#include "xpecto_pair.h"
#include "xpecto_siphash.h"
#include "xpecto_unique.h"


/* bytes that name a policy, and of a value; a longer one is hashed first */

#define XPECTO_LIMIT_POLICY_MAX  64
#define XPECTO_METER_VALUE_MAX   112


typedef enum {
    XPECTO_METER_RATE = 0,      /* xpecto_gcra.h */
    XPECTO_METER_PAIR,          /* xpecto_pair.h */
    XPECTO_METER_COUNT,         /* xpecto_count.h */
    XPECTO_METER_SLIDE,
    XPECTO_METER_HELD,          /* xpecto_held.h: under way at once */
    XPECTO_METER_UNIQUE         /* xpecto_unique.h */
} xpecto_meter_e;


/*
 * A policy: what is the same for each request.  Zeroed, then filled by the
 * caller.  What the clock of a count says is set anew before each decision.
 */

typedef struct xpecto_former_s  xpecto_former_t;

typedef struct {
    const xpecto_cells_t  *cells;
    uint64_t               key[2];      /* xpecto_meter_key() */
    uint64_t               mix;         /* of its numbers: xpecto_former.h */
    xpecto_meter_e         kind;
    unsigned               deny_full;   /* 1: refuse if there is no cell */
    xpecto_gcra_t          gcra;        /* RATE, PAIR */
    xpecto_count_t         count;       /* COUNT, SLIDE; of HELD and UNIQUE
                                           the limit, of UNIQUE wall */
    const uint8_t         *wide;        /* HELD: words that it once had, or
                                           NULL */
    const xpecto_unique_t *unique;      /* UNIQUE; NULL: there is no table */
    const xpecto_former_t *former;      /* what its numbers were, the latest
                                           first */
    uint32_t               nformer;
    uint64_t               until;       /* ticks: nobody has a cell under
                                           those any more */
} xpecto_meter_t;


/*
 * What a policy's cells are told apart by: its name without its numbers, of
 * which the meter's mix is, so that what was used is found after a change of
 * those.  At most XPECTO_LIMIT_POLICY_MAX bytes.
 */

void xpecto_meter_key(xpecto_meter_t *meter,
    const uint8_t secret[XPECTO_SIPHASH_KEY_LEN], const xpecto_str_t *policy);

/*
 * The hash of a value that is counted by: one for all policies that count by
 * it.  scope tells values of one sort from those of another; within is the
 * hash of what the value belongs to, or NULL.
 */

void xpecto_meter_value(uint64_t hash[2],
    const uint8_t secret[XPECTO_SIPHASH_KEY_LEN], const uint64_t within[2],
    uint8_t scope, const uint8_t *value, size_t len);

/* the same of many at once */

typedef struct {
    xpecto_str_t           value;
    uint8_t                scope;
} xpecto_meter_value_t;

void xpecto_meter_values(uint64_t (*hash)[2],
    const uint8_t secret[XPECTO_SIPHASH_KEY_LEN], const uint64_t within[2],
    const xpecto_meter_value_t *values, size_t n);

uint64_t xpecto_meter_tag(const xpecto_meter_t *meter,
    const uint64_t hash[2]);

/* of a recipient that UNIQUE counts */

void xpecto_meter_hash(const xpecto_meter_t *meter, const uint64_t hash[2],
    uint64_t to[2]);

/*
 * Of one word, so not of HELD and UNIQUE.
 * As xpecto_gcra_take(), below, and xpecto_gcra_give(); of counts the clock
 * is the meter's own.
 */

uint64_t xpecto_meter_give(const xpecto_meter_t *meter, uint64_t *word,
    uint64_t cost, uint64_t now, uint64_t paid);

xpecto_cell_kind_e xpecto_meter_cell(xpecto_meter_e kind);


static inline xpecto_rc_e
xpecto_meter_take(const xpecto_meter_t *meter, uint64_t *word, uint64_t cost,
    uint64_t now, xpecto_gcra_result_t *res)
{
    if (meter->kind == XPECTO_METER_RATE) {
        return xpecto_gcra_take(word, &meter->gcra, now, cost, res);
    }

    switch (meter->kind) {

    case XPECTO_METER_PAIR:
        return xpecto_pair_take(word, &meter->gcra, now, cost, res);

    case XPECTO_METER_COUNT:
        return xpecto_count_take(word, &meter->count, cost, res);

    default: /* XPECTO_METER_SLIDE */
        return xpecto_slide_take(word, &meter->count, cost, res);
    }
}


#endif /* _XPECTO_METER_H_INCLUDED_ */
