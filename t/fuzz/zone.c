
/*
 * A TZif file of any bytes is refused or is a zone: its changes grow, its
 * offsets are those of RFC 8536, and whatever it says each moment is in
 * exactly one day, week and month.
 */


#include <stdint.h>
#include <stdlib.h>

#include "xpecto_period.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint32_t         i, t, start, end, start2, end2;
    xpecto_period_t  p;

    if (xpecto_zone_parse(&p.zone, data, size, 1700000000) != XPECTO_OK) {
        return 0;
    }

    for (i = 0; i < p.zone.n; i++) {

        if (p.zone.at[i] <= 1700000000
            || (i > 0 && p.zone.at[i] < p.zone.at[i - 1]))
        {
            abort();
        }
    }

    for (i = 0; i <= p.zone.n; i++) {
        if (abs(p.zone.offset[i]) > 26 * 3600) {
            abort();
        }
    }

    for (i = 0; i < 3 * 64; i++) {
        p.per = XPECTO_PERIOD_DAY + i % 3;
        p.anchor = 1 + i % 7;
        t = 1700000000 + i * 2654435u;

        xpecto_period_at(&p, t, &start, &end);

        if (t < start || t >= end) {
            abort();
        }

        xpecto_period_at(&p, end, &start2, &end2);

        if (end != UINT32_MAX && start2 != end) {
            abort();
        }
    }

    return 0;
}
