
/*
 * A table of limits in a file: see xpecto_snapshot.h.
 */


#include "xpecto_snapshot.h"
#include "xpecto_ban.h"
#include "xpecto_count.h"
#include "xpecto_gcra.h"

#include <string.h>


#define XPECTO_SNAPSHOT_FORMAT   3

/* offsets of the head */

#define XPECTO_SNAPSHOT_MAGIC    "xpecto limits\n"
#define XPECTO_SNAPSHOT_KID      15
#define XPECTO_SNAPSHOT_MADE     16
#define XPECTO_SNAPSHOT_AT_SALT  24
#define XPECTO_SNAPSHOT_SECRET   XPECTO_SNAPSHOT_OWN
#define XPECTO_SNAPSHOT_AT_TAG   72

/* the low bits of a time may be a number: xpecto_pair.h */

#define XPECTO_SNAPSHOT_LOW      63ull

/* what slid longer ago says nothing, and its end would be taken for another */

#define XPECTO_SNAPSHOT_SLID     (7ull * 86400 * XPECTO_USEC)

#define XPECTO_SNAPSHOT_USEC     (XPECTO_TICKS_SEC / XPECTO_USEC)


static xpecto_cell_kind_e xpecto_snapshot_kind(uint64_t tag);
static xpecto_rc_e xpecto_snapshot_key(xpecto_snapshot_t *s,
    const xpecto_key_t *key);
static void xpecto_snapshot_nonce(xpecto_snapshot_t *s,
    uint8_t nonce[XPECTO_NONCE_LEN]);
static xpecto_rc_e xpecto_snapshot_aad(xpecto_snapshot_t *s,
    const xpecto_str_t *zone);
static void xpecto_snapshot_put(uint8_t *dst, uint64_t n);
static uint64_t xpecto_snapshot_get(const uint8_t *p);


