
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_limit_api.h"
#include "core/xpecto_former.h"
#include "core/xpecto_grant.h"


/* whom and what an act is about, as it was found */

typedef struct {
    xpecto_act_t                    *act;
    ngx_http_xpecto_limit_facts_t    facts;
    ngx_addr_t                       address;
    ngx_http_xpecto_limit_zone_t    *zone;
    ngx_http_xpecto_limit_policy_t  *policy;   /* NULL: of bans */
    uint64_t                         tag;      /* of the policy's cell */
    ngx_uint_t                       used;     /* by bans, or of a number by
                                                  cooldowns */
    ngx_uint_t                       enforced;
    ngx_uint_t                       status;
    const char                      *error;
} ngx_http_xpecto_limit_api_ctx_t;


static ngx_int_t ngx_http_xpecto_limit_api_find(ngx_http_request_t *r,
    ngx_http_xpecto_limit_api_ctx_t *ctx);
static ngx_int_t ngx_http_xpecto_limit_api_zone(ngx_http_request_t *r,
    ngx_http_xpecto_limit_api_ctx_t *ctx);
static void ngx_http_xpecto_limit_api_used(ngx_http_request_t *r,
    ngx_http_xpecto_limit_api_ctx_t *ctx);
static ngx_int_t ngx_http_xpecto_limit_api_unused(ngx_http_request_t *r,
    ngx_http_xpecto_limit_api_ctx_t *ctx);
static ngx_int_t ngx_http_xpecto_limit_api_policy(ngx_http_request_t *r,
    ngx_http_xpecto_limit_api_ctx_t *ctx);
static ngx_http_xpecto_limit_policy_t *ngx_http_xpecto_limit_api_plan(
    ngx_http_xpecto_limit_api_ctx_t *ctx, ngx_http_xpecto_limit_t *limit);
static ngx_int_t ngx_http_xpecto_limit_api_kind(
    ngx_http_xpecto_limit_api_ctx_t *ctx);
static ngx_int_t ngx_http_xpecto_limit_api_value(
    ngx_http_xpecto_limit_api_ctx_t *ctx);
static ngx_int_t ngx_http_xpecto_limit_api_ledger(ngx_http_request_t *r,
    ngx_http_xpecto_limit_api_ctx_t *ctx);
static void ngx_http_xpecto_limit_api_text(xpecto_str_t from, ngx_str_t *to);
static u_char *ngx_http_xpecto_limit_api_meter(
    ngx_http_xpecto_limit_api_ctx_t *ctx, u_char *p);
static uint64_t ngx_http_xpecto_limit_api_clock(
    ngx_http_xpecto_limit_api_ctx_t *ctx);
static ngx_uint_t ngx_http_xpecto_limit_api_return(
    ngx_http_xpecto_limit_api_ctx_t *ctx, uint64_t now, uint64_t *given);
static u_char *ngx_http_xpecto_limit_api_all(ngx_http_request_t *r,
    ngx_http_xpecto_limit_api_ctx_t *ctx, u_char *p);
static u_char *ngx_http_xpecto_limit_api_number(ngx_http_request_t *r,
    ngx_http_xpecto_limit_api_ctx_t *ctx, u_char *p);
static u_char *ngx_http_xpecto_limit_api_bans(ngx_http_request_t *r,
    ngx_http_xpecto_limit_api_ctx_t *ctx, u_char *p);
static u_char *ngx_http_xpecto_limit_api_trial(
    ngx_http_xpecto_limit_api_ctx_t *ctx, u_char *p);
static ngx_int_t ngx_http_xpecto_limit_api_refuse(
    ngx_http_xpecto_limit_api_ctx_t *ctx, ngx_uint_t status,
    const char *error);
static ngx_uint_t ngx_http_xpecto_limit_api_is(xpecto_str_t *s,
    ngx_str_t *name);


/* of ngx_http_xpecto_limit_cause_e */

static const char  *ngx_http_xpecto_limit_api_causes[] = {
    "rejects", "credentials", "recipients"
};


