
/*
 * What masks say of phone numbers: for xpecto_prefilter_inc.h.
 *
 * A mask is an xpecto_bits_t, a bit for each byte of a block; whoever includes
 * this defines the type, XPECTO_PREFILTER_BLOCK, and what is not done by "&",
 * "|" and "~": xpecto_ahead(x, n), bit i is bit i + n of x, and
 * xpecto_behind(x, n), bit i - n, n from 1 to 16, both with zeros for what is
 * outside; xpecto_ones; xpecto_last, the last bit; xpecto_first_16.
 */


#ifndef _XPECTO_PREFILTER_PHONES_H_INCLUDED_
#define _XPECTO_PREFILTER_PHONES_H_INCLUDED_


#include "xpecto_prefilter.h"


#define xpecto_inline                                                        \
    XPECTO_PREFILTER_TARGET static inline __attribute__((always_inline))


/* bit n: the byte n is one of these */

typedef struct {
    xpecto_bits_t       digit;
    xpecto_bits_t       low;            /* "0", "1" */
    xpecto_bits_t       space;
    xpecto_bits_t       open;           /* "+", "(" */
    xpecto_bits_t       dot;
    xpecto_bits_t       slash;
    xpecto_bits_t       chain;          /* a digit, or between groups of them */
    xpecto_bits_t       letter;
    xpecto_bits_t       capital;        /* 0x40 to 0x5f */
    xpecto_bits_t       escape;         /* "%", "\", beyond ASCII */
    xpecto_bits_t       colon;
    xpecto_bits_t       at;
    xpecto_bits_t       beyond;         /* the end of the text; a chain */
} xpecto_prefilter_masks_t;


/*
 * Of a block so many bytes are decided: what is behind them, and what stands
 * before, is context.  A start is decided too early rather than too late:
 * what the end of a block hides is what it would have to be.
 */

#define XPECTO_PREFILTER_BACK   6
#define XPECTO_PREFILTER_STEP   (XPECTO_PREFILTER_BLOCK - 4)
#define XPECTO_PREFILTER_CUT    8       /* with escapes that more are not */
#define XPECTO_PREFILTER_FAR    26      /* an escape before means nothing */
#define XPECTO_PREFILTER_ENDS   38      /* one so near to the end may do so */


/* bit i: n of these, 2, 4, 8 or 11, are not there in a row, as far as seen */

#define xpecto_prefilter_less_2(none)   ((none) | xpecto_ahead(none, 1))
#define xpecto_prefilter_less_4(two)    ((two) | xpecto_ahead(two, 2))
#define xpecto_prefilter_less_8(two)                                         \
    ((two) | xpecto_ahead(two, 2) | xpecto_ahead(two, 4)                     \
     | xpecto_ahead(two, 6))
#define xpecto_prefilter_less_11(two, eight)                                 \
    ((eight) | xpecto_ahead(two, 8) | xpecto_ahead(two, 9))


/* digits that target stands behind, with less than three between */

xpecto_inline xpecto_bits_t
xpecto_prefilter_reach(xpecto_bits_t target, xpecto_bits_t digit)
{
    xpecto_bits_t  reach;

    reach = digit & xpecto_ahead(target, 1);
    reach |= digit & xpecto_ahead(reach, 1);
    reach |= digit & xpecto_ahead(reach, 1);

    return reach;
}


/*
 * What begins like this and has no mark is no number in groups: one digit and
 * a dot, but for "1.650.", two or three and a dot, but for "011.", three
 * between spaces or four and more, but for "011 " and "1650-".
 */

xpecto_inline xpecto_bits_t
xpecto_prefilter_harmless(const xpecto_prefilter_masks_t *m,
    xpecto_bits_t four)
{
    xpecto_bits_t  d, low, dot, one, two, three;

    d = m->digit;
    dot = m->dot;
    low = m->low & xpecto_ahead(m->low, 1) & xpecto_ahead(m->low, 2);

    /* the second dot may be in the next block */

    one = xpecto_ahead(dot, 1)
          & ~(m->low & (xpecto_ahead(dot, 5) | ~xpecto_ahead(xpecto_ones, 5)));
    two = xpecto_ahead(d, 1) & xpecto_ahead(dot, 2);
    three = xpecto_ahead(d, 1) & xpecto_ahead(d, 2) & xpecto_ahead(dot, 3)
            & ~low;

    return one | two | three
           | (((xpecto_behind(m->space, 1) & xpecto_ahead(m->space, 3)) | four)
              & ~m->low);
}


