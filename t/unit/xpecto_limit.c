
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_limit.h"


#define NPOLICIES  12
#define SEC        16000000000ull


static uint64_t        stamp = 1ull << 32;
static xpecto_meter_t  meters[64];
static unsigned        nmeters;
static uint64_t        ticks;           /* what the clock of a table shows */
static xpecto_limit_item_t  *late;      /* who pays right after it was read,
                                           half a second later */
static uint64_t        seed = 0x2545f4914f6cdd1dull;


static uint64_t
rnd(uint64_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;

    return (seed >> 11) % n;
}


static uint64_t
clock_ticks(void)
{
    uint64_t  now;

    now = ticks;

    if (late != NULL) {
        ticks += SEC / 2;
        assert_int_equal(xpecto_limit_decide(late, 1, &stamp, ticks),
                         XPECTO_OK);
        late = NULL;
    }

    return now;
}


static uint64_t
refund(xpecto_limit_item_t *it, uint64_t cost, uint64_t now)
{
    ticks = now;

    return xpecto_limit_refund(it, cost);
}


static void *
table(xpecto_cells_t *t, size_t nbuckets)
{
    void  *mem;

    mem = calloc(nbuckets + 1, XPECTO_BUCKET_SIZE);
    assert_non_null(mem);
    assert_int_equal(xpecto_cells_init(t, mem, (nbuckets + 1)
                                               * XPECTO_BUCKET_SIZE - 1),
                     XPECTO_OK);
    t->clock = clock_ticks;

    return mem;
}


/* each item has a policy of its own, until 64 others have been made */

static xpecto_meter_t *
item(xpecto_limit_item_t *it, xpecto_cells_t *t, uint64_t n,
    uint64_t interval, uint64_t burst, uint64_t cost)
{
    xpecto_meter_t  *meter;

    meter = &meters[nmeters++ % 64];

    memset(meter, 0, sizeof(xpecto_meter_t));
    memset(it, 0, sizeof(xpecto_limit_item_t));

    meter->cells = t;
    meter->gcra.interval = interval;
    meter->gcra.tolerance = interval * burst;

    it->meter = meter;
    it->tag = xpecto_cells_tag(n * 0x9e3779b97f4a7c15ull, XPECTO_CELL_TAT);
    it->cost = cost;

    return meter;
}


static xpecto_rc_e
decide(xpecto_limit_item_t *items, unsigned n, uint64_t now)
{
    xpecto_rc_e  rc;

    do {
        rc = xpecto_limit_decide(items, n, &stamp, now);
    } while (rc == XPECTO_AGAIN);

    return rc;
}


static uint64_t
left(xpecto_limit_item_t *it, uint64_t now)
{
    xpecto_limit_item_t  look;

    look = *it;
    look.cost = 0;

    assert_int_equal(decide(&look, 1, now), XPECTO_OK);

    return look.result.remaining;
}


/* the oracle: a bucket for each policy, filled by requests that pass whole */

static void
oracle(void **state)
{
    unsigned              ok, no[NPOLICIES];
    void                 *mem;
    uint64_t              now, level[NPOLICIES], last, out, need;
    unsigned              i, k, n, round, used[NPOLICIES], passed, refused;
    xpecto_cells_t        t;
    xpecto_limit_item_t   items[NPOLICIES];

    static const uint64_t  interval[NPOLICIES] = {
        SEC, SEC / 2, SEC / 10, SEC / 100, 60 * SEC, SEC, 3 * SEC,
        SEC / 7 / 64 * 64, SEC / 1000, 3600 * SEC, SEC / 3 / 64 * 64, SEC
    };
    static const uint64_t  burst[NPOLICIES] = {
        1, 2, 5, 20, 3, 7, 1, 1, 9, 4, 2, 30
    };

    (void) state;

    mem = table(&t, 4);
    memset(level, 0, sizeof(level));
    now = 77 * SEC;
    passed = 0;
    refused = 0;

    for (round = 0; round < 200000; round++) {
        last = now;
        now += rnd(round % 100 ? SEC / 4 : 100 * SEC) / 64 * 64;

        for (i = 0; i < NPOLICIES; i++) {
            out = now - last;
            level[i] = (level[i] > out) ? level[i] - out : 0;
            used[i] = 0;
        }

        ok = 1;
        n = 1 + (unsigned) rnd(5);

        for (k = 0; k < n; k++) {
            do {
                i = (unsigned) rnd(NPOLICIES);
            } while (used[i]);

            used[i] = 1;
            item(&items[k], &t, i + 1, interval[i], burst[i], rnd(3));

            need = items[k].cost * interval[i];
            no[k] = (need != 0 && level[i] + need > burst[i] * interval[i]);
            ok &= !no[k];
        }

        assert_int_equal(decide(items, n, now),
                         ok ? XPECTO_OK : XPECTO_DECLINED);

        for (k = 0; k < n; k++) {
            for (i = 0; items[k].meter->gcra.interval != interval[i]
                        || items[k].meter->gcra.tolerance
                           != interval[i] * burst[i]
                        || !used[i]; i++) { /* void */ }

            if (ok) {
                level[i] += items[k].cost * interval[i];
            }

            used[i] = 0;

            assert_int_equal(items[k].refused, no[k]);
            assert_int_equal(items[k].result.remaining,
                             (burst[i] * interval[i] - level[i])
                             / interval[i]);
        }

        passed += ok;
        refused += !ok;
    }

    assert_true(passed > 20000 && refused > 20000);

    free(mem);
}


