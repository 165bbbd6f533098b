
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include "xpecto_age.h"
#include "xpecto_consent.h"


static void facts_init(xpecto_consent_facts_t *facts, xpecto_model_e model);
static void choice_init(xpecto_choice_t *choice, unsigned granted,
    unsigned denied);


#define NOW  1772359200                 /* 2026-03-01T10:00:00Z */
#define DAY  86400
#define TTL  (182 * DAY)


/* what decides each purpose where several layers speak */

static const struct {
    const char       *name;
    xpecto_model_e    model;
    int               choice;           /* 0: there is none */
    unsigned          granted;
    unsigned          denied;
    unsigned          flags;
    unsigned          age;
    unsigned          min_age;
    unsigned          no_sale:1;
    unsigned          gpc:1;
    unsigned          gpc_off:1;
    unsigned          dnt:1;
    unsigned          expected;         /* granted */
    const char       *analytics;
    const char       *ad_storage;
    const char       *sale_share;
} decisions[] = {
    { "opt-in, silence", XPECTO_MODEL_OPT_IN, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      0x4001, "default", "default", "default" },
    { "opt-out, silence", XPECTO_MODEL_OPT_OUT, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      0x6bff, "default", "default", "default" },
    { "notice, silence", XPECTO_MODEL_NOTICE, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      0x6bff, "default", "default", "default" },
    { "opt-out, signal", XPECTO_MODEL_OPT_OUT, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0,
      0x6b0f, "default", "gpc", "gpc" },
    { "opt-out, signal is off", XPECTO_MODEL_OPT_OUT, 0, 0, 0, 0, 0, 0,
      0, 1, 1, 0,
      0x6bff, "default", "default", "default" },
    { "opt-out, no sale", XPECTO_MODEL_OPT_OUT, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0,
      0x6b7f, "default", "default", "no_sale" },
    { "no sale before the signal", XPECTO_MODEL_OPT_OUT, 0, 0, 0, 0, 0, 0,
      1, 1, 0, 0,
      0x6b0f, "default", "gpc", "no_sale" },
    { "opt-out, do not track", XPECTO_MODEL_OPT_OUT, 0, 0, 0, 0, 0, 0,
      0, 0, 0, 1,
      0x6b07, "dnt", "dnt", "dnt" },
    { "a choice", XPECTO_MODEL_OPT_IN, 1, 0x4019, 0x3fe6, 0x80, 0, 0,
      0, 0, 0, 0,
      0x4019, "cookie", "cookie", "cookie" },
    { "a choice before do not track", XPECTO_MODEL_OPT_IN, 1, 0x4009, 0, 0x80,
      0, 0, 0, 0, 0, 1,
      0x4009, "cookie", "dnt", "dnt" },
    { "not asked is left to the default", XPECTO_MODEL_OPT_OUT, 1, 0x4001,
      0x0008, 0x80, 0, 0, 0, 0, 0, 0,
      0x6bf7, "cookie", "default", "default" },
    { "the signal before a choice", XPECTO_MODEL_OPT_IN, 1, 0x7fff, 0, 0x80,
      0, 0, 0, 1, 0, 0,
      0x7f0f, "cookie", "gpc", "gpc" },
    { "a stored signal", XPECTO_MODEL_OPT_IN, 1, 0x7fff, 0, 0xc0, 0, 0,
      0, 0, 0, 0,
      0x7f0f, "cookie", "gpc", "gpc" },
    { "a sticky signal", XPECTO_MODEL_OPT_OUT, 1, 0x4001, 0x00f0, 0x01, 0, 0,
      0, 0, 0, 0,
      0x6b0f, "default", "gpc", "gpc" },
    { "no sale before a choice", XPECTO_MODEL_OPT_IN, 1, 0x7fff, 0, 0x80,
      0, 0, 1, 0, 0, 0,
      0x7f7f, "cookie", "cookie", "no_sale" },
    { "a withdrawal before its choice", XPECTO_MODEL_OPT_OUT, 1, 0x7fff, 0,
      0x82, 0, 0, 0, 0, 0, 0,
      0x4001, "withdrawal", "withdrawal", "withdrawal" },
    { "a withdrawal after the signal", XPECTO_MODEL_OPT_OUT, 1, 0x7fff, 0,
      0x82, 0, 0, 0, 1, 0, 0,
      0x4001, "withdrawal", "gpc", "gpc" },
    { "a silent grant where it must be asked", XPECTO_MODEL_OPT_IN, 1, 0x7fff,
      0, 0x00, 0, 0, 0, 0, 0, 0,
      0x4001, "default", "default", "default" },
    { "a silent grant where silence counts", XPECTO_MODEL_OPT_OUT, 1, 0x7fff,
      0, 0x00, 0, 0, 0, 0, 0, 0,
      0x6bff, "cookie", "cookie", "cookie" },
    { "a child before all", XPECTO_MODEL_OPT_OUT, 1, 0x7fff, 0, 0x80, 0x11, 0,
      1, 1, 0, 1,
      0x4001, "age", "age", "age" },
    { "13 years where 13 suffice", XPECTO_MODEL_OPT_IN, 1, 0x4009, 0, 0x80,
      0x12, 13, 0, 0, 0, 0,
      0x4009, "cookie", "default", "default" },
    { "12 years where 10 suffice", XPECTO_MODEL_OPT_IN, 1, 0x4009, 0, 0x80,
      0x11, 10, 0, 0, 0, 0,
      0x4001, "age", "age", "age" },
    { "15 years where the law is unknown", XPECTO_MODEL_OPT_IN, 1, 0x4009, 0,
      0x80, 0x14, 0, 0, 0, 0, 0,
      0x4001, "age", "age", "age" },
    { "16 years where the law is unknown", XPECTO_MODEL_OPT_IN, 1, 0x4009, 0,
      0x80, 0x15, 0, 0, 0, 0, 0,
      0x4009, "cookie", "default", "default" },
    { "17 years where 18 are needed", XPECTO_MODEL_OPT_IN, 1, 0x4009, 0, 0x80,
      0x15, 18, 0, 0, 0, 0,
      0x4001, "age", "age", "age" },
    { "18 years where 18 are needed", XPECTO_MODEL_OPT_IN, 1, 0x4009, 0, 0x80,
      0x16, 18, 0, 0, 0, 0,
      0x4009, "cookie", "default", "default" }
};


