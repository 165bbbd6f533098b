
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

/*
 * Tokens, and numbers that are masked.  What is expected was computed by an
 * implementation of SipHash in another language, from the description in
 * docs/formats.md: the epoch's key is the bytes 00 01 .. 0f, the tenant is
 * nobody or "acme".
 */


#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_redact_unit.h"


#define NUMBER   "psdvtrtpsmgjgnps"     /* 16505551234 */
#define BRAZIL   "pfpjgrggfmmkfmcr"     /* 5531987654321 */
#define MAIL     "pqvbvmghrbcmkhsc"     /* john@example.com */
#define WAMID    "wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0"


static const uint8_t  key[XPECTO_SIPHASH_KEY_LEN] = {
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
};


static void
nobody(xpecto_pseudonym_t *ps)
{
    (void) xpecto_pseudonym_set(ps, key, (const uint8_t *) "2026-11", 7, NULL,
                                0);
}


static void
acme(xpecto_pseudonym_t *ps)
{
    (void) xpecto_pseudonym_set(ps, key, (const uint8_t *) "7", 1,
                                (const uint8_t *) "acme", 4);
}


static void
nothing(xpecto_pseudonym_t *ps)
{
    ps->data = ps;
}


static void
keyed(xpecto_redact_t *rd, xpecto_pseudonym_t *ps,
    void (*find)(xpecto_pseudonym_t *ps))
{
    unsigned  i;

    labels(rd);

    for (i = 0; i < XPECTO_CLASSES; i++) {
        (void) xpecto_redact_style(rd, (xpecto_class_e) i,
                                   XPECTO_STYLE_PSEUDONYM);
    }

    memset(ps, 0, sizeof(xpecto_pseudonym_t));
    ps->find = find;
    rd->pseudonym = ps;
}


static xpecto_redact_place_t
whole(xpecto_class_e class)
{
    xpecto_redact_place_t  place;

    place.form = XPECTO_FORM_WHOLE;
    place.class = class;

    return place;
}


static void
one_number_one_token(void **state)
{
    xpecto_redact_t     rd;
    xpecto_pseudonym_t  ps;

    static const char  token[] = "[phone.2026-11." NUMBER "]";

    static const pair_t  queries[] = {
        { "to=16505551234", "to=[phone.2026-11." NUMBER "]" },
        { "to=%2B16505551234", "to=[phone.2026-11." NUMBER "]" },
        { "to=%252b16505551234", "to=[phone.2026-11." NUMBER "]" },
        { "to=+16505551234", "to=[phone.2026-11." NUMBER "]" },
        { "to=whatsapp%3A%2B1%20650%20555-1234",
          "to=[phone.2026-11." NUMBER "]" },
        { "to=%31%36505551234", "to=[phone.2026-11." NUMBER "]" },
        { "to=16505551234@c.us", "to=[phone.2026-11." NUMBER "]" },
        { "q=%2B1%20650%20555%201234", "q=[phone.2026-11." NUMBER "]" },
        { "q=16505551234&x=y", "q=[phone.2026-11." NUMBER "]&x=y" },
        { "to=nobody", "to=[phone]" },
        { "to=1", "to=[phone]" },
        { "to=555187654321", "to=[phone.2026-11.jqvdcrmchqnmnfqt]" }
    };

    static const pair_t  bodies[] = {
        { "{\"to\":16505551234}",
          "{\"to\":\"[phone.2026-11." NUMBER "]\"}" },
        { "{\"to\":\"\\u002b16505551234\"}",
          "{\"to\":\"[phone.2026-11." NUMBER "]\"}" },
        { "{\"x\":\"call +1 (650) 555-1234 now\"}",
          "{\"x\":\"call [phone.2026-11." NUMBER "] now\"}" }
    };

    static const char *const  shapes[] = {
        "+16505551234", "16505551234", "%2B16505551234", "%252B16505551234",
        "tel:+1-650-555-1234", "+1 650 555 1234", "+1%20650%20555%201234",
        "+1.650.555.1234", "0016505551234", "\\u002b16505551234",
        "\\x2B16505551234", "%31%36%35%30%35%35%35%31%32%33%34",
        "\xef\xbc\x8b\xef\xbc\x91" "6505551234"
    };

    size_t  i;

    (void) state;

    keyed(&rd, &ps, nobody);
    check_all(&rd, place_of(XPECTO_FORM_QUERY), queries);
    check_all(&rd, place_of(XPECTO_FORM_JSON), bodies);

    for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
        assert_non_null(strstr(redact_at(&rd, place_of(XPECTO_FORM_TEXT),
                                         shapes[i], 0), token));
    }
}


