
/*
 * The transfer decision over the legal data that the module ships.  The
 * vectors are worked out by hand from docs/legal-data.md and the rows.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_phone.h"
#include "xpecto_transfer.h"


#define LAW    "ngx_xpecto_module/data/jurisdictions.json"
#define TODAY  20779                    /* 2026-11-22 */


typedef struct {
    const char  *tenant;
    const char  *recipient;
    const char  *destinations;
    const char  *attests;
    const char  *basis;
    const char  *why;
} vector_t;


static uint8_t       *law;
static size_t         law_len;


#define RULES(level, more)                                                   \
    "{\"schema\": 1, \"version\": \"t\", \"data\": {\"jurisdictions\": "     \
    "\"j\", \"min_level\": \"" level "\"}, \"attestations\": {"              \
    "\"us_dpf\": {\"expires\": \"2027-02-01\"},"                             \
    "\"cn_scc_filed\": {\"expires\": \"2027-02-01\"},"                       \
    "\"vn_ctia_filed\": {\"expires\": \"2027-02-01\"},"                      \
    "\"ru_primary_db\": {\"expires\": \"2027-02-01\"},"                      \
    "\"us_doj_dsp\": {\"expires\": \"2026-11-22\"},"                         \
    "\"scc\": {\"expires\": \"2027-02-01\"},"                                \
    "\"ca_pipeda\": {\"expires\": \"2027-02-01\", \"needs\": [\"scc\"]},"    \
    "\"safeguards\": {\"expires\": \"2027-02-01\","                          \
    " \"covers\": [\"BR_LGPD\"]},"                                           \
    "\"derogation:AE\": {\"expires\": \"2027-02-01\","                       \
    " \"covers\": [\"CH_FADP\"]},"                                           \
    "\"safeguards:IN\": {\"expires\": \"2027-02-01\","                       \
    " \"covers\": [\"EU_GDPR\", \"FR_OCT\"]}}" more "}"


static xpecto_rules_t *
compile(const char *json)
{
    xpecto_str_t    rules, text;
    xpecto_err_t    err;
    xpecto_image_t  image;

    rules.data = (const uint8_t *) json;
    rules.len = strlen(json);
    text.data = law;
    text.len = law_len;

    if (xpecto_rules_compile(rules, text, &image, &err) != XPECTO_OK) {
        fail_msg("%s", err.text);
    }

    return image.data;
}


static void
add(const xpecto_rules_t *rules, xpecto_set_t *set, const char *code)
{
    unsigned  i;

    i = xpecto_rules_country(rules, XPECTO_COUNTRY(code[0], code[1]));
    assert_int_not_equal(i, XPECTO_RULES_NONE);
    xpecto_set_add(set, i);
}


static void
ask(const xpecto_rules_t *rules, const vector_t *v, xpecto_transfer_t *t)
{
    char                name[64];
    size_t              len;
    unsigned            i;
    const char         *p;
    xpecto_str_t        str;
    xpecto_phone_t      phone;
    xpecto_countries_t  set;

    memset(t, 0, sizeof(xpecto_transfer_t));
    t->today = TODAY;

    if (v->tenant != NULL) {
        add(rules, &t->declared, v->tenant);
    }

    if (v->recipient != NULL) {
        assert_int_not_equal(xpecto_phone_parse(&phone,
                                           (const uint8_t *) v->recipient,
                                           strlen(v->recipient)),
                             XPECTO_ERROR);
        xpecto_phone_countries(&phone, &set);

        for (i = 0; i < set.n; i++) {
            name[0] = (char) (set.cc[i] >> 8);
            name[1] = (char) (set.cc[i] & 0xff);
            add(rules, &t->hinted, name);
        }
    }

    for (p = v->destinations; *p != '\0'; p += 2 + (p[2] == ',')) {
        add(rules, &t->destinations, p);
    }

    for (p = v->attests; p != NULL && *p != '\0'; p += len + (p[len] == ' ')) {
        len = strcspn(p, " ");
        str.data = (const uint8_t *) p;
        str.len = len;
        t->attests |= xpecto_transfer_attest(rules, str);
    }

    t->attests = xpecto_transfer_attests(rules, t->attests, TODAY);
}


