
/*
 * The numbering plans of all calling codes: layout of the generated tables.
 * xpecto_numbering.c is written by tools/gen-numbering.
 */


#ifndef _XPECTO_NUMBERING_H_INCLUDED_
#define _XPECTO_NUMBERING_H_INCLUDED_


#include <stdint.h>

#include "../core/xpecto.h"


/*
 * An acyclic automaton over the digits of a number.  A state is the index
 * of its first edge; its edges stand side by side and the last one carries
 * LAST.  The state 0 has no way out.
 *
 *     digits   bit d: the edge is taken at digit d; LAST
 *     target   the next state; EXISTS: the number may end here
 */

typedef struct {
    uint16_t            digits;
    uint16_t            target;
} xpecto_numbering_edge_t;

#define XPECTO_NUMBERING_ROOT    1
#define XPECTO_NUMBERING_LAST    0x8000u
#define XPECTO_NUMBERING_EXISTS  0x8000u

extern const xpecto_numbering_edge_t  xpecto_numbering_edges[];

/* by the first three digits: the state that they lead to from the root */

extern const uint16_t  xpecto_numbering_starts[1000];


/*
 * By the first three digits: bits 0 and 1 are the length of the calling
 * code (0: there is none), bit n from 7 to 15 says that numbers of n digits
 * are possible, the calling code included.  ODD: there are others that exist.
 */

#define XPECTO_NUMBERING_ODD  0x0004u

extern const uint16_t  xpecto_numbering_codes[1000];


/*
 * The countries of a number by its first eight digits (zeroes follow a
 * shorter one): ranges in order, each up to the next.  set is an index into
 * the countries, where their count stands before them.
 */

typedef struct {
    uint32_t            first;
    uint32_t            set;
} xpecto_numbering_range_t;

extern const xpecto_numbering_range_t  xpecto_numbering_ranges[];
extern const unsigned                  xpecto_numbering_nranges;
extern const uint16_t                  xpecto_numbering_countries[];


#endif /* _XPECTO_NUMBERING_H_INCLUDED_ */
