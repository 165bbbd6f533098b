
/*
 * The sets of the prefilter's masks, by what a processor can do with a vector
 * of bytes: xpecto_all(), xpecto_eq(), xpecto_min(), xpecto_sub(),
 * xpecto_or(), xpecto_and().  A byte of such a vector is 0xff or 0.
 */


#ifndef _XPECTO_PREFILTER_SETS_H_INCLUDED_
#define _XPECTO_PREFILTER_SETS_H_INCLUDED_


/* one byte, both cases of a letter, n bytes from c on */

#define xpecto_is(x, c)     xpecto_eq(x, xpecto_all(c))
#define xpecto_any(x, c)    xpecto_is(xpecto_or(x, xpecto_all(0x20)), c)
#define xpecto_in(x, c, n)                                                   \
    xpecto_eq(xpecto_min(xpecto_sub(x, xpecto_all(c)), xpecto_all((n) - 1)), \
              xpecto_sub(x, xpecto_all(c)))

#define xpecto_digit(x)     xpecto_in(x, '0', 10)
#define xpecto_zero(x)      xpecto_is(x, '0')
#define xpecto_plus(x)      xpecto_is(x, '+')
#define xpecto_paren(x)     xpecto_is(x, '(')
#define xpecto_blank(x)     xpecto_or(xpecto_is(x, ' '), xpecto_is(x, '-'))
#define xpecto_dot(x)       xpecto_is(x, '.')
#define xpecto_colon(x)     xpecto_is(x, ':')
#define xpecto_at(x)        xpecto_is(x, '@')
#define xpecto_hex(x)                                                        \
    xpecto_in(xpecto_or(x, xpecto_all(0x20)), 'a', 6)
#define xpecto_upper(x)     xpecto_in(x, 'A', 26)

#define xpecto_put_all()                                                     \
    m->digit = xpecto_put(xpecto_digit);                                     \
    m->zero = xpecto_put(xpecto_zero);                                       \
    m->plus = xpecto_put(xpecto_plus);                                       \
    m->paren = xpecto_put(xpecto_paren);                                     \
    m->blank = xpecto_put(xpecto_blank);                                     \
    m->escape = xpecto_put(xpecto_escape);                                   \
    m->dot = xpecto_put(xpecto_dot);                                         \
    m->colon = xpecto_put(xpecto_colon);                                     \
    m->at = xpecto_put(xpecto_at);                                           \
    m->hex = xpecto_put(xpecto_hex);                                         \
    m->upper = xpecto_put(xpecto_upper)

/* two characters; x, y: a byte and the one behind it */

#define xpecto_two(x, y, a, b)                                               \
    xpecto_and(xpecto_is(x, a), xpecto_is(y, b))
#define xpecto_prefix(x, y)                                                  \
    xpecto_or(xpecto_or(xpecto_or(xpecto_two(x, y, 'E', 'A'),                \
                                  xpecto_two(x, y, 'S', 'K')),               \
                        xpecto_or(xpecto_two(x, y, 'Y', '2'),                \
                                  xpecto_two(x, y, 'w', 'a'))),              \
              xpecto_and(xpecto_any(x, 'b'),                                 \
                         xpecto_or(xpecto_any(y, 'a'), xpecto_any(y, 'e'))))
#define xpecto_pair(x, y)                                                    \
    xpecto_and(xpecto_or(xpecto_or(xpecto_is(x, 'y'), xpecto_is(x, 'A')),    \
                         xpecto_or(xpecto_is(x, 'H'), xpecto_is(x, 'g'))),   \
               xpecto_or(xpecto_is(y, 'J'), xpecto_is(y, 'B')))


#endif /* _XPECTO_PREFILTER_SETS_H_INCLUDED_ */
