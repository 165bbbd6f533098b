
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
 * The same with sixteen bytes to read: how many digits a number has decides
 * no jump, which would be wrong as often as not.
 */

#if defined(__SSE2__)

static const uint8_t *
xpecto_scan_whole_quad(const uint8_t *p)
{
    __m128i   x;
    unsigned  i, n, digits, large;

    x = _mm_loadu_si128((const __m128i *) (const void *) p);
    x = _mm_add_epi8(x, _mm_set1_epi8((char) (0x80 - '0')));
    x = _mm_cmplt_epi8(x, _mm_set1_epi8((char) (0x80 + 10)));
    digits = (unsigned) _mm_movemask_epi8(x);

    for (i = 0; /* void */ ; i++) {
        n = (unsigned) __builtin_ctz(~digits);
        n = (i == 3 && n > 3) ? 3 : n;

        large = p[0] * 100u + p[1] * 10u + p[2] > '0' * 111u + 255;

        if ((n - 1 > 2) | ((p[0] == '0') & (n > 1)) | ((n == 3) & large)) {
            return NULL;
        }

        p += n;

        if (i == 3) {
            return p;
        }

        if (*p != '.') {
            return NULL;
        }

        p++;
        digits >>= n + 1;
    }
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