static void
explain(const xpecto_rules_t *rules, const xpecto_reason_t *why, char *text)
{
    xpecto_str_t  id;

    if (why->regime == XPECTO_RULES_NONE) {
        (void) strcpy(text, "-");
        return;
    }

    id = xpecto_rules_text(rules, rules->regimes[why->regime].id);

    (void) sprintf(text, "%c%c,%.*s,%c%c",
                   rules->countries[why->origin].code >> 8,
                   rules->countries[why->origin].code & 0xff,
                   (int) id.len, (const char *) id.data,
                   rules->countries[why->destination].code >> 8,
                   rules->countries[why->destination].code & 0xff);
}


static void
check(const xpecto_rules_t *rules, const vector_t *v, size_t n)
{
    char               why[64];
    size_t             i;
    xpecto_transfer_t  t;
    xpecto_decision_t  d;

    for (i = 0; i < n; i++) {
        ask(rules, &v[i], &t);
        xpecto_transfer_decide(rules, &t, &d);
        explain(rules, &d.why, why);

        if (strcmp(xpecto_rules_basis(d.basis), v[i].basis) != 0
            || strcmp(why, v[i].why) != 0)
        {
            fail_msg("%s %s -> %s [%s]: %s (%s), not %s (%s)",
                     v[i].tenant ? v[i].tenant : "-",
                     v[i].recipient ? v[i].recipient : "-",
                     v[i].destinations, v[i].attests ? v[i].attests : "",
                     xpecto_rules_basis(d.basis), why, v[i].basis, v[i].why);
        }
    }
}


static void
test_vectors(void **state)
{
    xpecto_rules_t  *rules;

    static const vector_t  vectors[] = {
        { "DE", "+4915112345678", "DE", NULL, "local", "DE,EU_GDPR,DE" },
        { "DE", "+4915112345678", "DE,US", NULL, "none", "DE,EU_GDPR,US" },
        { "DE", "+4915112345678", "DE,US", "us_dpf", "adequate_scoped",
          "DE,EU_GDPR,US" },
        { "DE", "+4915112345678", "IN", "safeguards:IN", "safeguards",
          "DE,EU_GDPR,IN" },
        { "IN", "+4915112345678", "IN", NULL, "none", "DE,EU_GDPR,IN" },
        { "IN", "+919812345678", "IN,US", NULL, "unrestricted",
          "IN,IN_DPDP,US" },
        { "GB", "+447911123456", "DE", NULL, "adequate", "GB,UK_GDPR,DE" },
        { "BR", "+5511961234567", "IE", NULL, "adequate", "BR,BR_LGPD,IE" },
        { "BR", "+5511961234567", "US", NULL, "none", "BR,BR_LGPD,US" },
        { "FR", "+590690001234", "FR", NULL, "local", "BL,FR_OCT,FR" },
        { "US", "+12015550123", "HK", NULL, "blocked", "US,US_DOJ_202,HK" },
        { "RU", "+79123456789", "DE", NULL, "local_first", "RU,RU_152FZ,DE" },
        { "DE", "+77710009998", "DE", NULL, "local", "DE,EU_GDPR,DE" },
        { "CN", "+8613123456789", "SG", NULL, "none", "CN,CN_PIPL,SG" },
        { "CN", "+8613123456789", "SG", "cn_scc_filed", "formal",
          "CN,CN_PIPL,SG" },
        { "VN", "+84912345678", "SG", "vn_ctia_filed", "formal",
          "VN,VN_PDPL,SG" },
        { "CH", "+41781234567", "JP", NULL, "none", "CH,CH_FADP,JP" },
        { "DE", "+870301234567", "DE", NULL, "local", "DE,EU_GDPR,DE" },
    };

    rules = compile(RULES("V3", ""));
    check(rules, vectors, sizeof(vectors) / sizeof(vectors[0]));
    free(rules);

    (void) state;
}


/*
 * The same where only V1 and V2 count.  Territories and restrictions hold at
 * every level, so that of all the decisions that were asked Guernsey's alone,
 * on Germany, is missed: the number is of there, the tenant is not.
 */

