
/*
 * An Accept field.  What is chosen is one of ours and, unless it is a Graph
 * error, something that the client has not refused; nothing is liked better.
 * The field twice says the same as once, and a line behind it counts.
 */


#include <stdlib.h>
#include <string.h>

#include "xpecto_accept.h"


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
    unsigned         i;
    xpecto_accept_e  best;
    xpecto_accept_t  once, twice;

    memset(&once, 0, sizeof(xpecto_accept_t));
    xpecto_accept_line(&once, data, size);
    best = xpecto_accept_best(&once);

    holds(best < XPECTO_ACCEPT_TYPES);
    holds(best == XPECTO_ACCEPT_GRAPH || once.type[best].weight > 0);

    for (i = 0; i < XPECTO_ACCEPT_TYPES; i++) {
        holds(once.type[i].weight <= 1000 && once.type[i].near <= 3);
        holds(once.type[i].weight <= once.type[best].weight);
    }

    twice = once;
    xpecto_accept_line(&twice, data, size);

    holds(memcmp(&once, &twice, sizeof(xpecto_accept_t)) == 0);

    xpecto_accept_line(&twice, (const uint8_t *) "text/plain", 10);
    holds(twice.type[XPECTO_ACCEPT_TEXT].weight == 1000);

    return 0;
}
