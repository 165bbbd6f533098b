
#include <string.h>

#include "xpecto_scan_parts.h"


#define XPECTO_SCAN_CARD     13         /* digits of a card at least */
#define XPECTO_SCAN_APP      15         /* of the id of an app at least */
#define XPECTO_SCAN_IPV4     7          /* bytes of an address at least */


static const uint8_t *xpecto_scan_cut_off(const xpecto_scan_t *s);
static int xpecto_scan_begins_ipv4(const xpecto_scan_t *s);
static void xpecto_scan_resume(const xpecto_scan_t *s, xpecto_prefilter_t *f);
static int xpecto_scan_block(const xpecto_scan_t *s,
    const xpecto_prefilter_t *f, const uint8_t **p, const uint8_t **first,
    xpecto_span_t *span);
static const uint8_t *xpecto_scan_place(const xpecto_prefilter_t *f,
    const uint8_t *p);
static int xpecto_scan_char(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span);
static int xpecto_scan_wildcard(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span);
static int xpecto_scan_digits(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span);
static int xpecto_scan_is_card(const xpecto_scan_t *s, const uint8_t *p,
    const uint8_t *end);


#define XPECTO_SCAN_P  XPECTO_CLASS_BIT(XPECTO_CLASS_PHONE)
#define XPECTO_SCAN_U  XPECTO_CLASS_BIT(XPECTO_CLASS_USER)
#define XPECTO_SCAN_E  XPECTO_CLASS_BIT(XPECTO_CLASS_EMAIL)
#define XPECTO_SCAN_A  XPECTO_CLASS_BIT(XPECTO_CLASS_IP)
#define XPECTO_SCAN_C  XPECTO_CLASS_BIT(XPECTO_CLASS_CREDENTIAL)
#define XPECTO_SCAN_N  XPECTO_CLASS_BIT(XPECTO_CLASS_ACCOUNT)


xpecto_rc_e
xpecto_scan_next(const uint8_t *p, size_t len, size_t *pos, unsigned classes,
    int tail, xpecto_span_t *span)
{
    xpecto_scan_rest_t  rest;

    rest.at = NULL;
    rest.end = NULL;
    rest.classes = 0;

    return xpecto_scan_by(xpecto_prefilter(), &rest, p, len, pos, classes,
                          tail, span);
}


xpecto_rc_e
xpecto_scan_more(xpecto_scan_rest_t *rest, const uint8_t *p, size_t len,
    size_t *pos, unsigned classes, int tail, xpecto_span_t *span)
{
    return xpecto_scan_by(xpecto_prefilter(), rest, p, len, pos, classes,
                          tail, span);
}


xpecto_rc_e
xpecto_scan_by(xpecto_prefilter_pt find, xpecto_scan_rest_t *rest,
    const uint8_t *p, size_t len, size_t *pos, unsigned classes, int tail,
    xpecto_span_t *span)
{
    int                  fresh, known;
    size_t               n;
    const uint8_t       *at, *cut, *first;
    xpecto_scan_t        s;
    xpecto_prefilter_t  *f;

    s.base = p;
    s.start = p + *pos;
    s.end = p + len;
    s.classes = classes;
    s.tail = tail;

    at = s.start;
    cut = xpecto_scan_cut_off(&s);
    first = NULL;
    fresh = 0;

    f = &rest->block;
    known = (at != NULL && !tail && rest->at == at && rest->end == s.end
             && rest->classes == classes);
    rest->at = NULL;

    if (known) {
        xpecto_scan_resume(&s, f);
    }

    /* a line of a log begins with an address: no block need be looked at */

    if (!known && xpecto_scan_begins_ipv4(&s)) {
        first = at;

        if (xpecto_scan_ipv4(&s, &at, span)) {
            goto found;
        }

        first = NULL;
        at = s.start;
    }

    while (known || find(f, s.start, at, s.end, classes, fresh)) {

        known = 0;

        if (cut < f->next && cut >= at) {
            n = (size_t) (cut - f->base);
            f->found[n / 64] |= (uint64_t) 1 << n % 64;
        }

        if (xpecto_scan_block(&s, f, &at, &first, span)) {

            if ((classes & XPECTO_SCAN_C) && at < s.end && *at > ' ') {
                xpecto_scan_widen(&s, &at, span);
            }

            if (at < f->next) {
                rest->at = at;
                rest->end = s.end;
                rest->classes = classes;
            }

            goto found;
        }

        fresh = (at >= f->next);

        if (!fresh) {
            at = f->next;

            if (at == s.end) {
                break;
            }
        }
    }

    if (at <= cut && cut < s.end) {
        at = cut;
        first = (first == NULL) ? at : first;

        if (xpecto_scan_digits(&s, &at, span)) {
            goto found;
        }
    }

    *pos = len;

    return XPECTO_DECLINED;

found:

    span->first = (size_t) (first - p);
    *pos = (size_t) (at - p);

    return XPECTO_OK;
}


