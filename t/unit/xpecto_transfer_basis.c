
/*
 * The transfer decision against the answers of an independent reference:
 * t/data/transfer-vectors.json, written by t/reference/vectors.py, or the
 * file that XPECTO_VECTORS names.  Every answer must be the same, byte by
 * byte.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "xpecto_area.h"
#include "xpecto_transfer.h"


#define VECTORS  "t/data/transfer-vectors.json"
#define LAW      "ngx_xpecto_module/data/jurisdictions.json"
#define ENOUGH   222                    /* vectors, at least */


static const char *const  actions[] = { "allow", "flag", "deny" };


static const struct {
    const char       *name;
    xpecto_signal_e   signal;
} signals[] = {
    { "private_ip", XPECTO_SIGNAL_PRIVATE_IP },
    { "db_missing", XPECTO_SIGNAL_DB_MISSING },
    { "db_stale", XPECTO_SIGNAL_DB_STALE },
    { "no_recipient", XPECTO_SIGNAL_NO_RECIPIENT }
};


static json_t *
load(const char *path)
{
    json_t        *json;
    json_error_t   err;

    json = json_load_file(path, 0, &err);

    if (json == NULL) {
        fail_msg("%s: %s, line %d", path, err.text, err.line);
    }

    return json;
}


static xpecto_rules_t *
compile(json_t *rules, json_t *law)
{
    char            *r, *l;
    xpecto_str_t     rules_text, law_text;
    xpecto_err_t     err;
    xpecto_image_t   image;

    r = json_dumps(rules, JSON_COMPACT);
    l = json_dumps(law, JSON_COMPACT);
    assert_non_null(r);
    assert_non_null(l);

    rules_text.data = (const uint8_t *) r;
    rules_text.len = strlen(r);
    law_text.data = (const uint8_t *) l;
    law_text.len = strlen(l);

    if (xpecto_rules_compile(rules_text, law_text, &image, &err)
        != XPECTO_OK)
    {
        fail_msg("%s", err.text);
    }

    free(r);
    free(l);

    return image.data;
}


static const char *
text(json_t *object, const char *key)
{
    const char  *value;

    value = json_string_value(json_object_get(object, key));

    return (value == NULL) ? "" : value;
}


static xpecto_str_t
str(const char *p)
{
    xpecto_str_t  s;

    s.data = (const uint8_t *) p;
    s.len = strlen(p);

    return s;
}


static int32_t
today(json_t *object)
{
    int   year, month, day, days, y;
    char  rest;

    static const int  before[] = {
        0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334
    };

    assert_int_equal(sscanf(text(object, "today"), "%d-%d-%d%c", &year,
                            &month, &day, &rest), 3);

    for (days = 0, y = 1970; y < year; y++) {
        days += 365 + (y % 4 == 0 && (y % 100 != 0 || y % 400 == 0));
    }

    for (y = 1969; y >= year; y--) {
        days -= 365 + (y % 4 == 0 && (y % 100 != 0 || y % 400 == 0));
    }

    days += before[month - 1] + day - 1;

    return days + (month > 2 && year % 4 == 0
                   && (year % 100 != 0 || year % 400 == 0));
}


static void
country(const xpecto_rules_t *rules, unsigned code, xpecto_set_t *set,
    xpecto_transfer_t *t)
{
    unsigned  i;

    i = xpecto_rules_country(rules, (xpecto_country_t) code);

    if (i == XPECTO_RULES_NONE) {
        t->unknown = 1;

    } else {
        xpecto_set_add(set, i);
    }
}


static void
countries(const xpecto_rules_t *rules, json_t *array, xpecto_set_t *set,
    xpecto_transfer_t *t)
{
    size_t       i;
    const char  *code;

    for (i = 0; i < json_array_size(array); i++) {
        code = json_string_value(json_array_get(array, i));
        country(rules, XPECTO_COUNTRY((uint8_t) code[0], (uint8_t) code[1]),
                set, t);

        if (code[2] == '-') {

            if (!xpecto_rules_area_known(rules, code)) {
                t->unknown = 1;
            }

            t->seats |= xpecto_rules_area(rules, code);
            t->areas |= t->seats;
        }
    }
}


static void
heed(const xpecto_rules_t *rules, xpecto_signal_e signal,
    xpecto_transfer_t *t)
{
    if (rules->signals[signal] == XPECTO_SIGNAL_UNKNOWN) {
        t->unknown = 1;
    }

    if (rules->signals[signal] == XPECTO_SIGNAL_DENY) {
        t->forbidden = 1;
    }
}


