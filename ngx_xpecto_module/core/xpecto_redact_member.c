
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/* Members of JSON in a line of an error log. */


#include "xpecto_redact_quoted.h"


static size_t xpecto_log_nested_end(const uint8_t *p, size_t i, size_t to);


size_t
xpecto_log_member(xpecto_edit_t *e, size_t from, size_t name, size_t i,
    size_t to)
{
    size_t          start, end;
    const uint8_t  *p;
    xpecto_named_t  named;

    p = e->p;

    for (start = name - 1; start > from && p[start - 1] != '"'; start--) {
        /* void */
    }

    named = xpecto_name_argument(e->rd, p + start, name - 1 - start,
                                 XPECTO_NAME_JSON);

    if (named.class == XPECTO_CLASS_NONE
        || xpecto_edit_is_kept(e->rd, named.class))
    {
        return i;
    }

    for (start = i + 1; start < to && p[start] == ' '; start++) { /* void */ }

    if (start == to) {
        return i;
    }

    if (p[start] == '{' || p[start] == '[') {

        if ((named.flags & XPECTO_NAME_LEAF) && p[start] == '{') {
            return i;
        }

        end = xpecto_log_scalar_end(p, xpecto_log_nested_end(p, start, to),
                                    to);

    } else if (p[start] == '"') {

        for (end = ++start; end < to && p[end] != '"'; end++) {
            end += (p[end] == '\\' && end + 1 < to);
        }

    } else {
        end = xpecto_log_scalar_end(p, start, to);
        end = xpecto_log_bare_end(e, start, end, to, named.class, 1);
    }

    xpecto_edit_named(e, start, end, named.class, XPECTO_QUOTE_NONE);

    return end > start ? end - 1 : i;
}


/* behind the bracket that closes the one at i, or the end */

static size_t
xpecto_log_nested_end(const uint8_t *p, size_t i, size_t to)
{
    int       quoted;
    unsigned  depth;

    quoted = 0;
    depth = 0;

    for ( /* void */ ; i < to; i++) {

        if (p[i] == '"') {
            quoted = !quoted;

        } else if (quoted) {
            i += (p[i] == '\\');

        } else if (p[i] == '{' || p[i] == '[') {
            depth++;

        } else if ((p[i] == '}' || p[i] == ']') && --depth == 0) {
            return i + 1;
        }
    }

    return to;
}
