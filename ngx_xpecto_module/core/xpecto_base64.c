
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "xpecto_base64.h"


static size_t xpecto_base64_encode_with(uint8_t *dst, const uint8_t *src,
    size_t len, const char *alphabet);
static xpecto_rc_e xpecto_base64_decode_with(uint8_t *dst, size_t *dst_len,
    const uint8_t *src, size_t len, const int8_t values[256]);


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
    if (len % 4 != 0 || len < XPECTO_BASE64_BLOCK
        || !xpecto_base64_has_blocks())
    {
        return xpecto_base64_decode_with(dst, dst_len, src, len,
                                         xpecto_base64url_values);
    }

    *dst_len = len / 4 * 3;

    return xpecto_base64url_decode_blocks(dst, src, len);
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
                                     xpecto_base64_values);
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
    size_t len, const int8_t values[256])
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
