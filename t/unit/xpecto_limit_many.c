
/*
 * Limits of many recipients are decided together, most of them without a
 * cell.  The same requests on two tables, together on one and each limit
 * alone on the other, must have the same results and leave the same words.
 */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_limit.h"


#define KEYS      300
#define METERS    4
#define ITEMS     60
#define REQUESTS  3000
#define BUCKETS   1024
#define SEC       XPECTO_TICKS_SEC


typedef struct {
    xpecto_cells_t       cells;
    xpecto_meter_t       meters[METERS];
    xpecto_limit_item_t  items[ITEMS];
    uint64_t             stamp;
    void                *mem;
} way_t;


static way_t     together, alone;
static uint64_t  seed = 0x9e3779b97f4a7c15ull;


static uint64_t
rnd(uint64_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;

    return (seed >> 11) % n;
}


static void
begin(way_t *way)
{
    unsigned  i;

    static const xpecto_meter_e  kinds[METERS] = {
        XPECTO_METER_RATE, XPECTO_METER_PAIR, XPECTO_METER_COUNT,
        XPECTO_METER_SLIDE
    };

    memset(way, 0, sizeof(way_t));

    way->mem = calloc(BUCKETS + 1, XPECTO_BUCKET_SIZE);
    assert_non_null(way->mem);
    assert_int_equal(xpecto_cells_init(&way->cells, way->mem,
                                       (BUCKETS + 1) * XPECTO_BUCKET_SIZE - 1),
                     XPECTO_OK);

    way->stamp = (uint64_t) 7 << 32;

    for (i = 0; i < METERS; i++) {
        way->meters[i].kind = kinds[i];
        way->meters[i].cells = &way->cells;
        way->meters[i].gcra.interval = 2 * SEC;
        way->meters[i].gcra.tolerance = 2 * SEC * 6;
        way->meters[i].count.limit = 7;
    }
}


/* a period of a minute is what there is at that time */

static void
moment(way_t *way, uint64_t second)
{
    unsigned         i;
    xpecto_meter_t  *m;

    way->cells.wall = second;

    for (i = 0; i < METERS; i++) {
        m = &way->meters[i];
        m->count.wall = second * XPECTO_USEC;
        m->count.start = (uint32_t) (second / 60 * 60);
        m->count.end = m->count.start + 60;
    }
}


static void
fill(way_t *way, unsigned i, unsigned meter, uint64_t key, uint64_t cost)
{
    uint64_t              hash;
    xpecto_limit_item_t  *it;

    it = &way->items[i];
    hash = (key * METERS + meter + 1) * 0x9e3779b97f4a7c15ull;

    memset(it, 0, sizeof(xpecto_limit_item_t));
    it->meter = &way->meters[meter];
    it->tag = xpecto_cells_tag(hash, xpecto_meter_cell(it->meter->kind));
    it->cost = cost;
}


static xpecto_rc_e
decide(way_t *way, unsigned i, unsigned n, uint64_t now)
{
    xpecto_rc_e  rc;

    do {
        rc = xpecto_limit_decide(&way->items[i], n, &way->stamp, now);
    } while (rc == XPECTO_AGAIN);

    return rc;
}


static xpecto_rc_e
decide_alone(unsigned n, uint64_t now)
{
    unsigned     i;
    xpecto_rc_e  rc;

    rc = XPECTO_OK;

    for (i = 0; i < n; i++) {
        if (xpecto_limit_look(&alone.items[i], 1, now) != XPECTO_OK) {
            rc = XPECTO_DECLINED;
        }
    }

    for (i = 0; i < n && rc == XPECTO_OK; i++) {
        assert_int_equal(decide(&alone, i, 1, now), XPECTO_OK);
    }

    return rc;
}


/* 0: it says nothing, or no more */

static uint64_t
word(way_t *way, uint64_t tag, uint64_t now)
{
    xpecto_place_t  place;

    return (xpecto_cells_find(&way->cells, tag, &place) == XPECTO_OK
            && !xpecto_cells_expired(&way->cells, tag, place.word, now))
           ? place.word : 0;
}


static void
same(unsigned n, xpecto_rc_e rc, uint64_t now)
{
    unsigned              i;
    xpecto_limit_item_t  *one, *other;

    for (i = 0; i < n; i++) {
        one = &together.items[i];
        other = &alone.items[i];

        assert_int_equal(one->refused, other->refused);
        assert_int_equal(one->paid, other->paid);
        assert_int_equal(one->full, 0);
        assert_int_equal(one->claimed, 0);

        if (rc == XPECTO_OK || one->refused) {
            assert_memory_equal(&one->result, &other->result,
                                sizeof(xpecto_gcra_result_t));
        }

        assert_true(word(&together, one->tag, now)
                    == word(&alone, other->tag, now));
    }
}


static void
requests(void **state)
{
    unsigned     i, k, n, key, passed;
    uint64_t     now, second, cost;
    xpecto_rc_e  rc;

    (void) state;

    begin(&together);
    begin(&alone);

    second = 1800000000;
    passed = 0;

    for (k = 0; k < REQUESTS; k++) {
        second += rnd(3);
        now = second * SEC + rnd(SEC);
        n = 9 + (unsigned) rnd(ITEMS - 9);
        key = (unsigned) rnd(KEYS);

        moment(&together, second);
        moment(&alone, second);

        /* no two are of one key and meter; few are heavy */

        for (i = 0; i < n; i++) {
            cost = rnd(50) ? rnd(3) : rnd(9);
            fill(&together, i, i % METERS, key + i / METERS, cost);
            fill(&alone, i, i % METERS, key + i / METERS, cost);
        }

        rc = decide_alone(n, now);
        passed += (rc == XPECTO_OK);

        assert_int_equal(decide(&together, 0, n, now), rc);
        same(n, rc, now);
    }

    /* both come about often */

    assert_true(passed > REQUESTS / 5 && passed < REQUESTS * 4 / 5);

    assert_int_equal(xpecto_cells_used(&together.cells, now, 0),
                     xpecto_cells_used(&alone.cells, now, 0));

    free(together.mem);
    free(alone.mem);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(requests)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
