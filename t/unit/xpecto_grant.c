
/*
 * What a grant must do, whatever the word is: as much passes afterwards as
 * was granted, and not one more.
 */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_grant.h"


#define NOW   (1ull << 50)
#define WALL  (1700000000ull * XPECTO_USEC)


static void
passes(const xpecto_meter_t *meter, uint64_t word, uint64_t n)
{
    uint64_t              w;
    xpecto_gcra_result_t  res;

    w = word;
    assert_int_equal(xpecto_meter_take(meter, &w, n, NOW, &res), XPECTO_OK);

    w = word;
    assert_int_equal(xpecto_meter_take(meter, &w, n + 1, NOW, &res),
                     XPECTO_DECLINED);
}


/* limit is what passes at first */

static void
granted(const xpecto_meter_t *meter, uint64_t limit)
{
    uint64_t              word;
    xpecto_gcra_result_t  res;

    word = 0;

    assert_int_equal(xpecto_grant(meter, &word, 5, NOW), 0);
    passes(meter, word, limit);

    assert_int_equal(xpecto_meter_take(meter, &word, limit, NOW, &res),
                     XPECTO_OK);

    assert_int_equal(xpecto_grant(meter, &word, 0, NOW), 0);
    assert_int_equal(xpecto_grant(meter, &word, 1, NOW), 1);
    passes(meter, word, 1);
    assert_int_equal(xpecto_grant(meter, &word, limit / 2, NOW), limit / 2);
    passes(meter, word, 1 + limit / 2);
    assert_int_equal(xpecto_grant(meter, &word, UINT64_MAX, NOW),
                     limit - limit / 2 - 1);
    passes(meter, word, limit);
}


static void
rate(void **state)
{
    xpecto_rate_t   r = { 1, 86400 };
    xpecto_meter_t  meter;

    (void) state;

    memset(&meter, 0, sizeof(xpecto_meter_t));
    meter.kind = XPECTO_METER_RATE;
    assert_int_equal(xpecto_gcra_init(&meter.gcra, &r, 1000), XPECTO_OK);

    granted(&meter, 1000);
}


static void
count(void **state)
{
    xpecto_meter_t  meter;

    (void) state;

    memset(&meter, 0, sizeof(xpecto_meter_t));
    meter.kind = XPECTO_METER_COUNT;
    meter.count.limit = 100000;
    meter.count.length = 3600;
    assert_true(xpecto_count_clock(&meter.count, WALL));

    granted(&meter, 100000);
}


static void
period_that_is_over(void **state)
{
    uint64_t              word;
    xpecto_meter_t        meter;
    xpecto_gcra_result_t  res;

    (void) state;

    memset(&meter, 0, sizeof(xpecto_meter_t));
    meter.kind = XPECTO_METER_COUNT;
    meter.count.limit = 10;
    meter.count.length = 3600;
    assert_true(xpecto_count_clock(&meter.count, WALL));

    word = 0;
    assert_int_equal(xpecto_meter_take(&meter, &word, 7, NOW, &res),
                     XPECTO_OK);

    assert_true(xpecto_count_clock(&meter.count, WALL + 3600 * XPECTO_USEC));
    assert_int_equal(xpecto_grant(&meter, &word, 7, NOW), 0);
    passes(&meter, word, 10);
}


static void
slide(void **state)
{
    uint64_t              word;
    xpecto_meter_t        meter;
    xpecto_gcra_result_t  res;

    (void) state;

    memset(&meter, 0, sizeof(xpecto_meter_t));
    meter.kind = XPECTO_METER_SLIDE;
    meter.count.limit = 1000;
    meter.count.length = 3600;
    assert_true(xpecto_count_clock(&meter.count, WALL));

    granted(&meter, 1000);

    /* of both windows */

    word = 0;
    assert_int_equal(xpecto_meter_take(&meter, &word, 600, NOW, &res),
                     XPECTO_OK);
    assert_true(xpecto_count_clock(&meter.count, WALL + 3600 * XPECTO_USEC));
    assert_int_equal(xpecto_meter_take(&meter, &word, 100, NOW, &res),
                     XPECTO_OK);
    assert_int_equal(xpecto_grant(&meter, &word, 300, NOW), 300);
    assert_int_equal(xpecto_grant(&meter, &word, 1000, NOW), 400);
    passes(&meter, word, 1000);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(rate),
        cmocka_unit_test(count),
        cmocka_unit_test(period_that_is_over),
        cmocka_unit_test(slide)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
