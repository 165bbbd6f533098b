
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "xpecto_tenants_image.h"
#include "xpecto_calendar.h"

#include <string.h>


static xpecto_rc_e xpecto_tenants_seconds_of(xpecto_tenants_t *t,
    const xpecto_node_t *node, xpecto_limit_t *limit, uint64_t most,
    uint32_t longest, uint64_t *window);


xpecto_rc_e
xpecto_tenants_rate(xpecto_tenants_t *t, const xpecto_node_t *node,
    xpecto_limit_t *limit, uint64_t *window)
{
    xpecto_rc_e    rc;
    xpecto_str_t   s;
    xpecto_node_t  rate, burst;
    xpecto_rate_t  r;

    if (xpecto_doc_get(node, "rate", XPECTO_DOC_STRING, 1, &rate, t->err)
        != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    s = xpecto_doc_string(&rate);

    if (xpecto_rate_parse(&r, s.data, s.len) != XPECTO_OK) {
        return xpecto_doc_error(&rate, t->err,
                                "not a rate such as \"80r/s\" or "
                                "\"1r/30d\", at most 1000000r/s");
    }

    rc = xpecto_doc_get(node, "burst", XPECTO_DOC_INTEGER, 0, &burst, t->err);

    if (rc == XPECTO_ERROR) {
        return XPECTO_ERROR;
    }

    limit->burst = 1;

    if (rc == XPECTO_OK) {

        if (xpecto_doc_integer(&burst) < 1) {
            return xpecto_doc_error(&burst, t->err, "a burst below 1");
        }

        limit->burst = (uint64_t) xpecto_doc_integer(&burst);
    }

    if (xpecto_gcra_init(&limit->gcra, &r, limit->burst) != XPECTO_OK) {
        return xpecto_doc_error(node, t->err,
                            "a rate and burst that cannot be represented");
    }

    limit->meter = XPECTO_METER_RATE;
    *window = xpecto_ratelimit_window(&limit->gcra);

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_tenants_window(xpecto_tenants_t *t, const xpecto_node_t *node,
    xpecto_limit_t *limit, uint64_t *window)
{
    limit->meter = XPECTO_METER_COUNT;

    return xpecto_tenants_seconds_of(t, node, limit, XPECTO_COUNT_MAX,
                                     XPECTO_TENANTS_WINDOW_MAX, window);
}


xpecto_rc_e
xpecto_tenants_sliding(xpecto_tenants_t *t, const xpecto_node_t *node,
    xpecto_limit_t *limit, uint64_t *window)
{
    limit->meter = XPECTO_METER_SLIDE;

    return xpecto_tenants_seconds_of(t, node, limit, XPECTO_SLIDE_MAX,
                                     XPECTO_SLIDE_LONGEST, window);
}


static xpecto_rc_e
xpecto_tenants_seconds_of(xpecto_tenants_t *t, const xpecto_node_t *node,
    xpecto_limit_t *limit, uint64_t most, uint32_t longest, uint64_t *window)
{
    xpecto_period_t  period;

    memset(&period, 0, sizeof(xpecto_period_t));

    if (xpecto_tenants_units(t, node, "count", most, &limit->burst)
        != XPECTO_OK
        || xpecto_tenants_seconds(t, node, longest, &period.length)
           != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    limit->count.limit = limit->burst;
    *window = period.length;

    return xpecto_tenants_period_of(t, node, &period, limit);
}


xpecto_rc_e
xpecto_tenants_quota(xpecto_tenants_t *t, const xpecto_node_t *node,
    xpecto_limit_t *limit, uint64_t *window)
{
    size_t           i;
    xpecto_str_t     s;
    xpecto_node_t    per;
    xpecto_period_t  period;

    /* months differ in length, and what is never refilled has no window */

    static const struct {
        const char       *name;
        xpecto_period_e   per;
        uint64_t          window;
    } pers[] = {
        { "day", XPECTO_PERIOD_DAY, XPECTO_DAY },
        { "week", XPECTO_PERIOD_WEEK, 7 * XPECTO_DAY },
        { "month", XPECTO_PERIOD_MONTH, 0 },
        { "lifetime", XPECTO_PERIOD_EVER, 0 },
        { NULL, XPECTO_PERIOD_EVER, 0 }
    };

    memset(&period, 0, sizeof(xpecto_period_t));

    if (xpecto_tenants_units(t, node, "count", XPECTO_COUNT_MAX,
                             &limit->burst)
        != XPECTO_OK
        || xpecto_doc_get(node, "per", XPECTO_DOC_STRING, 1, &per, t->err)
           != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    s = xpecto_doc_string(&per);

    for (i = 0; pers[i].name != NULL; i++) {

        if (s.len == strlen(pers[i].name)
            && memcmp(s.data, pers[i].name, s.len) == 0)
        {
            break;
        }
    }

    if (pers[i].name == NULL) {
        return xpecto_doc_error(&per, t->err,
                           "not \"day\", \"week\", \"month\", \"lifetime\"");
    }

    period.per = pers[i].per;
    *window = pers[i].window;

    if (xpecto_tenants_anchor(t, node, &period) != XPECTO_OK
        || xpecto_tenants_time_zone(t, node, &period.zone) != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    limit->meter = XPECTO_METER_COUNT;
    limit->count.limit = limit->burst;

    return xpecto_tenants_period_of(t, node, &period, limit);
}


xpecto_rc_e
xpecto_tenants_units(xpecto_tenants_t *t, const xpecto_node_t *node,
    const char *name, uint64_t max, uint64_t *n)
{
    int64_t  value;

    if (xpecto_doc_within(node, name, 1, 1, (int64_t) max, &value, t->err)
        != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    *n = (uint64_t) value;

    return XPECTO_OK;
}
