
/*
 * Different recipients: the traces of t/data/unique.py, and several processes
 * that count at once.
 */


#define _DEFAULT_SOURCE             /* MAP_ANONYMOUS */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "xpecto_limit.h"


#define SIZE     (256 * 1024)
#define WALL     1800000000ull
#define NPROCS   4
#define NWHOM    600


static const uint8_t  secret[XPECTO_SIPHASH_KEY_LEN] = "0123456789abcde";


static void
prepare(xpecto_meter_t *m, xpecto_unique_t *u, void *mem, uint64_t limit)
{
    xpecto_str_t  id;

    assert_int_equal(xpecto_unique_init(u, mem, SIZE), XPECTO_OK);

    memset(m, 0, sizeof(xpecto_meter_t));
    m->kind = XPECTO_METER_UNIQUE;
    m->unique = u;
    m->count.limit = limit;

    id.data = (const uint8_t *) "reach";
    id.len = 5;
    xpecto_meter_key(m, secret, &id);
}


static xpecto_rc_e
write_to(xpecto_limit_item_t *item, xpecto_meter_t *m,
    xpecto_unique_list_t *list, xpecto_unique_entry_t *entries,
    const unsigned *whom, size_t n, uint64_t sec)
{
    size_t       i;
    uint64_t     hash[2], stamp;
    xpecto_rc_e  rc;

    m->count.wall = sec * XPECTO_USEC;

    memset(item, 0, sizeof(xpecto_limit_item_t));
    memset(list, 0, sizeof(xpecto_unique_list_t));

    xpecto_meter_value(hash, secret, NULL, 't', (const uint8_t *) "a", 1);
    item->meter = m;
    item->tag = xpecto_meter_tag(m, hash);
    item->cost = n;
    item->list = list;
    list->entries = entries;
    list->n = n;

    for (i = 0; i < n; i++) {
        xpecto_meter_value(hash, secret, NULL, '0',
                           (const uint8_t *) &whom[i], sizeof(whom[i]));
        xpecto_meter_hash(m, hash, entries[i].hash);
    }

    stamp = 1ull << 32;

    do {
        rc = xpecto_limit_decide(item, 1, &stamp, 1);
    } while (rc == XPECTO_AGAIN);

    return rc;
}


static void
oracle(void **state)
{
    int                     used, at;
    char                    line[256];
    FILE                   *f;
    void                   *mem;
    size_t                  k;
    unsigned                n, passed, refund, whom[3];
    long long               more, retry;
    xpecto_meter_t          m;
    xpecto_unique_t         u;
    unsigned long long      a, sec, left;
    xpecto_limit_item_t     item;
    xpecto_unique_list_t    list;
    xpecto_unique_entry_t   entries[3];

    (void) state;

    f = fopen("t/data/unique.txt", "r");
    assert_non_null(f);

    mem = malloc(SIZE);
    assert_non_null(mem);
    n = 0;

    while (fgets(line, sizeof(line), f) != NULL) {

        if (sscanf(line, "trace %llu", &a) == 1) {
            memset(mem, 0, SIZE);
            prepare(&m, &u, mem, a);
            continue;
        }

        assert_int_equal(sscanf(line, "%llu %u %llu %lld %lld %u%n", &sec,
                                &passed, &left, &more, &retry, &refund, &at),
                         6);

        for (k = 0; k < 3 && sscanf(line + at, "%u%n", &whom[k], &used) == 1;
             k++)
        {
            at += used;
        }

        if ((write_to(&item, &m, &list, entries, whom, k, sec) == XPECTO_OK)
            != passed
            || item.result.remaining != left
            || item.result.reset != (uint64_t) more * XPECTO_TICKS_SEC
            || item.result.retry_after
               != ((retry < 0) ? UINT64_MAX
                               : (uint64_t) retry * XPECTO_TICKS_SEC))
        {
            print_error("line %u of its traces: %s %llu %llu %llu\n", n, line,
                        (unsigned long long) item.result.remaining,
                        (unsigned long long) (item.result.reset
                                              / XPECTO_TICKS_SEC),
                        (unsigned long long) (item.result.retry_after
                                              / XPECTO_TICKS_SEC));
            fail();
        }

        if (refund) {
            (void) xpecto_limit_refund(&item, k);
        }

        n++;
    }

    (void) fclose(f);
    free(mem);

    assert_in_range(n, 3000, 100000);
}


