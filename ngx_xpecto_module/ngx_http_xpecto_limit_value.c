
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_limit.h"


/*
 * What is counted by, as a keyed hash of
 *
 *     't', name                a tenant
 *     '4', 4 or 3 bytes        who has no known credential: his address;
 *                              a /24
 *     '6', 8 bytes             or a /64
 *     'u'                      all of a unix socket
 *     'k', value               of a variable
 *
 * and within the tenant, or the address of who has none
 *
 *     'c', 16 bytes            a credential: digest
 *     'n', digits              id of a phone number
 *     'w', digits              of an account
 *     'e', byte                a class of endpoints
 *     '0' + kind, value        a recipient; an invalid one is a phone's
 */

/* recipients that are hashed in a row */

#define NGX_HTTP_XPECTO_LIMIT_MANY  64


static void ngx_http_xpecto_limit_owner(ngx_http_xpecto_limit_facts_t *facts);
static void ngx_http_xpecto_limit_address(
    ngx_http_xpecto_limit_facts_t *facts, size_t len, uint64_t hash[2]);
static ngx_int_t ngx_http_xpecto_limit_key(
    ngx_http_xpecto_limit_facts_t *facts, ngx_http_complex_value_t *key,
    uint64_t hash[2]);
static ngx_uint_t ngx_http_xpecto_limit_distinct_recipients(
    ngx_http_xpecto_limit_recipient_t *recipients, ngx_uint_t n,
    uint32_t *table, ngx_uint_t mask);


void
ngx_http_xpecto_limit_enter(ngx_http_xpecto_limit_facts_t *facts,
    ngx_http_xpecto_limit_zone_t *zone)
{
    if (facts->zone == zone) {
        return;
    }

    facts->zone = zone;
    facts->listed = 0;

    zone->cells.wall = ngx_time();

    ngx_http_xpecto_limit_owner(facts);
}


ngx_int_t
ngx_http_xpecto_limit_value(ngx_http_xpecto_limit_facts_t *facts,
    ngx_http_xpecto_limit_policy_t *policy, uint64_t hash[2])
{
    u_char                        scope, byte;
    xpecto_str_t                  value;
    ngx_xpecto_tenant_t          *tenant;
    ngx_http_xpecto_limit_zone_t *zone;

    zone = facts->zone;

    if (policy->key != NULL) {
        return ngx_http_xpecto_limit_key(facts, policy->key, hash);
    }

    switch (policy->scope) {

    case XPECTO_SCOPE_CREDENTIAL:
        tenant = facts->tenant;

        if (tenant == NULL || tenant->state == NGX_XPECTO_TENANT_NONE) {
            hash[0] = facts->owner[0];
            hash[1] = facts->owner[1];
            return NGX_OK;
        }

        scope = 'c';
        value.data = tenant->credential;
        value.len = sizeof(tenant->credential);
        break;

    case XPECTO_SCOPE_PHONE:
        scope = 'n';
        value = facts->target.phone;
        break;

    case XPECTO_SCOPE_WABA:
        scope = 'w';
        value = facts->target.waba;
        break;

    case XPECTO_SCOPE_ENDPOINT:
        scope = 'e';
        byte = (u_char) facts->target.endpoint;
        value.data = &byte;
        value.len = 1;
        break;

    case XPECTO_SCOPE_ADDRESS:
        ngx_http_xpecto_limit_address(facts, 3, hash);
        return NGX_OK;

    default: /* XPECTO_SCOPE_TENANT */
        hash[0] = facts->owner[0];
        hash[1] = facts->owner[1];
        return NGX_OK;
    }

    if (value.len == 0) {
        return NGX_DECLINED;
    }

    xpecto_meter_value(hash, zone->sh->secret, facts->owner, scope,
                       value.data, value.len);

    return NGX_OK;
}


static void
ngx_http_xpecto_limit_owner(ngx_http_xpecto_limit_facts_t *facts)
{
    xpecto_name_t  *name;

    if (facts->tenant == NULL
        || facts->tenant->state != NGX_XPECTO_TENANT_KNOWN)
    {
        ngx_http_xpecto_limit_address(facts, 4, facts->owner);
        return;
    }

    name = &facts->tenant->tenant->name;

    xpecto_meter_value(facts->owner, facts->zone->sh->secret, NULL, 't',
                       name->data, name->len);
}


/* len: of IPv4; of IPv6 a subscriber has at least a /64 */

