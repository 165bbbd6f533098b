
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_limit.h"


/* a decision starts again if another process was faster: seldom once */

#define NGX_HTTP_XPECTO_LIMIT_TRIES  1000


static void ngx_http_xpecto_limit_undo(ngx_http_xpecto_limit_ctx_t *ctx);
static void ngx_http_xpecto_limit_forget(ngx_http_xpecto_limit_ctx_t *ctx);
static ngx_int_t ngx_http_xpecto_limit_decided(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ctx_t *ctx, ngx_http_xpecto_limit_status_e status);
static ngx_int_t ngx_http_xpecto_limit_decide(ngx_http_request_t *r,
    ngx_http_xpecto_limit_use_t *uses, ngx_uint_t n);
static ngx_int_t ngx_http_xpecto_limit_clock(ngx_http_xpecto_limit_use_t *uses,
    ngx_uint_t n);
static ngx_uint_t ngx_http_xpecto_limit_worse(xpecto_limit_item_t *a,
    xpecto_limit_item_t *b);
static ngx_uint_t ngx_http_xpecto_limit_worst(
    ngx_http_xpecto_limit_use_t *use, ngx_uint_t n);
static ngx_uint_t ngx_http_xpecto_limit_nearest(
    ngx_http_xpecto_limit_ctx_t *ctx);
static void ngx_http_xpecto_limit_result(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ctx_t *ctx);


/* here pays what needs the body; if it cannot, what has paid is given back */

ngx_int_t
ngx_http_xpecto_limit_late_handler(ngx_http_request_t *r)
{
    ngx_int_t                      rc;
    ngx_http_xpecto_limit_ctx_t   *ctx;
    ngx_http_xpecto_limit_conf_t  *xlcf;

    ctx = ngx_xpecto_get_ctx(r, &ngx_http_xpecto_limit_module);

    if (ctx == NULL || !ctx->late) {
        return NGX_DECLINED;
    }

    xlcf = ngx_http_get_module_loc_conf(r, ngx_http_xpecto_limit_module);

    if (xlcf->limits == NULL) {
        return NGX_DECLINED;
    }

    rc = ngx_xpecto_message_read(r);

    if (rc != NGX_OK) {
        return rc;
    }

    return ngx_http_xpecto_limit_request(r, ctx, 1);
}


