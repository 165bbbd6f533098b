
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_cookie.h"


static int xpecto_cookie_space(uint8_t ch);
static int xpecto_cookie_is(const xpecto_str_t *s, const xpecto_str_t *name);
static int xpecto_cookie_is_nocase(const xpecto_str_t *s, const char *name);
static int xpecto_cookie_max_age(const xpecto_str_t *value, int *deletes);
static unsigned xpecto_cookie_digits(const uint8_t *p, size_t len,
    unsigned max, unsigned *value);
static int xpecto_cookie_time(const uint8_t *p, size_t len, unsigned hms[3]);
static unsigned xpecto_cookie_month(const uint8_t *p, size_t len);
static int xpecto_cookie_delimiter(uint8_t ch);
static int64_t xpecto_cookie_days(unsigned year, unsigned month,
    unsigned day);


/* browsers leave out an attribute with a longer value */

#define XPECTO_COOKIE_ATTRIBUTE_MAX  1024


xpecto_rc_e
xpecto_cookie_next(const uint8_t **p, const uint8_t *last,
    xpecto_cookie_pair_t *pair)
{
    const uint8_t  *start, *end, *equals, *q;

    start = *p;

    while (start < last && (xpecto_cookie_space(*start) || *start == ';')) {
        start++;
    }

    if (start == last) {
        *p = last;
        return XPECTO_DECLINED;
    }

    end = memchr(start, ';', (size_t) (last - start));

    if (end == NULL) {
        end = last;
    }

    *p = end;

    while (xpecto_cookie_space(end[-1])) {
        end--;
    }

    pair->pair.data = start;
    pair->pair.len = (size_t) (end - start);
    pair->name.data = start;
    pair->name.len = 0;
    pair->value = pair->pair;

    equals = memchr(start, '=', pair->pair.len);

    if (equals == NULL) {
        return XPECTO_OK;
    }

    for (q = equals; q > start && xpecto_cookie_space(q[-1]); q--) {
        /* void */
    }

    pair->name.len = (size_t) (q - start);

    for (q = equals + 1; q < end && xpecto_cookie_space(*q); q++) {
        /* void */
    }

    pair->value.data = q;
    pair->value.len = (size_t) (end - q);

    return XPECTO_OK;
}


static int
xpecto_cookie_space(uint8_t ch)
{
    return ch == ' ' || ch == '\t';
}


void
xpecto_cookie_scan(const xpecto_cookie_names_t *names, const xpecto_str_t *own,
    const xpecto_str_t *line, xpecto_cookie_scan_t *scan)
{
    const uint8_t         *p, *last;
    xpecto_cookie_pair_t   pair;

    p = line->data;
    last = p + line->len;

    while (xpecto_cookie_next(&p, last, &pair) == XPECTO_OK) {

        if (xpecto_cookie_is(&pair.name, own)) {

            if (scan->own++ == 0) {
                scan->value = pair.value;

            } else if (!xpecto_cookie_is(&pair.value, &scan->value)) {
                scan->differ = 1;
            }

            continue;
        }

        scan->purposes |= xpecto_cookie_purposes(names, &pair.name);
    }
}


size_t
xpecto_cookie_filter(const xpecto_cookie_names_t *names,
    const xpecto_str_t *own, uint16_t refused, const xpecto_str_t *line,
    uint8_t *dst, unsigned *stripped)
{
    int                    gone;
    uint8_t               *out;
    const uint8_t         *p, *last;
    xpecto_cookie_pair_t   pair;

    p = line->data;
    last = p + line->len;
    out = dst;
    gone = 0;

    while (xpecto_cookie_next(&p, last, &pair) == XPECTO_OK) {

        if (xpecto_cookie_is(&pair.name, own)) {
            gone = 1;
            continue;
        }

        if (xpecto_cookie_purposes(names, &pair.name) & refused) {
            (*stripped)++;
            gone = 1;
            continue;
        }

        /* there was a ";" and room for it, but perhaps not for a space */

        if (out != dst) {
            *out++ = ';';

            if ((size_t) (out - dst) < (size_t) (pair.pair.data - line->data))
            {
                *out++ = ' ';
            }
        }

        memcpy(out, pair.pair.data, pair.pair.len);
        out += pair.pair.len;
    }

    if (!gone) {
        memcpy(dst, line->data, line->len);
        return line->len;
    }

    return (size_t) (out - dst);
}


