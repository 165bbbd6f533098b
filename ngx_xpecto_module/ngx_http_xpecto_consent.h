
/*
 * What the files of the consent room share among themselves.
 */


#ifndef _NGX_HTTP_XPECTO_CONSENT_H_INCLUDED_
#define _NGX_HTTP_XPECTO_CONSENT_H_INCLUDED_


#include "ngx_xpecto.h"
#include "core/xpecto_age.h"
#include "core/xpecto_consent.h"
#include "core/xpecto_cookie.h"
#include "core/xpecto_token.h"
#include "core/xpecto_wish.h"


#define NGX_HTTP_XPECTO_CONSENT_OFF     0
#define NGX_HTTP_XPECTO_CONSENT_REPORT  1
#define NGX_HTTP_XPECTO_CONSENT_ON      2

#define NGX_HTTP_XPECTO_CONSENT_GPC_OFF  0
#define NGX_HTTP_XPECTO_CONSENT_GPC_LAW  1
#define NGX_HTTP_XPECTO_CONSENT_GPC_ON   2

/* the cookie of an age, without and with a domain */

#define NGX_HTTP_XPECTO_CONSENT_AGE_HOST    "__Host-Http-xpa"
#define NGX_HTTP_XPECTO_CONSENT_AGE_DOMAIN  "__Secure-xpa"

/* of xpecto_consent_age_min; other values are years */

#define NGX_HTTP_XPECTO_CONSENT_AGE_LOCAL  1

/* bytes of the body of a choice */

#define NGX_HTTP_XPECTO_CONSENT_BODY    4096

/* hexadecimal digits of an ETag, without its quotes */

#define NGX_HTTP_XPECTO_CONSENT_ETAG    32

/* trackers that one answer expires */

#define NGX_HTTP_XPECTO_CONSENT_EXPIRES 20
#define NGX_HTTP_XPECTO_CONSENT_ERASES  200


typedef struct {
    ngx_str_t                 name;
    ngx_uint_t                mode;     /* 1: encrypt */
    time_t                    ttl;
    ngx_str_t                 domain;   /* empty: host-only */
    ngx_http_complex_value_t *secure;
    ngx_uint_t                always;   /* it is a text that says yes */
} ngx_http_xpecto_consent_cookie_t;


typedef struct {
    ngx_str_t                 pattern;
    ngx_uint_t                purposes; /* 0: never stripped */
} ngx_http_xpecto_consent_rule_t;


typedef struct ngx_http_xpecto_consent_controller_s
    ngx_http_xpecto_consent_controller_t;


typedef struct {
    ngx_http_xpecto_consent_cookie_t  *cookie;
    ngx_array_t              *revisions;    /* xpecto_revision_t */
    ngx_array_t              *purposes;     /* ..._consent_rule_t */
    ngx_array_t              *keep;
    ngx_uint_t                asked;        /* with purposes */
    ngx_uint_t                interest;     /* of them, without consent */
    ngx_http_xpecto_consent_controller_t  *controller;
    ngx_array_t              *processors;   /* ..._consent_rule_t */
    size_t                    size;         /* of both in an answer */
    ngx_uint_t                gpc;          /* ..._CONSENT_GPC_* */
    ngx_flag_t                no_sale;
    ngx_uint_t                age_min;      /* 0: nobody is asked */
    ngx_uint_t                age_hidden;   /* 1: its cookie is kept, so that
                                               the scan does not notice it */
    ngx_flag_t                expire;
    ngx_array_t              *domains;      /* ngx_str_t: trackers are expired
                                               there as well */
    ngx_uint_t                api;          /* a location has it */
    ngx_uint_t                checked;      /* the domain of the cookie */

    xpecto_cookie_names_t    *names;        /* compiled of both arrays */
    xpecto_token_codec_t      codec;
    xpecto_token_codec_t      age_codec;    /* of the cookie of an age */
    xpecto_token_codec_t      app_codec;    /* of the header of apps */
} ngx_http_xpecto_consent_srv_conf_t;


