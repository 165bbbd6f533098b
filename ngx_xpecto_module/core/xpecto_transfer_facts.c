
/*
 * What else a room asks of the rules: regions, attestations, the regimes of
 * origins, ages and models.
 */


#include <string.h>
#include "xpecto_age.h"
#include "xpecto_transfer.h"


unsigned
xpecto_transfer_region(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, uint64_t allowed, unsigned home,
    xpecto_decision_t *decision)
{
    unsigned           i, best;
    xpecto_decision_t  one;
    xpecto_transfer_t  question;

    best = XPECTO_RULES_NONE;

    for (i = 0; i < rules->nregions; i++) {

        if ((allowed >> i & 1) == 0) {
            continue;
        }

        question = *transfer;
        xpecto_set_add(&question.destinations, rules->regions[i].country);

        xpecto_transfer_decide(rules, &question, &one);

        if (best == XPECTO_RULES_NONE
            || one.action < decision->action
            || (one.action == decision->action
                && (one.basis < decision->basis
                    || (one.basis == decision->basis && i == home))))
        {
            best = i;
            *decision = one;
        }
    }

    if (best == XPECTO_RULES_NONE) {
        question = *transfer;
        question.forbidden = 1;

        xpecto_transfer_decide(rules, &question, decision);
    }

    return best;
}


uint64_t
xpecto_transfer_attest(const xpecto_rules_t *rules, xpecto_str_t name)
{
    unsigned      i;
    xpecto_str_t  str;

    for (i = 0; i < rules->nattests; i++) {
        str = xpecto_rules_text(rules, rules->attests[i].name);

        if (str.len == name.len && memcmp(str.data, name.data, str.len) == 0) {
            return (uint64_t) 1 << i;
        }
    }

    return 0;
}


uint64_t
xpecto_transfer_attests(const xpecto_rules_t *rules, uint64_t attests,
    int32_t today)
{
    unsigned  i;
    uint64_t  before;

    for (i = 0; i < rules->nattests; i++) {
        if (today >= rules->attests[i].expires) {
            attests &= ~((uint64_t) 1 << i);
        }
    }

    /* one that falls may take others with it */

    do {
        before = attests;

        for (i = 0; i < rules->nattests; i++) {
            if ((rules->attests[i].needs & ~attests) != 0) {
                attests &= ~((uint64_t) 1 << i);
            }
        }

    } while (attests != before);

    return attests;
}


size_t
xpecto_transfer_why(const xpecto_rules_t *rules,
    const xpecto_reason_t *reason, uint8_t *p)
{
    uint8_t           *start;
    const char        *code;
    xpecto_str_t       id;
    xpecto_country_t   country;

    if (reason->regime == XPECTO_RULES_NONE) {
        return 0;
    }

    start = p;
    country = rules->countries[reason->origin].code;

    *p++ = (uint8_t) (country >> 8);
    *p++ = (uint8_t) country;

    if (reason->area != XPECTO_RULES_NONE) {
        code = rules->areas[reason->area].code + 2;

        while (*code != '\0') {
            *p++ = (uint8_t) *code++;
        }
    }

    id = xpecto_rules_text(rules, rules->regimes[reason->regime].id);

    *p++ = ',';
    memcpy(p, id.data, id.len);
    p += id.len;
    *p++ = ',';

    country = rules->countries[reason->destination].code;

    *p++ = (uint8_t) (country >> 8);
    *p++ = (uint8_t) country;

    return (size_t) (p - start);
}


size_t
xpecto_transfer_regimes(const xpecto_rules_t *rules,
    const xpecto_set_t *countries, uint64_t areas, uint8_t *p)
{
    size_t                     len;
    unsigned                   i, o;
    xpecto_str_t               id;
    xpecto_set_t               regimes;
    const xpecto_area_rule_t  *area;

    memset(&regimes, 0, sizeof(xpecto_set_t));

    for (o = xpecto_set_next(countries, 0);
         o < rules->ncountries;
         o = xpecto_set_next(countries, o + 1))
    {
        for (i = 0; i < rules->countries[o].nregimes; i++) {
            xpecto_set_add(&regimes, rules->countries[o].regimes[i]);
        }
    }

    for ( /* void */ ; areas != 0; areas &= areas - 1) {
        area = &rules->areas[__builtin_ctzll(areas)];

        for (i = 0; i < area->nregimes; i++) {
            xpecto_set_add(&regimes, area->regimes[i]);
        }
    }

    len = 0;

    for (i = xpecto_set_next(&regimes, 0);
         i < rules->nregimes;
         i = xpecto_set_next(&regimes, i + 1))
    {
        id = xpecto_rules_text(rules, rules->regimes[i].id);

        if (len != 0) {
            p[len++] = ' ';
        }

        memcpy(p + len, id.data, id.len);
        len += id.len;
    }

    return len;
}


unsigned
xpecto_transfer_min_age(const xpecto_rules_t *rules,
    const xpecto_set_t *countries, uint64_t areas, int unknown)
{
    unsigned                   o, age, min;
    const xpecto_area_rule_t  *area;

    age = unknown ? xpecto_age_min(0) : 0;

    for (o = xpecto_set_next(countries, 0);
         o < rules->ncountries;
         o = xpecto_set_next(countries, o + 1))
    {
        min = rules->countries[o].min_age;

        if (min == 0) {
            min = xpecto_age_min(0);
        }

        if (min > age) {
            age = min;
        }
    }

    for ( /* void */ ; areas != 0; areas &= areas - 1) {
        area = &rules->areas[__builtin_ctzll(areas)];

        if (area->min_age > age) {
            age = area->min_age;
        }
    }

    return age;
}


int
xpecto_transfer_opt_out(const xpecto_rules_t *rules,
    const xpecto_set_t *countries, uint64_t areas)
{
    unsigned  o, any;

    any = 0;

    for (o = xpecto_set_next(countries, 0);
         o < rules->ncountries;
         o = xpecto_set_next(countries, o + 1))
    {
        if (!rules->countries[o].opt_out) {
            return 0;
        }

        any = 1;
    }

    for ( /* void */ ; areas != 0; areas &= areas - 1) {
        if (!rules->areas[__builtin_ctzll(areas)].opt_out) {
            return 0;
        }
    }

    return (int) any;
}


int32_t
xpecto_transfer_signal(const xpecto_rules_t *rules,
    const xpecto_set_t *countries)
{
    int32_t   day;
    unsigned  o;

    day = INT32_MAX;

    for (o = xpecto_set_next(countries, 0);
         o < rules->ncountries;
         o = xpecto_set_next(countries, o + 1))
    {
        if (rules->countries[o].signal < day) {
            day = rules->countries[o].signal;
        }
    }

    return day;
}
