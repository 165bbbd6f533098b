
/*
 * The spine: what the rooms share.
 *
 * A room never includes another room.  What it needs of one it pulls through
 * an accessor declared here, defined by its owner and cached in the owner's
 * request context.
 */


#ifndef _NGX_XPECTO_H_INCLUDED_
#define _NGX_XPECTO_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include "core/xpecto.h"
#include "core/xpecto_epochs.h"
#include "core/xpecto_ledger.h"
#include "core/xpecto_mac.h"
#include "core/xpecto_tenants.h"
#include "ngx_xpecto_counters.h"


#define NGX_XPECTO_VERSION  "0.1.0"


/* what differs between nginx versions: no other file names nginx_version */

#if (nginx_version >= 1023000)
#define ngx_xpecto_header_unlinked(h)  (h)->next = NULL
#else
#define ngx_xpecto_header_unlinked(h)
#endif


/* takes a line away from $http_cookie and $cookie_*, not from its list */

static ngx_inline void
ngx_xpecto_cookie_unlink(ngx_http_request_t *r, ngx_table_elt_t *h)
{
#if (nginx_version >= 1023000)

    ngx_table_elt_t  **next;

    for (next = &r->headers_in.cookie; *next; next = &(*next)->next) {

        if (*next == h) {
            *next = h->next;
            break;
        }
    }

#else

    ngx_uint_t         i;
    ngx_table_elt_t  **lines;

    lines = r->headers_in.cookies.elts;

    for (i = 0; i < r->headers_in.cookies.nelts; i++) {

        if (lines[i] == h) {
            r->headers_in.cookies.nelts--;

            ngx_memmove(&lines[i], &lines[i + 1],
                        (r->headers_in.cookies.nelts - i)
                        * sizeof(ngx_table_elt_t *));
            break;
        }
    }

#endif
}


extern ngx_module_t  ngx_xpecto_module;


/* a core string of an nginx one; the two have the same members */

static ngx_inline xpecto_str_t
ngx_xpecto_str(ngx_str_t *s)
{
    xpecto_str_t  str;

    str.len = s->len;
    str.data = s->data;

    return str;
}


/*
 * Arguments: "name=value" words of a directive, by table.  The target must
 * hold NGX_CONF_UNSET* (or a zeroed ngx_str_t): a word that is given twice
 * is an error, as is one that the table does not know.
 */

typedef enum {
    NGX_XPECTO_ARG_STR = 0,             /* ngx_str_t */
    NGX_XPECTO_ARG_ZONE,                /* ngx_xpecto_zone_arg_t: name:size */
    NGX_XPECTO_ARG_SIZE,                /* size_t */
    NGX_XPECTO_ARG_NUM,                 /* ngx_int_t, not negative */
    NGX_XPECTO_ARG_MSEC,                /* ngx_msec_t */
    NGX_XPECTO_ARG_SEC,                 /* time_t */
    NGX_XPECTO_ARG_ENUM,                /* ngx_uint_t; post: ngx_conf_enum_t */
    NGX_XPECTO_ARG_FLAG,                /* ngx_flag_t: the bare word is 1 */
    NGX_XPECTO_ARG_VALUE                /* ngx_http_complex_value_t * */
} ngx_xpecto_arg_type_e;


typedef struct {
    ngx_str_t                  name;    /* "zone", without "=" */
    ngx_xpecto_arg_type_e      type;
    size_t                     offset;
    void                      *post;
} ngx_xpecto_arg_t;

#define ngx_xpecto_null_arg  { ngx_null_string, 0, 0, NULL }


typedef struct {
    ngx_str_t                  name;
    size_t                     size;
} ngx_xpecto_zone_arg_t;


/* "name:size", at least eight pages; an error is not logged */

ngx_int_t ngx_xpecto_conf_zone(ngx_str_t *value, ngx_xpecto_zone_arg_t *zone);

/* parses the words from the given one on into target */

char *ngx_xpecto_conf_args(ngx_conf_t *cf, ngx_xpecto_arg_t *args,
    ngx_uint_t first, void *target);

/* ngx_conf_set_enum_slot(), but the error says what would have been right */

