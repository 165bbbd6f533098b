
/*
 * Numbers for tests that try many texts: the same ones in each run.
 */


#ifndef _XPECTO_RANDOM_H_INCLUDED_
#define _XPECTO_RANDOM_H_INCLUDED_


#include <stdint.h>


static uint64_t  random_seed = 1;


/* a linear congruence, of whose bits the high ones are good */

static unsigned
random_below(unsigned n)
{
    random_seed = random_seed * 6364136223846793005ull + 1442695040888963407ull;

    return (unsigned) (random_seed >> 33) % n;
}


#endif /* _XPECTO_RANDOM_H_INCLUDED_ */
