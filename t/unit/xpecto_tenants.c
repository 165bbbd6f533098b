
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


static char  database[] = "database";


/* the only zone of this database is two hours east */

static xpecto_rc_e
zone(void *data, const char *name, xpecto_zone_t *z)
{
    assert_string_equal((const char *) data, "database");

    if (strcmp(name, "Nowhere/East_2") != 0) {
        return XPECTO_ERROR;
    }

    memset(z, 0, sizeof(xpecto_zone_t));
    z->offset[0] = 7200;

    return XPECTO_OK;
}


static xpecto_rc_e
compile(const char *json, xpecto_image_t *image, xpecto_err_t *err)
{
    memset(err, 0, sizeof(xpecto_err_t));

    return xpecto_tenants_compile((const uint8_t *) json, strlen(json), zone,
                                  database, image, err);
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
        " \"establishment\": [\"IN\", \"CA-QC\", \"DE\", \"US\", \"US-CA\","
        " \"AE-DIFC\"], \"region\": \"eu\","
        " \"allow_regions\": [\"eu\", \"in\"], \"attest\": [\"us_dpf\"],"
        " \"phone_number_ids\": [\"106540352242922\"] },"
        "\"globex\": { \"plan\": \"none\", \"keys\": [\"" KEY_B "\"] } } }",
        &image, &err), XPECTO_OK);

    assert_int_equal(xpecto_tenants_count(image.data), 2);

    assert_int_equal(find(&image, "a", &index), XPECTO_OK);
    plan = xpecto_tenants_get(image.data, index, &tenant);

    name_is(&tenant.name, "acme");
    name_is(&tenant.region, "eu");
    assert_int_equal(tenant.establishment.n, 5);
    assert_int_equal(tenant.establishment.cc[0], XPECTO_COUNTRY('A', 'E'));
    assert_int_equal(tenant.establishment.cc[1], XPECTO_COUNTRY('C', 'A'));
    assert_int_equal(tenant.establishment.cc[2], XPECTO_COUNTRY('D', 'E'));
    assert_int_equal(tenant.establishment.cc[3], XPECTO_COUNTRY('I', 'N'));
    assert_int_equal(tenant.establishment.cc[4], XPECTO_COUNTRY('U', 'S'));
    assert_int_equal(tenant.nseats, 3);
    assert_string_equal(tenant.seats[0], "CA-QC");
    assert_string_equal(tenant.seats[1], "US-CA");
    assert_string_equal(tenant.seats[2], "AE-DIFC");
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
    assert_int_equal(tenant.nseats, 0);
    assert_int_equal(tenant.nregions, 0);
    assert_int_equal(tenant.nattest, 0);

    assert_int_equal(find(&image, "c", &index), XPECTO_DECLINED);
    assert_int_equal(find(&image, "", &index), XPECTO_DECLINED);

    free(image.data);
}


#define LIMITS(limits)                                                       \
    "{ \"version\": 1, \"plans\": { \"p\": { \"limits\": [ " limits         \
    " ] } }, \"tenants\": { \"acme\": { \"plan\": \"p\", \"keys\": [\""     \
    KEY_A "\"] } } }"

#define LIMIT(kind, members)                                                 \
    "{ \"name\": \"n\", \"kind\": \"" kind "\"" members " }"


static void
policy_is(const xpecto_limit_t *limit, const char *expected)
{
    assert_int_equal(limit->policy_len, strlen(expected));
    assert_memory_equal(limit->policy, expected, limit->policy_len);
}


