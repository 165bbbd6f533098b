
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_limit.h"
#include "ngx_http_xpecto_limit_inline.h"


/*
 * The directive xpecto_limit.  What it says of a limit is read by what reads
 * the limits of plans: one meaning, and one set of errors.
 */

#define NGX_HTTP_XPECTO_LIMIT_LIMITS   16      /* xpecto_limit on one level */


/* what a limit of a plan says as well */

enum {
    NGX_HTTP_XPECTO_LIMIT_KIND = 0,
    NGX_HTTP_XPECTO_LIMIT_RATE,
    NGX_HTTP_XPECTO_LIMIT_BURST,
    NGX_HTTP_XPECTO_LIMIT_COUNT,
    NGX_HTTP_XPECTO_LIMIT_WINDOW,
    NGX_HTTP_XPECTO_LIMIT_PER,
    NGX_HTTP_XPECTO_LIMIT_TIME_ZONE,
    NGX_HTTP_XPECTO_LIMIT_ANCHOR,
    NGX_HTTP_XPECTO_LIMIT_SCOPE,
    NGX_HTTP_XPECTO_LIMIT_ENDPOINTS,
    NGX_HTTP_XPECTO_LIMIT_COST,
    NGX_HTTP_XPECTO_LIMIT_INHERIT,
    NGX_HTTP_XPECTO_LIMIT_ENFORCE,
    NGX_HTTP_XPECTO_LIMIT_STATUS,
    NGX_HTTP_XPECTO_LIMIT_MEMBERS
};


typedef struct {
    ngx_str_t                     zone;
    ngx_http_complex_value_t     *key;
    ngx_str_t                     policy;
    ngx_uint_t                    full;
    ngx_uint_t                    unread;
    ngx_flag_t                    dry_run;
    ngx_str_t                     members[NGX_HTTP_XPECTO_LIMIT_MEMBERS];
} ngx_http_xpecto_limit_args_t;


static char *ngx_http_xpecto_limit_of_plan(ngx_conf_t *cf,
    ngx_http_xpecto_limit_t *limit, ngx_http_xpecto_limit_args_t *args);
static char *ngx_http_xpecto_limit_inline(ngx_conf_t *cf,
    ngx_http_xpecto_limit_t *limit, ngx_http_xpecto_limit_args_t *args);
static char *ngx_http_xpecto_limit_read(ngx_conf_t *cf,
    ngx_http_xpecto_limit_t *limit, ngx_http_xpecto_limit_args_t *args);
static char *ngx_http_xpecto_limit_cost_value(ngx_conf_t *cf,
    ngx_http_xpecto_limit_t *limit, ngx_str_t *value);
static void ngx_http_xpecto_limit_fill(ngx_http_xpecto_limit_t *limit);
static void ngx_http_xpecto_limit_id(ngx_http_xpecto_limit_t *limit);
static char *ngx_http_xpecto_limit_distinct(ngx_conf_t *cf,
    ngx_http_xpecto_limit_t *limit, ngx_array_t *level);
static ngx_uint_t ngx_http_xpecto_limit_same(ngx_http_xpecto_limit_t *a,
    ngx_http_xpecto_limit_t *b);
static ngx_uint_t ngx_http_xpecto_limit_of_meta(ngx_str_t *name);


static ngx_conf_enum_t  ngx_http_xpecto_limit_full[] = {
    { ngx_string("allow"), 0 },
    { ngx_string("deny"), 1 },
    { ngx_null_string, 0 }
};


#define ngx_http_xpecto_limit_member(name, n)                                \
    { ngx_string(name), NGX_XPECTO_ARG_STR,                                  \
      offsetof(ngx_http_xpecto_limit_args_t, members)                        \
      + (n) * sizeof(ngx_str_t), NULL }


