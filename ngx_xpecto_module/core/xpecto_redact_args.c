
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/* How the values of arguments and of JSON members are read. */


#include <string.h>

#include "xpecto_redact_edit.h"


static xpecto_named_t xpecto_name_found(xpecto_class_e class, unsigned flags,
    const char *name);
static size_t xpecto_name_fold_max(uint8_t *dst, size_t max,
    const uint8_t *p, size_t len);
static xpecto_named_t xpecto_name_of_parts(const xpecto_redact_t *rd,
    const uint8_t *name, size_t len, unsigned where);
static int xpecto_name_hex(uint8_t c);


xpecto_named_t
xpecto_name_find(const xpecto_redact_t *rd, const uint8_t *name, size_t len,
    unsigned where, const uint8_t *parent, size_t plen)
{
    size_t                i, n;
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

    row = xpecto_name_rows(len, &n);

    for (i = 0; i < n; i++, row++) {

        if ((uint8_t) row->name[0] != name[0]
            || (row->flags & where) == 0
            || memcmp(row->name, name, len) != 0)
        {
            continue;
        }

        if (row->parent == NULL
            || (strlen(row->parent) == plen
                && memcmp(row->parent, parent, plen) == 0))
        {
            return xpecto_name_found((xpecto_class_e) row->class, row->flags,
                                     row->name);
        }
    }

    return xpecto_name_found(XPECTO_CLASS_NONE, 0, NULL);
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


static size_t
xpecto_name_fold_max(uint8_t *dst, size_t max, const uint8_t *p, size_t len)
{
    size_t   i, n;
    uint8_t  c;

    n = 0;

    for (i = 0; i < len; i++) {

        c = p[i];

        /* "%2E" and "%252E": the 25 of an encoded percent sign is skipped */

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
        }

        if (c == '_' || c == '-' || c == '.') {
            continue;
        }

        if (n == max) {
            return 0;
        }

        if (c >= 'A' && c <= 'Z') {
            c |= 0x20;
        }

        dst[n++] = c;
    }

    return n;
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


xpecto_named_t
xpecto_name_argument(const xpecto_redact_t *rd, const uint8_t *name,
    size_t len, unsigned where)
{
    size_t          pos, end;
    xpecto_span_t   span;
    xpecto_named_t  named;

    named = xpecto_name_of_parts(rd, name, len, where);

    if (named.class != XPECTO_CLASS_NONE || xpecto_edit_plain(name, len)) {
        return named;
    }

    /* a name may be what is left of it when a token or a number is gone */

    end = 0;
    pos = 0;

    while (xpecto_scan_next(name, len, &pos, rd->classes, 0, &span)
           == XPECTO_OK)
    {
        if (end == 0) {
            named = xpecto_name_of_parts(rd, name, span.start, where);
        }

        end = span.end;
    }

    if (end != 0 && named.class == XPECTO_CLASS_NONE) {
        named = xpecto_name_of_parts(rd, name + end, len - end, where);
    }

    return named;
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


static xpecto_named_t
xpecto_name_of_parts(const xpecto_redact_t *rd, const uint8_t *name,
    size_t len, unsigned where)
{
    size_t          n, i, last;
    uint8_t         buf[XPECTO_RAW_NAME_MAX];
    xpecto_class_e  class;
    xpecto_named_t  named;

    /* the parts of "a[b][c]" may be names, however long all of it is */

    n = xpecto_name_fold_max(buf, sizeof(buf), name, len);

    named = xpecto_name_find(rd, buf, n, where, NULL, 0);

    if (n == 0 || named.class != XPECTO_CLASS_NONE) {
        return named;
    }

    if (buf[n - 1] >= '0' && buf[n - 1] <= '9') {

        while (n > 0 && buf[n - 1] >= '0' && buf[n - 1] <= '9') {
            n--;
        }

        return xpecto_name_find(rd, buf, n, where, NULL, 0);
    }

    if (buf[n - 1] != ']') {
        return named;
    }

    /*
     * "to[]", "to[0]": what is outside; "contact[wa_id]": what is inside.
     * "a[phone]" is what is left of a name that held a number.
     */

    for (i = 0; (buf[i] >= 'a' && buf[i] <= 'z')
                || (buf[i] >= '0' && buf[i] <= '9'); i++)
    {
        /* void */
    }

    if (i == 0 || buf[i] != '[') {
        return named;
    }

    named = xpecto_name_find(rd, buf, i, where, NULL, 0);

    while (named.class == XPECTO_CLASS_NONE && n > i && buf[n - 1] == ']') {

        for (last = --n; n > i && buf[n - 1] != '['; n--) { /* void */ }

        if (xpecto_class_parse(&buf[n], last - n, &class) != XPECTO_OK) {
            named = xpecto_name_find(rd, &buf[n], last - n, where, NULL, 0);
        }

        n -= (n > i);
    }

    return named;
}


/*
 * A name and "=", perhaps an encoded one, whose value may have taken the rest;
 * what was redacted in the name may have a space.
 */

size_t
xpecto_edit_form_sign(const uint8_t *p, size_t i, size_t to)
{
    size_t   end;
    uint8_t  c;

    for ( /* void */ ; i < to; i++) {

        c = p[i];

        if (c == '[') {
            end = xpecto_edit_find(p, i, to, ']');

            if (end < to && xpecto_edit_redacted(p + i, end + 1 - i)) {
                i = end;
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

        if (i < end && (p[i] == '{' || p[i] == '[')
            && !xpecto_edit_redacted(p + i, end - i))
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