static void
kinds_of_limits(void **state)
{
    uint32_t                index;
    xpecto_err_t            err;
    xpecto_image_t          image;
    xpecto_tenant_t         tenant;
    const xpecto_plan_t    *plan;
    const xpecto_limit_t   *l;
    const xpecto_period_t  *p;

    (void) state;

    assert_int_equal(compile(LIMITS(
        "{ \"name\": \"w\", \"kind\": \"window\", \"count\": 5,"
        " \"window\": \"90s\" },"
        "{ \"name\": \"s\", \"kind\": \"sliding\", \"count\": 1048575,"
        " \"window\": \"24h\" },"
        "{ \"name\": \"d\", \"kind\": \"quota\", \"count\": 4294967295,"
        " \"per\": \"day\", \"zone\": \"Nowhere/East_2\" },"
        "{ \"name\": \"k\", \"kind\": \"quota\", \"count\": 1,"
        " \"per\": \"week\", \"anchor\": 7, \"zone\": \"-03:30\" },"
        "{ \"name\": \"m\", \"kind\": \"quota\", \"count\": 2,"
        " \"per\": \"month\", \"anchor\": 31, \"dry_run\": true },"
        "{ \"name\": \"e\", \"kind\": \"quota\", \"count\": 3,"
        " \"per\": \"lifetime\" },"
        "{ \"name\": \"d2\", \"kind\": \"quota\", \"count\": 7,"
        " \"per\": \"day\", \"zone\": \"+02:00\" }"),
        &image, &err), XPECTO_OK);

    assert_int_equal(find(&image, "a", &index), XPECTO_OK);
    plan = xpecto_tenants_get(image.data, index, &tenant);
    assert_int_equal(plan->nlimits, 7);

    l = &plan->limits[0];
    p = xpecto_tenants_period(image.data, l->period);
    policy_is(l, "\"w\";q=5;w=90");
    assert_int_equal(l->meter, XPECTO_METER_COUNT);
    assert_int_equal(l->count.limit, 5);
    assert_int_equal(p->per, XPECTO_PERIOD_SECONDS);
    assert_int_equal(p->length, 90);

    l = &plan->limits[1];
    p = xpecto_tenants_period(image.data, l->period);
    policy_is(l, "\"s\";q=1048575;w=86400");
    assert_int_equal(l->meter, XPECTO_METER_SLIDE);
    assert_int_equal(l->count.limit, 1048575);
    assert_int_equal(p->length, 86400);

    l = &plan->limits[2];
    p = xpecto_tenants_period(image.data, l->period);
    policy_is(l, "\"d\";q=4294967295;w=86400");
    assert_int_equal(l->meter, XPECTO_METER_COUNT);
    assert_int_equal(p->per, XPECTO_PERIOD_DAY);
    assert_int_equal(p->zone.offset[0], 7200);

    l = &plan->limits[3];
    p = xpecto_tenants_period(image.data, l->period);
    policy_is(l, "\"k\";q=1;w=604800");
    assert_int_equal(p->per, XPECTO_PERIOD_WEEK);
    assert_int_equal(p->anchor, 7);
    assert_int_equal(p->zone.offset[0], -12600);

    l = &plan->limits[4];
    p = xpecto_tenants_period(image.data, l->period);
    policy_is(l, "\"m\";q=2");
    assert_int_equal(l->dry_run, 1);
    assert_int_equal(p->per, XPECTO_PERIOD_MONTH);
    assert_int_equal(p->anchor, 31);
    assert_int_equal(p->zone.offset[0], 0);

    l = &plan->limits[5];
    p = xpecto_tenants_period(image.data, l->period);
    policy_is(l, "\"e\";q=3");
    assert_int_equal(p->per, XPECTO_PERIOD_EVER);

    /* two hours east as well: it is the same period */

    assert_int_equal(plan->limits[6].period, plan->limits[2].period);
    assert_int_equal(plan->limits[6].count.limit, 7);

    free(image.data);
}


