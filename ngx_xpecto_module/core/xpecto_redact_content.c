
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/* What stands between named values: it is looked at by content. */


#include <string.h>

#include "xpecto_redact_edit.h"
#include "xpecto_view.h"


/* how often what stands before a value is looked at again */

#define XPECTO_NESTED_MAX  4

/* bytes on either side of a mask that might be read with it */

#define XPECTO_BESIDE_MAX  64


static void xpecto_edit_range(xpecto_edit_t *e, size_t base, size_t from,
    size_t to, int tail, unsigned nested);
static int xpecto_edit_is_joined(xpecto_edit_t *e, xpecto_class_e class,
    uint8_t before, const uint8_t *p, size_t len, uint8_t after);
static int xpecto_edit_is_name(uint8_t c);
static int xpecto_edit_has_digits(xpecto_edit_t *e, xpecto_class_e class);
static int xpecto_edit_is_beside(xpecto_edit_t *e, size_t from, size_t start,
    size_t end, size_t to, int tail, const uint8_t *mask, size_t len);
static int xpecto_edit_is_open(xpecto_edit_t *e, size_t start, size_t end,
    size_t to, int tail);


void
xpecto_edit_content(xpecto_edit_t *e, size_t to)
{
    int  tail;

    tail = (e->tail && to == e->cut);

    if (e->mapped ? !xpecto_map_is_plain(&e->map, e->done, to)
                  : (tail || !xpecto_edit_plain(e->p + e->done, to - e->done)))
    {
        xpecto_edit_range(e, 0, e->done, to, tail, 0);
    }

    xpecto_edit_skip(e, to);
}


/*
 * A replacement is a boundary that was not there: what stands before it may
 * be complete now, and what follows begins anew.  So a second redaction finds
 * nothing that this one did not.  "-" is none where a token goes on: what took
 * the name of a value with it leaves a label, lest "Bearer -=-/a.b" be read as
 * one token, of which the value's "-" is a part.
 */

static void
xpecto_edit_range(xpecto_edit_t *e, size_t base, size_t from, size_t to,
    int tail, unsigned nested)
{
    size_t               pos, n, start, end;
    uint8_t              buf[XPECTO_REPLACEMENT_MAX];
    const uint8_t       *p;
    xpecto_span_t        span;
    xpecto_scan_rest_t   rest;

    p = e->p;
    pos = from - base;
    rest.at = NULL;

    while (!e->full && base + pos < to
           && xpecto_scan_more(&rest, p + base, to - base, &pos,
                               e->rd->classes, tail, &span)
              == XPECTO_OK)
    {
        start = base + span.start;
        end = base + span.end;

        /* a mask has lost what has gone before */

        if ((end < to && p[end] == '*'
             && xpecto_edit_in_mask(p + from, end - from, to - from,
                                    start - from, end - from))
            || (start > from && p[start - 1] == '*'
                && xpecto_edit_in_mask(p + from, start - 1 - from, to - from,
                                       start - from, end - from)))
        {
            continue;
        }

        /* "https://[credential.2026-11.bcdfghjk]@host": it was put there */

        if (p[start] == '[' && !e->rd->fresh
            && xpecto_edit_label_len(e->rd, p + start, end - start)
               == end - start)
        {
            continue;
        }

        n = xpecto_edit_replacement(e->rd, buf, p + start, end - start,
                                    span.class, &span.phone);

        if (xpecto_edit_is_joined(e, span.class, (start > 0) ? p[start - 1] : 0,
                                  buf, n, (end < to) ? p[end] : 0)
            || (xpecto_edit_has_digits(e, span.class)
                && xpecto_edit_is_beside(e, from, start, end, to, tail, buf,
                                         n))
            || (n == 1 && ((end == to && (e->open || nested > 0))
                           || xpecto_edit_is_open(e, start, end, to, tail)))
            || (tail && end == to && xpecto_edit_is_partial(e, span.class)))
        {
            n = xpecto_edit_label(buf, span.class);
        }

        if (n == end - start && memcmp(buf, p + start, n) == 0) {
            continue;
        }

        if (base + span.first < start && start >= from + 3
            && nested < XPECTO_NESTED_MAX)
        {
            xpecto_edit_range(e, base, from, start, 0, nested + 1);
        }

        xpecto_edit_put(e, start, end, span.class, buf, n, XPECTO_QUOTE_NONE);

        base = end;
        from = end;
        pos = 0;
    }
}


/*
 * What would be read with the bytes beside it: "1" "1****23" "::1"; behind a
 * colon a name would begin: "2001:db8::" "-access_token="; and a "-" parts no
 * name: "-access_token="
 */

static int
xpecto_edit_is_joined(xpecto_edit_t *e, xpecto_class_e class, uint8_t before,
    const uint8_t *p, size_t len, uint8_t after)
{
    if (p[len - 1] == ':') {
        return after == ':' || after == '-' || after == '_' || after == '.';
    }

    if (len == 1) {
        return xpecto_edit_is_name(before) || xpecto_edit_is_name(after);
    }

    return class == XPECTO_CLASS_PHONE
           && e->rd->styles[class] == XPECTO_STYLE_MASK && p[0] != '['
           && ((before >= '0' && before <= '9')
               || (after >= '0' && after <= '9')
               || ((after | 0x20) >= 'a' && (after | 0x20) <= 'z')
               || after == ':' || after == '.' || after == '@');
}


