
/*
 * Expected: the table on top of xpecto_weight.h, by hand.
 */

#include "xpecto_weight.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>


/* of a copy that ends where it ends: who reads on is seen by ASan */

static xpecto_rc_e
parse(xpecto_weight_t *w, const char *s, size_t len)
{
    uint8_t      *p;
    xpecto_rc_e   rc;

    p = malloc(len ? len : 1);
    assert_non_null(p);

    if (len != 0) {
        memcpy(p, s, len);
    }

    rc = xpecto_weight_parse(w, p, len);

    free(p);

    return rc;
}


static void
parsed(xpecto_weight_t *w, const char *s, xpecto_weight_e kind)
{
    assert_int_equal(parse(w, s, strlen(s)), XPECTO_OK);
    assert_int_equal(w->kind, kind);
}


static uint64_t
weight(const xpecto_weight_t *w, const char *type, uint64_t messages,
    uint64_t bytes)
{
    xpecto_load_t  load;

    load.bytes = bytes;
    load.messages = messages;
    load.type.data = (const uint8_t *) type;
    load.type.len = strlen(type);

    return xpecto_weight(w, &load);
}


static void
refused(void **state)
{
    size_t           i;
    xpecto_weight_t  w;

    static const char *const  bad[] = {
        "", " ", "-1", "+1", "1 ", " 1", "1.5", "0x1", "1k",
        "1000001", "4294967297", "18446744073709551617",
        "recipient", "recipientss", "Recipients", "byte", "bytes ",
        "kbyte", "kilobytes", "bytes:1", "recipients:1",
        "text", ":", ":1", "text:", "text:x", "text:-1", "text: 1",
        "text:1000001", "text:4294967297", "text:1:2", "Text:1",
        "texts:1", "tex:1", "image:1", "audio:1",
        ",", ",text:1", "text:1,", "text:1,,media:1", "text:1, media:1",
        "text:1;media:1", "text:1,text:1", "other:1,text:2,other:1",
        "text:1,12", "12,text:1", "bytes,text:1"
    };

    (void) state;

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (parse(&w, bad[i], strlen(bad[i])) != XPECTO_ERROR) {
            fail_msg("\"%s\" is taken", bad[i]);
        }
    }

    assert_int_equal(parse(&w, "1\0", 2), XPECTO_ERROR);
    assert_int_equal(parse(&w, "text\0:1", 7), XPECTO_ERROR);
}


static void
numbers(void **state)
{
    size_t           i;
    xpecto_weight_t  w;

    static const struct {
        const char  *text;
        uint64_t     number;
    } rows[] = {
        { "0", 0 }, { "1", 1 }, { "12", 12 }, { "007", 7 },
        { "999999", 999999 }, { "1000000", 1000000 }
    };

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        parsed(&w, rows[i].text, XPECTO_WEIGHT_NUMBER);
        assert_int_equal(weight(&w, "", 1, 0), rows[i].number);

        /* whatever it is */

        assert_int_equal(weight(&w, "image", 9, 5000), rows[i].number);
    }
}


static void
nothing_said(void **state)
{
    xpecto_weight_t  w;

    (void) state;

    memset(&w, 0, sizeof(xpecto_weight_t));

    assert_int_equal(weight(&w, "", 0, 0), 1);
    assert_int_equal(weight(&w, "video", 9, 5000), 1);
    assert_int_equal(xpecto_weight_of_body(&w), 0);
}


static void
recipients(void **state)
{
    xpecto_weight_t  w;

    (void) state;

    parsed(&w, "recipients", XPECTO_WEIGHT_RECIPIENTS);

    assert_int_equal(weight(&w, "text", 0, 77), 0);
    assert_int_equal(weight(&w, "text", 1, 77), 1);
    assert_int_equal(weight(&w, "", 250, 77), 250);
}


static void
bytes(void **state)
{
    size_t           i;
    xpecto_weight_t  b, k;

    static const struct {
        uint64_t  bytes;
        uint64_t  kbytes;
    } rows[] = {
        { 0, 0 }, { 1, 1 }, { 1023, 1 }, { 1024, 1 }, { 1025, 2 },
        { 2048, 2 }, { 2049, 3 }, { 104857600, 102400 },
        { 9223372036854775807ull, 9007199254740992ull },
        { 18446744073709551615ull, 18014398509481984ull }
    };

    (void) state;

    parsed(&b, "bytes", XPECTO_WEIGHT_BYTES);
    parsed(&k, "kbytes", XPECTO_WEIGHT_KBYTES);

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_true(weight(&b, "text", 9, rows[i].bytes) == rows[i].bytes);
        assert_true(weight(&k, "text", 9, rows[i].bytes) == rows[i].kbytes);
    }
}


