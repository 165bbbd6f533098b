
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * What the API says about this site (config), and the receipt of a consent
 * with the fields of ISO/IEC TS 27560, under a signature that anybody can
 * verify by the key that is in config.
 */


#include "ngx_http_xpecto_consent.h"
#include "core/xpecto_base64.h"
#include "core/xpecto_country.h"


#define NGX_HTTP_XPECTO_CONSENT_CONFIG   8192
#define NGX_HTTP_XPECTO_CONSENT_PURPOSE  1024   /* of a receipt, names apart */

#define NGX_HTTP_XPECTO_CONSENT_UUID                                         \
    (sizeof("00000000-0000-0000-0000-000000000000") - 1)


struct ngx_http_xpecto_consent_controller_s {
    ngx_str_t                 name;
    ngx_str_t                 address;
    ngx_str_t                 contact;
    ngx_str_t                 policy;       /* URL */
    ngx_str_t                 language;
    ngx_str_t                 storage;      /* countries, by commas */
    time_t                    retention;    /* 0: as long as the choice */
};


/* where JSON is written */

typedef struct {
    u_char                   *p;
    u_char                   *last;
    ngx_uint_t                full;
} ngx_http_xpecto_consent_out_t;


static ngx_int_t ngx_http_xpecto_consent_out(ngx_http_request_t *r,
    ngx_http_xpecto_consent_out_t *out, size_t size);
static void ngx_http_xpecto_consent_put(ngx_http_xpecto_consent_out_t *out,
    const char *fmt, ...);
static void ngx_http_xpecto_consent_quote(ngx_http_xpecto_consent_out_t *out,
    ngx_str_t *text);
static void ngx_http_xpecto_consent_put_time(
    ngx_http_xpecto_consent_out_t *out, time_t t);
static void ngx_http_xpecto_consent_put_processors(
    ngx_http_xpecto_consent_out_t *out, ngx_array_t *processors,
    ngx_uint_t purposes);
static ngx_int_t ngx_http_xpecto_consent_put_keys(ngx_http_request_t *r,
    ngx_http_xpecto_consent_out_t *out);
static void ngx_http_xpecto_consent_put_parties(
    ngx_http_xpecto_consent_out_t *out,
    ngx_http_xpecto_consent_srv_conf_t *conf);
static void ngx_http_xpecto_consent_port(ngx_http_request_t *r,
    ngx_str_t *port);
static void ngx_http_xpecto_consent_put_purposes(
    ngx_http_xpecto_consent_out_t *out,
    ngx_http_xpecto_consent_srv_conf_t *conf, xpecto_choice_t *choice,
    ngx_str_t *method);
static ngx_int_t ngx_http_xpecto_consent_put_ids(
    ngx_http_xpecto_consent_out_t *out, xpecto_choice_t *choice,
    u_char *principal);
static void ngx_http_xpecto_consent_uuid(u_char *dst, uint8_t *id,
    ngx_uint_t version);
static ngx_int_t ngx_http_xpecto_consent_put_signature(ngx_http_request_t *r,
    ngx_http_xpecto_consent_out_t *out, u_char *start);
static ngx_int_t ngx_http_xpecto_consent_receipt_key(xpecto_key_t *key,
    uint8_t *seed);


static ngx_xpecto_arg_t  ngx_http_xpecto_consent_controller_args[] = {

    { ngx_string("name"), NGX_XPECTO_ARG_STR,
      offsetof(ngx_http_xpecto_consent_controller_t, name), NULL },

    { ngx_string("address"), NGX_XPECTO_ARG_STR,
      offsetof(ngx_http_xpecto_consent_controller_t, address), NULL },

    { ngx_string("contact"), NGX_XPECTO_ARG_STR,
      offsetof(ngx_http_xpecto_consent_controller_t, contact), NULL },

    { ngx_string("policy"), NGX_XPECTO_ARG_STR,
      offsetof(ngx_http_xpecto_consent_controller_t, policy), NULL },

    { ngx_string("language"), NGX_XPECTO_ARG_STR,
      offsetof(ngx_http_xpecto_consent_controller_t, language), NULL },

    { ngx_string("storage"), NGX_XPECTO_ARG_STR,
      offsetof(ngx_http_xpecto_consent_controller_t, storage), NULL },

    { ngx_string("retention"), NGX_XPECTO_ARG_SEC,
      offsetof(ngx_http_xpecto_consent_controller_t, retention), NULL },

      ngx_xpecto_null_arg
};


