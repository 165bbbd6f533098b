
/*
 * A lock-free table of 16-byte cells in shared memory.
 *
 *      0               8              15
 *     +---------------+---------------+
 *     | tag           | word          |      a bucket: 8 cells, 128 bytes,
 *     +---------------+---------------+      aligned to 128
 *
 *     tag    63 ... 4   keyed hash of what the cell belongs to
 *                 3     claim: being entered, holds nothing yet
 *            2 .. 0     kind of the word, never 0: a tag of 0 is free
 *
 * A cell changes by one 16-byte compare-and-swap and in no other way, so a
 * process may die between any two instructions and leaves nothing held.  A
 * word says by itself, under the rule of its kind, when it is as good as no
 * word; such a cell is free to be taken by anybody.  A cell that still says
 * something is never taken away.
 *
 * A tag lives in one of two buckets.  Both follow from the tag alone, so
 * that cells can be carried over to a table of another size.  Two keys are
 * taken for one if their tags agree in 60 bits: among ten million keys that
 * are alive 4 * 10^-5 pairs.
 */


#ifndef _XPECTO_CELLS_H_INCLUDED_
#define _XPECTO_CELLS_H_INCLUDED_


#include "xpecto.h"


#define XPECTO_BUCKET_CELLS  8
#define XPECTO_BUCKET_SIZE   128

/* of a tag */

#define XPECTO_CELL_CLAIM    0x8ull
#define XPECTO_CELL_KIND     0x7ull
#define XPECTO_CELL_BITS     0xfull


typedef enum {
    XPECTO_CELL_TAT = 1,        /* a time; none once it is not later than now */
    XPECTO_CELL_COUNT,          /* of a period: xpecto_count.h */
    XPECTO_CELL_SLIDE,          /* of a window that slides */
    XPECTO_CELL_BAN,            /* xpecto_ban.h; of the wall clock: goes into
                                   a snapshot and out of it as it is */
    XPECTO_CELL_HELD,           /* xpecto_held.h */
    XPECTO_CELL_OWNER,          /* xpecto_unique_file.h: both in a snapshot */
    XPECTO_CELL_RECIPIENT       /*   alone */
} xpecto_cell_kind_e;


__extension__ typedef unsigned __int128  xpecto_u128_t;


typedef union {
    struct {
        uint64_t    tag;
        uint64_t    word;
    } half;
    xpecto_u128_t   whole;
} xpecto_cell_t;


/* a view of the table; each process may have its own */

typedef struct {
    xpecto_cell_t  *cells;
    uint64_t        nbuckets;
    uint64_t        wall;       /* seconds since 1970, as of a moment ago:
                                   the owner keeps it if he counts or bans */
    uint64_t      (*clock)(void);   /* the ticks of now; NULL: what others
                                   have paid on top of stays paid */
    uint8_t         holder;     /* number of the process, 0: it has none */
} xpecto_cells_t;


/* a cell and what was seen in it */

typedef struct {
    xpecto_cell_t  *cell;       /* NULL: none */
    uint64_t        tag;
    uint64_t        word;
} xpecto_place_t;


/*
 * The memory must be zeroed when the table is made; each view of it is
 * made with the same address and length.  ERROR: no bucket fits.
 */

xpecto_rc_e xpecto_cells_init(xpecto_cells_t *t, void *mem, size_t len);

uint64_t xpecto_cells_tag(uint64_t hash, xpecto_cell_kind_e kind);

/* asks the processor for both buckets */

void xpecto_cells_prefetch(const xpecto_cells_t *t, uint64_t tag);

/* DECLINED: the tag has no cell; place->cell is NULL */

xpecto_rc_e xpecto_cells_find(const xpecto_cells_t *t, uint64_t tag,
    xpecto_place_t *place);

/*
 * The same, and what claim() begins with: where the tag has no cell, place may
 * be one that is free, for claim_at().
 */

xpecto_rc_e xpecto_cells_meet(const xpecto_cells_t *t, uint64_t tag,
    uint64_t now, xpecto_place_t *place);

/*
 * Gets a cell for a tag that had none.
 *
 * OK         somebody else entered the tag: place is as of find()
 * AGAIN      a cell is claimed: swap() in the tag and its first word, or 0
 *            and 0 to give it back.  The word must be computed from a clock
 *            that is read after claim() returned: what the tag used before
 *            may have run out and been cleared a moment ago.
 * DECLINED   both buckets are full of cells that are alive
 *
 * A claim holds nothing: others may take it, then the swap() fails.  *stamp
 * is a counter of the caller that no other living process shares values
 * with (process id in the high half).  now may be a little old.
 */

xpecto_rc_e xpecto_cells_claim(const xpecto_cells_t *t, uint64_t tag,
    uint64_t now, uint64_t *stamp, xpecto_place_t *place);

/* the same of what meet() has left in place */

xpecto_rc_e xpecto_cells_claim_at(const xpecto_cells_t *t, uint64_t tag,
    uint64_t now, uint64_t *stamp, xpecto_place_t *place);

/* 1: the cell held what was seen and holds now what is given; place too */

int xpecto_cells_swap(xpecto_place_t *place, uint64_t tag, uint64_t word);

/* what is in the n-th cell of all; the tag may be 0 or of a claim */

void xpecto_cells_look(const xpecto_cells_t *t, uint64_t n,
    xpecto_cell_t *cell);

/*
 * Cells that are alive.  Of more than max buckets only about max are looked
 * at, evenly spread, and the number is an estimate.
 */

uint64_t xpecto_cells_used(const xpecto_cells_t *t, uint64_t now,
    uint64_t max);

/* frees all cells that nobody changes meanwhile */

void xpecto_cells_clear(const xpecto_cells_t *t);

/*
 * Gives back what a process held that is no more: in n cells from *cell on,
 * which goes on.  1: that was the last one.
 */

int xpecto_cells_unhold(const xpecto_cells_t *t, uint8_t holder,
    uint64_t *cell, uint64_t n);

/* carries over what is alive; the number of cells that did not fit */

uint64_t xpecto_cells_copy(const xpecto_cells_t *to,
    const xpecto_cells_t *from, uint64_t now, uint64_t *stamp);


/* for what walks through all of them: whether a cell says nothing any more */

int xpecto_cells_expired(const xpecto_cells_t *t, uint64_t tag, uint64_t word,
    uint64_t now);


/* what is in a cell */

static inline void
xpecto_cells_see(xpecto_cell_t *cell, xpecto_place_t *place)
{
    uint64_t  tag;

    place->cell = cell;

    tag = __atomic_load_n(&cell->half.tag, __ATOMIC_ACQUIRE);

    do {
        place->tag = tag;
        place->word = __atomic_load_n(&cell->half.word, __ATOMIC_ACQUIRE);
        tag = __atomic_load_n(&cell->half.tag, __ATOMIC_ACQUIRE);

    } while (tag != place->tag);
}


/* sees again what is in the cell; 0: another tag, place->cell is NULL */

static inline int
xpecto_cells_again(xpecto_place_t *place, uint64_t tag)
{
    xpecto_cells_see(place->cell, place);

    if (place->tag == tag) {
        return 1;
    }

    place->cell = NULL;

    return 0;
}


#endif /* _XPECTO_CELLS_H_INCLUDED_ */
