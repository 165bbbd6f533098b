
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_rules_build.h"


static xpecto_rc_e xpecto_law_area(xpecto_build_t *b,
    const xpecto_node_t *node, xpecto_area_rule_t *area);
static xpecto_rc_e xpecto_law_area_code(xpecto_build_t *b,
    const xpecto_node_t *node, xpecto_area_rule_t *area);
static xpecto_rc_e xpecto_law_area_regimes(xpecto_build_t *b,
    const xpecto_node_t *node, xpecto_area_rule_t *area);
static xpecto_rc_e xpecto_law_area_signal(xpecto_build_t *b,
    const xpecto_node_t *node, unsigned country);
static xpecto_rc_e xpecto_law_area_insert(xpecto_build_t *b,
    const xpecto_node_t *node, const xpecto_area_rule_t *area);


static const char *const  xpecto_law_area_members[] = {
    "code", "name", "regimes", "min_age", "consent_default", "mechanisms",
    "in_force_from", "opt_out_signal_from", "verified", "source", "as_of",
    "note", NULL
};


xpecto_rc_e
xpecto_law_areas(xpecto_build_t *b, const xpecto_node_t *law)
{
    size_t               n;
    xpecto_rc_e          rc;
    xpecto_node_t        array, node;
    xpecto_area_rule_t   area;

    rc = xpecto_doc_get(law, "subdivisions", XPECTO_DOC_ARRAY, 0, &array,
                        b->err);

    if (rc != XPECTO_OK) {
        return (rc == XPECTO_DECLINED) ? XPECTO_OK : XPECTO_ERROR;
    }

    for (n = 0; n < xpecto_doc_size(&array); n++) {
        xpecto_doc_element(&array, n, &node);

        memset(&area, 0, sizeof(xpecto_area_rule_t));

        if (xpecto_law_area(b, &node, &area) != XPECTO_OK
            || xpecto_law_area_insert(b, &node, &area) != XPECTO_OK)
        {
            return XPECTO_ERROR;
        }
    }

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_law_area(xpecto_build_t *b, const xpecto_node_t *node,
    xpecto_area_rule_t *area)
{
    const xpecto_place_rule_t  *country;

    if (xpecto_doc_type(node, XPECTO_DOC_OBJECT, b->err) != XPECTO_OK
        || xpecto_doc_members(node, xpecto_law_area_members, b->err)
           != XPECTO_OK
        || xpecto_law_area_code(b, node, area) != XPECTO_OK
        || xpecto_law_area_regimes(b, node, area) != XPECTO_OK
        || xpecto_law_area_signal(b, node, area->country) != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    country = &b->rules.countries[area->country];

    area->min_age = country->min_age;
    area->opt_out = country->opt_out;

    return xpecto_law_protection(b, node, area->regimes, area->nregimes,
                                 &area->min_age, &area->opt_out);
}


/* "US-CA", "AE-DIFC" */

static xpecto_rc_e
xpecto_law_area_code(xpecto_build_t *b, const xpecto_node_t *node,
    xpecto_area_rule_t *area)
{
    size_t         n;
    unsigned       i;
    xpecto_str_t   str;
    xpecto_node_t  code;

    if (xpecto_doc_get(node, "code", XPECTO_DOC_STRING, 1, &code, b->err)
        != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    str = xpecto_doc_string(&code);
    i = XPECTO_RULES_NONE;

    if (str.len >= 4 && str.len < XPECTO_AREA_CODE && str.data[2] == '-') {
        i = xpecto_rules_country(&b->rules, XPECTO_COUNTRY(str.data[0],
                                                           str.data[1]));
    }

    for (n = 3; i != XPECTO_RULES_NONE && n < str.len; n++) {
        if (!((str.data[n] >= 'A' && str.data[n] <= 'Z')
              || (str.data[n] >= '0' && str.data[n] <= '9')))
        {
            i = XPECTO_RULES_NONE;
        }
    }

    if (i == XPECTO_RULES_NONE) {
        return xpecto_doc_error(&code, b->err,
                                "no subdivision of a known country");
    }

    area->country = (uint8_t) i;
    memcpy(area->code, str.data, str.len);

    return XPECTO_OK;
}


/* those of the country are asked for the country */

static xpecto_rc_e
xpecto_law_area_regimes(xpecto_build_t *b, const xpecto_node_t *node,
    xpecto_area_rule_t *area)
{
    size_t                n;
    uint8_t               regime;
    unsigned              i;
    xpecto_node_t         array, member;
    xpecto_place_rule_t  *country;

    if (xpecto_doc_get(node, "regimes", XPECTO_DOC_ARRAY, 1, &array, b->err)
        != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    n = xpecto_doc_size(&array);

    if (n == 0 || n > XPECTO_RULES_OVERLAYS) {
        return xpecto_doc_error(&array, b->err,
                                "a subdivision has 1 to 4 regimes");
    }

    country = &b->rules.countries[area->country];

    for (n = 0; n < xpecto_doc_size(&array); n++) {

        if (xpecto_node_string(b, &array, n, &member) != XPECTO_OK
            || xpecto_node_regime(b, &member, &regime) != XPECTO_OK)
        {
            return XPECTO_ERROR;
        }

        if (memchr(area->regimes, regime, area->nregimes) != NULL) {
            return xpecto_doc_error(&member, b->err, "repeated regime");
        }

        if (memchr(country->regimes, regime, country->nregimes) != NULL) {
            continue;
        }

        for (i = area->nregimes;
             i > 0 && area->regimes[i - 1] > regime;
             i--)
        {
            area->regimes[i] = area->regimes[i - 1];
        }

        area->regimes[i] = regime;
        area->nregimes++;
    }

    return XPECTO_OK;
}


/* the first one counts: an address tells the country, not the part of it */

static xpecto_rc_e
xpecto_law_area_signal(xpecto_build_t *b, const xpecto_node_t *node,
    unsigned country)
{
    int32_t      day;
    xpecto_rc_e  rc;

    rc = xpecto_build_date(b, node, "opt_out_signal_from", 0, &day);

    if (rc == XPECTO_OK && day < b->rules.countries[country].signal) {
        b->rules.countries[country].signal = day;
    }

    return (rc == XPECTO_ERROR) ? XPECTO_ERROR : XPECTO_OK;
}


/* one that adds no law is known, too */

static xpecto_rc_e
xpecto_law_area_insert(xpecto_build_t *b, const xpecto_node_t *node,
    const xpecto_area_rule_t *area)
{
    int                  rc;
    unsigned             i;
    xpecto_area_rule_t  *all;

    if (b->rules.nareas == XPECTO_RULES_AREAS) {
        return xpecto_doc_error(node, b->err, "too many subdivisions");
    }

    all = b->rules.areas;

    for (i = b->rules.nareas; i > 0; i--) {
        rc = strcmp(all[i - 1].code, area->code);

        if (rc == 0) {
            return xpecto_doc_error(node, b->err, "repeated subdivision");
        }

        if (rc < 0) {
            break;
        }

        all[i] = all[i - 1];
    }

    all[i] = *area;
    b->rules.nareas++;

    return XPECTO_OK;
}