static const struct {
    const char  *value;
    int          expected;
} signals[] = {
    { "1", 1 }, { "1, 1", 1 }, { "0,1", 1 }, { "1 ,0", 1 }, { "\t1", 1 },
    { "0", 0 }, { "true", 0 }, { "1;x", 0 }, { "\"1\"", 0 }, { "11", 0 },
    { "01", 0 }, { "", 0 }, { ",", 0 }, { "0, 0", 0 }, { "1 1", 0 }
};


static void
facts_init(xpecto_consent_facts_t *facts, xpecto_model_e model)
{
    memset(facts, 0, sizeof(xpecto_consent_facts_t));

    facts->model = model;
    facts->asked = XPECTO_PURPOSES_ASKED;
}


static void
choice_init(xpecto_choice_t *choice, unsigned granted, unsigned denied)
{
    memset(choice, 0, sizeof(xpecto_choice_t));

    choice->granted = (uint16_t) granted;
    choice->denied = (uint16_t) denied;
    choice->flags = XPECTO_CHOICE_EXPLICIT;
    choice->revision = 20260301;
    choice->created = NOW;
    choice->updated = NOW;
    choice->expires = NOW + TTL;
}


static void
precedence(void **state)
{
    size_t                   i;
    xpecto_str_t             name;
    xpecto_choice_t          choice;
    xpecto_decision_t        decision;
    xpecto_consent_facts_t   facts;

    (void) state;

    for (i = 0; i < sizeof(decisions) / sizeof(decisions[0]); i++) {
        facts_init(&facts, decisions[i].model);
        choice_init(&choice, decisions[i].granted, decisions[i].denied);

        choice.flags = (uint8_t) decisions[i].flags;
        choice.age = (uint8_t) decisions[i].age;
        facts.choice = decisions[i].choice ? &choice : NULL;
        facts.min_age = decisions[i].min_age;
        facts.no_sale = decisions[i].no_sale;
        facts.gpc = decisions[i].gpc;
        facts.gpc_off = decisions[i].gpc_off;
        facts.dnt = decisions[i].dnt;

        xpecto_consent_decide(&decision, &facts);

        if (decision.granted != decisions[i].expected) {
            print_message("# %s\n", decisions[i].name);
        }

        assert_int_equal(decision.granted, decisions[i].expected);
        assert_int_equal(decision.granted ^ decision.denied, 0xffff);

#define layer(n, text)                                                       \
        name = xpecto_layer_name(xpecto_consent_layer(&decision, n));        \
        assert_string_equal((const char *) name.data, text)

        layer(XPECTO_PURPOSE_NECESSARY, "always");
        layer(XPECTO_PURPOSE_SECURITY, "always");
        layer(XPECTO_PURPOSE_ANALYTICS, decisions[i].analytics);
        layer(XPECTO_PURPOSE_AD_STORAGE, decisions[i].ad_storage);
        layer(XPECTO_PURPOSE_SALE_SHARE, decisions[i].sale_share);
    }
}


