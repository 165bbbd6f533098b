
/*
 * The oracle keeps no TAT.  It is a bucket that leaks: a level in units of
 * 1 / (count * 16e9) events, so that every quantity is an exact integer of
 * 128 bits, and knows nothing of ticks rounded to an interval.
 */


#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_gcra.h"


__extension__ typedef unsigned __int128  u128;


typedef struct {
    u128      level;                    /* event parts in the bucket */
    u128      event;                    /* parts of one event */
    u128      leak;                     /* parts that leave in a tick */
    u128      size;
    uint64_t  last;
} oracle_t;


static uint64_t  seed = 0x853c49e6748fea9bull;


static uint64_t
rnd(uint64_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;

    return seed % n;
}


/* count per period: in a tick count / (period * 16e9) events leave */

static void
oracle_init(oracle_t *o, uint64_t count, uint64_t period, uint64_t burst)
{
    o->event = (u128) period * 16u * 1000000000u;
    o->leak = count;
    o->size = o->event * burst;
    o->level = 0;
    o->last = 0;
}


static void
oracle_drain(oracle_t *o, uint64_t now)
{
    u128  out;

    out = (u128) (now - o->last) * o->leak;
    o->level = (out > o->level) ? 0 : o->level - out;
    o->last = now;
}


static int
oracle_take(oracle_t *o, uint64_t now, uint64_t cost)
{
    oracle_drain(o, now);

    if (o->level + o->event * cost > o->size) {
        return 0;
    }

    o->level += o->event * cost;

    return 1;
}


/* ticks until the level allows "events" more, rounded up */

static uint64_t
oracle_wait(oracle_t *o, uint64_t events)
{
    u128  over;

    if (o->level + o->event * events <= o->size) {
        return 0;
    }

    over = o->level + o->event * events - o->size;

    return (uint64_t) ((over + o->leak - 1) / o->leak);
}


static void
parse(void **state)
{
    size_t         i;
    xpecto_rate_t  rate;

    static const struct {
        const char  *text;
        uint64_t     count;             /* 0: refused */
        uint64_t     period;
    } cases[] = {
        { "1r/s", 1, 1 },
        { "80r/s", 80, 1 },
        { "100r/m", 100, 60 },
        { "5000r/h", 5000, 3600 },
        { "100000r/d", 100000, 86400 },
        { "1r/d", 1, 86400 },
        { "1000000r/s", 1000000, 1 },
        { "60000000r/m", 60000000, 60 },
        { "86400000000r/d", 86400000000ull, 86400 },
        { "10r/5s", 10, 5 },
        { "1r/30d", 1, 30 * 86400 },
        { "1r/31d", 1, 31 * 86400 },
        { "1r/744h", 1, 31 * 86400 },
        { "1r/2678400s", 1, 31 * 86400 },
        { "5000000r/5s", 5000000, 5 },
        { "2678400000000r/31d", 2678400000000ull, 31 * 86400 },
        { "5000001r/5s", 0, 0 },
        { "2678400000001r/31d", 0, 0 },
        { "1r/32d", 0, 0 },
        { "1r/2678401s", 0, 0 },
        { "1r/18446744073709551617s", 0, 0 },
        { "1r/0d", 0, 0 },
        { "1r/3", 0, 0 },
        { "1r/d3", 0, 0 },
        { "1r/-3d", 0, 0 },
        { "1r/3 d", 0, 0 },
        { "1000001r/s", 0, 0 },
        { "60000001r/m", 0, 0 },
        { "86400000001r/d", 0, 0 },
        { "18446744073709551617r/s", 0, 0 },
        { "99999999999999999999999999999999999r/d", 0, 0 },
        { "0r/s", 0, 0 },
        { "000r/s", 0, 0 },
        { "r/s", 0, 0 },
        { "", 0, 0 },
        { "1", 0, 0 },
        { "1r", 0, 0 },
        { "1r/", 0, 0 },
        { "1/s", 0, 0 },
        { "1r/w", 0, 0 },
        { "1r/S", 0, 0 },
        { "1R/s", 0, 0 },
        { "-1r/s", 0, 0 },
        { "+1r/s", 0, 0 },
        { "1.5r/s", 0, 0 },
        { " 1r/s", 0, 0 },
        { "1r/s ", 0, 0 },
        { "1 r/s", 0, 0 },
        { "1r/ss", 0, 0 },
        { "0x1r/s", 0, 0 }
    };

    (void) state;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (cases[i].count == 0) {
            assert_int_equal(xpecto_rate_parse(&rate,
                                             (const uint8_t *) cases[i].text,
                                             strlen(cases[i].text)),
                             XPECTO_ERROR);
            continue;
        }

        assert_int_equal(xpecto_rate_parse(&rate,
                                           (const uint8_t *) cases[i].text,
                                           strlen(cases[i].text)),
                         XPECTO_OK);
        assert_int_equal(rate.count, cases[i].count);
        assert_int_equal(rate.period, cases[i].period);
    }
}


