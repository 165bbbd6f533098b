
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/* How the values of arguments and of JSON members are read. */


#include <string.h>

#include "xpecto_redact_edit.h"


static const xpecto_name_t *xpecto_name_known(const uint8_t *name, size_t len,
    unsigned where, const uint8_t *parent, size_t plen);
static int xpecto_name_is_new(const xpecto_redact_t *rd, uint8_t c, size_t len,
    unsigned where);
static xpecto_named_t xpecto_name_found(xpecto_class_e class, unsigned flags,
    const char *name);
static int xpecto_name_is_blank(uint8_t c);
static int xpecto_name_hex(uint8_t c);


/* lower case; 0: it is left out, or has to be looked at */

static const uint8_t  xpecto_name_folded[256] = {
    0, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07,
    0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f,
    0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17,
    0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f,
    0x20, 0x21, 0x22, 0x23, 0x24, 0, 0x26, 0x27,
    0x28, 0x29, 0x2a, 0x2b, 0x2c, 0, 0, 0x2f,
    '0', '1', '2', '3', '4', '5', '6', '7',
    '8', '9', 0x3a, 0x3b, 0x3c, 0x3d, 0x3e, 0x3f,
    0x40, 'a', 'b', 'c', 'd', 'e', 'f', 'g',
    'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o',
    'p', 'q', 'r', 's', 't', 'u', 'v', 'w',
    'x', 'y', 'z', 0x5b, 0x5c, 0x5d, 0x5e, 0,
    0x60, 'a', 'b', 'c', 'd', 'e', 'f', 'g',
    'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o',
    'p', 'q', 'r', 's', 't', 'u', 'v', 'w',
    'x', 'y', 'z', 0x7b, 0x7c, 0x7d, 0x7e, 0x7f,
    0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87,
    0x88, 0x89, 0x8a, 0x8b, 0x8c, 0x8d, 0x8e, 0x8f,
    0x90, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97,
    0x98, 0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f,
    0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7,
    0xa8, 0xa9, 0xaa, 0xab, 0xac, 0xad, 0xae, 0xaf,
    0xb0, 0xb1, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb7,
    0xb8, 0xb9, 0xba, 0xbb, 0xbc, 0xbd, 0xbe, 0xbf,
    0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7,
    0xc8, 0xc9, 0xca, 0xcb, 0xcc, 0xcd, 0xce, 0xcf,
    0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7,
    0xd8, 0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xde, 0xdf,
    0xe0, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7,
    0xe8, 0xe9, 0xea, 0xeb, 0xec, 0xed, 0xee, 0xef,
    0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7,
    0xf8, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe, 0xff
};


xpecto_named_t
xpecto_name_find(const xpecto_redact_t *rd, const uint8_t *name, size_t len,
    unsigned where, const uint8_t *parent, size_t plen)
{
    size_t                i;
    const xpecto_name_t  *row;

    for (i = 0; i < rd->nnames; i++) {
        if (rd->names[i].name.len == len
            && memcmp(rd->names[i].name.data, name, len) == 0)
        {
            return xpecto_name_found(rd->names[i].class, XPECTO_NAME_EMBED,
                                     NULL);
        }
    }

    if (len == 0 || len > XPECTO_REDACT_NAME_MAX) {
        return xpecto_name_found(XPECTO_CLASS_NONE, 0, NULL);
    }

    row = xpecto_name_is_new(rd, name[0], len, where)
          ? NULL : xpecto_name_known(name, len, where, parent, plen);

    if (row != NULL) {
        return xpecto_name_found((xpecto_class_e) row->class, row->flags,
                                 row->name);
    }

    return xpecto_name_found(XPECTO_CLASS_NONE, 0, NULL);
}


