
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_multipart.h"


#define u8(s)    ((const uint8_t *) (s))
#define CD(x)    "Content-Disposition: form-data; " x "\r\n"
#define TO       "--B\r\n" CD("name=\"to\"") "\r\n"
#define END      "\r\n--B--\r\n"


/* each part as "name|value;", a file as "name|value!" */

static xpecto_rc_e
walk(const char *type, const char *body, size_t len, char *text)
{
    int                  file;
    uint8_t             *copy;
    xpecto_rc_e          rc;
    xpecto_str_t         str;
    xpecto_multipart_t   mp;
    xpecto_form_pair_t   pair;

    *text = '\0';

    str.data = u8(type);
    str.len = strlen(type);

    /* a block of its own, so that a read beyond it is seen */

    copy = malloc(len + 1);
    assert_non_null(copy);
    memcpy(copy + 1, body, len);

    rc = xpecto_multipart_init(&mp, &str, copy + 1, len);

    if (rc == XPECTO_OK) {
        while ((rc = xpecto_multipart_next(&mp, &pair, &file)) == XPECTO_OK) {
            text += sprintf(text, "%.*s|%.*s%s", (int) pair.name.len,
                            (const char *) pair.name.data,
                            (int) pair.value.len,
                            (const char *) pair.value.data,
                            file ? "!" : ";");
        }

        assert_int_equal(xpecto_multipart_next(&mp, &pair, &file), rc);

    } else {
        assert_int_equal(rc, XPECTO_ERROR);
    }

    free(copy);

    return rc;
}


static void
expect(const char *type, const char *body, const char *parts)
{
    char    text[256];
    size_t  n;

    assert_int_equal(walk(type, body, strlen(body), text), XPECTO_DECLINED);
    assert_string_equal(text, parts);

    /* cut off anywhere before the closing delimiter's last dash */

    n = (size_t) (strstr(body, "B--") - body) + 2;

    while (n-- != 0) {
        assert_int_equal(walk(type, body, n, text), XPECTO_ERROR);
    }
}


#define FORM  "multipart/form-data; boundary=B"


static void
test_parts(void **state)
{
    (void) state;

    expect(FORM, "--B--", "");
    expect(FORM, "--B--\r\n", "");
    expect(FORM, TO "1" END, "to|1;");
    expect(FORM, TO END, "to|;");
    expect(FORM, TO "--B--\r\n", "to|;");
    expect(FORM, TO "1\r\n" TO "2" END, "to|1;to|2;");
    expect(FORM, TO "1\r\n--A\r\n--b--" END, "to|1\r\n--A\r\n--b--;");
    expect(FORM, TO "a--B-b" END, "to|a--B-b;");
    expect(FORM, TO "1\r\n2\n3" END, "to|1\r\n2\n3;");
    expect(FORM, "--B \t\r\n" CD("name=to") "\r\n1" END, "to|1;");
    expect(FORM, "--B\r\n" CD("name=\"f\"; filename=\"x.jpg\"")
           "Content-Type: image/jpeg\r\n\r\n..." END, "f|...!");
    expect(FORM, "--B\r\ncontent-disposition:FORM-DATA;NAME=\"to\"\r\n"
           "Content-Transfer-Encoding: 8BIT\r\n\r\n1" END, "to|1;");
    expect(FORM, "--B\r\n" CD("filename*=utf-8''x ; name=\"a b\"")
           "\r\n" END, "a b|!");
    expect(FORM, TO "1\r\n--B--\r\nepilogue", "to|1;");
    expect(FORM, TO "1\r\n--B--\r\n-- B --B", "to|1;");
}


