
/*
 * A policy alone is decided in one step and finds its cell where it was, a
 * rate of every other key even without an item that was made before; beside
 * another one, which only looks, it is decided in several.  The same requests
 * on two tables, one for each way, must have the same results.
 */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_limit_item.h"


#define KEYS      24
#define REQUESTS  20000
#define BUCKETS   2                     /* 16 cells: some keys find no room */
#define SEC       XPECTO_TICKS_SEC


/* of one of the two ways */

typedef struct {
    xpecto_cells_t   cells;
    xpecto_meter_t   meter;
    xpecto_cell_t   *last[KEYS];        /* where a key was */
    unsigned         paid_again;        /* there, at once */
    void            *mem;
} way_t;


static uint64_t  stamp = 1ull << 32;
static uint64_t  ticks;
static uint64_t  seed = 0x9e3779b97f4a7c15ull;


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
    return ticks;
}


static void
begin(way_t *way, xpecto_meter_e kind, unsigned deny)
{
    memset(way, 0, sizeof(way_t));

    way->mem = calloc(BUCKETS + 1, XPECTO_BUCKET_SIZE);
    assert_non_null(way->mem);
    assert_int_equal(xpecto_cells_init(&way->cells, way->mem,
                                       (BUCKETS + 1) * XPECTO_BUCKET_SIZE
                                       - 1),
                     XPECTO_OK);

    way->cells.clock = clock_ticks;

    way->meter.cells = &way->cells;
    way->meter.kind = kind;
    way->meter.deny_full = deny;
    way->meter.gcra.interval = SEC;
    way->meter.gcra.tolerance = 6 * SEC;
    way->meter.count.limit = 6;
    way->meter.count.length = 5;
}


/* as of who has no item yet: every byte of it is written */

static xpecto_rc_e
again(way_t *way, unsigned key, xpecto_limit_item_t *item)
{
    uint64_t  tag, cost;

    tag = item->tag;
    cost = item->cost;

    memset(item, 0xa5, sizeof(xpecto_limit_item_t));

    return xpecto_limit_item_again(item, &way->meter, tag, cost,
                                   cost * way->meter.gcra.interval,
                                   way->last[key], ticks);
}


/* n: items that are decided together, the second of which has no cost */

static xpecto_rc_e
decide(way_t *way, unsigned key, uint64_t cost, size_t n,
    xpecto_limit_item_t *items)
{
    xpecto_rc_e  rc;

    memset(items, 0, 2 * sizeof(xpecto_limit_item_t));

    items[0].meter = &way->meter;
    items[0].tag = xpecto_cells_tag((key + 1) * 0x9e3779b97f4a7c15ull,
                                    xpecto_meter_cell(way->meter.kind));
    items[0].cost = cost;

    items[1].meter = &way->meter;
    items[1].tag = xpecto_cells_tag((KEYS + 1) * 0x9e3779b97f4a7c15ull,
                                    xpecto_meter_cell(way->meter.kind));

    if (n == 1) {
        items[0].place.cell = way->last[key];

        if (way->meter.kind == XPECTO_METER_RATE && key % 2
            && again(way, key, &items[0]) == XPECTO_OK)
        {
            way->paid_again++;
            return XPECTO_OK;
        }
    }

    do {
        way->cells.wall = ticks / SEC;
        (void) xpecto_count_clock(&way->meter.count,
                                  ticks / (SEC / XPECTO_USEC));

        rc = xpecto_limit_decide(items, n, &stamp, ticks);
    } while (rc == XPECTO_AGAIN);

    way->last[key] = items[0].place.cell;

    return rc;
}


static void
same(xpecto_meter_e kind, unsigned deny)
{
    way_t                a, b;
    uint64_t             cost;
    unsigned             i, key, passed, refused, full;
    xpecto_rc_e          rc;
    xpecto_limit_item_t  one[2], two[2];

    begin(&a, kind, deny);
    begin(&b, kind, deny);

    ticks = 1000 * SEC;
    passed = 0;
    refused = 0;
    full = 0;

    for (i = 0; i < REQUESTS; i++) {
        ticks += rnd(SEC / 4);
        key = (unsigned) rnd(KEYS);
        cost = 1 + rnd(3);

        rc = decide(&a, key, cost, 1, one);

        assert_int_equal(decide(&b, key, cost, 2, two), rc);
        assert_int_equal(one[0].refused, two[0].refused);
        assert_int_equal(one[0].full, two[0].full);
        assert_int_equal(one[0].paid, two[0].paid);
        assert_memory_equal(&one[0].result, &two[0].result,
                            sizeof(xpecto_gcra_result_t));

        if (rc == XPECTO_OK && rnd(8) == 0) {
            ticks += rnd(SEC / 8);
            assert_int_equal(xpecto_limit_refund(&one[0], 1),
                             xpecto_limit_refund(&two[0], 1));
        }

        passed += (rc == XPECTO_OK);
        refused += (rc != XPECTO_OK && !one[0].full);
        full += one[0].full;
    }

    assert_int_not_equal(passed, 0);
    assert_int_not_equal(refused, 0);
    assert_int_not_equal(full, 0);
    assert_int_equal(a.paid_again != 0, kind == XPECTO_METER_RATE);

    free(a.mem);
    free(b.mem);
}


static void
rates(void **state)
{
    (void) state;

    same(XPECTO_METER_RATE, 0);
    same(XPECTO_METER_RATE, 1);
}


static void
pairs(void **state)
{
    (void) state;

    same(XPECTO_METER_PAIR, 0);
    same(XPECTO_METER_PAIR, 1);
}


static void
counts(void **state)
{
    (void) state;

    same(XPECTO_METER_COUNT, 0);
    same(XPECTO_METER_COUNT, 1);
    same(XPECTO_METER_SLIDE, 0);
    same(XPECTO_METER_SLIDE, 1);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(rates),
        cmocka_unit_test(pairs),
        cmocka_unit_test(counts)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
