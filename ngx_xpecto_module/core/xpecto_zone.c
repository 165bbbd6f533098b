
/*
 * Time zones: see xpecto_zone.h.
 */


#include <string.h>

#include "xpecto_zone.h"
#include "xpecto_calendar.h"
#include "xpecto_zone_rule.h"


#define XPECTO_TZIF_HEADER     44
#define XPECTO_TZIF_TYPE       6        /* bytes of a local time type */
#define XPECTO_TZIF_MAX        65536    /* of anything that is counted */
#define XPECTO_ZONE_OFFSET     93600    /* seconds; RFC 8536: 26 hours */
#define XPECTO_ZONE_END        253402300800     /* the year 10000 */


/* a block of data: 4 or 8 bytes a time */

typedef struct {
    uint32_t        isut;
    uint32_t        isstd;
    uint32_t        leaps;
    uint32_t        times;
    uint32_t        types;
    uint32_t        chars;
    size_t          width;
    const uint8_t  *data;
    size_t          len;
} xpecto_tzif_t;


static xpecto_rc_e xpecto_tzif_block(xpecto_tzif_t *b, const uint8_t *p,
    size_t left, size_t width);
static xpecto_rc_e xpecto_tzif_changes(xpecto_zone_t *z,
    const xpecto_tzif_t *b, int64_t from);
static xpecto_rc_e xpecto_tzif_footer(xpecto_zone_t *z, const uint8_t *p,
    size_t len, int64_t from);
static xpecto_rc_e xpecto_zone_digits(const uint8_t *p, unsigned max,
    int32_t *n);
static uint64_t xpecto_tzif_number(const uint8_t *p, size_t width);
static int64_t xpecto_tzif_time(const uint8_t *p, size_t width);


