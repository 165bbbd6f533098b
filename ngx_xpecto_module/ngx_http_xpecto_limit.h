
/*
 * What the files of the limit room share.
 */


#ifndef _NGX_HTTP_XPECTO_LIMIT_H_INCLUDED_
#define _NGX_HTTP_XPECTO_LIMIT_H_INCLUDED_


#include "ngx_xpecto.h"
#include "core/xpecto_accept.h"
#include "core/xpecto_enforce.h"
#include "core/xpecto_graph.h"
#include "core/xpecto_limit.h"
#include "core/xpecto_ratelimit.h"


/*
 * The zone: one allocation behind the header of the slab pool.
 *
 *     0        4        8        16                32               128
 *     +--------+--------+--------+-----------------+----------------+---- ...
 *     | layout | cell   | size   | secret          | zeroes         | cells
 *     +--------+--------+--------+-----------------+----------------+---- ...
 */

typedef struct {
    uint32_t                      layout;
    uint32_t                      cell;         /* bytes of a cell */
    uint64_t                      size;         /* bytes of all cells */
    u_char                        secret[XPECTO_SIPHASH_KEY_LEN];
    u_char                        zeroes[96];
} ngx_http_xpecto_limit_shm_t;


typedef struct ngx_http_xpecto_limit_zone_s  ngx_http_xpecto_limit_zone_t;

struct ngx_http_xpecto_limit_zone_s {
    ngx_str_t                     name;
    ngx_http_xpecto_limit_shm_t  *sh;
    xpecto_cells_t                cells;
    ngx_http_xpecto_limit_zone_t *old;          /* of another size, to be
                                                   carried over */
};


typedef enum {
    NGX_HTTP_XPECTO_LIMIT_NONE = 0,
    NGX_HTTP_XPECTO_LIMIT_PASSED,
    NGX_HTTP_XPECTO_LIMIT_REJECTED,
    NGX_HTTP_XPECTO_LIMIT_REJECTED_DRY_RUN
} ngx_http_xpecto_limit_status_e;


/* what xpecto_limit_error says: a type, or that the client chooses */

#define NGX_HTTP_XPECTO_LIMIT_ACCEPT  XPECTO_ACCEPT_TYPES


/*
 * One xpecto_limit.  A policy's cells are found by what comes before the
 * value that it counts by:
 *
 *     'i', 16 bytes            of a directive: digest of its name and key
 *     'p', length, name,       of a plan
 *     kind, period, seconds
 */

typedef struct {
    ngx_shm_zone_t               *shm_zone;
    ngx_http_complex_value_t     *key;         /* NULL: tenant or address */
    ngx_http_complex_value_t     *cost;        /* NULL: 1 */
    ngx_str_t                     name;
    ngx_str_t                     rate;        /* empty: the tenant's plan */
    xpecto_gcra_t                 gcra;
    ngx_uint_t                    burst;
    ngx_uint_t                    status;      /* 0: xpecto_limit_status */
    ngx_uint_t                    enforce;     /* hundredths of a percent */
    ngx_str_t                     policy;      /* as in RateLimit-Policy */
    u_char                        id[1 + XPECTO_SIPHASH_KEY_LEN];
    ngx_str_t                     file;        /* where it stands */
    ngx_uint_t                    line;
    unsigned                      deny_full:1;
    unsigned                      dry_run:1;
    unsigned                      recipients:1;
} ngx_http_xpecto_limit_t;


typedef struct {
    ngx_array_t                   zones;  /* ngx_http_xpecto_limit_zone_t * */
    ngx_array_t                   limits;      /* ngx_http_xpecto_limit_t * */
    uint64_t                      stamp;       /* of claims, per process */
    ngx_uint_t                    recipients;  /* some limit needs the body */
    ngx_int_t                     request_id;  /* index of the variable */
} ngx_http_xpecto_limit_main_conf_t;


typedef struct {
    ngx_array_t                  *limits;      /* ngx_http_xpecto_limit_t * */
    ngx_uint_t                    status;
    ngx_uint_t                    error;
    ngx_flag_t                    headers;
    ngx_flag_t                    dry_run;
    ngx_uint_t                    recipients;  /* a limit of the level needs
                                                  the body */
} ngx_http_xpecto_limit_conf_t;


/* what an item of the decision is called */

typedef struct {
    ngx_str_t                     name;
    ngx_str_t                     text;        /* as in RateLimit-Policy */
    ngx_str_t                    *zone;
    ngx_uint_t                    status;      /* 0: xpecto_limit_status */
} ngx_http_xpecto_limit_policy_t;


/*
 * items:  0 ... enforced ... trial ... max
 *         refuse      (none)     on trial: dry_run
 */

typedef struct {
    ngx_uint_t                    enforced;
    ngx_uint_t                    trial;
    ngx_uint_t                    max;
    xpecto_limit_item_t          *items;
    ngx_http_xpecto_limit_policy_t  *policies;
    ngx_uint_t                    nearest;     /* who decided, or would next */
    ngx_http_xpecto_limit_status_e  status;
    unsigned                      headers:1;
} ngx_http_xpecto_limit_ctx_t;


extern ngx_module_t  ngx_http_xpecto_limit_module;


/* ticks of a clock that all processes share and that nobody sets */

uint64_t ngx_http_xpecto_limit_now(void);

/* microseconds since 1970 */

uint64_t ngx_http_xpecto_limit_wall(void);

/* of PREACCESS and, where the cost is in the body, of PRECONTENT */

ngx_int_t ngx_http_xpecto_limit_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_xpecto_limit_late_handler(ngx_http_request_t *r);

/* 1: of this request the policy is enforced, not only counted */

ngx_uint_t ngx_http_xpecto_limit_enforced(ngx_http_request_t *r,
    ngx_http_xpecto_limit_zone_t *zone, ngx_uint_t part,
    xpecto_str_t *policy);

/* the answer to a request that is refused; return what it returns */

ngx_int_t ngx_http_xpecto_limit_refuse(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ctx_t *ctx);

/* what an answer is written in: as configured, or as the client likes it */

ngx_int_t ngx_http_xpecto_limit_type(ngx_http_request_t *r, ngx_uint_t error,
    xpecto_accept_e *type);

extern ngx_str_t  ngx_http_xpecto_limit_types[];

void ngx_http_xpecto_limit_init_filter(void);
ngx_int_t ngx_http_xpecto_limit_add_variables(ngx_conf_t *cf);

/* what $xpecto_limit_status says of a ban; NULL: nothing */

ngx_str_t *ngx_http_xpecto_limit_ban_status(ngx_http_request_t *r);

/* a name that may stand in a header field, in JSON and in a label */

ngx_int_t ngx_http_xpecto_limit_name(ngx_str_t *name);

char *ngx_http_xpecto_limit_zone(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* zones: ngx_http_xpecto_limit_zone_t *; all gauges of a name in a row */

ngx_int_t ngx_http_xpecto_limit_gauges(ngx_conf_t *cf, ngx_array_t *zones);


#endif /* _NGX_HTTP_XPECTO_LIMIT_H_INCLUDED_ */