/*
 * Numbers in plain text.  All of a number is a chain of digits and
 * separators: of seven digits, or of eight characters if it is in groups and
 * marked, of eleven if it is not.  A plus or "(" stands next to a number or a
 * space away; a word that marks or announces it has a letter up to six
 * characters before it, and of those with a slash only "wa.me/" does so.
 *
 * A letter before them, or digits and a dot, make them a part of something;
 * "/20100101 " is a date.
 */

xpecto_inline xpecto_bits_t
xpecto_prefilter_phones(const xpecto_prefilter_masks_t *m, xpecto_bits_t start,
    xpecto_bits_t four, xpecto_bits_t run)
{
    xpecto_bits_t  two, eight, eleven, word, slash, before;

    two = xpecto_prefilter_less_2(~m->chain);
    eight = xpecto_prefilter_less_8(two);
    eleven = xpecto_prefilter_less_11(two, eight);

    slash = xpecto_behind(m->slash, 1) & ~xpecto_behind(m->dot, 4);

    word = xpecto_behind(m->letter, 2) | xpecto_behind(m->letter, 3)
           | xpecto_behind(m->letter, 4) | xpecto_behind(m->letter, 5)
           | xpecto_behind(m->letter, 6);
    word &= ~slash;
    word |= xpecto_behind(m->open, 1) | xpecto_behind(m->open, 2);

    run &= ~(slash & xpecto_ahead(m->space, 8) & ~m->low);
    before = xpecto_behind(m->dot, 1) & xpecto_behind(m->digit, 2);
    start &= ~xpecto_behind(m->letter, 1) & (~before | run);

    return start & (run | (word & ~eight)
                    | ~(eleven | xpecto_prefilter_harmless(m, four)));
}


/*
 * The same with escapes around: seven digits, digits behind a "(" or a plus,
 * up to six of them and a separator, or an escape, and more; the first dot of
 * "1.650.".
 */

xpecto_inline xpecto_bits_t
xpecto_prefilter_rough(const xpecto_prefilter_masks_t *m, xpecto_bits_t start,
    xpecto_bits_t run)
{
    xpecto_bits_t  d, any, sep, dot, near, more;

    d = m->digit;
    any = m->chain & ~(d|m->dot);
    more = d|any|m->escape;

    sep = any & ~m->beyond & xpecto_ahead(more, 1);
    dot = m->dot & xpecto_ahead(d, 1) & xpecto_ahead(d, 2)
          & xpecto_ahead(d, 3) & xpecto_ahead(m->dot, 4);

    near = xpecto_prefilter_reach(sep|dot|m->escape, d);
    near |= d & xpecto_ahead(d, 1) & xpecto_ahead(d, 2)
            & xpecto_ahead(near, 3);

    return start & (run | near | xpecto_behind(m->open, 1));
}


/*
 * What an escape may matter for: all of a chain before it, as far as a number
 * could reach, and sixteen bytes behind it.  rough: one stands before the
 * block; one may as well stand behind the chain that it ends with.
 */

xpecto_inline xpecto_bits_t
xpecto_prefilter_near(const xpecto_prefilter_masks_t *m, int rough)
{
    xpecto_bits_t  before, behind, chain;

    chain = m->chain;
    before = m->escape | (chain & xpecto_last & ~m->beyond);

    before |= chain & xpecto_ahead(before, 1);
    chain &= xpecto_ahead(chain, 1);
    before |= chain & xpecto_ahead(before, 2);
    chain &= xpecto_ahead(chain, 2);
    before |= chain & xpecto_ahead(before, 4);
    chain &= xpecto_ahead(chain, 4);
    before |= chain & xpecto_ahead(before, 8);
    chain &= xpecto_ahead(chain, 8);
    before |= chain & xpecto_ahead(before, 16);

    behind = m->escape | xpecto_behind(m->escape, 1);
    behind |= xpecto_behind(behind, 2);
    behind |= xpecto_behind(behind, 4);
    behind |= xpecto_behind(behind, 8);

    if (rough) {
        behind |= xpecto_first_16;
    }

    return before | behind;
}


#endif /* _XPECTO_PREFILTER_PHONES_H_INCLUDED_ */
