
/*
 * What the files of the jurisdiction room share.
 */


#ifndef _NGX_HTTP_XPECTO_JURISDICTION_H_INCLUDED_
#define _NGX_HTTP_XPECTO_JURISDICTION_H_INCLUDED_


#include "ngx_xpecto.h"
#include "core/xpecto_area.h"
#include "core/xpecto_place.h"
#include "core/xpecto_transfer.h"


typedef enum {
    NGX_HTTP_XPECTO_JURISDICTION_OFF = 0,
    NGX_HTTP_XPECTO_JURISDICTION_ON,
    NGX_HTTP_XPECTO_JURISDICTION_OBSERVE
} ngx_http_xpecto_jurisdiction_mode_e;


/* which decisions the ledger has */

typedef enum {
    NGX_HTTP_XPECTO_JURISDICTION_RECORD_OFF = 0,
    NGX_HTTP_XPECTO_JURISDICTION_RECORD_DENIED,
    NGX_HTTP_XPECTO_JURISDICTION_RECORD_SAFEGUARDED,
    NGX_HTTP_XPECTO_JURISDICTION_RECORD_ALL
} ngx_http_xpecto_jurisdiction_record_e;


/* where an origin is looked for */

#define NGX_HTTP_XPECTO_ORIGIN_TENANT     0x01
#define NGX_HTTP_XPECTO_ORIGIN_RECIPIENT  0x02
#define NGX_HTTP_XPECTO_ORIGIN_OPERATOR   0x04
#define NGX_HTTP_XPECTO_ORIGIN_IP         0x08
#define NGX_HTTP_XPECTO_ORIGIN_EVIDENCE   0x10
#define NGX_HTTP_XPECTO_ORIGIN_HEADER     0x20
#define NGX_HTTP_XPECTO_ORIGIN_DECIDED    0x40      /* none: it is decided */


/*
 * Why an origin is not known, or not believed: bits for
 * $xpecto_jurisdiction_state.  The first are the signals of the rules,
 * 1 << XPECTO_SIGNAL_*.
 */

#define ngx_http_xpecto_jurisdiction_bit(signal)  (1u << (signal))

#define NGX_HTTP_XPECTO_STATE_TENANT      0x0100    /* who, or where, is he? */
#define NGX_HTTP_XPECTO_STATE_UNREADABLE  0x0200    /* a body that may pass */
#define NGX_HTTP_XPECTO_STATE_GROUP       0x0400    /* members of a group */
#define NGX_HTTP_XPECTO_STATE_ADDRESS     0x0800    /* not in the database */
#define NGX_HTTP_XPECTO_STATE_TUNNEL      0x1000
#define NGX_HTTP_XPECTO_STATE_HEADER      0x2000    /* it names no country */
#define NGX_HTTP_XPECTO_STATE_LAWLESS     0x4000    /* a code without a law */
#define NGX_HTTP_XPECTO_STATE_CONFLICT    0x8000    /* header and address */
#define NGX_HTTP_XPECTO_STATE_ANONYMOUS   0x10000   /* a proxy, a satellite */
#define NGX_HTTP_XPECTO_STATE_UNREAD      0x20000   /* by this location */
#define NGX_HTTP_XPECTO_STATE_UNTRUSTED   0x40000   /* who sent the header */
#define NGX_HTTP_XPECTO_STATE_NOBODY      0x80000   /* has spoken */
#define NGX_HTTP_XPECTO_STATE_REGION      0x100000  /* none, or not for him */


/* roles of a MaxMind DB */

#define NGX_HTTP_XPECTO_DB_COUNTRY    0
#define NGX_HTTP_XPECTO_DB_ANONYMOUS  1
#define NGX_HTTP_XPECTO_DBS           2


typedef struct {
    xpecto_place_conf_t         conf;
    ngx_uint_t                  optional;
    time_t                      max_age;    /* 0: any */
} ngx_http_xpecto_jurisdiction_db_t;


/* of a directive that can be judged only when the others are known */

typedef struct {
    ngx_str_t                   file;
    ngx_uint_t                  line;
} ngx_http_xpecto_jurisdiction_where_t;


typedef struct {
    ngx_str_t                   name;
    ngx_http_xpecto_jurisdiction_where_t  where;
} ngx_http_xpecto_jurisdiction_region_t;


/* of a word that somebody wrote: without this it would say nothing */

#define NGX_HTTP_XPECTO_NEED_TENANTS    0
#define NGX_HTTP_XPECTO_NEED_MESSAGES   1
#define NGX_HTTP_XPECTO_NEED_OPERATOR   2   /* in the rules */
#define NGX_HTTP_XPECTO_NEED_DATABASE   3
#define NGX_HTTP_XPECTO_NEED_REGIONS    4   /* in the rules */
#define NGX_HTTP_XPECTO_NEED_COUNTRIES  5
#define NGX_HTTP_XPECTO_NEED_LEDGER     6
#define NGX_HTTP_XPECTO_NEED_UPSTREAM   7   /* or a region, in a variable */


typedef struct {
    ngx_uint_t                  what;
    ngx_http_xpecto_jurisdiction_where_t  where;
} ngx_http_xpecto_jurisdiction_need_t;


