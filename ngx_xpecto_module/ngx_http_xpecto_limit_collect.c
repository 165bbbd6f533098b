
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_limit.h"


/* what a worker has made of a plan for one xpecto_limit */

typedef struct ngx_http_xpecto_limit_made_s  ngx_http_xpecto_limit_made_t;

struct ngx_http_xpecto_limit_made_s {
    ngx_http_xpecto_limit_t         *limit;
    ngx_http_xpecto_limit_policy_t  *policies;
    ngx_http_xpecto_limit_made_t    *next;
};


static void ngx_http_xpecto_limit_facts(ngx_http_request_t *r,
    ngx_http_xpecto_limit_facts_t *facts, ngx_uint_t late);
static ngx_int_t ngx_http_xpecto_limit_collect_plan(
    ngx_http_xpecto_limit_ctx_t *ctx, ngx_http_xpecto_limit_facts_t *facts,
    ngx_http_xpecto_limit_t *limit, ngx_uint_t trial);
static ngx_int_t ngx_http_xpecto_limit_use(ngx_http_xpecto_limit_ctx_t *ctx,
    ngx_http_xpecto_limit_facts_t *facts,
    ngx_http_xpecto_limit_policy_t *policy, ngx_uint_t trial);
static ngx_int_t ngx_http_xpecto_limit_lead(
    ngx_http_xpecto_limit_facts_t *facts);
static ngx_int_t ngx_http_xpecto_limit_unread(
    ngx_http_xpecto_limit_facts_t *facts,
    ngx_http_xpecto_limit_policy_t *policy, ngx_uint_t trial);
static ngx_uint_t ngx_http_xpecto_limit_by_recipient(
    ngx_http_xpecto_limit_policy_t *policy);
static ngx_uint_t ngx_http_xpecto_limit_early(
    ngx_http_xpecto_limit_facts_t *facts,
    ngx_http_xpecto_limit_policy_t *policy);
static ngx_int_t ngx_http_xpecto_limit_cost(
    ngx_http_xpecto_limit_facts_t *facts,
    ngx_http_xpecto_limit_policy_t *policy, uint64_t *cost);
static ngx_int_t ngx_http_xpecto_limit_items(ngx_http_xpecto_limit_ctx_t *ctx,
    ngx_http_xpecto_limit_facts_t *facts);
static xpecto_limit_item_t *ngx_http_xpecto_limit_item(
    ngx_http_xpecto_limit_use_t *use, ngx_http_xpecto_limit_facts_t *facts,
    xpecto_limit_item_t *item);
static void ngx_http_xpecto_limit_calendar(
    ngx_http_xpecto_limit_policy_t *policies, xpecto_plan_t *plan);
static ngx_int_t ngx_http_xpecto_limit_list(xpecto_limit_item_t *item,
    ngx_http_xpecto_limit_facts_t *facts);
static void ngx_http_xpecto_limit_make(ngx_http_xpecto_limit_policy_t *policy,
    ngx_http_xpecto_limit_t *limit, xpecto_limit_t *l, u_char *id);