static void
custom_where_it_is_asked(void **state)
{
    xpecto_choice_t          choice;
    xpecto_decision_t        decision;
    xpecto_consent_facts_t   facts;

    (void) state;

    facts_init(&facts, XPECTO_MODEL_OPT_OUT);
    choice_init(&choice, 0xffff, 0);
    facts.choice = &choice;

    xpecto_consent_decide(&decision, &facts);
    assert_int_equal(decision.granted, 0x7fff);

    facts.asked |= XPECTO_PURPOSE_BIT(XPECTO_PURPOSE_CUSTOM);

    xpecto_consent_decide(&decision, &facts);
    assert_int_equal(decision.granted, 0xffff);
}


static void
global_privacy_control(void **state)
{
    size_t  i;

    (void) state;

    for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        assert_int_equal(xpecto_consent_gpc((const uint8_t *) signals[i].value,
                                            strlen(signals[i].value)),
                         signals[i].expected);
    }
}


static void
revisions(void **state)
{
    size_t    n;
    uint32_t  current, oldest;

    static const xpecto_revision_t  revs[] = {
        { 1, NOW - 100, 1 },
        { 2, NOW, 0 },
        { 3, NOW + 100, 1 }
    };

    (void) state;

    n = sizeof(revs) / sizeof(revs[0]);

    xpecto_consent_revision(revs, 0, NOW, &current, &oldest);
    assert_int_equal(current, 0);
    assert_int_equal(oldest, 0);

    xpecto_consent_revision(revs, n, NOW - 101, &current, &oldest);
    assert_int_equal(current, 0);
    assert_int_equal(oldest, 0);

    xpecto_consent_revision(revs, n, NOW - 1, &current, &oldest);
    assert_int_equal(current, 1);
    assert_int_equal(oldest, 1);

    xpecto_consent_revision(revs, n, NOW, &current, &oldest);
    assert_int_equal(current, 2);
    assert_int_equal(oldest, 1);

    xpecto_consent_revision(revs, n, NOW + 100, &current, &oldest);
    assert_int_equal(current, 3);
    assert_int_equal(oldest, 3);
}


static void
time_of_a_choice(void **state)
{
    xpecto_choice_t  choice;

    (void) state;

    choice_init(&choice, 0x4001, 0x3ffe);

#define check(now, oldest, expected)                                         \
    assert_int_equal(xpecto_consent_check(&choice, now, oldest), expected)

    check(NOW, 0, XPECTO_CHOICE_VALID);
    check(NOW - 300, 0, XPECTO_CHOICE_VALID);
    check(NOW - 301, 0, XPECTO_CHOICE_INVALID);
    check(0, 0, XPECTO_CHOICE_INVALID);
    check(NOW + TTL - 1, 0, XPECTO_CHOICE_VALID);
    check(NOW + TTL, 0, XPECTO_CHOICE_EXPIRED);
    check(NOW, 20260301, XPECTO_CHOICE_VALID);
    check(NOW, 20260302, XPECTO_CHOICE_STALE);
    check(NOW + TTL, 20260302, XPECTO_CHOICE_EXPIRED);
}


