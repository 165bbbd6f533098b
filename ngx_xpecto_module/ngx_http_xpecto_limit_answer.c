
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_limit.h"


#define NGX_HTTP_XPECTO_LIMIT_DETAILS  256  /* but for the policy's name */


static u_char *ngx_http_xpecto_limit_graph(ngx_http_request_t *r, u_char *p,
    ngx_http_xpecto_limit_ctx_t *ctx);
static xpecto_graph_e ngx_http_xpecto_limit_graph_error(
    ngx_http_xpecto_limit_ctx_t *ctx);
static u_char *ngx_http_xpecto_limit_problem(u_char *p,
    ngx_http_xpecto_limit_ctx_t *ctx, ngx_uint_t status);
static u_char *ngx_http_xpecto_limit_details(u_char *p,
    ngx_http_xpecto_limit_ctx_t *ctx);
static ngx_int_t ngx_http_xpecto_limit_retry_after(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ctx_t *ctx);
static ngx_inline ngx_uint_t ngx_http_xpecto_limit_at_rest(
    ngx_http_xpecto_limit_use_t *use);
static ngx_inline ngx_int_t ngx_http_xpecto_limit_lines(
    ngx_http_request_t *r, ngx_str_t *policies, ngx_str_t *limits);
static ngx_http_xpecto_limit_ctx_t *ngx_http_xpecto_limit_decided(
    ngx_http_request_t *r);
static ngx_int_t ngx_http_xpecto_limit_status_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_xpecto_limit_policy_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_xpecto_limit_number_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);


/* data of a number: 0 what remains, 1 seconds */

