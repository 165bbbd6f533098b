
#include "xpecto_siphash.h"


typedef struct {
    uint64_t            v0;
    uint64_t            v1;
    uint64_t            v2;
    uint64_t            v3;
} xpecto_sip_t;


static inline void xpecto_sip_absorb(xpecto_sip_t *out,
    const uint8_t key[XPECTO_SIPHASH_KEY_LEN], const uint8_t *p, size_t len,
    uint64_t variant);
static uint64_t xpecto_sip_word(const uint8_t *p);
static uint64_t xpecto_sip_tail(const uint8_t *p, size_t len);


#define xpecto_rotl(x, n)  ((x) << (n) | (x) >> (64 - (n)))

#define xpecto_sip_round(s)                                                  \
    (s)->v0 += (s)->v1;                                                      \
    (s)->v1 = xpecto_rotl((s)->v1, 13) ^ (s)->v0;                            \
    (s)->v0 = xpecto_rotl((s)->v0, 32);                                      \
    (s)->v2 += (s)->v3;                                                      \
    (s)->v3 = xpecto_rotl((s)->v3, 16) ^ (s)->v2;                            \
    (s)->v0 += (s)->v3;                                                      \
    (s)->v3 = xpecto_rotl((s)->v3, 21) ^ (s)->v0;                            \
    (s)->v2 += (s)->v1;                                                      \
    (s)->v1 = xpecto_rotl((s)->v1, 17) ^ (s)->v2;                            \
    (s)->v2 = xpecto_rotl((s)->v2, 32)

#define xpecto_sip_finish(s)                                                 \
    xpecto_sip_round(s);                                                     \
    xpecto_sip_round(s);                                                     \
    xpecto_sip_round(s);                                                     \
    xpecto_sip_round(s)


uint64_t
xpecto_siphash(const uint8_t key[XPECTO_SIPHASH_KEY_LEN], const void *data,
    size_t len)
{
    xpecto_sip_t  s;

    xpecto_sip_absorb(&s, key, data, len, 0);

    s.v2 ^= 0xff;
    xpecto_sip_finish(&s);

    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}


void
xpecto_siphash128(uint64_t out[2], const uint8_t key[XPECTO_SIPHASH_KEY_LEN],
    const void *data, size_t len)
{
    xpecto_sip_t  s;

    xpecto_sip_absorb(&s, key, data, len, 0xee);

    s.v2 ^= 0xee;
    xpecto_sip_finish(&s);
    out[0] = s.v0 ^ s.v1 ^ s.v2 ^ s.v3;

    s.v1 ^= 0xdd;
    xpecto_sip_finish(&s);
    out[1] = s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}


/* variant: 0xee for 128 bits of output, 0 for 64 */

static inline void
xpecto_sip_absorb(xpecto_sip_t *out, const uint8_t key[XPECTO_SIPHASH_KEY_LEN],
    const uint8_t *p, size_t len, uint64_t variant)
{
    uint64_t        k0, k1, m;
    xpecto_sip_t    s;
    const uint8_t  *tail;

    k0 = xpecto_sip_word(key);
    k1 = xpecto_sip_word(key + 8);

    /* "somepseudorandomlygeneratedbytes" */

    s.v0 = k0 ^ 0x736f6d6570736575ull;
    s.v1 = k1 ^ 0x646f72616e646f6dull ^ variant;
    s.v2 = k0 ^ 0x6c7967656e657261ull;
    s.v3 = k1 ^ 0x7465646279746573ull;

    for (tail = p + len / 8 * 8; p < tail; p += 8) {
        m = xpecto_sip_word(p);

        s.v3 ^= m;
        xpecto_sip_round(&s);
        xpecto_sip_round(&s);
        s.v0 ^= m;
    }

    m = (uint64_t) len << 56 | xpecto_sip_tail(tail, len);

    s.v3 ^= m;
    xpecto_sip_round(&s);
    xpecto_sip_round(&s);
    s.v0 ^= m;

    *out = s;
}


/* little endian on every machine; compilers make one load of it */

static uint64_t
xpecto_sip_word(const uint8_t *p)
{
    return (uint64_t) p[0] | (uint64_t) p[1] << 8
           | (uint64_t) p[2] << 16 | (uint64_t) p[3] << 24
           | (uint64_t) p[4] << 32 | (uint64_t) p[5] << 40
           | (uint64_t) p[6] << 48 | (uint64_t) p[7] << 56;
}


/* the last len % 8 bytes of len, from p on */

static uint64_t
xpecto_sip_tail(const uint8_t *p, size_t len)
{
    size_t    n;
    uint64_t  m;

    n = len % 8;
    m = 0;

    if (n == 0) {
        return 0;
    }

    if (len > 8) {
        /* with what stands before them they are a word */
        return xpecto_sip_word(p + n - 8) >> (64 - 8 * n);
    }

    while (n > 0) {
        m = m << 8 | p[--n];
    }

    return m;
}
