
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_revoked.h"


static const uint8_t  secret[] = "0123456789abcdef";


static void
lines_there_and_back(void **state)
{
    size_t            i;
    uint8_t           line[XPECTO_REVOKED_HEAD], other[16];
    xpecto_revoked_t  r;

    static const xpecto_revoked_t  lines[] = {
        { 1, 0 }, { UINT64_MAX, UINT32_MAX }, { 0, 1800000000 }, { 0, 0 },
        { 0x8000000000000001ull, 1 }
    };

    (void) state;

    xpecto_revoked_head(line, secret);
    assert_int_equal(line[XPECTO_REVOKED_HEAD - 1], '\n');
    assert_memory_equal(line, "xpecto revoked 1 ", 17);
    assert_int_equal(xpecto_revoked_read_head(line, other), XPECTO_OK);
    assert_memory_equal(other, secret, 16);

    for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        xpecto_revoked_line(line, secret, &lines[i]);

        assert_int_equal(line[0], lines[i].tag ? 'r' : 'f');
        assert_int_equal(line[XPECTO_REVOKED_LINE - 1], '\n');
        assert_int_equal(xpecto_revoked_read_line(line, secret, &r),
                         XPECTO_OK);
        assert_true(r.tag == lines[i].tag);
        assert_int_equal(r.time, lines[i].time);
    }

    r.tag = 0x1234567890abcdefull;
    r.time = 1800000000;
    xpecto_revoked_line(line, secret, &r);
    assert_memory_equal(line, "r 1234567890abcdef 1800000000 ", 30);
}


static void
each_damage_is_seen(void **state)
{
    size_t            i;
    unsigned          bit;
    uint8_t           head[XPECTO_REVOKED_HEAD], line[XPECTO_REVOKED_LINE];
    uint8_t           other[16];
    xpecto_revoked_t  r;

    (void) state;

    xpecto_revoked_head(head, secret);

    r.tag = 77;
    r.time = 1800000000;
    xpecto_revoked_line(line, secret, &r);

    for (bit = 0; bit < 8; bit++) {

        for (i = 0; i < sizeof(head); i++) {
            head[i] ^= (uint8_t) (1u << bit);
            assert_int_equal(xpecto_revoked_read_head(head, other),
                             XPECTO_ERROR);
            head[i] ^= (uint8_t) (1u << bit);
        }

        for (i = 0; i < sizeof(line); i++) {
            line[i] ^= (uint8_t) (1u << bit);
            assert_int_equal(xpecto_revoked_read_line(line, secret, &r),
                             XPECTO_ERROR);
            line[i] ^= (uint8_t) (1u << bit);
        }
    }

    memcpy(other, secret, 16);
    other[3] ^= 1;
    assert_int_equal(xpecto_revoked_read_line(line, other, &r), XPECTO_ERROR);
}


static void
what_is_added_is_found(void **state)
{
    void            *mem;
    uint8_t          id[XPECTO_CHOICE_ID_LEN];
    uint32_t         i;
    uint64_t         stamp, tag, full;
    xpecto_cells_t   t;

    (void) state;

    mem = calloc(9, XPECTO_BUCKET_SIZE);
    assert_non_null(mem);
    assert_int_equal(xpecto_cells_init(&t, mem, 9 * XPECTO_BUCKET_SIZE - 1),
                     XPECTO_OK);

    stamp = 1ull << 32;
    full = 0;
    memset(id, 0, sizeof(id));

    /* 64 cells or a few more */

    for (i = 0; i < 100; i++) {
        memcpy(id, &i, sizeof(i));
        tag = xpecto_revoked_tag(secret, id);

        assert_false(xpecto_revoked_find(&t, tag, 1000));

        if (xpecto_revoked_add(&t, tag, 2000 + i, 1000, &stamp)
            == XPECTO_DECLINED)
        {
            full++;
            assert_false(xpecto_revoked_find(&t, tag, 1000));
            continue;
        }

        assert_true(xpecto_revoked_find(&t, tag, 1000));
        assert_true(xpecto_revoked_find(&t, tag, 1999 + i));
        assert_false(xpecto_revoked_find(&t, tag, 2000 + i));

        /* again, for longer, and for less long */

        assert_int_equal(xpecto_revoked_add(&t, tag, 3000, 1000, &stamp),
                         XPECTO_OK);
        assert_int_equal(xpecto_revoked_add(&t, tag, 2500, 1000, &stamp),
                         XPECTO_OK);
        assert_true(xpecto_revoked_find(&t, tag, 2999));
    }

    assert_in_range(full, 28, 44);
    assert_int_equal(xpecto_cells_used(&t, 1000, 0), 100 - full);
    assert_int_equal(xpecto_cells_used(&t, 3000, 0), 0);

    free(mem);
}


static void
one_holds_at_a_time(void **state)
{
    void            *mem;
    uint8_t          id[XPECTO_CHOICE_ID_LEN];
    uint32_t         i;
    uint64_t         mine, other, tag;
    xpecto_rc_e      rc;
    xpecto_cells_t   t;

    (void) state;

    mem = calloc(2, XPECTO_BUCKET_SIZE);
    assert_non_null(mem);
    assert_int_equal(xpecto_cells_init(&t, mem, 2 * XPECTO_BUCKET_SIZE - 1),
                     XPECTO_OK);

    mine = 1ull << 32;
    other = 2ull << 32;
    memset(id, 1, sizeof(id));
    tag = xpecto_revoked_tag(secret, id);

    assert_int_equal(xpecto_revoked_hold(&t, tag, 1060, 1000, &mine),
                     XPECTO_OK);
    assert_int_equal(xpecto_revoked_hold(&t, tag, 1061, 1001, &other),
                     XPECTO_DECLINED);

    /* held is not void, and what is void may be held */

    assert_false(xpecto_revoked_find(&t, tag, 1000));
    assert_int_equal(xpecto_revoked_add(&t, tag, 2000, 1000, &mine),
                     XPECTO_OK);
    assert_true(xpecto_revoked_find(&t, tag, 1999));

    xpecto_revoked_release(&t, tag, 1060);
    assert_int_equal(xpecto_cells_used(&t, 1000, 0), 1);

    assert_int_equal(xpecto_revoked_hold(&t, tag, 1061, 1001, &other),
                     XPECTO_OK);

    /* it ends by itself, and then is not the first one's to release */

    assert_int_equal(xpecto_revoked_hold(&t, tag, 1121, 1061, &mine),
                     XPECTO_OK);
    xpecto_revoked_release(&t, tag, 1061);
    assert_int_equal(xpecto_revoked_hold(&t, tag, 1122, 1062, &other),
                     XPECTO_DECLINED);
    xpecto_revoked_release(&t, tag, 1121);

    rc = XPECTO_OK;

    for (i = 0; i < 20 && rc == XPECTO_OK; i++) {
        memcpy(id, &i, sizeof(i));
        rc = xpecto_revoked_hold(&t, xpecto_revoked_tag(secret, id), 1060,
                                 1000, &mine);
    }

    assert_int_equal(rc, XPECTO_ERROR);

    free(mem);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(lines_there_and_back),
        cmocka_unit_test(each_damage_is_seen),
        cmocka_unit_test(what_is_added_is_found),
        cmocka_unit_test(one_holds_at_a_time),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
