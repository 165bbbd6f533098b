
#include "xpecto_prefilter_walk.h"


static uint64_t xpecto_prefilter_table(const uint8_t *block,
    xpecto_prefilter_masks_t *m);
static unsigned xpecto_prefilter_token(const uint8_t *p);
static uint64_t xpecto_prefilter_escapes(uint64_t escape, const uint8_t *p,
    const uint8_t *end, uint64_t *inner);
static size_t xpecto_prefilter_percent(const uint8_t *p, const uint8_t *end);
static size_t xpecto_prefilter_backslash(const uint8_t *p,
    const uint8_t *end);
static unsigned xpecto_prefilter_code(const uint8_t *p, size_t n);


#if defined(__x86_64__) && defined(__GNUC__)

#define xpecto_8(c)     c, c, c, c, c, c, c, c
#define xpecto_row(c)   { xpecto_8(c), xpecto_8(c) }
#define xpecto_rows(c)                                                       \
    xpecto_row(c), xpecto_row(c + 1), xpecto_row(c + 2), xpecto_row(c + 3),  \
    xpecto_row(c + 4), xpecto_row(c + 5), xpecto_row(c + 6),                 \
    xpecto_row(c + 7), xpecto_row(c + 8), xpecto_row(c + 9),                 \
    xpecto_row(c + 10), xpecto_row(c + 11), xpecto_row(c + 12),              \
    xpecto_row(c + 13), xpecto_row(c + 14), xpecto_row(c + 15)

const uint8_t  xpecto_prefilter_bytes[256][16] = {
    xpecto_rows(0x00), xpecto_rows(0x10), xpecto_rows(0x20),
    xpecto_rows(0x30), xpecto_rows(0x40), xpecto_rows(0x50),
    xpecto_rows(0x60), xpecto_rows(0x70), xpecto_rows(0x80),
    xpecto_rows(0x90), xpecto_rows(0xa0), xpecto_rows(0xb0),
    xpecto_rows(0xc0), xpecto_rows(0xd0), xpecto_rows(0xe0),
    xpecto_rows(0xf0)
};

#endif


#define xpecto_prefilter_is_escape(c)                                        \
    ((c) == '%' || (c) == '\\' || (c) >= 0x80)


xpecto_prefilter_pt
xpecto_prefilter(void)
{
    xpecto_prefilter_pt         find;
    static xpecto_prefilter_pt  best;

    /* whoever asks first asks the processor */

    find = __atomic_load_n(&best, __ATOMIC_RELAXED);

    if (find != NULL) {
        return find;
    }

    find = xpecto_prefilter_avx512();

    if (find == NULL) {
        find = xpecto_prefilter_avx2();
    }

    if (find == NULL) {
        find = xpecto_prefilter_sse2();
    }

    if (find == NULL) {
        find = xpecto_prefilter_neon();
    }

    if (find == NULL) {
        find = xpecto_prefilter_scalar;
    }

    __atomic_store_n(&best, find, __ATOMIC_RELAXED);

    return find;
}


int
xpecto_prefilter_scalar(xpecto_prefilter_t *f, const uint8_t *start,
    const uint8_t *p, const uint8_t *end, unsigned classes, int fresh)
{
    return xpecto_prefilter_walk(f, start, p, end, classes, fresh,
                                 xpecto_prefilter_table);
}


/* one byte after the other, for processors that have nothing better */

static uint64_t
xpecto_prefilter_table(const uint8_t *block, xpecto_prefilter_masks_t *m)
{
    uint64_t  bit;
    unsigned  i, c;

    memset(m, 0, sizeof(xpecto_prefilter_masks_t));

    for (i = 0; i < XPECTO_PREFILTER_BLOCK; i++) {
        bit = (uint64_t) 1 << i;
        c = block[i];

        m->digit |= xpecto_view_is_digit(c) ? bit : 0;
        m->low |= (c == '0' || c == '1') ? bit : 0;
        m->space |= (c == ' ') ? bit : 0;
        m->open |= (c == '+' || c == '(') ? bit : 0;
        m->dot |= (c == '.') ? bit : 0;
        m->slash |= (c == '/') ? bit : 0;
        m->chain |= (c - '(' < 18 || (c | 0x27) == 0x7f || c == ' '
                     || (c | 7) == 0x0f) ? bit : 0;
        m->letter |= xpecto_view_is_alpha(c) ? bit : 0;
        m->capital |= ((c & 0xe0) == 0x40) ? bit : 0;
        m->escape |= xpecto_prefilter_is_escape(c) ? bit : 0;
        m->colon |= (c == ':') ? bit : 0;
        m->at |= (c == '@') ? bit : 0;
    }

    return m->letter;
}


