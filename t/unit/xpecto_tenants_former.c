
/*
 * What the tenants file of now remembers of the ones before it.
 */


#include "xpecto_mac.h"
#include "xpecto_tenants.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>


#define SEC  XPECTO_TICKS_SEC

/* SHA-256 of "a" and "b" (FIPS 180-4) */

#define KEY_A  "sha256:" \
    "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
#define KEY_B  "sha256:" \
    "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d"

#define RATE(rate, more)                                                     \
    "{\"name\":\"burst\",\"kind\":\"rate\",\"rate\":\"" rate "\"," more      \
    "\"burst\":60}"
#define DAILY(n, more)                                                       \
    "{\"name\":\"daily\",\"kind\":\"quota\",\"per\":\"day\"," more           \
    "\"count\":" n "}"


static xpecto_image_t   images[8];
static unsigned         nimages;


static xpecto_rc_e
zone(void *data, const char *name, xpecto_zone_t *z)
{
    (void) data;
    (void) name;
    (void) z;

    return XPECTO_ERROR;
}


static int
teardown(void **state)
{
    (void) state;

    while (nimages != 0) {
        free(images[--nimages].data);
    }

    return 0;
}


/* acme is on the first plan, globex on the one that is named */

static xpecto_image_t *
compile(const char *one, const char *two, const char *globex)
{
    char          *json;
    xpecto_err_t   err;

    json = malloc(4096);
    assert_non_null(json);

    (void) snprintf(json, 4096,
        "{ \"version\": 1, \"plans\": { \"one\": { \"limits\": [%s] },"
        " \"two\": { \"limits\": [%s] } }, \"tenants\": {"
        " \"acme\": { \"plan\": \"one\", \"keys\": [\"" KEY_A "\"] },"
        " \"globex\": { \"plan\": \"%s\", \"keys\": [\"" KEY_B "\"] } } }",
        one, two, globex);

    assert_int_equal(xpecto_tenants_compile((const uint8_t *) json,
                                            strlen(json), zone, NULL,
                                            &images[nimages], &err),
                     XPECTO_OK);
    free(json);

    return &images[nimages++];
}


static xpecto_rc_e
follow(xpecto_image_t *current, xpecto_image_t *next, uint64_t second)
{
    xpecto_err_t  err;

    return xpecto_tenants_follow(current->data, next, second * SEC,
                                 second * XPECTO_USEC, &err);
}


static const xpecto_plan_t *
plan_of(const xpecto_image_t *image, const char *key)
{
    uint8_t          digest[XPECTO_DIGEST_LEN];
    uint32_t         index;
    xpecto_tenant_t  tenant;

    assert_int_equal(xpecto_sha256((const uint8_t *) key, strlen(key),
                                   digest), XPECTO_OK);
    assert_int_equal(xpecto_tenants_find(image->data, digest, &index),
                     XPECTO_OK);

    return xpecto_tenants_get(image->data, index, &tenant);
}


static void
the_same_is_the_same(void **state)
{
    xpecto_image_t  *a, *b, *c;

    (void) state;

    a = compile(RATE("1r/s", ""), DAILY("10", ""), "two");
    b = compile(RATE("1r/s", ""), DAILY("10", ""), "two");

    assert_int_equal(follow(a, b, 1), XPECTO_DECLINED);

    /* also where the one in force has grown */

    b = compile(RATE("2r/s", ""), DAILY("10", ""), "two");
    assert_int_equal(follow(a, b, 1), XPECTO_OK);

    c = compile(RATE("2r/s", ""), DAILY("10", ""), "two");
    assert_true(b->len > c->len);
    assert_int_equal(follow(b, c, 2), XPECTO_DECLINED);
}


