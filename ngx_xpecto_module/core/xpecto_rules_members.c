
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_rules_build.h"


static xpecto_rc_e xpecto_rules_exception(xpecto_build_t *b,
    const xpecto_node_t *node, xpecto_rule_t *rule);
static int xpecto_rules_meet(const xpecto_rules_t *rules,
    const xpecto_rule_t *rule);
static xpecto_rc_e xpecto_rules_if(xpecto_build_t *b,
    const xpecto_node_t *node, xpecto_rule_t *rule);
static xpecto_rc_e xpecto_rules_uri(xpecto_build_t *b,
    const xpecto_node_t *object, const char *key, xpecto_text_t *text);
static xpecto_rc_e xpecto_rules_status(xpecto_build_t *b,
    const xpecto_node_t *object, const char *key, int64_t *status);


/* the member "rules" */

xpecto_rc_e
xpecto_rules_exceptions(xpecto_build_t *b, const xpecto_node_t *root)
{
    size_t         n;
    xpecto_rc_e    rc;
    xpecto_node_t  rules, node;

    rc = xpecto_doc_get(root, "rules", XPECTO_DOC_ARRAY, 0, &rules, b->err);

    if (rc != XPECTO_OK) {
        return (rc == XPECTO_DECLINED) ? XPECTO_OK : XPECTO_ERROR;
    }

    if (xpecto_doc_size(&rules) > XPECTO_RULES_RULES) {
        return xpecto_doc_error(&rules, b->err, "too many rules");
    }

    for (n = 0; n < xpecto_doc_size(&rules); n++) {
        xpecto_doc_element(&rules, n, &node);

        if (xpecto_rules_exception(b, &node,
                                   &b->rules.rules[b->rules.nrules++])
            != XPECTO_OK)
        {
            return XPECTO_ERROR;
        }
    }

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_rules_exception(xpecto_build_t *b, const xpecto_node_t *node,
    xpecto_rule_t *rule)
{
    int64_t        status;
    unsigned       i, action;
    xpecto_node_t  id, cond, then;

    static const char *const  members[] = { "id", "if", "then", NULL };
    static const char *const  then_members[] = { "action", "code", NULL };

    status = 0;

    if (xpecto_doc_type(node, XPECTO_DOC_OBJECT, b->err) != XPECTO_OK
        || xpecto_doc_members(node, members, b->err) != XPECTO_OK
        || xpecto_doc_get(node, "id", XPECTO_DOC_STRING, 1, &id, b->err)
           != XPECTO_OK
        || xpecto_rules_name(b, &id, xpecto_doc_string(&id)) != XPECTO_OK
        || xpecto_build_copy(b, xpecto_doc_string(&id), &rule->id)
           != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    for (i = 0; &b->rules.rules[i] != rule; i++) {
        if (xpecto_build_order(b, b->rules.rules[i].id, rule->id) == 0) {
            return xpecto_doc_error(&id, b->err, "id of another rule");
        }
    }

    if (xpecto_doc_get(node, "if", XPECTO_DOC_OBJECT, 1, &cond, b->err)
        != XPECTO_OK
        || xpecto_rules_if(b, &cond, rule) != XPECTO_OK
        || xpecto_doc_get(node, "then", XPECTO_DOC_OBJECT, 1, &then, b->err)
           != XPECTO_OK
        || xpecto_doc_members(&then, then_members, b->err) != XPECTO_OK
        || xpecto_build_word(b, &then, "action", 1, xpecto_rules_action_words,
                             &action) != XPECTO_OK
        || xpecto_rules_status(b, &then, "code", &status) != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    if (status != 0 && action != XPECTO_ACTION_DENY) {
        return xpecto_doc_error(&then, b->err, "only \"deny\" has a code");
    }

    rule->action = (uint8_t) action;
    rule->status = (uint16_t) status;

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_rules_if(xpecto_build_t *b, const xpecto_node_t *node,
    xpecto_rule_t *rule)
{
    xpecto_rc_e    regime, origin, dest, dest_not;
    xpecto_node_t  member;

    static const char *const  members[] = {
        "regime", "origin", "dest", "dest_not", NULL
    };

    rule->regime = XPECTO_RULES_NONE;

    if (xpecto_doc_members(node, members, b->err) != XPECTO_OK) {
        return XPECTO_ERROR;
    }

    if (xpecto_doc_get(node, "dest", XPECTO_DOC_ARRAY, 0, &member, b->err)
        == XPECTO_OK
        && xpecto_doc_get(node, "dest_not", XPECTO_DOC_ARRAY, 0, &member,
                          b->err) == XPECTO_OK)
    {
        return xpecto_doc_error(node, b->err,
                                "\"dest\" and \"dest_not\" exclude each "
                                "other");
    }

    regime = xpecto_build_regime(b, node, "regime", 0, &rule->regime);
    if (regime == XPECTO_ERROR) {
        return XPECTO_ERROR;
    }

    origin = xpecto_build_countries(b, node, "origin", 0, &rule->origin);
    if (origin == XPECTO_ERROR) {
        return XPECTO_ERROR;
    }

    dest = xpecto_build_countries(b, node, "dest", 0, &rule->dest);
    if (dest == XPECTO_ERROR) {
        return XPECTO_ERROR;
    }

    dest_not = xpecto_build_countries(b, node, "dest_not", 0, &rule->dest);
    if (dest_not == XPECTO_ERROR) {
        return XPECTO_ERROR;
    }

    if (regime != XPECTO_OK && origin != XPECTO_OK && dest != XPECTO_OK
        && dest_not != XPECTO_OK)
    {
        return xpecto_doc_error(node, b->err, "no condition");
    }

    if (regime == XPECTO_OK && origin == XPECTO_OK
        && !xpecto_rules_meet(&b->rules, rule))
    {
        return xpecto_doc_error(node, b->err, "no country of \"origin\" has "
                                "this \"regime\"");
    }

    rule->has_origin = (origin == XPECTO_OK);
    rule->has_dest = (dest == XPECTO_OK) ? 1 : (dest_not == XPECTO_OK) ? 2 : 0;

    return XPECTO_OK;
}


/* 1: its regime is that of a country of its origin, or of an area there */

static int
xpecto_rules_meet(const xpecto_rules_t *rules, const xpecto_rule_t *rule)
{
    unsigned                    i, n;
    const xpecto_area_rule_t   *area;
    const xpecto_place_rule_t  *place;

    for (i = 0; i < rules->ncountries; i++) {
        place = &rules->countries[i];

        for (n = 0; n < place->nregimes; n++) {
            if (place->regimes[n] == rule->regime
                && xpecto_set_has(&rule->origin, (uint8_t) i))
            {
                return 1;
            }
        }
    }

    for (i = 0; i < rules->nareas; i++) {
        area = &rules->areas[i];

        for (n = 0; n < area->nregimes; n++) {
            if (area->regimes[n] == rule->regime
                && xpecto_set_has(&rule->origin, area->country))
            {
                return 1;
            }
        }
    }

    return 0;
}


xpecto_rc_e
xpecto_rules_deny(xpecto_build_t *b, const xpecto_node_t *root)
{
    int64_t        status;
    xpecto_rc_e    rc;
    xpecto_node_t  node;

    static const char *const  members[] = {
        "status", "blocked_by", "type", NULL
    };

    b->rules.status = 451;

    rc = xpecto_doc_get(root, "deny", XPECTO_DOC_OBJECT, 0, &node, b->err);

    if (rc != XPECTO_OK) {
        return (rc == XPECTO_DECLINED) ? XPECTO_OK : XPECTO_ERROR;
    }

    status = 451;

    if (xpecto_doc_members(&node, members, b->err) != XPECTO_OK
        || xpecto_rules_status(b, &node, "status", &status) != XPECTO_OK
        || xpecto_rules_uri(b, &node, "blocked_by", &b->rules.blocked_by)
           != XPECTO_OK
        || xpecto_rules_uri(b, &node, "type", &b->rules.type) != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    b->rules.status = (uint16_t) status;

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_rules_status(xpecto_build_t *b, const xpecto_node_t *object,
    const char *key, int64_t *status)
{
    xpecto_rc_e    rc;
    xpecto_node_t  node;

    rc = xpecto_doc_get(object, key, XPECTO_DOC_INTEGER, 0, &node, b->err);

    if (rc != XPECTO_OK) {
        return (rc == XPECTO_DECLINED) ? XPECTO_OK : XPECTO_ERROR;
    }

    *status = xpecto_doc_integer(&node);

    return (*status == 403 || *status == 451)
           ? XPECTO_OK
           : xpecto_doc_error(&node, b->err, "neither 403 nor 451");
}


/* goes into a header and into JSON: nothing that ends a string of either */

static xpecto_rc_e
xpecto_rules_uri(xpecto_build_t *b, const xpecto_node_t *object,
    const char *key, xpecto_text_t *text)
{
    size_t         i;
    xpecto_rc_e    rc;
    xpecto_str_t   str;
    xpecto_node_t  node;

    rc = xpecto_doc_get(object, key, XPECTO_DOC_STRING, 0, &node, b->err);

    if (rc != XPECTO_OK) {
        return (rc == XPECTO_DECLINED) ? XPECTO_OK : XPECTO_ERROR;
    }

    str = xpecto_doc_string(&node);

    for (i = 0; i < str.len; i++) {
        if (str.data[i] <= ' ' || str.data[i] >= 0x7f
            || strchr("\"\\<>", str.data[i]) != NULL)
        {
            return xpecto_doc_error(&node, b->err, "not a URI");
        }
    }

    return xpecto_build_copy(b, str, text);
}
