
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/* requests that need a consent which was not given */


#include "ngx_http_xpecto_consent.h"


static ngx_uint_t ngx_http_xpecto_consent_is_preflight(ngx_http_request_t *r);
static ngx_uint_t ngx_http_xpecto_consent_is_visit(ngx_http_request_t *r);
static ngx_table_elt_t *ngx_http_xpecto_consent_header(ngx_http_request_t *r,
    const char *name, size_t len);
static ngx_int_t ngx_http_xpecto_consent_ask(ngx_http_request_t *r,
    ngx_http_xpecto_consent_loc_conf_t *xlcf);


static ngx_conf_enum_t  ngx_http_xpecto_consent_deny[] = {
    { ngx_string("204"), NGX_HTTP_NO_CONTENT },
    { ngx_string("403"), NGX_HTTP_FORBIDDEN },
    { ngx_string("451"), 451 },
    { ngx_null_string, 0 }
};


static ngx_xpecto_arg_t  ngx_http_xpecto_consent_require_args[] = {

    { ngx_string("deny"), NGX_XPECTO_ARG_ENUM,
      offsetof(ngx_http_xpecto_consent_loc_conf_t, deny),
      ngx_http_xpecto_consent_deny },

    { ngx_string("page"), NGX_XPECTO_ARG_STR,
      offsetof(ngx_http_xpecto_consent_loc_conf_t, ask), NULL },

      ngx_xpecto_null_arg
};


ngx_int_t
ngx_http_xpecto_consent_gate(ngx_http_request_t *r,
    ngx_http_xpecto_consent_loc_conf_t *xlcf,
    ngx_http_xpecto_consent_ctx_t *ctx)
{
    static ngx_str_t  type = ngx_string("application/problem+json");
    static ngx_str_t  body = ngx_string(
        "{\"type\":\"about:blank\","
        "\"title\":\"Unavailable For Legal Reasons\",\"status\":451,"
        "\"detail\":\"This needs a consent that was not given.\"}\n");
    static ngx_str_t  no_store = ngx_string("no-store");

    ngx_int_t  rc;

    if ((ctx->decision.granted & xlcf->require)
        || ngx_http_xpecto_consent_is_preflight(r))
    {
        return NGX_DECLINED;
    }

    if (r == r->main) {
        ngx_xpecto_count_request(r, NGX_XPECTO_CONSENT_GATED);
    }

    if (xlcf->enable == NGX_HTTP_XPECTO_CONSENT_REPORT) {
        return NGX_DECLINED;
    }

    /* a part of another answer; to auth_request 204 would be a yes */

    if (r != r->main) {
        return NGX_HTTP_FORBIDDEN;
    }

    if (xlcf->ask.len && ngx_http_xpecto_consent_is_visit(r)) {
        rc = ngx_http_xpecto_consent_ask(r, xlcf);

    } else if (xlcf->deny == 451) {
        rc = ngx_xpecto_refuse(r, 451, &type, &body);

    } else {
        rc = (ngx_int_t) xlcf->deny;
    }

    /* nginx answers, or an error_page: the choice may be another one soon */

    if (rc != NGX_DONE
        && ngx_http_xpecto_consent_add_header(r, "Cache-Control", &no_store)
           != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return rc;
}


/*
 * A browser sends a preflight without cookies, so that nobody's consent is
 * known; the request that follows is decided.
 */

static ngx_uint_t
ngx_http_xpecto_consent_is_preflight(ngx_http_request_t *r)
{
    return r->method == NGX_HTTP_OPTIONS
           && ngx_http_xpecto_consent_header(r,
                              "access-control-request-method",
                              sizeof("access-control-request-method") - 1)
              != NULL;
}


/* somebody looks at a page, who can answer; not one of its parts */

static ngx_uint_t
ngx_http_xpecto_consent_is_visit(ngx_http_request_t *r)
{
    ngx_table_elt_t  *h;

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return 0;
    }

    h = ngx_http_xpecto_consent_header(r, "sec-fetch-mode",
                                       sizeof("sec-fetch-mode") - 1);

    if (h != NULL) {
        return h->value.len == sizeof("navigate") - 1
               && ngx_memcmp(h->value.data, "navigate", h->value.len) == 0;
    }

    h = ngx_http_xpecto_consent_header(r, "accept", sizeof("accept") - 1);

    return h != NULL
           && ngx_strstrn(h->value.data, "text/html", sizeof("text/html") - 2)
              != NULL;
}


