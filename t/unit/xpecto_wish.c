
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_wish.h"


typedef xpecto_wish_e (*parse_pt)(xpecto_wish_t *wish, const uint8_t *body,
    size_t len);


/* what a body says, in a buffer of just its size */

static xpecto_wish_e
parse(parse_pt fn, const char *body, xpecto_wish_t *wish)
{
    size_t         len;
    uint8_t       *p;
    xpecto_wish_e  reason;

    len = strlen(body);
    p = malloc(len + (len == 0));
    assert_non_null(p);
    memcpy(p, body, len);

    memset(wish, 0, sizeof(xpecto_wish_t));
    reason = fn(wish, p, len);

    free(p);

    return reason;
}


static void
expect(parse_pt fn, const char *body, xpecto_wish_e reason)
{
    xpecto_wish_t  wish;

    assert_int_equal(parse(fn, body, &wish), reason);
}


static void
test_json(void **state)
{
    xpecto_wish_t  wish;

    (void) state;

    assert_int_equal(parse(xpecto_wish_json,
                           "{\"accept\":[\"analytics\",\"functional\"],"
                           "\"reject\":[\"*\"],\"restrict\":true}", &wish),
                     XPECTO_WISH_OK);
    assert_int_equal(wish.accept, 0x000a);
    assert_int_equal(wish.reject, 0);
    assert_int_equal(wish.accept_all, 0);
    assert_int_equal(wish.reject_all, 1);
    assert_int_equal(wish.restriction, XPECTO_RESTRICT_ON);

    assert_int_equal(parse(xpecto_wish_json, "{\"restrict\":false}", &wish),
                     XPECTO_WISH_OK);
    assert_int_equal(wish.restriction, XPECTO_RESTRICT_OFF);
    assert_int_equal(wish.accept | wish.reject, 0);

    expect(xpecto_wish_json, "{}", XPECTO_WISH_OK);
    expect(xpecto_wish_json, "", XPECTO_WISH_JSON);
    expect(xpecto_wish_json, "{", XPECTO_WISH_JSON);
    expect(xpecto_wish_json, "{} {}", XPECTO_WISH_JSON);
    expect(xpecto_wish_json, "{\"accept\":[],\"accept\":[]}",
           XPECTO_WISH_JSON);
    expect(xpecto_wish_json, "{\"accept\":[],\"\\u0061ccept\":[]}",
           XPECTO_WISH_JSON);
    expect(xpecto_wish_json, "{\"accept\":[\"\\u0000\"]}", XPECTO_WISH_JSON);
    expect(xpecto_wish_json, "[]", XPECTO_WISH_MEMBERS);
    expect(xpecto_wish_json, "{\"x\":1}", XPECTO_WISH_MEMBERS);
    expect(xpecto_wish_json, "{\"restrict\":1}", XPECTO_WISH_MEMBERS);
    expect(xpecto_wish_json, "{\"accept\":\"analytics\"}",
           XPECTO_WISH_LISTS);
    expect(xpecto_wish_json, "{\"accept\":[1]}", XPECTO_WISH_LISTS);
    expect(xpecto_wish_json, "{\"reject\":[\"Analytics\"]}",
           XPECTO_WISH_UNKNOWN);
    expect(xpecto_wish_json, "{\"reject\":[\"\"]}", XPECTO_WISH_UNKNOWN);
}


static void
test_depth(void **state)
{
    (void) state;

    /* four levels are read, and are then what they are */

    expect(xpecto_wish_json, "{\"x\":[[[]]]}", XPECTO_WISH_MEMBERS);
    expect(xpecto_wish_json, "{\"x\":[[[[]]]]}", XPECTO_WISH_DEEP);
    expect(xpecto_wish_json, "[[[[[", XPECTO_WISH_DEEP);
    expect(xpecto_wish_json, "[[[[", XPECTO_WISH_JSON);

    /* brackets of strings are none, nor is what closes too much */

    expect(xpecto_wish_json, "{\"accept\":[\"[[[[[\"]}",
           XPECTO_WISH_UNKNOWN);
    expect(xpecto_wish_json, "{\"accept\":[\"\\\"[[[[[\"]}",
           XPECTO_WISH_UNKNOWN);
    expect(xpecto_wish_json, "]]]]{}", XPECTO_WISH_JSON);
    expect(xpecto_wish_birth_json, "{\"x\":[[[[]]]]}", XPECTO_WISH_DEEP);
}


static void
test_form(void **state)
{
    xpecto_wish_t  wish;

    (void) state;

    assert_int_equal(parse(xpecto_wish_form,
                           "reject=all&p.analytics=1&p.functional=0"
                           "&restrict=1&return=%2Fa%3Fb", &wish),
                     XPECTO_WISH_OK);
    assert_int_equal(wish.accept, 0x0008);
    assert_int_equal(wish.reject, 0x0002);
    assert_int_equal(wish.reject_all, 1);
    assert_int_equal(wish.restriction, XPECTO_RESTRICT_ON);
    assert_int_equal(wish.redirect, 1);
    assert_int_equal(wish.back_len, 4);
    assert_memory_equal(wish.back, "/a?b", 4);

    expect(xpecto_wish_form, "", XPECTO_WISH_OK);
    expect(xpecto_wish_form, "accept=all&accept=all", XPECTO_WISH_FIELD);
    expect(xpecto_wish_form, "restrict=1&restrict=0", XPECTO_WISH_FIELD);
    expect(xpecto_wish_form, "restrict=2", XPECTO_WISH_FIELD);
    expect(xpecto_wish_form, "p.=1", XPECTO_WISH_FIELD);
    expect(xpecto_wish_form, "p.x=1", XPECTO_WISH_FIELD);
    expect(xpecto_wish_form, "p.analytics=1&p.analytics=1",
           XPECTO_WISH_FIELD);
    expect(xpecto_wish_form, "p.analytics=%", XPECTO_WISH_FORM);
    expect(xpecto_wish_form, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=1",
           XPECTO_WISH_FORM);
    expect(xpecto_wish_form, "return=/&return=/", XPECTO_WISH_FIELD);
    expect(xpecto_wish_form, "return=//x", XPECTO_WISH_RETURN);
    expect(xpecto_wish_form, "return=", XPECTO_WISH_RETURN);
    expect(xpecto_wish_form, "month=4&year=2010", XPECTO_WISH_FIELD);
}


