
/*
 * Meta's limit of a pair, one business number and one user: a message each 6
 * seconds; up to 45 may come within one such interval and borrow from the
 * time ahead, after which nothing passes until all of it is paid back.
 * (Cloud API, "Pair rate limits", 2025; GCRA with a burst of 45 is laxer: it
 * lets message 21 pass 6 seconds after a burst of 20.)
 *
 *      63                            6 5    0
 *     +-------------------------------+------+
 *     | paid back at: ticks, rounded  | n    |
 *     | up to 64                      |      |
 *     +-------------------------------+------+
 *
 *     n    messages of the burst that is being paid back
 *
 * As a time it is the TAT of a cell: once it has come it says nothing.
 */


#ifndef _XPECTO_PAIR_H_INCLUDED_
#define _XPECTO_PAIR_H_INCLUDED_


#include "xpecto.h"
#include "xpecto_gcra.h"


#define XPECTO_PAIR_BURST_MAX  63


/*
 * As xpecto_gcra_take().  g->interval: ticks a message costs, a multiple of 64;
 * g->tolerance: that times the burst, at most XPECTO_PAIR_BURST_MAX.
 */

xpecto_rc_e xpecto_pair_take(uint64_t *word, const xpecto_gcra_t *g,
    uint64_t now, uint64_t cost, xpecto_gcra_result_t *res);

/*
 * As xpecto_gcra_give().  Who began a burst gets nothing back once others
 * have joined it: the interval in which they may is counted from him.
 */

uint64_t xpecto_pair_give(uint64_t *word, const xpecto_gcra_t *g, uint64_t now,
    uint64_t cost, uint64_t paid);


#endif /* _XPECTO_PAIR_H_INCLUDED_ */
