
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "xpecto_tenants.h"

#include <string.h>


xpecto_rc_e
xpecto_tenants_whatsapp(const xpecto_whatsapp_t *w, xpecto_limit_t *limit,
    uint64_t *window)
{
    xpecto_rate_t  rate;

    memset(limit, 0, sizeof(xpecto_limit_t));

    limit->enforce = XPECTO_ENFORCE_ALL;
    limit->scope = w->scope;
    limit->endpoints = w->endpoints;
    limit->error = 1 + (uint32_t) w->error;
    limit->per = XPECTO_PERIOD_SECONDS;

    if (w->messages) {
        limit->weight.kind = XPECTO_WEIGHT_RECIPIENTS;

    } else {
        limit->weight.kind = XPECTO_WEIGHT_NUMBER;
        limit->weight.number = 1;
    }

    *window = w->seconds;

    switch (w->kind) {

    case XPECTO_WHATSAPP_RATE:
    case XPECTO_WHATSAPP_PAIR:
        limit->meter = (w->kind == XPECTO_WHATSAPP_PAIR) ? XPECTO_METER_PAIR
                                                         : XPECTO_METER_RATE;
        limit->burst = w->burst;

        rate.count = w->count;
        rate.period = w->seconds;

        if (xpecto_gcra_init(&limit->gcra, &rate, w->burst) != XPECTO_OK) {
            return XPECTO_ERROR;
        }

        *window = xpecto_ratelimit_window(&limit->gcra);

        return XPECTO_OK;

    case XPECTO_WHATSAPP_SLIDING:
        limit->meter = XPECTO_METER_SLIDE;
        limit->burst = w->count;
        limit->count.limit = w->count;
        limit->count.length = w->seconds;

        return XPECTO_OK;

    default: /* XPECTO_WHATSAPP_UNIQUE */
        limit->meter = XPECTO_METER_UNIQUE;
        limit->burst = w->count;
        limit->count.limit = w->count;

        return XPECTO_OK;
    }
}
