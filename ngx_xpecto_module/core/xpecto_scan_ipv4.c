
#include "xpecto_scan_parts.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif


#define XPECTO_SCAN_QUAD    15          /* "255.255.255.255" */
#define XPECTO_SCAN_PRODUCT 32          /* of a name before "/1.2.3.4" */


static int xpecto_scan_is_version(const xpecto_scan_t *s, const uint8_t *p);
static const uint8_t *xpecto_scan_whole_quad(const uint8_t *p);


int
xpecto_scan_ipv4(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span)
{
    size_t          w;
    unsigned        c;
    const uint8_t  *from, *end;

    from = *p;
    c = xpecto_view_prev(s->start, from, &w);

    if (xpecto_view_is_alnum(c) || c == '.' || c == '_'
        || xpecto_scan_is_version(s, from))
    {
        return 0;
    }

    end = xpecto_scan_quad(s, from);

    if (end == NULL) {
        return 0;
    }

    c = xpecto_view_next(end, s->end, &w);

    if (xpecto_view_is_alnum(c)
        || (c == '.' && end + 1 < s->end && xpecto_view_is_digit(end[1])))
    {
        return 0;
    }

    *p = end;

    return xpecto_scan_found(s, span, XPECTO_CLASS_IP, from, end);
}


/* "Chrome/120.0.0.0": a name that no path leads to */

static int
xpecto_scan_is_version(const xpecto_scan_t *s, const uint8_t *p)
{
    size_t  n;

    if (p == s->start || p[-1] != '/') {
        return 0;
    }

    p--;

    for (n = 0; n < XPECTO_SCAN_PRODUCT && p > s->start; n++, p--) {
        if (!xpecto_view_is_alnum(p[-1]) && p[-1] != '-' && p[-1] != '_') {
            break;
        }
    }

    /* where the text begins another span may have ended */

    return n > 0 && p > s->start && (p[-1] == ' ' || p[-1] == '"'
                                     || p[-1] == '(' || p[-1] == ']');
}


const uint8_t *
xpecto_scan_quad(const xpecto_scan_t *s, const uint8_t *p)
{
    unsigned        n, c, value;
    const uint8_t  *from;

    if (s->end - p > XPECTO_SCAN_QUAD) {
        return xpecto_scan_whole_quad(p);
    }

    for (n = 0; /* void */ ; n++) {
        value = 0;
        from = p;

        while (p < s->end && (c = *p - (unsigned) '0') <= 9 && p - from < 3) {
            value = value * 10 + c;
            p++;
        }

        /* two numbers tell enough at the end of a buffer */

        if (p == s->end && s->tail && n > 1) {
            return p;
        }

        if (p == from || value > 255 || (*from == '0' && p - from > 1)) {
            return NULL;
        }

        if (n == 3) {
            return p;
        }

        if (p == s->end || *p != '.') {
            return NULL;
        }

        p++;
    }
}


/*
 * The same with sixteen bytes to read, all of them at once: how many digits a
 * number has decides no jump, which would be wrong as often as not.
 */

#if defined(__SSE2__)

static const uint8_t *
xpecto_scan_whole_quad(const uint8_t *p)
{
    __m128i   x, next, over, five;
    unsigned  d, dot, two, three, large, zero, third, n, all, first;

    x = _mm_loadu_si128((const __m128i *) (const void *) p);
    five = _mm_set1_epi8('5');

    /* bit n: the byte n is a digit, a dot, "0", the first of "256" or more */

    next = _mm_add_epi8(x, _mm_set1_epi8((char) (0x80 - '0')));
    d = (unsigned) _mm_movemask_epi8(
            _mm_cmplt_epi8(next, _mm_set1_epi8((char) (0x80 + 10))));
    dot = (unsigned) _mm_movemask_epi8(_mm_cmpeq_epi8(x, _mm_set1_epi8('.')));
    zero = (unsigned) _mm_movemask_epi8(_mm_cmpeq_epi8(x,
                                                       _mm_set1_epi8('0')));

    next = _mm_srli_si128(x, 1);
    over = _mm_and_si128(_mm_cmpeq_epi8(next, five),
                         _mm_cmpgt_epi8(_mm_srli_si128(x, 2), five));
    over = _mm_or_si128(over, _mm_cmpgt_epi8(next, five));
    over = _mm_and_si128(over, _mm_cmpeq_epi8(x, _mm_set1_epi8('2')));
    over = _mm_or_si128(over, _mm_cmpgt_epi8(x, _mm_set1_epi8('2')));
    large = (unsigned) _mm_movemask_epi8(over);

    third = dot & (dot - 1);
    third &= third - 1;

    if (third == 0) {
        return NULL;
    }

    /* the last number has three digits at most, whatever follows it */

    third = (unsigned) __builtin_ctz(third) + 1;
    n = (unsigned) __builtin_ctz(~(d >> third));
    n = (n > 3) ? 3 : n;

    all = (1u << (third + n)) - 1;
    first = d & ~(d << 1);
    two = d & d >> 1;
    three = two & d >> 2;

    if ((n == 0)
        | ((all & ~(d|dot)) != 0)
        | ((all & ((dot & dot << 1) | (dot & 1))) != 0)
        | ((three & d >> 3 & ((1u << third) - 1)) != 0)
        | ((all & first & ((zero & two) | (large & three))) != 0))
    {
        return NULL;
    }

    return p + third + n;
}

#else

static const uint8_t *
xpecto_scan_whole_quad(const uint8_t *p)
{
    unsigned  n, a, b, c, two, three, value;

    for (n = 0; /* void */ ; n++) {
        a = p[0] - (unsigned) '0';
        b = p[1] - (unsigned) '0';
        c = p[2] - (unsigned) '0';

        two = (b <= 9);
        three = two & (c <= 9);

        value = two ? a * 10 + b : a;
        value = three ? value * 10 + c : value;

        if ((a > 9) | (value > 255) | ((a == 0) & two)) {
            return NULL;
        }

        p += 1 + two + three;

        if (n == 3) {
            return p;
        }

        if (*p != '.') {
            return NULL;
        }

        p++;
    }
}

#endif
