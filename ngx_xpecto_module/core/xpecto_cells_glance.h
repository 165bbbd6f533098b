
/*
 * What most often is so of the two buckets of a tag, found without a look at
 * each of their cells.
 */


#ifndef _XPECTO_CELLS_GLANCE_H_INCLUDED_
#define _XPECTO_CELLS_GLANCE_H_INCLUDED_


#include "xpecto_cells.h"


#if defined(__x86_64__) && defined(__GNUC__)                                 \
    && !defined(__SANITIZE_THREAD__)

#define XPECTO_CELLS_VECTORS  1


/*
 * A bit for each cell, from the first bucket's first on.  Each half of a cell
 * is read at once, but the two are of different moments: what is made of the
 * bits is looked at again.
 */

typedef struct {
    uint32_t  same;             /* has the tag, or a claim of it: if any has,
                                   the others are not looked for */
    uint32_t  free;             /* no tag, or a TAT that is not after now */
    uint32_t  other;            /* a claim, or another kind */
} xpecto_cells_bits_t;


/* where the processor has AVX2 */

void xpecto_cells_bits_avx2(xpecto_cells_bits_t *bits,
    const xpecto_cell_t *first, const xpecto_cell_t *second, uint64_t tag,
    uint64_t now);

/* "same" alone */

uint32_t xpecto_cells_same_avx2(const xpecto_cell_t *first,
    const xpecto_cell_t *second, uint64_t tag);

#endif


/*
 * OK: place has the tag; DECLINED: nothing has, and place is free, in the
 * emptier bucket; AGAIN: each of the cells has to be looked at.
 */

xpecto_rc_e xpecto_cells_glance(const xpecto_cells_t *t,
    xpecto_cell_t *const bucket[2], uint64_t tag, uint64_t now,
    xpecto_place_t *place);

/* 1: nothing has the tag but the cell that is claimed; 0: as above */

int xpecto_cells_glance_own(xpecto_cell_t *const bucket[2], uint64_t tag,
    const xpecto_cell_t *own);


#endif /* _XPECTO_CELLS_GLANCE_H_INCLUDED_ */