/* digits that touch the end of a buffer */

static const uint8_t *
xpecto_scan_cut_off(const xpecto_scan_t *s)
{
    const uint8_t  *cut;

    cut = s->end;

    if (s->tail && (s->classes & XPECTO_SCAN_P)) {
        while (cut > s->start && xpecto_view_is_digit(cut[-1])) {
            cut--;
        }
    }

    return cut;
}


static int
xpecto_scan_begins_ipv4(const xpecto_scan_t *s)
{
    const uint8_t  *p;

    p = s->start;

    return (s->classes & XPECTO_SCAN_A) && s->end - p > XPECTO_SCAN_IPV4
           && xpecto_view_is_digit(p[0])
           && (p[1] == '.' || p[2] == '.' || p[3] == '.');
}


/*
 * Digits where we begin now, which the span stood before, or a dot between:
 * all else that is found does not depend on what stands before.
 */

static void
xpecto_scan_resume(const xpecto_scan_t *s, xpecto_prefilter_t *f)
{
    size_t          n;
    const uint8_t  *at;

    at = s->start;

    if (*at == '.' && at + 1 < f->next) {
        at++;
    }

    if (xpecto_view_is_digit(*at)) {
        n = (size_t) (at - f->base);
        f->found[n / 64] |= (uint64_t) 1 << n % 64;
    }
}


/* all places of a block; *p: behind the last one that was looked at */

static int
xpecto_scan_block(const xpecto_scan_t *s, const xpecto_prefilter_t *f,
    const uint8_t **p, const uint8_t **first, xpecto_span_t *span)
{
    int             rc;
    const uint8_t  *at;

    at = xpecto_scan_place(f, (*p > f->base) ? *p : f->base);

    while (at != NULL) {

        if (*first == NULL) {
            *first = at;
        }

        rc = xpecto_view_is_digit(*at) ? xpecto_scan_digits(s, &at, span)
                                       : xpecto_scan_char(s, &at, span);

        *p = at;

        if (rc || at >= f->next) {
            return rc;
        }

        /* digits right behind an escape begin a run */

        if (!xpecto_view_is_digit(*at)) {
            at = xpecto_scan_place(f, at);
        }
    }

    return 0;
}


/* the first place of a block from p on, NULL: there is none */

static const uint8_t *
xpecto_scan_place(const xpecto_prefilter_t *f, const uint8_t *p)
{
    size_t    i;
    uint64_t  found;

    i = (size_t) (p - f->base);
    found = f->found[i / 64] >> i % 64 << i % 64;

    for (i /= 64; found == 0; found = f->found[i]) {
        if (++i == XPECTO_PREFILTER_WORDS) {
            return NULL;
        }
    }

    return f->base + 64 * i + __builtin_ctzll(found);
}


/* no plain digit; moves *p on in any case */

