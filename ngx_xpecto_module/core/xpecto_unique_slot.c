
/*
 * Who was written to: see xpecto_unique.h.
 */


#include "xpecto_unique.h"


#define XPECTO_UNIQUE_MIX  0x9e3779b97f4a7c15ull        /* 2^64 / phi, odd */


static uint64_t *xpecto_unique_slot_bucket(const xpecto_unique_slots_t *t,
    const uint64_t hash[2], unsigned i);
static inline uint32_t xpecto_unique_slot_bits(const uint64_t *bucket,
    uint64_t hash, uint32_t span);


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
    uint32_t  bits[2], same;
    unsigned  i;
    uint64_t  w, *bucket, *slot;

    *room = NULL;

    for (i = 0; i < 2; i++) {
        bucket = xpecto_unique_slot_bucket(t, hash, i);
        bits[i] = xpecto_unique_slot_bits(bucket, hash[1], span);

        for (same = bits[i] & 0xff; same != 0; same &= same - 1) {
            slot = &bucket[__builtin_ctz(same)];
            w = __atomic_load_n(slot, __ATOMIC_ACQUIRE);

            if (((w ^ hash[1]) & XPECTO_UNIQUE_HASH) == 0
                && xpecto_unique_slot_taken(w, span))
            {
                *word = w;
                return slot;
            }
        }

        bits[i] >>= 16;
    }

    i = (__builtin_popcount(bits[1]) > __builtin_popcount(bits[0]));

    if (bits[i] != 0) {
        bucket = xpecto_unique_slot_bucket(t, hash, i);
        *room = &bucket[__builtin_ctz(bits[i])];
    }

    return NULL;
}


uint64_t *
xpecto_unique_slot_twice(const xpecto_unique_slots_t *t,
    const uint64_t hash[2], uint32_t span, uint64_t *word)
{
    uint32_t  same;
    unsigned  i, n;
    uint64_t  w, *bucket, *slot;

    n = 0;

    for (i = 0; i < 2; i++) {
        bucket = xpecto_unique_slot_bucket(t, hash, i);

        if (i == 1 && bucket == xpecto_unique_slot_bucket(t, hash, 0)) {
            break;
        }

        same = xpecto_unique_slot_bits(bucket, hash[1], span) & 0xff;

        for ( /* void */ ; same != 0; same &= same - 1) {
            slot = &bucket[__builtin_ctz(same)];
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
    }

    return NULL;
}


int
xpecto_unique_slot_alone(const xpecto_unique_slots_t *t,
    const uint64_t hash[2], uint32_t span)
{
    uint32_t         bits, other;
    const uint64_t  *first, *second;

    first = xpecto_unique_slot_bucket(t, hash, 0);
    second = xpecto_unique_slot_bucket(t, hash, 1);

    bits = xpecto_unique_slot_bits(first, hash[1], span);
    bits &= ~(bits >> 16) & 0xff;

    other = 0;

    if (second != first) {
        other = xpecto_unique_slot_bits(second, hash[1], span);
        other &= ~(other >> 16) & 0xff;
    }

    bits |= other << XPECTO_UNIQUE_SLOTS;

    return (bits & (bits - 1)) == 0;
}


static inline uint32_t
xpecto_unique_slot_bits(const uint64_t *bucket, uint64_t hash, uint32_t span)
{
#if defined(XPECTO_UNIQUE_VECTORS)

    if (__builtin_cpu_supports("avx2")) {
        return xpecto_unique_slot_avx2(bucket, hash, span);
    }

#endif

    return xpecto_unique_slot_plain(bucket, hash, span);
}


uint32_t
xpecto_unique_slot_plain(const uint64_t *bucket, uint64_t hash, uint32_t span)
{
    uint32_t  bits, bit;
    uint64_t  w;

    bits = 0;

    for (bit = 1; bit < 1u << XPECTO_UNIQUE_SLOTS; bit <<= 1) {
        w = __atomic_load_n(bucket++, __ATOMIC_SEQ_CST);

        if (!xpecto_unique_slot_taken(w, span)) {
            bits |= bit << 16;
        }

        if (((w ^ hash) & XPECTO_UNIQUE_HASH) == 0) {
            bits |= bit;
        }
    }

    return bits;
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
