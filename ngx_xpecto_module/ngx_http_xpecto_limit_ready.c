
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_limit.h"
#include "core/xpecto_limit_item.h"


/*
 * What a caller's requests are counted by in a location is often the same for
 * all of them: then it is found out once, by collect(), and kept with what is
 * known of the caller.  It dies with that: when a credential is revoked, a
 * plan changes or the worker ends.
 */

/* sets of limits that are kept for a caller */

#define NGX_HTTP_XPECTO_LIMIT_READY  8


typedef struct {
    ngx_http_xpecto_limit_policy_t  *policy;
    uint64_t                        tag;
    uint64_t                        cost;
    xpecto_cell_t                  *cell;      /* that had it last, or NULL */
} ngx_http_xpecto_limit_charge_t;


/* charges: 0 ... enforced ... n, on trial from there on */

struct ngx_http_xpecto_limit_ready_s {
    ngx_array_t                    *limits;
    ngx_flag_t                      dry_run;
    ngx_uint_t                      enforced;
    ngx_uint_t                      n;
    ngx_uint_t                      calendar;  /* some policy counts by it */
    time_t                          until;     /* that is followed */
    ngx_uint_t                      holds;     /* some policy counts units */
    ngx_uint_t                      plain;     /* none does, all are enforced
                                                  and cost something */
    uint64_t                        ticks;     /* of the cost: one rate,
                                                  enforced; else 0 */
    ngx_http_xpecto_limit_ready_t  *next;
    ngx_uint_t                      number;    /* of those from here on */
    ngx_http_xpecto_limit_charge_t  charges[1];
};


static ngx_http_xpecto_limit_ready_t *ngx_http_xpecto_limit_ready(
    ngx_http_request_t *r, ngx_http_xpecto_limit_conf_t *xlcf);
static ngx_int_t ngx_http_xpecto_limit_ready_calendar(
    ngx_http_xpecto_limit_ready_t *ready, ngx_xpecto_tenant_t *tenant);
static ngx_inline ngx_uint_t ngx_http_xpecto_limit_counts(
    ngx_http_xpecto_limit_policy_t *policy);
static ngx_int_t ngx_http_xpecto_limit_ready_one(ngx_http_request_t *r,
    ngx_http_xpecto_limit_conf_t *xlcf, ngx_http_xpecto_limit_ready_t *ready);
static ngx_int_t ngx_http_xpecto_limit_ready_several(ngx_http_request_t *r,
    ngx_http_xpecto_limit_conf_t *xlcf, ngx_http_xpecto_limit_ready_t *ready);
static ngx_inline ngx_http_xpecto_limit_ctx_t *
    ngx_http_xpecto_limit_ready_ctx(ngx_http_request_t *r,
    ngx_http_xpecto_limit_conf_t *xlcf, ngx_uint_t enforced, ngx_uint_t n);
static ngx_inline void ngx_http_xpecto_limit_ready_use(
    ngx_http_xpecto_limit_use_t *use, ngx_http_xpecto_limit_charge_t *charge,
    xpecto_limit_item_t *item);
static uint64_t ngx_http_xpecto_limit_ticks(
    ngx_http_xpecto_limit_ready_t *ready);
static ngx_http_xpecto_limit_charge_t *ngx_http_xpecto_limit_charge(
    ngx_http_xpecto_limit_ready_t *ready,
    ngx_http_xpecto_limit_charge_t *charge, ngx_http_xpecto_limit_use_t *use,
    ngx_uint_t n);


/*
 * Here pays what the header is enough for, whatever becomes of the request:
 * who cannot pass does not upload a body, and one that is refused is paid for.
 * Once per request, also over internal redirects: the context survives them.
 */