static const xpecto_name_t *
xpecto_name_known(const uint8_t *name, size_t len, unsigned where,
    const uint8_t *parent, size_t plen)
{
    size_t                n;
    const xpecto_name_t  *row, *last;

    if (len < 2) {
        return NULL;
    }

    if (plen > 0) {
        row = xpecto_name_rows(len, &n);

        for (last = row + n; row < last; row++) {
            if ((row->flags & where) && row->parent != NULL
                && memcmp(row->name, name, len) == 0
                && strlen(row->parent) == plen
                && memcmp(row->parent, parent, plen) == 0)
            {
                return row;
            }
        }
    }

    return xpecto_name_row(name, len, where);
}


/* "X-Vault-Token", "client_secret", "Ocp-Apim-Subscription-Key" */

xpecto_named_t
xpecto_name_secret(const uint8_t *name, size_t len)
{
    size_t          i, n;
    xpecto_named_t  none;

    static const char *const  ends[] = {
        "token", "secret", "password", "passwd", "passcode", "passphrase",
        "apikey", "accesskey", "authkey", "privatekey", "secretkey",
        "functionskey", "subscriptionkey", "sessionid", "sessid",
        "signature", "otpcode", "verificationcode", "authorization"
    };

    none = xpecto_name_found(XPECTO_CLASS_NONE, 0, NULL);

    if (!xpecto_name_may_be_secret(name, len)) {
        return none;
    }

    /* what is no letter may go, as a part of a number or of a token */

    for (i = 0; i < len; i++) {
        if (name[i] < 'a' || name[i] > 'z') {
            return none;
        }
    }

    for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        n = strlen(ends[i]);

        if (len >= n && memcmp(name + len - n, ends[i], n) == 0) {
            return xpecto_name_found(XPECTO_CLASS_CREDENTIAL, 0, NULL);
        }
    }

    return none;
}


static int
xpecto_name_is_new(const xpecto_redact_t *rd, uint8_t c, size_t len,
    unsigned where)
{
    if (where == XPECTO_NAME_QUERY) {
        return rd->new_args[len] >> (c & 31) & 1;
    }

    return where == XPECTO_NAME_PATH && (rd->new_segments[len] >> (c & 31) & 1);
}


void
xpecto_name_index(xpecto_redact_t *rd)
{
    size_t                i, n, len;
    uint32_t              bit;
    const xpecto_name_t  *row;

    /* "waInstance..." is in no table, "_" may stand before any */

    rd->segments = (uint32_t) 1 << ('w' & 31) | (uint32_t) 1 << ('_' & 31);

    for (len = 0; len <= XPECTO_REDACT_NAME_MAX; len++) {

        rd->new_args[len] = ~(uint32_t) 0;
        rd->new_segments[len] = ~(uint32_t) 0;

        row = xpecto_name_rows(len, &n);

        for (i = 0; i < n; i++, row++) {

            bit = (uint32_t) 1 << (row->name[0] & 31);

            if (row->flags & XPECTO_NAME_QUERY) {
                rd->new_args[len] &= ~bit;
            }

            if (row->flags & XPECTO_NAME_PATH) {
                rd->new_segments[len] &= ~bit;
                rd->segments |= bit;
            }
        }
    }
}


static xpecto_named_t
xpecto_name_found(xpecto_class_e class, unsigned flags, const char *name)
{
    xpecto_named_t  named;

    named.class = class;
    named.flags = flags;
    named.name = name;

    return named;
}


size_t
xpecto_name_fold(uint8_t *dst, const uint8_t *p, size_t len)
{
    return xpecto_name_fold_max(dst, XPECTO_REDACT_NAME_MAX, p, len);
}


