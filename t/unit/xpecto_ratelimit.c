
/*
 * Expected values: draft-ietf-httpapi-ratelimit-headers and the syntax of
 * structured fields (RFC 9651), by hand.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "xpecto_ratelimit.h"


#define LONGEST  "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeee"


static void
policy_is(const char *name, uint64_t burst, uint64_t tolerance,
    const char *expected)
{
    size_t         len;
    uint8_t        text[XPECTO_RATELIMIT_LEN + 47];
    xpecto_gcra_t  gcra;

    gcra.interval = 1;
    gcra.tolerance = tolerance;

    len = xpecto_ratelimit_policy(text, (const uint8_t *) name, strlen(name),
                                  burst, xpecto_ratelimit_window(&gcra));

    assert_int_equal(len, strlen(expected));
    assert_memory_equal(text, expected, len);
}


static void
left_is(const char *policy, size_t name, uint64_t remaining, uint64_t reset,
    const char *expected)
{
    size_t                len;
    uint8_t               text[XPECTO_RATELIMIT_LEN + 47];
    xpecto_gcra_result_t  result;

    result.remaining = remaining;
    result.reset = reset;
    result.retry_after = 0;

    len = xpecto_ratelimit_left(text, (const uint8_t *) policy, name, &result);

    assert_int_equal(len, strlen(expected));
    assert_memory_equal(text, expected, len);
}


static void
policies(void **state)
{
    (void) state;

    policy_is("burst", 160, 2 * XPECTO_TICKS_SEC, "\"burst\";q=160;w=2");
    policy_is("burst", 160, 2 * XPECTO_TICKS_SEC + 1, "\"burst\";q=160;w=3");
    policy_is("b", 1, XPECTO_TICKS_SEC, "\"b\";q=1;w=1");
    policy_is("b", 9, XPECTO_TICKS_SEC - 1, "\"b\";q=9");
    policy_is("b", 10, XPECTO_TICKS_SEC - 1, "\"b\";q=10");
    policy_is(LONGEST, UINT64_MAX, UINT64_MAX,
              "\"" LONGEST "\";q=999999999999999;w=999999999999999");
    policy_is("b", 999999999999999, 0, "\"b\";q=999999999999999");
    policy_is("b", 1000000000000000, 0, "\"b\";q=999999999999999");
}


static void
what_is_left(void **state)
{
    (void) state;

    left_is("\"burst\";q=160;w=2", 5, 50, 1, "\"burst\";r=50;t=1");
    left_is("\"burst\";q=160;w=2", 5, 160, 0, "\"burst\";r=160");
    left_is("\"b\";q=1", 1, 0, 7 * XPECTO_TICKS_SEC, "\"b\";r=0;t=7");
    left_is("\"" LONGEST "\";q=1", 47, UINT64_MAX, UINT64_MAX,
            "\"" LONGEST "\";r=999999999999999");
    left_is("\"b\";q=1", 1, 0, UINT64_MAX - 1, "\"b\";r=0;t=1152921505");
}


/* against the C library: each pair of digits, numbers of each length */

static void
digits(void **state)
{
    char      expected[XPECTO_RATELIMIT_LEN];
    uint64_t  n, power;

    (void) state;

    for (n = 0; n < 20000; n++) {
        (void) snprintf(expected, sizeof(expected), "\"b\";r=%llu",
                        (unsigned long long) n);
        left_is("\"b\";q=1", 1, n, 0, expected);
    }

    for (power = 10; power <= 100000000000000; power *= 10) {

        for (n = power - 1; n <= power + 1; n++) {
            (void) snprintf(expected, sizeof(expected), "\"b\";r=%llu",
                            (unsigned long long) n);
            left_is("\"b\";q=1", 1, n, 0, expected);
        }
    }
}


static void
seconds(void **state)
{
    (void) state;

    assert_true(xpecto_ratelimit_seconds(0) == 0);
    assert_true(xpecto_ratelimit_seconds(1) == 1);
    assert_true(xpecto_ratelimit_seconds(XPECTO_TICKS_SEC) == 1);
    assert_true(xpecto_ratelimit_seconds(XPECTO_TICKS_SEC + 1) == 2);
    assert_true(xpecto_ratelimit_seconds(UINT64_MAX)
                == XPECTO_RATELIMIT_NEVER);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(policies),
        cmocka_unit_test(what_is_left),
        cmocka_unit_test(digits),
        cmocka_unit_test(seconds)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests_name("xpecto_ratelimit", tests, NULL, NULL);
}
