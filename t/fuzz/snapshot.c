
/*
 * Two bytes are where, one what, the rest cells of a table.  Cells that are
 * kept come back as they were, if the clock has not moved; a file that is not
 * as it was written, or is not from us at all, is refused.
 */


#include <stdlib.h>
#include <string.h>

#include "xpecto_snapshot.h"


#define CELLS  64


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t           secret[XPECTO_SIPHASH_KEY_LEN];
static const uint8_t           salt[XPECTO_SNAPSHOT_SALT];
static const xpecto_str_t      zone = { 1, (const uint8_t *) "z" };
static const xpecto_keyring_t  ring = { .n = 1, .keys = { { .kid = 7 } } };

static const xpecto_snapshot_time_t  now = { 64, 1764000000000000ull };


static void
holds(int condition)
{
    if (!condition) {
        abort();
    }
}


static xpecto_snapshot_e
take(const uint8_t *file, size_t len, xpecto_cell_t *cells, size_t *n)
{
    uint8_t            out[XPECTO_SIPHASH_KEY_LEN];
    xpecto_snapshot_e  rc;
    xpecto_snapshot_t  s;

    *n = 0;

    if (len < XPECTO_SNAPSHOT_HEAD) {
        return XPECTO_SNAPSHOT_DAMAGED;
    }

    rc = xpecto_snapshot_open(&s, &ring, &zone, file, &now, out);

    if (rc == XPECTO_SNAPSHOT_OK) {
        rc = xpecto_snapshot_unseal(&s, file + XPECTO_SNAPSHOT_HEAD,
                                    len - XPECTO_SNAPSHOT_HEAD, cells, n);
    }

    xpecto_snapshot_end(&s);

    return rc;
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t             i, k, n, len, where;
    uint8_t            what, got[XPECTO_SIPHASH_KEY_LEN];
    xpecto_cell_t      cells[CELLS], kept[CELLS], out[XPECTO_SNAPSHOT_CELLS];
    xpecto_snapshot_t  s;

    static uint8_t  file[XPECTO_SNAPSHOT_HEAD + XPECTO_SNAPSHOT_CHUNK];

    holds(take(data, size, out, &n) != XPECTO_SNAPSHOT_OK);

    if (size < 3) {
        return 0;
    }

    where = (size_t) data[0] << 8 | data[1];
    what = data[2];
    n = (size - 3) / sizeof(xpecto_cell_t);
    n = (n > CELLS) ? CELLS : n;

    if (n != 0) {
        memcpy(cells, data + 3, n * sizeof(xpecto_cell_t));
    }

    holds(xpecto_snapshot_create(&s, &ring.keys[0], &zone, salt, &now,
                                 secret)
          == XPECTO_OK);

    for (i = 0, k = 0; i < n; i++) {
        out[k] = cells[i];

        if (xpecto_snapshot_keep(&s, &out[k])) {
            kept[k++] = cells[i];
        }
    }

    memcpy(file, s.head, XPECTO_SNAPSHOT_HEAD);
    holds(xpecto_snapshot_seal(&s, out, k, file + XPECTO_SNAPSHOT_HEAD)
          == XPECTO_OK);
    xpecto_snapshot_end(&s);

    len = XPECTO_SNAPSHOT_HEAD + k * sizeof(xpecto_cell_t) + XPECTO_TAG_LEN;

    holds(take(file, len, out, &n) == XPECTO_SNAPSHOT_OK && n == k);

    holds(xpecto_snapshot_open(&s, &ring, &zone, file, &now, got)
          == XPECTO_SNAPSHOT_OK);

    for (i = 0; i < k; i++) {
        holds(xpecto_snapshot_restore(&s, &out[i]));
        holds(out[i].half.tag == kept[i].half.tag);
        holds(out[i].half.word == kept[i].half.word);
    }

    xpecto_snapshot_end(&s);

    if (what == 0) {
        holds(take(file, where % len, out, &n) != XPECTO_SNAPSHOT_OK);

    } else {
        file[where % len] ^= what;
        holds(take(file, len, out, &n) != XPECTO_SNAPSHOT_OK);
    }

    return 0;
}