static int
xpecto_edit_is_name(uint8_t c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
           || c == '_' || c == '-' || c == '.';
}


/* a replacement that may be a part of something */

static int
xpecto_edit_has_digits(xpecto_edit_t *e, xpecto_class_e class)
{
    return (class == XPECTO_CLASS_PHONE
            && e->rd->styles[class] == XPECTO_STYLE_MASK)
           || (class == XPECTO_CLASS_IP
               && e->rd->styles[class] == XPECTO_STYLE_TRUNCATE);
}


/*
 * "1*********1-650-555-1234", "+11/2.0.2.0+16" of "+11/2.0.2.14+16": the digits
 * that are left are those of a number
 */

static int
xpecto_edit_is_beside(xpecto_edit_t *e, size_t from, size_t start, size_t end,
    size_t to, int tail, const uint8_t *mask, size_t len)
{
    size_t         pos, before, after;
    uint8_t        text[2 * XPECTO_BESIDE_MAX + XPECTO_REPLACEMENT_MAX];
    xpecto_span_t  span;

    if (mask[0] == '[') {
        return 0;
    }

    before = (start - from < XPECTO_BESIDE_MAX) ? start - from
                                                : XPECTO_BESIDE_MAX;
    after = (to - end < XPECTO_BESIDE_MAX) ? to - end : XPECTO_BESIDE_MAX;
    tail = (tail && after == to - end);

    memcpy(text, e->p + start - before, before);
    memcpy(text + before, mask, len);
    memcpy(text + before + len, e->p + end, after);

    pos = 0;

    while (xpecto_scan_next(text, before + len + after, &pos, e->rd->classes,
                            tail, &span)
           == XPECTO_OK)
    {
        if ((span.start < before && span.end > before)
            || (span.start < before + len && span.end > before + len))
        {
            return 1;
        }
    }

    return 0;
}


/*
 * "phone: Bearer -%2076%2054321": what stands before a token that is removed
 * announces what stands behind it, as it will be read; "Bearer -@b.example" is
 * a mailbox, however long its domain is
 */

static int
xpecto_edit_is_open(xpecto_edit_t *e, size_t start, size_t end, size_t to,
    int tail)
{
    size_t         n, pos, gap, before, after;
    uint8_t        text[2 * XPECTO_BESIDE_MAX + 1];
    xpecto_rc_e    rc;
    xpecto_span_t  span, alone;

    if (xpecto_view_match(e->p + end, e->p + to, "@")) {
        return 1;
    }

    gap = start - e->copied;
    gap = (gap < XPECTO_BESIDE_MAX) ? gap : XPECTO_BESIDE_MAX;
    before = XPECTO_BESIDE_MAX - gap;
    before = (e->res->len < before) ? e->res->len : before;
    after = (to - end < XPECTO_BESIDE_MAX) ? to - end : XPECTO_BESIDE_MAX;
    tail = (tail && after == to - end);

    memcpy(text, e->out + e->res->len - before, before);
    memcpy(text + before, e->p + start - gap, gap);
    n = before + gap;
    text[n++] = '-';
    memcpy(text + n, e->p + end, after);

    pos = 0;
    rc = xpecto_scan_next(e->p + end, after, &pos, e->rd->classes, tail,
                          &alone);

    pos = 0;

    while (xpecto_scan_next(text, n + after, &pos, e->rd->classes, tail, &span)
           == XPECTO_OK)
    {
        if (span.end >= n) {
            return rc != XPECTO_OK || span.start != n + alone.start
                   || span.end != n + alone.end;
        }
    }

    return rc == XPECTO_OK;
}


/* the map knows of no such end */

xpecto_edit_end_t
xpecto_edit_cut(xpecto_edit_t *e, size_t at)
{
    xpecto_edit_end_t  end;

    end.cut = e->cut;
    end.tail = e->tail;
    end.mapped = e->mapped;

    e->cut = at;
    e->tail = 1;
    e->mapped = 0;

    return end;
}


void
xpecto_edit_uncut(xpecto_edit_t *e, xpecto_edit_end_t end)
{
    e->cut = end.cut;
    e->tail = end.tail;
    e->mapped = end.mapped;
}


int
xpecto_edit_is_partial(xpecto_edit_t *e, xpecto_class_e class)
{
    return e->rd->styles[class] == XPECTO_STYLE_MASK
           || e->rd->styles[class] == XPECTO_STYLE_PSEUDONYM;
}


size_t
xpecto_edit_seek(const xpecto_edit_t *e, xpecto_map_e what, size_t from,
    size_t to)
{
    const uint8_t  *c;

    static const uint8_t  bytes[][2] = {
        [XPECTO_MAP_EQUAL] = { '=', '=' },
        [XPECTO_MAP_SLASH] = { '/', '/' },
        [XPECTO_MAP_PERCENT] = { '%', '%' },
        [XPECTO_MAP_QUERY] = { '?', '#' },
        [XPECTO_MAP_AMP] = { '&', '#' }
    };

    c = bytes[what];

    to = xpecto_edit_find(e->p, from, to, c[0]);

    return (c[0] == c[1]) ? to : xpecto_edit_find(e->p, from, to, c[1]);
}