static void
a_rate_that_changes_is_remembered(void **state)
{
    xpecto_image_t         *a, *b, *c, *d;
    const xpecto_limit_t   *l;
    const xpecto_plan_t    *plan;

    (void) state;

    a = compile(RATE("1r/s", ""), DAILY("10", ""), "two");
    b = compile(RATE("2r/s", ""), DAILY("20", ""), "two");
    c = compile(RATE("4r/s", ""), DAILY("20", ""), "two");

    assert_int_equal(follow(a, b, 1000), XPECTO_OK);

    plan = plan_of(b, "a");
    l = &plan->limits[0];
    assert_int_equal(l->gcra.interval, SEC / 2);
    assert_int_equal(l->nformer, 1);
    assert_int_equal(l->former[0].terms.interval, SEC);
    assert_int_equal(l->former[0].terms.limit, 60 * SEC);
    assert_int_equal(l->former[0].tick, 1000 * SEC);
    assert_int_equal(l->former[0].wall, 1000 * XPECTO_USEC);
    assert_int_equal(l->former[0].until, 1060 * SEC);
    assert_int_equal(l->former[0].how, XPECTO_INHERIT_AS_IS);

    /* a day's count stays where it is, so does who is on that plan */

    plan = plan_of(b, "b");
    assert_int_equal(plan->limits[0].nformer, 0);
    assert_int_equal(xpecto_tenants_plan_index(b->data, plan), 1);
    assert_int_equal(xpecto_tenants_plan_index(b->data, plan_of(b, "a")), 2);

    /* the latest first; half a minute later both count */

    assert_int_equal(follow(b, c, 1020), XPECTO_OK);
    l = &plan_of(c, "a")->limits[0];
    assert_int_equal(l->nformer, 2);
    assert_int_equal(l->former[0].terms.interval, SEC / 2);
    assert_int_equal(l->former[0].until, 1050 * SEC);
    assert_int_equal(l->former[1].terms.interval, SEC);
    assert_int_equal(l->former[1].tick, 1000 * SEC);

    /* what has run out goes, but through what leads to another one stays */

    d = compile(RATE("4r/s", ""), DAILY("21", ""), "two");
    assert_int_equal(follow(c, d, 1055), XPECTO_OK);
    assert_int_equal(plan_of(d, "a")->limits[0].nformer, 2);

    a = compile(RATE("4r/s", ""), DAILY("22", ""), "two");
    assert_int_equal(follow(d, a, 1060), XPECTO_OK);
    assert_int_equal(plan_of(a, "a")->limits[0].nformer, 0);
    assert_int_equal(xpecto_tenants_plan_index(a->data, plan_of(a, "a")), 0);
}


static void
a_tenant_who_moves_takes_it_along(void **state)
{
    xpecto_image_t        *a, *b;
    const xpecto_limit_t  *l;

    (void) state;

    a = compile(RATE("1r/s", "") "," DAILY("10", "\"inherit\":\"reset\","),
                RATE("5r/s", "") ","
                DAILY("50", "\"inherit\":\"proportional\","), "one");
    b = compile(RATE("1r/s", "") "," DAILY("10", "\"inherit\":\"reset\","),
                RATE("5r/s", "") ","
                DAILY("50", "\"inherit\":\"proportional\","), "two");

    assert_int_equal(follow(a, b, 7), XPECTO_OK);

    assert_int_equal(plan_of(b, "a")->limits[0].nformer, 0);

    l = plan_of(b, "b")->limits;
    assert_int_equal(l[0].nformer, 1);
    assert_int_equal(l[0].former[0].terms.interval, SEC);
    assert_int_equal(l[0].gcra.interval, SEC / 5);
    assert_int_equal(l[1].nformer, 1);
    assert_int_equal(l[1].former[0].terms.limit, 10);
    assert_int_equal(l[1].former[0].how, XPECTO_INHERIT_PROPORTIONAL);

    /* and back: that plan begins anew */

    l = plan_of(a, "b")->limits;
    assert_int_equal(follow(b, a, 8), XPECTO_OK);
    l = plan_of(a, "b")->limits;
    assert_int_equal(l[0].nformer, 2);
    assert_int_equal(l[1].nformer, 0);
}


