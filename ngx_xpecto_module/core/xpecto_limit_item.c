
/*
 * One policy of a decision: see xpecto_limit_item.h.
 */


#include "xpecto_limit_item.h"
#include "xpecto_former.h"


static inline int xpecto_limit_item_find(xpecto_limit_item_t *item);
static uint64_t xpecto_limit_item_carry(xpecto_limit_item_t *item,
    uint64_t word, uint64_t now);
static xpecto_rc_e xpecto_limit_item_take(xpecto_limit_item_t *item,
    uint64_t *word, uint64_t now);
static uint64_t xpecto_limit_item_give(const xpecto_limit_item_t *item,
    uint64_t *word, uint64_t cost);
static void xpecto_limit_item_see_unique(xpecto_limit_item_t *item);
static xpecto_rc_e xpecto_limit_item_pay_unique(xpecto_limit_item_t *item,
    int looked);
static uint64_t xpecto_limit_item_refund_unique(xpecto_limit_item_t *item,
    uint64_t cost);


void
xpecto_limit_item_see(xpecto_limit_item_t *item, uint64_t now)
{
    uint64_t  word;

    item->full = 0;
    item->paid = 0;
    item->refused = 0;
    item->carried = 0;

    if (item->meter->kind == XPECTO_METER_HELD) {
        xpecto_limit_item_see_held(item);
        return;
    }

    if (item->meter->kind == XPECTO_METER_UNIQUE) {
        xpecto_limit_item_see_unique(item);
        return;
    }

    word = xpecto_limit_item_find(item) ? item->place.word : 0;

    if (now < item->meter->until) {
        word = xpecto_limit_item_carry(item, word, now);
    }

    item->refused = (xpecto_meter_take(item->meter, &word, item->cost, now,
                                       &item->result)
                     == XPECTO_DECLINED);

    /* of a cell that another enters meanwhile nothing is known */

    item->word = (item->place.cell != NULL) ? word : 0;
}


/* where it was the last time, or wherever it is */

static inline int
xpecto_limit_item_find(xpecto_limit_item_t *item)
{
    if (item->place.cell != NULL
        && xpecto_cells_again(&item->place, item->tag))
    {
        return 1;
    }

    return xpecto_cells_find(item->meter->cells, item->tag, &item->place)
           == XPECTO_OK;
}


