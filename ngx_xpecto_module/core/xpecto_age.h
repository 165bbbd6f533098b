
/*
 * Ages, as far as a token says them: the band somebody is in, never when
 * they were born.
 */


#ifndef _XPECTO_AGE_H_INCLUDED_
#define _XPECTO_AGE_H_INCLUDED_


#include "xpecto.h"


/* permanent: they stand in tokens */

typedef enum {
    XPECTO_AGE_UNKNOWN = 0,
    XPECTO_AGE_CHILD,                   /* below 13 */
    XPECTO_AGE_13,
    XPECTO_AGE_14,
    XPECTO_AGE_15,
    XPECTO_AGE_16,                      /* and 17 */
    XPECTO_AGE_ADULT,
    XPECTO_AGE_BANDS
} xpecto_age_band_e;


typedef enum {
    XPECTO_AGE_BY_NOBODY = 0,
    XPECTO_AGE_BY_SELF,
    XPECTO_AGE_BY_PARENT,
    XPECTO_AGE_BY_ORIGIN
} xpecto_age_source_e;

#define XPECTO_AGE(source, band)  ((uint8_t) ((source) << 4 | (band)))

/* a byte of a token: a band above those known counts as unknown */

xpecto_age_band_e xpecto_age_of(uint8_t age);

/*
 * The band of somebody born in that month.  The birthday is the last of the
 * month and begins where a day begins last: nobody is taken for older than
 * they are.  UNKNOWN: the month is to come.
 */

xpecto_age_band_e xpecto_age_band(unsigned month, unsigned year, int64_t now);

/* the age of consent that counts, in years; 0: the law is not known */

unsigned xpecto_age_min(unsigned min);

/* 1: below the age of consent, given as above */

int xpecto_age_is_young(xpecto_age_band_e band, unsigned min);

/* "16-17" */

const char *xpecto_age_name(xpecto_age_band_e band);


#endif /* _XPECTO_AGE_H_INCLUDED_ */
