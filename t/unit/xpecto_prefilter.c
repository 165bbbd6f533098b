
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "xpecto_random.h"
#include "xpecto_scan_parts.h"


#define ALL   ((1u << XPECTO_CLASSES) - 1)
#define TEXT  700
#define BLOCK 64
#define WORDS XPECTO_PREFILTER_WORDS


/* bytes and pieces that are rich in what matters */

static size_t
random_text(uint8_t *text)
{
    size_t       len, max, n;
    const char  *piece;

    static const char  often[] = "0123456789+-(). :%\\@BbESwJYAaEeGgKkH2";

    static const char *const  pieces[] = {
        "+1650", "16505551234", "1-650-555-1234", "1.650.555.1234", "+44 ",
        "0044 20 7946 0958", "%2B", "%252B", "%31%36", "\\u002b", "\\x2B",
        "\\u0031", "%25", "%40", "%3A", "\xef\xbc\x8b", "\xef\xbc\x91",
        "\xe2\x80\x8b", "\xd9\xa4", "tel:", "wa.me/", "waid=", "@c.us",
        "192.0.2.1", "2001:db8::", "12:00:00", "a@b.example", "US.",
        "13491208655302741918", "EAA", "eyJhbGciOi", ".eyJzdWIi.",
        "wamid.HBgLMTY1MDU1NTEyMzQV", "gBGG", "Y2FwaV9ncm91cDox", "Bearer ",
        "basic ", "SK", "0123456789abcdef", "|", " ", "\"", "\\\"", "\\/",
        "200 612 ", "[22/Nov/2026:12:00:00 +0000]", "-41d4-a716-", "%20",
        "%C2%A0", "\\ud83d\\ude4f", "abcdefghij", "(650) ", "v19.0/"
    };

    max = random_below(4) ? random_below(100) : random_below(TEXT);
    len = 0;

    while (len < max) {

        if (random_below(3)) {
            piece = pieces[random_below(sizeof(pieces) / sizeof(pieces[0]))];
            n = strlen(piece);
            n = (n < max - len) ? n : max - len;
            memcpy(text + len, piece, n);
            len += n;

        } else {
            text[len++] = (uint8_t)
                (random_below(8) ? often[random_below(sizeof(often) - 1)]
                                 : (char) random_below(256));
        }
    }

    return len;
}


/* the text in memory of its own, so that reading past it is seen */

static uint8_t *
own_copy(const uint8_t *text, size_t len)
{
    uint8_t  *copy;

    copy = malloc(len ? len : 1);
    assert_non_null(copy);
    memcpy(copy, text, len);

    return copy;
}


/* all blocks from an offset on are those that another one finds */

static void
same_blocks(xpecto_prefilter_pt find, xpecto_prefilter_pt other,
    const uint8_t *text, size_t len, size_t start, size_t from,
    unsigned classes)
{
    int                  rc, fresh;
    const uint8_t       *p, *end;
    xpecto_prefilter_t   a, b;

    p = text + from;
    end = text + len;
    fresh = (from > start);

    do {
        rc = other(&a, text + start, p, end, classes, fresh);

        assert_int_equal(find(&b, text + start, p, end, classes, fresh), rc);

        if (rc) {
            assert_ptr_equal(a.base, b.base);
            assert_ptr_equal(a.next, b.next);
            assert_memory_equal(a.found, b.found, sizeof(a.found));
            assert_int_equal(a.inner, b.inner);
        }

        p = a.next;
        fresh = 0;

    } while (rc);
}


/* every byte at every place, before each byte that may matter */

static void
same_bytes(xpecto_prefilter_pt find, xpecto_prefilter_pt other, unsigned max)
{
    unsigned  i, j;
    uint8_t   text[2 * BLOCK];

    static const char  second[] = "x0A2aeEKJB:. .-%1";

    for (i = 0; i < 256 * (max - 1); i++) {
        for (j = 0; j < sizeof(second) - 1; j++) {
            memset(text, '0', sizeof(text));
            text[i / 256] = (uint8_t) i;
            text[i / 256 + 1] = (uint8_t) second[j];

            same_blocks(find, other, text, max / (1 + j % 2) - i % 2, 0, 0,
                        ALL);
        }
    }
}


static void
same_texts(xpecto_prefilter_pt find, xpecto_prefilter_pt other, size_t max)
{
    size_t    len, start, from;
    uint8_t   text[TEXT], *copy;
    unsigned  i;

    for (i = 0; i < 50000; i++) {
        len = random_text(text);
        len = (len < max) ? len : max;
        copy = own_copy(text, len);
        start = random_below(8) ? 0 : random_below((unsigned) len + 1);
        from = start + (random_below(2)
                        ? random_below((unsigned) (len - start) + 1) : 0);

        same_blocks(find, other, copy, len, start, from, ALL);
        same_blocks(find, other, copy, len, start, from,
                    1u << random_below(XPECTO_CLASSES));
        free(copy);
    }
}


