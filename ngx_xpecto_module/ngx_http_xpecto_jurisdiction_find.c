
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_jurisdiction.h"


/* what the signals have said so far */

typedef struct {
    const xpecto_rules_t       *rules;  /* pinned */
    xpecto_transfer_t           transfer;
    ngx_uint_t                  spoken; /* tenant or recipients are there */
    ngx_uint_t                  stale;  /* the country of the address is */
    ngx_uint_t                  hidden; /* that of a trusted header is */
} ngx_http_xpecto_jurisdiction_facts_t;


static void ngx_http_xpecto_jurisdiction_tenant(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_facts_t *facts);
static void ngx_http_xpecto_jurisdiction_recipients(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_facts_t *facts);
static void ngx_http_xpecto_jurisdiction_recipient(
    ngx_xpecto_recipient_t *recipient,
    ngx_http_xpecto_jurisdiction_facts_t *facts);
static ngx_uint_t ngx_http_xpecto_jurisdiction_address(ngx_http_request_t *r,
    ngx_int_t *signal);
static void ngx_http_xpecto_jurisdiction_client(ngx_uint_t place,
    ngx_int_t signal, ngx_http_xpecto_jurisdiction_facts_t *facts);
static ngx_uint_t ngx_http_xpecto_jurisdiction_header(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf, ngx_uint_t *hidden);
static ngx_int_t ngx_http_xpecto_jurisdiction_trusted(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf);
static void ngx_http_xpecto_jurisdiction_country(const xpecto_rules_t *rules,
    xpecto_country_t country, xpecto_set_t *set, xpecto_transfer_t *transfer);
static void ngx_http_xpecto_jurisdiction_signal(
    ngx_http_xpecto_jurisdiction_facts_t *facts, ngx_int_t signal);
static ngx_int_t ngx_http_xpecto_jurisdiction_tag(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_facts_t *facts,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx);
static ngx_int_t ngx_http_xpecto_jurisdiction_decide(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf,
    ngx_http_xpecto_jurisdiction_facts_t *facts,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx);
static ngx_int_t ngx_http_xpecto_jurisdiction_region(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf,
    ngx_http_xpecto_jurisdiction_facts_t *facts,
    xpecto_decision_t *decision, ngx_uint_t *region);
static uint64_t ngx_http_xpecto_jurisdiction_allowed(
    const xpecto_rules_t *rules, ngx_xpecto_tenant_t *tenant,
    ngx_uint_t *home);
static ngx_uint_t ngx_http_xpecto_jurisdiction_named(
    const xpecto_rules_t *rules, u_char *data, size_t len);
static ngx_int_t ngx_http_xpecto_jurisdiction_text(ngx_http_request_t *r,
    const xpecto_rules_t *rules, xpecto_text_t text, ngx_str_t *str);
static ngx_int_t ngx_http_xpecto_jurisdiction_reason(ngx_http_request_t *r,
    const xpecto_rules_t *rules, xpecto_reason_t *reason, ngx_str_t *str);
static void ngx_http_xpecto_jurisdiction_codes(const xpecto_rules_t *rules,
    xpecto_set_t *set, xpecto_countries_t *countries);


