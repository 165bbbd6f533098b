
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_base64.h"

#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>

#define XPECTO_BASE64_VECTORS  1

#endif


static size_t xpecto_base64_encode_with(uint8_t *dst, const uint8_t *src,
    size_t len, const char *alphabet);
static xpecto_rc_e xpecto_base64_decode_with(uint8_t *dst, size_t *dst_len,
    const uint8_t *src, size_t len, const int8_t values[256],
    const char *alphabet);

#if (XPECTO_BASE64_VECTORS)

static int xpecto_base64_decode_vectors(uint8_t *dst, const uint8_t *src,
    size_t len, const char *alphabet);
static inline uint32_t xpecto_base64_decode_vector(uint8_t *dst,
    const uint8_t *src, const char *alphabet);

#endif


/* characters that are read at once, where AVX2 is */

#define XPECTO_BASE64_VECTOR  32

/* of a group: its 24 bits, and ones above them for a foreign character */

#define xpecto_base64_group(values, a, b, c, d)                              \
    ((uint32_t) (values)[a] << 18 | (uint32_t) (values)[b] << 12             \
     | (uint32_t) (values)[c] << 6 | (uint32_t) (values)[d])

#define XPECTO_BASE64_FOREIGN  0xff000000


static const char  xpecto_base64_alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static const char  xpecto_base64url_alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* the values of characters; -1: foreign */

static const int8_t  xpecto_base64_values[256] = {
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 62, -1, -1, -1, 63,
    52, 53, 54, 55, 56, 57, 58, 59, 60, 61, -1, -1, -1, -1, -1, -1,
    -1,  0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14,
    15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, -1, -1, -1, -1, -1,
    -1, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
    41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1
};

static const int8_t  xpecto_base64url_values[256] = {
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 62, -1, -1,
    52, 53, 54, 55, 56, 57, 58, 59, 60, 61, -1, -1, -1, -1, -1, -1,
    -1,  0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14,
    15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, -1, -1, -1, -1, 63,
    -1, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
    41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1
};


size_t
xpecto_base64url_encode(uint8_t *dst, const uint8_t *src, size_t len)
{
    return xpecto_base64_encode_with(dst, src, len, xpecto_base64url_alphabet);
}


size_t
xpecto_base64_encode(uint8_t *dst, const uint8_t *src, size_t len)
{
    size_t  n;

    n = xpecto_base64_encode_with(dst, src, len, xpecto_base64_alphabet);

    while (n % 4) {
        dst[n++] = '=';
    }

    return n;
}


xpecto_rc_e
xpecto_base64url_decode(uint8_t *dst, size_t *dst_len, const uint8_t *src,
    size_t len)
{
    return xpecto_base64_decode_with(dst, dst_len, src, len,
                                     xpecto_base64url_values,
                                     xpecto_base64url_alphabet);
}


xpecto_rc_e
xpecto_base64_decode(uint8_t *dst, size_t *dst_len, const uint8_t *src,
    size_t len)
{
    if (len % 4) {
        return XPECTO_ERROR;
    }

    if (len && src[len - 1] == '=') {
        len--;

        if (src[len - 1] == '=') {
            len--;
        }
    }

    return xpecto_base64_decode_with(dst, dst_len, src, len,
                                     xpecto_base64_values,
                                     xpecto_base64_alphabet);
}


static size_t
xpecto_base64_encode_with(uint8_t *dst, const uint8_t *src, size_t len,
    const char *alphabet)
{
    size_t    n;
    uint32_t  bits;

    n = 0;

    while (len > 2) {
        bits = (uint32_t) src[0] << 16 | (uint32_t) src[1] << 8 | src[2];

        dst[n++] = (uint8_t) alphabet[bits >> 18];
        dst[n++] = (uint8_t) alphabet[bits >> 12 & 63];
        dst[n++] = (uint8_t) alphabet[bits >> 6 & 63];
        dst[n++] = (uint8_t) alphabet[bits & 63];

        src += 3;
        len -= 3;
    }

    if (len) {
        bits = (uint32_t) src[0] << 16;

        if (len == 2) {
            bits |= (uint32_t) src[1] << 8;
        }

        dst[n++] = (uint8_t) alphabet[bits >> 18];
        dst[n++] = (uint8_t) alphabet[bits >> 12 & 63];

        if (len == 2) {
            dst[n++] = (uint8_t) alphabet[bits >> 6 & 63];
        }
    }

    return n;
}


