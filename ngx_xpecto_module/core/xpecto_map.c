
#include <string.h>

#include "xpecto_map.h"


#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>


#define XPECTO_MAP_BLOCK   64
#define XPECTO_MAP_DIGITS  7            /* of the shortest phone number */
#define XPECTO_MAP_QUAD    4            /* of the shortest IPv4 address */
#define XPECTO_MAP_DOTS    3
#define XPECTO_MAP_COLONS  2            /* of the shortest IPv6 address */

#define XPECTO_MAP_LAST(n)  (~(uint64_t) 0 << (64 - (n)))


static void xpecto_map_block(const uint8_t *p, uint64_t *words);


/*
 * A set of characters of which no two end in the same hexadecimal digit: by
 * that digit, 0xff where there is none.
 */

static const uint8_t  xpecto_map_alone[16] = {
    '@', 0xff, 0xff, 0xff, 0xff, '%', 0xff, 0xff,
    0xff, 'Y', 'J', 0xff, '\\', 0xff, 0xff, 0xff
};

static const uint8_t  xpecto_map_first[16] = {
    0xff, 0xff, 'B', 'S', 0xff, 'E', 0xff, 'w',
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff
};

static const uint8_t  xpecto_map_second[16] = {
    0xff, 'a', 0xff, 0xff, 0xff, 'e', 0xff, 'g',
    0xff, 0xff, 0xff, 'k', 0xff, 0xff, 0xff, 0xff
};


xpecto_rc_e
xpecto_map(xpecto_map_t *map, const uint8_t *p, size_t len)
{
    size_t    i;
    uint8_t   padded[XPECTO_MAP_BLOCK];

    if (len > XPECTO_MAP_MAX || !__builtin_cpu_supports("avx2")) {
        return XPECTO_DECLINED;
    }

    for (i = 0; len - i >= XPECTO_MAP_BLOCK; i += XPECTO_MAP_BLOCK) {
        xpecto_map_block(p + i, map->words[i / XPECTO_MAP_BLOCK]);
    }

    if (i < len) {
        memset(padded, 0, sizeof(padded));
        memcpy(padded, p + i, len - i);
        xpecto_map_block(padded, map->words[i / XPECTO_MAP_BLOCK]);
    }

    return XPECTO_OK;
}


#define xpecto_all(c)       _mm256_set1_epi8(c)
#define xpecto_or(a, b)     _mm256_or_si256(a, b)
#define xpecto_eq(a, b)     _mm256_cmpeq_epi8(a, b)
#define xpecto_is(v, c)     xpecto_eq(v, xpecto_all(c))
#define xpecto_in(v, c, n)                                                   \
    xpecto_eq(_mm256_min_epu8(_mm256_sub_epi8(v, xpecto_all(c)),             \
                              xpecto_all((n) - 1)),                          \
              _mm256_sub_epi8(v, xpecto_all(c)))
#define xpecto_set(v, set)                                                   \
    xpecto_eq(v, _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(            \
        _mm_loadu_si128((const __m128i *) (const void *) (set))), v))

/* both halves of a block */

#define xpecto_bits(f)                                                       \
    ((uint32_t) _mm256_movemask_epi8(f(x))                                   \
     | (uint64_t) (uint32_t) _mm256_movemask_epi8(f(y)) << 32)

#define xpecto_equal(v)     xpecto_is(v, '=')
#define xpecto_slash(v)     xpecto_is(v, '/')
#define xpecto_percent(v)   xpecto_is(v, '%')
#define xpecto_query(v)     xpecto_or(xpecto_is(v, '?'), xpecto_is(v, '#'))
#define xpecto_amp(v)       xpecto_or(xpecto_is(v, '&'), xpecto_is(v, '#'))
#define xpecto_colon(v)     xpecto_is(v, ':')
#define xpecto_dot(v)       xpecto_is(v, '.')
#define xpecto_digit(v)     xpecto_in(v, '0', 10)
#define xpecto_upper(v)     xpecto_in(v, 'A', 26)
#define xpecto_alone(v)     xpecto_or(v, xpecto_set(v, xpecto_map_alone))
#define xpecto_first(v)                                                      \
    xpecto_or(xpecto_is(v, 'b'), xpecto_set(v, xpecto_map_first))