static void
test_vectors_v2(void **state)
{
    xpecto_rules_t  *rules;

    static const vector_t  vectors[] = {
        { "DE", "+4915112345678", "DE", NULL, "local", "DE,EU_GDPR,DE" },
        { "DE", "+4915112345678", "DE,US", NULL, "none", "DE,EU_GDPR,US" },
        { "DE", "+4915112345678", "DE,US", "us_dpf", "adequate_scoped",
          "DE,EU_GDPR,US" },
        { "DE", "+4915112345678", "IN", "safeguards:IN", "safeguards",
          "DE,EU_GDPR,IN" },
        { "IN", "+4915112345678", "IN", NULL, "none", "DE,EU_GDPR,IN" },
        { "IN", "+919812345678", "IN,US", NULL, "unrestricted",
          "IN,IN_DPDP,US" },
        { "GB", "+447911123456", "DE", NULL, "none", "GG,GG_DPL,DE" },
        { "BR", "+5511961234567", "IE", NULL, "adequate", "BR,BR_LGPD,IE" },
        { "BR", "+5511961234567", "US", NULL, "none", "BR,BR_LGPD,US" },
        { "FR", "+590690001234", "FR", NULL, "local", "BL,FR_OCT,FR" },
        { "US", "+12015550123", "HK", NULL, "blocked", "US,US_DOJ_202,HK" },
        { "RU", "+79123456789", "DE", NULL, "local_first", "RU,RU_152FZ,DE" },
        { "DE", "+77710009998", "DE", NULL, "local", "DE,EU_GDPR,DE" },
        { "CN", "+8613123456789", "SG", NULL, "none", "CN,CN_PIPL,SG" },
        { "CN", "+8613123456789", "SG", "cn_scc_filed", "formal",
          "CN,CN_PIPL,SG" },
        { "VN", "+84912345678", "SG", "vn_ctia_filed", "formal",
          "VN,VN_PDPL,SG" },
        { "CH", "+41781234567", "JP", NULL, "none", "CH,CH_FADP,JP" },
        { "DE", "+870301234567", "DE", NULL, "local", "DE,EU_GDPR,DE" },
    };

    rules = compile(RULES("V2", ""));
    check(rules, vectors, sizeof(vectors) / sizeof(vectors[0]));
    free(rules);

    (void) state;
}


static void
test_more(void **state)
{
    xpecto_rules_t  *rules;

    static const vector_t  vectors[] = {

        /* a law that grows out of a territory, and out of none */

        { NULL, "+77710009998", "DE", NULL, "unrestricted", "-" },
        { "KZ", "+77710009998", "DE", NULL, "local_copy", "KZ,KZ_94V,DE" },
        { "US", NULL, "US", NULL, "unrestricted", "US,US_DOJ_202,US" },
        { "US", NULL, "DE", NULL, "unrestricted", "US,US_DOJ_202,DE" },

        /* an attestation that has expired, one whose need is not met */

        { "US", NULL, "CN", "us_doj_dsp", "blocked", "US,US_DOJ_202,CN" },
        { "DE", NULL, "CA", "ca_pipeda", "none", "DE,EU_GDPR,CA" },
        { "DE", NULL, "CA", "ca_pipeda scc", "adequate_scoped",
          "DE,EU_GDPR,CA" },
        { "DE", NULL, "CA", "nobody_knows_it", "none", "DE,EU_GDPR,CA" },

        /* safeguards only for what they cover, and only where */

        { "BR", NULL, "US", "safeguards", "safeguards", "BR,BR_LGPD,US" },
        { "DE", NULL, "IN", "safeguards", "none", "DE,EU_GDPR,IN" },
        { "DE", NULL, "SG", "safeguards:IN", "none", "DE,EU_GDPR,SG" },
        { "CH", NULL, "AE", "derogation:AE", "derogation", "CH,CH_FADP,AE" },
        { "CH", NULL, "IN", "derogation:AE", "none", "CH,CH_FADP,IN" },

        /* a restriction that is lifted leaves the rest to be asked */

        { "RU", NULL, "DE", "ru_primary_db", "none", "RU,RU_152FZ,DE" },
        { "RU", NULL, "RU", NULL, "local", "RU,RU_152FZ,RU" },

        /* placeholders of many laws: only the country itself is local */

        { "HN", NULL, "HN", NULL, "local", "HN,NONE,HN" },
        { "HN", NULL, "GT", NULL, "none", "HN,NONE,GT" },
        { "GH", NULL, "ET", NULL, "none", "GH,AF_OTHER,ET" },

        /* Svalbard is protected, but is not where EU law ends */

        { "SJ", NULL, "NO", NULL, "local", "SJ,EU_GDPR,NO" },
        { "NO", NULL, "SJ", NULL, "none", "NO,EU_GDPR,SJ" },
        { "FR", NULL, "RE", NULL, "local", "FR,EU_GDPR,RE" },
        { "FR", NULL, "NC", NULL, "none", "FR,EU_GDPR,NC" },

        /* the worst of several, and the first of equals */

        { "IN", "+12015550123", "IN,HK", NULL, "blocked",
          "US,US_DOJ_202,HK" },
        { "DE", "+33612345678", "IN", NULL, "none", "DE,EU_GDPR,IN" },

        /* nobody, and nowhere */

        { NULL, NULL, "DE", NULL, "none", "-" },
        { "DE", NULL, "", NULL, "none", "-" },
    };

    rules = compile(RULES("V3", ""));
    check(rules, vectors, sizeof(vectors) / sizeof(vectors[0]));
    free(rules);

    (void) state;
}


