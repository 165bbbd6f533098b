
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_limit.h"


#define NGX_HTTP_XPECTO_LIMIT_LIMITS   16      /* xpecto_limit on one level */


typedef struct {
    ngx_str_t                     zone;
    ngx_http_complex_value_t     *key;
    ngx_str_t                     rate;
    ngx_int_t                     burst;
    ngx_str_t                     cost;
    ngx_str_t                     policy;
    ngx_uint_t                    full;
    ngx_flag_t                    dry_run;
    ngx_str_t                     enforce;
    ngx_int_t                     status;
    ngx_str_t                     scope;
} ngx_http_xpecto_limit_args_t;


static char *ngx_http_xpecto_limit(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_http_xpecto_limit_rate(ngx_conf_t *cf,
    ngx_http_xpecto_limit_t *limit, ngx_http_xpecto_limit_args_t *args);
static char *ngx_http_xpecto_limit_whatsapp(ngx_conf_t *cf,
    ngx_http_xpecto_limit_t *limit, ngx_http_xpecto_limit_args_t *args);
static char *ngx_http_xpecto_limit_text(ngx_conf_t *cf,
    ngx_http_xpecto_limit_t *limit, uint64_t window);
static char *ngx_http_xpecto_limit_enforcement(ngx_conf_t *cf,
    ngx_http_xpecto_limit_t *limit, ngx_http_xpecto_limit_args_t *args);
static void ngx_http_xpecto_limit_id(ngx_http_xpecto_limit_t *limit);
static char *ngx_http_xpecto_limit_distinct(ngx_conf_t *cf,
    ngx_http_xpecto_limit_t *limit, ngx_array_t *level);
static char *ngx_http_xpecto_limit_status_bounds(ngx_conf_t *cf, void *post,
    void *data);
static void *ngx_http_xpecto_limit_create_main_conf(ngx_conf_t *cf);
static void *ngx_http_xpecto_limit_create_conf(ngx_conf_t *cf);
static char *ngx_http_xpecto_limit_merge_conf(ngx_conf_t *cf, void *parent,
    void *child);
static ngx_int_t ngx_http_xpecto_limit_init(ngx_conf_t *cf);
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


static ngx_conf_enum_t  ngx_http_xpecto_limit_full[] = {
    { ngx_string("allow"), 0 },
    { ngx_string("deny"), 1 },
    { ngx_null_string, 0 }
};


static ngx_xpecto_arg_t  ngx_http_xpecto_limit_arg_table[] = {

    { ngx_string("zone"), NGX_XPECTO_ARG_STR,
      offsetof(ngx_http_xpecto_limit_args_t, zone), NULL },

    { ngx_string("key"), NGX_XPECTO_ARG_VALUE,
      offsetof(ngx_http_xpecto_limit_args_t, key), NULL },

    { ngx_string("rate"), NGX_XPECTO_ARG_STR,
      offsetof(ngx_http_xpecto_limit_args_t, rate), NULL },

    { ngx_string("burst"), NGX_XPECTO_ARG_NUM,
      offsetof(ngx_http_xpecto_limit_args_t, burst), NULL },

    { ngx_string("cost"), NGX_XPECTO_ARG_STR,
      offsetof(ngx_http_xpecto_limit_args_t, cost), NULL },

    { ngx_string("policy"), NGX_XPECTO_ARG_STR,
      offsetof(ngx_http_xpecto_limit_args_t, policy), NULL },

    { ngx_string("full"), NGX_XPECTO_ARG_ENUM,
      offsetof(ngx_http_xpecto_limit_args_t, full),
      &ngx_http_xpecto_limit_full },

    { ngx_string("dry_run"), NGX_XPECTO_ARG_FLAG,
      offsetof(ngx_http_xpecto_limit_args_t, dry_run), NULL },

    { ngx_string("enforce"), NGX_XPECTO_ARG_STR,
      offsetof(ngx_http_xpecto_limit_args_t, enforce), NULL },

    { ngx_string("status"), NGX_XPECTO_ARG_NUM,
      offsetof(ngx_http_xpecto_limit_args_t, status), NULL },

    { ngx_string("scope"), NGX_XPECTO_ARG_STR,
      offsetof(ngx_http_xpecto_limit_args_t, scope), NULL },

      ngx_xpecto_null_arg
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
      ngx_conf_set_enum_slot,
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
ngx_http_xpecto_limit(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_xpecto_limit_conf_t  *xlcf = conf;

    char                               *rv;
    ngx_http_xpecto_limit_t           **l, *limit;
    ngx_http_xpecto_limit_args_t        args;
    ngx_http_xpecto_limit_main_conf_t  *xlmcf;

    ngx_memzero(&args, sizeof(ngx_http_xpecto_limit_args_t));

    args.burst = NGX_CONF_UNSET;
    args.full = NGX_CONF_UNSET_UINT;
    args.dry_run = NGX_CONF_UNSET;
    args.status = NGX_CONF_UNSET;

    rv = ngx_xpecto_conf_args(cf, ngx_http_xpecto_limit_arg_table, 1, &args);
    if (rv != NGX_CONF_OK) {
        return rv;
    }

    if (args.zone.len == 0) {
        return "needs the \"zone\" parameter";
    }

    limit = ngx_pcalloc(cf->pool, sizeof(ngx_http_xpecto_limit_t));
    if (limit == NULL) {
        return NGX_CONF_ERROR;
    }

    limit->shm_zone = ngx_shared_memory_add(cf, &args.zone, 0,
                                            &ngx_http_xpecto_limit_module);
    if (limit->shm_zone == NULL) {
        return NGX_CONF_ERROR;
    }

    limit->policy.key = args.key;
    limit->file = cf->conf_file->file.name;
    limit->line = cf->conf_file->line;
    limit->policy.meter.deny_full = (args.full == 1);
    limit->policy.dry_run = (args.dry_run == 1);

    rv = ngx_http_xpecto_limit_rate(cf, limit, &args);

    if (rv == NGX_CONF_OK) {
        rv = ngx_http_xpecto_limit_enforcement(cf, limit, &args);
    }

    if (rv == NGX_CONF_OK && args.cost.len != 0) {
        rv = ngx_http_xpecto_limit_cost_value(cf, limit, &args.cost);
    }

    if (rv == NGX_CONF_OK) {
        rv = ngx_http_xpecto_limit_distinct(cf, limit, xlcf->limits);
    }

    limit->policy.of_body = (limit->policy.scope == XPECTO_SCOPE_RECIPIENT
                             || limit->policy.meter.kind
                                == XPECTO_METER_UNIQUE
                             || xpecto_weight_of_body(&limit->policy.weight));

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    if (limit->policy.cost != NULL
        && limit->policy.scope == XPECTO_SCOPE_RECIPIENT)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "each recipient costs 1: \"cost\" is not for "
                           "\"scope=recipient\"");
        return NGX_CONF_ERROR;
    }

    if (xlcf->limits == NGX_CONF_UNSET_PTR) {
        xlcf->limits = ngx_array_create(cf->pool, 2,
                                        sizeof(ngx_http_xpecto_limit_t *));
        if (xlcf->limits == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    l = ngx_array_push(xlcf->limits);
    if (l == NULL) {
        return NGX_CONF_ERROR;
    }

    *l = limit;

    xlmcf = ngx_http_conf_get_module_main_conf(cf,
                                               ngx_http_xpecto_limit_module);

    l = ngx_array_push(&xlmcf->limits);
    if (l == NULL) {
        return NGX_CONF_ERROR;
    }

    *l = limit;

    /*
     * what a plan needs is not known before a request, nor the bytes of a
     * chunked body before it was read
     */

    if (limit->rate.len == 0 || limit->policy.of_body
        || limit->policy.weight.kind == XPECTO_WEIGHT_BYTES
        || limit->policy.weight.kind == XPECTO_WEIGHT_KBYTES)
    {
        xlmcf->of_body = 1;
    }

    if (limit->rate.len == 0
        || limit->policy.meter.kind == XPECTO_METER_HELD
        || limit->policy.meter.kind == XPECTO_METER_UNIQUE)
    {
        xlmcf->held = 1;
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_xpecto_limit_rate(ngx_conf_t *cf, ngx_http_xpecto_limit_t *limit,
    ngx_http_xpecto_limit_args_t *args)
{
    uint32_t       scope;
    xpecto_rate_t  rate;

    if (args->rate.len == 0 && args->scope.len != 0) {
        return "takes \"scope\" with \"rate\" only: a policy of a plan or "
               "of Meta's has its own";
    }

    if (args->rate.len == 0
        && args->policy.len >= sizeof(XPECTO_WHATSAPP_PREFIX) - 1
        && ngx_strncmp(args->policy.data, XPECTO_WHATSAPP_PREFIX,
                       sizeof(XPECTO_WHATSAPP_PREFIX) - 1)
           == 0)
    {
        return ngx_http_xpecto_limit_whatsapp(cf, limit, args);
    }

    if (args->rate.len == 0) {

        if (args->key != NULL || args->burst != NGX_CONF_UNSET
            || args->policy.len != 0)
        {
            return "takes \"key\", \"burst\" and \"policy\" with \"rate\" "
                   "only: the plan of the tenant has its own";
        }

        if (args->enforce.len != 0 || args->status != NGX_CONF_UNSET) {
            return "takes \"enforce\" and \"status\" with \"rate\" only: "
                   "the plan of the tenant has its own";
        }

        return NGX_CONF_OK;
    }

    if (xpecto_rate_parse(&rate, args->rate.data, args->rate.len)
        != XPECTO_OK)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid rate \"%V\": a number and \"r/s\", "
                           "\"r/m\", \"r/h\" or \"r/d\" is expected, at "
                           "most 1000000r/s, or such as \"1r/30d\"", &args->rate);
        return NGX_CONF_ERROR;
    }

    if (args->burst == NGX_CONF_UNSET) {
        args->burst = 1;
    }

    if (args->burst == 0) {
        return "lets nothing pass: \"burst\" is how many may come at once, "
               "at least 1";
    }

    if (xpecto_gcra_init(&limit->policy.meter.gcra, &rate, args->burst)
        != XPECTO_OK)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "burst %i cannot be represented with rate \"%V\"",
                           args->burst, &args->rate);
        return NGX_CONF_ERROR;
    }

    if (args->scope.len != 0) {

        if (args->key != NULL) {
            return "counts by \"key\" or by \"scope\", not by both";
        }

        if (xpecto_scope_parse(&scope, args->scope.data, args->scope.len)
            != XPECTO_OK)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "unknown scope \"%V\": " XPECTO_SCOPE_NAMES
                               " is expected", &args->scope);
            return NGX_CONF_ERROR;
        }

        limit->policy.scope = scope;
    }

    limit->rate = args->rate;
    limit->burst = args->burst;
    limit->policy.name = args->policy.len ? args->policy : args->zone;

    if (ngx_http_xpecto_limit_name(&limit->policy.name) != NGX_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid policy \"%V\": letters, digits and "
                           "\"_-.:\" are expected, at most %d",
                           &limit->policy.name, XPECTO_NAME_MAX);
        return NGX_CONF_ERROR;
    }

    return ngx_http_xpecto_limit_text(cf, limit,
                                      xpecto_ratelimit_window(
                                          &limit->policy.meter.gcra));
}