static void
reset_begins_anew_by_numbers_only(void **state)
{
    xpecto_image_t        *a, *b, *c;
    const xpecto_limit_t  *l;

    (void) state;

    a = compile(DAILY("10", ""), "", "two");
    b = compile(DAILY("10", "\"inherit\":\"reset\","), "", "two");
    c = compile(DAILY("11", "\"inherit\":\"reset\","), "", "two");

    /* another way to take over, and nothing else */

    assert_int_equal(follow(a, b, 1), XPECTO_OK);
    l = plan_of(b, "a")->limits;
    assert_int_equal(l->nformer, 1);
    assert_int_equal(l->former[0].how, XPECTO_INHERIT_AS_IS);
    assert_int_equal(l->former[0].mix, 0);

    assert_int_equal(follow(b, c, 2), XPECTO_OK);
    assert_int_equal(plan_of(c, "a")->limits[0].nformer, 0);
    assert_int_not_equal(plan_of(c, "a")->limits[0].mix, l->mix);
}


static void
kinds_periods_and_names_are_others(void **state)
{
    xpecto_image_t  *a, *b;

    (void) state;

    a = compile(RATE("1r/s", ""), DAILY("10", "\"inherit\":\"proportional\","),
                "two");
    b = compile("{\"name\":\"burst\",\"kind\":\"window\",\"count\":5,"
                "\"window\":\"1m\"}",
                "{\"name\":\"daily\",\"kind\":\"quota\",\"per\":\"week\","
                "\"count\":5,\"inherit\":\"proportional\"}", "two");

    assert_int_equal(follow(a, b, 1), XPECTO_OK);
    assert_int_equal(plan_of(b, "a")->limits[0].nformer, 0);
    assert_int_equal(plan_of(b, "b")->limits[0].nformer, 0);

    a = compile("{\"name\":\"other\",\"kind\":\"window\",\"count\":6,"
                "\"window\":\"2m\"}", "", "two");
    assert_int_equal(follow(b, a, 1), XPECTO_OK);
    assert_int_equal(plan_of(a, "a")->limits[0].nformer, 0);
}


/* as many as are remembered; the oldest goes */

static void
no_more_than_four(void **state)
{
    int                    i;
    char                   limit[160];
    xpecto_image_t        *a, *b;
    const xpecto_limit_t  *l;

    (void) state;

    a = compile(RATE("10r/s", ""), "", "two");

    for (i = 1; i < 7; i++) {
        (void) snprintf(limit, sizeof(limit), RATE("1%dr/s", ""), i);
        b = compile(limit, "", "two");
        assert_int_equal(follow(a, b, (uint64_t) i), XPECTO_OK);
        a = b;
    }

    l = plan_of(a, "a")->limits;
    assert_int_equal(l->nformer, XPECTO_FORMER_MAX);
    assert_int_equal(l->former[0].tick, 6 * SEC);
    assert_int_equal(l->former[3].tick, 3 * SEC);
}


/* other places in the file, and who is new */

