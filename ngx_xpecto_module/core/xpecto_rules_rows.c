
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_rules_build.h"


static xpecto_rc_e xpecto_law_decision(xpecto_build_t *b,
    const xpecto_node_t *node);
static xpecto_rc_e xpecto_law_restriction(xpecto_build_t *b,
    const xpecto_node_t *node);
static xpecto_rc_e xpecto_law_to(xpecto_build_t *b,
    const xpecto_node_t *node, xpecto_set_t *to);
static xpecto_rc_e xpecto_law_insert(xpecto_build_t *b,
    const xpecto_node_t *node, const xpecto_restriction_t *restriction);
static xpecto_rc_e xpecto_law_attest(xpecto_build_t *b,
    const xpecto_node_t *node, uint64_t *attests);


static const char *const  xpecto_law_decision_members[] = {
    "from", "to", "basis", "instrument", "since", "until", "scope", "attest",
    "verified", "source", "as_of", "note", NULL
};


static const char *const  xpecto_law_restriction_members[] = {
    "id", "origin_regime", "to", "effect", "unless_attest", "satisfied_by",
    "grace_days", "verified", "source", "as_of", "note", NULL
};


static const xpecto_word_t  xpecto_law_bases[] = {
    { "local", XPECTO_BASIS_LOCAL },
    { "adequate", XPECTO_BASIS_ADEQUATE },
    { "adequate_scoped", XPECTO_BASIS_ADEQUATE_SCOPED },
    { NULL, 0 }
};


static const xpecto_word_t  xpecto_law_effects[] = {
    { "blocked", XPECTO_BASIS_BLOCKED },
    { "local_first", XPECTO_BASIS_LOCAL_FIRST },
    { "local_copy", XPECTO_BASIS_LOCAL_COPY },
    { "formal", XPECTO_BASIS_FORMAL },
    { NULL, 0 }
};