static void
test_types(void **state)
{
    char                 text[64];
    size_t               i;
    xpecto_str_t         str;
    xpecto_multipart_t   mp;

    static const char *const  bad[] = {
        "multipart/form-data", "multipart/form-data;",
        "multipart/form-data; boundary", "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"\"",
        "multipart/form-data; boundary=\"B",
        "multipart/form-data; boundary=B; boundary=B",
        "multipart/form-data; boundary=\"B\\\"\"",
        "multipart/form-data; boundary=B\"",
        "multipart/form-data; boundary=\"B\"x",
        "multipart/form-data; boundary=B; charset",
        "multipart/form-data; boundary="
        "01234567890123456789012345678901234567890123456789012345678901234567"
        "890"
    };

    static const char *const  other[] = {
        "", "multipart/mixed; boundary=B", "text/plain", "application/json",
        "multipart/form-data2; boundary=B", "x; multipart/form-data"
    };

    (void) state;

    expect("Multipart/Form-Data;Boundary=B", TO "1" END, "to|1;");
    expect("multipart/form-data ; charset=utf-8 ; boundary = \"B\" ",
           TO "1" END, "to|1;");

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (walk(bad[i], TO "1" END, strlen(TO "1" END), text)
            != XPECTO_ERROR)
        {
            fail_msg("accepted: %s", bad[i]);
        }
    }

    for (i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
        str.data = u8(other[i]);
        str.len = strlen(other[i]);

        if (xpecto_multipart_init(&mp, &str, u8(""), 0) != XPECTO_DECLINED) {
            fail_msg("not declined: %s", other[i]);
        }
    }
}


static void
test_malformed(void **state)
{
    char    text[256];
    size_t  i;

    static const char *const  bad[] = {
        "",
        "preamble\r\n" TO "1" END,
        "\r\n" TO "1" END,
        "--C\r\n" CD("name=\"to\"") "\r\n1\r\n--C--\r\n",
        TO "1\r\n--B--\r\n" TO "2\r\n--B--\r\n",   /* behind the end */
        TO "1\n--B--\r\n",                          /* bare line feed */
        "--B\n" CD("name=\"to\"") "\r\n1" END,
        "--B\r\nContent-Disposition: form-data; name=\"to\"\n\r\n1" END,
        "--B\r\nContent-Disposition: form-data; name=to \n\r\n1" END,
        TO "1\r\n--Bx\r\n" CD("name=\"a\"") "\r\n2" END,
        TO "1\r\n--B-\r\n",
        "--B\r\n\r\n1" END,                         /* no name */
        "--B\r\nContent-Type: text/plain\r\n\r\n1" END,
        "--B\r\n" CD("x=\"to\"") "\r\n1" END,
        "--B\r\nContent-Disposition: form-data\r\n\r\n1" END,
        "--B\r\nContent-Disposition: attachment; name=\"to\"\r\n\r\n1" END,
        "--B\r\n" CD("name=\"a\"") CD("name=\"to\"") "\r\n1" END,
        "--B\r\n" CD("name=\"a\"; name=\"to\"") "\r\n1" END,
        "--B\r\n" CD("name=\"a\"; name*=utf-8''to") "\r\n1" END,
        "--B\r\n" CD("name=\"a\"; name*0=\"to\"") "\r\n1" END,
        "--B\r\n" CD("name=\"t\\o\"") "\r\n1" END,
        "--B\r\n" CD("name=\"to") "\r\n1" END,
        "--B\r\n" CD("name=\"a\" name=\"to\"") "\r\n1" END,
        "--B\r\nContent-Disposition : form-data; name=\"to\"\r\n\r\n1" END,
        "--B\r\nContent-Disposition: form-data;\r\n name=\"to\"\r\n\r\n1" END,
        "--B\r\nContent-Disposition\r\n\r\n1" END,
        "--B\r\n" CD("name=\"to\"")
        "Content-Transfer-Encoding: base64\r\n\r\nMQ==" END,
        "--B\r\n" CD("name=\"to\"") "X: a\rb\r\n\r\n1" END
    };

    (void) state;

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (walk(FORM, bad[i], strlen(bad[i]), text) != XPECTO_ERROR) {
            fail_msg("accepted: %s", bad[i]);
        }
    }
}


int
main(void)
{
    static const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_malformed)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
