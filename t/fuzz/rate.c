
/*
 * The first eight bytes are a burst, the rest a rate.  Whatever is accepted
 * lets exactly the burst through at once, one more after an interval and not
 * a step of the clock before, and is never faster than a million a second.
 */


#include <stdlib.h>
#include <string.h>

#include "xpecto_gcra.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static void
holds(int condition)
{
    if (!condition) {
        abort();
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t              burst, tat, now, step;
    xpecto_rate_t         rate;
    xpecto_gcra_t         g;
    xpecto_gcra_result_t  res;

    if (size < sizeof(burst)) {
        return 0;
    }

    memcpy(&burst, data, sizeof(burst));

    if (xpecto_rate_parse(&rate, data + sizeof(burst), size - sizeof(burst))
        != XPECTO_OK)
    {
        return 0;
    }

    holds(rate.count > 0 && rate.count <= 1000000 * rate.period);

    if (xpecto_gcra_init(&g, &rate, burst) != XPECTO_OK) {
        return 0;
    }

    holds(g.interval >= 16000 && g.tolerance / g.interval == burst);

    now = 12345 * XPECTO_TICKS_CLOCK;
    step = (g.interval < XPECTO_GCRA_COARSE) ? 1 : XPECTO_TICKS_CLOCK;
    tat = 0;

    holds(xpecto_gcra_take(&tat, &g, now, burst, &res) == XPECTO_OK);
    holds(res.remaining == 0 && res.reset == g.interval);
    holds(xpecto_gcra_take(&tat, &g, now, 1, &res) == XPECTO_DECLINED);
    holds(res.retry_after == g.interval);

    now += g.interval;

    holds(xpecto_gcra_take(&tat, &g, now - step, 1, &res)
          == XPECTO_DECLINED);
    holds(xpecto_gcra_take(&tat, &g, now, 1, &res) == XPECTO_OK);
    holds(xpecto_gcra_take(&tat, &g, now, 1, &res) == XPECTO_DECLINED);

    return 0;
}
