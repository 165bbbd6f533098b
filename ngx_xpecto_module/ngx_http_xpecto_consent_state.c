
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_consent.h"


static void ngx_http_xpecto_consent_init_ctx(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_http_xpecto_consent_said_t *said);
static void ngx_http_xpecto_consent_read_headers(ngx_http_request_t *r,
    ngx_http_xpecto_consent_srv_conf_t *conf,
    ngx_http_xpecto_consent_ctx_t *ctx);
static ngx_xpecto_counter_e ngx_http_xpecto_consent_read_token(
    ngx_http_request_t *r, ngx_http_xpecto_consent_srv_conf_t *conf,
    ngx_http_xpecto_consent_ctx_t *ctx);
static ngx_int_t ngx_http_xpecto_consent_signal_variable(
    ngx_http_request_t *r, ngx_http_variable_value_t *v, uintptr_t data);
static void ngx_http_xpecto_consent_read_jurisdiction(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx);
static ngx_int_t ngx_http_xpecto_consent_publish(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx);
static ngx_int_t ngx_http_xpecto_consent_text(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_http_xpecto_consent_text_e text);
static ngx_http_xpecto_consent_ctx_t *ngx_http_xpecto_consent_here(
    ngx_http_request_t *r);
static ngx_int_t ngx_http_xpecto_consent_text_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_xpecto_consent_state_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_xpecto_consent_gpc_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_xpecto_consent_purpose_variable(
    ngx_http_request_t *r, ngx_http_variable_value_t *v, uintptr_t data);
static void ngx_http_xpecto_consent_set_flag(ngx_http_variable_value_t *v,
    ngx_uint_t on);


/* in the order of xpecto_choice_state_e */

static ngx_str_t  ngx_http_xpecto_consent_states[] = {
    ngx_string("none"),
    ngx_string("valid"),
    ngx_string("expired"),
    ngx_string("stale_policy"),
    ngx_string("invalid"),
    ngx_string("revoked")
};


/* in the order of xpecto_token_e */

static ngx_xpecto_counter_e  ngx_http_xpecto_consent_refusals[] = {
    NGX_XPECTO_CONSENT_VALID,
    NGX_XPECTO_CONSENT_INVALID_FORMAT,
    NGX_XPECTO_CONSENT_INVALID_KEY,
    NGX_XPECTO_CONSENT_INVALID_MAC,
    NGX_XPECTO_CONSENT_INVALID_RANGE
};


static ngx_http_variable_t  ngx_http_xpecto_consent_vars[] = {

    { ngx_string("xpecto_consent"), NULL,
      ngx_http_xpecto_consent_text_variable,
      NGX_HTTP_XPECTO_CONSENT_NAMES, 0, 0 },

    { ngx_string("xpecto_consent_source"), NULL,
      ngx_http_xpecto_consent_text_variable,
      NGX_HTTP_XPECTO_CONSENT_SOURCES, 0, 0 },

    { ngx_string("xpecto_consent_mode"), NULL,
      ngx_http_xpecto_consent_text_variable,
      NGX_HTTP_XPECTO_CONSENT_MODE, 0, 0 },

    { ngx_string("xpecto_consent_permissions"), NULL,
      ngx_http_xpecto_consent_text_variable,
      NGX_HTTP_XPECTO_CONSENT_PERMISSIONS, 0, 0 },

    { ngx_string("xpecto_consent_cache_key"), NULL,
      ngx_http_xpecto_consent_text_variable,
      NGX_HTTP_XPECTO_CONSENT_CACHE_KEY, 0, 0 },

    { ngx_string("xpecto_consent_state"), NULL,
      ngx_http_xpecto_consent_state_variable, 0, 0, 0 },

    { ngx_string("xpecto_consent_gpc"), NULL,
      ngx_http_xpecto_consent_gpc_variable, 0, 0, 0 },

    { ngx_string("xpecto_consent_signal"), NULL,
      ngx_http_xpecto_consent_signal_variable, 0, 0, 0 },

      ngx_http_null_variable
};


/* also for one that could not be finished before: it was asked for within */

