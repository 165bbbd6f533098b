
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_limit_ban.h"
#include "core/xpecto_phone.h"


#define NGX_HTTP_XPECTO_LIMIT_UNREACHABLE  131026


typedef struct {
    ngx_str_t                     zone;
    ngx_http_complex_value_t     *key;
    ngx_str_t                     refund;
    ngx_uint_t                    cooldown;
    time_t                        max;
} ngx_http_xpecto_limit_upstream_args_t;


/* an error that asks to be left alone */

typedef struct {
    uint32_t                      code;
    xpecto_graph_e                error;
    ngx_uint_t                    pair;        /* of number and recipient */
    xpecto_ladder_t               ladder;      /* where it does not say how
                                                  long */
} ngx_http_xpecto_limit_cooldown_t;


static ngx_int_t ngx_http_xpecto_limit_upstream_key(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ban_ctx_t *ctx);
static ngx_int_t ngx_http_xpecto_limit_upstream_join(ngx_http_request_t *r,
    ngx_xpecto_tenant_t *tenant, ngx_str_t *number, ngx_str_t *key);
static ngx_int_t ngx_http_xpecto_limit_upstream_pair(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ban_ctx_t *ctx, ngx_str_t *key);
static ngx_int_t ngx_http_xpecto_limit_upstream_add(ngx_http_request_t *r,
    ngx_str_t *number, ngx_xpecto_recipient_e kind, ngx_str_t *value,
    ngx_str_t *key);
static ngx_int_t ngx_http_xpecto_limit_upstream_refuse(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ban_ctx_t *ctx,
    ngx_http_xpecto_limit_cooldown_t *cd, ngx_str_t *key);
static uint64_t ngx_http_xpecto_limit_upstream_tag(
    ngx_http_xpecto_limit_zone_t *zone, ngx_http_xpecto_limit_cooldown_t *cd,
    ngx_str_t *key);
static ngx_uint_t ngx_http_xpecto_limit_upstream_returns(
    ngx_http_xpecto_limit_upstream_t *upstream, ngx_uint_t status,
    uint32_t code);
static void ngx_http_xpecto_limit_upstream_refund(ngx_http_request_t *r);
static void ngx_http_xpecto_limit_upstream_cool(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ban_ctx_t *ctx,
    ngx_http_xpecto_limit_cooldown_t *cd);
static xpecto_rc_e ngx_http_xpecto_limit_upstream_account(
    ngx_http_request_t *r, ngx_http_xpecto_limit_ban_ctx_t *ctx,
    xpecto_ban_table_t *table, ngx_http_xpecto_limit_cooldown_t *cd,
    uint64_t *seconds);
static uint64_t ngx_http_xpecto_limit_upstream_left(
    ngx_http_xpecto_limit_cool_t *cool, ngx_http_xpecto_limit_cooldown_t *cd,
    ngx_str_t *key);
static ngx_int_t ngx_http_xpecto_limit_upstream_pair_left(
    ngx_http_request_t *r, ngx_http_xpecto_limit_cool_t *cool,
    ngx_http_xpecto_limit_cooldown_t *cd, ngx_str_t *number, uint64_t *left);
static char *ngx_http_xpecto_limit_upstream_codes(ngx_conf_t *cf,
    ngx_http_xpecto_limit_upstream_t *upstream, ngx_str_t *list);


static ngx_conf_enum_t  ngx_http_xpecto_limit_upstream_cooldown[] = {
    { ngx_string("on"), 1 },
    { ngx_string("off"), 0 },
    { ngx_null_string, 0 }
};


