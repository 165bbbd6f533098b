
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * Access logs.  During the log phase r->variables is a shadow array.  Its
 * values come from the real one and are redacted by the name of the variable
 * and their bytes, so no log format, condition or file name sees another
 * value, and neither the request nor the real values are ever altered.
 * Captures of a regular expression are no variables ("$1" in a file name):
 * there are none in this phase.
 */


#include "ngx_http_xpecto_redact.h"


/* the values of a line that fit in are redacted without touching the pool */

#define NGX_HTTP_XPECTO_REDACT_BUFFER  16384


static ngx_int_t ngx_http_xpecto_redact_begin(ngx_http_request_t *r);
static ngx_int_t ngx_http_xpecto_redact_end(ngx_http_request_t *r);
static ngx_int_t ngx_http_xpecto_redact_get(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static void ngx_http_xpecto_redact_fetch(ngx_http_request_t *r,
    ngx_http_variable_value_t *raw, uintptr_t data,
    ngx_http_xpecto_redact_main_conf_t *rmcf,
    ngx_http_xpecto_redact_variable_t *var);
static ngx_int_t ngx_http_xpecto_redact_value(ngx_http_request_t *r,
    ngx_http_xpecto_redact_main_conf_t *rmcf, xpecto_redact_place_t place,
    ngx_http_variable_value_t *v);
static xpecto_rc_e ngx_http_xpecto_redact_address(ngx_http_variable_value_t *v,
    u_char *out, xpecto_redact_result_t *res);
static ngx_http_xpecto_redact_clean_t *ngx_http_xpecto_redact_clean(
    ngx_http_xpecto_redact_main_conf_t *rmcf, u_char *p, size_t len);
static ngx_int_t ngx_http_xpecto_redacted_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_uint_t ngx_http_xpecto_redact_is_alone(ngx_http_variable_t *v);


/* of nginx itself, none can be given another meaning, none reads another */

static ngx_str_t  ngx_http_xpecto_redact_alone[] = {
    ngx_string("http_referer"),
    ngx_string("http_user_agent"),
    ngx_string("remote_addr"),
    ngx_string("remote_user"),
    ngx_string("request"),
    ngx_string("request_uri"),
    ngx_null_string
};


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
            ngx_xpecto_carry_words(r, rmcf->absent);
            r->variables = rmcf->absent;
        }

        return NGX_OK;
    }

    ngx_memzero(rmcf->shadow, rmcf->nvars * sizeof(ngx_http_variable_value_t));
    ngx_xpecto_carry_words(r, rmcf->shadow);

    rmcf->request = r;
    rmcf->raw = r->variables;
    rmcf->conf = rlcf;
    rmcf->places = rlcf->names ? rlcf->names->places : rmcf->common.places;
    rmcf->last = rmcf->start;
    rmcf->changed = 0;
    rmcf->pseudonym.asked = 0;
    rmcf->pseudonym.ready = 0;
    ngx_memzero(&rmcf->res, sizeof(xpecto_redact_result_t));

    r->variables = rmcf->shadow;

#if (NGX_PCRE)
    rmcf->ncaptures = r->ncaptures;
    r->ncaptures = 0;
