
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

/*
 * There is at least one recipient.  Their texts lie within the value, in its
 * order, but that one which holds others comes before them; a number is what
 * its text says.  Digits in a row that are enough for a number are of some
 * recipient.  A handler that ends it is not called again.
 *
 * Who is added behind a "," or a line break is the last of them, whatever
 * stands before; behind a number that ends the value, a blank does as well.
 */


#include <stdlib.h>
#include <string.h>

#include "xpecto_recipient.h"


#define SIZE_MAX_IN  4096
#define ADDED        "4915123456789"


typedef struct {
    const uint8_t      *start;
    const uint8_t      *last;
    const uint8_t      *pos;            /* where the latest one begins */
    const uint8_t      *end;            /* the furthest that one reached */
    size_t              n;
    size_t              stop;
    xpecto_recipient_t  latest;
    uint8_t             covered[SIZE_MAX_IN + sizeof(ADDED) + 2];
} seen_t;


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_covered(const seen_t *seen);
static void check_added(const uint8_t *data, size_t size, uint8_t c);
static void find(seen_t *seen, const uint8_t *p, size_t len, size_t stop);
static xpecto_rc_e keep(void *data, const xpecto_recipient_t *recipient);


static seen_t  found, again;


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > SIZE_MAX_IN) {
        return 0;
    }

    find(&found, data, size, 0);

    if (found.n == 0) {
        abort();
    }

    check_covered(&found);

    find(&again, data, size, (found.n + 1) / 2);

    if (again.n != (found.n + 1) / 2) {
        abort();
    }

    check_added(data, size, ',');
    check_added(data, size, '\n');

    if (found.latest.kind == XPECTO_RECIPIENT_PHONE
        && found.latest.text.data + found.latest.text.len == data + size)
    {
        check_added(data, size, ' ');
    }

    return 0;
}


static void
check_covered(const seen_t *seen)
{
    size_t          n;
    const uint8_t  *p;

    n = 0;

    for (p = seen->start; p < seen->last; p++) {

        if (*p < (n ? '0' : '1') || *p > '9') {
            n = 0;
            continue;
        }

        if (++n >= XPECTO_PHONE_MIN && !seen->covered[p - seen->start]) {
            abort();
        }
    }
}


static void
check_added(const uint8_t *data, size_t size, uint8_t c)
{
    uint8_t  *copy;

    copy = malloc(size + sizeof(ADDED));

    if (copy == NULL) {
        abort();
    }

    if (size != 0) {
        memcpy(copy, data, size);
    }

    copy[size] = c;
    memcpy(copy + size + 1, ADDED, sizeof(ADDED) - 1);

    find(&again, copy, size + sizeof(ADDED), 0);

    if (again.latest.kind != XPECTO_RECIPIENT_PHONE
        || again.latest.phone.len != sizeof(ADDED) - 1
        || memcmp(again.latest.phone.digits, ADDED, sizeof(ADDED) - 1) != 0)
    {
        abort();
    }

    free(copy);
}


static void
find(seen_t *seen, const uint8_t *p, size_t len, size_t stop)
{
    memset(seen, 0, sizeof(seen_t));

    seen->start = p;
    seen->last = p + len;
    seen->pos = p;
    seen->end = p;
    seen->stop = stop;

    if (xpecto_recipients(p, len, keep, seen)
        != (stop ? XPECTO_ERROR : XPECTO_OK))
    {
        abort();
    }
}


static xpecto_rc_e
keep(void *data, const xpecto_recipient_t *recipient)
{
    size_t           len;
    seen_t          *seen;
    xpecto_phone_t   phone;
    const uint8_t   *p;

    seen = data;
    p = recipient->text.data;
    len = recipient->text.len;

    if (p < seen->pos || p > seen->last || len > (size_t) (seen->last - p)
        || (p < seen->end && p + len > seen->end))
    {
        abort();
    }

    if (recipient->kind == XPECTO_RECIPIENT_PHONE
        && (xpecto_phone_parse(&phone, p, len) != XPECTO_OK
            || phone.len != recipient->phone.len
            || memcmp(phone.digits, recipient->phone.digits, phone.len) != 0))
    {
        abort();
    }

    seen->pos = p;
    seen->end = (p + len > seen->end) ? p + len : seen->end;
    seen->latest = *recipient;

    if (len != 0) {
        memset(seen->covered + (p - seen->start), 1, len);
    }

    return (++seen->n == seen->stop) ? XPECTO_ERROR : XPECTO_OK;
}
