
/*
 * How many were written to: the owners' counts of xpecto_unique.h.
 */


#ifndef _XPECTO_UNIQUE_COUNT_H_INCLUDED_
#define _XPECTO_UNIQUE_COUNT_H_INCLUDED_


#include "xpecto_unique.h"


#define xpecto_unique_head(span, n)  ((uint64_t) (span) << 32 | (n))


/*
 * The owner's place: his, or made his; NULL: none is left.  One whose current
 * span is out of sight counts nothing any more.
 */

xpecto_unique_owner_t *xpecto_unique_count_owner(const xpecto_unique_t *u,
    uint64_t tag, uint32_t span);

/* who is in sight at a span that is not before that of the head */

uint64_t xpecto_unique_count_sum(const xpecto_unique_owner_t *owner,
    uint64_t head, uint32_t span);

/* ticks until no more than so many of sum are, if nobody is written to */

uint64_t xpecto_unique_count_until(const xpecto_unique_owner_t *owner,
    uint64_t head, uint32_t span, uint64_t sum, uint64_t most, uint64_t sec);

/* who was counted in a span before that of the head */

uint32_t xpecto_unique_count_ring(const xpecto_unique_owner_t *owner,
    uint32_t span);

/* so many at least in such a span */

void xpecto_unique_count_put(xpecto_unique_owner_t *owner, uint32_t span,
    uint32_t n);

/* puts the head's count into the ring: before the head goes on to a span */

void xpecto_unique_count_close(xpecto_unique_owner_t *owner, uint64_t head,
    uint32_t to);

/* so many less in a span */

void xpecto_unique_count_give(xpecto_unique_owner_t *owner, uint64_t tag,
    uint32_t span, uint32_t n);

/* 0: *head is seen anew */

int xpecto_unique_count_swap(xpecto_unique_owner_t *owner, uint64_t tag,
    uint64_t *head, uint64_t to);


#endif /* _XPECTO_UNIQUE_COUNT_H_INCLUDED_ */
