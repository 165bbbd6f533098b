
/*
 * The consent token: a choice that nobody but the holder of the key ring can
 * have written, in the 88 or 104 characters of a cookie.
 *
 * base64url without padding over
 *
 *     sign      header 2, payload 48, HMAC-SHA256 cut to 16
 *     encrypt   header 2, nonce 12, AES-256-GCM(payload) 48, tag 16
 *
 * Both lengths are multiples of 3: each token has exactly one text.
 *
 * header:   version 1 and algorithm (1 sign, 2 encrypt), 4 bits each; kid
 * domain:   "xpc1" NUL name NUL scope NUL, goes before the header into the
 *           MAC and into the additional data of GCM: a token of another
 *           cookie or another site does not verify
 *
 * payload, big endian:
 *
 *      0  1  schema, 1             18  4  expires
 *      1  1  flags                 22  2  country
 *      2  2  granted               24  3  region
 *      4  2  denied                27  1  regime
 *      6  4  revision              28  1  model
 *     10  4  created               29  1  age
 *     14  4  updated               30  1  method
 *                                  31  1  0
 *                                  32 16  id, all zero: grants nothing
 */


#ifndef _XPECTO_TOKEN_H_INCLUDED_
#define _XPECTO_TOKEN_H_INCLUDED_


#include "xpecto_consent.h"
#include "xpecto_mac.h"


#define XPECTO_TOKEN_SIGNED_LEN   88
#define XPECTO_TOKEN_SEALED_LEN   104
#define XPECTO_TOKEN_LEN          XPECTO_TOKEN_SEALED_LEN

#define XPECTO_TOKEN_DOMAIN_LEN   384
#define XPECTO_TOKEN_TEXT_LEN                                                \
    (XPECTO_TOKEN_DOMAIN_LEN + 50 + XPECTO_MAC_PADDING)


typedef struct {
    uint8_t               kid;
    xpecto_mac_t         *mac;
    xpecto_aead_t        *aead;
} xpecto_token_key_t;


/* the first key signs; used by one thread at a time */

typedef struct {
    unsigned              n;
    xpecto_token_key_t    keys[XPECTO_KEYS_MAX];
} xpecto_token_keys_t;


typedef struct {
    xpecto_token_keys_t  *keys;
    int                   encrypt;
    size_t                domain_len;
    size_t                text_len;     /* padded */
    uint8_t               text[XPECTO_TOKEN_TEXT_LEN];  /* what is signed:
                                               domain, header and payload */
} xpecto_token_codec_t;


/* why a token is refused, in the order of the checks: for counters only */

typedef enum {
    XPECTO_TOKEN_OK = 0,
    XPECTO_TOKEN_FORMAT,        /* length, alphabet, version, algorithm */
    XPECTO_TOKEN_KEY,
    XPECTO_TOKEN_MAC,
    XPECTO_TOKEN_RANGE
} xpecto_token_e;


/* ERROR: OpenSSL could not; the keys are empty then */

xpecto_rc_e xpecto_token_keys_create(xpecto_token_keys_t *keys,
    const xpecto_keyring_t *ring);
void xpecto_token_keys_free(xpecto_token_keys_t *keys);

/* ERROR: name and scope are too long or hold a NUL */

xpecto_rc_e xpecto_token_domain(xpecto_token_codec_t *codec,
    const xpecto_str_t *name, const xpecto_str_t *scope);

/*
 * A codec that encrypts takes signed tokens only of choices that grant
 * nothing and have no id: such are always signed, so that they are equal.
 * One that signs takes both.  The times are checked against each other; use
 * xpecto_consent_check() for what depends on now.  If it is OK, *old is 1
 * where another key has signed it than the one that signs now; old may be
 * NULL.
 */

xpecto_token_e xpecto_token_decode(xpecto_token_codec_t *codec,
    const uint8_t *text, size_t len, xpecto_choice_t *choice, int *old);

/* text holds XPECTO_TOKEN_LEN; the nonce is used by a codec that encrypts */

xpecto_rc_e xpecto_token_encode(xpecto_token_codec_t *codec,
    const xpecto_choice_t *choice, const uint8_t nonce[XPECTO_NONCE_LEN],
    uint8_t *text, size_t *len);


#endif /* _XPECTO_TOKEN_H_INCLUDED_ */
