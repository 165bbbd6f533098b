
/*
 * Numbers of a policy that change while something is counted.  What is
 * expected comes from a list of what was paid, never from a word.
 */


#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_former.h"
#include "xpecto_grant.h"
#include "xpecto_limit.h"


#define SEC    16000000000ull
#define DAY    86400ull
#define MON    1795996800ull            /* a Monday, 00:00 UTC */
#define TRIES  3000


static xpecto_cells_t   cells;
static void            *memory;
static uint64_t         stamp = 1ull << 32;
static uint64_t         ticks;
static uint64_t         seed = 0x2545f4914f6cdd1dull;
static const uint64_t   hash[2] = {
    0x0123456789abcdefull, 0xfedcba9876543210ull
};


static uint64_t
rnd(uint64_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;

    return (seed >> 11) % n;
}


static uint64_t
clock_ticks(void)
{
    return ticks;
}


static void
empty(void)
{
    free(memory);

    memory = calloc(9, XPECTO_BUCKET_SIZE);
    assert_non_null(memory);
    assert_int_equal(xpecto_cells_init(&cells, memory,
                                       9 * XPECTO_BUCKET_SIZE - 1),
                     XPECTO_OK);
    cells.clock = clock_ticks;
}


static int
teardown(void **state)
{
    (void) state;

    free(memory);
    memory = NULL;

    return 0;
}


/* ticks and wall go together: 16 ticks are a nanosecond */

static uint64_t
tick_of(uint64_t usec)
{
    return (usec - MON * XPECTO_USEC) * 16000 + SEC;
}


static void
terms_of(const xpecto_meter_t *m, xpecto_inherit_e inherit, xpecto_terms_t *t)
{
    memset(t, 0, sizeof(xpecto_terms_t));
    t->inherit = inherit;

    if (m->kind == XPECTO_METER_RATE) {
        t->interval = m->gcra.interval;
        t->limit = m->gcra.tolerance;

    } else {
        t->limit = m->count.limit;
        t->length = m->count.length;
    }
}


/* length: of a window; 0: a day of the calendar */

static void
meter(xpecto_meter_t *m, xpecto_meter_e kind, uint64_t limit,
    uint64_t interval, uint32_t length, xpecto_inherit_e inherit)
{
    xpecto_terms_t  terms;

    memset(m, 0, sizeof(xpecto_meter_t));

    m->cells = &cells;
    m->kind = kind;
    m->key[0] = 0x9e3779b97f4a7c15ull;
    m->key[1] = 0xd1b54a32d192ed03ull;

    if (kind == XPECTO_METER_RATE) {
        m->gcra.interval = interval;
        m->gcra.tolerance = limit * interval;

    } else {
        m->count.limit = limit;
        m->count.length = length;
    }

    terms_of(m, inherit, &terms);
    m->mix = xpecto_terms_mix(kind, &terms);
}


/* at usec one took the place of the other; f is the latest of "to" */

static void
change(xpecto_meter_t *to, const xpecto_meter_t *from,
    xpecto_inherit_e was, xpecto_inherit_e how, xpecto_former_t *f,
    uint32_t nformer, uint64_t usec)
{
    memset(f, 0, sizeof(xpecto_former_t));

    terms_of(from, was, &f->terms);
    f->mix = from->mix;
    f->wall = usec;
    f->tick = tick_of(usec);
    f->until = UINT64_MAX;
    f->how = how;

    to->former = f;
    to->nformer = nformer;
    to->until = UINT64_MAX;
}


static xpecto_rc_e
pay(xpecto_meter_t *m, uint64_t cost, uint64_t usec, xpecto_limit_item_t *item)
{
    xpecto_rc_e  rc;

    ticks = tick_of(usec);
    cells.wall = usec / XPECTO_USEC;

    if (m->kind != XPECTO_METER_RATE) {

        if (m->count.length == 0) {
            m->count.start = (uint32_t) (cells.wall - cells.wall % DAY);
            m->count.end = m->count.start + DAY;
            m->count.next = m->count.end + DAY;
        }

        assert_true(xpecto_count_clock(&m->count, usec));
    }

    memset(item, 0, sizeof(xpecto_limit_item_t));
    item->meter = m;
    item->cost = cost;
    item->tag = xpecto_meter_tag(m, hash);

    do {
        rc = xpecto_limit_decide(item, 1, &stamp, ticks);
    } while (rc == XPECTO_AGAIN);

    return rc;
}


