
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_consent.h"


static ngx_uint_t ngx_http_xpecto_consent_equal(u_char *p, size_t len,
    const char *text);
static ngx_uint_t ngx_http_xpecto_consent_is_ours(ngx_http_request_t *r,
    ngx_str_t *url);
static size_t ngx_http_xpecto_consent_without_port(ngx_str_t *host);
static ngx_uint_t ngx_http_xpecto_consent_is_listed(ngx_str_t *list,
    ngx_str_t *etag, ngx_uint_t exists, ngx_uint_t weak);


ngx_uint_t
ngx_http_xpecto_consent_is_type(ngx_http_request_t *r, const char *type)
{
    size_t      len;
    ngx_str_t  *value;

    if (r->headers_in.content_type == NULL) {
        return 0;
    }

    value = &r->headers_in.content_type->value;
    len = ngx_strlen(type);

    if (value->len < len
        || ngx_strncasecmp(value->data, (u_char *) type, len) != 0)
    {
        return 0;
    }

    return value->len == len || value->data[len] == ';'
           || value->data[len] == ' ' || value->data[len] == '\t';
}


/* NGX_DECLINED: too large */

ngx_int_t
ngx_http_xpecto_consent_read_body(ngx_http_request_t *r, ngx_str_t *body)
{
    off_t         size;
    ssize_t       n;
    ngx_buf_t    *b;
    ngx_chain_t  *cl;

    body->len = 0;
    body->data = ngx_pnalloc(r->pool, NGX_HTTP_XPECTO_CONSENT_BODY);
    if (body->data == NULL) {
        return NGX_ERROR;
    }

    if (r->request_body == NULL) {
        return NGX_OK;
    }

    for (cl = r->request_body->bufs; cl; cl = cl->next) {
        b = cl->buf;
        size = ngx_buf_size(b);

        if (size > (off_t) (NGX_HTTP_XPECTO_CONSENT_BODY - body->len)) {
            return NGX_DECLINED;
        }

        if (ngx_buf_in_memory(b)) {
            ngx_memcpy(body->data + body->len, b->pos, (size_t) size);

        } else if (size) {
            n = ngx_read_file(b->file, body->data + body->len, (size_t) size,
                              b->file_pos);

            if (n != size) {
                return NGX_ERROR;
            }
        }

        body->len += (size_t) size;
    }

    return NGX_OK;
}


static ngx_uint_t
ngx_http_xpecto_consent_equal(u_char *p, size_t len, const char *text)
{
    return len == ngx_strlen(text) && ngx_strncmp(p, text, len) == 0;
}


/*
 * Sec-Fetch-Site, else Origin, else Referer.  One that names another site is
 * foreign whatever the others say; "Origin: null" says nothing.
 */

ngx_http_xpecto_consent_site_e
ngx_http_xpecto_consent_site(ngx_http_request_t *r)
{
    ngx_str_t                      *value;
    ngx_uint_t                      i, fetch, origin, referer, ours;
    ngx_list_part_t                *part;
    ngx_table_elt_t                *h;
    ngx_http_xpecto_consent_ctx_t  *ctx;

    fetch = 0;
    origin = 0;
    referer = NGX_HTTP_XPECTO_CONSENT_UNKNOWN;

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

        value = &h[i].value;

        if (ngx_http_xpecto_consent_is(&h[i], "sec-fetch-site", 14)) {

            if (!ngx_http_xpecto_consent_equal(value->data, value->len,
                                               "same-origin")
                && !ngx_http_xpecto_consent_equal(value->data, value->len,
                                                  "none"))
            {
                return NGX_HTTP_XPECTO_CONSENT_FOREIGN;
            }

            fetch = 1;

        } else if (ngx_http_xpecto_consent_is(&h[i], "origin", 6)) {

            if (ngx_http_xpecto_consent_equal(value->data, value->len,
                                              "null"))
            {
                continue;
            }

            if (!ngx_http_xpecto_consent_is_ours(r, value)) {
                return NGX_HTTP_XPECTO_CONSENT_FOREIGN;
            }

            origin = 1;

        } else if (ngx_http_xpecto_consent_is(&h[i], "referer", 7)) {
            ours = ngx_http_xpecto_consent_is_ours(r, value);

            if (referer != NGX_HTTP_XPECTO_CONSENT_FOREIGN) {
                referer = ours ? NGX_HTTP_XPECTO_CONSENT_OURS
                               : NGX_HTTP_XPECTO_CONSENT_FOREIGN;
            }
        }
    }

    if (fetch || origin) {
        return NGX_HTTP_XPECTO_CONSENT_OURS;
    }

    /* no other site's script may add a header that it has to ask for */

    ctx = ngx_http_xpecto_consent_get(r);

    return (ctx != NULL && ctx->app
            && referer == NGX_HTTP_XPECTO_CONSENT_UNKNOWN)
           ? NGX_HTTP_XPECTO_CONSENT_OURS : referer;
}


