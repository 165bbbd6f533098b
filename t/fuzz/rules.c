
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

/* links: core/xpecto_rules.c core/xpecto_rules_areas.c
          core/xpecto_rules_build.c core/xpecto_rules_find.c
          core/xpecto_rules_law.c core/xpecto_rules_members.c
          core/xpecto_rules_regions.c core/xpecto_rules_rows.c
          core/xpecto_transfer.c core/xpecto_transfer_basis.c
          core/xpecto_transfer_facts.c core/xpecto_doc.c
          core/xpecto_json.c core/xpecto_json_path.c
          core/xpecto_json_scalar.c -ljansson */

/*
 * The input is rules.json, a zero byte, the legal data.  Both are refused
 * with a sentence, or every transfer between their countries has the same
 * answer twice, with indices that the image has.
 */


#include <stdlib.h>
#include <string.h>

#include "xpecto_transfer.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const xpecto_rules_t *rules);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t   *zero;
    xpecto_str_t     rules, law;
    xpecto_err_t     err;
    xpecto_image_t   image;

    zero = (size != 0) ? memchr(data, 0, size) : NULL;

    if (zero == NULL) {
        return 0;
    }

    rules.data = data;
    rules.len = (size_t) (zero - data);
    law.data = zero + 1;
    law.len = size - rules.len - 1;

    err.text[0] = '\0';

    if (xpecto_rules_compile(rules, law, &image, &err) == XPECTO_OK) {
        check(image.data);
        free(image.data);

    } else if (err.text[0] == '\0') {
        abort();
    }

    return 0;
}


static void
check(const xpecto_rules_t *rules)
{
    unsigned           o, d;
    xpecto_transfer_t  transfer;
    xpecto_decision_t  once, twice;

    for (o = 0; o < rules->ncountries; o++) {
        for (d = 0; d < rules->ncountries; d++) {
            memset(&transfer, 0, sizeof(xpecto_transfer_t));
            memset(&once, 0, sizeof(xpecto_decision_t));
            memset(&twice, 0, sizeof(xpecto_decision_t));

            transfer.today = 20779;
            transfer.attests = xpecto_transfer_attests(rules, ~(uint64_t) 0,
                                                       transfer.today);
            xpecto_set_add(&transfer.declared, o);
            xpecto_set_add(&transfer.destinations, d);

            xpecto_transfer_decide(rules, &transfer, &once);
            xpecto_transfer_decide(rules, &transfer, &twice);

            if (memcmp(&once, &twice, sizeof(xpecto_decision_t)) != 0
                || once.basis >= XPECTO_BASES
                || once.action >= XPECTO_ACTIONS
                || (once.why.regime != XPECTO_RULES_NONE
                    && once.why.regime >= rules->nregimes)
                || (once.rule != XPECTO_RULES_NONE
                    && once.rule >= rules->nrules))
            {
                abort();
            }

            (void) xpecto_rules_text(rules, once.why.instrument);
        }
    }
}
