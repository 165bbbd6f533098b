
#include "xpecto_prefilter_sets.h"
#include "xpecto_prefilter_walk.h"

#if defined(__aarch64__) && defined(__ARM_NEON) && defined(__GNUC__)          \
    && (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)

#include <arm_neon.h>

#define XPECTO_PREFILTER_NEON  1

#endif


#define XPECTO_PREFILTER_DIGIT      0x001
#define XPECTO_PREFILTER_PLUS       0x002
#define XPECTO_PREFILTER_BLANK      0x004
#define XPECTO_PREFILTER_ESCAPE     0x008
#define XPECTO_PREFILTER_DOT        0x010
#define XPECTO_PREFILTER_COLON      0x020
#define XPECTO_PREFILTER_AT         0x040
#define XPECTO_PREFILTER_HEX        0x080
#define XPECTO_PREFILTER_UPPER      0x100
#define XPECTO_PREFILTER_PAREN      0x200


static void xpecto_prefilter_table(const uint8_t *block,
    xpecto_prefilter_masks_t *m);
static unsigned xpecto_prefilter_kinds(unsigned c);
static int xpecto_prefilter_is_prefix(unsigned c, unsigned next);
static size_t xpecto_prefilter_percent(const uint8_t *p, const uint8_t *end);
static size_t xpecto_prefilter_backslash(const uint8_t *p,
    const uint8_t *end);
static unsigned xpecto_prefilter_code(const uint8_t *p, size_t n);


#define xpecto_prefilter_is_escape(c)                                        \
    ((c) == '%' || (c) == '\\' || (c) >= 0x80)


xpecto_prefilter_pt
xpecto_prefilter(void)
{
    xpecto_prefilter_pt  find;

    find = xpecto_prefilter_avx2();

    if (find == NULL) {
        find = xpecto_prefilter_sse2();
    }

    if (find == NULL) {
        find = xpecto_prefilter_neon();
    }

    return (find != NULL) ? find : xpecto_prefilter_scalar;
}


int
xpecto_prefilter_scalar(xpecto_prefilter_t *f, const uint8_t *start,
    const uint8_t *p, const uint8_t *end, unsigned classes, int fresh)
{
    return xpecto_prefilter_walk(f, start, p, end, classes, fresh,
                                 xpecto_prefilter_table);
}


static void
xpecto_prefilter_table(const uint8_t *block, xpecto_prefilter_masks_t *m)
{
    uint64_t  bit;
    unsigned  i, c, next, kinds;

    memset(m, 0, sizeof(xpecto_prefilter_masks_t));

    for (i = 0; i < XPECTO_PREFILTER_BLOCK; i++) {
        bit = (uint64_t) 1 << i;
        c = block[i];
        next = (i + 1 < XPECTO_PREFILTER_BLOCK) ? block[i + 1] : 0;
        kinds = xpecto_prefilter_kinds(c);

        m->digit |= (kinds & XPECTO_PREFILTER_DIGIT) ? bit : 0;
        m->zero |= (c == '0') ? bit : 0;
        m->plus |= (kinds & XPECTO_PREFILTER_PLUS) ? bit : 0;
        m->paren |= (kinds & XPECTO_PREFILTER_PAREN) ? bit : 0;
        m->blank |= (kinds & XPECTO_PREFILTER_BLANK) ? bit : 0;
        m->escape |= (kinds & XPECTO_PREFILTER_ESCAPE) ? bit : 0;
        m->dot |= (kinds & XPECTO_PREFILTER_DOT) ? bit : 0;
        m->colon |= (kinds & XPECTO_PREFILTER_COLON) ? bit : 0;
        m->at |= (kinds & XPECTO_PREFILTER_AT) ? bit : 0;
        m->hex |= (kinds & XPECTO_PREFILTER_HEX) ? bit : 0;
        m->upper |= (kinds & XPECTO_PREFILTER_UPPER) ? bit : 0;
        m->prefix |= xpecto_prefilter_is_prefix(c, next) ? bit : 0;

        if (next == 'J' || next == 'B') {
            m->pair |= (c == 'y' || c == 'A' || c == 'H' || c == 'g') ? bit
                                                                      : 0;
        }
    }
}