static ngx_xpecto_arg_t  ngx_http_xpecto_limit_arg_table[] = {

    ngx_http_xpecto_limit_member("kind", NGX_HTTP_XPECTO_LIMIT_KIND),
    ngx_http_xpecto_limit_member("rate", NGX_HTTP_XPECTO_LIMIT_RATE),
    ngx_http_xpecto_limit_member("burst", NGX_HTTP_XPECTO_LIMIT_BURST),
    ngx_http_xpecto_limit_member("count", NGX_HTTP_XPECTO_LIMIT_COUNT),
    ngx_http_xpecto_limit_member("window", NGX_HTTP_XPECTO_LIMIT_WINDOW),
    ngx_http_xpecto_limit_member("per", NGX_HTTP_XPECTO_LIMIT_PER),
    ngx_http_xpecto_limit_member("time_zone",
                                 NGX_HTTP_XPECTO_LIMIT_TIME_ZONE),
    ngx_http_xpecto_limit_member("anchor", NGX_HTTP_XPECTO_LIMIT_ANCHOR),
    ngx_http_xpecto_limit_member("scope", NGX_HTTP_XPECTO_LIMIT_SCOPE),
    ngx_http_xpecto_limit_member("endpoints",
                                 NGX_HTTP_XPECTO_LIMIT_ENDPOINTS),
    ngx_http_xpecto_limit_member("cost", NGX_HTTP_XPECTO_LIMIT_COST),
    ngx_http_xpecto_limit_member("inherit", NGX_HTTP_XPECTO_LIMIT_INHERIT),
    ngx_http_xpecto_limit_member("enforce", NGX_HTTP_XPECTO_LIMIT_ENFORCE),
    ngx_http_xpecto_limit_member("status", NGX_HTTP_XPECTO_LIMIT_STATUS),

    { ngx_string("zone"), NGX_XPECTO_ARG_STR,
      offsetof(ngx_http_xpecto_limit_args_t, zone), NULL },

    { ngx_string("key"), NGX_XPECTO_ARG_VALUE,
      offsetof(ngx_http_xpecto_limit_args_t, key), NULL },

    { ngx_string("policy"), NGX_XPECTO_ARG_STR,
      offsetof(ngx_http_xpecto_limit_args_t, policy), NULL },

    { ngx_string("full"), NGX_XPECTO_ARG_ENUM,
      offsetof(ngx_http_xpecto_limit_args_t, full),
      &ngx_http_xpecto_limit_full },

    { ngx_string("unread"), NGX_XPECTO_ARG_ENUM,
      offsetof(ngx_http_xpecto_limit_args_t, unread),
      &ngx_http_xpecto_limit_full },

    { ngx_string("dry_run"), NGX_XPECTO_ARG_FLAG,
      offsetof(ngx_http_xpecto_limit_args_t, dry_run), NULL },

      ngx_xpecto_null_arg
};


/*
 * The same in the tenants file, in the order of the enum: zone is a zone of
 * shared memory here and of time there
 */

static const struct {
    const char                   *name;
    xpecto_doc_type_e             type;
} ngx_http_xpecto_limit_members[NGX_HTTP_XPECTO_LIMIT_MEMBERS] = {
    { "kind", XPECTO_DOC_STRING },
    { "rate", XPECTO_DOC_STRING },
    { "burst", XPECTO_DOC_INTEGER },
    { "count", XPECTO_DOC_INTEGER },
    { "window", XPECTO_DOC_STRING },
    { "per", XPECTO_DOC_STRING },
    { "zone", XPECTO_DOC_STRING },
    { "anchor", XPECTO_DOC_INTEGER },
    { "scope", XPECTO_DOC_STRING },
    { "endpoints", XPECTO_DOC_ARRAY },
    { "cost", XPECTO_DOC_STRING },
    { "inherit", XPECTO_DOC_STRING },
    { "enforce", XPECTO_DOC_STRING },
    { "status", XPECTO_DOC_INTEGER }
};


