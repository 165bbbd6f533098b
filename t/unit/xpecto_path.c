
/*
 * Expected: written by hand from what xpecto_path.h says, and what holds for
 * any path.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "xpecto_path.h"
#include "xpecto_random.h"


#define TRIES  200000
#define TEXT   40


/* a copy that ends where the text ends: who reads on is seen by ASan */

static uint8_t *
copy(const void *text, size_t len)
{
    uint8_t  *p;

    p = malloc(len ? len : 1);
    assert_non_null(p);

    memcpy(p, text, len);

    return p;
}


/* of the length of the path, no more */

static xpecto_rc_e
plain(const uint8_t *path, size_t len, uint8_t **out, size_t *n)
{
    *out = malloc(len ? len : 1);
    assert_non_null(*out);

    return xpecto_path_plain(path, len, *out, n);
}


static void
is(const char *path, const char *expected, xpecto_rc_e rc)
{
    size_t       len, n;
    uint8_t     *p, *out;
    xpecto_rc_e  got;

    len = strlen(path);
    p = copy(path, len);
    got = plain(p, len, &out, &n);

    if (got != rc || n != strlen(expected) || memcmp(out, expected, n) != 0) {
        fail_msg("%s: %d \"%.*s\" where %d \"%s\" is expected", path,
                 (int) got, (int) n, out, (int) rc, expected);
    }

    if (xpecto_path_is_plain(p, len) != (strcmp(path, expected) == 0)) {
        fail_msg("%s: is_plain()", path);
    }

    free(p);
    free(out);
}


static void
forms(void **state)
{
    size_t  i;

    static const char *const  table[][2] = {
        { "", "" },
        { "/", "/" },
        { "a", "a" },
        { "/a", "/a" },
        { "/v21.0/1/messages", "/v21.0/1/messages" },
        { "/.well-known/a..b", "/.well-known/a..b" },
        { "/Messages", "/Messages" },
        { "/a b/ c", "/a b/ c" },
        { "/..a/...b", "/..a/...b" },

        { "//", "/" },
        { "///a//b///", "/a/b" },
        { "a//b/", "a/b" },
        { "/a/", "/a" },

        { "\\", "/" },
        { "/a\\b", "/a/b" },
        { "\\a\\\\b\\", "/a/b" },

        { "/a;v=1/b;c", "/a/b" },
        { "/;a/b", "/b" },
        { "/a;", "/a" },
        { "/;", "/" },
        { ";", "" },
        { ";a/b", "b" },
        { "/a;b;c/d", "/a/d" },

        { "/a./b ", "/a/b" },
        { "/a. ./b\t. \x01", "/a/b" },
        { "/a .;b", "/a" },
        { "/./a", "/a" },
        { "/ /a", "/a" },
        { "/.../a", "/a" },
        { "/a/.. ", "/a" },
        { ".", "" },

        { "/a/..", "/" },
        { "/a/../b", "/b" },
        { "/a/x/..;/b", "/a/b" },
        { "/a/b/../../c", "/c" },
        { "/..", "/" },
        { "/../../a", "/a" },
        { "/a/b/..;c/..;d/e", "/e" },
        { "a/..", "" },
        { "a/../b", "b" },
        { "..", "" },

        { "/%61", "/a" },
        { "/%6dessages", "/messages" },
        { "/%256Dessages", "/messages" },
        { "/%25256dessages", "/messages" },
        { "/%%36d", "/m" },
        { "/%2%35%36d", "/m" },
        { "/a%2fb", "/a/b" },
        { "/a%5cb", "/a/b" },
        { "/a%3bc/b", "/a/b" },
        { "/a%252e%20/b", "/a/b" },
        { "/a/%2e%2E/b", "/b" },
        { "/a/.%252e;x/b", "/b" },
        { "%2fa", "/a" },
        { "/%", "/%" },
        { "/%6", "/%6" },
        { "/%6g", "/%6g" },
        { "/100%/a", "/100%/a" },
        { "/%6/1", "/%6/1" },
        { "/%6;/1", "/%6/1" }
    };

    (void) state;

    for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        is(table[i][0], table[i][1], XPECTO_OK);
    }
}


/* "/a//../b" is "/a/b" for who has empty segments, "/b" for who has not */

