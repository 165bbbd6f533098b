
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_redact_unit.h"


/* what looks like a redaction, and hides what is beside or in it */

static void
fakes(void **state)
{
    xpecto_mask_t    mask;
    xpecto_redact_t  rd;

    static const pair_t  masks[] = {
        { "/a?x=1*****16505551234", "/a?x=1*****[phone]" },
        { "/a?x=1*****1-650-555-1234", "/a?x=1*****[phone]" },
        { "/a?x=16505551234*****12", "/a?x=[phone]*****12" },
        { "/a?x=1*****12", NULL }
    };

    static const pair_t  texts[] = {
        { "+44 20 7946 0 958*****12", "[phone]*****12" },
        { "1********34 and 1********35", NULL }
    };

    static const pair_t  json[] = {
        { "{\"a\":\"1*****16505551234\"}", "{\"a\":\"1*****[phone]\"}" }
    };

    /* a place of another class has none */

    static const pair_t  places[] = {
        { "text=[content.Ich-komme-morgen.bcdfghjkmnpqbcdf]",
          "text=[content]" },
        { "pin=1*****2345", "pin=[credential]" },
        { "access_token=1*****1234", "access_token=[credential]" },
        { "to=1*****1234", NULL },
        { "to=[phone.2026-11.bcdfghjkmnpqbcdf]", NULL }
    };

    static const pair_t  beside[] = {
        { "+16505551231, 650 555 1234", "1*********1, 650 555 1234" },
        { "+16505551231-650-555-1234", "[phone]-650-555-1234" },
        { "+16505551231(650)555-1234", "[phone](650)555-1234" },
        { "+44 20 7946-16505551231", "+44 20 7946-[phone]" },
        { "+44 20 794 +919876543210", "+44 20 794 [phone]" }
    };

    (void) state;

    labels(&rd);
    check_all(&rd, place_of(XPECTO_FORM_URI), masks);
    check_all(&rd, place_of(XPECTO_FORM_TEXT), texts);
    check_all(&rd, place_of(XPECTO_FORM_JSON), json);
    check_all(&rd, place_of(XPECTO_FORM_QUERY), places);

    /* what is read with a mask's digits, were it read again */

    (void) xpecto_mask_build(&mask, 1);
    rd.mask = &mask;
    (void) xpecto_redact_style(&rd, XPECTO_CLASS_PHONE, XPECTO_STYLE_MASK);

    check_all(&rd, place_of(XPECTO_FORM_TEXT), beside);
}


/* nginx cuts a header line and says so by dots */

static void
cut_by_dots(void **state)
{
    xpecto_redact_t  rd;

#define LINE(header)                                                         \
    "2026/11/22 12:00:00 [info] 7#7: *3 client sent too long header line: "  \
    "\"" header "...\" while reading client request headers, server: a"

    static const pair_t  lines[] = {
        { LINE("X-Foo: aaa 4915112345"), LINE("X-Foo: aaa [phone]") },
        { LINE("X-Foo: aaa 165055512"), LINE("X-Foo: aaa [phone]") },
        { LINE("X-Foo: aaa +44 20 794"), LINE("X-Foo: aaa [phone]") },
        { LINE("X-Foo: ...\" while reading client 1650555"),
          LINE("X-Foo: ...\" while reading client [phone]") },
        { LINE("X-Foo: aaa"), NULL },
        { "2026/11/22 12:00:00 [info] 7#7: *3 another: \"a 165055512...\" "
          "while reading client request headers, server: a", NULL }
    };

    (void) state;

    labels(&rd);
    check_all(&rd, place_of(XPECTO_FORM_LOG), lines);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fakes),
        cmocka_unit_test(cut_by_dots),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
