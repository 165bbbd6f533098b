
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_xpecto_image.h"
#include "core/xpecto_doc.h"

#if defined(__GLIBC__)
#include <malloc.h>
#endif


static ngx_int_t ngx_xpecto_image_label(ngx_conf_t *cf,
    ngx_xpecto_image_t *im);
static ngx_int_t ngx_xpecto_image_refused(void *data, ngx_array_t *samples);
static xpecto_rc_e ngx_xpecto_image_first(ngx_xpecto_image_t *im,
    xpecto_err_t *err);
static void ngx_xpecto_image_cleanup(void *data);
static ngx_int_t ngx_xpecto_image_init_zone(ngx_shm_zone_t *shm_zone,
    void *data);
static ngx_int_t ngx_xpecto_image_alloc(ngx_xpecto_image_t *im);
static ngx_int_t ngx_xpecto_image_inherit(ngx_xpecto_image_t *im);
static ngx_xpecto_image_t *ngx_xpecto_image_before(ngx_xpecto_image_t *im);
static ngx_xpecto_image_result_e ngx_xpecto_image_replace(
    ngx_xpecto_image_t *im, xpecto_image_t *compiled,
    const ngx_xpecto_files_t *files, xpecto_err_t *err);
static ngx_uint_t ngx_xpecto_image_is_read(ngx_xpecto_image_sh_t *sh,
    ngx_uint_t half);


ngx_xpecto_image_t *
ngx_xpecto_image(ngx_conf_t *cf, ngx_xpecto_image_conf_t *conf)
{
    xpecto_err_t              err;
    ngx_pool_cleanup_t       *cln;
    ngx_xpecto_image_t       *im, **imp;
    ngx_xpecto_main_conf_t   *xmcf;

    im = ngx_pcalloc(cf->pool, sizeof(ngx_xpecto_image_t));
    if (im == NULL) {
        return NULL;
    }

    im->conf = *conf;
    im->cycle = cf->cycle;
    im->conf_file = cf->conf_file->file.name;
    im->conf_line = cf->conf_file->line;

    cln = ngx_pool_cleanup_add(cf->pool, 0);
    if (cln == NULL) {
        return NULL;
    }

    cln->handler = ngx_xpecto_image_cleanup;
    cln->data = im;

    if (ngx_conf_full_name(cf->cycle, &im->conf.file, 1) != NGX_OK
        || ngx_xpecto_image_label(cf, im) != NGX_OK)
    {
        return NULL;
    }

    err.text[0] = '\0';

    if (ngx_xpecto_image_first(im, &err) != XPECTO_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\" is refused: %s",
                           &im->conf.file, err.text);
        return NULL;
    }

    im->remarked = ngx_time();
    ngx_xpecto_image_remark(im, im->compiled.data, 0, im->remarked, cf->log);

#if defined(__GLIBC__)

    /*
     * A document of 25 MB takes ten times as much, in small pieces, which
     * workers would inherit.  Not in a worker's thread: its event loop would
     * wait for the kernel to take back all those pages.
     */

    (void) malloc_trim(0);

#endif

    /* a zone of another kind of image is not taken over at a reload */

    im->shm_zone = ngx_shared_memory_add(cf, &im->conf.zone, im->conf.size,
                                         (void *) (uintptr_t) conf->compile);
    if (im->shm_zone == NULL) {
        return NULL;
    }

    if (im->shm_zone->data != NULL) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "zone \"%V\" is already used", &im->conf.zone);
        return NULL;
    }

    im->shm_zone->init = ngx_xpecto_image_init_zone;
    im->shm_zone->data = im;

    xmcf = ngx_http_conf_get_module_main_conf(cf, ngx_xpecto_module);

    imp = ngx_array_push(&xmcf->images);
    if (imp == NULL) {
        return NULL;
    }

    *imp = im;

#if (NGX_THREADS)

    if (im->conf.reload) {
        im->pool = ngx_thread_pool_add(cf, NULL);
        if (im->pool == NULL) {
            return NULL;
        }
    }

#endif

    return im;
}


/* escaped as Prometheus and JSON have it, both */

