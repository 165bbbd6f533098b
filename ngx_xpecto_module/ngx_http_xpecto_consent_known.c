
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * What a worker remembers: tokens that it has verified, and lines of cookies
 * that held one.  A digest under a key of the process stands for either.
 * Only what was verified is remembered, so that forged tokens do not push
 * anything out.
 */


#include "ngx_http_xpecto_consent.h"
#include "core/xpecto_nh.h"


/* entries, and those that a digest may stand in: powers of two */

#define NGX_HTTP_XPECTO_CONSENT_TOKENS  8192
#define NGX_HTTP_XPECTO_CONSENT_LINES   8192
#define NGX_HTTP_XPECTO_CONSENT_WAYS    4


/* a choice, but for what depends on the time */

typedef struct {
    uint64_t                             digest[2];
    ngx_http_xpecto_consent_srv_conf_t  *conf;         /* NULL: free */
    xpecto_choice_t                      choice;
    ngx_uint_t                           old;
} ngx_http_xpecto_consent_token_t;


/* what the jurisdiction has told */

typedef struct {
    ngx_uint_t                           seen;         /* 0: it was off */
    ngx_uint_t                           country;
    ngx_uint_t                           regime;
    ngx_uint_t                           min_age;
    ngx_uint_t                           model;
    int64_t                              signal_from;
} ngx_http_xpecto_consent_law_t;


/*
 * ctx is what a request came to that had this line: from a moment until
 * another, under that law and with those signals, one more comes to the same.
 * Only whether the choice is revoked has to be found each time.
 */

struct ngx_http_xpecto_consent_line_s {
    ngx_http_xpecto_consent_token_t      token;
    size_t                               rest;
    ngx_uint_t                           at_end;
    xpecto_cookie_scan_t                 cookies;
    time_t                               from;
    time_t                               until;        /* 0: there is none */
    ngx_http_xpecto_consent_law_t        law;
    ngx_http_xpecto_consent_ctx_t        ctx;
};


/* entries begin with a token */

typedef struct {
    u_char                              *entries;
    size_t                               size;         /* of an entry */
    ngx_uint_t                           n;
} ngx_http_xpecto_consent_table_t;


struct ngx_http_xpecto_consent_known_s {
    ngx_http_xpecto_consent_table_t      tokens;
    ngx_http_xpecto_consent_table_t      lines;
    xpecto_nh_key_t                      key;
};


static ngx_int_t ngx_http_xpecto_consent_table(
    ngx_http_xpecto_consent_table_t *table, ngx_pool_t *pool, size_t size,
    ngx_uint_t n);
static void *ngx_http_xpecto_consent_find(
    ngx_http_xpecto_consent_table_t *table,
    ngx_http_xpecto_consent_srv_conf_t *conf, uint64_t *digest, void **place);
static void ngx_http_xpecto_consent_add(ngx_http_xpecto_consent_token_t *token,
    ngx_http_xpecto_consent_srv_conf_t *conf, uint64_t *digest,
    ngx_http_xpecto_consent_ctx_t *ctx);
static ngx_inline void ngx_http_xpecto_consent_look_up(ngx_http_request_t *r,
    ngx_http_xpecto_consent_srv_conf_t *conf, ngx_table_elt_t *h,
    ngx_http_xpecto_consent_said_t *said);
static void ngx_http_xpecto_consent_scan_line(
    ngx_http_xpecto_consent_srv_conf_t *conf,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_table_elt_t *h);
static u_char *ngx_http_xpecto_consent_set(
    ngx_http_xpecto_consent_table_t *table, uint64_t *digest);
static ngx_http_xpecto_consent_ctx_t *ngx_http_xpecto_consent_recall(
    ngx_http_request_t *r, ngx_http_xpecto_consent_said_t *said);
static ngx_table_elt_t *ngx_http_xpecto_consent_alone(ngx_http_request_t *r,
    ngx_uint_t *signals);
static ngx_uint_t ngx_http_xpecto_consent_same_law(ngx_http_request_t *r,
    ngx_http_xpecto_consent_law_t *law);
static void ngx_http_xpecto_consent_law(ngx_http_request_t *r,
    ngx_http_xpecto_consent_law_t *law);
static time_t ngx_http_xpecto_consent_until(
    ngx_http_xpecto_consent_srv_conf_t *conf,
    ngx_http_xpecto_consent_ctx_t *ctx);


