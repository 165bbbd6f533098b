
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * JSON in place: strings and numbers whose name is known, or that stand below
 * such a name, are replaced; all others are scanned by content.  From where
 * it is no JSON any more the rest is masked.  xpecto_json reports values of
 * given paths only; this one has to see all of them and where it failed.
 *
 * The document may be percent-encoded, as the value of an argument is: bytes
 * are decoded as they are read, positions are those of the input.
 */


#include <string.h>

#include "xpecto_redact_reader.h"


static xpecto_rc_e xpecto_reader_document(xpecto_reader_t *rd);
static xpecto_rc_e xpecto_reader_open(xpecto_reader_t *rd, int type);
static xpecto_rc_e xpecto_reader_key(xpecto_reader_t *rd);
static xpecto_rc_e xpecto_reader_scalar(xpecto_reader_t *rd, int c);
static void xpecto_reader_number(xpecto_reader_t *rd, size_t start);
static int xpecto_reader_is_id(xpecto_reader_t *rd, size_t start, size_t end);


void
xpecto_edit_json(xpecto_edit_t *e, size_t from, size_t to, int percent,
    xpecto_named_t root)
{
    size_t           start;
    xpecto_rc_e      rc;
    xpecto_reader_t  rd;

    rd.e = e;
    rd.pos = from;
    rd.end = to;
    rd.percent = percent;
    rd.depth = 0;
    rd.name = root.name;
    rd.value = root;

    rc = xpecto_reader_document(&rd);

    if (rc == XPECTO_OK && xpecto_reader_blank(&rd) == -1) {
        xpecto_edit_skip(e, to);
        return;
    }

    start = rd.pos > e->done ? rd.pos : e->done;

    xpecto_edit_broken(e, start, to);
}


/* pos stays at the beginning of what is wrong */

static xpecto_rc_e
xpecto_reader_document(xpecto_reader_t *rd)
{
    int              c;
    size_t           next;
    xpecto_rc_e      rc;
    xpecto_level_t  *level;

    for ( ;; ) {

        /* a value */

        c = xpecto_reader_blank(rd);

        if (c == '{' || c == '[') {

            rc = xpecto_reader_open(rd, c);

        } else {
            rc = xpecto_reader_scalar(rd, c);
        }

        if (rc == XPECTO_ERROR) {
            return rc;
        }

        /* rc == XPECTO_AGAIN: the first element of what was opened */

        while (rc == XPECTO_OK) {

            if (rd->depth == 0) {
                return XPECTO_OK;
            }

            level = &rd->levels[rd->depth - 1];
            c = xpecto_reader_blank(rd);

            if (c == (level->type == '{' ? '}' : ']')) {
                (void) xpecto_reader_peek(rd, &next);
                rd->pos = next;
                rd->depth--;
                continue;
            }

            if (c != ',') {
                return XPECTO_ERROR;
            }

            (void) xpecto_reader_peek(rd, &next);
            rd->pos = next;

            if (level->type == '{') {
                if (xpecto_reader_key(rd) != XPECTO_OK) {
                    return XPECTO_ERROR;
                }

            } else {
                rd->value.class = (xpecto_class_e) level->class;
                rd->value.flags = 0;
            }

            rc = XPECTO_AGAIN;
        }
    }
}


/* AGAIN: a value comes next; OK: it is empty */

static xpecto_rc_e
xpecto_reader_open(xpecto_reader_t *rd, int type)
{
    int              c;
    size_t           next;
    xpecto_level_t  *level;

    if (rd->depth == XPECTO_REDACT_DEPTH) {
        return XPECTO_ERROR;
    }

    (void) xpecto_reader_peek(rd, &next);
    rd->pos = next;

    level = &rd->levels[rd->depth];

    level->type = (uint8_t) type;
    level->class = (uint8_t) rd->value.class;
    level->leaf = ((rd->value.flags & XPECTO_NAME_LEAF) != 0);
    level->key_len = 0;

    if (type == '{' && level->leaf) {
        level->class = XPECTO_CLASS_NONE;
    }

    /* elements of an array stand where the array stands */

    if (type == '[' && rd->depth > 0) {
        level->key_len = level[-1].key_len;
        memcpy(level->key, level[-1].key, level->key_len);
    }

    rd->depth++;

    c = xpecto_reader_blank(rd);

    if (c == (type == '{' ? '}' : ']')) {
        return XPECTO_OK;
    }

    if (type == '{' && xpecto_reader_key(rd) != XPECTO_OK) {
        return XPECTO_ERROR;
    }

    return XPECTO_AGAIN;
}


/* a name, the ":" and what they say about the value */

