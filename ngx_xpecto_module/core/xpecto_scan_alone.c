
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


static int xpecto_scan_is_unmarked(const uint8_t *p, unsigned after);


int
xpecto_scan_alone(const xpecto_scan_t *s, const uint8_t *p, const uint8_t *end,
    xpecto_span_t *span)
{
    size_t          n;
    unsigned        after;
    const uint8_t  *from;

    n = (size_t) (end - p);

    if (n < XPECTO_SCAN_BARE || n > XPECTO_PHONE_MAX || p - s->start < 4
        || end == s->end)
    {
        return 0;
    }

    from = p;
    after = xpecto_scan_plainly[*end];

    if (p[-3] == '%' && p[-2] == '2' && (p[-1] | 0x20) == 'b') {

        if ((after & XPECTO_SCAN_ENDS) == 0
            || (p[-4] != '=' && p[-4] != '/' && p[-4] != ':')
            || !xpecto_phone_check(p, n, XPECTO_PHONE_POSSIBLE))
        {
            return 0;
        }

        from -= 3;

    } else if (!xpecto_scan_is_unmarked(p, after)
               || !xpecto_phone_check(p, n, XPECTO_PHONE_VALID)
               || xpecto_scan_is_safe(s, p))
    {
        return 0;
    }

    (void) xpecto_scan_found(s, span, XPECTO_CLASS_PHONE, from, end);
    xpecto_phone_set(&span->phone, p, n);

    return 1;
}


/* or as good as that: no more than the digits could be found with a mark */

static int
xpecto_scan_is_unmarked(const uint8_t *p, unsigned after)
{
    unsigned  before, ends;

    if ((after & XPECTO_SCAN_AROUND) == 0) {
        return 0;
    }

    if (xpecto_scan_plainly[p[-1]] & XPECTO_SCAN_OPENS) {
        return 1;
    }

    /*
     * "waid=", "phone=" and "wa.me/" mark it, with "%64", "%65" as well; what
     * is escaped by a backslash has one before it, or its "5C"
     */

    before = p[-2] | 0x20u;
    ends = after & XPECTO_SCAN_ENDS;

    switch (p[-1]) {

    case '"':
        return p[-2] != '\\' && before != 'c';

    case '/':
        return p[-2] != '\\' && before != 'c'
               && (ends || (before != 'e' && before != '5'));

    case '=':
        return ends || (before != 'd' && before != 'e' && before != '4'
                        && before != '5');

    default:
        return 0;
    }
}
