
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <stdlib.h>
#include <string.h>

#include "xpecto_place_table.h"


static size_t xpecto_place_fill_ipv4(const xpecto_place_ranges_t *ranges,
    uint32_t *blocks, uint32_t *words);
static void xpecto_place_fill_ipv6(const xpecto_place_t *place,
    const xpecto_place_ranges_t *ranges, uint8_t *p);


xpecto_rc_e
xpecto_place_finish(xpecto_place_table_t *table, const char *field,
    uint64_t epoch, xpecto_image_t *image)
{
    size_t           n, len, size, deep;
    uint8_t         *p;
    unsigned         i;
    xpecto_addr_t    end;
    xpecto_place_t   place;

    len = strlen(field);

    if (len >= sizeof(place.field)) {
        return XPECTO_ERROR;
    }

    end.hi = ~(uint64_t) 0;
    end.lo = ~(uint64_t) 0;

    if (xpecto_place_leave_deep(table, end) != XPECTO_OK) {
        return XPECTO_ERROR;
    }

    memset(&place, 0, sizeof(xpecto_place_t));

    place.epoch = epoch;
    place.ndeep = (uint32_t) table->ndeep;
    memcpy(place.field, field, len);

    /* the arrays of 8, then 4, then 2 bytes: all are aligned */

    size = sizeof(xpecto_place_t);
    n = table->ranges[1].n;

    for (i = 0; /* void */ ; i++) {
        place.levels[i].keys = (uint32_t) size;
        place.levels[i].n = (uint32_t) n;
        size += n * sizeof(uint64_t);

        if (n <= XPECTO_PLACE_FAN) {
            break;
        }

        n = (n + XPECTO_PLACE_FAN - 1) / XPECTO_PLACE_FAN;
    }

    place.nlevels = i + 1;

    place.deep = (uint32_t) size;
    deep = table->ndeep * sizeof(xpecto_place_deep_t);
    size += deep;

    place.block4 = (uint32_t) size;
    size += XPECTO_PLACE_BLOCKS * sizeof(uint32_t);

    place.pairs = (uint32_t) size;
    size += table->npairs * sizeof(uint32_t);

    place.range4 = (uint32_t) size;
    size += xpecto_place_fill_ipv4(&table->ranges[0], NULL, NULL)
            * sizeof(uint32_t);

    place.value6 = (uint32_t) size;
    size += place.levels[0].n * sizeof(uint16_t);

    p = calloc(1, size);
    if (p == NULL) {
        return XPECTO_ERROR;
    }

    memcpy(p, &place, sizeof(xpecto_place_t));

    if (deep != 0) {
        memcpy(p + place.deep, table->deep, deep);
    }

    memcpy(p + place.pairs, table->pairs, table->npairs * sizeof(uint32_t));

    (void) xpecto_place_fill_ipv4(&table->ranges[0],
                                  (void *) (p + place.block4),
                                  (void *) (p + place.range4));
    xpecto_place_fill_ipv6(&place, &table->ranges[1], p);

    image->data = p;
    image->len = size;

    return XPECTO_OK;
}


/* how many words the ranges take; NULL: only counts them */

static size_t
xpecto_place_fill_ipv4(const xpecto_place_ranges_t *ranges, uint32_t *blocks,
    uint32_t *words)
{
    size_t    i, j, k, n;
    uint64_t  block;

    n = 0;
    j = 0;

    for (block = 0; block < XPECTO_PLACE_BLOCKS; block++) {

        /* j: the range of its first address; below k: those that begin in it */

        if (j + 1 < ranges->n
            && ranges->first[j + 1] == block << (64 - XPECTO_PLACE_BITS))
        {
            j++;
        }

        for (k = j + 1; k < ranges->n; k++) {
            if (ranges->first[k] >> (64 - XPECTO_PLACE_BITS) != block) {
                break;
            }
        }

        if (blocks != NULL) {
            blocks[block] = (k == j + 1)
                            ? XPECTO_PLACE_WHOLE | ranges->value[j]
                            : (uint32_t) n;
        }

        if (k == j + 1) {
            continue;
        }

        if (words != NULL) {
            words[n] = (uint32_t) (k - j);
            words[n + 1] = ranges->value[j];

            for (i = j + 1; i < k; i++) {
                words[n + 1 + i - j] = ranges->value[i]
                                       | ((uint32_t) (ranges->first[i] >> 16)
                                          & 0xffff0000U);
            }
        }

        n += 1 + k - j;
        j = k - 1;
    }

    return n;
}


static void
xpecto_place_fill_ipv6(const xpecto_place_t *place,
    const xpecto_place_ranges_t *ranges, uint8_t *p)
{
    size_t           i;
    uint64_t        *keys;
    unsigned         level;
    const uint64_t  *below;

    memcpy(p + place->levels[0].keys, ranges->first,
           ranges->n * sizeof(uint64_t));
    memcpy(p + place->value6, ranges->value, ranges->n * sizeof(uint16_t));

    for (level = 1; level < place->nlevels; level++) {
        keys = (void *) (p + place->levels[level].keys);
        below = (void *) (p + place->levels[level - 1].keys);

        for (i = 0; i < place->levels[level].n; i++) {
            keys[i] = below[i * XPECTO_PLACE_FAN];
        }
    }
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
