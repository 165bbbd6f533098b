
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_consent.h"


/* of nginx's hash of variables: two names of ours fit */

#define NGX_HTTP_XPECTO_CONSENT_BUCKET  128


static ngx_int_t ngx_http_xpecto_consent_handler(ngx_http_request_t *r);
static ngx_int_t ngx_http_xpecto_consent_enforce(ngx_http_request_t *r,
    ngx_http_xpecto_consent_loc_conf_t *xlcf,
    ngx_http_xpecto_consent_ctx_t *ctx);
static void ngx_http_xpecto_consent_strip(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_uint_t enable);
static void ngx_http_xpecto_consent_strip_lines(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_uint_t enable);
static ngx_inline ngx_uint_t ngx_http_xpecto_consent_is_kept(
    ngx_http_xpecto_consent_ctx_t *ctx);
static void ngx_http_xpecto_consent_strip_line(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_uint_t enable,
    ngx_table_elt_t *h);
static void ngx_http_xpecto_consent_shorten(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_table_elt_t *h, size_t len);
static void ngx_http_xpecto_consent_keep_line(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_str_t *line);
static ngx_uint_t ngx_http_xpecto_consent_is_emptied(ngx_table_elt_t *h,
    void *data);
static void ngx_http_xpecto_consent_forget_values(ngx_http_request_t *r);
static ngx_int_t ngx_http_xpecto_consent_add_gpc(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx);
static ngx_int_t ngx_http_xpecto_consent_header_filter(ngx_http_request_t *r);
static ngx_uint_t ngx_http_xpecto_consent_is_else(ngx_table_elt_t *h,
    void *data);
static ngx_int_t ngx_http_xpecto_consent_init(ngx_conf_t *cf);
static ngx_int_t ngx_http_xpecto_consent_find_variables(ngx_cycle_t *cycle,
    ngx_http_xpecto_consent_main_conf_t *xmcf);
static ngx_int_t ngx_http_xpecto_consent_init_process(ngx_cycle_t *cycle);
static void ngx_http_xpecto_consent_cleanup(void *data);


static ngx_conf_enum_t  ngx_http_xpecto_consent_enable[] = {
    { ngx_string("off"), NGX_HTTP_XPECTO_CONSENT_OFF },
    { ngx_string("report"), NGX_HTTP_XPECTO_CONSENT_REPORT },
    { ngx_string("on"), NGX_HTTP_XPECTO_CONSENT_ON },
    { ngx_null_string, 0 }
};


static ngx_conf_enum_t  ngx_http_xpecto_consent_gpc[] = {
    { ngx_string("off"), NGX_HTTP_XPECTO_CONSENT_GPC_OFF },
    { ngx_string("law"), NGX_HTTP_XPECTO_CONSENT_GPC_LAW },
    { ngx_string("everywhere"), NGX_HTTP_XPECTO_CONSENT_GPC_ON },
    { ngx_null_string, 0 }
};


