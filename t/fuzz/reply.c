
/*
 * An answer of an upstream: the same bytes as a body in pieces, whose sizes
 * the first byte says, and as the field of usage.  A code is the same
 * whatever the pieces, and is never 0 once it is known; ids are digits, none
 * of them waits for nothing.
 */


#include <stdlib.h>
#include <string.h>

#include "xpecto_reply.h"


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
    size_t          i, n;
    unsigned        a, k, step;
    xpecto_rc_e     rc;
    xpecto_reply_t  whole, pieces;
    xpecto_usage_t  usage;

    static xpecto_reply_paths_t  paths;

    if (paths.body.n == 0) {
        holds(xpecto_reply_compile(&paths) == XPECTO_OK);
    }

    if (size == 0) {
        return 0;
    }

    step = data[0] % 16 + 1u;
    data++;
    size--;

    xpecto_reply_init(&whole, &paths);
    rc = xpecto_reply_feed(&whole, data, size);
    holds((rc == XPECTO_OK) == (whole.code != 0));

    xpecto_reply_init(&pieces, &paths);

    for (i = 0; i < size; i += n) {
        n = (size - i < step) ? size - i : step;
        rc = xpecto_reply_feed(&pieces, data + i, n);
        holds((rc == XPECTO_OK) == (pieces.code != 0));
    }

    holds(pieces.code == whole.code);

    rc = xpecto_usage_parse(&usage, &paths, data, size);
    holds(rc == XPECTO_OK || usage.n == 0);
    holds(usage.n <= XPECTO_USAGE_ACCOUNTS);

    for (a = 0; a < usage.n; a++) {
        holds(usage.account[a].minutes > 0
              && usage.account[a].minutes <= XPECTO_USAGE_MINUTES);
        holds(usage.account[a].len > 0
              && usage.account[a].len <= XPECTO_USAGE_ID_MAX);

        for (k = 0; k < usage.account[a].len; k++) {
            holds(usage.account[a].id[k] >= '0'
                  && usage.account[a].id[k] <= '9');
        }
    }

    return 0;
}