static ngx_http_variable_t  ngx_http_xpecto_limit_vars[] = {

    { ngx_string("xpecto_limit_status"), NULL,
      ngx_http_xpecto_limit_status_variable, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("xpecto_limit_policy"), NULL,
      ngx_http_xpecto_limit_policy_variable, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("xpecto_limit_remaining"), NULL,
      ngx_http_xpecto_limit_number_variable, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("xpecto_limit_reset"), NULL,
      ngx_http_xpecto_limit_number_variable, 1,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

      ngx_http_null_variable
};


static ngx_str_t  ngx_http_xpecto_limit_statuses[] = {
    ngx_null_string,
    ngx_string("PASSED"),
    ngx_string("REJECTED"),
    ngx_string("REJECTED_DRY_RUN")
};


/* in the order of xpecto_accept_e */

ngx_str_t  ngx_http_xpecto_limit_types[] = {
    ngx_string("application/json"),
    ngx_string("application/problem+json"),
    ngx_string("text/plain")
};


ngx_int_t
ngx_http_xpecto_limit_refuse(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ctx_t *ctx)
{
    size_t                           len;
    u_char                          *p;
    ngx_str_t                        body;
    ngx_uint_t                       i, status;
    xpecto_accept_e                  type;
    ngx_http_xpecto_limit_conf_t    *xlcf;
    ngx_http_xpecto_limit_policy_t  *policy;

    xlcf = ngx_http_get_module_loc_conf(r, ngx_http_xpecto_limit_module);

    if (ngx_http_xpecto_limit_type(r, xlcf->error, &type) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_http_xpecto_limit_top(r);

    policy = ctx->uses[ctx->nearest].policy;
    status = policy->status ? policy->status : xlcf->status;

    ngx_xpecto_count_request(r, NGX_XPECTO_LIMIT_CODE
                                + ngx_http_xpecto_limit_graph_error(ctx));

    len = XPECTO_GRAPH_LEN + NGX_HTTP_XPECTO_LIMIT_DETAILS
          + policy->name.len;

    for (i = 0; i < ctx->enforced; i++) {
        len += sizeof("\"\",") - 1 + ctx->uses[i].policy->name.len;
    }

    body.data = ngx_pnalloc(r->pool, len);
    if (body.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    switch (type) {

    case XPECTO_ACCEPT_PROBLEM:
        p = ngx_http_xpecto_limit_problem(body.data, ctx, status);
        break;

    case XPECTO_ACCEPT_TEXT:
        p = ngx_http_xpecto_limit_details(body.data, ctx);
        *p++ = LF;
        break;

    default: /* XPECTO_ACCEPT_GRAPH */
        p = ngx_http_xpecto_limit_graph(r, body.data, ctx);
        break;
    }

    if (p == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    body.len = p - body.data;

    return ngx_xpecto_refuse(r, status, &ngx_http_xpecto_limit_types[type],
                             &body);
}


ngx_int_t
ngx_http_xpecto_limit_type(ngx_http_request_t *r, ngx_uint_t error,
    xpecto_accept_e *type)
{
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;
    xpecto_accept_t   accept;

    static ngx_str_t  vary = ngx_string("Vary");
    static ngx_str_t  value = ngx_string("Accept");

    if (error != NGX_HTTP_XPECTO_LIMIT_ACCEPT) {
        *type = error;
        return NGX_OK;
    }

    ngx_memzero(&accept, sizeof(xpecto_accept_t));

    part = &r->headers_in.headers.part;
    h = part->elts;

    for (i = 0; /* void */ ; i++) {

        if (i >= part->nelts) {

            if (part->next == NULL) {
                break;
            }

            part = part->next;
            h = part->elts;
            i = 0;
        }

        if (h[i].key.len == value.len
            && ngx_strncasecmp(h[i].key.data, value.data, value.len) == 0)
        {
            xpecto_accept_line(&accept, h[i].value.data, h[i].value.len);
        }
    }

    *type = xpecto_accept_best(&accept);

    return (ngx_xpecto_push_header(r, &r->headers_out.headers, &vary, &value)
            == NULL)
           ? NGX_ERROR : NGX_OK;
}


/* names need no escape: ngx_http_xpecto_limit_name() */

static u_char *
ngx_http_xpecto_limit_graph(ngx_http_request_t *r, u_char *p,
    ngx_http_xpecto_limit_ctx_t *ctx)
{
    u_char        *text;
    xpecto_str_t   details;

    text = ngx_pnalloc(r->pool, NGX_HTTP_XPECTO_LIMIT_DETAILS
                                + ctx->uses[ctx->nearest].policy->name.len);
    if (text == NULL) {
        return NULL;
    }

    details.data = text;
    details.len = ngx_http_xpecto_limit_details(text, ctx) - text;

    return p + xpecto_graph_write(p, ngx_http_xpecto_limit_graph_error(ctx),
                                  &details);
}


/*
 * The error that a client of Meta's API knows for such a limit: who has a
 * credential of his own is an app.
 */

static xpecto_graph_e
ngx_http_xpecto_limit_graph_error(ngx_http_xpecto_limit_ctx_t *ctx)
{
    ngx_http_xpecto_limit_policy_t  *policy;

    policy = ctx->uses[ctx->nearest].policy;

    if (policy->error != 0) {
        return policy->error - 1;
    }

    switch (policy->meter.kind) {

    case XPECTO_METER_PAIR:
        return XPECTO_GRAPH_PAIR;

    case XPECTO_METER_UNIQUE:
        return XPECTO_GRAPH_SPAM;

    case XPECTO_METER_COUNT:
    case XPECTO_METER_SLIDE:
        return policy->scope == XPECTO_SCOPE_CREDENTIAL
               ? XPECTO_GRAPH_APP : XPECTO_GRAPH_ACCOUNT;

    default: /* XPECTO_METER_RATE, XPECTO_METER_HELD */
        return policy->scope == XPECTO_SCOPE_CREDENTIAL
               ? XPECTO_GRAPH_APP : XPECTO_GRAPH_THROUGHPUT;
    }
}


/* a zone that is full says nothing of what the client has used */

static u_char *
ngx_http_xpecto_limit_problem(u_char *p, ngx_http_xpecto_limit_ctx_t *ctx,
    ngx_uint_t status)
{
    ngx_uint_t  i, n;

    if (ctx->uses[ctx->nearest].item->full) {
        p = ngx_sprintf(p, "{\"type\":\"https://iana.org/assignments/"
                           "http-problem-types#temporary-reduced-capacity\","
                           "\"title\":\"Request cannot be satisfied due to "
                           "temporary server capacity constraints\"");

    } else {
        p = ngx_sprintf(p, "{\"type\":\"https://iana.org/assignments/"
                           "http-problem-types#quota-exceeded\","
                           "\"title\":\"Request cannot be satisfied as "
                           "assigned quota has been exceeded\"");
    }

    p = ngx_sprintf(p, ",\"status\":%ui,\"violated-policies\":[", status);

    for (i = 0, n = 0; i < ctx->enforced; i++) {
        if (ctx->uses[i].item->refused) {
            p = ngx_sprintf(p, "%s\"%V\"", n++ ? "," : "",
                            &ctx->uses[i].policy->name);
        }
    }

    return ngx_sprintf(p, "]}\n");
}


static u_char *
ngx_http_xpecto_limit_details(u_char *p, ngx_http_xpecto_limit_ctx_t *ctx)
{
    uint64_t                         seconds;
    xpecto_str_t                     reason;
    ngx_http_xpecto_limit_policy_t  *policy;

    policy = ctx->uses[ctx->nearest].policy;

    if (policy->error != 0) {
        reason = xpecto_graph_reason(policy->error - 1);
        p = ngx_cpymem(p, reason.data, reason.len);

    } else {
        p = ngx_cpymem(p, "Too many requests", sizeof("Too many requests") - 1);
    }

    p = ngx_sprintf(p, ": limit '%V'.", &policy->name);

    seconds = xpecto_ratelimit_seconds(
                              ctx->uses[ctx->nearest].item->result.retry_after);

    if (seconds != XPECTO_RATELIMIT_NEVER) {
        p = ngx_sprintf(p, " Retry after %uL seconds.", seconds);
    }

    return p;
}


/* on whatever answers: proxied, cached, an error page */

ngx_int_t
ngx_http_xpecto_limit_header_filter(ngx_http_request_t *r)
{
    ngx_http_xpecto_limit_ctx_t  *ctx;

    if (r != r->main) {
        return NGX_OK;
    }

    ctx = ngx_xpecto_get_ctx(r, &ngx_http_xpecto_limit_module);

    if (ctx == NULL || ctx->status == NGX_HTTP_XPECTO_LIMIT_NONE
        || !(ctx->headers || ctx->status == NGX_HTTP_XPECTO_LIMIT_REJECTED))
    {
        return NGX_OK;
    }

    return ngx_http_xpecto_limit_fields(r, ctx);
}


/* not static: nobody pays for its registers where nothing is written */

ngx_int_t
ngx_http_xpecto_limit_fields(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ctx_t *ctx)
{
    ngx_http_xpecto_limit_use_t  *use;

    if (ctx->status == NGX_HTTP_XPECTO_LIMIT_REJECTED
        && ngx_http_xpecto_limit_retry_after(r, ctx) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (!ctx->headers) {
        return NGX_OK;
    }

    if (ctx->enforced != 1) {
        return ngx_http_xpecto_limit_headers(r, ctx);
    }

    use = ctx->uses;

    if (use->item->full) {
        return NGX_OK;
    }

    return ngx_http_xpecto_limit_at_rest(use)
           ? ngx_http_xpecto_limit_lines(r, &use->policy->text,
                                         &use->policy->left)
           : ngx_http_xpecto_limit_header(r, use);
}


/* 1: what is left is what has been written down with the policy */

static ngx_inline ngx_uint_t
ngx_http_xpecto_limit_at_rest(ngx_http_xpecto_limit_use_t *use)
{
    return use->policy->left.len != 0
           && use->item->result.remaining == use->policy->rest.remaining
           && use->item->result.reset == use->policy->rest.reset;
}


static ngx_inline ngx_int_t
ngx_http_xpecto_limit_lines(ngx_http_request_t *r, ngx_str_t *policies,
    ngx_str_t *limits)
{
    static ngx_str_t  policy_key = ngx_string("RateLimit-Policy");
    static ngx_str_t  limit_key = ngx_string("RateLimit");

    return (ngx_xpecto_push_line(&r->headers_out.headers, &policy_key,
                                 policies)
            == NULL
            || ngx_xpecto_push_line(&r->headers_out.headers, &limit_key,
                                    limits)
               == NULL)
           ? NGX_ERROR : NGX_OK;
}


void
ngx_http_xpecto_limit_rest(ngx_http_xpecto_limit_policy_t *policy,
    u_char *left)
{
    uint64_t  word, cost;

    if (policy->meter.kind != XPECTO_METER_RATE) {
        policy->left.len = 0;
        return;
    }

    word = 0;
    cost = (policy->weight.kind == XPECTO_WEIGHT_NUMBER)
           ? policy->weight.number : 1;

    (void) xpecto_gcra_take(&word, &policy->meter.gcra, 0, cost,
                            &policy->rest);

    policy->left.data = left;
    policy->left.len = xpecto_ratelimit_left(left, policy->text.data,
                                             policy->name.len, &policy->rest);
}


static ngx_int_t
ngx_http_xpecto_limit_retry_after(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ctx_t *ctx)
{
    uint64_t   seconds;
    ngx_str_t  value;

    static ngx_str_t  key = ngx_string("Retry-After");

    seconds = xpecto_ratelimit_seconds(
                              ctx->uses[ctx->nearest].item->result.retry_after);

    if (seconds == XPECTO_RATELIMIT_NEVER) {
        return NGX_OK;
    }

    value.data = ngx_pnalloc(r->pool, NGX_INT64_LEN);
    if (value.data == NULL) {
        return NGX_ERROR;
    }

    value.len = ngx_sprintf(value.data, "%uL", seconds) - value.data;

    if (ngx_xpecto_push_header(r, &r->headers_out.headers, &key, &value)
        == NULL)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* of one policy */

ngx_int_t
ngx_http_xpecto_limit_header(ngx_http_request_t *r,
    ngx_http_xpecto_limit_use_t *use)
{
    ngx_str_t                        limits;
    ngx_http_xpecto_limit_policy_t  *policy;

    policy = use->policy;

    limits.data = ngx_pnalloc(r->pool,
                              XPECTO_RATELIMIT_LEN + policy->name.len);
    if (limits.data == NULL) {
        return NGX_ERROR;
    }

    limits.len = xpecto_ratelimit_left(limits.data, policy->text.data,
                                       policy->name.len, &use->item->result);

    return ngx_http_xpecto_limit_lines(r, &policy->text, &limits);
}


/* policies that are on trial or found no cell are left out */

ngx_int_t
ngx_http_xpecto_limit_headers(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ctx_t *ctx)
{
    size_t                           len;
    u_char                          *p, *q;
    ngx_str_t                        policies, limits;
    ngx_http_xpecto_limit_use_t     *use, *last;
    ngx_http_xpecto_limit_policy_t  *policy;

    len = 0;
    last = ctx->uses + ctx->enforced;

    for (use = ctx->uses; use < last; use++) {
        len += sizeof(", ") - 1 + XPECTO_RATELIMIT_LEN + use->policy->name.len;
    }

    p = ngx_pnalloc(r->pool, 2 * len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    q = p + len;

    policies.data = p;
    limits.data = q;

    for (use = ctx->uses; use < last; use++) {

        if (use->item->full) {
            continue;
        }

        if (q != limits.data) {
            *p++ = ',';
            *p++ = ' ';
            *q++ = ',';
            *q++ = ' ';
        }

        policy = use->policy;

        p = ngx_cpymem(p, policy->text.data, policy->text.len);

        if (ngx_http_xpecto_limit_at_rest(use)) {
            q = ngx_cpymem(q, policy->left.data, policy->left.len);

        } else {
            q += xpecto_ratelimit_left(q, policy->text.data,
                                       policy->name.len, &use->item->result);
        }
    }

    if (q == limits.data) {
        return NGX_OK;
    }

    policies.len = p - policies.data;
    limits.len = q - limits.data;

    return ngx_http_xpecto_limit_lines(r, &policies, &limits);
}


/* NULL: nothing is decided yet */

static ngx_http_xpecto_limit_ctx_t *
ngx_http_xpecto_limit_decided(ngx_http_request_t *r)
{
    ngx_http_xpecto_limit_ctx_t  *ctx;

    ctx = ngx_xpecto_get_ctx(r->main, &ngx_http_xpecto_limit_module);

    if (ctx == NULL || ctx->status == NGX_HTTP_XPECTO_LIMIT_NONE) {
        return NULL;
    }

    return ctx;
}


static ngx_int_t
ngx_http_xpecto_limit_status_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_str_t                    *status;
    ngx_http_xpecto_limit_ctx_t  *ctx;

    ctx = ngx_http_xpecto_limit_decided(r);
    status = ngx_http_xpecto_limit_ban_status(r);

    if (ctx != NULL
        && (status == NULL || ctx->status == NGX_HTTP_XPECTO_LIMIT_REJECTED))
    {
        status = &ngx_http_xpecto_limit_statuses[ctx->status];
    }

    if (status == NULL) {
        v->not_found = 1;
        return NGX_OK;
    }

    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;
    v->len = status->len;
    v->data = status->data;

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_limit_policy_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_http_xpecto_limit_ctx_t  *ctx;

    ctx = ngx_http_xpecto_limit_decided(r);

    if (ctx == NULL) {
        v->not_found = 1;
        return NGX_OK;
    }

    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;
    v->len = ctx->uses[ctx->nearest].policy->name.len;
    v->data = ctx->uses[ctx->nearest].policy->name.data;

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_limit_number_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    u_char                       *p;
    uint64_t                      n;
    xpecto_gcra_result_t         *result;
    ngx_http_xpecto_limit_ctx_t  *ctx;

    ctx = ngx_http_xpecto_limit_decided(r);

    if (ctx == NULL) {
        v->not_found = 1;
        return NGX_OK;
    }

    result = &ctx->uses[ctx->nearest].item->result;

    if (data == 0) {
        n = result->remaining;

    } else if (ctx->uses[ctx->nearest].item->refused) {
        n = xpecto_ratelimit_seconds(result->retry_after);

    } else {
        n = xpecto_ratelimit_seconds(result->reset);
    }

    if (n == XPECTO_RATELIMIT_NEVER) {
        v->not_found = 1;
        return NGX_OK;
    }

    p = ngx_pnalloc(r->pool, NGX_INT64_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;
    v->len = ngx_sprintf(p, "%uL", n) - p;
    v->data = p;

    return NGX_OK;
}


ngx_int_t
ngx_http_xpecto_limit_add_variables(ngx_conf_t *cf)
{
    ngx_http_variable_t  *var, *v;

    for (v = ngx_http_xpecto_limit_vars; v->name.len; v++) {

        var = ngx_http_add_variable(cf, &v->name, v->flags);
        if (var == NULL) {
            return NGX_ERROR;
        }

        var->get_handler = v->get_handler;
        var->data = v->data;
    }

    return NGX_OK;
}
