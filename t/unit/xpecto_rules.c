
/*
 * The rules file: what is refused, with which words, and where.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_transfer.h"


/* two countries, a law each, one decision, one restriction */

#define REGIMES                                                              \
    "\"regimes\": {"                                                         \
    "\"L2\": {\"number\": 7, \"transfer_model\": \"none\", "                 \
    "\"reach\": \"targeting\", \"min_age\": 13},"                            \
    "\"L1\": {\"number\": 3, \"transfer_model\": \"mixed\", "                \
    "\"reach\": \"establishment_or_equipment\", "                            \
    "\"consent_default\": \"opt_out\"}}"

#define COUNTRIES                                                            \
    "\"countries\": ["                                                       \
    "{\"code\": \"YY\", \"regimes\": [\"L2\", \"L1\"]},"                     \
    "{\"code\": \"AA\", \"regimes\": [\"L1\"], \"min_age\": 16}]"

#define DECISIONS                                                            \
    "\"decisions\": [{\"from\": \"L1\", \"to\": \"YY\", "                    \
    "\"basis\": \"adequate\", \"instrument\": \"i\", "                       \
    "\"since\": \"2024-02-29\", \"verified\": \"V2\"}]"

#define REGIME(id)                                                           \
    "{\"regimes\": {\"" id "\": {\"number\": 1, \"transfer_model\": "         \
    "\"none\", \"reach\": \"targeting\"}}," COUNTRIES "}"

#define HEIR(id, number, from)                                               \
    "\"" id "\": {\"number\": " number ", \"transfer_model\": \"none\", "      \
    "\"reach\": \"link\", \"inherits_decisions_from\": \"" from "\"}"

#define DECISION(from, to, more)                                             \
    "{\"from\": \"" from "\", \"to\": \"" to "\", \"instrument\": \"i\", "     \
    more "}"

#define DECIDED(list)                                                        \
    "{" REGIMES "," COUNTRIES ", \"decisions\": [" list "]," RESTRICTIONS "}"

#define RESTRICTION                                                          \
    "{\"id\": \"r\", \"origin_regime\": \"L2\", \"to\": \"*\", "             \
    "\"effect\": \"blocked\"}"

#define RESTRICTIONS  "\"restrictions\": [" RESTRICTION "]"

#define AREAS(list)                                                          \
    "{" REGIMES "," COUNTRIES ", \"subdivisions\": [" list "],"              \
    DECISIONS "," RESTRICTIONS "}"

#define LAW  "{" REGIMES "," COUNTRIES "," DECISIONS "," RESTRICTIONS "}"

#define SUBPROCESSOR(path)                                                   \
    "{" HEAD ", \"subprocessors\": {\"m\": {\"countries\": [\"AA\"], "         \
    "\"paths\": [\"" path "\"]}}}"

#define RULE(id, cond)                                                       \
    "{\"id\": \"" id "\", \"if\": {" cond "}, "                               \
    "\"then\": {\"action\": \"deny\"}}"

#define HEAD                                                                 \
    "\"schema\": 1, \"version\": \"v\", \"data\": {\"jurisdictions\": \"j\"}"


typedef struct {
    const char  *json;
    const char  *why;
} refused_t;


static xpecto_rc_e
compile(const char *rules, const char *law, xpecto_image_t *image,
    xpecto_err_t *err)
{
    xpecto_str_t  r, l;

    r.data = (const uint8_t *) rules;
    r.len = strlen(rules);
    l.data = (const uint8_t *) law;
    l.len = strlen(law);

    err->text[0] = '\0';

    return xpecto_rules_compile(r, l, image, err);
}


