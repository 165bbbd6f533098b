
#include "xpecto_tenants.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>


#define MAX  8


/* the only zone of this database is two hours east */

static xpecto_rc_e
zone(void *data, const char *name, xpecto_zone_t *z)
{
    (void) data;

    if (strcmp(name, "Nowhere/East_2") != 0) {
        return XPECTO_ERROR;
    }

    memset(z, 0, sizeof(xpecto_zone_t));
    z->offset[0] = 7200;

    return XPECTO_OK;
}


/* "name=value ..." */

static size_t
params(const char *text, xpecto_doc_param_t *p, char names[MAX][16])
{
    size_t  i, n, len;

    static const struct {
        const char         *name;
        xpecto_doc_type_e   type;
    } types[] = {
        { "burst", XPECTO_DOC_INTEGER },
        { "count", XPECTO_DOC_INTEGER },
        { "anchor", XPECTO_DOC_INTEGER },
        { "status", XPECTO_DOC_INTEGER },
        { "endpoints", XPECTO_DOC_ARRAY }
    };

    for (n = 0; *text != '\0'; n++) {
        len = strcspn(text, "=");
        memcpy(names[n], text, len);
        names[n][len] = '\0';
        text += len + 1;

        p[n].name = names[n];
        p[n].type = XPECTO_DOC_STRING;
        p[n].value.data = (const uint8_t *) text;
        p[n].value.len = strcspn(text, " ");

        for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
            if (strcmp(types[i].name, names[n]) == 0) {
                p[n].type = types[i].type;
            }
        }

        text += p[n].value.len;
        text += strspn(text, " ");
    }

    return n;
}


static xpecto_rc_e
alone(const char *text, xpecto_limit_t *limit, xpecto_period_t *period,
    char *failed, xpecto_err_t *err)
{
    char                names[MAX][16];
    size_t              n, which;
    xpecto_rc_e         rc;
    xpecto_name_t       name;
    xpecto_doc_param_t  p[MAX];

    memset(&name, 0, sizeof(xpecto_name_t));
    memcpy(name.data, "x", 1);
    name.len = 1;

    memset(p, 0, sizeof(p));
    n = params(text, p, names);
    rc = xpecto_tenants_alone(p, n, &name, zone, limit, period, &which, err);

    (void) snprintf(failed, 16, "%s", which < n ? names[which] : "");

    return rc;
}


/* what a directive and a file say of the same limit is the same */

static void
as_in_a_file(void **state)
{
    size_t                i;
    char                  json[512], failed[16];
    uint32_t              index;
    xpecto_err_t          err;
    xpecto_image_t        image;
    xpecto_limit_t        limit;
    xpecto_period_t       period;
    xpecto_tenant_t       tenant;
    const xpecto_plan_t  *plan;

    static const struct {
        const char  *text;
        const char  *json;
        int          periods;
    } cases[] = {
        { "kind=rate rate=1r/30d burst=3",
          "\"kind\": \"rate\", \"rate\": \"1r/30d\", \"burst\": 3", 0 },
        { "kind=window count=5 window=10s cost=text:1,media:3",
          "\"kind\": \"window\", \"count\": 5, \"window\": \"10s\","
          " \"cost\": \"text:1,media:3\"", 1 },
        { "kind=sliding count=5 window=1h inherit=proportional",
          "\"kind\": \"sliding\", \"count\": 5, \"window\": \"1h\","
          " \"inherit\": \"proportional\"", 1 },
        { "kind=quota count=5 per=month zone=Nowhere/East_2 anchor=31",
          "\"kind\": \"quota\", \"count\": 5, \"per\": \"month\","
          " \"zone\": \"Nowhere/East_2\", \"anchor\": 31", 1 },
        { "kind=quota count=5 per=lifetime enforce=12.5% status=503",
          "\"kind\": \"quota\", \"count\": 5, \"per\": \"lifetime\","
          " \"enforce\": \"12.5%\", \"status\": 503", 1 },
        { "kind=pair", "\"kind\": \"pair\"", 0 },
        { "kind=concurrency count=7 endpoints=media,messages",
          "\"kind\": \"concurrency\", \"count\": 7,"
          " \"endpoints\": [ \"media\", \"messages\" ]", 0 },
        { "kind=unique count=7 scope=phone",
          "\"kind\": \"unique\", \"count\": 7, \"scope\": \"phone\"", 0 },
        { "kind=whatsapp:management cost=3",
          "\"kind\": \"whatsapp:management\", \"cost\": \"3\"", 1 }
    };

    (void) state;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        memset(&err, 0, sizeof(xpecto_err_t));

        (void) snprintf(json, sizeof(json),
                        "{ \"version\": 1, \"plans\": { \"p\": { \"limits\":"
                        " [ { \"name\": \"x\", %s } ] } }, \"tenants\": {"
                        " \"t\": { \"plan\": \"p\", \"keys\": [] } } }",
                        cases[i].json);

        assert_int_equal(xpecto_tenants_compile((uint8_t *) json,
                                                strlen(json), zone, NULL,
                                                &image, &err),
                         XPECTO_OK);
        assert_int_equal(xpecto_tenants_named(image.data,
                                              (const uint8_t *) "t", 1,
                                              &index),
                         XPECTO_OK);

        plan = xpecto_tenants_get(image.data, index, &tenant);

        if (alone(cases[i].text, &limit, &period, failed, &err) != XPECTO_OK) {
            fail_msg("%s: %s", cases[i].text, err.text);
        }

        assert_memory_equal(&limit, &plan->limits[0], sizeof(limit));

        if (cases[i].periods) {
            assert_memory_equal(&period, xpecto_tenants_period(image.data, 0),
                                sizeof(period));
        }

        free(image.data);
    }
}


static void
an_error_is_of_a_parameter(void **state)
{
    size_t           i;
    char             failed[16];
    xpecto_err_t     err;
    xpecto_limit_t   limit;
    xpecto_period_t  period;

    static const struct {
        const char  *text;
        const char  *failed;
        const char  *reason;
    } cases[] = {
        { "kind=leaky", "kind", "not rate, window, sliding, quota, pair, "
          "concurrency, unique or one of Meta's" },
        { "rate=1r/s", "", "no parameter \"kind\"" },
        { "kind=rate rate=1r/s count=3", "count", "not expected here" },
        { "kind=rate rate=1r/s burst=x", "burst", "not an integer" },
        { "kind=rate rate=1r/s burst=-1", "burst", "not an integer" },
        { "kind=rate rate=1r/s burst=1000000000000000000", "burst",
          "not an integer" },
        { "kind=rate rate=1r/d burst=100000", "",
          "a rate and burst that cannot be represented" },
        { "kind=window count=1 window=1m endpoints=media,", "endpoints",
          "not messages, marketing, media, calls, groups, register, "
          "templates, management or other" },
        { "kind=window count=1 window=1m endpoints=media,calls,media",
          "endpoints", "the same endpoint twice" },
        { "kind=window count=1 window=1m cost=0", "cost",
          "what costs nothing is never limited" },
        { "kind=quota count=1 per=day zone=Mars", "zone",
          "no time zone of this machine's database" }
    };

    (void) state;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(alone(cases[i].text, &limit, &period, failed, &err),
                         XPECTO_ERROR);
        assert_string_equal(failed, cases[i].failed);
        assert_string_equal(err.text, cases[i].reason);
    }
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_in_a_file),
        cmocka_unit_test(an_error_is_of_a_parameter)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
