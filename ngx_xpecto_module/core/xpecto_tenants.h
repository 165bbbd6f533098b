
/*
 * The tenants file: who calls, on which plan, from which establishment.
 *
 * A JSON document (docs/formats.md) is compiled into a position-independent
 * image: a header, the plans, the tenants, their lists of names, and a hash
 * table of SHA-256 digests of their credentials.  A lookup reads the image in
 * place and copies what it found, but for the lists.
 */


#ifndef _XPECTO_TENANTS_H_INCLUDED_
#define _XPECTO_TENANTS_H_INCLUDED_


#include "xpecto.h"
#include "xpecto_doc.h"
#include "xpecto_enforce.h"
#include "xpecto_former.h"
#include "xpecto_limit.h"
#include "xpecto_period.h"
#include "xpecto_ratelimit.h"
#include "xpecto_target.h"
#include "xpecto_weight.h"
#include "xpecto_whatsapp.h"


#define XPECTO_NAME_MAX         47      /* of a tenant, plan, region, policy */
#define XPECTO_PLAN_LIMITS_MAX  8
#define XPECTO_REGIONS_MAX      8
#define XPECTO_ATTEST_MAX       16
#define XPECTO_SEATS_MAX        8
#define XPECTO_PERIODS_MAX      64      /* different ones of a file */
#define XPECTO_DIGEST_LEN       32      /* SHA-256 */


/* a name of [A-Za-z0-9_:-], 1 to XPECTO_NAME_MAX bytes */

typedef struct {
    uint8_t               len;
    uint8_t               data[XPECTO_NAME_MAX];
} xpecto_name_t;


/* a state or province where somebody is established: "CA-QC", zeroes follow */

typedef char  xpecto_seat_t[8];


/* one policy of a plan */

typedef struct {
    xpecto_name_t         name;
    xpecto_meter_e        meter;
    uint32_t              dry_run;
    uint32_t              enforce;      /* hundredths of a percent */
    uint32_t              status;       /* of a refusal, 0: not said */
    uint32_t              scope;        /* xpecto_scope_e */
    uint32_t              endpoints;    /* bit n: one of these; 0: any */
    uint32_t              error;        /* 1 + xpecto_graph_e; 0: that of its
                                           meter */
    xpecto_weight_t       weight;
    xpecto_gcra_t         gcra;         /* RATE */
    xpecto_count_t        count;        /* COUNT, SLIDE; in the image it has
                                           a limit and no time yet */
    uint32_t              period;       /* index of its period */
    xpecto_period_e       per;          /* of that */
    uint32_t              inherit;      /* xpecto_inherit_e */
    uint32_t              nformer;
    uint64_t              mix;          /* of its numbers */
    xpecto_former_t       former[XPECTO_FORMER_MAX];
    uint64_t              burst;        /* or the limit: what q= says */
    uint64_t              policy_len;
    uint8_t               policy[XPECTO_RATELIMIT_LEN + XPECTO_NAME_MAX];
} xpecto_limit_t;


typedef struct {
    xpecto_name_t         name;
    uint32_t              nlimits;
    xpecto_limit_t        limits[XPECTO_PLAN_LIMITS_MAX];
} xpecto_plan_t;

/* a plan with n limits takes this much */

#define XPECTO_PLAN_SIZE(n)                                                  \
    (offsetof(xpecto_plan_t, limits) + (n) * sizeof(xpecto_limit_t))


typedef struct {
    xpecto_name_t         name;
    xpecto_countries_t    establishment;
    xpecto_name_t         region;       /* len 0: none */
    uint32_t              dry_run;
    uint32_t              nseats;
    xpecto_seat_t         seats[XPECTO_SEATS_MAX];  /* of the countries */
    uint32_t              nregions;
    uint32_t              nattest;
    const xpecto_name_t  *regions;      /* allow_regions */
    const xpecto_name_t  *attest;
} xpecto_tenant_t;


/*
 * Finds a time zone of the database by its name, "Asia/Kolkata", with its
 * changes from a period ago on.
 */

typedef xpecto_rc_e (*xpecto_zone_pt)(void *data, const char *name,
    xpecto_zone_t *zone);

/*
 * OK: image->data was allocated by malloc and belongs to the caller.
 * ERROR: err says what is wrong, with the JSON path and the line.
 */

xpecto_rc_e xpecto_tenants_compile(const uint8_t *json, size_t len,
    xpecto_zone_pt zone, void *data, xpecto_image_t *image,
    xpecto_err_t *err);

/*
 * What was counted under "current" is taken over by "next", which has just
 * been compiled and may grow: numbers that changed are remembered beside the
 * plans, for the tenants who were on them.  tick and wall are the moment.
 * DECLINED: both are of one document.  ERROR: no memory.
 */

xpecto_rc_e xpecto_tenants_follow(const void *current, xpecto_image_t *next,
    uint64_t tick, uint64_t wall, xpecto_err_t *err);

/*
 * A limit that stands alone, by the members that one of a plan has, but for
 * its name; period: that of a COUNT or SLIDE.  ERROR: err says why, of
 * params[*failed]; n: of all of them.
 */

xpecto_rc_e xpecto_tenants_alone(const xpecto_doc_param_t *params, size_t n,
    const xpecto_name_t *name, xpecto_zone_pt zone, xpecto_limit_t *limit,
    xpecto_period_t *period, size_t *failed, xpecto_err_t *err);

/* it takes over what was counted by the one that it was before */

void xpecto_tenants_succeed(const xpecto_limit_t *before,
    xpecto_limit_t *limit, uint64_t tick, uint64_t wall);

/* the numbers of a limit */

void xpecto_tenants_terms(const xpecto_limit_t *limit, xpecto_terms_t *terms);

/*
 * The index of a tenant by the SHA-256 of a credential.  The time of the
 * comparison does not depend on the digest's bytes.  DECLINED: unknown.
 */

xpecto_rc_e xpecto_tenants_find(const void *image,
    const uint8_t digest[XPECTO_DIGEST_LEN], uint32_t *index);

/* by its name: for operators, the time depends on it */

xpecto_rc_e xpecto_tenants_named(const void *image, const uint8_t *name,
    size_t len, uint32_t *index);

/* regions and attest lead into the image, as does the plan */

const xpecto_plan_t *xpecto_tenants_get(const void *image, uint32_t index,
    xpecto_tenant_t *tenant);

/* a number of the plan among those of the image */

size_t xpecto_tenants_plan_index(const void *image,
    const xpecto_plan_t *plan);

uint32_t xpecto_tenants_count(const void *image);

/*
 * One of Meta's policies as a limit, all but its name, text and period;
 * window: seconds, for xpecto_ratelimit_policy().  ERROR: it cannot be.
 */

xpecto_rc_e xpecto_tenants_whatsapp(const xpecto_whatsapp_t *w,
    xpecto_limit_t *limit, uint64_t *window);

/* a period of limits; index is one that a limit has */

const xpecto_period_t *xpecto_tenants_period(const void *image,
    uint32_t index);


#endif /* _XPECTO_TENANTS_H_INCLUDED_ */
