
/*
 * Whether the data section of a MaxMind DB can be read: all sizes inside, all
 * pointers to a value inside, containers no deeper than XPECTO_PLACE_DEPTH.
 * Format: MaxMind DB 2.0, https://maxmind.github.io/MaxMind-DB/
 */


#ifndef _XPECTO_PLACE_CHECK_H_INCLUDED_
#define _XPECTO_PLACE_CHECK_H_INCLUDED_


#include "xpecto.h"


#define XPECTO_PLACE_DEPTH  16


typedef struct xpecto_place_check_s  xpecto_place_check_t;

/* start: where the metadata begin, marker included; all else is before */

xpecto_rc_e xpecto_place_check_metadata(const uint8_t *file, size_t len,
    size_t *start);

/* the records; what was checked once is remembered */

xpecto_place_check_t *xpecto_place_check_create(const uint8_t *data,
    size_t len);
xpecto_rc_e xpecto_place_check_record(xpecto_place_check_t *check,
    size_t offset);
void xpecto_place_check_free(xpecto_place_check_t *check);


#endif /* _XPECTO_PLACE_CHECK_H_INCLUDED_ */
