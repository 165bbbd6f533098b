
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * Request lines and URIs of the common kind, from one special character to
 * the next.  What is out of the ordinary in any way is left to the edit: it
 * must come out the same by both, to the byte.
 *
 * Of the common kind are paths of plain segments, of which some may be a
 * number with a plus; queries of plain names whose values have no escapes,
 * those of named values apart; and what is not replaced has less than seven
 * digits and no letters that a token begins with.
 */


#include <string.h>

#include "xpecto_redact_quick.h"


#define XPECTO_QUICK_MIN     16         /* bytes */
#define XPECTO_QUICK_METHOD   7

/* " HTTP/1.1": a word whose one digit is left out, and a digit */

#define XPECTO_QUICK_TAIL    (sizeof(" HTTP/1.1") - 1)


/* "GET /path HTTP/1.1"; 0: something else */

xpecto_quick int
xpecto_quick_request(xpecto_quick_t *q, size_t len)
{
    size_t    i;
    uint64_t  head, tail, method;

    q->to = len;
    i = xpecto_quick_next(q);

    if (i == 0 || i > XPECTO_QUICK_METHOD || q->p[i] != ' '
        || q->p[i + 1] != '/')
    {
        return 0;
    }

    memcpy(&head, q->p, 8);
    memcpy(&tail, q->p + len - XPECTO_QUICK_TAIL, 8);

    /* capital letters only */

    method = ~(uint64_t) 0 >> (64 - 8 * i);

    if ((head & method & UINT64_C(0x2020202020202020)) != 0
        || (~q->m.letter[0] & ~(~(uint64_t) 0 << i)) != 0)
    {
        return 0;
    }

    if (memcmp(&tail, " HTTP/", 6) != 0 || q->p[len - 2] != '.'
        || !xpecto_quick_is(q->m.digit, len - 3)
        || !xpecto_quick_is(q->m.digit, len - 1))
    {
        return 0;
    }

    q->from = i + 1;
    q->to = len - XPECTO_QUICK_TAIL;

    return xpecto_quick_next(q) == q->from;
}


/* "/path", "https://host/path", whose host is a name; 0: something else */

xpecto_quick int
xpecto_quick_authority(xpecto_quick_t *q, size_t len)
{
    size_t  i;

    q->from = 0;
    q->to = len;

    i = xpecto_quick_next(q);

    if (i == 0) {
        return q->p[0] == '/';
    }

    if (i > XPECTO_QUICK_METHOD || q->p[i] != ':' || q->p[i + 1] != '/'
        || q->p[i + 2] != '/'
        || ((q->m.digit[0] | q->m.join[0]) & ~(~(uint64_t) 0 << i)) != 0)
    {
        return 0;
    }

    (void) xpecto_quick_next(q);
    (void) xpecto_quick_next(q);

    q->from = xpecto_quick_next(q);

    return q->from < q->to && q->p[q->from] == '/' && q->from > i + 3
           && xpecto_quick_count(q->m.digit, i, q->from) < XPECTO_QUICK_QUAD;
}


/*
 * "/+16505551234/": a letter before the slash and one behind the number, so
 * that no other digits can belong to it; the end of the segment, 0: no number
 */

xpecto_quick size_t
xpecto_quick_number(xpecto_quick_t *q, size_t i)
{
    size_t          end, n;
    const uint8_t  *p;

    p = q->p;
    end = xpecto_quick_next(q);
    n = end - i - 1;

    if (n < XPECTO_PHONE_MIN || n > XPECTO_PHONE_MAX
        || i - 1 == q->from
        || (p[i - 2] | 0x20) < 'a' || (p[i - 2] | 0x20) > 'z'
        || xpecto_quick_count(q->m.digit, i + 1, end) != n
        || !xpecto_phone_check(p + i + 1, n, XPECTO_PHONE_POSSIBLE)
        || !xpecto_quick_put(q, i, end, XPECTO_CLASS_PHONE, 1))
    {
        return 0;
    }

    if (end < q->to && p[end] == '/'
        && (q->rd->nnames || end + 1 == q->to || (p[end + 1] | 0x20) < 'a'
            || (p[end + 1] | 0x20) > 'z'))
    {
        return 0;
    }

    return end;
}


/* a name that might be one of ours: by its length and first letter */

xpecto_quick int
xpecto_quick_is_new(const xpecto_quick_t *q, const uint32_t *index,
    size_t from, size_t to)
{
    size_t  n;

    n = to - from - xpecto_quick_count(q->m.join, from, to);

    return q->rd->nnames == 0 && (index[n] >> (q->p[from] & 31) & 1);
}


/* the "?" behind the path, or the end; 0: not of the common kind */

xpecto_quick size_t
xpecto_quick_path(xpecto_quick_t *q)
{
    size_t          i, n, from;
    uint8_t         c, name[XPECTO_REDACT_NAME_MAX];
    const uint8_t  *p;

    p = q->p;

    for (from = q->from + 1; /* void */ ; from = i + 1) {

        i = xpecto_quick_next(q);

        if (i == from && i < q->to && p[i] == '+') {
            i = xpecto_quick_number(q, i);

            if (i == 0) {
                return 0;
            }

            if (i < q->to && p[i] == '/') {
                continue;
            }
        }

        if (i == q->to) {
            return i;
        }

        c = p[i];

        if (c == '?') {
            return i;
        }

        if (c != '/') {
            return 0;
        }

        if (i == from) {
            continue;
        }

        if (i - from > XPECTO_REDACT_NAME_MAX
            || xpecto_quick_is(q->m.join, from))
        {
            return 0;
        }

        if (!xpecto_quick_is_new(q, q->rd->new_segments, from, i)) {

            n = xpecto_name_fold(name, p + from, i - from);

            if (xpecto_name_find(q->rd, name, n, XPECTO_NAME_PATH, NULL, 0)
                    .class != XPECTO_CLASS_NONE)
            {
                return 0;
            }
        }

        /* "/waInstance{id}/sendMessage/{token}" */

        if ((p[from] | 0x20) == 'w' && i - from > 10) {
            return 0;
        }
    }
}


