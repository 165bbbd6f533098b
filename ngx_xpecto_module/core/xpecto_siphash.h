
/*
 * SipHash-2-4 (Aumasson and Bernstein, 2012) with 64 bits of output, and with
 * 128 (the reference implementation's variant).  A keyed hash for tables and
 * pseudonyms: without the key neither the input nor a collision can be found.
 * Safe in signal handlers and threads: stack only.
 */


#ifndef _XPECTO_SIPHASH_H_INCLUDED_
#define _XPECTO_SIPHASH_H_INCLUDED_


#include "xpecto.h"


#define XPECTO_SIPHASH_KEY_LEN  16


uint64_t xpecto_siphash(const uint8_t key[XPECTO_SIPHASH_KEY_LEN],
    const void *data, size_t len);

/* out[0] holds the first eight bytes of the digest, little endian */

void xpecto_siphash128(uint64_t out[2],
    const uint8_t key[XPECTO_SIPHASH_KEY_LEN], const void *data, size_t len);

/*
 * Of so many inputs of n words at once, where the processor has AVX2: the
 * words, the last with the length in its last byte, and the digests' halves
 * one beside the other.
 */

#if defined(__x86_64__) && defined(__GNUC__)

#define XPECTO_SIPHASH_LANES    8

void xpecto_siphash128_avx2(uint64_t out[2][XPECTO_SIPHASH_LANES],
    const uint8_t key[XPECTO_SIPHASH_KEY_LEN],
    uint64_t words[][XPECTO_SIPHASH_LANES], size_t n);

#endif


#endif /* _XPECTO_SIPHASH_H_INCLUDED_ */
