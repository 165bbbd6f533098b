
#include <string.h>

#include "xpecto_scan_parts.h"


#define XPECTO_SCAN_DOMAIN    253


static int xpecto_scan_is_local(unsigned c);
static const uint8_t *xpecto_scan_domain(const xpecto_scan_t *s,
    const uint8_t *p);
static int xpecto_scan_is_jid(const xpecto_scan_t *s, const uint8_t *p);
static int xpecto_scan_is_time(const xpecto_scan_t *s, const uint8_t **p);
static int xpecto_scan_is_hextet(const xpecto_scan_t *s, const uint8_t *p);
static const uint8_t *xpecto_scan_groups(const xpecto_scan_t *s,
    const uint8_t *p, const uint8_t **next);
static unsigned xpecto_scan_hextet(const xpecto_scan_t *s, const uint8_t **p,
    unsigned *digits);


int
xpecto_scan_email(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span)
{
    int             rc;
    size_t          w;
    const uint8_t  *at, *from, *end;

    at = *p;

    rc = xpecto_scan_userinfo(s, p, span);

    if (rc != 0) {
        return rc > 0;
    }

    *p = at + xpecto_view_match(at, s->end, "@");

    if ((s->classes & XPECTO_CLASS_BIT(XPECTO_CLASS_EMAIL)) == 0) {
        return 0;
    }

    end = xpecto_scan_domain(s, *p);

    if (end == NULL || xpecto_scan_is_jid(s, at)) {
        return 0;
    }

    from = at;

    /* all of it, or a piece would remain; another "@" ends it */

    while (xpecto_scan_is_local(xpecto_view_prev(s->start, from, &w))) {
        from -= w;
    }

    if (from == at) {
        return 0;
    }

    *p = end;

    return xpecto_scan_found(s, span, XPECTO_CLASS_EMAIL, from, end);
}


/* letters beyond ASCII as well (RFC 6531) */

static int
xpecto_scan_is_local(unsigned c)
{
    return xpecto_view_is_alnum(c) || c == '.' || c == '_' || c == '-'
           || c == '+' || c == '~' || c == XPECTO_VIEW_OTHER;
}


/* the end of a host name with a dot and letters behind the last one */

static const uint8_t *
xpecto_scan_domain(const xpecto_scan_t *s, const uint8_t *p)
{
    size_t          w, n;
    unsigned        c, label, letters, dots;
    const uint8_t  *end;

    end = NULL;
    dots = 0;
    label = 0;
    letters = 0;

    for (n = 0; n < XPECTO_SCAN_DOMAIN; n++) {
        c = xpecto_view_next(p, s->end, &w);

        if (c == XPECTO_VIEW_END && s->tail && n > 0) {
            return p;
        }

        if (xpecto_view_is_alnum(c) || c == XPECTO_VIEW_OTHER) {
            label++;
            letters += !xpecto_view_is_digit(c);

        } else if (c == '-' && label > 0) {
            label++;

        } else if (c == '.' && label > 0) {
            dots++;
            label = 0;
            letters = 0;

        } else {
            break;
        }

        p += w;

        if (dots > 0 && letters >= 2 && c != '-') {
            end = p;
        }
    }

    return end;
}


/* a number of WhatsApp: what stands before the "@" is a phone number */

static int
xpecto_scan_is_jid(const xpecto_scan_t *s, const uint8_t *p)
{
    return xpecto_view_match(p, s->end, "@c.us")
           || xpecto_view_match(p, s->end, "@g.us")
           || xpecto_view_match(p, s->end, "@s.whatsapp.net");
}


int
xpecto_scan_ipv6(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span)
{
    size_t          w, n;
    unsigned        c;
    const uint8_t  *at, *from, *end;

    at = *p;

    if (xpecto_scan_is_time(s, p)) {
        return 0;
    }

    *p = at + xpecto_view_match(at, s->end, ":");

    from = at;

    for (n = 0; /* void */ ; n++) {
        c = xpecto_view_prev(s->start, from, &w);

        if (n == 4 || w != 1 || xpecto_view_hex(c) > 15) {
            break;
        }

        from--;
    }

    if (xpecto_view_is_alnum(c) || c == '.' || c == '_'
        || (c == ':' && xpecto_scan_is_hextet(s, from - w)))
    {
        return 0;
    }

    end = xpecto_scan_groups(s, from, p);

    if (end == NULL) {
        return 0;
    }

    c = xpecto_view_next(end, s->end, &w);

    if (xpecto_view_is_alnum(c) || c == '_'
        || xpecto_view_match(end, s->end, "::"))
    {
        return 0;
    }

    *p = end;

    return xpecto_scan_found(s, span, XPECTO_CLASS_IP, from, end);
}


