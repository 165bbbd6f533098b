
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_consent.h"


static ngx_int_t ngx_http_xpecto_consent_expire_name(ngx_http_request_t *r,
    xpecto_str_t *name, ngx_str_t *domain);


/*
 * Trackers that the browser showed: for the host, and for the domain; at most
 * max lines.
 */

ngx_int_t
ngx_http_xpecto_consent_expire(ngx_http_request_t *r, ngx_uint_t refused,
    ngx_uint_t max)
{
    ngx_uint_t                           i, j, n;
    xpecto_str_t                         names[NGX_HTTP_XPECTO_CONSENT_ERASES];
    const uint8_t                       *p, *last;
    ngx_list_part_t                     *part;
    ngx_table_elt_t                     *h;
    xpecto_cookie_pair_t                 pair;
    ngx_http_xpecto_consent_srv_conf_t  *conf;

    static ngx_str_t  none = ngx_null_string;

    conf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    n = 0;

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

        if (!ngx_http_xpecto_consent_is(&h[i], "cookie", 6)) {
            continue;
        }

        p = h[i].value.data;
        last = p + h[i].value.len;

        while (n < max / (1 + (conf->cookie->domain.len != 0))
               && xpecto_cookie_next(&p, last, &pair) == XPECTO_OK)
        {
            if (!(xpecto_cookie_purposes(conf->names, &pair.name) & refused)) {
                continue;
            }

            for (j = 0; j < n; j++) {
                if (names[j].len == pair.name.len
                    && ngx_memcmp(names[j].data, pair.name.data, names[j].len)
                       == 0)
                {
                    break;
                }
            }

            if (j < n) {
                continue;
            }

            names[n++] = pair.name;

            if (ngx_http_xpecto_consent_expire_name(r, &pair.name, &none)
                != NGX_OK
                || (conf->cookie->domain.len
                    && ngx_http_xpecto_consent_expire_name(r, &pair.name,
                                                       &conf->cookie->domain)
                       != NGX_OK))
            {
                return NGX_ERROR;
            }
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_consent_expire_name(ngx_http_request_t *r, xpecto_str_t *name,
    ngx_str_t *domain)
{
    size_t      i;
    u_char     *p;
    ngx_str_t   value;

    static u_char  attributes[] =
        "=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure";

    /* the rest of a name behind a "*" is the client's */

    for (i = 0; i < name->len; i++) {
        if (name->data[i] <= ' ' || name->data[i] >= 0x7f
            || name->data[i] == ',' || name->data[i] == '"')
        {
            return NGX_OK;
        }
    }

    value.data = ngx_pnalloc(r->pool, name->len + sizeof(attributes)
                                      + sizeof("; Domain=") + domain->len);
    if (value.data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(value.data, name->data, name->len);
    p = ngx_cpymem(p, attributes, sizeof(attributes) - 1);

    if (domain->len) {
        p = ngx_sprintf(p, "; Domain=%V", domain);
    }

    value.len = p - value.data;

    return ngx_http_xpecto_consent_add_header(r, "Set-Cookie", &value);
}
