
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


static uint64_t  stamp = 1ull << 32;
static uint64_t  seed = 0x2545f4914f6cdd1dull;


static uint64_t
rnd(uint64_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;

    return (seed >> 11) % n;
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

    return mem;
}


static void
item(xpecto_limit_item_t *it, xpecto_cells_t *t, uint64_t n,
    uint64_t interval, uint64_t burst, uint64_t cost)
{
    memset(it, 0, sizeof(xpecto_limit_item_t));

    it->cells = t;
    it->tag = xpecto_cells_tag(n * 0x9e3779b97f4a7c15ull, XPECTO_CELL_TAT);
    it->gcra.interval = interval;
    it->gcra.tolerance = interval * burst;
    it->cost = cost;
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
        SEC, SEC / 2, SEC / 10, SEC / 100, 60 * SEC, SEC, 3 * SEC, SEC / 7,
        SEC / 1000, 3600 * SEC, SEC / 3, SEC
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
        now += rnd(round % 100 ? SEC / 4 : 100 * SEC);

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
            for (i = 0; items[k].gcra.interval != interval[i]
                        || items[k].gcra.tolerance != interval[i] * burst[i]
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
                                   items[0].before));
    assert_int_equal(left(&other, SEC), 1);

    free(mem);
}


static void
counting(xpecto_limit_item_t *it, xpecto_cells_t *t, uint64_t n,
    xpecto_meter_e meter, uint64_t limit, uint64_t second)
{
    item(it, t, n, SEC, 1, 1);

    it->tag = xpecto_cells_tag(n * 0x9e3779b97f4a7c15ull,
                               xpecto_limit_cell(meter));
    it->meter = meter;
    it->count.limit = limit;
    it->count.wall = second * XPECTO_USEC;
    it->count.start = (uint32_t) (second - second % 60);
    it->count.end = it->count.start + 60;

    t->wall = second;
}


/* a count that was paid on top of is taken back by its number */

static void
count_paid_on_top(void **state)
{
    void                 *mem;
    unsigned              i, k;
    uint64_t              word;
    xpecto_cells_t        t;
    xpecto_limit_item_t   items[2];
    xpecto_gcra_result_t  res;

    static const xpecto_meter_e  meters[] = {
        XPECTO_METER_COUNT, XPECTO_METER_SLIDE
    };

    (void) state;

    for (i = 0; i < 2; i++) {
        mem = table(&t, 4);

        for (k = 0; k < 2; k++) {
            counting(&items[k], &t, 1, meters[i], 9, 1800000000);
            items[k].cost = 2 + k;
            assert_int_equal(decide(&items[k], 1, SEC), XPECTO_OK);
        }

        word = items[1].place.word;

        if (i == 0) {
            assert_int_equal(xpecto_count_give(&word, &items[0].count, 2),
                             XPECTO_OK);
            assert_int_equal(xpecto_count_take(&word, &items[0].count, 0,
                                               &res), XPECTO_OK);
            assert_int_equal(xpecto_count_give(&word, &items[0].count, 4),
                             XPECTO_DECLINED);
            items[0].count.end += 60;
            assert_int_equal(xpecto_count_give(&word, &items[0].count, 1),
                             XPECTO_DECLINED);

        } else {
            assert_int_equal(xpecto_slide_give(&word, &items[0].count, 2),
                             XPECTO_OK);
            assert_int_equal(xpecto_slide_take(&word, &items[0].count, 0,
                                               &res), XPECTO_OK);
            assert_int_equal(xpecto_slide_give(&word, &items[0].count, 4),
                             XPECTO_DECLINED);
            items[0].count.end += 60;
            assert_int_equal(xpecto_slide_give(&word, &items[0].count, 1),
                             XPECTO_DECLINED);
        }

        assert_int_equal(res.remaining, 6);

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
        item(&items[3], &t, 4, 6 * SEC, 45, 1);
        items[3].meter = XPECTO_METER_PAIR;

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
        item(&items[1], &t, 2, SEC, 5, 1);
        items[1].deny_full = 1;

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


static void
twice_the_same(void **state)
{
    void                 *mem;
    xpecto_cells_t        t;
    xpecto_limit_item_t   items[2];

    (void) state;

    mem = table(&t, 4);

    item(&items[0], &t, 1, SEC, 5, 1);
    item(&items[1], &t, 1, SEC, 5, 1);
    assert_int_equal(decide(items, 2, SEC), XPECTO_ERROR);
    assert_int_equal(left(items, SEC), 5);

    free(mem);
}


static uint64_t
tag(const uint8_t *key, const xpecto_str_t *policy, const uint8_t *value,
    size_t len)
{
    return xpecto_limit_tag(key, XPECTO_CELL_TAT, policy, value, len);
}


static void
tags(void **state)
{
    uint8_t       secret[16], other[16], value[300];
    size_t        i, k;
    uint64_t      seen[300];
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
        cmocka_unit_test(twice_the_same),
        cmocka_unit_test(tags)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
