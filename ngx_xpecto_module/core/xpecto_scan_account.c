
#include <string.h>

#include "xpecto_scan_parts.h"


#define XPECTO_SCAN_CARD_MIN  13
#define XPECTO_SCAN_CARD_MAX  19
#define XPECTO_SCAN_IBAN_MAX  34


static int xpecto_scan_is_issued(const uint8_t *p, const uint8_t *end);
static int xpecto_scan_luhn(const uint8_t *digits, size_t n);
static int xpecto_scan_brand(const uint8_t *digits, size_t n);
static unsigned xpecto_scan_gaps(size_t n);
static int xpecto_scan_is_gap(unsigned c, size_t width);


/* who issues cards of these first digits (ISO/IEC 7812), of so many digits */

static const struct {
    unsigned  first;                    /* of four digits */
    unsigned  last;
    unsigned  lengths;                  /* bit n: n digits */
} xpecto_scan_brands[] = {
    { 2200, 2204, 0xf0000 },            /* Mir */
    { 2221, 2720, 0x10000 },            /* Mastercard */
    { 3000, 3059, 0xfc000 },            /* Diners Club */
    { 3095, 3095, 0xfc000 },
    { 3400, 3499, 0x08000 },            /* American Express */
    { 3528, 3589, 0xf0000 },            /* JCB */
    { 3600, 3699, 0xfc000 },            /* Diners Club */
    { 3700, 3799, 0x08000 },
    { 3800, 3999, 0xfc000 },
    { 4000, 4999, 0x92000 },            /* Visa: 13, 16, 19 */
    { 5000, 5099, 0xff000 },            /* Maestro, Verve, Elo */
    { 5100, 5599, 0x10000 },            /* Mastercard */
    { 5600, 5899, 0xff000 },            /* Maestro */
    { 6000, 6099, 0xf0000 },            /* Discover, RuPay */
    { 6200, 6299, 0xf0000 },            /* UnionPay */
    { 6300, 6399, 0xf0000 },            /* Maestro, InstaPayment */
    { 6440, 6599, 0xf0000 },            /* Discover, RuPay */
    { 6700, 6799, 0xf0000 },            /* Maestro */
    { 8100, 8299, 0x10000 },            /* UnionPay, RuPay */
    { 9792, 9792, 0x10000 }             /* Troy */
};


/* by the first digit: bit n, the second one may be n */

static const uint16_t  xpecto_scan_issued[10] = {
    0, 0, 0x0fc, 0x3f1, 0x3ff, 0x1ff, 0x0bd, 0, 0x006, 0x080
};


/* the length of an IBAN by country: SWIFT's registry of ISO 13616 */

static const struct {
    char     country[3];
    uint8_t  len;
} xpecto_scan_ibans[] = {
    { "AD", 24 }, { "AE", 23 }, { "AL", 28 }, { "AT", 20 }, { "AZ", 28 },
    { "BA", 20 }, { "BE", 16 }, { "BG", 22 }, { "BH", 22 }, { "BI", 27 },
    { "BR", 29 }, { "BY", 28 }, { "CH", 21 }, { "CR", 22 }, { "CY", 28 },
    { "CZ", 24 }, { "DE", 22 }, { "DJ", 27 }, { "DK", 18 }, { "DO", 28 },
    { "EE", 20 }, { "EG", 29 }, { "ES", 24 }, { "FI", 18 }, { "FK", 18 },
    { "FO", 18 }, { "FR", 27 }, { "GB", 22 }, { "GE", 22 }, { "GI", 23 },
    { "GL", 18 }, { "GR", 27 }, { "GT", 28 }, { "HN", 28 }, { "HR", 21 },
    { "HU", 28 }, { "IE", 22 }, { "IL", 23 }, { "IQ", 23 }, { "IS", 26 },
    { "IT", 27 }, { "JO", 30 }, { "KW", 30 }, { "KZ", 20 }, { "LB", 28 },
    { "LC", 32 }, { "LI", 21 }, { "LT", 20 }, { "LU", 20 }, { "LV", 21 },
    { "LY", 25 }, { "MC", 27 }, { "MD", 24 }, { "ME", 22 }, { "MK", 19 },
    { "MN", 20 }, { "MR", 27 }, { "MT", 31 }, { "MU", 30 }, { "NI", 28 },
    { "NL", 18 }, { "NO", 15 }, { "OM", 23 }, { "PK", 24 }, { "PL", 28 },
    { "PS", 29 }, { "PT", 25 }, { "QA", 29 }, { "RO", 24 }, { "RS", 22 },
    { "RU", 33 }, { "SA", 24 }, { "SC", 31 }, { "SD", 18 }, { "SE", 24 },
    { "SI", 19 }, { "SK", 24 }, { "SM", 27 }, { "SO", 23 }, { "ST", 25 },
    { "SV", 28 }, { "TL", 23 }, { "TN", 24 }, { "TR", 26 }, { "UA", 29 },
    { "VA", 22 }, { "VG", 24 }, { "XK", 20 }, { "YE", 30 }
};


/* 13 to 19 digits, in groups of four or in one */

