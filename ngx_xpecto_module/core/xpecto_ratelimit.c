
/*
 * RateLimit fields: see xpecto_ratelimit.h.
 */


#include <string.h>

#include "xpecto_ratelimit.h"


static uint8_t *xpecto_ratelimit_parameter(uint8_t *p, uint8_t name,
    uint64_t n);


size_t
xpecto_ratelimit_policy(uint8_t *dst, const uint8_t *name, size_t len,
    uint64_t quota, uint64_t window)
{
    uint8_t  *p;

    p = dst;

    *p++ = '"';
    memcpy(p, name, len);
    p += len;
    *p++ = '"';

    p = xpecto_ratelimit_parameter(p, 'q', quota);

    if (window != 0) {
        p = xpecto_ratelimit_parameter(p, 'w', window);
    }

    return (size_t) (p - dst);
}


size_t
xpecto_ratelimit_unit(uint8_t *dst, xpecto_meter_e meter,
    const xpecto_weight_t *weight)
{
    size_t       len;
    const char  *unit;

    if (meter == XPECTO_METER_HELD) {
        unit = ";qu=\"concurrent-requests\"";

    } else if (weight->kind == XPECTO_WEIGHT_BYTES) {
        unit = ";qu=\"content-bytes\"";

    } else {
        return 0;
    }

    len = strlen(unit);
    memcpy(dst, unit, len);

    return len;
}


uint64_t
xpecto_ratelimit_window(const xpecto_gcra_t *gcra)
{
    return (gcra->tolerance >= XPECTO_TICKS_SEC)
           ? xpecto_ratelimit_seconds(gcra->tolerance) : 0;
}


size_t
xpecto_ratelimit_left(uint8_t *dst, const uint8_t *policy, size_t len,
    const xpecto_gcra_result_t *result)
{
    uint8_t  *p;

    memcpy(dst, policy, 1 + len + 1);
    p = dst + 1 + len + 1;

    p = xpecto_ratelimit_parameter(p, 'r', result->remaining);

    if (result->reset != 0 && result->reset != UINT64_MAX) {
        p = xpecto_ratelimit_parameter(p, 't',
                                     xpecto_ratelimit_seconds(result->reset));
    }

    return (size_t) (p - dst);
}


uint64_t
xpecto_ratelimit_seconds(uint64_t ticks)
{
    if (ticks == UINT64_MAX) {
        return XPECTO_RATELIMIT_NEVER;
    }

    return ticks / XPECTO_TICKS_SEC + (ticks % XPECTO_TICKS_SEC != 0);
}


static uint8_t *
xpecto_ratelimit_parameter(uint8_t *p, uint8_t name, uint64_t n)
{
    uint8_t   *d;
    uint64_t  tens;

    if (n > XPECTO_RATELIMIT_MAX) {
        n = XPECTO_RATELIMIT_MAX;
    }

    p[0] = ';';
    p[1] = name;
    p[2] = '=';
    p += 4;

    for (tens = 10; n >= tens; tens *= 10) {
        p++;
    }

    for (d = p - 1; n >= 10; n /= 10) {
        *d-- = (uint8_t) ('0' + n % 10);
    }

    *d = (uint8_t) ('0' + n);

    return p;
}
