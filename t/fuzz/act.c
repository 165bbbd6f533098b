
/*
 * An act of an operator.  What is accepted names a zone and whom it is about,
 * in strings of the length that is allowed; what is refused has a reason in
 * one line and leaves nothing behind.
 */


#include <stdlib.h>
#include <string.h>

#include "xpecto_act.h"


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
    xpecto_act_t  act;
    xpecto_err_t  err;

    memset(&err, 0, sizeof(xpecto_err_t));

    if (xpecto_act_parse(&act, data, size, &err) != XPECTO_OK) {
        holds(act.doc == NULL);
        holds(memchr(err.text, '\0', sizeof(err.text)) != NULL);
        holds(err.text[0] != '\0' && strchr(err.text, '\n') == NULL);
        return 0;
    }

    holds(act.op < XPECTO_ACTS);
    holds(act.zone.len > 0 && act.zone.len <= XPECTO_ACT_VALUE_MAX);
    holds(act.key.len <= XPECTO_ACT_VALUE_MAX);
    holds((act.tenant.len != 0) + (act.address.len != 0) < 2);
    holds(act.tenant.len + act.address.len + act.key.len + act.number.len
          > 0);
    holds(act.number.len <= XPECTO_ACT_VALUE_MAX);
    holds(act.recipient.len <= XPECTO_ACT_VALUE_MAX);
    holds(act.number.len == 0 || act.address.len + act.policy.len == 0);
    holds(act.recipient.len == 0 || act.number.len != 0);
    holds((act.op == XPECTO_ACT_GRANT) == (act.units != 0));
    holds((act.op == XPECTO_ACT_BAN) == (act.seconds != 0));
    holds(act.key.len == 0 || act.policy.len != 0);

    xpecto_act_free(&act);

    return 0;
}
