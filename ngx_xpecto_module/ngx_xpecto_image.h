
/*
 * What the two files of images share: ngx_xpecto_image.c, which publishes
 * and reads them, and ngx_xpecto_follow.c.
 */


#ifndef _NGX_XPECTO_IMAGE_H_INCLUDED_
#define _NGX_XPECTO_IMAGE_H_INCLUDED_


#include "ngx_xpecto_spine.h"


/*
 * The zone: a header and two halves.  The generation's lowest bit says which
 * half is current; an image is published by filling the other half and then
 * raising the generation.  A reader pins the half it reads in a slot of its
 * own, one cache line for each process; a writer waits until nobody reads
 * the half it is about to fill.  A slot or a lock of a process that died
 * does not count.
 */

#define NGX_XPECTO_IMAGE_SLOTS  NGX_MAX_PROCESSES

/* how long a writer waits for readers of the old half, ms */

#define NGX_XPECTO_IMAGE_WAIT   1000


typedef struct {
    ngx_atomic_t                 pin;   /* pid << 2 | half + 1, 0: none */
    u_char                       padding[64 - sizeof(ngx_atomic_t)];
} ngx_xpecto_image_slot_t;


typedef struct {
    ngx_atomic_t                 generation;
    ngx_atomic_t                 config;    /* newest configuration's number */
    ngx_atomic_t                 owner;     /* pid of the elected worker */
    ngx_atomic_t                 elected;   /* and its configuration */
    ngx_atomic_t                 lock;      /* pid of the publishing process */
    ngx_atomic_t                 late;      /* a configuration that could not
                                               publish its image */
    ngx_atomic_t                 refused;   /* the last attempt was */
    ngx_atomic_t                 remarked;  /* s: what happened until then is
                                               said */
    size_t                       capacity;  /* of a half */
    size_t                       len[2];
    u_char                      *half[2];
    ngx_xpecto_files_t           files;     /* of the last attempt; locked */
    ngx_xpecto_image_slot_t      slots[NGX_XPECTO_IMAGE_SLOTS];
} ngx_xpecto_image_sh_t;


struct ngx_xpecto_image_s {
    ngx_xpecto_image_conf_t      conf;
    ngx_xpecto_image_sh_t       *sh;
    ngx_shm_zone_t              *shm_zone;
    ngx_cycle_t                 *cycle;
    ngx_uint_t                   config;

    xpecto_image_t               compiled;  /* at configuration */
    ngx_xpecto_files_t           files;
    ngx_str_t                    label;     /* of the metrics: file="..." */
    ngx_str_t                    conf_file; /* where the directive stands */
    ngx_uint_t                   conf_line;

    ngx_atomic_t                *slot;      /* of this process */
    ngx_atomic_uint_t            pin;       /* of half 0 */
    ngx_uint_t                   depth;     /* of nested pins */
    ngx_uint_t                   pinned;    /* generation */

    time_t                       remarked;  /* at configuration */
    ngx_xpecto_watch_pt          watch;
    void                        *watched;

    ngx_event_t                  timer;
    ngx_msec_t                   tick;
    ngx_uint_t                   waits;     /* attempts that came to nothing,
                                               in a row */
#if (NGX_THREADS)
    ngx_thread_pool_t           *pool;
    ngx_thread_task_t           *task;
#endif
    unsigned                     busy:1;
};


typedef enum {
    NGX_XPECTO_IMAGE_SAME = 0,
    NGX_XPECTO_IMAGE_GOOD,              /* the same again, after a bad one */
    NGX_XPECTO_IMAGE_PUBLISHED,
    NGX_XPECTO_IMAGE_REFUSED,
    NGX_XPECTO_IMAGE_CHANGING,          /* who writes is not done */
    NGX_XPECTO_IMAGE_LATER              /* somebody is in the way */
} ngx_xpecto_image_result_e;


xpecto_rc_e ngx_xpecto_image_compile(ngx_xpecto_image_t *im,
    ngx_xpecto_files_t *files, xpecto_image_t *compiled, xpecto_err_t *err);

/* compiled: NULL if it could not be; what was tried is remembered then, too */

ngx_xpecto_image_result_e ngx_xpecto_image_publish(ngx_xpecto_image_t *im,
    xpecto_image_t *compiled, const ngx_xpecto_files_t *files,
    xpecto_err_t *err);

ngx_int_t ngx_xpecto_image_lock(ngx_xpecto_image_sh_t *sh);
ngx_uint_t ngx_xpecto_image_is_dead(ngx_atomic_uint_t pid);

/* in a worker: from now on */

ngx_int_t ngx_xpecto_image_follow(ngx_xpecto_image_t *im, ngx_cycle_t *cycle);

/* what is odd in an image, of what happened after that second; 0: ever */

void ngx_xpecto_image_remark(ngx_xpecto_image_t *im, const void *image,
    time_t since, time_t now, ngx_log_t *log);


#endif /* _NGX_XPECTO_IMAGE_H_INCLUDED_ */