/* Brazil with and without the ninth digit, Mexico with and without the 1 */

static void
old_forms_are_the_same(void **state)
{
    char                first[256];
    xpecto_redact_t     rd;
    xpecto_pseudonym_t  ps;

    (void) state;

    keyed(&rd, &ps, nobody);

    assert_string_equal(redact_at(&rd, whole(XPECTO_CLASS_PHONE),
                                  "553187654321", 0),
                        "[phone.2026-11." BRAZIL "]");
    assert_string_equal(redact_at(&rd, whole(XPECTO_CLASS_PHONE),
                                  "+55 31 98765-4321", 0),
                        "[phone.2026-11." BRAZIL "]");
    assert_non_null(strstr(redact_at(&rd, whole(XPECTO_CLASS_ID),
                                     "wamid.HBgMNTUzMTg3NjU0MzIxFQIAEhg", 0),
                           "[id.2026-11." BRAZIL "."));

    strcpy(first, redact_at(&rd, whole(XPECTO_CLASS_PHONE), "5215512345678",
                            0));
    assert_string_equal(redact_at(&rd, whole(XPECTO_CLASS_PHONE),
                                  "+52 55 1234 5678", 0), first);
}


static void
ids(void **state)
{
    xpecto_redact_t     rd;
    xpecto_pseudonym_t  ps;

    static const char  token[] = "[id.2026-11.fcfpvsvjqhrvbgsn."
                                 "rkdjvnsfmfnjbhvk]";

    (void) state;

    keyed(&rd, &ps, nobody);

    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_TEXT),
                                  WAMID "RgA=", 0), token);
    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_TEXT),
                                  WAMID "RgA%3D", 0), token);
    assert_string_equal(redact_at(&rd, whole(XPECTO_CLASS_ID),
                                  WAMID "RgA", 0), token);

    /* another message to the same number */

    assert_non_null(strstr(redact_at(&rd, whole(XPECTO_CLASS_ID),
                                     WAMID "RgB", 0),
                           "[id.2026-11.fcfpvsvjqhrvbgsn."));
    assert_null(strstr(redact_at(&rd, whole(XPECTO_CLASS_ID),
                                 WAMID "RgB", 0), "rkdjvnsfmfnjbhvk"));
}