/* for anybody: nothing of it is of the person */

ngx_int_t
ngx_http_xpecto_consent_show_config(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx)
{
    ngx_str_t                            body;
    ngx_uint_t                           n, first;
    xpecto_str_t                         name;
    ngx_http_xpecto_consent_out_t        out;
    ngx_http_xpecto_consent_srv_conf_t  *conf;

    static char *gpc[] = { "off", "law", "everywhere" };

    conf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    if (ngx_http_xpecto_consent_out(r, &out, NGX_HTTP_XPECTO_CONSENT_CONFIG
                                             + conf->size)
        != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    body.data = out.p;

    ngx_http_xpecto_consent_put(&out, "{\"revision\":%ui,\"ttl\":%T,"
                                "\"gpc\":\"%s\",\"no_sale\":%s,\"age\":%s,"
                                "\"purposes\":[", ctx->revision,
                                conf->cookie->ttl, gpc[conf->gpc],
                                conf->no_sale ? "true" : "false",
                                conf->age_min ? "true" : "false");
    first = 1;

    for (n = 0; n < XPECTO_PURPOSES; n++) {

        if (!(XPECTO_PURPOSE_BIT(n)
              & (conf->asked | XPECTO_PURPOSES_ALWAYS)))
        {
            continue;
        }

        name = xpecto_purpose_name(n);

        ngx_http_xpecto_consent_put(&out, "%s{\"name\":\"%*s\","
                                    "\"basis\":\"%s\",\"processors\":",
                                    first ? "" : ",", name.len, name.data,
                                    (XPECTO_PURPOSE_BIT(n)
                                     & XPECTO_PURPOSES_ALWAYS)
                                        ? "necessary"
                                        : (XPECTO_PURPOSE_BIT(n)
                                           & conf->interest)
                                          ? "legitimate_interest"
                                          : "consent");

        ngx_http_xpecto_consent_put_processors(&out, conf->processors,
                                               XPECTO_PURPOSE_BIT(n));
        ngx_http_xpecto_consent_put(&out, "}");

        first = 0;
    }

    ngx_http_xpecto_consent_put(&out, "],\"processors\":");
    ngx_http_xpecto_consent_put_processors(&out, conf->processors, 0xffff);
    ngx_http_xpecto_consent_put(&out, ",\"keys\":[");

    if (ngx_http_xpecto_consent_put_keys(r, &out) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_http_xpecto_consent_put(&out, "]}\n");

    body.len = out.p - body.data;

    return out.full ? NGX_HTTP_INTERNAL_SERVER_ERROR
                    : ngx_http_xpecto_consent_send_json(r, &body);
}


ngx_int_t
ngx_http_xpecto_consent_show_receipt(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx)
{
    size_t                               size;
    u_char                               principal[2 * XPECTO_CHOICE_ID_LEN];
    ngx_str_t                            body, method, port;
    xpecto_choice_t                     *choice;
    ngx_http_core_loc_conf_t            *clcf;
    ngx_http_xpecto_consent_out_t        out;
    ngx_http_xpecto_consent_srv_conf_t  *conf;

    conf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_xpecto_consent_filter_module);
    choice = &ctx->choice;

    if (conf->controller == NULL) {
        return ngx_http_xpecto_consent_problem(r,
                          NGX_HTTP_XPECTO_CONSENT_MISSING,
                          "No controller is named here, who gives receipts.");
    }

    if (ctx->state != XPECTO_CHOICE_VALID || !xpecto_choice_has_id(choice)) {
        return ngx_http_xpecto_consent_problem(r,
                          NGX_HTTP_XPECTO_CONSENT_MISSING,
                          "There is no consent; of a refusal there is no "
                          "record.");
    }

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    ngx_http_xpecto_consent_port(r, &port);

    method.data = ngx_pnalloc(r->pool, sizeof("DELETE https://")
                                       + r->headers_in.server.len
                                       + port.len + clcf->name.len);
    if (method.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    method.len = ngx_sprintf(method.data, "DELETE https://%V%V%V",
                             &r->headers_in.server, &port, &clcf->name)
                 - method.data;

    size = NGX_HTTP_XPECTO_CONSENT_CONFIG
           + XPECTO_PURPOSES * (conf->size + NGX_HTTP_XPECTO_CONSENT_PURPOSE
                                + 6 * method.len);

    if (ngx_http_xpecto_consent_out(r, &out, size) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    body.data = out.p;

    ngx_http_xpecto_consent_put(&out,
                           "{\"schema_version\":\"ISO/IEC TS 27560:2023\",");

    if (ngx_http_xpecto_consent_put_ids(&out, choice, principal) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_http_xpecto_consent_put_purposes(&out, conf, choice, &method);
    ngx_http_xpecto_consent_put_parties(&out, conf);

    ngx_http_xpecto_consent_put(&out, "\"event\":[{\"event_time\":");
    ngx_http_xpecto_consent_put_time(&out, choice->updated);
    ngx_http_xpecto_consent_put(&out, ",\"validity_duration\":\"P%uDD\","
                                "\"entity_id\":\"%*s\","
                                "\"event_type\":\"explicit\","
                                "\"event_state\":\"ConsentGiven\"}]",
                                (choice->expires - choice->updated) / 86400,
                                sizeof(principal), principal);

    if (ngx_http_xpecto_consent_put_signature(r, &out, body.data) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    body.len = out.p - body.data;

    return out.full ? NGX_HTTP_INTERNAL_SERVER_ERROR
                    : ngx_http_xpecto_consent_send_json(r, &body);
}


/* ":8443" of the host that the client has named; that of https is left out */

static void
ngx_http_xpecto_consent_port(ngx_http_request_t *r, ngx_str_t *port)
{
    u_char     *p;
    ngx_str_t  *host;

    ngx_str_null(port);

    if (r->headers_in.host == NULL) {
        return;
    }

    host = &r->headers_in.host->value;

    for (p = host->data + host->len; p > host->data; p--) {
        if (p[-1] < '0' || p[-1] > '9') {
            break;
        }
    }

    if (p == host->data || p[-1] != ':') {
        return;
    }

    port->data = p - 1;
    port->len = host->data + host->len - port->data;

    if (port->len == 1
        || (port->len == sizeof(":443") - 1
            && ngx_strncmp(port->data, ":443", port->len) == 0))
    {
        port->len = 0;
    }
}


static ngx_int_t
ngx_http_xpecto_consent_out(ngx_http_request_t *r,
    ngx_http_xpecto_consent_out_t *out, size_t size)
{
    out->p = ngx_pnalloc(r->pool, size);
    if (out->p == NULL) {
        return NGX_ERROR;
    }

    out->last = out->p + size;
    out->full = 0;

    return NGX_OK;
}


static void
ngx_http_xpecto_consent_put(ngx_http_xpecto_consent_out_t *out,
    const char *fmt, ...)
{
    va_list  args;

    va_start(args, fmt);
    out->p = ngx_vslprintf(out->p, out->last, fmt, args);
    va_end(args);

    out->full |= (out->p == out->last);
}


static void
ngx_http_xpecto_consent_quote(ngx_http_xpecto_consent_out_t *out,
    ngx_str_t *text)
{
    size_t  len;

    len = text->len + ngx_escape_json(NULL, text->data, text->len);

    if (len + 2 >= (size_t) (out->last - out->p)) {
        out->full = 1;
        return;
    }

    *out->p++ = '"';
    out->p = (u_char *) ngx_escape_json(out->p, text->data, text->len);
    *out->p++ = '"';
}


static void
ngx_http_xpecto_consent_put_time(ngx_http_xpecto_consent_out_t *out, time_t t)
{
    ngx_tm_t  tm;

    ngx_gmtime(t, &tm);

    ngx_http_xpecto_consent_put(out, "\"%4d-%02d-%02dT%02d:%02d:%02dZ\"",
                                tm.ngx_tm_year, tm.ngx_tm_mon, tm.ngx_tm_mday,
                                tm.ngx_tm_hour, tm.ngx_tm_min, tm.ngx_tm_sec);
}


/* those who act for one of the purposes */

static void
ngx_http_xpecto_consent_put_processors(ngx_http_xpecto_consent_out_t *out,
    ngx_array_t *processors, ngx_uint_t purposes)
{
    ngx_uint_t                       i, first;
    ngx_http_xpecto_consent_rule_t  *processor;

    ngx_http_xpecto_consent_put(out, "[");

    if (processors != NULL) {
        first = 1;
        processor = processors->elts;

        for (i = 0; i < processors->nelts; i++) {

            if (!(processor[i].purposes & purposes)) {
                continue;
            }

            if (!first) {
                ngx_http_xpecto_consent_put(out, ",");
            }

            ngx_http_xpecto_consent_quote(out, &processor[i].pattern);
            first = 0;
        }
    }

    ngx_http_xpecto_consent_put(out, "]");
}


/* all of the ring: a receipt may be older than the first key */

static ngx_int_t
ngx_http_xpecto_consent_put_keys(ngx_http_request_t *r,
    ngx_http_xpecto_consent_out_t *out)
{
    size_t             len;
    uint8_t            seed[XPECTO_KEY_LEN], key[XPECTO_KEY_LEN];
    ngx_int_t          rc;
    uint8_t            text[XPECTO_BASE64_ENCODED(XPECTO_KEY_LEN)];
    ngx_uint_t         i;
    xpecto_keyring_t  *ring;

    ring = ngx_xpecto_keyring_cycle((ngx_cycle_t *) ngx_cycle);

    if (ring == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < ring->n; i++) {
        rc = ngx_http_xpecto_consent_receipt_key(&ring->keys[i], seed);

        if (rc == NGX_OK && xpecto_sign_public(seed, key) != XPECTO_OK) {
            rc = NGX_ERROR;
        }

        xpecto_cleanse(seed, sizeof(seed));

        if (rc != NGX_OK) {
            return NGX_ERROR;
        }

        len = xpecto_base64url_encode(text, key, XPECTO_KEY_LEN);

        ngx_http_xpecto_consent_put(out, "%s{\"kty\":\"OKP\","
                                    "\"crv\":\"Ed25519\",\"kid\":\"%ui\","
                                    "\"x\":\"%*s\"}", i ? "," : "",
                                    (ngx_uint_t) ring->keys[i].kid, len,
                                    text);
    }

    return NGX_OK;
}


/*
 * A person's id is not that of the choice, which would tell one cookie; the
 * record has one of its own, the receipt a new one each time.
 */

static ngx_int_t
ngx_http_xpecto_consent_put_ids(ngx_http_xpecto_consent_out_t *out,
    xpecto_choice_t *choice, u_char *principal)
{
    u_char        record[NGX_HTTP_XPECTO_CONSENT_UUID];
    u_char        receipt[NGX_HTTP_XPECTO_CONSENT_UUID];
    uint8_t       ids[2 * XPECTO_CHOICE_ID_LEN];
    uint8_t       fresh[XPECTO_CHOICE_ID_LEN];
    xpecto_str_t  id, none, info;

    static char  name[] = "xpecto receipt ids 1";

    id.data = choice->id;
    id.len = XPECTO_CHOICE_ID_LEN;
    none.data = NULL;
    none.len = 0;
    info.data = (uint8_t *) name;
    info.len = sizeof(name) - 1;

    if (xpecto_hkdf(ids, sizeof(ids), &id, &none, &info) != XPECTO_OK
        || xpecto_random(fresh, sizeof(fresh)) != XPECTO_OK)
    {
        return NGX_ERROR;
    }

    (void) ngx_hex_dump(principal, ids, XPECTO_CHOICE_ID_LEN);

    ngx_http_xpecto_consent_uuid(record, ids + XPECTO_CHOICE_ID_LEN, 8);
    ngx_http_xpecto_consent_uuid(receipt, fresh, 4);

    ngx_http_xpecto_consent_put(out, "\"record_id\":\"%*s\","
                                "\"receipt_id\":\"%*s\","
                                "\"pii_principal_id\":\"%*s\",",
                                sizeof(record), record,
                                sizeof(receipt), receipt,
                                (size_t) 2 * XPECTO_CHOICE_ID_LEN, principal);

    return NGX_OK;
}


/* RFC 9562 */

static void
ngx_http_xpecto_consent_uuid(u_char *dst, uint8_t *id, ngx_uint_t version)
{
    ngx_uint_t  i;

    id[6] = (uint8_t) ((id[6] & 0x0f) | version << 4);
    id[8] = (id[8] & 0x3f) | 0x80;

    for (i = 0; i < XPECTO_CHOICE_ID_LEN; i++) {

        if (i == 4 || i == 6 || i == 8 || i == 10) {
            *dst++ = '-';
        }

        dst = ngx_hex_dump(dst, &id[i], 1);
    }
}


static void
ngx_http_xpecto_consent_put_purposes(ngx_http_xpecto_consent_out_t *out,
    ngx_http_xpecto_consent_srv_conf_t *conf, xpecto_choice_t *choice,
    ngx_str_t *method)
{
    u_char                                *p, *end;
    time_t                                 retention;
    ngx_str_t                              country;
    ngx_uint_t                             n, first;
    xpecto_str_t                           name;
    ngx_http_xpecto_consent_controller_t  *controller;

    controller = conf->controller;
    retention = controller->retention ? controller->retention
                                      : conf->cookie->ttl;
    first = 1;

    ngx_http_xpecto_consent_put(out, "\"pii_processing\":[");

    for (n = 0; n < XPECTO_PURPOSES; n++) {

        if (!(choice->granted & conf->asked & XPECTO_PURPOSE_BIT(n))) {
            continue;
        }

        name = xpecto_purpose_name(n);

        ngx_http_xpecto_consent_put(out, "%s{\"privacy_notice\":",
                                    first ? "" : ",");
        ngx_http_xpecto_consent_quote(out, &controller->policy);
        ngx_http_xpecto_consent_put(out, ",\"privacy_notice_revision\":%uD,"
                                    "\"language\":", choice->revision);
        ngx_http_xpecto_consent_quote(out, &controller->language);
        ngx_http_xpecto_consent_put(out, ",\"purpose\":\"%*s\","
                                    "\"lawful_basis\":\"consent\","
                                    "\"pii_information\":[{\"pii_type\":"
                                    "\"online identifier\"},{\"pii_type\":"
                                    "\"usage data\"}],\"pii_controllers\":[",
                                    name.len, name.data);
        ngx_http_xpecto_consent_quote(out, &controller->name);
        ngx_http_xpecto_consent_put(out, "],\"storage_locations\":[");

        end = controller->storage.data + controller->storage.len;

        for (p = controller->storage.data; p < end; p += 3) {
            ngx_http_xpecto_consent_put(out, "%s\"%*s\"",
                                   p == controller->storage.data ? "" : ",",
                                   (size_t) 2, p);
        }

        country.data = (u_char *) "unknown";
        country.len = sizeof("unknown") - 1;

        ngx_http_xpecto_consent_put(out, "],\"retention_period\":\"P%TD\","
                                    "\"jurisdiction\":", retention / 86400);

        if (choice->country) {
            ngx_http_xpecto_consent_put(out, "\"%c%c\"", choice->country >> 8,
                                        choice->country & 0xff);

        } else {
            ngx_http_xpecto_consent_quote(out, &country);
        }

        ngx_http_xpecto_consent_put(out, ",\"recipient_third_parties\":");
        ngx_http_xpecto_consent_put_processors(out, conf->processors,
                                               XPECTO_PURPOSE_BIT(n));
        ngx_http_xpecto_consent_put(out, ",\"withdrawal_method\":");
        ngx_http_xpecto_consent_quote(out, method);
        ngx_http_xpecto_consent_put(out, "}");

        first = 0;
    }

    ngx_http_xpecto_consent_put(out, "],");
}


static void
ngx_http_xpecto_consent_put_parties(ngx_http_xpecto_consent_out_t *out,
    ngx_http_xpecto_consent_srv_conf_t *conf)
{
    ngx_http_xpecto_consent_controller_t  *controller;

    controller = conf->controller;

    ngx_http_xpecto_consent_put(out,
                                "\"party_identification\":[{\"party_id\":");
    ngx_http_xpecto_consent_quote(out, &controller->name);
    ngx_http_xpecto_consent_put(out, ",\"party_name\":");
    ngx_http_xpecto_consent_quote(out, &controller->name);
    ngx_http_xpecto_consent_put(out, ",\"party_address\":");
    ngx_http_xpecto_consent_quote(out, &controller->address);
    ngx_http_xpecto_consent_put(out, ",\"party_contact\":");
    ngx_http_xpecto_consent_quote(out, &controller->contact);
    ngx_http_xpecto_consent_put(out, ",\"party_type\":\"controller\"}],");
}


/* over all bytes before the member itself */

static ngx_int_t
ngx_http_xpecto_consent_put_signature(ngx_http_request_t *r,
    ngx_http_xpecto_consent_out_t *out, u_char *start)
{
    size_t             len;
    uint8_t            seed[XPECTO_KEY_LEN], signature[XPECTO_SIGN_LEN];
    ngx_int_t          rc;
    uint8_t            text[XPECTO_BASE64_ENCODED(XPECTO_SIGN_LEN)];
    xpecto_keyring_t  *ring;

    ring = ngx_xpecto_keyring_cycle((ngx_cycle_t *) ngx_cycle);

    if (ring == NULL) {
        return NGX_ERROR;
    }

    rc = ngx_http_xpecto_consent_receipt_key(&ring->keys[0], seed);

    if (rc == NGX_OK
        && xpecto_sign(seed, start, out->p - start, signature) != XPECTO_OK)
    {
        rc = NGX_ERROR;
    }

    xpecto_cleanse(seed, sizeof(seed));

    if (rc != NGX_OK) {
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "OpenSSL could not sign a receipt");
        return NGX_ERROR;
    }

    len = xpecto_base64url_encode(text, signature, XPECTO_SIGN_LEN);

    ngx_http_xpecto_consent_put(out, ",\"signature\":{\"alg\":\"EdDSA\","
                                "\"kid\":\"%ui\",\"value\":\"%*s\"}}\n",
                                (ngx_uint_t) ring->keys[0].kid, len, text);

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_consent_receipt_key(xpecto_key_t *key, uint8_t *seed)
{
    xpecto_str_t  ikm, none, info;

    static char  name[] = "xpecto receipt 1";

    ikm.data = key->master;
    ikm.len = XPECTO_KEY_LEN;
    none.data = NULL;
    none.len = 0;
    info.data = (uint8_t *) name;
    info.len = sizeof(name) - 1;

    return xpecto_hkdf(seed, XPECTO_KEY_LEN, &ikm, &none, &info) == XPECTO_OK
           ? NGX_OK : NGX_ERROR;
}


/* bytes that its names may take in an answer, each of them escaped */

void
ngx_http_xpecto_consent_measure(ngx_http_xpecto_consent_srv_conf_t *conf)
{
    ngx_uint_t                             i;
    ngx_http_xpecto_consent_rule_t        *processor;
    ngx_http_xpecto_consent_controller_t  *c;

    conf->size = 0;
    c = conf->controller;

    if (c != NULL) {
        conf->size += 6 * (3 * c->name.len + c->address.len + c->contact.len
                           + c->policy.len + c->language.len)
                      + 4 * c->storage.len;
    }

    if (conf->processors != NULL) {
        processor = conf->processors->elts;

        for (i = 0; i < conf->processors->nelts; i++) {
            conf->size += (XPECTO_PURPOSES + 1)
                          * (6 * processor[i].pattern.len + 3);
        }
    }
}


char *
ngx_http_xpecto_consent_controller(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_xpecto_consent_srv_conf_t *xscf = conf;

    ngx_uint_t                             i;
    ngx_http_xpecto_consent_controller_t  *c;

    if (xscf->controller != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    c = ngx_pcalloc(cf->pool, sizeof(ngx_http_xpecto_consent_controller_t));
    if (c == NULL) {
        return NGX_CONF_ERROR;
    }

    c->retention = NGX_CONF_UNSET;

    if (ngx_xpecto_conf_args(cf, ngx_http_xpecto_consent_controller_args, 1,
                             c)
        != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    ngx_conf_init_value(c->retention, 0);

    if (c->language.len == 0) {
        ngx_str_set(&c->language, "en");
    }

    if (c->name.len == 0 || c->address.len == 0 || c->contact.len == 0
        || c->policy.len == 0 || c->storage.len == 0)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "a receipt needs \"name\", \"address\", "
                           "\"contact\", \"policy\", and \"storage\"");
        return NGX_CONF_ERROR;
    }

    if (c->policy.len <= sizeof("https://") - 1
        || ngx_strncmp(c->policy.data, "https://", sizeof("https://") - 1)
           != 0)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"policy=%V\" is not an https URL", &c->policy);
        return NGX_CONF_ERROR;
    }

    for (i = 0; i <= c->storage.len; i++) {

        if (i % 3 == 2 ? (i < c->storage.len && c->storage.data[i] != ',')
                       : (i == c->storage.len || c->storage.data[i] < 'A'
                          || c->storage.data[i] > 'Z'))
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"storage=%V\" is not a list of countries as "
                               "IN,DE", &c->storage);
            return NGX_CONF_ERROR;
        }
    }

    for (i = 0; i < c->storage.len; i += 3) {

        if (!xpecto_country_exists(&c->storage.data[i])
            && ngx_strncmp(&c->storage.data[i], "EU", 2) != 0)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"storage=%V\": there is no country \"%*s\"",
                               &c->storage, (size_t) 2, &c->storage.data[i]);
            return NGX_CONF_ERROR;
        }
    }

    xscf->controller = c;

    return NGX_CONF_OK;
}


