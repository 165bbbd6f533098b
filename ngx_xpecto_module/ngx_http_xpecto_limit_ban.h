
/*
 * What the files of the ladder share: ..._ban_module.c refuses who is banned
 * and counts who fails, ..._upstream.c does so for what the upstream wants to
 * have left alone, ..._reply.c reads its answers, ..._block.c makes ours.
 */


#ifndef _NGX_HTTP_XPECTO_LIMIT_BAN_H_INCLUDED_
#define _NGX_HTTP_XPECTO_LIMIT_BAN_H_INCLUDED_


#include "ngx_http_xpecto_limit.h"
#include "core/xpecto_ban.h"
#include "core/xpecto_reply.h"


/* what strikes are counted of; each has its cell, the ban has one more */

typedef enum {
    NGX_HTTP_XPECTO_LIMIT_REJECTS = 0,
    NGX_HTTP_XPECTO_LIMIT_CREDENTIALS,
    NGX_HTTP_XPECTO_LIMIT_RECIPIENTS,
    NGX_HTTP_XPECTO_LIMIT_CAUSES
} ngx_http_xpecto_limit_cause_e;


/*
 * What is banned is found by
 *
 *     'b', what                of the ban: NGX_HTTP_XPECTO_LIMIT_CAUSES
 *
 * and a subject:
 *
 *     't', name                a tenant
 *     '4', 3 bytes             addresses: a /24
 *     '6', 8 bytes             a /64
 *
 * What is cooled down by
 *
 *     'c', 4 bytes             of the upstream's error
 *
 * and length and name of the tenant, the number that the path names, and of
 * a pair the recipient.
 */

#define NGX_HTTP_XPECTO_LIMIT_SUBJECT  (1 + XPECTO_NAME_MAX)


typedef struct {
    ngx_shm_zone_t               *shm_zone;
    xpecto_ladder_t               ladder;
    ngx_int_t                     causes[NGX_HTTP_XPECTO_LIMIT_CAUSES];
                                               /* strikes; 0: not counted */
    ngx_str_t                     file;        /* where it stands */
    ngx_uint_t                    line;
    unsigned                      dry_run:1;
    unsigned                      needs_tenants:1;
    unsigned                      enforced:1;  /* somewhere */
} ngx_http_xpecto_limit_ban_t;


typedef struct {
    ngx_shm_zone_t               *shm_zone;
    ngx_http_complex_value_t     *key;         /* NULL: the path's number */
    ngx_array_t                   refund;      /* ngx_uint_t: statuses and
                                                  codes of errors */
    uint32_t                      max;         /* seconds of a cooldown */
    ngx_str_t                     file;
    ngx_uint_t                    line;
    unsigned                      refund_5xx:1;
    unsigned                      cooldown:1;
    unsigned                      enforced:1;  /* somewhere */
} ngx_http_xpecto_limit_upstream_t;


/* what an operator asks of a number that cools down */

typedef struct {
    ngx_http_xpecto_limit_zone_t *zone;
    ngx_xpecto_tenant_t          *tenant;      /* NULL: of who has none */
    ngx_str_t                     number;
    ngx_str_t                     recipient;   /* of a pair; empty: none */
    ngx_uint_t                    lift;
    ngx_uint_t                    lifted;      /* so many have been */
    xpecto_ban_table_t            table;
} ngx_http_xpecto_limit_cool_t;


typedef struct {
    ngx_array_t                   bans;    /* ngx_http_xpecto_limit_ban_t * */
    ngx_array_t                   upstreams;
                                      /* ngx_http_xpecto_limit_upstream_t * */
    xpecto_reply_paths_t          paths;
    ngx_shm_zone_t               *top;     /* NULL: there are no tenants */
} ngx_http_xpecto_limit_ban_main_conf_t;


typedef struct {
    ngx_http_xpecto_limit_ban_t  *ban;         /* NULL: off */
    ngx_http_xpecto_limit_upstream_t  *upstream;
} ngx_http_xpecto_limit_ban_conf_t;


