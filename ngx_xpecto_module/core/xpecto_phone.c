
#include <string.h>

#include "xpecto_nocase.h"
#include "xpecto_phone.h"
#include "../data/xpecto_numbering.h"


#define XPECTO_PHONE_RANGE_DIGITS  8    /* the ranges of countries use these */


static int xpecto_phone_exists(const uint8_t *digits, size_t len,
    unsigned target);
static size_t xpecto_phone_prefix(const uint8_t *p, size_t len,
    const char *prefix);
static xpecto_rc_e xpecto_phone_collect(xpecto_phone_t *ph, size_t *total,
    const uint8_t *p, size_t len);
static int xpecto_phone_is_end(const uint8_t *p, size_t len);


int
xpecto_phone_check(const uint8_t *digits, size_t len,
    xpecto_phone_level_e level)
{
    unsigned  first, code;

    if (len < XPECTO_PHONE_MIN || len > XPECTO_PHONE_MAX) {
        return 0;
    }

    first = (unsigned) ((digits[0] - '0') * 100 + (digits[1] - '0') * 10
                        + (digits[2] - '0'));
    code = xpecto_numbering_codes[first];

    if (code == 0) {
        return 0;
    }

    if (code >> len & 1) {

        if (level == XPECTO_PHONE_POSSIBLE) {
            return 1;
        }

    } else if ((code & XPECTO_NUMBERING_ODD) == 0) {
        return 0;
    }

    return xpecto_phone_exists(digits + 3, len - 3,
                               xpecto_numbering_starts[first]);
}


/* the rest of a number, from the state that its beginning leads to */

static int
xpecto_phone_exists(const uint8_t *digits, size_t len, unsigned target)
{
    unsigned                        bit;
    const uint8_t                  *end;
    const xpecto_numbering_edge_t  *edge;

    for (end = digits + len; digits < end; digits++) {

        bit = 1u << (*digits - '0');
        edge = &xpecto_numbering_edges[target & ~XPECTO_NUMBERING_EXISTS];

        while ((edge->digits & bit) == 0) {

            if (edge->digits & XPECTO_NUMBERING_LAST) {
                return 0;
            }

            edge++;
        }

        target = edge->target;
    }

    return (target & XPECTO_NUMBERING_EXISTS) != 0;
}


unsigned
xpecto_phone_code(const uint8_t *digits, size_t len)
{
    if (len < 3) {
        return 0;
    }

    return xpecto_numbering_codes[(digits[0] - '0') * 100
                                  + (digits[1] - '0') * 10
                                  + (digits[2] - '0')] & 3;
}


xpecto_rc_e
xpecto_phone_parse(xpecto_phone_t *ph, const uint8_t *p, size_t len)
{
    size_t       n, total;
    xpecto_rc_e  rc;

    while (len > 0 && (*p == ' ' || *p == '\t')) {
        p++;
        len--;
    }

    n = xpecto_phone_prefix(p, len, "whatsapp:");
    p += n;
    len -= n;

    n = xpecto_phone_prefix(p, len, "tel:");
    p += n;
    len -= n;

    rc = xpecto_phone_collect(ph, &total, p, len);

    if (rc != XPECTO_OK) {
        return rc;
    }

    if (total > XPECTO_PHONE_MAX) {
        return XPECTO_DECLINED;
    }

    xpecto_phone_set(ph, ph->digits, total);

    if (!xpecto_phone_check(ph->digits, ph->len, XPECTO_PHONE_POSSIBLE)) {
        return XPECTO_DECLINED;
    }

    return XPECTO_OK;
}


/* the length of a prefix that is there in any case of letters, else 0 */

static size_t
xpecto_phone_prefix(const uint8_t *p, size_t len, const char *prefix)
{
    size_t  n;

    n = strlen(prefix);

    return (len >= n && xpecto_is_nocase(p, n, prefix)) ? n : 0;
}


/* total may be more than what ph has room for: the rest is only counted */

static xpecto_rc_e
xpecto_phone_collect(xpecto_phone_t *ph, size_t *total, const uint8_t *p,
    size_t len)
{
    int             plus;
    size_t          n;
    const uint8_t  *end;

    n = 0;
    plus = 0;
    end = p + len;

    if (p < end && *p == '+') {
        plus = 1;
        p++;

    } else if (end - p > 2 && p[0] == '0' && p[1] == '0') {
        plus = 1;
        p += 2;
    }

    while (p < end) {

        if (*p >= '0' && *p <= '9') {

            if (n < XPECTO_PHONE_MAX) {
                ph->digits[n] = *p;
            }

            n++;
            p++;
            continue;
        }

        if (plus && n > 0 && end - p >= 3 && memcmp(p, "(0)", 3) == 0) {
            p += 3;
            continue;
        }

        switch (*p) {

        case ' ':
        case '\t':
        case '-':
        case '.':
        case '/':
        case '(':
        case ')':
            p++;
            continue;

        default:
            break;
        }

        if (n > 0 && xpecto_phone_is_end(p, (size_t) (end - p))) {
            break;
        }

        return XPECTO_ERROR;
    }

    *total = n;

    return (n > 0) ? XPECTO_OK : XPECTO_ERROR;
}