/* how many pass one after the other, up to max */

static uint64_t
pass(xpecto_meter_t *m, uint64_t max, uint64_t usec)
{
    uint64_t             n;
    xpecto_limit_item_t  item;

    for (n = 0; n < max && pay(m, 1, usec, &item) == XPECTO_OK; n++) {
        /* void */
    }

    return n;
}


static uint64_t
up(uint64_t n, uint64_t by)
{
    return n / by + (n % by != 0);
}


/* intervals of 1 us to a day: 16,000 ticks to 1.4 * 10^15 */

static uint64_t
interval(void)
{
    uint64_t  ns;

    ns = 1000 * (1 + rnd(1000));

    while (rnd(5) != 0 && ns < 8640000000000ull) {
        ns *= 10;
    }

    return ns * 16 / 64 * 64;
}


static void
a_rate(void **state)
{
    int                  i, proportional;
    uint64_t             i1, i2, b1, b2, k, back, t0, t1, t2, debt, left;
    xpecto_meter_t       from, to;
    xpecto_former_t      f;
    xpecto_limit_item_t  item;

    (void) state;

    for (i = 0; i < TRIES; i++) {
        empty();

        proportional = i & 1;
        i1 = interval();
        i2 = interval();
        b1 = 1 + rnd(50);
        b2 = 1 + rnd(50);
        k = 1 + rnd(b1);

        meter(&from, XPECTO_METER_RATE, b1, i1, 0, (unsigned) proportional);
        meter(&to, XPECTO_METER_RATE, b2, i2, 0, (unsigned) proportional);

        t0 = (MON + 1) * XPECTO_USEC;
        t1 = t0 + rnd(b1 * i1 / 16000 + 2) / (1 + rnd(4));
        t2 = t1 + (rnd(3) ? rnd(b1 * i1 / 16000 + 2) / (1 + rnd(9)) : 0);

        assert_int_equal(pay(&from, k, t0, &item), XPECTO_OK);
        back = 0;

        if (rnd(3) == 0) {
            back = xpecto_limit_refund(&item, 1 + rnd(k));
        }

        if (from.mix == to.mix) {
            continue;
        }

        change(&to, &from, (unsigned) proportional, (unsigned) proportional,
               &f, 1, t1);

        /* what is left at the change, then at the first request */

        debt = (k - back) * i1;
        left = 0;

        if (debt > tick_of(t2) - tick_of(t0)) {
            debt -= tick_of(t1) - tick_of(t0);

            /* the least number of ticks that is not less */

            left = proportional
                   ? (uint64_t) ((xpecto_u128_t) debt * b2 * i2
                                 / ((xpecto_u128_t) b1 * i1))
                   : (uint64_t) ((xpecto_u128_t) debt * i2 / i1);

            if ((proportional
                 ? (xpecto_u128_t) left * b1 * i1 < (xpecto_u128_t) debt * b2
                                                    * i2
                 : (xpecto_u128_t) left * i1 < (xpecto_u128_t) debt * i2))
            {
                left++;
            }

            if (left > b2 * i2) {
                left = b2 * i2;
            }

            if (i2 >= XPECTO_GCRA_COARSE) {
                left = up(left, 64) * 64;
            }

            left -= (left < tick_of(t2) - tick_of(t1))
                    ? left : tick_of(t2) - tick_of(t1);
        }

        assert_int_equal(pass(&to, 1000, t2), (b2 * i2 - left) / i2);
    }
}


