
/*
 * How a text is cut into blocks.  The loop is inlined into the one function
 * of each processor, and into that again for phone numbers alone, for which
 * most of the masks need not be made.
 */


#ifndef _XPECTO_PREFILTER_WALK_H_INCLUDED_
#define _XPECTO_PREFILTER_WALK_H_INCLUDED_


#include <string.h>

#include "xpecto.h"


#define XPECTO_PREFILTER_BLOCK   64

#ifndef XPECTO_PREFILTER_TARGET
#define XPECTO_PREFILTER_TARGET  /* void */
#endif

typedef uint64_t  xpecto_bits_t;

#define xpecto_ahead(x, n)   ((x) >> (n))
#define xpecto_behind(x, n)  ((x) << (n))
#define xpecto_some(x)       ((x) != 0)
#define xpecto_ones          (~UINT64_C(0))
#define xpecto_last          (UINT64_C(1) << 63)
#define xpecto_first_16      UINT64_C(0xffff)

#include "xpecto_prefilter_inc.h"


/* of 64 bytes; the pairs of letters that a token begins with */

typedef uint64_t (*xpecto_prefilter_masks_pt)(const uint8_t *block,
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


/* all that is found is in the first word */

xpecto_inline void
xpecto_prefilter_one(xpecto_prefilter_t *f, uint64_t found)
{
    memset(f->found, 0, sizeof(f->found));
    f->found[0] = found;
}


/*
 * As far as there are no escapes: 1, 0 or, from *p on with *back bytes of
 * context, -1: then m is of the block that begins there.
 */

xpecto_inline int
xpecto_prefilter_fast(xpecto_prefilter_t *f,
    const uint8_t **p, size_t *back, const uint8_t *end, unsigned classes,
    xpecto_prefilter_masks_pt masks, xpecto_prefilter_masks_t *m,
    uint64_t *pair)
{
    uint64_t        found, decided;
    const uint8_t  *block, *next;

    m->beyond = 0;
    decided = ~UINT64_C(0) >> (XPECTO_PREFILTER_BLOCK - XPECTO_PREFILTER_STEP)
              >> *back << *back;

    for (block = *p - *back; /* void */ ; block = next - *back) {

        next = block + XPECTO_PREFILTER_STEP;

        /* the last block ends with the text */

        if (end - block <= XPECTO_PREFILTER_BLOCK) {
            block = end - XPECTO_PREFILTER_BLOCK;
            decided = ~UINT64_C(0) << (*p - block);
            next = end;
        }

        *pair = masks(block, m);

        if (m->escape) {
            return -1;
        }

        found = m->digit & ~(m->digit << 1);
        found = xpecto_prefilter_candidates(m, found, classes, 0, 0);

        if ((classes & (XPECTO_PREFILTER_I|XPECTO_PREFILTER_C)) && *pair) {
            xpecto_prefilter_tokens(&found, pair, 1, block,
                                    block + XPECTO_PREFILTER_BLOCK);
        }

        found &= decided;

        if (found) {
            f->base = block;
            f->next = next;
            xpecto_prefilter_one(f, found);
            f->inner = 0;
            f->rough = 0;
            return 1;
        }

        if (next == end) {
            return 0;
        }

        *p = next;
        *back = XPECTO_PREFILTER_BACK;
        decided = decided >> XPECTO_PREFILTER_BACK << XPECTO_PREFILTER_BACK;
    }
}


xpecto_inline int
xpecto_prefilter_walk(xpecto_prefilter_t *f, const uint8_t *start,
    const uint8_t *p, const uint8_t *end, unsigned classes, int fresh,
    xpecto_prefilter_masks_pt masks)
{
    int                        rc, rough, made;
    size_t                     n, back;
    uint64_t                   found, first, inner, pair;
    uint8_t                    padded[XPECTO_PREFILTER_BLOCK];
    const uint8_t             *block;
    xpecto_prefilter_masks_t   m;

    n = (size_t) (p - start);
    back = XPECTO_PREFILTER_BACK;
    inner = 0;
    rough = 0;
    first = 0;

    if (n > 0) {

        if (fresh) {
            back = XPECTO_PREFILTER_FAR;
            first = 1;

        } else {
            inner = f->inner;
            rough = f->rough;
        }
    }

    for (back = (n < back) ? n : back;
         p < end;
         p = f->next, back = XPECTO_PREFILTER_BACK)
    {
        made = (!rough && !first && end - start >= XPECTO_PREFILTER_BLOCK);

        if (made) {
            rc = xpecto_prefilter_fast(f, &p, &back, end, classes, masks, &m,
                                       &pair);

            if (rc >= 0) {
                return rc;
            }
        }

        block = p - back;
        n = (size_t) (end - block);
        f->base = block;
        f->next = end;

        if (n > XPECTO_PREFILTER_BLOCK) {
            f->next = block + XPECTO_PREFILTER_STEP;

        } else if (end - start >= XPECTO_PREFILTER_BLOCK) {

            /* the last block ends with the text */

            block = end - XPECTO_PREFILTER_BLOCK;
            n = XPECTO_PREFILTER_BLOCK;
            back += (size_t) (f->base - block);
            f->base = block;

        } else {
            xpecto_prefilter_pad(padded, block, n);
            block = padded;
        }

        if (!made) {
            pair = masks(block, &m);
            m.beyond = 0;
        }

        if (block == padded) {
            m.beyond = ~UINT64_C(0) << n;
            m.chain |= m.beyond;
        }

        /* digits behind an escape begin a run */

        first = first << back & m.digit;
        found = (m.digit & ~(m.digit << 1)) | first;
        found = xpecto_prefilter_candidates(&m, found, classes,
                                            rough || m.escape, rough);

        if ((classes & (XPECTO_PREFILTER_I|XPECTO_PREFILTER_C)) && pair) {
            xpecto_prefilter_tokens(&found, &pair, 1, block, block + n);
        }

        xpecto_prefilter_one(f, found >> back << back);

        if (rough || m.escape) {
            rough = (m.escape >> (XPECTO_PREFILTER_BLOCK
                                  - XPECTO_PREFILTER_ENDS)) != 0;
            xpecto_prefilter_encoded(f, &m.escape, 1, back, end, classes,
                                     &inner);
        }

        f->found[0] |= first;

        if (f->next != end) {
            f->found[0] &= ~(~UINT64_C(0) << XPECTO_PREFILTER_STEP);
        }

        if (f->found[0]) {
            f->inner = inner;
            f->rough = rough;
            return 1;
        }

        first = 0;
    }

    return 0;
}

/* phone numbers alone and all classes are each a loop of their own */

#define xpecto_prefilter_walks(f, start, p, end, classes, fresh, masks)      \
    ((classes) == XPECTO_PREFILTER_P)                                        \
    ? xpecto_prefilter_walk(f, start, p, end, XPECTO_PREFILTER_P, fresh,     \
                            masks)                                           \
    : (((classes) & XPECTO_PREFILTER_ALL) == XPECTO_PREFILTER_ALL)           \
      ? xpecto_prefilter_walk(f, start, p, end, XPECTO_PREFILTER_ALL, fresh, \
                              masks)                                         \
      : xpecto_prefilter_walk(f, start, p, end, classes, fresh, masks)


#endif /* _XPECTO_PREFILTER_WALK_H_INCLUDED_ */
