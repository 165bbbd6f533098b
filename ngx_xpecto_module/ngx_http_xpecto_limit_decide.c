
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_limit.h"


/* a decision starts again if another process was faster: seldom once */

#define NGX_HTTP_XPECTO_LIMIT_TRIES  1000


static ngx_int_t ngx_http_xpecto_limit_request(ngx_http_request_t *r);
static ngx_int_t ngx_http_xpecto_limit_collect(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ctx_t *ctx);
static ngx_int_t ngx_http_xpecto_limit_collect_plan(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ctx_t *ctx, ngx_http_xpecto_limit_t *limit,
    ngx_xpecto_tenant_t *tenant, ngx_uint_t dry_run);
static xpecto_limit_item_t *ngx_http_xpecto_limit_add(
    ngx_http_xpecto_limit_ctx_t *ctx, ngx_http_xpecto_limit_t *limit,
    ngx_str_t *name, ngx_str_t *text, ngx_uint_t status, ngx_uint_t trial);
static ngx_int_t ngx_http_xpecto_limit_key(ngx_http_request_t *r,
    ngx_http_xpecto_limit_t *limit, ngx_str_t *key, u_char *buf);
static void ngx_http_xpecto_limit_address(ngx_http_request_t *r,
    ngx_str_t *key, u_char *buf);
static ngx_int_t ngx_http_xpecto_limit_cost(ngx_http_request_t *r,
    ngx_http_xpecto_limit_t *limit, uint64_t *cost);
static ngx_int_t ngx_http_xpecto_limit_decide(ngx_http_request_t *r,
    xpecto_limit_item_t *items, ngx_uint_t n);
static ngx_int_t ngx_http_xpecto_limit_clock(xpecto_limit_item_t *items,
    ngx_uint_t n);
static void ngx_http_xpecto_limit_result(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ctx_t *ctx);


/* decides where the header is enough */

ngx_int_t
ngx_http_xpecto_limit_handler(ngx_http_request_t *r)
{
    ngx_http_xpecto_limit_conf_t  *xlcf;

    xlcf = ngx_http_get_module_loc_conf(r, ngx_http_xpecto_limit_module);

    if (r != r->main || xlcf->limits == NULL || xlcf->recipients) {
        return NGX_DECLINED;
    }

    return ngx_http_xpecto_limit_request(r);
}


/* decides where the cost is in the body: all policies together, here */

ngx_int_t
ngx_http_xpecto_limit_late_handler(ngx_http_request_t *r)
{
    ngx_int_t                      rc;
    ngx_http_xpecto_limit_conf_t  *xlcf;

    xlcf = ngx_http_get_module_loc_conf(r, ngx_http_xpecto_limit_module);

    if (r != r->main || !xlcf->recipients) {
        return NGX_DECLINED;
    }

    rc = ngx_xpecto_message_read(r);

    if (rc != NGX_OK) {
        return rc;
    }

    return ngx_http_xpecto_limit_request(r);
}


/*
 * Once per request, also over internal redirects: the context survives them.
 * The items stay in it, so that a store that answers later may return
 * NGX_AGAIN here and be asked again when the phases go on.
 */

static ngx_int_t
ngx_http_xpecto_limit_request(ngx_http_request_t *r)
{
    ngx_int_t                       rc;
    ngx_http_xpecto_limit_ctx_t    *ctx;
    ngx_http_xpecto_limit_conf_t   *xlcf;
    ngx_http_xpecto_limit_status_e  status;

    ctx = ngx_xpecto_get_ctx(r, &ngx_http_xpecto_limit_module);

    if (ctx == NULL) {
        ctx = ngx_xpecto_create_ctx(r, &ngx_http_xpecto_limit_module,
                                    sizeof(ngx_http_xpecto_limit_ctx_t));
        if (ctx == NULL) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }
    }

    if (ctx->status != NGX_HTTP_XPECTO_LIMIT_NONE) {
        return NGX_DECLINED;
    }

    if (ctx->items == NULL
        && ngx_http_xpecto_limit_collect(r, ctx) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ctx->enforced == 0 && ctx->trial == ctx->max) {
        /* no key has a value; the next location may have others */
        ctx->items = NULL;
        return NGX_DECLINED;
    }

    status = NGX_HTTP_XPECTO_LIMIT_PASSED;

    rc = ngx_http_xpecto_limit_decide(r, ctx->items, ctx->enforced);

    if (rc == NGX_DECLINED) {
        status = NGX_HTTP_XPECTO_LIMIT_REJECTED;

    } else if (rc == NGX_OK) {

        /* what is on trial counts what has really passed */

        rc = ngx_http_xpecto_limit_decide(r, &ctx->items[ctx->trial],
                                          ctx->max - ctx->trial);

        if (rc == NGX_DECLINED) {
            status = NGX_HTTP_XPECTO_LIMIT_REJECTED_DRY_RUN;
        }
    }

    if (rc == NGX_ERROR) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    xlcf = ngx_http_get_module_loc_conf(r, ngx_http_xpecto_limit_module);

    ctx->status = status;
    ctx->headers = xlcf->headers;

    ngx_http_xpecto_limit_result(r, ctx);

    if (status == NGX_HTTP_XPECTO_LIMIT_REJECTED) {
        return ngx_http_xpecto_limit_refuse(r, ctx);
    }

    return NGX_DECLINED;
}


