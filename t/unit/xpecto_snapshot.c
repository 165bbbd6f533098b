
#include "xpecto_snapshot.h"
#include "xpecto_ban.h"
#include "xpecto_count.h"
#include "xpecto_gcra.h"
#include "xpecto_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>


#define SEC     XPECTO_TICKS_SEC
#define USEC    XPECTO_USEC
#define WALL    (1764000000ull * USEC)          /* 2025-11-24 16:00 UTC */
#define TAG(n)  ((uint64_t) (n) << 4 | XPECTO_CELL_TAT)


static const uint8_t  secret[XPECTO_SIPHASH_KEY_LEN] = "0123456789abcde";
static const uint8_t  salt[XPECTO_SNAPSHOT_SALT] = "salt";

static xpecto_str_t  zone = { 1, (const uint8_t *) "z" };

static xpecto_keyring_t  ring = {
    .n = 2,
    .keys = { { .kid = 7, .master = "seven" }, { .kid = 8, .master = "8" } }
};


typedef struct {
    uint8_t         data[XPECTO_SNAPSHOT_HEAD + 3 * XPECTO_SNAPSHOT_CHUNK];
    size_t          len;
} file_t;


static xpecto_snapshot_time_t
at(uint64_t ticks, uint64_t wall)
{
    xpecto_snapshot_time_t  t;

    t.ticks = ticks;
    t.wall = wall;

    return t;
}


/* a file of n cells, of which those are left out that say nothing */

static void
make(file_t *file, xpecto_snapshot_time_t now, const xpecto_cell_t *cells,
    size_t n)
{
    size_t             i, k;
    xpecto_cell_t     *chunk;
    xpecto_snapshot_t  s;

    chunk = test_malloc(XPECTO_SNAPSHOT_CELLS * sizeof(xpecto_cell_t));

    assert_int_equal(xpecto_snapshot_create(&s, &ring.keys[0], &zone, salt,
                                            &now, secret),
                     XPECTO_OK);

    memcpy(file->data, s.head, XPECTO_SNAPSHOT_HEAD);
    file->len = XPECTO_SNAPSHOT_HEAD;

    i = 0;

    do {
        for (k = 0; i < n && k < XPECTO_SNAPSHOT_CELLS; i++) {
            chunk[k] = cells[i];
            k += (size_t) xpecto_snapshot_keep(&s, &chunk[k]);
        }

        assert_int_equal(xpecto_snapshot_seal(&s, chunk, k,
                                              file->data + file->len),
                         XPECTO_OK);

        file->len += k * sizeof(xpecto_cell_t) + XPECTO_TAG_LEN;

    } while (k == XPECTO_SNAPSHOT_CELLS);

    xpecto_snapshot_end(&s);
    test_free(chunk);
}


/* what is in it, if all of it is good */

static xpecto_snapshot_e
take(const uint8_t *data, size_t len, xpecto_snapshot_time_t now,
    xpecto_cell_t *cells, size_t *n)
{
    size_t              i, k, part;
    uint8_t             out[XPECTO_SIPHASH_KEY_LEN];
    xpecto_cell_t      *chunk;
    xpecto_snapshot_e   rc;
    xpecto_snapshot_t   s;

    *n = 0;

    if (len < XPECTO_SNAPSHOT_HEAD) {
        return XPECTO_SNAPSHOT_DAMAGED;
    }

    chunk = test_malloc(XPECTO_SNAPSHOT_CELLS * sizeof(xpecto_cell_t));

    rc = xpecto_snapshot_open(&s, &ring, &zone, data, &now, out);
    data += XPECTO_SNAPSHOT_HEAD;
    len -= XPECTO_SNAPSHOT_HEAD;

    k = XPECTO_SNAPSHOT_CELLS;

    while (rc == XPECTO_SNAPSHOT_OK && k == XPECTO_SNAPSHOT_CELLS) {
        part = (len > XPECTO_SNAPSHOT_CHUNK) ? XPECTO_SNAPSHOT_CHUNK : len;

        rc = xpecto_snapshot_unseal(&s, data, part, chunk, &k);

        for (i = 0; i < k; i++) {
            cells[*n] = chunk[i];
            *n += (size_t) xpecto_snapshot_restore(&s, &cells[*n]);
        }

        data += part;
        len -= part;
    }

    if (rc == XPECTO_SNAPSHOT_OK) {
        assert_memory_equal(out, secret, sizeof(out));
    }

    xpecto_snapshot_end(&s);
    test_free(chunk);

    return rc;
}


/* one cell, made at one time and read at another; 0: it is gone */

