
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * Names of arguments as they were sent, with brackets, and with what is no
 * name at all in them: "contact[wa_id]", "16505551234-access_token".
 */


#include <string.h>

#include "xpecto_redact_edit.h"


/* bytes before a name that may go on in it: "+1 650 555 1234[to]" */

#define XPECTO_NAME_LEFT  128


/* bytes of a name that are none of it */

typedef struct {
    size_t    start;
    size_t    end;
    size_t    base;                     /* of the search, as in an edit */
    int       found;                    /* by content: there was no label */
} xpecto_name_gap_t;


static xpecto_named_t xpecto_name_of_parts(const xpecto_redact_t *rd,
    const uint8_t *name, size_t len, unsigned where, int beside);
static int xpecto_name_is_alone(const uint8_t *p, size_t floor, size_t name);
static int xpecto_name_gap(const xpecto_redact_t *rd, const uint8_t *p,
    size_t len, int dash, xpecto_name_gap_t *gap);
static size_t xpecto_name_put(const xpecto_redact_t *rd, const uint8_t *p,
    size_t len);


/* what ends a name on its left, and is no part of anything found by content */

static const char  xpecto_name_ends[] = "&?;#,\"";


xpecto_named_t
xpecto_name_argument(const xpecto_redact_t *rd, const uint8_t *name,
    size_t len, unsigned where)
{
    return xpecto_name_behind(rd, name, 0, len, where, 0);
}


/*
 * A name may be what is left of it when a token or a number is gone.  What
 * stands in the place of one parts a name as that did, but where no name was
 * seen before it makes none.
 */

xpecto_named_t
xpecto_name_behind(const xpecto_redact_t *rd, const uint8_t *p, size_t name,
    size_t to, unsigned where, int broken)
{
    int                found;
    size_t             n;
    xpecto_named_t     whole, named;
    xpecto_name_gap_t  gap;

    whole = xpecto_name_of_parts(rd, p + name, to - name, where, 0);

    if (whole.class != XPECTO_CLASS_NONE && p[to - 1] != ']') {
        return whole;
    }

    if (whole.class == XPECTO_CLASS_NONE
        && xpecto_name_is_alone(p, 0, name)
        && xpecto_edit_plain(p + name, to - name))
    {
        return whole;
    }

    broken = (broken && xpecto_name_is_broken(p + name, to - name));
    n = (name < XPECTO_NAME_LEFT) ? name : XPECTO_NAME_LEFT;

    p += name - n;
    to -= name - n;
    name = n;

    gap.start = 0;
    gap.end = 0;
    gap.base = 0;

    found = (whole.class != XPECTO_CLASS_NONE || broken);
    n = 0;
    named.class = XPECTO_CLASS_NONE;

    while (xpecto_name_gap(rd, p, to, broken, &gap)) {

        if (gap.end <= name) {
            continue;
        }

        found |= gap.found;

        /* "to[+16505551234]" */

        while (n == 0 && gap.start > name && p[gap.start - 1] == '[') {
            gap.start--;
        }

        if (n == 0 && gap.start > name) {
            named = xpecto_name_of_parts(rd, p + name, gap.start - name,
                                         where, 1);
        }

        n = gap.end;
    }

    if (n == 0 || !found) {
        return whole;
    }

    if (named.class == XPECTO_CLASS_NONE) {

        while (n < to && p[n] == ']') {
            n++;
        }

        named = xpecto_name_of_parts(rd, p + n, to - n, where, 1);
    }

    return (named.class != XPECTO_CLASS_NONE) ? named : whole;
}


size_t
xpecto_name_left(const xpecto_redact_t *rd, const uint8_t *p, size_t floor,
    size_t name, size_t to)
{
    size_t         pos, base;
    xpecto_span_t  span;

    if (xpecto_name_is_alone(p, floor, name)) {
        return name;
    }

    floor = (name - floor > XPECTO_NAME_LEFT) ? name - XPECTO_NAME_LEFT
                                              : floor;
    to = (to - name > XPECTO_NAME_LEFT) ? name + XPECTO_NAME_LEFT : to;

    if (xpecto_edit_plain(p + floor, to - floor)) {
        return name;
    }

    base = floor;
    pos = 0;

    while (xpecto_scan_next(p + base, to - base, &pos, rd->classes, 0, &span)
           == XPECTO_OK
           && base + span.start < name)
    {
        if (base + span.end < name) {
            base += span.end;
            pos = 0;
            continue;
        }

        name = base + span.start;

        /* "to[+1650/5551234]" */

        while (name > floor && p[name - 1] == '[') {
            name--;
        }

        break;
    }

    return name;
}


