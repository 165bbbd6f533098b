
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_limit.h"


#define LIMIT  19                       /* units: three words */


static uint64_t  stamp = 1ull << 32;


static void
prepare(xpecto_limit_item_t *item, const xpecto_meter_t *meter)
{
    memset(item, 0, sizeof(xpecto_limit_item_t));

    item->meter = meter;
    item->tag = xpecto_cells_tag(0x2545f4914f6cdd1dull, XPECTO_CELL_HELD);
    item->cost = 1;
}


static xpecto_rc_e
decide(xpecto_limit_item_t *item, const xpecto_meter_t *meter)
{
    xpecto_rc_e  rc;

    prepare(item, meter);

    do {
        rc = xpecto_limit_decide(item, 1, &stamp, 1);
    } while (rc == XPECTO_AGAIN);

    return rc;
}


/* so many at once and not one more, whoever ends first */

static void
at_once(void **state)
{
    void                 *mem;
    unsigned              i, n, round, open[LIMIT];
    xpecto_meter_t        meter;
    xpecto_cells_t        t;
    xpecto_limit_item_t   items[LIMIT], more;

    (void) state;

    mem = calloc(8, XPECTO_BUCKET_SIZE);
    assert_non_null(mem);
    assert_int_equal(xpecto_cells_init(&t, mem, 8 * XPECTO_BUCKET_SIZE),
                     XPECTO_OK);

    memset(&meter, 0, sizeof(xpecto_meter_t));
    meter.cells = &t;
    meter.kind = XPECTO_METER_HELD;
    meter.count.limit = LIMIT;
    t.holder = 7;

    n = 0;
    memset(open, 0, sizeof(open));

    for (round = 0; round < 5000; round++) {
        i = (round * 7919u + round / 13) % LIMIT;

        if (open[i]) {
            assert_int_equal(xpecto_limit_refund(&items[i], 1), 1);
            assert_int_equal(xpecto_limit_refund(&items[i], 1), 0);
            n--;

        } else {
            assert_int_equal(decide(&items[i], &meter), XPECTO_OK);
            n++;
            assert_int_equal(items[i].result.remaining, LIMIT - n);
        }

        open[i] = !open[i];

        if (n == LIMIT) {
            assert_int_equal(decide(&more, &meter), XPECTO_DECLINED);
            assert_int_equal(more.refused, 1);
            assert_int_equal(more.result.remaining, 0);
        }
    }

    free(mem);
}


/* what two held of which one has died; who has no number finds no room */

static void
who_has_died(void **state)
{
    void                 *mem;
    unsigned              i;
    uint64_t              cell;
    xpecto_meter_t        meter;
    xpecto_cells_t        t;
    xpecto_limit_item_t   item;

    (void) state;

    mem = calloc(8, XPECTO_BUCKET_SIZE);
    assert_non_null(mem);
    assert_int_equal(xpecto_cells_init(&t, mem, 8 * XPECTO_BUCKET_SIZE),
                     XPECTO_OK);

    memset(&meter, 0, sizeof(xpecto_meter_t));
    meter.cells = &t;
    meter.kind = XPECTO_METER_HELD;
    meter.count.limit = LIMIT;

    for (i = 0; i < LIMIT; i++) {
        t.holder = (uint8_t) (1 + i % 2);
        assert_int_equal(decide(&item, &meter), XPECTO_OK);
    }

    assert_int_equal(decide(&item, &meter), XPECTO_DECLINED);

    cell = 0;

    while (!xpecto_cells_unhold(&t, 1, &cell, 5)) { /* void */ }

    for (i = 0; i < (LIMIT + 1) / 2; i++) {
        assert_int_equal(decide(&item, &meter), XPECTO_OK);
    }

    assert_int_equal(decide(&item, &meter), XPECTO_DECLINED);

    cell = 0;
    (void) xpecto_cells_unhold(&t, 2, &cell, 1000);
    cell = 0;
    (void) xpecto_cells_unhold(&t, 1, &cell, 1000);
    assert_int_equal(xpecto_cells_used(&t, 1, 0), 0);

    t.holder = 0;
    assert_int_equal(decide(&item, &meter), XPECTO_OK);
    assert_int_equal(item.full, 1);
    assert_int_equal(item.paid, 0);
    meter.deny_full = 1;
    assert_int_equal(decide(&item, &meter), XPECTO_DECLINED);

    free(mem);
}


/* a limit that is lowered: what it let in before counts until it ends */

static void
lowered(void **state)
{
    void                 *mem;
    uint8_t               wide;
    unsigned              i, k, to, open;
    xpecto_meter_t        meter;
    xpecto_cells_t        t;
    xpecto_limit_item_t   items[LIMIT], more;

    (void) state;

    mem = malloc(8 * XPECTO_BUCKET_SIZE);
    assert_non_null(mem);

    for (to = 1; to <= LIMIT; to++) {
        memset(mem, 0, 8 * XPECTO_BUCKET_SIZE);
        assert_int_equal(xpecto_cells_init(&t, mem, 8 * XPECTO_BUCKET_SIZE),
                         XPECTO_OK);
        t.holder = 1;

        memset(&meter, 0, sizeof(xpecto_meter_t));
        meter.cells = &t;
        meter.kind = XPECTO_METER_HELD;
        meter.count.limit = LIMIT;
        wide = (LIMIT + 7) / 8;
        meter.wide = &wide;

        for (i = 0; i < LIMIT; i++) {
            assert_int_equal(decide(&items[i], &meter), XPECTO_OK);
        }

        meter.count.limit = to;

        /* they end one by one, in an order that is none */

        for (open = LIMIT, i = 0; i < LIMIT; i++) {
            k = (i * 7 + to) % LIMIT;

            while (decide(&more, &meter) == XPECTO_OK) {
                open++;
                assert_true(open <= to);
            }

            assert_true(open >= to);

            assert_int_equal(xpecto_limit_refund(&items[k], 1), 1);
            open--;
        }
    }

    free(mem);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(at_once),
        cmocka_unit_test(who_has_died),
        cmocka_unit_test(lowered)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
