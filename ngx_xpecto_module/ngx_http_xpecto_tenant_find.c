
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_tenant.h"


/* where a credential is remembered */

#define ngx_http_xpecto_tenant_set(xtmcf, hash)                              \
    &(xtmcf)->known[(hash)[0] >> 32 & (NGX_HTTP_XPECTO_TENANT_KNOWN          \
                                       - NGX_HTTP_XPECTO_TENANT_WAYS)]


/* a lookup: what is remembered needs no image, so it is pinned at need */

typedef struct {
    ngx_http_request_t                  *request;
    ngx_http_xpecto_tenant_main_conf_t  *xtmcf;
    const void                          *image;
    ngx_uint_t                           generation;
    ngx_uint_t                           pinned;
    ngx_xpecto_tenant_state_e            state;
    ngx_http_xpecto_tenant_caller_t     *caller;    /* the first, held */
    u_char                               id[XPECTO_SIPHASH_KEY_LEN];
                                         /* of the first that is unknown */
} ngx_http_xpecto_tenant_lookup_t;


static ngx_inline ngx_table_elt_t *ngx_http_xpecto_tenant_only(
    ngx_http_request_t *r);
static ngx_inline ngx_http_xpecto_tenant_caller_t *
    ngx_http_xpecto_tenant_remembered(ngx_http_xpecto_tenant_known_t *known,
    ngx_uint_t generation, uint64_t *hash);
static ngx_inline ngx_uint_t ngx_http_xpecto_tenant_line(ngx_table_elt_t *h);
static ngx_inline ngx_uint_t ngx_http_xpecto_tenant_bearer(ngx_str_t *value);
static ngx_inline ngx_str_t ngx_http_xpecto_tenant_bare(ngx_str_t *value);
static ngx_int_t ngx_http_xpecto_tenant_look(
    ngx_http_xpecto_tenant_lookup_t *lookup);
static ngx_int_t ngx_http_xpecto_tenant_pin(
    ngx_http_xpecto_tenant_lookup_t *lookup);
static ngx_int_t ngx_http_xpecto_tenant_headers(
    ngx_http_xpecto_tenant_lookup_t *lookup);
static ngx_int_t ngx_http_xpecto_tenant_values(
    ngx_http_xpecto_tenant_lookup_t *lookup, ngx_array_t *values);
static ngx_int_t ngx_http_xpecto_tenant_credential(
    ngx_http_xpecto_tenant_lookup_t *lookup, ngx_str_t *value);
static ngx_int_t ngx_http_xpecto_tenant_find(
    ngx_http_xpecto_tenant_lookup_t *lookup, ngx_str_t *credential,
    ngx_http_xpecto_tenant_caller_t **caller, u_char *id);
static ngx_int_t ngx_http_xpecto_tenant_add(
    ngx_http_xpecto_tenant_lookup_t *lookup, uint64_t *hash,
    ngx_http_xpecto_tenant_known_t *known, uint32_t index, u_char *id);
static ngx_int_t ngx_http_xpecto_tenant_found(
    ngx_http_xpecto_tenant_lookup_t *lookup,
    ngx_http_xpecto_tenant_ctx_t *ctx);
static void ngx_http_xpecto_tenant_hold(ngx_http_request_t *r,
    ngx_http_xpecto_tenant_caller_t *caller, ngx_pool_cleanup_t *cln);


/* what most requests have: one credential, which this worker has seen */