/* where the law of the Union ends: by its treaties, not by its flags */

static void
test_territories(void **state)
{
    xpecto_rules_t  *rules;

    static const vector_t  vectors[] = {
        { "DE", NULL, "RE", NULL, "local", "DE,EU_GDPR,RE" },
        { "RE", NULL, "DE", NULL, "local", "RE,EU_GDPR,DE" },
        { "DE", NULL, "GP", NULL, "local", "DE,EU_GDPR,GP" },
        { "GP", NULL, "DE", NULL, "local", "GP,EU_GDPR,DE" },
        { "DE", NULL, "GF", NULL, "local", "DE,EU_GDPR,GF" },
        { "GF", NULL, "DE", NULL, "local", "GF,EU_GDPR,DE" },
        { "DE", NULL, "MQ", NULL, "local", "DE,EU_GDPR,MQ" },
        { "MQ", NULL, "DE", NULL, "local", "MQ,EU_GDPR,DE" },
        { "DE", NULL, "YT", NULL, "local", "DE,EU_GDPR,YT" },
        { "YT", NULL, "DE", NULL, "local", "YT,EU_GDPR,DE" },
        { "DE", NULL, "MF", NULL, "local", "DE,EU_GDPR,MF" },
        { "MF", NULL, "DE", NULL, "local", "MF,EU_GDPR,DE" },
        { "DE", NULL, "AX", NULL, "local", "DE,EU_GDPR,AX" },
        { "AX", NULL, "DE", NULL, "local", "AX,EU_GDPR,DE" },
        { "DE", NULL, "BL", NULL, "none", "DE,EU_GDPR,BL" },
        { "DE", NULL, "PM", NULL, "none", "DE,EU_GDPR,PM" },
        { "DE", NULL, "WF", NULL, "none", "DE,EU_GDPR,WF" },
        { "DE", NULL, "PF", NULL, "none", "DE,EU_GDPR,PF" },
        { "DE", NULL, "NC", NULL, "none", "DE,EU_GDPR,NC" },
        { "DE", NULL, "TF", NULL, "none", "DE,EU_GDPR,TF" },
        { "DE", NULL, "FO", NULL, "adequate", "DE,EU_GDPR,FO" },
        { "DE", NULL, "GL", NULL, "none", "DE,EU_GDPR,GL" },
        { "DE", NULL, "AW", NULL, "none", "DE,EU_GDPR,AW" },
        { "DE", NULL, "CW", NULL, "none", "DE,EU_GDPR,CW" },
        { "DE", NULL, "SX", NULL, "none", "DE,EU_GDPR,SX" },
        { "DE", NULL, "BQ", NULL, "none", "DE,EU_GDPR,BQ" },
        { "DE", NULL, "GI", NULL, "none", "DE,EU_GDPR,GI" },
    };

    rules = compile(RULES("V3", ""));
    check(rules, vectors, sizeof(vectors) / sizeof(vectors[0]));
    free(rules);

    (void) state;
}


/* rows that are known too badly do not count */

