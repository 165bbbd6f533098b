
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


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

/* a change within the clock's grain of the last one would look the same */

#define NGX_XPECTO_IMAGE_SETTLE 2


typedef struct {
    ngx_atomic_t                 pin;   /* pid << 2 | half + 1, 0: none */
    u_char                       padding[64 - sizeof(ngx_atomic_t)];
} ngx_xpecto_image_slot_t;


/* what a file looked like when it was last tried */

typedef struct {
    uint64_t                     device;
    uint64_t                     inode;
    uint64_t                     size;
    uint64_t                     mtime; /* ns */
    uint64_t                     error; /* errno of the attempt to look */
    uint64_t                     settled;
} ngx_xpecto_image_file_t;


typedef struct {
    ngx_atomic_t                 generation;
    ngx_atomic_t                 config;    /* newest configuration's number */
    ngx_atomic_t                 owner;     /* pid of the elected worker */
    ngx_atomic_t                 lock;      /* pid of the publishing process */
    size_t                       capacity;  /* of a half */
    size_t                       len[2];
    u_char                      *half[2];
    ngx_xpecto_image_file_t      file;
    ngx_xpecto_image_slot_t      slots[NGX_XPECTO_IMAGE_SLOTS];
} ngx_xpecto_image_sh_t;


struct ngx_xpecto_image_s {
    ngx_xpecto_image_conf_t      conf;
    ngx_xpecto_image_sh_t       *sh;
    ngx_shm_zone_t              *shm_zone;
    ngx_cycle_t                 *cycle;
    ngx_uint_t                   config;

    xpecto_image_t               compiled;  /* at configuration */
    ngx_xpecto_image_file_t      file;

    ngx_uint_t                   depth;     /* of nested pins */
    ngx_uint_t                   pinned;    /* generation */

    ngx_event_t                  timer;
#if (NGX_THREADS)
    ngx_thread_pool_t           *pool;
    ngx_thread_task_t           *task;
#endif
    unsigned                     busy:1;
};


#if (NGX_THREADS)

typedef enum {
    NGX_XPECTO_IMAGE_SAME = 0,
    NGX_XPECTO_IMAGE_PUBLISHED,
    NGX_XPECTO_IMAGE_FAILED
} ngx_xpecto_image_result_e;


typedef struct {
    ngx_xpecto_image_t          *image;
    ngx_xpecto_image_result_e    result;
    xpecto_err_t                 err;
} ngx_xpecto_image_task_t;

#endif


static void ngx_xpecto_image_cleanup(void *data);
static ngx_int_t ngx_xpecto_image_init_zone(ngx_shm_zone_t *shm_zone,
    void *data);
static ngx_int_t ngx_xpecto_image_alloc(ngx_xpecto_image_t *im);
static ngx_int_t ngx_xpecto_image_readable(ngx_xpecto_image_t *im,
    ngx_log_t *log);
static void ngx_xpecto_image_look(const char *path,
    ngx_xpecto_image_file_t *file);
static ngx_uint_t ngx_xpecto_image_is_same(ngx_xpecto_image_file_t *one,
    ngx_xpecto_image_file_t *two);
static ngx_int_t ngx_xpecto_image_publish(ngx_xpecto_image_t *im,
    xpecto_image_t *compiled);
static ngx_int_t ngx_xpecto_image_lock(ngx_xpecto_image_sh_t *sh);
static ngx_uint_t ngx_xpecto_image_is_read(ngx_xpecto_image_sh_t *sh,
    ngx_uint_t half);
static ngx_uint_t ngx_xpecto_image_is_dead(ngx_atomic_uint_t pid);

