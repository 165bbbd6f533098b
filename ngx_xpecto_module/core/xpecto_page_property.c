
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

/*
 * What a style sheet of the page may say of an element.  Of the properties
 * that there are it may use those of a list, in which nothing takes an element
 * out of its place or out of sight; and of sizes neither too small ones, nor
 * such that push others off the screen.  All else is refused: what browsers
 * will learn one day is not in the list.
 *
 * Custom properties are colours or names, never numbers, so that var() can
 * stand where a colour does and nowhere else.
 */


#include <string.h>

#include "xpecto_page_style.h"


typedef enum {
    XPECTO_STYLE_FREE = 0,
    XPECTO_STYLE_WORDS,                 /* of a list */
    XPECTO_STYLE_CUSTOM,
    XPECTO_STYLE_SPACE,                 /* not negative, not large */
    XPECTO_STYLE_NEAR,                  /* not large */
    XPECTO_STYLE_SIZE,                  /* not small */
    XPECTO_STYLE_LEAST,                 /* not so large that others go */
    XPECTO_STYLE_FONT,
    XPECTO_STYLE_LINE,
    XPECTO_STYLE_COLUMNS                /* of one width */
} xpecto_style_kind_e;


typedef struct {
    const char           *names;        /* of properties, with spaces around */
    xpecto_style_kind_e   kind;
    const char           *words;
} xpecto_page_property_t;


static const xpecto_page_property_t *xpecto_page_find_property(
    const xpecto_str_t *name);
static int xpecto_page_fits(xpecto_style_kind_e kind, const char *words,
    const xpecto_page_token_t *token);
static int xpecto_page_is_colour(const xpecto_page_token_t *token);
static int xpecto_page_length(int64_t n, const xpecto_str_t *unit,
    int64_t *px);
static int xpecto_page_number_fits(xpecto_style_kind_e kind,
    const xpecto_page_token_t *token);
static int xpecto_page_is_track(const xpecto_page_token_t *token);
static int xpecto_page_is_repeat(const xpecto_str_t *text);
static int xpecto_page_in_words(const char *words, const xpecto_str_t *word);


static const xpecto_page_property_t  xpecto_page_properties[] = {

    { " color background background-color border-color border-top-color"
      " border-bottom-color border-left-color border-right-color border-style"
      " border-radius border-collapse accent-color caret-color"
      " color-scheme cursor font-family font-style font-weight font-variant"
      " text-align text-transform text-decoration-color"
      " text-decoration-line text-decoration-style list-style"
      " list-style-type box-sizing"
      " align-items align-content align-self justify-content justify-items"
      " justify-self place-items place-content hyphens overflow-wrap"
      " word-break outline-color outline-style transition scroll-padding"
      " scroll-padding-top scroll-padding-bottom scroll-margin ",
      XPECTO_STYLE_FREE, NULL },

    { " margin margin-top margin-bottom margin-left margin-right margin-block"
      " margin-inline padding padding-top padding-bottom padding-left"
      " padding-right padding-block padding-inline gap row-gap column-gap"
      " border border-top border-bottom border-left border-right border-width"
      " outline outline-width text-decoration text-decoration-thickness"
      " letter-spacing ", XPECTO_STYLE_SPACE, NULL },

    { " box-shadow outline-offset text-underline-offset ", XPECTO_STYLE_NEAR,
      NULL },

    { " width height max-width max-height ", XPECTO_STYLE_SIZE, NULL },

    { " min-width min-height flex flex-basis flex-grow flex-shrink ",
      XPECTO_STYLE_LEAST, NULL },

    { " font font-size ", XPECTO_STYLE_FONT, NULL },

    { " line-height ", XPECTO_STYLE_LINE, NULL },

    { " grid-template-columns ", XPECTO_STYLE_COLUMNS, NULL },

    { " grid-column ", XPECTO_STYLE_WORDS, " auto 1 2 3 " },

    { " display ", XPECTO_STYLE_WORDS,
      " block inline inline-block flex inline-flex grid inline-grid list-item"
      " table table-row table-cell flow-root " },

    { " text-size-adjust -webkit-text-size-adjust ", XPECTO_STYLE_WORDS,
      " auto none 100% " },

    { " position ", XPECTO_STYLE_WORDS, " static sticky " },

    { " top bottom ", XPECTO_STYLE_WORDS, " auto 0 " },

    { " flex-direction flex-wrap flex-flow ", XPECTO_STYLE_WORDS,
      " row column wrap nowrap " }
};