static void
test_level(void **state)
{
    xpecto_rules_t  *rules;

    static const vector_t  v2[] = {
        { "GB", NULL, "DE", NULL, "adequate", "GB,UK_GDPR,DE" },
        { "GG", NULL, "DE", NULL, "none", "GG,GG_DPL,DE" },
        { "DE", NULL, "JP", NULL, "adequate_scoped", "DE,EU_GDPR,JP" },
        { "DE", NULL, "FR", NULL, "local", "DE,EU_GDPR,FR" },
    };

    static const vector_t  v1[] = {
        { "GB", NULL, "DE", NULL, "none", "GB,UK_GDPR,DE" },
        { "BR", NULL, "DE", NULL, "adequate", "BR,BR_LGPD,DE" },
        { "DE", NULL, "FR", NULL, "local", "DE,EU_GDPR,FR" },
        { "NO", NULL, "SJ", NULL, "none", "NO,EU_GDPR,SJ" },
        { "US", NULL, "CN", NULL, "blocked", "US,US_DOJ_202,CN" },
    };

    rules = compile(RULES("V2", ""));
    check(rules, v2, sizeof(v2) / sizeof(v2[0]));
    free(rules);

    rules = compile(RULES("V1", ""));
    check(rules, v1, sizeof(v1) / sizeof(v1[0]));
    free(rules);

    (void) state;
}


/* of several restrictions of one law the worst counts, not the first */

static void
test_restrictions(void **state)
{
    size_t           n, len;
    uint8_t         *p, *one;
    xpecto_rules_t  *rules;

    static const char  more[] =
        ",{\"id\": \"a\", \"origin_regime\": \"CN_PIPL\","
        " \"to\": [\"RU\"], \"effect\": \"blocked\"},"
        "{\"id\": \"b\", \"origin_regime\": \"RU_152FZ\","
        " \"to\": [\"UA\"], \"effect\": \"blocked\"}]}";

    static const vector_t  vectors[] = {
        { "CN", NULL, "DE", "cn_scc_filed", "formal", "CN,CN_PIPL,DE" },
        { "CN", NULL, "DE", NULL, "none", "CN,CN_PIPL,DE" },
        { "CN", NULL, "RU", "cn_scc_filed", "blocked", "CN,CN_PIPL,RU" },
        { "RU", NULL, "DE", NULL, "local_first", "RU,RU_152FZ,DE" },
        { "RU", NULL, "UA", NULL, "blocked", "RU,RU_152FZ,UA" },
        { "RU", NULL, "UA", "ru_primary_db", "blocked", "RU,RU_152FZ,UA" },
    };

    /* the restrictions are the last member */

    for (n = law_len; law[n - 1] != ']'; n--) {
        /* void */
    }

    one = law;
    len = law_len;

    p = malloc(n + sizeof(more));
    assert_non_null(p);

    memcpy(p, law, n - 1);
    memcpy(p + n - 1, more, sizeof(more));

    law = p;
    law_len = n - 1 + sizeof(more) - 1;

    rules = compile(RULES("V3", ""));

    law = one;
    law_len = len;
    free(p);

    check(rules, vectors, sizeof(vectors) / sizeof(vectors[0]));
    free(rules);

    (void) state;
}


/* the decision on the United Kingdom ends on 27 December 2031 */

static void
test_dates(void **state)
{
    xpecto_rules_t    *rules;
    xpecto_transfer_t  t;
    xpecto_decision_t  d;

    static const vector_t  gb = { "DE", NULL, "GB", NULL, NULL, NULL };

    rules = compile(RULES("V2", ""));
    ask(rules, &gb, &t);

    t.today = 22639;                    /* 2031-12-26 */
    xpecto_transfer_decide(rules, &t, &d);
    assert_int_equal(d.basis, XPECTO_BASIS_ADEQUATE);

    t.today++;
    xpecto_transfer_decide(rules, &t, &d);
    assert_int_equal(d.basis, XPECTO_BASIS_NONE);

    t.today = 18805;                    /* 2021-06-27, the day before */
    xpecto_transfer_decide(rules, &t, &d);
    assert_int_equal(d.basis, XPECTO_BASIS_NONE);

    t.today++;
    xpecto_transfer_decide(rules, &t, &d);
    assert_int_equal(d.basis, XPECTO_BASIS_ADEQUATE);

    free(rules);
    (void) state;
}


