
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <stdlib.h>
#include <string.h>

/* SHA256_Init() and the like: docs/adr/003-hmac.md */

#define OPENSSL_SUPPRESS_DEPRECATED

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include "xpecto_bytes.h"
#include "xpecto_mac.h"


/*
 * HMAC (RFC 2104): what its two hashes are after their first block, the key.
 * The outer hash has one more block, which is the inner hash and padding.
 */

struct xpecto_mac_s {
    SHA256_CTX       inner;
    SHA256_CTX       outer;
    SHA256_CTX       work;
    uint8_t          block[SHA256_CBLOCK];
    uint8_t          last[SHA256_CBLOCK];
};


struct xpecto_aead_s {
    EVP_CIPHER_CTX  *seal;
    EVP_CIPHER_CTX  *open;
};


static size_t xpecto_mac_add(xpecto_mac_t *mac, size_t used,
    const xpecto_str_t *part);
static void xpecto_mac_end(xpecto_mac_t *mac, size_t used, uint64_t len);
static void xpecto_mac_outer(xpecto_mac_t *mac, uint8_t out[XPECTO_MAC_LEN]);
static void xpecto_mac_words(uint8_t out[XPECTO_MAC_LEN],
    const SHA256_CTX *sha);


/* bytes of the number of bits at the end of the last block (FIPS 180-4, 5.1) */

#define XPECTO_MAC_BITS  8


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
    uint8_t        inner[SHA256_CBLOCK], outer[SHA256_CBLOCK];
    unsigned       i;
    xpecto_rc_e    rc;
    xpecto_mac_t  *mac;

    mac = calloc(1, sizeof(xpecto_mac_t));
    if (mac == NULL) {
        return NULL;
    }

    for (i = 0; i < SHA256_CBLOCK; i++) {
        inner[i] = (i < XPECTO_KEY_LEN) ? key[i] ^ 0x36 : 0x36;
        outer[i] = (i < XPECTO_KEY_LEN) ? key[i] ^ 0x5c : 0x5c;
    }

    rc = (SHA256_Init(&mac->inner) == 1
          && SHA256_Update(&mac->inner, inner, SHA256_CBLOCK) == 1
          && SHA256_Init(&mac->outer) == 1
          && SHA256_Update(&mac->outer, outer, SHA256_CBLOCK) == 1)
         ? XPECTO_OK : XPECTO_ERROR;

    xpecto_cleanse(inner, SHA256_CBLOCK);
    xpecto_cleanse(outer, SHA256_CBLOCK);

    if (rc != XPECTO_OK) {
        xpecto_mac_free(mac);
        return NULL;
    }

    mac->last[XPECTO_MAC_LEN] = 0x80;
    xpecto_put64(mac->last + SHA256_CBLOCK - XPECTO_MAC_BITS,
                 (uint64_t) (SHA256_CBLOCK + XPECTO_MAC_LEN) * 8);

    return mac;
}


void
xpecto_mac_free(xpecto_mac_t *mac)
{
    if (mac == NULL) {
        return;
    }

    xpecto_cleanse(mac, sizeof(xpecto_mac_t));
    free(mac);
}


void
xpecto_mac_sign(xpecto_mac_t *mac, const xpecto_str_t *parts, unsigned n,
    uint8_t out[XPECTO_MAC_LEN])
{
    size_t    used;
    uint64_t  len;
    unsigned  i;

    memcpy(mac->work.h, mac->inner.h, sizeof(mac->work.h));

    used = 0;
    len = SHA256_CBLOCK;

    for (i = 0; i < n; i++) {
        used = xpecto_mac_add(mac, used, &parts[i]);
        len += parts[i].len;
    }

    xpecto_mac_end(mac, used, len);
    xpecto_mac_outer(mac, out);
}


void
xpecto_mac_sign_padded(xpecto_mac_t *mac, const uint8_t *text, size_t len,
    uint8_t out[XPECTO_MAC_LEN])
{
    const uint8_t  *last;

    memcpy(mac->work.h, mac->inner.h, sizeof(mac->work.h));

    for (last = text + len; text < last; text += SHA256_CBLOCK) {
        SHA256_Transform(&mac->work, text);
    }

    xpecto_mac_outer(mac, out);
}


