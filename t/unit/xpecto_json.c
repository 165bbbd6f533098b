
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "xpecto_json.h"


#define u8(s)  ((const uint8_t *) (s))


typedef struct {
    size_t   len;
    char     text[8192];
} trace_t;


/* one event is "path type value start-end" and a line feed */

static xpecto_rc_e
trace(void *data, const xpecto_json_value_t *v)
{
    trace_t  *t = data;

    t->len += (size_t) snprintf(t->text + t->len, sizeof(t->text) - t->len,
                                "%u%c%s %.*s %u-%u\n", v->path,
                                "snloa"[v->type], v->truncated ? "!" : "",
                                (int) v->value.len,
                                (const char *) v->value.data,
                                (unsigned) v->start, (unsigned) v->end);
    assert_true(t->len < sizeof(t->text));

    return XPECTO_OK;
}


static xpecto_rc_e
run(const xpecto_json_paths_t *paths, const uint8_t *p, size_t len,
    size_t first, size_t rest, trace_t *t)
{
    size_t         n;
    uint8_t       *piece;
    xpecto_rc_e    rc;
    xpecto_json_t  js;

    t->len = 0;
    t->text[0] = '\0';

    xpecto_json_init(&js, paths, trace, t);

    for (n = first; len != 0; p += n, len -= n, n = rest) {
        n = (n < len) ? n : len;

        /* a block of its own, so that a read beyond it is seen */

        piece = malloc(n ? n : 1);
        assert_non_null(piece);
        memcpy(piece, p, n);

        rc = xpecto_json_feed(&js, piece, n);
        free(piece);

        if (rc != XPECTO_OK) {
            assert_int_equal(xpecto_json_feed(&js, u8(" "), 1), rc);
            assert_int_equal(xpecto_json_finish(&js), rc);
            return rc;
        }
    }

    return xpecto_json_finish(&js);
}


/* the events of the whole, of every split in two and of single bytes */

static void
expect_n(const char *const *list, unsigned n, const char *json, size_t len,
    const char *events)
{
    size_t               i;
    trace_t              t;
    xpecto_json_paths_t  paths;

    assert_int_equal(xpecto_json_compile(&paths, list, n), XPECTO_OK);

    assert_int_equal(run(&paths, u8(json), len, len, len, &t), XPECTO_OK);
    assert_string_equal(t.text, events);

    for (i = 0; i <= len; i++) {
        assert_int_equal(run(&paths, u8(json), len, i, len, &t), XPECTO_OK);
        assert_string_equal(t.text, events);
    }

    assert_int_equal(run(&paths, u8(json), len, 1, 1, &t), XPECTO_OK);
    assert_string_equal(t.text, events);
}


#define expect(json, events, ...)                                            \
    do {                                                                     \
        static const char *const  list_[] = { __VA_ARGS__ };                 \
        expect_n(list_, sizeof(list_) / sizeof(list_[0]), json,              \
                 strlen(json), events);                                      \
    } while (0)


static void
test_members(void **state)
{
    (void) state;

    expect("{\"to\":\"1\"}", "0s 1 6-9\n", "to");
    expect(" { \"to\" : 12 , \"x\" : 0 } ", "0n 12 10-12\n", "to");
    expect("{\"a\":{\"to\":\"1\"},\"to\":\"2\"}", "0s 2 21-24\n", "to");
    expect("{\"text\":{\"body\":\"hi\"},\"body\":\"no\"}",
           "0s hi 16-20\n", "text.body");
    expect("{\"t\":[{\"body\":\"no\"}],\"x\":1}", "", "t.body");
    expect("{\"a\":true,\"b\":false,\"c\":null}",
           "0l true 5-9\n1l false 14-19\n2l null 24-28\n", "a", "b", "c");
    expect("{\"a\":-0.5e+10}", "0n -0.5e+10 5-13\n", "a");
    expect("{\"a\":{},\"b\":[]}", "0o  5-7\n1a  12-14\n", "a", "b");
    expect("{\"a\":{\"b\":{\"c\":1}}}",
           "2n 1 15-16\n1o  10-17\n0o  5-18\n", "a", "a.b", "a.b.c");
    expect("{\"tox\":1,\"t\":2,\"To\":3,\"\":4}", "", "to");
    expect("{\"a\":1}", "0n 1 5-6\n1n 1 5-6\n", "a", "a");
}


