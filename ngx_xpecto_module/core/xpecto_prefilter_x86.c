
/* The prefilter by SSE2, which every x86-64 has, and by AVX2. */


#include "xpecto_prefilter_sets.h"
#include "xpecto_prefilter_walk.h"


#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>


/* the highest bit of a byte is all that counts */

#define xpecto_escape(x)                                                     \
    xpecto_or(x, xpecto_or(xpecto_is(x, '%'), xpecto_is(x, '\\')))


/* SSE2 */

#define xpecto_load(p)                                                       \
    _mm_loadu_si128((const __m128i *) (const void *) (p))
#define xpecto_all(c)       _mm_set1_epi8(c)
#define xpecto_eq(a, b)     _mm_cmpeq_epi8(a, b)
#define xpecto_min(a, b)    _mm_min_epu8(a, b)
#define xpecto_sub(a, b)    _mm_sub_epi8(a, b)
#define xpecto_or(a, b)     _mm_or_si128(a, b)
#define xpecto_and(a, b)    _mm_and_si128(a, b)
#define xpecto_bits(x)      ((uint64_t) (uint32_t) _mm_movemask_epi8(x))

/* the bytes of x, one to the left, and the first of y */

#define xpecto_behind(x, y)                                                  \
    xpecto_or(_mm_srli_si128(x, 1), _mm_slli_si128(y, 15))


xpecto_inline void
xpecto_prefilter_16(const uint8_t *block, xpecto_prefilter_masks_t *m)
{
    __m128i  w, x, y, z, o;

    o = _mm_setzero_si128();
    w = xpecto_load(block);
    x = xpecto_load(block + 16);
    y = xpecto_load(block + 32);
    z = xpecto_load(block + 48);

#define xpecto_put(f)                                                        \
    (xpecto_bits(f(w)) | xpecto_bits(f(x)) << 16                             \
     | xpecto_bits(f(y)) << 32 | xpecto_bits(f(z)) << 48)
    xpecto_put_all();
#undef xpecto_put
#define xpecto_put(f)                                                        \
    (xpecto_bits(f(w, xpecto_behind(w, x)))                                  \
     | xpecto_bits(f(x, xpecto_behind(x, y))) << 16                          \
     | xpecto_bits(f(y, xpecto_behind(y, z))) << 32                          \
     | xpecto_bits(f(z, xpecto_behind(z, o))) << 48)
    m->prefix = xpecto_put(xpecto_prefix);
    m->pair = xpecto_put(xpecto_pair);
#undef xpecto_put
}


static int
xpecto_prefilter_walk_16(xpecto_prefilter_t *f, const uint8_t *start,
    const uint8_t *p, const uint8_t *end, unsigned classes, int fresh)
{
    if (classes == XPECTO_PREFILTER_P) {
        return xpecto_prefilter_walk(f, start, p, end, XPECTO_PREFILTER_P,
                                     fresh, xpecto_prefilter_16);
    }

    return xpecto_prefilter_walk(f, start, p, end, classes, fresh,
                                 xpecto_prefilter_16);
}


xpecto_prefilter_pt
xpecto_prefilter_sse2(void)
{
    return xpecto_prefilter_walk_16;
}


/* AVX2 */

#undef xpecto_load
#undef xpecto_all
#undef xpecto_eq
#undef xpecto_min
#undef xpecto_sub
#undef xpecto_or
#undef xpecto_and
#undef xpecto_bits
#undef xpecto_behind

#define xpecto_load(p)                                                       \
    _mm256_loadu_si256((const __m256i *) (const void *) (p))
#define xpecto_all(c)       _mm256_set1_epi8(c)
#define xpecto_eq(a, b)     _mm256_cmpeq_epi8(a, b)
#define xpecto_min(a, b)    _mm256_min_epu8(a, b)
#define xpecto_sub(a, b)    _mm256_sub_epi8(a, b)
#define xpecto_or(a, b)     _mm256_or_si256(a, b)
#define xpecto_and(a, b)    _mm256_and_si256(a, b)
#define xpecto_bits(x)      ((uint64_t) (uint32_t) _mm256_movemask_epi8(x))
#define xpecto_behind(x, y)                                                  \
    _mm256_alignr_epi8(_mm256_permute2x128_si256(x, y, 0x21), x, 1)

