
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_base64.h"
#include "xpecto_bytes.h"
#include "xpecto_token.h"


static xpecto_rc_e xpecto_token_derive(uint8_t key[XPECTO_KEY_LEN],
    const xpecto_key_t *master, const char *use);
static xpecto_token_e xpecto_token_verify(xpecto_token_codec_t *codec,
    xpecto_token_key_t *key, const uint8_t *frame, const uint8_t **payload,
    uint8_t *plain);
static void xpecto_token_mac(xpecto_token_codec_t *codec,
    xpecto_token_key_t *key, const uint8_t *frame,
    uint8_t mac[XPECTO_MAC_LEN]);
static xpecto_str_t xpecto_token_aad(xpecto_token_codec_t *codec,
    const uint8_t *frame, uint8_t *aad);
static xpecto_token_e xpecto_token_unpack(xpecto_choice_t *choice,
    const uint8_t *p);
static void xpecto_token_pack(const xpecto_choice_t *choice, uint8_t *p);
static int xpecto_token_anonymous(const xpecto_choice_t *choice);


#define XPECTO_TOKEN_HEADER       2
#define XPECTO_TOKEN_PAYLOAD      48
#define XPECTO_TOKEN_SAID         (XPECTO_TOKEN_HEADER + XPECTO_TOKEN_PAYLOAD)
#define XPECTO_TOKEN_SIGNED       66
#define XPECTO_TOKEN_SEALED       78

#define XPECTO_TOKEN_SIGN         0x11
#define XPECTO_TOKEN_ENCRYPT      0x12

#define XPECTO_TOKEN_SCHEMA       1
#define XPECTO_TOKEN_AGE_SOURCES  3
#define XPECTO_TOKEN_AGE_BANDS    6


xpecto_rc_e
xpecto_token_keys_create(xpecto_token_keys_t *keys,
    const xpecto_keyring_t *ring)
{
    uint8_t              key[XPECTO_KEY_LEN];
    unsigned             i;
    xpecto_token_key_t  *k;

    memset(keys, 0, sizeof(xpecto_token_keys_t));

    for (i = 0; i < ring->n; i++) {
        k = &keys->keys[keys->n++];

        k->kid = ring->keys[i].kid;

        if (xpecto_token_derive(key, &ring->keys[i], "xpc1 mac ")
            == XPECTO_OK)
        {
            k->mac = xpecto_mac_create(key);
        }

        if (xpecto_token_derive(key, &ring->keys[i], "xpc1 enc ")
            == XPECTO_OK)
        {
            k->aead = xpecto_aead_create(key);
        }

        xpecto_cleanse(key, sizeof(key));

        if (k->mac == NULL || k->aead == NULL) {
            xpecto_token_keys_free(keys);
            return XPECTO_ERROR;
        }
    }

    return XPECTO_OK;
}


/* HKDF without salt; info is the use and the kid as one byte */

static xpecto_rc_e
xpecto_token_derive(uint8_t key[XPECTO_KEY_LEN], const xpecto_key_t *master,
    const char *use)
{
    uint8_t       text[16];
    xpecto_str_t  ikm, salt, info;

    ikm.data = master->master;
    ikm.len = XPECTO_KEY_LEN;

    salt.data = NULL;
    salt.len = 0;

    info.len = strlen(use);
    memcpy(text, use, info.len);
    text[info.len++] = master->kid;
    info.data = text;

    return xpecto_hkdf(key, XPECTO_KEY_LEN, &ikm, &salt, &info);
}


void
xpecto_token_keys_free(xpecto_token_keys_t *keys)
{
    unsigned  i;

    for (i = 0; i < keys->n; i++) {
        xpecto_mac_free(keys->keys[i].mac);
        xpecto_aead_free(keys->keys[i].aead);
    }

    memset(keys, 0, sizeof(xpecto_token_keys_t));
}


xpecto_rc_e
xpecto_token_domain(xpecto_token_codec_t *codec, const xpecto_str_t *name,
    const xpecto_str_t *scope)
{
    uint8_t  *p;

    if (name->len + scope->len + sizeof("xpc1\0\0")
        > XPECTO_TOKEN_DOMAIN_LEN
        || (name->len && memchr(name->data, '\0', name->len) != NULL)
        || (scope->len && memchr(scope->data, '\0', scope->len) != NULL))
    {
        return XPECTO_ERROR;
    }

    p = codec->text;

    memcpy(p, "xpc1", sizeof("xpc1"));
    p += sizeof("xpc1");

    if (name->len) {
        memcpy(p, name->data, name->len);
        p += name->len;
    }

    *p++ = '\0';

    if (scope->len) {
        memcpy(p, scope->data, scope->len);
        p += scope->len;
    }

    *p++ = '\0';

    codec->domain_len = (size_t) (p - codec->text);
    codec->text_len = xpecto_mac_pad(codec->text, codec->domain_len
                                                  + XPECTO_TOKEN_SAID);

    return XPECTO_OK;
}