/* words of a request, where nothing but the address speaks */

#define NGX_HTTP_XPECTO_JURISDICTION_CONF    0      /* it is found for */
#define NGX_HTTP_XPECTO_JURISDICTION_PEER    1
#define NGX_HTTP_XPECTO_JURISDICTION_RESULT  2      /* len: it is counted */
#define NGX_HTTP_XPECTO_JURISDICTION_WORDS   3


/* what follows from the origins, remembered by a worker */

typedef struct ngx_http_xpecto_jurisdiction_tags_s
    ngx_http_xpecto_jurisdiction_tags_t;
typedef struct ngx_http_xpecto_jurisdiction_plain_s
    ngx_http_xpecto_jurisdiction_plain_t;
typedef struct ngx_http_xpecto_jurisdiction_review_s
    ngx_http_xpecto_jurisdiction_review_t;


typedef struct {
    ngx_xpecto_image_t         *rules;  /* NULL: no such directive */
    ngx_xpecto_image_t         *places;

    ngx_str_t                   rules_file;
    ngx_xpecto_image_t         *anonymous;
    ngx_http_xpecto_jurisdiction_db_t  db[NGX_HTTP_XPECTO_DBS];

    ngx_uint_t                  origins;    /* that may speak at all */
    ngx_uint_t                  decides;    /* some location does */

    ngx_int_t                   words;      /* see above */

    ngx_http_xpecto_jurisdiction_tags_t  *tags;
    ngx_http_xpecto_jurisdiction_plain_t  *plain;

    ngx_array_t                 regions;    /* that locations name:
                                     ngx_http_xpecto_jurisdiction_region_t */
    ngx_array_t                *needs;
    ngx_uint_t                  checked;    /* the rules have what they need */
    ngx_uint_t                  resolver;   /* some location has one */
} ngx_http_xpecto_jurisdiction_main_conf_t;


typedef struct {
    ngx_uint_t                  mode;
    ngx_http_xpecto_jurisdiction_where_t  mode_where;

    ngx_uint_t                  origins;
    ngx_uint_t                  speaks; /* not the address; all: it is off */

    ngx_str_t                   header; /* lower case */
    ngx_array_t                *from;   /* ngx_cidr_t: who may send it */

    ngx_flag_t                  choose; /* the region of the best basis */
    ngx_http_complex_value_t   *destination;
    ngx_http_xpecto_jurisdiction_where_t  destination_where;
    ngx_uint_t                  nowhere;    /* it is said that there is none */

    ngx_uint_t                  record;
    ngx_flag_t                  lossy;  /* goes on without its line */
} ngx_http_xpecto_jurisdiction_conf_t;


typedef struct {
    ngx_xpecto_jurisdiction_t   jurisdiction;
    ngx_http_xpecto_jurisdiction_conf_t  *conf;     /* that it is found for */
    ngx_str_t                   uri;
    struct sockaddr            *sockaddr;
    ngx_str_t                   list;   /* regimes, by commas */
    ngx_uint_t                  states;
    ngx_str_t                   state;  /* their names, when asked */

    /* of the decision, for the answer */

    xpecto_action_e             action;
    ngx_uint_t                  status;
    ngx_str_t                   cause;
    ngx_str_t                   missing;    /* the instrument of the cause */
    ngx_str_t                   rule;
    ngx_str_t                   type;
    ngx_str_t                   blocked_by;
    ngx_str_t                   version;

    ngx_xpecto_ledger_event_t  *event;  /* NULL: no line, or written */
    ngx_xpecto_ledger_event_t  *recorded;   /* the last one written */

    unsigned                    passed:1;   /* it may go there */
    unsigned                    refused:1;  /* it must not: nowhere else */
} ngx_http_xpecto_jurisdiction_ctx_t;


/* what the signals have said so far */

typedef struct {
    const xpecto_rules_t       *rules;  /* pinned */
    xpecto_transfer_t           transfer;
    ngx_uint_t                  spoken; /* tenant or recipients are there */
    ngx_uint_t                  stale;  /* the country of the address is */
    ngx_uint_t                  hidden; /* that of a trusted header is */
    ngx_uint_t                  states;
} ngx_http_xpecto_jurisdiction_facts_t;


extern ngx_module_t  ngx_http_xpecto_jurisdiction_module;


/*
 * Fills all of the context; NGX_ERROR: no memory.  conf is set as
 * soon as the tags are there: the destination may depend on them.
 */

ngx_int_t ngx_http_xpecto_jurisdiction_find(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx);

/* NULL: no memory */

ngx_http_xpecto_jurisdiction_tags_t *ngx_http_xpecto_jurisdiction_tags(
    ngx_conf_t *cf);

/* what follows from the signals; the rules are pinned */

ngx_int_t ngx_http_xpecto_jurisdiction_tag(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_facts_t *facts,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx);
ngx_int_t ngx_http_xpecto_jurisdiction_decide(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf,
    ngx_http_xpecto_jurisdiction_facts_t *facts,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx);

/* the same of all that speaks; the rules are pinned, NGX_ERROR: no memory */

