
/*
 * All cells of a table: see xpecto_cells.h.
 */


#include "xpecto_cells.h"
#include "xpecto_held.h"


uint64_t
xpecto_cells_used(const xpecto_cells_t *t, uint64_t now, uint64_t max)
{
    uint64_t        i, n, step, looked;
    unsigned        k;
    xpecto_place_t  place;

    n = 0;
    looked = 0;
    step = (max == 0 || max > t->nbuckets) ? 1 : t->nbuckets / max;

    for (i = 0; i < t->nbuckets; i += step) {
        for (k = 0; k < XPECTO_BUCKET_CELLS; k++) {
            xpecto_cells_see(&t->cells[i * XPECTO_BUCKET_CELLS + k], &place);
            n += !xpecto_cells_expired(t, place.tag, place.word, now);
        }

        looked++;
    }

    return n * t->nbuckets / looked;
}


void
xpecto_cells_clear(const xpecto_cells_t *t)
{
    uint64_t        i;
    xpecto_place_t  place;

    for (i = 0; i < t->nbuckets * XPECTO_BUCKET_CELLS; i++) {
        xpecto_cells_see(&t->cells[i], &place);

        if (place.tag != 0) {
            (void) xpecto_cells_swap(&place, 0, 0);
        }
    }
}


int
xpecto_cells_unhold(const xpecto_cells_t *t, uint8_t holder, uint64_t *cell,
    uint64_t n)
{
    uint64_t        word, end;
    xpecto_place_t  place;

    end = t->nbuckets * XPECTO_BUCKET_CELLS;

    for ( /* void */ ; n > 0 && *cell < end; n--, (*cell)++) {

        do {
            xpecto_cells_see(&t->cells[*cell], &place);
            word = place.word;

            if ((place.tag & XPECTO_CELL_BITS) != XPECTO_CELL_HELD
                || xpecto_held_give(&word, holder, 1) == 0)
            {
                break;
            }

        } while (!xpecto_cells_swap(&place, place.tag, word));
    }

    return *cell == end;
}


uint64_t
xpecto_cells_copy(const xpecto_cells_t *to, const xpecto_cells_t *from,
    uint64_t now, uint64_t *stamp)
{
    uint64_t        i, lost;
    xpecto_place_t  seen, place;

    lost = 0;

    for (i = 0; i < from->nbuckets * XPECTO_BUCKET_CELLS; i++) {
        xpecto_cells_see(&from->cells[i], &seen);

        if (xpecto_cells_expired(from, seen.tag, seen.word, now)) {
            continue;
        }

        if (xpecto_cells_claim(to, seen.tag, now, stamp, &place)
            == XPECTO_DECLINED
            || !xpecto_cells_swap(&place, seen.tag, seen.word))
        {
            lost++;
        }
    }

    return lost;
}
