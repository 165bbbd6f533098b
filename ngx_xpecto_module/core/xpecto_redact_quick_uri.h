
/*
 * The quick way through a query, and as a whole.  Each processor's file says
 * before it includes this what its vectors are and what they are made for.
 */


#ifndef _XPECTO_REDACT_QUICK_URI_H_INCLUDED_
#define _XPECTO_REDACT_QUICK_URI_H_INCLUDED_


#include "xpecto_redact_quick_path.h"


#define XPECTO_QUICK_MIN  16            /* bytes */


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


__attribute__((XPECTO_QUICK_TARGET noinline))
static xpecto_rc_e
xpecto_quick_many(const xpecto_redact_t *rd, xpecto_form_e form,
    const uint8_t *p, size_t len, uint8_t *out, size_t cap,
    xpecto_redact_result_t *res)
{
    xpecto_quick_t  q;

    if (len < XPECTO_QUICK_MIN
        || xpecto_quick_mark(&q.m, p, len) != XPECTO_OK)
    {
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

    a = xpecto_quick_part(p);
    b = xpecto_quick_part(p + shift);
    xpecto_quick_vector(text, p);
    xpecto_quick_vector(text + shift, p + shift);

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


#endif /* _XPECTO_REDACT_QUICK_URI_H_INCLUDED_ */
