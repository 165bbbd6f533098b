
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_xpecto_spine.h"


/* heads in one line: with its frame it is not longer than XPECTO_LEDGER_LINE */

#define NGX_XPECTO_LEDGER_HEADS  120

/* what the spine adds: the id of the request, how many lines were lost */

#define NGX_XPECTO_LEDGER_OWN    2


/* the last line of the process that has, or had, this slot */

typedef struct {
    ngx_atomic_t                version;    /* odd while head changes */
    xpecto_ledger_head_t        head;
    u_char                      padding[64 - sizeof(ngx_atomic_t)
                                        - sizeof(xpecto_ledger_head_t)];
} ngx_xpecto_ledger_tail_t;


typedef struct {
    ngx_atomic_t                due;        /* next checkpoint, msec */
    ngx_atomic_t                lines;      /* written by all */
    ngx_atomic_t                vouched;    /* those a checkpoint covers */

    ngx_xpecto_ledger_tail_t    tails[NGX_MAX_PROCESSES];
} ngx_xpecto_ledger_shctx_t;


struct ngx_xpecto_ledger_s {
    ngx_open_file_t            *file;
    time_t                      retain;
    ngx_msec_t                  checkpoint;

    ngx_cycle_t                *cycle;
    ngx_xpecto_main_conf_t     *xmcf;
    ngx_xpecto_ledger_shctx_t  *sh;

    /* of this process */

    xpecto_ledger_chain_t       chain;      /* mac is NULL until it begins */
    ngx_event_t                 timer;
    ngx_uint_t                  lost;       /* since the last line */
    unsigned                    unsafe:1;   /* fdatasync() failed */
};


static ngx_int_t ngx_xpecto_ledger_init_zone(ngx_shm_zone_t *shm_zone,
    void *data);
static ngx_int_t ngx_xpecto_ledger_reachable(ngx_cycle_t *cycle,
    ngx_core_conf_t *ccf, void *data);
static void ngx_xpecto_ledger_cleanup(void *data);

static ngx_int_t ngx_xpecto_ledger_begin(ngx_xpecto_ledger_t *ledger);
static ngx_int_t ngx_xpecto_ledger_write(ngx_xpecto_ledger_t *ledger,
    const char *name, xpecto_ledger_field_t *fields, ngx_uint_t n);
static ngx_int_t ngx_xpecto_ledger_lost(ngx_xpecto_ledger_t *ledger,
    ngx_err_t err, const char *text);
static ngx_int_t ngx_xpecto_ledger_sync(ngx_xpecto_ledger_t *ledger);
static void ngx_xpecto_ledger_publish(ngx_xpecto_ledger_t *ledger);
static ngx_int_t ngx_xpecto_ledger_head(ngx_xpecto_ledger_tail_t *tail,
    xpecto_ledger_head_t *head);
static void ngx_xpecto_ledger_tick(ngx_event_t *ev);
static void ngx_xpecto_ledger_vouch(ngx_xpecto_ledger_t *ledger,
    const char *name);
static void ngx_xpecto_ledger_field(xpecto_ledger_field_t *field,
    const char *name, xpecto_ledger_type_e type, u_char *data, size_t len);


static ngx_xpecto_arg_t  ngx_xpecto_ledger_args[] = {

    { ngx_string("retain"), NGX_XPECTO_ARG_SEC,
      offsetof(ngx_xpecto_ledger_t, retain), NULL },

    { ngx_string("checkpoint"), NGX_XPECTO_ARG_MSEC,
      offsetof(ngx_xpecto_ledger_t, checkpoint), NULL },

      ngx_xpecto_null_arg
};


