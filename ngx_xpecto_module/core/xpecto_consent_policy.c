
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_consent.h"


/*
 * Features of browsers that serve a purpose and nothing else: W3C Permissions
 * Policy, and the drafts of Topics, Protected Audience, Attribution Reporting
 * and Private State Tokens.
 */

static const struct {
    uint16_t     purpose;
    const char  *name;
} xpecto_features[] = {
    { XPECTO_PURPOSE_AD_STORAGE, "attribution-reporting" },
    { XPECTO_PURPOSE_AD_STORAGE, "private-state-token-issuance" },
    { XPECTO_PURPOSE_AD_PERSONALIZATION, "browsing-topics" },
    { XPECTO_PURPOSE_AD_PERSONALIZATION, "join-ad-interest-group" },
    { XPECTO_PURPOSE_AD_PERSONALIZATION, "run-ad-auction" },
    { XPECTO_PURPOSE_PRECISE_GEO, "geolocation" }
};


size_t
xpecto_consent_permissions(uint8_t *dst, const xpecto_decision_t *decision)
{
    size_t    i, len;
    uint8_t  *p;

    p = dst;

    for (i = 0; i < sizeof(xpecto_features) / sizeof(xpecto_features[0]); i++) {

        if (decision->granted & XPECTO_PURPOSE_BIT(xpecto_features[i].purpose))
        {
            continue;
        }

        if (p != dst) {
            *p++ = ',';
            *p++ = ' ';
        }

        len = strlen(xpecto_features[i].name);
        memcpy(p, xpecto_features[i].name, len);
        p += len;

        memcpy(p, "=()", 3);
        p += 3;
    }

    return (size_t) (p - dst);
}
