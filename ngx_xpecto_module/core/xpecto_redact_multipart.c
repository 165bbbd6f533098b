
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * Bodies.  A part of a multipart body is a place by its name, or is read by
 * content; a file is content from its first byte to its last, and its name is
 * one.  All of it has to be what every parser reads alike, else all of it is
 * content.
 */


#include <string.h>

#include "xpecto_multipart.h"
#include "xpecto_nocase.h"
#include "xpecto_redact_edit.h"


#define XPECTO_PARTS_TYPE  "multipart/form-data; boundary=\""


static xpecto_rc_e xpecto_parts(xpecto_edit_t *e, size_t from, size_t to);
static xpecto_rc_e xpecto_parts_init(const xpecto_redact_t *rd,
    xpecto_multipart_t *mp, const uint8_t *p, size_t len);
static xpecto_rc_e xpecto_parts_check(xpecto_multipart_t mp);
static void xpecto_parts_file_name(xpecto_edit_t *e, size_t from, size_t to);
static void xpecto_parts_value(xpecto_edit_t *e, size_t start, size_t end,
    xpecto_named_t named);


/*
 * By the first bytes.  What is neither JSON, nor a form, nor multipart, as
 * XML, UTF-16 or plain text, is content from its first byte to its last.
 */

void
xpecto_edit_body(xpecto_edit_t *e, size_t from, size_t to)
{
    size_t                       i, end;
    const uint8_t               *p;
    static const xpecto_named_t  root = { XPECTO_CLASS_NONE, 0, NULL };

    p = e->p;

    if (to - from > 2 && memcmp(p + from, "\xef\xbb\xbf", 3) == 0) {
        from += 3;
    }

    for (i = from; i < to; i++) {
        if (p[i] != ' ' && p[i] != '\t' && p[i] != '\r' && p[i] != '\n') {
            break;
        }
    }

    if (i == to) {
        return;
    }

    if (p[i] == '{' || p[i] == '"'
        || (p[i] == '['
            && xpecto_edit_label_len(e->rd, p + i, to - i) == 0))
    {
        xpecto_edit_json(e, from, to, 0, root);
        return;
    }

    /* a line that begins so is no form, a boundary may have a "=" */

    if (to - from > 2 && memcmp(p + from, "--", 2) == 0
        && xpecto_edit_find(p, from, to, '\n') < to)
    {
        if (xpecto_parts(e, from, to) != XPECTO_OK) {
            xpecto_edit_opaque(e, from, to);
        }

        return;
    }

    end = xpecto_edit_form_sign(e->rd, p, i, to);

    if (end < to || xpecto_edit_is_kept(e->rd, XPECTO_CLASS_CONTENT)) {

        /* the sign is no padding of an id: it makes the body a form */

        if (end < to) {
            xpecto_edit_scan(e, end);
        }

        xpecto_edit_query(e, i, to);
        return;
    }

    xpecto_edit_named(e, i, to, XPECTO_CLASS_CONTENT, XPECTO_QUOTE_NONE);
}


/* DECLINED: it is no multipart, or is not read alike by everybody */

static xpecto_rc_e
xpecto_parts(xpecto_edit_t *e, size_t from, size_t to)
{
    int                  file;
    size_t               start, end;
    xpecto_named_t       named;
    xpecto_multipart_t   mp;
    xpecto_form_pair_t   part;

    if (xpecto_parts_init(e->rd, &mp, e->p + from, to - from) != XPECTO_OK
        || xpecto_parts_check(mp) != XPECTO_OK)
    {
        return XPECTO_DECLINED;
    }

    for ( ;; ) {

        /* delimiters stay */

        from = (size_t) (mp.p - e->p) + mp.len;
        xpecto_edit_skip(e, from);

        if (xpecto_multipart_next(&mp, &part, &file) != XPECTO_OK) {
            break;
        }

        start = (size_t) (part.value.data - e->p);
        end = start + part.value.len;

        if (file) {
            xpecto_parts_file_name(e, from, start);
            xpecto_edit_scan(e, start);
            xpecto_edit_named(e, start, end, XPECTO_CLASS_CONTENT,
                              XPECTO_QUOTE_NONE);
            xpecto_edit_scan(e, end);
            continue;
        }

        named = xpecto_name_argument(e->rd, part.name.data, part.name.len,
                                     XPECTO_NAME_QUERY);

        xpecto_edit_scan(e, start);
        xpecto_parts_value(e, start, end, named);
        xpecto_edit_scan(e, end);
    }

    xpecto_edit_skip(e, to);

    return XPECTO_OK;
}


