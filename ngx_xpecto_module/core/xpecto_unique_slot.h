
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
#define XPECTO_UNIQUE_BELOW   20                /* bits below the hash */
#define XPECTO_UNIQUE_HASH    (~0ull << XPECTO_UNIQUE_BELOW)

#define xpecto_unique_times(word)                                            \
    ((word) >> XPECTO_UNIQUE_BITS & XPECTO_UNIQUE_TIMES)


typedef struct {
    uint64_t  *slots;
    uint64_t   nbuckets;
} xpecto_unique_slots_t;


/*
 * 1: taken by one who was written to in one of the spans in sight, or by a
 * process whose clock is a little ahead
 */

static inline unsigned
xpecto_unique_slot_taken(uint64_t word, uint32_t span)
{
    return (word != 0)
           & (((span + XPECTO_UNIQUE_SPANS - word) & XPECTO_UNIQUE_LOW)
              < 2 * XPECTO_UNIQUE_SPANS);
}


/*
 * Of the slots of two buckets, from the lowest bit on: which are of the hash;
 * from bit 16 on: which are not taken.
 */

#if defined(__x86_64__) && defined(__GNUC__)                                 \
    && !defined(__SANITIZE_THREAD__)

#define XPECTO_UNIQUE_VECTORS  1

uint32_t xpecto_unique_slot_avx2(const uint64_t *first,
    const uint64_t *second, uint64_t hash, uint32_t span);

#endif

uint32_t xpecto_unique_slot_plain(const uint64_t *first,
    const uint64_t *second, uint64_t hash, uint32_t span);


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

/* right after he was entered: 1: into no other slot as well */

int xpecto_unique_slot_alone(const xpecto_unique_slots_t *t,
    const uint64_t hash[2], uint32_t span);

/* the span of a word, not later than the one that is given */

uint32_t xpecto_unique_slot_span(uint64_t word, uint32_t span);

/* written to for the first time in this span */

uint64_t xpecto_unique_slot_word(const uint64_t hash[2], uint32_t span);

/* 1: it held *word and holds to now; 0: *word is seen anew */

int xpecto_unique_slot_swap(uint64_t *slot, uint64_t *word, uint64_t to);

/*
 * Once more or once less in the span that he is in; 0: he is not any more.
 * seen: at the slot where he was seen; 0: that has to be found.
 */

int xpecto_unique_slot_pin_seen(uint64_t *slot, const uint64_t hash[2],
    uint32_t span);
int xpecto_unique_slot_pin(const xpecto_unique_slots_t *t,
    const uint64_t hash[2], uint32_t span);
void xpecto_unique_slot_unpin(const xpecto_unique_slots_t *t,
    const uint64_t hash[2], uint32_t span);


#endif /* _XPECTO_UNIQUE_SLOT_H_INCLUDED_ */