static void
test_actions(void **state)
{
    xpecto_rules_t    *rules;
    xpecto_transfer_t  t;
    xpecto_decision_t  d;

    static const vector_t  de_in = { "DE", NULL, "IN", NULL, NULL, NULL };
    static const vector_t  ru_de = { "RU", NULL, "DE", NULL, NULL, NULL };
    static const vector_t  kz_de = { "KZ", NULL, "DE", NULL, NULL, NULL };
    static const vector_t  de_de = { "DE", NULL, "DE", NULL, NULL, NULL };
    static const vector_t  nobody = { NULL, NULL, "DE", NULL, NULL, NULL };

    rules = compile(RULES("V3", ", \"rules\": ["
            "{\"id\": \"ok\", \"if\": {\"origin\": [\"DE\"], \"dest\": "
            "[\"IN\"]}, \"then\": {\"action\": \"flag\"}},"
            "{\"id\": \"never\", \"if\": {\"regime\": \"EU_GDPR\", "
            "\"dest_not\": [\"FR\"]}, \"then\": {\"action\": \"deny\", "
            "\"code\": 403}}]"));

    ask(rules, &de_in, &t);
    xpecto_transfer_decide(rules, &t, &d);
    assert_int_equal(d.basis, XPECTO_BASIS_NONE);
    assert_int_equal(d.action, XPECTO_ACTION_FLAG);
    assert_int_equal(d.rule, 0);

    ask(rules, &de_de, &t);
    xpecto_transfer_decide(rules, &t, &d);
    assert_int_equal(d.basis, XPECTO_BASIS_LOCAL);
    assert_int_equal(d.action, XPECTO_ACTION_DENY);
    assert_int_equal(d.rule, 1);
    assert_int_equal(d.status, 403);

    ask(rules, &ru_de, &t);
    xpecto_transfer_decide(rules, &t, &d);
    assert_int_equal(d.action, XPECTO_ACTION_DENY);
    assert_int_equal(d.rule, XPECTO_RULES_NONE);
    assert_int_equal(d.status, 451);

    ask(rules, &kz_de, &t);
    xpecto_transfer_decide(rules, &t, &d);
    assert_int_equal(d.basis, XPECTO_BASIS_LOCAL_COPY);
    assert_int_equal(d.action, XPECTO_ACTION_FLAG);

    free(rules);

    rules = compile(RULES("V3", ", \"unknown\": {\"action\": \"flag\"},"
                    "\"basis_action\": {\"local\": \"deny\", "
                    "\"none\": \"allow\"}"));

    ask(rules, &nobody, &t);
    xpecto_transfer_decide(rules, &t, &d);
    assert_int_equal(d.basis, XPECTO_BASIS_NONE);
    assert_int_equal(d.action, XPECTO_ACTION_FLAG);

    t.forbidden = 1;
    xpecto_transfer_decide(rules, &t, &d);
    assert_int_equal(d.action, XPECTO_ACTION_DENY);

    /* the strictest action, not that of the worst basis */

    ask(rules, &de_de, &t);
    add(rules, &t.destinations, "IN");
    xpecto_transfer_decide(rules, &t, &d);
    assert_int_equal(d.basis, XPECTO_BASIS_NONE);
    assert_int_equal(d.action, XPECTO_ACTION_DENY);
    assert_int_equal(rules->countries[d.cause.destination].code,
                     XPECTO_COUNTRY('D', 'E'));

    free(rules);
    (void) state;
}


