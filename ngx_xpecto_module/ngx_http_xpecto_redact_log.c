
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * Error logs.  ngx_log_error_core() hands each line to log->writer if there
 * is one: ours redacts it and then does what would have been done.  A line
 * may come from a signal handler or a thread: nothing here allocates, locks
 * or logs.
 */


#include "ngx_http_xpecto_redact.h"


/* room for the redacted form of the longest line, before it is cut again */

#define NGX_HTTP_XPECTO_REDACT_LINE  XPECTO_REDACT_BOUND(NGX_MAX_ERROR_STR)


typedef struct {
    ngx_log_t                           *log;
    ngx_log_writer_pt                    writer;
    void                                *wdata;
    ngx_http_xpecto_redact_log_t        *conf;
    ngx_http_xpecto_redact_main_conf_t  *rmcf;
} ngx_http_xpecto_redact_hook_t;


static void ngx_http_xpecto_redact_writer(ngx_log_t *log, ngx_uint_t level,
    u_char *buf, size_t len);
static void ngx_http_xpecto_redact_pass(ngx_http_xpecto_redact_hook_t *hook,
    ngx_log_t *log, ngx_uint_t level, u_char *buf, size_t len);
static ngx_int_t ngx_http_xpecto_redact_log_note(
    ngx_http_xpecto_redact_main_conf_t *rmcf, ngx_log_t *log, ngx_uint_t mode,
    xpecto_redact_t *rd);
static void ngx_http_xpecto_redact_log_merge(ngx_http_xpecto_redact_log_t *rl,
    ngx_uint_t mode, xpecto_redact_t *rd);
static ngx_int_t ngx_http_xpecto_redact_log_expand(
    ngx_http_xpecto_redact_main_conf_t *rmcf);
static ngx_int_t ngx_http_xpecto_redact_log_names(ngx_cycle_t *cycle,
    ngx_http_xpecto_redact_main_conf_t *rmcf);
static void ngx_http_xpecto_redact_log_share(
    ngx_http_xpecto_redact_main_conf_t *rmcf);
static void ngx_http_xpecto_redact_log_cleanup(void *data);


static void
ngx_http_xpecto_redact_writer(ngx_log_t *log, ngx_uint_t level, u_char *buf,
    size_t len)
{
    int                             tail;
    u_char                          out[NGX_HTTP_XPECTO_REDACT_LINE];
    size_t                          n;
    xpecto_rc_e                     rc;
    xpecto_redact_t                 rd;
    xpecto_pseudonym_t              ps;
    xpecto_redact_place_t           place;
    xpecto_redact_result_t          res;
    ngx_http_xpecto_redact_hook_t  *hook;

    static u_char  dropped[] = "[xpecto] line dropped";

    hook = log->wdata;

    tail = (len >= NGX_MAX_ERROR_STR - NGX_LINEFEED_SIZE);

    n = len;

    if (n > 0 && buf[n - 1] == LF) {
        n--;
    }

    place.form = XPECTO_FORM_LOG;
    place.class = XPECTO_CLASS_CONTENT;

    rd = hook->conf->rd;
    rd.pseudonym = &ps;

    ngx_http_xpecto_redact_key_log(hook->rmcf, &ps, log);

    rc = xpecto_redact(&rd, place, buf, n, tail, out, sizeof(out), &res);

    /* labels are shorter: the end of a long line is worth more than tokens */

    if (rc == XPECTO_OK && ps.ready
        && res.len > NGX_MAX_ERROR_STR - NGX_LINEFEED_SIZE)
    {
        rd.pseudonym = NULL;
        rc = xpecto_redact(&rd, place, buf, n, tail, out, sizeof(out), &res);
    }

    if (rc == XPECTO_DECLINED) {
        ngx_http_xpecto_redact_pass(hook, log, level, buf, len);
        return;
    }

    if (rc == XPECTO_OK) {
        ngx_http_xpecto_redact_count(hook->rmcf, NGX_XPECTO_REDACT_ERROR, 1,
                                     &res);

    } else {
        ngx_memcpy(out, dropped, sizeof(dropped) - 1);
        res.len = sizeof(dropped) - 1;
    }

    if (hook->conf->mode != NGX_HTTP_XPECTO_REDACT_ON) {
        ngx_http_xpecto_redact_pass(hook, log, level, buf, len);
        return;
    }

    n = ngx_min(res.len, NGX_MAX_ERROR_STR - NGX_LINEFEED_SIZE);
    out[n++] = LF;

    ngx_http_xpecto_redact_pass(hook, log, level, out, n);
}


