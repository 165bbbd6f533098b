
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_tenant.h"


static ngx_int_t ngx_http_xpecto_tenant_headers(ngx_http_request_t *r,
    ngx_http_xpecto_tenant_ctx_t *ctx, const void *image);
static ngx_int_t ngx_http_xpecto_tenant_values(ngx_http_request_t *r,
    ngx_http_xpecto_tenant_ctx_t *ctx, const void *image, ngx_array_t *values);
static ngx_int_t ngx_http_xpecto_tenant_credential(ngx_http_request_t *r,
    ngx_http_xpecto_tenant_ctx_t *ctx, const void *image, ngx_str_t *value);
static ngx_int_t ngx_http_xpecto_tenant_find(ngx_http_request_t *r,
    const void *image, ngx_str_t *credential, uint32_t *index, u_char *id);
static ngx_int_t ngx_http_xpecto_tenant_copy(ngx_http_request_t *r,
    ngx_http_xpecto_tenant_ctx_t *ctx, const void *image);
static ngx_int_t ngx_http_xpecto_tenant_hold(ngx_http_request_t *r,
    ngx_http_xpecto_tenant_ctx_t *ctx, const void *image,
    const xpecto_plan_t *p);
static ngx_http_xpecto_tenant_plan_t *ngx_http_xpecto_tenant_plan(
    const xpecto_plan_t *p, ngx_log_t *log);
static void ngx_http_xpecto_tenant_copy_period(
    ngx_http_xpecto_tenant_main_conf_t *xtmcf, const void *image,
    xpecto_limit_t *limit);
static const xpecto_name_t *ngx_http_xpecto_tenant_copy_names(
    ngx_http_request_t *r, const xpecto_name_t *names, ngx_uint_t n);


ngx_int_t
ngx_http_xpecto_tenant_identify(ngx_http_request_t *r,
    ngx_http_xpecto_tenant_ctx_t *ctx)
{
    ngx_int_t                            rc;
    const void                          *image;
    ngx_http_xpecto_tenant_conf_t       *xtcf;
    ngx_http_xpecto_tenant_main_conf_t  *xtmcf;

    xtcf = ngx_http_get_module_loc_conf(r, ngx_http_xpecto_tenant_module);
    xtmcf = ngx_http_get_module_main_conf(r, ngx_http_xpecto_tenant_module);

    ctx->tenant.state = NGX_XPECTO_TENANT_NONE;

    image = ngx_xpecto_image_pin(xtmcf->image);

    if (xtcf->values != NULL) {
        rc = ngx_http_xpecto_tenant_values(r, ctx, image, xtcf->values);

    } else {
        rc = ngx_http_xpecto_tenant_headers(r, ctx, image);
    }

    if (rc == NGX_OK && ctx->tenant.state == NGX_XPECTO_TENANT_KNOWN) {
        rc = ngx_http_xpecto_tenant_copy(r, ctx, image);
    }

    ngx_xpecto_image_unpin(xtmcf->image);

    return rc;
}


/* every line counts: a second one may name another tenant */