static void
what_a_rate_gave_back_is_no_tick(void **state)
{
    int                  n;
    xpecto_meter_t       slow, fast;
    xpecto_former_t      f;
    xpecto_limit_item_t  item;

    (void) state;

    /* 40 of a burst of 50 are given back; then the rate is a million */

    for (n = 0; n < 2; n++) {
        empty();

        meter(&slow, XPECTO_METER_RATE, 50, SEC, 0, 0);
        meter(&fast, XPECTO_METER_RATE, 50, 16000, 0, 0);

        if (n == 0) {
            assert_int_equal(pay(&slow, 50, MON * XPECTO_USEC, &item),
                             XPECTO_OK);
            assert_int_equal(xpecto_limit_refund(&item, 40), 40);
            change(&fast, &slow, 0, 0, &f, 1, MON * XPECTO_USEC);
            assert_int_equal(pass(&fast, 100, MON * XPECTO_USEC), 40);
            continue;
        }

        /* and the low bits of a fast one are ticks, not what was given back */

        fast.gcra.interval = 16001;
        fast.gcra.tolerance = 50 * 16001;
        assert_int_equal(pay(&fast, 49, MON * XPECTO_USEC, &item), XPECTO_OK);
        change(&slow, &fast, 0, 0, &f, 1, MON * XPECTO_USEC);
        slow.former = &f;
        f.terms.interval = 16001;
        assert_int_equal(pass(&slow, 100, MON * XPECTO_USEC), 1);
    }
}


static void
a_count(void **state)
{
    int                  i, kind, proportional;
    uint32_t             l1, l2;
    uint64_t             n1, n2, k, t0, t1, t2, used, end, wall;
    xpecto_meter_t       from, to;
    xpecto_former_t      f;
    xpecto_limit_item_t  item;

    static const uint32_t  lengths[] = { 10, 60, 300, 3600, 86400, 604800 };

    (void) state;

    for (i = 0; i < TRIES; i++) {
        empty();

        proportional = i & 1;
        kind = (int) rnd(3);
        n1 = 1 + rnd(200);
        n2 = 1 + rnd(200);
        k = 1 + rnd(n1);
        l1 = (kind == 0) ? 0 : lengths[rnd(6)];
        l2 = (kind == 0) ? 0 : (kind == 1) ? l1 : lengths[rnd(6)];

        meter(&from, XPECTO_METER_COUNT, n1, 0, l1, (unsigned) proportional);
        meter(&to, XPECTO_METER_COUNT, n2, 0, l2, (unsigned) proportional);

        t0 = (MON + rnd(DAY)) * XPECTO_USEC;
        t1 = t0 + rnd((l1 ? l1 : DAY) * XPECTO_USEC);
        t2 = t1 + rnd(2) * rnd((l1 ? l1 : DAY) * XPECTO_USEC);

        assert_int_equal(pay(&from, k, t0, &item), XPECTO_OK);

        if (from.mix != to.mix) {
            change(&to, &from, (unsigned) proportional,
                   (unsigned) proportional, &f, 1, t1);
        }

        /* the window that it was used in, and the one that it is of then */

        wall = t0 / XPECTO_USEC;
        end = wall - wall % (l1 ? l1 : DAY) + (l1 ? l1 : DAY);
        used = proportional ? up(k * n2, n1) : k;

        if (end <= t1 / XPECTO_USEC || end <= t2 / XPECTO_USEC) {
            used = 0;

        } else if (l1 != l2) {
            wall = t1 / XPECTO_USEC;
            end = wall - wall % l2 + l2;
            used = (end <= t2 / XPECTO_USEC) ? 0 : used;
        }

        assert_int_equal(pass(&to, 1000, t2), n2 > used ? n2 - used : 0);
    }
}


/* units used at moments: what is in sight by the definition of a slide */

