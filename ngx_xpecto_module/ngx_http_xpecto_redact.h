
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#ifndef _NGX_HTTP_XPECTO_REDACT_H_INCLUDED_
#define _NGX_HTTP_XPECTO_REDACT_H_INCLUDED_


#include "ngx_xpecto.h"
#include "core/xpecto_redact.h"


/* a higher mode is the stricter one: logs that are shared take the highest */

#define NGX_HTTP_XPECTO_REDACT_OFF    0
#define NGX_HTTP_XPECTO_REDACT_AUDIT  1
#define NGX_HTTP_XPECTO_REDACT_ON     2


/* the names of one level of the configuration, what they make of variables */

typedef struct {
    ngx_array_t                        names;   /* xpecto_redact_name_t */
    xpecto_redact_place_t             *places;  /* one for each variable */
} ngx_http_xpecto_redact_names_t;


/* a word of xpecto_redact_as */

typedef struct {
    xpecto_style_e                     style;
    unsigned                           exposed:1;
    xpecto_mask_t                     *mask;
    ngx_str_t                          text;    /* "phone=mask:2" */
    ngx_str_t                          file;
    ngx_uint_t                         line;
} ngx_http_xpecto_redact_style_t;


typedef struct {
    ngx_uint_t                         mode;
    ngx_str_t                          file;    /* and line that says so */
    ngx_uint_t                         line;    /* 0: inherited */
    ngx_http_xpecto_redact_style_t    *styles[XPECTO_CLASSES];
    ngx_http_xpecto_redact_names_t    *names;
    xpecto_redact_t                    rd;      /* of the above, when merged */
} ngx_http_xpecto_redact_loc_conf_t;


/* an error log of the configuration and its strictest settings */

typedef struct {
    ngx_log_t                         *log;
    ngx_uint_t                         mode;
    xpecto_redact_t                    rd;
} ngx_http_xpecto_redact_log_t;


/* a variable as it was before us */

typedef struct {
    ngx_http_get_variable_pt           get;
    unsigned                           flags:31;
    unsigned                           alone:1; /* made of no other one */
} ngx_http_xpecto_redact_variable_t;


/*
 * Bytes in which nothing was found, remembered by each worker: what repeats,
 * as a User-Agent does, is compared and not scanned again.
 */

#define NGX_HTTP_XPECTO_REDACT_CLEAN_BITS  6
#define NGX_HTTP_XPECTO_REDACT_CLEAN_MIN   17
#define NGX_HTTP_XPECTO_REDACT_CLEAN_MAX   240

typedef struct {
    ngx_http_xpecto_redact_loc_conf_t *conf;
    size_t                             len;
    u_char                             data[NGX_HTTP_XPECTO_REDACT_CLEAN_MAX];
} ngx_http_xpecto_redact_clean_t;


typedef struct {
    ngx_array_t                        logs;    /* ..._redact_log_t */
    ngx_array_t                        names;   /* ..._redact_names_t * */
    ngx_array_t                        tests;   /* ..._redact_loc_conf_t * */
    ngx_flag_t                         enabled;

    ngx_xpecto_counters_t             *counters;

    xpecto_epochs_t                   *epochs;  /* NULL: no pseudonyms */
    xpecto_pseudonym_t                 pseudonym;   /* of access logs */
    ngx_log_handler_pt                 log_handler; /* of requests */

    ngx_uint_t                         nvars;
    ngx_http_xpecto_redact_variable_t *variables;
    ngx_http_variable_value_t         *shadow;
    ngx_http_variable_value_t         *absent;  /* where there is no shadow */
    ngx_http_xpecto_redact_names_t     common;  /* where no names were added */
    ngx_http_xpecto_redact_clean_t    *clean;

    /* the request in its log phase, which nothing can interrupt */
    ngx_http_request_t                *request;
    ngx_http_variable_value_t         *raw;
    ngx_uint_t                         ncaptures;
    ngx_http_xpecto_redact_loc_conf_t *conf;
    xpecto_redact_place_t             *places;
    u_char                            *start;   /* room for its values */
    u_char                            *last;
    u_char                            *end;
    ngx_uint_t                         changed; /* values */
    xpecto_redact_result_t             res;     /* the sum over them */
} ngx_http_xpecto_redact_main_conf_t;


/* what access logs may say: the variables, and the log phase around them */

ngx_int_t ngx_http_xpecto_redact_add_variables(ngx_conf_t *cf);
ngx_int_t ngx_http_xpecto_redact_access_init(ngx_cycle_t *cycle,
    ngx_http_xpecto_redact_main_conf_t *rmcf,
    ngx_http_core_main_conf_t *cmcf);

/* what xpecto_redact_as says */

char *ngx_http_xpecto_redact_as(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
ngx_int_t ngx_http_xpecto_redact_style_merge(ngx_conf_t *cf,
    ngx_http_xpecto_redact_loc_conf_t *prev,
    ngx_http_xpecto_redact_loc_conf_t *conf);

/* notes the styles of a location; the self-test of all that were noted */

ngx_int_t ngx_http_xpecto_redact_test_add(
    ngx_http_xpecto_redact_main_conf_t *rmcf,
    ngx_http_xpecto_redact_loc_conf_t *rlcf);
ngx_int_t ngx_http_xpecto_redact_test(ngx_conf_t *cf,
    ngx_http_xpecto_redact_main_conf_t *rmcf);

/* the key of pseudonyms; of a line of an error log */

ngx_int_t ngx_http_xpecto_redact_key_init(ngx_conf_t *cf,
    ngx_http_xpecto_redact_main_conf_t *rmcf);
void ngx_http_xpecto_redact_key_log(ngx_http_xpecto_redact_main_conf_t *rmcf,
    xpecto_pseudonym_t *ps, ngx_log_t *log);

/* notes the error log of a location that is being merged */

ngx_int_t ngx_http_xpecto_redact_log_add(ngx_conf_t *cf,
    ngx_http_xpecto_redact_main_conf_t *rmcf,
    ngx_http_xpecto_redact_loc_conf_t *rlcf);

/* puts the writer before all noted logs until the cycle ends */

ngx_int_t ngx_http_xpecto_redact_log_init(ngx_cycle_t *cycle,
    ngx_http_xpecto_redact_main_conf_t *rmcf);

/* n: values or lines that were changed, res: the spans in them */

void ngx_http_xpecto_redact_count(
    ngx_http_xpecto_redact_main_conf_t *rmcf, ngx_uint_t counter,
    ngx_uint_t n, xpecto_redact_result_t *res);


extern ngx_module_t  ngx_http_xpecto_redact_module;


#endif /* _NGX_HTTP_XPECTO_REDACT_H_INCLUDED_ */
