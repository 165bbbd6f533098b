
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_xpecto_image.h"


/* who writes is done when a file has not changed for so long, ms */

#define NGX_XPECTO_IMAGE_QUIET  500

/* attempts in a row that came to nothing, after which it is said */

#define NGX_XPECTO_IMAGE_TRIES  10

/* how often to look at the time where no file is looked at, ms */

#define NGX_XPECTO_IMAGE_TICK   5000


#if (NGX_THREADS)

typedef struct {
    ngx_xpecto_image_t          *image;
    ngx_xpecto_image_result_e    result;
    xpecto_err_t                 err;
} ngx_xpecto_image_task_t;

#endif


static void ngx_xpecto_image_tick(ngx_event_t *ev);
static ngx_uint_t ngx_xpecto_image_elect(ngx_xpecto_image_t *im);
static void ngx_xpecto_image_happened(ngx_xpecto_image_t *im);

#if (NGX_THREADS)
static ngx_int_t ngx_xpecto_image_task(ngx_xpecto_image_t *im,
    ngx_cycle_t *cycle);
static void ngx_xpecto_image_thread(void *data, ngx_log_t *log);
static ngx_int_t ngx_xpecto_image_tried(ngx_xpecto_image_t *im,
    ngx_xpecto_files_t *files);
static void ngx_xpecto_image_done(ngx_event_t *ev);
static void ngx_xpecto_image_waits(ngx_xpecto_image_t *im,
    ngx_xpecto_image_result_e result);
static void ngx_xpecto_image_taken(ngx_xpecto_image_t *im);
#endif


ngx_int_t
ngx_xpecto_image_follow(ngx_xpecto_image_t *im, ngx_cycle_t *cycle)
{
    /* with master_process off nothing would end this at a reload */

    if (ngx_process != NGX_PROCESS_WORKER
        || (im->conf.reload == 0 && im->conf.remark == NULL))
    {
        return NGX_OK;
    }

    im->tick = im->conf.reload ? im->conf.reload : NGX_XPECTO_IMAGE_TICK;

#if (NGX_THREADS)

    if (im->conf.reload && ngx_xpecto_image_task(im, cycle) != NGX_OK) {
        return NGX_ERROR;
    }

#endif

    im->timer.handler = ngx_xpecto_image_tick;
    im->timer.data = im;
    im->timer.log = cycle->log;
    im->timer.cancelable = 1;

    ngx_add_timer(&im->timer, im->tick);

    return NGX_OK;
}


void
ngx_xpecto_image_stop(ngx_xpecto_image_t *im)
{
    if (im->sh != NULL) {
        (void) ngx_atomic_cmp_set(&im->sh->owner, ngx_pid, 0);
    }
}


static void
ngx_xpecto_image_tick(ngx_event_t *ev)
{
    ngx_xpecto_image_t  *im;

    im = ev->data;

    if (im->sh->config != im->config) {
        /* a newer configuration's workers follow the file now */
        ngx_xpecto_image_stop(im);
        return;
    }

    if (ngx_xpecto_image_elect(im)) {

        ngx_xpecto_image_happened(im);

#if (NGX_THREADS)

        if (im->task != NULL && !im->busy
            && ngx_thread_task_post(im->pool, im->task) == NGX_OK)
        {
            im->busy = 1;
        }

#endif
    }

    ngx_add_timer(ev, im->tick);
}


/*
 * A worker of an older configuration may go on with requests for long and
 * would look at the file when that said.  Two that take over from it at once
 * read the file both, for once.
 */

static ngx_uint_t
ngx_xpecto_image_elect(ngx_xpecto_image_t *im)
{
    ngx_atomic_uint_t  owner;

    owner = im->sh->owner;

    if (owner == (ngx_atomic_uint_t) ngx_pid) {
        return 1;
    }

    if (owner != 0 && im->sh->elected == im->config
        && !ngx_xpecto_image_is_dead(owner))
    {
        return 0;
    }

    if (!ngx_atomic_cmp_set(&im->sh->owner, owner, ngx_pid)) {
        return 0;
    }

    im->sh->elected = im->config;

    return 1;
}


static void
ngx_xpecto_image_happened(ngx_xpecto_image_t *im)
{
    time_t             now;
    ngx_atomic_uint_t  since;

    now = ngx_time();
    since = im->sh->remarked;

    if (im->conf.remark == NULL || now <= (time_t) since
        || !ngx_atomic_cmp_set(&im->sh->remarked, since,
                               (ngx_atomic_uint_t) now))
    {
        return;
    }

    ngx_xpecto_image_remark(im, ngx_xpecto_image_pin(im), (time_t) since, now,
                            im->timer.log);
    ngx_xpecto_image_unpin(im);
}


#if (NGX_THREADS)

static ngx_int_t
ngx_xpecto_image_task(ngx_xpecto_image_t *im, ngx_cycle_t *cycle)
{
    ngx_xpecto_image_task_t  *t;

    im->task = ngx_thread_task_alloc(cycle->pool,
                                     sizeof(ngx_xpecto_image_task_t));
    if (im->task == NULL) {
        return NGX_ERROR;
    }

    t = im->task->ctx;
    t->image = im;

    im->task->handler = ngx_xpecto_image_thread;
    im->task->event.handler = ngx_xpecto_image_done;
    im->task->event.data = t;

    return NGX_OK;
}


/* in a thread: neither pools nor logs may be touched here */