static void
test_birth(void **state)
{
    size_t         i;
    xpecto_wish_t  wish;

    static const char *const  json[] = {
        "{}", "{\"month\":4}", "{\"year\":2010}",
        "{\"month\":0,\"year\":2010}", "{\"month\":13,\"year\":2010}",
        "{\"month\":4,\"year\":1899}", "{\"month\":4,\"year\":10000}",
        "{\"month\":\"4\",\"year\":2010}", "{\"month\":4.0,\"year\":2010}",
        "{\"month\":-4,\"year\":2010}",
        "{\"month\":4,\"year\":18446744073709551626}"
    };

    static const char *const  form[] = {
        "", "month=4", "year=2010", "month=&year=2010", "month=0&year=2010",
        "month=13&year=2010", "month=4&year=02010", "month=+4&year=2010",
        "month=4x&year=2010", "month=4&year=1899"
    };

    (void) state;

    assert_int_equal(parse(xpecto_wish_birth_json,
                           "{\"month\":4,\"year\":2010}", &wish),
                     XPECTO_WISH_OK);
    assert_int_equal(wish.month, 4);
    assert_int_equal(wish.year, 2010);

    assert_int_equal(parse(xpecto_wish_birth_form,
                           "month=04&year=2010&return=/x", &wish),
                     XPECTO_WISH_OK);
    assert_int_equal(wish.month, 4);
    assert_int_equal(wish.year, 2010);
    assert_int_equal(wish.back_len, 2);

    for (i = 0; i < sizeof(json) / sizeof(json[0]); i++) {
        assert_int_not_equal(parse(xpecto_wish_birth_json, json[i], &wish),
                             XPECTO_WISH_OK);
    }

    for (i = 0; i < sizeof(form) / sizeof(form[0]); i++) {
        assert_int_not_equal(parse(xpecto_wish_birth_form, form[i], &wish),
                             XPECTO_WISH_OK);
    }

    expect(xpecto_wish_birth_json, "{\"month\":4,\"year\":2010,\"day\":1}",
           XPECTO_WISH_MEMBERS);
    expect(xpecto_wish_birth_form, "month=4&month=4&year=2010",
           XPECTO_WISH_FIELD);
    expect(xpecto_wish_birth_form, "month=4&year=2010&day=1",
           XPECTO_WISH_FIELD);
}


static xpecto_wish_e
complete(xpecto_wish_t *wish, const char *json, int whole)
{
    assert_int_equal(parse(xpecto_wish_json, json, wish), XPECTO_WISH_OK);

    return xpecto_wish_complete(wish, 0x000e, whole);
}


static void
test_complete(void **state)
{
    xpecto_wish_t  wish;

    (void) state;

    assert_int_equal(complete(&wish, "{\"accept\":[\"*\"]}", 1),
                     XPECTO_WISH_OK);
    assert_int_equal(wish.accept, 0x000e);
    assert_int_equal(wish.reject, 0);

    assert_int_equal(complete(&wish, "{\"accept\":[\"analytics\"],"
                                     "\"reject\":[\"*\"]}", 1),
                     XPECTO_WISH_OK);
    assert_int_equal(wish.accept, 0x0008);
    assert_int_equal(wish.reject, 0x0006);

    assert_int_equal(complete(&wish, "{\"accept\":[\"analytics\"]}", 0),
                     XPECTO_WISH_OK);
    assert_int_equal(complete(&wish, "{\"accept\":[\"analytics\"]}", 1),
                     XPECTO_WISH_PARTIAL);
    assert_int_equal(complete(&wish, "{\"accept\":[\"ad_storage\"]}", 0),
                     XPECTO_WISH_UNUSED);
    assert_int_equal(complete(&wish, "{\"reject\":[\"security\"]}", 0),
                     XPECTO_WISH_NECESSARY);
    assert_int_equal(complete(&wish, "{\"accept\":[\"analytics\"],"
                                     "\"reject\":[\"analytics\"]}", 0),
                     XPECTO_WISH_TWICE);
    assert_int_equal(complete(&wish, "{\"accept\":[\"*\"],"
                                     "\"reject\":[\"*\"]}", 0),
                     XPECTO_WISH_TWICE);
    assert_int_equal(complete(&wish, "{}", 0), XPECTO_WISH_NOTHING);
    assert_int_equal(complete(&wish, "{\"restrict\":true}", 0),
                     XPECTO_WISH_OK);
}


static void
test_texts(void **state)
{
    int  i;

    (void) state;

    for (i = XPECTO_WISH_JSON; i <= XPECTO_WISH_PARTIAL; i++) {
        assert_true(strlen(xpecto_wish_text((xpecto_wish_e) i)) > 10);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_form),
        cmocka_unit_test(test_birth),
        cmocka_unit_test(test_complete),
        cmocka_unit_test(test_texts)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