static void
ngx_http_xpecto_limit_address(ngx_http_xpecto_limit_facts_t *facts,
    size_t len, uint64_t hash[2])
{
    u_char               *p, scope;
    struct sockaddr_in   *sin;
#if (NGX_HAVE_INET6)
    struct sockaddr_in6  *sin6;
#endif

    switch (facts->sockaddr->sa_family) {

#if (NGX_HAVE_INET6)
    case AF_INET6:
        sin6 = (struct sockaddr_in6 *) facts->sockaddr;
        p = sin6->sin6_addr.s6_addr;

        if (IN6_IS_ADDR_V4MAPPED(&sin6->sin6_addr)) {
            scope = '4';
            p += 12;

        } else {
            scope = '6';
            len = 8;
        }

        break;
#endif

    case AF_INET:
        sin = (struct sockaddr_in *) facts->sockaddr;
        p = (u_char *) &sin->sin_addr.s_addr;
        scope = '4';
        break;

    default: /* AF_UNIX: all are one */
        p = NULL;
        scope = 'u';
        len = 0;
        break;
    }

    xpecto_meter_value(hash, facts->zone->sh->secret, NULL, scope, p, len);
}


static ngx_int_t
ngx_http_xpecto_limit_key(ngx_http_xpecto_limit_facts_t *facts,
    ngx_http_complex_value_t *key, uint64_t hash[2])
{
    ngx_str_t  value;

    if (ngx_http_complex_value(facts->request, key, &value) != NGX_OK) {
        return NGX_ERROR;
    }

    if (value.len == 0) {
        return NGX_DECLINED;
    }

    xpecto_meter_value(hash, facts->zone->sh->secret, NULL, 'k', value.data,
                       value.len);

    return NGX_OK;
}


/* one that is named twice gets two messages */

ngx_int_t
ngx_http_xpecto_limit_recipients(ngx_http_xpecto_limit_facts_t *facts)
{
    uint32_t                           *table;
    uint64_t                            hash[NGX_HTTP_XPECTO_LIMIT_MANY][2];
    ngx_uint_t                          i, k, n, many, mask;
    xpecto_meter_value_t                values[NGX_HTTP_XPECTO_LIMIT_MANY];
    ngx_xpecto_message_t               *message;
    ngx_xpecto_recipient_e              kind;
    ngx_xpecto_recipient_t             *from;
    ngx_http_xpecto_limit_recipient_t  *to;

    if (facts->listed) {
        return NGX_OK;
    }

    facts->listed = 1;
    facts->nrecipients = 0;

    message = ngx_xpecto_message(facts->request);

    if (message == NULL || message->unreadable
        || message->recipients.nelts == 0)
    {
        return NGX_OK;
    }

    n = message->recipients.nelts;
    from = message->recipients.elts;

    to = ngx_palloc(facts->request->pool,
                    n * sizeof(ngx_http_xpecto_limit_recipient_t));
    if (to == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < n; i += many) {
        many = ngx_min(n - i, NGX_HTTP_XPECTO_LIMIT_MANY);

        for (k = 0; k < many; k++) {
            kind = from[i + k].kind;

            if (kind == NGX_XPECTO_RECIPIENT_INVALID) {
                kind = NGX_XPECTO_RECIPIENT_PHONE;
            }

            values[k].scope = (u_char) ('0' + kind);
            values[k].value = ngx_xpecto_str(&from[i + k].value);
        }

        xpecto_meter_values(hash, facts->zone->sh->secret, facts->owner,
                            values, many);

        for (k = 0; k < many; k++) {
            to[i + k].hash[0] = hash[k][0];
            to[i + k].hash[1] = hash[k][1];
            to[i + k].messages = 1;
        }
    }

    if (n > 1) {

        for (mask = 4; mask < 2 * n; mask *= 2) { /* void */ }

        table = ngx_pcalloc(facts->request->pool, mask * sizeof(uint32_t));
        if (table == NULL) {
            return NGX_ERROR;
        }

        n = ngx_http_xpecto_limit_distinct_recipients(to, n, table, mask - 1);
    }

    facts->recipients = to;
    facts->nrecipients = n;

    return NGX_OK;
}


/* table: 1 + the place of each, by its hash */

static ngx_uint_t
ngx_http_xpecto_limit_distinct_recipients(
    ngx_http_xpecto_limit_recipient_t *recipients, ngx_uint_t n,
    uint32_t *table, ngx_uint_t mask)
{
    ngx_uint_t                          i, k, distinct;
    ngx_http_xpecto_limit_recipient_t  *seen;

    distinct = 0;

    for (i = 0; i < n; i++) {

        for (k = recipients[i].hash[0] & mask; /* void */ ; k = (k + 1) & mask)
        {
            if (table[k] == 0) {
                recipients[distinct] = recipients[i];
                table[k] = ++distinct;
                break;
            }

            seen = &recipients[table[k] - 1];

            if (seen->hash[0] == recipients[i].hash[0]
                && seen->hash[1] == recipients[i].hash[1])
            {
                seen->messages++;
                break;
            }
        }
    }

    return distinct;
}
