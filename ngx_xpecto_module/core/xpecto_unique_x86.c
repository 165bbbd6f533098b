
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * Who was written to, four slots at a time: see xpecto_unique_slot.h.  Each
 * word is read at once, as by a load of its own: a vector that does not cross
 * a cache line is not torn within one.  What is made of it is looked at again
 * before anything is changed.
 */


#include "xpecto_unique_slot.h"


#if defined(XPECTO_UNIQUE_VECTORS)

#include <immintrin.h>


#define XPECTO_UNIQUE_TARGET  __attribute__((target("avx2")))


static inline unsigned xpecto_unique_slot_four(const uint64_t *p,
    __m256i hash, __m256i until);


XPECTO_UNIQUE_TARGET
uint32_t
xpecto_unique_slot_avx2(const uint64_t *bucket, uint64_t hash, uint32_t span)
{
    __m256i   h, until;
    unsigned  low, high;

    h = _mm256_set1_epi64x((long long) (hash & XPECTO_UNIQUE_HASH));
    until = _mm256_set1_epi16((short) (span + XPECTO_UNIQUE_SPANS));

    low = xpecto_unique_slot_four(bucket, h, until);
    high = xpecto_unique_slot_four(bucket + 4, h, until);

    return low | high << 4;
}


XPECTO_UNIQUE_TARGET
static inline unsigned
xpecto_unique_slot_four(const uint64_t *p, __m256i hash, __m256i until)
{
    __m256i   w, same, ago, zero, taken;
    unsigned  bits;

    zero = _mm256_setzero_si256();
    w = _mm256_load_si256((const __m256i *) (const void *) p);

    same = _mm256_and_si256(w, _mm256_set1_epi64x((long long)
                                                  XPECTO_UNIQUE_HASH));
    same = _mm256_cmpeq_epi64(same, hash);

    /* the low one of four in each word is the span's */

    ago = _mm256_sub_epi16(until, w);
    ago = _mm256_subs_epu16(ago,
                            _mm256_set1_epi16(2 * XPECTO_UNIQUE_SPANS - 1));
    ago = _mm256_and_si256(ago, _mm256_set1_epi64x(XPECTO_UNIQUE_LOW));

    taken = _mm256_cmpeq_epi64(ago, zero);
    taken = _mm256_andnot_si256(_mm256_cmpeq_epi64(w, zero), taken);

    bits = (unsigned) _mm256_movemask_pd(_mm256_castsi256_pd(taken)) ^ 0xf;

    return (unsigned) _mm256_movemask_pd(_mm256_castsi256_pd(same))
           | bits << 16;
}


#endif