ngx_int_t
ngx_http_xpecto_jurisdiction_find(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx)
{
    ngx_int_t                                  rc, signal;
    ngx_uint_t                                 place, header;
    ngx_http_xpecto_jurisdiction_facts_t       facts;
    ngx_http_xpecto_jurisdiction_main_conf_t  *xjmcf;

    xjmcf = ngx_http_get_module_main_conf(r,
                                          ngx_http_xpecto_jurisdiction_module);

    ngx_memzero(&ctx->jurisdiction, sizeof(ngx_xpecto_jurisdiction_t));
    ngx_memzero(&facts, sizeof(ngx_http_xpecto_jurisdiction_facts_t));
    ngx_str_null(&ctx->list);

    ctx->action = XPECTO_ACTION_ALLOW;
    ctx->conf = NULL;
    ctx->uri = r->uri;
    ctx->sockaddr = r->connection->sockaddr;

    place = ngx_http_xpecto_jurisdiction_address(r, &signal);
    header = (xjcf->origins & NGX_HTTP_XPECTO_ORIGIN_HEADER)
             ? ngx_http_xpecto_jurisdiction_header(r, xjcf, &facts.hidden)
             : XPECTO_PLACE_UNKNOWN;

    if (place >= XPECTO_PLACE_COUNTRY) {
        ctx->jurisdiction.country = (xpecto_country_t) place;
        facts.stale = (signal == XPECTO_SIGNAL_DB_STALE);

    } else {
        ctx->jurisdiction.country = (xpecto_country_t) header;
    }

    facts.rules = ngx_xpecto_image_pin(xjmcf->rules);
    facts.transfer.today = (int32_t) (ngx_time() / 86400);

    if (facts.rules == NULL) {
        ngx_xpecto_image_unpin(xjmcf->rules);
        return NGX_ERROR;
    }

    if (xjcf->origins & NGX_HTTP_XPECTO_ORIGIN_TENANT) {
        ngx_http_xpecto_jurisdiction_tenant(r, &facts);
    }

    if (xjcf->origins & NGX_HTTP_XPECTO_ORIGIN_RECIPIENT) {
        ngx_http_xpecto_jurisdiction_recipients(r, &facts);
    }

    if ((xjcf->origins & NGX_HTTP_XPECTO_ORIGIN_OPERATOR)
        && facts.rules->operator != XPECTO_RULES_NONE)
    {
        xpecto_set_add(&facts.transfer.declared, facts.rules->operator);
    }

    if (header != XPECTO_PLACE_UNKNOWN) {
        ngx_http_xpecto_jurisdiction_country(facts.rules,
                                             (xpecto_country_t) header,
                                             &facts.transfer.hinted,
                                             &facts.transfer);
    }

    /* evidence speaks where nobody else does */

    if ((xjcf->origins & NGX_HTTP_XPECTO_ORIGIN_IP)
        || ((xjcf->origins & NGX_HTTP_XPECTO_ORIGIN_EVIDENCE)
            && !facts.spoken && header == XPECTO_PLACE_UNKNOWN))
    {
        ngx_http_xpecto_jurisdiction_client(place, signal, &facts);

        if (signal == -1) {
            facts.hidden = 0;
        }
    }

    if (facts.hidden) {
        facts.transfer.unknown = 1;
    }

    rc = ngx_http_xpecto_jurisdiction_tag(r, &facts, ctx);

    if (rc == NGX_OK) {
        ctx->conf = xjcf;

        if (xjcf->choose || xjcf->destination != NULL) {
            rc = ngx_http_xpecto_jurisdiction_decide(r, xjcf, &facts, ctx);
        }
    }

    if (rc != NGX_OK) {
        ctx->conf = NULL;
    }

    ngx_xpecto_image_unpin(xjmcf->rules);

    return rc;
}


static void
ngx_http_xpecto_jurisdiction_tenant(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_facts_t *facts)
{
    ngx_uint_t            i;
    xpecto_tenant_t      *tenant;
    ngx_xpecto_tenant_t  *caller;

    caller = ngx_xpecto_tenant(r);

    if (caller == NULL || caller->state == NGX_XPECTO_TENANT_NONE) {
        return;
    }

    facts->spoken = 1;

    if (caller->state != NGX_XPECTO_TENANT_KNOWN) {
        facts->transfer.unknown = 1;
        return;
    }

    tenant = caller->tenant;

    if (tenant->establishment.n == 0) {
        facts->transfer.unknown = 1;
    }

    for (i = 0; i < tenant->establishment.n; i++) {
        ngx_http_xpecto_jurisdiction_country(facts->rules,
                                             tenant->establishment.cc[i],
                                             &facts->transfer.declared,
                                             &facts->transfer);
    }

    for (i = 0; i < tenant->nattest; i++) {
        xpecto_str_t  name;

        name.data = tenant->attest[i].data;
        name.len = tenant->attest[i].len;

        facts->transfer.attests |= xpecto_transfer_attest(facts->rules, name);
    }

    facts->transfer.attests = xpecto_transfer_attests(facts->rules,
                                                      facts->transfer.attests,
                                                      facts->transfer.today);
}


