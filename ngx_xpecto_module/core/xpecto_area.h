
/*
 * The states and provinces that a phone number is from, where its area code
 * says so: +1 of the United States and Canada.  People keep their number when
 * they move, so that an area may add a law, but never take one away.
 */


#ifndef _XPECTO_AREA_H_INCLUDED_
#define _XPECTO_AREA_H_INCLUDED_


#include "xpecto_phone.h"
#include "../data/xpecto_areas.h"


/* how many there are, and the first of them */

unsigned xpecto_area_find(const xpecto_phone_t *ph,
    const xpecto_area_t **area);


#endif /* _XPECTO_AREA_H_INCLUDED_ */