static uint64_t
in_sight(const uint64_t *at, const uint64_t *units, int n, uint64_t length,
    uint64_t usec)
{
    int       i;
    uint64_t  open, width, before, used;

    width = length * XPECTO_USEC;
    open = usec - usec % width;
    before = 0;
    used = 0;

    for (i = 0; i < n; i++) {
        if (at[i] >= open) {
            used += units[i];

        } else if (at[i] + width >= open) {
            before += units[i];
        }
    }

    return used + up(before * (width - (usec - open)), width);
}


static void
a_slide(void **state)
{
    int                  i, k, proportional;
    uint32_t             l1, l2;
    uint64_t             n1, n2, t1, t2, sum, left, width, end;
    uint64_t             at[2], units[2];
    xpecto_meter_t       from, to;
    xpecto_former_t      f;
    xpecto_limit_item_t  item;

    static const uint32_t  lengths[] = { 10, 60, 300, 3600, 86400 };

    (void) state;

    for (i = 0; i < TRIES; i++) {
        empty();

        proportional = i & 1;
        n1 = 2 + rnd(200);
        n2 = 1 + rnd(200);
        l1 = lengths[rnd(5)];
        l2 = rnd(2) ? l1 : lengths[rnd(5)];

        meter(&from, XPECTO_METER_SLIDE, n1, 0, l1, (unsigned) proportional);
        meter(&to, XPECTO_METER_SLIDE, n2, 0, l2, (unsigned) proportional);

        /* one in the window before, one in the window of the change */

        at[1] = (MON + l1 + rnd(l1)) * XPECTO_USEC;
        at[0] = at[1] - l1 * XPECTO_USEC;
        units[0] = 1 + rnd(n1 / 2);
        units[1] = 1 + rnd(n1 / 2);

        for (k = 0; k < 2; k++) {
            assert_int_equal(pay(&from, units[k], at[k], &item), XPECTO_OK);
        }

        t1 = at[1] + rnd((MON + 2 * l1) * XPECTO_USEC - at[1]);
        t2 = t1;

        if (from.mix != to.mix) {
            change(&to, &from, (unsigned) proportional,
                   (unsigned) proportional, &f, 1, t1);
        }

        if (l1 == l2) {

            if (proportional) {
                units[0] = up(units[0] * n2, n1);
                units[1] = up(units[1] * n2, n1);
            }

            t2 += rnd(l1 * XPECTO_USEC);
            left = in_sight(at, units, 2, l1, t2);

        } else {
            sum = in_sight(at, units, 2, l1, t1);
            left = proportional ? up(sum * n2, n1) : sum;

            if (rnd(2)) {
                /* in the window after that of the change, part of it */
                width = l2 * XPECTO_USEC;
                end = t1 - t1 % width + width;

                if (end < (MON + 3 * l1) * XPECTO_USEC) {
                    t2 = end + rnd(width);

                    if (t2 < (MON + 3 * l1) * XPECTO_USEC) {
                        left = up(left * (end + width - t2), width);

                    } else {
                        t2 = t1;
                    }
                }
            }
        }

        assert_int_equal(pass(&to, 1000, t2), n2 > left ? n2 - left : 0);
    }
}


static void
what_has_no_end(void **state)
{
    xpecto_meter_t       from, to;
    xpecto_former_t      f;
    xpecto_limit_item_t  item;
    xpecto_count_t       ever;

    (void) state;

    empty();

    memset(&ever, 0, sizeof(xpecto_count_t));
    ever.end = XPECTO_COUNT_NEVER;
    ever.next = XPECTO_COUNT_NEVER;

    meter(&from, XPECTO_METER_COUNT, 100, 0, 0, XPECTO_INHERIT_PROPORTIONAL);
    meter(&to, XPECTO_METER_COUNT, 1000, 0, 0, XPECTO_INHERIT_PROPORTIONAL);

    assert_int_equal(pay(&from, 33, MON * XPECTO_USEC, &item), XPECTO_OK);

    /* as of a lifetime: the same word with an end that never comes */

    assert_true(xpecto_cells_swap(&item.place, item.tag,
                                  (uint64_t) XPECTO_COUNT_NEVER << 32 | 33));

    change(&to, &from, XPECTO_INHERIT_PROPORTIONAL,
           XPECTO_INHERIT_PROPORTIONAL, &f, 1, MON * XPECTO_USEC);

    assert_int_equal(pass(&to, 2000, (MON + 4000 * DAY) * XPECTO_USEC), 670);
}


