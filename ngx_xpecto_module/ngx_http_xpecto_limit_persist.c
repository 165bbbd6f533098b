
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_limit_persist.h"


/*
 * A file for what a zone holds: read when the zone begins, written every ten
 * seconds by one worker of all, and by the master when it ends.  Who writes
 * makes a new file and renames it: whenever a process dies, one whole file is
 * there.
 */


#define NGX_HTTP_XPECTO_LIMIT_PERSIST_FIRST  1000   /* ms */
#define NGX_HTTP_XPECTO_LIMIT_PERSIST_EVERY  10000

/* seconds after which a worker that should have written has lost its turn */

#define NGX_HTTP_XPECTO_LIMIT_PERSIST_LATE   30


static ngx_int_t ngx_http_xpecto_limit_writable_try(ngx_cycle_t *cycle,
    ngx_core_conf_t *ccf, void *data);
static void ngx_http_xpecto_limit_tick(ngx_event_t *ev);
static ngx_uint_t ngx_http_xpecto_limit_elect(
    ngx_http_xpecto_limit_shm_t *sh);
static void ngx_http_xpecto_limit_resign(ngx_http_xpecto_limit_shm_t *sh);
static void ngx_http_xpecto_limit_write_done(ngx_event_t *ev);
static void ngx_http_xpecto_limit_write(ngx_http_xpecto_limit_persist_t *p);
static void ngx_http_xpecto_limit_write_file(
    ngx_http_xpecto_limit_persist_t *p, ngx_http_xpecto_limit_work_t *w,
    ngx_fd_t fd);
static ngx_uint_t ngx_http_xpecto_limit_next_cell(
    ngx_http_xpecto_limit_zone_t *zone, ngx_http_xpecto_limit_work_t *w,
    xpecto_cell_t *cell);
static ngx_int_t ngx_http_xpecto_limit_write_full(
    ngx_http_xpecto_limit_persist_t *p, ngx_fd_t fd, u_char *data,
    size_t len);
static ngx_int_t ngx_http_xpecto_limit_write_failed(
    ngx_http_xpecto_limit_persist_t *p, const char *what, ngx_err_t err);
static void ngx_http_xpecto_limit_written(ngx_http_xpecto_limit_persist_t *p,
    ngx_cycle_t *cycle);
static ngx_uint_t ngx_http_xpecto_limit_age(void *data);
#if (NGX_THREADS)
static void ngx_http_xpecto_limit_write_thread(void *data, ngx_log_t *log);
#endif


char *
ngx_http_xpecto_limit_persist(ngx_conf_t *cf, ngx_array_t *zones,
    ngx_http_xpecto_limit_zone_t *zone, ngx_str_t *file)
{
    size_t                            len;
    ngx_uint_t                        i;
    ngx_http_xpecto_limit_zone_t    **z;
    ngx_http_xpecto_limit_persist_t  *p;

    p = ngx_pcalloc(cf->pool, sizeof(ngx_http_xpecto_limit_persist_t));
    if (p == NULL) {
        return NGX_CONF_ERROR;
    }

    p->zone = zone;
    p->file = *file;
    p->conf = cf->conf_file->file.name;
    p->line = cf->conf_file->line;

    if (ngx_conf_full_name(cf->cycle, &p->file, 0) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    z = zones->elts;

    for (i = 0; i < zones->nelts; i++) {

        if (z[i]->persist != NULL
            && z[i]->persist->file.len == p->file.len
            && ngx_strncmp(z[i]->persist->file.data, p->file.data,
                           p->file.len)
               == 0)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%V\" is the file of zone \"%V\" already",
                               file, &z[i]->name);
            return NGX_CONF_ERROR;
        }
    }

    p->temp.len = p->file.len + sizeof(".new") - 1;
    p->temp.data = ngx_pnalloc(cf->pool, p->temp.len + 1);
    if (p->temp.data == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_sprintf(p->temp.data, "%V.new%Z", &p->file);

    p->cycle = cf->cycle;
    p->folder = ngx_pnalloc(cf->pool, p->file.len + 1);
    if (p->folder == NULL) {
        return NGX_CONF_ERROR;
    }

    /* a full name: it has a slash */

    for (len = p->file.len; p->file.data[len - 1] != '/'; len--) { /* void */ }

    ngx_sprintf((u_char *) p->folder, "%*s%Z", len, p->file.data);

#if (NGX_THREADS)

    p->pool = ngx_thread_pool_add(cf, NULL);
    if (p->pool == NULL) {
        return NGX_CONF_ERROR;
    }

#endif

    zone->persist = p;

    return NGX_CONF_OK;
}


