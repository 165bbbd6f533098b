
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_cookie.h"


static int xpecto_cookie_space(uint8_t ch);
static inline xpecto_rc_e xpecto_cookie_cut(const uint8_t **p,
    const uint8_t *last, xpecto_cookie_pair_t *pair);
static inline xpecto_rc_e xpecto_cookie_span(const xpecto_cookie_names_t *names,
    const xpecto_str_t *own, const uint8_t **p, const uint8_t *last,
    xpecto_cookie_span_t *span, xpecto_str_t *value);
static int xpecto_cookie_is(const xpecto_str_t *s, const xpecto_str_t *name);
static int xpecto_cookie_is_nocase(const xpecto_str_t *s, const char *name);
static int xpecto_cookie_max_age(const xpecto_str_t *value, int *deletes);


/* browsers leave out an attribute with a longer value */

#define XPECTO_COOKIE_ATTRIBUTE_MAX  1024


xpecto_rc_e
xpecto_cookie_next(const uint8_t **p, const uint8_t *last,
    xpecto_cookie_pair_t *pair)
{
    return xpecto_cookie_cut(p, last, pair);
}


static inline xpecto_rc_e
xpecto_cookie_cut(const uint8_t **p, const uint8_t *last,
    xpecto_cookie_pair_t *pair)
{
    const uint8_t  *start, *end, *equals, *q;

    start = *p;

    while (start < last && (xpecto_cookie_space(*start) || *start == ';')) {
        start++;
    }

    if (start == last) {
        *p = last;
        return XPECTO_DECLINED;
    }

    end = memchr(start, ';', (size_t) (last - start));

    if (end == NULL) {
        end = last;
    }

    *p = end;

    while (xpecto_cookie_space(end[-1])) {
        end--;
    }

    pair->pair.data = start;
    pair->pair.len = (size_t) (end - start);
    pair->name.data = start;
    pair->name.len = 0;
    pair->value = pair->pair;

    equals = memchr(start, '=', pair->pair.len);

    if (equals == NULL) {
        return XPECTO_OK;
    }

    for (q = equals; q > start && xpecto_cookie_space(q[-1]); q--) {
        /* void */
    }

    pair->name.len = (size_t) (q - start);

    for (q = equals + 1; q < end && xpecto_cookie_space(*q); q++) {
        /* void */
    }

    pair->value.data = q;
    pair->value.len = (size_t) (end - q);

    return XPECTO_OK;
}


static int
xpecto_cookie_space(uint8_t ch)
{
    return ch == ' ' || ch == '\t';
}


void
xpecto_cookie_scan(const xpecto_cookie_names_t *names, const xpecto_str_t *own,
    const xpecto_str_t *line, xpecto_cookie_scan_t *scan)
{
    const uint8_t         *p, *last;
    xpecto_str_t           value;
    xpecto_cookie_span_t   span;

    p = line->data;
    last = p + line->len;

    scan->line = *line;
    scan->n = 0;

    while (xpecto_cookie_span(names, own, &p, last, &span, &value)
           == XPECTO_OK)
    {
        if (scan->n < XPECTO_COOKIE_SPANS) {
            scan->spans[scan->n++] = span;
        }

        scan->purposes |= span.purposes;

        if (!span.own) {
            continue;
        }

        if (scan->own++ == 0) {
            scan->value = value;

        } else if (!xpecto_cookie_is(&value, &scan->value)) {
            scan->differ = 1;
        }
    }
}


size_t
xpecto_cookie_filter(const xpecto_cookie_names_t *names,
    const xpecto_str_t *own, const xpecto_cookie_scan_t *scan,
    uint16_t refused, const xpecto_str_t *line, uint8_t *dst,
    unsigned *stripped)
{
    int                    gone;
    uint8_t               *out;
    unsigned               i, n;
    const uint8_t         *p, *last;
    xpecto_str_t           value;
    xpecto_cookie_span_t   span;

    p = line->data;
    last = p + line->len;
    out = dst;
    gone = 0;
    n = (scan->line.data == line->data && scan->line.len == line->len)
        ? scan->n : 0;

    for (i = 0; /* void */ ; i++) {

        if (i < n) {
            span = scan->spans[i];
            p = span.data + span.len;

        } else if (xpecto_cookie_span(names, own, &p, last, &span, &value)
                   != XPECTO_OK)
        {
            break;
        }

        if (span.own) {
            gone = 1;
            continue;
        }

        if (span.purposes & refused) {
            (*stripped)++;
            gone = 1;
            continue;
        }

        /* there was a ";" and room for it, but perhaps not for a space */

        if (out != dst) {
            *out++ = ';';

            if ((size_t) (out - dst) < (size_t) (span.data - line->data)) {
                *out++ = ' ';
            }
        }

        memcpy(out, span.data, span.len);
        out += span.len;
    }

    if (!gone) {
        memcpy(dst, line->data, line->len);
        return line->len;
    }

    return (size_t) (out - dst);
}


