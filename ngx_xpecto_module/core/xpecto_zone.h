
/*
 * A time zone: what is added to UTC, from when on.
 *
 * Read from a TZif file (RFC 8536) of the time zone database, with the rule
 * of its footer for what lies behind its last change, or given as a fixed
 * offset.  Changes of 16 years are kept; behind them the last one holds.
 */


#ifndef _XPECTO_ZONE_H_INCLUDED_
#define _XPECTO_ZONE_H_INCLUDED_


#include "xpecto.h"


#define XPECTO_ZONE_CHANGES  32


typedef struct {
    uint32_t  n;
    int32_t   offset[XPECTO_ZONE_CHANGES + 1];  /* seconds east of UTC,
                                                   before at[i] */
    int64_t   at[XPECTO_ZONE_CHANGES];          /* seconds since 1970, UTC;
                                                   they grow */
} xpecto_zone_t;


/* "UTC", "Z", "+05:30", "-03:00"; ERROR: anything else */

xpecto_rc_e xpecto_zone_fixed(xpecto_zone_t *z, const xpecto_str_t *name);

/* what TZif says of the time after from; ERROR: malformed */

xpecto_rc_e xpecto_zone_parse(xpecto_zone_t *z, const uint8_t *tzif,
    size_t len, int64_t from);

int32_t xpecto_zone_offset(const xpecto_zone_t *z, int64_t t);

/*
 * The first moment at which a clock on the wall shows at least so many
 * seconds since 1970-01-01 00:00, counted without zone.
 */

int64_t xpecto_zone_first(const xpecto_zone_t *z, int64_t local);


#endif /* _XPECTO_ZONE_H_INCLUDED_ */
