
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_redact.h"


static void *ngx_http_xpecto_redact_create_main_conf(ngx_conf_t *cf);
static void *ngx_http_xpecto_redact_create_loc_conf(ngx_conf_t *cf);
static char *ngx_http_xpecto_redact_merge_loc_conf(ngx_conf_t *cf,
    void *parent, void *child);
static ngx_int_t ngx_http_xpecto_redact_init(ngx_conf_t *cf);
static char *ngx_http_xpecto_redact_name(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static ngx_int_t ngx_http_xpecto_redact_names_add(ngx_conf_t *cf,
    ngx_http_xpecto_redact_names_t *names, ngx_str_t *value,
    xpecto_class_e class);
static ngx_int_t ngx_http_xpecto_redact_names_init(ngx_conf_t *cf,
    ngx_http_xpecto_redact_loc_conf_t *rlcf);
static char *ngx_http_xpecto_redact_switch(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static void ngx_http_xpecto_redact_check(ngx_conf_t *cf,
    ngx_http_xpecto_redact_loc_conf_t *conf);
static ngx_int_t ngx_http_xpecto_redact_init_module(ngx_cycle_t *cycle);
static ngx_int_t ngx_http_xpecto_redact_places(ngx_cycle_t *cycle,
    ngx_http_core_main_conf_t *cmcf, ngx_http_xpecto_redact_names_t *names);


static ngx_conf_enum_t  ngx_http_xpecto_redact_modes[] = {
    { ngx_string("off"), NGX_HTTP_XPECTO_REDACT_OFF },
    { ngx_string("audit"), NGX_HTTP_XPECTO_REDACT_AUDIT },
    { ngx_string("on"), NGX_HTTP_XPECTO_REDACT_ON },
    { ngx_null_string, 0 }
};


static ngx_command_t  ngx_http_xpecto_redact_commands[] = {

    { ngx_string("xpecto_redact"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_xpecto_redact_switch,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_xpecto_redact_loc_conf_t, mode),
      &ngx_http_xpecto_redact_modes },

    { ngx_string("xpecto_redact_as"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_1MORE,
      ngx_http_xpecto_redact_as,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("xpecto_redact_name"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_2MORE,
      ngx_http_xpecto_redact_name,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_xpecto_redact_module_ctx = {
    ngx_http_xpecto_redact_add_variables,  /* preconfiguration */
    ngx_http_xpecto_redact_init,           /* postconfiguration */

    ngx_http_xpecto_redact_create_main_conf, /* create main configuration */
    NULL,                                  /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    ngx_http_xpecto_redact_create_loc_conf, /* create location configuration */
    ngx_http_xpecto_redact_merge_loc_conf  /* merge location configuration */
};


ngx_module_t  ngx_http_xpecto_redact_module = {
    NGX_MODULE_V1,
    &ngx_http_xpecto_redact_module_ctx,    /* module context */
    ngx_http_xpecto_redact_commands,       /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    ngx_http_xpecto_redact_init_module,    /* init module */
    NULL,                                  /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    NULL,                                  /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


static void *
ngx_http_xpecto_redact_create_main_conf(ngx_conf_t *cf)
{
    ngx_http_xpecto_redact_main_conf_t  *rmcf;

    rmcf = ngx_pcalloc(cf->pool, sizeof(ngx_http_xpecto_redact_main_conf_t));
    if (rmcf == NULL) {
        return NULL;
    }

    if (ngx_array_init(&rmcf->logs, cf->pool, 4,
                       sizeof(ngx_http_xpecto_redact_log_t))
        != NGX_OK
        || ngx_array_init(&rmcf->names, cf->pool, 4,
                          sizeof(ngx_http_xpecto_redact_names_t *))
           != NGX_OK
        || ngx_array_init(&rmcf->tests, cf->pool, 4,
                          sizeof(ngx_http_xpecto_redact_loc_conf_t *))
           != NGX_OK)
    {
        return NULL;
    }

    return rmcf;
}


static void *
ngx_http_xpecto_redact_create_loc_conf(ngx_conf_t *cf)
{
    ngx_http_xpecto_redact_loc_conf_t  *conf;

    conf = ngx_pcalloc(cf->pool, sizeof(ngx_http_xpecto_redact_loc_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    /*
     * set by ngx_pcalloc():
     *
     *     conf->styles = { NULL };
     *     conf->names = NULL;
     *     conf->rd = { 0 };
     */

    conf->mode = NGX_CONF_UNSET_UINT;

    return conf;
}


static char *
ngx_http_xpecto_redact_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_http_xpecto_redact_loc_conf_t *prev = parent;
    ngx_http_xpecto_redact_loc_conf_t *conf = child;

    ngx_http_xpecto_redact_main_conf_t  *rmcf;

    ngx_conf_merge_uint_value(conf->mode, prev->mode,
                              NGX_HTTP_XPECTO_REDACT_OFF);

    if (ngx_http_xpecto_redact_style_merge(cf, prev, conf) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    if (conf->names == NULL) {
        conf->names = prev->names;
    }

    if (conf->names != NULL) {
        conf->rd.names = conf->names->names.elts;
        conf->rd.nnames = conf->names->names.nelts;
    }

    rmcf = ngx_http_conf_get_module_main_conf(cf,
                                              ngx_http_xpecto_redact_module);

    conf->rd.pseudonym = &rmcf->pseudonym;

    /* what clients send was never redacted, whatever it looks like */

    conf->rd.fresh = 1;

    if (conf->mode != NGX_HTTP_XPECTO_REDACT_OFF) {
        rmcf->enabled = 1;
        ngx_http_xpecto_redact_check(cf, conf);
    }

    if (ngx_http_xpecto_redact_log_add(cf, rmcf, conf) != NGX_OK
        || ngx_http_xpecto_redact_test_add(rmcf, conf) != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


/* a request may end before its location is found, or in another one */

static void
ngx_http_xpecto_redact_check(ngx_conf_t *cf,
    ngx_http_xpecto_redact_loc_conf_t *conf)
{
    ngx_http_core_srv_conf_t           *cscf;
    ngx_http_xpecto_redact_loc_conf_t  *server;

    cscf = ngx_http_conf_get_module_srv_conf(cf, ngx_http_core_module);
    server = cscf->ctx->loc_conf[ngx_http_xpecto_redact_module.ctx_index];

    if (conf->line != 0 && server->mode == NGX_HTTP_XPECTO_REDACT_OFF) {
        ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                      "\"xpecto_redact\" is off in the server: a request that "
                      "is refused before its location is found is logged as "
                      "it came in %V:%ui", &conf->file, conf->line);
    }
}


static char *
ngx_http_xpecto_redact_switch(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_xpecto_redact_loc_conf_t *rlcf = conf;

    rlcf->file = cf->conf_file->file.name;
    rlcf->line = cf->conf_file->line;

    return ngx_xpecto_conf_enum_slot(cf, cmd, conf);
}


static char *
ngx_http_xpecto_redact_name(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_xpecto_redact_loc_conf_t *rlcf = conf;

    ngx_str_t       *value;
    ngx_uint_t       i;
    xpecto_class_e   class;

    value = cf->args->elts;

    if (xpecto_class_parse(value[1].data, value[1].len, &class)
        != XPECTO_OK)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "unknown class \"%V\"", &value[1]);
        return NGX_CONF_ERROR;
    }

    if (rlcf->names == NULL
        && ngx_http_xpecto_redact_names_init(cf, rlcf) != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    for (i = 2; i < cf->args->nelts; i++) {
        if (ngx_http_xpecto_redact_names_add(cf, rlcf->names, &value[i],
                                             class)
            != NGX_OK)
        {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_xpecto_redact_names_add(ngx_conf_t *cf,
    ngx_http_xpecto_redact_names_t *names, ngx_str_t *value,
    xpecto_class_e class)
{
    u_char                *folded;
    size_t                 len;
    ngx_uint_t             i;
    xpecto_redact_name_t  *name;

    for (i = 0; i < value->len; i++) {
        if (value->data[i] <= ' ' || value->data[i] >= 0x7f
            || ngx_strchr("=&;?#/%\"\\*$", value->data[i]) != NULL)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid character in name \"%V\", a name is "
                               "whole, in ASCII, and has no variables", value);
            return NGX_ERROR;
        }
    }

    folded = ngx_pnalloc(cf->pool, value->len + 1);
    if (folded == NULL) {
        return NGX_ERROR;
    }

    len = xpecto_name_fold(folded, value->data, value->len);

    if (len == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid name \"%V\", it must have 1 to %d letters "
                           "or digits", value, XPECTO_REDACT_NAME_MAX);
        return NGX_ERROR;
    }

    name = names->names.elts;

    for (i = 0; i < names->names.nelts; i++) {
        if (name[i].name.len == len
            && ngx_memcmp(name[i].name.data, folded, len) == 0)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "duplicate name \"%V\", case, \"_\", \"-\" and "
                               "\".\" do not count", value);
            return NGX_ERROR;
        }
    }

    name = ngx_array_push(&names->names);
    if (name == NULL) {
        return NGX_ERROR;
    }

    name->name.data = folded;
    name->name.len = len;
    name->class = class;

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_redact_names_init(ngx_conf_t *cf,
    ngx_http_xpecto_redact_loc_conf_t *rlcf)
{
    ngx_http_xpecto_redact_names_t      **names;
    ngx_http_xpecto_redact_main_conf_t   *rmcf;

    rmcf = ngx_http_conf_get_module_main_conf(cf,
                                              ngx_http_xpecto_redact_module);

    rlcf->names = ngx_pcalloc(cf->pool,
                              sizeof(ngx_http_xpecto_redact_names_t));
    if (rlcf->names == NULL) {
        return NGX_ERROR;
    }

    if (ngx_array_init(&rlcf->names->names, cf->pool, 4,
                       sizeof(xpecto_redact_name_t))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    names = ngx_array_push(&rmcf->names);
    if (names == NULL) {
        return NGX_ERROR;
    }

    *names = rlcf->names;

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_redact_init(ngx_conf_t *cf)
{
    ngx_http_xpecto_redact_main_conf_t  *rmcf;

    rmcf = ngx_http_conf_get_module_main_conf(cf,
                                              ngx_http_xpecto_redact_module);

    if (ngx_http_xpecto_redact_test(cf, rmcf) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_xpecto_redact_key_init(cf, rmcf);
}


/*
 * Here all modules have registered their log handlers and the handlers of
 * variables are known: ours go around them, in a static build as well.
 */

static ngx_int_t
ngx_http_xpecto_redact_init_module(ngx_cycle_t *cycle)
{
    ngx_uint_t                            i;
    ngx_http_core_main_conf_t            *cmcf;
    ngx_http_xpecto_redact_names_t      **names;
    ngx_http_xpecto_redact_main_conf_t   *rmcf;

    rmcf = ngx_http_cycle_get_module_main_conf(cycle,
                                               ngx_http_xpecto_redact_module);

    if (rmcf == NULL || !rmcf->enabled) {
        return NGX_OK;
    }

    cmcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_http_core_module);

    rmcf->counters = ngx_xpecto_counters(cycle);

    if (ngx_http_xpecto_redact_places(cycle, cmcf, &rmcf->common) != NGX_OK) {
        return NGX_ERROR;
    }

    names = rmcf->names.elts;

    for (i = 0; i < rmcf->names.nelts; i++) {
        if (ngx_http_xpecto_redact_places(cycle, cmcf, names[i]) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    if (ngx_http_xpecto_redact_log_init(cycle, rmcf) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_xpecto_redact_access_init(cycle, rmcf, cmcf);
}


static ngx_int_t
ngx_http_xpecto_redact_places(ngx_cycle_t *cycle,
    ngx_http_core_main_conf_t *cmcf, ngx_http_xpecto_redact_names_t *names)
{
    size_t                size;
    ngx_uint_t            i;
    xpecto_redact_t       rd;
    ngx_http_variable_t  *v;

    size = cmcf->variables.nelts * sizeof(xpecto_redact_place_t);

    names->places = ngx_palloc(cycle->pool, size);
    if (names->places == NULL) {
        return NGX_ERROR;
    }

    xpecto_redact_defaults(&rd);
    rd.names = names->names.elts;
    rd.nnames = names->names.nelts;

    v = cmcf->variables.elts;

    for (i = 0; i < cmcf->variables.nelts; i++) {
        names->places[i] = xpecto_redact_variable(&rd, v[i].name.data,
                                                  v[i].name.len);
    }

    return NGX_OK;
}
