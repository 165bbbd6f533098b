
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


typedef struct {
    size_t    len;
    uint64_t  hash[2];
} vector_t;


static const vector_t  vectors[] = {
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


/* the same with XOR for each addition, and without carries */

static const vector_t  carryless[] = {
    { 65, { 0x4ec94de11ea0b56bull, 0x728fbc970af43260ull } },
    { 80, { 0x2b8c156972033e2aull, 0x4b800bd472fcf06eull } },
    { 81, { 0x48bf8b02feecbac1ull, 0x3dc7df2738fd70dbull } },
    { 88, { 0x2c0c9abaffdab906ull, 0x3a32312b72aca6ecull } },
    { 104, { 0xec1270b77ad17ea0ull, 0x17feab4d0e461738ull } },
    { 112, { 0x49ec76cf61ba1a78ull, 0x21a538aec9d29716ull } },
    { 128, { 0x771e77ae574772f0ull, 0x7547af7dfc105ebbull } },
    { 129, { 0xd654eedeab953713ull, 0x73a799552187dd96ull } },
    { 255, { 0x0e179679e39138c3ull, 0x220e1bd7166974d5ull } },
    { 256, { 0x49d9e7f48e981720ull, 0x2c8853bd2702fc3eull } },
    { 257, { 0xfeb41cca16fc3fa3ull, 0x2c99e0f95ee74b96ull } },
    { 1000, { 0xa21cbb0c952424a0ull, 0x352a406777c82250ull } },
    { 1023, { 0xfcb7cad32158e583ull, 0x159cb3c8a4dbed47ull } },
    { 1024, { 0x143a6edcf296ec80ull, 0x3ef07d17b8d6551aull } }
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

            xpecto_nh_any(out, &key, in + at, vectors[i].len);
            assert_true(out[0] == vectors[i].hash[0]);
            assert_true(out[1] == vectors[i].hash[1]);

            if (vectors[i].len > XPECTO_NH_SHORT && xpecto_nh_has_carryless())
            {
                continue;
            }

            xpecto_nh128(out, &key, in + at, vectors[i].len);
            assert_true(out[0] == vectors[i].hash[0]);
            assert_true(out[1] == vectors[i].hash[1]);
        }
    }
}


static void
known_values_without_carries(void **state)
{
    size_t           i, k, at;
    uint8_t          in[XPECTO_NH_MAX + 1];
    uint64_t         out[2];
    xpecto_nh_key_t  key;

    (void) state;

    if (!xpecto_nh_has_carryless()) {
        skip();
    }

    make_key(&key);

    for (i = 0; i < sizeof(carryless) / sizeof(carryless[0]); i++) {

        for (at = 0; at < 2; at++) {
            for (k = 0; k < carryless[i].len; k++) {
                in[at + k] = (uint8_t) (7 * k + carryless[i].len);
            }

            xpecto_nh128(out, &key, in + at, carryless[i].len);
            assert_true(out[0] == carryless[i].hash[0]);
            assert_true(out[1] == carryless[i].hash[1]);
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
        cmocka_unit_test(known_values_without_carries),
        cmocka_unit_test(every_byte_counts),
        cmocka_unit_test(the_length_counts),
        cmocka_unit_test(long_inputs_by_siphash)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests_name("xpecto_nh", tests, NULL, NULL);
}
