
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "xpecto_tenants_image.h"
#include "xpecto_calendar.h"

#include <string.h>


static xpecto_rc_e xpecto_tenants_endpoints(xpecto_tenants_t *t,
    const xpecto_node_t *node, xpecto_limit_t *limit);
static xpecto_rc_e xpecto_tenants_cost(xpecto_tenants_t *t,
    const xpecto_node_t *node, xpecto_limit_t *limit);


/* what a limit counts by, of which requests, and how much of each */

xpecto_rc_e
xpecto_tenants_scope(xpecto_tenants_t *t, const xpecto_node_t *node,
    xpecto_limit_t *limit)
{
    xpecto_rc_e    rc;
    xpecto_str_t   s;
    xpecto_node_t  scope;

    rc = xpecto_doc_get(node, "scope", XPECTO_DOC_STRING, 0, &scope, t->err);

    if (rc == XPECTO_ERROR) {
        return XPECTO_ERROR;
    }

    if (limit->meter == XPECTO_METER_PAIR) {
        limit->scope = XPECTO_SCOPE_RECIPIENT;
    }

    if (rc == XPECTO_OK) {
        s = xpecto_doc_string(&scope);

        if (xpecto_scope_parse(&limit->scope, s.data, s.len) != XPECTO_OK) {
            return xpecto_doc_error(&scope, t->err,
                                    "not tenant, credential, phone, waba, "
                                    "endpoint, recipient or address");
        }

        if (limit->meter == XPECTO_METER_PAIR
            && limit->scope != XPECTO_SCOPE_RECIPIENT)
        {
            return xpecto_doc_error(&scope, t->err,
                                    "a pair is of each recipient");
        }

        if (limit->scope == XPECTO_SCOPE_RECIPIENT
            && (limit->meter == XPECTO_METER_HELD
                || limit->meter == XPECTO_METER_UNIQUE))
        {
            return xpecto_doc_error(&scope, t->err,
                                    "this kind has no scope \"recipient\"");
        }
    }

    if (xpecto_tenants_endpoints(t, node, limit) != XPECTO_OK) {
        return XPECTO_ERROR;
    }

    return xpecto_tenants_cost(t, node, limit);
}


