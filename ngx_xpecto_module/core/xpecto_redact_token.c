
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * Pseudonyms of values.  The value under the hash is the canonical form of
 * what stands in the log, so that all its spellings have one token:
 *
 *     phone     E.164 digits, calling code first, WhatsApp's old forms of
 *               Mexico and Brazil in their current one
 *     id        its characters, base64url, without padding; the token of the
 *               number that it holds stands before its own
 *     email     in lower case
 *     ip        its 4 or 16 bytes, 4 of an IPv4-mapped one
 *     others    the bytes
 *
 * with escapes of URLs, JSON and logs decoded where they stand for ASCII.
 */


#include <string.h>

#include "xpecto_redact_edit.h"
#include "xpecto_view.h"


static size_t xpecto_token_canon(uint8_t *dst, const uint8_t *p, size_t len,
    xpecto_class_e class);


/* 0: there is no key, or no canonical form */

size_t
xpecto_edit_pseudonym(const xpecto_redact_t *rd, uint8_t *dst,
    const uint8_t *p, size_t len, xpecto_class_e class,
    const xpecto_phone_t *phone)
{
    size_t                     n;
    uint8_t                   *d, value[XPECTO_PSEUDONYM_VALUE + 1];
    const char                *name, *number;
    xpecto_phone_t             ph;
    const xpecto_pseudonym_t  *ps;

    ps = rd->pseudonym;

    if (ps == NULL || !xpecto_pseudonym_ready(rd->pseudonym)) {
        return 0;
    }

    name = xpecto_class_name(class);
    number = xpecto_class_name(XPECTO_CLASS_PHONE);

    d = dst;
    *d++ = '[';
    memcpy(d, name, strlen(name));
    d += strlen(name);
    *d++ = '.';
    memcpy(d, ps->epoch, ps->epoch_len);
    d += ps->epoch_len;

    ph.len = 0;

    if (class == XPECTO_CLASS_PHONE
        && xpecto_edit_number(&ph, p, len, phone) != XPECTO_OK)
    {
        return 0;
    }

    if (class == XPECTO_CLASS_ID
        && xpecto_scan_id_phone(p, len, &ph) != XPECTO_OK)
    {
        ph.len = 0;
    }

    if (ph.len > 0) {
        *d++ = '.';
        (void) xpecto_pseudonym_write(ps, d, number, ph.digits, ph.len);
        d += XPECTO_PSEUDONYM_LEN;
    }

    if (class != XPECTO_CLASS_PHONE) {
        n = xpecto_token_canon(value, p, len, class);
        *d++ = '.';

        if (n == 0
            || xpecto_pseudonym_write(ps, d, name, value, n) != XPECTO_OK)
        {
            return 0;
        }

        d += XPECTO_PSEUDONYM_LEN;
    }

    *d++ = ']';

    return (size_t) (d - dst);
}


/* at most XPECTO_PSEUDONYM_VALUE + 1 bytes: one more than can be hashed */

static size_t
xpecto_token_canon(uint8_t *dst, const uint8_t *p, size_t len,
    xpecto_class_e class)
{
    size_t          n, w;
    uint8_t         address[16];
    unsigned        c;
    const uint8_t  *end;

    n = 0;
    end = p + len;

    for ( /* void */ ; p < end; p += w) {

        c = xpecto_view_next(p, end, &w);

        if (c >= 0x80) {

            /* a character beyond ASCII stays as it was sent */

            if (n + w > XPECTO_PSEUDONYM_VALUE) {
                return XPECTO_PSEUDONYM_VALUE + 1;
            }

            memcpy(dst + n, p, w);
            n += w;
            continue;
        }

        if (class == XPECTO_CLASS_EMAIL && xpecto_view_is_upper(c)) {
            c |= 0x20;

        } else if (class == XPECTO_CLASS_ID) {
            c = (c == '+') ? '-' : (c == '/') ? '_' : c;
        }

        if (n == XPECTO_PSEUDONYM_VALUE) {
            return n + 1;
        }

        if (c != ' ' || n > 0) {
            dst[n++] = (uint8_t) c;
        }
    }

    while (n > 0 && (dst[n - 1] == ' '
                     || (class == XPECTO_CLASS_ID && dst[n - 1] == '=')))
    {
        n--;
    }

    if (class == XPECTO_CLASS_IP) {
        n = xpecto_edit_address(address, dst, n);
        memcpy(dst, address, n);
    }

    return n;
}


/* of a named value, or as the scan has read it */

xpecto_rc_e
xpecto_edit_number(xpecto_phone_t *ph, const uint8_t *p, size_t len,
    const xpecto_phone_t *phone)
{
    size_t          n, w;
    uint8_t         buf[XPECTO_REPLACEMENT_MAX];
    unsigned        c;
    const uint8_t  *end;

    if (phone != NULL && phone->len > 0) {
        *ph = *phone;
        return XPECTO_OK;
    }

    /* most are bare digits */

    for (n = 0; n < len && p[n] >= '0' && p[n] <= '9'; n++) { /* void */ }

    if (n == len && n >= XPECTO_PHONE_MIN && n <= XPECTO_PHONE_MAX
        && p[0] != '0')
    {
        xpecto_phone_set(ph, p, n);

        return xpecto_phone_check(ph->digits, ph->len, XPECTO_PHONE_POSSIBLE)
               ? XPECTO_OK : XPECTO_DECLINED;
    }

    n = 0;

    for (end = p + len; p < end; p += w) {

        c = xpecto_view_next(p, end, &w);

        if (c == XPECTO_VIEW_NONE) {
            continue;
        }

        if (c >= 0x80 || n == sizeof(buf)) {
            return XPECTO_DECLINED;
        }

        buf[n++] = (uint8_t) c;
    }

    return xpecto_phone_parse(ph, buf, n);
}
