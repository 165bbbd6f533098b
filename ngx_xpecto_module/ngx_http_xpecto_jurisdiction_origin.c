
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_jurisdiction.h"


static ngx_uint_t ngx_http_xpecto_jurisdiction_is_token(ngx_str_t *name);
static char *ngx_http_xpecto_jurisdiction_from(ngx_conf_t *cf,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf, ngx_str_t *value);
static ngx_uint_t ngx_http_xpecto_jurisdiction_from_all(ngx_array_t *from,
    ngx_uint_t family);
static ngx_uint_t ngx_http_xpecto_jurisdiction_network(ngx_cidr_t *cidr,
    u_char *first, u_char *last);


static ngx_conf_bitmask_t  ngx_http_xpecto_jurisdiction_origins[] = {
    { ngx_string("tenant"), NGX_HTTP_XPECTO_ORIGIN_TENANT },
    { ngx_string("recipient"), NGX_HTTP_XPECTO_ORIGIN_RECIPIENT },
    { ngx_string("operator"), NGX_HTTP_XPECTO_ORIGIN_OPERATOR },
    { ngx_string("ip"), NGX_HTTP_XPECTO_ORIGIN_IP },
    { ngx_string("ip=evidence"), NGX_HTTP_XPECTO_ORIGIN_EVIDENCE },
    { ngx_null_string, 0 }
};


char *
ngx_http_xpecto_jurisdiction_origin(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_xpecto_jurisdiction_conf_t *xjcf = conf;

    ngx_str_t           *value;
    ngx_uint_t           i, bits;
    ngx_conf_bitmask_t  *origin;

    static const struct {
        ngx_uint_t       origin;
        ngx_uint_t       need;
    } needs[] = {
        { NGX_HTTP_XPECTO_ORIGIN_TENANT, NGX_HTTP_XPECTO_NEED_TENANTS },
        { NGX_HTTP_XPECTO_ORIGIN_RECIPIENT, NGX_HTTP_XPECTO_NEED_MESSAGES },
        { NGX_HTTP_XPECTO_ORIGIN_OPERATOR, NGX_HTTP_XPECTO_NEED_OPERATOR },
        { NGX_HTTP_XPECTO_ORIGIN_IP|NGX_HTTP_XPECTO_ORIGIN_EVIDENCE,
          NGX_HTTP_XPECTO_NEED_DATABASE }
    };

    if (xjcf->origins != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }

    xjcf->origins = 0;

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {

        if (ngx_strncmp(value[i].data, "from=", 5) == 0) {

            if (ngx_http_xpecto_jurisdiction_from(cf, xjcf, &value[i])
                != NGX_CONF_OK)
            {
                return NGX_CONF_ERROR;
            }

            continue;
        }

        if (ngx_strncmp(value[i].data, "header=", 7) == 0
            && value[i].len > 7 && xjcf->header.len == 0)
        {
            xjcf->header.len = value[i].len - 7;
            xjcf->header.data = value[i].data + 7;

            if (!ngx_http_xpecto_jurisdiction_is_token(&xjcf->header)) {
                ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                                   "\"%V\" is no name of a header",
                                   &value[i]);
                return NGX_CONF_ERROR;
            }

            ngx_strlow(xjcf->header.data, xjcf->header.data, xjcf->header.len);

            if (xjcf->header.len >= 9
                && ngx_strncmp(xjcf->header.data, "x-xpecto-", 9) == 0)
            {
                ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                                   "\"%V\" is a header that is taken out of "
                                   "each request", &value[i]);
                return NGX_CONF_ERROR;
            }

            xjcf->origins |= NGX_HTTP_XPECTO_ORIGIN_HEADER;
            continue;
        }

        for (origin = ngx_http_xpecto_jurisdiction_origins;
             origin->name.len != 0;
             origin++)
        {
            if (origin->name.len == value[i].len
                && ngx_strcmp(origin->name.data, value[i].data) == 0)
            {
                break;
            }
        }

        if (origin->name.len == 0 || (xjcf->origins & origin->mask)) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid or repeated origin \"%V\": "
                               "\"tenant\", \"recipient\", \"operator\", "
                               "\"ip\", \"ip=evidence\", \"header=\" and "
                               "\"from=\" are known", &value[i]);
            return NGX_CONF_ERROR;
        }

        xjcf->origins |= origin->mask;
    }

    bits = NGX_HTTP_XPECTO_ORIGIN_IP|NGX_HTTP_XPECTO_ORIGIN_EVIDENCE;

    if ((xjcf->origins & bits) == bits) {
        return "has the address both as an origin and as evidence";
    }

    if (xjcf->header.len != 0 && xjcf->from == NULL) {
        return "trusts a header of anybody: it needs \"from=\"";
    }

    if (xjcf->header.len == 0 && xjcf->from != NULL) {
        return "has \"from=\", but no \"header=\"";
    }

    if (xjcf->from != NULL
        && (ngx_http_xpecto_jurisdiction_from_all(xjcf->from, AF_INET)
#if (NGX_HAVE_INET6)
            || ngx_http_xpecto_jurisdiction_from_all(xjcf->from, AF_INET6)
#endif
           ))
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "the networks of \"from=\" together would trust a "
                           "header of anybody");
        return NGX_CONF_ERROR;
    }

    for (i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {

        if ((xjcf->origins & needs[i].origin)
            && ngx_http_xpecto_jurisdiction_need(cf, needs[i].need) != NGX_OK)
        {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_xpecto_jurisdiction_from(ngx_conf_t *cf,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf, ngx_str_t *value)
{
    ngx_int_t    rc;
    ngx_str_t    text;
    ngx_cidr_t  *cidr;

    if (xjcf->from == NULL) {
        xjcf->from = ngx_array_create(cf->pool, 4, sizeof(ngx_cidr_t));
        if (xjcf->from == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    cidr = ngx_array_push(xjcf->from);
    if (cidr == NULL) {
        return NGX_CONF_ERROR;
    }

    text.len = value->len - 5;
    text.data = value->data + 5;

    rc = ngx_ptocidr(&text, cidr);

    if (rc == NGX_ERROR) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid network \"%V\"", value);
        return NGX_CONF_ERROR;
    }

#if (NGX_HAVE_INET6)

    if (cidr->family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&cidr->u.in6.addr)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" matches nobody: such addresses are "
                           "compared as those of IPv4", value);
        return NGX_CONF_ERROR;
    }

#endif

    if (rc == NGX_DONE) {
        ngx_conf_log_error(NGX_LOG_WARN, cf, 0,
                           "low address bits of \"%V\" are meaningless",
                           value);
    }

    if ((cidr->family == AF_INET && cidr->u.in.mask == 0)
#if (NGX_HAVE_INET6)
        || (cidr->family == AF_INET6
            && cidr->u.in6.mask.s6_addr[0] == 0)
#endif
       )
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" would trust a header of anybody", value);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


/* RFC 9110, 5.6.2 */

static ngx_uint_t
ngx_http_xpecto_jurisdiction_is_token(ngx_str_t *name)
{
    u_char      c;
    ngx_uint_t  i;

    for (i = 0; i < name->len; i++) {
        c = name->data[i];

        /* "$" may stand in one, but is meant to begin a variable */

        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z')
            && !(c >= '0' && c <= '9')
            && ngx_strchr("!#%&'*+-.^_`|~", c) == NULL)
        {
            return 0;
        }
    }

    return 1;
}