static int
xpecto_cookie_is(const xpecto_str_t *s, const xpecto_str_t *name)
{
    return s->len == name->len && memcmp(s->data, name->data, s->len) == 0;
}


xpecto_str_t
xpecto_cookie_set_name(const xpecto_str_t *line)
{
    const uint8_t         *p;
    xpecto_cookie_pair_t   pair;

    p = memchr(line->data, ';', line->len);

    if (p == NULL) {
        p = line->data + line->len;
    }

    pair.pair.data = line->data;
    pair.pair.len = (size_t) (p - line->data);

    p = pair.pair.data;

    if (xpecto_cookie_next(&p, p + pair.pair.len, &pair) != XPECTO_OK) {
        pair.name.data = line->data;
        pair.name.len = 0;
    }

    return pair.name;
}


int
xpecto_cookie_set_deletes(const xpecto_str_t *line, int64_t now)
{
    int                    by_age, by_date, has_age, deletes;
    int64_t                expires;
    const uint8_t         *p, *last;
    xpecto_cookie_pair_t   attr;

    last = line->data + line->len;
    p = memchr(line->data, ';', line->len);

    if (p == NULL) {
        return 0;
    }

    p++;
    has_age = 0;
    by_age = 0;
    by_date = 0;

    while (xpecto_cookie_next(&p, last, &attr) == XPECTO_OK) {

        if (attr.value.len > XPECTO_COOKIE_ATTRIBUTE_MAX) {
            continue;
        }

        if (xpecto_cookie_is_nocase(&attr.name, "max-age")) {

            if (xpecto_cookie_max_age(&attr.value, &deletes)) {
                has_age = 1;
                by_age = deletes;
            }

        } else if (xpecto_cookie_is_nocase(&attr.name, "expires")
                   && xpecto_cookie_date(attr.value.data, attr.value.len,
                                         &expires)
                      == XPECTO_OK)
        {
            by_date = (expires <= now);
        }
    }

    return has_age ? by_age : by_date;
}


/* name is in lower case */

static int
xpecto_cookie_is_nocase(const xpecto_str_t *s, const char *name)
{
    size_t   i;
    uint8_t  ch;

    for (i = 0; i < s->len && name[i] != '\0'; i++) {
        ch = s->data[i];

        if (ch >= 'A' && ch <= 'Z') {
            ch = (uint8_t) (ch | 0x20);
        }

        if (ch != (uint8_t) name[i]) {
            return 0;
        }
    }

    return i == s->len && name[i] == '\0';
}


/* RFC 6265, 5.2.2; 0: the attribute is ignored */

static int
xpecto_cookie_max_age(const xpecto_str_t *value, int *deletes)
{
    int     negative, zero;
    size_t  i;

    if (value->len == 0) {
        return 0;
    }

    negative = (value->data[0] == '-');
    zero = 1;

    for (i = (size_t) negative; i < value->len; i++) {

        if (value->data[i] < '0' || value->data[i] > '9') {
            return 0;
        }

        if (value->data[i] != '0') {
            zero = 0;
        }
    }

    if (value->len == (size_t) negative) {
        return 0;
    }

    *deletes = negative || zero;

    return 1;
}


