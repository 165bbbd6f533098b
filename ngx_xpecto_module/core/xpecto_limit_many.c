
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * Decisions about many: see xpecto_limit_many.h.
 */


#include "xpecto_limit_many.h"


static xpecto_rc_e xpecto_limit_meet(xpecto_limit_item_t *item,
    xpecto_place_t *free, xpecto_limit_fresh_t *fresh, uint64_t now);
static void xpecto_limit_fresh(xpecto_limit_fresh_t *fresh,
    const xpecto_limit_item_t *item, uint64_t now);


xpecto_rc_e
xpecto_limit_look_many(xpecto_limit_item_t *items, size_t n, uint64_t *stamp,
    uint64_t now)
{
    size_t                i;
    xpecto_rc_e           rc, entered;
    xpecto_place_t        free;
    xpecto_limit_fresh_t  fresh;

    rc = XPECTO_OK;
    fresh.meter = NULL;

    for (i = 0; i < n; i++) {

        if (i + XPECTO_LIMIT_AHEAD < n) {
            xpecto_cells_prefetch(items[i + XPECTO_LIMIT_AHEAD].meter->cells,
                                  items[i + XPECTO_LIMIT_AHEAD].tag);
        }

        if (xpecto_limit_meet(&items[i], &free, &fresh, now)
            == XPECTO_DECLINED)
        {
            rc = XPECTO_DECLINED;
        }

        if (rc == XPECTO_DECLINED) {
            continue;
        }

        entered = xpecto_limit_item_enter(&items[i], &free, stamp, now);

        if (entered != XPECTO_OK) {
            rc = entered;
        }
    }

    return rc;
}


/* xpecto_limit_item_see(), and where a cell is free if it has none */

static xpecto_rc_e
xpecto_limit_meet(xpecto_limit_item_t *item, xpecto_place_t *free,
    xpecto_limit_fresh_t *fresh, uint64_t now)
{
    free->cell = NULL;

    if (item->meter->kind == XPECTO_METER_HELD
        || item->meter->kind == XPECTO_METER_UNIQUE
        || item->place.cell != NULL || now < item->meter->until)
    {
        xpecto_limit_item_see(item, now);

        return item->refused ? XPECTO_DECLINED : XPECTO_OK;
    }

    item->full = 0;
    item->paid = 0;
    item->carried = 0;

    if (xpecto_cells_meet(item->meter->cells, item->tag, now, free)
        == XPECTO_OK)
    {
        item->place = *free;
        item->word = free->word;
        item->refused = (xpecto_meter_take(item->meter, &item->word,
                                           item->cost, now, &item->result)
                         == XPECTO_DECLINED);

        return item->refused ? XPECTO_DECLINED : XPECTO_OK;
    }

    if (fresh->meter != item->meter || fresh->cost != item->cost) {
        fresh->before = 0;
        xpecto_limit_fresh(fresh, item, now);
    }

    item->word = 0;
    item->result = fresh->result;
    item->refused = (fresh->refused != 0);

    return item->refused ? XPECTO_DECLINED : XPECTO_OK;
}


xpecto_rc_e
xpecto_limit_pay_claimed(xpecto_limit_item_t *item,
    xpecto_limit_fresh_t *fresh, uint64_t now)
{
    if (item->meter->kind == XPECTO_METER_HELD || now < item->meter->until) {
        return xpecto_limit_item_pay(item, now, 0);
    }

    if (fresh->meter != item->meter || fresh->cost != item->cost) {
        fresh->before = (xpecto_meter_cell(item->meter->kind)
                         == XPECTO_CELL_TAT) ? now : 0;
        xpecto_limit_fresh(fresh, item, now);
    }

    item->result = fresh->result;
    item->refused = (fresh->refused != 0);

    if (item->refused) {
        return XPECTO_DECLINED;
    }

    item->claimed = 0;

    if (!xpecto_cells_swap(&item->place, item->tag, fresh->word)) {
        item->place.cell = NULL;
        return XPECTO_AGAIN;
    }

    item->word = fresh->before;
    item->paid = 1;

    return XPECTO_OK;
}


static void
xpecto_limit_fresh(xpecto_limit_fresh_t *fresh,
    const xpecto_limit_item_t *item, uint64_t now)
{
    fresh->meter = item->meter;
    fresh->cost = item->cost;
    fresh->word = fresh->before;
    fresh->refused = (xpecto_meter_take(item->meter, &fresh->word, item->cost,
                                        now, &fresh->result)
                      == XPECTO_DECLINED);
}
