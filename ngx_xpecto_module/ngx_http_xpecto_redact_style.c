
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/* xpecto_redact_as: what stands in the place of values of each class. */


#include "ngx_http_xpecto_redact.h"


static ngx_int_t ngx_http_xpecto_redact_style_parse(ngx_conf_t *cf,
    ngx_str_t *value, xpecto_class_e *class,
    ngx_http_xpecto_redact_style_t *style);
static xpecto_mask_t *ngx_http_xpecto_redact_mask(ngx_conf_t *cf,
    ngx_str_t *value, ngx_uint_t last);


char *
ngx_http_xpecto_redact_as(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_xpecto_redact_loc_conf_t *rlcf = conf;

    ngx_str_t                       *value;
    ngx_uint_t                       i;
    xpecto_class_e                   class;
    ngx_http_xpecto_redact_style_t  *style;

    value = cf->args->elts;
    style = NULL;

    for (i = 1; i < cf->args->nelts; i++) {

        if (ngx_strcmp(value[i].data, "exposed") == 0) {

            if (style == NULL || style->style != XPECTO_STYLE_KEEP
                || style->exposed)
            {
                ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                                   "\"exposed\" must follow class=keep");
                return NGX_CONF_ERROR;
            }

            style->exposed = 1;
            continue;
        }

        style = ngx_pcalloc(cf->pool, sizeof(ngx_http_xpecto_redact_style_t));
        if (style == NULL) {
            return NGX_CONF_ERROR;
        }

        if (ngx_http_xpecto_redact_style_parse(cf, &value[i], &class, style)
            != NGX_OK)
        {
            return NGX_CONF_ERROR;
        }

        if (rlcf->styles[class] != NULL) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "class in \"%V\" already has a style",
                               &value[i]);
            return NGX_CONF_ERROR;
        }

        rlcf->styles[class] = style;
    }

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_xpecto_redact_style_parse(ngx_conf_t *cf, ngx_str_t *value,
    xpecto_class_e *class, ngx_http_xpecto_redact_style_t *style)
{
    u_char           *p, *last;
    unsigned          digits;
    xpecto_redact_t   rd;

    last = value->data + value->len;

    p = ngx_strlchr(value->data, last, '=');
    if (p == NULL) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid parameter \"%V\", it must be class=style",
                           value);
        return NGX_ERROR;
    }

    if (xpecto_class_parse(value->data, p - value->data, class) != XPECTO_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "unknown class in \"%V\": phone, id, user, email, "
                           "ip, name, content, location, media, credential "
                           "or account is expected", value);
        return NGX_ERROR;
    }

    if (xpecto_style_parse(p + 1, last - p - 1, &style->style, &digits)
        != XPECTO_OK)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "unknown style in \"%V\": label, mask, mask:n, "
                           "pseudonym, length, truncate, remove or keep is "
                           "expected", value);
        return NGX_ERROR;
    }

    xpecto_redact_defaults(&rd);

    if (xpecto_redact_style(&rd, *class, style->style) != XPECTO_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "the style in \"%V\" cannot be applied to this "
                           "class", value);
        return NGX_ERROR;
    }

    if (style->style == XPECTO_STYLE_MASK) {
        style->mask = ngx_http_xpecto_redact_mask(cf, value, digits);
        if (style->mask == NULL) {
            return NGX_ERROR;
        }
    }

    style->text = *value;
    style->file = cf->conf_file->file.name;
    style->line = cf->conf_file->line;

    return NGX_OK;
}


static xpecto_mask_t *
ngx_http_xpecto_redact_mask(ngx_conf_t *cf, ngx_str_t *value, ngx_uint_t last)
{
    xpecto_mask_t  *mask;

    if (last < 1) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\": one to %d digits can stay",
                           value, XPECTO_MASK_LAST);
        return NULL;
    }

    if (last > XPECTO_MASK_LAST) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\": one to %d digits can stay, behind more "
                           "there are less than %d possible numbers in nearly "
                           "every country",
                           value, XPECTO_MASK_LAST, XPECTO_MASK_CANDIDATES);
        return NULL;
    }

    mask = ngx_palloc(cf->pool, sizeof(xpecto_mask_t));

    if (mask != NULL) {
        (void) xpecto_mask_build(mask, last);
    }

    return mask;
}


ngx_int_t
ngx_http_xpecto_redact_style_merge(ngx_conf_t *cf,
    ngx_http_xpecto_redact_loc_conf_t *prev,
    ngx_http_xpecto_redact_loc_conf_t *conf)
{
    ngx_uint_t                       i;
    ngx_http_xpecto_redact_style_t  *style;

    xpecto_redact_defaults(&conf->rd);

    for (i = 0; i < XPECTO_CLASSES; i++) {

        if (conf->styles[i] == NULL) {
            conf->styles[i] = prev->styles[i];
        }

        style = conf->styles[i];

        if (style == NULL) {
            continue;
        }

        if (style->style == XPECTO_STYLE_PSEUDONYM
            && ngx_xpecto_epochs(cf) == NULL)
        {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "there is \"%V\", but no \"xpecto_epochs\" in %V:%ui",
                          &style->text, &style->file, style->line);
            return NGX_ERROR;
        }

        (void) xpecto_redact_style(&conf->rd, i, style->style);

        if (style->mask != NULL) {
            conf->rd.mask = style->mask;
        }
    }

    return NGX_OK;
}