/* of a request; what is first decided holds, wherever it is redirected to */

typedef struct {
    ngx_http_xpecto_limit_ban_t  *ban;         /* NULL: none here */
    ngx_str_t                    *status;      /* of the variable */
    uint64_t                      seconds;     /* Retry-After, 0: none */

    ngx_http_xpecto_limit_upstream_t  *upstream;
    ngx_str_t                     key;         /* of cooldowns; empty: none */
    xpecto_reply_t               *reply;       /* NULL: nothing to read */
    xpecto_usage_t               *usage;       /* NULL: no such field */
    ngx_uint_t                    retry_after; /* the upstream's, seconds */

    unsigned                      dry_run:1;
    unsigned                      reading:1;
    unsigned                      settled:1;
} ngx_http_xpecto_limit_ban_ctx_t;


extern ngx_module_t  ngx_http_xpecto_limit_ban_module;


/* makes it if there is none yet; NULL: no memory */

ngx_http_xpecto_limit_ban_ctx_t *ngx_http_xpecto_limit_ban_ctx(
    ngx_http_request_t *r);

/* the table of a zone as of now */

void ngx_http_xpecto_limit_ban_table(ngx_http_request_t *r,
    ngx_http_xpecto_limit_zone_t *zone, xpecto_ban_table_t *table);

uint64_t ngx_http_xpecto_limit_ban_tag(ngx_http_xpecto_limit_zone_t *zone,
    ngx_uint_t what, u_char *subject, size_t len);

/* the bytes of a subject; 0: there is none */

size_t ngx_http_xpecto_limit_ban_address(struct sockaddr *sockaddr,
    u_char *subject);
size_t ngx_http_xpecto_limit_ban_name(xpecto_name_t *tenant,
    u_char *subject);

/* refuses for so many seconds; return what it returns */

ngx_int_t ngx_http_xpecto_limit_block(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ban_ctx_t *ctx, xpecto_graph_e error,
    uint64_t seconds);

ngx_int_t ngx_http_xpecto_limit_block_header_filter(ngx_http_request_t *r);

/* the tenants that are refused most: in postconfiguration */

ngx_int_t ngx_http_xpecto_limit_top_init(ngx_conf_t *cf);

/* counts one failure of the request */

void ngx_http_xpecto_limit_ban_strike(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ban_t *ban, ngx_http_xpecto_limit_cause_e cause);

/* the directive; whether its zones are there */

char *ngx_http_xpecto_limit_upstream(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
ngx_int_t ngx_http_xpecto_limit_upstream_init(ngx_conf_t *cf);

/*
 * Refuse what is cooled down: by the number, and behind the body by number and
 * recipient; DECLINED: it is not.
 */

ngx_int_t ngx_http_xpecto_limit_upstream_check(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ban_ctx_t *ctx);
ngx_int_t ngx_http_xpecto_limit_upstream_handler(ngx_http_request_t *r);

/* what follows from the upstream's answer, once */

void ngx_http_xpecto_limit_upstream_learn(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ban_ctx_t *ctx, ngx_uint_t status, uint32_t code);

/* the answer to an operator, and what he asks for; NULL: no memory */

u_char *ngx_http_xpecto_limit_upstream_act(ngx_http_request_t *r,
    ngx_http_xpecto_limit_cool_t *cool, u_char *p);

ngx_int_t ngx_http_xpecto_limit_reply_header_filter(ngx_http_request_t *r);
ngx_int_t ngx_http_xpecto_limit_reply_read(ngx_http_request_t *r,
    ngx_chain_t *in);
void ngx_http_xpecto_limit_reply_init_filter(void);

/* in the log phase: if nothing has been learned yet */

void ngx_http_xpecto_limit_reply_end(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ban_ctx_t *ctx);


#endif /* _NGX_HTTP_XPECTO_LIMIT_BAN_H_INCLUDED_ */
