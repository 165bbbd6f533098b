
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_tenant.h"


/* of a caller's pool: he, a few names, and what the rooms make of him */

#define NGX_HTTP_XPECTO_TENANT_POOL  1024


static ngx_int_t ngx_http_xpecto_tenant_copy(
    ngx_http_xpecto_tenant_caller_t *caller);
static const xpecto_name_t *ngx_http_xpecto_tenant_copy_names(
    ngx_pool_t *pool, const xpecto_name_t *names, ngx_uint_t n);
static ngx_http_xpecto_tenant_plan_t *ngx_http_xpecto_tenant_plan(
    ngx_http_xpecto_tenant_main_conf_t *xtmcf, const void *image,
    const xpecto_plan_t *p);
static ngx_http_xpecto_tenant_plan_t *ngx_http_xpecto_tenant_copy_plan(
    const xpecto_plan_t *p);
static void ngx_http_xpecto_tenant_release_plan(
    ngx_http_xpecto_tenant_plan_t *plan);
static void ngx_http_xpecto_tenant_copy_period(
    ngx_http_xpecto_tenant_main_conf_t *xtmcf, const void *image,
    xpecto_limit_t *limit);


/* nothing of the image may be looked at after this event: all is copied */

ngx_http_xpecto_tenant_caller_t *
ngx_http_xpecto_tenant_caller(ngx_http_xpecto_tenant_main_conf_t *xtmcf,
    const void *image, uint32_t index, const u_char *id)
{
    ngx_pool_t                       *pool;
    const xpecto_plan_t              *p;
    ngx_http_xpecto_tenant_caller_t  *caller;

    pool = ngx_create_pool(NGX_HTTP_XPECTO_TENANT_POOL, ngx_cycle->log);
    if (pool == NULL) {
        return NULL;
    }

    caller = ngx_pcalloc(pool, sizeof(ngx_http_xpecto_tenant_caller_t));
    if (caller == NULL) {
        goto failed;
    }

    p = xpecto_tenants_get(image, index, &caller->record);

    caller->tenant.state = NGX_XPECTO_TENANT_KNOWN;
    caller->tenant.tenant = &caller->record;
    caller->tenant.pool = pool;
    caller->index = index;
    caller->refs = 1;

    if (id != NULL) {
        ngx_memcpy(caller->tenant.credential, id, XPECTO_SIPHASH_KEY_LEN);
    }

    if (ngx_http_xpecto_tenant_copy(caller) != NGX_OK) {
        goto failed;
    }

    caller->plan = ngx_http_xpecto_tenant_plan(xtmcf, image, p);
    if (caller->plan == NULL) {
        goto failed;
    }

    caller->plan->refs++;

    caller->tenant.plan = caller->plan->known.plan;
    caller->tenant.known = &caller->plan->known;

    return caller;

failed:

    ngx_destroy_pool(pool);

    return NULL;
}


static ngx_int_t
ngx_http_xpecto_tenant_copy(ngx_http_xpecto_tenant_caller_t *caller)
{
    ngx_pool_t       *pool;
    xpecto_tenant_t  *tenant;

    pool = caller->tenant.pool;
    tenant = &caller->record;

    tenant->regions = ngx_http_xpecto_tenant_copy_names(pool, tenant->regions,
                                                        tenant->nregions);
    tenant->attest = ngx_http_xpecto_tenant_copy_names(pool, tenant->attest,
                                                       tenant->nattest);

    return (tenant->regions == NULL || tenant->attest == NULL) ? NGX_ERROR
                                                               : NGX_OK;
}


static const xpecto_name_t *
ngx_http_xpecto_tenant_copy_names(ngx_pool_t *pool,
    const xpecto_name_t *names, ngx_uint_t n)
{
    xpecto_name_t  *copy;

    static const xpecto_name_t  none;

    if (n == 0) {
        return &none;
    }

    copy = ngx_pnalloc(pool, n * sizeof(xpecto_name_t));
    if (copy == NULL) {
        return NULL;
    }

    ngx_memcpy(copy, names, n * sizeof(xpecto_name_t));

    return copy;
}


void
ngx_http_xpecto_tenant_release(void *data)
{
    ngx_http_xpecto_tenant_caller_t *caller = data;

    if (--caller->refs == 0) {
        ngx_http_xpecto_tenant_release_plan(caller->plan);
        ngx_destroy_pool(caller->tenant.pool);
    }
}


/* the plan of this image: remembered, or made of it now */

static ngx_http_xpecto_tenant_plan_t *
ngx_http_xpecto_tenant_plan(ngx_http_xpecto_tenant_main_conf_t *xtmcf,
    const void *image, const xpecto_plan_t *p)
{
    ngx_uint_t                       index, generation;
    ngx_http_xpecto_tenant_plan_t   *plan, **slot;

    generation = ngx_xpecto_image_generation(xtmcf->image);
    index = xpecto_tenants_plan_index(image, p);

    slot = &xtmcf->plans[index & (NGX_HTTP_XPECTO_TENANT_PLANS - 1)];
    plan = *slot;

    if (plan != NULL && plan->generation == generation
        && plan->index == index)
    {
        return plan;
    }

    plan = ngx_http_xpecto_tenant_copy_plan(p);
    if (plan == NULL) {
        return NULL;
    }

    plan->generation = generation;
    plan->index = index;

    if (*slot != NULL) {
        ngx_http_xpecto_tenant_release_plan(*slot);
    }

    *slot = plan;

    return plan;
}


/* held once: by the table */

static ngx_http_xpecto_tenant_plan_t *
ngx_http_xpecto_tenant_copy_plan(const xpecto_plan_t *p)
{
    ngx_pool_t                     *pool;
    ngx_http_xpecto_tenant_plan_t  *plan;

    pool = ngx_create_pool(NGX_MIN_POOL_SIZE, ngx_cycle->log);
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


static void
ngx_http_xpecto_tenant_release_plan(ngx_http_xpecto_tenant_plan_t *plan)
{
    if (--plan->refs == 0) {
        ngx_destroy_pool(plan->known.pool);
    }
}


void
ngx_http_xpecto_tenant_forget(void *data)
{
    ngx_http_xpecto_tenant_main_conf_t *xtmcf = data;

    ngx_uint_t  i;

    for (i = 0; i < NGX_HTTP_XPECTO_TENANT_KNOWN; i++) {
        if (xtmcf->known[i].caller != NULL) {
            ngx_http_xpecto_tenant_release(xtmcf->known[i].caller);
        }
    }

    for (i = 0; i < NGX_HTTP_XPECTO_TENANT_PLANS; i++) {
        if (xtmcf->plans[i] != NULL) {
            ngx_http_xpecto_tenant_release_plan(xtmcf->plans[i]);
        }
    }
}


void
ngx_http_xpecto_tenant_follow(ngx_http_xpecto_tenant_main_conf_t *xtmcf,
    const void *image, ngx_http_xpecto_tenant_plan_t *plan)
{
    ngx_uint_t       i;
    xpecto_plan_t   *p;
    xpecto_limit_t  *limit;

    p = plan->known.plan;
    plan->until = NGX_MAX_INT_T_VALUE;

    for (i = 0; i < p->nlimits; i++) {
        limit = &p->limits[i];

        if (limit->meter == XPECTO_METER_COUNT
            || limit->meter == XPECTO_METER_SLIDE)
        {
            ngx_http_xpecto_tenant_copy_period(xtmcf, image, limit);
            plan->until = ngx_min(plan->until, limit->count.end);
        }
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