/* one of Meta's: its name says all */

static char *
ngx_http_xpecto_limit_whatsapp(ngx_conf_t *cf, ngx_http_xpecto_limit_t *limit,
    ngx_http_xpecto_limit_args_t *args)
{
    uint64_t                         window;
    xpecto_limit_t                   l;
    const xpecto_whatsapp_t         *w;
    ngx_http_xpecto_limit_policy_t  *policy;

    w = xpecto_whatsapp_find(args->policy.data, args->policy.len);

    if (w == NULL || xpecto_tenants_whatsapp(w, &l, &window) != XPECTO_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "unknown policy \"%V\": " XPECTO_WHATSAPP_NAMES
                           " is expected", &args->policy);
        return NGX_CONF_ERROR;
    }

    if (args->key != NULL || args->burst != NGX_CONF_UNSET
        || args->cost.len != 0)
    {
        return "takes \"key\", \"burst\" and \"cost\" from a policy of Meta's";
    }

    policy = &limit->policy;

    policy->name = args->policy;
    policy->scope = l.scope;
    policy->endpoints = l.endpoints;
    policy->weight = l.weight;
    policy->error = l.error;
    policy->meter.kind = l.meter;
    policy->meter.gcra = l.gcra;
    policy->meter.count = l.count;

    limit->rate = args->policy;
    limit->burst = l.burst;

    return ngx_http_xpecto_limit_text(cf, limit, window);
}