ngx_int_t ngx_http_xpecto_jurisdiction_weigh(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf, uint64_t address,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx);

/* the place of the client, and why it must not be used as an origin */

#define ngx_http_xpecto_jurisdiction_doubt(signal)                           \
    ((uint64_t) ((signal) + 1) << 32)

#define ngx_http_xpecto_jurisdiction_place(address)  ((address) & 0xffffffff)

/* -1: it may */

#define ngx_http_xpecto_jurisdiction_why_not(address)                        \
    ((ngx_int_t) ((address) >> 32) - 1)

uint64_t ngx_http_xpecto_jurisdiction_address(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf);


/* once for each request of a client */

static ngx_inline void
ngx_http_xpecto_jurisdiction_count(ngx_http_request_t *r,
    ngx_http_variable_value_t *words, ngx_http_xpecto_jurisdiction_ctx_t *ctx)
{
    if (words[NGX_HTTP_XPECTO_JURISDICTION_RESULT].len == 0 && r == r->main) {
        words[NGX_HTTP_XPECTO_JURISDICTION_RESULT].len = 1;

        ngx_xpecto_count_request(r, ctx->jurisdiction.regimes.len
                                    ? NGX_XPECTO_JURISDICTION_TAGGED
                                    : NGX_XPECTO_JURISDICTION_UNKNOWN);
    }
}


/* what has been found for the request, now or before; NULL: nothing */

ngx_http_xpecto_jurisdiction_ctx_t *ngx_http_xpecto_jurisdiction_general(
    ngx_http_request_t *r, ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf);

/*
 * The same where nothing but the address speaks: of this process, not of the
 * request, and not to be changed.
 */

ngx_http_xpecto_jurisdiction_plain_t *
    ngx_http_xpecto_jurisdiction_plain_create(ngx_conf_t *cf);
ngx_http_xpecto_jurisdiction_ctx_t *ngx_http_xpecto_jurisdiction_plain(
    ngx_http_request_t *r, ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf);

/* the same of an address; NULL: it has to be weighed */

ngx_http_xpecto_jurisdiction_ctx_t *ngx_http_xpecto_jurisdiction_recall(
    ngx_http_request_t *r, ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf, uint64_t address);

void ngx_http_xpecto_jurisdiction_codes(const xpecto_rules_t *rules,
    xpecto_set_t *set, xpecto_countries_t *countries);

/* the names of ctx->states, by commas, or "ok" */

ngx_int_t ngx_http_xpecto_jurisdiction_state(ngx_pool_t *pool,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx);

/* makes the line of a decision that the ledger shall have */

ngx_int_t ngx_http_xpecto_jurisdiction_record(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf, const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, const xpecto_decision_t *decision,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx);

/* writes it, once; NGX_ERROR: without it the request must not go on */

ngx_int_t ngx_http_xpecto_jurisdiction_write(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx);

/* refuses what must not go on without its line; return what it returns */

ngx_int_t ngx_http_xpecto_jurisdiction_unwritten(ngx_http_request_t *r);

/* "2026-11-22" */

#define NGX_HTTP_XPECTO_DAY  sizeof("2026-11-22")

void ngx_http_xpecto_jurisdiction_remark_rules(const void *image,
    ngx_xpecto_remark_t *remark);
void ngx_http_xpecto_jurisdiction_remark_places(const void *image,
    ngx_xpecto_remark_t *remark);

/* metrics: of the rules, or of the databases */

ngx_int_t ngx_http_xpecto_jurisdiction_gauges(ngx_conf_t *cf,
    ngx_uint_t rules);

/* the directives */

char *ngx_http_xpecto_jurisdiction_mode(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
char *ngx_http_xpecto_jurisdiction_geoip(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
char *ngx_http_xpecto_jurisdiction_rules(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
char *ngx_http_xpecto_jurisdiction_origin(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
char *ngx_http_xpecto_jurisdiction_destination(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
char *ngx_http_xpecto_jurisdiction_ledger(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);

void ngx_http_xpecto_jurisdiction_here(ngx_conf_t *cf,
    ngx_http_xpecto_jurisdiction_where_t *where);

/* the directive that is read now needs it; NGX_ERROR: no memory */

ngx_int_t ngx_http_xpecto_jurisdiction_need(ngx_conf_t *cf,
    ngx_uint_t what);

/*
 * NGX_OK: the rules have every region that a location names, and nothing is
 * written that could not have an effect
 */

ngx_int_t ngx_http_xpecto_jurisdiction_check_regions(ngx_conf_t *cf,
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf);
xpecto_rc_e ngx_http_xpecto_jurisdiction_suits(
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf,
    const xpecto_rules_t *rules, xpecto_err_t *err);

/* warns of names in the tenants file that the rules do not have */

ngx_int_t ngx_http_xpecto_jurisdiction_check_tenants(ngx_conf_t *cf,
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf);

/* "GB" of "UK", "GR" of "EL": of the establishment of a tenant only */

xpecto_country_t ngx_http_xpecto_jurisdiction_iso(xpecto_country_t country);


#endif /* _NGX_HTTP_XPECTO_JURISDICTION_H_INCLUDED_ */
