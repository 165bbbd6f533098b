
/* links: core/xpecto_tenants.c core/xpecto_tenants_compile.c
          core/xpecto_tenants_parts.c core/xpecto_doc.c core/xpecto_json.c
          core/xpecto_json_path.c core/xpecto_json_scalar.c
          core/xpecto_gcra.c core/xpecto_ratelimit.c core/xpecto_mac.c
          core/xpecto_base64.c
          -ljansson -lcrypto */

#include "xpecto_tenants.h"
#include "xpecto_mac.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>


#define KEY_A  "sha256:" \
    "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
#define KEY_B  "sha256:" \
    "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d"

/* the digests above are SHA-256 of "a" and "b" (FIPS 180-4) */

#define PLANS                                                                \
    "\"plans\": { \"growth\": { \"limits\": [ { \"name\": \"burst\","        \
    " \"kind\": \"rate\", \"rate\": \"80r/s\", \"burst\": 160 },"            \
    " { \"name\": \"slow\", \"kind\": \"rate\", \"rate\": \"5r/m\","         \
    " \"dry_run\": true } ] }, \"none\": { \"limits\": [] } }"

#define TENANT(members)                                                      \
    "{ \"version\": 1, " PLANS ",\n\"tenants\": { \"acme\": {" members       \
    "} } }"


static xpecto_rc_e
compile(const char *json, xpecto_image_t *image, xpecto_err_t *err)
{
    memset(err, 0, sizeof(xpecto_err_t));

    return xpecto_tenants_compile((const uint8_t *) json, strlen(json), image,
                                  err);
}


static xpecto_rc_e
find(xpecto_image_t *image, const char *credential, uint32_t *index)
{
    uint8_t  digest[32];

    assert_int_equal(xpecto_sha256((const uint8_t *) credential,
                                   strlen(credential), digest),
                     XPECTO_OK);

    return xpecto_tenants_find(image->data, digest, index);
}


static void
name_is(const xpecto_name_t *name, const char *expected)
{
    assert_int_equal(name->len, strlen(expected));
    assert_memory_equal(name->data, expected, name->len);
}


static void
what_is_written_is_found(void **state)
{
    uint32_t              index;
    xpecto_err_t          err;
    xpecto_image_t        image;
    xpecto_tenant_t       tenant;
    const xpecto_plan_t  *plan;

    (void) state;

    assert_int_equal(compile("{ \"version\": 1, " PLANS ", \"tenants\": {"
        "\"acme\": { \"plan\": \"growth\", \"keys\": [\"" KEY_A "\"],"
        " \"establishment\": [\"IN\", \"DE\"], \"region\": \"eu\","
        " \"allow_regions\": [\"eu\", \"in\"], \"attest\": [\"us_dpf\"],"
        " \"phone_number_ids\": [\"106540352242922\"] },"
        "\"globex\": { \"plan\": \"none\", \"keys\": [\"" KEY_B "\"] } } }",
        &image, &err), XPECTO_OK);

    assert_int_equal(xpecto_tenants_count(image.data), 2);

    assert_int_equal(find(&image, "a", &index), XPECTO_OK);
    plan = xpecto_tenants_get(image.data, index, &tenant);

    name_is(&tenant.name, "acme");
    name_is(&tenant.region, "eu");
    assert_int_equal(tenant.establishment.n, 2);
    assert_int_equal(tenant.establishment.cc[0], XPECTO_COUNTRY('D', 'E'));
    assert_int_equal(tenant.establishment.cc[1], XPECTO_COUNTRY('I', 'N'));
    assert_int_equal(tenant.nregions, 2);
    name_is(&tenant.regions[0], "eu");
    name_is(&tenant.regions[1], "in");
    assert_int_equal(tenant.nattest, 1);
    name_is(&tenant.attest[0], "us_dpf");

    name_is(&plan->name, "growth");
    assert_int_equal(plan->nlimits, 2);
    name_is(&plan->limits[0].name, "burst");
    assert_int_equal(plan->limits[0].gcra.interval, XPECTO_TICKS_SEC / 80);
    assert_int_equal(plan->limits[0].gcra.tolerance, XPECTO_TICKS_SEC * 2);
    assert_int_equal(plan->limits[0].burst, 160);
    assert_int_equal(plan->limits[0].dry_run, 0);
    assert_int_equal(plan->limits[1].gcra.interval, XPECTO_TICKS_SEC * 12);
    assert_int_equal(plan->limits[1].gcra.tolerance, XPECTO_TICKS_SEC * 12);
    assert_int_equal(plan->limits[1].burst, 1);
    assert_int_equal(plan->limits[1].dry_run, 1);

    assert_int_equal(find(&image, "b", &index), XPECTO_OK);
    plan = xpecto_tenants_get(image.data, index, &tenant);

    name_is(&tenant.name, "globex");
    name_is(&plan->name, "none");
    assert_int_equal(tenant.region.len, 0);
    assert_int_equal(tenant.establishment.n, 0);
    assert_int_equal(tenant.nregions, 0);
    assert_int_equal(tenant.nattest, 0);

    assert_int_equal(find(&image, "c", &index), XPECTO_DECLINED);
    assert_int_equal(find(&image, "", &index), XPECTO_DECLINED);

    free(image.data);
}


