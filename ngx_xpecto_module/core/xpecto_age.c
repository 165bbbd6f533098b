
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "xpecto_age.h"
#include "xpecto_calendar.h"


#define XPECTO_AGE_MIN          13
#define XPECTO_AGE_MIN_UNKNOWN  16      /* where the law is not known */
#define XPECTO_AGE_LATEST       43200   /* UTC-12, seconds */


/* the youngest of each band */

static const struct {
    unsigned     from;
    const char  *name;
} xpecto_age_bands[XPECTO_AGE_BANDS] = {
    { 0, "unknown" },
    { 0, "0-12" },
    { 13, "13" },
    { 14, "14" },
    { 15, "15" },
    { 16, "16-17" },
    { 18, "18+" }
};


xpecto_age_band_e
xpecto_age_of(uint8_t age)
{
    unsigned  band;

    band = age & 0x0f;

    return (band < XPECTO_AGE_BANDS) ? (xpecto_age_band_e) band
                                     : XPECTO_AGE_UNKNOWN;
}


xpecto_age_band_e
xpecto_age_band(unsigned month, unsigned year, int64_t now)
{
    int64_t   this_year, years;
    unsigned  this_month, day, band;

    xpecto_date((now - XPECTO_AGE_LATEST) / 86400, &this_year, &this_month,
                &day);

    years = this_year - (int64_t) year;

    if (years < 0 || (years == 0 && month > this_month)) {
        return XPECTO_AGE_UNKNOWN;
    }

    if (month >= this_month) {
        years--;
    }

    for (band = XPECTO_AGE_ADULT; band > XPECTO_AGE_CHILD; band--) {
        if (years >= (int64_t) xpecto_age_bands[band].from) {
            break;
        }
    }

    return (xpecto_age_band_e) band;
}


unsigned
xpecto_age_min(unsigned min)
{
    if (min == 0) {
        return XPECTO_AGE_MIN_UNKNOWN;
    }

    return (min < XPECTO_AGE_MIN) ? XPECTO_AGE_MIN : min;
}


int
xpecto_age_is_young(xpecto_age_band_e band, unsigned min)
{
    if (band == XPECTO_AGE_UNKNOWN) {
        return 0;
    }

    return xpecto_age_bands[band].from < xpecto_age_min(min);
}


const char *
xpecto_age_name(xpecto_age_band_e band)
{
    return xpecto_age_bands[band].name;
}
