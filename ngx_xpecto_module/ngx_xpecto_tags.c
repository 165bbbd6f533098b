
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_xpecto_spine.h"
#include "core/xpecto_base64.h"


/*
 * Facts to the upstream under one HTTP Message Signature (RFC 9421):
 *
 *     Signature-Input: xpecto=("@method" "@authority" "@path"
 *         "x-xpecto-tenant" ...);created=1763800000;nonce="<request id>"
 *         ;keyid="7";alg="hmac-sha256"
 *     Signature: xpecto=:<base64 of the HMAC>:
 *
 * An absent fact is an absent header.
 */

#define NGX_XPECTO_TAGS_MAX  3

/* the longest signature parameters but for the nonce and the key id */

#define NGX_XPECTO_TAGS_PARAMS                                               \
    (sizeof("(\"@method\" \"@authority\" \"@path\" \"x-xpecto-tenant\" "     \
            "\"x-xpecto-jurisdiction\" \"x-xpecto-consent\")"                \
            ";created=;nonce=\"\";keyid=\"\";alg=\"hmac-sha256\"")           \
     + NGX_TIME_T_LEN)


typedef struct {
    ngx_str_t    key;
    ngx_str_t    lowcase;
    ngx_int_t  (*value)(ngx_http_request_t *r, ngx_str_t *value);
} ngx_xpecto_tag_t;


static ngx_int_t ngx_xpecto_tags_phase(ngx_http_request_t *r,
    ngx_http_phase_handler_t *ph);
static ngx_int_t ngx_xpecto_tags_strip_handler(ngx_http_request_t *r);
static ngx_int_t ngx_xpecto_tags_sign_handler(ngx_http_request_t *r);
static ngx_uint_t ngx_xpecto_tags_match(ngx_table_elt_t *h, void *data);
static ngx_uint_t ngx_xpecto_tags_match_signature(ngx_table_elt_t *h,
    void *data);
static ngx_int_t ngx_xpecto_tags_own(ngx_http_request_t *r);
static ngx_int_t ngx_xpecto_tags_sign(ngx_http_request_t *r, ngx_uint_t *set,
    ngx_str_t *values);
static ngx_int_t ngx_xpecto_tags_authority(ngx_http_request_t *r,
    ngx_str_t *authority);
static ngx_int_t ngx_xpecto_tags_path(ngx_http_request_t *r, ngx_str_t *path);
static ngx_int_t ngx_xpecto_tags_tenant(ngx_http_request_t *r,
    ngx_str_t *value);
static ngx_int_t ngx_xpecto_tags_jurisdiction(ngx_http_request_t *r,
    ngx_str_t *value);
static ngx_int_t ngx_xpecto_tags_consent(ngx_http_request_t *r,
    ngx_str_t *value);
static u_char *ngx_xpecto_tags_countries(u_char *p, const char *name,
    xpecto_countries_t *set);


static ngx_xpecto_tag_t  ngx_xpecto_tags[NGX_XPECTO_TAGS_MAX] = {
    { ngx_string("X-Xpecto-Tenant"), ngx_string("x-xpecto-tenant"),
      ngx_xpecto_tags_tenant },
    { ngx_string("X-Xpecto-Jurisdiction"), ngx_string("x-xpecto-jurisdiction"),
      ngx_xpecto_tags_jurisdiction },
    { ngx_string("X-Xpecto-Consent"), ngx_string("x-xpecto-consent"),
      ngx_xpecto_tags_consent }
};


/*
 * What a client says of itself in our name is never believed: it goes before
 * any variable or rewrite rule can see it.  Each request comes here: a checker
 * of our own is what ngx_http_core_generic_phase() does of a handler that
 * declines, without the call.
 */

static ngx_int_t
ngx_xpecto_tags_phase(ngx_http_request_t *r, ngx_http_phase_handler_t *ph)
{
    if (ngx_xpecto_tags_strip_handler(r) != NGX_DECLINED) {
        ngx_http_finalize_request(r, NGX_HTTP_INTERNAL_SERVER_ERROR);
        return NGX_OK;
    }

    r->phase_handler++;

    return NGX_AGAIN;
}


