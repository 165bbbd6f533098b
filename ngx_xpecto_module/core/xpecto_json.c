
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_json_inc.h"


static const uint8_t *xpecto_json_mark(xpecto_json_t *js, const uint8_t *p,
    const uint8_t *last);
static const uint8_t *xpecto_json_after(xpecto_json_t *js, const uint8_t *p,
    const uint8_t *last);
static const uint8_t *xpecto_json_name(xpecto_json_t *js, const uint8_t *p,
    const uint8_t *last);
static const uint8_t *xpecto_json_value(xpecto_json_t *js, const uint8_t *p,
    const uint8_t *last);
static const uint8_t *xpecto_json_quote(xpecto_json_t *js, const uint8_t *p,
    const uint8_t *last);
static inline const uint8_t *xpecto_json_closing(const uint8_t *p,
    const uint8_t *last);
static const uint8_t *xpecto_json_open(xpecto_json_t *js, const uint8_t *p);
static const uint8_t *xpecto_json_close(xpecto_json_t *js, const uint8_t *p);


void
xpecto_json_init(xpecto_json_t *js, const xpecto_json_paths_t *paths,
    xpecto_json_handler_pt handler, void *data)
{
    /* the rest is written before it is read */

    memset(js, 0, offsetof(xpecto_json_t, value));
    memset(js->frames, 0, 2 * sizeof(xpecto_json_frame_t));

    js->paths = paths;
    js->handler = handler;
    js->data = data;
    js->out = js->value;
    js->cap = XPECTO_JSON_VALUE_MAX;
    js->rc = XPECTO_OK;
    js->state = XPECTO_JSON_S_VALUE;

    js->frames[1].at[0] = ~UINT64_C(0);
    js->frames[1].steps = 1;
}


xpecto_rc_e
xpecto_json_feed(xpecto_json_t *js, const uint8_t *p, size_t len)
{
    const uint8_t  *last;

    if (len == 0) {
        return js->rc;
    }

    last = p + len;
    js->chunk = p;

    while (p < last && js->rc == XPECTO_OK) {

        if (js->state < XPECTO_JSON_S_STRING) {
            p = xpecto_json_is_space(*p) ? p + 1
                                         : xpecto_json_mark(js, p, last);
            continue;
        }

        switch (js->state) {

        case XPECTO_JSON_S_STRING:
            p = xpecto_json_string(js, p, last);
            continue;

        case XPECTO_JSON_S_ESCAPE:
            p = xpecto_json_escape(js, p);
            continue;

        case XPECTO_JSON_S_HEX:
            p = xpecto_json_hex(js, p);
            continue;

        case XPECTO_JSON_S_LITERAL:
            p = xpecto_json_literal(js, p, last);
            continue;

        default:
            p = xpecto_json_number(js, p, last);
        }
    }

    js->offset += len;

    return js->rc;
}


xpecto_rc_e
xpecto_json_finish(xpecto_json_t *js)
{
    if (js->rc != XPECTO_OK) {
        return js->rc;
    }

    if (js->state == XPECTO_JSON_S_DONE
        || (js->depth == 0 && xpecto_json_numeral(js->state)))
    {
        return XPECTO_OK;
    }

    return XPECTO_ERROR;
}


/* the first byte of a token; of what follows it as much as is at hand */

static const uint8_t *
xpecto_json_mark(xpecto_json_t *js, const uint8_t *p, const uint8_t *last)
{
    switch (js->state) {

    case XPECTO_JSON_S_ELEMENT:

        if (*p == ']') {
            return xpecto_json_close(js, p);
        }

        return xpecto_json_value(js, p, last);

    case XPECTO_JSON_S_VALUE:
        return xpecto_json_value(js, p, last);

    case XPECTO_JSON_S_MEMBER:

        if (*p == '}') {
            return xpecto_json_close(js, p);
        }

        return xpecto_json_name(js, p, last);

    case XPECTO_JSON_S_NAME:
        return xpecto_json_name(js, p, last);

    case XPECTO_JSON_S_COLON:

        if (*p == ':') {
            js->state = XPECTO_JSON_S_VALUE;
            return p + 1;
        }

        break;

    case XPECTO_JSON_S_AFTER:
        return xpecto_json_after(js, p, last);

    default: /* XPECTO_JSON_S_DONE */
        break;
    }

    js->rc = XPECTO_ERROR;

    return p;
}


static const uint8_t *
xpecto_json_after(xpecto_json_t *js, const uint8_t *p, const uint8_t *last)
{
    int  object;

    object = xpecto_json_in_object(js);

    if (*p == ',') {
        js->state = object ? XPECTO_JSON_S_NAME : XPECTO_JSON_S_VALUE;
        p++;

        return (object && p < last && *p == '"')
               ? xpecto_json_name(js, p, last) : p;
    }

    if (*p == (object ? '}' : ']')) {
        return xpecto_json_close(js, p);
    }

    js->rc = XPECTO_ERROR;

    return p;
}


