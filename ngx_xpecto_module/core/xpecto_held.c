
/*
 * Units that are held: see xpecto_held.h.
 */


#include "xpecto_held.h"


static unsigned xpecto_held_unit(const uint64_t *words, unsigned i);


unsigned
xpecto_held_used(uint64_t word)
{
    unsigned  n;

    for (n = 0; word != 0; word >>= 8) {
        n += (word & 0xff) != 0;
    }

    return n;
}


int
xpecto_held_free(uint64_t word, unsigned units)
{
    return xpecto_held_take(&word, units, 1) == XPECTO_OK;
}


unsigned
xpecto_held_room(const uint64_t *words, unsigned n, unsigned limit)
{
    unsigned  i, behind;

    behind = 0;

    for (i = n * XPECTO_HELD_UNITS; i > limit; i--) {
        behind += xpecto_held_unit(words, i - 1);
    }

    for (i = limit; i > 0 && i + behind > limit; i--) {
        behind += xpecto_held_unit(words, i - 1);
    }

    return i;
}


static unsigned
xpecto_held_unit(const uint64_t *words, unsigned i)
{
    return (words[i / XPECTO_HELD_UNITS] >> 8 * (i % XPECTO_HELD_UNITS) & 0xff)
           != 0;
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
