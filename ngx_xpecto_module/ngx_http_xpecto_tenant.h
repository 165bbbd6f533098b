
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#ifndef _NGX_HTTP_XPECTO_TENANT_H_INCLUDED_
#define _NGX_HTTP_XPECTO_TENANT_H_INCLUDED_


#include "ngx_xpecto.h"
#include "core/xpecto_nh.h"


/* credentials that a worker remembers, in sets of four: powers of two */

#define NGX_HTTP_XPECTO_TENANT_KNOWN  8192
#define NGX_HTTP_XPECTO_TENANT_WAYS   4


/* plans that a worker remembers: a power of two */

#define NGX_HTTP_XPECTO_TENANT_PLANS  256


/* one caller or more, and the table, hold it */

typedef struct {
    ngx_xpecto_plan_t         known;
    ngx_uint_t                generation;   /* of the image */
    ngx_uint_t                index;        /* of the plan in it */
    ngx_uint_t                refs;
    time_t                    until;        /* a period of its ends */
} ngx_http_xpecto_tenant_plan_t;


/*
 * Whose a credential is, copied out of an image: one request or more, and the
 * table, hold it.  Nothing of it changes, so that requests share it.
 */

typedef struct {
    ngx_xpecto_tenant_t       tenant;
    xpecto_tenant_t           record;       /* tenant.tenant */
    ngx_http_xpecto_tenant_plan_t  *plan;
    ngx_uint_t                refs;
    uint32_t                  index;        /* in the image */
} ngx_http_xpecto_tenant_caller_t;


/* a digest costs more than all the rest: each worker remembers them */

typedef struct {
    uint64_t                  hash[2];
    ngx_uint_t                generation;   /* of the image */
    ngx_http_xpecto_tenant_caller_t  *caller;    /* NULL: free */
} ngx_http_xpecto_tenant_known_t;


/* a period of plans, as it is now: calendars are not cheap */

typedef struct {
    ngx_uint_t                generation;   /* of the image, 0: none */
    uint32_t                  start;
    uint32_t                  end;
    uint32_t                  next;
} ngx_http_xpecto_tenant_period_t;


typedef struct {
    ngx_xpecto_image_t       *image;        /* NULL: no xpecto_tenants */

    /* of this process */

    xpecto_nh_key_t           key;
    ngx_http_xpecto_tenant_known_t  *known;
    ngx_http_xpecto_tenant_plan_t  **plans;
    ngx_http_xpecto_tenant_period_t  periods[XPECTO_PERIODS_MAX];
} ngx_http_xpecto_tenant_main_conf_t;


typedef struct {
    ngx_flag_t                enable;
    ngx_array_t              *values;       /* ngx_http_complex_value_t, or
                                               NULL: the usual headers */
    ngx_uint_t                unknown;
} ngx_http_xpecto_tenant_conf_t;


typedef struct {
    ngx_xpecto_tenant_t      *tenant;       /* NULL: not asked for yet */
    ngx_pool_cleanup_t        cleanup;
    unsigned                  counted:1;
    unsigned                  looking:1;    /* its values are evaluated */
} ngx_http_xpecto_tenant_ctx_t;


/*
 * Finds who calls, once for a request: there is a tenant.  NULL: no memory,
 * or it is being found out.  lookup() is the general way; ctx may be NULL.
 */

ngx_http_xpecto_tenant_ctx_t *ngx_http_xpecto_tenant_identify(
    ngx_http_request_t *r);
ngx_http_xpecto_tenant_ctx_t *ngx_http_xpecto_tenant_lookup(
    ngx_http_request_t *r, ngx_http_xpecto_tenant_ctx_t *ctx);

/* makes a caller of what the pinned image says, held once; NULL: no memory */

ngx_http_xpecto_tenant_caller_t *ngx_http_xpecto_tenant_caller(
    ngx_http_xpecto_tenant_main_conf_t *xtmcf, const void *image,
    uint32_t index, const u_char *id);

/* the periods of a plan as they are now, of the pinned image */

void ngx_http_xpecto_tenant_follow(ngx_http_xpecto_tenant_main_conf_t *xtmcf,
    const void *image, ngx_http_xpecto_tenant_plan_t *plan);

/* cleanups; data: a caller who is held no more, a main conf */

void ngx_http_xpecto_tenant_release(void *data);
void ngx_http_xpecto_tenant_forget(void *data);


extern ngx_module_t  ngx_http_xpecto_tenant_module;


#endif /* _NGX_HTTP_XPECTO_TENANT_H_INCLUDED_ */