char *
ngx_http_xpecto_limit(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_xpecto_limit_conf_t  *xlcf = conf;

    char                               *rv;
    ngx_str_t                          *kind;
    ngx_http_xpecto_limit_t           **l, *limit;
    ngx_http_xpecto_limit_args_t        args;
    ngx_http_xpecto_limit_main_conf_t  *xlmcf;

    ngx_memzero(&args, sizeof(ngx_http_xpecto_limit_args_t));

    args.full = NGX_CONF_UNSET_UINT;
    args.unread = NGX_CONF_UNSET_UINT;
    args.dry_run = NGX_CONF_UNSET;

    rv = ngx_xpecto_conf_args(cf, ngx_http_xpecto_limit_arg_table, 1, &args);
    if (rv != NGX_CONF_OK) {
        return rv;
    }

    if (args.zone.len == 0) {
        return "needs the \"zone\" parameter";
    }

    limit = ngx_pcalloc(cf->pool, sizeof(ngx_http_xpecto_limit_t));
    if (limit == NULL) {
        return NGX_CONF_ERROR;
    }

    limit->shm_zone = ngx_shared_memory_add(cf, &args.zone, 0,
                                            &ngx_http_xpecto_limit_module);
    if (limit->shm_zone == NULL) {
        return NGX_CONF_ERROR;
    }

    limit->file = cf->conf_file->file.name;
    limit->line = cf->conf_file->line;
    limit->policy.meter.deny_full = (args.full == 1);
    limit->policy.unread = (args.unread == 0);
    limit->policy.dry_run = (args.dry_run == 1);

    kind = &args.members[NGX_HTTP_XPECTO_LIMIT_KIND];

    if (kind->len == 0
        && args.members[NGX_HTTP_XPECTO_LIMIT_RATE].len != 0)
    {
        ngx_str_set(kind, "rate");
    }

    if (kind->len == 0 && ngx_http_xpecto_limit_of_meta(&args.policy)) {
        *kind = args.policy;
    }

    rv = (kind->len == 0) ? ngx_http_xpecto_limit_of_plan(cf, limit, &args)
                          : ngx_http_xpecto_limit_inline(cf, limit, &args);

    if (rv == NGX_CONF_OK) {
        rv = ngx_http_xpecto_limit_distinct(cf, limit, xlcf->limits);
    }

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    if (xlcf->limits == NGX_CONF_UNSET_PTR) {
        xlcf->limits = ngx_array_create(cf->pool, 2,
                                        sizeof(ngx_http_xpecto_limit_t *));
        if (xlcf->limits == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    l = ngx_array_push(xlcf->limits);
    if (l == NULL) {
        return NGX_CONF_ERROR;
    }

    *l = limit;

    xlmcf = ngx_http_conf_get_module_main_conf(cf,
                                               ngx_http_xpecto_limit_module);

    l = ngx_array_push(&xlmcf->limits);
    if (l == NULL) {
        return NGX_CONF_ERROR;
    }

    *l = limit;

    /*
     * what a plan needs is not known before a request, nor the bytes of a
     * chunked body before it was read
     */

    if (limit->kind.len == 0 || limit->policy.of_body
        || limit->policy.weight.kind == XPECTO_WEIGHT_BYTES
        || limit->policy.weight.kind == XPECTO_WEIGHT_KBYTES)
    {
        xlmcf->of_body = 1;
    }

    if (limit->kind.len == 0
        || limit->policy.meter.kind == XPECTO_METER_HELD
        || limit->policy.meter.kind == XPECTO_METER_UNIQUE)
    {
        xlmcf->held = 1;
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_xpecto_limit_of_plan(ngx_conf_t *cf, ngx_http_xpecto_limit_t *limit,
    ngx_http_xpecto_limit_args_t *args)
{
    ngx_str_t   *cost;
    ngx_uint_t   i;

    cost = &args->members[NGX_HTTP_XPECTO_LIMIT_COST];

    for (i = 0; i < NGX_HTTP_XPECTO_LIMIT_MEMBERS; i++) {

        if (args->members[i].len != 0 && &args->members[i] != cost) {
            break;
        }
    }

    if (i < NGX_HTTP_XPECTO_LIMIT_MEMBERS || args->key != NULL
        || args->policy.len != 0)
    {
        return "without \"kind\" or \"rate\" takes \"cost\", \"full\", "
               "\"unread\" and \"dry_run\" only: the plan of the tenant has "
               "the rest";
    }

    limit->policy.enforce = XPECTO_ENFORCE_ALL;

    if (cost->len == 0) {
        return NGX_CONF_OK;
    }

    if (ngx_http_script_variables_count(cost) != 0) {
        return ngx_http_xpecto_limit_cost_value(cf, limit, cost);
    }

    if (xpecto_weight_parse(&limit->policy.weight, cost->data, cost->len)
        != XPECTO_OK)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid cost \"%V\": " XPECTO_WEIGHT_WRONG, cost);
        return NGX_CONF_ERROR;
    }

    limit->policy.of_body = xpecto_weight_of_body(&limit->policy.weight);

    return NGX_CONF_OK;
}


static char *
ngx_http_xpecto_limit_inline(ngx_conf_t *cf, ngx_http_xpecto_limit_t *limit,
    ngx_http_xpecto_limit_args_t *args)
{
    char       *rv;
    ngx_str_t  *kind, *scope, *cost, *name;

    kind = &args->members[NGX_HTTP_XPECTO_LIMIT_KIND];
    scope = &args->members[NGX_HTTP_XPECTO_LIMIT_SCOPE];
    cost = &args->members[NGX_HTTP_XPECTO_LIMIT_COST];

    if (args->key != NULL && scope->len != 0) {
        return "counts by \"key\" or by \"scope\", not by both";
    }

    if (args->key != NULL
        && (ngx_http_xpecto_limit_of_meta(kind)
            || (kind->len == 4 && ngx_strncmp(kind->data, "pair", 4) == 0)))
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"key\" is not for kind \"%V\": that says what "
                           "it counts by", kind);
        return NGX_CONF_ERROR;
    }

    if (ngx_http_xpecto_limit_of_meta(kind)
        && xpecto_whatsapp_find(kind->data, kind->len) == NULL)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "unknown policy \"%V\": " XPECTO_WHATSAPP_NAMES
                           " is expected", kind);
        return NGX_CONF_ERROR;
    }

    limit->kind = *kind;
    limit->policy.name = args->policy.len ? args->policy : args->zone;
    limit->policy.key = args->key;

    name = &limit->policy.name;

    if (ngx_http_xpecto_limit_name(name) != NGX_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid policy \"%V\": letters, digits and "
                           "\"_-.:\" are expected, at most %d", name,
                           XPECTO_NAME_MAX);
        return NGX_CONF_ERROR;
    }

    if (cost->len != 0 && ngx_http_script_variables_count(cost) != 0) {
        rv = ngx_http_xpecto_limit_cost_value(cf, limit, cost);

        if (rv != NGX_CONF_OK) {
            return rv;
        }
    }

    rv = ngx_http_xpecto_limit_read(cf, limit, args);

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    if (limit->policy.cost != NULL
        && limit->alone->scope == XPECTO_SCOPE_RECIPIENT)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "each recipient costs 1: \"cost\" is not for "
                           "\"scope=recipient\"");
        return NGX_CONF_ERROR;
    }

    limit->tenants = (scope->len != 0
                      && (limit->alone->scope == XPECTO_SCOPE_TENANT
                          || limit->alone->scope == XPECTO_SCOPE_CREDENTIAL));

    ngx_http_xpecto_limit_fill(limit);
    ngx_http_xpecto_limit_id(limit);

    return NGX_CONF_OK;
}


