
/*
 * Choices that were taken back: the file that outlives us, and the table that
 * is asked.
 *
 * The file is a head and lines of one length, only ever added to:
 *
 *     xpecto revoked 1 <secret, 32 hex> <check, 16 hex>\n
 *     r <tag, 16 hex> <expires, 10 digits> <check, 16 hex>\n
 *     f 0000000000000000 <floor, 10 digits> <check, 16 hex>\n
 *
 * tag      of the cell: SipHash-2-4 of the choice's id under the secret
 * expires  seconds since 1970; the choice is void by itself from then on
 * floor    choices that were made until then are void, all of them
 * check    SipHash-2-4 of what stands before it in the line, under the
 *          secret: it tells damage, not malice
 *
 * An id is 128 random bits: a tag says nothing about whose it was.
 *
 * In the table a word is "expires", in seconds, which is what the cells are
 * told to be now as well.
 */


#ifndef _XPECTO_REVOKED_H_INCLUDED_
#define _XPECTO_REVOKED_H_INCLUDED_


#include "xpecto.h"
#include "xpecto_cells.h"
#include "xpecto_consent.h"
#include "xpecto_siphash.h"


#define XPECTO_REVOKED_HEAD  (17 + 32 + 1 + 16 + 1)
#define XPECTO_REVOKED_LINE  (2 + 16 + 1 + 10 + 1 + 16 + 1)


typedef struct {
    uint64_t  tag;              /* 0: a floor */
    uint32_t  time;             /* expires, or the floor */
} xpecto_revoked_t;


/* dst holds XPECTO_REVOKED_HEAD, _LINE; ERROR: not a line that was written */

void xpecto_revoked_head(uint8_t *dst,
    const uint8_t secret[XPECTO_SIPHASH_KEY_LEN]);
xpecto_rc_e xpecto_revoked_read_head(const uint8_t *p,
    uint8_t secret[XPECTO_SIPHASH_KEY_LEN]);

/* 1: n bytes that a file of ours begins with, whatever became of the rest */

int xpecto_revoked_is_head(const uint8_t *p, size_t n);

void xpecto_revoked_line(uint8_t *dst,
    const uint8_t secret[XPECTO_SIPHASH_KEY_LEN], const xpecto_revoked_t *r);
xpecto_rc_e xpecto_revoked_read_line(const uint8_t *p,
    const uint8_t secret[XPECTO_SIPHASH_KEY_LEN], xpecto_revoked_t *r);


uint64_t xpecto_revoked_tag(const uint8_t secret[XPECTO_SIPHASH_KEY_LEN],
    const uint8_t id[XPECTO_CHOICE_ID_LEN]);

/* 1: it is in the table */

int xpecto_revoked_find(const xpecto_cells_t *t, uint64_t tag, uint64_t now);

/* DECLINED: the table is full; *stamp: see xpecto_cells_claim() */

xpecto_rc_e xpecto_revoked_add(const xpecto_cells_t *t, uint64_t tag,
    uint32_t expires, uint64_t now, uint64_t *stamp);

/*
 * Of those who are about to take one choice back one at a time: OK, until
 * that second or until it is released by who has it; DECLINED, it is another
 * one's; ERROR, the table is full.
 */

xpecto_rc_e xpecto_revoked_hold(const xpecto_cells_t *t, uint64_t tag,
    uint64_t until, uint64_t now, uint64_t *stamp);
void xpecto_revoked_release(const xpecto_cells_t *t, uint64_t tag,
    uint64_t until);


#endif /* _XPECTO_REVOKED_H_INCLUDED_ */