static uint64_t
word(xpecto_cell_kind_e kind, uint64_t w, xpecto_snapshot_time_t made,
    xpecto_snapshot_time_t now)
{
    size_t          n;
    xpecto_cell_t   cell;

    static file_t   file;

    cell.half.tag = 16 | (uint64_t) kind;
    cell.half.word = w;

    make(&file, made, &cell, 1);
    assert_int_equal(take(file.data, file.len, now, &cell, &n),
                     XPECTO_SNAPSHOT_OK);

    return n ? cell.half.word : 0;
}


static void
a_time_is_as_far_ahead_as_it_was(void **state)
{
    unsigned  i;
    uint64_t  made, now, w, ahead;

    (void) state;

    /* a machine that was started anew: its clock begins at 0 */

    for (i = 0; i < 1000; i++) {
        made = 123456 * SEC + i * 7;
        now = i * 13;
        ahead = 3600 * SEC + i * 3;

        w = word(XPECTO_CELL_TAT, made + ahead, at(made, WALL),
                 at(now, WALL + 60 * USEC));

        /* never earlier than the truth, by 2 us at most later */

        assert_in_range(w, now + ahead - 60 * SEC,
                        now + ahead - 60 * SEC + SEC / 500000);
    }

    assert_true(word(XPECTO_CELL_TAT, 100 * SEC, at(40 * SEC, WALL),
                     at(5 * SEC, WALL + 60 * USEC + 2))
                == 0);
    assert_true(word(XPECTO_CELL_TAT, 100 * SEC, at(40 * SEC, WALL),
                     at(5 * SEC, WALL + 60 * USEC))
                != 0);
    assert_true(word(XPECTO_CELL_TAT, 100 * SEC, at(100 * SEC, WALL),
                     at(0, WALL))
                == 0);

    /* years later */

    assert_true(word(XPECTO_CELL_TAT, 100 * SEC, at(40 * SEC, WALL),
                     at(0, UINT64_MAX))
                == 0);

    /* a lie of 18 years more than fits */

    assert_true(word(XPECTO_CELL_TAT, UINT64_MAX, at(0, WALL),
                     at(5 * SEC, WALL))
                == 0);
}


static void
a_clock_that_was_set_back_gives_nothing(void **state)
{
    uint64_t  w;

    (void) state;

    w = word(XPECTO_CELL_TAT, 100 * SEC, at(40 * SEC, WALL),
             at(7 * SEC, WALL - 86400 * USEC));

    assert_in_range(w, 67 * SEC, 67 * SEC + SEC / 500000);

    /* a quota ends when its period does */

    w = (WALL / USEC + 10) << 32 | 5;

    assert_true(word(XPECTO_CELL_COUNT, w, at(0, WALL), at(0, WALL - 99 * USEC))
                == w);
}


static void
the_burst_of_a_pair_is_kept(void **state)
{
    unsigned              n;
    uint64_t              w, now;
    xpecto_gcra_t         g;
    xpecto_gcra_result_t  res;

    (void) state;

    g.interval = 6 * SEC;
    g.tolerance = 45 * g.interval;

    w = 0;
    now = 99 * SEC + 17;

    for (n = 0; n < 20; n++) {
        assert_int_equal(xpecto_pair_take(&w, &g, now, 1, &res), XPECTO_OK);
    }

    w = word(XPECTO_CELL_TAT, w, at(now, WALL), at(3, WALL + 5 * USEC));

    /* 5 of 6 seconds later: 25 more, and then 270 seconds from the first */

    for (n = 0; n < 25; n++) {
        assert_int_equal(xpecto_pair_take(&w, &g, 3, 1, &res), XPECTO_OK);
    }

    assert_int_equal(xpecto_pair_take(&w, &g, 3, 1, &res), XPECTO_DECLINED);
    assert_in_range(res.retry_after, 265 * SEC, 265 * SEC + SEC / 500000);
}


static void
what_is_counted_is_kept(void **state)
{
    uint64_t              w, x;
    xpecto_count_t        c;
    xpecto_gcra_result_t  res;

    (void) state;

    w = (WALL / USEC + 3600) << 32 | 77;

    assert_true(word(XPECTO_CELL_COUNT, w, at(1, WALL), at(1, WALL + USEC))
                == w);
    assert_true(word(XPECTO_CELL_COUNT, w, at(1, WALL + 3600 * USEC),
                     at(1, WALL + 3600 * USEC))
                == 0);

    /* once and for all */

    w = (uint64_t) XPECTO_COUNT_NEVER << 32 | 1;

    assert_true(word(XPECTO_CELL_COUNT, w, at(1, WALL),
                     at(1, WALL + 86400ull * 3650 * USEC))
                == w);

    memset(&c, 0, sizeof(xpecto_count_t));
    c.limit = 10;
    c.length = 3600;
    assert_true(xpecto_count_clock(&c, WALL + 1));

    w = 0;
    assert_int_equal(xpecto_slide_take(&w, &c, 8, &res), XPECTO_OK);

    assert_true(word(XPECTO_CELL_SLIDE, w, at(1, WALL), at(1, WALL + USEC))
                == w);

    /* 48.5 days later the word's end would look like one to come */

    assert_true(word(XPECTO_CELL_SLIDE, w, at(1, WALL),
                     at(1, WALL + (1ull << 22) * USEC))
                == 0);

    /* a clock that was set back by weeks */

    x = word(XPECTO_CELL_SLIDE, w, at(1, WALL),
             at(1, WALL - 30ull * 86400 * USEC));
    memset(&c, 0, sizeof(xpecto_count_t));
    c.limit = 10;
    c.length = 3600;
    assert_true(xpecto_count_clock(&c, WALL - 30ull * 86400 * USEC));
    assert_int_equal(xpecto_slide_take(&x, &c, 3, &res), XPECTO_DECLINED);
    assert_int_equal(xpecto_slide_take(&x, &c, 2, &res), XPECTO_OK);
}