/* err->word: from the name on */

xpecto_rc_e
xpecto_page_property(const uint8_t *p, const uint8_t *last, int label,
    xpecto_page_err_t *err)
{
    const char                    *words;
    const uint8_t                 *value;
    xpecto_str_t                   name;
    xpecto_style_kind_e            kind;
    xpecto_page_token_t            token, first;
    const xpecto_page_property_t  *property;

    static const char  hides[] = "a value that may hide, shrink or move away "
                                 "something, or is none";

    err->word.data = p;
    err->word.len = (size_t) (last - p > 32 ? 32 : last - p);
    err->line = 0;

    value = memchr(p, ':', (size_t) (last - p));

    if (value == NULL) {
        err->text = "a declaration of the style without \":\"";
        return XPECTO_ERROR;
    }

    name.data = p;
    name.len = (size_t) (value - p);

    kind = XPECTO_STYLE_CUSTOM;
    words = NULL;

    if (name.len < 2 || memcmp(p, "--", 2) != 0) {

        property = xpecto_page_find_property(&name);

        if (property == NULL) {
            err->text = "a property that the style may not use";
            return XPECTO_ERROR;
        }

        kind = property->kind;
        words = property->words;
    }

    err->text = hides;
    memset(&first, 0, sizeof(xpecto_page_token_t));

    for (p = value + 1; /* void */; ) {

        if (xpecto_page_token(&p, last, &token) != XPECTO_OK) {
            return XPECTO_ERROR;
        }

        if (token.text.len == 0) {
            return XPECTO_OK;
        }

        if (!xpecto_page_fits(kind, words, &token)
            && !(kind == XPECTO_STYLE_COLUMNS && label))
        {
            return XPECTO_ERROR;
        }

        /* no button stands in a label */

        if (kind != XPECTO_STYLE_COLUMNS || label) {
            continue;
        }

        if (first.text.len == 0) {
            first = token;

        } else if (first.text.len != token.text.len
                   || memcmp(first.text.data, token.text.data, token.text.len)
                      != 0
                   || token.function)
        {
            err->text = "columns of several widths, of which one button may "
                        "get the small one";
            return XPECTO_ERROR;
        }
    }
}


static const xpecto_page_property_t *
xpecto_page_find_property(const xpecto_str_t *name)
{
    size_t  i;

    for (i = 0; i < sizeof(xpecto_page_properties)
                    / sizeof(xpecto_page_properties[0]); i++)
    {
        if (xpecto_page_in_words(xpecto_page_properties[i].names, name)) {
            return &xpecto_page_properties[i];
        }
    }

    return NULL;
}


static int
xpecto_page_fits(xpecto_style_kind_e kind, const char *words,
    const xpecto_page_token_t *token)
{
    static const char  whole[] = " inherit initial unset revert ";
    static const char  small[] = " xx-small x-small smaller ";

    if (kind == XPECTO_STYLE_FREE) {
        return 1;
    }

    if (kind != XPECTO_STYLE_CUSTOM && kind != XPECTO_STYLE_WORDS
        && xpecto_page_in_words(whole, &token->text))
    {
        return 1;
    }

    if (kind == XPECTO_STYLE_WORDS) {
        return xpecto_page_in_words(words, &token->text);
    }

    if (kind == XPECTO_STYLE_COLUMNS) {
        return xpecto_page_is_track(token);
    }

    if (token->function) {
        return (kind == XPECTO_STYLE_CUSTOM || kind == XPECTO_STYLE_SPACE
                || kind == XPECTO_STYLE_NEAR)
               && xpecto_page_is_colour(token);
    }

    if (token->number) {
        return xpecto_page_number_fits(kind, token);
    }

    return kind != XPECTO_STYLE_FONT
           || !xpecto_page_in_words(small, &token->text);
}


/* var() without what would stand in its place */

static int
xpecto_page_is_colour(const xpecto_page_token_t *token)
{
    size_t        n;
    xpecto_str_t  name;

    static const char  colours[] =
        " rgb rgba hsl hsla hwb lab lch oklab oklch light-dark color-mix ";

    n = (size_t) ((const uint8_t *) memchr(token->text.data, '(',
                                           token->text.len)
                  - token->text.data);

    name.data = token->text.data;
    name.len = n;

    if (n == 3 && memcmp(name.data, "var", 3) == 0) {
        return memchr(name.data, ',', token->text.len) == NULL;
    }

    return xpecto_page_in_words(colours, &name);
}


