
/* The prefilter by blocks of 256 bytes, as wide as a line of a log. */


#ifndef _XPECTO_PREFILTER_WIDE_H_INCLUDED_
#define _XPECTO_PREFILTER_WIDE_H_INCLUDED_


#include "xpecto_prefilter_cross.h"


/*
 * A byte is in a set if the entries of its halves, the lower and the higher
 * one, both have the bit of the set; a lookup gives zero for bytes from 0x80.
 *
 * 0x01  " /"                    0x10  digits
 * 0x02  "%."                    0x20  "01<\" and some letters
 * 0x04  "(+"                    0x40  letters to "O"
 * 0x08  0x08 to 0x0f,           0x80  letters from "P"
 *       "(" to "/", "XYZ[\]^_xyz{|}~", 0x7f
 */

#define xpecto_kinds_low                                                     \
    xpecto_table((char) 0xb1, (char) 0xf0, (char) 0xd0, (char) 0xd0,         \
                 (char) 0xd0, (char) 0xd2, (char) 0xd0, (char) 0xd0,         \
                 (char) 0xdc, (char) 0xd8, (char) 0xc8, 0x4c,                \
                 0x68, 0x48, 0x4a, 0x49)
#define xpecto_kinds_high                                                    \
    xpecto_table(0x08, 0, 0x0f, 0x30, 0x40, (char) 0xa8, 0x40, (char) 0x88,  \
                 0, 0, 0, 0, 0, 0, 0, 0)

/* capital letters, colon, at; 0x10 and up: the same of another vector */

#define xpecto_others_low                                                    \
    xpecto_table(0x55, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,             \
                 0x11, 0x11, 0x33, 0x11, 0x11, 0x11, 0x11, 0x11)