u_char *
ngx_http_xpecto_limit_api_act(ngx_http_request_t *r, xpecto_act_t *act,
    u_char *p, ngx_uint_t *status, const char **error)
{
    ngx_int_t                        rc;
    ngx_http_xpecto_limit_api_ctx_t  ctx;

    ngx_memzero(&ctx, sizeof(ngx_http_xpecto_limit_api_ctx_t));

    ctx.act = act;
    ctx.status = NGX_HTTP_INTERNAL_SERVER_ERROR;
    ctx.error = "no memory";

    rc = ngx_http_xpecto_limit_api_find(r, &ctx);

    if (rc == NGX_OK) {
        rc = ngx_http_xpecto_limit_api_ledger(r, &ctx);
    }

    if (rc != NGX_OK) {
        *status = ctx.status;
        *error = ctx.error;
        return NULL;
    }

    p = ngx_sprintf(p, "\"op\":\"%s\"", xpecto_act_name(act->op).data);

    if (ctx.policy != NULL) {
        p = ngx_http_xpecto_limit_api_meter(&ctx, p);

    } else if (act->op == XPECTO_ACT_RESET) {
        p = ngx_http_xpecto_limit_api_all(r, &ctx, p);

    } else if (act->number.len != 0) {
        p = ngx_http_xpecto_limit_api_number(r, &ctx, p);

    } else {
        p = ngx_http_xpecto_limit_api_bans(r, &ctx, p);
    }

    *status = ctx.status;
    *error = ctx.error;

    return p;
}


/* what an operator names is looked up as if a request had brought it */

