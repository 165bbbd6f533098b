
#include <string.h>

#include "xpecto_prefilter.h"
#include "xpecto_view.h"


#define XPECTO_PREFILTER_DIGIT      0x001
#define XPECTO_PREFILTER_ESCAPE     0x002
#define XPECTO_PREFILTER_MARK       0x004
#define XPECTO_PREFILTER_SEPARATOR  0x008
#define XPECTO_PREFILTER_DOT        0x010
#define XPECTO_PREFILTER_COLON      0x020
#define XPECTO_PREFILTER_AT         0x040
#define XPECTO_PREFILTER_HEX        0x080
#define XPECTO_PREFILTER_UPPER      0x100
#define XPECTO_PREFILTER_LETTER     0x200
#define XPECTO_PREFILTER_SECOND     0x400
#define XPECTO_PREFILTER_ALONE      0x800


static unsigned xpecto_prefilter_kinds(unsigned c);
static uint64_t xpecto_prefilter_reach(uint64_t target, uint64_t digit,
    unsigned n);


xpecto_prefilter_pt
xpecto_prefilter(void)
{
    xpecto_prefilter_pt  masks;

    masks = xpecto_prefilter_avx2();

    if (masks == NULL) {
        masks = xpecto_prefilter_sse2();
    }

    return (masks != NULL) ? masks : xpecto_prefilter_scalar;
}


void
xpecto_prefilter_scalar(const uint8_t *block, size_t len,
    xpecto_prefilter_masks_t *m)
{
    uint64_t  bit;
    unsigned  i, kinds;

    memset(m, 0, sizeof(xpecto_prefilter_masks_t));

    for (i = 0; i < XPECTO_PREFILTER_BLOCK && i < len; i++) {
        bit = (uint64_t) 1 << i;
        kinds = xpecto_prefilter_kinds(block[i]);

        m->digit |= (kinds & XPECTO_PREFILTER_DIGIT) ? bit : 0;
        m->escape |= (kinds & XPECTO_PREFILTER_ESCAPE) ? bit : 0;
        m->mark |= (kinds & XPECTO_PREFILTER_MARK) ? bit : 0;
        m->separator |= (kinds & XPECTO_PREFILTER_SEPARATOR) ? bit : 0;
        m->dot |= (kinds & XPECTO_PREFILTER_DOT) ? bit : 0;
        m->colon |= (kinds & XPECTO_PREFILTER_COLON) ? bit : 0;
        m->at |= (kinds & XPECTO_PREFILTER_AT) ? bit : 0;
        m->hex |= (kinds & XPECTO_PREFILTER_HEX) ? bit : 0;
        m->upper |= (kinds & XPECTO_PREFILTER_UPPER) ? bit : 0;
        m->letter |= (kinds & XPECTO_PREFILTER_LETTER) ? bit : 0;
        m->second |= (kinds & XPECTO_PREFILTER_SECOND) ? bit : 0;
        m->alone |= (kinds & XPECTO_PREFILTER_ALONE) ? bit : 0;
    }
}


static unsigned
xpecto_prefilter_kinds(unsigned c)
{
    unsigned  kinds;

    if (xpecto_view_is_digit(c)) {
        return XPECTO_PREFILTER_DIGIT;
    }

    if (c >= 0x80) {
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
    }

    switch (c) {

    case '%':
    case '\\':
        return XPECTO_PREFILTER_ESCAPE;

    case '+':
    case '(':
        return XPECTO_PREFILTER_MARK|XPECTO_PREFILTER_SEPARATOR;

    case ' ':
    case '-':
        return XPECTO_PREFILTER_SEPARATOR;

    case '.':
        return XPECTO_PREFILTER_DOT;

    case ':':
        return XPECTO_PREFILTER_COLON;

    case '@':
        return XPECTO_PREFILTER_AT;

    case 'B':
    case 'b':
        return kinds|XPECTO_PREFILTER_MARK|XPECTO_PREFILTER_LETTER;

    case 'E':
        return kinds|XPECTO_PREFILTER_LETTER|XPECTO_PREFILTER_SECOND;

    case 'S':
    case 'w':
        return kinds|XPECTO_PREFILTER_LETTER;

    case 'A':
    case 'a':
    case 'e':
    case 'G':
    case 'g':
    case 'K':
    case 'k':
        return kinds|XPECTO_PREFILTER_SECOND;

    case 'J':
    case 'Y':
        return kinds|XPECTO_PREFILTER_ALONE;

    default:
        return kinds;
    }
}


