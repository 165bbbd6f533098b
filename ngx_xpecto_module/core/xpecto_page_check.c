
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

/*
 * The walk through a template.  It knows the elements and attributes that a
 * page of choices needs and refuses all others, and it asks for HTML that is
 * written out: so a browser makes the same tree of it, and what is checked
 * is what is shown.
 */


#include <string.h>

#include "xpecto_page_check.h"


static xpecto_rc_e xpecto_page_walk(xpecto_page_check_t *c);
static void xpecto_page_check_text(xpecto_page_check_t *c);
static xpecto_rc_e xpecto_page_check_placeholder(xpecto_page_check_t *c);
static xpecto_rc_e xpecto_page_check_end(xpecto_page_check_t *c);
static xpecto_rc_e xpecto_page_check_tag(xpecto_page_check_t *c);
static xpecto_rc_e xpecto_page_check_style(xpecto_page_check_t *c,
    const xpecto_page_tag_t *tag);


xpecto_rc_e
xpecto_page_check(const uint8_t *src, size_t len, uint16_t asked,
    xpecto_str_t *style, xpecto_page_err_t *err)
{
    xpecto_page_check_t  c;

    memset(&c, 0, sizeof(xpecto_page_check_t));

    c.src = src;
    c.p = src;
    c.last = src + len;
    c.err = err;

    xpecto_page_space(&c);

    if (!xpecto_page_begins(&c, "<!doctype html>")
        && !xpecto_page_begins(&c, "<!DOCTYPE html>"))
    {
        return xpecto_page_refuse(&c, "no <!doctype html>", c.p, 0);
    }

    c.p += sizeof("<!doctype html>") - 1;

    if (xpecto_page_walk(&c) != XPECTO_OK) {
        return XPECTO_ERROR;
    }

    if (c.nopen) {
        return xpecto_page_refuse(&c, "an element without an end",
                        (const uint8_t *) xpecto_page_elements[c.open[0]].name,
                        strlen(xpecto_page_elements[c.open[0]].name));
    }

    if (!c.title) {
        return xpecto_page_refuse(&c, "no <title>", NULL, 0);
    }

    if (xpecto_page_check_forms(&c, asked) != XPECTO_OK) {
        return XPECTO_ERROR;
    }

    *style = c.style;

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_page_walk(xpecto_page_check_t *c)
{
    xpecto_rc_e     rc;
    const uint8_t  *end;

    while (c->p < c->last) {

        if (xpecto_page_begins(c, "{{")) {
            rc = xpecto_page_check_placeholder(c);

        } else if (xpecto_page_begins(c, "<!--")) {

            /* nothing in it that could end it in another reader */

            for (end = c->p + 4; end < c->last; end++) {
                if (*end == '<' || *end == '>' || *end == '{'
                    || (*end == '-' && end + 1 < c->last && end[1] == '-'))
                {
                    break;
                }
            }

            if (c->last - end < 3 || memcmp(end, "-->", 3) != 0
                || end == c->p + 4)
            {
                return xpecto_page_refuse(c, "a comment that is empty, has no "
                                             "end or has \"<\", \">\", \"{\" "
                                             "or \"--\" in it", c->p, 4);
            }

            c->p = end + 3;
            c->run++;
            continue;

        } else if (xpecto_page_begins(c, "</")) {
            rc = xpecto_page_check_end(c);

        } else if (*c->p == '<') {
            rc = xpecto_page_check_tag(c);

        } else {

            xpecto_page_check_text(c);
            continue;
        }

        if (rc != XPECTO_OK) {
            return rc;
        }
    }

    return XPECTO_OK;
}


/* a button and a label say something; what "&nbsp;" says cannot be seen */

static void
xpecto_page_check_text(xpecto_page_check_t *c)
{
    const uint8_t  *end;

    if (*c->p == '&') {
        end = c->p + 1;
        end = xpecto_page_word(end + (end < c->last && *end == '#'), c->last);

        if (end < c->last && *end == ';') {
            c->p = end + 1;
            return;
        }
    }

    if ((*c->p >= 'a' && *c->p <= 'z') || (*c->p >= 'A' && *c->p <= 'Z')
        || *c->p >= 0x80)
    {
        c->text |= (c->nsections == c->nlabel);

        if (c->button != NULL) {
            c->button->text = 1;
        }
    }

    c->p++;
}


/* between elements, where text stands */

static xpecto_rc_e
xpecto_page_check_placeholder(xpecto_page_check_t *c)
{
    const uint8_t       *p;
    xpecto_page_part_t   part;

    p = c->p;

    if (xpecto_page_placeholder(p, c->last, &part, &c->p, c->err)
        != XPECTO_OK)
    {
        return xpecto_page_refuse(c, c->err->text, p, c->err->word.len);
    }

    if (c->button != NULL) {
        return xpecto_page_refuse(c, "a placeholder in a button",
                                  part.text.data, part.text.len);
    }

    switch (part.kind) {

    case XPECTO_PAGE_VALUE:
    case XPECTO_PAGE_ITS_NAME:
    case XPECTO_PAGE_ITS_LABEL:
    case XPECTO_PAGE_ITS_TEXT:

        if (part.kind == XPECTO_PAGE_VALUE
            && (part.what == XPECTO_PAGE_RETURN
                || part.what == XPECTO_PAGE_BACK)
            && c->form == NULL)
        {
            return xpecto_page_refuse(c, "a return outside of a form",
                                      part.text.data, part.text.len);
        }

        c->text |= (part.kind == XPECTO_PAGE_ITS_LABEL
                    && c->nsections == c->nlabel);
        break;

    case XPECTO_PAGE_CHECKED:
    case XPECTO_PAGE_ITS_CHECKED:
        return xpecto_page_refuse(c, "outside of a checkbox",
                                  part.text.data, part.text.len);

    case XPECTO_PAGE_END:

        if (c->nsections == 0 || c->depths[--c->nsections] != c->nopen) {
            return xpecto_page_refuse(c, "a section that ends within another "
                                         "element than it begins in",
                                      part.text.data, part.text.len);
        }

        break;

    default:

        if (c->nsections == XPECTO_PAGE_OPEN) {
            return xpecto_page_refuse(c, "too many sections within sections",
                                      part.text.data, part.text.len);
        }

        c->sections[c->nsections] = part;
        c->depths[c->nsections++] = c->nopen;
    }

    c->run++;

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_page_check_end(xpecto_page_check_t *c)
{
    size_t                        len;
    const uint8_t                *p, *end;
    const xpecto_page_element_t  *element;

    p = c->p;
    end = xpecto_page_word(p + 2, c->last);
    len = (size_t) (end - p) - 2;

    element = c->nopen ? &xpecto_page_elements[c->open[c->nopen - 1]] : NULL;

    if (element == NULL || strlen(element->name) != len
        || memcmp(element->name, p + 2, len) != 0
        || end == c->last || *end != '>'
        || (c->nsections && c->depths[c->nsections - 1] == c->nopen))
    {
        return xpecto_page_refuse(c, "an end of an element that is not the "
                                     "last one that is open, in lower case",
                                  p, (size_t) (end - p));
    }

    switch (c->open[--c->nopen]) {

    case XPECTO_PAGE_EL_FORM:
        c->form = NULL;
        c->run++;
        break;

    case XPECTO_PAGE_EL_BUTTON:
        c->button = NULL;
        break;

    case XPECTO_PAGE_EL_LABEL:

        if (!c->text) {
            return xpecto_page_refuse(c, "a label without a text that is "
                                         "always there",
                                      p, (size_t) (end - p));
        }

        c->label = 0;
        c->run++;
        break;

    default:
        c->run++;
    }

    c->p = end + 1;

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_page_check_tag(xpecto_page_check_t *c)
{
    size_t                        n;
    xpecto_rc_e                   rc;
    xpecto_str_t                  raw;
    xpecto_page_tag_t             tag;
    const xpecto_page_element_t  *element;

    if (xpecto_page_read_tag(c, &n, &tag) != XPECTO_OK) {
        return XPECTO_ERROR;
    }

    element = &xpecto_page_elements[n];
    rc = XPECTO_OK;

    switch (n) {

    case XPECTO_PAGE_EL_TITLE:
        c->title = 1;
        return xpecto_page_read_raw(c, "</title>", &raw);

    case XPECTO_PAGE_EL_STYLE:
        return xpecto_page_check_style(c, &tag);

    case XPECTO_PAGE_EL_FORM:
        rc = xpecto_page_check_form(c, &tag);
        break;

    case XPECTO_PAGE_EL_INPUT:
        rc = xpecto_page_check_input(c, &tag);
        break;

    case XPECTO_PAGE_EL_BUTTON:
        rc = xpecto_page_check_button(c, &tag);
        break;

    case XPECTO_PAGE_EL_LABEL:
        c->label = 1;
        c->text = 0;
        c->nlabel = c->nsections;
        break;

    default:
        break;
    }

    if (rc != XPECTO_OK) {
        return rc;
    }

    if (n != XPECTO_PAGE_EL_BUTTON) {
        c->run++;
    }

    if (element->flags & XPECTO_PAGE_VOID_ELEMENT) {
        return XPECTO_OK;
    }

    if (c->nopen == XPECTO_PAGE_OPEN) {
        return xpecto_page_refuse(c, "too many elements within elements",
                                  tag.name.data, tag.name.len);
    }

    c->open[c->nopen++] = n;

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_page_check_style(xpecto_page_check_t *c, const xpecto_page_tag_t *tag)
{
    if (c->styled || c->nsections) {
        return xpecto_page_refuse(c, "a second style, or one that is not "
                                     "always there",
                                  tag->name.data, tag->name.len);
    }

    c->styled = 1;

    if (xpecto_page_read_raw(c, "</style>", &c->style) != XPECTO_OK) {
        return XPECTO_ERROR;
    }

    if (xpecto_page_style(c->style.data, c->style.len, c->err) != XPECTO_OK) {
        return xpecto_page_refuse(c, c->err->text, c->err->word.data,
                                  c->err->word.len);
    }

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_page_refuse(xpecto_page_check_t *c, const char *text, const uint8_t *p,
    size_t len)
{
    xpecto_page_err_t  *err;

    err = c->err;

    err->text = text;
    err->word.data = p;
    err->word.len = len;
    err->line = 0;

    /* what is missing stands nowhere */

    if (p < c->src || p > c->last) {
        return XPECTO_ERROR;
    }

    err->line = 1;

    while (p > c->src) {
        if (*--p == '\n') {
            err->line++;
        }
    }

    return XPECTO_ERROR;
}


int
xpecto_page_in_age(const xpecto_page_check_t *c)
{
    size_t  i;

    for (i = 0; i < c->nsections; i++) {
        if (c->sections[i].kind == XPECTO_PAGE_IF
            && c->sections[i].what == XPECTO_PAGE_AGE)
        {
            return 1;
        }
    }

    return 0;
}


int
xpecto_page_in_each(const xpecto_page_check_t *c)
{
    size_t  i;

    for (i = 0; i < c->nsections; i++) {
        if (c->sections[i].kind == XPECTO_PAGE_EACH) {
            return 1;
        }
    }

    return 0;
}


int
xpecto_page_is_steady(const xpecto_page_check_t *c)
{
    size_t                     i;
    const xpecto_page_part_t  *section;

    for (i = 0; i < c->nsections; i++) {
        section = &c->sections[i];

        if (section->kind != XPECTO_PAGE_EACH
            && (section->kind != XPECTO_PAGE_UNLESS
                || (section->what != XPECTO_PAGE_AGE
                    && section->what != XPECTO_PAGE_YOUNG)))
        {
            return 0;
        }
    }

    return 1;
}
