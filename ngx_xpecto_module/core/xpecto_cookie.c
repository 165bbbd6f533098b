
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_cookie.h"
#include "xpecto_nocase.h"


static int xpecto_cookie_space(uint8_t ch);
static uint8_t *xpecto_cookie_join(uint8_t *out, const uint8_t *dst,
    const xpecto_str_t *line, const xpecto_str_t *run);
static size_t xpecto_cookie_without(const xpecto_str_t *line,
    const xpecto_cookie_span_t *span, uint8_t *dst);
static int xpecto_cookie_max_age(const xpecto_str_t *value, int *deletes);


/* browsers leave out an attribute with a longer value */

#define XPECTO_COOKIE_ATTRIBUTE_MAX  1024


xpecto_rc_e
xpecto_cookie_next(const uint8_t **p, const uint8_t *last,
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


int
xpecto_cookie_is_next(const xpecto_str_t *line, const uint8_t *end,
    uint32_t start)
{
    if (end == NULL) {
        return start == 0;
    }

    return line->data + start - end == 2 && end[0] == ';' && end[1] == ' ';
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
    xpecto_str_t           value, run, pair;
    xpecto_cookie_span_t   span;

    p = line->data;
    last = p + line->len;
    out = dst;
    gone = 0;
    n = (scan->line.data == line->data && scan->line.len == line->len)
        ? scan->n : 0;

    if (n && scan->plain && scan->own == 1 && scan->mine < n
        && !(scan->purposes & refused))
    {
        return xpecto_cookie_without(line, &scan->spans[scan->mine], dst);
    }

    run.data = p;
    run.len = 0;

    for (i = 0; /* void */ ; i++) {

        if (i < n) {
            span = scan->spans[i];

        } else if (xpecto_cookie_span(names, own, line, &p, last, &span,
                                      &value)
                   != XPECTO_OK)
        {
            break;
        }

        pair.data = line->data + span.start;
        pair.len = span.len;
        p = pair.data + pair.len;

        if (span.own || (span.purposes & refused)) {
            *stripped += !span.own && span.purposes != XPECTO_COOKIE_OURS;
            gone = 1;
            continue;
        }

        /* neighbours that are joined as we would do it are copied as one */

        if (run.len != 0
            && xpecto_cookie_is_next(line, run.data + run.len, span.start))
        {
            run.len += 2 + pair.len;
            continue;
        }

        out = xpecto_cookie_join(out, dst, line, &run);
        run = pair;
    }

    if (!gone) {
        memmove(dst, line->data, line->len);
        return line->len;
    }

    out = xpecto_cookie_join(out, dst, line, &run);

    return (size_t) (out - dst);
}


/* nothing goes but one pair, and what is between it and a neighbour */

static size_t
xpecto_cookie_without(const xpecto_str_t *line,
    const xpecto_cookie_span_t *span, uint8_t *dst)
{
    size_t  end, rest;

    end = span->start + span->len;

    if (end == line->len) {
        end = (span->start != 0) ? span->start - 2 : 0;
        memmove(dst, line->data, end);
        return end;
    }

    end += 2;
    rest = line->len - end;

    memmove(dst, line->data, span->start);
    memmove(dst + span->start, line->data + end, rest);

    return span->start + rest;
}


/* there was a ";" and room for it, but perhaps not for a space */

static uint8_t *
xpecto_cookie_join(uint8_t *out, const uint8_t *dst, const xpecto_str_t *line,
    const xpecto_str_t *run)
{
    if (run->len == 0) {
        return out;
    }

    if (out != dst) {
        *out++ = ';';

        if (out - dst < run->data - line->data) {
            *out++ = ' ';
        }
    }

    memmove(out, run->data, run->len);

    return out + run->len;
}


xpecto_rc_e
xpecto_cookie_span(const xpecto_cookie_names_t *names, const xpecto_str_t *own,
    const xpecto_str_t *line, const uint8_t **p, const uint8_t *last,
    xpecto_cookie_span_t *span, xpecto_str_t *value)
{
    xpecto_cookie_pair_t  pair;

    if (xpecto_cookie_next(p, last, &pair) != XPECTO_OK) {
        return XPECTO_DECLINED;
    }

    span->start = (uint32_t) (pair.pair.data - line->data);
    span->len = (uint32_t) pair.pair.len;
    span->own = (pair.name.len == own->len
                 && memcmp(pair.name.data, own->data, own->len) == 0);
    span->purposes = span->own ? 0
                               : xpecto_cookie_purposes(names, &pair.name);
    *value = pair.value;

    return XPECTO_OK;
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

    } else if (pair.name.len == 0) {
        p = pair.value.data;
        (void) xpecto_cookie_next(&p, p + pair.value.len, &pair);
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

        if (xpecto_is_nocase(attr.name.data, attr.name.len, "max-age")) {

            if (xpecto_cookie_max_age(&attr.value, &deletes)) {
                has_age = 1;
                by_age = deletes;
            }

        } else if (xpecto_is_nocase(attr.name.data, attr.name.len,
                                    "expires")
                   && xpecto_cookie_date(attr.value.data, attr.value.len,
                                         &expires)
                      == XPECTO_OK)
        {
            by_date = (expires <= now);
        }
    }

    return has_age ? by_age : by_date;
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
