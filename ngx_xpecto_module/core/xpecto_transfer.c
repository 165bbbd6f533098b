
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_transfer_basis.h"


static void xpecto_transfer_origin(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, unsigned origin,
    xpecto_decision_t *decision);
static unsigned xpecto_transfer_ask(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, xpecto_reason_t *reason,
    unsigned declared, xpecto_decision_t *decision);
static void xpecto_transfer_answer(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, xpecto_reason_t *reason,
    xpecto_decision_t *decision);
static void xpecto_transfer_lawless(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, unsigned origin,
    xpecto_decision_t *decision);
static void xpecto_transfer_unknown(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, int nobody,
    xpecto_decision_t *decision);
static unsigned xpecto_transfer_rule(const xpecto_rules_t *rules,
    const xpecto_reason_t *reason);
static void xpecto_transfer_worsen(xpecto_decision_t *decision,
    xpecto_basis_e basis, const xpecto_reason_t *reason);
static void xpecto_transfer_act(const xpecto_rules_t *rules,
    const xpecto_reason_t *reason, xpecto_action_e action, unsigned rule,
    xpecto_decision_t *decision);


static const xpecto_reason_t  xpecto_transfer_nobody = {
    XPECTO_RULES_NONE, XPECTO_RULES_NONE, XPECTO_RULES_NONE,
    XPECTO_RULES_NONE, { 0, 0 }
};


void
xpecto_transfer_decide(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, xpecto_decision_t *decision)
{
    unsigned      i, o;
    xpecto_set_t  origins;

    decision->basis = XPECTO_BASIS_LOCAL;
    decision->why = xpecto_transfer_nobody;
    decision->action = XPECTO_ACTION_ALLOW;
    decision->cause = xpecto_transfer_nobody;
    decision->rule = XPECTO_RULES_NONE;
    decision->status = rules->status;

    for (i = 0; i < 4; i++) {
        origins.bits[i] = transfer->declared.bits[i]
                          | transfer->hinted.bits[i];
    }

    for (o = xpecto_set_next(&origins, 0);
         o < rules->ncountries;
         o = xpecto_set_next(&origins, o + 1))
    {
        xpecto_transfer_origin(rules, transfer, o, decision);
    }

    xpecto_transfer_unknown(rules, transfer,
                            xpecto_set_next(&origins, 0)
                            == XPECTO_RULES_NONE,
                            decision);

    /* persons only, and no law that reaches beyond its establishments */

    if (decision->why.regime == XPECTO_RULES_NONE
        && decision->basis == XPECTO_BASIS_LOCAL)
    {
        decision->basis = XPECTO_BASIS_UNRESTRICTED;
    }
}


static void
xpecto_transfer_origin(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, unsigned origin,
    xpecto_decision_t *decision)
{
    unsigned         i, laws, seat;
    uint64_t         areas;
    xpecto_reason_t  reason;

    const xpecto_area_rule_t   *area;
    const xpecto_place_rule_t  *place;

    reason = xpecto_transfer_nobody;
    reason.origin = (uint8_t) origin;

    place = &rules->countries[origin];
    laws = 0;

    for (i = 0; i < place->nregimes; i++) {
        reason.regime = place->regimes[i];

        laws += xpecto_transfer_ask(rules, transfer, &reason, (unsigned)
                                xpecto_set_has(&transfer->declared, origin),
                                decision);
    }

    if (laws == 0) {
        xpecto_transfer_lawless(rules, transfer, origin, decision);
    }

    for (areas = transfer->areas; areas != 0; areas &= areas - 1) {
        reason.area = (uint8_t) __builtin_ctzll(areas);
        area = &rules->areas[reason.area];
        seat = (unsigned) (transfer->seats >> reason.area) & 1;

        for (i = 0; area->country == origin && i < area->nregimes; i++) {
            reason.regime = area->regimes[i];
            (void) xpecto_transfer_ask(rules, transfer, &reason, seat,
                                       decision);
        }
    }
}


/* 1: the law of this reason reaches the origin, and has answered */

static unsigned
xpecto_transfer_ask(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, xpecto_reason_t *reason,
    unsigned declared, xpecto_decision_t *decision)
{
    unsigned  d;

    if (!declared && rules->regimes[reason->regime].needs_establishment) {
        return 0;
    }

    for (d = xpecto_set_next(&transfer->destinations, 0);
         d < rules->ncountries;
         d = xpecto_set_next(&transfer->destinations, d + 1))
    {
        reason->destination = (uint8_t) d;

        xpecto_transfer_answer(rules, transfer, reason, decision);
    }

    return 1;
}