static void
test_small(void **state)
{
    xpecto_str_t           id;
    xpecto_err_t           err;
    xpecto_image_t         image;
    const xpecto_rules_t  *r;

    assert_int_equal(compile("{" HEAD "}", LAW, &image, &err), XPECTO_OK);

    r = image.data;
    assert_int_equal(r->nregimes, 2);
    assert_int_equal(r->ncountries, 2);
    assert_int_equal(r->status, 451);
    assert_int_equal(r->unknown, XPECTO_ACTION_DENY);
    assert_int_equal(r->operator, XPECTO_RULES_NONE);
    assert_int_equal(r->signals[XPECTO_SIGNAL_INVALID_NUMBER],
                     XPECTO_SIGNAL_DENY);

    /* sorted by id and code, the territorial regime kept apart */

    id = xpecto_rules_text(r, r->regimes[0].id);
    assert_memory_equal(id.data, "L1", 2);
    assert_int_equal(r->regimes[0].number, 3);
    assert_int_equal(r->regimes[0].needs_establishment, 1);
    assert_int_equal(r->regimes[0].free, 0);
    assert_int_equal(r->regimes[1].free, 1);

    assert_int_equal(xpecto_rules_country(r, XPECTO_COUNTRY('A', 'A')), 0);
    assert_int_equal(xpecto_rules_country(r, XPECTO_COUNTRY('Y', 'Y')), 1);
    assert_int_equal(xpecto_rules_country(r, XPECTO_COUNTRY('D', 'E')),
                     XPECTO_RULES_NONE);
    assert_int_equal(xpecto_rules_country(r, 0), XPECTO_RULES_NONE);
    assert_int_equal(xpecto_rules_country(r, 1), XPECTO_RULES_NONE);
    assert_int_equal(xpecto_rules_country(r, 0xffff), XPECTO_RULES_NONE);

    assert_int_equal(r->countries[1].territorial, 1);
    assert_int_equal(r->countries[1].nregimes, 2);
    assert_int_equal(r->countries[1].regimes[0], 0);
    assert_int_equal(r->countries[1].min_age, 13);
    assert_int_equal(r->countries[0].min_age, 16);
    assert_int_equal(r->countries[0].opt_out, 1);

    assert_int_equal(r->nrows, 1);
    assert_int_equal(r->regimes[0].row[1], 1);
    assert_int_equal(r->rows[0].since, 19782);

    free(image.data);
    (void) state;
}


static void
test_position_independent(void **state)
{
    uint8_t         *copy;
    xpecto_str_t     name;
    xpecto_err_t     err;
    xpecto_image_t   image;

    const xpecto_region_t  *region;

    assert_int_equal(compile("{" HEAD ", \"regions\": {\"eu\": {\"country\": "
                             "\"AA\", \"upstream\": \"be_eu\"}}}", LAW,
                             &image, &err), XPECTO_OK);

    copy = malloc(image.len + 64);
    memcpy(copy + 64, image.data, image.len);
    memset(image.data, 0xff, image.len);
    free(image.data);

    name.data = (const uint8_t *) "eu";
    name.len = 2;
    region = xpecto_rules_region((void *) (copy + 64), name);
    assert_non_null(region);

    name = xpecto_rules_text((void *) (copy + 64), region->upstream);
    assert_int_equal(name.len, 5);
    assert_memory_equal(name.data, "be_eu", 5);

    name.len = 1;
    assert_null(xpecto_rules_region((void *) (copy + 64), name));

    free(copy);
    (void) state;
}