ngx_http_xpecto_consent_known_t *
ngx_http_xpecto_consent_known(ngx_cycle_t *cycle)
{
    ngx_http_xpecto_consent_known_t  *known;

    known = ngx_palloc(cycle->pool, sizeof(ngx_http_xpecto_consent_known_t));
    if (known == NULL) {
        return NULL;
    }

    if (ngx_http_xpecto_consent_table(&known->tokens, cycle->pool,
                                      sizeof(ngx_http_xpecto_consent_token_t),
                                      NGX_HTTP_XPECTO_CONSENT_TOKENS)
        != NGX_OK
        || ngx_http_xpecto_consent_table(&known->lines, cycle->pool,
                                         sizeof(ngx_http_xpecto_consent_line_t),
                                         NGX_HTTP_XPECTO_CONSENT_LINES)
           != NGX_OK)
    {
        return NULL;
    }

    if (xpecto_random((u_char *) &known->key, sizeof(xpecto_nh_key_t))
        != XPECTO_OK)
    {
        ngx_log_error(NGX_LOG_EMERG, cycle->log, 0,
                      "OpenSSL has no random bytes");
        return NULL;
    }

    return known;
}


static ngx_int_t
ngx_http_xpecto_consent_table(ngx_http_xpecto_consent_table_t *table,
    ngx_pool_t *pool, size_t size, ngx_uint_t n)
{
    table->entries = ngx_pcalloc(pool, n * size);
    if (table->entries == NULL) {
        return NGX_ERROR;
    }

    table->size = size;
    table->n = n;

    return NGX_OK;
}


void
ngx_http_xpecto_consent_cookies(ngx_http_request_t *r,
    ngx_http_xpecto_consent_srv_conf_t *conf,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_table_elt_t *h)
{
    ngx_table_elt_t                 *first;
    ngx_http_xpecto_consent_said_t   said;

    if (ctx->lines == 0) {
        ngx_http_xpecto_consent_look_up(r, conf, h, &said);
        ngx_http_xpecto_consent_first_cookies(r, conf, ctx, &said);
        return;
    }

    ctx->lines++;

    /* what is known of a line is not all that there is */

    first = ctx->known ? ctx->line : NULL;
    ctx->line = NULL;
    ctx->entry = NULL;
    ctx->place = NULL;
    ctx->known = 0;

    if (first != NULL) {
        ngx_http_xpecto_consent_scan_line(conf, ctx, first);
    }

    ngx_http_xpecto_consent_scan_line(conf, ctx, h);
}


void
ngx_http_xpecto_consent_first_cookies(ngx_http_request_t *r,
    ngx_http_xpecto_consent_srv_conf_t *conf,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_http_xpecto_consent_said_t *said)
{
    ngx_http_xpecto_consent_line_t  *line;

    ctx->lines = 1;
    ctx->line = said->line;
    ctx->value = said->line->value;
    ctx->digest[0] = said->digest[0];
    ctx->digest[1] = said->digest[1];

    line = said->entry;

    if (line == NULL) {
        ctx->place = said->place;
        ngx_http_xpecto_consent_scan_line(conf, ctx, said->line);
        return;
    }

    ctx->choice = line->token.choice;
    ctx->old = (line->token.old != 0);
    ctx->purposes = line->cookies.purposes;
    ctx->rest = line->rest;
    ctx->at_end = (line->at_end != 0);
    ctx->ours = 1;
    ctx->known = 1;
    ctx->entry = line;
}


static ngx_inline void
ngx_http_xpecto_consent_look_up(ngx_http_request_t *r,
    ngx_http_xpecto_consent_srv_conf_t *conf, ngx_table_elt_t *h,
    ngx_http_xpecto_consent_said_t *said)
{
    ngx_http_xpecto_consent_main_conf_t  *xmcf;

    said->line = h;

    if (h->value.len > XPECTO_NH_MAX) {
        said->entry = NULL;
        said->place = NULL;
        said->digest[0] = 0;
        said->digest[1] = 0;
        return;
    }

    xmcf = ngx_http_get_module_main_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    xpecto_nh128(said->digest, &xmcf->known->key, h->value.data,
                 h->value.len);

    said->entry = ngx_http_xpecto_consent_find(&xmcf->known->lines, conf,
                                               said->digest, &said->place);
}