xpecto_rc_e
xpecto_snapshot_create(xpecto_snapshot_t *s, const xpecto_key_t *key,
    const xpecto_str_t *zone, const uint8_t salt[XPECTO_SNAPSHOT_SALT],
    const xpecto_snapshot_time_t *now,
    const uint8_t secret[XPECTO_SIPHASH_KEY_LEN])
{
    uint8_t       nonce[XPECTO_NONCE_LEN];
    xpecto_str_t  in;

    memset(s, 0, sizeof(xpecto_snapshot_t));

    s->made = now->wall;
    s->base = now->ticks & ~XPECTO_SNAPSHOT_LOW;

    memcpy(s->head, XPECTO_SNAPSHOT_MAGIC, sizeof(XPECTO_SNAPSHOT_MAGIC) - 1);
    s->head[sizeof(XPECTO_SNAPSHOT_MAGIC) - 1] = XPECTO_SNAPSHOT_FORMAT;
    s->head[XPECTO_SNAPSHOT_KID] = key->kid;
    xpecto_snapshot_put(&s->head[XPECTO_SNAPSHOT_MADE], now->wall);
    memcpy(&s->head[XPECTO_SNAPSHOT_AT_SALT], salt, XPECTO_SNAPSHOT_SALT);

    if (xpecto_snapshot_aad(s, zone) != XPECTO_OK
        || xpecto_snapshot_key(s, key) != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    xpecto_snapshot_nonce(s, nonce);

    in.data = secret;
    in.len = XPECTO_SIPHASH_KEY_LEN;

    return xpecto_aead_seal(s->aead, nonce, &s->aad, &in,
                            &s->head[XPECTO_SNAPSHOT_SECRET],
                            &s->head[XPECTO_SNAPSHOT_AT_TAG]);
}


int
xpecto_snapshot_keep(const xpecto_snapshot_t *s, xpecto_cell_t *cell)
{
    switch (xpecto_snapshot_kind(cell->half.tag)) {

    case XPECTO_CELL_TAT:

        if (cell->half.word <= s->base) {
            return 0;
        }

        cell->half.word -= s->base;

        return 1;

    case XPECTO_CELL_COUNT:
        return !xpecto_count_over(cell->half.word, s->made / XPECTO_USEC);

    case XPECTO_CELL_SLIDE:
        return !xpecto_slide_over(cell->half.word, s->made / XPECTO_USEC);

    case XPECTO_CELL_BAN:
        return !xpecto_ban_over(cell->half.word, s->made / XPECTO_USEC);

    default:
        return 0;
    }
}


xpecto_rc_e
xpecto_snapshot_seal(xpecto_snapshot_t *s, xpecto_cell_t *cells, size_t n,
    uint8_t *dst)
{
    size_t         i;
    uint8_t        nonce[XPECTO_NONCE_LEN], *p;
    xpecto_str_t   in;
    xpecto_cell_t  cell;

    p = (uint8_t *) cells;

    for (i = 0; i < n; i++) {
        cell = cells[i];
        xpecto_snapshot_put(p, cell.half.tag);
        xpecto_snapshot_put(p + sizeof(uint64_t), cell.half.word);
        p += sizeof(xpecto_cell_t);
    }

    xpecto_snapshot_nonce(s, nonce);

    in.data = (uint8_t *) cells;
    in.len = n * sizeof(xpecto_cell_t);

    return xpecto_aead_seal(s->aead, nonce, &s->aad, &in, dst, dst + in.len);
}


xpecto_snapshot_e
xpecto_snapshot_open(xpecto_snapshot_t *s, const xpecto_keyring_t *ring,
    const xpecto_str_t *zone, const uint8_t head[XPECTO_SNAPSHOT_HEAD],
    const xpecto_snapshot_time_t *now,
    uint8_t secret[XPECTO_SIPHASH_KEY_LEN])
{
    uint8_t              nonce[XPECTO_NONCE_LEN];
    uint64_t             passed;
    xpecto_str_t         in;
    const xpecto_key_t  *key;

    memset(s, 0, sizeof(xpecto_snapshot_t));
    memcpy(s->head, head, XPECTO_SNAPSHOT_HEAD);

    if (memcmp(head, XPECTO_SNAPSHOT_MAGIC, sizeof(XPECTO_SNAPSHOT_MAGIC) - 1)
        != 0)
    {
        return XPECTO_SNAPSHOT_FOREIGN;
    }

    if (head[sizeof(XPECTO_SNAPSHOT_MAGIC) - 1] != XPECTO_SNAPSHOT_FORMAT) {
        return XPECTO_SNAPSHOT_VERSION;
    }

    key = xpecto_keyring_find(ring, head[XPECTO_SNAPSHOT_KID]);
    if (key == NULL) {
        return XPECTO_SNAPSHOT_KEY;
    }

    if (xpecto_snapshot_aad(s, zone) != XPECTO_OK
        || xpecto_snapshot_key(s, key) != XPECTO_OK)
    {
        return XPECTO_SNAPSHOT_ERROR;
    }

    xpecto_snapshot_nonce(s, nonce);

    in.data = &head[XPECTO_SNAPSHOT_SECRET];
    in.len = XPECTO_SIPHASH_KEY_LEN;

    if (xpecto_aead_open(s->aead, nonce, &s->aad, &in,
                         &head[XPECTO_SNAPSHOT_AT_TAG], secret)
        != XPECTO_OK)
    {
        return XPECTO_SNAPSHOT_DAMAGED;
    }

    s->made = xpecto_snapshot_get(&head[XPECTO_SNAPSHOT_MADE]);
    s->base = (now->ticks + XPECTO_SNAPSHOT_LOW) & ~XPECTO_SNAPSHOT_LOW;

    if (now->wall <= s->made) {
        s->back = (s->made - now->wall) / XPECTO_USEC;
        return XPECTO_SNAPSHOT_OK;
    }

    /* each of the two was cut to a microsecond */

    passed = now->wall - s->made - 1;

    s->passed = (passed > UINT64_MAX / XPECTO_SNAPSHOT_USEC)
                ? UINT64_MAX : passed * XPECTO_SNAPSHOT_USEC;
    s->passed &= ~XPECTO_SNAPSHOT_LOW;

    return XPECTO_SNAPSHOT_OK;
}


xpecto_snapshot_e
xpecto_snapshot_unseal(xpecto_snapshot_t *s, const uint8_t *p, size_t len,
    xpecto_cell_t *cells, size_t *n)
{
    size_t         i;
    uint8_t        nonce[XPECTO_NONCE_LEN], *text;
    xpecto_str_t   in;
    xpecto_cell_t  cell;

    *n = 0;

    if (len < XPECTO_TAG_LEN || len > XPECTO_SNAPSHOT_CHUNK
        || len % sizeof(xpecto_cell_t) != XPECTO_TAG_LEN % sizeof(cell))
    {
        return XPECTO_SNAPSHOT_DAMAGED;
    }

    xpecto_snapshot_nonce(s, nonce);

    in.data = p;
    in.len = len - XPECTO_TAG_LEN;
    text = (uint8_t *) cells;

    if (xpecto_aead_open(s->aead, nonce, &s->aad, &in, p + in.len, text)
        != XPECTO_OK)
    {
        return XPECTO_SNAPSHOT_DAMAGED;
    }

    *n = in.len / sizeof(xpecto_cell_t);

    for (i = 0; i < *n; i++) {
        cell.half.tag = xpecto_snapshot_get(text);
        cell.half.word = xpecto_snapshot_get(text + sizeof(uint64_t));
        cells[i] = cell;
        text += sizeof(xpecto_cell_t);
    }

    return XPECTO_SNAPSHOT_OK;
}


int
xpecto_snapshot_restore(const xpecto_snapshot_t *s, xpecto_cell_t *cell)
{
    uint64_t  word;

    word = cell->half.word;

    switch (xpecto_snapshot_kind(cell->half.tag)) {

    case XPECTO_CELL_TAT:

        if (word <= s->passed || word - s->passed > UINT64_MAX - s->base)
        {
            return 0;
        }

        cell->half.word = word - s->passed + s->base;

        return 1;

    case XPECTO_CELL_COUNT:
    case XPECTO_CELL_BAN:
        /* an end that the clock has not come to, or has left again */
        return 1;

    case XPECTO_CELL_SLIDE:

        if (s->passed / XPECTO_SNAPSHOT_USEC >= XPECTO_SNAPSHOT_SLID) {
            return 0;
        }

        cell->half.word = xpecto_slide_back(word, s->back);

        return 1;

    default:
        return 0;
    }
}


void
xpecto_snapshot_end(xpecto_snapshot_t *s)
{
    xpecto_aead_free(s->aead);
    s->aead = NULL;
}


/* 0: a cell that is free or claimed */

static xpecto_cell_kind_e
xpecto_snapshot_kind(uint64_t tag)
{
    return (tag & XPECTO_CELL_CLAIM) ? 0 : tag & XPECTO_CELL_KIND;
}


static xpecto_rc_e
xpecto_snapshot_key(xpecto_snapshot_t *s, const xpecto_key_t *key)
{
    uint8_t       own[XPECTO_KEY_LEN];
    xpecto_rc_e   rc;
    xpecto_str_t  ikm, salt, info;

    static const char  purpose[] = "xpecto limit snapshot";

    ikm.data = key->master;
    ikm.len = XPECTO_KEY_LEN;
    salt.data = &s->head[XPECTO_SNAPSHOT_AT_SALT];
    salt.len = XPECTO_SNAPSHOT_SALT;
    info.data = (const uint8_t *) purpose;
    info.len = sizeof(purpose) - 1;

    rc = xpecto_hkdf(own, sizeof(own), &ikm, &salt, &info);

    if (rc == XPECTO_OK) {
        s->aead = xpecto_aead_create(own);
    }

    xpecto_cleanse(own, sizeof(own));

    return (s->aead == NULL) ? XPECTO_ERROR : XPECTO_OK;
}


/* of the next part */

static void
xpecto_snapshot_nonce(xpecto_snapshot_t *s, uint8_t nonce[XPECTO_NONCE_LEN])
{
    memset(nonce, 0, XPECTO_NONCE_LEN);
    xpecto_snapshot_put(nonce, s->part++);
}


/* the head has been written down to the secret */

static xpecto_rc_e
xpecto_snapshot_aad(xpecto_snapshot_t *s, const xpecto_str_t *zone)
{
    if (zone->len > XPECTO_SNAPSHOT_ZONE) {
        return XPECTO_ERROR;
    }

    memcpy(s->text, s->head, XPECTO_SNAPSHOT_OWN);
    memcpy(s->text + XPECTO_SNAPSHOT_OWN, zone->data, zone->len);

    s->aad.data = s->text;
    s->aad.len = XPECTO_SNAPSHOT_OWN + zone->len;

    return XPECTO_OK;
}


/* a compiler makes one store and one load of these on its own */

static void
xpecto_snapshot_put(uint8_t *dst, uint64_t n)
{
    dst[0] = (uint8_t) n;
    dst[1] = (uint8_t) (n >> 8);
    dst[2] = (uint8_t) (n >> 16);
    dst[3] = (uint8_t) (n >> 24);
    dst[4] = (uint8_t) (n >> 32);
    dst[5] = (uint8_t) (n >> 40);
    dst[6] = (uint8_t) (n >> 48);
    dst[7] = (uint8_t) (n >> 56);
}


static uint64_t
xpecto_snapshot_get(const uint8_t *p)
{
    return (uint64_t) p[0] | (uint64_t) p[1] << 8 | (uint64_t) p[2] << 16
           | (uint64_t) p[3] << 24 | (uint64_t) p[4] << 32
           | (uint64_t) p[5] << 40 | (uint64_t) p[6] << 48
           | (uint64_t) p[7] << 56;
}