static void
ngx_http_xpecto_jurisdiction_recipients(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_facts_t *facts)
{
    ngx_uint_t               i;
    ngx_xpecto_message_t    *message;
    ngx_xpecto_recipient_t  *recipient;

    message = ngx_xpecto_message(r);

    if (message == NULL) {
        return;
    }

    if (message->unreadable) {
        facts->spoken = 1;
        facts->transfer.unknown = 1;
    }

    recipient = message->recipients.elts;

    if (message->recipients.nelts == 0 && !message->unreadable) {
        ngx_http_xpecto_jurisdiction_signal(facts,
                                            XPECTO_SIGNAL_NO_RECIPIENT);
        return;
    }

    for (i = 0; i < message->recipients.nelts; i++) {
        facts->spoken = 1;
        ngx_http_xpecto_jurisdiction_recipient(&recipient[i], facts);
    }
}


static void
ngx_http_xpecto_jurisdiction_recipient(ngx_xpecto_recipient_t *recipient,
    ngx_http_xpecto_jurisdiction_facts_t *facts)
{
    u_char               *p;
    ngx_uint_t            i, n;
    xpecto_phone_t        phone;
    xpecto_countries_t    set;
    const xpecto_area_t  *area;

    p = recipient->value.data;

    switch (recipient->kind) {

    case NGX_XPECTO_RECIPIENT_PHONE:

        if (recipient->value.len > XPECTO_PHONE_MAX) {
            break;
        }

        phone.len = (uint8_t) recipient->value.len;
        ngx_memcpy(phone.digits, p, phone.len);

        xpecto_phone_countries(&phone, &set);

        if (set.n == 0) {
            ngx_http_xpecto_jurisdiction_signal(facts,
                                                XPECTO_SIGNAL_NON_GEOGRAPHIC);
        }

        for (i = 0; i < set.n; i++) {
            ngx_http_xpecto_jurisdiction_country(facts->rules, set.cc[i],
                                                 &facts->transfer.hinted,
                                                 &facts->transfer);
        }

        n = xpecto_area_find(&phone, &area);

        for (i = 0; i < n; i++) {
            facts->transfer.areas |= xpecto_rules_area(facts->rules,
                                                       area[i].code);
        }

        return;

    case NGX_XPECTO_RECIPIENT_BSUID:

        /* "DE.13491208655302741918" */

        if (recipient->value.len < 3 || p[2] != '.') {
            break;
        }

        ngx_http_xpecto_jurisdiction_country(facts->rules,
                                             XPECTO_COUNTRY(p[0], p[1]),
                                             &facts->transfer.hinted,
                                             &facts->transfer);
        return;

    case NGX_XPECTO_RECIPIENT_GROUP:

        /* its members may be anywhere */

        facts->transfer.unknown = 1;
        return;

    default: /* NGX_XPECTO_RECIPIENT_INVALID */
        break;
    }

    ngx_http_xpecto_jurisdiction_signal(facts, XPECTO_SIGNAL_INVALID_NUMBER);
}


/* signal: why the answer must not be used as an origin, else -1 */

static ngx_uint_t
ngx_http_xpecto_jurisdiction_address(ngx_http_request_t *r, ngx_int_t *signal)
{
    time_t                                     age;
    uint32_t                                   addr;
    ngx_uint_t                                 place;
    const void                                *image;
    struct sockaddr_in                        *sin;
#if (NGX_HAVE_INET6)
    struct sockaddr_in6                       *sin6;
#endif
    ngx_http_xpecto_jurisdiction_main_conf_t  *xjmcf;

    xjmcf = ngx_http_get_module_main_conf(r,
                                          ngx_http_xpecto_jurisdiction_module);

    *signal = XPECTO_SIGNAL_DB_MISSING;

    if (xjmcf->places == NULL) {
        return XPECTO_PLACE_UNKNOWN;
    }

    image = ngx_xpecto_image_pin(xjmcf->places);

    if (image == NULL || xpecto_place_epoch(image) == 0) {
        ngx_xpecto_image_unpin(xjmcf->places);
        return XPECTO_PLACE_UNKNOWN;
    }

    switch (r->connection->sockaddr->sa_family) {

    case AF_INET:
        sin = (struct sockaddr_in *) r->connection->sockaddr;
        addr = ntohl(sin->sin_addr.s_addr);
        place = xpecto_place_ipv4(image, addr);
        *signal = -1;
        break;

#if (NGX_HAVE_INET6)
    case AF_INET6:
        sin6 = (struct sockaddr_in6 *) r->connection->sockaddr;
        place = xpecto_place_ipv6(image, sin6->sin6_addr.s6_addr);
        *signal = -1;
        break;
#endif

    default: /* AF_UNIX */
        place = XPECTO_PLACE_UNKNOWN;
        break;
    }

    age = ngx_time() - (time_t) xpecto_place_epoch(image);

    ngx_xpecto_image_unpin(xjmcf->places);

    if (place == XPECTO_PLACE_PRIVATE) {
        *signal = XPECTO_SIGNAL_PRIVATE_IP;

    } else if (xjmcf->max_age != 0 && age > xjmcf->max_age) {
        *signal = XPECTO_SIGNAL_DB_STALE;
    }

    return place;
}