ngx_http_xpecto_tenant_ctx_t *
ngx_http_xpecto_tenant_identify(ngx_http_request_t *r)
{
    uint64_t                             hash[2];
    ngx_str_t                            credential;
    ngx_table_elt_t                     *h;
    ngx_http_xpecto_tenant_ctx_t        *ctx;
    ngx_http_xpecto_tenant_caller_t     *caller;
    ngx_http_xpecto_tenant_main_conf_t  *xtmcf;

    ctx = ngx_xpecto_get_ctx(r, &ngx_http_xpecto_tenant_module);

    if (ctx != NULL) {
        return ngx_http_xpecto_tenant_lookup(r, ctx);
    }

    h = ngx_http_xpecto_tenant_only(r);

    if (h == NULL) {
        return ngx_http_xpecto_tenant_lookup(r, NULL);
    }

    credential = ngx_http_xpecto_tenant_bare(&h->value);

    xtmcf = ngx_http_get_module_main_conf(r, ngx_http_xpecto_tenant_module);

    xpecto_nh128(hash, &xtmcf->key, credential.data, credential.len);

    caller = ngx_http_xpecto_tenant_remembered(
                                   ngx_http_xpecto_tenant_set(xtmcf, hash),
                                   ngx_xpecto_image_generation(xtmcf->image),
                                   hash);

    if (caller == NULL || ngx_time() >= caller->plan->until) {
        return ngx_http_xpecto_tenant_lookup(r, NULL);
    }

    ctx = ngx_xpecto_alloc_ctx(r, &ngx_http_xpecto_tenant_module,
                               sizeof(ngx_http_xpecto_tenant_ctx_t));
    if (ctx == NULL) {
        return NULL;
    }

    caller->refs++;

    ngx_http_xpecto_tenant_hold(r, caller, &ctx->cleanup);
    ctx->tenant = &caller->tenant;
    ctx->counted = 0;
    ctx->looking = 0;

    return ctx;
}


/* the line of the only credential; NULL: it is not as simple as that */

static ngx_inline ngx_table_elt_t *
ngx_http_xpecto_tenant_only(ngx_http_request_t *r)
{
    ngx_list_part_t                *part;
    ngx_table_elt_t                *h, *last, *only;
    ngx_http_xpecto_tenant_conf_t  *xtcf;

    xtcf = ngx_http_get_module_loc_conf(r, ngx_http_xpecto_tenant_module);

    if (xtcf->values != NULL) {
        return NULL;
    }

    only = NULL;

    for (part = &r->headers_in.headers.part; part; part = part->next) {

        h = part->elts;

        for (last = h + part->nelts; h < last; h++) {

            if (ngx_http_xpecto_tenant_line(h)) {

                if (only != NULL) {
                    return NULL;
                }

                only = h;
            }
        }
    }

    return only;
}


/* not static: who has been seen needs none of it */

ngx_http_xpecto_tenant_ctx_t *
ngx_http_xpecto_tenant_lookup(ngx_http_request_t *r,
    ngx_http_xpecto_tenant_ctx_t *ctx)
{
    ngx_int_t                        rc;
    ngx_http_xpecto_tenant_lookup_t  lookup;

    if (ctx == NULL) {
        ctx = ngx_xpecto_create_ctx(r, &ngx_http_xpecto_tenant_module,
                                    sizeof(ngx_http_xpecto_tenant_ctx_t));
        if (ctx == NULL) {
            return NULL;
        }
    }

    if (ctx->tenant != NULL) {
        return ctx;
    }

    if (ctx->looking) {
        /* a value of xpecto_tenant depends on whose the request is */
        return NULL;
    }

    ctx->looking = 1;

    lookup.request = r;
    lookup.xtmcf = ngx_http_get_module_main_conf(r,
                                               ngx_http_xpecto_tenant_module);
    lookup.pinned = 0;
    lookup.caller = NULL;
    lookup.generation = ngx_xpecto_image_generation(lookup.xtmcf->image);

    rc = ngx_http_xpecto_tenant_look(&lookup);

    if (rc == NGX_AGAIN) {

        /* published meanwhile: all credentials are judged by one image */

        if (lookup.caller != NULL) {
            ngx_http_xpecto_tenant_release(lookup.caller);
            lookup.caller = NULL;
        }

        rc = ngx_http_xpecto_tenant_look(&lookup);
    }

    if (rc == NGX_OK) {
        rc = ngx_http_xpecto_tenant_found(&lookup, ctx);
    }

    if (lookup.caller != NULL && ctx->tenant != &lookup.caller->tenant) {
        ngx_http_xpecto_tenant_release(lookup.caller);
    }

    if (lookup.pinned) {
        ngx_xpecto_image_unpin(lookup.xtmcf->image);
    }

    ctx->looking = 0;

    return (ctx->tenant != NULL) ? ctx : NULL;
}


static ngx_inline ngx_http_xpecto_tenant_caller_t *
ngx_http_xpecto_tenant_remembered(ngx_http_xpecto_tenant_known_t *known,
    ngx_uint_t generation, uint64_t *hash)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_HTTP_XPECTO_TENANT_WAYS; i++) {

        if (known[i].hash[0] == hash[0] && known[i].hash[1] == hash[1]
            && known[i].generation == generation && known[i].caller != NULL)
        {
            return known[i].caller;
        }
    }

    return NULL;
}


