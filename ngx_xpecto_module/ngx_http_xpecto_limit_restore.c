
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/* The file of a zone is read, when that begins. */


#include "ngx_http_xpecto_limit_persist.h"


static xpecto_snapshot_e ngx_http_xpecto_limit_read(
    ngx_http_xpecto_limit_zone_t *zone, ngx_fd_t fd, uint64_t *lost);
static void ngx_http_xpecto_limit_restore_cell(
    ngx_http_xpecto_limit_zone_t *zone, ngx_http_xpecto_limit_work_t *w,
    xpecto_cell_t *cell, uint64_t *stamp, uint64_t *lost);
static ssize_t ngx_http_xpecto_limit_read_full(ngx_fd_t fd, u_char *p,
    size_t len);


/* why a file is not used, in the order of xpecto_snapshot_e */

static const char *ngx_http_xpecto_limit_refusals[] = {
    NULL,
    "is not a file of xpecto_limit_zone",
    "is of another version",
    "is sealed under a key that \"xpecto_keys\" does not have",
    "is damaged or of another zone",
    "could not be read"
};


/* of a zone that has just begun; without a good file it stays empty */

void
ngx_http_xpecto_limit_restore(ngx_http_xpecto_limit_zone_t *zone,
    ngx_log_t *log)
{
    int                               fd;
    uint64_t                          lost;
    xpecto_snapshot_e                 rc;
    ngx_http_xpecto_limit_persist_t  *p;

    p = zone->persist;

    fd = open((char *) p->file.data, O_RDONLY|O_NOFOLLOW|O_NONBLOCK|O_CLOEXEC);

    if (fd == -1) {

        if (ngx_errno == NGX_ENOENT) {
            ngx_log_error(NGX_LOG_NOTICE, log, 0,
                          "there is no \"%V\" yet: the limits of zone \"%V\" "
                          "begin anew", &p->file, &zone->name);
            return;
        }

        ngx_log_error(NGX_LOG_WARN, log, ngx_errno,
                      "open() \"%V\" failed: the limits of zone \"%V\" begin "
                      "anew", &p->file, &zone->name);
        return;
    }

    lost = 0;
    rc = ngx_http_xpecto_limit_read(zone, fd, &lost);

    if (rc != XPECTO_SNAPSHOT_OK) {
        ngx_log_error(NGX_LOG_WARN, log, 0,
                      "\"%V\" %s and is ignored: the limits of zone \"%V\" "
                      "begin anew", &p->file,
                      ngx_http_xpecto_limit_refusals[rc], &zone->name);

    } else if (lost != 0) {
        ngx_log_error(NGX_LOG_WARN, log, 0,
                      "xpecto_limit_zone \"%V\" is too small for \"%V\": "
                      "%uL keys are forgotten", &zone->name, &p->file, lost);
    }

    if (ngx_close_file(fd) == NGX_FILE_ERROR) {
        ngx_log_error(NGX_LOG_ALERT, log, ngx_errno,
                      ngx_close_file_n " \"%V\" failed", &p->file);
    }
}


/* nobody uses the zone yet, so it may be filled before all is verified */

