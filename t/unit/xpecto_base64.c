
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "xpecto_base64.h"


/* RFC 4648, section 10 */

static const struct {
    const char  *text;
    const char  *encoded;
} vectors[] = {
    { "", "" },
    { "f", "Zg==" },
    { "fo", "Zm8=" },
    { "foo", "Zm9v" },
    { "foob", "Zm9vYg==" },
    { "fooba", "Zm9vYmE=" },
    { "foobar", "Zm9vYmFy" }
};


/* not the one encoding of anything */

static const char *const  broken[] = {
    "Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Z===", "====", "=", "==",
    "Zg==Zg==", "Zm 9", "Zm9v\n", "Zm-v", "Zm_v", "Zm9vY"
};

static const char *const  broken_url[] = {
    "Z", "Zg==", "Zh", "Zm9", "Zm+v", "Zm/v", "Zm9v=", "Zm9vY", "Zm9v ",
    "Zm\xc3\xb6"
};


static void
rfc_vectors(void **state)
{
    size_t       n, len, i;
    uint8_t      out[16], back[16];
    const char  *text, *encoded;

    (void) state;

    for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        text = vectors[i].text;
        encoded = vectors[i].encoded;

        n = xpecto_base64_encode(out, (const uint8_t *) text, strlen(text));
        assert_int_equal(n, strlen(encoded));
        assert_memory_equal(out, encoded, n);

        assert_int_equal(xpecto_base64_decode(back, &len, out, n), XPECTO_OK);
        assert_int_equal(len, strlen(text));
        assert_memory_equal(back, text, len);

        n = xpecto_base64url_encode(out, (const uint8_t *) text, strlen(text));
        assert_int_equal(n, strcspn(encoded, "="));
        assert_memory_equal(out, encoded, n);

        assert_int_equal(xpecto_base64url_decode(back, &len, out, n),
                         XPECTO_OK);
        assert_int_equal(len, strlen(text));
        assert_memory_equal(back, text, len);
    }
}


static void
two_alphabets(void **state)
{
    size_t         len;
    uint8_t        out[4], back[3];
    const uint8_t  bytes[3] = { 0xfb, 0xff, 0xbf };

    (void) state;

    assert_int_equal(xpecto_base64_encode(out, bytes, 3), 4);
    assert_memory_equal(out, "+/+/", 4);
    assert_int_equal(xpecto_base64_decode(back, &len, out, 4), XPECTO_OK);
    assert_memory_equal(back, bytes, 3);

    assert_int_equal(xpecto_base64url_encode(out, bytes, 3), 4);
    assert_memory_equal(out, "-_-_", 4);
    assert_int_equal(xpecto_base64url_decode(back, &len, out, 4), XPECTO_OK);
    assert_memory_equal(back, bytes, 3);
}


static void
broken_is_refused(void **state)
{
    size_t   len, i;
    uint8_t  out[16];

    (void) state;

    for (i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        assert_int_equal(xpecto_base64_decode(out, &len,
                                              (const uint8_t *) broken[i],
                                              strlen(broken[i])),
                         XPECTO_ERROR);
    }

    for (i = 0; i < sizeof(broken_url) / sizeof(broken_url[0]); i++) {
        assert_int_equal(xpecto_base64url_decode(out, &len,
                                               (const uint8_t *) broken_url[i],
                                               strlen(broken_url[i])),
                         XPECTO_ERROR);
    }
}


/* of the 2^16 texts of two characters exactly 256 are the text of a byte */

static void
one_encoding_of_each_value(void **state)
{
    size_t    len, n;
    uint8_t   src[2], out[4], back[4];
    unsigned  i, valid;

    (void) state;

    valid = 0;

    for (i = 0; i < 65536; i++) {
        src[0] = (uint8_t) (i >> 8);
        src[1] = (uint8_t) i;

        if (xpecto_base64url_decode(out, &len, src, 2) == XPECTO_OK) {
            valid++;
            n = xpecto_base64url_encode(back, out, len);
            assert_int_equal(n, 2);
            assert_memory_equal(back, src, 2);
        }
    }

    assert_int_equal(valid, 256);
}


static unsigned
sextet(const uint8_t *p, size_t len, int i)
{
    int       bit;
    unsigned  value;

    value = 0;

    for (bit = 6 * i; bit < 6 * i + 6; bit++) {
        value <<= 1;

        if ((size_t) bit / 8 < len) {
            value |= (unsigned) p[bit / 8] >> (7 - bit % 8) & 1;
        }
    }

    return value;
}