ngx_http_xpecto_consent_ctx_t *
ngx_http_xpecto_consent_create(ngx_http_request_t *r,
    ngx_http_xpecto_consent_said_t *said)
{
    ngx_http_xpecto_consent_ctx_t  *ctx;

    ctx = ngx_xpecto_get_ctx(r, &ngx_http_xpecto_consent_filter_module);

    if (ctx == NULL) {

        /*
         * Behind it stand the cookies, if they have to be looked at: that
         * there was no memory for them would have to be taken for a refusal.
         */

        ctx = ngx_xpecto_alloc_ctx(r, &ngx_http_xpecto_consent_filter_module,
                                   sizeof(ngx_http_xpecto_consent_ctx_t)
                                   + sizeof(xpecto_cookie_scan_t));
        if (ctx == NULL) {
            return NULL;
        }

        ngx_memzero(ctx, sizeof(ngx_http_xpecto_consent_ctx_t));
    }

    ngx_http_xpecto_consent_init_ctx(r, ctx, said);

    return ctx;
}


static void
ngx_http_xpecto_consent_init_ctx(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_http_xpecto_consent_said_t *said)
{
    uint32_t                             current, oldest;
    ngx_int_t                            rc;
    ngx_xpecto_counter_e                 counter;
    ngx_http_xpecto_consent_srv_conf_t  *conf;

    conf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    if (said != NULL) {
        ctx->signals = said->signals;
        ngx_http_xpecto_consent_first_cookies(r, conf, ctx, said);

    } else {
        ngx_http_xpecto_consent_read_headers(r, conf, ctx);
    }

    ctx->facts.dnt = (ctx->signals & NGX_HTTP_XPECTO_CONSENT_SAYS_DNT) != 0;
    ctx->facts.gpc = (ctx->signals & NGX_HTTP_XPECTO_CONSENT_SAYS_GPC) != 0;

    rc = ngx_http_xpecto_consent_secure(r, conf);

    ctx->secure = (rc == NGX_OK);
    ctx->facts.unread = (rc == NGX_ERROR);

    counter = ngx_http_xpecto_consent_read_token(r, conf, ctx);

    xpecto_consent_revision(conf->revisions->elts, conf->revisions->nelts,
                            ngx_time(), &current, &oldest);

    ctx->revision = current;

    if (ctx->state == XPECTO_CHOICE_VALID) {
        ctx->state = xpecto_consent_check(&ctx->choice, ngx_time(), oldest);
    }

    if (ctx->state == XPECTO_CHOICE_VALID
        && ngx_http_xpecto_consent_is_revoked(r, &ctx->choice))
    {
        /* what the person said last is that it is over */

        ctx->state = XPECTO_CHOICE_REVOKED;
        ctx->choice.flags |= XPECTO_CHOICE_WITHDRAWN;
    }

    switch (ctx->state) {

    case XPECTO_CHOICE_EXPIRED:
        counter = NGX_XPECTO_CONSENT_EXPIRED;
        ctx->choice.granted &= XPECTO_PURPOSES_ALWAYS;
        break;

    case XPECTO_CHOICE_STALE:
        counter = NGX_XPECTO_CONSENT_STALE;
        ctx->choice.granted &= XPECTO_PURPOSES_ALWAYS;
        break;

    case XPECTO_CHOICE_REVOKED:
        counter = NGX_XPECTO_CONSENT_REVOKED;
        break;

    case XPECTO_CHOICE_INVALID:

        if (counter == NGX_XPECTO_CONSENT_VALID) {
            counter = NGX_XPECTO_CONSENT_INVALID_RANGE;
        }

        break;

    default: /* XPECTO_CHOICE_NONE, XPECTO_CHOICE_VALID */
        break;
    }

    ngx_xpecto_count_request(r, counter);

    ngx_http_xpecto_consent_read_jurisdiction(r, ctx);

    /* years of the configuration never lower those of the place */

    ctx->facts.min_age = xpecto_age_min(ctx->facts.min_age);

    if (ctx->facts.min_age < conf->age_min) {
        ctx->facts.min_age = conf->age_min;
    }

    if (ctx->secure
        && ((ctx->purposes & XPECTO_COOKIE_OURS)
            || (conf->age_hidden && ctx->lines)))
    {
        ctx->session = 1;
        ngx_http_xpecto_consent_read_age(r, conf, ctx);
    }

    /* of one that is over, what was refused is refused still */

    ctx->facts.choice = (ctx->state == XPECTO_CHOICE_NONE
                         || ctx->state == XPECTO_CHOICE_INVALID)
                        ? NULL : &ctx->choice;

    if (ctx->facts.choice != NULL && !ctx->aged) {
        ctx->facts.age = ctx->choice.age;
    }

    ctx->facts.unread |= (ctx->state == XPECTO_CHOICE_INVALID);
    ctx->facts.asked = conf->asked;
    ctx->facts.interest = (uint16_t) conf->interest;
    ctx->facts.no_sale = conf->no_sale;
    ctx->facts.gpc_off = (conf->gpc == NGX_HTTP_XPECTO_CONSENT_GPC_OFF
                          || (conf->gpc == NGX_HTTP_XPECTO_CONSENT_GPC_LAW
                              && ngx_time() / 86400 < ctx->signal_from));

    xpecto_consent_decide(&ctx->decision, &ctx->facts);

    if (ctx->decision.gpc) {
        ngx_xpecto_count_request(r, NGX_XPECTO_CONSENT_GPC);
    }

    ctx->ready = 1;

    ngx_http_xpecto_consent_remember(r, conf, ctx);
}


