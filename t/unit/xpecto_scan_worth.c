
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "xpecto_random.h"
#include "xpecto_scan_parts.h"


#define ALL   ((1u << XPECTO_CLASSES) - 1)
#define TEXT  120


/* what stands before, within and behind numbers and what looks like them */

static size_t
random_text(uint8_t *text)
{
    size_t       len, max, n;
    const char  *piece;

    static const char  often[] = "0123456789+-(). :%\\@BbEe_[]~/=\"'#&mobil";

    static const char *const  pieces[] = {
        "+", "+1650", "16505551234", "1-650-555-1234", "1.650.555.1234",
        "44 20 7946 0958", "0044 20 7946 0958", "011 44 20 7946 0958",
        "011.442.079460958", "298201234", "06505551234", "(650) 555-1234",
        "650_5551234", "1763869520", "1763869520123", "106540352242922",
        "2026-11-22", "20261122", "22/11/2026", "12:00:00", "200 5120",
        "537.36", "192.0.2.1", "7221838e68f6", "x86_64", "%2B", "%252B",
        "%2", "\\u002b", "\\x2B", "\\uff0b", "%EF%BC%8B", "%38", "%C3%80",
        "\\u0031", "%28", "%20", "%31", "\xef\xbc\x8b", "\xef\xbc\x91",
        "\xe2\x80\x8b", "\xd9\xa4", "+(0)", "+ ", "$", "tel:", "tel%3A",
        "sips:", "whatsapp:", "wa.me/", "wa.me%2F", "waid=", "phone=",
        "/phone/", "phone: ", "mobile ", "\"phone\":\"", "fax.", "sms#",
        "tel (", "msisdn=", "celular '", "\"country_code\":\"91\",",
        "@c.us", ":12@s.whatsapp.net", ".0:12@c.us", "-1400000000@g.us",
        "@b.example", "/v19.0/", "timestamp=", "ext=9"
    };

    max = random_below(TEXT);
    len = 0;

    while (len < max) {

        if (random_below(3)) {
            piece = pieces[random_below(sizeof(pieces) / sizeof(pieces[0]))];
            n = strlen(piece);
            n = (n < max - len) ? n : max - len;
            memcpy(text + len, piece, n);
            len += n;

        } else {
            text[len++] = (uint8_t) often[random_below(sizeof(often) - 1)];
        }
    }

    return len;
}


/* ten digits or more that are not worth a look are no number */

static void
no_number_is_worthless(void **state)
{
    int             tail;
    size_t          i, n, len, from;
    uint8_t         text[TEXT], *copy;
    unsigned        k;
    const uint8_t  *at;
    xpecto_span_t   span;
    xpecto_scan_t   s;

    (void) state;

    for (k = 0; k < 400000; k++) {
        len = random_text(text);
        copy = malloc(len ? len : 1);
        assert_non_null(copy);
        memcpy(copy, text, len);

        tail = (random_below(4) == 0);
        from = random_below(8) ? 0 : random_below((unsigned) len + 1);

        s.base = copy;
        s.start = copy + from;
        s.end = copy + len;
        s.classes = ALL;
        s.tail = tail;

        for (i = from; i < len; i = n + 1) {

            for (n = i; n < len && xpecto_view_is_digit(copy[n]); n++) {
                /* void */
            }

            at = copy + i;

            if (n - i >= 10 && !xpecto_scan_worth(&s, at, copy + n)
                && xpecto_scan_phone(&s, &at, &span))
            {
                fail_msg("%.*s from %zu: %.*s", (int) len, (char *) text, i,
                         (int) (span.end - span.start),
                         (char *) text + span.start);
            }
        }

        free(copy);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(no_number_is_worthless)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