static void
tenants_are_known_by_name(void **state)
{
    char            *p, *q;
    size_t           i, n;
    uint8_t          digest[XPECTO_DIGEST_LEN];
    uint32_t         index;
    xpecto_err_t     err;
    xpecto_image_t   image[2];
    xpecto_tenant_t  tenant;
    static char      json[400000];

    (void) state;

    for (n = 0; n < 2; n++) {
        p = json;
        q = json + sizeof(json);

        p += snprintf(p, (size_t) (q - p), "{\"version\":1,\"plans\":{"
                      "\"one\":{\"limits\":[" RATE("%dr/s", "") "]},"
                      "\"two\":{\"limits\":[]}},\"tenants\":{",
                      n == 0 ? 1 : 2);

        for (i = 0; i < 1000; i++) {
            p += snprintf(p, (size_t) (q - p), "%s\"t%zu\":{\"plan\":"
                          "\"%s\",\"keys\":[\"sha256:%064zx\"]}",
                          i ? "," : "", n == 0 ? i : 1100 - i,
                          (n == 0 ? i : 1100 - i) % 2 ? "one" : "two", i);
        }

        (void) snprintf(p, (size_t) (q - p), "}}");

        assert_int_equal(xpecto_tenants_compile((const uint8_t *) json,
                                                strlen(json), zone, NULL,
                                                &image[n], &err), XPECTO_OK);
    }

    assert_int_equal(follow(&image[0], &image[1], 5), XPECTO_OK);

    for (i = 0; i < 1000; i++) {
        memset(digest, 0, sizeof(digest));
        digest[30] = (uint8_t) (i >> 8);
        digest[31] = (uint8_t) i;

        assert_int_equal(xpecto_tenants_find(image[1].data, digest, &index),
                         XPECTO_OK);
        assert_int_equal(index, i);

        /* t101 ... t999 of plan "one" were there before */

        assert_int_equal(xpecto_tenants_get(image[1].data, index, &tenant)
                         ->limits[0].nformer,
                         (1100 - i) % 2 && 1100 - i < 1000);
    }

    free(image[0].data);
    free(image[1].data);
}


static void
what_is_wrong_is_said(void **state)
{
    size_t          i;
    char            json[1024];
    xpecto_err_t    err;
    xpecto_image_t  image;

    static const struct {
        const char  *limit;
        const char  *text;
    } bad[] = {
        { RATE("1r/s", "\"inherit\":\"half\","),
          "not \"as_is\", \"proportional\", \"reset\" at "
          "plans.p.limits[0].inherit, line 1" },
        { "{\"name\":\"c\",\"kind\":\"concurrency\",\"count\":5,"
          "\"inherit\":\"reset\"}",
          "a limit of this kind can be taken over as_is only at "
          "plans.p.limits[0].inherit, line 1" },
        { "{\"name\":\"u\",\"kind\":\"unique\",\"count\":5,"
          "\"window\":\"24h\",\"inherit\":\"proportional\"}",
          "a limit of this kind can be taken over as_is only at "
          "plans.p.limits[0].inherit, line 1" },
        { "{\"name\":\"p\",\"kind\":\"pair\",\"inherit\":\"proportional\"}",
          "a limit of this kind can be taken over as_is only at "
          "plans.p.limits[0].inherit, line 1" },
        { "{\"name\":\"p\",\"kind\":\"whatsapp:reach-250\","
          "\"inherit\":\"reset\"}",
          "a limit of this kind can be taken over as_is only at "
          "plans.p.limits[0].inherit, line 1" },
        { RATE("1r/s", "\"inherit\":1,"),
          "not a string at plans.p.limits[0].inherit, line 1" }
    };

    (void) state;

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        (void) snprintf(json, sizeof(json), "{\"version\":1,\"plans\":{\"p\":"
                        "{\"limits\":[%s]}},\"tenants\":{}}", bad[i].limit);

        assert_int_equal(xpecto_tenants_compile((const uint8_t *) json,
                                                strlen(json), zone, NULL,
                                                &image, &err), XPECTO_ERROR);
        assert_string_equal(err.text, bad[i].text);
    }
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_same_is_the_same, teardown),
        cmocka_unit_test_teardown(a_rate_that_changes_is_remembered, teardown),
        cmocka_unit_test_teardown(a_tenant_who_moves_takes_it_along, teardown),
        cmocka_unit_test_teardown(reset_begins_anew_by_numbers_only, teardown),
        cmocka_unit_test_teardown(kinds_periods_and_names_are_others,
                                  teardown),
        cmocka_unit_test_teardown(no_more_than_four, teardown),
        cmocka_unit_test_teardown(tenants_are_known_by_name, teardown),
        cmocka_unit_test(what_is_wrong_is_said)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
