
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "xpecto_tenants_image.h"
#include "xpecto_calendar.h"

#include <string.h>


/* "60s", "5m", "24h", "7d" */

xpecto_rc_e
xpecto_tenants_seconds(xpecto_tenants_t *t, const xpecto_node_t *node,
    uint32_t max, uint32_t *seconds)
{
    size_t         i;
    uint64_t       n, unit;
    xpecto_str_t   s;
    xpecto_node_t  window;

    if (xpecto_doc_get(node, "window", XPECTO_DOC_STRING, 1, &window, t->err)
        != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    s = xpecto_doc_string(&window);
    unit = 0;
    n = 0;

    if (s.len > 1) {

        switch (s.data[s.len - 1]) {

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
            unit = XPECTO_DAY;
            break;
        }
    }

    for (i = 0; unit != 0 && i < s.len - 1; i++) {

        if (s.data[i] < '0' || s.data[i] > '9' || n > max) {
            unit = 0;
            break;
        }

        n = n * 10 + (uint64_t) (s.data[i] - '0');
    }

    if (unit == 0 || n == 0 || n * unit > max) {
        return xpecto_doc_error(&window, t->err,
                                (max == XPECTO_SLIDE_LONGEST)
                                ? "not a time such as \"60s\" of at most a day"
                                : "not a time such as \"60s\" of at most "
                                  "31 days");
    }

    *seconds = (uint32_t) (n * unit);

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_tenants_anchor(xpecto_tenants_t *t, const xpecto_node_t *node,
    xpecto_period_t *period)
{
    int64_t        n;
    xpecto_rc_e    rc;
    xpecto_node_t  anchor;

    rc = xpecto_doc_get(node, "anchor", XPECTO_DOC_INTEGER, 0, &anchor,
                        t->err);

    if (rc == XPECTO_ERROR) {
        return XPECTO_ERROR;
    }

    period->anchor = 1;

    if (rc == XPECTO_DECLINED) {
        return XPECTO_OK;
    }

    n = xpecto_doc_integer(&anchor);

    if (period->per == XPECTO_PERIOD_WEEK) {

        if (n < 1 || n > 7) {
            return xpecto_doc_error(&anchor, t->err,
                                    "not a day of the week, 1 to 7");
        }

    } else if (period->per != XPECTO_PERIOD_MONTH) {
        return xpecto_doc_error(&anchor, t->err,
                                "only a week or a month has an anchor");

    } else if (n < 1 || n > 31) {
        return xpecto_doc_error(&anchor, t->err,
                                "not a day of the month, 1 to 31");
    }

    period->anchor = (uint32_t) n;

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_tenants_time_zone(xpecto_tenants_t *t, const xpecto_node_t *node,
    xpecto_zone_t *zone)
{
    char           path[64];
    size_t         i;
    uint8_t        c, l;
    xpecto_rc_e    rc;
    xpecto_str_t   s;
    xpecto_node_t  name;

    rc = xpecto_doc_get(node, "zone", XPECTO_DOC_STRING, 0, &name, t->err);

    if (rc != XPECTO_OK) {
        return rc == XPECTO_DECLINED ? XPECTO_OK : XPECTO_ERROR;
    }

    s = xpecto_doc_string(&name);

    if (xpecto_zone_fixed(zone, &s) == XPECTO_OK) {
        return XPECTO_OK;
    }

    /* it is to be part of a path, which must not lead elsewhere */

    for (i = 0; i < s.len && i < sizeof(path) - 1; i++) {
        c = s.data[i];
        l = (uint8_t) (c | 0x20);

        if (!(l >= 'a' && l <= 'z') && !(c >= '0' && c <= '9')
            && !(i > 0 && (c == '_' || c == '-' || c == '+' || c == '/')))
        {
            break;
        }

        path[i] = (char) c;
    }

    if (i == 0 || i != s.len) {
        return xpecto_doc_error(&name, t->err, "not the name of a time zone");
    }

    path[i] = '\0';

    if (t->zone == NULL
        || t->zone(t->zone_data, path, zone) != XPECTO_OK)
    {
        return xpecto_doc_error(&name, t->err,
                                "no time zone of this machine's database");
    }

    return XPECTO_OK;
}


/* limits of equal periods share one */

xpecto_rc_e
xpecto_tenants_period_of(xpecto_tenants_t *t, const xpecto_node_t *node,
    const xpecto_period_t *period, xpecto_limit_t *limit)
{
    uint32_t  i;

    limit->per = (xpecto_period_e) period->per;
    limit->count.length = period->length;

    for (i = 0; i < t->header->nperiods; i++) {

        if (memcmp(&t->periods[i], period, sizeof(xpecto_period_t)) == 0) {
            limit->period = i;
            return XPECTO_OK;
        }
    }

    if (i == XPECTO_PERIODS_MAX) {
        return xpecto_doc_error(node, t->err, "too many different periods");
    }

    t->periods[i] = *period;
    t->header->nperiods++;
    limit->period = i;

    return XPECTO_OK;
}