static void
test_every_occurrence(void **state)
{
    (void) state;

    expect("{\"to\":\"1\",\"to\":\"2\"}", "0s 1 6-9\n0s 2 15-18\n", "to");
    expect("{\"\\u0074o\":1,\"t\\u006F\":2}",
           "0n 1 11-12\n0n 2 23-24\n", "to");
    expect("{\"a\":{\"b\":1},\"a\":{\"b\":2}}",
           "0n 1 10-11\n0n 2 22-23\n", "a.b");
}


static void
test_arrays(void **state)
{
    (void) state;

    expect("[{\"to\":1},{\"to\":2}]", "0n 1 7-8\n0n 2 16-17\n", "[].to");
    expect("{\"to\":[1,[2],\"3\"]}",
           "0n 1 7-8\n1n 2 10-11\n0a  9-12\n0s 3 13-16\n",
           "to[]", "to[][]");
    expect("[[[5]]]", "0n 5 3-4\n", "[][][]");
    expect("{\"a\":[{\"b\":[{\"c\":1},{\"c\":2}]},{\"b\":[{\"c\":3}]}]}",
           "0n 1 17-18\n0n 2 25-26\n0n 3 41-42\n", "a[].b[].c");
    expect("{\"a\":{\"b\":1}}", "", "a[].b");
    expect("[{\"to\":1}]", "", "to");
    expect("[]", "", "[]");
}


static void
test_wildcards(void **state)
{
    static char         json[XPECTO_JSON_KEY_MAX + 16];
    static const char  *list[] = { "*" };

    (void) state;

    expect("{\"a\":{\"x\":1},\"b\":{\"x\":2}}",
           "0n 1 10-11\n0n 2 22-23\n", "*.x");
    expect("{\"a\":1,\"b\":\"2\"}", "0n 1 5-6\n0s 2 11-14\n", "*");
    expect("{\"a\":1}", "0n 1 5-6\n1n 1 5-6\n", "*", "a");
    expect("[1]", "", "*");
    expect("{\"d\":{\"k\":[7]}}", "0n 7 11-12\n", "d.*[]");

    /* a name longer than any path can hold */

    memcpy(json, "{\"", 2);
    memset(json + 2, 'k', XPECTO_JSON_KEY_MAX + 1);
    memcpy(json + 3 + XPECTO_JSON_KEY_MAX, "\":1}", 5);

    expect_n(list, 1, json, strlen(json), "0n 1 69-70\n");
}


static void
test_anywhere(void **state)
{
    (void) state;

    expect("{\"to\":1,\"a\":{\"to\":2},\"b\":[{\"to\":{\"to\":3}}]}",
           "0n 1 6-7\n0n 2 18-19\n0n 3 38-39\n0o  32-40\n", "**.to");
    expect("{\"a\":{\"a\":{\"b\":1}},\"b\":2}", "0n 1 15-16\n", "**.a.b");
    expect("[[{\"a\":[1]}]]", "0n 1 8-9\n", "**.a[]");
    expect("{\"a\":{\"a\":{\"a\":1}}}",
           "0n 1 15-16\n1n 1 15-16\n0o  10-17\n", "**.a.a", "a.a.a");
    expect("[1,{\"x\":[2]}]", "0n 1 1-2\n0n 2 9-10\n0o  3-12\n", "**.[]");
}


