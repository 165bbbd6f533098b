
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_act.h"


static void
is(const xpecto_str_t *s, const char *expected)
{
    assert_int_equal(s->len, strlen(expected));
    assert_true(s->len == 0 || memcmp(s->data, expected, s->len) == 0);
}


static void
refused(const char *json, const char *reason)
{
    xpecto_act_t  act;
    xpecto_err_t  err;

    assert_int_equal(xpecto_act_parse(&act, (const uint8_t *) json,
                                      strlen(json), &err), XPECTO_ERROR);

    if (strstr(err.text, reason) == NULL) {
        fail_msg("%s: \"%s\", not \"%s\"", json, err.text, reason);
    }

    assert_null(act.doc);
}


static void
accepted(void **state)
{
    size_t        i;
    xpecto_str_t  name;
    xpecto_act_t  act;
    xpecto_err_t  err;

    static const struct {
        const char    *json;
        xpecto_act_e   op;
        const char    *name, *policy, *tenant, *address, *key;
        uint64_t       units, seconds;
        const char    *number, *recipient;
    } acts[] = {
        { "{\"op\":\"peek\",\"zone\":\"z\",\"tenant\":\"acme\"}",
          XPECTO_ACT_PEEK, "peek", "", "acme", "", "", 0, 0, "", "" },
        { "{\"op\":\"peek\",\"zone\":\"z\",\"policy\":\"p\",\"key\":\"k\"}",
          XPECTO_ACT_PEEK, "peek", "p", "", "", "k", 0, 0, "", "" },
        { "{\"units\":1000000000000,\"op\":\"grant\",\"zone\":\"z\","
          "\"policy\":\"p\",\"tenant\":\"acme\",\"key\":\"106540352242922\"}",
          XPECTO_ACT_GRANT, "grant", "p", "acme", "", "106540352242922",
          1000000000000ull, 0, "", "" },
        { "{\"op\":\"reset\",\"zone\":\"z\",\"policy\":\"p\","
          "\"address\":\"192.0.2.1\"}",
          XPECTO_ACT_RESET, "reset", "p", "", "192.0.2.1", "", 0, 0, "", "" },
        { "{\"op\":\"reset\",\"zone\":\"z\",\"tenant\":\"acme\"}",
          XPECTO_ACT_RESET, "reset", "", "acme", "", "", 0, 0, "", "" },
        { "{\"op\":\"ban\",\"zone\":\"z\",\"address\":\"2001:db8::1\","
          "\"seconds\":1048575}",
          XPECTO_ACT_BAN, "ban", "", "", "2001:db8::1", "", 0, 1048575, "",
          "" },
        { " {\"op\" : \"unban\" , \"zone\":\"z\",\"tenant\":\"acme\"}\n",
          XPECTO_ACT_UNBAN, "unban", "", "acme", "", "", 0, 0, "", "" },
        { "{\"op\":\"unban\",\"zone\":\"z\",\"tenant\":\"acme\","
          "\"number\":\"106540352242922\",\"recipient\":\"+49\"}",
          XPECTO_ACT_UNBAN, "unban", "", "acme", "", "", 0, 0,
          "106540352242922", "+49" },
        { "{\"op\":\"peek\",\"zone\":\"z\",\"number\":\"n\"}",
          XPECTO_ACT_PEEK, "peek", "", "", "", "", 0, 0, "n", "" }
    };

    (void) state;

    for (i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
        assert_int_equal(xpecto_act_parse(&act,
                                          (const uint8_t *) acts[i].json,
                                          strlen(acts[i].json), &err),
                         XPECTO_OK);

        assert_int_equal(act.op, acts[i].op);
        name = xpecto_act_name(act.op);
        is(&name, acts[i].name);
        is(&act.zone, "z");
        is(&act.policy, acts[i].policy);
        is(&act.tenant, acts[i].tenant);
        is(&act.address, acts[i].address);
        is(&act.key, acts[i].key);
        is(&act.number, acts[i].number);
        is(&act.recipient, acts[i].recipient);
        assert_int_equal(act.units, acts[i].units);
        assert_int_equal(act.seconds, acts[i].seconds);

        xpecto_act_free(&act);
    }
}