/* the next pair of a Cookie line, and whose it is */

static inline xpecto_rc_e
xpecto_cookie_span(const xpecto_cookie_names_t *names, const xpecto_str_t *own,
    const uint8_t **p, const uint8_t *last, xpecto_cookie_span_t *span,
    xpecto_str_t *value)
{
    xpecto_cookie_pair_t  pair;

    if (xpecto_cookie_cut(p, last, &pair) != XPECTO_OK) {
        return XPECTO_DECLINED;
    }

    span->data = pair.pair.data;
    span->len = (uint32_t) pair.pair.len;
    span->own = (uint16_t) xpecto_cookie_is(&pair.name, own);
    span->purposes = span->own ? 0
                               : xpecto_cookie_purposes(names, &pair.name);
    *value = pair.value;

    return XPECTO_OK;
}


static int
xpecto_cookie_is(const xpecto_str_t *s, const xpecto_str_t *name)
{
    return s->len == name->len && memcmp(s->data, name->data, s->len) == 0;
}


xpecto_str_t
xpecto_cookie_set_name(const xpecto_str_t *line)
{
    const uint8_t         *p;
    xpecto_cookie_pair_t   pair;

    p = memchr(line->data, ';', line->len);

    if (p == NULL) {
        p = line->data + line->len;
    }

    pair.pair.data = line->data;
    pair.pair.len = (size_t) (p - line->data);

    p = pair.pair.data;

    if (xpecto_cookie_next(&p, p + pair.pair.len, &pair) != XPECTO_OK) {
        pair.name.data = line->data;
        pair.name.len = 0;
    }

    return pair.name;
}


int
xpecto_cookie_set_deletes(const xpecto_str_t *line, int64_t now)
{
    int                    by_age, by_date, has_age, deletes;
    int64_t                expires;
    const uint8_t         *p, *last;
    xpecto_cookie_pair_t   attr;

    last = line->data + line->len;
    p = memchr(line->data, ';', line->len);

    if (p == NULL) {
        return 0;
    }

    p++;
    has_age = 0;
    by_age = 0;
    by_date = 0;

    while (xpecto_cookie_next(&p, last, &attr) == XPECTO_OK) {

        if (attr.value.len > XPECTO_COOKIE_ATTRIBUTE_MAX) {
            continue;
        }

        if (xpecto_cookie_is_nocase(&attr.name, "max-age")) {

            if (xpecto_cookie_max_age(&attr.value, &deletes)) {
                has_age = 1;
                by_age = deletes;
            }

        } else if (xpecto_cookie_is_nocase(&attr.name, "expires")
                   && xpecto_cookie_date(attr.value.data, attr.value.len,
                                         &expires)
                      == XPECTO_OK)
        {
            by_date = (expires <= now);
        }
    }

    return has_age ? by_age : by_date;
}


/* name is in lower case */

static int
xpecto_cookie_is_nocase(const xpecto_str_t *s, const char *name)
{
    size_t   i;
    uint8_t  ch;

    for (i = 0; i < s->len && name[i] != '\0'; i++) {
        ch = s->data[i];

        if (ch >= 'A' && ch <= 'Z') {
            ch = (uint8_t) (ch | 0x20);
        }

        if (ch != (uint8_t) name[i]) {
            return 0;
        }
    }

    return i == s->len && name[i] == '\0';
}


/* RFC 6265, 5.2.2; 0: the attribute is ignored */

static int
xpecto_cookie_max_age(const xpecto_str_t *value, int *deletes)
{
    int     negative, zero;
    size_t  i;

    if (value->len == 0) {
        return 0;
    }

    negative = (value->data[0] == '-');
    zero = 1;

    for (i = (size_t) negative; i < value->len; i++) {

        if (value->data[i] < '0' || value->data[i] > '9') {
            return 0;
        }

        if (value->data[i] != '0') {
            zero = 0;
        }
    }

    if (value->len == (size_t) negative) {
        return 0;
    }

    *deletes = negative || zero;

    return 1;
}
