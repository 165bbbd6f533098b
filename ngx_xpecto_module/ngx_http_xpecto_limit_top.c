
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_limit_ban.h"
#include "core/xpecto_top.h"


static ngx_int_t ngx_http_xpecto_limit_top_init_zone(ngx_shm_zone_t *shm_zone,
    void *data);
static ngx_int_t ngx_http_xpecto_limit_top_list(void *data,
    ngx_array_t *samples);


void
ngx_http_xpecto_limit_top(ngx_http_request_t *r)
{
    xpecto_name_t                          *name;
    ngx_xpecto_tenant_t                    *tenant;
    ngx_http_xpecto_limit_ban_main_conf_t  *xbmcf;

    xbmcf = ngx_http_get_module_main_conf(r,
                                          ngx_http_xpecto_limit_ban_module);
    if (xbmcf->top == NULL) {
        return;
    }

    tenant = ngx_xpecto_tenant(r);

    if (tenant == NULL || tenant->state != NGX_XPECTO_TENANT_KNOWN) {
        return;
    }

    name = &tenant->tenant->name;

    xpecto_top_count(xbmcf->top->data, name->data, name->len);
}


ngx_int_t
ngx_http_xpecto_limit_top_init(ngx_conf_t *cf)
{
    ngx_xpecto_gauge_t                      gauge;
    ngx_http_xpecto_limit_main_conf_t      *xlmcf;
    ngx_http_xpecto_limit_ban_main_conf_t  *xbmcf;

    static ngx_str_t  name = ngx_string("xpecto_limit_top");

    xlmcf = ngx_http_conf_get_module_main_conf(cf,
                                               ngx_http_xpecto_limit_module);
    xbmcf = ngx_http_conf_get_module_main_conf(cf,
                                            ngx_http_xpecto_limit_ban_module);

    if (xlmcf->zones.nelts == 0 || !ngx_xpecto_tenants(cf)) {
        return NGX_OK;
    }

    xbmcf->top = ngx_shared_memory_add(cf, &name, 8 * ngx_pagesize,
                                       &ngx_http_xpecto_limit_ban_module);
    if (xbmcf->top == NULL) {
        return NGX_ERROR;
    }

    xbmcf->top->init = ngx_http_xpecto_limit_top_init_zone;

    ngx_memzero(&gauge, sizeof(ngx_xpecto_gauge_t));

    gauge.name = name;
    ngx_str_set(&gauge.help, "Requests refused of the tenants with most of "
                             "them; too high by a 64th of all at most.");
    gauge.list = ngx_http_xpecto_limit_top_list;
    gauge.data = xbmcf->top;

    return ngx_xpecto_gauge(cf, &gauge);
}


static ngx_int_t
ngx_http_xpecto_limit_top_init_zone(ngx_shm_zone_t *shm_zone, void *data)
{
    xpecto_top_t     *top;
    ngx_slab_pool_t  *shpool;

    if (data != NULL) {
        shm_zone->data = data;
        return NGX_OK;
    }

    shpool = (ngx_slab_pool_t *) shm_zone->shm.addr;

    if (shm_zone->shm.exists) {
        shm_zone->data = shpool->data;
        return NGX_OK;
    }

    /* more than half a page: it begins with one */

    top = ngx_slab_calloc(shpool, sizeof(xpecto_top_t));

    if (top == NULL
        || xpecto_random(top->secret, XPECTO_SIPHASH_KEY_LEN) != XPECTO_OK)
    {
        return NGX_ERROR;
    }

    shpool->data = top;
    shm_zone->data = top;

    return NGX_OK;
}


/* names are of the tenants file and need no escape */

static ngx_int_t
ngx_http_xpecto_limit_top_list(void *data, ngx_array_t *samples)
{
    ngx_shm_zone_t *shm_zone = data;

    u_char               *p;
    unsigned              i, n;
    ngx_xpecto_sample_t  *sample;
    xpecto_top_entry_t    entries[XPECTO_TOP_SLOTS];

    n = xpecto_top_list(shm_zone->data, entries);

    for (i = 0; i < n; i++) {
        p = ngx_pnalloc(samples->pool,
                        sizeof("tenant=\"\"") - 1 + entries[i].len);
        if (p == NULL) {
            return NGX_ERROR;
        }

        sample = ngx_array_push(samples);
        if (sample == NULL) {
            return NGX_ERROR;
        }

        sample->value = entries[i].count;
        sample->label.data = p;

        p = ngx_cpymem(p, "tenant=\"", sizeof("tenant=\"") - 1);
        p = ngx_cpymem(p, entries[i].name, entries[i].len);
        *p++ = '"';

        sample->label.len = p - sample->label.data;
    }

    return NGX_OK;
}
