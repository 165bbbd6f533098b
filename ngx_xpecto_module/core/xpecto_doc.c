
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "xpecto_doc.h"
#include "xpecto_json.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>


/* parents of a node that a path names; a path that is longer is cut */

#define XPECTO_DOC_PARENTS   16
#define XPECTO_DOC_PATH_MAX  144


/* of a number that fits: what is longer is none */

#define XPECTO_DOC_DIGITS    18


struct xpecto_doc_s {
    json_t         *root;
    const uint8_t  *source;         /* NULL: of params */
    size_t          len;
    const char     *failed;
};


static const char  *xpecto_doc_types[] = {
    "a string", "an integer", "true or false", "an object", "an array"
};


static json_t *xpecto_doc_value(const xpecto_doc_param_t *param);
static json_t *xpecto_doc_number(const xpecto_str_t *value);
static json_t *xpecto_doc_list(const xpecto_str_t *value);
static void xpecto_doc_path(const xpecto_node_t *node, char *path,
    size_t size);


xpecto_doc_t *
xpecto_doc_parse(const uint8_t *json, size_t len, xpecto_node_t *root,
    xpecto_err_t *err)
{
    char          *near;
    json_error_t   error;
    xpecto_doc_t  *doc;

    doc = calloc(1, sizeof(xpecto_doc_t));
    if (doc == NULL) {
        (void) snprintf(err->text, sizeof(err->text), "no memory");
        return NULL;
    }

    doc->source = json;
    doc->len = len;
    doc->root = json_loadb((const char *) json, len, JSON_REJECT_DUPLICATES,
                           &error);

    if (doc->root == NULL) {

        /* the words behind "near" are the document's, perhaps a secret */

        near = strstr(error.text, " near '");

        if (near != NULL) {
            *near = '\0';
        }

        (void) snprintf(err->text, sizeof(err->text),
                        "%.160s, line %d, column %d", error.text, error.line,
                        error.column);
        free(doc);
        return NULL;
    }

    root->doc = doc;
    root->json = doc->root;
    root->parent = NULL;
    root->key = NULL;
    root->index = 0;

    return doc;
}


xpecto_doc_t *
xpecto_doc_params(const xpecto_doc_param_t *params, size_t n,
    xpecto_node_t *root, xpecto_err_t *err)
{
    size_t         i;
    xpecto_doc_t  *doc;

    doc = calloc(1, sizeof(xpecto_doc_t));

    if (doc != NULL) {
        doc->root = json_object();
    }

    if (doc == NULL || doc->root == NULL) {
        goto failed;
    }

    for (i = 0; i < n; i++) {
        if (json_object_set_new(doc->root, params[i].name,
                                xpecto_doc_value(&params[i]))
            != 0)
        {
            goto failed;
        }
    }

    memset(root, 0, sizeof(xpecto_node_t));
    root->doc = doc;
    root->json = doc->root;

    return doc;

failed:

    xpecto_doc_free(doc);
    (void) snprintf(err->text, sizeof(err->text), "no memory");

    return NULL;
}


/* what is of another type than it should be: a string, which says so */

static json_t *
xpecto_doc_value(const xpecto_doc_param_t *param)
{
    json_t  *value;

    switch (param->type) {

    case XPECTO_DOC_INTEGER:
        value = xpecto_doc_number(&param->value);
        break;

    case XPECTO_DOC_ARRAY:
        return xpecto_doc_list(&param->value);

    default: /* XPECTO_DOC_STRING */
        value = NULL;
        break;
    }

    /* bytes are bytes: no reader here minds which */

    return (value != NULL) ? value
                           : json_stringn_nocheck((const char *)
                                                  param->value.data,
                                                  param->value.len);
}


static json_t *
xpecto_doc_number(const xpecto_str_t *value)
{
    size_t     i;
    json_int_t n;

    n = 0;

    for (i = 0; i < value->len && i < XPECTO_DOC_DIGITS; i++) {

        if (value->data[i] < '0' || value->data[i] > '9') {
            return NULL;
        }

        n = n * 10 + (value->data[i] - '0');
    }

    return (i == 0 || i < value->len) ? NULL : json_integer(n);
}


static json_t *
xpecto_doc_list(const xpecto_str_t *value)
{
    size_t   i, from;
    json_t  *list;

    list = json_array();
    from = 0;

    for (i = 0; list != NULL && i <= value->len; i++) {

        if (i < value->len && value->data[i] != ',') {
            continue;
        }

        if (json_array_append_new(list, json_stringn_nocheck(
                                            (const char *) value->data + from,
                                            i - from))
            != 0)
        {
            json_decref(list);
            return NULL;
        }

        from = i + 1;
    }

    return list;
}


const char *
xpecto_doc_failed(const xpecto_doc_t *doc)
{
    return doc->failed;
}


void
xpecto_doc_free(xpecto_doc_t *doc)
{
    if (doc != NULL) {
        json_decref(doc->root);
        free(doc);
    }
}


void
xpecto_doc_memory(const xpecto_doc_memory_t *now, xpecto_doc_memory_t *before)
{
    json_get_alloc_funcs(&before->alloc, &before->release);
    json_set_alloc_funcs(now->alloc, now->release);
}


