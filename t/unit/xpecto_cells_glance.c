
/*
 * Two buckets at a glance: what xpecto_cells.h says of each of their cells,
 * one by one.
 */


#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_cells_glance.h"


#define NOW   (1ull << 62)
#define WALL  1800000000ull


static xpecto_cell_t  cells[16] __attribute__((aligned(128)));


static uint64_t
any(void)
{
    return ((uint64_t) rand() << 40) ^ ((uint64_t) rand() << 20)
           ^ (uint64_t) rand();
}


/* a cell of each sort; 1: it is free */

static int
make(xpecto_cell_t *cell, uint64_t tag, unsigned same)
{
    uint64_t  times[] = { 0, 1, NOW - 1, NOW, NOW + 1, ~0ull, 1ull << 63 };
    unsigned  k;

    cell->half.tag = any() & ~XPECTO_CELL_BITS;
    cell->half.word = any();

    switch (rand() % (same ? 7 : 5)) {

    case 0:
        cell->half.tag = 0;
        return 1;

    case 1:
        k = (unsigned) rand() % 7;
        cell->half.tag |= XPECTO_CELL_TAT;
        cell->half.word = times[k];
        return k < 4;

    case 2: /* a count of one, in a period that is over or not */
        k = (unsigned) rand() % 2;
        cell->half.tag |= XPECTO_CELL_COUNT;
        cell->half.word = (WALL - 1 + 2 * k) << 32 | 1;
        return !k;

    case 3:
        k = (unsigned) rand() % 2;
        cell->half.tag |= XPECTO_CELL_HELD;
        cell->half.word = k;
        return !k;

    case 4:
        cell->half.tag |= XPECTO_CELL_TAT | XPECTO_CELL_CLAIM;
        return 0;

    case 5:
        cell->half.tag = tag;
        return 0;

    default:
        cell->half.tag = tag | XPECTO_CELL_CLAIM;
        return 0;
    }
}


static void
glances(void **state)
{
    int             is_free;
    uint64_t        tag;
    unsigned        i, k, n[2], same, found[3], own;
    xpecto_rc_e     seen;
    xpecto_cell_t  *bucket[2];
    xpecto_cells_t  t;
    xpecto_place_t  place;

    (void) state;

    memset(&t, 0, sizeof(t));
    t.cells = cells;
    t.nbuckets = 2;
    t.wall = WALL;

    bucket[0] = cells;
    bucket[1] = cells + 8;
    memset(found, 0, sizeof(found));
    own = 0;

    for (k = 0; k < 200000; k++) {
        tag = (any() & ~XPECTO_CELL_BITS) | (1 + (unsigned) rand() % 5);
        n[0] = n[1] = same = 0;

        for (i = 0; i < 16; i++) {
            is_free = make(&cells[i], tag, k % 4 == 0 && rand() % 8 == 0);
            n[i / 8] += (unsigned) is_free;
            same += ((cells[i].half.tag & ~XPECTO_CELL_CLAIM) == tag);
        }

        memset(&place, 0, sizeof(place));
        seen = xpecto_cells_glance(&t, bucket, tag, NOW, &place);
        found[(seen == XPECTO_OK) ? 0 : (seen == XPECTO_DECLINED) ? 1 : 2]++;

        if (seen == XPECTO_OK) {
            assert_true(place.tag == tag);
            assert_true(place.cell >= cells && place.cell < cells + 16
                        && place.cell->half.tag == tag
                        && place.cell->half.word == place.word);

        } else if (seen == XPECTO_DECLINED) {
            assert_int_equal(same, 0);

            i = (unsigned) (place.cell - cells);
            assert_true(i < 16 && n[i / 8] > 0 && n[i / 8] >= n[1 - i / 8]);
            assert_true(place.tag == cells[i].half.tag
                        && place.word == cells[i].half.word);
            assert_true(xpecto_cells_expired(&t, place.tag, place.word, NOW));
            assert_false(place.tag & XPECTO_CELL_CLAIM);

        } else {
#if defined(XPECTO_CELLS_VECTORS)
            assert_true(!__builtin_cpu_supports("avx2") || same != 0
                        || n[0] + n[1] == 0);
#endif
        }

        /* the one that is one's own is a claim, as it is made */

        i = (unsigned) rand() % 16;
        same -= ((cells[i].half.tag & ~XPECTO_CELL_CLAIM) == tag);
        cells[i].half.tag = tag | XPECTO_CELL_CLAIM;

        if (xpecto_cells_glance_own(bucket, tag, &cells[i])) {
            assert_int_equal(same, 0);
            own++;

        } else {
#if defined(XPECTO_CELLS_VECTORS)
            assert_true(!__builtin_cpu_supports("avx2") || same != 0);
#endif
        }

        /* another's claim that is alone is not taken for it */

        assert_false(same == 0
                     && xpecto_cells_glance_own(bucket, tag,
                                                &cells[(i + 1) % 16]));
    }

#if defined(XPECTO_CELLS_VECTORS)
    if (__builtin_cpu_supports("avx2")) {
        assert_true(found[0] > 1000 && found[1] > 1000 && found[2] > 100
                    && own > 1000);
    }
#endif
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(glances)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
