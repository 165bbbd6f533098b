
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/* Our handlers of phases: docs/adr/005-row.md. */


#include "ngx_xpecto_spine.h"


static ngx_int_t ngx_xpecto_handler_add(ngx_conf_t *cf,
    ngx_http_handler_pt handler);
static ngx_int_t ngx_xpecto_phase(ngx_http_request_t *r,
    ngx_http_phase_handler_t *ph);
static ngx_int_t ngx_xpecto_phase_end(ngx_http_request_t *r,
    ngx_http_phase_handler_t *ph, ngx_int_t rc);


ngx_int_t
ngx_xpecto_handler_first(ngx_conf_t *cf, ngx_uint_t phase,
    ngx_http_handler_pt handler)
{
    ngx_http_handler_pt        *h;
    ngx_http_core_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    /* a phase runs its array from the end */

    h = ngx_array_push(&cmcf->phases[phase].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = handler;

    return ngx_xpecto_handler_add(cf, handler);
}


ngx_int_t
ngx_xpecto_handler_last(ngx_conf_t *cf, ngx_uint_t phase,
    ngx_http_handler_pt handler)
{
    ngx_array_t                *handlers;
    ngx_http_handler_pt        *h;
    ngx_http_core_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);
    handlers = &cmcf->phases[phase].handlers;

    if (ngx_array_push(handlers) == NULL) {
        return NGX_ERROR;
    }

    h = handlers->elts;

    ngx_memmove(&h[1], &h[0],
                (handlers->nelts - 1) * sizeof(ngx_http_handler_pt));
    h[0] = handler;

    return ngx_xpecto_handler_add(cf, handler);
}


static ngx_int_t
ngx_xpecto_handler_add(ngx_conf_t *cf, ngx_http_handler_pt handler)
{
    ngx_http_handler_pt     *h;
    ngx_xpecto_main_conf_t  *xmcf;

    xmcf = ngx_http_conf_get_module_main_conf(cf, ngx_xpecto_module);

    h = ngx_array_push(&xmcf->handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = handler;

    return NGX_OK;
}


void
ngx_xpecto_handlers_init_module(ngx_cycle_t *cycle,
    ngx_xpecto_main_conf_t *xmcf)
{
    ngx_uint_t                  i;
    ngx_http_handler_pt        *h;
    ngx_http_phase_handler_t   *ph;
    ngx_http_core_main_conf_t  *cmcf;

    cmcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_http_core_module);
    h = xmcf->handlers.elts;

    for (ph = cmcf->phase_engine.handlers; ph->checker; ph++) {

        for (i = 0; i < xmcf->handlers.nelts; i++) {

            if (ph->handler == h[i]
                && ph->checker == ngx_http_core_generic_phase)
            {
                ph->checker = ngx_xpecto_phase;
            }
        }
    }
}


/*
 * What ngx_http_core_generic_phase() does, for all of our handlers that stand
 * in a row: hardly ever does one of them not decline.
 */

static ngx_int_t
ngx_xpecto_phase(ngx_http_request_t *r, ngx_http_phase_handler_t *ph)
{
    ngx_int_t  rc;

    do {
        rc = ph->handler(r);

        if (rc != NGX_DECLINED) {
            return ngx_xpecto_phase_end(r, ph, rc);
        }

        r->phase_handler++;
        ph++;

    } while (ph->checker == ngx_xpecto_phase);

    return NGX_AGAIN;
}


/* not inline: nobody pays for its registers whose handlers decline */

static ngx_int_t
ngx_xpecto_phase_end(ngx_http_request_t *r, ngx_http_phase_handler_t *ph,
    ngx_int_t rc)
{
    if (rc == NGX_OK) {
        r->phase_handler = ph->next;
        return NGX_AGAIN;
    }

    if (rc != NGX_AGAIN && rc != NGX_DONE) {
        ngx_http_finalize_request(r, rc);
    }

    return NGX_OK;
}