typedef struct ngx_http_xpecto_consent_page_s  ngx_http_xpecto_consent_page_t;


typedef struct {
    ngx_uint_t                enable;       /* NGX_HTTP_XPECTO_CONSENT_* */
    ngx_flag_t                api;
    ngx_http_xpecto_consent_page_t  *page;
    ngx_uint_t                require;      /* mask of one purpose, or 0 */
    ngx_uint_t                deny;         /* status */
    ngx_str_t                 ask;          /* page that visitors are sent to,
                                               empty: none */
    ngx_str_t                 file;         /* and line: what needs keys, */
    ngx_uint_t                line;         /*   as an error says */
} ngx_http_xpecto_consent_loc_conf_t;


typedef struct ngx_http_xpecto_consent_known_s
    ngx_http_xpecto_consent_known_t;

typedef struct ngx_http_xpecto_consent_line_s  ngx_http_xpecto_consent_line_t;


typedef struct ngx_http_xpecto_consent_revoked_s
    ngx_http_xpecto_consent_revoked_t;


typedef struct {
    ngx_uint_t                enabled;      /* some location is not off */
    ngx_uint_t                api;          /* and some has the API */
    ngx_uint_t                laws;         /* a jurisdiction may be known */
    ngx_http_xpecto_consent_revoked_t  *revoked; /* NULL: no zone */

    /* of this process */

    xpecto_token_keys_t       keys;
    ngx_http_xpecto_consent_known_t  *known;
    ngx_array_t               variables;    /* ngx_uint_t: indexes of those
                                               that are read of cookies */
} ngx_http_xpecto_consent_main_conf_t;


typedef enum {
    NGX_HTTP_XPECTO_CONSENT_NAMES = 0,
    NGX_HTTP_XPECTO_CONSENT_SOURCES,
    NGX_HTTP_XPECTO_CONSENT_MODE,
    NGX_HTTP_XPECTO_CONSENT_PERMISSIONS,
    NGX_HTTP_XPECTO_CONSENT_CACHE_KEY,
    NGX_HTTP_XPECTO_CONSENT_TEXTS
} ngx_http_xpecto_consent_text_e;


/* lines of a request that a decision depends on; the lengths of their names */

#define NGX_HTTP_XPECTO_CONSENT_READ                                          \
    ((ngx_uint_t) 1 << (sizeof("DNT") - 1)                                    \
     | (ngx_uint_t) 1 << (sizeof("Cookie") - 1)                               \
     | (ngx_uint_t) 1 << (sizeof("Sec-GPC") - 1)                              \
     | (ngx_uint_t) 1 << (sizeof("Xpecto-Consent") - 1))

#define NGX_HTTP_XPECTO_CONSENT_READ_MAX  (sizeof("Xpecto-Consent") - 1)


typedef enum {
    NGX_HTTP_XPECTO_CONSENT_OTHER_LINE = 0,
    NGX_HTTP_XPECTO_CONSENT_COOKIE_LINE,
    NGX_HTTP_XPECTO_CONSENT_DNT_LINE,
    NGX_HTTP_XPECTO_CONSENT_GPC_LINE,
    NGX_HTTP_XPECTO_CONSENT_APP_LINE
} ngx_http_xpecto_consent_line_e;


/* what they say, but for the cookies */

#define NGX_HTTP_XPECTO_CONSENT_SAYS_DNT   1
#define NGX_HTTP_XPECTO_CONSENT_SAYS_GPC   2
#define NGX_HTTP_XPECTO_CONSENT_SAYS_ONE   4    /* "Sec-GPC: 1", exactly */
#define NGX_HTTP_XPECTO_CONSENT_SAYS_ELSE  8    /* Sec-GPC, and not that */


/* decided once for a request, whatever it is redirected to */

