
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * A line of an error log:
 *
 *     2026/11/22 12:00:00 [error] 71#71: *3 message, client: 192.0.2.1,
 *     server: api, request: "GET / HTTP/1.1", upstream: "http://...",
 *     host: "api", referrer: "..."
 *
 * nginx escapes nothing in it.  What stands up to the connection's number
 * stays; "name=value", "Name: value" and "name": "value" follow the named
 * places; quoted request lines and URIs are read as such; the rest is scanned
 * by content.
 */


#include <string.h>

#include "xpecto_redact_quoted.h"


/* bytes for "... (111: Connection refused)" */

#define XPECTO_LOG_ERRNO  64

#define XPECTO_LOG_NAME   128

/* where a line has its level, behind "2026/11/22 12:00:00 " */

#define XPECTO_LOG_LEVEL  20


static size_t xpecto_log_too_long(xpecto_edit_t *e, size_t i, size_t to);
static void xpecto_log_text(xpecto_edit_t *e, size_t from, size_t to);
static size_t xpecto_log_quoted(xpecto_edit_t *e, size_t from, size_t i,
    size_t to);
static size_t xpecto_log_equal(xpecto_edit_t *e, size_t from, size_t i,
    size_t to);
static size_t xpecto_log_before_header(xpecto_edit_t *e, size_t from,
    size_t end, size_t to);
static size_t xpecto_log_colon(xpecto_edit_t *e, size_t from, size_t i,
    size_t to);
static size_t xpecto_log_body(xpecto_edit_t *e, size_t i, size_t to);
static size_t xpecto_log_name(const uint8_t *p, size_t from, size_t name,
    size_t i);
static size_t xpecto_log_header_end(xpecto_edit_t *e, size_t i, size_t to,
    int quoted);


/*
 * A message that is too long for its errno is cut and ends in "..." before
 * it: digits that stand there may be the beginning of a number, as those at
 * the end of a full line are.
 */

void
xpecto_edit_log(xpecto_edit_t *e, size_t from, size_t to)
{
    size_t              i, dots;
    const uint8_t      *p;
    xpecto_edit_end_t   saved;

    p = e->p;

    i = from + xpecto_log_prefix(p + from, to - from);

    e->debug = (i > from
                && xpecto_log_starts_with(p, from + XPECTO_LOG_LEVEL, to,
                                          "[debug]"));

    xpecto_edit_skip(e, i);

    i = xpecto_log_too_long(e, i, to);

    if (e->tail) {

        for (dots = to; dots > i + 3 && to - dots < XPECTO_LOG_ERRNO; dots--) {
            if (memcmp(p + dots - 3, "...", 3) == 0
                && xpecto_log_starts_with(p, dots, to, " ("))
            {
                saved = xpecto_edit_cut(e, dots - 3);
                xpecto_log_text(e, i, dots - 3);
                xpecto_edit_uncut(e, saved);

                i = dots - 3;
                break;
            }
        }
    }

    xpecto_log_text(e, i, to);
}


/*
 * Of a header line that is too long nginx shows the begin, and dots where it
 * has cut it.  A header may hold the same text: then it ends there as well.
 */

static size_t
xpecto_log_too_long(xpecto_edit_t *e, size_t i, size_t to)
{
    size_t             dots;
    xpecto_edit_end_t  saved;

    if (!xpecto_log_starts_with(e->p, i, to,
                                "client sent too long header line: \""))
    {
        return i;
    }

    for (dots = i; dots < to; dots++) {

        if (xpecto_log_starts_with(e->p, dots, to,
                                   "...\" while reading client "))
        {
            saved = xpecto_edit_cut(e, dots);
            xpecto_log_text(e, i, dots);
            xpecto_edit_uncut(e, saved);

            i = dots;
        }
    }

    return i;
}


/* without nginx's prefix it is of an access log or of something else */

void
xpecto_edit_line(xpecto_edit_t *e, size_t from, size_t to)
{
    e->escaped = (xpecto_log_prefix(e->p + from, to - from) == 0);

    xpecto_edit_log(e, from, to);

    e->escaped = 0;
}


