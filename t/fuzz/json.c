
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

/*
 * The first byte seeds how the rest, a document, is cut into pieces.
 *
 * Pieces and the whole give the same events and the same answer.  A value's
 * offsets are its bytes: fed alone they are one JSON text, and a string that
 * was not truncated decodes to what was reported.  We accept what jansson
 * accepts and nothing else, apart from, on purpose:
 *
 *   we accept   bytes that are not UTF-8, half of a surrogate pair, numbers
 *               that no C type holds, a NUL in a name
 *   we refuse   more than 64 levels, a NUL byte (jansson: as an end)
 */


#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "xpecto_json.h"


#define EVENTS_MAX  256


typedef struct {
    unsigned             path;
    xpecto_json_type_e   type;
    unsigned             truncated;
    size_t               len;
    uint64_t             start;
    uint64_t             end;
    uint8_t              value[XPECTO_JSON_VALUE_MAX];
} event_t;


typedef struct {
    size_t               n;
    event_t              events[EVENTS_MAX];
} trace_t;


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static xpecto_rc_e keep(void *data, const xpecto_json_value_t *value);
static xpecto_rc_e ignore(void *data, const xpecto_json_value_t *value);
static xpecto_rc_e feed(const uint8_t *p, size_t len, uint32_t seed,
    trace_t *trace);
static void check_event(const uint8_t *p, size_t len, const event_t *event);
static void check_jansson(const uint8_t *p, size_t len, xpecto_rc_e rc);
static int too_deep(const uint8_t *p, size_t len);


static xpecto_json_paths_t  paths;
static trace_t              whole;
static trace_t              pieces;

static const char *const    list[] = {
    "to", "a.b", "[].to", "a[].b", "*", "*.b", "**.to", "**.[]", "**.*[]",
    "**.a.a"
};


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t       i;
    xpecto_rc_e  rc;

    if (paths.n == 0
        && xpecto_json_compile(&paths, list, sizeof(list) / sizeof(list[0]))
           != XPECTO_OK)
    {
        abort();
    }

    if (size == 0) {
        return 0;
    }

    rc = feed(data + 1, size - 1, 0, &whole);

    if (feed(data + 1, size - 1, 1u + data[0], &pieces) != rc) {
        abort();
    }

    if (whole.n != pieces.n) {
        abort();
    }

    for (i = 0; i < whole.n; i++) {

        if (memcmp(&whole.events[i], &pieces.events[i], sizeof(event_t))
            != 0)
        {
            abort();
        }

        check_event(data + 1, size - 1, &whole.events[i]);
    }

    check_jansson(data + 1, size - 1, rc);

    (void) xpecto_json_line(data + 1, size - 1, "a[1].to");

    return 0;
}


static xpecto_rc_e
keep(void *data, const xpecto_json_value_t *value)
{
    event_t  *event;
    trace_t  *trace = data;

    if (trace->n == EVENTS_MAX) {
        return XPECTO_DECLINED;
    }

    event = &trace->events[trace->n++];

    memset(event, 0, sizeof(event_t));

    event->path = value->path;
    event->type = value->type;
    event->truncated = value->truncated;
    event->len = value->value.len;
    event->start = value->start;
    event->end = value->end;

    if (value->value.len > XPECTO_JSON_VALUE_MAX) {
        abort();
    }

    memcpy(event->value, value->value.data, value->value.len);

    return XPECTO_OK;
}


static xpecto_rc_e
ignore(void *data, const xpecto_json_value_t *value)
{
    (void) data;
    (void) value;

    return XPECTO_OK;
}


/* each piece is a block of its own, so that a read beyond it is seen */

static xpecto_rc_e
feed(const uint8_t *p, size_t len, uint32_t seed, trace_t *trace)
{
    size_t         n;
    uint8_t       *piece;
    xpecto_rc_e    rc;
    xpecto_json_t  js;

    trace->n = 0;

    xpecto_json_init(&js, &paths, keep, trace);

    while (len != 0) {
        n = len;

        if (seed != 0) {
            seed = seed * 1664525 + 1013904223;
            n = (seed >> 16) % 9;
            n = (n < len) ? n : len;
        }

        piece = malloc(n + 1);
        if (piece == NULL) {
            abort();
        }

        memcpy(piece + 1, p, n);
        rc = xpecto_json_feed(&js, piece + 1, n);
        free(piece);

        if (rc != XPECTO_OK) {
            return rc;
        }

        p += n;
        len -= n;
    }

    return xpecto_json_finish(&js);
}


static void
check_event(const uint8_t *p, size_t len, const event_t *event)
{
    size_t         n;
    uint8_t       *out;
    xpecto_json_t  js;

    if (event->start >= event->end || event->end > len) {
        abort();
    }

    p += event->start;
    len = (size_t) (event->end - event->start);

    xpecto_json_init(&js, &paths, ignore, NULL);

    if (xpecto_json_feed(&js, p, len) != XPECTO_OK
        || xpecto_json_finish(&js) != XPECTO_OK)
    {
        abort();
    }

    if (event->type != XPECTO_JSON_STRING) {
        return;
    }

    out = malloc(len);
    if (out == NULL) {
        abort();
    }

    if (xpecto_json_decode(p + 1, len - 2, out, &n) != XPECTO_OK
        || n < event->len || (n > event->len) != event->truncated
        || memcmp(out, event->value, event->len) != 0)
    {
        abort();
    }

    free(out);
}


static void
check_jansson(const uint8_t *p, size_t len, xpecto_rc_e rc)
{
    json_t        *json;
    json_error_t   err;

    if (rc == XPECTO_DECLINED) {
        return;
    }

    json = json_loadb((const char *) p, len,
                      JSON_DECODE_ANY|JSON_ALLOW_NUL, &err);

    if (json != NULL) {
        json_decref(json);

        if (rc != XPECTO_OK && !too_deep(p, len)
            && (len == 0 || memchr(p, '\0', len) == NULL))
        {
            abort();
        }

        return;
    }

    if (rc != XPECTO_OK) {
        return;
    }

    switch (json_error_code(&err)) {

    case json_error_invalid_utf8:
    case json_error_numeric_overflow:
    case json_error_null_byte_in_key:
        return;

    case json_error_invalid_syntax:

        if (strstr(err.text, "invalid Unicode") != NULL) {
            return;
        }

        break;

    default:
        break;
    }

    abort();
}


/* only asked of what jansson has accepted */

static int
too_deep(const uint8_t *p, size_t len)
{
    int       string;
    size_t    i;
    unsigned  depth;

    string = 0;
    depth = 0;

    for (i = 0; i < len; i++) {

        if (string) {

            if (p[i] == '\\') {
                i++;

            } else if (p[i] == '"') {
                string = 0;
            }

            continue;
        }

        if (p[i] == '"') {
            string = 1;

        } else if (p[i] == '{' || p[i] == '[') {
            depth++;

            if (depth > XPECTO_JSON_DEPTH) {
                return 1;
            }

        } else if (p[i] == '}' || p[i] == ']') {
            depth--;
        }
    }

    return 0;
}