static void
how_a_limit_is_enforced(void **state)
{
    uint32_t               index;
    xpecto_err_t           err;
    xpecto_image_t         image;
    xpecto_tenant_t        tenant;
    const xpecto_plan_t   *plan;

    (void) state;

    assert_int_equal(compile("{ \"version\": 1, \"plans\": { \"p\": {"
        " \"limits\": [ { \"name\": \"a\", \"kind\": \"rate\","
        " \"rate\": \"1r/s\", \"status\": 503, \"enforce\": \"12.5%\" },"
        " { \"name\": \"b\", \"kind\": \"window\", \"count\": 1,"
        " \"window\": \"1s\" } ] } }, \"tenants\": {"
        " \"acme\": { \"plan\": \"p\", \"keys\": [\"" KEY_A "\"],"
        " \"dry_run\": true },"
        " \"globex\": { \"plan\": \"p\", \"keys\": [\"" KEY_B "\"] } } }",
        &image, &err), XPECTO_OK);

    assert_int_equal(find(&image, "a", &index), XPECTO_OK);
    plan = xpecto_tenants_get(image.data, index, &tenant);

    assert_int_equal(tenant.dry_run, 1);
    assert_int_equal(plan->limits[0].status, 503);
    assert_int_equal(plan->limits[0].enforce, 1250);
    assert_int_equal(plan->limits[1].status, 0);
    assert_int_equal(plan->limits[1].enforce, XPECTO_ENFORCE_ALL);

    assert_int_equal(find(&image, "b", &index), XPECTO_OK);
    (void) xpecto_tenants_get(image.data, index, &tenant);

    assert_int_equal(tenant.dry_run, 0);

    free(image.data);
}


