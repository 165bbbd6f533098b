
/*
 * Expected: RFC 9110, 12.5.1 and 12.4.2, by hand.
 */

#include "xpecto_accept.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>


#define G  XPECTO_ACCEPT_GRAPH
#define P  XPECTO_ACCEPT_PROBLEM
#define T  XPECTO_ACCEPT_TEXT


typedef struct {
    const char       *field;
    xpecto_accept_e   best;
} accept_row_t;


static xpecto_accept_e
best(const char *one, const char *two)
{
    xpecto_accept_t  a;

    memset(&a, 0, sizeof(xpecto_accept_t));

    xpecto_accept_line(&a, (const uint8_t *) one, strlen(one));
    xpecto_accept_line(&a, (const uint8_t *) two, strlen(two));

    return xpecto_accept_best(&a);
}


static void
rows(const accept_row_t *row, size_t n)
{
    for (/* void */ ; n > 0; row++, n--) {

        if (best(row->field, "") != row->best) {
            fail_msg("\"%s\": %d", row->field, best(row->field, ""));
        }
    }
}


static void
ranges(void **state)
{
    static const accept_row_t  table[] = {
        { "", G },
        { "*/*", G },
        { "application/*", G },
        { "application/json", G },
        { "application/json, text/plain, */*", G },
        { "application/problem+json", P },
        { "application/json, application/problem+json", P },
        { "application/problem+json, application/json", P },
        { "text/plain", T },
        { "text/*", T },
        { "text/*, application/json", G },
        { "text/plain, application/*", T },
        { "text/html, application/xhtml+xml, */*;q=0.8", G },
        { "text/html", G },
        { "APPLICATION/Problem+JSON", P },
        { "application/jsonp, text/plain", T },
        { "application/jso, text/plain", T },
        { "*/plain, application/problem+json", P }
    };

    (void) state;

    rows(table, sizeof(table) / sizeof(table[0]));
}


static void
weights(void **state)
{
    static const accept_row_t  table[] = {
        { "application/json;q=0.5, text/plain", T },
        { "application/json;q=0.5, text/plain;q=0.501", T },
        { "application/json;q=0.5, text/plain;q=0.4", G },
        { "application/json; q=0.5 , text/plain ;q=0.6", T },
        { "application/json;Q=0.5, text/plain;q=0.6", T },
        { "application/json;q=0, text/plain;q=0.001", T },
        { "application/*;q=0.1, text/plain;q=0.2", T },
        { "application/json;q=0.1, */*;q=0.2", P },
        { "application/json;q=0, */*", P },
        { "application/json;q=0, application/problem+json;q=0, */*", T },
        { "*/*, application/json;q=0, application/problem+json;q=0", T },
        { "application/*;q=0, */*;q=0.1", T },
        { "*/*;q=0", G },
        { "text/plain;q=1, application/problem+json;q=1.", P },
        { "text/plain;q=1.000, application/problem+json;q=0.999", T },
        { "text/plain;q=0., application/*;q=0.1", G },
        { "text/plain;q=0.3, text/plain;q=0.9, application/json;q=0.6", T },
        { "application/json;q=0.2;v=1, text/plain;v=\"q=1\";q=0.3", T }
    };

    (void) state;

    rows(table, sizeof(table) / sizeof(table[0]));
}


/* a range that is malformed is as good as none */

static void
malformed(void **state)
{
    static const accept_row_t  table[] = {
        { "text/plain;q=1.001", G },
        { "text/plain;q=2", G },
        { "text/plain;q=-1", G },
        { "text/plain;q=0.0001", G },
        { "text/plain;q=01", G },
        { "text/plain;q=.5", G },
        { "text/plain;q=1.0.0", G },
        { "text/plain;q=", G },
        { "text/plain;q", G },
        { "text/plain;q=\"1\"", G },
        { "text/plain;a=\"b", G },
        { "text/plain;a=\"\\", G },
        { "text/plain;a=\"\\\"", G },
        { "text", G },
        { "text/", G },
        { "/plain", G },
        { "text/plain text/plain", G },
        { "text /plain", G },
        { "text/plain/plain", G },
        { ";q=1", G },
        { ",, ,text/plain,", T },
        { "text/plain;", T },
        { "text/plain;;q=1", T },
        { "text/plain;a=\",application/problem+json\"", T },
        { "\"text/html, text/plain", T },
        { "\"a, application/problem+json\", text/plain", T },
        { "x y, text/plain", T },
        { "text/\303\244, text/plain", T }
    };

    (void) state;

    rows(table, sizeof(table) / sizeof(table[0]));
}


static void
several_lines_are_one_list(void **state)
{
    (void) state;

    assert_int_equal(best("application/json;q=0.5", "text/plain"), T);
    assert_int_equal(best("text/plain", "application/json;q=0.5"), T);
    assert_int_equal(best("*/*", "application/json;q=0"), P);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(ranges),
        cmocka_unit_test(weights),
        cmocka_unit_test(malformed),
        cmocka_unit_test(several_lines_are_one_list)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
