
/*
 * Choices that were taken back: see xpecto_revoked.h.
 */


#include <string.h>

#include "xpecto_revoked.h"


#define XPECTO_REVOKED_MAGIC  "xpecto revoked 1 "

/* of a tag: no choice is void by it, it is held */

#define XPECTO_REVOKED_HELD   (1ull << 63)


static uint8_t *xpecto_revoked_hex(uint8_t *p, uint64_t n);
static uint8_t *xpecto_revoked_check(uint8_t *line, uint8_t *p,
    const uint8_t *secret);
static xpecto_rc_e xpecto_revoked_checked(const uint8_t *line,
    const uint8_t *p, const uint8_t *secret);
static xpecto_rc_e xpecto_revoked_read_hex(const uint8_t *p, uint64_t *n);


void
xpecto_revoked_head(uint8_t *dst, const uint8_t secret[XPECTO_SIPHASH_KEY_LEN])
{
    uint8_t   *p;
    uint64_t   half[2];

    memcpy(dst, XPECTO_REVOKED_MAGIC, sizeof(XPECTO_REVOKED_MAGIC) - 1);
    p = dst + sizeof(XPECTO_REVOKED_MAGIC) - 1;

    memcpy(half, secret, sizeof(half));

    p = xpecto_revoked_hex(p, half[0]);
    p = xpecto_revoked_hex(p, half[1]);

    (void) xpecto_revoked_check(dst, p, secret);
}