static ngx_table_elt_t *
ngx_http_xpecto_consent_header(ngx_http_request_t *r, const char *name,
    size_t len)
{
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    part = &r->headers_in.headers.part;
    h = part->elts;

    for (i = 0; /* void */ ; i++) {

        if (i >= part->nelts) {

            if (part->next == NULL) {
                return NULL;
            }

            part = part->next;
            h = part->elts;
            i = 0;
        }

        if (ngx_http_xpecto_consent_is(&h[i], name, len)) {
            return &h[i];
        }
    }
}


/*
 * To the page, which says what is needed and leads back: who refuses it is
 * told so there.  Of the request the page is told the path alone: arguments
 * may hold what no log is to show, and their names would be lost.
 */

static ngx_int_t
ngx_http_xpecto_consent_ask(ngx_http_request_t *r,
    ngx_http_xpecto_consent_loc_conf_t *xlcf)
{
    size_t         len;
    u_char        *p, *last;
    ngx_str_t      path, location;
    xpecto_str_t   purpose;

    static ngx_str_t  none = ngx_null_string;

    path = r->unparsed_uri;
    last = ngx_strlchr(path.data, path.data + path.len, '?');

    if (last != NULL) {
        path.len = last - path.data;
    }

    if (path.len > XPECTO_WISH_BACK
        || !xpecto_wish_is_path(path.data, path.len))
    {
        path.len = 0;
    }

    len = path.len + 2 * ngx_escape_uri(NULL, path.data, path.len,
                                        NGX_ESCAPE_URI_COMPONENT);

    purpose = xpecto_purpose_name((unsigned) __builtin_ctzl(xlcf->require));

    location.data = ngx_pnalloc(r->pool, xlcf->ask.len
                                         + sizeof("?for=&return=")
                                         + purpose.len + len);
    if (location.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p = ngx_cpymem(location.data, xlcf->ask.data, xlcf->ask.len);
    p = ngx_cpymem(p, "?for=", sizeof("?for=") - 1);
    p = ngx_cpymem(p, purpose.data, purpose.len);

    if (path.len) {
        p = ngx_cpymem(p, "&return=", sizeof("&return=") - 1);
        p = (u_char *) ngx_escape_uri(p, path.data, path.len,
                                      NGX_ESCAPE_URI_COMPONENT);
    }

    location.len = p - location.data;

    if (ngx_http_xpecto_consent_add_header(r, "Location", &location)
        != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_xpecto_refuse(r, NGX_HTTP_SEE_OTHER, &none, &none);
}


char *
ngx_http_xpecto_consent_require(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_xpecto_consent_loc_conf_t *xlcf = conf;

    int         n;
    ngx_str_t  *value;

    if (xlcf->require != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }

    value = cf->args->elts;

    n = xpecto_purpose_find(value[1].data, value[1].len);

    if (n < 0) {
        return ngx_http_xpecto_consent_is_unknown(cf, &value[1]);
    }

    xlcf->require = XPECTO_PURPOSE_BIT(n);

    ngx_http_xpecto_consent_mark(cf, xlcf);

    if (ngx_xpecto_conf_args(cf, ngx_http_xpecto_consent_require_args, 2, xlcf)
        != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    if (xlcf->ask.len
        && (!xpecto_wish_is_path(xlcf->ask.data, xlcf->ask.len)
            || ngx_strlchr(xlcf->ask.data, xlcf->ask.data + xlcf->ask.len,
                           '?')
               != NULL
            || ngx_strlchr(xlcf->ask.data, xlcf->ask.data + xlcf->ask.len,
                           '#')
               != NULL))
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid \"page=%V\", it must be the path of a "
                           "page of this site, without arguments: that of "
                           "\"xpecto_consent_api\", as "
                           "\"page=/.xpecto/consent\"", &xlcf->ask);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}