ngx_int_t
ngx_http_xpecto_limit_handler(ngx_http_request_t *r)
{
    ngx_http_xpecto_limit_ctx_t    *ctx;
    ngx_http_xpecto_limit_conf_t   *xlcf;
    ngx_http_xpecto_limit_ready_t  *ready;

    xlcf = ngx_http_get_module_loc_conf(r, ngx_http_xpecto_limit_module);

    if (r != r->main || xlcf->limits == NULL) {
        return NGX_DECLINED;
    }

    ctx = ngx_xpecto_get_ctx(r, &ngx_http_xpecto_limit_module);

    if (ctx == NULL) {
        ready = ngx_http_xpecto_limit_ready(r, xlcf);

        if (ready != NULL) {
            return (ready->ticks != 0)
                   ? ngx_http_xpecto_limit_ready_one(r, xlcf, ready)
                   : ngx_http_xpecto_limit_ready_several(r, xlcf, ready);
        }

        ctx = ngx_xpecto_create_ctx(r, &ngx_http_xpecto_limit_module,
                                    sizeof(ngx_http_xpecto_limit_ctx_t));
        if (ctx == NULL) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }
    }

    if (ctx->status != NGX_HTTP_XPECTO_LIMIT_NONE) {
        return NGX_DECLINED;
    }

    return ngx_http_xpecto_limit_request(r, ctx, 0);
}


/* what is known of the caller here; NULL: it has to be collected */

static ngx_http_xpecto_limit_ready_t *
ngx_http_xpecto_limit_ready(ngx_http_request_t *r,
    ngx_http_xpecto_limit_conf_t *xlcf)
{
    ngx_xpecto_tenant_t            *tenant;
    ngx_http_xpecto_limit_ready_t  *ready;

    tenant = ngx_xpecto_tenant(r);

    if (tenant == NULL) {
        return NULL;
    }

    for (ready = tenant->limits; ready != NULL; ready = ready->next) {

        if (ready->limits == xlcf->limits && ready->dry_run == xlcf->dry_run)
        {
            break;
        }
    }

    if (ready == NULL
        || (ready->calendar
            && ngx_http_xpecto_limit_ready_calendar(ready, tenant) != NGX_OK))
    {
        return NULL;
    }

    return ready;
}


static ngx_int_t
ngx_http_xpecto_limit_ready_calendar(ngx_http_xpecto_limit_ready_t *ready,
    ngx_xpecto_tenant_t *tenant)
{
    time_t                     end;
    ngx_uint_t                 i;
    xpecto_count_t            *count;
    ngx_http_xpecto_limit_t  **limit;

    if (ngx_time() < ready->until) {
        return NGX_OK;
    }

    limit = ready->limits->elts;

    for (i = 0; i < ready->limits->nelts; i++) {

        if (limit[i]->kind.len != 0) {
            ngx_http_xpecto_limit_follow(limit[i]);

        } else if (ngx_http_xpecto_limit_plan(limit[i], tenant->known)
                   == NULL)
        {
            return NGX_ERROR;
        }
    }

    ready->until = NGX_MAX_INT_T_VALUE;

    for (i = 0; i < ready->n; i++) {
        count = &ready->charges[i].policy->meter.count;

        if (!ngx_http_xpecto_limit_counts(ready->charges[i].policy)
            || count->length != 0 || count->end == XPECTO_COUNT_NEVER)
        {
            continue;
        }

        /* what has gone on by itself knows no period behind this one */

        end = (count->next > count->end) ? count->end : 0;
        ready->until = ngx_min(ready->until, end);
    }

    return NGX_OK;
}


static ngx_inline ngx_uint_t
ngx_http_xpecto_limit_counts(ngx_http_xpecto_limit_policy_t *policy)
{
    return policy->meter.kind == XPECTO_METER_COUNT
           || policy->meter.kind == XPECTO_METER_SLIDE;
}


/* most often it has its cell and passes: then this is all */

static ngx_int_t
ngx_http_xpecto_limit_ready_one(ngx_http_request_t *r,
    ngx_http_xpecto_limit_conf_t *xlcf, ngx_http_xpecto_limit_ready_t *ready)
{
    xpecto_limit_item_t             *item;
    ngx_http_xpecto_limit_ctx_t     *ctx;
    ngx_http_xpecto_limit_charge_t  *charge;

    charge = ready->charges;

    __builtin_prefetch(charge->cell, 1);

    ctx = ngx_http_xpecto_limit_ready_ctx(r, xlcf, 1, 1);
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    item = (xpecto_limit_item_t *) (ctx->uses + 1);

    ngx_http_xpecto_limit_ready_use(ctx->uses, charge, item);

    if (xpecto_limit_item_again(item, &charge->policy->meter, charge->tag,
                                charge->cost, ready->ticks, charge->cell,
                                ngx_http_xpecto_limit_now())
        != XPECTO_OK)
    {
        charge->policy->in->cells.wall = ngx_time();

        return ngx_http_xpecto_limit_pass(r, ctx, ready);
    }

    ctx->status = NGX_HTTP_XPECTO_LIMIT_PASSED;

    ngx_xpecto_count_request(r, NGX_XPECTO_LIMIT_PASSED);

    return NGX_DECLINED;
}