typedef struct {
    ngx_xpecto_consent_t     *public;       /* NULL: nobody has asked for it */
    xpecto_choice_state_e     state;
    xpecto_choice_t           choice;       /* if the state is VALID */
    xpecto_consent_facts_t    facts;
    xpecto_decision_t         decision;
    ngx_table_elt_t          *line;         /* of cookies, if it is the one */
    ngx_str_t                 value;        /* of it, as we have left it */
    ngx_uint_t                lines;
    uint64_t                  digest[2];    /* of that line */
    xpecto_cookie_scan_t     *cookies;      /* NULL: of no line, or known */
    ngx_http_xpecto_consent_line_t  *entry; /* known; in this event only */
    void                     *place;        /* for it; in this event only */
    size_t                    rest;         /* of the line, without ours */
    uint16_t                  purposes;     /* of the cookies */
    ngx_array_t              *originals;    /* ngx_str_t: lines that trackers
                                               were taken from */
    ngx_uint_t                revision;     /* of the policy now */
    xpecto_country_t          country;
    ngx_uint_t                regime;
    int32_t                   signal_from;  /* day: a signal binds */
    ngx_table_elt_t          *header;       /* Xpecto-Consent, or NULL */
    ngx_uint_t                signals;      /* ..._CONSENT_SAYS_* */
    ngx_str_t                *texts;        /* ..._CONSENT_TEXTS, or NULL */
    ngx_table_elt_t          *own;          /* our Set-Cookie */
    ngx_table_elt_t          *own_age;      /* and that of an age */
    unsigned                  ready:1;
    unsigned                  known:1;      /* the choice, by the line */
    unsigned                  old:1;        /* signed by another key than now */
    unsigned                  ours:1;       /* the cookies have one of ours */
    unsigned                  at_end:1;     /* it is the last of the line */
    unsigned                  only_ours:1;  /* and all that has to be done */
    unsigned                  secure:1;
    unsigned                  app:1;        /* the header counts */
    unsigned                  twice:1;      /* there are two of them */
    unsigned                  session:1;    /* may have said an age */
    unsigned                  aged:1;       /* it has */
    unsigned                  child:1;      /* that of a child */
    unsigned                  found:1;      /* the upstream has found one */
    unsigned                  minor:1;      /* and said so in an answer that
                                               has led on to this one */
    unsigned                  stripped:1;   /* counted, and done if it is on */
    unsigned                  emptied:1;    /* a line has nothing left */
    unsigned                  done:1;
    unsigned                  unrecorded:1; /* nothing was granted: the ledger
                                               has no line of its end */
} ngx_http_xpecto_consent_ctx_t;


/* what a request says of consent, if it is signals and one line of cookies */

typedef struct {
    ngx_table_elt_t          *line;         /* NULL: it says more, or nothing */
    ngx_http_xpecto_consent_line_t  *entry; /* what is known of it, or NULL */
    void                     *place;        /* for what will be, or NULL */
    uint64_t                  digest[2];
    ngx_uint_t                signals;
} ngx_http_xpecto_consent_said_t;


/* a choice with what follows from it */

typedef struct {
    xpecto_choice_t           choice;
    xpecto_decision_t         decision;
    xpecto_choice_state_e     state;
    const char               *change;       /* for the ledger, or NULL */
    unsigned                  known:1;      /* there is a choice */
} ngx_http_xpecto_consent_made_t;


/* that nobody else changes meanwhile; zeroed: none */

typedef struct {
    ngx_http_xpecto_consent_revoked_t  *zone;
    uint64_t                  tag;
    uint64_t                  until;
} ngx_http_xpecto_consent_held_t;


/* and how it is shown */

typedef struct {
    ngx_str_t                 body;
    ngx_str_t                 etag;
} ngx_http_xpecto_consent_shown_t;


/* why a call of the API is refused, in the order of the counters */

typedef enum {
    NGX_HTTP_XPECTO_CONSENT_INSECURE = 0,
    NGX_HTTP_XPECTO_CONSENT_ELSEWHERE,
    NGX_HTTP_XPECTO_CONSENT_AGE,
    NGX_HTTP_XPECTO_CONSENT_MISSING,
    NGX_HTTP_XPECTO_CONSENT_METHOD,
    NGX_HTTP_XPECTO_CONSENT_CHANGED,
    NGX_HTTP_XPECTO_CONSENT_LARGE,
    NGX_HTTP_XPECTO_CONSENT_TYPE,
    NGX_HTTP_XPECTO_CONSENT_SYNTAX,
    NGX_HTTP_XPECTO_CONSENT_VALUE
} ngx_http_xpecto_consent_bad_e;