/* a value that is dealt with says nothing of the next one: from is behind it */

static void
xpecto_log_text(xpecto_edit_t *e, size_t from, size_t to)
{
    size_t  i, last;

    for (i = from; i < to; i = last + 1) {

        switch (e->p[i]) {

        case '"':
            last = xpecto_log_quoted(e, from, i, to);
            break;

        case '=':
            last = xpecto_log_equal(e, from, i, to);
            break;

        case ':':
            last = xpecto_log_colon(e, from, i, to);
            break;

        case '\r':
            last = xpecto_log_body(e, i, to);
            break;

        default:
            last = i;
            break;
        }

        if (last > i) {
            from = last + 1;
        }
    }

    xpecto_edit_scan(e, to);
}


/* these return the offset of the last byte that is dealt with */

static size_t
xpecto_log_quoted(xpecto_edit_t *e, size_t from, size_t i, size_t to)
{
    size_t                 end;
    xpecto_redact_place_t  place;

    if (xpecto_log_place(e, from, i, to, &place, &end) != XPECTO_OK) {
        return i;
    }

    if (place.form == XPECTO_FORM_WHOLE
        && xpecto_edit_is_kept(e->rd, place.class))
    {
        return i;
    }

    xpecto_edit_scan(e, i + 1);
    xpecto_edit_form(e, place, i + 1, end);

    return (end < to && e->p[end] == '"') ? end : end - 1;
}


static size_t
xpecto_log_equal(xpecto_edit_t *e, size_t from, size_t i, size_t to)
{
    size_t          start, end, left;
    const uint8_t  *p;
    xpecto_named_t  named;

    p = e->p;
    left = i;

    /* "to" as well of "to+1 650 555 1234=" */

    do {
        start = xpecto_log_name(p, from, left, i);

        named = xpecto_name_behind(e->rd, p + from, start - from, i - from,
                                   XPECTO_NAME_QUERY, 0);

        if (named.class != XPECTO_CLASS_NONE) {
            break;
        }

        left = xpecto_name_left(e->rd, p, from, start, i);

    } while (left < start);

    if (named.class == XPECTO_CLASS_NONE) {
        return i;
    }

    start = i + 1;

    if (start < to && p[start] == '"') {
        start++;
        end = xpecto_log_quote_end(e, start, to, 0);

    } else {
        end = xpecto_log_word_end(e, start, to);
        end = xpecto_log_before_header(e, start, end, to);
        end = xpecto_log_bare_end(e, start, end, to, named.class, 0);
    }

    xpecto_edit_argument(e, start, end, named);

    if (xpecto_edit_is_kept(e->rd, named.class)) {
        return (e->done > start) ? e->done - 1 : i;
    }

    return end > start ? end - 1 : i;
}


/*
 * "to=x;Authorization: Bearer s3cret": the name at the end of a word has a
 * value of its own
 */

static size_t
xpecto_log_before_header(xpecto_edit_t *e, size_t from, size_t end, size_t to)
{
    size_t                 name;
    xpecto_redact_place_t  place;

    if (end - from < 2 || e->p[end - 1] != ':' || end == to
        || e->p[end] != ' ')
    {
        return end;
    }

    name = xpecto_log_name(e->p, from, end - 1, end - 1);

    if (name == from || memchr(";,|>)}'", e->p[name - 1], 7) == NULL) {
        return end;
    }

    place = xpecto_name_header(e->rd, e->p + name, end - 1 - name);

    return (place.form == XPECTO_FORM_TEXT) ? end : name - 1;
}


