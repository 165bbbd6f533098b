
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
 *     | layout | cell   | size   | secret          | file, zeroes   | ...
 *     +--------+--------+--------+-----------------+----------------+---- ...
 *
 *     128    384                 2432
 *     +------+-------------------+--- ... ---+-----------------------------+
 *     | wide | processes         | cells     | recipients: xpecto_unique.h |
 *     +------+-------------------+--- ... ---+-----------------------------+
 *
 * A process that holds units of xpecto_held.h is known by its place: 0 is
 * free and the first one is not used.
 */

typedef struct {
    uint32_t                      layout;
    uint32_t                      cell;         /* bytes of a cell */
    uint64_t                      size;         /* bytes of all cells */
    u_char                        secret[XPECTO_SIPHASH_KEY_LEN];
    ngx_atomic_t                  owner;        /* process that writes */
    ngx_atomic_t                  tried;        /* seconds since 1970 */
    ngx_atomic_t                  written;
    uint64_t                      unique;       /* bytes of the recipients */
    u_char                        zeroes[64];
    u_char                        wide[256];   /* words of limits of units, by
                                                  a byte of their key */
    uint64_t                      processes[1 + XPECTO_HELD_PROCESSES];
} ngx_http_xpecto_limit_shm_t;


typedef struct ngx_http_xpecto_limit_zone_s  ngx_http_xpecto_limit_zone_t;
typedef struct ngx_http_xpecto_limit_persist_s
    ngx_http_xpecto_limit_persist_t;

