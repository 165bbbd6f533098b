
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

/*
 * The input is rules.json, a zero byte, the legal data.  Both are refused
 * with a sentence, or
 *
 *     every transfer between their places has the same answer twice, with
 *     indices that the image has and texts that lie in it;
 *     one more origin, area or destination never makes an action milder, nor
 *     a basis better, unless no law had been asked before.
 */


#include <stdlib.h>
#include <string.h>

#include "xpecto_transfer.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const xpecto_rules_t *rules);
static void check_more(const xpecto_rules_t *rules,
    const xpecto_transfer_t *one, unsigned o, unsigned d);
static void answer(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, xpecto_decision_t *once);
static void explain(const xpecto_rules_t *rules,
    const xpecto_reason_t *reason);
static void stricter(const xpecto_decision_t *one,
    const xpecto_decision_t *more);


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
    xpecto_transfer_t  one;

    for (o = 0; o < rules->ncountries; o++) {
        for (d = 0; d < rules->ncountries; d++) {
            memset(&one, 0, sizeof(xpecto_transfer_t));

            one.today = 20779;
            xpecto_set_add((o + d) % 2 ? &one.declared : &one.hinted, o);
            xpecto_set_add(&one.destinations, d);

            check_more(rules, &one, o, d);
        }
    }
}


static void
check_more(const xpecto_rules_t *rules, const xpecto_transfer_t *one,
    unsigned o, unsigned d)
{
    xpecto_transfer_t  more;
    xpecto_decision_t  first, next;

    answer(rules, one, &first);

    more = *one;
    more.areas = (rules->nareas == 64) ? ~(uint64_t) 0
                                       : ((uint64_t) 1 << rules->nareas) - 1;
    answer(rules, &more, &next);
    stricter(&first, &next);

    more = *one;
    xpecto_set_add(&more.hinted, (o + 1) % rules->ncountries);
    answer(rules, &more, &next);
    stricter(&first, &next);

    more = *one;
    xpecto_set_add(&more.declared, o);
    answer(rules, &more, &next);

    if (first.why.regime != XPECTO_RULES_NONE) {
        stricter(&first, &next);
    }

    more = *one;
    xpecto_set_add(&more.destinations, (d + 1) % rules->ncountries);
    answer(rules, &more, &next);
    stricter(&first, &next);

    more = *one;
    more.unknown = 1;
    answer(rules, &more, &next);
    stricter(&first, &next);

    more = *one;
    more.attests = xpecto_transfer_attests(rules, ~(uint64_t) 0, one->today);
    answer(rules, &more, &next);
}


static void
answer(const xpecto_rules_t *rules, const xpecto_transfer_t *transfer,
    xpecto_decision_t *once)
{
    xpecto_decision_t  twice;

    memset(once, 0, sizeof(xpecto_decision_t));
    memset(&twice, 0, sizeof(xpecto_decision_t));

    xpecto_transfer_decide(rules, transfer, once);
    xpecto_transfer_decide(rules, transfer, &twice);

    if (memcmp(once, &twice, sizeof(xpecto_decision_t)) != 0
        || once->basis >= XPECTO_BASES
        || once->action >= XPECTO_ACTIONS
        || (once->rule != XPECTO_RULES_NONE && once->rule >= rules->nrules))
    {
        abort();
    }

    explain(rules, &once->why);
    explain(rules, &once->cause);
}


static void
explain(const xpecto_rules_t *rules, const xpecto_reason_t *reason)
{
    uint8_t       why[XPECTO_TRANSFER_WHY];
    xpecto_str_t  text;

    if (reason->regime != XPECTO_RULES_NONE
        && (reason->regime >= rules->nregimes
            || reason->origin >= rules->ncountries
            || reason->destination >= rules->ncountries
            || (reason->area != XPECTO_RULES_NONE
                && reason->area >= rules->nareas)))
    {
        abort();
    }

    if (xpecto_transfer_why(rules, reason, why) > XPECTO_TRANSFER_WHY) {
        abort();
    }

    text = xpecto_rules_text(rules, reason->instrument);

    /* ASan looks at the bytes */

    if (text.len != 0 && memchr(text.data, '"', text.len) != NULL) {
        abort();
    }
}


static void
stricter(const xpecto_decision_t *one, const xpecto_decision_t *more)
{
    if (more->action < one->action) {
        abort();
    }

    if (more->basis < one->basis && one->why.regime != XPECTO_RULES_NONE) {
        abort();
    }
}
