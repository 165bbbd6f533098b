
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_limit_ban.h"


#define NGX_HTTP_XPECTO_LIMIT_BLOCK_DETAILS  256


static u_char *ngx_http_xpecto_limit_block_problem(u_char *p,
    xpecto_graph_e error, ngx_uint_t status);


ngx_int_t
ngx_http_xpecto_limit_block(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ban_ctx_t *ctx, xpecto_graph_e error,
    uint64_t seconds)
{
    u_char                        *p;
    u_char                         text[NGX_HTTP_XPECTO_LIMIT_BLOCK_DETAILS];
    ngx_str_t                      body;
    xpecto_str_t                   details;
    xpecto_accept_e                type;
    ngx_http_xpecto_limit_conf_t  *xlcf;

    xlcf = ngx_http_get_module_loc_conf(r, ngx_http_xpecto_limit_module);

    if (ngx_http_xpecto_limit_type(r, xlcf->error, &type) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx->seconds = seconds;

    ngx_http_xpecto_limit_top(r);

    p = ngx_pnalloc(r->pool, XPECTO_GRAPH_LEN
                             + NGX_HTTP_XPECTO_LIMIT_BLOCK_DETAILS);
    if (p == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    body.data = p;

    details = xpecto_graph_reason(error);
    details.len = ngx_sprintf(text, "%*s. Retry after %uL seconds.",
                              details.len, details.data, seconds)
                  - text;
    details.data = text;

    switch (type) {

    case XPECTO_ACCEPT_PROBLEM:
        p = ngx_http_xpecto_limit_block_problem(p, error, xlcf->status);
        break;

    case XPECTO_ACCEPT_TEXT:
        p = ngx_cpymem(p, details.data, details.len);
        *p++ = LF;
        break;

    default: /* XPECTO_ACCEPT_GRAPH */
        p += xpecto_graph_write(p, error, &details);
        break;
    }

    body.len = p - body.data;

    return ngx_xpecto_refuse(r, xlcf->status,
                             &ngx_http_xpecto_limit_types[type], &body);
}


/* types of the IANA registry, with their titles */

static u_char *
ngx_http_xpecto_limit_block_problem(u_char *p, xpecto_graph_e error,
    ngx_uint_t status)
{
    p = ngx_sprintf(p, "{\"type\":\"https://iana.org/assignments/"
                       "http-problem-types#");

    if (error == XPECTO_GRAPH_BLOCKED) {
        p = ngx_sprintf(p, "abnormal-usage-detected\",\"title\":\"Request "
                           "not satisfied due to detection of abnormal "
                           "request pattern\"");

    } else {
        p = ngx_sprintf(p, "quota-exceeded\",\"title\":\"Request cannot be "
                           "satisfied as assigned quota has been "
                           "exceeded\"");
    }

    return ngx_sprintf(p, ",\"status\":%ui}\n", status);
}


/* on whatever answers, error pages as well */

ngx_int_t
ngx_http_xpecto_limit_block_header_filter(ngx_http_request_t *r)
{
    ngx_str_t                         value;
    ngx_http_xpecto_limit_ban_ctx_t  *ctx;

    static ngx_str_t  key = ngx_string("Retry-After");

    if (r != r->main) {
        return NGX_OK;
    }

    ctx = ngx_xpecto_get_ctx(r, &ngx_http_xpecto_limit_ban_module);

    if (ctx == NULL || ctx->seconds == 0) {
        return NGX_OK;
    }

    value.data = ngx_pnalloc(r->pool, NGX_INT64_LEN);
    if (value.data == NULL) {
        return NGX_ERROR;
    }

    value.len = ngx_sprintf(value.data, "%uL", ctx->seconds) - value.data;

    if (ngx_xpecto_push_header(r, &r->headers_out.headers, &key, &value)
        == NULL)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}
