
/*
 * The limit of a pair: see xpecto_pair.h.
 */


#include "xpecto_pair.h"


#define XPECTO_PAIR_COUNT  0x3full


xpecto_rc_e
xpecto_pair_take(uint64_t *word, const xpecto_gcra_t *g, uint64_t now,
    uint64_t cost, xpecto_gcra_result_t *res)
{
    uint64_t  n, tat, start, burst, wait;

    burst = g->tolerance / g->interval;

    tat = *word & ~XPECTO_PAIR_COUNT;
    n = *word & XPECTO_PAIR_COUNT;

    if (tat <= now) {
        n = 0;
        tat = now;
    }

    start = tat - n * g->interval;
    wait = tat - now;

    /* in the first interval the rest of the burst may be borrowed */

    if (n == 0 || (now < start + g->interval && n < burst)) {
        res->remaining = burst - n;

    } else {
        res->remaining = 0;
    }

    res->reset = wait;
    res->retry_after = 0;

    if (cost == 0) {
        return XPECTO_OK;
    }

    if (cost > burst) {
        res->retry_after = UINT64_MAX;
        return XPECTO_DECLINED;
    }

    if (cost > res->remaining) {
        res->retry_after = wait;
        return XPECTO_DECLINED;
    }

    if (tat > UINT64_MAX - cost * g->interval - XPECTO_PAIR_COUNT) {
        /* the clock is at the end of its range */
        res->retry_after = UINT64_MAX;
        return XPECTO_DECLINED;
    }

    n += cost;
    tat = (tat + cost * g->interval + XPECTO_PAIR_COUNT) & ~XPECTO_PAIR_COUNT;

    *word = tat | n;

    res->remaining -= cost;
    res->reset = tat - now;

    return XPECTO_OK;
}


uint64_t
xpecto_pair_give(uint64_t *word, const xpecto_gcra_t *g, uint64_t now,
    uint64_t cost, uint64_t paid)
{
    uint64_t  n, had;

    n = *word & XPECTO_PAIR_COUNT;
    had = paid & XPECTO_PAIR_COUNT;

    /* the burst is known by its begin, which stays what it was */

    if (*word <= now || n < cost || had < cost
        || (*word & ~XPECTO_PAIR_COUNT) - n * g->interval
           != (paid & ~XPECTO_PAIR_COUNT) - had * g->interval)
    {
        return 0;
    }

    if (had == cost && n != cost) {
        return 0;
    }

    *word -= cost * g->interval + cost;

    return cost;
}
