
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_message.h"


#define NGX_XPECTO_MESSAGE_TARGETS  1024    /* Graph takes 50 parts */
#define NGX_XPECTO_MESSAGE_BASE     255


#define ngx_xpecto_message_is_slash(c)  ((c) == '/' || (c) == '\\')


static ngx_int_t ngx_http_xpecto_message_below(ngx_http_request_t *r,
    ngx_xpecto_message_t *message, ngx_str_t *uri, ngx_str_t *path);
static ngx_int_t ngx_http_xpecto_message_lead(ngx_http_request_t *r,
    ngx_xpecto_message_t *message, xpecto_str_t *base, ngx_str_t *path);


/*
 * "106540352242922/messages" is of the version of the endpoint that the batch
 * was posted to, and that may be below a prefix.  Which one an upstream takes
 * it for is not known: it leads to all of them.
 */

ngx_int_t
ngx_http_xpecto_message_target(ngx_http_request_t *r,
    ngx_xpecto_message_t *message, ngx_str_t *path)
{
    u_char     *p, *last;
    ngx_str_t   target, uri;

    target = *path;
    p = target.data + 1;
    last = target.data + target.len;

    while (p < last && *p <= ' ') {
        p++;
    }

    if (p < last && p > target.data + 1) {

        /* "/ v21.0/1/messages" */

        p -= !ngx_xpecto_message_is_slash(*p);
        *p = '/';

        target.data = p;
        target.len = last - p;
    }

    uri = r->unparsed_uri;

    for (uri.len = 0; uri.len < r->unparsed_uri.len; uri.len++) {
        if (uri.data[uri.len] == '?' || uri.data[uri.len] == '#') {
            break;
        }
    }

    for ( ;; ) {

        if (ngx_http_xpecto_message_below(r, message, &r->uri, &target)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        if ((uri.len != r->uri.len
             || ngx_memcmp(uri.data, r->uri.data, uri.len) != 0)
            && ngx_http_xpecto_message_below(r, message, &uri, &target)
               != NGX_OK)
        {
            return NGX_ERROR;
        }

        if (target.len < 2 || !ngx_xpecto_message_is_slash(target.data[1])) {
            return NGX_OK;
        }

        /* "//graph.facebook.com/v21.0/1/messages": once more without a host */

        for (p = target.data + 2; p < last; p++) {
            if (ngx_xpecto_message_is_slash(*p)) {
                break;
            }
        }

        if (p == last) {
            return NGX_OK;
        }

        target.data = p;
        target.len = last - p;
    }
}


/* by itself, below a path, and below what that path is in */

static ngx_int_t
ngx_http_xpecto_message_below(ngx_http_request_t *r,
    ngx_xpecto_message_t *message, ngx_str_t *uri, ngx_str_t *path)
{
    ngx_int_t     rc;
    xpecto_str_t  base;

    base = ngx_xpecto_str(uri);

    rc = ngx_xpecto_plain_path(r, &base);

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    if (rc == NGX_DECLINED || base.len > NGX_XPECTO_MESSAGE_BASE) {
        return ngx_http_xpecto_message_lead(r, message, NULL, NULL);
    }

    if (base.len == 1) {
        base.len = 0;
    }

    for ( ;; ) {

        if (ngx_http_xpecto_message_lead(r, message, &base, path) != NGX_OK) {
            return NGX_ERROR;
        }

        if (base.len == 0) {
            return NGX_OK;
        }

        while (base.len != 0 && base.data[--base.len] != '/') { /* void */ }
    }
}


/* path NULL, or too many: to any */

static ngx_int_t
ngx_http_xpecto_message_lead(ngx_http_request_t *r,
    ngx_xpecto_message_t *message, xpecto_str_t *base, ngx_str_t *path)
{
    u_char     *p;
    ngx_str_t  *target;

    if (message->targets == NULL) {
        message->targets = ngx_array_create(r->pool, 4, sizeof(ngx_str_t));
        if (message->targets == NULL) {
            return NGX_ERROR;
        }
    }

    target = message->targets->elts;

    if (message->targets->nelts != 0
        && target[message->targets->nelts - 1].len == 0)
    {
        return NGX_OK;
    }

    target = ngx_array_push(message->targets);
    if (target == NULL) {
        return NGX_ERROR;
    }

    ngx_str_null(target);

    if (path == NULL
        || message->targets->nelts == NGX_XPECTO_MESSAGE_TARGETS)
    {
        return NGX_OK;
    }

    p = ngx_pnalloc(r->pool, base->len + path->len);
    if (p == NULL) {
        message->targets->nelts--;
        return NGX_ERROR;
    }

    target->data = p;
    target->len = base->len + path->len;

    p = ngx_cpymem(p, base->data, base->len);
    ngx_memcpy(p, path->data, path->len);

    return NGX_OK;
}