static void
init(void **state)
{
    xpecto_rate_t  rate;
    xpecto_gcra_t  g;

    (void) state;

    rate.count = 80;
    rate.period = 1;

    assert_int_equal(xpecto_gcra_init(&g, &rate, 160), XPECTO_OK);
    assert_int_equal(g.interval, 16000000000ull / 80);
    assert_int_equal(g.tolerance, 2 * 16000000000ull);

    assert_int_equal(xpecto_gcra_init(&g, &rate, 0), XPECTO_ERROR);
    assert_int_equal(xpecto_gcra_init(&g, &rate, UINT64_MAX), XPECTO_ERROR);

    rate.count = 1000000;
    assert_int_equal(xpecto_gcra_init(&g, &rate, 1), XPECTO_OK);
    assert_int_equal(g.interval, 16000);

    rate.count = 1000001;
    assert_int_equal(xpecto_gcra_init(&g, &rate, 1), XPECTO_ERROR);

    rate.count = 0;
    assert_int_equal(xpecto_gcra_init(&g, &rate, 1), XPECTO_ERROR);

    rate.count = 1;
    rate.period = 0;
    assert_int_equal(xpecto_gcra_init(&g, &rate, 1), XPECTO_ERROR);

    rate.period = 86400;
    assert_int_equal(xpecto_gcra_init(&g, &rate, 1), XPECTO_OK);
    assert_int_equal(xpecto_gcra_init(&g, &rate, 6000), XPECTO_OK);
    assert_int_equal(xpecto_gcra_init(&g, &rate, 7000), XPECTO_ERROR);

    rate.period = 31 * 86400;
    assert_int_equal(xpecto_gcra_init(&g, &rate, 200), XPECTO_OK);

    rate.period = 31 * 86400 + 1;
    assert_int_equal(xpecto_gcra_init(&g, &rate, 1), XPECTO_ERROR);

    rate.period = UINT64_MAX;
    assert_int_equal(xpecto_gcra_init(&g, &rate, 1), XPECTO_ERROR);

    rate.count = UINT64_MAX;
    assert_int_equal(xpecto_gcra_init(&g, &rate, 1), XPECTO_ERROR);
}


/*
 * The rate over a long time, in parts of 10,000, of odd counts: from one in 31
 * days to 1,000,000 a second
 */

static void
rate_error(void **state)
{
    u128           truth, ours;
    size_t         i;
    xpecto_rate_t  rate;
    xpecto_gcra_t  g;

    (void) state;

    static const uint64_t  periods[] = { 1, 60, 3600, 86400, 31 * 86400 };

    for (i = 0; i < 400000; i++) {
        rate.period = periods[i % 5];
        rate.count = 1 + rnd(1000000 * rate.period);

        if (i % 2) {
            /* slow ones as often: of each length in digits */
            rate.count = 1 + rate.count % (1 + rnd(rate.count));
        }

        assert_int_equal(xpecto_gcra_init(&g, &rate, 1), XPECTO_OK);

        ours = (u128) g.interval * rate.count;
        truth = (u128) rate.period * 16u * 1000000000u;

        assert_true(ours >= truth);
        assert_true((ours - truth) * 10000u <= truth);
    }
}


/* rates whose interval is whole: our answers must be the oracle's */

static void
exact(void **state)
{
    int                   ok;
    size_t                i, k, steps;
    uint64_t              tat, now, cost, burst;
    oracle_t              o;
    xpecto_rate_t         rate;
    xpecto_gcra_t         g;
    xpecto_gcra_result_t  res;

    static const xpecto_rate_t  rates[] = {
        { 1, 1 }, { 80, 1 }, { 1000, 1 }, { 1000000, 1 }, { 100, 60 },
        { 5000, 3600 }, { 100000, 86400 }, { 1, 86400 }, { 32, 1 },
        { 1, 30 * 86400 }, { 1, 31 * 86400 }
    };

    (void) state;

    for (k = 0; k < 11 * 40; k++) {
        rate = rates[k % 11];
        burst = 1 + rnd((k % 3) ? 5 : 200);
        steps = 2000;
        now = rnd(UINT64_MAX / 4);
        tat = 0;

        if (rate.period > 86400) {
            /* within the range of the clock, 36 years */
            burst = 1 + rnd(5);
            steps = 60;
        }

        assert_int_equal(xpecto_gcra_init(&g, &rate, burst), XPECTO_OK);
        assert_int_equal(g.interval * rate.count,
                         rate.period * 16000000000ull);

        oracle_init(&o, rate.count, rate.period, burst);

        for (i = 0; i < steps; i++) {
            now += (i % 50) ? rnd(g.interval * 2) : rnd(g.tolerance * 2);
            now = now / XPECTO_TICKS_CLOCK * XPECTO_TICKS_CLOCK;
            cost = (i % 7) ? 1 : rnd(burst + 2);

            ok = oracle_take(&o, now, cost);

            assert_int_equal(xpecto_gcra_take(&tat, &g, now, cost, &res),
                             ok ? XPECTO_OK : XPECTO_DECLINED);

            assert_true(res.remaining == burst
                        || oracle_wait(&o, res.remaining + 1) > 0);
            assert_int_equal(oracle_wait(&o, res.remaining), 0);
            assert_int_equal(res.reset, o.level == 0 ? 0
                                        : oracle_wait(&o, res.remaining + 1));

            if (ok) {
                assert_int_equal(res.retry_after, 0);

            } else if (cost > burst) {
                assert_true(res.retry_after == UINT64_MAX);

            } else {
                assert_int_equal(res.retry_after, oracle_wait(&o, cost));
            }
        }
    }
}


