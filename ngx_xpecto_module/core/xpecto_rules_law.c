
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_rules_build.h"


static xpecto_rc_e xpecto_law_regimes(xpecto_build_t *b,
    const xpecto_node_t *regimes);
static xpecto_rc_e xpecto_law_inherits(xpecto_build_t *b,
    const xpecto_node_t *regimes);
static xpecto_rc_e xpecto_law_regime(xpecto_build_t *b,
    const xpecto_node_t *node, xpecto_regime_t *regime);
static xpecto_rc_e xpecto_law_regime_id(xpecto_build_t *b,
    const xpecto_node_t *node, xpecto_text_t *text);
static xpecto_rc_e xpecto_law_countries(xpecto_build_t *b,
    const xpecto_node_t *countries);
static xpecto_rc_e xpecto_law_country(xpecto_build_t *b,
    const xpecto_node_t *node, xpecto_place_rule_t *country);


static const char *const  xpecto_law_regime_members[] = {
    "number", "name", "law", "transfer_model", "mechanisms", "min_age",
    "consent_default", "in_force_from", "verified", "source", "as_of", "note",
    "reach", "inherits_decisions_from", "group", NULL
};


static const char *const  xpecto_law_country_members[] = {
    "code", "name", "regimes", "min_age", "consent_default", "mechanisms",
    "verified", "source", "as_of", "note", NULL
};


static const xpecto_word_t  xpecto_law_consents[] = {
    { "opt_in", 0 },
    { "opt_out", 1 },
    { NULL, 0 }
};


/* 1: a transfer needs no ground where nothing forbids it */

static const xpecto_word_t  xpecto_law_models[] = {
    { "none", 1 },
    { "negative_list", 1 },
    { "restriction_power", 1 },
    { "accountability", 0 },
    { "adequacy_or_consent", 0 },
    { "adequacy_or_declaration", 0 },
    { "adequacy_safeguards", 0 },
    { "adequate_law", 0 },
    { "approval", 0 },
    { "comparable_protection", 0 },
    { "conditions", 0 },
    { "consent_or_equivalent", 0 },
    { "formal", 0 },
    { "localisation", 0 },
    { "mixed", 0 },
    { "notice", 0 },
    { "pia", 0 },
    { "tiered", 0 },
    { "unknown", 0 },
    { NULL, 0 }
};


/* 1: it is asked only where somebody is established */

static const xpecto_word_t  xpecto_law_reaches[] = {
    { "establishment", 1 },
    { "establishment_or_equipment", 1 },
    { "targeting", 0 },
    { "effects", 0 },
    { "in_territory", 0 },
    { "residents", 0 },
    { "nationality", 0 },
    { "nationality_or_residents", 0 },
    { "real_connection", 0 },
    { "link", 0 },
    { "carrying_on_business", 0 },
    { "us_persons", 0 },
    { "unknown", 0 },
    { NULL, 0 }
};


