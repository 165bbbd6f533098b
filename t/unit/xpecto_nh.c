
/*
 * Expected values: a second implementation in Python, with integers of any
 * size, under the key words 0x9e3779b97f4a7c15 * (1, 2, 3 ...); byte i of an
 * input of n bytes is 7i + n.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "xpecto_nh.h"


static const struct {
    size_t    len;
    uint64_t  hash[2];
} vectors[] = {
    { 0, { 0xbe885a459c90b372ull, 0x255992d382208bbcull } },
    { 1, { 0xfaf74db89b25ab9dull, 0x255992d382208bbcull } },
    { 15, { 0x075768beaf9559f3ull, 0x34e55c692dfc2dfeull } },
    { 16, { 0x5631f13c7157c98aull, 0x9ec014ef0942bb59ull } },
    { 17, { 0x2b29f85beac7c1dfull, 0xc37599fb61c31d41ull } },
    { 31, { 0xd75d1d9c6d4587dfull, 0xf55bce5c3641c5f9ull } },
    { 32, { 0xad45443b50556eaeull, 0xff53879d3311bf0bull } },
    { 44, { 0xb79035900604a828ull, 0x2504679fecc434d0ull } },
    { 88, { 0xe5763ddcd3c35882ull, 0x80d191e41abaf5b8ull } },
    { 104, { 0xd608e584cfd4f388ull, 0xdf128019735ebc35ull } },
    { 48, { 0x1561eb3f478da974ull, 0x3d422d31c6f30951ull } },
    { 64, { 0x8c9f46db79063de4ull, 0xa6ad7215de74abddull } },
    { 255, { 0x103a80f28f2b7039ull, 0xaeb55d38621eebb6ull } },
    { 256, { 0x9ee97babdad0c450ull, 0xca3316aeb6bdb075ull } },
    { 257, { 0x868925431dd8f383ull, 0xdb50680a77f21462ull } },
    { 272, { 0x0eed3d570ed6123aull, 0xf34d237581e5536aull } },
    { 273, { 0xa4b8f4dc1f35d18full, 0xb6e450ac74684f97ull } },
    { 1000, { 0x865bab6d013db410ull, 0xeb2a198b15a36876ull } },
    { 1023, { 0x5108063d0f69a5a9ull, 0x468435ff824acfe1ull } },
    { 1024, { 0xcbcdb0824470dd40ull, 0x5f097fa2049da7e4ull } }
};


static void
make_key(xpecto_nh_key_t *key)
{
    size_t  i;

    for (i = 0; i < XPECTO_NH_MAX / 8; i++) {
        key->words[i] = 0x9e3779b97f4a7c15ull * (i + 1);
    }

    memset(key->sip, 7, sizeof(key->sip));
}


static void
known_values(void **state)
{
    size_t           i, k, at;
    uint8_t          in[XPECTO_NH_MAX + 1];
    uint64_t         out[2];
    xpecto_nh_key_t  key;

    (void) state;

    make_key(&key);

    for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {

        /* once on an odd address: words are read at any alignment */

        for (at = 0; at < 2; at++) {
            for (k = 0; k < vectors[i].len; k++) {
                in[at + k] = (uint8_t) (7 * k + vectors[i].len);
            }

            xpecto_nh128(out, &key, in + at, vectors[i].len);
            assert_true(out[0] == vectors[i].hash[0]);
            assert_true(out[1] == vectors[i].hash[1]);
        }
    }
}


static void
every_byte_counts(void **state)
{
    size_t           i, len;
    uint8_t          in[XPECTO_NH_MAX];
    uint64_t         one[2], two[2];
    xpecto_nh_key_t  key;

    (void) state;

    make_key(&key);
    memset(in, 0x55, sizeof(in));

    for (len = 1; len <= XPECTO_NH_MAX; len++) {
        xpecto_nh128(one, &key, in, len);

        for (i = 0; i < len; i++) {
            in[i] ^= 1;
            xpecto_nh128(two, &key, in, len);
            in[i] ^= 1;
            assert_true(memcmp(one, two, sizeof(one)) != 0);
        }
    }
}


/* zeroes fill up a short input, and a long one has its end twice */

static void
the_length_counts(void **state)
{
    size_t           i, k;
    uint8_t          in[XPECTO_NH_MAX + 8];
    uint64_t         seen[XPECTO_NH_MAX + 8][2];
    xpecto_nh_key_t  key;

    (void) state;

    make_key(&key);
    memset(in, 0, sizeof(in));

    for (i = 0; i < XPECTO_NH_MAX + 8; i++) {
        xpecto_nh128(seen[i], &key, in, i);

        for (k = 0; k < i; k++) {
            assert_true(memcmp(seen[i], seen[k], sizeof(seen[i])) != 0);
        }
    }
}


static void
long_inputs_by_siphash(void **state)
{
    uint8_t          in[XPECTO_NH_MAX + 1];
    uint64_t         out[2], sip[2];
    xpecto_nh_key_t  key;

    (void) state;

    make_key(&key);
    memset(in, 'a', sizeof(in));

    xpecto_nh128(out, &key, in, sizeof(in));
    xpecto_siphash128(sip, key.sip, in, sizeof(in));
    assert_memory_equal(out, sip, sizeof(out));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(known_values),
        cmocka_unit_test(every_byte_counts),
        cmocka_unit_test(the_length_counts),
        cmocka_unit_test(long_inputs_by_siphash)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests_name("xpecto_nh", tests, NULL, NULL);
}