static void
all_or_nothing(void **state)
{
    void                 *mem;
    xpecto_cells_t        t;
    xpecto_limit_item_t   items[3];

    (void) state;

    mem = table(&t, 4);

    item(&items[0], &t, 1, SEC, 5, 1);
    item(&items[1], &t, 2, SEC, 1, 1);
    item(&items[2], &t, 3, SEC, 9, 1);

    assert_int_equal(decide(items, 3, SEC), XPECTO_OK);
    assert_int_equal(items[0].result.remaining, 4);
    assert_int_equal(items[1].result.remaining, 0);
    assert_int_equal(items[2].result.remaining, 8);

    item(&items[0], &t, 1, SEC, 5, 1);
    item(&items[1], &t, 2, SEC, 1, 1);
    item(&items[2], &t, 3, SEC, 9, 1);

    assert_int_equal(decide(items, 3, SEC), XPECTO_DECLINED);
    assert_int_equal(items[0].refused, 0);
    assert_int_equal(items[1].refused, 1);
    assert_int_equal(items[2].refused, 0);
    assert_int_equal(items[0].result.remaining, 4);
    assert_int_equal(items[1].result.retry_after, SEC);
    assert_int_equal(items[2].result.remaining, 8);

    free(mem);
}


/* B is emptied by another while A is being entered */

static void
taken_back(void **state)
{
    void                 *mem;
    xpecto_cells_t        t;
    xpecto_place_t        place;
    xpecto_limit_item_t   items[2], other;

    (void) state;

    mem = table(&t, 4);

    item(&other, &t, 2, SEC, 5, 1);
    assert_int_equal(decide(&other, 1, 10 * SEC), XPECTO_OK);

    item(&items[0], &t, 1, SEC, 2, 1);
    item(&items[1], &t, 2, SEC, 5, 1);
    assert_int_equal(xpecto_limit_decide(items, 2, &stamp, 10 * SEC),
                     XPECTO_AGAIN);

    item(&other, &t, 2, SEC, 5, 4);
    assert_int_equal(decide(&other, 1, 10 * SEC), XPECTO_OK);

    assert_int_equal(xpecto_limit_decide(items, 2, &stamp, 10 * SEC),
                     XPECTO_DECLINED);
    assert_int_equal(items[0].refused, 0);
    assert_int_equal(items[1].refused, 1);
    assert_int_equal(items[0].result.remaining, 2);

    /* what it goes back to is no state for anyone who comes later */

    assert_int_equal(xpecto_cells_find(&t, items[0].tag, &place), XPECTO_OK);
    assert_int_equal(place.word, 10 * SEC);

    free(mem);
}


