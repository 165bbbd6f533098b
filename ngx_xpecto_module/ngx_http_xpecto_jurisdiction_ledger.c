
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_jurisdiction.h"


static ngx_uint_t ngx_http_xpecto_jurisdiction_is_recorded(
    ngx_http_xpecto_jurisdiction_conf_t *xjcf,
    const xpecto_decision_t *decision);
static ngx_int_t ngx_http_xpecto_jurisdiction_question(ngx_http_request_t *r,
    ngx_xpecto_ledger_event_t *e, const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer);
static ngx_int_t ngx_http_xpecto_jurisdiction_answer(ngx_http_request_t *r,
    ngx_xpecto_ledger_event_t *e, const xpecto_rules_t *rules,
    const xpecto_decision_t *decision);
static ngx_int_t ngx_http_xpecto_jurisdiction_day(ngx_http_request_t *r,
    ngx_xpecto_ledger_event_t *e, int32_t today);
static ngx_int_t ngx_http_xpecto_jurisdiction_set(ngx_http_request_t *r,
    ngx_xpecto_ledger_event_t *e, const char *name,
    const xpecto_rules_t *rules, const xpecto_set_t *set, uint64_t areas);
static ngx_int_t ngx_http_xpecto_jurisdiction_attests(ngx_http_request_t *r,
    ngx_xpecto_ledger_event_t *e, const xpecto_rules_t *rules,
    uint64_t attests);
static ngx_int_t ngx_http_xpecto_jurisdiction_copy(ngx_http_request_t *r,
    ngx_xpecto_ledger_event_t *e, const char *name, const void *data,
    size_t len);
static time_t ngx_http_xpecto_jurisdiction_epoch(ngx_xpecto_image_t *places);
static ngx_uint_t ngx_http_xpecto_jurisdiction_is_same(
    ngx_xpecto_ledger_event_t *one, ngx_xpecto_ledger_event_t *two);


static ngx_conf_enum_t  ngx_http_xpecto_jurisdiction_records[] = {
    { ngx_string("off"), NGX_HTTP_XPECTO_JURISDICTION_RECORD_OFF },
    { ngx_string("denied"), NGX_HTTP_XPECTO_JURISDICTION_RECORD_DENIED },
    { ngx_string("safeguarded"),
      NGX_HTTP_XPECTO_JURISDICTION_RECORD_SAFEGUARDED },
    { ngx_string("all"), NGX_HTTP_XPECTO_JURISDICTION_RECORD_ALL },
    { ngx_null_string, 0 }
};


static char  *ngx_http_xpecto_jurisdiction_actions[] = {
    "allow",                                /* XPECTO_ACTION_ALLOW */
    "flag",                                 /* XPECTO_ACTION_FLAG */
    "deny"                                  /* XPECTO_ACTION_DENY */
};


