
/*
 * Which bytes of a text are worth a look: bytes become bit masks (by SSE2,
 * AVX2, AVX-512 or NEON where the processor has them, else one by one), and
 * shifts and ands of masks find chains of digits and separators and beginnings
 * of tokens in a few instructions a block.  It may point at too much, never
 * at too little; how much depends on the size of a block, 64 bytes or 256.
 */


#ifndef _XPECTO_PREFILTER_H_INCLUDED_
#define _XPECTO_PREFILTER_H_INCLUDED_


#include "xpecto_scan.h"


/*
 * The first block from p on in which something of the classes can begin or,
 * for an "@", a colon, a dot, stands in the middle; 0: there is none.
 * Nothing before start is looked at, nor from end on.  p is start, or f->next
 * after a call, or, if fresh, any place: a digit there begins a run.
 */

typedef int (*xpecto_prefilter_pt)(xpecto_prefilter_t *f,
    const uint8_t *start, const uint8_t *p, const uint8_t *end,
    unsigned classes, int fresh);


/* the best of this processor; never NULL */

xpecto_prefilter_pt xpecto_prefilter(void);

/* one byte after the other */

int xpecto_prefilter_scalar(xpecto_prefilter_t *f, const uint8_t *start,
    const uint8_t *p, const uint8_t *end, unsigned classes, int fresh);

/* NULL where this build or processor has none */

xpecto_prefilter_pt xpecto_prefilter_sse2(void);
xpecto_prefilter_pt xpecto_prefilter_avx2(void);
xpecto_prefilter_pt xpecto_prefilter_avx512(void);
xpecto_prefilter_pt xpecto_prefilter_neon(void);


#endif /* _XPECTO_PREFILTER_H_INCLUDED_ */
