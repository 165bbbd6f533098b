
/*
 * One policy of a decision: the steps of xpecto_limit.h, each for one item.
 */


#ifndef _XPECTO_LIMIT_ITEM_H_INCLUDED_
#define _XPECTO_LIMIT_ITEM_H_INCLUDED_


#include "xpecto_limit.h"


/*
 * What most often comes about, for an item that is alone: it has a cell, and
 * nobody comes in between.  OK: it has paid; DECLINED: it is refused; AGAIN:
 * nothing has been done.
 */

xpecto_rc_e xpecto_limit_item_quick(xpecto_limit_item_t *item, uint64_t now);

/* finds what is used and whether the cost fits */

void xpecto_limit_item_see(xpecto_limit_item_t *item, uint64_t now);

/*
 * A cell for one that was seen to have none; free: as of xpecto_cells_meet().
 * AGAIN: it is claimed; DECLINED: there is none, and the policy refuses.
 */

xpecto_rc_e xpecto_limit_item_enter(xpecto_limit_item_t *item,
    const xpecto_place_t *free, uint64_t *stamp, uint64_t now);

/* looked: it was seen at this very now */

xpecto_rc_e xpecto_limit_item_pay(xpecto_limit_item_t *item, uint64_t now,
    int looked);

/* all have paid: what UNIQUE has counted is written down */

void xpecto_limit_item_keep(xpecto_limit_item_t *item);

/* where somebody else has paid on top of it, what it has paid is given back */

void xpecto_limit_item_undo(xpecto_limit_item_t *item);

/* no cell is free for it: left out, or it refuses */

void xpecto_limit_item_full(xpecto_limit_item_t *item);

/*
 * HELD: see() of the first of its words that has room, and of what is held in
 * all of them; and the units that the word may have.
 */

void xpecto_limit_item_see_held(xpecto_limit_item_t *item);
unsigned xpecto_limit_item_units(const xpecto_limit_item_t *item);


/*
 * Fills an item of a policy of kind RATE, as init() does, and pays at once
 * where a request before has paid.  ticks: of the cost, see
 * xpecto_gcra_pay().  OK: it has paid; AGAIN: nothing has been done.
 */

static inline xpecto_rc_e
xpecto_limit_item_again(xpecto_limit_item_t *item,
    const xpecto_meter_t *meter, uint64_t tag, uint64_t cost, uint64_t ticks,
    xpecto_cell_t *cell, uint64_t now)
{
    uint64_t  word;

    item->place.cell = cell;

    if (cell == NULL || now < meter->until
        || !xpecto_cells_again(&item->place, tag))
    {
        goto again;
    }

    word = item->place.word;
    item->word = word;

    if (xpecto_gcra_pay(&word, &meter->gcra, now, ticks, &item->result)
        != XPECTO_OK
        || !xpecto_cells_swap(&item->place, tag, word))
    {
        goto again;
    }

    xpecto_limit_item_fill(item, meter, tag, cost);
    item->paid = 1;

    return XPECTO_OK;

again:

    xpecto_limit_item_init(item, meter, tag, cost, cell);

    return XPECTO_AGAIN;
}


#endif /* _XPECTO_LIMIT_ITEM_H_INCLUDED_ */
