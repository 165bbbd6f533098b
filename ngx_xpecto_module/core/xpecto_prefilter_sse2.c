
/* The prefilter by SSE2, which every x86-64 has. */


#include "xpecto_prefilter_sets.h"
#include "xpecto_prefilter_walk.h"


#if defined(__x86_64__) && defined(__GNUC__)

#include <emmintrin.h>


/* the highest bit of a byte is all that counts */

#define xpecto_escape(x)                                                     \
    xpecto_or(x, xpecto_or(xpecto_is(x, '%'), xpecto_is(x, '\\')))


#define xpecto_load(p)                                                       \
    _mm_loadu_si128((const __m128i *) (const void *) (p))
#define xpecto_all(c)       xpecto_load(xpecto_prefilter_bytes[(uint8_t) (c)])
#define xpecto_eq(a, b)     _mm_cmpeq_epi8(a, b)
#define xpecto_in(x, c, n)                                                   \
    _mm_cmpgt_epi8(xpecto_all((n) - 128),                                    \
                   _mm_add_epi8(x, xpecto_all(128 - (c))))
#define xpecto_or(a, b)     _mm_or_si128(a, b)
#define xpecto_and(a, b)    _mm_and_si128(a, b)
#define xpecto_bits(x)      ((uint64_t) (uint32_t) _mm_movemask_epi8(x))

/* the bytes of x, one to the left, and the first of y */

#define xpecto_second(x, y)                                                  \
    xpecto_or(_mm_srli_si128(x, 1), _mm_slli_si128(y, 15))

/* EA, SK, Y2, wa, ba, be, ey; AB, HB, gB; x, y: a byte and that behind it */

#define xpecto_any(x, c)    xpecto_is(xpecto_or(x, xpecto_all(0x20)), c)
#define xpecto_two(x, y, a, b)                                               \
    xpecto_and(xpecto_is(x, a), xpecto_is(y, b))
#define xpecto_pair(x, y)                                                    \
    xpecto_or(xpecto_or(xpecto_or(xpecto_two(x, y, 'E', 'A'),                \
                                  xpecto_two(x, y, 'S', 'K')),               \
                        xpecto_or(xpecto_two(x, y, 'Y', '2'),                \
                                  xpecto_two(x, y, 'w', 'a'))),              \
              xpecto_or(xpecto_or(xpecto_two(x, y, 'e', 'y'),                \
                                  xpecto_and(xpecto_ids(x),                  \
                                             xpecto_is(y, 'B'))),            \
                        xpecto_and(xpecto_any(x, 'b'),                       \
                                   xpecto_or(xpecto_any(y, 'a'),             \
                                             xpecto_any(y, 'e')))))
#define xpecto_ids(x)                                                        \
    xpecto_or(xpecto_is(x, 'A'),                                             \
              xpecto_or(xpecto_is(x, 'H'), xpecto_is(x, 'g')))


xpecto_inline uint64_t
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
    (xpecto_bits(f(w, xpecto_second(w, x)))                                  \
     | xpecto_bits(f(x, xpecto_second(x, y))) << 16                          \
     | xpecto_bits(f(y, xpecto_second(y, z))) << 32                          \
     | xpecto_bits(f(z, xpecto_second(z, o))) << 48)
    return xpecto_put(xpecto_pair);
#undef xpecto_put
}


static int
xpecto_prefilter_walk_16(xpecto_prefilter_t *f, const uint8_t *start,
    const uint8_t *p, const uint8_t *end, unsigned classes, int fresh)
{
    return xpecto_prefilter_walks(f, start, p, end, classes, fresh,
                                  xpecto_prefilter_16);
}


xpecto_prefilter_pt
xpecto_prefilter_sse2(void)
{
    return xpecto_prefilter_walk_16;
}


#else

xpecto_prefilter_pt
xpecto_prefilter_sse2(void)
{
    return NULL;
}

#endif
