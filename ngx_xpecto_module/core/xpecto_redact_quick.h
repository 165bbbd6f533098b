
/*
 * What the quick way keeps of a URI, its special characters, one after the
 * other, and what names say.  All of it is inlined into one function for URIs
 * of one word and one for longer ones; "words" is a constant in each.
 */


#ifndef _XPECTO_REDACT_QUICK_H_INCLUDED_
#define _XPECTO_REDACT_QUICK_H_INCLUDED_


#include "xpecto_mark.h"
#include "xpecto_redact_edit.h"
#include "xpecto_view.h"


#define xpecto_quick                                                         \
    __attribute__((XPECTO_QUICK_TARGET always_inline)) static inline


typedef struct {
    const xpecto_redact_t    *rd;
    const uint8_t            *p;
    size_t                    len;
    size_t                    from;     /* the URI */
    size_t                    to;
    size_t                    word;     /* of the special characters left */
    uint64_t                  bits;
    uint8_t                  *out;
    uint8_t                  *last;     /* of what was written */
    size_t                    cap;
    size_t                    copied;   /* input before it is in out */
    uint32_t                  classes;  /* of what is replaced, and one each */
    uint64_t                  rest[XPECTO_MARK_WORDS];  /* is not replaced */
    xpecto_mark_t             m;
} xpecto_quick_t;


/* but the lowest */

xpecto_quick uint64_t
xpecto_quick_rest(uint64_t bits)
{
    return bits & (bits - 1);
}


/* bits from one offset of a word up to another, which is not its end */

xpecto_quick uint64_t
xpecto_quick_bits(size_t from, size_t to)
{
    return ((uint64_t) 1 << to) - ((uint64_t) 1 << from);
}


/* the end of the URI is an end to its special characters */

xpecto_quick void
xpecto_quick_end(xpecto_quick_t *q, size_t to, const size_t words)
{
    size_t  w;

    q->to = to;

    if (words == 1) {
        q->m.other[0] |= (to < 64) ? ~(uint64_t) 0 << to : 0;
        return;
    }

    for (w = to / 64; w < words; w++) {
        q->m.other[w] = (w == to / 64)
                        ? q->m.other[w] | ~(uint64_t) 0 << to % 64
                        : ~(uint64_t) 0;
    }
}


/* the next special character, or the end of the URI; not to be asked again */

xpecto_quick size_t
xpecto_quick_next(xpecto_quick_t *q, const size_t words)
{
    size_t  i;

    while (words > 1 && q->bits == 0) {

        if (++q->word == words) {
            return q->to;
        }

        q->bits = q->m.other[q->word];
    }

    i = xpecto_quick_first(q->bits);
    q->bits = xpecto_quick_rest(q->bits);

    return (words == 1) ? i : q->word * 64 + i;
}


xpecto_quick int
xpecto_quick_is(const uint64_t *kind, size_t i, const size_t words)
{
    return kind[words == 1 ? 0 : i / 64] >> i % 64 & 1;
}


/* how many of [from, to), which is not empty */

xpecto_quick size_t
xpecto_quick_count(const uint64_t *kind, size_t from, size_t to,
    const size_t words)
{
    size_t    n, w;
    uint64_t  bits;

    w = (words == 1) ? 0 : from / 64;
    bits = kind[w] >> from % 64 << from % 64;
    n = 0;

    while (words > 1 && w != (to - 1) / 64) {
        n += (size_t) __builtin_popcountll(bits);
        bits = kind[++w];
    }

    return n + (size_t) __builtin_popcountll(bits << (63 - (to - 1) % 64));
}


/* of a name that does not begin with a "_", "-" or "." */

xpecto_quick xpecto_named_t
xpecto_quick_name(const xpecto_quick_t *q, size_t from, size_t to,
    const size_t words)
{
    size_t                n;
    xpecto_named_t        named;
    const xpecto_name_t  *row;

    n = to - from;

    if (xpecto_quick_is(q->m.digit, to - 1, words) || q->rd->nnames) {
        return xpecto_name_argument(q->rd, q->p + from, n, XPECTO_NAME_QUERY);
    }

    n -= xpecto_quick_count(q->m.join, from, to, words);

    named.class = XPECTO_CLASS_NONE;
    named.flags = 0;
    named.name = NULL;

    if (xpecto_name_may_be_secret(q->p + from, to - from)) {
        return xpecto_name_argument(q->rd, q->p + from, to - from,
                                    XPECTO_NAME_QUERY);
    }

    if (q->rd->new_args[n] >> (q->p[from] & 31) & 1) {
        return named;
    }

    if (n < to - from || xpecto_quick_count(q->m.letter, from, to, words)) {
        return xpecto_name_argument(q->rd, q->p + from, to - from,
                                    XPECTO_NAME_QUERY);
    }

    /* folded as it is; there are no names of one letter */

    row = xpecto_name_row(q->p + from, n, XPECTO_NAME_QUERY);

    if (row != NULL) {
        named.class = (xpecto_class_e) row->class;
        named.flags = row->flags;
    }

    return named;
}


#endif /* _XPECTO_REDACT_QUICK_H_INCLUDED_ */
