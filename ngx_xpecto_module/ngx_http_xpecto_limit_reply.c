
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_limit_ban.h"


static ngx_int_t ngx_http_xpecto_limit_reply_fields(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ban_ctx_t *ctx);
static ngx_int_t ngx_http_xpecto_limit_reply_body_filter(
    ngx_http_request_t *r, ngx_chain_t *in);
static void ngx_http_xpecto_limit_reply_settle(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ban_ctx_t *ctx, ngx_uint_t status);
static ngx_uint_t ngx_http_xpecto_limit_reply_wanted(
    ngx_http_xpecto_limit_ban_ctx_t *ctx);


static ngx_http_output_body_filter_pt  ngx_http_next_body_filter;


/*
 * Only what the upstream says itself: an upstream that is finalized has been
 * replaced by an error page or a redirect, which speaks for nobody.
 */

ngx_int_t
ngx_http_xpecto_limit_reply_header_filter(ngx_http_request_t *r)
{
    ngx_http_upstream_t                    *u;
    ngx_http_xpecto_limit_ban_ctx_t        *ctx;
    ngx_http_xpecto_limit_ban_main_conf_t  *xbmcf;

    u = r->upstream;

    if (r != r->main || u == NULL || u->cleanup == NULL || r->cached) {
        return NGX_OK;
    }

    ctx = ngx_xpecto_get_ctx(r, &ngx_http_xpecto_limit_ban_module);

    if (ctx == NULL || !ngx_http_xpecto_limit_reply_wanted(ctx)) {
        return NGX_OK;
    }

    if (u->headers_in.status_n < NGX_HTTP_BAD_REQUEST) {
        ctx->settled = 1;
        return NGX_OK;
    }

    xbmcf = ngx_http_get_module_main_conf(r,
                                          ngx_http_xpecto_limit_ban_module);

    ctx->reply = ngx_palloc(r->pool, sizeof(xpecto_reply_t));

    if (ctx->reply == NULL
        || ngx_http_xpecto_limit_reply_fields(r, ctx) != NGX_OK)
    {
        return NGX_ERROR;
    }

    xpecto_reply_init(ctx->reply, &xbmcf->paths);

    ctx->reading = 1;

    return NGX_OK;
}


/* also those that are hidden from the client */

static ngx_int_t
ngx_http_xpecto_limit_reply_fields(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ban_ctx_t *ctx)
{
    ngx_int_t                               n;
    ngx_uint_t                              i;
    ngx_list_part_t                        *part;
    ngx_table_elt_t                        *h;
    ngx_http_xpecto_limit_ban_main_conf_t  *xbmcf;

    static ngx_str_t  usage = ngx_string("X-Business-Use-Case-Usage");
    static ngx_str_t  retry = ngx_string("Retry-After");

    xbmcf = ngx_http_get_module_main_conf(r,
                                          ngx_http_xpecto_limit_ban_module);

    part = &r->upstream->headers_in.headers.part;
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

        if (h[i].key.len == retry.len
            && ngx_strncasecmp(h[i].key.data, retry.data, retry.len) == 0)
        {
            n = ngx_atoi(h[i].value.data, h[i].value.len);
            ctx->retry_after = n > 0 ? n : 0;
            continue;
        }

        if (ctx->usage != NULL || h[i].key.len != usage.len
            || ngx_strncasecmp(h[i].key.data, usage.data, usage.len) != 0)
        {
            continue;
        }

        ctx->usage = ngx_palloc(r->pool, sizeof(xpecto_usage_t));
        if (ctx->usage == NULL) {
            return NGX_ERROR;
        }

        (void) xpecto_usage_parse(ctx->usage, &xbmcf->paths, h[i].value.data,
                                  h[i].value.len);
    }

    return NGX_OK;
}


/* the body goes on as it is; what is only in a file is no answer of errors */

static ngx_int_t
ngx_http_xpecto_limit_reply_body_filter(ngx_http_request_t *r,
    ngx_chain_t *in)
{
    return (r->upstream == NULL || r != r->main || in == NULL)
           ? ngx_http_next_body_filter(r, in)
           : ngx_http_xpecto_limit_reply_read(r, in);
}


/* not static: nobody pays for its registers without an upstream */

ngx_int_t
ngx_http_xpecto_limit_reply_read(ngx_http_request_t *r, ngx_chain_t *in)
{
    ngx_buf_t                        *b;
    xpecto_rc_e                       rc;
    ngx_chain_t                      *cl;
    ngx_http_xpecto_limit_ban_ctx_t  *ctx;

    ctx = ngx_xpecto_get_ctx(r, &ngx_http_xpecto_limit_ban_module);

    if (ctx == NULL || !ctx->reading) {
        return ngx_http_next_body_filter(r, in);
    }

    rc = XPECTO_AGAIN;

    for (cl = in; cl && rc == XPECTO_AGAIN; cl = cl->next) {
        b = cl->buf;

        if (ngx_buf_in_memory(b)) {
            rc = xpecto_reply_feed(ctx->reply, b->pos, b->last - b->pos);

        } else if (b->in_file) {
            rc = XPECTO_DECLINED;
        }

        if (b->last_buf) {
            break;
        }
    }

    if (rc != XPECTO_AGAIN || cl != NULL) {
        ngx_http_xpecto_limit_reply_settle(r, ctx,
                                           r->upstream->headers_in.status_n);
    }

    return ngx_http_next_body_filter(r, in);
}


static void
ngx_http_xpecto_limit_reply_settle(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ban_ctx_t *ctx, ngx_uint_t status)
{
    uint32_t  code;

    ctx->reading = 0;
    ctx->settled = 1;

    code = ctx->reply == NULL ? 0 : ctx->reply->code;

    ngx_http_xpecto_limit_upstream_learn(r, ctx, status, code);
}


/*
 * No answer was passed on: the upstream failed, or its answer was replaced.
 * Where the client has gone before there was one, nobody knows what became of
 * the request: it stays paid.
 */

void
ngx_http_xpecto_limit_reply_end(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ban_ctx_t *ctx)
{
    ngx_http_upstream_state_t  *state;

    if (!ngx_http_xpecto_limit_reply_wanted(ctx)
        || r->upstream_states == NULL || r->upstream_states->nelts == 0)
    {
        return;
    }

    state = r->upstream_states->elts;
    state += r->upstream_states->nelts - 1;

    ngx_http_xpecto_limit_reply_settle(r, ctx, state->status);
}


static ngx_uint_t
ngx_http_xpecto_limit_reply_wanted(ngx_http_xpecto_limit_ban_ctx_t *ctx)
{
    if (ctx->settled) {
        return 0;
    }

    return ctx->upstream != NULL
           || (ctx->ban != NULL
               && ctx->ban->causes[NGX_HTTP_XPECTO_LIMIT_RECIPIENTS] != 0);
}


void
ngx_http_xpecto_limit_reply_init_filter(void)
{
    ngx_http_next_body_filter = ngx_http_top_body_filter;
    ngx_http_top_body_filter = ngx_http_xpecto_limit_reply_body_filter;
}
