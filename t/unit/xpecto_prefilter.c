
/* links: core/xpecto_prefilter.c core/xpecto_prefilter_x86.c */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "xpecto_prefilter.h"


#define ALL  ((1u << XPECTO_CLASSES) - 1)


static uint64_t  seed = 1;


static unsigned
random_below(unsigned n)
{
    seed = seed * 6364136223846793005ull + 1442695040888963407ull;

    return (unsigned) (seed >> 33) % n;
}


/* every byte at every place, then random blocks rich in what matters */

static void
same_masks(xpecto_prefilter_pt masks)
{
    unsigned                  i, j, len;
    uint8_t                   block[XPECTO_PREFILTER_BLOCK + 1];
    xpecto_prefilter_masks_t  a, b;

    static const char  often[] = "0123456789+-(). :%\\@BbESwJYAaEeGgKk";

    for (i = 0; i < 256 * XPECTO_PREFILTER_BLOCK; i++) {
        memset(block, 'x', sizeof(block));
        block[i / 256] = (uint8_t) i;

        xpecto_prefilter_scalar(block, XPECTO_PREFILTER_BLOCK, &a);
        masks(block, XPECTO_PREFILTER_BLOCK, &b);
        assert_memory_equal(&a, &b, sizeof(a));
    }

    for (i = 0; i < 100000; i++) {

        len = random_below(XPECTO_PREFILTER_BLOCK + 1);
        memset(block, 0, sizeof(block));

        for (j = 0; j < len; j++) {
            block[i % 2 + j] = (uint8_t)
                (random_below(4) ? often[random_below(sizeof(often) - 1)]
                                 : (char) random_below(256));
        }

        xpecto_prefilter_scalar(block + i % 2, len, &a);
        masks(block + i % 2, len, &b);
        assert_memory_equal(&a, &b, sizeof(a));
    }
}


static void
sse2_is_scalar(void **state)
{
    (void) state;

    if (xpecto_prefilter_sse2() == NULL) {
        skip();
    }

    same_masks(xpecto_prefilter_sse2());
}


static void
avx2_is_scalar(void **state)
{
    (void) state;

    if (xpecto_prefilter_avx2() == NULL) {
        skip();
    }

    same_masks(xpecto_prefilter_avx2());
}


/* at: positions, ended by -1 */

static void
points_at(const char *text, const int *at, unsigned classes)
{
    uint8_t                   block[XPECTO_PREFILTER_BLOCK];
    uint64_t                  expected;
    xpecto_prefilter_masks_t  m;

    memset(block, 0, sizeof(block));
    memcpy(block, text, strlen(text));

    for (expected = 0; *at >= 0; at++) {
        expected |= (uint64_t) 1 << *at;
    }

    xpecto_prefilter()(block, strlen(text), &m);

    assert_int_equal(xpecto_prefilter_candidates(&m, 0, classes), expected);
}


static void
candidates_of_each_class(void **state)
{
    static const int  plain[] = { 3, 17, 25, 28, 29, 30, -1 };
    static const int  grouped[] = { 0, 2, 6, 12, 16, -1 };
    static const int  addresses[] = { 0, 4, 24, 28, -1 };
    static const int  email[] = { 1, -1 };
    static const int  user[] = { 2, -1 };
    static const int  tokens[] = { 0, 6, 8, 19, -1 };
    static const int  none[] = { -1 };

    (void) state;

    points_at("to=16505551234&n=123456 +12 1%20", plain,
              XPECTO_CLASS_BIT(XPECTO_CLASS_PHONE));
    points_at("1-650 1.650.5 0.123 1.2.3", grouped,
              XPECTO_CLASS_BIT(XPECTO_CLASS_PHONE));
    points_at("192.0.2.1 0.123 v1.22 12:00 ::1 a: \"b\":", addresses,
              XPECTO_CLASS_BIT(XPECTO_CLASS_IP));
    points_at("a@b", email, XPECTO_CLASS_BIT(XPECTO_CLASS_EMAIL));
    points_at("US.1 a.b", user, XPECTO_CLASS_BIT(XPECTO_CLASS_USER));
    points_at("EAA eyJ wamid when Bearer", tokens,
              XPECTO_CLASS_BIT(XPECTO_CLASS_CREDENTIAL));
    points_at("nothing of note here", none, ALL);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(sse2_is_scalar),
        cmocka_unit_test(avx2_is_scalar),
        cmocka_unit_test(candidates_of_each_class)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
