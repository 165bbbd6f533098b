
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/* The bytes of a JSON document that may be percent-encoded. */


#include "xpecto_redact_reader.h"


static int xpecto_reader_hex(int c);


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

        if (c == '\\') {
            rd->pos = next;
            c = xpecto_reader_peek(rd, &next);
        }

        if (c < 0x20) {
            rd->pos = first;
            return XPECTO_ERROR;
        }
    }
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