static void
test_refused(void **state)
{
    size_t          i;
    xpecto_err_t    err;
    xpecto_image_t  image;

    static const refused_t  refused[] = {
        { "", "line 1" },
        { "{", "line 1" },
        { "[]", "an object" },
        { "{\"schema\": 1,\n \"schema\": 1}", "line 2" },
        { "{\"version\": \"v\"}", "schema" },
        { "{\"schema\": 2, \"version\": \"v\"}", "schema" },
        { "{\"schema\": \"1\"}", "schema" },
        { "{" HEAD ",\n\"tenants\": {}}", "line 2" },
        { "{" HEAD ",\n\"mode\": \"enforce\"}", "mode" },
        { "{\"schema\": 1, \"version\": \"v\"}", "data" },
        { "{\"schema\": 1, \"version\": \"v\", \"data\": {\"jurisdictions\": "
          "\"j\", \"min_level\": \"V4\"}}",
          "not one of V1, V2, V3 at data.min_level" },
        { "{" HEAD ", \"expires\": \"2026-02-29\"}", "not a date" },
        { "{" HEAD ", \"expires\": \"2026-2-1\"}", "not a date" },
        { "{" HEAD ", \"expires\": \"2026-13-01\"}", "not a date" },
        { "{" HEAD ", \"operator\": {\"establishment\": \"DE\"}}",
          "unknown country" },
        { "{" HEAD ", \"operator\": {\"establishment\": \"aa\"}}",
          "country code" },
        { "{" HEAD ", \"unknown\": {\"action\": \"drop\"}}",
          "unknown.action" },
        { "{" HEAD ", \"unknown\": {\"as\": \"local\"}}", "unknown.as" },
        { "{" HEAD ", \"on\": {\"private_ip\": \"allow\"}}",
          "on.private_ip" },
        { "{" HEAD ", \"on\": {\"conflict\": \"mildest\"}}", "on.conflict" },
        { "{" HEAD ", \"basis_action\": {\"local\": 1}}",
          "basis_action.local" },
        { "{" HEAD ", \"basis_action\": {\"locl\": \"deny\"}}", "locl" },
        { "{" HEAD ", \"deny\": {\"status\": 418}}", "neither 403 nor 451" },
        { "{" HEAD ", \"deny\": {\"status\": 500}}",
          "neither 403 nor 451 at deny.status" },
        { "{" HEAD ", \"deny\": {\"blocked_by\": \"https://a/>\"}}",
          "not a URI" },
        { "{" HEAD ", \"deny\": {\"type\": \"a\\r\\nb: c\"}}", "not a URI" },
        { "{" HEAD ", \"regions\": {\"eu\": {\"country\": \"AA\"}}}",
          "upstream" },
        { "{" HEAD ", \"regions\": {\"e u\": {\"country\": \"AA\", "
          "\"upstream\": \"u\"}}}", "a name is of" },
        { "{" HEAD ", \"regions\": {\"eu\": {\"country\": \"AA\", "
          "\"upstream\": \"u/\"}}}", "a name is of" },
        { "{" HEAD ", \"subprocessors\": {\"m\": {\"countries\": [1]}}}",
          "countries[0]" },
        { "{" HEAD ", \"subprocessors\": {\"m\": {\"countries\": [\"AA\"], "
          "\"paths\": [\"v1\"]}}}", "begins with a slash" },
        { SUBPROCESSOR("/**/messages"), "no path of a request is so" },
        { SUBPROCESSOR("/v*/*/messages/"), "no path of a request is so" },
        { SUBPROCESSOR("/v*//*/messages"), "no path of a request is so" },
        { SUBPROCESSOR("/v*/%6dessages"), "no path of a request is so" },
        { SUBPROCESSOR("/v*/messages?x"), "no path of a request is so" },
        { "{" HEAD ", \"attestations\": {\"a\": {"
          "\"expires\": \"2027-01-01\", \"needs\": [\"a\"]}}}",
          "an attestation that needs itself at attestations.a" },
        { "{" HEAD ", \"attestations\": {\"a\": {"
          "\"expires\": \"2027-01-01\", \"needs\": [\"b\"]}, \"b\": {"
          "\"expires\": \"2027-01-01\", \"needs\": [\"c\"]}, \"c\": {"
          "\"expires\": \"2027-01-01\", \"needs\": [\"b\"]}}}",
          "an attestation that needs itself at attestations.b" },
        { "{" HEAD ", \"subprocessors\": {\"m\": {\"countries\": [\"AA\"], "
          "\"paths\": []}}}", "1 to 8 paths" },
        { "{" HEAD ", \"unknown\": {\"action\": \"allow\", "
          "\"as\": \"strict\"}}",
          "\"strict\" and \"allow\" contradict at unknown" },
        { "{" HEAD ", \"attestations\": {\"a\": {}}}", "expires" },
        { "{" HEAD ", \"attestations\": {\"a\": {\"expires\": "
          "\"2027-01-01\", \"signed\": \"2027-01-02\"}}}",
          "it was signed or checked after it expires at attestations.a" },
        { "{" HEAD ", \"attestations\": {\"a\": {\"expires\": "
          "\"2027-01-01\", \"checked\": \"2099-01-01\"}}}",
          "it was signed or checked after it expires at attestations.a" },
        { "{" HEAD ", \"attestations\": {\"a\": {\"expires\": "
          "\"2027-01-01\", \"needs\": [\"b\"]}}}", "not defined" },
        { "{" HEAD ", \"attestations\": {\"a\": {\"expires\": "
          "\"2027-01-01\", \"covers\": [\"L1\"]}}}", "covers" },
        { "{" HEAD ", \"attestations\": {\"safeguards\": {\"expires\": "
          "\"2027-01-01\"}}}", "covers" },
        { "{" HEAD ", \"attestations\": {\"safeguards:AA\": {\"expires\": "
          "\"2027-01-01\", \"covers\": [\"L3\"]}}}", "unknown regime" },
        { "{" HEAD ", \"attestations\": {\"safeguards:DE\": {\"expires\": "
          "\"2027-01-01\", \"covers\": [\"L1\"]}}}", "unknown country" },
        { "{" HEAD ", \"rules\": [{\"id\": \"r\", \"if\": {}, \"then\": "
          "{\"action\": \"deny\"}}]}", "no condition" },
        { "{" HEAD ", \"rules\": [{\"id\": \"r\", \"if\": {\"regime\": "
          "\"L2\", \"origin\": [\"AA\"]}, \"then\": {\"action\": "
          "\"deny\"}}]}", "no country of \"origin\"" },
        { "{" HEAD ", \"rules\": [{\"id\": \"r\", \"if\": {\"dest\": [], "
          "\"dest_not\": []}, \"then\": {\"action\": \"deny\"}}]}",
          "exclude each other" },
        { "{" HEAD ", \"rules\": [" RULE("r", "\"dest\": []") "]}",
          "an empty list at rules[0].if.dest" },
        { "{" HEAD ", \"rules\": [" RULE("r", "\"dest_not\": []") "]}",
          "an empty list at rules[0].if.dest_not" },
        { "{" HEAD ", \"rules\": [" RULE("r", "\"regime\": \"L1\", "
          "\"origin\": []") "]}", "an empty list at rules[0].if.origin" },
        { "{" HEAD ", \"rules\": [" RULE("r", "\"dest\": [\"AA\"]") ","
          RULE("q", "\"dest\": [\"AA\"]") ","
          RULE("r", "\"dest\": [\"YY\"]") "]}",
          "id of another rule at rules[2].id" },
        { "{" HEAD ", \"subprocessors\": {\"m\": {\"countries\": []}}}",
          "an empty list at subprocessors.m.countries" },
        { "{" HEAD ", \"attestations\": {\"safeguards\": {\"expires\": "
          "\"2027-01-01\", \"covers\": []}}}",
          "an empty list at attestations.safeguards.covers" },
        { "{" HEAD ", \"rules\": [{\"id\": \"r\", \"if\": {\"regime\": "
          "\"L1\"}, \"then\": {\"action\": \"allow\", \"code\": 451}}]}",
          "only \"deny\"" },
        { "{" HEAD ", \"rules\": [\n{\"id\": \"r\", \"if\": {\"regime\":\n"
          "\"L9\"}, \"then\": {\"action\": \"deny\"}}]}",
          "rules[0].if.regime, line 3" },
    };

    for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        assert_int_equal(compile(refused[i].json, LAW, &image, &err),
                         XPECTO_ERROR);

        if (strstr(err.text, refused[i].why) == NULL) {
            fail_msg("%s\nis refused with: %s", refused[i].json, err.text);
        }
    }

    (void) state;
}


