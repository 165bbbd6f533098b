
#include <string.h>

#include "xpecto_view.h"


#define XPECTO_VIEW_LAYERS  3
#define XPECTO_VIEW_POINT   0x80000000u /* a code point, not yet folded */


static unsigned xpecto_view_layer(const uint8_t *p, const uint8_t *end,
    unsigned layer, size_t *width);
static unsigned xpecto_view_percent(const uint8_t *p, const uint8_t *end,
    unsigned layer, size_t *width);
static unsigned xpecto_view_backslash(const uint8_t *p, const uint8_t *end,
    unsigned layer, size_t *width);
static unsigned xpecto_view_digits(const uint8_t *p, const uint8_t *end,
    unsigned layer, unsigned n, size_t *width);
static unsigned xpecto_view_utf8(unsigned c, const uint8_t *p,
    const uint8_t *end, size_t *width);
static unsigned xpecto_view_fold(unsigned point);
static int xpecto_view_ends_escape(const uint8_t *start, const uint8_t *p);


/* the zeroes of Unicode 14's decimal digits (Nd) beyond ASCII, in order */

static const uint32_t  xpecto_view_zeroes[] = {
    0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6,
    0x0c66, 0x0ce6, 0x0d66, 0x0de6, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x1090,
    0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40,
    0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
    0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450,
    0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50,
    0x11da0, 0x16a60, 0x16ac0, 0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec,
    0x1d7f6, 0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0
};


unsigned
xpecto_view_decode(const uint8_t *p, const uint8_t *end, size_t *width)
{
    unsigned  c;

    c = xpecto_view_layer(p, end, XPECTO_VIEW_LAYERS, width);

    if (c & XPECTO_VIEW_POINT) {
        return xpecto_view_fold(c & ~XPECTO_VIEW_POINT);
    }

    if (c < 0x80) {
        return c;
    }

    return xpecto_view_utf8(c, p, end, width);
}


/* a byte or a code point with so many layers of encoding taken off */

static unsigned
xpecto_view_layer(const uint8_t *p, const uint8_t *end, unsigned layer,
    size_t *width)
{
    unsigned  c;

    if (layer == 0 || (*p != '%' && *p != '\\')) {
        *width = 1;
        return *p;
    }

    c = xpecto_view_layer(p, end, layer - 1, width);

    if (c == '%') {
        return xpecto_view_percent(p, end, layer - 1, width);
    }

    if (c == '\\') {
        return xpecto_view_backslash(p, end, layer - 1, width);
    }

    return c;
}


/* behind a "%" of *width bytes at p */

static unsigned
xpecto_view_percent(const uint8_t *p, const uint8_t *end, unsigned layer,
    size_t *width)
{
    size_t    w;
    unsigned  c;

    c = xpecto_view_digits(p + *width, end, layer, 2, &w);

    if (c == XPECTO_VIEW_POINT) {
        return '%';
    }

    *width += w;

    return c;
}


static unsigned
xpecto_view_backslash(const uint8_t *p, const uint8_t *end, unsigned layer,
    size_t *width)
{
    size_t          w, more;
    unsigned        c, value;
    const char     *found;
    const uint8_t  *next;

    static const char  escapes[] = "\"\\/bfnrt";
    static const char  values[] = "\"\\/\b\f\n\r\t";

    next = p + *width;

    if (next == end) {
        return '\\';
    }

    c = xpecto_view_layer(next, end, layer, &w);

    if (c == 'x' || c == 'u') {
        value = xpecto_view_digits(next + w, end, layer, c == 'x' ? 2 : 4,
                                   &more);

        if (value == XPECTO_VIEW_POINT) {
            return '\\';
        }

        *width += w + more;

        return (c == 'u' && value >= 0x80) ? (value | XPECTO_VIEW_POINT)
                                           : value;
    }

    if (c == 0 || c >= 0x80) {
        return '\\';
    }

    found = strchr(escapes, (int) c);

    if (found == NULL) {
        return '\\';
    }

    *width += w;

    return (unsigned) values[found - escapes];
}


/* n hexadecimal digits; XPECTO_VIEW_POINT: there are less */

static unsigned
xpecto_view_digits(const uint8_t *p, const uint8_t *end, unsigned layer,
    unsigned n, size_t *width)
{
    size_t    w;
    unsigned  value, hex;

    value = 0;
    *width = 0;

    while (n-- > 0) {

        if (p == end) {
            return XPECTO_VIEW_POINT;
        }

        hex = xpecto_view_hex(xpecto_view_layer(p, end, layer, &w));

        if (hex > 15) {
            return XPECTO_VIEW_POINT;
        }

        value = value << 4 | hex;
        p += w;
        *width += w;
    }

    return value;
}


unsigned
xpecto_view_hex(unsigned c)
{
    if (xpecto_view_is_digit(c)) {
        return c - '0';
    }

    c |= 0x20;

    return (c >= 'a' && c <= 'f') ? c - 'a' + 10 : 16;
}


/* c is a byte from 0x80 on, of *width bytes at p */

