
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "xpecto_tenants_image.h"
#include "xpecto_calendar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>


#define XPECTO_TENANTS_ELDER  4096      /* beyond, a limit begins anew */
#define XPECTO_TENANTS_MONTH  (32ull * XPECTO_DAY * XPECTO_TICKS_SEC)


/* what is known while one image takes over from another */

typedef struct {
    const void                     *current;
    const xpecto_tenants_header_t  *before;
    const xpecto_tenants_header_t  *after;
    uint64_t                        tick;
    uint64_t                        wall;
    uint32_t                       *pairs;      /* plan before and after: its
                                                   elder, UINT32_MAX: none */
    uint32_t                       *ages;
    xpecto_plan_t                  *elder;
    uint32_t                        nelder;
} xpecto_tenants_follow_t;


static int xpecto_tenants_is_same(const void *current,
    const xpecto_image_t *next);
static xpecto_rc_e xpecto_tenants_follow_all(xpecto_tenants_follow_t *f);
static int xpecto_tenants_elder(const xpecto_tenants_follow_t *f,
    const xpecto_plan_t *before, xpecto_plan_t *plan);
static void xpecto_tenants_former(const xpecto_tenants_follow_t *f,
    const xpecto_limit_t *before, xpecto_limit_t *limit);
static uint64_t xpecto_tenants_until(const xpecto_limit_t *limit,
    uint64_t tick);
static xpecto_rc_e xpecto_tenants_grow(const xpecto_tenants_follow_t *f,
    xpecto_image_t *next);


xpecto_rc_e
xpecto_tenants_inherit(xpecto_tenants_t *t, const xpecto_node_t *node,
    xpecto_limit_t *limit)
{
    uint32_t        i;
    xpecto_rc_e     rc;
    xpecto_str_t    s;
    xpecto_node_t   member;
    xpecto_terms_t  terms;

    /* as in xpecto_inherit_e */

    static const char *const  names[] = {
        "as_is", "proportional", "reset", NULL
    };

    rc = xpecto_doc_get(node, "inherit", XPECTO_DOC_STRING, 0, &member,
                        t->err);

    if (rc == XPECTO_ERROR) {
        return XPECTO_ERROR;
    }

    if (rc == XPECTO_OK) {
        s = xpecto_doc_string(&member);

        for (i = 0; names[i] != NULL; i++) {
            if (s.len == strlen(names[i])
                && memcmp(s.data, names[i], s.len) == 0)
            {
                break;
            }
        }

        if (names[i] == NULL) {
            return xpecto_doc_error(&member, t->err,
                             "not \"as_is\", \"proportional\", \"reset\"");
        }

        if (i != XPECTO_INHERIT_AS_IS
            && limit->meter != XPECTO_METER_RATE
            && limit->meter != XPECTO_METER_COUNT
            && limit->meter != XPECTO_METER_SLIDE)
        {
            return xpecto_doc_error(&member, t->err,
                         "a limit of this kind can be taken over as_is only");
        }

        limit->inherit = i;
    }

    xpecto_tenants_terms(limit, &terms);
    limit->mix = xpecto_terms_mix(limit->meter, &terms);

    return XPECTO_OK;
}


void
xpecto_tenants_terms(const xpecto_limit_t *limit, xpecto_terms_t *terms)
{
    memset(terms, 0, sizeof(xpecto_terms_t));

    terms->inherit = limit->inherit;

    if (limit->meter == XPECTO_METER_RATE) {
        terms->interval = limit->gcra.interval;
        terms->limit = limit->gcra.tolerance;

    } else {
        terms->limit = limit->count.limit;
        terms->length = limit->count.length;
    }
}


void
xpecto_tenants_succeed(const xpecto_limit_t *before, xpecto_limit_t *limit,
    uint64_t tick, uint64_t wall)
{
    xpecto_tenants_follow_t  f;

    memset(&f, 0, sizeof(xpecto_tenants_follow_t));

    f.tick = tick & ~(XPECTO_TICKS_CLOCK - 1);
    f.wall = wall;

    xpecto_tenants_former(&f, before, limit);
}


xpecto_rc_e
xpecto_tenants_follow(const void *current, xpecto_image_t *next, uint64_t tick,
    uint64_t wall, xpecto_err_t *err)
{
    size_t                   plans;
    xpecto_rc_e              rc;
    xpecto_tenants_follow_t  f;

    if (xpecto_tenants_is_same(current, next)) {
        return XPECTO_DECLINED;
    }

    memset(&f, 0, sizeof(xpecto_tenants_follow_t));

    f.current = current;
    f.before = current;
    f.after = next->data;
    f.tick = tick & ~(XPECTO_TICKS_CLOCK - 1);
    f.wall = wall;

    plans = f.before->nplans + (size_t) f.before->nelder;

    f.ages = calloc((size_t) f.after->ntenants + 1, sizeof(uint32_t));
    f.pairs = calloc(plans * f.after->nplans + 1, sizeof(uint32_t));

    rc = (f.ages == NULL || f.pairs == NULL)
         ? XPECTO_ERROR : xpecto_tenants_follow_all(&f);

    if (rc == XPECTO_OK && f.nelder != 0) {
        rc = xpecto_tenants_grow(&f, next);
    }

    if (rc != XPECTO_OK) {
        (void) snprintf(err->text, sizeof(err->text), "no memory");
    }

    free(f.ages);
    free(f.pairs);
    free(f.elder);

    return rc;
}


/* but for what was added to the one that is in force */

static int
xpecto_tenants_is_same(const void *current, const xpecto_image_t *next)
{
    size_t                          head;
    const xpecto_tenants_header_t  *a, *b;

    head = sizeof(xpecto_tenants_header_t);
    a = current;
    b = next->data;

    return a->nplans == b->nplans
           && a->ntenants == b->ntenants
           && a->mask == b->mask
           && a->nperiods == b->nperiods
           && a->credentials == b->credentials
           && memcmp((const uint8_t *) current + head,
                     (const uint8_t *) next->data + head, next->len - head)
              == 0;
}


