
/*
 * The prefilter by AVX-512: one lookup of 128 entries gives each of 64 bytes
 * eight sets, and a mask costs one test.
 */


#include "xpecto_prefilter_walk.h"


#if defined(__x86_64__) && (defined(__clang__) || __GNUC__ >= 8)

#include <immintrin.h>


#define xpecto_wide  "avx512f,avx512bw,avx512vbmi,bmi,bmi2"

#define XPECTO_IS_DIGIT    0x01
#define XPECTO_IS_LOW      0x02
#define XPECTO_IS_OPEN     0x04
#define XPECTO_IS_DOT      0x08
#define XPECTO_IS_SLASH    0x10
#define XPECTO_IS_CHAIN    0x20
#define XPECTO_IS_LETTER   0x40
#define XPECTO_IS_ESCAPE   0x80

#define XPECTO_IS_CAPITAL  0x01
#define XPECTO_IS_COLON    0x02
#define XPECTO_IS_AT       0x04
#define XPECTO_IS_SPACE    0x08


static const uint8_t  xpecto_prefilter_kinds[128] = {
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x20, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x20, 0x00, 0x00, 0x00, 0x00, 0x80, 0x00, 0x00,
    0x24, 0x20, 0x20, 0x24, 0x20, 0x20, 0x28, 0x30,
    0x23, 0x23, 0x21, 0x21, 0x21, 0x21, 0x21, 0x21,
    0x21, 0x21, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40,
    0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40,
    0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40,
    0x60, 0x60, 0x60, 0x20, 0xa0, 0x20, 0x20, 0x20,
    0x00, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40,
    0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40,
    0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40,
    0x60, 0x60, 0x60, 0x20, 0x20, 0x20, 0x20, 0x20
};

static const uint8_t  xpecto_prefilter_others[128] = {
    [' '] = 0x08, [':'] = 0x02, ['@'] = 0x05,
    ['A'] = 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01,
    ['L'] = 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01,
    ['W'] = 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01
};

/* from bit 0: EA, SK, Y2, wa, ba and be, ey; AB, HB and gB */

static const uint8_t  xpecto_prefilter_first[128] = {
    ['A'] = 0x40, ['B'] = 0x10, ['E'] = 0x01, ['H'] = 0x40, ['S'] = 0x02,
    ['Y'] = 0x04, ['b'] = 0x10, ['e'] = 0x20, ['g'] = 0x40, ['w'] = 0x08
};

static const uint8_t  xpecto_prefilter_second[128] = {
    ['2'] = 0x04, ['A'] = 0x11, ['B'] = 0x40, ['E'] = 0x10, ['K'] = 0x02,
    ['a'] = 0x18, ['e'] = 0x10, ['y'] = 0x20
};


#define xpecto_load(p)  _mm512_loadu_si512((const void *) (p))

/* zero for bytes from 0x80 on, which a lookup alone would take modulo 128 */

#define xpecto_sets(t, ascii, x)                                             \
    _mm512_maskz_permutex2var_epi8(ascii, xpecto_load(t), x,                 \
                                   xpecto_load(t + 64))
#define xpecto_put(v, set)                                                   \
    (uint64_t) _mm512_test_epi8_mask(v, _mm512_set1_epi8((char) (set)))


__attribute__((target(xpecto_wide), always_inline))
static inline void
xpecto_prefilter_64(const uint8_t *block, xpecto_prefilter_masks_t *m)
{
    __m512i    x, y, v;
    __mmask64  ascii, behind;

    x = xpecto_load(block);
    ascii = ~_mm512_movepi8_mask(x);
    v = xpecto_sets(xpecto_prefilter_kinds, ascii, x);

    m->digit = xpecto_put(v, XPECTO_IS_DIGIT);
    m->low = xpecto_put(v, XPECTO_IS_LOW);
    m->open = xpecto_put(v, XPECTO_IS_OPEN);
    m->dot = xpecto_put(v, XPECTO_IS_DOT);
    m->slash = xpecto_put(v, XPECTO_IS_SLASH);
    m->chain = xpecto_put(v, XPECTO_IS_CHAIN);
    m->letter = xpecto_put(v, XPECTO_IS_LETTER);
    m->escape = xpecto_put(v, XPECTO_IS_ESCAPE) | (uint64_t) ~ascii;

    v = xpecto_sets(xpecto_prefilter_others, ascii, x);

    m->capital = xpecto_put(v, XPECTO_IS_CAPITAL);
    m->colon = xpecto_put(v, XPECTO_IS_COLON);
    m->at = xpecto_put(v, XPECTO_IS_AT);
    m->space = xpecto_put(v, XPECTO_IS_SPACE);

    /* the block behind it may be the end of the text */

    behind = ~(__mmask64) 0 >> 1;
    y = _mm512_maskz_loadu_epi8(behind, block + 1);

    x = xpecto_sets(xpecto_prefilter_first, ascii, x);
    y = xpecto_sets(xpecto_prefilter_second, ascii >> 1, y);
    m->pair = (uint64_t) _mm512_test_epi8_mask(x, y);
}


__attribute__((target(xpecto_wide)))
static int
xpecto_prefilter_walk_64(xpecto_prefilter_t *f, const uint8_t *start,
    const uint8_t *p, const uint8_t *end, unsigned classes, int fresh)
{
    return xpecto_prefilter_walks(f, start, p, end, classes, fresh,
                                  xpecto_prefilter_64);
}


xpecto_prefilter_pt
xpecto_prefilter_avx512(void)
{
    return (__builtin_cpu_supports("avx512bw")
            && __builtin_cpu_supports("avx512vbmi")
            && __builtin_cpu_supports("bmi")
            && __builtin_cpu_supports("bmi2"))
           ? xpecto_prefilter_walk_64 : NULL;
}


#else

xpecto_prefilter_pt
xpecto_prefilter_avx512(void)
{
    return NULL;
}

#endif
