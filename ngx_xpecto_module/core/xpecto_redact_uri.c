
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * Request lines and URIs.  A request line without a version may be all that
 * came of it, unless it is the log's line that ends.
 */


#include <string.h>

#include "xpecto_redact_edit.h"


/* an id of the Graph API has more digits than the numbers it looks like */

#define XPECTO_GRAPH_ID_MIN  14
#define XPECTO_GRAPH_ID_MAX  20


static int xpecto_uri_is_target(const uint8_t *p, size_t from, size_t to,
    int word);
static size_t xpecto_uri_authority(xpecto_edit_t *e, size_t from, size_t to);
static void xpecto_uri_path(xpecto_edit_t *e, size_t from, size_t to);
static int xpecto_uri_is_version(const uint8_t *p, size_t len);
static int xpecto_uri_is_id(const uint8_t *p, size_t len);


/*
 * "POST /path?query HTTP/1.1".  What came in its place may be a body whose
 * length was not told, so it is content.
 */

void
xpecto_edit_request(xpecto_edit_t *e, size_t from, size_t to)
{
    size_t              start, end;
    const uint8_t      *p;
    xpecto_edit_end_t   saved;

    p = e->p;
    start = from;

    while (start < to && ((p[start] >= 'A' && p[start] <= 'Z')
                          || p[start] == '-' || p[start] == '_'))
    {
        start++;
    }

    /* nothing but a method is told apart: a number may have spaces */

    start = (start < to && p[start] == ' ') ? start + 1 : from;

    end = to;

    while (end > start && ((p[end - 1] >= '0' && p[end - 1] <= '9')
                           || p[end - 1] == '.'))
    {
        end--;
    }

    end = (end - start > 5 && memcmp(p + end - 6, " HTTP/", 6) == 0) ? end - 6
                                                                     : to;

    if (!xpecto_uri_is_target(p, start, end, start > from && end < to)) {
        xpecto_edit_opaque(e, from, to);
        return;
    }

    xpecto_edit_scan(e, start);

    if (end == to && (from == 0 || to < e->len)) {
        saved = xpecto_edit_cut(e, to);
        xpecto_edit_uri(e, start, end);
        xpecto_edit_uncut(e, saved);
        return;
    }

    xpecto_edit_uri(e, start, end);
    xpecto_edit_scan(e, to);
}


/* a path, a URL, or one word: "*", "host:443" */

static int
xpecto_uri_is_target(const uint8_t *p, size_t from, size_t to, int word)
{
    size_t  i;

    for (i = from; i < to && ((p[i] | 0x20) >= 'a' && (p[i] | 0x20) <= 'z');
         i++)
    {
        /* void */
    }

    if (from == to) {
        return 0;
    }

    if (p[from] == '/' || (to - i > 2 && memcmp(p + i, "://", 3) == 0)) {
        return 1;
    }

    for (i = from; word && i < to; i++) {
        if (p[i] <= ' ' || p[i] == '"' || p[i] >= 0x7f) {
            return 0;
        }
    }

    return word;
}


void
xpecto_edit_uri(xpecto_edit_t *e, size_t from, size_t to)
{
    size_t  i;

    i = from;

    if (i < to && e->p[i] != '/') {
        i = xpecto_uri_authority(e, from, to);
    }

    from = i;

    i = xpecto_edit_next(e, XPECTO_MAP_QUERY, from, to);

    xpecto_uri_path(e, from, i);

    if (i < to) {
        xpecto_edit_query(e, i + 1, to);
    }

    xpecto_edit_scan(e, to);
}


/* where the path begins */

