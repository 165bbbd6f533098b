
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_consent_revoked.h"


#define NGX_HTTP_XPECTO_CONSENT_REVOKED_LAYOUT  1

/* how often a worker looks at what others have added to the file, ms */

#define NGX_HTTP_XPECTO_CONSENT_REVOKED_FOLLOW  500


static ngx_int_t ngx_http_xpecto_consent_revoked_open(
    ngx_http_xpecto_consent_revoked_t *rev, ngx_log_t *log);
static ngx_int_t ngx_http_xpecto_consent_revoked_load(
    ngx_http_xpecto_consent_revoked_t *rev, ngx_log_t *log);
static ngx_int_t ngx_http_xpecto_consent_revoked_begin(
    ngx_http_xpecto_consent_revoked_t *rev);
static ngx_int_t ngx_http_xpecto_consent_revoked_floor_line(
    ngx_http_xpecto_consent_revoked_t *rev);
static ngx_int_t ngx_http_xpecto_consent_revoked_read(
    ngx_http_xpecto_consent_revoked_t *rev, ngx_log_t *log);
static void ngx_http_xpecto_consent_revoked_take(
    ngx_http_xpecto_consent_revoked_t *rev, xpecto_revoked_t *line);
static ngx_int_t ngx_http_xpecto_consent_revoked_add(
    ngx_http_xpecto_consent_revoked_t *rev, xpecto_revoked_t *line);
static ngx_int_t ngx_http_xpecto_consent_revoked_write(
    ngx_http_xpecto_consent_revoked_t *rev, u_char *data, size_t len);
static void ngx_http_xpecto_consent_revoked_raise(
    ngx_http_xpecto_consent_revoked_t *rev, ngx_atomic_uint_t floor);
static void ngx_http_xpecto_consent_revoked_follow(ngx_event_t *ev);


