
/*
 * Several policies whose cells are known are decided at once, or looked for
 * and decided in the general way.  The same requests on two tables, one for
 * each way, must have the same results; what has not come about at once has
 * left nothing behind.
 */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_limit.h"


#define KEYS      8
#define POLICIES  4
#define REQUESTS  40000
#define BUCKETS   16
#define SEC       XPECTO_TICKS_SEC


typedef struct {
    xpecto_cells_t   cells;
    xpecto_meter_t   meters[POLICIES];
    xpecto_cell_t   *last[KEYS][POLICIES];
    uint64_t         stamp;
    void            *mem;
} way_t;


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
begin(way_t *way)
{
    unsigned  i;

    static const xpecto_meter_e  kinds[POLICIES] = {
        XPECTO_METER_RATE, XPECTO_METER_COUNT, XPECTO_METER_SLIDE,
        XPECTO_METER_RATE
    };

    memset(way, 0, sizeof(way_t));

    way->stamp = 1ull << 32;
    way->mem = calloc(BUCKETS + 1, XPECTO_BUCKET_SIZE);
    assert_non_null(way->mem);
    assert_int_equal(xpecto_cells_init(&way->cells, way->mem,
                                       (BUCKETS + 1) * XPECTO_BUCKET_SIZE
                                       - 1),
                     XPECTO_OK);

    way->cells.clock = clock_ticks;

    for (i = 0; i < POLICIES; i++) {
        way->meters[i].cells = &way->cells;
        way->meters[i].kind = kinds[i];
        way->meters[i].gcra.interval = (i == 0) ? SEC : SEC / 3;
        way->meters[i].gcra.tolerance = (i == 0) ? 6 * SEC : 3 * SEC;
        way->meters[i].count.limit = 9;
        way->meters[i].count.length = 7;
    }
}


static void
fill(way_t *way, unsigned key, uint64_t cost, size_t n, size_t first,
    xpecto_limit_item_t *items)
{
    size_t     i, k;
    uint64_t   tag;

    way->cells.wall = ticks / SEC;

    for (i = 0; i < n; i++) {
        k = first + i;
        tag = (key * POLICIES + k + 1) * 0x9e3779b97f4a7c15ull;

        xpecto_limit_item_init(&items[i], &way->meters[k],
                     xpecto_cells_tag(tag,
                                      xpecto_meter_cell(way->meters[k].kind)),
                     cost, way->last[key][k]);

        (void) xpecto_count_clock(&way->meters[k].count,
                                  ticks / (SEC / XPECTO_USEC));
    }
}


static xpecto_rc_e
decide(way_t *way, unsigned key, size_t n, size_t first,
    xpecto_limit_item_t *items)
{
    size_t       i;
    xpecto_rc_e  rc;

    do {
        rc = xpecto_limit_decide(items, n, &way->stamp, ticks);
    } while (rc == XPECTO_AGAIN);

    for (i = 0; i < n; i++) {
        way->last[key][first + i] = items[i].place.cell;
    }

    return rc;
}


/* the bytes of the cells, but for who entered them */

static void
unchanged(const way_t *way, const void *before)
{
    assert_memory_equal(way->mem, before,
                        (BUCKETS + 1) * XPECTO_BUCKET_SIZE);
}


static void
both_ways(void **state)
{
    void                *before;
    way_t                a, b;
    size_t               i, n, first, least;
    uint64_t             cost;
    unsigned             r, key, at_once, refused;
    xpecto_rc_e          rc;
    xpecto_limit_item_t  one[POLICIES], two[POLICIES];

    (void) state;

    begin(&a);
    begin(&b);

    before = malloc((BUCKETS + 1) * XPECTO_BUCKET_SIZE);
    assert_non_null(before);

    ticks = 1000 * SEC;
    at_once = 0;
    refused = 0;

    for (r = 0; r < REQUESTS; r++) {
        ticks += rnd(SEC / 2);
        key = (unsigned) rnd(KEYS);
        cost = 1 + rnd(3) / 2;
        first = rnd(POLICIES);
        n = 1 + rnd(POLICIES - first);

        fill(&a, key, cost, n, first, one);
        memcpy(before, a.mem, (BUCKETS + 1) * XPECTO_BUCKET_SIZE);

        rc = xpecto_limit_again(one, n, ticks, &least);

        if (rc == XPECTO_AGAIN) {
            unchanged(&a, before);
            rc = decide(&a, key, n, first, one);

        } else {
            assert_int_equal(rc, XPECTO_OK);
            at_once++;

            for (i = 0; i < n; i++) {
                assert_true(one[least].result.remaining
                            + (i < least) <= one[i].result.remaining);
            }
        }

        /* the other way knows no cell */

        memset(b.last, 0, sizeof(b.last));
        fill(&b, key, cost, n, first, two);

        assert_int_equal(decide(&b, key, n, first, two), rc);

        for (i = 0; i < n; i++) {
            assert_int_equal(one[i].refused, two[i].refused);
            assert_int_equal(one[i].full, two[i].full);
            assert_int_equal(one[i].paid, two[i].paid);
            assert_int_equal(one[i].place.word, two[i].place.word);
            assert_memory_equal(&one[i].result, &two[i].result,
                                sizeof(xpecto_gcra_result_t));
        }

        if (rc == XPECTO_OK && rnd(8) == 0) {
            ticks += rnd(SEC / 8);

            for (i = 0; i < n; i++) {
                assert_int_equal(xpecto_limit_refund(&one[i], cost),
                                 xpecto_limit_refund(&two[i], cost));
            }
        }

        refused += (rc != XPECTO_OK);
    }

    assert_true(at_once > REQUESTS / 8);
    assert_int_not_equal(refused, 0);

    free(before);
    free(a.mem);
    free(b.mem);
}


/*
 * Two items of one cell: the second finds that somebody has paid.  It pays on
 * top of it where that fits, else the first gets back what it has paid.
 */

static void
lost_race(void **state)
{
    void                *before;
    way_t                a;
    size_t               least;
    uint64_t             left;
    xpecto_limit_item_t  items[2];

    (void) state;

    begin(&a);

    before = malloc((BUCKETS + 1) * XPECTO_BUCKET_SIZE);
    assert_non_null(before);

    ticks = 1000 * SEC;

    fill(&a, 0, 1, 1, 0, items);
    assert_int_equal(decide(&a, 0, 1, 0, items), XPECTO_OK);
    left = items[0].result.remaining;
    assert_true(left > 3);

    fill(&a, 0, 1, 1, 0, items);
    items[1] = items[0];

    assert_int_equal(xpecto_limit_again(items, 2, ticks, &least), XPECTO_OK);
    assert_int_equal(items[0].paid, 1);
    assert_int_equal(items[1].paid, 1);
    assert_int_equal(items[1].result.remaining, left - 2);

    fill(&a, 0, left - 2, 1, 0, items);
    items[1] = items[0];
    memcpy(before, a.mem, (BUCKETS + 1) * XPECTO_BUCKET_SIZE);

    assert_int_equal(xpecto_limit_again(items, 2, ticks, &least),
                     XPECTO_AGAIN);
    unchanged(&a, before);
    assert_int_equal(items[0].paid, 0);
    assert_int_equal(items[1].paid, 0);

    free(before);
    free(a.mem);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(both_ways),
        cmocka_unit_test(lost_race)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
