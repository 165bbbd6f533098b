
/*
 * The layout of the tenants' image, and what its compiler's files share.
 */


#ifndef _XPECTO_TENANTS_IMAGE_H_INCLUDED_
#define _XPECTO_TENANTS_IMAGE_H_INCLUDED_


#include "xpecto_tenants.h"
#include "xpecto_doc.h"


/*
 * The image:
 *
 *     +--------+-------+---------+-------+-------------+
 *     | header | plans | tenants | names | credentials |
 *     +--------+-------+---------+-------+-------------+
 *
 * Offsets count from its first byte.  The credentials are an open addressing
 * table of a power of two slots, at most half of them taken; a digest is as
 * good as random, its first bytes are the hash.
 */

typedef struct {
    uint32_t            nplans;
    uint32_t            ntenants;
    uint32_t            mask;           /* slots - 1 */
    uint32_t            reserved;
    uint64_t            size;           /* of the image */
    uint64_t            plans;          /* offsets */
    uint64_t            tenants;
    uint64_t            names;
    uint64_t            credentials;
} xpecto_tenants_header_t;


typedef struct {
    xpecto_name_t       name;
    xpecto_name_t       region;
    xpecto_countries_t  establishment;
    uint32_t            plan;
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
    uint32_t                  nnames;
    xpecto_err_t             *err;
} xpecto_tenants_t;


/* the first slot to look at */

uint32_t xpecto_tenants_hash(const uint8_t *digest);

/* xpecto_tenants_parts.c: members of the document */

xpecto_rc_e xpecto_tenants_plan(xpecto_tenants_t *t,
    const xpecto_node_t *node, xpecto_plan_t *plan);
xpecto_rc_e xpecto_tenants_name(const xpecto_node_t *node,
    const uint8_t *data, size_t len, xpecto_name_t *name, xpecto_err_t *err);
xpecto_rc_e xpecto_tenants_establishment(xpecto_tenants_t *t,
    const xpecto_node_t *tenant, xpecto_countries_t *set);
xpecto_rc_e xpecto_tenants_phone_ids(xpecto_tenants_t *t,
    const xpecto_node_t *tenant);


#endif /* _XPECTO_TENANTS_IMAGE_H_INCLUDED_ */
