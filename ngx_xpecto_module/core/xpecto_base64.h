
/* Base64 and base64url (RFC 4648 sections 4 and 5), strict. */


#ifndef _XPECTO_BASE64_H_INCLUDED_
#define _XPECTO_BASE64_H_INCLUDED_


#include "xpecto.h"


#define XPECTO_BASE64_ENCODED(n)  (((n) + 2) / 3 * 4)
#define XPECTO_BASE64_DECODED(n)  (((n) + 3) / 4 * 3)


/* without padding; returns the number of characters written */

size_t xpecto_base64url_encode(uint8_t *dst, const uint8_t *src, size_t len);

/* with padding */

size_t xpecto_base64_encode(uint8_t *dst, const uint8_t *src, size_t len);

/*
 * ERROR: a foreign character, a wrong length or unused bits that are not
 * zero, so that each value has exactly one encoding.  base64url takes no
 * padding, base64 demands it.  dst is not src.
 */

xpecto_rc_e xpecto_base64url_decode(uint8_t *dst, size_t *dst_len,
    const uint8_t *src, size_t len);
xpecto_rc_e xpecto_base64_decode(uint8_t *dst, size_t *dst_len,
    const uint8_t *src, size_t len);

/*
 * What it does where xpecto_base64_has_blocks(): of whole groups, and of
 * XPECTO_BASE64_BLOCK characters at least.  ERROR: a foreign character.
 */

#define XPECTO_BASE64_BLOCK  32

xpecto_rc_e xpecto_base64url_decode_blocks(uint8_t *dst, const uint8_t *src,
    size_t len);


static inline int
xpecto_base64_has_blocks(void)
{
#if defined(__x86_64__) && defined(__GNUC__)
    return __builtin_cpu_supports("avx2");
#else
    return 0;
#endif
}


#endif /* _XPECTO_BASE64_H_INCLUDED_ */