/* name purpose ... */

char *
ngx_http_xpecto_consent_processor(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_xpecto_consent_srv_conf_t *xscf = conf;

    int                              n;
    ngx_str_t                       *value;
    ngx_uint_t                       i;
    ngx_http_xpecto_consent_rule_t  *processor;

    if (xscf->processors == NGX_CONF_UNSET_PTR) {
        xscf->processors = ngx_array_create(cf->pool, 4,
                                      sizeof(ngx_http_xpecto_consent_rule_t));
        if (xscf->processors == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    value = cf->args->elts;
    processor = xscf->processors->elts;

    for (i = 0; i < xscf->processors->nelts; i++) {

        if (processor[i].pattern.len == value[1].len
            && ngx_strncmp(processor[i].pattern.data, value[1].data,
                           value[1].len)
               == 0)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "duplicate processor \"%V\"", &value[1]);
            return NGX_CONF_ERROR;
        }
    }

    processor = ngx_array_push(xscf->processors);
    if (processor == NULL) {
        return NGX_CONF_ERROR;
    }

    processor->pattern = value[1];
    processor->purposes = 0;

    for (i = 2; i < cf->args->nelts; i++) {
        n = xpecto_purpose_find(value[i].data, value[i].len);

        if (n < 0) {
            return ngx_http_xpecto_consent_is_unknown(cf, &value[i]);
        }

        processor->purposes |= XPECTO_PURPOSE_BIT(n);
    }

    return NGX_CONF_OK;
}