/* https and the very host of the request; the usual port may be left out */

static ngx_uint_t
ngx_http_xpecto_consent_is_ours(ngx_http_request_t *r, ngx_str_t *url)
{
    u_char     *p, *last;
    ngx_str_t   host, here;

    /* nginx makes no Host line of the authority of HTTP/3, but a server */

    here = (r->headers_in.host != NULL) ? r->headers_in.host->value
                                        : r->headers_in.server;

    if (here.len == 0
        || url->len <= sizeof("https://") - 1
        || ngx_strncasecmp(url->data, (u_char *) "https://",
                           sizeof("https://") - 1)
           != 0)
    {
        return 0;
    }

    host.data = url->data + sizeof("https://") - 1;
    last = url->data + url->len;

    for (p = host.data; p < last; p++) {
        if (*p == '/' || *p == '?' || *p == '#') {
            break;
        }
    }

    host.len = p - host.data;

    host.len = ngx_http_xpecto_consent_without_port(&host);
    here.len = ngx_http_xpecto_consent_without_port(&here);

    return host.len != 0 && host.len == here.len
           && ngx_strncasecmp(host.data, here.data, host.len) == 0;
}


/* the length without the port that https has by itself */

static size_t
ngx_http_xpecto_consent_without_port(ngx_str_t *host)
{
    if (host->len > sizeof(":443") - 1
        && ngx_http_xpecto_consent_equal(host->data + host->len
                                         - (sizeof(":443") - 1),
                                         sizeof(":443") - 1, ":443"))
    {
        return host->len - (sizeof(":443") - 1);
    }

    return host->len;
}


/*
 * If-Match or If-None-Match.  NGX_OK: it names the ETag, or is "*" and there
 * is something; NGX_DECLINED: it does not; NGX_AGAIN: there is no such line.
 * RFC 9110, 13.1: a weak one counts in If-None-Match and in nothing else.
 */

ngx_int_t
ngx_http_xpecto_consent_match(ngx_table_elt_t *h, ngx_str_t *etag,
    ngx_uint_t exists, ngx_uint_t weak)
{
    if (h == NULL) {
        return NGX_AGAIN;
    }

    return ngx_http_xpecto_consent_is_listed(&h->value, etag, exists, weak)
           ? NGX_OK : NGX_DECLINED;
}


static ngx_uint_t
ngx_http_xpecto_consent_is_listed(ngx_str_t *list, ngx_str_t *etag,
    ngx_uint_t exists, ngx_uint_t weak)
{
    u_char      *p, *last, *end;
    ngx_uint_t   other;

    if (list->len == 1 && list->data[0] == '*') {
        return exists;
    }

    p = list->data;
    last = p + list->len;

    while (p < last) {

        if (*p == ' ' || *p == '\t' || *p == ',') {
            p++;
            continue;
        }

        other = 0;

        if (last - p > 2 && p[0] == 'W' && p[1] == '/') {
            p += 2;
            other = !weak;
        }

        /* a quoted string, in which there are no escapes */

        end = (*p == '"') ? ngx_strlchr(p + 1, last, '"') : NULL;

        if (end == NULL) {
            return 0;
        }

        end++;

        if (!other
            && (size_t) (end - p) == etag->len
            && ngx_strncmp(p, etag->data, etag->len) == 0)
        {
            return 1;
        }

        p = end;
    }

    return 0;
}
