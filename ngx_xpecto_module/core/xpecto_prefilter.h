
/*
 * Which bytes of a block are worth a look: bytes become bit masks (by SSE2
 * or AVX2 where the processor has them, else by a table), and shifts and
 * ands of masks find runs of digits and pairs of characters in a few
 * instructions.  It may point at too much, never at too little.
 */


#ifndef _XPECTO_PREFILTER_H_INCLUDED_
#define _XPECTO_PREFILTER_H_INCLUDED_


#include "xpecto_scan.h"


#define XPECTO_PREFILTER_BLOCK  64

/* positions that are decided; the others of a block are context */

#define XPECTO_PREFILTER_STEP   56


/* bit n: the byte n is one of these */

typedef struct {
    uint64_t            digit;
    uint64_t            escape;         /* "%", "\", beyond ASCII */
    uint64_t            mark;           /* "+", "(", "B", "b": before digits */
    uint64_t            separator;      /* " ", "-", "(", "+": behind them */
    uint64_t            dot;
    uint64_t            colon;
    uint64_t            at;
    uint64_t            hex;            /* a to f in any case */
    uint64_t            upper;
    uint64_t            letter;         /* E S w B b: tokens, ids */
    uint64_t            second;         /* A E G K in any case: behind them */
    uint64_t            alone;          /* J Y: the same without a second */
} xpecto_prefilter_masks_t;


/* block: XPECTO_PREFILTER_BLOCK bytes, zeroes from len on */

typedef void (*xpecto_prefilter_pt)(const uint8_t *block, size_t len,
    xpecto_prefilter_masks_t *m);


/* the best of this processor; never NULL */

xpecto_prefilter_pt xpecto_prefilter(void);

/* by a table */

void xpecto_prefilter_scalar(const uint8_t *block, size_t len,
    xpecto_prefilter_masks_t *m);

/* NULL where this build or processor has none */

xpecto_prefilter_pt xpecto_prefilter_sse2(void);
xpecto_prefilter_pt xpecto_prefilter_avx2(void);

/*
 * The positions of a block at which something of the classes can begin or,
 * for an "@", a colon, a dot, stands in the middle.  before: the byte before
 * the block, 0 if it is of no interest.  Bit 63 and its neighbours know too
 * little: only the first XPECTO_PREFILTER_STEP bits count.
 */

uint64_t xpecto_prefilter_candidates(const xpecto_prefilter_masks_t *m,
    unsigned before, unsigned classes);


#endif /* _XPECTO_PREFILTER_H_INCLUDED_ */
