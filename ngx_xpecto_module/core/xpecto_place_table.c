
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <stdlib.h>
#include <string.h>

#include "xpecto_place_table.h"


#define XPECTO_PLACE_RANGES  (1 << 24)


static xpecto_rc_e xpecto_place_put(xpecto_place_table_t *table, unsigned ipv6,
    xpecto_addr_t first, unsigned value);
static xpecto_rc_e xpecto_place_put_deep(xpecto_place_table_t *table,
    xpecto_addr_t first, unsigned value);
static xpecto_rc_e xpecto_place_push_deep(xpecto_place_table_t *table,
    xpecto_addr_t first, unsigned value);
static xpecto_addr_t xpecto_place_after(xpecto_addr_t addr);


xpecto_place_table_t *
xpecto_place_table(void)
{
    return calloc(1, sizeof(xpecto_place_table_t));
}


void
xpecto_place_free(xpecto_place_table_t *table)
{
    unsigned  i;

    for (i = 0; i < 2; i++) {
        free(table->ranges[i].first);
        free(table->ranges[i].value);
    }

    free(table->deep);
    free(table);
}


/* the special networks prevail over what the database says of them */

xpecto_rc_e
xpecto_place_add(xpecto_place_table_t *table, unsigned ipv6,
    xpecto_addr_t first, xpecto_addr_t last, unsigned value)
{
    const xpecto_place_special_t  *special;

    for ( ;; ) {
        special = xpecto_place_special(ipv6, first);

        if (special == NULL || xpecto_place_below(last, special->first)) {
            return xpecto_place_put(table, ipv6, first, value);
        }

        if (xpecto_place_below(first, special->first)) {
            if (xpecto_place_put(table, ipv6, first, value) != XPECTO_OK) {
                return XPECTO_ERROR;
            }

            first = special->first;
        }

        if (xpecto_place_put(table, ipv6, first, special->value) != XPECTO_OK)
        {
            return XPECTO_ERROR;
        }

        if (!xpecto_place_below(special->last, last)) {
            return XPECTO_OK;
        }

        first = xpecto_place_after(special->last);
    }
}


static xpecto_rc_e
xpecto_place_put(xpecto_place_table_t *table, unsigned ipv6,
    xpecto_addr_t first, unsigned value)
{
    xpecto_place_ranges_t  *ranges;

    ranges = &table->ranges[ipv6 ? 1 : 0];

    if (ranges->n != 0 && ranges->current == value) {
        return XPECTO_OK;
    }

    if (ipv6 && xpecto_place_leave_deep(table, first) != XPECTO_OK) {
        return XPECTO_ERROR;
    }

    if (ipv6 && first.lo != 0) {
        if (xpecto_place_put_deep(table, first, value) != XPECTO_OK) {
            return XPECTO_ERROR;
        }

    } else if (xpecto_place_push(ranges, first.hi, value) != XPECTO_OK) {
        return XPECTO_ERROR;
    }

    ranges->current = value;

    return XPECTO_OK;
}


/* a range that begins inside of a /64: this becomes a deep one as a whole */

static xpecto_rc_e
xpecto_place_put_deep(xpecto_place_table_t *table, xpecto_addr_t first,
    unsigned value)
{
    xpecto_addr_t           whole;
    xpecto_place_ranges_t  *ranges;

    ranges = &table->ranges[1];
    whole.hi = first.hi;
    whole.lo = 0;

    if (ranges->first[ranges->n - 1] != first.hi) {
        if (xpecto_place_push(ranges, first.hi, XPECTO_PLACE_DEEP)
            != XPECTO_OK
            || xpecto_place_push_deep(table, whole, ranges->current)
               != XPECTO_OK)
        {
            return XPECTO_ERROR;
        }

    } else if (ranges->value[ranges->n - 1] != XPECTO_PLACE_DEEP) {
        ranges->value[ranges->n - 1] = XPECTO_PLACE_DEEP;

        if (xpecto_place_push_deep(table, whole, ranges->current)
            != XPECTO_OK)
        {
            return XPECTO_ERROR;
        }
    }

    return xpecto_place_push_deep(table, first, value);
}


/* behind a deep /64 the range that was begun in it goes on */

xpecto_rc_e
xpecto_place_leave_deep(xpecto_place_table_t *table, xpecto_addr_t next)
{
    uint64_t                hi;
    xpecto_place_ranges_t  *ranges;

    ranges = &table->ranges[1];

    if (ranges->n == 0
        || ranges->value[ranges->n - 1] != XPECTO_PLACE_DEEP)
    {
        return XPECTO_OK;
    }

    hi = ranges->first[ranges->n - 1];

    if (next.hi == hi || (next.hi == hi + 1 && next.lo == 0)) {
        return XPECTO_OK;
    }

    return xpecto_place_push(ranges, hi + 1, ranges->current);
}


xpecto_rc_e
xpecto_place_push(xpecto_place_ranges_t *ranges, uint64_t first,
    unsigned value)
{
    size_t     max;
    uint64_t  *firsts;
    uint16_t  *values;

    if (ranges->n == ranges->max) {
        max = ranges->max ? 2 * ranges->max : 4096;

        if (max > XPECTO_PLACE_RANGES) {
            return XPECTO_ERROR;
        }

        firsts = realloc(ranges->first, max * sizeof(uint64_t));
        if (firsts == NULL) {
            return XPECTO_ERROR;
        }

        ranges->first = firsts;

        values = realloc(ranges->value, max * sizeof(uint16_t));
        if (values == NULL) {
            return XPECTO_ERROR;
        }

        ranges->value = values;
        ranges->max = max;
    }

    ranges->first[ranges->n] = first;
    ranges->value[ranges->n] = (uint16_t) value;
    ranges->n++;

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_place_push_deep(xpecto_place_table_t *table, xpecto_addr_t first,
    unsigned value)
{
    size_t                max;
    xpecto_place_deep_t  *deep;

    if (table->ndeep == table->maxdeep) {
        max = table->maxdeep ? 2 * table->maxdeep : 64;

        if (max > XPECTO_PLACE_RANGES) {
            return XPECTO_ERROR;
        }

        deep = realloc(table->deep, max * sizeof(xpecto_place_deep_t));
        if (deep == NULL) {
            return XPECTO_ERROR;
        }

        table->deep = deep;
        table->maxdeep = max;
    }

    table->deep[table->ndeep].first = first;
    table->deep[table->ndeep].value = value;
    table->ndeep++;

    return XPECTO_OK;
}


static xpecto_addr_t
xpecto_place_after(xpecto_addr_t addr)
{
    addr.lo++;

    if (addr.lo == 0) {
        addr.hi++;
    }

    return addr;
}


unsigned
xpecto_place_pair(xpecto_place_table_t *table, unsigned country,
    unsigned represented)
{
    uint32_t  i, pair;

    pair = country | represented << 16;

    for (i = 0; i < table->npairs; i++) {
        if (table->pairs[i] == pair) {
            return XPECTO_PLACE_PAIRS + i;
        }
    }

    if (table->npairs == XPECTO_PLACE_NPAIRS) {
        return 0;
    }

    table->pairs[table->npairs++] = pair;

    return XPECTO_PLACE_PAIRS + i;
}
