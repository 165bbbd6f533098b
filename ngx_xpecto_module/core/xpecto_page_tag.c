
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_page_check.h"


#define xpecto_page_a(n)          (1u << XPECTO_PAGE_ ## n)

#define XPECTO_PAGE_COMMON                                                   \
    (xpecto_page_a(CLASS)|xpecto_page_a(ID)|xpecto_page_a(LANG)              \
     |xpecto_page_a(DIR)|xpecto_page_a(ROLE)|xpecto_page_a(ARIA_LABEL)       \
     |xpecto_page_a(ARIA_LABELLEDBY)|xpecto_page_a(ARIA_DESCRIBEDBY)         \
     |xpecto_page_a(ARIA_LIVE))


static xpecto_rc_e xpecto_page_read_attribute(xpecto_page_check_t *c,
    unsigned allowed, xpecto_page_tag_t *tag);
static xpecto_rc_e xpecto_page_read_checked(xpecto_page_check_t *c,
    xpecto_page_tag_t *tag);
static xpecto_rc_e xpecto_page_read_value(xpecto_page_check_t *c,
    xpecto_str_t *value);
static int xpecto_page_is_space(uint8_t c);
static int xpecto_page_is_plain(uint8_t c);


static const char *const  xpecto_page_attributes[XPECTO_PAGE_ATTRIBUTES] = {
    "class", "id", "lang", "dir", "role", "aria-label", "aria-labelledby",
    "aria-describedby", "aria-live", "charset", "name", "content", "href",
    "method", "action", "autocomplete", "for", "type", "value", "form",
    "required", "min", "max", "inputmode", "maxlength"
};


const xpecto_page_element_t  xpecto_page_elements[] = {
    { "title", 0, 0 },
    { "style", 0, 0 },
    { "form", XPECTO_PAGE_COMMON|xpecto_page_a(METHOD)
      |xpecto_page_a(FORM_ACTION)|xpecto_page_a(AUTOCOMPLETE), 0 },
    { "input", XPECTO_PAGE_COMMON|xpecto_page_a(NAME)|xpecto_page_a(TYPE)
      |xpecto_page_a(FIELD)|xpecto_page_a(REQUIRED)|xpecto_page_a(MIN)
      |xpecto_page_a(MAX)|xpecto_page_a(INPUTMODE)|xpecto_page_a(MAXLENGTH)
      |xpecto_page_a(AUTOCOMPLETE), XPECTO_PAGE_VOID_ELEMENT },
    { "button", xpecto_page_a(CLASS)|xpecto_page_a(NAME)|xpecto_page_a(TYPE)
      |xpecto_page_a(FIELD)|xpecto_page_a(FORM), XPECTO_PAGE_ONCE },
    { "label", XPECTO_PAGE_COMMON|xpecto_page_a(FOR), XPECTO_PAGE_ONCE },

    { "html", XPECTO_PAGE_COMMON, XPECTO_PAGE_ONCE },
    { "meta", xpecto_page_a(CHARSET)|xpecto_page_a(NAME)
      |xpecto_page_a(CONTENT), XPECTO_PAGE_VOID_ELEMENT },
    { "a", XPECTO_PAGE_COMMON|xpecto_page_a(HREF), XPECTO_PAGE_ONCE },

    { "head", 0, XPECTO_PAGE_ONCE },
    { "body", XPECTO_PAGE_COMMON, XPECTO_PAGE_ONCE },
    { "main", XPECTO_PAGE_COMMON, XPECTO_PAGE_ONCE },
    { "header", XPECTO_PAGE_COMMON, 0 },
    { "footer", XPECTO_PAGE_COMMON, 0 },
    { "nav", XPECTO_PAGE_COMMON, 0 },
    { "section", XPECTO_PAGE_COMMON, 0 },
    { "div", XPECTO_PAGE_COMMON, 0 },
    { "h1", XPECTO_PAGE_COMMON, 0 },
    { "h2", XPECTO_PAGE_COMMON, 0 },
    { "h3", XPECTO_PAGE_COMMON, 0 },
    { "p", XPECTO_PAGE_COMMON, XPECTO_PAGE_ONCE },
    { "ul", XPECTO_PAGE_COMMON, 0 },
    { "ol", XPECTO_PAGE_COMMON, 0 },
    { "li", XPECTO_PAGE_COMMON, 0 },
    { "dl", XPECTO_PAGE_COMMON, 0 },
    { "dt", XPECTO_PAGE_COMMON, 0 },
    { "dd", XPECTO_PAGE_COMMON, 0 },
    { "fieldset", XPECTO_PAGE_COMMON, 0 },
    { "legend", XPECTO_PAGE_COMMON, 0 },
    { "span", XPECTO_PAGE_COMMON, 0 },
    { "b", XPECTO_PAGE_COMMON, 0 },
    { "strong", XPECTO_PAGE_COMMON, 0 },
    { "em", XPECTO_PAGE_COMMON, 0 },
    { "i", XPECTO_PAGE_COMMON, 0 },
    { "small", XPECTO_PAGE_COMMON, 0 },
    { "abbr", XPECTO_PAGE_COMMON, 0 },
    { "br", 0, XPECTO_PAGE_VOID_ELEMENT },
    { "hr", XPECTO_PAGE_COMMON, XPECTO_PAGE_VOID_ELEMENT },
    { NULL, 0, 0 }
};


