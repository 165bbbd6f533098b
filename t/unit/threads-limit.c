
/*
 * Threads decide on one table and count one owner's recipients, and give
 * back.  It is for ThreadSanitizer (make test-tsan), which sees what is read
 * or written without being atomic; what processes share is the same memory.
 *
 * No bucket is ever refilled: of each exactly what fits has passed.
 */


#define _POSIX_C_SOURCE  200809L

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_limit.h"


#define NTHREADS  4
#define ROUNDS    4000
#define LIMIT     500
#define PEOPLE    600
#define CELLS     8192
#define WHOM      131072


typedef struct {
    unsigned           n;
    xpecto_cells_t    *cells;
    xpecto_unique_t   *unique;
    uint64_t           passed[6];       /* units, by kind */
    uint64_t           held;            /* at once, at most */
} thread_t;


static uint8_t  secret[XPECTO_SIPHASH_KEY_LEN] = "0123456789abcde";
static long     under_way;


static uint64_t
clock_ticks(void)
{
    return XPECTO_TICKS_SEC;
}


static void
policy(const thread_t *t, xpecto_meter_t *m, xpecto_meter_e kind)
{
    uint8_t       id;
    xpecto_str_t  name;

    memset(m, 0, sizeof(xpecto_meter_t));

    m->cells = t->cells;
    m->unique = t->unique;
    m->kind = kind;
    m->deny_full = 1;

    m->gcra.interval = 86400 * XPECTO_TICKS_SEC;
    m->gcra.tolerance = (kind == XPECTO_METER_PAIR) ? 45 : LIMIT;
    m->gcra.tolerance *= m->gcra.interval;

    m->count.limit = (kind == XPECTO_METER_HELD) ? 3 : LIMIT;
    m->count.start = 1800000000;
    m->count.end = 1800086400;
    m->count.wall = 1800000000 * XPECTO_USEC;

    id = (uint8_t) ('a' + kind);
    name.data = &id;
    name.len = 1;
    xpecto_meter_key(m, secret, &name);
}


static void *
run(void *data)
{
    thread_t              *t = data;

    long                   n;
    unsigned               i, k, whom;
    uint64_t               rnd, stamp, other, hash[2];
    xpecto_rc_e            rc;
    xpecto_meter_t         meters[2];
    xpecto_meter_e         kind;
    xpecto_limit_item_t    items[2];
    xpecto_unique_list_t   list;
    xpecto_unique_entry_t  entry;

    stamp = (uint64_t) t->n << 32;
    rnd = t->n * 0x9e3779b97f4a7c15ull;

    for (i = 0; i < ROUNDS; i++) {
        rnd ^= rnd << 13;
        rnd ^= rnd >> 7;
        rnd ^= rnd << 17;

        kind = (xpecto_meter_e) (rnd % 6);
        memset(items, 0, sizeof(items));
        memset(&list, 0, sizeof(list));
        memset(&entry, 0, sizeof(entry));

        /* the second one is always a rate, and mostly refuses */

        policy(t, &meters[0], kind);
        policy(t, &meters[1], XPECTO_METER_RATE);

        for (k = 0; k < 2; k++) {
            /* another owner of recipients now and then */

            other = (kind == XPECTO_METER_UNIQUE && rnd / 32768 % 8 == 0);

            hash[0] = (k == 0) ? 1 + other : 2 + rnd / 64 % 8;
            hash[1] = ~hash[0];

            items[k].meter = &meters[k];
            items[k].tag = xpecto_meter_tag(&meters[k], hash);
            items[k].cost = 1;
        }

        whom = (unsigned) (rnd / 1048576 % PEOPLE + other * PEOPLE);
        xpecto_meter_value(hash, secret, NULL, '0', (uint8_t *) &whom,
                           sizeof(whom));
        xpecto_meter_hash(&meters[0], hash, entry.hash);

        list.entries = &entry;
        list.n = 1;
        items[0].list = (kind == XPECTO_METER_UNIQUE) ? &list : NULL;

        do {
            rc = xpecto_limit_decide(items, 1 + rnd / 8 % 8 / 7, &stamp,
                                     clock_ticks());
        } while (rc == XPECTO_AGAIN);

        if (rc != XPECTO_OK) {
            continue;
        }

        if (kind == XPECTO_METER_HELD) {
            n = __atomic_add_fetch(&under_way, 1, __ATOMIC_SEQ_CST);
            t->held = ((uint64_t) n > t->held) ? (uint64_t) n : t->held;

            (void) __atomic_sub_fetch(&under_way, 1, __ATOMIC_SEQ_CST);
            (void) xpecto_limit_refund(&items[0], 1);
            continue;
        }

        if (kind == XPECTO_METER_UNIQUE) {
            t->passed[kind] += (entry.state == XPECTO_UNIQUE_NEW && !other);
            continue;
        }

        t->passed[kind] += 1 - ((rnd / 4096 % 8 == 0)
                                ? xpecto_limit_refund(&items[0], 1) : 0);
    }

    return NULL;
}


static void
all_at_once(void **state)
{
    void             *mem, *whom;
    unsigned          i, k;
    uint64_t          passed[6];
    thread_t          threads[NTHREADS];
    pthread_t         tids[NTHREADS];
    xpecto_cells_t    cells[NTHREADS];
    xpecto_unique_t   unique;

    (void) state;

    mem = calloc(1, CELLS);
    whom = calloc(1, WHOM);
    assert_true(mem != NULL && whom != NULL);

    assert_int_equal(xpecto_unique_init(&unique, whom, WHOM), XPECTO_OK);
    memset(threads, 0, sizeof(threads));

    for (i = 0; i < NTHREADS; i++) {
        assert_int_equal(xpecto_cells_init(&cells[i], mem, CELLS), XPECTO_OK);
        cells[i].wall = 1800000000;
        cells[i].clock = clock_ticks;
        cells[i].holder = (uint8_t) (i + 1);

        threads[i].n = i + 1;
        threads[i].cells = &cells[i];
        threads[i].unique = &unique;

        assert_int_equal(pthread_create(&tids[i], NULL, run, &threads[i]), 0);
    }

    memset(passed, 0, sizeof(passed));

    for (i = 0; i < NTHREADS; i++) {
        assert_int_equal(pthread_join(tids[i], NULL), 0);
        assert_in_range(threads[i].held, 0, 3);

        for (k = 0; k < 6; k++) {
            passed[k] += threads[i].passed[k];
        }
    }

    assert_in_range(passed[XPECTO_METER_RATE], LIMIT - 63, LIMIT);
    assert_in_range(passed[XPECTO_METER_PAIR], 44, 45);
    assert_int_equal(passed[XPECTO_METER_COUNT], LIMIT);
    assert_int_equal(passed[XPECTO_METER_SLIDE], LIMIT);
    assert_in_range(passed[XPECTO_METER_UNIQUE], LIMIT - NTHREADS, LIMIT);

    free(mem);
    free(whom);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(all_at_once)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