static void
test_strings(void **state)
{
    static const char *const  list[] = { "a" };

    (void) state;

    expect("{\"a\":\"\"}", "0s  5-7\n", "a");
    expect("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}",
           "0s \"\\/\b\f\n\r\t 5-23\n", "a");
    expect("{\"a\":\"\\u002b1\\u00e9\\u20AC\"}",
           "0s +1\xc3\xa9\xe2\x82\xac 5-26\n", "a");
    expect("{\"a\":\"\\ud83d\\ude00.\"}", "0s \xf0\x9f\x98\x80. 5-20\n", "a");
    expect("{\"a\":\"\xf0\x9f\x98\x80 \xff\x80\x7f\"}",
           "0s \xf0\x9f\x98\x80 \xff\x80\x7f 5-15\n", "a");

    /* halves of a pair: before text, an escape, another half, the end */

    expect("{\"a\":\"\\ud83dx\"}", "0s \xef\xbf\xbdx 5-14\n", "a");
    expect("{\"a\":\"\\ud83d\\n\"}", "0s \xef\xbf\xbd\n 5-15\n", "a");
    expect("{\"a\":\"\\ud83d\\ud83d\\ude00\"}",
           "0s \xef\xbf\xbd\xf0\x9f\x98\x80 5-25\n", "a");
    expect("{\"a\":\"\\ud83d\\u0041\"}", "0s \xef\xbf\xbd" "A 5-19\n", "a");
    expect("{\"a\":\"\\ud83d\"}", "0s \xef\xbf\xbd 5-13\n", "a");
    expect("{\"a\":\"\\ude00\"}", "0s \xef\xbf\xbd 5-13\n", "a");

    /* a NUL is a byte: it does not end a name */

    expect_n(list, 1, "{\"a\\u0000\":1}", 13, "");
}


static void
test_long_values(void **state)
{
    char                      json[XPECTO_JSON_VALUE_MAX + 32];
    char                      events[XPECTO_JSON_VALUE_MAX + 32];
    char                      digits[XPECTO_JSON_VALUE_MAX + 16];
    size_t                    n, len;
    static const char *const  list[] = { "a" };

    (void) state;

    memset(digits, '7', sizeof(digits));

    for (n = XPECTO_JSON_VALUE_MAX - 1; n <= XPECTO_JSON_VALUE_MAX + 9; n++) {
        len = (n < XPECTO_JSON_VALUE_MAX) ? n : XPECTO_JSON_VALUE_MAX;

        sprintf(json, "{\"a\":\"%.*s\"}", (int) n, digits);
        sprintf(events, "0s%s %.*s 5-%u\n", (n > len) ? "!" : "", (int) len,
                digits, (unsigned) n + 7);

        expect_n(list, 1, json, strlen(json), events);

        sprintf(json, "{\"a\":%.*s}", (int) n, digits);
        sprintf(events, "0n%s %.*s 5-%u\n", (n > len) ? "!" : "", (int) len,
                digits, (unsigned) n + 5);

        expect_n(list, 1, json, strlen(json), events);

        /* an escape is one byte of the value */

        sprintf(json, "{\"a\":\"%.*s\\/\"}", (int) n - 1, digits);
        sprintf(events, "0s%s %.*s%s 5-%u\n", (n > len) ? "!" : "",
                (n > len) ? (int) len : (int) len - 1, digits,
                (n > len) ? "" : "/", (unsigned) n + 8);

        expect_n(list, 1, json, strlen(json), events);
    }
}


static void
test_decode(void **state)
{
    char     json[640];
    size_t   i, len;
    uint8_t  out[640];

    static const struct {
        const char  *raw;
        const char  *text;
    } good[] = {
        { "", "" },
        { "abc", "abc" },
        { "to=\\u002b1\\u0026a\\/b", "to=+1&a/b" },
        { "\\ud83d\\ude00", "\xf0\x9f\x98\x80" },
        { "\\ud83d", "\xef\xbf\xbd" }
    };

    static const char *const  bad[] = {
        "\"", "a\"b", "\\", "\\u12", "\\x", "\n", "a\""
    };

    (void) state;

    for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_int_equal(xpecto_json_decode(u8(good[i].raw),
                                            strlen(good[i].raw), out, &len),
                         XPECTO_OK);
        assert_int_equal(len, strlen(good[i].text));
        assert_memory_equal(out, good[i].text, len);
    }

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (xpecto_json_decode(u8(bad[i]), strlen(bad[i]), out, &len)
            != XPECTO_ERROR)
        {
            fail_msg("accepted: %s", bad[i]);
        }
    }

    /* longer than a matcher keeps */

    memset(json, 'x', 600);
    memcpy(json + 590, "\\n", 2);

    assert_int_equal(xpecto_json_decode(u8(json), 600, out, &len), XPECTO_OK);
    assert_int_equal(len, 599);
    assert_int_equal(out[590], '\n');
    assert_int_equal(out[598], 'x');
}