#if (NGX_THREADS)
static void ngx_xpecto_image_tick(ngx_event_t *ev);
static ngx_uint_t ngx_xpecto_image_elect(ngx_xpecto_image_t *im);
static void ngx_xpecto_image_thread(void *data, ngx_log_t *log);
static void ngx_xpecto_image_done(ngx_event_t *ev);
#endif


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

    cln = ngx_pool_cleanup_add(cf->pool, 0);
    if (cln == NULL) {
        return NULL;
    }

    cln->handler = ngx_xpecto_image_cleanup;
    cln->data = im;

    if (ngx_conf_full_name(cf->cycle, &im->conf.file, 1) != NGX_OK) {
        return NULL;
    }

    ngx_xpecto_image_look((char *) im->conf.file.data, &im->file);

    err.text[0] = '\0';

    if (conf->compile((char *) im->conf.file.data, conf->data, &im->compiled,
                      &err)
        != XPECTO_OK)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\" is refused: %s",
                           &im->conf.file, err.text);
        return NULL;
    }

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

    if (ngx_xpecto_image_readable(im, shm_zone->shm.log) != NGX_OK) {
        return NGX_ERROR;
    }

    if (old != NULL) {
        im->sh = old->sh;

    } else if (shm_zone->shm.exists) {
        im->sh = shpool->data;

    } else if (ngx_xpecto_image_alloc(im) != NGX_OK) {
        return NGX_ERROR;
    }

    if (im->compiled.len > im->sh->capacity) {
        ngx_log_error(NGX_LOG_EMERG, shm_zone->shm.log, 0,
                      "zone \"%V\" is too small for \"%V\": "
                      "an image of it takes %uz bytes, half of the zone "
                      "holds %uz", &im->conf.zone, &im->conf.file,
                      im->compiled.len, im->sh->capacity);
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
                      "%uz bytes", &im->conf.zone,
                      sizeof(ngx_xpecto_image_sh_t));
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
 * Workers run as an ordinary user: what they cannot read they could not
 * follow.  The master asks as that user, so that groups and ACLs count.
 */

static ngx_int_t
ngx_xpecto_image_readable(ngx_xpecto_image_t *im, ngx_log_t *log)
{
    int               ngroups;
    gid_t             gid, groups[NGROUPS_MAX];
    ngx_fd_t          fd;
    ngx_err_t         err;
    ngx_core_conf_t  *ccf;

    ccf = (ngx_core_conf_t *) ngx_get_conf(im->cycle->conf_ctx,
                                           ngx_core_module);

    if (im->conf.reload == 0 || geteuid() != 0
        || ccf->user == (ngx_uid_t) NGX_CONF_UNSET_UINT)
    {
        return NGX_OK;
    }

    gid = getegid();
    ngroups = getgroups(NGROUPS_MAX, groups);

    if (ngroups == -1
        || initgroups(ccf->username, ccf->group) == -1
        || setegid(ccf->group) == -1
        || seteuid(ccf->user) == -1)
    {
        ngx_log_error(NGX_LOG_ALERT, log, ngx_errno,
                      "becoming the user of the workers failed");
        fd = NGX_INVALID_FILE;
        err = 0;

    } else {
        fd = ngx_open_file(im->conf.file.data, NGX_FILE_RDONLY,
                           NGX_FILE_OPEN, 0);
        err = ngx_errno;
    }

    if (seteuid(0) == -1
        || setegid(gid) == -1
        || (ngroups != -1 && setgroups(ngroups, groups) == -1))
    {
        ngx_log_error(NGX_LOG_ALERT, log, ngx_errno,
                      "becoming the superuser again failed");
        return NGX_ERROR;
    }

    if (fd == NGX_INVALID_FILE && im->conf.optional && err == NGX_ENOENT) {
        return NGX_OK;
    }

    if (fd == NGX_INVALID_FILE) {
        ngx_log_error(NGX_LOG_EMERG, log, err,
                      "\"%V\" cannot be read by the user \"%s\" of the "
                      "workers, who have to follow it",
                      &im->conf.file, ccf->username);
        return NGX_ERROR;
    }

    (void) ngx_close_file(fd);

    return NGX_OK;
}


void
ngx_xpecto_image_start(ngx_xpecto_image_t *im, ngx_log_t *log)
{
    ngx_xpecto_image_sh_t  *sh;

    /* only now is the configuration sure to be the one that runs */

    sh = im->sh;

    /* first: a worker of an older one may be about to publish its image */

    im->config = (ngx_uint_t) ngx_atomic_fetch_add(&sh->config, 1) + 1;

    if (ngx_xpecto_image_publish(im, &im->compiled) == NGX_BUSY) {
        ngx_log_error(NGX_LOG_ALERT, log, 0,
                      "zone \"%V\" is held by a reader, \"%V\" is in "
                      "force when a worker has published it",
                      &im->conf.zone, &im->conf.file);

        /* what nobody saw: the first look of a worker finds a change */

        ngx_memzero(&sh->file, sizeof(ngx_xpecto_image_file_t));

    } else {
        sh->file = im->file;
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

            sh->slots[ngx_process_slot].pin = (ngx_atomic_uint_t) ngx_pid << 2
                                              | ((im->pinned & 1) + 1);
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
        im->sh->slots[ngx_process_slot].pin = 0;
    }
}


ngx_uint_t
ngx_xpecto_image_generation(ngx_xpecto_image_t *im)
{
    return im->depth ? im->pinned : im->sh->generation;
}