xpecto_rc_e
xpecto_law_places(xpecto_build_t *b, const xpecto_node_t *law)
{
    xpecto_node_t  regimes, countries;

    static const char *const  members[] = {
        "meta", "sources", "regimes", "countries", "subdivisions",
        "decisions", "restrictions", NULL
    };

    if (xpecto_doc_members(law, members, b->err) != XPECTO_OK
        || xpecto_doc_get(law, "regimes", XPECTO_DOC_OBJECT, 1, &regimes,
                          b->err) != XPECTO_OK
        || xpecto_doc_get(law, "countries", XPECTO_DOC_ARRAY, 1, &countries,
                          b->err) != XPECTO_OK
        || xpecto_law_regimes(b, &regimes) != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    if (xpecto_law_countries(b, &countries) != XPECTO_OK) {
        return XPECTO_ERROR;
    }

    return xpecto_law_areas(b, law);
}


static xpecto_rc_e
xpecto_law_regimes(xpecto_build_t *b, const xpecto_node_t *regimes)
{
    void             *iter;
    unsigned          i;
    xpecto_node_t     node;
    xpecto_rules_t   *rules;
    xpecto_regime_t   regime;

    rules = &b->rules;

    if (xpecto_doc_size(regimes) > XPECTO_RULES_REGIMES) {
        return xpecto_doc_error(regimes, b->err, "too many regimes");
    }

    for (iter = xpecto_doc_next(regimes, NULL, &node);
         iter != NULL;
         iter = xpecto_doc_next(regimes, iter, &node))
    {
        memset(&regime, 0, sizeof(xpecto_regime_t));

        if (xpecto_law_regime(b, &node, &regime) != XPECTO_OK) {
            return XPECTO_ERROR;
        }

        for (i = 0; i < rules->nregimes; i++) {
            if (rules->regimes[i].number == regime.number) {
                return xpecto_doc_error(&node, b->err,
                                        "number of another regime");
            }
        }

        /* kept in the order of their ids */

        for (i = rules->nregimes;
             i > 0
             && xpecto_build_order(b, rules->regimes[i - 1].id, regime.id) > 0;
             i--)
        {
            rules->regimes[i] = rules->regimes[i - 1];
        }

        rules->regimes[i] = regime;
        rules->nregimes++;
    }

    return xpecto_law_inherits(b, regimes);
}


/* from a regime of any place in the file, which has decisions of its own */

static xpecto_rc_e
xpecto_law_inherits(xpecto_build_t *b, const xpecto_node_t *regimes)
{
    void             *iter;
    uint8_t           from;
    xpecto_rc_e       rc;
    xpecto_node_t     node;
    xpecto_regime_t  *regime;

    for (iter = xpecto_doc_next(regimes, NULL, &node);
         iter != NULL;
         iter = xpecto_doc_next(regimes, iter, &node))
    {
        rc = xpecto_build_regime(b, &node, "inherits_decisions_from", 0,
                                 &from);
        if (rc == XPECTO_DECLINED) {
            continue;
        }

        if (rc == XPECTO_ERROR) {
            return XPECTO_ERROR;
        }

        regime = b->rules.regimes;

        while (!xpecto_str_is(xpecto_build_str(b, regime->id), node.key)) {
            regime++;
        }

        regime->inherits = from;
    }

    for (iter = xpecto_doc_next(regimes, NULL, &node);
         iter != NULL;
         iter = xpecto_doc_next(regimes, iter, &node))
    {
        rc = xpecto_build_regime(b, &node, "inherits_decisions_from", 0,
                                 &from);

        if (rc == XPECTO_OK
            && b->rules.regimes[from].inherits != XPECTO_RULES_NONE)
        {
            return xpecto_doc_error(&node, b->err, "inherits from a regime "
                                    "that inherits itself");
        }
    }

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_law_regime(xpecto_build_t *b, const xpecto_node_t *node,
    xpecto_regime_t *regime)
{
    int64_t        n;
    unsigned       value, reach;
    xpecto_rc_e    rc;
    xpecto_node_t  member;

    regime->inherits = XPECTO_RULES_NONE;

    if (xpecto_doc_members(node, xpecto_law_regime_members, b->err)
        != XPECTO_OK
        || xpecto_doc_within(node, "number", 1, 1, 65535, &n, b->err)
           != XPECTO_OK
        || xpecto_build_word(b, node, "transfer_model", 1, xpecto_law_models,
                             &value) != XPECTO_OK
        || xpecto_build_word(b, node, "reach", 1, xpecto_law_reaches, &reach)
           != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    regime->number = (uint16_t) n;
    regime->free = (uint8_t) value;
    regime->needs_establishment = (uint8_t) reach;

    rc = xpecto_doc_within(node, "min_age", 0, 1, 99, &n, b->err);

    if (rc == XPECTO_OK) {
        regime->min_age = (uint8_t) n;

    } else if (rc == XPECTO_ERROR) {
        return XPECTO_ERROR;
    }

    rc = xpecto_build_word(b, node, "consent_default", 0, xpecto_law_consents,
                           &value);

    if (rc == XPECTO_OK) {
        regime->opt_out = (uint8_t) value;

    } else if (rc == XPECTO_ERROR) {
        return XPECTO_ERROR;
    }

    rc = xpecto_doc_get(node, "group", XPECTO_DOC_BOOLEAN, 0, &member, b->err);

    if (rc == XPECTO_OK) {
        regime->group = (uint8_t) (xpecto_doc_boolean(&member) != 0);

    } else if (rc == XPECTO_ERROR) {
        return XPECTO_ERROR;
    }

    return xpecto_law_regime_id(b, node, &regime->id);
}


/* goes into headers, answers, log lines and lists as it is */

static xpecto_rc_e
xpecto_law_regime_id(xpecto_build_t *b, const xpecto_node_t *node,
    xpecto_text_t *text)
{
    size_t        i;
    uint8_t       c;
    xpecto_str_t  id;

    id.data = (const uint8_t *) node->key;
    id.len = strlen(node->key);

    if (id.len < 2 || id.len > 31) {
        return xpecto_doc_error(node, b->err, "an id has 2 to 31 characters");
    }

    for (i = 0; i < id.len; i++) {
        c = id.data[i];

        if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_')) {
            return xpecto_doc_error(node, b->err, "an id is of capital "
                                    "letters, digits and \"_\"");
        }
    }

    return xpecto_build_copy(b, id, text);
}


static xpecto_rc_e
xpecto_law_countries(xpecto_build_t *b, const xpecto_node_t *countries)
{
    size_t                n;
    unsigned              i;
    xpecto_node_t         node;
    xpecto_rules_t       *rules;
    xpecto_place_rule_t   country;

    rules = &b->rules;

    if (xpecto_doc_size(countries) > XPECTO_RULES_COUNTRIES) {
        return xpecto_doc_error(countries, b->err, "too many countries");
    }

    for (n = 0; n < xpecto_doc_size(countries); n++) {
        xpecto_doc_element(countries, n, &node);

        memset(&country, 0, sizeof(xpecto_place_rule_t));
        country.signal = INT32_MAX;

        if (xpecto_law_country(b, &node, &country) != XPECTO_OK) {
            return XPECTO_ERROR;
        }

        for (i = rules->ncountries;
             i > 0 && rules->countries[i - 1].code >= country.code;
             i--)
        {
            if (rules->countries[i - 1].code == country.code) {
                return xpecto_doc_error(&node, b->err, "repeated country");
            }

            rules->countries[i] = rules->countries[i - 1];
        }

        rules->countries[i] = country;
        rules->ncountries++;
    }

    for (i = 0; i < rules->ncountries; i++) {
        n = (size_t) (rules->countries[i].code >> 8) - 'A';
        rules->index[26 * n + (rules->countries[i].code & 0xff) - 'A'] =
                                                                  (uint8_t) i;
    }

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_law_country(xpecto_build_t *b, const xpecto_node_t *node,
    xpecto_place_rule_t *country)
{
    size_t         n;
    uint8_t        regime;
    unsigned       i;
    xpecto_node_t  array, member;

    if (xpecto_doc_members(node, xpecto_law_country_members, b->err)
        != XPECTO_OK
        || xpecto_doc_get(node, "code", XPECTO_DOC_STRING, 1, &member, b->err)
           != XPECTO_OK
        || xpecto_node_code(b, &member, &country->code) != XPECTO_OK
        || xpecto_doc_get(node, "regimes", XPECTO_DOC_ARRAY, 1, &array, b->err)
           != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    n = xpecto_doc_size(&array);

    if (n == 0 || n > XPECTO_RULES_OVERLAYS) {
        return xpecto_doc_error(&array, b->err, "a country has 1 to 4 regimes");
    }

    for (n = 0; n < xpecto_doc_size(&array); n++) {

        if (xpecto_node_string(b, &array, n, &member) != XPECTO_OK
            || xpecto_node_regime(b, &member, &regime) != XPECTO_OK)
        {
            return XPECTO_ERROR;
        }

        if (memchr(country->regimes, regime, country->nregimes) != NULL) {
            return xpecto_doc_error(&member, b->err, "repeated regime");
        }

        if (n == 0) {
            country->territorial = regime;
        }

        for (i = country->nregimes;
             i > 0 && country->regimes[i - 1] > regime;
             i--)
        {
            country->regimes[i] = country->regimes[i - 1];
        }

        country->regimes[i] = regime;
        country->nregimes++;
    }

    return xpecto_law_protection(b, node, country->regimes, country->nregimes,
                                 &country->min_age, &country->opt_out);
}


xpecto_rc_e
xpecto_law_protection(xpecto_build_t *b, const xpecto_node_t *node,
    const uint8_t *regimes, unsigned n, uint8_t *min_age, uint8_t *opt_out)
{
    int64_t                 age;
    unsigned                i, value;
    xpecto_rc_e             rc;
    const xpecto_regime_t  *regime;

    if (n != 0) {
        *min_age = 0;
        *opt_out = 1;
    }

    for (i = 0; i < n; i++) {
        regime = &b->rules.regimes[regimes[i]];

        if (regime->min_age > *min_age) {
            *min_age = regime->min_age;
        }

        if (!regime->opt_out) {
            *opt_out = 0;
        }
    }

    rc = xpecto_doc_within(node, "min_age", 0, 1, 99, &age, b->err);

    if (rc == XPECTO_OK) {
        *min_age = (uint8_t) age;

    } else if (rc == XPECTO_ERROR) {
        return XPECTO_ERROR;
    }

    rc = xpecto_build_word(b, node, "consent_default", 0, xpecto_law_consents,
                           &value);

    if (rc == XPECTO_OK) {
        *opt_out = (uint8_t) value;
    }

    return (rc == XPECTO_ERROR) ? XPECTO_ERROR : XPECTO_OK;
}