/* the zones are known by now, and the key ring, wherever it stands */

ngx_int_t
ngx_http_xpecto_limit_persist_init(ngx_conf_t *cf, ngx_array_t *zones)
{
    u_char                           *label;
    ngx_uint_t                        i;
    ngx_xpecto_gauge_t                gauge;
    ngx_http_xpecto_limit_zone_t    **zone;
    ngx_http_xpecto_limit_persist_t  *p;

    zone = zones->elts;

    for (i = 0; i < zones->nelts; i++) {
        p = zone[i]->persist;

        if (p == NULL) {
            continue;
        }

        p->ring = ngx_xpecto_keyring(cf);

        if (p->ring == NULL) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "\"persist\" of xpecto_limit_zone \"%V\" needs "
                          "\"xpecto_keys\", as the file is sealed, in "
                          "%V:%ui", &zone[i]->name, &p->conf, p->line);
            return NGX_ERROR;
        }

        label = ngx_pnalloc(cf->pool, sizeof("zone=\"\"") - 1
                                      + zone[i]->name.len);
        if (label == NULL) {
            return NGX_ERROR;
        }

        ngx_memzero(&gauge, sizeof(ngx_xpecto_gauge_t));

        ngx_str_set(&gauge.name, "xpecto_limit_snapshot_age_seconds");
        ngx_str_set(&gauge.help, "Since the file of a zone was written, or "
                                 "the zone began.");
        gauge.label.data = label;
        gauge.label.len = ngx_sprintf(label, "zone=\"%V\"", &zone[i]->name)
                          - label;
        gauge.get = ngx_http_xpecto_limit_age;
        gauge.data = zone[i];

        if (ngx_xpecto_gauge(cf, &gauge) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* workers run as an ordinary user, and make a new file each time */

ngx_int_t
ngx_http_xpecto_limit_writable(ngx_http_xpecto_limit_zone_t *zone)
{
    return ngx_xpecto_as_worker(zone->persist->cycle,
                                ngx_http_xpecto_limit_writable_try,
                                zone->persist);
}


static ngx_int_t
ngx_http_xpecto_limit_writable_try(ngx_cycle_t *cycle, ngx_core_conf_t *ccf,
    void *data)
{
    ngx_http_xpecto_limit_persist_t *p = data;

    if (faccessat(AT_FDCWD, p->folder, W_OK|X_OK, AT_EACCESS) == 0) {
        return NGX_OK;
    }

    ngx_log_error(NGX_LOG_EMERG, cycle->log, ngx_errno,
                  "the user \"%s\" of the workers cannot make a file in "
                  "\"%s\", as \"persist\" of xpecto_limit_zone \"%V\" asks, "
                  "in %V:%ui", ccf->username, p->folder, &p->zone->name,
                  &p->conf, p->line);

    return NGX_ERROR;
}


ngx_int_t
ngx_http_xpecto_limit_persist_init_process(ngx_cycle_t *cycle,
    ngx_array_t *zones)
{
    ngx_uint_t                        i;
    ngx_http_xpecto_limit_zone_t    **zone;
    ngx_http_xpecto_limit_persist_t  *p;

    if (ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE)
    {
        return NGX_OK;
    }

    zone = zones->elts;

    for (i = 0; i < zones->nelts; i++) {
        p = zone[i]->persist;

        if (p == NULL) {
            continue;
        }

#if (NGX_THREADS)

        p->task = ngx_thread_task_alloc(cycle->pool, 0);
        if (p->task == NULL) {
            return NGX_ERROR;
        }

        p->task->ctx = p;
        p->task->handler = ngx_http_xpecto_limit_write_thread;
        p->task->event.handler = ngx_http_xpecto_limit_write_done;
        p->task->event.data = p;

#endif

        p->timer.handler = ngx_http_xpecto_limit_tick;
        p->timer.data = p;
        p->timer.log = cycle->log;
        p->timer.cancelable = 1;

        ngx_add_timer(&p->timer, NGX_HTTP_XPECTO_LIMIT_PERSIST_FIRST);
    }

    return NGX_OK;
}


static void
ngx_http_xpecto_limit_tick(ngx_event_t *ev)
{
    ngx_http_xpecto_limit_persist_t *p = ev->data;

    if (ngx_exiting) {

        if (!p->busy) {
            ngx_http_xpecto_limit_resign(p->zone->sh);
        }

        return;
    }

    ngx_add_timer(ev, NGX_HTTP_XPECTO_LIMIT_PERSIST_EVERY);

    if (p->busy || !ngx_http_xpecto_limit_elect(p->zone->sh)) {
        return;
    }

    p->busy = 1;

#if (NGX_THREADS)

    if (ngx_process == NGX_PROCESS_WORKER) {

        if (ngx_thread_task_post(p->pool, p->task) != NGX_OK) {
            p->busy = 0;
        }

        return;
    }

#endif

    ngx_http_xpecto_limit_write(p);
    ngx_http_xpecto_limit_write_done(ev);
}


/* 1: it is for this process to write */

static ngx_uint_t
ngx_http_xpecto_limit_elect(ngx_http_xpecto_limit_shm_t *sh)
{
    ngx_atomic_uint_t  owner, tried;

    owner = sh->owner;
    tried = sh->tried;

    if (owner != (ngx_atomic_uint_t) ngx_pid) {

        if (owner != 0
            && ngx_time() - (time_t) tried
               < NGX_HTTP_XPECTO_LIMIT_PERSIST_LATE
            && kill((ngx_pid_t) owner, 0) == 0)
        {
            return 0;
        }

        if (!ngx_atomic_cmp_set(&sh->owner, owner, ngx_pid)) {
            return 0;
        }
    }

    sh->tried = ngx_time();

    return 1;
}


static void
ngx_http_xpecto_limit_resign(ngx_http_xpecto_limit_shm_t *sh)
{
    (void) ngx_atomic_cmp_set(&sh->owner, ngx_pid, 0);
}


static void
ngx_http_xpecto_limit_write_done(ngx_event_t *ev)
{
    ngx_http_xpecto_limit_persist_t *p = ev->data;

    p->busy = 0;

    ngx_http_xpecto_limit_written(p, (ngx_cycle_t *) ngx_cycle);

    if (ngx_exiting) {
        ngx_http_xpecto_limit_resign(p->zone->sh);
    }
}


#if (NGX_THREADS)

static void
ngx_http_xpecto_limit_write_thread(void *data, ngx_log_t *log)
{
    ngx_http_xpecto_limit_write(data);
}

#endif


/* in a thread as well: neither pools nor logs may be touched here */

static void
ngx_http_xpecto_limit_write(ngx_http_xpecto_limit_persist_t *p)
{
    int                            fd;
    struct stat                    ours, there;
    ngx_http_xpecto_limit_work_t  *w;

    ngx_memzero(&p->written, sizeof(ngx_http_xpecto_limit_written_t));

    w = malloc(sizeof(ngx_http_xpecto_limit_work_t));
    if (w == NULL) {
        (void) ngx_http_xpecto_limit_write_failed(p, "malloc()", ngx_errno);
        return;
    }

    /* what a process has left that was killed; nobody's link is followed */

    (void) unlink((char *) p->temp.data);

    fd = open((char *) p->temp.data,
              O_WRONLY|O_CREAT|O_EXCL|O_NOFOLLOW|O_CLOEXEC, 0600);

    if (fd == -1) {
        (void) ngx_http_xpecto_limit_write_failed(p, "open()", ngx_errno);
        free(w);
        return;
    }

    ngx_http_xpecto_limit_write_file(p, w, fd);

    free(w);

    /* another instance may have begun one of the same name */

    if (p->written.failed == NULL
        && fstat(fd, &ours) == 0
        && lstat((char *) p->temp.data, &there) == 0
        && ours.st_ino == there.st_ino && ours.st_dev == there.st_dev
        && rename((char *) p->temp.data, (char *) p->file.data) == -1)
    {
        (void) ngx_http_xpecto_limit_write_failed(p, "rename()", ngx_errno);
    }

    (void) close(fd);

    if (p->written.failed != NULL) {
        (void) unlink((char *) p->temp.data);
    }
}


static void
ngx_http_xpecto_limit_write_file(ngx_http_xpecto_limit_persist_t *p,
    ngx_http_xpecto_limit_work_t *w, ngx_fd_t fd)
{
    u_char                         salt[XPECTO_SNAPSHOT_SALT];
    ngx_uint_t                     n, last;
    xpecto_str_t                   name;
    xpecto_snapshot_time_t         now;
    ngx_http_xpecto_limit_zone_t  *zone;

    zone = p->zone;
    name = ngx_xpecto_str(&zone->name);

    now.ticks = ngx_http_xpecto_limit_now();
    now.wall = ngx_http_xpecto_limit_wall();

    if (xpecto_random(salt, sizeof(salt)) != XPECTO_OK
        || xpecto_snapshot_create(&w->snapshot, &p->ring->keys[0], &name,
                                  salt, &now, zone->sh->secret)
           != XPECTO_OK)
    {
        (void) ngx_http_xpecto_limit_write_failed(p, "sealing", 0);
        return;
    }

    if (ngx_http_xpecto_limit_write_full(p, fd, w->snapshot.head,
                                         XPECTO_SNAPSHOT_HEAD)
        != NGX_OK)
    {
        goto done;
    }

    ngx_memzero(&w->saved, sizeof(xpecto_unique_save_t));
    w->looked = 0;
    n = 0;

    do {
        last = !ngx_http_xpecto_limit_next_cell(zone, w, &w->cells[n]);

        if (!last && ++n < XPECTO_SNAPSHOT_CELLS) {
            continue;
        }

        if (xpecto_snapshot_seal(&w->snapshot, w->cells, n, w->chunk)
            != XPECTO_OK)
        {
            (void) ngx_http_xpecto_limit_write_failed(p, "sealing", 0);
            goto done;
        }

        if (ngx_http_xpecto_limit_write_full(p, fd, w->chunk,
                                             n * sizeof(xpecto_cell_t)
                                             + XPECTO_TAG_LEN)
            != NGX_OK)
        {
            goto done;
        }

        n = 0;

    } while (!last);

    /* at the end of the process a file of the workers' is to be theirs */

    if (geteuid() == 0 && fchown(fd, p->user, p->group) == -1) {
        (void) ngx_http_xpecto_limit_write_failed(p, "fchown()", ngx_errno);

    } else if (fdatasync(fd) == -1) {
        (void) ngx_http_xpecto_limit_write_failed(p, "fdatasync()",
                                                  ngx_errno);
    }

    p->written.made = now.wall / XPECTO_USEC;

done:

    xpecto_snapshot_end(&w->snapshot);
}


/* recipients first, as xpecto_unique_file.h asks; 0: that was all */

static ngx_uint_t
ngx_http_xpecto_limit_next_cell(ngx_http_xpecto_limit_zone_t *zone,
    ngx_http_xpecto_limit_work_t *w, xpecto_cell_t *cell)
{
    if (zone->sh->unique != 0
        && xpecto_unique_save(&zone->recipients, &w->saved,
                              w->snapshot.made / XPECTO_USEC, cell))
    {
        return 1;
    }

    while (w->looked < zone->cells.nbuckets * XPECTO_BUCKET_CELLS) {
        xpecto_cells_look(&zone->cells, w->looked++, cell);

        if (xpecto_snapshot_keep(&w->snapshot, cell)) {
            return 1;
        }
    }

    return 0;
}


static ngx_int_t
ngx_http_xpecto_limit_write_full(ngx_http_xpecto_limit_persist_t *p,
    ngx_fd_t fd, u_char *data, size_t len)
{
    ssize_t  n;

    while (len != 0) {
        n = write(fd, data, len);

        if (n == -1) {

            if (ngx_errno == NGX_EINTR) {
                continue;
            }

            return ngx_http_xpecto_limit_write_failed(p, "write()",
                                                      ngx_errno);
        }

        data += n;
        len -= n;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_limit_write_failed(ngx_http_xpecto_limit_persist_t *p,
    const char *what, ngx_err_t err)
{
    p->written.failed = what;
    p->written.err = err;

    return NGX_ERROR;
}


/* said once, and once that it is good again */

static void
ngx_http_xpecto_limit_written(ngx_http_xpecto_limit_persist_t *p,
    ngx_cycle_t *cycle)
{
    if (p->written.failed == NULL) {
        p->zone->sh->written = p->written.made;

        ngx_xpecto_count(ngx_xpecto_counters(cycle),
                         NGX_XPECTO_LIMIT_SNAPSHOT_WRITTEN, 1);

        if (p->failed) {
            p->failed = 0;
            ngx_log_error(NGX_LOG_NOTICE, cycle->log, 0,
                          "\"%V\" is written again", &p->file);
        }

        return;
    }

    ngx_xpecto_count(ngx_xpecto_counters(cycle),
                     NGX_XPECTO_LIMIT_SNAPSHOT_FAILED, 1);

    if (!p->failed) {
        p->failed = 1;
        ngx_log_error(NGX_LOG_CRIT, cycle->log, p->written.err,
                      "%s \"%V\" failed: the limits of zone \"%V\" would not "
                      "survive a restart", p->written.failed, &p->temp,
                      &p->zone->name);
    }
}


/*
 * The workers are gone: nothing is lost.  After a change of the binary the
 * file is that of the new one.
 */

void
ngx_http_xpecto_limit_persist_exit_master(ngx_cycle_t *cycle,
    ngx_array_t *zones)
{
    ngx_uint_t                      i;
    ngx_core_conf_t                *ccf;
    ngx_http_xpecto_limit_zone_t  **zone;

    if (ngx_new_binary != 0) {
        return;
    }

    ccf = (ngx_core_conf_t *) ngx_get_conf(cycle->conf_ctx, ngx_core_module);
    zone = zones->elts;

    for (i = 0; i < zones->nelts; i++) {

        if (zone[i]->persist == NULL || zone[i]->sh == NULL) {
            continue;
        }

        zone[i]->persist->user = ccf->user;
        zone[i]->persist->group = ccf->group;

        ngx_http_xpecto_limit_write(zone[i]->persist);
        ngx_http_xpecto_limit_written(zone[i]->persist, cycle);
    }
}


static ngx_uint_t
ngx_http_xpecto_limit_age(void *data)
{
    ngx_http_xpecto_limit_zone_t *zone = data;

    time_t  age;

    age = ngx_time() - (time_t) zone->sh->written;

    return (age > 0) ? age : 0;
}
