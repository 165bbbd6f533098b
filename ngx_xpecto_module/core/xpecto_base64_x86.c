
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/* base64url by AVX2, 32 characters at once: see xpecto_base64.h */


#include "xpecto_base64.h"


#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>


#define XPECTO_BASE64_TARGET  __attribute__((target("avx2")))
#define XPECTO_BASE64_OUT     24            /* bytes of a block */


XPECTO_BASE64_TARGET static inline __m256i xpecto_base64_block(uint8_t *dst,
    const uint8_t *src);


/*
 * A character is one of ours if both of its hexadecimal digits have a bit in
 * common: 1 "-", 2 digits, 4 what begins with 4 or 6, 8 with 5, 10 with 7.
 */

static const uint8_t  xpecto_base64_high[16] = {
    0, 0, 0x01, 0x02, 0x04, 0x08, 0x04, 0x10, 0, 0, 0, 0, 0, 0, 0, 0
};

static const uint8_t  xpecto_base64_low[16] = {
    0x1a, 0x1e, 0x1e, 0x1e, 0x1e, 0x1e, 0x1e, 0x1e,
    0x1e, 0x1e, 0x1c, 0x04, 0x04, 0x05, 0x04, 0x0c
};

/* what is added to get its value, by the first of them, but for "_" */

static const int8_t  xpecto_base64_add[16] = {
    0, 0, 62 - '-', 52 - '0', -'A', -'A', 26 - 'a', 26 - 'a',
    0, 0, 0, 0, 0, 0, 0, 0
};

#define XPECTO_BASE64_UNDERSCORE  (63 - '_' + 'A')

/* of four bytes the last three, the first of them first */

static const int8_t  xpecto_base64_bytes[16] = {
    2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1
};


#define xpecto_base64_twice(table)                                           \
    _mm256_broadcastsi128_si256(                                             \
        _mm_loadu_si128((const __m128i *) (const void *) (table)))


/* a last block that is not whole begins as much earlier */

XPECTO_BASE64_TARGET
xpecto_rc_e
xpecto_base64url_decode_blocks(uint8_t *dst, const uint8_t *src, size_t len)
{
    __m256i         kinds;
    const uint8_t  *last;

    last = src + len - XPECTO_BASE64_BLOCK;
    kinds = xpecto_base64_block(dst + len / 4 * 3 - XPECTO_BASE64_OUT, last);

    for ( /* void */ ; src < last; src += XPECTO_BASE64_BLOCK) {
        kinds = _mm256_min_epu8(kinds, xpecto_base64_block(dst, src));
        dst += XPECTO_BASE64_OUT;
    }

    kinds = _mm256_cmpeq_epi8(kinds, _mm256_setzero_si256());

    return _mm256_testz_si256(kinds, kinds) ? XPECTO_OK : XPECTO_ERROR;
}


/* 0 where a character is foreign */

XPECTO_BASE64_TARGET
static inline __m256i
xpecto_base64_block(uint8_t *dst, const uint8_t *src)
{
    __m256i  v, high, kinds, add;

    v = _mm256_loadu_si256((const __m256i *) (const void *) src);

    high = _mm256_and_si256(_mm256_srli_epi16(v, 4), _mm256_set1_epi8(0x0f));

    /* the low digit of a byte from 80 on has no bit */

    kinds = _mm256_and_si256(
                _mm256_shuffle_epi8(xpecto_base64_twice(xpecto_base64_low), v),
                _mm256_shuffle_epi8(xpecto_base64_twice(xpecto_base64_high),
                                    high));

    add = _mm256_shuffle_epi8(xpecto_base64_twice(xpecto_base64_add), high);
    add = _mm256_add_epi8(add, _mm256_and_si256(
                _mm256_cmpeq_epi8(v, _mm256_set1_epi8('_')),
                _mm256_set1_epi8(XPECTO_BASE64_UNDERSCORE)));
    v = _mm256_add_epi8(v, add);

    /* of two values 12 bits, of four 24, which are three bytes */

    v = _mm256_maddubs_epi16(v, _mm256_set1_epi32(0x01400140));
    v = _mm256_madd_epi16(v, _mm256_set1_epi32(0x00011000));
    v = _mm256_shuffle_epi8(v, xpecto_base64_twice(xpecto_base64_bytes));
    v = _mm256_permutevar8x32_epi32(v, _mm256_setr_epi32(0, 1, 2, 4, 5, 6,
                                                         7, 7));

    _mm_storeu_si128((__m128i *) (void *) dst, _mm256_castsi256_si128(v));
    _mm_storel_epi64((__m128i *) (void *) (dst + 16),
                     _mm256_extracti128_si256(v, 1));

    return kinds;
}


#else


xpecto_rc_e
xpecto_base64url_decode_blocks(uint8_t *dst, const uint8_t *src, size_t len)
{
    (void) dst;
    (void) src;
    (void) len;

    return XPECTO_ERROR;
}


#endif
