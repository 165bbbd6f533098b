
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_json_inc.h"


static unsigned xpecto_json_digit(unsigned state, unsigned c);
static void xpecto_json_keep(xpecto_json_t *js, const uint8_t *p, size_t len);
static void xpecto_json_token(xpecto_json_t *js, const uint8_t *p, size_t len,
    xpecto_str_t *value);
static void xpecto_json_utf8(xpecto_json_t *js, unsigned code);


static const char *const  xpecto_json_literals[] = { "true", "false", "null" };


void
xpecto_json_begin(xpecto_json_t *js, const uint8_t *p, unsigned state,
    int capture)
{
    js->start = xpecto_json_pos(js, p);
    js->state = state;
    js->capture = (uint8_t) capture;
    js->truncated = 0;
    js->surrogate = 0;
    js->code = 0;
    js->key = 0;
    js->len = 0;
}


const uint8_t *
xpecto_json_string(xpecto_json_t *js, const uint8_t *p, const uint8_t *last)
{
    xpecto_str_t    value;
    const uint8_t  *q;

    if (js->surrogate != 0 && *p != '\\') {
        js->surrogate = 0;
        xpecto_json_utf8(js, 0xfffd);
    }

    q = xpecto_json_plain(p, last);

    if (q < last && *q == '"') {
        xpecto_json_token(js, p, (size_t) (q - p), &value);

        if (js->key) {
            js->state = XPECTO_JSON_S_COLON;
            xpecto_json_named(js, &value);

        } else {
            xpecto_json_end(js, XPECTO_JSON_STRING, &value, q + 1);
        }

        return q + 1;
    }

    xpecto_json_keep(js, p, (size_t) (q - p));

    if (q == last) {
        return q;
    }

    if (*q != '\\') {
        js->rc = XPECTO_ERROR;
        return q;
    }

    js->state = XPECTO_JSON_S_ESCAPE;

    return q + 1;
}


/* the byte behind a backslash */

const uint8_t *
xpecto_json_escape(xpecto_json_t *js, const uint8_t *p)
{
    uint8_t      c;
    const char  *escape;

    static const char  escapes[] = "\"\\/bfnrt";
    static const char  escaped[] = "\"\\/\b\f\n\r\t";

    if (*p == 'u') {
        js->code = 0;
        js->digits = 4;
        js->state = XPECTO_JSON_S_HEX;
        return p + 1;
    }

    escape = memchr(escapes, *p, sizeof(escapes) - 1);

    if (escape == NULL) {
        js->rc = XPECTO_ERROR;
        return p;
    }

    if (js->surrogate != 0) {
        js->surrogate = 0;
        xpecto_json_utf8(js, 0xfffd);
    }

    c = (uint8_t) escaped[escape - escapes];
    xpecto_json_keep(js, &c, 1);

    js->state = XPECTO_JSON_S_STRING;

    return p + 1;
}


/* one digit of "\uXXXX" */

const uint8_t *
xpecto_json_hex(xpecto_json_t *js, const uint8_t *p)
{
    unsigned  c, code;

    c = *p | 0x20;

    if (*p >= '0' && *p <= '9') {
        c = *p - '0';

    } else if (c >= 'a' && c <= 'f') {
        c = c - 'a' + 10;

    } else {
        js->rc = XPECTO_ERROR;
        return p;
    }

    js->code = js->code << 4 | c;

    if (--js->digits != 0) {
        return p + 1;
    }

    js->state = XPECTO_JSON_S_STRING;

    code = js->code;

    if (js->surrogate != 0) {

        if (code >= 0xdc00 && code <= 0xdfff) {
            code = 0x10000 + ((js->surrogate - 0xd800) << 10)
                   + (code - 0xdc00);

        } else {
            xpecto_json_utf8(js, 0xfffd);
        }

        js->surrogate = 0;
    }

    if (code >= 0xd800 && code <= 0xdbff) {
        js->surrogate = code;

    } else {
        xpecto_json_utf8(js, code);
    }

    return p + 1;
}


const uint8_t *
xpecto_json_literal(xpecto_json_t *js, const uint8_t *p, const uint8_t *last)
{
    xpecto_str_t  value;

    value.data = (const uint8_t *) xpecto_json_literals[js->literal];
    value.len = strlen(xpecto_json_literals[js->literal]);

    while (p < last) {

        if (*p != value.data[js->code]) {
            js->rc = XPECTO_ERROR;
            return p;
        }

        p++;

        if (++js->code == value.len) {
            xpecto_json_end(js, XPECTO_JSON_LITERAL, &value, p);
            break;
        }
    }

    return p;
}


const uint8_t *
xpecto_json_number(xpecto_json_t *js, const uint8_t *p, const uint8_t *last)
{
    unsigned        state;
    xpecto_str_t    value;
    const uint8_t  *q;

    for (q = p; q < last; q++) {
        state = xpecto_json_digit(js->state, *q);

        if (state == XPECTO_JSON_S_VALUE) {
            break;
        }

        js->state = state;
    }

    if (q == last) {
        xpecto_json_keep(js, p, (size_t) (q - p));
        return q;
    }

    if (!xpecto_json_numeral(js->state)) {
        js->rc = XPECTO_ERROR;
        return q;
    }

    xpecto_json_token(js, p, (size_t) (q - p), &value);
    xpecto_json_end(js, XPECTO_JSON_NUMBER, &value, q);

    return q;
}