xpecto_rc_e
xpecto_zone_fixed(xpecto_zone_t *z, const xpecto_str_t *name)
{
    int32_t         hours, minutes;
    const uint8_t  *p;

    memset(z, 0, sizeof(xpecto_zone_t));

    p = name->data;

    if ((name->len == 3 && memcmp(p, "UTC", 3) == 0)
        || (name->len == 1 && p[0] == 'Z'))
    {
        return XPECTO_OK;
    }

    if (name->len != sizeof("+05:30") - 1
        || (p[0] != '+' && p[0] != '-')
        || p[3] != ':'
        || xpecto_zone_digits(p + 1, 23, &hours) != XPECTO_OK
        || xpecto_zone_digits(p + 4, 59, &minutes) != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    z->offset[0] = hours * 3600 + minutes * 60;

    if (p[0] == '-') {
        z->offset[0] = -z->offset[0];
    }

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_zone_parse(xpecto_zone_t *z, const uint8_t *tzif, size_t len,
    int64_t from)
{
    size_t         used;
    xpecto_tzif_t  b;

    memset(z, 0, sizeof(xpecto_zone_t));

    if (xpecto_tzif_block(&b, tzif, len, 4) != XPECTO_OK) {
        return XPECTO_ERROR;
    }

    if (tzif[4] < '2') {
        return xpecto_tzif_changes(z, &b, from);
    }

    used = XPECTO_TZIF_HEADER + b.len;

    if (xpecto_tzif_block(&b, tzif + used, len - used, 8) != XPECTO_OK
        || xpecto_tzif_changes(z, &b, from) != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    used += XPECTO_TZIF_HEADER + b.len;

    return xpecto_tzif_footer(z, tzif + used, len - used, from);
}


int32_t
xpecto_zone_offset(const xpecto_zone_t *z, int64_t t)
{
    uint32_t  i;

    for (i = 0; i < z->n && t >= z->at[i]; i++) { /* void */ }

    return z->offset[i];
}


int64_t
xpecto_zone_first(const xpecto_zone_t *z, int64_t local)
{
    int64_t   t;
    uint32_t  i;

    for (i = 0; i < z->n; i++) {
        t = local - z->offset[i];

        if (i > 0 && t < z->at[i - 1]) {
            t = z->at[i - 1];
        }

        if (t < z->at[i]) {
            return t;
        }
    }

    t = local - z->offset[i];

    return (i > 0 && t < z->at[i - 1]) ? z->at[i - 1] : t;
}


static xpecto_rc_e
xpecto_tzif_block(xpecto_tzif_t *b, const uint8_t *p, size_t left,
    size_t width)
{
    if (left < XPECTO_TZIF_HEADER || memcmp(p, "TZif", 4) != 0) {
        return XPECTO_ERROR;
    }

    b->isut = (uint32_t) xpecto_tzif_number(p + 20, 4);
    b->isstd = (uint32_t) xpecto_tzif_number(p + 24, 4);
    b->leaps = (uint32_t) xpecto_tzif_number(p + 28, 4);
    b->times = (uint32_t) xpecto_tzif_number(p + 32, 4);
    b->types = (uint32_t) xpecto_tzif_number(p + 36, 4);
    b->chars = (uint32_t) xpecto_tzif_number(p + 40, 4);
    b->width = width;
    b->data = p + XPECTO_TZIF_HEADER;

    if (b->isut > XPECTO_TZIF_MAX || b->isstd > XPECTO_TZIF_MAX
        || b->leaps > XPECTO_TZIF_MAX || b->times > XPECTO_TZIF_MAX
        || b->types > XPECTO_TZIF_MAX || b->chars > XPECTO_TZIF_MAX
        || b->types == 0)
    {
        return XPECTO_ERROR;
    }

    b->len = b->times * (width + 1) + b->types * XPECTO_TZIF_TYPE + b->chars
             + b->leaps * (width + 4) + b->isstd + b->isut;

    return (b->len > left - XPECTO_TZIF_HEADER) ? XPECTO_ERROR : XPECTO_OK;
}


static xpecto_rc_e
xpecto_tzif_changes(xpecto_zone_t *z, const xpecto_tzif_t *b, int64_t from)
{
    int64_t         at, last, offset;
    uint32_t        i, type;
    const uint8_t  *types, *index;

    index = b->data + b->times * b->width;
    types = index + b->times;
    last = INT64_MIN;

    for (i = 0; i <= b->times; i++) {

        /* before the first change the first type holds */

        type = (i == 0) ? 0 : index[i - 1];
        at = (i == 0) ? INT64_MIN
                      : xpecto_tzif_time(b->data + (i - 1) * b->width,
                                         b->width);

        if (type >= b->types || (i > 1 && at <= last)
            || at >= XPECTO_ZONE_END)
        {
            return XPECTO_ERROR;
        }

        last = at;
        offset = xpecto_tzif_time(types + type * XPECTO_TZIF_TYPE, 4);

        if (offset < -XPECTO_ZONE_OFFSET || offset > XPECTO_ZONE_OFFSET) {
            return XPECTO_ERROR;
        }

        if (at <= from) {
            z->offset[0] = (int32_t) offset;
            continue;
        }

        xpecto_zone_add(z, at, (int32_t) offset);
    }

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_tzif_footer(xpecto_zone_t *z, const uint8_t *p, size_t len,
    int64_t from)
{
    const uint8_t      *end;
    xpecto_zone_rule_t  rule;

    if (len < 2 || p[0] != '\n') {
        return XPECTO_ERROR;
    }

    end = memchr(p + 1, '\n', len - 1);

    if (end == NULL) {
        return XPECTO_ERROR;
    }

    if (end == p + 1) {
        /* nothing is known of the time behind the last change */
        return XPECTO_OK;
    }

    if (xpecto_zone_rule(&rule, p + 1, (size_t) (end - p - 1)) != XPECTO_OK) {
        return XPECTO_ERROR;
    }

    xpecto_zone_extend(z, &rule, from);

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_zone_digits(const uint8_t *p, unsigned max, int32_t *n)
{
    if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9') {
        return XPECTO_ERROR;
    }

    *n = (p[0] - '0') * 10 + p[1] - '0';

    return (*n > (int32_t) max) ? XPECTO_ERROR : XPECTO_OK;
}


static uint64_t
xpecto_tzif_number(const uint8_t *p, size_t width)
{
    size_t    i;
    uint64_t  n;

    n = 0;

    for (i = 0; i < width; i++) {
        n = n << 8 | p[i];
    }

    return n;
}


/* two's complement, most significant byte first */

static int64_t
xpecto_tzif_time(const uint8_t *p, size_t width)
{
    uint64_t  n;

    n = xpecto_tzif_number(p, width);

    if (width == 4 && (n & 0x80000000)) {
        n |= 0xffffffff00000000ull;
    }

    return (int64_t) n;
}
