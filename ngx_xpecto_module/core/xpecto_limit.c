
/*
 * Several policies decided together: see xpecto_limit.h.
 */


#include <string.h>

#include "xpecto_limit.h"


/* items whose cells are asked for before the first is looked at */

#define XPECTO_LIMIT_AHEAD      8


static void xpecto_limit_see(xpecto_limit_item_t *item, uint64_t now);
static xpecto_rc_e xpecto_limit_enter(xpecto_limit_item_t *items, size_t n,
    uint64_t *stamp, uint64_t now);
static xpecto_rc_e xpecto_limit_pay_all(xpecto_limit_item_t *items, size_t n,
    uint64_t now, int looked);
static xpecto_rc_e xpecto_limit_pay(xpecto_limit_item_t *item, uint64_t now,
    int looked);
static void xpecto_limit_undo(xpecto_limit_item_t *item, uint64_t now);
static void xpecto_limit_release(xpecto_limit_item_t *items, size_t n);
static void xpecto_limit_refuse(xpecto_limit_item_t *items, size_t n,
    uint64_t now);


uint64_t
xpecto_limit_tag(const uint8_t secret[XPECTO_SIPHASH_KEY_LEN],
    xpecto_cell_kind_e kind, const xpecto_str_t *policy, const uint8_t *value,
    size_t len)
{
    uint8_t   buf[XPECTO_LIMIT_POLICY_MAX + XPECTO_METER_VALUE_MAX];
    uint64_t  h[2];

    memcpy(buf, policy->data, policy->len);

    if (len > XPECTO_METER_VALUE_MAX) {
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
xpecto_limit_look(xpecto_limit_item_t *items, size_t n, uint64_t now)
{
    size_t       i;
    xpecto_rc_e  rc;

    rc = XPECTO_OK;

    /* what is asked for last is there last */

    for (i = 1; i < n && i < XPECTO_LIMIT_AHEAD; i++) {
        xpecto_cells_prefetch(items[i].meter->cells, items[i].tag);
    }

    for (i = 0; i < n; i++) {

        if (i + XPECTO_LIMIT_AHEAD < n) {
            xpecto_cells_prefetch(items[i + XPECTO_LIMIT_AHEAD].meter->cells,
                                  items[i + XPECTO_LIMIT_AHEAD].tag);
        }

        xpecto_limit_see(&items[i], now);

        if (items[i].refused) {
            rc = XPECTO_DECLINED;
        }
    }

    return rc;
}


xpecto_rc_e
xpecto_limit_decide(xpecto_limit_item_t *items, size_t n, uint64_t *stamp,
    uint64_t now)
{
    int          looked;
    size_t       i;
    xpecto_rc_e  rc;

    for (i = 0; i < n; i++) {
        if (items[i].claimed) {
            break;
        }
    }

    looked = (i == n);
    rc = XPECTO_OK;

    if (looked) {
        rc = xpecto_limit_look(items, n, now);

        if (rc == XPECTO_OK) {
            rc = xpecto_limit_enter(items, n, stamp, now);

            if (rc == XPECTO_AGAIN) {
                return XPECTO_AGAIN;
            }
        }
    }

    if (rc == XPECTO_OK) {
        rc = xpecto_limit_pay_all(items, n, now, looked);

        if (rc == XPECTO_OK) {
            return XPECTO_OK;
        }
    }

    if (rc == XPECTO_DECLINED) {
        xpecto_limit_refuse(items, n, now);

    } else {
        xpecto_limit_release(items, n);
    }

    return rc;
}


uint64_t
xpecto_limit_refund(xpecto_limit_item_t *item, uint64_t cost, uint64_t now)
{
    uint64_t        word, given;
    xpecto_place_t  place;

    if (!item->paid) {
        return 0;
    }

    if (cost > item->cost) {
        cost = item->cost;
    }

    place = item->place;

    for ( ;; ) {

        if (cost == 0 || !xpecto_cells_again(&place, item->tag)) {
            return 0;
        }

        word = place.word;
        given = xpecto_meter_give(item->meter, &word, cost, now,
                                  item->place.word);

        if (given == 0) {
            return 0;
        }

        if (xpecto_cells_swap(&place, item->tag, word)) {
            break;
        }
    }

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


static void
xpecto_limit_see(xpecto_limit_item_t *item, uint64_t now)
{
    uint64_t  word;

    item->full = 0;
    item->paid = 0;

    word = 0;

    if (xpecto_cells_find(item->meter->cells, item->tag, &item->place)
        == XPECTO_OK)
    {
        word = item->place.word;
    }

    item->refused = (xpecto_meter_take(item->meter, &word, item->cost, now,
                                       &item->result)
                     == XPECTO_DECLINED);

    /* of a cell that another enters meanwhile nothing is known */

    item->word = (item->place.cell != NULL) ? word : 0;
}


/*
 * All that have no cell get one; AGAIN if one was claimed.  After a claim
 * comes the clock: what a tag used before may have run out a moment ago.
 */

static xpecto_rc_e
xpecto_limit_enter(xpecto_limit_item_t *items, size_t n, uint64_t *stamp,
    uint64_t now)
{
    size_t                i;
    xpecto_rc_e           rc;
    xpecto_limit_item_t  *item;

    rc = XPECTO_OK;

    for (i = 0; i < n; i++) {
        item = &items[i];

        if (item->place.cell != NULL || item->cost == 0) {
            continue;
        }

        switch (xpecto_cells_claim(item->meter->cells, item->tag, now, stamp,
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

            if (item->meter->deny_full) {
                item->refused = 1;
                item->result.retry_after = UINT64_MAX;
                rc = XPECTO_DECLINED;
            }
        }
    }

    return rc;
}


/*
 * Who has least left pays first, the others in their order: a refusal that
 * is still to come comes from him.
 */

static xpecto_rc_e
xpecto_limit_pay_all(xpecto_limit_item_t *items, size_t n, uint64_t now,
    int looked)
{
    size_t       i, first;
    xpecto_rc_e  rc;

    first = 0;

    for (i = 1; i < n; i++) {
        if (items[i].result.remaining < items[first].result.remaining) {
            first = i;
        }
    }

    rc = (n == 0) ? XPECTO_OK : xpecto_limit_pay(&items[first], now, looked);

    for (i = 0; i < n && rc == XPECTO_OK; i++) {
        if (i != first) {
            rc = xpecto_limit_pay(&items[i], now, looked);
        }
    }

    if (rc == XPECTO_OK) {
        return XPECTO_OK;
    }

    for (i = 0; i < n; i++) {
        if (items[i].paid) {
            xpecto_limit_undo(&items[i], now);
        }
    }

    return rc;
}


/* looked: at this very now */

static xpecto_rc_e
xpecto_limit_pay(xpecto_limit_item_t *item, uint64_t now, int looked)
{
    uint64_t  word, before;

    if (item->cost == 0 || item->full) {
        return XPECTO_OK;
    }

    if (looked && item->word != 0) {
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

        word = before;

        if (xpecto_meter_take(item->meter, &word, item->cost, now,
                              &item->result)
            == XPECTO_DECLINED)
        {
            item->refused = 1;
            return XPECTO_DECLINED;
        }

        if (xpecto_cells_swap(&item->place, item->tag, word)) {
            item->claimed = 0;
            item->word = before;
            item->paid = 1;
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


/* where somebody else has paid on top of it, what it has paid is given back */

static void
xpecto_limit_undo(xpecto_limit_item_t *item, uint64_t now)
{
    uint64_t        cost;
    xpecto_place_t  place;

    place = item->place;

    if (!xpecto_cells_swap(&place, item->tag, item->word)) {
        cost = item->cost;
        (void) xpecto_limit_refund(item, cost, now);
        item->cost = cost;
    }

    item->paid = 0;
}


static void
xpecto_limit_release(xpecto_limit_item_t *items, size_t n)
{
    size_t  i;

    for (i = 0; i < n; i++) {
        if (items[i].claimed) {
            items[i].claimed = 0;
            (void) xpecto_cells_swap(&items[i].place, 0, 0);
        }
    }
}


/* nobody has paid: the numbers of those that would have, as they are */

static void
xpecto_limit_refuse(xpecto_limit_item_t *items, size_t n, uint64_t now)
{
    size_t                i;
    uint64_t              word;
    xpecto_limit_item_t  *item;

    xpecto_limit_release(items, n);

    for (i = 0; i < n; i++) {
        item = &items[i];

        if (item->refused) {
            continue;
        }

        word = 0;

        if (xpecto_cells_find(item->meter->cells, item->tag, &item->place)
            == XPECTO_OK)
        {
            word = item->place.word;
        }

        (void) xpecto_meter_take(item->meter, &word, 0, now, &item->result);
    }
}