/* in thousandths of a pixel, if it does not depend on what is around */

static int
xpecto_page_length(int64_t n, const xpecto_str_t *unit, int64_t *px)
{
    if (xpecto_page_equal(unit, "px")) {
        *px = n;
        return 1;
    }

    if (xpecto_page_equal(unit, "rem") || xpecto_page_equal(unit, "em")) {
        *px = n * 16;
        return 1;
    }

    return 0;
}


static int
xpecto_page_number_fits(xpecto_style_kind_e kind,
    const xpecto_page_token_t *token)
{
    int      em, part;
    int64_t  n, px;

    static const char  parts[] = " % vw vh dvh svh lvh vmin vmax ";

    n = token->value;

    if (kind == XPECTO_STYLE_NEAR) {
        kind = XPECTO_STYLE_SPACE;
        n = (n < 0) ? -n : n;
    }

    em = xpecto_page_equal(&token->unit, "em");
    part = xpecto_page_in_words(parts, &token->unit);

    if (n < 0 || kind == XPECTO_STYLE_CUSTOM) {
        return 0;
    }

    if (token->unit.len == 0) {

        switch (kind) {

        case XPECTO_STYLE_SPACE:
            return n == 0;

        case XPECTO_STYLE_LEAST:
            return 1;

        case XPECTO_STYLE_LINE:
            return n >= 1000;

        case XPECTO_STYLE_FONT:                  /* a weight, a line */
            return token->slash ? n >= 1000 : n >= 100000;

        default:
            return 0;
        }
    }

    if (part) {

        switch (kind) {

        case XPECTO_STYLE_SPACE:
            return n <= 10000;

        case XPECTO_STYLE_SIZE:
            return n >= 25000;

        case XPECTO_STYLE_LEAST:
            return n <= 30000;

        case XPECTO_STYLE_FONT:
            return n >= 100000 && xpecto_page_equal(&token->unit, "%");

        default:
            return n >= 100000;
        }
    }

    if (!xpecto_page_length(n, &token->unit, &px)) {
        return 0;
    }

    switch (kind) {

    case XPECTO_STYLE_SPACE:
        return px <= 64000;

    case XPECTO_STYLE_LEAST:
        return px <= 192000;

    case XPECTO_STYLE_FONT:              /* "em" within "em" within "em" */
        return em ? n >= 1000 : px >= 12000;

    default:
        return px >= 16000;
    }
}


/* that takes its part of what there is */

static int
xpecto_page_is_track(const xpecto_page_token_t *token)
{
    static const char  words[] = " auto min-content max-content none "
                                 "minmax(0,1fr) ";

    if (token->number) {
        return token->value > 0 && xpecto_page_equal(&token->unit, "fr");
    }

    return xpecto_page_in_words(words, &token->text)
           || (token->function && xpecto_page_is_repeat(&token->text));
}


/* of one track */

static int
xpecto_page_is_repeat(const xpecto_str_t *text)
{
    unsigned        depth;
    const uint8_t  *p, *last;

    static const char  repeat[] = "repeat(";

    if (text->len < sizeof(repeat)
        || memcmp(text->data, repeat, sizeof(repeat) - 1) != 0)
    {
        return 0;
    }

    last = text->data + text->len - 1;
    p = memchr(text->data, ',', text->len);

    if (p == NULL) {
        return 0;
    }

    for (p++; p < last && *p == ' '; p++) {
        /* void */
    }

    for (depth = 0; p < last; p++) {

        if (*p == '(') {
            depth++;

        } else if (*p == ')') {
            depth--;

        } else if (depth == 0 && (*p == ' ' || *p == '\n')) {
            return 0;
        }
    }

    return 1;
}


static int
xpecto_page_in_words(const char *words, const xpecto_str_t *word)
{
    const char  *p;

    if (word->len == 0 || memchr(word->data, ' ', word->len) != NULL) {
        return 0;
    }

    for (p = words; (p = strchr(p, ' ')) != NULL && p[1] != '\0'; p++) {
        if (strncmp(p + 1, (const char *) word->data, word->len) == 0
            && p[1 + word->len] == ' ')
        {
            return 1;
        }
    }

    return 0;
}