/* a place that does not say it has what its strictest law says */

static void
test_strictest(void **state)
{
    xpecto_err_t           err;
    xpecto_image_t         image;
    const xpecto_rules_t  *r;

    (void) state;

    assert_int_equal(compile("{" HEAD "}",
        "{\"regimes\": {"
        "\"M1\": {\"number\": 1, \"transfer_model\": \"none\", "
        "\"reach\": \"targeting\", \"min_age\": 13, "
        "\"consent_default\": \"opt_out\"},"
        "\"M2\": {\"number\": 2, \"transfer_model\": \"none\", "
        "\"reach\": \"targeting\", \"min_age\": 16, "
        "\"consent_default\": \"opt_in\"},"
        "\"M3\": {\"number\": 3, \"transfer_model\": \"none\", "
        "\"reach\": \"targeting\", \"min_age\": 14, "
        "\"consent_default\": \"opt_out\"},"
        "\"M4\": {\"number\": 4, \"transfer_model\": \"none\", "
        "\"reach\": \"targeting\"}},"
        "\"countries\": ["
        "{\"code\": \"AA\", \"regimes\": [\"M1\", \"M3\"]},"
        "{\"code\": \"BB\", \"regimes\": [\"M1\", \"M2\"]},"
        "{\"code\": \"CC\", \"regimes\": [\"M4\"]}],"
        "\"subdivisions\": ["
        "{\"code\": \"CC-1\", \"regimes\": [\"M1\", \"M2\"]},"
        "{\"code\": \"CC-2\", \"regimes\": [\"M1\", \"M3\"]},"
        "{\"code\": \"CC-3\", \"regimes\": [\"M3\", \"M1\"]},"
        "{\"code\": \"BB-1\", \"regimes\": [\"M2\", \"M3\", \"M4\"]}],"
        "\"decisions\": [], \"restrictions\": []}",
        &image, &err), XPECTO_OK);

    r = image.data;

    assert_int_equal(r->countries[0].min_age, 14);
    assert_int_equal(r->countries[0].opt_out, 1);
    assert_int_equal(r->countries[1].min_age, 16);
    assert_int_equal(r->countries[1].opt_out, 0);
    assert_int_equal(r->countries[2].min_age, 0);
    assert_int_equal(r->countries[2].opt_out, 0);

    /* of BB-1 M2 is asked for the country; M4 says nothing */

    assert_string_equal(r->areas[0].code, "BB-1");
    assert_int_equal(r->areas[0].min_age, 14);
    assert_int_equal(r->areas[0].opt_out, 0);

    assert_string_equal(r->areas[1].code, "CC-1");
    assert_int_equal(r->areas[1].min_age, 16);
    assert_int_equal(r->areas[1].opt_out, 0);
    assert_int_equal(r->areas[2].min_age, 14);
    assert_int_equal(r->areas[2].opt_out, 1);
    assert_int_equal(r->areas[3].min_age, 14);
    assert_int_equal(r->areas[3].opt_out, 1);

    free(image.data);
}


