
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>

#include "xpecto_base64.h"
#include "xpecto_mac.h"


static const char *xpecto_keyring_line(void *data, const uint8_t *p,
    size_t len);


struct xpecto_mac_s {
    EVP_MAC_CTX     *ctx;
};


struct xpecto_aead_s {
    EVP_CIPHER_CTX  *seal;
    EVP_CIPHER_CTX  *open;
};


xpecto_rc_e
xpecto_key_lines(const uint8_t *text, size_t len, xpecto_key_line_pt line,
    void *data, xpecto_err_t *err)
{
    size_t          n, cut;
    unsigned        number;
    const char     *reason;
    const uint8_t  *end;

    for (number = 1; len; number++) {
        end = memchr(text, '\n', len);
        n = (end == NULL) ? len : (size_t) (end - text);

        cut = (n && text[n - 1] == '\r');

        if (n > cut && text[0] != '#') {
            reason = line(data, text, n - cut);

            if (reason != NULL) {
                (void) snprintf(err->text, sizeof(err->text), "line %u: %s",
                                number, reason);
                return XPECTO_ERROR;
            }
        }

        n += (end != NULL);
        text += n;
        len -= n;
    }

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_key_decode(uint8_t key[XPECTO_KEY_LEN], const uint8_t *p, size_t len)
{
    size_t       n;
    uint8_t      bytes[XPECTO_BASE64_DECODED(44)];
    xpecto_rc_e  rc;

    /* 32 bytes have exactly 44 characters: nothing longer is decoded */

    if (len == 44 && xpecto_base64_decode(bytes, &n, p, len) == XPECTO_OK
        && n == XPECTO_KEY_LEN)
    {
        memcpy(key, bytes, XPECTO_KEY_LEN);
        rc = XPECTO_OK;

    } else {
        xpecto_cleanse(key, XPECTO_KEY_LEN);
        rc = XPECTO_ERROR;
    }

    xpecto_cleanse(bytes, sizeof(bytes));

    return rc;
}


xpecto_rc_e
xpecto_keyring_parse(xpecto_keyring_t *ring, const uint8_t *text, size_t len,
    xpecto_err_t *err)
{
    ring->n = 0;

    if (xpecto_key_lines(text, len, xpecto_keyring_line, ring, err)
        != XPECTO_OK)
    {
        xpecto_cleanse(ring, sizeof(xpecto_keyring_t));
        return XPECTO_ERROR;
    }

    if (ring->n == 0) {
        (void) snprintf(err->text, sizeof(err->text), "no key");
        return XPECTO_ERROR;
    }

    return XPECTO_OK;
}


/* the reason why the line is refused, or NULL */

static const char *
xpecto_keyring_line(void *data, const uint8_t *p, size_t len)
{
    xpecto_keyring_t  *ring = data;

    size_t         i;
    uint8_t        key[XPECTO_KEY_LEN];
    unsigned       kid, digits;
    const char    *reason;
    xpecto_key_t  *k;

    kid = 0;
    digits = 0;

    while (digits < 3 && digits < len
           && p[digits] >= '0' && p[digits] <= '9')
    {
        kid = kid * 10 + (unsigned) (p[digits] - '0');
        digits++;
    }

    if (digits == 0 || digits == len || p[digits] != ':') {
        return "not \"kid:base64\", kid in decimal";
    }

    if (kid > 255 || (digits > 1 && p[0] == '0')) {
        return "the kid is not a number from 0 to 255";
    }

    if (xpecto_key_decode(key, p + digits + 1, len - digits - 1)
        != XPECTO_OK)
    {
        return "the key is not the base64 of 32 bytes";
    }

    reason = NULL;

    for (i = 0; i < ring->n; i++) {

        if (ring->keys[i].kid == kid) {
            reason = "the kid is repeated";
            break;
        }

        if (xpecto_equal(ring->keys[i].master, key, XPECTO_KEY_LEN)) {
            reason = "the key is repeated";
            break;
        }
    }

    if (reason == NULL && ring->n == XPECTO_KEYS_MAX) {
        reason = "more keys than the ring can hold";
    }

    if (reason == NULL) {
        k = &ring->keys[ring->n++];
        k->kid = (uint8_t) kid;
        memcpy(k->master, key, XPECTO_KEY_LEN);
    }

    xpecto_cleanse(key, sizeof(key));

    return reason;
}


const xpecto_key_t *
xpecto_keyring_find(const xpecto_keyring_t *ring, uint8_t kid)
{
    unsigned  i;

    for (i = 0; i < ring->n; i++) {
        if (ring->keys[i].kid == kid) {
            return &ring->keys[i];
        }
    }

    return NULL;
}


xpecto_rc_e
xpecto_hkdf(uint8_t *out, size_t len, const xpecto_str_t *ikm,
    const xpecto_str_t *salt, const xpecto_str_t *info)
{
    int            rc;
    char           digest[] = "SHA256";
    EVP_KDF       *kdf;
    OSSL_PARAM     params[5], *p;
    EVP_KDF_CTX   *ctx;

    kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    if (kdf == NULL) {
        return XPECTO_ERROR;
    }

    ctx = EVP_KDF_CTX_new(kdf);
    EVP_KDF_free(kdf);

    if (ctx == NULL) {
        return XPECTO_ERROR;
    }

    /* OpenSSL only reads what the parameters point at */

    p = params;

    *p++ = OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0);
    *p++ = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY,
                                      (void *) (uintptr_t) ikm->data,
                                      ikm->len);

    if (salt->len) {
        *p++ = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT,
                                      (void *) (uintptr_t) salt->data,
                                      salt->len);
    }

    if (info->len) {
        *p++ = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO,
                                      (void *) (uintptr_t) info->data,
                                      info->len);
    }

    *p = OSSL_PARAM_construct_end();

    rc = EVP_KDF_derive(ctx, out, len, params);

    EVP_KDF_CTX_free(ctx);

    return (rc == 1) ? XPECTO_OK : XPECTO_ERROR;
}


