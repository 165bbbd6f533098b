
/*
 * Where things are in a short value: one bit for each byte, 64 of them a
 * word, so that a reader finds the next separator, and knows that nothing is
 * to be found in a part of the value, in a few instructions.
 */


#ifndef _XPECTO_MAP_H_INCLUDED_
#define _XPECTO_MAP_H_INCLUDED_


#include "xpecto.h"


#define XPECTO_MAP_WORDS  4
#define XPECTO_MAP_MAX    (64 * XPECTO_MAP_WORDS)


typedef enum {
    XPECTO_MAP_EQUAL = 0,               /* = */
    XPECTO_MAP_SLASH,                   /* / */
    XPECTO_MAP_PERCENT,                 /* % */
    XPECTO_MAP_QUERY,                   /* ? # */
    XPECTO_MAP_AMP,                     /* & # */
    XPECTO_MAP_COLON,                   /* : */
    XPECTO_MAP_DOT,                     /* . */
    XPECTO_MAP_DIGIT,                   /* 0-9 */

    /*
     * What gives personal data away, digits and colons apart: an escape, an
     * "@", a byte beyond ASCII, the letters that tokens, ids and account
     * numbers begin with, the dot behind a capital letter.
     */

    XPECTO_MAP_SIGN,
    XPECTO_MAPS
} xpecto_map_e;


typedef struct {
    uint64_t            words[XPECTO_MAP_WORDS][XPECTO_MAPS];
} xpecto_map_t;


/* DECLINED: too long, or not on this processor */

xpecto_rc_e xpecto_map(xpecto_map_t *map, const uint8_t *p, size_t len);


/* the offset of the first one in [from, to), or to */

size_t xpecto_map_find_far(const xpecto_map_t *map, xpecto_map_e what,
    size_t from, size_t to);


static inline size_t
xpecto_map_find(const xpecto_map_t *map, xpecto_map_e what, size_t from,
    size_t to)
{
    uint64_t  bits;

    if (from >= to) {
        return to;
    }

    bits = map->words[from / 64][what] >> from % 64;

    if (bits == 0) {
        return (to <= (from | 63) + 1)
               ? to : xpecto_map_find_far(map, what, from, to);
    }

    from += (size_t) __builtin_ctzll(bits);

    return from < to ? from : to;
}


/*
 * 1: no scan of [from, to) finds anything, whatever stands around it.  Of a
 * number or an address there are seven digits, colons, or digits and dots.
 */

int xpecto_map_is_plain(const xpecto_map_t *map, size_t from, size_t to);


#endif /* _XPECTO_MAP_H_INCLUDED_ */
