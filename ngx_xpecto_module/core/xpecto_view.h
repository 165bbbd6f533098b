
/*
 * A decoded view of bytes that may be percent-encoded (up to three times),
 * escaped as in JSON or as in a log of nginx (\x2B), in any mix, without a
 * copy: one character at a time, forward and backward, together with the
 * number of bytes that stand for it.
 *
 * Characters beyond ASCII are folded into what matters to a scanner: digits
 * of any script become '0' to '9', wide plus signs, hyphens, dots, slashes,
 * parentheses and spaces their ASCII relatives.
 */


#ifndef _XPECTO_VIEW_H_INCLUDED_
#define _XPECTO_VIEW_H_INCLUDED_


#include "xpecto.h"


#define XPECTO_VIEW_END    0x100        /* no more characters; width 0 */
#define XPECTO_VIEW_NONE   0x101        /* a character without width, U+200B */
#define XPECTO_VIEW_OTHER  0x102        /* another one beyond ASCII */

#define XPECTO_VIEW_WIDTH  24           /* a character has no more bytes */


#define xpecto_view_is_digit(c)  ((unsigned) (c) - '0' <= 9)
#define xpecto_view_is_upper(c)  ((unsigned) (c) - 'A' <= 25)
#define xpecto_view_is_alpha(c)  (((unsigned) (c) | 0x20) - 'a' <= 25)
#define xpecto_view_is_alnum(c)                                              \
    (xpecto_view_is_digit(c) || xpecto_view_is_alpha(c))


/* the slow ways of the two functions below */

unsigned xpecto_view_decode(const uint8_t *p, const uint8_t *end,
    size_t *width);
unsigned xpecto_view_decode_back(const uint8_t *start, const uint8_t *p,
    size_t *width);


/* the character at p, and behind it */

static inline unsigned
xpecto_view_next(const uint8_t *p, const uint8_t *end, size_t *width)
{
    if (p == end) {
        *width = 0;
        return XPECTO_VIEW_END;
    }

    if (*p < 0x80 && *p != '%' && *p != '\\') {
        *width = 1;
        return *p;
    }

    return xpecto_view_decode(p, end, width);
}


/*
 * The character that ends before p.  An escape ends with a hexadecimal
 * digit, which "%", "x", "u" or another layer's "25" or "5c" precedes, or
 * with a letter of JSON.
 */

static inline unsigned
xpecto_view_prev(const uint8_t *start, const uint8_t *p, size_t *width)
{
    if (p == start) {
        *width = 0;
        return XPECTO_VIEW_END;
    }

    if (p - start == 1
        || (p[-1] < 0x80 && p[-1] != '/' && p[-1] != '"' && p[-1] != '\\'
            && (!xpecto_view_is_alnum(p[-1])
                || (p - start > 5 && p[-2] != '\\'
                    && (p[-2] | 0x20) != 'c'
                    && p[-3] != '%' && p[-3] != 'x' && p[-3] != '5'
                    && p[-5] != 'u'))))
    {
        *width = 1;
        return (p[-1] < 0x80) ? p[-1] : XPECTO_VIEW_OTHER;
    }

    return xpecto_view_decode_back(start, p, width);
}

/* the width of text, in ASCII and lower case, if it stands at p; else 0 */

size_t xpecto_view_match(const uint8_t *p, const uint8_t *end,
    const char *text);

/* the same for text that ends before p */

size_t xpecto_view_match_back(const uint8_t *start, const uint8_t *p,
    const char *text);

/* the value of a hexadecimal digit; 16: it is none */

unsigned xpecto_view_hex(unsigned c);


#endif /* _XPECTO_VIEW_H_INCLUDED_ */