/* where a request comes from */

typedef enum {
    NGX_HTTP_XPECTO_CONSENT_UNKNOWN = 0,
    NGX_HTTP_XPECTO_CONSENT_OURS,
    NGX_HTTP_XPECTO_CONSENT_FOREIGN
} ngx_http_xpecto_consent_site_e;


/* NULL: there was no memory */

ngx_http_xpecto_consent_ctx_t *ngx_http_xpecto_consent_get(
    ngx_http_request_t *r);

/* of facts that have changed since */

void ngx_http_xpecto_consent_decide_again(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx);

ngx_int_t ngx_http_xpecto_consent_add_variables(ngx_conf_t *cf);

/* what this worker remembers: NULL if there is no memory or no randomness */

ngx_http_xpecto_consent_known_t *ngx_http_xpecto_consent_known(
    ngx_cycle_t *cycle);

/* one more line of cookies of a request; the first of them */

void ngx_http_xpecto_consent_cookies(ngx_http_request_t *r,
    ngx_http_xpecto_consent_srv_conf_t *conf,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_table_elt_t *h);
void ngx_http_xpecto_consent_first_cookies(ngx_http_request_t *r,
    ngx_http_xpecto_consent_srv_conf_t *conf,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_http_xpecto_consent_said_t *said);

/* ctx->cookies of a line that is known */

ngx_int_t ngx_http_xpecto_consent_scan(ngx_http_request_t *r,
    ngx_http_xpecto_consent_srv_conf_t *conf,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_table_elt_t *h);

/* ctx->choice of the token that was found in them */

xpecto_token_e ngx_http_xpecto_consent_decode(ngx_http_request_t *r,
    ngx_http_xpecto_consent_srv_conf_t *conf,
    ngx_http_xpecto_consent_ctx_t *ctx);

/*
 * Of a main request of which nothing is known; said: NULL, or what was read of
 * it.  NULL: no memory.
 */

ngx_http_xpecto_consent_ctx_t *ngx_http_xpecto_consent_create(
    ngx_http_request_t *r, ngx_http_xpecto_consent_said_t *said);

/* for the next one, if there was no other line, and it has decided */

void ngx_http_xpecto_consent_remember(ngx_http_request_t *r,
    ngx_http_xpecto_consent_srv_conf_t *conf,
    ngx_http_xpecto_consent_ctx_t *ctx);

/* NGX_DECLINED: the cookie is neither read nor written; NGX_ERROR: unknown */

ngx_int_t ngx_http_xpecto_consent_secure(ngx_http_request_t *r,
    ngx_http_xpecto_consent_srv_conf_t *conf);


/* what a variable says of TLS: "1", "on", "https", not "http" nor "off" */

static ngx_inline ngx_uint_t
ngx_http_xpecto_consent_is_yes(ngx_str_t *value)
{
    return (value->len == 1 && value->data[0] == '1')
           || (value->len == 2
               && ngx_strncasecmp(value->data, (u_char *) "on", 2) == 0)
           || (value->len == 5
               && ngx_strncasecmp(value->data, (u_char *) "https", 5) == 0);
}


/*
 * 1: the upstream is told of a signal, or of a sale refused by word, which
 * the request does not say, or not without a contradiction
 */

ngx_uint_t ngx_http_xpecto_consent_adds_gpc(
    ngx_http_xpecto_consent_ctx_t *ctx);

/* ..._CONSENT_SAYS_* of a line */

ngx_uint_t ngx_http_xpecto_consent_says(ngx_table_elt_t *h,
    ngx_http_xpecto_consent_line_e line);


