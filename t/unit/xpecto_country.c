
/*
 * Countries, by a list of ISO 3166-1 (tzdata's iso3166.tab).
 */


#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_country.h"


static void
all_of_the_list_and_no_other(void **state)
{
    FILE     *in;
    char      line[8];
    uint8_t   code[2];
    unsigned  a, b, n, seen[26][26];

    (void) state;

    memset(seen, 0, sizeof(seen));

    in = fopen("t/data/countries.txt", "r");
    assert_non_null(in);

    for (n = 0; fgets(line, sizeof(line), in) != NULL; n++) {
        seen[line[0] - 'A'][line[1] - 'A'] = 1;
    }

    (void) fclose(in);
    assert_int_equal(n, 249);

    seen['X' - 'A']['K' - 'A'] = 1;

    for (a = 0; a < 256; a++) {
        for (b = 0; b < 256; b++) {
            code[0] = (uint8_t) a;
            code[1] = (uint8_t) b;

            assert_int_equal(xpecto_country_exists(code),
                             a >= 'A' && a <= 'Z' && b >= 'A' && b <= 'Z'
                             && seen[a - 'A'][b - 'A']);
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(all_of_the_list_and_no_other),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
