
#include "xpecto_doc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>


static xpecto_doc_t *
parse(const char *json, xpecto_node_t *root, xpecto_err_t *err)
{
    memset(err, 0, sizeof(xpecto_err_t));

    return xpecto_doc_parse((const uint8_t *) json, strlen(json), root, err);
}


static void
syntax_errors_name_the_line_and_quote_nothing(void **state)
{
    size_t         i;
    xpecto_err_t   err;
    xpecto_node_t  root;

    static const struct {
        const char  *json;
        const char  *line;
    } bad[] = {
        { "{\n \"a\": 1,\n \"key\": secret-4711\n}", "line 3" },
        { "{\"a\": \"secret-4711\" \"b\"}", "line 1" },
        { "{\"secret-4711\": 1,\n \"secret-4711\": 2}", "line 2" },
        { "{\"a\": 1} secret-4711", "line 1" },
        { "", "line 1" },
        { "{\"a\": \"\\u0000\"}", "line 1" },
        { "{\"a\": 99999999999999999999}", "line 1" },
    };

    (void) state;

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_null(parse(bad[i].json, &root, &err));
        assert_non_null(strstr(err.text, bad[i].line));
        assert_null(strstr(err.text, "4711"));
    }
}


static void
errors_name_the_path_and_the_line(void **state)
{
    xpecto_err_t    err;
    xpecto_doc_t   *doc;
    xpecto_node_t   root, a, b, c;

    (void) state;

    doc = parse("{\n  \"a\": {\n    \"b\": [ 1,\n      \"two\" ]\n  }\n}",
                &root, &err);
    assert_non_null(doc);

    assert_int_equal(xpecto_doc_get(&root, "a", XPECTO_DOC_OBJECT, 1, &a,
                                    &err),
                     XPECTO_OK);
    assert_int_equal(xpecto_doc_get(&a, "b", XPECTO_DOC_ARRAY, 1, &b, &err),
                     XPECTO_OK);
    assert_int_equal(xpecto_doc_size(&b), 2);

    xpecto_doc_element(&b, 1, &c);
    assert_int_equal(xpecto_doc_type(&c, XPECTO_DOC_INTEGER, &err),
                     XPECTO_ERROR);
    assert_string_equal(err.text, "not an integer at a.b[1], line 4");

    assert_int_equal(xpecto_doc_error(&root, &err, "nothing"), XPECTO_ERROR);
    assert_string_equal(err.text, "nothing at the top");

    xpecto_doc_free(doc);
}


static void
errors_are_one_line(void **state)
{
    xpecto_err_t    err;
    xpecto_doc_t   *doc;
    xpecto_node_t   root;

    static const char *const  none[] = { NULL };

    (void) state;

    doc = parse("{\n \"a\\n2026 [emerg]\\u007f\": 1\n}", &root, &err);
    assert_non_null(doc);

    assert_int_equal(xpecto_doc_members(&root, none, &err), XPECTO_ERROR);
    assert_string_equal(err.text,
                        "unknown member at a?2026 [emerg]?, line 2");

    xpecto_doc_free(doc);
}


static void
members_are_known_or_an_error(void **state)
{
    xpecto_err_t    err;
    xpecto_doc_t   *doc;
    xpecto_node_t   root, node;

    static const char *const  known[] = { "one", "two", NULL };
    static const char *const  one[] = { "one", NULL };

    (void) state;

    doc = parse("{ \"one\": true,\n\"two\": \"x\" }", &root, &err);
    assert_non_null(doc);

    assert_int_equal(xpecto_doc_members(&root, known, &err), XPECTO_OK);
    assert_int_equal(xpecto_doc_members(&root, one, &err), XPECTO_ERROR);
    assert_string_equal(err.text, "unknown member at two, line 2");

    assert_int_equal(xpecto_doc_get(&root, "three", XPECTO_DOC_STRING, 0,
                                    &node, &err),
                     XPECTO_DECLINED);
    assert_int_equal(xpecto_doc_get(&root, "three", XPECTO_DOC_STRING, 1,
                                    &node, &err),
                     XPECTO_ERROR);
    assert_string_equal(err.text, "no member \"three\" at the top");

    assert_int_equal(xpecto_doc_get(&root, "one", XPECTO_DOC_BOOLEAN, 1,
                                    &node, &err),
                     XPECTO_OK);
    assert_int_equal(xpecto_doc_boolean(&node), 1);

    assert_int_equal(xpecto_doc_get(&root, "two", XPECTO_DOC_STRING, 1,
                                    &node, &err),
                     XPECTO_OK);
    assert_int_equal(xpecto_doc_string(&node).len, 1);
    assert_int_equal(xpecto_doc_string(&node).data[0], 'x');

    xpecto_doc_free(doc);
}


static void
a_document_apart_leaves_the_heap_alone(void **state)
{
    size_t          i, len;
    char           *json;
    json_malloc_t   ours, before;
    json_free_t     release, before_free;
    xpecto_err_t    err;
    xpecto_doc_t   *doc;
    xpecto_node_t   root, last;

    (void) state;

    /* a string longer than a block, and many that are short */

    len = 3 * 1024 * 1024;
    json = malloc(len + 1);
    assert_non_null(json);

    memcpy(json, "[\"", 2);
    memset(json + 2, 'a', 2 * 1024 * 1024);

    for (i = 2 * 1024 * 1024 + 2; i + 16 < len; i += 5) {
        memcpy(json + i, "\",\"xy", 5);
    }

    memcpy(json + i, "\"]", 3);

    json_get_alloc_funcs(&before, &before_free);

    xpecto_doc_apart();
    json_get_alloc_funcs(&ours, &release);

    assert_false(ours == before);
    assert_false(release == before_free);

    doc = parse(json, &root, &err);
    assert_non_null(doc);
    assert_int_equal(((uintptr_t) root.json) % 16, 0);

    xpecto_doc_element(&root, 0, &last);
    assert_int_equal(xpecto_doc_string(&last).len, 2 * 1024 * 1024);

    xpecto_doc_element(&root, xpecto_doc_size(&root) - 1, &last);
    assert_memory_equal(xpecto_doc_string(&last).data, "xy", 3);

    xpecto_doc_free(doc);

    assert_null(parse("[1,", &root, &err));
    assert_null(ours(SIZE_MAX));

    xpecto_doc_apart_end();
    json_get_alloc_funcs(&ours, &release);

    assert_true(ours == before);
    assert_true(release == before_free);

    /* a second time, and as ever after it */

    xpecto_doc_apart();
    xpecto_doc_apart_end();

    doc = parse("[ 7 ]", &root, &err);
    assert_non_null(doc);
    xpecto_doc_free(doc);

    free(json);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(syntax_errors_name_the_line_and_quote_nothing),
        cmocka_unit_test(errors_name_the_path_and_the_line),
        cmocka_unit_test(a_document_apart_leaves_the_heap_alone),
        cmocka_unit_test(errors_are_one_line),
        cmocka_unit_test(members_are_known_or_an_error),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
