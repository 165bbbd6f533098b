
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_consent.h"


#define NGX_HTTP_XPECTO_CONSENT_ANSWER   3072


static ngx_int_t ngx_http_xpecto_consent_problem_page(ngx_http_request_t *r,
    ngx_uint_t status, const char *detail);


/* in the order of ngx_http_xpecto_consent_bad_e, as their counters are */

static struct {
    ngx_uint_t           status;
    const char          *title;
} ngx_http_xpecto_consent_bads[] = {
    { NGX_HTTP_FORBIDDEN, "Forbidden" },
    { NGX_HTTP_FORBIDDEN, "Forbidden" },
    { NGX_HTTP_FORBIDDEN, "Forbidden" },
    { NGX_HTTP_NOT_FOUND, "Not Found" },
    { NGX_HTTP_NOT_ALLOWED, "Method Not Allowed" },
    { NGX_HTTP_PRECONDITION_FAILED, "Precondition Failed" },
    { NGX_HTTP_REQUEST_ENTITY_TOO_LARGE, "Content Too Large" },
    { NGX_HTTP_UNSUPPORTED_MEDIA_TYPE, "Unsupported Media Type" },
    { 422, "Unprocessable Content" },
    { 422, "Unprocessable Content" }
};


static ngx_str_t  ngx_http_xpecto_consent_none = ngx_null_string;

static ngx_str_t  ngx_http_xpecto_consent_json =
    ngx_string("application/json");

static ngx_str_t  ngx_http_xpecto_consent_problem_json =
    ngx_string("application/problem+json");


/*
 * The state as JSON, and its ETag: a digest of nothing but these bytes, so
 * that it tells people apart no better than what it stands for.
 */

ngx_int_t
ngx_http_xpecto_consent_show(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_http_xpecto_consent_made_t *made,
    ngx_http_xpecto_consent_shown_t *shown)
{
    u_char        *p, *last;
    uint8_t        digest[XPECTO_MAC_LEN];
    ngx_str_t     *state;
    ngx_uint_t     n;
    xpecto_str_t   name, layer;

    static char *models[] = { "notice", "opt-in", "opt-out" };

    /* a log may still want the ETag */

    p = ngx_pnalloc(r->pool, NGX_HTTP_XPECTO_CONSENT_ANSWER
                             + NGX_HTTP_XPECTO_CONSENT_ETAG + 2);
    if (p == NULL) {
        return NGX_ERROR;
    }

    shown->body.data = p;
    last = p + NGX_HTTP_XPECTO_CONSENT_ANSWER;

    state = ngx_http_xpecto_consent_state_name(made->state, &made->choice,
                                               &made->decision);

    p = ngx_slprintf(p, last,
                     "{\"state\":\"%V\",\"revision\":%ui,\"model\":\"%s\","
                     "\"gpc\":%s,\"signal\":\"%V\",\"age\":\"%s\",",
                     state, ctx->revision,
                     models[ctx->facts.model],
                     made->decision.gpc ? "true" : "false",
                     ngx_http_xpecto_consent_signal(ctx),
                     xpecto_age_name(xpecto_age_of(ctx->facts.age)));

    if (made->known) {
        p = ngx_slprintf(p, last, "\"updated\":%uD,\"expires\":%uD,",
                         made->choice.updated, made->choice.expires);
    }

    p = ngx_slprintf(p, last, "\"purposes\":{");

    for (n = 0; n < XPECTO_PURPOSES; n++) {
        name = xpecto_purpose_name(n);
        layer = xpecto_layer_name(xpecto_consent_layer(&made->decision, n));

        p = ngx_slprintf(p, last,
                         "%s\"%*s\":{\"granted\":%s,\"source\":\"%*s\"}",
                         n ? "," : "", name.len, name.data,
                         (made->decision.granted & XPECTO_PURPOSE_BIT(n))
                             ? "true" : "false",
                         layer.len, layer.data);
    }

    p = ngx_slprintf(p, last, "},\"consent_mode\":");

    if (last - p < XPECTO_CONSENT_MODE_LEN + 2) {
        return NGX_ERROR;
    }

    p += xpecto_consent_mode(p, &made->decision);
    *p++ = '}';
    *p++ = '\n';

    shown->body.len = p - shown->body.data;

    if (xpecto_sha256(shown->body.data, shown->body.len, digest)
        != XPECTO_OK)
    {
        return NGX_ERROR;
    }

    shown->etag.data = last;

    p = last;
    *p++ = '"';
    p = ngx_hex_dump(p, digest, NGX_HTTP_XPECTO_CONSENT_ETAG / 2);
    *p++ = '"';

    shown->etag.len = p - shown->etag.data;

    return NGX_OK;
}


