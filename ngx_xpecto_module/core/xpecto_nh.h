
/*
 * NH of UMAC (RFC 4418, 5.2.2) on words of 64 bits: a keyed hash by which a
 * process finds what it remembers, at less than an instruction for a byte.
 *
 * Under a random key that nobody knows, any two inputs have the same hash
 * with a probability of at most 2^-63, whoever chose them.  That is all: it
 * is not pseudorandom like SipHash, so nothing that is made of it may leave
 * the process.
 *
 * The words of a long input are multiplied as polynomials over GF(2) where
 * the processor does that, and the products added by XOR: the probability is
 * the same, the instructions are half as many.  Which of both it is depends
 * on the length and on the processor only.
 */


#ifndef _XPECTO_NH_H_INCLUDED_
#define _XPECTO_NH_H_INCLUDED_


#include "xpecto.h"
#include "xpecto_siphash.h"


/* bytes; what is longer is hashed by SipHash instead */

#define XPECTO_NH_MAX    1024

/* bytes; what is longer is multiplied without carries where that is quick */

#define XPECTO_NH_SHORT  64


/* random bytes, all of them */

typedef struct {
    uint64_t            words[XPECTO_NH_MAX / 8];
    uint8_t             sip[XPECTO_SIPHASH_KEY_LEN];
} xpecto_nh_key_t;


/* of the bits of out[0] the upper half is even enough to index a table */

void xpecto_nh128(uint64_t out[2], const xpecto_nh_key_t *key,
    const void *data, size_t len);

/* what it is made of: by integers, of less than a block or of more than four */

void xpecto_nh_any(uint64_t out[2], const xpecto_nh_key_t *key,
    const void *data, size_t len);

/* and by polynomials, of more than four up to XPECTO_NH_MAX */

void xpecto_nh_carryless(uint64_t out[2], const xpecto_nh_key_t *key,
    const void *data, size_t len);


static inline int
xpecto_nh_has_carryless(void)
{
#if defined(__x86_64__) && defined(__GNUC__)
    return __builtin_cpu_supports("avx") && __builtin_cpu_supports("pclmul");
#else
    return 0;
#endif
}


#endif /* _XPECTO_NH_H_INCLUDED_ */
