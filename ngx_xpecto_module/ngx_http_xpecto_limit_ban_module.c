
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_limit_ban.h"


#define NGX_HTTP_XPECTO_LIMIT_BAN_REJECTS      100
#define NGX_HTTP_XPECTO_LIMIT_BAN_CREDENTIALS  10


typedef struct {
    ngx_str_t                     zone;
    ngx_int_t                     rejects;
    ngx_int_t                     credentials;
    ngx_int_t                     recipients;
    time_t                        within;
    time_t                        time;
    time_t                        max;
    ngx_flag_t                    dry_run;
} ngx_http_xpecto_limit_ban_args_t;


static ngx_int_t ngx_http_xpecto_limit_ban_handler(ngx_http_request_t *r);
static ngx_int_t ngx_http_xpecto_limit_ban_refuse(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ban_ctx_t *ctx);
static ngx_int_t ngx_http_xpecto_limit_ban_check(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ban_ctx_t *ctx, u_char *subject, size_t len);
static ngx_int_t ngx_http_xpecto_limit_ban_log_handler(ngx_http_request_t *r);
static size_t ngx_http_xpecto_limit_ban_tenant(ngx_http_request_t *r,
    u_char *subject);
static char *ngx_http_xpecto_limit_ban(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_http_xpecto_limit_ban_numbers(ngx_conf_t *cf,
    ngx_http_xpecto_limit_ban_t *ban, ngx_http_xpecto_limit_ban_args_t *args);
static void *ngx_http_xpecto_limit_ban_create_main_conf(ngx_conf_t *cf);
static void *ngx_http_xpecto_limit_ban_create_conf(ngx_conf_t *cf);
static char *ngx_http_xpecto_limit_ban_merge_conf(ngx_conf_t *cf,
    void *parent, void *child);
static ngx_int_t ngx_http_xpecto_limit_ban_init(ngx_conf_t *cf);


static ngx_xpecto_arg_t  ngx_http_xpecto_limit_ban_arg_table[] = {

    { ngx_string("zone"), NGX_XPECTO_ARG_STR,
      offsetof(ngx_http_xpecto_limit_ban_args_t, zone), NULL },

    { ngx_string("rejects"), NGX_XPECTO_ARG_NUM,
      offsetof(ngx_http_xpecto_limit_ban_args_t, rejects), NULL },

    { ngx_string("credentials"), NGX_XPECTO_ARG_NUM,
      offsetof(ngx_http_xpecto_limit_ban_args_t, credentials), NULL },

    { ngx_string("recipients"), NGX_XPECTO_ARG_NUM,
      offsetof(ngx_http_xpecto_limit_ban_args_t, recipients), NULL },

    { ngx_string("within"), NGX_XPECTO_ARG_SEC,
      offsetof(ngx_http_xpecto_limit_ban_args_t, within), NULL },

    { ngx_string("time"), NGX_XPECTO_ARG_SEC,
      offsetof(ngx_http_xpecto_limit_ban_args_t, time), NULL },

    { ngx_string("max"), NGX_XPECTO_ARG_SEC,
      offsetof(ngx_http_xpecto_limit_ban_args_t, max), NULL },

    { ngx_string("dry_run"), NGX_XPECTO_ARG_FLAG,
      offsetof(ngx_http_xpecto_limit_ban_args_t, dry_run), NULL },

      ngx_xpecto_null_arg
};


static ngx_command_t  ngx_http_xpecto_limit_ban_commands[] = {

    { ngx_string("xpecto_limit_ban"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_1MORE,
      ngx_http_xpecto_limit_ban,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("xpecto_limit_upstream"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_1MORE,
      ngx_http_xpecto_limit_upstream,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_xpecto_limit_ban_module_ctx = {
    NULL,                                  /* preconfiguration */
    ngx_http_xpecto_limit_ban_init,        /* postconfiguration */

    ngx_http_xpecto_limit_ban_create_main_conf, /* create main configuration */
    NULL,                                  /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    ngx_http_xpecto_limit_ban_create_conf, /* create location configuration */
    ngx_http_xpecto_limit_ban_merge_conf   /* merge location configuration */
};


ngx_module_t  ngx_http_xpecto_limit_ban_module = {
    NGX_MODULE_V1,
    &ngx_http_xpecto_limit_ban_module_ctx, /* module context */
    ngx_http_xpecto_limit_ban_commands,    /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    NULL,                                  /* init module */
    NULL,                                  /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    NULL,                                  /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_str_t  ngx_http_xpecto_limit_banned = ngx_string("BANNED");
static ngx_str_t  ngx_http_xpecto_limit_banned_dry_run =
    ngx_string("BANNED_DRY_RUN");


/* of ngx_http_xpecto_limit_cause_e, in the log */

static const char  *ngx_http_xpecto_limit_ban_causes[] = {
    "rejected requests",
    "failed credentials",
    "failing recipients"
};


/*
 * The first of the module's handlers: who is banned by address costs not
 * even the digest of his credential.  Once per request, as the limits.
 */

static ngx_int_t
ngx_http_xpecto_limit_ban_handler(ngx_http_request_t *r)
{
    ngx_int_t                          rc;
    ngx_http_xpecto_limit_conf_t      *xlcf;
    ngx_http_xpecto_limit_ban_ctx_t   *ctx;
    ngx_http_xpecto_limit_ban_conf_t  *xbcf;

    xbcf = ngx_http_get_module_loc_conf(r, ngx_http_xpecto_limit_ban_module);

    if (r != r->main || (xbcf->ban == NULL && xbcf->upstream == NULL)) {
        return NGX_DECLINED;
    }

    ctx = ngx_http_xpecto_limit_ban_ctx(r);
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    xlcf = ngx_http_get_module_loc_conf(r, ngx_http_xpecto_limit_module);

    if (xbcf->ban != NULL && ctx->ban == NULL) {
        ctx->ban = xbcf->ban;
        ctx->dry_run = xbcf->ban->dry_run || xlcf->dry_run;

        rc = ngx_http_xpecto_limit_ban_refuse(r, ctx);

        if (rc != NGX_DECLINED) {
            return rc;
        }
    }

    if (xbcf->upstream != NULL && ctx->upstream == NULL) {
        ctx->upstream = xbcf->upstream;
        ctx->dry_run = xlcf->dry_run;

        return ngx_http_xpecto_limit_upstream_check(r, ctx);
    }

    return NGX_DECLINED;
}


static ngx_int_t
ngx_http_xpecto_limit_ban_refuse(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ban_ctx_t *ctx)
{
    size_t     len;
    u_char     subject[NGX_HTTP_XPECTO_LIMIT_SUBJECT];
    ngx_int_t  rc;

    len = ngx_http_xpecto_limit_ban_address(r->connection->sockaddr, subject);

    rc = ngx_http_xpecto_limit_ban_check(r, ctx, subject, len);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    len = ngx_http_xpecto_limit_ban_tenant(r, subject);

    return ngx_http_xpecto_limit_ban_check(r, ctx, subject, len);
}


static ngx_int_t
ngx_http_xpecto_limit_ban_check(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ban_ctx_t *ctx, u_char *subject, size_t len)
{
    uint64_t                       tag, left;
    ngx_http_xpecto_limit_zone_t  *zone;

    if (len == 0 || ctx->status != NULL) {
        return NGX_DECLINED;
    }

    zone = ctx->ban->shm_zone->data;

    tag = ngx_http_xpecto_limit_ban_tag(zone,
                                        NGX_HTTP_XPECTO_LIMIT_CAUSES,
                                        subject, len);

    left = xpecto_ban_left(xpecto_ban_find(&zone->cells, tag), ngx_time());

    if (left == 0) {
        return NGX_DECLINED;
    }

    if (ctx->dry_run) {
        ctx->status = &ngx_http_xpecto_limit_banned_dry_run;
        ngx_xpecto_count_request(r, NGX_XPECTO_LIMIT_BANNED_DRY_RUN);

        ngx_log_error(NGX_LOG_WARN, r->connection->log, 0,
                      "refusing who is banned, dry run, zone \"%V\"",
                      &zone->name);
        return NGX_DECLINED;
    }

    ctx->status = &ngx_http_xpecto_limit_banned;
    ngx_xpecto_count_request(r, NGX_XPECTO_LIMIT_BANNED);

    ngx_log_error(NGX_LOG_INFO, r->connection->log, 0,
                  "refusing who is banned, zone \"%V\"", &zone->name);

    return ngx_http_xpecto_limit_block(r, ctx, XPECTO_GRAPH_BLOCKED, left);
}


/* the request is over: has it failed, and in which way */

static ngx_int_t
ngx_http_xpecto_limit_ban_log_handler(ngx_http_request_t *r)
{
    ngx_xpecto_tenant_t              *tenant;
    ngx_http_xpecto_limit_ctx_t      *limit;
    ngx_http_xpecto_limit_ban_ctx_t  *ctx;

    ctx = ngx_xpecto_get_ctx(r, &ngx_http_xpecto_limit_ban_module);

    if (ctx == NULL) {
        return NGX_OK;
    }

    ngx_http_xpecto_limit_reply_end(r, ctx);

    if (ctx->ban == NULL || ctx->status != NULL) {
        return NGX_OK;
    }

    limit = ngx_xpecto_get_ctx(r, &ngx_http_xpecto_limit_module);

    if (limit != NULL && limit->status == NGX_HTTP_XPECTO_LIMIT_REJECTED) {
        ngx_http_xpecto_limit_ban_strike(r, ctx->ban,
                                         NGX_HTTP_XPECTO_LIMIT_REJECTS);
    }

    /* whoever has said so, the tenant room or the upstream */

    if (ngx_xpecto_tenant_peek(r, &tenant) == NGX_OK
        && tenant != NULL && tenant->state == NGX_XPECTO_TENANT_UNKNOWN
        && (r->err_status ? r->err_status : r->headers_out.status)
           == NGX_HTTP_UNAUTHORIZED)
    {
        ngx_http_xpecto_limit_ban_strike(r, ctx->ban,
                                         NGX_HTTP_XPECTO_LIMIT_CREDENTIALS);
    }

    return NGX_OK;
}


/* a credential is guessed by an address, all else is done by a tenant */

void
ngx_http_xpecto_limit_ban_strike(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ban_t *ban, ngx_http_xpecto_limit_cause_e cause)
{
    size_t                         len;
    u_char                         subject[NGX_HTTP_XPECTO_LIMIT_SUBJECT];
    uint64_t                       word;
    xpecto_rc_e                    rc;
    xpecto_ban_table_t             table;
    ngx_http_xpecto_limit_zone_t  *zone;

    if (ban->causes[cause] == 0) {
        return;
    }

    len = 0;

    if (cause != NGX_HTTP_XPECTO_LIMIT_CREDENTIALS) {
        len = ngx_http_xpecto_limit_ban_tenant(r, subject);
    }

    if (len == 0) {
        len = ngx_http_xpecto_limit_ban_address(r->connection->sockaddr,
                                                subject);
    }

    if (len == 0) {
        return;
    }

    zone = ban->shm_zone->data;

    ngx_http_xpecto_limit_ban_table(r, zone, &table);

    rc = xpecto_ban_fail(&table,
                         ngx_http_xpecto_limit_ban_tag(zone, cause, subject,
                                                       len),
                         ngx_http_xpecto_limit_ban_tag(zone,
                                             NGX_HTTP_XPECTO_LIMIT_CAUSES,
                                             subject, len),
                         &ban->ladder, ban->causes[cause], &word);

    if (rc == XPECTO_ERROR) {
        ngx_xpecto_count_request(r, NGX_XPECTO_LIMIT_FULL);
        return;
    }

    if (rc == XPECTO_OK) {
        return;
    }

    ngx_xpecto_count_request(r, NGX_XPECTO_LIMIT_BANS + cause);

    ngx_log_error(NGX_LOG_WARN, r->connection->log, 0,
                  "banned for %uL seconds, rung %ui, for %s, zone \"%V\"",
                  xpecto_ban_left(word, ngx_time()),
                  (ngx_uint_t) xpecto_ban_rung(word, ngx_time()),
                  ngx_http_xpecto_limit_ban_causes[cause], &zone->name);
}


void
ngx_http_xpecto_limit_ban_table(ngx_http_request_t *r,
    ngx_http_xpecto_limit_zone_t *zone, xpecto_ban_table_t *table)
{
    ngx_http_xpecto_limit_main_conf_t  *xlmcf;

    xlmcf = ngx_http_get_module_main_conf(r, ngx_http_xpecto_limit_module);

    zone->cells.wall = ngx_time();

    table->cells = &zone->cells;
    table->ticks = ngx_http_xpecto_limit_now();
    table->stamp = &xlmcf->stamp;
}


uint64_t
ngx_http_xpecto_limit_ban_tag(ngx_http_xpecto_limit_zone_t *zone,
    ngx_uint_t what, u_char *subject, size_t len)
{
    u_char        id[2];
    xpecto_str_t  policy;

    id[0] = 'b';
    id[1] = (u_char) what;

    policy.len = sizeof(id);
    policy.data = id;

    return xpecto_limit_tag(zone->sh->secret, XPECTO_CELL_BAN, &policy,
                            subject, len);
}


/* who has one address has its neighbours as well; a socket file has nobody */

size_t
ngx_http_xpecto_limit_ban_address(struct sockaddr *sockaddr, u_char *subject)
{
    struct sockaddr_in   *sin;
#if (NGX_HAVE_INET6)
    u_char               *p;
    struct sockaddr_in6  *sin6;
#endif

    switch (sockaddr->sa_family) {

#if (NGX_HAVE_INET6)
    case AF_INET6:
        sin6 = (struct sockaddr_in6 *) sockaddr;
        p = sin6->sin6_addr.s6_addr;

        if (IN6_IS_ADDR_V4MAPPED(&sin6->sin6_addr)) {
            subject[0] = '4';
            ngx_memcpy(&subject[1], &p[12], 3);
            return 4;
        }

        subject[0] = '6';
        ngx_memcpy(&subject[1], p, 8);
        return 9;
#endif

    case AF_INET:
        sin = (struct sockaddr_in *) sockaddr;

        subject[0] = '4';
        ngx_memcpy(&subject[1], &sin->sin_addr.s_addr, 3);
        return 4;

    default: /* AF_UNIX */
        return 0;
    }
}


size_t
ngx_http_xpecto_limit_ban_name(xpecto_name_t *tenant, u_char *subject)
{
    subject[0] = 't';
    ngx_memcpy(&subject[1], tenant->data, tenant->len);

    return 1 + tenant->len;
}


static size_t
ngx_http_xpecto_limit_ban_tenant(ngx_http_request_t *r, u_char *subject)
{
    ngx_xpecto_tenant_t  *tenant;

    tenant = ngx_xpecto_tenant(r);

    if (tenant == NULL || tenant->state != NGX_XPECTO_TENANT_KNOWN) {
        return 0;
    }

    return ngx_http_xpecto_limit_ban_name(&tenant->tenant->name, subject);
}


ngx_http_xpecto_limit_ban_ctx_t *
ngx_http_xpecto_limit_ban_ctx(ngx_http_request_t *r)
{
    ngx_http_xpecto_limit_ban_ctx_t  *ctx;

    ctx = ngx_xpecto_get_ctx(r, &ngx_http_xpecto_limit_ban_module);

    if (ctx == NULL) {
        ctx = ngx_xpecto_create_ctx(r, &ngx_http_xpecto_limit_ban_module,
                                    sizeof(ngx_http_xpecto_limit_ban_ctx_t));
    }

    return ctx;
}


ngx_str_t *
ngx_http_xpecto_limit_ban_status(ngx_http_request_t *r)
{
    ngx_http_xpecto_limit_ban_ctx_t  *ctx;

    ctx = ngx_xpecto_get_ctx(r->main, &ngx_http_xpecto_limit_ban_module);

    return ctx == NULL ? NULL : ctx->status;
}


static char *
ngx_http_xpecto_limit_ban(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_xpecto_limit_ban_conf_t  *xbcf = conf;

    char                                    *rv;
    ngx_str_t                               *value;
    ngx_http_xpecto_limit_ban_t            **b, *ban;
    ngx_http_xpecto_limit_ban_args_t         args;
    ngx_http_xpecto_limit_ban_main_conf_t   *xbmcf;

    if (xbcf->ban != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (cf->args->nelts == 2 && ngx_strcmp(value[1].data, "off") == 0) {
        xbcf->ban = NULL;
        return NGX_CONF_OK;
    }

    ngx_memzero(&args, sizeof(ngx_http_xpecto_limit_ban_args_t));

    args.rejects = NGX_CONF_UNSET;
    args.credentials = NGX_CONF_UNSET;
    args.recipients = NGX_CONF_UNSET;
    args.within = NGX_CONF_UNSET;
    args.time = NGX_CONF_UNSET;
    args.max = NGX_CONF_UNSET;
    args.dry_run = NGX_CONF_UNSET;

    rv = ngx_xpecto_conf_args(cf, ngx_http_xpecto_limit_ban_arg_table, 1,
                              &args);
    if (rv != NGX_CONF_OK) {
        return rv;
    }

    if (args.zone.len == 0) {
        return "needs the \"zone\" parameter";
    }

    ban = ngx_pcalloc(cf->pool, sizeof(ngx_http_xpecto_limit_ban_t));
    if (ban == NULL) {
        return NGX_CONF_ERROR;
    }

    ban->shm_zone = ngx_shared_memory_add(cf, &args.zone, 0,
                                          &ngx_http_xpecto_limit_module);
    if (ban->shm_zone == NULL) {
        return NGX_CONF_ERROR;
    }

    ban->file = cf->conf_file->file.name;
    ban->line = cf->conf_file->line;
    ban->dry_run = (args.dry_run == 1);

    rv = ngx_http_xpecto_limit_ban_numbers(cf, ban, &args);
    if (rv != NGX_CONF_OK) {
        return rv;
    }

    xbcf->ban = ban;

    xbmcf = ngx_http_conf_get_module_main_conf(cf,
                                            ngx_http_xpecto_limit_ban_module);

    b = ngx_array_push(&xbmcf->bans);
    if (b == NULL) {
        return NGX_CONF_ERROR;
    }

    *b = ban;

    return NGX_CONF_OK;
}


static char *
ngx_http_xpecto_limit_ban_numbers(ngx_conf_t *cf,
    ngx_http_xpecto_limit_ban_t *ban, ngx_http_xpecto_limit_ban_args_t *args)
{
    ngx_uint_t  i;

    ban->needs_tenants = (args->credentials > 0);

    ngx_conf_init_value(args->rejects, NGX_HTTP_XPECTO_LIMIT_BAN_REJECTS);
    ngx_conf_init_value(args->credentials,
                        NGX_HTTP_XPECTO_LIMIT_BAN_CREDENTIALS);
    ngx_conf_init_value(args->recipients, 0);
    ngx_conf_init_value(args->within, 60);
    ngx_conf_init_value(args->time, 60);
    ngx_conf_init_value(args->max, ngx_max(args->time, 86400));

    if (args->rejects == 0 && args->credentials == 0 && args->recipients == 0)
    {
        return "counts nothing: one of \"rejects\", \"credentials\" and "
               "\"recipients\" must be more than 0";
    }

    ban->causes[NGX_HTTP_XPECTO_LIMIT_REJECTS] = args->rejects;
    ban->causes[NGX_HTTP_XPECTO_LIMIT_CREDENTIALS] = args->credentials;
    ban->causes[NGX_HTTP_XPECTO_LIMIT_RECIPIENTS] = args->recipients;

    for (i = 0; i < NGX_HTTP_XPECTO_LIMIT_CAUSES; i++) {

        if (ban->causes[i] > XPECTO_BAN_STRIKES_MAX) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"xpecto_limit_ban\" counts to %d at most",
                               XPECTO_BAN_STRIKES_MAX);
            return NGX_CONF_ERROR;
        }
    }

    if (args->within == 0 || args->within > XPECTO_BAN_SECONDS_MAX
        || args->time == 0 || args->time > XPECTO_BAN_SECONDS_MAX
        || args->max > XPECTO_BAN_SECONDS_MAX)
    {
        return "has a time that is not between 1s and 12d";
    }

    if (args->max < args->time) {
        return "has a \"max\" that is shorter than \"time\"";
    }

    ban->ladder.within = args->within;
    ban->ladder.time = args->time;
    ban->ladder.max = args->max;
    ban->ladder.quiet = args->max;
    ban->ladder.shift = 1;

    return NGX_CONF_OK;
}


static void *
ngx_http_xpecto_limit_ban_create_main_conf(ngx_conf_t *cf)
{
    ngx_http_xpecto_limit_ban_main_conf_t  *xbmcf;

    xbmcf = ngx_pcalloc(cf->pool,
                        sizeof(ngx_http_xpecto_limit_ban_main_conf_t));
    if (xbmcf == NULL) {
        return NULL;
    }

    if (ngx_array_init(&xbmcf->bans, cf->pool, 2,
                       sizeof(ngx_http_xpecto_limit_ban_t *))
        != NGX_OK
        || ngx_array_init(&xbmcf->upstreams, cf->pool, 2,
                          sizeof(ngx_http_xpecto_limit_upstream_t *))
           != NGX_OK
        || xpecto_reply_compile(&xbmcf->paths) != XPECTO_OK)
    {
        return NULL;
    }

    return xbmcf;
}


static void *
ngx_http_xpecto_limit_ban_create_conf(ngx_conf_t *cf)
{
    ngx_http_xpecto_limit_ban_conf_t  *xbcf;

    xbcf = ngx_palloc(cf->pool, sizeof(ngx_http_xpecto_limit_ban_conf_t));
    if (xbcf == NULL) {
        return NULL;
    }

    xbcf->ban = NGX_CONF_UNSET_PTR;
    xbcf->upstream = NGX_CONF_UNSET_PTR;

    return xbcf;
}


static char *
ngx_http_xpecto_limit_ban_merge_conf(ngx_conf_t *cf, void *parent,
    void *child)
{
    ngx_http_xpecto_limit_ban_conf_t *prev = parent;
    ngx_http_xpecto_limit_ban_conf_t *conf = child;

    ngx_conf_merge_ptr_value(conf->ban, prev->ban, NULL);
    ngx_conf_merge_ptr_value(conf->upstream, prev->upstream, NULL);

    return NGX_CONF_OK;
}


void
ngx_http_xpecto_limit_ban_enforced(ngx_conf_t *cf)
{
    ngx_http_xpecto_limit_ban_conf_t  *xbcf;

    xbcf = ngx_http_conf_get_module_loc_conf(cf,
                                            ngx_http_xpecto_limit_ban_module);

    if (xbcf->ban != NULL && !xbcf->ban->dry_run) {
        xbcf->ban->enforced = 1;
    }

    if (xbcf->upstream != NULL) {
        xbcf->upstream->enforced = 1;
    }
}


static ngx_int_t
ngx_http_xpecto_limit_ban_init(ngx_conf_t *cf)
{
    ngx_uint_t                               i;
    ngx_http_handler_pt                     *h;
    ngx_http_core_main_conf_t               *cmcf;
    ngx_http_xpecto_limit_ban_t            **ban;
    ngx_http_xpecto_limit_ban_main_conf_t   *xbmcf;

    xbmcf = ngx_http_conf_get_module_main_conf(cf,
                                            ngx_http_xpecto_limit_ban_module);
    ban = xbmcf->bans.elts;

    for (i = 0; i < xbmcf->bans.nelts; i++) {

        if (ban[i]->shm_zone->data == NULL) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "unknown zone \"%V\" in \"xpecto_limit_ban\": there "
                          "is no \"xpecto_limit_zone\" of that name in %V:%ui",
                          &ban[i]->shm_zone->shm.name, &ban[i]->file,
                          ban[i]->line);
            return NGX_ERROR;
        }

        if (ban[i]->needs_tenants && !ngx_xpecto_tenants(cf)) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "\"xpecto_limit_ban\" counts credentials that no "
                          "tenant has, but there is no \"xpecto_tenants\" in "
                          "%V:%ui", &ban[i]->file, ban[i]->line);
            return NGX_ERROR;
        }
    }

    if (ngx_http_xpecto_limit_upstream_init(cf) != NGX_OK
        || ngx_http_xpecto_limit_top_init(cf) != NGX_OK)
    {
        return NGX_ERROR;
    }

    /*
     * always: the chain is the master's, and a configuration that fails
     * after this must not take the filter from the workers of the old one
     */

    ngx_http_xpecto_limit_reply_init_filter();

    if (xbmcf->bans.nelts == 0 && xbmcf->upstreams.nelts == 0) {
        return NGX_OK;
    }

    if (ngx_xpecto_header_filter(cf, ngx_http_xpecto_limit_reply_header_filter)
        != NGX_OK
        || ngx_xpecto_header_filter(cf,
                                    ngx_http_xpecto_limit_block_header_filter)
           != NGX_OK
        || ngx_xpecto_handler_last(cf, NGX_HTTP_PREACCESS_PHASE,
                                   ngx_http_xpecto_limit_ban_handler)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    h = ngx_array_push(&cmcf->phases[NGX_HTTP_LOG_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_http_xpecto_limit_ban_log_handler;

    return NGX_OK;
}