static void
claim_lost(void **state)
{
    void                 *mem;
    uint64_t              other;
    unsigned              i;
    xpecto_cells_t        t;
    xpecto_place_t        place;
    xpecto_limit_item_t   items[2];

    (void) state;

    mem = table(&t, 4);
    other = 9ull << 32;

    item(&items[0], &t, 1, SEC, 1, 1);
    item(&items[1], &t, 2, SEC, 2, 1);
    assert_int_equal(xpecto_limit_decide(items, 2, &stamp, SEC),
                     XPECTO_AGAIN);

    assert_int_equal(xpecto_cells_claim(&t, items[1].tag, SEC, &other,
                                        &place),
                     XPECTO_AGAIN);

    /* the first has paid and is taken back: nothing is lost by it */

    assert_int_equal(xpecto_limit_decide(items, 2, &stamp, SEC),
                     XPECTO_AGAIN);
    assert_int_equal(left(&items[0], SEC), 1);

    assert_true(xpecto_cells_swap(&place, items[1].tag, 2 * SEC));

    for (i = 0; i < 2; i++) {
        if (xpecto_limit_decide(items, 2, &stamp, SEC) == XPECTO_OK) {
            break;
        }
    }

    assert_int_equal(left(&items[0], SEC), 0);
    assert_int_equal(left(&items[1], SEC), 0);

    free(mem);
}


/* somebody paid on top of what is to be taken back: it stays paid */

static void
paid_on_top(void **state)
{
    void                 *mem;
    xpecto_cells_t        t;
    xpecto_limit_item_t   items[2], other;

    (void) state;

    mem = table(&t, 4);

    item(&items[0], &t, 1, SEC, 3, 1);
    assert_int_equal(decide(items, 1, SEC), XPECTO_OK);

    item(&other, &t, 1, SEC, 3, 1);
    assert_int_equal(decide(&other, 1, SEC), XPECTO_OK);

    assert_false(xpecto_cells_swap(&items[0].place, items[0].tag,
                                   items[0].word));
    assert_int_equal(left(&other, SEC), 1);

    free(mem);
}


static xpecto_meter_t *
counting(xpecto_limit_item_t *it, xpecto_cells_t *t, uint64_t n,
    xpecto_meter_e kind, uint64_t limit, uint64_t second)
{
    xpecto_meter_t  *m;

    m = item(it, t, n, SEC, 1, 1);

    it->tag = xpecto_cells_tag(n * 0x9e3779b97f4a7c15ull,
                               (kind == XPECTO_METER_COUNT)
                               ? XPECTO_CELL_COUNT : XPECTO_CELL_SLIDE);
    m->kind = kind;
    m->count.limit = limit;
    m->count.wall = second * XPECTO_USEC;
    m->count.start = (uint32_t) (second - second % 60);
    m->count.end = m->count.start + 60;

    t->wall = second;

    return m;
}


/* a count that was paid on top of is given back by its number */

static void
count_paid_on_top(void **state)
{
    void                 *mem;
    unsigned              i, k;
    xpecto_meter_t       *m;
    xpecto_cells_t        t;
    xpecto_limit_item_t   items[2];

    static const xpecto_meter_e  kinds[] = {
        XPECTO_METER_COUNT, XPECTO_METER_SLIDE
    };

    (void) state;

    for (i = 0; i < 2; i++) {
        mem = table(&t, 4);

        for (k = 0; k < 2; k++) {
            m = counting(&items[k], &t, 1, kinds[i], 9, 1800000000);
            items[k].cost = 2 + k;
            assert_int_equal(decide(&items[k], 1, SEC), XPECTO_OK);
        }

        assert_int_equal(items[1].result.remaining, 4);
        assert_int_equal(refund(&items[0], 9, SEC), 2);
        assert_int_equal(left(&items[1], SEC), 6);
        assert_int_equal(refund(&items[0], 9, SEC), 0);

        /* in parts, but not of a window that is out of sight */

        assert_int_equal(refund(&items[1], 1, SEC), 1);
        assert_int_equal(left(&items[1], SEC), 7);

        m->count.start += 180;
        m->count.end += 180;
        m->count.wall += 180 * XPECTO_USEC;
        items[0].cost = 1;
        items[0].meter = m;
        assert_int_equal(decide(items, 1, SEC), XPECTO_OK);
        assert_int_equal(refund(&items[1], 2, SEC), 0);
        assert_int_equal(left(items, SEC), 8);

        free(mem);
    }
}


