
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * Access logs.  During the log phase r->variables is a shadow array.  Its
 * values come from the real one and are redacted by the name of the variable
 * and their bytes, so no log format, condition or file name sees another
 * value, and neither the request nor the real values are ever altered.
 */


#include "ngx_http_xpecto_redact.h"


/* values up to a third of this are redacted without touching the pool */

#define NGX_HTTP_XPECTO_REDACT_BUFFER  4096


static ngx_int_t ngx_http_xpecto_redact_begin(ngx_http_request_t *r);
static ngx_int_t ngx_http_xpecto_redact_end(ngx_http_request_t *r);
static ngx_int_t ngx_http_xpecto_redact_get(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_xpecto_redact_value(ngx_http_request_t *r,
    ngx_http_xpecto_redact_main_conf_t *rmcf, ngx_uint_t index,
    ngx_http_variable_value_t *v);
static ngx_int_t ngx_http_xpecto_redacted_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);


static ngx_http_variable_t  ngx_http_xpecto_redact_vars[] = {

    { ngx_string("xpecto_redacted"), NULL, ngx_http_xpecto_redacted_variable,
      0, NGX_HTTP_VAR_NOCACHEABLE, 0 },

      ngx_http_null_variable
};


static ngx_int_t
ngx_http_xpecto_redact_begin(ngx_http_request_t *r)
{
    ngx_http_xpecto_redact_loc_conf_t   *rlcf;
    ngx_http_xpecto_redact_main_conf_t  *rmcf;

    rlcf = ngx_http_get_module_loc_conf(r, ngx_http_xpecto_redact_module);

    if (rlcf->mode == NGX_HTTP_XPECTO_REDACT_OFF) {
        return NGX_OK;
    }

    rmcf = ngx_http_get_module_main_conf(r, ngx_http_xpecto_redact_module);

    /* for want of a second shadow; it is not restored, the request is over */

    if (rmcf->request != NULL) {

        if (rlcf->mode == NGX_HTTP_XPECTO_REDACT_ON) {
            ngx_log_error(NGX_LOG_ALERT, r->connection->log, 0,
                          "log phase inside of a log phase, "
                          "its values are left out");
            ngx_xpecto_count(rmcf->counters, NGX_XPECTO_REDACT_DROPPED, 1);
            r->variables = rmcf->absent;
        }

        return NGX_OK;
    }

    ngx_memzero(rmcf->shadow, rmcf->nvars * sizeof(ngx_http_variable_value_t));

    rmcf->request = r;
    rmcf->conf = rlcf;
    rmcf->redacted = 0;
    rmcf->raw = r->variables;

    r->variables = rmcf->shadow;

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_redact_end(ngx_http_request_t *r)
{
    ngx_http_xpecto_redact_main_conf_t  *rmcf;

    rmcf = ngx_http_get_module_main_conf(r, ngx_http_xpecto_redact_module);

    if (rmcf->request == r) {
        r->variables = rmcf->raw;
        rmcf->request = NULL;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_redact_get(ngx_http_request_t *r, ngx_http_variable_value_t *v,
    uintptr_t data)
{
    ngx_uint_t                           i;
    ngx_http_variable_value_t           *raw;
    ngx_http_xpecto_redact_main_conf_t  *rmcf;

    rmcf = ngx_http_get_module_main_conf(r, ngx_http_xpecto_redact_module);

    i = v - r->variables;

    if (v < r->variables || i >= rmcf->nvars) {
        return NGX_ERROR;
    }

    if (r->variables != rmcf->shadow) {
        return rmcf->get[i](r, v, data);
    }

    r->variables = rmcf->raw;
    raw = ngx_http_get_flushed_variable(r, i);
    r->variables = rmcf->shadow;

    if (raw == NULL || raw->not_found) {
        v->not_found = 1;
        return NGX_OK;
    }

    *v = *raw;
    v->no_cacheable = 0;

    return ngx_http_xpecto_redact_value(r, rmcf, i, v);
}


static ngx_int_t
ngx_http_xpecto_redact_value(ngx_http_request_t *r,
    ngx_http_xpecto_redact_main_conf_t *rmcf, ngx_uint_t index,
    ngx_http_variable_value_t *v)
{
    size_t                              cap;
    u_char                             *p, *out;
    u_char                              buf[NGX_HTTP_XPECTO_REDACT_BUFFER];
    xpecto_rc_e                         rc;
    xpecto_redact_place_t               place;
    xpecto_redact_result_t              res;
    ngx_http_xpecto_redact_loc_conf_t  *rlcf;

    rlcf = rmcf->conf;

    place = rlcf->names ? rlcf->names->places[index]
                        : rmcf->common.places[index];

    /* what "if=" takes for false stays so */

    if (place.form == XPECTO_FORM_NONE
        || v->len == 0 || (v->len == 1 && v->data[0] == '0'))
    {
        return NGX_OK;
    }

    out = buf;
    cap = xpecto_redact_bound(v->len);

    if (cap > sizeof(buf)) {
        out = ngx_pnalloc(r->pool, cap);
        if (out == NULL) {
            goto dropped;
        }
    }

    rc = xpecto_redact(&rlcf->rd, place, v->data, v->len, 0, out, cap, &res);

    if (rc == XPECTO_DECLINED) {
        return NGX_OK;
    }

    if (rc != XPECTO_OK) {
        goto dropped;
    }

    ngx_http_xpecto_redact_count(rmcf, NGX_XPECTO_REDACT_ACCESS, &res);

    if (rlcf->mode == NGX_HTTP_XPECTO_REDACT_AUDIT) {
        return NGX_OK;
    }

    p = out;

    if (out == buf) {
        p = ngx_pnalloc(r->pool, res.len);
        if (p == NULL) {
            goto dropped;
        }

        ngx_memcpy(p, out, res.len);
    }

    v->data = p;
    v->len = res.len;

    return NGX_OK;

dropped:

    if (rmcf->counters != NULL) {
        ngx_xpecto_count(rmcf->counters, NGX_XPECTO_REDACT_DROPPED, 1);
    }

    if (rlcf->mode == NGX_HTTP_XPECTO_REDACT_ON) {
        v->len = 0;
        v->valid = 0;
        v->not_found = 1;
    }

    return NGX_OK;
}


void
ngx_http_xpecto_redact_count(ngx_http_xpecto_redact_main_conf_t *rmcf,
    ngx_uint_t counter, xpecto_redact_result_t *res)
{
    ngx_uint_t  i, n;

    for (i = 0, n = res->total; n > 0; n -= res->counts[i++]) {

        if (res->counts[i] > 0 && rmcf->counters != NULL) {
            ngx_xpecto_count(rmcf->counters, NGX_XPECTO_REDACT_CLASS + i,
                             res->counts[i]);
        }
    }

    if (rmcf->counters != NULL) {
        ngx_xpecto_count(rmcf->counters, counter, 1);
    }

    if (counter == NGX_XPECTO_REDACT_ACCESS) {
        rmcf->redacted += res->total;
    }
}


/* counts the spans of values that the log asked for before this one */

static ngx_int_t
ngx_http_xpecto_redacted_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    u_char                              *p;
    ngx_http_xpecto_redact_main_conf_t  *rmcf;

    rmcf = ngx_http_get_module_main_conf(r, ngx_http_xpecto_redact_module);

    if (rmcf->request != r) {
        v->not_found = 1;
        return NGX_OK;
    }

    p = ngx_pnalloc(r->pool, NGX_INT_T_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    v->len = ngx_sprintf(p, "%ui", rmcf->redacted) - p;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;
    v->data = p;

    return NGX_OK;
}


ngx_int_t
ngx_http_xpecto_redact_add_variables(ngx_conf_t *cf)
{
    ngx_http_variable_t  *var, *v;

    for (v = ngx_http_xpecto_redact_vars; v->name.len; v++) {
        var = ngx_http_add_variable(cf, &v->name, v->flags);
        if (var == NULL) {
            return NGX_ERROR;
        }

        var->get_handler = v->get_handler;
        var->data = v->data;
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_xpecto_redact_access_init(ngx_cycle_t *cycle,
    ngx_http_xpecto_redact_main_conf_t *rmcf, ngx_http_core_main_conf_t *cmcf)
{
    ngx_uint_t            i, n;
    ngx_array_t          *a;
    ngx_http_handler_pt  *h;
    ngx_http_variable_t  *v;

    n = cmcf->variables.nelts;
    v = cmcf->variables.elts;

    rmcf->nvars = n;
    rmcf->get = ngx_palloc(cycle->pool, n * sizeof(ngx_http_get_variable_pt));
    rmcf->shadow = ngx_pcalloc(cycle->pool,
                               n * sizeof(ngx_http_variable_value_t));
    rmcf->absent = ngx_pcalloc(cycle->pool,
                               n * sizeof(ngx_http_variable_value_t));

    if (rmcf->get == NULL || rmcf->shadow == NULL || rmcf->absent == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < n; i++) {
        rmcf->absent[i].not_found = 1;
    }

    a = &cmcf->phases[NGX_HTTP_LOG_PHASE].handlers;

    if (ngx_array_push_n(a, 2) == NULL) {
        return NGX_ERROR;
    }

    h = a->elts;
    ngx_memmove(&h[1], &h[0], (a->nelts - 2) * sizeof(ngx_http_handler_pt));

    h[0] = ngx_http_xpecto_redact_begin;
    h[a->nelts - 1] = ngx_http_xpecto_redact_end;

    /* v[i].data is read by others too, it stays */

    for (i = 0; i < n; i++) {
        rmcf->get[i] = v[i].get_handler;
        v[i].get_handler = ngx_http_xpecto_redact_get;
    }

    return NGX_OK;
}
