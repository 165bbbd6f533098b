
/*
 * What the bytes of a URI are: one bit for each, 64 of them a word.  Most are
 * letters and digits; a reader goes from one of the others to the next.
 */


#ifndef _XPECTO_MARK_H_INCLUDED_
#define _XPECTO_MARK_H_INCLUDED_


#include "xpecto.h"


#define XPECTO_MARK_WORDS  4
#define XPECTO_MARK_MAX    (64 * XPECTO_MARK_WORDS)


typedef struct {
    uint64_t            digit[XPECTO_MARK_WORDS];   /* 0-9 */
    uint64_t            join[XPECTO_MARK_WORDS];    /* _ - . */
    uint64_t            letter[XPECTO_MARK_WORDS];  /* A-Z b w */
    uint64_t            other[XPECTO_MARK_WORDS];   /* no letter either */
} xpecto_mark_t;


/*
 * Sets the words that len bytes need, bits behind the last byte are 0.
 * DECLINED: too long, or not on this processor.  By AVX2; by SSE2 or NEON.
 */

xpecto_rc_e xpecto_mark(xpecto_mark_t *m, const uint8_t *p, size_t len);
xpecto_rc_e xpecto_mark_16(xpecto_mark_t *m, const uint8_t *p, size_t len);

/* byte by byte, on any processor */

xpecto_rc_e xpecto_mark_scalar(xpecto_mark_t *m, const uint8_t *p,
    size_t len);


/* of so many bytes */

#define XPECTO_MARK_VECTOR  32


typedef struct {
    uint32_t  digit;
    uint32_t  join;
    uint32_t  letter;
    uint32_t  other;
} xpecto_mark_part_t;


#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>


/*
 * The kinds of a byte are the bits that both of its hexadecimal digits have:
 * 80 digits, 40 what begins with 4 or 5, as capital letters do, 20 and 10
 * letters, 8 "b", 4 "w", 2 "-" and ".", 1 "_".
 */

static const uint8_t  xpecto_mark_high[XPECTO_MARK_VECTOR] = {
    0, 0, 0x02, 0x80, 0x60, 0x51, 0x28, 0x14, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0x02, 0x80, 0x60, 0x51, 0x28, 0x14, 0, 0, 0, 0, 0, 0, 0, 0
};

static const uint8_t  xpecto_mark_low[XPECTO_MARK_VECTOR] = {
    0xd0, 0xf0, 0xf8, 0xf0, 0xf0, 0xf0, 0xf0, 0xf4,
    0xf0, 0xf0, 0x70, 0x60, 0x60, 0x62, 0x62, 0x61,
    0xd0, 0xf0, 0xf8, 0xf0, 0xf0, 0xf0, 0xf0, 0xf4,
    0xf0, 0xf0, 0x70, 0x60, 0x60, 0x62, 0x62, 0x61
};

/* what is asked for; from memory, a compiler would take three instructions */

#define xpecto_mark_eight(c)  c, c, c, c, c, c, c, c
#define xpecto_mark_all(c)                                                   \
    { xpecto_mark_eight(c), xpecto_mark_eight(c), xpecto_mark_eight(c),      \
      xpecto_mark_eight(c) }

#define xpecto_mark_extern  __attribute__((visibility("hidden"))) extern

xpecto_mark_extern const uint8_t  xpecto_mark_nibble[XPECTO_MARK_VECTOR];
xpecto_mark_extern const uint8_t  xpecto_mark_join[XPECTO_MARK_VECTOR];
xpecto_mark_extern const uint8_t  xpecto_mark_word[XPECTO_MARK_VECTOR];
xpecto_mark_extern const uint8_t  xpecto_mark_letter[XPECTO_MARK_VECTOR];


#define xpecto_mark_load(p)                                                  \
    _mm256_loadu_si256((const __m256i *) (const void *) (p))

#define xpecto_mark_has(v, kinds)                                            \
    ((uint32_t) _mm256_movemask_epi8(_mm256_cmpgt_epi8(                      \
        _mm256_and_si256(v, xpecto_mark_load(kinds)),                        \
        _mm256_setzero_si256())))


__attribute__((target("avx2"), always_inline))
static inline void
xpecto_mark_copy(uint8_t *d, const uint8_t *p)
{
    _mm256_storeu_si256((__m256i *) (void *) d, xpecto_mark_load(p));
}


__attribute__((target("avx2"), always_inline))
static inline xpecto_mark_part_t
xpecto_mark_part(const uint8_t *p)
{
    __m256i             v, high, low;
    xpecto_mark_part_t  part;

    v = xpecto_mark_load(p);
    high = _mm256_and_si256(_mm256_srli_epi16(v, 4),
                            xpecto_mark_load(xpecto_mark_nibble));
    high = _mm256_shuffle_epi8(xpecto_mark_load(xpecto_mark_high), high);

    /* 0 of bytes from 80 on, whatever their low digit is */

    low = _mm256_shuffle_epi8(xpecto_mark_load(xpecto_mark_low), v);

    v = _mm256_and_si256(high, low);

    part.digit = (uint32_t) _mm256_movemask_epi8(v);
    part.join = xpecto_mark_has(v, xpecto_mark_join);
    part.other = ~(xpecto_mark_has(v, xpecto_mark_word) | part.digit);
    part.letter = xpecto_mark_has(v, xpecto_mark_letter)
                  & ~(part.other | part.join);

    return part;
}

#endif


#endif /* _XPECTO_MARK_H_INCLUDED_ */