static ngx_int_t
ngx_http_xpecto_limit_ready_several(ngx_http_request_t *r,
    ngx_http_xpecto_limit_conf_t *xlcf, ngx_http_xpecto_limit_ready_t *ready)
{
    time_t                           now;
    ngx_uint_t                       i;
    xpecto_limit_item_t             *item;
    ngx_http_xpecto_limit_use_t     *use;
    ngx_http_xpecto_limit_ctx_t     *ctx;
    ngx_http_xpecto_limit_charge_t  *charge;

    ctx = ngx_http_xpecto_limit_ready_ctx(r, xlcf, ready->enforced, ready->n);
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    now = ngx_time();
    use = ctx->uses;
    item = (xpecto_limit_item_t *) (use + ready->n);
    charge = ready->charges;

    for (i = 0; i < ready->n; i++, use++, item++, charge++) {
        charge->policy->in->cells.wall = now;

        ngx_http_xpecto_limit_ready_use(use, charge, item);
        xpecto_limit_item_init(item, &charge->policy->meter, charge->tag,
                               charge->cost, charge->cell);

        __builtin_prefetch(charge->cell, 1);
    }

    if (ready->plain
        && ngx_http_xpecto_limit_again(r, ctx, ready->calendar) == NGX_OK)
    {
        return NGX_DECLINED;
    }

    return ngx_http_xpecto_limit_pass(r, ctx, ready);
}


/* the context and all that is in it are one allocation */

static ngx_inline ngx_http_xpecto_limit_ctx_t *
ngx_http_xpecto_limit_ready_ctx(ngx_http_request_t *r,
    ngx_http_xpecto_limit_conf_t *xlcf, ngx_uint_t enforced, ngx_uint_t n)
{
    ngx_http_xpecto_limit_ctx_t  *ctx;

    ctx = ngx_xpecto_alloc_ctx(r, &ngx_http_xpecto_limit_module,
                               sizeof(ngx_http_xpecto_limit_ctx_t)
                               + n * (sizeof(ngx_http_xpecto_limit_use_t)
                                      + sizeof(xpecto_limit_item_t)));
    if (ctx == NULL) {
        return NULL;
    }

    ctx->early = 0;
    ctx->early_trial = 0;
    ctx->enforced = enforced;
    ctx->trial = enforced;
    ctx->max = n;
    ctx->uses = (ngx_http_xpecto_limit_use_t *) (ctx + 1);
    ctx->nearest = 0;
    ctx->status = NGX_HTTP_XPECTO_LIMIT_NONE;
    ctx->headers = xlcf->headers;
    ctx->late = 0;
    ctx->holds = 0;

    return ctx;
}


static ngx_inline void
ngx_http_xpecto_limit_ready_use(ngx_http_xpecto_limit_use_t *use,
    ngx_http_xpecto_limit_charge_t *charge, xpecto_limit_item_t *item)
{
    use->policy = charge->policy;
    use->items = item;
    use->n = 1;
    use->item = item;
    use->tag = charge->tag;
    use->cost = charge->cost;
}


/* the cells that were found: the next request looks there first */

ngx_uint_t
ngx_http_xpecto_limit_ready_done(ngx_http_xpecto_limit_ready_t *ready,
    ngx_http_xpecto_limit_ctx_t *ctx)
{
    ngx_uint_t                       i;
    xpecto_limit_item_t             *item;
    ngx_http_xpecto_limit_charge_t  *charge;

    charge = ready->charges;
    item = ctx->uses->items;

    for (i = 0; i < ready->n; i++, charge++, item++) {

        /* units that are held may be in another of their cells */

        if (charge->policy->meter.kind != XPECTO_METER_HELD) {
            charge->cell = item->place.cell;
        }
    }

    return ready->holds;
}