/* what was read of the decision before is read again */

void
ngx_http_xpecto_consent_decide_again(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx)
{
    ngx_uint_t                  i;
    ngx_http_variable_t        *v;
    ngx_http_core_main_conf_t  *cmcf;

    xpecto_consent_decide(&ctx->decision, &ctx->facts);

    ctx->texts = NULL;
    ctx->public = NULL;
    ctx->only_ours = 0;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_core_module);

    v = cmcf->variables.elts;

    for (i = 0; i < cmcf->variables.nelts; i++) {

        if (v[i].get_handler == ngx_http_xpecto_consent_text_variable
            || v[i].get_handler == ngx_http_xpecto_consent_state_variable
            || v[i].get_handler == ngx_http_xpecto_consent_gpc_variable
            || v[i].get_handler == ngx_http_xpecto_consent_signal_variable
            || v[i].get_handler == ngx_http_xpecto_consent_purpose_variable)
        {
            r->variables[i].valid = 0;
            r->variables[i].not_found = 0;
        }
    }
}


/* California wants it shown that an opt-out by signal is honored */

ngx_str_t *
ngx_http_xpecto_consent_signal(ngx_http_xpecto_consent_ctx_t *ctx)
{
    static ngx_str_t  honored = ngx_string("honored");
    static ngx_str_t  stored = ngx_string("stored");
    static ngx_str_t  ignored = ngx_string("ignored");
    static ngx_str_t  none = ngx_string("none");

    if (ctx->decision.gpc) {
        return ctx->facts.gpc ? &honored : &stored;
    }

    return ctx->facts.gpc ? &ignored : &none;
}


ngx_str_t *
ngx_http_xpecto_consent_state_name(xpecto_choice_state_e state,
    xpecto_choice_t *choice, xpecto_decision_t *decision)
{
    static ngx_str_t  age_blocked = ngx_string("age_blocked");
    static ngx_str_t  restricted = ngx_string("restricted");

    if (decision->layers[XPECTO_LAYER_AGE]) {
        return &age_blocked;
    }

    if (state == XPECTO_CHOICE_VALID
        && (choice->flags & XPECTO_CHOICE_WITHDRAWN))
    {
        return &restricted;
    }

    return &ngx_http_xpecto_consent_states[state];
}


/* one walk over the lines for all that the room reads of them */

