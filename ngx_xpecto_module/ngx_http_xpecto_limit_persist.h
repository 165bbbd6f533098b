
/*
 * The file of a zone: xpecto_limit_zone ... persist=.
 */


#ifndef _NGX_HTTP_XPECTO_LIMIT_PERSIST_H_INCLUDED_
#define _NGX_HTTP_XPECTO_LIMIT_PERSIST_H_INCLUDED_


#include "ngx_http_xpecto_limit.h"
#include "core/xpecto_snapshot.h"
#include "core/xpecto_unique_file.h"


/* what became of a file that was to be written */

typedef struct {
    const char                      *failed;    /* the call; NULL: none */
    ngx_err_t                        err;
    ngx_atomic_uint_t                made;      /* seconds since 1970 */
} ngx_http_xpecto_limit_written_t;


struct ngx_http_xpecto_limit_persist_s {
    ngx_str_t                        file;      /* ends with a zero, as does */
    ngx_str_t                        temp;
    char                            *folder;
    ngx_cycle_t                     *cycle;     /* of the configuration */
    ngx_http_xpecto_limit_zone_t    *zone;
    xpecto_keyring_t                *ring;
    ngx_uid_t                        user;
    ngx_gid_t                        group;
    ngx_str_t                        conf;      /* where it stands */
    ngx_uint_t                       line;

    ngx_event_t                      timer;
#if (NGX_THREADS)
    ngx_thread_pool_t               *pool;
    ngx_thread_task_t               *task;
#endif
    ngx_http_xpecto_limit_written_t  written;
    unsigned                         busy:1;
    unsigned                         failed:1;  /* as has been logged */
};


/* what is needed while a file is read or written: 128 KiB */

typedef struct {
    xpecto_snapshot_t                snapshot;
    xpecto_unique_save_t             saved;
    xpecto_unique_load_t             loaded;
    uint64_t                         looked;    /* cells of the table */
    xpecto_cell_t                    cells[XPECTO_SNAPSHOT_CELLS];
    u_char                           chunk[XPECTO_SNAPSHOT_CHUNK];
} ngx_http_xpecto_limit_work_t;


#endif /* _NGX_HTTP_XPECTO_LIMIT_PERSIST_H_INCLUDED_ */
