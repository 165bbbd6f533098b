
/*
 * Grants: see xpecto_grant.h.
 */


#include "xpecto_grant.h"


#define XPECTO_GRANT_SLIDE_END  42      /* where a slide's word has its end */


static uint64_t xpecto_grant_all(const xpecto_meter_t *meter, uint64_t *word,
    uint64_t units, uint64_t now, uint64_t back);


uint64_t
xpecto_grant(const xpecto_meter_t *meter, uint64_t *word, uint64_t units,
    uint64_t now)
{
    uint64_t               wall, given, length;
    const xpecto_count_t  *c;

    c = &meter->count;
    wall = c->wall / XPECTO_USEC;

    switch (meter->kind) {

    case XPECTO_METER_RATE:
        return xpecto_gcra_grant(word, &meter->gcra, now, units);

    case XPECTO_METER_COUNT:

        if (xpecto_count_over(*word, wall)) {
            return 0;
        }

        return xpecto_grant_all(meter, word, units, now, 0);

    case XPECTO_METER_SLIDE:

        if (xpecto_slide_over(*word, wall)) {
            return 0;
        }

        /* of the window that is open, then of the one before */

        length = (uint64_t) (c->end - c->start) << XPECTO_GRANT_SLIDE_END;

        given = xpecto_grant_all(meter, word, units, now, 0);

        return given + xpecto_grant_all(meter, word, units - given, now,
                                        length);

    default: /* XPECTO_METER_PAIR */
        return xpecto_grant_all(meter, word, units, now, 0);
    }
}


/* a give of more than there is may give nothing: by powers of two */

static uint64_t
xpecto_grant_all(const xpecto_meter_t *meter, uint64_t *word, uint64_t units,
    uint64_t now, uint64_t back)
{
    uint64_t  step, given;

    given = 0;

    for (step = 1ull << 40; step != 0; step /= 2) {

        if (step <= units - given) {
            given += xpecto_meter_give(meter, word, step, now,
                                       *word - back);
        }
    }

    return given;
}
