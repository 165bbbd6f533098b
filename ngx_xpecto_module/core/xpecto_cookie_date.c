
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "xpecto_cookie.h"
#include "xpecto_calendar.h"


static unsigned xpecto_cookie_digits(const uint8_t *p, size_t len,
    unsigned max, unsigned *value);
static int xpecto_cookie_time(const uint8_t *p, size_t len, unsigned hms[3]);
static unsigned xpecto_cookie_month(const uint8_t *p, size_t len);
static int xpecto_cookie_delimiter(uint8_t ch);


xpecto_rc_e
xpecto_cookie_date(const uint8_t *p, size_t len, int64_t *time)
{
    int             has_time, has_day, has_year;
    size_t          n;
    unsigned        hms[3], day, month, year;
    const uint8_t  *last;

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

    if (year < 1601 || !xpecto_is_date(year, month, day)
        || hms[0] > 23 || hms[1] > 59 || hms[2] > 59)
    {
        return XPECTO_ERROR;
    }

    *time = xpecto_days(year, month, day) * 86400
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
    unsigned     month;
    const char  *name;

    static const char  months[] = "janfebmaraprmayjunjulaugsepoctnovdec";

    if (len < 3) {
        return 0;
    }

    for (month = 1; month <= 12; month++) {
        name = &months[3 * (month - 1)];

        /* letters differ by 20 from their capitals */

        if ((p[0] | 0x20) == name[0] && (p[1] | 0x20) == name[1]
            && (p[2] | 0x20) == name[2])
        {
            return month;
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
