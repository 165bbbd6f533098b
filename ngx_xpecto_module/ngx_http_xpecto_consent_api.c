
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_consent.h"
#include "core/xpecto_doc.h"
#include "core/xpecto_form.h"


#define NGX_HTTP_XPECTO_CONSENT_BODY     4096
#define NGX_HTTP_XPECTO_CONSENT_RETURN   1024
#define NGX_HTTP_XPECTO_CONSENT_ANSWER   3072
#define NGX_HTTP_XPECTO_CONSENT_EXPIRES  20     /* lines of an answer */


/* what a request wants, whichever way it says so */

typedef struct {
    ngx_uint_t           accept;
    ngx_uint_t           reject;
    unsigned             accept_all:1;
    unsigned             reject_all:1;
    unsigned             form:1;
    unsigned             redirect:1;
    ngx_str_t            back;          /* path of the redirect */
} ngx_http_xpecto_consent_wish_t;


/* where a request comes from */

typedef enum {
    NGX_HTTP_XPECTO_CONSENT_UNKNOWN = 0,
    NGX_HTTP_XPECTO_CONSENT_OURS,
    NGX_HTTP_XPECTO_CONSENT_FOREIGN
} ngx_http_xpecto_consent_site_e;


typedef struct {
    ngx_uint_t           status;
    const char          *title;
} ngx_http_xpecto_consent_title_t;


static ngx_int_t ngx_http_xpecto_consent_api_change(ngx_http_request_t *r);
static void ngx_http_xpecto_consent_api_body(ngx_http_request_t *r);
static ngx_int_t ngx_http_xpecto_consent_api_post(ngx_http_request_t *r);
static const char *ngx_http_xpecto_consent_parse(ngx_http_request_t *r,
    ngx_http_xpecto_consent_wish_t *wish, ngx_str_t *body);
static ngx_uint_t ngx_http_xpecto_consent_is_type(ngx_http_request_t *r,
    const char *type);
static ngx_int_t ngx_http_xpecto_consent_read_body(ngx_http_request_t *r,
    ngx_str_t *body);
static const char *ngx_http_xpecto_consent_parse_json(
    ngx_http_xpecto_consent_wish_t *wish, ngx_str_t *body);
static const char *ngx_http_xpecto_consent_parse_list(
    const xpecto_node_t *root, const char *key, ngx_uint_t *mask,
    ngx_uint_t *all);
static const char *ngx_http_xpecto_consent_parse_form(
    ngx_http_xpecto_consent_wish_t *wish, ngx_str_t *body);
static ngx_uint_t ngx_http_xpecto_consent_equal(u_char *p, size_t len,
    const char *text);
static ngx_uint_t ngx_http_xpecto_consent_is_path(ngx_str_t *path);
static const char *ngx_http_xpecto_consent_complete(
    ngx_http_xpecto_consent_wish_t *wish, ngx_uint_t asked);
static ngx_http_xpecto_consent_site_e ngx_http_xpecto_consent_site(
    ngx_http_request_t *r);
static ngx_uint_t ngx_http_xpecto_consent_is_ours(ngx_http_request_t *r,
    ngx_str_t *url);
static size_t ngx_http_xpecto_consent_without_port(ngx_str_t *host);
static ngx_int_t ngx_http_xpecto_consent_store(ngx_http_request_t *r,
    ngx_http_xpecto_consent_wish_t *wish, xpecto_choice_t *choice,
    xpecto_decision_t *decision);
static ngx_int_t ngx_http_xpecto_consent_set_cookie(ngx_http_request_t *r,
    xpecto_choice_t *choice);
static ngx_int_t ngx_http_xpecto_consent_expire(ngx_http_request_t *r,
    ngx_uint_t refused);
static ngx_int_t ngx_http_xpecto_consent_expire_name(ngx_http_request_t *r,
    xpecto_str_t *name, ngx_str_t *domain);
static ngx_int_t ngx_http_xpecto_consent_send_state(ngx_http_request_t *r,
    xpecto_choice_t *choice, xpecto_decision_t *decision, ngx_str_t *state,
    ngx_uint_t revision);
static ngx_int_t ngx_http_xpecto_consent_send_back(ngx_http_request_t *r,
    ngx_str_t *path);
static ngx_int_t ngx_http_xpecto_consent_problem(ngx_http_request_t *r,
    ngx_uint_t status, const char *detail);
static ngx_int_t ngx_http_xpecto_consent_add(ngx_http_request_t *r,
    const char *key, ngx_str_t *value);


static ngx_str_t  ngx_http_xpecto_consent_none = ngx_null_string;

