
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_doc.h"
#include "xpecto_wish.h"


static xpecto_doc_t *xpecto_wish_doc(const uint8_t *body, size_t len,
    const char *const *members, xpecto_node_t *root, xpecto_wish_e *reason);
static unsigned xpecto_wish_depth(const uint8_t *p, size_t len);
static xpecto_wish_e xpecto_wish_list(const xpecto_node_t *root,
    const char *key, uint16_t *mask, unsigned *all);
static xpecto_wish_e xpecto_wish_restrict(const xpecto_node_t *root,
    xpecto_wish_t *wish);
static xpecto_wish_e xpecto_wish_number(const xpecto_node_t *root,
    const char *key, unsigned *number);


/* in the order of xpecto_wish_e */

static const char *const  xpecto_wish_texts[] = {
    "",
    "This is not JSON, or it names a member twice.",
    "JSON is at most four levels deep here.",
    "A member is unknown.",
    "\"accept\" and \"reject\" are lists of purposes.",
    "A purpose is unknown.",
    "A field is too long or is not encoded as of a form.",
    "A field is unknown, is there twice or has a wrong value.",
    "\"return\" is not a path of this site.",
    "\"month\" is from 1 to 12, \"year\" from 1900 on.",
    "A purpose is not in use here.",
    "What is necessary cannot be rejected.",
    "The same is accepted and rejected.",
    "Nothing is accepted or rejected.",
    "PUT replaces all: accept or reject each purpose, or \"*\"."
};


const char *
xpecto_wish_text(xpecto_wish_e reason)
{
    return xpecto_wish_texts[reason];
}


xpecto_wish_e
xpecto_wish_json(xpecto_wish_t *wish, const uint8_t *body, size_t len)
{
    unsigned        accept_all, reject_all;
    xpecto_doc_t   *doc;
    xpecto_node_t   root;
    xpecto_wish_e   reason;

    static const char *const  members[] = {
        "accept", "reject", "restrict", NULL
    };

    doc = xpecto_wish_doc(body, len, members, &root, &reason);

    if (doc == NULL) {
        return reason;
    }

    accept_all = 0;
    reject_all = 0;

    reason = xpecto_wish_list(&root, "accept", &wish->accept, &accept_all);

    if (reason == XPECTO_WISH_OK) {
        reason = xpecto_wish_list(&root, "reject", &wish->reject,
                                  &reject_all);
    }

    if (reason == XPECTO_WISH_OK) {
        reason = xpecto_wish_restrict(&root, wish);
    }

    wish->accept_all = (accept_all != 0);
    wish->reject_all = (reject_all != 0);

    xpecto_doc_free(doc);

    return reason;
}


/* an object of those members, or NULL and why */

static xpecto_doc_t *
xpecto_wish_doc(const uint8_t *body, size_t len, const char *const *members,
    xpecto_node_t *root, xpecto_wish_e *reason)
{
    xpecto_err_t   err;
    xpecto_doc_t  *doc;

    if (xpecto_wish_depth(body, len) > XPECTO_WISH_DEPTH) {
        *reason = XPECTO_WISH_DEEP;
        return NULL;
    }

    doc = xpecto_doc_parse(body, len, root, &err);

    if (doc == NULL) {
        *reason = XPECTO_WISH_JSON;
        return NULL;
    }

    if (xpecto_doc_type(root, XPECTO_DOC_OBJECT, &err) != XPECTO_OK
        || xpecto_doc_members(root, members, &err) != XPECTO_OK)
    {
        *reason = XPECTO_WISH_MEMBERS;
        xpecto_doc_free(doc);
        return NULL;
    }

    return doc;
}


/* of brackets outside of strings, whether they match or not */

static unsigned
xpecto_wish_depth(const uint8_t *p, size_t len)
{
    int       string;
    size_t    i;
    unsigned  depth, max;

    string = 0;
    depth = 0;
    max = 0;

    for (i = 0; i < len; i++) {

        if (string) {

            if (p[i] == '\\') {
                i++;

            } else if (p[i] == '"') {
                string = 0;
            }

            continue;
        }

        if (p[i] == '"') {
            string = 1;

        } else if (p[i] == '{' || p[i] == '[') {
            depth++;
            max = (depth > max) ? depth : max;

        } else if ((p[i] == '}' || p[i] == ']') && depth != 0) {
            depth--;
        }
    }

    return max;
}