static ngx_int_t
ngx_xpecto_tags_strip_handler(ngx_http_request_t *r)
{
    ngx_int_t         n;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h, *last;

    if (r != r->main) {
        return NGX_DECLINED;
    }

    /* hardly anybody does: one look at each line */

    for (part = &r->headers_in.headers.part; part; part = part->next) {

        h = part->elts;
        last = h + part->nelts;

        for ( /* void */ ; h < last; h++) {

            if (h->lowcase_key[0] == 'x'
                && h->key.len >= sizeof("x-xpecto-") - 1
                && h->lowcase_key[2] == 'x'
                && ngx_xpecto_tags_match(h, NULL))
            {
                goto found;
            }
        }
    }

    return NGX_DECLINED;

found:

    n = ngx_xpecto_drop_headers(r, ngx_xpecto_tags_match, NULL);

    if (n == NGX_ERROR) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_xpecto_count_request(r, NGX_XPECTO_TAGS_STRIPPED);

    return NGX_DECLINED;
}


/* "x-xpecto-" with any of its dashes an underscore, as CGI would see it */

static ngx_uint_t
ngx_xpecto_tags_match(ngx_table_elt_t *h, void *data)
{
    u_char  *p;

    if (h->key.len < sizeof("x-xpecto-") - 1) {
        return 0;
    }

    p = h->lowcase_key;

    return p[0] == 'x'
           && (p[1] == '-' || p[1] == '_')
           && ngx_memcmp(&p[2], "xpecto", 6) == 0
           && (p[8] == '-' || p[8] == '_');
}


/* a signature that carries our label */

static ngx_uint_t
ngx_xpecto_tags_match_signature(ngx_table_elt_t *h, void *data)
{
    if ((h->key.len == sizeof("signature") - 1
         && ngx_strncmp(h->lowcase_key, "signature", h->key.len) == 0)
        || (h->key.len == sizeof("signature-input") - 1
            && ngx_strncmp(h->lowcase_key, "signature-input", h->key.len)
               == 0))
    {
        return ngx_strlcasestrn(h->value.data, h->value.data + h->value.len,
                                (u_char *) "xpecto", 6 - 1)
               != NULL;
    }

    return 0;
}