static unsigned
xpecto_prefilter_kinds(unsigned c)
{
    unsigned  kinds;

    if (xpecto_view_is_digit(c)) {
        return XPECTO_PREFILTER_DIGIT;
    }

    if (xpecto_prefilter_is_escape(c)) {
        return XPECTO_PREFILTER_ESCAPE;
    }

    kinds = 0;

    if (xpecto_view_is_alpha(c)) {

        if (xpecto_view_is_upper(c)) {
            kinds |= XPECTO_PREFILTER_UPPER;
        }

        if ((c | 0x20) <= 'f') {
            kinds |= XPECTO_PREFILTER_HEX;
        }

        return kinds;
    }

    switch (c) {

    case '+':
        return XPECTO_PREFILTER_PLUS;

    case '(':
        return XPECTO_PREFILTER_PAREN;

    case ' ':
    case '-':
        return XPECTO_PREFILTER_BLANK;

    case '.':
        return XPECTO_PREFILTER_DOT;

    case ':':
        return XPECTO_PREFILTER_COLON;

    case '@':
        return XPECTO_PREFILTER_AT;

    default:
        return 0;
    }
}


static int
xpecto_prefilter_is_prefix(unsigned c, unsigned next)
{
    switch (c) {

    case 'E':
        return next == 'A';

    case 'S':
        return next == 'K';

    case 'Y':
        return next == '2';

    case 'w':
        return next == 'a';

    case 'B':
    case 'b':
        return (next | 0x20) == 'a' || (next | 0x20) == 'e';

    default:
        return 0;
    }
}


/*
 * The escapes that stand for a digit, an "@", a colon or a dot, or could do
 * so together with others, and those that a digit follows: it begins a run
 * that may not look like one, "%205".  p: the byte of bit 0; inner: what
 * belongs to the others and is no text of its own.
 */

uint64_t
xpecto_prefilter_escapes(uint64_t escape, const uint8_t *p,
    const uint8_t *end, uint64_t *inner)
{
    size_t          n;
    uint64_t        found;
    unsigned        i;
    const uint8_t  *at;

    found = 0;

    for ( /* void */ ; escape; escape &= escape - 1) {

        i = (unsigned) __builtin_ctzll(escape);
        at = p + i;

        switch (*at) {

        case '%':
            n = xpecto_prefilter_percent(at, end);
            break;

        case '\\':
            n = xpecto_prefilter_backslash(at, end);
            break;

        /* the first byte of decimal digits and of wide forms (UTF-8) */

        case 0xd9:
        case 0xdb:
        case 0xdf:
        case 0xe0:
        case 0xe1:
        case 0xea:
        case 0xef:
        case 0xf0:
            n = 0;
            break;

        default:
            n = 1;
        }

        if (n == 0) {
            found |= (uint64_t) 1 << i;

        } else {
            *inner |= (((uint64_t) 1 << n) - 2) << i;
        }
    }

    return found;
}


/* the width of an escape that is of no interest, else 0 */

static size_t
xpecto_prefilter_percent(const uint8_t *p, const uint8_t *end)
{
    unsigned  code;

    if (end - p < 3 || xpecto_prefilter_is_escape(p[1])
        || xpecto_prefilter_is_escape(p[2]))
    {
        return 0;
    }

    code = xpecto_prefilter_code(p + 1, 2);

    if (code == XPECTO_VIEW_NONE) {
        return 1;
    }

    return (code < 0x80 && (end - p == 3 || !xpecto_view_is_digit(p[3]))) ? 3
                                                                          : 0;
}