ngx_int_t
ngx_http_xpecto_limit_collect(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ctx_t *ctx, ngx_uint_t late)
{
    ngx_int_t                       rc;
    ngx_uint_t                      i, n, nplan, trial, max;
    ngx_xpecto_tenant_t            *tenant;
    ngx_http_xpecto_limit_t       **limit;
    ngx_http_xpecto_limit_conf_t   *xlcf;
    ngx_http_xpecto_limit_use_t    *uses;
    ngx_http_xpecto_limit_facts_t   facts;

    xlcf = ngx_http_get_module_loc_conf(r, ngx_http_xpecto_limit_module);

    limit = xlcf->limits->elts;
    n = xlcf->limits->nelts;

    ngx_http_xpecto_limit_facts(r, &facts, late);

    tenant = facts.tenant;
    trial = xlcf->dry_run;
    nplan = 0;

    if (tenant != NULL && tenant->state == NGX_XPECTO_TENANT_KNOWN) {
        nplan = tenant->plan->nlimits;
        trial |= tenant->tenant->dry_run;
    }

    max = n + nplan + ctx->early + ctx->early_trial;

    uses = ngx_palloc(r->pool, max * sizeof(ngx_http_xpecto_limit_use_t));
    if (uses == NULL) {
        return NGX_ERROR;
    }

    if (ctx->uses != NULL) {
        ngx_memcpy(uses, ctx->uses,
                   ctx->early * sizeof(ngx_http_xpecto_limit_use_t));
        ngx_memcpy(&uses[max - ctx->early_trial],
                   &ctx->uses[ctx->max - ctx->early_trial],
                   ctx->early_trial * sizeof(ngx_http_xpecto_limit_use_t));
    }

    ctx->uses = uses;
    ctx->max = max;
    ctx->enforced = ctx->early;
    ctx->trial = max - ctx->early_trial;
    ctx->late = 0;

    for (i = 0; i < n; i++) {

        ngx_http_xpecto_limit_enter(&facts, limit[i]->shm_zone->data);

        if (limit[i]->kind.len != 0) {
            ngx_http_xpecto_limit_follow(limit[i]);

            rc = ngx_http_xpecto_limit_use(ctx, &facts, &limit[i]->policy,
                                           trial);

        } else {
            rc = (nplan == 0) ? NGX_OK
                              : ngx_http_xpecto_limit_collect_plan(ctx,
                                                    &facts, limit[i], trial);
        }

        if (rc != NGX_OK) {
            return NGX_ERROR;
        }
    }

    if (tenant != NULL && tenant->state == NGX_XPECTO_TENANT_KNOWN
        && !facts.varies)
    {
        ngx_http_xpecto_limit_keep(r, tenant, ctx);
    }

    return ngx_http_xpecto_limit_items(ctx, &facts);
}


static void
ngx_http_xpecto_limit_facts(ngx_http_request_t *r,
    ngx_http_xpecto_limit_facts_t *facts, ngx_uint_t late)
{
    ngx_xpecto_message_t  *message;

    ngx_memzero(facts, sizeof(ngx_http_xpecto_limit_facts_t));

    facts->request = r;
    facts->sockaddr = r->connection->sockaddr;
    facts->tenant = ngx_xpecto_tenant(r);
    facts->late = late;
    facts->load.messages = 1;

    if (r->headers_in.content_length_n > 0) {
        facts->load.bytes = r->headers_in.content_length_n;

    } else if (r->headers_in.chunked) {
        /* unless the message room has read it: more than any limit has */
        facts->load.bytes = (uint64_t) NGX_MAX_OFF_T_VALUE;
    }

    if (!late) {
        return;
    }

    message = ngx_xpecto_message(r);

    if (message != NULL && !message->unreadable) {
        facts->load.bytes = message->size;
        facts->load.messages = message->recipients.nelts;
        facts->load.type = ngx_xpecto_str(&message->type);
    }
}