static void
not_accepted(void **state)
{
    (void) state;

    refused("", "");
    refused("{", "");
    refused("[]", "");
    refused("{}", "op");
    refused("{\"op\":1}", "op");
    refused("{\"op\":\"drop\",\"zone\":\"z\",\"tenant\":\"a\"}", "at op");
    refused("{\"op\":\"peek\",\"tenant\":\"a\"}", "zone");
    refused("{\"op\":\"peek\",\"zone\":\"z\"}", "neither \"tenant\"");
    refused("{\"op\":\"peek\",\"zone\":\"z\",\"tenant\":\"\"}", "empty");
    refused("{\"op\":\"peek\",\"zone\":\"z\",\"key\":\"k\"}",
            "\"key\" without \"policy\"");
    refused("{\"op\":\"peek\",\"zone\":\"z\",\"tenant\":\"a\","
            "\"address\":\"192.0.2.1\"}", "both");

    /* a member of another, one that nobody knows, one that is there twice */

    refused("{\"op\":\"peek\",\"zone\":\"z\",\"tenant\":\"a\",\"units\":1}",
            "units");
    refused("{\"op\":\"ban\",\"zone\":\"z\",\"tenant\":\"a\",\"seconds\":1,"
            "\"policy\":\"p\"}", "policy");
    refused("{\"op\":\"peek\",\"zone\":\"z\",\"tenant\":\"a\",\"x\":1}", "x");
    refused("{\"op\":\"peek\",\"op\":\"ban\",\"zone\":\"z\","
            "\"tenant\":\"a\"}", "duplicate");
    refused("{\"op\":\"peek\",\"zone\":\"z\",\"tenant\":\"a\"}{}", "");

    refused("{\"op\":\"grant\",\"zone\":\"z\",\"tenant\":\"a\",\"units\":1}",
            "policy");
    refused("{\"op\":\"grant\",\"zone\":\"z\",\"tenant\":\"a\","
            "\"policy\":\"p\"}", "units");
    refused("{\"op\":\"grant\",\"zone\":\"z\",\"tenant\":\"a\","
            "\"policy\":\"p\",\"units\":0}", "not 1 to 1000000000000");
    refused("{\"op\":\"grant\",\"zone\":\"z\",\"tenant\":\"a\","
            "\"policy\":\"p\",\"units\":-1}", "not 1 to");
    refused("{\"op\":\"grant\",\"zone\":\"z\",\"tenant\":\"a\","
            "\"policy\":\"p\",\"units\":1000000000001}", "not 1 to");
    refused("{\"op\":\"grant\",\"zone\":\"z\",\"tenant\":\"a\","
            "\"policy\":\"p\",\"units\":1.5}", "units");
    refused("{\"op\":\"ban\",\"zone\":\"z\",\"tenant\":\"a\"}", "seconds");
    refused("{\"op\":\"ban\",\"zone\":\"z\",\"tenant\":\"a\","
            "\"seconds\":1048576}", "not 1 to 1048575");
    refused("{\"op\":\"reset\",\"zone\":\"z\",\"key\":\"a\"}", "policy");
    refused("{\"op\":\"reset\",\"zone\":\"z\"}", "neither");

    refused("{\"op\":\"unban\",\"zone\":\"z\",\"number\":\"1\","
            "\"address\":\"192.0.2.1\"}", "\"number\" with \"address\"");
    refused("{\"op\":\"peek\",\"zone\":\"z\",\"number\":\"1\","
            "\"policy\":\"p\"}", "or \"policy\"");
    refused("{\"op\":\"unban\",\"zone\":\"z\",\"tenant\":\"a\","
            "\"recipient\":\"1\"}", "\"recipient\" without");
    refused("{\"op\":\"reset\",\"zone\":\"z\",\"tenant\":\"a\","
            "\"number\":\"1\"}", "number");
    refused("{\"op\":\"ban\",\"zone\":\"z\",\"seconds\":1,"
            "\"number\":\"1\"}", "number");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(accepted),
        cmocka_unit_test(not_accepted)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
