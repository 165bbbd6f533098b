
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_form.h"


static unsigned xpecto_form_hex(uint8_t c);


xpecto_rc_e
xpecto_form_next(const uint8_t **p, const uint8_t *last,
    xpecto_form_pair_t *pair)
{
    const uint8_t  *start, *end, *equal;

    start = *p;

    while (start < last && *start == '&') {
        start++;
    }

    if (start == last) {
        *p = last;
        return XPECTO_DECLINED;
    }

    end = memchr(start, '&', (size_t) (last - start));

    if (end == NULL) {
        end = last;
    }

    *p = end;

    equal = memchr(start, '=', (size_t) (end - start));

    if (equal == NULL) {
        pair->value.data = end;
        pair->value.len = 0;
        equal = end;

    } else {
        pair->value.data = equal + 1;
        pair->value.len = (size_t) (end - equal - 1);
    }

    pair->name.data = start;
    pair->name.len = (size_t) (equal - start);

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_form_decode(const xpecto_str_t *raw, uint8_t *out, size_t cap,
    size_t *len)
{
    size_t       i, n;
    uint8_t      c;
    unsigned     high, low;
    xpecto_rc_e  rc;

    n = 0;
    rc = XPECTO_OK;

    for (i = 0; i < raw->len; i++) {
        c = raw->data[i];

        if (c == '+') {
            c = ' ';

        } else if (c == '%') {

            if (raw->len - i < 3) {
                return XPECTO_ERROR;
            }

            high = xpecto_form_hex(raw->data[i + 1]);
            low = xpecto_form_hex(raw->data[i + 2]);

            if (high > 15 || low > 15) {
                return XPECTO_ERROR;
            }

            c = (uint8_t) (high << 4 | low);
            i += 2;
        }

        if (n < cap) {
            out[n++] = c;

        } else {
            rc = XPECTO_DECLINED;
        }
    }

    *len = n;

    return rc;
}


static unsigned
xpecto_form_hex(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }

    c |= 0x20;

    return (c >= 'a' && c <= 'f') ? c - 'a' + 10u : 16;
}
