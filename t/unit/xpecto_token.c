
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "xpecto_base64.h"
#include "xpecto_token.h"


static xpecto_str_t str(const char *text);
static void unhex(uint8_t *dst, const char *hex);
static void codec_init(xpecto_token_codec_t *codec, const char *name,
    const char *scope, int encrypt);
static xpecto_token_e decode(xpecto_token_codec_t *codec, const char *text);
static xpecto_token_e decode_payload(const uint8_t payload[48]);


/*
 * Known tokens: master key 00 to 1f as kid 7 and as kid 8, cookie
 * __Host-Http-xpc, scope example.com, nonce 64 to 6f.
 */

#define GRANT                                                                \
    "01c000070038013525cd69a40e2069a40e206a93ff20"                           \
    "44454245000101160200101112131415161718191a1b1c1d1e1f"

#define GRANT_SIGNED                                                         \
    "EQcBwAAHADgBNSXNaaQOIGmkDiBqk_8gREVCRQABARYCABAREhMUFRYXGBkaGxwdHh9N"   \
    "JcxGeoMzQ4QpzxbBwR_Y"

#define GRANT_SEALED                                                         \
    "EgdkZWZnaGlqa2xtbm-3__V8Rsb-mBC6iXlSj_Wmi_nBPqG0VTPqgzgAGCdm_Hie2zNQ"   \
    "vBuKO6mBskrir9R15X8OKtzlz7KVB-Q-ZuXK"

#define REFUSAL                                                              \
    "018040013ffe013525cd69a3818069a381806a937280"                           \
    "0000000000000000000000000000000000000000000000000000"

#define REFUSAL_KID7                                                         \
    "EQcBgEABP_4BNSXNaaOBgGmjgYBqk3KAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABN"   \
    "QW5NbtM0oaLJddTCJ7HP"

#define REFUSAL_KID8                                                         \
    "EQgBgEABP_4BNSXNaaOBgGmjgYBqk3KAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABy"   \
    "VTv-sZ-oQtJwKsukFnKh"

#define GPC                                                                  \
    "0140400100f0013525cd69a3818069a381806a937280"                           \
    "0000000000000000000000000000000000000000000000000000"

#define GPC_KID7                                                             \
    "EQcBQEABAPABNSXNaaOBgGmjgYBqk3KAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABI"   \
    "fzKbkIukXAFKCLyXHgAR"

static const struct {
    unsigned     kid;
    const char  *payload;
    const char  *text;
    int          encrypt;
} vectors[] = {
    { 7, GRANT, GRANT_SIGNED, 0 },
    { 7, GRANT, GRANT_SEALED, 1 },
    { 7, REFUSAL, REFUSAL_KID7, 0 },
    { 7, REFUSAL, REFUSAL_KID7, 1 },
    { 8, REFUSAL, REFUSAL_KID8, 0 },
    { 7, GPC, GPC_KID7, 1 }
};


/* one byte of the signed grant's payload changed, under a right MAC */

static const struct {
    unsigned        offset;
    uint8_t         value;
    xpecto_token_e  expected;
} ranges[] = {
    { 0, 1, XPECTO_TOKEN_OK },          /* as it is */
    { 0, 0, XPECTO_TOKEN_RANGE },       /* schema */
    { 0, 2, XPECTO_TOKEN_RANGE },
    { 5, 0x3a, XPECTO_TOKEN_RANGE },    /* preferences granted and denied */
    { 5, 0x39, XPECTO_TOKEN_RANGE },    /* necessary denied */
    { 4, 0x40, XPECTO_TOKEN_RANGE },    /* security denied */
    { 10, 0x70, XPECTO_TOKEN_RANGE },   /* created after updated */
    { 18, 0x60, XPECTO_TOKEN_RANGE },   /* expires before updated */
    { 18, 0x6c, XPECTO_TOKEN_RANGE },   /* more than 400 days after it */
    { 22, 'd', XPECTO_TOKEN_RANGE },    /* country */
    { 23, 0, XPECTO_TOKEN_RANGE },
    { 28, 2, XPECTO_TOKEN_OK },         /* model */
    { 28, 3, XPECTO_TOKEN_RANGE },
    { 29, 0x36, XPECTO_TOKEN_OK },      /* age */
    { 29, 0x46, XPECTO_TOKEN_RANGE },
    { 29, 0x37, XPECTO_TOKEN_RANGE },
    { 30, 8, XPECTO_TOKEN_OK },         /* method */
    { 30, 9, XPECTO_TOKEN_RANGE },
    { 31, 1, XPECTO_TOKEN_RANGE }       /* reserved */
};