/* through two changes, each by its own moment; then back */

static void
step_by_step(void **state)
{
    uint64_t             t;
    xpecto_meter_t       m[3];
    xpecto_former_t      f[3];
    xpecto_limit_item_t  item;

    (void) state;

    empty();
    t = MON * XPECTO_USEC;

    meter(&m[0], XPECTO_METER_RATE, 10, SEC, 0, 0);
    meter(&m[1], XPECTO_METER_RATE, 10, 10 * SEC, 0, 0);
    meter(&m[2], XPECTO_METER_RATE, 10, 2 * SEC, 0, 0);

    assert_int_equal(pay(&m[0], 10, t, &item), XPECTO_OK);

    /*
     * After two seconds 8 of 10 are left, which is 80 s by the second numbers;
     * after another 4, 7.6, which is 15.2 s by the third.  At once 2 pass.
     */

    change(&m[2], &m[0], 0, 0, &f[1], 2, t + 2 * XPECTO_USEC);
    change(&m[2], &m[1], 0, 0, &f[0], 2, t + 6 * XPECTO_USEC);

    assert_int_equal(pass(&m[2], 100, t + 6 * XPECTO_USEC), 2);
    assert_int_equal(pass(&m[2], 100, t + 7 * XPECTO_USEC), 0);

    /* the cells of before are gone */

    assert_int_equal(pass(&m[0], 100, t + 6 * XPECTO_USEC), 10);

    /* back to the first numbers: the cell that stands there has run out */

    change(&m[0], &m[1], 0, 0, &f[1], 2, t + 6 * XPECTO_USEC);
    f[2] = f[1];
    change(&m[0], &m[2], 0, 0, &f[1], 2, t + 20 * XPECTO_USEC);

    assert_int_equal(pass(&m[2], 100, t + 20 * XPECTO_USEC), 7);
    assert_int_equal(pass(&m[0], 100, t + 20 * XPECTO_USEC), 0);
}


static void
what_is_looked_at_says_the_same(void **state)
{
    int                  i;
    uint64_t             t, seen;
    xpecto_meter_t       from, to;
    xpecto_former_t      f;
    xpecto_limit_item_t  item;

    (void) state;

    empty();
    t = MON * XPECTO_USEC;

    meter(&from, XPECTO_METER_COUNT, 100, 0, 0, XPECTO_INHERIT_PROPORTIONAL);
    meter(&to, XPECTO_METER_COUNT, 10, 0, 0, XPECTO_INHERIT_PROPORTIONAL);

    assert_int_equal(pay(&from, 100, t, &item), XPECTO_OK);
    change(&to, &from, XPECTO_INHERIT_PROPORTIONAL,
           XPECTO_INHERIT_PROPORTIONAL, &f, 1, t);

    /* refused: nothing is written, and it is told when it ends */

    for (i = 0; i < 2; i++) {
        assert_int_equal(pay(&to, 1, t, &item), XPECTO_DECLINED);
        assert_int_equal(item.result.remaining, 0);
        assert_int_equal(item.result.retry_after, DAY * SEC);
    }

    /* an operator gives 3 of the 10 back */

    xpecto_former_settle(&to, item.tag, &stamp, tick_of(t));
    assert_int_equal(xpecto_cells_find(&cells, item.tag, &item.place),
                     XPECTO_OK);
    seen = item.place.word;
    assert_int_equal(xpecto_grant(&to, &seen, 3, tick_of(t)), 3);
    assert_true(xpecto_cells_swap(&item.place, item.tag, seen));

    assert_int_equal(pass(&to, 100, t), 3);

    /* all are given back, a cell that says nothing: it does not begin anew */

    assert_int_equal(xpecto_cells_find(&cells, item.tag, &item.place),
                     XPECTO_OK);
    assert_true(xpecto_cells_swap(&item.place, 0, 0));
    assert_int_equal(pass(&to, 100, t), 10);
}


