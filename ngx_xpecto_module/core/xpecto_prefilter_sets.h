
/*
 * The sets of the prefilter's masks, by what a processor can do with a vector
 * of bytes: xpecto_all(), xpecto_or(), xpecto_eq() and xpecto_in(x, c, n), n
 * bytes from c on.  A byte of the last two is 0xff or 0.
 */


#ifndef _XPECTO_PREFILTER_SETS_H_INCLUDED_
#define _XPECTO_PREFILTER_SETS_H_INCLUDED_


#define xpecto_is(x, c)     xpecto_eq(x, xpecto_all(c))

#define xpecto_digit(x)     xpecto_in(x, '0', 10)
#define xpecto_low(x)       xpecto_is(xpecto_or(x, xpecto_all(1)), '1')
#define xpecto_space(x)     xpecto_is(x, ' ')
#define xpecto_open(x)      xpecto_or(xpecto_is(x, '+'), xpecto_is(x, '('))
#define xpecto_dot(x)       xpecto_is(x, '.')
#define xpecto_slash(x)     xpecto_is(x, '/')
#define xpecto_colon(x)     xpecto_is(x, ':')
#define xpecto_at(x)        xpecto_is(x, '@')
#define xpecto_capital(x)   xpecto_in(x, 0x40, 32)
#define xpecto_letter(x)                                                     \
    xpecto_in(xpecto_or(x, xpecto_all(0x20)), 'a', 26)

/*
 * "(" to "9", " ", tab; the rare "[]_~" together with "XYZ\\^xyz{|}", and
 * tab with 0x08 to 0x0f
 */

#define xpecto_chain(x)                                                      \
    xpecto_or(xpecto_or(xpecto_in(x, '(', 18),                               \
                        xpecto_is(xpecto_or(x, xpecto_all(0x27)), 0x7f)),    \
              xpecto_or(xpecto_is(x, ' '),                                   \
                        xpecto_is(xpecto_or(x, xpecto_all(7)), 0x0f)))

#define xpecto_put_all()                                                     \
    m->digit = xpecto_put(xpecto_digit);                                     \
    m->low = xpecto_put(xpecto_low);                                         \
    m->space = xpecto_put(xpecto_space);                                     \
    m->open = xpecto_put(xpecto_open);                                       \
    m->dot = xpecto_put(xpecto_dot);                                         \
    m->slash = xpecto_put(xpecto_slash);                                     \
    m->chain = xpecto_put(xpecto_chain);                                     \
    m->letter = xpecto_put(xpecto_letter);                                   \
    m->capital = xpecto_put(xpecto_capital);                                 \
    m->escape = xpecto_put(xpecto_escape);                                   \
    m->colon = xpecto_put(xpecto_colon);                                     \
    m->at = xpecto_put(xpecto_at)


#endif /* _XPECTO_PREFILTER_SETS_H_INCLUDED_ */