static void
ngx_http_xpecto_jurisdiction_client(ngx_uint_t place, ngx_int_t signal,
    ngx_http_xpecto_jurisdiction_facts_t *facts)
{
    if (signal != -1) {
        ngx_http_xpecto_jurisdiction_signal(facts, signal);
        return;
    }

    if (place < XPECTO_PLACE_COUNTRY) {
        facts->transfer.unknown = 1;
        return;
    }

    ngx_http_xpecto_jurisdiction_country(facts->rules,
                                         (xpecto_country_t) place,
                                         &facts->transfer.hinted,
                                         &facts->transfer);
}


/*
 * A country that a trusted peer has written, or UNKNOWN.  hidden: the header
 * is there, but it names none.
 */

static ngx_uint_t
ngx_http_xpecto_jurisdiction_header(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf, ngx_uint_t *hidden)
{
    ngx_uint_t        i, place;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    if (ngx_http_xpecto_jurisdiction_trusted(r, xjcf) != NGX_OK) {
        return XPECTO_PLACE_UNKNOWN;
    }

    place = XPECTO_PLACE_UNKNOWN;
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

        if (h[i].key.len != xjcf->header.len
            || ngx_strncmp(h[i].lowcase_key, xjcf->header.data,
                           xjcf->header.len)
               != 0)
        {
            continue;
        }

        /* two lines: one of them is not the peer's */

        if (place != XPECTO_PLACE_UNKNOWN
            || h[i].value.len != 2
            || h[i].value.data[0] < 'A' || h[i].value.data[0] > 'Z'
            || h[i].value.data[1] < 'A' || h[i].value.data[1] > 'Z')
        {
            *hidden = 1;
            return XPECTO_PLACE_UNKNOWN;
        }

        place = XPECTO_COUNTRY(h[i].value.data[0], h[i].value.data[1]);

        /* "XX" of Cloudflare, "ZZ" of Google: they do not know either */

        if (place == XPECTO_COUNTRY('X', 'X')
            || place == XPECTO_COUNTRY('Z', 'Z'))
        {
            *hidden = 1;
            return XPECTO_PLACE_UNKNOWN;
        }
    }

    return place;
}


/* the peer of the connection, which realip may have hidden */

static ngx_int_t
ngx_http_xpecto_jurisdiction_trusted(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf)
{
    ngx_str_t                   name;
    ngx_addr_t                  addr;
    ngx_uint_t                  key;
    ngx_http_variable_value_t  *vv;

    ngx_str_set(&name, "realip_remote_addr");
    key = ngx_hash_key(name.data, name.len);

    vv = ngx_http_get_variable(r, &name, key);

    if (vv == NULL || vv->not_found) {
        return ngx_cidr_match(r->connection->sockaddr, xjcf->from);
    }

    if (ngx_parse_addr(r->pool, &addr, vv->data, vv->len) != NGX_OK) {
        return NGX_DECLINED;
    }

    return ngx_cidr_match(addr.sockaddr, xjcf->from);
}


static void
ngx_http_xpecto_jurisdiction_country(const xpecto_rules_t *rules,
    xpecto_country_t country, xpecto_set_t *set, xpecto_transfer_t *transfer)
{
    ngx_uint_t  i;

    i = xpecto_rules_country(rules, country);

    if (i == XPECTO_RULES_NONE) {
        transfer->unknown = 1;
        return;
    }

    xpecto_set_add(set, (unsigned) i);
}


static void
ngx_http_xpecto_jurisdiction_signal(
    ngx_http_xpecto_jurisdiction_facts_t *facts, ngx_int_t signal)
{
    switch (facts->rules->signals[signal]) {

    case XPECTO_SIGNAL_DENY:
        facts->transfer.forbidden = 1;
        break;

    case XPECTO_SIGNAL_UNKNOWN:
        facts->transfer.unknown = 1;
        break;

    default: /* XPECTO_SIGNAL_IGNORE */
        break;
    }
}


