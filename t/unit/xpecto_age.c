
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_age.h"


/* of `date -u -d ... +%s` */

#define JUL_31_END  1785542399          /* 2026-07-31 23:59:59 */
#define AUG_01      1785542400
#define AUG_01_NOON 1785585600          /* when August begins in UTC-12 */
#define FEB_28      1772280000          /* 2026-02-28 12:00:00 */
#define MAR_01_NOON 1772366400


/* the birthday begins last in UTC-12, and is the last of the month */

static void
test_band(void **state)
{
    (void) state;

    assert_int_equal(xpecto_age_band(7, 2013, JUL_31_END), XPECTO_AGE_CHILD);
    assert_int_equal(xpecto_age_band(7, 2013, AUG_01), XPECTO_AGE_CHILD);
    assert_int_equal(xpecto_age_band(7, 2013, AUG_01_NOON - 1),
                     XPECTO_AGE_CHILD);
    assert_int_equal(xpecto_age_band(7, 2013, AUG_01_NOON), XPECTO_AGE_13);

    assert_int_equal(xpecto_age_band(8, 2013, AUG_01_NOON), XPECTO_AGE_CHILD);
    assert_int_equal(xpecto_age_band(7, 2012, AUG_01_NOON), XPECTO_AGE_14);
    assert_int_equal(xpecto_age_band(7, 2011, AUG_01_NOON), XPECTO_AGE_15);
    assert_int_equal(xpecto_age_band(7, 2010, AUG_01_NOON), XPECTO_AGE_16);
    assert_int_equal(xpecto_age_band(7, 2009, AUG_01_NOON), XPECTO_AGE_16);
    assert_int_equal(xpecto_age_band(8, 2008, AUG_01_NOON), XPECTO_AGE_16);
    assert_int_equal(xpecto_age_band(7, 2008, AUG_01_NOON), XPECTO_AGE_ADULT);
    assert_int_equal(xpecto_age_band(1, 1900, AUG_01_NOON), XPECTO_AGE_ADULT);

    /* 29 February has no day of its own in 2026 */

    assert_int_equal(xpecto_age_band(2, 2008, FEB_28), XPECTO_AGE_16);
    assert_int_equal(xpecto_age_band(2, 2008, MAR_01_NOON), XPECTO_AGE_ADULT);

    assert_int_equal(xpecto_age_band(8, 2026, AUG_01_NOON), XPECTO_AGE_CHILD);
    assert_int_equal(xpecto_age_band(9, 2026, AUG_01_NOON),
                     XPECTO_AGE_UNKNOWN);
    assert_int_equal(xpecto_age_band(1, 2027, AUG_01_NOON),
                     XPECTO_AGE_UNKNOWN);
}


static void
test_young(void **state)
{
    (void) state;

    assert_int_equal(xpecto_age_min(0), 16);
    assert_int_equal(xpecto_age_min(1), 13);
    assert_int_equal(xpecto_age_min(12), 13);
    assert_int_equal(xpecto_age_min(13), 13);
    assert_int_equal(xpecto_age_min(18), 18);

    assert_int_equal(xpecto_age_is_young(XPECTO_AGE_UNKNOWN, 18), 0);

    /* not below 13, whatever a law says; 16 where none is known */

    assert_int_equal(xpecto_age_is_young(XPECTO_AGE_CHILD, 10), 1);
    assert_int_equal(xpecto_age_is_young(XPECTO_AGE_13, 10), 0);
    assert_int_equal(xpecto_age_is_young(XPECTO_AGE_15, 0), 1);
    assert_int_equal(xpecto_age_is_young(XPECTO_AGE_16, 0), 0);

    assert_int_equal(xpecto_age_is_young(XPECTO_AGE_15, 15), 0);
    assert_int_equal(xpecto_age_is_young(XPECTO_AGE_15, 16), 1);
    assert_int_equal(xpecto_age_is_young(XPECTO_AGE_16, 17), 1);
    assert_int_equal(xpecto_age_is_young(XPECTO_AGE_ADULT, 18), 0);
    assert_int_equal(xpecto_age_is_young(XPECTO_AGE_ADULT, 20), 1);
}


static void
test_byte(void **state)
{
    (void) state;

    assert_int_equal(XPECTO_AGE(XPECTO_AGE_BY_ORIGIN, XPECTO_AGE_16), 0x35);
    assert_int_equal(xpecto_age_of(0x35), XPECTO_AGE_16);
    assert_int_equal(xpecto_age_of(0x10), XPECTO_AGE_UNKNOWN);
    assert_int_equal(xpecto_age_of(0x17), XPECTO_AGE_UNKNOWN);
    assert_string_equal(xpecto_age_name(XPECTO_AGE_16), "16-17");
    assert_string_equal(xpecto_age_name(XPECTO_AGE_ADULT), "18+");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_band),
        cmocka_unit_test(test_young),
        cmocka_unit_test(test_byte)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