#define xpecto_max(a, b)    _mm256_max_epu8(a, b)

/*
 * The first and the second of two characters are in the same set if the
 * entries of their halves have its bit; the lookup gives zero for bytes from
 * 0x80 on.  From bit 0: EA, SK, Y2, wa, ba and be; what makes a pair: y, A
 * and H, g.
 */

#define xpecto_lookup(t, x)                                                  \
    _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(_mm_setr_epi8 t), x)
#define xpecto_high(x)                                                       \
    xpecto_and(_mm256_srli_epi16(x, 4), xpecto_all(15))

#define xpecto_first_low                                                     \
    (0, 0x40, 0x10, 0x02, 0, 0x01, 0, -0x78, 0x40, 0x24, 0, 0, 0, 0, 0, 0)
#define xpecto_first_high                                                    \
    (0, 0, 0, 0, 0x51, 0x06, -0x70, 0x28, 0, 0, 0, 0, 0, 0, 0, 0)
#define xpecto_second_low                                                    \
    (0, 0x19, -0x1c, 0, 0, 0x10, 0, 0, 0, 0, -0x20, 0x02, 0, 0, 0, 0)
#define xpecto_second_high                                                   \
    (0, 0, 0, 0x04, -0x0d, 0, 0x18, 0, 0, 0, 0, 0, 0, 0, 0, 0)

#define xpecto_both(x, y)                                                    \
    xpecto_and(xpecto_and(xpecto_lookup(xpecto_first_low, x),                \
                          xpecto_lookup(xpecto_first_high, xpecto_high(x))), \
               xpecto_and(xpecto_lookup(xpecto_second_low, y),               \
                          xpecto_lookup(xpecto_second_high,                  \
                                        xpecto_high(y))))
#define xpecto_none(u)      xpecto_bits(xpecto_eq(u, xpecto_all(0)))
#define xpecto_pairs(u)                                                      \
    xpecto_bits(xpecto_eq(xpecto_max(u, xpecto_all(0x20)), u))


__attribute__((target("avx2"), always_inline))
static inline void
xpecto_prefilter_32(const uint8_t *block, xpecto_prefilter_masks_t *m)
{
    __m256i  x, y, u, v;

    x = xpecto_load(block);
    y = xpecto_load(block + 32);

#define xpecto_put(f)  (xpecto_bits(f(x)) | xpecto_bits(f(y)) << 32)
    xpecto_put_all();
#undef xpecto_put

    u = xpecto_both(x, xpecto_behind(x, y));
    v = xpecto_both(y, xpecto_behind(y, xpecto_all(0)));
    m->pair = xpecto_pairs(u) | xpecto_pairs(v) << 32;
    m->prefix = ~(m->pair | xpecto_none(u) | xpecto_none(v) << 32);
}


__attribute__((target("avx2")))
static int
xpecto_prefilter_walk_32(xpecto_prefilter_t *f, const uint8_t *start,
    const uint8_t *p, const uint8_t *end, unsigned classes, int fresh)
{
    if (classes == XPECTO_PREFILTER_P) {
        return xpecto_prefilter_walk(f, start, p, end, XPECTO_PREFILTER_P,
                                     fresh, xpecto_prefilter_32);
    }

    return xpecto_prefilter_walk(f, start, p, end, classes, fresh,
                                 xpecto_prefilter_32);
}


xpecto_prefilter_pt
xpecto_prefilter_avx2(void)
{
    return __builtin_cpu_supports("avx2") ? xpecto_prefilter_walk_32 : NULL;
}


#else

xpecto_prefilter_pt
xpecto_prefilter_sse2(void)
{
    return NULL;
}


xpecto_prefilter_pt
xpecto_prefilter_avx2(void)
{
    return NULL;
}

#endif