xpecto_rc_e
xpecto_cookie_date(const uint8_t *p, size_t len, int64_t *time)
{
    int             has_time, has_day, has_year;
    size_t          n;
    unsigned        hms[3], day, month, year, limit;
    const uint8_t  *last;

    static const uint8_t  days[] = {
        31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
    };

    last = p + len;
    has_time = 0;
    has_day = 0;
    has_year = 0;
    month = 0;
    day = 0;
    year = 0;

    for ( ;; ) {

        while (p < last && xpecto_cookie_delimiter(*p)) {
            p++;
        }

        for (n = 0; p + n < last && !xpecto_cookie_delimiter(p[n]); n++) {
            /* void */
        }

        if (n == 0) {
            break;
        }

        if (!has_time && xpecto_cookie_time(p, n, hms)) {
            has_time = 1;

        } else if (!has_day && xpecto_cookie_digits(p, n, 2, &day)) {
            has_day = 1;

        } else if (month == 0 && xpecto_cookie_month(p, n)) {
            month = xpecto_cookie_month(p, n);

        } else if (!has_year && xpecto_cookie_digits(p, n, 4, &year) >= 2) {
            has_year = 1;
        }

        p += n;
    }

    if (!has_time || !has_day || month == 0 || !has_year) {
        return XPECTO_ERROR;
    }

    if (year <= 69) {
        year += 2000;

    } else if (year <= 99) {
        year += 1900;
    }

    limit = days[month - 1];

    if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)) {
        limit = 29;
    }

    if (year < 1601 || day < 1 || day > limit
        || hms[0] > 23 || hms[1] > 59 || hms[2] > 59)
    {
        return XPECTO_ERROR;
    }

    *time = xpecto_cookie_days(year, month, day) * 86400
            + hms[0] * 3600 + hms[1] * 60 + hms[2];

    return XPECTO_OK;
}


/* up to max digits and then the end or something else: how many, or 0 */

static unsigned
xpecto_cookie_digits(const uint8_t *p, size_t len, unsigned max,
    unsigned *value)
{
    unsigned  n, v;

    v = 0;

    for (n = 0; n < len && p[n] >= '0' && p[n] <= '9'; n++) {

        if (n == max) {
            return 0;
        }

        v = v * 10 + (unsigned) (p[n] - '0');
    }

    if (n != 0) {
        *value = v;
    }

    return n;
}


static int
xpecto_cookie_time(const uint8_t *p, size_t len, unsigned hms[3])
{
    unsigned  i, n;

    for (i = 0; i < 3; i++) {

        if (i != 0) {

            if (len == 0 || *p != ':') {
                return 0;
            }

            p++;
            len--;
        }

        n = xpecto_cookie_digits(p, len, 2, &hms[i]);

        if (n == 0) {
            return 0;
        }

        p += n;
        len -= n;
    }

    return 1;
}


/* by the first three letters: 1 to 12, or 0 */

static unsigned
xpecto_cookie_month(const uint8_t *p, size_t len)
{
    unsigned      month;
    xpecto_str_t  s;

    static const char *const  months[] = {
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct",
        "nov", "dec"
    };

    if (len < 3) {
        return 0;
    }

    s.data = p;
    s.len = 3;

    for (month = 0; month < 12; month++) {
        if (xpecto_cookie_is_nocase(&s, months[month])) {
            return month + 1;
        }
    }

    return 0;
}


/* RFC 6265, 5.1.1: all but digits, ":", letters, controls and bytes >= 7F */

static int
xpecto_cookie_delimiter(uint8_t ch)
{
    return ch == 0x09
           || (ch >= 0x20 && ch <= 0x2f)
           || (ch >= 0x3b && ch <= 0x40)
           || (ch >= 0x5b && ch <= 0x60)
           || (ch >= 0x7b && ch <= 0x7e);
}


/* since 1970-01-01 in the Gregorian calendar: years begin in March */

static int64_t
xpecto_cookie_days(unsigned year, unsigned month, unsigned day)
{
    int64_t  y, m;

    y = year;
    m = month;

    if (m < 3) {
        y--;
        m += 12;
    }

    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * (m - 3) + 2) / 5
           + day - 719469;
}
