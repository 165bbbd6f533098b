
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_consent.h"


/* an answer that takes longer than that, s, does not set a cookie again */

#define NGX_HTTP_XPECTO_CONSENT_LATE  1


static ngx_int_t ngx_http_xpecto_consent_replace(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_http_xpecto_consent_made_t *made,
    ngx_xpecto_counter_e *counter);


/* what is so now, before anything is changed */

void
ngx_http_xpecto_consent_present(ngx_http_xpecto_consent_ctx_t *ctx,
    ngx_http_xpecto_consent_made_t *made)
{
    made->choice = ctx->choice;
    made->decision = ctx->decision;
    made->state = ctx->state;
    made->known = (ctx->facts.choice != NULL);
}


/*
 * A choice of a wish.  A purpose that the wish does not name stays as it was
 * chosen, unless whole is set; what silence once granted does not become a
 * choice by that.  A restriction lasts until it is lifted, or until somebody
 * accepts something.
 */

ngx_int_t
ngx_http_xpecto_consent_make(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, xpecto_wish_t *wish, ngx_uint_t form,
    ngx_uint_t whole, ngx_http_xpecto_consent_made_t *made)
{
    uint8_t                              id[XPECTO_CHOICE_ID_LEN];
    ngx_uint_t                           valid, before;
    xpecto_choice_t                     *choice;
    xpecto_consent_facts_t               facts;
    ngx_http_xpecto_consent_srv_conf_t  *conf;

    conf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    ngx_memzero(made, sizeof(ngx_http_xpecto_consent_made_t));

    choice = &made->choice;
    choice->flags = XPECTO_CHOICE_EXPLICIT;

    valid = (ctx->state == XPECTO_CHOICE_VALID);

    /* of one that is over the grants are gone, and what was refused is not */

    before = (valid
              || ctx->state == XPECTO_CHOICE_EXPIRED
              || ctx->state == XPECTO_CHOICE_STALE);

    if (before && (ctx->choice.flags & XPECTO_CHOICE_EXPLICIT)) {

        if (valid) {
            choice->created = ctx->choice.created;
        }

        if (!whole) {
            /* what is not asked for any more ends with the next choice */

            choice->granted = ctx->choice.granted
                              & (conf->asked | XPECTO_PURPOSES_ALWAYS);
            choice->denied = ctx->choice.denied & conf->asked;
        }

        if (!(wish->accept & ~XPECTO_PURPOSES_ALWAYS)) {
            choice->flags |= ctx->choice.flags & XPECTO_CHOICE_WITHDRAWN;
        }
    }

    choice->granted = (uint16_t) ((choice->granted | wish->accept
                                   | XPECTO_PURPOSES_ALWAYS)
                                  & ~wish->reject);
    choice->denied = (uint16_t) ((choice->denied | wish->reject)
                                 & ~choice->granted);

    if (wish->restriction == XPECTO_RESTRICT_ON) {
        choice->flags |= XPECTO_CHOICE_WITHDRAWN;

    } else if (wish->restriction == XPECTO_RESTRICT_OFF) {
        choice->flags &= ~XPECTO_CHOICE_WITHDRAWN;
    }

    /* what cannot be granted is not: no receipt says that it was */

    facts = ctx->facts;
    facts.choice = choice;

    xpecto_consent_decide(&made->decision, &facts);

    choice->granted &= (uint16_t) ~xpecto_consent_barred(&made->decision);

    /* a signal that came with the choice before lasts with what is granted */

    if (ctx->decision.gpc) {
        choice->flags |= XPECTO_CHOICE_GPC;
    }

    if (!(choice->granted & ~XPECTO_PURPOSES_ALWAYS)) {

        /* a restriction of nothing but defaults is a refusal of all */

        if (choice->flags & XPECTO_CHOICE_WITHDRAWN) {
            choice->denied = (uint16_t) conf->asked;

        } else if (before
                   && (ctx->choice.flags
                       & (XPECTO_CHOICE_GPC|XPECTO_CHOICE_GPC_STICKY)))
        {
            /* nor does an opt-out that was stored end with a refusal */

            choice->denied |= conf->asked & XPECTO_PURPOSES_GPC;
        }

        choice->flags = XPECTO_CHOICE_EXPLICIT;
    }

    choice->revision = (uint32_t) ctx->revision;
    choice->country = ctx->country;
    choice->regime = (uint8_t) (ctx->regime > 255 ? 0 : ctx->regime);
    choice->model = (uint8_t) ctx->facts.model;
    choice->age = ctx->facts.age;
    choice->method = form ? XPECTO_METHOD_FORM : XPECTO_METHOD_API;

    if (xpecto_random(id, XPECTO_CHOICE_ID_LEN) != XPECTO_OK) {
        return NGX_ERROR;
    }

    xpecto_consent_seal(choice, ngx_http_xpecto_consent_now(r),
                        (uint32_t) conf->cookie->ttl, id);

    xpecto_consent_decide(&made->decision, &facts);

    made->state = XPECTO_CHOICE_VALID;
    made->known = 1;

    return NGX_OK;
}


