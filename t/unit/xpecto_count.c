
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_count.h"
#include "xpecto_pair.h"


typedef struct {
    char            kind[8];
    xpecto_gcra_t   gcra;
    xpecto_count_t  count;
    uint64_t        length;
    uint64_t        word;
} meter_t;


static xpecto_rc_e
take(meter_t *m, uint64_t now, uint64_t cost, xpecto_gcra_result_t *res)
{
    if (strcmp(m->kind, "rate") == 0) {
        return xpecto_gcra_take(&m->word, &m->gcra, now, cost, res);
    }

    if (strcmp(m->kind, "pair") == 0) {
        return xpecto_pair_take(&m->word, &m->gcra, now, cost, res);
    }

    m->count.wall = now;
    m->count.start = (uint32_t) (now / (m->length * XPECTO_USEC)
                                 * m->length);
    m->count.end = (uint32_t) (m->count.start + m->length);

    if (strcmp(m->kind, "window") == 0) {
        return xpecto_count_take(&m->word, &m->count, cost, res);
    }

    assert_string_equal(m->kind, "slide");

    return xpecto_slide_take(&m->word, &m->count, cost, res);
}


static void
same_as_the_oracle(void **state)
{
    FILE                  *f;
    char                   line[256];
    long long              more, retry;
    unsigned               n, passed;
    unsigned long long     a, b, left;
    meter_t                m;
    xpecto_gcra_result_t   res;

    (void) state;

    f = fopen("t/data/limits.txt", "r");
    assert_non_null(f);

    n = 0;

    while (fgets(line, sizeof(line), f) != NULL) {

        if (sscanf(line, "trace %7s %llu %llu", m.kind, &a, &b) == 3) {
            m.word = 0;
            m.gcra.interval = a;
            m.gcra.tolerance = a * b;
            m.length = a;
            m.count.limit = b;
            continue;
        }

        assert_int_equal(sscanf(line, "%llu %llu %u %llu %lld %lld", &a, &b,
                                &passed, &left, &more, &retry), 6);

        if ((take(&m, a, b, &res) == XPECTO_OK) != passed
            || res.remaining != left
            || res.reset != (uint64_t) more
            || res.retry_after != (uint64_t) retry)
        {
            print_error("%s: %s", m.kind, line);
            fail();
        }

        n++;
    }

    (void) fclose(f);

    assert_in_range(n, 1000, 100000);
}


static void
nothing_is_left_behind_the_end(void **state)
{
    uint64_t              word;
    xpecto_count_t        c;
    xpecto_gcra_result_t  res;

    (void) state;

    c.limit = 5;
    c.start = 1800000000;
    c.end = 1800000060;
    c.wall = c.start * XPECTO_USEC;

    word = 0;
    assert_true(xpecto_count_over(word, 1800000000));

    assert_int_equal(xpecto_count_take(&word, &c, 2, &res), XPECTO_OK);
    assert_false(xpecto_count_over(word, 1800000059));
    assert_true(xpecto_count_over(word, 1800000060));

    word = 0;
    assert_true(xpecto_slide_over(word, 1800000000));

    /* as long as the next window sees it, and as its class is coarse */

    assert_int_equal(xpecto_slide_take(&word, &c, 2, &res), XPECTO_OK);
    assert_false(xpecto_slide_over(word, 1799999999));
    assert_false(xpecto_slide_over(word, 1800000000));
    assert_false(xpecto_slide_over(word, 1800000119));
    assert_true(xpecto_slide_over(word, 1800000060 + 300));
    assert_true(xpecto_slide_over(word, 1800000060 + 86400 * 20));
    assert_true(xpecto_slide_over(word, 1800000060 + 86400 * 30));
}


/* the time in the word has 22 bits: half a turn is 24 days */

static void
idle_for_weeks(void **state)
{
    unsigned              day;
    uint64_t              word, second;
    xpecto_count_t        c;
    xpecto_gcra_result_t  res;

    (void) state;

    for (day = 1; day < 120; day++) {
        c.limit = 10;
        c.start = 1800000000;
        c.end = c.start + 60;
        c.wall = c.start * XPECTO_USEC;

        word = 0;
        assert_int_equal(xpecto_slide_take(&word, &c, 10, &res), XPECTO_OK);

        second = 1800000000 + day * 86400;
        c.start = (uint32_t) (second - second % 60);
        c.end = c.start + 60;
        c.wall = second * XPECTO_USEC;

        /* but for the days on which the low bits are the same again */

        if (xpecto_slide_over(word, second)) {
            assert_int_equal(xpecto_slide_take(&word, &c, 10, &res),
                             XPECTO_OK);
        }

        assert_int_equal(xpecto_slide_over(word, second + 86400), 1);
    }
}


