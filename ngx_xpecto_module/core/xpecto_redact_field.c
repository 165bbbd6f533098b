
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * Strings of an error log that a client has sent.  nginx escapes no quote in
 * them, so that one may have all that nginx writes behind a quote of its own:
 *
 *     request: "GET /a" while x?text=secret HTTP/1.1", host: "api"
 *
 * Where more than one end is possible nobody can tell what belongs to whom,
 * and the rest of the line is the content of a message.
 */


#include "xpecto_redact_quoted.h"


static int xpecto_log_field_at(const uint8_t *p, size_t i, size_t to);
static int xpecto_log_has(const xpecto_edit_t *e, size_t i, size_t end,
    const char *strange);
static int xpecto_log_has_version(const uint8_t *p, size_t from, size_t end);


#define XPECTO_LOG_NO_HOST  " \"/=?"


/*
 * What stands behind a message, in this order, each of them once at most; what
 * has strange bytes is none of these, though nginx logs it.
 */

static const struct {
    const char              *before;
    xpecto_redact_place_t    place;
    const char              *strange;
} xpecto_log_fields[] = {
    { ", request: \"", { XPECTO_FORM_REQUEST, XPECTO_CLASS_NONE }, "" },
    { ", subrequest: \"", { XPECTO_FORM_URI, XPECTO_CLASS_NONE }, " " },
    { ", upstream: \"", { XPECTO_FORM_URI, XPECTO_CLASS_NONE }, " " },
    { ", host: \"", { XPECTO_FORM_HOST, XPECTO_CLASS_NONE },
      XPECTO_LOG_NO_HOST },
    { ", referrer: \"", { XPECTO_FORM_URI, XPECTO_CLASS_NONE }, " \"" },

    /* of a stream */

    { ", bytes from/to client:", { XPECTO_FORM_TEXT, XPECTO_CLASS_NONE }, "" }
};

#define XPECTO_LOG_FIELDS                                                    \
    ((int) (sizeof(xpecto_log_fields) / sizeof(xpecto_log_fields[0])))


static const xpecto_redact_place_t  xpecto_log_unclear = {
    XPECTO_FORM_WHOLE, XPECTO_CLASS_NONE
};


int
xpecto_log_field(const xpecto_edit_t *e, size_t from, size_t i, size_t to,
    xpecto_redact_place_t *place, size_t *end)
{
    int             n, next;
    size_t          start;
    const char     *strange;
    const uint8_t  *p;

    p = e->p;

    for (n = 0; n < XPECTO_LOG_FIELDS; n++) {
        if (xpecto_log_ends_with(p, from, i + 1, xpecto_log_fields[n].before)) {
            break;
        }
    }

    if (n == XPECTO_LOG_FIELDS) {
        return 0;
    }

    *place = xpecto_log_fields[n].place;
    strange = xpecto_log_fields[n].strange;

    start = i + 1;
    to = xpecto_log_end(p, start, to);
    *end = to;

    for (i = start; i < to; i++) {

        if (p[i] != '"') {
            continue;
        }

        next = xpecto_log_field_at(p, i + 1, to);

        if (next == XPECTO_LOG_FIELDS) {
            continue;
        }

        if (next <= n) {
            *place = xpecto_log_unclear;
            *end = to;
            return 1;
        }

        *end = (*end == to) ? i : *end;
        n = next;
    }

    if (place->form == XPECTO_FORM_REQUEST && *end < to
        && !xpecto_log_has_version(p, start, *end)
        && !xpecto_edit_redacted(e->rd, p + start, *end - start,
                                 XPECTO_CLASS_NONE))
    {
        *place = xpecto_log_unclear;
        *end = to;
    }

    if (xpecto_log_has(e, start, *end, strange)) {
        *place = xpecto_log_unclear;
    }

    return 1;
}


/* which of them stands at i */

static int
xpecto_log_field_at(const uint8_t *p, size_t i, size_t to)
{
    int  n;

    for (n = 0; n < XPECTO_LOG_FIELDS; n++) {
        if (xpecto_log_starts_with(p, i, to, xpecto_log_fields[n].before)) {
            break;
        }
    }

    return n;
}


size_t
xpecto_log_end(const uint8_t *p, size_t i, size_t to)
{
    while (to > i && (p[to - 1] == '\n' || p[to - 1] == '\r')) {
        to--;
    }

    return to - (to > i && p[to - 1] == '"');
}


int
xpecto_log_is_host(const xpecto_edit_t *e, size_t i, size_t end)
{
    return !xpecto_log_has(e, i, end, XPECTO_LOG_NO_HOST);
}


/* any of the bytes, but in what was put in the place of a value */

static int
xpecto_log_has(const xpecto_edit_t *e, size_t i, size_t end,
    const char *strange)
{
    size_t          n;
    const uint8_t  *p;

    p = e->p;

    for ( /* void */ ; i < end; i += n) {

        n = (p[i] == '[') ? xpecto_edit_label_len(e->rd, p + i, end - i) : 0;

        if (n > 0) {
            continue;
        }

        if (p[i] != '\0' && strchr(strange, p[i]) != NULL) {
            return 1;
        }

        n = 1;
    }

    return 0;
}


/* a request that something stands behind was read up to its end */

static int
xpecto_log_has_version(const uint8_t *p, size_t from, size_t end)
{
    while (end > from && ((p[end - 1] >= '0' && p[end - 1] <= '9')
                          || p[end - 1] == '.'))
    {
        end--;
    }

    return xpecto_log_ends_with(p, from, end, " HTTP/");
}


void
xpecto_log_clear(const xpecto_edit_t *e, size_t to,
    xpecto_redact_place_t *place, size_t *end)
{
    int             n, next, client, unclear;
    size_t          i, last;
    const uint8_t  *p;

    p = e->p;
    last = xpecto_log_end(p, *end, to);

    if (e->escaped || *end >= last || p[*end] != '"') {
        return;
    }

    /* nothing stands behind what the debug log has */

    if (e->debug) {
        *end = (last < to && p[last] == '"') ? last : *end;
        return;
    }

    n = -1;
    client = 0;
    unclear = 0;

    for (i = *end; i < last && !unclear; i++) {

        if (p[i] == ',') {
            client |= xpecto_log_starts_with(p, i, to, ", client: ");
            continue;
        }

        if (p[i] != '"') {
            continue;
        }

        next = xpecto_log_field_at(p, i + 1, to);

        if (next == XPECTO_LOG_FIELDS) {
            unclear = (i > *end && xpecto_log_goes_on(p, i + 1, to));
            continue;
        }

        unclear = (next <= n);
        n = next;
    }

    /* the quote that ends the line is that of a field, or of this string */

    if (unclear || (!client && n < 0 && last < to && p[last] == '"')) {
        *place = xpecto_log_unclear;
        *end = last;
    }
}