/* of a line that was known; the entry may have given way since */

ngx_int_t
ngx_http_xpecto_consent_scan(ngx_http_request_t *r,
    ngx_http_xpecto_consent_srv_conf_t *conf,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_table_elt_t *h)
{
    void                                 *place;
    xpecto_str_t                          value;
    ngx_http_xpecto_consent_line_t       *line;
    ngx_http_xpecto_consent_main_conf_t  *xmcf;

    xmcf = ngx_http_get_module_main_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    ctx->cookies = ngx_palloc(r->pool, sizeof(xpecto_cookie_scan_t));
    if (ctx->cookies == NULL) {
        return NGX_ERROR;
    }

    xpecto_cookie_scan_init(ctx->cookies);

    line = ngx_http_xpecto_consent_find(&xmcf->known->lines, conf,
                                        ctx->digest, &place);

    if (line == NULL) {
        ngx_http_xpecto_consent_scan_line(conf, ctx, h);
        return NGX_OK;
    }

    value = ngx_xpecto_str(&h->value);

    xpecto_cookie_scan_copy(ctx->cookies, &line->cookies, &value);

    return NGX_OK;
}


static void
ngx_http_xpecto_consent_scan_line(ngx_http_xpecto_consent_srv_conf_t *conf,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_table_elt_t *h)
{
    xpecto_str_t  own, line;

    if (ctx->cookies == NULL) {
        ctx->cookies = (xpecto_cookie_scan_t *) (ctx + 1);
        xpecto_cookie_scan_init(ctx->cookies);
    }

    own = ngx_xpecto_str(&conf->cookie->name);
    line = ngx_xpecto_str(&h->value);

    xpecto_cookie_scan(conf->names, &own, &line, ctx->cookies);

    ctx->purposes = ctx->cookies->purposes;
    ctx->ours = (ctx->cookies->own != 0);
    ctx->at_end = (xpecto_cookie_own_is_last(ctx->cookies, &ctx->rest) != 0);
}


xpecto_token_e
ngx_http_xpecto_consent_decode(ngx_http_request_t *r,
    ngx_http_xpecto_consent_srv_conf_t *conf,
    ngx_http_xpecto_consent_ctx_t *ctx)
{
    int                                   old;
    void                                 *place;
    uint64_t                              digest[2];
    xpecto_str_t                          none;
    xpecto_token_e                        rc;
    xpecto_str_t                         *token;
    ngx_http_xpecto_consent_line_t       *line;
    ngx_http_xpecto_consent_token_t      *known;
    ngx_http_xpecto_consent_main_conf_t  *xmcf;

    if (ctx->known) {
        return XPECTO_TOKEN_OK;
    }

    token = &ctx->cookies->value;

    /* two choices of one person: nobody knows which is the later one */

    if (ctx->cookies->differ || token->len > XPECTO_TOKEN_LEN) {
        return XPECTO_TOKEN_FORMAT;
    }

    xmcf = ngx_http_get_module_main_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    xpecto_nh128(digest, &xmcf->known->key, token->data, token->len);

    known = ngx_http_xpecto_consent_find(&xmcf->known->tokens, conf, digest,
                                         &place);

    if (known != NULL) {
        ctx->choice = known->choice;
        ctx->old = (known->old != 0);

    } else {
        rc = xpecto_token_decode(&conf->codec, token->data, token->len,
                                 &ctx->choice, &old);

        if (rc != XPECTO_TOKEN_OK) {
            return rc;
        }

        ctx->old = (old != 0);

        ngx_http_xpecto_consent_add(place, conf, digest, ctx);
    }

    if (ctx->place != NULL) {
        line = ctx->place;
        ctx->place = NULL;

        ngx_http_xpecto_consent_add(&line->token, conf, ctx->digest, ctx);

        /* of the line itself nothing is kept */

        none.len = 0;
        none.data = NULL;

        xpecto_cookie_scan_copy(&line->cookies, ctx->cookies, &none);

        line->rest = ctx->rest;
        line->at_end = ctx->at_end;
        line->until = 0;

        ctx->entry = line;
    }

    return XPECTO_TOKEN_OK;
}


