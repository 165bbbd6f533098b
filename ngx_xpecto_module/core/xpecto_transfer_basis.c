
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "xpecto_transfer_basis.h"


static int xpecto_transfer_local(const xpecto_rules_t *rules,
    const xpecto_reason_t *reason);
static const xpecto_row_t *xpecto_transfer_row(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, const xpecto_reason_t *reason);
static xpecto_basis_e xpecto_transfer_restricted(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, xpecto_reason_t *reason);
static int xpecto_transfer_covered(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, xpecto_reason_t *reason,
    xpecto_attest_e kind);


static const xpecto_text_t  xpecto_transfer_no_text;


/* the first that applies */

xpecto_basis_e
xpecto_transfer_basis(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, xpecto_reason_t *reason)
{
    unsigned             kind;
    xpecto_basis_e       basis;
    const xpecto_row_t  *row;

    row = xpecto_transfer_row(rules, transfer, reason);
    kind = (row != NULL) ? row->basis : XPECTO_BASIS_NONE;

    reason->instrument = (row != NULL) ? row->instrument
                                       : xpecto_transfer_no_text;

    if (kind == XPECTO_BASIS_LOCAL || xpecto_transfer_local(rules, reason)) {
        return XPECTO_BASIS_LOCAL;
    }

    basis = xpecto_transfer_restricted(rules, transfer, reason);

    if (basis != XPECTO_BASIS_LOCAL) {
        return basis;
    }

    if (kind == XPECTO_BASIS_ADEQUATE) {
        return XPECTO_BASIS_ADEQUATE;
    }

    if (kind == XPECTO_BASIS_ADEQUATE_SCOPED
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
        reason->instrument = xpecto_transfer_no_text;
        return XPECTO_BASIS_UNRESTRICTED;
    }

    if (xpecto_transfer_covered(rules, transfer, reason,
                                XPECTO_ATTEST_DEROGATION))
    {
        return XPECTO_BASIS_DEROGATION;
    }

    reason->instrument = xpecto_transfer_no_text;

    return XPECTO_BASIS_NONE;
}


/* a law of a state or province is no country's first */

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


/* the decision of the law on the destination, if it holds today */

static const xpecto_row_t *
xpecto_transfer_row(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, const xpecto_reason_t *reason)
{
    unsigned                i;
    const xpecto_row_t     *row;
    const xpecto_regime_t  *regime;

    regime = &rules->regimes[reason->regime];
    i = regime->row[reason->destination];

    if (i == 0 && regime->inherits != XPECTO_RULES_NONE) {
        regime = &rules->regimes[regime->inherits];
        i = regime->row[reason->destination];
    }

    if (i == 0) {
        return NULL;
    }

    row = &rules->rows[i - 1];

    return (transfer->today < row->since || transfer->today >= row->until)
           ? NULL : row;
}


/* the worst of all restrictions; LOCAL: none stands against the transfer */

static xpecto_basis_e
xpecto_transfer_restricted(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, xpecto_reason_t *reason)
{
    unsigned                     i, i_met, first;
    uint64_t                     met;
    xpecto_basis_e               basis, worst;
    const xpecto_regime_t       *regime;
    const xpecto_restriction_t  *restriction;

    first = XPECTO_RULES_ATTESTS;
    worst = XPECTO_BASIS_LOCAL;

    regime = &rules->regimes[reason->regime];
    restriction = &rules->restrictions[regime->restrictions];

    for (i = 0; i < regime->nrestrictions; i++, restriction++) {

        if (!xpecto_set_has(&restriction->to, reason->destination)) {
            continue;
        }

        met = restriction->attests & transfer->attests;
        basis = (xpecto_basis_e) restriction->effect;

        if (met != 0) {

            if (basis != XPECTO_BASIS_FORMAL) {
                continue;
            }

            /* of several that meet it the first by name */

            i_met = (unsigned) __builtin_ctzll(met);
            first = (i_met < first) ? i_met : first;

        } else if (basis == XPECTO_BASIS_FORMAL) {
            basis = XPECTO_BASIS_NONE;
        }

        if (basis > worst) {
            worst = basis;
            reason->instrument = restriction->id;
        }
    }

    if (worst == XPECTO_BASIS_FORMAL) {
        reason->instrument = rules->attests[first].instrument;
    }

    return worst;
}


/* an attestation for the destination goes before one for all of them */

static int
xpecto_transfer_covered(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, xpecto_reason_t *reason,
    xpecto_attest_e kind)
{
    int                     covered;
    unsigned                i;
    uint64_t                attests;
    const xpecto_attest_t  *attest;

    covered = 0;

    for (attests = transfer->attests; attests != 0; attests &= attests - 1) {
        i = (unsigned) __builtin_ctzll(attests);
        attest = &rules->attests[i];

        if (attest->kind != (uint8_t) kind
            || !xpecto_set_has(&attest->covers, reason->regime))
        {
            continue;
        }

        if (attest->country == reason->destination) {
            reason->instrument = attest->instrument;
            return 1;
        }

        if (attest->country == XPECTO_RULES_NONE) {
            reason->instrument = attest->instrument;
            covered = 1;
        }
    }

    return covered;
}
