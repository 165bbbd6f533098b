
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

/*
 * What is kept hides nothing: named values of another class that stand in it,
 * or that nobody can tell from it, are redacted all the same.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "xpecto_redact_unit.h"


#define NGINX   "2026/11/22 12:00:00 [error] 1#1: *7 "
#define CLIENT  ", client: [ip], server: a, request: \"GET /?pin="


typedef struct {
    xpecto_form_e  form;
    const char    *in;
    const char    *out;
} kept_t;


/* labels but for one class */

static void
check_kept(xpecto_class_e class, const kept_t *texts, size_t n)
{
    size_t           i;
    xpecto_redact_t  rd;

    labels(&rd);
    assert_int_equal(xpecto_redact_style(&rd, class, XPECTO_STYLE_KEEP),
                     XPECTO_OK);

    for (i = 0; i < n; i++) {
        assert_string_equal(redact_at(&rd, place_of(texts[i].form),
                                      texts[i].in, 0),
                            texts[i].out);
    }
}

#define check_all_kept(class, texts)                                         \
    check_kept(class, texts, sizeof(texts) / sizeof(texts[0]))


static void
content(void **state)
{
    static const kept_t  texts[] = {

        { XPECTO_FORM_QUERY, "text=hi;pin=secret&a=1",
          "text=hi;pin=[credential]&a=1" },
        { XPECTO_FORM_QUERY, "next=%2Fa%3Ftext%3Dhi%3Bpin%3Dsecret&a=1",
          "next=%2Fa%3Ftext%3Dhi%3Bpin%3D[credential]&a=1" },
        { XPECTO_FORM_QUERY, "message={\"to\":\"secret\"}&pin=secret",
          "message={\"to\":\"[phone]\"}&pin=[credential]" },
        { XPECTO_FORM_REQUEST, "GET /?text=hi?pin=secret HTTP/1.1",
          "GET /?text=hi?pin=[credential] HTTP/1.1" },
        { XPECTO_FORM_BODY, "hello, pin=secret", "hello, pin=[credential]" },
        { XPECTO_FORM_BODY, "hello, you", "hello, you" },
        { XPECTO_FORM_LOG, NGINX "a text=hi\"&pin=secret",
          NGINX "a text=hi\"&pin=[credential]" },
        { XPECTO_FORM_LOG, NGINX "a \"text\": \"hi pin=secret\"",
          NGINX "a \"text\": \"hi pin=[credential]\"" },

        /* a name beside a number is that beside its label */

        { XPECTO_FORM_QUERY, "to%+165/05551234.nin=secret",
          "to%[phone].nin=[phone]" },

        /* and no label begins a document */

        { XPECTO_FORM_LOG, NGINX "a message=+16505551234]b",
          NGINX "a message=[phone]]b" },
        { XPECTO_FORM_QUERY, "message=[phone]]b&pin=secret",
          "message=[phone]]b&pin=[credential]" },

        /* what cannot be told from a text is none */

        { XPECTO_FORM_REQUEST, "\"a pin=secret HTTP/1.1", "[content]" },
        { XPECTO_FORM_BODY, "--a\r\nContent-Disposition: form-data; "
          "name=\"pin\"\r\n\r\nsecret\r\n--", "[content]" },
        { XPECTO_FORM_LOG, NGINX "a \", request: \":b\"" CLIENT
          "secret HTTP/1.1\", host: \"a\"",
          NGINX "a \", request: \"[content]\", host: \"a\"" },
        { XPECTO_FORM_LOG, NGINX "a, request: \"GET /?text=a\", host: \"b"
          "\", host: \"c?pin=secret\"", NGINX "a, request: \"[content]\"" }
    };

    (void) state;

    check_all_kept(XPECTO_CLASS_CONTENT, texts);
}


static void
numbers(void **state)
{
    static const kept_t  texts[] = {
        { XPECTO_FORM_LOG, NGINX "a \"&to=\"" CLIENT "secret HTTP/1.1\"",
          NGINX "a \"&to=\"" CLIENT "[credential] HTTP/1.1\"" },
        { XPECTO_FORM_QUERY, "to=1%3Bpin%3Dsecret&to=2",
          "to=1%3Bpin%3D[credential]&to=2" }
    };

    (void) state;

    check_all_kept(XPECTO_CLASS_PHONE, texts);
}


static void
credentials(void **state)
{
    static const kept_t  texts[] = {
        { XPECTO_FORM_LOG, NGINX "a Authorization: \"x to=secret\"",
          NGINX "a Authorization: \"x to=[phone]\"" },
        { XPECTO_FORM_URI, "/token/to=secret/c", "/token/to=[phone]/c" }
    };

    (void) state;

    check_all_kept(XPECTO_CLASS_CREDENTIAL, texts);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(content),
        cmocka_unit_test(numbers),
        cmocka_unit_test(credentials)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