static void
test_depth(void **state)
{
    char                      json[2 * XPECTO_JSON_DEPTH + 8];
    size_t                    n;
    trace_t                   t;
    xpecto_rc_e               rc;
    xpecto_json_paths_t       paths;
    static const char *const  list[] = { "**.[]" };

    (void) state;

    assert_int_equal(xpecto_json_compile(&paths, list, 1), XPECTO_OK);

    for (n = XPECTO_JSON_DEPTH - 1; n <= XPECTO_JSON_DEPTH + 1; n++) {
        memset(json, '[', n);
        json[n] = '1';
        memset(json + n + 1, ']', n);

        rc = run(&paths, u8(json), 2 * n + 1, 3, 5, &t);

        assert_int_equal(rc, (n <= XPECTO_JSON_DEPTH) ? XPECTO_OK
                                                      : XPECTO_ERROR);
    }
}


static const char *const  accepted[] = {
    "{}", "[]", "0", "-0", "1", "-1", "10", "1.5", "-1.50", "1e5", "1E5",
    "1e+5", "1e-05", "0.0", "0e0", "\"\"", "true", "false", "null",
    " \t\r\n1\n", "[1]", "[1,2]", "[ ]", "{ }", "{\"\":1}",
    "{\"a\":1,\"b\":[{},[]]}", "\"\\u0041\\uabCD\\/\"", "[[],[[]],{}]",
    "\"\x7f\"", "[true,false,null,-1.0e-1]", "{\"a\":{\"a\":{\"a\":{}}}}"
};


static const char *const  rejected[] = {
    "", " ", "\n", "{", "}", "[", "]", "[}", "{]", "[1", "[1,", "[1,]", "[,1]",
    "[,]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}", "{\"a\" 1}",
    "{\"a\":1 \"b\":2}", "{a:1}", "{'a':1}", "{1:1}", "{\"a\":1]", "[1}",
    "+1", "-", "--1", "01", "-01", "1.", ".1", "1.e1", "1e", "1e+", "1e-x",
    "1.5.5", "1ee1", "0x1", "1a", "NaN", "Infinity", "-Infinity", "tru",
    "truE", "truex", "True", "nul", "nulll", "falsee", "\"", "\"a", "\"\\\"",
    "\"\\x41\"", "\"\\a\"", "\"\\'\"", "\"\\u\"", "\"\\u004\"",
    "\"\\u004g\"", "\"\\U0041\"", "\"\n\"", "\"\t\"", "\"\x01\"", "\"\x1f\"",
    "'a'", "1 1", "{}{}", "[][]", "{}x", "1,", ",1", "\"a\"\"b\"", "//1",
    "/**/1", "#1", "\xef\xbb\xbf{}", "\xff", "\x0b" "1", "\xc2\xa0" "1",
    "[\"a\",]", "{\"a\":1,\"a\"}", ":", "[:]", "{:1}", "{\"a\"::1}"
};


static void
test_grammar(void **state)
{
    size_t               i, k, len;
    trace_t              t;
    xpecto_json_paths_t  paths;

    (void) state;

    assert_int_equal(xpecto_json_compile(&paths, NULL, 0), XPECTO_OK);

    for (i = 0; i < sizeof(accepted) / sizeof(accepted[0]); i++) {
        len = strlen(accepted[i]);

        for (k = 0; k <= len; k++) {
            if (run(&paths, u8(accepted[i]), len, k, len, &t) != XPECTO_OK) {
                fail_msg("refused, split at %zu: %s", k, accepted[i]);
            }
        }
    }

    for (i = 0; i < sizeof(rejected) / sizeof(rejected[0]); i++) {
        len = strlen(rejected[i]);

        for (k = 0; k <= len; k++) {
            if (run(&paths, u8(rejected[i]), len, k, len, &t)
                != XPECTO_ERROR)
            {
                fail_msg("accepted, split at %zu: %s", k, rejected[i]);
            }
        }
    }

    assert_int_equal(run(&paths, u8("\"\0\""), 3, 3, 3, &t), XPECTO_ERROR);
    assert_int_equal(run(&paths, u8("1\0"), 2, 2, 2, &t), XPECTO_ERROR);
}