static ngx_int_t
ngx_http_xpecto_limit_api_find(ngx_http_request_t *r,
    ngx_http_xpecto_limit_api_ctx_t *ctx)
{
    ngx_int_t      rc;
    ngx_str_t      name;
    xpecto_act_t  *act;

    act = ctx->act;

    ctx->facts.request = r;
    ctx->facts.sockaddr = r->connection->sockaddr;
    ctx->facts.late = 1;
    ctx->facts.targeted = 1;

    if (ngx_http_xpecto_limit_api_zone(r, ctx) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_http_xpecto_limit_api_used(r, ctx);

    if ((act->op == XPECTO_ACT_BAN || act->number.len != 0) && !ctx->used) {
        return ngx_http_xpecto_limit_api_unused(r, ctx);
    }

    if (act->tenant.len != 0) {
        name.len = act->tenant.len;
        name.data = (u_char *) act->tenant.data;

        rc = ngx_xpecto_tenant_named(r, &name, &ctx->facts.tenant);

        if (rc == NGX_DECLINED) {
            return ngx_http_xpecto_limit_api_refuse(ctx, NGX_HTTP_NOT_FOUND,
                                                    "unknown tenant");
        }

        if (rc != NGX_OK) {
            return NGX_ERROR;
        }
    }

    if (act->address.len != 0) {
        rc = ngx_parse_addr(r->pool, &ctx->address,
                            (u_char *) act->address.data, act->address.len);

        if (rc == NGX_DECLINED) {
            return ngx_http_xpecto_limit_api_refuse(ctx, 422,
                                                    "no address at address");
        }

        if (rc != NGX_OK) {
            return NGX_ERROR;
        }

        ctx->facts.sockaddr = ctx->address.sockaddr;
    }

    ngx_http_xpecto_limit_enter(&ctx->facts, ctx->zone);

    return act->policy.len != 0 ? ngx_http_xpecto_limit_api_policy(r, ctx)
                                : NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_limit_api_zone(ngx_http_request_t *r,
    ngx_http_xpecto_limit_api_ctx_t *ctx)
{
    ngx_uint_t                          i;
    ngx_http_xpecto_limit_zone_t      **zone;
    ngx_http_xpecto_limit_main_conf_t  *xlmcf;

    xlmcf = ngx_http_get_module_main_conf(r, ngx_http_xpecto_limit_module);
    zone = xlmcf->zones.elts;

    for (i = 0; i < xlmcf->zones.nelts; i++) {

        if (ngx_http_xpecto_limit_api_is(&ctx->act->zone, &zone[i]->name)) {
            ctx->zone = zone[i];
            return NGX_OK;
        }
    }

    return ngx_http_xpecto_limit_api_refuse(ctx, NGX_HTTP_NOT_FOUND,
                                            "unknown zone");
}


static void
ngx_http_xpecto_limit_api_used(ngx_http_request_t *r,
    ngx_http_xpecto_limit_api_ctx_t *ctx)
{
    ngx_uint_t                               i;
    ngx_http_xpecto_limit_ban_t            **ban;
    ngx_http_xpecto_limit_upstream_t       **upstream;
    ngx_http_xpecto_limit_ban_main_conf_t   *xbmcf;

    xbmcf = ngx_http_get_module_main_conf(r, ngx_http_xpecto_limit_ban_module);

    if (ctx->act->number.len != 0) {
        upstream = xbmcf->upstreams.elts;

        for (i = 0; i < xbmcf->upstreams.nelts; i++) {

            if (upstream[i]->shm_zone->data == ctx->zone
                && upstream[i]->cooldown)
            {
                ctx->used = 1;
                ctx->enforced |= upstream[i]->enforced;
            }
        }

        return;
    }

    ban = xbmcf->bans.elts;

    for (i = 0; i < xbmcf->bans.nelts; i++) {

        if (ban[i]->shm_zone->data == ctx->zone) {
            ctx->used = 1;
            ctx->enforced |= ban[i]->enforced;
        }
    }
}


/* what no location asks for would be answered, and change nothing */

static ngx_int_t
ngx_http_xpecto_limit_api_unused(ngx_http_request_t *r,
    ngx_http_xpecto_limit_api_ctx_t *ctx)
{
    u_char     *text;
    ngx_str_t  *name, directive;

    name = &ctx->zone->name;

    ngx_str_set(&directive, "xpecto_limit_ban");

    if (ctx->act->number.len != 0) {
        ngx_str_set(&directive, "xpecto_limit_upstream");
    }

    text = ngx_pnalloc(r->pool, sizeof("no  uses zone \"\"") + directive.len
                                + name->len);
    if (text == NULL) {
        return NGX_ERROR;
    }

    ngx_sprintf(text, "no %V uses zone \"%V\"%Z", &directive, name);

    return ngx_http_xpecto_limit_api_refuse(ctx, 422, (char *) text);
}


/* of a name and several keys it is the one whose value can be found */

static ngx_int_t
ngx_http_xpecto_limit_api_policy(ngx_http_request_t *r,
    ngx_http_xpecto_limit_api_ctx_t *ctx)
{
    ngx_uint_t                           i;
    ngx_http_xpecto_limit_t            **limit;
    ngx_http_xpecto_limit_policy_t      *policy;
    ngx_http_xpecto_limit_main_conf_t   *xlmcf;

    xlmcf = ngx_http_get_module_main_conf(r, ngx_http_xpecto_limit_module);
    limit = xlmcf->limits.elts;

    for (i = 0; i < xlmcf->limits.nelts; i++) {

        if (limit[i]->shm_zone->data != ctx->zone) {
            continue;
        }

        ngx_http_xpecto_limit_follow(limit[i]);
        policy = &limit[i]->policy;

        if (limit[i]->kind.len == 0) {
            policy = ngx_http_xpecto_limit_api_plan(ctx, limit[i]);

        } else if (!ngx_http_xpecto_limit_api_is(&ctx->act->policy,
                                                 &policy->name))
        {
            policy = NULL;
        }

        if (policy == NULL) {
            continue;
        }

        ctx->policy = policy;

        if (ngx_http_xpecto_limit_api_value(ctx) == NGX_OK) {
            return ngx_http_xpecto_limit_api_kind(ctx);
        }
    }

    if (ctx->policy != NULL) {
        return ngx_http_xpecto_limit_api_refuse(ctx, 422,
                           "the policy does not count by what is given");
    }

    return ngx_http_xpecto_limit_api_refuse(ctx, NGX_HTTP_NOT_FOUND,
                                            "unknown policy");
}


static ngx_http_xpecto_limit_policy_t *
ngx_http_xpecto_limit_api_plan(ngx_http_xpecto_limit_api_ctx_t *ctx,
    ngx_http_xpecto_limit_t *limit)
{
    ngx_uint_t                       i;
    ngx_http_xpecto_limit_policy_t  *policies;

    if (ctx->facts.tenant == NULL) {
        return NULL;
    }

    policies = ngx_http_xpecto_limit_plan(limit, ctx->facts.tenant->known);
    if (policies == NULL) {
        return NULL;
    }

    for (i = 0; i < ctx->facts.tenant->plan->nlimits; i++) {

        if (ngx_http_xpecto_limit_api_is(&ctx->act->policy,
                                         &policies[i].name))
        {
            return &policies[i];
        }
    }

    return NULL;
}


/* what is in one word can be given back */

static ngx_int_t
ngx_http_xpecto_limit_api_kind(ngx_http_xpecto_limit_api_ctx_t *ctx)
{
    switch (ctx->policy->meter.kind) {

    case XPECTO_METER_RATE:
    case XPECTO_METER_PAIR:
    case XPECTO_METER_COUNT:
    case XPECTO_METER_SLIDE:
        return NGX_OK;

    default:
        return ngx_http_xpecto_limit_api_refuse(ctx, 422,
                                            "not for policies of this kind");
    }
}


/* NGX_DECLINED: it counts by something else */

static ngx_int_t
ngx_http_xpecto_limit_api_value(ngx_http_xpecto_limit_api_ctx_t *ctx)
{
    uint64_t                         hash[2];
    ngx_uint_t                       owner;
    xpecto_act_t                    *act;
    ngx_http_xpecto_limit_policy_t  *policy;

    act = ctx->act;
    policy = ctx->policy;

    owner = (act->tenant.len != 0 || act->address.len != 0);

    if (policy->key != NULL) {

        if (act->key.len == 0 || owner) {
            return NGX_DECLINED;
        }

        xpecto_meter_value(hash, ctx->zone->sh->secret, NULL, 'k',
                           act->key.data, act->key.len);

    } else {

        if (!owner) {
            return NGX_DECLINED;
        }

        switch (policy->scope) {

        case XPECTO_SCOPE_TENANT:

            if (act->key.len != 0) {
                return NGX_DECLINED;
            }

            break;

        case XPECTO_SCOPE_PHONE:
        case XPECTO_SCOPE_WABA:
            ctx->facts.target.phone = act->key;
            ctx->facts.target.waba = act->key;
            break;

        case XPECTO_SCOPE_ADDRESS:

            if (act->address.len == 0 || act->key.len != 0) {
                return NGX_DECLINED;
            }

            break;

        default: /* what only a request can bring */
            return NGX_DECLINED;
        }

        if (ngx_http_xpecto_limit_value(&ctx->facts, policy, hash) != NGX_OK)
        {
            return NGX_DECLINED;
        }
    }

    ctx->tag = xpecto_meter_tag(&policy->meter, hash);

    return NGX_OK;
}


/* before anything is done or told: what is not recorded is not done */

static ngx_int_t
ngx_http_xpecto_limit_api_ledger(ngx_http_request_t *r,
    ngx_http_xpecto_limit_api_ctx_t *ctx)
{
    u_char                      text[NGX_SOCKADDR_STRLEN];
    socklen_t                   socklen;
    ngx_str_t                   op, zone, policy, tenant, address, key, by;
    ngx_str_t                   number, recipient;
    xpecto_act_t               *act;
    ngx_sockaddr_t              sockaddr;
    ngx_xpecto_ledger_event_t   e;

    act = ctx->act;

    ngx_memzero(&e, sizeof(ngx_xpecto_ledger_event_t));

    e.name = "limit";
    e.durable = (act->op != XPECTO_ACT_PEEK);

    ngx_http_xpecto_limit_api_text(xpecto_act_name(act->op), &op);
    ngx_xpecto_ledger_str(&e, "op", &op);

    ngx_http_xpecto_limit_api_text(act->zone, &zone);
    ngx_xpecto_ledger_str(&e, "zone", &zone);

    if (act->policy.len != 0) {
        ngx_http_xpecto_limit_api_text(act->policy, &policy);
        ngx_xpecto_ledger_str(&e, "policy", &policy);
    }

    if (act->tenant.len != 0) {
        ngx_http_xpecto_limit_api_text(act->tenant, &tenant);
        ngx_xpecto_ledger_str(&e, "tenant", &tenant);
    }

    if (act->address.len != 0) {
        ngx_http_xpecto_limit_api_text(act->address, &address);
        ngx_xpecto_ledger_sealed(&e, "address", &address);
    }

    if (act->key.len != 0) {
        ngx_http_xpecto_limit_api_text(act->key, &key);
        ngx_xpecto_ledger_sealed(&e, "key", &key);
    }

    if (act->number.len != 0) {
        ngx_http_xpecto_limit_api_text(act->number, &number);
        ngx_xpecto_ledger_sealed(&e, "number", &number);
    }

    if (act->recipient.len != 0) {
        ngx_http_xpecto_limit_api_text(act->recipient, &recipient);
        ngx_xpecto_ledger_sealed(&e, "recipient", &recipient);
    }

    if (act->units != 0) {
        ngx_xpecto_ledger_num(&e, "units", act->units);
    }

    if (act->seconds != 0) {
        ngx_xpecto_ledger_num(&e, "seconds", act->seconds);
    }

    if (ngx_http_xpecto_limit_api_peer(r, &sockaddr, &socklen) == NGX_OK) {
        by.data = text;
        by.len = ngx_sock_ntop(&sockaddr.sockaddr, socklen, text,
                               NGX_SOCKADDR_STRLEN, 0);
        ngx_xpecto_ledger_sealed(&e, "by", &by);
    }

    if (ngx_xpecto_ledger(r, &e) != NGX_OK) {
        return ngx_http_xpecto_limit_api_refuse(ctx,
                                            NGX_HTTP_SERVICE_UNAVAILABLE,
                                            "the ledger cannot be written");
    }

    return NGX_OK;
}


static void
ngx_http_xpecto_limit_api_text(xpecto_str_t from, ngx_str_t *to)
{
    to->len = from.len;
    to->data = (u_char *) from.data;
}


static u_char *
ngx_http_xpecto_limit_api_meter(ngx_http_xpecto_limit_api_ctx_t *ctx,
    u_char *p)
{
    uint64_t             now, given, seconds;
    xpecto_limit_item_t  item;

    now = ngx_http_xpecto_limit_api_clock(ctx);

    if (ctx->act->op != XPECTO_ACT_PEEK) {
        (void) ngx_http_xpecto_limit_api_return(ctx, now, &given);
    }

    if (ctx->act->op == XPECTO_ACT_GRANT) {
        p = ngx_sprintf(p, ",\"granted\":%uL", given);
    }

    ngx_memzero(&item, sizeof(xpecto_limit_item_t));

    item.meter = &ctx->policy->meter;
    item.tag = ctx->tag;

    (void) xpecto_limit_look(&item, 1, now);

    p = ngx_sprintf(p, ",\"remaining\":%uL", item.result.remaining);

    seconds = xpecto_ratelimit_seconds(item.result.reset);

    return seconds == XPECTO_RATELIMIT_NEVER
           ? p : ngx_sprintf(p, ",\"reset\":%uL", seconds);
}


/*
 * Ticks; a count's clock goes on as well.  That it knows the period is due to
 * follow() and plan(), by the time of this event: what it could not know is
 * two periods further.
 */

static uint64_t
ngx_http_xpecto_limit_api_clock(ngx_http_xpecto_limit_api_ctx_t *ctx)
{
    xpecto_meter_t  *meter;

    meter = &ctx->policy->meter;

    if (xpecto_meter_cell(meter->kind) != XPECTO_CELL_TAT) {
        (void) xpecto_count_clock(&meter->count, ngx_http_xpecto_limit_wall());
    }

    return ngx_http_xpecto_limit_now();
}


/*
 * Gives back what the act says, *given is how much of a grant; 1: something
 * had been used.  What a policy was before its numbers changed counts too.
 */

static ngx_uint_t
ngx_http_xpecto_limit_api_return(ngx_http_xpecto_limit_api_ctx_t *ctx,
    uint64_t now, uint64_t *given)
{
    uint64_t                            word;
    xpecto_meter_t                     *meter;
    xpecto_place_t                      place;
    ngx_http_xpecto_limit_main_conf_t  *xlmcf;

    meter = &ctx->policy->meter;

    xlmcf = ngx_http_get_module_main_conf(ctx->facts.request,
                                          ngx_http_xpecto_limit_module);

    xpecto_former_settle(meter, ctx->tag, &xlmcf->stamp, now);

    while (xpecto_cells_find(meter->cells, ctx->tag, &place) == XPECTO_OK) {
        word = 0;
        *given = 0;

        if (ctx->act->op == XPECTO_ACT_GRANT) {
            word = place.word;
            *given = xpecto_grant(meter, &word, ctx->act->units, now);
        }

        if (xpecto_cells_swap(&place, word == 0 ? 0 : ctx->tag, word)) {
            return 1;
        }
    }

    *given = 0;

    return 0;
}


/* whatever policy of the zone counts by whom is named, and by nothing else */

static u_char *
ngx_http_xpecto_limit_api_all(ngx_http_request_t *r,
    ngx_http_xpecto_limit_api_ctx_t *ctx, u_char *p)
{
    uint64_t                             now, given;
    ngx_uint_t                           i, k, n, reset;
    ngx_http_xpecto_limit_t            **limit;
    ngx_http_xpecto_limit_policy_t      *policy;
    ngx_http_xpecto_limit_main_conf_t   *xlmcf;

    xlmcf = ngx_http_get_module_main_conf(r, ngx_http_xpecto_limit_module);
    limit = xlmcf->limits.elts;
    reset = 0;

    for (i = 0; i < xlmcf->limits.nelts; i++) {

        if (limit[i]->shm_zone->data != ctx->zone) {
            continue;
        }

        ngx_http_xpecto_limit_follow(limit[i]);
        policy = &limit[i]->policy;
        n = 1;

        if (limit[i]->kind.len == 0) {
            policy = NULL;

            if (ctx->facts.tenant != NULL) {
                policy = ngx_http_xpecto_limit_plan(limit[i],
                                                    ctx->facts.tenant->known);
                n = ctx->facts.tenant->plan->nlimits;
            }

            if (policy == NULL) {
                continue;
            }
        }

        for (k = 0; k < n; k++) {
            ctx->policy = &policy[k];

            if (ngx_http_xpecto_limit_api_value(ctx) == NGX_OK
                && ngx_http_xpecto_limit_api_kind(ctx) == NGX_OK)
            {
                now = ngx_http_xpecto_limit_api_clock(ctx);
                reset += ngx_http_xpecto_limit_api_return(ctx, now, &given);
            }
        }
    }

    ctx->policy = NULL;

    return ngx_sprintf(p, ",\"forgotten\":%ui", reset);
}


/* what the upstream wants to have left alone */

static u_char *
ngx_http_xpecto_limit_api_number(ngx_http_request_t *r,
    ngx_http_xpecto_limit_api_ctx_t *ctx, u_char *p)
{
    ngx_http_xpecto_limit_cool_t  cool;

    cool.zone = ctx->zone;
    cool.tenant = ctx->facts.tenant;
    cool.lift = (ctx->act->op == XPECTO_ACT_UNBAN);

    ngx_http_xpecto_limit_api_text(ctx->act->number, &cool.number);
    ngx_http_xpecto_limit_api_text(ctx->act->recipient, &cool.recipient);

    p = ngx_http_xpecto_limit_upstream_act(r, &cool, p);

    return p == NULL ? NULL : ngx_http_xpecto_limit_api_trial(ctx, p);
}


static u_char *
ngx_http_xpecto_limit_api_bans(ngx_http_request_t *r,
    ngx_http_xpecto_limit_api_ctx_t *ctx, u_char *p)
{
    size_t                          len;
    u_char                          subject[NGX_HTTP_XPECTO_LIMIT_SUBJECT];
    uint64_t                        tag, word;
    ngx_uint_t                      i;
    xpecto_name_t                  *name;
    xpecto_ban_table_t              table;
    xpecto_act_t                   *act;

    act = ctx->act;

    if (ctx->facts.tenant != NULL) {
        name = &ctx->facts.tenant->tenant->name;
        len = ngx_http_xpecto_limit_ban_name(name, subject);

    } else {
        len = ngx_http_xpecto_limit_ban_address(ctx->facts.sockaddr, subject);
    }

    ngx_http_xpecto_limit_ban_table(r, ctx->zone, &table);

    tag = ngx_http_xpecto_limit_ban_tag(ctx->zone,
                                        NGX_HTTP_XPECTO_LIMIT_CAUSES,
                                        subject, len);

    if (act->op == XPECTO_ACT_BAN) {

        if (xpecto_ban_set(&table, tag,
                           xpecto_ban_word(ngx_time() + act->seconds, 0, 1))
            != XPECTO_OK)
        {
            ngx_xpecto_count_request(r, NGX_XPECTO_LIMIT_FULL);

            (void) ngx_http_xpecto_limit_api_refuse(ctx,
                                            NGX_HTTP_SERVICE_UNAVAILABLE,
                                            "the zone is full");
            return NULL;
        }

    } else if (act->op == XPECTO_ACT_UNBAN) {
        (void) xpecto_ban_clear(&table, tag);
    }

    word = xpecto_ban_find(table.cells, tag);

    p = ngx_sprintf(p, ",\"banned\":%uL", xpecto_ban_left(word, ngx_time()));
    p = ngx_http_xpecto_limit_api_trial(ctx, p);
    p = ngx_sprintf(p, ",\"rung\":%ui,\"strikes\":{",
                    (ngx_uint_t) xpecto_ban_rung(word, ngx_time()));

    for (i = 0; i < NGX_HTTP_XPECTO_LIMIT_CAUSES; i++) {
        tag = ngx_http_xpecto_limit_ban_tag(ctx->zone, i, subject, len);

        if (act->op == XPECTO_ACT_UNBAN) {
            (void) xpecto_ban_clear(&table, tag);
        }

        /* strikes are a ladder's word whose rung is their number */

        word = xpecto_ban_find(table.cells, tag);

        p = ngx_sprintf(p, "%s\"%s\":%ui", i ? "," : "",
                        ngx_http_xpecto_limit_api_causes[i],
                        (ngx_uint_t) xpecto_ban_rung(word, ngx_time()));
    }

    *p++ = '}';

    return p;
}


/* no location refuses anybody: all are on trial */

static u_char *
ngx_http_xpecto_limit_api_trial(ngx_http_xpecto_limit_api_ctx_t *ctx,
    u_char *p)
{
    if (!ctx->used || ctx->enforced) {
        return p;
    }

    return ngx_sprintf(p, ",\"dry_run\":true");
}


static ngx_int_t
ngx_http_xpecto_limit_api_refuse(ngx_http_xpecto_limit_api_ctx_t *ctx,
    ngx_uint_t status, const char *error)
{
    ctx->status = status;
    ctx->error = error;

    return NGX_ERROR;
}


static ngx_uint_t
ngx_http_xpecto_limit_api_is(xpecto_str_t *s, ngx_str_t *name)
{
    return s->len == name->len
           && ngx_memcmp(s->data, name->data, name->len) == 0;
}
