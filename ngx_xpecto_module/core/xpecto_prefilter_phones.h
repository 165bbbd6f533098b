
/* What masks say of phone numbers: for xpecto_prefilter_inc.h. */


#ifndef _XPECTO_PREFILTER_PHONES_H_INCLUDED_
#define _XPECTO_PREFILTER_PHONES_H_INCLUDED_


#include "xpecto_prefilter.h"


#define xpecto_inline  static inline __attribute__((always_inline))


/*
 * Of a block so many bytes are decided: what is behind them, and what stands
 * before, is context.  A start is decided too early rather than too late:
 * what the end of a block hides is what it would have to be.
 */

#define XPECTO_PREFILTER_BACK   6
#define XPECTO_PREFILTER_STEP   60
#define XPECTO_PREFILTER_ROUGH  56      /* with escapes more is looked at */
#define XPECTO_PREFILTER_FAR    26      /* an escape before means nothing */
#define XPECTO_PREFILTER_NEAR   16      /* nor does one for a number */


/* bit i: n of these, 4, 8 or 11, are not there in a row, as far as one sees */

xpecto_inline uint64_t
xpecto_prefilter_less(uint64_t none, unsigned n)
{
    none |= none >> 1;
    none |= none >> 2;

    if (n >= 8) {
        none |= none >> 4;
    }

    /* eight at i and eight at i + 3 */

    if (n == 11) {
        none |= none >> 3;
    }

    return none;
}


/* digits that target stands behind, with less than three between */

xpecto_inline uint64_t
xpecto_prefilter_reach(uint64_t target, uint64_t digit)
{
    uint64_t  reach;

    reach = digit & target >> 1;
    reach |= digit & reach >> 1;
    reach |= digit & reach >> 1;

    return reach;
}


/*
 * What begins like this and has no mark is no number in groups: one digit and
 * a dot, but for "1.650.", two or three and a dot, but for "011.", three
 * between spaces or four and more, but for "011 " and "1650-".
 */

xpecto_inline uint64_t
xpecto_prefilter_harmless(const xpecto_prefilter_masks_t *m, uint64_t four)
{
    uint64_t  d, low, one, two, three;

    d = m->digit;
    low = m->low & m->low >> 1 & m->low >> 2;

    /* the second dot may be in the next block */

    one = m->dot >> 1 & ~(m->dot >> 5 | ~(~UINT64_C(0) >> 5));
    two = d >> 1 & m->dot >> 2;
    three = d >> 1 & d >> 2 & m->dot >> 3 & ~low;

    return one | two | three
           | (((m->space << 1 & m->space >> 3) | four) & ~m->low);
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

xpecto_inline uint64_t
xpecto_prefilter_phones(const xpecto_prefilter_masks_t *m, uint64_t start,
    uint64_t four, uint64_t run)
{
    uint64_t  d, eight, eleven, word, slash;

    d = m->digit;

    eight = xpecto_prefilter_less(~m->chain, 8);
    eleven = eight | eight >> 3;
    slash = m->slash << 1 & ~(m->dot << 4);

    word = m->letter << 2 | m->letter << 3;
    word |= word << 2;
    word |= m->letter << 6;
    word &= ~slash;
    word |= m->open << 1 | m->open << 2;

    run &= ~(slash & m->space >> 8 & ~m->low);
    start &= ~(m->letter << 1) & (~(m->dot << 1 & d << 2) | run);

    return start & (run | (word & ~eight)
                    | ~(eleven | xpecto_prefilter_harmless(m, four)));
}


/*
 * The same with escapes around: seven digits, digits behind a "(" or a plus,
 * up to six of them and a separator, or an escape, and more; the first dot of
 * "1.650.".
 */

xpecto_inline uint64_t
xpecto_prefilter_rough(const xpecto_prefilter_masks_t *m, uint64_t start,
    uint64_t run)
{
    uint64_t  d, any, sep, dot, near;

    d = m->digit;
    any = m->chain & ~(d|m->dot);

    sep = any & (d|any|m->escape) >> 1;
    dot = m->dot & d >> 1 & d >> 2 & d >> 3 & m->dot >> 4;

    near = xpecto_prefilter_reach(sep|dot|m->escape, d);
    near |= d & d >> 1 & d >> 2 & near >> 3;

    return start & (run | near | m->open << 1);
}


/*
 * What an escape may matter for: all of a chain before it, as far as a number
 * could reach, and XPECTO_PREFILTER_NEAR bytes behind it.  rough: one stands
 * before the block; one may as well stand behind the chain that it ends with.
 */

xpecto_inline uint64_t
xpecto_prefilter_near(const xpecto_prefilter_masks_t *m, int rough)
{
    unsigned  n;
    uint64_t  before, behind, chain;

    chain = m->chain;
    before = m->escape | (chain & UINT64_C(1) << (XPECTO_PREFILTER_BLOCK - 1));

    for (n = 1; n <= 16; n *= 2) {
        before |= chain & before >> n;
        chain &= chain >> n;
    }

    behind = m->escape | m->escape << 1;
    behind |= behind << 2;
    behind |= behind << 4;
    behind |= behind << 8;

    if (rough) {
        behind |= ~(~UINT64_C(0) << XPECTO_PREFILTER_NEAR);
    }

    return before | behind;
}


#endif /* _XPECTO_PREFILTER_PHONES_H_INCLUDED_ */
