
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/* directives that make no sense together */


#include "ngx_http_xpecto_consent.h"


static ngx_int_t ngx_http_xpecto_consent_check_domain(ngx_conf_t *cf,
    ngx_http_xpecto_consent_srv_conf_t *xscf,
    ngx_http_xpecto_consent_loc_conf_t *xlcf);
static ngx_uint_t ngx_http_xpecto_consent_is_text(ngx_str_t *name);
static ngx_int_t ngx_http_xpecto_consent_check_require(ngx_conf_t *cf,
    ngx_http_xpecto_consent_srv_conf_t *xscf,
    ngx_http_xpecto_consent_loc_conf_t *xlcf);


ngx_int_t
ngx_http_xpecto_consent_check(ngx_conf_t *cf,
    ngx_http_xpecto_consent_loc_conf_t *xlcf, ngx_uint_t require)
{
    ngx_http_xpecto_consent_srv_conf_t  *xscf;

    xscf = ngx_http_conf_get_module_srv_conf(cf,
                                        ngx_http_xpecto_consent_filter_module);

    if (!xscf->checked && xscf->cookie->domain.len) {
        xscf->checked = 1;

        if (ngx_http_xpecto_consent_check_domain(cf, xscf, xlcf) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return require ? ngx_http_xpecto_consent_check_require(cf, xscf, xlcf)
                   : NGX_OK;
}


/* a browser takes no cookie of a domain that the host is not in */

static ngx_int_t
ngx_http_xpecto_consent_check_domain(ngx_conf_t *cf,
    ngx_http_xpecto_consent_srv_conf_t *xscf,
    ngx_http_xpecto_consent_loc_conf_t *xlcf)
{
    ngx_str_t                  name, *domain, *outside;
    ngx_uint_t                 i, within, level;
    ngx_http_server_name_t    *sn;
    ngx_http_core_srv_conf_t  *cscf;

    cscf = ngx_http_conf_get_module_srv_conf(cf, ngx_http_core_module);
    domain = &xscf->cookie->domain;
    outside = NULL;
    within = 0;
    sn = cscf->server_names.elts;

    for (i = 0; i < cscf->server_names.nelts; i++) {
        name = sn[i].name;

        if (name.len && name.data[0] == '*') {
            name.data++;
            name.len--;
        }

        if (name.len && name.data[0] == '.') {
            name.data++;
            name.len--;
        }

        if (!ngx_http_xpecto_consent_is_text(&name)) {
            continue;
        }

        if (name.len >= domain->len
            && ngx_strncmp(name.data + name.len - domain->len, domain->data,
                           domain->len)
               == 0
            && (name.len == domain->len
                || name.data[name.len - domain->len - 1] == '.'))
        {
            within = 1;

        } else {
            outside = &sn[i].name;
        }
    }

    if (outside == NULL) {
        return NGX_OK;
    }

    level = within ? NGX_LOG_WARN : NGX_LOG_EMERG;

    ngx_log_error(level, cf->log, 0,
                  "\"xpecto_consent_cookie domain=%V\" is not the domain of "
                  "the server name \"%V\": browsers keep no choice there in "
                  "%V:%ui", domain, outside, &xlcf->file, xlcf->line);

    return within ? NGX_OK : NGX_ERROR;
}


/* no regular expression, wildcard at the end, or name for all hosts */

static ngx_uint_t
ngx_http_xpecto_consent_is_text(ngx_str_t *name)
{
    return ngx_strlchr(name->data, name->data + name->len, '.') != NULL
           && name->data[0] != '~' && name->data[name->len - 1] != '*';
}


static ngx_int_t
ngx_http_xpecto_consent_check_require(ngx_conf_t *cf,
    ngx_http_xpecto_consent_srv_conf_t *xscf,
    ngx_http_xpecto_consent_loc_conf_t *xlcf)
{
    if (!(xlcf->require & (xscf->asked | XPECTO_PURPOSES_ALWAYS))) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "nobody is asked for the purpose \"custom\" that "
                      "\"xpecto_consent_require\" names: it needs "
                      "\"xpecto_consent_purpose custom\" in %V:%ui",
                      &xlcf->file, xlcf->line);
        return NGX_ERROR;
    }

    /* with a domain it may be the API of another host */

    if (!xscf->api && xscf->cookie->domain.len == 0) {
        ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                      "\"xpecto_consent_require\" is used, but no location of "
                      "this server has \"xpecto_consent_api\": nobody can "
                      "consent here in %V:%ui", &xlcf->file, xlcf->line);
    }

    return NGX_OK;
}


/* without laws both take all places for the strictest one */

void
ngx_http_xpecto_consent_check_laws(ngx_conf_t *cf)
{
    ngx_uint_t                            i;
    ngx_http_core_srv_conf_t            **cscfp;
    ngx_http_core_main_conf_t            *cmcf;
    ngx_http_xpecto_consent_srv_conf_t   *xscf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);
    cscfp = cmcf->servers.elts;

    for (i = 0; i < cmcf->servers.nelts; i++) {
        xscf = cscfp[i]->ctx->srv_conf[
                            ngx_http_xpecto_consent_filter_module.ctx_index];

        if (xscf->gpc == NGX_HTTP_XPECTO_CONSENT_GPC_LAW) {
            ngx_conf_log_error(NGX_LOG_WARN, cf, 0,
                               "\"xpecto_consent_gpc law\" is \"everywhere\" "
                               "without \"xpecto_jurisdiction_rules\": no "
                               "country is known");
            return;
        }

        if (xscf->age_min == NGX_HTTP_XPECTO_CONSENT_AGE_LOCAL) {
            ngx_conf_log_error(NGX_LOG_WARN, cf, 0,
                               "\"xpecto_consent_age_min local\" is 16 "
                               "everywhere without "
                               "\"xpecto_jurisdiction_rules\": no country is "
                               "known");
            return;
        }
    }
}
