
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_xpecto.h"


/* bytes of a sentence that lists what a parameter may be */

#define NGX_XPECTO_CONF_NAMES  256


static ngx_int_t ngx_xpecto_conf_value(ngx_conf_t *cf, ngx_xpecto_arg_t *arg,
    ngx_str_t *value, void *field);
static ngx_int_t ngx_xpecto_conf_is_set(ngx_xpecto_arg_t *arg, void *field);
static u_char *ngx_xpecto_conf_expected(u_char *p, u_char *last,
    ngx_xpecto_arg_t *arg);
static u_char *ngx_xpecto_conf_names(u_char *p, u_char *last,
    ngx_conf_enum_t *e);
static ngx_int_t ngx_xpecto_conf_enum(ngx_conf_enum_t *e, ngx_str_t *value,
    ngx_uint_t *field);


char *
ngx_xpecto_conf_args(ngx_conf_t *cf, ngx_xpecto_arg_t *args, ngx_uint_t first,
    void *target)
{
    void              *field;
    u_char            *p, expected[NGX_XPECTO_CONF_NAMES];
    ngx_str_t         *word, value;
    ngx_uint_t         i;
    ngx_xpecto_arg_t  *arg;

    word = cf->args->elts;

    for (i = first; i < cf->args->nelts; i++) {

        for (arg = args; arg->name.len; arg++) {

            if (word[i].len < arg->name.len
                || ngx_strncmp(word[i].data, arg->name.data, arg->name.len)
                   != 0)
            {
                continue;
            }

            value.len = word[i].len - arg->name.len;
            value.data = word[i].data + arg->name.len;

            if (arg->type == NGX_XPECTO_ARG_FLAG) {

                if (value.len == 0) {
                    break;
                }

                continue;
            }

            if (value.len && value.data[0] == '=') {
                value.len--;
                value.data++;
                break;
            }
        }

        if (arg->name.len == 0) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "unknown parameter \"%V\"", &word[i]);
            return NGX_CONF_ERROR;
        }

        field = (u_char *) target + arg->offset;

        if (ngx_xpecto_conf_is_set(arg, field)) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "duplicate parameter \"%V\"", &arg->name);
            return NGX_CONF_ERROR;
        }

        if (ngx_xpecto_conf_value(cf, arg, &value, field) != NGX_OK) {
            p = ngx_xpecto_conf_expected(expected,
                                         expected + NGX_XPECTO_CONF_NAMES,
                                         arg);

            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid parameter \"%V\"%*s", &word[i],
                               (size_t) (p - expected), expected);
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


/* what would have been right, where that can be said in general */

static u_char *
ngx_xpecto_conf_expected(u_char *p, u_char *last, ngx_xpecto_arg_t *arg)
{
    switch (arg->type) {

    case NGX_XPECTO_ARG_ENUM:
        return ngx_xpecto_conf_names(p, last, arg->post);

    case NGX_XPECTO_ARG_ZONE:
        return ngx_slprintf(p, last, ": name:size is expected, at least %uzk",
                            8 * ngx_pagesize / 1024);

    case NGX_XPECTO_ARG_SIZE:
        return ngx_slprintf(p, last, ": a size is expected");

    case NGX_XPECTO_ARG_NUM:
        return ngx_slprintf(p, last, ": a number is expected");

    case NGX_XPECTO_ARG_MSEC:
    case NGX_XPECTO_ARG_SEC:
        return ngx_slprintf(p, last, ": a time is expected");

    default:
        return p;
    }
}


static u_char *
ngx_xpecto_conf_names(u_char *p, u_char *last, ngx_conf_enum_t *e)
{
    ngx_uint_t  i;

    for (i = 0; e[i].name.len; i++) {
        p = ngx_slprintf(p, last, "%s\"%V\"",
                         (i == 0) ? ": "
                         : (e[i + 1].name.len == 0) ? " or " : ", ",
                         &e[i].name);
    }

    return ngx_slprintf(p, last, " is expected");
}


char *
ngx_xpecto_conf_enum_slot(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    u_char      *p, expected[NGX_XPECTO_CONF_NAMES];
    ngx_str_t   *value;
    ngx_uint_t  *field;

    field = (ngx_uint_t *) ((u_char *) conf + cmd->offset);

    if (*field != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_xpecto_conf_enum(cmd->post, &value[1], field) == NGX_OK) {
        return NGX_CONF_OK;
    }

    p = ngx_xpecto_conf_names(expected, expected + NGX_XPECTO_CONF_NAMES,
                              cmd->post);

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid value \"%V\"%*s",
                       &value[1], (size_t) (p - expected), expected);

    return NGX_CONF_ERROR;
}


static ngx_int_t
ngx_xpecto_conf_enum(ngx_conf_enum_t *e, ngx_str_t *value, ngx_uint_t *field)
{
    for ( /* void */ ; e->name.len; e++) {

        if (e->name.len == value->len
            && ngx_strncmp(e->name.data, value->data, value->len) == 0)
        {
            *field = e->value;
            return NGX_OK;
        }
    }

    return NGX_ERROR;
}


