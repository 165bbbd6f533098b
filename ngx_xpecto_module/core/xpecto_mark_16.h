
/* The marks of a URI by vectors of 16 bytes: SSE2, or NEON. */


#ifndef _XPECTO_MARK_16_H_INCLUDED_
#define _XPECTO_MARK_16_H_INCLUDED_


#include <string.h>

#include "xpecto_mark.h"


#if defined(__x86_64__) && defined(__GNUC__)

#define XPECTO_MARK_16  1

typedef __m128i  xpecto_mark_vector_t;

#define xpecto_mark_load_16(p)                                               \
    _mm_loadu_si128((const __m128i *) (const void *) (p))
#define xpecto_mark_or(a, b)    _mm_or_si128(a, b)
#define xpecto_mark_is(v, c)    _mm_cmpeq_epi8(v, _mm_set1_epi8(c))
#define xpecto_mark_in(v, c, n)                                              \
    _mm_cmpgt_epi8(_mm_set1_epi8((n) - 128),                                 \
                   _mm_sub_epi8(v, _mm_set1_epi8((char) ((c) - 128))))
#define xpecto_mark_fold(v)     _mm_or_si128(v, _mm_set1_epi8(0x20))
#define xpecto_mark_bits(v)     ((uint32_t) _mm_movemask_epi8(v))

#elif defined(__aarch64__) && defined(__ARM_NEON) && defined(__GNUC__)        \
    && (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)

#include <arm_neon.h>

#define XPECTO_MARK_16  1

typedef uint8x16_t  xpecto_mark_vector_t;

#define xpecto_mark_load_16(p)  vld1q_u8(p)
#define xpecto_mark_or(a, b)    vorrq_u8(a, b)
#define xpecto_mark_is(v, c)    vceqq_u8(v, vdupq_n_u8(c))
#define xpecto_mark_in(v, c, n)                                              \
    vcltq_u8(vsubq_u8(v, vdupq_n_u8(c)), vdupq_n_u8(n))
#define xpecto_mark_fold(v)     vorrq_u8(v, vdupq_n_u8(0x20))

#endif


#if (XPECTO_MARK_16)

#define xpecto_mark_inline  __attribute__((always_inline)) static inline


#if defined(__aarch64__)

/* bit n: the byte n is 0xff */

xpecto_mark_inline uint32_t
xpecto_mark_bits(uint8x16_t v)
{
    static const uint8_t  weights[16] = {
        1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128
    };

    v = vandq_u8(v, vld1q_u8(weights));
    v = vpaddq_u8(v, v);
    v = vpaddq_u8(v, v);
    v = vpaddq_u8(v, v);

    return vgetq_lane_u16(vreinterpretq_u16_u8(v), 0);
}

#endif


xpecto_mark_inline void
xpecto_mark_half(xpecto_mark_part_t *part, const uint8_t *p)
{
    xpecto_mark_vector_t  v;

    v = xpecto_mark_load_16(p);

    part->digit = xpecto_mark_bits(xpecto_mark_in(v, '0', 10));
    part->join = xpecto_mark_bits(xpecto_mark_or(xpecto_mark_is(v, '_'),
                                      xpecto_mark_or(xpecto_mark_is(v, '-'),
                                                     xpecto_mark_is(v, '.'))));
    part->letter = xpecto_mark_bits(xpecto_mark_or(xpecto_mark_in(v, 'A', 26),
                                      xpecto_mark_or(xpecto_mark_is(v, 'b'),
                                                     xpecto_mark_is(v, 'w'))));
    part->other = ~(xpecto_mark_bits(xpecto_mark_in(xpecto_mark_fold(v),
                                                    'a', 26))
                    | part->digit | part->join) & 0xffff;
}


xpecto_mark_inline xpecto_mark_part_t
xpecto_mark_part_16(const uint8_t *p)
{
    xpecto_mark_part_t  part, half;

    xpecto_mark_half(&part, p);
    xpecto_mark_half(&half, p + 16);

    part.digit |= half.digit << 16;
    part.join |= half.join << 16;
    part.letter |= half.letter << 16;
    part.other |= half.other << 16;

    return part;
}


xpecto_mark_inline void
xpecto_mark_copy_16(uint8_t *d, const uint8_t *p)
{
    memcpy(d, p, XPECTO_MARK_VECTOR);
}

#endif


#endif /* _XPECTO_MARK_16_H_INCLUDED_ */
