
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * Names and values of queries.  A named value ends where any reader could see
 * its end last, so that a strange separator hides too much and never too
 * little; that is why xpecto_form is not used here.
 */


#include "xpecto_redact_reader.h"


static xpecto_named_t xpecto_pairs_named(const xpecto_edit_t *e, size_t floor,
    size_t eq, int escaped, int broken);
static int xpecto_pairs_is_unknown(const xpecto_edit_t *e, size_t floor,
    size_t eq);
static size_t xpecto_pairs_start(const uint8_t *p, size_t floor, size_t name,
    size_t eq, int escaped);
static int xpecto_pairs_is_escaped(const uint8_t *start, const uint8_t *p);
static void xpecto_pairs_nested(xpecto_edit_t *e, size_t floor, size_t from,
    size_t to, size_t last);
static xpecto_named_t xpecto_pairs_name(const xpecto_edit_t *e, size_t floor,
    size_t name, size_t to, int broken);
static int xpecto_pairs_is_delimiter(uint8_t c);


void
xpecto_edit_query(xpecto_edit_t *e, size_t from, size_t to)
{
    xpecto_edit_pairs(e, from, to);
    xpecto_edit_scan(e, to);
}


/* each "=" of [from, to): its name is on its left */

void
xpecto_edit_pairs(xpecto_edit_t *e, size_t from, size_t to)
{
    size_t          eq, end, floor, left, escape;
    xpecto_named_t  named;

    /* a number that begins before a segment of a path goes, and its "/" */

    floor = (xpecto_name_left(e->rd, e->p, e->done, from, to) < from) ? e->done
                                                                     : from;
    left = floor;
    escape = xpecto_edit_next(e, XPECTO_MAP_PERCENT, floor, to);

    while (from < to) {

        eq = xpecto_edit_next(e, XPECTO_MAP_EQUAL, from, to);

        if (escape < eq) {
            xpecto_pairs_nested(e, left, from, eq, to);
        }

        if (eq == to) {
            return;
        }

        named = xpecto_pairs_named(e, floor, eq, 0, escape < eq);
        from = eq + 1;
        left = from;

        /* "next=/b%3Fpin=1234" */

        if (named.class == XPECTO_CLASS_NONE && escape < eq) {
            named = xpecto_pairs_named(e, floor, eq, 1, 1);
        }

        if (named.class == XPECTO_CLASS_NONE && escape < eq
            && xpecto_pairs_is_unknown(e, floor, eq))
        {
            named.class = XPECTO_CLASS_CONTENT;
        }

        if (from < e->done
            || (named.class == XPECTO_CLASS_NONE
                && !xpecto_reader_opens(e->p, from, to)))
        {
            continue;
        }

        end = xpecto_edit_next(e, XPECTO_MAP_AMP, from, to);

        if (named.class == XPECTO_CLASS_NONE) {
            xpecto_edit_json(e, from, end, 1, named);
            from = end;
            left = end;
            continue;
        }

        xpecto_edit_argument(e, from, end, named);

        if (xpecto_edit_is_kept(e->rd, named.class)) {
            end = (e->done > from) ? e->done : from;
        }

        from = end;
        left = end;
    }
}


/*
 * What the name says that ends at eq: "to" as well of "to+1650/5551234=", and
 * what stands around a number as it will around what is put in its place
 */

static xpecto_named_t
xpecto_pairs_named(const xpecto_edit_t *e, size_t floor, size_t eq,
    int escaped, int broken)
{
    size_t          name, left;
    xpecto_named_t  named;

    left = eq;

    do {
        name = xpecto_pairs_start(e->p, floor, left, eq, escaped);
        named = xpecto_pairs_name(e, floor, name, eq, broken);

        if (named.class != XPECTO_CLASS_NONE) {
            break;
        }

        left = xpecto_name_left(e->rd, e->p, floor, name, eq);

    } while (left < name);

    return named;
}


/* nobody can tell which name it is that ends at eq, however long */

