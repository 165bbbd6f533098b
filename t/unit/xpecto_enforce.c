
#include "xpecto_enforce.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>


#define IDS  100000


static const uint8_t  secret[XPECTO_SIPHASH_KEY_LEN] = "0123456789abcde";


static xpecto_rc_e
parse(const char *text, unsigned *part)
{
    *part = 77777;

    return xpecto_enforce_parse(part, (const uint8_t *) text, strlen(text));
}


static void
percent(void **state)
{
    size_t    i;
    unsigned  part;

    static const struct {
        const char  *text;
        unsigned     part;
    } good[] = {
        { "0%", 0 }, { "100%", 10000 }, { "1%", 100 }, { "12.5%", 1250 },
        { "0.01%", 1 }, { "0.1%", 10 }, { "99.99%", 9999 },
        { "100.00%", 10000 }, { "007%", 700 }, { "0.00%", 0 }
    };

    static const char *const  bad[] = {
        "", "%", "1", "100", ".5%", "1.%", "0.001%", "100.01%", "101%",
        "999%", "1000%", "0100%", "-1%", "+1%", "1 %", " 1%", "1%%", "1.5.5%",
        "1,5%", "a%", "1e1%", "1.a%"
    };

    (void) state;

    for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_int_equal(parse(good[i].text, &part), XPECTO_OK);
        assert_int_equal(part, good[i].part);
    }

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {

        if (parse(bad[i], &part) != XPECTO_ERROR) {
            fail_msg("\"%s\" is %u", bad[i], part);
        }
    }
}


/* how many of the ids are taken; of those of another policy as well: both */

static unsigned
taken(unsigned part, const char *one, const char *two)
{
    int           len;
    char          text[16];
    unsigned      i, n;
    xpecto_str_t  id, a, b;

    a.data = (const uint8_t *) one;
    a.len = strlen(one);
    b.data = (const uint8_t *) two;
    b.len = strlen(two);

    n = 0;

    for (i = 0; i < IDS; i++) {
        len = snprintf(text, sizeof(text), "%u", i);
        id.data = (const uint8_t *) text;
        id.len = (size_t) len;

        n += (unsigned) (xpecto_enforce(part, secret, &a, &id)
                         && xpecto_enforce(part, secret, &b, &id));
    }

    return n;
}


static void
near(unsigned n, unsigned expected, unsigned bound)
{
    if (n + bound < expected || n > expected + bound) {
        fail_msg("%u, not %u +- %u", n, expected, bound);
    }
}


/* bounds: five standard deviations of a binomial distribution */

static void
as_many_as_it_says(void **state)
{
    (void) state;

    assert_int_equal(taken(0, "p", "p"), 0);
    assert_int_equal(taken(10000, "p", "p"), IDS);

    near(taken(5000, "p", "p"), 50000, 791);
    near(taken(1000, "p", "p"), 10000, 475);
    near(taken(9000, "p", "p"), 90000, 475);
    near(taken(100, "p", "p"), 1000, 158);
    near(taken(1, "p", "p"), 10, 16);

    assert_in_range(taken(9999, "p", "p"), IDS - 26, IDS - 1);
}


static void
policies_choose_by_themselves(void **state)
{
    (void) state;

    near(taken(5000, "p", "q"), 25000, 685);
    near(taken(1000, "p", "q"), 1000, 158);
}


/* who is enforced with a smaller part is with a larger one */

static void
a_part_only_grows(void **state)
{
    unsigned      part;
    xpecto_str_t  id, policy;

    (void) state;

    policy.data = (const uint8_t *) "p";
    policy.len = 1;
    id.data = (const uint8_t *) "4bf92f3577b34da6a3ce929d0e0e4736";
    id.len = 32;

    for (part = 0; !xpecto_enforce(part, secret, &policy, &id); part++) {
        assert_true(part < XPECTO_ENFORCE_ALL);
    }

    assert_true(part > 0);

    for (/* void */ ; part <= XPECTO_ENFORCE_ALL; part++) {
        assert_true(xpecto_enforce(part, secret, &policy, &id));
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(percent),
        cmocka_unit_test(as_many_as_it_says),
        cmocka_unit_test(policies_choose_by_themselves),
        cmocka_unit_test(a_part_only_grows)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