static size_t
xpecto_prefilter_backslash(const uint8_t *p, const uint8_t *end)
{
    size_t    i, n;
    unsigned  code;

    if (end - p < 2 || xpecto_prefilter_is_escape(p[1])) {
        return 0;
    }

    if (p[1] != 'x' && p[1] != 'u') {
        return (memchr("\"/bfnrt", p[1], 7) != NULL) ? 2 : 1;
    }

    n = (p[1] == 'x') ? 4 : 6;

    if ((size_t) (end - p) < n) {
        return 0;
    }

    for (i = 2; i < n; i++) {
        if (xpecto_prefilter_is_escape(p[i])) {
            return 0;
        }
    }

    code = xpecto_prefilter_code(p + 2, n - 2);

    if (code == XPECTO_VIEW_NONE) {
        return 1;
    }

    /* halves of a surrogate pair are folded into nothing */

    if (code >= 0x80 && (code < 0xd800 || code > 0xdfff)) {
        return 0;
    }

    return ((size_t) (end - p) == n || !xpecto_view_is_digit(p[n])) ? n : 0;
}


/*
 * The value of n hexadecimal digits; one of interest is 0x80, whatever it is.
 * XPECTO_VIEW_NONE: they are none.
 */

static unsigned
xpecto_prefilter_code(const uint8_t *p, size_t n)
{
    size_t    i;
    unsigned  code, hex;

    code = 0;

    for (i = 0; i < n; i++) {
        hex = xpecto_view_hex(p[i]);

        if (hex > 15) {
            return XPECTO_VIEW_NONE;
        }

        code = code << 4 | hex;
    }

    if (code == XPECTO_VIEW_NONE) {
        return 0x80;
    }

    if (xpecto_view_is_digit(code) || code == '@' || code == ':'
        || code == '.' || code == '%' || code == '\\')
    {
        return 0x80;
    }

    return code;
}


/* NEON, which every AArch64 has */

#if (XPECTO_PREFILTER_NEON)

#define xpecto_all(c)       vdupq_n_u8((uint8_t) (c))
#define xpecto_eq(a, b)     vceqq_u8(a, b)
#define xpecto_min(a, b)    vminq_u8(a, b)
#define xpecto_sub(a, b)    vsubq_u8(a, b)
#define xpecto_or(a, b)     vorrq_u8(a, b)
#define xpecto_and(a, b)    vandq_u8(a, b)

#define xpecto_escape(x)                                                     \
    xpecto_or(vcgeq_u8(x, xpecto_all(0x80)),                                 \
              xpecto_or(xpecto_is(x, '%'), xpecto_is(x, '\\')))


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


xpecto_inline void
xpecto_prefilter_64(const uint8_t *block, xpecto_prefilter_masks_t *m)
{
    uint8x16_t  w, x, y, z, o;

    o = vdupq_n_u8(0);
    w = vld1q_u8(block);
    x = vld1q_u8(block + 16);
    y = vld1q_u8(block + 32);
    z = vld1q_u8(block + 48);

#define xpecto_put(f)  xpecto_prefilter_bits(f(w), f(x), f(y), f(z))
    xpecto_put_all();
#undef xpecto_put
#define xpecto_put(f)                                                        \
    xpecto_prefilter_bits(f(w, vextq_u8(w, x, 1)), f(x, vextq_u8(x, y, 1)),  \
                          f(y, vextq_u8(y, z, 1)), f(z, vextq_u8(z, o, 1)))
    m->prefix = xpecto_put(xpecto_prefix);
    m->pair = xpecto_put(xpecto_pair);
#undef xpecto_put
}


static int
xpecto_prefilter_walk_64(xpecto_prefilter_t *f, const uint8_t *start,
    const uint8_t *p, const uint8_t *end, unsigned classes, int fresh)
{
    if (classes == XPECTO_PREFILTER_P) {
        return xpecto_prefilter_walk(f, start, p, end, XPECTO_PREFILTER_P,
                                     fresh, xpecto_prefilter_64);
    }

    return xpecto_prefilter_walk(f, start, p, end, classes, fresh,
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
