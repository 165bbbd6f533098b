
/*
 * The tables of recipients in a snapshot: see xpecto_unique_file.h.
 */


#include <string.h>

#include "xpecto_unique_count.h"
#include "xpecto_unique_file.h"


/* of the tag of an owner in memory: xpecto_meter_cell() */

#define XPECTO_UNIQUE_KIND  XPECTO_CELL_TAT

/* the bucket, or their number, in a cell */

#define XPECTO_UNIQUE_SHIFT  4


static int xpecto_unique_save_recipient(const xpecto_unique_t *u,
    xpecto_unique_save_t *at, uint32_t span, xpecto_cell_t *cell);
static int xpecto_unique_save_count(const xpecto_unique_t *u,
    xpecto_unique_save_t *at, uint32_t span, xpecto_cell_t *cell);
static void xpecto_unique_load_recipient(const xpecto_unique_t *u,
    const xpecto_unique_load_t *at, uint32_t now, const xpecto_cell_t *cell);
static xpecto_rc_e xpecto_unique_load_count(const xpecto_unique_t *u,
    uint32_t now, const xpecto_cell_t *cell);


int
xpecto_unique_save(const xpecto_unique_t *u, xpecto_unique_save_t *at,
    uint64_t sec, xpecto_cell_t *cell)
{
    uint32_t  span;

    if (!at->begun) {
        at->begun = 1;
        cell->half.tag = u->slots.nbuckets << XPECTO_UNIQUE_SHIFT
                         | XPECTO_CELL_RECIPIENT;
        cell->half.word = 0;
        return 1;
    }

    span = (uint32_t) (sec / XPECTO_UNIQUE_SPAN);

    return xpecto_unique_save_recipient(u, at, span, cell)
           || xpecto_unique_save_count(u, at, span, cell);
}


static int
xpecto_unique_save_recipient(const xpecto_unique_t *u,
    xpecto_unique_save_t *at, uint32_t span, xpecto_cell_t *cell)
{
    uint64_t  n, word;

    while (at->slot < u->slots.nbuckets * XPECTO_UNIQUE_SLOTS) {
        n = at->slot++;
        word = __atomic_load_n(&u->slots.slots[n], __ATOMIC_ACQUIRE);

        if (word != 0
            && span - xpecto_unique_slot_span(word, span)
               < XPECTO_UNIQUE_SPANS)
        {
            cell->half.tag = n / XPECTO_UNIQUE_SLOTS << XPECTO_UNIQUE_SHIFT
                             | XPECTO_CELL_RECIPIENT;
            cell->half.word = word;
            return 1;
        }
    }

    return 0;
}


/* from the current span back: an owner that is loaded begins with his last */

static int
xpecto_unique_save_count(const xpecto_unique_t *u, xpecto_unique_save_t *at,
    uint32_t span, xpecto_cell_t *cell)
{
    uint32_t                n, current;
    xpecto_unique_owner_t  *owner;

    for ( /* void */ ; at->owner < u->nowners; at->owner++, at->tag = 0) {
        owner = &u->owners[at->owner];

        if (at->tag == 0) {
            at->tag = __atomic_load_n(&owner->head.half.tag, __ATOMIC_ACQUIRE);
            at->head = __atomic_load_n(&owner->head.half.word,
                                       __ATOMIC_ACQUIRE);
            at->ago = 0;
        }

        if (at->tag == 0 || (at->head >> 32) + XPECTO_UNIQUE_SPANS <= span) {
            continue;
        }

        current = (uint32_t) (at->head >> 32);

        while (at->ago < XPECTO_UNIQUE_SPANS) {
            n = at->ago ? xpecto_unique_count_ring(owner, current - at->ago)
                        : (uint32_t) at->head;

            if (n != 0) {
                cell->half.tag = (at->tag & ~XPECTO_CELL_BITS)
                                 | XPECTO_CELL_OWNER;
                cell->half.word = xpecto_unique_head(current - at->ago, n);
                at->ago++;
                return 1;
            }

            at->ago++;
        }
    }

    return 0;
}


xpecto_rc_e
xpecto_unique_load(const xpecto_unique_t *u, xpecto_unique_load_t *at,
    uint64_t sec, const xpecto_cell_t *cell)
{
    uint32_t  now;

    now = (uint32_t) (sec / XPECTO_UNIQUE_SPAN);

    switch (cell->half.tag & XPECTO_CELL_BITS) {

    case XPECTO_CELL_OWNER:
        return (u != NULL) ? xpecto_unique_load_count(u, now, cell)
                           : XPECTO_OK;

    case XPECTO_CELL_RECIPIENT:

        if (cell->half.word == 0) {
            at->nbuckets = cell->half.tag >> XPECTO_UNIQUE_SHIFT;

        } else if (u != NULL && u->slots.nbuckets == at->nbuckets) {
            xpecto_unique_load_recipient(u, at, now, cell);
        }

        return XPECTO_OK;

    default:
        return XPECTO_DECLINED;
    }
}


static void
xpecto_unique_load_recipient(const xpecto_unique_t *u,
    const xpecto_unique_load_t *at, uint32_t now, const xpecto_cell_t *cell)
{
    uint32_t  i, span;
    uint64_t  bucket, *slot;

    bucket = cell->half.tag >> XPECTO_UNIQUE_SHIFT;
    span = xpecto_unique_slot_span(cell->half.word,
                               (uint32_t) (at->made / XPECTO_UNIQUE_SPAN));

    if (bucket >= u->slots.nbuckets
        || (now > span && now - span >= XPECTO_UNIQUE_SPANS))
    {
        return;
    }

    slot = u->slots.slots + bucket * XPECTO_UNIQUE_SLOTS;

    for (i = 0; i < XPECTO_UNIQUE_SLOTS; i++) {
        if (slot[i] == 0) {
            slot[i] = cell->half.word;
            return;
        }
    }
}


static xpecto_rc_e
xpecto_unique_load_count(const xpecto_unique_t *u, uint32_t now,
    const xpecto_cell_t *cell)
{
    uint32_t                n, span, current;
    uint64_t                head;
    xpecto_unique_owner_t  *owner;

    span = (uint32_t) (cell->half.word >> 32);
    n = (uint32_t) cell->half.word;

    if ((uint64_t) span + XPECTO_UNIQUE_SPANS <= now) {
        return XPECTO_OK;
    }

    /* one that is new to the table begins with his last span */

    owner = xpecto_unique_count_owner(u, (cell->half.tag & ~XPECTO_CELL_BITS)
                                         | XPECTO_UNIQUE_KIND,
                                      (span > now) ? span : now);
    if (owner == NULL) {
        return XPECTO_ERROR;
    }

    head = owner->head.half.word;
    current = (uint32_t) (head >> 32);

    if (span == current) {
        owner->head.half.word = xpecto_unique_head(span, n);

    } else if (span < current) {
        xpecto_unique_count_put(owner, span, n);
    }

    return XPECTO_OK;
}


void
xpecto_unique_clear(const xpecto_unique_t *u)
{
    memset(u->owners, 0, u->nowners * sizeof(xpecto_unique_owner_t));
    memset(u->slots.slots, 0, u->slots.nbuckets * XPECTO_UNIQUE_SLOTS
                              * sizeof(uint64_t));
}
