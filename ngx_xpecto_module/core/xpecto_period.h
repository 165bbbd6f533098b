
/*
 * Periods that a quota counts in: seconds, or days, weeks and months of a
 * time zone, or all time.
 *
 * A day begins at the first moment at which a clock on the wall shows its
 * date.  Where summer time begins at midnight this is an hour later than
 * elsewhere; days are 23 to 25 hours long.
 */


#ifndef _XPECTO_PERIOD_H_INCLUDED_
#define _XPECTO_PERIOD_H_INCLUDED_


#include "xpecto.h"
#include "xpecto_zone.h"


typedef enum {
    XPECTO_PERIOD_SECONDS = 0,  /* since 1970, UTC */
    XPECTO_PERIOD_DAY,
    XPECTO_PERIOD_WEEK,
    XPECTO_PERIOD_MONTH,
    XPECTO_PERIOD_EVER
} xpecto_period_e;


typedef struct {
    uint32_t       per;         /* xpecto_period_e */
    uint32_t       length;      /* SECONDS: 1 or more */
    uint32_t       anchor;      /* WEEK: its first day, 1 is Monday; MONTH:
                                   1 to 31, the last day where it has none */
    xpecto_zone_t  zone;
} xpecto_period_t;


/*
 * The period that a moment is in: its first second and the first one behind
 * it, since 1970.  EVER: 0 and UINT32_MAX.
 */

void xpecto_period_at(const xpecto_period_t *p, uint32_t now,
    uint32_t *start, uint32_t *end);


#endif /* _XPECTO_PERIOD_H_INCLUDED_ */
