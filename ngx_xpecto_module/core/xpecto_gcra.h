
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

/* the bits of a word that count them */

#define XPECTO_GCRA_BACK    (XPECTO_TICKS_CLOCK - 1)


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


/* a word, unpacked */

typedef struct {
    uint64_t  ahead;            /* ticks from now to the TAT */
    uint64_t  back;             /* events that were given back */
} xpecto_gcra_state_t;


static inline void
xpecto_gcra_open(xpecto_gcra_state_t *s, uint64_t word,
    const xpecto_gcra_t *g, uint64_t now)
{
    uint64_t  debt, back;

    s->back = 0;

    if (word <= now) {
        s->ahead = 0;
        return;
    }

    if (g->interval < XPECTO_GCRA_COARSE
        || (word & XPECTO_GCRA_BACK) == 0)
    {
        s->ahead = word - now;
        return;
    }

    s->back = word & XPECTO_GCRA_BACK;
    debt = (word & ~XPECTO_GCRA_BACK) - now;
    back = s->back * g->interval;

    if (debt > back) {
        s->ahead = debt - back;
        return;
    }

    /* at rest: what was given back is forgotten as time goes on */

    s->ahead = 0;
    s->back = debt / g->interval + (debt % g->interval != 0);
}


/* but for retry_after */

static inline void
xpecto_gcra_look(const xpecto_gcra_t *g, uint64_t ahead,
    xpecto_gcra_result_t *res)
{
    uint64_t  room;

    if (ahead == 0) {
        res->remaining = g->tolerance / g->interval;
        res->reset = 0;
        return;
    }

    if (ahead > g->tolerance) {
        /* the burst was larger, or the clock stepped back */
        res->remaining = 0;
        res->reset = (ahead - g->tolerance > UINT64_MAX - g->interval)
                     ? UINT64_MAX : ahead - g->tolerance + g->interval;
        return;
    }

    room = g->tolerance - ahead;

    res->remaining = room / g->interval;
    res->reset = g->interval - room % g->interval;
}


/*
 * As take(), of a cost that is known to be at least 1 and to fit into the
 * tolerance, in ticks.
 */

static inline xpecto_rc_e
xpecto_gcra_pay(uint64_t *tat, const xpecto_gcra_t *g, uint64_t now,
    uint64_t ticks, xpecto_gcra_result_t *res)
{
    uint64_t             back;
    xpecto_gcra_state_t  s;

    if (g->interval >= XPECTO_GCRA_COARSE) {
        now &= ~XPECTO_GCRA_BACK;
    }

    xpecto_gcra_open(&s, *tat, g, now);

    back = s.back * g->interval;
    res->retry_after = 0;

    if (s.ahead > g->tolerance - ticks) {
        res->retry_after = s.ahead - (g->tolerance - ticks);

    } else if (s.ahead + ticks + back > UINT64_MAX - now) {
        /* the clock is at the end of its range */
        res->retry_after = UINT64_MAX;

    } else {
        s.ahead += ticks;
        *tat = (now + s.ahead + back) | s.back;
    }

    xpecto_gcra_look(g, s.ahead, res);

    return (res->retry_after == 0) ? XPECTO_OK : XPECTO_DECLINED;
}


#endif /* _XPECTO_GCRA_H_INCLUDED_ */