size_t
xpecto_mac_pad(uint8_t *text, size_t len)
{
    size_t  padded;

    padded = (len + XPECTO_MAC_BITS) / SHA256_CBLOCK * SHA256_CBLOCK
             + SHA256_CBLOCK;

    memset(text + len, 0, padded - len);
    text[len] = 0x80;
    xpecto_put64(text + padded - XPECTO_MAC_BITS,
                 (uint64_t) (SHA256_CBLOCK + len) * 8);

    return padded;
}


static void
xpecto_mac_outer(xpecto_mac_t *mac, uint8_t out[XPECTO_MAC_LEN])
{
    xpecto_mac_words(mac->last, &mac->work);

    memcpy(mac->work.h, mac->outer.h, sizeof(mac->work.h));
    SHA256_Transform(&mac->work, mac->last);

    xpecto_mac_words(out, &mac->work);
}


/*
 * What is not a whole block stays in ours, the rest of which is 0; returns
 * how much that is.
 */

static size_t
xpecto_mac_add(xpecto_mac_t *mac, size_t used, const xpecto_str_t *part)
{
    size_t          n, len;
    const uint8_t  *p;

    p = part->data;
    len = part->len;

    while (used + len >= SHA256_CBLOCK) {
        n = SHA256_CBLOCK - used;

        memcpy(mac->block + used, p, n);
        SHA256_Transform(&mac->work, mac->block);
        memset(mac->block, 0, SHA256_CBLOCK);

        p += n;
        len -= n;
        used = 0;
    }

    if (len) {
        memcpy(mac->block + used, p, len);
    }

    return used + len;
}


static void
xpecto_mac_end(xpecto_mac_t *mac, size_t used, uint64_t len)
{
    mac->block[used] = 0x80;

    if (used >= SHA256_CBLOCK - XPECTO_MAC_BITS) {
        SHA256_Transform(&mac->work, mac->block);
        memset(mac->block, 0, SHA256_CBLOCK);
    }

    xpecto_put64(mac->block + SHA256_CBLOCK - XPECTO_MAC_BITS, len * 8);

    SHA256_Transform(&mac->work, mac->block);

    /* it was somebody's data */

    memset(mac->block, 0, SHA256_CBLOCK);
}


static void
xpecto_mac_words(uint8_t out[XPECTO_MAC_LEN], const SHA256_CTX *sha)
{
    xpecto_put32(out, sha->h[0]);
    xpecto_put32(out + 4, sha->h[1]);
    xpecto_put32(out + 8, sha->h[2]);
    xpecto_put32(out + 12, sha->h[3]);
    xpecto_put32(out + 16, sha->h[4]);
    xpecto_put32(out + 20, sha->h[5]);
    xpecto_put32(out + 24, sha->h[6]);
    xpecto_put32(out + 28, sha->h[7]);
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
xpecto_sign(const uint8_t seed[XPECTO_KEY_LEN], const uint8_t *data,
    size_t len, uint8_t out[XPECTO_SIGN_LEN])
{
    size_t       n;
    EVP_PKEY    *key;
    EVP_MD_CTX  *ctx;
    xpecto_rc_e  rc;

    rc = XPECTO_ERROR;
    n = XPECTO_SIGN_LEN;

    ctx = EVP_MD_CTX_new();
    key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed,
                                       XPECTO_KEY_LEN);

    if (ctx != NULL && key != NULL
        && EVP_DigestSignInit(ctx, NULL, NULL, NULL, key) == 1
        && EVP_DigestSign(ctx, out, &n, data, len) == 1
        && n == XPECTO_SIGN_LEN)
    {
        rc = XPECTO_OK;
    }

    EVP_PKEY_free(key);
    EVP_MD_CTX_free(ctx);

    return rc;
}


xpecto_rc_e
xpecto_sign_public(const uint8_t seed[XPECTO_KEY_LEN],
    uint8_t out[XPECTO_KEY_LEN])
{
    size_t       n;
    EVP_PKEY    *key;
    xpecto_rc_e  rc;

    n = XPECTO_KEY_LEN;

    key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed,
                                       XPECTO_KEY_LEN);

    rc = (key != NULL && EVP_PKEY_get_raw_public_key(key, out, &n) == 1
          && n == XPECTO_KEY_LEN)
         ? XPECTO_OK : XPECTO_ERROR;

    EVP_PKEY_free(key);

    return rc;
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