static char *
ngx_http_xpecto_limit_text(ngx_conf_t *cf, ngx_http_xpecto_limit_t *limit,
    uint64_t window)
{
    ngx_str_t  *name, *text;

    name = &limit->policy.name;
    text = &limit->policy.text;

    text->data = ngx_pnalloc(cf->pool, XPECTO_RATELIMIT_LEN + name->len);
    if (text->data == NULL) {
        return NGX_CONF_ERROR;
    }

    text->len = xpecto_ratelimit_policy(text->data, name->data, name->len,
                                        limit->burst, window);

    ngx_http_xpecto_limit_id(limit);

    return NGX_CONF_OK;
}


static char *
ngx_http_xpecto_limit_enforcement(ngx_conf_t *cf,
    ngx_http_xpecto_limit_t *limit, ngx_http_xpecto_limit_args_t *args)
{
    unsigned  part;

    part = XPECTO_ENFORCE_ALL;

    if (args->enforce.len != 0
        && xpecto_enforce_parse(&part, args->enforce.data, args->enforce.len)
           != XPECTO_OK)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid part \"%V\": \"0%%\" to \"100%%\" is "
                           "expected, with at most two decimals",
                           &args->enforce);
        return NGX_CONF_ERROR;
    }

    limit->policy.enforce = part;

    if (args->status == NGX_CONF_UNSET) {
        return NGX_CONF_OK;
    }

    limit->policy.status = args->status;

    return ngx_http_xpecto_limit_status_bounds(cf, NULL, &args->status);
}


/* nothing is secret here: the zone's secret is in what comes of it */

