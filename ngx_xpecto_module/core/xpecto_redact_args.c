
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/* How the values of arguments and of JSON members are read. */


#include <string.h>

#include "xpecto_redact_edit.h"


/* a JSON member whose meaning its parent decides; both names folded */

typedef struct {
    const char      *name;
    const char      *parent;
    uint8_t          class;
} xpecto_child_t;


static size_t xpecto_name_fold_max(uint8_t *dst, size_t max,
    const uint8_t *p, size_t len);
static xpecto_named_t xpecto_name_of_parts(const xpecto_redact_t *rd,
    const uint8_t *name, size_t len, unsigned where);
static int xpecto_name_hex(uint8_t c);


static const xpecto_child_t  xpecto_children[] = {
    { "id", "messages", XPECTO_CLASS_ID },
    { "id", "statuses", XPECTO_CLASS_ID },
    { "id", "context", XPECTO_CLASS_ID },
    { "id", "calls", XPECTO_CLASS_ID },
    { "id", "messageechoes", XPECTO_CLASS_ID },
    { "id", "threads", XPECTO_CLASS_PHONE },
    { "id", "reply", XPECTO_CLASS_CONTENT },
    { "id", "buttonreply", XPECTO_CLASS_CONTENT },
    { "id", "listreply", XPECTO_CLASS_CONTENT },
    { "id", "rows", XPECTO_CLASS_CONTENT },
    { "id", "image", XPECTO_CLASS_MEDIA },
    { "id", "video", XPECTO_CLASS_MEDIA },
    { "id", "audio", XPECTO_CLASS_MEDIA },
    { "id", "document", XPECTO_CLASS_MEDIA },
    { "id", "sticker", XPECTO_CLASS_MEDIA },
    { "url", "image", XPECTO_CLASS_MEDIA },
    { "url", "video", XPECTO_CLASS_MEDIA },
    { "url", "audio", XPECTO_CLASS_MEDIA },
    { "url", "document", XPECTO_CLASS_MEDIA },
    { "url", "sticker", XPECTO_CLASS_MEDIA },
    { "url", "parameters", XPECTO_CLASS_CONTENT },
    { "name", "contacts", XPECTO_CLASS_NAME },
    { "name", "contact", XPECTO_CLASS_NAME },
    { "name", "profile", XPECTO_CLASS_NAME },
    { "name", "sender", XPECTO_CLASS_NAME },
    { "title", "reply", XPECTO_CLASS_CONTENT },
    { "title", "buttonreply", XPECTO_CLASS_CONTENT },
    { "title", "listreply", XPECTO_CLASS_CONTENT },
    { "title", "rows", XPECTO_CLASS_CONTENT },
    { "title", "sections", XPECTO_CLASS_CONTENT },
    { "value", "parameters", XPECTO_CLASS_CONTENT },
    { "data", "flowactionpayload", XPECTO_CLASS_CONTENT },
    { "hash", "identity", XPECTO_CLASS_USER },
    { "source", "payload", XPECTO_CLASS_PHONE },
    { "destination", "payload", XPECTO_CLASS_PHONE },
    { "input", "contacts", XPECTO_CLASS_PHONE },
    { "input", "participants", XPECTO_CLASS_PHONE },
    { "input", "addedparticipants", XPECTO_CLASS_PHONE },
    { "input", "removedparticipants", XPECTO_CLASS_PHONE },
    { "code", "language", XPECTO_CLASS_NONE },
    { "code", "currency", XPECTO_CLASS_NONE },
    { "code", "error", XPECTO_CLASS_NONE },
    { "code", "errors", XPECTO_CLASS_NONE },
    { "message", "error", XPECTO_CLASS_NONE },
    { "message", "errors", XPECTO_CLASS_NONE }
};

#define XPECTO_CHILDREN                                                      \
    (sizeof(xpecto_children) / sizeof(xpecto_children[0]))


size_t
xpecto_name_fold(uint8_t *dst, const uint8_t *p, size_t len)
{
    return xpecto_name_fold_max(dst, XPECTO_REDACT_NAME_MAX, p, len);
}


