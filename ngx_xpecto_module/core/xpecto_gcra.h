
/*
 * GCRA (generic cell rate algorithm, ITU-T I.371) on one 64-bit word.
 *
 * The word is a time in ticks of 1/16 ns of the caller's clock, 36 years of
 * range.  Once it has come it is the same as no state at all, so that
 * expired state is free to be taken.  Below XPECTO_GCRA_COARSE the word is
 * the theoretical arrival time (TAT).  From there on its low bits count the
 * events that were given back:
 *
 *      63                            6 5    0
 *     +-------------------------------+------+
 *     | TAT as if nothing was given   | n    |      TAT = time - n * interval
 *     | back, in 64 ticks             |      |
 *     +-------------------------------+------+
 *
 * So a time that was written once keeps its meaning: who has paid at a time
 * finds out whether what he paid has flowed out since.
 */


#ifndef _XPECTO_GCRA_H_INCLUDED_
#define _XPECTO_GCRA_H_INCLUDED_


#include "xpecto.h"


#define XPECTO_TICKS_NS   16ull                         /* per nanosecond */
#define XPECTO_TICKS_SEC  (XPECTO_TICKS_NS * 1000000000ull)

/* now counts in steps of so many ticks: earlier by less is the same */

#define XPECTO_TICKS_CLOCK  64ull

/* ticks of an interval from which on events can be given back: 65 us */

#define XPECTO_GCRA_COARSE  (1ull << 20)


/* count events per period of seconds */

typedef struct {
    uint64_t            count;
    uint64_t            period;
} xpecto_rate_t;


/*
 * "80r/s", "100r/m", "5000r/h", "100000r/d", or of several units, "10r/5s",
 * "1r/30d": at most 1,000,000 a second, in at most 31 days.  ERROR: anything
 * else.
 */

xpecto_rc_e xpecto_rate_parse(xpecto_rate_t *rate, const uint8_t *p,
    size_t len);


/* what is configured; ready to be decided on */

typedef struct {
    uint64_t            interval;       /* ticks one event costs */
    uint64_t            tolerance;      /* ticks a TAT may be ahead of now */
} xpecto_gcra_t;


typedef struct {
    uint64_t            remaining;      /* events that would still pass now */
    uint64_t            reset;          /* ticks until it is one more;
                                           0: it is the whole burst */
    uint64_t            retry_after;    /* ticks until this cost fits; 0: now,
                                           UINT64_MAX: it never does */
} xpecto_gcra_result_t;


/*
 * burst: events that may come at once, at least 1.
 * ERROR: the rate or the burst cannot be represented (a burst must be
 * refilled within 18 years).
 */

xpecto_rc_e xpecto_gcra_init(xpecto_gcra_t *g, const xpecto_rate_t *rate,
    uint64_t burst);

/*
 * OK         cost fits: *tat is the new state
 * DECLINED   it does not: *tat is left as it was
 *
 * A clock that steps back gives nothing back: what was taken stays taken
 * until the clock has caught up.  res is filled in both cases, after the
 * cost was taken or, DECLINED, as it is.  cost may be 0: that only looks and
 * is always OK.
 */

xpecto_rc_e xpecto_gcra_take(uint64_t *tat, const xpecto_gcra_t *g,
    uint64_t now, uint64_t cost, xpecto_gcra_result_t *res);

/*
 * Takes back events of those that were taken when the word became "paid";
 * returns how many.  Only what has not flowed out meanwhile, only whole
 * ones, at most 63 until the bucket comes to rest.
 */

uint64_t xpecto_gcra_give(uint64_t *tat, const xpecto_gcra_t *g, uint64_t now,
    uint64_t cost, uint64_t paid);

/*
 * Gives away events, whoever has taken them: at most what the word still
 * owes; returns how many were.
 */

uint64_t xpecto_gcra_grant(uint64_t *tat, const xpecto_gcra_t *g,
    uint64_t now, uint64_t events);


#endif /* _XPECTO_GCRA_H_INCLUDED_ */