static void
ngx_http_xpecto_limit_id(ngx_http_xpecto_limit_t *limit)
{
    uint64_t  digest[2];

    static u_char  zero[XPECTO_SIPHASH_KEY_LEN];

    limit->id[0] = 'i';

    xpecto_siphash128(digest, zero, limit->policy.name.data,
                      limit->policy.name.len);

    if (limit->policy.key != NULL) {
        xpecto_siphash128(digest, (u_char *) digest,
                          limit->policy.key->value.data,
                          limit->policy.key->value.len);
    }

    ngx_memcpy(&limit->id[1], digest, sizeof(digest));

    limit->id[1] ^= (u_char) limit->policy.scope;

    limit->policy.id.data = limit->id;
    limit->policy.id.len = sizeof(limit->id);
}


/*
 * A policy of a zone is one whatever location it is used in: there it must
 * have the same rate.  On one level it can stand once.
 */

static char *
ngx_http_xpecto_limit_distinct(ngx_conf_t *cf, ngx_http_xpecto_limit_t *limit,
    ngx_array_t *level)
{
    ngx_uint_t                           i;
    ngx_http_xpecto_limit_t            **l;
    ngx_http_xpecto_limit_main_conf_t   *xlmcf;

    if (level != NGX_CONF_UNSET_PTR) {
        l = level->elts;

        if (level->nelts == NGX_HTTP_XPECTO_LIMIT_LIMITS) {
            return "stands too often on one level";
        }

        for (i = 0; i < level->nelts; i++) {

            if (l[i]->rate.len == 0 && limit->rate.len == 0) {
                return "without \"rate\" can stand once on one level";
            }

            if (l[i]->rate.len != 0 && limit->rate.len != 0
                && l[i]->policy.name.len == limit->policy.name.len
                && ngx_strncmp(l[i]->policy.name.data, limit->policy.name.data,
                               limit->policy.name.len)
                   == 0)
            {
                ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                                   "duplicate policy \"%V\" on one level: "
                                   "name it by \"policy\"",
                                   &limit->policy.name);
                return NGX_CONF_ERROR;
            }
        }
    }

    xlmcf = ngx_http_conf_get_module_main_conf(cf,
                                               ngx_http_xpecto_limit_module);
    l = xlmcf->limits.elts;

    for (i = 0; i < xlmcf->limits.nelts; i++) {

        if (l[i]->shm_zone != limit->shm_zone
            || l[i]->rate.len == 0 || limit->rate.len == 0
            || ngx_memcmp(l[i]->id, limit->id, sizeof(limit->id)) != 0)
        {
            continue;
        }

        if (l[i]->policy.meter.gcra.interval
            != limit->policy.meter.gcra.interval
            || l[i]->burst != limit->burst)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "policy \"%V\" has another rate or burst in "
                               "%V:%ui: name it by \"policy\"",
                               &limit->policy.name, &l[i]->file, l[i]->line);
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


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
    ngx_http_xpecto_limit_zone_t        *zone;
    ngx_http_xpecto_limit_main_conf_t   *xlmcf;

    static ngx_str_t  request_id = ngx_string("request_id");

    xlmcf = ngx_http_conf_get_module_main_conf(cf,
                                               ngx_http_xpecto_limit_module);

    /* a zone may stand below what uses it */

    limit = xlmcf->limits.elts;

    for (i = 0; i < xlmcf->limits.nelts; i++) {

        if (limit[i]->shm_zone->data == NULL) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "unknown zone \"%V\" in \"xpecto_limit\": there is "
                          "no \"xpecto_limit_zone\" of that name in %V:%ui",
                          &limit[i]->shm_zone->shm.name, &limit[i]->file,
                          limit[i]->line);
            return NGX_ERROR;
        }

        zone = limit[i]->shm_zone->data;

        if (limit[i]->policy.meter.kind == XPECTO_METER_UNIQUE
            && zone->unique == 0)
        {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "policy \"%V\" counts recipients, for which zone "
                          "\"%V\" has no \"unique\" in %V:%ui",
                          &limit[i]->policy.name, &zone->name,
                          &limit[i]->file, limit[i]->line);
            return NGX_ERROR;
        }

        if (limit[i]->policy.of_body && !limit[i]->messages) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "policy \"%V\" counts by what a message says, but "
                          "nowhere is it used with \"xpecto_message on\", "
                          "in %V:%ui", &limit[i]->policy.name,
                          &limit[i]->file, limit[i]->line);
            return NGX_ERROR;
        }

        if (limit[i]->rate.len == 0 && !ngx_xpecto_tenants(cf)) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "\"xpecto_limit\" without \"rate\" takes the limits "
                          "of plans, but there is no \"xpecto_tenants\" "
                          "in %V:%ui", &limit[i]->file, limit[i]->line);
            return NGX_ERROR;
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
