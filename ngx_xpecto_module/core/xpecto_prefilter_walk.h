
/*
 * How a text is cut into blocks.  The loop is inlined into the one function
 * of each processor, and into that again for phone numbers alone, for which
 * most of the masks need not be made.
 */


#ifndef _XPECTO_PREFILTER_WALK_H_INCLUDED_
#define _XPECTO_PREFILTER_WALK_H_INCLUDED_


#include <string.h>

#include "xpecto_prefilter_inc.h"


/* of 64 bytes */

typedef void (*xpecto_prefilter_masks_pt)(const uint8_t *block,
    xpecto_prefilter_masks_t *m);


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
    b->hex = (xpecto_view_is_digit(c) || (c | 0x20) - 'a' <= 5);
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
    uint64_t                   found, forced, decided, inner;
    uint8_t                    padded[XPECTO_PREFILTER_BLOCK];
    const uint8_t             *block;
    xpecto_prefilter_masks_t   m;
    xpecto_prefilter_before_t  b;

    inner = (p == start || fresh) ? 0 : f->inner;
    forced = (p != start && fresh);

    for ( /* void */ ; p < end; p = f->next) {

        /* digits behind an escape begin a run */

        xpecto_prefilter_byte(&b, (p == start) ? 0 : p[-1], p);

        b.digit &= ~forced;
        n = (size_t) (end - p);
        decided = ~UINT64_C(0);
        f->base = p;
        f->next = end;
        block = p;

        if (n > XPECTO_PREFILTER_BLOCK) {
            decided >>= XPECTO_PREFILTER_BLOCK - XPECTO_PREFILTER_STEP;
            f->next = p + XPECTO_PREFILTER_STEP;

        } else if (end - start >= XPECTO_PREFILTER_BLOCK) {

            /* the last block ends with the text */

            f->base = end - XPECTO_PREFILTER_BLOCK;
            block = f->base;

            if (n < XPECTO_PREFILTER_BLOCK) {
                decided <<= XPECTO_PREFILTER_BLOCK - n;
                forced <<= XPECTO_PREFILTER_BLOCK - n;
                inner <<= XPECTO_PREFILTER_BLOCK - n;
                memset(&b, 0, sizeof(b));
            }

        } else {
            xpecto_prefilter_pad(padded, p, n);
            block = padded;
        }

        masks(block, &m);

        found = xpecto_prefilter_candidates(&m, &b, f->base, end, classes,
                                            &inner);
        found = (found & decided) | (forced & m.digit);

        inner >>= XPECTO_PREFILTER_STEP;

        if (found) {
            f->found = found;
            f->digit = m.digit;
            f->inner = inner;
            return 1;
        }

        forced = 0;
    }

    return 0;
}


#endif /* _XPECTO_PREFILTER_WALK_H_INCLUDED_ */
