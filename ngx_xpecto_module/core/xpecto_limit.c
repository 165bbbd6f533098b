
/*
 * Several policies decided together: see xpecto_limit.h.
 */


#include <string.h>

#include "xpecto_limit.h"


/* a longer value is hashed to 16 bytes first */

#define XPECTO_LIMIT_VALUE_MAX  112


static xpecto_rc_e xpecto_limit_take(xpecto_limit_item_t *item,
    uint64_t *word, uint64_t cost, uint64_t now);
static xpecto_rc_e xpecto_limit_look(xpecto_limit_item_t *items, unsigned n,
    uint64_t now);
static xpecto_rc_e xpecto_limit_enter(xpecto_limit_item_t *items, unsigned n,
    uint64_t *stamp, uint64_t now);
static xpecto_rc_e xpecto_limit_pay(xpecto_limit_item_t *item, uint64_t now,
    int looked);
static xpecto_limit_item_t *xpecto_limit_next(xpecto_limit_item_t *items,
    unsigned n, uint32_t paid);
static void xpecto_limit_undo(xpecto_limit_item_t *item);
static void xpecto_limit_release(xpecto_limit_item_t *items, unsigned n);
static void xpecto_limit_refuse(xpecto_limit_item_t *items, unsigned n,
    uint64_t now);


xpecto_cell_kind_e
xpecto_limit_cell(xpecto_meter_e meter)
{
    switch (meter) {

    case XPECTO_METER_COUNT:
        return XPECTO_CELL_COUNT;

    case XPECTO_METER_SLIDE:
        return XPECTO_CELL_SLIDE;

    default:
        return XPECTO_CELL_TAT;
    }
}


uint64_t
xpecto_limit_tag(const uint8_t secret[XPECTO_SIPHASH_KEY_LEN],
    xpecto_cell_kind_e kind, const xpecto_str_t *policy, const uint8_t *value,
    size_t len)
{
    uint8_t   buf[XPECTO_LIMIT_POLICY_MAX + XPECTO_LIMIT_VALUE_MAX];
    uint64_t  h[2];

    memcpy(buf, policy->data, policy->len);

    if (len > XPECTO_LIMIT_VALUE_MAX) {
        xpecto_siphash128(h, secret, value, len);
        value = (const uint8_t *) h;
        len = sizeof(h);
    }

    if (len != 0) {
        memcpy(buf + policy->len, value, len);
    }

    return xpecto_cells_tag(xpecto_siphash(secret, buf, policy->len + len),
                            kind);
}


xpecto_rc_e
xpecto_limit_decide(xpecto_limit_item_t *items, unsigned n, uint64_t *stamp,
    uint64_t now)
{
    int                   looked;
    uint32_t              paid;
    unsigned              i;
    xpecto_rc_e           rc;
    xpecto_limit_item_t  *item;

    for (i = 0; i < n; i++) {
        if (items[i].claimed) {
            break;
        }
    }

    looked = (i == n);

    if (looked) {
        rc = xpecto_limit_look(items, n, now);

        if (rc == XPECTO_OK) {
            rc = xpecto_limit_enter(items, n, stamp, now);
        }

        if (rc == XPECTO_DECLINED) {
            xpecto_limit_refuse(items, n, now);
        }

        if (rc != XPECTO_OK) {
            return rc;
        }
    }

    paid = 0;

    for ( ;; ) {
        item = xpecto_limit_next(items, n, paid);

        if (item == NULL) {
            return XPECTO_OK;
        }

        rc = xpecto_limit_pay(item, now, looked);

        if (rc != XPECTO_OK) {
            break;
        }

        paid |= 1u << (item - items);
    }

    for (i = 0; i < n; i++) {
        if (paid & 1u << i) {
            xpecto_limit_undo(&items[i]);
        }
    }

    if (rc == XPECTO_DECLINED) {
        xpecto_limit_refuse(items, n, now);

    } else {
        xpecto_limit_release(items, n);
    }

    return rc;
}


static xpecto_rc_e
xpecto_limit_take(xpecto_limit_item_t *item, uint64_t *word, uint64_t cost,
    uint64_t now)
{
    switch (item->meter) {

    case XPECTO_METER_PAIR:
        return xpecto_pair_take(word, &item->gcra, now, cost, &item->result);

    case XPECTO_METER_COUNT:
        return xpecto_count_take(word, &item->count, cost, &item->result);

    case XPECTO_METER_SLIDE:
        return xpecto_slide_take(word, &item->count, cost, &item->result);

    default:
        return xpecto_gcra_take(word, &item->gcra, now, cost, &item->result);
    }
}


static xpecto_rc_e
xpecto_limit_look(xpecto_limit_item_t *items, unsigned n, uint64_t now)
{
    uint64_t              word;
    unsigned              i, k;
    xpecto_rc_e           rc;
    xpecto_limit_item_t  *item;

    for (i = 1; i < n; i++) {
        xpecto_cells_prefetch(items[i].cells, items[i].tag);

        for (k = 0; k < i; k++) {
            if (items[k].tag == items[i].tag
                && items[k].cells->cells == items[i].cells->cells)
            {
                return XPECTO_ERROR;
            }
        }
    }

    rc = XPECTO_OK;

    for (i = 0; i < n; i++) {
        item = &items[i];
        item->full = 0;

        if (xpecto_cells_find(item->cells, item->tag, &item->place)
            == XPECTO_OK)
        {
            word = item->place.word;

        } else {
            word = 0;
        }

        item->refused = (xpecto_limit_take(item, &word, item->cost, now)
                         == XPECTO_DECLINED);

        /* of a cell that another enters meanwhile nothing is known */

        item->after = (item->place.cell != NULL) ? word : 0;

        if (item->refused) {
            rc = XPECTO_DECLINED;
        }
    }

    return rc;
}