static void
other_classes(void **state)
{
    xpecto_redact_t     rd;
    xpecto_pseudonym_t  ps;

    static const pair_t  text[] = {
        { "John@Example.COM", "[email.2026-11." MAIL "]" },
        { "john%40example.com", "[email.2026-11." MAIL "]" },
        { "US.13491208655302741918", "[user.2026-11.dsjkbvjkqvmbjbjg]" },
        { "x 192.0.2.33 y", "x [ip.2026-11.vdcctghphpvpgsfj] y" },
        { "x ::ffff:192.0.2.33 y", "x [ip.2026-11.vdcctghphpvpgsfj] y" },
        { "x 2001:DB8:a:b::1 y", "x [ip.2026-11.ckkqrgjqbktfsfsj] y" }
    };

    static const pair_t  addresses[] = {
        { "192.0.2.33", "[ip.2026-11.vdcctghphpvpgsfj]" },
        { "192.0.2.33:8080", "[ip.2026-11.vdcctghphpvpgsfj]" },
        { "\xc0\x01\x02!", "[ip]" },
        { "192.0.2.33, [2001:db8:a:b:0:0:0:1]:443",
          "[ip.2026-11.vdcctghphpvpgsfj], [ip.2026-11.ckkqrgjqbktfsfsj]" },
        { "unknown", "[ip]" }
    };

    static const pair_t  names[] = {
        { "%20Ann", "[name.2026-11.cgcnfvgvjgcjskhp]" },
        { "Ann ", "[name.2026-11.cgcnfvgvjgcjskhp]" }
    };

    (void) state;

    keyed(&rd, &ps, nobody);
    check_all(&rd, place_of(XPECTO_FORM_TEXT), text);
    check_all(&rd, whole(XPECTO_CLASS_IP), addresses);
    check_all(&rd, whole(XPECTO_CLASS_NAME), names);
}


static void
tenants_and_epochs_differ(void **state)
{
    xpecto_redact_t     rd;
    xpecto_pseudonym_t  ps;

    (void) state;

    keyed(&rd, &ps, acme);
    assert_string_equal(redact_at(&rd, whole(XPECTO_CLASS_PHONE),
                                  "16505551234", 0),
                        "[phone.7.sbjhkqjvmvkcjtvg]");
    assert_string_equal(redact_at(&rd, whole(XPECTO_CLASS_EMAIL),
                                  "john@example.com", 0),
                        "[email.7.rtvbpfqrvrrkbnjt]");

    /* no key */

    keyed(&rd, &ps, nothing);
    assert_string_equal(redact_at(&rd, whole(XPECTO_CLASS_PHONE),
                                  "16505551234", 0), "[phone]");

    keyed(&rd, &ps, NULL);
    assert_string_equal(redact_at(&rd, whole(XPECTO_CLASS_PHONE),
                                  "16505551234", 0), "[phone]");

    /* a value that was cut off is another value */

    keyed(&rd, &ps, acme);
    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_TEXT),
                                  "+16505551234", 1), "[phone]");
    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_QUERY),
                                  "to=16505551234", 1), "to=[phone]");
}


/* what is written is left alone, what only looks like it is not */

static void
tokens_are_known(void **state)
{
    size_t              i;
    xpecto_redact_t     rd;
    xpecto_pseudonym_t  ps;

    static const char *const  tokens[] = {
        "[phone.7.sbjhkqjvmvkcjtvg]", "[phone.2026-11." NUMBER "]",
        "[id.a_b-C.sbjhkqjvmvkcjtvg." NUMBER "]", "[name.20261122." MAIL "]"
    };

    static const char *const  others[] = {
        "[phone.7.16505551234aaaaa]", "[phone.7.sbjhkqjvmvkcjtv]",
        "[phone.16505551234.sbjhkqjvmvkcjtvg]", "[phone..sbjhkqjvmvkcjtvg]",
        "[phone.7.sbjhkqjvmvkcjtvg", "[other.7.sbjhkqjvmvkcjtvg]",
        "[phone.7.sbjhkqjvmvkcjtvg.16505551234]", "[phone.7]", "[phone.]",
        "[phone.7.sbjhkqjvmvkcjtvg.]", "[phone.a.b.sbjhkqjvmvkcjtvg]"
    };

    (void) state;

    keyed(&rd, &ps, acme);

    for (i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
        assert_ptr_equal(redact_at(&rd, whole(XPECTO_CLASS_PHONE), tokens[i],
                                   0), tokens[i]);
        assert_ptr_equal(redact_at(&rd, place_of(XPECTO_FORM_TEXT),
                                   tokens[i], 0), tokens[i]);
    }

    for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        assert_ptr_not_equal(redact_at(&rd, whole(XPECTO_CLASS_PHONE),
                                       others[i], 0), others[i]);
    }
}