size_t
xpecto_name_fold_max(uint8_t *dst, size_t max, const uint8_t *p, size_t len)
{
    int      begin;
    size_t   i, n;
    uint8_t  c;

    n = 0;
    begin = 1;

    for (i = 0; i < len; i++) {

        c = xpecto_name_folded[p[i]];

        if (c == 0) {
            c = p[i];

            /* "%2E" and "%252E": the 25 of an encoded "%" is skipped */

            if (c == '%' && len - i > 2
                && xpecto_name_hex(p[i + 1]) >= 0
                && xpecto_name_hex(p[i + 2]) >= 0)
            {
                while (p[i + 1] == '2' && p[i + 2] == '5' && len - i > 4
                       && xpecto_name_hex(p[i + 3]) >= 0
                       && xpecto_name_hex(p[i + 4]) >= 0)
                {
                    i += 2;
                }

                c = (uint8_t) (xpecto_name_hex(p[i + 1]) << 4
                               | xpecto_name_hex(p[i + 2]));
                i += 2;

                if (c >= 'A' && c <= 'Z') {
                    c |= 0x20;
                }
            }

            if (c == '_' || c == '-' || c == '.') {
                begin = 0;
                continue;
            }
        }

        /* many a server takes spaces around a name away */

        if (begin && xpecto_name_is_blank(c)) {
            continue;
        }

        begin = 0;

        if (n == max) {
            return 0;
        }

        dst[n++] = c;
    }

    while (n > 0 && xpecto_name_is_blank(dst[n - 1])) {
        n--;
    }

    return n;
}


static int
xpecto_name_is_blank(uint8_t c)
{
    return c == ' ' || c == '+' || c == '\t' || c == '\r' || c == '\n';
}


static int
xpecto_name_hex(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }

    c |= 0x20;

    return (c >= 'a' && c <= 'f') ? c - 'a' + 10 : -1;
}


int
xpecto_name_is_broken(const uint8_t *name, size_t len)
{
    size_t  i;

    for (i = 0; i < len; i++) {
        if (name[i] == '%'
            && (len - i < 3 || xpecto_name_hex(name[i + 1]) < 0
                || xpecto_name_hex(name[i + 2]) < 0))
        {
            return 1;
        }
    }

    return 0;
}


/*
 * A name and "=", perhaps an encoded one, whose value may have taken the rest;
 * what was redacted in the name may have a space.
 */

size_t
xpecto_edit_form_sign(const xpecto_redact_t *rd, const uint8_t *p, size_t i,
    size_t to)
{
    size_t   end;
    uint8_t  c;

    for ( /* void */ ; i < to; i++) {

        c = p[i];

        if (c == '[') {
            end = i + xpecto_edit_label_len(rd, p + i, to - i);

            if (end > i) {
                i = end - 1;
                continue;
            }
        }

        if (c == '%') {
            end = i + 1;

            while (to - end > 2 && p[end] == '2' && p[end + 1] == '5') {
                end += 2;
            }

            if (to - end > 1 && p[end] == '3' && (p[end + 1] | 0x20) == 'd') {
                return i;
            }
        }

        if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
            && (c < '0' || c > '9') && memchr("_-.~*+%[]$:&", c, 12) == NULL)
        {
            return c == '=' ? i : to;
        }
    }

    return to;
}


void
xpecto_edit_argument(xpecto_edit_t *e, size_t start, size_t end,
    xpecto_named_t named)
{
    size_t          i;
    const uint8_t  *p;

    p = e->p;

    if (named.flags & XPECTO_NAME_EMBED) {

        for (i = start; i < end && p[i] == '+'; i++) { /* void */ }

        if (i < end
            && (p[i] == '{'
                || (p[i] == '['
                    && xpecto_edit_label_len(e->rd, p + i, end - i) == 0)))
        {
            xpecto_edit_json(e, start, end, 1, named);
            return;
        }

        if (end - i > 2 && p[i] == '%'
            && (p[i + 1] == '7' || p[i + 1] == '5')
            && (p[i + 2] | 0x20) == 'b')
        {
            xpecto_edit_json(e, start, end, 1, named);
            return;
        }
    }

    xpecto_edit_named(e, start, end, named.class, XPECTO_QUOTE_NONE);
}
