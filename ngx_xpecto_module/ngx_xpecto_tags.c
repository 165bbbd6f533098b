
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_xpecto_spine.h"


static ngx_int_t ngx_xpecto_tags_strip_handler(ngx_http_request_t *r);
static ngx_uint_t ngx_xpecto_tags_match(ngx_table_elt_t *h, void *data);


/*
 * What a client says of itself in our name is never believed: it goes before
 * any variable or rewrite rule can see it.
 */

static ngx_int_t
ngx_xpecto_tags_strip_handler(ngx_http_request_t *r)
{
    ngx_int_t  n;

    if (r != r->main) {
        return NGX_DECLINED;
    }

    n = ngx_xpecto_drop_headers(r, ngx_xpecto_tags_match, NULL);

    if (n == NGX_ERROR) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (n > 0) {
        ngx_xpecto_count_request(r, NGX_XPECTO_TAGS_STRIPPED);
    }

    return NGX_DECLINED;
}


/* "x-xpecto-" with any of its dashes an underscore, as CGI would see it */

static ngx_uint_t
ngx_xpecto_tags_match(ngx_table_elt_t *h, void *data)
{
    u_char  *p;

    if (h->key.len < sizeof("x-xpecto-") - 1) {
        return 0;
    }

    p = h->lowcase_key;

    return p[0] == 'x'
           && (p[1] == '-' || p[1] == '_')
           && ngx_strncmp(&p[2], "xpecto", 6) == 0
           && (p[8] == '-' || p[8] == '_');
}


ngx_int_t
ngx_xpecto_tags_init_process(ngx_cycle_t *cycle, ngx_xpecto_main_conf_t *xmcf)
{
    return NGX_OK;
}


ngx_int_t
ngx_xpecto_tags_init(ngx_conf_t *cf, ngx_xpecto_main_conf_t *xmcf)
{
    return ngx_xpecto_handler_first(cf, NGX_HTTP_POST_READ_PHASE,
                                    ngx_xpecto_tags_strip_handler);
}