/* 1: a line that holds a credential */

static ngx_inline ngx_uint_t
ngx_http_xpecto_tenant_line(ngx_table_elt_t *h)
{
    switch (h->key.len) {

    case sizeof("x-api-key") - 1:
        return ngx_memcmp(h->lowcase_key, "x-api-key",
                          sizeof("x-api-key") - 1)
               == 0;

    case sizeof("authorization") - 1:
        return ngx_memcmp(h->lowcase_key, "authorization",
                          sizeof("authorization") - 1)
               == 0
               && ngx_http_xpecto_tenant_bearer(&h->value);

    default:
        return 0;
    }
}


/* in any case of letters; no call, so that who looks saves no registers */

static ngx_inline ngx_uint_t
ngx_http_xpecto_tenant_bearer(ngx_str_t *value)
{
    u_char  *p;

    p = value->data;

    return value->len >= sizeof("Bearer ") - 1
           && (p[0] | 0x20) == 'b' && (p[1] | 0x20) == 'e'
           && (p[2] | 0x20) == 'a' && (p[3] | 0x20) == 'r'
           && (p[4] | 0x20) == 'e' && (p[5] | 0x20) == 'r'
           && (p[6] == ' ' || p[6] == '\t');
}


/* without the name of its scheme */

static ngx_inline ngx_str_t
ngx_http_xpecto_tenant_bare(ngx_str_t *value)
{
    ngx_str_t  credential;

    credential = *value;

    if (ngx_http_xpecto_tenant_bearer(value)) {
        credential.data += sizeof("Bearer ") - 1;
        credential.len -= sizeof("Bearer ") - 1;

        while (credential.len
               && (credential.data[0] == ' ' || credential.data[0] == '\t'))
        {
            credential.data++;
            credential.len--;
        }
    }

    return credential;
}


static ngx_int_t
ngx_http_xpecto_tenant_look(ngx_http_xpecto_tenant_lookup_t *lookup)
{
    ngx_http_xpecto_tenant_conf_t  *xtcf;

    xtcf = ngx_http_get_module_loc_conf(lookup->request,
                                        ngx_http_xpecto_tenant_module);

    lookup->state = NGX_XPECTO_TENANT_NONE;

    return (xtcf->values == NULL)
           ? ngx_http_xpecto_tenant_headers(lookup)
           : ngx_http_xpecto_tenant_values(lookup, xtcf->values);
}


/* NGX_AGAIN: it is not the image by which the first ones were looked up */

static ngx_int_t
ngx_http_xpecto_tenant_pin(ngx_http_xpecto_tenant_lookup_t *lookup)
{
    ngx_uint_t  generation;

    if (lookup->pinned) {
        return NGX_OK;
    }

    lookup->pinned = 1;
    lookup->image = ngx_xpecto_image_pin(lookup->xtmcf->image);

    generation = lookup->generation;
    lookup->generation = ngx_xpecto_image_generation(lookup->xtmcf->image);

    return (generation == lookup->generation) ? NGX_OK : NGX_AGAIN;
}


/* every line counts: a second one may name another tenant */