/* log may be a connection's copy of the log that was hooked */

static void
ngx_http_xpecto_redact_pass(ngx_http_xpecto_redact_hook_t *hook,
    ngx_log_t *log, ngx_uint_t level, u_char *buf, size_t len)
{
    ssize_t    n;
    ngx_log_t  copy;

    if (hook->writer != NULL) {
        copy = *log;
        copy.writer = hook->writer;
        copy.wdata = hook->wdata;

        hook->writer(&copy, level, buf, len);
        return;
    }

    /* as ngx_log_error_core() has it */

    if (ngx_time() == log->disk_full_time) {
        return;
    }

    n = ngx_write_fd(log->file->fd, buf, len);

    if (n == -1 && ngx_errno == NGX_ENOSPC) {
        log->disk_full_time = ngx_time();
    }
}


ngx_int_t
ngx_http_xpecto_redact_log_add(ngx_conf_t *cf,
    ngx_http_xpecto_redact_main_conf_t *rmcf,
    ngx_http_xpecto_redact_loc_conf_t *rlcf)
{
    ngx_http_core_loc_conf_t  *clcf;

    /* the core module is merged before us: error_log is inherited by now */

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    return ngx_http_xpecto_redact_log_note(rmcf, clcf->error_log, rlcf->mode,
                                           &rlcf->rd);
}


static ngx_int_t
ngx_http_xpecto_redact_log_note(ngx_http_xpecto_redact_main_conf_t *rmcf,
    ngx_log_t *log, ngx_uint_t mode, xpecto_redact_t *rd)
{
    ngx_uint_t                     i;
    ngx_http_xpecto_redact_log_t  *rl;

    rl = rmcf->logs.elts;

    for (i = 0; i < rmcf->logs.nelts; i++) {
        if (rl[i].log == log) {
            ngx_http_xpecto_redact_log_merge(&rl[i], mode, rd);
            return NGX_OK;
        }
    }

    rl = ngx_array_push(&rmcf->logs);
    if (rl == NULL) {
        return NGX_ERROR;
    }

    rl->log = log;
    rl->mode = mode;
    rl->rd = *rd;

    return NGX_OK;
}


/* settings of where nothing is redacted do not count */

static void
ngx_http_xpecto_redact_log_merge(ngx_http_xpecto_redact_log_t *rl,
    ngx_uint_t mode, xpecto_redact_t *rd)
{
    if (mode == NGX_HTTP_XPECTO_REDACT_OFF) {
        return;
    }

    if (rl->mode == NGX_HTTP_XPECTO_REDACT_OFF) {
        rl->mode = mode;
        rl->rd = *rd;
        return;
    }

    rl->mode = ngx_max(rl->mode, mode);
    xpecto_redact_stricter(&rl->rd, rd);
}