#endif

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_redact_end(ngx_http_request_t *r)
{
    ngx_http_xpecto_redact_main_conf_t  *rmcf;

    rmcf = ngx_http_get_module_main_conf(r, ngx_http_xpecto_redact_module);

    if (rmcf->request != r) {
        return NGX_OK;
    }

    r->variables = rmcf->raw;
    rmcf->request = NULL;

#if (NGX_PCRE)
    r->ncaptures = rmcf->ncaptures;
#endif

    if (rmcf->changed) {
        ngx_http_xpecto_redact_count(rmcf, NGX_XPECTO_REDACT_ACCESS,
                                     rmcf->changed, &rmcf->res);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_redact_get(ngx_http_request_t *r, ngx_http_variable_value_t *v,
    uintptr_t data)
{
    ngx_uint_t                           i;
    ngx_http_variable_value_t           *raw;
    ngx_http_xpecto_redact_variable_t   *var;
    ngx_http_xpecto_redact_main_conf_t  *rmcf;

    rmcf = ngx_http_get_module_main_conf(r, ngx_http_xpecto_redact_module);

    /* below the array it is as far beyond it */

    i = v - r->variables;

    if (i >= rmcf->nvars) {
        return NGX_ERROR;
    }

    var = &rmcf->variables[i];

    if (r->variables != rmcf->shadow) {
        return var->get(r, v, data);
    }

    raw = &rmcf->raw[i];

    if (var->alone && !raw->valid && !raw->not_found) {

        if (var->get(r, v, data) != NGX_OK) {
            v->valid = 0;
            v->not_found = 1;
        }

    } else {
        ngx_http_xpecto_redact_fetch(r, raw, data, rmcf, var);
        *v = *raw;
        v->no_cacheable = 0;
    }

    /* what "if=" takes for false stays so */

    if (v->not_found
        || rmcf->places[i].form == XPECTO_FORM_NONE
        || (v->len <= 1 && (v->len == 0 || v->data[0] == '0')))
    {
        return NGX_OK;
    }

    return ngx_http_xpecto_redact_value(r, rmcf, rmcf->places[i], v);
}


/* the real value, which may be made of others */

static void
ngx_http_xpecto_redact_fetch(ngx_http_request_t *r,
    ngx_http_variable_value_t *raw, uintptr_t data,
    ngx_http_xpecto_redact_main_conf_t *rmcf,
    ngx_http_xpecto_redact_variable_t *var)
{
    ngx_int_t  rc;

    /* as ngx_http_get_flushed_variable() has it */

    if (!raw->no_cacheable && (raw->valid || raw->not_found)) {
        return;
    }

    raw->valid = 0;
    raw->not_found = 0;

    r->variables = rmcf->raw;
#if (NGX_PCRE)
    r->ncaptures = rmcf->ncaptures;
#endif

    rc = var->get(r, raw, data);

    r->variables = rmcf->shadow;
#if (NGX_PCRE)
    rmcf->ncaptures = r->ncaptures;
    r->ncaptures = 0;
#endif

    if (rc != NGX_OK) {
        raw->valid = 0;
        raw->not_found = 1;

    } else if (var->flags & NGX_HTTP_VAR_NOCACHEABLE) {
        raw->no_cacheable = 1;
    }
}


static ngx_int_t
ngx_http_xpecto_redact_value(ngx_http_request_t *r,
    ngx_http_xpecto_redact_main_conf_t *rmcf, xpecto_redact_place_t place,
    ngx_http_variable_value_t *v)
{
    int                              tail;
    size_t                           cap;
    u_char                          *out;
    xpecto_rc_e                      rc;
    ngx_http_xpecto_redact_clean_t  *clean;

    clean = NULL;

    /* a body that did not come to its end may end within a number */

    tail = (place.form == XPECTO_FORM_BODY && r->request_body != NULL
            && r->request_body->rest != 0);

    if (place.form == XPECTO_FORM_TEXT
        && v->len >= NGX_HTTP_XPECTO_REDACT_CLEAN_MIN
        && v->len <= NGX_HTTP_XPECTO_REDACT_CLEAN_MAX)
    {
        clean = ngx_http_xpecto_redact_clean(rmcf, v->data, v->len);

        if (clean->conf == rmcf->conf && clean->len == v->len
            && ngx_memcmp(clean->data, v->data, v->len) == 0)
        {
            return NGX_OK;
        }
    }

    out = rmcf->last;
    cap = XPECTO_REDACT_BOUND((size_t) v->len);

    if (cap > (size_t) (rmcf->end - out)) {
        out = ngx_pnalloc(r->pool, cap);
        if (out == NULL) {
            goto dropped;
        }
    }

    if (place.class == XPECTO_CLASS_IP
        && v->data == r->connection->addr_text.data
        && r->connection->sockaddr->sa_family == AF_INET
        && rmcf->conf->rd.styles[XPECTO_CLASS_IP] == XPECTO_STYLE_TRUNCATE)
    {
        rc = ngx_http_xpecto_redact_address(v, out, &rmcf->res);

    } else {
        rc = xpecto_redact_add(&rmcf->conf->rd, place, v->data, v->len, tail,
                               out, cap, &rmcf->res);
    }

    if (rc == XPECTO_DECLINED) {

        if (clean != NULL) {
            clean->conf = rmcf->conf;
            clean->len = v->len;
            ngx_memcpy(clean->data, v->data, v->len);
        }

        return NGX_OK;
    }

    if (rc != XPECTO_OK) {
        goto dropped;
    }

    rmcf->changed++;

    if (rmcf->conf->mode == NGX_HTTP_XPECTO_REDACT_AUDIT) {
        return NGX_OK;
    }

    v->data = out;
    v->len = rmcf->res.len;

    if (out == rmcf->last) {
        rmcf->last += rmcf->res.len;
    }

    return NGX_OK;

dropped:

    if (rmcf->counters != NULL) {
        ngx_xpecto_count(rmcf->counters, NGX_XPECTO_REDACT_DROPPED, 1);
    }

    if (rmcf->conf->mode == NGX_HTTP_XPECTO_REDACT_ON) {
        v->len = 0;
        v->valid = 0;
        v->not_found = 1;
    }

    return NGX_OK;
}


/* what nginx wrote needs no parser: "192.0.2.1" */

static xpecto_rc_e
ngx_http_xpecto_redact_address(ngx_http_variable_value_t *v, u_char *out,
    xpecto_redact_result_t *res)
{
    size_t  n;

    for (n = v->len; n > 0 && v->data[n - 1] != '.'; n--) { /* void */ }

    if (n + 1 == v->len && v->data[n] == '0') {
        return XPECTO_DECLINED;
    }

    ngx_memcpy(out, v->data, n);
    out[n++] = '0';

    res->len = n;
    res->counts[XPECTO_CLASS_IP]++;
    res->total++;

    return XPECTO_OK;
}


/* where these bytes are remembered, if they are; len is 16 or more */

static ngx_http_xpecto_redact_clean_t *
ngx_http_xpecto_redact_clean(ngx_http_xpecto_redact_main_conf_t *rmcf,
    u_char *p, size_t len)
{
    uint64_t  first, middle, last;

    ngx_memcpy(&first, p, 8);
    ngx_memcpy(&middle, p + len / 2 - 4, 8);
    ngx_memcpy(&last, p + len - 8, 8);

    first ^= (middle << 23 | middle >> 41) ^ (last << 47 | last >> 17) ^ len;
    first *= 0x9e3779b97f4a7c15;

    return &rmcf->clean[first >> (64 - NGX_HTTP_XPECTO_REDACT_CLEAN_BITS)];
}


void
ngx_http_xpecto_redact_count(ngx_http_xpecto_redact_main_conf_t *rmcf,
    ngx_uint_t counter, ngx_uint_t n, xpecto_redact_result_t *res)
{
    ngx_xpecto_count_each(rmcf->counters, NGX_XPECTO_REDACT_CLASS,
                          res->counts, res->total);
    ngx_xpecto_count(rmcf->counters, counter, n);
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

    p = ngx_pnalloc(r->pool, NGX_INT32_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    v->len = ngx_sprintf(p, "%uD", rmcf->res.total) - p;
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
    rmcf->variables = ngx_palloc(cycle->pool,
                               n * sizeof(ngx_http_xpecto_redact_variable_t));
    rmcf->shadow = ngx_pcalloc(cycle->pool,
                               n * sizeof(ngx_http_variable_value_t));
    rmcf->absent = ngx_pcalloc(cycle->pool,
                               n * sizeof(ngx_http_variable_value_t));

    if (rmcf->variables == NULL || rmcf->shadow == NULL || rmcf->absent == NULL)
    {
        return NGX_ERROR;
    }

    rmcf->clean = ngx_pcalloc(cycle->pool,
                              sizeof(ngx_http_xpecto_redact_clean_t)
                              << NGX_HTTP_XPECTO_REDACT_CLEAN_BITS);
    rmcf->start = ngx_pnalloc(cycle->pool, NGX_HTTP_XPECTO_REDACT_BUFFER);

    if (rmcf->clean == NULL || rmcf->start == NULL) {
        return NGX_ERROR;
    }

    rmcf->end = rmcf->start + NGX_HTTP_XPECTO_REDACT_BUFFER;

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
        rmcf->variables[i].get = v[i].get_handler;
        rmcf->variables[i].flags = v[i].flags;
        rmcf->variables[i].alone = ngx_http_xpecto_redact_is_alone(&v[i]);
        v[i].get_handler = ngx_http_xpecto_redact_get;
    }

    return NGX_OK;
}


static ngx_uint_t
ngx_http_xpecto_redact_is_alone(ngx_http_variable_t *v)
{
    ngx_str_t  *name;

    if (v->flags & NGX_HTTP_VAR_NOCACHEABLE) {
        return 0;
    }

    for (name = ngx_http_xpecto_redact_alone; name->len; name++) {
        if (v->name.len == name->len
            && ngx_strncmp(v->name.data, name->data, name->len) == 0)
        {
            return 1;
        }
    }

    return 0;
}
