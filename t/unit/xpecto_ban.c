
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_ban.h"


#define NOW  1800000000ull


static const xpecto_ladder_t  minute = { 60, 60, 3600, 600, 1 };

static uint64_t  stamp = 1ull << 32;


static void *
table(xpecto_ban_table_t *t, xpecto_cells_t *cells, size_t size)
{
    void  *mem;

    mem = calloc(1, size);
    assert_non_null(mem);
    assert_int_equal(xpecto_cells_init(cells, mem, size), XPECTO_OK);

    cells->wall = NOW;

    t->cells = cells;
    t->ticks = 1;
    t->stamp = &stamp;

    return mem;
}


static uint64_t
tag_of(uint64_t n)
{
    return xpecto_cells_tag(n * 0x9e3779b97f4a7c15ull, XPECTO_CELL_BAN);
}


/* in the table, so that what is over is cleared and found gone as well */

static void
same_as_the_oracle(void **state)
{
    FILE                *f;
    void                *mem;
    char                 line[128], what[8];
    unsigned             n, limit, banned, rung, factor;
    uint64_t             word, traces;
    xpecto_rc_e          rc;
    xpecto_cells_t       cells;
    xpecto_ladder_t      ladder;
    xpecto_ban_table_t   t;
    unsigned long long   now, left;

    (void) state;

    f = fopen("t/data/bans.txt", "r");
    assert_non_null(f);

    mem = table(&t, &cells, 65536);
    n = 0;
    limit = 0;
    traces = 0;
    memset(&ladder, 0, sizeof(xpecto_ladder_t));

    while (fgets(line, sizeof(line), f) != NULL) {

        if (sscanf(line, "trace %u %u %u %u %u %u", &limit, &ladder.within,
                   &ladder.time, &ladder.max, &ladder.quiet, &factor)
            == 6)
        {
            ladder.shift = factor == 4 ? 2 : 1;
            traces++;
            continue;
        }

        assert_int_equal(sscanf(line, "%7s %llu %u %llu %u", what, &now,
                                &banned, &left, &rung), 5);

        cells.wall = now;

        if (strcmp(what, "fail") == 0) {
            rc = xpecto_ban_fail(&t, tag_of(2 * traces), tag_of(2 * traces + 1),
                                 &ladder, limit, &word);
            assert_int_equal(rc, banned ? XPECTO_DECLINED : XPECTO_OK);
        }

        word = xpecto_ban_find(&cells, tag_of(2 * traces + 1));

        if (xpecto_ban_left(word, now) != left
            || xpecto_ban_rung(word, now) != rung)
        {
            fail_msg("%s left %llu, rung %u", line,
                     (unsigned long long) xpecto_ban_left(word, now),
                     xpecto_ban_rung(word, now));
        }

        n++;
    }

    (void) fclose(f);
    free(mem);

    assert_true(traces >= 27 && n > 3000);
}


/* what is over is free: the table keeps nothing that says nothing */

static void
over(void **state)
{
    void                *mem;
    uint64_t             word;
    xpecto_cells_t       cells;
    xpecto_ban_table_t   t;

    (void) state;

    mem = table(&t, &cells, 65536);

    assert_int_equal(xpecto_ban_fail(&t, tag_of(1), tag_of(2), &minute, 2,
                                     &word), XPECTO_OK);
    assert_int_equal(xpecto_cells_used(&cells, 1, 0), 1);

    cells.wall = NOW + 59;
    assert_int_equal(xpecto_cells_used(&cells, 1, 0), 1);
    cells.wall = NOW + 60;
    assert_int_equal(xpecto_cells_used(&cells, 1, 0), 0);

    cells.wall = NOW + 30;
    assert_int_equal(xpecto_ban_fail(&t, tag_of(1), tag_of(2), &minute, 2,
                                     &word), XPECTO_DECLINED);
    assert_int_equal(xpecto_ban_left(word, NOW + 30), 60);

    /* the strikes are gone; the ban is remembered while it has a rung */

    assert_int_equal(xpecto_cells_used(&cells, 1, 0), 1);
    cells.wall = NOW + 30 + 60 + 599;
    assert_int_equal(xpecto_cells_used(&cells, 1, 0), 1);
    cells.wall = NOW + 30 + 60 + 600;
    assert_int_equal(xpecto_cells_used(&cells, 1, 0), 0);

    free(mem);
}