static void
types(void **state)
{
    size_t           i;
    xpecto_weight_t  w;

    static const struct {
        const char  *type;
        uint64_t     units;
    } rows[] = {
        { "text", 2 }, { "template", 3 }, { "interactive", 5 },
        { "reaction", 7 }, { "location", 11 }, { "contacts", 13 },
        { "media", 17 }, { "audio", 17 }, { "document", 17 },
        { "image", 17 }, { "sticker", 17 }, { "video", 17 },
        { "other", 19 }, { "", 19 }, { "order", 19 }, { "Text", 19 },
        { "texts", 19 }, { "tex", 19 }, { "images", 19 }, { "vide", 19 }
    };

    (void) state;

    parsed(&w, "contacts:13,text:2,other:19,template:3,media:17,reaction:7,"
               "interactive:5,location:11", XPECTO_WEIGHT_TYPE);

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(weight(&w, rows[i].type, 1, 99), rows[i].units);
        assert_int_equal(weight(&w, rows[i].type, 4, 99),
                         4 * rows[i].units);
        assert_int_equal(weight(&w, rows[i].type, 0, 99), 0);
    }

    /* more messages than any body has, of the heaviest type */

    parsed(&w, "text:1000000", XPECTO_WEIGHT_TYPE);
    assert_true(weight(&w, "text", 1ull << 32, 0) == 4294967296000000ull);
}


/* what is not named counts as other does, and other is 1 */

static void
types_not_named(void **state)
{
    xpecto_weight_t  w;

    (void) state;

    parsed(&w, "text:1,media:3,other:0", XPECTO_WEIGHT_TYPE);
    assert_int_equal(weight(&w, "text", 1, 0), 1);
    assert_int_equal(weight(&w, "sticker", 1, 0), 3);
    assert_int_equal(weight(&w, "template", 1, 0), 0);
    assert_int_equal(weight(&w, "", 1, 0), 0);

    parsed(&w, "media:3", XPECTO_WEIGHT_TYPE);
    assert_int_equal(weight(&w, "video", 1, 0), 3);
    assert_int_equal(weight(&w, "text", 1, 0), 1);
    assert_int_equal(weight(&w, "unheard-of", 1, 0), 1);

    parsed(&w, "other:4,text:0", XPECTO_WEIGHT_TYPE);
    assert_int_equal(weight(&w, "text", 1, 0), 0);
    assert_int_equal(weight(&w, "image", 1, 0), 4);
    assert_int_equal(weight(&w, "unheard-of", 1, 0), 4);

    /* of one text nothing is left in the next */

    parsed(&w, "location:9", XPECTO_WEIGHT_TYPE);
    assert_int_equal(weight(&w, "image", 1, 0), 1);
    parsed(&w, "6", XPECTO_WEIGHT_NUMBER);
    assert_int_equal(weight(&w, "location", 1, 0), 6);
}


static void
of_body(void **state)
{
    xpecto_weight_t  w;

    (void) state;

    parsed(&w, "3", XPECTO_WEIGHT_NUMBER);
    assert_int_equal(xpecto_weight_of_body(&w), 0);

    /* Content-Length tells */

    parsed(&w, "bytes", XPECTO_WEIGHT_BYTES);
    assert_int_equal(xpecto_weight_of_body(&w), 0);
    parsed(&w, "kbytes", XPECTO_WEIGHT_KBYTES);
    assert_int_equal(xpecto_weight_of_body(&w), 0);

    parsed(&w, "recipients", XPECTO_WEIGHT_RECIPIENTS);
    assert_int_equal(xpecto_weight_of_body(&w), 1);
    parsed(&w, "other:1", XPECTO_WEIGHT_TYPE);
    assert_int_equal(xpecto_weight_of_body(&w), 1);
}


static void
none(void **state)
{
    size_t           i;
    xpecto_weight_t  w;

    static const struct {
        const char       *text;
        xpecto_weight_e   kind;
        int               none;
    } rows[] = {
        { "0", XPECTO_WEIGHT_NUMBER, 1 },
        { "1", XPECTO_WEIGHT_NUMBER, 0 },
        { "recipients", XPECTO_WEIGHT_RECIPIENTS, 0 },
        { "bytes", XPECTO_WEIGHT_BYTES, 0 },
        { "kbytes", XPECTO_WEIGHT_KBYTES, 0 },
        { "other:0", XPECTO_WEIGHT_TYPE, 1 },
        { "text:0,media:0,other:0", XPECTO_WEIGHT_TYPE, 1 },
        { "text:0", XPECTO_WEIGHT_TYPE, 0 },
        { "text:0,media:1,other:0", XPECTO_WEIGHT_TYPE, 0 }
    };

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        parsed(&w, rows[i].text, rows[i].kind);
        assert_int_equal(xpecto_weight_none(&w), rows[i].none);
    }

    /* nothing was said: that is 1 */

    memset(&w, 0, sizeof(xpecto_weight_t));
    assert_int_equal(xpecto_weight_none(&w), 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(refused),
        cmocka_unit_test(numbers),
        cmocka_unit_test(nothing_said),
        cmocka_unit_test(recipients),
        cmocka_unit_test(bytes),
        cmocka_unit_test(types),
        cmocka_unit_test(types_not_named),
        cmocka_unit_test(of_body),
        cmocka_unit_test(none)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
