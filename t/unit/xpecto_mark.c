
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "xpecto_mark.h"
#include "xpecto_random.h"


/* the words of a text of len bytes, and nothing behind its end */

static void
same(const xpecto_mark_t *a, const xpecto_mark_t *b, size_t len)
{
    size_t  n;

    n = (len + 63) / 64 * sizeof(uint64_t);

    assert_memory_equal(a->digit, b->digit, n);
    assert_memory_equal(a->join, b->join, n);
    assert_memory_equal(a->letter, b->letter, n);
    assert_memory_equal(a->other, b->other, n);
}


static void
scalar(void **state)
{
    unsigned       i, c, is;
    uint8_t        text[64];
    xpecto_mark_t  m;

    (void) state;

    /* each byte at each place, by what the header says */

    for (c = 0; c < 256; c++) {

        i = c % 64;
        memset(text, 'x', sizeof(text));
        text[i] = (uint8_t) c;

        assert_int_equal(xpecto_mark_scalar(&m, text, sizeof(text)),
                         XPECTO_OK);

        is = (c != 0 && strchr("0123456789", (int) c) != NULL);
        assert_true(m.digit[0] == (uint64_t) is << i);

        is = (c != 0 && strchr("_-.", (int) c) != NULL);
        assert_true(m.join[0] == (uint64_t) is << i);

        is = (c != 0
              && strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZbw", (int) c) != NULL);
        assert_true(m.letter[0] == (uint64_t) is << i);

        is = (c == 0 || strchr("0123456789_-.ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "abcdefghijklmnopqrstuvwxyz", (int) c)
                        == NULL);
        assert_true(m.other[0] == (uint64_t) is << i);
    }
}


static void
same_as_scalar(xpecto_rc_e (*mark)(xpecto_mark_t *m, const uint8_t *p,
    size_t len))
{
    uint8_t       *text;
    unsigned       i, j, len;
    xpecto_mark_t  a, b;

    memset(&a, 0xff, sizeof(a));

    if (mark(&a, (const uint8_t *) "", 0) != XPECTO_OK) {
        print_message("this processor has no marks\n");
        return;
    }

    for (i = 0; i < 20000; i++) {

        len = (i <= XPECTO_MARK_MAX) ? i : random_below(XPECTO_MARK_MAX + 1);
        text = malloc(len + 1);
        assert_non_null(text);

        for (j = 0; j < len; j++) {
            text[j] = (uint8_t) random_below((i & 1) ? 256 : 128);
        }

        /* on the heap, to its end: a read behind it is seen */

        memset(&a, 0xff, sizeof(a));
        text = realloc(text, len ? len : 1);
        assert_non_null(text);

        assert_int_equal(mark(&a, text, len), XPECTO_OK);
        assert_int_equal(xpecto_mark_scalar(&b, text, len), XPECTO_OK);
        same(&a, &b, len);

        free(text);
    }
}


static void
vectors(void **state)
{
    (void) state;

    same_as_scalar(xpecto_mark);
}


static void
vectors_of_16(void **state)
{
    (void) state;

    same_as_scalar(xpecto_mark_16);
}


static void
too_long(void **state)
{
    xpecto_mark_t  m;

    static const uint8_t  text[XPECTO_MARK_MAX + 1];

    (void) state;

    assert_int_equal(xpecto_mark(&m, text, sizeof(text)), XPECTO_DECLINED);
    assert_int_equal(xpecto_mark_16(&m, text, sizeof(text)),
                     XPECTO_DECLINED);
    assert_int_equal(xpecto_mark_scalar(&m, text, sizeof(text)),
                     XPECTO_DECLINED);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(scalar),
        cmocka_unit_test(vectors),
        cmocka_unit_test(vectors_of_16),
        cmocka_unit_test(too_long)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
