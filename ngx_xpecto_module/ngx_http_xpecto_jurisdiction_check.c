
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_jurisdiction.h"


static ngx_int_t ngx_http_xpecto_jurisdiction_check_names(ngx_conf_t *cf,
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf,
    const xpecto_rules_t *rules);
static void ngx_http_xpecto_jurisdiction_check_upstreams(ngx_conf_t *cf,
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf,
    const xpecto_rules_t *rules);
static ngx_uint_t ngx_http_xpecto_jurisdiction_has(ngx_conf_t *cf,
    ngx_str_t *name);
static ngx_uint_t ngx_http_xpecto_jurisdiction_is_upstream(ngx_conf_t *cf,
    xpecto_str_t name);
static ngx_uint_t ngx_http_xpecto_jurisdiction_is_port(in_port_t port,
    ngx_url_t *u);
static ngx_int_t ngx_http_xpecto_jurisdiction_check_need(ngx_conf_t *cf,
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf,
    ngx_http_xpecto_jurisdiction_need_t *need, const xpecto_rules_t *rules);


/* by NGX_HTTP_XPECTO_NEED_*; rules: it is in their file */

static struct {
    char        *text;
    ngx_uint_t   rules;
} ngx_http_xpecto_jurisdiction_needs[] = {
    { "the origin \"tenant\" needs the directive \"xpecto_tenants\"", 0 },
    { "the origin \"recipient\" needs \"xpecto_message on\" somewhere", 0 },
    { "the origin \"operator\" needs the member \"operator\"", 1 },
    { "the origin \"ip\" needs the directive \"xpecto_jurisdiction_geoip\"",
      0 },
    { "\"xpecto_jurisdiction_destination auto\" needs the member "
      "\"regions\"", 1 },
    { "\"xpecto_jurisdiction_geoip\" with \"role=anonymous\" needs one with "
      "\"role=country\" beside it", 0 },
    { "\"xpecto_jurisdiction_ledger\" needs the directive \"xpecto_ledger\"",
      0 },
    { "\"xpecto_jurisdiction_destination auto\" chooses a region, but nothing "
      "reads \"$xpecto_jurisdiction_upstream\" or "
      "\"$xpecto_jurisdiction_region\": the request may go elsewhere", 0 }
};


ngx_int_t
ngx_http_xpecto_jurisdiction_need(ngx_conf_t *cf, ngx_uint_t what)
{
    ngx_http_xpecto_jurisdiction_need_t       *need;
    ngx_http_xpecto_jurisdiction_main_conf_t  *xjmcf;

    xjmcf = ngx_http_conf_get_module_main_conf(cf,
                                          ngx_http_xpecto_jurisdiction_module);

    if (xjmcf->needs == NULL) {
        xjmcf->needs = ngx_array_create(cf->pool, 4,
                                  sizeof(ngx_http_xpecto_jurisdiction_need_t));
        if (xjmcf->needs == NULL) {
            return NGX_ERROR;
        }
    }

    need = ngx_array_push(xjmcf->needs);
    if (need == NULL) {
        return NGX_ERROR;
    }

    need->what = what;
    ngx_http_xpecto_jurisdiction_here(cf, &need->where);

    return NGX_OK;
}


ngx_int_t
ngx_http_xpecto_jurisdiction_check_regions(ngx_conf_t *cf,
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf)
{
    ngx_int_t                             rc;
    ngx_str_t                             file;
    ngx_uint_t                            i;
    const xpecto_rules_t                 *rules;
    ngx_http_xpecto_jurisdiction_need_t  *need;

    static ngx_str_t  upstream = ngx_string("xpecto_jurisdiction_upstream");

    rules = ngx_xpecto_image_compiled(xjmcf->rules, &file);

    rc = ngx_http_xpecto_jurisdiction_check_names(cf, xjmcf, rules);

    if (xjmcf->needs != NULL) {
        need = xjmcf->needs->elts;

        for (i = 0; i < xjmcf->needs->nelts && rc == NGX_OK; i++) {
            rc = ngx_http_xpecto_jurisdiction_check_need(cf, xjmcf, &need[i],
                                                         rules);
        }
    }

    if (rc == NGX_OK && !xjmcf->resolver
        && ngx_http_xpecto_jurisdiction_has(cf, &upstream))
    {
        ngx_http_xpecto_jurisdiction_check_upstreams(cf, xjmcf, rules);
    }

    xjmcf->checked = 1;

    return rc;
}


