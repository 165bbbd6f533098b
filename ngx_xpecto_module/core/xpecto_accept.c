
/*
 * The Accept field: see xpecto_accept.h.
 */


#include <string.h>

#include "xpecto_accept.h"
#include "xpecto_nocase.h"


#define XPECTO_ACCEPT_WEIGHT_MAX  1000u


/* a range as it stands in the field */

typedef struct {
    xpecto_str_t    type;
    xpecto_str_t    subtype;
    unsigned        weight;
} xpecto_accept_range_t;


static const uint8_t *xpecto_accept_range(const uint8_t *p,
    const uint8_t *last, xpecto_accept_range_t *range);
static const uint8_t *xpecto_accept_parameter(const uint8_t *p,
    const uint8_t *last, xpecto_accept_range_t *range);
static const uint8_t *xpecto_accept_token(const uint8_t *p,
    const uint8_t *last, xpecto_str_t *token);
static const uint8_t *xpecto_accept_quoted(const uint8_t *p,
    const uint8_t *last);
static const uint8_t *xpecto_accept_skip(const uint8_t *p,
    const uint8_t *last);
static int xpecto_accept_weight(const xpecto_str_t *s, unsigned *weight);
static void xpecto_accept_note(xpecto_accept_t *a,
    const xpecto_accept_range_t *range);


static const struct {
    const char  *type;
    const char  *subtype;
} xpecto_accept_types[XPECTO_ACCEPT_TYPES] = {
    { "application", "json" },
    { "application", "problem+json" },
    { "text", "plain" }
};


void
xpecto_accept_line(xpecto_accept_t *a, const uint8_t *p, size_t len)
{
    const uint8_t          *last, *next;
    xpecto_accept_range_t   range;

    last = p + len;

    while (p < last) {

        if (*p == ',' || *p == ' ' || *p == '\t') {
            p++;
            continue;
        }

        next = xpecto_accept_range(p, last, &range);

        if (next != NULL) {
            xpecto_accept_note(a, &range);
            p = next;
            continue;
        }

        p = xpecto_accept_skip(p, last);
    }
}


xpecto_accept_e
xpecto_accept_best(const xpecto_accept_t *a)
{
    unsigned  i, k, best;

    /* who has named it in full prefers a problem */

    static const xpecto_accept_e  order[XPECTO_ACCEPT_TYPES] = {
        XPECTO_ACCEPT_PROBLEM, XPECTO_ACCEPT_GRAPH, XPECTO_ACCEPT_TEXT
    };

    best = XPECTO_ACCEPT_GRAPH;

    for (i = 0; i < XPECTO_ACCEPT_TYPES; i++) {
        k = order[i];

        if (a->type[k].weight > a->type[best].weight
            || (a->type[k].weight == a->type[best].weight
                && a->type[k].weight != 0
                && (a->type[k].near > a->type[best].near
                    || (a->type[k].near == 3 && a->type[best].near == 3
                        && k == XPECTO_ACCEPT_PROBLEM))))
        {
            best = k;
        }
    }

    return (xpecto_accept_e) best;
}


/* what stands behind it; NULL: it is none */

static const uint8_t *
xpecto_accept_range(const uint8_t *p, const uint8_t *last,
    xpecto_accept_range_t *range)
{
    range->weight = XPECTO_ACCEPT_WEIGHT_MAX;

    p = xpecto_accept_token(p, last, &range->type);

    if (range->type.len == 0 || p == last || *p != '/') {
        return NULL;
    }

    p = xpecto_accept_token(p + 1, last, &range->subtype);

    if (range->subtype.len == 0) {
        return NULL;
    }

    for ( ;; ) {

        while (p < last && (*p == ' ' || *p == '\t')) {
            p++;
        }

        if (p == last || *p == ',') {
            return p;
        }

        if (*p != ';') {
            return NULL;
        }

        p = xpecto_accept_parameter(p + 1, last, range);

        if (p == NULL) {
            return NULL;
        }
    }
}


