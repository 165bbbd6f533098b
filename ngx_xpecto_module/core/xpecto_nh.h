
/*
 * NH of UMAC (RFC 4418, 5.2.2) on words of 64 bits: a keyed hash by which a
 * process finds what it remembers, at less than an instruction for a byte.
 *
 * Under a random key that nobody knows, any two inputs have the same hash
 * with a probability of at most 2^-63, whoever chose them.  That is all: it
 * is not pseudorandom like SipHash, so nothing that is made of it may leave
 * the process.
 */


#ifndef _XPECTO_NH_H_INCLUDED_
#define _XPECTO_NH_H_INCLUDED_


#include "xpecto.h"
#include "xpecto_siphash.h"


/* bytes; what is longer is hashed by SipHash instead */

#define XPECTO_NH_MAX  1024


/* random bytes, all of them */

typedef struct {
    uint64_t            words[XPECTO_NH_MAX / 8];
    uint8_t             sip[XPECTO_SIPHASH_KEY_LEN];
} xpecto_nh_key_t;


/* of the bits of out[0] the upper half is even enough to index a table */

void xpecto_nh128(uint64_t out[2], const xpecto_nh_key_t *key,
    const void *data, size_t len);

/* the same of less than a block, or more than four */

void xpecto_nh_any(uint64_t out[2], const xpecto_nh_key_t *key,
    const void *data, size_t len);


#endif /* _XPECTO_NH_H_INCLUDED_ */
