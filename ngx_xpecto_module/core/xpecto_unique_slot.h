
/*
 * Who was written to: the slots of xpecto_unique.h.
 */


#ifndef _XPECTO_UNIQUE_SLOT_H_INCLUDED_
#define _XPECTO_UNIQUE_SLOT_H_INCLUDED_


#include "xpecto.h"


#define XPECTO_UNIQUE_SPAN    900               /* seconds */
#define XPECTO_UNIQUE_SPANS   97                /* in sight: 24 h and one */
#define XPECTO_UNIQUE_SLOTS   8                 /* of a bucket: 64 bytes */

#define XPECTO_UNIQUE_BITS    16                /* of a span */
#define XPECTO_UNIQUE_LOW     0xffffull
#define XPECTO_UNIQUE_TIMES   15ull
#define XPECTO_UNIQUE_HASH    (~0ull << 20)

#define xpecto_unique_times(word)                                            \
    ((word) >> XPECTO_UNIQUE_BITS & XPECTO_UNIQUE_TIMES)


typedef struct {
    uint64_t  *slots;
    uint64_t   nbuckets;
} xpecto_unique_slots_t;


/* asks for his buckets */

void xpecto_unique_slot_prefetch(const xpecto_unique_slots_t *t,
    const uint64_t hash[2]);

/*
 * His slot and its word, or NULL and *room: a slot that is free or out of
 * sight, in the emptier bucket.
 */

uint64_t *xpecto_unique_slot_find(const xpecto_unique_slots_t *t,
    const uint64_t hash[2], uint32_t span, uint64_t *word, uint64_t **room);

/*
 * A slot behind his first one that is of the same span, and its word; NULL:
 * there is none
 */

uint64_t *xpecto_unique_slot_twice(const xpecto_unique_slots_t *t,
    const uint64_t hash[2], uint32_t span, uint64_t *word);

/* the span of a word, not later than the one that is given */

uint32_t xpecto_unique_slot_span(uint64_t word, uint32_t span);

/* written to for the first time in this span */

uint64_t xpecto_unique_slot_word(const uint64_t hash[2], uint32_t span);

/* 1: it held *word and holds to now; 0: *word is seen anew */

int xpecto_unique_slot_swap(uint64_t *slot, uint64_t *word, uint64_t to);

/* once more or once less in the span that he is in; 0: he is not any more */

int xpecto_unique_slot_pin(const xpecto_unique_slots_t *t,
    const uint64_t hash[2], uint32_t span);
void xpecto_unique_slot_unpin(const xpecto_unique_slots_t *t,
    const uint64_t hash[2], uint32_t span);


#endif /* _XPECTO_UNIQUE_SLOT_H_INCLUDED_ */
