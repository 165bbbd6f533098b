
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_rules_build.h"


static xpecto_rc_e xpecto_rules_attest(xpecto_build_t *b,
    const xpecto_node_t *node, xpecto_attest_t *attest);
static xpecto_rc_e xpecto_rules_attest_kind(xpecto_build_t *b,
    const xpecto_node_t *node, xpecto_attest_t *attest);
static xpecto_rc_e xpecto_rules_circles(xpecto_build_t *b,
    const xpecto_node_t *attests);
static xpecto_rc_e xpecto_rules_needs(xpecto_build_t *b,
    const xpecto_node_t *node, uint64_t *needs);


xpecto_rc_e
xpecto_rules_attests(xpecto_build_t *b, const xpecto_node_t *root)
{
    void             *iter;
    unsigned          i;
    xpecto_rc_e       rc;
    xpecto_str_t      name;
    xpecto_node_t     attests, node;
    xpecto_attest_t   attest;

    rc = xpecto_doc_get(root, "attestations", XPECTO_DOC_OBJECT, 0, &attests,
                        b->err);

    if (rc != XPECTO_OK) {
        return (rc == XPECTO_DECLINED) ? XPECTO_OK : XPECTO_ERROR;
    }

    if (xpecto_doc_size(&attests) > XPECTO_RULES_ATTESTS) {
        return xpecto_doc_error(&attests, b->err, "too many attestations");
    }

    for (iter = xpecto_doc_next(&attests, NULL, &node);
         iter != NULL;
         iter = xpecto_doc_next(&attests, iter, &node))
    {
        memset(&attest, 0, sizeof(xpecto_attest_t));

        if (xpecto_rules_attest(b, &node, &attest) != XPECTO_OK) {
            return XPECTO_ERROR;
        }

        /* kept in the order of their names, which are the keys of an object */

        for (i = b->rules.nattests;
             i > 0
             && xpecto_build_order(b, b->rules.attests[i - 1].name,
                                   attest.name) > 0;
             i--)
        {
            b->rules.attests[i] = b->rules.attests[i - 1];
        }

        b->rules.attests[i] = attest;
        b->rules.nattests++;
    }

    /* now that all are known by name */

    for (iter = xpecto_doc_next(&attests, NULL, &node);
         iter != NULL;
         iter = xpecto_doc_next(&attests, iter, &node))
    {
        name.data = (const uint8_t *) node.key;
        name.len = strlen(node.key);

        i = xpecto_build_attest(b, name) - 1;

        if (xpecto_rules_needs(b, &node, &b->rules.attests[i].needs)
            != XPECTO_OK)
        {
            return XPECTO_ERROR;
        }
    }

    return xpecto_rules_circles(b, &attests);
}


/* what needs itself, also by others, would need nothing */

