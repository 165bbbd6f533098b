
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_jurisdiction.h"


/* how digits without a plus can be read */

#define NGX_HTTP_XPECTO_FULL      1
#define NGX_HTTP_XPECTO_NATIONAL  2


static ngx_uint_t ngx_http_xpecto_jurisdiction_silent(ngx_http_request_t *r,
    ngx_uint_t origins);
static void ngx_http_xpecto_jurisdiction_tenant(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_facts_t *facts);
static void ngx_http_xpecto_jurisdiction_recipients(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf,
    ngx_http_xpecto_jurisdiction_facts_t *facts);
static void ngx_http_xpecto_jurisdiction_recipient(ngx_http_request_t *r,
    ngx_xpecto_recipient_t *recipient,
    ngx_http_xpecto_jurisdiction_facts_t *facts);
static ngx_uint_t ngx_http_xpecto_jurisdiction_bare(ngx_http_request_t *r,
    ngx_xpecto_recipient_t *recipient,
    ngx_http_xpecto_jurisdiction_facts_t *facts);
static ngx_uint_t ngx_http_xpecto_jurisdiction_adds(
    const xpecto_phone_t *phone, const xpecto_phone_t *full);
static xpecto_phone_homes_t *ngx_http_xpecto_jurisdiction_homes(
    xpecto_country_t country);
static void ngx_http_xpecto_jurisdiction_phone(const xpecto_phone_t *phone,
    ngx_http_xpecto_jurisdiction_facts_t *facts);
static void ngx_http_xpecto_jurisdiction_client(ngx_uint_t place,
    ngx_int_t signal, ngx_http_xpecto_jurisdiction_facts_t *facts);
static ngx_uint_t ngx_http_xpecto_jurisdiction_header(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf,
    ngx_http_xpecto_jurisdiction_facts_t *facts);
static ngx_int_t ngx_http_xpecto_jurisdiction_trusted(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf);
static void ngx_http_xpecto_jurisdiction_unknown(
    ngx_http_xpecto_jurisdiction_facts_t *facts, ngx_uint_t state);
static void ngx_http_xpecto_jurisdiction_country(
    ngx_http_xpecto_jurisdiction_facts_t *facts, xpecto_country_t country,
    xpecto_set_t *set);
static void ngx_http_xpecto_jurisdiction_signal(
    ngx_http_xpecto_jurisdiction_facts_t *facts, ngx_int_t signal);


ngx_int_t
ngx_http_xpecto_jurisdiction_find(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx)
{
    uint64_t                                   address;
    ngx_int_t                                  rc;
    ngx_xpecto_tenant_t                       *tenant;
    ngx_http_xpecto_jurisdiction_ctx_t        *plain;
    ngx_http_xpecto_jurisdiction_main_conf_t  *xjmcf;

    xjmcf = ngx_http_get_module_main_conf(r,
                                          ngx_http_xpecto_jurisdiction_module);

    if (ctx->sockaddr != NULL) {
        ngx_memzero(&ctx->jurisdiction, sizeof(ngx_xpecto_jurisdiction_t));
        ngx_str_null(&ctx->list);
        ngx_str_null(&ctx->state);

        ctx->conf = NULL;
        ctx->event = NULL;
        ctx->states = 0;
        ctx->passed = 0;
    }

    ctx->action = XPECTO_ACTION_ALLOW;
    ctx->uri = r->uri;
    ctx->sockaddr = r->connection->sockaddr;

    /* the line of the ledger names the database that was asked */

    if (xjmcf->places != NULL) {
        (void) ngx_xpecto_image_pin(xjmcf->places);
    }

    address = ngx_http_xpecto_jurisdiction_address(r, xjmcf);

    if (ngx_http_xpecto_jurisdiction_silent(r, xjcf->speaks & xjmcf->origins))
    {
        plain = ngx_http_xpecto_jurisdiction_recall(r, xjmcf, xjcf, address);

        if (plain != NULL) {
            ctx->jurisdiction = plain->jurisdiction;
            ctx->list = plain->list;
            ctx->states = plain->states;
            ctx->state = plain->state;
            ctx->conf = xjcf;

            rc = NGX_OK;
            goto done;
        }
    }

    rc = (ngx_xpecto_image_pin(xjmcf->rules) == NULL)
         ? NGX_ERROR
         : ngx_http_xpecto_jurisdiction_weigh(r, xjcf, address, ctx);

    ngx_xpecto_image_unpin(xjmcf->rules);

done:

    /* he is being found, by what asks for the jurisdiction: not for good */

    if ((xjcf->speaks & xjmcf->origins & NGX_HTTP_XPECTO_ORIGIN_TENANT)
        && ngx_xpecto_tenant_peek(r, &tenant) == NGX_DECLINED)
    {
        ctx->conf = NULL;
    }

    if (xjmcf->places != NULL) {
        ngx_xpecto_image_unpin(xjmcf->places);
    }

    return rc;
}