/* the state after one more byte, or VALUE if it is not of the number */

static unsigned
xpecto_json_digit(unsigned state, unsigned c)
{
    int  digit;

    digit = (c >= '0' && c <= '9');

    switch (state) {

    case XPECTO_JSON_S_NUMBER:

        if (c == '-') {
            return XPECTO_JSON_S_MINUS;
        }

        /* fall through */

    case XPECTO_JSON_S_MINUS:
        return !digit ? XPECTO_JSON_S_VALUE
               : (c == '0') ? XPECTO_JSON_S_ZERO : XPECTO_JSON_S_INT;

    case XPECTO_JSON_S_INT:

        if (digit) {
            return XPECTO_JSON_S_INT;
        }

        /* fall through */

    case XPECTO_JSON_S_ZERO:

        if (c == '.') {
            return XPECTO_JSON_S_POINT;
        }

        break;

    case XPECTO_JSON_S_POINT:
        return digit ? XPECTO_JSON_S_FRACTION : XPECTO_JSON_S_VALUE;

    case XPECTO_JSON_S_FRACTION:

        if (digit) {
            return XPECTO_JSON_S_FRACTION;
        }

        break;

    case XPECTO_JSON_S_E:

        if (c == '+' || c == '-') {
            return XPECTO_JSON_S_E_SIGN;
        }

        /* fall through */

    default: /* XPECTO_JSON_S_E_SIGN, XPECTO_JSON_S_EXPONENT */
        return digit ? XPECTO_JSON_S_EXPONENT : XPECTO_JSON_S_VALUE;
    }

    return (c == 'e' || c == 'E') ? XPECTO_JSON_S_E : XPECTO_JSON_S_VALUE;
}


static void
xpecto_json_keep(xpecto_json_t *js, const uint8_t *p, size_t len)
{
    if (!js->capture) {
        return;
    }

    if (len > js->cap - js->len) {
        len = js->cap - js->len;
        js->truncated = 1;
    }

    memcpy(js->out + js->len, p, len);
    js->len += len;
}


/* what was kept and the last piece; in place if that is all of it */

static void
xpecto_json_token(xpecto_json_t *js, const uint8_t *p, size_t len,
    xpecto_str_t *value)
{
    if (js->len == 0 && len <= js->cap) {
        value->data = p;
        value->len = len;
        return;
    }

    xpecto_json_keep(js, p, len);

    value->data = js->out;
    value->len = js->len;
}


static void
xpecto_json_utf8(xpecto_json_t *js, unsigned code)
{
    uint8_t  buf[4];
    size_t   len;

    if (code >= 0xdc00 && code <= 0xdfff) {
        code = 0xfffd;
    }

    if (code < 0x80) {
        buf[0] = (uint8_t) code;
        len = 1;

    } else if (code < 0x800) {
        buf[0] = (uint8_t) (0xc0 | code >> 6);
        len = 2;

    } else if (code < 0x10000) {
        buf[0] = (uint8_t) (0xe0 | code >> 12);
        len = 3;

    } else {
        buf[0] = (uint8_t) (0xf0 | code >> 18);
        buf[1] = (uint8_t) (0x80 | (code >> 12 & 0x3f));
        len = 4;
    }

    if (len >= 3) {
        buf[len - 2] = (uint8_t) (0x80 | (code >> 6 & 0x3f));
    }

    if (len >= 2) {
        buf[len - 1] = (uint8_t) (0x80 | (code & 0x3f));
    }

    xpecto_json_keep(js, buf, len);
}


xpecto_rc_e
xpecto_json_decode(const uint8_t *p, size_t len, uint8_t *out,
    size_t *outlen)
{
    xpecto_json_t   js;
    const uint8_t  *last;

    xpecto_json_init(&js, NULL, NULL, NULL);

    js.out = out;
    js.cap = len;
    js.chunk = p;

    xpecto_json_begin(&js, p, XPECTO_JSON_S_STRING, 1);

    last = p + len;

    while (p < last && js.rc == XPECTO_OK) {

        if (js.state == XPECTO_JSON_S_STRING) {
            p = xpecto_json_string(&js, p, last);

        } else if (js.state == XPECTO_JSON_S_ESCAPE) {
            p = xpecto_json_escape(&js, p);

        } else if (js.state == XPECTO_JSON_S_HEX) {
            p = xpecto_json_hex(&js, p);

        } else {
            return XPECTO_ERROR;
        }
    }

    if (js.rc != XPECTO_OK || js.state != XPECTO_JSON_S_STRING) {
        return XPECTO_ERROR;
    }

    if (js.surrogate != 0) {
        xpecto_json_utf8(&js, 0xfffd);
    }

    *outlen = js.len;

    return XPECTO_OK;
}