static void
refusals_are_equal(void **state)
{
    uint8_t          id[16];
    xpecto_choice_t  a, b;

    (void) state;

    memset(&a, 0, sizeof(xpecto_choice_t));
    memset(&b, 0, sizeof(xpecto_choice_t));

    a.granted = b.granted = XPECTO_PURPOSES_ALWAYS;
    a.denied = b.denied = XPECTO_PURPOSES_ASKED;
    a.flags = b.flags = XPECTO_CHOICE_EXPLICIT;
    a.revision = b.revision = 20260301;

    /* two people in two places who came by two ways */

    a.country = XPECTO_COUNTRY('D', 'E');
    a.method = XPECTO_METHOD_API;
    a.created = NOW - DAY;
    memset(id, 1, 16);
    xpecto_consent_seal(&a, NOW, TTL, id);

    b.country = XPECTO_COUNTRY('I', 'N');
    b.method = XPECTO_METHOD_FORM;
    b.age = 0x16;
    b.regime = 9;
    b.region[0] = 'A';
    memset(b.id, 7, 16);
    memset(id, 2, 16);
    xpecto_consent_seal(&b, NOW + 13 * 3600, TTL, id);

    assert_memory_equal(&a, &b, sizeof(xpecto_choice_t));

    /* 2026-03-01T00:00:00Z */

    assert_int_equal(a.created, 0x69a38180);
    assert_int_equal(a.updated, 0x69a38180);
    assert_int_equal(a.expires, 0x6a937280 + DAY);
    assert_int_equal(a.id[0], 0);

    /* and on the next day not those of today */

    xpecto_consent_seal(&b, NOW + 14 * 3600, TTL, id);
    assert_int_equal(b.updated, 0x69a38180 + DAY);

    /* it lasts as long as a grant would, but no cookie lasts longer */

    xpecto_consent_seal(&a, NOW, 3600, id);
    assert_int_equal(xpecto_consent_check(&a, NOW + 3599, 0),
                     XPECTO_CHOICE_VALID);

    xpecto_consent_seal(&a, NOW, XPECTO_CHOICE_TTL_MAX, id);
    assert_int_equal(a.expires - a.updated, XPECTO_CHOICE_TTL_MAX);
}


static void
a_grant_has_an_id(void **state)
{
    uint8_t          id[16];
    xpecto_choice_t  choice;

    (void) state;

    choice_init(&choice, 0x4009, 0x3ff6);
    choice.country = XPECTO_COUNTRY('D', 'E');
    choice.created = NOW - DAY;
    memset(id, 1, 16);

    xpecto_consent_seal(&choice, NOW, TTL, id);

    assert_memory_equal(choice.id, id, 16);
    assert_int_equal(choice.created, NOW - DAY);
    assert_int_equal(choice.updated, NOW);
    assert_int_equal(choice.expires, NOW + TTL);
    assert_int_equal(choice.country, XPECTO_COUNTRY('D', 'E'));

    choice.created = 0;
    xpecto_consent_seal(&choice, NOW, TTL, id);
    assert_int_equal(choice.created, NOW);

    choice.created = NOW + 100;
    xpecto_consent_seal(&choice, NOW, TTL, id);
    assert_int_equal(choice.created, NOW);
}


static void
names(void **state)
{
    int           n;
    size_t        len;
    uint8_t       text[XPECTO_CONSENT_NAMES_LEN];
    xpecto_str_t  name;

    (void) state;

    for (n = 0; n < XPECTO_PURPOSES; n++) {
        name = xpecto_purpose_name((unsigned) n);
        assert_int_equal(xpecto_purpose_find(name.data, name.len), n);
    }

    assert_int_equal(xpecto_purpose_find((const uint8_t *) "analytics", 9), 3);
    assert_int_equal(xpecto_purpose_find((const uint8_t *) "analytic", 8), -1);
    assert_int_equal(xpecto_purpose_find((const uint8_t *) "Analytics", 9),
                     -1);
    assert_int_equal(xpecto_purpose_find((const uint8_t *) "", 0), -1);

    len = xpecto_consent_names(text, 0x4009, ',');
    assert_int_equal(len, strlen("necessary,analytics,security"));
    assert_memory_equal(text, "necessary,analytics,security", len);

    assert_int_equal(xpecto_consent_names(text, 0, ','), 0);
    assert_in_range(xpecto_consent_names(text, 0xffff, ','), 1, sizeof(text));
}


