
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
 * padding, base64 demands it.
 */

xpecto_rc_e xpecto_base64url_decode(uint8_t *dst, size_t *dst_len,
    const uint8_t *src, size_t len);
xpecto_rc_e xpecto_base64_decode(uint8_t *dst, size_t *dst_len,
    const uint8_t *src, size_t len);


#endif /* _XPECTO_BASE64_H_INCLUDED_ */