xpecto_mac_t *
xpecto_mac_create(const uint8_t key[XPECTO_KEY_LEN])
{
    char           digest[] = "SHA256";
    EVP_MAC       *hmac;
    OSSL_PARAM     params[2];
    xpecto_mac_t  *mac;

    mac = malloc(sizeof(xpecto_mac_t));
    if (mac == NULL) {
        return NULL;
    }

    mac->ctx = NULL;

    hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);

    if (hmac != NULL) {
        mac->ctx = EVP_MAC_CTX_new(hmac);
        EVP_MAC_free(hmac);
    }

    params[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST,
                                                 digest, 0);
    params[1] = OSSL_PARAM_construct_end();

    if (mac->ctx == NULL
        || EVP_MAC_init(mac->ctx, key, XPECTO_KEY_LEN, params) != 1)
    {
        xpecto_mac_free(mac);
        return NULL;
    }

    return mac;
}


void
xpecto_mac_free(xpecto_mac_t *mac)
{
    if (mac == NULL) {
        return;
    }

    EVP_MAC_CTX_free(mac->ctx);
    free(mac);
}


xpecto_rc_e
xpecto_mac_sign(xpecto_mac_t *mac, const xpecto_str_t *parts, unsigned n,
    uint8_t out[XPECTO_MAC_LEN])
{
    size_t    len;
    unsigned  i;

    /* without a key: starts anew under the one that it has */

    if (EVP_MAC_init(mac->ctx, NULL, 0, NULL) != 1) {
        return XPECTO_ERROR;
    }

    for (i = 0; i < n; i++) {
        if (EVP_MAC_update(mac->ctx, parts[i].data, parts[i].len) != 1) {
            return XPECTO_ERROR;
        }
    }

    if (EVP_MAC_final(mac->ctx, out, &len, XPECTO_MAC_LEN) != 1
        || len != XPECTO_MAC_LEN)
    {
        return XPECTO_ERROR;
    }

    return XPECTO_OK;
}