static int
xpecto_pairs_is_unknown(const xpecto_edit_t *e, size_t floor, size_t eq)
{
    size_t          name, left, end;
    const uint8_t  *p;

    p = e->p;
    left = eq;

    do {
        end = left;

        for (name = end;
             name > floor && !xpecto_pairs_is_delimiter(p[name - 1]);
             name--)
        {
            /* void */
        }

        if (xpecto_name_is_broken(p + name, end - name)) {
            return 1;
        }

        left = xpecto_name_left(e->rd, p, floor, name, eq);

    } while (left < name);

    return 0;
}


/*
 * Where a name starts that ends at eq, from name on to the left; escaped: also
 * behind "%3F" and such
 */

static size_t
xpecto_pairs_start(const uint8_t *p, size_t floor, size_t name, size_t eq,
    int escaped)
{
    for ( /* void */ ; name > floor && eq - name < XPECTO_RAW_NAME_MAX; name--)
    {
        if (xpecto_pairs_is_delimiter(p[name - 1])
            || (escaped && xpecto_pairs_is_escaped(p + floor, p + name)))
        {
            break;
        }
    }

    return name;
}


/* behind "%26", "%3F", "%3B", "%23" or "%2F", or these escaped once more */

static int
xpecto_pairs_is_escaped(const uint8_t *start, const uint8_t *p)
{
    uint8_t  c;

    if (p - start < 3) {
        return 0;
    }

    c = p[-1];

    switch (p[-2]) {

    case '2':
        if (c != '6' && c != '3' && (c | 0x20) != 'f') {
            return 0;
        }

        break;

    case '3':
        if ((c | 0x20) != 'f' && (c | 0x20) != 'b') {
            return 0;
        }

        break;

    default:
        return 0;
    }

    return p[-3] == '%'
           || (p[-3] == '5' && p - start > 3 && p[-4] == '2');
}


/* "next=%2Flogin%3Faccess_token%3D...": the value goes on up to the end */

static void
xpecto_pairs_nested(xpecto_edit_t *e, size_t floor, size_t from, size_t to,
    size_t last)
{
    size_t          eq, skip, end;
    const uint8_t  *p;
    xpecto_named_t  named;

    p = e->p;

    for (eq = from;
         (eq = xpecto_edit_next(e, XPECTO_MAP_PERCENT, eq, to)) != to;
         eq++)
    {

        /* "%3D", "%253D" */

        for (skip = eq + 1;
             to - skip > 2 && p[skip] == '2' && p[skip + 1] == '5';
             skip += 2)
        {
            /* void */
        }

        if (to - skip < 2 || p[skip] != '3' || (p[skip + 1] | 0x20) != 'd') {
            continue;
        }

        named = xpecto_pairs_named(e, floor, eq, 1, 0);

        if (named.class == XPECTO_CLASS_NONE) {
            continue;
        }

        /* it has gone with what it is a part of */

        if (skip + 2 < e->done) {

            if (e->done >= to) {
                break;
            }

            eq = e->done - 1;
            continue;
        }

        /* the value ends with the argument that it is nested in */

        for (end = skip + 2; end < last && p[end] != '&' && p[end] != '#';
             end++)
        {
            /* void */
        }

        xpecto_edit_argument(e, skip + 2, end, named);

        if (xpecto_edit_is_kept(e->rd, named.class)) {
            end = (e->done > skip + 2) ? e->done : skip + 2;
        }

        if (end >= to) {
            break;
        }

        eq = end - 1;
    }
}


/* what is dealt with says nothing of a name */

static xpecto_named_t
xpecto_pairs_name(const xpecto_edit_t *e, size_t floor, size_t name, size_t to,
    int broken)
{
    if (floor < e->done) {
        floor = (e->done < name) ? e->done : name;
    }

    return xpecto_name_behind(e->rd, e->p + floor, name - floor, to - floor,
                              XPECTO_NAME_QUERY, broken);
}


/* what may stand before the name of an argument */

static int
xpecto_pairs_is_delimiter(uint8_t c)
{
    switch (c) {
    case '?':
    case '&':
    case ';':
    case '#':
    case '=':
    case '/':
    case ' ':
    case ',':
    case '"':
        return 1;

    default:
        return 0;
    }
}