ngx_int_t
ngx_http_xpecto_limit_request(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ctx_t *ctx, ngx_uint_t late)
{
    ngx_http_xpecto_limit_ctx_t  before;

    before = *ctx;

    if (ngx_http_xpecto_limit_collect(r, ctx, late) != NGX_OK) {
        /* its answer goes through our filter */
        *ctx = before;
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_xpecto_limit_pass(r, ctx, NULL);
}


/* all that is enforced pays, then what is on trial */

ngx_int_t
ngx_http_xpecto_limit_pass(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ctx_t *ctx, ngx_http_xpecto_limit_ready_t *ready)
{
    ngx_int_t                       rc;
    ngx_uint_t                      n, ntrial, holds;
    ngx_http_xpecto_limit_status_e  status;

    n = ctx->enforced - ctx->early;
    ntrial = ctx->max - ctx->early_trial - ctx->trial;

    if (n + ctx->early + ntrial + ctx->early_trial == 0) {
        /* no key has a value; the next location may have others */
        return NGX_DECLINED;
    }

    status = ctx->status;

    if (status == NGX_HTTP_XPECTO_LIMIT_NONE) {
        status = NGX_HTTP_XPECTO_LIMIT_PASSED;
    }

    rc = ngx_http_xpecto_limit_decide(r, &ctx->uses[ctx->early], n);

    if (rc == NGX_DECLINED) {
        status = NGX_HTTP_XPECTO_LIMIT_REJECTED;
        ngx_http_xpecto_limit_undo(ctx);

    } else if (rc == NGX_OK && ntrial != 0) {

        /* what is on trial counts what has really passed */

        switch (ngx_http_xpecto_limit_decide(r, &ctx->uses[ctx->trial],
                                             ntrial))
        {

        case NGX_DECLINED:
            status = NGX_HTTP_XPECTO_LIMIT_REJECTED_DRY_RUN;
            break;

        case NGX_ERROR:
            /* it has paid nothing, and what is on trial does no harm */
            ctx->trial += ntrial;
            break;
        }
    }

    holds = 1;

    if (ready != NULL) {
        holds = ngx_http_xpecto_limit_ready_done(ready, ctx);
    }

    if (rc == NGX_ERROR
        || (holds && ngx_http_xpecto_limit_hold(r, ctx) != NGX_OK))
    {
        ngx_http_xpecto_limit_forget(ctx);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_xpecto_limit_decided(r, ctx, status);
}


/* most often all have their cells and pass: then this is all */

ngx_int_t
ngx_http_xpecto_limit_again(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ctx_t *ctx, ngx_uint_t calendar)
{
    if ((calendar
         && ngx_http_xpecto_limit_clock(ctx->uses, ctx->max) != NGX_OK)
        || xpecto_limit_again(ctx->uses->items, ctx->max,
                              ngx_http_xpecto_limit_now(), &ctx->nearest)
           != XPECTO_OK)
    {
        return NGX_DECLINED;
    }

    ctx->status = NGX_HTTP_XPECTO_LIMIT_PASSED;

    ngx_xpecto_count_request(r, NGX_XPECTO_LIMIT_PASSED);

    return NGX_OK;
}


/* what has been paid before the body is given back, as the body is refused */

static void
ngx_http_xpecto_limit_undo(ngx_http_xpecto_limit_ctx_t *ctx)
{
    uint64_t                      now;
    ngx_uint_t                    i;
    ngx_http_xpecto_limit_use_t  *use;

    now = ngx_http_xpecto_limit_now();

    for (i = 0; i < ctx->max; i++) {
        use = &ctx->uses[i];

        if ((i < ctx->early || i >= ctx->max - ctx->early_trial)
            && use->policy->meter.kind != XPECTO_METER_HELD)
        {
            xpecto_limit_undo(use->items, use->n, now);
        }
    }
}


/* whoever asks again pays again: so nothing has been paid */

static void
ngx_http_xpecto_limit_forget(ngx_http_xpecto_limit_ctx_t *ctx)
{
    ngx_uint_t  i;

    for (i = 0; i < ctx->max; i++) {
        if (i < ctx->enforced || i >= ctx->trial) {
            (void) ngx_http_xpecto_limit_refund(&ctx->uses[i], UINT64_MAX);
        }
    }

    /* what it held as well: nobody finds it once others are collected */

    if (ctx->holds) {
        ngx_http_xpecto_limit_held_cleanup(ctx);
    }

    ctx->early = 0;
    ctx->early_trial = 0;
    ctx->late = 0;
    ctx->status = NGX_HTTP_XPECTO_LIMIT_NONE;
}


static ngx_int_t
ngx_http_xpecto_limit_decided(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ctx_t *ctx, ngx_http_xpecto_limit_status_e status)
{
    ngx_http_xpecto_limit_conf_t  *xlcf;

    if (ctx->enforced == 0 && ctx->trial == ctx->max) {
        /* a trial that failed was all there was */
        return NGX_DECLINED;
    }

    xlcf = ngx_http_get_module_loc_conf(r, ngx_http_xpecto_limit_module);

    ctx->status = status;
    ctx->headers = xlcf->headers;

    if (status == NGX_HTTP_XPECTO_LIMIT_REJECTED) {
        ctx->late = 0;
    }

    if (ctx->late) {

        /* those that need the body are still to come */

        ctx->early = ctx->enforced;
        ctx->early_trial = ctx->max - ctx->trial;

        (void) ngx_http_xpecto_limit_nearest(ctx);

        return NGX_DECLINED;
    }

    ngx_http_xpecto_limit_result(r, ctx);

    if (status == NGX_HTTP_XPECTO_LIMIT_REJECTED) {
        return ngx_http_xpecto_limit_refuse(r, ctx);
    }

    return NGX_DECLINED;
}


/* the items of policies in a row are in a row */

static ngx_int_t
ngx_http_xpecto_limit_decide(ngx_http_request_t *r,
    ngx_http_xpecto_limit_use_t *uses, ngx_uint_t n)
{
    size_t                              nitems;
    uint64_t                            now;
    xpecto_rc_e                         rc;
    ngx_uint_t                          i;
    ngx_http_xpecto_limit_main_conf_t  *xlmcf;

    if (n == 0) {
        return NGX_OK;
    }

    nitems = uses[n - 1].items + uses[n - 1].n - uses[0].items;

    xlmcf = ngx_http_get_module_main_conf(r, ngx_http_xpecto_limit_module);

    for (i = 0; i < NGX_HTTP_XPECTO_LIMIT_TRIES; i++) {

        if (ngx_http_xpecto_limit_clock(uses, n) != NGX_OK) {
            ngx_log_error(NGX_LOG_ALERT, r->connection->log, 0,
                          "a period of a limit was over at once");
            return NGX_ERROR;
        }

        now = ngx_http_xpecto_limit_now();

        rc = xpecto_limit_decide(uses[0].items, nitems, &xlmcf->stamp, now);

        switch (rc) {

        case XPECTO_OK:
            return NGX_OK;

        case XPECTO_DECLINED:
            return NGX_DECLINED;

        default: /* XPECTO_AGAIN */
            break;
        }
    }

    ngx_log_error(NGX_LOG_ALERT, r->connection->log, 0,
                  "a decision did not come about in %d tries",
                  NGX_HTTP_XPECTO_LIMIT_TRIES);

    return NGX_ERROR;
}


/* what counts by the calendar goes on to the time; the others do not ask */

static ngx_int_t
ngx_http_xpecto_limit_clock(ngx_http_xpecto_limit_use_t *uses, ngx_uint_t n)
{
    uint64_t         usec;
    ngx_uint_t       i;
    xpecto_meter_t  *meter;

    usec = 0;

    for (i = 0; i < n; i++) {
        meter = &uses[i].policy->meter;

        if (meter->kind != XPECTO_METER_COUNT
            && meter->kind != XPECTO_METER_SLIDE
            && meter->kind != XPECTO_METER_UNIQUE)
        {
            continue;
        }

        if (usec == 0) {
            usec = ngx_http_xpecto_limit_wall();
        }

        if (meter->kind == XPECTO_METER_UNIQUE) {
            meter->count.wall = usec;
            continue;
        }

        if (!xpecto_count_clock(&meter->count, usec)) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


uint64_t
ngx_http_xpecto_limit_refund(ngx_http_xpecto_limit_use_t *use, uint64_t cost)
{
    uint64_t    given;
    ngx_uint_t  i;

    given = 0;

    if (use->policy->meter.kind == XPECTO_METER_HELD) {
        /* it ends with the request, whatever becomes of that */
        return 0;
    }

    for (i = 0; i < use->n; i++) {
        given += xpecto_limit_refund(&use->items[i], cost);
    }

    return given;
}


/* 1: b is what is told of the two: it refuses for longer, or has less left */

static ngx_uint_t
ngx_http_xpecto_limit_worse(xpecto_limit_item_t *a, xpecto_limit_item_t *b)
{
    if (a->refused != b->refused) {
        return b->refused;
    }

    return a->refused ? b->result.retry_after > a->result.retry_after
                      : b->result.remaining < a->result.remaining;
}


/* returns how many found no room */

static ngx_uint_t
ngx_http_xpecto_limit_worst(ngx_http_xpecto_limit_use_t *use, ngx_uint_t n)
{
    ngx_uint_t  i, full;

    full = 0;

    for ( /* void */ ; n > 0; n--, use++) {

        for (i = 1; i < use->n; i++) {
            if (ngx_http_xpecto_limit_worse(use->item, &use->items[i])) {
                use->item = &use->items[i];
            }
        }

        full += use->item->full;
    }

    return full;
}


/* finds the policy that the variables speak of; returns as worst() */

static ngx_uint_t
ngx_http_xpecto_limit_nearest(ngx_http_xpecto_limit_ctx_t *ctx)
{
    ngx_uint_t  i, first, last, full;

    full = ngx_http_xpecto_limit_worst(ctx->uses, ctx->enforced)
           + ngx_http_xpecto_limit_worst(&ctx->uses[ctx->trial],
                                         ctx->max - ctx->trial);

    first = 0;
    last = ctx->enforced;

    if (ctx->status == NGX_HTTP_XPECTO_LIMIT_REJECTED_DRY_RUN
        || ctx->enforced == 0)
    {
        first = ctx->trial;
        last = ctx->max;
    }

    ctx->nearest = first;

    for (i = first + 1; i < last; i++) {
        if (ngx_http_xpecto_limit_worse(ctx->uses[ctx->nearest].item,
                                        ctx->uses[i].item))
        {
            ctx->nearest = i;
        }
    }

    return full;
}


/* counts and logs */

static void
ngx_http_xpecto_limit_result(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ctx_t *ctx)
{
    ngx_uint_t                       full;
    xpecto_limit_item_t             *nearest;
    ngx_http_xpecto_limit_policy_t  *policy;

    if (ctx->status == NGX_HTTP_XPECTO_LIMIT_PASSED && ctx->max == 1
        && ctx->uses->n == 1 && !ctx->uses->item->full)
    {
        ctx->nearest = 0;
        ngx_xpecto_count_request(r, NGX_XPECTO_LIMIT_PASSED);
        return;
    }

    full = ngx_http_xpecto_limit_nearest(ctx);

    for ( /* void */ ; full != 0; full--) {
        ngx_xpecto_count_request(r, NGX_XPECTO_LIMIT_FULL);
    }

    nearest = ctx->uses[ctx->nearest].item;
    policy = ctx->uses[ctx->nearest].policy;

    switch (ctx->status) {

    case NGX_HTTP_XPECTO_LIMIT_REJECTED:
        ngx_xpecto_count_request(r, NGX_XPECTO_LIMIT_REJECTED);

        ngx_log_error(NGX_LOG_WARN, r->connection->log, 0,
                      "limiting requests, policy \"%V\" of zone \"%V\"%s",
                      &policy->name, policy->zone,
                      nearest->full ? ", which is full" : "");
        break;

    case NGX_HTTP_XPECTO_LIMIT_REJECTED_DRY_RUN:
        ngx_xpecto_count_request(r, NGX_XPECTO_LIMIT_REJECTED_DRY_RUN);

        ngx_log_error(NGX_LOG_WARN, r->connection->log, 0,
                      "limiting requests, dry run, policy \"%V\" of zone "
                      "\"%V\"%s",
                      &policy->name, policy->zone,
                      nearest->full ? ", which is full" : "");
        break;

    default: /* NGX_HTTP_XPECTO_LIMIT_PASSED */
        ngx_xpecto_count_request(r, NGX_XPECTO_LIMIT_PASSED);
        break;
    }
}
