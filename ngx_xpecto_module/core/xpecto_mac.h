
/*
 * Keys and what is made with them.  xpecto_mac.c is the only file that
 * includes openssl/; nothing here reads a file.
 *
 * The key ring is a text of lines "kid:base64(32 bytes)", kid 0 to 255 in
 * decimal.  The first key signs, all of them verify.  Keys for a purpose are
 * derived by HKDF-SHA256 (RFC 5869) and never leave the process.
 */


#ifndef _XPECTO_MAC_H_INCLUDED_
#define _XPECTO_MAC_H_INCLUDED_


#include "xpecto.h"


#define XPECTO_KEY_LEN     32
#define XPECTO_MAC_LEN     32           /* HMAC-SHA256, SHA-256 */
#define XPECTO_NONCE_LEN   12           /* AES-256-GCM */
#define XPECTO_TAG_LEN     16
#define XPECTO_SIGN_LEN    64           /* Ed25519 */
#define XPECTO_KEYS_MAX    16


typedef struct {
    uint8_t             kid;
    uint8_t             master[XPECTO_KEY_LEN];
} xpecto_key_t;


typedef struct {
    unsigned            n;
    xpecto_key_t        keys[XPECTO_KEYS_MAX];
} xpecto_keyring_t;


/*
 * Files of keys are lines: "#" starts a comment line, empty lines are
 * allowed.  line() is called for the others and returns why it refuses one,
 * or NULL.
 */

typedef const char *(*xpecto_key_line_pt)(void *data, const uint8_t *p,
    size_t len);


/* prepared contexts: one key, used by one thread at a time */

typedef struct xpecto_mac_s   xpecto_mac_t;
typedef struct xpecto_aead_s  xpecto_aead_t;


/* ERROR: err names the line and what is wrong with it, never its bytes */

xpecto_rc_e xpecto_key_lines(const uint8_t *text, size_t len,
    xpecto_key_line_pt line, void *data, xpecto_err_t *err);

/* the base64 of 32 bytes and nothing else; key is wiped on an ERROR */

xpecto_rc_e xpecto_key_decode(uint8_t key[XPECTO_KEY_LEN], const uint8_t *p,
    size_t len);

/*
 * ERROR as above: a repeated kid, a repeated key, a key that is not
 * 32 bytes, a ring without a key or with more than XPECTO_KEYS_MAX.
 */

xpecto_rc_e xpecto_keyring_parse(xpecto_keyring_t *ring, const uint8_t *text,
    size_t len, xpecto_err_t *err);

/* NULL if there is no such key */

const xpecto_key_t *xpecto_keyring_find(const xpecto_keyring_t *ring,
    uint8_t kid);


/* HKDF-SHA256; len is at most 255 * 32; an empty salt is allowed */

xpecto_rc_e xpecto_hkdf(uint8_t *out, size_t len, const xpecto_str_t *ikm,
    const xpecto_str_t *salt, const xpecto_str_t *info);


/* NULL: OpenSSL could not (memory, or a provider without the algorithm) */

xpecto_mac_t *xpecto_mac_create(const uint8_t key[XPECTO_KEY_LEN]);
void xpecto_mac_free(xpecto_mac_t *mac);

/* HMAC-SHA256 over n parts as if they were one string */

void xpecto_mac_sign(xpecto_mac_t *mac, const xpecto_str_t *parts,
    unsigned n, uint8_t out[XPECTO_MAC_LEN]);

/*
 * The same of a text whose length stays and that is padded before: pad()
 * writes behind its len bytes, XPECTO_MAC_PADDING at most, and returns the
 * length that goes into sign_padded().
 */

#define XPECTO_MAC_PADDING  72

size_t xpecto_mac_pad(uint8_t *text, size_t len);
void xpecto_mac_sign_padded(xpecto_mac_t *mac, const uint8_t *text,
    size_t len, uint8_t out[XPECTO_MAC_LEN]);


xpecto_aead_t *xpecto_aead_create(const uint8_t key[XPECTO_KEY_LEN]);
void xpecto_aead_free(xpecto_aead_t *aead);

/* out: as many bytes as in, then the tag in its own buffer */

xpecto_rc_e xpecto_aead_seal(xpecto_aead_t *aead,
    const uint8_t nonce[XPECTO_NONCE_LEN], const xpecto_str_t *aad,
    const xpecto_str_t *in, uint8_t *out, uint8_t tag[XPECTO_TAG_LEN]);

/* DECLINED: not sealed under this key, or changed since; out is undefined */

xpecto_rc_e xpecto_aead_open(xpecto_aead_t *aead,
    const uint8_t nonce[XPECTO_NONCE_LEN], const xpecto_str_t *aad,
    const xpecto_str_t *in, const uint8_t tag[XPECTO_TAG_LEN], uint8_t *out);


/* Ed25519, for what others verify who cannot have the key */

xpecto_rc_e xpecto_sign(const uint8_t seed[XPECTO_KEY_LEN],
    const uint8_t *data, size_t len, uint8_t out[XPECTO_SIGN_LEN]);
xpecto_rc_e xpecto_sign_public(const uint8_t seed[XPECTO_KEY_LEN],
    uint8_t out[XPECTO_KEY_LEN]);


xpecto_rc_e xpecto_sha256(const uint8_t *data, size_t len,
    uint8_t out[XPECTO_MAC_LEN]);

/* fills out from OpenSSL's CSPRNG: the only source of randomness we have */

xpecto_rc_e xpecto_random(uint8_t *out, size_t len);

/* 1 if equal; the time does not depend on the bytes */

int xpecto_equal(const void *a, const void *b, size_t len);

/* wipes memory in a way the compiler does not remove */

void xpecto_cleanse(void *p, size_t len);


#endif /* _XPECTO_MAC_H_INCLUDED_ */