static xpecto_rc_e
xpecto_rules_circles(xpecto_build_t *b, const xpecto_node_t *attests)
{
    void           *iter;
    uint64_t        needed, before;
    unsigned        i, self;
    xpecto_str_t    name;
    xpecto_node_t   node;

    for (iter = xpecto_doc_next(attests, NULL, &node);
         iter != NULL;
         iter = xpecto_doc_next(attests, iter, &node))
    {
        name.data = (const uint8_t *) node.key;
        name.len = strlen(node.key);

        self = xpecto_build_attest(b, name) - 1;
        needed = b->rules.attests[self].needs;

        do {
            before = needed;

            for (i = 0; i < b->rules.nattests; i++) {
                if (needed >> i & 1) {
                    needed |= b->rules.attests[i].needs;
                }
            }

        } while (needed != before);

        if (needed >> self & 1) {
            return xpecto_doc_error(&node, b->err,
                                    "an attestation that needs itself");
        }
    }

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_rules_attest(xpecto_build_t *b, const xpecto_node_t *node,
    xpecto_attest_t *attest)
{
    size_t          n;
    int32_t         checked, sealed;
    uint8_t         regime;
    xpecto_rc_e     rc;
    xpecto_str_t    name;
    xpecto_node_t   covers, member;

    static const char *const  members[] = {
        "subject", "checked", "expires", "needs", "instrument", "signed",
        "covers", "tia", NULL
    };

    name.data = (const uint8_t *) node->key;
    name.len = strlen(node->key);

    /* "subject", "checked", "signed" and "tia" are for the reader */

    checked = 0;
    sealed = 0;

    if (xpecto_doc_type(node, XPECTO_DOC_OBJECT, b->err) != XPECTO_OK
        || xpecto_doc_members(node, members, b->err) != XPECTO_OK
        || xpecto_rules_name(b, node, name) != XPECTO_OK
        || xpecto_build_copy(b, name, &attest->name) != XPECTO_OK
        || xpecto_build_date(b, node, "expires", 1, &attest->expires)
           != XPECTO_OK
        || xpecto_build_date(b, node, "checked", 0, &checked) == XPECTO_ERROR
        || xpecto_build_date(b, node, "signed", 0, &sealed) == XPECTO_ERROR
        || xpecto_doc_get(node, "subject", XPECTO_DOC_STRING, 0, &member,
                          b->err) == XPECTO_ERROR
        || xpecto_doc_get(node, "tia", XPECTO_DOC_STRING, 0, &member, b->err)
           == XPECTO_ERROR
        || xpecto_rules_attest_kind(b, node, attest) != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    if (checked > attest->expires || sealed > attest->expires) {
        return xpecto_doc_error(node, b->err,
                                "it was signed or checked after it expires");
    }

    rc = xpecto_build_phrase(b, node, "instrument", 0, &attest->instrument);

    if (rc == XPECTO_ERROR) {
        return XPECTO_ERROR;
    }

    if (rc == XPECTO_DECLINED) {
        attest->instrument = attest->name;
    }

    rc = xpecto_doc_get(node, "covers", XPECTO_DOC_ARRAY, 0, &covers, b->err);

    if (rc == XPECTO_ERROR) {
        return XPECTO_ERROR;
    }

    if ((attest->kind == XPECTO_ATTEST_FACT) == (rc == XPECTO_OK)) {
        return xpecto_doc_error(node, b->err,
                                "\"safeguards\" and \"derogation\" need "
                                "\"covers\", no other may have it");
    }

    if (rc == XPECTO_OK && xpecto_doc_size(&covers) == 0) {
        return xpecto_doc_error(&covers, b->err, "an empty list");
    }

    for (n = 0; rc == XPECTO_OK && n < xpecto_doc_size(&covers); n++) {

        if (xpecto_node_string(b, &covers, n, &member) != XPECTO_OK
            || xpecto_node_regime(b, &member, &regime) != XPECTO_OK)
        {
            return XPECTO_ERROR;
        }

        xpecto_set_add(&attest->covers, regime);
    }

    return XPECTO_OK;
}


/* "safeguards" or "safeguards:IN", "derogation" or "derogation:IN" */

static xpecto_rc_e
xpecto_rules_attest_kind(xpecto_build_t *b, const xpecto_node_t *node,
    xpecto_attest_t *attest)
{
    size_t       len;
    unsigned     i;
    const char  *name;

    attest->country = XPECTO_RULES_NONE;
    name = node->key;

    if (strncmp(name, "safeguards", 10) == 0
        && (name[10] == '\0' || name[10] == ':'))
    {
        attest->kind = XPECTO_ATTEST_SAFEGUARDS;

    } else if (strncmp(name, "derogation", 10) == 0
               && (name[10] == '\0' || name[10] == ':'))
    {
        attest->kind = XPECTO_ATTEST_DEROGATION;

    } else {
        attest->kind = XPECTO_ATTEST_FACT;
        return XPECTO_OK;
    }

    if (name[10] == '\0') {
        return XPECTO_OK;
    }

    len = strlen(name + 11);
    i = XPECTO_RULES_NONE;

    if (len == 2) {
        i = xpecto_rules_country(&b->rules,
                                 XPECTO_COUNTRY((uint8_t) name[11],
                                                (uint8_t) name[12]));
    }

    if (i == XPECTO_RULES_NONE) {
        return xpecto_doc_error(node, b->err, "unknown country in the name");
    }

    attest->country = (uint8_t) i;

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_rules_needs(xpecto_build_t *b, const xpecto_node_t *node,
    uint64_t *needs)
{
    size_t         n;
    unsigned       i;
    xpecto_rc_e    rc;
    xpecto_node_t  array, member;

    rc = xpecto_doc_get(node, "needs", XPECTO_DOC_ARRAY, 0, &array, b->err);

    if (rc != XPECTO_OK) {
        return (rc == XPECTO_DECLINED) ? XPECTO_OK : XPECTO_ERROR;
    }

    for (n = 0; n < xpecto_doc_size(&array); n++) {

        if (xpecto_node_string(b, &array, n, &member) != XPECTO_OK) {
            return XPECTO_ERROR;
        }

        i = xpecto_build_attest(b, xpecto_doc_string(&member));

        if (i == 0) {
            return xpecto_doc_error(&member, b->err,
                                    "needs an attestation that is not "
                                    "defined");
        }

        *needs |= (uint64_t) 1 << (i - 1);
    }

    return XPECTO_OK;
}
