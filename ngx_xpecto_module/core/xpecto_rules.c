
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xpecto_rules_build.h"


static xpecto_rc_e xpecto_rules_law(xpecto_build_t *b,
    const xpecto_node_t *root, const xpecto_node_t *law, xpecto_err_t *err);
static xpecto_rc_e xpecto_rules_head(xpecto_build_t *b,
    const xpecto_node_t *root);
static xpecto_rc_e xpecto_rules_actions(xpecto_build_t *b,
    const xpecto_node_t *root);
static xpecto_rc_e xpecto_rules_bases_actions(xpecto_build_t *b,
    const xpecto_node_t *root);
static xpecto_rc_e xpecto_rules_finish(xpecto_build_t *b,
    xpecto_image_t *image);


static const char *const  xpecto_rules_members[] = {
    "schema", "version", "expires", "data", "operator", "unknown", "on",
    "basis_action", "subprocessors", "regions", "attestations", "rules",
    "deny", NULL
};


const xpecto_word_t  xpecto_rules_levels[] = {
    { "V1", 1 },
    { "V2", 2 },
    { "V3", 3 },
    { NULL, 0 }
};


static const xpecto_word_t  xpecto_rules_only_strict[] = {
    { "strict", 0 },
    { NULL, 0 }
};


static const xpecto_word_t  xpecto_rules_only_strictest[] = {
    { "strictest", 0 },
    { NULL, 0 }
};


static const xpecto_word_t  xpecto_rules_only_none[] = {
    { "none", 0 },
    { NULL, 0 }
};


/* the first five say of each signal in its own words that it is ignored */

static const xpecto_word_t  xpecto_rules_signal_words[] = {
    { "ignore_ip", XPECTO_SIGNAL_IGNORE },
    { "no_ip_signal", XPECTO_SIGNAL_IGNORE },
    { "tenant_only", XPECTO_SIGNAL_IGNORE },
    { "keep", XPECTO_SIGNAL_IGNORE },
    { "strictest", XPECTO_SIGNAL_IGNORE },
    { "unknown", XPECTO_SIGNAL_UNKNOWN },
    { "deny", XPECTO_SIGNAL_DENY },
    { NULL, 0 }
};


static const char *const  xpecto_rules_signals[] = {
    "private_ip", "db_missing", "db_stale", "no_recipient", "invalid_number",
    "non_geographic", "rules_expired", "no_plus"
};


static const struct {
    const char       *name;
    xpecto_action_e   action;
} xpecto_rules_bases[] = {
    { "local", XPECTO_ACTION_ALLOW },
    { "unrestricted", XPECTO_ACTION_ALLOW },
    { "adequate", XPECTO_ACTION_ALLOW },
    { "adequate_scoped", XPECTO_ACTION_ALLOW },
    { "safeguards", XPECTO_ACTION_ALLOW },
    { "formal", XPECTO_ACTION_ALLOW },
    { "derogation", XPECTO_ACTION_FLAG },
    { "local_copy", XPECTO_ACTION_FLAG },
    { "local_first", XPECTO_ACTION_DENY },
    { "none", XPECTO_ACTION_DENY },
    { "blocked", XPECTO_ACTION_DENY }
};


const xpecto_word_t  xpecto_rules_action_words[] = {
    { "allow", XPECTO_ACTION_ALLOW },
    { "flag", XPECTO_ACTION_FLAG },
    { "deny", XPECTO_ACTION_DENY },
    { NULL, 0 }
};


xpecto_rc_e
xpecto_rules_data(xpecto_str_t rules, char *name, size_t size,
    xpecto_err_t *err)
{
    xpecto_rc_e    rc;
    xpecto_str_t   str;
    xpecto_doc_t  *doc;
    xpecto_node_t  root, data, node;

    doc = xpecto_doc_parse(rules.data, rules.len, &root, err);
    if (doc == NULL) {
        return XPECTO_ERROR;
    }

    rc = XPECTO_ERROR;

    if (xpecto_doc_get(&root, "data", XPECTO_DOC_OBJECT, 1, &data, err)
        == XPECTO_OK
        && xpecto_doc_get(&data, "jurisdictions", XPECTO_DOC_STRING, 1, &node,
                          err) == XPECTO_OK)
    {
        str = xpecto_doc_string(&node);

        if (str.len != 0 && str.len < size) {
            memcpy(name, str.data, str.len);
            name[str.len] = '\0';
            rc = XPECTO_OK;

        } else {
            (void) xpecto_doc_error(&node, err, "no usable file name");
        }
    }

    xpecto_doc_free(doc);

    return rc;
}