/* NULL: not this processor */

static void
same_as_scalar(xpecto_prefilter_pt find)
{
    if (find != NULL) {
        same_bytes(find, xpecto_prefilter_scalar, BLOCK + 1);
        same_texts(find, xpecto_prefilter_scalar, TEXT);
    }
}


/* a larger block sees more, unless all is in one of them, with room behind */

static void
wide_as_scalar(xpecto_prefilter_pt find)
{
    if (find != NULL) {
        same_bytes(find, xpecto_prefilter_scalar, BLOCK - 16);
        same_texts(find, xpecto_prefilter_scalar, BLOCK - 16);
    }
}


static void
sse2_is_scalar(void **state)
{
    (void) state;

    same_as_scalar(xpecto_prefilter_sse2());
}


static void
avx2_is_scalar(void **state)
{
    (void) state;

    wide_as_scalar(xpecto_prefilter_avx2());
}


static void
avx512_is_scalar(void **state)
{
    (void) state;

    wide_as_scalar(xpecto_prefilter_avx512());
}


static void
avx512_is_avx2(void **state)
{
    (void) state;

    if (xpecto_prefilter_avx512() != NULL) {
        same_bytes(xpecto_prefilter_avx512(), xpecto_prefilter_avx2(),
                   2 * BLOCK - 1);
        same_texts(xpecto_prefilter_avx512(), xpecto_prefilter_avx2(), TEXT);
    }
}


static void
neon_is_scalar(void **state)
{
    (void) state;

    same_as_scalar(xpecto_prefilter_neon());
}


/* points at everything but digits within a run */

static int
find_everywhere(xpecto_prefilter_t *f, const uint8_t *start,
    const uint8_t *p, const uint8_t *end, unsigned classes, int fresh)
{
    size_t    i, n;
    uint64_t  bit;

    (void) classes;

    if (p == end) {
        return 0;
    }

    n = (size_t) (end - p);
    n = (n < BLOCK) ? n : BLOCK;

    f->base = p;
    f->next = p + n;
    memset(f->found, 0, sizeof(f->found));

    for (i = 0; i < n; i++) {
        bit = UINT64_C(1) << i;

        if (!xpecto_view_is_digit(p[i])) {
            f->found[0] |= bit;
            continue;
        }

        if ((i == 0 && (fresh || p == start))
            || (p + i > start && !xpecto_view_is_digit(p[i - 1])))
        {
            f->found[0] |= bit;
        }
    }

    return 1;
}


/* nothing is found where a prefilter does not point */

static void
misses_nothing(void **state)
{
    int             tail;
    size_t          len, a, b;
    uint8_t         text[TEXT], *copy;
    unsigned        i, classes;
    xpecto_rc_e     rc;
    xpecto_span_t   one, other;

    xpecto_scan_rest_t  nothing, rest;

    const xpecto_prefilter_pt  all[] = {
        xpecto_prefilter_scalar, xpecto_prefilter_sse2(),
        xpecto_prefilter_avx2(), xpecto_prefilter_avx512(),
        xpecto_prefilter_neon()
    };

    (void) state;

    for (i = 0; i < 500000; i++) {

        if (all[i % 5] == NULL) {
            continue;
        }

        len = random_text(text);
        copy = own_copy(text, len);
        classes = random_below(3) ? ALL ^ (random_below(4) == 0)
                                  : 1u << random_below(XPECTO_CLASSES)
                                    | XPECTO_CLASS_BIT(XPECTO_CLASS_PHONE);
        tail = (random_below(4) == 0);
        a = 0;
        b = 0;
        rest.at = NULL;

        do {
            nothing.at = NULL;
            rc = xpecto_scan_by(find_everywhere, &nothing, copy, len, &a,
                                classes, tail, &one);

            if (xpecto_scan_by(all[i % 5], &rest, copy, len, &b, classes, tail,
                               &other) != rc
                || a != b
                || (rc == XPECTO_OK
                    && (one.start != other.start || one.end != other.end
                        || one.class != other.class
                        || one.phone.len != other.phone.len)))
            {
                fail_msg("%.*s: %.*s, %u up to %zu; %zu-%zu, %u up to %zu "
                         "(%x)", (int) len, (char *) text,
                         (int) (one.end - one.start),
                         (char *) text + one.start, one.class, a,
                         other.start, other.end, other.class, b, classes);
            }

        } while (rc == XPECTO_OK);

        free(copy);
    }
}


