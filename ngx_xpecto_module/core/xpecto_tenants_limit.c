
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "xpecto_tenants_image.h"

#include <string.h>


typedef struct {
    const char      *name;
    xpecto_rc_e    (*parse)(xpecto_tenants_t *t, const xpecto_node_t *node,
                         xpecto_limit_t *limit, uint64_t *window);
    const char      *members[5];        /* besides those of all kinds */
} xpecto_tenants_kind_t;


static xpecto_rc_e xpecto_tenants_numbers(xpecto_tenants_t *t,
    const xpecto_node_t *node, xpecto_limit_t *limit, uint64_t *window);
static void xpecto_tenants_text(xpecto_limit_t *limit, uint64_t window);
static xpecto_rc_e xpecto_tenants_members_of(xpecto_tenants_t *t,
    const xpecto_node_t *node, const xpecto_tenants_kind_t *kind);
static xpecto_rc_e xpecto_tenants_enforcement(xpecto_tenants_t *t,
    const xpecto_node_t *node, xpecto_limit_t *limit);
static xpecto_rc_e xpecto_tenants_of_meta(xpecto_tenants_t *t,
    const xpecto_node_t *node, xpecto_limit_t *limit, uint64_t *window);


static const xpecto_tenants_kind_t  xpecto_tenants_kinds[] = {

    { "rate", xpecto_tenants_rate, { "rate", "burst", NULL } },

    { "window", xpecto_tenants_window, { "count", "window", NULL } },

    { "sliding", xpecto_tenants_sliding, { "count", "window", NULL } },

    { "quota", xpecto_tenants_quota,
      { "count", "per", "zone", "anchor", NULL } },

    { "pair", xpecto_tenants_pair, { "rate", "burst", NULL } },

    { "concurrency", xpecto_tenants_held, { "count", NULL } },

    { "unique", xpecto_tenants_unique, { "count", "window", NULL } },

    { NULL, NULL, { NULL } }
};

static const char *const  xpecto_tenants_common[] = {
    "name", "kind", "dry_run", "enforce", "status", "scope", "endpoints",
    "cost", "inherit"
};


