
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "xpecto_mac.h"


static size_t unhex(uint8_t *dst, const char *hex);
static xpecto_str_t str(const void *data, size_t len);


#define KEY1  "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define KEY2  "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="


/*
 * RFC 4231 with keys of at most 32 bytes: a zero at the end of a key changes
 * nothing in HMAC, so shorter keys stand for themselves.
 */

static const struct {
    const char  *key;
    const char  *data;
    const char  *mac;
} hmac[] = {
    { "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265",
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
    { "4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
    { "0102030405060708090a0b0c0d0e0f10111213141516171819",
      "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"
      "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",
      "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b" }
};


/* RFC 5869, A.1 to A.3 */

static const struct {
    const char  *ikm;
    const char  *salt;
    const char  *info;
    const char  *okm;
} hkdf[] = {
    { "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
      "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9",
      "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
      "34007208d5b887185865" },
    { "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
      "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"
      "404142434445464748494a4b4c4d4e4f",
      "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f"
      "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"
      "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
      "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecf"
      "d0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeef"
      "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
      "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
      "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
      "cc30c58179ec3e87c14c01d5c1f3434f1d87" },
    { "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "",
      "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
      "9d201395faa4b61a96c8" }
};


/* lines that a key ring refuses, and the error that names them */

static const struct {
    const char  *text;
    const char  *err;
} rings[] = {
    { "", "no key" },
    { "# nothing\n\n", "no key" },
    { "7\n", "line 1: not \"kid:base64\", kid in decimal" },
    { ":" KEY1 "\n", "line 1: not \"kid:base64\", kid in decimal" },
    { "x7:" KEY1 "\n", "line 1: not \"kid:base64\", kid in decimal" },
    { "-7:" KEY1 "\n", "line 1: not \"kid:base64\", kid in decimal" },
    { " 7:" KEY1 "\n", "line 1: not \"kid:base64\", kid in decimal" },
    { "1000:" KEY1 "\n", "line 1: not \"kid:base64\", kid in decimal" },
    { "256:" KEY1 "\n", "line 1: the kid is not a number from 0 to 255" },
    { "07:" KEY1 "\n", "line 1: the kid is not a number from 0 to 255" },
    { "7:\n", "line 1: the key is not the base64 of 32 bytes" },
    { "7:AAECAw==\n", "line 1: the key is not the base64 of 32 bytes" },
    { "7:" KEY1 " \n", "line 1: the key is not the base64 of 32 bytes" },
    { "7:" KEY1 "AAAA\n", "line 1: the key is not the base64 of 32 bytes" },
    { "7:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gIQ\n",
      "line 1: the key is not the base64 of 32 bytes" },
    { "7:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8h\n",
      "line 1: the key is not the base64 of 32 bytes" },
    { "7:" KEY1 "\n\n7:" KEY2 "\n", "line 3: the kid is repeated" },
    { "7:" KEY1 "\n# a\n8:" KEY1 "\n", "line 3: the key is repeated" }
};


static size_t
unhex(uint8_t *dst, const char *hex)
{
    size_t    n;
    unsigned  byte;

    for (n = 0; hex[2 * n] != '\0'; n++) {
        assert_int_equal(sscanf(&hex[2 * n], "%2x", &byte), 1);
        dst[n] = (uint8_t) byte;
    }

    return n;
}


static xpecto_str_t
str(const void *data, size_t len)
{
    xpecto_str_t  s;

    s.len = len;
    s.data = data;

    return s;
}


static void
rfc4231(void **state)
{
    size_t         i, n, len, cut;
    uint8_t        key[32], data[64], expected[32], out[32];
    xpecto_mac_t  *mac;
    xpecto_str_t   parts[2];

    (void) state;

    for (i = 0; i < sizeof(hmac) / sizeof(hmac[0]); i++) {
        memset(key, 0, sizeof(key));
        (void) unhex(key, hmac[i].key);
        len = unhex(data, hmac[i].data);
        n = unhex(expected, hmac[i].mac);
        assert_int_equal(n, 32);

        mac = xpecto_mac_create(key);
        assert_non_null(mac);

        /* one context, used again, the data cut at every place */

        for (cut = 0; cut <= len; cut++) {
            parts[0] = str(data, cut);
            parts[1] = str(data + cut, len - cut);

            xpecto_mac_sign(mac, parts, 2, out);
            assert_memory_equal(out, expected, 32);
        }

        xpecto_mac_free(mac);
    }
}


/* of every length around that of a block, beside OpenSSL's own */

static void
as_openssl(void **state)
{
    size_t         i, n, len;
    uint8_t        key[32], data[300], expected[32], out[32];
    uint8_t        padded[300 + XPECTO_MAC_PADDING];
    xpecto_mac_t  *mac;
    xpecto_str_t   parts[3];

    (void) state;

    for (i = 0; i < sizeof(data); i++) {
        data[i] = (uint8_t) (i * 7 + i / 256);
        key[i % 32] = (uint8_t) (i * 5);
    }

    mac = xpecto_mac_create(key);
    assert_non_null(mac);

    for (len = 0; len <= sizeof(data); len++) {
        assert_non_null(HMAC(EVP_sha256(), key, 32, data, len, expected,
                             NULL));

        parts[0] = str(data, len / 3);
        parts[1] = str(data + len / 3, len / 2);
        parts[2] = str(data + len / 3 + len / 2, len - len / 3 - len / 2);

        xpecto_mac_sign(mac, parts, 3, out);
        assert_memory_equal(out, expected, 32);

        memcpy(padded, data, len);
        memset(padded + len, 0xff, sizeof(padded) - len);
        n = xpecto_mac_pad(padded, len);
        assert_in_range(n, len + 9, len + XPECTO_MAC_PADDING);

        xpecto_mac_sign_padded(mac, padded, n, out);
        assert_memory_equal(out, expected, 32);
    }

    xpecto_mac_free(mac);
}


static void
rfc5869(void **state)
{
    size_t        i, n;
    uint8_t       ikm[80], salt[80], info[80], expected[82], out[82];
    xpecto_str_t  k, s, f;

    (void) state;

    for (i = 0; i < sizeof(hkdf) / sizeof(hkdf[0]); i++) {
        k = str(ikm, unhex(ikm, hkdf[i].ikm));
        s = str(salt, unhex(salt, hkdf[i].salt));
        f = str(info, unhex(info, hkdf[i].info));
        n = unhex(expected, hkdf[i].okm);

        assert_int_equal(xpecto_hkdf(out, n, &k, &s, &f), XPECTO_OK);
        assert_memory_equal(out, expected, n);
    }

    k = str(ikm, 32);
    s = str(NULL, 0);
    assert_int_equal(xpecto_hkdf(NULL, 255 * 32 + 1, &k, &s, &s),
                     XPECTO_ERROR);
}


/* the test cases 14 and 16 of the GCM specification (McGrew and Viega) */

static void
gcm_vectors(void **state)
{
    uint8_t         key[32], nonce[12], aad[20], plain[60], expected[60];
    uint8_t         out[60], back[60], tag[16], expected_tag[16];
    xpecto_str_t    a, in;
    xpecto_aead_t  *aead;

    (void) state;

    memset(key, 0, 32);
    memset(nonce, 0, 12);
    memset(plain, 0, 16);
    (void) unhex(expected, "cea7403d4d606b6e074ec5d3baf39d18");
    (void) unhex(expected_tag, "d0d1c8a799996bf0265b98b5d48ab919");

    aead = xpecto_aead_create(key);
    assert_non_null(aead);

    a = str(aad, 0);
    in = str(plain, 16);
    assert_int_equal(xpecto_aead_seal(aead, nonce, &a, &in, out, tag),
                     XPECTO_OK);
    assert_memory_equal(out, expected, 16);
    assert_memory_equal(tag, expected_tag, 16);
    xpecto_aead_free(aead);

    (void) unhex(key, "feffe9928665731c6d6a8f9467308308"
                      "feffe9928665731c6d6a8f9467308308");
    (void) unhex(nonce, "cafebabefacedbaddecaf888");
    (void) unhex(aad, "feedfacedeadbeeffeedfacedeadbeefabaddad2");
    (void) unhex(plain, "d9313225f88406e5a55909c5aff5269a"
                        "86a7a9531534f7da2e4c303d8a318a72"
                        "1c3c0c95956809532fcf0e2449a6b525"
                        "b16aedf5aa0de657ba637b39");
    (void) unhex(expected, "522dc1f099567d07f47f37a32a84427d"
                           "643a8cdcbfe5c0c97598a2bd2555d1aa"
                           "8cb08e48590dbb3da7b08b1056828838"
                           "c5f61e6393ba7a0abcc9f662");
    (void) unhex(expected_tag, "76fc6ece0f4e1768cddf8853bb2d551b");

    aead = xpecto_aead_create(key);
    assert_non_null(aead);

    a = str(aad, 20);
    in = str(plain, 60);

    assert_int_equal(xpecto_aead_seal(aead, nonce, &a, &in, out, tag),
                     XPECTO_OK);
    assert_memory_equal(out, expected, 60);
    assert_memory_equal(tag, expected_tag, 16);

    in = str(expected, 60);
    assert_int_equal(xpecto_aead_open(aead, nonce, &a, &in, tag, back),
                     XPECTO_OK);
    assert_memory_equal(back, plain, 60);

    xpecto_aead_free(aead);
}


static void
gcm_change_is_refused(void **state)
{
    size_t          i;
    uint8_t         key[32], nonce[12], aad[4], text[48], out[48], back[48];
    uint8_t         tag[16];
    xpecto_str_t    a, in;
    xpecto_aead_t  *aead;

    (void) state;

    memset(key, 1, 32);
    memset(nonce, 2, 12);
    memset(aad, 3, 4);
    memset(text, 4, 48);

    aead = xpecto_aead_create(key);
    assert_non_null(aead);

    a = str(aad, 4);
    in = str(text, 48);
    assert_int_equal(xpecto_aead_seal(aead, nonce, &a, &in, out, tag),
                     XPECTO_OK);

    in = str(out, 48);

#define refused(bytes, n)                                                    \
    for (i = 0; i < (n) * 8; i++) {                                          \
        (bytes)[i / 8] ^= (uint8_t) (1u << i % 8);                           \
        assert_int_equal(xpecto_aead_open(aead, nonce, &a, &in, tag, back),  \
                         XPECTO_DECLINED);                                   \
        (bytes)[i / 8] ^= (uint8_t) (1u << i % 8);                           \
    }

    refused(out, sizeof(out))
    refused(tag, sizeof(tag))
    refused(aad, sizeof(aad))
    refused(nonce, sizeof(nonce))

    /* a refusal leaves the context fit for the next */

    assert_int_equal(xpecto_aead_open(aead, nonce, &a, &in, tag, back),
                     XPECTO_OK);
    assert_memory_equal(back, text, 48);

    xpecto_aead_free(aead);
}


static void
keyring_order_and_comments(void **state)
{
    uint8_t             expected[32];
    const char         *text;
    xpecto_err_t        err;
    xpecto_keyring_t    ring;
    const xpecto_key_t *key;

    (void) state;

    text = "# demo\r\n\n255:" KEY2 "\r\n0:" KEY1;

    assert_int_equal(xpecto_keyring_parse(&ring, (const uint8_t *) text,
                                          strlen(text), &err),
                     XPECTO_OK);
    assert_int_equal(ring.n, 2);
    assert_int_equal(ring.keys[0].kid, 255);

    key = xpecto_keyring_find(&ring, 0);
    assert_non_null(key);
    (void) unhex(expected, "000102030405060708090a0b0c0d0e0f"
                           "101112131415161718191a1b1c1d1e1f");
    assert_memory_equal(key->master, expected, 32);

    assert_null(xpecto_keyring_find(&ring, 7));
}


static void
keyring_errors(void **state)
{
    size_t            i;
    xpecto_err_t      err;
    xpecto_keyring_t  ring;

    (void) state;

    for (i = 0; i < sizeof(rings) / sizeof(rings[0]); i++) {
        assert_int_equal(xpecto_keyring_parse(&ring,
                                          (const uint8_t *) rings[i].text,
                                          strlen(rings[i].text), &err),
                         XPECTO_ERROR);
        assert_string_equal(err.text, rings[i].err);
    }
}


static void
keyring_limit(void **state)
{
    char              text[17 * 64];
    size_t            len, i;
    xpecto_err_t      err;
    xpecto_keyring_t  ring;

    (void) state;

    len = 0;

    for (i = 0; i < 17; i++) {
        if (i == 16) {
            assert_int_equal(xpecto_keyring_parse(&ring, (uint8_t *) text,
                                                  len, &err),
                             XPECTO_OK);
            assert_int_equal(ring.n, XPECTO_KEYS_MAX);
        }

        len += (size_t) sprintf(text + len, "%u:%c" "%s\n", (unsigned) i,
                                (char) ('A' + i), KEY1 + 1);
    }

    assert_int_equal(xpecto_keyring_parse(&ring, (uint8_t *) text, len, &err),
                     XPECTO_ERROR);
    assert_string_equal(err.text,
                        "line 17: more keys than the ring can hold");
}


static void
digest_and_helpers(void **state)
{
    uint8_t  a[32], b[32], expected[32];

    (void) state;

    /* FIPS 180-2, B.1 */

    (void) unhex(expected, "ba7816bf8f01cfea414140de5dae2223"
                           "b00361a396177a9cb410ff61f20015ad");
    assert_int_equal(xpecto_sha256((const uint8_t *) "abc", 3, a), XPECTO_OK);
    assert_memory_equal(a, expected, 32);

    assert_true(xpecto_equal(a, expected, 32));
    a[31] ^= 1;
    assert_false(xpecto_equal(a, expected, 32));

    assert_int_equal(xpecto_random(a, 32), XPECTO_OK);
    assert_int_equal(xpecto_random(b, 32), XPECTO_OK);
    assert_memory_not_equal(a, b, 32);

    memset(b, 0, 32);
    xpecto_cleanse(a, 32);
    assert_memory_equal(a, b, 32);
}


/* RFC 8032, 7.1, TEST 1 and TEST 3 */

static void
rfc8032(void **state)
{
    uint8_t  seed[32], expected[64], out[64];

    (void) state;

    (void) unhex(seed, "9d61b19deffd5a60ba844af492ec2cc4"
                       "4449c5697b326919703bac031cae7f60");
    (void) unhex(expected, "d75a980182b10ab7d54bfed3c964073a"
                           "0ee172f3daa62325af021a68f707511a");

    assert_int_equal(xpecto_sign_public(seed, out), XPECTO_OK);
    assert_memory_equal(out, expected, 32);

    (void) unhex(expected, "e5564300c360ac729086e2cc806e828a"
                           "84877f1eb8e5d974d873e06522490155"
                           "5fb8821590a33bacc61e39701cf9b46b"
                           "d25bf5f0595bbe24655141438e7a100b");

    assert_int_equal(xpecto_sign(seed, (const uint8_t *) "", 0, out),
                     XPECTO_OK);
    assert_memory_equal(out, expected, 64);

    (void) unhex(seed, "c5aa8df43f9f837bedb7442f31dcb7b1"
                       "66d38535076f094b85ce3a2e0b4458f7");
    (void) unhex(expected, "6291d657deec24024827e69c3abe01a3"
                           "0ce548a284743a445e3680d7db5ac3ac"
                           "18ff9b538d16f290ae67f760984dc659"
                           "4a7c15e9716ed28dc027beceea1ec40a");

    assert_int_equal(xpecto_sign(seed, (const uint8_t *) "\xaf\x82", 2, out),
                     XPECTO_OK);
    assert_memory_equal(out, expected, 64);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(rfc4231),
        cmocka_unit_test(as_openssl),
        cmocka_unit_test(rfc5869),
        cmocka_unit_test(gcm_vectors),
        cmocka_unit_test(gcm_change_is_refused),
        cmocka_unit_test(keyring_order_and_comments),
        cmocka_unit_test(keyring_errors),
        cmocka_unit_test(keyring_limit),
        cmocka_unit_test(digest_and_helpers),
        cmocka_unit_test(rfc8032)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
