
/*
 * The masks of xpecto_prefilter.h by SSE2, which every x86-64 has, and by
 * AVX2.  A byte of zero is in no mask: where the text ends within the first
 * half of a block, the second is not looked at.
 */


#include "xpecto_prefilter.h"


#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>


static void xpecto_prefilter_16(const uint8_t *block, size_t len,
    xpecto_prefilter_masks_t *m);
static void xpecto_prefilter_32(const uint8_t *block, size_t len,
    xpecto_prefilter_masks_t *m);


/* one byte, both cases of a letter, n bytes from c on, either of two sets */

#define xpecto_is(x, c)     xpecto_eq(x, xpecto_all(c))
#define xpecto_any(x, c)    xpecto_is(xpecto_or(x, xpecto_all(0x20)), c)
#define xpecto_in(x, c, n)                                                   \
    xpecto_eq(xpecto_min(xpecto_sub(x, xpecto_all(c)), xpecto_all((n) - 1)), \
              xpecto_sub(x, xpecto_all(c)))

#define xpecto_digit(x)     xpecto_in(x, '0', 10)
#define xpecto_escape(x)                                                     \
    xpecto_or(x, xpecto_or(xpecto_is(x, '%'), xpecto_is(x, '\\')))
#define xpecto_plus(x)      xpecto_or(xpecto_is(x, '+'), xpecto_is(x, '('))
#define xpecto_mark(x)      xpecto_or(xpecto_plus(x), xpecto_any(x, 'b'))
#define xpecto_separator(x)                                                  \
    xpecto_or(xpecto_plus(x), xpecto_or(xpecto_is(x, ' '),                   \
                                        xpecto_is(x, '-')))
#define xpecto_dot(x)       xpecto_is(x, '.')
#define xpecto_colon(x)     xpecto_is(x, ':')
#define xpecto_at(x)        xpecto_is(x, '@')
#define xpecto_hex(x)                                                        \
    xpecto_in(xpecto_or(x, xpecto_all(0x20)), 'a', 6)
#define xpecto_upper(x)     xpecto_in(x, 'A', 26)
#define xpecto_letter(x)                                                     \
    xpecto_or(xpecto_or(xpecto_any(x, 'b'), xpecto_is(x, 'E')),              \
              xpecto_or(xpecto_is(x, 'S'), xpecto_is(x, 'w')))
#define xpecto_second(x)                                                     \
    xpecto_or(xpecto_or(xpecto_any(x, 'a'), xpecto_any(x, 'e')),             \
              xpecto_or(xpecto_any(x, 'g'), xpecto_any(x, 'k')))
#define xpecto_alone(x)     xpecto_or(xpecto_is(x, 'J'), xpecto_is(x, 'Y'))

#define xpecto_put_all()                                                     \
    m->digit = xpecto_put(xpecto_digit);                                     \
    m->escape = xpecto_put(xpecto_escape);                                   \
    m->mark = xpecto_put(xpecto_mark);                                       \
    m->separator = xpecto_put(xpecto_separator);                             \
    m->dot = xpecto_put(xpecto_dot);                                         \
    m->colon = xpecto_put(xpecto_colon);                                     \
    m->at = xpecto_put(xpecto_at);                                           \
    m->hex = xpecto_put(xpecto_hex);                                         \
    m->upper = xpecto_put(xpecto_upper);                                     \
    m->letter = xpecto_put(xpecto_letter);                                   \
    m->second = xpecto_put(xpecto_second);                                   \
    m->alone = xpecto_put(xpecto_alone)


xpecto_prefilter_pt
xpecto_prefilter_sse2(void)
{
    return xpecto_prefilter_16;
}


xpecto_prefilter_pt
xpecto_prefilter_avx2(void)
{
    return __builtin_cpu_supports("avx2") ? xpecto_prefilter_32 : NULL;
}


#define xpecto_load(p)                                                       \
    _mm_loadu_si128((const __m128i *) (const void *) (p))
