
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_tenant.h"


#define NGX_HTTP_XPECTO_TENANT_FILE   (64 * 1024 * 1024)
#define NGX_HTTP_XPECTO_TENANT_ZONE   (8 * 1024 * 1024)
#define NGX_HTTP_XPECTO_TENANT_VALUES 8

#define NGX_HTTP_XPECTO_TENANT_ZONES  "/usr/share/zoneinfo/"
#define NGX_HTTP_XPECTO_TENANT_TZIF   65536

/* a month ago, and a day */

#define NGX_HTTP_XPECTO_TENANT_SINCE  (32 * 86400)


typedef enum {
    NGX_HTTP_XPECTO_TENANT_ANONYMOUS = 0,
    NGX_HTTP_XPECTO_TENANT_401
} ngx_http_xpecto_tenant_unknown_e;


typedef struct {
    ngx_str_t                 file;
    ngx_xpecto_zone_arg_t     zone;
    ngx_msec_t                reload;
} ngx_http_xpecto_tenant_args_t;


static ngx_int_t ngx_http_xpecto_tenant_handler(ngx_http_request_t *r);
static ngx_int_t ngx_http_xpecto_tenant_refuse(ngx_http_request_t *r,
    ngx_xpecto_tenant_state_e state);

static ngx_int_t ngx_http_xpecto_tenant_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static xpecto_rc_e ngx_http_xpecto_tenant_compile(const char *path,
    ngx_xpecto_files_t *files, void *data, xpecto_image_t *image,
    xpecto_err_t *err);
static xpecto_rc_e ngx_http_xpecto_tenant_succeed(const void *current,
    xpecto_image_t *next, xpecto_err_t *err);