static void
ngx_http_xpecto_consent_read_headers(ngx_http_request_t *r,
    ngx_http_xpecto_consent_srv_conf_t *conf,
    ngx_http_xpecto_consent_ctx_t *ctx)
{
    ngx_list_part_t                 *part;
    ngx_table_elt_t                 *h, *last;
    ngx_http_xpecto_consent_line_e   line;

    for (part = &r->headers_in.headers.part; part; part = part->next) {

        h = part->elts;
        last = h + part->nelts;

        for ( /* void */ ; h < last; h++) {
            line = ngx_http_xpecto_consent_line(h);

            switch (line) {

            case NGX_HTTP_XPECTO_CONSENT_OTHER_LINE:
                break;

            case NGX_HTTP_XPECTO_CONSENT_COOKIE_LINE:
                ngx_http_xpecto_consent_cookies(r, conf, ctx, h);
                break;

            case NGX_HTTP_XPECTO_CONSENT_APP_LINE:
                ngx_http_xpecto_consent_read_app(ctx, h);
                break;

            default: /* signals */
                ctx->signals |= ngx_http_xpecto_consent_says(h, line);
                break;
            }
        }
    }
}


ngx_uint_t
ngx_http_xpecto_consent_says(ngx_table_elt_t *h,
    ngx_http_xpecto_consent_line_e line)
{
    ngx_uint_t  one, says;

    one = (h->value.len == 1 && h->value.data[0] == '1');

    if (line == NGX_HTTP_XPECTO_CONSENT_DNT_LINE) {
        return one ? NGX_HTTP_XPECTO_CONSENT_SAYS_DNT : 0;
    }

    says = one ? NGX_HTTP_XPECTO_CONSENT_SAYS_ONE
               : NGX_HTTP_XPECTO_CONSENT_SAYS_ELSE;

    if (xpecto_consent_gpc(h->value.data, h->value.len)) {
        says |= NGX_HTTP_XPECTO_CONSENT_SAYS_GPC;
    }

    return says;
}


ngx_uint_t
ngx_http_xpecto_consent_is(ngx_table_elt_t *h, const char *name, size_t len)
{
    size_t  i;

    if (h->key.len != len) {
        return 0;
    }

    for (i = 0; i < len; i++) {
        if (ngx_tolower(h->key.data[i]) != (u_char) name[i]) {
            return 0;
        }
    }

    return 1;
}


/* the cookie is read and written over TLS, or where we are told that it is */

