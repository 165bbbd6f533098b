
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

#include "xpecto_redact_edit.h"


#if defined(__x86_64__) && defined(__GNUC__)

#include "xpecto_redact_quick_out.h"


#define XPECTO_QUICK_MIN     16         /* bytes */
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

    i = _tzcnt_u64(q->m.other[0]);

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
    q->bits = _blsr_u64(_blsr_u64(q->m.other[0]));

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

    q->bits = _blsr_u64(_blsr_u64(q->bits));

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


/* the value of a name, from its "=" on; its end, 0: not of the common kind */

xpecto_quick size_t
xpecto_quick_value(xpecto_quick_t *q, size_t from, xpecto_named_t named,
    const size_t words)
{
    size_t          i;
    const uint8_t  *p;

    p = q->p;

    for ( ;; ) {

        i = xpecto_quick_next(q, words);

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

    return xpecto_quick_put(q, from, i, named.class, 0, words) ? i : 0;
}


/* 0: not of the common kind */

xpecto_quick int
xpecto_quick_query(xpecto_quick_t *q, size_t from, const size_t words)
{
    size_t          i, plus;
    uint8_t         c;
    const uint8_t  *p;
    xpecto_named_t  named;

    p = q->p;
    plus = 0;

    for ( ;; ) {

        i = xpecto_quick_next(q, words);

        if (i == q->to) {
            return 1;
        }

        c = p[i];

        if (c == '=' && i > from) {

            if (plus >= from || i - from > XPECTO_REDACT_NAME_MAX
                || xpecto_quick_is(q->m.join, from, words))
            {
                return 0;
            }

            named = xpecto_quick_name(q, from, i, words);

            if (named.class != XPECTO_CLASS_NONE) {

                i = xpecto_quick_value(q, i + 1, named, words);

                if (i == 0 || i == q->to) {
                    return i != 0;
                }
            }

        } else if (c == '+') {
            plus = i;
            continue;

        } else if (c != '&' && c != '=') {
            return 0;
        }

        from = i + 1;
    }
}


xpecto_quick xpecto_rc_e
xpecto_quick_uri(xpecto_quick_t *q, xpecto_form_e form,
    xpecto_redact_result_t *res, const size_t words)
{
    size_t  w, i;

    q->word = 0;
    q->last = q->out;
    q->copied = 0;
    q->classes = 0;

    if (form == XPECTO_FORM_REQUEST ? !xpecto_quick_request(q, words)
                                    : !xpecto_quick_authority(q, words))
    {
        return XPECTO_AGAIN;
    }

    /* the method and the version are none of its business */

    i = (form == XPECTO_FORM_REQUEST) ? q->from : 0;

    if (words == 1) {
        q->rest[0] = ~(uint64_t) 0 >> (64 - (q->to - i)) << i;

    } else {
        for (w = 0; w < words; w++) {
            q->rest[w] = (q->to >= w * 64 + 64) ? ~(uint64_t) 0
                         : (q->to > w * 64) ? xpecto_quick_bits(0, q->to % 64)
                                            : 0;
        }

        q->rest[0] &= ~(uint64_t) 0 << i;
    }

    i = xpecto_quick_path(q, words);

    if (i == 0 || (i < q->to && !xpecto_quick_query(q, i + 1, words))
        || !xpecto_quick_is_plain(q, words))
    {
        return XPECTO_AGAIN;
    }

    if (q->classes == 0) {
        return XPECTO_DECLINED;
    }

    for ( /* void */ ; q->classes; q->classes >>= 8) {
        res->counts[(q->classes & 0xff) - 1]++;
        res->total++;
    }

    xpecto_quick_copy(q, q->len, words);
    res->len = (size_t) (q->last - q->out);

    return XPECTO_OK;
}


__attribute__((target("avx2,bmi,bmi2,popcnt"), noinline))
static xpecto_rc_e
xpecto_quick_many(const xpecto_redact_t *rd, xpecto_form_e form,
    const uint8_t *p, size_t len, uint8_t *out, size_t cap,
    xpecto_redact_result_t *res)
{
    xpecto_quick_t  q;

    if (len < XPECTO_QUICK_MIN || xpecto_mark(&q.m, p, len) != XPECTO_OK) {
        return XPECTO_AGAIN;
    }

    q.rd = rd;
    q.p = p;
    q.len = len;
    q.out = out;
    q.cap = cap;

    return xpecto_quick_uri(&q, form, res, XPECTO_MARK_WORDS);
}


/* 32 to 64 bytes: their marks stay in registers, their copy may be overread */

xpecto_quick xpecto_rc_e
xpecto_quick_try(const xpecto_redact_t *rd, xpecto_form_e form,
    const uint8_t *p, size_t len, uint8_t *out, size_t cap,
    xpecto_redact_result_t *res)
{
    size_t              shift;
    uint8_t             text[64 + XPECTO_QUICK_COPY];
    xpecto_quick_t      q;
    xpecto_mark_part_t  a, b;

    shift = len - XPECTO_MARK_VECTOR;

    if (shift > 64 - XPECTO_MARK_VECTOR) {
        return xpecto_quick_many(rd, form, p, len, out, cap, res);
    }

    a = xpecto_mark_part(p);
    b = xpecto_mark_part(p + shift);
    xpecto_mark_copy(text, p);
    xpecto_mark_copy(text + shift, p + shift);

    q.rd = rd;
    q.p = text;
    q.len = len;
    q.out = out;
    q.cap = cap;
    q.m.digit[0] = a.digit | (uint64_t) b.digit << shift;
    q.m.join[0] = a.join | (uint64_t) b.join << shift;
    q.m.letter[0] = a.letter | (uint64_t) b.letter << shift;
    q.m.other[0] = a.other | (uint64_t) b.other << shift;

    return xpecto_quick_uri(&q, form, res, 1);
}


__attribute__((target("avx2,bmi,bmi2,popcnt")))
xpecto_rc_e
xpecto_edit_quick(const xpecto_redact_t *rd, xpecto_redact_place_t place,
    const uint8_t *p, size_t len, int tail, uint8_t *out, size_t cap,
    xpecto_redact_result_t *res)
{
    xpecto_rc_e  rc;

    rc = xpecto_quick_try(rd, place.form, p, len, out, cap, res);

    return (rc != XPECTO_AGAIN)
           ? rc : xpecto_edit_whole(rd, place, p, len, tail, out, cap, res);
}

#endif