ngx_int_t
ngx_http_xpecto_consent_send_state(ngx_http_request_t *r,
    ngx_http_xpecto_consent_shown_t *shown)
{
    static ngx_str_t  no_store = ngx_string("no-store");

    /* the validator is ours: nginx would apply it to the state of before */

    r->disable_not_modified = 1;

    if (ngx_http_xpecto_consent_add_header(r, "ETag", &shown->etag)
        != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))
        || ngx_http_xpecto_consent_match(r->headers_in.if_none_match,
                                         &shown->etag, 1, 1)
           != NGX_OK)
    {
        return ngx_http_xpecto_consent_send_json(r, &shown->body);
    }

    if (ngx_http_xpecto_consent_add_header(r, "Cache-Control", &no_store)
        != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    r->headers_out.status = NGX_HTTP_NOT_MODIFIED;
    ngx_http_clear_content_length(r);
    r->header_only = 1;

    return ngx_http_send_header(r);
}


ngx_int_t
ngx_http_xpecto_consent_send_json(ngx_http_request_t *r, ngx_str_t *body)
{
    return ngx_xpecto_send(r, NGX_HTTP_OK, &ngx_http_xpecto_consent_json,
                           body);
}


ngx_int_t
ngx_http_xpecto_consent_send_nothing(ngx_http_request_t *r, ngx_uint_t status)
{
    return ngx_xpecto_send(r, status, &ngx_http_xpecto_consent_none,
                           &ngx_http_xpecto_consent_none);
}


