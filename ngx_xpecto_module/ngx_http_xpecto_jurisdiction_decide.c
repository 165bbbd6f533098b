
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_jurisdiction.h"


static ngx_int_t ngx_http_xpecto_jurisdiction_processors(
    ngx_http_request_t *r, ngx_http_xpecto_jurisdiction_facts_t *facts);
static ngx_int_t ngx_http_xpecto_jurisdiction_path(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_facts_t *facts, const xpecto_str_t *path);
static ngx_int_t ngx_http_xpecto_jurisdiction_region(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf,
    ngx_http_xpecto_jurisdiction_facts_t *facts,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx, xpecto_decision_t *decision,
    ngx_uint_t *region);
static uint64_t ngx_http_xpecto_jurisdiction_allowed(
    const xpecto_rules_t *rules, ngx_xpecto_tenant_t *tenant,
    ngx_uint_t *home);
static ngx_uint_t ngx_http_xpecto_jurisdiction_named(
    const xpecto_rules_t *rules, u_char *data, size_t len);
static ngx_int_t ngx_http_xpecto_jurisdiction_text(ngx_http_request_t *r,
    const xpecto_rules_t *rules, xpecto_text_t text, ngx_str_t *str);
static ngx_int_t ngx_http_xpecto_jurisdiction_reason(ngx_http_request_t *r,
    const xpecto_rules_t *rules, xpecto_reason_t *reason, ngx_str_t *str);


static const struct {
    ngx_uint_t   bit;
    char        *name;
} ngx_http_xpecto_jurisdiction_states[] = {
    { ngx_http_xpecto_jurisdiction_bit(XPECTO_SIGNAL_PRIVATE_IP),
      "private_ip" },
    { ngx_http_xpecto_jurisdiction_bit(XPECTO_SIGNAL_DB_MISSING),
      "db_missing" },
    { ngx_http_xpecto_jurisdiction_bit(XPECTO_SIGNAL_DB_STALE), "db_stale" },
    { ngx_http_xpecto_jurisdiction_bit(XPECTO_SIGNAL_NO_RECIPIENT),
      "no_recipient" },
    { ngx_http_xpecto_jurisdiction_bit(XPECTO_SIGNAL_INVALID_NUMBER),
      "invalid_number" },
    { ngx_http_xpecto_jurisdiction_bit(XPECTO_SIGNAL_NON_GEOGRAPHIC),
      "non_geographic" },
    { ngx_http_xpecto_jurisdiction_bit(XPECTO_SIGNAL_NO_PLUS), "no_plus" },
    { ngx_http_xpecto_jurisdiction_bit(XPECTO_SIGNAL_RULES_EXPIRED),
      "rules_expired" },
    { NGX_HTTP_XPECTO_STATE_TENANT, "tenant" },
    { NGX_HTTP_XPECTO_STATE_UNREADABLE, "unreadable" },
    { NGX_HTTP_XPECTO_STATE_GROUP, "group" },
    { NGX_HTTP_XPECTO_STATE_ADDRESS, "no_country" },
    { NGX_HTTP_XPECTO_STATE_TUNNEL, "tunnel" },
    { NGX_HTTP_XPECTO_STATE_ANONYMOUS, "anonymous" },
    { NGX_HTTP_XPECTO_STATE_HEADER, "header" },
    { NGX_HTTP_XPECTO_STATE_LAWLESS, "no_law" },
    { NGX_HTTP_XPECTO_STATE_CONFLICT, "conflict" },
    { NGX_HTTP_XPECTO_STATE_UNREAD, "unread" },
    { NGX_HTTP_XPECTO_STATE_UNTRUSTED, "untrusted" },
    { NGX_HTTP_XPECTO_STATE_NOBODY, "no_origin" },
    { NGX_HTTP_XPECTO_STATE_REGION, "region" }
};