static xpecto_token_keys_t  keys7, keys8, keys87;


static int
setup(void **state)
{
    xpecto_keyring_t  ring;

    (void) state;

    ring.n = 1;
    ring.keys[0].kid = 7;
    unhex(ring.keys[0].master, "000102030405060708090a0b0c0d0e0f"
                               "101112131415161718191a1b1c1d1e1f");

    if (xpecto_token_keys_create(&keys7, &ring) != XPECTO_OK) {
        return -1;
    }

    ring.n = 2;
    ring.keys[1] = ring.keys[0];
    ring.keys[0].kid = 8;

    if (xpecto_token_keys_create(&keys87, &ring) != XPECTO_OK) {
        return -1;
    }

    ring.n = 1;

    return (xpecto_token_keys_create(&keys8, &ring) == XPECTO_OK) ? 0 : -1;
}


static int
teardown(void **state)
{
    (void) state;

    xpecto_token_keys_free(&keys7);
    xpecto_token_keys_free(&keys8);
    xpecto_token_keys_free(&keys87);

    return 0;
}


static xpecto_str_t
str(const char *text)
{
    xpecto_str_t  s;

    s.data = (const uint8_t *) text;
    s.len = strlen(text);

    return s;
}


static void
unhex(uint8_t *dst, const char *hex)
{
    unsigned  byte;

    for ( /* void */ ; hex[0] != '\0'; hex += 2) {
        assert_int_equal(sscanf(hex, "%2x", &byte), 1);
        *dst++ = (uint8_t) byte;
    }
}


static void
codec_init(xpecto_token_codec_t *codec, const char *name, const char *scope,
    int encrypt)
{
    xpecto_str_t  n, s;

    n = str(name);
    s = str(scope);

    codec->keys = &keys7;
    codec->encrypt = encrypt;
    assert_int_equal(xpecto_token_domain(codec, &n, &s), XPECTO_OK);
}


static xpecto_token_e
decode(xpecto_token_codec_t *codec, const char *text)
{
    xpecto_choice_t  choice;

    return xpecto_token_decode(codec, (const uint8_t *) text, strlen(text),
                               &choice, NULL);
}


/* the payload under a MAC of our own */

static xpecto_token_e
decode_payload(const uint8_t payload[48])
{
    size_t                 n;
    uint8_t                frame[82], text[XPECTO_TOKEN_LEN], key[32];
    xpecto_mac_t          *mac;
    xpecto_str_t           parts[2];
    xpecto_choice_t        choice;
    xpecto_token_codec_t   codec;

    codec_init(&codec, "__Host-Http-xpc", "example.com", 0);

    unhex(key, "4dffd324117c16736717f167f56e61b8"
               "82a757737c2bf65ecee831440826cbb8");
    mac = xpecto_mac_create(key);
    assert_non_null(mac);

    unhex(frame, "1107");
    memcpy(frame + 2, payload, 48);

    parts[0].data = (const uint8_t *) "xpc1\0__Host-Http-xpc\0example.com";
    parts[0].len = sizeof("xpc1\0__Host-Http-xpc\0example.com");
    parts[1].data = frame;
    parts[1].len = 50;

    xpecto_mac_sign(mac, parts, 2, frame + 50);
    xpecto_mac_free(mac);

    n = xpecto_base64url_encode(text, frame, 66);

    return xpecto_token_decode(&codec, text, n, &choice, NULL);
}