static void
sources(void **state)
{
    size_t                   len;
    uint8_t                  text[XPECTO_CONSENT_SOURCES_LEN];
    const char              *expected;
    xpecto_decision_t        decision;
    xpecto_consent_facts_t   facts;

    (void) state;

    facts_init(&facts, XPECTO_MODEL_OPT_IN);
    facts.gpc = 1;
    xpecto_consent_decide(&decision, &facts);

    expected = "functional=default,preferences=default,analytics=default,"
               "ad_storage=gpc,ad_user_data=gpc,ad_personalization=gpc,"
               "sale_share=gpc,marketing_comms=default,diagnostics=default,"
               "session_replay=default,social_embeds=default,"
               "precise_geo=default,profiling=default,custom=default";

    len = xpecto_consent_sources(text, &decision);
    assert_int_equal(len, strlen(expected));
    assert_memory_equal(text, expected, len);

    memset(decision.layers, 0, sizeof(decision.layers));
    decision.layers[XPECTO_LAYER_WITHDRAWAL] = 0xffff;

    assert_in_range(xpecto_consent_sources(text, &decision), 1, sizeof(text));
}


static void
consent_mode(void **state)
{
    size_t                   len;
    uint8_t                  text[XPECTO_CONSENT_MODE_LEN];
    xpecto_choice_t          choice;
    xpecto_decision_t        decision;
    xpecto_consent_facts_t   facts;

#define mode(expected)                                                       \
    xpecto_consent_decide(&decision, &facts);                                \
    len = xpecto_consent_mode(text, &decision);                              \
    assert_in_range(len, 1, sizeof(text));                                   \
    assert_int_equal(len, strlen(expected));                                 \
    assert_memory_equal(text, expected, len)

    (void) state;

    facts_init(&facts, XPECTO_MODEL_OPT_IN);

    mode("{\"ad_storage\":\"denied\",\"ad_user_data\":\"denied\","
         "\"ad_personalization\":\"denied\",\"analytics_storage\":\"denied\","
         "\"functionality_storage\":\"denied\","
         "\"personalization_storage\":\"denied\","
         "\"security_storage\":\"granted\"}");

    choice_init(&choice, 0x401b, 0);    /* without preferences */
    facts.choice = &choice;

    mode("{\"ad_storage\":\"granted\",\"ad_user_data\":\"denied\","
         "\"ad_personalization\":\"denied\",\"analytics_storage\":\"granted\","
         "\"functionality_storage\":\"granted\","
         "\"personalization_storage\":\"denied\","
         "\"security_storage\":\"granted\"}");

    /* personalization needs that sale and sharing are not refused */

    choice_init(&choice, 0x4041, 0x0080);

    mode("{\"ad_storage\":\"denied\",\"ad_user_data\":\"denied\","
         "\"ad_personalization\":\"denied\",\"analytics_storage\":\"denied\","
         "\"functionality_storage\":\"denied\","
         "\"personalization_storage\":\"denied\","
         "\"security_storage\":\"granted\"}");

    choice_init(&choice, 0x40c1, 0);

    mode("{\"ad_storage\":\"denied\",\"ad_user_data\":\"denied\","
         "\"ad_personalization\":\"granted\",\"analytics_storage\":\"denied\","
         "\"functionality_storage\":\"denied\","
         "\"personalization_storage\":\"denied\","
         "\"security_storage\":\"granted\"}");

    /* nor is it for somebody who is known to be 17 */

    choice.age = 0x15;

    mode("{\"ad_storage\":\"denied\",\"ad_user_data\":\"denied\","
         "\"ad_personalization\":\"denied\",\"analytics_storage\":\"denied\","
         "\"functionality_storage\":\"denied\","
         "\"personalization_storage\":\"denied\","
         "\"security_storage\":\"granted\"}");
}