#define xpecto_all(c)       _mm_set1_epi8(c)
#define xpecto_eq(a, b)     _mm_cmpeq_epi8(a, b)
#define xpecto_min(a, b)    _mm_min_epu8(a, b)
#define xpecto_sub(a, b)    _mm_sub_epi8(a, b)
#define xpecto_or(a, b)     _mm_or_si128(a, b)
#define xpecto_bits(x, n)                                                    \
    ((uint64_t) (uint32_t) _mm_movemask_epi8(x) << (n))


static void
xpecto_prefilter_16(const uint8_t *block, size_t len,
    xpecto_prefilter_masks_t *m)
{
    __m128i  w, x, y, z;

    w = xpecto_load(block);
    x = xpecto_load(block + 16);

    if (len <= 32) {

#define xpecto_put(f)  (xpecto_bits(f(w), 0) | xpecto_bits(f(x), 16))
        xpecto_put_all();
#undef xpecto_put

        return;
    }

    y = xpecto_load(block + 32);
    z = xpecto_load(block + 48);

#define xpecto_put(f)                                                        \
    (xpecto_bits(f(w), 0) | xpecto_bits(f(x), 16)                            \
     | xpecto_bits(f(y), 32) | xpecto_bits(f(z), 48))
    xpecto_put_all();
#undef xpecto_put
}


/*
 * A byte is in a set if the entries of both of its halves have the bit of the
 * set; the lookup gives zero for bytes from 0x80 on.
 */

#define XPECTO_SET_DIGIT   0x01         /* 0-9 */
#define XPECTO_SET_PLUS    0x02         /* + ( */
#define XPECTO_SET_BLANK   0x04         /* space - */
#define XPECTO_SET_HEX     0x08         /* a-f A-F */
#define XPECTO_SET_B       0x10         /* b B */
#define XPECTO_SET_SECOND  0x20         /* A E G K a e g k */
#define XPECTO_SET_UPPER   0x40         /* A-O */
#define XPECTO_SET_LATE    0x80         /* P-Z */


static const uint8_t  xpecto_prefilter_high[16] = {
    0, 0,
    XPECTO_SET_PLUS|XPECTO_SET_BLANK,
    XPECTO_SET_DIGIT,
    XPECTO_SET_HEX|XPECTO_SET_B|XPECTO_SET_SECOND|XPECTO_SET_UPPER,
    XPECTO_SET_LATE,
    XPECTO_SET_HEX|XPECTO_SET_B|XPECTO_SET_SECOND,
    0, 0, 0, 0, 0, 0, 0, 0, 0
};

static const uint8_t  xpecto_prefilter_low[16] = {
    XPECTO_SET_DIGIT|XPECTO_SET_BLANK|XPECTO_SET_LATE,
    XPECTO_SET_DIGIT|XPECTO_SET_HEX|XPECTO_SET_SECOND|XPECTO_SET_UPPER
        |XPECTO_SET_LATE,
    XPECTO_SET_DIGIT|XPECTO_SET_HEX|XPECTO_SET_B|XPECTO_SET_UPPER
        |XPECTO_SET_LATE,
    XPECTO_SET_DIGIT|XPECTO_SET_HEX|XPECTO_SET_UPPER|XPECTO_SET_LATE,
    XPECTO_SET_DIGIT|XPECTO_SET_HEX|XPECTO_SET_UPPER|XPECTO_SET_LATE,
    XPECTO_SET_DIGIT|XPECTO_SET_HEX|XPECTO_SET_SECOND|XPECTO_SET_UPPER
        |XPECTO_SET_LATE,
    XPECTO_SET_DIGIT|XPECTO_SET_HEX|XPECTO_SET_UPPER|XPECTO_SET_LATE,
    XPECTO_SET_DIGIT|XPECTO_SET_SECOND|XPECTO_SET_UPPER|XPECTO_SET_LATE,
    XPECTO_SET_DIGIT|XPECTO_SET_PLUS|XPECTO_SET_UPPER|XPECTO_SET_LATE,
    XPECTO_SET_DIGIT|XPECTO_SET_UPPER|XPECTO_SET_LATE,
    XPECTO_SET_UPPER|XPECTO_SET_LATE,
    XPECTO_SET_PLUS|XPECTO_SET_SECOND|XPECTO_SET_UPPER,
    XPECTO_SET_UPPER,
    XPECTO_SET_BLANK|XPECTO_SET_UPPER,
    XPECTO_SET_UPPER,
    XPECTO_SET_UPPER
};


