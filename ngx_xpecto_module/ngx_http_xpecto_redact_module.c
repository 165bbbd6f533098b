
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
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

static ngx_int_t ngx_http_xpecto_redact_add_variables(ngx_conf_t *cf);
static void *ngx_http_xpecto_redact_create_main_conf(ngx_conf_t *cf);
static void *ngx_http_xpecto_redact_create_loc_conf(ngx_conf_t *cf);
static char *ngx_http_xpecto_redact_merge_loc_conf(ngx_conf_t *cf,
    void *parent, void *child);
static char *ngx_http_xpecto_redact_as(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_http_xpecto_redact_name(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static ngx_int_t ngx_http_xpecto_redact_names_add(ngx_conf_t *cf,
    ngx_http_xpecto_redact_names_t *names, ngx_str_t *value,
    xpecto_class_e class);
static ngx_int_t ngx_http_xpecto_redact_names_init(ngx_conf_t *cf,
    ngx_http_xpecto_redact_loc_conf_t *rlcf);
static ngx_int_t ngx_http_xpecto_redact_init_module(ngx_cycle_t *cycle);
static ngx_int_t ngx_http_xpecto_redact_places(ngx_cycle_t *cycle,
    ngx_http_core_main_conf_t *cmcf, ngx_http_xpecto_redact_names_t *names);


static ngx_conf_enum_t  ngx_http_xpecto_redact_modes[] = {
    { ngx_string("off"), NGX_HTTP_XPECTO_REDACT_OFF },
    { ngx_string("audit"), NGX_HTTP_XPECTO_REDACT_AUDIT },
    { ngx_string("on"), NGX_HTTP_XPECTO_REDACT_ON },
    { ngx_null_string, 0 }
};


static ngx_command_t  ngx_http_xpecto_redact_commands[] = {

    { ngx_string("xpecto_redact"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_enum_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_xpecto_redact_loc_conf_t, mode),
      &ngx_http_xpecto_redact_modes },

    { ngx_string("xpecto_redact_as"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_1MORE,
      ngx_http_xpecto_redact_as,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("xpecto_redact_name"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_2MORE,
      ngx_http_xpecto_redact_name,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_xpecto_redact_module_ctx = {
    ngx_http_xpecto_redact_add_variables,  /* preconfiguration */
    NULL,                                  /* postconfiguration */

    ngx_http_xpecto_redact_create_main_conf, /* create main configuration */
    NULL,                                  /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    ngx_http_xpecto_redact_create_loc_conf, /* create location configuration */
    ngx_http_xpecto_redact_merge_loc_conf  /* merge location configuration */
};


ngx_module_t  ngx_http_xpecto_redact_module = {
    NGX_MODULE_V1,
    &ngx_http_xpecto_redact_module_ctx,    /* module context */
    ngx_http_xpecto_redact_commands,       /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    ngx_http_xpecto_redact_init_module,    /* init module */
    NULL,                                  /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    NULL,                                  /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_http_variable_t  ngx_http_xpecto_redact_vars[] = {

    { ngx_string("xpecto_redacted"), NULL, ngx_http_xpecto_redacted_variable,
      0, NGX_HTTP_VAR_NOCACHEABLE, 0 },

      ngx_http_null_variable
};


/*
 * During the log phase r->variables is a shadow array.  Its values come from
 * the real one and are redacted by the name of the variable and their bytes,
 * so no log format, condition or file name sees another value, and neither
 * the request nor the real values are ever altered.
 */

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


static ngx_int_t
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


static void *
ngx_http_xpecto_redact_create_main_conf(ngx_conf_t *cf)
{
    ngx_http_xpecto_redact_main_conf_t  *rmcf;

    rmcf = ngx_pcalloc(cf->pool, sizeof(ngx_http_xpecto_redact_main_conf_t));
    if (rmcf == NULL) {
        return NULL;
    }

    if (ngx_array_init(&rmcf->logs, cf->pool, 4,
                       sizeof(ngx_http_xpecto_redact_log_t))
        != NGX_OK
        || ngx_array_init(&rmcf->names, cf->pool, 4,
                          sizeof(ngx_http_xpecto_redact_names_t *))
           != NGX_OK)
    {
        return NULL;
    }

    return rmcf;
}


static void *
ngx_http_xpecto_redact_create_loc_conf(ngx_conf_t *cf)
{
    ngx_uint_t                          i;
    ngx_http_xpecto_redact_loc_conf_t  *conf;

    conf = ngx_pcalloc(cf->pool, sizeof(ngx_http_xpecto_redact_loc_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    /*
     * set by ngx_pcalloc():
     *
     *     conf->names = NULL;
     *     conf->rd = { 0 };
     */

    conf->mode = NGX_CONF_UNSET_UINT;

    for (i = 0; i < XPECTO_CLASSES; i++) {
        conf->styles[i] = NGX_CONF_UNSET_UINT;
    }

    return conf;
}


static char *
ngx_http_xpecto_redact_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_http_xpecto_redact_loc_conf_t *prev = parent;
    ngx_http_xpecto_redact_loc_conf_t *conf = child;

    ngx_uint_t                           i;
    ngx_http_xpecto_redact_main_conf_t  *rmcf;

    ngx_conf_merge_uint_value(conf->mode, prev->mode,
                              NGX_HTTP_XPECTO_REDACT_OFF);

    xpecto_redact_defaults(&conf->rd);

    for (i = 0; i < XPECTO_CLASSES; i++) {
        ngx_conf_merge_uint_value(conf->styles[i], prev->styles[i],
                                  conf->rd.styles[i]);

        (void) xpecto_redact_style(&conf->rd, i, conf->styles[i]);
    }

    if (conf->names == NULL) {
        conf->names = prev->names;
    }

    if (conf->names != NULL) {
        conf->rd.names = conf->names->names.elts;
        conf->rd.nnames = conf->names->names.nelts;
    }

    rmcf = ngx_http_conf_get_module_main_conf(cf,
                                              ngx_http_xpecto_redact_module);

    if (conf->mode != NGX_HTTP_XPECTO_REDACT_OFF) {
        rmcf->enabled = 1;
    }

    if (ngx_http_xpecto_redact_log_add(cf, rmcf, conf) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_xpecto_redact_as(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_xpecto_redact_loc_conf_t *rlcf = conf;

    u_char          *p, *last;
    ngx_str_t       *value;
    ngx_uint_t       i;
    xpecto_class_e   class;
    xpecto_style_e   style;
    xpecto_redact_t  rd;

    value = cf->args->elts;

    xpecto_redact_defaults(&rd);

    for (i = 1; i < cf->args->nelts; i++) {

        last = value[i].data + value[i].len;

        p = ngx_strlchr(value[i].data, last, '=');
        if (p == NULL) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid parameter \"%V\", "
                               "it must be class=style", &value[i]);
            return NGX_CONF_ERROR;
        }

        if (xpecto_class_parse(value[i].data, p - value[i].data, &class)
            != XPECTO_OK)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "unknown class in \"%V\"", &value[i]);
            return NGX_CONF_ERROR;
        }

        if (xpecto_style_parse(p + 1, last - p - 1, &style) != XPECTO_OK) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "unknown style in \"%V\"", &value[i]);
            return NGX_CONF_ERROR;
        }

        if (xpecto_redact_style(&rd, class, style) != XPECTO_OK) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "the style in \"%V\" cannot be applied "
                               "to this class", &value[i]);
            return NGX_CONF_ERROR;
        }

        if (rlcf->styles[class] != NGX_CONF_UNSET_UINT) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "class in \"%V\" already has a style",
                               &value[i]);
            return NGX_CONF_ERROR;
        }

        rlcf->styles[class] = style;
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_xpecto_redact_name(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_xpecto_redact_loc_conf_t *rlcf = conf;

    ngx_str_t       *value;
    ngx_uint_t       i;
    xpecto_class_e   class;

    value = cf->args->elts;

    if (xpecto_class_parse(value[1].data, value[1].len, &class)
        != XPECTO_OK)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "unknown class \"%V\"", &value[1]);
        return NGX_CONF_ERROR;
    }

    if (rlcf->names == NULL
        && ngx_http_xpecto_redact_names_init(cf, rlcf) != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    for (i = 2; i < cf->args->nelts; i++) {
        if (ngx_http_xpecto_redact_names_add(cf, rlcf->names, &value[i],
                                             class)
            != NGX_OK)
        {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_xpecto_redact_names_add(ngx_conf_t *cf,
    ngx_http_xpecto_redact_names_t *names, ngx_str_t *value,
    xpecto_class_e class)
{
    u_char                *folded;
    size_t                 len;
    ngx_uint_t             i;
    xpecto_redact_name_t  *name;

    for (i = 0; i < value->len; i++) {
        if (value->data[i] <= ' ' || value->data[i] >= 0x7f
            || ngx_strchr("=&;?#/%\"\\", value->data[i]) != NULL)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid character in name \"%V\"", value);
            return NGX_ERROR;
        }
    }

    folded = ngx_pnalloc(cf->pool, value->len + 1);
    if (folded == NULL) {
        return NGX_ERROR;
    }

    len = xpecto_name_fold(folded, value->data, value->len);

    if (len == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid name \"%V\", it must have 1 to %d letters "
                           "or digits", value, XPECTO_REDACT_NAME_MAX);
        return NGX_ERROR;
    }

    name = names->names.elts;

    for (i = 0; i < names->names.nelts; i++) {
        if (name[i].name.len == len
            && ngx_memcmp(name[i].name.data, folded, len) == 0)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "duplicate name \"%V\", case, \"_\", \"-\" and "
                               "\".\" do not count", value);
            return NGX_ERROR;
        }
    }

    name = ngx_array_push(&names->names);
    if (name == NULL) {
        return NGX_ERROR;
    }

    name->name.data = folded;
    name->name.len = len;
    name->class = class;

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_redact_names_init(ngx_conf_t *cf,
    ngx_http_xpecto_redact_loc_conf_t *rlcf)
{
    ngx_http_xpecto_redact_names_t      **names;
    ngx_http_xpecto_redact_main_conf_t   *rmcf;

    rmcf = ngx_http_conf_get_module_main_conf(cf,
                                              ngx_http_xpecto_redact_module);

    rlcf->names = ngx_pcalloc(cf->pool,
                              sizeof(ngx_http_xpecto_redact_names_t));
    if (rlcf->names == NULL) {
        return NGX_ERROR;
    }

    if (ngx_array_init(&rlcf->names->names, cf->pool, 4,
                       sizeof(xpecto_redact_name_t))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    names = ngx_array_push(&rmcf->names);
    if (names == NULL) {
        return NGX_ERROR;
    }

    *names = rlcf->names;

    return NGX_OK;
}


/*
 * Here all modules have registered their log handlers and the handlers of
 * variables are known: ours go around them, in a static build as well.
 */

static ngx_int_t
ngx_http_xpecto_redact_init_module(ngx_cycle_t *cycle)
{
    ngx_uint_t                            i, n;
    ngx_array_t                          *a;
    ngx_http_handler_pt                  *h;
    ngx_http_variable_t                  *v;
    ngx_http_core_main_conf_t            *cmcf;
    ngx_http_xpecto_redact_names_t      **names;
    ngx_http_xpecto_redact_main_conf_t   *rmcf;

    rmcf = ngx_http_cycle_get_module_main_conf(cycle,
                                               ngx_http_xpecto_redact_module);

    if (rmcf == NULL || !rmcf->enabled) {
        return NGX_OK;
    }

    cmcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_http_core_module);

    rmcf->counters = ngx_xpecto_counters(cycle);

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

    if (ngx_http_xpecto_redact_places(cycle, cmcf, &rmcf->common) != NGX_OK) {
        return NGX_ERROR;
    }

    names = rmcf->names.elts;

    for (i = 0; i < rmcf->names.nelts; i++) {
        if (ngx_http_xpecto_redact_places(cycle, cmcf, names[i]) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    a = &cmcf->phases[NGX_HTTP_LOG_PHASE].handlers;

    if (ngx_array_push_n(a, 2) == NULL) {
        return NGX_ERROR;
    }

    if (ngx_http_xpecto_redact_log_init(cycle, rmcf) != NGX_OK) {
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


static ngx_int_t
ngx_http_xpecto_redact_places(ngx_cycle_t *cycle,
    ngx_http_core_main_conf_t *cmcf, ngx_http_xpecto_redact_names_t *names)
{
    size_t                size;
    ngx_uint_t            i;
    xpecto_redact_t       rd;
    ngx_http_variable_t  *v;

    size = cmcf->variables.nelts * sizeof(xpecto_redact_place_t);

    names->places = ngx_palloc(cycle->pool, size);
    if (names->places == NULL) {
        return NGX_ERROR;
    }

    xpecto_redact_defaults(&rd);
    rd.names = names->names.elts;
    rd.nnames = names->names.nelts;

    v = cmcf->variables.elts;

    for (i = 0; i < cmcf->variables.nelts; i++) {
        names->places[i] = xpecto_redact_variable(&rd, v[i].name.data,
                                                  v[i].name.len);
    }

    return NGX_OK;
}