/* a body that takes longer than a window; a day is longer than any */

static void
the_clock_goes_on(void **state)
{
    xpecto_count_t  c;

    (void) state;

    c.limit = 1;
    c.start = 1800000000;
    c.end = c.start + 1;
    c.next = c.start + 2;
    c.length = 1;

    assert_true(xpecto_count_clock(&c, 1800000099 * XPECTO_USEC + 5));
    assert_int_equal(c.start, 1800000099);
    assert_int_equal(c.end, 1800000100);
    assert_int_equal(c.wall, 1800000099 * XPECTO_USEC + 5);

    /* set back: it stands */

    assert_true(xpecto_count_clock(&c, 1800000000 * XPECTO_USEC));
    assert_int_equal(c.wall, 1800000099 * XPECTO_USEC);

    c.length = 0;
    c.next = 1800000200;
    assert_true(xpecto_count_clock(&c, 1800000100 * XPECTO_USEC));
    assert_int_equal(c.start, 1800000100);
    assert_int_equal(c.end, 1800000200);
    assert_false(xpecto_count_clock(&c, 1800000200 * XPECTO_USEC));
}


static void
for_all_time(void **state)
{
    uint64_t              word;
    xpecto_count_t        c;
    xpecto_gcra_result_t  res;

    (void) state;

    c.limit = XPECTO_COUNT_MAX;
    c.start = 0;
    c.end = XPECTO_COUNT_NEVER;
    c.wall = 1800000000 * XPECTO_USEC;

    word = 0;
    assert_int_equal(xpecto_count_take(&word, &c, XPECTO_COUNT_MAX, &res),
                     XPECTO_OK);
    assert_int_equal(res.remaining, 0);
    assert_int_equal(res.reset, UINT64_MAX);
    assert_false(xpecto_count_over(word, UINT32_MAX));

    assert_int_equal(xpecto_count_take(&word, &c, 1, &res), XPECTO_DECLINED);
    assert_int_equal(res.retry_after, UINT64_MAX);

    /* the limit is smaller now: nothing is left, nothing is lost */

    c.limit = 7;
    assert_int_equal(xpecto_count_take(&word, &c, 0, &res), XPECTO_OK);
    assert_int_equal(res.remaining, 0);
}


/* a second back over the begin of a window: what it has used stays used */

static void
a_second_back_at_midnight(void **state)
{
    unsigned              i;
    uint64_t              word;
    xpecto_count_t        c;
    xpecto_gcra_result_t  res;

    static const uint32_t  lengths[] = { 1, 16, 60, 300, 3600, 86400 };

    (void) state;

    for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        c.limit = 10;
        c.start = 86400 * 20000;
        c.end = c.start + lengths[i];
        c.wall = c.start * XPECTO_USEC;

        word = 0;
        assert_int_equal(xpecto_slide_take(&word, &c, 10, &res), XPECTO_OK);

        c.end = c.start;
        c.start -= lengths[i];
        c.wall -= XPECTO_USEC;

        assert_false(xpecto_slide_over(word, c.wall / XPECTO_USEC));
        assert_int_equal(xpecto_slide_take(&word, &c, 1, &res),
                         XPECTO_DECLINED);
    }
}


/* a clock of 1970 on a machine without a battery */

static void
a_clock_of_long_ago(void **state)
{
    uint64_t              word;
    xpecto_count_t        c;
    xpecto_gcra_result_t  res;

    (void) state;

    c.limit = 2;
    c.start = 1800000000;
    c.end = 1800000060;
    c.wall = c.start * XPECTO_USEC;

    word = 0;
    assert_int_equal(xpecto_count_take(&word, &c, 1, &res), XPECTO_OK);

    c.start = 0;
    c.end = 60;
    c.wall = 5 * XPECTO_USEC;

    assert_int_equal(xpecto_count_take(&word, &c, 1, &res), XPECTO_OK);
    assert_int_equal(res.reset, UINT64_MAX);
    assert_int_equal(xpecto_count_take(&word, &c, 1, &res), XPECTO_DECLINED);
    assert_int_equal(res.retry_after, UINT64_MAX);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(same_as_the_oracle),
        cmocka_unit_test(nothing_is_left_behind_the_end),
        cmocka_unit_test(idle_for_weeks),
        cmocka_unit_test(the_clock_goes_on),
        cmocka_unit_test(for_all_time),
        cmocka_unit_test(a_second_back_at_midnight),
        cmocka_unit_test(a_clock_of_long_ago),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
