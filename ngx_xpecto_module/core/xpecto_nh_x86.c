
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * NH with the multiplication of polynomials over GF(2), the sum being XOR:
 * see xpecto_nh.h.  The blocks are those of xpecto_nh.c.
 */


#include "xpecto_nh.h"


#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>


#define XPECTO_NH_TARGET  __attribute__((target("avx,pclmul")))
#define XPECTO_NH_BLOCK   16


static inline __m128i xpecto_nh_clmul(const uint64_t *key, const uint8_t *p);


XPECTO_NH_TARGET
void
xpecto_nh_carryless(uint64_t out[2], const xpecto_nh_key_t *key,
    const void *data, size_t len)
{
    __m128i          sum;
    const uint8_t   *p, *last;
    const uint64_t  *k;

    p = data;
    k = key->words;
    last = p + len - XPECTO_NH_BLOCK;
    sum = _mm_cvtsi64_si128((long long) len);

    /* none of these blocks is the last one */

    for ( /* void */ ; last - p > 3 * XPECTO_NH_BLOCK; p += 4 * XPECTO_NH_BLOCK)
    {
        sum = _mm_xor_si128(sum, xpecto_nh_clmul(k, p));
        sum = _mm_xor_si128(sum, xpecto_nh_clmul(k + 2, p + XPECTO_NH_BLOCK));
        sum = _mm_xor_si128(sum, xpecto_nh_clmul(k + 4,
                                                 p + 2 * XPECTO_NH_BLOCK));
        sum = _mm_xor_si128(sum, xpecto_nh_clmul(k + 6,
                                                 p + 3 * XPECTO_NH_BLOCK));
        k += 8;
    }

    for ( /* void */ ; p < last; p += XPECTO_NH_BLOCK) {
        sum = _mm_xor_si128(sum, xpecto_nh_clmul(k, p));
        k += 2;
    }

    sum = _mm_xor_si128(sum, xpecto_nh_clmul(k, last));

    _mm_storeu_si128((__m128i *) (void *) out, sum);
}


XPECTO_NH_TARGET
static inline __m128i
xpecto_nh_clmul(const uint64_t *key, const uint8_t *p)
{
    __m128i  m;

    m = _mm_xor_si128(_mm_loadu_si128((const __m128i *) (const void *) p),
                      _mm_loadu_si128((const __m128i *) (const void *) key));

    return _mm_clmulepi64_si128(m, m, 0x01);
}


#else


void
xpecto_nh_carryless(uint64_t out[2], const xpecto_nh_key_t *key,
    const void *data, size_t len)
{
    xpecto_nh_any(out, key, data, len);
}


#endif