ngx_int_t
ngx_http_xpecto_consent_revoked_init_zone(ngx_shm_zone_t *shm_zone, void *data)
{
    ngx_http_xpecto_consent_revoked_t *old = data;

    size_t                                  size;
    ngx_slab_pool_t                        *shpool;
    ngx_http_xpecto_consent_revoked_t      *rev;
    ngx_http_xpecto_consent_revoked_shm_t  *sh;

    rev = shm_zone->data;

    if (rev->file != NULL
        && ngx_http_xpecto_consent_revoked_open(rev, shm_zone->shm.log)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (old != NULL) {

        if ((rev->file == NULL) != (old->file == NULL)
            || (rev->file != NULL
                && (rev->file->name.len != old->file->name.len
                    || ngx_strncmp(rev->file->name.data,
                                   old->file->name.data,
                                   rev->file->name.len)
                       != 0)))
        {
            ngx_log_error(NGX_LOG_EMERG, shm_zone->shm.log, 0,
                          "xpecto_consent_zone \"%V\" has another file than "
                          "before: give the zone another name",
                          &shm_zone->shm.name);
            return NGX_ERROR;
        }

        rev->sh = old->sh;
        rev->cells = old->cells;

        return NGX_OK;
    }

    shpool = (ngx_slab_pool_t *) shm_zone->shm.addr;

    if (shm_zone->shm.exists) {
        sh = shpool->data;

        if (sh->layout != NGX_HTTP_XPECTO_CONSENT_REVOKED_LAYOUT
            || sh->cell != sizeof(xpecto_cell_t))
        {
            ngx_log_error(NGX_LOG_EMERG, shm_zone->shm.log, 0,
                          "xpecto_consent_zone \"%V\" has another layout",
                          &shm_zone->shm.name);
            return NGX_ERROR;
        }

        rev->sh = sh;
        (void) xpecto_cells_init(&rev->cells, sh + 1, sh->size);

        return NGX_OK;
    }

    /* all pages that the pool has, in one piece */

    size = shpool->pfree << ngx_pagesize_shift;

    sh = ngx_slab_calloc(shpool, size);
    if (sh == NULL) {
        return NGX_ERROR;
    }

    sh->layout = NGX_HTTP_XPECTO_CONSENT_REVOKED_LAYOUT;
    sh->cell = sizeof(xpecto_cell_t);
    sh->size = size - sizeof(ngx_http_xpecto_consent_revoked_shm_t);

    if (xpecto_cells_init(&rev->cells, sh + 1, sh->size) != XPECTO_OK
        || xpecto_random(sh->secret, XPECTO_SIPHASH_KEY_LEN) != XPECTO_OK)
    {
        return NGX_ERROR;
    }

    shpool->data = sh;
    rev->sh = sh;
    rev->stamp = (uint64_t) ngx_pid << 32;

    if (rev->file == NULL) {

        /* the zone of the cycle before is another one, and may know more */

        if (!ngx_is_init_cycle(rev->cycle->old_cycle)) {
            ngx_http_xpecto_consent_revoked_raise(rev, ngx_time());
        }

        return NGX_OK;
    }

    if (ngx_test_config) {
        return NGX_OK;
    }

    return ngx_http_xpecto_consent_revoked_load(rev, shm_zone->shm.log);
}


/*
 * nginx has opened it for writing; whoever reads needs no rights of his own.
 * What is another's is not written to, and a test of the configuration says
 * so.
 */

static ngx_int_t
ngx_http_xpecto_consent_revoked_open(ngx_http_xpecto_consent_revoked_t *rev,
    ngx_log_t *log)
{
    u_char           head[XPECTO_REVOKED_HEAD];
    ssize_t          n;
    ngx_file_info_t  fi;

    rev->fd = ngx_open_file(rev->file->name.data, NGX_FILE_RDONLY,
                            NGX_FILE_OPEN, 0);

    if (rev->fd == NGX_INVALID_FILE) {
        ngx_log_error(NGX_LOG_EMERG, log, ngx_errno,
                      ngx_open_file_n " \"%V\" failed", &rev->file->name);
        return NGX_ERROR;
    }

    if (fcntl(rev->fd, F_SETFD, FD_CLOEXEC) == -1) {
        ngx_log_error(NGX_LOG_ALERT, log, ngx_errno,
                      "fcntl(FD_CLOEXEC) \"%V\" failed", &rev->file->name);
    }

    if (ngx_fd_info(rev->fd, &fi) == NGX_FILE_ERROR) {
        ngx_log_error(NGX_LOG_EMERG, log, ngx_errno,
                      ngx_fd_info_n " \"%V\" failed", &rev->file->name);
        return NGX_ERROR;
    }

    n = ngx_is_file(&fi) ? pread(rev->fd, head, XPECTO_REVOKED_HEAD, 0) : -1;

    if (n == -1 || !xpecto_revoked_is_head(head, (size_t) n)) {
        ngx_log_error(NGX_LOG_EMERG, log, 0,
                      "\"%V\" is not a file of xpecto_consent_zone",
                      &rev->file->name);
        return NGX_ERROR;
    }

    return NGX_OK;
}


/*
 * Of a file that is new or damaged: what was taken back before is not known,
 * so all that was chosen until now is void.  Others may go on writing to it:
 * it is added to, not begun anew, while its head says how.
 */

static ngx_int_t
ngx_http_xpecto_consent_revoked_load(ngx_http_xpecto_consent_revoked_t *rev,
    ngx_log_t *log)
{
    u_char     head[XPECTO_REVOKED_HEAD];
    ssize_t    n;
    ngx_int_t  rc;

    n = pread(rev->fd, head, XPECTO_REVOKED_HEAD, 0);

    if (n == -1) {
        ngx_log_error(NGX_LOG_EMERG, log, ngx_errno,
                      "pread() \"%V\" failed", &rev->file->name);
        return NGX_ERROR;
    }

    if (n == XPECTO_REVOKED_HEAD
        && xpecto_revoked_read_head(head, rev->sh->secret) == XPECTO_OK)
    {
        rev->sh->offset = XPECTO_REVOKED_HEAD;

        rc = ngx_http_xpecto_consent_revoked_read(rev, log);

        if (rc == NGX_OK && !rev->over) {
            return NGX_OK;
        }

        ngx_log_error(NGX_LOG_WARN, log, 0,
                      "\"%V\" %s: consent that was given before is void",
                      &rev->file->name,
                      rev->over ? "does not fit into the zone"
                                : "is damaged");

        rc = ngx_http_xpecto_consent_revoked_floor_line(rev);

    } else {
        ngx_log_error(NGX_LOG_WARN, log, 0,
                      "\"%V\" is %s: consent that was given before is void",
                      &rev->file->name, n == 0 ? "new" : "damaged");

        rc = ngx_http_xpecto_consent_revoked_begin(rev);
    }

    if (rc != NGX_OK) {
        ngx_log_error(NGX_LOG_EMERG, log, ngx_errno,
                      "\"%V\" cannot be written", &rev->file->name);
    }

    return rc;
}


static ngx_int_t
ngx_http_xpecto_consent_revoked_begin(ngx_http_xpecto_consent_revoked_t *rev)
{
    u_char  head[XPECTO_REVOKED_HEAD];

    xpecto_revoked_head(head, rev->sh->secret);

    rev->sh->offset = sizeof(head);

    if (ftruncate(rev->file->fd, 0) == -1
        || ngx_http_xpecto_consent_revoked_write(rev, head, sizeof(head))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_xpecto_consent_revoked_floor_line(rev);
}


/*
 * All is void from now on: no cell is needed for any of it.  Choices that are
 * made from now on are later than the floor.  The line before may be without
 * its end.
 */

static ngx_int_t
ngx_http_xpecto_consent_revoked_floor_line(
    ngx_http_xpecto_consent_revoked_t *rev)
{
    u_char            text[1 + XPECTO_REVOKED_LINE];
    xpecto_revoked_t  line;

    line.tag = 0;
    line.time = (uint32_t) ngx_time() + 1;

    /* nobody takes it for what is on the disk before it is */

    rev->sh->unsafe = (rev->file != NULL);

    ngx_http_xpecto_consent_revoked_raise(rev, line.time);
    xpecto_cells_clear(&rev->cells);

    if (rev->file == NULL) {
        return NGX_OK;
    }

    text[0] = LF;
    xpecto_revoked_line(text + 1, rev->sh->secret, &line);

    if (ngx_http_xpecto_consent_revoked_write(rev, text, sizeof(text))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    rev->sh->unsafe = 0;

    return NGX_OK;
}


/*
 * What was added since.  A line that another process is about to write may
 * still be without its end.  DECLINED: something was no line.
 */

static ngx_int_t
ngx_http_xpecto_consent_revoked_read(ngx_http_xpecto_consent_revoked_t *rev,
    ngx_log_t *log)
{
    u_char             *p, *end, *last;
    ssize_t             n;
    ngx_int_t           rc;
    xpecto_revoked_t    line;
    ngx_atomic_uint_t   offset, from;

    rc = NGX_OK;
    offset = rev->sh->offset;

    for ( ;; ) {
        from = offset;

        n = pread(rev->fd, rev->buf, NGX_HTTP_XPECTO_CONSENT_REVOKED_READ,
                  offset);

        if (n == -1) {
            ngx_log_error(NGX_LOG_CRIT, log, ngx_errno,
                          "pread() \"%V\" failed", &rev->file->name);
            return NGX_DECLINED;
        }

        p = rev->buf;
        last = p + n;

        for ( ;; ) {
            end = ngx_strlchr(p, last, LF);

            if (end == NULL) {
                break;
            }

            end++;

            if (end - p == XPECTO_REVOKED_LINE
                && xpecto_revoked_read_line(p, rev->sh->secret, &line)
                   == XPECTO_OK)
            {
                ngx_http_xpecto_consent_revoked_take(rev, &line);

                /* a floor is above all that stands before it */

                if (line.tag == 0) {
                    rc = NGX_OK;
                }

            } else if (end - p != 1) {
                rc = NGX_DECLINED;
            }

            p = end;
        }

        if (last - p >= XPECTO_REVOKED_LINE) {
            /* this will never be one */
            rc = NGX_DECLINED;
            p = last;
        }

        offset += p - rev->buf;

        if (offset == from) {
            break;
        }

        (void) ngx_atomic_cmp_set(&rev->sh->offset, from, offset);
    }

    if (rc != NGX_OK) {
        ngx_http_xpecto_consent_revoked_raise(rev, ngx_time());
    }

    /* the begin of a line: of nobody's, if nobody writes yet */

    return (last != rev->buf && ngx_process != NGX_PROCESS_WORKER)
           ? NGX_DECLINED : rc;
}


/* at the start the whole file is read, which may hold more than is alive */

static void
ngx_http_xpecto_consent_revoked_take(ngx_http_xpecto_consent_revoked_t *rev,
    xpecto_revoked_t *line)
{
    if (line->tag == 0) {
        ngx_http_xpecto_consent_revoked_raise(rev, line->time);

        if (ngx_process != NGX_PROCESS_WORKER) {
            xpecto_cells_clear(&rev->cells);
            rev->over = 0;
        }

    } else if ((time_t) line->time > ngx_time()
               && ngx_http_xpecto_consent_revoked_add(rev, line) != NGX_OK)
    {
        rev->over = 1;
    }
}


static ngx_int_t
ngx_http_xpecto_consent_revoked_add(ngx_http_xpecto_consent_revoked_t *rev,
    xpecto_revoked_t *line)
{
    return (xpecto_revoked_add(&rev->cells, line->tag, line->time, ngx_time(),
                               &rev->stamp)
            == XPECTO_OK)
           ? NGX_OK : NGX_DECLINED;
}


/*
 * On the disk before it is in the table: who finds it there need not wait.
 * After an error it is void as long as we run, and is written once more when
 * somebody asks for it again.
 */

ngx_int_t
ngx_http_xpecto_consent_revoke(ngx_http_request_t *r, xpecto_choice_t *choice)
{
    u_char                                text[XPECTO_REVOKED_LINE];
    ngx_int_t                             rc;
    xpecto_revoked_t                      line;
    ngx_http_xpecto_consent_revoked_t    *rev;
    ngx_http_xpecto_consent_main_conf_t  *xmcf;

    xmcf = ngx_http_get_module_main_conf(r,
                                        ngx_http_xpecto_consent_filter_module);
    rev = xmcf->revoked;

    if (rev == NULL || !xpecto_choice_has_id(choice)
        || (!rev->sh->unsafe && ngx_http_xpecto_consent_is_revoked(r, choice)))
    {
        return NGX_OK;
    }

    line.tag = xpecto_revoked_tag(rev->sh->secret, choice->id);
    line.time = choice->expires;

    rc = NGX_OK;

    if (rev->file != NULL) {
        xpecto_revoked_line(text, rev->sh->secret, &line);
        rc = ngx_http_xpecto_consent_revoked_write(rev, text, sizeof(text));
    }

    if (ngx_http_xpecto_consent_revoked_add(rev, &line) != NGX_OK) {

        ngx_log_error(NGX_LOG_CRIT, r->connection->log, 0,
                      "xpecto_consent_zone \"%V\" is full: consent that was "
                      "given until now is void", &rev->name);

        ngx_xpecto_count_request(r, NGX_XPECTO_CONSENT_ZONE_FULL);

        rc = ngx_http_xpecto_consent_revoked_floor_line(rev);
    }

    if (rc == NGX_OK) {
        rev->failed = 0;
        return NGX_OK;
    }

    if (!rev->failed) {
        ngx_log_error(NGX_LOG_CRIT, r->connection->log, ngx_errno,
                      "\"%V\" cannot be written", &rev->file->name);
        rev->failed = 1;
    }

    return NGX_ERROR;
}


ngx_uint_t
ngx_http_xpecto_consent_is_revoked(ngx_http_request_t *r,
    xpecto_choice_t *choice)
{
    ngx_http_xpecto_consent_revoked_t    *rev;
    ngx_http_xpecto_consent_main_conf_t  *xmcf;

    xmcf = ngx_http_get_module_main_conf(r,
                                        ngx_http_xpecto_consent_filter_module);
    rev = xmcf->revoked;

    if (rev == NULL || !xpecto_choice_has_id(choice)) {
        return 0;
    }

    if (choice->updated <= rev->sh->floor) {
        return 1;
    }

    return xpecto_revoked_find(&rev->cells,
                               xpecto_revoked_tag(rev->sh->secret,
                                                  choice->id),
                               ngx_time());
}


time_t
ngx_http_xpecto_consent_now(ngx_http_request_t *r)
{
    time_t                                floor;
    ngx_http_xpecto_consent_main_conf_t  *xmcf;

    xmcf = ngx_http_get_module_main_conf(r,
                                        ngx_http_xpecto_consent_filter_module);

    floor = (xmcf->revoked != NULL) ? (time_t) xmcf->revoked->sh->floor : 0;

    return (ngx_time() > floor) ? ngx_time() : floor + 1;
}


static ngx_int_t
ngx_http_xpecto_consent_revoked_write(ngx_http_xpecto_consent_revoked_t *rev,
    u_char *data, size_t len)
{
    ssize_t  n;

    n = ngx_write_fd(rev->file->fd, data, len);

    if (n != -1 && (size_t) n != len) {
        n = -1;
        ngx_set_errno(ENOSPC);
    }

    if (n == -1 || fdatasync(rev->file->fd) == -1) {
        rev->sh->unsafe = 1;
        return NGX_ERROR;
    }

    return NGX_OK;
}


static void
ngx_http_xpecto_consent_revoked_raise(ngx_http_xpecto_consent_revoked_t *rev,
    ngx_atomic_uint_t floor)
{
    ngx_atomic_uint_t  old;

    do {
        old = rev->sh->floor;

        if (old >= floor) {
            return;
        }

    } while (!ngx_atomic_cmp_set(&rev->sh->floor, old, floor));
}


/*
 * Others may add to the file: the workers of the cycle before, if the zone
 * had another size then, and those of a new binary.
 */

void
ngx_http_xpecto_consent_revoked_init_process(
    ngx_http_xpecto_consent_main_conf_t *xmcf, ngx_cycle_t *cycle)
{
    ngx_event_t                        *ev;
    ngx_http_xpecto_consent_revoked_t  *rev;

    rev = xmcf->revoked;

    if (rev == NULL) {
        return;
    }

    rev->stamp = (uint64_t) ngx_pid << 32;

    if (rev->file == NULL) {
        return;
    }

    ev = &rev->event;

    ev->handler = ngx_http_xpecto_consent_revoked_follow;
    ev->data = rev;
    ev->log = cycle->log;
    ev->cancelable = 1;

    ngx_add_timer(ev, NGX_HTTP_XPECTO_CONSENT_REVOKED_FOLLOW);
}


static void
ngx_http_xpecto_consent_revoked_follow(ngx_event_t *ev)
{
    ngx_http_xpecto_consent_revoked_t *rev = ev->data;

    u_char             head[XPECTO_REVOKED_HEAD];
    ngx_int_t          rc;
    ngx_file_info_t    fi;
    ngx_atomic_uint_t  size, offset;

    if (ngx_exiting) {
        return;
    }

    ngx_add_timer(ev, NGX_HTTP_XPECTO_CONSENT_REVOKED_FOLLOW);

    if (ngx_fd_info(rev->fd, &fi) == NGX_FILE_ERROR) {
        return;
    }

    rc = NGX_OK;
    size = ngx_file_size(&fi);
    offset = rev->sh->offset;

    if (size < offset) {

        /* begun anew by another instance, which had found it damaged */

        rc = NGX_DECLINED;
        ngx_http_xpecto_consent_revoked_raise(rev, ngx_time());

        if (pread(rev->fd, head, XPECTO_REVOKED_HEAD, 0)
            == XPECTO_REVOKED_HEAD
            && xpecto_revoked_read_head(head, rev->sh->secret) == XPECTO_OK)
        {
            (void) ngx_atomic_cmp_set(&rev->sh->offset, offset,
                                      XPECTO_REVOKED_HEAD);
        }

    } else if (size > offset) {
        rc = ngx_http_xpecto_consent_revoked_read(rev, ev->log);

        if (rev->over) {
            rev->over = 0;
            rc = ngx_http_xpecto_consent_revoked_floor_line(rev);
        }
    }

    if (rc != NGX_OK) {
        ngx_log_error(NGX_LOG_CRIT, ev->log, 0,
                      "\"%V\" is damaged: consent that was given until now "
                      "is void", &rev->file->name);
    }
}