/* 1: of all requests of a caller, wherever they go, the same */

ngx_uint_t
ngx_http_xpecto_limit_constant(ngx_http_xpecto_limit_policy_t *policy)
{
    if (policy->key != NULL || policy->cost != NULL || policy->of_body
        || policy->endpoints != 0 || policy->enforce != XPECTO_ENFORCE_ALL
        || policy->weight.kind > XPECTO_WEIGHT_NUMBER)
    {
        return 0;
    }

    return policy->scope == XPECTO_SCOPE_TENANT
           || policy->scope == XPECTO_SCOPE_CREDENTIAL;
}


/* without memory it is found out again */

void
ngx_http_xpecto_limit_keep(ngx_http_request_t *r, ngx_xpecto_tenant_t *tenant,
    ngx_http_xpecto_limit_ctx_t *ctx)
{
    ngx_uint_t                       n;
    ngx_http_xpecto_limit_conf_t    *xlcf;
    ngx_http_xpecto_limit_ready_t   *ready, *first;
    ngx_http_xpecto_limit_charge_t  *charge;

    first = tenant->limits;

    if (first != NULL && first->number == NGX_HTTP_XPECTO_LIMIT_READY) {
        return;
    }

    xlcf = ngx_http_get_module_loc_conf(r, ngx_http_xpecto_limit_module);

    /* who comes by a redirect was not looked for */

    for (ready = first; ready != NULL; ready = ready->next) {

        if (ready->limits == xlcf->limits && ready->dry_run == xlcf->dry_run) {
            return;
        }
    }

    n = ctx->enforced + ctx->max - ctx->trial;

    ready = ngx_palloc(tenant->pool,
                       offsetof(ngx_http_xpecto_limit_ready_t, charges)
                       + n * sizeof(ngx_http_xpecto_limit_charge_t));
    if (ready == NULL) {
        return;
    }

    ready->limits = xlcf->limits;
    ready->dry_run = xlcf->dry_run;
    ready->enforced = ctx->enforced;
    ready->n = n;
    ready->calendar = 0;
    ready->until = 0;
    ready->holds = 0;
    ready->plain = (n != 0 && n == ctx->enforced);

    charge = ngx_http_xpecto_limit_charge(ready, ready->charges, ctx->uses,
                                          ctx->enforced);
    (void) ngx_http_xpecto_limit_charge(ready, charge,
                                        &ctx->uses[ctx->trial],
                                        ctx->max - ctx->trial);

    ready->ticks = ngx_http_xpecto_limit_ticks(ready);
    ready->next = first;
    ready->number = 1 + (first == NULL ? 0 : first->number);

    tenant->limits = ready;
}


static ngx_http_xpecto_limit_charge_t *
ngx_http_xpecto_limit_charge(ngx_http_xpecto_limit_ready_t *ready,
    ngx_http_xpecto_limit_charge_t *charge, ngx_http_xpecto_limit_use_t *use,
    ngx_uint_t n)
{
    ngx_uint_t      i;
    xpecto_meter_e  kind;

    for (i = 0; i < n; i++, charge++, use++) {
        charge->policy = use->policy;
        charge->tag = use->tag;
        charge->cost = use->cost;
        charge->cell = NULL;

        kind = use->policy->meter.kind;

        if (ngx_http_xpecto_limit_counts(use->policy)) {
            ready->calendar = 1;
        }

        if (kind == XPECTO_METER_HELD) {
            ready->holds = 1;
            ready->plain = 0;
        }

        if (use->cost == 0) {
            ready->plain = 0;
        }
    }

    return charge;
}


/* of one policy, enforced, that needs no more than the time, else 0 */

static uint64_t
ngx_http_xpecto_limit_ticks(ngx_http_xpecto_limit_ready_t *ready)
{
    xpecto_gcra_t                   *gcra;
    ngx_http_xpecto_limit_charge_t  *charge;

    charge = ready->charges;

    if (ready->n != 1 || ready->enforced != 1
        || charge->policy->meter.kind != XPECTO_METER_RATE)
    {
        return 0;
    }

    gcra = &charge->policy->meter.gcra;

    return (charge->cost <= gcra->tolerance / gcra->interval)
           ? charge->cost * gcra->interval : 0;
}
