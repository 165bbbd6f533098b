
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "xpecto_random.h"
#include "xpecto_scan_parts.h"


#define TEXT  40


/* each byte behind each number of letters and digits, to each end */

static void
ends_like_byte_by_byte(void **state)
{
    size_t          i, j, len;
    uint8_t        *text;
    unsigned        c, word;
    const uint8_t  *digits, *end;

    static const char  alphabet[] = "09azAZ5mQ";

    (void) state;

    for (len = 1; len < TEXT; len++) {

        text = malloc(len);
        assert_non_null(text);

        for (i = 0; i < len; i++) {
            for (c = 0; c < 256; c++) {
                for (word = 0; word < 2; word++) {

                    for (j = 0; j < len; j++) {
                        text[j] = (uint8_t) (word ? alphabet[j % 9]
                                                  : "0123456789"[j % 10]);
                    }

                    text[i] = (uint8_t) c;
                    end = text + len;

                    for (digits = text; digits < end; digits++) {
                        if (*digits < '0' || *digits > '9') {
                            break;
                        }
                    }

                    assert_ptr_equal(xpecto_scan_digits_end(text, end),
                                     digits);

                    for (digits = text; digits < end; digits++) {
                        if (strchr("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcd"
                                   "efghijklmnopqrstuvwxyz", *digits) == NULL
                            || *digits == '\0')
                        {
                            break;
                        }
                    }

                    assert_ptr_equal(xpecto_scan_word_end(text, end), digits);
                }
            }
        }

        free(text);
    }
}


/* what follows an address decides nothing, nor how much does */

static void
reads_an_address_in_one(void **state)
{
    size_t          n;
    char            text[TEXT];
    unsigned        i, found;
    xpecto_scan_t   s;
    const uint8_t  *a, *b;

    static const char *const  parts[] = {
        "0", "1", "9", "10", "00", "01", "42", "99", "100", "199", "200",
        "249", "250", "255", "256", "260", "300", "999", "000", "012", "1000",
        "", "a", "2x", " "
    };

    (void) state;

    found = 0;
    memset(&s, 0, sizeof(s));
    s.base = (const uint8_t *) text;
    s.start = s.base;

    for (i = 0; i < 200000; i++) {

        n = 0;

        while (n < 15) {
            strcpy(text + n, parts[random_below(random_below(2) ? 14 : 25)]);
            n += strlen(text + n);
            text[n++] = random_below(20) ? '.' : ',';
        }

        /* the fourth number ends with the text, if all are short */

        n = 0;
        for (a = s.base; n < 4 && a < s.base + 15; a++) {
            n += (*a == '.' || *a == ',');
        }

        n = (size_t) (a - s.base) - (n == 4);

        memset(text + n, 'x', sizeof(text) - n);

        s.end = s.base + n;
        a = xpecto_scan_quad(&s, s.base);

        s.end = s.base + n + 16;
        b = xpecto_scan_quad(&s, s.base);

        assert_ptr_equal(a, b);
        found += (a != NULL);
    }

    assert_true(found > 1000);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(ends_like_byte_by_byte),
        cmocka_unit_test(reads_an_address_in_one)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