static ngx_int_t
ngx_http_xpecto_tenant_headers(ngx_http_request_t *r,
    ngx_http_xpecto_tenant_ctx_t *ctx, const void *image)
{
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    part = &r->headers_in.headers.part;
    h = part->elts;

    for (i = 0; /* void */ ; i++) {

        if (i >= part->nelts) {

            if (part->next == NULL) {
                break;
            }

            part = part->next;
            h = part->elts;
            i = 0;
        }

        if ((h[i].key.len == sizeof("x-api-key") - 1
             && ngx_memcmp(h[i].lowcase_key, "x-api-key",
                           sizeof("x-api-key") - 1)
                == 0)
            || (h[i].key.len == sizeof("authorization") - 1
                && ngx_memcmp(h[i].lowcase_key, "authorization",
                              sizeof("authorization") - 1)
                   == 0
                && ngx_strncasecmp(h[i].value.data, (u_char *) "Bearer ",
                                   sizeof("Bearer ") - 1)
                   == 0))
        {
            if (ngx_http_xpecto_tenant_credential(r, ctx, image, &h[i].value)
                != NGX_OK)
            {
                return NGX_ERROR;
            }
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_tenant_values(ngx_http_request_t *r,
    ngx_http_xpecto_tenant_ctx_t *ctx, const void *image, ngx_array_t *values)
{
    ngx_str_t                  value;
    ngx_uint_t                 i;
    ngx_http_complex_value_t  *cv;

    cv = values->elts;

    for (i = 0; i < values->nelts; i++) {

        if (ngx_http_complex_value(r, &cv[i], &value) != NGX_OK
            || ngx_http_xpecto_tenant_credential(r, ctx, image, &value)
               != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* a credential that nobody has does not speak against one that is known */

static ngx_int_t
ngx_http_xpecto_tenant_credential(ngx_http_request_t *r,
    ngx_http_xpecto_tenant_ctx_t *ctx, const void *image, ngx_str_t *value)
{
    u_char      id[XPECTO_SIPHASH_KEY_LEN];
    uint32_t    index;
    ngx_int_t   rc;
    ngx_str_t   credential;

    credential = *value;

    if (credential.len >= sizeof("Bearer ") - 1
        && ngx_strncasecmp(credential.data, (u_char *) "Bearer ",
                           sizeof("Bearer ") - 1)
           == 0)
    {
        credential.data += sizeof("Bearer ") - 1;
        credential.len -= sizeof("Bearer ") - 1;

        while (credential.len && credential.data[0] == ' ') {
            credential.data++;
            credential.len--;
        }
    }

    if (credential.len == 0) {
        return NGX_OK;
    }

    rc = ngx_http_xpecto_tenant_find(r, image, &credential, &index, id);

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    if (rc == NGX_DECLINED) {

        if (ctx->tenant.state == NGX_XPECTO_TENANT_NONE) {
            ctx->tenant.state = NGX_XPECTO_TENANT_UNKNOWN;
            ngx_memcpy(ctx->tenant.credential, id, sizeof(id));
        }

        return NGX_OK;
    }

    switch (ctx->tenant.state) {

    case NGX_XPECTO_TENANT_KNOWN:

        if (ctx->index != index) {
            ctx->tenant.state = NGX_XPECTO_TENANT_CONFLICT;
        }

        break;

    case NGX_XPECTO_TENANT_CONFLICT:
        break;

    default: /* NGX_XPECTO_TENANT_NONE, NGX_XPECTO_TENANT_UNKNOWN */
        ctx->tenant.state = NGX_XPECTO_TENANT_KNOWN;
        ctx->index = index;
        ngx_memcpy(ctx->tenant.credential, id, sizeof(id));
        break;
    }

    return NGX_OK;
}


/* id: half of the digest */

static ngx_int_t
ngx_http_xpecto_tenant_find(ngx_http_request_t *r, const void *image,
    ngx_str_t *credential, uint32_t *index, u_char *id)
{
    u_char                               digest[XPECTO_DIGEST_LEN];
    uint64_t                             hash[2];
    ngx_uint_t                           i, generation;
    xpecto_rc_e                          rc;
    ngx_http_xpecto_tenant_known_t      *known;
    ngx_http_xpecto_tenant_main_conf_t  *xtmcf;

    xtmcf = ngx_http_get_module_main_conf(r, ngx_http_xpecto_tenant_module);

    generation = ngx_xpecto_image_generation(xtmcf->image);

    xpecto_nh128(hash, &xtmcf->key, credential->data, credential->len);

    known = &xtmcf->known[hash[0] >> 32 & (NGX_HTTP_XPECTO_TENANT_KNOWN
                                           - NGX_HTTP_XPECTO_TENANT_WAYS)];

    for (i = 0; i < NGX_HTTP_XPECTO_TENANT_WAYS; i++) {

        if (known[i].hash[0] == hash[0] && known[i].hash[1] == hash[1]
            && known[i].generation == generation && known[i].used)
        {
            *index = known[i].tenant;
            ngx_memcpy(id, known[i].digest, sizeof(known[i].digest));
            return NGX_OK;
        }
    }

    if (xpecto_sha256(credential->data, credential->len, digest)
        != XPECTO_OK)
    {
        return NGX_ERROR;
    }

    ngx_memcpy(id, digest, sizeof(known->digest));

    rc = xpecto_tenants_find(image, digest, index);

    if (rc != XPECTO_OK) {
        return NGX_DECLINED;
    }

    /* the newest stands first, the oldest goes */

    ngx_memmove(&known[1], &known[0],
                (NGX_HTTP_XPECTO_TENANT_WAYS - 1)
                * sizeof(ngx_http_xpecto_tenant_known_t));

    known[0].hash[0] = hash[0];
    known[0].hash[1] = hash[1];
    known[0].generation = generation;
    known[0].tenant = *index;
    known[0].used = 1;
    ngx_memcpy(known[0].digest, digest, sizeof(known[0].digest));

    return NGX_OK;
}


ngx_int_t
ngx_xpecto_tenant_named(ngx_http_request_t *r, ngx_str_t *name,
    ngx_xpecto_tenant_t **tenant)
{
    ngx_int_t                            rc;
    const void                          *image;
    ngx_http_xpecto_tenant_ctx_t        *ctx;
    ngx_http_xpecto_tenant_main_conf_t  *xtmcf;

    xtmcf = ngx_http_get_module_main_conf(r, ngx_http_xpecto_tenant_module);

    if (xtmcf->image == NULL) {
        return NGX_DECLINED;
    }

    ctx = ngx_pcalloc(r->pool, sizeof(ngx_http_xpecto_tenant_ctx_t));
    if (ctx == NULL) {
        return NGX_ERROR;
    }

    image = ngx_xpecto_image_pin(xtmcf->image);
    rc = NGX_DECLINED;

    if (image != NULL
        && xpecto_tenants_named(image, name->data, name->len, &ctx->index)
           == XPECTO_OK)
    {
        rc = ngx_http_xpecto_tenant_copy(r, ctx, image);
    }

    ngx_xpecto_image_unpin(xtmcf->image);

    ctx->tenant.state = NGX_XPECTO_TENANT_KNOWN;
    *tenant = &ctx->tenant;

    return rc;
}


/* nothing of the image may be looked at after this event */

static ngx_int_t
ngx_http_xpecto_tenant_copy(ngx_http_request_t *r,
    ngx_http_xpecto_tenant_ctx_t *ctx, const void *image)
{
    xpecto_tenant_t      *tenant;
    const xpecto_plan_t  *p;

    tenant = &ctx->record;

    p = xpecto_tenants_get(image, ctx->index, tenant);

    if (ngx_http_xpecto_tenant_hold(r, ctx, image, p) != NGX_OK) {
        return NGX_ERROR;
    }

    tenant->regions = ngx_http_xpecto_tenant_copy_names(r, tenant->regions,
                                                        tenant->nregions);
    tenant->attest = ngx_http_xpecto_tenant_copy_names(r, tenant->attest,
                                                       tenant->nattest);

    if (tenant->regions == NULL || tenant->attest == NULL) {
        return NGX_ERROR;
    }

    ctx->tenant.tenant = tenant;

    return NGX_OK;
}


/* the plan of this image: remembered, or made of it now */

static ngx_int_t
ngx_http_xpecto_tenant_hold(ngx_http_request_t *r,
    ngx_http_xpecto_tenant_ctx_t *ctx, const void *image,
    const xpecto_plan_t *p)
{
    ngx_uint_t                           i, index, generation;
    xpecto_limit_t                      *limit;
    ngx_pool_cleanup_t                  *cln;
    ngx_http_xpecto_tenant_plan_t       *plan, **slot;
    ngx_http_xpecto_tenant_main_conf_t  *xtmcf;

    xtmcf = ngx_http_get_module_main_conf(r, ngx_http_xpecto_tenant_module);

    generation = ngx_xpecto_image_generation(xtmcf->image);
    index = xpecto_tenants_plan_index(image, p);

    slot = &xtmcf->plans[index & (NGX_HTTP_XPECTO_TENANT_PLANS - 1)];
    plan = *slot;

    cln = ngx_pool_cleanup_add(r->pool, 0);
    if (cln == NULL) {
        return NGX_ERROR;
    }

    if (plan == NULL || plan->generation != generation
        || plan->index != index)
    {
        plan = ngx_http_xpecto_tenant_plan(p, ngx_cycle->log);
        if (plan == NULL) {
            return NGX_ERROR;
        }

        plan->generation = generation;
        plan->index = index;

        if (*slot != NULL) {
            ngx_http_xpecto_tenant_release(*slot);
        }

        *slot = plan;
    }

    if (ngx_time() >= plan->until) {
        plan->until = NGX_MAX_INT_T_VALUE;

        for (i = 0; i < p->nlimits; i++) {
            limit = &plan->known.plan->limits[i];

            if (limit->meter == XPECTO_METER_COUNT
                || limit->meter == XPECTO_METER_SLIDE)
            {
                ngx_http_xpecto_tenant_copy_period(xtmcf, image, limit);
                plan->until = ngx_min(plan->until, limit->count.end);
            }
        }
    }

    plan->refs++;
    cln->handler = ngx_http_xpecto_tenant_release;
    cln->data = plan;

    ctx->tenant.plan = plan->known.plan;
    ctx->tenant.known = &plan->known;

    return NGX_OK;
}


/* held once: by the table */

static ngx_http_xpecto_tenant_plan_t *
ngx_http_xpecto_tenant_plan(const xpecto_plan_t *p, ngx_log_t *log)
{
    ngx_pool_t                     *pool;
    ngx_http_xpecto_tenant_plan_t  *plan;

    pool = ngx_create_pool(NGX_MIN_POOL_SIZE, log);
    if (pool == NULL) {
        return NULL;
    }

    plan = ngx_pcalloc(pool, sizeof(ngx_http_xpecto_tenant_plan_t));

    if (plan != NULL) {
        plan->known.plan = ngx_palloc(pool, XPECTO_PLAN_SIZE(p->nlimits));
    }

    if (plan == NULL || plan->known.plan == NULL) {
        ngx_destroy_pool(pool);
        return NULL;
    }

    ngx_memcpy(plan->known.plan, p, XPECTO_PLAN_SIZE(p->nlimits));

    plan->known.pool = pool;
    plan->refs = 1;

    return plan;
}


void
ngx_http_xpecto_tenant_release(void *data)
{
    ngx_http_xpecto_tenant_plan_t *plan = data;

    if (--plan->refs == 0) {
        ngx_destroy_pool(plan->known.pool);
    }
}


/*
 * A clock that steps back within what is remembered changes nothing; the
 * limits stand still over it anyway.
 */

static void
ngx_http_xpecto_tenant_copy_period(ngx_http_xpecto_tenant_main_conf_t *xtmcf,
    const void *image, xpecto_limit_t *limit)
{
    uint32_t                          now, start;
    ngx_uint_t                        generation;
    const xpecto_period_t            *period;
    ngx_http_xpecto_tenant_period_t  *known;

    now = (uint32_t) ngx_time();
    known = &xtmcf->periods[limit->period];
    generation = ngx_xpecto_image_generation(xtmcf->image);

    if (known->generation != generation || now >= known->end) {
        period = xpecto_tenants_period(image, limit->period);

        xpecto_period_at(period, now, &known->start, &known->end);

        known->next = known->end;

        if (known->end != UINT32_MAX) {
            xpecto_period_at(period, known->end, &start, &known->next);
        }

        known->generation = generation;
    }

    limit->count.start = known->start;
    limit->count.end = known->end;
    limit->count.next = known->next;
}


static const xpecto_name_t *
ngx_http_xpecto_tenant_copy_names(ngx_http_request_t *r,
    const xpecto_name_t *names, ngx_uint_t n)
{
    xpecto_name_t  *copy;

    static const xpecto_name_t  none;

    if (n == 0) {
        return &none;
    }

    copy = ngx_pnalloc(r->pool, n * sizeof(xpecto_name_t));
    if (copy == NULL) {
        return NULL;
    }

    ngx_memcpy(copy, names, n * sizeof(xpecto_name_t));

    return copy;
}
