
/*
 * Several processes write to the same recipients at the same moment, each in
 * an order of its own, and give some of it back.  Afterwards nobody may be
 * counted twice, nor be missing: as many are counted as were written to, and
 * each has one slot.
 *
 * XPECTO_STRESS=n: n rounds.
 */


#define _GNU_SOURCE

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "xpecto_unique.h"


#define NPROCS   2
#define NLISTS   48                     /* of a round */
#define NWHOM    8                      /* of a list */
#define NBUCKETS 128                    /* 3 of their 8 slots in use */
#define SIZE     131072
#define WALL     1800000000u


typedef struct {
    uint32_t         arrived;           /* at the barrier, ever */
    uint32_t         failed;
    uint64_t         left[NPROCS];      /* bit n: of the n-th list stays */
    uint8_t          table[SIZE];
} shared_t;


static void
barrier(shared_t *s, uint32_t turn)
{
    __atomic_fetch_add(&s->arrived, 1, __ATOMIC_ACQ_REL);

    while (__atomic_load_n(&s->arrived, __ATOMIC_ACQUIRE) < turn * NPROCS) {
        (void) sched_yield();
    }
}


static uint64_t
mix(uint64_t x)
{
    x ^= x >> 31;
    x *= 0x7fb5d329728ea185ull;
    x ^= x >> 27;
    x *= 0x81dadef4bc2dd44dull;

    return x ^ (x >> 33);
}


/* 1: all of them were written to, and stay */

static int
write_to(xpecto_unique_t *u, uint64_t first, unsigned turn, int back)
{
    unsigned               i;
    xpecto_rc_e            rc;
    xpecto_gcra_result_t   res;
    xpecto_unique_list_t   list;
    xpecto_unique_entry_t  entries[NWHOM];

    do {
        memset(&list, 0, sizeof(list));
        memset(entries, 0, sizeof(entries));

        list.n = NWHOM;
        list.entries = entries;

        for (i = 0; i < NWHOM; i++) {
            entries[i].hash[0] = mix(first + (i + turn) % NWHOM + 1);
            entries[i].hash[1] = mix(entries[i].hash[0]);
        }

        rc = xpecto_unique_look(u, &list, 77ull << 32 | 77, 1000000, WALL,
                                &res);

        if (rc == XPECTO_OK) {
            rc = xpecto_unique_pay(u, &list, 1000000);
        }

    } while (rc == XPECTO_AGAIN);

    if (rc != XPECTO_OK) {
        return -1;
    }

    xpecto_unique_keep(u, &list);

    for (i = 0; back && i < NWHOM; i++) {
        (void) xpecto_unique_refund(u, &list, &entries[i]);
    }

    return !back;
}


/*
 * Few buckets: many meet there, and which of two is the emptier changes while
 * both look.  Then both may enter the same one, each elsewhere: in one of some
 * 30,000 rounds of the long form.
 */

static void
prepare(xpecto_unique_t *u, shared_t *s)
{
    (void) xpecto_unique_init(u, s->table, SIZE);

    u->slots.nbuckets = NBUCKETS;
}


static void
work(shared_t *s, unsigned me, unsigned rounds)
{
    int              rc;
    unsigned         i, k;
    uint64_t         first;
    xpecto_unique_t  u;

    for (i = 0; i < rounds; i++) {
        barrier(s, 2 * i + 1);

        prepare(&u, s);

        s->left[me] = 0;

        for (k = 0; k < NLISTS; k++) {
            first = ((uint64_t) i * NLISTS + k) * 1000;

            rc = write_to(&u, first, me * 3 + k, (mix(first + me) & 3) == 0);

            if (rc == -1) {
                s->failed = 1;
            }

            s->left[me] |= (uint64_t) (rc == 1) << k;
        }

        barrier(s, 2 * i + 2);
    }

    _exit(0);
}


/* slots in use */

static unsigned
known(xpecto_unique_t *u)
{
    unsigned  n;
    uint64_t  i;

    n = 0;

    for (i = 0; i < u->slots.nbuckets * XPECTO_UNIQUE_SLOTS; i++) {
        n += (u->slots.slots[i] != 0);
    }

    return n;
}


static unsigned
counted(xpecto_unique_t *u)
{
    uint64_t  i;

    for (i = 0; i < u->nowners; i++) {
        if (u->owners[i].head.half.tag == (77ull << 32 | 77)) {
            return (unsigned) u->owners[i].head.half.word;
        }
    }

    return 0;
}


static void
nobody_twice(void **state)
{
    pid_t            pids[NPROCS];
    char            *stress;
    unsigned         i, k, n, rounds, expected, sum, slots;
    shared_t        *s;
    uint64_t         left;
    xpecto_unique_t  u;

    (void) state;

    stress = getenv("XPECTO_STRESS");
    rounds = stress ? (unsigned) strtoul(stress, NULL, 10) : 200;

    s = mmap(NULL, sizeof(shared_t), PROT_READ|PROT_WRITE,
             MAP_SHARED|MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(s, MAP_FAILED);

    prepare(&u, s);

    for (i = 1; i < NPROCS; i++) {
        pids[i] = fork();
        assert_int_not_equal(pids[i], -1);

        if (pids[i] == 0) {
            work(s, i, rounds);
        }
    }

    for (i = 0; i < rounds; i++) {
        memset(s->table, 0, SIZE);

        barrier(s, 2 * i + 1);

        left = 0;

        for (k = 0; k < NLISTS; k++) {
            if (write_to(&u, ((uint64_t) i * NLISTS + k) * 1000, k, 0) != 1) {
                s->failed = 1;
            }
        }

        barrier(s, 2 * i + 2);

        for (k = 1; k < NPROCS; k++) {
            left |= s->left[k];
        }

        /* this process has given nothing back: all are there */

        left |= (1ull << NLISTS) - 1;
        expected = 0;

        for (n = 0; n < NLISTS; n++) {
            expected += NWHOM * (unsigned) (left >> n & 1);
        }

        sum = counted(&u);
        slots = known(&u);

        if (sum != expected || slots != expected || s->failed) {
            fail_msg("round %u: %u counted, %u known, %u were written to", i,
                     sum, slots, expected);
        }
    }

    for (i = 1; i < NPROCS; i++) {
        assert_int_equal(waitpid(pids[i], NULL, 0), pids[i]);
    }

    munmap(s, sizeof(shared_t));
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_twice)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