static void
vectors_both_ways(void **state)
{
    size_t                 i, len;
    uint8_t                text[XPECTO_TOKEN_LEN];
    xpecto_choice_t        choice;
    xpecto_token_codec_t   codec;

    (void) state;

    for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        codec_init(&codec, "__Host-Http-xpc", "example.com",
                   vectors[i].encrypt);
        codec.keys = (vectors[i].kid == 7) ? &keys7 : &keys8;

        len = strlen(vectors[i].text);

        assert_int_equal(xpecto_token_decode(&codec,
                                           (const uint8_t *) vectors[i].text,
                                           len, &choice, NULL),
                         XPECTO_TOKEN_OK);

        assert_int_equal(xpecto_token_encode(&codec, &choice,
                                             (const uint8_t *) "defghijklmno",
                                             text, &len),
                         XPECTO_OK);
        assert_int_equal(len, strlen(vectors[i].text));
        assert_memory_equal(text, vectors[i].text, len);
    }
}


static int
is_old(xpecto_token_codec_t *codec, const char *text)
{
    int              old;
    xpecto_choice_t  choice;

    assert_int_equal(xpecto_token_decode(codec, (const uint8_t *) text,
                                         strlen(text), &choice, &old),
                     XPECTO_TOKEN_OK);

    return old;
}


static void
which_key_signed(void **state)
{
    xpecto_token_codec_t  codec;

    (void) state;

    codec_init(&codec, "__Host-Http-xpc", "example.com", 0);

    codec.keys = &keys87;
    assert_int_equal(is_old(&codec, REFUSAL_KID7), 1);
    assert_int_equal(is_old(&codec, GRANT_SEALED), 1);
    assert_int_equal(is_old(&codec, REFUSAL_KID8), 0);

    codec.keys = &keys7;
    assert_int_equal(is_old(&codec, REFUSAL_KID7), 0);
    assert_int_equal(is_old(&codec, GRANT_SEALED), 0);
}


static void
grant_fields(void **state)
{
    xpecto_choice_t        choice;
    xpecto_token_codec_t   codec;

    (void) state;

    codec_init(&codec, "__Host-Http-xpc", "example.com", 0);

    assert_int_equal(xpecto_token_decode(&codec,
                                         (const uint8_t *) GRANT_SEALED,
                                         strlen(GRANT_SEALED), &choice, NULL),
                     XPECTO_TOKEN_OK);

    assert_int_equal(choice.flags, XPECTO_CHOICE_EXPLICIT | XPECTO_CHOICE_GPC);
    assert_int_equal(choice.granted, 0x0007);
    assert_int_equal(choice.denied, 0x0038);
    assert_int_equal(choice.revision, 20260301);
    assert_int_equal(choice.created, 1772359200);
    assert_int_equal(choice.updated, 1772359200);
    assert_int_equal(choice.expires, 1772359200 + 182 * 86400);
    assert_int_equal(choice.country, XPECTO_COUNTRY('D', 'E'));
    assert_memory_equal(choice.region, "BE\0", 3);
    assert_int_equal(choice.regime, 1);
    assert_int_equal(choice.model, XPECTO_MODEL_OPT_IN);
    assert_int_equal(choice.age, 0x16);
    assert_int_equal(choice.method, XPECTO_METHOD_SELECTION);
    assert_int_equal(choice.id[0], 0x10);
    assert_int_equal(choice.id[15], 0x1f);
}


/* all 528 and 624 bits of the two frames, then each character's other values */