xpecto_token_e
xpecto_token_decode(xpecto_token_codec_t *codec, const uint8_t *text,
    size_t len, xpecto_choice_t *choice, int *old)
{
    size_t               n;
    uint8_t              frame[XPECTO_BASE64_DECODED(XPECTO_TOKEN_LEN)];
    uint8_t              plain[XPECTO_TOKEN_PAYLOAD], alg;
    unsigned             i;
    const uint8_t       *payload;
    xpecto_token_e       rc;
    xpecto_token_key_t  *key;

    if (len == XPECTO_TOKEN_SIGNED_LEN) {
        alg = XPECTO_TOKEN_SIGN;

    } else if (len == XPECTO_TOKEN_SEALED_LEN) {
        alg = XPECTO_TOKEN_ENCRYPT;

    } else {
        return XPECTO_TOKEN_FORMAT;
    }

    if (xpecto_base64url_decode(frame, &n, text, len) != XPECTO_OK
        || frame[0] != alg)
    {
        return XPECTO_TOKEN_FORMAT;
    }

    key = NULL;

    for (i = 0; i < codec->keys->n; i++) {
        if (codec->keys->keys[i].kid == frame[1]) {
            key = &codec->keys->keys[i];
            break;
        }
    }

    if (key == NULL) {
        return XPECTO_TOKEN_KEY;
    }

    if (old != NULL) {
        *old = (i != 0);
    }

    rc = xpecto_token_verify(codec, key, frame, &payload, plain);

    if (rc == XPECTO_TOKEN_OK) {
        rc = xpecto_token_unpack(choice, payload);
    }

    if (rc == XPECTO_TOKEN_OK && codec->encrypt && alg == XPECTO_TOKEN_SIGN
        && !xpecto_token_anonymous(choice))
    {
        rc = XPECTO_TOKEN_FORMAT;
    }

    return rc;
}


static xpecto_token_e
xpecto_token_verify(xpecto_token_codec_t *codec, xpecto_token_key_t *key,
    const uint8_t *frame, const uint8_t **payload, uint8_t *plain)
{
    uint8_t         mac[XPECTO_MAC_LEN];
    uint8_t         aad[XPECTO_TOKEN_DOMAIN_LEN + XPECTO_TOKEN_HEADER];
    xpecto_str_t    sealed, additional;
    const uint8_t  *nonce;

    if (frame[0] == XPECTO_TOKEN_SIGN) {

        xpecto_token_mac(codec, key, frame, mac);

        if (!xpecto_equal(mac, frame + XPECTO_TOKEN_HEADER
                               + XPECTO_TOKEN_PAYLOAD,
                          XPECTO_TAG_LEN))
        {
            return XPECTO_TOKEN_MAC;
        }

        *payload = frame + XPECTO_TOKEN_HEADER;

        return XPECTO_TOKEN_OK;
    }

    nonce = frame + XPECTO_TOKEN_HEADER;

    sealed.data = nonce + XPECTO_NONCE_LEN;
    sealed.len = XPECTO_TOKEN_PAYLOAD;

    additional = xpecto_token_aad(codec, frame, aad);

    if (xpecto_aead_open(key->aead, nonce, &additional, &sealed,
                         sealed.data + sealed.len, plain)
        != XPECTO_OK)
    {
        return XPECTO_TOKEN_MAC;
    }

    *payload = plain;

    return XPECTO_TOKEN_OK;
}


/* header and payload lie side by side in the frame */

static void
xpecto_token_mac(xpecto_token_codec_t *codec, xpecto_token_key_t *key,
    const uint8_t *frame, uint8_t mac[XPECTO_MAC_LEN])
{
    uint8_t  *said;

    said = codec->text + codec->domain_len;

    memcpy(said, frame, XPECTO_TOKEN_SAID);
    xpecto_mac_sign_padded(key->mac, codec->text, codec->text_len, mac);

    /* it is of one person */

    memset(said, 0, XPECTO_TOKEN_SAID);
}


static xpecto_str_t
xpecto_token_aad(xpecto_token_codec_t *codec, const uint8_t *frame,
    uint8_t *aad)
{
    xpecto_str_t  s;

    memcpy(aad, codec->text, codec->domain_len);
    memcpy(aad + codec->domain_len, frame, XPECTO_TOKEN_HEADER);

    s.data = aad;
    s.len = codec->domain_len + XPECTO_TOKEN_HEADER;

    return s;
}


