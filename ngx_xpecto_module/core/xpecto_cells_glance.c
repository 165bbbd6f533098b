
/*
 * What most often is so of two buckets: see xpecto_cells_glance.h.
 */


#include "xpecto_cells_glance.h"


#if defined(XPECTO_CELLS_VECTORS)
static inline xpecto_cell_t *xpecto_cells_nth(xpecto_cell_t *const bucket[2],
    unsigned k);
#endif


xpecto_rc_e
xpecto_cells_glance(const xpecto_cells_t *t, xpecto_cell_t *const bucket[2],
    uint64_t tag, uint64_t now, xpecto_place_t *place)
{
#if defined(XPECTO_CELLS_VECTORS)

    uint32_t             n;
    unsigned             k;
    xpecto_place_t       seen;
    xpecto_cells_bits_t  bits;

    if (!__builtin_cpu_supports("avx2")) {
        return XPECTO_AGAIN;
    }

    xpecto_cells_bits_avx2(&bits, bucket[0], bucket[1], tag, now);

    if (bits.same != 0) {
        k = (unsigned) __builtin_ctz(bits.same);

        xpecto_cells_see(xpecto_cells_nth(bucket, k), place);

        return (place->tag == tag) ? XPECTO_OK : XPECTO_AGAIN;
    }

    if (bucket[0] == bucket[1]) {
        return XPECTO_AGAIN;
    }

    for ( /* void */ ; bits.other != 0; bits.other &= bits.other - 1) {
        k = (unsigned) __builtin_ctz(bits.other);

        xpecto_cells_see(xpecto_cells_nth(bucket, k), &seen);

        if (!(seen.tag & XPECTO_CELL_CLAIM)
            && xpecto_cells_expired(t, seen.tag, seen.word, now))
        {
            bits.free |= 1u << k;
        }
    }

    /* the ones of either half, side by side */

    n = bits.free - (bits.free >> 1 & 0x5555);
    n = (n & 0x3333) + (n >> 2 & 0x3333);
    n = (n + (n >> 4)) & 0x0f0f;

    if (n >> 8 > (n & 0xff)) {
        bits.free &= 0xff00;
    }

    if (bits.free == 0) {
        return XPECTO_AGAIN;
    }

    k = (unsigned) __builtin_ctz(bits.free);

    xpecto_cells_see(xpecto_cells_nth(bucket, k), &seen);

    if (seen.tag == tag || (seen.tag & XPECTO_CELL_CLAIM)
        || !xpecto_cells_expired(t, seen.tag, seen.word, now))
    {
        return XPECTO_AGAIN;
    }

    *place = seen;

    return XPECTO_DECLINED;

#else

    (void) t;
    (void) bucket;
    (void) tag;
    (void) now;
    (void) place;

    return XPECTO_AGAIN;

#endif
}


int
xpecto_cells_glance_own(xpecto_cell_t *const bucket[2], uint64_t tag,
    const xpecto_cell_t *own)
{
#if defined(XPECTO_CELLS_VECTORS)

    uint32_t  same;

    if (!__builtin_cpu_supports("avx2") || bucket[0] == bucket[1]) {
        return 0;
    }

    same = xpecto_cells_same_avx2(bucket[0], bucket[1], tag);

    if ((same & (same - 1)) != 0) {
        return 0;
    }

    /* the one that is left is his own, or that has been taken from him */

    return same == 0
           || xpecto_cells_nth(bucket, (unsigned) __builtin_ctz(same)) == own;

#else

    (void) bucket;
    (void) tag;
    (void) own;

    return 0;

#endif
}


#if defined(XPECTO_CELLS_VECTORS)

static inline xpecto_cell_t *
xpecto_cells_nth(xpecto_cell_t *const bucket[2], unsigned k)
{
    return &bucket[k / XPECTO_BUCKET_CELLS][k % XPECTO_BUCKET_CELLS];
}

#endif
