
/*
 * What a policy was before its numbers changed, and what becomes of what was
 * counted by then.
 *
 * Under other numbers a word would mean something else, so the tag of a cell
 * depends on them: a mix of the numbers goes into it.  Nothing is walked
 * through at a change.  Who is looked for and has no cell under the numbers
 * of now, but one under those of before, begins with what that one says,
 * converted by the moment of the change, and the old one is dropped.  A cell
 * that has run out by its own rule says nothing.
 *
 * A request that was collected before the change and pays after somebody
 * else of its tenant has been converted is counted under the old numbers
 * only.
 */


#ifndef _XPECTO_FORMER_H_INCLUDED_
#define _XPECTO_FORMER_H_INCLUDED_


#include "xpecto.h"
#include "xpecto_meter.h"


#define XPECTO_FORMER_MAX  4


typedef enum {
    XPECTO_INHERIT_AS_IS = 0,   /* what was used stays used */
    XPECTO_INHERIT_PROPORTIONAL,  /* its part of the limit does */
    XPECTO_INHERIT_RESET        /* nothing was used */
} xpecto_inherit_e;


/* the numbers of a policy */

typedef struct {
    uint64_t             interval;      /* RATE: ticks; else 0 */
    uint64_t             limit;         /* RATE: the tolerance, ticks; COUNT,
                                           SLIDE: units */
    uint32_t             length;        /* COUNT, SLIDE: seconds, 0: of the
                                           calendar */
    uint32_t             inherit;       /* how they take over: part of what
                                           they are */
} xpecto_terms_t;


struct xpecto_former_s {
    xpecto_terms_t       terms;
    uint64_t             mix;           /* of them */
    uint64_t             tick;          /* when others took their place */
    uint64_t             wall;          /* microseconds since 1970 */
    uint64_t             until;         /* ticks: what they counted has run
                                           out by then */
    uint32_t             how;           /* those took over */
    uint32_t             reserved;
};


/*
 * What goes into the tag.  0 where a word means the same under all numbers:
 * a count of the calendar that stays as it is, and kinds other than RATE,
 * COUNT and SLIDE.
 */

uint64_t xpecto_terms_mix(xpecto_meter_e kind, const xpecto_terms_t *terms);

/* a word of "former" under the terms that took its place; 0: it says nothing */

uint64_t xpecto_former_word(xpecto_meter_e kind,
    const xpecto_former_t *former, const xpecto_terms_t *terms,
    uint64_t word);

/*
 * What a tag that has no cell begins with; 0: with nothing.  now in ticks; of
 * counts the clock is the meter's own.
 */

uint64_t xpecto_former_find(const xpecto_meter_t *meter, uint64_t tag,
    uint64_t now);

/*
 * A tag that would begin with what was counted before gets a cell that says
 * so: for who is about to change it by hand.  *stamp: xpecto_cells_claim().
 */

void xpecto_former_settle(const xpecto_meter_t *meter, uint64_t tag,
    uint64_t *stamp, uint64_t now);

/* the tag has a cell now: those of before are free */

void xpecto_former_drop(const xpecto_meter_t *meter, uint64_t tag);


#endif /* _XPECTO_FORMER_H_INCLUDED_ */
