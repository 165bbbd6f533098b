
/*
 * Units that are held: see xpecto_held.h.
 */


#include "xpecto_held.h"


unsigned
xpecto_held_used(uint64_t word)
{
    unsigned  n;

    for (n = 0; word != 0; word >>= 8) {
        n += (word & 0xff) != 0;
    }

    return n;
}


xpecto_rc_e
xpecto_held_take(uint64_t *word, unsigned units, uint8_t holder)
{
    unsigned  i;

    for (i = 0; i < units && i < XPECTO_HELD_UNITS; i++) {

        if ((*word >> (8 * i) & 0xff) == 0) {
            *word |= (uint64_t) holder << (8 * i);
            return XPECTO_OK;
        }
    }

    return XPECTO_DECLINED;
}


unsigned
xpecto_held_give(uint64_t *word, uint8_t holder, int all)
{
    unsigned  i, n;

    n = 0;

    for (i = 0; i < XPECTO_HELD_UNITS && (all || n == 0); i++) {

        if ((*word >> (8 * i) & 0xff) == holder) {
            *word &= ~((uint64_t) 0xff << (8 * i));
            n++;
        }
    }

    return n;
}
