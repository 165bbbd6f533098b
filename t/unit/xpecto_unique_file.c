
/*
 * Recipients in a snapshot.  The oracle is the table that was saved: what is
 * asked of it afterwards and of the one that was loaded has one answer.
 */


#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_limit.h"
#include "xpecto_unique_file.h"


#define SIZE    (256 * 1024)
#define WALL    1800000000ull
#define DAY     86400
#define LIMIT   40
#define TENANTS 5
#define CELLS   200000


static const uint8_t  secret[XPECTO_SIPHASH_KEY_LEN] = "0123456789abcde";

static xpecto_cell_t  cells[CELLS];


typedef struct {
    void                *mem;
    xpecto_unique_t      u;
    xpecto_meter_t       m;
} side_t;


static void
begin(side_t *side, size_t size, uint64_t limit)
{
    xpecto_str_t  id;

    side->mem = calloc(1, size);
    assert_non_null(side->mem);
    assert_int_equal(xpecto_unique_init(&side->u, side->mem, size), XPECTO_OK);

    memset(&side->m, 0, sizeof(xpecto_meter_t));
    side->m.kind = XPECTO_METER_UNIQUE;
    side->m.unique = &side->u;
    side->m.count.limit = limit;

    id.data = (const uint8_t *) "reach";
    id.len = 5;
    xpecto_meter_key(&side->m, secret, &id);
}


/* what is left after it, or -1 - seconds to wait */

static long long
write_to(side_t *side, unsigned tenant, unsigned whom, uint64_t sec)
{
    uint64_t               hash[2], stamp;
    unsigned               both[2];
    xpecto_rc_e            rc;
    xpecto_limit_item_t    item;
    xpecto_unique_list_t   list;
    xpecto_unique_entry_t  entry;

    side->m.count.wall = sec * XPECTO_USEC;

    memset(&item, 0, sizeof(xpecto_limit_item_t));
    memset(&list, 0, sizeof(xpecto_unique_list_t));

    xpecto_meter_value(hash, secret, NULL, 't', (const uint8_t *) &tenant,
                       sizeof(tenant));
    item.meter = &side->m;
    item.tag = xpecto_meter_tag(&side->m, hash);
    item.cost = 1;
    item.list = &list;
    list.entries = &entry;
    list.n = 1;

    both[0] = tenant;
    both[1] = whom;

    xpecto_meter_value(hash, secret, NULL, '0', (const uint8_t *) both,
                       sizeof(both));
    xpecto_meter_hash(&side->m, hash, entry.hash);

    stamp = 1ull << 32;

    do {
        rc = xpecto_limit_decide(&item, 1, &stamp, 1);
    } while (rc == XPECTO_AGAIN);

    return (rc == XPECTO_OK)
           ? (long long) item.result.remaining
           : -1 - (long long) (item.result.retry_after / XPECTO_TICKS_SEC);
}


static size_t
save(const side_t *side, uint64_t sec)
{
    size_t                n;
    xpecto_unique_save_t  at;

    memset(&at, 0, sizeof(xpecto_unique_save_t));

    for (n = 0; xpecto_unique_save(&side->u, &at, sec, &cells[n]); n++) {
        assert_true(n < CELLS - 1);
    }

    assert_int_equal(xpecto_unique_save(&side->u, &at, sec, &cells[n]), 0);

    return n;
}


static unsigned
load(const side_t *side, size_t n, uint64_t made, uint64_t sec)
{
    size_t                i;
    unsigned              lost;
    xpecto_rc_e           rc;
    xpecto_unique_load_t  at;

    memset(&at, 0, sizeof(xpecto_unique_load_t));
    at.made = made;
    lost = 0;

    for (i = 0; i < n; i++) {
        rc = xpecto_unique_load(&side->u, &at, sec, &cells[i]);
        assert_int_not_equal(rc, XPECTO_DECLINED);
        lost += (rc != XPECTO_OK);
    }

    return lost;
}


static void
same(void **state)
{
    side_t    old, new;
    unsigned  i, k, more, tenant, whom;
    uint64_t  sec, made, gap;

    (void) state;

    srand(1);

    for (i = 0; i < 60; i++) {
        begin(&old, SIZE, LIMIT);
        begin(&new, SIZE, LIMIT);

        sec = WALL + (unsigned) rand();
        more = (unsigned) rand() % 3000;

        for (k = 0; k < 400; k++) {
            (void) write_to(&old, (unsigned) rand() % TENANTS,
                            (unsigned) rand() % 100, sec);
            sec += (more != 0) ? (unsigned) rand() % more : 0;
        }

        made = sec;
        gap = (i % 3 == 0) ? 0 : (unsigned) rand() % (DAY + 2000);
        sec += gap;

        assert_int_equal(load(&new, save(&old, made), made, sec), 0);

        for (k = 0; k < 400; k++) {
            tenant = (unsigned) rand() % TENANTS;
            whom = (unsigned) rand() % 100;

            assert_int_equal(write_to(&new, tenant, whom, sec),
                             write_to(&old, tenant, whom, sec));
            sec += (more != 0) ? (unsigned) rand() % more : 0;
        }

        free(old.mem);
        free(new.mem);
    }
}