static void
limits_that_are_refused(void **state)
{
    size_t          i;
    xpecto_err_t    err;
    xpecto_image_t  image;

    static const struct {
        const char  *json;
        const char  *text;
    } bad[] = {
        { LIMITS(LIMIT("bucket", "")), "kind" },
        { LIMITS(LIMIT("rate", ", \"rate\": \"1r/s\", \"status\": 399")),
          "not 400 to 599" },
        { LIMITS(LIMIT("rate", ", \"rate\": \"1r/s\", \"status\": 600")),
          "not 400 to 599" },
        { LIMITS(LIMIT("rate", ", \"rate\": \"1r/s\", \"status\":"
                       " \"429\"")), "status" },
        { LIMITS(LIMIT("rate", ", \"rate\": \"1r/s\", \"enforce\": 50")),
          "enforce" },
        { LIMITS(LIMIT("rate", ", \"rate\": \"1r/s\", \"enforce\":"
                       " \"100.01%\"")), "\"0%\" to \"100%\"" },
        { LIMITS(LIMIT("rate", ", \"rate\": \"1r/s\", \"dry_run\": 1")),
          "dry_run" },
        { LIMITS(LIMIT("window", ", \"window\": \"1s\"")), "count" },
        { LIMITS(LIMIT("window", ", \"count\": 0, \"window\": \"1s\"")),
          "not 1 to 4294967295" },
        { LIMITS(LIMIT("window",
                       ", \"count\": 4294967296, \"window\": \"1s\"")),
          "not 1 to 4294967295" },
        { LIMITS(LIMIT("sliding",
                       ", \"count\": 1048576, \"window\": \"1s\"")),
          "not 1 to 1048575" },
        { LIMITS(LIMIT("sliding",
                       ", \"count\": 1, \"window\": \"25h\"")),
          "at most a day" },
        { LIMITS(LIMIT("window", ", \"count\": 1, \"window\": \"0s\"")),
          "not a time" },
        { LIMITS(LIMIT("window", ", \"count\": 1, \"window\": \"s\"")),
          "not a time" },
        { LIMITS(LIMIT("window", ", \"count\": 1, \"window\": \"10\"")),
          "not a time" },
        { LIMITS(LIMIT("window", ", \"count\": 1, \"window\": \"32d\"")),
          "at most 31 days" },
        { LIMITS(LIMIT("window", ", \"count\": 1, \"window\":"
                       " \"99999999999999999999s\"")), "not a time" },
        { LIMITS(LIMIT("window", ", \"count\": 1, \"window\": \"1s\","
                       " \"per\": \"day\"")), "per" },
        { LIMITS(LIMIT("quota", ", \"count\": 1, \"per\": \"year\"")),
          "\"month\"" },
        { LIMITS(LIMIT("quota", ", \"count\": 1, \"per\": \"day\","
                       " \"anchor\": 1")), "anchor" },
        { LIMITS(LIMIT("quota", ", \"count\": 1, \"per\": \"week\","
                       " \"anchor\": 8")), "1 to 7" },
        { LIMITS(LIMIT("quota", ", \"count\": 1, \"per\": \"month\","
                       " \"anchor\": 0")), "1 to 31" },
        { LIMITS(LIMIT("quota", ", \"count\": 1, \"per\": \"day\","
                       " \"zone\": \"Nowhere/West\"")), "no time zone" },
        { LIMITS(LIMIT("quota", ", \"count\": 1, \"per\": \"day\","
                       " \"zone\": \"../../etc/passwd\"")), "not the name" },
        { LIMITS(LIMIT("quota", ", \"count\": 1, \"per\": \"day\","
                       " \"zone\": \"/etc/passwd\"")), "not the name" },
        { LIMITS(LIMIT("quota", ", \"count\": 1, \"per\": \"day\","
                       " \"zone\": \"\"")), "not the name" }
    };

    (void) state;

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {

        if (compile(bad[i].json, &image, &err) != XPECTO_ERROR
            || strstr(err.text, bad[i].text) == NULL
            || strstr(err.text, "plans.p.limits[0]") == NULL)
        {
            print_error("%s: %s\n", bad[i].json, err.text);
            fail();
        }

        assert_null(image.data);
    }
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
          "unknown plan, not growth, none at tenants.acme.plan, line 2" },
        { TENANT("\"plan\": \"growth\", \"keys\": [], \"color\": 1"),
          "unknown member at tenants.acme.color" },
        { TENANT("\"plan\": \"growth\", \"keys\": [], \"allow_regions\": []"),
          "an empty list: without it all regions are allowed at "
          "tenants.acme.allow_regions" },
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
                 " \"establishment\": [\"CA-QC\", \"CA-QC\"]"),
          "duplicate subdivision at tenants.acme.establishment[1]" },
        { TENANT("\"plan\": \"growth\", \"keys\": [],"
                 " \"establishment\": [\"CA-qc\"]"),
          "nor one of its subdivisions at tenants.acme.establishment[0]" },
        { TENANT("\"plan\": \"growth\", \"keys\": [],"
                 " \"establishment\": [\"CA-\"]"),
          "nor one of its subdivisions at tenants.acme.establishment[0]" },
        { TENANT("\"plan\": \"growth\", \"keys\": [],"
                 " \"establishment\": [\"CA-QUEBE\"]"),
          "nor one of its subdivisions at tenants.acme.establishment[0]" },
        { TENANT("\"plan\": \"growth\", \"keys\": [],"
                 " \"establishment\": [\"\"]"),
          "nor one of its subdivisions at tenants.acme.establishment[0]" },
        { TENANT("\"plan\": \"growth\", \"keys\": [], \"establishment\": ["
                 "\"US-A\", \"US-B\", \"US-C\", \"US-D\", \"US-E\","
                 "\"US-F\", \"US-G\", \"US-H\", \"US-I\"]"),
          "too many subdivisions at tenants.acme.establishment[8]" },
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
          " \"tenants\": {} }",
          "not rate, window, sliding, quota, pair, concurrency, unique or one "
          "of Meta's at plans.p.limits[0].kind" },
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
        cmocka_unit_test(kinds_of_limits),
        cmocka_unit_test(how_a_limit_is_enforced),
        cmocka_unit_test(limits_that_are_refused),
        cmocka_unit_test(an_image_may_move),
        cmocka_unit_test(nonsense_is_refused_by_path_and_line),
        cmocka_unit_test(thousands_are_told_apart),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