/* in order, with what the country does not have, if anything */

static void
test_areas(void **state)
{
    xpecto_err_t           err;
    xpecto_image_t         image;
    const xpecto_rules_t  *r;

    assert_int_equal(compile("{" HEAD "}", AREAS(
                "{\"code\": \"AA-Z9\", \"regimes\": [\"L1\", \"L2\"]},"
                "{\"code\": \"YY-A\", \"regimes\": [\"L1\", \"L2\"]},"
                "{\"code\": \"AA-AB\", \"regimes\": [\"L2\"], "
                "\"min_age\": 15, \"consent_default\": \"opt_out\", "
                "\"opt_out_signal_from\": \"1970-01-11\"},"
                "{\"code\": \"AA-B\", \"regimes\": [\"L1\"], "
                "\"opt_out_signal_from\": \"1970-01-09\"}"),
                             &image, &err), XPECTO_OK);

    r = image.data;
    assert_int_equal(r->nareas, 4);
    assert_string_equal(r->areas[0].code, "AA-AB");
    assert_int_equal(r->areas[0].min_age, 15);
    assert_int_equal(r->areas[0].opt_out, 1);
    assert_string_equal(r->areas[1].code, "AA-B");
    assert_int_equal(r->areas[1].nregimes, 0);
    assert_string_equal(r->areas[2].code, "AA-Z9");
    assert_int_equal(r->areas[2].nregimes, 1);
    assert_int_equal(r->areas[2].regimes[0], 1);
    assert_int_equal(r->areas[2].min_age, 13);
    assert_int_equal(r->areas[2].opt_out, 0);

    /* the first day of all parts, also of one without a law of its own */

    assert_int_equal(r->countries[0].signal, 8);
    assert_int_equal(r->countries[1].signal, INT32_MAX);

    assert_int_equal(r->areas[3].nregimes, 0);
    assert_int_equal(xpecto_rules_area(r, "YY-A"), 0);
    assert_true(xpecto_rules_area_known(r, "YY-A"));
    assert_true(xpecto_rules_area_known(r, "AA-AB"));
    assert_false(xpecto_rules_area_known(r, "AA-A"));
    assert_false(xpecto_rules_area_known(r, ""));

    assert_int_equal(xpecto_rules_area(r, "AA-AB"), 1);
    assert_int_equal(xpecto_rules_area(r, "AA-Z9"), 4);
    assert_int_equal(xpecto_rules_area(r, "YY-A"), 0);
    assert_int_equal(xpecto_rules_area(r, ""), 0);

    free(image.data);
    (void) state;
}


