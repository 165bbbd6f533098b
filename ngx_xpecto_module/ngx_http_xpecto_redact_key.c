
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * The key of a request's pseudonyms: of the epoch that its line is written
 * in, and of its tenant.  It is asked for when the first pseudonym is made.
 */


#include "ngx_http_xpecto_redact.h"


static ngx_int_t ngx_http_xpecto_redact_key_handler(ngx_http_request_t *r);
static void ngx_http_xpecto_redact_key_access(xpecto_pseudonym_t *ps);
static void ngx_http_xpecto_redact_key_error(xpecto_pseudonym_t *ps);
static void ngx_http_xpecto_redact_key_set(
    ngx_http_xpecto_redact_main_conf_t *rmcf, xpecto_pseudonym_t *ps,
    ngx_http_request_t *r);


ngx_int_t
ngx_http_xpecto_redact_key_init(ngx_conf_t *cf,
    ngx_http_xpecto_redact_main_conf_t *rmcf)
{
    ngx_str_t                   name;
    ngx_uint_t                  i;
    xpecto_epoch_t             *epoch;
    ngx_http_handler_pt        *h;
    ngx_http_core_main_conf_t  *cmcf;

    rmcf->epochs = ngx_xpecto_epochs(cf);

    if (rmcf->epochs == NULL || !rmcf->enabled) {
        return NGX_OK;
    }

    for (i = 0; i < rmcf->epochs->n; i++) {
        epoch = &rmcf->epochs->epochs[i];

        if (!xpecto_pseudonym_epoch(epoch->name, epoch->name_len)) {
            name.data = epoch->name;
            name.len = epoch->name_len;

            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "epoch \"%V\" cannot stand in a pseudonym: "
                               "letters, \"_\", \"-\" and at most %d digits "
                               "can", &name, XPECTO_PSEUDONYM_DIGITS);
            return NGX_ERROR;
        }
    }

    rmcf->pseudonym.find = ngx_http_xpecto_redact_key_access;
    rmcf->pseudonym.data = rmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    h = ngx_array_push(&cmcf->phases[NGX_HTTP_POST_READ_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_http_xpecto_redact_key_handler;

    return NGX_OK;
}


/*
 * Logs of requests, and no others, have this handler, which nginx does not
 * export: their data can be told by it.
 */

static ngx_int_t
ngx_http_xpecto_redact_key_handler(ngx_http_request_t *r)
{
    ngx_http_xpecto_redact_main_conf_t  *rmcf;

    rmcf = ngx_http_get_module_main_conf(r, ngx_http_xpecto_redact_module);

    rmcf->log_handler = r->connection->log->handler;

    return NGX_DECLINED;
}


static void
ngx_http_xpecto_redact_key_access(xpecto_pseudonym_t *ps)
{
    ngx_http_request_t                  *r;
    ngx_http_xpecto_redact_main_conf_t  *rmcf;

    rmcf = ps->data;
    r = rmcf->request;

    /* a credential is read as the client sent it */

    r->variables = rmcf->raw;
    (void) ngx_xpecto_tenant(r);
    r->variables = rmcf->shadow;

    ngx_http_xpecto_redact_key_set(rmcf, ps, r);
}


void
ngx_http_xpecto_redact_key_log(ngx_http_xpecto_redact_main_conf_t *rmcf,
    xpecto_pseudonym_t *ps, ngx_log_t *log)
{
    ngx_http_log_ctx_t  *ctx;

    ngx_memzero(ps, sizeof(xpecto_pseudonym_t));

    if (log->handler == NULL || log->handler != rmcf->log_handler) {
        return;
    }

    ctx = log->data;

    if (ctx->request == NULL) {
        return;
    }

    ps->find = ngx_http_xpecto_redact_key_error;
    ps->data = ctx->request;
}


/* may run in a signal handler or a thread: it reads only */

static void
ngx_http_xpecto_redact_key_error(xpecto_pseudonym_t *ps)
{
    ngx_http_request_t  *r = ps->data;

    ngx_http_xpecto_redact_key_set(
        ngx_http_get_module_main_conf(r, ngx_http_xpecto_redact_module), ps, r);
}


/* without a key there are labels */

static void
ngx_http_xpecto_redact_key_set(ngx_http_xpecto_redact_main_conf_t *rmcf,
    xpecto_pseudonym_t *ps, ngx_http_request_t *r)
{
    const xpecto_name_t   *name;
    const xpecto_epoch_t  *epoch;
    ngx_xpecto_tenant_t   *tenant;

    static const xpecto_name_t  nobody;

    if (ngx_xpecto_tenant_peek(r, &tenant) != NGX_OK) {
        return;
    }

    epoch = xpecto_epochs_at(rmcf->epochs, ngx_time());

    if (epoch == NULL) {
        return;
    }

    name = (tenant != NULL && tenant->state == NGX_XPECTO_TENANT_KNOWN)
           ? &tenant->tenant->name : &nobody;

    (void) xpecto_pseudonym_set(ps, epoch->pseudonym, epoch->name,
                                epoch->name_len, name->data, name->len);
}