struct ngx_http_xpecto_limit_zone_s {
    ngx_str_t                     name;
    ngx_http_xpecto_limit_shm_t  *sh;
    xpecto_cells_t                cells;
    xpecto_unique_t               recipients;
    size_t                        unique;       /* bytes of them, 0: none */
    ngx_uint_t                    holds;        /* units, of this process */
    uint64_t                      swept;        /* recipients: up to here */
    ngx_http_xpecto_limit_zone_t *old;          /* of another size, to be
                                                   carried over */
    ngx_http_xpecto_limit_persist_t  *persist;  /* NULL: memory only */
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
 * A policy as a worker uses it.  Its cells are found by
 *
 *     'i', 16 bytes            of a directive: digest of its name, key, scope,
 *                              kind and period
 *     'p', length, name,       of a plan
 *     kind, period
 *
 * and the value that it counts by.
 */

typedef struct {
    xpecto_meter_t                meter;       /* first: an item's meter is
                                                  its policy */
    ngx_str_t                     name;
    ngx_str_t                     text;        /* as in RateLimit-Policy */
    ngx_str_t                     left;        /* as in RateLimit, where that
                                                  is what is left; or empty */
    xpecto_gcra_result_t          rest;
    ngx_str_t                    *zone;
    ngx_http_xpecto_limit_zone_t *in;          /* the same */
    ngx_uint_t                    status;      /* 0: xpecto_limit_status */
    ngx_uint_t                    error;       /* 1 + xpecto_graph_e; 0: that
                                                  of its meter */
    ngx_uint_t                    enforce;     /* hundredths of a percent */
    xpecto_str_t                  id;          /* what its cells are of */
    xpecto_weight_t               weight;
    ngx_http_complex_value_t     *cost;        /* instead of the weight */
    ngx_http_complex_value_t     *key;         /* instead of the scope */
    ngx_uint_t                    scope;       /* xpecto_scope_e */
    ngx_uint_t                    endpoints;   /* bit n: of these; 0: any */
    unsigned                      dry_run:1;
    unsigned                      of_body:1;   /* needs the body */
    unsigned                      unread:1;    /* passes where no messages are
                                                  read */
    unsigned                      said:1;      /* that none are */
} ngx_http_xpecto_limit_policy_t;


/* bytes of what RateLimit says of a policy */

#define NGX_HTTP_XPECTO_LIMIT_LEFT  (XPECTO_RATELIMIT_LEN + XPECTO_NAME_MAX)


/* One xpecto_limit. */

typedef struct {
    ngx_shm_zone_t               *shm_zone;
    ngx_http_xpecto_limit_policy_t  policy;    /* what a plan's leave open,
                                                  where it takes those */
    ngx_str_t                     kind;        /* empty: the policies of the
                                                  tenant's plan */
    xpecto_limit_t               *alone;       /* unless of a plan */
    xpecto_period_t              *period;      /* of the calendar, or NULL */
    time_t                        until;       /* that is followed */
    u_char                        id[1 + XPECTO_SIPHASH_KEY_LEN];
    u_char                        left[NGX_HTTP_XPECTO_LIMIT_LEFT];
    ngx_str_t                     file;        /* where it stands */
    ngx_uint_t                    line;
    unsigned                      messages:1;  /* are read somewhere there */
    unsigned                      tenants:1;   /* "scope" asks for them */
} ngx_http_xpecto_limit_t;


typedef struct {
    ngx_array_t                   zones;  /* ngx_http_xpecto_limit_zone_t * */
    ngx_array_t                   limits;      /* ngx_http_xpecto_limit_t * */
    uint64_t                      stamp;       /* of claims, per process */
    ngx_uint_t                    of_body;     /* some limit may need it */
    ngx_uint_t                    held;        /* some limit may hold units */
    ngx_int_t                     request_id;  /* index of the variable */
} ngx_http_xpecto_limit_main_conf_t;


typedef struct {
    ngx_array_t                  *limits;      /* ngx_http_xpecto_limit_t * */
    ngx_uint_t                    status;
    ngx_uint_t                    error;
    ngx_flag_t                    headers;
    ngx_flag_t                    dry_run;
} ngx_http_xpecto_limit_conf_t;


typedef struct {
    uint64_t                      hash[2];
    uint64_t                      messages;
} ngx_http_xpecto_limit_recipient_t;


/* what is found out once for a request, and a zone */

typedef struct {
    ngx_http_request_t           *request;
    struct sockaddr              *sockaddr;    /* of the client */
    ngx_xpecto_tenant_t          *tenant;      /* NULL: not known */
    ngx_http_xpecto_limit_zone_t *zone;        /* what follows is of it */
    uint64_t                      owner[2];    /* the tenant or the address */
    ngx_http_xpecto_limit_recipient_t  *recipients;
    ngx_uint_t                    nrecipients; /* different ones */
    xpecto_target_t               target;
    xpecto_load_t                 load;
    unsigned                      late:1;      /* the body has been read */
    unsigned                      targeted:1;
    unsigned                      listed:1;    /* the recipients */
    unsigned                      varies:1;    /* from request to request */
} ngx_http_xpecto_limit_facts_t;


/*
 * A policy of a request.  One that counts by recipient has an item for each
 * of them.
 */

typedef struct {
    ngx_http_xpecto_limit_policy_t  *policy;
    xpecto_limit_item_t          *items;
    ngx_uint_t                    n;
    xpecto_limit_item_t          *item;        /* who refuses for longest, or
                                                  has least left */
    uint64_t                      tag;         /* unless by recipient */
    uint64_t                      cost;
} ngx_http_xpecto_limit_use_t;


/*
 * uses:  0 ... enforced ... trial ... max
 *        refuse      (none)     on trial: dry_run
 *
 * Of each of the two those come first, or last, that have paid before the
 * body was read:
 *
 *        0 ... early ... enforced ... trial ... max - early_trial ... max
 */

typedef struct {
    ngx_uint_t                    early;
    ngx_uint_t                    early_trial;
    ngx_uint_t                    enforced;
    ngx_uint_t                    trial;
    ngx_uint_t                    max;
    ngx_http_xpecto_limit_use_t  *uses;
    ngx_uint_t                    nearest;     /* who decided, or would next */
    ngx_http_xpecto_limit_status_e  status;
    unsigned                      headers:1;
    unsigned                      late:1;      /* some pay with the body */
    unsigned                      holds:1;     /* units, until it ends */
} ngx_http_xpecto_limit_ctx_t;


typedef struct ngx_http_xpecto_limit_ready_s  ngx_http_xpecto_limit_ready_t;


extern ngx_module_t  ngx_http_xpecto_limit_module;


/* of PREACCESS and, where the cost is in the body, of PRECONTENT */

ngx_int_t ngx_http_xpecto_limit_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_xpecto_limit_late_handler(ngx_http_request_t *r);

/* 1: of this request the policy is enforced, not only counted */

ngx_uint_t ngx_http_xpecto_limit_enforced(ngx_http_request_t *r,
    ngx_http_xpecto_limit_zone_t *zone, ngx_http_xpecto_limit_policy_t *policy);

/*
 * Gives back of what a policy's items have paid, each at most cost; returns
 * how much was.  What has come back by itself is not given once more.
 */

uint64_t ngx_http_xpecto_limit_refund(ngx_http_xpecto_limit_use_t *use,
    uint64_t cost);

/*
 * What a request is counted by: fills ctx->uses.  Before the body is read,
 * late is 0: what needs it is left out, and ctx->late is set.  Then it alone
 * is added.
 */

ngx_int_t ngx_http_xpecto_limit_collect(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ctx_t *ctx, ngx_uint_t late);

/* where the path leads; for some servers only its normal form does so */

ngx_int_t ngx_http_xpecto_limit_target(ngx_http_request_t *r,
    xpecto_target_t *target);

/* collects what it is counted by, and decides */

ngx_int_t ngx_http_xpecto_limit_request(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ctx_t *ctx, ngx_uint_t late);

/* decides; ready: what its context was made of, or NULL */

ngx_int_t ngx_http_xpecto_limit_pass(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ctx_t *ctx, ngx_http_xpecto_limit_ready_t *ready);

/*
 * Decides at once what is enforced, has paid before and needs no body; costs
 * are at least 1, and nothing is held.  NGX_DECLINED: nothing was done.
 */

ngx_int_t ngx_http_xpecto_limit_again(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ctx_t *ctx, ngx_uint_t calendar);

/* comes after the decision; 1: a policy may hold units */

ngx_uint_t ngx_http_xpecto_limit_ready_done(
    ngx_http_xpecto_limit_ready_t *ready, ngx_http_xpecto_limit_ctx_t *ctx);

/* whether what was collected may be kept, and keeps it */

ngx_uint_t ngx_http_xpecto_limit_constant(
    ngx_http_xpecto_limit_policy_t *policy);
void ngx_http_xpecto_limit_keep(ngx_http_request_t *r,
    ngx_xpecto_tenant_t *tenant, ngx_http_xpecto_limit_ctx_t *ctx);

/*
 * The hash of what a policy counts by, but for recipients.  NGX_DECLINED: the
 * request has no such thing.
 */

ngx_int_t ngx_http_xpecto_limit_value(ngx_http_xpecto_limit_facts_t *facts,
    ngx_http_xpecto_limit_policy_t *policy, uint64_t hash[2]);

/* hashes of another zone */

void ngx_http_xpecto_limit_enter(ngx_http_xpecto_limit_facts_t *facts,
    ngx_http_xpecto_limit_zone_t *zone);

/* facts->recipients; their hashes are within the owner's */

ngx_int_t ngx_http_xpecto_limit_recipients(
    ngx_http_xpecto_limit_facts_t *facts);

/*
 * Units that a process holds: its number in each zone, what becomes of those
 * that have died, and the end with the request of those that have just been
 * paid.
 */

ngx_int_t ngx_http_xpecto_limit_held_init_process(ngx_cycle_t *cycle,
    ngx_array_t *zones);
void ngx_http_xpecto_limit_held_exit_process(ngx_array_t *zones);

/*
 * A limit of units that is made: while requests of a larger one that it was
 * are under way they count.
 */

void ngx_http_xpecto_limit_held_wide(ngx_http_xpecto_limit_zone_t *zone,
    xpecto_meter_t *meter);
ngx_int_t ngx_http_xpecto_limit_hold(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ctx_t *ctx);

/* gives back what a request holds; data: its context */

void ngx_http_xpecto_limit_held_cleanup(void *data);

/*
 * The policies of a tenant's plan, made once for each worker, with the
 * calendar as it is; NULL: no memory.
 */

ngx_http_xpecto_limit_policy_t *ngx_http_xpecto_limit_plan(
    ngx_http_xpecto_limit_t *limit, ngx_xpecto_plan_t *plan);

/*
 * Prepares the field RateLimit of a policy, in LEFT bytes, for what is left
 * to who comes to a rate of which he had used nothing: most often so it is.
 */

void ngx_http_xpecto_limit_rest(ngx_http_xpecto_limit_policy_t *policy,
    u_char *left);

/* what an inline policy counts by the calendar goes on to the time */

void ngx_http_xpecto_limit_follow(ngx_http_xpecto_limit_t *limit);

/* the answer to a request that is refused; return what it returns */

ngx_int_t ngx_http_xpecto_limit_refuse(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ctx_t *ctx);

/* what an answer is written in: as configured, or as the client likes it */

ngx_int_t ngx_http_xpecto_limit_type(ngx_http_request_t *r, ngx_uint_t error,
    xpecto_accept_e *type);

extern ngx_str_t  ngx_http_xpecto_limit_types[];

ngx_int_t ngx_http_xpecto_limit_header_filter(ngx_http_request_t *r);
ngx_int_t ngx_http_xpecto_limit_fields(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ctx_t *ctx);
ngx_int_t ngx_http_xpecto_limit_header(ngx_http_request_t *r,
    ngx_http_xpecto_limit_use_t *use);
ngx_int_t ngx_http_xpecto_limit_headers(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ctx_t *ctx);
ngx_int_t ngx_http_xpecto_limit_add_variables(ngx_conf_t *cf);

/* counts a refusal of the request's tenant */

void ngx_http_xpecto_limit_top(ngx_http_request_t *r);

/* while a location is merged that is not on trial: it refuses who is banned */

void ngx_http_xpecto_limit_ban_enforced(ngx_conf_t *cf);

/* what $xpecto_limit_status says of a ban; NULL: nothing */

ngx_str_t *ngx_http_xpecto_limit_ban_status(ngx_http_request_t *r);

/* a name that may stand in a header field, in JSON and in a label */

ngx_int_t ngx_http_xpecto_limit_name(ngx_str_t *name);

char *ngx_http_xpecto_limit_zone(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/*
 * A zone's file.  persist() and init() are of the configuration, as is
 * writable() when the zones are made; restore() of a zone that begins; the
 * last is of the master.
 */

char *ngx_http_xpecto_limit_persist(ngx_conf_t *cf, ngx_array_t *zones,
    ngx_http_xpecto_limit_zone_t *zone, ngx_str_t *file);
ngx_int_t ngx_http_xpecto_limit_persist_init(ngx_conf_t *cf,
    ngx_array_t *zones);
ngx_int_t ngx_http_xpecto_limit_writable(ngx_http_xpecto_limit_zone_t *zone);
void ngx_http_xpecto_limit_restore(ngx_http_xpecto_limit_zone_t *zone,
    ngx_log_t *log);
ngx_int_t ngx_http_xpecto_limit_persist_init_process(ngx_cycle_t *cycle,
    ngx_array_t *zones);
void ngx_http_xpecto_limit_persist_exit_master(ngx_cycle_t *cycle,
    ngx_array_t *zones);

/* zones: ngx_http_xpecto_limit_zone_t *; all gauges of a name in a row */

ngx_int_t ngx_http_xpecto_limit_gauges(ngx_conf_t *cf, ngx_array_t *zones);


/* a table for recipients that are counted, NULL: the zone has none */

static ngx_inline xpecto_unique_t *
ngx_http_xpecto_limit_unique(ngx_http_xpecto_limit_zone_t *zone)
{
    return zone->sh->unique ? &zone->recipients : NULL;
}


#endif /* _NGX_HTTP_XPECTO_LIMIT_H_INCLUDED_ */