ngx_http_xpecto_consent_ctx_t *
ngx_http_xpecto_consent_get(ngx_http_request_t *r)
{
    ngx_http_xpecto_consent_ctx_t   *ctx;
    ngx_http_xpecto_consent_said_t   said;

    r = r->main;

    ctx = ngx_xpecto_get_ctx(r, &ngx_http_xpecto_consent_filter_module);

    if (ctx != NULL) {
        return ctx->ready ? ctx : ngx_http_xpecto_consent_create(r, NULL);
    }

    ctx = ngx_http_xpecto_consent_recall(r, &said);

    if (ctx != NULL) {
        return ctx;
    }

    return ngx_http_xpecto_consent_create(r, said.line ? &said : NULL);
}


/* the ctx of a request that says what one has said before; or NULL */

static ngx_http_xpecto_consent_ctx_t *
ngx_http_xpecto_consent_recall(ngx_http_request_t *r,
    ngx_http_xpecto_consent_said_t *said)
{
    ngx_table_elt_t                      *h;
    ngx_http_xpecto_consent_ctx_t        *ctx;
    ngx_http_xpecto_consent_line_t       *line;
    ngx_http_xpecto_consent_srv_conf_t   *conf;
    ngx_http_xpecto_consent_main_conf_t  *xmcf;

    h = ngx_http_xpecto_consent_alone(r, &said->signals);

    if (h == NULL) {
        said->line = NULL;
        return NULL;
    }

    conf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_xpecto_consent_filter_module);
    xmcf = ngx_http_get_module_main_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    ngx_http_xpecto_consent_look_up(r, conf, h, said);

    line = said->entry;

    if (line == NULL
        || ngx_time() >= line->until
        || ngx_time() < line->from
        || said->signals != line->ctx.signals
        || ngx_http_xpecto_consent_secure(r, conf) != NGX_OK
        || (xmcf->laws && !ngx_http_xpecto_consent_same_law(r, &line->law))
        || ngx_http_xpecto_consent_is_revoked(r, &line->ctx.choice))
    {
        return NULL;
    }

    ctx = ngx_xpecto_alloc_ctx(r, &ngx_http_xpecto_consent_filter_module,
                               sizeof(ngx_http_xpecto_consent_ctx_t));
    if (ctx == NULL) {
        return NULL;
    }

    *ctx = line->ctx;

    ctx->line = h;
    ctx->value = h->value;
    ctx->facts.choice = &ctx->choice;

    ngx_xpecto_count_request(r, NGX_XPECTO_CONSENT_VALID);

    if (ctx->decision.gpc) {
        ngx_xpecto_count_request(r, NGX_XPECTO_CONSENT_GPC);
    }

    return ctx;
}


/* the line of cookies; NULL: there is none, or something besides */

static ngx_table_elt_t *
ngx_http_xpecto_consent_alone(ngx_http_request_t *r, ngx_uint_t *signals)
{
    ngx_list_part_t                 *part;
    ngx_table_elt_t                 *h, *last, *cookies;
    ngx_http_xpecto_consent_line_e   line;

    cookies = NULL;
    *signals = 0;

    for (part = &r->headers_in.headers.part; part; part = part->next) {

        h = part->elts;
        last = h + part->nelts;

        for ( /* void */ ; h < last; h++) {
            line = ngx_http_xpecto_consent_line(h);

            switch (line) {

            case NGX_HTTP_XPECTO_CONSENT_OTHER_LINE:
                break;

            case NGX_HTTP_XPECTO_CONSENT_COOKIE_LINE:

                if (cookies != NULL) {
                    return NULL;
                }

                cookies = h;
                break;

            case NGX_HTTP_XPECTO_CONSENT_APP_LINE:
                return NULL;

            default: /* signals */
                *signals |= ngx_http_xpecto_consent_says(h, line);
                break;
            }
        }
    }

    return cookies;
}


static ngx_uint_t
ngx_http_xpecto_consent_same_law(ngx_http_request_t *r,
    ngx_http_xpecto_consent_law_t *law)
{
    ngx_http_xpecto_consent_law_t  now;

    ngx_http_xpecto_consent_law(r, &now);

    return now.seen == law->seen
           && (!now.seen
               || (now.country == law->country
                   && now.regime == law->regime
                   && now.min_age == law->min_age
                   && now.model == law->model
                   && now.signal_from == law->signal_from));
}