static void
ngx_xpecto_image_look(const char *path, ngx_xpecto_image_file_t *file)
{
    struct stat  st;

    ngx_memzero(file, sizeof(ngx_xpecto_image_file_t));

    if (stat(path, &st) == -1) {
        file->error = ngx_errno;
        file->settled = 1;
        return;
    }

    file->device = st.st_dev;
    file->inode = st.st_ino;
    file->size = st.st_size;
    file->mtime = (uint64_t) st.st_mtim.tv_sec * 1000000000
                  + st.st_mtim.tv_nsec;
    file->settled = time(NULL) - st.st_mtime >= NGX_XPECTO_IMAGE_SETTLE;
}


static ngx_uint_t
ngx_xpecto_image_is_same(ngx_xpecto_image_file_t *one,
    ngx_xpecto_image_file_t *two)
{
    return one->device == two->device
           && one->inode == two->inode
           && one->size == two->size
           && one->mtime == two->mtime
           && one->error == two->error
           && one->settled == two->settled;
}


/*
 * NGX_OK        published
 * NGX_DECLINED  the current image has the same bytes
 * NGX_BUSY      a reader or another writer did not get out of the way
 * NGX_ABORT     a newer configuration has its own image
 * NGX_ERROR     the image is larger than a half
 */

static ngx_int_t
ngx_xpecto_image_publish(ngx_xpecto_image_t *im, xpecto_image_t *compiled)
{
    ngx_int_t               rc;
    ngx_uint_t              current, next, wait;
    ngx_xpecto_image_sh_t  *sh;

    sh = im->sh;

    if (compiled->len > sh->capacity) {
        return NGX_ERROR;
    }

    if (ngx_xpecto_image_lock(sh) != NGX_OK) {
        return NGX_BUSY;
    }

    if (sh->config != im->config) {
        rc = NGX_ABORT;
        goto done;
    }

    current = sh->generation & 1;
    next = current ^ 1;

    if (sh->len[current] == compiled->len
        && ngx_memcmp(sh->half[current], compiled->data, compiled->len) == 0)
    {
        rc = NGX_DECLINED;
        goto done;
    }

    for (wait = 0; ngx_xpecto_image_is_read(sh, next); wait++) {

        if (wait == NGX_XPECTO_IMAGE_WAIT) {
            rc = NGX_BUSY;
            goto done;
        }

        ngx_msleep(1);
    }

    ngx_memcpy(sh->half[next], compiled->data, compiled->len);
    sh->len[next] = compiled->len;

    ngx_memory_barrier();
    (void) ngx_atomic_fetch_add(&sh->generation, 1);

    rc = NGX_OK;

done:

    ngx_memory_barrier();
    sh->lock = 0;

    return rc;
}


static ngx_int_t
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


static ngx_uint_t
ngx_xpecto_image_is_dead(ngx_atomic_uint_t pid)
{
    return kill((ngx_pid_t) pid, 0) == -1 && ngx_errno == ESRCH;
}


xpecto_rc_e
ngx_xpecto_read_file(const char *path, size_t max, xpecto_image_t *content,
    xpecto_err_t *err)
{
    int           fd;
    size_t        size;
    ssize_t       n;
    struct stat   st;

    content->data = NULL;
    content->len = 0;

    fd = open(path, O_RDONLY|O_CLOEXEC|O_NONBLOCK);

    if (fd == -1 || fstat(fd, &st) == -1) {
        (void) snprintf(err->text, sizeof(err->text),
                        "it cannot be opened (error %d)", ngx_errno);
        goto failed;
    }

    if (!S_ISREG(st.st_mode)) {
        (void) snprintf(err->text, sizeof(err->text),
                        "it is not a regular file");
        goto failed;
    }

    size = (size_t) st.st_size;

    if (size == 0 || size > max) {
        (void) snprintf(err->text, sizeof(err->text),
                        size ? "it is larger than %zu bytes" : "it is empty",
                        max);
        goto failed;
    }

    content->data = malloc(size);
    if (content->data == NULL) {
        (void) snprintf(err->text, sizeof(err->text), "no memory");
        goto failed;
    }

    while (content->len < size) {

        n = read(fd, (u_char *) content->data + content->len,
                 size - content->len);

        if (n == -1 && ngx_errno == NGX_EINTR) {
            continue;
        }

        if (n <= 0) {
            (void) snprintf(err->text, sizeof(err->text),
                            "it could not be read to its end");
            goto failed;
        }

        content->len += n;
    }

    (void) close(fd);

    return XPECTO_OK;

failed:

    if (fd != -1) {
        (void) close(fd);
    }

    free(content->data);
    content->data = NULL;

    return XPECTO_ERROR;
}


