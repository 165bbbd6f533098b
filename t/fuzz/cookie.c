
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

/*
 * Two bytes of refused purposes, then a line, taken as Cookie and as
 * Set-Cookie and as a date.
 *
 * What the filter leaves holds no cookie of a refused purpose and not ours;
 * it is not longer than the line, and filtering it again changes nothing.
 * Without something to take out, the line is as it was.  The filter takes
 * out something exactly where the scan saw it.
 *
 * What a Set-Cookie line sets has the purposes that it has when it comes back,
 * whatever attributes follow.  The last valid Max-Age says whether it is
 * deleted, an invalid one and an invalid date nothing.
 */


#include <stdlib.h>
#include <string.h>

#include "xpecto_cookie.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void set_invariants(const xpecto_str_t *line);


static xpecto_cookie_node_t   nodes[4096];
static xpecto_cookie_names_t  names;


static void
prepare(void)
{
    size_t       i;
    const char  *pattern;

    xpecto_cookie_names_init(&names, nodes, 4096);

    for (i = 0; i < xpecto_cookie_ntrackers; i++) {
        pattern = xpecto_cookie_trackers[i].pattern;

        if (xpecto_cookie_names_add(&names, (const uint8_t *) pattern,
                                    strlen(pattern),
                                    xpecto_cookie_trackers[i].purposes)
            != XPECTO_OK)
        {
            abort();
        }
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int                    gone;
    size_t                 len;
    int64_t                time;
    uint8_t               *out, *again;
    uint16_t               refused;
    unsigned               stripped, unused;
    xpecto_str_t           line, left, own;
    xpecto_cookie_scan_t   before, after;

    if (names.n == 0) {
        prepare();
    }

    if (size < 3) {
        return 0;
    }

    refused = (uint16_t) (data[0] << 8 | data[1]);
    line.data = data + 2;
    line.len = size - 2;

    own.data = (const uint8_t *) "xpc";
    own.len = 3;

    out = malloc(line.len);
    again = malloc(line.len);

    if (out == NULL || again == NULL) {
        abort();
    }

    memset(&before, 0, sizeof(before));
    memset(&after, 0, sizeof(after));
    stripped = 0;
    unused = 0;

    xpecto_cookie_scan(&names, &own, &line, &before);
    len = xpecto_cookie_filter(&names, &own, &after, refused, &line, out,
                               &stripped);

    /* what the scan remembers changes nothing */

    if (line.len != 0
        && (xpecto_cookie_filter(&names, &own, &before, refused, &line, again,
                                 &unused)
            != len
            || memcmp(again, out, len) != 0 || unused != stripped))
    {
        abort();
    }

    gone = (before.own != 0 || (before.purposes & refused));

    /* nor does the line in its own place */

    if (gone) {
        memcpy(again, line.data, line.len);

        left.data = again;
        left.len = line.len;

        if (xpecto_cookie_filter(&names, &own, &after, refused, &left, again,
                                 &unused)
            != len
            || memcmp(again, out, len) != 0)
        {
            abort();
        }
    }

    if (len > line.len
        || (!gone && (len != line.len || memcmp(out, line.data, len) != 0))
        || (stripped != 0) != ((before.purposes & refused) != 0))
    {
        abort();
    }

    left.data = out;
    left.len = len;

    if (len != 0) {
        xpecto_cookie_scan(&names, &own, &left, &after);

        if (after.own != 0 || (after.purposes & refused)
            || xpecto_cookie_filter(&names, &own, &after, refused, &left,
                                    again, &stripped)
               != len
            || memcmp(again, out, len) != 0)
        {
            abort();
        }
    }

    set_invariants(&line);

    (void) xpecto_cookie_date(line.data, line.len, &time);

    free(out);
    free(again);

    return 0;
}


static void
set_invariants(const xpecto_str_t *line)
{
    int                    deletes;
    size_t                 i;
    uint8_t               *copy;
    xpecto_str_t           longer, name, same, own, pair;
    const uint8_t         *end;
    xpecto_cookie_scan_t   scan;

    /* -1: as without it */

    static const struct {
        const char  *text;
        int          deletes;
    } ends[] = {
        { "; Max-Age=0", 1 },
        { ";mAx-aGe = -1", 1 },
        { "; Max-Age=0; Max-Age=9", 0 },
        { "; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=9", 0 },
        { "; Expires=Fri, 31 Dec 2099 23:59:59 GMT; Max-Age=0", 1 },
        { "; Max-Age=1x", -1 },
        { "; Max-Age=", -1 },
        { "; Expires=Thursday", -1 },
        { "; Path=/; Max-Ages=0", -1 }
    };

    name = xpecto_cookie_set_name(line);

    if (name.len != 0
        && (name.data < line->data
            || name.data + name.len > line->data + line->len))
    {
        abort();
    }

    deletes = xpecto_cookie_set_deletes(line, 1795341600);

    copy = malloc(line->len + 64);
    if (copy == NULL) {
        abort();
    }

    for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        memcpy(copy, line->data, line->len);
        memcpy(copy + line->len, ends[i].text, strlen(ends[i].text));

        longer.data = copy;
        longer.len = line->len + strlen(ends[i].text);

        same = xpecto_cookie_set_name(&longer);

        if (same.len != name.len
            || (name.len != 0 && memcmp(same.data, name.data, name.len) != 0)
            || xpecto_cookie_set_deletes(&longer, 1795341600)
               != (ends[i].deletes == -1 ? deletes : ends[i].deletes))
        {
            abort();
        }
    }

    free(copy);

    /* the pair as the browser sends it */

    end = memchr(line->data, ';', line->len);

    pair.data = line->data;
    pair.len = (end == NULL) ? line->len : (size_t) (end - line->data);

    while (pair.len && (pair.data[0] == ' ' || pair.data[0] == '\t')) {
        pair.data++;
        pair.len--;
    }

    if (pair.len == 0 || pair.data[0] == '=') {
        return;
    }

    own.data = (const uint8_t *) "xpc";
    own.len = 3;

    memset(&scan, 0, sizeof(scan));
    xpecto_cookie_scan(&names, &own, &pair, &scan);

    if (scan.purposes != xpecto_cookie_purposes(&names, &name)
        || (scan.own != 0) != (name.len == 3
                               && memcmp(name.data, "xpc", 3) == 0))
    {
        abort();
    }
}
