
/*
 * The bodies and the field are those of Meta's documents and of its OpenAPI
 * description.
 */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_reply.h"


static xpecto_reply_paths_t  paths;
static xpecto_reply_t        reply;


static int
setup(void **state)
{
    (void) state;

    return xpecto_reply_compile(&paths) == XPECTO_OK ? 0 : -1;
}


/* in pieces of each size; each from memory that ends where it does */

static void
code_is(const char *body, uint32_t code)
{
    size_t       len, size, i, n;
    uint8_t     *piece;
    xpecto_rc_e  rc;

    len = strlen(body);

    for (size = 1; size <= len; size++) {
        rc = XPECTO_AGAIN;
        xpecto_reply_init(&reply, &paths);

        for (i = 0; i < len && rc == XPECTO_AGAIN; i += n) {
            n = (len - i < size) ? len - i : size;

            piece = malloc(n);
            assert_non_null(piece);
            memcpy(piece, body + i, n);
            rc = xpecto_reply_feed(&reply, piece, n);
            free(piece);
        }

        assert_int_equal(reply.code, code);

        if (code != 0) {
            assert_int_equal(rc, XPECTO_OK);
            assert_int_equal(xpecto_reply_feed(&reply, (uint8_t *) "x", 1),
                             XPECTO_OK);
        }
    }
}


static void
codes(void **state)
{
    (void) state;

    code_is("{\"error\":{\"message\":\"(#130429) Rate limit hit\",\"type\":"
            "\"OAuthException\",\"code\":130429,\"error_data\":{"
            "\"messaging_product\":\"whatsapp\",\"details\":\"Message failed "
            "to send\"},\"fbtrace_id\":\"A1B2\"}}", 130429);
    code_is("{\"error\":{\"code\":80007,\"error_subcode\":2446079}}", 80007);
    code_is(" { \"x\" : { \"code\" : 1 } , \"error\" : { \"a\" : { \"code\" : "
            "2 } , \"code\" : 4 } } ", 4);
    code_is("{\"err\\u006fr\":{\"code\":131026}}", 131026);
    code_is("{\"error\":{\"code\":131047,\"code\":131026}}", 131047);

    /* nothing that counts */

    code_is("{\"messages\":[{\"id\":\"wamid.X\"}]}", 0);
    code_is("{\"error\":{\"code\":\"130429\"}}", 0);
    code_is("{\"error\":{\"code\":0}}", 0);
    code_is("{\"error\":{\"code\":-130429}}", 0);
    code_is("{\"error\":{\"code\":130429.5}}", 0);
    code_is("{\"error\":130429}", 0);
    code_is("{\"error\":{\"error\":{\"code\":130429}}}", 0);
    code_is("[{\"error\":{\"code\":130429}}]", 0);
    code_is("<html><body>502 Bad Gateway</body></html>", 0);
    code_is("\x1f\x8b\x08", 0);
    code_is("{\"error\":{\"code\":13042", 0);
    code_is("{]\"error\":{\"code\":130429}}", 0);

    code_is("{\"error\":{\"code\":99999999999999999999}}", UINT32_MAX);
}


/* what follows so many bytes is not looked at, and not waited for */

static void
long_body(void **state)
{
    size_t   n;
    uint8_t  space[1000];

    (void) state;

    memset(space, ' ', sizeof(space));
    xpecto_reply_init(&reply, &paths);

    for (n = 0; n + sizeof(space) < XPECTO_REPLY_BODY; n += sizeof(space)) {
        assert_int_equal(xpecto_reply_feed(&reply, space, sizeof(space)),
                         XPECTO_AGAIN);
    }

    assert_int_equal(xpecto_reply_feed(&reply, space, sizeof(space)),
                     XPECTO_DECLINED);
    assert_int_equal(xpecto_reply_feed(&reply,
                         (const uint8_t *) "{\"error\":{\"code\":4}}", 20),
                     XPECTO_DECLINED);
    assert_int_equal(reply.code, 0);
}


static xpecto_rc_e
parse(xpecto_usage_t *usage, const char *text)
{
    size_t       len;
    uint8_t     *copy;
    xpecto_rc_e  rc;

    len = strlen(text);
    copy = malloc(len ? len : 1);
    assert_non_null(copy);
    memcpy(copy, text, len);

    memset(usage, 0xff, sizeof(xpecto_usage_t));
    rc = xpecto_usage_parse(usage, &paths, copy, len);
    free(copy);

    return rc;
}


static void
usage_field(void **state)
{
    char            text[1024], *p;
    unsigned        i;
    xpecto_usage_t  u;

    (void) state;

    assert_int_equal(parse(&u, "{\"102290129340398\":[{\"type\":\"whatsapp\","
                     "\"call_count\":1,\"total_cputime\":1,\"total_time\":1,"
                     "\"estimated_time_to_regain_access\":0},{\"type\":"
                     "\"whatsapp_business_management\",\"call_count\":100,"
                     "\"estimated_time_to_regain_access\":7},{"
                     "\"estimated_time_to_regain_access\":3}]}"), XPECTO_OK);
    assert_int_equal(u.n, 1);
    assert_int_equal(u.account[0].minutes, 7);
    assert_int_equal(u.account[0].len, 15);
    assert_memory_equal(u.account[0].id, "102290129340398", 15);

    assert_int_equal(parse(&u, "{ \"1\" : [ { "
                     "\"estimated_time_to_regain_access\" : 5 } ] ,\n\"2\":["
                     "{\"estimated_time_to_regain_access\":0}],\"3\":[{"
                     "\"estimated_time_to_regain_access\":9999999999}]}"),
                     XPECTO_OK);
    assert_int_equal(u.n, 2);
    assert_int_equal(u.account[0].minutes, 5);
    assert_memory_equal(u.account[0].id, "1", 1);
    assert_int_equal(u.account[1].minutes, XPECTO_USAGE_MINUTES);
    assert_memory_equal(u.account[1].id, "3", 1);

    /* more accounts than fit */

    p = text;
    *p++ = '{';

    for (i = 0; i < 12; i++) {
        p += sprintf(p, "%s\"%u\":[{\"estimated_time_to_regain_access\":1}]",
                     i ? "," : "", i + 100);
    }

    *p++ = '}';
    *p = '\0';

    assert_int_equal(parse(&u, text), XPECTO_OK);
    assert_int_equal(u.n, XPECTO_USAGE_ACCOUNTS);

    /* no account, or none that waits */

    assert_int_equal(parse(&u, "{}"), XPECTO_OK);
    assert_int_equal(u.n, 0);
    assert_int_equal(parse(&u, "{\"a1\":[{\"estimated_time_to_regain_access\""
                               ":1}],\"\":[{"
                               "\"estimated_time_to_regain_access\":1}],"
                               "\"5\":{\"estimated_time_to_regain_access\":1},"
                               "\"\\u0031\":[{"
                               "\"estimated_time_to_regain_access\":1}]}"),
                     XPECTO_OK);
    assert_int_equal(u.n, 0);
    assert_int_equal(parse(&u, "[[{\"estimated_time_to_regain_access\":1}]]"),
                     XPECTO_OK);
    assert_int_equal(u.n, 0);

    /* cut off: what was read does not count */

    assert_int_equal(parse(&u, "{\"1\":[{\"estimated_time_to_regain_access\":"
                               "1}]"), XPECTO_ERROR);
    assert_int_equal(u.n, 0);
    assert_int_equal(parse(&u, ""), XPECTO_ERROR);
    assert_int_equal(u.n, 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(codes),
        cmocka_unit_test(long_body),
        cmocka_unit_test(usage_field)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, setup, NULL);
}
