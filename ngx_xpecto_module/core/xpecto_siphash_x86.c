
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * SipHash-2-4-128 of several inputs at once, each in a lane of 64 bits: see
 * xpecto_siphash.h.
 */


#include <string.h>

#include "xpecto_siphash.h"


#if defined(XPECTO_SIPHASH_LANES)

#include <immintrin.h>


#define XPECTO_SIP_TARGET  __attribute__((target("avx2")))


typedef struct {
    __m256i  v0;
    __m256i  v1;
    __m256i  v2;
    __m256i  v3;
} xpecto_sip_four_t;


#define xpecto_sip_rotl(x, n)                                                \
    _mm256_or_si256(_mm256_slli_epi64(x, n), _mm256_srli_epi64(x, 64 - (n)))


static inline void xpecto_sip_round(xpecto_sip_four_t *s);
static inline void xpecto_sip_rounds(xpecto_sip_four_t *a,
    xpecto_sip_four_t *b, unsigned n);
static inline void xpecto_sip_begin(xpecto_sip_four_t *s,
    const uint8_t key[XPECTO_SIPHASH_KEY_LEN]);
XPECTO_SIP_TARGET
static inline __m256i xpecto_sip_out(const xpecto_sip_four_t *s);
XPECTO_SIP_TARGET
static inline __m256i xpecto_sip_load(const uint64_t *words);


/* two times four: either's rounds are done while the other's are waited for */

XPECTO_SIP_TARGET
void
xpecto_siphash128_avx2(uint64_t out[2][XPECTO_SIPHASH_LANES],
    const uint8_t key[XPECTO_SIPHASH_KEY_LEN],
    uint64_t words[][XPECTO_SIPHASH_LANES], size_t n)
{
    size_t             i, k;
    __m256i            m, l, x;
    xpecto_sip_four_t  a, b;

    xpecto_sip_begin(&a, key);
    b = a;

    for (i = 0; i < n; i++) {
        m = xpecto_sip_load(words[i]);
        l = xpecto_sip_load(words[i] + 4);

        a.v3 = _mm256_xor_si256(a.v3, m);
        b.v3 = _mm256_xor_si256(b.v3, l);
        xpecto_sip_rounds(&a, &b, 2);
        a.v0 = _mm256_xor_si256(a.v0, m);
        b.v0 = _mm256_xor_si256(b.v0, l);
    }

    x = _mm256_set1_epi64x(0xee);
    a.v2 = _mm256_xor_si256(a.v2, x);
    b.v2 = _mm256_xor_si256(b.v2, x);

    for (k = 0; k < 2; k++) {
        xpecto_sip_rounds(&a, &b, 4);

        _mm256_storeu_si256((__m256i *) (void *) out[k], xpecto_sip_out(&a));
        _mm256_storeu_si256((__m256i *) (void *) (out[k] + 4),
                            xpecto_sip_out(&b));

        x = _mm256_set1_epi64x(0xdd);
        a.v1 = _mm256_xor_si256(a.v1, x);
        b.v1 = _mm256_xor_si256(b.v1, x);
    }
}


XPECTO_SIP_TARGET
static inline void
xpecto_sip_begin(xpecto_sip_four_t *s,
    const uint8_t key[XPECTO_SIPHASH_KEY_LEN])
{
    uint64_t  k[2];

    memcpy(k, key, XPECTO_SIPHASH_KEY_LEN);

    /* "somepseudorandomlygeneratedbytes" */

    s->v0 = _mm256_set1_epi64x((long long) (k[0] ^ 0x736f6d6570736575ull));
    s->v1 = _mm256_set1_epi64x((long long) (k[1] ^ 0x646f72616e646f6dull
                                            ^ 0xee));
    s->v2 = _mm256_set1_epi64x((long long) (k[0] ^ 0x6c7967656e657261ull));
    s->v3 = _mm256_set1_epi64x((long long) (k[1] ^ 0x7465646279746573ull));
}


XPECTO_SIP_TARGET
static inline void
xpecto_sip_rounds(xpecto_sip_four_t *a, xpecto_sip_four_t *b, unsigned n)
{
    for ( /* void */ ; n > 0; n--) {
        xpecto_sip_round(a);
        xpecto_sip_round(b);
    }
}


XPECTO_SIP_TARGET
static inline void
xpecto_sip_round(xpecto_sip_four_t *s)
{
    __m256i  by16;

    /* by 32 and by 16 bits whole bytes go elsewhere */

    by16 = _mm256_setr_epi8(6, 7, 0, 1, 2, 3, 4, 5, 14, 15, 8, 9, 10, 11, 12,
                            13, 6, 7, 0, 1, 2, 3, 4, 5, 14, 15, 8, 9, 10, 11,
                            12, 13);

    s->v0 = _mm256_add_epi64(s->v0, s->v1);
    s->v1 = _mm256_xor_si256(xpecto_sip_rotl(s->v1, 13), s->v0);
    s->v0 = _mm256_shuffle_epi32(s->v0, 0xb1);
    s->v2 = _mm256_add_epi64(s->v2, s->v3);
    s->v3 = _mm256_xor_si256(_mm256_shuffle_epi8(s->v3, by16), s->v2);
    s->v0 = _mm256_add_epi64(s->v0, s->v3);
    s->v3 = _mm256_xor_si256(xpecto_sip_rotl(s->v3, 21), s->v0);
    s->v2 = _mm256_add_epi64(s->v2, s->v1);
    s->v1 = _mm256_xor_si256(xpecto_sip_rotl(s->v1, 17), s->v2);
    s->v2 = _mm256_shuffle_epi32(s->v2, 0xb1);
}


XPECTO_SIP_TARGET
static inline __m256i
xpecto_sip_out(const xpecto_sip_four_t *s)
{
    return _mm256_xor_si256(_mm256_xor_si256(s->v0, s->v1),
                            _mm256_xor_si256(s->v2, s->v3));
}


XPECTO_SIP_TARGET
static inline __m256i
xpecto_sip_load(const uint64_t *words)
{
    return _mm256_loadu_si256((const __m256i *) (const void *) words);
}


#endif
