
/*
 * The rule of a zone for the time behind its last change: the TZ variable of
 * POSIX (IEEE 1003.1, 8.3), as the footer of a TZif file has it, such as
 * "CET-1CEST,M3.5.0,M10.5.0/3".
 */


#ifndef _XPECTO_ZONE_RULE_H_INCLUDED_
#define _XPECTO_ZONE_RULE_H_INCLUDED_


#include "xpecto_zone.h"


typedef enum {
    XPECTO_ZONE_JULIAN = 0,     /* Jn: 1 to 365, never the leap day */
    XPECTO_ZONE_DAY,            /* n: 0 to 365 */
    XPECTO_ZONE_MONTH           /* Mm.w.d: week 5 is the last one */
} xpecto_zone_date_e;


typedef struct {
    xpecto_zone_date_e  kind;
    int32_t             day;    /* or the weekday, 0: Sunday */
    int32_t             week;
    int32_t             month;
    int32_t             time;   /* seconds of the old clock, may be negative */
} xpecto_zone_date_t;


typedef struct {
    int32_t             standard;       /* seconds east of UTC */
    int32_t             summer;
    unsigned            two;            /* there is a summer time */
    xpecto_zone_date_t  begins;         /* the summer time */
    xpecto_zone_date_t  ends;
} xpecto_zone_rule_t;


xpecto_rc_e xpecto_zone_rule(xpecto_zone_rule_t *rule, const uint8_t *p,
    size_t len);

/* fills the zone with what the rule says of the time behind its changes */

void xpecto_zone_extend(xpecto_zone_t *z, const xpecto_zone_rule_t *rule,
    int64_t from);

/* a change, if there is room for it and it is one */

void xpecto_zone_add(xpecto_zone_t *z, int64_t at, int32_t offset);


#endif /* _XPECTO_ZONE_RULE_H_INCLUDED_ */
