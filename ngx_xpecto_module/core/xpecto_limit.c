
/*
 * Several policies decided together: see xpecto_limit.h.
 */


#include <string.h>

#include "xpecto_limit_many.h"


static inline int xpecto_limit_pay_seen(xpecto_limit_item_t *item);
static xpecto_rc_e xpecto_limit_enter(xpecto_limit_item_t *items, size_t n,
    uint64_t *stamp, uint64_t now);
static xpecto_rc_e xpecto_limit_pay_all(xpecto_limit_item_t *items, size_t n,
    uint64_t now, int looked);
static void xpecto_limit_undo_all(xpecto_limit_item_t *items, size_t n);
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


void
xpecto_limit_ahead(const xpecto_limit_item_t *items, size_t n)
{
    size_t  i;

    for (i = 0; i < n && i < XPECTO_LIMIT_AHEAD; i++) {
        xpecto_cells_prefetch(items[i].meter->cells, items[i].tag);
    }
}


xpecto_rc_e
xpecto_limit_look(xpecto_limit_item_t *items, size_t n, uint64_t now)
{
    size_t       i;
    xpecto_rc_e  rc;

    rc = XPECTO_OK;

    for (i = 0; i < n; i++) {

        if (i + XPECTO_LIMIT_AHEAD < n) {
            xpecto_cells_prefetch(items[i + XPECTO_LIMIT_AHEAD].meter->cells,
                                  items[i + XPECTO_LIMIT_AHEAD].tag);
        }

        xpecto_limit_item_see(&items[i], now);

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

    if (n == 1) {
        rc = xpecto_limit_item_quick(items, now);

        if (rc != XPECTO_AGAIN) {
            return rc;
        }
    }

    for (i = 0; i < n; i++) {
        if (items[i].claimed) {
            break;
        }
    }

    looked = (i == n);
    rc = XPECTO_OK;

    if (looked) {

        if (n > XPECTO_LIMIT_AHEAD) {
            rc = xpecto_limit_look_many(items, n, stamp, now);

        } else {
            rc = xpecto_limit_look(items, n, now);

            if (rc == XPECTO_OK) {
                rc = xpecto_limit_enter(items, n, stamp, now);
            }
        }

        if (rc == XPECTO_AGAIN) {
            return XPECTO_AGAIN;
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


xpecto_rc_e
xpecto_limit_again(xpecto_limit_item_t *items, size_t n, uint64_t now,
    size_t *least)
{
    size_t                i, first;
    uint64_t              word;
    xpecto_limit_item_t  *item;

    first = 0;

    for (i = 0; i < n; i++) {
        item = &items[i];

        if (item->place.cell == NULL || now < item->meter->until
            || !xpecto_cells_again(&item->place, item->tag))
        {
            return XPECTO_AGAIN;
        }

        word = item->place.word;

        if (xpecto_meter_take(item->meter, &word, item->cost, now,
                              &item->result)
            != XPECTO_OK)
        {
            return XPECTO_AGAIN;
        }

        item->word = word;

        if (item->result.remaining < items[first].result.remaining) {
            first = i;
        }
    }

    *least = first;

    if (!xpecto_limit_pay_seen(&items[first])) {
        return XPECTO_AGAIN;
    }

    /* what is taken back may not come back whole: a lost race is run again */

    for (i = 0; i < n; i++) {

        if (i != first
            && xpecto_limit_item_pay(&items[i], now, 1) != XPECTO_OK)
        {
            xpecto_limit_undo_all(items, n);
            return XPECTO_AGAIN;
        }
    }

    return XPECTO_OK;
}


/* goes on to what was found, if that is still so; 0: it is not */

static inline int
xpecto_limit_pay_seen(xpecto_limit_item_t *item)
{
    uint64_t  before;

    before = item->place.word;

    if (!xpecto_cells_swap(&item->place, item->tag, item->word)) {
        return 0;
    }

    item->word = before;
    item->paid = 1;

    return 1;
}


/*
 * All that have no cell get one; AGAIN if one was claimed.  After a claim
 * comes the clock: what a tag used before may have run out a moment ago.
 */

static xpecto_rc_e
xpecto_limit_enter(xpecto_limit_item_t *items, size_t n, uint64_t *stamp,
    uint64_t now)
{
    size_t          i;
    xpecto_rc_e     rc, entered;
    xpecto_place_t  none;

    rc = XPECTO_OK;
    none.cell = NULL;
    none.tag = 0;
    none.word = 0;

    for (i = 0; i < n; i++) {
        entered = xpecto_limit_item_enter(&items[i], &none, stamp, now);

        if (entered == XPECTO_DECLINED
            || (entered == XPECTO_AGAIN && rc == XPECTO_OK))
        {
            rc = entered;
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
    size_t                i, first;
    xpecto_rc_e           rc;
    xpecto_limit_fresh_t  fresh;

    first = 0;
    fresh.meter = NULL;

    for (i = 1; i < n; i++) {
        if (items[i].result.remaining < items[first].result.remaining) {
            first = i;
        }
    }

    rc = (n == 0) ? XPECTO_OK
                  : xpecto_limit_item_pay(&items[first], now, looked);

    for (i = 0; i < n && rc == XPECTO_OK; i++) {

        if (i + XPECTO_LIMIT_AHEAD < n) {
            __builtin_prefetch(items[i + XPECTO_LIMIT_AHEAD].place.cell, 1);
        }

        if (i == first) {
            continue;
        }

        rc = items[i].claimed
             ? xpecto_limit_pay_claimed(&items[i], &fresh, now)
             : xpecto_limit_item_pay(&items[i], now, looked);
    }

    if (rc == XPECTO_OK) {

        for (i = 0; i < n; i++) {
            if (items[i].list != NULL && items[i].paid) {
                xpecto_limit_item_keep(&items[i]);
            }
        }

        return XPECTO_OK;
    }

    xpecto_limit_undo_all(items, n);

    return rc;
}


static void
xpecto_limit_undo_all(xpecto_limit_item_t *items, size_t n)
{
    size_t  i;

    for (i = 0; i < n; i++) {
        if (items[i].paid) {
            xpecto_limit_item_undo(&items[i]);
        }
    }
}


void
xpecto_limit_undo(xpecto_limit_item_t *items, size_t n, uint64_t now)
{
    xpecto_limit_undo_all(items, n);
    xpecto_limit_refuse(items, n, now);
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
    size_t    i;
    uint64_t  cost;

    xpecto_limit_release(items, n);

    for (i = 0; i < n; i++) {

        if (!items[i].refused) {
            cost = items[i].cost;
            items[i].cost = 0;
            xpecto_limit_item_see(&items[i], now);
            items[i].cost = cost;
        }
    }
}