static xpecto_rc_e
stop_at_second(void *data, const xpecto_json_value_t *value)
{
    unsigned  *n = data;

    (void) value;

    return (++*n == 2) ? XPECTO_DECLINED : XPECTO_OK;
}


static void
test_handler_stops(void **state)
{
    unsigned                  n;
    xpecto_json_t             js;
    xpecto_json_paths_t       paths;
    static const char *const  list[] = { "[]", "**.[]" };

    (void) state;

    assert_int_equal(xpecto_json_compile(&paths, list, 2), XPECTO_OK);

    n = 0;
    xpecto_json_init(&js, &paths, stop_at_second, &n);

    assert_int_equal(xpecto_json_feed(&js, u8("[1,2,3]"), 7),
                     XPECTO_DECLINED);
    assert_int_equal(n, 2);
    assert_int_equal(xpecto_json_feed(&js, u8("4"), 1), XPECTO_DECLINED);
    assert_int_equal(xpecto_json_finish(&js), XPECTO_DECLINED);
    assert_int_equal(n, 2);
}


static void
test_compile(void **state)
{
    unsigned                  i;
    char                      names[XPECTO_JSON_KEYS_MAX + 2][8];
    const char               *list[XPECTO_JSON_PATHS_MAX + 1];
    char                      name[XPECTO_JSON_KEY_MAX + 2];
    static const char *const  good[] = {
        "a", "*", "[]", "**.a", "**.*", "**.[]", "a[]", "a[][].b", "*[].x",
        "[].a", "a.b.c.d.e.f.g.h", "a[].b[].c[].d[]", "a b"
    };
    static const char *const  bad[] = {
        "", ".", "a.", ".a", "a..b", "**", "**.", "a.**.b", "**.**.a", "a*",
        "*a", "[", "]", "a[", "a]", "a[0]", "a[].", "a[]b", "a.[]",
        "[]a", "a.b.c.d.e.f.g.h.i", "***.a"
    };

    xpecto_json_paths_t       paths;

    (void) state;

    for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        if (xpecto_json_compile(&paths, good + i, 1) != XPECTO_OK) {
            fail_msg("refused: %s", good[i]);
        }
    }

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (xpecto_json_compile(&paths, bad + i, 1) != XPECTO_ERROR) {
            fail_msg("accepted: %s", bad[i]);
        }
    }

    memset(name, 'n', sizeof(name));
    name[XPECTO_JSON_KEY_MAX] = '\0';
    list[0] = name;
    assert_int_equal(xpecto_json_compile(&paths, list, 1), XPECTO_OK);

    name[XPECTO_JSON_KEY_MAX] = 'n';
    name[XPECTO_JSON_KEY_MAX + 1] = '\0';
    assert_int_equal(xpecto_json_compile(&paths, list, 1), XPECTO_ERROR);

    for (i = 0; i <= XPECTO_JSON_PATHS_MAX; i++) {
        sprintf(names[i], "k%u", i);
        list[i] = names[i];
    }

    assert_int_equal(xpecto_json_compile(&paths, list,
                                         XPECTO_JSON_PATHS_MAX), XPECTO_OK);
    assert_int_equal(xpecto_json_compile(&paths, list,
                                         XPECTO_JSON_PATHS_MAX + 1),
                     XPECTO_ERROR);
}


/* as many paths and names as there is room for, each must find its own */

