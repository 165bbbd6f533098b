
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/* The bytes of a JSON document that may be percent-encoded. */


#include <string.h>

#include "xpecto_redact_reader.h"
#include "xpecto_view.h"


static xpecto_rc_e xpecto_reader_escape(xpecto_reader_t *rd, size_t *next);
static xpecto_rc_e xpecto_reader_utf8(xpecto_reader_t *rd, int c,
    size_t *next);
static int xpecto_reader_hex(int c);
static unsigned xpecto_reader_behind(const uint8_t **p, const uint8_t *last,
    size_t *width);


xpecto_rc_e
xpecto_reader_string(xpecto_reader_t *rd, size_t *start, size_t *end)
{
    int     c;
    size_t  first, next;

    first = rd->pos;

    (void) xpecto_reader_peek(rd, &next);
    *start = next;

    for ( ;; ) {

        rd->pos = next;
        c = xpecto_reader_peek(rd, &next);

        if (c == '"') {
            *end = rd->pos;
            rd->pos = next;
            return XPECTO_OK;
        }

        if (c < 0x20
            || (c == '\\' && xpecto_reader_escape(rd, &next) != XPECTO_OK)
            || (c >= 0x80 && xpecto_reader_utf8(rd, c, &next) != XPECTO_OK))
        {
            rd->pos = first;
            return XPECTO_ERROR;
        }
    }
}


/* next is behind the backslash, then behind what it escapes */

static xpecto_rc_e
xpecto_reader_escape(xpecto_reader_t *rd, size_t *next)
{
    int  c, n;

    rd->pos = *next;
    c = xpecto_reader_peek(rd, next);

    if (c != 'u') {
        return (c > 0 && strchr("\"\\/bfnrt", c) != NULL) ? XPECTO_OK
                                                          : XPECTO_ERROR;
    }

    for (n = 0; n < 4; n++) {
        rd->pos = *next;

        if (xpecto_reader_hex(xpecto_reader_peek(rd, next)) < 0) {
            return XPECTO_ERROR;
        }
    }

    return XPECTO_OK;
}


/* next is behind the first byte c, then behind the character, RFC 3629 */

static xpecto_rc_e
xpecto_reader_utf8(xpecto_reader_t *rd, int c, size_t *next)
{
    int  min, max, n;

    if (c < 0xc2 || c > 0xf4) {
        return XPECTO_ERROR;
    }

    n = (c >= 0xf0) ? 3 : (c >= 0xe0) ? 2 : 1;

    /* no longer than it needs to be, no surrogate, none above U+10FFFF */

    min = (c == 0xe0) ? 0xa0 : (c == 0xf0) ? 0x90 : 0x80;
    max = (c == 0xed) ? 0x9f : (c == 0xf4) ? 0x8f : 0xbf;

    for ( /* void */ ; n > 0; n--) {
        rd->pos = *next;
        c = xpecto_reader_peek(rd, next);

        if (c < min || c > max) {
            return XPECTO_ERROR;
        }

        min = 0x80;
        max = 0xbf;
    }

    return XPECTO_OK;
}


size_t
xpecto_reader_name(xpecto_reader_t *rd, uint8_t *dst, size_t start,
    size_t end)
{
    int       c, k;
    size_t    n, next, saved;
    uint8_t   buf[4 * XPECTO_REDACT_NAME_MAX];
    unsigned  code;

    saved = rd->pos;
    rd->pos = start;
    n = 0;

    while (rd->pos < end && n < sizeof(buf)) {

        c = xpecto_reader_peek(rd, &next);
        rd->pos = next;

        if (c == '\\') {

            c = xpecto_reader_peek(rd, &next);
            rd->pos = next;

            if (c == 'u') {

                for (code = 0, k = 0; k < 4; k++) {
                    c = xpecto_reader_hex(xpecto_reader_peek(rd, &next));

                    if (c < 0) {
                        break;
                    }

                    code = code << 4 | (unsigned) c;
                    rd->pos = next;
                }

                c = (k == 4 && code < 0x80) ? (int) code : 0xff;
            }
        }

        /* the names of a document are not percent-encoded once more */

        buf[n++] = (uint8_t) (c == '%' ? 0xff : c);
    }

    if (rd->pos < end) {
        n = 0;
    }

    rd->pos = saved;

    return xpecto_name_fold(dst, buf, n);
}


int
xpecto_reader_peek(xpecto_reader_t *rd, size_t *next)
{
    int             h, l;
    const uint8_t  *p;

    if (rd->pos >= rd->end) {
        *next = rd->end;
        return -1;
    }

    p = rd->e->p + rd->pos;
    *next = rd->pos + 1;

    if (!rd->percent) {
        return *p;
    }

    if (*p == '+') {
        return ' ';
    }

    if (*p == '%' && rd->end - rd->pos > 2) {

        h = xpecto_reader_hex(p[1]);
        l = xpecto_reader_hex(p[2]);

        if (h >= 0 && l >= 0) {
            *next = rd->pos + 3;
            return h << 4 | l;
        }
    }

    return *p;
}


int
xpecto_reader_blank(xpecto_reader_t *rd)
{
    int     c;
    size_t  next;

    for ( ;; ) {

        c = xpecto_reader_peek(rd, &next);

        if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
            return c;
        }

        rd->pos = next;
    }
}


static int
xpecto_reader_hex(int c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }

    c |= 0x20;

    return (c >= 'a' && c <= 'f') ? c - 'a' + 10 : -1;
}


int
xpecto_reader_opens(const uint8_t *p, size_t from, size_t to)
{
    size_t          w;
    unsigned        c;
    const uint8_t  *at, *last;

    if (from == to || memchr("{[%", p[from], 3) == NULL) {
        return 0;
    }

    at = p + from;
    last = p + to;

    c = xpecto_view_next(at, last, &w);

    if (c == '[') {
        c = xpecto_reader_behind(&at, last, &w);
    }

    return c == '{' && xpecto_reader_behind(&at, last, &w) == '"';
}


/* the next character that is no blank, behind the one of this width */

static unsigned
xpecto_reader_behind(const uint8_t **p, const uint8_t *last, size_t *width)
{
    unsigned  c;

    do {
        *p += *width;
        c = xpecto_view_next(*p, last, width);
    } while (c == ' ' || c == '+' || c == '\t' || c == '\n' || c == '\r');

    return c;
}
