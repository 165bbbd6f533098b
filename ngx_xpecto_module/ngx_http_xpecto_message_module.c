
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_message.h"


#define NGX_XPECTO_MESSAGE_DENY  0
#define NGX_XPECTO_MESSAGE_PASS  1


typedef struct {
    ngx_http_xpecto_message_paths_t    paths;
    ngx_uint_t                         enabled; /* somewhere */
} ngx_http_xpecto_message_main_conf_t;


typedef struct {
    ngx_flag_t                         enable;
    size_t                             max;
    ngx_uint_t                         unreadable;
} ngx_http_xpecto_message_conf_t;


typedef struct {
    ngx_xpecto_message_t               message;
    ngx_http_xpecto_message_verdict_e  verdict;
    ngx_http_xpecto_message_format_e   format;
    ngx_str_t                          count;
    ngx_str_t                          uri;     /* that were read, */
    ngx_str_t                          args;
    ngx_uint_t                         said;    /*   and how many they say */
    unsigned                           done:1;
    unsigned                           reading:1;
    unsigned                           refused:1;
} ngx_http_xpecto_message_ctx_t;


/* what becomes of a verdict */

typedef struct {
    ngx_uint_t                         status;
    ngx_xpecto_counter_e               counter;
    char                              *reason;
    ngx_str_t                          body;
} ngx_http_xpecto_message_refusal_t;


static ngx_int_t ngx_http_xpecto_message_handler(ngx_http_request_t *r);
static ngx_int_t ngx_http_xpecto_message_answer(ngx_http_request_t *r,
    ngx_http_xpecto_message_ctx_t *ctx);
static ngx_http_xpecto_message_ctx_t *ngx_http_xpecto_message_ctx(
    ngx_http_request_t *r);
static void ngx_http_xpecto_message_rewritten(ngx_http_request_t *r,
    ngx_http_xpecto_message_ctx_t *ctx);
static ngx_uint_t ngx_http_xpecto_message_has_body(ngx_http_request_t *r);
static ngx_http_xpecto_message_verdict_e ngx_http_xpecto_message_headers(
    ngx_http_request_t *r, ngx_http_xpecto_message_ctx_t *ctx);
static void ngx_http_xpecto_message_body_handler(ngx_http_request_t *r);
static void ngx_http_xpecto_message_done(ngx_http_request_t *r,
    ngx_http_xpecto_message_ctx_t *ctx,
    ngx_http_xpecto_message_verdict_e verdict);
static ngx_int_t ngx_http_xpecto_message_type_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_xpecto_message_count_variable(
    ngx_http_request_t *r, ngx_http_variable_value_t *v, uintptr_t data);
