
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

/*
 * The input is taken as a query and as a multipart body.
 *
 * Pairs lie within the input, in its order.  What is decoded is not longer
 * than what it was, and a smaller buffer holds the beginning of it.  A part
 * of a multipart body holds no delimiter, and a body that was read to its
 * end cannot be cut before that end and still be read.
 */


#include <stdlib.h>
#include <string.h>

#include "xpecto_multipart.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_query(const uint8_t *p, size_t len);
static void check_decode(const xpecto_str_t *raw);
static xpecto_rc_e walk(const uint8_t *p, size_t len, const uint8_t **end);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t  *end, *cut;

    check_query(data, size);

    if (walk(data, size, &end) == XPECTO_DECLINED) {

        /* "--B--": one dash less is no end */

        if (walk(data, (size_t) (end - data) - 1, &cut) != XPECTO_ERROR) {
            abort();
        }
    }

    return 0;
}


static void
check_query(const uint8_t *p, size_t len)
{
    const uint8_t       *pos, *last;
    xpecto_form_pair_t   pair;

    pos = p;
    last = p + len;

    while (xpecto_form_next(&pos, last, &pair) == XPECTO_OK) {

        if (pair.name.data < p || pair.value.data < pair.name.data
            || pair.name.data + pair.name.len > pair.value.data
            || pair.value.data + pair.value.len != pos)
        {
            abort();
        }

        check_decode(&pair.name);
        check_decode(&pair.value);

        p = pos;
    }
}


static void
check_decode(const xpecto_str_t *raw)
{
    size_t        n, half;
    uint8_t      *out, *part;
    xpecto_rc_e   rc;

    out = malloc(raw->len + 1);
    part = malloc(raw->len / 2 + 1);

    if (out == NULL || part == NULL) {
        abort();
    }

    rc = xpecto_form_decode(raw, out, raw->len, &n);

    if (rc == XPECTO_DECLINED) {
        abort();
    }

    if (rc == XPECTO_OK) {
        half = n / 2;

        if (n > raw->len
            || xpecto_form_decode(raw, part, half, &half)
               != (n == 0 ? XPECTO_OK : XPECTO_DECLINED)
            || half != n / 2 || memcmp(out, part, half) != 0)
        {
            abort();
        }

    } else if (xpecto_form_decode(raw, part, 0, &half) != XPECTO_ERROR) {
        abort();
    }

    free(part);
    free(out);
}


/* end: behind the closing delimiter */

static xpecto_rc_e
walk(const uint8_t *p, size_t len, const uint8_t **end)
{
    int                 file;
    size_t              i;
    xpecto_rc_e         rc;
    xpecto_multipart_t  mp;
    xpecto_form_pair_t  pair;

    static const char          type[] = "multipart/form-data; boundary=B";
    static const xpecto_str_t  content_type = {
        sizeof(type) - 1, (const uint8_t *) type
    };

    if (xpecto_multipart_init(&mp, &content_type, p, len) != XPECTO_OK) {
        abort();
    }

    while ((rc = xpecto_multipart_next(&mp, &pair, &file)) == XPECTO_OK) {

        if (pair.name.data < p || pair.value.data < p
            || pair.value.len > len
            || pair.value.data + pair.value.len > p + len)
        {
            abort();
        }

        for (i = 0; i + 4 < pair.value.len; i++) {
            if (memcmp(pair.value.data + i, "\r\n--B", 5) == 0) {
                abort();
            }
        }
    }

    *end = mp.p + sizeof("--B--") - 1;

    return rc;
}