static void
meters_together(void **state)
{
    void                 *mem;
    unsigned              i, passed;
    uint64_t              second;
    xpecto_cells_t        t;
    xpecto_limit_item_t   items[4];

    (void) state;

    mem = table(&t, 4);
    passed = 0;

    /* a request each second, for two minutes that begin on the minute */

    for (second = 1800000000; second < 1800000120; second++) {
        item(&items[0], &t, 1, SEC / 2, 4, 1);
        counting(&items[1], &t, 2, XPECTO_METER_COUNT, 30, second);
        counting(&items[2], &t, 3, XPECTO_METER_SLIDE, 40, second);
        item(&items[3], &t, 4, 6 * SEC, 45, 1)->kind = XPECTO_METER_PAIR;

        i = (decide(items, 4, second * SEC) == XPECTO_OK);
        passed += i;

        /* Meta's six messages of the first six seconds, then 36 of silence */

        if (second < 1800000006) {
            assert_int_equal(i, 1);

        } else if (second < 1800000036) {
            assert_int_equal(i, 0);
            assert_int_equal(items[3].refused, 1);
            assert_int_equal(items[1].refused, 0);
            assert_int_equal(items[1].result.remaining, 24);
        }
    }

    /* 6 in each 36 seconds: at 0, 36, 72 and 108 */

    assert_int_equal(passed, 24);

    /* what has ended is free for another */

    assert_int_equal(xpecto_cells_used(&t, second * SEC, 0), 3);
    t.wall = second + 60;
    assert_int_equal(xpecto_cells_used(&t, (second + 60) * SEC, 0), 1);
    t.wall = second + 60 + 300;
    assert_int_equal(xpecto_cells_used(&t, (second + 60) * SEC, 0), 0);

    free(mem);
}


static void
full(void **state)
{
    void                 *mem;
    unsigned              i;
    xpecto_cells_t        t;
    xpecto_limit_item_t   items[2];

    (void) state;

    mem = table(&t, 1);

    for (i = 0; i < 7; i++) {
        item(items, &t, i + 100, 1000 * SEC, 1, 1);
        assert_int_equal(decide(items, 1, SEC), XPECTO_OK);
    }

    /* of two policies one finds no cell */

    for (i = 0; i < 3; i++) {
        item(&items[0], &t, 1, SEC, 5, 1);
        item(&items[1], &t, 2, SEC, 5, 1)->deny_full = 1;

        assert_int_equal(decide(items, 2, SEC), XPECTO_DECLINED);
        assert_int_equal(items[0].refused, 0);
        assert_int_equal(items[0].full, 0);
        assert_int_equal(items[0].result.remaining, 5);
        assert_int_equal(items[1].refused, 1);
        assert_int_equal(items[1].full, 1);
        assert_true(items[1].result.retry_after == UINT64_MAX);
    }

    item(&items[0], &t, 1, SEC, 5, 1);
    item(&items[1], &t, 2, SEC, 5, 1);

    assert_int_equal(decide(items, 2, SEC), XPECTO_OK);
    assert_int_equal(items[0].full, 0);
    assert_int_equal(items[0].result.remaining, 4);
    assert_int_equal(items[1].full, 1);
    assert_int_equal(items[1].refused, 0);

    free(mem);
}


/* many values of one policy: all of them pay or none does */

static void
many(void **state)
{
    void                 *mem;
    size_t                i;
    uint64_t              hash[2];
    xpecto_str_t          id;
    xpecto_meter_t        m;
    xpecto_cells_t        t;
    xpecto_limit_item_t  *items;

    static const uint8_t  secret[XPECTO_SIPHASH_KEY_LEN] = "0123456789abcde";

    (void) state;

    mem = table(&t, 4096);
    items = calloc(10000, sizeof(xpecto_limit_item_t));
    assert_non_null(items);

    memset(&m, 0, sizeof(xpecto_meter_t));
    m.cells = &t;
    m.kind = XPECTO_METER_PAIR;
    m.gcra.interval = 6 * SEC;
    m.gcra.tolerance = 6 * SEC * 45;

    id.data = (const uint8_t *) "pair";
    id.len = 4;
    xpecto_meter_key(&m, secret, &id);

    for (i = 0; i < 10000; i++) {
        xpecto_meter_value(hash, secret, NULL, 'r', (uint8_t *) &i,
                           sizeof(i));
        items[i].meter = &m;
        items[i].tag = xpecto_meter_tag(&m, hash);
        items[i].cost = 1;
    }

    /* one that may not: no cell is left of those before it */

    items[9000].cost = 46;
    assert_int_equal(decide(items, 10000, SEC), XPECTO_DECLINED);

    for (i = 0; i < 10000; i++) {
        assert_int_equal(items[i].refused, i == 9000);
        assert_int_equal(items[i].result.remaining, 45);
    }

    for (i = 0; i < t.nbuckets * XPECTO_BUCKET_CELLS; i++) {
        assert_true(t.cells[i].half.tag == 0);
    }

    items[9000].cost = 1;

    assert_int_equal(decide(items, 10000, SEC), XPECTO_OK);
    assert_int_equal(xpecto_cells_used(&t, SEC, 0), 10000);

    items[7777].cost = 45;
    assert_int_equal(xpecto_limit_look(items, 10000, SEC), XPECTO_DECLINED);
    assert_int_equal(decide(items, 10000, SEC), XPECTO_DECLINED);

    for (i = 0; i < 10000; i++) {
        assert_int_equal(items[i].refused, i == 7777);
        assert_int_equal(items[i].result.remaining, 44);
    }

    items[7777].cost = 44;
    assert_int_equal(decide(items, 10000, SEC), XPECTO_OK);

    for (i = 0; i < 10000; i++) {
        assert_int_equal(refund(&items[i], 44, SEC),
                         (i == 7777) ? 44 : 1);
        assert_int_equal(left(&items[i], SEC), 44);
    }

    free(items);
    free(mem);
}