xpecto_rc_e
xpecto_page_read_tag(xpecto_page_check_t *c, size_t *element,
    xpecto_page_tag_t *tag)
{
    size_t                        i, n;
    xpecto_rc_e                   rc;
    const uint8_t                *end;
    const xpecto_page_element_t  *el;

    memset(tag, 0, sizeof(xpecto_page_tag_t));

    end = xpecto_page_word(c->p + 1, c->last);

    tag->name.data = c->p;
    tag->name.len = (size_t) (end - c->p);
    tag->checked = -1;

    for (n = 0; xpecto_page_elements[n].name != NULL; n++) {

        if (strlen(xpecto_page_elements[n].name) == tag->name.len - 1
            && memcmp(xpecto_page_elements[n].name, c->p + 1,
                      tag->name.len - 1)
               == 0)
        {
            break;
        }
    }

    el = &xpecto_page_elements[n];

    if (el->name == NULL || c->button != NULL) {
        return xpecto_page_refuse(c, "an element that is not allowed there: "
                                     "in lower case, none that fetches or "
                                     "runs something, none in a button",
                                  tag->name.data, tag->name.len);
    }

    for (i = 0; i < c->nopen; i++) {
        if (c->open[i] == n && (el->flags & XPECTO_PAGE_ONCE)) {
            return xpecto_page_refuse(c, "an element within one of its kind",
                                      tag->name.data, tag->name.len);
        }
    }

    for (c->p = end; /* void */; /* void */) {
        end = c->p;
        xpecto_page_space(c);

        if (c->p < c->last && *c->p == '>') {
            c->p++;
            break;
        }

        if (c->p == end) {
            return xpecto_page_refuse(c, "a tag that is not written out",
                                      tag->name.data, tag->name.len);
        }

        rc = xpecto_page_begins(c, "{{")
             ? xpecto_page_read_checked(c, tag)
             : xpecto_page_read_attribute(c, el->attributes, tag);

        if (rc != XPECTO_OK) {
            return rc;
        }
    }

    *element = n;

    return xpecto_page_check_values(c, n, tag);
}


static xpecto_rc_e
xpecto_page_read_attribute(xpecto_page_check_t *c, unsigned allowed,
    xpecto_page_tag_t *tag)
{
    size_t          len;
    unsigned        n;
    const uint8_t  *p, *end;

    p = c->p;

    for (end = xpecto_page_word(p, c->last); end < c->last && *end == '-';
         end = xpecto_page_word(end + 1, c->last))
    {
        /* void */
    }

    len = (size_t) (end - p);

    for (n = 0; n < XPECTO_PAGE_ATTRIBUTES; n++) {

        if (strlen(xpecto_page_attributes[n]) == len
            && memcmp(xpecto_page_attributes[n], p, len) == 0)
        {
            break;
        }
    }

    if (len == sizeof("checked") - 1 && memcmp(p, "checked", len) == 0) {
        return xpecto_page_refuse(c, "a box that is ticked beforehand", p,
                                  len);
    }

    if (n == XPECTO_PAGE_ATTRIBUTES || !(allowed & 1u << n)
        || xpecto_page_has(tag, n))
    {
        return xpecto_page_refuse(c, "an attribute that is not allowed "
                                     "there, or is there twice", p,
                                  len ? len : 1);
    }

    tag->set |= 1u << n;
    c->p = end;

    if (n == XPECTO_PAGE_REQUIRED) {
        return XPECTO_OK;
    }

    if (end == c->last || *end != '=') {
        return xpecto_page_refuse(c, "an attribute without a value", p, len);
    }

    c->p++;

    return xpecto_page_read_value(c, &tag->values[n]);
}