static size_t
xpecto_name_fold_max(uint8_t *dst, size_t max, const uint8_t *p, size_t len)
{
    size_t   i, n;
    uint8_t  c;

    n = 0;

    for (i = 0; i < len; i++) {

        c = p[i];

        /* "%2E" and "%252E": the 25 of an encoded percent sign is skipped */

        if (c == '%' && len - i > 2
            && xpecto_name_hex(p[i + 1]) >= 0
            && xpecto_name_hex(p[i + 2]) >= 0)
        {
            while (p[i + 1] == '2' && p[i + 2] == '5' && len - i > 4
                   && xpecto_name_hex(p[i + 3]) >= 0
                   && xpecto_name_hex(p[i + 4]) >= 0)
            {
                i += 2;
            }

            c = (uint8_t) (xpecto_name_hex(p[i + 1]) << 4
                           | xpecto_name_hex(p[i + 2]));
            i += 2;
        }

        if (c == '_' || c == '-' || c == '.') {
            continue;
        }

        if (n == max) {
            return 0;
        }

        if (c >= 'A' && c <= 'Z') {
            c |= 0x20;
        }

        dst[n++] = c;
    }

    return n;
}


static int
xpecto_name_hex(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }

    c |= 0x20;

    return (c >= 'a' && c <= 'f') ? c - 'a' + 10 : -1;
}


xpecto_named_t
xpecto_name_argument(const xpecto_redact_t *rd, const uint8_t *name,
    size_t len, unsigned where)
{
    size_t          pos, end;
    xpecto_span_t   span;
    xpecto_named_t  named;

    named = xpecto_name_of_parts(rd, name, len, where);

    if (named.class != XPECTO_CLASS_NONE || xpecto_edit_plain(name, len)) {
        return named;
    }

    /* a name may be what is left of it when a token or a number is gone */

    end = 0;
    pos = 0;

    while (xpecto_scan_next(name, len, &pos, rd->classes, 0, &span)
           == XPECTO_OK)
    {
        end = span.end;
    }

    return end ? xpecto_name_of_parts(rd, name + end, len - end, where) : named;
}


static xpecto_named_t
xpecto_name_of_parts(const xpecto_redact_t *rd, const uint8_t *name,
    size_t len, unsigned where)
{
    size_t          n, i, last;
    uint8_t         buf[XPECTO_RAW_NAME_MAX];
    xpecto_class_e  class;
    xpecto_named_t  named;

    /* the parts of "a[b][c]" may be names, however long all of it is */

    n = xpecto_name_fold_max(buf, sizeof(buf), name, len);

    named = xpecto_name_find(rd, buf, n, where, NULL, 0);

    if (n == 0 || named.class != XPECTO_CLASS_NONE) {
        return named;
    }

    if (buf[n - 1] >= '0' && buf[n - 1] <= '9') {

        while (n > 0 && buf[n - 1] >= '0' && buf[n - 1] <= '9') {
            n--;
        }

        return xpecto_name_find(rd, buf, n, where, NULL, 0);
    }

    if (buf[n - 1] != ']') {
        return named;
    }

    /*
     * "to[]", "to[0]": what is outside; "contact[wa_id]": what is inside.
     * "a[phone]" is what is left of a name that held a number.
     */

    for (i = 0; (buf[i] >= 'a' && buf[i] <= 'z')
                || (buf[i] >= '0' && buf[i] <= '9'); i++)
    {
        /* void */
    }

    if (i == 0 || buf[i] != '[') {
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


xpecto_rc_e
xpecto_name_within(xpecto_named_t *named, const uint8_t *name, size_t len,
    const uint8_t *parent, size_t plen)
{
    size_t                 i;
    const xpecto_child_t  *child;

    for (i = 0; i < XPECTO_CHILDREN; i++) {

        child = &xpecto_children[i];

        if (strlen(child->parent) == plen
            && memcmp(child->parent, parent, plen) == 0
            && strlen(child->name) == len
            && memcmp(child->name, name, len) == 0)
        {
            named->class = (xpecto_class_e) child->class;
            named->flags = 0;

            return XPECTO_OK;
        }
    }

    return XPECTO_DECLINED;
}


/*
 * A name and "=", perhaps an encoded one, whose value may have taken the rest;
 * what was redacted in the name may have a space.
 */

size_t
xpecto_edit_form_sign(const uint8_t *p, size_t i, size_t to)
{
    size_t   end;
    uint8_t  c;

    for ( /* void */ ; i < to; i++) {

        c = p[i];

        if (c == '[') {
            end = xpecto_edit_find(p, i, to, ']');

            if (end < to && xpecto_edit_redacted(p + i, end + 1 - i)) {
                i = end;
                continue;
            }
        }

        if (c == '%') {
            end = i + 1;

            while (to - end > 2 && p[end] == '2' && p[end + 1] == '5') {
                end += 2;
            }

            if (to - end > 1 && p[end] == '3' && (p[end + 1] | 0x20) == 'd') {
                return i;
            }
        }

        if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
            && (c < '0' || c > '9') && memchr("_-.~*+%[]$:&", c, 12) == NULL)
        {
            return c == '=' ? i : to;
        }
    }

    return to;
}