static ngx_xpecto_arg_t  ngx_http_xpecto_limit_upstream_arg_table[] = {

    { ngx_string("zone"), NGX_XPECTO_ARG_STR,
      offsetof(ngx_http_xpecto_limit_upstream_args_t, zone), NULL },

    { ngx_string("key"), NGX_XPECTO_ARG_VALUE,
      offsetof(ngx_http_xpecto_limit_upstream_args_t, key), NULL },

    { ngx_string("refund"), NGX_XPECTO_ARG_STR,
      offsetof(ngx_http_xpecto_limit_upstream_args_t, refund), NULL },

    { ngx_string("cooldown"), NGX_XPECTO_ARG_ENUM,
      offsetof(ngx_http_xpecto_limit_upstream_args_t, cooldown),
      &ngx_http_xpecto_limit_upstream_cooldown },

    { ngx_string("max"), NGX_XPECTO_ARG_SEC,
      offsetof(ngx_http_xpecto_limit_upstream_args_t, max), NULL },

      ngx_xpecto_null_arg
};


/*
 * In the order of the counters.  Meta advises to wait 4^n seconds for a pair,
 * which at most owes 45 times 6 s; of the others it says nothing.
 */

static ngx_http_xpecto_limit_cooldown_t  ngx_http_xpecto_limit_cooldowns[] = {
    { 130429, XPECTO_GRAPH_THROUGHPUT, 0, { 0, 2, 60, 60, 1 } },
    { 131056, XPECTO_GRAPH_PAIR, 1, { 0, 4, 270, 270, 2 } },
    { 80007, XPECTO_GRAPH_ACCOUNT, 0, { 0, 60, 3600, 3600, 1 } },
    { 0, XPECTO_GRAPH_THROUGHPUT, 0, { 0, 0, 0, 0, 0 } }
};


static ngx_str_t  ngx_http_xpecto_limit_cooled = ngx_string("COOLDOWN");
static ngx_str_t  ngx_http_xpecto_limit_cooled_dry_run =
    ngx_string("COOLDOWN_DRY_RUN");


