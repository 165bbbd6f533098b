
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_limit.h"
#include "ngx_http_xpecto_limit_inline.h"


static char *ngx_http_xpecto_limit_status_bounds(ngx_conf_t *cf, void *post,
    void *data);
static void *ngx_http_xpecto_limit_create_main_conf(ngx_conf_t *cf);
static void *ngx_http_xpecto_limit_create_conf(ngx_conf_t *cf);
static char *ngx_http_xpecto_limit_merge_conf(ngx_conf_t *cf, void *parent,
    void *child);
static ngx_int_t ngx_http_xpecto_limit_init(ngx_conf_t *cf);
static ngx_int_t ngx_http_xpecto_limit_check(ngx_conf_t *cf,
    ngx_http_xpecto_limit_t *limit);
static ngx_int_t ngx_http_xpecto_limit_init_process(ngx_cycle_t *cycle);
static void ngx_http_xpecto_limit_exit_process(ngx_cycle_t *cycle);
static void ngx_http_xpecto_limit_exit_master(ngx_cycle_t *cycle);


static ngx_conf_post_t  ngx_http_xpecto_limit_status_post =
    { ngx_http_xpecto_limit_status_bounds };


static ngx_conf_enum_t  ngx_http_xpecto_limit_errors[] = {
    { ngx_string("graph"), XPECTO_ACCEPT_GRAPH },
    { ngx_string("problem"), XPECTO_ACCEPT_PROBLEM },
    { ngx_string("text"), XPECTO_ACCEPT_TEXT },
    { ngx_string("accept"), NGX_HTTP_XPECTO_LIMIT_ACCEPT },
    { ngx_null_string, 0 }
};


