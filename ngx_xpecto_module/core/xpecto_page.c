
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_page.h"


#define XPECTO_PAGE_DEPTH  8            /* sections within sections */


typedef struct {
    const char  *name;
    uint8_t      kind;
    uint8_t      what;
} xpecto_page_name_t;


static const xpecto_page_name_t *xpecto_page_find(
    const xpecto_page_name_t *names, const uint8_t *p, size_t len);
static xpecto_rc_e xpecto_page_section(xpecto_page_t *page, size_t *stack,
    size_t *depth, xpecto_page_err_t *err);
static xpecto_rc_e xpecto_page_bad(xpecto_page_err_t *err, const char *text,
    const uint8_t *p, size_t len);


static const xpecto_page_name_t  xpecto_page_values[] = {
    { "action", XPECTO_PAGE_VALUE, XPECTO_PAGE_ACTION },
    { "policy", XPECTO_PAGE_VALUE, XPECTO_PAGE_POLICY },
    { "return", XPECTO_PAGE_VALUE, XPECTO_PAGE_RETURN },
    { "back", XPECTO_PAGE_VALUE, XPECTO_PAGE_BACK },
    { "updated", XPECTO_PAGE_VALUE, XPECTO_PAGE_UPDATED },
    { "expires", XPECTO_PAGE_VALUE, XPECTO_PAGE_EXPIRES },
    { "revision", XPECTO_PAGE_VALUE, XPECTO_PAGE_REVISION },
    { "need", XPECTO_PAGE_VALUE, XPECTO_PAGE_NEED },
    { "name", XPECTO_PAGE_ITS_NAME, 0 },
    { "label", XPECTO_PAGE_ITS_LABEL, 0 },
    { "text", XPECTO_PAGE_ITS_TEXT, 0 },
    { "checked", XPECTO_PAGE_ITS_CHECKED, 0 },
    { NULL, 0, 0 }
};


static const xpecto_page_name_t  xpecto_page_sections[] = {
    { "chosen", XPECTO_PAGE_IF, XPECTO_PAGE_CHOSEN },
    { "void", XPECTO_PAGE_IF, XPECTO_PAGE_VOID },
    { "granted", XPECTO_PAGE_IF, XPECTO_PAGE_GRANTED },
    { "gpc", XPECTO_PAGE_IF, XPECTO_PAGE_GPC },
    { "age", XPECTO_PAGE_IF, XPECTO_PAGE_AGE },
    { "young", XPECTO_PAGE_IF, XPECTO_PAGE_YOUNG },
    { "needed", XPECTO_PAGE_IF, XPECTO_PAGE_NEEDED },
    { "purposes", XPECTO_PAGE_EACH, 0 },
    { "refused", XPECTO_PAGE_IF_REFUSED, 0 },
    { "presumed", XPECTO_PAGE_IF_PRESUMED, 0 },
    { NULL, 0, 0 }
};


static const char  xpecto_page_checked[] = "checked.";


size_t
xpecto_page_parts(const uint8_t *src, size_t len)
{
    size_t  i, n;

    n = 1;

    for (i = 0; i + 1 < len; i++) {
        if (src[i] == '{' && src[i + 1] == '{') {
            n += 2;
        }
    }

    return n;
}


xpecto_rc_e
xpecto_page_compile(xpecto_page_t *page, xpecto_page_part_t *parts,
    const uint8_t *src, size_t len, xpecto_page_err_t *err)
{
    size_t               depth, stack[XPECTO_PAGE_DEPTH];
    const uint8_t       *p, *text, *last, *start;
    xpecto_page_part_t  *part;

    page->parts = parts;
    page->n = 0;

    depth = 0;
    text = src;
    start = src;
    last = src + len;

    for (p = src; p < last; /* void */) {

        if (*p < ' ' && *p != '\n' && *p != '\r' && *p != '\t') {
            (void) xpecto_page_bad(err, "a control character", NULL, 0);
            goto failed;
        }

        if (last - p < 2 || p[0] != '{' || p[1] != '{') {
            p++;
            continue;
        }

        if (p != text) {
            part = &page->parts[page->n++];
            part->kind = XPECTO_PAGE_TEXT;
            part->what = 0;
            part->jump = 0;
            part->text.data = text;
            part->text.len = (size_t) (p - text);
        }

        start = p;
        part = &page->parts[page->n++];

        if (xpecto_page_placeholder(p, last, part, &p, err) != XPECTO_OK
            || xpecto_page_section(page, stack, &depth, err) != XPECTO_OK)
        {
            p = start;
            goto failed;
        }

        text = p;
    }

    if (depth) {
        part = &page->parts[stack[depth - 1]];
        p = part->text.data;

        (void) xpecto_page_bad(err, "a section without an end", p,
                               part->text.len);
        goto failed;
    }

    if (p != text) {
        part = &page->parts[page->n++];
        part->kind = XPECTO_PAGE_TEXT;
        part->what = 0;
        part->jump = 0;
        part->text.data = text;
        part->text.len = (size_t) (p - text);
    }

    return XPECTO_OK;

failed:

    err->line = 1;

    while (p > src) {
        if (*--p == '\n') {
            err->line++;
        }
    }

    return XPECTO_ERROR;
}