/*
 * Plain colons and digits, but too few of them and no "::", as in
 * "12:00:00": p moves behind the last colon before what may be a number.
 */

static int
xpecto_scan_is_time(const xpecto_scan_t *s, const uint8_t **p)
{
    unsigned        colons;
    const uint8_t  *at, *group;

    colons = 0;
    group = *p;

    for (at = *p; at < s->end; at++) {

        if (*at != ':') {

            if (xpecto_view_hex(*at) > 15) {
                break;
            }

            if (at - group == 4) {
                *p = group;
                return 1;
            }

            continue;
        }

        group = at + 1;

        if (++colons == 6 || (at + 1 < s->end && at[1] == ':')) {
            return 0;
        }
    }

    if (at == *p || at == s->end || *at == '%' || *at == '\\') {
        return 0;
    }

    *p = group;

    return 1;
}


/* what ends before p is a group of an address, not a name: "client:" */

static int
xpecto_scan_is_hextet(const xpecto_scan_t *s, const uint8_t *p)
{
    size_t    w;
    unsigned  c, n;

    for (n = 0; n <= 4; n++) {
        c = xpecto_view_prev(s->start, p, &w);

        if (xpecto_view_hex(c) > 15) {
            return !xpecto_view_is_alnum(c) && (n > 0 || c == ':');
        }

        p -= w;
    }

    return 0;
}


/*
 * RFC 4291 2.2: eight groups, or less with one "::", the last two perhaps
 * in the form of IPv4.  There must be a digit: "add::bed" names things, and
 * a group at the end: "2001:db8::" names a network.
 * Without "::" some group has three digits: an EUI-64 is no address.
 * next moves behind the groups that were read.
 */

static const uint8_t *
xpecto_scan_groups(const xpecto_scan_t *s, const uint8_t *p,
    const uint8_t **next)
{
    size_t          w;
    unsigned        groups, gap, open, wide, digits, c, n;
    const uint8_t  *end, *quad, *from, *last;

    gap = 0;
    open = 0;
    wide = 0;
    groups = 0;
    digits = 0;

    w = xpecto_view_match(p, s->end, "::");

    if (w) {
        gap = 1;
        p += w;
    }

    end = p;
    last = p;

    while (groups < 8) {

        if (gap ? groups < 7 : groups == 6) {
            quad = xpecto_scan_quad(s, p);

            if (quad != NULL) {
                return quad;
            }
        }

        from = p;
        n = xpecto_scan_hextet(s, &p, &digits);

        c = xpecto_view_next(p, s->end, &w);

        if (n == 0 || xpecto_view_is_alnum(c) || c == '_') {
            break;
        }

        open = 0;
        groups++;
        wide += (n > 2);
        last = from;
        end = p;

        w = xpecto_view_match(p, s->end, "::");

        if (w && !gap && groups < 7) {
            gap = 1;
            open = 1;
            p += w;
            continue;
        }

        w = xpecto_view_match(p, s->end, ":");

        if (w == 0) {
            break;
        }

        p += w;
    }

    /* "12:00:00": the colons between groups need no look of their own */

    if (groups > 1 && last > *next) {
        *next = last;
    }

    if (groups == 0 || digits == 0 || (!gap && !wide)) {
        return NULL;
    }

    if (s->tail && p == s->end && (gap || wide > 1)) {
        return p;
    }

    if (gap) {
        return open ? NULL : end;
    }

    /* a ninth group makes it a fingerprint */

    return (groups == 8 && xpecto_view_next(end, s->end, &w) != ':') ? end
                                                                     : NULL;
}


/* the number of hexadecimal digits, one to four */

static unsigned
xpecto_scan_hextet(const xpecto_scan_t *s, const uint8_t **p,
    unsigned *digits)
{
    unsigned  n;

    for (n = 0; n < 4 && *p < s->end; n++) {

        if (xpecto_view_hex(**p) > 15) {
            break;
        }

        *digits += xpecto_view_is_digit(**p);
        (*p)++;
    }

    return n;
}
