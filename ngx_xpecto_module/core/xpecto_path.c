
/*
 * The path that servers may take a path for: see xpecto_path.h.
 */


#include <string.h>

#include "xpecto_path.h"
#include "xpecto_view.h"


#define xpecto_path_is_slash(c)  ((c) == '/' || (c) == '\\')

/* what does not count at the end of a segment */

#define xpecto_path_is_end(c)    ((c) <= ' ' || (c) == '.')


static size_t xpecto_path_decode(const uint8_t *path, size_t len,
    uint8_t *out);
static const uint8_t *xpecto_path_find(const uint8_t *p, const uint8_t *last,
    uint8_t c);
static const uint8_t *xpecto_path_slash(const uint8_t *p, const uint8_t *last);
static int xpecto_path_is_code(const uint8_t *p);


xpecto_rc_e
xpecto_path_next(const uint8_t **p, const uint8_t *last, xpecto_str_t *name)
{
    const uint8_t  *start, *end;

    start = *p;

    if (start == last) {
        return XPECTO_DECLINED;
    }

    if (xpecto_path_is_slash(*start)) {
        start++;
    }

    for (end = start; end < last && !xpecto_path_is_slash(*end); end++) {
        if (*end == ';') {
            break;
        }
    }

    name->data = start;
    name->len = (size_t) (end - start);

    while (end < last && !xpecto_path_is_slash(*end)) {
        end++;
    }

    *p = end;

    if (!xpecto_path_is_up(name)) {

        while (name->len != 0 && xpecto_path_is_end(start[name->len - 1])) {
            name->len--;
        }
    }

    return XPECTO_OK;
}


int
xpecto_path_is_up(const xpecto_str_t *name)
{
    return name->len == 2 && name->data[0] == '.' && name->data[1] == '.';
}


int
xpecto_path_is_plain(const uint8_t *path, size_t len)
{
    size_t   i;
    uint8_t  c, before;

    /* what a "/" may follow */

    before = 'a';

    for (i = 0; i < len; i++) {
        c = path[i];

        switch (c) {

        case '/':
            if (before == '/' || xpecto_path_is_end(before)) {
                return 0;
            }

            break;

        case '\\':
        case ';':
            return 0;

        case '%':
            if (len - i > 2 && xpecto_path_is_code(path + i)) {
                return 0;
            }

            break;
        }

        before = c;
    }

    return !xpecto_path_is_end(before) && (before != '/' || len == 1);
}


xpecto_rc_e
xpecto_path_plain(const uint8_t *path, size_t len, uint8_t *out, size_t *n)
{
    int             root, empty;
    uint8_t        *dst;
    xpecto_rc_e     rc;
    xpecto_str_t    name;
    const uint8_t  *p, *last;

    rc = XPECTO_OK;
    empty = 0;

    /* what is written overtakes what is read nowhere */

    p = out;
    last = out + xpecto_path_decode(path, len, out);
    dst = out;

    root = (p < last && xpecto_path_is_slash(*p));

    while (xpecto_path_next(&p, last, &name) == XPECTO_OK) {

        if (name.len == 0) {
            empty = 1;
            continue;
        }

        if (xpecto_path_is_up(&name)) {

            if (empty) {
                rc = XPECTO_DECLINED;
            }

            while (dst > out && *--dst != '/') { /* void */ }

            continue;
        }

        if (root || dst > out) {
            *dst++ = '/';
        }

        memmove(dst, name.data, name.len);
        dst += name.len;
    }

    if (root && dst == out) {
        *dst++ = '/';
    }

    *n = (size_t) (dst - out);

    return rc;
}


/* what a code stands for may be a part of the next one: "%256d", "%%36d" */

static size_t
xpecto_path_decode(const uint8_t *path, size_t len, uint8_t *out)
{
    size_t  i, n;

    n = 0;

    for (i = 0; i < len; i++) {
        out[n++] = path[i];

        while (n > 2 && xpecto_path_is_code(out + n - 3)) {
            n -= 2;
            out[n - 1] = (uint8_t) (xpecto_view_hex(out[n]) << 4
                                    | xpecto_view_hex(out[n + 1]));
        }
    }

    return n;
}


/* the byte, or the end */

static const uint8_t *
xpecto_path_find(const uint8_t *p, const uint8_t *last, uint8_t c)
{
    while (p < last && *p != c) {
        p++;
    }

    return p;
}


static const uint8_t *
xpecto_path_slash(const uint8_t *p, const uint8_t *last)
{
    while (p < last && !xpecto_path_is_slash(*p)) {
        p++;
    }

    return p;
}


void
xpecto_path_of_url(const xpecto_str_t *url, xpecto_str_t *path,
    xpecto_str_t *query)
{
    const uint8_t  *p, *last, *end, *slash;

    p = url->data;
    last = xpecto_path_find(p, p + url->len, '#');
    end = xpecto_path_find(p, last, '?');

    query->data = (end < last) ? end + 1 : end;
    query->len = (size_t) (last - query->data);

    slash = xpecto_path_slash(p, end);

    /* behind "https://host" */

    if (slash > p && end - slash > 1 && slash[-1] == ':'
        && xpecto_path_is_slash(slash[1]))
    {
        slash = xpecto_path_slash(slash + 2, end);
        p = slash;
    }

    p += (p == slash && p < end);

    path->data = p;
    path->len = (size_t) (end - p);
}


static int
xpecto_path_is_code(const uint8_t *p)
{
    return p[0] == '%' && xpecto_view_hex(p[1]) < 16
           && xpecto_view_hex(p[2]) < 16;
}