static ngx_inline ngx_http_xpecto_consent_line_e
ngx_http_xpecto_consent_line(ngx_table_elt_t *h)
{
    if (h->key.len > NGX_HTTP_XPECTO_CONSENT_READ_MAX
        || !(NGX_HTTP_XPECTO_CONSENT_READ >> h->key.len & 1))
    {
        return NGX_HTTP_XPECTO_CONSENT_OTHER_LINE;
    }

    switch (h->key.len) {

    case sizeof("DNT") - 1:
        return ngx_memcmp(h->lowcase_key, "dnt", 3)
               ? NGX_HTTP_XPECTO_CONSENT_OTHER_LINE
               : NGX_HTTP_XPECTO_CONSENT_DNT_LINE;

    case sizeof("Cookie") - 1:
        return ngx_memcmp(h->lowcase_key, "cookie", 6)
               ? NGX_HTTP_XPECTO_CONSENT_OTHER_LINE
               : NGX_HTTP_XPECTO_CONSENT_COOKIE_LINE;

    case sizeof("Sec-GPC") - 1:
        return ngx_memcmp(h->lowcase_key, "sec-gpc", 7)
               ? NGX_HTTP_XPECTO_CONSENT_OTHER_LINE
               : NGX_HTTP_XPECTO_CONSENT_GPC_LINE;

    default: /* Xpecto-Consent */
        return ngx_memcmp(h->lowcase_key, "xpecto-consent", 14)
               ? NGX_HTTP_XPECTO_CONSENT_OTHER_LINE
               : NGX_HTTP_XPECTO_CONSENT_APP_LINE;
    }
}

void *ngx_http_xpecto_consent_create_main_conf(ngx_conf_t *cf);
void *ngx_http_xpecto_consent_create_srv_conf(ngx_conf_t *cf);
char *ngx_http_xpecto_consent_merge_srv_conf(ngx_conf_t *cf, void *parent,
    void *child);
void *ngx_http_xpecto_consent_create_loc_conf(ngx_conf_t *cf);
char *ngx_http_xpecto_consent_merge_loc_conf(ngx_conf_t *cf, void *parent,
    void *child);

/* directives */