/* what is stricter than the country counts, without a law of its own, too */

static void
test_strict_areas(void **state)
{
    uint64_t               age, asks;
    xpecto_set_t           set;
    xpecto_err_t           err;
    xpecto_image_t         image;
    const xpecto_rules_t  *r;

    (void) state;

    assert_int_equal(compile("{" HEAD "}", AREAS(
                "{\"code\": \"AA-A\", \"regimes\": [\"L1\"], "
                "\"min_age\": 17},"
                "{\"code\": \"AA-B\", \"regimes\": [\"L1\"], "
                "\"consent_default\": \"opt_in\"},"
                "{\"code\": \"AA-C\", \"regimes\": [\"L1\"]},"
                "{\"code\": \"AA-D\", \"regimes\": [\"L1\"], "
                "\"min_age\": 15, \"consent_default\": \"opt_out\"},"
                "{\"code\": \"YY-A\", \"regimes\": [\"L2\"], "
                "\"consent_default\": \"opt_out\"}"),
                             &image, &err), XPECTO_OK);

    r = image.data;
    memset(&set, 0, sizeof(xpecto_set_t));
    xpecto_set_add(&set, xpecto_rules_country(r, XPECTO_COUNTRY('A', 'A')));

    age = xpecto_rules_area(r, "AA-A");
    asks = xpecto_rules_area(r, "AA-B");

    assert_int_equal(age, 1);
    assert_int_equal(xpecto_transfer_min_age(r, &set, 0, 0), 16);
    assert_int_equal(xpecto_transfer_min_age(r, &set, age, 0), 17);
    assert_true(xpecto_transfer_opt_out(r, &set, age));

    assert_int_equal(asks, 2);
    assert_int_equal(xpecto_transfer_min_age(r, &set, asks, 0), 16);
    assert_true(xpecto_transfer_opt_out(r, &set, 0));
    assert_false(xpecto_transfer_opt_out(r, &set, asks));

    /* nothing of its own, or what is milder */

    assert_int_equal(xpecto_rules_area(r, "AA-C"), 0);
    assert_int_equal(xpecto_rules_area(r, "AA-D"), 0);
    assert_int_equal(xpecto_rules_area(r, "YY-A"), 0);
    assert_true(xpecto_rules_area_known(r, "AA-C"));

    free(image.data);
}


