
/*
 * Area codes of North America, as NANPA assigns them.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_area.h"


static void
test_find(void **state)
{
    char                  codes[64];
    unsigned              i, j, n;
    xpecto_phone_t        phone;
    const xpecto_area_t  *area;

    static const struct {
        const char  *digits;
        const char  *codes;
    } cases[] = {
        { "12015550123", " US-NJ" },
        { "15145550123", " CA-QC" },
        { "19025550123", " CA-NS CA-PE" },
        { "18675550123", " CA-NT CA-NU CA-YT" },
        { "19895550123", " US-MI" },
        { "12025550123", " US-DC" },

        /* of an island, of none, toll-free, no area code at all */

        { "12425550123", "" },
        { "12005550123", "" },
        { "18005550123", "" },
        { "1201", " US-NJ" },
        { "120", "" },
        { "", "" },

        /* not of +1 */

        { "4915112345678", "" },
        { "2015550123", "" },
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        phone.len = (uint8_t) strlen(cases[i].digits);
        memcpy(phone.digits, cases[i].digits, phone.len);

        n = xpecto_area_find(&phone, &area);
        codes[0] = '\0';

        for (j = 0; j < n; j++) {
            (void) strcat(strcat(codes, " "), area[j].code);
        }

        assert_string_equal(codes, cases[i].codes);
    }

    (void) state;
}


/* in order and once: the search relies on it */

static void
test_order(void **state)
{
    unsigned  i;

    assert_true(xpecto_nareas > 400);

    for (i = 1; i < xpecto_nareas; i++) {
        assert_true(xpecto_areas[i - 1].prefix <= xpecto_areas[i].prefix);
        assert_true(xpecto_areas[i - 1].prefix < xpecto_areas[i].prefix
                    || strcmp(xpecto_areas[i - 1].code,
                              xpecto_areas[i].code) < 0);
    }

    (void) state;
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_order)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