char *ngx_http_xpecto_consent_switch(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_xpecto_consent_cookie(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_xpecto_consent_revision(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_xpecto_consent_purpose(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_xpecto_consent_keep(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_xpecto_consent_api(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_xpecto_consent_page(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_xpecto_consent_age_min(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_xpecto_consent_controller(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_xpecto_consent_processor(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_xpecto_consent_require(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* what a location needs is known at its end, and is said of this line */

void ngx_http_xpecto_consent_mark(ngx_conf_t *cf,
    ngx_http_xpecto_consent_loc_conf_t *xlcf);

/* require: the location itself requires a purpose */

ngx_int_t ngx_http_xpecto_consent_check(ngx_conf_t *cf,
    ngx_http_xpecto_consent_loc_conf_t *xlcf, ngx_uint_t require);
void ngx_http_xpecto_consent_check_laws(ngx_conf_t *cf);

/* the error of a name that is no purpose */

char *ngx_http_xpecto_consent_is_unknown(ngx_conf_t *cf, ngx_str_t *purpose);

char *ngx_http_xpecto_consent_expires(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_xpecto_consent_zone(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/*
 * Takes a choice back, for all workers and, with a file, for good.  ERROR: it
 * is not in the file, which is logged.
 */

ngx_int_t ngx_http_xpecto_consent_revoke(ngx_http_request_t *r,
    xpecto_choice_t *choice);
ngx_uint_t ngx_http_xpecto_consent_is_revoked(ngx_http_request_t *r,
    xpecto_choice_t *choice);

/*
 * For who changes this choice and no other: released before the answer.
 * DECLINED: it is another one by now, or about to be.
 */

ngx_int_t ngx_http_xpecto_consent_hold(ngx_http_request_t *r,
    xpecto_choice_t *choice, ngx_http_xpecto_consent_held_t *held);
void ngx_http_xpecto_consent_release(ngx_http_xpecto_consent_held_t *held);

/* the line of the ledger; ERROR: it could not be written */

ngx_int_t ngx_http_xpecto_consent_record(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, xpecto_choice_t *choice,
    const char *change);

/* the time of a choice that is made now: later than those that are void */

time_t ngx_http_xpecto_consent_now(ngx_http_request_t *r);

void ngx_http_xpecto_consent_revoked_init_process(
    ngx_http_xpecto_consent_main_conf_t *xmcf, ngx_cycle_t *cycle);

ngx_int_t ngx_http_xpecto_consent_api_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_xpecto_consent_gpc_handler(ngx_http_request_t *r);

/* the preferences page: of a location with the API */

char *ngx_http_xpecto_consent_init_page(ngx_conf_t *cf,
    ngx_http_xpecto_consent_loc_conf_t *xlcf);
ngx_int_t ngx_http_xpecto_consent_check_page(ngx_conf_t *cf,
    ngx_http_xpecto_consent_page_t *page, ngx_uint_t api);
ngx_uint_t ngx_http_xpecto_consent_wants_page(ngx_http_request_t *r);
ngx_int_t ngx_http_xpecto_consent_send_page(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx);

/* what became of the signal, and of the choice */

ngx_str_t *ngx_http_xpecto_consent_signal(ngx_http_xpecto_consent_ctx_t *ctx);
ngx_str_t *ngx_http_xpecto_consent_state_name(xpecto_choice_state_e state,
    xpecto_choice_t *choice, xpecto_decision_t *decision);

/* a choice: what is, what is wished for, and that it is so from now on */

void ngx_http_xpecto_consent_present(ngx_http_xpecto_consent_ctx_t *ctx,
    ngx_http_xpecto_consent_made_t *made);
ngx_int_t ngx_http_xpecto_consent_make(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, xpecto_wish_t *wish, ngx_uint_t form,
    ngx_uint_t whole, ngx_http_xpecto_consent_made_t *made);
ngx_uint_t ngx_http_xpecto_consent_is_same(ngx_http_xpecto_consent_ctx_t *ctx,
    ngx_http_xpecto_consent_made_t *made);
ngx_int_t ngx_http_xpecto_consent_store(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_http_xpecto_consent_made_t *made,
    ngx_uint_t expires);
ngx_table_elt_t *ngx_http_xpecto_consent_set_cookie(ngx_http_request_t *r,
    ngx_str_t *name, xpecto_token_codec_t *codec, xpecto_choice_t *choice,
    time_t max_age);
ngx_int_t ngx_http_xpecto_consent_expire(ngx_http_request_t *r,
    ngx_uint_t refused, ngx_uint_t max);
ngx_int_t ngx_http_xpecto_consent_expire_page(ngx_http_request_t *r,
    ngx_http_xpecto_consent_srv_conf_t *conf);
ngx_uint_t ngx_http_xpecto_consent_is_page(ngx_http_request_t *r);

/* the same choice by the key that signs now; a page is not cached with it */

ngx_int_t ngx_http_xpecto_consent_sign_again(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx);
ngx_int_t ngx_http_xpecto_consent_keep_private(ngx_http_request_t *r);

/* NGX_DECLINED: the location may be entered */

ngx_int_t ngx_http_xpecto_consent_gate(ngx_http_request_t *r,
    ngx_http_xpecto_consent_loc_conf_t *xlcf,
    ngx_http_xpecto_consent_ctx_t *ctx);

/* apps: the choice in a header */

void ngx_http_xpecto_consent_read_app(ngx_http_xpecto_consent_ctx_t *ctx,
    ngx_table_elt_t *h);
ngx_int_t ngx_http_xpecto_consent_decode_app(
    ngx_http_xpecto_consent_srv_conf_t *conf,
    ngx_http_xpecto_consent_ctx_t *ctx, xpecto_token_e *rc);
ngx_int_t ngx_http_xpecto_consent_send_app(ngx_http_request_t *r,
    xpecto_choice_t *choice);
ngx_int_t ngx_http_xpecto_consent_drop_app(ngx_http_request_t *r);

/* ages: what the session has said, what it says, what the origin knows */

void ngx_http_xpecto_consent_read_age(ngx_http_request_t *r,
    ngx_http_xpecto_consent_srv_conf_t *conf,
    ngx_http_xpecto_consent_ctx_t *ctx);
ngx_int_t ngx_http_xpecto_consent_show_age(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx);
ngx_int_t ngx_http_xpecto_consent_say_age(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_str_t *body);
ngx_uint_t ngx_http_xpecto_consent_asks_age(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx);
ngx_str_t *ngx_http_xpecto_consent_age_cookie(
    ngx_http_xpecto_consent_srv_conf_t *conf);
ngx_int_t ngx_http_xpecto_consent_minor(ngx_http_request_t *r);

/* the decision of what the upstream's answer, if it is there, says of it */

void ngx_http_xpecto_consent_look_for_minor(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx);

/* what was said of it before an internal redirect */

void ngx_http_xpecto_consent_carry_minor(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx);

/* an answer that has header lines, or follows a request with trackers */

ngx_int_t ngx_http_xpecto_consent_judge(ngx_http_request_t *r,
    ngx_http_xpecto_consent_loc_conf_t *xlcf);

/* hide: the line is for us alone.  cookies: there is a Set-Cookie line */

ngx_uint_t ngx_http_xpecto_consent_says_minor(ngx_http_request_t *r,
    ngx_uint_t hide, ngx_uint_t *cookies);

/* refuses all, expires all that the browser showed and clears its storage */

ngx_int_t ngx_http_xpecto_consent_erase(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, const char *change);

/* the site, and a consent, with proof */

ngx_int_t ngx_http_xpecto_consent_show_config(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx);
ngx_int_t ngx_http_xpecto_consent_show_receipt(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx);
void ngx_http_xpecto_consent_measure(
    ngx_http_xpecto_consent_srv_conf_t *conf);

/* answers */

ngx_int_t ngx_http_xpecto_consent_show(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, ngx_http_xpecto_consent_made_t *made,
    ngx_http_xpecto_consent_shown_t *shown);
ngx_int_t ngx_http_xpecto_consent_send_state(ngx_http_request_t *r,
    ngx_http_xpecto_consent_shown_t *shown);
ngx_int_t ngx_http_xpecto_consent_send_json(ngx_http_request_t *r,
    ngx_str_t *body);
ngx_int_t ngx_http_xpecto_consent_send_nothing(ngx_http_request_t *r,
    ngx_uint_t status);
ngx_int_t ngx_http_xpecto_consent_send_back(ngx_http_request_t *r,
    xpecto_wish_t *wish);
ngx_int_t ngx_http_xpecto_consent_problem(ngx_http_request_t *r,
    ngx_http_xpecto_consent_bad_e bad, const char *detail);
ngx_int_t ngx_http_xpecto_consent_misunderstood(ngx_http_request_t *r,
    xpecto_wish_e reason);
ngx_int_t ngx_http_xpecto_consent_add_header(ngx_http_request_t *r,
    const char *key, ngx_str_t *value);

/* NGX_DECLINED: the body has more than NGX_HTTP_XPECTO_CONSENT_BODY bytes */

ngx_int_t ngx_http_xpecto_consent_read_body(ngx_http_request_t *r,
    ngx_str_t *body);

ngx_int_t ngx_http_xpecto_consent_match(ngx_table_elt_t *h, ngx_str_t *etag,
    ngx_uint_t exists, ngx_uint_t weak);

ngx_http_xpecto_consent_site_e ngx_http_xpecto_consent_site(
    ngx_http_request_t *r);
ngx_uint_t ngx_http_xpecto_consent_is_type(ngx_http_request_t *r,
    const char *type);

/* 1: the line has that name, given in lower case */

ngx_uint_t ngx_http_xpecto_consent_is(ngx_table_elt_t *h, const char *name,
    size_t len);


extern ngx_module_t  ngx_http_xpecto_consent_filter_module;


#endif /* _NGX_HTTP_XPECTO_CONSENT_H_INCLUDED_ */