static char *
ngx_http_xpecto_limit_read(ngx_conf_t *cf, ngx_http_xpecto_limit_t *limit,
    ngx_http_xpecto_limit_args_t *args)
{
    size_t                n, failed;
    ngx_str_t            *value;
    ngx_uint_t            i;
    ngx_uint_t            given[NGX_HTTP_XPECTO_LIMIT_MEMBERS];
    xpecto_err_t          err;
    xpecto_name_t         name;
    xpecto_doc_param_t    params[NGX_HTTP_XPECTO_LIMIT_MEMBERS];

    static ngx_str_t  one = ngx_string("1");

    limit->alone = ngx_palloc(cf->pool, sizeof(xpecto_limit_t));
    limit->period = ngx_palloc(cf->pool, sizeof(xpecto_period_t));

    if (limit->alone == NULL || limit->period == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(&name, sizeof(xpecto_name_t));
    name.len = (u_char) limit->policy.name.len;
    ngx_memcpy(name.data, limit->policy.name.data, name.len);

    n = 0;

    for (i = 0; i < NGX_HTTP_XPECTO_LIMIT_MEMBERS; i++) {

        value = &args->members[i];

        if (value->len == 0) {
            continue;
        }

        /* a kind that has no cost has none of a variable either */

        if (i == NGX_HTTP_XPECTO_LIMIT_COST && limit->policy.cost != NULL) {
            value = &one;
        }

        params[n].name = ngx_http_xpecto_limit_members[i].name;
        params[n].type = ngx_http_xpecto_limit_members[i].type;
        params[n].value = ngx_xpecto_str(value);
        given[n++] = i;
    }

    if (xpecto_tenants_alone(params, n, &name, ngx_xpecto_time_zone,
                             limit->alone, limit->period, &failed, &err)
        == XPECTO_OK)
    {
        return NGX_CONF_OK;
    }

    if (failed < n) {
        i = given[failed];

        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid %V \"%V\": %s",
                           &ngx_http_xpecto_limit_arg_table[i].name,
                           &args->members[i], err.text);
        return NGX_CONF_ERROR;
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "policy \"%V\" of kind \"%V\": "
                       "%s", &limit->policy.name, &limit->kind, err.text);

    return NGX_CONF_ERROR;
}


