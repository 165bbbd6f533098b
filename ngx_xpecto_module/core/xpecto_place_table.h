
/*
 * The table of places: its layout and how it is built.  Private to the files
 * xpecto_place*.c.
 */


#ifndef _XPECTO_PLACE_TABLE_H_INCLUDED_
#define _XPECTO_PLACE_TABLE_H_INCLUDED_


#include "xpecto_place.h"


#define XPECTO_PLACE_MAGIC   0x3145434c50505858ULL  /* "XXPPLCE1" */
#define XPECTO_PLACE_BLOCKS  65536

/* of a field path, its zero included; a multiple of 8 */

#define XPECTO_PLACE_FIELD   64

/* a /64 that is cut further: ask the table of whole addresses */

#define XPECTO_PLACE_DEEP    0xffff

/* 2000::/3, the only one in use, is indexed by the 16 bits that follow */

#define XPECTO_PLACE_GLOBAL  0x2000000000000000ULL
#define XPECTO_PLACE_SHIFT   45


/* an address or a first part of it, left-aligned: IPv4 is hi >> 32 */

typedef struct {
    uint64_t                hi;
    uint64_t                lo;
} xpecto_addr_t;


/*
 * The image: this header, then arrays at the given offsets.
 *
 *     IPv4   block4[65537]: where the ranges of a /16 begin; of each range
 *            the last 16 bits of its first address, and its value
 *     IPv6   of each range the first 64 bits of its first address, and its
 *            value; block6[65537]: the range that holds the first address of
 *            a block of 2000::/3, the last one that of 4000::
 *     deep   ranges inside of a /64
 */

typedef struct {
    uint64_t                magic;
    uint64_t                epoch;
    uint32_t                n4;
    uint32_t                n6;
    uint32_t                ndeep;
    uint32_t                block4;     /* uint32_t */
    uint32_t                low4;       /* uint16_t */
    uint32_t                value4;     /* uint16_t */
    uint32_t                block6;     /* uint32_t */
    uint32_t                high6;      /* uint64_t */
    uint32_t                value6;     /* uint16_t */
    uint32_t                deep;       /* xpecto_place_deep_t */
    char                    field[XPECTO_PLACE_FIELD];
} xpecto_place_t;


typedef struct {
    xpecto_addr_t           first;
    uint64_t                value;
} xpecto_place_deep_t;


typedef struct {
    xpecto_addr_t           first;
    xpecto_addr_t           last;
    unsigned                value;
} xpecto_place_special_t;


typedef struct xpecto_place_table_s  xpecto_place_table_t;

/*
 * Building: the networks of IPv4 and then those of IPv6 are added in
 * ascending order without a gap.  NULL, ERROR: no memory.
 */

xpecto_place_table_t *xpecto_place_table(void);
xpecto_rc_e xpecto_place_add(xpecto_place_table_t *table, unsigned ipv6,
    xpecto_addr_t first, xpecto_addr_t last, unsigned value);
xpecto_rc_e xpecto_place_finish(xpecto_place_table_t *table,
    const char *field, uint64_t epoch, xpecto_image_t *image);
void xpecto_place_free(xpecto_place_table_t *table);

/*
 * The first special network that does not end below the address, or NULL;
 * what the database says of one does not matter.
 */

const xpecto_place_special_t *xpecto_place_special(unsigned ipv6,
    xpecto_addr_t addr);

/* 1: the whole network, the first depth bits of addr, is special */

int xpecto_place_special_whole(unsigned ipv6, xpecto_addr_t addr,
    unsigned depth);

/* the last address of the network of the first depth bits */

xpecto_addr_t xpecto_place_last(xpecto_addr_t addr, unsigned depth);

int xpecto_place_below(xpecto_addr_t a, xpecto_addr_t b);


#endif /* _XPECTO_PLACE_TABLE_H_INCLUDED_ */