#undef xpecto_load
#undef xpecto_is
#undef xpecto_or
#undef xpecto_bits
#undef xpecto_digit
#undef xpecto_escape
#undef xpecto_mark
#undef xpecto_separator
#undef xpecto_dot
#undef xpecto_colon
#undef xpecto_at
#undef xpecto_hex
#undef xpecto_upper
#undef xpecto_letter
#undef xpecto_second
#undef xpecto_alone

#define xpecto_load(p)                                                       \
    _mm256_loadu_si256((const __m256i *) (const void *) (p))
#define xpecto_table(p)                                                      \
    _mm256_broadcastsi128_si256(                                             \
        _mm_loadu_si128((const __m128i *) (const void *) (p)))
#define xpecto_is(x, c)     _mm256_cmpeq_epi8(x, _mm256_set1_epi8(c))
#define xpecto_or(a, b)     _mm256_or_si256(a, b)
#define xpecto_bits(x)      ((uint32_t) _mm256_movemask_epi8(x))
#define xpecto_sets(x)                                                       \
    _mm256_and_si256(                                                        \
        _mm256_shuffle_epi8(xpecto_table(xpecto_prefilter_low), x),          \
        _mm256_shuffle_epi8(xpecto_table(xpecto_prefilter_high),             \
                            _mm256_and_si256(_mm256_srli_epi16(x, 4),        \
                                             _mm256_set1_epi8(15))))

/* the bit of a set becomes the one that movemask reads; x: bytes, s: sets */

#define xpecto_bit(s, n)       xpecto_bits(_mm256_slli_epi16(s, 7 - (n)))

#define xpecto_digit(x, s)     xpecto_bit(s, 0)
#define xpecto_escape(x, s)                                                  \
    xpecto_bits(xpecto_or(x, xpecto_or(xpecto_is(x, '%'),                    \
                                       xpecto_is(x, '\\'))))
#define xpecto_mark(x, s)      (xpecto_bit(s, 1) | xpecto_bit(s, 4))
#define xpecto_separator(x, s) (xpecto_bit(s, 1) | xpecto_bit(s, 2))
#define xpecto_dot(x, s)       xpecto_bits(xpecto_is(x, '.'))
#define xpecto_colon(x, s)     xpecto_bits(xpecto_is(x, ':'))
#define xpecto_at(x, s)        xpecto_bits(xpecto_is(x, '@'))
#define xpecto_hex(x, s)       xpecto_bit(s, 3)
#define xpecto_upper(x, s)     (xpecto_bit(s, 6) | xpecto_bit(s, 7))
#define xpecto_letter(x, s)                                                  \
    (xpecto_bit(s, 4)                                                        \
     | xpecto_bits(xpecto_or(xpecto_is(x, 'E'),                              \
                             xpecto_or(xpecto_is(x, 'S'),                    \
                                       xpecto_is(x, 'w')))))
#define xpecto_second(x, s)    xpecto_bit(s, 5)
#define xpecto_alone(x, s)                                                   \
    xpecto_bits(xpecto_or(xpecto_is(x, 'J'), xpecto_is(x, 'Y')))


__attribute__((target("avx2")))
static void
xpecto_prefilter_32(const uint8_t *block, size_t len,
    xpecto_prefilter_masks_t *m)
{
    __m256i  x, y, s, t;

    x = xpecto_load(block);
    s = xpecto_sets(x);

    if (len <= 32) {

#define xpecto_put(f)  f(x, s)
        xpecto_put_all();
#undef xpecto_put

        return;
    }

    y = xpecto_load(block + 32);
    t = xpecto_sets(y);

#define xpecto_put(f)  (f(x, s) | (uint64_t) f(y, t) << 32)
    xpecto_put_all();
#undef xpecto_put
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
