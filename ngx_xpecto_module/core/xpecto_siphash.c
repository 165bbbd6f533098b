
#include "xpecto_siphash.h"


typedef struct {
    uint64_t            v0;
    uint64_t            v1;
    uint64_t            v2;
    uint64_t            v3;
} xpecto_sip_t;


static uint64_t xpecto_sip_word(const uint8_t *p);
static uint64_t xpecto_sip_tail(const uint8_t *p, size_t len);
static void xpecto_sip_rounds(xpecto_sip_t *s, unsigned n);


#define xpecto_rotl(x, n)  ((x) << (n) | (x) >> (64 - (n)))


void
xpecto_siphash128(uint64_t out[2], const uint8_t key[XPECTO_SIPHASH_KEY_LEN],
    const void *data, size_t len)
{
    size_t          n;
    uint64_t        k0, k1, m;
    xpecto_sip_t    s;
    const uint8_t  *p;

    p = data;

    k0 = xpecto_sip_word(key);
    k1 = xpecto_sip_word(key + 8);

    /* "somepseudorandomlygeneratedbytes"; 0xee marks the 128-bit variant */

    s.v0 = k0 ^ 0x736f6d6570736575ull;
    s.v1 = k1 ^ 0x646f72616e646f6dull ^ 0xee;
    s.v2 = k0 ^ 0x6c7967656e657261ull;
    s.v3 = k1 ^ 0x7465646279746573ull;

    for (n = len; n >= 8; n -= 8) {
        m = xpecto_sip_word(p);
        p += 8;

        s.v3 ^= m;
        xpecto_sip_rounds(&s, 2);
        s.v0 ^= m;
    }

    m = (uint64_t) len << 56 | xpecto_sip_tail(p, n);

    s.v3 ^= m;
    xpecto_sip_rounds(&s, 2);
    s.v0 ^= m;

    s.v2 ^= 0xee;
    xpecto_sip_rounds(&s, 4);
    out[0] = s.v0 ^ s.v1 ^ s.v2 ^ s.v3;

    s.v1 ^= 0xdd;
    xpecto_sip_rounds(&s, 4);
    out[1] = s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
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


/* less than eight bytes */

static uint64_t
xpecto_sip_tail(const uint8_t *p, size_t len)
{
    uint64_t  m;

    m = 0;

    while (len > 0) {
        m = m << 8 | p[--len];
    }

    return m;
}


static void
xpecto_sip_rounds(xpecto_sip_t *s, unsigned n)
{
    uint64_t  v0, v1, v2, v3;

    v0 = s->v0;
    v1 = s->v1;
    v2 = s->v2;
    v3 = s->v3;

    while (n-- > 0) {
        v0 += v1;
        v1 = xpecto_rotl(v1, 13) ^ v0;
        v0 = xpecto_rotl(v0, 32);

        v2 += v3;
        v3 = xpecto_rotl(v3, 16) ^ v2;

        v0 += v3;
        v3 = xpecto_rotl(v3, 21) ^ v0;

        v2 += v1;
        v1 = xpecto_rotl(v1, 17) ^ v2;
        v2 = xpecto_rotl(v2, 32);
    }

    s->v0 = v0;
    s->v1 = v1;
    s->v2 = v2;
    s->v3 = v3;
}
