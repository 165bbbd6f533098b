
/* Expected: ASCII; the tolower() of the C locale is the oracle. */

#include "xpecto_nocase.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>


static void
bytes(void **state)
{
    unsigned  c;

    (void) state;

    for (c = 0; c < 256; c++) {
        assert_int_equal(xpecto_lower((uint8_t) c), tolower((int) c));
    }
}


/* of copies that end where the text ends: who reads on is seen by ASan */

static int
is(const char *text, size_t len, const char *name)
{
    int       rc;
    uint8_t  *p;

    p = malloc(len ? len : 1);
    assert_non_null(p);

    memcpy(p, text, len);
    rc = xpecto_is_nocase(p, len, name);

    free(p);

    return rc;
}


static void
names(void **state)
{
    (void) state;

    assert_int_equal(is("max-age", 7, "max-age"), 1);
    assert_int_equal(is("Max-Age", 7, "max-age"), 1);
    assert_int_equal(is("MAX-AGE", 7, "max-age"), 1);
    assert_int_equal(is("To", 2, "to"), 1);
    assert_int_equal(is("whatsappNumber", 14, "whatsappnumber"), 1);
    assert_int_equal(is("", 0, ""), 1);
    assert_int_equal(is("*", 1, "*"), 1);

    assert_int_equal(is("tox", 3, "to"), 0);
    assert_int_equal(is("t", 1, "to"), 0);
    assert_int_equal(is("max_age", 7, "max-age"), 0);
    assert_int_equal(is("max-ag", 6, "max-age"), 0);
    assert_int_equal(is("max-age ", 8, "max-age"), 0);
    assert_int_equal(is("", 0, "q"), 0);
    assert_int_equal(is("q", 1, ""), 0);

    /* a zero is a byte, no end; 0x20 parts others than letters too */

    assert_int_equal(is("q\0", 2, "q"), 0);
    assert_int_equal(is("q\0x", 3, "q"), 0);
    assert_int_equal(is("t\0", 2, "to"), 0);
    assert_int_equal(is("@", 1, "`"), 0);
    assert_int_equal(is("@\x10", 2, "`0"), 0);
    assert_int_equal(is("[", 1, "{"), 0);
    assert_int_equal(is("\r", 1, "-"), 0);
    assert_int_equal(is("\xc4", 1, "\xe4"), 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(bytes),
        cmocka_unit_test(names)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