/* any rate: never more than the oracle's bucket lets through */

static void
never_more(void **state)
{
    size_t                i, k;
    uint64_t              tat, now, burst;
    oracle_t              o;
    xpecto_rate_t         rate;
    xpecto_gcra_t         g;
    xpecto_gcra_result_t  res;

    (void) state;

    for (k = 0; k < 200; k++) {
        rate.period = (k % 2) ? 1 : 3600;
        rate.count = 1 + rnd(1000000 * rate.period);
        burst = 1 + rnd(100);
        now = rnd(UINT64_MAX / 4);
        tat = 0;

        assert_int_equal(xpecto_gcra_init(&g, &rate, burst), XPECTO_OK);

        oracle_init(&o, rate.count, rate.period, burst);

        for (i = 0; i < 2000; i++) {
            now += rnd(g.interval * 2);
            now = now / XPECTO_TICKS_CLOCK * XPECTO_TICKS_CLOCK;

            if (xpecto_gcra_take(&tat, &g, now, 1, &res) == XPECTO_OK) {
                assert_true(oracle_take(&o, now, 1));
            }
        }
    }
}


static void
retry_after_is_true(void **state)
{
    uint64_t              tat, copy, now;
    xpecto_rate_t         rate;
    xpecto_gcra_t         g;
    xpecto_gcra_result_t  res;

    (void) state;

    rate.count = 7;
    rate.period = 60;
    now = 12345678901248ull;
    tat = 0;

    assert_int_equal(xpecto_gcra_init(&g, &rate, 3), XPECTO_OK);

    assert_int_equal(xpecto_gcra_take(&tat, &g, now, 1, &res), XPECTO_OK);
    assert_int_equal(res.remaining, 2);
    assert_int_equal(xpecto_gcra_take(&tat, &g, now, 2, &res), XPECTO_OK);
    assert_int_equal(res.remaining, 0);

    copy = tat;
    assert_int_equal(xpecto_gcra_take(&tat, &g, now, 2, &res),
                     XPECTO_DECLINED);
    assert_int_equal(tat, copy);

    now += res.retry_after - XPECTO_TICKS_CLOCK;
    assert_int_equal(xpecto_gcra_take(&tat, &g, now, 2, &res),
                     XPECTO_DECLINED);
    assert_int_equal(res.retry_after, XPECTO_TICKS_CLOCK);
    assert_int_equal(res.remaining, 1);

    now += XPECTO_TICKS_CLOCK;
    assert_int_equal(xpecto_gcra_take(&tat, &g, now, 2, &res), XPECTO_OK);
}


static void
look(void **state)
{
    uint64_t              tat;
    xpecto_gcra_t         g;
    xpecto_gcra_result_t  res;

    (void) state;

    g.interval = 100;
    g.tolerance = 300;
    tat = 0;

    assert_int_equal(xpecto_gcra_take(&tat, &g, 5000, 0, &res), XPECTO_OK);
    assert_int_equal(tat, 0);
    assert_int_equal(res.remaining, 3);
    assert_int_equal(res.reset, 0);

    /* further ahead than the burst allows: as after a smaller burst */

    tat = 5450;
    assert_int_equal(xpecto_gcra_take(&tat, &g, 5000, 0, &res), XPECTO_OK);
    assert_int_equal(tat, 5450);
    assert_int_equal(res.remaining, 0);
    assert_int_equal(res.reset, 250);

    assert_int_equal(xpecto_gcra_take(&tat, &g, 5000, 1, &res),
                     XPECTO_DECLINED);
    assert_int_equal(res.retry_after, 250);
}


