
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

/*
 * A style sheet may say how buttons look, all alike.  What tells two that
 * stand side by side apart is refused: ids, attributes, siblings, positions.
 * So is what would fetch something.
 */


#include <string.h>

#include "xpecto_page_style.h"


static xpecto_rc_e xpecto_page_selector(const uint8_t *p, const uint8_t *last,
    xpecto_page_err_t *err);
static const uint8_t *xpecto_page_pseudo(const uint8_t *p,
    const uint8_t *last);
static int xpecto_page_is_of_labels(const uint8_t *p, const uint8_t *last);
static xpecto_rc_e xpecto_page_declarations(const uint8_t *p,
    const uint8_t *last, int label, xpecto_page_err_t *err);
static const uint8_t *xpecto_page_trim(const uint8_t *p, const uint8_t *last);
static int xpecto_page_is_letter(uint8_t c);
static xpecto_rc_e xpecto_page_style_bad(xpecto_page_err_t *err,
    const char *text, const uint8_t *p, const uint8_t *last);


static const char *const  xpecto_page_pseudos[] = {
    ":root", ":hover", ":focus", ":focus-visible", ":focus-within", ":active",
    ":checked", ":disabled", ":invalid", ":link", ":visited", NULL
};


/* in lower case; "src(" and "image(" end others as well */

static const char *const  xpecto_page_fetches[] = {
    "url(", "src(", "image(", "image-set(", "expression(", "attr(", NULL
};


/*
 * err->word is where it is wrong, err->line is not set.  No backslash: what
 * is spelled in escapes would not be seen.
 */

xpecto_rc_e
xpecto_page_style(const uint8_t *src, size_t len, xpecto_page_err_t *err)
{
    int             label;
    unsigned        media;
    xpecto_rc_e     rc;
    const uint8_t  *p, *last, *start, *brace;

    static const char  at[] = "@media";

    media = 0;
    last = src + len;

    for (p = src; p < last; p++) {
        if (*p == '\\' || *p == '<' || (*p == '/' && last - p > 1
                                        && p[1] == '*'))
        {
            return xpecto_page_style_bad(err, "an escape or a comment in the "
                                              "style", p, last);
        }
    }

    p = src;

    for ( ;; ) {

        while (p < last && (*p == ' ' || *p == '\n' || *p == '\r'
                            || *p == '\t'))
        {
            p++;
        }

        if (p == last) {
            return media ? xpecto_page_style_bad(err, "a \"{\" of the style "
                                                      "without an end", src,
                                                 last)
                         : XPECTO_OK;
        }

        if (media && *p == '}') {
            media = 0;
            p++;
            continue;
        }

        start = p;
        brace = memchr(p, '{', (size_t) (last - p));

        if (brace == NULL) {
            return xpecto_page_style_bad(err, "a rule of the style without "
                                              "\"{\"", p, last);
        }

        p = brace + 1;

        if (*start == '@') {

            if (media || brace - start < (ptrdiff_t) sizeof(at)
                || memcmp(start, at, sizeof(at) - 1) != 0
                || (start[sizeof(at) - 1] != ' '
                    && start[sizeof(at) - 1] != '(')
                || memchr(start, ';', (size_t) (brace - start)) != NULL
                || memchr(start, '}', (size_t) (brace - start)) != NULL)
            {
                return xpecto_page_style_bad(err, "an at-rule of the style "
                                                  "other than \"@media\"",
                                             start, last);
            }

            media = 1;
            continue;
        }

        rc = xpecto_page_selector(start, brace, err);

        if (rc != XPECTO_OK) {
            return rc;
        }

        label = xpecto_page_is_of_labels(start, brace);
        start = p;
        p = memchr(p, '}', (size_t) (last - p));

        if (p == NULL) {
            return xpecto_page_style_bad(err, "a \"{\" of the style without "
                                              "an end", start, last);
        }

        rc = xpecto_page_declarations(start, p++, label, err);

        if (rc != XPECTO_OK) {
            return rc;
        }
    }
}