#define xpecto_second(v)                                                     \
    xpecto_set(xpecto_or(v, xpecto_all(0x20)), xpecto_map_second)


/*
 * What depends on the bytes behind it is taken for a sign at the end of a
 * block, as what depends on the one before it is at its start.
 */

__attribute__((target("avx2")))
static void
xpecto_map_block(const uint8_t *p, uint64_t *words)
{
    __m256i   x, y;
    uint64_t  digit, upper, dot, first;

    x = _mm256_loadu_si256((const __m256i *) (const void *) p);
    y = _mm256_loadu_si256((const __m256i *) (const void *) (p + 32));

    digit = xpecto_bits(xpecto_digit);
    upper = xpecto_bits(xpecto_upper);
    dot = xpecto_bits(xpecto_dot);
    first = xpecto_bits(xpecto_first);

    words[XPECTO_MAP_EQUAL] = xpecto_bits(xpecto_equal);
    words[XPECTO_MAP_SLASH] = xpecto_bits(xpecto_slash);
    words[XPECTO_MAP_PERCENT] = xpecto_bits(xpecto_percent);
    words[XPECTO_MAP_QUERY] = xpecto_bits(xpecto_query);
    words[XPECTO_MAP_AMP] = xpecto_bits(xpecto_amp);
    words[XPECTO_MAP_COLON] = xpecto_bits(xpecto_colon);
    words[XPECTO_MAP_DOT] = dot;
    words[XPECTO_MAP_DIGIT] = digit;

    words[XPECTO_MAP_SIGN] =
        xpecto_bits(xpecto_alone)
        | (first & (xpecto_bits(xpecto_second) >> 1 | XPECTO_MAP_LAST(1)))
        | (dot & (upper << 1 | 1))
        | (upper & (upper >> 1 | XPECTO_MAP_LAST(1))
           & (digit >> 2 | XPECTO_MAP_LAST(2))
           & (digit >> 3 | XPECTO_MAP_LAST(3)));
}


size_t
xpecto_map_find_far(const xpecto_map_t *map, xpecto_map_e what, size_t from,
    size_t to)
{
    size_t  i;

    for (i = from / 64 + 1; i * 64 < to; i++) {

        if (map->words[i][what]) {
            i = i * 64 + (size_t) __builtin_ctzll(map->words[i][what]);

            return i < to ? i : to;
        }
    }

    return to;
}


__attribute__((target("popcnt")))
int
xpecto_map_is_plain(const xpecto_map_t *map, size_t from, size_t to)
{
    int              digits, colons, dots;
    uint64_t         mask;
    const uint64_t  *word;

    digits = 0;
    colons = 0;
    dots = 0;

    while (from < to) {

        word = map->words[from / 64];
        mask = ~(uint64_t) 0 << from % 64;
        from = (from | 63) + 1;

        if (from > to) {
            mask &= ~(uint64_t) 0 >> (from - to);
        }

        if (word[XPECTO_MAP_SIGN] & mask) {
            return 0;
        }

        colons += __builtin_popcountll(word[XPECTO_MAP_COLON] & mask);
        digits += __builtin_popcountll(word[XPECTO_MAP_DIGIT] & mask);
        dots += __builtin_popcountll(word[XPECTO_MAP_DOT] & mask);

        if (digits >= XPECTO_MAP_DIGITS || colons >= XPECTO_MAP_COLONS
            || (digits >= XPECTO_MAP_QUAD && dots >= XPECTO_MAP_DOTS))
        {
            return 0;
        }
    }

    return 1;
}


#else

size_t
xpecto_map_find_far(const xpecto_map_t *map, xpecto_map_e what, size_t from,
    size_t to)
{
    (void) map;
    (void) what;
    (void) from;

    return to;
}


xpecto_rc_e
xpecto_map(xpecto_map_t *map, const uint8_t *p, size_t len)
{
    (void) map;
    (void) p;
    (void) len;

    return XPECTO_DECLINED;
}


int
xpecto_map_is_plain(const xpecto_map_t *map, size_t from, size_t to)
{
    (void) map;
    (void) from;
    (void) to;

    return 0;
}

#endif