static ngx_int_t
ngx_xpecto_image_label(ngx_conf_t *cf, ngx_xpecto_image_t *im)
{
    u_char      *p;
    ngx_str_t   *file;
    ngx_uint_t   i;

    file = &im->conf.file;

    p = ngx_pnalloc(cf->pool, sizeof("file=\"\"") - 1 + 2 * file->len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    im->label.data = p;

    p = ngx_cpymem(p, "file=\"", sizeof("file=\"") - 1);

    for (i = 0; i < file->len; i++) {

        if (file->data[i] == '"' || file->data[i] == '\\') {
            *p++ = '\\';
        }

        *p++ = file->data[i];
    }

    *p++ = '"';

    im->label.len = p - im->label.data;

    return NGX_OK;
}


ngx_int_t
ngx_xpecto_image_gauges(ngx_conf_t *cf, ngx_xpecto_main_conf_t *xmcf)
{
    ngx_xpecto_gauge_t  gauge;

    ngx_memzero(&gauge, sizeof(ngx_xpecto_gauge_t));

    ngx_str_set(&gauge.name, "xpecto_reload_refused");
    ngx_str_set(&gauge.help,
                "1: the file on the disk is refused, one before is in use.");
    gauge.list = ngx_xpecto_image_refused;
    gauge.data = &xmcf->images;

    return ngx_xpecto_gauge(cf, &gauge);
}


static ngx_int_t
ngx_xpecto_image_refused(void *data, ngx_array_t *samples)
{
    ngx_array_t *images = data;

    ngx_uint_t             i;
    ngx_xpecto_image_t   **im;
    ngx_xpecto_sample_t   *sample;

    im = images->elts;

    for (i = 0; i < images->nelts; i++) {

        sample = ngx_array_push(samples);
        if (sample == NULL) {
            return NGX_ERROR;
        }

        sample->label = im[i]->label;
        sample->value = im[i]->sh->refused;
    }

    return NGX_OK;
}


/*
 * Requests are allocated from the heap that is inherited from here: pieces of
 * documents, freed in another order each time, would be what malloc has to
 * look through.  A single process that reloads may have threads which parse.
 */

static xpecto_rc_e
ngx_xpecto_image_first(ngx_xpecto_image_t *im, xpecto_err_t *err)
{
    ngx_uint_t   alone;
    xpecto_rc_e  rc;

    alone = (ngx_process == NGX_PROCESS_MASTER || ngx_is_init_cycle(ngx_cycle));

    if (alone) {
        xpecto_doc_apart();
    }

    rc = ngx_xpecto_image_compile(im, &im->files, &im->compiled, err);

    if (alone) {
        xpecto_doc_apart_end();
    }

    return rc;
}


xpecto_rc_e
ngx_xpecto_image_compile(ngx_xpecto_image_t *im, ngx_xpecto_files_t *files,
    xpecto_image_t *compiled, xpecto_err_t *err)
{
    char  *path;

    files->n = 0;
    path = (char *) im->conf.file.data;

    if (ngx_xpecto_files_add(files, path, err) != XPECTO_OK) {
        return XPECTO_ERROR;
    }

    return im->conf.compile(path, files, im->conf.data, compiled, err);
}


void
ngx_xpecto_image_remark(ngx_xpecto_image_t *im, const void *image,
    time_t since, time_t now, ngx_log_t *log)
{
    ngx_xpecto_remark_t  remark;

    if (im->conf.remark == NULL || image == NULL) {
        return;
    }

    remark.file = &im->conf.file;
    remark.data = im->conf.data;
    remark.since = since;
    remark.now = now;
    remark.log = log;

    im->conf.remark(image, &remark);
}


void
ngx_xpecto_image_watch(ngx_xpecto_image_t *im, ngx_xpecto_watch_pt watch,
    void *data)
{
    im->watch = watch;
    im->watched = data;
}


const void *
ngx_xpecto_image_compiled(ngx_xpecto_image_t *im, ngx_str_t *file)
{
    *file = im->conf.file;

    return im->compiled.data;
}


static void
ngx_xpecto_image_cleanup(void *data)
{
    ngx_xpecto_image_t *im = data;

    free(im->compiled.data);
    im->compiled.data = NULL;
}


static ngx_int_t
ngx_xpecto_image_init_zone(ngx_shm_zone_t *shm_zone, void *data)
{
    ngx_xpecto_image_t  *old = data;

    ngx_slab_pool_t     *shpool;
    ngx_xpecto_image_t  *im;

    im = shm_zone->data;
    shpool = (ngx_slab_pool_t *) shm_zone->shm.addr;

    if (im->conf.reload
        && ngx_xpecto_files_readable(&im->files, im->cycle, im->conf.optional,
                                     &im->conf_file, im->conf_line)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (old != NULL) {
        im->sh = old->sh;

    } else if (shm_zone->shm.exists) {
        im->sh = shpool->data;

    } else if (ngx_xpecto_image_alloc(im) != NGX_OK
               || ngx_xpecto_image_inherit(im) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (im->compiled.len > im->sh->capacity) {
        ngx_log_error(NGX_LOG_EMERG, shm_zone->shm.log, 0,
                      "zone \"%V\" is too small for \"%V\": "
                      "an image of it takes %uz bytes, half of the zone "
                      "holds %uz in %V:%ui", &im->conf.zone, &im->conf.file,
                      im->compiled.len, im->sh->capacity, &im->conf_file,
                      im->conf_line);
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_xpecto_image_alloc(ngx_xpecto_image_t *im)
{
    size_t                  pages;
    ngx_uint_t              i;
    ngx_slab_pool_t        *shpool;
    ngx_xpecto_image_sh_t  *sh;

    shpool = (ngx_slab_pool_t *) im->shm_zone->shm.addr;

    shpool->log_nomem = 0;

    sh = ngx_slab_calloc(shpool, sizeof(ngx_xpecto_image_sh_t));

    if (sh == NULL || shpool->pfree < 2) {
        ngx_log_error(NGX_LOG_EMERG, im->shm_zone->shm.log, 0,
                      "zone \"%V\" is too small: its readers alone take "
                      "%uz bytes in %V:%ui", &im->conf.zone,
                      sizeof(ngx_xpecto_image_sh_t), &im->conf_file,
                      im->conf_line);
        return NGX_ERROR;
    }

    pages = shpool->pfree / 2;
    sh->capacity = pages * ngx_pagesize;

    for (i = 0; i < 2; i++) {
        sh->half[i] = ngx_slab_alloc(shpool, sh->capacity);
        if (sh->half[i] == NULL) {
            return NGX_ERROR;
        }
    }

    shpool->data = sh;
    im->sh = sh;

    return NGX_OK;
}


/*
 * A zone of another size or name begins with what was made of the file before:
 * what may follow on it is the same as in a zone that is taken over.
 */

static ngx_int_t
ngx_xpecto_image_inherit(ngx_xpecto_image_t *im)
{
    size_t                  len;
    ngx_uint_t              current;
    xpecto_rc_e             rc;
    xpecto_err_t            err;
    ngx_xpecto_image_t     *old;
    ngx_xpecto_image_sh_t  *sh, *before;

    old = ngx_xpecto_image_before(im);

    if (old == NULL) {
        return NGX_OK;
    }

    sh = im->sh;
    before = old->sh;

    if (ngx_xpecto_image_lock(before) != NGX_OK) {
        ngx_log_error(NGX_LOG_EMERG, im->shm_zone->shm.log, 0,
                      "zone \"%V\" of \"%V\" is held by a worker",
                      &old->conf.zone, &im->conf.file);
        return NGX_ERROR;
    }

    rc = XPECTO_OK;
    current = before->generation & 1;
    len = before->len[current];

    if (len > sh->capacity) {

        /* there is no room for it, and no need if it may be replaced */

        if (im->conf.accept != NULL) {
            rc = im->conf.accept(before->half[current], im->compiled.data,
                                 &err);
        }

    } else {
        ngx_memcpy(sh->half[0], before->half[current], len);
        sh->len[0] = len;
        sh->files = before->files;
        sh->refused = before->refused;
    }

    ngx_memory_barrier();
    before->lock = 0;

    if (rc != XPECTO_OK) {
        ngx_log_error(NGX_LOG_EMERG, im->shm_zone->shm.log, 0,
                      "\"%V\" cannot be taken over, and zone \"%V\" is too "
                      "small for what was made of it before: %s in %V:%ui",
                      &im->conf.file, &im->conf.zone, err.text,
                      &im->conf_file, im->conf_line);
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* that of the same file and kind, in the configuration that is replaced */

static ngx_xpecto_image_t *
ngx_xpecto_image_before(ngx_xpecto_image_t *im)
{
    ngx_uint_t           i;
    ngx_shm_zone_t      *shm_zone;
    ngx_list_part_t     *part;
    ngx_xpecto_image_t  *old;

    if (im->cycle->old_cycle == NULL) {
        return NULL;
    }

    part = &im->cycle->old_cycle->shared_memory.part;
    shm_zone = part->elts;

    for (i = 0; /* void */ ; i++) {

        if (i >= part->nelts) {

            if (part->next == NULL) {
                return NULL;
            }

            part = part->next;
            shm_zone = part->elts;
            i = 0;
        }

        if (shm_zone[i].init != ngx_xpecto_image_init_zone
            || shm_zone[i].tag != im->shm_zone->tag)
        {
            continue;
        }

        old = shm_zone[i].data;

        if (old->sh != NULL && old->conf.file.len == im->conf.file.len
            && ngx_memcmp(old->conf.file.data, im->conf.file.data,
                          im->conf.file.len)
               == 0)
        {
            return old;
        }
    }
}


void
ngx_xpecto_image_start(ngx_xpecto_image_t *im, ngx_log_t *log)
{
    xpecto_err_t            err;
    ngx_xpecto_image_sh_t  *sh;

    /* only now is the configuration sure to be the one that runs */

    sh = im->sh;

    /* first: a worker of an older one may be about to publish its image */

    im->config = (ngx_uint_t) ngx_atomic_fetch_add(&sh->config, 1) + 1;

    sh->remarked = (ngx_atomic_uint_t) im->remarked;

    switch (ngx_xpecto_image_publish(im, &im->compiled, &im->files, &err)) {

    case NGX_XPECTO_IMAGE_REFUSED:
        ngx_log_error(NGX_LOG_WARN, log, 0,
                      "\"%V\" is not taken over, what was made of it before "
                      "stays until nginx is started anew: %s",
                      &im->conf.file, err.text);
        break;

    case NGX_XPECTO_IMAGE_LATER:
        ngx_log_error(NGX_LOG_ALERT, log, 0,
                      "zone \"%V\" is held by a reader, \"%V\" is in "
                      "force %s", &im->conf.zone, &im->conf.file,
                      im->conf.reload ? "when a worker has published it"
                                      : "after another reload of nginx");

        sh->late = im->config;
        break;

    default:
        break;
    }

    ngx_xpecto_image_cleanup(im);
}


const void *
ngx_xpecto_image_pin(ngx_xpecto_image_t *im)
{
    ngx_uint_t              half;
    ngx_xpecto_image_sh_t  *sh;

    sh = im->sh;

    if (im->depth++ == 0) {

        do {
            im->pinned = sh->generation;

            *im->slot = im->pin + (im->pinned & 1);
            __sync_synchronize();

        } while (sh->generation != im->pinned);
    }

    half = im->pinned & 1;

    return sh->len[half] ? sh->half[half] : NULL;
}


void
ngx_xpecto_image_unpin(ngx_xpecto_image_t *im)
{
    if (--im->depth == 0) {
        ngx_memory_barrier();
        *im->slot = 0;
    }
}


ngx_uint_t
ngx_xpecto_image_generation(ngx_xpecto_image_t *im)
{
    return im->depth ? im->pinned : im->sh->generation;
}


ngx_atomic_t *
ngx_xpecto_image_clock(ngx_xpecto_image_t *im)
{
    return &im->sh->generation;
}


ngx_xpecto_image_result_e
ngx_xpecto_image_publish(ngx_xpecto_image_t *im, xpecto_image_t *compiled,
    const ngx_xpecto_files_t *files, xpecto_err_t *err)
{
    ngx_xpecto_image_sh_t      *sh;
    ngx_xpecto_image_result_e   result;

    sh = im->sh;

    if (ngx_xpecto_image_lock(sh) != NGX_OK) {
        return NGX_XPECTO_IMAGE_LATER;
    }

    if (sh->config != im->config) {
        /* a newer configuration has its own image */
        result = NGX_XPECTO_IMAGE_LATER;

    } else if (compiled == NULL) {
        result = NGX_XPECTO_IMAGE_REFUSED;

    } else {
        result = ngx_xpecto_image_replace(im, compiled, files, err);
    }

    if (result != NGX_XPECTO_IMAGE_LATER) {

        if (result == NGX_XPECTO_IMAGE_SAME && sh->refused) {
            result = NGX_XPECTO_IMAGE_GOOD;
        }

        sh->refused = (result == NGX_XPECTO_IMAGE_REFUSED);
        sh->files = *files;

        (void) ngx_atomic_cmp_set(&sh->late, im->config, 0);
    }

    ngx_memory_barrier();
    sh->lock = 0;

    return result;
}


/* the lock is held: nobody else changes what is current */

static ngx_xpecto_image_result_e
ngx_xpecto_image_replace(ngx_xpecto_image_t *im, xpecto_image_t *compiled,
    const ngx_xpecto_files_t *files, xpecto_err_t *err)
{
    ngx_uint_t              current, next, wait;
    ngx_xpecto_image_sh_t  *sh;

    sh = im->sh;

    current = sh->generation & 1;
    next = current ^ 1;

    if (im->conf.succeed != NULL && sh->len[current]) {

        switch (im->conf.succeed(sh->half[current], compiled, err)) {

        case XPECTO_OK:
            break;

        case XPECTO_DECLINED:
            return NGX_XPECTO_IMAGE_SAME;

        default: /* XPECTO_ERROR */
            return NGX_XPECTO_IMAGE_REFUSED;
        }

    } else if (sh->len[current] == compiled->len
               && ngx_memcmp(sh->half[current], compiled->data, compiled->len)
                  == 0)
    {
        return NGX_XPECTO_IMAGE_SAME;
    }

    if (compiled->len > sh->capacity) {
        (void) snprintf(err->text, sizeof(err->text),
                        "an image of it takes %zu bytes, half of the zone "
                        "holds %zu", compiled->len, sh->capacity);
        return NGX_XPECTO_IMAGE_REFUSED;
    }

    /* a directive that names another file means it */

    if (im->conf.accept != NULL && sh->len[current]
        && ngx_strcmp(sh->files.file[0].name, files->file[0].name) == 0
        && im->conf.accept(sh->half[current], compiled->data, err)
           != XPECTO_OK)
    {
        return NGX_XPECTO_IMAGE_REFUSED;
    }

    for (wait = 0; ngx_xpecto_image_is_read(sh, next); wait++) {

        if (wait == NGX_XPECTO_IMAGE_WAIT) {
            return NGX_XPECTO_IMAGE_LATER;
        }

        ngx_msleep(1);
    }

    if (sh->config != im->config) {
        return NGX_XPECTO_IMAGE_LATER;
    }

    ngx_memcpy(sh->half[next], compiled->data, compiled->len);
    sh->len[next] = compiled->len;

    ngx_memory_barrier();
    (void) ngx_atomic_fetch_add(&sh->generation, 1);

    return NGX_XPECTO_IMAGE_PUBLISHED;
}


ngx_int_t
ngx_xpecto_image_lock(ngx_xpecto_image_sh_t *sh)
{
    ngx_uint_t         wait;
    ngx_atomic_uint_t  holder;

    for (wait = 0; wait < NGX_XPECTO_IMAGE_WAIT; wait++) {

        holder = sh->lock;

        if ((holder == 0 || ngx_xpecto_image_is_dead(holder))
            && ngx_atomic_cmp_set(&sh->lock, holder, ngx_pid))
        {
            return NGX_OK;
        }

        ngx_msleep(1);
    }

    return NGX_ERROR;
}


static ngx_uint_t
ngx_xpecto_image_is_read(ngx_xpecto_image_sh_t *sh, ngx_uint_t half)
{
    ngx_uint_t         i;
    ngx_atomic_uint_t  pin;

    for (i = 0; i < NGX_XPECTO_IMAGE_SLOTS; i++) {

        pin = sh->slots[i].pin;

        if ((pin & 3) == half + 1 && !ngx_xpecto_image_is_dead(pin >> 2)) {
            return 1;
        }
    }

    return 0;
}


ngx_uint_t
ngx_xpecto_image_is_dead(ngx_atomic_uint_t pid)
{
    return kill((ngx_pid_t) pid, 0) == -1 && ngx_errno == ESRCH;
}


ngx_int_t
ngx_xpecto_image_begin(ngx_xpecto_image_t *im, ngx_cycle_t *cycle)
{
    im->slot = &im->sh->slots[ngx_process_slot].pin;
    im->pin = ((ngx_atomic_uint_t) ngx_pid << 2) + 1;

    /* of a process before in this place, whose pid may be that of another */

    *im->slot = 0;

    return ngx_xpecto_image_follow(im, cycle);
}