static void
doubtful(void **state)
{
    (void) state;

    is("/a//../b", "/b", XPECTO_DECLINED);
    is("//../b", "/b", XPECTO_DECLINED);
    is("/a//x/../../b", "/b", XPECTO_DECLINED);
    is("/a/;x/..;/b", "/b", XPECTO_DECLINED);
    is("/a%2f/%2e%2e/b", "/b", XPECTO_DECLINED);

    is("/a/../b//c", "/b/c", XPECTO_OK);
    is("/a//b", "/a/b", XPECTO_OK);
}


static void
zeros(void **state)
{
    size_t    n;
    uint8_t  *p, *out;

    (void) state;

    p = copy("/a\0/b%00", 8);

    assert_int_equal(xpecto_path_is_plain(p, 8), 0);
    assert_int_equal(plain(p, 8, &out, &n), XPECTO_OK);
    assert_int_equal(n, 4);
    assert_memory_equal(out, "/a/b", 4);

    free(p);
    free(out);
}


static void
segments(void **state)
{
    size_t          i;
    uint8_t        *path;
    xpecto_str_t    name;
    const uint8_t  *p;

    static const char  text[] = "/v1;a\\%6d. //..;x/.. /messages;";

    static const char *const  names[] = {
        "v1", "%6d", "", "..", "", "messages"
    };

    (void) state;

    path = copy(text, sizeof(text) - 1);
    p = path;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        assert_int_equal(xpecto_path_next(&p, path + sizeof(text) - 1, &name),
                         XPECTO_OK);
        assert_int_equal(name.len, strlen(names[i]));
        assert_memory_equal(name.data, names[i], name.len);
        assert_int_equal(xpecto_path_is_up(&name), i == 3);
    }

    assert_ptr_equal(p, path + sizeof(text) - 1);
    assert_int_equal(xpecto_path_next(&p, p, &name), XPECTO_DECLINED);

    free(path);
}


static void
any(void **state)
{
    size_t       len, n, m;
    uint8_t      text[TEXT], *p, *out, *again;
    unsigned     i;
    xpecto_rc_e  rc;

    static const char  often[] = "////...%%%;\\ ab256eE";

    (void) state;

    for (i = 0; i < TRIES; i++) {

        m = random_below(TEXT);

        for (len = 0; len < m; len++) {
            text[len] = (uint8_t) (random_below(20)
                                   ? often[random_below(sizeof(often) - 1)]
                                   : (char) random_below(256));
        }

        p = copy(text, len);
        rc = plain(p, len, &out, &n);

        assert_true(rc == XPECTO_OK || rc == XPECTO_DECLINED);
        assert_true(n <= len);
        assert_true(xpecto_path_is_plain(out, n));

        /* what is plain stays as it is, and nothing else does */

        assert_int_equal(xpecto_path_is_plain(p, len),
                         n == len && memcmp(p, out, n) == 0);

        assert_int_equal(plain(out, n, &again, &m), XPECTO_OK);
        assert_int_equal(m, n);
        assert_memory_equal(again, out, n);

        free(p);
        free(out);
        free(again);
    }
}


static void
of_url(void **state)
{
    size_t        i;
    xpecto_str_t  url, path, query;

    static const char *const  urls[][3] = {
        { "1/messages?to=2", "1/messages", "to=2" },
        { "/1/messages?to=2#top?x", "1/messages", "to=2" },
        { "https://host/1/messages#top", "1/messages", "" },
        { "https://host?a=/b", "", "a=/b" },
        { "https://host", "", "" },
        { "https:/host", "https:/host", "" },
        { "https:\\\\host\\1\\messages", "1\\messages", "" },
        { "https:/\\host/1", "1", "" },
        { "\\1\\messages", "1\\messages", "" },
        { "//host/1", "/host/1", "" },
        { "a:b/c", "a:b/c", "" },
        { "1?", "1", "" },
        { "?a", "", "a" },
        { "/", "", "" },
        { "#", "", "" },
        { "", "", "" }
    };

    (void) state;

    for (i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
        url.data = (const uint8_t *) urls[i][0];
        url.len = strlen(urls[i][0]);

        xpecto_path_of_url(&url, &path, &query);

        assert_int_equal(path.len, strlen(urls[i][1]));
        assert_memory_equal(path.data, urls[i][1], path.len);
        assert_int_equal(query.len, strlen(urls[i][2]));
        assert_memory_equal(query.data, urls[i][2], query.len);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(forms),
        cmocka_unit_test(doubtful),
        cmocka_unit_test(zeros),
        cmocka_unit_test(segments),
        cmocka_unit_test(any),
        cmocka_unit_test(of_url)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