xpecto_rc_e
xpecto_rules_compile(xpecto_str_t rules, xpecto_str_t law,
    xpecto_image_t *image, xpecto_err_t *err)
{
    xpecto_rc_e      rc;
    xpecto_err_t     law_err;
    xpecto_doc_t    *doc, *law_doc;
    xpecto_node_t    root, law_root;
    xpecto_build_t  *b;

    b = calloc(1, sizeof(xpecto_build_t));
    if (b == NULL) {
        (void) snprintf(err->text, sizeof(err->text), "no memory");
        return XPECTO_ERROR;
    }

    rc = XPECTO_ERROR;
    b->err = err;
    law_doc = NULL;

    doc = xpecto_doc_parse(rules.data, rules.len, &root, err);
    if (doc == NULL) {
        goto done;
    }

    law_doc = xpecto_doc_parse(law.data, law.len, &law_root, &law_err);

    if (law_doc == NULL) {
        (void) snprintf(err->text, sizeof(err->text), "jurisdictions: %.220s",
                        law_err.text);
        goto done;
    }

    if (xpecto_rules_head(b, &root) == XPECTO_OK
        && xpecto_rules_law(b, &root, &law_root, err) == XPECTO_OK
        && xpecto_rules_actions(b, &root) == XPECTO_OK
        && xpecto_rules_deny(b, &root) == XPECTO_OK
        && xpecto_rules_regions(b, &root) == XPECTO_OK
        && xpecto_rules_subprocessors(b, &root) == XPECTO_OK
        && xpecto_rules_exceptions(b, &root) == XPECTO_OK)
    {
        rc = xpecto_rules_finish(b, image);
    }

done:

    if (law_doc != NULL) {
        xpecto_doc_free(law_doc);
    }

    if (doc != NULL) {
        xpecto_doc_free(doc);
    }

    free(b->text);
    free(b);

    return rc;
}


/* attestations name regimes and countries, decisions name attestations */

static xpecto_rc_e
xpecto_rules_law(xpecto_build_t *b, const xpecto_node_t *root,
    const xpecto_node_t *law, xpecto_err_t *err)
{
    xpecto_rc_e   rc;
    xpecto_err_t  law_err;

    b->err = &law_err;
    rc = xpecto_law_places(b, law);
    b->err = err;

    if (rc == XPECTO_OK) {

        if (xpecto_rules_attests(b, root) != XPECTO_OK) {
            return XPECTO_ERROR;
        }

        b->err = &law_err;
        rc = xpecto_law_rows(b, law);
        b->err = err;
    }

    if (rc != XPECTO_OK) {
        (void) snprintf(err->text, sizeof(err->text), "jurisdictions: %.220s",
                        law_err.text);
    }

    return rc;
}


static xpecto_rc_e
xpecto_rules_head(xpecto_build_t *b, const xpecto_node_t *root)
{
    int64_t        schema;
    xpecto_node_t  data, node;

    static const char *const  members[] = {
        "jurisdictions", "calling_codes", "min_level", NULL
    };

    memset(b->rules.index, XPECTO_RULES_NONE, sizeof(b->rules.index));

    b->rules.expires = INT32_MAX;
    b->rules.operator = XPECTO_RULES_NONE;
    b->level = 2;

    if (xpecto_doc_members(root, xpecto_rules_members, b->err) != XPECTO_OK
        || xpecto_doc_within(root, "schema", 1, 1, 1, &schema, b->err)
           != XPECTO_OK
        || xpecto_doc_get(root, "version", XPECTO_DOC_STRING, 1, &node,
                          b->err) != XPECTO_OK
        || xpecto_rules_name(b, &node, xpecto_doc_string(&node)) != XPECTO_OK
        || xpecto_build_copy(b, xpecto_doc_string(&node), &b->rules.version)
           != XPECTO_OK
        || xpecto_build_date(b, root, "expires", 0, &b->rules.expires)
           == XPECTO_ERROR
        || xpecto_doc_get(root, "data", XPECTO_DOC_OBJECT, 1, &data, b->err)
           != XPECTO_OK
        || xpecto_doc_members(&data, members, b->err) != XPECTO_OK
        || xpecto_build_word(b, &data, "min_level", 0, xpecto_rules_levels,
                             &b->level) == XPECTO_ERROR)
    {
        return XPECTO_ERROR;
    }

    /* says where the numbering plan that is built in came from */

    return (xpecto_doc_get(&data, "calling_codes", XPECTO_DOC_STRING, 0, &node,
                           b->err) == XPECTO_ERROR)
           ? XPECTO_ERROR : XPECTO_OK;
}


/* operator, unknown, on and basis_action */

