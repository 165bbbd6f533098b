
/*
 * The table of places: its layout and how it is built.  Private to the files
 * xpecto_place*.c.
 */


#ifndef _XPECTO_PLACE_TABLE_H_INCLUDED_
#define _XPECTO_PLACE_TABLE_H_INCLUDED_


#include "xpecto_place.h"


/* IPv4 is indexed by the first bits of an address, not less than 16 */

#define XPECTO_PLACE_BITS    16
#define XPECTO_PLACE_BLOCKS  (1 << XPECTO_PLACE_BITS)
#define XPECTO_PLACE_WHOLE   0x80000000U

/* of a field path, its zero included; a multiple of 8 */

#define XPECTO_PLACE_FIELD   64

#define XPECTO_PLACE_PATHS   4
#define XPECTO_PLACE_PATH    8          /* members in a dotted path */

/* a /64 that is cut further: ask the table of whole addresses */

#define XPECTO_PLACE_DEEP    0xffff

/*
 * Values from here on stand for two countries, below all that are one: an
 * index into pairs.  There are a handful of them in the world.
 */

#define XPECTO_PLACE_PAIRS   0x100
#define XPECTO_PLACE_NPAIRS  1024

/* a search among so many keys touches three cache lines at most */

#define XPECTO_PLACE_FAN     16
#define XPECTO_PLACE_LEVELS  7          /* 16^7 ranges */


/* an address or a first part of it, left-aligned: IPv4 is hi >> 32 */

typedef struct {
    uint64_t                hi;
    uint64_t                lo;
} xpecto_addr_t;


typedef struct {
    uint32_t                keys;       /* uint64_t */
    uint32_t                n;
} xpecto_place_level_t;


/*
 * The image: this header, then arrays at the given offsets.
 *
 *     IPv4   block4[XPECTO_PLACE_BLOCKS]: WHOLE and the value of all of a
 *            block, or where in range4 stands how many ranges a block has;
 *            these follow: the last 16 bits of the first address, the value
 *     IPv6   of each range the first 64 bits of its first address, and its
 *            value; levels[0] are these first bits, each next level is
 *            every 16th of the one below, the last one has 16 at most
 *     deep   ranges inside of a /64
 */

typedef struct {
    uint64_t                epoch;
    uint32_t                ndeep;
    uint32_t                block4;     /* uint32_t */
    uint32_t                range4;     /* uint32_t */
    uint32_t                pairs;      /* uint32_t: an answer */
    uint32_t                value6;     /* uint16_t */
    uint32_t                deep;       /* xpecto_place_deep_t */
    uint32_t                nlevels;
    xpecto_place_level_t    levels[XPECTO_PLACE_LEVELS];
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


/* of one family while it is built */

typedef struct {
    size_t                  n;
    size_t                  max;
    uint64_t               *first;
    uint16_t               *value;
    unsigned                current;    /* value of the last range */
} xpecto_place_ranges_t;


typedef struct {
    xpecto_place_ranges_t   ranges[2];  /* IPv4, IPv6 */
    size_t                  ndeep;
    size_t                  maxdeep;
    xpecto_place_deep_t    *deep;
    uint32_t                npairs;
    uint32_t                pairs[XPECTO_PLACE_NPAIRS];
} xpecto_place_table_t;


/* a field in parts: each path is members, then NULL; all are in text */

typedef struct {
    unsigned                n;
    const char             *path[XPECTO_PLACE_PATHS][XPECTO_PLACE_PATH + 1];
    char                    text[XPECTO_PLACE_FIELD];
} xpecto_place_paths_t;


/* "country.iso_code,country_code", or NULL for just that */

xpecto_rc_e xpecto_place_paths(xpecto_place_paths_t *paths,
    const char *field, xpecto_err_t *err);

/*
 * Building: the networks of IPv4 and then those of IPv6 are added in
 * ascending order without a gap.  NULL, ERROR: no memory; finish() refuses a
 * field that there is no room for as well.
 */

xpecto_place_table_t *xpecto_place_table(void);
xpecto_rc_e xpecto_place_add(xpecto_place_table_t *table, unsigned ipv6,
    xpecto_addr_t first, xpecto_addr_t last, unsigned value);
xpecto_rc_e xpecto_place_finish(xpecto_place_table_t *table,
    const char *field, uint64_t epoch, xpecto_image_t *image);
void xpecto_place_free(xpecto_place_table_t *table);

/* the value of a country where another one is represented; 0: no room */

unsigned xpecto_place_pair(xpecto_place_table_t *table, unsigned country,
    unsigned represented);

/* one more range; and the end of a deep /64 before the next */

xpecto_rc_e xpecto_place_push(xpecto_place_ranges_t *ranges, uint64_t first,
    unsigned value);
xpecto_rc_e xpecto_place_leave_deep(xpecto_place_table_t *table,
    xpecto_addr_t next);

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
