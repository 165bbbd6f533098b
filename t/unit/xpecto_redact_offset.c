
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "xpecto_redact.h"


/* a number is found wherever the blocks begin that the text is cut into */

static void
at_each_offset(void **state)
{
    size_t                  n, len;
    uint8_t                 text[512], out[XPECTO_REDACT_BOUND(512)];
    unsigned                i;
    xpecto_redact_t         rd;
    xpecto_redact_place_t   place;
    xpecto_redact_result_t  res;

    static const char *const  numbers[] = {
        "1.650.555.1234", "12:30:45,1.650.555.1234", "+16505551234",
        "tel 650-555-1234", "1650-555-1234", "16505551234"
    };

    (void) state;

    place.form = XPECTO_FORM_TEXT;
    place.class = XPECTO_CLASS_CONTENT;

    xpecto_redact_defaults(&rd);

    assert_int_equal(xpecto_redact_style(&rd, XPECTO_CLASS_IP,
                                         XPECTO_STYLE_KEEP),
                     XPECTO_OK);

    for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {

        for (n = 0; n < 200; n++) {
            memset(text, ';', n);
            len = n + (size_t) sprintf((char *) text + n,
                                       "%s; and what follows is long enough "
                                       "to be in another block of the text",
                                       numbers[i]);

            assert_int_equal(xpecto_redact(&rd, place, text, len, 0, out,
                                           sizeof(out), &res),
                             XPECTO_OK);

            out[res.len] = '\0';
            assert_non_null(strstr((char *) out, "[phone]"));
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(at_each_offset)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
