
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_consent.h"


typedef struct {
    ngx_str_t            name;          /* behind the location's own */
    ngx_uint_t           methods;
    ngx_str_t            allow;
    const char          *use;
    ngx_int_t          (*show)(ngx_http_request_t *r,
                               ngx_http_xpecto_consent_ctx_t *ctx);
    ngx_int_t          (*change)(ngx_http_request_t *r,
                                 ngx_http_xpecto_consent_ctx_t *ctx,
                                 ngx_str_t *body);
} ngx_http_xpecto_consent_resource_t;


static ngx_http_xpecto_consent_resource_t *ngx_http_xpecto_consent_resource(
    ngx_http_request_t *r);
static ngx_int_t ngx_http_xpecto_consent_api_change(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx);
static void ngx_http_xpecto_consent_api_body(ngx_http_request_t *r);
static ngx_int_t ngx_http_xpecto_consent_api_read(ngx_http_request_t *r);
static ngx_int_t ngx_http_xpecto_consent_api_show(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx);
static ngx_int_t ngx_http_xpecto_consent_api_choose(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_str_t *body);
static ngx_int_t ngx_http_xpecto_consent_api_delete(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx);
static ngx_int_t ngx_http_xpecto_consent_api_match(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_http_xpecto_consent_held_t *held);


static ngx_http_xpecto_consent_resource_t  ngx_http_xpecto_consent_uses[] = {
    { ngx_null_string,
      NGX_HTTP_GET|NGX_HTTP_HEAD|NGX_HTTP_POST|NGX_HTTP_PUT|NGX_HTTP_DELETE,
      ngx_string("GET, HEAD, POST, PUT, DELETE, OPTIONS"),
      "Use GET, POST, PUT or DELETE.",
      ngx_http_xpecto_consent_api_show,
      ngx_http_xpecto_consent_api_choose },

    { ngx_string("config"), NGX_HTTP_GET|NGX_HTTP_HEAD,
      ngx_string("GET, HEAD, OPTIONS"), "Use GET.",
      ngx_http_xpecto_consent_show_config, NULL },

    { ngx_string("receipt"), NGX_HTTP_GET|NGX_HTTP_HEAD,
      ngx_string("GET, HEAD, OPTIONS"), "Use GET.",
      ngx_http_xpecto_consent_show_receipt, NULL },

    { ngx_string("age"), NGX_HTTP_GET|NGX_HTTP_HEAD|NGX_HTTP_POST,
      ngx_string("GET, HEAD, POST, OPTIONS"), "Use GET or POST.",
      ngx_http_xpecto_consent_show_age,
      ngx_http_xpecto_consent_say_age },

    { ngx_string("ui"), NGX_HTTP_GET|NGX_HTTP_HEAD,
      ngx_string("GET, HEAD, OPTIONS"), "Use GET.",
      ngx_http_xpecto_consent_send_page, NULL }
};