static unsigned
xpecto_view_utf8(unsigned c, const uint8_t *p, const uint8_t *end,
    size_t *width)
{
    size_t    total, w;
    unsigned  more, point, byte;

    if (c >= 0xc2 && c <= 0xdf) {
        more = 1;
        point = c & 0x1f;

    } else if (c >= 0xe0 && c <= 0xef) {
        more = 2;
        point = c & 0x0f;

    } else if (c >= 0xf0 && c <= 0xf4) {
        more = 3;
        point = c & 0x07;

    } else {
        return XPECTO_VIEW_OTHER;
    }

    total = *width;

    while (more-- > 0) {

        if (p + total == end) {
            return XPECTO_VIEW_OTHER;
        }

        byte = xpecto_view_layer(p + total, end, XPECTO_VIEW_LAYERS, &w);

        if (byte < 0x80 || byte > 0xbf) {
            return XPECTO_VIEW_OTHER;
        }

        point = point << 6 | (byte & 0x3f);
        total += w;
    }

    *width = total;

    return xpecto_view_fold(point);
}


static unsigned
xpecto_view_fold(unsigned point)
{
    size_t  i;

    for (i = 0;
         i < sizeof(xpecto_view_zeroes) / sizeof(uint32_t)
         && point >= xpecto_view_zeroes[i];
         i++)
    {
        if (point - xpecto_view_zeroes[i] <= 9) {
            return '0' + point - xpecto_view_zeroes[i];
        }
    }

    /* the full-width forms of ASCII, but for letters */

    if (point > 0xff00 && point < 0xff5f) {
        point -= 0xfee0;

        return xpecto_view_is_alpha(point) ? XPECTO_VIEW_OTHER : point;
    }

    if ((point >= 0x2010 && point <= 0x2015) || point == 0x2212
        || point == 0x30fc)
    {
        return '-';
    }

    switch (point) {

    case 0x00a0:
    case 0x2002:
    case 0x2003:
    case 0x2007:
    case 0x2009:
    case 0x202f:
    case 0x3000:
        return ' ';

    case 0x00ad:
    case 0x200b:
    case 0x200c:
    case 0x200d:
    case 0x200e:
    case 0x200f:
    case 0x202a:
    case 0x202c:
    case 0x202d:
    case 0x2060:
    case 0x2066:
    case 0x2068:
    case 0x2069:
    case 0xfeff:
        return XPECTO_VIEW_NONE;

    case 0x2044:
    case 0x2215:
        return '/';

    case 0x2053:
    case 0x223c:
        return '~';

    default:
        return XPECTO_VIEW_OTHER;
    }
}


unsigned
xpecto_view_decode_back(const uint8_t *start, const uint8_t *p, size_t *width)
{
    size_t          w;
    unsigned        c;
    const uint8_t  *from;

    if (p[-1] < 0x80 && !xpecto_view_ends_escape(start, p)) {
        *width = 1;
        return p[-1];
    }

    from = ((size_t) (p - start) > XPECTO_VIEW_WIDTH) ? p - XPECTO_VIEW_WIDTH
                                                      : start;

    /* the widest encoding that ends here is the one a reader sees */

    for ( /* void */ ; from < p - 1; from++) {

        if (*from != '%' && *from != '\\' && *from < 0xc2) {
            continue;
        }

        c = xpecto_view_next(from, p, &w);

        if (w == (size_t) (p - from)) {
            *width = w;
            return c;
        }
    }

    *width = 1;

    return (p[-1] < 0x80) ? p[-1] : XPECTO_VIEW_OTHER;
}


/* a first look at what a reader would have to begin with */

static int
xpecto_view_ends_escape(const uint8_t *start, const uint8_t *p)
{
    if (p[-2] == '\\' || p[-2] == 'c' || p[-2] == 'C') {
        return 1;
    }

    if (xpecto_view_hex(p[-1]) > 15 || p - start < 3) {
        return 0;
    }

    return p[-3] == '%' || p[-3] == 'x' || p[-3] == '5'
           || (p - start > 5 && p[-5] == 'u');
}


size_t
xpecto_view_match(const uint8_t *p, const uint8_t *end, const char *text)
{
    size_t          w;
    unsigned        c;
    const uint8_t  *at;

    for (at = p; *text; text++) {
        c = xpecto_view_next(at, end, &w);

        if ((xpecto_view_is_upper(c) ? (c | 0x20) : c) != (unsigned) *text) {
            return 0;
        }

        at += w;
    }

    return (size_t) (at - p);
}


size_t
xpecto_view_match_back(const uint8_t *start, const uint8_t *p,
    const char *text)
{
    size_t          w, n;
    unsigned        c;
    const uint8_t  *at;

    at = p;

    for (n = strlen(text); n > 0; n--) {
        c = xpecto_view_prev(start, at, &w);

        if ((xpecto_view_is_upper(c) ? (c | 0x20) : c)
            != (unsigned) text[n - 1])
        {
            return 0;
        }

        at -= w;
    }

    return (size_t) (p - at);
}
