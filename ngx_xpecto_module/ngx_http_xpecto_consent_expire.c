
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * What an answer does about trackers that were refused: it sets none, and
 * those that the browser showed are expired, with a choice and with a page, at
 * the host and at the domains above it.
 */


#include "ngx_http_xpecto_consent.h"


/* names that were expired, so that each is once */

typedef struct {
    ngx_uint_t                           refused;
    ngx_uint_t                           max;   /* names */
    ngx_uint_t                           n;
    xpecto_str_t                         names[NGX_HTTP_XPECTO_CONSENT_ERASES];
    ngx_http_xpecto_consent_srv_conf_t  *conf;
} ngx_http_xpecto_consent_expire_t;


static void ngx_http_xpecto_consent_expire_init(
    ngx_http_xpecto_consent_expire_t *expire,
    ngx_http_xpecto_consent_srv_conf_t *conf, ngx_uint_t refused,
    ngx_uint_t max);
static ngx_int_t ngx_http_xpecto_consent_expire_originals(
    ngx_http_request_t *r, ngx_http_xpecto_consent_expire_t *expire);
static ngx_int_t ngx_http_xpecto_consent_expire_line(ngx_http_request_t *r,
    ngx_http_xpecto_consent_expire_t *expire, ngx_str_t *line);
static ngx_int_t ngx_http_xpecto_consent_expire_name(ngx_http_request_t *r,
    ngx_http_xpecto_consent_srv_conf_t *conf, xpecto_str_t *name);
static ngx_int_t ngx_http_xpecto_consent_expire_at(ngx_http_request_t *r,
    xpecto_str_t *name, ngx_str_t *domain);
static ngx_uint_t ngx_http_xpecto_consent_is_domain(ngx_str_t *domain);
static ngx_int_t ngx_http_xpecto_consent_suppress(ngx_http_request_t *r,
    ngx_uint_t enable);
static ngx_uint_t ngx_http_xpecto_consent_is_refused(
    ngx_http_xpecto_consent_srv_conf_t *conf,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_table_elt_t *h);


/* all that the browser showed; at most max lines */

