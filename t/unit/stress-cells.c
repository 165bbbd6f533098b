
/*
 * Several processes decide on one table for a few seconds, half of the time
 * by where their cells have been; twice one is killed while it does and
 * another starts.  Each writes down the time of
 * each request that passed.  Then, for each policy: between any two of those
 * times no more may have passed than the burst and what flowed out in
 * between.  A bucket that takes them in the order of time must never run
 * over: not once, not by one event.
 *
 * The table has far fewer cells than there are keys, and the buckets are
 * refilled within a fraction of a millisecond, so that cells are entered,
 * taken over and fought for all the time.
 *
 * Who was refused is written down too.  A bucket that takes what passed in
 * the order of time would have refused him, if it had taken first what was
 * under way while he was: else he was refused wrongly, as happens while
 * another takes back what it has paid.  What found no cell does not count.
 *
 * Then the same with counts in windows of a second: in none of them has more
 * passed than may.
 *
 * XPECTO_STRESS=100000000 goes on until so many decisions are made, in turn
 * on a table that is too small and on one that is large enough; of those on
 * the large one at most one in 10,000 may have been refused wrongly.  That
 * is for a program without sanitizers, as "make stress" makes it: with them
 * a process that has paid half loses its turn too often.
 */


#define _GNU_SOURCE

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "xpecto_limit.h"


#define NPROCS     10
#define NKEYS      24
#define NBUCKETS   2
#define NLARGE     64
#define NKILLS     2
#define NCOUNTS    6                    /* keys behind NKEYS that count */
#define LIMIT      500                  /* of a count in a second */
#define NLOG       (1024u * 1024)
#define MSEC       1000000ull           /* ns */


#define REFUSED    0x80000000u


typedef struct {
    uint64_t        now;
    uint32_t        took;               /* ns; of a count: the second that
                                           was paid in */
    uint32_t        keys;               /* bit n: key n; REFUSED: nobody has
                                           paid */
} event_t;


/* keys that a round asks for */

typedef struct {
    unsigned        first;
    unsigned        n;
} range_t;


typedef struct {
    uint64_t        n;                  /* events */
    uint64_t        decisions;
    uint64_t        passed;
    uint64_t        full;               /* cells that were missing */
    uint64_t        wrong;
} result_t;


typedef struct {
    uint64_t        n;
    uint64_t        decisions;
    uint64_t        full;
    event_t         events[NLOG];
} log_t;


/*
 * Slow enough that even a busy machine asks for more than may pass; of the
 * coarse ones, that are given back, the processes often lose the turn.
 */

static uint64_t  intervals[3] = { 16 * 90000, 16 * 14000, 16 * 180000 };


static uint64_t
clock_ticks(void)
{
    struct timespec  ts;

    clock_gettime(CLOCK_BOOTTIME, &ts);

    return ((uint64_t) ts.tv_sec * 1000000000ull + (uint64_t) ts.tv_nsec)
           * XPECTO_TICKS_NS / XPECTO_TICKS_CLOCK * XPECTO_TICKS_CLOCK;
}


static void
key(xpecto_limit_item_t *item, xpecto_meter_t *meter, xpecto_cells_t *t,
    unsigned n)
{
    memset(item, 0, sizeof(xpecto_limit_item_t));
    memset(meter, 0, sizeof(xpecto_meter_t));

    meter->cells = t;
    meter->gcra.interval = intervals[n % 3];
    meter->gcra.tolerance = intervals[n % 3] * (1 + n % 4);
    meter->deny_full = 1;

    item->meter = meter;
    item->tag = xpecto_cells_tag((n + 1) * 0x9e3779b97f4a7c15ull,
                                 XPECTO_CELL_TAT);
    item->cost = 1;
}


