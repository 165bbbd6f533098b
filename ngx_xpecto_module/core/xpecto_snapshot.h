
/*
 * A table of limits in a file, so that it survives a restart: a head and
 * chunks of cells, all numbers little endian, all of it sealed.
 *
 *      0         14    15      16       24     56       72      88
 *     +-----------+-----+-------+--------+------+--------+-------+
 *     | "xpecto   | ver | kid   | made,  | salt | secret | tag   |   head
 *     |  limits\n"|     |       | usec   |      | sealed |       |
 *     +-----------+-----+-------+--------+------+--------+-------+
 *     | up to 4096 cells of 16 bytes, sealed    | tag    |           chunk
 *     +-----------------------------------------+--------+
 *
 * Each file has a key of its own, HKDF of the ring's under the salt; AES-256-
 * GCM with the number of the part as nonce (the head is 0) and the head's
 * first 56 bytes and the zone's name as additional data: what one zone has
 * written is nothing to another.  All chunks but the last are full, so
 * that none can be taken away, put in or moved.  Forged state would give back
 * what was used: hence no checksum that everybody can make.
 *
 * In a file a cell that is a time is how far it was ahead when the file was
 * made.  Whoever reads it takes off what has passed by the clock on the wall
 * since then, nothing if that clock was set back: never too much, by up to
 * 2 us too little.  Cells that count have a time of that clock.
 */


#ifndef _XPECTO_SNAPSHOT_H_INCLUDED_
#define _XPECTO_SNAPSHOT_H_INCLUDED_


#include "xpecto.h"
#include "xpecto_cells.h"
#include "xpecto_mac.h"
#include "xpecto_siphash.h"


#define XPECTO_SNAPSHOT_SALT   32
#define XPECTO_SNAPSHOT_HEAD   88
#define XPECTO_SNAPSHOT_CELLS  4096
#define XPECTO_SNAPSHOT_ZONE   64       /* bytes of its name, at most */
#define XPECTO_SNAPSHOT_OWN    56       /* of the head, before the secret */
#define XPECTO_SNAPSHOT_CHUNK                                                \
    (XPECTO_SNAPSHOT_CELLS * sizeof(xpecto_cell_t) + XPECTO_TAG_LEN)


/* two clocks, read one after the other */

typedef struct {
    uint64_t        ticks;              /* that nobody sets: xpecto_gcra.h */
    uint64_t        wall;               /* microseconds since 1970 */
} xpecto_snapshot_time_t;


/* a file that is being written or read */

typedef struct {
    xpecto_aead_t  *aead;
    uint32_t        part;
    uint64_t        made;               /* by the wall */
    uint64_t        base;               /* ticks, a multiple of 64 */
    uint64_t        passed;             /* ticks; a multiple of 64 */
    uint64_t        back;               /* seconds that the clock was set
                                           back since the file was made */
    uint8_t         head[XPECTO_SNAPSHOT_HEAD];
    xpecto_str_t    aad;
    uint8_t         text[XPECTO_SNAPSHOT_OWN + XPECTO_SNAPSHOT_ZONE];
} xpecto_snapshot_t;


typedef enum {
    XPECTO_SNAPSHOT_OK = 0,
    XPECTO_SNAPSHOT_FOREIGN,            /* no file of ours */
    XPECTO_SNAPSHOT_VERSION,
    XPECTO_SNAPSHOT_KEY,                /* that we do not have */
    XPECTO_SNAPSHOT_DAMAGED,            /* or of another zone */
    XPECTO_SNAPSHOT_ERROR               /* OpenSSL could not */
} xpecto_snapshot_e;


/* begins a file: s->head is its first part.  end() in any case */

xpecto_rc_e xpecto_snapshot_create(xpecto_snapshot_t *s,
    const xpecto_key_t *key, const xpecto_str_t *zone,
    const uint8_t salt[XPECTO_SNAPSHOT_SALT],
    const xpecto_snapshot_time_t *now,
    const uint8_t secret[XPECTO_SIPHASH_KEY_LEN]);

/*
 * 1: the cell is one to be kept, and is now as it stands in a file.  What has
 * run out is not, nor is a kind that means nothing after a restart.
 */

int xpecto_snapshot_keep(const xpecto_snapshot_t *s, xpecto_cell_t *cell);

/*
 * Seals n cells, which are changed by it: dst holds n of them and a tag.  The
 * last chunk has less than XPECTO_SNAPSHOT_CELLS, maybe none.
 */

xpecto_rc_e xpecto_snapshot_seal(xpecto_snapshot_t *s, xpecto_cell_t *cells,
    size_t n, uint8_t *dst);

/* opens a file by its head; end() in any case */

xpecto_snapshot_e xpecto_snapshot_open(xpecto_snapshot_t *s,
    const xpecto_keyring_t *ring, const xpecto_str_t *zone,
    const uint8_t head[XPECTO_SNAPSHOT_HEAD],
    const xpecto_snapshot_time_t *now,
    uint8_t secret[XPECTO_SIPHASH_KEY_LEN]);

/*
 * Opens a chunk of len bytes, XPECTO_SNAPSHOT_CHUNK unless it ends the file:
 * n cells as they stand in a file.  Nothing of a file holds before its last
 * chunk was opened: n is less than XPECTO_SNAPSHOT_CELLS.
 */

xpecto_snapshot_e xpecto_snapshot_unseal(xpecto_snapshot_t *s,
    const uint8_t *p, size_t len, xpecto_cell_t *cells, size_t *n);

/* 1: it still says something, and is now as it belongs into a table */

int xpecto_snapshot_restore(const xpecto_snapshot_t *s, xpecto_cell_t *cell);

void xpecto_snapshot_end(xpecto_snapshot_t *s);


#endif /* _XPECTO_SNAPSHOT_H_INCLUDED_ */
