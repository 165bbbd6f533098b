
/*
 * Who is counted most: the space-saving algorithm of Metwally, Agrawal and
 * El Abbadi, in memory that processes share without a lock.
 *
 *     0               8               16     17               64
 *     +---------------+---------------+------+----------------+
 *     | tag           | count | error | len  | name           |    a slot
 *     +---------------+---------------+------+----------------+
 *
 *     tag     keyed hash of the name; 0: free
 *     count   at least what the name was counted, and at most error more
 *
 * Who has no slot takes that of the least, with its count as his error.  So
 * whoever was counted more than a slots-th of all has a slot.
 *
 * Tag and word change by one compare-and-swap, the name is written behind it:
 * it counts only where it is what the tag is the hash of.  Whoever finds
 * another one there, of a process that died or was slow, writes it again.  Two
 * processes that enter one name at once can take two slots: they are added up
 * when they are read.
 */


#ifndef _XPECTO_TOP_H_INCLUDED_
#define _XPECTO_TOP_H_INCLUDED_


#include "xpecto.h"
#include "xpecto_cells.h"
#include "xpecto_siphash.h"


#define XPECTO_TOP_SLOTS  64
#define XPECTO_TOP_NAME   47            /* bytes of a name, at most */


typedef struct {
    xpecto_cell_t      cell;
    uint8_t            len;
    uint8_t            name[XPECTO_TOP_NAME];
} xpecto_top_slot_t;


/* zeroed and given a random secret by the caller; aligned to 16 */

typedef struct {
    xpecto_top_slot_t  slots[XPECTO_TOP_SLOTS];
    uint8_t            secret[XPECTO_SIPHASH_KEY_LEN];
} xpecto_top_t;


typedef struct {
    uint64_t           count;
    uint64_t           error;
    size_t             len;
    uint8_t            name[XPECTO_TOP_NAME];
} xpecto_top_entry_t;


/* counts one; len from 1 to XPECTO_TOP_NAME, others are left out */

void xpecto_top_count(xpecto_top_t *top, const uint8_t *name, size_t len);

/* the most counted first; entries has room for all slots; returns how many */

unsigned xpecto_top_list(xpecto_top_t *top, xpecto_top_entry_t *entries);


#endif /* _XPECTO_TOP_H_INCLUDED_ */