static xpecto_rc_e
xpecto_tenants_endpoints(xpecto_tenants_t *t, const xpecto_node_t *node,
    xpecto_limit_t *limit)
{
    size_t         i, n;
    uint32_t       endpoint;
    xpecto_rc_e    rc;
    xpecto_str_t   s;
    xpecto_node_t  list, element;

    rc = xpecto_doc_get(node, "endpoints", XPECTO_DOC_ARRAY, 0, &list, t->err);

    if (rc != XPECTO_OK) {
        return (rc == XPECTO_DECLINED) ? XPECTO_OK : XPECTO_ERROR;
    }

    n = xpecto_doc_size(&list);

    if (n == 0) {
        return xpecto_doc_error(&list, t->err, "no endpoint at all");
    }

    limit->endpoints = 0;

    for (i = 0; i < n; i++) {
        xpecto_doc_element(&list, i, &element);

        if (xpecto_doc_type(&element, XPECTO_DOC_STRING, t->err) != XPECTO_OK)
        {
            return XPECTO_ERROR;
        }

        s = xpecto_doc_string(&element);

        if (xpecto_endpoint_parse(&endpoint, s.data, s.len) != XPECTO_OK) {
            return xpecto_doc_error(&element, t->err,
                                    "not messages, marketing, media, calls, "
                                    "groups, register, templates, "
                                    "management or other");
        }

        if (limit->endpoints & 1u << endpoint) {
            return xpecto_doc_error(&element, t->err,
                                    "the same endpoint twice");
        }

        limit->endpoints |= 1u << endpoint;
    }

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_tenants_cost(xpecto_tenants_t *t, const xpecto_node_t *node,
    xpecto_limit_t *limit)
{
    xpecto_rc_e    rc;
    xpecto_str_t   s;
    xpecto_node_t  cost;

    rc = xpecto_doc_get(node, "cost", XPECTO_DOC_STRING, 0, &cost, t->err);

    if (rc != XPECTO_OK) {
        return (rc == XPECTO_DECLINED) ? XPECTO_OK : XPECTO_ERROR;
    }

    if (limit->meter == XPECTO_METER_HELD
        || limit->meter == XPECTO_METER_UNIQUE)
    {
        return xpecto_doc_error(&cost, t->err, "this kind has no cost");
    }

    s = xpecto_doc_string(&cost);

    if (xpecto_weight_parse(&limit->weight, s.data, s.len) != XPECTO_OK) {
        return xpecto_doc_error(&cost, t->err, XPECTO_WEIGHT_WRONG);
    }

    if (xpecto_weight_none(&limit->weight)) {
        return xpecto_doc_error(&cost, t->err,
                                "what costs nothing is never limited");
    }

    return XPECTO_OK;
}


/* of Meta, unless it says otherwise: a message in 6 seconds, 45 at once */

xpecto_rc_e
xpecto_tenants_pair(xpecto_tenants_t *t, const xpecto_node_t *node,
    xpecto_limit_t *limit, uint64_t *window)
{
    int64_t        n;
    xpecto_rc_e    rc;
    xpecto_str_t   s;
    xpecto_node_t  rate;
    xpecto_rate_t  r;

    r.count = 10;
    r.period = 60;
    limit->burst = 45;
    limit->meter = XPECTO_METER_PAIR;

    rc = xpecto_doc_get(node, "rate", XPECTO_DOC_STRING, 0, &rate, t->err);

    if (rc == XPECTO_OK) {
        s = xpecto_doc_string(&rate);

        if (xpecto_rate_parse(&r, s.data, s.len) != XPECTO_OK) {
            return xpecto_doc_error(&rate, t->err,
                                    "not a rate such as \"10r/m\"");
        }
    }

    if (rc != XPECTO_ERROR) {
        rc = xpecto_doc_within(node, "burst", 0, 1, XPECTO_PAIR_BURST_MAX, &n,
                               t->err);
    }

    if (rc == XPECTO_OK) {
        limit->burst = (uint64_t) n;
    }

    if (rc == XPECTO_ERROR) {
        return XPECTO_ERROR;
    }

    if (xpecto_gcra_init(&limit->gcra, &r, limit->burst) != XPECTO_OK
        || limit->gcra.interval < XPECTO_GCRA_COARSE)
    {
        return xpecto_doc_error(node, t->err,
                                "a rate and burst that cannot be represented");
    }

    *window = xpecto_ratelimit_window(&limit->gcra);

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_tenants_held(xpecto_tenants_t *t, const xpecto_node_t *node,
    xpecto_limit_t *limit, uint64_t *window)
{
    limit->meter = XPECTO_METER_HELD;
    *window = 0;

    if (xpecto_tenants_units(t, node, "count", XPECTO_HELD_MAX, &limit->burst)
        != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    limit->count.limit = limit->burst;

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_tenants_unique(xpecto_tenants_t *t, const xpecto_node_t *node,
    xpecto_limit_t *limit, uint64_t *window)
{
    xpecto_rc_e    rc;
    xpecto_str_t   s;
    xpecto_node_t  member;

    limit->meter = XPECTO_METER_UNIQUE;
    *window = XPECTO_DAY;

    if (xpecto_tenants_units(t, node, "count", XPECTO_UNIQUE_MAX,
                             &limit->burst)
        != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    limit->count.limit = limit->burst;

    rc = xpecto_doc_get(node, "window", XPECTO_DOC_STRING, 0, &member, t->err);

    if (rc == XPECTO_OK) {
        s = xpecto_doc_string(&member);

        if (s.len != 3 || memcmp(s.data, "24h", 3) != 0) {
            return xpecto_doc_error(&member, t->err, "not \"24h\"");
        }
    }

    return (rc == XPECTO_ERROR) ? XPECTO_ERROR : XPECTO_OK;
}
