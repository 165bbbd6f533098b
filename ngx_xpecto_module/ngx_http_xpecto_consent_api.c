
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_consent.h"


#define NGX_HTTP_XPECTO_CONSENT_ANSWER   3072
#define NGX_HTTP_XPECTO_CONSENT_EXPIRES  20     /* lines of an answer */


typedef struct {
    ngx_uint_t           status;
    const char          *title;
} ngx_http_xpecto_consent_title_t;


static ngx_int_t ngx_http_xpecto_consent_api_change(ngx_http_request_t *r);
static void ngx_http_xpecto_consent_api_body(ngx_http_request_t *r);
static ngx_int_t ngx_http_xpecto_consent_api_post(ngx_http_request_t *r);
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

    static ngx_str_t  vary = ngx_string("Accept, Cookie, Sec-GPC, DNT, Origin");
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

        if (ngx_http_xpecto_consent_wants_page(r)) {
            return ngx_http_xpecto_consent_send_page(r, ctx);
        }

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
    ngx_int_t                            rc;
    xpecto_choice_t                      choice;
    xpecto_decision_t                    decision;
    ngx_http_xpecto_consent_wish_t       wish;
    ngx_http_xpecto_consent_srv_conf_t  *conf;

    if (ngx_http_xpecto_consent_site(r) == NGX_HTTP_XPECTO_CONSENT_FOREIGN) {
        return ngx_http_xpecto_consent_problem(r, NGX_HTTP_FORBIDDEN,
                          "A choice is made on this site, not on another.");
    }

    if (r->args.len) {
        return ngx_http_xpecto_consent_problem(r, 422,
                          "A choice takes no query parameters.");
    }

    if (r->method == NGX_HTTP_DELETE) {
        conf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

        ngx_memzero(&wish, sizeof(ngx_http_xpecto_consent_wish_t));
        wish.reject = conf->asked;

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
    ngx_uint_t                           before, given, withdrawn, unproven;
    const char                          *change;
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

    ngx_memzero(choice, sizeof(xpecto_choice_t));

    before = (ctx->state == XPECTO_CHOICE_VALID)
             ? ctx->choice.granted & ~XPECTO_PURPOSES_ALWAYS : 0;

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

    /* a signal that came with the choice before lasts with what is granted */

    if (ctx->decision.gpc && (choice->granted & ~XPECTO_PURPOSES_ALWAYS)) {
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

    xpecto_consent_seal(choice, ngx_http_xpecto_consent_now(r),
                        (uint32_t) conf->cookie->ttl, id);

    facts = ctx->facts;
    facts.choice = choice;

    xpecto_consent_decide(decision, &facts);

    given = choice->granted & ~(before | XPECTO_PURPOSES_ALWAYS);
    withdrawn = before & ~choice->granted;

    counter = NGX_XPECTO_CONSENT_REFUSED;
    change = (choice->granted & ~XPECTO_PURPOSES_ALWAYS) ? "kept" : "refused";

    if (given) {
        counter = NGX_XPECTO_CONSENT_GIVEN;
        change = "given";

    } else if (withdrawn) {
        counter = NGX_XPECTO_CONSENT_WITHDRAWN;
        change = "withdrawn";
    }

    /*
     * A consent that cannot be proven is none; what is taken back is, with a
     * proof or without.  First the old one is void, then the new one is
     * handed out.
     */

    unproven = (ngx_http_xpecto_consent_record(r, ctx, choice, change)
                == NGX_ERROR
                && (choice->granted & ~XPECTO_PURPOSES_ALWAYS)
                && (given || !withdrawn));

    if (unproven && !withdrawn) {
        return NGX_ERROR;
    }

    if (ctx->state == XPECTO_CHOICE_VALID
        && ngx_http_xpecto_consent_revoke(r, &ctx->choice) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (unproven) {
        return NGX_ERROR;
    }

    if (ngx_http_xpecto_consent_set_cookie(r, choice) != NGX_OK
        || ngx_http_xpecto_consent_expire(r, decision->denied) != NGX_OK)
    {
        return NGX_ERROR;
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
