
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "xpecto_random.h"
#include "xpecto_scan_parts.h"


#define TEXT  100


/* what may stand before a number, the number, what may stand behind it */

static size_t
random_text(char *text, size_t *number)
{
    const char  *before, *digits, *after;

    static const char *const  befores[] = {
        "wa_id=", "waid=", "wai%64=", "phone=", "phon\\u0065=", "timestamp=",
        "\"timestamp\":\"", "\"wa_id\":\"", "{\\\"a\\\":\\\"", "a%5c\"",
        "\\x5C\"", "=%2B", "/%2b", "x%2B", "\\/%2B", "%252B", "=+", "=(",
        " + ", " ", "tel:", "https://wa.me/", "wa.m%65/", "/v1/contacts/",
        "/v19.0/", "/19.0/", "\\/", "c/", ",", "&", "x", ".", "1.", "$", "-",
        "0a1b2c3d-0a1b-2c3d-0a1b-", "'", "phone: '", "call me: ", "[", "?",
        "\n", "\xef\xbc\x8b", "\xc2\xa0", "_", "#", "|", "*"
    };

    static const char *const  numbers[] = {
        "16505551234", "919876543210", "447911123456", "5511961234567",
        "551161234567", "5215512345678", "1763869520", "17638695201",
        "1763869520123", "106540352242922", "206540352242922", "22507123456",
        "0016505551234", "4930123456", "9999999999"
    };

    static const char *const  afters[] = {
        "&", "\"", "\\\"", "/messages", "/5", " ", " HTTP/1.1", " 555", "\n",
        ",", ")", ")-55", "]", "_1", "[2]", "@c.us", "@a.example", ":12@c.us",
        "-1400000000@g.us", "-", "-41d4", ".", ".5", "a", "%20", "%205", "%",
        "\\n", "\xe2\x80\x8b" "1", "\xc3\xa4", "", "|", "?", "+1", "="
    };

    before = befores[random_below(sizeof(befores) / sizeof(befores[0]))];
    digits = numbers[random_below(sizeof(numbers) / sizeof(numbers[0]))];
    after = afters[random_below(sizeof(afters) / sizeof(afters[0]))];

    *number = (size_t) sprintf(text, "%s%s", random_below(2) ? "a=1&b" : "",
                               before);

    return (size_t) sprintf(text, "%s%s%s%s",
                            (*number > strlen(before)) ? "a=1&b" : "", before,
                            digits, after);
}


/* the quick answer is that of who looks at all around */

static void
is_what_phone_finds(void **state)
{
    char             text[TEXT];
    size_t           len, number;
    unsigned         i, found, none;
    xpecto_span_t    one, other;
    xpecto_scan_t    s;
    const uint8_t   *p, *end, *at;

    (void) state;

    found = 0;
    none = 0;

    for (i = 0; i < 300000; i++) {
        len = random_text(text, &number);

        s.base = (uint8_t *) text;
        s.start = s.base + (random_below(8) ? 0
                                            : random_below((unsigned) number));
        s.end = s.base + len;
        s.tail = (random_below(4) == 0);
        s.classes = XPECTO_CLASS_BIT(XPECTO_CLASS_PHONE)
                    | (random_below(2) ? XPECTO_CLASS_BIT(XPECTO_CLASS_EMAIL)
                                       : 0);

        p = s.base + number;

        for (end = p; end < s.end && xpecto_view_is_digit(*end); end++) {
            /* void */
        }

        at = p;

        switch (end - p < XPECTO_SCAN_BARE
                ? -1 : xpecto_scan_alone(&s, p, end, &one))
        {
        case -1:
            continue;

        case 0:
            none++;

            if (xpecto_scan_worth(&s, p, end)
                && xpecto_scan_phone(&s, &at, &other))
            {
                fail_msg("%s is one, from %zu", text,
                         (size_t) (s.start - s.base));
            }

            continue;

        default:
            found++;
        }

        if (!xpecto_scan_worth(&s, p, end)
            || !xpecto_scan_phone(&s, &at, &other) || at != end
            || one.start != other.start || one.end != other.end
            || one.class != other.class || one.phone.len != other.phone.len
            || memcmp(one.phone.digits, other.phone.digits, one.phone.len)
               != 0)
        {
            fail_msg("%s, from %zu", text, (size_t) (s.start - s.base));
        }
    }

    assert_true(found > 10000);
    assert_true(none > 10000);
}


static void
answers(const char *const *texts, int answer)
{
    xpecto_scan_t   s;
    xpecto_span_t   span;
    const uint8_t  *p, *end;

    for ( /* void */ ; *texts != NULL; texts++) {
        s.base = (const uint8_t *) *texts;
        s.start = s.base;
        s.end = s.base + strlen(*texts);
        s.classes = XPECTO_CLASS_BIT(XPECTO_CLASS_PHONE);
        s.tail = 0;

        p = (const uint8_t *) strstr(*texts, "165");
        end = p + strspn((const char *) p, "0123456789");

        if (xpecto_scan_alone(&s, p, end, &span) != answer) {
            fail_msg("%s", *texts);
        }
    }
}


static void
says_nothing_if_in_doubt(void **state)
{
    static const char *const  doubts[] = {
        "phone=16505551234 55", "/wa.me/16505551234/5", "x%2B16505551234&",
        "tel:16505551234&", "a=1\\\"16505551234\"", "v=1.16505551234&",
        "a=16505551234@c.us", "a=+16505551234&", "&phone=1650555123&",
        "&wai%64=1650555123&", "/wa.m%65/1650555123,", "&mobile=1650555123&",
        "{\"phone\":\"1650555123\"", NULL
    };

    (void) state;

    answers(doubts, -1);
}


static void
knows_what_is_none(void **state)
{
    static const char *const  none[] = {
        "/v19.0/16505551234/a", "timestamp=16505551234&",
        "page=165055512345678&", "since=1650555123&", "/v1.5/1650555123 ",
        "{\"id\":\"1650555123456\"", NULL
    };

    (void) state;

    answers(none, 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(is_what_phone_finds),
        cmocka_unit_test(says_nothing_if_in_doubt),
        cmocka_unit_test(knows_what_is_none)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