void
ngx_xpecto_image_stop(ngx_xpecto_image_t *im)
{
    if (im->sh != NULL) {
        (void) ngx_atomic_cmp_set(&im->sh->owner, ngx_pid, 0);
    }
}


#if (NGX_THREADS)

ngx_int_t
ngx_xpecto_image_follow(ngx_xpecto_image_t *im, ngx_cycle_t *cycle)
{
    ngx_xpecto_image_task_t  *t;

    /* with master_process off nothing would end this at a reload */

    if (im->conf.reload == 0 || ngx_process != NGX_PROCESS_WORKER) {
        return NGX_OK;
    }

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

    im->timer.handler = ngx_xpecto_image_tick;
    im->timer.data = im;
    im->timer.log = cycle->log;
    im->timer.cancelable = 1;

    ngx_add_timer(&im->timer, im->conf.reload);

    return NGX_OK;
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

    if (!im->busy && ngx_xpecto_image_elect(im)
        && ngx_thread_task_post(im->pool, im->task) == NGX_OK)
    {
        im->busy = 1;
    }

    ngx_add_timer(ev, im->conf.reload);
}


static ngx_uint_t
ngx_xpecto_image_elect(ngx_xpecto_image_t *im)
{
    ngx_atomic_uint_t  owner;

    owner = im->sh->owner;

    if (owner == (ngx_atomic_uint_t) ngx_pid) {
        return 1;
    }

    return (owner == 0 || ngx_xpecto_image_is_dead(owner))
           && ngx_atomic_cmp_set(&im->sh->owner, owner, ngx_pid);
}


/* in a thread: neither pools nor logs may be touched here */

static void
ngx_xpecto_image_thread(void *data, ngx_log_t *log)
{
    ngx_xpecto_image_task_t  *t = data;

    ngx_int_t                 rc;
    xpecto_rc_e               compiled_rc;
    xpecto_image_t            compiled;
    ngx_xpecto_image_t       *im;
    ngx_xpecto_image_file_t   file;

    im = t->image;
    t->result = NGX_XPECTO_IMAGE_SAME;

    ngx_xpecto_image_look((char *) im->conf.file.data, &file);

    if (ngx_xpecto_image_is_same(&file, &im->sh->file)) {
        return;
    }

    ngx_memzero(&compiled, sizeof(xpecto_image_t));

    compiled_rc = im->conf.compile((char *) im->conf.file.data, im->conf.data,
                                   &compiled, &t->err);

    if (compiled_rc == XPECTO_OK) {
        rc = ngx_xpecto_image_publish(im, &compiled);

    } else {
        rc = NGX_DONE;
    }

    switch (rc) {

    case NGX_OK:
        t->result = NGX_XPECTO_IMAGE_PUBLISHED;
        break;

    case NGX_DECLINED:
        break;

    case NGX_BUSY:
    case NGX_ABORT:
        /* the next tick tries again, or ends it */
        free(compiled.data);
        return;

    case NGX_ERROR:
        (void) snprintf(t->err.text, sizeof(t->err.text),
                        "an image of it takes %zu bytes, half of the zone "
                        "holds %zu", compiled.len, im->sh->capacity);
        /* fall through */

    default: /* NGX_DONE: refused */

        /* once for each state of the file, not again when it settles */

        if (im->sh->file.settled || file.mtime != im->sh->file.mtime) {
            t->result = NGX_XPECTO_IMAGE_FAILED;
        }

        break;
    }

    im->sh->file = file;

    free(compiled.data);
}


static void
ngx_xpecto_image_done(ngx_event_t *ev)
{
    ngx_xpecto_image_t       *im;
    ngx_xpecto_image_task_t  *t;

    t = ev->data;
    im = t->image;

    im->busy = 0;

    switch (t->result) {

    case NGX_XPECTO_IMAGE_PUBLISHED:
        ngx_xpecto_count(ngx_xpecto_counters(im->cycle),
                         NGX_XPECTO_IMAGE_RELOADS_OK, 1);
        ngx_log_error(NGX_LOG_NOTICE, im->timer.log, 0,
                      "\"%V\" was loaded anew", &im->conf.file);
        break;

    case NGX_XPECTO_IMAGE_FAILED:
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

#else

ngx_int_t
ngx_xpecto_image_follow(ngx_xpecto_image_t *im, ngx_cycle_t *cycle)
{
    /* without threads a file is followed by a reload of nginx only */

    return NGX_OK;
}

#endif