static void
count(xpecto_limit_item_t *item, xpecto_meter_t *meter, xpecto_cells_t *t,
    unsigned n)
{
    struct timespec  ts;

    clock_gettime(CLOCK_REALTIME, &ts);

    meter->kind = (n % 2) ? XPECTO_METER_COUNT : XPECTO_METER_SLIDE;
    item->tag = xpecto_cells_tag((n + 1) * 0x9e3779b97f4a7c15ull,
                                 (n % 2) ? XPECTO_CELL_COUNT
                                         : XPECTO_CELL_SLIDE);
    meter->count.limit = LIMIT;
    meter->count.wall = (uint64_t) ts.tv_sec * XPECTO_USEC
                        + (uint64_t) ts.tv_nsec / 1000;
    meter->count.start = (uint32_t) ts.tv_sec;
    meter->count.end = meter->count.start + 1;

    t->wall = (uint64_t) ts.tv_sec;
}


/*
 * The second that was paid in: who reads the clock and is held up until the
 * next second has begun for others pays in that one.
 */

static uint32_t
second_of(const xpecto_limit_item_t *item)
{
    uint32_t  end;

    if (item->meter->kind == XPECTO_METER_COUNT) {
        return (uint32_t) (item->place.word >> 32) - 1;
    }

    end = item->meter->count.end;

    while ((end & 0x3fffff) != item->place.word >> 42) {
        end++;
    }

    return end - 1;
}


static void
child(xpecto_cells_t *t, log_t *log, uint64_t end, const range_t *range)
{
    size_t               least;
    uint64_t             now, stamp, rnd, full;
    unsigned             i, k, n, again, keys[4];
    uint32_t             used;
    event_t             *e;
    xpecto_rc_e          rc;
    xpecto_cell_t       *last[NKEYS + NCOUNTS];
    xpecto_meter_t       meters[4];
    xpecto_limit_item_t  items[4];

    memset(last, 0, sizeof(last));

    stamp = (uint64_t) (unsigned) getpid() << 32;
    rnd = (uint64_t) (unsigned) getpid() * 0x9e3779b97f4a7c15ull;

    do {
        rnd ^= rnd << 13;
        rnd ^= rnd >> 7;
        rnd ^= rnd << 17;

        n = 1 + (unsigned) (rnd >> 60) % 3;
        used = 0;

        for (i = 0; i < n; i++) {
            k = range->first + (unsigned) (rnd >> (8 * i + 5)) % range->n;

            if (used & 1u << k) {
                n = i;
                break;
            }

            used |= 1u << k;
            keys[i] = k;
            key(&items[i], &meters[i], t, k);
            items[i].place.cell = last[k];
        }

        /* half of them as who remembers his cells does */

        again = (rnd >> 59) % 2 != 0;

        do {
            for (i = 0; i < n && range->first == NKEYS; i++) {
                count(&items[i], &meters[i], t, keys[i]);
            }

            now = clock_ticks();

            rc = again ? xpecto_limit_again(items, n, now, &least)
                       : xpecto_limit_decide(items, n, &stamp, now);
            again = 0;
        } while (rc == XPECTO_AGAIN);

        for (i = 0; i < n; i++) {
            last[keys[i]] = items[i].place.cell;
        }

        log->decisions++;

        e = &log->events[log->n];

        if (rc == XPECTO_OK && range->first == NKEYS) {

            for (i = 0; i < n; i++, e++) {
                e->now = now;
                e->took = second_of(&items[i]);
                e->keys = 1u << keys[i];
                log->n++;
            }

            continue;
        }

        full = 0;

        for (i = 0; i < n; i++) {
            full += items[i].full;
        }

        log->full += full;

        if (rc == XPECTO_OK || (full == 0 && range->first != NKEYS)) {
            e->now = now;
            e->took = (uint32_t) ((clock_ticks() - now) / XPECTO_TICKS_NS);
            e->keys = used | ((rc == XPECTO_OK) ? 0 : REFUSED);
            log->n++;
        }

    } while (now < end && log->n < NLOG - 4);

    _exit(0);
}


