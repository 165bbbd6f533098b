
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_transfer.h"


static void xpecto_transfer_answer(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, const xpecto_reason_t *reason,
    xpecto_decision_t *decision);
static xpecto_basis_e xpecto_transfer_basis(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, const xpecto_reason_t *reason);
static int xpecto_transfer_local(const xpecto_rules_t *rules,
    const xpecto_reason_t *reason);
static xpecto_basis_e xpecto_transfer_restricted(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, const xpecto_reason_t *reason);
static const xpecto_row_t *xpecto_transfer_row(const xpecto_rules_t *rules,
    unsigned regime, unsigned destination);
static int xpecto_transfer_covered(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, const xpecto_reason_t *reason,
    xpecto_attest_e kind);
static void xpecto_transfer_act(const xpecto_rules_t *rules,
    const xpecto_reason_t *reason, xpecto_action_e action, unsigned rule,
    xpecto_decision_t *decision);
static unsigned xpecto_transfer_rule(const xpecto_rules_t *rules,
    const xpecto_reason_t *reason);
static void xpecto_transfer_worsen(xpecto_decision_t *decision,
    xpecto_basis_e basis, const xpecto_reason_t *reason);


void
xpecto_transfer_decide(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, xpecto_decision_t *decision)
{
    unsigned                    i, o, d, declared;
    xpecto_set_t                origins;
    xpecto_reason_t             reason, nobody;
    const xpecto_place_rule_t  *place;

    memset(&nobody, XPECTO_RULES_NONE, sizeof(xpecto_reason_t));

    decision->basis = XPECTO_BASIS_LOCAL;
    decision->why = nobody;
    decision->action = XPECTO_ACTION_ALLOW;
    decision->cause = nobody;
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
        place = &rules->countries[o];
        declared = (unsigned) xpecto_set_has(&transfer->declared, o);

        reason.origin = (uint8_t) o;

        for (i = 0; i < place->nregimes; i++) {

            reason.regime = place->regimes[i];

            if (!declared
                && rules->regimes[reason.regime].needs_establishment)
            {
                continue;
            }

            for (d = xpecto_set_next(&transfer->destinations, 0);
                 d < rules->ncountries;
                 d = xpecto_set_next(&transfer->destinations, d + 1))
            {
                reason.destination = (uint8_t) d;

                xpecto_transfer_answer(rules, transfer, &reason, decision);
            }
        }
    }

    /* what is not known is taken for the strictest */

    if (transfer->unknown
        || xpecto_set_next(&origins, 0) == XPECTO_RULES_NONE)
    {
        xpecto_transfer_worsen(decision, XPECTO_BASIS_NONE, &nobody);
        xpecto_transfer_act(rules, &nobody,
                            (xpecto_action_e) rules->unknown,
                            XPECTO_RULES_NONE, decision);
    }

    if (transfer->forbidden
        || xpecto_set_next(&transfer->destinations, 0) == XPECTO_RULES_NONE)
    {
        xpecto_transfer_worsen(decision, XPECTO_BASIS_NONE, &nobody);
        xpecto_transfer_act(rules, &nobody, XPECTO_ACTION_DENY,
                            XPECTO_RULES_NONE, decision);
    }

    if (decision->why.regime == XPECTO_RULES_NONE
        && decision->basis == XPECTO_BASIS_LOCAL)
    {
        /* persons only, and no law that reaches beyond its establishments */

        decision->basis = XPECTO_BASIS_UNRESTRICTED;
        xpecto_transfer_act(rules, &nobody, (xpecto_action_e)
                            rules->actions[XPECTO_BASIS_UNRESTRICTED],
                            XPECTO_RULES_NONE, decision);
    }
}


