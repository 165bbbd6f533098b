
/*
 * Most numbers of a log stand alone: nothing but their digits, or those
 * behind "%2B", between characters of plain text that have one meaning.
 * What these numbers are asked by xpecto_scan_phone() has but one answer then.
 */


#include "xpecto_scan_parts.h"


#define XPECTO_SCAN_ENDS    1           /* no number goes on with it */
#define XPECTO_SCAN_AROUND  2           /* it is no part of one */
#define XPECTO_SCAN_OPENS   4           /* nothing may be marked by it */


static const uint8_t  xpecto_scan_plainly[256] = {
    ['\n'] = 7, ['\r'] = 7, ['!'] = 7, ['"'] = 3, ['#'] = 3, ['&'] = 7,
    ['\''] = 7, ['*'] = 7, [','] = 7, ['/'] = 2, [';'] = 7, ['<'] = 7,
    ['='] = 3, ['>'] = 7, ['?'] = 7, ['^'] = 7, ['`'] = 7, ['{'] = 7,
    ['|'] = 7, ['}'] = 7, [' '] = 2, [')'] = 2, [']'] = 2, ['_'] = 2
};


/* nothing marks the digits; or what does makes them no more than they are */

typedef enum {
    XPECTO_SCAN_NOTHING = 0,
    XPECTO_SCAN_AS_NOTHING,
    XPECTO_SCAN_UNKNOWN
} xpecto_scan_before_e;


static xpecto_scan_before_e xpecto_scan_before(const uint8_t *p,
    unsigned after);


int
xpecto_scan_alone(const xpecto_scan_t *s, const uint8_t *p, const uint8_t *end,
    xpecto_span_t *span)
{
    size_t                 n;
    unsigned               after;
    const uint8_t         *from;
    xpecto_scan_before_e   before;

    n = (size_t) (end - p);

    if (n > XPECTO_PHONE_MAX || p - s->start < 4 || end == s->end) {
        return -1;
    }

    from = p;
    after = xpecto_scan_plainly[*end];

    if (p[-3] == '%' && p[-2] == '2' && (p[-1] | 0x20) == 'b') {

        if ((after & XPECTO_SCAN_ENDS) == 0
            || (p[-4] != '=' && p[-4] != '/' && p[-4] != ':')
            || !xpecto_phone_check(p, n, XPECTO_PHONE_POSSIBLE))
        {
            return -1;
        }

        from -= 3;

    } else {

        if ((after & XPECTO_SCAN_AROUND) == 0) {
            return -1;
        }

        before = xpecto_scan_before(p, after);

        if (before == XPECTO_SCAN_UNKNOWN) {
            return -1;
        }

        if (!xpecto_phone_check(p, n, XPECTO_PHONE_VALID)
            || xpecto_scan_is_safe(s, p))
        {
            return (before == XPECTO_SCAN_NOTHING && *p != '0'
                    && !xpecto_scan_announced(s, p)) ? 0 : -1;
        }
    }

    (void) xpecto_scan_found(s, span, XPECTO_CLASS_PHONE, from, end);
    xpecto_phone_set(&span->phone, p, n);

    return 1;
}


static xpecto_scan_before_e
xpecto_scan_before(const uint8_t *p, unsigned after)
{
    int       marked;
    unsigned  last, before;

    if (xpecto_scan_plainly[p[-1]] & XPECTO_SCAN_OPENS) {
        return XPECTO_SCAN_NOTHING;
    }

    /*
     * "waid=", "phone=" and "wa.me/" mark them, with "%64", "%65" and other
     * escapes as well, which end alike; what is escaped by a backslash has
     * one before it, or its "5C"
     */

    before = p[-3] | 0x20u;
    last = p[-2] | 0x20u;

    marked = (last == '4' || last == '5') && (before == '4' || before == '6');

    switch (p[-1]) {

    case '"':
        return (p[-2] != '\\' && last != 'c') ? XPECTO_SCAN_NOTHING
                                              : XPECTO_SCAN_UNKNOWN;

    case '/':
        if (p[-2] == '\\' || last == 'c') {
            return XPECTO_SCAN_UNKNOWN;
        }

        marked |= last == 'e' && (before == 'm' || before == 'd');
        break;

    case '=':
        marked |= (last == 'e' && (before == 'n' || before == 'e'))
                  || (last == 'd' && (before == 'i' || before == '9'));
        break;

    default:
        return XPECTO_SCAN_UNKNOWN;
    }

    if (!marked) {
        return XPECTO_SCAN_NOTHING;
    }

    return (after & XPECTO_SCAN_ENDS) ? XPECTO_SCAN_AS_NOTHING
                                      : XPECTO_SCAN_UNKNOWN;
}
