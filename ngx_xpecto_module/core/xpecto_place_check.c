
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <stdlib.h>
#include <string.h>

#include "xpecto_place_check.h"


#define XPECTO_PLACE_METADATA_MAX     131072
#define XPECTO_PLACE_METADATA_VALUES  4096

enum {
    XPECTO_PLACE_EXTENDED = 0,
    XPECTO_PLACE_POINTER,
    XPECTO_PLACE_STRING,
    XPECTO_PLACE_DOUBLE,
    XPECTO_PLACE_BYTES,
    XPECTO_PLACE_UINT16,
    XPECTO_PLACE_UINT32,
    XPECTO_PLACE_MAP,
    XPECTO_PLACE_INT32,
    XPECTO_PLACE_UINT64,
    XPECTO_PLACE_UINT128,
    XPECTO_PLACE_ARRAY,
    XPECTO_PLACE_CONTAINER,
    XPECTO_PLACE_END,
    XPECTO_PLACE_BOOLEAN,
    XPECTO_PLACE_FLOAT,
    XPECTO_PLACE_TYPES
};


struct xpecto_place_check_s {
    const uint8_t  *data;
    size_t          len;
    size_t          budget;             /* values that may yet be looked at */
    uint8_t        *seen;               /* a bit for each offset, or NULL */
};


/* the head of a value: type, and size in bytes or elements */

typedef struct {
    unsigned        type;
    size_t          size;
    size_t          next;               /* offset of what follows the head */
    size_t          target;             /* of a pointer */
} xpecto_place_head_t;


static xpecto_rc_e xpecto_place_check_value(xpecto_place_check_t *check,
    size_t *offset, unsigned depth, unsigned *type);
static xpecto_rc_e xpecto_place_check_target(xpecto_place_check_t *check,
    size_t offset, unsigned depth, unsigned *type);
static xpecto_rc_e xpecto_place_check_head(xpecto_place_check_t *check,
    size_t offset, xpecto_place_head_t *head);
static xpecto_rc_e xpecto_place_check_pointer(xpecto_place_check_t *check,
    size_t offset, xpecto_place_head_t *head);


static const uint8_t  xpecto_place_marker[] = "\xab\xcd\xefMaxMind.com";


/* largest size of the value of each type; 0: containers count elements */

static const uint8_t  xpecto_place_sizes[XPECTO_PLACE_TYPES] = {
    0, 0, 0, 8, 0, 2, 4, 0, 4, 8, 16, 0, 0, 0, 1, 4
};


xpecto_rc_e
xpecto_place_check_metadata(const uint8_t *file, size_t len, size_t *start)
{
    size_t                i, low, marker, offset;
    unsigned              type;
    xpecto_place_check_t  check;

    marker = sizeof(xpecto_place_marker) - 1;
    low = (len > XPECTO_PLACE_METADATA_MAX) ? len - XPECTO_PLACE_METADATA_MAX
                                            : 0;

    if (len < marker) {
        return XPECTO_ERROR;
    }

    for (i = len - marker + 1; i-- > low; /* void */) {

        if (memcmp(file + i, xpecto_place_marker, marker) != 0) {
            continue;
        }

        *start = i;

        check.data = file + i + marker;
        check.len = len - i - marker;

        /* the library copies what pointers repeat: each visit counts */

        check.budget = XPECTO_PLACE_METADATA_VALUES;
        check.seen = NULL;
        offset = 0;

        if (xpecto_place_check_value(&check, &offset, 0, &type) != XPECTO_OK
            || type != XPECTO_PLACE_MAP)
        {
            return XPECTO_ERROR;
        }

        return XPECTO_OK;
    }

    return XPECTO_ERROR;
}


xpecto_place_check_t *
xpecto_place_check_create(const uint8_t *data, size_t len)
{
    xpecto_place_check_t  *check;

    check = malloc(sizeof(xpecto_place_check_t));
    if (check == NULL) {
        return NULL;
    }

    check->data = data;
    check->len = len;
    check->budget = 8 * len + 1024;

    check->seen = calloc(len / 8 + 1, 1);
    if (check->seen == NULL) {
        free(check);
        return NULL;
    }

    return check;
}


void
xpecto_place_check_free(xpecto_place_check_t *check)
{
    free(check->seen);
    free(check);
}


xpecto_rc_e
xpecto_place_check_record(xpecto_place_check_t *check, size_t offset)
{
    unsigned  type;

    return xpecto_place_check_target(check, offset, 0, &type);
}


/* a value that something leads to; once it was sound it stays so */

static xpecto_rc_e
xpecto_place_check_target(xpecto_place_check_t *check, size_t offset,
    unsigned depth, unsigned *type)
{
    size_t               start;
    xpecto_place_head_t  head;

    if (offset >= check->len) {
        return XPECTO_ERROR;
    }

    if (check->seen != NULL && check->seen[offset / 8] & 1 << (offset % 8)) {

        if (xpecto_place_check_head(check, offset, &head) != XPECTO_OK) {
            return XPECTO_ERROR;
        }

        *type = head.type;

        return XPECTO_OK;
    }

    start = offset;

    if (xpecto_place_check_value(check, &offset, depth, type) != XPECTO_OK) {
        return XPECTO_ERROR;
    }

    if (check->seen != NULL) {
        check->seen[start / 8] |= (uint8_t) (1 << (start % 8));
    }

    return XPECTO_OK;
}