static ngx_uint_t ngx_http_xpecto_tenant_count(void *data);
static char *ngx_http_xpecto_tenants(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_http_xpecto_tenant(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static void *ngx_http_xpecto_tenant_create_main_conf(ngx_conf_t *cf);
static void *ngx_http_xpecto_tenant_create_conf(ngx_conf_t *cf);
static char *ngx_http_xpecto_tenant_merge_conf(ngx_conf_t *cf, void *parent,
    void *child);
static ngx_int_t ngx_http_xpecto_tenant_add_variables(ngx_conf_t *cf);
static ngx_int_t ngx_http_xpecto_tenant_init(ngx_conf_t *cf);
static ngx_int_t ngx_http_xpecto_tenant_init_process(ngx_cycle_t *cycle);


static ngx_xpecto_arg_t  ngx_http_xpecto_tenants_args[] = {

    { ngx_string("zone"), NGX_XPECTO_ARG_ZONE,
      offsetof(ngx_http_xpecto_tenant_args_t, zone), NULL },

    { ngx_string("reload"), NGX_XPECTO_ARG_MSEC,
      offsetof(ngx_http_xpecto_tenant_args_t, reload), NULL },

      ngx_xpecto_null_arg
};


static ngx_command_t  ngx_http_xpecto_tenant_commands[] = {

    { ngx_string("xpecto_tenants"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE123,
      ngx_http_xpecto_tenants,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("xpecto_tenant"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_1MORE,
      ngx_http_xpecto_tenant,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_xpecto_tenant_module_ctx = {
    ngx_http_xpecto_tenant_add_variables,  /* preconfiguration */
    ngx_http_xpecto_tenant_init,           /* postconfiguration */

    ngx_http_xpecto_tenant_create_main_conf, /* create main configuration */
    NULL,                                  /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    ngx_http_xpecto_tenant_create_conf,    /* create location configuration */
    ngx_http_xpecto_tenant_merge_conf      /* merge location configuration */
};


ngx_module_t  ngx_http_xpecto_tenant_module = {
    NGX_MODULE_V1,
    &ngx_http_xpecto_tenant_module_ctx,    /* module context */
    ngx_http_xpecto_tenant_commands,       /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    NULL,                                  /* init module */
    ngx_http_xpecto_tenant_init_process,   /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    NULL,                                  /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


/* data: 0 the tenant's name, 1 its plan's */

static ngx_http_variable_t  ngx_http_xpecto_tenant_vars[] = {

    { ngx_string("xpecto_tenant"), NULL,
      ngx_http_xpecto_tenant_variable, 0, 0, 0 },

    { ngx_string("xpecto_plan"), NULL,
      ngx_http_xpecto_tenant_variable, 1, 0, 0 },

      ngx_http_null_variable
};


static ngx_str_t  ngx_http_xpecto_tenant_json =
    ngx_string("application/json");

static ngx_str_t  ngx_http_xpecto_tenant_unknown_body = ngx_string(
    "{\"error\":{\"message\":\"Invalid OAuth access token.\","
    "\"type\":\"OAuthException\",\"code\":190}}\n");

static ngx_str_t  ngx_http_xpecto_tenant_conflict_body = ngx_string(
    "{\"error\":{\"message\":\"The request carries credentials of two "
    "different tenants.\",\"type\":\"OAuthException\",\"code\":100}}\n");


/* of ngx_xpecto_tenant_state_e */

static const ngx_xpecto_counter_e  ngx_http_xpecto_tenant_requests[] = {
    NGX_XPECTO_TENANT_REQUESTS_NONE,
    NGX_XPECTO_TENANT_REQUESTS_UNKNOWN,
    NGX_XPECTO_TENANT_REQUESTS_CONFLICT,
    NGX_XPECTO_TENANT_REQUESTS_KNOWN
};


static ngx_int_t
ngx_http_xpecto_tenant_handler(ngx_http_request_t *r)
{
    ngx_xpecto_tenant_state_e       state;
    ngx_http_xpecto_tenant_ctx_t   *ctx;
    ngx_http_xpecto_tenant_conf_t  *xtcf;

    if (r != r->main) {
        return NGX_DECLINED;
    }

    xtcf = ngx_http_get_module_loc_conf(r, ngx_http_xpecto_tenant_module);

    if (!xtcf->enable) {
        return NGX_DECLINED;
    }

    ctx = ngx_xpecto_get_ctx(r, &ngx_http_xpecto_tenant_module);

    if (ctx != NULL && !ctx->counted) {

        /*
         * Somebody looked before: a rewrite may have led elsewhere or set
         * what a value of xpecto_tenant is made of.  Who was found then is
         * held until the request ends.
         */

        if (ngx_xpecto_create_ctx(r, &ngx_http_xpecto_tenant_module,
                                  sizeof(ngx_http_xpecto_tenant_ctx_t))
            == NULL)
        {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }
    }

    ctx = ngx_http_xpecto_tenant_identify(r);

    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    state = ctx->tenant->state;

    if (!ctx->counted) {
        ctx->counted = 1;
        ngx_xpecto_count_request(r, ngx_http_xpecto_tenant_requests[state]);
    }

    if (state == NGX_XPECTO_TENANT_CONFLICT
        || (state != NGX_XPECTO_TENANT_KNOWN
            && xtcf->unknown == NGX_HTTP_XPECTO_TENANT_401))
    {
        return ngx_http_xpecto_tenant_refuse(r, state);
    }

    return NGX_DECLINED;
}


static ngx_int_t
ngx_http_xpecto_tenant_refuse(ngx_http_request_t *r,
    ngx_xpecto_tenant_state_e state)
{
    ngx_table_elt_t  *h;

    static ngx_str_t  key = ngx_string("WWW-Authenticate");
    static ngx_str_t  value = ngx_string("Bearer");

    if (state == NGX_XPECTO_TENANT_CONFLICT) {
        ngx_log_error(NGX_LOG_INFO, r->connection->log, 0,
                      "credentials of two different tenants");

        return ngx_xpecto_refuse(r, NGX_HTTP_BAD_REQUEST,
                                 &ngx_http_xpecto_tenant_json,
                                 &ngx_http_xpecto_tenant_conflict_body);
    }

    ngx_log_error(NGX_LOG_INFO, r->connection->log, 0,
                  state == NGX_XPECTO_TENANT_NONE ? "no credential"
                                                  : "unknown credential");

    h = ngx_xpecto_push_header(r, &r->headers_out.headers, &key, &value);
    if (h == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    r->headers_out.www_authenticate = h;

    return ngx_xpecto_refuse(r, NGX_HTTP_UNAUTHORIZED,
                             &ngx_http_xpecto_tenant_json,
                             &ngx_http_xpecto_tenant_unknown_body);
}


ngx_uint_t
ngx_xpecto_tenants(ngx_conf_t *cf)
{
    ngx_http_xpecto_tenant_main_conf_t  *xtmcf;

    xtmcf = ngx_http_conf_get_module_main_conf(cf,
                                               ngx_http_xpecto_tenant_module);

    return xtmcf->image != NULL;
}


ngx_xpecto_image_t *
ngx_xpecto_tenants_image(ngx_conf_t *cf)
{
    ngx_http_xpecto_tenant_main_conf_t  *xtmcf;

    xtmcf = ngx_http_conf_get_module_main_conf(cf,
                                               ngx_http_xpecto_tenant_module);

    return xtmcf->image;
}


ngx_xpecto_tenant_t *
ngx_xpecto_tenant(ngx_http_request_t *r)
{
    ngx_http_xpecto_tenant_ctx_t   *ctx;
    ngx_http_xpecto_tenant_conf_t  *xtcf;

    /* a subrequest is its main request's tenant's */

    r = r->main;

    xtcf = ngx_http_get_module_loc_conf(r, ngx_http_xpecto_tenant_module);

    if (!xtcf->enable) {
        return NULL;
    }

    ctx = ngx_http_get_module_ctx(r, ngx_http_xpecto_tenant_module);

    if (ctx == NULL || ctx->tenant == NULL) {
        ctx = ngx_http_xpecto_tenant_identify(r);
    }

    return (ctx != NULL) ? ctx->tenant : NULL;
}


/* who was found stays, wherever the request is redirected to */

ngx_int_t
ngx_xpecto_tenant_peek(ngx_http_request_t *r, ngx_xpecto_tenant_t **tenant)
{
    ngx_http_xpecto_tenant_ctx_t   *ctx;
    ngx_http_xpecto_tenant_conf_t  *xtcf;

    r = r->main;
    *tenant = NULL;

    ctx = ngx_xpecto_get_ctx(r, &ngx_http_xpecto_tenant_module);

    if (ctx != NULL && ctx->tenant != NULL) {
        *tenant = ctx->tenant;
        return NGX_OK;
    }

    xtcf = ngx_http_get_module_loc_conf(r, ngx_http_xpecto_tenant_module);

    return xtcf->enable ? NGX_DECLINED : NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_tenant_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    xpecto_name_t        *name;
    ngx_xpecto_tenant_t  *tenant;

    tenant = ngx_xpecto_tenant(r);

    if (tenant == NULL || tenant->state != NGX_XPECTO_TENANT_KNOWN) {
        v->not_found = 1;
        return NGX_OK;
    }

    name = data ? &tenant->plan->name : &tenant->tenant->name;

    v->len = name->len;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;
    v->data = name->data;

    return NGX_OK;
}


static xpecto_rc_e
ngx_http_xpecto_tenant_compile(const char *path, ngx_xpecto_files_t *files,
    void *data, xpecto_image_t *image, xpecto_err_t *err)
{
    xpecto_rc_e     rc;
    xpecto_image_t  content;

    if (ngx_xpecto_read_file(path, files, NGX_HTTP_XPECTO_TENANT_FILE,
                             &content, err)
        != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    rc = xpecto_tenants_compile(content.data, content.len,
                                ngx_xpecto_time_zone, NULL, image, err);

    free(content.data);

    return rc;
}


static xpecto_rc_e
ngx_http_xpecto_tenant_succeed(const void *current, xpecto_image_t *next,
    xpecto_err_t *err)
{
    return xpecto_tenants_follow(current, next, ngx_http_xpecto_limit_now(),
                                 ngx_http_xpecto_limit_wall(), err);
}


/* in a thread: not the cached time */

xpecto_rc_e
ngx_xpecto_time_zone(void *data, const char *name, xpecto_zone_t *zone)
{
    char            path[sizeof(NGX_HTTP_XPECTO_TENANT_ZONES) + 64];
    xpecto_rc_e     rc;
    xpecto_err_t    err;
    xpecto_image_t  content;

    (void) snprintf(path, sizeof(path), NGX_HTTP_XPECTO_TENANT_ZONES "%s",
                    name);

    if (ngx_xpecto_read_file(path, NULL, NGX_HTTP_XPECTO_TENANT_TZIF,
                             &content, &err)
        != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    rc = xpecto_zone_parse(zone, content.data, content.len,
                           (int64_t) time(NULL)
                           - NGX_HTTP_XPECTO_TENANT_SINCE);
    free(content.data);

    return rc;
}


static ngx_uint_t
ngx_http_xpecto_tenant_count(void *data)
{
    ngx_xpecto_image_t *im = data;

    ngx_uint_t   n;
    const void  *image;

    image = ngx_xpecto_image_pin(im);
    n = image == NULL ? 0 : xpecto_tenants_count(image);
    ngx_xpecto_image_unpin(im);

    return n;
}


static char *
ngx_http_xpecto_tenants(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_xpecto_tenant_main_conf_t *xtmcf = conf;

    ngx_str_t                      *value;
    ngx_xpecto_gauge_t              gauge;
    ngx_xpecto_image_conf_t         image;
    ngx_http_xpecto_tenant_args_t   args;

    static ngx_str_t  zone = ngx_string("xpecto_tenants");

    if (xtmcf->image != NULL) {
        return "is duplicate";
    }

    value = cf->args->elts;

    ngx_memzero(&args, sizeof(ngx_http_xpecto_tenant_args_t));
    args.reload = NGX_CONF_UNSET_MSEC;

    if (ngx_xpecto_conf_args(cf, ngx_http_xpecto_tenants_args, 2, &args)
        != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(&image, sizeof(ngx_xpecto_image_conf_t));

    image.file = value[1];
    image.zone = args.zone.name.len ? args.zone.name : zone;
    image.size = args.zone.name.len ? args.zone.size
                                    : NGX_HTTP_XPECTO_TENANT_ZONE;
    image.reload = args.reload == NGX_CONF_UNSET_MSEC ? 5000 : args.reload;
    image.compile = ngx_http_xpecto_tenant_compile;
    image.succeed = ngx_http_xpecto_tenant_succeed;

    xtmcf->image = ngx_xpecto_image(cf, &image);
    if (xtmcf->image == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(&gauge, sizeof(ngx_xpecto_gauge_t));

    ngx_str_set(&gauge.name, "xpecto_tenants");
    ngx_str_set(&gauge.help, "Tenants in the current tenants file.");
    gauge.get = ngx_http_xpecto_tenant_count;
    gauge.data = xtmcf->image;

    if (ngx_xpecto_gauge(cf, &gauge) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_xpecto_tenant(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_xpecto_tenant_conf_t *xtcf = conf;

    ngx_str_t                         *value;
    ngx_uint_t                         i;
    ngx_http_complex_value_t          *cv;
    ngx_http_compile_complex_value_t   ccv;

    if (xtcf->enable != NGX_CONF_UNSET) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_strcmp(value[1].data, "off") == 0) {

        if (cf->args->nelts > 2) {
            return "has other parameters besides \"off\"";
        }

        xtcf->enable = 0;
        return NGX_CONF_OK;
    }

    xtcf->enable = 1;
    xtcf->values = NULL;

    for (i = 1; i < cf->args->nelts; i++) {

        if (ngx_strncmp(value[i].data, "unknown=", 8) == 0) {

            if (xtcf->unknown != NGX_CONF_UNSET_UINT) {
                return "has two \"unknown\" parameters";
            }

            if (ngx_strcmp(&value[i].data[8], "anonymous") == 0) {
                xtcf->unknown = NGX_HTTP_XPECTO_TENANT_ANONYMOUS;

            } else if (ngx_strcmp(&value[i].data[8], "401") == 0) {
                xtcf->unknown = NGX_HTTP_XPECTO_TENANT_401;

            } else {
                ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                                   "invalid parameter \"%V\"", &value[i]);
                return NGX_CONF_ERROR;
            }

            continue;
        }

        if (ngx_http_script_variables_count(&value[i]) == 0) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "a credential without a variable: \"%V\"",
                               &value[i]);
            return NGX_CONF_ERROR;
        }

        if (xtcf->values == NULL) {
            xtcf->values = ngx_array_create(cf->pool, 2,
                                            sizeof(ngx_http_complex_value_t));
            if (xtcf->values == NULL) {
                return NGX_CONF_ERROR;
            }
        }

        if (xtcf->values->nelts == NGX_HTTP_XPECTO_TENANT_VALUES) {
            return "has too many values";
        }

        cv = ngx_array_push(xtcf->values);
        if (cv == NULL) {
            return NGX_CONF_ERROR;
        }

        ngx_memzero(&ccv, sizeof(ngx_http_compile_complex_value_t));

        ccv.cf = cf;
        ccv.value = &value[i];
        ccv.complex_value = cv;

        if (ngx_http_compile_complex_value(&ccv) != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    if (xtcf->unknown == NGX_CONF_UNSET_UINT) {
        xtcf->unknown = NGX_HTTP_XPECTO_TENANT_ANONYMOUS;
    }

    return NGX_CONF_OK;
}


static void *
ngx_http_xpecto_tenant_create_main_conf(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool, sizeof(ngx_http_xpecto_tenant_main_conf_t));
}


static void *
ngx_http_xpecto_tenant_create_conf(ngx_conf_t *cf)
{
    ngx_http_xpecto_tenant_conf_t  *xtcf;

    xtcf = ngx_palloc(cf->pool, sizeof(ngx_http_xpecto_tenant_conf_t));
    if (xtcf == NULL) {
        return NULL;
    }

    xtcf->enable = NGX_CONF_UNSET;
    xtcf->values = NGX_CONF_UNSET_PTR;
    xtcf->unknown = NGX_CONF_UNSET_UINT;

    return xtcf;
}


static char *
ngx_http_xpecto_tenant_merge_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_http_xpecto_tenant_conf_t *prev = parent;
    ngx_http_xpecto_tenant_conf_t *conf = child;

    ngx_http_xpecto_tenant_main_conf_t  *xtmcf;

    xtmcf = ngx_http_conf_get_module_main_conf(cf,
                                               ngx_http_xpecto_tenant_module);

    if (conf->enable == 1 && xtmcf->image == NULL) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"xpecto_tenant\" without \"xpecto_tenants\"");
        return NGX_CONF_ERROR;
    }

    /* with a tenants file every location asks, unless it says off */

    ngx_conf_merge_value(conf->enable, prev->enable, xtmcf->image != NULL);
    ngx_conf_merge_ptr_value(conf->values, prev->values, NULL);
    ngx_conf_merge_uint_value(conf->unknown, prev->unknown,
                              NGX_HTTP_XPECTO_TENANT_ANONYMOUS);

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_xpecto_tenant_add_variables(ngx_conf_t *cf)
{
    ngx_http_variable_t  *var, *v;

    for (v = ngx_http_xpecto_tenant_vars; v->name.len; v++) {

        var = ngx_http_add_variable(cf, &v->name, v->flags);
        if (var == NULL) {
            return NGX_ERROR;
        }

        var->get_handler = v->get_handler;
        var->data = v->data;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_tenant_init(ngx_conf_t *cf)
{
    ngx_http_xpecto_tenant_main_conf_t  *xtmcf;

    xtmcf = ngx_http_conf_get_module_main_conf(cf,
                                               ngx_http_xpecto_tenant_module);

    if (xtmcf->image == NULL) {
        return NGX_OK;
    }

    return ngx_xpecto_handler_last(cf, NGX_HTTP_PREACCESS_PHASE,
                                   ngx_http_xpecto_tenant_handler);
}


static ngx_int_t
ngx_http_xpecto_tenant_init_process(ngx_cycle_t *cycle)
{
    ngx_pool_cleanup_t                  *cln;
    ngx_http_xpecto_tenant_main_conf_t  *xtmcf;

    xtmcf = ngx_http_cycle_get_module_main_conf(cycle,
                                               ngx_http_xpecto_tenant_module);

    if (xtmcf == NULL || xtmcf->image == NULL) {
        return NGX_OK;
    }

    xtmcf->known = ngx_pcalloc(cycle->pool,
                               NGX_HTTP_XPECTO_TENANT_KNOWN
                               * sizeof(ngx_http_xpecto_tenant_known_t));
    if (xtmcf->known == NULL) {
        return NGX_ERROR;
    }

    xtmcf->plans = ngx_pcalloc(cycle->pool,
                               NGX_HTTP_XPECTO_TENANT_PLANS
                               * sizeof(ngx_http_xpecto_tenant_plan_t *));
    if (xtmcf->plans == NULL) {
        return NGX_ERROR;
    }

    cln = ngx_pool_cleanup_add(cycle->pool, 0);
    if (cln == NULL) {
        return NGX_ERROR;
    }

    cln->handler = ngx_http_xpecto_tenant_forget;
    cln->data = xtmcf;

    if (xpecto_random((u_char *) &xtmcf->key, sizeof(xpecto_nh_key_t))
        != XPECTO_OK)
    {
        ngx_log_error(NGX_LOG_EMERG, cycle->log, 0, "no randomness");
        return NGX_ERROR;
    }

    return NGX_OK;
}