static xpecto_rc_e
xpecto_page_selector(const uint8_t *p, const uint8_t *last,
    xpecto_page_err_t *err)
{
    const uint8_t  *start;

    for (start = p; p < last; /* void */) {

        if (xpecto_page_is_letter(*p)
            || (*p != '\0' && strchr("0123456789-_*., >\n\r\t", *p) != NULL))
        {
            p++;
            continue;
        }

        if (*p == ':') {
            start = p;
            p = xpecto_page_pseudo(p, last);

            if (p != NULL) {
                continue;
            }

            p = start;
        }

        return xpecto_page_style_bad(err, "a selector that may tell one "
                                          "button from another", p, last);
    }

    return XPECTO_OK;
}


/* behind a pseudo-class of the list, or NULL */

static const uint8_t *
xpecto_page_pseudo(const uint8_t *p, const uint8_t *last)
{
    size_t              n;
    const uint8_t      *end;
    const char *const  *name;

    for (end = p + 1; end < last && (xpecto_page_is_letter(*end)
                                     || *end == '-'); end++)
    {
        /* void */
    }

    n = (size_t) (end - p);

    for (name = xpecto_page_pseudos; *name != NULL; name++) {
        if (strlen(*name) == n && memcmp(*name, p, n) == 0) {
            return end;
        }
    }

    return NULL;
}


/* 1: each selector of the list ends with a label */

static int
xpecto_page_is_of_labels(const uint8_t *p, const uint8_t *last)
{
    const uint8_t  *start, *end;

    for (;; p++) {
        start = p = xpecto_page_trim(p, last);

        for (end = p; p < last && *p != ','; p++) {

            if (strchr(" \n\r\t>", *p) != NULL) {
                continue;
            }

            if (p > start && strchr(" \n\r\t>", p[-1]) != NULL) {
                start = p;
            }

            end = p + 1;
        }

        if (end - start < 5 || memcmp(start, "label", 5) != 0
            || (end - start > 5 && start[5] != '.' && start[5] != ':'))
        {
            return 0;
        }

        if (p == last) {
            return 1;
        }
    }
}


static xpecto_rc_e
xpecto_page_declarations(const uint8_t *p, const uint8_t *last,
    int label, xpecto_page_err_t *err)
{
    size_t              i, n;
    const uint8_t      *start, *end;
    const char *const  *name;

    for (start = p; p < last; p++) {

        if (*p == '{' || *p == '@') {
            return xpecto_page_style_bad(err, "a rule within a rule of the "
                                              "style", p, last);
        }

        for (name = xpecto_page_fetches; *name != NULL; name++) {
            n = strlen(*name);

            if ((size_t) (last - p) < n) {
                continue;
            }

            for (i = 0; i < n; i++) {
                if ((xpecto_page_is_letter(p[i]) ? p[i] | 0x20 : p[i])
                    != (uint8_t) (*name)[i])
                {
                    break;
                }
            }

            if (i == n) {
                return xpecto_page_style_bad(err, "something to fetch in the "
                                                  "style", p, last);
            }
        }
    }

    for (p = start; p < last; p = end + 1) {
        end = memchr(p, ';', (size_t) (last - p));

        if (end == NULL) {
            end = last;
        }

        p = xpecto_page_trim(p, end);

        if (p < end
            && xpecto_page_property(p, end, label, err) != XPECTO_OK)
        {
            return XPECTO_ERROR;
        }
    }

    return XPECTO_OK;
}


static const uint8_t *
xpecto_page_trim(const uint8_t *p, const uint8_t *last)
{
    while (p < last && (*p == ' ' || *p == '\n' || *p == '\r'
                        || *p == '\t'))
    {
        p++;
    }

    return p;
}


static int
xpecto_page_is_letter(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}


/* the word: up to the end of its line, and not too much of it */

static xpecto_rc_e
xpecto_page_style_bad(xpecto_page_err_t *err, const char *text,
    const uint8_t *p, const uint8_t *last)
{
    size_t  n;

    for (n = 0; n < (size_t) (last - p) && n < 32; n++) {
        if (p[n] == '\n') {
            break;
        }
    }

    err->text = text;
    err->word.data = p;
    err->word.len = n;
    err->line = 0;

    return XPECTO_ERROR;
}