static ngx_int_t
ngx_http_xpecto_limit_collect_plan(ngx_http_xpecto_limit_ctx_t *ctx,
    ngx_http_xpecto_limit_facts_t *facts, ngx_http_xpecto_limit_t *limit,
    ngx_uint_t trial)
{
    ngx_uint_t                       i;
    ngx_http_xpecto_limit_policy_t  *policies;

    policies = ngx_http_xpecto_limit_plan(limit, facts->tenant->known);
    if (policies == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < facts->tenant->plan->nlimits; i++) {

        if (ngx_http_xpecto_limit_use(ctx, facts, &policies[i], trial)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_limit_use(ngx_http_xpecto_limit_ctx_t *ctx,
    ngx_http_xpecto_limit_facts_t *facts,
    ngx_http_xpecto_limit_policy_t *policy, ngx_uint_t trial)
{
    uint64_t                      hash[2];
    ngx_int_t                     rc;
    ngx_uint_t                    n;
    ngx_http_request_t           *r;
    ngx_http_xpecto_limit_use_t  *use;

    r = facts->request;

    if (!ngx_http_xpecto_limit_constant(policy)) {
        facts->varies = 1;
    }

    if ((policy->endpoints != 0 || policy->scope != XPECTO_SCOPE_TENANT)
        && ngx_http_xpecto_limit_lead(facts) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (policy->endpoints != 0
        && !(policy->endpoints & 1u << facts->target.endpoint))
    {
        return NGX_OK;
    }

    if (ngx_http_xpecto_limit_early(facts, policy) == facts->late) {
        ctx->late = !facts->late;

        return (facts->late || !policy->of_body)
               ? NGX_OK : ngx_http_xpecto_limit_unread(facts, policy, trial);
    }

    n = 1;
    rc = NGX_OK;

    if (ngx_http_xpecto_limit_by_recipient(policy)
        || policy->meter.kind == XPECTO_METER_UNIQUE)
    {
        if (ngx_http_xpecto_limit_recipients(facts) != NGX_OK) {
            return NGX_ERROR;
        }

        if (facts->nrecipients == 0) {
            rc = NGX_DECLINED;
        }
    }

    if (ngx_http_xpecto_limit_by_recipient(policy)) {
        n = facts->nrecipients;

    } else if (rc == NGX_OK) {
        rc = ngx_http_xpecto_limit_value(facts, policy, hash);
    }

    if (rc != NGX_OK) {
        return (rc == NGX_DECLINED) ? NGX_OK : NGX_ERROR;
    }

    trial = trial || policy->dry_run
            || !ngx_http_xpecto_limit_enforced(r, facts->zone, policy);

    use = &ctx->uses[trial ? --ctx->trial : ctx->enforced++];

    use->policy = policy;
    use->n = n;

    if (ngx_http_xpecto_limit_by_recipient(policy)) {
        return NGX_OK;
    }

    use->tag = xpecto_meter_tag(&policy->meter, hash);

    switch (policy->meter.kind) {

    case XPECTO_METER_HELD:
        use->cost = 1;
        return NGX_OK;

    case XPECTO_METER_UNIQUE:
        use->cost = facts->nrecipients;
        return NGX_OK;

    default:
        return ngx_http_xpecto_limit_cost(facts, policy, &use->cost);
    }
}


static ngx_int_t
ngx_http_xpecto_limit_lead(ngx_http_xpecto_limit_facts_t *facts)
{
    if (facts->targeted) {
        return NGX_OK;
    }

    facts->targeted = 1;

    return ngx_http_xpecto_limit_target(facts->request, &facts->target);
}


ngx_int_t
ngx_http_xpecto_limit_target(ngx_http_request_t *r, xpecto_target_t *target)
{
    xpecto_str_t     path;
    xpecto_target_t  plain;

    xpecto_target(target, r->uri.data, r->uri.len);

    if (target->endpoint != XPECTO_ENDPOINT_OTHER && target->id.len != 0) {
        return NGX_OK;
    }

    path = ngx_xpecto_str(&r->uri);

    if (ngx_xpecto_plain_path(r, &path) == NGX_ERROR) {
        return NGX_ERROR;
    }

    if (path.data == r->uri.data) {
        return NGX_OK;
    }

    xpecto_target(&plain, path.data, path.len);

    if (plain.endpoint != XPECTO_ENDPOINT_OTHER) {
        *target = plain;
    }

    return NGX_OK;
}


/*
 * A policy that counts by messages, where the room that reads them is off and
 * the request may carry one: nobody would be counted.  A file of plans cannot
 * know where they are used, so it is found out here.
 */

static ngx_int_t
ngx_http_xpecto_limit_unread(ngx_http_xpecto_limit_facts_t *facts,
    ngx_http_xpecto_limit_policy_t *policy, ngx_uint_t trial)
{
    ngx_uint_t           pass;
    ngx_http_request_t  *r;

    r = facts->request;

    if (ngx_xpecto_message(r) != NULL || ngx_xpecto_message_pending(r)
        || (r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD|NGX_HTTP_OPTIONS)))
    {
        return NGX_OK;
    }

    if (ngx_http_xpecto_limit_lead(facts) != NGX_OK) {
        return NGX_ERROR;
    }

    switch (facts->target.endpoint) {

    case XPECTO_ENDPOINT_MESSAGES:
    case XPECTO_ENDPOINT_MARKETING:
    case XPECTO_ENDPOINT_OTHER:
        break;

    default: /* no message goes there */
        return NGX_OK;
    }

    ngx_xpecto_count_request(r, NGX_XPECTO_LIMIT_UNREAD);

    pass = policy->unread || trial || policy->dry_run
           || !ngx_http_xpecto_limit_enforced(r, facts->zone, policy);

    if (!pass || !policy->said) {
        policy->said |= pass;

        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "policy \"%V\" counts by what a message says, but here "
                      "\"xpecto_message\" is off: it %s",
                      &policy->name, pass ? "counts nothing" : "refuses");
    }

    return pass ? NGX_OK : NGX_ERROR;
}


/* 1: the policy has an item for each recipient */

static ngx_uint_t
ngx_http_xpecto_limit_by_recipient(ngx_http_xpecto_limit_policy_t *policy)
{
    return policy->key == NULL && policy->scope == XPECTO_SCOPE_RECIPIENT;
}


/* 1: the header tells all that the policy asks for */

static ngx_uint_t
ngx_http_xpecto_limit_early(ngx_http_xpecto_limit_facts_t *facts,
    ngx_http_xpecto_limit_policy_t *policy)
{
    if (policy->of_body) {
        return 0;
    }

    return (policy->weight.kind != XPECTO_WEIGHT_BYTES
            && policy->weight.kind != XPECTO_WEIGHT_KBYTES)
           || !facts->request->headers_in.chunked;
}


static ngx_int_t
ngx_http_xpecto_limit_cost(ngx_http_xpecto_limit_facts_t *facts,
    ngx_http_xpecto_limit_policy_t *policy, uint64_t *cost)
{
    ngx_int_t  n;
    ngx_str_t  value;

    if (policy->cost == NULL) {
        *cost = xpecto_weight(&policy->weight, &facts->load);
        return NGX_OK;
    }

    if (ngx_http_complex_value(facts->request, policy->cost, &value)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    n = ngx_atoi(value.data, value.len);

    if (n == NGX_ERROR) {
        ngx_log_error(NGX_LOG_INFO, facts->request->connection->log, 0,
                      "invalid cost in zone \"%V\", counted as 1",
                      policy->zone);
        n = 1;
    }

    *cost = n;

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_limit_items(ngx_http_xpecto_limit_ctx_t *ctx,
    ngx_http_xpecto_limit_facts_t *facts)
{
    size_t                n;
    ngx_uint_t            i, last;
    xpecto_limit_item_t  *item, *items;

    n = 0;
    last = ctx->max - ctx->early_trial;

    for (i = ctx->early; i < ctx->enforced; i++) {
        n += ctx->uses[i].n;
    }

    for (i = ctx->trial; i < last; i++) {
        n += ctx->uses[i].n;
    }

    if (n == 0) {
        return NGX_OK;
    }

    items = ngx_pcalloc(facts->request->pool,
                        n * sizeof(xpecto_limit_item_t));
    if (items == NULL) {
        return NGX_ERROR;
    }

    item = items;

    for (i = ctx->early; i < ctx->enforced; i++) {
        item = ngx_http_xpecto_limit_item(&ctx->uses[i], facts, item);

        if (item == NULL) {
            return NGX_ERROR;
        }
    }

    for (i = ctx->trial; i < last; i++) {
        item = ngx_http_xpecto_limit_item(&ctx->uses[i], facts, item);

        if (item == NULL) {
            return NGX_ERROR;
        }
    }

    xpecto_limit_ahead(items, n);

    return NGX_OK;
}


/* what goes to one recipient is a load of its own */

static xpecto_limit_item_t *
ngx_http_xpecto_limit_item(ngx_http_xpecto_limit_use_t *use,
    ngx_http_xpecto_limit_facts_t *facts, xpecto_limit_item_t *item)
{
    uint64_t                            hash[2], phone[2];
    ngx_uint_t                          i;
    xpecto_load_t                       load;
    xpecto_weight_t                     weight;
    ngx_http_xpecto_limit_policy_t     *policy;
    ngx_http_xpecto_limit_recipient_t  *recipient;

    policy = use->policy;
    use->items = item;
    use->item = item;

    if (!ngx_http_xpecto_limit_by_recipient(policy)) {
        item->meter = &policy->meter;
        item->tag = use->tag;
        item->cost = use->cost;

        if (policy->meter.kind == XPECTO_METER_UNIQUE) {
            ngx_http_xpecto_limit_enter(facts, policy->in);

            if (ngx_http_xpecto_limit_list(item, facts) != NGX_OK) {
                return NULL;
            }
        }

        return item + 1;
    }

    ngx_http_xpecto_limit_enter(facts, policy->in);

    if (ngx_http_xpecto_limit_recipients(facts) != NGX_OK) {
        return NULL;
    }

    load = facts->load;
    weight = policy->weight;

    if (weight.kind == XPECTO_WEIGHT_NONE) {
        weight.kind = XPECTO_WEIGHT_RECIPIENTS;
    }

    recipient = facts->recipients;

    /* a pair is of two numbers: both hashes are as good as random */

    ngx_memzero(phone, sizeof(phone));

    if (policy->meter.kind == XPECTO_METER_PAIR
        && facts->target.phone.len != 0)
    {
        xpecto_meter_value(phone, facts->zone->sh->secret, facts->owner, 'n',
                           facts->target.phone.data,
                           facts->target.phone.len);
    }

    for (i = 0; i < use->n; i++) {
        load.messages = recipient[i].messages;

        hash[0] = recipient[i].hash[0] ^ phone[0];
        hash[1] = recipient[i].hash[1] ^ phone[1];

        item[i].meter = &policy->meter;
        item[i].tag = xpecto_meter_tag(&policy->meter, hash);
        item[i].cost = xpecto_weight(&weight, &load);
    }

    return item + use->n;
}


/* whom a request writes to, for a policy that counts them */

static ngx_int_t
ngx_http_xpecto_limit_list(xpecto_limit_item_t *item,
    ngx_http_xpecto_limit_facts_t *facts)
{
    size_t                  size;
    uint64_t                hash[2];
    ngx_uint_t              i;
    xpecto_unique_list_t   *list;

    if (ngx_http_xpecto_limit_recipients(facts) != NGX_OK) {
        return NGX_ERROR;
    }

    size = sizeof(xpecto_unique_list_t)
           + facts->nrecipients * sizeof(xpecto_unique_entry_t);

    list = ngx_pcalloc(facts->request->pool, size);
    if (list == NULL) {
        return NGX_ERROR;
    }

    list->n = facts->nrecipients;
    list->entries = (xpecto_unique_entry_t *) (list + 1);

    /* whom one value has written to another has not: the tag is of it */

    for (i = 0; i < list->n; i++) {
        hash[0] = facts->recipients[i].hash[0] ^ item->tag;
        hash[1] = facts->recipients[i].hash[1];

        xpecto_meter_hash(item->meter, hash, list->entries[i].hash);
    }

    item->list = list;

    return NGX_OK;
}


ngx_http_xpecto_limit_policy_t *
ngx_http_xpecto_limit_plan(ngx_http_xpecto_limit_t *limit,
    ngx_xpecto_plan_t *plan)
{
    u_char                        *id;
    ngx_uint_t                     i, n;
    ngx_http_xpecto_limit_made_t  *made;

    for (made = plan->limits; made != NULL; made = made->next) {
        if (made->limit == limit) {
            ngx_http_xpecto_limit_calendar(made->policies, plan->plan);
            return made->policies;
        }
    }

    n = plan->plan->nlimits;

    made = ngx_palloc(plan->pool, sizeof(ngx_http_xpecto_limit_made_t));
    if (made == NULL) {
        return NULL;
    }

    made->limit = limit;
    made->policies = ngx_pcalloc(plan->pool,
                                 n * (sizeof(ngx_http_xpecto_limit_policy_t)
                                      + XPECTO_LIMIT_POLICY_MAX
                                      + NGX_HTTP_XPECTO_LIMIT_LEFT));
    if (made->policies == NULL) {
        return NULL;
    }

    id = (u_char *) &made->policies[n];

    for (i = 0; i < n; i++) {
        ngx_http_xpecto_limit_make(&made->policies[i], limit,
                                   &plan->plan->limits[i], id);
        id += XPECTO_LIMIT_POLICY_MAX + NGX_HTTP_XPECTO_LIMIT_LEFT;
    }

    made->next = plan->limits;
    plan->limits = made;

    return made->policies;
}


/* which the tenant room follows */

static void
ngx_http_xpecto_limit_calendar(ngx_http_xpecto_limit_policy_t *policies,
    xpecto_plan_t *plan)
{
    ngx_uint_t       i;
    xpecto_count_t  *from, *to;

    for (i = 0; i < plan->nlimits; i++) {
        from = &plan->limits[i].count;
        to = &policies[i].meter.count;

        /* it may have gone on by itself, and know no further */

        if (from->end >= to->end) {
            to->start = from->start;
            to->end = from->end;
            to->next = from->next;
        }
    }
}


static void
ngx_http_xpecto_limit_make(ngx_http_xpecto_limit_policy_t *policy,
    ngx_http_xpecto_limit_t *limit, xpecto_limit_t *l, u_char *id)
{
    u_char                        *p;
    ngx_uint_t                     i;
    ngx_http_xpecto_limit_zone_t  *zone;

    zone = limit->shm_zone->data;

    /* what the plan leaves open is as the directive says */

    *policy = limit->policy;

    policy->name.len = l->name.len;
    policy->name.data = l->name.data;
    policy->text.len = l->policy_len;
    policy->text.data = l->policy;
    policy->in = zone;
    policy->zone = &zone->name;
    policy->status = l->status;
    policy->error = l->error;
    policy->enforce = l->enforce;
    policy->scope = l->scope;
    policy->endpoints = l->endpoints;
    policy->dry_run |= (l->dry_run != 0);

    if (l->weight.kind != XPECTO_WEIGHT_NONE) {
        policy->weight = l->weight;
        policy->cost = NULL;
    }

    if (l->meter == XPECTO_METER_HELD) {
        /* a request is one, also while its body comes */
        policy->weight.kind = XPECTO_WEIGHT_NONE;
        policy->cost = NULL;
    }

    policy->of_body = (l->scope == XPECTO_SCOPE_RECIPIENT
                       || l->meter == XPECTO_METER_UNIQUE
                       || xpecto_weight_of_body(&policy->weight));

    /* a count of another period is another one; its numbers are in the mix */

    id[0] = 'p';
    id[1] = l->name.len;
    p = ngx_cpymem(&id[2], l->name.data, l->name.len);
    *p++ = (u_char) l->meter;
    *p++ = (u_char) l->per;

    policy->id.data = id;
    policy->id.len = p - id;

    policy->meter.cells = &zone->cells;
    policy->meter.unique = ngx_http_xpecto_limit_unique(zone);
    policy->meter.kind = l->meter;
    policy->meter.gcra = l->gcra;
    policy->meter.count = l->count;
    policy->meter.mix = l->mix;
    policy->meter.former = l->former;
    policy->meter.nformer = l->nformer;

    for (i = 0; i < l->nformer; i++) {
        policy->meter.until = ngx_max(policy->meter.until,
                                      l->former[i].until);
    }

    if (l->meter == XPECTO_METER_UNIQUE && policy->meter.unique == NULL) {
        ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                      "\"%V\" of a plan counts recipients, for which zone "
                      "\"%V\" has no table: it needs \"unique\"",
                      &policy->name, &zone->name);
    }

    xpecto_meter_key(&policy->meter, zone->sh->secret, &policy->id);
    ngx_http_xpecto_limit_held_wide(zone, &policy->meter);
    ngx_http_xpecto_limit_rest(policy, id + XPECTO_LIMIT_POLICY_MAX);
}
