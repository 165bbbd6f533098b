
/*
 * The layout of the tenants' image, and what its compiler's files share.
 */


#ifndef _XPECTO_TENANTS_IMAGE_H_INCLUDED_
#define _XPECTO_TENANTS_IMAGE_H_INCLUDED_


#include "xpecto_tenants.h"
#include "xpecto_doc.h"


#define XPECTO_TENANTS_WINDOW_MAX  (31 * XPECTO_DAY)     /* seconds */


/*
 * The image:
 *
 *     +--------+---------+-------+---------+-------+-------------+
 *     | header | periods | plans | tenants | names | credentials |
 *     +--------+---------+-------+---------+-------+-------------+
 *     +---------+------+-----------+
 *     | by name | ages | elder ... |     the last two where plans have changed
 *     +---------+------+-----------+
 *
 * Offsets count from its first byte.  The credentials are an open addressing
 * table of a power of two slots, at most half of them taken; a digest is as
 * good as random, its first bytes are the hash.  "By name" is another one, of
 * tenants: index + 1, 0 is free.
 *
 * An elder is a plan with what its limits were before.  ages says for each
 * tenant which one is his, from 1 on; 0: his plan as it stands.
 */

typedef struct {
    uint32_t            nplans;
    uint32_t            ntenants;
    uint32_t            mask;           /* slots - 1 */
    uint32_t            nperiods;
    uint64_t            size;           /* of the image */
    uint64_t            periods;        /* offsets */
    uint64_t            plans;
    uint64_t            tenants;
    uint64_t            names;
    uint64_t            credentials;
    uint64_t            by_name;
    uint64_t            named;          /* slots - 1 of that */
    uint64_t            ages;           /* 0: there are none */
    uint64_t            elder;
    uint64_t            nelder;
} xpecto_tenants_header_t;


typedef struct {
    xpecto_name_t       name;
    xpecto_name_t       region;
    xpecto_countries_t  establishment;
    xpecto_seat_t       seats[XPECTO_SEATS_MAX];
    uint32_t            nseats;
    uint32_t            plan;
    uint32_t            dry_run;
    uint32_t            regions;        /* index of the first of the names */
    uint32_t            nregions;
    uint32_t            attest;
    uint32_t            nattest;
} xpecto_tenants_record_t;


typedef struct {
    uint8_t             digest[XPECTO_DIGEST_LEN];
    uint32_t            tenant;         /* index + 1, 0: free */
} xpecto_tenants_slot_t;


/* what is filled while the document is walked */

typedef struct {
    xpecto_tenants_header_t  *header;
    xpecto_plan_t            *plans;
    xpecto_tenants_record_t  *tenants;
    xpecto_name_t            *names;
    xpecto_tenants_slot_t    *slots;
    uint32_t                 *by_name;
    uint32_t                  nnames;
    xpecto_period_t          *periods;
    xpecto_zone_pt            zone;
    void                     *zone_data;
    xpecto_err_t             *err;
} xpecto_tenants_t;


/* the plan of a tenant */

const xpecto_plan_t *xpecto_tenants_plan_of(const void *image,
    uint32_t index);

/* the first slot to look at */

uint32_t xpecto_tenants_hash(const uint8_t *digest);
uint32_t xpecto_tenants_name_hash(const uint8_t *name, size_t len);

/* xpecto_tenants_parts.c, _limit.c: members of the document */

xpecto_rc_e xpecto_tenants_plan(xpecto_tenants_t *t,
    const xpecto_node_t *node, xpecto_plan_t *plan);
xpecto_rc_e xpecto_tenants_limit(xpecto_tenants_t *t,
    const xpecto_node_t *node, xpecto_limit_t *limit);
xpecto_rc_e xpecto_tenants_dry_run(xpecto_tenants_t *t,
    const xpecto_node_t *node, uint32_t *dry_run);
xpecto_rc_e xpecto_tenants_name(const xpecto_node_t *node,
    const uint8_t *data, size_t len, xpecto_name_t *name, xpecto_err_t *err);
xpecto_rc_e xpecto_tenants_establishment(xpecto_tenants_t *t,
    const xpecto_node_t *node, xpecto_tenants_record_t *tenant);
xpecto_rc_e xpecto_tenants_phone_ids(xpecto_tenants_t *t,
    const xpecto_node_t *tenant);

/* xpecto_tenants_former.c: what becomes of what was counted before */

xpecto_rc_e xpecto_tenants_inherit(xpecto_tenants_t *t,
    const xpecto_node_t *node, xpecto_limit_t *limit);

/* xpecto_tenants_kind.c: what each kind of limit has of its own */

xpecto_rc_e xpecto_tenants_rate(xpecto_tenants_t *t,
    const xpecto_node_t *node, xpecto_limit_t *limit, uint64_t *window);
xpecto_rc_e xpecto_tenants_window(xpecto_tenants_t *t,
    const xpecto_node_t *node, xpecto_limit_t *limit, uint64_t *window);
xpecto_rc_e xpecto_tenants_sliding(xpecto_tenants_t *t,
    const xpecto_node_t *node, xpecto_limit_t *limit, uint64_t *window);
xpecto_rc_e xpecto_tenants_quota(xpecto_tenants_t *t,
    const xpecto_node_t *node, xpecto_limit_t *limit, uint64_t *window);

xpecto_rc_e xpecto_tenants_units(xpecto_tenants_t *t,
    const xpecto_node_t *node, const char *name, uint64_t max, uint64_t *n);

/* xpecto_tenants_scope.c: what it counts by, and kinds of recipients */

xpecto_rc_e xpecto_tenants_scope(xpecto_tenants_t *t,
    const xpecto_node_t *node, xpecto_limit_t *limit);
xpecto_rc_e xpecto_tenants_pair(xpecto_tenants_t *t,
    const xpecto_node_t *node, xpecto_limit_t *limit, uint64_t *window);
xpecto_rc_e xpecto_tenants_held(xpecto_tenants_t *t,
    const xpecto_node_t *node, xpecto_limit_t *limit, uint64_t *window);
xpecto_rc_e xpecto_tenants_unique(xpecto_tenants_t *t,
    const xpecto_node_t *node, xpecto_limit_t *limit, uint64_t *window);

/* xpecto_tenants_period.c: members of a limit */

xpecto_rc_e xpecto_tenants_seconds(xpecto_tenants_t *t,
    const xpecto_node_t *node, uint32_t max, uint32_t *seconds);
xpecto_rc_e xpecto_tenants_anchor(xpecto_tenants_t *t,
    const xpecto_node_t *node, xpecto_period_t *period);
xpecto_rc_e xpecto_tenants_time_zone(xpecto_tenants_t *t,
    const xpecto_node_t *node, xpecto_zone_t *zone);
xpecto_rc_e xpecto_tenants_period_of(xpecto_tenants_t *t,
    const xpecto_node_t *node, const xpecto_period_t *period,
    xpecto_limit_t *limit);


#endif /* _XPECTO_TENANTS_IMAGE_H_INCLUDED_ */
