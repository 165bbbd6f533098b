
/*
 * What masks say: the same for all processors, and inlined into each loop of
 * xpecto_prefilter_walk.h.
 */


#ifndef _XPECTO_PREFILTER_INC_H_INCLUDED_
#define _XPECTO_PREFILTER_INC_H_INCLUDED_


#include "xpecto_prefilter_phones.h"
#include "xpecto_view.h"


#define XPECTO_PREFILTER_P  XPECTO_CLASS_BIT(XPECTO_CLASS_PHONE)
#define XPECTO_PREFILTER_U  XPECTO_CLASS_BIT(XPECTO_CLASS_USER)
#define XPECTO_PREFILTER_E  XPECTO_CLASS_BIT(XPECTO_CLASS_EMAIL)
#define XPECTO_PREFILTER_A  XPECTO_CLASS_BIT(XPECTO_CLASS_IP)
#define XPECTO_PREFILTER_C  XPECTO_CLASS_BIT(XPECTO_CLASS_CREDENTIAL)
#define XPECTO_PREFILTER_I  XPECTO_CLASS_BIT(XPECTO_CLASS_ID)
#define XPECTO_PREFILTER_N  XPECTO_CLASS_BIT(XPECTO_CLASS_ACCOUNT)

#define XPECTO_PREFILTER_ALL                                                 \
    (XPECTO_PREFILTER_ENCODED|XPECTO_PREFILTER_C|XPECTO_PREFILTER_I)

/* what is found in an encoded form */

#define XPECTO_PREFILTER_ENCODED                                             \
    (XPECTO_PREFILTER_P|XPECTO_PREFILTER_E|XPECTO_PREFILTER_A                \
     |XPECTO_PREFILTER_U|XPECTO_PREFILTER_N)


/*
 * xpecto_prefilter.c: a vector of each byte, for operands in memory.  Of
 * values that it sees, a compiler makes a vector anew for each block.
 */

extern const uint8_t  xpecto_prefilter_bytes[256][16];

/* these are rare, each is looked at by itself */

void xpecto_prefilter_encoded(xpecto_prefilter_t *f, const uint64_t *escape,
    unsigned words, size_t back, const uint8_t *end, unsigned classes,
    uint64_t *inner);
void xpecto_prefilter_tokens(uint64_t *found, const uint64_t *pairs,
    unsigned words, const uint8_t *block, const uint8_t *end);


/*
 * Cards and IBANs: four digits, a separator or an escape, and four more;
 * capital letters before two digits.
 */

xpecto_inline xpecto_bits_t
xpecto_prefilter_accounts(const xpecto_prefilter_masks_t *m,
    xpecto_bits_t start, xpecto_bits_t four)
{
    xpecto_bits_t  d, more, other;

    d = m->digit;
    other = ~m->chain|d;
    more = xpecto_ahead(m->escape, 4)
           | ~(xpecto_ahead(other, 4) | xpecto_ahead(~four, 5));

    return (start & four & more)
           | (m->capital & xpecto_ahead(m->capital, 1) & xpecto_ahead(d, 2)
              & xpecto_ahead(d, 3));
}


/*
 * IPv4: three dots with up to three digits between; what the end hides may
 * be any of them.  IPv6: two colons, or one between digits or letters with as
 * many of them behind it as make eight groups: not those of "12:00:00",
 * unless there are two colons somewhere.
 */

xpecto_inline xpecto_bits_t
xpecto_prefilter_ipv4(const xpecto_prefilter_masks_t *m, xpecto_bits_t start)
{
    xpecto_bits_t  d, other, undotted, two, three;

    d = m->digit;
    other = ~(d|m->beyond);
    undotted = ~(m->dot|m->beyond);

    two = xpecto_ahead(undotted, 3)
          & (xpecto_ahead(other, 3) | xpecto_ahead(undotted, 4));
    two = xpecto_ahead(undotted, 2) & (xpecto_ahead(other, 2) | two);
    two = m->dot & ~(xpecto_ahead(other, 1) | two);

    three = ~(two|m->beyond);
    three = two & ~(xpecto_ahead(three, 2) & xpecto_ahead(three, 3)
                    & xpecto_ahead(three, 4));

    return start & xpecto_prefilter_reach(three, d);
}


xpecto_inline xpecto_bits_t
xpecto_prefilter_ipv6(const xpecto_prefilter_masks_t *m, int encoded)
{
    xpecto_bits_t  h, two, eight, other, twice, one, near;

    h = m->digit|m->letter;
    twice = m->colon & xpecto_ahead(m->colon, 1);
    one = m->colon & xpecto_behind(h, 1) & xpecto_ahead(h, 1);

    if (encoded) {

        /* "%3A:", and whatever else may stand for a colon */

        near = xpecto_behind(m->escape, 3) | xpecto_behind(m->escape, 4);
        near |= xpecto_behind(near, 2);
        near |= xpecto_behind(near, 4) | xpecto_ahead(m->escape, 1);
        near = twice | (m->colon & near);

    } else {
        near = twice;
    }

    if (!xpecto_some(near)) {
        other = ~(h|m->colon|m->escape|m->beyond);
        two = xpecto_prefilter_less_2(other);
        eight = xpecto_prefilter_less_8(two);
        one &= ~xpecto_prefilter_less_11(two, eight);
    }

    return twice | one;
}


xpecto_inline xpecto_bits_t
xpecto_prefilter_candidates(const xpecto_prefilter_masks_t *m,
    xpecto_bits_t start, unsigned classes, int encoded, int rough)
{
    xpecto_bits_t  two, four, run, none, found, near;

    /* runs of so many digits: bit n is the first of them */

    two = xpecto_prefilter_less_2(~m->digit);
    four = ~xpecto_prefilter_less_4(two);
    run = four & xpecto_ahead(four, 3);
    found = ~xpecto_ones;

    /* an app's token has fifteen digits, a card thirteen, or four and four */

    if (classes & (XPECTO_PREFILTER_C|XPECTO_PREFILTER_N)) {
        none = ~four | xpecto_ahead(~four, 3);
        found |= start & ~(none | xpecto_ahead(none, 6));
    }

    if (classes & XPECTO_PREFILTER_N) {
        found |= xpecto_prefilter_accounts(m, start, four);
    }

    if (classes & XPECTO_PREFILTER_P) {

        if (encoded) {
            near = xpecto_prefilter_near(m, rough);
            found |= (xpecto_prefilter_phones(m, start, four, run) & ~near)
                     | (xpecto_prefilter_rough(m, start, run) & near);

        } else {
            found |= xpecto_prefilter_phones(m, start, four, run);
        }
    }

    if (classes & XPECTO_PREFILTER_A) {
        found |= xpecto_prefilter_ipv4(m, start)
                 | xpecto_prefilter_ipv6(m, encoded);

        if (encoded) {
            found |= m->colon & xpecto_ahead(m->escape, 1);
        }
    }

    if (classes & XPECTO_PREFILTER_E) {
        found |= m->at;
    }

    if (classes & XPECTO_PREFILTER_U) {
        found |= m->dot & xpecto_behind(m->capital, 1)
                 & xpecto_behind(m->capital, 2);
    }

    return found;
}


#endif /* _XPECTO_PREFILTER_INC_H_INCLUDED_ */
