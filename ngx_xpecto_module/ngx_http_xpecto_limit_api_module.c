
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_limit_api.h"


#define NGX_HTTP_XPECTO_LIMIT_API_BODY  4096


typedef struct {
    ngx_uint_t    enable;
    ngx_array_t  *from;                        /* ngx_cidr_t; NULL: none */
} ngx_http_xpecto_limit_api_conf_t;


typedef struct {
    ngx_str_t     file;                        /* where the first stands */
    ngx_uint_t    line;                        /* 0: there is none */
} ngx_http_xpecto_limit_api_main_conf_t;


static ngx_int_t ngx_http_xpecto_limit_api_handler(ngx_http_request_t *r);
static ngx_uint_t ngx_http_xpecto_limit_api_allowed(ngx_http_request_t *r);
static ngx_uint_t ngx_http_xpecto_limit_api_local(struct sockaddr *sockaddr);
static ngx_uint_t ngx_http_xpecto_limit_api_browser(ngx_http_request_t *r);
static ngx_uint_t ngx_http_xpecto_limit_api_json(ngx_http_request_t *r);
static void ngx_http_xpecto_limit_api_body(ngx_http_request_t *r);
static ngx_int_t ngx_http_xpecto_limit_api_answer(ngx_http_request_t *r);
static ngx_int_t ngx_http_xpecto_limit_api_error(ngx_http_request_t *r,
    ngx_uint_t status, const char *text);