static xpecto_token_e
xpecto_token_unpack(xpecto_choice_t *choice, const uint8_t *p)
{
    int       grants;
    unsigned  high, low;

    choice->flags = p[1];
    choice->granted = xpecto_get16(p + 2);
    choice->denied = xpecto_get16(p + 4);
    choice->revision = xpecto_get32(p + 6);
    choice->created = xpecto_get32(p + 10);
    choice->updated = xpecto_get32(p + 14);
    choice->expires = xpecto_get32(p + 18);
    choice->country = xpecto_get16(p + 22);
    memcpy(choice->region, p + 24, sizeof(choice->region));
    choice->regime = p[27];
    choice->model = p[28];
    choice->age = p[29];
    choice->method = p[30];
    memcpy(choice->id, p + 32, XPECTO_CHOICE_ID_LEN);

    high = choice->country >> 8;
    low = choice->country & 0xff;

    if (p[0] != XPECTO_TOKEN_SCHEMA
        || p[31] != 0
        || (choice->granted & choice->denied)
        || (choice->denied & XPECTO_PURPOSES_ALWAYS)
        || choice->created == 0
        || choice->created > choice->updated
        || choice->updated >= choice->expires
        || choice->expires - choice->updated > XPECTO_CHOICE_TTL_MAX
        || choice->model > XPECTO_MODEL_OPT_OUT
        || choice->age >> 4 > XPECTO_TOKEN_AGE_SOURCES
        || (choice->age & 0x0f) > XPECTO_TOKEN_AGE_BANDS
        || choice->method > XPECTO_METHOD_MIGRATED)
    {
        return XPECTO_TOKEN_RANGE;
    }

    if (choice->country
        && (high < 'A' || high > 'Z' || low < 'A' || low > 'Z'))
    {
        return XPECTO_TOKEN_RANGE;
    }

    /* an identifier goes with a grant, and with nothing else */

    grants = ((choice->granted & ~XPECTO_PURPOSES_ALWAYS) != 0);

    if (grants == xpecto_token_anonymous(choice)) {
        return XPECTO_TOKEN_RANGE;
    }

    return XPECTO_TOKEN_OK;
}


/* such a choice grants nothing */

static int
xpecto_token_anonymous(const xpecto_choice_t *choice)
{
    static const uint8_t  none[XPECTO_CHOICE_ID_LEN];

    return memcmp(choice->id, none, XPECTO_CHOICE_ID_LEN) == 0;
}


xpecto_rc_e
xpecto_token_encode(xpecto_token_codec_t *codec, const xpecto_choice_t *choice,
    const uint8_t nonce[XPECTO_NONCE_LEN], uint8_t *text, size_t *len)
{
    size_t               n;
    uint8_t              frame[XPECTO_TOKEN_SEALED];
    uint8_t              plain[XPECTO_TOKEN_PAYLOAD], mac[XPECTO_MAC_LEN];
    uint8_t              aad[XPECTO_TOKEN_DOMAIN_LEN + XPECTO_TOKEN_HEADER];
    uint8_t             *p;
    xpecto_str_t         in, additional;
    xpecto_token_key_t  *key;

    if (codec->keys->n == 0) {
        return XPECTO_ERROR;
    }

    key = &codec->keys->keys[0];

    frame[1] = key->kid;
    p = frame + XPECTO_TOKEN_HEADER;

    if (codec->encrypt && !xpecto_token_anonymous(choice)) {
        frame[0] = XPECTO_TOKEN_ENCRYPT;

        memcpy(p, nonce, XPECTO_NONCE_LEN);
        p += XPECTO_NONCE_LEN;

        xpecto_token_pack(choice, plain);
        in.data = plain;
        in.len = XPECTO_TOKEN_PAYLOAD;

        additional = xpecto_token_aad(codec, frame, aad);

        if (xpecto_aead_seal(key->aead, nonce, &additional, &in, p,
                             p + XPECTO_TOKEN_PAYLOAD)
            != XPECTO_OK)
        {
            return XPECTO_ERROR;
        }

        n = XPECTO_TOKEN_SEALED;

    } else {
        frame[0] = XPECTO_TOKEN_SIGN;

        xpecto_token_pack(choice, p);
        xpecto_token_mac(codec, key, frame, mac);
        memcpy(p + XPECTO_TOKEN_PAYLOAD, mac, XPECTO_TAG_LEN);

        n = XPECTO_TOKEN_SIGNED;
    }

    *len = xpecto_base64url_encode(text, frame, n);

    return XPECTO_OK;
}


static void
xpecto_token_pack(const xpecto_choice_t *choice, uint8_t *p)
{
    p[0] = XPECTO_TOKEN_SCHEMA;
    p[1] = choice->flags;
    xpecto_put16(p + 2, choice->granted);
    xpecto_put16(p + 4, choice->denied);
    xpecto_put32(p + 6, choice->revision);
    xpecto_put32(p + 10, choice->created);
    xpecto_put32(p + 14, choice->updated);
    xpecto_put32(p + 18, choice->expires);
    xpecto_put16(p + 22, choice->country);
    memcpy(p + 24, choice->region, sizeof(choice->region));
    p[27] = choice->regime;
    p[28] = choice->model;
    p[29] = choice->age;
    p[30] = choice->method;
    p[31] = 0;
    memcpy(p + 32, choice->id, XPECTO_CHOICE_ID_LEN);
}