static void
test_refused_law(void **state)
{
    size_t          i;
    xpecto_err_t    err;
    xpecto_image_t  image;

    static const refused_t  refused[] = {
        { "{", "line 1" },
        { "{" REGIMES "," COUNTRIES "," DECISIONS "}", "restrictions" },
        { "{\"more\": 1," REGIMES "," COUNTRIES "," DECISIONS ","
          RESTRICTIONS "}", "more" },
        { "{\"regimes\": {\"AA\": {\"number\": 1, \"transfer_model\": "
          "\"none\", \"reach\": \"link\"}, \"BB\": {\"number\": 1, "
          "\"transfer_model\": \"none\", \"reach\": \"link\"}},"
          COUNTRIES "}", "number of another regime" },
        { "{\"regimes\": {\"A\": {\"number\": 0, \"transfer_model\": "
          "\"none\", \"reach\": \"link\"}}," COUNTRIES "}",
          "not 1 to 65535 at regimes.A.number" },
        { "{\"regimes\": {\"A\": {\"number\": 1, \"transfer_model\": "
          "\"nothing\", \"reach\": \"link\"}}," COUNTRIES "}",
          "transfer_model" },
        { "{" REGIMES ", \"countries\": [{\"code\": \"AA\", \"regimes\": "
          "[]}]}", "1 to 4 regimes" },
        { "{" REGIMES ", \"countries\": [{\"code\": \"AA\", \"regimes\": "
          "[\"L9\"]}]}", "unknown regime" },
        { "{" REGIMES ", \"countries\": [{\"code\": \"AAA\", \"regimes\": "
          "[\"L1\"]}]}", "country code" },
        { "{" REGIMES ", \"countries\": [{\"code\": \"AA\", \"regimes\": "
          "[\"L1\"]}, {\"code\": \"AA\", \"regimes\": [\"L1\"]}]}",
          "repeated country" },
        { "{" REGIMES "," COUNTRIES ", \"decisions\": [{\"from\": \"L1\", "
          "\"to\": \"DE\", \"basis\": \"adequate\"}]," RESTRICTIONS "}",
          "decisions[0].to" },
        { "{" REGIMES "," COUNTRIES ", \"decisions\": [{\"from\": \"L1\", "
          "\"to\": \"YY\", \"basis\": \"good\"}]," RESTRICTIONS "}",
          "decisions[0].basis" },
        { "{" REGIMES "," COUNTRIES "," DECISIONS ", \"restrictions\": "
          "[{\"id\": \"r\", \"origin_regime\": \"L1\", \"effect\": "
          "\"blocked\", \"to\": \"all\"}]}", "restrictions[0].to" },
        { "{" REGIMES "," COUNTRIES "," DECISIONS ", \"restrictions\": "
          "[{\"id\": \"r\", \"origin_regime\": \"L1\", \"effect\": "
          "\"blocked\", \"to\": [\"DE\"]}]}", "restrictions[0].to[0]" },
        { "{" REGIMES "," COUNTRIES "," DECISIONS ", \"restrictions\": ["
          RESTRICTION "," RESTRICTION "]}", "repeated restriction" },
        { "{" REGIMES "," COUNTRIES ", \"decisions\": [{\"from\": \"L1\", "
          "\"to\": \"YY\", \"basis\": \"adequate\", \"verified\": \"V1\", "
          "\"instrument\": \"say \\\"yes\\\"\"}]," RESTRICTIONS "}",
          "decisions[0].instrument" },
        { "{\"regimes\": {" HEIR("A1", "1", "A1") "}," COUNTRIES "}",
          "inherits from a regime that inherits itself at regimes.A1" },
        { "{\"regimes\": {" HEIR("A1", "1", "A2") "," HEIR("A2", "2", "A3") ","
          "\"A3\": {\"number\": 3, \"transfer_model\": \"none\", "
          "\"reach\": \"link\"}}," COUNTRIES "}",
          "inherits itself at regimes.A1" },
        { "{" REGIMES ", \"countries\": [{\"code\": \"AA\", \"regimes\": "
          "[\"L1\", \"L2\", \"L1\"]}]}",
          "repeated regime at countries[0].regimes[2]" },
        { AREAS("{\"code\": \"AA-A\", \"regimes\": [\"L2\", \"L2\"]}"),
          "repeated regime at subdivisions[0].regimes[1]" },
        { DECIDED(DECISION("L1", "YY", "\"basis\": \"adequate\", "
                           "\"verified\": \"V2\", \"attest\": \"a\"")),
          "only a scoped decision asks for an attestation at "
          "decisions[0].attest" },
        { DECIDED(DECISION("L1", "YY", "\"basis\": \"local\", "
                           "\"verified\": \"V3\", \"attest\": \"a\"")),
          "only a scoped decision" },
        { REGIME("L"), "an id has 2 to 31 characters at regimes.L" },
        { REGIME("L234567890123456789012345678901_"), "2 to 31" },
        { REGIME("Law"), "an id is of capital letters, digits" },
        { REGIME("L-1"), "an id is of" },
        { REGIME("EU\\\"}\\n,X"), "an id is of" },
        { DECIDED(DECISION("L1", "YY", "\"basis\": \"adequate\", "
                           "\"verified\": \"V1\"") ","
                  DECISION("L1", "YY", "\"basis\": \"adequate\", "
                           "\"verified\": \"V2\"")),
          "repeated decision at decisions[1]" },
        { DECIDED(DECISION("L1", "YY", "\"basis\": \"adequate\", "
                           "\"verified\": \"V3\"") ","
                  DECISION("L1", "YY", "\"basis\": \"adequate\", "
                           "\"verified\": \"V1\"")),
          "repeated decision at decisions[1]" },
        { DECIDED(DECISION("L1", "YY", "\"basis\": \"adequate\", "
                           "\"verified\": \"V1\", \"since\": "
                           "\"2026-01-02\", \"until\": \"2026-01-02\"")),
          "ends before it begins at decisions[0]" },
        { DECIDED(DECISION("L1", "YY", "\"basis\": \"adequate\", "
                           "\"verified\": \"V3\", \"since\": "
                           "\"2026-01-02\", \"until\": \"2025-01-02\"")),
          "ends before it begins" },
        { "{\"regimes\": {\"AA\": {\"number\": 1, \"transfer_model\": "
          "\"none\", \"reach\": \"establishement\"}}," COUNTRIES "}",
          "not one of establishment, establishment_or_equipment, targeting" },
        { "{\"regimes\": {\"AA\": {\"number\": 1, \"transfer_model\": "
          "\"none\", \"reach\": \"establishments\"}}," COUNTRIES "}",
          "at regimes.AA.reach" },
        { AREAS("{\"code\": \"AA-1\"}"), "subdivisions[0]" },
        { AREAS("{\"code\": \"DE-BY\", \"regimes\": [\"L2\"]}"),
          "no subdivision of a known country at subdivisions[0].code" },
        { AREAS("{\"code\": \"AA-b\", \"regimes\": [\"L2\"]}"),
          "no subdivision" },
        { AREAS("{\"code\": \"AA-ABCDE\", \"regimes\": [\"L2\"]}"),
          "no subdivision" },
        { AREAS("{\"code\": \"AA-\", \"regimes\": [\"L2\"]}"),
          "no subdivision" },
        { AREAS("{\"code\": \"AA-B\", \"regimes\": [\"L9\"]}"),
          "subdivisions[0].regimes[0]" },
        { AREAS("{\"code\": \"AA-B\", \"regimes\": []}"), "1 to 4 regimes" },
        { AREAS("{\"code\": \"AA-B\", \"regimes\": [\"L2\"]}, "
                "{\"code\": \"AA-B\", \"regimes\": [\"L2\"]}"),
          "repeated subdivision" },
    };

    for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        assert_int_equal(compile("{" HEAD "}", refused[i].json, &image, &err),
                         XPECTO_ERROR);

        if (strstr(err.text, refused[i].why) == NULL
            || strncmp(err.text, "jurisdictions: ", 15) != 0)
        {
            fail_msg("%s\nis refused with: %s", refused[i].json, err.text);
        }
    }

    (void) state;
}