static void
no_bit_may_change(void **state)
{
    size_t                 v, i, n, len;
    uint8_t                frame[81], text[XPECTO_TOKEN_LEN];
    const char            *token;
    xpecto_choice_t        choice;
    xpecto_token_codec_t   codec;

    static const char *const  tokens[] = {
        GRANT_SIGNED, GRANT_SEALED, REFUSAL_KID7
    };

    (void) state;

    codec_init(&codec, "__Host-Http-xpc", "example.com", 0);

    for (v = 0; v < 3; v++) {
        token = tokens[v];

        assert_int_equal(xpecto_base64url_decode(frame, &n,
                                                 (const uint8_t *) token,
                                                 strlen(token)),
                         XPECTO_OK);

        for (i = 0; i < n * 8; i++) {
            frame[i / 8] ^= (uint8_t) (1u << i % 8);
            len = xpecto_base64url_encode(text, frame, n);
            assert_int_not_equal(xpecto_token_decode(&codec, text, len,
                                                     &choice, NULL),
                                 XPECTO_TOKEN_OK);
            frame[i / 8] ^= (uint8_t) (1u << i % 8);
        }

        assert_int_equal(i, v == 1 ? 624 : 528);
    }
}


static void
no_other_length(void **state)
{
    size_t                 i, len;
    unsigned               a, b;
    uint8_t                text[256];
    xpecto_choice_t        choice;
    xpecto_token_codec_t   codec;

    (void) state;

    codec_init(&codec, "__Host-Http-xpc", "example.com", 0);

    len = strlen(GRANT_SIGNED);
    memcpy(text, GRANT_SIGNED, len);

    for (i = 0; i < len; i++) {
        assert_int_equal(xpecto_token_decode(&codec, text, i, &choice, NULL),
                         XPECTO_TOKEN_FORMAT);
    }

    for (a = 0; a < 256; a++) {
        text[len] = (uint8_t) a;
        assert_int_equal(xpecto_token_decode(&codec, text, len + 1, &choice,
                                             NULL),
                         XPECTO_TOKEN_FORMAT);

        for (b = 0; b < 256; b++) {
            text[len + 1] = (uint8_t) b;
            assert_int_equal(xpecto_token_decode(&codec, text, len + 2,
                                                 &choice, NULL),
                             XPECTO_TOKEN_FORMAT);
        }
    }

    len = strlen(GRANT_SEALED);
    memcpy(text, GRANT_SEALED, len);

    for (i = 0; i < len; i++) {
        assert_int_not_equal(xpecto_token_decode(&codec, text, i, &choice,
                                                 NULL),
                             XPECTO_TOKEN_OK);
    }

    memset(text + len, 'A', sizeof(text) - len);

    for (i = len + 1; i < sizeof(text); i++) {
        assert_int_equal(xpecto_token_decode(&codec, text, i, &choice, NULL),
                         XPECTO_TOKEN_FORMAT);
    }
}


static void
reasons_in_order(void **state)
{
    char                   text[XPECTO_TOKEN_LEN + 1];
    xpecto_token_codec_t   codec;

    (void) state;

    codec_init(&codec, "__Host-Http-xpc", "example.com", 0);

    assert_int_equal(decode(&codec, ""), XPECTO_TOKEN_FORMAT);

    strcpy(text, GRANT_SIGNED);
    text[50] = '+';
    assert_int_equal(decode(&codec, text), XPECTO_TOKEN_FORMAT);

    strcpy(text, GRANT_SIGNED);
    text[0] = 'I';                      /* version 2 */
    assert_int_equal(decode(&codec, text), XPECTO_TOKEN_FORMAT);

    strcpy(text, GRANT_SIGNED);
    text[1] = 'g';                      /* encrypted, by its header */
    assert_int_equal(decode(&codec, text), XPECTO_TOKEN_FORMAT);

    assert_int_equal(decode(&codec, REFUSAL_KID8), XPECTO_TOKEN_KEY);

    strcpy(text, GRANT_SIGNED);
    text[87] = (text[87] == 'A') ? 'B' : 'A';
    assert_int_equal(decode(&codec, text), XPECTO_TOKEN_MAC);
}


/* a valid token in another place, or with the kid of another key */

