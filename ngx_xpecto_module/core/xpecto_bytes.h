
/* Numbers of several bytes, the highest first: as on a network. */


#ifndef _XPECTO_BYTES_H_INCLUDED_
#define _XPECTO_BYTES_H_INCLUDED_


#include <arpa/inet.h>
#include <string.h>

#include "xpecto.h"


static inline uint16_t
xpecto_get16(const uint8_t *p)
{
    return (uint16_t) ((unsigned) p[0] << 8 | p[1]);
}


static inline uint32_t
xpecto_get32(const uint8_t *p)
{
    return (uint32_t) p[0] << 24 | (uint32_t) p[1] << 16
           | (uint32_t) p[2] << 8 | (uint32_t) p[3];
}


static inline void
xpecto_put16(uint8_t *p, uint16_t n)
{
    p[0] = (uint8_t) (n >> 8);
    p[1] = (uint8_t) n;
}


static inline void
xpecto_put32(uint8_t *p, uint32_t n)
{
    n = htonl(n);
    memcpy(p, &n, sizeof(n));
}


static inline void
xpecto_put64(uint8_t *p, uint64_t n)
{
    xpecto_put32(p, (uint32_t) (n >> 32));
    xpecto_put32(p + 4, (uint32_t) n);
}


#endif /* _XPECTO_BYTES_H_INCLUDED_ */