/* 1: what is stored says the same already, under the same policy */

ngx_uint_t
ngx_http_xpecto_consent_is_same(ngx_http_xpecto_consent_ctx_t *ctx,
    ngx_http_xpecto_consent_made_t *made)
{
    return ctx->state == XPECTO_CHOICE_VALID
           && ctx->choice.granted == made->choice.granted
           && ctx->choice.denied == made->choice.denied
           && ctx->choice.flags == made->choice.flags
           && ctx->choice.revision == made->choice.revision
           && ctx->choice.age == made->choice.age;
}


ngx_int_t
ngx_http_xpecto_consent_store(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_http_xpecto_consent_made_t *made,
    ngx_uint_t expires)
{
    ngx_int_t                            rc;
    ngx_xpecto_counter_e                 counter;
    ngx_http_xpecto_consent_srv_conf_t  *conf;

    conf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    if (ngx_http_xpecto_consent_replace(r, ctx, made, &counter) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ctx->app) {
        rc = ngx_http_xpecto_consent_send_app(r, &made->choice);

    } else {
        ctx->own = ngx_http_xpecto_consent_set_cookie(r, &conf->cookie->name,
                                                      &conf->codec,
                                                      &made->choice,
                                                      conf->cookie->ttl);
        rc = (ctx->own == NULL) ? NGX_ERROR : NGX_OK;
    }

    if (rc != NGX_OK
        || ngx_http_xpecto_consent_expire(r, made->decision.denied, expires)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_xpecto_count_request(r, counter);

    return NGX_OK;
}


ngx_int_t
ngx_http_xpecto_consent_erase(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, const char *change)
{
    xpecto_wish_t                       *wish;
    ngx_http_xpecto_consent_made_t       made;
    ngx_http_xpecto_consent_srv_conf_t  *conf;

    static ngx_str_t  clear = ngx_string("\"storage\", \"cache\"");

    conf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    wish = ngx_pcalloc(r->pool, sizeof(xpecto_wish_t));
    if (wish == NULL) {
        return NGX_ERROR;
    }

    wish->reject = (uint16_t) conf->asked;

    if (ngx_http_xpecto_consent_make(r, ctx, wish, 0, 1, &made) != NGX_OK) {
        return NGX_ERROR;
    }

    made.change = change;

    /* not "cookies": browsers would drop the refusal that is set here */

    if (ngx_http_xpecto_consent_store(r, ctx, &made,
                                      NGX_HTTP_XPECTO_CONSENT_ERASES)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_xpecto_consent_add_header(r, "Clear-Site-Data", &clear);
}


/*
 * A consent that cannot be proven is none; what is taken back is, with a
 * proof or without.  First the old one is void, then the new one is handed
 * out.
 */

static ngx_int_t
ngx_http_xpecto_consent_replace(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_http_xpecto_consent_made_t *made,
    ngx_xpecto_counter_e *counter)
{
    ngx_uint_t        before, granted, given, withdrawn, unproven;
    const char       *change;
    xpecto_choice_t  *choice;

    choice = &made->choice;

    before = (ctx->state == XPECTO_CHOICE_VALID)
             ? ctx->choice.granted & ~XPECTO_PURPOSES_ALWAYS : 0;

    granted = choice->granted & ~XPECTO_PURPOSES_ALWAYS;
    given = granted & ~before;
    withdrawn = before & ~granted;

    *counter = NGX_XPECTO_CONSENT_REFUSED;
    change = granted ? "kept" : "refused";

    if (given) {
        *counter = NGX_XPECTO_CONSENT_GIVEN;
        change = "given";

    } else if (withdrawn) {
        *counter = NGX_XPECTO_CONSENT_WITHDRAWN;
        change = "withdrawn";

    } else if ((choice->flags & ~ctx->choice.flags)
               & XPECTO_CHOICE_WITHDRAWN)
    {
        *counter = NGX_XPECTO_CONSENT_WITHDRAWN;
        change = "restricted";
        withdrawn = granted;
    }

    if (made->change != NULL) {
        change = made->change;
    }

    unproven = (ngx_http_xpecto_consent_record(r, ctx, choice, change)
                == NGX_ERROR
                && granted
                && (given || !withdrawn));

    if (unproven && !withdrawn) {
        return NGX_ERROR;
    }

    if (ctx->facts.choice != NULL
        && ngx_http_xpecto_consent_revoke(r, &ctx->choice) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return unproven ? NGX_ERROR : NGX_OK;
}


/*
 * Somebody looks at a page, or an app asks the API: nothing of the choice
 * changes, its end neither, and the key that signed it may go from the ring.
 */

ngx_int_t
ngx_http_xpecto_consent_sign_again(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx)
{
    ngx_http_xpecto_consent_srv_conf_t  *conf;

    ctx->old = 0;

    if (ctx->state != XPECTO_CHOICE_VALID || ctx->own != NULL
        || !(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD)))
    {
        return NGX_OK;
    }

    if (ctx->app) {
        return (r->content_handler == ngx_http_xpecto_consent_api_handler)
               ? ngx_http_xpecto_consent_send_app(r, &ctx->choice) : NGX_OK;
    }

    if (!ngx_http_xpecto_consent_is_page(r)) {
        return NGX_OK;
    }

    /*
     * Who is late would bring back what has been changed meanwhile, which a
     * choice without an id does not tell: the next page does it.
     */

    if (ngx_time() - r->start_sec > NGX_HTTP_XPECTO_CONSENT_LATE
        || ngx_http_xpecto_consent_is_revoked(r, &ctx->choice))
    {
        return NGX_OK;
    }

    conf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    ctx->own = ngx_http_xpecto_consent_set_cookie(r, &conf->cookie->name,
                                      &conf->codec, &ctx->choice,
                                      (time_t) ctx->choice.expires
                                      - ngx_time());

    return ctx->own == NULL ? NGX_ERROR
                            : ngx_http_xpecto_consent_keep_private(r);
}


/* max_age: -1, as long as the session; NULL: it could not be set */

ngx_table_elt_t *
ngx_http_xpecto_consent_set_cookie(ngx_http_request_t *r, ngx_str_t *name,
    xpecto_token_codec_t *codec, xpecto_choice_t *choice, time_t max_age)
{
    size_t                               len;
    u_char                              *p;
    uint8_t                              nonce[XPECTO_NONCE_LEN];
    uint8_t                              token[XPECTO_TOKEN_LEN];
    ngx_str_t                            value, *domain;
    ngx_http_xpecto_consent_srv_conf_t  *conf;

    static ngx_str_t  key = ngx_string("Set-Cookie");

    conf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_xpecto_consent_filter_module);
    domain = &conf->cookie->domain;

    if (xpecto_random(nonce, XPECTO_NONCE_LEN) != XPECTO_OK
        || xpecto_token_encode(codec, choice, nonce, token, &len)
           != XPECTO_OK)
    {
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "OpenSSL could not make a consent cookie");
        return NULL;
    }

    value.len = name->len + 1 + len
                + sizeof("; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=")
                + NGX_TIME_T_LEN + sizeof("; Domain=") + domain->len;

    value.data = ngx_pnalloc(r->pool, value.len);
    if (value.data == NULL) {
        return NULL;
    }

    p = ngx_sprintf(value.data, "%V=%*s; Path=/; Secure; HttpOnly; "
                    "SameSite=Lax", name, len, token);

    if (max_age != -1) {
        p = ngx_sprintf(p, "; Max-Age=%T", max_age);
    }

    if (domain->len) {
        p = ngx_sprintf(p, "; Domain=%V", domain);
    }

    value.len = p - value.data;

    return ngx_xpecto_push_header(r, &r->headers_out.headers, &key, &value);
}