static xpecto_snapshot_e
ngx_http_xpecto_limit_read(ngx_http_xpecto_limit_zone_t *zone, ngx_fd_t fd,
    uint64_t *lost)
{
    size_t                         i, n;
    u_char                         secret[XPECTO_SIPHASH_KEY_LEN];
    ssize_t                        len;
    uint64_t                       stamp;
    xpecto_str_t                   name;
    xpecto_snapshot_e              rc;
    xpecto_snapshot_time_t         now;
    ngx_http_xpecto_limit_work_t  *w;

    w = ngx_alloc(sizeof(ngx_http_xpecto_limit_work_t), ngx_cycle->log);
    if (w == NULL) {
        return XPECTO_SNAPSHOT_ERROR;
    }

    w->snapshot.aead = NULL;

    now.ticks = ngx_http_xpecto_limit_now();
    now.wall = ngx_http_xpecto_limit_wall();

    len = ngx_http_xpecto_limit_read_full(fd, w->chunk, XPECTO_SNAPSHOT_HEAD);

    if (len != XPECTO_SNAPSHOT_HEAD) {
        rc = (len == -1) ? XPECTO_SNAPSHOT_ERROR : XPECTO_SNAPSHOT_DAMAGED;
        goto done;
    }

    name = ngx_xpecto_str(&zone->name);
    rc = xpecto_snapshot_open(&w->snapshot, zone->persist->ring, &name,
                              w->chunk, &now, secret);

    w->loaded.nbuckets = 0;
    w->loaded.made = w->snapshot.made / XPECTO_USEC;

    zone->cells.wall = now.wall / XPECTO_USEC;
    stamp = (uint64_t) ngx_pid << 32;
    n = XPECTO_SNAPSHOT_CELLS;

    while (rc == XPECTO_SNAPSHOT_OK && n == XPECTO_SNAPSHOT_CELLS) {
        n = 0;

        len = ngx_http_xpecto_limit_read_full(fd, w->chunk,
                                              XPECTO_SNAPSHOT_CHUNK);
        if (len == -1) {
            rc = XPECTO_SNAPSHOT_ERROR;
            break;
        }

        rc = xpecto_snapshot_unseal(&w->snapshot, w->chunk, len, w->cells, &n);

        for (i = 0; i < n; i++) {
            ngx_http_xpecto_limit_restore_cell(zone, w, &w->cells[i], &stamp,
                                               lost);
        }
    }

    if (rc == XPECTO_SNAPSHOT_OK
        && ngx_http_xpecto_limit_read_full(fd, w->chunk, 1) != 0)
    {
        rc = XPECTO_SNAPSHOT_DAMAGED;
    }

    if (rc == XPECTO_SNAPSHOT_OK) {
        ngx_memcpy(zone->sh->secret, secret, XPECTO_SIPHASH_KEY_LEN);

    } else {
        xpecto_cells_clear(&zone->cells);

        if (zone->sh->unique != 0) {
            xpecto_unique_clear(&zone->recipients);
        }
    }

done:

    xpecto_snapshot_end(&w->snapshot);
    xpecto_cleanse(secret, sizeof(secret));
    ngx_free(w);

    return rc;
}


static void
ngx_http_xpecto_limit_restore_cell(ngx_http_xpecto_limit_zone_t *zone,
    ngx_http_xpecto_limit_work_t *w, xpecto_cell_t *cell, uint64_t *stamp,
    uint64_t *lost)
{
    xpecto_rc_e     rc;
    xpecto_place_t  place;

    rc = xpecto_unique_load(zone->sh->unique ? &zone->recipients : NULL,
                            &w->loaded, zone->cells.wall, cell);

    if (rc != XPECTO_DECLINED) {
        *lost += (rc != XPECTO_OK);
        return;
    }

    if (!xpecto_snapshot_restore(&w->snapshot, cell)) {
        return;
    }

    if (xpecto_cells_claim(&zone->cells, cell->half.tag,
                           ngx_http_xpecto_limit_now(), stamp, &place)
        == XPECTO_DECLINED
        || !xpecto_cells_swap(&place, cell->half.tag, cell->half.word))
    {
        (*lost)++;
    }
}


/* as much as there is, at most len; -1: an error */

static ssize_t
ngx_http_xpecto_limit_read_full(ngx_fd_t fd, u_char *p, size_t len)
{
    size_t   done;
    ssize_t  n;

    for (done = 0; done < len; done += n) {
        n = read(fd, p + done, len - done);

        if (n == 0) {
            break;
        }

        if (n == -1) {

            if (ngx_errno != NGX_EINTR) {
                return -1;
            }

            n = 0;
        }
    }

    return done;
}