static const uint8_t *
xpecto_accept_parameter(const uint8_t *p, const uint8_t *last,
    xpecto_accept_range_t *range)
{
    xpecto_str_t  name, value;

    while (p < last && (*p == ' ' || *p == '\t')) {
        p++;
    }

    p = xpecto_accept_token(p, last, &name);

    if (name.len == 0) {
        /* nothing between two semicolons */
        return p;
    }

    if (p == last || *p != '=') {
        return NULL;
    }

    p++;

    if (p < last && *p == '"') {
        return xpecto_is_nocase(name.data, name.len, "q")
               ? NULL : xpecto_accept_quoted(p, last);
    }

    p = xpecto_accept_token(p, last, &value);

    if (value.len == 0) {
        return NULL;
    }

    if (xpecto_is_nocase(name.data, name.len, "q")
        && !xpecto_accept_weight(&value, &range->weight))
    {
        return NULL;
    }

    return p;
}


static const uint8_t *
xpecto_accept_token(const uint8_t *p, const uint8_t *last,
    xpecto_str_t *token)
{
    token->data = p;

    while (p < last
           && ((*p >= '0' && *p <= '9')
               || ((*p | 0x20) >= 'a' && (*p | 0x20) <= 'z')
               || (*p != '\0' && strchr("!#$%&'*+-.^_`|~", *p) != NULL)))
    {
        p++;
    }

    token->len = (size_t) (p - token->data);

    return p;
}


/* p is at the first quote; NULL: there is no second one */

static const uint8_t *
xpecto_accept_quoted(const uint8_t *p, const uint8_t *last)
{
    for (p++; p < last; p++) {

        if (*p == '"') {
            return p + 1;
        }

        if (*p == '\\' && ++p == last) {
            break;
        }
    }

    return NULL;
}


/* to the comma that ends what is malformed; one in quotes does not */

static const uint8_t *
xpecto_accept_skip(const uint8_t *p, const uint8_t *last)
{
    const uint8_t  *end;

    while (p < last && *p != ',') {

        end = (*p == '"') ? xpecto_accept_quoted(p, last) : NULL;
        p = (end != NULL) ? end : p + 1;
    }

    return p;
}


/* qvalue: 0 or 1 and at most three digits behind the point; 1: it is one */

static int
xpecto_accept_weight(const xpecto_str_t *s, unsigned *weight)
{
    size_t    i;
    unsigned  n, unit;

    if (s->len > sizeof("0.000") - 1
        || (s->data[0] != '0' && s->data[0] != '1')
        || (s->len > 1 && s->data[1] != '.'))
    {
        return 0;
    }

    unit = XPECTO_ACCEPT_WEIGHT_MAX;
    n = (unsigned) (s->data[0] - '0') * unit;

    for (i = 2; i < s->len; i++) {

        if (s->data[i] < '0' || s->data[i] > '9') {
            return 0;
        }

        unit /= 10;
        n += (unsigned) (s->data[i] - '0') * unit;
    }

    *weight = n;

    return n <= XPECTO_ACCEPT_WEIGHT_MAX;
}


static void
xpecto_accept_note(xpecto_accept_t *a, const xpecto_accept_range_t *range)
{
    unsigned             i, near;
    const xpecto_str_t  *type, *subtype;

    type = &range->type;
    subtype = &range->subtype;

    for (i = 0; i < XPECTO_ACCEPT_TYPES; i++) {

        if (xpecto_is_nocase(type->data, type->len, "*")
            && xpecto_is_nocase(subtype->data, subtype->len, "*"))
        {
            near = 1;

        } else if (!xpecto_is_nocase(type->data, type->len,
                                     xpecto_accept_types[i].type))
        {
            continue;

        } else if (xpecto_is_nocase(subtype->data, subtype->len, "*")) {
            near = 2;

        } else if (xpecto_is_nocase(subtype->data, subtype->len,
                                    xpecto_accept_types[i].subtype))
        {
            near = 3;

        } else {
            continue;
        }

        if (near > a->type[i].near
            || (near == a->type[i].near
                && range->weight > a->type[i].weight))
        {
            a->type[i].near = near;
            a->type[i].weight = range->weight;
        }
    }
}