/* the first line is the boundary, which is not to say anything itself */

static xpecto_rc_e
xpecto_parts_init(const xpecto_redact_t *rd, xpecto_multipart_t *mp,
    const uint8_t *p, size_t len)
{
    size_t         n, pos;
    uint8_t        buf[sizeof(XPECTO_PARTS_TYPE) + XPECTO_BOUNDARY_MAX];
    xpecto_str_t   type;
    xpecto_span_t  span;

    n = xpecto_edit_find(p, 0, len, '\r');

    while (n > 2 && (p[n - 1] == ' ' || p[n - 1] == '\t')) {
        n--;
    }

    pos = 0;

    if (n == len || n < 3 || n - 2 > XPECTO_BOUNDARY_MAX
        || xpecto_scan_next(p, n, &pos, rd->classes, 0, &span) == XPECTO_OK)
    {
        return XPECTO_DECLINED;
    }

    type.data = buf;
    type.len = sizeof(XPECTO_PARTS_TYPE) - 1;

    memcpy(buf, XPECTO_PARTS_TYPE, type.len);
    memcpy(buf + type.len, p + 2, n - 2);
    type.len += n - 2;
    buf[type.len++] = '"';

    return xpecto_multipart_init(mp, &type, p, len);
}


static xpecto_rc_e
xpecto_parts_check(xpecto_multipart_t mp)
{
    int                  file;
    size_t               left;
    xpecto_rc_e          rc;
    xpecto_form_pair_t   part;

    do {
        rc = xpecto_multipart_next(&mp, &part, &file);
    } while (rc == XPECTO_OK);

    if (rc != XPECTO_DECLINED) {
        return rc;
    }

    /* "--" behind the last delimiter, and no epilogue */

    left = (size_t) (mp.last - mp.p) - mp.len - 2;

    return (left == 0 || (left == 2 && memcmp(mp.last - 2, "\r\n", 2) == 0))
           ? XPECTO_OK : XPECTO_DECLINED;
}


/* filename="..." and filename*=... in the headers of a part */

static void
xpecto_parts_file_name(xpecto_edit_t *e, size_t from, size_t to)
{
    size_t          i, n, name, end, quoted;
    const uint8_t  *p;

    p = e->p;
    name = from;

    for (i = from; i < to; i++) {

        if (p[i] == ';' || p[i] == '\n') {
            name = i + 1;
            continue;
        }

        if (p[i] == '"') {
            i = xpecto_edit_find(p, i + 1, to, '"');
            continue;
        }

        if (p[i] != '=') {
            continue;
        }

        while (p[name] == ' ' || p[name] == '\t') {
            name++;
        }

        for (n = i; n > name && (p[n - 1] == ' ' || p[n - 1] == '\t'
                                 || p[n - 1] == '*'); n--)
        {
            /* void */
        }

        if (!xpecto_is_nocase(p + name, n - name, "filename")) {
            continue;
        }

        for (i++; i < to && (p[i] == ' ' || p[i] == '\t'); i++) { /* void */ }

        quoted = (i < to && p[i] == '"');
        i += quoted;

        for (end = i; end < to && p[end] != '\r'; end++) {
            if (p[end] == (quoted ? '"' : ';')) {
                break;
            }
        }

        xpecto_edit_named(e, i, end, XPECTO_CLASS_NAME, XPECTO_QUOTE_NONE);
        i = end - 1 + quoted;
    }
}


/* JSON is known by its first byte: nothing in it is percent-encoded */

static void
xpecto_parts_value(xpecto_edit_t *e, size_t start, size_t end,
    xpecto_named_t named)
{
    size_t          i;
    const uint8_t  *p;

    p = e->p;

    for (i = start; i < end; i++) {
        if (p[i] != ' ' && p[i] != '\t' && p[i] != '\r' && p[i] != '\n') {
            break;
        }
    }

    if (i < end
        && (p[i] == '{'
            || (p[i] == '['
                && xpecto_edit_label_len(e->rd, p + i, end - i) == 0))
        && (named.class == XPECTO_CLASS_NONE
            || (named.flags & XPECTO_NAME_EMBED)))
    {
        xpecto_edit_json(e, start, end, 0, named);

    } else if (named.class != XPECTO_CLASS_NONE) {
        xpecto_edit_named(e, start, end, named.class, XPECTO_QUOTE_NONE);
    }
}