/* 1: those who may speak besides the address do not, nothing is decided */

static ngx_uint_t
ngx_http_xpecto_jurisdiction_silent(ngx_http_request_t *r, ngx_uint_t origins)
{
    ngx_xpecto_tenant_t  *caller;

    if (origins & (NGX_HTTP_XPECTO_ORIGIN_HEADER
                   |NGX_HTTP_XPECTO_ORIGIN_DECIDED))
    {
        return 0;
    }

    if (origins & NGX_HTTP_XPECTO_ORIGIN_TENANT) {
        caller = ngx_xpecto_tenant(r);

        if (caller != NULL && caller->state != NGX_XPECTO_TENANT_NONE) {
            return 0;
        }
    }

    return (origins & NGX_HTTP_XPECTO_ORIGIN_RECIPIENT) == 0
           || ngx_xpecto_message(r) == NULL;
}


/* all that speaks; the rules are pinned */

ngx_int_t
ngx_http_xpecto_jurisdiction_weigh(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf, uint64_t address,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx)
{
    ngx_int_t                                  rc, signal;
    ngx_uint_t                                 header, place;
    ngx_http_xpecto_jurisdiction_facts_t       facts;
    ngx_http_xpecto_jurisdiction_main_conf_t  *xjmcf;

    xjmcf = ngx_http_get_module_main_conf(r,
                                          ngx_http_xpecto_jurisdiction_module);

    place = ngx_http_xpecto_jurisdiction_place(address);
    signal = ngx_http_xpecto_jurisdiction_why_not(address);

    ngx_memzero(&facts, sizeof(ngx_http_xpecto_jurisdiction_facts_t));

    facts.rules = ngx_xpecto_image_pin(xjmcf->rules);
    facts.transfer.today = (int32_t) (ngx_time() / 86400);

    header = (xjcf->origins & NGX_HTTP_XPECTO_ORIGIN_HEADER)
             ? ngx_http_xpecto_jurisdiction_header(r, xjcf, &facts)
             : XPECTO_PLACE_UNKNOWN;

    if (place >= XPECTO_PLACE_COUNTRY) {
        ctx->jurisdiction.country = xpecto_place_of(place);
        facts.stale = (signal == XPECTO_SIGNAL_DB_STALE);

        if (header != XPECTO_PLACE_UNKNOWN
            && header != xpecto_place_of(place)
            && header != xpecto_place_for(place))
        {
            facts.states |= NGX_HTTP_XPECTO_STATE_CONFLICT;
        }

    } else {
        ctx->jurisdiction.country = (xpecto_country_t) header;
    }

    if (xjcf->origins & NGX_HTTP_XPECTO_ORIGIN_TENANT) {
        ngx_http_xpecto_jurisdiction_tenant(r, &facts);
    }

    if (xjcf->origins & xjmcf->origins & NGX_HTTP_XPECTO_ORIGIN_RECIPIENT) {
        ngx_http_xpecto_jurisdiction_recipients(r, xjcf, &facts);
    }

    if ((xjcf->origins & NGX_HTTP_XPECTO_ORIGIN_OPERATOR)
        && facts.rules->operator != XPECTO_RULES_NONE)
    {
        xpecto_set_add(&facts.transfer.declared, facts.rules->operator);
    }

    if (header != XPECTO_PLACE_UNKNOWN) {
        ngx_http_xpecto_jurisdiction_country(&facts, (xpecto_country_t) header,
                                             &facts.transfer.hinted);
    }

    /* evidence speaks where nobody else does */

    if ((xjcf->origins & NGX_HTTP_XPECTO_ORIGIN_IP)
        || ((xjcf->origins & NGX_HTTP_XPECTO_ORIGIN_EVIDENCE)
            && !facts.spoken && header == XPECTO_PLACE_UNKNOWN))
    {
        ngx_http_xpecto_jurisdiction_client(place, signal, &facts);
    }

    /* what a front does not tell no address tells instead */

    if (facts.hidden) {
        ngx_http_xpecto_jurisdiction_unknown(&facts,
                                             NGX_HTTP_XPECTO_STATE_HEADER);
    }

    if (facts.states == 0
        && xpecto_set_next(&facts.transfer.declared, 0) == XPECTO_RULES_NONE
        && xpecto_set_next(&facts.transfer.hinted, 0) == XPECTO_RULES_NONE)
    {
        facts.states |= NGX_HTTP_XPECTO_STATE_NOBODY;
    }

    ctx->states = facts.states;

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
    xpecto_country_t      country;
    ngx_xpecto_tenant_t  *caller;

    caller = ngx_xpecto_tenant(r);

    if (caller == NULL || caller->state == NGX_XPECTO_TENANT_NONE) {
        return;
    }

    facts->spoken = 1;

    if (caller->state != NGX_XPECTO_TENANT_KNOWN) {
        ngx_http_xpecto_jurisdiction_unknown(facts,
                                             NGX_HTTP_XPECTO_STATE_TENANT);
        return;
    }

    tenant = caller->tenant;

    if (tenant->establishment.n == 0) {
        ngx_http_xpecto_jurisdiction_unknown(facts,
                                             NGX_HTTP_XPECTO_STATE_TENANT);
    }

    for (i = 0; i < tenant->establishment.n; i++) {
        country = ngx_http_xpecto_jurisdiction_iso(
                                                 tenant->establishment.cc[i]);

        ngx_http_xpecto_jurisdiction_country(facts, country,
                                             &facts->transfer.declared);
    }

    for (i = 0; i < tenant->nseats; i++) {

        /* one that nobody knows may have any law */

        if (!xpecto_rules_area_known(facts->rules, tenant->seats[i])) {
            ngx_http_xpecto_jurisdiction_unknown(facts,
                                                NGX_HTTP_XPECTO_STATE_LAWLESS);
        }

        facts->transfer.seats |= xpecto_rules_area(facts->rules,
                                                   tenant->seats[i]);
    }

    facts->transfer.areas |= facts->transfer.seats;

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


/*
 * Recipients that nobody looks for: a transfer of them is one to anybody.  To
 * a location that sends nothing away they do not matter.
 */

static void
ngx_http_xpecto_jurisdiction_recipients(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf,
    ngx_http_xpecto_jurisdiction_facts_t *facts)
{
    ngx_uint_t               i;
    ngx_xpecto_message_t    *message;
    ngx_xpecto_recipient_t  *recipient;

    message = ngx_xpecto_message(r);

    if (message == NULL) {

        if ((xjcf->speaks & NGX_HTTP_XPECTO_ORIGIN_DECIDED)
            && (r->main->headers_in.content_length_n > 0
                || r->main->headers_in.chunked || r->main->args.len != 0))
        {
            ngx_http_xpecto_jurisdiction_unknown(facts,
                                                NGX_HTTP_XPECTO_STATE_UNREAD);
        }

        return;
    }

    if (message->unreadable) {
        facts->spoken = 1;
        ngx_http_xpecto_jurisdiction_unknown(facts,
                                            NGX_HTTP_XPECTO_STATE_UNREADABLE);
    }

    recipient = message->recipients.elts;

    if (message->recipients.nelts == 0 && !message->unreadable) {
        ngx_http_xpecto_jurisdiction_signal(facts,
                                            XPECTO_SIGNAL_NO_RECIPIENT);
        return;
    }

    for (i = 0; i < message->recipients.nelts; i++) {
        facts->spoken = 1;
        ngx_http_xpecto_jurisdiction_recipient(r, &recipient[i], facts);
    }
}


static void
ngx_http_xpecto_jurisdiction_recipient(ngx_http_request_t *r,
    ngx_xpecto_recipient_t *recipient,
    ngx_http_xpecto_jurisdiction_facts_t *facts)
{
    u_char          *p;
    ngx_uint_t       bare;
    xpecto_phone_t   phone;

    p = recipient->value.data;

    bare = (recipient->bare.len != 0)
           ? ngx_http_xpecto_jurisdiction_bare(r, recipient, facts) : 0;

    switch (recipient->kind) {

    case NGX_XPECTO_RECIPIENT_PHONE:

        if (recipient->value.len > XPECTO_PHONE_MAX
            || (recipient->bare.len != 0 && !bare))
        {
            break;
        }

        if (recipient->bare.len == 0 || bare & NGX_HTTP_XPECTO_FULL) {
            phone.len = (uint8_t) recipient->value.len;
            ngx_memcpy(phone.digits, p, phone.len);

            ngx_http_xpecto_jurisdiction_phone(&phone, facts);
        }

        return;

    case NGX_XPECTO_RECIPIENT_BSUID:

        /* "DE.13491208655302741918" */

        if (recipient->value.len < 3 || p[2] != '.') {
            break;
        }

        ngx_http_xpecto_jurisdiction_country(facts, XPECTO_COUNTRY(p[0], p[1]),
                                             &facts->transfer.hinted);
        return;

    case NGX_XPECTO_RECIPIENT_GROUP:

        /* its members may be anywhere */

        ngx_http_xpecto_jurisdiction_unknown(facts,
                                             NGX_HTTP_XPECTO_STATE_GROUP);
        return;

    default: /* NGX_XPECTO_RECIPIENT_INVALID */

        if (bare) {
            return;
        }

        break;
    }

    ngx_http_xpecto_jurisdiction_signal(facts, XPECTO_SIGNAL_INVALID_NUMBER);
}


/*
 * Meta takes digits without a plus and without a calling code for national
 * ones of the business.  Each reading that the numbering plan has is one; of
 * national ones the countries are added here.  0: there is none.
 */

static ngx_uint_t
ngx_http_xpecto_jurisdiction_bare(ngx_http_request_t *r,
    ngx_xpecto_recipient_t *recipient,
    ngx_http_xpecto_jurisdiction_facts_t *facts)
{
    ngx_uint_t             i, j, readings;
    xpecto_phone_t         phone, full;
    xpecto_country_t       country;
    ngx_xpecto_tenant_t   *caller;
    xpecto_phone_homes_t  *homes;

    readings = 0;
    full.len = 0;

    if (recipient->kind == NGX_XPECTO_RECIPIENT_PHONE
        && recipient->value.len <= XPECTO_PHONE_MAX
        && xpecto_phone_check(recipient->value.data, recipient->value.len,
                              XPECTO_PHONE_VALID))
    {
        readings = NGX_HTTP_XPECTO_FULL;

        full.len = (uint8_t) recipient->value.len;
        ngx_memcpy(full.digits, recipient->value.data, full.len);
    }

    caller = ngx_xpecto_tenant(r);

    if (caller != NULL && caller->state == NGX_XPECTO_TENANT_KNOWN) {

        for (i = 0; i < caller->tenant->establishment.n; i++) {
            country = ngx_http_xpecto_jurisdiction_iso(
                                        caller->tenant->establishment.cc[i]);

            homes = ngx_http_xpecto_jurisdiction_homes(country);

            for (j = 0; homes != NULL && j < homes->n; j++) {

                if (xpecto_phone_national(&phone, homes->code[j],
                                          recipient->bare.data,
                                          recipient->bare.len)
                    != XPECTO_OK)
                {
                    continue;
                }

                readings |= NGX_HTTP_XPECTO_NATIONAL;

                /* two readings of one law leave no doubt */

                if (full.len == 0
                    || ngx_http_xpecto_jurisdiction_adds(&phone, &full))
                {
                    ngx_http_xpecto_jurisdiction_signal(facts,
                                                       XPECTO_SIGNAL_NO_PLUS);
                    ngx_http_xpecto_jurisdiction_phone(&phone, facts);
                }
            }
        }
    }

    if (readings == 0 && recipient->kind == NGX_XPECTO_RECIPIENT_PHONE) {
        ngx_http_xpecto_jurisdiction_signal(facts, XPECTO_SIGNAL_NO_PLUS);
    }

    return readings;
}


/* 1: countries or areas that the other one does not have */

static ngx_uint_t
ngx_http_xpecto_jurisdiction_adds(const xpecto_phone_t *phone,
    const xpecto_phone_t *full)
{
    unsigned             i, j;
    const xpecto_area_t  *area;
    xpecto_countries_t    set, other;

    if (xpecto_area_find(phone, &area) != 0) {
        return 1;
    }

    xpecto_phone_countries(phone, &set);
    xpecto_phone_countries(full, &other);

    if (set.n == 0) {
        return other.n != 0;
    }

    for (i = 0; i < set.n; i++) {

        for (j = 0; j < other.n; j++) {
            if (set.cc[i] == other.cc[j]) {
                break;
            }
        }

        if (j == other.n) {
            return 1;
        }
    }

    return 0;
}


/* of this process: they do not change */

static xpecto_phone_homes_t *
ngx_http_xpecto_jurisdiction_homes(xpecto_country_t country)
{
    ngx_uint_t  i, j;

    static u_char                known[26 * 26];
    static xpecto_phone_homes_t  homes[26 * 26];

    i = (country >> 8) - 'A';
    j = (country & 0xff) - 'A';

    if (i >= 26 || j >= 26) {
        return NULL;
    }

    i = i * 26 + j;

    if (!known[i]) {
        xpecto_phone_homes(&homes[i], country);
        known[i] = 1;
    }

    return &homes[i];
}


static void
ngx_http_xpecto_jurisdiction_phone(const xpecto_phone_t *phone,
    ngx_http_xpecto_jurisdiction_facts_t *facts)
{
    ngx_uint_t            i, n;
    xpecto_countries_t    set;
    const xpecto_area_t  *area;

    xpecto_phone_countries(phone, &set);

    if (set.n == 0) {
        ngx_http_xpecto_jurisdiction_signal(facts,
                                            XPECTO_SIGNAL_NON_GEOGRAPHIC);
    }

    for (i = 0; i < set.n; i++) {
        ngx_http_xpecto_jurisdiction_country(facts, set.cc[i],
                                             &facts->transfer.hinted);
    }

    n = xpecto_area_find(phone, &area);

    for (i = 0; i < n; i++) {
        facts->transfer.areas |= xpecto_rules_area(facts->rules, area[i].code);
    }
}


static void
ngx_http_xpecto_jurisdiction_client(ngx_uint_t place, ngx_int_t signal,
    ngx_http_xpecto_jurisdiction_facts_t *facts)
{
    if (signal != -1) {
        ngx_http_xpecto_jurisdiction_signal(facts, signal);
        return;
    }

    switch (place) {

    case XPECTO_PLACE_TUNNEL:
        ngx_http_xpecto_jurisdiction_unknown(facts,
                                             NGX_HTTP_XPECTO_STATE_TUNNEL);
        return;

    case XPECTO_PLACE_HIDDEN:
        ngx_http_xpecto_jurisdiction_unknown(facts,
                                             NGX_HTTP_XPECTO_STATE_ANONYMOUS);
        return;

    case XPECTO_PLACE_UNKNOWN:
        ngx_http_xpecto_jurisdiction_unknown(facts,
                                             NGX_HTTP_XPECTO_STATE_ADDRESS);
        return;

    default: /* a country */
        break;
    }

    ngx_http_xpecto_jurisdiction_country(facts, xpecto_place_of(place),
                                         &facts->transfer.hinted);

    if (xpecto_place_for(place) != 0) {
        ngx_http_xpecto_jurisdiction_country(facts, xpecto_place_for(place),
                                             &facts->transfer.hinted);
    }
}


/* a country that a trusted peer has written, or UNKNOWN */

static ngx_uint_t
ngx_http_xpecto_jurisdiction_header(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf,
    ngx_http_xpecto_jurisdiction_facts_t *facts)
{
    ngx_uint_t        i, place;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

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

        if (place == XPECTO_PLACE_UNKNOWN
            && ngx_http_xpecto_jurisdiction_trusted(r, xjcf) != NGX_OK)
        {
            facts->states |= NGX_HTTP_XPECTO_STATE_UNTRUSTED;
            return XPECTO_PLACE_UNKNOWN;
        }

        /* two lines: one of them is not the peer's */

        if (place != XPECTO_PLACE_UNKNOWN
            || h[i].value.len != 2
            || h[i].value.data[0] < 'A' || h[i].value.data[0] > 'Z'
            || h[i].value.data[1] < 'A' || h[i].value.data[1] > 'Z')
        {
            facts->hidden = 1;
            return XPECTO_PLACE_UNKNOWN;
        }

        place = XPECTO_COUNTRY(h[i].value.data[0], h[i].value.data[1]);

        /* "XX" of Cloudflare, "ZZ" of Google, "EU", "AP": nobody knows */

        if (xpecto_rules_country(facts->rules, (xpecto_country_t) place)
            == XPECTO_RULES_NONE)
        {
            facts->hidden = 1;
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
ngx_http_xpecto_jurisdiction_unknown(
    ngx_http_xpecto_jurisdiction_facts_t *facts, ngx_uint_t state)
{
    facts->transfer.unknown = 1;
    facts->states |= state;
}


static void
ngx_http_xpecto_jurisdiction_country(
    ngx_http_xpecto_jurisdiction_facts_t *facts, xpecto_country_t country,
    xpecto_set_t *set)
{
    ngx_uint_t  i;

    i = xpecto_rules_country(facts->rules, country);

    if (i == XPECTO_RULES_NONE) {
        ngx_http_xpecto_jurisdiction_unknown(facts,
                                             NGX_HTTP_XPECTO_STATE_LAWLESS);
        return;
    }

    xpecto_set_add(set, (unsigned) i);
}


static void
ngx_http_xpecto_jurisdiction_signal(
    ngx_http_xpecto_jurisdiction_facts_t *facts, ngx_int_t signal)
{
    facts->states |= ngx_http_xpecto_jurisdiction_bit(signal);

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
