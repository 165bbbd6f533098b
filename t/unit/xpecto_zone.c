
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_calendar.h"
#include "xpecto_zone.h"
#include "xpecto_zone_rule.h"


static size_t
tzif(uint8_t *buf, size_t size, const char *path)
{
    FILE    *f;
    size_t   len;

    f = fopen(path, "r");
    assert_non_null(f);

    len = fread(buf, 1, size, f);
    (void) fclose(f);

    return len;
}


static xpecto_rc_e
rule(xpecto_zone_rule_t *r, const char *s)
{
    return xpecto_zone_rule(r, (const uint8_t *) s, strlen(s));
}


static void
fixed_offsets(void **state)
{
    size_t         i;
    xpecto_str_t   s;
    xpecto_zone_t  z;

    static const struct {
        const char  *name;
        int32_t      offset;
    } good[] = {
        { "UTC", 0 }, { "Z", 0 }, { "+00:00", 0 }, { "+05:30", 19800 },
        { "-03:30", -12600 }, { "+14:00", 50400 }
    };

    static const char  *bad[] = {
        "", "utc", "+5:30", "+05:60", "+24:00", "05:30", "+05:3", "+0a:30",
        "+05-30", "+05:300"
    };

    (void) state;

    for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        s.data = (const uint8_t *) good[i].name;
        s.len = strlen(good[i].name);

        assert_int_equal(xpecto_zone_fixed(&z, &s), XPECTO_OK);
        assert_int_equal(xpecto_zone_offset(&z, 1800000000), good[i].offset);
        assert_int_equal(xpecto_zone_first(&z, 1800000000),
                         1800000000 - good[i].offset);
    }

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        s.data = (const uint8_t *) bad[i];
        s.len = strlen(bad[i]);

        assert_int_equal(xpecto_zone_fixed(&z, &s), XPECTO_ERROR);
    }
}


/* days as the calendar of 400 years counts them, one by one */

static void
rules_that_are_none(void **state)
{
    size_t              i;
    xpecto_zone_rule_t  r;

    static const char  *bad[] = {
        "", "C", "CE-1", "CET", "CET-", "CET-25", "CET-1CEST",
        "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0",
        "CET-1CEST,M3.0.0,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0/168",
        "CET-1CEST,M3.5.0,M10.5.0/3 ", "CET-1CEST,J0,J365",
        "CET-1CEST,J1,J366", "CET-1CEST,0,366", "<+03-3", "CET-1:60",
        "CET99999999999"
    };

    (void) state;

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(rule(&r, bad[i]), XPECTO_ERROR);
    }

    assert_int_equal(rule(&r, "<+0330>-3:30<+0430>,J79/24,J263/24"),
                     XPECTO_OK);
    assert_int_equal(r.standard, 12600);
    assert_int_equal(r.summer, 16200);

    assert_int_equal(rule(&r, "EST5"), XPECTO_OK);
    assert_int_equal(r.standard, -18000);
    assert_int_equal(r.two, 0);
}


/* of RFC 8536, its own rules; the moments are those of date -d */

static void
rules_say_when(void **state)
{
    xpecto_zone_t       z;
    xpecto_zone_rule_t  r;

    (void) state;

    memset(&z, 0, sizeof(z));
    z.offset[0] = -18000;

    assert_int_equal(rule(&r, "EST5EDT,M3.2.0,M11.1.0"), XPECTO_OK);
    xpecto_zone_extend(&z, &r, 1798761600);             /* 2027-01-01 */

    assert_int_equal(z.n, XPECTO_ZONE_CHANGES);
    assert_int_equal(z.at[0], 1805007600);      /* 2027-03-14 07:00 UTC */
    assert_int_equal(z.at[1], 1825567200);      /* 2027-11-07 06:00 UTC */
    assert_int_equal(z.offset[1], -14400);
    assert_int_equal(z.offset[2], -18000);

    /* the south: the year begins in summer; 24 hours and more */

    memset(&z, 0, sizeof(z));
    z.offset[0] = -10800;

    assert_int_equal(rule(&r, "<-04>4<-03>,M9.1.6/24,M4.1.6/24"), XPECTO_OK);
    xpecto_zone_extend(&z, &r, 1798761600);

    assert_int_equal(z.at[0], 1806807600);      /* 2027-04-04 03:00 UTC */
    assert_int_equal(z.offset[1], -14400);
    assert_int_equal(z.at[1], 1820116800);      /* 2027-09-05 04:00 UTC */

    /* week 5 is the last one, which may be the fourth */

    memset(&z, 0, sizeof(z));
    z.offset[0] = 3600;

    assert_int_equal(rule(&r, "CET-1CEST,M3.5.0,M2.5.0/3"), XPECTO_OK);
    xpecto_zone_extend(&z, &r, 1803859200);             /* 2027-03-01 */
    assert_int_equal(z.at[0], 1806195600);      /* 2027-03-28 01:00 UTC */
    assert_int_equal(z.at[1], 1835226000);      /* 2028-02-27 01:00 UTC */

    /* the leap day is not counted, and is */

    memset(&z, 0, sizeof(z));

    assert_int_equal(rule(&r, "AAA0BBB,J60/0,J300/0"), XPECTO_OK);
    xpecto_zone_extend(&z, &r, 1830297600);             /* 2028-01-01 */
    assert_int_equal(z.at[0], 1835481600);      /* 2028-03-01 */

    memset(&z, 0, sizeof(z));

    assert_int_equal(rule(&r, "AAA0BBB,59/0,300/0"), XPECTO_OK);
    xpecto_zone_extend(&z, &r, 1830297600);
    assert_int_equal(z.at[0], 1835395200);      /* 2028-02-29 */
}


/* one change, an hour ahead at half past eleven */

static void
midnight_that_is_skipped(void **state)
{
    xpecto_zone_t  z;

    (void) state;

    memset(&z, 0, sizeof(z));
    z.n = 1;
    z.at[0] = 30 * XPECTO_DAY - 1800;
    z.offset[1] = 3600;

    assert_int_equal(xpecto_zone_first(&z, 29 * XPECTO_DAY),
                     29 * XPECTO_DAY);
    assert_int_equal(xpecto_zone_first(&z, 30 * XPECTO_DAY),
                     30 * XPECTO_DAY - 1800);
    assert_int_equal(xpecto_zone_first(&z, 31 * XPECTO_DAY),
                     31 * XPECTO_DAY - 3600);
}


static void
broken_files(void **state)
{
    size_t         i, len;
    uint8_t       *copy;
    xpecto_zone_t  z;

    static uint8_t  buf[65536];

    (void) state;

    len = tzif(buf, sizeof(buf), "/usr/share/zoneinfo/Europe/Berlin");

    assert_int_equal(xpecto_zone_parse(&z, buf, len, 1700000000), XPECTO_OK);
    assert_int_equal(xpecto_zone_offset(&z, 1800000000), 3600);

    /* each cut, in memory that ends there */

    for (i = 0; i < len; i++) {
        copy = malloc(i + 1);
        assert_non_null(copy);
        memcpy(copy, buf, i);

        assert_int_equal(xpecto_zone_parse(&z, copy, i, 1700000000),
                         XPECTO_ERROR);
        free(copy);
    }

    buf[0] = 'X';
    assert_int_equal(xpecto_zone_parse(&z, buf, len, 1700000000),
                     XPECTO_ERROR);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(fixed_offsets),
        cmocka_unit_test(rules_that_are_none),
        cmocka_unit_test(rules_say_when),
        cmocka_unit_test(midnight_that_is_skipped),
        cmocka_unit_test(broken_files),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