char *ngx_xpecto_conf_enum_slot(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* reads a whole file at configuration; an error is logged with its name */

ngx_int_t ngx_xpecto_conf_file(ngx_conf_t *cf, ngx_str_t *name, size_t max,
    ngx_str_t *content);


/*
 * Phases.  "last" makes a handler the last of its phase to run, "first" the
 * first (of those that are registered so far).
 */

ngx_int_t ngx_xpecto_handler_last(ngx_conf_t *cf, ngx_uint_t phase,
    ngx_http_handler_pt handler);
ngx_int_t ngx_xpecto_handler_first(ngx_conf_t *cf, ngx_uint_t phase,
    ngx_http_handler_pt handler);


/*
 * Header filters of the rooms: those that the configuration asks for, in
 * postconfiguration.  One returns NGX_OK for the next to run; it does not call
 * it.
 */

ngx_int_t ngx_xpecto_header_filter(ngx_conf_t *cf,
    ngx_http_output_header_filter_pt filter);


/*
 * A request context that an internal redirect does not lose: r->ctx is only
 * a cache of it.  One for each (request, module); create() has it zeroed,
 * alloc() leaves that to the room.
 */

void *ngx_xpecto_find_ctx(ngx_http_request_t *r, ngx_module_t *module);
void *ngx_xpecto_alloc_ctx(ngx_http_request_t *r, ngx_module_t *module,
    size_t size);


static ngx_inline void *
ngx_xpecto_create_ctx(ngx_http_request_t *r, ngx_module_t *module, size_t size)
{
    void  *data;

    data = ngx_xpecto_alloc_ctx(r, module, size);

    if (data != NULL) {
        ngx_memzero(data, size);
    }

    return data;
}


static ngx_inline void *
ngx_xpecto_get_ctx(ngx_http_request_t *r, ngx_module_t *module)
{
    void  *data;

    data = r->ctx[module->ctx_index];

    return (data != NULL || !(r->internal || r->filter_finalize))
           ? data : ngx_xpecto_find_ctx(r, module);
}


/*
 * Words of a request that are zero when it begins, that a redirect leaves and
 * that subrequests share: n of nginx's variables, which nobody can name.
 * Returns the index of the first; its data and len belong to the room.  In
 * preconfiguration.
 */

ngx_int_t ngx_xpecto_request_words(ngx_conf_t *cf, ngx_uint_t n);

/* for who lets nginx see other variables meanwhile: takes the words along */

void ngx_xpecto_carry_words(ngx_http_request_t *r,
    ngx_http_variable_value_t *to);


/*
 * Headers.  key and value must live as long as the request.  drop() takes a
 * line out of a request header list without moving another; *part and *i are
 * left so that the walk goes on with the next line.
 */

ngx_table_elt_t *ngx_xpecto_push_header(ngx_http_request_t *r,
    ngx_list_t *headers, ngx_str_t *key, ngx_str_t *value);
ngx_int_t ngx_xpecto_drop_headers(ngx_http_request_t *r,
    ngx_uint_t (*match)(ngx_table_elt_t *h, void *data), void *data);


/* of a response, where nobody reads the name in lower case */

static ngx_inline ngx_table_elt_t *
ngx_xpecto_push_line(ngx_list_t *headers, ngx_str_t *key, ngx_str_t *value)
{
    ngx_table_elt_t  *h;

    h = ngx_list_push(headers);
    if (h == NULL) {
        return NULL;
    }

    h->hash = 1;
    h->key = *key;
    h->value = *value;
    h->lowcase_key = NULL;
    ngx_xpecto_header_unlinked(h);

    return h;
}


/*
 * Sets *path to its normal form, see core/xpecto_path.h: itself where it has
 * it, else a copy.  DECLINED: done, but servers differ in where it leads.
 */

ngx_int_t ngx_xpecto_plain_path(ngx_http_request_t *r, xpecto_str_t *path);


/*
 * A short answer with an own status line (451, 429 ...) and no-store.
 * send() is for content handlers, which return what it returns.  refuse() is
 * for handlers of other phases and for what goes on after a body was read:
 * it ends the request, or leaves the answer to error_page where one is
 * configured for the status; return what it returns.
 */

ngx_int_t ngx_xpecto_send(ngx_http_request_t *r, ngx_uint_t status,
    ngx_str_t *type, ngx_str_t *body);
ngx_int_t ngx_xpecto_refuse(ngx_http_request_t *r, ngx_uint_t status,
    ngx_str_t *type, ngx_str_t *body);


/* the key ring of xpecto_keys, or NULL; configuration and requests */

xpecto_keyring_t *ngx_xpecto_keyring(ngx_conf_t *cf);
xpecto_keyring_t *ngx_xpecto_keyring_cycle(ngx_cycle_t *cycle);


/*
 * The epochs of xpecto_epochs with their keys, or NULL; in init_main_conf of
 * a room and later, when they have been derived.
 */

xpecto_epochs_t *ngx_xpecto_epochs(ngx_conf_t *cf);
xpecto_epochs_t *ngx_xpecto_epochs_cycle(ngx_cycle_t *cycle);


/*
 * The ledger: a line for a decision that has to be proven later.  Strings
 * are what they are; what tells who a person is goes into sealed fields only,
 * which are left out where no epoch is.  docs/formats.md names the fields of
 * each event.
 */

#define NGX_XPECTO_LEDGER_FIELDS  32

typedef struct {
    const char            *name;        /* "transfer" */
    ngx_uint_t             nfields;
    xpecto_ledger_field_t  fields[NGX_XPECTO_LEDGER_FIELDS];
    unsigned               durable:1;   /* on the disk before we return */
    unsigned               anonymous:1; /* without the id of the request */
} ngx_xpecto_ledger_event_t;

/* 1: there is a ledger; the first from postconfiguration on */

ngx_uint_t ngx_xpecto_ledgers(ngx_conf_t *cf);
ngx_uint_t ngx_xpecto_ledger_on(ngx_http_request_t *r);

/* name and value must live until the line is written; one too many counts */

void ngx_xpecto_ledger_str(ngx_xpecto_ledger_event_t *e, const char *name,
    ngx_str_t *value);
void ngx_xpecto_ledger_num(ngx_xpecto_ledger_event_t *e, const char *name,
    ngx_int_t value);
void ngx_xpecto_ledger_sealed(ngx_xpecto_ledger_event_t *e, const char *name,
    ngx_str_t *value);

/*
 * Writes the line, with the id of the request if it may be known.
 *
 * NGX_OK        it is in the file, and on the disk if it has to be durable
 * NGX_DECLINED  there is no ledger
 * NGX_ERROR     it was not written; that is logged and counted
 */

ngx_int_t ngx_xpecto_ledger(ngx_http_request_t *r,
    ngx_xpecto_ledger_event_t *e);


/* counters: shared by all workers, kept over a reload */

typedef struct ngx_xpecto_counters_s  ngx_xpecto_counters_t;

ngx_xpecto_counters_t *ngx_xpecto_counters(ngx_cycle_t *cycle);
void ngx_xpecto_count(ngx_xpecto_counters_t *counters,
    ngx_xpecto_counter_e counter, ngx_uint_t n);
ngx_uint_t ngx_xpecto_counter(ngx_xpecto_counters_t *counters,
    ngx_xpecto_counter_e counter);

/* n[0] for the first, n[1] for the next, until they sum up to the total */

void ngx_xpecto_count_each(ngx_xpecto_counters_t *counters,
    ngx_xpecto_counter_e first, uint32_t *n, ngx_uint_t total);

/* counts one for the cycle of the request */

void ngx_xpecto_count_request(ngx_http_request_t *r,
    ngx_xpecto_counter_e counter);


/*
 * A value that the status room asks for when it answers; or several, whose
 * labels are known only then.  Of those there must be a bound.
 */

typedef struct {
    ngx_str_t                  label;   /* in the pool of the array */
    ngx_uint_t                 value;
} ngx_xpecto_sample_t;

typedef struct {
    ngx_str_t                  name;    /* "xpecto_limit_cells" */
    ngx_str_t                  help;
    ngx_str_t                  label;   /* "zone=\"ip\"" or empty */
    ngx_uint_t               (*get)(void *data);
    ngx_int_t                (*list)(void *data, ngx_array_t *samples);
                                        /* instead of get */
    void                      *data;
} ngx_xpecto_gauge_t;

ngx_int_t ngx_xpecto_gauge(ngx_conf_t *cf, ngx_xpecto_gauge_t *gauge);
ngx_array_t *ngx_xpecto_gauges(ngx_cycle_t *cycle);


/*
 * Images: a file compiled into a shared zone and followed while we run.  One
 * elected worker compiles a changed file in a thread and publishes it by
 * generation; a bad file keeps the old image, is logged once and counted.
 */

typedef struct ngx_xpecto_image_s  ngx_xpecto_image_t;
typedef struct ngx_xpecto_files_s  ngx_xpecto_files_t;

/*
 * Both run in the master and in threads of a worker: no nginx pool, no nginx
 * log.  path is the file's full name, terminated by a zero; files are those
 * that are followed, to be passed on to ngx_xpecto_read_file().  accept says
 * whether an image may take the place of the current one of the same file.
 * succeed has an image take over what it needs of the current one: it may be
 * allocated anew.  XPECTO_DECLINED: both are the same.
 */

typedef xpecto_rc_e (*ngx_xpecto_compile_pt)(const char *path,
    ngx_xpecto_files_t *files, void *data, xpecto_image_t *image,
    xpecto_err_t *err);
typedef xpecto_rc_e (*ngx_xpecto_accept_pt)(const void *current,
    const void *next, xpecto_err_t *err);
typedef xpecto_rc_e (*ngx_xpecto_succeed_pt)(const void *current,
    xpecto_image_t *next, xpecto_err_t *err);

/*
 * Says what is odd in an image that is taken nevertheless, or has become so:
 * all of it at configuration and of a new image, later what has happened in
 * the meantime, each time in one process.
 */

typedef struct {
    ngx_str_t                 *file;
    void                      *data;    /* of the configuration */
    time_t                     since;   /* said is what came after; 0: all */
    time_t                     now;     /* and not later than that */
    ngx_log_t                 *log;
} ngx_xpecto_remark_t;

typedef void (*ngx_xpecto_remark_pt)(const void *image,
    ngx_xpecto_remark_t *remark);

typedef struct {
    ngx_str_t                  file;
    ngx_str_t                  zone;    /* name of the shared zone */
    size_t                     size;    /* of the zone: two images fit */
    ngx_msec_t                 reload;  /* how often to look; 0: never */
    ngx_xpecto_compile_pt      compile;
    ngx_xpecto_accept_pt       accept;  /* NULL: any */
    ngx_xpecto_succeed_pt      succeed; /* NULL: nothing */
    ngx_xpecto_remark_pt       remark;  /* NULL: nothing */
    void                      *data;
    unsigned                   optional:1;  /* the file may be missing: what
                                               then is up to compile */
} ngx_xpecto_image_conf_t;

/* compiles the file now; an error is logged with directive, file and line */

ngx_xpecto_image_t *ngx_xpecto_image(ngx_conf_t *cf,
    ngx_xpecto_image_conf_t *conf);

/*
 * For a room to which an image matters that is not its own: called in the
 * worker that has published another one.  One to an image.
 */

typedef void (*ngx_xpecto_watch_pt)(void *data, ngx_log_t *log);

void ngx_xpecto_image_watch(ngx_xpecto_image_t *image,
    ngx_xpecto_watch_pt watch, void *data);

/* in postconfiguration: what was made of the file, and its full name */

const void *ngx_xpecto_image_compiled(ngx_xpecto_image_t *image,
    ngx_str_t *file);

/*
 * The current image, or NULL.  It stays whole until unpin(), which must
 * come in the same event: copy out what has to live longer.
 */

const void *ngx_xpecto_image_pin(ngx_xpecto_image_t *image);
void ngx_xpecto_image_unpin(ngx_xpecto_image_t *image);

/*
 * Grows with each publication: a key for what is remembered of an image.  Of
 * the pinned image, if one is.
 */

ngx_uint_t ngx_xpecto_image_generation(ngx_xpecto_image_t *image);

/* where that of the current one stands, whatever is pinned */

ngx_atomic_t *ngx_xpecto_image_clock(ngx_xpecto_image_t *image);

/*
 * Reads a file in a compile function: malloc'ed, at most max bytes.  It is
 * one of the files from then on: a change of it makes the image anew.
 */

xpecto_rc_e ngx_xpecto_read_file(const char *path, ngx_xpecto_files_t *files,
    size_t max, xpecto_image_t *content, xpecto_err_t *err);

/*
 * As ngx_conf_open_file(), but where the file is made, now or when files are
 * opened anew, nobody but its owner may read it.
 */

ngx_open_file_t *ngx_xpecto_open_private(ngx_conf_t *cf, ngx_str_t *name);


/*
 * Runs in the master as the user of the workers, so that groups and ACLs
 * count; where there is no such user it does not run.
 */

typedef ngx_int_t (*ngx_xpecto_as_worker_pt)(ngx_cycle_t *cycle,
    ngx_core_conf_t *ccf, void *data);

ngx_int_t ngx_xpecto_as_worker(ngx_cycle_t *cycle,
    ngx_xpecto_as_worker_pt handler, void *data);

/* the tenant room: who calls */

typedef enum {
    NGX_XPECTO_TENANT_NONE = 0,         /* no credential */
    NGX_XPECTO_TENANT_UNKNOWN,          /* a credential that nobody has */
    NGX_XPECTO_TENANT_CONFLICT,         /* two, of different tenants */
    NGX_XPECTO_TENANT_KNOWN
} ngx_xpecto_tenant_state_e;


/*
 * A plan as a worker knows it: whole until the last request that knows it has
 * ended.  What a room makes of it once is of its pool and dies with it.
 */

typedef struct {
    xpecto_plan_t             *plan;
    ngx_pool_t                *pool;
    void                      *limits;  /* of the limit room */
} ngx_xpecto_plan_t;


/* of the limit room: ticks of a clock that all processes share and that nobody
   sets, and microseconds since 1970; threads may call them */

uint64_t ngx_http_xpecto_limit_now(void);
uint64_t ngx_http_xpecto_limit_wall(void);

/* of the tenant room: an xpecto_zone_pt, of this machine's database */

xpecto_rc_e ngx_xpecto_time_zone(void *data, const char *name,
    xpecto_zone_t *zone);


/*
 * Who calls: the same for all requests with this credential, whole until the
 * last of them has ended.  What a room makes of him once is of his pool.
 */

typedef struct {
    ngx_xpecto_tenant_state_e  state;
    xpecto_tenant_t           *tenant;  /* NULL unless KNOWN, as all below */
    xpecto_plan_t             *plan;
    ngx_xpecto_plan_t         *known;   /* the plan's */
    ngx_pool_t                *pool;
    void                      *limits;  /* of the limit room */
    u_char                     credential[XPECTO_SIPHASH_KEY_LEN];
                                        /* of its digest, unless NONE */
} ngx_xpecto_tenant_t;

/* 1: there is a tenants file; from postconfiguration on */

ngx_uint_t ngx_xpecto_tenants(ngx_conf_t *cf);

/* the tenants; NULL: there is no such file */

ngx_xpecto_image_t *ngx_xpecto_tenants_image(ngx_conf_t *cf);

/* NULL: the room is off here, or there was no memory */

ngx_xpecto_tenant_t *ngx_xpecto_tenant(ngx_http_request_t *r);

/*
 * A tenant of the file by his name, for what an operator does: NGX_DECLINED,
 * there is none; NGX_ERROR, there was no memory.
 */

ngx_int_t ngx_xpecto_tenant_named(ngx_http_request_t *r, ngx_str_t *name,
    ngx_xpecto_tenant_t **tenant);

/*
 * For what may look but not find out, as a log's writer: NGX_DECLINED, it is
 * not known yet; NGX_OK, *tenant is what ngx_xpecto_tenant() returns.
 */

ngx_int_t ngx_xpecto_tenant_peek(ngx_http_request_t *r,
    ngx_xpecto_tenant_t **tenant);


/* the message room: what is sent, to whom */

typedef enum {
    NGX_XPECTO_RECIPIENT_PHONE = 0,     /* canonical E.164 digits */
    NGX_XPECTO_RECIPIENT_BSUID,
    NGX_XPECTO_RECIPIENT_GROUP,
    NGX_XPECTO_RECIPIENT_INVALID        /* looked like a number, is none */
} ngx_xpecto_recipient_e;

/* each of those that a value lists: core/xpecto_recipient.h has the rule */


typedef struct {
    ngx_xpecto_recipient_e     kind;
    ngx_str_t                  value;   /* in r->pool: personal data */
    ngx_str_t                  bare;    /* the same: digits without a plus, as
                                           they stand; len 0: not so */
} ngx_xpecto_recipient_t;


typedef struct {
    ngx_array_t                recipients;   /* ngx_xpecto_recipient_t */
    ngx_str_t                  type;    /* "text", "template", empty */
    ngx_array_t               *targets; /* ngx_str_t: paths that a Graph batch
                                           leads to besides that of the
                                           request, decoded; an empty one:
                                           to any; NULL: none */
    off_t                      size;    /* of the body, bytes */
    unsigned                   unreadable:1; /* passed on by unreadable=pass */
} ngx_xpecto_message_t;

/*
 * 1: some location reads messages, from postconfiguration on; this one does,
 * while those of other rooms are merged
 */

ngx_uint_t ngx_xpecto_messages(ngx_conf_t *cf);
ngx_uint_t ngx_xpecto_messages_here(ngx_conf_t *cf);

/*
 * For handlers of PRECONTENT: reads the body if this location needs it.
 *
 * NGX_OK        ngx_xpecto_message() says what is sent, or the room is off
 * other         return it: NGX_DONE (the phases go on later), a status
 */

ngx_int_t ngx_xpecto_message_read(ngx_http_request_t *r);

/* NULL: the room is off here, or the body has not been read yet */

ngx_xpecto_message_t *ngx_xpecto_message(ngx_http_request_t *r);

/* 1: the room is on here and the body is still to come */

ngx_uint_t ngx_xpecto_message_pending(ngx_http_request_t *r);


/* the jurisdiction room: which laws, which destination, which basis */

typedef enum {
    NGX_XPECTO_CONSENT_OPT_IN = 0,      /* unknown geography as well */
    NGX_XPECTO_CONSENT_OPT_OUT,
    NGX_XPECTO_CONSENT_NOTICE
} ngx_xpecto_consent_model_e;


typedef struct {
    xpecto_country_t           country; /* of the client's address, 0 unknown */
    xpecto_countries_t         origins; /* all candidates of all origins */
    ngx_str_t                  regimes; /* "EU_GDPR IN_DPDP", sorted; empty */
    ngx_uint_t                 regime;  /* permanent number of the client's
                                           territorial regime, 0 unknown */
    ngx_str_t                  basis;   /* empty where nothing is decided */
    ngx_str_t                  why;
    ngx_str_t                  instrument;  /* behind the basis, or missing */
    ngx_str_t                  region;
    ngx_str_t                  upstream;
    xpecto_countries_t         destinations;
    ngx_uint_t                 min_age; /* highest of the origins, in years */
    ngx_xpecto_consent_model_e  model;
    int32_t                    signal_from; /* day of 1970 from which an
                                           opt-out signal binds; INT32_MIN:
                                           where the person is unknown */
} ngx_xpecto_jurisdiction_t;

/* 1: some location may know, in postconfiguration */

ngx_uint_t ngx_xpecto_jurisdictions(ngx_conf_t *cf);

/*
 * NULL: the room is off here, there was no memory, or recipients are an
 * origin here and the body has not been read yet.
 */

ngx_xpecto_jurisdiction_t *ngx_xpecto_jurisdiction(ngx_http_request_t *r);


/* the consent room: what the person allowed */

typedef struct {
    ngx_uint_t                 granted; /* bit n: purpose n, docs/formats.md */
    ngx_uint_t                 denied;
    ngx_str_t                  names;   /* the granted ones, by spaces */
    ngx_str_t                  state;   /* "valid", "none", "invalid" ... */
    ngx_uint_t                 revision;
} ngx_xpecto_consent_t;

/* NULL: the room is off here, or there was no memory */

ngx_xpecto_consent_t *ngx_xpecto_consent(ngx_http_request_t *r);


#endif /* _NGX_XPECTO_H_INCLUDED_ */
