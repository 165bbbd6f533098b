
/*
 * An item of units that are under way at once: see xpecto_limit_item.h.
 */


#include "xpecto_limit_item.h"


#define XPECTO_LIMIT_MIX  0x9e3779b97f4a7c15ull         /* 2^64 / phi, odd */

/* requests end when they end: who waits may ask again in a second */

#define XPECTO_LIMIT_HELD_RETRY  XPECTO_TICKS_SEC


static uint64_t xpecto_limit_item_tag(uint64_t tag, uint64_t from,
    uint64_t to);


void
xpecto_limit_item_see_held(xpecto_limit_item_t *item)
{
    unsigned        i, n, used, found;
    uint64_t        tag, sum;
    xpecto_place_t  place;

    n = (unsigned) ((item->meter->count.limit + XPECTO_HELD_UNITS - 1)
                    / XPECTO_HELD_UNITS);
    tag = xpecto_limit_item_tag(item->tag, item->part, 0);
    sum = 0;
    found = 0;

    for (i = 0; i < n; i++) {
        place.tag = xpecto_limit_item_tag(tag, 0, i);
        used = 0;

        if (xpecto_cells_find(item->meter->cells, place.tag, &place)
            == XPECTO_OK)
        {
            used = xpecto_held_used(place.word);
        }

        sum += used;

        if (found) {
            continue;
        }

        item->part = (uint16_t) i;

        if (used < xpecto_limit_item_units(item)) {
            item->tag = xpecto_limit_item_tag(tag, 0, i);
            item->place = place;
            found = 1;
        }
    }

    item->word = 0;
    item->result.reset = 0;
    item->result.retry_after = 0;
    item->result.remaining = (sum < item->meter->count.limit)
                             ? item->meter->count.limit - sum : 0;

    if (!found) {
        item->tag = xpecto_limit_item_tag(tag, 0, item->part);
    }

    if (item->cost == 0) {
        return;
    }

    if (!found) {
        item->refused = 1;
        item->result.retry_after = XPECTO_LIMIT_HELD_RETRY;

    } else if (item->meter->cells->holder == 0) {
        xpecto_limit_item_full(item);

    } else {
        item->result.remaining--;
    }
}


unsigned
xpecto_limit_item_units(const xpecto_limit_item_t *item)
{
    uint64_t  rest;

    rest = item->meter->count.limit
           - (uint64_t) item->part * XPECTO_HELD_UNITS;

    return (rest < XPECTO_HELD_UNITS) ? (unsigned) rest : XPECTO_HELD_UNITS;
}


/* each word has a tag of its own, the first one the item's */

static uint64_t
xpecto_limit_item_tag(uint64_t tag, uint64_t from, uint64_t to)
{
    return tag ^ ((from * XPECTO_LIMIT_MIX ^ to * XPECTO_LIMIT_MIX) & ~0xfull);
}
