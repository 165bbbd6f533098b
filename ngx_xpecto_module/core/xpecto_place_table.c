
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <stdlib.h>
#include <string.h>

#include "xpecto_place_table.h"


#define XPECTO_PLACE_RANGES  (1 << 24)


/* of one family while it is built */

typedef struct {
    size_t                  n;
    size_t                  max;
    uint64_t               *first;
    uint16_t               *value;
    unsigned                current;    /* value of the last range */
} xpecto_place_ranges_t;


struct xpecto_place_table_s {
    xpecto_place_ranges_t   ranges[2];
    size_t                  ndeep;
    size_t                  maxdeep;
    xpecto_place_deep_t    *deep;
};


static xpecto_rc_e xpecto_place_put(xpecto_place_table_t *table, unsigned ipv6,
    xpecto_addr_t first, unsigned value);
static xpecto_rc_e xpecto_place_put_deep(xpecto_place_table_t *table,
    xpecto_addr_t first, unsigned value);
static xpecto_rc_e xpecto_place_leave_deep(xpecto_place_table_t *table,
    xpecto_addr_t next);
static xpecto_rc_e xpecto_place_push(xpecto_place_ranges_t *ranges,
    uint64_t first, unsigned value);
static xpecto_rc_e xpecto_place_push_deep(xpecto_place_table_t *table,
    xpecto_addr_t first, unsigned value);
static xpecto_rc_e xpecto_place_split(xpecto_place_ranges_t *ranges);
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

static xpecto_rc_e
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


static xpecto_rc_e
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


xpecto_rc_e
xpecto_place_finish(xpecto_place_table_t *table, const char *field,
    uint64_t epoch, xpecto_image_t *image)
{
    size_t                  i, j, n4, n6, size;
    uint8_t                *p;
    uint32_t               *block;
    uint64_t                start;
    xpecto_addr_t           end;
    xpecto_place_t         *place;
    xpecto_place_ranges_t  *ranges;

    end.hi = ~(uint64_t) 0;
    end.lo = ~(uint64_t) 0;

    if (xpecto_place_leave_deep(table, end) != XPECTO_OK
        || xpecto_place_split(&table->ranges[0]) != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    n4 = table->ranges[0].n;
    n6 = table->ranges[1].n;

    /* the arrays of 8, then 4, then 2 bytes: all are aligned */

    size = sizeof(xpecto_place_t) + n6 * sizeof(uint64_t)
           + table->ndeep * sizeof(xpecto_place_deep_t)
           + 2 * (XPECTO_PLACE_BLOCKS + 1) * sizeof(uint32_t)
           + (2 * n4 + n6) * sizeof(uint16_t);

    p = calloc(1, size);
    if (p == NULL) {
        return XPECTO_ERROR;
    }

    place = (void *) p;
    place->magic = XPECTO_PLACE_MAGIC;
    place->epoch = epoch;
    memcpy(place->field, field, strlen(field));
    place->n4 = (uint32_t) n4;
    place->n6 = (uint32_t) n6;
    place->ndeep = (uint32_t) table->ndeep;

    place->high6 = sizeof(xpecto_place_t);
    place->deep = place->high6 + (uint32_t) (n6 * sizeof(uint64_t));
    place->block4 = place->deep
                + (uint32_t) (table->ndeep * sizeof(xpecto_place_deep_t));
    place->block6 = place->block4
                + (uint32_t) ((XPECTO_PLACE_BLOCKS + 1) * sizeof(uint32_t));
    place->low4 = place->block6
                + (uint32_t) ((XPECTO_PLACE_BLOCKS + 1) * sizeof(uint32_t));
    place->value4 = place->low4 + (uint32_t) (n4 * sizeof(uint16_t));
    place->value6 = place->value4 + (uint32_t) (n4 * sizeof(uint16_t));

    ranges = &table->ranges[0];
    block = (void *) (p + place->block4);

    for (i = 0, j = 0; i < n4; i++) {
        ((uint16_t *) (void *) (p + place->low4))[i] =
                                          (uint16_t) (ranges->first[i] >> 32);

        if ((ranges->first[i] & 0xffff00000000ULL) == 0) {
            block[j++] = (uint32_t) i;
        }
    }

    block[j] = (uint32_t) n4;
    memcpy(p + place->value4, ranges->value, n4 * sizeof(uint16_t));

    ranges = &table->ranges[1];
    block = (void *) (p + place->block6);

    for (i = 0, j = 0; i <= XPECTO_PLACE_BLOCKS; i++) {
        start = XPECTO_PLACE_GLOBAL + ((uint64_t) i << XPECTO_PLACE_SHIFT);

        while (j + 1 < n6 && ranges->first[j + 1] <= start) {
            j++;
        }

        block[i] = (uint32_t) j;
    }

    memcpy(p + place->high6, ranges->first, n6 * sizeof(uint64_t));
    memcpy(p + place->value6, ranges->value, n6 * sizeof(uint16_t));

    if (table->ndeep != 0) {
        memcpy(p + place->deep, table->deep,
               table->ndeep * sizeof(xpecto_place_deep_t));
    }

    image->data = p;
    image->len = size;

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_place_empty(const xpecto_place_conf_t *conf, xpecto_image_t *image)
{
    unsigned               ipv6;
    xpecto_rc_e            rc;
    xpecto_addr_t          zero;
    xpecto_place_table_t  *table;

    table = xpecto_place_table();
    if (table == NULL) {
        return XPECTO_ERROR;
    }

    rc = XPECTO_OK;
    zero.hi = 0;
    zero.lo = 0;

    for (ipv6 = 0; ipv6 < 2 && rc == XPECTO_OK; ipv6++) {
        rc = xpecto_place_add(table, ipv6, zero, xpecto_place_last(zero, 0),
                              XPECTO_PLACE_UNKNOWN);
    }

    if (rc == XPECTO_OK) {
        rc = xpecto_place_finish(table, conf->field ? conf->field : "", 0,
                                 image);
    }

    xpecto_place_free(table);

    return rc;
}


/* cuts the IPv4 ranges so that each /16 begins with one */

static xpecto_rc_e
xpecto_place_split(xpecto_place_ranges_t *ranges)
{
    size_t                 i;
    uint64_t               block, end;
    xpecto_place_ranges_t  split;

    memset(&split, 0, sizeof(xpecto_place_ranges_t));

    block = 0;

    for (i = 0; i < ranges->n; i++) {
        end = (i + 1 < ranges->n) ? ranges->first[i + 1] >> 48
                                  : XPECTO_PLACE_BLOCKS;

        if (ranges->first[i] >> 48 == block
            && (ranges->first[i] << 16) == 0)
        {
            block++;
        }

        if (xpecto_place_push(&split, ranges->first[i], ranges->value[i])
            != XPECTO_OK)
        {
            goto failed;
        }

        /* the block in which the next range begins at its very start is its */

        if (i + 1 < ranges->n && (ranges->first[i + 1] << 16) != 0) {
            end++;
        }

        while (block < end) {
            if (xpecto_place_push(&split, block << 48, ranges->value[i])
                != XPECTO_OK)
            {
                goto failed;
            }

            block++;
        }
    }

    free(ranges->first);
    free(ranges->value);

    *ranges = split;

    return XPECTO_OK;

failed:

    free(split.first);
    free(split.value);

    return XPECTO_ERROR;
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
