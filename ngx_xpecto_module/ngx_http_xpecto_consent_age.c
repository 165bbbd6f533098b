
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * The age screen.  Of what is said only the band is kept: for the session in
 * a cookie of its own, so that a child that was sent away cannot go back and
 * be older, and then in the choice.  Such a cookie is the same for all of a
 * band who came on that day.
 */


#include "ngx_http_xpecto_consent.h"


/* seconds from the begin of its day; the session ends before, mostly */

#define NGX_HTTP_XPECTO_CONSENT_AGE_TTL  (2 * 86400)


static void ngx_http_xpecto_consent_read_age_line(ngx_str_t *line,
    ngx_http_xpecto_consent_srv_conf_t *conf,
    ngx_http_xpecto_consent_ctx_t *ctx);
static ngx_int_t ngx_http_xpecto_consent_keep_age(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_uint_t age,
    ngx_http_xpecto_consent_made_t *made);
static ngx_int_t ngx_http_xpecto_consent_set_age(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_uint_t age);
static void ngx_http_xpecto_consent_find_minor(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx);


ngx_str_t *
ngx_http_xpecto_consent_age_cookie(ngx_http_xpecto_consent_srv_conf_t *conf)
{
    static ngx_str_t  host = ngx_string(NGX_HTTP_XPECTO_CONSENT_AGE_HOST);
    static ngx_str_t  domain = ngx_string(NGX_HTTP_XPECTO_CONSENT_AGE_DOMAIN);

    return conf->cookie->domain.len ? &domain : &host;
}


/* where the scan has seen a cookie of an age: rare */

void
ngx_http_xpecto_consent_read_age(ngx_http_request_t *r,
    ngx_http_xpecto_consent_srv_conf_t *conf,
    ngx_http_xpecto_consent_ctx_t *ctx)
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
            ngx_http_xpecto_consent_read_age_line(&h[i].value, conf, ctx);
        }
    }
}


/* of several the youngest counts */

static void
ngx_http_xpecto_consent_read_age_line(ngx_str_t *line,
    ngx_http_xpecto_consent_srv_conf_t *conf,
    ngx_http_xpecto_consent_ctx_t *ctx)
{
    ngx_str_t             *name;
    const uint8_t         *p, *last;
    xpecto_choice_t        choice;
    xpecto_cookie_pair_t   pair;

    name = ngx_http_xpecto_consent_age_cookie(conf);

    p = line->data;
    last = p + line->len;

    while (xpecto_cookie_next(&p, last, &pair) == XPECTO_OK) {

        if (pair.name.len != name->len
            || ngx_memcmp(pair.name.data, name->data, name->len) != 0
            || xpecto_token_decode(&conf->age_codec, pair.value.data,
                                   pair.value.len, &choice, NULL)
               != XPECTO_TOKEN_OK
            || xpecto_consent_check(&choice, ngx_time(), 0)
               != XPECTO_CHOICE_VALID
            || xpecto_age_of(choice.age) == XPECTO_AGE_UNKNOWN)
        {
            continue;
        }

        if (!ctx->aged
            || xpecto_age_of(choice.age) < xpecto_age_of(ctx->facts.age))
        {
            ctx->aged = 1;
            ctx->facts.age = choice.age;
        }
    }
}


ngx_uint_t
ngx_http_xpecto_consent_asks_age(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx)
{
    ngx_http_xpecto_consent_srv_conf_t  *conf;

    conf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    return conf->age_min
           && xpecto_age_of(ctx->facts.age) == XPECTO_AGE_UNKNOWN;
}


/* neutral: which age would do is not said */

ngx_int_t
ngx_http_xpecto_consent_show_age(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx)
{
    ngx_str_t  *body;

    static ngx_str_t  asked = ngx_string("{\"fields\":[\"month\",\"year\"],"
                                         "\"asked\":true}\n");
    static ngx_str_t  known = ngx_string("{\"fields\":[\"month\",\"year\"],"
                                         "\"asked\":false}\n");

    body = ngx_http_xpecto_consent_asks_age(r, ctx) ? &asked : &known;

    return ngx_http_xpecto_consent_send_json(r, body);
}


