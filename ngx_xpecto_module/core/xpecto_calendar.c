
/*
 * The Gregorian calendar.
 *
 * Years begin in March here, so that the leap day is their last one: an era
 * is 400 of them, 146097 days; their months take 153 days in five.
 */


#include "xpecto_calendar.h"


#define XPECTO_CALENDAR_ERA    146097

/* from 0000-03-01 to 1970-01-01 */

#define XPECTO_CALENDAR_EPOCH  719468


int64_t
xpecto_days(int64_t year, unsigned month, unsigned day)
{
    int64_t  y, era, of_era, of_year;

    y = year - (month <= 2);
    era = (y >= 0 ? y : y - 399) / 400;
    of_era = y - era * 400;
    of_year = (153 * (int64_t) (month > 2 ? month - 3 : month + 9) + 2) / 5
              + day - 1;

    return era * XPECTO_CALENDAR_ERA
           + of_era * 365 + of_era / 4 - of_era / 100 + of_year
           - XPECTO_CALENDAR_EPOCH;
}


void
xpecto_date(int64_t days, int64_t *year, unsigned *month, unsigned *day)
{
    int64_t  era, of_era, y, of_year, m;

    days += XPECTO_CALENDAR_EPOCH;
    era = (days >= 0 ? days : days - XPECTO_CALENDAR_ERA + 1)
          / XPECTO_CALENDAR_ERA;
    of_era = days - era * XPECTO_CALENDAR_ERA;
    y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    of_year = of_era - (365 * y + y / 4 - y / 100);
    m = (5 * of_year + 2) / 153;

    *day = (unsigned) (of_year - (153 * m + 2) / 5 + 1);
    *month = (unsigned) (m < 10 ? m + 3 : m - 9);
    *year = y + era * 400 + (*month <= 2);
}


unsigned
xpecto_month_length(int64_t year, unsigned month)
{
    if (month == 12) {
        return 31;
    }

    return (unsigned) (xpecto_days(year, month + 1, 1)
                       - xpecto_days(year, month, 1));
}


int
xpecto_is_date(int64_t year, unsigned month, unsigned day)
{
    return month >= 1 && month <= 12
           && day >= 1 && day <= xpecto_month_length(year, month);
}
