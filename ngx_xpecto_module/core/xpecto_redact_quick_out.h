
/*
 * What the quick way writes in the place of a value, and whether anything is
 * to be found in what it leaves.
 */


#ifndef _XPECTO_REDACT_QUICK_OUT_H_INCLUDED_
#define _XPECTO_REDACT_QUICK_OUT_H_INCLUDED_


#include "xpecto_redact_quick.h"


/* values that are replaced, at most; a byte of q->classes is for each */

#define XPECTO_QUICK_PUTS     4

/* bytes copied at once */

#define XPECTO_QUICK_COPY    32

/* what stands without a name has less of them, see xpecto_map.h */

#define XPECTO_QUICK_DIGITS   7
#define XPECTO_QUICK_QUAD     4
#define XPECTO_QUICK_DOTS     3


/* up to an offset; where there is one word, more may be read and written */

xpecto_quick void
xpecto_quick_copy(xpecto_quick_t *q, size_t to, const size_t words)
{
    size_t          n;
    const uint8_t  *p;

    p = q->p + q->copied;
    n = to - q->copied;

    if (words > 1) {
        memcpy(q->last, p, n);

    } else {
        xpecto_quick_vector(q->last, p);

        if (n > XPECTO_QUICK_COPY) {
            xpecto_quick_vector(q->last + XPECTO_QUICK_COPY,
                                p + XPECTO_QUICK_COPY);
        }
    }

    q->last += n;
    q->copied = to;
}


/* what a style makes of a value; 0: there might be too little room */

xpecto_quick int
xpecto_quick_style(xpecto_quick_t *q, size_t start, size_t end,
    xpecto_class_e class, int number)
{
    size_t          n;
    uint8_t         buf[XPECTO_REPLACEMENT_MAX];
    xpecto_phone_t  ph;

    ph.len = 0;

    if (number) {
        xpecto_phone_set(&ph, q->p + start + 1, end - start - 1);
    }

    n = xpecto_edit_replacement(q->rd, buf, q->p + start, end - start, class,
                                &ph);

    if ((size_t) (q->last - q->out) + n + 3 * (q->len - end)
        + 2 * XPECTO_QUICK_COPY > q->cap)
    {
        return 0;
    }

    q->last = xpecto_edit_copy(q->last, buf, n);

    return 1;
}


/*
 * A value of the class; number: it was found by content.  0: not of the
 * common kind.  The bound has room for labels in any case.
 */

xpecto_quick int
xpecto_quick_put(xpecto_quick_t *q, size_t start, size_t end,
    xpecto_class_e class, int number, const size_t words)
{
    size_t  w, base;

    if ((q->classes >> 8 * (XPECTO_QUICK_PUTS - 1)) != 0
        || (q->rd->classes & XPECTO_CLASS_BIT(class)
                           & ~XPECTO_CLASS_BIT(XPECTO_CLASS_IP)) == 0
        || q->rd->styles[class] == XPECTO_STYLE_MASK)
    {
        return 0;
    }

    xpecto_quick_copy(q, start, words);

    if (xpecto_edit_is_label(q->rd, class)) {
        q->last += xpecto_edit_label(q->last, class);

    } else if (!xpecto_quick_style(q, start, end, class, number)) {
        return 0;
    }

    q->copied = end;
    q->classes = q->classes << 8 | (class + 1);

    if (words == 1) {
        q->rest[0] &= ~(~(uint64_t) 0 >> (64 - (end - start)) << start);
        return 1;
    }

    for (w = start / 64; w * 64 < end; w++) {
        base = w * 64;
        q->rest[w] &= ~((start > base ? ~(uint64_t) 0 << start % 64
                                      : ~(uint64_t) 0)
                        & (end < base + 64 ? xpecto_quick_bits(0, end % 64)
                                           : ~(uint64_t) 0));
    }

    return 1;
}


/* capital letters, b and w: what a token, an id, an account begins with */

xpecto_quick int
xpecto_quick_letters(const xpecto_quick_t *q, size_t base, uint64_t bits,
    const size_t words)
{
    size_t    i;
    uint8_t   c, next;

    for ( /* void */ ; bits; bits &= bits - 1) {

        i = base + (size_t) __builtin_ctzll(bits);
        c = q->p[i];
        next = (i + 1 < q->to) ? q->p[i + 1] : 0;

        switch (c) {

        case 'w':
            if (next == 'a') {
                return 0;
            }

            break;

        case 'b':
            if ((next | 0x20) == 'a' || (next | 0x20) == 'e') {
                return 0;
            }

            break;

        case 'B':
        case 'E':
        case 'J':
        case 'S':
        case 'Y':
            return 0;

        default:
            if (next == '.'
                || (next >= 'A' && next <= 'Z' && i + 2 < q->to
                    && xpecto_quick_is(q->m.digit, i + 2, words)))
            {
                return 0;
            }
        }
    }

    return 1;
}


/* 1: nothing is to be found between the values that are replaced */

xpecto_quick int
xpecto_quick_is_plain(const xpecto_quick_t *q, const size_t words)
{
    size_t  digits, joins, w;

    digits = 0;
    joins = 0;

    for (w = 0; w < words && w * 64 < q->to; w++) {

        digits += (size_t) __builtin_popcountll(q->m.digit[w] & q->rest[w]);
        joins += (size_t) __builtin_popcountll(q->m.join[w] & q->rest[w]);

        if ((q->m.letter[w] & q->rest[w])
            && !xpecto_quick_letters(q, w * 64, q->m.letter[w] & q->rest[w],
                                     words))
        {
            return 0;
        }
    }

    /* four digits may be those of an address, as that of the host */

    return digits < XPECTO_QUICK_QUAD
           || (digits < XPECTO_QUICK_DIGITS && joins < XPECTO_QUICK_DOTS);
}


#endif /* _XPECTO_REDACT_QUICK_OUT_H_INCLUDED_ */
