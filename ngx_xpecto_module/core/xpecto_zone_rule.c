
/*
 * The rule of a zone: see xpecto_zone_rule.h.
 */


#include "xpecto_zone_rule.h"
#include "xpecto_calendar.h"


#define XPECTO_ZONE_HOURS     167       /* of a change; RFC 8536, 3.3.1 */
#define XPECTO_ZONE_YEAR_MAX  2200


typedef struct {
    const uint8_t  *p;
    const uint8_t  *end;
} xpecto_zone_text_t;


static xpecto_rc_e xpecto_zone_name(xpecto_zone_text_t *t);
static xpecto_rc_e xpecto_zone_time(xpecto_zone_text_t *t, int32_t max,
    int32_t *seconds);
static xpecto_rc_e xpecto_zone_date(xpecto_zone_text_t *t,
    xpecto_zone_date_t *date);
static xpecto_rc_e xpecto_zone_number(xpecto_zone_text_t *t, int32_t min,
    int32_t max, int32_t *n);
static int xpecto_zone_skip(xpecto_zone_text_t *t, uint8_t ch);
static int64_t xpecto_zone_when(const xpecto_zone_date_t *date, int64_t year);


xpecto_rc_e
xpecto_zone_rule(xpecto_zone_rule_t *rule, const uint8_t *p, size_t len)
{
    int32_t             west;
    xpecto_zone_text_t  t;

    t.p = p;
    t.end = p + len;

    if (xpecto_zone_name(&t) != XPECTO_OK
        || xpecto_zone_time(&t, 24, &west) != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    rule->standard = -west;
    rule->summer = rule->standard + 3600;
    rule->two = 0;

    if (t.p == t.end) {
        return XPECTO_OK;
    }

    rule->two = 1;

    if (xpecto_zone_name(&t) != XPECTO_OK) {
        return XPECTO_ERROR;
    }

    if (t.p != t.end && *t.p != ',') {

        if (xpecto_zone_time(&t, 24, &west) != XPECTO_OK) {
            return XPECTO_ERROR;
        }

        rule->summer = -west;
    }

    if (!xpecto_zone_skip(&t, ',')
        || xpecto_zone_date(&t, &rule->begins) != XPECTO_OK
        || !xpecto_zone_skip(&t, ',')
        || xpecto_zone_date(&t, &rule->ends) != XPECTO_OK
        || t.p != t.end)
    {
        return XPECTO_ERROR;
    }

    return XPECTO_OK;
}


void
xpecto_zone_extend(xpecto_zone_t *z, const xpecto_zone_rule_t *rule,
    int64_t from)
{
    int64_t   year, last, begins, ends;
    unsigned  month, day;

    last = (z->n > 0) ? z->at[z->n - 1] : from;

    if (!rule->two) {
        return;
    }

    xpecto_date((last >= 0 ? last : last - XPECTO_DAY + 1) / XPECTO_DAY,
                &year, &month, &day);

    /* the offset at "last" is known: only what comes later is added */

    for (year--; z->n < XPECTO_ZONE_CHANGES; year++) {

        begins = xpecto_zone_when(&rule->begins, year) - rule->standard;
        ends = xpecto_zone_when(&rule->ends, year) - rule->summer;

        if (begins < ends) {

            if (begins > last) {
                xpecto_zone_add(z, begins, rule->summer);
            }

            if (ends > last) {
                xpecto_zone_add(z, ends, rule->standard);
            }

        } else {

            if (ends > last) {
                xpecto_zone_add(z, ends, rule->standard);
            }

            if (begins > last) {
                xpecto_zone_add(z, begins, rule->summer);
            }
        }

        if (year > XPECTO_ZONE_YEAR_MAX) {
            break;
        }
    }
}


void
xpecto_zone_add(xpecto_zone_t *z, int64_t at, int32_t offset)
{
    if (z->n == XPECTO_ZONE_CHANGES || z->offset[z->n] == offset) {
        return;
    }

    z->at[z->n] = at;
    z->n++;
    z->offset[z->n] = offset;
}


/* three letters or more, or "<" what a name may hold ">" */

static xpecto_rc_e
xpecto_zone_name(xpecto_zone_text_t *t)
{
    const uint8_t  *start;

    if (xpecto_zone_skip(t, '<')) {

        while (t->p != t->end && *t->p != '>') {
            t->p++;
        }

        return xpecto_zone_skip(t, '>') ? XPECTO_OK : XPECTO_ERROR;
    }

    start = t->p;

    while (t->p != t->end
           && ((*t->p | 0x20) >= 'a' && (*t->p | 0x20) <= 'z'))
    {
        t->p++;
    }

    return (t->p - start < 3) ? XPECTO_ERROR : XPECTO_OK;
}


/* [+-]hh[:mm[:ss]] */

static xpecto_rc_e
xpecto_zone_time(xpecto_zone_text_t *t, int32_t max, int32_t *seconds)
{
    int      minus;
    int32_t  n;

    minus = xpecto_zone_skip(t, '-');

    if (!minus) {
        (void) xpecto_zone_skip(t, '+');
    }

    if (xpecto_zone_number(t, 0, max, &n) != XPECTO_OK) {
        return XPECTO_ERROR;
    }

    *seconds = n * 3600;

    if (xpecto_zone_skip(t, ':')) {

        if (xpecto_zone_number(t, 0, 59, &n) != XPECTO_OK) {
            return XPECTO_ERROR;
        }

        *seconds += n * 60;

        if (xpecto_zone_skip(t, ':')) {

            if (xpecto_zone_number(t, 0, 59, &n) != XPECTO_OK) {
                return XPECTO_ERROR;
            }

            *seconds += n;
        }
    }

    if (minus) {
        *seconds = -*seconds;
    }

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_zone_date(xpecto_zone_text_t *t, xpecto_zone_date_t *date)
{
    date->time = 2 * 3600;

    if (xpecto_zone_skip(t, 'J')) {
        date->kind = XPECTO_ZONE_JULIAN;

        if (xpecto_zone_number(t, 1, 365, &date->day) != XPECTO_OK) {
            return XPECTO_ERROR;
        }

    } else if (xpecto_zone_skip(t, 'M')) {
        date->kind = XPECTO_ZONE_MONTH;

        if (xpecto_zone_number(t, 1, 12, &date->month) != XPECTO_OK
            || !xpecto_zone_skip(t, '.')
            || xpecto_zone_number(t, 1, 5, &date->week) != XPECTO_OK
            || !xpecto_zone_skip(t, '.')
            || xpecto_zone_number(t, 0, 6, &date->day) != XPECTO_OK)
        {
            return XPECTO_ERROR;
        }

    } else {
        date->kind = XPECTO_ZONE_DAY;

        if (xpecto_zone_number(t, 0, 365, &date->day) != XPECTO_OK) {
            return XPECTO_ERROR;
        }
    }

    if (xpecto_zone_skip(t, '/')) {
        return xpecto_zone_time(t, XPECTO_ZONE_HOURS, &date->time);
    }

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_zone_number(xpecto_zone_text_t *t, int32_t min, int32_t max,
    int32_t *n)
{
    const uint8_t  *start;

    start = t->p;
    *n = 0;

    while (t->p != t->end && *t->p >= '0' && *t->p <= '9') {
        *n = *n * 10 + *t->p - '0';

        if (*n > max) {
            return XPECTO_ERROR;
        }

        t->p++;
    }

    return (t->p == start || *n < min) ? XPECTO_ERROR : XPECTO_OK;
}


static int
xpecto_zone_skip(xpecto_zone_text_t *t, uint8_t ch)
{
    if (t->p == t->end || *t->p != ch) {
        return 0;
    }

    t->p++;

    return 1;
}


/* seconds since 1970 on the clock that is to be changed */

static int64_t
xpecto_zone_when(const xpecto_zone_date_t *date, int64_t year)
{
    int64_t   days, first;
    unsigned  month;

    switch (date->kind) {

    case XPECTO_ZONE_JULIAN:
        days = xpecto_days(year, 1, 1) + date->day - 1;

        if (date->day > 59 && xpecto_month_length(year, 2) == 29) {
            days++;
        }

        break;

    case XPECTO_ZONE_DAY:
        days = xpecto_days(year, 1, 1) + date->day;
        break;

    default:
        month = (unsigned) date->month;
        first = xpecto_days(year, month, 1);

        /* 1970-01-01 was a Thursday */

        days = first + (date->day - (first + 4) % 7 + 7) % 7
               + (date->week - 1) * 7;

        if (days >= first + xpecto_month_length(year, month)) {
            days -= 7;
        }
    }

    return days * XPECTO_DAY + date->time;
}