ngx_int_t
ngx_http_xpecto_consent_send_back(ngx_http_request_t *r, xpecto_wish_t *wish)
{
    ngx_str_t  location;

    /* without "return": the state, by a GET of where the form was sent to */

    location = r->unparsed_uri;

    if (wish->redirect) {
        location.data = wish->back;
        location.len = wish->back_len;
    }

    if (!xpecto_wish_is_path(location.data, location.len)) {
        ngx_str_set(&location, "/");
    }

    /*
     * not in headers_out.location: what ends TLS for us knows the scheme and
     * the port of the site, we do not
     */

    if (ngx_http_xpecto_consent_add_header(r, "Location", &location)
        != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_xpecto_consent_send_nothing(r, NGX_HTTP_SEE_OTHER);
}


/* detail: a sentence of ours, quoted where it quotes */

ngx_int_t
ngx_http_xpecto_consent_problem(ngx_http_request_t *r,
    ngx_http_xpecto_consent_bad_e bad, const char *detail)
{
    size_t       len, escape;
    u_char      *p;
    ngx_str_t    body;
    ngx_uint_t   status;
    const char  *title;

    static char  head[] = "{\"type\":\"about:blank\",\"title\":\"";

    ngx_xpecto_count_request(r, NGX_XPECTO_CONSENT_API_INSECURE + bad);

    status = ngx_http_xpecto_consent_bads[bad].status;
    title = ngx_http_xpecto_consent_bads[bad].title;

    if (ngx_http_xpecto_consent_wants_page(r)) {
        return ngx_http_xpecto_consent_problem_page(r, status, detail);
    }

    len = ngx_strlen(detail);
    escape = ngx_escape_json(NULL, (u_char *) detail, len);

    body.data = ngx_pnalloc(r->pool, sizeof(head) + ngx_strlen(title)
                                     + sizeof("\",\"status\":422,\"detail\":\"")
                                     + len + escape + sizeof("\"}\n"));
    if (body.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p = ngx_sprintf(body.data, "%s%s\",\"status\":%ui,\"detail\":\"", head,
                    title, status);
    p = (u_char *) ngx_escape_json(p, (u_char *) detail, len);
    p = ngx_cpymem(p, "\"}\n", sizeof("\"}\n") - 1);

    body.len = p - body.data;

    return ngx_xpecto_send(r, status, &ngx_http_xpecto_consent_problem_json,
                           &body);
}


/* the same for people, with the way back to the choices */

static ngx_int_t
ngx_http_xpecto_consent_problem_page(ngx_http_request_t *r, ngx_uint_t status,
    const char *detail)
{
    size_t                     len;
    u_char                    *p;
    ngx_str_t                  body, *name;
    ngx_http_core_loc_conf_t  *clcf;

    static ngx_str_t  type = ngx_string("text/html");
    static ngx_str_t  csp = ngx_string("default-src 'none'; "
                                       "frame-ancestors 'none'");

    static char  page[] =
        "<!doctype html>\n"
        "<html lang=\"en\">\n"
        "<head>\n"
        "<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width,"
        "initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n"
        "<title>Nothing was changed</title>\n"
        "</head>\n"
        "<body>\n"
        "<main>\n"
        "<h1>Nothing was changed</h1>\n"
        "<p>";

    static char  rest[] = "\">Back to the choices</a></p>\n";
    static char  end[] = "</main>\n</body>\n</html>\n";

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);
    name = &clcf->name;
    len = ngx_strlen(detail);

    body.data = ngx_pnalloc(r->pool, sizeof(page) + 6 * (len + name->len)
                                     + sizeof("</p>\n<p><a href=\"")
                                     + sizeof(rest) + sizeof(end));
    if (body.data == NULL
        || ngx_http_xpecto_consent_add_header(r, "Content-Security-Policy",
                                              &csp)
           != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p = ngx_cpymem(body.data, page, sizeof(page) - 1);
    p = (u_char *) ngx_escape_html(p, (u_char *) detail, len);
    p = ngx_cpymem(p, "</p>\n", sizeof("</p>\n") - 1);

    if (r->content_handler == ngx_http_xpecto_consent_api_handler) {
        p = ngx_cpymem(p, "<p><a href=\"", sizeof("<p><a href=\"") - 1);
        p = (u_char *) ngx_escape_html(p, name->data, name->len);
        p = ngx_cpymem(p, rest, sizeof(rest) - 1);
    }

    p = ngx_cpymem(p, end, sizeof(end) - 1);

    body.len = p - body.data;

    ngx_str_set(&r->headers_out.charset, "utf-8");

    return ngx_xpecto_send(r, status, &type, &body);
}


ngx_int_t
ngx_http_xpecto_consent_add_header(ngx_http_request_t *r, const char *key,
    ngx_str_t *value)
{
    ngx_str_t  name;

    name.len = ngx_strlen(key);
    name.data = (u_char *) key;

    return ngx_xpecto_push_header(r, &r->headers_out.headers, &name, value)
           == NULL ? NGX_ERROR : NGX_OK;
}


ngx_int_t
ngx_http_xpecto_consent_misunderstood(ngx_http_request_t *r,
    xpecto_wish_e reason)
{
    return ngx_http_xpecto_consent_problem(r,
                          (reason == XPECTO_WISH_JSON
                           || reason == XPECTO_WISH_DEEP
                           || reason == XPECTO_WISH_FORM)
                              ? NGX_HTTP_XPECTO_CONSENT_SYNTAX
                              : NGX_HTTP_XPECTO_CONSENT_VALUE,
                          xpecto_wish_text(reason));
}
