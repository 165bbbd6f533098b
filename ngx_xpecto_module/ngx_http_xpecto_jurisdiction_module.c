
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_jurisdiction.h"


/* RFC 7725 */

#define NGX_HTTP_XPECTO_JURISDICTION_LEGAL  451


static ngx_int_t ngx_http_xpecto_jurisdiction_handler(ngx_http_request_t *r);
static ngx_int_t ngx_http_xpecto_jurisdiction_remain(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf);
static ngx_uint_t ngx_http_xpecto_jurisdiction_follows(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf);
static ngx_int_t ngx_http_xpecto_jurisdiction_deny(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx);
static ngx_int_t ngx_http_xpecto_jurisdiction_body(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx, ngx_str_t *body);
static ngx_int_t ngx_http_xpecto_jurisdiction_link(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx);

static ngx_http_xpecto_jurisdiction_ctx_t *ngx_http_xpecto_jurisdiction_ctx(
    ngx_http_request_t *r);

static ngx_int_t ngx_http_xpecto_jurisdiction_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_xpecto_jurisdiction_country_variable(
    ngx_http_request_t *r, ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_xpecto_jurisdiction_list_variable(
    ngx_http_request_t *r, ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_xpecto_jurisdiction_state_variable(
    ngx_http_request_t *r, ngx_http_variable_value_t *v, uintptr_t data);
static void ngx_http_xpecto_jurisdiction_value(ngx_http_variable_value_t *v,
    ngx_str_t *value);

static void *ngx_http_xpecto_jurisdiction_create_main_conf(ngx_conf_t *cf);
static void *ngx_http_xpecto_jurisdiction_create_conf(ngx_conf_t *cf);
static char *ngx_http_xpecto_jurisdiction_merge_conf(ngx_conf_t *cf,
    void *parent, void *child);
static ngx_int_t ngx_http_xpecto_jurisdiction_add_variables(ngx_conf_t *cf);
static ngx_int_t ngx_http_xpecto_jurisdiction_init(ngx_conf_t *cf);


static ngx_conf_enum_t  ngx_http_xpecto_jurisdiction_modes[] = {
    { ngx_string("off"), NGX_HTTP_XPECTO_JURISDICTION_OFF },
    { ngx_string("on"), NGX_HTTP_XPECTO_JURISDICTION_ON },
    { ngx_string("observe"), NGX_HTTP_XPECTO_JURISDICTION_OBSERVE },
    { ngx_null_string, 0 }
};


static ngx_command_t  ngx_http_xpecto_jurisdiction_commands[] = {

    { ngx_string("xpecto_jurisdiction"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_xpecto_jurisdiction_mode,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_xpecto_jurisdiction_conf_t, mode),
      &ngx_http_xpecto_jurisdiction_modes },

    { ngx_string("xpecto_jurisdiction_geoip"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_1MORE,
      ngx_http_xpecto_jurisdiction_geoip,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("xpecto_jurisdiction_rules"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_1MORE,
      ngx_http_xpecto_jurisdiction_rules,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("xpecto_jurisdiction_origin"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_1MORE,
      ngx_http_xpecto_jurisdiction_origin,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("xpecto_jurisdiction_destination"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_xpecto_jurisdiction_destination,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("xpecto_jurisdiction_ledger"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE12,
      ngx_http_xpecto_jurisdiction_ledger,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_xpecto_jurisdiction_module_ctx = {
    ngx_http_xpecto_jurisdiction_add_variables, /* preconfiguration */
    ngx_http_xpecto_jurisdiction_init,     /* postconfiguration */

    ngx_http_xpecto_jurisdiction_create_main_conf, /* create main conf */
    NULL,                                  /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    ngx_http_xpecto_jurisdiction_create_conf, /* create location conf */
    ngx_http_xpecto_jurisdiction_merge_conf /* merge location conf */
};


ngx_module_t  ngx_http_xpecto_jurisdiction_module = {
    NGX_MODULE_V1,
    &ngx_http_xpecto_jurisdiction_module_ctx, /* module context */
    ngx_http_xpecto_jurisdiction_commands, /* module directives */
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


/* another location may decide anew: not kept over a redirect */

static ngx_http_variable_t  ngx_http_xpecto_jurisdiction_vars[] = {

    { ngx_string("xpecto_country"), NULL,
      ngx_http_xpecto_jurisdiction_country_variable, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("xpecto_jurisdiction"), NULL,
      ngx_http_xpecto_jurisdiction_list_variable, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("xpecto_jurisdiction_basis"), NULL,
      ngx_http_xpecto_jurisdiction_variable,
      offsetof(ngx_xpecto_jurisdiction_t, basis),
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("xpecto_jurisdiction_why"), NULL,
      ngx_http_xpecto_jurisdiction_variable,
      offsetof(ngx_xpecto_jurisdiction_t, why),
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("xpecto_jurisdiction_instrument"), NULL,
      ngx_http_xpecto_jurisdiction_variable,
      offsetof(ngx_xpecto_jurisdiction_t, instrument),
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("xpecto_jurisdiction_state"), NULL,
      ngx_http_xpecto_jurisdiction_state_variable, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("xpecto_jurisdiction_region"), NULL,
      ngx_http_xpecto_jurisdiction_variable,
      offsetof(ngx_xpecto_jurisdiction_t, region),
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("xpecto_jurisdiction_upstream"), NULL,
      ngx_http_xpecto_jurisdiction_variable,
      offsetof(ngx_xpecto_jurisdiction_t, upstream),
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

      ngx_http_null_variable
};


static ngx_int_t
ngx_http_xpecto_jurisdiction_handler(ngx_http_request_t *r)
{
    ngx_int_t                             rc;
    ngx_uint_t                            level;
    ngx_http_xpecto_jurisdiction_ctx_t   *ctx;
    ngx_http_xpecto_jurisdiction_conf_t  *xjcf;

    xjcf = ngx_http_get_module_loc_conf(r, ngx_http_xpecto_jurisdiction_module);

    if (xjcf->mode == NGX_HTTP_XPECTO_JURISDICTION_OFF
        || ngx_http_xpecto_jurisdiction_follows(r, xjcf))
    {
        return NGX_DECLINED;
    }

    if (!xjcf->choose && xjcf->destination == NULL) {
        return ngx_http_xpecto_jurisdiction_remain(r, xjcf);
    }

    /* recipients, and what a batch leads to */

    rc = ngx_xpecto_message_read(r);

    if (rc != NGX_OK) {
        return rc;
    }

    /*
     * Whatever was found when somebody looked at our variables, a rewrite, a
     * variable that is set, another look may have changed what it rests on:
     * what counts is found here.
     */

    ctx = ngx_xpecto_get_ctx(r, &ngx_http_xpecto_jurisdiction_module);

    if (ctx != NULL) {
        ctx->conf = NULL;
    }

    ctx = ngx_http_xpecto_jurisdiction_ctx(r);

    if (ctx == NULL) {

        if (r != r->main) {
            ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                          "transfer of a subrequest cannot be decided: there "
                          "is no memory, or the body with its recipients has "
                          "not been read");
        }

        return (xjcf->mode == NGX_HTTP_XPECTO_JURISDICTION_ON)
               ? NGX_HTTP_INTERNAL_SERVER_ERROR : NGX_DECLINED;
    }

    rc = ngx_http_xpecto_jurisdiction_write(r, xjcf, ctx);

    ctx->refused = (xjcf->mode == NGX_HTTP_XPECTO_JURISDICTION_ON
                    && (ctx->action == XPECTO_ACTION_DENY || rc != NGX_OK));

    if (ctx->action != XPECTO_ACTION_DENY) {
        ctx->passed = (rc == NGX_OK);
        return (rc == NGX_OK) ? NGX_DECLINED
                              : ngx_http_xpecto_jurisdiction_unwritten(r);
    }

    /* of what is refused the client knows, of what would be nobody else */

    level = (xjcf->mode == NGX_HTTP_XPECTO_JURISDICTION_ON) ? NGX_LOG_INFO
                                                            : NGX_LOG_WARN;

    if (ngx_http_xpecto_jurisdiction_state(r->pool, ctx) != NGX_OK) {
        ngx_str_null(&ctx->state);
    }

    ngx_log_error(level, r->connection->log, 0,
                  "transfer %s: basis \"%V\", why \"%V\", state \"%V\", "
                  "region \"%V\", rule \"%V\"",
                  (xjcf->mode == NGX_HTTP_XPECTO_JURISDICTION_ON)
                  ? "denied" : "would be denied",
                  &ctx->jurisdiction.basis, &ctx->cause, &ctx->state,
                  &ctx->jurisdiction.region, &ctx->rule);

    if (xjcf->mode == NGX_HTTP_XPECTO_JURISDICTION_OBSERVE) {
        ngx_xpecto_count_request(r, NGX_XPECTO_JURISDICTION_OBSERVED);
        return NGX_DECLINED;
    }

    ngx_xpecto_count_request(r, NGX_XPECTO_JURISDICTION_DENIED);

    return ngx_http_xpecto_jurisdiction_deny(r, ctx);
}


/*
 * Where error_page leads what was refused nobody has said whether it goes on: a
 * page may be sent from there, the request may not.
 */

static ngx_int_t
ngx_http_xpecto_jurisdiction_remain(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf)
{
    ngx_http_core_loc_conf_t            *clcf;
    ngx_http_xpecto_jurisdiction_ctx_t  *ctx;

    static ngx_str_t  type = ngx_string("application/problem+json");
    static ngx_str_t  body = ngx_string(
        "{\"type\":\"about:blank\","
        "\"title\":\"Unavailable For Legal Reasons\",\"status\":451,"
        "\"detail\":\"The rules for international transfers do not allow "
        "this request, wherever it is led to.\"}\n");

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    if (xjcf->mode != NGX_HTTP_XPECTO_JURISDICTION_ON || xjcf->nowhere
        || clcf->handler == NULL)
    {
        return NGX_DECLINED;
    }

    ctx = ngx_xpecto_get_ctx(r, &ngx_http_xpecto_jurisdiction_module);

    if (ctx == NULL || !ctx->refused) {
        return NGX_DECLINED;
    }

    ngx_log_error(NGX_LOG_INFO, r->connection->log, 0,
                  "transfer denied: what was refused is led to a location "
                  "without \"xpecto_jurisdiction_destination\"");

    ngx_xpecto_count_request(r, NGX_XPECTO_JURISDICTION_DENIED);

    return ngx_xpecto_refuse(r, NGX_HTTP_XPECTO_JURISDICTION_LEGAL, &type,
                             &body);
}


/*
 * A subrequest for the same place as its main request, which was let through.
 * Another URI may lead to sub-processors, or to a location with other origins.
 * The update of a cache and a slice begin behind the phases: they go where
 * their request went.
 */

static ngx_uint_t
ngx_http_xpecto_jurisdiction_follows(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf)
{
    ngx_http_xpecto_jurisdiction_ctx_t  *ctx;

    if (r == r->main) {
        return 0;
    }

    ctx = ngx_xpecto_get_ctx(r->main, &ngx_http_xpecto_jurisdiction_module);

    return ctx != NULL && ctx->passed && ctx->conf == xjcf
           && ctx->uri.len == r->uri.len
           && ngx_memcmp(ctx->uri.data, r->uri.data, r->uri.len) == 0;
}


static ngx_int_t
ngx_http_xpecto_jurisdiction_deny(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx)
{
    ngx_str_t  body;

    static ngx_str_t  type = ngx_string("application/problem+json");

    if (ngx_http_xpecto_jurisdiction_body(r, ctx, &body) != NGX_OK
        || ngx_http_xpecto_jurisdiction_link(r, ctx) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_xpecto_refuse(r, ctx->status, &type, &body);
}


/* names of rules and laws only: none of them needs escaping */

static ngx_int_t
ngx_http_xpecto_jurisdiction_body(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx, ngx_str_t *body)
{
    size_t      len;
    u_char     *p;
    ngx_str_t  *type, *title;

    static ngx_str_t  blank = ngx_string("about:blank");
    static ngx_str_t  forbidden = ngx_string("Forbidden");
    static ngx_str_t  legal = ngx_string("Unavailable For Legal Reasons");

    static char  form[] =
        "{\"type\":\"%V\",\"title\":\"%V\",\"status\":%ui,"
        "\"detail\":\"The rules for international transfers do not allow "
        "this request.\",\"basis\":\"%V\",\"why\":\"%V\","
        "\"instrument\":\"%V\",\"state\":\"%V\",\"region\":\"%V\","
        "\"rule\":\"%V\",\"rules\":\"%V\"}\n";

    if (ngx_http_xpecto_jurisdiction_state(r->pool, ctx) != NGX_OK) {
        return NGX_ERROR;
    }

    type = ctx->type.len ? &ctx->type : &blank;
    title = (ctx->status == NGX_HTTP_FORBIDDEN) ? &forbidden : &legal;

    len = sizeof(form) + type->len + title->len + NGX_INT_T_LEN
          + ctx->jurisdiction.basis.len + ctx->cause.len
          + ctx->missing.len + ctx->state.len
          + ctx->jurisdiction.region.len + ctx->rule.len + ctx->version.len;

    p = ngx_pnalloc(r->pool, len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    body->data = p;
    body->len = ngx_snprintf(p, len, form, type, title, ctx->status,
                             &ctx->jurisdiction.basis, &ctx->cause,
                             &ctx->missing, &ctx->state,
                             &ctx->jurisdiction.region, &ctx->rule,
                             &ctx->version)
                - p;

    return NGX_OK;
}


/* RFC 7725: who demands it */

static ngx_int_t
ngx_http_xpecto_jurisdiction_link(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx)
{
    ngx_str_t  value;

    static ngx_str_t  key = ngx_string("Link");

    if (ctx->blocked_by.len == 0
        || ctx->status != NGX_HTTP_XPECTO_JURISDICTION_LEGAL)
    {
        return NGX_OK;
    }

    value.len = sizeof("<>; rel=\"blocked-by\"") - 1 + ctx->blocked_by.len;

    value.data = ngx_pnalloc(r->pool, value.len);
    if (value.data == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_sprintf(value.data, "<%V>; rel=\"blocked-by\"",
                       &ctx->blocked_by);

    return (ngx_xpecto_push_header(r, &r->headers_out.headers, &key, &value)
            == NULL)
           ? NGX_ERROR : NGX_OK;
}


ngx_uint_t
ngx_xpecto_jurisdictions(ngx_conf_t *cf)
{
    ngx_http_xpecto_jurisdiction_main_conf_t  *xjmcf;

    xjmcf = ngx_http_conf_get_module_main_conf(cf,
                                          ngx_http_xpecto_jurisdiction_module);

    return xjmcf->rules != NULL;
}


ngx_xpecto_jurisdiction_t *
ngx_xpecto_jurisdiction(ngx_http_request_t *r)
{
    ngx_http_xpecto_jurisdiction_ctx_t  *ctx;

    ctx = ngx_http_xpecto_jurisdiction_ctx(r);

    return (ctx == NULL) ? NULL : &ctx->jurisdiction;
}


/* NULL: see ngx_xpecto_jurisdiction() */

static ngx_inline ngx_http_xpecto_jurisdiction_ctx_t *
ngx_http_xpecto_jurisdiction_ctx(ngx_http_request_t *r)
{
    ngx_http_xpecto_jurisdiction_conf_t       *xjcf;
    ngx_http_xpecto_jurisdiction_main_conf_t  *xjmcf;

    xjcf = ngx_http_get_module_loc_conf(r, ngx_http_xpecto_jurisdiction_module);
    xjmcf = ngx_http_get_module_main_conf(r,
                                          ngx_http_xpecto_jurisdiction_module);

    return (xjcf->speaks & xjmcf->origins)
           ? ngx_http_xpecto_jurisdiction_general(r, xjmcf, xjcf)
           : ngx_http_xpecto_jurisdiction_plain(r, xjmcf, xjcf);
}


ngx_http_xpecto_jurisdiction_ctx_t *
ngx_http_xpecto_jurisdiction_general(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf)
{
    ngx_http_xpecto_jurisdiction_ctx_t  *ctx;

    if (xjcf->mode == NGX_HTTP_XPECTO_JURISDICTION_OFF) {
        return NULL;
    }

    if (r != r->main && ngx_http_xpecto_jurisdiction_follows(r, xjcf)) {
        return ngx_xpecto_get_ctx(r->main,
                                  &ngx_http_xpecto_jurisdiction_module);
    }

    ctx = ngx_xpecto_get_ctx(r, &ngx_http_xpecto_jurisdiction_module);

    if (ctx == NULL) {
        ctx = ngx_xpecto_create_ctx(r, &ngx_http_xpecto_jurisdiction_module,
                                   sizeof(ngx_http_xpecto_jurisdiction_ctx_t));
        if (ctx == NULL) {
            return NULL;
        }
    }

    /*
     * another location may lead elsewhere, and realip may find another
     * address: it is decided anew
     */

    if (ctx->conf == xjcf && ctx->sockaddr == r->connection->sockaddr) {
        return ctx;
    }

    if ((xjcf->origins & xjmcf->origins & NGX_HTTP_XPECTO_ORIGIN_RECIPIENT)
        && ngx_xpecto_message_pending(r))
    {
        return NULL;
    }

    if (ngx_http_xpecto_jurisdiction_find(r, xjcf, ctx) != NGX_OK) {
        return NULL;
    }

    ngx_http_xpecto_jurisdiction_count(r, &r->variables[xjmcf->words], ctx);

    return ctx;
}


static ngx_int_t
ngx_http_xpecto_jurisdiction_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_xpecto_jurisdiction_t  *j;

    j = ngx_xpecto_jurisdiction(r);

    ngx_http_xpecto_jurisdiction_value(v, (j == NULL) ? NULL
                                     : (ngx_str_t *) ((u_char *) j + data));

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_jurisdiction_country_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_str_t                   code;
    ngx_xpecto_jurisdiction_t  *j;

    j = ngx_xpecto_jurisdiction(r);

    if (j == NULL) {
        ngx_http_xpecto_jurisdiction_value(v, NULL);
        return NGX_OK;
    }

    ngx_str_null(&code);

    if (j->country != 0) {
        code.data = ngx_pnalloc(r->pool, 2);
        if (code.data == NULL) {
            return NGX_ERROR;
        }

        code.len = 2;
        code.data[0] = (u_char) (j->country >> 8);
        code.data[1] = (u_char) j->country;
    }

    ngx_http_xpecto_jurisdiction_value(v, &code);

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_jurisdiction_list_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_http_xpecto_jurisdiction_ctx_t  *ctx;

    ctx = ngx_http_xpecto_jurisdiction_ctx(r);

    if (ctx == NULL) {
        ngx_http_xpecto_jurisdiction_value(v, NULL);
        return NGX_OK;
    }

    ngx_http_xpecto_jurisdiction_value(v, &ctx->list);

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_jurisdiction_state_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_http_xpecto_jurisdiction_ctx_t  *ctx;

    ctx = ngx_http_xpecto_jurisdiction_ctx(r);

    if (ctx == NULL) {
        ngx_http_xpecto_jurisdiction_value(v, NULL);
        return NGX_OK;
    }

    if (ngx_http_xpecto_jurisdiction_state(r->pool, ctx) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_http_xpecto_jurisdiction_value(v, &ctx->state);

    return NGX_OK;
}


/* NULL: not known yet, so neither valid nor missing, and asked again */

static void
ngx_http_xpecto_jurisdiction_value(ngx_http_variable_value_t *v,
    ngx_str_t *value)
{
    v->len = (value == NULL) ? 0 : value->len;
    v->valid = (value == NULL) ? 0 : 1;
    v->no_cacheable = 0;
    v->not_found = 0;
    v->data = (value == NULL || value->len == 0) ? (u_char *) ""
                                                 : value->data;
}


static void *
ngx_http_xpecto_jurisdiction_create_main_conf(ngx_conf_t *cf)
{
    ngx_http_xpecto_jurisdiction_main_conf_t  *xjmcf;

    xjmcf = ngx_pcalloc(cf->pool,
                        sizeof(ngx_http_xpecto_jurisdiction_main_conf_t));
    if (xjmcf == NULL) {
        return NULL;
    }

    /*
     * set by ngx_pcalloc():
     *
     *     xjmcf->rules = NULL;
     *     xjmcf->places = NULL;
     *     xjmcf->anonymous = NULL;
     *     xjmcf->db = { NULL };
     *     xjmcf->decides = 0;
     */

    xjmcf->origins = ~(ngx_uint_t) 0;

    if (ngx_array_init(&xjmcf->regions, cf->pool, 4,
                       sizeof(ngx_http_xpecto_jurisdiction_region_t))
        != NGX_OK)
    {
        return NULL;
    }

    return xjmcf;
}


static void *
ngx_http_xpecto_jurisdiction_create_conf(ngx_conf_t *cf)
{
    ngx_http_xpecto_jurisdiction_conf_t  *xjcf;

    xjcf = ngx_pcalloc(cf->pool, sizeof(ngx_http_xpecto_jurisdiction_conf_t));
    if (xjcf == NULL) {
        return NULL;
    }

    /*
     * set by ngx_pcalloc():
     *
     *     xjcf->mode_where = { { 0, NULL }, 0 };
     *     xjcf->header = { 0, NULL };
     *     xjcf->from = NULL;
     *     xjcf->destination = NULL;
     *     xjcf->nowhere = 0;
     */

    xjcf->mode = NGX_CONF_UNSET_UINT;
    xjcf->origins = NGX_CONF_UNSET_UINT;
    xjcf->choose = NGX_CONF_UNSET;
    xjcf->record = NGX_CONF_UNSET_UINT;
    xjcf->lossy = NGX_CONF_UNSET;

    return xjcf;
}


static char *
ngx_http_xpecto_jurisdiction_merge_conf(ngx_conf_t *cf, void *parent,
    void *child)
{
    ngx_http_xpecto_jurisdiction_conf_t *prev = parent;
    ngx_http_xpecto_jurisdiction_conf_t *conf = child;

    ngx_http_core_loc_conf_t                  *clcf;
    ngx_http_xpecto_jurisdiction_main_conf_t  *xjmcf;

    if (conf->mode == NGX_CONF_UNSET_UINT) {
        conf->mode_where = prev->mode_where;
    }

    ngx_conf_merge_uint_value(conf->mode, prev->mode,
                              NGX_HTTP_XPECTO_JURISDICTION_OFF);

    if (conf->origins == NGX_CONF_UNSET_UINT) {
        conf->header = prev->header;
        conf->from = prev->from;
    }

    ngx_conf_merge_uint_value(conf->origins, prev->origins,
                              NGX_HTTP_XPECTO_ORIGIN_TENANT
                              |NGX_HTTP_XPECTO_ORIGIN_RECIPIENT
                              |NGX_HTTP_XPECTO_ORIGIN_EVIDENCE);

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (conf->choose == NGX_CONF_UNSET) {
        conf->destination = prev->destination;
        conf->nowhere = prev->nowhere;

    } else if (conf->mode == NGX_HTTP_XPECTO_JURISDICTION_OFF
               && !conf->nowhere && clcf->name.len)
    {
        ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                      "\"xpecto_jurisdiction_destination\" decides nothing, "
                      "\"xpecto_jurisdiction\" is off there, in %V:%ui",
                      &conf->destination_where.file,
                      conf->destination_where.line);
    }

    ngx_conf_merge_value(conf->choose, prev->choose, 0);
    ngx_conf_merge_uint_value(conf->record, prev->record,
                              NGX_HTTP_XPECTO_JURISDICTION_RECORD_SAFEGUARDED);
    ngx_conf_merge_value(conf->lossy, prev->lossy, 0);

    xjmcf = ngx_http_conf_get_module_main_conf(cf,
                                          ngx_http_xpecto_jurisdiction_module);

    if (clcf->resolver != NULL && clcf->resolver->connections.nelts) {
        xjmcf->resolver = 1;
    }

    conf->speaks = conf->origins & (NGX_HTTP_XPECTO_ORIGIN_TENANT
                                    |NGX_HTTP_XPECTO_ORIGIN_RECIPIENT
                                    |NGX_HTTP_XPECTO_ORIGIN_HEADER);

    if (conf->choose || conf->destination != NULL) {
        conf->speaks |= NGX_HTTP_XPECTO_ORIGIN_DECIDED;
    }

    if (conf->mode == NGX_HTTP_XPECTO_JURISDICTION_OFF) {
        conf->speaks = ~(ngx_uint_t) 0;

    } else if (conf->choose || conf->destination != NULL) {
        xjmcf->decides = 1;
    }

    if (conf->mode != NGX_HTTP_XPECTO_JURISDICTION_OFF
        && xjmcf->rules == NULL)
    {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"xpecto_jurisdiction\" needs the directive "
                      "\"xpecto_jurisdiction_rules\" in %V:%ui",
                      &conf->mode_where.file, conf->mode_where.line);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_xpecto_jurisdiction_add_variables(ngx_conf_t *cf)
{
    ngx_http_variable_t                       *var, *v;
    ngx_http_xpecto_jurisdiction_main_conf_t  *xjmcf;

    for (v = ngx_http_xpecto_jurisdiction_vars; v->name.len; v++) {
        var = ngx_http_add_variable(cf, &v->name, v->flags);
        if (var == NULL) {
            return NGX_ERROR;
        }

        var->get_handler = v->get_handler;
        var->data = v->data;
    }

    xjmcf = ngx_http_conf_get_module_main_conf(cf,
                                          ngx_http_xpecto_jurisdiction_module);

    xjmcf->words = ngx_xpecto_request_words(cf,
                                           NGX_HTTP_XPECTO_JURISDICTION_WORDS);

    return (xjmcf->words == NGX_ERROR) ? NGX_ERROR : NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_jurisdiction_init(ngx_conf_t *cf)
{
    ngx_http_xpecto_jurisdiction_main_conf_t  *xjmcf;

    xjmcf = ngx_http_conf_get_module_main_conf(cf,
                                          ngx_http_xpecto_jurisdiction_module);

    if (xjmcf->rules == NULL) {
        return NGX_OK;
    }

    if (ngx_http_xpecto_jurisdiction_check_regions(cf, xjmcf) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ngx_http_xpecto_jurisdiction_check_tenants(cf, xjmcf) != NGX_OK) {
        return NGX_ERROR;
    }

    if (!ngx_xpecto_tenants(cf)) {
        xjmcf->origins &= ~NGX_HTTP_XPECTO_ORIGIN_TENANT;
    }

    if (!ngx_xpecto_messages(cf)) {
        xjmcf->origins &= ~NGX_HTTP_XPECTO_ORIGIN_RECIPIENT;
    }

    /* tags are found when somebody asks for them */

    if (!xjmcf->decides) {
        return NGX_OK;
    }

    return ngx_xpecto_handler_first(cf, NGX_HTTP_PRECONTENT_PHASE,
                                    ngx_http_xpecto_jurisdiction_handler);
}