static void
test_region(void **state)
{
    unsigned           i;
    xpecto_set_t       meta;
    xpecto_rules_t    *rules;
    xpecto_transfer_t  t;
    xpecto_decision_t  d;

    static const vector_t  de = { "DE", NULL, "", NULL, NULL, NULL };
    static const vector_t  in = { "IN", NULL, "", NULL, NULL, NULL };

    static const struct {
        const char  *path;
        int          matches;
    } paths[] = {
        { "/v21.0/messages", 1 },
        { "/v/messages", 1 },
        { "/v1/2/messages", 1 },
        { "/v1/2/3/messages", 0 },
        { "/v1/messages/", 0 },
        { "/v1/messagesx", 0 },
        { "/V1/2/Messages", 1 },
        { "/v1/\x4d[ssages", 0 },
        { "v1/2/messages", 1 },
        { "v1/2/messages?x=y", 1 },
        { "/v1/messages#?x", 1 },
        { "messages", 0 },
        { "1/messages/v1", 0 },
        { "/messages", 0 },
        { "?", 0 },
        { "/", 0 },
        { "", 1 }
    };

    rules = compile(RULES("V3", ", \"regions\": {"
            "\"in\": {\"country\": \"IN\", \"upstream\": \"be_in\"},"
            "\"fr\": {\"country\": \"FR\", \"upstream\": \"be_fr\"},"
            "\"eu\": {\"country\": \"DE\", \"upstream\": \"be_eu\"}},"
            "\"subprocessors\": {\"meta\": {\"countries\": [\"US\"], "
            "\"paths\": [\"/v*/messages\", \"/v*/*/messages\"]}}"));

    ask(rules, &de, &t);
    assert_int_equal(xpecto_transfer_region(rules, &t, 7, XPECTO_RULES_NONE,
                                            &d), 1);
    assert_int_equal(d.basis, XPECTO_BASIS_LOCAL);
    assert_int_equal(xpecto_transfer_region(rules, &t, 7, 2, &d), 2);
    assert_int_equal(xpecto_transfer_region(rules, &t, 7, 0, &d), 1);
    assert_int_equal(xpecto_transfer_region(rules, &t, 1, 2, &d), 0);
    assert_int_equal(d.basis, XPECTO_BASIS_NONE);
    assert_int_equal(xpecto_transfer_region(rules, &t, 0, 2, &d),
                     XPECTO_RULES_NONE);

    ask(rules, &in, &t);
    assert_int_equal(xpecto_transfer_region(rules, &t, 7, 2, &d), 0);
    assert_int_equal(d.basis, XPECTO_BASIS_LOCAL);

    for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        xpecto_str_t  path;

        path.data = (const uint8_t *) paths[i].path;
        path.len = strlen(paths[i].path);

        memset(&meta, 0, sizeof(xpecto_set_t));
        xpecto_rules_processors(rules, path, &meta);
        assert_int_equal(xpecto_set_next(&meta, 0) != XPECTO_RULES_NONE,
                         paths[i].matches);
    }

    free(rules);
    (void) state;
}


static void
test_tags(void **state)
{
    size_t           len;
    uint8_t          text[XPECTO_TRANSFER_REGIMES];
    xpecto_set_t     set, other;
    xpecto_rules_t  *rules;

    rules = compile(RULES("V3", ""));
    memset(&set, 0, sizeof(xpecto_set_t));

    assert_int_equal(xpecto_transfer_regimes(rules, &set, 0, text), 0);
    assert_int_equal(xpecto_transfer_opt_out(rules, &set, 0), 0);
    assert_int_equal(xpecto_transfer_min_age(rules, &set, 0, 0), 0);
    assert_int_equal(xpecto_transfer_min_age(rules, &set, 0, 1), 16);

    add(rules, &set, "US");
    assert_int_equal(xpecto_transfer_opt_out(rules, &set, 0), 1);
    assert_int_equal(xpecto_transfer_min_age(rules, &set, 0, 0), 13);
    assert_int_equal(xpecto_transfer_min_age(rules, &set, 0, 1), 16);

    /* one of them says nothing of it: it is not that of the other */

    memset(&other, 0, sizeof(xpecto_set_t));
    add(rules, &other, "US");
    add(rules, &other, "CH");
    assert_int_equal(xpecto_transfer_min_age(rules, &other, 0, 0), 16);

    add(rules, &set, "IN");
    add(rules, &set, "DE");
    add(rules, &set, "FR");

    len = xpecto_transfer_regimes(rules, &set, 0, text);
    text[len] = '\0';

    assert_string_equal(text, "EU_GDPR IN_DPDP US_DOJ_202 US_FED");
    assert_int_equal(xpecto_transfer_min_age(rules, &set, 0, 0), 18);
    assert_int_equal(xpecto_transfer_min_age(rules, &set, 0, 1), 18);
    assert_int_equal(xpecto_transfer_opt_out(rules, &set, 0), 0);

    free(rules);
    (void) state;
}


static int
setup(void **state)
{
    FILE  *f;

    law = malloc(1 << 20);
    f = fopen(LAW, "rb");

    if (law == NULL || f == NULL) {
        return 1;
    }

    law_len = fread(law, 1, 1 << 20, f);
    (void) state;

    return fclose(f);
}


static int
teardown(void **state)
{
    free(law);
    (void) state;

    return 0;
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_vectors_v2),
        cmocka_unit_test(test_more),
        cmocka_unit_test(test_territories),
        cmocka_unit_test(test_level),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_actions),
        cmocka_unit_test(test_region),
        cmocka_unit_test(test_tags),
        cmocka_unit_test(test_restrictions)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, setup, teardown);
}
