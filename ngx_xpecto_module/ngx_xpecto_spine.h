
/*
 * What the files of the spine share among themselves.
 */


#ifndef _NGX_XPECTO_SPINE_H_INCLUDED_
#define _NGX_XPECTO_SPINE_H_INCLUDED_


#include "ngx_xpecto.h"


typedef struct ngx_xpecto_ledger_s  ngx_xpecto_ledger_t;


typedef struct {
    ngx_str_t               keys_file;
    xpecto_keyring_t       *keyring;    /* NULL: no xpecto_keys */
    ngx_str_t               epochs_file;
    xpecto_epochs_t        *epochs;     /* NULL: no xpecto_epochs */

    ngx_xpecto_ledger_t    *ledger;     /* NULL: no xpecto_ledger */

    ngx_shm_zone_t         *counters;   /* data: ngx_xpecto_counters_t */
    ngx_atomic_t           *column;     /* of this process */
    ngx_array_t             gauges;     /* ngx_xpecto_gauge_t */
    ngx_array_t             images;     /* ngx_xpecto_image_t * */
    ngx_array_t             words;      /* indexes of variables: ngx_uint_t */
    ngx_array_t             handlers;   /* of phases: ngx_http_handler_pt */
    ngx_array_t             filters;    /* ngx_http_output_header_filter_pt,
                                           the last one NULL */
    ngx_int_t               ctxs;       /* the word of a request's contexts */

    ngx_int_t               request_id; /* index of the variable */
    ngx_uint_t              tags;       /* some location has them on */
    xpecto_mac_t           *tags_mac;   /* of this process */
    u_char                  tags_keyid[NGX_INT_T_LEN];
    size_t                  tags_keyid_len;
} ngx_xpecto_main_conf_t;


typedef struct {
    ngx_flag_t              tags;
} ngx_xpecto_loc_conf_t;


/* the rooms' header filters, in a chain that is the master's: once, always */

void ngx_xpecto_filter_init(void);
ngx_int_t ngx_xpecto_filter_headers(ngx_http_request_t *r,
    ngx_http_output_header_filter_pt *filter);

/* the rooms' handlers of phases, as they have been put in a row */

void ngx_xpecto_handlers_init_module(ngx_cycle_t *cycle,
    ngx_xpecto_main_conf_t *xmcf);

/* the handler that looks for forged tags is called at once, in init module */

void ngx_xpecto_tags_init_module(ngx_cycle_t *cycle);

ngx_int_t ngx_xpecto_tags_init(ngx_conf_t *cf, ngx_xpecto_main_conf_t *xmcf);
ngx_int_t ngx_xpecto_tags_init_process(ngx_cycle_t *cycle,
    ngx_xpecto_main_conf_t *xmcf);

/* the files of an image, as they looked before they were read */

#define NGX_XPECTO_FILES      4
#define NGX_XPECTO_FILE_NAME  1024


typedef struct {
    uint64_t                device;
    uint64_t                inode;
    uint64_t                size;
    uint64_t                changed;    /* ctime, which nobody sets; ns */
    ngx_err_t               error;      /* of the attempt to look */
    ngx_uint_t              settled;    /* a change would change ctime */
    char                    name[NGX_XPECTO_FILE_NAME];
} ngx_xpecto_file_t;


struct ngx_xpecto_files_s {
    ngx_uint_t              n;          /* the directive's is the first */
    ngx_xpecto_file_t       file[NGX_XPECTO_FILES];
};


/* looks at a file that is not among them yet */

xpecto_rc_e ngx_xpecto_files_add(ngx_xpecto_files_t *files, const char *path,
    xpecto_err_t *err);

/*
 * NGX_OK: they are worth reading again, and have been at rest for quiet ms;
 * NGX_AGAIN: they are changing; NGX_DECLINED: they are as they were
 */

ngx_int_t ngx_xpecto_files_changed(const ngx_xpecto_files_t *files,
    ngx_msec_t quiet);

/* 1: they are still as they were before they were read, and were at rest */

ngx_uint_t ngx_xpecto_files_kept(const ngx_xpecto_files_t *files,
    const ngx_xpecto_files_t *before, ngx_msec_t quiet);

ngx_uint_t ngx_xpecto_files_same(const ngx_xpecto_files_t *one,
    const ngx_xpecto_files_t *two);

/*
 * Whether the workers' user can; optional: what is missing is no error.  conf
 * and line are where the directive stands.
 */

ngx_int_t ngx_xpecto_files_readable(const ngx_xpecto_files_t *files,
    ngx_cycle_t *cycle, ngx_uint_t optional, ngx_str_t *conf,
    ngx_uint_t line);

char *ngx_xpecto_ledger_slot(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/* the last line of this process */

void ngx_xpecto_ledger_end(ngx_xpecto_ledger_t *ledger);

/* the metrics of all images, when those are known */

ngx_int_t ngx_xpecto_image_gauges(ngx_conf_t *cf,
    ngx_xpecto_main_conf_t *xmcf);

/* publishes what was compiled at configuration: in the master, at its end */

void ngx_xpecto_image_start(ngx_xpecto_image_t *image, ngx_log_t *log);

/* begins and ends to read the image and to follow the file: in a worker */

ngx_int_t ngx_xpecto_image_begin(ngx_xpecto_image_t *image,
    ngx_cycle_t *cycle);
void ngx_xpecto_image_stop(ngx_xpecto_image_t *image);


#endif /* _NGX_XPECTO_SPINE_H_INCLUDED_ */