static void
xpecto_transfer_answer(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, xpecto_reason_t *reason,
    xpecto_decision_t *decision)
{
    unsigned         rule;
    xpecto_basis_e   basis;
    xpecto_action_e  action;

    basis = xpecto_transfer_basis(rules, transfer, reason);
    rule = xpecto_transfer_rule(rules, reason);

    action = (xpecto_action_e) ((rule == XPECTO_RULES_NONE)
                                ? rules->actions[basis]
                                : rules->rules[rule].action);

    xpecto_transfer_worsen(decision, basis, reason);
    xpecto_transfer_act(rules, reason, action, rule, decision);
}


/*
 * No law asks: the operator's rules may.  Without an origin only they do,
 * since "unknown" has its own action.
 */

static void
xpecto_transfer_lawless(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, unsigned origin,
    xpecto_decision_t *decision)
{
    unsigned         d, rule;
    xpecto_action_e  action;
    xpecto_reason_t  reason;

    reason = xpecto_transfer_nobody;
    reason.origin = (uint8_t) origin;

    for (d = xpecto_set_next(&transfer->destinations, 0);
         d < rules->ncountries;
         d = xpecto_set_next(&transfer->destinations, d + 1))
    {
        reason.destination = (uint8_t) d;
        rule = xpecto_transfer_rule(rules, &reason);

        if (rule != XPECTO_RULES_NONE) {
            action = (xpecto_action_e) rules->rules[rule].action;

        } else if (origin != XPECTO_RULES_NONE) {
            action = (xpecto_action_e)
                     rules->actions[XPECTO_BASIS_UNRESTRICTED];

        } else {
            continue;
        }

        xpecto_transfer_act(rules, &reason, action, rule, decision);
    }
}


/* what is not known is taken for the strictest */

static void
xpecto_transfer_unknown(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, int nobody,
    xpecto_decision_t *decision)
{
    int  unknown, forbidden;

    unknown = transfer->unknown || nobody;
    forbidden = transfer->forbidden
                || xpecto_set_next(&transfer->destinations, 0)
                   == XPECTO_RULES_NONE;

    if (nobody) {
        xpecto_transfer_lawless(rules, transfer, XPECTO_RULES_NONE, decision);
    }

    if (transfer->today >= rules->expires) {

        switch (rules->signals[XPECTO_SIGNAL_RULES_EXPIRED]) {

        case XPECTO_SIGNAL_DENY:
            forbidden = 1;
            break;

        case XPECTO_SIGNAL_UNKNOWN:
            unknown = 1;
            break;

        default: /* XPECTO_SIGNAL_IGNORE */
            break;
        }
    }

    if (unknown || forbidden) {
        xpecto_transfer_worsen(decision, XPECTO_BASIS_NONE,
                               &xpecto_transfer_nobody);
    }

    if (unknown) {
        xpecto_transfer_act(rules, &xpecto_transfer_nobody,
                            (xpecto_action_e) rules->unknown,
                            XPECTO_RULES_NONE, decision);
    }

    if (forbidden) {
        xpecto_transfer_act(rules, &xpecto_transfer_nobody,
                            XPECTO_ACTION_DENY, XPECTO_RULES_NONE, decision);
    }
}


/* the first rule whose conditions all hold */

static unsigned
xpecto_transfer_rule(const xpecto_rules_t *rules,
    const xpecto_reason_t *reason)
{
    unsigned              i;
    const xpecto_rule_t  *rule;

    for (i = 0; i < rules->nrules; i++) {
        rule = &rules->rules[i];

        if (rule->regime != XPECTO_RULES_NONE
            && rule->regime != reason->regime)
        {
            continue;
        }

        if (rule->has_origin
            && !xpecto_set_has(&rule->origin, reason->origin))
        {
            continue;
        }

        if (rule->has_dest != 0
            && xpecto_set_has(&rule->dest, reason->destination)
               != (rule->has_dest == 1))
        {
            continue;
        }

        return i;
    }

    return XPECTO_RULES_NONE;
}


static void
xpecto_transfer_worsen(xpecto_decision_t *decision, xpecto_basis_e basis,
    const xpecto_reason_t *reason)
{
    if (basis > decision->basis
        || (basis == decision->basis
            && decision->why.regime == XPECTO_RULES_NONE))
    {
        decision->basis = basis;
        decision->why = *reason;
    }
}


static void
xpecto_transfer_act(const xpecto_rules_t *rules,
    const xpecto_reason_t *reason, xpecto_action_e action, unsigned rule,
    xpecto_decision_t *decision)
{
    if (action <= decision->action) {
        return;
    }

    decision->action = action;
    decision->cause = *reason;
    decision->rule = (uint8_t) rule;
    decision->status = rules->status;

    if (rule != XPECTO_RULES_NONE && rules->rules[rule].status != 0) {
        decision->status = rules->rules[rule].status;
    }
}