ngx_int_t
ngx_http_xpecto_jurisdiction_decide(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf,
    ngx_http_xpecto_jurisdiction_facts_t *facts,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx)
{
    ngx_uint_t                  region;
    xpecto_decision_t           decision;
    const xpecto_rules_t       *rules;
    ngx_xpecto_jurisdiction_t  *j;

    rules = facts->rules;
    j = &ctx->jurisdiction;

    if (facts->transfer.today >= rules->expires) {
        ctx->states |=
              ngx_http_xpecto_jurisdiction_bit(XPECTO_SIGNAL_RULES_EXPIRED);
    }

    if (ngx_http_xpecto_jurisdiction_processors(r, facts) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ngx_http_xpecto_jurisdiction_region(r, xjcf, facts, ctx, &decision,
                                            &region)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (region != XPECTO_RULES_NONE) {

        if (ngx_http_xpecto_jurisdiction_text(r, rules,
                                              rules->regions[region].name,
                                              &j->region)
            != NGX_OK
            || ngx_http_xpecto_jurisdiction_text(r, rules,
                                              rules->regions[region].upstream,
                                              &j->upstream)
               != NGX_OK)
        {
            return NGX_ERROR;
        }

        xpecto_set_add(&facts->transfer.destinations,
                       rules->regions[region].country);
    }

    ngx_http_xpecto_jurisdiction_codes(rules, &facts->transfer.destinations,
                                       &j->destinations);

    j->basis.data = (u_char *) xpecto_rules_basis(decision.basis);
    j->basis.len = ngx_strlen(j->basis.data);

    if (ngx_http_xpecto_jurisdiction_reason(r, rules, &decision.why, &j->why)
        != NGX_OK
        || ngx_http_xpecto_jurisdiction_text(r, rules,
                                             decision.why.instrument,
                                             &j->instrument)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    ctx->action = decision.action;

    if (ngx_http_xpecto_jurisdiction_record(r, xjcf, rules, &facts->transfer,
                                            &decision, ctx)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (decision.action != XPECTO_ACTION_DENY) {
        return NGX_OK;
    }

    ctx->status = decision.status;
    ngx_str_null(&ctx->rule);

    if (ngx_http_xpecto_jurisdiction_reason(r, rules, &decision.cause,
                                            &ctx->cause)
        != NGX_OK
        || ngx_http_xpecto_jurisdiction_text(r, rules,
                                             decision.cause.instrument,
                                             &ctx->missing)
           != NGX_OK
        || (decision.rule != XPECTO_RULES_NONE
            && ngx_http_xpecto_jurisdiction_text(r, rules,
                                               rules->rules[decision.rule].id,
                                               &ctx->rule)
               != NGX_OK)
        || ngx_http_xpecto_jurisdiction_text(r, rules, rules->type, &ctx->type)
           != NGX_OK
        || ngx_http_xpecto_jurisdiction_text(r, rules, rules->blocked_by,
                                             &ctx->blocked_by)
           != NGX_OK
        || ngx_http_xpecto_jurisdiction_text(r, rules, rules->version,
                                             &ctx->version)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


/*
 * Upstreams may take more paths for one: the data go where any of them leads,
 * and of one that leads here or there, anywhere.  What nginx has made of
 * "//../" is one answer of two; what it passes on are the client's bytes.
 */

static ngx_int_t
ngx_http_xpecto_jurisdiction_processors(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_facts_t *facts)
{
    ngx_str_t             *target;
    ngx_uint_t             i;
    xpecto_str_t           path;
    ngx_xpecto_message_t  *message;

    path = ngx_xpecto_str(&r->uri);

    if (ngx_http_xpecto_jurisdiction_path(r, facts, &path) != NGX_OK) {
        return NGX_ERROR;
    }

    message = ngx_xpecto_message(r);

    if (message != NULL && message->targets != NULL) {
        target = message->targets->elts;

        for (i = 0; i < message->targets->nelts; i++) {
            path = ngx_xpecto_str(&target[i]);

            if (ngx_http_xpecto_jurisdiction_path(r, facts, &path) != NGX_OK) {
                return NGX_ERROR;
            }
        }
    }

    if (!r->valid_unparsed_uri || r->unparsed_uri.data == r->uri.data) {
        return NGX_OK;
    }

    path.data = r->unparsed_uri.data;

    for (path.len = 0; path.len < r->unparsed_uri.len; path.len++) {

        if (path.data[path.len] == '?') {
            break;
        }

        /* an end to some, a byte like any other to others */

        if (path.data[path.len] == '#'
            && ngx_http_xpecto_jurisdiction_path(r, facts, &path) != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return ngx_http_xpecto_jurisdiction_path(r, facts, &path);
}


static ngx_int_t
ngx_http_xpecto_jurisdiction_path(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_facts_t *facts, const xpecto_str_t *path)
{
    ngx_int_t     rc;
    xpecto_str_t  plain;

    xpecto_rules_processors(facts->rules, *path,
                            &facts->transfer.destinations);

    plain = *path;

    rc = ngx_xpecto_plain_path(r, &plain);

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    if (plain.data == path->data) {
        return NGX_OK;
    }

    if (rc == NGX_DECLINED) {
        plain.len = 0;
    }

    xpecto_rules_processors(facts->rules, plain,
                            &facts->transfer.destinations);

    return NGX_OK;
}


/*
 * A region that does not exist is NONE.  One that is not the tenant's denies:
 * it is named all the same, since what is only observed goes there.
 */

static ngx_int_t
ngx_http_xpecto_jurisdiction_region(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf,
    ngx_http_xpecto_jurisdiction_facts_t *facts,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx, xpecto_decision_t *decision,
    ngx_uint_t *region)
{
    uint64_t    allowed, named;
    ngx_str_t   name;
    ngx_uint_t  i, home;

    allowed = ngx_http_xpecto_jurisdiction_allowed(facts->rules,
                                                   ngx_xpecto_tenant(r),
                                                   &home);

    if (!xjcf->choose) {

        if (ngx_http_complex_value(r, xjcf->destination, &name) != NGX_OK) {
            return NGX_ERROR;
        }

        i = ngx_http_xpecto_jurisdiction_named(facts->rules, name.data,
                                               name.len);

        named = (i != XPECTO_RULES_NONE) ? (uint64_t) 1 << i : 0;

        if ((named & ~allowed) != 0) {
            facts->transfer.forbidden = 1;
            ctx->states |= NGX_HTTP_XPECTO_STATE_REGION;
        }

        allowed = named;
    }

    *region = xpecto_transfer_region(facts->rules, &facts->transfer, allowed,
                                     (unsigned) home, decision);

    if (*region == XPECTO_RULES_NONE) {
        facts->transfer.forbidden = 1;
        ctx->states |= NGX_HTTP_XPECTO_STATE_REGION;

        /* what is only observed goes somewhere */

        if (xjcf->choose
            && xjcf->mode == NGX_HTTP_XPECTO_JURISDICTION_OBSERVE)
        {
            *region = xpecto_transfer_region(facts->rules, &facts->transfer,
                                             ~(uint64_t) 0, (unsigned) home,
                                             decision);
        }
    }

    /* the value of the destination may have asked for it */

    ngx_str_null(&ctx->state);

    return NGX_OK;
}


/* the regions of the tenant, a bit for each; all where it names none */

static uint64_t
ngx_http_xpecto_jurisdiction_allowed(const xpecto_rules_t *rules,
    ngx_xpecto_tenant_t *caller, ngx_uint_t *home)
{
    uint64_t          allowed;
    ngx_uint_t        i, n;
    xpecto_tenant_t  *tenant;

    *home = XPECTO_RULES_NONE;

    if (caller == NULL || caller->state != NGX_XPECTO_TENANT_KNOWN) {
        return ~(uint64_t) 0;
    }

    tenant = caller->tenant;

    *home = ngx_http_xpecto_jurisdiction_named(rules,
                                               (u_char *) tenant->region.data,
                                               tenant->region.len);

    if (tenant->nregions == 0) {
        return ~(uint64_t) 0;
    }

    allowed = 0;

    for (i = 0; i < tenant->nregions; i++) {
        n = ngx_http_xpecto_jurisdiction_named(rules,
                                           (u_char *) tenant->regions[i].data,
                                           tenant->regions[i].len);

        if (n != XPECTO_RULES_NONE) {
            allowed |= (uint64_t) 1 << n;
        }
    }

    return allowed;
}


static ngx_uint_t
ngx_http_xpecto_jurisdiction_named(const xpecto_rules_t *rules, u_char *data,
    size_t len)
{
    xpecto_str_t            name;
    const xpecto_region_t  *region;

    name.data = data;
    name.len = len;

    region = xpecto_rules_region(rules, name);

    return (region == NULL) ? XPECTO_RULES_NONE
                            : (ngx_uint_t) (region - rules->regions);
}


static ngx_int_t
ngx_http_xpecto_jurisdiction_text(ngx_http_request_t *r,
    const xpecto_rules_t *rules, xpecto_text_t text, ngx_str_t *str)
{
    xpecto_str_t  from;

    ngx_str_null(str);

    if (text.len == 0) {
        return NGX_OK;
    }

    from = xpecto_rules_text(rules, text);

    str->len = from.len;
    str->data = ngx_pnalloc(r->pool, from.len);
    if (str->data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(str->data, from.data, from.len);

    return NGX_OK;
}


/* empty where no law of a known country says so */

static ngx_int_t
ngx_http_xpecto_jurisdiction_reason(ngx_http_request_t *r,
    const xpecto_rules_t *rules, xpecto_reason_t *reason, ngx_str_t *str)
{
    u_char  why[XPECTO_TRANSFER_WHY];

    ngx_str_null(str);

    str->len = xpecto_transfer_why(rules, reason, why);

    if (str->len == 0) {
        return NGX_OK;
    }

    str->data = ngx_pnalloc(r->pool, str->len);
    if (str->data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(str->data, why, str->len);

    return NGX_OK;
}


ngx_int_t
ngx_http_xpecto_jurisdiction_state(ngx_pool_t *pool,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx)
{
    size_t      len;
    u_char     *p;
    ngx_uint_t  i, n;

    if (ctx->state.len != 0) {
        return NGX_OK;
    }

    if (ctx->states == 0) {
        ngx_str_set(&ctx->state, "ok");
        return NGX_OK;
    }

    n = sizeof(ngx_http_xpecto_jurisdiction_states)
        / sizeof(ngx_http_xpecto_jurisdiction_states[0]);

    len = 0;

    for (i = 0; i < n; i++) {
        if (ctx->states & ngx_http_xpecto_jurisdiction_states[i].bit) {
            len += ngx_strlen(ngx_http_xpecto_jurisdiction_states[i].name) + 1;
        }
    }

    p = ngx_pnalloc(pool, len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    ctx->state.data = p;

    for (i = 0; i < n; i++) {
        if (ctx->states & ngx_http_xpecto_jurisdiction_states[i].bit) {
            p = ngx_sprintf(p, "%s,",
                            ngx_http_xpecto_jurisdiction_states[i].name);
        }
    }

    ctx->state.len = len - 1;

    return NGX_OK;
}