static xpecto_wish_e
xpecto_wish_list(const xpecto_node_t *root, const char *key, uint16_t *mask,
    unsigned *all)
{
    int            purpose;
    size_t         i;
    xpecto_rc_e    rc;
    xpecto_str_t   name;
    xpecto_err_t   err;
    xpecto_node_t  list, item;

    rc = xpecto_doc_get(root, key, XPECTO_DOC_ARRAY, 0, &list, &err);

    if (rc == XPECTO_DECLINED) {
        return XPECTO_WISH_OK;
    }

    if (rc != XPECTO_OK) {
        return XPECTO_WISH_LISTS;
    }

    for (i = 0; i < xpecto_doc_size(&list); i++) {
        xpecto_doc_element(&list, i, &item);

        if (xpecto_doc_type(&item, XPECTO_DOC_STRING, &err) != XPECTO_OK) {
            return XPECTO_WISH_LISTS;
        }

        name = xpecto_doc_string(&item);

        if (name.len == 1 && name.data[0] == '*') {
            *all = 1;
            continue;
        }

        purpose = xpecto_purpose_find(name.data, name.len);

        if (purpose < 0) {
            return XPECTO_WISH_UNKNOWN;
        }

        *mask = (uint16_t) (*mask | XPECTO_PURPOSE_BIT(purpose));
    }

    return XPECTO_WISH_OK;
}


static xpecto_wish_e
xpecto_wish_restrict(const xpecto_node_t *root, xpecto_wish_t *wish)
{
    xpecto_rc_e    rc;
    xpecto_err_t   err;
    xpecto_node_t  node;

    rc = xpecto_doc_get(root, "restrict", XPECTO_DOC_BOOLEAN, 0, &node, &err);

    if (rc == XPECTO_OK) {
        wish->restriction = xpecto_doc_boolean(&node) ? XPECTO_RESTRICT_ON
                                                      : XPECTO_RESTRICT_OFF;
    }

    return (rc == XPECTO_ERROR) ? XPECTO_WISH_MEMBERS : XPECTO_WISH_OK;
}


xpecto_wish_e
xpecto_wish_birth_json(xpecto_wish_t *wish, const uint8_t *body, size_t len)
{
    xpecto_doc_t   *doc;
    xpecto_node_t   root;
    xpecto_wish_e   reason;

    static const char *const  members[] = { "month", "year", NULL };

    doc = xpecto_wish_doc(body, len, members, &root, &reason);

    if (doc == NULL) {
        return reason;
    }

    reason = xpecto_wish_number(&root, "month", &wish->month);

    if (reason == XPECTO_WISH_OK) {
        reason = xpecto_wish_number(&root, "year", &wish->year);
    }

    xpecto_doc_free(doc);

    return (reason == XPECTO_WISH_OK) ? xpecto_wish_born(wish) : reason;
}


static xpecto_wish_e
xpecto_wish_number(const xpecto_node_t *root, const char *key,
    unsigned *number)
{
    int64_t        n;
    xpecto_err_t   err;
    xpecto_node_t  node;

    if (xpecto_doc_get(root, key, XPECTO_DOC_INTEGER, 1, &node, &err)
        != XPECTO_OK)
    {
        return XPECTO_WISH_BIRTH;
    }

    n = xpecto_doc_integer(&node);

    if (n < 0 || n > 9999) {
        return XPECTO_WISH_BIRTH;
    }

    *number = (unsigned) n;

    return XPECTO_WISH_OK;
}


xpecto_wish_e
xpecto_wish_born(const xpecto_wish_t *wish)
{
    return (wish->month >= 1 && wish->month <= 12 && wish->year >= 1900)
           ? XPECTO_WISH_OK : XPECTO_WISH_BIRTH;
}


xpecto_wish_e
xpecto_wish_complete(xpecto_wish_t *wish, uint16_t asked, int whole)
{
    uint16_t  named;

    named = (uint16_t) (wish->accept | wish->reject);

    if (named & ~(asked | XPECTO_PURPOSES_ALWAYS)) {
        return XPECTO_WISH_UNUSED;
    }

    if (wish->reject & XPECTO_PURPOSES_ALWAYS) {
        return XPECTO_WISH_NECESSARY;
    }

    if ((wish->accept & wish->reject)
        || (wish->accept_all && wish->reject_all))
    {
        return XPECTO_WISH_TWICE;
    }

    if (wish->accept_all) {
        wish->accept = (uint16_t) (wish->accept | (asked & ~wish->reject));
    }

    if (wish->reject_all) {
        wish->reject = (uint16_t) (wish->reject | (asked & ~wish->accept));
    }

    named = (uint16_t) (wish->accept | wish->reject);

    if (whole && (asked & ~named)) {
        return XPECTO_WISH_PARTIAL;
    }

    return (named == 0 && wish->restriction == XPECTO_RESTRICT_AS_IS)
           ? XPECTO_WISH_NOTHING : XPECTO_WISH_OK;
}
