
/*
 * Expected: Meta's examples (t/data/whatsapp.txt says where from), with our
 * details.
 */

#include "xpecto_graph.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>


static void
body_is(xpecto_graph_e error, const char *expected)
{
    size_t        len;
    uint8_t       body[XPECTO_GRAPH_LEN + 8];
    xpecto_str_t  details;

    details.data = (const uint8_t *) "why";
    details.len = 3;

    memset(body, '#', sizeof(body));

    len = xpecto_graph_write(body, error, &details);

    assert_true(len <= XPECTO_GRAPH_LEN + details.len);
    body[len] = '\0';
    assert_string_equal((char *) body, expected);
}


static void
bodies(void **state)
{
    (void) state;

    body_is(XPECTO_GRAPH_THROUGHPUT,
            "{\"error\":{\"message\":\"(#130429) Rate limit hit\","
            "\"type\":\"OAuthException\",\"code\":130429,\"error_data\":"
            "{\"messaging_product\":\"whatsapp\",\"details\":\"why\"}}}\n");

    body_is(XPECTO_GRAPH_APP,
            "{\"error\":{\"message\":\"(#4) Application request limit "
            "reached\",\"type\":\"OAuthException\",\"code\":4,"
            "\"is_transient\":true,\"error_data\":"
            "{\"messaging_product\":\"whatsapp\",\"details\":\"why\"}}}\n");

    body_is(XPECTO_GRAPH_ACCOUNT,
            "{\"error\":{\"message\":\"Business request limit reached for "
            "WhatsApp Business Account\",\"type\":\"OAuthException\","
            "\"code\":80007,\"error_subcode\":2446079,\"is_transient\":true,"
            "\"error_data\":{\"messaging_product\":\"whatsapp\","
            "\"details\":\"why\"}}}\n");

    body_is(XPECTO_GRAPH_SPAM,
            "{\"error\":{\"message\":\"(#131048) Spam rate limit hit\","
            "\"type\":\"OAuthException\",\"code\":131048,\"error_data\":"
            "{\"messaging_product\":\"whatsapp\",\"details\":\"why\"}}}\n");

    body_is(XPECTO_GRAPH_PAIR,
            "{\"error\":{\"message\":\"(#131056) (Business Account, Consumer "
            "Account) pair rate limit hit\",\"type\":\"OAuthException\","
            "\"code\":131056,\"error_data\":{\"messaging_product\":"
            "\"whatsapp\",\"details\":\"why\"}}}\n");

    body_is(XPECTO_GRAPH_REGISTER,
            "{\"error\":{\"message\":\"(#133016) Account register deregister "
            "rate limit exceeded\",\"type\":\"OAuthException\","
            "\"code\":133016,\"error_data\":{\"messaging_product\":"
            "\"whatsapp\",\"details\":\"why\"}}}\n");

    body_is(XPECTO_GRAPH_BLOCKED,
            "{\"error\":{\"message\":\"(#368) Temporarily blocked for "
            "policies violations\",\"type\":\"OAuthException\","
            "\"code\":368,\"error_data\":{\"messaging_product\":"
            "\"whatsapp\",\"details\":\"why\"}}}\n");
}


static void
reasons_need_no_escape(void **state)
{
    size_t        i;
    unsigned      e;
    xpecto_str_t  s;

    (void) state;

    for (e = 0; e < XPECTO_GRAPH_ERRORS; e++) {
        s = xpecto_graph_reason((xpecto_graph_e) e);

        assert_in_range(s.len, 20, 160);

        for (i = 0; i < s.len; i++) {
            assert_in_range(s.data[i], ' ', 'z');
            assert_true(s.data[i] != '"' && s.data[i] != '\\');
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(bodies),
        cmocka_unit_test(reasons_need_no_escape)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
