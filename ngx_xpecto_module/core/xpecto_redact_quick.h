
/*
 * What the quick way keeps of a URI: its special characters, one after the
 * other, the values that are replaced, and whether anything is to be found
 * between those.  All of it is inlined into one function.
 */


#ifndef _XPECTO_REDACT_QUICK_H_INCLUDED_
#define _XPECTO_REDACT_QUICK_H_INCLUDED_


#include "xpecto_mark.h"
#include "xpecto_redact_edit.h"


#define XPECTO_QUICK_PUTS     8

/* what stands without a name has less of them, see xpecto_map.h */

#define XPECTO_QUICK_DIGITS   7
#define XPECTO_QUICK_QUAD     4
#define XPECTO_QUICK_DOTS     3


#if defined(__x86_64__) && defined(__GNUC__)
#define xpecto_quick                                                         \
    __attribute__((target("avx2,bmi,popcnt"), always_inline)) static inline
#define xpecto_quick_extern  __attribute__((target("avx2,bmi,popcnt")))
#else
#define xpecto_quick         static inline
#define xpecto_quick_extern
#endif


typedef struct {
    size_t                    start;
    size_t                    end;
    xpecto_class_e            class;
    int                       number;   /* found by content */
} xpecto_quick_put_t;


typedef struct {
    const xpecto_redact_t    *rd;
    const uint8_t            *p;
    size_t                    from;     /* the URI */
    size_t                    to;
    size_t                    word;     /* of the special characters left */
    uint64_t                  bits;
    unsigned                  nputs;
    xpecto_quick_put_t        puts[XPECTO_QUICK_PUTS];
    xpecto_mark_t             m;
} xpecto_quick_t;


/* the next special character, or the end of the URI */

xpecto_quick size_t
xpecto_quick_next(xpecto_quick_t *q)
{
    size_t  i;

    while (q->bits == 0) {

        if (++q->word * 64 >= q->to) {
            return q->to;
        }

        q->bits = q->m.other[q->word];
    }

    i = q->word * 64 + (size_t) __builtin_ctzll(q->bits);
    q->bits &= q->bits - 1;

    return i < q->to ? i : q->to;
}


xpecto_quick int
xpecto_quick_is(const uint64_t *words, size_t i)
{
    return words[i / 64] >> i % 64 & 1;
}


/* how many of [from, to), which is not empty */

xpecto_quick size_t
xpecto_quick_count(const uint64_t *words, size_t from, size_t to)
{
    size_t    n, w;
    uint64_t  bits;

    w = from / 64;
    bits = words[w] & ~(uint64_t) 0 << from % 64;
    n = 0;

    while (w != (to - 1) / 64) {
        n += (size_t) __builtin_popcountll(bits);
        bits = words[++w];
    }

    bits &= ~(uint64_t) 0 >> (63 - (to - 1) % 64);

    return n + (size_t) __builtin_popcountll(bits);
}


/* a value of the class; 0: it is not replaced by what is known beforehand */

xpecto_quick int
xpecto_quick_put(xpecto_quick_t *q, size_t start, size_t end,
    xpecto_class_e class, int number)
{
    xpecto_quick_put_t  *put;

    if (q->nputs == XPECTO_QUICK_PUTS || class == XPECTO_CLASS_IP
        || (q->rd->classes & XPECTO_CLASS_BIT(class)) == 0
        || q->rd->styles[class] == XPECTO_STYLE_MASK)
    {
        return 0;
    }

    put = &q->puts[q->nputs++];
    put->start = start;
    put->end = end;
    put->class = class;
    put->number = number;

    return 1;
}


/* capital letters, b and w: what a token, an id, an account begins with */

xpecto_quick int
xpecto_quick_letters(const xpecto_quick_t *q, size_t base, uint64_t bits)
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
                    && xpecto_quick_is(q->m.digit, i + 2)))
            {
                return 0;
            }
        }
    }

    return 1;
}


/* 1: nothing is to be found between the values that are replaced */

xpecto_quick int
xpecto_quick_is_plain(const xpecto_quick_t *q, size_t from)
{
    size_t    digits, dots, w, base;
    uint64_t  rest[XPECTO_MARK_WORDS];
    unsigned  i;

    for (w = 0; w * 64 < q->to; w++) {
        rest[w] = ~(uint64_t) 0;
    }

    rest[from / 64] = ~(uint64_t) 0 << from % 64;

    if (q->to % 64) {
        rest[w - 1] &= ~(uint64_t) 0 >> (64 - q->to % 64);
    }

    for (i = 0; i < q->nputs; i++) {

        for (w = q->puts[i].start / 64; w * 64 < q->puts[i].end; w++) {
            base = w * 64;

            rest[w] &= ~((q->puts[i].start > base
                          ? ~(uint64_t) 0 << q->puts[i].start % 64
                          : ~(uint64_t) 0)
                         & (q->puts[i].end < base + 64
                            ? ~(~(uint64_t) 0 << q->puts[i].end % 64)
                            : ~(uint64_t) 0));
        }
    }

    digits = 0;
    dots = 0;

    for (w = 0; w * 64 < q->to; w++) {

        digits += (size_t) __builtin_popcountll(q->m.digit[w] & rest[w]);
        dots += (size_t) __builtin_popcountll(q->m.join[w] & rest[w]);

        if ((q->m.letter[w] & rest[w])
            && !xpecto_quick_letters(q, w * 64, q->m.letter[w] & rest[w]))
        {
            return 0;
        }
    }

    return digits < XPECTO_QUICK_DIGITS
           && (digits < XPECTO_QUICK_QUAD || dots < XPECTO_QUICK_DOTS);
}


#endif /* _XPECTO_REDACT_QUICK_H_INCLUDED_ */
