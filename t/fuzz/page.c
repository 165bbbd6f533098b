
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

/*
 * The input is a template; half of it, from the end, is what a visitor's
 * request says.
 *
 * Neither what compiles nor what checks it leaves the template.  What is
 * compiled has the parts of the template in its order, with nothing left
 * out; the length of a page is that of what is written, and a smaller
 * buffer holds the beginning of it.  What a visitor says never brings one of
 * the five characters of HTML into the page.  What the check accepts has
 * "accept" and "reject" in it, and nothing that fetches or runs.
 */


#include <stdlib.h>
#include <string.h>

#include "xpecto_page.h"


#define PAGE  (1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_pages(xpecto_page_t *page, const uint8_t *said, size_t len);
static void check_accepted(const uint8_t *src, size_t len,
    const xpecto_str_t *style);
static void check_within(const xpecto_page_err_t *err, const uint8_t *p,
    size_t len);
static size_t count(const uint8_t *p, size_t len, const char *what);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t               i, at;
    xpecto_rc_e          rc;
    xpecto_str_t         style;
    xpecto_page_t        page;
    xpecto_page_err_t    err;
    xpecto_page_part_t  *parts;

    parts = malloc(xpecto_page_parts(data, size)
                   * sizeof(xpecto_page_part_t));

    if (parts == NULL) {
        abort();
    }

    memset(&err, 0, sizeof(xpecto_page_err_t));

    rc = xpecto_page_compile(&page, parts, data, size, &err);

    if (rc == XPECTO_OK) {

        for (i = 0, at = 0; i < page.n; i++) {
            if (page.parts[i].text.data != data + at) {
                abort();
            }

            at += page.parts[i].text.len;
        }

        if (at != size || page.n > xpecto_page_parts(data, size)) {
            abort();
        }

        check_pages(&page, data + size / 2, size - size / 2);

    } else {
        check_within(&err, data, size);
    }

    memset(&err, 0, sizeof(xpecto_page_err_t));

    if (xpecto_page_check(data, size, XPECTO_PURPOSES_ASKED, &style, &err)
        != XPECTO_OK)
    {
        check_within(&err, data, size);

    } else if (rc == XPECTO_OK) {
        check_accepted(data, size, &style);
    }

    free(parts);

    return 0;
}


static void
check_pages(xpecto_page_t *page, const uint8_t *said, size_t len)
{
    size_t                i, n, half;
    unsigned              flags;
    uint8_t              *with, *without;
    xpecto_page_facts_t   facts;

    static const char *const  five[] = { "<", ">", "\"", "'", NULL };

    memset(&facts, 0, sizeof(xpecto_page_facts_t));

    facts.asked = 0x0006;

    for (flags = 0; flags <= XPECTO_PAGE_FLAGS; flags += 21) {
        facts.flags = flags;
        facts.chosen = (uint16_t) (flags & 1 ? 0x0002 : 0);

        for (i = 0; i < XPECTO_PAGE_VALUES; i++) {
            facts.values[i].data = said;
            facts.values[i].len = len;
        }

        n = xpecto_page_render(page, &facts, NULL, 0);

        if (n > PAGE) {
            return;
        }

        half = n / 2;
        with = malloc(n + 1);
        without = malloc(half + 1);

        if (with == NULL || without == NULL
            || xpecto_page_render(page, &facts, with, n) != n
            || xpecto_page_render(page, &facts, without, half) != n
            || memcmp(with, without, half) != 0)
        {
            abort();
        }

        free(without);

        /* a byte that is nothing to HTML in place of what was said */

        for (i = 0; i < XPECTO_PAGE_VALUES; i++) {
            facts.values[i].data = (const uint8_t *) "x";
            facts.values[i].len = (len != 0);
        }

        half = xpecto_page_render(page, &facts, NULL, 0);
        without = malloc(half + 1);

        if (without == NULL
            || xpecto_page_render(page, &facts, without, half) != half)
        {
            abort();
        }

        for (i = 0; five[i] != NULL; i++) {
            if (count(with, n, five[i]) != count(without, half, five[i])) {
                abort();
            }
        }

        free(without);
        free(with);
    }
}


static void
check_accepted(const uint8_t *src, size_t len, const xpecto_str_t *style)
{
    if (count(src, len, "<button") < 3 || count(src, len, "accept") == 0
        || count(src, len, "reject") < 2 || count(src, len, "<script")
        || count(src, len, "<iframe") || count(src, len, "<img")
        || count(src, len, "<link") || count(src, len, "<template")
        || (style->len && (style->data < src
                           || style->data + style->len > src + len
                           || count(style->data, style->len, "url(")
                           || count(style->data, style->len, "@import"))))
    {
        abort();
    }
}


/* an error is about something that stands there, or that is missing */

static void
check_within(const xpecto_page_err_t *err, const uint8_t *p, size_t len)
{
    size_t  lines;

    lines = 1 + count(p, len, "\n");

    if (err->text == NULL || err->line > lines
        || (err->word.data >= p && err->word.data < p + len
            && err->word.len > (size_t) (p + len - err->word.data)))
    {
        abort();
    }
}


static size_t
count(const uint8_t *p, size_t len, const char *what)
{
    size_t  i, n, size;

    n = 0;
    size = strlen(what);

    for (i = 0; i + size <= len; i++) {
        n += (memcmp(p + i, what, size) == 0);
    }

    return n;
}
