
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "xpecto_recipient.h"


#define A     "16505551234"
#define B     "4915123456789"
#define USER  "US.13491208655302741918"
#define GROUP "Y2FwaV9ncm91cDoxMjM0NTY3ODkw"


typedef struct {
    const char  *value;
    const char  *found;
} case_t;


static char    out[1024];
static size_t  stop_at;


/* kind and text of each, by blanks; a number as its digits */

static xpecto_rc_e
add(void *data, const xpecto_recipient_t *one)
{
    size_t  n, *count;

    count = data;
    n = strlen(out);

    if (one->kind == XPECTO_RECIPIENT_PHONE) {
        (void) snprintf(out + n, sizeof(out) - n, "%s%.*s", n ? " " : "",
                        (int) one->phone.len,
                        (const char *) one->phone.digits);

    } else {
        (void) snprintf(out + n, sizeof(out) - n, "%s%s<%.*s>", n ? " " : "",
                        one->kind == XPECTO_RECIPIENT_BSUID ? "user"
                        : one->kind == XPECTO_RECIPIENT_GROUP ? "group"
                        : "bad",
                        (int) one->text.len, (const char *) one->text.data);
    }

    return (++*count == stop_at) ? XPECTO_ERROR : XPECTO_OK;
}


static void
check(const case_t *cases)
{
    char         *copy;
    size_t        n, len;

    stop_at = 0;

    for ( /* void */ ; cases->value != NULL; cases++) {

        /* in memory of its own: a byte too far is seen */

        len = strlen(cases->value);
        copy = malloc(len + 1);
        assert_non_null(copy);
        memcpy(copy, cases->value, len);
        copy = realloc(copy, len ? len : 1);
        assert_non_null(copy);

        n = 0;
        out[0] = '\0';

        assert_int_equal(xpecto_recipients((const uint8_t *) copy, len, add,
                                           &n),
                         XPECTO_OK);
        free(copy);

        if (strcmp(out, cases->found) != 0) {
            fail_msg("\"%s\": %s, not %s", cases->value, out, cases->found);
        }
    }
}


static void
one_is_one(void **state)
{
    static const case_t  cases[] = {
        { A, A },
        { "+" A, A },
        { "00" A, A },
        { "whatsapp:+" A, A },
        { " " A "\t", A },
        { A "@c.us", A },
        { A ":3@s.whatsapp.net", A },
        { USER, "user<" USER ">" },
        { GROUP, "group<" GROUP ">" },
        { "120363041234567890@g.us", "group<120363041234567890@g.us>" },
        { "", "bad<>" },
        { "abc", "bad<abc>" },
        { "1234", "bad<1234>" },
        { "0", "bad<0>" },
        { "1650555123456789012", "bad<1650555123456789012>" },
        { NULL, NULL }
    };

    (void) state;

    check(cases);
}


static void
one_with_blanks_and_dashes_is_one(void **state)
{
    static const case_t  cases[] = {
        { "+1 650-555-1234", A },
        { "+1 (650) 555-1234", A },
        { "1 650 555 1234", A },
        { "+1.650.555.1234", A },
        { "00 1 650 555 1234", A },
        { "+44 (0) 20 7946 0018", "442079460018" },
        { "+49 1512 3456789", B },
        { "+4915123 456789", B },
        { "91 98765 43210", "919876543210" },
        { "tel:+1-650-555-1234", A },
        { "tel:+1-650-555-1234;ext=9", A },
        { "tel:" A ";phone-context=+1;ext=123", A },

        /* not a number, but by one spelling or another the same digits */
        { "+1 650-555-12345", "bad<+1 650-555-12345>" },
        { "1650\xc2\xa0" "555\xc2\xa0" "1234",
          "bad<1650\xc2\xa0" "555\xc2\xa0" "1234>" },
        { A " (Ann)", "bad<" A " (Ann)>" },
        { NULL, NULL }
    };

    (void) state;

    check(cases);
}


