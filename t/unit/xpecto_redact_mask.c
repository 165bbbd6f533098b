
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


typedef struct {
    const char  *in;
    const char  *out;                   /* NULL: nothing to redact */
} pair_t;


static void
check(const xpecto_redact_t *rd, xpecto_form_e form, const pair_t *pairs,
    size_t n)
{
    size_t  i;

    for (i = 0; i < n; i++) {
        assert_string_equal(redact_at(rd, place_of(form), pairs[i].in, 0),
                            pairs[i].out ? pairs[i].out : pairs[i].in);
    }
}

#define check_all(rd, form, pairs)                                           \
    check(rd, form, pairs, sizeof(pairs) / sizeof(pairs[0]))


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
    check_all(&rd, XPECTO_FORM_URI, masks);
    check_all(&rd, XPECTO_FORM_TEXT, texts);
    check_all(&rd, XPECTO_FORM_JSON, json);
    check_all(&rd, XPECTO_FORM_QUERY, places);

    /* what is read with a mask's digits, were it read again */

    (void) xpecto_mask_build(&mask, 1);
    rd.mask = &mask;
    (void) xpecto_redact_style(&rd, XPECTO_CLASS_PHONE, XPECTO_STYLE_MASK);

    check_all(&rd, XPECTO_FORM_TEXT, beside);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fakes)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
