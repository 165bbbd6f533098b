
/*
 * A set of small indices: countries, regimes.
 */


#ifndef _XPECTO_SET_H_INCLUDED_
#define _XPECTO_SET_H_INCLUDED_


#include "xpecto.h"


#define XPECTO_SET_NONE  255            /* no index: members are below it */


typedef struct {
    uint64_t  bits[4];
} xpecto_set_t;


static inline void
xpecto_set_add(xpecto_set_t *set, unsigned i)
{
    set->bits[i / 64] |= (uint64_t) 1 << (i % 64);
}


static inline int
xpecto_set_has(const xpecto_set_t *set, unsigned i)
{
    return (set->bits[i / 64] >> (i % 64)) & 1;
}


/* the first member that is not below i, or XPECTO_SET_NONE */

static inline unsigned
xpecto_set_next(const xpecto_set_t *set, unsigned i)
{
    uint64_t  bits;

    for ( /* void */ ; i < XPECTO_SET_NONE; i = (i / 64 + 1) * 64) {
        bits = set->bits[i / 64] >> (i % 64);

        if (bits != 0) {
            return i + (unsigned) __builtin_ctzll(bits);
        }
    }

    return XPECTO_SET_NONE;
}


#endif /* _XPECTO_SET_H_INCLUDED_ */