/* "checked" or nothing, between the attributes of a checkbox */

static xpecto_rc_e
xpecto_page_read_checked(xpecto_page_check_t *c, xpecto_page_tag_t *tag)
{
    const uint8_t       *p;
    xpecto_page_part_t   part;

    p = c->p;

    if (xpecto_page_placeholder(p, c->last, &part, &c->p, c->err)
        != XPECTO_OK)
    {
        return xpecto_page_refuse(c, c->err->text, p, c->err->word.len);
    }

    if ((part.kind != XPECTO_PAGE_CHECKED
         && part.kind != XPECTO_PAGE_ITS_CHECKED)
        || tag->checked >= 0)
    {
        return xpecto_page_refuse(c, "a placeholder that is not allowed there",
                                  p, part.text.len);
    }

    tag->checked = (part.kind == XPECTO_PAGE_CHECKED) ? part.what
                                                      : XPECTO_PURPOSES;

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_page_read_value(xpecto_page_check_t *c, xpecto_str_t *value)
{
    uint8_t              quote;
    const uint8_t       *p, *next;
    xpecto_page_part_t   part;

    p = c->p;
    quote = (p < c->last && (*p == '"' || *p == '\'')) ? *p : 0;

    if (quote == 0) {

        while (c->p < c->last && xpecto_page_is_plain(*c->p)) {
            c->p++;
        }

        value->data = p;
        value->len = (size_t) (c->p - p);

        return value->len ? XPECTO_OK
               : xpecto_page_refuse(c, "a value without quotes", p, 0);
    }

    for (p++; p < c->last && *p != quote; /* void */) {

        if (*p == '<') {
            return xpecto_page_refuse(c, "a \"<\" in a value", p, 1);
        }

        if (*p != '{' || c->last - p < 2 || p[1] != '{') {
            p++;
            continue;
        }

        if (xpecto_page_placeholder(p, c->last, &part, &next, c->err)
            != XPECTO_OK)
        {
            return xpecto_page_refuse(c, c->err->text, p, c->err->word.len);
        }

        if ((part.kind != XPECTO_PAGE_VALUE
             && part.kind != XPECTO_PAGE_ITS_NAME
             && part.kind != XPECTO_PAGE_ITS_LABEL
             && part.kind != XPECTO_PAGE_ITS_TEXT)
            || (part.kind == XPECTO_PAGE_VALUE
                && (part.what == XPECTO_PAGE_RETURN
                    || part.what == XPECTO_PAGE_BACK)))
        {
            return xpecto_page_refuse(c, "a placeholder that is not allowed "
                                         "there", p, part.text.len);
        }

        p = next;
    }

    if (p == c->last) {
        return xpecto_page_refuse(c, "a quote without an end", c->p, 0);
    }

    value->data = c->p + 1;
    value->len = (size_t) (p - value->data);
    c->p = p + 1;

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_page_read_raw(xpecto_page_check_t *c, const char *end,
    xpecto_str_t *raw)
{
    const uint8_t  *p;

    p = c->p;

    while (c->p < c->last && *c->p != '<' && !xpecto_page_begins(c, "{{")) {
        c->p++;
    }

    raw->data = p;
    raw->len = (size_t) (c->p - p);

    if (!xpecto_page_begins(c, end)) {
        return xpecto_page_refuse(c, "a title or style without an end, or "
                                     "with \"<\" or \"{{\" in it", p, 0);
    }

    c->p += strlen(end);

    return XPECTO_OK;
}


const uint8_t *
xpecto_page_word(const uint8_t *p, const uint8_t *last)
{
    while (p < last && ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z')
                        || (*p >= '0' && *p <= '9')))
    {
        p++;
    }

    return p;
}


int
xpecto_page_begins(const xpecto_page_check_t *c, const char *text)
{
    size_t  len;

    len = strlen(text);

    return (size_t) (c->last - c->p) >= len && memcmp(c->p, text, len) == 0;
}


int
xpecto_page_equal(const xpecto_str_t *s, const char *text)
{
    return s->len == strlen(text)
           && (s->len == 0 || memcmp(s->data, text, s->len) == 0);
}


void
xpecto_page_space(xpecto_page_check_t *c)
{
    while (c->p < c->last && xpecto_page_is_space(*c->p)) {
        c->p++;
    }
}


static int
xpecto_page_is_space(uint8_t c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}


/* of a value without quotes */

static int
xpecto_page_is_plain(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}
