
#define _DEFAULT_SOURCE

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

#include "xpecto_top.h"


#define NAMES  500


static uint64_t  seed = 0x2545f4914f6cdd1dull;


static uint64_t
rnd(uint64_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;

    return seed % n;
}


static xpecto_top_t *
make(void)
{
    xpecto_top_t  *top;

    top = mmap(NULL, sizeof(xpecto_top_t), PROT_READ|PROT_WRITE,
               MAP_SHARED|MAP_ANONYMOUS, -1, 0);
    assert_true(top != MAP_FAILED);
    memset(top->secret, 7, sizeof(top->secret));

    return top;
}


static void
count(xpecto_top_t *top, unsigned id)
{
    int   len;
    char  name[32];

    len = snprintf(name, sizeof(name), "tenant-%u", id);
    xpecto_top_count(top, (const uint8_t *) name, (size_t) len);
}


static unsigned
id_of(const xpecto_top_entry_t *entry)
{
    char      text[64];
    unsigned  id;

    memcpy(text, entry->name, entry->len);
    text[entry->len] = '\0';
    assert_int_equal(sscanf(text, "tenant-%u", &id), 1);

    return id;
}


/* fewer names than slots: exact, and in order */

static void
few(void **state)
{
    unsigned             i, k;
    xpecto_top_t        *top;
    xpecto_top_entry_t   e[XPECTO_TOP_SLOTS];

    (void) state;

    top = make();
    assert_int_equal(xpecto_top_list(top, e), 0);

    for (i = 1; i <= XPECTO_TOP_SLOTS; i++) {
        for (k = 0; k < i; k++) {
            count(top, i);
        }
    }

    assert_int_equal(xpecto_top_list(top, e), XPECTO_TOP_SLOTS);

    for (i = 0; i < XPECTO_TOP_SLOTS; i++) {
        assert_int_equal(id_of(&e[i]), XPECTO_TOP_SLOTS - i);
        assert_int_equal(e[i].count, XPECTO_TOP_SLOTS - i);
        assert_int_equal(e[i].error, 0);
    }

    /* names that cannot be */

    xpecto_top_count(top, (const uint8_t *) "", 0);
    xpecto_top_count(top, top->secret, XPECTO_TOP_NAME + 1);
    assert_int_equal(xpecto_top_list(top, e), XPECTO_TOP_SLOTS);

    (void) munmap(top, sizeof(xpecto_top_t));
}


/*
 * What the algorithm promises, whatever comes: no count is too low, none is
 * too high by more than its error, and who was counted more than a 64th of
 * all is there.
 */

static void
many(void **state)
{
    uint64_t             truth[NAMES], total;
    unsigned             i, n, id, there[NAMES];
    xpecto_top_t        *top;
    xpecto_top_entry_t   e[XPECTO_TOP_SLOTS];

    (void) state;

    top = make();
    memset(truth, 0, sizeof(truth));

    for (total = 0; total < 200000; total++) {
        id = (unsigned) rnd(rnd(rnd(NAMES) + 1) + 1);
        truth[id]++;
        count(top, id);

        if (total % 20000 != 0) {
            continue;
        }

        n = xpecto_top_list(top, e);
        memset(there, 0, sizeof(there));

        for (i = 0; i < n; i++) {
            id = id_of(&e[i]);
            there[id] = 1;
            assert_true(e[i].count >= truth[id]);
            assert_true(e[i].count - e[i].error <= truth[id]);
            assert_true(i == 0 || e[i - 1].count >= e[i].count);
        }

        for (id = 0; id < NAMES; id++) {
            assert_true(there[id]
                        || truth[id] * XPECTO_TOP_SLOTS <= total + 1);
        }
    }

    (void) munmap(top, sizeof(xpecto_top_t));
}


/* a name that its tag does not stand for is not told, and is put right */

static void
torn(void **state)
{
    xpecto_top_t        *top;
    xpecto_top_entry_t   e[XPECTO_TOP_SLOTS];

    (void) state;

    top = make();
    count(top, 1);
    count(top, 1);
    top->slots[0].name[3] ^= 1;
    assert_int_equal(xpecto_top_list(top, e), 0);

    top->slots[0].len = 255;
    assert_int_equal(xpecto_top_list(top, e), 0);

    count(top, 1);
    assert_int_equal(xpecto_top_list(top, e), 1);
    assert_int_equal(e[0].count, 3);
    assert_int_equal(id_of(&e[0]), 1);

    /* one name in two slots is one */

    top->slots[1] = top->slots[0];
    assert_int_equal(xpecto_top_list(top, e), 1);
    assert_int_equal(e[0].count, 6);

    (void) munmap(top, sizeof(xpecto_top_t));
}


/* four processes at once: of few names every one is counted */

static void
processes(void **state)
{
    int                  status;
    pid_t                pid[4];
    uint64_t             sum;
    unsigned             i, k, n;
    xpecto_top_t        *top;
    xpecto_top_entry_t   e[XPECTO_TOP_SLOTS];

    (void) state;

    top = make();

    for (i = 0; i < 4; i++) {
        pid[i] = fork();

        if (pid[i] == 0) {
            for (k = 0; k < 40000; k++) {
                count(top, k % 8);
            }

            _exit(0);
        }

        assert_true(pid[i] > 0);
    }

    for (i = 0; i < 4; i++) {
        assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
        assert_int_equal(status, 0);
    }

    n = xpecto_top_list(top, e);
    assert_int_equal(n, 8);

    for (i = 0, sum = 0; i < n; i++) {
        sum += e[i].count;
        assert_int_equal(e[i].error, 0);
    }

    /* sixteen tries in a row that others win are next to never */

    assert_in_range(sum, 160000 - 16, 160000);

    (void) munmap(top, sizeof(xpecto_top_t));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(few),
        cmocka_unit_test(many),
        cmocka_unit_test(torn),
        cmocka_unit_test(processes)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
