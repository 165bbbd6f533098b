
/*
 * Meta's limits: see xpecto_whatsapp.h.
 */


#include "xpecto_whatsapp.h"

#include <string.h>


#define XPECTO_WHATSAPP_SEND                                                 \
    (1u << XPECTO_ENDPOINT_MESSAGES | 1u << XPECTO_ENDPOINT_MARKETING)

#define XPECTO_WHATSAPP_MANAGE                                               \
    (1u << XPECTO_ENDPOINT_TEMPLATES | 1u << XPECTO_ENDPOINT_MANAGEMENT)

#define XPECTO_WHATSAPP_DAY  86400


/*
 * The portfolio of a business is the tenant: no request says which one it is
 * of.  Of "register" no more than ten come at once, and then one each 7.2
 * hours.  t/data/whatsapp.txt is what the tests compare with.
 */

static const xpecto_whatsapp_t  xpecto_whatsapp_policies[] = {

    { "throughput", XPECTO_WHATSAPP_RATE, 80, 1, 80, XPECTO_SCOPE_PHONE,
      XPECTO_WHATSAPP_SEND, 1, XPECTO_GRAPH_THROUGHPUT,
      "Cloud API, Throughput", 20251121 },

    { "throughput-20", XPECTO_WHATSAPP_RATE, 20, 1, 20, XPECTO_SCOPE_PHONE,
      XPECTO_WHATSAPP_SEND, 1, XPECTO_GRAPH_THROUGHPUT,
      "Cloud API, Throughput: numbers of the Business app too", 20251121 },

    { "throughput-1000", XPECTO_WHATSAPP_RATE, 1000, 1, 1000,
      XPECTO_SCOPE_PHONE, XPECTO_WHATSAPP_SEND, 1, XPECTO_GRAPH_THROUGHPUT,
      "Cloud API, Throughput: after the upgrade", 20251121 },

    { "pair", XPECTO_WHATSAPP_PAIR, 1, 6, 45, XPECTO_SCOPE_RECIPIENT,
      XPECTO_WHATSAPP_SEND, 1, XPECTO_GRAPH_PAIR,
      "Cloud API, Pair rate limits", 20251121 },

    { "reach-250", XPECTO_WHATSAPP_UNIQUE, 250, XPECTO_WHATSAPP_DAY, 0,
      XPECTO_SCOPE_TENANT, XPECTO_WHATSAPP_SEND, 1, XPECTO_GRAPH_SPAM,
      "Messaging limits, of a business portfolio", 20251007 },

    { "reach-2k", XPECTO_WHATSAPP_UNIQUE, 2000, XPECTO_WHATSAPP_DAY, 0,
      XPECTO_SCOPE_TENANT, XPECTO_WHATSAPP_SEND, 1, XPECTO_GRAPH_SPAM,
      "Messaging limits, of a business portfolio", 20251007 },

    { "reach-10k", XPECTO_WHATSAPP_UNIQUE, 10000, XPECTO_WHATSAPP_DAY, 0,
      XPECTO_SCOPE_TENANT, XPECTO_WHATSAPP_SEND, 1, XPECTO_GRAPH_SPAM,
      "Messaging limits, of a business portfolio", 20251007 },

    { "reach-100k", XPECTO_WHATSAPP_UNIQUE, 100000, XPECTO_WHATSAPP_DAY, 0,
      XPECTO_SCOPE_TENANT, XPECTO_WHATSAPP_SEND, 1, XPECTO_GRAPH_SPAM,
      "Messaging limits, of a business portfolio", 20251007 },

    { "management", XPECTO_WHATSAPP_SLIDING, 5000, 3600, 0,
      XPECTO_SCOPE_WABA, XPECTO_WHATSAPP_MANAGE, 0, XPECTO_GRAPH_ACCOUNT,
      "Business Management API, Rate limits: an active account", 20251121 },

    { "management-200", XPECTO_WHATSAPP_SLIDING, 200, 3600, 0,
      XPECTO_SCOPE_WABA, XPECTO_WHATSAPP_MANAGE, 0, XPECTO_GRAPH_ACCOUNT,
      "Business Management API, Rate limits: no number yet", 20251121 },

    { "register", XPECTO_WHATSAPP_RATE, 10, 3 * XPECTO_WHATSAPP_DAY, 10,
      XPECTO_SCOPE_PHONE, 1u << XPECTO_ENDPOINT_REGISTER, 0,
      XPECTO_GRAPH_REGISTER, "Cloud API, Registration", 20251121 }
};


const xpecto_whatsapp_t *
xpecto_whatsapp_find(const uint8_t *name, size_t len)
{
    size_t                    i, prefix;
    const xpecto_whatsapp_t  *w;

    prefix = sizeof(XPECTO_WHATSAPP_PREFIX) - 1;

    if (len < prefix || memcmp(name, XPECTO_WHATSAPP_PREFIX, prefix) != 0) {
        return NULL;
    }

    name += prefix;
    len -= prefix;

    for (i = 0; (w = xpecto_whatsapp(i)) != NULL; i++) {

        if (len == strlen(w->name) && memcmp(name, w->name, len) == 0) {
            return w;
        }
    }

    return NULL;
}


const xpecto_whatsapp_t *
xpecto_whatsapp(size_t n)
{
    return (n < sizeof(xpecto_whatsapp_policies)
                / sizeof(xpecto_whatsapp_policies[0]))
           ? &xpecto_whatsapp_policies[n] : NULL;
}