/* all that have no cell get one; AGAIN if one was claimed */

static xpecto_rc_e
xpecto_limit_enter(xpecto_limit_item_t *items, unsigned n, uint64_t *stamp,
    uint64_t now)
{
    unsigned              i;
    xpecto_rc_e           rc;
    xpecto_limit_item_t  *item;

    rc = XPECTO_OK;

    for (i = 0; i < n; i++) {
        item = &items[i];

        if (item->place.cell != NULL || item->cost == 0) {
            continue;
        }

        switch (xpecto_cells_claim(item->cells, item->tag, now, stamp,
                                   &item->place))
        {

        case XPECTO_OK:
            break;

        case XPECTO_AGAIN:
            item->claimed = 1;

            if (rc == XPECTO_OK) {
                rc = XPECTO_AGAIN;
            }

            break;

        default:
            item->full = 1;

            if (item->deny_full) {
                item->refused = 1;
                item->result.retry_after = UINT64_MAX;
                rc = XPECTO_DECLINED;
            }
        }
    }

    return rc;
}


/* looked: at this very now */

static xpecto_rc_e
xpecto_limit_pay(xpecto_limit_item_t *item, uint64_t now, int looked)
{
    uint64_t  word;

    if (looked && item->after != 0) {
        item->before = item->place.word;

        if (xpecto_cells_swap(&item->place, item->tag, item->after)) {
            return XPECTO_OK;
        }

        (void) xpecto_cells_again(&item->place, item->tag);
    }

    for ( ;; ) {

        if (item->place.cell == NULL
            && xpecto_cells_find(item->cells, item->tag, &item->place)
               == XPECTO_DECLINED)
        {
            /* it ran out and was cleared */
            return XPECTO_AGAIN;
        }

        /* a claim starts from nothing, and goes back to what is nothing */

        item->before = item->place.word;

        if (item->claimed) {
            item->before = (xpecto_limit_cell(item->meter)
                            == XPECTO_CELL_TAT) ? now : 0;
        }

        word = item->before;

        if (xpecto_limit_take(item, &word, item->cost, now)
            == XPECTO_DECLINED)
        {
            item->refused = 1;
            return XPECTO_DECLINED;
        }

        if (xpecto_cells_swap(&item->place, item->tag, word)) {
            item->claimed = 0;
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


/* who has least left of those that still have to pay */

static xpecto_limit_item_t *
xpecto_limit_next(xpecto_limit_item_t *items, unsigned n, uint32_t paid)
{
    unsigned              i;
    xpecto_limit_item_t  *item;

    item = NULL;

    for (i = 0; i < n; i++) {
        if (items[i].cost == 0 || items[i].full || (paid & 1u << i)) {
            continue;
        }

        if (item == NULL
            || items[i].result.remaining < item->result.remaining)
        {
            item = &items[i];
        }
    }

    return item;
}


/*
 * Where somebody else has paid on top of it a time stays as it is: part of
 * what is to be given back may have come back by itself.  Of a count it can
 * be said.
 */

static void
xpecto_limit_undo(xpecto_limit_item_t *item)
{
    uint64_t     word;
    xpecto_rc_e  rc;

    if (xpecto_cells_swap(&item->place, item->tag, item->before)
        || xpecto_limit_cell(item->meter) == XPECTO_CELL_TAT)
    {
        return;
    }

    while (xpecto_cells_again(&item->place, item->tag)) {
        word = item->place.word;

        rc = (item->meter == XPECTO_METER_COUNT)
             ? xpecto_count_give(&word, &item->count, item->cost)
             : xpecto_slide_give(&word, &item->count, item->cost);

        if (rc != XPECTO_OK
            || xpecto_cells_swap(&item->place, item->tag, word))
        {
            return;
        }
    }
}


static void
xpecto_limit_release(xpecto_limit_item_t *items, unsigned n)
{
    unsigned  i;

    for (i = 0; i < n; i++) {
        if (items[i].claimed) {
            items[i].claimed = 0;
            (void) xpecto_cells_swap(&items[i].place, 0, 0);
        }
    }
}


/* nobody has paid: the numbers of those that would have, as they are */

static void
xpecto_limit_refuse(xpecto_limit_item_t *items, unsigned n, uint64_t now)
{
    uint64_t              word;
    unsigned              i;
    xpecto_limit_item_t  *item;

    xpecto_limit_release(items, n);

    for (i = 0; i < n; i++) {
        item = &items[i];

        if (item->refused) {
            continue;
        }

        word = 0;

        if (xpecto_cells_find(item->cells, item->tag, &item->place)
            == XPECTO_OK)
        {
            word = item->place.word;
        }

        (void) xpecto_limit_take(item, &word, 0, now);
    }
}
