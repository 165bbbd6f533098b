
/*
 * Pseudonyms: one value has one token within an epoch and a tenant.
 *
 *     [phone.2026-11.hvkjtqfnbrmscgdp]
 *
 * The class, the epoch's name, and 64 bits in letters: the first eight bytes
 * of SipHash-2-4-128 over class ":" value under the tenant's key, which is
 * SipHash-2-4-128 over the tenant's id (empty if nobody known calls) under
 * the epoch's.  A letter is four bits, the high ones first, 0 to 15 in the
 * order of "bcdfghjkmnpqrstv": neither a digit nor a word can come of it.
 *
 * Stack only: safe in signal handlers and threads.
 */


#ifndef _XPECTO_PSEUDONYM_H_INCLUDED_
#define _XPECTO_PSEUDONYM_H_INCLUDED_


#include "xpecto_siphash.h"


#define XPECTO_PSEUDONYM_LEN     16     /* letters */
#define XPECTO_PSEUDONYM_EPOCH   16     /* of the longest name of an epoch */
#define XPECTO_PSEUDONYM_DIGITS   8     /* in that name, at most */
#define XPECTO_PSEUDONYM_VALUE  256     /* of the longest value */


/*
 * The key of a request.  find() is called when the first pseudonym is to be
 * made: it calls xpecto_pseudonym_set(), or leaves it, and there is none.
 */

typedef struct xpecto_pseudonym_s  xpecto_pseudonym_t;

struct xpecto_pseudonym_s {
    void              (*find)(xpecto_pseudonym_t *ps);
    void               *data;
    unsigned            asked:1;
    unsigned            ready:1;
    uint8_t             epoch_len;
    uint8_t             epoch[XPECTO_PSEUDONYM_EPOCH];
    uint8_t             key[XPECTO_SIPHASH_KEY_LEN];
};


/* ERROR: the name of the epoch cannot stand in a log, see the check */

xpecto_rc_e xpecto_pseudonym_set(xpecto_pseudonym_t *ps,
    const uint8_t key[XPECTO_SIPHASH_KEY_LEN], const uint8_t *epoch,
    size_t epoch_len, const uint8_t *tenant, size_t tenant_len);

/* 1: there is a key */

int xpecto_pseudonym_find(xpecto_pseudonym_t *ps);

#define xpecto_pseudonym_ready(ps)                                           \
    ((ps)->asked ? (ps)->ready : xpecto_pseudonym_find(ps))

/*
 * Writes XPECTO_PSEUDONYM_LEN letters.  ERROR: the value is longer than
 * XPECTO_PSEUDONYM_VALUE.
 */

xpecto_rc_e xpecto_pseudonym_write(const xpecto_pseudonym_t *ps, uint8_t *dst,
    const char *class, const uint8_t *value, size_t len);

/*
 * The name of an epoch: 1 to 16 letters, digits, "_" and "-", at most eight
 * digits, so that none is taken for a number; 1 or 0.
 */

int xpecto_pseudonym_epoch(const uint8_t *p, size_t len);

/* 1: ".epoch.letters", or twice the letters, is all there is */

int xpecto_pseudonym_check(const uint8_t *p, size_t len);


#endif /* _XPECTO_PSEUDONYM_H_INCLUDED_ */