static void
permissions(void **state)
{
    size_t             i, len;
    uint8_t            text[XPECTO_CONSENT_PERMISSIONS_LEN];
    xpecto_decision_t  decision;

    static const struct {
        uint16_t     granted;
        const char  *expected;
    } rows[] = {
        { 0x4001, "attribution-reporting=(), private-state-token-issuance=(), "
                  "browsing-topics=(), join-ad-interest-group=(), "
                  "run-ad-auction=(), geolocation=()" },
        { 0x4011, "browsing-topics=(), join-ad-interest-group=(), "
                  "run-ad-auction=(), geolocation=()" },
        { 0x4041, "attribution-reporting=(), private-state-token-issuance=(), "
                  "geolocation=()" },
        { 0x1051, "" }
    };

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        memset(&decision, 0, sizeof(decision));
        decision.granted = rows[i].granted;

        len = xpecto_consent_permissions(text, &decision);
        assert_int_equal(len, strlen(rows[i].expected));
        assert_memory_equal(text, rows[i].expected, len);
    }
}


/* on without a choice, in the strictest model, until somebody objects */

static void
test_interest(void **state)
{
    xpecto_choice_t          choice;
    xpecto_decision_t        decision;
    xpecto_consent_facts_t   facts;

    (void) state;

    memset(&facts, 0, sizeof(facts));
    memset(&choice, 0, sizeof(choice));

    facts.model = XPECTO_MODEL_OPT_IN;
    facts.asked = XPECTO_PURPOSES_ASKED;
    facts.interest = 0x0200;

    xpecto_consent_decide(&decision, &facts);
    assert_int_equal(decision.granted, 0x4201);
    assert_int_equal(xpecto_consent_layer(&decision, 9),
                     XPECTO_LAYER_DEFAULT);

    facts.dnt = 1;
    xpecto_consent_decide(&decision, &facts);
    assert_int_equal(decision.granted, 0x4001);
    assert_int_equal(xpecto_consent_layer(&decision, 9), XPECTO_LAYER_DNT);

    /* what cannot be read may be an objection, or a refusal */

    facts.dnt = 0;
    facts.unread = 1;
    facts.model = XPECTO_MODEL_OPT_OUT;
    xpecto_consent_decide(&decision, &facts);
    assert_int_equal(decision.granted, 0x4001);
    assert_int_equal(decision.denied, (uint16_t) ~0x4001);

    facts.unread = 0;
    facts.model = XPECTO_MODEL_OPT_IN;
    facts.choice = &choice;
    choice.flags = XPECTO_CHOICE_EXPLICIT;
    choice.denied = 0x0200;
    xpecto_consent_decide(&decision, &facts);
    assert_int_equal(decision.granted, 0x4001);
    assert_int_equal(xpecto_consent_layer(&decision, 9), XPECTO_LAYER_COOKIE);

    /* not for a child, whatever it has said */

    choice.denied = 0;
    facts.age = XPECTO_AGE(XPECTO_AGE_BY_SELF, XPECTO_AGE_CHILD);
    xpecto_consent_decide(&decision, &facts);
    assert_int_equal(decision.granted, 0x4001);
    assert_int_equal(xpecto_consent_layer(&decision, 9), XPECTO_LAYER_AGE);

    /* a purpose that is not in use is nobody's interest */

    facts.age = 0;
    facts.asked = 0x0008;
    xpecto_consent_decide(&decision, &facts);
    assert_int_equal(decision.granted, 0x4001);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(precedence),
        cmocka_unit_test(custom_where_it_is_asked),
        cmocka_unit_test(global_privacy_control),
        cmocka_unit_test(revisions),
        cmocka_unit_test(time_of_a_choice),
        cmocka_unit_test(refusals_are_equal),
        cmocka_unit_test(a_grant_has_an_id),
        cmocka_unit_test(names),
        cmocka_unit_test(sources),
        cmocka_unit_test(consent_mode),
        cmocka_unit_test(permissions),
        cmocka_unit_test(test_interest)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