xpecto_rc_e
xpecto_limit_item_quick(xpecto_limit_item_t *item, uint64_t now)
{
    uint64_t  word;

    if (item->claimed || item->cost == 0 || now < item->meter->until
        || item->meter->kind == XPECTO_METER_HELD
        || item->meter->kind == XPECTO_METER_UNIQUE
        || !xpecto_limit_item_find(item))
    {
        return XPECTO_AGAIN;
    }

    word = item->place.word;

    item->full = 0;
    item->paid = 0;
    item->word = word;
    item->refused = (xpecto_meter_take(item->meter, &word, item->cost, now,
                                       &item->result)
                     == XPECTO_DECLINED);

    if (item->refused) {
        return XPECTO_DECLINED;
    }

    if (!xpecto_cells_swap(&item->place, item->tag, word)) {
        return XPECTO_AGAIN;
    }

    item->paid = 1;

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_limit_item_enter(xpecto_limit_item_t *item, const xpecto_place_t *free,
    uint64_t *stamp, uint64_t now)
{
    if (item->cost == 0 || item->full || item->place.cell != NULL
        || item->meter->kind == XPECTO_METER_UNIQUE)
    {
        return item->refused ? XPECTO_DECLINED : XPECTO_OK;
    }

    item->place = *free;

    switch (xpecto_cells_claim_at(item->meter->cells, item->tag, now, stamp,
                                  &item->place))
    {

    case XPECTO_OK:
        return XPECTO_OK;

    case XPECTO_AGAIN:
        item->claimed = 1;
        return XPECTO_AGAIN;

    default:
        xpecto_limit_item_full(item);
        return item->refused ? XPECTO_DECLINED : XPECTO_OK;
    }
}


xpecto_rc_e
xpecto_limit_item_pay(xpecto_limit_item_t *item, uint64_t now, int looked)
{
    uint64_t     word, before;
    xpecto_rc_e  rc;

    if (item->cost == 0 || item->full) {
        return XPECTO_OK;
    }

    if (item->meter->kind == XPECTO_METER_UNIQUE) {
        return xpecto_limit_item_pay_unique(item, looked);
    }

    if (looked && item->word != 0 && !item->carried) {
        before = item->place.word;

        if (xpecto_cells_swap(&item->place, item->tag, item->word)) {
            item->word = before;
            item->paid = 1;
            return XPECTO_OK;
        }

        (void) xpecto_cells_again(&item->place, item->tag);
    }

    for ( ;; ) {

        if (item->place.cell == NULL
            && xpecto_cells_find(item->meter->cells, item->tag, &item->place)
               == XPECTO_DECLINED)
        {
            /* it ran out and was cleared */
            return XPECTO_AGAIN;
        }

        /* a claim starts from nothing, and goes back to what is nothing */

        before = item->place.word;

        if (item->claimed) {
            before = (xpecto_meter_cell(item->meter->kind)
                      == XPECTO_CELL_TAT) ? now : 0;
        }

        if (now < item->meter->until) {
            before = xpecto_limit_item_carry(item, before, now);
        }

        word = before;
        rc = xpecto_limit_item_take(item, &word, now);

        if (rc != XPECTO_OK) {
            return rc;
        }

        if (xpecto_cells_swap(&item->place, item->tag, word)) {
            item->claimed = 0;
            item->word = before;
            item->paid = 1;

            if (item->carried) {
                xpecto_former_drop(item->meter, item->tag);
            }

            return XPECTO_OK;
        }

        if (item->claimed) {
            item->claimed = 0;
            item->place.cell = NULL;
            return XPECTO_AGAIN;
        }

        (void) xpecto_cells_again(&item->place, item->tag);
    }
}


void
xpecto_limit_item_keep(xpecto_limit_item_t *item)
{
    const xpecto_meter_t  *meter;

    meter = item->meter;

    xpecto_unique_keep(meter->unique, item->list);
    xpecto_unique_left(item->list, meter->count.limit,
                       meter->count.wall / XPECTO_USEC, &item->result);

    item->full = (item->list->full != 0);
}


void
xpecto_limit_item_undo(xpecto_limit_item_t *item)
{
    uint64_t        cost;
    xpecto_place_t  place;

    cost = item->cost;
    place = item->place;

    if (item->meter->kind == XPECTO_METER_UNIQUE) {
        xpecto_unique_undo(item->meter->unique, item->list);

    } else if (!xpecto_cells_swap(&place, item->tag, item->word)) {
        (void) xpecto_limit_refund(item, cost);
        item->cost = cost;
    }

    item->paid = 0;
}


uint64_t
xpecto_limit_refund(xpecto_limit_item_t *item, uint64_t cost)
{
    uint64_t        word, given;
    xpecto_place_t  place;

    if (!item->paid) {
        return 0;
    }

    if (cost > item->cost) {
        cost = item->cost;
    }

    if (item->meter->kind == XPECTO_METER_UNIQUE) {
        return xpecto_limit_item_refund_unique(item, cost);
    }

    place = item->place;

    do {

        if (cost == 0 || !xpecto_cells_again(&place, item->tag)) {
            return 0;
        }

        word = place.word;

        given = xpecto_limit_item_give(item, &word, cost);

        if (given == 0) {
            return 0;
        }

    } while (!xpecto_cells_swap(&place, item->tag, word));

    /* what was not given has come back by itself: it is not asked twice */

    item->cost -= cost;
    item->paid = (item->cost != 0);

    if (item->meter->kind == XPECTO_METER_PAIR) {
        /* as if it had been paid without */
        (void) xpecto_pair_give(&item->place.word, &item->meter->gcra, 0,
                                given, item->place.word);
    }

    return given;
}


static uint64_t
xpecto_limit_item_give(const xpecto_limit_item_t *item, uint64_t *word,
    uint64_t cost)
{
    uint64_t               now;
    const xpecto_cells_t  *cells;

    cells = item->meter->cells;

    if (item->meter->kind == XPECTO_METER_HELD) {
        return xpecto_held_give(word, cells->holder, 0);
    }

    /* at the end of time all has flowed out */

    now = (cells->clock != NULL) ? cells->clock() : UINT64_MAX;

    return xpecto_meter_give(item->meter, word, cost, now, item->place.word);
}


/* the word of a cell; where it says nothing, that of former numbers */

static uint64_t
xpecto_limit_item_carry(xpecto_limit_item_t *item, uint64_t word,
    uint64_t now)
{
    uint64_t  former;

    item->carried = 0;

    if (item->place.cell != NULL && !item->claimed
        && !xpecto_cells_expired(item->meter->cells, item->tag, word, now))
    {
        return word;
    }

    former = xpecto_former_find(item->meter, item->tag, now);

    if (former == 0) {
        return word;
    }

    item->carried = 1;

    return former;
}


static xpecto_rc_e
xpecto_limit_item_take(xpecto_limit_item_t *item, uint64_t *word,
    uint64_t now)
{
    if (item->meter->kind != XPECTO_METER_HELD) {
        item->refused = (xpecto_meter_take(item->meter, word, item->cost, now,
                                           &item->result)
                         == XPECTO_DECLINED);

        return item->refused ? XPECTO_DECLINED : XPECTO_OK;
    }

    /* others were faster: another of its words may have room */

    return (xpecto_held_take(word, xpecto_limit_item_units(item),
                             item->meter->cells->holder)
            == XPECTO_OK)
           ? XPECTO_OK : XPECTO_AGAIN;
}


void
xpecto_limit_item_full(xpecto_limit_item_t *item)
{
    item->full = 1;

    if (item->meter->deny_full) {
        item->refused = 1;
        item->result.retry_after = UINT64_MAX;
    }
}


static void
xpecto_limit_item_see_unique(xpecto_limit_item_t *item)
{
    xpecto_rc_e            rc;
    const xpecto_meter_t  *meter;

    meter = item->meter;
    rc = XPECTO_ERROR;

    if (meter->unique != NULL) {
        rc = xpecto_unique_look(meter->unique, item->list, item->tag,
                                meter->count.limit,
                                meter->count.wall / XPECTO_USEC,
                                &item->result);
    }

    if (rc == XPECTO_ERROR) {
        xpecto_limit_item_full(item);

    } else if (item->cost != 0) {
        item->refused = (rc == XPECTO_DECLINED);

        if (rc == XPECTO_OK && item->list->full && meter->deny_full) {
            xpecto_limit_item_full(item);
        }

    } else if (rc == XPECTO_OK) {
        /* as it is without them */
        xpecto_unique_left(item->list, meter->count.limit,
                           meter->count.wall / XPECTO_USEC, &item->result);
    }
}


static xpecto_rc_e
xpecto_limit_item_pay_unique(xpecto_limit_item_t *item, int looked)
{
    xpecto_rc_e  rc;

    if (!looked) {
        xpecto_limit_item_see_unique(item);
    }

    if (item->full && !item->refused) {
        return XPECTO_OK;
    }

    rc = item->refused ? XPECTO_DECLINED
                       : xpecto_unique_pay(item->meter->unique, item->list,
                                           item->meter->count.limit);

    item->refused = (rc == XPECTO_DECLINED);
    item->paid = (rc == XPECTO_OK);

    return rc;
}


/* so many recipients from the last on: they have not got their messages */

static uint64_t
xpecto_limit_item_refund_unique(xpecto_limit_item_t *item, uint64_t cost)
{
    size_t                 n;
    uint64_t               given;
    xpecto_unique_list_t  *list;

    given = 0;
    list = item->list;

    for (n = list->n; n > 0 && cost > 0; n--) {

        if (list->entries[n - 1].state == XPECTO_UNIQUE_NONE) {
            continue;
        }

        given += xpecto_unique_refund(item->meter->unique, list,
                                      &list->entries[n - 1]);
        item->cost--;
        cost--;
    }

    item->paid = (item->cost != 0);

    return given;
}
