
/*
 * Acts of an operator: see xpecto_act.h.
 */


#include <string.h>

#include "xpecto_act.h"


#define XPECTO_ACT_MEMBERS  9


typedef struct {
    const char         *name;
    int                 policy;         /* must be given */
    int                 units;
    int                 seconds;
    const char         *members[XPECTO_ACT_MEMBERS];
} xpecto_act_op_t;


static xpecto_rc_e xpecto_act_read(xpecto_act_t *act,
    const xpecto_node_t *root, xpecto_err_t *err);
static const xpecto_act_op_t *xpecto_act_op(xpecto_act_t *act,
    const xpecto_node_t *root, xpecto_err_t *err);
static xpecto_rc_e xpecto_act_text(const xpecto_node_t *root,
    const char *name, int required, xpecto_str_t *text, xpecto_err_t *err);
static xpecto_rc_e xpecto_act_number(const xpecto_node_t *root,
    const char *name, int required, int64_t max, uint64_t *number,
    xpecto_err_t *err);


/* in the order of xpecto_act_e */

static const xpecto_act_op_t  xpecto_act_ops[] = {

    { "peek", 0, 0, 0,
      { "op", "zone", "policy", "tenant", "address", "key", "number",
        "recipient", NULL } },

    { "grant", 1, 1, 0,
      { "op", "zone", "policy", "tenant", "address", "key", "units", NULL } },

    { "reset", 0, 0, 0,
      { "op", "zone", "policy", "tenant", "address", "key", NULL } },

    { "ban", 0, 0, 1,
      { "op", "zone", "tenant", "address", "seconds", NULL } },

    { "unban", 0, 0, 0,
      { "op", "zone", "tenant", "address", "number", "recipient", NULL } }
};


xpecto_rc_e
xpecto_act_parse(xpecto_act_t *act, const uint8_t *json, size_t len,
    xpecto_err_t *err)
{
    xpecto_node_t  root;

    memset(act, 0, sizeof(xpecto_act_t));

    act->doc = xpecto_doc_parse(json, len, &root, err);
    if (act->doc == NULL) {
        return XPECTO_ERROR;
    }

    if (xpecto_act_read(act, &root, err) != XPECTO_OK) {
        xpecto_act_free(act);
        return XPECTO_ERROR;
    }

    return XPECTO_OK;
}


void
xpecto_act_free(xpecto_act_t *act)
{
    xpecto_doc_free(act->doc);
    act->doc = NULL;
}


xpecto_str_t
xpecto_act_name(xpecto_act_e op)
{
    xpecto_str_t  s;

    s.data = (const uint8_t *) xpecto_act_ops[op].name;
    s.len = strlen(xpecto_act_ops[op].name);

    return s;
}


static xpecto_rc_e
xpecto_act_read(xpecto_act_t *act, const xpecto_node_t *root,
    xpecto_err_t *err)
{
    const xpecto_act_op_t  *op;

    op = xpecto_act_op(act, root, err);

    if (op == NULL
        || xpecto_doc_members(root, op->members, err) != XPECTO_OK
        || xpecto_act_text(root, "zone", 1, &act->zone, err) != XPECTO_OK
        || xpecto_act_text(root, "policy", op->policy, &act->policy, err)
           != XPECTO_OK
        || xpecto_act_text(root, "tenant", 0, &act->tenant, err) != XPECTO_OK
        || xpecto_act_text(root, "address", 0, &act->address, err)
           != XPECTO_OK
        || xpecto_act_text(root, "key", 0, &act->key, err) != XPECTO_OK
        || xpecto_act_text(root, "number", 0, &act->number, err) != XPECTO_OK
        || xpecto_act_text(root, "recipient", 0, &act->recipient, err)
           != XPECTO_OK
        || xpecto_act_number(root, "units", op->units, XPECTO_ACT_UNITS_MAX,
                             &act->units, err)
           != XPECTO_OK
        || xpecto_act_number(root, "seconds", op->seconds,
                             XPECTO_ACT_SECONDS_MAX, &act->seconds, err)
           != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    if (act->tenant.len != 0 && act->address.len != 0) {
        return xpecto_doc_error(root, err,
                                "both \"tenant\" and \"address\"");
    }

    if (act->key.len != 0 && act->policy.len == 0) {
        return xpecto_doc_error(root, err, "\"key\" without \"policy\"");
    }

    if (act->number.len != 0
        && (act->address.len != 0 || act->policy.len != 0))
    {
        return xpecto_doc_error(root, err,
                                "\"number\" with \"address\" or \"policy\"");
    }

    if (act->recipient.len != 0 && act->number.len == 0) {
        return xpecto_doc_error(root, err, "\"recipient\" without \"number\"");
    }

    if (act->tenant.len == 0 && act->address.len == 0 && act->key.len == 0
        && act->number.len == 0)
    {
        return xpecto_doc_error(root, err,
                                "neither \"tenant\" nor \"address\" nor "
                                "\"key\" nor \"number\"");
    }

    return XPECTO_OK;
}


static const xpecto_act_op_t *
xpecto_act_op(xpecto_act_t *act, const xpecto_node_t *root,
    xpecto_err_t *err)
{
    unsigned       i;
    xpecto_str_t   name;
    xpecto_node_t  node;

    if (xpecto_doc_type(root, XPECTO_DOC_OBJECT, err) != XPECTO_OK
        || xpecto_doc_get(root, "op", XPECTO_DOC_STRING, 1, &node, err)
           != XPECTO_OK)
    {
        return NULL;
    }

    name = xpecto_doc_string(&node);

    for (i = 0; i < XPECTO_ACTS; i++) {

        if (name.len == strlen(xpecto_act_ops[i].name)
            && memcmp(name.data, xpecto_act_ops[i].name, name.len) == 0)
        {
            act->op = (xpecto_act_e) i;
            return &xpecto_act_ops[i];
        }
    }

    (void) xpecto_doc_error(&node, err, "not one of \"peek\", \"grant\", "
                                        "\"reset\", \"ban\", \"unban\"");
    return NULL;
}


static xpecto_rc_e
xpecto_act_text(const xpecto_node_t *root, const char *name, int required,
    xpecto_str_t *text, xpecto_err_t *err)
{
    xpecto_rc_e    rc;
    xpecto_node_t  node;

    rc = xpecto_doc_get(root, name, XPECTO_DOC_STRING, required, &node, err);

    if (rc != XPECTO_OK) {
        return rc == XPECTO_DECLINED ? XPECTO_OK : XPECTO_ERROR;
    }

    *text = xpecto_doc_string(&node);

    if (text->len == 0 || text->len > XPECTO_ACT_VALUE_MAX) {
        return xpecto_doc_error(&node, err, "empty or too long");
    }

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_act_number(const xpecto_node_t *root, const char *name, int required,
    int64_t max, uint64_t *number, xpecto_err_t *err)
{
    int64_t      n;
    xpecto_rc_e  rc;

    rc = xpecto_doc_within(root, name, required, 1, max, &n, err);

    if (rc != XPECTO_OK) {
        return rc == XPECTO_DECLINED ? XPECTO_OK : XPECTO_ERROR;
    }

    *number = (uint64_t) n;

    return XPECTO_OK;
}