static xpecto_rc_e
xpecto_tenants_follow_all(xpecto_tenants_follow_t *f)
{
    void                           *grown;
    uint32_t                        i, index, *pair;
    xpecto_plan_t                   plan;
    const xpecto_plan_t            *plans, *before;
    const xpecto_tenants_record_t  *record;

    plans = (const void *) ((const uint8_t *) f->after + f->after->plans);
    record = (const void *) ((const uint8_t *) f->after + f->after->tenants);

    for (i = 0; i < f->after->ntenants; i++) {

        if (xpecto_tenants_named(f->current, record[i].name.data,
                                 record[i].name.len, &index)
            != XPECTO_OK)
        {
            continue;
        }

        before = xpecto_tenants_plan_of(f->current, index);

        pair = &f->pairs[xpecto_tenants_plan_index(f->current, before)
                         * f->after->nplans + record[i].plan];

        if (*pair == 0) {
            *pair = UINT32_MAX;
            plan = plans[record[i].plan];

            if (f->nelder < XPECTO_TENANTS_ELDER
                && xpecto_tenants_elder(f, before, &plan))
            {
                grown = realloc(f->elder,
                                (f->nelder + 1) * sizeof(xpecto_plan_t));
                if (grown == NULL) {
                    return XPECTO_ERROR;
                }

                f->elder = grown;
                f->elder[f->nelder++] = plan;
                *pair = f->nelder;
            }
        }

        f->ages[i] = (*pair == UINT32_MAX) ? 0 : *pair;
    }

    return XPECTO_OK;
}


/* 1: the plan is another one for who comes from the one before */

static int
xpecto_tenants_elder(const xpecto_tenants_follow_t *f,
    const xpecto_plan_t *before, xpecto_plan_t *plan)
{
    int              any;
    uint32_t         i, k;
    xpecto_limit_t  *limit;

    any = 0;

    for (i = 0; i < plan->nlimits; i++) {
        limit = &plan->limits[i];

        for (k = 0; k < before->nlimits; k++) {

            if (memcmp(&before->limits[k].name, &limit->name,
                       sizeof(xpecto_name_t))
                == 0)
            {
                xpecto_tenants_former(f, &before->limits[k], limit);
                any |= (limit->nformer != 0);
                break;
            }
        }
    }

    return any;
}


static void
xpecto_tenants_former(const xpecto_tenants_follow_t *f,
    const xpecto_limit_t *before, xpecto_limit_t *limit)
{
    uint32_t          i;
    xpecto_terms_t    now;
    xpecto_former_t  *former;

    if (before->meter != limit->meter || before->per != limit->per) {
        return;
    }

    if (before->mix != limit->mix) {
        former = &limit->former[limit->nformer++];

        xpecto_tenants_terms(before, &former->terms);
        xpecto_tenants_terms(limit, &now);

        former->mix = before->mix;
        former->tick = f->tick;
        former->wall = f->wall;
        former->until = xpecto_tenants_until(before, f->tick);
        former->how = limit->inherit;

        if (former->terms.interval == now.interval
            && former->terms.limit == now.limit
            && former->terms.length == now.length)
        {
            /* nothing but the way itself has changed */
            former->how = XPECTO_INHERIT_AS_IS;
        }

        if (former->how == XPECTO_INHERIT_RESET) {
            memset(former, 0, sizeof(xpecto_former_t));
            limit->nformer = 0;
            return;
        }
    }

    for (i = 0; i < before->nformer && limit->nformer < XPECTO_FORMER_MAX;
         i++)
    {
        limit->former[limit->nformer++] = before->former[i];
    }

    /* through the later ones lead the steps of the earlier ones */

    while (limit->nformer != 0
           && limit->former[limit->nformer - 1].until <= f->tick)
    {
        memset(&limit->former[--limit->nformer], 0, sizeof(xpecto_former_t));
    }
}


/* when nothing is left of what was counted until now */

static uint64_t
xpecto_tenants_until(const xpecto_limit_t *limit, uint64_t tick)
{
    if (limit->meter == XPECTO_METER_RATE) {
        return tick + limit->gcra.tolerance;
    }

    if (limit->per == XPECTO_PERIOD_EVER) {
        return UINT64_MAX;
    }

    return tick + ((limit->count.length != 0)
                   ? 2 * limit->count.length * XPECTO_TICKS_SEC
                   : XPECTO_TENANTS_MONTH);
}


static xpecto_rc_e
xpecto_tenants_grow(const xpecto_tenants_follow_t *f, xpecto_image_t *next)
{
    void                     *data;
    size_t                    ages, elder, len;
    xpecto_tenants_header_t  *header;

    ages = (next->len + 7) & ~(size_t) 7;
    elder = ages + (((size_t) f->after->ntenants * sizeof(uint32_t) + 7)
                    & ~(size_t) 7);
    len = elder + f->nelder * sizeof(xpecto_plan_t);

    data = realloc(next->data, len);
    if (data == NULL) {
        return XPECTO_ERROR;
    }

    memset((uint8_t *) data + next->len, 0, len - next->len);

    header = data;
    header->ages = ages;
    header->elder = elder;
    header->nelder = f->nelder;
    header->size = len;

    memcpy((uint8_t *) data + ages, f->ages,
           header->ntenants * sizeof(uint32_t));
    memcpy((uint8_t *) data + elder, f->elder,
           f->nelder * sizeof(xpecto_plan_t));

    next->data = data;
    next->len = len;

    return XPECTO_OK;
}