static void
an_image_may_move(void **state)
{
    void            *copy;
    uint32_t         index;
    xpecto_err_t     err;
    xpecto_image_t   image, moved;
    xpecto_tenant_t  tenant;

    (void) state;

    assert_int_equal(compile(TENANT("\"plan\": \"growth\", \"keys\": [\""
                                    KEY_A "\"], \"attest\": [\"x\"]"),
                             &image, &err),
                     XPECTO_OK);

    copy = malloc(image.len);
    assert_non_null(copy);
    memcpy(copy, image.data, image.len);
    memset(image.data, 0xff, image.len);
    free(image.data);

    moved.data = copy;
    moved.len = image.len;

    assert_int_equal(find(&moved, "a", &index), XPECTO_OK);
    (void) xpecto_tenants_get(moved.data, index, &tenant);
    name_is(&tenant.attest[0], "x");

    free(copy);
}


static void
nonsense_is_refused_by_path_and_line(void **state)
{
    size_t          i;
    xpecto_err_t    err;
    xpecto_image_t  image;

    static const struct {
        const char  *json;
        const char  *text;
    } bad[] = {
        { "[]", "not an object" },
        { "{ \"plans\": {}, \"tenants\": {} }", "no member \"version\"" },
        { "{ \"version\": 2, \"plans\": {}, \"tenants\": {} }",
          "not version 1 at version, line 1" },
        { "{ \"version\": 1, \"plans\": {}, \"tenants\": {}, \"x\": 1 }",
          "unknown member at x" },
        { TENANT("\"keys\": []"), "no member \"plan\" at tenants.acme, line 2"
        },
        { TENANT("\"plan\": \"growth\""), "no member \"keys\"" },
        { TENANT("\"plan\": \"huge\", \"keys\": []"),
          "unknown plan at tenants.acme.plan, line 2" },
        { TENANT("\"plan\": \"growth\", \"keys\": [], \"color\": 1"),
          "unknown member at tenants.acme.color" },
        { TENANT("\"plan\": \"growth\", \"keys\": [\"sha256:12\"]"),
          "at tenants.acme.keys[0], line 2" },
        { TENANT("\"plan\": \"growth\", \"keys\": [\n7]"),
          "not a string at tenants.acme.keys[0], line 3" },
        { TENANT("\"plan\": \"growth\", \"keys\": [\"" KEY_A "\", \"" KEY_A
                 "\"]"),
          "twice at tenants.acme.keys[1]" },
        { TENANT("\"plan\": \"growth\", \"keys\": [],"
                 " \"establishment\": [\"de\"]"),
          "tenants.acme.establishment[0]" },
        { TENANT("\"plan\": \"growth\", \"keys\": [],"
                 " \"establishment\": [\"DE\", \"DE\"]"),
          "duplicate country at tenants.acme.establishment[1]" },
        { TENANT("\"plan\": \"growth\", \"keys\": [],"
                 " \"phone_number_ids\": [\"+49\"]"),
          "tenants.acme.phone_number_ids[0]" },
        { TENANT("\"plan\": \"growth\", \"keys\": [],"
                 " \"attest\": [\"a b\"]"),
          "tenants.acme.attest[0]" },
        { "{ \"version\": 1, \"plans\": { \"p\": { \"limits\": [ {"
          " \"name\": \"x\", \"kind\": \"rate\", \"rate\": \"fast\" } ] } },"
          " \"tenants\": {} }", "plans.p.limits[0].rate" },
        { "{ \"version\": 1, \"plans\": { \"p\": { \"limits\": [ {"
          " \"name\": \"x\", \"kind\": \"moon\", \"rate\": \"1r/s\" } ] } },"
          " \"tenants\": {} }", "unknown kind at plans.p.limits[0].kind" },
        { "{ \"version\": 1, \"plans\": { \"p\": { \"limits\": [ {"
          " \"name\": \"x\", \"kind\": \"rate\", \"rate\": \"1r/s\","
          " \"burst\": 0 } ] } }, \"tenants\": {} }",
          "a burst below 1 at plans.p.limits[0].burst" },
        { "{ \"version\": 1, \"plans\": { \"p\": { \"limits\": ["
          "{ \"name\": \"x\", \"kind\": \"rate\", \"rate\": \"1r/s\" },"
          "{ \"name\": \"x\", \"kind\": \"rate\", \"rate\": \"2r/s\" }"
          "] } }, \"tenants\": {} }", "duplicate name at plans.p.limits[1]" },
    };

    (void) state;

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(compile(bad[i].json, &image, &err), XPECTO_ERROR);
        assert_null(image.data);

        if (strstr(err.text, bad[i].text) == NULL) {
            fail_msg("case %zu: \"%s\" instead of \"%s\"", i, err.text,
                     bad[i].text);
        }
    }
}