static int
earlier(const void *one, const void *two)
{
    const event_t  *a, *b;

    a = one;
    b = two;

    return (a->now > b->now) - (a->now < b->now);
}


static uint64_t
over(const event_t *all, uint64_t n, unsigned k)
{
    uint64_t             i, level, last, out, count;
    xpecto_meter_t       meter;
    xpecto_cells_t       none;
    xpecto_limit_item_t  item;

    none.cells = NULL;
    key(&item, &meter, &none, k);

    count = 0;
    level = 0;
    last = 0;

    for (i = 0; i < n; i++) {
        if (!(all[i].keys & 1u << k) || (all[i].keys & REFUSED)) {
            continue;
        }

        out = all[i].now - last;
        last = all[i].now;
        level = (level > out) ? level - out : 0;
        level += meter.gcra.interval;

        count += (level > meter.gcra.tolerance);
    }

    return count;
}


/* what was refused though there was room for all of it */

static uint64_t
wrongly(const event_t *all, uint64_t n)
{
    uint64_t             i, k, m, end, level, count, levels[NKEYS],
                         last[NKEYS];
    xpecto_meter_t       meters[NKEYS];
    xpecto_cells_t       none;
    xpecto_limit_item_t  item;

    none.cells = NULL;

    for (k = 0; k < NKEYS; k++) {
        key(&item, &meters[k], &none, (unsigned) k);
        levels[k] = 0;
        last[k] = 0;
    }

    count = 0;

    for (i = 0; i < n; i++) {
        end = all[i].now + (uint64_t) all[i].took * XPECTO_TICKS_NS;

        for (k = 0; k < NKEYS; k++) {

            if (!(all[i].keys & 1u << k)) {
                continue;
            }

            level = all[i].now - last[k];
            level = (levels[k] > level) ? levels[k] - level : 0;
            level += meters[k].gcra.interval;

            if (!(all[i].keys & REFUSED)) {
                levels[k] = level;
                last[k] = all[i].now;
                continue;
            }

            for (m = i + 1;
                 m < n && all[m].now <= end
                 && level <= meters[k].gcra.tolerance;
                 m++)
            {
                if ((all[m].keys & 1u << k) && !(all[m].keys & REFUSED)) {
                    level += meters[k].gcra.interval;
                }
            }

            if (level > meters[k].gcra.tolerance) {
                break;
            }
        }

        count += ((all[i].keys & REFUSED) && k == NKEYS);
    }

    return count;
}


static void *
shared(size_t len)
{
    void  *p;

    p = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_SHARED,
             -1, 0);
    assert_true(p != MAP_FAILED);

    return p;
}


/* what happened, in the order of time; the processes are over */

static event_t *
fight(const range_t *range, unsigned nbuckets, result_t *res)
{
    void             *mem;
    log_t            *logs[NPROCS + NKILLS];
    pid_t             pids[NPROCS + NKILLS];
    event_t          *all;
    uint64_t          n, end;
    unsigned          i;
    xpecto_cells_t    t;
    struct timespec   pause;

    mem = shared(65536);

    assert_int_equal(xpecto_cells_init(&t, mem,
                                       nbuckets * XPECTO_BUCKET_SIZE),
                     XPECTO_OK);

    end = clock_ticks() + 2500 * MSEC * XPECTO_TICKS_NS;
    pause.tv_sec = 0;
    pause.tv_nsec = 800 * (long) MSEC;

    for (i = 0; i < NPROCS + NKILLS; i++) {
        logs[i] = shared(sizeof(log_t));

        if (i >= NPROCS) {
            nanosleep(&pause, NULL);
            assert_int_equal(kill(pids[i - NPROCS], SIGKILL), 0);
        }

        pids[i] = fork();
        assert_true(pids[i] >= 0);

        if (pids[i] == 0) {
            child(&t, logs[i], end, range);
        }
    }

    memset(res, 0, sizeof(result_t));

    for (i = 0; i < NPROCS + NKILLS; i++) {
        assert_int_equal(waitpid(pids[i], NULL, 0), pids[i]);
        res->n += logs[i]->n;
        res->full += logs[i]->full;
        res->decisions += logs[i]->decisions;
    }

    all = malloc((res->n + 1) * sizeof(event_t));
    assert_non_null(all);

    n = 0;

    for (i = 0; i < NPROCS + NKILLS; i++) {
        memcpy(&all[n], logs[i]->events, logs[i]->n * sizeof(event_t));
        n += logs[i]->n;
        (void) munmap(logs[i], sizeof(log_t));
    }

    (void) munmap(mem, 65536);

    qsort(all, n, sizeof(event_t), earlier);

    for (n = 0; n < res->n; n++) {
        res->passed += !(all[n].keys & REFUSED);
    }

    /* it was a fight: much was refused */

    assert_true(res->passed > 1000);
    assert_true(res->decisions > res->passed + res->passed / 10);

    return all;
}