static char *ngx_http_xpecto_message(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static void *ngx_http_xpecto_message_create_main_conf(ngx_conf_t *cf);
static void *ngx_http_xpecto_message_create_loc_conf(ngx_conf_t *cf);
static char *ngx_http_xpecto_message_merge_loc_conf(ngx_conf_t *cf,
    void *parent, void *child);
static ngx_int_t ngx_http_xpecto_message_add_variables(ngx_conf_t *cf);
static ngx_int_t ngx_http_xpecto_message_init(ngx_conf_t *cf);


#define ngx_xpecto_message_error(text)                                       \
    ngx_string("{\"error\":{\"message\":\"(#100) " text "\","                \
               "\"type\":\"OAuthException\",\"code\":100}}" CRLF)


/* by ngx_http_xpecto_message_verdict_e, from BAD_QUERY on */

static ngx_http_xpecto_message_refusal_t  ngx_http_xpecto_message_answers[] = {
    { NGX_HTTP_BAD_REQUEST, NGX_XPECTO_MESSAGE_REFUSED_BROKEN,
      "broken percent-encoding in the query",
      ngx_xpecto_message_error("The query string is malformed") },

    { NGX_HTTP_BAD_REQUEST, NGX_XPECTO_MESSAGE_REFUSED_BROKEN,
      "the body is not valid JSON",
      ngx_xpecto_message_error("The request body is not valid JSON") },

    { NGX_HTTP_BAD_REQUEST, NGX_XPECTO_MESSAGE_REFUSED_BROKEN,
      "broken percent-encoding in the body",
      ngx_xpecto_message_error("The form in the request body is malformed") },

    { NGX_HTTP_BAD_REQUEST, NGX_XPECTO_MESSAGE_REFUSED_BROKEN,
      "the multipart body is malformed or cut off",
      ngx_xpecto_message_error("The multipart request body is malformed") },

    { NGX_HTTP_REQUEST_ENTITY_TOO_LARGE, NGX_XPECTO_MESSAGE_REFUSED_TOO_LARGE,
      "the body is too large",
      ngx_xpecto_message_error("The request body is too large") },

    { NGX_HTTP_UNSUPPORTED_MEDIA_TYPE, NGX_XPECTO_MESSAGE_REFUSED_TYPE,
      "the Content-Type is not one that is read",
      ngx_xpecto_message_error("Unsupported Content-Type") },

    { NGX_HTTP_UNSUPPORTED_MEDIA_TYPE, NGX_XPECTO_MESSAGE_REFUSED_TYPE,
      "the body has a Content-Encoding",
      ngx_xpecto_message_error("Unsupported Content-Encoding") }
};


static ngx_conf_enum_t  ngx_http_xpecto_message_unreadable[] = {
    { ngx_string("deny"), NGX_XPECTO_MESSAGE_DENY },
    { ngx_string("pass"), NGX_XPECTO_MESSAGE_PASS },
    { ngx_null_string, 0 }
};


static ngx_xpecto_arg_t  ngx_http_xpecto_message_args[] = {

    { ngx_string("max"),
      NGX_XPECTO_ARG_SIZE,
      offsetof(ngx_http_xpecto_message_conf_t, max),
      NULL },

    { ngx_string("unreadable"),
      NGX_XPECTO_ARG_ENUM,
      offsetof(ngx_http_xpecto_message_conf_t, unreadable),
      ngx_http_xpecto_message_unreadable },

      ngx_xpecto_null_arg
};


static ngx_command_t  ngx_http_xpecto_message_commands[] = {

    { ngx_string("xpecto_message"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE123,
      ngx_http_xpecto_message,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_xpecto_message_module_ctx = {
    ngx_http_xpecto_message_add_variables, /* preconfiguration */
    ngx_http_xpecto_message_init,          /* postconfiguration */

    ngx_http_xpecto_message_create_main_conf,  /* create main configuration */
    NULL,                                  /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    ngx_http_xpecto_message_create_loc_conf,  /* create location conf */
    ngx_http_xpecto_message_merge_loc_conf /* merge location conf */
};


ngx_module_t  ngx_http_xpecto_message_module = {
    NGX_MODULE_V1,
    &ngx_http_xpecto_message_module_ctx,   /* module context */
    ngx_http_xpecto_message_commands,      /* module directives */
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


/* they appear when the body has been read: an early answer is not kept */

static ngx_http_variable_t  ngx_http_xpecto_message_vars[] = {

    { ngx_string("xpecto_message_type"), NULL,
      ngx_http_xpecto_message_type_variable, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("xpecto_message_count"), NULL,
      ngx_http_xpecto_message_count_variable, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

      ngx_http_null_variable
};


static ngx_int_t
ngx_http_xpecto_message_handler(ngx_http_request_t *r)
{
    ngx_int_t  rc;

    rc = ngx_xpecto_message_read(r);

    return (rc == NGX_OK) ? NGX_DECLINED : rc;
}


ngx_int_t
ngx_xpecto_message_read(ngx_http_request_t *r)
{
    ngx_int_t                           rc;
    ngx_http_xpecto_message_ctx_t      *ctx;
    ngx_http_xpecto_message_conf_t     *mcf;
    ngx_http_xpecto_message_verdict_e   verdict;

    if (r != r->main) {
        return NGX_OK;
    }

    mcf = ngx_http_get_module_loc_conf(r, ngx_http_xpecto_message_module);

    ctx = ngx_xpecto_get_ctx(r, &ngx_http_xpecto_message_module);

    if (ctx != NULL && ctx->reading) {

        /* nginx gave up reading, and error_page has led here */

        ctx->reading = 0;
        ctx->done = 1;
        ctx->message.unreadable = 1;
    }

    if (ctx == NULL || !ctx->done) {

        if (!mcf->enable) {
            return NGX_OK;
        }

        if (ctx == NULL) {
            ctx = ngx_http_xpecto_message_ctx(r);
            if (ctx == NULL) {
                return NGX_HTTP_INTERNAL_SERVER_ERROR;
            }
        }
    }

    if (mcf->enable) {
        ngx_http_xpecto_message_rewritten(r, ctx);
    }

    if (ctx->done) {
        return ngx_http_xpecto_message_answer(r, ctx);
    }

    verdict = ngx_http_xpecto_message_headers(r, ctx);

    if (verdict != NGX_XPECTO_MESSAGE_GOOD) {
        ngx_http_xpecto_message_done(r, ctx, verdict);
        return ngx_http_xpecto_message_answer(r, ctx);
    }

    ctx->reading = 1;

    rc = ngx_http_read_client_request_body(r,
                                       ngx_http_xpecto_message_body_handler);

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        return rc;
    }

    ngx_http_finalize_request(r, NGX_DONE);

    return NGX_DONE;
}


/* a refusal is answered once: error_page may lead to here again */

static ngx_int_t
ngx_http_xpecto_message_answer(ngx_http_request_t *r,
    ngx_http_xpecto_message_ctx_t *ctx)
{
    ngx_http_xpecto_message_refusal_t  *refusal;

    static ngx_str_t  type = ngx_string("application/json");

    if (!ctx->refused) {
        return NGX_OK;
    }

    ctx->refused = 0;

    if (ctx->verdict == NGX_XPECTO_MESSAGE_FAILED) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    refusal = &ngx_http_xpecto_message_answers[ctx->verdict - 1];

    return ngx_xpecto_refuse(r, refusal->status, &type, &refusal->body);
}


ngx_xpecto_message_t *
ngx_xpecto_message(ngx_http_request_t *r)
{
    ngx_http_xpecto_message_ctx_t   *ctx;
    ngx_http_xpecto_message_conf_t  *mcf;

    /* a subrequest is about what its main request sends */

    r = r->main;

    ctx = ngx_xpecto_get_ctx(r, &ngx_http_xpecto_message_module);

    if (ctx == NULL) {
        mcf = ngx_http_get_module_loc_conf(r, ngx_http_xpecto_message_module);

        if (!mcf->enable) {
            return NULL;
        }

        ctx = ngx_http_xpecto_message_ctx(r);
        if (ctx == NULL) {
            return NULL;
        }
    }

    return ctx->done ? &ctx->message : NULL;
}


ngx_uint_t
ngx_xpecto_messages(ngx_conf_t *cf)
{
    ngx_http_xpecto_message_main_conf_t  *mmcf;

    mmcf = ngx_http_conf_get_module_main_conf(cf,
                                              ngx_http_xpecto_message_module);

    return mmcf->enabled;
}


ngx_uint_t
ngx_xpecto_messages_here(ngx_conf_t *cf)
{
    ngx_http_xpecto_message_conf_t  *mcf;

    mcf = ngx_http_conf_get_module_loc_conf(cf,
                                            ngx_http_xpecto_message_module);

    return mcf->enable == 1;
}


ngx_uint_t
ngx_xpecto_message_pending(ngx_http_request_t *r)
{
    ngx_http_xpecto_message_ctx_t   *ctx;
    ngx_http_xpecto_message_conf_t  *mcf;

    r = r->main;

    ctx = ngx_xpecto_get_ctx(r, &ngx_http_xpecto_message_module);

    if (ctx != NULL && ctx->done) {
        return 0;
    }

    mcf = ngx_http_get_module_loc_conf(r, ngx_http_xpecto_message_module);

    return mcf->enable && ngx_http_xpecto_message_has_body(r);
}


/* what path and query say; without a body that is all there is */

static ngx_http_xpecto_message_ctx_t *
ngx_http_xpecto_message_ctx(ngx_http_request_t *r)
{
    ngx_http_xpecto_message_ctx_t        *ctx;
    ngx_http_xpecto_message_verdict_e     verdict;
    ngx_http_xpecto_message_main_conf_t  *mmcf;

    ctx = ngx_xpecto_create_ctx(r, &ngx_http_xpecto_message_module,
                                sizeof(ngx_http_xpecto_message_ctx_t));
    if (ctx == NULL) {
        return NULL;
    }

    if (ngx_array_init(&ctx->message.recipients, r->pool, 1,
                       sizeof(ngx_xpecto_recipient_t))
        != NGX_OK)
    {
        ngx_http_xpecto_message_done(r, ctx, NGX_XPECTO_MESSAGE_FAILED);
        return ctx;
    }

    mmcf = ngx_http_get_module_main_conf(r, ngx_http_xpecto_message_module);

    verdict = ngx_http_xpecto_message_line(r, &mmcf->paths, &ctx->message);

    ctx->uri = r->uri;
    ctx->args = r->args;
    ctx->said = ctx->message.recipients.nelts;

    if (verdict != NGX_XPECTO_MESSAGE_GOOD
        || !ngx_http_xpecto_message_has_body(r))
    {
        ngx_http_xpecto_message_done(r, ctx, verdict);
    }

    return ctx;
}


/* a rewrite has come between: what it says is said besides */

static void
ngx_http_xpecto_message_rewritten(ngx_http_request_t *r,
    ngx_http_xpecto_message_ctx_t *ctx)
{
    ngx_http_xpecto_message_verdict_e     verdict;
    ngx_http_xpecto_message_main_conf_t  *mmcf;

    if (ngx_http_xpecto_message_is_same(&ctx->uri, &r->uri)
        && ngx_http_xpecto_message_is_same(&ctx->args, &r->args))
    {
        return;
    }

    mmcf = ngx_http_get_module_main_conf(r, ngx_http_xpecto_message_module);

    verdict = ngx_http_xpecto_message_line_again(r, &mmcf->paths,
                                                 &ctx->message, ctx->said);

    ctx->uri = r->uri;
    ctx->args = r->args;
    ngx_str_null(&ctx->count);

    if (verdict != NGX_XPECTO_MESSAGE_GOOD && !ctx->message.unreadable) {
        ngx_http_xpecto_message_done(r, ctx, verdict);
    }
}


static ngx_uint_t
ngx_http_xpecto_message_has_body(ngx_http_request_t *r)
{
    return r->headers_in.content_length_n > 0 || r->headers_in.chunked;
}


/* what the headers say of the body, before any of it is read */

static ngx_http_xpecto_message_verdict_e
ngx_http_xpecto_message_headers(ngx_http_request_t *r,
    ngx_http_xpecto_message_ctx_t *ctx)
{
    ngx_uint_t                       i, types;
    ngx_list_part_t                 *part;
    ngx_table_elt_t                 *h;
    ngx_http_xpecto_message_conf_t  *mcf;

    types = 0;
    ctx->format = NGX_XPECTO_MESSAGE_SNIFF;

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

        if (h[i].key.len == sizeof("Content-Type") - 1
            && ngx_strncmp(h[i].lowcase_key, "content-type",
                           sizeof("Content-Type") - 1)
               == 0)
        {
            types++;
            ctx->format = ngx_http_xpecto_message_format(&h[i].value);
        }

        if (h[i].key.len == sizeof("Content-Encoding") - 1
            && ngx_strncmp(h[i].lowcase_key, "content-encoding",
                           sizeof("Content-Encoding") - 1)
               == 0
            && (h[i].value.len != sizeof("identity") - 1
                || ngx_strncasecmp(h[i].value.data, (u_char *) "identity",
                                   sizeof("identity") - 1)
                   != 0))
        {
            return NGX_XPECTO_MESSAGE_BAD_ENCODING;
        }
    }

    /* which of two would count is the upstream's choice */

    if (types > 1 || ctx->format == NGX_XPECTO_MESSAGE_OTHER) {
        return NGX_XPECTO_MESSAGE_BAD_TYPE;
    }

    mcf = ngx_http_get_module_loc_conf(r, ngx_http_xpecto_message_module);

    if (r->headers_in.content_length_n > (off_t) mcf->max) {
        ctx->message.size = r->headers_in.content_length_n;
        return NGX_XPECTO_MESSAGE_TOO_LARGE;
    }

    return NGX_XPECTO_MESSAGE_GOOD;
}


static void
ngx_http_xpecto_message_body_handler(ngx_http_request_t *r)
{
    ngx_chain_t                          *cl;
    ngx_http_xpecto_message_ctx_t        *ctx;
    ngx_http_xpecto_message_conf_t       *mcf;
    ngx_http_xpecto_message_verdict_e     verdict;
    ngx_http_xpecto_message_main_conf_t  *mmcf;

    ctx = ngx_xpecto_get_ctx(r, &ngx_http_xpecto_message_module);
    mcf = ngx_http_get_module_loc_conf(r, ngx_http_xpecto_message_module);
    mmcf = ngx_http_get_module_main_conf(r, ngx_http_xpecto_message_module);

    ctx->reading = 0;
    verdict = NGX_XPECTO_MESSAGE_GOOD;

    /* NULL: it was discarded, as of a refused request with an error_page */

    cl = (r->request_body == NULL) ? NULL : r->request_body->bufs;

    for ( /* void */ ; cl; cl = cl->next) {
        ctx->message.size += ngx_buf_size(cl->buf);
    }

    if (ctx->message.size > (off_t) mcf->max) {
        verdict = NGX_XPECTO_MESSAGE_TOO_LARGE;

    } else if (ctx->message.size > 0) {
        verdict = ngx_http_xpecto_message_body(r, &mmcf->paths, ctx->format,
                                               &ctx->message);
    }

    ngx_xpecto_count_request(r, NGX_XPECTO_MESSAGE_READ);

    ngx_http_xpecto_message_done(r, ctx, verdict);

    /* the body is for the upstream, also behind an internal redirect */

    r->preserve_body = 1;

    r->write_event_handler = ngx_http_core_run_phases;
    ngx_http_core_run_phases(r);
}


static void
ngx_http_xpecto_message_done(ngx_http_request_t *r,
    ngx_http_xpecto_message_ctx_t *ctx,
    ngx_http_xpecto_message_verdict_e verdict)
{
    ngx_http_xpecto_message_conf_t     *mcf;
    ngx_http_xpecto_message_refusal_t  *refusal;

    ctx->done = 1;
    ctx->verdict = verdict;

    ngx_xpecto_count(ngx_xpecto_counters((ngx_cycle_t *) ngx_cycle),
                     NGX_XPECTO_MESSAGE_RECIPIENTS,
                     ctx->message.recipients.nelts);

    if (verdict == NGX_XPECTO_MESSAGE_GOOD) {
        return;
    }

    ctx->message.unreadable = 1;

    if (verdict == NGX_XPECTO_MESSAGE_FAILED) {
        ctx->refused = 1;
        return;
    }

    mcf = ngx_http_get_module_loc_conf(r, ngx_http_xpecto_message_module);
    refusal = &ngx_http_xpecto_message_answers[verdict - 1];

    if (mcf->unreadable == NGX_XPECTO_MESSAGE_DENY) {
        ctx->refused = 1;
        ngx_xpecto_count_request(r, refusal->counter);

    } else {
        ngx_xpecto_count_request(r, NGX_XPECTO_MESSAGE_PASSED_UNREADABLE);
    }

    ngx_log_error(NGX_LOG_INFO, r->connection->log, 0,
                  "xpecto message %s: %s",
                  ctx->refused ? "refused" : "passed on unread",
                  refusal->reason);
}


static ngx_int_t
ngx_http_xpecto_message_type_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_xpecto_message_t  *message;

    message = ngx_xpecto_message(r);

    if (message == NULL || message->type.len == 0) {
        v->not_found = 1;
        return NGX_OK;
    }

    v->len = message->type.len;
    v->data = message->type.data;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_message_count_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_xpecto_message_t           *message;
    ngx_http_xpecto_message_ctx_t  *ctx;

    message = ngx_xpecto_message(r);

    if (message == NULL) {
        v->not_found = 1;
        return NGX_OK;
    }

    ctx = ngx_xpecto_get_ctx(r->main, &ngx_http_xpecto_message_module);

    if (ctx->count.data == NULL) {
        ctx->count.data = ngx_pnalloc(r->pool, NGX_INT_T_LEN);
        if (ctx->count.data == NULL) {
            return NGX_ERROR;
        }

        ctx->count.len = ngx_sprintf(ctx->count.data, "%ui",
                                     message->recipients.nelts)
                         - ctx->count.data;
    }

    v->len = ctx->count.len;
    v->data = ctx->count.data;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;

    return NGX_OK;
}


static char *
ngx_http_xpecto_message(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_xpecto_message_conf_t  *mcf = conf;

    ngx_str_t  *value;

    if (mcf->enable != NGX_CONF_UNSET) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_strcmp(value[1].data, "off") == 0) {

        if (cf->args->nelts > 2) {
            return "takes no parameters when it is \"off\"";
        }

        mcf->enable = 0;
        return NGX_CONF_OK;
    }

    if (ngx_strcmp(value[1].data, "on") != 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid value \"%V\" in \"xpecto_message\" "
                           "directive, it must be \"on\" or \"off\"",
                           &value[1]);
        return NGX_CONF_ERROR;
    }

    mcf->enable = 1;

    if (ngx_xpecto_conf_args(cf, ngx_http_xpecto_message_args, 2, mcf)
        != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    if (mcf->max == 0) {
        return "has a \"max\" that no body fits in";
    }

    return NGX_CONF_OK;
}


static void *
ngx_http_xpecto_message_create_main_conf(ngx_conf_t *cf)
{
    ngx_http_xpecto_message_main_conf_t  *mmcf;

    mmcf = ngx_pcalloc(cf->pool, sizeof(ngx_http_xpecto_message_main_conf_t));
    if (mmcf == NULL) {
        return NULL;
    }

    /*
     * set by ngx_pcalloc():
     *
     *     mmcf->enabled = 0;
     */

    if (ngx_http_xpecto_message_compile(&mmcf->paths) != NGX_OK) {
        return NULL;
    }

    return mmcf;
}


static void *
ngx_http_xpecto_message_create_loc_conf(ngx_conf_t *cf)
{
    ngx_http_xpecto_message_conf_t  *conf;

    conf = ngx_palloc(cf->pool, sizeof(ngx_http_xpecto_message_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    conf->enable = NGX_CONF_UNSET;
    conf->max = NGX_CONF_UNSET_SIZE;
    conf->unreadable = NGX_CONF_UNSET_UINT;

    return conf;
}


static char *
ngx_http_xpecto_message_merge_loc_conf(ngx_conf_t *cf, void *parent,
    void *child)
{
    ngx_http_xpecto_message_conf_t  *prev = parent;
    ngx_http_xpecto_message_conf_t  *conf = child;

    ngx_http_xpecto_message_main_conf_t  *mmcf;

    /* the directive is inherited as a whole */

    if (conf->enable == NGX_CONF_UNSET) {
        *conf = *prev;
    }

    ngx_conf_init_value(conf->enable, 0);
    ngx_conf_init_size_value(conf->max, 256 * 1024);
    ngx_conf_init_uint_value(conf->unreadable, NGX_XPECTO_MESSAGE_DENY);

    if (conf->enable) {
        mmcf = ngx_http_conf_get_module_main_conf(cf,
                                              ngx_http_xpecto_message_module);
        mmcf->enabled = 1;
    }

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_xpecto_message_add_variables(ngx_conf_t *cf)
{
    ngx_http_variable_t  *var, *v;

    for (v = ngx_http_xpecto_message_vars; v->name.len; v++) {
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
ngx_http_xpecto_message_init(ngx_conf_t *cf)
{
    ngx_http_xpecto_message_main_conf_t  *mmcf;

    mmcf = ngx_http_conf_get_module_main_conf(cf,
                                              ngx_http_xpecto_message_module);

    if (!mmcf->enabled) {
        return NGX_OK;
    }

    return ngx_xpecto_handler_first(cf, NGX_HTTP_PRECONTENT_PHASE,
                                    ngx_http_xpecto_message_handler);
}
