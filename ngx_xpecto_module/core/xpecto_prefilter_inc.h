
/*
 * What the prefilters of all processors share: how a text is cut into blocks
 * and what masks say.  Everything is inlined into the one function of each
 * processor, and into that again for phone numbers alone, for which most of
 * the masks need not be made.
 */


#ifndef _XPECTO_PREFILTER_INC_H_INCLUDED_
#define _XPECTO_PREFILTER_INC_H_INCLUDED_


#include <string.h>

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


/* 64 bytes at block; half: zeroes from byte 32 on */

typedef void (*xpecto_prefilter_masks_pt)(const uint8_t *block, int half,
    xpecto_prefilter_masks_t *m);


/* the byte before a block, as bit 0 */

typedef struct {
    uint64_t            digit;
    uint64_t            plus;
    uint64_t            paren;
    uint64_t            hex;            /* a digit as well */
    uint64_t            upper;
    uint64_t            pair;
    uint64_t            fresh;          /* any bit: digits begin a run here */
    uint64_t            inner;          /* any bit: of an escape before */
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
    uint64_t  d, sep, near;

    d = m->digit;
    sep = m->plus|m->paren;
    sep = (m->blank|sep) & (d|sep) >> 1;
    sep |= m->dot & d >> 1 & d >> 2 & d >> 3 & m->dot >> 4;

    near = xpecto_prefilter_reach(sep, d);
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
    *inner = b->inner;

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

    return (found & ~*inner) | (d & b->fresh);
}


/* n bytes, less than 64, at dst; what is behind them there is zero */

xpecto_inline void
xpecto_prefilter_pad(uint8_t *dst, const uint8_t *p, size_t n)
{
    uint64_t  first, last;
    uint32_t  a, b;

    memset(dst, 0, XPECTO_PREFILTER_BLOCK);

    if (n >= 32) {
        memcpy(dst, p, 32);
        memmove(dst + n - 32, p + n - 32, 32);

    } else if (n >= 16) {
        memcpy(dst, p, 16);
        memmove(dst + n - 16, p + n - 16, 16);

    } else if (n >= 8) {
        memcpy(&first, p, 8);
        memcpy(&last, p + n - 8, 8);
        memcpy(dst, &first, 8);
        memcpy(dst + n - 8, &last, 8);

    } else if (n >= 4) {
        memcpy(&a, p, 4);
        memcpy(&b, p + n - 4, 4);
        memcpy(dst, &a, 4);
        memcpy(dst + n - 4, &b, 4);

    } else if (n > 0) {
        dst[0] = p[0];
        dst[n / 2] = p[n / 2];
        dst[n - 1] = p[n - 1];
    }
}


/* c: the byte before p */

xpecto_inline void
xpecto_prefilter_byte(xpecto_prefilter_before_t *b, unsigned c,
    const uint8_t *p)
{
    b->digit = xpecto_view_is_digit(c);
    b->plus = (c == '+');
    b->paren = (c == '(');
    b->hex = (xpecto_view_hex(c) <= 15);
    b->upper = xpecto_view_is_upper(c);
    b->pair = (c == 'y' || c == 'A' || c == 'H' || c == 'g')
              && (*p == 'J' || *p == 'B');
}


xpecto_inline int
xpecto_prefilter_walk(xpecto_prefilter_t *f, const uint8_t *start,
    const uint8_t *p, const uint8_t *end, unsigned classes, int fresh,
    xpecto_prefilter_masks_pt masks)
{
    size_t                     n;
    uint64_t                   found, decided, inner;
    uint8_t                    padded[XPECTO_PREFILTER_BLOCK];
    xpecto_prefilter_masks_t   m;
    xpecto_prefilter_before_t  b;

    memset(&b, 0, sizeof(b));

    if (p > start && p < end) {
        xpecto_prefilter_byte(&b, p[-1], p);
    }

    b.fresh = (fresh != 0);
    b.inner = fresh ? 0 : f->inner;

    for ( /* void */ ; p < end; p = f->next) {

        n = (size_t) (end - p);
        decided = ~UINT64_C(0);
        f->base = p;
        f->next = end;

        if (n > XPECTO_PREFILTER_BLOCK) {
            masks(p, 0, &m);
            decided >>= XPECTO_PREFILTER_BLOCK - XPECTO_PREFILTER_STEP;
            f->next = p + XPECTO_PREFILTER_STEP;

        } else if (end - start >= XPECTO_PREFILTER_BLOCK) {

            /* the last block ends with the text */

            f->base = end - XPECTO_PREFILTER_BLOCK;
            masks(f->base, 0, &m);
            decided <<= XPECTO_PREFILTER_BLOCK - n;

            if (n < XPECTO_PREFILTER_BLOCK) {
                found = b.fresh << (XPECTO_PREFILTER_BLOCK - n);
                inner = b.inner << (XPECTO_PREFILTER_BLOCK - n);
                memset(&b, 0, sizeof(b));
                b.fresh = found;
                b.inner = inner;
            }

        } else {
            xpecto_prefilter_pad(padded, p, n);
            masks(padded, n <= 32, &m);
        }

        found = xpecto_prefilter_candidates(&m, &b, f->base, end, classes,
                                            &inner)
                & decided;

        if (found) {
            f->found = found;
            f->digit = m.digit;
            f->inner = inner >> XPECTO_PREFILTER_STEP;
            return 1;
        }

        b.digit = m.digit >> (XPECTO_PREFILTER_STEP - 1) & 1;
        b.plus = m.plus >> (XPECTO_PREFILTER_STEP - 1) & 1;
        b.paren = m.paren >> (XPECTO_PREFILTER_STEP - 1) & 1;
        b.hex = (m.digit|m.hex) >> (XPECTO_PREFILTER_STEP - 1) & 1;
        b.upper = m.upper >> (XPECTO_PREFILTER_STEP - 1) & 1;
        b.pair = m.pair >> (XPECTO_PREFILTER_STEP - 1) & 1;
        b.fresh = 0;
        b.inner = inner >> XPECTO_PREFILTER_STEP;
    }

    return 0;
}


#endif /* _XPECTO_PREFILTER_INC_H_INCLUDED_ */
