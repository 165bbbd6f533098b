
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

extern const uint8_t  xpecto_prefilter_bytes[256][32];

/* these are rare, each is looked at by itself */

uint64_t xpecto_prefilter_encoded(xpecto_prefilter_t *f, uint64_t found,
    uint64_t escape, size_t back, const uint8_t *end, unsigned classes,
    uint64_t *inner);
uint64_t xpecto_prefilter_tokens(uint64_t pair, const uint8_t *block);


/*
 * Cards and IBANs: four digits, a separator or an escape, and four more;
 * capital letters before two digits.
 */

xpecto_inline uint64_t
xpecto_prefilter_accounts(const xpecto_prefilter_masks_t *m, uint64_t start)
{
    uint64_t  d, four, more;

    d = m->digit;
    four = xpecto_prefilter_less(~d, 4);
    more = m->escape >> 4 | ~((~m->chain|d) >> 4 | four >> 5);

    return (start & ~four & more)
           | (m->capital & m->capital >> 1 & d >> 2 & d >> 3);
}


/*
 * IPv4: three dots with up to three digits between; what the end hides may
 * be any of them.  IPv6: two colons, or one between digits or letters with as
 * many of them behind it as make eight groups: not those of "12:00:00",
 * unless there are two colons somewhere.
 */

xpecto_inline uint64_t
xpecto_prefilter_addresses(const xpecto_prefilter_masks_t *m, uint64_t start)
{
    uint64_t  d, h, other, undotted, two, three, twice;

    d = m->digit;
    other = ~(d|m->beyond);
    undotted = ~(m->dot|m->beyond);

    two = m->dot
          & ~(other >> 1
              | (undotted >> 2
                 & (other >> 2 | (undotted >> 3
                                  & (other >> 3 | undotted >> 4)))));
    three = ~(two|m->beyond);
    three = two & ~(three >> 2 & three >> 3 & three >> 4);

    twice = m->colon & m->colon >> 1;
    h = d|m->letter;

    return (start & xpecto_prefilter_reach(three, d)) | twice
           | (m->colon & h << 1 & h >> 1
              & (twice ? ~UINT64_C(0)
                       : ~xpecto_prefilter_less(~(h|m->colon|m->escape
                                                  |m->beyond), 11)));
}


xpecto_inline uint64_t
xpecto_prefilter_candidates(const xpecto_prefilter_masks_t *m, uint64_t start,
    unsigned classes, uint64_t near)
{
    uint64_t  four, run, found;

    /* runs of so many digits: bit n is the first of them */

    four = ~xpecto_prefilter_less(~m->digit, 4);
    run = four & four >> 3;
    found = 0;

    /* an app's token has fifteen digits, a card thirteen, or four and four */

    if (classes & (XPECTO_PREFILTER_C|XPECTO_PREFILTER_N)) {
        found |= start & ~(~run | ~run >> 6);
    }

    if (classes & XPECTO_PREFILTER_N) {
        found |= xpecto_prefilter_accounts(m, start);
    }

    if (classes & XPECTO_PREFILTER_P) {
        found |= xpecto_prefilter_phones(m, start, four, run) & ~near;

        if (near) {
            found |= xpecto_prefilter_rough(m, start, run) & near;
        }
    }

    if (classes & XPECTO_PREFILTER_A) {
        found |= xpecto_prefilter_addresses(m, start);
        found |= m->colon & m->escape >> 1;
    }

    if (classes & XPECTO_PREFILTER_E) {
        found |= m->at;
    }

    if (classes & XPECTO_PREFILTER_U) {
        found |= m->dot & m->capital << 1 & m->capital << 2;
    }

    return found;
}


#endif /* _XPECTO_PREFILTER_INC_H_INCLUDED_ */
