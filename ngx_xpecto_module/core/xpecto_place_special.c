
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "xpecto_place_table.h"


#define XPECTO_V4(a, bits)                                                   \
    { (uint64_t) (a) << 32, 0 },                                             \
    { (uint64_t) (a) << 32 | (~(uint64_t) 0 >> (bits)), ~(uint64_t) 0 }

#define XPECTO_V6(h, bits)                                                   \
    { (uint64_t) (h), 0 },                                                   \
    { (uint64_t) (h) | (~(uint64_t) 0 >> (bits)), ~(uint64_t) 0 }


/* the IANA special-purpose registries (RFC 6890), multicast; ascending */

static const xpecto_place_special_t  xpecto_place_special4[] = {
    { XPECTO_V4(0x00000000U, 8), XPECTO_PLACE_PRIVATE },
    { XPECTO_V4(0x0a000000U, 8), XPECTO_PLACE_PRIVATE },
    { XPECTO_V4(0x64400000U, 10), XPECTO_PLACE_PRIVATE },
    { XPECTO_V4(0x7f000000U, 8), XPECTO_PLACE_PRIVATE },
    { XPECTO_V4(0xa9fe0000U, 16), XPECTO_PLACE_PRIVATE },
    { XPECTO_V4(0xac100000U, 12), XPECTO_PLACE_PRIVATE },
    { XPECTO_V4(0xc0000000U, 24), XPECTO_PLACE_PRIVATE },
    { XPECTO_V4(0xc0000200U, 24), XPECTO_PLACE_PRIVATE },
    { XPECTO_V4(0xc0586300U, 24), XPECTO_PLACE_TUNNEL },
    { XPECTO_V4(0xc0a80000U, 16), XPECTO_PLACE_PRIVATE },
    { XPECTO_V4(0xc6120000U, 15), XPECTO_PLACE_PRIVATE },
    { XPECTO_V4(0xc6336400U, 24), XPECTO_PLACE_PRIVATE },
    { XPECTO_V4(0xcb007100U, 24), XPECTO_PLACE_PRIVATE },
    { XPECTO_V4(0xe0000000U, 3), XPECTO_PLACE_PRIVATE },
    { { 0, 0 }, { 0, 0 }, 0 }
};


static const xpecto_place_special_t  xpecto_place_special6[] = {
    /* ::/96: unspecified, loopback, IPv4-compatible */
    { { 0, 0 }, { 0, 0xffffffffULL }, XPECTO_PLACE_PRIVATE },
    /* ::ffff:0:0/96, 64:ff9b::/96: answered as the IPv4 address inside */
    { { 0, 0xffff00000000ULL }, { 0, 0xffffffffffffULL },
      XPECTO_PLACE_PRIVATE },
    { { 0x0064ff9b00000000ULL, 0 }, { 0x0064ff9b00000000ULL, 0xffffffffULL },
      XPECTO_PLACE_PRIVATE },
    { XPECTO_V6(0x0064ff9b00010000ULL, 48), XPECTO_PLACE_PRIVATE },
    { { 0x0100000000000000ULL, 0 },
      { 0x0100000000000000ULL, ~(uint64_t) 0 }, XPECTO_PLACE_PRIVATE },
    { XPECTO_V6(0x2001000000000000ULL, 32), XPECTO_PLACE_TUNNEL },
    { { 0x2001000100000000ULL, 0 },
      { 0x200101ffffffffffULL, ~(uint64_t) 0 }, XPECTO_PLACE_PRIVATE },
    { XPECTO_V6(0x20010db800000000ULL, 32), XPECTO_PLACE_PRIVATE },
    { XPECTO_V6(0x2002000000000000ULL, 16), XPECTO_PLACE_TUNNEL },
    { XPECTO_V6(0x3fff000000000000ULL, 20), XPECTO_PLACE_PRIVATE },
    { XPECTO_V6(0x5f00000000000000ULL, 16), XPECTO_PLACE_PRIVATE },
    { XPECTO_V6(0xfc00000000000000ULL, 7), XPECTO_PLACE_PRIVATE },
    { XPECTO_V6(0xfe80000000000000ULL, 9), XPECTO_PLACE_PRIVATE },
    { XPECTO_V6(0xff00000000000000ULL, 8), XPECTO_PLACE_PRIVATE },
    { { 0, 0 }, { 0, 0 }, 0 }
};


const xpecto_place_special_t *
xpecto_place_special(unsigned ipv6, xpecto_addr_t addr)
{
    const xpecto_place_special_t  *special;

    special = ipv6 ? xpecto_place_special6 : xpecto_place_special4;

    while (special->value != 0) {
        if (!xpecto_place_below(special->last, addr)) {
            return special;
        }

        special++;
    }

    return NULL;
}


int
xpecto_place_special_whole(unsigned ipv6, xpecto_addr_t addr, unsigned depth)
{
    const xpecto_place_special_t  *special;

    special = xpecto_place_special(ipv6, addr);

    return special != NULL
           && !xpecto_place_below(addr, special->first)
           && !xpecto_place_below(special->last,
                                  xpecto_place_last(addr, depth));
}


xpecto_addr_t
xpecto_place_last(xpecto_addr_t addr, unsigned depth)
{
    if (depth < 64) {
        addr.hi |= ~(uint64_t) 0 >> depth;
        addr.lo = ~(uint64_t) 0;

    } else if (depth < 128) {
        addr.lo |= ~(uint64_t) 0 >> (depth - 64);
    }

    return addr;
}


int
xpecto_place_below(xpecto_addr_t a, xpecto_addr_t b)
{
    return a.hi < b.hi || (a.hi == b.hi && a.lo < b.lo);
}