static ngx_command_t  ngx_http_xpecto_limit_commands[] = {

    { ngx_string("xpecto_limit_zone"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE123,
      ngx_http_xpecto_limit_zone,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_xpecto_limit_main_conf_t, zones),
      NULL },

    { ngx_string("xpecto_limit"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_1MORE,
      ngx_http_xpecto_limit,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("xpecto_limit_status"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_xpecto_limit_conf_t, status),
      &ngx_http_xpecto_limit_status_post },

    { ngx_string("xpecto_limit_error"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_xpecto_conf_enum_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_xpecto_limit_conf_t, error),
      &ngx_http_xpecto_limit_errors },

    { ngx_string("xpecto_limit_headers"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_xpecto_limit_conf_t, headers),
      NULL },

    { ngx_string("xpecto_limit_dry_run"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_xpecto_limit_conf_t, dry_run),
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_xpecto_limit_module_ctx = {
    ngx_http_xpecto_limit_add_variables,   /* preconfiguration */
    ngx_http_xpecto_limit_init,            /* postconfiguration */

    ngx_http_xpecto_limit_create_main_conf, /* create main configuration */
    NULL,                                  /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    ngx_http_xpecto_limit_create_conf,     /* create location configuration */
    ngx_http_xpecto_limit_merge_conf       /* merge location configuration */
};


ngx_module_t  ngx_http_xpecto_limit_module = {
    NGX_MODULE_V1,
    &ngx_http_xpecto_limit_module_ctx,     /* module context */
    ngx_http_xpecto_limit_commands,        /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    NULL,                                  /* init module */
    ngx_http_xpecto_limit_init_process,    /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    ngx_http_xpecto_limit_exit_process,    /* exit process */
    ngx_http_xpecto_limit_exit_master,     /* exit master */
    NGX_MODULE_V1_PADDING
};


static char *
ngx_http_xpecto_limit_status_bounds(ngx_conf_t *cf, void *post, void *data)
{
    ngx_int_t  *status = data;

    if (*status < 400 || *status > 599) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "status must be between 400 and 599");
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static void *
ngx_http_xpecto_limit_create_main_conf(ngx_conf_t *cf)
{
    ngx_http_xpecto_limit_main_conf_t  *xlmcf;

    xlmcf = ngx_pcalloc(cf->pool, sizeof(ngx_http_xpecto_limit_main_conf_t));
    if (xlmcf == NULL) {
        return NULL;
    }

    if (ngx_array_init(&xlmcf->zones, cf->pool, 2,
                       sizeof(ngx_http_xpecto_limit_zone_t *))
        != NGX_OK
        || ngx_array_init(&xlmcf->limits, cf->pool, 4,
                          sizeof(ngx_http_xpecto_limit_t *))
           != NGX_OK)
    {
        return NULL;
    }

    return xlmcf;
}


static void *
ngx_http_xpecto_limit_create_conf(ngx_conf_t *cf)
{
    ngx_http_xpecto_limit_conf_t  *xlcf;

    xlcf = ngx_palloc(cf->pool, sizeof(ngx_http_xpecto_limit_conf_t));
    if (xlcf == NULL) {
        return NULL;
    }

    xlcf->limits = NGX_CONF_UNSET_PTR;
    xlcf->status = NGX_CONF_UNSET_UINT;
    xlcf->error = NGX_CONF_UNSET_UINT;
    xlcf->headers = NGX_CONF_UNSET;
    xlcf->dry_run = NGX_CONF_UNSET;

    return xlcf;
}


static char *
ngx_http_xpecto_limit_merge_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_http_xpecto_limit_conf_t *prev = parent;
    ngx_http_xpecto_limit_conf_t *conf = child;

    ngx_uint_t                 i;
    ngx_http_xpecto_limit_t  **limit;

    ngx_conf_merge_ptr_value(conf->limits, prev->limits, NULL);
    ngx_conf_merge_uint_value(conf->status, prev->status,
                              NGX_HTTP_TOO_MANY_REQUESTS);
    ngx_conf_merge_uint_value(conf->error, prev->error,
                              XPECTO_ACCEPT_GRAPH);
    ngx_conf_merge_value(conf->headers, prev->headers, 1);
    ngx_conf_merge_value(conf->dry_run, prev->dry_run, 0);

    if (!conf->dry_run) {
        ngx_http_xpecto_limit_ban_enforced(cf);
    }

    if (conf->limits != NULL && ngx_xpecto_messages_here(cf)) {
        limit = conf->limits->elts;

        for (i = 0; i < conf->limits->nelts; i++) {
            limit[i]->messages = 1;
        }
    }

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_xpecto_limit_init(ngx_conf_t *cf)
{
    ngx_uint_t                           i;
    ngx_http_xpecto_limit_t            **limit;
    ngx_http_xpecto_limit_main_conf_t   *xlmcf;

    static ngx_str_t  request_id = ngx_string("request_id");

    xlmcf = ngx_http_conf_get_module_main_conf(cf,
                                               ngx_http_xpecto_limit_module);

    limit = xlmcf->limits.elts;

    for (i = 0; i < xlmcf->limits.nelts; i++) {

        if (ngx_http_xpecto_limit_check(cf, limit[i]) != NGX_OK) {
            return NGX_ERROR;
        }

        if (limit[i]->kind.len != 0) {
            ngx_http_xpecto_limit_succeed(cf, limit[i]);
        }
    }

    if (ngx_http_xpecto_limit_gauges(cf, &xlmcf->zones) != NGX_OK
        || ngx_http_xpecto_limit_persist_init(cf, &xlmcf->zones) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (xlmcf->limits.nelts == 0) {
        return NGX_OK;
    }

    xlmcf->request_id = ngx_http_get_variable_index(cf, &request_id);

    if (xlmcf->request_id == NGX_ERROR) {
        return NGX_ERROR;
    }

    if (ngx_xpecto_header_filter(cf, ngx_http_xpecto_limit_header_filter)
        != NGX_OK
        || ngx_xpecto_handler_last(cf, NGX_HTTP_PREACCESS_PHASE,
                                   ngx_http_xpecto_limit_handler)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (xlmcf->of_body
        && ngx_xpecto_handler_first(cf, NGX_HTTP_PRECONTENT_PHASE,
                                    ngx_http_xpecto_limit_late_handler)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* what a limit needs may stand below it */

static ngx_int_t
ngx_http_xpecto_limit_check(ngx_conf_t *cf, ngx_http_xpecto_limit_t *limit)
{
    ngx_http_xpecto_limit_zone_t  *zone;

    zone = limit->shm_zone->data;

    if (zone == NULL) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "unknown zone \"%V\" in \"xpecto_limit\": there is no "
                      "\"xpecto_limit_zone\" of that name in %V:%ui",
                      &limit->shm_zone->shm.name, &limit->file, limit->line);
        return NGX_ERROR;
    }

    if (limit->policy.meter.kind == XPECTO_METER_UNIQUE && zone->unique == 0) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "policy \"%V\" counts recipients, for which zone \"%V\" "
                      "has no \"unique\" in %V:%ui",
                      &limit->policy.name, &zone->name, &limit->file,
                      limit->line);
        return NGX_ERROR;
    }

    if (limit->policy.of_body && !limit->messages) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "policy \"%V\" counts by what a message says, but "
                      "nowhere is it used with \"xpecto_message on\", "
                      "in %V:%ui",
                      &limit->policy.name, &limit->file, limit->line);
        return NGX_ERROR;
    }

    if (ngx_xpecto_tenants(cf)) {
        return NGX_OK;
    }

    if (limit->kind.len == 0) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"xpecto_limit\" without \"kind\" or \"rate\" takes the "
                      "limits of plans, but there is no \"xpecto_tenants\" in "
                      "%V:%ui", &limit->file, limit->line);
        return NGX_ERROR;
    }

    if (limit->tenants) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "policy \"%V\" counts by %s, but there is no "
                      "\"xpecto_tenants\": it would count by address, as "
                      "without \"scope\", in %V:%ui", &limit->policy.name,
                      limit->policy.scope == XPECTO_SCOPE_TENANT
                      ? "tenant" : "credential", &limit->file, limit->line);
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_limit_init_process(ngx_cycle_t *cycle)
{
    ngx_uint_t                           i;
    ngx_http_xpecto_limit_t            **limit;
    ngx_http_xpecto_limit_zone_t        *zone;
    ngx_http_xpecto_limit_policy_t      *policy;
    ngx_http_xpecto_limit_main_conf_t   *xlmcf;

    xlmcf = ngx_http_cycle_get_module_main_conf(cycle,
                                                ngx_http_xpecto_limit_module);
    if (xlmcf == NULL) {
        return NGX_OK;
    }

    xlmcf->stamp = (uint64_t) ngx_pid << 32;

    limit = xlmcf->limits.elts;

    for (i = 0; i < xlmcf->limits.nelts; i++) {
        policy = &limit[i]->policy;
        zone = limit[i]->shm_zone->data;

        policy->in = zone;
        policy->zone = &zone->name;
        policy->meter.cells = &zone->cells;
        policy->meter.unique = ngx_http_xpecto_limit_unique(zone);

        xpecto_meter_key(&policy->meter, zone->sh->secret, &policy->id);
        ngx_http_xpecto_limit_held_wide(zone, &policy->meter);
    }

    if (xlmcf->held
        && ngx_http_xpecto_limit_held_init_process(cycle, &xlmcf->zones)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_xpecto_limit_persist_init_process(cycle, &xlmcf->zones);
}


static void
ngx_http_xpecto_limit_exit_process(ngx_cycle_t *cycle)
{
    ngx_http_xpecto_limit_main_conf_t  *xlmcf;

    xlmcf = ngx_http_cycle_get_module_main_conf(cycle,
                                                ngx_http_xpecto_limit_module);

    if (xlmcf != NULL && xlmcf->held) {
        ngx_http_xpecto_limit_held_exit_process(&xlmcf->zones);
    }
}


static void
ngx_http_xpecto_limit_exit_master(ngx_cycle_t *cycle)
{
    ngx_http_xpecto_limit_main_conf_t  *xlmcf;

    xlmcf = ngx_http_cycle_get_module_main_conf(cycle,
                                                ngx_http_xpecto_limit_module);

    if (xlmcf != NULL) {
        ngx_http_xpecto_limit_persist_exit_master(cycle, &xlmcf->zones);
    }
}