static ngx_int_t
ngx_http_xpecto_tenant_headers(ngx_http_xpecto_tenant_lookup_t *lookup)
{
    ngx_int_t         rc;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h, *last;

    for (part = &lookup->request->headers_in.headers.part; part;
         part = part->next)
    {
        h = part->elts;

        for (last = h + part->nelts; h < last; h++) {

            if (!ngx_http_xpecto_tenant_line(h)) {
                continue;
            }

            rc = ngx_http_xpecto_tenant_credential(lookup, &h->value);

            if (rc != NGX_OK) {
                return rc;
            }
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_tenant_values(ngx_http_xpecto_tenant_lookup_t *lookup,
    ngx_array_t *values)
{
    ngx_int_t                  rc;
    ngx_str_t                  value;
    ngx_uint_t                 i;
    ngx_http_complex_value_t  *cv;

    cv = values->elts;

    for (i = 0; i < values->nelts; i++) {

        if (ngx_http_complex_value(lookup->request, &cv[i], &value) != NGX_OK)
        {
            return NGX_ERROR;
        }

        rc = ngx_http_xpecto_tenant_credential(lookup, &value);

        if (rc != NGX_OK) {
            return rc;
        }
    }

    return NGX_OK;
}


/* a credential that nobody has does not speak against one that is known */

static ngx_int_t
ngx_http_xpecto_tenant_credential(ngx_http_xpecto_tenant_lookup_t *lookup,
    ngx_str_t *value)
{
    u_char                            id[XPECTO_SIPHASH_KEY_LEN];
    ngx_int_t                         rc;
    ngx_str_t                         credential;
    ngx_http_xpecto_tenant_caller_t  *caller;

    credential = ngx_http_xpecto_tenant_bare(value);

    if (credential.len == 0) {
        return NGX_OK;
    }

    rc = ngx_http_xpecto_tenant_find(lookup, &credential, &caller, id);

    if (rc == NGX_DECLINED) {

        if (lookup->state == NGX_XPECTO_TENANT_NONE) {
            lookup->state = NGX_XPECTO_TENANT_UNKNOWN;
            ngx_memcpy(lookup->id, id, sizeof(id));
        }

        return NGX_OK;
    }

    if (rc != NGX_OK) {
        return rc;
    }

    switch (lookup->state) {

    case NGX_XPECTO_TENANT_KNOWN:

        if (lookup->caller->index != caller->index) {
            lookup->state = NGX_XPECTO_TENANT_CONFLICT;
        }

        break;

    case NGX_XPECTO_TENANT_CONFLICT:
        break;

    default: /* NGX_XPECTO_TENANT_NONE, NGX_XPECTO_TENANT_UNKNOWN */
        lookup->state = NGX_XPECTO_TENANT_KNOWN;
        lookup->caller = caller;
        caller->refs++;
        break;
    }

    return NGX_OK;
}


/* id: half of the digest of one that nobody has */

static ngx_int_t
ngx_http_xpecto_tenant_find(ngx_http_xpecto_tenant_lookup_t *lookup,
    ngx_str_t *credential, ngx_http_xpecto_tenant_caller_t **caller,
    u_char *id)
{
    u_char                               digest[XPECTO_DIGEST_LEN];
    uint32_t                             index;
    uint64_t                             hash[2];
    ngx_int_t                            rc;
    ngx_http_xpecto_tenant_known_t      *known;
    ngx_http_xpecto_tenant_main_conf_t  *xtmcf;

    xtmcf = lookup->xtmcf;

    xpecto_nh128(hash, &xtmcf->key, credential->data, credential->len);

    known = ngx_http_xpecto_tenant_set(xtmcf, hash);

    *caller = ngx_http_xpecto_tenant_remembered(known, lookup->generation,
                                                hash);
    if (*caller == NULL) {

        rc = ngx_http_xpecto_tenant_pin(lookup);

        if (rc != NGX_OK) {
            return rc;
        }

        if (xpecto_sha256(credential->data, credential->len, digest)
            != XPECTO_OK)
        {
            return NGX_ERROR;
        }

        ngx_memcpy(id, digest, XPECTO_SIPHASH_KEY_LEN);

        if (xpecto_tenants_find(lookup->image, digest, &index) != XPECTO_OK) {
            return NGX_DECLINED;
        }

        if (ngx_http_xpecto_tenant_add(lookup, hash, known, index, id)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        *caller = known[0].caller;
    }

    if (ngx_time() >= (*caller)->plan->until) {

        rc = ngx_http_xpecto_tenant_pin(lookup);

        if (rc != NGX_OK) {
            return rc;
        }

        ngx_http_xpecto_tenant_follow(xtmcf, lookup->image, (*caller)->plan);
    }

    return NGX_OK;
}


/*
 * The newest stands first.  What is of an image before goes, so that the set
 * does not keep its plans; else the oldest.
 */

static ngx_int_t
ngx_http_xpecto_tenant_add(ngx_http_xpecto_tenant_lookup_t *lookup,
    uint64_t *hash, ngx_http_xpecto_tenant_known_t *known, uint32_t index,
    u_char *id)
{
    ngx_uint_t                        i, n;
    ngx_http_xpecto_tenant_caller_t  *caller;

    caller = ngx_http_xpecto_tenant_caller(lookup->xtmcf, lookup->image,
                                           index, id);
    if (caller == NULL) {
        return NGX_ERROR;
    }

    n = NGX_HTTP_XPECTO_TENANT_WAYS - 1;

    for (i = 0; i < NGX_HTTP_XPECTO_TENANT_WAYS; i++) {

        if (known[i].caller != NULL
            && (known[i].generation != lookup->generation
                || i == NGX_HTTP_XPECTO_TENANT_WAYS - 1))
        {
            ngx_http_xpecto_tenant_release(known[i].caller);
            known[i].caller = NULL;
        }

        if (known[i].caller == NULL && n > i) {
            n = i;
        }
    }

    ngx_memmove(&known[1], &known[0],
                n * sizeof(ngx_http_xpecto_tenant_known_t));

    known[0].hash[0] = hash[0];
    known[0].hash[1] = hash[1];
    known[0].generation = lookup->generation;
    known[0].caller = caller;

    return NGX_OK;
}


/* who is known is held until the request ends */

static ngx_int_t
ngx_http_xpecto_tenant_found(ngx_http_xpecto_tenant_lookup_t *lookup,
    ngx_http_xpecto_tenant_ctx_t *ctx)
{
    u_char               *id;
    ngx_http_request_t   *r;
    ngx_xpecto_tenant_t  *tenant;

    static ngx_xpecto_tenant_t  none;

    r = lookup->request;

    switch (lookup->state) {

    case NGX_XPECTO_TENANT_KNOWN:
        ngx_http_xpecto_tenant_hold(r, lookup->caller, &ctx->cleanup);
        ctx->tenant = &lookup->caller->tenant;
        return NGX_OK;

    case NGX_XPECTO_TENANT_CONFLICT:
        id = lookup->caller->tenant.credential;
        break;

    case NGX_XPECTO_TENANT_UNKNOWN:
        id = lookup->id;
        break;

    default: /* NGX_XPECTO_TENANT_NONE */
        ctx->tenant = &none;
        return NGX_OK;
    }

    tenant = ngx_pcalloc(r->pool, sizeof(ngx_xpecto_tenant_t));
    if (tenant == NULL) {
        return NGX_ERROR;
    }

    tenant->state = lookup->state;
    ngx_memcpy(tenant->credential, id, XPECTO_SIPHASH_KEY_LEN);

    ctx->tenant = tenant;

    return NGX_OK;
}


static void
ngx_http_xpecto_tenant_hold(ngx_http_request_t *r,
    ngx_http_xpecto_tenant_caller_t *caller, ngx_pool_cleanup_t *cln)
{
    cln->handler = ngx_http_xpecto_tenant_release;
    cln->data = caller;
    cln->next = r->pool->cleanup;

    r->pool->cleanup = cln;
}


ngx_int_t
ngx_xpecto_tenant_named(ngx_http_request_t *r, ngx_str_t *name,
    ngx_xpecto_tenant_t **tenant)
{
    uint32_t                             index;
    ngx_int_t                            rc;
    const void                          *image;
    ngx_pool_cleanup_t                  *cln;
    ngx_http_xpecto_tenant_caller_t     *caller;
    ngx_http_xpecto_tenant_main_conf_t  *xtmcf;

    xtmcf = ngx_http_get_module_main_conf(r, ngx_http_xpecto_tenant_module);

    if (xtmcf->image == NULL) {
        return NGX_DECLINED;
    }

    cln = ngx_palloc(r->pool, sizeof(ngx_pool_cleanup_t));
    if (cln == NULL) {
        return NGX_ERROR;
    }

    image = ngx_xpecto_image_pin(xtmcf->image);
    rc = NGX_DECLINED;

    if (image != NULL
        && xpecto_tenants_named(image, name->data, name->len, &index)
           == XPECTO_OK)
    {
        rc = NGX_ERROR;
        caller = ngx_http_xpecto_tenant_caller(xtmcf, image, index, NULL);

        if (caller != NULL) {
            rc = NGX_OK;
            *tenant = &caller->tenant;

            ngx_http_xpecto_tenant_follow(xtmcf, image, caller->plan);
            ngx_http_xpecto_tenant_hold(r, caller, cln);
        }
    }

    ngx_xpecto_image_unpin(xtmcf->image);

    return rc;
}