char *
ngx_xpecto_ledger_slot(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_xpecto_main_conf_t  *xmcf = conf;

    size_t                size;
    ngx_str_t            *value;
    ngx_shm_zone_t       *zone;
    ngx_pool_cleanup_t   *cln;
    ngx_xpecto_ledger_t  *ledger;

    static ngx_str_t  name = ngx_string("xpecto_ledger");

    if (xmcf->ledger != NULL) {
        return "is duplicate";
    }

    ledger = ngx_pcalloc(cf->pool, sizeof(ngx_xpecto_ledger_t));
    if (ledger == NULL) {
        return NGX_CONF_ERROR;
    }

    ledger->retain = NGX_CONF_UNSET;
    ledger->checkpoint = NGX_CONF_UNSET_MSEC;
    ledger->cycle = cf->cycle;
    ledger->xmcf = xmcf;

    if (ngx_xpecto_conf_args(cf, ngx_xpecto_ledger_args, 2, ledger)
        != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    ngx_conf_init_value(ledger->retain, 1080 * 24 * 60 * 60);
    ngx_conf_init_msec_value(ledger->checkpoint, 60000);

    if (ledger->retain == 0 || ledger->checkpoint == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"retain\" and \"checkpoint\" must not be 0");
        return NGX_CONF_ERROR;
    }

    value = cf->args->elts;

    if (value[1].len == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "the ledger has no name");
        return NGX_CONF_ERROR;
    }

    ledger->file = ngx_xpecto_open_private(cf, &value[1]);
    if (ledger->file == NULL) {
        return NGX_CONF_ERROR;
    }

    size = ngx_align(sizeof(ngx_xpecto_ledger_shctx_t), ngx_pagesize)
           + 8 * ngx_pagesize;

    zone = ngx_shared_memory_add(cf, &name, size, &ngx_xpecto_module);
    if (zone == NULL) {
        return NGX_CONF_ERROR;
    }

    zone->init = ngx_xpecto_ledger_init_zone;
    zone->data = ledger;

    cln = ngx_pool_cleanup_add(cf->pool, 0);
    if (cln == NULL) {
        return NGX_CONF_ERROR;
    }

    cln->handler = ngx_xpecto_ledger_cleanup;
    cln->data = ledger;

    xmcf->ledger = ledger;

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_xpecto_ledger_init_zone(ngx_shm_zone_t *shm_zone, void *data)
{
    ngx_xpecto_ledger_t  *old = data;

    ngx_slab_pool_t      *shpool;
    ngx_xpecto_ledger_t  *ledger;

    ledger = shm_zone->data;

    if (ngx_xpecto_as_worker(ledger->cycle, ngx_xpecto_ledger_reachable,
                             ledger)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (old != NULL) {
        ledger->sh = old->sh;
        return NGX_OK;
    }

    shpool = (ngx_slab_pool_t *) shm_zone->shm.addr;

    if (!shm_zone->shm.exists) {
        shpool->data = ngx_slab_calloc(shpool,
                                       sizeof(ngx_xpecto_ledger_shctx_t));
        if (shpool->data == NULL) {
            return NGX_ERROR;
        }
    }

    ledger->sh = shpool->data;

    return NGX_OK;
}


/*
 * The master has opened the file for its workers.  To reopen it, when it was
 * rotated, they must find it themselves.
 */

static ngx_int_t
ngx_xpecto_ledger_reachable(ngx_cycle_t *cycle, ngx_core_conf_t *ccf,
    void *data)
{
    ngx_xpecto_ledger_t  *ledger = data;

    ngx_file_info_t  fi;

    if (ngx_file_info(ledger->file->name.data, &fi) == NGX_FILE_ERROR) {
        ngx_log_error(NGX_LOG_EMERG, cycle->log, ngx_errno,
                      "\"%V\" cannot be reached by the user \"%s\" of the "
                      "workers, who have to reopen it",
                      &ledger->file->name, ccf->username);
        return NGX_ERROR;
    }

    return NGX_OK;
}


static void
ngx_xpecto_ledger_cleanup(void *data)
{
    ngx_xpecto_ledger_t  *ledger = data;

    xpecto_ledger_close(&ledger->chain);
}


ngx_uint_t
ngx_xpecto_ledgers(ngx_conf_t *cf)
{
    ngx_xpecto_main_conf_t  *xmcf;

    xmcf = ngx_http_conf_get_module_main_conf(cf, ngx_xpecto_module);

    return xmcf->ledger != NULL;
}


ngx_uint_t
ngx_xpecto_ledger_on(ngx_http_request_t *r)
{
    ngx_xpecto_main_conf_t  *xmcf;

    xmcf = ngx_http_get_module_main_conf(r, ngx_xpecto_module);

    return xmcf->ledger != NULL;
}


void
ngx_xpecto_ledger_str(ngx_xpecto_ledger_event_t *e, const char *name,
    ngx_str_t *value)
{
    if (e->nfields < NGX_XPECTO_LEDGER_FIELDS) {
        ngx_xpecto_ledger_field(&e->fields[e->nfields], name,
                                XPECTO_LEDGER_STR, value->data, value->len);
    }

    e->nfields++;
}


void
ngx_xpecto_ledger_num(ngx_xpecto_ledger_event_t *e, const char *name,
    ngx_int_t value)
{
    if (e->nfields < NGX_XPECTO_LEDGER_FIELDS) {
        ngx_xpecto_ledger_field(&e->fields[e->nfields], name,
                                XPECTO_LEDGER_NUM, NULL, 0);
        e->fields[e->nfields].num = value;
    }

    e->nfields++;
}


void
ngx_xpecto_ledger_sealed(ngx_xpecto_ledger_event_t *e, const char *name,
    ngx_str_t *value)
{
    if (e->nfields < NGX_XPECTO_LEDGER_FIELDS) {
        ngx_xpecto_ledger_field(&e->fields[e->nfields], name,
                                XPECTO_LEDGER_SEALED, value->data,
                                value->len);
    }

    e->nfields++;
}


ngx_int_t
ngx_xpecto_ledger(ngx_http_request_t *r, ngx_xpecto_ledger_event_t *e)
{
    ngx_uint_t                  n;
    ngx_xpecto_ledger_t        *ledger;
    ngx_xpecto_main_conf_t     *xmcf;
    xpecto_ledger_field_t       fields[NGX_XPECTO_LEDGER_FIELDS
                                       + NGX_XPECTO_LEDGER_OWN];
    ngx_http_variable_value_t  *vv;

    xmcf = ngx_http_get_module_main_conf(r, ngx_xpecto_module);
    ledger = xmcf->ledger;

    if (ledger == NULL) {
        return NGX_DECLINED;
    }

    n = e->nfields;

    if (n > NGX_XPECTO_LEDGER_FIELDS) {
        return ngx_xpecto_ledger_lost(ledger, 0, "too many fields for");
    }

    ngx_memcpy(fields, e->fields, n * sizeof(xpecto_ledger_field_t));

    vv = e->anonymous ? NULL
                      : ngx_http_get_indexed_variable(r, xmcf->request_id);

    if (vv != NULL && !vv->not_found) {
        ngx_xpecto_ledger_field(&fields[n++], "request", XPECTO_LEDGER_STR,
                                vv->data, vv->len);
    }

    if (ngx_xpecto_ledger_begin(ledger) != NGX_OK
        || ngx_xpecto_ledger_write(ledger, e->name, fields, n) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return e->durable ? ngx_xpecto_ledger_sync(ledger) : NGX_OK;
}


/* the line is in the file, but nobody may be told that it is safe */

static ngx_int_t
ngx_xpecto_ledger_sync(ngx_xpecto_ledger_t *ledger)
{
    if (fdatasync(ledger->file->fd) == 0) {
        ledger->unsafe = 0;
        return NGX_OK;
    }

    if (!ledger->unsafe) {
        ngx_log_error(NGX_LOG_CRIT, ledger->cycle->log, ngx_errno,
                      "fdatasync() failed for the ledger \"%V\"",
                      &ledger->file->name);
        ledger->unsafe = 1;
    }

    return NGX_ERROR;
}


/* a process begins its chain with its first line: an idle one has none */

static ngx_int_t
ngx_xpecto_ledger_begin(ngx_xpecto_ledger_t *ledger)
{
    size_t                  len;
    u_char                  id[XPECTO_LEDGER_ID_LEN];
    u_char                  after[XPECTO_LEDGER_HEAD_TEXT];
    ngx_uint_t              n;
    xpecto_ledger_head_t    head;
    xpecto_ledger_field_t   fields[4 + NGX_XPECTO_LEDGER_OWN];

    if (ledger->chain.head.seq != 0) {
        return NGX_OK;
    }

    if (ledger->chain.mac == NULL
        && (xpecto_random(id, XPECTO_LEDGER_ID_LEN) != XPECTO_OK
            || xpecto_ledger_open(&ledger->chain,
                                  &ledger->xmcf->keyring->keys[0], id)
               != XPECTO_OK))
    {
        return ngx_xpecto_ledger_lost(ledger, 0, "OpenSSL cannot begin");
    }

    ngx_xpecto_ledger_field(&fields[0], "module", XPECTO_LEDGER_STR,
                            (u_char *) NGX_XPECTO_VERSION,
                            sizeof(NGX_XPECTO_VERSION) - 1);
    ngx_xpecto_ledger_field(&fields[1], "pid", XPECTO_LEDGER_NUM, NULL, 0);
    fields[1].num = ngx_pid;
    ngx_xpecto_ledger_field(&fields[2], "retain", XPECTO_LEDGER_NUM, NULL, 0);
    fields[2].num = ledger->retain;
    n = 3;

    /* who had this slot before may have been killed: its end is known here */

    if (ngx_xpecto_ledger_head(&ledger->sh->tails[ngx_process_slot], &head)
        == NGX_OK)
    {
        len = xpecto_ledger_head(&head, after);
        ngx_xpecto_ledger_field(&fields[n++], "after", XPECTO_LEDGER_STR,
                                after, len);
    }

    if (ngx_xpecto_ledger_write(ledger, "start", fields, n) != NGX_OK) {
        return NGX_ERROR;
    }

    /* with master_process off nothing would end this at a reload */

    if (ngx_process == NGX_PROCESS_WORKER) {
        ledger->timer.handler = ngx_xpecto_ledger_tick;
        ledger->timer.data = ledger;
        ledger->timer.log = ledger->cycle->log;
        ledger->timer.cancelable = 1;

        ngx_add_timer(&ledger->timer, ledger->checkpoint);
    }

    return NGX_OK;
}


/*
 * One write() to a file that was opened to append: lines of several processes
 * do not mix.  One that was written in part, on a full disk, is made again
 * with the next event: verify knows where a line begins.
 */

static ngx_int_t
ngx_xpecto_ledger_write(ngx_xpecto_ledger_t *ledger, const char *name,
    xpecto_ledger_field_t *fields, ngx_uint_t n)
{
    size_t                  len;
    u_char                  line[XPECTO_LEDGER_LINE];
    ssize_t                 written;
    ngx_time_t             *tp;
    xpecto_ledger_event_t   event;

    if (ledger->lost) {
        ngx_xpecto_ledger_field(&fields[n], "lost", XPECTO_LEDGER_NUM, NULL,
                                0);
        fields[n++].num = ledger->lost;
    }

    tp = ngx_timeofday();

    event.name = name;
    event.msec = (int64_t) tp->sec * 1000 + tp->msec;
    event.fields = fields;
    event.nfields = (unsigned) n;

    if (xpecto_ledger_line(&ledger->chain, &event, ledger->xmcf->epochs, line,
                           sizeof(line), &len)
        != XPECTO_OK)
    {
        return ngx_xpecto_ledger_lost(ledger, 0, "no line can be made for");
    }

    written = ngx_write_fd(ledger->file->fd, line, len);

    if (written == -1) {
        return ngx_xpecto_ledger_lost(ledger, ngx_errno,
                                      ngx_write_fd_n " failed for");
    }

    if ((size_t) written != len) {
        return ngx_xpecto_ledger_lost(ledger, 0,
                                      ngx_write_fd_n " was incomplete for");
    }

    xpecto_ledger_written(&ledger->chain);
    ngx_xpecto_ledger_publish(ledger);

    ngx_xpecto_count(ledger->xmcf->counters->data, NGX_XPECTO_LEDGER_WRITTEN,
                     1);

    if (ledger->chain.left_out) {
        ngx_xpecto_count(ledger->xmcf->counters->data,
                         NGX_XPECTO_LEDGER_LEFT_OUT, ledger->chain.left_out);
    }

    if (ledger->lost) {
        ngx_log_error(NGX_LOG_NOTICE, ledger->cycle->log, 0,
                      "the ledger \"%V\" is written again: %ui lines were "
                      "lost", &ledger->file->name, ledger->lost);
        ledger->lost = 0;
    }

    return NGX_OK;
}


/* the first one is logged, all are counted */

static ngx_int_t
ngx_xpecto_ledger_lost(ngx_xpecto_ledger_t *ledger, ngx_err_t err,
    const char *text)
{
    if (ledger->lost++ == 0) {
        ngx_log_error(NGX_LOG_CRIT, ledger->cycle->log, err,
                      "%s the ledger \"%V\", its lines are lost", text,
                      &ledger->file->name);
    }

    ngx_xpecto_count(ledger->xmcf->counters->data, NGX_XPECTO_LEDGER_LOST, 1);

    return NGX_ERROR;
}


static void
ngx_xpecto_ledger_publish(ngx_xpecto_ledger_t *ledger)
{
    ngx_xpecto_ledger_tail_t  *tail;

    tail = &ledger->sh->tails[ngx_process_slot];

    /* it may have been left odd by one who was killed */

    tail->version |= 1;
    ngx_memory_barrier();

    tail->head = ledger->chain.head;

    ngx_memory_barrier();
    tail->version++;

    (void) ngx_atomic_fetch_add(&ledger->sh->lines, 1);
}


/* DECLINED: there is none, or it changes just now */

static ngx_int_t
ngx_xpecto_ledger_head(ngx_xpecto_ledger_tail_t *tail,
    xpecto_ledger_head_t *head)
{
    ngx_uint_t         i;
    ngx_atomic_uint_t  version;

    for (i = 0; i < 3; i++) {
        version = tail->version;
        ngx_memory_barrier();

        *head = tail->head;

        ngx_memory_barrier();

        if (version == tail->version && (version & 1) == 0) {
            return head->seq ? NGX_OK : NGX_DECLINED;
        }
    }

    return NGX_DECLINED;
}


/* whoever comes first vouches for all */

static void
ngx_xpecto_ledger_tick(ngx_event_t *ev)
{
    ngx_atomic_uint_t           due;
    ngx_xpecto_ledger_t        *ledger;
    ngx_xpecto_ledger_shctx_t  *sh;

    ledger = ev->data;
    sh = ledger->sh;
    due = sh->due;

    if ((ngx_msec_int_t) (ngx_current_msec - due) >= 0
        && sh->lines != sh->vouched
        && ngx_atomic_cmp_set(&sh->due, due,
                              ngx_current_msec + ledger->checkpoint))
    {
        ngx_xpecto_ledger_vouch(ledger, "checkpoint");
    }

    ngx_add_timer(ev, ledger->checkpoint);
}


void
ngx_xpecto_ledger_end(ngx_xpecto_ledger_t *ledger)
{
    if (ledger->chain.head.seq != 0) {
        ngx_xpecto_ledger_vouch(ledger, "end");
    }

    xpecto_ledger_close(&ledger->chain);
}


/* a line that names the last line of every process, dead ones included */

static void
ngx_xpecto_ledger_vouch(ngx_xpecto_ledger_t *ledger, const char *name)
{
    u_char                     *p;
    u_char                      heads[NGX_XPECTO_LEDGER_HEADS
                                      * (XPECTO_LEDGER_HEAD_TEXT + 1)];
    ngx_uint_t                  i, n;
    ngx_atomic_uint_t           lines;
    xpecto_ledger_head_t        head;
    xpecto_ledger_field_t       fields[1 + NGX_XPECTO_LEDGER_OWN];
    ngx_xpecto_ledger_shctx_t  *sh;

    sh = ledger->sh;
    lines = sh->lines;
    p = heads;
    n = 0;

    for (i = 0; i < NGX_MAX_PROCESSES; i++) {

        if (ngx_xpecto_ledger_head(&sh->tails[i], &head) != NGX_OK) {
            continue;
        }

        if (n == NGX_XPECTO_LEDGER_HEADS) {
            ngx_xpecto_ledger_field(&fields[0], "heads", XPECTO_LEDGER_STR,
                                    heads, p - heads);

            if (ngx_xpecto_ledger_write(ledger, "checkpoint", fields, 1)
                != NGX_OK)
            {
                return;
            }

            lines++;
            p = heads;
            n = 0;
        }

        if (n++) {
            *p++ = ' ';
        }

        p += xpecto_ledger_head(&head, p);
    }

    ngx_xpecto_ledger_field(&fields[0], "heads", XPECTO_LEDGER_STR, heads,
                            p - heads);

    if (ngx_xpecto_ledger_write(ledger, name, fields, 1) == NGX_OK) {
        sh->vouched = lines + 1;
    }
}


static void
ngx_xpecto_ledger_field(xpecto_ledger_field_t *field, const char *name,
    xpecto_ledger_type_e type, u_char *data, size_t len)
{
    field->name = name;
    field->type = type;
    field->str.data = data;
    field->str.len = len;
    field->num = 0;
}
