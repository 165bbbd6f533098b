
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_page_check.h"


static xpecto_rc_e xpecto_page_check_id(xpecto_page_check_t *c,
    const xpecto_str_t *id);
static int xpecto_page_is_link(const xpecto_str_t *href);
static int xpecto_page_is_meta(const xpecto_page_tag_t *tag);


/* meta elements that say nothing a header would have to say */

static const char *const  xpecto_page_metas[] = {
    "viewport", "color-scheme", "theme-color", "description", "robots", NULL
};


xpecto_rc_e
xpecto_page_check_values(xpecto_page_check_t *c, size_t element,
    const xpecto_page_tag_t *tag)
{
    const xpecto_str_t  *id;

    id = &tag->values[XPECTO_PAGE_ID];

    if (xpecto_page_has(tag, XPECTO_PAGE_ID)
        && xpecto_page_check_id(c, id) != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    if (tag->checked >= 0 && element != XPECTO_PAGE_EL_INPUT) {
        return xpecto_page_refuse(c, "a placeholder that is not allowed there",
                                  tag->name.data, tag->name.len);
    }

    switch (element) {

    case XPECTO_PAGE_EL_HTML:

        if (tag->values[XPECTO_PAGE_LANG].len == 0) {
            return xpecto_page_refuse(c, "no language of the page: lang=",
                                      tag->name.data, tag->name.len);
        }

        break;

    case XPECTO_PAGE_EL_META:

        if (!xpecto_page_is_meta(tag)) {
            return xpecto_page_refuse(c, "a meta element other than charset, "
                                         "viewport, color-scheme, "
                                         "theme-color, description, robots",
                                      tag->name.data, tag->name.len);
        }

        break;

    case XPECTO_PAGE_EL_A:

        if (!xpecto_page_is_link(&tag->values[XPECTO_PAGE_HREF])) {
            return xpecto_page_refuse(c, "a link that leads elsewhere than "
                                         "{{policy}} or a path of this site",
                                      tag->name.data, tag->name.len);
        }

        break;

    case XPECTO_PAGE_EL_LABEL:

        if (!xpecto_page_has(tag, XPECTO_PAGE_FOR)) {
            break;
        }

        if (c->nfors == XPECTO_PAGE_LABELS) {
            return xpecto_page_refuse(c, "too many labels apart from their "
                                         "input",
                                      tag->name.data, tag->name.len);
        }

        c->fors[c->nfors++] = tag->values[XPECTO_PAGE_FOR];
        break;

    default:
        break;
    }

    return XPECTO_OK;
}


/* a button goes by the id of its form: an id is of one element */

static xpecto_rc_e
xpecto_page_check_id(xpecto_page_check_t *c, const xpecto_str_t *id)
{
    size_t  i;

    for (i = 0; i < c->nids; i++) {
        if (c->ids[i].len == id->len
            && memcmp(c->ids[i].data, id->data, id->len) == 0)
        {
            break;
        }
    }

    if (i < c->nids || i == XPECTO_PAGE_IDS) {
        return xpecto_page_refuse(c, "an id that is there twice, or too many",
                                  id->data, id->len);
    }

    c->ids[c->nids++] = *id;

    return XPECTO_OK;
}


static int
xpecto_page_is_link(const xpecto_str_t *href)
{
    size_t  i;

    if (xpecto_page_equal(href, "{{policy}}")) {
        return 1;
    }

    if (href->len == 0 || (href->data[0] != '/' && href->data[0] != '#')) {
        return 0;
    }

    /* "//host", also as "/\\host" or with an escape of HTML */

    for (i = 0; i < href->len; i++) {
        if (href->data[i] <= ' ' || href->data[i] == '\\'
            || href->data[i] == '&' || href->data[i] == '{'
            || (i == 1 && href->data[i] == '/'))
        {
            return 0;
        }
    }

    return 1;
}


static int
xpecto_page_is_meta(const xpecto_page_tag_t *tag)
{
    const char *const  *name;

    if (tag->set == 1u << XPECTO_PAGE_CHARSET) {
        return xpecto_page_equal(&tag->values[XPECTO_PAGE_CHARSET], "utf-8");
    }

    for (name = xpecto_page_metas; *name != NULL; name++) {

        if (tag->set == (1u << XPECTO_PAGE_NAME | 1u << XPECTO_PAGE_CONTENT)
            && xpecto_page_equal(&tag->values[XPECTO_PAGE_NAME], *name))
        {
            return 1;
        }
    }

    return 0;
}