static void
test_full_table(void **state)
{
    char                 json[64], events[64];
    char                 names[XPECTO_JSON_PATHS_MAX][16];
    unsigned             i;
    const char          *list[XPECTO_JSON_PATHS_MAX];
    trace_t              t;
    xpecto_json_paths_t  paths;

    (void) state;

    for (i = 0; i < XPECTO_JSON_PATHS_MAX; i++) {
        sprintf(names[i], "a%u.%ub", i, i);
        list[i] = names[i];
    }

    assert_int_equal(xpecto_json_compile(&paths, list,
                                         XPECTO_JSON_PATHS_MAX), XPECTO_OK);

    for (i = 0; i < XPECTO_JSON_PATHS_MAX; i++) {
        sprintf(json, "{\"a%u\":{\"%ub\":1,\"x\":2}}", i, i);
        sprintf(events, "%un 1 %u-%u\n", i, (i < 10) ? 12 : 14,
                (i < 10) ? 13 : 15);

        assert_int_equal(run(&paths, u8(json), strlen(json), 4, 4, &t),
                         XPECTO_OK);
        assert_string_equal(t.text, events);
    }

    /* one name more than there is room for: "z" is in the first 63 */

    for (i = 0; i < XPECTO_JSON_PATHS_MAX; i++) {
        sprintf(names[i], "a%u.%ub.z", i, i);
    }

    assert_int_equal(xpecto_json_compile(&paths, list,
                                         XPECTO_JSON_PATHS_MAX),
                     XPECTO_ERROR);
}


static void
test_line(void **state)
{
    size_t             i;
    static const char  json[] =
        "{\n"                                                    /* 1 */
        "  \"version\": 1,\n"
        "  \"tenants\": {\n"
        "    \"acme\": { \"plan\": \"x\",\n"
        "      \"keys\": [\n"                                    /* 5 */
        "        \"a\", \"b\",\n"
        "        [1,\n"
        "         {\"z\":\n"
        "           2}]]\n"
        "    },\n"                                               /* 10 */
        "    \"acme.eu\": { \"keys\": [ 1 ],\n"
        "      \"\\u0070lan\": \"y\" }\n"
        "  }\n"
        "}\n";

    static const struct {
        const char  *path;
        unsigned     line;
    } cases[] = {
        { "", 1 },
        { "version", 2 },
        { "tenants", 3 },
        { "tenants.acme", 4 },
        { "tenants.acme.plan", 4 },
        { "tenants.acme.keys", 5 },
        { "tenants.acme.keys[0]", 6 },
        { "tenants.acme.keys[1]", 6 },
        { "tenants.acme.keys[2]", 7 },
        { "tenants.acme.keys[2][0]", 7 },
        { "tenants.acme.keys[2][1]", 8 },
        { "tenants.acme.keys[2][1].z", 9 },
        { "tenants.acme.eu", 11 },
        { "tenants.acme.eu.keys[0]", 11 },
        { "tenants.acme.eu.plan", 12 },
        { "tenants.acme.keys[3]", 0 },
        { "tenants.acme.keys[]", 0 },
        { "tenants.acme.keys[99999999999999999999]", 0 },
        { "tenants.acm", 0 },
        { "tenants.acme.", 0 },
        { "acme", 0 },
        { ".version", 0 },
        { "tenants.acme[0]", 0 },
        { "tenants.acme.keys.0", 0 }
    };

    (void) state;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (xpecto_json_line(u8(json), sizeof(json) - 1, cases[i].path)
            != cases[i].line)
        {
            fail_msg("line of \"%s\" is not %u", cases[i].path,
                     cases[i].line);
        }
    }

    assert_int_equal(xpecto_json_line(u8("\n[1,\n2]"), 7, "[1]"), 3);
    assert_int_equal(xpecto_json_line(u8("\n\n7"), 3, ""), 3);
    assert_int_equal(xpecto_json_line(u8(""), 0, ""), 0);
    assert_int_equal(xpecto_json_line(u8("[1,"), 3, "[1]"), 0);
    assert_int_equal(xpecto_json_line(u8("{x"), 2, "a"), 0);
}


static uint32_t
next_random(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;

    return *seed >> 8;
}


/*
 * What jansson refuses and we take, on purpose: bytes that are not UTF-8,
 * halves of surrogate pairs, numbers that no C type holds, NUL in a name.
 */

