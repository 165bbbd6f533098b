
#include "xpecto_scan_parts.h"


#define XPECTO_SCAN_GROUPED  3          /* digits of the first group at most */
#define XPECTO_SCAN_JOINED   4          /* of a calling code and an area */
#define XPECTO_SCAN_RUN      7          /* digits with a mark at least */
#define XPECTO_SCAN_LONG     10         /* digits without a mark at least */
#define XPECTO_SCAN_ENCODED  32         /* bytes of a character at most */


static int xpecto_scan_is_long(const xpecto_scan_t *s, const uint8_t *p,
    size_t n, unsigned after);
static int xpecto_scan_is_grouped(const xpecto_scan_t *s, const uint8_t *p);
static int xpecto_scan_is_dialled(const uint8_t *p, size_t n);
static int xpecto_scan_is_code(const uint8_t *p, size_t n);
static int xpecto_scan_is_marked(const xpecto_scan_t *s, const uint8_t *p);


int
xpecto_scan_worth(const xpecto_scan_t *s, const uint8_t *p,
    const uint8_t *end)
{
    size_t    n;
    unsigned  before, after;

    n = (size_t) (end - p);

    if (end == s->end) {

        if (s->tail) {
            return 1;
        }

        after = 0;

    } else {
        after = *end;
    }

    if (after == '%' || after == '\\' || after >= 0x80) {
        return 1;
    }

    /* "+" is also the end of %2B, \x2B, \u002b, a wide one that of %8B */

    before = (p > s->start) ? p[-1] : 0;

    if (before == '+' || before == '(' || before >= 0x80
        || ((before | 0x20) == 'b' && p - s->start > 2
            && (p[-2] == '2' || p[-2] == '8' || p[-2] == '0')))
    {
        if (p[0] != '0' || n >= XPECTO_SCAN_LONG) {
            return 1;
        }

        if (before == '+') {
            return 0;
        }
    }

    /* of a word with a letter, only what is marked counts */

    if (n >= XPECTO_SCAN_RUN && xpecto_view_is_alpha(after)) {
        return p[0] != '0' && xpecto_scan_is_marked(s, p);
    }

    if (n >= XPECTO_SCAN_LONG) {
        return xpecto_scan_is_long(s, p, n, after);
    }

    if (n <= XPECTO_SCAN_GROUPED) {

        if (xpecto_scan_is_grouped(s, end)) {

            if ((after != '.' || end[-1] == '1')
                && (xpecto_scan_is_code(p, n) || xpecto_scan_is_dialled(p, n)))
            {
                return 1;
            }

        } else if (before != '(' && xpecto_view_hex(before) > 15
                   && (after != '/' || p[0] != '0' || n < 3))
        {
            return 0;
        }

    } else if (n >= XPECTO_SCAN_RUN || (after == '/' && p[0] == '0')
               || (after != '.' && xpecto_scan_is_grouped(s, end)))
    {
        if (p[0] == '0' && p[1] <= '1') {
            return 1;
        }

        /* a JID; "tel:", "wa.me/", "waid=", also as %3A, %2F, %3D */

        if (p[0] != '0'
            && ((n >= XPECTO_SCAN_RUN
                 && (after == '@' || after == ':' || after == '-'
                     || (after == '.' && s->end - end > 2
                         && (end[2] == ':' || end[2] == '@'))))
                || xpecto_scan_is_marked(s, p)))
        {
            return 1;
        }

        /* 1650-555-1234 */

        if (n == XPECTO_SCAN_JOINED && p[0] == '1' && after == '-'
            && s->end - end > 4 && end[4] == '-')
        {
            return 1;
        }

    } else {
        return 0;
    }

    return xpecto_scan_announced(s, p);
}


/* ten digits or more: most are a time or the number of something else */

static int
xpecto_scan_is_long(const xpecto_scan_t *s, const uint8_t *p, size_t n,
    unsigned after)
{
    if (p[0] == '0') {
        return 1;
    }

    if (n > XPECTO_PHONE_MAX) {
        return 0;
    }

    return xpecto_phone_check(p, n, XPECTO_PHONE_POSSIBLE)
           || after == '@' || after == ':' || after == '-' || after == '.'
           || (p - s->start > 1 && p[-1] == ' ' && p[-2] == '+')
           || xpecto_scan_is_marked(s, p) || xpecto_scan_announced(s, p);
}


/* a first look at the end of a word that marks a number */

static int
xpecto_scan_is_marked(const xpecto_scan_t *s, const uint8_t *p)
{
    size_t    n;
    unsigned  before, c;

    if (p - s->start < 2) {
        return 0;
    }

    before = p[-2] | 0x20u;
    c = p[-1];

    if ((c == ':' && (before == 'l' || before == 'p' || before == 's'))
        || (c == '/' && before == 'e')
        || (c == '=' && (before == 'd' || before == 'e')))
    {
        return 1;
    }

    /* or all ends with what stands for a letter or for %3A, %2F, %3D */

    if (c == ':' || c == '/' || c == '=') {

        if (p - s->start < 4 || xpecto_view_hex(p[-2]) > 15
            || xpecto_view_hex(p[-3]) > 15)
        {
            return 0;
        }

    } else if ((p[-2] != '2' && p[-2] != '3') || xpecto_view_hex(c) < 10
               || xpecto_view_hex(c) > 15)
    {
        return 0;
    }

    for (n = 3; n <= XPECTO_SCAN_ENCODED && n <= (size_t) (p - s->start);
         n++)
    {
        if (p[-n] == '%' || p[-n] == '\\') {
            return 1;
        }
    }

    return 0;
}


/* a separator and more digits; for dots three of them and one more */

static int
xpecto_scan_is_grouped(const xpecto_scan_t *s, const uint8_t *p)
{
    if (s->end - p < 2) {
        return 0;
    }

    switch (*p) {

    case ' ':
    case '-':
    case '(':
    case '+':
        if (p[1] == '(' && s->end - p > 2) {
            p++;

            if (p[1] == ' ' || p[1] == '-' || p[1] == '+' || p[1] == '(') {
                return 1;
            }
        }

        return xpecto_view_is_digit(p[1]) || p[1] == '%' || p[1] == '\\'
               || p[1] >= 0x80;

    case '.':
        return s->end - p > 4 && p[4] == '.' && xpecto_view_is_digit(p[1])
               && xpecto_view_is_digit(p[2]) && xpecto_view_is_digit(p[3]);

    default:
        return 0;
    }
}


/* "00", "00" and a calling code of one digit, "011" */

static int
xpecto_scan_is_dialled(const uint8_t *p, size_t n)
{
    return n > 1 && p[0] == '0'
           && (p[1] == '0' || (n == 3 && p[1] == '1' && p[2] == '1'));
}


/* all of the one to three digits are a calling code */

static int
xpecto_scan_is_code(const uint8_t *p, size_t n)
{
    uint8_t  digits[3];

    digits[0] = p[0];
    digits[1] = (n > 1) ? p[1] : '0';
    digits[2] = (n > 2) ? p[2] : '0';

    return xpecto_phone_code(digits, 3) == n;
}
