
/*
 * What the files of the ladder share: ..._ban_module.c refuses who is banned
 * and counts who fails, ..._block.c answers him.
 */


#ifndef _NGX_HTTP_XPECTO_LIMIT_BAN_H_INCLUDED_
#define _NGX_HTTP_XPECTO_LIMIT_BAN_H_INCLUDED_


#include "ngx_http_xpecto_limit.h"
#include "core/xpecto_ban.h"


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
} ngx_http_xpecto_limit_ban_t;


typedef struct {
    ngx_array_t                   bans;    /* ngx_http_xpecto_limit_ban_t * */
} ngx_http_xpecto_limit_ban_main_conf_t;


typedef struct {
    ngx_http_xpecto_limit_ban_t  *ban;         /* NULL: off */
} ngx_http_xpecto_limit_ban_conf_t;


/* of a request; what is first decided holds, wherever it is redirected to */

typedef struct {
    ngx_http_xpecto_limit_ban_t  *ban;         /* NULL: none here */
    ngx_str_t                    *status;      /* of the variable */
    uint64_t                      seconds;     /* Retry-After, 0: none */
    unsigned                      dry_run:1;
} ngx_http_xpecto_limit_ban_ctx_t;


extern ngx_module_t  ngx_http_xpecto_limit_ban_module;


/* makes it if there is none yet; NULL: no memory */

ngx_http_xpecto_limit_ban_ctx_t *ngx_http_xpecto_limit_ban_ctx(
    ngx_http_request_t *r);

/* the table of a zone as of now */

void ngx_http_xpecto_limit_ban_table(ngx_http_request_t *r,
    ngx_shm_zone_t *shm_zone, xpecto_ban_table_t *table);

uint64_t ngx_http_xpecto_limit_ban_tag(ngx_shm_zone_t *shm_zone,
    ngx_uint_t what, u_char *subject, size_t len);

/* the bytes of a subject; 0: there is none */

size_t ngx_http_xpecto_limit_ban_address(struct sockaddr *sockaddr,
    u_char *subject);
size_t ngx_http_xpecto_limit_ban_tenant(ngx_http_request_t *r,
    u_char *subject);

/* refuses for so many seconds; return what it returns */

ngx_int_t ngx_http_xpecto_limit_block(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ban_ctx_t *ctx, xpecto_graph_e error,
    uint64_t seconds);

void ngx_http_xpecto_limit_block_init_filter(void);


#endif /* _NGX_HTTP_XPECTO_LIMIT_BAN_H_INCLUDED_ */