xpecto_rc_e
xpecto_law_rows(xpecto_build_t *b, const xpecto_node_t *law)
{
    size_t         n;
    xpecto_node_t  array, node;

    if (xpecto_doc_get(law, "decisions", XPECTO_DOC_ARRAY, 1, &array, b->err)
        != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    if (xpecto_doc_size(&array) > XPECTO_RULES_ROWS) {
        return xpecto_doc_error(&array, b->err, "too many decisions");
    }

    for (n = 0; n < xpecto_doc_size(&array); n++) {
        xpecto_doc_element(&array, n, &node);

        if (xpecto_law_decision(b, &node) != XPECTO_OK) {
            return XPECTO_ERROR;
        }
    }

    if (xpecto_doc_get(law, "restrictions", XPECTO_DOC_ARRAY, 1, &array,
                       b->err) != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    if (xpecto_doc_size(&array) > XPECTO_RULES_RESTRICTIONS) {
        return xpecto_doc_error(&array, b->err, "too many restrictions");
    }

    for (n = 0; n < xpecto_doc_size(&array); n++) {
        xpecto_doc_element(&array, n, &node);

        if (xpecto_law_restriction(b, &node) != XPECTO_OK) {
            return XPECTO_ERROR;
        }
    }

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_law_decision(xpecto_build_t *b, const xpecto_node_t *node)
{
    uint8_t           from, to;
    unsigned          basis, level;
    xpecto_rc_e       rc;
    xpecto_row_t     *row;
    xpecto_node_t     member;
    xpecto_regime_t  *regime;

    row = &b->rules.rows[b->rules.nrows];

    row->since = INT32_MIN;
    row->until = INT32_MAX;

    if (xpecto_doc_members(node, xpecto_law_decision_members, b->err)
        != XPECTO_OK
        || xpecto_build_regime(b, node, "from", 1, &from) != XPECTO_OK
        || xpecto_build_country(b, node, "to", 1, &to) != XPECTO_OK
        || xpecto_build_word(b, node, "basis", 1, xpecto_law_bases, &basis)
           != XPECTO_OK
        || xpecto_build_word(b, node, "verified", 1, xpecto_rules_levels,
                             &level) != XPECTO_OK
        || xpecto_build_phrase(b, node, "instrument", 1, &row->instrument)
           != XPECTO_OK
        || xpecto_build_date(b, node, "since", 0, &row->since) == XPECTO_ERROR
        || xpecto_build_date(b, node, "until", 0, &row->until) == XPECTO_ERROR)
    {
        return XPECTO_ERROR;
    }

    regime = &b->rules.regimes[from];
    row->basis = (uint8_t) basis;

    if (xpecto_set_has(&b->decided[from], to)) {
        return xpecto_doc_error(node, b->err, "repeated decision");
    }

    xpecto_set_add(&b->decided[from], to);

    if (row->until <= row->since) {
        return xpecto_doc_error(node, b->err, "ends before it begins");
    }

    rc = xpecto_doc_get(node, "attest", XPECTO_DOC_STRING, 0, &member, b->err);

    if (rc == XPECTO_ERROR) {
        return XPECTO_ERROR;
    }

    /* of any other nobody would ask for it */

    if (rc == XPECTO_OK && basis != XPECTO_BASIS_ADEQUATE_SCOPED) {
        return xpecto_doc_error(&member, b->err, "only a scoped decision asks "
                                "for an attestation");
    }

    row->attests = 0;
    row->never = 0;

    if (rc == XPECTO_OK
        && xpecto_law_attest(b, &member, &row->attests) == XPECTO_DECLINED)
    {
        row->never = 1;
    }

    /*
     * a row that is known too badly is as if it were not there; without its
     * territory a law would have that of all who name it
     */

    if (level <= b->level || basis == XPECTO_BASIS_LOCAL) {
        b->rules.nrows++;
        regime->row[to] = (uint16_t) b->rules.nrows;

        if (basis == XPECTO_BASIS_LOCAL) {
            regime->listed = 1;
        }
    }

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_law_restriction(xpecto_build_t *b, const xpecto_node_t *node)
{
    size_t                 n;
    int64_t                days;
    unsigned               effect;
    xpecto_rc_e            rc;
    xpecto_node_t          array, member;
    xpecto_restriction_t   restriction;

    memset(&restriction, 0, sizeof(xpecto_restriction_t));

    /* "grace_days" is for the reader: how long after it began one may file */

    if (xpecto_doc_members(node, xpecto_law_restriction_members, b->err)
        != XPECTO_OK
        || xpecto_doc_get(node, "id", XPECTO_DOC_STRING, 1, &member, b->err)
           != XPECTO_OK
        || xpecto_rules_name(b, &member, xpecto_doc_string(&member))
           != XPECTO_OK
        || xpecto_build_copy(b, xpecto_doc_string(&member), &restriction.id)
           != XPECTO_OK
        || xpecto_build_regime(b, node, "origin_regime", 1,
                               &restriction.regime) != XPECTO_OK
        || xpecto_build_word(b, node, "effect", 1, xpecto_law_effects,
                             &effect) != XPECTO_OK
        || xpecto_doc_within(node, "grace_days", 0, 0, 3660, &days, b->err)
           == XPECTO_ERROR
        || xpecto_law_to(b, node, &restriction.to) != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    restriction.effect = (uint8_t) effect;

    rc = xpecto_doc_get(node, "unless_attest", XPECTO_DOC_STRING, 0, &member,
                        b->err);

    if (rc == XPECTO_OK) {
        (void) xpecto_law_attest(b, &member, &restriction.attests);

    } else if (rc == XPECTO_ERROR) {
        return XPECTO_ERROR;
    }

    rc = xpecto_doc_get(node, "satisfied_by", XPECTO_DOC_ARRAY, 0, &array,
                        b->err);

    if (rc == XPECTO_ERROR) {
        return XPECTO_ERROR;
    }

    for (n = 0; rc == XPECTO_OK && n < xpecto_doc_size(&array); n++) {

        if (xpecto_node_string(b, &array, n, &member) != XPECTO_OK) {
            return XPECTO_ERROR;
        }

        (void) xpecto_law_attest(b, &member, &restriction.attests);
    }

    return xpecto_law_insert(b, node, &restriction);
}


/* "*" or countries; a law that may name some can have named none so far */

static xpecto_rc_e
xpecto_law_to(xpecto_build_t *b, const xpecto_node_t *node, xpecto_set_t *to)
{
    xpecto_err_t   ignored;
    xpecto_node_t  member;

    if (xpecto_doc_get(node, "to", XPECTO_DOC_STRING, 0, &member, &ignored)
        == XPECTO_OK)
    {
        if (!xpecto_str_is(xpecto_doc_string(&member), "*")) {
            return xpecto_doc_error(&member, b->err, "\"*\" or an array");
        }

        memset(to, 0xff, sizeof(xpecto_set_t));

        return XPECTO_OK;
    }

    if (xpecto_doc_get(node, "to", XPECTO_DOC_ARRAY, 0, &member, &ignored)
        == XPECTO_OK
        && xpecto_doc_size(&member) == 0)
    {
        return XPECTO_OK;
    }

    return xpecto_build_countries(b, node, "to", 1, to);
}


/* those of a regime stand together, in the order of their ids */

static xpecto_rc_e
xpecto_law_insert(xpecto_build_t *b, const xpecto_node_t *node,
    const xpecto_restriction_t *restriction)
{
    unsigned               i, n;
    xpecto_restriction_t  *all;

    all = b->rules.restrictions;
    n = b->rules.nrestrictions++;

    for (i = 0; i < n; i++) {
        if (xpecto_build_order(b, all[i].id, restriction->id) == 0) {
            return xpecto_doc_error(node, b->err, "repeated restriction");
        }
    }

    for (i = n;
         i > 0
         && (all[i - 1].regime > restriction->regime
             || (all[i - 1].regime == restriction->regime
                 && xpecto_build_order(b, all[i - 1].id, restriction->id)
                    > 0));
         i--)
    {
        all[i] = all[i - 1];
    }

    all[i] = *restriction;

    /* those that moved are of later regimes, or of this one */

    for (i = restriction->regime + 1U; i < b->rules.nregimes; i++) {
        b->rules.regimes[i].restrictions++;
    }

    b->rules.regimes[restriction->regime].nrestrictions++;

    return XPECTO_OK;
}


/* DECLINED: rules.json does not define it, so nobody can have it */

static xpecto_rc_e
xpecto_law_attest(xpecto_build_t *b, const xpecto_node_t *node,
    uint64_t *attests)
{
    unsigned  i;

    i = xpecto_build_attest(b, xpecto_doc_string(node));

    if (i == 0) {
        return XPECTO_DECLINED;
    }

    *attests |= (uint64_t) 1 << (i - 1);

    return XPECTO_OK;
}
