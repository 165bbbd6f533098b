
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_page.h"


/* where the next byte of a page goes, if there is room for it */

typedef struct {
    uint8_t     *dst;
    size_t       cap;
    size_t       n;
} xpecto_page_out_t;


static int xpecto_page_is(const xpecto_page_part_t *part,
    const xpecto_page_facts_t *facts, unsigned purpose);
static unsigned xpecto_page_next(uint16_t asked, unsigned purpose);
static void xpecto_page_put_part(xpecto_page_out_t *out,
    const xpecto_page_part_t *part, const xpecto_page_facts_t *facts,
    unsigned purpose);
static void xpecto_page_put(xpecto_page_out_t *out, const uint8_t *p,
    size_t len);
static void xpecto_page_put_text(xpecto_page_out_t *out, const char *text);
static void xpecto_page_escape(xpecto_page_out_t *out, const xpecto_str_t *s);


size_t
xpecto_page_render(const xpecto_page_t *page, const xpecto_page_facts_t *facts,
    uint8_t *dst, size_t cap)
{
    size_t                     i;
    unsigned                   purpose;
    xpecto_page_out_t          out;
    const xpecto_page_part_t  *part;

    out.dst = dst;
    out.cap = cap;
    out.n = 0;

    purpose = XPECTO_PURPOSES;

    for (i = 0; i < page->n; i++) {
        part = &page->parts[i];

        switch (part->kind) {

        case XPECTO_PAGE_EACH:
            purpose = xpecto_page_next(facts->asked, 0);

            if (purpose == XPECTO_PURPOSES) {
                i = part->jump;
            }

            break;

        case XPECTO_PAGE_IF:
        case XPECTO_PAGE_UNLESS:
        case XPECTO_PAGE_IF_REFUSED:
        case XPECTO_PAGE_IF_PRESUMED:

            if (!xpecto_page_is(part, facts, purpose)) {
                i = part->jump;
            }

            break;

        case XPECTO_PAGE_END:

            if (part->what) {
                purpose = xpecto_page_next(facts->asked, purpose + 1);

                if (purpose != XPECTO_PURPOSES) {
                    i = part->jump;
                }
            }

            break;

        default:
            xpecto_page_put_part(&out, part, facts, purpose);
        }
    }

    return out.n;
}


static int
xpecto_page_is(const xpecto_page_part_t *part,
    const xpecto_page_facts_t *facts, unsigned purpose)
{
    uint16_t  bit;

    bit = XPECTO_PURPOSE_BIT(purpose & (XPECTO_PURPOSES - 1));

    switch (part->kind) {

    case XPECTO_PAGE_IF:
        return (facts->flags & part->what) != 0;

    case XPECTO_PAGE_UNLESS:
        return (facts->flags & part->what) == 0;

    case XPECTO_PAGE_IF_REFUSED:
        return ((facts->chosen | facts->barred) & ~facts->granted & bit) != 0;

    default: /* XPECTO_PAGE_IF_PRESUMED */
        return (facts->granted & ~facts->chosen & bit) != 0;
    }
}


/* the first purpose in use from the given one on, or XPECTO_PURPOSES */

static unsigned
xpecto_page_next(uint16_t asked, unsigned purpose)
{
    while (purpose < XPECTO_PURPOSES
           && !(asked & XPECTO_PURPOSE_BIT(purpose)))
    {
        purpose++;
    }

    return purpose;
}


static void
xpecto_page_put_part(xpecto_page_out_t *out, const xpecto_page_part_t *part,
    const xpecto_page_facts_t *facts, unsigned purpose)
{
    xpecto_str_t         name;
    const xpecto_str_t  *value;

    if (part->kind == XPECTO_PAGE_CHECKED) {
        purpose = part->what;
    }

    switch (part->kind) {

    case XPECTO_PAGE_TEXT:
        xpecto_page_put(out, part->text.data, part->text.len);
        break;

    case XPECTO_PAGE_VALUE:
        value = &facts->values[part->what];

        if (part->what != XPECTO_PAGE_RETURN
            && part->what != XPECTO_PAGE_BACK)
        {
            xpecto_page_escape(out, value);

        } else if (value->len) {
            xpecto_page_put_text(out, "<input type=\"hidden\" name=\"return\" "
                                      "value=\"");
            xpecto_page_escape(out, value);
            xpecto_page_put_text(out, "\">");
        }

        break;

    case XPECTO_PAGE_ITS_NAME:
        name = xpecto_purpose_name(purpose);
        xpecto_page_escape(out, &name);
        break;

    case XPECTO_PAGE_ITS_LABEL:
        xpecto_page_put_text(out, xpecto_page_label(purpose));
        break;

    case XPECTO_PAGE_ITS_TEXT:
        xpecto_page_put_text(out, xpecto_page_sentence(purpose));
        break;

    default: /* XPECTO_PAGE_CHECKED, XPECTO_PAGE_ITS_CHECKED */

        if (facts->chosen & XPECTO_PURPOSE_BIT(purpose)) {
            xpecto_page_put_text(out, "checked");
        }
    }
}


static void
xpecto_page_put(xpecto_page_out_t *out, const uint8_t *p, size_t len)
{
    if (out->n < out->cap) {
        memcpy(out->dst + out->n, p,
               len < out->cap - out->n ? len : out->cap - out->n);
    }

    out->n += len;
}


static void
xpecto_page_put_text(xpecto_page_out_t *out, const char *text)
{
    xpecto_page_put(out, (const uint8_t *) text, strlen(text));
}


static void
xpecto_page_escape(xpecto_page_out_t *out, const xpecto_str_t *s)
{
    size_t  i;

    for (i = 0; i < s->len; i++) {

        switch (s->data[i]) {

        case '<':
            xpecto_page_put_text(out, "&lt;");
            break;

        case '>':
            xpecto_page_put_text(out, "&gt;");
            break;

        case '&':
            xpecto_page_put_text(out, "&amp;");
            break;

        case '"':
            xpecto_page_put_text(out, "&quot;");
            break;

        case '\'':
            xpecto_page_put_text(out, "&#39;");
            break;

        default:
            xpecto_page_put(out, &s->data[i], 1);
        }
    }
}


size_t
xpecto_page_longest(const xpecto_page_t *page,
    const xpecto_page_facts_t *facts)
{
    size_t               n, max;
    unsigned             i;
    xpecto_page_facts_t  some;

    max = 0;
    some = *facts;

    /* a note beside each purpose, of either kind, or all of them ticked */

    for (i = 0; i < 3 * (XPECTO_PAGE_FLAGS + 1); i++) {
        some.flags = i % (XPECTO_PAGE_FLAGS + 1);
        some.chosen = (i > 2 * XPECTO_PAGE_FLAGS + 1) ? 0 : facts->asked;
        some.granted = (i > XPECTO_PAGE_FLAGS) ? facts->asked : 0;

        n = xpecto_page_render(page, &some, NULL, 0);

        if (n > max) {
            max = n;
        }
    }

    return max;
}