static unsigned
ones_of(unsigned value)
{
    return (value != 0) ? (value & 1) + ones_of(value >> 1) : 0;
}


static unsigned
ones(const uint8_t *p, size_t len)
{
    size_t    i;
    unsigned  n;

    n = 0;

    for (i = 0; i < len; i++) {
        n += ones_of(p[i]);
    }

    return n;
}


/* each byte at each place of two groups, and of what is less than a group */

static void
each_character(void **state)
{
    int          ch, i;
    size_t       len, n;
    uint8_t      src[8], out[6];
    unsigned     value;
    const char  *p;

    static const char  alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                    "abcdefghijklmnopqrstuvwxyz0123456789";

    (void) state;

    for (ch = 0; ch < 256; ch++) {

        p = (ch != 0) ? strchr(alphabet, ch) : NULL;
        value = (p != NULL) ? (unsigned) (p - alphabet)
                : (ch == '-') ? 62 : (ch == '_') ? 63 : 64;

        for (i = 0; i < 8; i++) {

            for (len = 6; len <= 8; len++) {

                if ((size_t) i >= len) {
                    continue;
                }

                memset(src, 'A', sizeof(src));
                src[i] = (uint8_t) ch;

                if (value == 64
                    || (len == 6 && i == 5 && value % 16 != 0)
                    || (len == 7 && i == 6 && value % 4 != 0))
                {
                    assert_int_equal(xpecto_base64url_decode(out, &n, src,
                                                             len),
                                     XPECTO_ERROR);
                    continue;
                }

                assert_int_equal(xpecto_base64url_decode(out, &n, src, len),
                                 XPECTO_OK);
                assert_int_equal(n, len * 6 / 8);

                /* the 6 bits that begin at bit 6 * i, and no other */

                assert_int_equal(sextet(out, n, i), value);
                assert_int_equal(ones(out, n), ones_of(value));
            }
        }

        src[0] = (uint8_t) ch;
        memset(src + 1, 'A', 3);

        value = (ch == '+') ? 62 : (ch == '/') ? 63
                : (value >= 62) ? 64 : value;

        assert_int_equal(xpecto_base64_decode(out, &n, src, 4),
                         (value == 64) ? XPECTO_ERROR : XPECTO_OK);

        if (value != 64) {
            assert_int_equal(sextet(out, n, 0), value);
        }
    }
}


/* the same where many are read at once: no other value changes */

static void
each_character_of_many(void **state)
{
    int          ch, i, other;
    size_t       len, n;
    uint8_t      src[130], *p, *out;
    unsigned     value;
    const char  *q;

    static const char  alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghij"
                                    "klmnopqrstuvwxyz0123456789-_";

    (void) state;

    for (len = 28; len <= sizeof(src); len += (len % 4 == 0) ? 2 : 1) {

        for (i = 0; i < (int) len; i++) {
            src[i] = (uint8_t) alphabet[(i * 23 + 5) % 64];
        }

        if (len % 4) {
            src[len - 1] = 'A';
        }

        /* buffers of their own: nothing beside them is read or written */

        p = malloc(len);
        out = malloc(len / 4 * 3 + (len % 4 ? len % 4 - 1 : 0));
        assert_non_null(p);
        assert_non_null(out);

        for (i = 0; i < (int) (len / 4 * 4); i++) {

            for (ch = 0; ch < 256; ch++) {
                q = (ch != 0) ? strchr(alphabet, ch) : NULL;
                memcpy(p, src, len);
                p[i] = (uint8_t) ch;

                if (q == NULL) {
                    assert_int_equal(xpecto_base64url_decode(out, &n, p, len),
                                     XPECTO_ERROR);
                    continue;
                }

                assert_int_equal(xpecto_base64url_decode(out, &n, p, len),
                                 XPECTO_OK);
                assert_int_equal(n, len * 6 / 8);
                assert_int_equal(sextet(out, n, i), q - alphabet);
            }
        }

        assert_int_equal(xpecto_base64url_decode(out, &n, src, len),
                         XPECTO_OK);

        for (other = 0; other < (int) (len / 4 * 4); other++) {
            value = (unsigned) (other * 23 + 5) % 64;
            assert_int_equal(sextet(out, n, other), value);
        }

        free(p);
        free(out);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(rfc_vectors),
        cmocka_unit_test(two_alphabets),
        cmocka_unit_test(broken_is_refused),
        cmocka_unit_test(one_encoding_of_each_value),
        cmocka_unit_test(each_character),
        cmocka_unit_test(each_character_of_many)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
