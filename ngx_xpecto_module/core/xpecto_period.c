
/*
 * Periods of a quota: see xpecto_period.h.
 */


#include "xpecto_period.h"
#include "xpecto_calendar.h"


static int64_t xpecto_period_first(const xpecto_period_t *p, int64_t day);
static int64_t xpecto_period_next(const xpecto_period_t *p, int64_t first);
static int64_t xpecto_period_anchor(const xpecto_period_t *p, int64_t year,
    unsigned month);


void
xpecto_period_at(const xpecto_period_t *p, uint32_t now, uint32_t *start,
    uint32_t *end)
{
    int64_t  local, first, next, begins, ends;

    if (p->per == XPECTO_PERIOD_EVER) {
        *start = 0;
        *end = UINT32_MAX;

        return;
    }

    if (p->per == XPECTO_PERIOD_SECONDS) {
        *start = now - now % p->length;
        *end = (*start > UINT32_MAX - p->length) ? UINT32_MAX
                                                 : *start + p->length;
        return;
    }

    local = (int64_t) now + xpecto_zone_offset(&p->zone, now);

    first = xpecto_period_first(p, (local + XPECTO_DAY) / XPECTO_DAY - 1);
    begins = xpecto_zone_first(&p->zone, first * XPECTO_DAY);

    /* set back behind midnight, a clock shows the day before once more */

    for ( ;; ) {
        next = xpecto_period_next(p, first);
        ends = xpecto_zone_first(&p->zone, next * XPECTO_DAY);

        if (ends > now) {
            break;
        }

        first = next;
        begins = ends;
    }

    *start = (begins < 0) ? 0 : (uint32_t) begins;
    *end = (ends > UINT32_MAX) ? UINT32_MAX : (uint32_t) ends;
}


/* the first day of the period that the day is in */

static int64_t
xpecto_period_first(const xpecto_period_t *p, int64_t day)
{
    int64_t   year, first;
    unsigned  month, of_month;

    switch (p->per) {

    case XPECTO_PERIOD_WEEK:

        /* 1970-01-01 was a Thursday; a day of 1969 occurs as well */

        return day - (day + 3 + 7 - ((int64_t) p->anchor - 1)) % 7;

    case XPECTO_PERIOD_MONTH:
        xpecto_date(day, &year, &month, &of_month);

        first = xpecto_period_anchor(p, year, month);

        if (first > day) {
            first = (month == 1) ? xpecto_period_anchor(p, year - 1, 12)
                                 : xpecto_period_anchor(p, year, month - 1);
        }

        return first;

    default:
        return day;
    }
}


static int64_t
xpecto_period_next(const xpecto_period_t *p, int64_t first)
{
    int64_t   year;
    unsigned  month, day;

    switch (p->per) {

    case XPECTO_PERIOD_WEEK:
        return first + 7;

    case XPECTO_PERIOD_MONTH:
        xpecto_date(first, &year, &month, &day);

        return (month == 12) ? xpecto_period_anchor(p, year + 1, 1)
                             : xpecto_period_anchor(p, year, month + 1);

    default:
        return first + 1;
    }
}


static int64_t
xpecto_period_anchor(const xpecto_period_t *p, int64_t year, unsigned month)
{
    unsigned  day;

    day = xpecto_month_length(year, month);

    return xpecto_days(year, month, (p->anchor < day) ? p->anchor : day);
}