/*
 * Nothing that is found before it may go on in it: behind a space numbers do,
 * and tokens behind the word of their scheme.
 */

static int
xpecto_name_is_alone(const uint8_t *p, size_t floor, size_t name)
{
    uint8_t  c;

    if (name <= floor) {
        return 1;
    }

    c = p[name - 1];

    if (c == ' ' && name - floor > 1 && p[name] >= 'a' && p[name] <= 'z') {
        c = p[name - 2];

        return (c >= '0' && c <= '9') || c == '"' || c == ',';
    }

    return memchr(xpecto_name_ends, c, sizeof(xpecto_name_ends) - 1) != NULL;
}


/*
 * What comes next and is no part of a name: found by content, or put in the
 * place of that.  A "-" is put as well, so it is a gap where it can be one.
 */

static int
xpecto_name_gap(const xpecto_redact_t *rd, const uint8_t *p, size_t len,
    int dash, xpecto_name_gap_t *gap)
{
    size_t         i, n, pos;
    xpecto_span_t  span;

    i = gap->end;
    pos = i - gap->base;

    gap->found = (xpecto_scan_next(p + gap->base, len - gap->base, &pos,
                                   rd->classes, 0, &span)
                  == XPECTO_OK);

    if (gap->found) {
        span.start += gap->base;
        span.end += gap->base;

    } else {
        span.start = len;
        span.end = len;
    }

    for ( /* void */ ; i < span.start; i++) {

        n = (dash && p[i] == '-') ? 1 : xpecto_name_put(rd, p + i, len - i);

        if (n != 0) {
            span.start = i;
            span.end = i + n;
            gap->found = 0;
        }
    }

    gap->start = span.start;
    gap->end = span.end;

    /* what is put in the place of it is a boundary */

    if (gap->found) {
        gap->base = span.end;
    }

    return gap->start < len;
}


/* the length of what a redaction has put here */

static size_t
xpecto_name_put(const xpecto_redact_t *rd, const uint8_t *p, size_t len)
{
    if (p[0] >= '0' && p[0] <= '9') {
        return rd->fresh ? 0 : xpecto_edit_mask_len(p, len);
    }

    return (p[0] == '[') ? xpecto_edit_label_len(rd, p, len) : 0;
}


/* beside: a label will stand before or behind it, with its brackets */

static xpecto_named_t
xpecto_name_of_parts(const xpecto_redact_t *rd, const uint8_t *name,
    size_t len, unsigned where, int beside)
{
    size_t          n, i, last;
    uint8_t         buf[XPECTO_RAW_NAME_MAX];
    xpecto_class_e  class;
    xpecto_named_t  named;

    /* the parts of "a[b][c]" may be names, however long all of it is */

    n = xpecto_name_fold_max(buf, sizeof(buf), name, len);

    named = xpecto_name_find(rd, buf, n, where, NULL, 0);

    if (n != 0 && named.class == XPECTO_CLASS_NONE && !beside) {
        named = xpecto_name_secret(buf, n);
    }

    if (n == 0 || named.class != XPECTO_CLASS_NONE) {
        return named;
    }

    if (buf[n - 1] >= '0' && buf[n - 1] <= '9') {

        while (n > 0 && buf[n - 1] >= '0' && buf[n - 1] <= '9') {
            n--;
        }

        named = xpecto_name_find(rd, buf, n, where, NULL, 0);

        if (!beside || named.class != XPECTO_CLASS_NONE) {
            return named;
        }
    }

    if (n == 0 || (buf[n - 1] != ']' && !beside)) {
        return named;
    }

    /*
     * "to[]", "to[0]": what is outside; "contact[wa_id]": what is inside, and
     * "[wa_id]" if a number was outside.  "a[phone]" is what is left of a name
     * that held one.
     */

    for (i = 0; i < n && ((buf[i] >= 'a' && buf[i] <= 'z')
                          || (buf[i] >= '0' && buf[i] <= '9')); i++)
    {
        /* void */
    }

    if (i == n || (buf[i] != '[' && !beside)) {
        return named;
    }

    named = xpecto_name_find(rd, buf, i, where, NULL, 0);

    while (named.class == XPECTO_CLASS_NONE && n > i && buf[n - 1] == ']') {

        for (last = --n; n > i && buf[n - 1] != '['; n--) { /* void */ }

        if (xpecto_class_parse(&buf[n], last - n, &class) != XPECTO_OK) {
            named = xpecto_name_find(rd, &buf[n], last - n, where, NULL, 0);
        }

        n -= (n > i);
    }

    return named;
}