#define xpecto_others_high                                                   \
    xpecto_table(0, 0, 0, 0x02, 0x05, 0x01, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
#define xpecto_another_low  xpecto_others_low
#define xpecto_another_high                                                  \
    xpecto_table(0, 0, 0, 0x20, 0x50, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)

/*
 * The first and the second of two characters; from 0x01: EA, SK, Y2, wa, ba
 * and be, ey; AB, HB and gB
 */

#define xpecto_first_low                                                     \
    xpecto_table(0, 0x40, 0x10, 0x02, 0, 0x21, 0, 0x48, 0x40, 0x04,          \
                 0, 0, 0, 0, 0, 0)
#define xpecto_first_high                                                    \
    xpecto_table(0, 0, 0, 0, 0x51, 0x06, 0x70, 0x08, 0, 0, 0, 0, 0, 0, 0, 0)
#define xpecto_second_low                                                    \
    xpecto_table(0, 0x19, 0x44, 0, 0, 0x10, 0, 0, 0, 0x20, 0, 0x02,          \
                 0, 0, 0, 0)
#define xpecto_second_high                                                   \
    xpecto_table(0, 0, 0, 0x04, 0x53, 0, 0x18, 0x20, 0, 0, 0, 0, 0, 0, 0, 0)

#define xpecto_lookup(name, x)                                               \
    xpecto_and(_mm256_shuffle_epi8(xpecto_##name##_low, x),                  \
               _mm256_shuffle_epi8(xpecto_##name##_high, xpecto_high(x)))
#define xpecto_high(x)                                                       \
    xpecto_and(_mm256_srli_epi16(x, 4), _mm256_set1_epi8(15))


/* sets of bytes into masks */

xpecto_inline void
xpecto_prefilter_kinds(const __m256i x[8], xpecto_prefilter_masks_t *m)
{
    __m256i  v[8], escape;

    escape = _mm256_setzero_si256();

#define xpecto_kind(j)                                                       \
    v[j] = xpecto_lookup(kinds, x[j]);                                       \
    escape |= x[j];
    xpecto_each(xpecto_kind)
#undef xpecto_kind

    xpecto_swap(v[0], v[4], 4, 0x0f);
    xpecto_swap(v[1], v[5], 4, 0x0f);
    xpecto_swap(v[2], v[6], 4, 0x0f);
    xpecto_swap(v[3], v[7], 4, 0x0f);
    xpecto_swap(v[0], v[2], 2, 0x33);
    xpecto_swap(v[1], v[3], 2, 0x33);
    xpecto_swap(v[4], v[6], 2, 0x33);
    xpecto_swap(v[5], v[7], 2, 0x33);
    xpecto_swap(v[0], v[1], 1, 0x55);
    xpecto_swap(v[2], v[3], 1, 0x55);
    xpecto_swap(v[4], v[5], 1, 0x55);
    xpecto_swap(v[6], v[7], 1, 0x55);

    m->digit = v[4];
    m->low = v[4] & v[5];
    m->space = v[0] & ~v[3];
    m->open = v[2];
    m->dot = v[1] & v[3];
    m->slash = v[0] & v[3];
    m->chain = v[4] | v[3] | m->space | m->beyond;
    m->letter = v[6] | v[7];
    m->escape = (v[1] & ~v[3]) | (v[5] & v[3]);

    /* beyond ASCII */

    if (_mm256_movemask_epi8(escape)) {

#define xpecto_kind(j)                                                       \
        m->escape |= _mm256_cmpgt_epi8(_mm256_setzero_si256(), x[j])         \
                     & _mm256_set1_epi8((char) (1 << (j)));
        xpecto_each(xpecto_kind)
#undef xpecto_kind
    }
}


xpecto_inline void
xpecto_prefilter_others(const __m256i x[8], xpecto_prefilter_masks_t *m)
{
    __m256i  v[4];

#define xpecto_other(j)                                                      \
    v[j] = xpecto_lookup(others, x[j]) | xpecto_lookup(another, x[j + 4]);
    xpecto_other(0)
    xpecto_other(1)
    xpecto_other(2)
    xpecto_other(3)
#undef xpecto_other

    xpecto_swap(v[0], v[2], 2, 0x33);
    xpecto_swap(v[1], v[3], 2, 0x33);
    xpecto_swap(v[0], v[1], 1, 0x55);
    xpecto_swap(v[2], v[3], 1, 0x55);

    m->capital = v[0];
    m->colon = v[1];
    m->at = v[2];
}


/* what begins a token or an id; 1: something does */

xpecto_inline int
xpecto_prefilter_pairs(const __m256i x[8], uint64_t *words)
{
    __m256i  v[8], second[9], all;

#define xpecto_pair(j)  second[j] = xpecto_lookup(second, x[j]);
    xpecto_each(xpecto_pair)
#undef xpecto_pair

    second[8] = _mm256_setzero_si256();
    all = second[8];

#define xpecto_pair(j)                                                       \
    v[j] = _mm256_permute2x128_si256(second[j], second[(j) + 1], 0x21);      \
    v[j] = xpecto_lookup(first, x[j])                                        \
           & _mm256_alignr_epi8(v[j], second[j], 1);                         \
    all |= v[j];
    xpecto_each(xpecto_pair)
#undef xpecto_pair

    if (!xpecto_some(all)) {
        return 0;
    }

#define xpecto_pair(j)                                                       \
    ~(uint32_t) _mm256_movemask_epi8(_mm256_cmpeq_epi8(                      \
                                         v[j], _mm256_setzero_si256()))

    words[0] = xpecto_pair(0) | (uint64_t) xpecto_pair(1) << 32;
    words[1] = xpecto_pair(2) | (uint64_t) xpecto_pair(3) << 32;
    words[2] = xpecto_pair(4) | (uint64_t) xpecto_pair(5) << 32;
    words[3] = xpecto_pair(6) | (uint64_t) xpecto_pair(7) << 32;

#undef xpecto_pair

    return 1;
}


xpecto_inline int
xpecto_prefilter_walk(xpecto_prefilter_t *f, const uint8_t *start,
    const uint8_t *p, const uint8_t *end, unsigned classes, int fresh)
{
    int                        rough, encoded, paired;
    size_t                     n, back;
    __m256i                    x[8], found;
    uint64_t                   inner, first;
    uint64_t                   escapes[XPECTO_PREFILTER_WORDS];
    uint64_t                   pairs[XPECTO_PREFILTER_WORDS];
    xpecto_prefilter_masks_t   m;

    back = XPECTO_PREFILTER_BACK;
    inner = 0;
    rough = 0;
    first = 0;

    if (p > start) {

        if (fresh) {
            back = XPECTO_PREFILTER_FAR;
            first = (p < end && xpecto_view_is_digit(*p));

        } else {
            inner = f->inner;
            rough = f->rough;
        }
    }

    n = (size_t) (p - start);

    for (back = (n < back) ? n : back;
         p < end;
         p = f->next, back = XPECTO_PREFILTER_BACK)
    {
        f->base = p - back;
        f->next = end;
        n = (size_t) (end - f->base);

        if (n > XPECTO_PREFILTER_BLOCK) {
            n = XPECTO_PREFILTER_BLOCK;
            f->next = f->base + XPECTO_PREFILTER_STEP;
        }

        xpecto_prefilter_read(x, f->base, n, &m.beyond);
        xpecto_prefilter_kinds(x, &m);

        paired = 0;

        if (classes != XPECTO_PREFILTER_P) {
            xpecto_prefilter_others(x, &m);

            if (classes & (XPECTO_PREFILTER_I|XPECTO_PREFILTER_C)) {
                paired = xpecto_prefilter_pairs(x, pairs);
            }
        }

        encoded = rough || xpecto_some(m.escape);

        found = m.digit & ~xpecto_behind(m.digit, 1);
        found = encoded ? xpecto_prefilter_candidates(&m, found, classes, 1,
                                                      rough)
                        : xpecto_prefilter_candidates(&m, found, classes, 0,
                                                      0);

        if (!encoded && !paired && !first && !xpecto_some(found)) {
            inner = 0;
            continue;
        }

        xpecto_prefilter_words(f->found, found);

        if (paired) {
            xpecto_prefilter_tokens(f->found, pairs, XPECTO_PREFILTER_WORDS,
                                    f->base, end);
        }

        f->found[0] = f->found[0] >> back << back;

        if (encoded) {
            xpecto_prefilter_words(escapes, m.escape);
            rough = (escapes[XPECTO_PREFILTER_WORDS - 1]
                     >> (64 - XPECTO_PREFILTER_ENDS)) != 0;
            xpecto_prefilter_encoded(f, escapes, XPECTO_PREFILTER_WORDS, back,
                                     end, classes, &inner);
        }

        f->found[0] |= first << back;
        first = 0;

        if (f->next != end) {
            f->found[XPECTO_PREFILTER_WORDS - 1]
                &= ~UINT64_C(0) >> (XPECTO_PREFILTER_BLOCK
                                    - XPECTO_PREFILTER_STEP);
        }

        if (f->found[0] | f->found[1] | f->found[2] | f->found[3]) {
            f->inner = inner;
            f->rough = rough;
            return 1;
        }
    }

    return 0;
}


/* phone numbers alone and all classes are each a loop of their own */

#define xpecto_prefilter_walks(f, start, p, end, classes, fresh)             \
    ((classes) == XPECTO_PREFILTER_P)                                        \
    ? xpecto_prefilter_walk(f, start, p, end, XPECTO_PREFILTER_P, fresh)     \
    : (((classes) & XPECTO_PREFILTER_ALL) == XPECTO_PREFILTER_ALL)           \
      ? xpecto_prefilter_walk(f, start, p, end, XPECTO_PREFILTER_ALL, fresh) \
      : xpecto_prefilter_walk(f, start, p, end, classes, fresh)


#endif /* _XPECTO_PREFILTER_WIDE_H_INCLUDED_ */
