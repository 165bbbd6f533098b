
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/* Quoted strings of an error log: what they are, and where they end. */


#include <string.h>

#include "xpecto_redact_quoted.h"


static int xpecto_log_value(const uint8_t *p, size_t from, size_t i,
    xpecto_redact_place_t *place);
static int xpecto_log_was_tried(const uint8_t *p, size_t from, size_t i);
static size_t xpecto_log_file_end(const xpecto_edit_t *e, size_t from,
    size_t i, size_t to);
static int xpecto_log_starts_with_any(const uint8_t *p, size_t i, size_t to,
    const char **words, size_t n);
static size_t xpecto_log_value_end(const uint8_t *p, size_t i, size_t to);
static int xpecto_log_ends_word(const uint8_t *p, size_t i, size_t to);
static int xpecto_log_is_request(const uint8_t *p, size_t i, size_t to);


/* what may stand behind a quoted string that nginx wrote */

static const char  *xpecto_log_suffixes[] = {
    ", client: ", ", server: ", ", request: \"", ", subrequest: \"",
    ", upstream: \"", ", host: \"", ", referrer: \"", ", args: \"",
    " while ", " in upstream ", " from upstream",
    ": password mismatch", " was not found in "
};

#define XPECTO_LOG_SUFFIXES                                                  \
    (sizeof(xpecto_log_suffixes) / sizeof(xpecto_log_suffixes[0]))


/* the same behind the name of a file, which is a decoded URI */

static const char  *xpecto_log_files[] = {
    " failed (", " is forbidden", " is not found (", " is not a directory",
    " is not a regular file"
};

#define XPECTO_LOG_FILES                                                     \
    (sizeof(xpecto_log_files) / sizeof(xpecto_log_files[0]))


/*
 * What a quoted value is by the words before it.  nginx does not tell whose
 * values a script reads, a map looks up or a regular expression is tried on:
 * they are what a message says at best.
 */

static const struct {
    const char              *before;
    xpecto_redact_place_t    place;
} xpecto_log_values[] = {
    { " request: ", { XPECTO_FORM_REQUEST, XPECTO_CLASS_NONE } },
    { " upstream: ", { XPECTO_FORM_URI, XPECTO_CLASS_NONE } },
    { " referrer: ", { XPECTO_FORM_URI, XPECTO_CLASS_NONE } },
    { " args: ", { XPECTO_FORM_QUERY, XPECTO_CLASS_NONE } },
    { " :path header: ", { XPECTO_FORM_WHOLE, XPECTO_CLASS_CONTENT } },
    { "user ", { XPECTO_FORM_WHOLE, XPECTO_CLASS_USER } },
    { "userid cookie ", { XPECTO_FORM_WHOLE, XPECTO_CLASS_CREDENTIAL } },
    { " salt: ", { XPECTO_FORM_WHOLE, XPECTO_CLASS_CREDENTIAL } },
    { "encrypted: ", { XPECTO_FORM_WHOLE, XPECTO_CLASS_CREDENTIAL } },
    { "http script var: ", { XPECTO_FORM_WHOLE, XPECTO_CLASS_CONTENT } },
    { "http script capture: ", { XPECTO_FORM_WHOLE, XPECTO_CLASS_CONTENT } },
    { "http script value: ", { XPECTO_FORM_WHOLE, XPECTO_CLASS_CONTENT } },
    { "http map: ", { XPECTO_FORM_WHOLE, XPECTO_CLASS_CONTENT } },
    { "upstream hash key:", { XPECTO_FORM_WHOLE, XPECTO_CLASS_CONTENT } },
    { " invalid value: ", { XPECTO_FORM_WHOLE, XPECTO_CLASS_CONTENT } }
};

#define XPECTO_LOG_VALUES                                                    \
    (sizeof(xpecto_log_values) / sizeof(xpecto_log_values[0]))


/* the same, unless a "/" says that it is a URI */

static const char  *xpecto_log_tried[] = {
    " matches ", " does not match ", " to "
};

#define XPECTO_LOG_TRIED                                                     \
    (sizeof(xpecto_log_tried) / sizeof(xpecto_log_tried[0]))


xpecto_rc_e
xpecto_log_place(const xpecto_edit_t *e, size_t from, size_t i, size_t to,
    xpecto_redact_place_t *place, size_t *end)
{
    size_t          start, file;
    const uint8_t  *p;

    p = e->p;
    start = i + 1;
    file = xpecto_log_file_end(e, from, i, to);

    if (!e->escaped && xpecto_log_field(e, from, i, to, place, end)) {
        return XPECTO_OK;
    }

    if (xpecto_log_is_request(p, start, to)) {
        place->form = XPECTO_FORM_REQUEST;
        *end = xpecto_log_quote_end(e, start, to, 1);
        xpecto_log_clear(e, to, place, end);

    } else if (!e->escaped && xpecto_log_value(p, from, i, place)) {
        *end = xpecto_log_value_end(p, start, to);

        if (place->class != XPECTO_CLASS_USER) {
            xpecto_log_clear(e, to, place, end);
        }

    } else if (file < to) {
        place->form = XPECTO_FORM_URI;
        *end = file;
        xpecto_log_clear(e, to, place, end);

    } else if (xpecto_log_starts_with(p, start, to, "/")
               || xpecto_log_starts_with(p, start, to, "http://")
               || xpecto_log_starts_with(p, start, to, "https://"))
    {
        place->form = XPECTO_FORM_URI;
        *end = xpecto_log_quote_end(e, start, to, 0);

    } else if (!e->escaped && xpecto_log_was_tried(p, from, i)) {
        place->form = XPECTO_FORM_WHOLE;
        place->class = XPECTO_CLASS_CONTENT;
        *end = xpecto_log_value_end(p, start, to);
        xpecto_log_clear(e, to, place, end);

    } else {
        return XPECTO_DECLINED;
    }

    return XPECTO_OK;
}


