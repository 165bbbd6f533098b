
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_limit.h"


/* how often it is looked who has died, ms; and cells looked at in one go */

#define NGX_HTTP_XPECTO_LIMIT_HELD_LOOK   500
#define NGX_HTTP_XPECTO_LIMIT_HELD_CELLS  65536

/* looks in which each worker has seen all recipients once: half a day */

#define NGX_HTTP_XPECTO_LIMIT_HELD_SWEEP  86400


/*
 * A process in a zone.  Who gives back what another has left behind takes
 * its place meanwhile: there is one of them, and if he dies another.
 *
 *      63     62          32 31            0
 *     +------+--------------+---------------+
 *     | heir | process id   | its start     |
 *     +------+--------------+---------------+
 *
 *     start    ticks since boot, low bits: an id comes round
 */

#define NGX_HTTP_XPECTO_LIMIT_HEIR  (1ull << 63)


typedef struct {
    ngx_event_t                   event;
    ngx_array_t                  *zones;  /* ngx_http_xpecto_limit_zone_t * */
    ngx_http_xpecto_limit_zone_t *zone;        /* given back in, or NULL */
    ngx_uint_t                    number;      /* of who has died there */
    uint64_t                      cell;        /* to go on with */
} ngx_http_xpecto_limit_held_t;


static void ngx_http_xpecto_limit_held_handler(ngx_event_t *ev);
static ngx_uint_t ngx_http_xpecto_limit_held_next(
    ngx_http_xpecto_limit_held_t *held);
static void ngx_http_xpecto_limit_held_sweep(
    ngx_http_xpecto_limit_held_t *held);
static uint64_t ngx_http_xpecto_limit_held_self(void);
static ngx_uint_t ngx_http_xpecto_limit_held_alive(uint64_t process);
static uint32_t ngx_http_xpecto_limit_held_start(ngx_pid_t pid);


ngx_int_t
ngx_http_xpecto_limit_held_init_process(ngx_cycle_t *cycle,
    ngx_array_t *zones)
{
    uint64_t                        none, self, *processes;
    ngx_uint_t                      i, k;
    ngx_http_xpecto_limit_held_t   *held;
    ngx_http_xpecto_limit_zone_t  **zone;

    if (ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE)
    {
        return NGX_OK;
    }

    self = ngx_http_xpecto_limit_held_self();
    zone = zones->elts;

    for (i = 0; i < zones->nelts; i++) {
        processes = zone[i]->sh->processes;

        for (k = 1; k <= XPECTO_HELD_PROCESSES; k++) {
            none = 0;

            if (__atomic_compare_exchange_n(&processes[k], &none, self, 0,
                                            __ATOMIC_ACQ_REL,
                                            __ATOMIC_ACQUIRE))
            {
                zone[i]->cells.holder = (uint8_t) k;
                break;
            }
        }

        if (k > XPECTO_HELD_PROCESSES) {
            ngx_log_error(NGX_LOG_WARN, cycle->log, 0,
                          "xpecto_limit_zone \"%V\" knows %d processes: "
                          "\"concurrency\" finds no room in this one",
                          &zone[i]->name, XPECTO_HELD_PROCESSES);
        }
    }

    held = ngx_pcalloc(cycle->pool, sizeof(ngx_http_xpecto_limit_held_t));
    if (held == NULL) {
        return NGX_ERROR;
    }

    held->zones = zones;

    held->event.handler = ngx_http_xpecto_limit_held_handler;
    held->event.data = held;
    held->event.log = cycle->log;
    held->event.cancelable = 1;

    ngx_add_timer(&held->event, NGX_HTTP_XPECTO_LIMIT_HELD_LOOK);

    return NGX_OK;
}


/* who holds nothing leaves nothing behind */

