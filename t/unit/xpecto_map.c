
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "xpecto_map.h"
#include "xpecto_random.h"
#include "xpecto_scan.h"


#define ALL  ((1u << XPECTO_CLASSES) - 1)


/* without a map values are scanned as long ones are: nothing to test */

static int  none;


static int
group_setup(void **state)
{
    xpecto_map_t  map;

    (void) state;

    none = (xpecto_map(&map, (const uint8_t *) "", 0) != XPECTO_OK);

    if (none) {
        print_message("this processor has no map\n");
    }

    return 0;
}


/* what is random, but rich in what matters */

static size_t
some_text(uint8_t *p, size_t max)
{
    size_t       len, n;
    const char  *s;

    static const char *const  pieces[] = {
        "+", "%2B", "919876543210", "4479111", "16505551234", "1 650 555 1234",
        "1-650-555-1234", "1234567", "123456", "10.0.0.1", "1.2.3.4", "1.22.1",
        "::1", "2001:db8::1", "12:30:45", "a:b", "tel:", "@", "@c.us", "a@b.cd",
        "wamid.", "HBgLMTY1MDU1NTEyMzQ", "ABGGFlA5", "Y2FwaV9ncm91cDo", "EAAJB",
        "abcdefABCDEF0123456789abcdef", "eyJhbGciOiJIUzI1NiJ9.eyJ9.a", "SK",
        "Bearer ", "basic ", "US.1349120865530274191", "DE89370400440532013000",
        "4111 1111 1111 1111", "\\x2B", "\\u002b", "\xef\xbc\x8b", "/", "?",
        "=",
        "&", "#", "%", " ", "-", ".", ":", "x", "HTTP/1.1", "2026-11-22T12:00"
    };

    for (len = 0; random_below(8) > 0; len += n) {

        s = pieces[random_below(sizeof(pieces) / sizeof(pieces[0]))];
        n = strlen(s);

        if (len + n > max) {
            break;
        }

        memcpy(p + len, s, n);

        if (random_below(6) == 0) {
            p[len + random_below((unsigned) n)] = (uint8_t) random_below(256);
        }
    }

    return len;
}


static void
separators(void **state)
{
    unsigned       i, j, k, len, to, at;
    uint8_t        text[XPECTO_MAP_MAX];
    xpecto_map_t   map;

    static const struct {
        xpecto_map_e  what;
        const char   *bytes;
    } kinds[] = {
        { XPECTO_MAP_EQUAL, "=" }, { XPECTO_MAP_SLASH, "/" },
        { XPECTO_MAP_PERCENT, "%" }, { XPECTO_MAP_QUERY, "?#" },
        { XPECTO_MAP_AMP, "&#" }, { XPECTO_MAP_COLON, ":" },
        { XPECTO_MAP_DOT, "." }, { XPECTO_MAP_DIGIT, "0123456789" }
    };

    (void) state;

    for (i = 0; !none && i < 20000; i++) {

        len = random_below(XPECTO_MAP_MAX + 1);

        for (j = 0; j < len; j++) {
            text[j] = (uint8_t) (random_below(9) ? 'x' : random_below(256));
        }

        assert_int_equal(xpecto_map(&map, text, len), XPECTO_OK);

        for (k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {

            j = random_below(len + 1);
            to = random_below(len + 1);

            for (at = j; at < to; at++) {
                if (text[at] != 0 && strchr(kinds[k].bytes, text[at])) {
                    break;
                }
            }

            assert_int_equal(xpecto_map_find(&map, kinds[k].what, j, to),
                             j < to ? at : to);
        }
    }

    if (!none) {
        assert_int_equal(xpecto_map(&map, text, XPECTO_MAP_MAX + 1),
                         XPECTO_DECLINED);
    }
}


/* where nothing can be, no scan finds anything, whatever is cut off */

static void
nothing(void **state)
{
    size_t         len, from, to, pos;
    uint8_t        text[XPECTO_MAP_MAX];
    unsigned       i, found, clean;
    xpecto_rc_e    rc;
    xpecto_map_t   map;
    xpecto_span_t  span;

    (void) state;

    found = 0;
    clean = 0;

    for (i = 0; !none && i < 300000; i++) {

        len = some_text(text, sizeof(text));
        from = random_below((unsigned) len + 1);
        to = from + random_below((unsigned) (len - from) + 1);

        assert_int_equal(xpecto_map(&map, text, len), XPECTO_OK);

        pos = 0;
        rc = xpecto_scan_next(text + from, to - from, &pos, ALL, 0, &span);

        if (xpecto_map_is_plain(&map, from, to)) {
            assert_int_equal(rc, XPECTO_DECLINED);
            clean++;
        }

        found += (rc == XPECTO_OK);
    }

    if (!none) {
        assert_in_range(found, 10000, 300000);
        assert_in_range(clean, 5000, 200000);
    }
}


/* the lines of an API that hold nothing must be seen to hold nothing */

static void
plain(void **state)
{
    unsigned      i;
    xpecto_map_t  map;

    static const struct {
        const char  *text;
        int          is;
    } texts[] = {
        { "", 1 },
        { "GET /v1/messages?to", 1 },
        { "https://app.example.com/contacts/", 1 },
        { "&limit=10&after=12 HTTP/1.1", 1 },
        { "1.1.1", 1 },
        { "http://h/", 1 },
        { "http://h:1", 0 },
        { "123456", 1 },
        { "1234567", 0 },
        { "1.1.1.1", 0 },
        { "::", 0 },
        { "a@b", 0 },
        { "%41", 0 },
        { "\\", 0 },
        { "\xd9\xa1", 0 },
        { "EAA", 0 },
        { "US.", 0 },
        { "MT84M", 0 },
        { "wamid", 0 }
    };

    (void) state;

    for (i = 0; !none && i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_int_equal(xpecto_map(&map, (const uint8_t *) texts[i].text,
                                    strlen(texts[i].text)),
                         XPECTO_OK);
        assert_int_equal(xpecto_map_is_plain(&map, 0, strlen(texts[i].text)),
                         texts[i].is);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(separators),
        cmocka_unit_test(nothing),
        cmocka_unit_test(plain)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, group_setup, NULL);
}