static void
recipient(const xpecto_rules_t *rules, const char *p, xpecto_transfer_t *t)
{
    size_t                len;
    unsigned              i, n;
    xpecto_phone_t        phone;
    xpecto_countries_t    set;
    const xpecto_area_t  *area;

    if (p[0] >= 'A' && p[0] <= 'Z' && p[1] >= 'A' && p[1] <= 'Z'
        && p[2] == '.')
    {
        country(rules, XPECTO_COUNTRY((uint8_t) p[0], (uint8_t) p[1]),
                &t->hinted, t);
        return;
    }

    len = (p[0] == '+') ? strlen(p + 1) : 0;

    if (len < XPECTO_PHONE_MIN || len > XPECTO_PHONE_MAX
        || strspn(p + 1, "0123456789") != len
        || xpecto_phone_code((const uint8_t *) p + 1, len) == 0)
    {
        heed(rules, XPECTO_SIGNAL_INVALID_NUMBER, t);
        return;
    }

    xpecto_phone_set(&phone, (const uint8_t *) p + 1, len);
    xpecto_phone_countries(&phone, &set);

    if (set.n == 0) {
        heed(rules, XPECTO_SIGNAL_NON_GEOGRAPHIC, t);
    }

    for (i = 0; i < set.n; i++) {
        country(rules, set.cc[i], &t->hinted, t);
    }

    n = xpecto_area_find(&phone, &area);

    for (i = 0; i < n; i++) {
        t->areas |= xpecto_rules_area(rules, area[i].code);
    }
}


static void
ask(const xpecto_rules_t *rules, json_t *c, xpecto_transfer_t *t)
{
    size_t       i, j;
    json_t      *array;
    const char  *word;

    memset(t, 0, sizeof(xpecto_transfer_t));
    t->today = today(c);

    countries(rules, json_object_get(c, "declared"), &t->declared, t);
    countries(rules, json_object_get(c, "hinted"), &t->hinted, t);
    countries(rules, json_object_get(c, "destinations"), &t->destinations, t);

    array = json_object_get(c, "recipients");

    for (i = 0; i < json_array_size(array); i++) {
        recipient(rules, json_string_value(json_array_get(array, i)), t);
    }

    array = json_object_get(c, "states");

    for (i = 0; i < json_array_size(array); i++) {
        word = json_string_value(json_array_get(array, i));

        for (j = 0; strcmp(signals[j].name, word) != 0; j++) {
            assert_true(j + 1 < sizeof(signals) / sizeof(signals[0]));
        }

        heed(rules, signals[j].signal, t);
    }

    array = json_object_get(c, "attest");

    for (i = 0; i < json_array_size(array); i++) {
        word = json_string_value(json_array_get(array, i));
        t->attests |= xpecto_transfer_attest(rules, str(word));
    }

    t->attests = xpecto_transfer_attests(rules, t->attests, t->today);
}


static unsigned
named(const xpecto_rules_t *rules, const char *name)
{
    const xpecto_region_t  *region;

    region = xpecto_rules_region(rules, str(name));

    return (region == NULL) ? XPECTO_RULES_NONE
                            : (unsigned) (region - rules->regions);
}


static unsigned
route(const xpecto_rules_t *rules, json_t *c, xpecto_transfer_t *t,
    xpecto_decision_t *d)
{
    size_t     i;
    json_t    *allow;
    uint64_t   allowed;
    unsigned   region;

    if (json_object_get(c, "region") == NULL) {
        xpecto_transfer_decide(rules, t, d);
        return XPECTO_RULES_NONE;
    }

    xpecto_rules_processors(rules, str(text(c, "path")), &t->destinations);

    allow = json_object_get(c, "allow");
    allowed = (allow == NULL) ? ~(uint64_t) 0 : 0;

    for (i = 0; i < json_array_size(allow); i++) {
        region = named(rules, json_string_value(json_array_get(allow, i)));
        allowed |= (uint64_t) (region != XPECTO_RULES_NONE) << (region & 63);
    }

    if (strcmp(text(c, "region"), "auto") != 0) {
        region = named(rules, text(c, "region"));
        allowed &= (uint64_t) (region != XPECTO_RULES_NONE) << (region & 63);
    }

    return xpecto_transfer_region(rules, t, allowed,
                                  named(rules, text(c, "home")), d);
}