ngx_int_t
ngx_http_xpecto_consent_secure(ngx_http_request_t *r,
    ngx_http_xpecto_consent_srv_conf_t *conf)
{
    ngx_str_t  value;

#if (NGX_HTTP_SSL)

    if (r->connection->ssl) {
        return NGX_OK;
    }

#endif

    if (conf->cookie->always) {
        return NGX_OK;
    }

    if (conf->cookie->secure == NULL) {
        return NGX_DECLINED;
    }

    if (ngx_http_complex_value(r, conf->cookie->secure, &value) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_xpecto_consent_is_yes(&value) ? NGX_OK : NGX_DECLINED;
}


static ngx_xpecto_counter_e
ngx_http_xpecto_consent_read_token(ngx_http_request_t *r,
    ngx_http_xpecto_consent_srv_conf_t *conf,
    ngx_http_xpecto_consent_ctx_t *ctx)
{
    xpecto_token_e  rc;

    if ((!ctx->ours && ctx->header == NULL)
        || !ctx->secure
        || (!ctx->ours
            && ngx_http_xpecto_consent_decode_app(conf, ctx, &rc) != NGX_OK))
    {
        ctx->state = XPECTO_CHOICE_NONE;
        return NGX_XPECTO_CONSENT_ABSENT;
    }

    if (!ctx->app) {
        rc = ngx_http_xpecto_consent_decode(r, conf, ctx);
    }

    ctx->state = (rc == XPECTO_TOKEN_OK) ? XPECTO_CHOICE_VALID
                                         : XPECTO_CHOICE_INVALID;

    return ngx_http_xpecto_consent_refusals[rc];
}


static void
ngx_http_xpecto_consent_read_jurisdiction(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx)
{
    ngx_xpecto_jurisdiction_t            *jurisdiction;
    ngx_http_xpecto_consent_main_conf_t  *xmcf;

    /* unknown geography is strict: signals bind */

    ctx->facts.model = XPECTO_MODEL_OPT_IN;
    ctx->signal_from = INT32_MIN;

    xmcf = ngx_http_get_module_main_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    jurisdiction = xmcf->laws ? ngx_xpecto_jurisdiction(r) : NULL;

    if (jurisdiction == NULL) {
        return;
    }

    ctx->country = jurisdiction->country;
    ctx->regime = jurisdiction->regime;
    ctx->facts.min_age = jurisdiction->min_age;
    ctx->signal_from = jurisdiction->signal_from;

    if (jurisdiction->model == NGX_XPECTO_CONSENT_OPT_OUT) {
        ctx->facts.model = XPECTO_MODEL_OPT_OUT;

    } else if (jurisdiction->model == NGX_XPECTO_CONSENT_NOTICE) {
        ctx->facts.model = XPECTO_MODEL_NOTICE;
    }
}


ngx_xpecto_consent_t *
ngx_xpecto_consent(ngx_http_request_t *r)
{
    ngx_http_xpecto_consent_ctx_t  *ctx;

    ctx = ngx_http_xpecto_consent_here(r);

    if (ctx == NULL) {
        return NULL;
    }

    if (ctx->public == NULL
        && ngx_http_xpecto_consent_publish(r->main, ctx) != NGX_OK)
    {
        return NULL;
    }

    return ctx->public;
}


static ngx_int_t
ngx_http_xpecto_consent_publish(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx)
{
    u_char                *p;
    ngx_xpecto_consent_t  *public;

    public = ngx_palloc(r->pool, sizeof(ngx_xpecto_consent_t));
    p = ngx_pnalloc(r->pool, XPECTO_CONSENT_NAMES_LEN);

    if (public == NULL || p == NULL) {
        return NGX_ERROR;
    }

    public->granted = ctx->decision.granted;
    public->denied = ctx->decision.denied;
    public->revision = ctx->facts.choice ? ctx->choice.revision
                                         : ctx->revision;
    public->state = *ngx_http_xpecto_consent_state_name(ctx->state,
                                                        &ctx->choice,
                                                        &ctx->decision);

    public->names.len = xpecto_consent_names(p, ctx->decision.granted, ' ');
    public->names.data = p;

    ctx->public = public;

    return NGX_OK;
}


/* NULL also where the room is off */

static ngx_http_xpecto_consent_ctx_t *
ngx_http_xpecto_consent_here(ngx_http_request_t *r)
{
    ngx_http_xpecto_consent_ctx_t       *ctx;
    ngx_http_xpecto_consent_loc_conf_t  *xlcf;

    xlcf = ngx_http_get_module_loc_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    if (xlcf->enable == NGX_HTTP_XPECTO_CONSENT_OFF) {
        return NULL;
    }

    ctx = ngx_http_xpecto_consent_get(r);

    if (ctx != NULL && xlcf->enable == NGX_HTTP_XPECTO_CONSENT_ON) {
        ngx_http_xpecto_consent_look_for_minor(r, ctx);
    }

    return ctx;
}


static ngx_int_t
ngx_http_xpecto_consent_text(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_http_xpecto_consent_text_e text)
{
    u_char     *p;
    ngx_str_t  *s;

    static size_t  sizes[] = {
        XPECTO_CONSENT_NAMES_LEN,
        XPECTO_CONSENT_SOURCES_LEN,
        XPECTO_CONSENT_MODE_LEN,
        XPECTO_CONSENT_PERMISSIONS_LEN,
        sizeof("ffff") - 1
    };

    if (ctx->texts == NULL) {
        ctx->texts = ngx_pcalloc(r->main->pool,
                                 NGX_HTTP_XPECTO_CONSENT_TEXTS
                                 * sizeof(ngx_str_t));
        if (ctx->texts == NULL) {
            return NGX_ERROR;
        }
    }

    s = &ctx->texts[text];

    if (s->data != NULL) {
        return NGX_OK;
    }

    p = ngx_pnalloc(r->main->pool, sizes[text]);
    if (p == NULL) {
        return NGX_ERROR;
    }

    switch (text) {

    case NGX_HTTP_XPECTO_CONSENT_NAMES:
        s->len = xpecto_consent_names(p, ctx->decision.granted, ',');
        break;

    case NGX_HTTP_XPECTO_CONSENT_SOURCES:
        s->len = xpecto_consent_sources(p, &ctx->decision);
        break;

    case NGX_HTTP_XPECTO_CONSENT_MODE:
        s->len = xpecto_consent_mode(p, &ctx->decision);
        break;

    case NGX_HTTP_XPECTO_CONSENT_PERMISSIONS:
        s->len = xpecto_consent_permissions(p, &ctx->decision);
        break;

    default: /* NGX_HTTP_XPECTO_CONSENT_CACHE_KEY */
        s->len = ngx_sprintf(p, "%04xi", (ngx_int_t) ctx->decision.granted)
                 - p;
        break;
    }

    s->data = p;

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_consent_text_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_http_xpecto_consent_ctx_t  *ctx;

    ctx = ngx_http_xpecto_consent_here(r);

    if (ctx == NULL) {
        v->not_found = 1;
        return NGX_OK;
    }

    if (ngx_http_xpecto_consent_text(r, ctx, data) != NGX_OK) {
        return NGX_ERROR;
    }

    v->len = ctx->texts[data].len;
    v->data = ctx->texts[data].data;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_consent_state_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_str_t                      *state;
    ngx_http_xpecto_consent_ctx_t  *ctx;

    ctx = ngx_http_xpecto_consent_here(r);

    if (ctx == NULL) {
        v->not_found = 1;
        return NGX_OK;
    }

    state = ngx_http_xpecto_consent_state_name(ctx->state, &ctx->choice,
                                               &ctx->decision);

    v->len = state->len;
    v->data = state->data;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_consent_gpc_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_http_xpecto_consent_ctx_t  *ctx;

    ctx = ngx_http_xpecto_consent_here(r);

    if (ctx == NULL) {
        v->not_found = 1;
        return NGX_OK;
    }

    ngx_http_xpecto_consent_set_flag(v, ctx->decision.gpc);

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_consent_signal_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_str_t                      *signal;
    ngx_http_xpecto_consent_ctx_t  *ctx;

    ctx = ngx_http_xpecto_consent_here(r);

    if (ctx == NULL) {
        v->not_found = 1;
        return NGX_OK;
    }

    signal = ngx_http_xpecto_consent_signal(ctx);

    v->len = signal->len;
    v->data = signal->data;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_consent_purpose_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_http_xpecto_consent_ctx_t  *ctx;

    ctx = ngx_http_xpecto_consent_here(r);

    if (ctx == NULL) {
        v->not_found = 1;
        return NGX_OK;
    }

    ngx_http_xpecto_consent_set_flag(v, (ctx->decision.granted
                                         & XPECTO_PURPOSE_BIT(data)) != 0);

    return NGX_OK;
}


static void
ngx_http_xpecto_consent_set_flag(ngx_http_variable_value_t *v, ngx_uint_t on)
{
    v->len = 1;
    v->data = (u_char *) (on ? "1" : "0");
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;
}


/* asked for again, so that an answer may say what its upstream has found */

ngx_int_t
ngx_http_xpecto_consent_add_variables(ngx_conf_t *cf)
{
    u_char               *p;
    ngx_str_t             name;
    ngx_uint_t            n;
    xpecto_str_t          purpose;
    ngx_http_variable_t  *var, *v;

    for (v = ngx_http_xpecto_consent_vars; v->name.len; v++) {

        var = ngx_http_add_variable(cf, &v->name, NGX_HTTP_VAR_NOCACHEABLE);
        if (var == NULL) {
            return NGX_ERROR;
        }

        var->get_handler = v->get_handler;
        var->data = v->data;
    }

    for (n = 0; n < XPECTO_PURPOSES; n++) {
        purpose = xpecto_purpose_name(n);

        name.len = sizeof("xpecto_consent_") - 1 + purpose.len;
        name.data = ngx_pnalloc(cf->pool, name.len);
        if (name.data == NULL) {
            return NGX_ERROR;
        }

        p = ngx_cpymem(name.data, "xpecto_consent_",
                       sizeof("xpecto_consent_") - 1);
        ngx_memcpy(p, purpose.data, purpose.len);

        var = ngx_http_add_variable(cf, &name, NGX_HTTP_VAR_NOCACHEABLE);
        if (var == NULL) {
            return NGX_ERROR;
        }

        var->get_handler = ngx_http_xpecto_consent_purpose_variable;
        var->data = n;
    }

    return NGX_OK;
}
