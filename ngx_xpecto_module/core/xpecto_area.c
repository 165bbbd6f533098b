
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "xpecto_area.h"


#define XPECTO_AREA_DIGITS  4           /* "1" and the area code */


unsigned
xpecto_area_find(const xpecto_phone_t *ph, const xpecto_area_t **area)
{
    unsigned  i, n, low, high, mid, prefix;

    *area = NULL;

    if (ph->len < XPECTO_AREA_DIGITS || ph->digits[0] != '1') {
        return 0;
    }

    prefix = 0;

    for (i = 0; i < XPECTO_AREA_DIGITS; i++) {
        prefix = prefix * 10 + (unsigned) (ph->digits[i] - '0');
    }

    low = 0;
    high = xpecto_nareas;

    while (low < high) {
        mid = (low + high) / 2;

        if (xpecto_areas[mid].prefix < prefix) {
            low = mid + 1;

        } else {
            high = mid;
        }
    }

    for (n = 0;
         low + n < xpecto_nareas && xpecto_areas[low + n].prefix == prefix;
         n++)
    {
        /* void */
    }

    *area = &xpecto_areas[low];

    return n;
}