/* all write to the same people: each is counted once, and no more than may */

static void
together(void **state)
{
    void                   *mem;
    pid_t                   pids[NPROCS];
    unsigned                i, k, whom, *passed;
    xpecto_meter_t          m;
    xpecto_unique_t         u;
    xpecto_limit_item_t     item;
    xpecto_unique_list_t    list;
    xpecto_unique_entry_t   entry;

    (void) state;

    mem = mmap(NULL, 2 * SIZE, PROT_READ | PROT_WRITE,
               MAP_ANONYMOUS | MAP_SHARED, -1, 0);
    assert_true(mem != MAP_FAILED);

    prepare(&m, &u, mem, NWHOM / 2);
    passed = (unsigned *) (void *) ((uint8_t *) mem + SIZE);

    for (i = 0; i < NPROCS; i++) {
        pids[i] = fork();
        assert_true(pids[i] != -1);

        if (pids[i] != 0) {
            continue;
        }

        for (k = 0; k < 20 * NWHOM; k++) {
            whom = (k * 7919u + i * 13u) % NWHOM;

            if (write_to(&item, &m, &list, &entry, &whom, 1, WALL + k / 500)
                == XPECTO_OK)
            {
                __atomic_store_n(&passed[whom], 1, __ATOMIC_RELEASE);
            }
        }

        _exit(0);
    }

    for (i = 0; i < NPROCS; i++) {
        assert_int_equal(waitpid(pids[i], NULL, 0), pids[i]);
    }

    for (i = 0, k = 0; i < NWHOM; i++) {
        k += passed[i];
    }

    assert_true(k <= NWHOM / 2 && k > NWHOM / 2 - 20);

    (void) munmap(mem, 2 * SIZE);
}


static void
full(void **state)
{
    void                   *mem;
    unsigned                i, n;
    xpecto_meter_t          m;
    xpecto_unique_t         u;
    xpecto_limit_item_t     item;
    xpecto_unique_list_t    list;
    xpecto_unique_entry_t   entry;

    (void) state;

    mem = calloc(1, SIZE);
    assert_non_null(mem);

    prepare(&m, &u, mem, 10000000);

    /* who finds no slot is counted, and counted again */

    n = 0;

    for (i = 0; i < 40000; i++) {
        assert_int_equal(write_to(&item, &m, &list, &entry, &i, 1, WALL),
                         XPECTO_OK);
        n += (list.full != 0);
    }

    assert_int_equal(item.result.remaining, 10000000 - 40000);
    assert_true(n > 40000 - u.slots.nbuckets * 8 && n < 20000);

    /* no table, or no owner's place in it */

    m.unique = NULL;
    assert_int_equal(write_to(&item, &m, &list, &entry, &i, 1, WALL),
                     XPECTO_OK);
    assert_int_equal(item.full, 1);

    m.deny_full = 1;
    assert_int_equal(write_to(&item, &m, &list, &entry, &i, 1, WALL),
                     XPECTO_DECLINED);

    free(mem);
}


/* another size has the counts and knows nobody: never more than may */

static void
copied(void **state)
{
    void                   *mem, *other;
    unsigned                i;
    xpecto_meter_t          m;
    xpecto_unique_t         u, to;
    xpecto_limit_item_t     item;
    xpecto_unique_list_t    list;
    xpecto_unique_entry_t   entry;

    (void) state;

    mem = calloc(1, SIZE);
    other = calloc(1, 2 * SIZE);
    assert_true(mem != NULL && other != NULL);

    prepare(&m, &u, mem, 6);

    for (i = 0; i < 5; i++) {
        assert_int_equal(write_to(&item, &m, &list, &entry, &i, 1, WALL),
                         XPECTO_OK);
    }

    assert_int_equal(xpecto_unique_init(&to, other, 2 * SIZE), XPECTO_OK);
    xpecto_unique_copy(&to, &u, WALL);
    m.unique = &to;

    i = 0;
    assert_int_equal(write_to(&item, &m, &list, &entry, &i, 1, WALL),
                     XPECTO_OK);
    assert_int_equal(item.result.remaining, 0);
    i = 1;
    assert_int_equal(write_to(&item, &m, &list, &entry, &i, 1, WALL),
                     XPECTO_DECLINED);

    free(mem);
    free(other);
}


