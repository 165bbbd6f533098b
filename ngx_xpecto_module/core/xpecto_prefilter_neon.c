
/* The prefilter by NEON, which every AArch64 has. */


#include "xpecto_prefilter_sets.h"
#include "xpecto_prefilter_walk.h"


#if defined(__aarch64__) && defined(__ARM_NEON) && defined(__GNUC__)          \
    && (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)

#include <arm_neon.h>


#define xpecto_all(c)       vdupq_n_u8((uint8_t) (c))
#define xpecto_eq(a, b)     vceqq_u8(a, b)
#define xpecto_in(x, c, n)                                                   \
    vcltq_u8(vsubq_u8(x, xpecto_all(c)), xpecto_all(n))
#define xpecto_or(a, b)     vorrq_u8(a, b)

#define xpecto_escape(x)                                                     \
    xpecto_or(vcgeq_u8(x, xpecto_all(0x80)),                                 \
              xpecto_or(xpecto_is(x, '%'), xpecto_is(x, '\\')))

/* the first letters of tokens; xpecto_prefilter_tokens() looks at the rest */

#define xpecto_pair(x)                                                       \
    xpecto_or(xpecto_or(xpecto_any(x, 'e'), xpecto_any(x, 's')),             \
              xpecto_or(xpecto_or(xpecto_is(x, 'Y'), xpecto_is(x, 'w')),     \
                        xpecto_or(xpecto_or(xpecto_any(x, 'a'),              \
                                            xpecto_any(x, 'b')),             \
                                  xpecto_or(xpecto_is(x, 'H'),               \
                                            xpecto_is(x, 'g')))))
#define xpecto_any(x, c)    xpecto_is(xpecto_or(x, xpecto_all(0x20)), c)


/* bit n: the byte n of the four vectors is 0xff */

xpecto_inline uint64_t
xpecto_prefilter_bits(uint8x16_t w, uint8x16_t x, uint8x16_t y, uint8x16_t z)
{
    uint8x16_t  bits;

    static const uint8_t  weights[16] = {
        1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128
    };

    bits = vld1q_u8(weights);
    w = vpaddq_u8(vandq_u8(w, bits), vandq_u8(x, bits));
    y = vpaddq_u8(vandq_u8(y, bits), vandq_u8(z, bits));
    w = vpaddq_u8(w, y);
    w = vpaddq_u8(w, w);

    return vgetq_lane_u64(vreinterpretq_u64_u8(w), 0);
}


xpecto_inline uint64_t
xpecto_prefilter_64(const uint8_t *block, xpecto_prefilter_masks_t *m)
{
    uint8x16_t  w, x, y, z;

    w = vld1q_u8(block);
    x = vld1q_u8(block + 16);
    y = vld1q_u8(block + 32);
    z = vld1q_u8(block + 48);

#define xpecto_put(f)  xpecto_prefilter_bits(f(w), f(x), f(y), f(z))
    xpecto_put_all();
    return xpecto_put(xpecto_pair);
#undef xpecto_put
}


static int
xpecto_prefilter_walk_64(xpecto_prefilter_t *f, const uint8_t *start,
    const uint8_t *p, const uint8_t *end, unsigned classes, int fresh)
{
    return xpecto_prefilter_walks(f, start, p, end, classes, fresh,
                                  xpecto_prefilter_64);
}


xpecto_prefilter_pt
xpecto_prefilter_neon(void)
{
    return xpecto_prefilter_walk_64;
}


#else

xpecto_prefilter_pt
xpecto_prefilter_neon(void)
{
    return NULL;
}

#endif
