
/*
 * Who was written to: see xpecto_unique.h.
 */


#include "xpecto_unique.h"


#define XPECTO_UNIQUE_MIX  0x9e3779b97f4a7c15ull        /* 2^64 / phi, odd */


static uint64_t *xpecto_unique_slot_bucket(const xpecto_unique_slots_t *t,
    const uint64_t hash[2], unsigned i);


void
xpecto_unique_slot_prefetch(const xpecto_unique_slots_t *t,
    const uint64_t hash[2])
{
    __builtin_prefetch(xpecto_unique_slot_bucket(t, hash, 0), 1);
    __builtin_prefetch(xpecto_unique_slot_bucket(t, hash, 1), 1);
}


uint64_t *
xpecto_unique_slot_find(const xpecto_unique_slots_t *t, const uint64_t hash[2],
    uint32_t span, uint64_t *word, uint64_t **room)
{
    unsigned  i, k, n, best;
    uint64_t  w, *bucket, *first;

    *room = NULL;
    best = 0;

    for (i = 0; i < 2; i++) {
        bucket = xpecto_unique_slot_bucket(t, hash, i);
        first = NULL;
        n = 0;

        for (k = 0; k < XPECTO_UNIQUE_SLOTS; k++) {
            w = __atomic_load_n(&bucket[k], __ATOMIC_ACQUIRE);

            if (w == 0
                || span - xpecto_unique_slot_span(w, span)
                   >= XPECTO_UNIQUE_SPANS)
            {
                if (n++ == 0) {
                    first = &bucket[k];
                }

            } else if (((w ^ hash[1]) & XPECTO_UNIQUE_HASH) == 0) {
                *word = w;
                return &bucket[k];
            }
        }

        if (n > best) {
            best = n;
            *room = first;
        }
    }

    return NULL;
}


uint64_t *
xpecto_unique_slot_twice(const xpecto_unique_slots_t *t,
    const uint64_t hash[2], uint32_t span, uint64_t *word)
{
    unsigned  i, k, n;
    uint64_t  w, *bucket;

    n = 0;

    for (i = 0; i < 2; i++) {
        bucket = xpecto_unique_slot_bucket(t, hash, i);

        if (i == 1 && bucket == xpecto_unique_slot_bucket(t, hash, 0)) {
            break;
        }

        for (k = 0; k < XPECTO_UNIQUE_SLOTS; k++) {
            w = __atomic_load_n(&bucket[k], __ATOMIC_SEQ_CST);

            if (((w ^ hash[1]) & XPECTO_UNIQUE_HASH) != 0
                || ((w ^ span) & XPECTO_UNIQUE_LOW) != 0
                || n++ == 0)
            {
                continue;
            }

            *word = w;

            return &bucket[k];
        }
    }

    return NULL;
}


static uint64_t *
xpecto_unique_slot_bucket(const xpecto_unique_slots_t *t,
    const uint64_t hash[2], unsigned i)
{
    uint64_t  h;

    h = i ? hash[0] * XPECTO_UNIQUE_MIX : hash[0];

    return &t->slots[(((h >> 32) * t->nbuckets) >> 32) * XPECTO_UNIQUE_SLOTS];
}


uint32_t
xpecto_unique_slot_span(uint64_t word, uint32_t span)
{
    uint32_t  ago;

    ago = (span - (uint32_t) (word & XPECTO_UNIQUE_LOW))
          & (uint32_t) XPECTO_UNIQUE_LOW;

    /* written by who is a little ahead: as good as now */

    return (ago > XPECTO_UNIQUE_LOW - XPECTO_UNIQUE_SPANS) ? span
                                                           : span - ago;
}


uint64_t
xpecto_unique_slot_word(const uint64_t hash[2], uint32_t span)
{
    return (hash[1] & XPECTO_UNIQUE_HASH) | 1ull << XPECTO_UNIQUE_BITS
           | (span & XPECTO_UNIQUE_LOW);
}


int
xpecto_unique_slot_swap(uint64_t *slot, uint64_t *word, uint64_t to)
{
    /* whoever enters a slot sees then what was entered elsewhere before */

    return __atomic_compare_exchange_n(slot, word, to, 0, __ATOMIC_SEQ_CST,
                                       __ATOMIC_ACQUIRE);
}


/* so often that it is not counted any more: he stays */

int
xpecto_unique_slot_pin(const xpecto_unique_slots_t *t,
    const uint64_t hash[2], uint32_t span)
{
    uint64_t  word, *slot, *room;

    do {
        slot = xpecto_unique_slot_find(t, hash, span, &word, &room);

        if (slot == NULL || xpecto_unique_slot_span(word, span) != span) {
            return 0;
        }

        if (xpecto_unique_times(word) == XPECTO_UNIQUE_TIMES) {
            return 1;
        }

    } while (!xpecto_unique_slot_swap(slot, &word,
                                      word + (1ull << XPECTO_UNIQUE_BITS)));

    return 1;
}


void
xpecto_unique_slot_unpin(const xpecto_unique_slots_t *t,
    const uint64_t hash[2], uint32_t span)
{
    uint64_t  word, times, *slot, *room;

    do {
        slot = xpecto_unique_slot_find(t, hash, span, &word, &room);

        if (slot == NULL
            || (word & XPECTO_UNIQUE_LOW) != (span & XPECTO_UNIQUE_LOW))
        {
            return;
        }

        times = xpecto_unique_times(word);

        if (times == 1 || times == XPECTO_UNIQUE_TIMES) {
            return;
        }

    } while (!xpecto_unique_slot_swap(slot, &word,
                                      word - (1ull << XPECTO_UNIQUE_BITS)));
}


void
xpecto_unique_sweep(const xpecto_unique_t *u, uint64_t *bucket, uint64_t n,
    uint64_t sec)
{
    uint32_t  span;
    uint64_t  i, word, *slot;

    span = (uint32_t) (sec / XPECTO_UNIQUE_SPAN);

    for ( /* void */ ; n > 0; n--, (*bucket)++) {

        *bucket = (*bucket < u->slots.nbuckets) ? *bucket : 0;
        slot = u->slots.slots + *bucket * XPECTO_UNIQUE_SLOTS;

        for (i = 0; i < XPECTO_UNIQUE_SLOTS; i++) {
            word = __atomic_load_n(&slot[i], __ATOMIC_ACQUIRE);

            if (word != 0
                && span - xpecto_unique_slot_span(word, span)
                   >= XPECTO_UNIQUE_SPANS)
            {
                (void) __atomic_compare_exchange_n(&slot[i], &word, 0, 0,
                                                   __ATOMIC_ACQ_REL,
                                                   __ATOMIC_ACQUIRE);
            }
        }
    }
}