/* of buckets: what flows out is not given back, whoever paid in between */

static void
refunds(void **state)
{
    void                 *mem;
    xpecto_cells_t        t;
    xpecto_limit_item_t   a, b, c;

    (void) state;

    mem = table(&t, 4);

    item(&a, &t, 1, SEC, 5, 2);
    item(&b, &t, 1, SEC, 5, 2);
    item(&c, &t, 1, SEC, 5, 1);

    assert_int_equal(decide(&a, 1, 100 * SEC), XPECTO_OK);
    assert_int_equal(decide(&b, 1, 100 * SEC), XPECTO_OK);
    assert_int_equal(left(&c, 100 * SEC), 1);

    /* half of the first one of a's has flowed out */

    assert_int_equal(refund(&a, 2, 100 * SEC + SEC / 2), 1);
    assert_int_equal(left(&c, 100 * SEC + SEC / 2), 2);
    assert_int_equal(refund(&a, 2, 100 * SEC + SEC / 2), 0);

    /* b's begin at 101 now: at 103 nothing of them is left to give */

    assert_int_equal(decide(&c, 1, 103 * SEC), XPECTO_OK);
    assert_int_equal(left(&c, 103 * SEC), 4);
    assert_int_equal(refund(&b, 2, 103 * SEC), 0);
    assert_int_equal(left(&c, 103 * SEC), 4);

    /* the last one gets all of it back, whatever has flowed out */

    assert_int_equal(refund(&c, 1, 103 * SEC + SEC / 2), 1);
    assert_int_equal(left(&a, 103 * SEC + SEC / 2), 5);

    free(mem);
}


/*
 * Who has read the clock and is held up: what another has paid meanwhile may
 * have come when it had flowed out in part.
 */

static void
refund_held_up(void **state)
{
    void                 *mem;
    xpecto_cells_t        t;
    xpecto_limit_item_t   a, b, c;

    (void) state;

    mem = table(&t, 4);

    item(&a, &t, 1, SEC, 5, 1);
    item(&b, &t, 1, SEC, 5, 1);
    item(&c, &t, 1, SEC, 5, 1);

    assert_int_equal(decide(&a, 1, 100 * SEC), XPECTO_OK);
    assert_int_equal(decide(&b, 1, 100 * SEC), XPECTO_OK);

    late = &c;

    assert_int_equal(refund(&a, 1, 100 * SEC), 0);
    assert_null(late);
    assert_int_equal(left(&c, ticks), 2);

    /* without a clock it is not known at all */

    t.clock = NULL;

    assert_int_equal(refund(&b, 1, 100 * SEC), 0);

    free(mem);
}


/*
 * The oracle: requests that were not given back, in the order of time, fill
 * a bucket; it must never run over.  How much is given back is known where
 * nobody has paid meanwhile.
 */