static void
ngx_http_xpecto_consent_law(ngx_http_request_t *r,
    ngx_http_xpecto_consent_law_t *law)
{
    ngx_xpecto_jurisdiction_t  *jurisdiction;

    jurisdiction = ngx_xpecto_jurisdiction(r);

    law->seen = (jurisdiction != NULL);

    if (jurisdiction != NULL) {
        law->country = jurisdiction->country;
        law->regime = jurisdiction->regime;
        law->min_age = jurisdiction->min_age;
        law->model = jurisdiction->model;
        law->signal_from = jurisdiction->signal_from;
    }
}


/* what is read of the session, or of a second line, is not of this one */

void
ngx_http_xpecto_consent_remember(ngx_http_request_t *r,
    ngx_http_xpecto_consent_srv_conf_t *conf,
    ngx_http_xpecto_consent_ctx_t *ctx)
{
    ngx_http_xpecto_consent_line_t       *line;
    ngx_http_xpecto_consent_main_conf_t  *xmcf;

    line = ctx->entry;
    ctx->entry = NULL;

    if (line == NULL || ctx->header != NULL || ctx->session
        || ctx->state != XPECTO_CHOICE_VALID)
    {
        return;
    }

    ctx->only_ours = (ctx->ours && ctx->at_end && ctx->rest != 0
                      && (ctx->purposes
                          & (ctx->decision.denied | XPECTO_COOKIE_OURS))
                         == 0
                      && !ngx_http_xpecto_consent_adds_gpc(ctx));

    line->from = ngx_time();
    line->until = ngx_http_xpecto_consent_until(conf, ctx);
    line->ctx = *ctx;
    line->ctx.cookies = NULL;
    line->ctx.known = 1;

    line->law.seen = 0;

    xmcf = ngx_http_get_module_main_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    if (xmcf->laws) {
        ngx_http_xpecto_consent_law(r, &line->law);
    }
}


/* the choice ends, a revision comes into force, a signal begins to bind */

static time_t
ngx_http_xpecto_consent_until(ngx_http_xpecto_consent_srv_conf_t *conf,
    ngx_http_xpecto_consent_ctx_t *ctx)
{
    time_t              now, until;
    ngx_uint_t          i;
    xpecto_revision_t  *rev;

    now = ngx_time();
    until = now - now % 86400 + 86400;
    until = ngx_min(until, (time_t) ctx->choice.expires);

    rev = conf->revisions->elts;

    for (i = 0; i < conf->revisions->nelts; i++) {
        if (rev[i].effective > now) {
            until = ngx_min(until, (time_t) rev[i].effective);
        }
    }

    return until;
}


/*
 * NULL: it is not there, and place is where it may be added.  Those of a set
 * are taken in their order; once none is free, any of them gives way: there is
 * no worst case to meet.
 */

static void *
ngx_http_xpecto_consent_find(ngx_http_xpecto_consent_table_t *table,
    ngx_http_xpecto_consent_srv_conf_t *conf, uint64_t *digest, void **place)
{
    u_char                           *p;
    ngx_uint_t                        i;
    ngx_http_xpecto_consent_token_t  *token;

    p = ngx_http_xpecto_consent_set(table, digest);

    *place = p + digest[1] % NGX_HTTP_XPECTO_CONSENT_WAYS * table->size;

    for (i = 0; i < NGX_HTTP_XPECTO_CONSENT_WAYS; i++) {
        token = (ngx_http_xpecto_consent_token_t *) p;

        if (token->digest[0] == digest[0] && token->digest[1] == digest[1]
            && token->conf == conf)
        {
            return token;
        }

        if (token->conf == NULL) {
            *place = p;
            return NULL;
        }

        p += table->size;
    }

    return NULL;
}


static void
ngx_http_xpecto_consent_add(ngx_http_xpecto_consent_token_t *token,
    ngx_http_xpecto_consent_srv_conf_t *conf, uint64_t *digest,
    ngx_http_xpecto_consent_ctx_t *ctx)
{
    token->digest[0] = digest[0];
    token->digest[1] = digest[1];
    token->conf = conf;
    token->choice = ctx->choice;
    token->old = ctx->old;
}


static u_char *
ngx_http_xpecto_consent_set(ngx_http_xpecto_consent_table_t *table,
    uint64_t *digest)
{
    return table->entries + (digest[0] >> 32 & (table->n
                                                - NGX_HTTP_XPECTO_CONSENT_WAYS))
                            * table->size;
}