static char *
ngx_http_xpecto_limit_cost_value(ngx_conf_t *cf,
    ngx_http_xpecto_limit_t *limit, ngx_str_t *value)
{
    ngx_http_complex_value_t          *cost;
    ngx_http_compile_complex_value_t   ccv;

    cost = ngx_palloc(cf->pool, sizeof(ngx_http_complex_value_t));
    if (cost == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(&ccv, sizeof(ngx_http_compile_complex_value_t));

    ccv.cf = cf;
    ccv.value = value;
    ccv.complex_value = cost;

    if (ngx_http_compile_complex_value(&ccv) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    limit->policy.cost = cost;

    return NGX_CONF_OK;
}


static void
ngx_http_xpecto_limit_fill(ngx_http_xpecto_limit_t *limit)
{
    xpecto_limit_t                  *l;
    ngx_http_xpecto_limit_policy_t  *policy;

    l = limit->alone;
    policy = &limit->policy;

    policy->text.len = l->policy_len;
    policy->text.data = l->policy;
    policy->status = l->status;
    policy->error = l->error;
    policy->enforce = l->enforce;
    policy->scope = l->scope;
    policy->endpoints = l->endpoints;
    policy->weight = l->weight;
    policy->meter.kind = l->meter;
    policy->meter.gcra = l->gcra;
    policy->meter.count = l->count;
    policy->meter.mix = l->mix;

    if (l->meter != XPECTO_METER_COUNT || l->count.length != 0) {
        limit->period = NULL;
    }

    policy->of_body = (l->scope == XPECTO_SCOPE_RECIPIENT
                       || l->meter == XPECTO_METER_UNIQUE
                       || xpecto_weight_of_body(&policy->weight));

    ngx_http_xpecto_limit_rest(policy, limit->left);
}


/*
 * Of another scope, kind or period it is another policy.  Nothing is secret
 * here: the zone's secret is in what comes of it.
 */

static void
ngx_http_xpecto_limit_id(ngx_http_xpecto_limit_t *limit)
{
    u_char    what[3];
    uint64_t  digest[2];

    static u_char  zero[XPECTO_SIPHASH_KEY_LEN];

    what[0] = (u_char) limit->policy.scope;
    what[1] = (u_char) limit->policy.meter.kind;
    what[2] = (u_char) limit->alone->per;

    xpecto_siphash128(digest, zero, limit->policy.name.data,
                      limit->policy.name.len);

    if (limit->policy.key != NULL) {
        xpecto_siphash128(digest, (u_char *) digest,
                          limit->policy.key->value.data,
                          limit->policy.key->value.len);
    }

    xpecto_siphash128(digest, (u_char *) digest, what, sizeof(what));

    limit->id[0] = 'i';
    ngx_memcpy(&limit->id[1], digest, sizeof(digest));

    limit->policy.id.data = limit->id;
    limit->policy.id.len = sizeof(limit->id);
}


/*
 * A policy of a zone is one whatever location it is used in: there it must
 * have the same numbers.  On one level it can stand once.
 */

static char *
ngx_http_xpecto_limit_distinct(ngx_conf_t *cf, ngx_http_xpecto_limit_t *limit,
    ngx_array_t *level)
{
    ngx_uint_t                           i;
    ngx_http_xpecto_limit_t            **l;
    ngx_http_xpecto_limit_main_conf_t   *xlmcf;

    if (level != NGX_CONF_UNSET_PTR) {
        l = level->elts;

        if (level->nelts == NGX_HTTP_XPECTO_LIMIT_LIMITS) {
            return "stands too often on one level";
        }

        for (i = 0; i < level->nelts; i++) {

            if (l[i]->kind.len == 0 && limit->kind.len == 0) {
                return "without \"kind\" or \"rate\" can stand once on one "
                       "level";
            }

            if (l[i]->kind.len != 0 && limit->kind.len != 0
                && l[i]->policy.name.len == limit->policy.name.len
                && ngx_strncmp(l[i]->policy.name.data, limit->policy.name.data,
                               limit->policy.name.len)
                   == 0)
            {
                ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                                   "duplicate policy \"%V\" on one level: "
                                   "name it by \"policy\"",
                                   &limit->policy.name);
                return NGX_CONF_ERROR;
            }
        }
    }

    xlmcf = ngx_http_conf_get_module_main_conf(cf,
                                               ngx_http_xpecto_limit_module);
    l = xlmcf->limits.elts;

    for (i = 0; i < xlmcf->limits.nelts; i++) {

        if (l[i]->shm_zone != limit->shm_zone
            || l[i]->kind.len == 0 || limit->kind.len == 0
            || ngx_memcmp(l[i]->id, limit->id, sizeof(limit->id)) != 0)
        {
            continue;
        }

        if (!ngx_http_xpecto_limit_same(l[i], limit)) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "policy \"%V\" has other numbers in %V:%ui: "
                               "name it by \"policy\"",
                               &limit->policy.name, &l[i]->file, l[i]->line);
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


/*
 * The mix is of all numbers, "inherit" and a window's length as well, but of
 * some kinds, and of the calendar, it is 0.
 */

static ngx_uint_t
ngx_http_xpecto_limit_same(ngx_http_xpecto_limit_t *a,
    ngx_http_xpecto_limit_t *b)
{
    if (a->alone->mix != b->alone->mix
        || a->alone->burst != b->alone->burst
        || a->alone->gcra.interval != b->alone->gcra.interval)
    {
        return 0;
    }

    return (a->period == NULL && b->period == NULL)
           || (a->period != NULL && b->period != NULL
               && ngx_memcmp(a->period, b->period, sizeof(xpecto_period_t))
                  == 0);
}


static ngx_uint_t
ngx_http_xpecto_limit_of_meta(ngx_str_t *name)
{
    return name->len >= sizeof(XPECTO_WHATSAPP_PREFIX) - 1
           && ngx_strncmp(name->data, XPECTO_WHATSAPP_PREFIX,
                          sizeof(XPECTO_WHATSAPP_PREFIX) - 1)
              == 0;
}


/*
 * What the configuration before had used under other numbers is taken over,
 * if it was made by this very build: then its memory is as ours.
 */

void
ngx_http_xpecto_limit_succeed(ngx_conf_t *cf, ngx_http_xpecto_limit_t *limit)
{
    ngx_uint_t                           i;
    ngx_cycle_t                         *cycle;
    xpecto_limit_t                      *l;
    ngx_http_xpecto_limit_t            **before;
    ngx_http_xpecto_limit_main_conf_t   *xlmcf;

    cycle = cf->cycle->old_cycle;
    l = limit->alone;

    if (cycle == NULL || cycle->conf_ctx == NULL || cycle->modules == NULL) {
        return;
    }

    for (i = 0; cycle->modules[i] != &ngx_http_xpecto_limit_module; i++) {

        if (cycle->modules[i] == NULL) {
            return;
        }
    }

    xlmcf = ngx_http_cycle_get_module_main_conf(cycle,
                                                ngx_http_xpecto_limit_module);
    if (xlmcf == NULL) {
        return;
    }

    before = xlmcf->limits.elts;

    for (i = 0; i < xlmcf->limits.nelts; i++) {

        if (before[i]->kind.len != 0
            && before[i]->shm_zone->shm.name.len
               == limit->shm_zone->shm.name.len
            && ngx_strncmp(before[i]->shm_zone->shm.name.data,
                           limit->shm_zone->shm.name.data,
                           limit->shm_zone->shm.name.len)
               == 0
            && ngx_memcmp(before[i]->id, limit->id, sizeof(limit->id)) == 0)
        {
            xpecto_tenants_succeed(before[i]->alone, l,
                                   ngx_http_xpecto_limit_now(),
                                   ngx_http_xpecto_limit_wall());
            break;
        }
    }

    limit->policy.meter.former = l->former;
    limit->policy.meter.nformer = l->nformer;

    for (i = 0; i < l->nformer; i++) {
        limit->policy.meter.until = ngx_max(limit->policy.meter.until,
                                            l->former[i].until);
    }
}


/* the period of a policy goes on; the clock of its count may be ahead */

void
ngx_http_xpecto_limit_follow(ngx_http_xpecto_limit_t *limit)
{
    uint32_t         start, end, after, next;
    xpecto_count_t  *count;

    if (limit->period == NULL || ngx_time() < limit->until) {
        return;
    }

    count = &limit->policy.meter.count;

    xpecto_period_at(limit->period, (uint32_t) ngx_time(), &start, &end);

    next = end;

    if (end != XPECTO_COUNT_NEVER) {
        xpecto_period_at(limit->period, end, &after, &next);
    }

    if (end >= count->end) {
        count->start = start;
        count->end = end;
        count->next = next;
    }

    limit->until = end;
}