uint64_t
xpecto_prefilter_candidates(const xpecto_prefilter_masks_t *m,
    unsigned before, unsigned classes)
{
    uint64_t  d, start, run, end, found, prev;
    unsigned  kinds;

    found = 0;
    kinds = before ? xpecto_prefilter_kinds(before) : 0;

    d = m->digit;
    start = d & ~(d << 1 | ((kinds & XPECTO_PREFILTER_DIGIT) != 0));

    /* runs of seven digits: bit n is the first of so many */

    run = d & d >> 1;
    run &= run >> 2;
    run &= d >> 4 & d >> 5 & d >> 6;

    if (classes & (XPECTO_CLASS_BIT(XPECTO_CLASS_PHONE)
                   |XPECTO_CLASS_BIT(XPECTO_CLASS_CREDENTIAL)
                   |XPECTO_CLASS_BIT(XPECTO_CLASS_ACCOUNT)))
    {
        found |= start & run;
    }

    /* four digits before a gap, capital letters before two digits */

    if (classes & XPECTO_CLASS_BIT(XPECTO_CLASS_ACCOUNT)) {
        found |= start & d >> 3 & (m->separator|m->escape) >> 4;
        found |= m->upper & m->upper >> 1 & d >> 2 & d >> 3;
    }

    if (classes & XPECTO_CLASS_BIT(XPECTO_CLASS_PHONE)) {

        prev = (m->mark|m->escape) << 1
               | ((kinds & (XPECTO_PREFILTER_MARK|XPECTO_PREFILTER_ESCAPE))
                  != 0);

        /* a separator before more digits, the dot in "1.650.", an escape */

        end = (m->separator & (d|m->escape|(m->mark & m->separator)) >> 1)
              | (m->dot & d >> 1 & d >> 2 & d >> 3 & m->dot >> 4)
              | m->escape;

        found |= start & (prev | xpecto_prefilter_reach(end, d, 6));
    }

    if (classes & (XPECTO_CLASS_BIT(XPECTO_CLASS_PHONE)
                   |XPECTO_CLASS_BIT(XPECTO_CLASS_EMAIL)
                   |XPECTO_CLASS_BIT(XPECTO_CLASS_IP)))
    {
        found |= m->escape;
    }

    if (classes & XPECTO_CLASS_BIT(XPECTO_CLASS_EMAIL)) {
        found |= m->at;
    }

    if (classes & XPECTO_CLASS_BIT(XPECTO_CLASS_IP)) {

        /* two dots in digits */

        end = m->dot & d >> 1;
        end &= m->dot >> 2 | (d >> 2 & m->dot >> 3)
               | (d >> 2 & d >> 3 & m->dot >> 4);

        found |= start & xpecto_prefilter_reach(end, d, 3);

        /* a colon within hexadecimal digits, or two of them */

        prev = (d|m->hex) << 1
               | ((kinds & (XPECTO_PREFILTER_DIGIT|XPECTO_PREFILTER_HEX))
                  != 0);

        found |= m->colon & (m->colon >> 1 | m->escape >> 1
                             | (prev & (d|m->hex) >> 1));
    }

    if (classes & XPECTO_CLASS_BIT(XPECTO_CLASS_USER)) {
        found |= m->dot & (m->upper << 1
                           | ((kinds & XPECTO_PREFILTER_UPPER) != 0));
    }

    if (classes & (XPECTO_CLASS_BIT(XPECTO_CLASS_ID)
                   |XPECTO_CLASS_BIT(XPECTO_CLASS_CREDENTIAL)))
    {
        found |= m->alone | (m->letter & m->second >> 1);
    }

    return found;
}


/* digits that target stands behind, with less than 3 or 6 digits between */

static uint64_t
xpecto_prefilter_reach(uint64_t target, uint64_t digit, unsigned n)
{
    uint64_t  reach;

    reach = digit & target >> 1;
    reach |= digit & reach >> 1;
    reach |= digit & reach >> 1;

    if (n > 3) {
        digit &= digit >> 1 & digit >> 2;
        reach |= digit & reach >> 3;
    }

    return reach;
}
