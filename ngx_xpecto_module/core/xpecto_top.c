
/*
 * Who is counted most: see xpecto_top.h.
 */


#include <string.h>

#include "xpecto_top.h"


/* a slot that others are faster at: the count is lost then */

#define XPECTO_TOP_TRIES     16

#define XPECTO_TOP_COUNT(w)  ((w) >> 32)
#define XPECTO_TOP_ERROR(w)  ((w) & UINT32_MAX)
#define XPECTO_TOP_WORD(count, error)                                        \
    ((uint64_t) (count) << 32 | (uint64_t) (error))


static uint64_t xpecto_top_tag(const xpecto_top_t *top, const uint8_t *name,
    size_t len);
static unsigned xpecto_top_find(xpecto_top_t *top, uint64_t tag,
    xpecto_place_t *place);
static void xpecto_top_write(xpecto_top_slot_t *slot, const uint8_t *name,
    size_t len);
static size_t xpecto_top_read(const xpecto_top_slot_t *slot, uint8_t *name);
static void xpecto_top_add(xpecto_top_entry_t *entries, unsigned *n,
    const xpecto_top_entry_t *entry);
static void xpecto_top_sort(xpecto_top_entry_t *entries, unsigned n);


void
xpecto_top_count(xpecto_top_t *top, const uint8_t *name, size_t len)
{
    size_t           written;
    uint8_t          text[XPECTO_TOP_NAME];
    uint64_t         tag, count, error;
    unsigned         i, n;
    xpecto_place_t   place;

    if (len == 0 || len > XPECTO_TOP_NAME) {
        return;
    }

    tag = xpecto_top_tag(top, name, len);

    for (n = 0; n < XPECTO_TOP_TRIES; n++) {
        i = xpecto_top_find(top, tag, &place);

        count = XPECTO_TOP_COUNT(place.word);
        error = XPECTO_TOP_ERROR(place.word);

        if (place.tag != tag) {
            error = count;
        }

        if (count < UINT32_MAX) {
            count++;
        }

        if (!xpecto_cells_swap(&place, tag, XPECTO_TOP_WORD(count, error))) {
            continue;
        }

        written = xpecto_top_read(&top->slots[i], text);

        if (written != len || memcmp(text, name, len) != 0) {
            xpecto_top_write(&top->slots[i], name, len);
        }

        return;
    }
}


unsigned
xpecto_top_list(xpecto_top_t *top, xpecto_top_entry_t *entries)
{
    uint64_t            tag, word;
    unsigned            i, n;
    xpecto_top_entry_t  entry;

    n = 0;

    for (i = 0; i < XPECTO_TOP_SLOTS; i++) {
        tag = __atomic_load_n(&top->slots[i].cell.half.tag,
                              __ATOMIC_ACQUIRE);
        word = __atomic_load_n(&top->slots[i].cell.half.word,
                               __ATOMIC_ACQUIRE);

        entry.len = xpecto_top_read(&top->slots[i], entry.name);

        if (tag == 0 || entry.len == 0
            || xpecto_top_tag(top, entry.name, entry.len) != tag)
        {
            continue;
        }

        entry.count = XPECTO_TOP_COUNT(word);
        entry.error = XPECTO_TOP_ERROR(word);

        xpecto_top_add(entries, &n, &entry);
    }

    xpecto_top_sort(entries, n);

    return n;
}


static uint64_t
xpecto_top_tag(const xpecto_top_t *top, const uint8_t *name, size_t len)
{
    uint64_t  tag;

    tag = xpecto_siphash(top->secret, name, len);

    return tag != 0 ? tag : 1;
}


/* the slot of the tag, else one that is free, else the least */

static unsigned
xpecto_top_find(xpecto_top_t *top, uint64_t tag, xpecto_place_t *place)
{
    unsigned        i, best;
    xpecto_place_t  seen;

    best = 0;
    place->cell = NULL;

    for (i = 0; i < XPECTO_TOP_SLOTS; i++) {
        seen.cell = &top->slots[i].cell;
        seen.tag = __atomic_load_n(&seen.cell->half.tag, __ATOMIC_ACQUIRE);
        seen.word = __atomic_load_n(&seen.cell->half.word, __ATOMIC_ACQUIRE);

        if (seen.tag == tag) {
            *place = seen;
            return i;
        }

        if (place->cell == NULL
            || XPECTO_TOP_COUNT(seen.word) < XPECTO_TOP_COUNT(place->word))
        {
            *place = seen;
            best = i;
        }
    }

    return best;
}


/* byte by byte: others may read, or write, at the same time */

static void
xpecto_top_write(xpecto_top_slot_t *slot, const uint8_t *name, size_t len)
{
    size_t  i;

    for (i = 0; i < len; i++) {
        __atomic_store_n(&slot->name[i], name[i], __ATOMIC_RELAXED);
    }

    __atomic_store_n(&slot->len, (uint8_t) len, __ATOMIC_RELEASE);
}


static size_t
xpecto_top_read(const xpecto_top_slot_t *slot, uint8_t *name)
{
    size_t  i, len;

    len = __atomic_load_n(&slot->len, __ATOMIC_ACQUIRE);

    if (len > XPECTO_TOP_NAME) {
        return 0;
    }

    for (i = 0; i < len; i++) {
        name[i] = __atomic_load_n(&slot->name[i], __ATOMIC_RELAXED);
    }

    return len;
}


static void
xpecto_top_add(xpecto_top_entry_t *entries, unsigned *n,
    const xpecto_top_entry_t *entry)
{
    unsigned  i;

    for (i = 0; i < *n; i++) {

        if (entries[i].len == entry->len
            && memcmp(entries[i].name, entry->name, entry->len) == 0)
        {
            entries[i].count += entry->count;
            entries[i].error += entry->error;
            return;
        }
    }

    entries[*n] = *entry;
    (*n)++;
}


static void
xpecto_top_sort(xpecto_top_entry_t *entries, unsigned n)
{
    unsigned            i, k;
    xpecto_top_entry_t  entry;

    for (i = 1; i < n; i++) {
        entry = entries[i];

        for (k = i; k > 0 && entries[k - 1].count < entry.count; k--) {
            entries[k] = entries[k - 1];
        }

        entries[k] = entry;
    }
}