static ngx_int_t
ngx_http_xpecto_limit_collect(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ctx_t *ctx)
{
    u_char                         buf[1 + XPECTO_NAME_MAX];
    uint64_t                       cost;
    ngx_str_t                      key;
    ngx_uint_t                     i, n, nplan, dry_run, trial;
    xpecto_str_t                   policy;
    xpecto_limit_item_t           *item;
    ngx_xpecto_tenant_t           *tenant;
    ngx_http_xpecto_limit_t      **limit;
    ngx_http_xpecto_limit_conf_t  *xlcf;
    ngx_http_xpecto_limit_zone_t  *zone;

    xlcf = ngx_http_get_module_loc_conf(r, ngx_http_xpecto_limit_module);

    limit = xlcf->limits->elts;
    n = xlcf->limits->nelts;

    tenant = ngx_xpecto_tenant(r);

    nplan = (tenant != NULL && tenant->state == NGX_XPECTO_TENANT_KNOWN)
            ? tenant->plan->nlimits : 0;

    ctx->max = n + nplan;

    ctx->items = ngx_pcalloc(r->pool, ctx->max
                                  * (sizeof(xpecto_limit_item_t)
                                     + sizeof(ngx_http_xpecto_limit_policy_t)));
    if (ctx->items == NULL) {
        return NGX_ERROR;
    }

    ctx->policies = (ngx_http_xpecto_limit_policy_t *) &ctx->items[ctx->max];

    ctx->enforced = 0;
    ctx->trial = ctx->max;

    dry_run = xlcf->dry_run
              || (tenant != NULL && tenant->state == NGX_XPECTO_TENANT_KNOWN
                  && tenant->tenant->dry_run);

    for (i = 0; i < n; i++) {

        if (limit[i]->rate.len == 0) {

            if (nplan != 0
                && ngx_http_xpecto_limit_collect_plan(r, ctx, limit[i],
                                                      tenant, dry_run)
                   != NGX_OK)
            {
                return NGX_ERROR;
            }

            continue;
        }

        if (ngx_http_xpecto_limit_key(r, limit[i], &key, buf) != NGX_OK) {
            return NGX_ERROR;
        }

        if (key.len == 0) {
            continue;
        }

        if (ngx_http_xpecto_limit_cost(r, limit[i], &cost) != NGX_OK) {
            return NGX_ERROR;
        }

        zone = limit[i]->shm_zone->data;
        policy.len = sizeof(limit[i]->id);
        policy.data = limit[i]->id;

        trial = dry_run || limit[i]->dry_run
                || !ngx_http_xpecto_limit_enforced(r, zone, limit[i]->enforce,
                                                   &policy);

        item = ngx_http_xpecto_limit_add(ctx, limit[i], &limit[i]->name,
                                         &limit[i]->policy, limit[i]->status,
                                         trial);

        item->tag = xpecto_limit_tag(zone->sh->secret, XPECTO_CELL_TAT,
                                     &policy, key.data, key.len);
        item->gcra = limit[i]->gcra;
        item->cost = cost;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_limit_collect_plan(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ctx_t *ctx, ngx_http_xpecto_limit_t *limit,
    ngx_xpecto_tenant_t *tenant, ngx_uint_t dry_run)
{
    u_char                         id[2 + XPECTO_NAME_MAX + 6], *p;
    uint64_t                       cost;
    ngx_str_t                      name, text;
    ngx_uint_t                     i, trial;
    xpecto_str_t                   policy;
    xpecto_name_t                 *who;
    xpecto_plan_t                 *plan;
    xpecto_limit_t                *l;
    xpecto_limit_item_t           *item;
    ngx_http_xpecto_limit_zone_t  *zone;

    if (ngx_http_xpecto_limit_cost(r, limit, &cost) != NGX_OK) {
        return NGX_ERROR;
    }

    zone = limit->shm_zone->data;
    plan = tenant->plan;
    who = &tenant->tenant->name;

    id[0] = 'p';
    policy.data = id;

    for (i = 0; i < plan->nlimits; i++) {
        l = &plan->limits[i];

        name.len = l->name.len;
        name.data = l->name.data;
        text.len = l->policy_len;
        text.data = l->policy;

        id[1] = l->name.len;
        p = ngx_cpymem(&id[2], name.data, name.len);

        /* a count of another period is another one, as is no count */

        *p++ = (u_char) l->meter;
        *p++ = (u_char) l->per;
        p = ngx_cpymem(p, &l->count.length, sizeof(uint32_t));
        policy.len = p - id;

        trial = dry_run || limit->dry_run || l->dry_run
                || !ngx_http_xpecto_limit_enforced(r, zone, l->enforce,
                                                   &policy);

        item = ngx_http_xpecto_limit_add(ctx, limit, &name, &text, l->status,
                                         trial);

        item->tag = xpecto_limit_tag(zone->sh->secret,
                                     xpecto_limit_cell(l->meter), &policy,
                                     who->data, who->len);
        item->meter = l->meter;
        item->gcra = l->gcra;
        item->count = l->count;
        item->cost = cost;
    }

    return NGX_OK;
}


static xpecto_limit_item_t *
ngx_http_xpecto_limit_add(ngx_http_xpecto_limit_ctx_t *ctx,
    ngx_http_xpecto_limit_t *limit, ngx_str_t *name, ngx_str_t *text,
    ngx_uint_t status, ngx_uint_t trial)
{
    ngx_uint_t                       i;
    xpecto_limit_item_t             *item;
    ngx_http_xpecto_limit_zone_t    *zone;
    ngx_http_xpecto_limit_policy_t  *policy;

    i = trial ? --ctx->trial : ctx->enforced++;

    zone = limit->shm_zone->data;
    zone->cells.wall = ngx_time();

    policy = &ctx->policies[i];
    policy->name = *name;
    policy->text = *text;
    policy->zone = &zone->name;
    policy->status = status;

    item = &ctx->items[i];
    item->cells = &zone->cells;
    item->deny_full = limit->deny_full;

    return item;
}


/* buf has room for one byte and a name */

static ngx_int_t
ngx_http_xpecto_limit_key(ngx_http_request_t *r,
    ngx_http_xpecto_limit_t *limit, ngx_str_t *key, u_char *buf)
{
    ngx_xpecto_tenant_t  *tenant;

    if (limit->key != NULL) {
        return ngx_http_complex_value(r, limit->key, key);
    }

    tenant = ngx_xpecto_tenant(r);

    if (tenant == NULL || tenant->state != NGX_XPECTO_TENANT_KNOWN) {
        ngx_http_xpecto_limit_address(r, key, buf);
        return NGX_OK;
    }

    buf[0] = 't';
    ngx_memcpy(&buf[1], tenant->tenant->name.data, tenant->tenant->name.len);

    key->data = buf;
    key->len = 1 + tenant->tenant->name.len;

    return NGX_OK;
}


/* a subscriber has at least a /64 of IPv6 */

static void
ngx_http_xpecto_limit_address(ngx_http_request_t *r, ngx_str_t *key,
    u_char *buf)
{
    struct sockaddr_in   *sin;
#if (NGX_HAVE_INET6)
    u_char               *p;
    struct sockaddr_in6  *sin6;
#endif

    key->data = buf;

    switch (r->connection->sockaddr->sa_family) {

#if (NGX_HAVE_INET6)
    case AF_INET6:
        sin6 = (struct sockaddr_in6 *) r->connection->sockaddr;
        p = sin6->sin6_addr.s6_addr;

        if (IN6_IS_ADDR_V4MAPPED(&sin6->sin6_addr)) {
            buf[0] = '4';
            ngx_memcpy(&buf[1], &p[12], 4);
            key->len = 5;

        } else {
            buf[0] = '6';
            ngx_memcpy(&buf[1], p, 8);
            key->len = 9;
        }

        break;
#endif

    case AF_INET:
        sin = (struct sockaddr_in *) r->connection->sockaddr;

        buf[0] = '4';
        ngx_memcpy(&buf[1], &sin->sin_addr.s_addr, 4);
        key->len = 5;
        break;

    default: /* AF_UNIX: all are one */
        buf[0] = 'u';
        key->len = 1;
        break;
    }
}


static ngx_int_t
ngx_http_xpecto_limit_cost(ngx_http_request_t *r,
    ngx_http_xpecto_limit_t *limit, uint64_t *cost)
{
    ngx_int_t              n;
    ngx_str_t              value;
    ngx_xpecto_message_t  *message;

    *cost = 1;

    if (limit->recipients) {
        message = ngx_xpecto_message(r);

        if (message != NULL && !message->unreadable) {
            *cost = message->recipients.nelts;
        }

        return NGX_OK;
    }

    if (limit->cost == NULL) {
        return NGX_OK;
    }

    if (ngx_http_complex_value(r, limit->cost, &value) != NGX_OK) {
        return NGX_ERROR;
    }

    n = ngx_atoi(value.data, value.len);

    if (n == NGX_ERROR) {
        ngx_log_error(NGX_LOG_INFO, r->connection->log, 0,
                      "invalid cost in zone \"%V\", counted as 1",
                      &limit->shm_zone->shm.name);
        return NGX_OK;
    }

    *cost = n;

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_limit_decide(ngx_http_request_t *r, xpecto_limit_item_t *items,
    ngx_uint_t n)
{
    xpecto_rc_e                         rc;
    ngx_uint_t                          i;
    ngx_http_xpecto_limit_main_conf_t  *xlmcf;

    if (n == 0) {
        return NGX_OK;
    }

    xlmcf = ngx_http_get_module_main_conf(r, ngx_http_xpecto_limit_module);

    for (i = 0; i < NGX_HTTP_XPECTO_LIMIT_TRIES; i++) {

        if (ngx_http_xpecto_limit_clock(items, n) != NGX_OK) {
            ngx_log_error(NGX_LOG_ALERT, r->connection->log, 0,
                          "a period of a limit was over at once");
            return NGX_ERROR;
        }

        rc = xpecto_limit_decide(items, n, &xlmcf->stamp,
                                 ngx_http_xpecto_limit_now());

        switch (rc) {

        case XPECTO_OK:
            return NGX_OK;

        case XPECTO_DECLINED:
            return NGX_DECLINED;

        case XPECTO_AGAIN:
            continue;

        default: /* XPECTO_ERROR */
            ngx_log_error(NGX_LOG_ALERT, r->connection->log, 0,
                          "two policies of a request have one cell");
            return NGX_ERROR;
        }
    }

    ngx_log_error(NGX_LOG_ALERT, r->connection->log, 0,
                  "a decision did not come about in %d tries",
                  NGX_HTTP_XPECTO_LIMIT_TRIES);

    return NGX_ERROR;
}


/* what counts by the calendar goes on to the time; the others do not ask */

static ngx_int_t
ngx_http_xpecto_limit_clock(xpecto_limit_item_t *items, ngx_uint_t n)
{
    uint64_t    usec;
    ngx_uint_t  i;

    usec = 0;

    for (i = 0; i < n; i++) {

        if (xpecto_limit_cell(items[i].meter) == XPECTO_CELL_TAT) {
            continue;
        }

        if (usec == 0) {
            usec = ngx_http_xpecto_limit_wall();
        }

        if (!xpecto_count_clock(&items[i].count, usec)) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* counts, logs, and finds the policy that the variables speak of */

static void
ngx_http_xpecto_limit_result(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ctx_t *ctx)
{
    ngx_uint_t                       i, n, first, last;
    xpecto_limit_item_t             *item, *nearest;
    ngx_http_xpecto_limit_policy_t  *policy;

    for (i = 0; i < ctx->max; i++) {
        if (ctx->items[i].full) {
            ngx_xpecto_count_request(r, NGX_XPECTO_LIMIT_FULL);
        }
    }

    first = 0;
    last = ctx->enforced;

    if (ctx->status == NGX_HTTP_XPECTO_LIMIT_REJECTED_DRY_RUN
        || ctx->enforced == 0)
    {
        first = ctx->trial;
        last = ctx->max;
    }

    nearest = NULL;

    for (i = first; i < last; i++) {
        item = &ctx->items[i];

        if (nearest == NULL
            || item->refused > nearest->refused
            || (item->refused == nearest->refused
                && (item->refused
                    ? item->result.retry_after > nearest->result.retry_after
                    : item->result.remaining < nearest->result.remaining)))
        {
            nearest = item;
        }
    }

    n = nearest - ctx->items;
    ctx->nearest = n;
    policy = &ctx->policies[n];

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
