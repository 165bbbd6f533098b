
/*
 * Former numbers of a policy: see xpecto_former.h.
 */


#include <string.h>

#include "xpecto_former.h"


#define XPECTO_FORMER_GRAIN  (XPECTO_TICKS_CLOCK - 1)


static int xpecto_former_says(const xpecto_meter_t *meter,
    const xpecto_former_t *former, uint64_t word, uint64_t now);
static uint64_t xpecto_former_debt(const xpecto_terms_t *terms,
    uint64_t word, uint64_t now);
static uint64_t xpecto_former_rate(const xpecto_former_t *former,
    const xpecto_terms_t *terms, uint64_t word);
static uint64_t xpecto_former_count(const xpecto_former_t *former,
    const xpecto_terms_t *terms, uint64_t word);
static uint64_t xpecto_former_slide(const xpecto_former_t *former,
    const xpecto_terms_t *terms, uint64_t word);
static uint64_t xpecto_former_scale(const xpecto_former_t *former,
    const xpecto_terms_t *terms, uint64_t n, uint64_t max);


uint64_t
xpecto_terms_mix(xpecto_meter_e kind, const xpecto_terms_t *terms)
{
    xpecto_terms_t  t;

    /* tags are secret, how two of them differ need not be */

    static const uint8_t  key[XPECTO_SIPHASH_KEY_LEN];

    t = *terms;

    switch (kind) {

    case XPECTO_METER_RATE:
        break;

    case XPECTO_METER_COUNT:
    case XPECTO_METER_SLIDE:

        if (t.inherit == XPECTO_INHERIT_AS_IS) {
            t.limit = 0;

            if (t.length == 0) {
                return 0;
            }
        }

        break;

    default:
        return 0;
    }

    return xpecto_siphash(key, (const uint8_t *) &t, sizeof(xpecto_terms_t))
           & ~XPECTO_CELL_BITS;
}


uint64_t
xpecto_former_word(xpecto_meter_e kind, const xpecto_former_t *former,
    const xpecto_terms_t *terms, uint64_t word)
{
    switch (kind) {

    case XPECTO_METER_RATE:
        return xpecto_former_rate(former, terms, word);

    case XPECTO_METER_COUNT:
        return xpecto_former_count(former, terms, word);

    default: /* XPECTO_METER_SLIDE */
        return xpecto_former_slide(former, terms, word);
    }
}


uint64_t
xpecto_former_find(const xpecto_meter_t *meter, uint64_t tag, uint64_t now)
{
    size_t                  n;
    uint64_t                former, word;
    xpecto_place_t          place;
    xpecto_terms_t          terms;
    const xpecto_former_t  *f;

    word = 0;
    f = meter->former;

    for (n = 0; n < meter->nformer; n++) {
        former = tag ^ meter->mix ^ f[n].mix;

        if (former != tag
            && xpecto_cells_find(meter->cells, former, &place) == XPECTO_OK
            && xpecto_former_says(meter, &f[n], place.word, now))
        {
            word = place.word;
            break;
        }
    }

    if (word == 0) {
        return 0;
    }

    /* step by step: each change by its own moment */

    for ( ; n > 0 && word != 0; n--) {
        word = xpecto_former_word(meter->kind, &f[n], &f[n - 1].terms, word);
    }

    memset(&terms, 0, sizeof(xpecto_terms_t));

    if (meter->kind == XPECTO_METER_RATE) {
        terms.interval = meter->gcra.interval;
        terms.limit = meter->gcra.tolerance;

    } else {
        terms.limit = meter->count.limit;
        terms.length = meter->count.length;
    }

    return (word == 0) ? 0 : xpecto_former_word(meter->kind, f, &terms, word);
}


void
xpecto_former_drop(const xpecto_meter_t *meter, uint64_t tag)
{
    size_t          n;
    uint64_t        former;
    xpecto_place_t  place;

    for (n = 0; n < meter->nformer; n++) {
        former = tag ^ meter->mix ^ meter->former[n].mix;

        while (former != tag
               && xpecto_cells_find(meter->cells, former, &place)
                  == XPECTO_OK
               && !xpecto_cells_swap(&place, 0, 0))
        {
            /* void */
        }
    }
}


void
xpecto_former_settle(const xpecto_meter_t *meter, uint64_t tag,
    uint64_t *stamp, uint64_t now)
{
    uint64_t        word;
    xpecto_rc_e     rc;
    xpecto_place_t  place;

    if (now >= meter->until) {
        return;
    }

    rc = xpecto_cells_find(meter->cells, tag, &place);

    if (rc == XPECTO_OK
        && !xpecto_cells_expired(meter->cells, tag, place.word, now))
    {
        return;
    }

    word = xpecto_former_find(meter, tag, now);

    if (word == 0) {
        return;
    }

    if (rc == XPECTO_DECLINED
        && xpecto_cells_claim(meter->cells, tag, now, stamp, &place)
           != XPECTO_AGAIN)
    {
        return;
    }

    if (xpecto_cells_swap(&place, tag, word)) {
        xpecto_former_drop(meter, tag);
    }
}