/* what scan.c is pointed at, of each pair that begins a token or an id */

void
xpecto_prefilter_tokens(uint64_t *found, const uint64_t *pairs, unsigned words,
    const uint8_t *block, const uint8_t *end)
{
    size_t    n;
    uint64_t  pair;
    unsigned  i, token;

    for (i = 0; i < words; i++) {
        for (pair = pairs[i]; pair; pair &= pair - 1) {
            n = 64 * i + (size_t) __builtin_ctzll(pair);

            if (n + 2 >= 64 * words || (size_t) (end - block) <= n + 2) {
                return;
            }

            token = xpecto_prefilter_token(block + n);

            if (token) {
                n += token - 1;
                found[n / 64] |= (uint64_t) 1 << n % 64;
            }
        }
    }
}


/*
 * 1 to 3: that byte gives away what begins here; 0: nothing does.  Only the
 * third byte of what is read as text may be an escape.
 */

static unsigned
xpecto_prefilter_token(const uint8_t *p)
{
    unsigned  third;

    third = xpecto_prefilter_is_escape(p[2]) ? '%' : p[2] | 0x20u;

    switch (p[0]) {

    case 'E':
        return p[1] == 'A' && p[2] == 'A';

    case 'S':
        return p[1] == 'K';

    case 'Y':
        return p[1] == '2' && p[2] == 'F';

    case 'w':
        return p[1] == 'a' && (p[2] == 'm' || p[2] == 'c');

    case 'B':
    case 'b':
        return ((p[1] | 0x20) == 'e' && (third == 'a' || third == '%'))
               || ((p[1] | 0x20) == 'a' && (third == 's' || third == '%'));

    case 'A':
    case 'H':
    case 'g':
        return (p[1] == 'B' && (third == 'e' || third == 'g' || third == '%'))
               ? 2 : 0;

    case 'e':
        return (p[1] == 'y' && p[2] == 'J') ? 3 : 0;

    default:
        return 0;
    }
}


/*
 * What is found in a block with escapes in it or before it: of fewer bytes,
 * since more is looked at behind them.  *inner: what belongs to an escape
 * that began before, then the same of what follows.
 */

void
xpecto_prefilter_encoded(xpecto_prefilter_t *f, const uint64_t *escape,
    unsigned words, size_t back, const uint8_t *end, unsigned classes,
    uint64_t *inner)
{
    unsigned  i;
    uint64_t  decided, of[XPECTO_PREFILTER_WORDS + 1];

    memset(of, 0, sizeof(of));
    of[0] = *inner << back;
    decided = ~UINT64_C(0) << back;
    *inner = 0;

    for (i = 0; i < words; i++) {

        if (i + 1 == words && f->next != end) {
            decided &= ~UINT64_C(0) >> XPECTO_PREFILTER_CUT;
            f->next = f->base + 64 * words - XPECTO_PREFILTER_CUT;
        }

        if (classes & XPECTO_PREFILTER_ENCODED) {
            f->found[i] |= xpecto_prefilter_escapes(escape[i] & decided,
                                                    f->base + 64 * i, end,
                                                    of + i);
        }

        f->found[i] &= decided & ~of[i];
        decided = ~UINT64_C(0);
    }

    if (f->next != end) {
        *inner = of[words - 1] >> (64 - XPECTO_PREFILTER_CUT);
    }
}


/*
 * The escapes that stand for a digit, an "@", a colon or a dot, or could do
 * so together with others, and those that a digit follows: it begins a run
 * that may not look like one, "%205".  p: the byte of bit 0; inner: what
 * belongs to the others and is no text of its own.
 */

static uint64_t
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
            inner[0] |= (((uint64_t) 1 << n) - 2) << i;
            inner[1] |= (i > 58) ? (((uint64_t) 1 << n) - 2) >> (64 - i) : 0;
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