char *
ngx_http_xpecto_jurisdiction_ledger(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_xpecto_jurisdiction_conf_t  *xjcf = conf;

    ngx_str_t        *value;
    ngx_conf_enum_t  *e;

    if (xjcf->record != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }

    value = cf->args->elts;

    for (e = ngx_http_xpecto_jurisdiction_records; e->name.len; e++) {

        if (e->name.len == value[1].len
            && ngx_strcmp(e->name.data, value[1].data) == 0)
        {
            xjcf->record = e->value;
            break;
        }
    }

    if (e->name.len == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid value \"%V\"",
                           &value[1]);
        return NGX_CONF_ERROR;
    }

    xjcf->lossy = 0;

    if (cf->args->nelts == 3) {

        if (ngx_strcmp(value[2].data, "lossy") != 0) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid parameter \"%V\"", &value[2]);
            return NGX_CONF_ERROR;
        }

        xjcf->lossy = 1;
    }

    if (xjcf->record != NGX_HTTP_XPECTO_JURISDICTION_RECORD_OFF
        && ngx_http_xpecto_jurisdiction_need(cf, NGX_HTTP_XPECTO_NEED_LEDGER)
           != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


ngx_int_t
ngx_http_xpecto_jurisdiction_record(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf, const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, const xpecto_decision_t *decision,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx)
{
    ngx_str_t                                  mode;
    ngx_xpecto_tenant_t                       *caller;
    ngx_xpecto_ledger_event_t                 *e;
    ngx_http_xpecto_jurisdiction_main_conf_t  *xjmcf;

    static ngx_str_t  on = ngx_string("on");
    static ngx_str_t  observe = ngx_string("observe");

    ctx->event = NULL;

    if (!ngx_xpecto_ledger_on(r)
        || !ngx_http_xpecto_jurisdiction_is_recorded(xjcf, decision))
    {
        return NGX_OK;
    }

    e = ngx_pcalloc(r->pool, sizeof(ngx_xpecto_ledger_event_t));
    if (e == NULL) {
        return NGX_ERROR;
    }

    e->name = "transfer";

    if (ngx_http_xpecto_jurisdiction_question(r, e, rules, transfer) != NGX_OK
        || ngx_http_xpecto_jurisdiction_answer(r, e, rules, decision)
           != NGX_OK
        || ngx_http_xpecto_jurisdiction_state(r->pool, ctx) != NGX_OK)
    {
        return NGX_ERROR;
    }

    mode = (xjcf->mode == NGX_HTTP_XPECTO_JURISDICTION_ON) ? on : observe;

    ngx_xpecto_ledger_str(e, "mode", &mode);
    ngx_xpecto_ledger_str(e, "state", &ctx->state);
    ngx_xpecto_ledger_str(e, "region", &ctx->jurisdiction.region);
    ngx_xpecto_ledger_str(e, "regimes", &ctx->jurisdiction.regimes);

    caller = ngx_xpecto_tenant(r);

    if (caller != NULL && caller->state == NGX_XPECTO_TENANT_KNOWN
        && ngx_http_xpecto_jurisdiction_copy(r, e, "tenant",
                                             caller->tenant->name.data,
                                             caller->tenant->name.len)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    xjmcf = ngx_http_get_module_main_conf(r,
                                          ngx_http_xpecto_jurisdiction_module);

    ngx_xpecto_ledger_num(e, "database",
                          ngx_http_xpecto_jurisdiction_epoch(xjmcf->places));
    ngx_xpecto_ledger_num(e, "anonymous",
                         ngx_http_xpecto_jurisdiction_epoch(xjmcf->anonymous));

    ctx->event = e;

    return NGX_OK;
}


static ngx_uint_t
ngx_http_xpecto_jurisdiction_is_recorded(
    ngx_http_xpecto_jurisdiction_conf_t *xjcf,
    const xpecto_decision_t *decision)
{
    switch (xjcf->record) {

    case NGX_HTTP_XPECTO_JURISDICTION_RECORD_OFF:
        return 0;

    case NGX_HTTP_XPECTO_JURISDICTION_RECORD_DENIED:
        return decision->action == XPECTO_ACTION_DENY;

    case NGX_HTTP_XPECTO_JURISDICTION_RECORD_SAFEGUARDED:
        return decision->action != XPECTO_ACTION_ALLOW
               || decision->basis >= XPECTO_BASIS_SAFEGUARDS;

    default: /* NGX_HTTP_XPECTO_JURISDICTION_RECORD_ALL */
        return 1;
    }
}


static ngx_int_t
ngx_http_xpecto_jurisdiction_question(ngx_http_request_t *r,
    ngx_xpecto_ledger_event_t *e, const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer)
{
    u_char        digest[2 * XPECTO_RULES_DIGEST];
    xpecto_str_t  version;

    if (ngx_http_xpecto_jurisdiction_day(r, e, transfer->today) != NGX_OK
        || ngx_http_xpecto_jurisdiction_set(r, e, "declared", rules,
                                            &transfer->declared,
                                            transfer->seats)
           != NGX_OK
        || ngx_http_xpecto_jurisdiction_set(r, e, "hinted", rules,
                                            &transfer->hinted, 0)
           != NGX_OK
        || ngx_http_xpecto_jurisdiction_set(r, e, "areas", rules, NULL,
                                            transfer->areas)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_xpecto_ledger_num(e, "unknown", transfer->unknown);
    ngx_xpecto_ledger_num(e, "forbidden", transfer->forbidden);

    if (ngx_http_xpecto_jurisdiction_attests(r, e, rules, transfer->attests)
        != NGX_OK
        || ngx_http_xpecto_jurisdiction_set(r, e, "destinations", rules,
                                            &transfer->destinations, 0)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    version = xpecto_rules_text(rules, rules->version);

    if (ngx_http_xpecto_jurisdiction_copy(r, e, "rules", version.data,
                                          version.len)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    (void) ngx_hex_dump(digest, (u_char *) rules->digest, XPECTO_RULES_DIGEST);

    return ngx_http_xpecto_jurisdiction_copy(r, e, "digest", digest,
                                             sizeof(digest));
}


static ngx_int_t
ngx_http_xpecto_jurisdiction_answer(ngx_http_request_t *r,
    ngx_xpecto_ledger_event_t *e, const xpecto_rules_t *rules,
    const xpecto_decision_t *decision)
{
    u_char         why[XPECTO_TRANSFER_WHY], cause[XPECTO_TRANSFER_WHY];
    size_t         nwhy, ncause;
    const char    *basis, *action;
    xpecto_str_t   instrument, rule;

    basis = xpecto_rules_basis(decision->basis);
    action = ngx_http_xpecto_jurisdiction_actions[decision->action];
    instrument = xpecto_rules_text(rules, decision->why.instrument);

    nwhy = xpecto_transfer_why(rules, &decision->why, why);
    ncause = xpecto_transfer_why(rules, &decision->cause, cause);

    rule.data = (u_char *) "";
    rule.len = 0;

    if (decision->rule != XPECTO_RULES_NONE) {
        rule = xpecto_rules_text(rules, rules->rules[decision->rule].id);
    }

    if (ngx_http_xpecto_jurisdiction_copy(r, e, "basis", basis,
                                          ngx_strlen(basis))
        != NGX_OK
        || ngx_http_xpecto_jurisdiction_copy(r, e, "why", why, nwhy)
           != NGX_OK
        || ngx_http_xpecto_jurisdiction_copy(r, e, "instrument",
                                             instrument.data, instrument.len)
           != NGX_OK
        || ngx_http_xpecto_jurisdiction_copy(r, e, "action", action,
                                             ngx_strlen(action))
           != NGX_OK
        || ngx_http_xpecto_jurisdiction_copy(r, e, "cause", cause, ncause)
           != NGX_OK
        || ngx_http_xpecto_jurisdiction_copy(r, e, "rule", rule.data,
                                             rule.len)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_xpecto_ledger_num(e, "status",
                          (decision->action == XPECTO_ACTION_DENY)
                          ? decision->status : 0);

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_jurisdiction_day(ngx_http_request_t *r,
    ngx_xpecto_ledger_event_t *e, int32_t today)
{
    u_char    day[sizeof("2026-11-22")];
    ngx_tm_t  tm;

    ngx_gmtime((time_t) today * 86400, &tm);

    (void) ngx_sprintf(day, "%4d-%02d-%02d", tm.ngx_tm_year, tm.ngx_tm_mon,
                       tm.ngx_tm_mday);

    return ngx_http_xpecto_jurisdiction_copy(r, e, "day", day,
                                             sizeof("2026-11-22") - 1);
}


/* countries, then parts of countries; set may be NULL */

static ngx_int_t
ngx_http_xpecto_jurisdiction_set(ngx_http_request_t *r,
    ngx_xpecto_ledger_event_t *e, const char *name,
    const xpecto_rules_t *rules, const xpecto_set_t *set, uint64_t areas)
{
    u_char            codes[3 * XPECTO_RULES_COUNTRIES
                            + XPECTO_RULES_AREAS * (XPECTO_AREA_CODE + 1)];
    u_char           *p;
    unsigned          i;
    xpecto_country_t  code;

    p = codes;

    for (i = (set != NULL) ? xpecto_set_next(set, 0) : XPECTO_SET_NONE;
         i < rules->ncountries;
         i = xpecto_set_next(set, i + 1))
    {
        code = rules->countries[i].code;

        *p++ = (u_char) (code >> 8);
        *p++ = (u_char) code;
        *p++ = ' ';
    }

    for ( /* void */ ; areas != 0; areas &= areas - 1) {
        p = ngx_sprintf(p, "%s ", rules->areas[__builtin_ctzll(areas)].code);
    }

    if (p != codes) {
        p--;
    }

    return ngx_http_xpecto_jurisdiction_copy(r, e, name, codes, p - codes);
}


static ngx_int_t
ngx_http_xpecto_jurisdiction_attests(ngx_http_request_t *r,
    ngx_xpecto_ledger_event_t *e, const xpecto_rules_t *rules,
    uint64_t attests)
{
    size_t        len;
    u_char       *p, *start;
    uint64_t      bits;
    xpecto_str_t  name;

    len = 0;

    for (bits = attests; bits != 0; bits &= bits - 1) {
        len += rules->attests[__builtin_ctzll(bits)].name.len + 1;
    }

    start = ngx_pnalloc(r->pool, len + 1);
    if (start == NULL) {
        return NGX_ERROR;
    }

    p = start;

    for (bits = attests; bits != 0; bits &= bits - 1) {
        name = xpecto_rules_text(rules,
                                 rules->attests[__builtin_ctzll(bits)].name);

        if (p != start) {
            *p++ = ' ';
        }

        p = ngx_cpymem(p, name.data, name.len);
    }

    return ngx_http_xpecto_jurisdiction_copy(r, e, "attests", start,
                                             p - start);
}


/* the image is pinned no longer when the line is written */

static ngx_int_t
ngx_http_xpecto_jurisdiction_copy(ngx_http_request_t *r,
    ngx_xpecto_ledger_event_t *e, const char *name, const void *data,
    size_t len)
{
    ngx_str_t  value;

    value.len = len;
    value.data = ngx_pnalloc(r->pool, len + 1);
    if (value.data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(value.data, data, len);

    ngx_xpecto_ledger_str(e, name, &value);

    return NGX_OK;
}


static time_t
ngx_http_xpecto_jurisdiction_epoch(ngx_xpecto_image_t *places)
{
    time_t       epoch;
    const void  *image;

    if (places == NULL) {
        return 0;
    }

    image = ngx_xpecto_image_pin(places);

    epoch = (image == NULL) ? 0 : (time_t) xpecto_place_epoch(image);

    ngx_xpecto_image_unpin(places);

    return epoch;
}


ngx_int_t
ngx_http_xpecto_jurisdiction_write(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx)
{
    ngx_xpecto_ledger_event_t           *e;
    ngx_http_xpecto_jurisdiction_ctx_t  *main;

    e = ctx->event;

    if (e == NULL) {
        return NGX_OK;
    }

    ctx->event = NULL;

    /*
     * an error page, an index, a subrequest: decided for itself, but not
     * another decision
     */

    main = ngx_xpecto_get_ctx(r->main, &ngx_http_xpecto_jurisdiction_module);

    if ((ctx->recorded != NULL
         && ngx_http_xpecto_jurisdiction_is_same(e, ctx->recorded))
        || (main != NULL && main->recorded != NULL
            && ngx_http_xpecto_jurisdiction_is_same(e, main->recorded)))
    {
        return NGX_OK;
    }

    if (ngx_xpecto_ledger(r, e) == NGX_OK) {
        ctx->recorded = e;
        return NGX_OK;
    }

    return (xjcf->lossy || xjcf->mode != NGX_HTTP_XPECTO_JURISDICTION_ON)
           ? NGX_OK : NGX_ERROR;
}


/* a disk that is full is not so for long, or somebody has to come */

ngx_int_t
ngx_http_xpecto_jurisdiction_unwritten(ngx_http_request_t *r)
{
    static ngx_str_t  key = ngx_string("Retry-After");
    static ngx_str_t  value = ngx_string("30");
    static ngx_str_t  type = ngx_string("application/problem+json");
    static ngx_str_t  body = ngx_string(
        "{\"type\":\"about:blank\",\"title\":\"Service Unavailable\","
        "\"status\":503,"
        "\"detail\":\"The record of this transfer cannot be written.\"}\n");

    if (ngx_xpecto_push_header(r, &r->headers_out.headers, &key, &value)
        == NULL)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_xpecto_refuse(r, NGX_HTTP_SERVICE_UNAVAILABLE, &type, &body);
}


/* fields of one event have one order */

static ngx_uint_t
ngx_http_xpecto_jurisdiction_is_same(ngx_xpecto_ledger_event_t *one,
    ngx_xpecto_ledger_event_t *two)
{
    ngx_uint_t              i;
    xpecto_ledger_field_t  *a, *b;

    if (one->nfields != two->nfields) {
        return 0;
    }

    for (i = 0; i < one->nfields; i++) {
        a = &one->fields[i];
        b = &two->fields[i];

        if (a->num != b->num
            || a->str.len != b->str.len
            || (a->str.len != 0
                && ngx_memcmp(a->str.data, b->str.data, a->str.len) != 0))
        {
            return 0;
        }
    }

    return 1;
}