static const uint8_t *
xpecto_json_name(xpecto_json_t *js, const uint8_t *p, const uint8_t *last)
{
    xpecto_str_t    name;
    const uint8_t  *end;

    if (*p != '"') {
        js->rc = XPECTO_ERROR;
        return p;
    }

    end = xpecto_json_closing(p, last);

    if (end == NULL) {
        xpecto_json_begin(js, p, XPECTO_JSON_S_STRING, 1);
        js->key = 1;
        return p + 1;
    }

    name.data = p + 1;
    name.len = (size_t) (end - name.data);
    p = end + 1;

    xpecto_json_named(js, &name);

    if (p == last || *p != ':') {
        js->state = XPECTO_JSON_S_COLON;
        return p;
    }

    js->state = XPECTO_JSON_S_VALUE;
    p++;

    return (p == last || xpecto_json_is_space(*p))
           ? p : xpecto_json_value(js, p, last);
}


static const uint8_t *
xpecto_json_quote(xpecto_json_t *js, const uint8_t *p, const uint8_t *last)
{
    int             capture;
    xpecto_str_t    value;
    const uint8_t  *end;

    end = xpecto_json_closing(p, last);
    capture = (xpecto_json_child(js)->matched != 0);

    if (end == NULL) {
        xpecto_json_begin(js, p, XPECTO_JSON_S_STRING, capture);
        return p + 1;
    }

    if (!capture) {
        js->state = xpecto_json_behind(js);
        return end + 1;
    }

    js->start = xpecto_json_pos(js, p);
    js->truncated = 0;

    value.data = p + 1;
    value.len = (size_t) (end - value.data);

    xpecto_json_end(js, XPECTO_JSON_STRING, &value, end + 1);

    return end + 1;
}


/*
 * The quote that ends the string at p, if all of it is here and stands for
 * itself, which is what most strings are like.
 */

static inline const uint8_t *
xpecto_json_closing(const uint8_t *p, const uint8_t *last)
{
    const uint8_t  *end;

    end = xpecto_json_plain(p + 1, last);

    return (end < last && *end == '"' && end - p <= XPECTO_JSON_VALUE_MAX)
           ? end : NULL;
}


static const uint8_t *
xpecto_json_value(xpecto_json_t *js, const uint8_t *p, const uint8_t *last)
{
    int  capture;

    if (js->wanted != NULL) {

        if (js->depth != 0 && !xpecto_json_in_object(js)) {
            xpecto_json_seek(js, NULL);
        }

        if (xpecto_json_child(js)->at[0] == strlen(js->wanted) + 1) {
            js->start = xpecto_json_pos(js, p);
            js->rc = XPECTO_DECLINED;
            return p;
        }
    }

    capture = (xpecto_json_child(js)->matched != 0);

    switch (*p) {

    case '{':
    case '[':
        return xpecto_json_open(js, p);

    case '"':
        return xpecto_json_quote(js, p, last);

    case 't':
    case 'f':
    case 'n':
        xpecto_json_begin(js, p, XPECTO_JSON_S_LITERAL, capture);
        js->literal = (*p == 't') ? 0 : (*p == 'f') ? 1 : 2;
        return p;

    default:
        xpecto_json_begin(js, p, XPECTO_JSON_S_NUMBER, capture);
        return xpecto_json_number(js, p, last);
    }
}


static const uint8_t *
xpecto_json_open(xpecto_json_t *js, const uint8_t *p)
{
    uint64_t  bit;

    if (js->depth == XPECTO_JSON_DEPTH) {
        js->rc = XPECTO_ERROR;
        return p;
    }

    bit = UINT64_C(1) << js->depth++;

    js->frames[js->depth].start = xpecto_json_pos(js, p);

    if (*p == '{') {
        js->objects |= bit;
        js->state = XPECTO_JSON_S_MEMBER;
        return p + 1;
    }

    js->objects &= ~bit;
    js->state = XPECTO_JSON_S_ELEMENT;

    /* all elements match alike */

    if (js->wanted == NULL) {
        xpecto_json_step(js, js->paths->elements, js->paths->element_steps);
    }

    return p + 1;
}


static const uint8_t *
xpecto_json_close(xpecto_json_t *js, const uint8_t *p)
{
    xpecto_str_t        value;
    xpecto_json_type_e  type;

    value.len = 0;
    value.data = js->value;

    type = xpecto_json_in_object(js) ? XPECTO_JSON_OBJECT : XPECTO_JSON_ARRAY;

    js->truncated = 0;
    js->start = js->frames[js->depth].start;
    js->depth--;

    xpecto_json_end(js, type, &value, p + 1);

    return p + 1;
}


/* a value is complete: p is behind it */

void
xpecto_json_end(xpecto_json_t *js, xpecto_json_type_e type,
    xpecto_str_t *str, const uint8_t *p)
{
    unsigned             i;
    uint64_t             matched;
    xpecto_json_value_t  value;

    js->state = xpecto_json_behind(js);

    if (js->wanted != NULL) {
        return;
    }

    matched = xpecto_json_child(js)->matched;

    if (matched == 0) {
        return;
    }

    value.type = type;
    value.truncated = js->truncated ? 1 : 0;
    value.value = *str;
    value.start = js->start;
    value.end = xpecto_json_pos(js, p);

    for (i = 0; matched != 0; i++, matched >>= 1) {

        if ((matched & 1) == 0) {
            continue;
        }

        value.path = i;

        js->rc = js->handler(js->data, &value);

        if (js->rc != XPECTO_OK) {
            return;
        }
    }
}