static void
clock_back(void **state)
{
    uint64_t              tat, now, i;
    xpecto_gcra_t         g;
    xpecto_gcra_result_t  res;

    (void) state;

    g.interval = 100;
    g.tolerance = 300;
    tat = 0;

    for (i = 0; i < 3; i++) {
        assert_int_equal(xpecto_gcra_take(&tat, &g, 5000, 1, &res),
                         XPECTO_OK);
    }

    for (now = 5000; now > 0; now -= 500) {
        assert_int_equal(xpecto_gcra_take(&tat, &g, now, 1, &res),
                         XPECTO_DECLINED);
        assert_int_equal(res.retry_after, 5100 - now);
    }

    assert_int_equal(xpecto_gcra_take(&tat, &g, 5099, 1, &res),
                     XPECTO_DECLINED);
    assert_int_equal(xpecto_gcra_take(&tat, &g, 5100, 1, &res), XPECTO_OK);
}


static void
ends_of_range(void **state)
{
    uint64_t              tat;
    xpecto_gcra_t         g;
    xpecto_gcra_result_t  res;

    (void) state;

    g.interval = 16000;
    g.tolerance = 32000;

    tat = 0;
    assert_int_equal(xpecto_gcra_take(&tat, &g, 0, 2, &res), XPECTO_OK);
    assert_int_equal(tat, 32000);

    tat = 0;
    assert_int_equal(xpecto_gcra_take(&tat, &g, UINT64_MAX - 16000, 1, &res),
                     XPECTO_OK);
    assert_true(tat == UINT64_MAX);

    assert_int_equal(xpecto_gcra_take(&tat, &g, UINT64_MAX - 15999, 1, &res),
                     XPECTO_DECLINED);
    assert_true(res.retry_after == UINT64_MAX);

    tat = UINT64_MAX;
    assert_int_equal(xpecto_gcra_take(&tat, &g, 0, 1, &res), XPECTO_DECLINED);
    assert_int_equal(xpecto_gcra_take(&tat, &g, 0, UINT64_MAX, &res),
                     XPECTO_DECLINED);
    assert_true(res.retry_after == UINT64_MAX);
}


/* whoever has taken them: what remains is that many more, and no more */

static void
granted(void **state)
{
    size_t                i;
    uint64_t              tat, now, n;
    xpecto_rate_t         rate;
    xpecto_gcra_t         g;
    xpecto_gcra_result_t  res;

    static const char  *rates[] = { "1r/d", "80r/s", "1000000r/s" };

    (void) state;

    for (i = 0; i < 3; i++) {
        assert_int_equal(xpecto_rate_parse(&rate,
                                           (const uint8_t *) rates[i],
                                           strlen(rates[i])), XPECTO_OK);
        assert_int_equal(xpecto_gcra_init(&g, &rate, 500), XPECTO_OK);

        now = 1ull << 40;
        tat = 0;

        assert_int_equal(xpecto_gcra_grant(&tat, &g, now, 5), 0);
        assert_int_equal(xpecto_gcra_take(&tat, &g, now, 400, &res),
                         XPECTO_OK);

        for (n = 1; n <= 300; n += 100) {
            assert_int_equal(xpecto_gcra_grant(&tat, &g, now, 100), 100);
            (void) xpecto_gcra_take(&tat, &g, now, 0, &res);
            assert_int_equal(res.remaining, 100 + n + 99);
        }

        assert_int_equal(xpecto_gcra_grant(&tat, &g, now, UINT64_MAX), 100);
        (void) xpecto_gcra_take(&tat, &g, now, 0, &res);
        assert_int_equal(res.remaining, 500);

        assert_int_equal(xpecto_gcra_take(&tat, &g, now, 501, &res),
                         XPECTO_DECLINED);
    }

    /* beside what was given back */

    assert_int_equal(xpecto_rate_parse(&rate, (const uint8_t *) "1r/d", 4),
                     XPECTO_OK);
    assert_int_equal(xpecto_gcra_init(&g, &rate, 10), XPECTO_OK);

    tat = 0;
    assert_int_equal(xpecto_gcra_take(&tat, &g, now, 10, &res), XPECTO_OK);
    assert_int_equal(xpecto_gcra_give(&tat, &g, now, 3, tat), 3);
    assert_int_equal(xpecto_gcra_grant(&tat, &g, now, 2), 2);
    (void) xpecto_gcra_take(&tat, &g, now, 0, &res);
    assert_int_equal(res.remaining, 5);
    assert_int_equal(xpecto_gcra_grant(&tat, &g, now, 9), 5);
    (void) xpecto_gcra_take(&tat, &g, now, 0, &res);
    assert_int_equal(res.remaining, 10);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(parse),
        cmocka_unit_test(init),
        cmocka_unit_test(rate_error),
        cmocka_unit_test(exact),
        cmocka_unit_test(never_more),
        cmocka_unit_test(retry_after_is_true),
        cmocka_unit_test(look),
        cmocka_unit_test(clock_back),
        cmocka_unit_test(ends_of_range),
        cmocka_unit_test(granted)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
