
/*
 * RateLimit fields: see xpecto_ratelimit.h.
 */


#include <string.h>

#include "xpecto_ratelimit.h"


/* numbers of eight digits, and eight digits of zero */

#define XPECTO_RATELIMIT_EIGHT   100000000ull
#define XPECTO_RATELIMIT_ZEROES  0x3030303030303030ull


static uint8_t *xpecto_ratelimit_parameter(uint8_t *p, uint8_t name,
    uint64_t n);
static inline uint8_t *xpecto_ratelimit_number(uint8_t *p, uint64_t n);
static inline uint64_t xpecto_ratelimit_digits(uint64_t n);


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
    uint64_t  w;

    if (n > XPECTO_RATELIMIT_MAX) {
        n = XPECTO_RATELIMIT_MAX;
    }

    p[0] = ';';
    p[1] = name;
    p[2] = '=';
    p += 3;

    if (n < XPECTO_RATELIMIT_EIGHT) {
        return xpecto_ratelimit_number(p, n);
    }

    p = xpecto_ratelimit_number(p, n / XPECTO_RATELIMIT_EIGHT);

    w = xpecto_ratelimit_digits(n % XPECTO_RATELIMIT_EIGHT)
        | XPECTO_RATELIMIT_ZEROES;
    memcpy(p, &w, sizeof(w));

    return p + sizeof(w);
}


/* at most eight digits; writes eight bytes or one */

static inline uint8_t *
xpecto_ratelimit_number(uint8_t *p, uint64_t n)
{
    int       zeroes;
    uint64_t  w;

    if (n < 10) {
        *p = (uint8_t) ('0' + n);
        return p + 1;
    }

    w = xpecto_ratelimit_digits(n);
    zeroes = __builtin_ctzll(w) & ~7;

    w = (w | XPECTO_RATELIMIT_ZEROES) >> zeroes;
    memcpy(p, &w, sizeof(w));

    return p + sizeof(w) - zeroes / 8;
}


/*
 * The eight digits of a number, one in each byte, the first one in the lowest,
 * where it goes first into memory (amd64, arm64).  Two halves, of each two
 * quarters, of each two digits are parted at once: x / 100 is x * 10486 >> 20
 * up to 9999, x / 10 is x * 103 >> 10 up to 99.
 */

static inline uint64_t
xpecto_ratelimit_digits(uint64_t n)
{
    uint64_t  upper;

    n = n / 10000 | n % 10000 << 32;

    upper = n * 10486 >> 20 & 0x0000007f0000007full;
    n = upper | (n - upper * 100) << 16;

    upper = n * 103 >> 10 & 0x000f000f000f000full;

    return upper | (n - upper * 10) << 8;
}
