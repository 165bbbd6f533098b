
/*
 * What an operator gives away of a meter's word: as many units as it has been
 * charged with, whoever was.
 */


#ifndef _XPECTO_GRANT_H_INCLUDED_
#define _XPECTO_GRANT_H_INCLUDED_


#include "xpecto.h"
#include "xpecto_meter.h"


/*
 * Of the kinds RATE, PAIR, COUNT and SLIDE; of counts the clock is the
 * meter's own.  Returns how many units were given, at most those asked for.
 */

uint64_t xpecto_grant(const xpecto_meter_t *meter, uint64_t *word,
    uint64_t units, uint64_t now);


#endif /* _XPECTO_GRANT_H_INCLUDED_ */