/* one of two policies refuses: what the other has taken over stays */

static void
taken_back_is_what_was_taken_over(void **state)
{
    uint64_t             t;
    xpecto_meter_t       from, to, other;
    xpecto_former_t      f;
    xpecto_limit_item_t  item, items[2];

    (void) state;

    empty();
    t = MON * XPECTO_USEC;

    meter(&from, XPECTO_METER_RATE, 10, SEC, 0, 0);
    meter(&to, XPECTO_METER_RATE, 20, 2 * SEC, 0, 0);
    meter(&other, XPECTO_METER_RATE, 1, SEC, 0, 0);
    other.key[0]++;

    assert_int_equal(pay(&from, 10, t, &item), XPECTO_OK);
    change(&to, &from, 0, 0, &f, 1, t);

    assert_int_equal(pay(&to, 1, t, &item), XPECTO_OK);
    assert_int_equal(xpecto_limit_refund(&item, 1), 1);
    assert_int_equal(pay(&other, 1, t, &item), XPECTO_OK);

    memset(items, 0, sizeof(items));
    items[0].meter = &to;
    items[0].tag = xpecto_meter_tag(&to, hash);
    items[0].cost = 1;
    items[1] = item;
    items[1].paid = 0;
    items[1].cost = 1;

    assert_int_equal(xpecto_limit_decide(items, 2, &stamp, tick_of(t)),
                     XPECTO_DECLINED);
    assert_int_equal(pass(&to, 100, t), 10);
}


static void
numbers_are_told_apart(void **state)
{
    xpecto_terms_t  a, b;

    (void) state;

    memset(&a, 0, sizeof(xpecto_terms_t));
    a.limit = 100;
    b = a;
    b.limit = 200;

    /* a count of the calendar that stays as it is, needs no other cell */

    assert_int_equal(xpecto_terms_mix(XPECTO_METER_COUNT, &a), 0);
    assert_int_equal(xpecto_terms_mix(XPECTO_METER_COUNT, &b), 0);
    assert_int_equal(xpecto_terms_mix(XPECTO_METER_HELD, &a), 0);
    assert_int_equal(xpecto_terms_mix(XPECTO_METER_PAIR, &a), 0);
    assert_int_equal(xpecto_terms_mix(XPECTO_METER_UNIQUE, &a), 0);

    a.inherit = XPECTO_INHERIT_RESET;
    b.inherit = XPECTO_INHERIT_RESET;
    assert_int_not_equal(xpecto_terms_mix(XPECTO_METER_COUNT, &a),
                         xpecto_terms_mix(XPECTO_METER_COUNT, &b));
    assert_int_equal(xpecto_terms_mix(XPECTO_METER_COUNT, &a)
                     & XPECTO_CELL_BITS, 0);

    a.inherit = XPECTO_INHERIT_AS_IS;
    b.inherit = XPECTO_INHERIT_AS_IS;
    a.length = 60;
    b.length = 60;
    assert_int_equal(xpecto_terms_mix(XPECTO_METER_SLIDE, &a),
                     xpecto_terms_mix(XPECTO_METER_SLIDE, &b));
    b.length = 61;
    assert_int_not_equal(xpecto_terms_mix(XPECTO_METER_SLIDE, &a),
                         xpecto_terms_mix(XPECTO_METER_SLIDE, &b));
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rate),
        cmocka_unit_test(what_a_rate_gave_back_is_no_tick),
        cmocka_unit_test(a_count),
        cmocka_unit_test(a_slide),
        cmocka_unit_test(what_has_no_end),
        cmocka_unit_test(step_by_step),
        cmocka_unit_test(what_is_looked_at_says_the_same),
        cmocka_unit_test(taken_back_is_what_was_taken_over),
        cmocka_unit_test(numbers_are_told_apart)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, teardown);
}