static size_t
xpecto_log_colon(xpecto_edit_t *e, size_t from, size_t i, size_t to)
{
    int                    quoted;
    size_t                 name, start, end;
    const uint8_t         *p;
    xpecto_redact_place_t  place, field;

    p = e->p;

    /* "Name : value" is no header, but sent as one */
    for (end = i; end > from && p[end - 1] <= ' '; end--) { /* void */ }

    if (end > from && p[end - 1] == '"') {
        return xpecto_log_member(e, from, end, i, to);
    }

    name = xpecto_log_name(p, from, end, end);
    place = xpecto_name_header(e->rd, p + name, end - name);

    if (place.form == XPECTO_FORM_TEXT
        || (place.form == XPECTO_FORM_WHOLE
            && xpecto_edit_is_kept(e->rd, place.class)))
    {
        return i;
    }

    for (start = i + 1; start < to && p[start] == ' '; start++) { /* void */ }

    /* a host is left alone: it has a name that is not gone with an address */

    if (place.form == XPECTO_FORM_HOST
        && xpecto_name_left(e->rd, p, from, name, end) < name)
    {
        return i;
    }

    /* bytes, and no address */

    if (xpecto_log_ends_with(p, from, i + 1, ", bytes from/to client:")) {
        return i;
    }

    /* nginx's own ", host: " */

    if (!e->escaped && start < to && p[start] == '"'
        && xpecto_log_field(e, from, start, to, &field, &end))
    {
        return i;
    }

    /* ":path: /" of HTTP/2 has one colon more */

    quoted = (name > from && (p[name - 1] == '"' || p[name - 1] == ':'));

    if (!quoted && start < to && p[start] == '"') {
        start++;

        /*
         * A quote that nginx has put behind a name that a client has sent
         * begins no value; these forms would not see what stands behind it.
         */

        if ((place.form == XPECTO_FORM_HOST
             || place.form == XPECTO_FORM_SET_COOKIE)
            && xpecto_log_goes_on(p, start, to))
        {
            return i;
        }

        end = xpecto_log_quote_end(e, start, to, 0);

    } else {
        end = xpecto_log_header_end(e, start, to, quoted);
    }

    if (quoted) {
        xpecto_log_clear(e, to, &place, &end);
    }

    /* what is no host may hold named values */

    if (place.form == XPECTO_FORM_HOST && !xpecto_log_is_host(e, start, end)) {
        return i;
    }

    if (place.class == XPECTO_CLASS_IP && !quoted) {
        end = xpecto_edit_find(p, start, end, ',');
    }

    xpecto_edit_scan(e, start);
    xpecto_edit_form(e, place, start, end);

    return end > start ? end - 1 : i;
}


/* behind an empty line: the debug log has what is sent upstream as a whole */

static size_t
xpecto_log_body(xpecto_edit_t *e, size_t i, size_t to)
{
    size_t                              end;
    const uint8_t                      *p;
    static const xpecto_redact_place_t  body = {
        XPECTO_FORM_BODY, XPECTO_CLASS_NONE
    };

    p = e->p;

    if (!xpecto_log_starts_with(p, i, to, "\r\n\r\n")) {
        return i;
    }

    i += 4;
    end = to - (to > i && p[to - 1] == '"');

    xpecto_edit_scan(e, i);
    xpecto_edit_form(e, body, i, end);

    return end > i ? end - 1 : i - 1;
}


/* where the name that ends at i begins, from name on to the left */

static size_t
xpecto_log_name(const uint8_t *p, size_t from, size_t name, size_t i)
{
    uint8_t  c;

    for ( /* void */ ; name > from && i - name < XPECTO_LOG_NAME; name--) {

        c = p[name - 1];

        if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
            && (c < '0' || c > '9') && memchr("_-.%+[]", c, 7) == NULL)
        {
            break;
        }
    }

    return name;
}


static size_t
xpecto_log_header_end(xpecto_edit_t *e, size_t i, size_t to, int quoted)
{
    const uint8_t  *p;

    p = e->p;

    if (quoted) {
        return xpecto_log_quote_end(e, i, to, 1);
    }

    for ( /* void */ ; i < to && p[i] != '\r' && p[i] != '\n'; i++) {
        if (xpecto_log_starts_with(p, i, to, ", client: ")) {
            break;
        }
    }

    return i;
}
