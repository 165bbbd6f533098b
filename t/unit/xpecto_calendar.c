
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "xpecto_calendar.h"


static void
dates_there_and_back(void **state)
{
    int64_t   days, year, y;
    unsigned  month, day, m, d, len;

    static const unsigned  lengths[] = {
        31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
    };

    (void) state;

    days = 0;

    for (year = 1970; year < 2410; year++) {
        for (month = 1; month <= 12; month++) {
            len = lengths[month - 1];

            if (month == 2 && year % 4 == 0
                && (year % 100 != 0 || year % 400 == 0))
            {
                len = 29;
            }

            assert_int_equal(xpecto_month_length(year, month), len);

            assert_false(xpecto_is_date(year, month, 0));
            assert_false(xpecto_is_date(year, month, len + 1));

            for (day = 1; day <= len; day++, days++) {
                assert_true(xpecto_is_date(year, month, day));
                assert_int_equal(xpecto_days(year, month, day), days);

                xpecto_date(days, &y, &m, &d);
                assert_int_equal(y, year);
                assert_int_equal(m, month);
                assert_int_equal(d, day);
            }
        }
    }

    assert_false(xpecto_is_date(2026, 0, 1));
    assert_false(xpecto_is_date(2026, 13, 1));
    assert_int_equal(xpecto_days(1969, 12, 31), -1);
    assert_int_equal(xpecto_days(1, 1, 1), -719162);

    xpecto_date(-719162, &y, &m, &d);
    assert_int_equal(y, 1);
    assert_int_equal(m, 1);
    assert_int_equal(d, 1);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(dates_there_and_back),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