static ngx_int_t
ngx_xpecto_conf_is_set(ngx_xpecto_arg_t *arg, void *field)
{
    void  *p;

    switch (arg->type) {

    case NGX_XPECTO_ARG_STR:
        return ((ngx_str_t *) field)->data != NULL;

    case NGX_XPECTO_ARG_ZONE:
        return ((ngx_xpecto_zone_arg_t *) field)->name.data != NULL;

    case NGX_XPECTO_ARG_SIZE:
        return *(size_t *) field != NGX_CONF_UNSET_SIZE;

    case NGX_XPECTO_ARG_MSEC:
        return *(ngx_msec_t *) field != NGX_CONF_UNSET_MSEC;

    case NGX_XPECTO_ARG_SEC:
        return *(time_t *) field != NGX_CONF_UNSET;

    case NGX_XPECTO_ARG_ENUM:
        return *(ngx_uint_t *) field != NGX_CONF_UNSET_UINT;

    case NGX_XPECTO_ARG_VALUE:
        p = *(void **) field;
        return p != NULL && p != NGX_CONF_UNSET_PTR;

    default: /* NGX_XPECTO_ARG_NUM, NGX_XPECTO_ARG_FLAG */
        return *(ngx_int_t *) field != NGX_CONF_UNSET;
    }
}


static ngx_int_t
ngx_xpecto_conf_value(ngx_conf_t *cf, ngx_xpecto_arg_t *arg, ngx_str_t *value,
    void *field)
{
    size_t                             size;
    time_t                             sec;
    ngx_int_t                          n;
    ngx_http_complex_value_t          *cv;
    ngx_http_compile_complex_value_t   ccv;

    if (value->len == 0 && arg->type != NGX_XPECTO_ARG_FLAG) {
        return NGX_ERROR;
    }

    switch (arg->type) {

    case NGX_XPECTO_ARG_STR:
        *(ngx_str_t *) field = *value;
        return NGX_OK;

    case NGX_XPECTO_ARG_ZONE:
        return ngx_xpecto_conf_zone(value, field);

    case NGX_XPECTO_ARG_SIZE:
        size = ngx_parse_size(value);

        if (size == (size_t) NGX_ERROR) {
            return NGX_ERROR;
        }

        *(size_t *) field = size;
        return NGX_OK;

    case NGX_XPECTO_ARG_NUM:
        n = ngx_atoi(value->data, value->len);

        if (n == NGX_ERROR) {
            return NGX_ERROR;
        }

        *(ngx_int_t *) field = n;
        return NGX_OK;

    case NGX_XPECTO_ARG_MSEC:
        n = ngx_parse_time(value, 0);

        if (n == NGX_ERROR) {
            return NGX_ERROR;
        }

        *(ngx_msec_t *) field = n;
        return NGX_OK;

    case NGX_XPECTO_ARG_SEC:
        sec = ngx_parse_time(value, 1);

        if (sec == (time_t) NGX_ERROR) {
            return NGX_ERROR;
        }

        *(time_t *) field = sec;
        return NGX_OK;

    case NGX_XPECTO_ARG_ENUM:
        return ngx_xpecto_conf_enum(arg->post, value, field);

    case NGX_XPECTO_ARG_FLAG:
        *(ngx_flag_t *) field = 1;
        return NGX_OK;

    default: /* NGX_XPECTO_ARG_VALUE */
        break;
    }

    cv = ngx_palloc(cf->pool, sizeof(ngx_http_complex_value_t));
    if (cv == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(&ccv, sizeof(ngx_http_compile_complex_value_t));

    ccv.cf = cf;
    ccv.value = value;
    ccv.complex_value = cv;

    if (ngx_http_compile_complex_value(&ccv) != NGX_OK) {
        return NGX_ERROR;
    }

    *(ngx_http_complex_value_t **) field = cv;

    return NGX_OK;
}


ngx_int_t
ngx_xpecto_conf_zone(ngx_str_t *value, ngx_xpecto_zone_arg_t *zone)
{
    u_char     *p, *last;
    ssize_t     size;
    ngx_str_t   s;

    last = value->data + value->len;
    p = ngx_strlchr(value->data, last, ':');

    if (p == NULL || p == value->data) {
        return NGX_ERROR;
    }

    s.data = p + 1;
    s.len = last - s.data;

    size = ngx_parse_size(&s);

    if (size == NGX_ERROR || size < (ssize_t) (8 * ngx_pagesize)) {
        return NGX_ERROR;
    }

    zone->name.data = value->data;
    zone->name.len = p - value->data;
    zone->size = size;

    return NGX_OK;
}


ngx_int_t
ngx_xpecto_conf_file(ngx_conf_t *cf, ngx_str_t *name, size_t max,
    ngx_str_t *content)
{
    size_t           size;
    ssize_t          n;
    ngx_int_t        rc;
    ngx_file_t       file;
    ngx_file_info_t  fi;

    rc = NGX_ERROR;

    ngx_memzero(&file, sizeof(ngx_file_t));

    file.name = *name;
    file.log = cf->log;

    file.fd = ngx_open_file(name->data, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);

    if (file.fd == NGX_INVALID_FILE) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           ngx_open_file_n " \"%V\" failed", name);
        return NGX_ERROR;
    }

    if (ngx_fd_info(file.fd, &fi) == NGX_FILE_ERROR) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           ngx_fd_info_n " \"%V\" failed", name);
        goto done;
    }

    if (!ngx_is_file(&fi)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" is not a regular file", name);
        goto done;
    }

    size = (size_t) ngx_file_size(&fi);

    if (size > max) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" is larger than %uz bytes", name, max);
        goto done;
    }

    content->data = ngx_pnalloc(cf->pool, size ? size : 1);
    if (content->data == NULL) {
        goto done;
    }

    n = ngx_read_file(&file, content->data, size, 0);

    if (n == NGX_ERROR || (size_t) n != size) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           ngx_read_file_n " \"%V\" failed", name);
        goto done;
    }

    content->len = size;
    rc = NGX_OK;

done:

    if (ngx_close_file(file.fd) == NGX_FILE_ERROR) {
        ngx_conf_log_error(NGX_LOG_ALERT, cf, ngx_errno,
                           ngx_close_file_n " \"%V\" failed", name);
    }

    return rc;
}