static void
refunds_never_too_much(void **state)
{
    int                   kind;
    void                 *mem;
    uint64_t              now, level, last, start, n, given;
    uint64_t              at[400], cost[400];
    unsigned              round, i, k, total, back;
    xpecto_cells_t        t;
    xpecto_limit_item_t   items[400];

    (void) state;

    total = 0;
    back = 0;

    for (round = 0; round < 600; round++) {
        mem = table(&t, 2);
        kind = (round & 1) ? XPECTO_METER_PAIR : XPECTO_METER_RATE;
        now = 1000 * SEC;

        for (i = 0; i < 400; i++) {
            now += rnd(4) ? rnd(SEC) / 64 * 64 : rnd(8 * SEC) / 64 * 64;

            item(&items[i], &t, 1, SEC, 6, 1 + rnd(3));
            meters[(nmeters - 1) % 64].kind = kind;

            at[i] = now;
            cost[i] = 0;

            if (decide(&items[i], 1, now) == XPECTO_OK) {
                cost[i] = items[i].cost;
                total++;
            }

            k = i - (unsigned) rnd(i < 5 ? i + 1 : 5);

            if (rnd(2)) {
                items[k].meter = items[i].meter;
                given = refund(&items[k], 1 + rnd(3), now);
                assert_true(given <= cost[k]);
                cost[k] -= given;
                back += (given != 0);
            }
        }

        level = 0;
        last = at[0];
        start = 0;
        n = 0;

        for (i = 0; i < 400; i++) {

            if (kind == XPECTO_METER_RATE) {
                level -= (level > at[i] - last) ? at[i] - last : level;
                level += cost[i] * SEC;
                last = at[i];
                assert_true(level <= 6 * SEC);

            } else if (cost[i] != 0) {

                if (at[i] >= start + n * SEC) {
                    start = at[i];
                    n = 0;
                }

                assert_true(at[i] < start + SEC);
                n += cost[i];
                assert_true(n <= 6);
            }
        }

        free(mem);
    }

    assert_true(total > 50000 && back > 5000);
}


static uint64_t
tag(const uint8_t *key, const xpecto_str_t *policy, const uint8_t *value,
    size_t len)
{
    uint64_t        hash[2];
    xpecto_meter_t  m;

    memset(&m, 0, sizeof(xpecto_meter_t));

    xpecto_meter_key(&m, key, policy);
    xpecto_meter_value(hash, key, NULL, 'x', value, len);

    return xpecto_meter_tag(&m, hash);
}


static void
tags(void **state)
{
    uint8_t       secret[16], other[16], value[300];
    size_t        i, k;
    uint64_t      seen[300], within[2], hash[4][2];
    xpecto_str_t  a, b;

    (void) state;

    a.data = (const uint8_t *) "p\1a";
    a.len = 3;
    b.data = (const uint8_t *) "p\1b";
    b.len = 3;

    memset(secret, 7, 16);
    memset(other, 8, 16);
    memset(value, 'x', sizeof(value));

    for (i = 0; i < 300; i++) {
        seen[i] = tag(secret, &a, value, i);
        assert_int_equal(seen[i] & 0xf, XPECTO_CELL_TAT);
        assert_true(seen[i] == tag(secret, &a, value, i));
        assert_true(seen[i] != tag(secret, &b, value, i));
        assert_true(seen[i] != tag(other, &a, value, i));

        for (k = 0; k < i; k++) {
            assert_true(seen[k] != seen[i]);
        }
    }

    value[299] = 'y';
    assert_true(seen[299] == tag(secret, &a, value, 299));
    value[298] = 'y';
    assert_true(seen[299] != tag(secret, &a, value, 299));

    /* one value of two sorts, or of two owners, is not one */

    within[0] = 1;
    within[1] = 2;

    xpecto_meter_value(hash[0], secret, NULL, 'a', value, 9);
    xpecto_meter_value(hash[1], secret, NULL, 'b', value, 9);
    xpecto_meter_value(hash[2], secret, within, 'a', value, 9);
    within[0] = 3;
    xpecto_meter_value(hash[3], secret, within, 'a', value, 9);

    for (i = 0; i < 4; i++) {
        for (k = 0; k < i; k++) {
            assert_memory_not_equal(hash[i], hash[k], sizeof(hash[i]));
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(oracle),
        cmocka_unit_test(all_or_nothing),
        cmocka_unit_test(taken_back),
        cmocka_unit_test(claim_lost),
        cmocka_unit_test(paid_on_top),
        cmocka_unit_test(count_paid_on_top),
        cmocka_unit_test(meters_together),
        cmocka_unit_test(full),
        cmocka_unit_test(many),
        cmocka_unit_test(refunds),
        cmocka_unit_test(refund_held_up),
        cmocka_unit_test(refunds_never_too_much),
        cmocka_unit_test(tags)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