/* the clock of bans is the wall's: what is left of one is the same */

static void
bans_are_kept(void **state)
{
    uint64_t  w;

    (void) state;

    w = xpecto_ban_word(WALL / USEC + 3600, 86400, 2);

    assert_true(word(XPECTO_CELL_BAN, w, at(1, WALL),
                     at(1, WALL + 600 * USEC))
                == w);

    /* the rung outlives the ban, and is forgotten in its turn */

    assert_true(word(XPECTO_CELL_BAN, w, at(1, WALL + 7200 * USEC),
                     at(1, WALL + 7300 * USEC))
                == w);
    assert_true(word(XPECTO_CELL_BAN, w,
                     at(1, WALL + (3600 + 2 * 86400) * USEC),
                     at(1, WALL + (3600 + 2 * 86400) * USEC))
                == 0);
}


static void
claims_and_what_is_free_are_not_kept(void **state)
{
    size_t         n;
    xpecto_cell_t  cells[3];

    static file_t  file;

    (void) state;

    memset(cells, 0, sizeof(cells));
    cells[1].half.tag = 16 | XPECTO_CELL_CLAIM | XPECTO_CELL_TAT;
    cells[1].half.word = 1000 * SEC;
    cells[2].half.tag = 16;
    cells[2].half.word = 1000 * SEC;

    make(&file, at(1, WALL), cells, 3);
    assert_int_equal(file.len, XPECTO_SNAPSHOT_HEAD + XPECTO_TAG_LEN);
    assert_int_equal(take(file.data, file.len, at(1, WALL), cells, &n),
                     XPECTO_SNAPSHOT_OK);
    assert_int_equal(n, 0);
}


static xpecto_cell_t *
many(size_t n)
{
    size_t          i;
    xpecto_cell_t  *cells;

    cells = test_malloc((n + 1) * sizeof(xpecto_cell_t));

    for (i = 0; i < n; i++) {
        cells[i].half.tag = TAG(i + 1);
        cells[i].half.word = 1000 * SEC + i * 64;
    }

    return cells;
}


static void
any_number_of_cells(void **state)
{
    size_t          i, k, n;
    xpecto_cell_t  *in, *out;

    static const size_t  sizes[] = { 0, 1, 4095, 4096, 4097, 8192, 9000 };

    static file_t  file;

    (void) state;

    out = test_malloc(3 * XPECTO_SNAPSHOT_CELLS * sizeof(xpecto_cell_t));

    for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        in = many(sizes[i]);

        make(&file, at(64, WALL), in, sizes[i]);
        assert_int_equal(take(file.data, file.len, at(64, WALL), out, &n),
                         XPECTO_SNAPSHOT_OK);
        assert_int_equal(n, sizes[i]);

        for (k = 0; k < n; k++) {
            assert_true(out[k].half.tag == in[k].half.tag);
            assert_true(out[k].half.word == in[k].half.word);
        }

        test_free(in);
    }

    test_free(out);
}