xpecto_rc_e
xpecto_doc_error(const xpecto_node_t *node, xpecto_err_t *err,
    const char *reason)
{
    char      path[XPECTO_DOC_PATH_MAX], *p;
    unsigned  line;

    if (node->doc->source == NULL) {

        while (node->parent != NULL && node->parent->parent != NULL) {
            node = node->parent;
        }

        node->doc->failed = node->key;
        (void) snprintf(err->text, sizeof(err->text), "%.120s", reason);

        return XPECTO_ERROR;
    }

    xpecto_doc_path(node, path, sizeof(path));

    line = path[0] ? xpecto_json_line(node->doc->source, node->doc->len, path)
                   : 0;

    /* a member's name may hold what would begin a line of its own in a log */

    for (p = path; *p; p++) {
        if ((unsigned char) *p < 0x20 || *p == 0x7f) {
            *p = '?';
        }
    }

    if (line) {
        (void) snprintf(err->text, sizeof(err->text), "%.90s at %s, line %u",
                        reason, path, line);

    } else if (path[0]) {
        (void) snprintf(err->text, sizeof(err->text), "%.90s at %s", reason,
                        path);

    } else {
        (void) snprintf(err->text, sizeof(err->text), "%.90s at the top",
                        reason);
    }

    return XPECTO_ERROR;
}


static void
xpecto_doc_path(const xpecto_node_t *node, char *path, size_t size)
{
    int                   n;
    size_t                len;
    unsigned              i, depth;
    const xpecto_node_t  *nodes[XPECTO_DOC_PARENTS];

    depth = 0;

    while (node->parent != NULL && depth < XPECTO_DOC_PARENTS) {
        nodes[depth++] = node;
        node = node->parent;
    }

    path[0] = '\0';
    len = 0;

    for (i = depth; i > 0; i--) {
        node = nodes[i - 1];

        if (node->key != NULL) {
            n = snprintf(path + len, size - len, "%s%s", len ? "." : "",
                         node->key);

        } else {
            n = snprintf(path + len, size - len, "[%zu]",
                         node->index);
        }

        if (n < 0 || (size_t) n >= size - len) {
            return;
        }

        len += (size_t) n;
    }
}


xpecto_rc_e
xpecto_doc_type(const xpecto_node_t *node, xpecto_doc_type_e type,
    xpecto_err_t *err)
{
    int   ok;
    char  reason[32];

    switch (type) {

    case XPECTO_DOC_STRING:
        ok = json_is_string((json_t *) node->json);
        break;

    case XPECTO_DOC_INTEGER:
        ok = json_is_integer((json_t *) node->json);
        break;

    case XPECTO_DOC_BOOLEAN:
        ok = json_is_boolean((json_t *) node->json);
        break;

    case XPECTO_DOC_OBJECT:
        ok = json_is_object((json_t *) node->json);
        break;

    default: /* XPECTO_DOC_ARRAY */
        ok = json_is_array((json_t *) node->json);
        break;
    }

    if (ok) {
        return XPECTO_OK;
    }

    (void) snprintf(reason, sizeof(reason), "not %s", xpecto_doc_types[type]);

    return xpecto_doc_error(node, err, reason);
}


xpecto_rc_e
xpecto_doc_members(const xpecto_node_t *object, const char *const *known,
    xpecto_err_t *err)
{
    void               *iter;
    xpecto_node_t       node;
    const char *const  *name;

    if (xpecto_doc_type(object, XPECTO_DOC_OBJECT, err) != XPECTO_OK) {
        return XPECTO_ERROR;
    }

    for (iter = xpecto_doc_next(object, NULL, &node);
         iter != NULL;
         iter = xpecto_doc_next(object, iter, &node))
    {
        for (name = known; *name != NULL; name++) {

            if (strcmp(*name, node.key) == 0) {
                break;
            }
        }

        if (*name == NULL) {
            return xpecto_doc_error(&node, err, node.doc->source == NULL
                                                ? "not expected here"
                                                : "unknown member");
        }
    }

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_doc_get(const xpecto_node_t *object, const char *key,
    xpecto_doc_type_e type, int required, xpecto_node_t *node,
    xpecto_err_t *err)
{
    char  reason[80];

    node->doc = object->doc;
    node->parent = object;
    node->key = key;
    node->index = 0;
    node->json = json_object_get((json_t *) object->json, key);

    if (node->json != NULL) {
        return xpecto_doc_type(node, type, err);
    }

    if (!required) {
        return XPECTO_DECLINED;
    }

    (void) snprintf(reason, sizeof(reason), "no %s \"%s\"",
                    object->doc->source == NULL ? "parameter" : "member", key);

    return xpecto_doc_error(object, err, reason);
}


size_t
xpecto_doc_size(const xpecto_node_t *node)
{
    json_t  *json = node->json;

    return json_is_array(json) ? json_array_size(json)
                               : json_object_size(json);
}


void
xpecto_doc_element(const xpecto_node_t *array, size_t n, xpecto_node_t *node)
{
    node->doc = array->doc;
    node->parent = array;
    node->key = NULL;
    node->index = n;
    node->json = json_array_get((json_t *) array->json, n);
}


void *
xpecto_doc_next(const xpecto_node_t *object, void *iter, xpecto_node_t *node)
{
    json_t  *json = object->json;

    iter = iter == NULL ? json_object_iter(json)
                        : json_object_iter_next(json, iter);

    if (iter != NULL) {
        node->doc = object->doc;
        node->parent = object;
        node->key = json_object_iter_key(iter);
        node->index = 0;
        node->json = json_object_iter_value(iter);
    }

    return iter;
}


xpecto_str_t
xpecto_doc_string(const xpecto_node_t *node)
{
    json_t        *json = node->json;
    xpecto_str_t   s;

    s.data = (const uint8_t *) json_string_value(json);
    s.len = json_string_length(json);

    return s;
}


int64_t
xpecto_doc_integer(const xpecto_node_t *node)
{
    return json_integer_value((json_t *) node->json);
}


int
xpecto_doc_boolean(const xpecto_node_t *node)
{
    return json_is_true((json_t *) node->json);
}
