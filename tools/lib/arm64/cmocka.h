
/*
 * As much of cmocka as the tests of vectors need: there is none for another
 * processor on most machines.  The first failure ends the run.
 */


#ifndef _CMOCKA_H_INCLUDED_
#define _CMOCKA_H_INCLUDED_


#include <stdio.h>
#include <stdlib.h>
#include <string.h>


struct CMUnitTest {
    const char  *name;
    void       (*test)(void **state);
};


#define cmocka_unit_test(f)                  { #f, f }
#define cmocka_set_message_output(to)        (void) (to)

#define CM_OUTPUT_TAP  0

#define print_message(...)  (void) printf("# " __VA_ARGS__)
#define print_error(...)    (void) fprintf(stderr, __VA_ARGS__)

#define fail_msg(...)                                                        \
    do {                                                                     \
        (void) fprintf(stderr, "%s:%d: ", __FILE__, __LINE__);               \
        (void) fprintf(stderr, __VA_ARGS__);                                 \
        (void) fputc('\n', stderr);                                          \
        exit(1);                                                             \
    } while (0)

#define assert_true(a)                                                       \
    do { if (!(a)) { fail_msg("%s", #a); } } while (0)

#define fail()                     fail_msg("failed")
#define assert_false(a)            assert_true(!(a))
#define assert_null(a)             assert_true((a) == NULL)
#define assert_non_null(a)         assert_true((a) != NULL)
#define assert_ptr_equal(a, b)     assert_true((a) == (b))
#define assert_int_equal(a, b)                                               \
    assert_true((unsigned long long) (a) == (unsigned long long) (b))
#define assert_in_range(a, b, c)                                             \
    assert_true((size_t) (a) >= (size_t) (b) && (size_t) (a) <= (size_t) (c))
#define assert_memory_equal(a, b, n)  assert_true(memcmp(a, b, n) == 0)

#define cmocka_run_group_tests(tests, setup, teardown)                       \
    cmocka_run(tests, sizeof(tests) / sizeof((tests)[0]), setup, teardown)


static inline int
cmocka_run(const struct CMUnitTest *tests, size_t n, int (*setup)(void **),
    int (*teardown)(void **))
{
    void    *state;
    size_t   i;

    state = NULL;

    (void) printf("1..%zu\n", n);

    if (setup != NULL && setup(&state) != 0) {
        return 1;
    }

    for (i = 0; i < n; i++) {
        tests[i].test(&state);
        (void) printf("ok %zu - %s\n", i + 1, tests[i].name);
        (void) fflush(stdout);
    }

    return (teardown == NULL) ? 0 : teardown(&state);
}


#endif /* _CMOCKA_H_INCLUDED_ */