ngx_int_t
ngx_http_xpecto_consent_api_handler(ngx_http_request_t *r)
{
    ngx_http_xpecto_consent_ctx_t       *ctx;
    ngx_http_xpecto_consent_resource_t  *resource;

    static ngx_str_t  vary = ngx_string("Accept, Cookie, Xpecto-Consent, "
                                        "Sec-GPC, DNT, Origin");

    ctx = ngx_http_xpecto_consent_get(r);

    if (ctx == NULL
        || ngx_http_xpecto_consent_add_header(r, "Vary", &vary) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (!ctx->secure) {
        return ngx_http_xpecto_consent_problem(r,
                          NGX_HTTP_XPECTO_CONSENT_INSECURE,
                          "The consent cookie is set and read over TLS only.");
    }

    resource = ngx_http_xpecto_consent_resource(r);

    if (resource == NULL) {
        return ngx_http_xpecto_consent_problem(r,
                          NGX_HTTP_XPECTO_CONSENT_MISSING,
                          "There is nothing of that name.");
    }

    if (r->method & resource->methods) {
        return (r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))
               ? resource->show(r, ctx)
               : ngx_http_xpecto_consent_api_change(r, ctx);
    }

    if (ngx_http_xpecto_consent_add_header(r, "Allow", &resource->allow)
        != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    /* no Access-Control-*: another site's scripts have no business here */

    if (r->method == NGX_HTTP_OPTIONS) {
        return ngx_http_xpecto_consent_send_nothing(r, NGX_HTTP_NO_CONTENT);
    }

    return ngx_http_xpecto_consent_problem(r, NGX_HTTP_XPECTO_CONSENT_METHOD,
                                           resource->use);
}


/* by what stands behind the name of the location */

static ngx_http_xpecto_consent_resource_t *
ngx_http_xpecto_consent_resource(ngx_http_request_t *r)
{
    ngx_str_t                  rest;
    ngx_uint_t                 i, n;
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    ngx_str_null(&rest);

    if (r->uri.len > clcf->name.len
        && ngx_strncmp(r->uri.data, clcf->name.data, clcf->name.len) == 0)
    {
        rest.data = r->uri.data + clcf->name.len;
        rest.len = r->uri.len - clcf->name.len;

        if (rest.data[0] == '/') {
            rest.data++;
            rest.len--;
        }
    }

    n = sizeof(ngx_http_xpecto_consent_uses)
        / sizeof(ngx_http_xpecto_consent_resource_t);

    for (i = 0; i < n; i++) {

        if (ngx_http_xpecto_consent_uses[i].name.len == rest.len
            && ngx_strncmp(ngx_http_xpecto_consent_uses[i].name.data,
                           rest.data, rest.len)
               == 0)
        {
            return &ngx_http_xpecto_consent_uses[i];
        }
    }

    return NULL;
}


static ngx_int_t
ngx_http_xpecto_consent_api_change(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx)
{
    ngx_int_t  rc;

    if (ngx_http_xpecto_consent_site(r) == NGX_HTTP_XPECTO_CONSENT_FOREIGN) {
        return ngx_http_xpecto_consent_problem(r,
                          NGX_HTTP_XPECTO_CONSENT_ELSEWHERE,
                          "A choice is made on this site, not on another.");
    }

    if (r->method == NGX_HTTP_DELETE) {
        return ngx_http_xpecto_consent_api_delete(r, ctx);
    }

    if (r->args.len) {
        return ngx_http_xpecto_consent_problem(r,
                          NGX_HTTP_XPECTO_CONSENT_VALUE,
                          "A choice takes no query parameters.");
    }

    if (r->headers_in.content_length_n > NGX_HTTP_XPECTO_CONSENT_BODY) {
        return ngx_http_xpecto_consent_problem(r,
                          NGX_HTTP_XPECTO_CONSENT_LARGE,
                          "A choice has at most 4096 bytes.");
    }

    if (!ngx_http_xpecto_consent_is_type(r, "application/json")
        && (r->method == NGX_HTTP_PUT
            || !ngx_http_xpecto_consent_is_type(r,
                                         "application/x-www-form-urlencoded")))
    {
        return ngx_http_xpecto_consent_problem(r,
                          NGX_HTTP_XPECTO_CONSENT_TYPE,
                          "Send application/json or, by POST, a form.");
    }

    r->request_body_in_single_buf = 1;

    rc = ngx_http_read_client_request_body(r,
                                           ngx_http_xpecto_consent_api_body);

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        return rc;
    }

    return NGX_DONE;
}


static void
ngx_http_xpecto_consent_api_body(ngx_http_request_t *r)
{
    ngx_http_finalize_request(r, ngx_http_xpecto_consent_api_read(r));
}