/* 1: together they are all addresses of the family that clients can have */

static ngx_uint_t
ngx_http_xpecto_jurisdiction_from_all(ngx_array_t *from, ngx_uint_t family)
{
    size_t        len;
    u_char        next[16], first[16], last[16], end, *p;
    ngx_uint_t    i, found;
    ngx_cidr_t   *cidr;

    cidr = from->elts;
    len = (family == AF_INET) ? 4 : 16;

    ngx_memzero(next, sizeof(next));

    /* 1.0.0.0 to 223.255.255.255, and 2000::/3 */

    next[0] = (family == AF_INET) ? 1 : 0x20;
    end = (family == AF_INET) ? 224 : 0x40;

    /* from the lowest address on that is not in one of them yet */

    do {
        found = 0;

        for (i = 0; i < from->nelts; i++) {

            if (cidr[i].family != family
                || ngx_http_xpecto_jurisdiction_network(&cidr[i], first, last)
                   != len
                || ngx_memcmp(first, next, len) > 0
                || ngx_memcmp(last, next, len) < 0)
            {
                continue;
            }

            found = 1;
            ngx_memcpy(next, last, len);

            p = next + len;

            while (p > next && ++*(--p) == 0) { /* void */ }

            if (*next == 0 || *next >= end) {
                return 1;
            }
        }

    } while (found);

    return 0;
}


/* the length of its addresses */

static ngx_uint_t
ngx_http_xpecto_jurisdiction_network(ngx_cidr_t *cidr, u_char *first,
    u_char *last)
{
    u_char      *addr, *mask;
    ngx_uint_t   i, len;

#if (NGX_HAVE_INET6)

    if (cidr->family == AF_INET6) {
        addr = cidr->u.in6.addr.s6_addr;
        mask = cidr->u.in6.mask.s6_addr;
        len = 16;

    } else

#endif

    {
        addr = (u_char *) &cidr->u.in.addr;
        mask = (u_char *) &cidr->u.in.mask;
        len = 4;
    }

    for (i = 0; i < len; i++) {
        first[i] = addr[i] & mask[i];
        last[i] = addr[i] | (u_char) ~mask[i];
    }

    return len;
}