static void
no_swap(void **state)
{
    size_t                 i;
    char                   text[XPECTO_TOKEN_LEN + 1];
    xpecto_token_codec_t   codec;

    static const struct {
        const char  *name;
        const char  *scope;
    } places[] = {
        { "__Host-Http-xpc", "example.org" },
        { "__Host-Http-xpc", "" },
        { "__Secure-xpc", "example.com" },
        { "", "__Host-Http-xpcexample.com" }
    };

    (void) state;

    for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        codec_init(&codec, places[i].name, places[i].scope, 0);
        assert_int_equal(decode(&codec, GRANT_SIGNED), XPECTO_TOKEN_MAC);
        assert_int_equal(decode(&codec, GRANT_SEALED), XPECTO_TOKEN_MAC);
    }

    codec_init(&codec, "__Host-Http-xpc", "example.com", 0);
    codec.keys = &keys87;

    assert_int_equal(decode(&codec, REFUSAL_KID7), XPECTO_TOKEN_OK);
    assert_int_equal(decode(&codec, REFUSAL_KID8), XPECTO_TOKEN_OK);

    strcpy(text, REFUSAL_KID7);
    text[2] = 'g';                      /* "EQg": kid 8 */
    assert_int_equal(decode(&codec, text), XPECTO_TOKEN_MAC);
}


static void
no_downgrade(void **state)
{
    xpecto_token_codec_t  codec;

    (void) state;

    codec_init(&codec, "__Host-Http-xpc", "example.com", 1);

    assert_int_equal(decode(&codec, GRANT_SEALED), XPECTO_TOKEN_OK);
    assert_int_equal(decode(&codec, GRANT_SIGNED), XPECTO_TOKEN_FORMAT);
    assert_int_equal(decode(&codec, REFUSAL_KID7), XPECTO_TOKEN_OK);
    assert_int_equal(decode(&codec, GPC_KID7), XPECTO_TOKEN_OK);
}


static void
payload_ranges(void **state)
{
    size_t   i;
    uint8_t  payload[48];

    (void) state;

    for (i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
        unhex(payload, GRANT);
        payload[ranges[i].offset] = ranges[i].value;
        assert_int_equal(decode_payload(payload), ranges[i].expected);
    }

    /* a grant without an id, an id without a grant, no time of creation */

    unhex(payload, GRANT);
    memset(payload + 32, 0, 16);
    assert_int_equal(decode_payload(payload), XPECTO_TOKEN_RANGE);

    unhex(payload, REFUSAL);
    assert_int_equal(decode_payload(payload), XPECTO_TOKEN_OK);
    payload[47] = 1;
    assert_int_equal(decode_payload(payload), XPECTO_TOKEN_RANGE);

    unhex(payload, REFUSAL);
    memset(payload + 10, 0, 4);
    assert_int_equal(decode_payload(payload), XPECTO_TOKEN_RANGE);
}


static void
domain_limits(void **state)
{
    char                   text[XPECTO_TOKEN_DOMAIN_LEN];
    xpecto_str_t           name, scope;
    xpecto_token_codec_t   codec;

    (void) state;

    memset(text, 'a', sizeof(text));

    name = str("xpc");
    scope.data = (const uint8_t *) text;

    /* "xpc1" and three NUL */

    scope.len = XPECTO_TOKEN_DOMAIN_LEN - 7 - 3;
    assert_int_equal(xpecto_token_domain(&codec, &name, &scope), XPECTO_OK);
    assert_int_equal(codec.domain_len, XPECTO_TOKEN_DOMAIN_LEN);

    scope.len++;
    assert_int_equal(xpecto_token_domain(&codec, &name, &scope), XPECTO_ERROR);

    scope.len = 8;
    text[3] = '\0';
    assert_int_equal(xpecto_token_domain(&codec, &name, &scope), XPECTO_ERROR);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(vectors_both_ways),
        cmocka_unit_test(which_key_signed),
        cmocka_unit_test(grant_fields),
        cmocka_unit_test(no_bit_may_change),
        cmocka_unit_test(no_other_length),
        cmocka_unit_test(reasons_in_order),
        cmocka_unit_test(no_swap),
        cmocka_unit_test(no_downgrade),
        cmocka_unit_test(payload_ranges),
        cmocka_unit_test(domain_limits)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, setup, teardown);
}
