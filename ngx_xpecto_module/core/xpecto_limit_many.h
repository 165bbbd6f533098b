
/*
 * Decisions about many, as of all recipients of a request: most of them have
 * no cell yet, and what is found of one of these holds for each.
 */


#ifndef _XPECTO_LIMIT_MANY_H_INCLUDED_
#define _XPECTO_LIMIT_MANY_H_INCLUDED_


#include "xpecto_limit_item.h"


/* items whose cells are asked for before the first is looked at */

#define XPECTO_LIMIT_AHEAD  8


/* what becomes of an item of which nothing was counted, of one moment */

typedef struct {
    const xpecto_meter_t  *meter;       /* NULL: not known yet */
    uint64_t               cost;
    uint64_t               before;      /* the word that says nothing */
    uint64_t               word;
    int                    refused;
    xpecto_gcra_result_t   result;
} xpecto_limit_fresh_t;


/*
 * Looks at all; those that have no cell claim one meanwhile, as the cells of
 * the first would not be at hand any more once the last have been looked at.
 * OK, DECLINED; AGAIN: one was claimed.  Before a claim comes the look, after
 * it the clock: what a tag used before may have run out a moment ago.
 */

xpecto_rc_e xpecto_limit_look_many(xpecto_limit_item_t *items, size_t n,
    uint64_t *stamp, uint64_t now);

/*
 * xpecto_limit_item_pay() of an item that is claimed; fresh is of this call's
 * now, its meter NULL before the first.
 */

xpecto_rc_e xpecto_limit_pay_claimed(xpecto_limit_item_t *item,
    xpecto_limit_fresh_t *fresh, uint64_t now);


#endif /* _XPECTO_LIMIT_MANY_H_INCLUDED_ */