void
ngx_http_xpecto_limit_held_exit_process(ngx_array_t *zones)
{
    uint64_t                        self;
    ngx_uint_t                      i;
    ngx_http_xpecto_limit_zone_t  **zone;

    zone = zones->elts;

    for (i = 0; i < zones->nelts; i++) {

        if (zone[i]->cells.holder == 0 || zone[i]->holds != 0) {
            continue;
        }

        self = ngx_http_xpecto_limit_held_self();

        (void) __atomic_compare_exchange_n(
                             &zone[i]->sh->processes[zone[i]->cells.holder],
                             &self, 0, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
    }
}


static void
ngx_http_xpecto_limit_held_handler(ngx_event_t *ev)
{
    uint64_t                      self;
    ngx_msec_t                    next;
    ngx_http_xpecto_limit_held_t *held;

    held = ev->data;
    next = NGX_HTTP_XPECTO_LIMIT_HELD_LOOK;

    if (held->zone != NULL || ngx_http_xpecto_limit_held_next(held)) {

        next = 1;

        if (xpecto_cells_unhold(&held->zone->cells, (uint8_t) held->number,
                                &held->cell,
                                NGX_HTTP_XPECTO_LIMIT_HELD_CELLS))
        {
            ngx_log_error(NGX_LOG_NOTICE, ev->log, 0,
                          "xpecto_limit_zone \"%V\": what a process held "
                          "that has died is free", &held->zone->name);

            self = ngx_http_xpecto_limit_held_self()
                   | NGX_HTTP_XPECTO_LIMIT_HEIR;

            (void) __atomic_compare_exchange_n(
                                 &held->zone->sh->processes[held->number],
                                 &self, 0, 0, __ATOMIC_ACQ_REL,
                                 __ATOMIC_ACQUIRE);
            held->zone = NULL;
        }

    } else {
        ngx_http_xpecto_limit_held_sweep(held);
    }

    ngx_add_timer(ev, next);
}


/* 1: there is one, and we are the heir */

static ngx_uint_t
ngx_http_xpecto_limit_held_next(ngx_http_xpecto_limit_held_t *held)
{
    uint64_t                        seen, self, *processes;
    ngx_uint_t                      i, k;
    ngx_http_xpecto_limit_zone_t  **zone;

    self = ngx_http_xpecto_limit_held_self() | NGX_HTTP_XPECTO_LIMIT_HEIR;
    zone = held->zones->elts;

    for (i = 0; i < held->zones->nelts; i++) {
        processes = zone[i]->sh->processes;

        for (k = 1; k <= XPECTO_HELD_PROCESSES; k++) {
            seen = __atomic_load_n(&processes[k], __ATOMIC_ACQUIRE);

            if (seen != 0 && !ngx_http_xpecto_limit_held_alive(seen)
                && __atomic_compare_exchange_n(&processes[k], &seen, self, 0,
                                               __ATOMIC_ACQ_REL,
                                               __ATOMIC_ACQUIRE))
            {
                held->zone = zone[i];
                held->number = k;
                held->cell = 0;

                return 1;
            }
        }
    }

    return 0;
}


/* recipients that nobody has written to for long */

static void
ngx_http_xpecto_limit_held_sweep(ngx_http_xpecto_limit_held_t *held)
{
    ngx_uint_t                      i;
    ngx_http_xpecto_limit_zone_t  **zone;

    zone = held->zones->elts;

    for (i = 0; i < held->zones->nelts; i++) {

        if (zone[i]->sh->unique != 0) {
            xpecto_unique_sweep(&zone[i]->recipients, &zone[i]->swept,
                                zone[i]->recipients.slots.nbuckets
                                / NGX_HTTP_XPECTO_LIMIT_HELD_SWEEP + 1,
                                ngx_time());
        }
    }
}


static uint64_t
ngx_http_xpecto_limit_held_self(void)
{
    static uint64_t   self;
    static ngx_pid_t  pid;

    if (pid != ngx_pid) {
        pid = ngx_pid;
        self = (uint64_t) pid << 32 | ngx_http_xpecto_limit_held_start(pid);
    }

    return self;
}


static ngx_uint_t
ngx_http_xpecto_limit_held_alive(uint64_t process)
{
    uint32_t   start, now;
    ngx_pid_t  pid;

    pid = (ngx_pid_t) ((process & ~NGX_HTTP_XPECTO_LIMIT_HEIR) >> 32);

    if (pid == ngx_pid) {
        return 1;
    }

    if (kill(pid, 0) == -1 && ngx_errno == NGX_ESRCH) {
        return 0;
    }

    start = (uint32_t) process;
    now = ngx_http_xpecto_limit_held_start(pid);

    return start == 0 || now == 0 || start == now;
}


/* of /proc; 0: it does not tell */

static uint32_t
ngx_http_xpecto_limit_held_start(ngx_pid_t pid)
{
    u_char      path[sizeof("/proc//stat") + NGX_INT64_LEN];
    u_char      buf[1024], *p, *last;
    ssize_t     n;
    uint64_t    start;
    ngx_fd_t    fd;
    ngx_uint_t  field;

    *ngx_sprintf(path, "/proc/%P/stat", pid) = '\0';

    fd = ngx_open_file(path, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);
    if (fd == NGX_INVALID_FILE) {
        return 0;
    }

    n = ngx_read_fd(fd, buf, sizeof(buf));

    (void) ngx_close_file(fd);

    if (n <= 0) {
        return 0;
    }

    /* its name stands in parentheses and may have any in it */

    last = buf + n;

    for (p = last; p > buf && p[-1] != ')'; p--) { /* void */ }

    if (p == buf) {
        return 0;
    }

    /* behind them is the third field; the start is the 22nd */

    for (field = 2; p < last && field < 22; p++) {
        field += (*p == ' ');
    }

    for (start = 0; p < last && *p >= '0' && *p <= '9'; p++) {
        start = start * 10 + (*p - '0');
    }

    return (uint32_t) start;
}


void
ngx_http_xpecto_limit_held_wide(ngx_http_xpecto_limit_zone_t *zone,
    xpecto_meter_t *meter)
{
    uint8_t  n, seen, *wide;

    if (meter->kind != XPECTO_METER_HELD) {
        return;
    }

    n = (uint8_t) xpecto_held_words(meter->count.limit);
    wide = &zone->sh->wide[meter->key[0] & 0xff];

    seen = __atomic_load_n(wide, __ATOMIC_ACQUIRE);

    while (seen < n
           && !__atomic_compare_exchange_n(wide, &seen, n, 0, __ATOMIC_ACQ_REL,
                                           __ATOMIC_ACQUIRE))
    { /* void */ }

    meter->wide = wide;
}


/* the units of a request end with it */

ngx_int_t
ngx_http_xpecto_limit_hold(ngx_http_request_t *r,
    ngx_http_xpecto_limit_ctx_t *ctx)
{
    ngx_uint_t                    i, n;
    ngx_pool_cleanup_t           *cln;
    ngx_http_xpecto_limit_use_t  *use;

    n = 0;

    for (i = ctx->early; i < ctx->max - ctx->early_trial; i++) {
        use = &ctx->uses[i];

        if ((i < ctx->enforced || i >= ctx->trial)
            && use->policy->meter.kind == XPECTO_METER_HELD
            && use->item->paid)
        {
            use->policy->in->holds++;
            n++;
        }
    }

    if (n == 0 || ctx->holds) {
        return NGX_OK;
    }

    cln = ngx_pool_cleanup_add(r->pool, 0);
    if (cln == NULL) {
        ngx_http_xpecto_limit_held_cleanup(ctx);
        return NGX_ERROR;
    }

    cln->handler = ngx_http_xpecto_limit_held_cleanup;
    cln->data = ctx;

    ctx->holds = 1;

    return NGX_OK;
}


void
ngx_http_xpecto_limit_held_cleanup(void *data)
{
    ngx_http_xpecto_limit_ctx_t *ctx = data;

    ngx_uint_t                    i;
    ngx_http_xpecto_limit_use_t  *use;

    for (i = 0; i < ctx->max; i++) {
        use = &ctx->uses[i];

        if ((i < ctx->enforced || i >= ctx->trial)
            && use->policy->meter.kind == XPECTO_METER_HELD
            && use->item->paid)
        {
            (void) xpecto_limit_refund(use->item, 1);
            use->policy->in->holds--;
        }
    }
}
