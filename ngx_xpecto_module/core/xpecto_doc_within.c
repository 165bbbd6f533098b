
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <stdio.h>

#include "xpecto_doc.h"


#define XPECTO_DOC_REASON  64


xpecto_rc_e
xpecto_doc_within(const xpecto_node_t *object, const char *key, int required,
    int64_t min, int64_t max, int64_t *n, xpecto_err_t *err)
{
    char           reason[XPECTO_DOC_REASON];
    int64_t        value;
    xpecto_rc_e    rc;
    xpecto_node_t  node;

    rc = xpecto_doc_get(object, key, XPECTO_DOC_INTEGER, required, &node, err);

    if (rc != XPECTO_OK) {
        return rc;
    }

    value = xpecto_doc_integer(&node);

    if (value < min || value > max) {

        if (min == max) {
            (void) snprintf(reason, sizeof(reason), "not %lld",
                            (long long) min);

        } else {
            (void) snprintf(reason, sizeof(reason), "not %lld to %lld",
                            (long long) min, (long long) max);
        }

        return xpecto_doc_error(&node, err, reason);
    }

    *n = value;

    return XPECTO_OK;
}