xpecto_aead_t *
xpecto_aead_create(const uint8_t key[XPECTO_KEY_LEN])
{
    xpecto_aead_t  *aead;

    aead = malloc(sizeof(xpecto_aead_t));
    if (aead == NULL) {
        return NULL;
    }

    aead->seal = EVP_CIPHER_CTX_new();
    aead->open = EVP_CIPHER_CTX_new();

    if (aead->seal == NULL || aead->open == NULL
        || EVP_EncryptInit_ex(aead->seal, EVP_aes_256_gcm(), NULL, key, NULL)
           != 1
        || EVP_DecryptInit_ex(aead->open, EVP_aes_256_gcm(), NULL, key, NULL)
           != 1)
    {
        xpecto_aead_free(aead);
        return NULL;
    }

    return aead;
}


void
xpecto_aead_free(xpecto_aead_t *aead)
{
    if (aead == NULL) {
        return;
    }

    EVP_CIPHER_CTX_free(aead->seal);
    EVP_CIPHER_CTX_free(aead->open);
    free(aead);
}


xpecto_rc_e
xpecto_aead_seal(xpecto_aead_t *aead, const uint8_t nonce[XPECTO_NONCE_LEN],
    const xpecto_str_t *aad, const xpecto_str_t *in, uint8_t *out,
    uint8_t tag[XPECTO_TAG_LEN])
{
    int      n;
    uint8_t  none[1];

    if (aad->len > INT32_MAX || in->len > INT32_MAX) {
        return XPECTO_ERROR;
    }

    if (EVP_EncryptInit_ex(aead->seal, NULL, NULL, NULL, nonce) != 1
        || EVP_EncryptUpdate(aead->seal, NULL, &n, aad->data, (int) aad->len)
           != 1
        || EVP_EncryptUpdate(aead->seal, out, &n, in->data, (int) in->len)
           != 1
        || EVP_EncryptFinal_ex(aead->seal, none, &n) != 1
        || EVP_CIPHER_CTX_ctrl(aead->seal, EVP_CTRL_AEAD_GET_TAG,
                               XPECTO_TAG_LEN, tag)
           != 1)
    {
        return XPECTO_ERROR;
    }

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_aead_open(xpecto_aead_t *aead, const uint8_t nonce[XPECTO_NONCE_LEN],
    const xpecto_str_t *aad, const xpecto_str_t *in,
    const uint8_t tag[XPECTO_TAG_LEN], uint8_t *out)
{
    int      n;
    uint8_t  none[1];
    uint8_t  expected[XPECTO_TAG_LEN];

    if (aad->len > INT32_MAX || in->len > INT32_MAX) {
        return XPECTO_ERROR;
    }

    memcpy(expected, tag, XPECTO_TAG_LEN);

    if (EVP_DecryptInit_ex(aead->open, NULL, NULL, NULL, nonce) != 1
        || EVP_DecryptUpdate(aead->open, NULL, &n, aad->data, (int) aad->len)
           != 1
        || EVP_DecryptUpdate(aead->open, out, &n, in->data, (int) in->len)
           != 1
        || EVP_CIPHER_CTX_ctrl(aead->open, EVP_CTRL_AEAD_SET_TAG,
                               XPECTO_TAG_LEN, expected)
           != 1)
    {
        return XPECTO_ERROR;
    }

    if (EVP_DecryptFinal_ex(aead->open, none, &n) != 1) {
        return XPECTO_DECLINED;
    }

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_sha256(const uint8_t *data, size_t len, uint8_t out[XPECTO_MAC_LEN])
{
    if (EVP_Digest(data, len, out, NULL, EVP_sha256(), NULL) != 1) {
        return XPECTO_ERROR;
    }

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_random(uint8_t *out, size_t len)
{
    if (len > INT32_MAX || RAND_bytes(out, (int) len) != 1) {
        return XPECTO_ERROR;
    }

    return XPECTO_OK;
}


int
xpecto_equal(const void *a, const void *b, size_t len)
{
    return CRYPTO_memcmp(a, b, len) == 0;
}


void
xpecto_cleanse(void *p, size_t len)
{
    OPENSSL_cleanse(p, len);
}