static void
ngx_xpecto_image_thread(void *data, ngx_log_t *log)
{
    ngx_xpecto_image_task_t  *t = data;

    ngx_int_t                 rc;
    ngx_msec_t                quiet;
    xpecto_rc_e               good;
    xpecto_image_t            compiled;
    ngx_xpecto_image_t       *im;
    ngx_xpecto_files_t        files, before;

    im = t->image;
    quiet = ngx_min(im->conf.reload, NGX_XPECTO_IMAGE_QUIET);

    if (ngx_xpecto_image_tried(im, &before) != NGX_OK) {
        t->result = NGX_XPECTO_IMAGE_LATER;
        return;
    }

    rc = before.n ? ngx_xpecto_files_changed(&before, quiet) : NGX_OK;

    if (rc != NGX_OK) {
        t->result = (rc == NGX_AGAIN) ? NGX_XPECTO_IMAGE_CHANGING
                                      : NGX_XPECTO_IMAGE_SAME;
        return;
    }

    ngx_memzero(&compiled, sizeof(xpecto_image_t));

    good = ngx_xpecto_image_compile(im, &files, &compiled, &t->err);

    t->result = NGX_XPECTO_IMAGE_CHANGING;

    if (ngx_xpecto_files_kept(&files, &before, quiet)) {
        t->result = ngx_xpecto_image_publish(im,
                                             (good == XPECTO_OK) ? &compiled
                                                                 : NULL,
                                             &files, &t->err);
    }

    /* said once for each state, not again when it settles */

    if (t->result == NGX_XPECTO_IMAGE_REFUSED
        && ngx_xpecto_files_same(&files, &before))
    {
        t->result = NGX_XPECTO_IMAGE_SAME;
    }

    free(compiled.data);
}


/* the files of the last attempt; none of them where it has to be repeated */

static ngx_int_t
ngx_xpecto_image_tried(ngx_xpecto_image_t *im, ngx_xpecto_files_t *files)
{
    ngx_xpecto_image_sh_t  *sh;

    sh = im->sh;

    if (ngx_xpecto_image_lock(sh) != NGX_OK) {
        return NGX_ERROR;
    }

    *files = sh->files;

    if (sh->late == im->config) {
        files->n = 0;
    }

    ngx_memory_barrier();
    sh->lock = 0;

    return NGX_OK;
}


static void
ngx_xpecto_image_done(ngx_event_t *ev)
{
    ngx_xpecto_image_t       *im;
    ngx_xpecto_image_task_t  *t;

    t = ev->data;
    im = t->image;

    im->busy = 0;

    if (t->result == NGX_XPECTO_IMAGE_CHANGING
        || t->result == NGX_XPECTO_IMAGE_LATER)
    {
        ngx_xpecto_image_waits(im, t->result);
        return;
    }

    im->waits = 0;

    switch (t->result) {

    case NGX_XPECTO_IMAGE_PUBLISHED:
        ngx_xpecto_count(ngx_xpecto_counters(im->cycle),
                         NGX_XPECTO_IMAGE_RELOADS_OK, 1);
        ngx_log_error(NGX_LOG_NOTICE, im->timer.log, 0,
                      "\"%V\" was loaded anew", &im->conf.file);

        ngx_xpecto_image_taken(im);
        break;

    case NGX_XPECTO_IMAGE_GOOD:
        ngx_log_error(NGX_LOG_NOTICE, im->timer.log, 0,
                      "\"%V\" is good again, it is what is in use",
                      &im->conf.file);
        break;

    case NGX_XPECTO_IMAGE_REFUSED:
        ngx_xpecto_count(ngx_xpecto_counters(im->cycle),
                         NGX_XPECTO_IMAGE_RELOADS_FAILED, 1);
        ngx_log_error(NGX_LOG_CRIT, im->timer.log, 0,
                      "\"%V\" is refused, the previous one stays: %s",
                      &im->conf.file, t->err.text);
        break;

    default: /* NGX_XPECTO_IMAGE_SAME */
        break;
    }
}


/* the next tick tries again; what never comes to an end is said once */

static void
ngx_xpecto_image_waits(ngx_xpecto_image_t *im,
    ngx_xpecto_image_result_e result)
{
    if (++im->waits != NGX_XPECTO_IMAGE_TRIES) {
        return;
    }

    ngx_xpecto_count(ngx_xpecto_counters(im->cycle),
                     NGX_XPECTO_IMAGE_RELOADS_FAILED, 1);

    if (result == NGX_XPECTO_IMAGE_CHANGING) {
        ngx_log_error(NGX_LOG_CRIT, im->timer.log, 0,
                      "\"%V\" never stops changing, the previous one stays "
                      "until it does", &im->conf.file);
        return;
    }

    ngx_log_error(NGX_LOG_CRIT, im->timer.log, 0,
                  "zone \"%V\" is held by a process that does not go on, the "
                  "previous \"%V\" stays until it does", &im->conf.zone,
                  &im->conf.file);
}


static void
ngx_xpecto_image_taken(ngx_xpecto_image_t *im)
{
    time_t  now;

    now = ngx_time();
    im->sh->remarked = (ngx_atomic_uint_t) now;

    ngx_xpecto_image_remark(im, ngx_xpecto_image_pin(im), 0, now,
                            im->timer.log);
    ngx_xpecto_image_unpin(im);

    if (im->watch != NULL) {
        im->watch(im->watched, im->timer.log);
    }
}

#endif