/* wherever it stands in a block, and without any other class */

static void
a_card_at_each_place(void **state)
{
    size_t         i, j, pos, len;
    uint8_t        text[TEXT];
    xpecto_span_t  span;

    xpecto_scan_rest_t  rest;

    static const char  card[] = " 4111111111111111 ";

    const xpecto_prefilter_pt  all[] = {
        xpecto_prefilter_scalar, xpecto_prefilter_sse2(),
        xpecto_prefilter_avx2(), xpecto_prefilter_avx512(),
        xpecto_prefilter_neon()
    };

    (void) state;

    len = sizeof(card) - 1;

    for (i = 4; i + len < TEXT; i++) {

        memset(text, 'x', sizeof(text));
        memcpy(text + i - 4, "%3D", 3);
        memcpy(text + i, card, len);

        for (j = 0; j < 5; j++) {
            pos = 0;

            if (all[j] == NULL) {
                continue;
            }

            rest.at = NULL;

            assert_int_equal(xpecto_scan_by(all[j], &rest, text, sizeof(text),
                                            &pos,
                                        XPECTO_CLASS_BIT(XPECTO_CLASS_ACCOUNT),
                                            0, &span),
                             XPECTO_OK);
            assert_int_equal(span.start, i + 1);
        }
    }
}


/* at: positions, ended by -1 */

static void
points_at(const char *text, const int *at, unsigned classes)
{
    uint64_t             expected[WORDS] = { 0 };
    const uint8_t       *p, *end;
    xpecto_prefilter_t   f;

    p = (const uint8_t *) text;
    end = p + strlen(text);

    for ( /* void */ ; *at >= 0; at++) {
        expected[0] |= (uint64_t) 1 << *at;
    }

    memset(f.found, 0, sizeof(f.found));

    assert_int_equal(xpecto_prefilter()(&f, p, p, end, classes, 0),
                     expected[0] != 0);
    assert_memory_equal(f.found, expected, sizeof(expected));
}


static void
candidates_of_each_class(void **state)
{
    static const int  plain[] = { 3, 27, 30, -1 };
    static const int  grouped[] = { 0, 2, 21, 49, -1 };
    static const int  harmless[] = { -1 };
    static const int  escapes[] = { 3, 5, 11, 14, 26, -1 };
    static const int  addresses[] = { 0, 23, -1 };
    static const int  email[] = { 1, -1 };
    static const int  user[] = { 2, -1 };
    static const int  tokens[] = { 0, 6, 8, 19, 29, -1 };
    static const int  none[] = { -1 };

    (void) state;

    points_at("to=16505551234&n=123456&m=+12 3456789\"", plain,
              XPECTO_CLASS_BIT(XPECTO_CLASS_PHONE));
    points_at("1-650-555-1234;1-650;1.2.3.4.5.6;22.33.44.55;tel:650 5551;",
              grouped,
              XPECTO_CLASS_BIT(XPECTO_CLASS_PHONE));
    points_at("[22/Nov/2026:12:00:00 +0000] \"HTTP/1.1\" 200 5120 \"a/5.0 (b\"",
              harmless,
              XPECTO_CLASS_BIT(XPECTO_CLASS_PHONE));
    points_at("%2B\\u0031\\n%3A1%20a\\x2Ab\xc3\xa4\xef\xbc\x8b", escapes,
              XPECTO_CLASS_BIT(XPECTO_CLASS_PHONE));
    points_at("192.0.2.1 0.123 v1.22 1::1 a: \"b\":", addresses,
              XPECTO_CLASS_BIT(XPECTO_CLASS_IP));
    points_at("a@b", email, XPECTO_CLASS_BIT(XPECTO_CLASS_EMAIL));
    points_at("US.1 a.b", user, XPECTO_CLASS_BIT(XPECTO_CLASS_USER));
    points_at("EAA eyJ wamid when Bearer Jw Y2F", tokens,
              XPECTO_CLASS_BIT(XPECTO_CLASS_CREDENTIAL));
    points_at("nothing of note here", none, ALL);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(sse2_is_scalar),
        cmocka_unit_test(avx2_is_scalar),
        cmocka_unit_test(avx512_is_scalar),
        cmocka_unit_test(avx512_is_avx2),
        cmocka_unit_test(neon_is_scalar),
        cmocka_unit_test(misses_nothing),
        cmocka_unit_test(a_card_at_each_place),
        cmocka_unit_test(candidates_of_each_class)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