xpecto_rc_e
xpecto_phone_bare(const uint8_t *p, size_t len, uint8_t *digits, size_t *n)
{
    size_t          i, skip;
    xpecto_phone_t  ph;

    while (len > 0 && (*p == ' ' || *p == '\t')) {
        p++;
        len--;
    }

    skip = xpecto_phone_prefix(p, len, "whatsapp:");
    p += skip;
    len -= skip;

    skip = xpecto_phone_prefix(p, len, "tel:");
    p += skip;
    len -= skip;

    if (len == 0 || *p == '+' || (len > 2 && p[0] == '0' && p[1] == '0')) {
        return XPECTO_DECLINED;
    }

    for (i = 0; i < len; i++) {
        if (p[i] == '@') {
            return XPECTO_DECLINED;
        }
    }

    if (xpecto_phone_collect(&ph, n, p, len) != XPECTO_OK
        || *n > XPECTO_PHONE_MAX)
    {
        return XPECTO_DECLINED;
    }

    memcpy(digits, ph.digits, *n);

    return XPECTO_OK;
}


void
xpecto_phone_homes(xpecto_phone_homes_t *homes, xpecto_country_t country)
{
    unsigned         i, j, code;
    uint32_t         number;
    uint8_t          digits[3];
    const uint16_t  *countries;

    static const uint32_t  units[4] = { 0, 10000000, 1000000, 100000 };

    homes->n = 0;

    for (i = 0; i < xpecto_numbering_nranges; i++) {

        number = xpecto_numbering_ranges[i].first;
        countries =
            &xpecto_numbering_countries[xpecto_numbering_ranges[i].set];

        for (j = 1; j <= countries[0]; j++) {
            if (countries[j] == country) {
                break;
            }
        }

        if (j > countries[0]) {
            continue;
        }

        digits[0] = (uint8_t) ('0' + number / 10000000);
        digits[1] = (uint8_t) ('0' + number / 1000000 % 10);
        digits[2] = (uint8_t) ('0' + number / 100000 % 10);

        code = xpecto_phone_code(digits, 3);

        if (code == 0) {
            continue;
        }

        code = number / units[code];

        for (j = 0; j < homes->n; j++) {
            if (homes->code[j] == code) {
                break;
            }
        }

        if (j == homes->n && j < XPECTO_PHONE_HOMES) {
            homes->code[homes->n++] = (uint16_t) code;
        }
    }
}


xpecto_rc_e
xpecto_phone_national(xpecto_phone_t *ph, unsigned code, const uint8_t *digits,
    size_t len)
{
    size_t    n, trunk;
    unsigned  unit;
    uint8_t   full[XPECTO_PHONE_MAX];

    n = 0;

    for (unit = 100; unit != 0; unit /= 10) {
        if (code >= unit) {
            full[n++] = (uint8_t) ('0' + code / unit % 10);
        }
    }

    for (trunk = 0; trunk < 2; trunk++) {

        if (trunk == 1) {

            if (len == 0 || *digits != '0') {
                break;
            }

            digits++;
            len--;
        }

        if (len > XPECTO_PHONE_MAX - n) {
            continue;
        }

        memcpy(full + n, digits, len);

        if (xpecto_phone_check(full, n + len, XPECTO_PHONE_VALID)) {
            xpecto_phone_set(ph, full, n + len);
            return XPECTO_OK;
        }
    }

    return XPECTO_DECLINED;
}


/* parameters of a tel: URI, or a JID's device and host */

static int
xpecto_phone_is_end(const uint8_t *p, size_t len)
{
    if (*p == ';') {
        return 1;
    }

    if (*p == ':') {

        do {
            p++;
            len--;
        } while (len > 0 && *p >= '0' && *p <= '9');
    }

    return (len == 5 && xpecto_phone_prefix(p, len, "@c.us"))
           || (len == 15 && xpecto_phone_prefix(p, len, "@s.whatsapp.net"));
}


/* WhatsApp's old forms of Mexico and Brazil become the current ones */

void
xpecto_phone_set(xpecto_phone_t *ph, const uint8_t *digits, size_t len)
{
    uint8_t  *d;

    d = ph->digits;

    memmove(d, digits, len);
    ph->len = (uint8_t) len;

    if (len == 13 && memcmp(d, "521", 3) == 0) {
        memmove(d + 2, d + 3, 10);
        ph->len = 12;
        return;
    }

    /* the ninth digit stands before every mobile number: 6 to 9 */

    if (len == 12 && d[0] == '5' && d[1] == '5' && d[4] >= '6') {
        memmove(d + 5, d + 4, 8);
        d[4] = '9';
        ph->len = 13;
    }
}


void
xpecto_phone_countries(const xpecto_phone_t *ph, xpecto_countries_t *set)
{
    size_t           i;
    uint32_t         number;
    unsigned         low, high, mid;
    const uint16_t  *countries;

    number = 0;

    for (i = 0; i < XPECTO_PHONE_RANGE_DIGITS; i++) {
        number *= 10;

        if (i < ph->len) {
            number += (uint32_t) (ph->digits[i] - '0');
        }
    }

    low = 0;
    high = xpecto_numbering_nranges;

    while (high - low > 1) {
        mid = (low + high) / 2;

        if (xpecto_numbering_ranges[mid].first <= number) {
            low = mid;

        } else {
            high = mid;
        }
    }

    countries = &xpecto_numbering_countries[xpecto_numbering_ranges[low].set];

    set->n = *countries++;

    for (i = 0; i < set->n; i++) {
        set->cc[i] = countries[i];
    }
}