xpecto_rc_e
xpecto_page_placeholder(const uint8_t *p, const uint8_t *last,
    xpecto_page_part_t *part, const uint8_t **next, xpecto_page_err_t *err)
{
    int                        purpose;
    size_t                     len;
    uint8_t                    sigil;
    const uint8_t             *end;
    const xpecto_page_name_t  *name;

    for (end = p + 2; end < last && *end != '}' && *end != '\n'; end++) {
        /* void */
    }

    if (last - end < 2 || end[0] != '}' || end[1] != '}') {
        return xpecto_page_bad(err, "a placeholder without an end", p,
                               (size_t) (end - p));
    }

    part->jump = 0;
    part->text.data = p;
    part->text.len = (size_t) (end + 2 - p);

    *next = end + 2;
    p += 2;

    sigil = *p;

    if (sigil == '#' || sigil == '^' || sigil == '/') {
        p++;

    } else {
        sigil = 0;
    }

    len = (size_t) (end - p);

    name = xpecto_page_find(sigil ? xpecto_page_sections : xpecto_page_values,
                            p, len);

    if (name != NULL) {
        part->kind = name->kind;
        part->what = name->what;

        if (sigil == '/') {
            part->kind = XPECTO_PAGE_END;
            part->what = (name->kind == XPECTO_PAGE_EACH);
            return XPECTO_OK;
        }

        if (sigil != '^') {
            return XPECTO_OK;
        }

        if (name->kind == XPECTO_PAGE_IF) {
            part->kind = XPECTO_PAGE_UNLESS;
            return XPECTO_OK;
        }
    }

    if (sigil == 0 && len >= sizeof(xpecto_page_checked) - 1
        && memcmp(p, xpecto_page_checked, sizeof(xpecto_page_checked) - 1)
           == 0)
    {
        purpose = xpecto_purpose_find(p + sizeof(xpecto_page_checked) - 1,
                                      len - (sizeof(xpecto_page_checked) - 1));

        if (purpose >= 0) {
            part->kind = XPECTO_PAGE_CHECKED;
            part->what = (uint8_t) purpose;
            return XPECTO_OK;
        }
    }

    return xpecto_page_bad(err, "an unknown placeholder", part->text.data,
                           part->text.len);
}


static const xpecto_page_name_t *
xpecto_page_find(const xpecto_page_name_t *names, const uint8_t *p, size_t len)
{
    for (/* void */; names->name != NULL; names++) {

        if (strlen(names->name) == len && memcmp(names->name, p, len) == 0) {
            return names;
        }
    }

    return NULL;
}


/* the last part of the page: whether it may stand where it does */

static xpecto_rc_e
xpecto_page_section(xpecto_page_t *page, size_t *stack, size_t *depth,
    xpecto_page_err_t *err)
{
    size_t               i, len;
    unsigned             each;
    xpecto_page_part_t  *part, *open;

    part = &page->parts[page->n - 1];

    each = 0;

    for (i = 0; i < *depth; i++) {
        each |= (page->parts[stack[i]].kind == XPECTO_PAGE_EACH);
    }

    switch (part->kind) {

    case XPECTO_PAGE_TEXT:
    case XPECTO_PAGE_VALUE:
    case XPECTO_PAGE_CHECKED:
        return XPECTO_OK;

    case XPECTO_PAGE_END:
        open = *depth ? &page->parts[stack[*depth - 1]] : NULL;
        len = part->text.len;

        if (open == NULL || open->text.len != len
            || memcmp(open->text.data + 3, part->text.data + 3, len - 3) != 0)
        {
            return xpecto_page_bad(err, "an end of what is not open",
                                   part->text.data, len);
        }

        open->jump = (uint16_t) (page->n - 1);
        part->jump = (uint16_t) stack[--*depth];
        return XPECTO_OK;

    case XPECTO_PAGE_EACH:

        if (each) {
            return xpecto_page_bad(err, "purposes within purposes",
                                   part->text.data, part->text.len);
        }

        break;

    case XPECTO_PAGE_IF:
    case XPECTO_PAGE_UNLESS:
        break;

    default:

        if (!each) {
            return xpecto_page_bad(err, "outside of {{#purposes}}",
                                   part->text.data, part->text.len);
        }

        if (part->kind < XPECTO_PAGE_IF_REFUSED) {
            return XPECTO_OK;
        }
    }

    if (*depth == XPECTO_PAGE_DEPTH) {
        return xpecto_page_bad(err, "too many sections within sections",
                               part->text.data, part->text.len);
    }

    stack[(*depth)++] = page->n - 1;

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_page_bad(xpecto_page_err_t *err, const char *text, const uint8_t *p,
    size_t len)
{
    err->text = text;
    err->word.data = p;
    err->word.len = len;
    err->line = 0;

    return XPECTO_ERROR;
}