static char *ngx_http_xpecto_limit_api(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static void *ngx_http_xpecto_limit_api_create_main_conf(ngx_conf_t *cf);
static void *ngx_http_xpecto_limit_api_create_conf(ngx_conf_t *cf);
static ngx_int_t ngx_http_xpecto_limit_api_init(ngx_conf_t *cf);


static ngx_command_t  ngx_http_xpecto_limit_api_commands[] = {

    { ngx_string("xpecto_limit_api"),
      NGX_HTTP_LOC_CONF|NGX_CONF_ANY,
      ngx_http_xpecto_limit_api,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_xpecto_limit_api_module_ctx = {
    NULL,                                  /* preconfiguration */
    ngx_http_xpecto_limit_api_init,        /* postconfiguration */

    ngx_http_xpecto_limit_api_create_main_conf, /* create main configuration */
    NULL,                                  /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    ngx_http_xpecto_limit_api_create_conf, /* create location configuration */
    NULL                                   /* merge location configuration */
};


ngx_module_t  ngx_http_xpecto_limit_api_module = {
    NGX_MODULE_V1,
    &ngx_http_xpecto_limit_api_module_ctx, /* module context */
    ngx_http_xpecto_limit_api_commands,    /* module directives */
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


static ngx_int_t
ngx_http_xpecto_limit_api_handler(ngx_http_request_t *r)
{
    ngx_int_t         rc;
    ngx_table_elt_t  *h;

    static ngx_str_t  allow = ngx_string("Allow");
    static ngx_str_t  post = ngx_string("POST");

    if (!ngx_http_xpecto_limit_api_allowed(r)) {
        ngx_log_error(NGX_LOG_WARN, r->connection->log, 0,
                      "\"xpecto_limit_api\" refuses who is not local");
        return ngx_http_xpecto_limit_api_error(r, NGX_HTTP_FORBIDDEN,
                                               "not from there");
    }

    if (r->method != NGX_HTTP_POST) {
        h = ngx_xpecto_push_header(r, &r->headers_out.headers, &allow, &post);
        if (h == NULL) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        return ngx_http_xpecto_limit_api_error(r, NGX_HTTP_NOT_ALLOWED,
                                               "use POST");
    }

    if (ngx_http_xpecto_limit_api_browser(r)) {
        return ngx_http_xpecto_limit_api_error(r, NGX_HTTP_FORBIDDEN,
                                               "not from a page");
    }

    if (!ngx_http_xpecto_limit_api_json(r)) {
        return ngx_http_xpecto_limit_api_error(r,
                                          NGX_HTTP_UNSUPPORTED_MEDIA_TYPE,
                                          "send application/json");
    }

    if (r->headers_in.content_length_n < 0) {
        return ngx_http_xpecto_limit_api_error(r, NGX_HTTP_LENGTH_REQUIRED,
                                               "send Content-Length");
    }

    if (r->headers_in.content_length_n > NGX_HTTP_XPECTO_LIMIT_API_BODY) {
        return ngx_http_xpecto_limit_api_error(r,
                                          NGX_HTTP_REQUEST_ENTITY_TOO_LARGE,
                                          "at most 4096 bytes");
    }

    r->request_body_in_single_buf = 1;
    r->request_body_in_file_only = 0;

    rc = ngx_http_read_client_request_body(r,
                                           ngx_http_xpecto_limit_api_body);

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        return rc;
    }

    return NGX_DONE;
}


static ngx_uint_t
ngx_http_xpecto_limit_api_allowed(ngx_http_request_t *r)
{
    socklen_t                          socklen;
    ngx_sockaddr_t                     sockaddr;
    ngx_http_xpecto_limit_api_conf_t  *xacf;

    xacf = ngx_http_get_module_loc_conf(r, ngx_http_xpecto_limit_api_module);

    if (ngx_http_xpecto_limit_api_peer(r, &sockaddr, &socklen) != NGX_OK) {
        return 0;
    }

    if (ngx_http_xpecto_limit_api_local(&sockaddr.sockaddr)) {
        return 1;
    }

    return xacf->from != NULL
           && ngx_cidr_match(&sockaddr.sockaddr, xacf->from) == NGX_OK;
}


ngx_int_t
ngx_http_xpecto_limit_api_peer(ngx_http_request_t *r,
    ngx_sockaddr_t *sockaddr, socklen_t *socklen)
{
    *socklen = sizeof(ngx_sockaddr_t);

    if (getpeername(r->connection->fd, &sockaddr->sockaddr, socklen) == -1) {
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_uint_t
ngx_http_xpecto_limit_api_local(struct sockaddr *sockaddr)
{
    struct sockaddr_in   *sin;
#if (NGX_HAVE_INET6)
    struct sockaddr_in6  *sin6;
#endif

    switch (sockaddr->sa_family) {

#if (NGX_HAVE_UNIX_DOMAIN)
    case AF_UNIX:
        return 1;
#endif

#if (NGX_HAVE_INET6)
    case AF_INET6:
        sin6 = (struct sockaddr_in6 *) sockaddr;

        return IN6_IS_ADDR_LOOPBACK(&sin6->sin6_addr)
               || (IN6_IS_ADDR_V4MAPPED(&sin6->sin6_addr)
                   && sin6->sin6_addr.s6_addr[12] == 127);
#endif

    case AF_INET:
        sin = (struct sockaddr_in *) sockaddr;
        return ntohl(sin->sin_addr.s_addr) >> 24 == 127;

    default:
        return 0;
    }
}


/* a page that somebody has open near the server is no operator */

static ngx_uint_t
ngx_http_xpecto_limit_api_browser(ngx_http_request_t *r)
{
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    static ngx_str_t  origin = ngx_string("origin");
    static ngx_str_t  fetch = ngx_string("sec-fetch-site");

    part = &r->headers_in.headers.part;
    h = part->elts;

    for (i = 0; /* void */ ; i++) {

        if (i >= part->nelts) {

            if (part->next == NULL) {
                return 0;
            }

            part = part->next;
            h = part->elts;
            i = 0;
        }

        if (h[i].key.len == origin.len
            && ngx_strncmp(h[i].lowcase_key, origin.data, origin.len) == 0)
        {
            return 1;
        }

        if (h[i].key.len == fetch.len
            && ngx_strncmp(h[i].lowcase_key, fetch.data, fetch.len) == 0
            && !(h[i].value.len == 4
                 && ngx_strncmp(h[i].value.data, "none", 4) == 0))
        {
            return 1;
        }
    }
}


/* a type that no form can send */

static ngx_uint_t
ngx_http_xpecto_limit_api_json(ngx_http_request_t *r)
{
    size_t      len;
    ngx_str_t  *value;

    len = sizeof("application/json") - 1;

    if (r->headers_in.content_type == NULL) {
        return 0;
    }

    value = &r->headers_in.content_type->value;

    return value->len >= len
           && ngx_strncasecmp(value->data, (u_char *) "application/json", len)
              == 0
           && (value->len == len || value->data[len] == ';'
               || value->data[len] == ' ');
}


static void
ngx_http_xpecto_limit_api_body(ngx_http_request_t *r)
{
    ngx_http_finalize_request(r, ngx_http_xpecto_limit_api_answer(r));
}


static ngx_int_t
ngx_http_xpecto_limit_api_answer(ngx_http_request_t *r)
{
    u_char        *p;
    ngx_buf_t     *b;
    ngx_str_t      body;
    ngx_uint_t     status;
    const char    *error;
    xpecto_act_t   act;
    xpecto_err_t   err;

    static ngx_str_t  type = ngx_string("application/json");

    if (r->request_body == NULL || r->request_body->bufs == NULL) {
        return ngx_http_xpecto_limit_api_error(r, 422, "no body");
    }

    b = r->request_body->bufs->buf;

    if (r->request_body->bufs->next != NULL || !ngx_buf_in_memory(b)) {
        return ngx_http_xpecto_limit_api_error(r,
                                          NGX_HTTP_REQUEST_ENTITY_TOO_LARGE,
                                          "client_body_buffer_size is less");
    }

    if (xpecto_act_parse(&act, b->pos, b->last - b->pos, &err) != XPECTO_OK) {
        return ngx_http_xpecto_limit_api_error(r, 422, err.text);
    }

    body.data = ngx_pnalloc(r->pool, NGX_HTTP_XPECTO_LIMIT_API_ANSWER);
    if (body.data == NULL) {
        xpecto_act_free(&act);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p = body.data;
    *p++ = '{';

    p = ngx_http_xpecto_limit_api_act(r, &act, p, &status, &error);

    xpecto_act_free(&act);

    if (p == NULL) {
        return ngx_http_xpecto_limit_api_error(r, status, error);
    }

    *p++ = '}';
    *p++ = LF;

    body.len = p - body.data;

    return ngx_xpecto_send(r, NGX_HTTP_OK, &type, &body);
}


/* text may quote the names of members that were sent */

static ngx_int_t
ngx_http_xpecto_limit_api_error(ngx_http_request_t *r, ngx_uint_t status,
    const char *text)
{
    size_t      len;
    u_char     *p;
    ngx_str_t   body;

    static ngx_str_t  type = ngx_string("application/json");

    len = ngx_strlen(text);

    p = ngx_pnalloc(r->pool, sizeof("{\"error\":\"\"}\n") - 1 + len
                             + ngx_escape_json(NULL, (u_char *) text, len));
    if (p == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    body.data = p;

    p = ngx_cpymem(p, "{\"error\":\"", sizeof("{\"error\":\"") - 1);
    p = (u_char *) ngx_escape_json(p, (u_char *) text, len);
    p = ngx_cpymem(p, "\"}\n", sizeof("\"}\n") - 1);

    body.len = p - body.data;

    return ngx_xpecto_send(r, status, &type, &body);
}


static char *
ngx_http_xpecto_limit_api(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_xpecto_limit_api_conf_t  *xacf = conf;

    ngx_int_t                  rc;
    ngx_str_t                 *value, text;
    ngx_uint_t                 i;
    ngx_cidr_t                *cidr;
    ngx_http_core_loc_conf_t  *clcf;

    ngx_http_xpecto_limit_api_main_conf_t  *xamcf;

    if (xacf->enable) {
        return "is duplicate";
    }

    xacf->enable = 1;
    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {

        if (ngx_strncmp(value[i].data, "from=", 5) != 0) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "unknown parameter \"%V\"", &value[i]);
            return NGX_CONF_ERROR;
        }

        text.data = value[i].data + 5;
        text.len = value[i].len - 5;

        if (xacf->from == NULL) {
            xacf->from = ngx_array_create(cf->pool, 2, sizeof(ngx_cidr_t));
            if (xacf->from == NULL) {
                return NGX_CONF_ERROR;
            }
        }

        cidr = ngx_array_push(xacf->from);
        if (cidr == NULL) {
            return NGX_CONF_ERROR;
        }

        rc = ngx_ptocidr(&text, cidr);

        if (rc == NGX_ERROR) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid network \"%V\"", &value[i]);
            return NGX_CONF_ERROR;
        }

        if (rc == NGX_DONE) {
            ngx_conf_log_error(NGX_LOG_WARN, cf, 0,
                               "low address bits of \"%V\" are meaningless",
                               &value[i]);
        }
    }

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    clcf->handler = ngx_http_xpecto_limit_api_handler;

    xamcf = ngx_http_conf_get_module_main_conf(cf,
                                            ngx_http_xpecto_limit_api_module);

    if (xamcf->line == 0) {
        xamcf->file = cf->conf_file->file.name;
        xamcf->line = cf->conf_file->line;
    }

    return NGX_CONF_OK;
}


static void *
ngx_http_xpecto_limit_api_create_main_conf(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool,
                       sizeof(ngx_http_xpecto_limit_api_main_conf_t));
}


static void *
ngx_http_xpecto_limit_api_create_conf(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool, sizeof(ngx_http_xpecto_limit_api_conf_t));
}


/* what is not recorded is not done: so without a ledger nothing would be */

static ngx_int_t
ngx_http_xpecto_limit_api_init(ngx_conf_t *cf)
{
    ngx_http_xpecto_limit_api_main_conf_t  *xamcf;

    xamcf = ngx_http_conf_get_module_main_conf(cf,
                                            ngx_http_xpecto_limit_api_module);

    if (xamcf->line != 0 && !ngx_xpecto_ledgers(cf)) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"xpecto_limit_api\" records what is done, but there is "
                      "no \"xpecto_ledger\" in %V:%ui", &xamcf->file,
                      xamcf->line);
        return NGX_ERROR;
    }

    return NGX_OK;
}
