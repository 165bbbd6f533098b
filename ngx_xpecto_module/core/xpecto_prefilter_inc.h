
/*
 * What masks say: the same for all processors, and inlined into each loop of
 * xpecto_prefilter_walk.h.
 */


#ifndef _XPECTO_PREFILTER_INC_H_INCLUDED_
#define _XPECTO_PREFILTER_INC_H_INCLUDED_


#include "xpecto_prefilter.h"
#include "xpecto_view.h"


#define xpecto_inline  static inline __attribute__((always_inline))


/* positions that are decided; the others of a block are context */

#define XPECTO_PREFILTER_STEP   56

#define XPECTO_PREFILTER_P  XPECTO_CLASS_BIT(XPECTO_CLASS_PHONE)
#define XPECTO_PREFILTER_U  XPECTO_CLASS_BIT(XPECTO_CLASS_USER)
#define XPECTO_PREFILTER_E  XPECTO_CLASS_BIT(XPECTO_CLASS_EMAIL)
#define XPECTO_PREFILTER_A  XPECTO_CLASS_BIT(XPECTO_CLASS_IP)
#define XPECTO_PREFILTER_C  XPECTO_CLASS_BIT(XPECTO_CLASS_CREDENTIAL)
#define XPECTO_PREFILTER_I  XPECTO_CLASS_BIT(XPECTO_CLASS_ID)
#define XPECTO_PREFILTER_N  XPECTO_CLASS_BIT(XPECTO_CLASS_ACCOUNT)


/* what bit 0 of a block has to know of the byte before it */

typedef struct {
    uint64_t            digit;
    uint64_t            plus;
    uint64_t            paren;
    uint64_t            hex;            /* a digit as well */
    uint64_t            upper;
    uint64_t            pair;
} xpecto_prefilter_before_t;


/* xpecto_prefilter.c: escapes are rare, each is looked at by itself */

uint64_t xpecto_prefilter_escapes(uint64_t escape, const uint8_t *p,
    const uint8_t *end, uint64_t *inner);


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
 * Numbers: seven digits; digits behind a "(", or a plus unless they begin
 * with a zero; up to six of them, a space or a dash, and more; the first dot
 * of "1.650.".
 */

xpecto_inline uint64_t
xpecto_prefilter_phones(const xpecto_prefilter_masks_t *m,
    const xpecto_prefilter_before_t *b, uint64_t start, uint64_t run)
{
    uint64_t  d, any, sep, dot, near, paren;

    d = m->digit;
    any = m->blank|m->plus|m->paren;
    paren = m->paren & (d|any|m->escape) >> 1;
    sep = any & (d|paren) >> 1;

    dot = m->dot & d >> 1 & d >> 2 & d >> 3 & m->dot >> 4;

    /* digits and a dot before it make it a part of something */

    if (m->escape == 0) {
        start &= ~(m->dot << 1 & d << 2 & ~UINT64_C(0xff)) | run;
    }

    near = xpecto_prefilter_reach(sep|dot, d);
    near |= d & d >> 1 & d >> 2 & near >> 3;
    near |= (m->plus << 1 | b->plus) & ~m->zero;
    near |= m->paren << 1 | b->paren;

    return start & (run | near);
}


/*
 * Cards and IBANs: four digits, a space or a dash, and four more; capital
 * letters before two digits.
 */

xpecto_inline uint64_t
xpecto_prefilter_accounts(const xpecto_prefilter_masks_t *m, uint64_t start)
{
    uint64_t  d, four;

    d = m->digit & m->digit >> 1;
    four = d & d >> 2;

    return (start & four & (m->blank|m->plus) >> 4 & four >> 5)
           | (m->upper & m->upper >> 1 & d >> 2);
}


xpecto_inline uint64_t
xpecto_prefilter_addresses(const xpecto_prefilter_masks_t *m,
    const xpecto_prefilter_before_t *b, uint64_t start)
{
    uint64_t  d, h, end, prev;

    d = m->digit;

    /* two dots in digits */

    end = m->dot & d >> 1;
    end &= m->dot >> 2 | (d >> 2 & m->dot >> 3)
           | (d >> 2 & d >> 3 & m->dot >> 4);

    /* a colon within hexadecimal digits, or two of them */

    h = d|m->hex;
    prev = h << 1 | b->hex;

    return (start & xpecto_prefilter_reach(end, d))
           | (m->colon & (m->colon >> 1 | m->escape >> 1 | (prev & h >> 1)));
}


xpecto_inline uint64_t
xpecto_prefilter_candidates(const xpecto_prefilter_masks_t *m,
    const xpecto_prefilter_before_t *b, const uint8_t *p,
    const uint8_t *end, unsigned classes, uint64_t *inner)
{
    uint64_t  d, start, run, found, near;

    d = m->digit;
    start = d & ~(d << 1 | b->digit);

    /* runs of seven digits: bit n is the first of so many */

    run = d & d >> 1;
    run &= run >> 2;
    run &= run >> 3;

    found = 0;

    if (classes & (XPECTO_PREFILTER_P|XPECTO_PREFILTER_C|XPECTO_PREFILTER_N))
    {
        found |= start & run;
    }

    if (classes & XPECTO_PREFILTER_N) {
        found |= xpecto_prefilter_accounts(m, start);
    }

    if (classes & XPECTO_PREFILTER_P) {
        found |= xpecto_prefilter_phones(m, b, start, run);
    }

    if (classes & XPECTO_PREFILTER_A) {
        found |= xpecto_prefilter_addresses(m, b, start);
    }

    if (classes & XPECTO_PREFILTER_E) {
        found |= m->at;
    }

    if (classes & XPECTO_PREFILTER_U) {
        found |= m->dot & (m->upper << 1 | b->upper) & (m->upper << 2 | 3);
    }

    if (classes & (XPECTO_PREFILTER_I|XPECTO_PREFILTER_C)) {
        found |= m->prefix | m->pair << 1 | b->pair;
    }

    if (m->escape
        && (classes & (XPECTO_PREFILTER_P|XPECTO_PREFILTER_E
                       |XPECTO_PREFILTER_A|XPECTO_PREFILTER_U
                       |XPECTO_PREFILTER_N)))
    {
        near = m->escape
               | ((m->blank|m->plus|m->paren) & m->escape >> 1);
        near = xpecto_prefilter_reach(near, d);
        found |= start & (near | (d & d >> 1 & d >> 2 & near >> 3));
        found |= xpecto_prefilter_escapes(m->escape, p, end, inner);
    }

    return found & ~*inner;
}


#endif /* _XPECTO_PREFILTER_INC_H_INCLUDED_ */