/* 1: under its own numbers it would still count */

static int
xpecto_former_says(const xpecto_meter_t *meter, const xpecto_former_t *former,
    uint64_t word, uint64_t now)
{
    uint64_t  wall;

    wall = meter->count.wall / XPECTO_USEC;

    switch (meter->kind) {

    case XPECTO_METER_RATE:
        return xpecto_former_debt(&former->terms, word, now) != 0;

    case XPECTO_METER_COUNT:
        return !xpecto_count_over(word, wall);

    default: /* XPECTO_METER_SLIDE */
        return !xpecto_slide_over(word, wall);
    }
}


/* ticks until all has flowed out */

static uint64_t
xpecto_former_debt(const xpecto_terms_t *terms, uint64_t word, uint64_t now)
{
    uint64_t  back;

    back = 0;

    if (terms->interval >= XPECTO_GCRA_COARSE) {
        back = (word & XPECTO_FORMER_GRAIN) * terms->interval;
        word &= ~XPECTO_FORMER_GRAIN;
        now &= ~XPECTO_FORMER_GRAIN;
    }

    return (word > now && word - now > back) ? word - now - back : 0;
}


static uint64_t
xpecto_former_rate(const xpecto_former_t *former, const xpecto_terms_t *terms,
    uint64_t word)
{
    uint64_t  debt, tat;

    debt = xpecto_former_debt(&former->terms, word, former->tick);
    debt = xpecto_former_scale(former, terms, debt, terms->limit);

    if (debt == 0) {
        return 0;
    }

    tat = former->tick + debt;

    if (terms->interval >= XPECTO_GCRA_COARSE) {
        /* the low bits say that nothing was given back */
        tat = (tat + XPECTO_FORMER_GRAIN) & ~XPECTO_FORMER_GRAIN;
    }

    return tat;
}


/* what a window has used goes into the one that was open at the change */

static uint64_t
xpecto_former_count(const xpecto_former_t *former, const xpecto_terms_t *terms,
    uint64_t word)
{
    uint64_t  end, used, wall;

    end = word >> 32;
    wall = former->wall / XPECTO_USEC;

    if (xpecto_count_over(word, wall)) {
        return 0;
    }

    used = xpecto_former_scale(former, terms, word & XPECTO_COUNT_MAX,
                               XPECTO_COUNT_MAX);

    if (terms->length != former->terms.length) {
        end = wall - wall % terms->length + terms->length;
    }

    return end << 32 | used;
}


static uint64_t
xpecto_former_slide(const xpecto_former_t *former, const xpecto_terms_t *terms,
    uint64_t word)
{
    uint64_t              before, used;
    xpecto_count_t        c;
    xpecto_gcra_result_t  res;

    before = word >> 20 & XPECTO_SLIDE_MAX;
    used = word & XPECTO_SLIDE_MAX;

    if (terms->length == former->terms.length) {
        before = xpecto_former_scale(former, terms, before, XPECTO_SLIDE_MAX);
        used = xpecto_former_scale(former, terms, used, XPECTO_SLIDE_MAX);

        return (word & ~((1ull << 40) - 1)) | before << 20 | used;
    }

    /* what was in sight at the change is of the window that was open then */

    memset(&c, 0, sizeof(xpecto_count_t));
    c.limit = XPECTO_SLIDE_MAX;
    c.length = former->terms.length;

    (void) xpecto_count_clock(&c, former->wall);
    (void) xpecto_slide_take(&word, &c, 0, &res);

    used = xpecto_former_scale(former, terms, c.limit - res.remaining,
                               XPECTO_SLIDE_MAX);

    c.start = 0;
    c.end = 0;
    c.length = terms->length;

    (void) xpecto_count_clock(&c, former->wall);

    word = 0;
    (void) xpecto_slide_take(&word, &c, used, &res);

    return word;
}


/*
 * A unit stays a unit, and of a rate as many ticks as it costs now; or what
 * was used stays the same part of the limit.  Rounded up: it never is less.
 */

static uint64_t
xpecto_former_scale(const xpecto_former_t *former, const xpecto_terms_t *terms,
    uint64_t n, uint64_t max)
{
    uint64_t       from, to;
    xpecto_u128_t  scaled;

    from = former->terms.interval;
    to = terms->interval;

    if (former->how == XPECTO_INHERIT_PROPORTIONAL) {
        from = former->terms.limit;
        to = terms->limit;

    } else if (from == 0) {
        return n;
    }

    scaled = ((xpecto_u128_t) n * to + from - 1) / from;

    return (scaled > max) ? max : (uint64_t) scaled;
}