static ngx_int_t
ngx_http_xpecto_consent_api_read(ngx_http_request_t *r)
{
    ngx_int_t                            rc;
    ngx_str_t                            body;
    ngx_http_xpecto_consent_ctx_t       *ctx;
    ngx_http_xpecto_consent_resource_t  *resource;

    ctx = ngx_http_xpecto_consent_get(r);
    resource = ngx_http_xpecto_consent_resource(r);

    if (ctx == NULL || resource == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_xpecto_consent_read_body(r, &body);

    if (rc == NGX_DECLINED) {
        return ngx_http_xpecto_consent_problem(r,
                          NGX_HTTP_XPECTO_CONSENT_LARGE,
                          "A choice has at most 4096 bytes.");
    }

    /* the body may have come long after what was decided by the head */

    if (ctx->state == XPECTO_CHOICE_VALID
        && ngx_http_xpecto_consent_is_revoked(r, &ctx->choice))
    {
        ctx->state = XPECTO_CHOICE_REVOKED;
        ctx->choice.flags |= XPECTO_CHOICE_WITHDRAWN;

        ngx_http_xpecto_consent_decide_again(r, ctx);
    }

    return (rc == NGX_OK) ? resource->change(r, ctx, &body)
                          : NGX_HTTP_INTERNAL_SERVER_ERROR;
}


static ngx_int_t
ngx_http_xpecto_consent_api_show(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx)
{
    ngx_http_xpecto_consent_made_t   made;
    ngx_http_xpecto_consent_shown_t  shown;

    if (ngx_http_xpecto_consent_wants_page(r)) {
        return ngx_http_xpecto_consent_send_page(r, ctx);
    }

    ngx_http_xpecto_consent_present(ctx, &made);

    if (ngx_http_xpecto_consent_show(r, ctx, &made, &shown) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_xpecto_consent_send_state(r, &shown);
}


/* POST changes what it names, PUT replaces all, and nothing if it is so */

static ngx_int_t
ngx_http_xpecto_consent_api_choose(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_str_t *body)
{
    ngx_int_t                             rc;
    ngx_uint_t                            form, put;
    xpecto_wish_t                        *wish;
    xpecto_wish_e                         reason;
    ngx_http_xpecto_consent_held_t        held;
    ngx_http_xpecto_consent_made_t        made;
    ngx_http_xpecto_consent_shown_t       shown;
    ngx_http_xpecto_consent_srv_conf_t   *conf;

    conf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    wish = ngx_pcalloc(r->pool, sizeof(xpecto_wish_t));
    if (wish == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    put = (r->method == NGX_HTTP_PUT);
    form = !ngx_http_xpecto_consent_is_type(r, "application/json");

    reason = form ? xpecto_wish_form(wish, body->data, body->len)
                  : xpecto_wish_json(wish, body->data, body->len);

    if (reason == XPECTO_WISH_OK) {
        reason = xpecto_wish_complete(wish, (uint16_t) conf->asked, put);
    }

    if (reason != XPECTO_WISH_OK) {
        return ngx_http_xpecto_consent_misunderstood(r, reason);
    }

    /* a refusal that was forced harms nobody, a grant does */

    if (((wish->accept & ~XPECTO_PURPOSES_ALWAYS)
         || wish->restriction == XPECTO_RESTRICT_OFF)
        && ngx_http_xpecto_consent_site(r) != NGX_HTTP_XPECTO_CONSENT_OURS)
    {
        return ngx_http_xpecto_consent_problem(r,
                          NGX_HTTP_XPECTO_CONSENT_ELSEWHERE,
                          "Consent needs Sec-Fetch-Site, Origin or Referer "
                          "of this site.");
    }

    if (wish->accept & ~XPECTO_PURPOSES_ALWAYS) {

        if (ctx->decision.layers[XPECTO_LAYER_AGE]) {
            return ngx_http_xpecto_consent_problem(r,
                          NGX_HTTP_XPECTO_CONSENT_AGE,
                          "Somebody of this age cannot consent here.");
        }

        if (ngx_http_xpecto_consent_asks_age(r, ctx)) {
            return ngx_http_xpecto_consent_problem(r,
                          NGX_HTTP_XPECTO_CONSENT_AGE,
                          "The age is asked for before a consent.");
        }
    }

    rc = ngx_http_xpecto_consent_api_match(r, ctx, &held);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    rc = ngx_http_xpecto_consent_make(r, ctx, wish, form, put, &made);

    if (rc == NGX_OK) {

        if (put && ngx_http_xpecto_consent_is_same(ctx, &made)) {
            ngx_http_xpecto_consent_present(ctx, &made);

        } else {
            rc = ngx_http_xpecto_consent_store(r, ctx, &made,
                                             NGX_HTTP_XPECTO_CONSENT_EXPIRES);
        }
    }

    ngx_http_xpecto_consent_release(&held);

    if (rc != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (form) {
        return ngx_http_xpecto_consent_send_back(r, wish);
    }

    if (ngx_http_xpecto_consent_show(r, ctx, &made, &shown) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_xpecto_consent_send_state(r, &shown);
}


static ngx_int_t
ngx_http_xpecto_consent_api_delete(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx)
{
    ngx_int_t                            rc;
    ngx_uint_t                           erase;
    xpecto_wish_t                       *wish;
    ngx_http_xpecto_consent_held_t       held;
    ngx_http_xpecto_consent_made_t       made;
    ngx_http_xpecto_consent_srv_conf_t  *conf;

    erase = (r->args.len == sizeof("erase=all") - 1
             && ngx_strncmp(r->args.data, "erase=all", r->args.len) == 0);

    if (r->args.len && !erase) {
        return ngx_http_xpecto_consent_problem(r,
                          NGX_HTTP_XPECTO_CONSENT_VALUE,
                          "A withdrawal takes no parameter but \"erase=all\".");
    }

    /* unlike a withdrawal it takes what cannot be given back */

    if (erase
        && ngx_http_xpecto_consent_site(r) != NGX_HTTP_XPECTO_CONSENT_OURS)
    {
        return ngx_http_xpecto_consent_problem(r,
                          NGX_HTTP_XPECTO_CONSENT_ELSEWHERE,
                          "To erase all needs Sec-Fetch-Site, Origin or "
                          "Referer of this site.");
    }

    conf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    wish = ngx_pcalloc(r->pool, sizeof(xpecto_wish_t));
    if (wish == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    wish->reject = (uint16_t) conf->asked;

    rc = ngx_http_xpecto_consent_api_match(r, ctx, &held);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    if (erase) {
        rc = ngx_http_xpecto_consent_erase(r, ctx, "erased");

    } else {
        rc = ngx_http_xpecto_consent_make(r, ctx, wish, 0, 1, &made);

        if (rc == NGX_OK) {
            rc = ngx_http_xpecto_consent_store(r, ctx, &made,
                                             NGX_HTTP_XPECTO_CONSENT_EXPIRES);
        }
    }

    ngx_http_xpecto_consent_release(&held);

    return (rc == NGX_OK)
           ? ngx_http_xpecto_consent_send_nothing(r, NGX_HTTP_NO_CONTENT)
           : NGX_HTTP_INTERNAL_SERVER_ERROR;
}


/*
 * NGX_DECLINED: go on, and release what is held.  The body may have come late,
 * and another worker may do the same: by If-Match one of them does.
 */

static ngx_int_t
ngx_http_xpecto_consent_api_match(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_http_xpecto_consent_held_t *held)
{
    ngx_int_t                        rc;
    ngx_uint_t                       exists;
    ngx_http_xpecto_consent_made_t   made;
    ngx_http_xpecto_consent_shown_t  shown;

    held->zone = NULL;

    if (r->headers_in.if_match == NULL
        && r->headers_in.if_none_match == NULL)
    {
        return NGX_DECLINED;
    }

    ngx_http_xpecto_consent_present(ctx, &made);

    if (ngx_http_xpecto_consent_show(r, ctx, &made, &shown) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    exists = (ctx->state == XPECTO_CHOICE_VALID);
    rc = NGX_DECLINED;

    if (ngx_http_xpecto_consent_match(r->headers_in.if_match, &shown.etag,
                                      exists, 0)
        != NGX_DECLINED
        && ngx_http_xpecto_consent_match(r->headers_in.if_none_match,
                                         &shown.etag, exists, 1)
           != NGX_OK)
    {
        rc = (exists && r->headers_in.if_match != NULL)
             ? ngx_http_xpecto_consent_hold(r, &ctx->choice, held) : NGX_OK;
    }

    if (rc == NGX_OK) {
        return NGX_DECLINED;
    }

    r->disable_not_modified = 1;

    return ngx_http_xpecto_consent_problem(r, NGX_HTTP_XPECTO_CONSENT_CHANGED,
                          "The choice is another one than the one you know.");
}


/*
 * /.well-known/gpc.json, https://www.w3.org/TR/gpc/: for anybody.  What is
 * true by law only is true: "to the extent it is legally obligated to".
 */

ngx_int_t
ngx_http_xpecto_consent_gpc_handler(ngx_http_request_t *r)
{
    u_char                               *p;
    ngx_tm_t                              tm;
    ngx_str_t                             body;
    ngx_uint_t                            i;
    xpecto_revision_t                    *revision, *last;
    ngx_http_xpecto_consent_srv_conf_t   *conf;

    static ngx_str_t  allow = ngx_string("GET, HEAD");

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {

        if (ngx_http_xpecto_consent_add_header(r, "Allow", &allow) != NGX_OK) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        return ngx_http_xpecto_consent_problem(r,
                          NGX_HTTP_XPECTO_CONSENT_METHOD, "Use GET.");
    }

    conf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    body.data = ngx_pnalloc(r->pool, sizeof("{\"gpc\":false,"
                                            "\"lastUpdate\":\"2026-03-01\"}")
                                     + 4 * NGX_INT_T_LEN);
    if (body.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p = ngx_sprintf(body.data, "{\"gpc\":%s",
                    conf->gpc == NGX_HTTP_XPECTO_CONSENT_GPC_OFF ? "false"
                                                                 : "true");

    /* of the policy, which is in force since its last revision */

    last = NULL;
    revision = conf->revisions->elts;

    for (i = 0; i < conf->revisions->nelts; i++) {
        if (revision[i].effective <= ngx_time()) {
            last = &revision[i];
        }
    }

    if (last != NULL) {
        ngx_gmtime(last->effective, &tm);
        p = ngx_sprintf(p, ",\"lastUpdate\":\"%4d-%02d-%02d\"",
                        tm.ngx_tm_year, tm.ngx_tm_mon, tm.ngx_tm_mday);
    }

    p = ngx_cpymem(p, "}\n", 2);
    body.len = p - body.data;

    return ngx_http_xpecto_consent_send_json(r, &body);
}