/* moves the offset behind the value; type: of the value a pointer leads to */

static xpecto_rc_e
xpecto_place_check_value(xpecto_place_check_t *check, size_t *offset,
    unsigned depth, unsigned *type)
{
    size_t               i, n;
    unsigned             element;
    xpecto_place_head_t  head;

    if (check->budget == 0
        || depth > XPECTO_PLACE_DEPTH
        || xpecto_place_check_head(check, *offset, &head) != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    check->budget--;
    *offset = head.next;
    *type = head.type;

    if (head.type == XPECTO_PLACE_POINTER) {

        if (xpecto_place_check_target(check, head.target, depth + 1, type)
            != XPECTO_OK)
        {
            return XPECTO_ERROR;
        }

        return (*type == XPECTO_PLACE_POINTER) ? XPECTO_ERROR : XPECTO_OK;
    }

    if (head.type != XPECTO_PLACE_MAP && head.type != XPECTO_PLACE_ARRAY) {

        if (head.type != XPECTO_PLACE_BOOLEAN) {
            *offset += head.size;
        }

        return XPECTO_OK;
    }

    n = (head.type == XPECTO_PLACE_MAP) ? 2 * head.size : head.size;

    for (i = 0; i < n; i++) {

        if (xpecto_place_check_value(check, offset, depth + 1, &element)
            != XPECTO_OK)
        {
            return XPECTO_ERROR;
        }

        if (element == XPECTO_PLACE_STRING) {
            continue;
        }

        /*
         * of metadata, languages and descriptions are strings as well: the
         * library loses memory where one is not
         */

        if ((head.type == XPECTO_PLACE_MAP && i % 2 == 0)
            || (check->seen == NULL && depth > 0))
        {
            return XPECTO_ERROR;
        }
    }

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_place_check_head(xpecto_place_check_t *check, size_t offset,
    xpecto_place_head_t *head)
{
    size_t    more;
    unsigned  control;

    if (offset >= check->len) {
        return XPECTO_ERROR;
    }

    control = check->data[offset++];
    head->type = control >> 5;
    head->size = control & 0x1f;

    if (head->type == XPECTO_PLACE_POINTER) {
        return xpecto_place_check_pointer(check, offset, head);
    }

    if (head->type == XPECTO_PLACE_EXTENDED) {

        if (offset >= check->len) {
            return XPECTO_ERROR;
        }

        /*
         * 0 would be a map, which is not written so: zeros, as a copy that
         * is not complete has them, are no values
         */

        if (check->data[offset] == 0) {
            return XPECTO_ERROR;
        }

        head->type = 7U + check->data[offset++];
    }

    if (head->type <= XPECTO_PLACE_POINTER
        || head->type == XPECTO_PLACE_CONTAINER
        || head->type == XPECTO_PLACE_END
        || head->type >= XPECTO_PLACE_TYPES)
    {
        return XPECTO_ERROR;
    }

    /* 29: 29 + one byte, 30: 285 + two bytes, 31: 65821 + three bytes */

    if (head->size >= 29) {
        more = head->size - 28;

        if (check->len - offset < more) {
            return XPECTO_ERROR;
        }

        head->size = (more == 1) ? 29 : (more == 2) ? 285 : 65821;

        if (more == 1) {
            head->size += check->data[offset];

        } else if (more == 2) {
            head->size += (size_t) check->data[offset] << 8
                          | check->data[offset + 1];

        } else {
            head->size += (size_t) check->data[offset] << 16
                          | (size_t) check->data[offset + 1] << 8
                          | check->data[offset + 2];
        }

        offset += more;
    }

    head->next = offset;

    /* each element takes a byte at least; a boolean has no bytes */

    if (head->type != XPECTO_PLACE_BOOLEAN && head->size > check->len - offset)
    {
        return XPECTO_ERROR;
    }

    if (xpecto_place_sizes[head->type] != 0
        && head->size > xpecto_place_sizes[head->type])
    {
        return XPECTO_ERROR;
    }

    if ((head->type == XPECTO_PLACE_DOUBLE && head->size != 8)
        || (head->type == XPECTO_PLACE_FLOAT && head->size != 4))
    {
        return XPECTO_ERROR;
    }

    return XPECTO_OK;
}


/* 001SSVVV and SS + 1 bytes: value, + 2048, + 526336, all 32 bits */

static xpecto_rc_e
xpecto_place_check_pointer(xpecto_place_check_t *check, size_t offset,
    xpecto_place_head_t *head)
{
    size_t    i, n, value;

    static const size_t  base[] = { 0, 2048, 526336, 0 };

    n = (head->size >> 3) + 1;

    if (check->len - offset < n) {
        return XPECTO_ERROR;
    }

    value = (n == 4) ? 0 : head->size & 0x07;

    for (i = 0; i < n; i++) {
        value = value << 8 | check->data[offset + i];
    }

    head->target = value + base[n - 1];
    head->next = offset + n;
    head->size = 0;

    return XPECTO_OK;
}
