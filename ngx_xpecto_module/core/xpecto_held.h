
/*
 * Requests that are under way, on 64-bit words: each byte is the number of
 * the process that holds a unit, 0 where it is free.
 *
 *      63    56 55    48               7      0
 *     +--------+--------+--- ... ----+--------+
 *     | holder | holder |            | holder |
 *     +--------+--------+--- ... ----+--------+
 *
 * A limit of n has as many words as n units need.  What a process held when
 * it died is known by its number, and can be given back by any other.
 */


#ifndef _XPECTO_HELD_H_INCLUDED_
#define _XPECTO_HELD_H_INCLUDED_


#include "xpecto.h"


#define XPECTO_HELD_UNITS      8        /* of a word */
#define XPECTO_HELD_MAX        1024     /* units of a limit */
#define XPECTO_HELD_WORDS      (XPECTO_HELD_MAX / XPECTO_HELD_UNITS)
#define XPECTO_HELD_PROCESSES  255      /* numbers, from 1 on */

/* that so many units need */

#define xpecto_held_words(units)                                             \
    ((unsigned) (((units) + XPECTO_HELD_UNITS - 1) / XPECTO_HELD_UNITS))


unsigned xpecto_held_used(uint64_t word);

/* 1: one of the first so many is free */

int xpecto_held_free(uint64_t word, unsigned units);

/*
 * How many of the first units of a limit may be used, when it may have been
 * larger: so many that together with all that are held behind them they are
 * no more than the limit.  Those behind only end, as nobody takes one: so it
 * stays true however many processes look and take at once.
 */

unsigned xpecto_held_room(const uint64_t *words, unsigned n, unsigned limit);

/* DECLINED: of the first so many units none is free */

xpecto_rc_e xpecto_held_take(uint64_t *word, unsigned units, uint8_t holder);

/* one unit, or all of them; how many were given back */

unsigned xpecto_held_give(uint64_t *word, uint8_t holder, int all);


#endif /* _XPECTO_HELD_H_INCLUDED_ */