static xpecto_rc_e
xpecto_reader_key(xpecto_reader_t *rd)
{
    size_t           start, end, next, plen;
    const uint8_t   *parent;
    xpecto_level_t  *level;

    if (xpecto_reader_blank(rd) != '"'
        || xpecto_reader_string(rd, &start, &end) != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    level = &rd->levels[rd->depth - 1];

    level->key_len = (uint8_t) xpecto_reader_name(rd, level->key, start, end);

    if (rd->depth > 1) {
        parent = level[-1].key;
        plen = level[-1].key_len;

    } else {
        parent = (const uint8_t *) rd->name;
        plen = rd->name ? strlen(rd->name) : 0;
    }

    rd->value = xpecto_name_find(rd->e->rd, level->key, level->key_len,
                                 XPECTO_NAME_JSON, parent, plen);

    if (rd->value.class == XPECTO_CLASS_NONE) {
        rd->value = xpecto_name_secret(level->key, level->key_len);
    }

    /* below what is redacted as a whole nothing comes back */

    if (level->class != XPECTO_CLASS_NONE) {

        if (rd->value.class == XPECTO_CLASS_NONE) {
            rd->value.class = (xpecto_class_e) level->class;
        }

        rd->value.flags = 0;
    }

    xpecto_edit_skip(rd->e, start);
    xpecto_edit_scan(rd->e, end);

    if (xpecto_reader_blank(rd) != ':') {
        return XPECTO_ERROR;
    }

    (void) xpecto_reader_peek(rd, &next);
    rd->pos = next;

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_reader_scalar(xpecto_reader_t *rd, int c)
{
    size_t          i, n, start, end, next;
    const char     *word;
    xpecto_edit_t  *e;

    static const char  *words[] = { "true", "false", "null" };

    e = rd->e;

    if (c == '"') {

        if (xpecto_reader_string(rd, &start, &end) != XPECTO_OK) {
            return XPECTO_ERROR;
        }

        xpecto_edit_skip(e, start);

        if (rd->value.class != XPECTO_CLASS_NONE) {
            xpecto_edit_named(e, start, end, rd->value.class,
                              XPECTO_QUOTE_NONE);

        } else if (xpecto_reader_opens(e->p, start, end)) {

            /* of a document within a string no more is told */

            xpecto_edit_named(e, start, end, XPECTO_CLASS_CONTENT,
                              XPECTO_QUOTE_NONE);

        } else if (xpecto_reader_is_id(rd, start, end)) {
            xpecto_edit_skip(e, end);
        }

        xpecto_edit_scan(e, end);

        return XPECTO_OK;
    }

    if (c == '-' || (c >= '0' && c <= '9')) {

        start = rd->pos;

        do {
            (void) xpecto_reader_peek(rd, &next);
            rd->pos = next;
            c = xpecto_reader_peek(rd, &next);
        } while ((c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+'
                 || c == 'e' || c == 'E');

        xpecto_reader_number(rd, start);

        return XPECTO_OK;
    }

    for (i = 0; i < 3; i++) {

        word = words[i];

        if (c != word[0]) {
            continue;
        }

        start = rd->pos;

        for (n = 0; word[n]; n++) {
            if (xpecto_reader_peek(rd, &next) != word[n]) {
                rd->pos = start;
                return XPECTO_ERROR;
            }

            rd->pos = next;
        }

        return XPECTO_OK;
    }

    return XPECTO_ERROR;
}


/* a replacement is a string: it brings its quotes */

static void
xpecto_reader_number(xpecto_reader_t *rd, size_t start)
{
    int              tail;
    size_t           pos;
    uint8_t          buf[XPECTO_REPLACEMENT_MAX];
    xpecto_edit_t   *e;
    xpecto_span_t    span;
    xpecto_class_e   class;

    e = rd->e;
    class = rd->value.class;

    xpecto_edit_skip(e, start);

    if (class == XPECTO_CLASS_NONE
        || e->rd->styles[class] == XPECTO_STYLE_KEEP)
    {
        pos = start;
        tail = (e->tail && rd->pos == e->len);

        if (xpecto_reader_is_id(rd, start, rd->pos)
            || xpecto_scan_next(e->p, rd->pos, &pos, e->rd->classes, tail,
                                &span)
               != XPECTO_OK)
        {
            xpecto_edit_skip(e, rd->pos);
            return;
        }

        class = span.class;
    }

    /*
     * Where the document breaks off behind it a quote would be the last byte,
     * which in an error log is nginx's own.
     */

    if (rd->depth > 0 && rd->pos == rd->end && !rd->percent) {
        xpecto_edit_put(e, start, rd->pos, class, buf,
                        xpecto_edit_label(buf, class), XPECTO_QUOTE_NONE);

    } else {
        xpecto_edit_named(e, start, rd->pos, class,
                          rd->percent ? XPECTO_QUOTE_PERCENT
                                      : XPECTO_QUOTE_JSON);
    }

    xpecto_edit_skip(e, rd->pos);
}


/* "phone_number_id": "106540352242922": longer than the numbers it is like */

static int
xpecto_reader_is_id(xpecto_reader_t *rd, size_t start, size_t end)
{
    xpecto_level_t  *level;

    if (rd->depth == 0 || end - start < 14 || end - start > 20) {
        return 0;
    }

    level = &rd->levels[rd->depth - 1];

    if (level->key_len < 2
        || memcmp(level->key + level->key_len - 2, "id", 2) != 0)
    {
        return 0;
    }

    while (start < end
           && rd->e->p[start] >= '0' && rd->e->p[start] <= '9')
    {
        start++;
    }

    return start == end;
}