static void
nothing_can_be_changed(void **state)
{
    size_t             i, n;
    uint8_t            swap[XPECTO_SNAPSHOT_CHUNK];
    xpecto_cell_t     *in, *out;
    xpecto_snapshot_e  rc;

    static file_t  file;

    (void) state;

    in = many(9000);
    out = test_malloc(3 * XPECTO_SNAPSHOT_CELLS * sizeof(xpecto_cell_t));

    make(&file, at(64, WALL), in, 3);

    for (i = 0; i < 8 * file.len; i++) {
        file.data[i / 8] ^= (uint8_t) (1 << i % 8);
        rc = take(file.data, file.len, at(64, WALL), out, &n);
        file.data[i / 8] ^= (uint8_t) (1 << i % 8);

        /* the names of format, version and key say so by themselves */

        assert_true(rc != XPECTO_SNAPSHOT_OK);
        assert_int_equal(rc, i < 112 ? XPECTO_SNAPSHOT_FOREIGN
                             : i < 120 ? XPECTO_SNAPSHOT_VERSION
                             : i < 128 && (7 ^ 1 << i % 8) != 8
                               ? XPECTO_SNAPSHOT_KEY
                             : XPECTO_SNAPSHOT_DAMAGED);
    }

    /* cut, and more than there was */

    for (i = 0; i < file.len; i++) {
        assert_true(take(file.data, i, at(64, WALL), out, &n)
                    != XPECTO_SNAPSHOT_OK);
    }

    for (i = 1; i < 64; i++) {
        assert_true(take(file.data, file.len + i, at(64, WALL), out, &n)
                    != XPECTO_SNAPSHOT_OK);
    }

    /* whole chunks that are taken away or moved */

    make(&file, at(64, WALL), in, 9000);
    i = XPECTO_SNAPSHOT_HEAD;

    assert_true(take(file.data, i + 2 * XPECTO_SNAPSHOT_CHUNK, at(64, WALL),
                     out, &n)
                != XPECTO_SNAPSHOT_OK);

    memcpy(swap, file.data + i, sizeof(swap));
    memmove(file.data + i, file.data + i + sizeof(swap), sizeof(swap));
    memcpy(file.data + i + sizeof(swap), swap, sizeof(swap));

    assert_int_equal(take(file.data, file.len, at(64, WALL), out, &n),
                     XPECTO_SNAPSHOT_DAMAGED);
    assert_int_equal(n, 0);

    test_free(in);
    test_free(out);
}


static void
nothing_is_in_plain(void **state)
{
    size_t          i, k;
    xpecto_cell_t  *in;

    static file_t  file;

    (void) state;

    in = many(100);
    make(&file, at(64, WALL), in, 100);

    for (i = 0; i + sizeof(uint64_t) <= file.len; i++) {
        assert_true(memcmp(file.data + i, secret, sizeof(uint64_t)) != 0);

        for (k = 0; k < 100; k++) {
            assert_true(memcmp(file.data + i, &in[k].half.tag,
                               sizeof(uint64_t)) != 0);
        }
    }

    test_free(in);
}


/* the second key of a ring opens, one that is gone does not */

static void
rings_that_turn(void **state)
{
    size_t             n;
    xpecto_key_t       first;
    xpecto_cell_t      cell;

    static file_t  file;

    (void) state;

    cell.half.tag = TAG(1);
    cell.half.word = 1000 * SEC;
    make(&file, at(64, WALL), &cell, 1);

    first = ring.keys[0];
    ring.keys[0] = ring.keys[1];
    ring.keys[1] = first;

    assert_int_equal(take(file.data, file.len, at(64, WALL), &cell, &n),
                     XPECTO_SNAPSHOT_OK);

    ring.n = 1;
    assert_int_equal(take(file.data, file.len, at(64, WALL), &cell, &n),
                     XPECTO_SNAPSHOT_KEY);

    ring.keys[0].kid = 7;
    assert_int_equal(take(file.data, file.len, at(64, WALL), &cell, &n),
                     XPECTO_SNAPSHOT_DAMAGED);

    ring.keys[0].kid = 8;
    ring.keys[1] = ring.keys[0];
    ring.keys[0] = first;
    ring.n = 2;
}


static void
what_is_of_another_zone_is_not_ours(void **state)
{
    size_t         n;
    xpecto_cell_t  cell = { .half = { TAG(1), 99 * SEC } };

    static file_t  file;

    (void) state;

    make(&file, at(64, WALL), &cell, 1);

    zone.data = (const uint8_t *) "y";
    assert_int_equal(take(file.data, file.len, at(64, WALL), &cell, &n),
                     XPECTO_SNAPSHOT_DAMAGED);

    zone.len = 0;
    assert_int_equal(take(file.data, file.len, at(64, WALL), &cell, &n),
                     XPECTO_SNAPSHOT_DAMAGED);

    zone.data = (const uint8_t *) "z";
    zone.len = 1;
    assert_int_equal(take(file.data, file.len, at(64, WALL), &cell, &n),
                     XPECTO_SNAPSHOT_OK);
    assert_int_equal(n, 1);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_time_is_as_far_ahead_as_it_was),
        cmocka_unit_test(a_clock_that_was_set_back_gives_nothing),
        cmocka_unit_test(the_burst_of_a_pair_is_kept),
        cmocka_unit_test(what_is_counted_is_kept),
        cmocka_unit_test(bans_are_kept),
        cmocka_unit_test(claims_and_what_is_free_are_not_kept),
        cmocka_unit_test(any_number_of_cells),
        cmocka_unit_test(nothing_can_be_changed),
        cmocka_unit_test(nothing_is_in_plain),
        cmocka_unit_test(rings_that_turn),
        cmocka_unit_test(what_is_of_another_zone_is_not_ours)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
