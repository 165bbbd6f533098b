
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "xpecto_base64.h"


static size_t xpecto_base64_encode_with(uint8_t *dst, const uint8_t *src,
    size_t len, const char *alphabet);
static xpecto_rc_e xpecto_base64_decode_with(uint8_t *dst, size_t *dst_len,
    const uint8_t *src, size_t len, const uint8_t extra[2]);
static unsigned xpecto_base64_value(uint8_t ch, const uint8_t extra[2]);


#define XPECTO_BASE64_FOREIGN  64


static const char  xpecto_base64_alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static const char  xpecto_base64url_alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* the characters of the values 62 and 63 */

static const uint8_t  xpecto_base64_extra[2] = { '+', '/' };
static const uint8_t  xpecto_base64url_extra[2] = { '-', '_' };


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
                                     xpecto_base64url_extra);
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
                                     xpecto_base64_extra);
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
    size_t len, const uint8_t extra[2])
{
    size_t    i, n;
    uint32_t  bits;
    unsigned  have, value;

    if (len % 4 == 1) {
        return XPECTO_ERROR;
    }

    n = 0;
    bits = 0;
    have = 0;

    for (i = 0; i < len; i++) {
        value = xpecto_base64_value(src[i], extra);

        if (value == XPECTO_BASE64_FOREIGN) {
            return XPECTO_ERROR;
        }

        bits = (bits << 6 | value) & 0xffff;
        have += 6;

        if (have >= 8) {
            have -= 8;
            dst[n++] = (uint8_t) (bits >> have);
        }
    }

    if (bits & ((1u << have) - 1)) {
        return XPECTO_ERROR;
    }

    *dst_len = n;

    return XPECTO_OK;
}


static unsigned
xpecto_base64_value(uint8_t ch, const uint8_t extra[2])
{
    if (ch >= 'A' && ch <= 'Z') {
        return (unsigned) ch - 'A';
    }

    if (ch >= 'a' && ch <= 'z') {
        return (unsigned) ch - 'a' + 26;
    }

    if (ch >= '0' && ch <= '9') {
        return (unsigned) ch - '0' + 52;
    }

    if (ch == extra[0]) {
        return 62;
    }

    if (ch == extra[1]) {
        return 63;
    }

    return XPECTO_BASE64_FOREIGN;
}
