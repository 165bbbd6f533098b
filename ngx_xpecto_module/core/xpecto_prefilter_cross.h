
/*
 * Blocks of 256 bytes and masks of them in one vector, crosswise: bit j of
 * byte i is that of the byte 32 * j + i of the block.  So eight vectors of
 * sets become eight masks by three rounds of swaps, and a mask is moved by
 * whole bytes.
 */


#ifndef _XPECTO_PREFILTER_CROSS_H_INCLUDED_
#define _XPECTO_PREFILTER_CROSS_H_INCLUDED_


#include <string.h>
#include <immintrin.h>

#include "xpecto.h"


#define XPECTO_PREFILTER_BLOCK  256

typedef __m256i  xpecto_bits_t;

#define xpecto_ahead(x, n)                                                   \
    _mm256_alignr_epi8(xpecto_prefilter_next(x), x, n)
#define xpecto_behind(x, n)                                                  \
    _mm256_alignr_epi8(x, xpecto_prefilter_former(x), 16 - (n))
#define xpecto_some(x)   (!_mm256_testz_si256(x, x))
#define xpecto_ones      _mm256_set1_epi8(-1)
#define xpecto_last      _mm256_setr_epi64x(0, 0, 0, INT64_MIN)
#define xpecto_first_16                                                      \
    _mm256_setr_epi64x(0x0101010101010101, 0x0101010101010101, 0, 0)


/* the bytes that follow the first sixteen, and those before the last */

XPECTO_PREFILTER_TARGET static inline __attribute__((always_inline)) __m256i
xpecto_prefilter_next(__m256i x)
{
    __m256i  y;

    y = _mm256_and_si256(_mm256_srli_epi16(x, 1), _mm256_set1_epi8(0x7f));

    return _mm256_permute2x128_si256(x, y, 0x21);
}


XPECTO_PREFILTER_TARGET static inline __attribute__((always_inline)) __m256i
xpecto_prefilter_former(__m256i x)
{
    return _mm256_permute2x128_si256(x, _mm256_add_epi8(x, x), 0x03);
}


#include "xpecto_prefilter_inc.h"


#define xpecto_load(p)                                                       \
    _mm256_loadu_si256((const __m256i *) (const void *) (p))
#define xpecto_load_16(p)                                                    \
    _mm_loadu_si128((const __m128i *) (const void *) (p))
#define xpecto_and(a, b)    _mm256_and_si256(a, b)
#define xpecto_xor(a, b)    _mm256_xor_si256(a, b)
#define xpecto_table(...)                                                    \
    _mm256_broadcastsi128_si256(_mm_setr_epi8(__VA_ARGS__))


/* bits of a that are n higher than the mask, and those of b that it has */

#define xpecto_swap(a, b, n, mask)                                           \
    do {                                                                     \
        __m256i  bits_;                                                      \
                                                                             \
        bits_ = xpecto_and(xpecto_xor(_mm256_srli_epi64(a, n), b),           \
                           _mm256_set1_epi8(mask));                          \
        b = xpecto_xor(b, bits_);                                            \
        a = xpecto_xor(a, _mm256_slli_epi64(bits_, n));                      \
    } while (0)

#define xpecto_each(f)  f(0) f(1) f(2) f(3) f(4) f(5) f(6) f(7)


/* a mask as bits in the order of the bytes */

xpecto_inline void
xpecto_prefilter_words(uint64_t *words, __m256i x)
{
#define xpecto_word(j)                                                       \
    (uint64_t) (uint32_t) _mm256_movemask_epi8(_mm256_slli_epi64(x, 7 - (j)))

    words[0] = xpecto_word(0) | xpecto_word(1) << 32;
    words[1] = xpecto_word(2) | xpecto_word(3) << 32;
    words[2] = xpecto_word(4) | xpecto_word(5) << 32;
    words[3] = xpecto_word(6) | xpecto_word(7) << 32;

#undef xpecto_word
}


/* n bytes, less than 32, and zeros */

xpecto_inline __m256i
xpecto_prefilter_rest(const uint8_t *p, size_t n)
{
    size_t   low, high;
    __m128i  a, b;

    static const uint8_t  slide[32] = {
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
        0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80
    };

    low = (n < 16) ? n : 16;
    high = n - low;

    /* sixteen bytes that end with the last one */

    a = _mm_shuffle_epi8(xpecto_load_16(p + low - 16),
                         xpecto_load_16(slide + 16 - low));
    b = _mm_shuffle_epi8(xpecto_load_16(p + n - 16),
                         xpecto_load_16(slide + 16 - high));

    return _mm256_inserti128_si256(_mm256_castsi128_si256(a), b, 1);
}


/* n bytes, 256 of them or less, and zeros; those are the mask *beyond */

xpecto_inline void
xpecto_prefilter_read(__m256i v[8], const uint8_t *p, size_t n,
    __m256i *beyond)
{
    size_t          whole;
    uint8_t         few[32];
    __m256i         rest[8], order;
    const uint8_t  *last;

    if (n == XPECTO_PREFILTER_BLOCK) {

#define xpecto_read(j)  v[j] = xpecto_load(p + 32 * (j));
        xpecto_each(xpecto_read)
#undef xpecto_read

        *beyond = _mm256_setzero_si256();
        return;
    }

    whole = n / 32;
    last = p + 32 * whole;

    if (n < 16) {
        memcpy(few + 16, p, n);
        last = few + 16;
    }

#define xpecto_read(j)  rest[j] = _mm256_setzero_si256();
    xpecto_each(xpecto_read)
#undef xpecto_read

    rest[0] = xpecto_prefilter_rest(last, n % 32);

#define xpecto_read(j)                                                       \
    v[j] = xpecto_load((j) < whole ? p + 32 * (j)                            \
                                   : (const uint8_t *) (rest + (j) - whole));
    xpecto_each(xpecto_read)
#undef xpecto_read

    order = _mm256_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
                             15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
                             27, 28, 29, 30, 31);
    order = _mm256_cmpgt_epi8(order, _mm256_set1_epi8((char) (n % 32) - 1));

    *beyond = (order & _mm256_set1_epi8((char) (1 << whole)))
              | _mm256_set1_epi8((char) (0xfe << whole));
}


#endif /* _XPECTO_PREFILTER_CROSS_H_INCLUDED_ */