static void
limits_of_a_word(void **state)
{
    uint64_t         word;
    unsigned         i;
    xpecto_ladder_t  l;

    (void) state;

    l.within = XPECTO_BAN_SECONDS_MAX;
    l.time = 1;
    l.max = XPECTO_BAN_SECONDS_MAX;
    l.quiet = XPECTO_BAN_SECONDS_MAX;
    l.shift = 1;

    word = 0;

    for (i = 1; i < XPECTO_BAN_STRIKES_MAX; i++) {
        assert_int_equal(xpecto_ban_strike(&word, &l, XPECTO_BAN_STRIKES_MAX,
                                           NOW), XPECTO_OK);
    }

    assert_int_equal(xpecto_ban_strike(&word, &l, XPECTO_BAN_STRIKES_MAX,
                                       NOW), XPECTO_DECLINED);
    assert_int_equal(word, 0);

    /* a word of a ladder that had more rungs */

    word = xpecto_ban_word(NOW - 1, XPECTO_BAN_SECONDS_MAX, 4095);
    assert_int_equal(xpecto_ban_climb(&word, &l, NOW), XPECTO_OK);
    assert_int_equal(xpecto_ban_left(word, NOW), XPECTO_BAN_SECONDS_MAX);

    /* the last second that 32 bits have */

    word = 0;
    assert_int_equal(xpecto_ban_climb(&word, &l, UINT32_MAX), XPECTO_OK);
    assert_int_equal(xpecto_ban_left(word, UINT32_MAX), 0);

    /* a clock that steps back ends nothing */

    word = xpecto_ban_word(NOW, 10, 1);
    assert_int_equal(xpecto_ban_left(word, NOW - 100), 100);
    assert_int_equal(xpecto_ban_rung(word, NOW - 100), 1);
    assert_int_equal(xpecto_ban_climb(&word, &l, NOW - 100),
                     XPECTO_DECLINED);
}


static void
set_and_cool(void **state)
{
    void                *mem;
    uint64_t             word;
    xpecto_cells_t       cells;
    xpecto_ban_table_t   t;

    (void) state;

    mem = table(&t, &cells, 65536);

    assert_int_equal(xpecto_ban_set(&t, tag_of(1),
                                    xpecto_ban_word(NOW + 5, 0, 1)),
                     XPECTO_OK);
    word = xpecto_ban_find(&cells, tag_of(1));
    assert_int_equal(xpecto_ban_left(word, NOW), 5);

    /* of two cooldowns the longer one holds */

    assert_int_equal(xpecto_ban_cool(&t, tag_of(2), NOW + 10), XPECTO_OK);
    assert_int_equal(xpecto_ban_cool(&t, tag_of(2), NOW + 7), XPECTO_OK);
    word = xpecto_ban_find(&cells, tag_of(2));
    assert_int_equal(xpecto_ban_left(word, NOW), 10);
    assert_int_equal(xpecto_ban_cool(&t, tag_of(2), NOW + 11), XPECTO_OK);
    word = xpecto_ban_find(&cells, tag_of(2));
    assert_int_equal(xpecto_ban_left(word, NOW), 11);

    assert_int_equal(xpecto_ban_clear(&t, tag_of(2)), XPECTO_OK);
    assert_int_equal(xpecto_ban_clear(&t, tag_of(2)), XPECTO_DECLINED);
    assert_int_equal(xpecto_ban_find(&cells, tag_of(2)), 0);

    cells.wall = NOW + 5;
    assert_int_equal(xpecto_ban_clear(&t, tag_of(1)), XPECTO_DECLINED);

    /* one that is over before it begins takes no cell */

    assert_int_equal(xpecto_ban_cool(&t, tag_of(3), NOW), XPECTO_OK);
    assert_int_equal(xpecto_cells_used(&cells, 1, 0), 0);

    free(mem);
}


/* bans that are alive are never taken for somebody else's */

static void
full(void **state)
{
    void                *mem;
    uint64_t             i, word;
    xpecto_rc_e          rc;
    xpecto_cells_t       cells;
    xpecto_ban_table_t   t;

    (void) state;

    mem = table(&t, &cells, XPECTO_BUCKET_SIZE * 2);
    rc = XPECTO_OK;

    for (i = 1; i < 100; i++) {
        rc = xpecto_ban_fail(&t, tag_of(2 * i), tag_of(2 * i + 1), &minute, 1,
                             &word);

        if (rc == XPECTO_ERROR) {
            break;
        }

        assert_int_equal(rc, XPECTO_DECLINED);
    }

    assert_int_equal(rc, XPECTO_ERROR);

    while (--i != 0) {
        word = xpecto_ban_find(&cells, tag_of(2 * i + 1));
        assert_int_equal(xpecto_ban_left(word, NOW), 60);
    }

    free(mem);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(same_as_the_oracle),
        cmocka_unit_test(over),
        cmocka_unit_test(limits_of_a_word),
        cmocka_unit_test(set_and_cool),
        cmocka_unit_test(full)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
