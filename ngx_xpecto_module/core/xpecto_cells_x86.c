
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * The cells of two buckets, four at a time: see xpecto_cells_glance.h.
 */


#include "xpecto_cells_glance.h"


#if defined(XPECTO_CELLS_VECTORS)

#include <immintrin.h>


#define XPECTO_CELLS_TARGET  __attribute__((target("avx2")))


/* of the cells 0, 2, 1 and 3 of four */

typedef struct {
    __m256i   tags;
    __m256i   words;
} xpecto_cells_four_t;


XPECTO_CELLS_TARGET
static inline void xpecto_cells_four(xpecto_cells_four_t *four,
    const xpecto_cell_t *cell);
XPECTO_CELLS_TARGET
static inline uint32_t xpecto_cells_same_four(__m256i tags, __m256i with,
    unsigned at);
XPECTO_CELLS_TARGET
static inline void xpecto_cells_free_four(xpecto_cells_bits_t *bits,
    const xpecto_cells_four_t *four, __m256i now, unsigned at);
XPECTO_CELLS_TARGET
static inline uint32_t xpecto_cells_ones(__m256i v, unsigned at);
XPECTO_CELLS_TARGET
static inline __m256i xpecto_cells_all(uint64_t word);
XPECTO_CELLS_TARGET
static inline uint32_t xpecto_cells_order(uint32_t bits);


XPECTO_CELLS_TARGET
void
xpecto_cells_bits_avx2(xpecto_cells_bits_t *bits, const xpecto_cell_t *first,
    const xpecto_cell_t *second, uint64_t tag, uint64_t now)
{
    __m256i              with;
    xpecto_cells_four_t  a, b, c, d;

    xpecto_cells_four(&a, first);
    xpecto_cells_four(&b, first + 4);
    xpecto_cells_four(&c, second);
    xpecto_cells_four(&d, second + 4);

    with = xpecto_cells_all(tag | XPECTO_CELL_CLAIM);

    bits->same = xpecto_cells_same_four(a.tags, with, 0)
                 | xpecto_cells_same_four(b.tags, with, 4)
                 | xpecto_cells_same_four(c.tags, with, 8)
                 | xpecto_cells_same_four(d.tags, with, 12);
    bits->free = 0;
    bits->other = 0;

    if (bits->same != 0) {
        bits->same = xpecto_cells_order(bits->same);
        return;
    }

    /* the upper bit turned: compared signed */

    with = xpecto_cells_all(now ^ 1ull << 63);

    xpecto_cells_free_four(bits, &a, with, 0);
    xpecto_cells_free_four(bits, &b, with, 4);
    xpecto_cells_free_four(bits, &c, with, 8);
    xpecto_cells_free_four(bits, &d, with, 12);

    bits->free = xpecto_cells_order(bits->free);
    bits->other = xpecto_cells_order(bits->other);
}


XPECTO_CELLS_TARGET
uint32_t
xpecto_cells_same_avx2(const xpecto_cell_t *first,
    const xpecto_cell_t *second, uint64_t tag)
{
    __m256i              with;
    xpecto_cells_four_t  a, b, c, d;

    xpecto_cells_four(&a, first);
    xpecto_cells_four(&b, first + 4);
    xpecto_cells_four(&c, second);
    xpecto_cells_four(&d, second + 4);

    with = xpecto_cells_all(tag | XPECTO_CELL_CLAIM);

    return xpecto_cells_order(xpecto_cells_same_four(a.tags, with, 0)
                              | xpecto_cells_same_four(b.tags, with, 4)
                              | xpecto_cells_same_four(c.tags, with, 8)
                              | xpecto_cells_same_four(d.tags, with, 12));
}


XPECTO_CELLS_TARGET
static inline void
xpecto_cells_four(xpecto_cells_four_t *four, const xpecto_cell_t *cell)
{
    __m256i  a, b;

    a = _mm256_load_si256((const __m256i *) (const void *) cell);
    b = _mm256_load_si256((const __m256i *) (const void *) (cell + 2));

    four->tags = _mm256_unpacklo_epi64(a, b);
    four->words = _mm256_unpackhi_epi64(a, b);
}


XPECTO_CELLS_TARGET
static inline uint32_t
xpecto_cells_same_four(__m256i tags, __m256i with, unsigned at)
{
    tags = _mm256_or_si256(tags, xpecto_cells_all(XPECTO_CELL_CLAIM));

    return xpecto_cells_ones(_mm256_cmpeq_epi64(tags, with), at);
}


XPECTO_CELLS_TARGET
static inline void
xpecto_cells_free_four(xpecto_cells_bits_t *bits,
    const xpecto_cells_four_t *four, __m256i now, unsigned at)
{
    __m256i  none, time, ahead;

    none = _mm256_cmpeq_epi64(four->tags, _mm256_setzero_si256());
    time = _mm256_cmpeq_epi64(
               _mm256_and_si256(four->tags,
                                xpecto_cells_all(XPECTO_CELL_BITS)),
               xpecto_cells_all(XPECTO_CELL_TAT));
    ahead = _mm256_cmpgt_epi64(
                _mm256_xor_si256(four->words, xpecto_cells_all(1ull << 63)),
                now);

    bits->free |= xpecto_cells_ones(
                      _mm256_or_si256(none, _mm256_andnot_si256(ahead, time)),
                      at);
    bits->other |= xpecto_cells_ones(_mm256_or_si256(none, time), at)
                   ^ 0xfu << at;
}


XPECTO_CELLS_TARGET
static inline uint32_t
xpecto_cells_ones(__m256i v, unsigned at)
{
    return (uint32_t) _mm256_movemask_pd(_mm256_castsi256_pd(v)) << at;
}


XPECTO_CELLS_TARGET
static inline __m256i
xpecto_cells_all(uint64_t word)
{
    return _mm256_set1_epi64x((long long) word);
}


/* the two in the middle of four change places */

static inline uint32_t
xpecto_cells_order(uint32_t bits)
{
    return (bits & 0x9999) | (bits & 0x2222) << 1 | (bits & 0x4444) >> 1;
}


#endif
