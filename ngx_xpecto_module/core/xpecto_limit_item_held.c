
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
    unsigned         i, n, sum, found;
    uint64_t         tag, words[XPECTO_HELD_WORDS];
    xpecto_place_t   places[XPECTO_HELD_WORDS];
    const uint8_t   *wide;

    n = xpecto_held_words(item->meter->count.limit);
    wide = item->meter->wide;

    if (wide != NULL && *wide > n && *wide <= XPECTO_HELD_WORDS) {
        n = *wide;
    }

    tag = xpecto_limit_item_tag(item->tag, item->part, 0);
    sum = 0;

    for (i = 0; i < n; i++) {
        places[i].tag = xpecto_limit_item_tag(tag, 0, i);
        words[i] = 0;

        if (xpecto_cells_find(item->meter->cells, places[i].tag, &places[i])
            == XPECTO_OK)
        {
            words[i] = places[i].word;
            sum += xpecto_held_used(words[i]);
        }
    }

    item->room = (uint16_t) xpecto_held_room(words, n,
                                       (unsigned) item->meter->count.limit);
    found = 0;

    for (i = 0; i * XPECTO_HELD_UNITS < item->room; i++) {
        item->part = (uint16_t) i;

        if (xpecto_held_free(words[i], xpecto_limit_item_units(item))) {
            item->place = places[i];
            found = 1;
            break;
        }
    }

    item->tag = xpecto_limit_item_tag(tag, 0, item->part);

    item->word = 0;
    item->result.reset = 0;
    item->result.retry_after = 0;
    item->result.remaining = (sum < item->meter->count.limit)
                             ? item->meter->count.limit - sum : 0;

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
    unsigned  before;

    before = (unsigned) item->part * XPECTO_HELD_UNITS;

    if (item->room <= before) {
        return 0;
    }

    return (item->room - before < XPECTO_HELD_UNITS) ? item->room - before
                                                     : XPECTO_HELD_UNITS;
}


/* each word has a tag of its own, the first one the item's */

static uint64_t
xpecto_limit_item_tag(uint64_t tag, uint64_t from, uint64_t to)
{
    return tag ^ ((from * XPECTO_LIMIT_MIX ^ to * XPECTO_LIMIT_MIX) & ~0xfull);
}
