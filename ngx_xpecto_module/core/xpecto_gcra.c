
/*
 * GCRA: see xpecto_gcra.h.
 *
 * All arithmetic is on distances from now, which are bounded by the
 * tolerance, so that nothing overflows whatever the clock shows.
 */


#include "xpecto_gcra.h"


#define XPECTO_RATE_MAX     1000000ull                  /* events a second */
#define XPECTO_RATE_PERIOD  (31 * 86400ull)             /* seconds an event */

/* half of the range: the other half is left for the clock */

#define XPECTO_GCRA_MAX     (UINT64_MAX / 2)


static xpecto_rc_e xpecto_rate_number(const uint8_t *p, size_t len,
    size_t *end, uint64_t *n);


xpecto_rc_e
xpecto_rate_parse(xpecto_rate_t *rate, const uint8_t *p, size_t len)
{
    size_t    i;
    uint64_t  count, period, unit;

    if (xpecto_rate_number(p, len, &i, &count) != XPECTO_OK
        || len - i < sizeof("r/s") - 1 || p[i] != 'r' || p[i + 1] != '/')
    {
        return XPECTO_ERROR;
    }

    p += i + 2;
    len -= i + 2;

    switch (p[len - 1]) {

    case 's':
        unit = 1;
        break;

    case 'm':
        unit = 60;
        break;

    case 'h':
        unit = 3600;
        break;

    case 'd':
        unit = 86400;
        break;

    default:
        return XPECTO_ERROR;
    }

    period = 1;

    if (len > 1
        && (xpecto_rate_number(p, len - 1, &i, &period) != XPECTO_OK
            || i != len - 1))
    {
        return XPECTO_ERROR;
    }

    if (period > XPECTO_RATE_PERIOD / unit
        || count > XPECTO_RATE_MAX * period * unit)
    {
        return XPECTO_ERROR;
    }

    rate->count = count;
    rate->period = period * unit;

    return XPECTO_OK;
}


/* digits; *end is the first byte that is none */

static xpecto_rc_e
xpecto_rate_number(const uint8_t *p, size_t len, size_t *end, uint64_t *n)
{
    size_t  i;

    *n = 0;

    for (i = 0; i < len && p[i] >= '0' && p[i] <= '9'; i++) {
        *n = *n * 10 + (uint64_t) (p[i] - '0');

        if (*n > XPECTO_RATE_MAX * XPECTO_RATE_PERIOD) {
            return XPECTO_ERROR;
        }
    }

    *end = i;

    return *n == 0 ? XPECTO_ERROR : XPECTO_OK;
}


xpecto_rc_e
xpecto_gcra_init(xpecto_gcra_t *g, const xpecto_rate_t *rate, uint64_t burst)
{
    uint64_t  ticks, interval;

    if (rate->count == 0 || rate->period == 0 || burst == 0
        || rate->period > UINT64_MAX / XPECTO_TICKS_SEC
        || rate->count > XPECTO_RATE_MAX * rate->period)
    {
        return XPECTO_ERROR;
    }

    ticks = rate->period * XPECTO_TICKS_SEC;

    /* rounded up: never more than the rate, at most 0.00625 % less */

    interval = ticks / rate->count + (ticks % rate->count != 0);

    if (interval >= XPECTO_GCRA_COARSE) {
        interval = (interval + XPECTO_GCRA_BACK) & ~XPECTO_GCRA_BACK;
    }

    if (interval > XPECTO_TICKS_SEC * XPECTO_RATE_PERIOD
        || burst > XPECTO_GCRA_MAX / interval)
    {
        return XPECTO_ERROR;
    }

    g->interval = interval;
    g->tolerance = interval * burst;

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_gcra_take(uint64_t *tat, const xpecto_gcra_t *g, uint64_t now,
    uint64_t cost, xpecto_gcra_result_t *res)
{
    xpecto_gcra_state_t  s;

    /* one always fits into the tolerance; a division is what costs here */

    if (cost == 1 || (cost != 0 && cost <= g->tolerance / g->interval)) {
        return xpecto_gcra_pay(tat, g, now, cost * g->interval, res);
    }

    if (g->interval >= XPECTO_GCRA_COARSE) {
        now &= ~XPECTO_GCRA_BACK;
    }

    xpecto_gcra_open(&s, *tat, g, now);
    xpecto_gcra_look(g, s.ahead, res);

    res->retry_after = (cost == 0) ? 0 : UINT64_MAX;

    return (cost == 0) ? XPECTO_OK : XPECTO_DECLINED;
}


uint64_t
xpecto_gcra_give(uint64_t *tat, const xpecto_gcra_t *g, uint64_t now,
    uint64_t cost, uint64_t paid)
{
    uint64_t             end, last;
    xpecto_gcra_state_t  s;

    if (g->interval < XPECTO_GCRA_COARSE) {
        return 0;
    }

    now &= ~XPECTO_GCRA_BACK;

    xpecto_gcra_open(&s, *tat, g, now);

    if (s.ahead == 0) {
        return 0;
    }

    last = *tat & ~XPECTO_GCRA_BACK;
    end = paid & ~XPECTO_GCRA_BACK;

    if (end != last) {

        /* others have paid behind it: what has flowed out was its */

        if (end > last || end <= now + s.back * g->interval) {
            return 0;
        }

        end = (end - now - s.back * g->interval) / g->interval;

        if (cost > end) {
            cost = end;
        }
    }

    if (cost > XPECTO_GCRA_BACK - s.back) {
        cost = XPECTO_GCRA_BACK - s.back;
    }

    *tat += cost;

    return cost;
}


uint64_t
xpecto_gcra_grant(uint64_t *tat, const xpecto_gcra_t *g, uint64_t now,
    uint64_t events)
{
    uint64_t             owed;
    xpecto_gcra_state_t  s;

    if (g->interval >= XPECTO_GCRA_COARSE) {
        now &= ~XPECTO_GCRA_BACK;
    }

    xpecto_gcra_open(&s, *tat, g, now);

    owed = s.ahead / g->interval + (s.ahead % g->interval != 0);

    if (events >= owed) {
        *tat = 0;
        return owed;
    }

    *tat -= events * g->interval;

    return events;
}
