
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/* Addresses, and what is left of them: 192.0.2.0, 2001:db8:1:: */


#include <string.h>

#include "xpecto_redact_quoted.h"


/* of the longest address with brackets, zone and port */

#define XPECTO_IP_MAX  (XPECTO_REPLACEMENT_MAX - 8)


static void xpecto_ip4_bytes(uint8_t dst[4], const uint8_t *p, size_t len);
static size_t xpecto_ip4(const uint8_t *p, size_t len, size_t *last);
static size_t xpecto_ip6(const uint8_t *p, size_t len, unsigned words[8],
    size_t *dotted);
static size_t xpecto_ip6_expand(unsigned words[8], int n, int gap);
static uint8_t *xpecto_ip6_word(uint8_t *dst, unsigned word);
static int xpecto_ip_port(const uint8_t *p, size_t len);


void
xpecto_edit_ip(xpecto_edit_t *e, size_t start, size_t end)
{
    size_t          i, n, first;
    uint8_t         buf[XPECTO_REPLACEMENT_MAX];
    const uint8_t  *p;

    p = e->p;
    n = end - start;

    i = ((n == 4 || n == 16) && n == e->len) ? start : end;

    while (i < end && ((p[i] >= ' ' && p[i] < 0x7f) || p[i] == '\t')) {
        i++;
    }

    if (i < end) {

        if (e->rd->styles[XPECTO_CLASS_IP] == XPECTO_STYLE_TRUNCATE) {
            memset(buf, 0, sizeof(buf));
            memcpy(buf, p + start, n == 4 ? 3 : 6);

        } else {
            n = xpecto_edit_replacement(e->rd, buf, p + start, n,
                                        XPECTO_CLASS_IP, NULL);
        }

        xpecto_edit_put(e, start, end, XPECTO_CLASS_IP, buf, n,
                        XPECTO_QUOTE_NONE);
        xpecto_edit_skip(e, end);
        return;
    }

    for (i = start; i < end; i = first) {

        while (i < end && (p[i] == ',' || p[i] == ' ' || p[i] == '\t')) {
            i++;
        }

        first = i;

        while (first < end && p[first] != ',' && p[first] != ' '
               && p[first] != '\t')
        {
            first++;
        }

        if (i == first
            || xpecto_edit_redacted(e->rd, p + i, first - i,
                                    XPECTO_CLASS_IP))
        {
            continue;
        }

        n = xpecto_edit_replacement(e->rd, buf, p + i, first - i,
                                    XPECTO_CLASS_IP, NULL);
        xpecto_edit_put(e, i, first, XPECTO_CLASS_IP, buf, n,
                        XPECTO_QUOTE_NONE);
    }

    xpecto_edit_skip(e, end);
}


size_t
xpecto_edit_truncate(uint8_t *dst, const uint8_t *p, size_t len)
{
    size_t    n, i, last, dotted, open;
    uint8_t  *d;
    unsigned  words[8];

    if (len == 0 || len > XPECTO_IP_MAX) {
        return 0;
    }

    n = xpecto_ip4(p, len, &last);

    if (n != 0 && xpecto_ip_port(p + n, len - n)) {
        memcpy(dst, p, last);
        dst[last] = '0';
        memcpy(dst + last + 1, p + n, len - n);

        return last + 1 + len - n;
    }

    open = (p[0] == '[');

    if (memchr(p, ':', len) == NULL) {
        return 0;
    }

    n = xpecto_ip6(p + open, len - open, words, &dotted);
    if (n == 0) {
        return 0;
    }

    n += open;

    /* the zone of a link-local address names an interface: it goes */

    for (i = n; i < len && p[n] == '%' && p[i] != ']'; i++) { /* void */ }

    if (open && (i == len || p[i++] != ']')) {
        return 0;
    }

    if (!(open ? xpecto_ip_port(p + i, len - i) : i == len)) {
        return 0;
    }

    d = dst;

    if (open) {
        *d++ = '[';
    }

    if (dotted && words[5] == 0xffff
        && (words[0] | words[1] | words[2] | words[3] | words[4]) == 0)
    {
        (void) xpecto_ip4(p + open + dotted, len - open - dotted, &last);
        memcpy(d, p + open, dotted + last);
        d += dotted + last;
        *d++ = '0';

    } else {

        if (words[0] | words[1] | words[2]) {
            d = xpecto_ip6_word(d, words[0]);
        }

        if (words[1] | words[2]) {
            *d++ = ':';
            d = xpecto_ip6_word(d, words[1]);
        }

        if (words[2]) {
            *d++ = ':';
            d = xpecto_ip6_word(d, words[2]);
        }

        *d++ = ':';
        *d++ = ':';
    }

    if (open) {
        *d++ = ']';
        memcpy(d, p + i, len - i);
        d += len - i;
    }

    return (size_t) (d - dst);
}


size_t
xpecto_edit_address(uint8_t dst[16], const uint8_t *p, size_t len)
{
    size_t    i, last, dotted;
    unsigned  words[8];

    static const uint8_t  mapped[12] = {
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff
    };

    if (xpecto_ip4(p, len, &last) != 0) {
        xpecto_ip4_bytes(dst, p, len);
        return 4;
    }

    if (len > 0 && p[0] == '[') {
        p++;
        len--;
    }

    if (xpecto_ip6(p, len, words, &dotted) == 0) {
        return 0;
    }

    for (i = 0; i < 8; i++) {
        dst[2 * i] = (uint8_t) (words[i] >> 8);
        dst[2 * i + 1] = (uint8_t) words[i];
    }

    if (dotted) {
        xpecto_ip4_bytes(dst + 12, p + dotted, len - dotted);
    }

    if (memcmp(dst, mapped, sizeof(mapped)) == 0) {
        memmove(dst, dst + 12, 4);
        return 4;
    }

    return 16;
}