/* what is out of sight is freed, and nothing else */

static void
swept(void **state)
{
    void                   *mem;
    unsigned                i, used;
    uint64_t                k, bucket;
    xpecto_meter_t          m;
    xpecto_unique_t         u;
    xpecto_limit_item_t     item;
    xpecto_unique_list_t    list;
    xpecto_unique_entry_t   entry;

    (void) state;

    mem = calloc(1, SIZE);
    assert_non_null(mem);

    prepare(&m, &u, mem, 1000);

    for (i = 0; i < 200; i++) {
        assert_int_equal(write_to(&item, &m, &list, &entry, &i, 1,
                                  WALL + (i < 50 ? 0 : 86400)),
                         XPECTO_OK);
    }

    bucket = 0;
    xpecto_unique_sweep(&u, &bucket, u.slots.nbuckets + 7, WALL + 90000);

    for (k = 0, used = 0; k < u.slots.nbuckets * 8; k++) {
        used += (u.slots.slots[k] != 0);
    }

    assert_int_equal(used, 150);
    assert_int_equal(bucket, 7);

    free(mem);
}


/* a ring is told apart by 8 bits of the turn: it comes round in 258.7 days */

static void
round_it_came(void **state)
{
    void                   *mem;
    size_t                  k;
    unsigned                i, whom;
    uint64_t                again, at;
    xpecto_meter_t          m;
    xpecto_unique_t         u;
    xpecto_limit_item_t     item;
    xpecto_unique_list_t    list;
    xpecto_unique_entry_t   entry;

    /* spans until the same turn: right away, and after other ones */

    static const uint64_t  steps[][3] = {
        { 256 * 97, 0, 0 },
        { 256 * 97 + 1, 0, 0 },
        { 256 * 97 + 95, 0, 0 },
        { 96, 256 * 97 - 96 + 1, 0 },
        { 1, 50, 256 * 97 - 51 + 3 },
        { 97, 256 * 97 - 97, 0 }
    };

    (void) state;

    mem = malloc(SIZE);
    assert_non_null(mem);
    again = 256 * 97;

    for (k = 0; k < sizeof(steps) / sizeof(steps[0]); k++) {
        memset(mem, 0, SIZE);
        prepare(&m, &u, mem, 5);
        whom = 1000 * (unsigned) k;
        at = WALL / 900;

        for (i = 0; i < 5; i++, whom++) {
            assert_int_equal(write_to(&item, &m, &list, &entry, &whom, 1,
                                      900 * at),
                             XPECTO_OK);
        }

        assert_int_equal(write_to(&item, &m, &list, &entry, &whom, 1,
                                  900 * at),
                         XPECTO_DECLINED);

        for (i = 0; i < 3 && steps[k][i] != 0; i++, whom++) {
            at += steps[k][i];
            (void) write_to(&item, &m, &list, &entry, &whom, 1, 900 * at);
        }

        /* only the last one, or two, are in sight */

        assert_true(at >= WALL / 900 + again);
        assert_int_equal(write_to(&item, &m, &list, &entry, &whom, 1,
                                  900 * at + 900),
                         XPECTO_OK);
        assert_int_equal(item.result.remaining, 3);
    }

    /* never far, but past the place of the first span each time */

    memset(mem, 0, SIZE);
    prepare(&m, &u, mem, 100);
    at = WALL / 900;

    for (whom = 0; whom < 50; whom++) {
        (void) write_to(&item, &m, &list, &entry, &whom, 1, 900 * at);
    }

    for (at++; at <= WALL / 900 + again; whom++) {
        assert_int_equal(write_to(&item, &m, &list, &entry, &whom, 1,
                                  900 * at),
                         XPECTO_OK);
        at += ((at - WALL / 900) % 97 == 1) ? 95 : 96;
    }

    assert_int_equal(write_to(&item, &m, &list, &entry, &whom, 1, 900 * at),
                     XPECTO_OK);
    assert_int_equal(item.result.remaining, 98);

    free(mem);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(oracle),
        cmocka_unit_test(together),
        cmocka_unit_test(full),
        cmocka_unit_test(copied),
        cmocka_unit_test(swept),
        cmocka_unit_test(round_it_came)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
