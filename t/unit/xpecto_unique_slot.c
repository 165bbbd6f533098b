
/*
 * Slots of recipients: what two buckets say, by the layout of xpecto_unique.h
 * word by word; and who comes between a look and the slot that it found.
 */


#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_unique_count.h"


#define SIZE   XPECTO_UNIQUE_MIN
#define SPAN   2000000u
#define TAG    0x123456789abcde1ull
#define LIMIT  10


static uint64_t  mem[SIZE / 8] __attribute__((aligned(64)));
static uint64_t  bucket[16] __attribute__((aligned(64)));


/* 96 spans before this one and 97 ahead of it are in sight */

static unsigned
taken(uint64_t word, uint32_t span)
{
    uint32_t  i;

    for (i = span - 96; i != span + 98; i++) {
        if (word != 0 && (word & 0xffff) == (i & 0xffff)) {
            return 1;
        }
    }

    return 0;
}


static void
bits(void **state)
{
    uint32_t  k, i, span, expected;
    uint64_t  hash, low;

    static const int  ago[] = { 0, 1, 95, 96, 97, 98, 32768, -1, -96, -97, -98,
                                -99, 5000 };

    (void) state;

    for (k = 0; k < 200000; k++) {
        hash = ((uint64_t) rand() << 33) ^ ((uint64_t) rand() << 11);
        span = (k % 4 == 0) ? 65536 * (k % 7) + (uint32_t) rand() % 200
                            : (uint32_t) rand();
        expected = 0;

        for (i = 0; i < 16; i++) {
            low = (span - (uint32_t) ago[rand() % 13]) & 0xffff;

            switch (rand() % 4) {

            case 0:
                bucket[i] = 0;
                break;

            case 1: /* his */
                bucket[i] = (hash & ~0xfffffull) | low | 0x30000;
                break;

            case 2: /* one bit off */
                bucket[i] = ((hash ^ 1ull << (20 + rand() % 44)) & ~0xfffffull)
                            | low | 0x10000;
                break;

            default:
                bucket[i] = ((uint64_t) rand() << 40 | (1ull << 30)) | low;
                break;
            }

            expected |= (uint32_t) (bucket[i] >> 20 == hash >> 20) << i;
            expected |= (uint32_t) !taken(bucket[i], span) << (16 + i);
        }

        assert_int_equal(xpecto_unique_slot_plain(bucket, bucket + 8, hash,
                                                  span),
                         expected);

#if defined(XPECTO_UNIQUE_VECTORS)
        if (__builtin_cpu_supports("avx2")) {
            assert_int_equal(xpecto_unique_slot_avx2(bucket, bucket + 8, hash,
                                                     span),
                             expected);
        }
#endif
    }
}


static void
look(xpecto_unique_t *u, xpecto_unique_list_t *list,
    xpecto_unique_entry_t *entry, uint32_t span)
{
    xpecto_gcra_result_t  res;

    memset(list, 0, sizeof(*list));
    memset(entry, 0, sizeof(*entry));

    entry->hash[0] = 0x7777777712345678ull;
    entry->hash[1] = 0xabcdef0123456789ull;
    list->entries = entry;
    list->n = 1;

    assert_int_equal(xpecto_unique_look(u, list, TAG, LIMIT, span * 900ull,
                                        &res),
                     XPECTO_OK);
    assert_int_equal(entry->state, XPECTO_UNIQUE_NEW);
}


static void
pay(xpecto_unique_t *u, xpecto_unique_list_t *list)
{
    assert_int_equal(xpecto_unique_pay(u, list, LIMIT), XPECTO_OK);
}


/* one of them is counted, in one slot; returns its word */

static uint64_t
once(xpecto_unique_t *u, const xpecto_unique_list_t *list)
{
    uint64_t  i, word;

    word = 0;

    for (i = 0; i < u->slots.nbuckets * XPECTO_UNIQUE_SLOTS; i++) {
        if (u->slots.slots[i] != 0) {
            assert_true(word == 0);
            word = u->slots.slots[i];
        }
    }

    assert_int_equal(xpecto_unique_count_sum(list->owner,
                                             list->owner->head.half.word,
                                             (uint32_t)
                                             (list->owner->head.half.word
                                              >> 32)),
                     1);

    return word;
}


static void
between(void **state)
{
    uint64_t               *slot, word;
    unsigned                i;
    xpecto_unique_t         u;
    xpecto_unique_list_t    a, b;
    xpecto_unique_entry_t   first, second;

    (void) state;

    /* 0: into the very slot; 1: into another one; 2: in the next span */

    for (i = 0; i < 3; i++) {
        memset(mem, 0, SIZE);
        assert_int_equal(xpecto_unique_init(&u, mem, SIZE), XPECTO_OK);

        look(&u, &a, &first, SPAN);
        slot = first.slot;
        assert_non_null(slot);

        pay(&u, &a);

        if (i != 0) {
            *slot = 0xfedcba9800010000ull | (SPAN & 0xffff);
        }

        look(&u, &b, &second, (i == 2) ? SPAN + 1 : SPAN);
        assert_true((i == 0) == (second.slot == slot));
        pay(&u, &b);
        xpecto_unique_keep(&u, &b);
        assert_int_equal(second.state, XPECTO_UNIQUE_NEW);

        if (i != 0) {
            *slot = 0;
        }

        xpecto_unique_keep(&u, &a);

        word = once(&u, &b);
        assert_int_equal(word >> 20, second.hash[1] >> 20);
        assert_int_equal(word & 0xffff, b.span & 0xffff);
        assert_int_equal(xpecto_unique_times(word), 2);

        /* whoever gives back first leaves him to the other; not over spans */

        assert_int_equal(xpecto_unique_refund(&u, &a, &first), 0);
        assert_int_equal(xpecto_unique_refund(&u, &b, &second), i != 2);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(bits),
        cmocka_unit_test(between)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