static void
xpecto_ip4_bytes(uint8_t dst[4], const uint8_t *p, size_t len)
{
    size_t    i;
    unsigned  part;

    for (part = 0, i = 0; part < 4; part++, i++) {

        for (dst[part] = 0; i < len && p[i] >= '0' && p[i] <= '9'; i++) {
            dst[part] = (uint8_t) (dst[part] * 10 + (p[i] - '0'));
        }
    }
}


/* the length of a dotted quad; last: the offset of its last number */

static size_t
xpecto_ip4(const uint8_t *p, size_t len, size_t *last)
{
    size_t    i;
    unsigned  part, value, digits;

    i = 0;

    for (part = 0; part < 4; part++) {

        *last = i;
        value = 0;

        for (digits = 0; i < len && p[i] >= '0' && p[i] <= '9'; digits++) {
            value = value * 10 + (unsigned) (p[i++] - '0');

            if (digits == 3) {
                return 0;
            }
        }

        if (digits == 0 || value > 255) {
            return 0;
        }

        if (part < 3 && (i == len || p[i++] != '.')) {
            return 0;
        }
    }

    return i;
}


/* the length of an address; dotted: where an IPv4 tail begins, or 0 */

static size_t
xpecto_ip6(const uint8_t *p, size_t len, unsigned words[8], size_t *dotted)
{
    int       n, gap;
    size_t    i, start, last, quad;
    uint8_t   c;
    unsigned  value;

    n = 0;
    gap = -1;
    i = 0;
    *dotted = 0;

    if (len >= 2 && p[0] == ':' && p[1] == ':') {
        gap = 0;
        i = 2;
    }

    while (n < 8) {

        value = 0;

        for (start = i; i < len && i - start < 4; i++) {

            c = p[i] | 0x20;

            if (p[i] >= '0' && p[i] <= '9') {
                value = value << 4 | (unsigned) (p[i] - '0');

            } else if (c >= 'a' && c <= 'f') {
                value = value << 4 | (unsigned) (c - 'a' + 10);

            } else {
                break;
            }
        }

        if (i < len && p[i] == '.' && n <= 6 && i > start) {
            quad = xpecto_ip4(p + start, len - start, &last);
            if (quad == 0) {
                return 0;
            }

            *dotted = start;
            words[n++] = 0;
            words[n++] = 0;
            i = start + quad;
            break;
        }

        if (i == start) {
            break;
        }

        words[n++] = value;

        if (i == len || p[i] != ':') {
            break;
        }

        if (len - i > 1 && p[i + 1] == ':' && gap < 0) {
            gap = n;
            i += 2;
            continue;
        }

        if (len - i < 2) {
            return 0;
        }

        i++;
    }

    if (i > 0 && p[i - 1] == ':' && gap != n) {
        return 0;
    }

    return xpecto_ip6_expand(words, n, gap) ? i : 0;
}


static size_t
xpecto_ip6_expand(unsigned words[8], int n, int gap)
{
    int  i, zeros;

    if (gap < 0) {
        return n == 8;
    }

    if (n > 7) {
        return 0;
    }

    zeros = 8 - n;

    for (i = n - 1; i >= gap; i--) {
        words[i + zeros] = words[i];
    }

    for (i = gap; i < gap + zeros; i++) {
        words[i] = 0;
    }

    return 1;
}


static uint8_t *
xpecto_ip6_word(uint8_t *dst, unsigned word)
{
    int                shift;
    static const char  hex[] = "0123456789abcdef";

    for (shift = 12; shift > 0 && (word >> shift) == 0; shift -= 4) {
        /* void */
    }

    for ( /* void */ ; shift >= 0; shift -= 4) {
        *dst++ = (uint8_t) hex[(word >> shift) & 15];
    }

    return dst;
}


/* nothing, or ":" and up to five digits */

static int
xpecto_ip_port(const uint8_t *p, size_t len)
{
    size_t  i;

    if (len == 0) {
        return 1;
    }

    for (i = 1; i < len && p[i] >= '0' && p[i] <= '9'; i++) { /* void */ }

    return p[0] == ':' && len > 1 && len <= 6 && i == len;
}


/*
 * Addresses of servers are not those of persons: "10.0.0.1:80, unix:/s".  A
 * zone may be any text, "[fe80::1%eth0]", "%25eth0" in a URI: it is scanned.
 */

void
xpecto_edit_host(xpecto_edit_t *e, size_t from, size_t to)
{
    size_t          end, open, zone;
    uint8_t         buf[XPECTO_REPLACEMENT_MAX];
    const uint8_t  *p;

    p = e->p;
    xpecto_edit_scan(e, from);

    /* an address has a digit or a colon */

    if (e->mapped && xpecto_map_find(&e->map, XPECTO_MAP_DIGIT, from, to) == to
        && xpecto_map_find(&e->map, XPECTO_MAP_COLON, from, to) == to)
    {
        from = to;
    }

    for ( /* void */ ; from < to; from = end + 1) {

        for (end = from; end < to && p[end] != ',' && p[end] != ' '; end++) {
            /* void */
        }

        zone = xpecto_edit_find(p, from, end, '%');
        open = (zone < end && p[from] == '[');

        if (xpecto_edit_truncate(buf, p + from + open, zone - from - open)
            == 0)
        {
            continue;
        }

        /* the "%" before digits is no escape, but for that of itself */

        if (zone < end && !xpecto_log_starts_with(p, zone, end, "%25")) {
            zone++;
        }

        xpecto_edit_scan(e, from);
        xpecto_edit_skip(e, zone);
    }

    xpecto_edit_scan(e, to);
}