static int
xpecto_log_value(const uint8_t *p, size_t from, size_t i,
    xpecto_redact_place_t *place)
{
    unsigned  n;

    for (n = 0; n < XPECTO_LOG_VALUES; n++) {
        if (xpecto_log_ends_with(p, from, i, xpecto_log_values[n].before)) {
            *place = xpecto_log_values[n].place;
            return 1;
        }
    }

    return 0;
}


static int
xpecto_log_was_tried(const uint8_t *p, size_t from, size_t i)
{
    unsigned  n;

    for (n = 0; n < XPECTO_LOG_TRIED; n++) {
        if (xpecto_log_ends_with(p, from, i, xpecto_log_tried[n])) {
            return 1;
        }
    }

    return 0;
}


/*
 * open() "/a", directory index of "/a", "/a" is not found.  Of the debug log
 * all names are decoded, and nothing of a client's stands behind them.  To:
 * there is none behind the quote at i.
 */

static size_t
xpecto_log_file_end(const xpecto_edit_t *e, size_t from, size_t i, size_t to)
{
    size_t          end;
    const uint8_t  *p;

    p = e->p;

    if (e->escaped || !xpecto_log_starts_with(p, i + 1, to, "/")) {
        return to;
    }

    if (e->debug) {
        for (end = to; p[end - 1] != '"'; end--) { /* void */ }

        return (end > i + 1) ? end - 1 : to;
    }

    if (i > from && !xpecto_log_ends_with(p, from, i, "() ")
        && !xpecto_log_ends_with(p, from, i, "index of "))
    {
        return to;
    }

    for (end = i + 1; end < to; end++) {
        if (p[end] == '"'
            && xpecto_log_starts_with_any(p, end + 1, to, xpecto_log_files,
                                          XPECTO_LOG_FILES))
        {
            break;
        }
    }

    return end;
}


/* a value of several lines ends where nginx goes on or with the message */

static size_t
xpecto_log_value_end(const uint8_t *p, size_t i, size_t to)
{
    size_t  last;

    last = xpecto_log_end(p, i, to);

    for ( /* void */ ; i < last; i++) {
        if (p[i] == '"' && xpecto_log_goes_on(p, i + 1, to)) {
            break;
        }
    }

    return i;
}


/*
 * A value may hold quotes.  A request ends where nginx goes on, other strings
 * where a quote is followed by something that ends a word as well.  Where
 * quotes are escaped, the next one ends it.
 */

size_t
xpecto_log_quote_end(const xpecto_edit_t *e, size_t i, size_t to, int request)
{
    const uint8_t  *p;

    p = e->p;

    if (e->escaped) {

        while (i < to && p[i] != '"') {
            i += (p[i] == '\\' && i + 1 < to) ? 2 : 1;
        }

        return (i < to) ? i : to;
    }

    for ( /* void */ ; i < to && p[i] != '\r' && p[i] != '\n'; i++) {

        if (p[i] != '"') {
            continue;
        }

        if (i + 1 == to || p[i + 1] == '\r' || p[i + 1] == '\n'
            || (!request && xpecto_log_ends_word(p, i + 1, to))
            || xpecto_log_goes_on(p, i + 1, to))
        {
            break;
        }
    }

    return i;
}


/*
 * Nothing that a label may replace, as "::1" and ".a@b.example": where a
 * string ends must not change.
 */

static int
xpecto_log_ends_word(const uint8_t *p, size_t i, size_t to)
{
    if (p[i] == '.') {
        return i + 1 == to || p[i + 1] <= ' ';
    }

    return memchr(" ,:;)", p[i], 5) != NULL
           && !xpecto_log_starts_with(p, i, to, "::");
}


int
xpecto_log_goes_on(const uint8_t *p, size_t i, size_t to)
{
    return xpecto_log_starts_with_any(p, i, to, xpecto_log_suffixes,
                                      XPECTO_LOG_SUFFIXES)
           || xpecto_log_starts_with_any(p, i, to, xpecto_log_files,
                                         XPECTO_LOG_FILES);
}


static int
xpecto_log_starts_with_any(const uint8_t *p, size_t i, size_t to,
    const char **words, size_t n)
{
    while (n > 0) {
        if (xpecto_log_starts_with(p, i, to, words[--n])) {
            return 1;
        }
    }

    return 0;
}


int
xpecto_log_ends_with(const uint8_t *p, size_t from, size_t i,
    const char *word)
{
    size_t  n;

    n = strlen(word);

    return i - from >= n && memcmp(p + i - n, word, n) == 0;
}


int
xpecto_log_starts_with(const uint8_t *p, size_t i, size_t to,
    const char *word)
{
    size_t  n;

    n = strlen(word);

    return to - i >= n && memcmp(p + i, word, n) == 0;
}


/* "GET /", as the debug log has it */

static int
xpecto_log_is_request(const uint8_t *p, size_t i, size_t to)
{
    size_t  n;

    for (n = i; n < to && p[n] >= 'A' && p[n] <= 'Z'; n++) { /* void */ }

    return n > i && to - n > 1 && p[n] == ' '
           && (p[n + 1] == '/' || xpecto_log_starts_with(p, n + 1, to, "http"));
}
