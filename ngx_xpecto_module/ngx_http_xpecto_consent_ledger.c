
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_consent.h"


static ngx_int_t ngx_http_xpecto_consent_ledger_names(ngx_http_request_t *r,
    ngx_xpecto_ledger_event_t *e, const char *name, ngx_uint_t purposes);
static ngx_int_t ngx_http_xpecto_consent_ledger_id(ngx_http_request_t *r,
    ngx_xpecto_ledger_event_t *e, const char *name, xpecto_choice_t *choice);


static ngx_str_t  ngx_http_xpecto_consent_models[] = {
    ngx_string("notice"),
    ngx_string("opt-in"),
    ngx_string("opt-out")
};


/*
 * A refusal is nobody's: neither an id nor the request that it came with.
 * Signals are not a choice, nothing is kept of them.
 */

ngx_int_t
ngx_http_xpecto_consent_record(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, xpecto_choice_t *choice,
    const char *change)
{
    ngx_str_t                            text;
    ngx_xpecto_ledger_event_t            e;
    ngx_http_xpecto_consent_srv_conf_t  *conf;

    if (ctx->unrecorded || !ngx_xpecto_ledger_on(r)) {
        return NGX_OK;
    }

    conf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    ngx_memzero(&e, sizeof(ngx_xpecto_ledger_event_t));

    e.name = "consent";
    e.durable = 1;
    e.anonymous = !xpecto_choice_has_id(choice);

    text.data = (u_char *) change;
    text.len = ngx_strlen(change);

    ngx_xpecto_ledger_str(&e, "change", &text);

    if (ngx_http_xpecto_consent_ledger_names(r, &e, "granted",
                                             choice->granted)
        != NGX_OK
        || ngx_http_xpecto_consent_ledger_names(r, &e, "denied",
                                                choice->denied & conf->asked)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_xpecto_ledger_num(&e, "revision", choice->revision);
    ngx_xpecto_ledger_str(&e, "model",
                          &ngx_http_xpecto_consent_models[ctx->facts.model]);

    if (!e.anonymous
        && ngx_http_xpecto_consent_ledger_id(r, &e, "id", choice) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (!e.anonymous
        && ctx->state == XPECTO_CHOICE_VALID
        && xpecto_choice_has_id(&ctx->choice)
        && ngx_http_xpecto_consent_ledger_id(r, &e, "before", &ctx->choice)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_xpecto_ledger(r, &e);
}


static ngx_int_t
ngx_http_xpecto_consent_ledger_names(ngx_http_request_t *r,
    ngx_xpecto_ledger_event_t *e, const char *name, ngx_uint_t purposes)
{
    u_char        *p;
    ngx_str_t      text;
    ngx_uint_t     n;
    xpecto_str_t   purpose;

    text.len = 0;

    for (n = 0; n < XPECTO_PURPOSES; n++) {
        text.len += xpecto_purpose_name(n).len + 1;
    }

    text.data = ngx_pnalloc(r->pool, text.len);
    if (text.data == NULL) {
        return NGX_ERROR;
    }

    p = text.data;

    for (n = 0; n < XPECTO_PURPOSES; n++) {

        if (!(purposes & XPECTO_PURPOSE_BIT(n))) {
            continue;
        }

        purpose = xpecto_purpose_name(n);

        if (p != text.data) {
            *p++ = ' ';
        }

        p = ngx_cpymem(p, purpose.data, purpose.len);
    }

    text.len = p - text.data;

    ngx_xpecto_ledger_str(e, name, &text);

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_consent_ledger_id(ngx_http_request_t *r,
    ngx_xpecto_ledger_event_t *e, const char *name, xpecto_choice_t *choice)
{
    ngx_str_t  text;

    text.len = 2 * XPECTO_CHOICE_ID_LEN;

    text.data = ngx_pnalloc(r->pool, text.len);
    if (text.data == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_hex_dump(text.data, choice->id, XPECTO_CHOICE_ID_LEN);

    ngx_xpecto_ledger_sealed(e, name, &text);

    return NGX_OK;
}
