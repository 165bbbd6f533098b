
#include "xpecto_prefilter.h"


#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>


static void xpecto_prefilter_16(const uint8_t *block,
    xpecto_prefilter_masks_t *m);
static void xpecto_prefilter_32(const uint8_t *block,
    xpecto_prefilter_masks_t *m);


xpecto_prefilter_pt
xpecto_prefilter_sse2(void)
{
    return xpecto_prefilter_16;
}


xpecto_prefilter_pt
xpecto_prefilter_avx2(void)
{
    return __builtin_cpu_supports("avx2") ? xpecto_prefilter_32 : NULL;
}


/* bytes in a range: what is below wraps around to above */

#define xpecto_is(x, c)     _mm_cmpeq_epi8(x, _mm_set1_epi8(c))
#define xpecto_in(x, c, n)                                                   \
    _mm_cmpeq_epi8(_mm_min_epu8(_mm_sub_epi8(x, _mm_set1_epi8(c)),           \
                                _mm_set1_epi8((n) - 1)),                     \
                   _mm_sub_epi8(x, _mm_set1_epi8(c)))
#define xpecto_or(a, b)     _mm_or_si128(a, b)
#define xpecto_put(to, x)                                                    \
    to |= (uint64_t) (uint32_t) _mm_movemask_epi8(x) << i


static void
xpecto_prefilter_16(const uint8_t *block, xpecto_prefilter_masks_t *m)
{
    __m128i                   x, low, b, plus;
    unsigned                  i;
    xpecto_prefilter_masks_t  r = { 0 };

    for (i = 0; i < XPECTO_PREFILTER_BLOCK; i += 16) {
        x = _mm_loadu_si128((const __m128i *) (const void *) (block + i));
        low = xpecto_or(x, _mm_set1_epi8(0x20));
        b = xpecto_is(low, 'b');
        plus = xpecto_or(xpecto_is(x, '+'), xpecto_is(x, '('));

        xpecto_put(r.digit, xpecto_in(x, '0', 10));
        xpecto_put(r.escape, xpecto_or(x, xpecto_or(xpecto_is(x, '%'),
                                                    xpecto_is(x, '\\'))));
        xpecto_put(r.mark, xpecto_or(plus, b));
        xpecto_put(r.separator, xpecto_or(plus, xpecto_or(xpecto_is(x, ' '),
                                                    xpecto_is(x, '-'))));
        xpecto_put(r.dot, xpecto_is(x, '.'));
        xpecto_put(r.colon, xpecto_is(x, ':'));
        xpecto_put(r.at, xpecto_is(x, '@'));
        xpecto_put(r.hex, xpecto_in(low, 'a', 6));
        xpecto_put(r.upper, xpecto_in(x, 'A', 26));
        xpecto_put(r.letter, xpecto_or(xpecto_or(b, xpecto_is(x, 'E')),
                                       xpecto_or(xpecto_is(x, 'S'),
                                                 xpecto_is(x, 'w'))));
        xpecto_put(r.second, xpecto_or(xpecto_or(xpecto_is(low, 'a'),
                                                 xpecto_is(low, 'e')),
                                       xpecto_or(xpecto_is(low, 'g'),
                                                 xpecto_is(low, 'k'))));
        xpecto_put(r.alone, xpecto_or(xpecto_is(x, 'J'), xpecto_is(x, 'Y')));
    }

    *m = r;
}


#undef xpecto_is
#undef xpecto_in
#undef xpecto_or
#undef xpecto_put

#define xpecto_is(x, c)     _mm256_cmpeq_epi8(x, _mm256_set1_epi8(c))
#define xpecto_in(x, c, n)                                                   \
    _mm256_cmpeq_epi8(_mm256_min_epu8(_mm256_sub_epi8(x,                     \
                                                      _mm256_set1_epi8(c)),  \
                                      _mm256_set1_epi8((n) - 1)),            \
                      _mm256_sub_epi8(x, _mm256_set1_epi8(c)))
#define xpecto_or(a, b)     _mm256_or_si256(a, b)
#define xpecto_put(to, x)                                                    \
    to |= (uint64_t) (uint32_t) _mm256_movemask_epi8(x) << i


__attribute__((target("avx2")))
static void
xpecto_prefilter_32(const uint8_t *block, xpecto_prefilter_masks_t *m)
{
    __m256i                   x, low, b, plus;
    unsigned                  i;
    xpecto_prefilter_masks_t  r = { 0 };

    for (i = 0; i < XPECTO_PREFILTER_BLOCK; i += 32) {
        x = _mm256_loadu_si256((const __m256i *) (const void *) (block + i));
        low = xpecto_or(x, _mm256_set1_epi8(0x20));
        b = xpecto_is(low, 'b');
        plus = xpecto_or(xpecto_is(x, '+'), xpecto_is(x, '('));

        xpecto_put(r.digit, xpecto_in(x, '0', 10));
        xpecto_put(r.escape, xpecto_or(x, xpecto_or(xpecto_is(x, '%'),
                                                    xpecto_is(x, '\\'))));
        xpecto_put(r.mark, xpecto_or(plus, b));
        xpecto_put(r.separator, xpecto_or(plus, xpecto_or(xpecto_is(x, ' '),
                                                    xpecto_is(x, '-'))));
        xpecto_put(r.dot, xpecto_is(x, '.'));
        xpecto_put(r.colon, xpecto_is(x, ':'));
        xpecto_put(r.at, xpecto_is(x, '@'));
        xpecto_put(r.hex, xpecto_in(low, 'a', 6));
        xpecto_put(r.upper, xpecto_in(x, 'A', 26));
        xpecto_put(r.letter, xpecto_or(xpecto_or(b, xpecto_is(x, 'E')),
                                       xpecto_or(xpecto_is(x, 'S'),
                                                 xpecto_is(x, 'w'))));
        xpecto_put(r.second, xpecto_or(xpecto_or(xpecto_is(low, 'a'),
                                                 xpecto_is(low, 'e')),
                                       xpecto_or(xpecto_is(low, 'g'),
                                                 xpecto_is(low, 'k'))));
        xpecto_put(r.alone, xpecto_or(xpecto_is(x, 'J'), xpecto_is(x, 'Y')));
    }

    *m = r;
}


#else

xpecto_prefilter_pt
xpecto_prefilter_sse2(void)
{
    return NULL;
}


xpecto_prefilter_pt
xpecto_prefilter_avx2(void)
{
    return NULL;
}

#endif