static void
test_data(void **state)
{
    char          name[16];
    xpecto_str_t  rules;
    xpecto_err_t  err;

    static const char  good[] = "{" HEAD "}";
    static const char  bad[] = "{\"data\": {\"jurisdictions\": "
                               "\"a name that is too long\"}}";

    rules.data = (const uint8_t *) good;
    rules.len = sizeof(good) - 1;
    assert_int_equal(xpecto_rules_data(rules, name, sizeof(name), &err),
                     XPECTO_OK);
    assert_string_equal(name, "j");

    rules.data = (const uint8_t *) bad;
    rules.len = sizeof(bad) - 1;
    assert_int_equal(xpecto_rules_data(rules, name, sizeof(name), &err),
                     XPECTO_ERROR);

    rules.len--;
    assert_int_equal(xpecto_rules_data(rules, name, sizeof(name), &err),
                     XPECTO_ERROR);

    (void) state;
}


/* every beginning and every flipped bit: refused or compiled, never more */

static void
test_broken(void **state)
{
    char            copy[1024];
    size_t          i, len;
    xpecto_err_t    err;
    xpecto_image_t  image;

    static const char  whole[] = "{" HEAD ", \"regions\": {\"eu\": "
        "{\"country\": \"AA\", \"upstream\": \"u\"}}, \"rules\": [{\"id\": "
        "\"r\", \"if\": {\"dest_not\": [\"AA\", \"YY\"]}, \"then\": "
        "{\"action\": \"deny\"}}]}";

    len = sizeof(whole) - 1;

    for (i = 0; i < len; i++) {
        memcpy(copy, whole, i);
        copy[i] = '\0';
        assert_int_equal(compile(copy, LAW, &image, &err), XPECTO_ERROR);

        memcpy(copy, whole, len + 1);
        copy[i] = (char) (copy[i] ^ 1 << i % 7);

        if (compile(copy, LAW, &image, &err) == XPECTO_OK) {
            free(image.data);
        }
    }

    (void) state;
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_small),
        cmocka_unit_test(test_position_independent),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_strictest),
        cmocka_unit_test(test_areas),
        cmocka_unit_test(test_strict_areas),
        cmocka_unit_test(test_refused_law),
        cmocka_unit_test(test_data),
        cmocka_unit_test(test_broken)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
