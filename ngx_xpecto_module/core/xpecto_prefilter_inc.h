
/*
 * What masks say: the same for all processors, and inlined into each loop of
 * xpecto_prefilter_walk.h.
 */


#ifndef _XPECTO_PREFILTER_INC_H_INCLUDED_
#define _XPECTO_PREFILTER_INC_H_INCLUDED_


#include "xpecto_prefilter.h"
#include "xpecto_view.h"


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

#define XPECTO_PREFILTER_P  XPECTO_CLASS_BIT(XPECTO_CLASS_PHONE)
#define XPECTO_PREFILTER_U  XPECTO_CLASS_BIT(XPECTO_CLASS_USER)
#define XPECTO_PREFILTER_E  XPECTO_CLASS_BIT(XPECTO_CLASS_EMAIL)
#define XPECTO_PREFILTER_A  XPECTO_CLASS_BIT(XPECTO_CLASS_IP)
#define XPECTO_PREFILTER_C  XPECTO_CLASS_BIT(XPECTO_CLASS_CREDENTIAL)
#define XPECTO_PREFILTER_I  XPECTO_CLASS_BIT(XPECTO_CLASS_ID)
#define XPECTO_PREFILTER_N  XPECTO_CLASS_BIT(XPECTO_CLASS_ACCOUNT)

#define XPECTO_PREFILTER_ALL                                                 \
    (XPECTO_PREFILTER_ENCODED|XPECTO_PREFILTER_C|XPECTO_PREFILTER_I)

/* what is found in an encoded form */

#define XPECTO_PREFILTER_ENCODED                                             \
    (XPECTO_PREFILTER_P|XPECTO_PREFILTER_E|XPECTO_PREFILTER_A                \
     |XPECTO_PREFILTER_U|XPECTO_PREFILTER_N)


/*
 * xpecto_prefilter.c: a vector of each byte, for operands in memory.  Of
 * values that it sees, a compiler makes a vector anew for each block.
 */

extern const uint8_t  xpecto_prefilter_bytes[256][32];

/* these are rare, each is looked at by itself */

uint64_t xpecto_prefilter_encoded(xpecto_prefilter_t *f, uint64_t found,
    uint64_t escape, size_t back, const uint8_t *end, unsigned classes,
    uint64_t *inner);
uint64_t xpecto_prefilter_tokens(uint64_t pair, const uint8_t *block);


/* bit n: n of these are not there in a row, as far as one can see */

xpecto_inline uint64_t
xpecto_prefilter_less(uint64_t none, unsigned n)
{
    if (n >= 2) {
        none |= none >> 1;
    }

    if (n >= 4) {
        none |= none >> 2;
    }

    if (n >= 8) {
        none |= none >> 4;
    }

    /* so many by now that the rest overlaps */

    switch (n) {

    case 7:
        return none | none >> 3;

    case 11:
        return none | none >> 3;

    default:
        return none;
    }
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

    one = m->dot >> 1 & ~(m->dot >> 5);
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
 * Cards and IBANs: four digits, a separator or an escape, and four more;
 * capital letters before two digits.
 */

xpecto_inline uint64_t
xpecto_prefilter_accounts(const xpecto_prefilter_masks_t *m, uint64_t start)
{
    uint64_t  d, four, more;

    d = m->digit;
    four = xpecto_prefilter_less(~d, 4);
    more = m->escape >> 4 | ~((~m->chain|d) >> 4 | four >> 5);

    return (start & ~four & more)
           | (m->capital & m->capital >> 1 & d >> 2 & d >> 3);
}


/*
 * IPv4: three dots with up to three digits between; what the end hides may
 * be any of them.  IPv6: two colons, or one between digits or letters with as
 * many of them behind it as make eight groups: not those of "12:00:00",
 * unless there are two colons somewhere.
 */

xpecto_inline uint64_t
xpecto_prefilter_addresses(const xpecto_prefilter_masks_t *m, uint64_t start)
{
    uint64_t  d, h, other, undotted, two, three, twice;

    d = m->digit;
    other = ~(d|m->beyond);
    undotted = ~(m->dot|m->beyond);

    two = m->dot
          & ~(other >> 1
              | (undotted >> 2
                 & (other >> 2 | (undotted >> 3
                                  & (other >> 3 | undotted >> 4)))));
    three = ~(two|m->beyond);
    three = two & ~(three >> 2 & three >> 3 & three >> 4);

    twice = m->colon & m->colon >> 1;
    h = d|m->letter;

    return (start & xpecto_prefilter_reach(three, d)) | twice
           | (m->colon & h << 1 & h >> 1
              & (twice ? ~UINT64_C(0)
                       : ~xpecto_prefilter_less(~(h|m->colon|m->escape
                                                  |m->beyond), 11)));
}


/*
 * What an escape may matter for: as far as one number could reach before it,
 * XPECTO_PREFILTER_FAR behind it.  rough: one stands before the block; one may
 * as well stand behind the digits that it ends with.
 */

xpecto_inline uint64_t
xpecto_prefilter_near(uint64_t escape, uint64_t digit, int rough)
{
    uint64_t  before, behind;

    before = escape | escape >> 1;
    before |= before >> 2;
    before |= before >> 4;
    before |= before >> 8;
    before |= before >> 16;

    if (digit >> (XPECTO_PREFILTER_BLOCK - 1)) {
        before |= ~(~UINT64_C(0) >> __builtin_clzll(~digit | 1));
    }

    behind = escape | escape << 1;
    behind |= behind << 2;
    behind |= behind << 4;
    behind |= behind << 8;
    behind |= behind << (XPECTO_PREFILTER_FAR - 15);

    if (rough) {
        behind |= ~(~UINT64_C(0)
                    << (XPECTO_PREFILTER_BACK + XPECTO_PREFILTER_FAR));
    }

    return before | behind;
}


xpecto_inline uint64_t
xpecto_prefilter_candidates(const xpecto_prefilter_masks_t *m, uint64_t start,
    unsigned classes, uint64_t near)
{
    uint64_t  four, run, found;

    /* runs of so many digits: bit n is the first of them */

    four = ~xpecto_prefilter_less(~m->digit, 4);
    run = four & four >> 3;
    found = 0;

    if (classes & (XPECTO_PREFILTER_C|XPECTO_PREFILTER_N)) {
        found |= start & run;
    }

    if (classes & XPECTO_PREFILTER_N) {
        found |= xpecto_prefilter_accounts(m, start);
    }

    if (classes & XPECTO_PREFILTER_P) {
        found |= xpecto_prefilter_phones(m, start, four, run) & ~near;

        if (near) {
            found |= xpecto_prefilter_rough(m, start, run) & near;
        }
    }

    if (classes & XPECTO_PREFILTER_A) {
        found |= xpecto_prefilter_addresses(m, start);
        found |= m->colon & m->escape >> 1;
    }

    if (classes & XPECTO_PREFILTER_E) {
        found |= m->at;
    }

    if (classes & XPECTO_PREFILTER_U) {
        found |= m->dot & m->capital << 1 & m->capital << 2;
    }

    return found;
}


#endif /* _XPECTO_PREFILTER_INC_H_INCLUDED_ */
