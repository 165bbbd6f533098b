
/*
 * Who was written to: see xpecto_unique.h.
 */


#include "xpecto_unique.h"


#define XPECTO_UNIQUE_MIX  0x9e3779b97f4a7c15ull        /* 2^64 / phi, odd */


static inline uint32_t xpecto_unique_slot_bits(uint64_t *const bucket[2],
    uint64_t hash, uint32_t span);
static inline uint64_t *xpecto_unique_slot_first(uint64_t *const bucket[2],
    uint32_t bits);
static inline void xpecto_unique_slot_buckets(const xpecto_unique_slots_t *t,
    const uint64_t hash[2], uint64_t *bucket[2]);
static inline uint64_t *xpecto_unique_slot_bucket(
    const xpecto_unique_slots_t *t, uint64_t h);


void
xpecto_unique_slot_prefetch(const xpecto_unique_slots_t *t,
    const uint64_t hash[2])
{
    uint64_t  *bucket[2];

    xpecto_unique_slot_buckets(t, hash, bucket);

    __builtin_prefetch(bucket[0], 1);
    __builtin_prefetch(bucket[1], 1);
}


uint64_t *
xpecto_unique_slot_find(const xpecto_unique_slots_t *t, const uint64_t hash[2],
    uint32_t span, uint64_t *word, uint64_t **room)
{
    uint32_t  bits, same, n;
    uint64_t  w, *bucket[2], *slot;

    xpecto_unique_slot_buckets(t, hash, bucket);
    bits = xpecto_unique_slot_bits(bucket, hash[1], span);

    for (same = bits & 0xffff; same != 0; same &= same - 1) {
        slot = xpecto_unique_slot_first(bucket, same);
        w = __atomic_load_n(slot, __ATOMIC_ACQUIRE);

        if (((w ^ hash[1]) & XPECTO_UNIQUE_HASH) == 0
            && xpecto_unique_slot_taken(w, span))
        {
            *word = w;
            return slot;
        }
    }

    bits >>= 16;
    *room = NULL;

    if (bits == 0) {
        return NULL;
    }

    /* the ones of either half, side by side */

    n = bits - (bits >> 1 & 0x5555);
    n = (n & 0x3333) + (n >> 2 & 0x3333);
    n = (n + (n >> 4)) & 0x0f0f;

    if (n >> 8 > (n & 0xff)) {
        bits &= 0xff00;
    }

    *room = xpecto_unique_slot_first(bucket, bits);

    return NULL;
}


uint64_t *
xpecto_unique_slot_twice(const xpecto_unique_slots_t *t,
    const uint64_t hash[2], uint32_t span, uint64_t *word)
{
    unsigned  n;
    uint32_t  same;
    uint64_t  w, *bucket[2], *slot;

    n = 0;

    xpecto_unique_slot_buckets(t, hash, bucket);
    same = xpecto_unique_slot_bits(bucket, hash[1], span) & 0xffff;

    for ( /* void */ ; same != 0; same &= same - 1) {
        slot = xpecto_unique_slot_first(bucket, same);
        w = __atomic_load_n(slot, __ATOMIC_SEQ_CST);

        if (((w ^ hash[1]) & XPECTO_UNIQUE_HASH) != 0
            || ((w ^ span) & XPECTO_UNIQUE_LOW) != 0
            || n++ == 0)
        {
            continue;
        }

        *word = w;

        return slot;
    }

    return NULL;
}


int
xpecto_unique_slot_alone(const xpecto_unique_slots_t *t,
    const uint64_t hash[2], uint32_t span)
{
    uint32_t  bits;
    uint64_t  *bucket[2];

    xpecto_unique_slot_buckets(t, hash, bucket);

    bits = xpecto_unique_slot_bits(bucket, hash[1], span);
    bits &= ~(bits >> 16) & 0xffff;

    return (bits & (bits - 1)) == 0;
}


/* of a bucket that is both none of the second: nobody is there twice */

static inline uint32_t
xpecto_unique_slot_bits(uint64_t *const bucket[2], uint64_t hash,
    uint32_t span)
{
    uint32_t  bits;

#if defined(XPECTO_UNIQUE_VECTORS)

    if (__builtin_cpu_supports("avx2")) {
        bits = xpecto_unique_slot_avx2(bucket[0], bucket[1], hash, span);

    } else {
        bits = xpecto_unique_slot_plain(bucket[0], bucket[1], hash, span);
    }

#else

    bits = xpecto_unique_slot_plain(bucket[0], bucket[1], hash, span);

#endif

    return (bucket[0] == bucket[1]) ? bits & 0x00ff00ff : bits;
}


uint32_t
xpecto_unique_slot_plain(const uint64_t *first, const uint64_t *second,
    uint64_t hash, uint32_t span)
{
    uint32_t  bits, bit;
    uint64_t  w;

    bits = 0;

    for (bit = 1; bit < 1u << 16; bit <<= 1) {

        if (bit == 1u << XPECTO_UNIQUE_SLOTS) {
            first = second;
        }

        w = __atomic_load_n(first++, __ATOMIC_SEQ_CST);

        if (!xpecto_unique_slot_taken(w, span)) {
            bits |= bit << 16;
        }

        if (((w ^ hash) & XPECTO_UNIQUE_HASH) == 0) {
            bits |= bit;
        }
    }

    return bits;
}


/* the slot of the lowest bit */

static inline uint64_t *
xpecto_unique_slot_first(uint64_t *const bucket[2], uint32_t bits)
{
    unsigned  k;

    k = (unsigned) __builtin_ctz(bits);

    return &bucket[k / XPECTO_UNIQUE_SLOTS][k % XPECTO_UNIQUE_SLOTS];
}


static inline void
xpecto_unique_slot_buckets(const xpecto_unique_slots_t *t,
    const uint64_t hash[2], uint64_t *bucket[2])
{
    bucket[0] = xpecto_unique_slot_bucket(t, hash[0]);
    bucket[1] = xpecto_unique_slot_bucket(t, hash[0] * XPECTO_UNIQUE_MIX);
}


static inline uint64_t *
xpecto_unique_slot_bucket(const xpecto_unique_slots_t *t, uint64_t h)
{
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


int
xpecto_unique_slot_pin_seen(uint64_t *slot, const uint64_t hash[2],
    uint32_t span)
{
    uint64_t  word;

    word = __atomic_load_n(slot, __ATOMIC_ACQUIRE);

    return ((word ^ hash[1]) & XPECTO_UNIQUE_HASH) == 0
           && ((word ^ span) & XPECTO_UNIQUE_LOW) == 0
           && xpecto_unique_times(word) != XPECTO_UNIQUE_TIMES
           && xpecto_unique_slot_swap(slot, &word,
                                      word + (1ull << XPECTO_UNIQUE_BITS));
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
