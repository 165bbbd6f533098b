
/*
 * The zone of choices that were taken back, and its file.
 */


#ifndef _NGX_HTTP_XPECTO_CONSENT_REVOKED_H_INCLUDED_
#define _NGX_HTTP_XPECTO_CONSENT_REVOKED_H_INCLUDED_


#include "ngx_http_xpecto_consent.h"
#include "core/xpecto_revoked.h"


/* bytes that are read at once */

#define NGX_HTTP_XPECTO_CONSENT_REVOKED_READ    65536


/*
 * The zone: one allocation behind the header of the slab pool, with the cells
 * behind this.  Choices of all times up to the floor are void.
 */

typedef struct {
    uint32_t                       layout;
    uint32_t                       cell;        /* bytes of a cell */
    uint64_t                       size;        /* bytes of all cells */
    u_char                         secret[XPECTO_SIPHASH_KEY_LEN];
    ngx_atomic_t                   floor;       /* seconds since 1970 */
    ngx_atomic_t                   offset;      /* of the file, read so far */
    ngx_atomic_t                   unsafe;      /* not all is on the disk */
    u_char                         zeroes[72];
} ngx_http_xpecto_consent_revoked_shm_t;


struct ngx_http_xpecto_consent_revoked_s {
    ngx_str_t                      name;
    ngx_open_file_t               *file;        /* NULL: memory only */
    ngx_fd_t                       fd;          /* of the same, to read */
    ngx_cycle_t                   *cycle;
    ngx_http_xpecto_consent_revoked_shm_t  *sh;
    xpecto_cells_t                 cells;
    uint64_t                       stamp;       /* of claims, per process */
    ngx_event_t                    event;
    u_char                        *buf;
    unsigned                       failed:1;    /* as has been logged */
    unsigned                       over:1;      /* of the file not all fits */
};


ngx_int_t ngx_http_xpecto_consent_revoked_init_zone(ngx_shm_zone_t *shm_zone,
    void *data);


#endif /* _NGX_HTTP_XPECTO_CONSENT_REVOKED_H_INCLUDED_ */