ngx_int_t
ngx_http_xpecto_consent_say_age(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_str_t *body)
{
    ngx_uint_t                        form;
    xpecto_wish_t                    *wish;
    xpecto_wish_e                     reason;
    xpecto_age_band_e                 band;
    ngx_http_xpecto_consent_made_t    made;
    ngx_http_xpecto_consent_shown_t   shown;

    if (ngx_http_xpecto_consent_site(r) != NGX_HTTP_XPECTO_CONSENT_OURS) {
        return ngx_http_xpecto_consent_problem(r,
                          NGX_HTTP_XPECTO_CONSENT_ELSEWHERE,
                          "An age needs Sec-Fetch-Site, Origin or Referer of "
                          "this site.");
    }

    wish = ngx_pcalloc(r->pool, sizeof(xpecto_wish_t));
    if (wish == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    form = !ngx_http_xpecto_consent_is_type(r, "application/json");

    reason = form ? xpecto_wish_birth_form(wish, body->data, body->len)
                  : xpecto_wish_birth_json(wish, body->data, body->len);

    if (reason != XPECTO_WISH_OK) {
        return ngx_http_xpecto_consent_misunderstood(r, reason);
    }

    band = xpecto_age_band(wish->month, wish->year, ngx_time());

    if (band == XPECTO_AGE_UNKNOWN) {
        return ngx_http_xpecto_consent_problem(r,
                          NGX_HTTP_XPECTO_CONSENT_VALUE,
                          "This month is still to come.");
    }

    if (ctx->aged && band > xpecto_age_of(ctx->facts.age)) {
        return ngx_http_xpecto_consent_problem(r, NGX_HTTP_XPECTO_CONSENT_AGE,
                          "Another age was said in this session.");
    }

    if (ngx_http_xpecto_consent_keep_age(r, ctx,
                                         XPECTO_AGE(XPECTO_AGE_BY_SELF, band),
                                         &made)
        != NGX_OK)
    {
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


/* a child has granted nothing, whatever it has; others keep what they have */

static ngx_int_t
ngx_http_xpecto_consent_keep_age(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_uint_t age,
    ngx_http_xpecto_consent_made_t *made)
{
    xpecto_wish_t                       *wish;
    ngx_http_xpecto_consent_srv_conf_t  *conf;

    conf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    wish = ngx_pcalloc(r->pool, sizeof(xpecto_wish_t));
    if (wish == NULL) {
        return NGX_ERROR;
    }

    ctx->facts.age = (uint8_t) age;
    ctx->aged = 1;

    if (xpecto_age_is_young(xpecto_age_of((uint8_t) age),
                            ctx->facts.min_age))
    {
        wish->reject = (uint16_t) conf->asked;

    } else if (ctx->state != XPECTO_CHOICE_VALID
               || !xpecto_choice_has_id(&ctx->choice))
    {
        ngx_http_xpecto_consent_present(ctx, made);
        xpecto_consent_decide(&made->decision, &ctx->facts);

        return ngx_http_xpecto_consent_set_age(r, ctx, age);
    }

    if (ngx_http_xpecto_consent_make(r, ctx, wish, 0, 0, made) != NGX_OK
        || ngx_http_xpecto_consent_store(r, ctx, made,
                                         NGX_HTTP_XPECTO_CONSENT_EXPIRES)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_xpecto_consent_set_age(r, ctx, age);
}


static ngx_int_t
ngx_http_xpecto_consent_set_age(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_uint_t age)
{
    uint32_t                             day;
    xpecto_choice_t                      choice;
    ngx_http_xpecto_consent_srv_conf_t  *conf;

    conf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    day = (uint32_t) (ngx_time() - ngx_time() % 86400);

    ngx_memzero(&choice, sizeof(xpecto_choice_t));

    choice.granted = XPECTO_PURPOSES_ALWAYS;
    choice.created = day;
    choice.updated = day;
    choice.expires = day + NGX_HTTP_XPECTO_CONSENT_AGE_TTL;
    choice.age = (uint8_t) age;

    ctx->own_age = ngx_http_xpecto_consent_set_cookie(r,
                                   ngx_http_xpecto_consent_age_cookie(conf),
                                   &conf->age_codec, &choice, -1);

    return (ctx->own_age == NULL) ? NGX_ERROR : NGX_OK;
}


/*
 * The upstream knows a child when it sees one: all is refused and erased with
 * the very answer that says so.  It may say so with each of its answers, the
 * browser is told once.
 */

ngx_int_t
ngx_http_xpecto_consent_minor(ngx_http_request_t *r)
{
    ngx_uint_t                      known, granted;
    ngx_http_xpecto_consent_ctx_t  *ctx;

    ctx = ngx_http_xpecto_consent_get(r);

    if (ctx == NULL) {
        return NGX_ERROR;
    }

    granted = (ctx->state == XPECTO_CHOICE_VALID
               && xpecto_choice_has_id(&ctx->choice));

    ngx_http_xpecto_consent_find_minor(r, ctx);

    /* apps have no cookie of an age */

    known = (ctx->state == XPECTO_CHOICE_VALID
             && !granted
             && (ctx->app || ctx->child));

    if (!ctx->secure || known) {
        return NGX_OK;
    }

    ctx->unrecorded = !granted;

    if (ngx_http_xpecto_consent_erase(r, ctx, "minor") != NGX_OK
        || ngx_http_xpecto_consent_keep_private(r) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_xpecto_consent_set_age(r, ctx, ctx->facts.age);
}


/*
 * Headers are added to an answer before it comes to our filter: what they are
 * made of asks for itself.
 */

void
ngx_http_xpecto_consent_look_for_minor(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx)
{
    ngx_uint_t  cookies;

    if (r != r->main || r->upstream == NULL || r->header_sent
        || r->headers_out.status == 0 || ctx->found
        || !ngx_http_xpecto_consent_says_minor(r, 0, &cookies))
    {
        return;
    }

    ngx_http_xpecto_consent_find_minor(r, ctx);
}


static void
ngx_http_xpecto_consent_find_minor(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx)
{
    if (ctx->found) {
        return;
    }

    ctx->found = 1;
    ctx->child = (ctx->aged
                  && xpecto_age_of(ctx->facts.age) == XPECTO_AGE_CHILD);

    ctx->facts.age = XPECTO_AGE(XPECTO_AGE_BY_ORIGIN, XPECTO_AGE_CHILD);

    ngx_http_xpecto_consent_decide_again(r, ctx);
}


/*
 * nginx keeps no such line of an answer that is not passed on: of
 * X-Accel-Redirect, or one that an error_page is shown instead of.
 */

void
ngx_http_xpecto_consent_carry_minor(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx)
{
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

#if (NGX_HTTP_CACHE)

    if (r->cached) {
        return;
    }

#endif

    if (ctx->found) {
        return;
    }

    part = &r->upstream->headers_in.headers.part;
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

        if (ngx_http_xpecto_consent_is(&h[i], "x-xpecto-minor",
                                       sizeof("x-xpecto-minor") - 1)
            && h[i].value.len == 1 && h[i].value.data[0] == '1')
        {
            ctx->minor = 1;
            ngx_http_xpecto_consent_find_minor(r, ctx);
            return;
        }
    }
}


/* what a cache says of it was said of somebody else */

ngx_uint_t
ngx_http_xpecto_consent_says_minor(ngx_http_request_t *r, ngx_uint_t hide,
    ngx_uint_t *cookies)
{
    ngx_uint_t        i, minor;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    minor = 0;
    *cookies = 0;

    part = &r->headers_out.headers.part;
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

        if (h[i].hash == 0) {
            continue;
        }

        if (ngx_http_xpecto_consent_is(&h[i], "set-cookie",
                                       sizeof("set-cookie") - 1))
        {
            *cookies = 1;

        } else if (ngx_http_xpecto_consent_is(&h[i], "x-xpecto-minor",
                                              sizeof("x-xpecto-minor") - 1))
        {
            minor |= (h[i].value.len == 1 && h[i].value.data[0] == '1');

            if (hide) {
                h[i].hash = 0;
            }
        }
    }

#if (NGX_HTTP_CACHE)

    if (r->cached) {
        return 0;
    }

#endif

    return minor;
}


/* no cache gives what is said to one person to somebody else */

ngx_int_t
ngx_http_xpecto_consent_keep_private(ngx_http_request_t *r)
{
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    static ngx_str_t  value = ngx_string("private, no-store");

    part = &r->headers_out.headers.part;
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

        if (ngx_http_xpecto_consent_is(&h[i], "cache-control",
                                       sizeof("cache-control") - 1))
        {
            h[i].hash = 0;
        }
    }

    return ngx_http_xpecto_consent_add_header(r, "Cache-Control", &value);
}