static int
xpecto_scan_char(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span)
{
    size_t    w;
    unsigned  c;

    c = xpecto_view_next(*p, s->end, &w);

    if (xpecto_view_is_digit(c)) {

        if (s->classes & XPECTO_SCAN_P) {
            return xpecto_scan_phone(s, p, span);
        }

        *p += w;
        return 0;
    }

    if (w == 5 && xpecto_scan_wildcard(s, p, span)) {
        return 1;
    }

    switch (c) {

    case '@':
        if (s->classes & XPECTO_SCAN_E) {
            return xpecto_scan_email(s, p, span);
        }

        break;

    case ':':
        if (s->classes & XPECTO_SCAN_A) {
            return xpecto_scan_ipv6(s, p, span);
        }

        break;

    case '.':
        if (s->classes & XPECTO_SCAN_U) {
            return xpecto_scan_user(s, p, span);
        }

        break;

    default:
        if (w == 1 && xpecto_view_is_alpha(c)) {
            return xpecto_scan_token(s, p, span);
        }
    }

    *p += w;

    return 0;
}


/*
 * "%2516505551234": the "%" that a search has before a number, encoded once,
 * and not a "%16" that is encoded twice.
 */

static int
xpecto_scan_wildcard(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span)
{
    const uint8_t  *at;

    at = *p;

    if ((s->classes & XPECTO_SCAN_P) == 0
        || at[0] != '%' || at[1] != '2' || at[2] != '5'
        || !xpecto_view_is_digit(at[3]) || !xpecto_view_is_digit(at[4]))
    {
        return 0;
    }

    at += 3;

    if (xpecto_scan_phone(s, &at, span)) {
        *p = at;
        return 1;
    }

    return 0;
}


/* most runs of digits are short and stand alone: they must cost little */

static int
xpecto_scan_digits(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span)
{
    int             alone;
    size_t          w;
    const uint8_t  *from, *end, *at;

    from = *p;
    end = xpecto_scan_digits_end(from, s->end);

    /* with a plus in front, four short groups are a number first */

    if (end - from <= 3 && end < s->end && *end == '.'
        && (s->classes & XPECTO_SCAN_A))
    {
        if ((s->classes & XPECTO_SCAN_P) && *from != '0'
            && xpecto_view_prev(s->start, from, &w) == '+'
            && xpecto_scan_phone(s, p, span))
        {
            return 1;
        }

        *p = from;

        if (xpecto_scan_ipv4(s, p, span)) {
            return 1;
        }
    }

    if (end - from >= XPECTO_SCAN_APP && (s->classes & XPECTO_SCAN_C)
        && (end == s->end || *end == '|' || *end == '%' || *end == '\\'
            || *end >= 0x80)
        && xpecto_scan_app_token(s, p, span))
    {
        return 1;
    }

    *p = end;

    if (s->classes & XPECTO_SCAN_P) {

        alone = (end - from >= XPECTO_SCAN_BARE)
                ? xpecto_scan_alone(s, from, end, span) : -1;

        if (alone > 0) {
            return 1;
        }

        if (alone < 0 && xpecto_scan_worth(s, from, end)) {
            *p = from;

            if (xpecto_scan_phone(s, p, span)) {
                return 1;
            }

            /* whether these were looked at decides nothing for others */

            *p = end;
        }
    }

    if ((s->classes & XPECTO_SCAN_N) && xpecto_scan_is_card(s, from, end)) {
        at = from;

        if (xpecto_scan_card(s, &at, span)) {
            *p = at;
            return 1;
        }
    }

    return 0;
}


/* thirteen digits or more, or two groups of four and a gap */

static int
xpecto_scan_is_card(const xpecto_scan_t *s, const uint8_t *p,
    const uint8_t *end)
{
    if (end - p != 4) {
        return end - p >= XPECTO_SCAN_CARD;
    }

    return s->end - end > XPECTO_SCAN_CARD - 4
           && (*end == '%' || ((*end == ' ' || *end == '-' || *end == '+')
                               && xpecto_view_is_digit(end[1])
                               && xpecto_view_is_digit(end[4])));
}


int
xpecto_scan_found(const xpecto_scan_t *s, xpecto_span_t *span,
    xpecto_class_e class, const uint8_t *from, const uint8_t *to)
{
    span->start = (size_t) (from - s->base);
    span->end = (size_t) (to - s->base);
    span->class = class;
    span->phone.len = 0;

    return 1;
}