int
xpecto_scan_card(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span)
{
    size_t          n, w, more;
    unsigned        c, gaps;
    const uint8_t  *at, *end, *from;
    uint8_t         digits[XPECTO_SCAN_CARD_MAX + 1];

    from = *p;

    if (!xpecto_scan_is_issued(from, s->end)) {
        return 0;
    }

    end = from;
    gaps = 0;
    n = 0;

    for (at = from; n <= XPECTO_SCAN_CARD_MAX; at += w) {
        c = xpecto_view_next(at, s->end, &w);

        if (xpecto_view_is_digit(c)) {
            digits[n++] = (uint8_t) c;
            end = at + w;
            continue;
        }

        if (!xpecto_scan_is_gap(c, w)
            || !xpecto_view_is_digit(xpecto_view_next(at + w, s->end, &more)))
        {
            break;
        }

        gaps |= 1u << n;
    }

    /* in one piece 17 digits and more are UnionPay's, or any 64-bit number */

    if (n < XPECTO_SCAN_CARD_MIN || n > XPECTO_SCAN_CARD_MAX
        || (gaps == 0 && n > 16 && memcmp(digits, "62", 2) != 0)
        || (gaps != 0 && gaps != xpecto_scan_gaps(n))
        || !xpecto_scan_brand(digits, n) || !xpecto_scan_luhn(digits, n)
        || !xpecto_scan_open_left(s, from) || !xpecto_scan_open_right(s, end)
        || !xpecto_scan_at_word(s, from)
        || xpecto_view_next(end, s->end, &w) == '-'
        || xpecto_scan_is_safe(s, from))
    {
        return 0;
    }

    *p = end;

    return xpecto_scan_found(s, span, XPECTO_CLASS_ACCOUNT, from, end);
}


/* plain digits that begin as no card does need not be read */

static int
xpecto_scan_is_issued(const uint8_t *p, const uint8_t *end)
{
    if (end - p < 2 || !xpecto_view_is_digit(p[0])
        || !xpecto_view_is_digit(p[1]))
    {
        return 1;
    }

    return xpecto_scan_issued[p[0] - '0'] >> (p[1] - '0') & 1;
}


/* the check digit of ISO/IEC 7812-1 */

static int
xpecto_scan_luhn(const uint8_t *digits, size_t n)
{
    size_t    i;
    unsigned  sum, value;

    sum = 0;

    for (i = 0; i < n; i++) {
        value = (unsigned) (digits[n - 1 - i] - '0');

        if (i % 2) {
            value = (value > 4) ? 2 * value - 9 : 2 * value;
        }

        sum += value;
    }

    return sum % 10 == 0;
}


static int
xpecto_scan_brand(const uint8_t *digits, size_t n)
{
    size_t    i;
    unsigned  first;

    first = 0;

    for (i = 0; i < 4; i++) {
        first = first * 10 + (unsigned) (digits[i] - '0');
    }

    for (i = 0;
         i < sizeof(xpecto_scan_brands) / sizeof(xpecto_scan_brands[0]);
         i++)
    {
        if (first <= xpecto_scan_brands[i].last) {
            return first >= xpecto_scan_brands[i].first
                   && (xpecto_scan_brands[i].lengths >> n & 1);
        }
    }

    return 0;
}


/* where the gaps are: 4-6-4 and 4-6-5 up to 15 digits, else by fours */

static unsigned
xpecto_scan_gaps(size_t n)
{
    if (n < 16) {
        return 1u << 4 | 1u << 10;
    }

    return 1u << 4 | 1u << 8 | 1u << 12 | ((n > 16) ? 1u << 16 : 0);
}


static int
xpecto_scan_is_gap(unsigned c, size_t width)
{
    return c == ' ' || c == '-' || (c == '+' && width == 1);
}


/*
 * ISO 13616: country, two check digits, as many characters as the country
 * has; the letters as numbers from 10 on, first four characters last, are 1
 * modulo 97.
 */

int
xpecto_scan_iban(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span)
{
    size_t          i, n, w, len, more;
    unsigned        c, rest;
    const uint8_t  *at, *from, *end;
    uint8_t         text[XPECTO_SCAN_IBAN_MAX];

    from = *p;
    end = from;
    *p = from + 1;
    len = 0;

    for (i = 0; i < sizeof(xpecto_scan_ibans) / sizeof(xpecto_scan_ibans[0]);
         i++)
    {
        if (memcmp(from, xpecto_scan_ibans[i].country, 2) == 0) {
            len = xpecto_scan_ibans[i].len;
            break;
        }
    }

    if (len == 0 || !xpecto_scan_at_word(s, from)) {
        return 0;
    }

    n = 0;

    for (at = from; n < len; at += w) {
        c = xpecto_view_next(at, s->end, &w);

        if (xpecto_view_is_digit(c) || xpecto_view_is_alpha(c)) {
            text[n++] = (uint8_t) (xpecto_view_is_alpha(c) ? (c & ~0x20u) : c);
            end = at + w;
            continue;
        }

        if (n == 0 || n % 4 || c == '-' || !xpecto_scan_is_gap(c, w)) {
            return 0;
        }
    }

    c = xpecto_view_next(end, s->end, &more);

    if (xpecto_view_is_alnum(c) || c == '_') {
        return 0;
    }

    rest = 0;

    for (i = 0; i < len; i++) {
        c = text[(i + 4) % len];
        rest = xpecto_view_is_digit(c) ? rest * 10 + c - '0'
                                       : rest * 100 + c - 'A' + 10;
        rest %= 97;
    }

    if (rest != 1) {
        return 0;
    }

    *p = end;

    return xpecto_scan_found(s, span, XPECTO_CLASS_ACCOUNT, from, end);
}