static int
only_jansson_refuses(const json_error_t *err)
{
    switch (json_error_code(err)) {

    case json_error_invalid_utf8:
    case json_error_numeric_overflow:
    case json_error_null_byte_in_key:
        return 1;

    case json_error_invalid_syntax:
        return strstr(err->text, "invalid Unicode") != NULL
               || strstr(err->text, "too big") != NULL;

    default:
        return 0;
    }
}


static void
compare_with_jansson(const xpecto_json_paths_t *paths, const uint8_t *p,
    size_t len, size_t step)
{
    json_t        *json;
    trace_t        t;
    xpecto_rc_e    rc;
    json_error_t   err;

    rc = run(paths, p, len, step, step, &t);

    json = json_loadb((const char *) p, len,
                      JSON_DECODE_ANY|JSON_ALLOW_NUL, &err);

    if (json == NULL) {

        if (rc == XPECTO_OK && !only_jansson_refuses(&err)) {
            fail_msg("jansson alone refuses (%s): %.*s", err.text, (int) len,
                     (const char *) p);
        }

        return;
    }

    json_decref(json);

    if (rc != XPECTO_OK) {
        fail_msg("only jansson accepts: %.*s", (int) len, (const char *) p);
    }
}


static void
test_jansson(void **state)
{
    size_t               i, k, n, len;
    uint8_t              buf[256];
    uint32_t             seed;
    xpecto_json_paths_t  paths;

    static const char         bytes[] = "{}[]:,\"\\u0019deE+-.tfnal \n\x80\x01";
    static const char *const  corpus[] = {
        "{\"messaging_product\":\"whatsapp\",\"to\":\"+16505551234\","
        "\"type\":\"text\",\"text\":{\"preview_url\":false,\"body\":\"hi\"}}",
        "[{\"a\":[1,-2.5e10,true,null,\"\\u00e9\\n\"]},[],{}, 0.1 ]",
        "{\"a\":{\"b\":[[[\"\\\\\\\"\"]]]},\"\":-0,\"c\":1E+2}",
        " [ 1 , 2 , { \"k\" : \"v\" } ] "
    };

    (void) state;

    assert_int_equal(xpecto_json_compile(&paths, NULL, 0), XPECTO_OK);

    for (i = 0; i < sizeof(accepted) / sizeof(accepted[0]); i++) {
        compare_with_jansson(&paths, u8(accepted[i]), strlen(accepted[i]),
                             64);
    }

    for (i = 0; i < sizeof(rejected) / sizeof(rejected[0]); i++) {
        compare_with_jansson(&paths, u8(rejected[i]), strlen(rejected[i]),
                             64);
    }

    seed = 20130;

    for (i = 0; i < 200000; i++) {
        len = strlen(corpus[i % 4]);
        memcpy(buf, corpus[i % 4], len);

        for (n = 1 + next_random(&seed) % 3; n != 0; n--) {
            k = next_random(&seed) % len;

            switch (next_random(&seed) % 3) {

            case 0:
                buf[k] = (uint8_t) bytes[next_random(&seed)
                                         % (sizeof(bytes) - 1)];
                break;

            case 1:
                memmove(buf + k, buf + k + 1, len - k - 1);
                len--;
                break;

            default:
                memmove(buf + k + 1, buf + k, len - k);
                buf[k] = (uint8_t) bytes[next_random(&seed)
                                         % (sizeof(bytes) - 1)];
                len++;
            }
        }

        compare_with_jansson(&paths, buf, len, 1 + next_random(&seed) % 40);
    }
}


int
main(void)
{
    static const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_members),
        cmocka_unit_test(test_every_occurrence),
        cmocka_unit_test(test_arrays),
        cmocka_unit_test(test_wildcards),
        cmocka_unit_test(test_anywhere),
        cmocka_unit_test(test_strings),
        cmocka_unit_test(test_long_values),
        cmocka_unit_test(test_decode),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_grammar),
        cmocka_unit_test(test_handler_stops),
        cmocka_unit_test(test_compile),
        cmocka_unit_test(test_full_table),
        cmocka_unit_test(test_line),
        cmocka_unit_test(test_jansson)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