static void
xpecto_transfer_answer(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, const xpecto_reason_t *reason,
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


/* the first that applies */

static xpecto_basis_e
xpecto_transfer_basis(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, const xpecto_reason_t *reason)
{
    xpecto_basis_e       basis;
    const xpecto_row_t  *row;

    if (xpecto_transfer_local(rules, reason)) {
        return XPECTO_BASIS_LOCAL;
    }

    row = xpecto_transfer_row(rules, reason->regime, reason->destination);

    if (row != NULL
        && (transfer->today < row->since || transfer->today >= row->until))
    {
        row = NULL;
    }

    if (row != NULL && row->basis == XPECTO_BASIS_LOCAL) {
        return XPECTO_BASIS_LOCAL;
    }

    basis = xpecto_transfer_restricted(rules, transfer, reason);

    if (basis != XPECTO_BASIS_LOCAL) {
        return basis;
    }

    if (row != NULL && row->basis == XPECTO_BASIS_ADEQUATE) {
        return XPECTO_BASIS_ADEQUATE;
    }

    if (row != NULL && row->basis == XPECTO_BASIS_ADEQUATE_SCOPED
        && !row->never
        && (row->attests == 0 || (row->attests & transfer->attests) != 0))
    {
        return XPECTO_BASIS_ADEQUATE_SCOPED;
    }

    if (xpecto_transfer_covered(rules, transfer, reason,
                                XPECTO_ATTEST_SAFEGUARDS))
    {
        return XPECTO_BASIS_SAFEGUARDS;
    }

    if (rules->regimes[reason->regime].free) {
        return XPECTO_BASIS_UNRESTRICTED;
    }

    if (xpecto_transfer_covered(rules, transfer, reason,
                                XPECTO_ATTEST_DEROGATION))
    {
        return XPECTO_BASIS_DEROGATION;
    }

    return XPECTO_BASIS_NONE;
}


static int
xpecto_transfer_local(const xpecto_rules_t *rules,
    const xpecto_reason_t *reason)
{
    const xpecto_regime_t  *regime;

    if (rules->countries[reason->destination].territorial != reason->regime) {
        return 0;
    }

    if (reason->origin == reason->destination) {
        return 1;
    }

    regime = &rules->regimes[reason->regime];

    return !regime->group && !regime->listed;
}


/* the worst of all restrictions; LOCAL: none stands against the transfer */

static xpecto_basis_e
xpecto_transfer_restricted(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, const xpecto_reason_t *reason)
{
    unsigned                     i;
    xpecto_basis_e               basis, worst;
    const xpecto_restriction_t  *restriction;

    worst = XPECTO_BASIS_LOCAL;

    for (i = 0; i < rules->nrestrictions; i++) {
        restriction = &rules->restrictions[i];

        if (restriction->regime != reason->regime
            || !xpecto_set_has(&restriction->to, reason->destination))
        {
            continue;
        }

        basis = (xpecto_basis_e) restriction->effect;

        if ((restriction->attests & transfer->attests) != 0) {

            if (basis != XPECTO_BASIS_FORMAL) {
                continue;
            }

        } else if (basis == XPECTO_BASIS_FORMAL) {
            basis = XPECTO_BASIS_NONE;
        }

        if (basis > worst) {
            worst = basis;
        }
    }

    return worst;
}


static const xpecto_row_t *
xpecto_transfer_row(const xpecto_rules_t *rules, unsigned regime,
    unsigned destination)
{
    unsigned  row;

    row = rules->regimes[regime].row[destination];

    if (row == 0 && rules->regimes[regime].inherits != XPECTO_RULES_NONE) {
        regime = rules->regimes[regime].inherits;
        row = rules->regimes[regime].row[destination];
    }

    return (row != 0) ? &rules->rows[row - 1] : NULL;
}


static int
xpecto_transfer_covered(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, const xpecto_reason_t *reason,
    xpecto_attest_e kind)
{
    unsigned                i;
    const xpecto_attest_t  *attest;

    if (transfer->attests == 0) {
        return 0;
    }

    for (i = 0; i < rules->nattests; i++) {
        attest = &rules->attests[i];

        if (attest->kind == (uint8_t) kind
            && (transfer->attests >> i & 1) != 0
            && (attest->country == XPECTO_RULES_NONE
                || attest->country == reason->destination)
            && xpecto_set_has(&attest->covers, reason->regime))
        {
            return 1;
        }
    }

    return 0;
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


xpecto_str_t
xpecto_transfer_instrument(const xpecto_rules_t *rules,
    const xpecto_reason_t *why)
{
    xpecto_str_t         none;
    const xpecto_row_t  *row;

    none.len = 0;
    none.data = (const uint8_t *) "";

    if (why->regime == XPECTO_RULES_NONE) {
        return none;
    }

    row = xpecto_transfer_row(rules, why->regime, why->destination);

    return (row != NULL) ? xpecto_rules_text(rules, row->instrument) : none;
}