static int
same(json_t *expect, const char *key, const uint8_t *p, size_t len)
{
    const char  *value;

    value = text(expect, key);

    return strlen(value) == len && memcmp(value, p, len) == 0;
}


static int
same_text(json_t *expect, const char *key, xpecto_str_t value)
{
    return same(expect, key, value.data, value.len);
}


static int
same_why(const xpecto_rules_t *rules, json_t *expect, const char *key,
    const xpecto_reason_t *reason)
{
    size_t   len;
    uint8_t  why[XPECTO_TRANSFER_WHY];

    len = xpecto_transfer_why(rules, reason, why);

    return (len == 0) ? same_text(expect, key, str("-"))
                      : same(expect, key, why, len);
}


static int
same_number(json_t *expect, const char *key, unsigned value)
{
    json_t  *number;

    number = json_object_get(expect, key);

    return json_is_integer(number)
           ? json_integer_value(number) == (json_int_t) value
           : json_is_true(number) == (int) value;
}


static void
check(const xpecto_rules_t *rules, json_t *c)
{
    char               *shown;
    json_t             *e;
    uint8_t             regimes[XPECTO_TRANSFER_REGIMES];
    unsigned            i, region;
    const char         *wrong;
    xpecto_set_t        origins;
    xpecto_transfer_t   t;
    xpecto_decision_t   d;

    e = json_object_get(c, "expect");

    ask(rules, c, &t);
    region = route(rules, c, &t, &d);

    for (i = 0; i < 4; i++) {
        origins.bits[i] = t.declared.bits[i] | t.hinted.bits[i];
    }

    wrong = NULL;

    if (!same_text(e, "basis", str(xpecto_rules_basis(d.basis)))) {
        wrong = "basis";

    } else if (!same_why(rules, e, "why", &d.why)) {
        wrong = "why";

    } else if (!same_text(e, "instrument",
                          xpecto_rules_text(rules, d.why.instrument)))
    {
        wrong = "instrument";

    } else if (!same_text(e, "verdict", str(actions[d.action]))) {
        wrong = "verdict";

    } else if (!same_why(rules, e, "cause", &d.cause)) {
        wrong = "cause";

    } else if (!same_text(e, "rule", d.rule == XPECTO_RULES_NONE
                          ? str("-")
                          : xpecto_rules_text(rules,
                                              rules->rules[d.rule].id)))
    {
        wrong = "rule";

    } else if (!same_number(e, "status", d.action == XPECTO_ACTION_DENY
                            ? d.status : 0))
    {
        wrong = "status";

    } else if (!same_text(e, "region", region == XPECTO_RULES_NONE
                          ? str("-")
                          : xpecto_rules_text(rules,
                                              rules->regions[region].name)))
    {
        wrong = "region";

    } else if (!same(e, "regimes", regimes,
                     xpecto_transfer_regimes(rules, &origins, t.areas,
                                             regimes)))
    {
        wrong = "regimes";

    } else if (!same_number(e, "min_age",
                            xpecto_transfer_min_age(rules, &origins,
                                                    t.areas, 0)))
    {
        wrong = "min_age";

    } else if (!same_number(e, "opt_out", (unsigned)
                            xpecto_transfer_opt_out(rules, &origins,
                                                    t.areas)))
    {
        wrong = "opt_out";
    }

    if (wrong != NULL) {
        shown = json_dumps(c, JSON_COMPACT);
        fail_msg("%s: %s, %s: %s", wrong, xpecto_rules_basis(d.basis),
                 actions[d.action], shown);
    }
}


static void
test_vectors(void **state)
{
    size_t           i;
    json_t          *all, *cases, *law, *shipped;
    const char      *path, *name, *last;
    xpecto_rules_t  *rules;

    path = getenv("XPECTO_VECTORS");
    all = load(path != NULL ? path : VECTORS);
    shipped = load(LAW);

    cases = json_object_get(all, "cases");
    assert_true(json_array_size(cases) >= ENOUGH);

    rules = NULL;
    last = "";

    for (i = 0; i < json_array_size(cases); i++) {
        name = text(json_array_get(cases, i), "rules");

        if (strcmp(name, last) != 0) {
            law = json_object_get(json_object_get(all, "laws"), name);

            free(rules);
            rules = compile(json_object_get(json_object_get(all, "rules"),
                                            name),
                            law != NULL ? law : shipped);
            last = name;
        }

        check(rules, json_array_get(cases, i));
    }

    free(rules);
    json_decref(all);
    json_decref(shipped);

    (void) state;
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_vectors)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
