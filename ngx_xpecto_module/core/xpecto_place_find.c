
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_place_table.h"


static unsigned xpecto_place_value(const xpecto_place_t *place,
    unsigned value);
static unsigned xpecto_place_find_deep(const xpecto_place_t *place,
    uint64_t hi, uint64_t lo);


unsigned
xpecto_place_ipv4(const void *image, uint32_t addr)
{
    size_t                 half, n;
    uint32_t               block, last;
    const uint32_t        *blocks, *range;
    const xpecto_place_t  *place;

    place = image;
    blocks = (const void *) ((const uint8_t *) image + place->block4);
    block = blocks[addr >> (32 - XPECTO_PLACE_BITS)];

    if (block & XPECTO_PLACE_WHOLE) {
        return xpecto_place_value(place, block & 0xffff);
    }

    range = (const void *) ((const uint8_t *) image + place->range4);
    range += block;
    n = *range++;
    last = addr << 16 | 0xffff;

    while (n > 1) {
        half = n / 2;
        range += (range[half] <= last) ? half : 0;
        n -= half;
    }

    return xpecto_place_value(place, *range & 0xffff);
}


/* within its block */

void
xpecto_place_around(const void *image, uint32_t addr, uint32_t *first,
    uint32_t *last)
{
    size_t                 i, n;
    uint32_t               block, base;
    const uint32_t        *blocks, *range;
    const xpecto_place_t  *place;

    place = image;
    blocks = (const void *) ((const uint8_t *) image + place->block4);
    block = blocks[addr >> (32 - XPECTO_PLACE_BITS)];
    base = addr & 0xffff0000U;

    *first = base;
    *last = base | 0xffff;

    if (block & XPECTO_PLACE_WHOLE) {
        return;
    }

    range = (const void *) ((const uint8_t *) image + place->range4);
    range += block;
    n = *range++;

    for (i = 0; i < n; i++) {

        if (range[i] >> 16 > (addr & 0xffff)) {
            *last = base | ((range[i] >> 16) - 1);
            break;
        }

        *first = base | range[i] >> 16;
    }
}


unsigned
xpecto_place_ipv6(const void *image, const uint8_t addr[16])
{
    size_t                 base, half, n;
    unsigned               i, value;
    uint64_t               hi, lo;
    const uint64_t        *keys;
    const uint16_t        *values;
    const xpecto_place_t  *place;

    hi = 0;
    lo = 0;

    for (i = 0; i < 8; i++) {
        hi = hi << 8 | addr[i];
        lo = lo << 8 | addr[i + 8];
    }

    if ((hi == 0 && lo >> 32 == 0xffff)
        || (hi == 0x0064ff9b00000000ULL && lo >> 32 == 0))
    {
        return xpecto_place_ipv4(image, (uint32_t) lo);
    }

    place = image;
    values = (const void *) ((const uint8_t *) image + place->value6);

    base = 0;

    for (i = place->nlevels; i-- > 0; /* void */) {
        keys = (const void *) ((const uint8_t *) image
                               + place->levels[i].keys);
        base *= XPECTO_PLACE_FAN;
        n = place->levels[i].n - base;
        n = (n > XPECTO_PLACE_FAN) ? XPECTO_PLACE_FAN : n;

        while (n > 1) {
            half = n / 2;
            base += (keys[base + half] <= hi) ? half : 0;
            n -= half;
        }
    }

    value = values[base];

    if (value == XPECTO_PLACE_DEEP) {
        value = xpecto_place_find_deep(place, hi, lo);
    }

    return xpecto_place_value(place, value);
}


static unsigned
xpecto_place_value(const xpecto_place_t *place, unsigned value)
{
    const uint32_t  *pairs;

    if (value < XPECTO_PLACE_PAIRS || value >= XPECTO_PLACE_COUNTRY) {
        return value;
    }

    pairs = (const void *) ((const uint8_t *) place + place->pairs);

    return pairs[value - XPECTO_PLACE_PAIRS];
}


static unsigned
xpecto_place_find_deep(const xpecto_place_t *place, uint64_t hi, uint64_t lo)
{
    size_t                      base, half, n;
    xpecto_addr_t               addr;
    const xpecto_place_deep_t  *deep;

    deep = (const void *) ((const uint8_t *) place + place->deep);
    addr.hi = hi;
    addr.lo = lo;

    base = 0;
    n = place->ndeep;

    while (n > 1) {
        half = n / 2;

        if (!xpecto_place_below(addr, deep[base + half].first)) {
            base += half;
        }

        n -= half;
    }

    return (unsigned) deep[base].value;
}


uint64_t
xpecto_place_epoch(const void *image)
{
    const xpecto_place_t  *place;

    place = image;

    return place->epoch;
}


int
xpecto_place_older(const void *image, const void *current)
{
    const xpecto_place_t  *place, *other;

    place = image;
    other = current;

    return memcmp(place->field, other->field, sizeof(place->field)) == 0
           && place->epoch < other->epoch;
}