static xpecto_rc_e
xpecto_rules_actions(xpecto_build_t *b, const xpecto_node_t *root)
{
    unsigned        i, value;
    xpecto_rc_e     rc;
    xpecto_node_t   node, as;

    static const char *const  operator_members[] = { "establishment", NULL };
    static const char *const  unknown_members[] = { "action", "as", NULL };
    static const char *const  on_members[] = {
        "private_ip", "db_missing", "db_stale", "no_recipient",
        "invalid_number", "non_geographic", "rules_expired", "no_plus",
        "conflict", "lapsed_row", NULL
    };

    rc = xpecto_doc_get(root, "operator", XPECTO_DOC_OBJECT, 0, &node, b->err);

    if (rc == XPECTO_ERROR
        || (rc == XPECTO_OK
            && (xpecto_doc_members(&node, operator_members, b->err)
                != XPECTO_OK
                || xpecto_build_country(b, &node, "establishment", 1,
                                        &b->rules.operator) != XPECTO_OK)))
    {
        return XPECTO_ERROR;
    }

    value = XPECTO_ACTION_DENY;

    rc = xpecto_doc_get(root, "unknown", XPECTO_DOC_OBJECT, 0, &node, b->err);

    if (rc == XPECTO_ERROR
        || (rc == XPECTO_OK
            && (xpecto_doc_members(&node, unknown_members, b->err)
                != XPECTO_OK
                || xpecto_build_word(b, &node, "as", 0,
                                     xpecto_rules_only_strict, &i)
                   == XPECTO_ERROR
                || xpecto_build_word(b, &node, "action", 0,
                                     xpecto_rules_action_words, &value)
                   == XPECTO_ERROR)))
    {
        return XPECTO_ERROR;
    }

    if (rc == XPECTO_OK && value == XPECTO_ACTION_ALLOW
        && xpecto_doc_get(&node, "as", XPECTO_DOC_STRING, 0, &as, b->err)
           == XPECTO_OK)
    {
        return xpecto_doc_error(&node, b->err,
                                "\"strict\" and \"allow\" contradict");
    }

    b->rules.unknown = (uint8_t) value;
    b->rules.signals[XPECTO_SIGNAL_INVALID_NUMBER] = XPECTO_SIGNAL_DENY;

    rc = xpecto_doc_get(root, "on", XPECTO_DOC_OBJECT, 0, &node, b->err);

    if (rc == XPECTO_ERROR
        || (rc == XPECTO_OK
            && (xpecto_doc_members(&node, on_members, b->err) != XPECTO_OK
                || xpecto_build_word(b, &node, "conflict", 0,
                                     xpecto_rules_only_strictest, &value)
                   == XPECTO_ERROR
                || xpecto_build_word(b, &node, "lapsed_row", 0,
                                     xpecto_rules_only_none, &value)
                   == XPECTO_ERROR)))
    {
        return XPECTO_ERROR;
    }

    for (i = 0; rc == XPECTO_OK && i < XPECTO_SIGNALS; i++) {
        value = b->rules.signals[i];

        if (xpecto_build_word(b, &node, xpecto_rules_signals[i], 0,
                              xpecto_rules_signal_words, &value)
            == XPECTO_ERROR)
        {
            return XPECTO_ERROR;
        }

        b->rules.signals[i] = (uint8_t) value;
    }

    return xpecto_rules_bases_actions(b, root);
}


static xpecto_rc_e
xpecto_rules_bases_actions(xpecto_build_t *b, const xpecto_node_t *root)
{
    unsigned        i, value;
    xpecto_rc_e     rc;
    xpecto_node_t   node;
    const char     *members[XPECTO_BASES + 1];

    for (i = 0; i < XPECTO_BASES; i++) {
        b->rules.actions[i] = (uint8_t) xpecto_rules_bases[i].action;
        members[i] = xpecto_rules_bases[i].name;
    }

    members[i] = NULL;

    rc = xpecto_doc_get(root, "basis_action", XPECTO_DOC_OBJECT, 0, &node,
                        b->err);

    if (rc != XPECTO_OK) {
        return (rc == XPECTO_DECLINED) ? XPECTO_OK : XPECTO_ERROR;
    }

    if (xpecto_doc_members(&node, members, b->err) != XPECTO_OK) {
        return XPECTO_ERROR;
    }

    for (i = 0; i < XPECTO_BASES; i++) {
        value = b->rules.actions[i];

        if (xpecto_build_word(b, &node, members[i], 0,
                              xpecto_rules_action_words, &value)
            == XPECTO_ERROR)
        {
            return XPECTO_ERROR;
        }

        b->rules.actions[i] = (uint8_t) value;
    }

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_rules_finish(xpecto_build_t *b, xpecto_image_t *image)
{
    uint8_t  *p;

    p = malloc(sizeof(xpecto_rules_t) + b->len);

    if (p == NULL) {
        (void) snprintf(b->err->text, sizeof(b->err->text), "no memory");
        return XPECTO_ERROR;
    }

    memcpy(p, &b->rules, sizeof(xpecto_rules_t));
    memcpy(p + sizeof(xpecto_rules_t), b->text, b->len);

    image->data = p;
    image->len = sizeof(xpecto_rules_t) + b->len;

    return XPECTO_OK;
}


const char *
xpecto_rules_basis(unsigned basis)
{
    return xpecto_rules_bases[basis].name;
}