static xpecto_rc_e
xpecto_base64_decode_with(uint8_t *dst, size_t *dst_len, const uint8_t *src,
    size_t len, const int8_t values[256], const char *alphabet)
{
    size_t          n;
    uint32_t        bits, all;
    const uint8_t  *last;

    if (len % 4 == 1) {
        return XPECTO_ERROR;
    }

    n = 0;
    all = 0;
    last = src + len;

#if (XPECTO_BASE64_VECTORS)

    if (len >= XPECTO_BASE64_VECTOR && __builtin_cpu_supports("avx2")) {

        if (!xpecto_base64_decode_vectors(dst, src, len / 4 * 4, alphabet)) {
            return XPECTO_ERROR;
        }

        n = len / 4 * 3;
        src += len / 4 * 4;
    }

#else

    (void) alphabet;

#endif

    for ( /* void */ ; last - src >= 4; src += 4) {
        bits = xpecto_base64_group(values, src[0], src[1], src[2], src[3]);
        all |= bits;

        dst[n++] = (uint8_t) (bits >> 16);
        dst[n++] = (uint8_t) (bits >> 8);
        dst[n++] = (uint8_t) bits;
    }

    /* of two or three characters the last bits are nobody's */

    if (src < last) {
        bits = xpecto_base64_group(values, src[0], src[1],
                                   (last - src == 3) ? src[2] : 'A', 'A');
        all |= bits;

        dst[n++] = (uint8_t) (bits >> 16);

        if (last - src == 3) {
            dst[n++] = (uint8_t) (bits >> 8);
            bits <<= 8;
        }

        if (bits & 0xffff) {
            return XPECTO_ERROR;
        }
    }

    if (all & XPECTO_BASE64_FOREIGN) {
        return XPECTO_ERROR;
    }

    *dst_len = n;

    return XPECTO_OK;
}


#if (XPECTO_BASE64_VECTORS)

/* groups that fill a vector at least; the last vector begins where it ends */

__attribute__((target("avx2")))
static int
xpecto_base64_decode_vectors(uint8_t *dst, const uint8_t *src, size_t len,
    const char *alphabet)
{
    size_t    i;
    uint32_t  good;

    good = UINT32_MAX;
    len -= XPECTO_BASE64_VECTOR;

    for (i = 0; i < len; i += XPECTO_BASE64_VECTOR) {
        good &= xpecto_base64_decode_vector(dst + i / 4 * 3, src + i,
                                            alphabet);
    }

    good &= xpecto_base64_decode_vector(dst + len / 4 * 3, src + len,
                                        alphabet);

    return good == UINT32_MAX;
}


#define xpecto_base64_all(ch)  _mm256_set1_epi8((char) (ch))

/* all ones where a character is of a range; those above 127 are of none */

#define xpecto_base64_range(v, first, last)                                  \
    _mm256_and_si256(_mm256_cmpgt_epi8(v, xpecto_base64_all((first) - 1)),   \
                     _mm256_cmpgt_epi8(xpecto_base64_all((last) + 1), v))

#define xpecto_base64_or(a, b)  _mm256_or_si256(a, b)
#define xpecto_base64_add(mask, n)                                           \
    _mm256_and_si256(mask, xpecto_base64_all(n))


/* 24 bytes are written; a bit is set for each character that is of it */

__attribute__((target("avx2"), always_inline))
static inline uint32_t
xpecto_base64_decode_vector(uint8_t *dst, const uint8_t *src,
    const char *alphabet)
{
    int      tail;
    __m128i  high;
    __m256i  v, upper, lower, digit, last[2], add;

    v = _mm256_loadu_si256((const __m256i *) (const void *) src);

    upper = xpecto_base64_range(v, 'A', 'Z');
    lower = xpecto_base64_range(v, 'a', 'z');
    digit = xpecto_base64_range(v, '0', '9');
    last[0] = _mm256_cmpeq_epi8(v, xpecto_base64_all(alphabet[62]));
    last[1] = _mm256_cmpeq_epi8(v, xpecto_base64_all(alphabet[63]));

    add = xpecto_base64_or(
              xpecto_base64_or(
                  xpecto_base64_or(xpecto_base64_add(upper, -'A'),
                                   xpecto_base64_add(lower, 26 - 'a')),
                  xpecto_base64_add(digit, 52 - '0')),
              xpecto_base64_or(
                  xpecto_base64_add(last[0], 62 - alphabet[62]),
                  xpecto_base64_add(last[1], 63 - alphabet[63])));

    upper = xpecto_base64_or(
                xpecto_base64_or(xpecto_base64_or(upper, lower), digit),
                xpecto_base64_or(last[0], last[1]));

    /* 6 bits of a byte, 12 of two, 24 of four; of these the bytes */

    v = _mm256_maddubs_epi16(_mm256_add_epi8(v, add),
                             _mm256_set1_epi16(0x0140));
    v = _mm256_madd_epi16(v, _mm256_set1_epi32(0x00011000));
    v = _mm256_shuffle_epi8(v, _mm256_setr_epi8(
            2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1,
            2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1));

    /* 12 bytes of either half: nothing is written behind the last of them */

    high = _mm256_extracti128_si256(v, 1);

    _mm_storeu_si128((__m128i *) (void *) dst, _mm256_castsi256_si128(v));
    _mm_storel_epi64((__m128i *) (void *) (dst + 12), high);

    tail = _mm_extract_epi32(high, 2);
    memcpy(dst + 20, &tail, sizeof(tail));

    return (uint32_t) _mm256_movemask_epi8(upper);
}

#endif
