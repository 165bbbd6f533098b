
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * Apps keep their choice where they like and say it in a header, Xpecto-
 * Consent: the token of a cookie under another name, so that neither is taken
 * for the other.  "none" is said by an app that has none yet.  Where there is
 * a cookie the header says nothing: a browser's choice is not for its scripts.
 */


#include "ngx_http_xpecto_consent.h"


static ngx_uint_t ngx_http_xpecto_consent_is_app(ngx_table_elt_t *h,
    void *data);


static ngx_str_t  ngx_http_xpecto_consent_app_header =
    ngx_string("Xpecto-Consent");


void
ngx_http_xpecto_consent_read_app(ngx_http_xpecto_consent_ctx_t *ctx,
    ngx_table_elt_t *h)
{
    /* two choices of one person: nobody knows which is the later one */

    ctx->twice = (ctx->header != NULL);
    ctx->header = h;
}


/*
 * NGX_DECLINED: the app has no choice yet.  Not remembered: an app says it to
 * the API more than to anything else.
 */

ngx_int_t
ngx_http_xpecto_consent_decode_app(ngx_http_xpecto_consent_srv_conf_t *conf,
    ngx_http_xpecto_consent_ctx_t *ctx, xpecto_token_e *rc)
{
    int         old;
    ngx_str_t  *value;

    ctx->app = 1;
    value = &ctx->header->value;

    if (ctx->twice) {
        *rc = XPECTO_TOKEN_FORMAT;
        return NGX_OK;
    }

    if (value->len == 4 && ngx_strncmp(value->data, "none", 4) == 0) {
        return NGX_DECLINED;
    }

    *rc = xpecto_token_decode(&conf->app_codec, value->data, value->len,
                              &ctx->choice, &old);

    if (*rc == XPECTO_TOKEN_OK) {
        ctx->old = (old != 0);
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_xpecto_consent_send_app(ngx_http_request_t *r,
    xpecto_choice_t *choice)
{
    size_t                               len;
    uint8_t                              nonce[XPECTO_NONCE_LEN];
    ngx_str_t                            value;
    ngx_http_xpecto_consent_srv_conf_t  *conf;

    conf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    value.data = ngx_pnalloc(r->pool, XPECTO_TOKEN_LEN);
    if (value.data == NULL) {
        return NGX_ERROR;
    }

    if (xpecto_random(nonce, XPECTO_NONCE_LEN) != XPECTO_OK
        || xpecto_token_encode(&conf->app_codec, choice, nonce, value.data,
                               &len)
           != XPECTO_OK)
    {
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "OpenSSL could not make a consent token");
        return NGX_ERROR;
    }

    value.len = len;

    return ngx_xpecto_push_header(r, &r->headers_out.headers,
                                  &ngx_http_xpecto_consent_app_header, &value)
           == NULL ? NGX_ERROR : NGX_OK;
}


/* the upstream has no use for it */

ngx_int_t
ngx_http_xpecto_consent_drop_app(ngx_http_request_t *r)
{
    return ngx_xpecto_drop_headers(r, ngx_http_xpecto_consent_is_app, NULL)
           == NGX_ERROR ? NGX_ERROR : NGX_OK;
}


static ngx_uint_t
ngx_http_xpecto_consent_is_app(ngx_table_elt_t *h, void *data)
{
    return ngx_http_xpecto_consent_is(h, "xpecto-consent",
                                      sizeof("xpecto-consent") - 1);
}
