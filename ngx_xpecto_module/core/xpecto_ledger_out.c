
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_base64.h"
#include "xpecto_calendar.h"
#include "xpecto_ledger_out.h"


static size_t xpecto_ledger_utf8(const uint8_t *p, size_t len);


void
xpecto_ledger_text(const char *text, xpecto_ledger_out_t *out)
{
    xpecto_ledger_bytes((const uint8_t *) text, strlen(text), out);
}


void
xpecto_ledger_bytes(const uint8_t *p, size_t len, xpecto_ledger_out_t *out)
{
    if (out->p == NULL) {
        return;
    }

    if (len > (size_t) (out->last - out->p)) {
        out->p = NULL;
        return;
    }

    memcpy(out->p, p, len);
    out->p += len;
}


void
xpecto_ledger_string(const xpecto_str_t *str, xpecto_ledger_out_t *out)
{
    size_t   i, n;
    uint8_t  ch;

    xpecto_ledger_text("\"", out);

    for (i = 0; i < str->len; i += n) {
        ch = str->data[i];
        n = 1;

        if (ch == '"' || ch == '\\') {
            xpecto_ledger_text("\\", out);
            xpecto_ledger_bytes(&ch, 1, out);

        } else if (ch < 0x20 || ch == 0x7f) {
            xpecto_ledger_text("\\u00", out);
            xpecto_ledger_hex(ch, out);

        } else if (ch < 0x80) {
            xpecto_ledger_bytes(&ch, 1, out);

        } else {
            n = xpecto_ledger_utf8(&str->data[i], str->len - i);

            if (n != 0) {
                xpecto_ledger_bytes(&str->data[i], n, out);

            } else {
                xpecto_ledger_text("\\ufffd", out);
                n = 1;
            }
        }
    }

    xpecto_ledger_text("\"", out);
}


/* the length of the character that begins here, or 0 (RFC 3629) */

static size_t
xpecto_ledger_utf8(const uint8_t *p, size_t len)
{
    size_t    i, n;
    uint32_t  u;

    if (p[0] >= 0xc2 && p[0] <= 0xdf) {
        n = 2;

    } else if ((p[0] & 0xf0) == 0xe0) {
        n = 3;

    } else if (p[0] >= 0xf0 && p[0] <= 0xf4) {
        n = 4;

    } else {
        return 0;
    }

    if (len < n) {
        return 0;
    }

    u = p[0] & (0x7fu >> n);

    for (i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            return 0;
        }

        u = u << 6 | (p[i] & 0x3f);
    }

    if ((n == 3 && u < 0x800) || (u >= 0xd800 && u <= 0xdfff)
        || (n == 4 && (u < 0x10000 || u > 0x10ffff)))
    {
        return 0;
    }

    return n;
}


void
xpecto_ledger_number(int64_t n, xpecto_ledger_out_t *out)
{
    if (n < 0) {
        xpecto_ledger_text("-", out);
    }

    xpecto_ledger_digits((n < 0) ? 0 - (uint64_t) n : (uint64_t) n, 1, out);
}


void
xpecto_ledger_digits(uint64_t n, unsigned width, xpecto_ledger_out_t *out)
{
    uint8_t   digits[20];
    unsigned  i;

    i = sizeof(digits);

    while (n != 0 || sizeof(digits) - i < width) {
        digits[--i] = (uint8_t) ('0' + n % 10);
        n /= 10;
    }

    xpecto_ledger_bytes(&digits[i], sizeof(digits) - i, out);
}


void
xpecto_ledger_time(int64_t msec, xpecto_ledger_out_t *out)
{
    int64_t   year;
    uint64_t  sec;
    unsigned  month, day;

    sec = (uint64_t) (msec % 86400000) / 1000;

    xpecto_date(msec / 86400000, &year, &month, &day);

    xpecto_ledger_digits((uint64_t) year, 4, out);
    xpecto_ledger_text("-", out);
    xpecto_ledger_digits(month, 2, out);
    xpecto_ledger_text("-", out);
    xpecto_ledger_digits(day, 2, out);
    xpecto_ledger_text("T", out);
    xpecto_ledger_digits(sec / 3600, 2, out);
    xpecto_ledger_text(":", out);
    xpecto_ledger_digits(sec / 60 % 60, 2, out);
    xpecto_ledger_text(":", out);
    xpecto_ledger_digits(sec % 60, 2, out);
    xpecto_ledger_text(".", out);
    xpecto_ledger_digits((uint64_t) (msec % 1000), 3, out);
    xpecto_ledger_text("Z", out);
}


void
xpecto_ledger_base64(const uint8_t *p, size_t len, xpecto_ledger_out_t *out)
{
    if (out->p == NULL) {
        return;
    }

    if (XPECTO_BASE64_ENCODED(len) > (size_t) (out->last - out->p)) {
        out->p = NULL;
        return;
    }

    out->p += xpecto_base64url_encode(out->p, p, len);
}


void
xpecto_ledger_hex(uint8_t byte, xpecto_ledger_out_t *out)
{
    static const uint8_t  digits[] = "0123456789abcdef";

    xpecto_ledger_bytes(&digits[byte >> 4], 1, out);
    xpecto_ledger_bytes(&digits[byte & 0xf], 1, out);
}
