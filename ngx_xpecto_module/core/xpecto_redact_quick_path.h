
/* The quick way through a request line or URI up to its query. */


#ifndef _XPECTO_REDACT_QUICK_PATH_H_INCLUDED_
#define _XPECTO_REDACT_QUICK_PATH_H_INCLUDED_


#include <string.h>

#include "xpecto_redact_quick_out.h"


#define XPECTO_QUICK_METHOD   7

/* as words, little endian */

#define XPECTO_QUICK_GET       0x20544547
#define XPECTO_QUICK_HTTP_1_0  UINT64_C(0x302e312f50545448)
#define XPECTO_QUICK_HTTP_1_1  UINT64_C(0x312e312f50545448)
#define XPECTO_QUICK_HTTP_2_0  UINT64_C(0x302e322f50545448)

#define XPECTO_QUICK_TAIL    (sizeof(" HTTP/1.1") - 1)


/* "GET /path HTTP/1.1"; 0: something else */

xpecto_quick int
xpecto_quick_request(xpecto_quick_t *q, const size_t words)
{
    size_t    i;
    uint64_t  head, tail;

    xpecto_quick_end(q, q->len - XPECTO_QUICK_TAIL, words);

    i = xpecto_quick_first(q->m.other[0]);

    if (i == 0 || i > XPECTO_QUICK_METHOD || q->p[i] != ' '
        || i >= q->to - 1 || q->p[i + 1] != '/')
    {
        return 0;
    }

    memcpy(&head, q->p, 8);
    memcpy(&tail, q->p + q->to + 1, 8);

    /* capital letters only */

    if ((uint32_t) head != XPECTO_QUICK_GET
        && ((head & UINT64_C(0x2020202020202020)) << (64 - 8 * i)
            | ~q->m.letter[0] << (64 - i)) != 0)
    {
        return 0;
    }

    if (q->p[q->to] != ' '
        || (tail != XPECTO_QUICK_HTTP_1_1 && tail != XPECTO_QUICK_HTTP_1_0
            && tail != XPECTO_QUICK_HTTP_2_0))
    {
        return 0;
    }

    /* those two are in the first word */

    q->from = i + 1;
    q->bits = xpecto_quick_rest(xpecto_quick_rest(q->m.other[0]));

    return 1;
}


/* "/path", "https://host/path", whose host is a name; 0: something else */

xpecto_quick int
xpecto_quick_authority(xpecto_quick_t *q, const size_t words)
{
    size_t    i;
    uint16_t  slashes;

    xpecto_quick_end(q, q->len, words);

    q->from = 0;
    q->bits = q->m.other[0];

    i = xpecto_quick_next(q, words);

    if (i == 0) {
        return q->p[0] == '/';
    }

    if (i > XPECTO_QUICK_METHOD || q->p[i] != ':'
        || (q->m.digit[0] | q->m.join[0]) << (64 - i) != 0)
    {
        return 0;
    }

    memcpy(&slashes, q->p + i + 1, 2);

    if (slashes != 0x2f2f) {
        return 0;
    }

    /* those two are in the first word */

    q->bits = xpecto_quick_rest(xpecto_quick_rest(q->bits));

    q->from = xpecto_quick_next(q, words);

    return q->from < q->to && q->p[q->from] == '/' && q->from > i + 3;
}


/*
 * "/+16505551234/": a letter before the slash and one behind the number, so
 * that no other digits can belong to it; the end of the segment, 0: no number
 */

xpecto_quick size_t
xpecto_quick_number(xpecto_quick_t *q, size_t i, const size_t words)
{
    size_t          end, n;
    const uint8_t  *p;

    p = q->p;
    end = xpecto_quick_next(q, words);
    n = end - i - 1;

    if (n < XPECTO_PHONE_MIN || n > XPECTO_PHONE_MAX
        || i - 1 == q->from || !xpecto_view_is_alpha(p[i - 2])
        || xpecto_quick_count(q->m.digit, i + 1, end, words) != n
        || !xpecto_phone_check(p + i + 1, n, XPECTO_PHONE_POSSIBLE)
        || !xpecto_quick_put(q, i, end, XPECTO_CLASS_PHONE, 1, words))
    {
        return 0;
    }

    if (end < q->to && p[end] == '/'
        && (q->rd->nnames || end + 1 == q->to
            || !xpecto_view_is_alpha(p[end + 1])))
    {
        return 0;
    }

    return end;
}


/* 0: no name of a segment, whose value follows, nor "waInstance..." */

xpecto_quick int
xpecto_quick_segment(const xpecto_quick_t *q, size_t from, size_t to,
    const size_t words)
{
    size_t   n;
    uint8_t  name[XPECTO_REDACT_NAME_MAX];

    n = to - from;

    if (n > XPECTO_REDACT_NAME_MAX || xpecto_quick_is(q->m.join, from, words)
        || (n > 10 && (q->p[from] | 0x20) == 'w'))
    {
        return 1;
    }

    n = xpecto_name_fold(name, q->p + from, n);

    return xpecto_name_find(q->rd, name, n, XPECTO_NAME_PATH, NULL, 0).class
           != XPECTO_CLASS_NONE;
}


/* the "?" behind the path, or the end; 0: not of the common kind */

xpecto_quick size_t
xpecto_quick_path(xpecto_quick_t *q, const size_t words)
{
    size_t          i, from;
    uint8_t         c;
    uint32_t        letters;
    const uint8_t  *p;

    p = q->p;
    letters = q->rd->nnames ? ~(uint32_t) 0 : q->rd->segments;

    for (from = q->from + 1; /* void */ ; from = i + 1) {

        i = xpecto_quick_next(q, words);

        if (i == q->to) {
            return i;
        }

        if (p[i] == '/') {

            c = p[from];

            if ((c < '@' || (letters >> (c & 31) & 1)) && i > from
                && xpecto_quick_segment(q, from, i, words))
            {
                return 0;
            }

            continue;
        }

        if (p[i] == '+' && i == from) {

            i = xpecto_quick_number(q, i, words);

            if (i == 0 || i == q->to) {
                return i;
            }

            if (p[i] == '/') {
                continue;
            }
        }

        return (p[i] == '?') ? i : 0;
    }
}


#endif /* _XPECTO_REDACT_QUICK_PATH_H_INCLUDED_ */