ngx_int_t
ngx_http_xpecto_consent_expire(ngx_http_request_t *r, ngx_uint_t refused,
    ngx_uint_t max)
{
    ngx_uint_t                           i;
    ngx_list_part_t                     *part;
    ngx_table_elt_t                     *h;
    ngx_http_xpecto_consent_expire_t     expire;
    ngx_http_xpecto_consent_srv_conf_t  *conf;

    conf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    ngx_http_xpecto_consent_expire_init(&expire, conf, refused, max);

    part = &r->headers_in.headers.part;
    h = part->elts;

    for (i = 0; /* void */ ; i++) {

        if (i >= part->nelts) {

            if (part->next == NULL) {
                break;
            }

            part = part->next;
            h = part->elts;
            i = 0;
        }

        if (ngx_http_xpecto_consent_is(&h[i], "cookie", 6)
            && ngx_http_xpecto_consent_expire_line(r, &expire, &h[i].value)
               != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return ngx_http_xpecto_consent_expire_originals(r, &expire);
}


/* what was taken from the request of a page; parts of pages have their time */

ngx_int_t
ngx_http_xpecto_consent_expire_page(ngx_http_request_t *r,
    ngx_http_xpecto_consent_srv_conf_t *conf)
{
    ngx_http_xpecto_consent_ctx_t     *ctx;
    ngx_http_xpecto_consent_expire_t   expire;

    ctx = ngx_xpecto_get_ctx(r, &ngx_http_xpecto_consent_filter_module);

    if (!conf->expire || ctx == NULL || ctx->originals == NULL
        || !ngx_http_xpecto_consent_is_page(r))
    {
        return NGX_OK;
    }

    ngx_http_xpecto_consent_expire_init(&expire, conf, ctx->decision.denied,
                                        NGX_HTTP_XPECTO_CONSENT_EXPIRES);

    return ngx_http_xpecto_consent_expire_originals(r, &expire);
}


ngx_uint_t
ngx_http_xpecto_consent_is_page(ngx_http_request_t *r)
{
    return r->headers_out.content_type.len >= sizeof("text/html") - 1
           && ngx_strncasecmp(r->headers_out.content_type.data,
                              (u_char *) "text/html", sizeof("text/html") - 1)
              == 0;
}


/* once: an error page has its header sent anew */

static ngx_int_t
ngx_http_xpecto_consent_expire_originals(ngx_http_request_t *r,
    ngx_http_xpecto_consent_expire_t *expire)
{
    ngx_str_t                      *line;
    ngx_uint_t                      i;
    ngx_http_xpecto_consent_ctx_t  *ctx;

    ctx = ngx_xpecto_get_ctx(r, &ngx_http_xpecto_consent_filter_module);

    if (ctx == NULL || ctx->originals == NULL) {
        return NGX_OK;
    }

    line = ctx->originals->elts;

    for (i = 0; i < ctx->originals->nelts; i++) {

        if (ngx_http_xpecto_consent_expire_line(r, expire, &line[i])
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    ctx->originals = NULL;

    return NGX_OK;
}


static void
ngx_http_xpecto_consent_expire_init(ngx_http_xpecto_consent_expire_t *expire,
    ngx_http_xpecto_consent_srv_conf_t *conf, ngx_uint_t refused,
    ngx_uint_t max)
{
    ngx_uint_t  lines;

    lines = 1 + (conf->cookie->domain.len != 0)
            + (conf->domains ? conf->domains->nelts : 0);

    expire->conf = conf;
    expire->refused = refused;
    expire->max = ngx_max(max / lines, 1);
    expire->n = 0;
}


static ngx_int_t
ngx_http_xpecto_consent_expire_line(ngx_http_request_t *r,
    ngx_http_xpecto_consent_expire_t *expire, ngx_str_t *line)
{
    ngx_uint_t             i;
    const uint8_t         *p, *last;
    xpecto_cookie_pair_t   pair;

    p = line->data;
    last = p + line->len;

    while (expire->n < expire->max
           && xpecto_cookie_next(&p, last, &pair) == XPECTO_OK)
    {
        if (!(xpecto_cookie_purposes(expire->conf->names, &pair.name)
              & expire->refused))
        {
            continue;
        }

        for (i = 0; i < expire->n; i++) {
            if (expire->names[i].len == pair.name.len
                && ngx_memcmp(expire->names[i].data, pair.name.data,
                              pair.name.len)
                   == 0)
            {
                break;
            }
        }

        if (i < expire->n) {
            continue;
        }

        expire->names[expire->n++] = pair.name;

        if (ngx_http_xpecto_consent_expire_name(r, expire->conf, &pair.name)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_consent_expire_name(ngx_http_request_t *r,
    ngx_http_xpecto_consent_srv_conf_t *conf, xpecto_str_t *name)
{
    size_t       i;
    ngx_str_t   *domain;
    ngx_uint_t   n;

    static ngx_str_t  none = ngx_null_string;

    /* the rest of a name behind a "*" is the client's */

    for (i = 0; i < name->len; i++) {
        if (name->data[i] <= ' ' || name->data[i] >= 0x7f
            || name->data[i] == ',' || name->data[i] == '"')
        {
            return NGX_OK;
        }
    }

    if (ngx_http_xpecto_consent_expire_at(r, name, &none) != NGX_OK) {
        return NGX_ERROR;
    }

    if (conf->cookie->domain.len
        && ngx_http_xpecto_consent_expire_at(r, name, &conf->cookie->domain)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (conf->domains == NULL) {
        return NGX_OK;
    }

    domain = conf->domains->elts;

    for (n = 0; n < conf->domains->nelts; n++) {
        if (ngx_http_xpecto_consent_expire_at(r, name, &domain[n]) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_consent_expire_at(ngx_http_request_t *r, xpecto_str_t *name,
    ngx_str_t *domain)
{
    u_char     *p;
    ngx_str_t   value;

    static u_char  attributes[] =
        "=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure";

    value.data = ngx_pnalloc(r->pool, name->len + sizeof(attributes)
                                      + sizeof("; Domain=") + domain->len);
    if (value.data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(value.data, name->data, name->len);
    p = ngx_cpymem(p, attributes, sizeof(attributes) - 1);

    if (domain->len) {
        p = ngx_sprintf(p, "; Domain=%V", domain);
    }

    value.len = p - value.data;

    return ngx_http_xpecto_consent_add_header(r, "Set-Cookie", &value);
}


/* xpecto_consent_expire on | off | domain ... */

char *
ngx_http_xpecto_consent_expires(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_xpecto_consent_srv_conf_t *xscf = conf;

    ngx_str_t   *value, *domain;
    ngx_uint_t   i;

    if (xscf->expire != NGX_CONF_UNSET) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (cf->args->nelts == 2) {

        if (ngx_strcmp(value[1].data, "on") == 0) {
            xscf->expire = 1;
            return NGX_CONF_OK;
        }

        if (ngx_strcmp(value[1].data, "off") == 0) {
            xscf->expire = 0;
            return NGX_CONF_OK;
        }
    }

    xscf->expire = 1;

    xscf->domains = ngx_array_create(cf->pool, cf->args->nelts - 1,
                                     sizeof(ngx_str_t));
    if (xscf->domains == NULL) {
        return NGX_CONF_ERROR;
    }

    for (i = 1; i < cf->args->nelts; i++) {

        if (!ngx_http_xpecto_consent_is_domain(&value[i])) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%V\" is neither \"on\" nor \"off\" nor a "
                               "domain, as in \"example.com\"", &value[i]);
            return NGX_CONF_ERROR;
        }

        domain = ngx_array_push(xscf->domains);
        if (domain == NULL) {
            return NGX_CONF_ERROR;
        }

        *domain = value[i];
    }

    return NGX_CONF_OK;
}


/* labels of letters, digits and hyphens; a browser takes none without a dot */

static ngx_uint_t
ngx_http_xpecto_consent_is_domain(ngx_str_t *domain)
{
    u_char      ch;
    size_t      i;
    ngx_uint_t  dots, start;

    dots = 0;
    start = 1;

    for (i = 0; i < domain->len; i++) {
        ch = domain->data[i];

        if (ch == '.') {

            if (start) {
                return 0;
            }

            dots++;
            start = 1;
            continue;
        }

        if (!((ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9')
              || (ch == '-' && !start)))
        {
            return 0;
        }

        start = 0;
    }

    return dots && !start;
}


ngx_int_t
ngx_http_xpecto_consent_judge(ngx_http_request_t *r,
    ngx_http_xpecto_consent_loc_conf_t *xlcf)
{
    ngx_uint_t                           cookies, minor;
    ngx_http_xpecto_consent_ctx_t       *ctx;
    ngx_http_xpecto_consent_srv_conf_t  *conf;

    /* the upstream has found out that this is a child: all is judged so */

    minor = ngx_http_xpecto_consent_says_minor(r,
                                 xlcf->enable == NGX_HTTP_XPECTO_CONSENT_ON,
                                 &cookies);

    ctx = ngx_xpecto_get_ctx(r, &ngx_http_xpecto_consent_filter_module);

    if (ctx != NULL && ctx->minor) {
        ctx->minor = 0;
        minor = 1;
    }

    if (minor && xlcf->enable == NGX_HTTP_XPECTO_CONSENT_ON) {
        if (ngx_http_xpecto_consent_minor(r) != NGX_OK) {
            return NGX_ERROR;
        }

        cookies = 1;
    }

    if (cookies
        && ngx_http_xpecto_consent_suppress(r, xlcf->enable) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ctx = ngx_xpecto_get_ctx(r, &ngx_http_xpecto_consent_filter_module);

    if (ctx != NULL && (ctx->originals != NULL || ctx->old)) {
        conf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

        if (ngx_http_xpecto_consent_expire_page(r, conf) != NGX_OK
            || (ctx->old && xlcf->enable == NGX_HTTP_XPECTO_CONSENT_ON
                && ngx_http_xpecto_consent_sign_again(r, ctx) != NGX_OK))
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* the lines that are sent, or would be, for what was refused */

static ngx_int_t
ngx_http_xpecto_consent_suppress(ngx_http_request_t *r, ngx_uint_t enable)
{
    ngx_uint_t                           i;
    ngx_list_part_t                     *part;
    ngx_table_elt_t                     *h;
    ngx_http_xpecto_consent_ctx_t       *ctx;
    ngx_http_xpecto_consent_srv_conf_t  *conf;

    conf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    ctx = ngx_http_xpecto_consent_get(r);
    if (ctx == NULL) {
        return NGX_ERROR;
    }

    part = &r->headers_out.headers.part;
    h = part->elts;

    for (i = 0; /* void */ ; i++) {

        if (i >= part->nelts) {

            if (part->next == NULL) {
                return NGX_OK;
            }

            part = part->next;
            h = part->elts;
            i = 0;
        }

        if (h[i].hash == 0 || &h[i] == ctx->own || &h[i] == ctx->own_age
            || !ngx_http_xpecto_consent_is(&h[i], "set-cookie",
                                           sizeof("set-cookie") - 1)
            || !ngx_http_xpecto_consent_is_refused(conf, ctx, &h[i]))
        {
            continue;
        }

        ngx_xpecto_count_request(r, NGX_XPECTO_CONSENT_SUPPRESSED);

        if (enable == NGX_HTTP_XPECTO_CONSENT_ON) {
            h[i].hash = 0;
        }
    }
}


/* a deletion passes; nobody but us sets our cookies */

static ngx_uint_t
ngx_http_xpecto_consent_is_refused(ngx_http_xpecto_consent_srv_conf_t *conf,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_table_elt_t *h)
{
    ngx_str_t     *age;
    xpecto_str_t   line, name;

    line = ngx_xpecto_str(&h->value);

    if (line.len == 0) {
        return 0;
    }

    name = xpecto_cookie_set_name(&line);

    age = ngx_http_xpecto_consent_age_cookie(conf);

    if ((name.len == conf->cookie->name.len
         && ngx_strncmp(name.data, conf->cookie->name.data, name.len) == 0)
        || (name.len == age->len
            && ngx_strncmp(name.data, age->data, name.len) == 0))
    {
        return 1;
    }

    return (xpecto_cookie_purposes(conf->names, &name) & ctx->decision.denied)
           && !xpecto_cookie_set_deletes(&line, ngx_time());
}