static ngx_str_t  ngx_http_xpecto_consent_json =
    ngx_string("application/json");

static ngx_str_t  ngx_http_xpecto_consent_problem_json =
    ngx_string("application/problem+json");

static ngx_str_t  ngx_http_xpecto_consent_valid = ngx_string("valid");


static ngx_http_xpecto_consent_title_t  ngx_http_xpecto_consent_titles[] = {
    { NGX_HTTP_FORBIDDEN, "Forbidden" },
    { NGX_HTTP_NOT_ALLOWED, "Method Not Allowed" },
    { NGX_HTTP_REQUEST_ENTITY_TOO_LARGE, "Content Too Large" },
    { NGX_HTTP_UNSUPPORTED_MEDIA_TYPE, "Unsupported Media Type" },
    { 422, "Unprocessable Content" },
    { 0, NULL }
};


ngx_int_t
ngx_http_xpecto_consent_api_handler(ngx_http_request_t *r)
{
    ngx_http_xpecto_consent_ctx_t  *ctx;

    static ngx_str_t  vary = ngx_string("Cookie, Sec-GPC, DNT, Origin");
    static ngx_str_t  allow = ngx_string("GET, HEAD, POST, DELETE, OPTIONS");

    ctx = ngx_http_xpecto_consent_get(r);

    if (ctx == NULL
        || ngx_http_xpecto_consent_add(r, "Vary", &vary) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (!ctx->secure) {
        return ngx_http_xpecto_consent_problem(r, NGX_HTTP_FORBIDDEN,
                          "The consent cookie is set and read over TLS only.");
    }

    switch (r->method) {

    case NGX_HTTP_GET:
    case NGX_HTTP_HEAD:
        return ngx_http_xpecto_consent_send_state(r,
                    ctx->facts.choice ? &ctx->choice : NULL, &ctx->decision,
                    &ctx->public.state, ctx->revision);

    case NGX_HTTP_POST:
    case NGX_HTTP_DELETE:
        return ngx_http_xpecto_consent_api_change(r);

    default:
        break;
    }

    if (ngx_http_xpecto_consent_add(r, "Allow", &allow) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    /* no Access-Control-*: another site's scripts have no business here */

    if (r->method == NGX_HTTP_OPTIONS) {
        return ngx_xpecto_send(r, NGX_HTTP_NO_CONTENT,
                               &ngx_http_xpecto_consent_none,
                               &ngx_http_xpecto_consent_none);
    }

    return ngx_http_xpecto_consent_problem(r, NGX_HTTP_NOT_ALLOWED,
                          "Use GET, POST or DELETE.");
}


static ngx_int_t
ngx_http_xpecto_consent_api_change(ngx_http_request_t *r)
{
    ngx_int_t                        rc;
    xpecto_choice_t                  choice;
    xpecto_decision_t                decision;
    ngx_http_xpecto_consent_wish_t   wish;

    if (ngx_http_xpecto_consent_site(r) == NGX_HTTP_XPECTO_CONSENT_FOREIGN) {
        return ngx_http_xpecto_consent_problem(r, NGX_HTTP_FORBIDDEN,
                          "A choice is made on this site, not on another.");
    }

    if (r->args.len) {
        return ngx_http_xpecto_consent_problem(r, 422,
                          "A choice takes no query parameters.");
    }

    if (r->method == NGX_HTTP_DELETE) {
        ngx_memzero(&wish, sizeof(ngx_http_xpecto_consent_wish_t));
        wish.reject_all = 1;

        if (ngx_http_xpecto_consent_store(r, &wish, &choice, &decision)
            != NGX_OK)
        {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        return ngx_xpecto_send(r, NGX_HTTP_NO_CONTENT,
                               &ngx_http_xpecto_consent_none,
                               &ngx_http_xpecto_consent_none);
    }

    if (r->headers_in.content_length_n > NGX_HTTP_XPECTO_CONSENT_BODY) {
        return ngx_http_xpecto_consent_problem(r,
                          NGX_HTTP_REQUEST_ENTITY_TOO_LARGE,
                          "A choice has at most 4096 bytes.");
    }

    if (!ngx_http_xpecto_consent_is_type(r, "application/json")
        && !ngx_http_xpecto_consent_is_type(r,
                                          "application/x-www-form-urlencoded"))
    {
        return ngx_http_xpecto_consent_problem(r,
                          NGX_HTTP_UNSUPPORTED_MEDIA_TYPE,
                          "Send application/json or a form.");
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
    ngx_http_finalize_request(r, ngx_http_xpecto_consent_api_post(r));
}


static ngx_int_t
ngx_http_xpecto_consent_api_post(ngx_http_request_t *r)
{
    ngx_int_t                             rc;
    ngx_str_t                             body;
    const char                           *error;
    xpecto_choice_t                       choice;
    xpecto_decision_t                     decision;
    ngx_http_xpecto_consent_ctx_t        *ctx;
    ngx_http_xpecto_consent_wish_t        wish;
    ngx_http_xpecto_consent_srv_conf_t   *conf;

    ctx = ngx_http_xpecto_consent_get(r);

    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_xpecto_consent_read_body(r, &body);

    if (rc == NGX_DECLINED) {
        return ngx_http_xpecto_consent_problem(r,
                          NGX_HTTP_REQUEST_ENTITY_TOO_LARGE,
                          "A choice has at most 4096 bytes.");
    }

    if (rc != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    conf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    ngx_memzero(&wish, sizeof(ngx_http_xpecto_consent_wish_t));

    wish.back.data = ngx_pnalloc(r->pool, NGX_HTTP_XPECTO_CONSENT_RETURN);
    if (wish.back.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    error = ngx_http_xpecto_consent_parse(r, &wish, &body);

    if (error == NULL) {
        error = ngx_http_xpecto_consent_complete(&wish, conf->asked);
    }

    if (error != NULL) {
        return ngx_http_xpecto_consent_problem(r, 422, error);
    }

    /* a refusal that was forced harms nobody, a grant does */

    if ((wish.accept & ~XPECTO_PURPOSES_ALWAYS)
        && ngx_http_xpecto_consent_site(r) != NGX_HTTP_XPECTO_CONSENT_OURS)
    {
        return ngx_http_xpecto_consent_problem(r, NGX_HTTP_FORBIDDEN,
                          "Consent needs Sec-Fetch-Site, Origin or Referer "
                          "of this site.");
    }

    if (ngx_http_xpecto_consent_store(r, &wish, &choice, &decision) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (wish.form) {
        return ngx_http_xpecto_consent_send_back(r, &wish.back);
    }

    return ngx_http_xpecto_consent_send_state(r, &choice, &decision,
                                              &ngx_http_xpecto_consent_valid,
                                              ctx->revision);
}


/* a sentence that says what is wrong, or NULL */

static const char *
ngx_http_xpecto_consent_parse(ngx_http_request_t *r,
    ngx_http_xpecto_consent_wish_t *wish, ngx_str_t *body)
{
    if (ngx_http_xpecto_consent_is_type(r, "application/json")) {
        return ngx_http_xpecto_consent_parse_json(wish, body);
    }

    wish->form = 1;

    return ngx_http_xpecto_consent_parse_form(wish, body);
}


static ngx_uint_t
ngx_http_xpecto_consent_is_type(ngx_http_request_t *r, const char *type)
{
    size_t      len;
    ngx_str_t  *value;

    if (r->headers_in.content_type == NULL) {
        return 0;
    }

    value = &r->headers_in.content_type->value;
    len = ngx_strlen(type);

    if (value->len < len
        || ngx_strncasecmp(value->data, (u_char *) type, len) != 0)
    {
        return 0;
    }

    return value->len == len || value->data[len] == ';'
           || value->data[len] == ' ' || value->data[len] == '\t';
}


/* NGX_DECLINED: too large */

static ngx_int_t
ngx_http_xpecto_consent_read_body(ngx_http_request_t *r, ngx_str_t *body)
{
    off_t         size;
    ssize_t       n;
    ngx_buf_t    *b;
    ngx_chain_t  *cl;

    body->len = 0;
    body->data = ngx_pnalloc(r->pool, NGX_HTTP_XPECTO_CONSENT_BODY);
    if (body->data == NULL) {
        return NGX_ERROR;
    }

    if (r->request_body == NULL) {
        return NGX_OK;
    }

    for (cl = r->request_body->bufs; cl; cl = cl->next) {
        b = cl->buf;
        size = ngx_buf_size(b);

        if (size > (off_t) (NGX_HTTP_XPECTO_CONSENT_BODY - body->len)) {
            return NGX_DECLINED;
        }

        if (ngx_buf_in_memory(b)) {
            ngx_memcpy(body->data + body->len, b->pos, (size_t) size);

        } else if (size) {
            n = ngx_read_file(b->file, body->data + body->len, (size_t) size,
                              b->file_pos);

            if (n != size) {
                return NGX_ERROR;
            }
        }

        body->len += (size_t) size;
    }

    return NGX_OK;
}


static const char *
ngx_http_xpecto_consent_parse_json(ngx_http_xpecto_consent_wish_t *wish,
    ngx_str_t *body)
{
    ngx_uint_t      accept_all, reject_all;
    const char     *error;
    xpecto_doc_t   *doc;
    xpecto_err_t    err;
    xpecto_node_t   root;

    static const char *const  members[] = { "accept", "reject", NULL };

    doc = xpecto_doc_parse(body->data, body->len, &root, &err);
    if (doc == NULL) {
        return "This is not JSON, or it names a member twice.";
    }

    error = NULL;
    accept_all = 0;
    reject_all = 0;

    if (xpecto_doc_type(&root, XPECTO_DOC_OBJECT, &err) != XPECTO_OK
        || xpecto_doc_members(&root, members, &err) != XPECTO_OK)
    {
        error = "A choice is an object of \"accept\" and \"reject\".";
    }

    if (error == NULL) {
        error = ngx_http_xpecto_consent_parse_list(&root, "accept",
                                                   &wish->accept, &accept_all);
    }

    if (error == NULL) {
        error = ngx_http_xpecto_consent_parse_list(&root, "reject",
                                                   &wish->reject, &reject_all);
    }

    wish->accept_all = accept_all;
    wish->reject_all = reject_all;

    xpecto_doc_free(doc);

    return error;
}


static const char *
ngx_http_xpecto_consent_parse_list(const xpecto_node_t *root, const char *key,
    ngx_uint_t *mask, ngx_uint_t *all)
{
    int            purpose;
    size_t         i;
    xpecto_rc_e    rc;
    xpecto_str_t   name;
    xpecto_err_t   err;
    xpecto_node_t  list, item;

    rc = xpecto_doc_get(root, key, XPECTO_DOC_ARRAY, 0, &list, &err);

    if (rc == XPECTO_DECLINED) {
        return NULL;
    }

    if (rc != XPECTO_OK) {
        return "\"accept\" and \"reject\" are lists of purposes.";
    }

    for (i = 0; i < xpecto_doc_size(&list); i++) {
        xpecto_doc_element(&list, i, &item);

        if (xpecto_doc_type(&item, XPECTO_DOC_STRING, &err) != XPECTO_OK) {
            return "\"accept\" and \"reject\" are lists of purposes.";
        }

        name = xpecto_doc_string(&item);

        if (name.len == 1 && name.data[0] == '*') {
            *all = 1;
            continue;
        }

        purpose = xpecto_purpose_find(name.data, name.len);

        if (purpose < 0) {
            return "A purpose is unknown.";
        }

        *mask |= XPECTO_PURPOSE_BIT(purpose);
    }

    return NULL;
}


/* accept=all, reject=all, p.analytics=1, return=/path */

static const char *
ngx_http_xpecto_consent_parse_form(ngx_http_xpecto_consent_wish_t *wish,
    ngx_str_t *body)
{
    int                  purpose;
    size_t               name_len, len;
    u_char               name[32], value[NGX_HTTP_XPECTO_CONSENT_RETURN];
    const uint8_t       *p, *last;
    xpecto_form_pair_t   pair;

    p = body->data;
    last = p + body->len;

    while (xpecto_form_next(&p, last, &pair) == XPECTO_OK) {

        if (xpecto_form_decode(&pair.name, name, sizeof(name), &name_len)
            != XPECTO_OK
            || xpecto_form_decode(&pair.value, value, sizeof(value), &len)
               != XPECTO_OK)
        {
            return "A field is too long or is not encoded as of a form.";
        }

        if (ngx_http_xpecto_consent_equal(name, name_len, "accept")
            && ngx_http_xpecto_consent_equal(value, len, "all")
            && !wish->accept_all)
        {
            wish->accept_all = 1;
            continue;
        }

        if (ngx_http_xpecto_consent_equal(name, name_len, "reject")
            && ngx_http_xpecto_consent_equal(value, len, "all")
            && !wish->reject_all)
        {
            wish->reject_all = 1;
            continue;
        }

        if (ngx_http_xpecto_consent_equal(name, name_len, "return")
            && !wish->redirect)
        {
            wish->redirect = 1;
            wish->back.len = len;
            ngx_memcpy(wish->back.data, value, len);

            if (!ngx_http_xpecto_consent_is_path(&wish->back)) {
                return "\"return\" is not a path of this site.";
            }

            continue;
        }

        if (name_len > 2 && name[0] == 'p' && name[1] == '.' && len == 1
            && (value[0] == '0' || value[0] == '1'))
        {
            purpose = xpecto_purpose_find(name + 2, name_len - 2);

            if (purpose >= 0 && !((wish->accept | wish->reject)
                                  & XPECTO_PURPOSE_BIT(purpose)))
            {
                if (value[0] == '1') {
                    wish->accept |= XPECTO_PURPOSE_BIT(purpose);

                } else {
                    wish->reject |= XPECTO_PURPOSE_BIT(purpose);
                }

                continue;
            }
        }

        return "A field is unknown, is there twice or has a wrong value.";
    }

    return NULL;
}


static ngx_uint_t
ngx_http_xpecto_consent_equal(u_char *p, size_t len, const char *text)
{
    return len == ngx_strlen(text) && ngx_strncmp(p, text, len) == 0;
}


/* printable ASCII behind one slash: nothing that a browser reads as a host */

static ngx_uint_t
ngx_http_xpecto_consent_is_path(ngx_str_t *path)
{
    ngx_uint_t  i;

    if (path->len == 0 || path->data[0] != '/') {
        return 0;
    }

    for (i = 1; i < path->len; i++) {

        if (path->data[i] <= ' ' || path->data[i] >= 0x7f
            || path->data[i] == '\\' || (i == 1 && path->data[i] == '/'))
        {
            return 0;
        }
    }

    return 1;
}


/* turns "all" into purposes: all that are asked for and not named */

static const char *
ngx_http_xpecto_consent_complete(ngx_http_xpecto_consent_wish_t *wish,
    ngx_uint_t asked)
{
    if ((wish->accept | wish->reject) & ~(asked | XPECTO_PURPOSES_ALWAYS)) {
        return "A purpose is not in use here.";
    }

    if (wish->reject & XPECTO_PURPOSES_ALWAYS) {
        return "What is necessary cannot be rejected.";
    }

    if ((wish->accept & wish->reject)
        || (wish->accept_all && wish->reject_all))
    {
        return "The same is accepted and rejected.";
    }

    if (wish->accept_all) {
        wish->accept |= asked & ~wish->reject;
    }

    if (wish->reject_all) {
        wish->reject |= asked & ~wish->accept;
    }

    if (wish->accept == 0 && wish->reject == 0) {
        return "Nothing is accepted or rejected.";
    }

    return NULL;
}


/*
 * Sec-Fetch-Site, else Origin, else Referer.  One that names another site is
 * foreign whatever the others say; "Origin: null" says nothing.
 */

static ngx_http_xpecto_consent_site_e
ngx_http_xpecto_consent_site(ngx_http_request_t *r)
{
    ngx_str_t        *value;
    ngx_uint_t        i, fetch, origin, referer, ours;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    fetch = 0;
    origin = 0;
    referer = NGX_HTTP_XPECTO_CONSENT_UNKNOWN;

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

        value = &h[i].value;

        if (ngx_http_xpecto_consent_is(&h[i], "sec-fetch-site", 14)) {

            if (!ngx_http_xpecto_consent_equal(value->data, value->len,
                                               "same-origin")
                && !ngx_http_xpecto_consent_equal(value->data, value->len,
                                                  "none"))
            {
                return NGX_HTTP_XPECTO_CONSENT_FOREIGN;
            }

            fetch = 1;

        } else if (ngx_http_xpecto_consent_is(&h[i], "origin", 6)) {

            if (ngx_http_xpecto_consent_equal(value->data, value->len,
                                              "null"))
            {
                continue;
            }

            if (!ngx_http_xpecto_consent_is_ours(r, value)) {
                return NGX_HTTP_XPECTO_CONSENT_FOREIGN;
            }

            origin = 1;

        } else if (ngx_http_xpecto_consent_is(&h[i], "referer", 7)) {
            ours = ngx_http_xpecto_consent_is_ours(r, value);

            if (referer != NGX_HTTP_XPECTO_CONSENT_FOREIGN) {
                referer = ours ? NGX_HTTP_XPECTO_CONSENT_OURS
                               : NGX_HTTP_XPECTO_CONSENT_FOREIGN;
            }
        }
    }

    return (fetch || origin) ? NGX_HTTP_XPECTO_CONSENT_OURS : referer;
}


/* https and the very host of the request; the usual port may be left out */

static ngx_uint_t
ngx_http_xpecto_consent_is_ours(ngx_http_request_t *r, ngx_str_t *url)
{
    u_char     *p, *last;
    ngx_str_t   host, here;

    if (r->headers_in.host == NULL
        || url->len <= sizeof("https://") - 1
        || ngx_strncasecmp(url->data, (u_char *) "https://",
                           sizeof("https://") - 1)
           != 0)
    {
        return 0;
    }

    host.data = url->data + sizeof("https://") - 1;
    last = url->data + url->len;

    for (p = host.data; p < last; p++) {
        if (*p == '/' || *p == '?' || *p == '#') {
            break;
        }
    }

    host.len = p - host.data;
    here = r->headers_in.host->value;

    host.len = ngx_http_xpecto_consent_without_port(&host);
    here.len = ngx_http_xpecto_consent_without_port(&here);

    return host.len != 0 && host.len == here.len
           && ngx_strncasecmp(host.data, here.data, host.len) == 0;
}


/* the length without the port that https has by itself */

static size_t
ngx_http_xpecto_consent_without_port(ngx_str_t *host)
{
    if (host->len > sizeof(":443") - 1
        && ngx_http_xpecto_consent_equal(host->data + host->len
                                         - (sizeof(":443") - 1),
                                         sizeof(":443") - 1, ":443"))
    {
        return host->len - (sizeof(":443") - 1);
    }

    return host->len;
}


/*
 * A purpose that the wish does not name stays as it was chosen; what silence
 * once granted does not become a choice by that.
 */

static ngx_int_t
ngx_http_xpecto_consent_store(ngx_http_request_t *r,
    ngx_http_xpecto_consent_wish_t *wish, xpecto_choice_t *choice,
    xpecto_decision_t *decision)
{
    uint8_t                              id[XPECTO_CHOICE_ID_LEN];
    ngx_uint_t                           before;
    ngx_xpecto_counter_e                 counter;
    xpecto_consent_facts_t               facts;
    ngx_http_xpecto_consent_ctx_t       *ctx;
    ngx_http_xpecto_consent_srv_conf_t  *conf;

    ctx = ngx_http_xpecto_consent_get(r);

    if (ctx == NULL) {
        return NGX_ERROR;
    }

    conf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    if (wish->reject_all && wish->reject == 0) {
        wish->reject = conf->asked;
    }

    ngx_memzero(choice, sizeof(xpecto_choice_t));

    before = ctx->facts.choice ? ctx->choice.granted & ~XPECTO_PURPOSES_ALWAYS
                               : 0;

    if (ctx->facts.choice
        && (ctx->choice.flags
            & (XPECTO_CHOICE_EXPLICIT|XPECTO_CHOICE_WITHDRAWN))
           == XPECTO_CHOICE_EXPLICIT)
    {
        choice->granted = ctx->choice.granted;
        choice->denied = ctx->choice.denied;
        choice->created = ctx->choice.created;
    }

    choice->granted = (uint16_t) ((choice->granted | wish->accept
                                   | XPECTO_PURPOSES_ALWAYS)
                                  & ~wish->reject);
    choice->denied = (uint16_t) ((choice->denied | wish->reject)
                                 & ~choice->granted);

    choice->flags = XPECTO_CHOICE_EXPLICIT;

    if (ctx->facts.gpc && !ctx->facts.gpc_off
        && (choice->granted & ~XPECTO_PURPOSES_ALWAYS))
    {
        choice->flags |= XPECTO_CHOICE_GPC;
    }

    choice->revision = (uint32_t) ctx->revision;
    choice->country = ctx->country;
    choice->regime = (uint8_t) (ctx->regime > 255 ? 0 : ctx->regime);
    choice->model = (uint8_t) ctx->facts.model;
    choice->age = ctx->facts.choice ? ctx->choice.age : 0;
    choice->method = wish->form ? XPECTO_METHOD_FORM : XPECTO_METHOD_API;

    if (xpecto_random(id, XPECTO_CHOICE_ID_LEN) != XPECTO_OK) {
        return NGX_ERROR;
    }

    xpecto_consent_seal(choice, ngx_time(), (uint32_t) conf->cookie->ttl, id);

    facts = ctx->facts;
    facts.choice = choice;

    xpecto_consent_decide(decision, &facts);

    if (ngx_http_xpecto_consent_set_cookie(r, choice) != NGX_OK
        || ngx_http_xpecto_consent_expire(r, decision->denied) != NGX_OK)
    {
        return NGX_ERROR;
    }

    counter = NGX_XPECTO_CONSENT_REFUSED;

    if (choice->granted & ~(before | XPECTO_PURPOSES_ALWAYS)) {
        counter = NGX_XPECTO_CONSENT_GIVEN;

    } else if (before & ~choice->granted) {
        counter = NGX_XPECTO_CONSENT_WITHDRAWN;
    }

    ngx_xpecto_count_request(r, counter);

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_consent_set_cookie(ngx_http_request_t *r,
    xpecto_choice_t *choice)
{
    size_t                               len;
    u_char                              *p;
    uint8_t                              nonce[XPECTO_NONCE_LEN];
    uint8_t                              token[XPECTO_TOKEN_LEN];
    ngx_str_t                            value;
    ngx_http_xpecto_consent_ctx_t       *ctx;
    ngx_http_xpecto_consent_cookie_t    *cookie;
    ngx_http_xpecto_consent_srv_conf_t  *conf;

    static ngx_str_t  key = ngx_string("Set-Cookie");

    ctx = ngx_http_xpecto_consent_get(r);
    conf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_xpecto_consent_filter_module);
    cookie = conf->cookie;

    if (xpecto_random(nonce, XPECTO_NONCE_LEN) != XPECTO_OK
        || xpecto_token_encode(&conf->codec, choice, nonce, token, &len)
           != XPECTO_OK)
    {
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "OpenSSL could not make a consent cookie");
        return NGX_ERROR;
    }

    value.len = cookie->name.len + 1 + len
                + sizeof("; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=")
                + NGX_TIME_T_LEN + sizeof("; Domain=") + cookie->domain.len;

    value.data = ngx_pnalloc(r->pool, value.len);
    if (value.data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_sprintf(value.data, "%V=%*s; Path=/; Secure; HttpOnly; "
                    "SameSite=Lax; Max-Age=%T", &cookie->name, len, token,
                    cookie->ttl);

    if (cookie->domain.len) {
        p = ngx_sprintf(p, "; Domain=%V", &cookie->domain);
    }

    value.len = p - value.data;

    ctx->own = ngx_xpecto_push_header(r, &r->headers_out.headers, &key,
                                      &value);

    return ctx->own == NULL ? NGX_ERROR : NGX_OK;
}


/* trackers that the browser showed: for the host, and for the domain */

static ngx_int_t
ngx_http_xpecto_consent_expire(ngx_http_request_t *r, ngx_uint_t refused)
{
    ngx_uint_t                           i, j, n;
    xpecto_str_t                         names[NGX_HTTP_XPECTO_CONSENT_EXPIRES];
    const uint8_t                       *p, *last;
    ngx_list_part_t                     *part;
    ngx_table_elt_t                     *h;
    xpecto_cookie_pair_t                 pair;
    ngx_http_xpecto_consent_srv_conf_t  *conf;

    conf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    n = 0;

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

        if (!ngx_http_xpecto_consent_is(&h[i], "cookie", 6)) {
            continue;
        }

        p = h[i].value.data;
        last = p + h[i].value.len;

        while (n < NGX_HTTP_XPECTO_CONSENT_EXPIRES
                   / (1 + (conf->cookie->domain.len != 0))
               && xpecto_cookie_next(&p, last, &pair) == XPECTO_OK)
        {
            if (!(xpecto_cookie_purposes(conf->names, &pair.name) & refused)) {
                continue;
            }

            for (j = 0; j < n; j++) {
                if (names[j].len == pair.name.len
                    && ngx_memcmp(names[j].data, pair.name.data, names[j].len)
                       == 0)
                {
                    break;
                }
            }

            if (j < n) {
                continue;
            }

            names[n++] = pair.name;

            if (ngx_http_xpecto_consent_expire_name(r, &pair.name,
                                              &ngx_http_xpecto_consent_none)
                != NGX_OK
                || (conf->cookie->domain.len
                    && ngx_http_xpecto_consent_expire_name(r, &pair.name,
                                                       &conf->cookie->domain)
                       != NGX_OK))
            {
                return NGX_ERROR;
            }
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_consent_expire_name(ngx_http_request_t *r, xpecto_str_t *name,
    ngx_str_t *domain)
{
    size_t      i;
    u_char     *p;
    ngx_str_t   value;

    static u_char  attributes[] =
        "=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure";

    /* the rest of a name behind a "*" is the client's */

    for (i = 0; i < name->len; i++) {
        if (name->data[i] <= ' ' || name->data[i] >= 0x7f
            || name->data[i] == ',' || name->data[i] == '"')
        {
            return NGX_OK;
        }
    }

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

    return ngx_http_xpecto_consent_add(r, "Set-Cookie", &value);
}


/* choice: NULL if there is none that is valid */

static ngx_int_t
ngx_http_xpecto_consent_send_state(ngx_http_request_t *r,
    xpecto_choice_t *choice, xpecto_decision_t *decision, ngx_str_t *state,
    ngx_uint_t revision)
{
    u_char                         *p, *last;
    ngx_str_t                       body;
    ngx_uint_t                      n;
    xpecto_str_t                    name, layer;
    ngx_http_xpecto_consent_ctx_t  *ctx;

    static char *models[] = { "notice", "opt-in", "opt-out" };

    ctx = ngx_http_xpecto_consent_get(r);

    body.data = ngx_pnalloc(r->pool, NGX_HTTP_XPECTO_CONSENT_ANSWER);

    if (ctx == NULL || body.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p = body.data;
    last = p + NGX_HTTP_XPECTO_CONSENT_ANSWER;

    p = ngx_slprintf(p, last,
                     "{\"state\":\"%V\",\"revision\":%ui,\"model\":\"%s\","
                     "\"gpc\":%s,", state, revision, models[ctx->facts.model],
                     decision->gpc ? "true" : "false");

    if (choice != NULL) {
        p = ngx_slprintf(p, last, "\"updated\":%uD,\"expires\":%uD,",
                         choice->updated, choice->expires);
    }

    p = ngx_slprintf(p, last, "\"purposes\":{");

    for (n = 0; n < XPECTO_PURPOSES; n++) {
        name = xpecto_purpose_name(n);
        layer = xpecto_layer_name(xpecto_consent_layer(decision, n));

        p = ngx_slprintf(p, last,
                         "%s\"%*s\":{\"granted\":%s,\"source\":\"%*s\"}",
                         n ? "," : "", name.len, name.data,
                         (decision->granted & XPECTO_PURPOSE_BIT(n))
                             ? "true" : "false",
                         layer.len, layer.data);
    }

    p = ngx_slprintf(p, last, "},\"consent_mode\":");

    if (last - p < XPECTO_CONSENT_MODE_LEN + 2) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p += xpecto_consent_mode(p, decision);
    *p++ = '}';
    *p++ = '\n';

    body.len = p - body.data;

    return ngx_xpecto_send(r, NGX_HTTP_OK, &ngx_http_xpecto_consent_json,
                           &body);
}


static ngx_int_t
ngx_http_xpecto_consent_send_back(ngx_http_request_t *r, ngx_str_t *path)
{
    ngx_str_t  *location;

    static ngx_str_t  root = ngx_string("/");

    /* without "return": the state, by a GET of where the form was sent to */

    location = path->len ? path : &r->unparsed_uri;

    if (!ngx_http_xpecto_consent_is_path(location)) {
        location = &root;
    }

    /*
     * not in headers_out.location: what ends TLS for us knows the scheme and
     * the port of the site, we do not
     */

    if (ngx_http_xpecto_consent_add(r, "Location", location) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_xpecto_send(r, NGX_HTTP_SEE_OTHER,
                           &ngx_http_xpecto_consent_none,
                           &ngx_http_xpecto_consent_none);
}


/* detail: a sentence of ours, quoted where it quotes */

static ngx_int_t
ngx_http_xpecto_consent_problem(ngx_http_request_t *r, ngx_uint_t status,
    const char *detail)
{
    size_t                            len, escape;
    u_char                           *p;
    ngx_str_t                         body;
    ngx_http_xpecto_consent_title_t  *title;

    static char  head[] = "{\"type\":\"about:blank\",\"title\":\"";

    ngx_xpecto_count_request(r, NGX_XPECTO_CONSENT_API_REFUSED);

    for (title = ngx_http_xpecto_consent_titles; title->status != status;
         title++)
    {
        /* void */
    }

    len = ngx_strlen(detail);
    escape = ngx_escape_json(NULL, (u_char *) detail, len);

    body.data = ngx_pnalloc(r->pool, sizeof(head) + ngx_strlen(title->title)
                                     + sizeof("\",\"status\":422,\"detail\":\"")
                                     + len + escape + sizeof("\"}\n"));
    if (body.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p = ngx_sprintf(body.data, "%s%s\",\"status\":%ui,\"detail\":\"", head,
                    title->title, status);
    p = (u_char *) ngx_escape_json(p, (u_char *) detail, len);
    p = ngx_cpymem(p, "\"}\n", sizeof("\"}\n") - 1);

    body.len = p - body.data;

    return ngx_xpecto_send(r, status, &ngx_http_xpecto_consent_problem_json,
                           &body);
}


static ngx_int_t
ngx_http_xpecto_consent_add(ngx_http_request_t *r, const char *key,
    ngx_str_t *value)
{
    ngx_str_t  name;

    name.len = ngx_strlen(key);
    name.data = (u_char *) key;

    return ngx_xpecto_push_header(r, &r->headers_out.headers, &name, value)
           == NULL ? NGX_ERROR : NGX_OK;
}