static void
names_of_epochs(void **state)
{
    size_t              i;
    xpecto_pseudonym_t  ps;

    static const char *const  good[] = { "7", "2026-11", "20261122", "a_B" };

    static const char *const  bad[] = {
        "", "a.b", "202611221", "abcdefghijklmnopq", "a b", "a]"
    };

    (void) state;

    memset(&ps, 0, sizeof(ps));

    for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_int_equal(xpecto_pseudonym_set(&ps, key,
                                              (const uint8_t *) good[i],
                                              strlen(good[i]), NULL, 0),
                         XPECTO_OK);
    }

    memset(&ps, 0, sizeof(ps));

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(xpecto_pseudonym_set(&ps, key,
                                              (const uint8_t *) bad[i],
                                              strlen(bad[i]), NULL, 0),
                         XPECTO_ERROR);
        assert_false(ps.ready);
    }
}


/* a list that grows: labels for what tokens have no room for */

static void
room(void **state)
{
    char                in[2048];
    size_t              i, n;
    const char         *out;
    xpecto_redact_t     rd;
    xpecto_pseudonym_t  ps;

    (void) state;

    keyed(&rd, &ps, acme);

    for (i = 0, n = 0; i < 150; i++) {
        n += (size_t) sprintf(in + n, "to=4790123&");
    }

    out = redact_at(&rd, place_of(XPECTO_FORM_QUERY), in, 0);
    assert_null(strstr(out, "[content"));
    assert_null(strstr(out, "4790123"));
    assert_non_null(strstr(out, "to=[phone.7."));

    for (i = 0; *out; out++) {
        i += (*out == '=');
    }

    assert_int_equal(i, 150);
}


/*
 * By the national plans: +1 has 10 digits, in about 6 x 10^9 numbers; +49 up
 * to 13; +290 (Saint Helena) has 4 or 5 digits, +354 (Iceland) 7.
 */

static void
masks(void **state)
{
    unsigned         codes[XPECTO_MASK_LAST + 1], i;
    xpecto_mask_t    mask;
    xpecto_redact_t  rd;

    (void) state;

    xpecto_redact_defaults(&rd);
    (void) xpecto_redact_style(&rd, XPECTO_CLASS_PHONE, XPECTO_STYLE_MASK);
    rd.mask = &mask;

    for (i = 1; i <= XPECTO_MASK_LAST; i++) {
        codes[i] = xpecto_mask_build(&mask, i);
        assert_int_equal(mask.last, i);
    }

    /* what docs/directives.md says; new plans may change it */

    assert_int_equal(codes[1], 200);
    assert_int_equal(codes[2], 175);
    assert_int_equal(codes[3], 96);
    assert_int_equal(codes[4], 36);

    assert_string_equal(redact_at(&rd, whole(XPECTO_CLASS_PHONE),
                                  "+16505551234", 0), "1******1234");
    assert_string_equal(redact_at(&rd, whole(XPECTO_CLASS_PHONE),
                                  "+919876543210", 0), "91******3210");
    assert_string_equal(redact_at(&rd, whole(XPECTO_CLASS_PHONE),
                                  "+3546123456", 0), "[phone]");

    (void) xpecto_mask_build(&mask, 1);
    assert_string_equal(redact_at(&rd, whole(XPECTO_CLASS_PHONE),
                                  "+3546123456", 0), "354******6");
    assert_string_equal(redact_at(&rd, whole(XPECTO_CLASS_PHONE),
                                  "+29022222", 0), "[phone]");
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_number_one_token),
        cmocka_unit_test(old_forms_are_the_same),
        cmocka_unit_test(ids),
        cmocka_unit_test(other_classes),
        cmocka_unit_test(tenants_and_epochs_differ),
        cmocka_unit_test(tokens_are_known),
        cmocka_unit_test(names_of_epochs),
        cmocka_unit_test(room),
        cmocka_unit_test(masks)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