static uint64_t
decisions(void)
{
    const char  *n;

    n = getenv("XPECTO_STRESS");

    return (n != NULL) ? strtoull(n, NULL, 10) : 0;
}


static void
never_more_than_may(void **state)
{
    uint64_t   over_all, end;
    unsigned   i, large;
    event_t   *all;
    result_t   res, sum[2];

    static const range_t  range = { 0, NKEYS };

    (void) state;

    memset(sum, 0, sizeof(sum));

    over_all = 0;
    end = decisions();

    do {
        large = sum[1].decisions < sum[0].decisions;
        all = fight(&range, large ? NLARGE : NBUCKETS, &res);

        for (i = 0; i < NKEYS; i++) {
            over_all += over(all, res.n, i);
        }

        sum[large].decisions += res.decisions;
        sum[large].passed += res.passed;
        sum[large].full += res.full;
        sum[large].wrong += wrongly(all, res.n);

        free(all);

    } while (sum[0].decisions + sum[1].decisions < end);

    for (i = 0; i < 2; i++) {
        print_message("# %s table: %lu decisions, %lu passed, %lu refused "
                      "wrongly, %lu cells missing\n", i ? "large" : "small",
                      (unsigned long) sum[i].decisions,
                      (unsigned long) sum[i].passed,
                      (unsigned long) sum[i].wrong,
                      (unsigned long) sum[i].full);
    }

    print_message("# %lu too many\n", (unsigned long) over_all);

    assert_int_equal(over_all, 0);

    if (end != 0) {
        assert_true(sum[1].wrong * 10000 <= sum[1].decisions);
    }
}


/* each second is a window; all are seen, and none has run over */

static void
never_more_in_a_second(void **state)
{
    uint64_t   i;
    unsigned   k, most, counts[NCOUNTS][16];
    uint32_t   first;
    event_t   *all;
    result_t   res;

    static const range_t  range = { NKEYS, NCOUNTS };

    (void) state;

    all = fight(&range, 1, &res);
    first = all[0].took;

    memset(counts, 0, sizeof(counts));

    for (i = 0; i < res.n; i++) {
        assert_in_range(all[i].took - first + 4, 0, 15);

        for (k = 0; k < NCOUNTS; k++) {
            counts[k][all[i].took - first + 4] += all[i].keys >> (NKEYS + k)
                                                  & 1;
        }
    }

    free(all);

    most = 0;

    for (k = 0; k < NCOUNTS; k++) {
        for (i = 0; i < 16; i++) {
            assert_in_range(counts[k][i], 0, LIMIT);
            most = (counts[k][i] > most) ? counts[k][i] : most;
        }
    }

    /* but for what the one that was killed has paid and not written down */

    assert_in_range(most, LIMIT - 2 * NPROCS, LIMIT);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(never_more_than_may),
        cmocka_unit_test(never_more_in_a_second)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
