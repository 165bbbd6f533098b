
/*
 * Dates of the Gregorian calendar, as days since 1970-01-01; months and days
 * of a month count from 1.
 */


#ifndef _XPECTO_CALENDAR_H_INCLUDED_
#define _XPECTO_CALENDAR_H_INCLUDED_


#include "xpecto.h"


#define XPECTO_DAY  86400


int64_t xpecto_days(int64_t year, unsigned month, unsigned day);
void xpecto_date(int64_t days, int64_t *year, unsigned *month, unsigned *day);
unsigned xpecto_month_length(int64_t year, unsigned month);

/* whether there is such a day */

int xpecto_is_date(int64_t year, unsigned month, unsigned day);


#endif /* _XPECTO_CALENDAR_H_INCLUDED_ */
