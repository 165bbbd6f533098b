
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_form.h"


#define u8(s)  ((const uint8_t *) (s))


/* each pair as "name|value;" */

static void
expect_pairs(const char *query, const char *pairs)
{
    int                  n;
    char                 text[256];
    const uint8_t       *p, *last;
    xpecto_form_pair_t   pair;

    n = 0;
    text[0] = '\0';

    p = u8(query);
    last = p + strlen(query);

    while (xpecto_form_next(&p, last, &pair) == XPECTO_OK) {
        n += sprintf(text + n, "%.*s|%.*s;", (int) pair.name.len,
                     (const char *) pair.name.data, (int) pair.value.len,
                     (const char *) pair.value.data);

        assert_true(pair.name.data >= u8(query) && pair.value.data <= last);
    }

    assert_string_equal(text, pairs);
    assert_ptr_equal(p, last);
    assert_int_equal(xpecto_form_next(&p, last, &pair), XPECTO_DECLINED);
}


static void
test_pairs(void **state)
{
    (void) state;

    expect_pairs("", "");
    expect_pairs("&", "");
    expect_pairs("&&&", "");
    expect_pairs("a=b", "a|b;");
    expect_pairs("a=b&c=d", "a|b;c|d;");
    expect_pairs("&a=b&&c=d&", "a|b;c|d;");
    expect_pairs("a", "a|;");
    expect_pairs("a&b=1", "a|;b|1;");
    expect_pairs("a=", "a|;");
    expect_pairs("=b", "|b;");
    expect_pairs("a=b=c", "a|b=c;");
    expect_pairs("a=1&a=2", "a|1;a|2;");
    expect_pairs("t%6f=%2B1+2", "t%6f|%2B1+2;");
    expect_pairs("a=b;c=d", "a|b;c=d;");
}


static void
expect_decoded(const char *raw, const char *text)
{
    size_t        n, len, cap;
    uint8_t       out[64];
    xpecto_str_t  str;

    str.data = u8(raw);
    str.len = strlen(raw);

    len = strlen(text);

    for (cap = 0; cap <= len + 1; cap++) {
        memset(out, '#', sizeof(out));

        assert_int_equal(xpecto_form_decode(&str, out, cap, &n),
                         (cap < len) ? XPECTO_DECLINED : XPECTO_OK);

        assert_int_equal(n, (cap < len) ? cap : len);
        assert_memory_equal(out, text, n);
        assert_int_equal(out[n], '#');
    }
}


static void
test_decode(void **state)
{
    size_t        n;
    uint8_t       out[8];
    xpecto_str_t  str;

    (void) state;

    expect_decoded("", "");
    expect_decoded("abc", "abc");
    expect_decoded("a+b", "a b");
    expect_decoded("%2B1", "+1");
    expect_decoded("%2b%2F%aF", "+/\xaf");
    expect_decoded("%252B", "%2B");
    expect_decoded("whatsapp%3A%2B16505551234", "whatsapp:+16505551234");

    str.data = u8("%00x");
    str.len = 4;
    assert_int_equal(xpecto_form_decode(&str, out, 8, &n), XPECTO_OK);
    assert_int_equal(n, 2);
    assert_memory_equal(out, "\0x", 2);
}


static void
test_decode_broken(void **state)
{
    size_t        i, n;
    uint8_t       out[8];
    xpecto_str_t  str;

    static const char *const  broken[] = {
        "%", "%2", "%%", "%g0", "%0g", "a%", "a%2", "%2 ", "%-1", "% 1",
        "%u002b", "%:0", "%@0", "%`0", "%/0",
        "0123456789%"                   /* behind the end of the buffer */
    };

    (void) state;

    for (i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        str.data = u8(broken[i]);
        str.len = strlen(broken[i]);

        if (xpecto_form_decode(&str, out, sizeof(out), &n) != XPECTO_ERROR) {
            fail_msg("accepted: %s", broken[i]);
        }
    }

    /* what stands behind the value does not count */

    str.data = u8("%2B");
    str.len = 2;
    assert_int_equal(xpecto_form_decode(&str, out, 8, &n), XPECTO_ERROR);
}


int
main(void)
{
    static const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_decode),
        cmocka_unit_test(test_decode_broken)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