xpecto_rc_e
xpecto_revoked_read_head(const uint8_t *p,
    uint8_t secret[XPECTO_SIPHASH_KEY_LEN])
{
    uint64_t        half[2];
    const uint8_t  *hex;

    hex = p + sizeof(XPECTO_REVOKED_MAGIC) - 1;

    if (memcmp(p, XPECTO_REVOKED_MAGIC, sizeof(XPECTO_REVOKED_MAGIC) - 1) != 0
        || xpecto_revoked_read_hex(hex, &half[0]) != XPECTO_OK
        || xpecto_revoked_read_hex(hex + 16, &half[1]) != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    memcpy(secret, half, sizeof(half));

    return xpecto_revoked_checked(p, hex + 32, secret);
}


int
xpecto_revoked_is_head(const uint8_t *p, size_t n)
{
    if (n > sizeof(XPECTO_REVOKED_MAGIC) - 1) {
        n = sizeof(XPECTO_REVOKED_MAGIC) - 1;
    }

    return memcmp(p, XPECTO_REVOKED_MAGIC, n) == 0;
}


void
xpecto_revoked_line(uint8_t *dst, const uint8_t secret[XPECTO_SIPHASH_KEY_LEN],
    const xpecto_revoked_t *r)
{
    uint8_t   *p, *d;
    uint32_t   n;

    dst[0] = (r->tag != 0) ? 'r' : 'f';
    dst[1] = ' ';

    p = xpecto_revoked_hex(dst + 2, r->tag);
    *p++ = ' ';

    n = r->time;

    for (d = p + 9; d >= p; d--) {
        *d = (uint8_t) ('0' + n % 10);
        n /= 10;
    }

    (void) xpecto_revoked_check(dst, p + 10, secret);
}


xpecto_rc_e
xpecto_revoked_read_line(const uint8_t *p,
    const uint8_t secret[XPECTO_SIPHASH_KEY_LEN], xpecto_revoked_t *r)
{
    uint64_t        n;
    unsigned        i;
    const uint8_t  *d;

    d = p + 2 + 16 + 1;
    n = 0;

    for (i = 0; i < 10; i++) {

        if (d[i] < '0' || d[i] > '9') {
            return XPECTO_ERROR;
        }

        n = n * 10 + (uint64_t) (d[i] - '0');
    }

    if (n > UINT32_MAX
        || p[1] != ' ' || d[-1] != ' '
        || xpecto_revoked_read_hex(p + 2, &r->tag) != XPECTO_OK
        || p[0] != ((r->tag != 0) ? 'r' : 'f'))
    {
        return XPECTO_ERROR;
    }

    r->time = (uint32_t) n;

    return xpecto_revoked_checked(p, d + 10, secret);
}


uint64_t
xpecto_revoked_tag(const uint8_t secret[XPECTO_SIPHASH_KEY_LEN],
    const uint8_t id[XPECTO_CHOICE_ID_LEN])
{
    return xpecto_cells_tag(xpecto_siphash(secret, id, XPECTO_CHOICE_ID_LEN),
                            XPECTO_CELL_TAT);
}


int
xpecto_revoked_find(const xpecto_cells_t *t, uint64_t tag, uint64_t now)
{
    xpecto_place_t  place;

    return xpecto_cells_find(t, tag, &place) == XPECTO_OK && place.word > now;
}


xpecto_rc_e
xpecto_revoked_add(const xpecto_cells_t *t, uint64_t tag, uint32_t expires,
    uint64_t now, uint64_t *stamp)
{
    xpecto_place_t  place;

    for ( ;; ) {

        switch (xpecto_cells_claim(t, tag, now, stamp, &place)) {

        case XPECTO_OK:

            if (place.word >= expires) {
                return XPECTO_OK;
            }

            break;

        case XPECTO_AGAIN:
            break;

        default:
            return XPECTO_DECLINED;
        }

        if (xpecto_cells_swap(&place, tag, expires)) {
            return XPECTO_OK;
        }
    }
}


xpecto_rc_e
xpecto_revoked_hold(const xpecto_cells_t *t, uint64_t tag, uint64_t until,
    uint64_t now, uint64_t *stamp)
{
    xpecto_place_t  place;

    tag ^= XPECTO_REVOKED_HELD;

    for ( ;; ) {

        switch (xpecto_cells_claim(t, tag, now, stamp, &place)) {

        case XPECTO_OK:

            if (place.word > now) {
                return XPECTO_DECLINED;
            }

            break;

        case XPECTO_AGAIN:
            break;

        default:
            return XPECTO_ERROR;
        }

        if (xpecto_cells_swap(&place, tag, until)) {
            return XPECTO_OK;
        }
    }
}


/* one who was late finds what another one holds until another second */

void
xpecto_revoked_release(const xpecto_cells_t *t, uint64_t tag, uint64_t until)
{
    xpecto_place_t  place;

    tag ^= XPECTO_REVOKED_HELD;

    if (xpecto_cells_find(t, tag, &place) == XPECTO_OK && place.word == until)
    {
        (void) xpecto_cells_swap(&place, 0, 0);
    }
}


static uint8_t *
xpecto_revoked_hex(uint8_t *p, uint64_t n)
{
    unsigned  i;

    static const uint8_t  hex[] = "0123456789abcdef";

    for (i = 0; i < 16; i++) {
        *p++ = hex[n >> (60 - 4 * i) & 0xf];
    }

    return p;
}


static uint8_t *
xpecto_revoked_check(uint8_t *line, uint8_t *p, const uint8_t *secret)
{
    uint64_t  check;

    check = xpecto_siphash(secret, line, (size_t) (p - line));

    *p++ = ' ';
    p = xpecto_revoked_hex(p, check);
    *p++ = '\n';

    return p;
}


static xpecto_rc_e
xpecto_revoked_checked(const uint8_t *line, const uint8_t *p,
    const uint8_t *secret)
{
    uint64_t  check;

    if (p[0] != ' ' || p[17] != '\n'
        || xpecto_revoked_read_hex(p + 1, &check) != XPECTO_OK
        || check != xpecto_siphash(secret, line, (size_t) (p - line)))
    {
        return XPECTO_ERROR;
    }

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_revoked_read_hex(const uint8_t *p, uint64_t *n)
{
    unsigned  i;

    *n = 0;

    for (i = 0; i < 16; i++) {

        if (p[i] >= '0' && p[i] <= '9') {
            *n = *n << 4 | (uint64_t) (p[i] - '0');

        } else if (p[i] >= 'a' && p[i] <= 'f') {
            *n = *n << 4 | (uint64_t) (p[i] - 'a' + 10);

        } else {
            return XPECTO_ERROR;
        }
    }

    return XPECTO_OK;
}
