
/*
 * A part of all requests: see xpecto_enforce.h.
 */


#include "xpecto_enforce.h"

#include <string.h>


xpecto_rc_e
xpecto_enforce_parse(unsigned *part, const uint8_t *p, size_t len)
{
    size_t    i, point;
    unsigned  n, unit;

    if (len < sizeof("0%") - 1 || p[len - 1] != '%') {
        return XPECTO_ERROR;
    }

    len--;
    n = 0;

    for (i = 0; i < len && p[i] != '.'; i++) {

        if (p[i] < '0' || p[i] > '9' || i == sizeof("100") - 1) {
            return XPECTO_ERROR;
        }

        n = n * 10 + (unsigned) (p[i] - '0');
    }

    point = i;
    unit = 100;
    n *= unit;

    if (point == 0 || point + 1 == len || point + 3 < len) {
        return XPECTO_ERROR;
    }

    for (i = point + 1; i < len; i++) {

        if (p[i] < '0' || p[i] > '9') {
            return XPECTO_ERROR;
        }

        unit /= 10;
        n += (unsigned) (p[i] - '0') * unit;
    }

    *part = n;

    return (n > XPECTO_ENFORCE_ALL) ? XPECTO_ERROR : XPECTO_OK;
}


int
xpecto_enforce(unsigned part, const uint8_t secret[XPECTO_SIPHASH_KEY_LEN],
    const xpecto_str_t *policy, const xpecto_str_t *id)
{
    uint8_t   key[XPECTO_SIPHASH_KEY_LEN];
    uint64_t  h[2];

    if (part == 0 || part == XPECTO_ENFORCE_ALL) {
        return part != 0;
    }

    xpecto_siphash128(h, secret, policy->data, policy->len);
    memcpy(key, h, sizeof(key));

    return ((xpecto_siphash(key, id->data, id->len) >> 32)
            * XPECTO_ENFORCE_ALL >> 32)
           < part;
}
