
/*
 * Counting on one 64-bit word: so many units in a period of the calendar,
 * in all time, or in a window that slides.
 *
 * A period that has an end: fixed windows, quotas, lifetimes.
 *
 *      63            32 31             0
 *     +----------------+----------------+
 *     | end, seconds   | units used     |
 *     +----------------+----------------+
 *
 * A sliding window is made of two that are fixed: what the one before has
 * used counts for as much as of it is still in sight (Cloudflare's way, 2017;
 * never less than the truth if the use was even).
 *
 *      63     42 41 40 39      20 19       0
 *     +---------+-----+----------+----------+
 *     | end     | len | before   | used     |
 *     +---------+-----+----------+----------+
 *
 *     end      of the window, seconds, low 22 bits
 *     len      the window is not longer than 16 s, 300 s, an hour, a day
 *
 * Wall-clock time, because a calendar is.  A clock that steps back stands
 * still: a period is never left for an earlier one.
 */


#ifndef _XPECTO_COUNT_H_INCLUDED_
#define _XPECTO_COUNT_H_INCLUDED_


#include "xpecto.h"
#include "xpecto_gcra.h"


#define XPECTO_COUNT_MAX     UINT32_MAX         /* units of a period */
#define XPECTO_COUNT_NEVER   UINT32_MAX         /* an end that never comes */
#define XPECTO_SLIDE_MAX     0xfffffull         /* units of a window */
#define XPECTO_SLIDE_LONGEST 86400              /* seconds */
#define XPECTO_USEC          1000000ull


typedef struct {
    uint64_t  limit;            /* units, 1 to XPECTO_COUNT_MAX or
                                   XPECTO_SLIDE_MAX */
    uint64_t  wall;             /* microseconds since 1970 */
    uint32_t  start;            /* of the period that wall is in, seconds */
    uint32_t  end;              /* the first second behind it */
    uint32_t  next;             /* the end of the period after that */
    uint32_t  length;           /* of each period, seconds; 0: they differ.
                                   Both are looked at by clock() only */
} xpecto_count_t;


/* goes on to the time; 0: the period after the next one is not known */

int xpecto_count_clock(xpecto_count_t *c, uint64_t usec);


/*
 * As xpecto_gcra_take(): OK, or DECLINED and the word is as it was.  The
 * word 0 is "nothing used".
 */

xpecto_rc_e xpecto_count_take(uint64_t *word, const xpecto_count_t *c,
    uint64_t cost, xpecto_gcra_result_t *res);
xpecto_rc_e xpecto_slide_take(uint64_t *word, const xpecto_count_t *c,
    uint64_t cost, xpecto_gcra_result_t *res);

/*
 * Takes back what was taken when the word became "paid"; returns how much.
 * Nothing of a period that is over, or that the word has forgotten.  Of c
 * only the length is looked at.
 */

uint64_t xpecto_count_give(uint64_t *word, uint64_t cost, uint64_t paid);
uint64_t xpecto_slide_give(uint64_t *word, const xpecto_count_t *c,
    uint64_t cost, uint64_t paid);

/* 1: the word says nothing any more; wall in seconds */

int xpecto_count_over(uint64_t word, uint64_t wall);
int xpecto_slide_over(uint64_t word, uint64_t wall);

/* the word on a clock that shows so many seconds less */

uint64_t xpecto_slide_back(uint64_t word, uint64_t seconds);


#endif /* _XPECTO_COUNT_H_INCLUDED_ */
