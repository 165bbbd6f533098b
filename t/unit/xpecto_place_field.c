
/*
 * The field of a MaxMind DB: which paths there are, with a file or without.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_place.h"


/* what no file can be compiled with is refused where there is none, too */

static void
test_no_field(void **state)
{
    char                 text[5000];
    size_t               i;
    xpecto_err_t         err;
    xpecto_image_t       image;
    xpecto_place_conf_t  conf;

    static const char *const  refused[] = {
        "", ".", "..", "a.", ".a", "a..b", ",", "a,", ",a", "a,,b",
        "a,b,c,d,e", "a.b.c.d.e.f.g.h.i"
    };

    for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        assert_int_equal(xpecto_place_field(refused[i], &err), XPECTO_ERROR);
        assert_non_null(strstr(err.text, "field path"));
    }

    assert_int_equal(xpecto_place_field(NULL, &err), XPECTO_OK);
    assert_int_equal(xpecto_place_field("a", &err), XPECTO_OK);
    assert_int_equal(xpecto_place_field("a,b,c,d", &err), XPECTO_OK);
    assert_int_equal(xpecto_place_field("a.b.c.d.e.f.g.h", &err), XPECTO_OK);

    /* a path of 63 bytes and its zero is the longest */

    conf.field = text;
    conf.networks = 0;
    conf.anonymous = 0;

    memset(text, 'b', sizeof(text));
    text[63] = '\0';

    assert_int_equal(xpecto_place_field(text, &err), XPECTO_OK);
    assert_int_equal(xpecto_place_empty(&conf, &image), XPECTO_OK);
    free(image.data);

    text[63] = 'b';
    text[64] = '\0';

    assert_int_equal(xpecto_place_field(text, &err), XPECTO_ERROR);
    assert_int_equal(xpecto_place_empty(&conf, &image), XPECTO_ERROR);

    text[64] = 'b';
    text[sizeof(text) - 1] = '\0';

    assert_int_equal(xpecto_place_field(text, &err), XPECTO_ERROR);
    assert_int_equal(xpecto_place_empty(&conf, &image), XPECTO_ERROR);

    (void) state;
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_no_field),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