/* counts are kept, recipients are not known: never more than may */

static void
resized(void **state)
{
    side_t    old, new;
    unsigned  i;

    (void) state;

    begin(&old, SIZE, 6);
    begin(&new, 2 * SIZE, 6);

    for (i = 0; i < 5; i++) {
        assert_int_equal(write_to(&old, 0, i, WALL), 5 - i);
    }

    assert_int_equal(load(&new, save(&old, WALL), WALL, WALL), 0);

    assert_int_equal(write_to(&new, 0, 0, WALL), 0);
    assert_true(write_to(&new, 0, 1, WALL) < 0);

    free(old.mem);
    free(new.mem);
}


static void
elapsed(void **state)
{
    side_t    old, new;
    size_t    n;
    unsigned  i;
    uint64_t  years;

    (void) state;

    begin(&old, SIZE, 6);

    for (i = 0; i < 6; i++) {
        assert_int_equal(write_to(&old, 0, i, WALL), 5 - i);
    }

    n = save(&old, WALL);

    /* two days, and when the low bits of the span come round */

    for (years = 0; years < 2; years++) {
        begin(&new, SIZE, 6);
        i = (unsigned) (years ? 65536 * XPECTO_UNIQUE_SPAN : 2 * DAY);

        assert_int_equal(load(&new, n, WALL, WALL + i), 0);
        assert_int_equal(write_to(&new, 0, 0, WALL + i), 5);
        assert_int_equal(write_to(&new, 0, 1, WALL + i), 4);
        free(new.mem);
    }

    /* of what is out of sight nothing is saved but the size of the table */

    assert_int_equal(save(&old, WALL + 2 * DAY), 1);

    free(old.mem);
}


/* a clock that was set back stands until it has come there again */

static void
set_back(void **state)
{
    side_t    old, new;
    unsigned  i;

    (void) state;

    begin(&old, SIZE, 6);
    begin(&new, SIZE, 6);

    for (i = 0; i < 6; i++) {
        assert_int_equal(write_to(&old, 0, i, WALL), 5 - i);
    }

    assert_int_equal(load(&new, save(&old, WALL), WALL, WALL - 3 * DAY), 0);

    assert_int_equal(write_to(&new, 0, 3, WALL - 3 * DAY), 0);
    assert_true(write_to(&new, 0, 6, WALL - 3 * DAY) < 0);
    assert_true(write_to(&new, 0, 6, WALL + DAY - 1) < 0);
    assert_int_equal(write_to(&new, 0, 6, WALL + DAY + 900), 5);

    free(old.mem);
    free(new.mem);
}


/* less owners fit than there were: each that does not is said */

static void
full(void **state)
{
    side_t    old, new;
    unsigned  i, lost;

    (void) state;

    begin(&old, 4 * SIZE, 6);
    begin(&new, XPECTO_UNIQUE_MIN + 64, 6);

    for (i = 0; i < 60; i++) {
        assert_int_equal(write_to(&old, i, 0, WALL), 5);
    }

    lost = load(&new, save(&old, WALL), WALL, WALL);

    assert_int_equal(lost, 60 - new.u.nowners);

    xpecto_unique_clear(&new.u);
    assert_int_equal(write_to(&new, 59, 0, WALL), 5);

    free(old.mem);
    free(new.mem);
}


static void
strange(void **state)
{
    size_t                i, k;
    side_t                side;
    xpecto_cell_t         cell;
    xpecto_unique_load_t  at;

    (void) state;

    begin(&side, SIZE, 6);
    memset(&at, 0, sizeof(xpecto_unique_load_t));
    at.made = WALL;
    at.nbuckets = side.u.slots.nbuckets;

    /* of the tables of other limits */

    cell.half.word = 1;

    for (i = 0; i < XPECTO_CELL_OWNER; i++) {
        cell.half.tag = 0xabcdef00 | i;
        assert_int_equal(xpecto_unique_load(&side.u, &at, WALL, &cell),
                         XPECTO_DECLINED);
    }

    /* nothing is written beside the tables, whatever a cell says */

    srand(2);

    for (i = 0; i < 200000; i++) {

        for (k = 0, cell.half.tag = 0, cell.half.word = 0; k < 5; k++) {
            cell.half.tag = cell.half.tag << 15 ^ (unsigned) rand();
            cell.half.word = cell.half.word << 15 ^ (unsigned) rand();
        }

        cell.half.tag = (cell.half.tag >> rand() % 60 & ~XPECTO_CELL_BITS)
                        | (i % 2 ? XPECTO_CELL_OWNER : XPECTO_CELL_RECIPIENT);
        (void) xpecto_unique_load(&side.u, &at, WALL, &cell);
        assert_int_equal(xpecto_unique_load(NULL, &at, WALL, &cell),
                         XPECTO_OK);
    }

    free(side.mem);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(same),
        cmocka_unit_test(resized),
        cmocka_unit_test(elapsed),
        cmocka_unit_test(set_back),
        cmocka_unit_test(full),
        cmocka_unit_test(strange)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