/* the value of a name, from its "=" on; its end, 0: not of the common kind */

xpecto_quick size_t
xpecto_quick_value(xpecto_quick_t *q, size_t from, xpecto_named_t named)
{
    size_t          i;
    const uint8_t  *p;

    p = q->p;

    for ( ;; ) {

        i = xpecto_quick_next(q);

        if (i == q->to || p[i] == '&') {
            break;
        }

        if (p[i] != '%' && p[i] != '+') {
            return 0;
        }
    }

    if (i == from) {
        return i;
    }

    /* "-" is what was removed, %7B and %5B begin JSON */

    if ((i == from + 1 && p[from] == '-')
        || ((named.flags & XPECTO_NAME_EMBED)
            && (p[from] == '%' || p[from] == '+')))
    {
        return 0;
    }

    return xpecto_quick_put(q, from, i, named.class, 0) ? i : 0;
}


/* 0: not of the common kind */

xpecto_quick int
xpecto_quick_query(xpecto_quick_t *q, size_t from)
{
    size_t          i, plus;
    uint8_t         c;
    const uint8_t  *p;
    xpecto_named_t  named;

    p = q->p;
    plus = 0;

    for ( ;; ) {

        i = xpecto_quick_next(q);

        if (i == q->to) {
            return 1;
        }

        c = p[i];

        if (c == '+') {
            plus = i;
            continue;
        }

        if (c == '=' && i > from) {

            if (plus >= from || i - from > XPECTO_REDACT_NAME_MAX
                || xpecto_quick_is(q->m.join, from))
            {
                return 0;
            }

            if (xpecto_quick_is(q->m.digit, i - 1)
                || !xpecto_quick_is_new(q, q->rd->new_args, from, i))
            {
                named = xpecto_name_argument(q->rd, p + from, i - from,
                                             XPECTO_NAME_QUERY);

                if (named.class != XPECTO_CLASS_NONE) {

                    i = xpecto_quick_value(q, i + 1, named);

                    if (i == 0) {
                        return 0;
                    }

                    if (i == q->to) {
                        return 1;
                    }
                }
            }

        } else if (c != '&' && c != '=') {
            return 0;
        }

        from = i + 1;
    }
}


xpecto_quick xpecto_rc_e
xpecto_quick_write(const xpecto_quick_t *q, size_t len, uint8_t *out,
    size_t cap, xpecto_redact_result_t *res)
{
    size_t                     from, n;
    uint8_t                   *d, buf[XPECTO_REPLACEMENT_MAX];
    unsigned                   i;
    xpecto_phone_t             ph;
    const xpecto_quick_put_t  *put;

    d = out;
    from = 0;

    for (i = 0; i < q->nputs; i++) {

        put = &q->puts[i];

        if (put->number && q->rd->pseudonym != NULL) {
            xpecto_phone_set(&ph, q->p + put->start + 1,
                             put->end - put->start - 1);

        } else {
            ph.len = 0;
        }

        n = xpecto_edit_replacement(q->rd, buf, q->p + put->start,
                                    put->end - put->start, put->class, &ph);

        if ((size_t) (d - out) + (put->start - from) + n
            + 3 * (len - put->end) + XPECTO_REDACT_REST > cap)
        {
            return XPECTO_AGAIN;
        }

        d = xpecto_edit_copy(d, q->p + from, put->start - from);
        d = xpecto_edit_copy(d, buf, n);
        from = put->end;
    }

    d = xpecto_edit_copy(d, q->p + from, len - from);

    for (i = 0; i < q->nputs; i++) {
        res->counts[q->puts[i].class]++;
    }

    res->total += q->nputs;
    res->len = (size_t) (d - out);

    return XPECTO_OK;
}


xpecto_quick_extern
xpecto_rc_e
xpecto_edit_quick(const xpecto_redact_t *rd, xpecto_form_e form,
    const uint8_t *p, size_t len, uint8_t *out, size_t cap,
    xpecto_redact_result_t *res)
{
    size_t          i;
    xpecto_quick_t  q;

    if (len < XPECTO_QUICK_MIN || xpecto_mark(&q.m, p, len) != XPECTO_OK) {
        return XPECTO_AGAIN;
    }

    q.rd = rd;
    q.p = p;
    q.word = 0;
    q.bits = q.m.other[0];
    q.nputs = 0;

    if (form == XPECTO_FORM_REQUEST ? !xpecto_quick_request(&q, len)
                                    : !xpecto_quick_authority(&q, len))
    {
        return XPECTO_AGAIN;
    }

    i = xpecto_quick_path(&q);

    if (i == 0
        || (i < q.to && !xpecto_quick_query(&q, i + 1))
        || !xpecto_quick_is_plain(&q, form == XPECTO_FORM_REQUEST ? q.from
                                                                  : 0))
    {
        return XPECTO_AGAIN;
    }

    return (q.nputs == 0) ? XPECTO_DECLINED
                          : xpecto_quick_write(&q, len, out, cap, res);
}