ngx_int_t
ngx_http_xpecto_limit_upstream_check(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ban_ctx_t *ctx)
{
    ngx_int_t                          rc;
    ngx_http_xpecto_limit_cooldown_t  *cd;

    if (!ctx->upstream->cooldown) {
        return NGX_DECLINED;
    }

    if (ngx_http_xpecto_limit_upstream_key(r, ctx) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    for (cd = ngx_http_xpecto_limit_cooldowns; cd->code; cd++) {

        if (cd->pair) {
            continue;
        }

        rc = ngx_http_xpecto_limit_upstream_refuse(r, ctx, cd, &ctx->key);

        if (rc != NGX_DECLINED) {
            return rc;
        }
    }

    return NGX_DECLINED;
}


/* behind the body: what the request has paid so far is given back */

ngx_int_t
ngx_http_xpecto_limit_upstream_handler(ngx_http_request_t *r)
{
    ngx_int_t                          rc;
    ngx_str_t                          key;
    ngx_http_xpecto_limit_cooldown_t  *cd;
    ngx_http_xpecto_limit_ban_ctx_t   *ctx;

    ctx = ngx_xpecto_get_ctx(r, &ngx_http_xpecto_limit_ban_module);

    if (r != r->main || ctx == NULL || ctx->key.len == 0) {
        return NGX_DECLINED;
    }

    rc = ngx_xpecto_message_read(r);

    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_http_xpecto_limit_upstream_pair(r, ctx, &key);

    if (rc != NGX_OK) {
        return rc == NGX_DECLINED ? rc : NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    for (cd = ngx_http_xpecto_limit_cooldowns; cd->code; cd++) {

        if (!cd->pair) {
            continue;
        }

        rc = ngx_http_xpecto_limit_upstream_refuse(r, ctx, cd, &key);

        if (rc != NGX_DECLINED) {
            return rc;
        }
    }

    return NGX_DECLINED;
}


/* empty: nothing that could be cooled down */

static ngx_int_t
ngx_http_xpecto_limit_upstream_key(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ban_ctx_t *ctx)
{
    ngx_str_t        number;
    xpecto_target_t  target;

    if (ctx->upstream->key == NULL) {
        if (ngx_http_xpecto_limit_target(r, &target) != NGX_OK) {
            return NGX_ERROR;
        }

        number.len = target.id.len;
        number.data = (u_char *) target.id.data;

    } else if (ngx_http_complex_value(r, ctx->upstream->key, &number)
               != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (number.len == 0) {
        return NGX_OK;
    }

    return ngx_http_xpecto_limit_upstream_join(r, ngx_xpecto_tenant(r),
                                               &number, &ctx->key);
}


/* within the tenant: what one is told holds for nobody else */

static ngx_int_t
ngx_http_xpecto_limit_upstream_join(ngx_http_request_t *r,
    ngx_xpecto_tenant_t *tenant, ngx_str_t *number, ngx_str_t *key)
{
    u_char     *p;
    ngx_str_t   name;

    ngx_str_null(&name);

    if (tenant != NULL && tenant->state == NGX_XPECTO_TENANT_KNOWN) {
        name.len = tenant->tenant->name.len;
        name.data = tenant->tenant->name.data;
    }

    p = ngx_pnalloc(r->pool, 1 + name.len + number->len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    key->data = p;
    *p++ = (u_char) name.len;
    p = ngx_cpymem(p, name.data, name.len);
    p = ngx_cpymem(p, number->data, number->len);
    key->len = p - key->data;

    return NGX_OK;
}


/* DECLINED: not one recipient */

static ngx_int_t
ngx_http_xpecto_limit_upstream_pair(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ban_ctx_t *ctx, ngx_str_t *key)
{
    ngx_xpecto_message_t    *message;
    ngx_xpecto_recipient_t  *recipient;

    message = ngx_xpecto_message(r);

    if (ctx->key.len == 0 || message == NULL || message->unreadable
        || message->recipients.nelts != 1)
    {
        return NGX_DECLINED;
    }

    recipient = message->recipients.elts;

    return ngx_http_xpecto_limit_upstream_add(r, &ctx->key, recipient->kind,
                                              &recipient->value, key);
}


/* a NUL ends the number, which has none */

static ngx_int_t
ngx_http_xpecto_limit_upstream_add(ngx_http_request_t *r, ngx_str_t *number,
    ngx_xpecto_recipient_e kind, ngx_str_t *value, ngx_str_t *key)
{
    u_char  *p;

    p = ngx_pnalloc(r->pool, number->len + 2 + value->len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    key->data = p;
    p = ngx_cpymem(p, number->data, number->len);
    *p++ = '\0';
    *p++ = (u_char) kind;
    p = ngx_cpymem(p, value->data, value->len);
    key->len = p - key->data;

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_limit_upstream_refuse(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ban_ctx_t *ctx,
    ngx_http_xpecto_limit_cooldown_t *cd, ngx_str_t *key)
{
    uint64_t                       word, left;
    ngx_http_xpecto_limit_zone_t  *zone;

    if (key->len == 0) {
        return NGX_DECLINED;
    }

    zone = ctx->upstream->shm_zone->data;

    word = xpecto_ban_find(&zone->cells,
                           ngx_http_xpecto_limit_upstream_tag(zone, cd, key));
    left = xpecto_ban_left(word, ngx_time());

    if (left == 0) {
        return NGX_DECLINED;
    }

    if (ctx->dry_run) {
        ctx->status = &ngx_http_xpecto_limit_cooled_dry_run;
        ngx_xpecto_count_request(r, NGX_XPECTO_LIMIT_COOLED_DRY_RUN);

        return NGX_DECLINED;
    }

    ngx_http_xpecto_limit_upstream_refund(r);

    ctx->status = &ngx_http_xpecto_limit_cooled;
    ngx_xpecto_count_request(r, NGX_XPECTO_LIMIT_COOLED);

    ngx_log_error(NGX_LOG_INFO, r->connection->log, 0,
                  "refusing what the upstream has refused with %uD, zone "
                  "\"%V\"", cd->code, &zone->name);

    return ngx_http_xpecto_limit_block(r, ctx, cd->error, left);
}


static uint64_t
ngx_http_xpecto_limit_upstream_tag(ngx_http_xpecto_limit_zone_t *zone,
    ngx_http_xpecto_limit_cooldown_t *cd, ngx_str_t *key)
{
    u_char        id[1 + sizeof(uint32_t)];
    xpecto_str_t  policy;

    id[0] = 'c';
    ngx_memcpy(&id[1], &cd->code, sizeof(uint32_t));

    policy.len = sizeof(id);
    policy.data = id;

    return xpecto_limit_tag(zone->sh->secret, XPECTO_CELL_BAN, &policy,
                            key->data, key->len);
}


void
ngx_http_xpecto_limit_upstream_learn(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ban_ctx_t *ctx, ngx_uint_t status, uint32_t code)
{
    ngx_http_xpecto_limit_cooldown_t  *cd;

    if (code == NGX_HTTP_XPECTO_LIMIT_UNREACHABLE && ctx->ban != NULL) {
        ngx_http_xpecto_limit_ban_strike(r, ctx->ban,
                                         NGX_HTTP_XPECTO_LIMIT_RECIPIENTS);
    }

    if (ctx->upstream == NULL) {
        return;
    }

    if (ngx_http_xpecto_limit_upstream_returns(ctx->upstream, status, code)) {
        ngx_http_xpecto_limit_upstream_refund(r);
    }

    if (!ctx->upstream->cooldown) {
        return;
    }

    for (cd = ngx_http_xpecto_limit_cooldowns; cd->code; cd++) {

        if (cd->code == code) {
            ngx_http_xpecto_limit_upstream_cool(r, ctx, cd);
            return;
        }
    }
}


static ngx_uint_t
ngx_http_xpecto_limit_upstream_returns(
    ngx_http_xpecto_limit_upstream_t *upstream, ngx_uint_t status,
    uint32_t code)
{
    ngx_uint_t  i, *codes;

    if (upstream->refund_5xx && status >= 500 && status < 600) {
        return 1;
    }

    codes = upstream->refund.elts;

    for (i = 0; i < upstream->refund.nelts; i++) {

        if (codes[i] == status || (code != 0 && codes[i] == code)) {
            return 1;
        }
    }

    return 0;
}


static void
ngx_http_xpecto_limit_upstream_refund(ngx_http_request_t *r)
{
    uint64_t                      back;
    ngx_uint_t                    i;
    ngx_http_xpecto_limit_ctx_t  *ctx;

    ctx = ngx_xpecto_get_ctx(r, &ngx_http_xpecto_limit_module);

    if (ctx == NULL
        || (ctx->status != NGX_HTTP_XPECTO_LIMIT_PASSED
            && ctx->status != NGX_HTTP_XPECTO_LIMIT_REJECTED_DRY_RUN))
    {
        return;
    }

    back = 0;

    for (i = 0; i < ctx->enforced; i++) {

        /* what is under way is so until it ends */

        if (ctx->uses[i].policy->meter.kind == XPECTO_METER_HELD) {
            continue;
        }

        back += ngx_http_xpecto_limit_refund(&ctx->uses[i], UINT64_MAX);
    }

    if (back != 0) {
        ngx_xpecto_count_request(r, NGX_XPECTO_LIMIT_REFUNDED);
    }
}


static void
ngx_http_xpecto_limit_upstream_cool(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ban_ctx_t *ctx,
    ngx_http_xpecto_limit_cooldown_t *cd)
{
    uint64_t                           tag, word, seconds;
    ngx_str_t                          key;
    xpecto_rc_e                        rc;
    xpecto_ladder_t                    ladder;
    xpecto_ban_table_t                 table;
    ngx_http_xpecto_limit_zone_t      *zone;
    ngx_http_xpecto_limit_upstream_t  *upstream;

    upstream = ctx->upstream;
    key = ctx->key;

    if (cd->pair
        && ngx_http_xpecto_limit_upstream_pair(r, ctx, &key) != NGX_OK)
    {
        return;
    }

    zone = upstream->shm_zone->data;

    ngx_http_xpecto_limit_ban_table(r, zone, &table);

    seconds = ngx_min(ctx->retry_after, upstream->max);
    rc = XPECTO_OK;

    if (cd->error == XPECTO_GRAPH_ACCOUNT) {
        rc = ngx_http_xpecto_limit_upstream_account(r, ctx, &table, cd,
                                                    &seconds);
    }

    if (key.len != 0) {
        tag = ngx_http_xpecto_limit_upstream_tag(zone, cd, &key);

        if (seconds != 0) {
            rc = xpecto_ban_cool(&table, tag, ngx_time() + seconds);

        } else {
            ladder = cd->ladder;
            ladder.max = ngx_min(ladder.max, upstream->max);

            rc = xpecto_ban_raise(&table, tag, &ladder, &word);
            seconds = xpecto_ban_left(word, ngx_time());
        }
    }

    if (rc == XPECTO_ERROR) {
        ngx_xpecto_count_request(r, NGX_XPECTO_LIMIT_FULL);
        return;
    }

    if (seconds == 0) {
        return;
    }

    ngx_xpecto_count_request(r, NGX_XPECTO_LIMIT_COOLDOWNS
                                + (cd - ngx_http_xpecto_limit_cooldowns));

    ngx_log_error(NGX_LOG_WARN, r->connection->log, 0,
                  "cooling down for %uL seconds, the upstream has refused "
                  "with %uD, zone \"%V\"", seconds, cd->code, &zone->name);
}


/* the accounts that the answer names; seconds: the longest of them */

static xpecto_rc_e
ngx_http_xpecto_limit_upstream_account(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ban_ctx_t *ctx, xpecto_ban_table_t *table,
    ngx_http_xpecto_limit_cooldown_t *cd, uint64_t *seconds)
{
    uint64_t                       wait;
    ngx_str_t                      id, key;
    ngx_uint_t                     i;
    xpecto_usage_t                *usage;
    ngx_xpecto_tenant_t           *tenant;
    ngx_http_xpecto_limit_zone_t  *zone;

    usage = ctx->usage;

    if (usage == NULL) {
        return XPECTO_OK;
    }

    tenant = ngx_xpecto_tenant(r);
    zone = ctx->upstream->shm_zone->data;

    for (i = 0; i < usage->n; i++) {
        wait = (uint64_t) usage->account[i].minutes * 60;
        wait = ngx_min(wait, ctx->upstream->max);
        *seconds = ngx_max(*seconds, wait);

        id.len = usage->account[i].len;
        id.data = usage->account[i].id;

        if (ngx_http_xpecto_limit_upstream_join(r, tenant, &id, &key)
            != NGX_OK
            || xpecto_ban_cool(table,
                               ngx_http_xpecto_limit_upstream_tag(zone, cd,
                                                                  &key),
                               ngx_time() + wait)
               == XPECTO_ERROR)
        {
            return XPECTO_ERROR;
        }
    }

    return XPECTO_OK;
}


u_char *
ngx_http_xpecto_limit_upstream_act(ngx_http_request_t *r,
    ngx_http_xpecto_limit_cool_t *cool, u_char *p)
{
    uint64_t                           left;
    ngx_str_t                          key;
    ngx_http_xpecto_limit_cooldown_t  *cd;

    if (ngx_http_xpecto_limit_upstream_join(r, cool->tenant, &cool->number,
                                            &key)
        != NGX_OK)
    {
        return NULL;
    }

    ngx_http_xpecto_limit_ban_table(r, cool->zone, &cool->table);
    cool->lifted = 0;

    p = ngx_sprintf(p, ",\"cooldowns\":{");

    for (cd = ngx_http_xpecto_limit_cooldowns; cd->code; cd++) {

        if (!cd->pair) {
            left = ngx_http_xpecto_limit_upstream_left(cool, cd, &key);

        } else if (cool->recipient.len == 0) {
            continue;

        } else if (ngx_http_xpecto_limit_upstream_pair_left(r, cool, cd, &key,
                                                            &left)
                   != NGX_OK)
        {
            return NULL;
        }

        p = ngx_sprintf(p, "%s\"%uD\":%uL",
                        cd == ngx_http_xpecto_limit_cooldowns ? "" : ",",
                        cd->code, left);
    }

    *p++ = '}';

    return cool->lift ? ngx_sprintf(p, ",\"lifted\":%ui", cool->lifted) : p;
}


/* seconds that it still lasts */

static uint64_t
ngx_http_xpecto_limit_upstream_left(ngx_http_xpecto_limit_cool_t *cool,
    ngx_http_xpecto_limit_cooldown_t *cd, ngx_str_t *key)
{
    uint64_t  tag;

    tag = ngx_http_xpecto_limit_upstream_tag(cool->zone, cd, key);

    if (cool->lift && xpecto_ban_clear(&cool->table, tag) == XPECTO_OK) {
        cool->lifted++;
    }

    return xpecto_ban_left(xpecto_ban_find(cool->table.cells, tag),
                           ngx_time());
}


/* what is no number is whatever else a message may have been to */

static ngx_int_t
ngx_http_xpecto_limit_upstream_pair_left(ngx_http_request_t *r,
    ngx_http_xpecto_limit_cool_t *cool, ngx_http_xpecto_limit_cooldown_t *cd,
    ngx_str_t *number, uint64_t *left)
{
    uint64_t        one;
    ngx_str_t       value, key;
    ngx_uint_t      kind;
    xpecto_phone_t  phone;

    *left = 0;

    for (kind = NGX_XPECTO_RECIPIENT_PHONE;
         kind <= NGX_XPECTO_RECIPIENT_INVALID;
         kind++)
    {
        value = cool->recipient;

        if (kind == NGX_XPECTO_RECIPIENT_PHONE) {

            if (xpecto_phone_parse(&phone, value.data, value.len)
                != XPECTO_OK)
            {
                continue;
            }

            value.len = phone.len;
            value.data = phone.digits;
        }

        if (ngx_http_xpecto_limit_upstream_add(r, number, kind, &value, &key)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        one = ngx_http_xpecto_limit_upstream_left(cool, cd, &key);
        *left = ngx_max(*left, one);
    }

    return NGX_OK;
}


char *
ngx_http_xpecto_limit_upstream(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_xpecto_limit_ban_conf_t  *xbcf = conf;

    char                                    *rv;
    ngx_str_t                               *value;
    ngx_http_xpecto_limit_upstream_t       **u, *upstream;
    ngx_http_xpecto_limit_upstream_args_t    args;
    ngx_http_xpecto_limit_ban_main_conf_t   *xbmcf;

    static ngx_str_t  refund = ngx_string("5xx");

    if (xbcf->upstream != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (cf->args->nelts == 2 && ngx_strcmp(value[1].data, "off") == 0) {
        xbcf->upstream = NULL;
        return NGX_CONF_OK;
    }

    ngx_memzero(&args, sizeof(ngx_http_xpecto_limit_upstream_args_t));

    args.cooldown = NGX_CONF_UNSET_UINT;
    args.max = NGX_CONF_UNSET;

    rv = ngx_xpecto_conf_args(cf, ngx_http_xpecto_limit_upstream_arg_table, 1,
                              &args);
    if (rv != NGX_CONF_OK) {
        return rv;
    }

    if (args.zone.len == 0) {
        return "needs the \"zone\" parameter";
    }

    ngx_conf_init_uint_value(args.cooldown, 1);
    ngx_conf_init_value(args.max, 3600);

    if (args.max == 0 || args.max > XPECTO_BAN_SECONDS_MAX) {
        return "has a time that is not between 1s and 12d";
    }

    upstream = ngx_pcalloc(cf->pool, sizeof(ngx_http_xpecto_limit_upstream_t));
    if (upstream == NULL) {
        return NGX_CONF_ERROR;
    }

    upstream->shm_zone = ngx_shared_memory_add(cf, &args.zone, 0,
                                               &ngx_http_xpecto_limit_module);
    if (upstream->shm_zone == NULL) {
        return NGX_CONF_ERROR;
    }

    upstream->key = args.key;
    upstream->cooldown = args.cooldown;
    upstream->max = args.max;
    upstream->file = cf->conf_file->file.name;
    upstream->line = cf->conf_file->line;

    rv = ngx_http_xpecto_limit_upstream_codes(cf, upstream,
                                              args.refund.len ? &args.refund
                                                              : &refund);
    if (rv != NGX_CONF_OK) {
        return rv;
    }

    xbcf->upstream = upstream;

    xbmcf = ngx_http_conf_get_module_main_conf(cf,
                                            ngx_http_xpecto_limit_ban_module);

    u = ngx_array_push(&xbmcf->upstreams);
    if (u == NULL) {
        return NGX_CONF_ERROR;
    }

    *u = upstream;

    return NGX_CONF_OK;
}


/* "5xx,429,131047", or "off" */

static char *
ngx_http_xpecto_limit_upstream_codes(ngx_conf_t *cf,
    ngx_http_xpecto_limit_upstream_t *upstream, ngx_str_t *list)
{
    u_char      *p, *last, *start;
    ngx_int_t    n;
    ngx_uint_t  *code;

    if (ngx_array_init(&upstream->refund, cf->pool, 4, sizeof(ngx_uint_t))
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    if (list->len == 3 && ngx_strncmp(list->data, "off", 3) == 0) {
        return NGX_CONF_OK;
    }

    last = list->data + list->len;
    start = list->data;

    for (p = list->data; p <= last; p++) {

        if (p < last && *p != ',') {
            continue;
        }

        if (p - start == 3 && ngx_strncmp(start, "5xx", 3) == 0) {
            upstream->refund_5xx = 1;
            start = p + 1;
            continue;
        }

        n = ngx_atoi(start, p - start);

        if (n <= 0) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid refund \"%V\": statuses, codes of "
                               "errors or \"5xx\" are expected, by commas, or "
                               "\"off\"", list);
            return NGX_CONF_ERROR;
        }

        code = ngx_array_push(&upstream->refund);
        if (code == NULL) {
            return NGX_CONF_ERROR;
        }

        *code = n;
        start = p + 1;
    }

    return NGX_CONF_OK;
}


ngx_int_t
ngx_http_xpecto_limit_upstream_init(ngx_conf_t *cf)
{
    ngx_uint_t                               i, cooldown;
    ngx_http_xpecto_limit_upstream_t       **u;
    ngx_http_xpecto_limit_ban_main_conf_t   *xbmcf;

    xbmcf = ngx_http_conf_get_module_main_conf(cf,
                                            ngx_http_xpecto_limit_ban_module);
    cooldown = 0;
    u = xbmcf->upstreams.elts;

    for (i = 0; i < xbmcf->upstreams.nelts; i++) {
        cooldown |= u[i]->cooldown;

        if (u[i]->shm_zone->data == NULL) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "unknown zone \"%V\" in \"xpecto_limit_upstream\": "
                          "there is no \"xpecto_limit_zone\" of that name in "
                          "%V:%ui", &u[i]->shm_zone->shm.name, &u[i]->file,
                          u[i]->line);
            return NGX_ERROR;
        }
    }

    if (!cooldown) {
        return NGX_OK;
    }

    return ngx_xpecto_handler_first(cf, NGX_HTTP_PRECONTENT_PHASE,
                                    ngx_http_xpecto_limit_upstream_handler);
}