static ngx_int_t
ngx_xpecto_tags_sign_handler(ngx_http_request_t *r)
{
    ngx_int_t               rc;
    ngx_str_t               values[NGX_XPECTO_TAGS_MAX];
    ngx_uint_t              i, set[NGX_XPECTO_TAGS_MAX];
    ngx_xpecto_loc_conf_t  *xlcf;

    xlcf = ngx_http_get_module_loc_conf(r, ngx_xpecto_module);

    if (!(xlcf->tags || r->internal)) {
        return NGX_DECLINED;
    }

    /* the lines of the main request are not to be changed under it */

    if (r != r->main && ngx_xpecto_tags_own(r) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (xlcf->tags) {
        rc = ngx_xpecto_message_read(r);

        if (rc != NGX_OK) {
            return rc;
        }
    }

    /* an internal redirect comes here again, and a client may try */

    if (ngx_xpecto_drop_headers(r, ngx_xpecto_tags_match, NULL) == NGX_ERROR
        || ngx_xpecto_drop_headers(r, ngx_xpecto_tags_match_signature, NULL)
           == NGX_ERROR)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (!xlcf->tags) {
        return NGX_DECLINED;
    }

    for (i = 0; i < NGX_XPECTO_TAGS_MAX; i++) {

        rc = ngx_xpecto_tags[i].value(r, &values[i]);

        if (rc == NGX_ERROR) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        set[i] = (rc == NGX_OK);

        if (set[i]
            && ngx_xpecto_push_header(r, &r->headers_in.headers,
                                      &ngx_xpecto_tags[i].key, &values[i])
               == NULL)
        {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }
    }

    if (ngx_xpecto_tags_sign(r, set, values) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_xpecto_count_request(r, NGX_XPECTO_TAGS_SIGNED);

    return NGX_DECLINED;
}


/* header lines that a subrequest had in common with its main request */

static ngx_int_t
ngx_xpecto_tags_own(ngx_http_request_t *r)
{
    ngx_list_t       *list;
    ngx_uint_t        n;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *lines, *h;

    list = &r->headers_in.headers;
    n = 0;

    for (part = &list->part; part; part = part->next) {
        n += part->nelts;
    }

    lines = ngx_palloc(r->pool, n * sizeof(ngx_table_elt_t));
    if (lines == NULL) {
        return NGX_ERROR;
    }

    h = lines;

    for (part = &list->part; part; part = part->next) {
        ngx_memcpy(h, part->elts, part->nelts * sizeof(ngx_table_elt_t));
        h += part->nelts;
    }

    list->part.elts = lines;
    list->part.nelts = n;
    list->part.next = NULL;
    list->last = &list->part;
    list->nalloc = n;

    return NGX_OK;
}


static ngx_int_t
ngx_xpecto_tags_sign(ngx_http_request_t *r, ngx_uint_t *set, ngx_str_t *values)
{
    size_t                      len;
    u_char                     *base, *p, mac[XPECTO_MAC_LEN];
    ngx_str_t                   authority, path, params, input, signature;
    ngx_uint_t                  i;
    xpecto_str_t                part;
    ngx_xpecto_main_conf_t     *xmcf;
    ngx_http_variable_value_t  *nonce;

    static ngx_str_t  input_key = ngx_string("Signature-Input");
    static ngx_str_t  signature_key = ngx_string("Signature");

    xmcf = ngx_http_get_module_main_conf(r, ngx_xpecto_module);

    nonce = ngx_http_get_indexed_variable(r, xmcf->request_id);

    if (nonce == NULL || nonce->not_found
        || ngx_xpecto_tags_authority(r, &authority) != NGX_OK
        || ngx_xpecto_tags_path(r, &path) != NGX_OK)
    {
        return NGX_ERROR;
    }

    /* the parameters, with the label in front of them */

    input.data = ngx_pnalloc(r->pool, sizeof("xpecto=") - 1
                                      + NGX_XPECTO_TAGS_PARAMS + nonce->len
                                      + xmcf->tags_keyid_len);
    if (input.data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(input.data, "xpecto=", sizeof("xpecto=") - 1);
    params.data = p;

    p = ngx_sprintf(p, "(\"@method\" \"@authority\" \"@path\"");

    len = sizeof("\"@method\": \n\"@authority\": \n\"@path\": \n"
                 "\"@signature-params\": ")
          + r->method_name.len + authority.len + path.len;

    for (i = 0; i < NGX_XPECTO_TAGS_MAX; i++) {

        if (set[i]) {
            p = ngx_sprintf(p, " \"%V\"", &ngx_xpecto_tags[i].lowcase);
            len += sizeof("\"\": \n") + ngx_xpecto_tags[i].lowcase.len
                   + values[i].len;
        }
    }

    p = ngx_sprintf(p, ");created=%T;nonce=\"%v\";keyid=\"%*s\""
                       ";alg=\"hmac-sha256\"",
                    ngx_time(), nonce, xmcf->tags_keyid_len,
                    xmcf->tags_keyid);

    params.len = p - params.data;
    input.len = p - input.data;

    /* the signature base, RFC 9421 section 2.5 */

    base = ngx_pnalloc(r->pool, len + params.len);
    if (base == NULL) {
        return NGX_ERROR;
    }

    p = ngx_sprintf(base, "\"@method\": %V\n\"@authority\": %V\n"
                          "\"@path\": %V\n",
                    &r->method_name, &authority, &path);

    for (i = 0; i < NGX_XPECTO_TAGS_MAX; i++) {

        if (set[i]) {
            p = ngx_sprintf(p, "\"%V\": %V\n", &ngx_xpecto_tags[i].lowcase,
                            &values[i]);
        }
    }

    p = ngx_sprintf(p, "\"@signature-params\": %V", &params);

    part.data = base;
    part.len = p - base;

    xpecto_mac_sign(xmcf->tags_mac, &part, 1, mac);

    signature.data = ngx_pnalloc(r->pool, sizeof("xpecto=::")
                                 + XPECTO_BASE64_ENCODED(XPECTO_MAC_LEN));
    if (signature.data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(signature.data, "xpecto=:", sizeof("xpecto=:") - 1);
    p += xpecto_base64_encode(p, mac, XPECTO_MAC_LEN);
    *p++ = ':';

    signature.len = p - signature.data;

    if (ngx_xpecto_push_header(r, &r->headers_in.headers, &input_key, &input)
        == NULL
        || ngx_xpecto_push_header(r, &r->headers_in.headers, &signature_key,
                                  &signature)
           == NULL)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* the Host field in lower case, without the scheme's default port */

static ngx_int_t
ngx_xpecto_tags_authority(ngx_http_request_t *r, ngx_str_t *authority)
{
    ngx_str_t  *host, port;

    host = r->headers_in.host ? &r->headers_in.host->value
                              : &r->headers_in.server;

    authority->len = host->len;
    authority->data = ngx_pnalloc(r->pool, host->len + 1);
    if (authority->data == NULL) {
        return NGX_ERROR;
    }

    ngx_strlow(authority->data, host->data, host->len);

    ngx_str_set(&port, ":80");

#if (NGX_HTTP_SSL)
    if (r->connection->ssl) {
        ngx_str_set(&port, ":443");
    }
#endif

    if (host->len > port.len
        && ngx_strncmp(authority->data + host->len - port.len, port.data,
                       port.len)
           == 0)
    {
        authority->len -= port.len;
    }

    return NGX_OK;
}


/* the path as a proxy_pass without a URI sends it */

static ngx_int_t
ngx_xpecto_tags_path(ngx_http_request_t *r, ngx_str_t *path)
{
    u_char     *p;
    uintptr_t   escape;

    if (r->valid_unparsed_uri) {
        *path = r->unparsed_uri;

        p = ngx_strlchr(path->data, path->data + path->len, '?');

        if (p != NULL) {
            path->len = p - path->data;
        }

        return NGX_OK;
    }

    escape = 2 * ngx_escape_uri(NULL, r->uri.data, r->uri.len,
                                NGX_ESCAPE_URI);

    if (escape == 0) {
        *path = r->uri;
        return NGX_OK;
    }

    path->len = r->uri.len + escape;
    path->data = ngx_pnalloc(r->pool, path->len);
    if (path->data == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_escape_uri(path->data, r->uri.data, r->uri.len, NGX_ESCAPE_URI);

    return NGX_OK;
}


/*
 * The values are structured fields (RFC 9651).  Names of tenants, plans,
 * regimes and regions hold nothing that a quoted string would escape.
 */

static ngx_int_t
ngx_xpecto_tags_tenant(ngx_http_request_t *r, ngx_str_t *value)
{
    ngx_xpecto_tenant_t  *tenant;

    tenant = ngx_xpecto_tenant(r);

    if (tenant == NULL || tenant->state != NGX_XPECTO_TENANT_KNOWN) {
        return NGX_DECLINED;
    }

    value->data = ngx_pnalloc(r->pool, sizeof("\"\";plan=\"\"")
                                       + tenant->tenant->name.len
                                       + tenant->plan->name.len);
    if (value->data == NULL) {
        return NGX_ERROR;
    }

    value->len = ngx_sprintf(value->data, "\"%*s\";plan=\"%*s\"",
                             (size_t) tenant->tenant->name.len,
                             tenant->tenant->name.data,
                             (size_t) tenant->plan->name.len,
                             tenant->plan->name.data)
                 - value->data;

    return NGX_OK;
}


static ngx_int_t
ngx_xpecto_tags_jurisdiction(ngx_http_request_t *r, ngx_str_t *value)
{
    u_char                     *p, *last, *start;
    ngx_xpecto_jurisdiction_t  *j;

    j = ngx_xpecto_jurisdiction(r);

    if (j == NULL || j->origins.n == 0) {
        return NGX_DECLINED;
    }

    value->data = ngx_pnalloc(r->pool,
                      sizeof("origin=(), regime=(), dest=(), basis=\"\", "
                             "instrument=\"\", region=\"\"")
                      + 2 * XPECTO_COUNTRIES_MAX * sizeof("\"DE\" ")
                      + 3 * j->regimes.len + j->basis.len
                      + j->instrument.len + j->region.len);
    if (value->data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_xpecto_tags_countries(value->data, "origin", &j->origins);

    if (j->regimes.len) {
        p = ngx_cpymem(p, ", regime=(", sizeof(", regime=(") - 1);

        start = j->regimes.data;
        last = start + j->regimes.len;

        *p++ = '"';

        for ( /* void */ ; start < last; start++) {

            if (*start == ' ') {
                p = ngx_cpymem(p, "\" \"", 3);
                continue;
            }

            *p++ = *start;
        }

        p = ngx_cpymem(p, "\")", 2);
    }

    if (j->destinations.n) {
        p = ngx_cpymem(p, ", ", 2);
        p = ngx_xpecto_tags_countries(p, "dest", &j->destinations);
    }

    if (j->basis.len) {
        p = ngx_sprintf(p, ", basis=\"%V\"", &j->basis);
    }

    if (j->instrument.len) {
        p = ngx_sprintf(p, ", instrument=\"%V\"", &j->instrument);
    }

    if (j->region.len) {
        p = ngx_sprintf(p, ", region=\"%V\"", &j->region);
    }

    value->len = p - value->data;

    return NGX_OK;
}


static u_char *
ngx_xpecto_tags_countries(u_char *p, const char *name,
    xpecto_countries_t *set)
{
    ngx_uint_t  i, n;

    p = ngx_sprintf(p, "%s=(", name);

    /* a set that is full may have had more */

    n = ngx_min(set->n, XPECTO_COUNTRIES_MAX - 1);

    for (i = 0; i < n; i++) {

        if (i) {
            *p++ = ' ';
        }

        *p++ = '"';
        *p++ = (u_char) (set->cc[i] >> 8);
        *p++ = (u_char) (set->cc[i] & 0xff);
        *p++ = '"';
    }

    *p++ = ')';

    if (n < set->n) {
        p = ngx_cpymem(p, ";more", sizeof(";more") - 1);
    }

    return p;
}


static ngx_int_t
ngx_xpecto_tags_consent(ngx_http_request_t *r, ngx_str_t *value)
{
    ngx_xpecto_consent_t  *consent;

    consent = ngx_xpecto_consent(r);

    if (consent == NULL) {
        return NGX_DECLINED;
    }

    value->data = ngx_pnalloc(r->pool, sizeof("state=, granted=(), revision=")
                                       + consent->state.len
                                       + consent->names.len
                                       + NGX_INT_T_LEN);
    if (value->data == NULL) {
        return NGX_ERROR;
    }

    value->len = ngx_sprintf(value->data,
                             "state=%V, granted=(%V), revision=%ui",
                             &consent->state, &consent->names,
                             consent->revision)
                 - value->data;

    return NGX_OK;
}


ngx_int_t
ngx_xpecto_tags_init_process(ngx_cycle_t *cycle, ngx_xpecto_main_conf_t *xmcf)
{
    u_char          key[XPECTO_KEY_LEN];
    xpecto_rc_e     rc;
    xpecto_str_t    ikm, salt, info;
    xpecto_key_t   *master;

    if (!xmcf->tags) {
        return NGX_OK;
    }

    master = &xmcf->keyring->keys[0];

    ikm.data = master->master;
    ikm.len = XPECTO_KEY_LEN;

    salt.data = NULL;
    salt.len = 0;

    info.data = (u_char *) "xpecto tags 1";
    info.len = sizeof("xpecto tags 1") - 1;

    rc = xpecto_hkdf(key, XPECTO_KEY_LEN, &ikm, &salt, &info);

    if (rc == XPECTO_OK) {
        xmcf->tags_mac = xpecto_mac_create(key);
    }

    xpecto_cleanse(key, XPECTO_KEY_LEN);

    if (xmcf->tags_mac == NULL) {
        ngx_log_error(NGX_LOG_EMERG, cycle->log, 0,
                      "the key of \"xpecto_tags\" cannot be prepared");
        return NGX_ERROR;
    }

    xmcf->tags_keyid_len = ngx_sprintf(xmcf->tags_keyid, "%ui",
                                       (ngx_uint_t) master->kid)
                           - xmcf->tags_keyid;

    return NGX_OK;
}


void
ngx_xpecto_tags_init_module(ngx_cycle_t *cycle)
{
    ngx_http_phase_handler_t   *ph;
    ngx_http_core_main_conf_t  *cmcf;

    cmcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_http_core_module);

    for (ph = cmcf->phase_engine.handlers; ph->checker; ph++) {

        if (ph->handler == ngx_xpecto_tags_strip_handler) {
            ph->checker = ngx_xpecto_tags_phase;
        }
    }
}


ngx_int_t
ngx_xpecto_tags_init(ngx_conf_t *cf, ngx_xpecto_main_conf_t *xmcf)
{
    if (ngx_xpecto_handler_first(cf, NGX_HTTP_POST_READ_PHASE,
                                 ngx_xpecto_tags_strip_handler)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (!xmcf->tags) {
        return NGX_OK;
    }

    return ngx_xpecto_handler_first(cf, NGX_HTTP_PRECONTENT_PHASE,
                                    ngx_xpecto_tags_sign_handler);
}