static void
parts_are_each_one(void **state)
{
    static const case_t  cases[] = {
        { A "," B, A " " B },
        { A ";" B, A " " B },
        { A "|" B, A " " B },
        { A "\n" B, A " " B },
        { A "\r\n" B "\r\n", A " " B },
        { "+" A ", +" B, A " " B },
        { "+1 650-555-1234; +49 1512 3456789", A " " B },
        { "+1 650-555-1234 +49 1512 3456789", A " " B },
        { "whatsapp:+" A ",whatsapp:+" B, A " " B },
        { A "@c.us," B "@s.whatsapp.net", A " " B },
        { "," A ",,;\n", A },
        { A "," A "," A, A " " A " " A },
        { USER "," GROUP "," A, "user<" USER "> group<" GROUP "> " A },
        { "US.ann,GB.bob", "user<US.ann> user<GB.bob>" },
        { A ",120363041234567890@g.us",
          A " group<120363041234567890@g.us>" },
        { A ",1234567890123456", A " bad<1234567890123456>" },
        { A ",123456," B, A " " B },
        { A ";x=" B, A " bad<x=" B ">" },
        { A ";ext=9;" B, A " " B },
        { A ",ext=9," B, A " " B },
        { "abc," A ",no", A },
        { "123456,123456,123456", "bad<123456,123456,123456>" },
        { NULL, NULL }
    };

    (void) state;

    check(cases);
}


static void
words_are_each_one(void **state)
{
    static const case_t  cases[] = {
        { A " " B, A " " B },
        { A "\t" B "  " A, A " " B " " A },
        { "+" A " +" B, A " " B },
        { "00" A " 00" B, A " " B },
        { A "\xc2\xa0" B, A " " B },
        { A "\xef\xbc\x8c" B, A " " B },
        { A " and " B, A " " B },
        { "to " A " 123 " B, A " " B },
        { USER " " A, "user<" USER "> " A },
        { A " " B "," A, A " " B " " A },
        { A " 1234567890123456", A " bad<1234567890123456>" },

        /* two of seven digits in Niue are not one of fourteen anywhere */
        { "6834123 6834124", "6834123 6834124" },

        { "123456 123456 123456", "bad<123456 123456 123456>" },
        { NULL, NULL }
    };

    (void) state;

    check(cases);
}


/* who drops all but the digits, and who cuts: both are right */

static void
few_digits_count_together_as_well(void **state)
{
    static const case_t  cases[] = {
        { "1,650,555,1234", "bad<1,650,555,1234>" },
        { "1650555;1234", "bad<1650555;1234> bad<1650555>" },
        { "1650\n5551234", "bad<1650\n5551234> bad<5551234>" },
        { "1650555123;x4", "bad<1650555123;x4> bad<1650555123>" },
        { "165055500,00", "bad<165055500,00> bad<165055500>" },
        { A ",1", "bad<" A ",1> " A },
        { A " 1", "bad<" A " 1> " A },
        { A ",\next=9", "bad<" A ",\next=9> " A },
        { "0000000,1,650,555,1234", "bad<0000000,1,650,555,1234>" },

        /* fifteen digits, and sixteen */
        { A ",1234", "bad<" A ",1234> " A },
        { A ",12345", A },
        { NULL, NULL }
    };

    (void) state;

    check(cases);
}


static void
long_list(void **state)
{
    char    *list, *p;
    size_t   i, n;

    (void) state;

    list = malloc(10000 * 12 + 1);
    assert_non_null(list);

    p = list;

    for (i = 0; i < 10000; i++) {
        p += snprintf(p, 13, "1650%07u%c", (unsigned) (5550000 + i),
                      i == 9999 ? '\0' : i % 2 ? ',' : ' ');
    }

    n = 0;
    out[0] = '\0';
    stop_at = 0;

    assert_int_equal(xpecto_recipients((uint8_t *) list, 10000 * 12 - 1, add,
                                       &n),
                     XPECTO_OK);
    assert_int_equal(n, 10000);

    free(list);
}


static void
handler_ends_it(void **state)
{
    size_t  n;

    static const char  *values[] = {
        A "," B, A " " B, A ",1", A, "1650555;1234"
    };

    size_t  i;

    (void) state;

    for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        stop_at = 1;
        n = 0;
        out[0] = '\0';

        assert_int_equal(xpecto_recipients((const uint8_t *) values[i],
                                           strlen(values[i]), add, &n),
                         XPECTO_ERROR);
        assert_int_equal(n, 1);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(one_is_one),
        cmocka_unit_test(one_with_blanks_and_dashes_is_one),
        cmocka_unit_test(parts_are_each_one),
        cmocka_unit_test(words_are_each_one),
        cmocka_unit_test(few_digits_count_together_as_well),
        cmocka_unit_test(long_list),
        cmocka_unit_test(handler_ends_it),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
