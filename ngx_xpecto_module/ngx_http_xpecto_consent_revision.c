
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_consent.h"


typedef struct {
    ngx_int_t              rev;
    ngx_str_t              effective;
    ngx_uint_t             material;
} ngx_http_xpecto_consent_revision_args_t;


static time_t ngx_http_xpecto_consent_date(ngx_str_t *date);


static ngx_conf_enum_t  ngx_http_xpecto_consent_material[] = {
    { ngx_string("no"), 0 },
    { ngx_string("yes"), 1 },
    { ngx_null_string, 0 }
};


static ngx_xpecto_arg_t  ngx_http_xpecto_consent_revision_args[] = {

    { ngx_string("rev"), NGX_XPECTO_ARG_NUM,
      offsetof(ngx_http_xpecto_consent_revision_args_t, rev), NULL },

    { ngx_string("effective"), NGX_XPECTO_ARG_STR,
      offsetof(ngx_http_xpecto_consent_revision_args_t, effective), NULL },

    { ngx_string("material"), NGX_XPECTO_ARG_ENUM,
      offsetof(ngx_http_xpecto_consent_revision_args_t, material),
      ngx_http_xpecto_consent_material },

      ngx_xpecto_null_arg
};


char *
ngx_http_xpecto_consent_revision(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_xpecto_consent_srv_conf_t *xscf = conf;

    time_t                                    effective;
    xpecto_revision_t                        *rev, *last;
    ngx_http_xpecto_consent_revision_args_t   args;

    args.rev = NGX_CONF_UNSET;
    ngx_str_null(&args.effective);
    args.material = NGX_CONF_UNSET_UINT;

    if (ngx_xpecto_conf_args(cf, ngx_http_xpecto_consent_revision_args, 1,
                             &args)
        != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    if (args.rev < 1 || (uint64_t) args.rev > 0xffffffff) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"rev\" must be a number from 1 to 4294967295");
        return NGX_CONF_ERROR;
    }

    effective = ngx_http_xpecto_consent_date(&args.effective);

    if (effective == NGX_ERROR) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"effective\" must be a date as 2026-03-01 or "
                           "2026-03-01T00:00:00Z");
        return NGX_CONF_ERROR;
    }

    if (xscf->revisions == NULL) {
        xscf->revisions = ngx_array_create(cf->pool, 4,
                                           sizeof(xpecto_revision_t));
        if (xscf->revisions == NULL) {
            return NGX_CONF_ERROR;
        }

    } else {
        last = xscf->revisions->elts;
        last += xscf->revisions->nelts - 1;

        if (args.rev <= (ngx_int_t) last->rev || effective < last->effective) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "revisions must be given in their order");
            return NGX_CONF_ERROR;
        }
    }

    rev = ngx_array_push(xscf->revisions);
    if (rev == NULL) {
        return NGX_CONF_ERROR;
    }

    rev->rev = (uint32_t) args.rev;
    rev->effective = effective;
    rev->material = (args.material != 0);

    return NGX_CONF_OK;
}


/* "2026-03-01" or "2026-03-01T00:00:00Z"; NGX_ERROR: neither */

static time_t
ngx_http_xpecto_consent_date(ngx_str_t *date)
{
    u_char      buf[sizeof("Mon, 01 Jan 2026 00:00:00 GMT")];
    u_char     *p, *d;
    ngx_int_t   month;
    ngx_uint_t  i;

    static char  shape[] = "0000-00-00T00:00:00Z";
    static char  months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

    d = date->data;

    if (date->len != sizeof("0000-00-00") - 1
        && date->len != sizeof(shape) - 1)
    {
        return NGX_ERROR;
    }

    for (i = 0; i < date->len; i++) {

        if (shape[i] == '0' ? (d[i] < '0' || d[i] > '9') : d[i] != shape[i]) {
            return NGX_ERROR;
        }
    }

    month = ngx_atoi(d + 5, 2);

    if (month < 1 || month > 12) {
        return NGX_ERROR;
    }

    p = ngx_sprintf(buf, "Mon, %*s %*s %*s ", (size_t) 2, d + 8, (size_t) 3,
                    months + 3 * (month - 1), (size_t) 4, d);

    if (date->len == sizeof(shape) - 1) {
        p = ngx_sprintf(p, "%*s GMT", (size_t) 8, d + 11);

    } else {
        p = ngx_sprintf(p, "00:00:00 GMT");
    }

    return ngx_parse_http_time(buf, p - buf);
}
