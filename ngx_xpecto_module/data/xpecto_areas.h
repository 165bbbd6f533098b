
/*
 * Which state or province an area code belongs to.  xpecto_areas.c is
 * written by tools/gen-areas.
 */


#ifndef _XPECTO_AREAS_H_INCLUDED_
#define _XPECTO_AREAS_H_INCLUDED_


#include <stdint.h>


/* the first four digits, "1" among them; several rows if the area is shared */

typedef struct {
    uint16_t            prefix;
    char                code[6];        /* ISO 3166-2: "US-NJ" */
} xpecto_area_t;

extern const xpecto_area_t  xpecto_areas[];     /* by prefix */
extern const unsigned       xpecto_nareas;


#endif /* _XPECTO_AREAS_H_INCLUDED_ */