ngx_int_t
ngx_http_xpecto_redact_log_init(ngx_cycle_t *cycle,
    ngx_http_xpecto_redact_main_conf_t *rmcf)
{
    ngx_uint_t                      i, n;
    ngx_listening_t                *ls;
    ngx_pool_cleanup_t             *cln;
    ngx_http_xpecto_redact_log_t   *rl, cl;
    ngx_http_xpecto_redact_hook_t  *hook;

    /* lines that belong to no location: the strictest there is */

    ngx_memzero(&cl, sizeof(ngx_http_xpecto_redact_log_t));

    rl = rmcf->logs.elts;

    for (i = 0; i < rmcf->logs.nelts; i++) {
        ngx_http_xpecto_redact_log_merge(&cl, rl[i].mode, &rl[i].rd);
    }

    if (ngx_http_xpecto_redact_log_note(rmcf, &cycle->new_log, cl.mode, &cl.rd)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_http_xpecto_redact_log_expand(rmcf) != NGX_OK
        || ngx_http_xpecto_redact_log_names(cycle, rmcf) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_http_xpecto_redact_log_share(rmcf);

    /* one more that ends the list */

    n = rmcf->logs.nelts;
    rl = rmcf->logs.elts;

    cln = ngx_pool_cleanup_add(cycle->pool,
                         (n + 1) * sizeof(ngx_http_xpecto_redact_hook_t));
    if (cln == NULL) {
        return NGX_ERROR;
    }

    hook = cln->data;
    cln->handler = ngx_http_xpecto_redact_log_cleanup;

    for (i = 0; i < n; i++) {

        if (rl[i].mode == NGX_HTTP_XPECTO_REDACT_OFF) {
            continue;
        }

        hook->log = rl[i].log;
        hook->writer = rl[i].log->writer;
        hook->wdata = rl[i].log->wdata;
        hook->conf = &rl[i];
        hook->rmcf = rmcf;

        rl[i].log->writer = ngx_http_xpecto_redact_writer;
        rl[i].log->wdata = hook;

        hook++;
    }

    hook->log = NULL;

    /* these are copies, made when the sockets were configured */

    ls = cycle->listening.elts;

    for (i = 0; i < cycle->listening.nelts; i++) {
        if (ls[i].logp != NULL
            && ls[i].logp->writer == ngx_http_xpecto_redact_writer)
        {
            ls[i].log.writer = ls[i].logp->writer;
            ls[i].log.wdata = ls[i].logp->wdata;
        }
    }

    return NGX_OK;
}


/* a directive given twice makes a chain: each log of it becomes an entry */

static ngx_int_t
ngx_http_xpecto_redact_log_expand(ngx_http_xpecto_redact_main_conf_t *rmcf)
{
    ngx_log_t                     *log;
    ngx_uint_t                     i, n;
    ngx_http_xpecto_redact_log_t  *rl, head;

    n = rmcf->logs.nelts;

    for (i = 0; i < n; i++) {

        rl = rmcf->logs.elts;
        head = rl[i];

        for (log = head.log->next; log != NULL; log = log->next) {
            if (ngx_http_xpecto_redact_log_note(rmcf, log, head.mode, &head.rd)
                != NGX_OK)
            {
                return NGX_ERROR;
            }
        }
    }

    return NGX_OK;
}


/* names are only ever added: each log knows those of all locations */

static ngx_int_t
ngx_http_xpecto_redact_log_names(ngx_cycle_t *cycle,
    ngx_http_xpecto_redact_main_conf_t *rmcf)
{
    ngx_uint_t                       i, n;
    xpecto_redact_name_t            *all;
    ngx_http_xpecto_redact_log_t    *rl;
    ngx_http_xpecto_redact_names_t **names;

    names = rmcf->names.elts;

    n = 0;

    for (i = 0; i < rmcf->names.nelts; i++) {
        n += names[i]->names.nelts;
    }

    if (n == 0) {
        return NGX_OK;
    }

    all = ngx_palloc(cycle->pool, n * sizeof(xpecto_redact_name_t));
    if (all == NULL) {
        return NGX_ERROR;
    }

    n = 0;

    for (i = 0; i < rmcf->names.nelts; i++) {
        ngx_memcpy(&all[n], names[i]->names.elts,
                   names[i]->names.nelts * sizeof(xpecto_redact_name_t));
        n += names[i]->names.nelts;
    }

    rl = rmcf->logs.elts;

    for (i = 0; i < rmcf->logs.nelts; i++) {
        rl[i].rd.names = all;
        rl[i].rd.nnames = n;
    }

    return NGX_OK;
}


/* two logs that write to one file are one: both take the stricter settings */

static void
ngx_http_xpecto_redact_log_share(ngx_http_xpecto_redact_main_conf_t *rmcf)
{
    ngx_uint_t                     i, j;
    ngx_http_xpecto_redact_log_t  *rl;

    rl = rmcf->logs.elts;

    for (i = 0; i < rmcf->logs.nelts; i++) {
        for (j = 0; j < rmcf->logs.nelts; j++) {
            if (i != j && rl[i].log->file != NULL
                && rl[i].log->file == rl[j].log->file)
            {
                ngx_http_xpecto_redact_log_merge(&rl[i], rl[j].mode,
                                                 &rl[j].rd);
            }
        }
    }
}


/*
 * The pool of the cycle goes, and maybe this code with it: runs before the
 * module is unloaded, as cleanups run in the reverse order.
 */

static void
ngx_http_xpecto_redact_log_cleanup(void *data)
{
    ngx_http_xpecto_redact_hook_t *hook = data;

    for ( /* void */ ; hook->log != NULL; hook++) {
        hook->log->writer = hook->writer;
        hook->log->wdata = hook->wdata;
    }
}