static void
thousands_are_told_apart(void **state)
{
    char             key[16], *json, *p;
    size_t           i, k;
    uint8_t          digest[32];
    uint32_t         index;
    xpecto_err_t     err;
    xpecto_image_t   image;
    xpecto_tenant_t  tenant;

    (void) state;

    json = malloc(200 * 5000 + 1000);
    assert_non_null(json);

    p = json + sprintf(json, "{ \"version\": 1, " PLANS ", \"tenants\": {");

    for (i = 0; i < 5000; i++) {
        (void) snprintf(key, sizeof(key), "key-%zu", i);
        assert_int_equal(xpecto_sha256((uint8_t *) key, strlen(key), digest),
                         XPECTO_OK);

        p += sprintf(p, "%s\"t%zu\": { \"plan\": \"none\", \"keys\": "
                        "[\"sha256:", i ? "," : "", i);

        for (k = 0; k < 32; k++) {
            p += sprintf(p, "%02x", digest[k]);
        }

        p += sprintf(p, "\"] }");
    }

    (void) sprintf(p, "} }");

    assert_int_equal(compile(json, &image, &err), XPECTO_OK);

    for (i = 0; i < 5000; i++) {
        (void) snprintf(key, sizeof(key), "key-%zu", i);
        assert_int_equal(find(&image, key, &index), XPECTO_OK);

        (void) xpecto_tenants_get(image.data, index, &tenant);
        (void) snprintf(key, sizeof(key), "t%zu", i);
        name_is(&tenant.name, key);
    }

    free(image.data);
    free(json);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(what_is_written_is_found),
        cmocka_unit_test(an_image_may_move),
        cmocka_unit_test(nonsense_is_refused_by_path_and_line),
        cmocka_unit_test(thousands_are_told_apart),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