static size_t
xpecto_uri_authority(xpecto_edit_t *e, size_t from, size_t to)
{
    size_t          i, end, at;
    const uint8_t  *p;

    p = e->p;

    for (i = from; i < to && ((p[i] | 0x20) >= 'a' && (p[i] | 0x20) <= 'z');
         i++)
    {
        /* void */
    }

    if (to - i < 3 || p[i] != ':' || p[i + 1] != '/' || p[i + 2] != '/') {
        return from;
    }

    i += 3;

    end = xpecto_edit_next(e, XPECTO_MAP_SLASH, i, to);
    end = xpecto_edit_next(e, XPECTO_MAP_QUERY, i, end);

    at = i;

    if (xpecto_edit_find(p, i, end, '@') < end) {

        for (at = end; p[at - 1] != '@'; at--) { /* void */ }

        xpecto_edit_named(e, i, at - 1, XPECTO_CLASS_CREDENTIAL,
                          XPECTO_QUOTE_NONE);
    }

    xpecto_edit_host(e, at, end);

    return end;
}


/* "/v2/PhoneNumbers/{number}", "/instances/{id}/token/{token}/send-text" */

static void
xpecto_uri_path(xpecto_edit_t *e, size_t from, size_t to)
{
    int             graph, pairs;
    size_t          i, end, n, hidden, segment;
    uint8_t         name[XPECTO_REDACT_NAME_MAX];
    const uint8_t  *p;
    xpecto_named_t  named;

    p = e->p;
    graph = 0;
    pairs = (xpecto_edit_next(e, XPECTO_MAP_EQUAL, from, to) < to
             || xpecto_edit_next(e, XPECTO_MAP_PERCENT, from, to) < to);
    hidden = 0;
    named.class = XPECTO_CLASS_NONE;

    segment = 0;

    for (i = from; i < to; i = end + 1) {

        end = xpecto_edit_next(e, XPECTO_MAP_SLASH, i, to);

        if (end == i) {
            continue;
        }

        segment++;

        if (named.class != XPECTO_CLASS_NONE || segment == hidden) {
            xpecto_edit_named(e, i, end,
                              segment == hidden ? XPECTO_CLASS_CREDENTIAL
                                                : named.class,
                              XPECTO_QUOTE_NONE);
            named.class = XPECTO_CLASS_NONE;
            continue;
        }

        if (segment == 1 && xpecto_uri_is_version(p + i, end - i)) {
            graph = 1;
            continue;
        }

        if (graph && xpecto_uri_is_id(p + i, end - i)) {
            xpecto_edit_until(e, i);
            xpecto_edit_skip(e, end);
            continue;
        }

        if (pairs) {
            xpecto_edit_pairs(e, i, end);
        }

        if (end == to) {
            break;
        }

        n = end - i > XPECTO_RAW_NAME_MAX ? 0
                                     : xpecto_name_fold(name, p + i, end - i);

        named = xpecto_name_find(e->rd, name, n, XPECTO_NAME_PATH, NULL, 0);

        if (xpecto_edit_is_kept(e->rd, named.class)) {
            named.class = XPECTO_CLASS_NONE;
        }

        /* green-api: "/waInstance{id}/sendMessage/{token}", any length */

        if (n == 0 && end - i > XPECTO_REDACT_NAME_MAX) {
            n = xpecto_name_fold(name, p + i, XPECTO_REDACT_NAME_MAX);
        }

        if (n > 10 && memcmp(name, "wainstance", 10) == 0) {
            hidden = segment + 2;
        }
    }
}


/* "v23.0" */

static int
xpecto_uri_is_version(const uint8_t *p, size_t len)
{
    size_t  i;

    if (len < 2 || len > 6 || (p[0] | 0x20) != 'v') {
        return 0;
    }

    for (i = 1; i < len; i++) {
        if ((p[i] < '0' || p[i] > '9') && p[i] != '.') {
            return 0;
        }
    }

    return 1;
}


static int
xpecto_uri_is_id(const uint8_t *p, size_t len)
{
    size_t  i;

    if (len < XPECTO_GRAPH_ID_MIN || len > XPECTO_GRAPH_ID_MAX
        || p[0] == '0')
    {
        return 0;
    }

    for (i = 0; i < len; i++) {
        if (p[i] < '0' || p[i] > '9') {
            return 0;
        }
    }

    return 1;
}