xpecto_rc_e
xpecto_tenants_limit(xpecto_tenants_t *t, const xpecto_node_t *node,
    xpecto_limit_t *limit)
{
    uint64_t       window;
    xpecto_str_t   s;
    xpecto_node_t  name;

    if (xpecto_tenants_numbers(t, node, limit, &window) != XPECTO_OK
        || xpecto_doc_get(node, "name", XPECTO_DOC_STRING, 1, &name, t->err)
           != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    s = xpecto_doc_string(&name);

    if (xpecto_tenants_name(&name, s.data, s.len, &limit->name, t->err)
        != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    xpecto_tenants_text(limit, window);

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_tenants_alone(const xpecto_doc_param_t *params, size_t n,
    const xpecto_name_t *name, xpecto_zone_pt zone, xpecto_limit_t *limit,
    xpecto_period_t *period, size_t *failed, xpecto_err_t *err)
{
    uint64_t                  window;
    const char               *member;
    xpecto_rc_e               rc;
    xpecto_doc_t             *doc;
    xpecto_node_t             root;
    xpecto_tenants_t          t;
    xpecto_tenants_header_t   header;

    *failed = n;

    doc = xpecto_doc_params(params, n, &root, err);
    if (doc == NULL) {
        return XPECTO_ERROR;
    }

    memset(&header, 0, sizeof(xpecto_tenants_header_t));
    memset(&t, 0, sizeof(xpecto_tenants_t));
    memset(limit, 0, sizeof(xpecto_limit_t));
    memset(period, 0, sizeof(xpecto_period_t));

    t.header = &header;
    t.periods = period;
    t.zone = zone;
    t.err = err;

    rc = xpecto_tenants_numbers(&t, &root, limit, &window);

    if (rc == XPECTO_OK) {
        limit->name = *name;
        xpecto_tenants_text(limit, window);

    } else {
        member = xpecto_doc_failed(doc);

        for (*failed = 0; *failed < n; (*failed)++) {
            if (member != NULL && strcmp(params[*failed].name, member) == 0) {
                break;
            }
        }
    }

    xpecto_doc_free(doc);

    return rc;
}


/* all but its name, and what follows from that */

static xpecto_rc_e
xpecto_tenants_numbers(xpecto_tenants_t *t, const xpecto_node_t *node,
    xpecto_limit_t *limit, uint64_t *window)
{
    xpecto_str_t                  s;
    xpecto_node_t                 kind;
    const xpecto_tenants_kind_t  *k;

    static const xpecto_tenants_kind_t  named = {
        XPECTO_WHATSAPP_PREFIX, xpecto_tenants_of_meta, { NULL }
    };

    if (xpecto_doc_type(node, XPECTO_DOC_OBJECT, t->err) != XPECTO_OK
        || xpecto_doc_get(node, "kind", XPECTO_DOC_STRING, 1, &kind, t->err)
           != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    s = xpecto_doc_string(&kind);

    for (k = xpecto_tenants_kinds; k->name != NULL; k++) {
        if (s.len == strlen(k->name) && memcmp(s.data, k->name, s.len) == 0) {
            break;
        }
    }

    if (k->name == NULL) {

        if (xpecto_whatsapp_find(s.data, s.len) == NULL) {
            return xpecto_doc_error(&kind, t->err,
                                    "not rate, window, sliding, quota, pair, "
                                    "concurrency, unique or one of Meta's");
        }

        k = &named;
    }

    if (xpecto_tenants_members_of(t, node, k) != XPECTO_OK
        || k->parse(t, node, limit, window) != XPECTO_OK
        || xpecto_tenants_scope(t, node, limit) != XPECTO_OK
        || xpecto_tenants_inherit(t, node, limit) != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    return xpecto_tenants_enforcement(t, node, limit);
}


static void
xpecto_tenants_text(xpecto_limit_t *limit, uint64_t window)
{
    limit->policy_len = xpecto_ratelimit_policy(limit->policy,
                                                limit->name.data,
                                                limit->name.len, limit->burst,
                                                window);
    limit->policy_len += xpecto_ratelimit_unit(limit->policy
                                               + limit->policy_len,
                                               limit->meter,
                                               &limit->weight);
}


/* whether a limit refuses, how often, and by which status */

static xpecto_rc_e
xpecto_tenants_enforcement(xpecto_tenants_t *t, const xpecto_node_t *node,
    xpecto_limit_t *limit)
{
    int64_t        status;
    unsigned       part;
    xpecto_rc_e    rc;
    xpecto_str_t   s;
    xpecto_node_t  member;

    if (xpecto_tenants_dry_run(t, node, &limit->dry_run) != XPECTO_OK) {
        return XPECTO_ERROR;
    }

    part = XPECTO_ENFORCE_ALL;

    rc = xpecto_doc_get(node, "enforce", XPECTO_DOC_STRING, 0, &member,
                        t->err);

    if (rc == XPECTO_OK) {
        s = xpecto_doc_string(&member);

        if (xpecto_enforce_parse(&part, s.data, s.len) != XPECTO_OK) {
            return xpecto_doc_error(&member, t->err,
                            "not \"0%\" to \"100%\", at most two decimals");
        }
    }

    limit->enforce = part;

    if (rc != XPECTO_ERROR) {
        rc = xpecto_doc_within(node, "status", 0, 400, 599, &status, t->err);
    }

    if (rc == XPECTO_OK) {
        limit->status = (uint32_t) status;
    }

    return rc == XPECTO_ERROR ? XPECTO_ERROR : XPECTO_OK;
}


static xpecto_rc_e
xpecto_tenants_members_of(xpecto_tenants_t *t, const xpecto_node_t *node,
    const xpecto_tenants_kind_t *kind)
{
    size_t       i, n;
    const char  *members[sizeof(xpecto_tenants_common)
                         / sizeof(xpecto_tenants_common[0]) + 5];

    n = sizeof(xpecto_tenants_common) / sizeof(xpecto_tenants_common[0]);

    memcpy(members, xpecto_tenants_common, sizeof(xpecto_tenants_common));

    for (i = 0; kind->members[i] != NULL; i++) {
        members[n + i] = kind->members[i];
    }

    members[n + i] = NULL;

    return xpecto_doc_members(node, members, t->err);
}


/* one of Meta's: its kind says all */

static xpecto_rc_e
xpecto_tenants_of_meta(xpecto_tenants_t *t, const xpecto_node_t *node,
    xpecto_limit_t *limit, uint64_t *window)
{
    xpecto_str_t     s;
    xpecto_node_t    kind;
    xpecto_period_t  period;

    (void) xpecto_doc_get(node, "kind", XPECTO_DOC_STRING, 1, &kind, t->err);
    s = xpecto_doc_string(&kind);

    if (xpecto_tenants_whatsapp(xpecto_whatsapp_find(s.data, s.len), limit,
                                window)
        != XPECTO_OK)
    {
        return xpecto_doc_error(&kind, t->err, "a kind that cannot be");
    }

    if (limit->meter != XPECTO_METER_SLIDE) {
        return XPECTO_OK;
    }

    memset(&period, 0, sizeof(xpecto_period_t));
    period.length = limit->count.length;

    return xpecto_tenants_period_of(t, node, &period, limit);
}