static ngx_command_t  ngx_http_xpecto_consent_filter_commands[] = {

    { ngx_string("xpecto_consent"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_xpecto_consent_switch,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_xpecto_consent_loc_conf_t, enable),
      &ngx_http_xpecto_consent_enable },

    { ngx_string("xpecto_consent_cookie"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_CONF_1MORE,
      ngx_http_xpecto_consent_cookie,
      NGX_HTTP_SRV_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("xpecto_consent_revision"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_CONF_TAKE23,
      ngx_http_xpecto_consent_revision,
      NGX_HTTP_SRV_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("xpecto_consent_purpose"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_CONF_1MORE,
      ngx_http_xpecto_consent_purpose,
      NGX_HTTP_SRV_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("xpecto_consent_keep"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_CONF_1MORE,
      ngx_http_xpecto_consent_keep,
      NGX_HTTP_SRV_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("xpecto_consent_expire"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_CONF_1MORE,
      ngx_http_xpecto_consent_expires,
      NGX_HTTP_SRV_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("xpecto_consent_zone"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE12,
      ngx_http_xpecto_consent_zone,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("xpecto_consent_gpc"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_CONF_TAKE1,
      ngx_xpecto_conf_enum_slot,
      NGX_HTTP_SRV_CONF_OFFSET,
      offsetof(ngx_http_xpecto_consent_srv_conf_t, gpc),
      &ngx_http_xpecto_consent_gpc },

    { ngx_string("xpecto_consent_no_sale"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_SRV_CONF_OFFSET,
      offsetof(ngx_http_xpecto_consent_srv_conf_t, no_sale),
      NULL },

    { ngx_string("xpecto_consent_controller"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_CONF_1MORE,
      ngx_http_xpecto_consent_controller,
      NGX_HTTP_SRV_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("xpecto_consent_processor"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_CONF_2MORE,
      ngx_http_xpecto_consent_processor,
      NGX_HTTP_SRV_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("xpecto_consent_age_min"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_CONF_TAKE1,
      ngx_http_xpecto_consent_age_min,
      NGX_HTTP_SRV_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("xpecto_consent_api"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS|NGX_CONF_TAKE1,
      ngx_http_xpecto_consent_api,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("xpecto_consent_page"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE12,
      ngx_http_xpecto_consent_page,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("xpecto_consent_require"),
      NGX_HTTP_LOC_CONF|NGX_CONF_TAKE123,
      ngx_http_xpecto_consent_require,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_xpecto_consent_filter_module_ctx = {
    ngx_http_xpecto_consent_add_variables, /* preconfiguration */
    ngx_http_xpecto_consent_init,          /* postconfiguration */

    ngx_http_xpecto_consent_create_main_conf, /* create main configuration */
    NULL,                                  /* init main configuration */

    ngx_http_xpecto_consent_create_srv_conf, /* create server configuration */
    ngx_http_xpecto_consent_merge_srv_conf, /* merge server configuration */

    ngx_http_xpecto_consent_create_loc_conf, /* create location configuration */
    ngx_http_xpecto_consent_merge_loc_conf /* merge location configuration */
};


ngx_module_t  ngx_http_xpecto_consent_filter_module = {
    NGX_MODULE_V1,
    &ngx_http_xpecto_consent_filter_module_ctx, /* module context */
    ngx_http_xpecto_consent_filter_commands, /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    NULL,                                  /* init module */
    ngx_http_xpecto_consent_init_process,  /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    NULL,                                  /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


/* 1: no other module has put anything else into the line since */

static ngx_inline ngx_uint_t
ngx_http_xpecto_consent_is_kept(ngx_http_xpecto_consent_ctx_t *ctx)
{
    return ctx->line->value.data == ctx->value.data
           && ctx->line->value.len == ctx->value.len;
}


/*
 * Last of PREACCESS: a realip of the location has run, nothing was passed on.
 * As a rule our own cookie is the last of its line, and all there is to strip.
 */

static ngx_int_t
ngx_http_xpecto_consent_handler(ngx_http_request_t *r)
{
    ngx_http_xpecto_consent_ctx_t       *ctx;
    ngx_http_xpecto_consent_loc_conf_t  *xlcf;

    xlcf = ngx_http_get_module_loc_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    if (xlcf->enable == NGX_HTTP_XPECTO_CONSENT_OFF
        || (r != r->main && !xlcf->require))
    {
        return NGX_DECLINED;
    }

    ctx = ngx_http_xpecto_consent_get(r);

    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    /* an answer of an upstream has led here */

    if (r->upstream != NULL && r == r->main
        && xlcf->enable == NGX_HTTP_XPECTO_CONSENT_ON)
    {
        ngx_http_xpecto_consent_carry_minor(r, ctx);

        if (ctx->found && ctx->done) {

            /* what was left before is refused now */

            ctx->line = NULL;
            ctx->purposes = 0xffff;
            ctx->ours = 1;

            ngx_http_xpecto_consent_strip(r, ctx, xlcf->enable);
        }
    }

    if (!ctx->only_ours
        || !ngx_http_xpecto_consent_is_kept(ctx)
        || xlcf->enable != NGX_HTTP_XPECTO_CONSENT_ON
        || xlcf->require
        || r->content_handler == ngx_http_xpecto_consent_api_handler
        || ctx->done)
    {
        return ngx_http_xpecto_consent_enforce(r, xlcf, ctx);
    }

    ctx->line->value.data[ctx->rest] = '\0';
    ctx->line->value.len = ctx->rest;
    ctx->value.len = ctx->rest;

    ctx->stripped = 1;
    ctx->done = 1;

    ngx_http_xpecto_consent_forget_values(r);

    return NGX_DECLINED;
}


static ngx_int_t
ngx_http_xpecto_consent_enforce(ngx_http_request_t *r,
    ngx_http_xpecto_consent_loc_conf_t *xlcf,
    ngx_http_xpecto_consent_ctx_t *ctx)
{
    ngx_int_t  rc;

    /* where one may consent needs no consent */

    if (xlcf->require && !xlcf->api) {
        rc = ngx_http_xpecto_consent_gate(r, xlcf, ctx);

        if (rc != NGX_DECLINED || r != r->main) {
            return rc;
        }
    }

    if (r != r->main) {
        return NGX_DECLINED;
    }

    /* also at the API: a mirror or auth_request there has an upstream */

    if (ctx->done) {
        return NGX_DECLINED;
    }

    ngx_http_xpecto_consent_strip(r, ctx, xlcf->enable);

    if (xlcf->enable == NGX_HTTP_XPECTO_CONSENT_ON) {

        /* a token, or a signal that the upstream does not see: no request */

        if (ctx->header != NULL
            && ngx_http_xpecto_consent_drop_app(r) != NGX_OK)
        {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        if (ngx_http_xpecto_consent_adds_gpc(ctx)
            && ngx_http_xpecto_consent_add_gpc(r, ctx) != NGX_OK)
        {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        ctx->done = 1;
    }

    return NGX_DECLINED;
}


/*
 * Without memory it is done all the same: the request goes on, with neither
 * ours nor a tracker.
 */

static void
ngx_http_xpecto_consent_strip(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_uint_t enable)
{
    ngx_uint_t  refused;

    if (ctx->line != NULL && !ngx_http_xpecto_consent_is_kept(ctx)) {

        /* what was found in it is not in what another has put there */

        ctx->line = NULL;
        ctx->purposes = 0xffff;
        ctx->ours = 1;
    }

    refused = ctx->purposes & (ctx->decision.denied | XPECTO_COOKIE_OURS);

    if (!ctx->ours && !refused) {
        return;
    }

    if (ctx->at_end && ctx->line != NULL && !refused) {

        if (enable == NGX_HTTP_XPECTO_CONSENT_ON) {
            ngx_http_xpecto_consent_shorten(r, ctx, ctx->line, ctx->rest);
        }

    } else if (ctx->line != NULL) {
        ngx_http_xpecto_consent_strip_line(r, ctx, enable, ctx->line);

    } else {
        ngx_http_xpecto_consent_strip_lines(r, ctx, enable);
    }

    ctx->stripped = 1;

    if (enable == NGX_HTTP_XPECTO_CONSENT_REPORT) {
        return;
    }

    ngx_http_xpecto_consent_forget_values(r);

    /* what is not dropped is passed on with nothing in it */

    if (ctx->emptied) {
        (void) ngx_xpecto_drop_headers(r, ngx_http_xpecto_consent_is_emptied,
                                       NULL);
    }
}


static void
ngx_http_xpecto_consent_strip_lines(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_uint_t enable)
{
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    part = &r->headers_in.headers.part;
    h = part->elts;

    for (i = 0; /* void */ ; i++) {

        if (i >= part->nelts) {

            if (part->next == NULL) {
                return;
            }

            part = part->next;
            h = part->elts;
            i = 0;
        }

        if (ngx_http_xpecto_consent_is(&h[i], "cookie", 6)) {
            ngx_http_xpecto_consent_strip_line(r, ctx, enable, &h[i]);
        }
    }
}


static void
ngx_http_xpecto_consent_strip_line(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_uint_t enable, ngx_table_elt_t *h)
{
    size_t                               len;
    u_char                              *p;
    uint16_t                             refused;
    unsigned                             n;
    xpecto_str_t                         own, line;
    xpecto_cookie_scan_t                *scan, here;
    ngx_xpecto_counters_t               *counters;
    ngx_http_xpecto_consent_srv_conf_t  *conf;

    if (h->value.len == 0) {
        return;
    }

    conf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    own = ngx_xpecto_str(&conf->cookie->name);
    line = ngx_xpecto_str(&h->value);
    refused = ctx->decision.denied | XPECTO_COOKIE_OURS;

    p = ngx_pnalloc(r->pool, h->value.len + 1);

    if (p != NULL && ctx->cookies == NULL && ctx->line != NULL) {
        (void) ngx_http_xpecto_consent_scan(r, conf, ctx, h);
    }

    scan = ctx->cookies;

    if (p == NULL || scan == NULL) {
        scan = &here;
        ngx_memzero(scan, sizeof(xpecto_cookie_scan_t));
        xpecto_cookie_scan(conf->names, &own, &line, scan);
    }

    /* in its own place, and the browser is told to forget the next time */

    if (p == NULL) {

        if (enable == NGX_HTTP_XPECTO_CONSENT_REPORT
            || (!scan->own && !(scan->purposes & refused)))
        {
            return;
        }

        p = h->value.data;
    }

    n = 0;

    len = xpecto_cookie_filter(conf->names, &own, scan, refused, &line, p, &n);

    if (n && !ctx->stripped) {
        counters = ngx_xpecto_counters((ngx_cycle_t *) ngx_cycle);
        ngx_xpecto_count(counters, NGX_XPECTO_CONSENT_STRIPPED, n);
    }

    if (enable == NGX_HTTP_XPECTO_CONSENT_REPORT || len == h->value.len) {
        return;
    }

    if (n && p != h->value.data) {
        ngx_http_xpecto_consent_keep_line(r, ctx, &h->value);
    }

    h->value.data = p;

    ngx_http_xpecto_consent_shorten(r, ctx, h, len);
}


static void
ngx_http_xpecto_consent_shorten(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_table_elt_t *h, size_t len)
{
    h->value.data[len] = '\0';
    h->value.len = len;

    if (h == ctx->line) {
        ctx->value = h->value;
    }

    if (len == 0) {
        ngx_xpecto_cookie_unlink(r, h);
        h->hash = 0;
        ctx->emptied = 1;
    }
}


/* the browser is told to forget what the upstream has not seen */

static void
ngx_http_xpecto_consent_keep_line(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_str_t *line)
{
    ngx_str_t  *s;

    if (ctx->originals == NULL) {
        ctx->originals = ngx_array_create(r->pool, 1, sizeof(ngx_str_t));
        if (ctx->originals == NULL) {
            return;
        }
    }

    s = ngx_array_push(ctx->originals);
    if (s == NULL) {
        return;
    }

    *s = *line;
}


static ngx_uint_t
ngx_http_xpecto_consent_is_emptied(ngx_table_elt_t *h, void *data)
{
    return h->hash == 0 && h->value.len == 0
           && ngx_http_xpecto_consent_is(h, "cookie", 6);
}


/* what was read of the cookies before, by a map or "if", is read again */

static void
ngx_http_xpecto_consent_forget_values(ngx_http_request_t *r)
{
    ngx_uint_t                            i, *index;
    ngx_http_xpecto_consent_main_conf_t  *xmcf;

    xmcf = ngx_http_get_module_main_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    index = xmcf->variables.elts;

    for (i = 0; i < xmcf->variables.nelts; i++) {
        r->variables[index[i]].valid = 0;
        r->variables[index[i]].not_found = 0;
    }
}


ngx_uint_t
ngx_http_xpecto_consent_adds_gpc(ngx_http_xpecto_consent_ctx_t *ctx)
{
    ngx_uint_t  refused;

    if (ctx->signals & NGX_HTTP_XPECTO_CONSENT_SAYS_ONE) {
        return (ctx->signals & NGX_HTTP_XPECTO_CONSENT_SAYS_ELSE) != 0;
    }

    refused = (ctx->facts.choice != NULL
               && (ctx->choice.denied
                   & XPECTO_PURPOSE_BIT(XPECTO_PURPOSE_SALE_SHARE)));

    return !ctx->facts.gpc_off && (ctx->decision.gpc || refused);
}


static ngx_int_t
ngx_http_xpecto_consent_add_gpc(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx)
{
    static ngx_str_t  key = ngx_string("Sec-GPC");
    static ngx_str_t  value = ngx_string("1");

    if ((ctx->signals & NGX_HTTP_XPECTO_CONSENT_SAYS_ELSE)
        && ngx_xpecto_drop_headers(r, ngx_http_xpecto_consent_is_else, NULL)
           == NGX_ERROR)
    {
        return NGX_ERROR;
    }

    if (!(ctx->signals & NGX_HTTP_XPECTO_CONSENT_SAYS_ONE)
        && ngx_xpecto_push_header(r, &r->headers_in.headers, &key, &value)
           == NULL)
    {
        return NGX_ERROR;
    }

    ctx->signals |= NGX_HTTP_XPECTO_CONSENT_SAYS_ONE;
    ctx->signals &= ~(ngx_uint_t) NGX_HTTP_XPECTO_CONSENT_SAYS_ELSE;

    return NGX_OK;
}


static ngx_uint_t
ngx_http_xpecto_consent_is_else(ngx_table_elt_t *h, void *data)
{
    return ngx_http_xpecto_consent_is(h, "sec-gpc", sizeof("sec-gpc") - 1)
           && (h->value.len != 1 || h->value.data[0] != '1');
}


static ngx_int_t
ngx_http_xpecto_consent_header_filter(ngx_http_request_t *r)
{
    ngx_http_xpecto_consent_ctx_t       *ctx;
    ngx_http_xpecto_consent_loc_conf_t  *xlcf;

    xlcf = ngx_http_get_module_loc_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    if (xlcf->enable == NGX_HTTP_XPECTO_CONSENT_OFF || r != r->main) {
        return NGX_OK;
    }

    ctx = ngx_xpecto_get_ctx(r, &ngx_http_xpecto_consent_filter_module);

    if (r->headers_out.headers.part.nelts == 0
        && r->headers_out.headers.part.next == NULL
        && (ctx == NULL
            || (ctx->originals == NULL && !ctx->old && !ctx->minor)))
    {
        return NGX_OK;
    }

    return ngx_http_xpecto_consent_judge(r, xlcf);
}


static ngx_int_t
ngx_http_xpecto_consent_init(ngx_conf_t *cf)
{
    ngx_http_core_main_conf_t            *cmcf;
    ngx_http_xpecto_consent_loc_conf_t   *xlcf;
    ngx_http_xpecto_consent_main_conf_t  *xmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);
    xmcf = ngx_http_conf_get_module_main_conf(cf,
                                        ngx_http_xpecto_consent_filter_module);

    /* a variable for each purpose, with a long name: nginx would warn */

    if (cmcf->variables_hash_bucket_size < NGX_HTTP_XPECTO_CONSENT_BUCKET) {
        cmcf->variables_hash_bucket_size = NGX_HTTP_XPECTO_CONSENT_BUCKET;
    }

    if (!xmcf->enabled) {
        return NGX_OK;
    }

    if (ngx_xpecto_header_filter(cf, ngx_http_xpecto_consent_header_filter)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    xmcf->laws = ngx_xpecto_jurisdictions(cf);

    if (!xmcf->laws) {
        ngx_http_xpecto_consent_check_laws(cf);
    }

    xlcf = ngx_http_conf_get_module_loc_conf(cf,
                                        ngx_http_xpecto_consent_filter_module);

    if (ngx_http_xpecto_consent_check_page(cf, xlcf->page, xmcf->api)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_xpecto_handler_last(cf, NGX_HTTP_PREACCESS_PHASE,
                                   ngx_http_xpecto_consent_handler);
}


/* all variables have their index now: $http_cookie and $cookie_ ones */

static ngx_int_t
ngx_http_xpecto_consent_find_variables(ngx_cycle_t *cycle,
    ngx_http_xpecto_consent_main_conf_t *xmcf)
{
    ngx_uint_t                  i, *index;
    ngx_http_variable_t        *v;
    ngx_http_core_main_conf_t  *cmcf;

    if (ngx_array_init(&xmcf->variables, cycle->pool, 4, sizeof(ngx_uint_t))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    cmcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_http_core_module);

    v = cmcf->variables.elts;

    for (i = 0; i < cmcf->variables.nelts; i++) {

        if ((v[i].name.len == sizeof("http_cookie") - 1
             && ngx_strncmp(v[i].name.data, "http_cookie",
                            sizeof("http_cookie") - 1)
                == 0)
            || (v[i].name.len > sizeof("cookie_") - 1
                && ngx_strncmp(v[i].name.data, "cookie_",
                               sizeof("cookie_") - 1)
                   == 0))
        {
            index = ngx_array_push(&xmcf->variables);
            if (index == NULL) {
                return NGX_ERROR;
            }

            *index = i;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_consent_init_process(ngx_cycle_t *cycle)
{
    ngx_pool_cleanup_t                   *cln;
    ngx_http_xpecto_consent_main_conf_t  *xmcf;

    xmcf = ngx_http_cycle_get_module_main_conf(cycle,
                                        ngx_http_xpecto_consent_filter_module);

    if (xmcf == NULL || !xmcf->enabled || ngx_process == NGX_PROCESS_HELPER) {
        return NGX_OK;
    }

    if (ngx_http_xpecto_consent_find_variables(cycle, xmcf) != NGX_OK) {
        return NGX_ERROR;
    }

    cln = ngx_pool_cleanup_add(cycle->pool, 0);
    if (cln == NULL) {
        return NGX_ERROR;
    }

    xmcf->known = ngx_http_xpecto_consent_known(cycle);
    if (xmcf->known == NULL) {
        return NGX_ERROR;
    }

    if (xpecto_token_keys_create(&xmcf->keys, ngx_xpecto_keyring_cycle(cycle))
        != XPECTO_OK)
    {
        ngx_log_error(NGX_LOG_EMERG, cycle->log, 0,
                      "OpenSSL cannot prepare the keys of the consent cookie");
        return NGX_ERROR;
    }

    cln->handler = ngx_http_xpecto_consent_cleanup;
    cln->data = &xmcf->keys;

    ngx_http_xpecto_consent_revoked_init_process(xmcf, cycle);

    return NGX_OK;
}


static void
ngx_http_xpecto_consent_cleanup(void *data)
{
    xpecto_token_keys_free(data);
}