/*
 * A name in proxy_pass is looked up by nginx -t; behind a variable it is a 502
 * of each request.
 */

static void
ngx_http_xpecto_jurisdiction_check_upstreams(ngx_conf_t *cf,
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf,
    const xpecto_rules_t *rules)
{
    ngx_uint_t    i;
    xpecto_str_t  name, upstream;

    for (i = 0; i < rules->nregions; i++) {
        upstream = xpecto_rules_text(rules, rules->regions[i].upstream);

        if (ngx_http_xpecto_jurisdiction_is_upstream(cf, upstream)) {
            continue;
        }

        name = xpecto_rules_text(rules, rules->regions[i].name);

        ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                      "\"%*s\" at regions.%*s.upstream in \"%V\" is neither "
                      "an \"upstream\" block nor an address, and no "
                      "\"resolver\" is there to find it",
                      upstream.len, upstream.data, name.len, name.data,
                      &xjmcf->rules_file);
    }
}


/* 1: the configuration has that variable */

static ngx_uint_t
ngx_http_xpecto_jurisdiction_has(ngx_conf_t *cf, ngx_str_t *name)
{
    ngx_uint_t                  i;
    ngx_http_variable_t        *v;
    ngx_http_core_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);
    v = cmcf->variables.elts;

    for (i = 0; i < cmcf->variables.nelts; i++) {

        if (v[i].name.len == name->len
            && ngx_strncmp(v[i].name.data, name->data, name->len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


/* 1: also an address: of IPv4 or IPv6, with or without a port */

static ngx_uint_t
ngx_http_xpecto_jurisdiction_is_upstream(ngx_conf_t *cf, xpecto_str_t name)
{
    ngx_url_t                        u;
    ngx_addr_t                       addr;
    ngx_uint_t                       i;
    ngx_http_upstream_srv_conf_t   **uscf;
    ngx_http_upstream_main_conf_t   *umcf;

    ngx_memzero(&u, sizeof(ngx_url_t));

    u.url.len = name.len;
    u.url.data = (u_char *) name.data;
    u.uri_part = 1;
    u.no_resolve = 1;

    if (ngx_parse_url(cf->temp_pool, &u) != NGX_OK) {
        return 0;
    }

    umcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_upstream_module);
    uscf = umcf->upstreams.elts;

    for (i = 0; i < umcf->upstreams.nelts; i++) {

        if (uscf[i]->host.len == u.host.len
            && ngx_http_xpecto_jurisdiction_is_port(uscf[i]->port, &u)
            && ngx_strncasecmp(uscf[i]->host.data, u.host.data, u.host.len)
               == 0)
        {
            return 1;
        }
    }

    return ngx_parse_addr_port(cf->temp_pool, &addr, (u_char *) name.data,
                               name.len)
           == NGX_OK;
}


/* as nginx compares them; without a port it is that of http or of https */

static ngx_uint_t
ngx_http_xpecto_jurisdiction_is_port(in_port_t port, ngx_url_t *u)
{
    if (!u->no_port) {
        return port == u->port;
    }

    return port == 0 || port == 80 || port == 443;
}


static ngx_int_t
ngx_http_xpecto_jurisdiction_check_names(ngx_conf_t *cf,
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf,
    const xpecto_rules_t *rules)
{
    ngx_uint_t                              i;
    ngx_http_xpecto_jurisdiction_region_t  *region;

    region = xjmcf->regions.elts;

    for (i = 0; i < xjmcf->regions.nelts; i++) {

        if (xpecto_rules_region(rules, ngx_xpecto_str(&region[i].name))
            == NULL)
        {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "region \"%V\" of "
                          "\"xpecto_jurisdiction_destination\" is not in "
                          "\"%V\" in %V:%ui",
                          &region[i].name, &xjmcf->rules_file,
                          &region[i].where.file, region[i].where.line);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/*
 * A file that comes later has to have what this configuration rests on, as
 * the one that it was read with; that is what nginx -t says of it, too.
 */

xpecto_rc_e
ngx_http_xpecto_jurisdiction_suits(
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf,
    const xpecto_rules_t *rules, xpecto_err_t *err)
{
    ngx_uint_t                              i;
    ngx_http_xpecto_jurisdiction_need_t    *need;
    ngx_http_xpecto_jurisdiction_region_t  *region;

    if (!xjmcf->checked) {
        return XPECTO_OK;
    }

    region = xjmcf->regions.elts;

    for (i = 0; i < xjmcf->regions.nelts; i++) {

        if (xpecto_rules_region(rules, ngx_xpecto_str(&region[i].name))
            == NULL)
        {
            (void) snprintf(err->text, sizeof(err->text),
                            "has no region \"%.*s\", which "
                            "\"xpecto_jurisdiction_destination\" names",
                            (int) region[i].name.len, region[i].name.data);
            return XPECTO_ERROR;
        }
    }

    if (xjmcf->needs == NULL) {
        return XPECTO_OK;
    }

    need = xjmcf->needs->elts;

    for (i = 0; i < xjmcf->needs->nelts; i++) {

        if ((need[i].what == NGX_HTTP_XPECTO_NEED_OPERATOR
             && rules->operator == XPECTO_RULES_NONE)
            || (need[i].what == NGX_HTTP_XPECTO_NEED_REGIONS
                && rules->nregions == 0))
        {
            (void) snprintf(err->text, sizeof(err->text), "%s",
                            ngx_http_xpecto_jurisdiction_needs[need[i].what]
                            .text);
            return XPECTO_ERROR;
        }
    }

    return XPECTO_OK;
}


static ngx_int_t
ngx_http_xpecto_jurisdiction_check_need(ngx_conf_t *cf,
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf,
    ngx_http_xpecto_jurisdiction_need_t *need, const xpecto_rules_t *rules)
{
    ngx_uint_t  met;

    static ngx_str_t  region = ngx_string("xpecto_jurisdiction_region");
    static ngx_str_t  upstream = ngx_string("xpecto_jurisdiction_upstream");

    switch (need->what) {

    case NGX_HTTP_XPECTO_NEED_UPSTREAM:

        if (!ngx_http_xpecto_jurisdiction_has(cf, &upstream)
            && !ngx_http_xpecto_jurisdiction_has(cf, &region))
        {
            ngx_log_error(NGX_LOG_WARN, cf->log, 0, "%s in %V:%ui",
                          ngx_http_xpecto_jurisdiction_needs[need->what].text,
                          &need->where.file, need->where.line);
        }

        return NGX_OK;

    case NGX_HTTP_XPECTO_NEED_TENANTS:
        met = ngx_xpecto_tenants(cf);
        break;

    case NGX_HTTP_XPECTO_NEED_MESSAGES:
        met = ngx_xpecto_messages(cf);
        break;

    case NGX_HTTP_XPECTO_NEED_OPERATOR:
        met = (rules->operator != XPECTO_RULES_NONE);
        break;

    case NGX_HTTP_XPECTO_NEED_REGIONS:
        met = (rules->nregions != 0);
        break;

    case NGX_HTTP_XPECTO_NEED_DATABASE:
    case NGX_HTTP_XPECTO_NEED_COUNTRIES:
        met = (xjmcf->places != NULL);
        break;

    default: /* NGX_HTTP_XPECTO_NEED_LEDGER */
        met = ngx_xpecto_ledgers(cf);
        break;
    }

    if (met) {
        return NGX_OK;
    }

    if (ngx_http_xpecto_jurisdiction_needs[need->what].rules) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "%s in \"%V\" in %V:%ui",
                      ngx_http_xpecto_jurisdiction_needs[need->what].text,
                      &xjmcf->rules_file, &need->where.file, need->where.line);

    } else {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "%s in %V:%ui",
                      ngx_http_xpecto_jurisdiction_needs[need->what].text,
                      &need->where.file, need->where.line);
    }

    return NGX_ERROR;
}
