
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_calendar.h"
#include "xpecto_period.h"


#define FROM  1700000000


/* of the time zone database of this machine */

static void
zone(xpecto_zone_t *z, const char *name)
{
    char    path[128];
    FILE   *f;
    size_t  len;

    static uint8_t  buf[65536];

    (void) snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name);

    f = fopen(path, "r");
    assert_non_null(f);

    len = fread(buf, 1, sizeof(buf), f);
    (void) fclose(f);

    assert_int_equal(xpecto_zone_parse(z, buf, len, FROM), XPECTO_OK);
}


static void
calendar_is_that_of_the_oracle(void **state)
{
    char             line[128], name[32], per[8];
    FILE            *f;
    unsigned         n, anchor, t, first, last;
    uint32_t         start, end;
    xpecto_period_t  p;

    (void) state;

    f = fopen("t/data/periods.txt", "r");
    assert_non_null(f);

    n = 0;

    while (fgets(line, sizeof(line), f) != NULL) {
        assert_int_equal(sscanf(line, "%31s %7s %u %u %u %u", name, per,
                                &anchor, &t, &first, &last), 6);

        zone(&p.zone, name);
        p.anchor = anchor;
        p.per = (per[0] == 'd') ? XPECTO_PERIOD_DAY
                : (per[0] == 'w') ? XPECTO_PERIOD_WEEK : XPECTO_PERIOD_MONTH;

        xpecto_period_at(&p, t, &start, &end);

        if (start != first || end != last) {
            print_error("%s", line);
        }

        assert_int_equal(start, first);
        assert_int_equal(end, last);
        n++;
    }

    (void) fclose(f);

    assert_in_range(n, 1000, 100000);
}


/* set back an hour at half past midnight: the new day has begun */

static void
midnight_that_comes_twice(void **state)
{
    uint32_t         start, end;
    xpecto_period_t  p;

    (void) state;

    memset(&p, 0, sizeof(p));
    p.per = XPECTO_PERIOD_DAY;
    p.zone.n = 1;
    p.zone.offset[0] = 3600;
    p.zone.at[0] = 30 * XPECTO_DAY - 1800;

    xpecto_period_at(&p, 30 * XPECTO_DAY - 3601, &start, &end);
    assert_int_equal(end, 30 * XPECTO_DAY - 3600);

    xpecto_period_at(&p, 30 * XPECTO_DAY - 1, &start, &end);
    assert_int_equal(start, 30 * XPECTO_DAY - 3600);
    assert_int_equal(end, 31 * XPECTO_DAY);
}


static void
seconds_and_all_time(void **state)
{
    uint32_t         start, end;
    xpecto_period_t  p;

    (void) state;

    memset(&p, 0, sizeof(p));

    p.length = 3600;
    xpecto_period_at(&p, 7199, &start, &end);
    assert_int_equal(start, 3600);
    assert_int_equal(end, 7200);

    xpecto_period_at(&p, 7200, &start, &end);
    assert_int_equal(start, 7200);

    /* the end of what 32 bits hold */

    xpecto_period_at(&p, UINT32_MAX, &start, &end);
    assert_int_equal(end, UINT32_MAX);

    p.per = XPECTO_PERIOD_EVER;
    xpecto_period_at(&p, 7200, &start, &end);
    assert_int_equal(start, 0);
    assert_int_equal(end, UINT32_MAX);

    p.per = XPECTO_PERIOD_MONTH;
    p.anchor = 1;
    xpecto_period_at(&p, UINT32_MAX, &start, &end);
    assert_int_equal(end, UINT32_MAX);

    xpecto_period_at(&p, 0, &start, &end);
    assert_int_equal(start, 0);
    assert_int_equal(end, 31 * 86400);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(calendar_is_that_of_the_oracle),
        cmocka_unit_test(midnight_that_comes_twice),
        cmocka_unit_test(seconds_and_all_time),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
