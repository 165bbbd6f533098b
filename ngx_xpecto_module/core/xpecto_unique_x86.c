
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


XPECTO_UNIQUE_TARGET
static inline __m256i xpecto_unique_slot_load(const uint64_t *p);
XPECTO_UNIQUE_TARGET
static inline unsigned xpecto_unique_slot_ones(__m256i a, __m256i b,
    __m256i c, __m256i d);
XPECTO_UNIQUE_TARGET
static inline __m256i xpecto_unique_slot_same(__m256i w, __m256i hash);
XPECTO_UNIQUE_TARGET
static inline __m256i xpecto_unique_slot_free(__m256i w, __m256i until);


XPECTO_UNIQUE_TARGET
uint32_t
xpecto_unique_slot_avx2(const uint64_t *first, const uint64_t *second,
    uint64_t hash, uint32_t span)
{
    __m256i   a, b, c, d, h, until;
    unsigned  same, free;

    a = xpecto_unique_slot_load(first);
    b = xpecto_unique_slot_load(first + 4);
    c = xpecto_unique_slot_load(second);
    d = xpecto_unique_slot_load(second + 4);

    h = _mm256_set1_epi64x((long long) (hash >> XPECTO_UNIQUE_BELOW));

    same = xpecto_unique_slot_ones(xpecto_unique_slot_same(a, h),
                                   xpecto_unique_slot_same(b, h),
                                   xpecto_unique_slot_same(c, h),
                                   xpecto_unique_slot_same(d, h));

    until = _mm256_set1_epi16((short) (span + XPECTO_UNIQUE_SPANS));

    free = xpecto_unique_slot_ones(xpecto_unique_slot_free(a, until),
                                   xpecto_unique_slot_free(b, until),
                                   xpecto_unique_slot_free(c, until),
                                   xpecto_unique_slot_free(d, until));

    return same | free << 16;
}


XPECTO_UNIQUE_TARGET
static inline __m256i
xpecto_unique_slot_load(const uint64_t *p)
{
    return _mm256_load_si256((const __m256i *) (const void *) p);
}


/* a bit for each word, which is all ones or all zeroes */

XPECTO_UNIQUE_TARGET
static inline unsigned
xpecto_unique_slot_ones(__m256i a, __m256i b, __m256i c, __m256i d)
{
    return (unsigned) (_mm256_movemask_pd(_mm256_castsi256_pd(a))
                       | _mm256_movemask_pd(_mm256_castsi256_pd(b)) << 4
                       | _mm256_movemask_pd(_mm256_castsi256_pd(c)) << 8
                       | _mm256_movemask_pd(_mm256_castsi256_pd(d)) << 12);
}


XPECTO_UNIQUE_TARGET
static inline __m256i
xpecto_unique_slot_same(__m256i w, __m256i hash)
{
    return _mm256_cmpeq_epi64(_mm256_srli_epi64(w, XPECTO_UNIQUE_BELOW), hash);
}


/* the low one of four in each word is the span's */

XPECTO_UNIQUE_TARGET
static inline __m256i
xpecto_unique_slot_free(__m256i w, __m256i until)
{
    __m256i  ago, zero;

    zero = _mm256_setzero_si256();

    ago = _mm256_sub_epi16(until, w);
    ago = _mm256_subs_epu16(ago,
                            _mm256_set1_epi16(2 * XPECTO_UNIQUE_SPANS - 1));
    ago = _mm256_and_si256(ago, _mm256_set1_epi64x(XPECTO_UNIQUE_LOW));

    /* all ones but where it is taken: then it is zero, and the word is not */

    return _mm256_or_si256(_mm256_cmpeq_epi64(w, zero),
                           _mm256_xor_si256(_mm256_cmpeq_epi64(ago, zero),
                                            _mm256_set1_epi64x(-1)));
}


#endif