static ngx_int_t
ngx_http_xpecto_jurisdiction_tag(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_facts_t *facts,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx)
{
    u_char                      regimes[XPECTO_TRANSFER_REGIMES];
    ngx_uint_t                  i;
    xpecto_set_t                set;
    const xpecto_rules_t       *rules;
    ngx_xpecto_jurisdiction_t  *j;

    rules = facts->rules;
    j = &ctx->jurisdiction;

    for (i = 0; i < 4; i++) {
        set.bits[i] = facts->transfer.declared.bits[i]
                      | facts->transfer.hinted.bits[i];
    }

    ngx_http_xpecto_jurisdiction_codes(rules, &set, &j->origins);

    j->regimes.len = xpecto_transfer_regimes(rules, &set,
                                             facts->transfer.areas, regimes);

    if (j->regimes.len) {
        j->regimes.data = ngx_pnalloc(r->pool, j->regimes.len);
        if (j->regimes.data == NULL) {
            return NGX_ERROR;
        }

        ngx_memcpy(j->regimes.data, regimes, j->regimes.len);
    }

    i = xpecto_rules_country(rules, j->country);

    if (i != XPECTO_RULES_NONE) {
        j->regime = rules->regimes[rules->countries[i].territorial].number;
        xpecto_set_add(&set, (unsigned) i);
    }

    /* what protects the person: the strictest that may apply */

    j->min_age = xpecto_transfer_min_age(rules, &set, facts->transfer.areas);
    j->model = (!facts->transfer.unknown
                && i != XPECTO_RULES_NONE
                && !facts->stale
                && xpecto_transfer_opt_out(rules, &set,
                                           facts->transfer.areas))
               ? NGX_XPECTO_CONSENT_OPT_OUT : NGX_XPECTO_CONSENT_OPT_IN;

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_jurisdiction_decide(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf,
    ngx_http_xpecto_jurisdiction_facts_t *facts,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx)
{
    ngx_uint_t                  region;
    xpecto_str_t                path;
    xpecto_decision_t           decision;
    const xpecto_rules_t       *rules;
    ngx_xpecto_jurisdiction_t  *j;

    rules = facts->rules;
    j = &ctx->jurisdiction;

    path.data = r->uri.data;
    path.len = r->uri.len;

    xpecto_rules_processors(rules, path, &facts->transfer.destinations);

    if (ngx_http_xpecto_jurisdiction_region(r, xjcf, facts, &decision, &region)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (region != XPECTO_RULES_NONE) {

        if (ngx_http_xpecto_jurisdiction_text(r, rules,
                                              rules->regions[region].name,
                                              &j->region)
            != NGX_OK
            || ngx_http_xpecto_jurisdiction_text(r, rules,
                                              rules->regions[region].upstream,
                                              &j->upstream)
               != NGX_OK)
        {
            return NGX_ERROR;
        }

        xpecto_set_add(&facts->transfer.destinations,
                       rules->regions[region].country);
    }

    ngx_http_xpecto_jurisdiction_codes(rules, &facts->transfer.destinations,
                                       &j->destinations);

    j->basis.data = (u_char *) xpecto_rules_basis(decision.basis);
    j->basis.len = ngx_strlen(j->basis.data);

    if (ngx_http_xpecto_jurisdiction_reason(r, rules, &decision.why, &j->why)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ctx->action = decision.action;

    if (decision.action != XPECTO_ACTION_DENY) {
        return NGX_OK;
    }

    ctx->status = decision.status;
    ngx_str_null(&ctx->rule);

    if (ngx_http_xpecto_jurisdiction_reason(r, rules, &decision.cause,
                                            &ctx->cause)
        != NGX_OK
        || (decision.rule != XPECTO_RULES_NONE
            && ngx_http_xpecto_jurisdiction_text(r, rules,
                                               rules->rules[decision.rule].id,
                                               &ctx->rule)
               != NGX_OK)
        || ngx_http_xpecto_jurisdiction_text(r, rules, rules->type, &ctx->type)
           != NGX_OK
        || ngx_http_xpecto_jurisdiction_text(r, rules, rules->blocked_by,
                                             &ctx->blocked_by)
           != NGX_OK
        || ngx_http_xpecto_jurisdiction_text(r, rules, rules->version,
                                             &ctx->version)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* a region that does not exist, or that is not the tenant's, is NONE */

static ngx_int_t
ngx_http_xpecto_jurisdiction_region(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf,
    ngx_http_xpecto_jurisdiction_facts_t *facts, xpecto_decision_t *decision,
    ngx_uint_t *region)
{
    uint64_t    allowed;
    ngx_str_t   name;
    ngx_uint_t  i, home;

    allowed = ngx_http_xpecto_jurisdiction_allowed(facts->rules,
                                                   ngx_xpecto_tenant(r),
                                                   &home);

    if (!xjcf->choose) {

        if (ngx_http_complex_value(r, xjcf->destination, &name) != NGX_OK) {
            return NGX_ERROR;
        }

        i = ngx_http_xpecto_jurisdiction_named(facts->rules, name.data,
                                               name.len);

        allowed &= (i != XPECTO_RULES_NONE) ? (uint64_t) 1 << i : 0;
    }

    *region = xpecto_transfer_region(facts->rules, &facts->transfer, allowed,
                                     (unsigned) home, decision);

    return NGX_OK;
}


/* the regions of the tenant, a bit for each; all where it names none */

static uint64_t
ngx_http_xpecto_jurisdiction_allowed(const xpecto_rules_t *rules,
    ngx_xpecto_tenant_t *caller, ngx_uint_t *home)
{
    uint64_t          allowed;
    ngx_uint_t        i, n;
    xpecto_tenant_t  *tenant;

    *home = XPECTO_RULES_NONE;

    if (caller == NULL || caller->state != NGX_XPECTO_TENANT_KNOWN) {
        return ~(uint64_t) 0;
    }

    tenant = caller->tenant;

    *home = ngx_http_xpecto_jurisdiction_named(rules,
                                               (u_char *) tenant->region.data,
                                               tenant->region.len);

    if (tenant->nregions == 0) {
        return ~(uint64_t) 0;
    }

    allowed = 0;

    for (i = 0; i < tenant->nregions; i++) {
        n = ngx_http_xpecto_jurisdiction_named(rules,
                                           (u_char *) tenant->regions[i].data,
                                           tenant->regions[i].len);

        if (n != XPECTO_RULES_NONE) {
            allowed |= (uint64_t) 1 << n;
        }
    }

    return allowed;
}


static ngx_uint_t
ngx_http_xpecto_jurisdiction_named(const xpecto_rules_t *rules, u_char *data,
    size_t len)
{
    xpecto_str_t            name;
    const xpecto_region_t  *region;

    name.data = data;
    name.len = len;

    region = xpecto_rules_region(rules, name);

    return (region == NULL) ? XPECTO_RULES_NONE
                            : (ngx_uint_t) (region - rules->regions);
}


static ngx_int_t
ngx_http_xpecto_jurisdiction_text(ngx_http_request_t *r,
    const xpecto_rules_t *rules, xpecto_text_t text, ngx_str_t *str)
{
    xpecto_str_t  from;

    from = xpecto_rules_text(rules, text);

    str->len = from.len;
    str->data = ngx_pnalloc(r->pool, from.len + 1);
    if (str->data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(str->data, from.data, from.len);

    return NGX_OK;
}


/* empty where no law of a known country says so */

static ngx_int_t
ngx_http_xpecto_jurisdiction_reason(ngx_http_request_t *r,
    const xpecto_rules_t *rules, xpecto_reason_t *reason, ngx_str_t *str)
{
    u_char  why[XPECTO_TRANSFER_WHY];

    ngx_str_null(str);

    str->len = xpecto_transfer_why(rules, reason, why);

    if (str->len == 0) {
        return NGX_OK;
    }

    str->data = ngx_pnalloc(r->pool, str->len);
    if (str->data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(str->data, why, str->len);

    return NGX_OK;
}


/* as many as there is room for: the decision knows them all */

static void
ngx_http_xpecto_jurisdiction_codes(const xpecto_rules_t *rules,
    xpecto_set_t *set, xpecto_countries_t *countries)
{
    unsigned  i;

    for (i = xpecto_set_next(set, 0);
         i < rules->ncountries && countries->n < XPECTO_COUNTRIES_MAX;
         i = xpecto_set_next(set, i + 1))
    {
        countries->cc[countries->n++] = rules->countries[i].code;
    }
}
