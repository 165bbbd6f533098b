
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

/*
 * The quick way and the edit are two answers to one question: whatever the
 * first one takes on, both say the same.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#if (XPECTO_UNIT_16)

#include "core/xpecto_redact_quick_16.c"

#else

#include "core/xpecto_redact_quick.c"

#endif

#include "xpecto_random.h"


#define TEXT   (XPECTO_MARK_MAX + 64)
#define TRIES  400000


static xpecto_redact_t      redacts[5];
static xpecto_redact_name_t added[2];
static xpecto_mask_t        mask;
static xpecto_pseudonym_t   pseudonym;


/* defaults, labels, masks, pseudonyms, names of an operator and a keep */

static int
group_setup(void **state)
{
    unsigned  i, j;

    static const uint8_t  key[XPECTO_SIPHASH_KEY_LEN];

    (void) state;

    for (i = 0; i < 5; i++) {
        xpecto_redact_defaults(&redacts[i]);
    }

    for (j = 0; j < XPECTO_CLASSES; j++) {
        (void) xpecto_redact_style(&redacts[1], (xpecto_class_e) j,
                                   XPECTO_STYLE_LABEL);
        (void) xpecto_redact_style(&redacts[3], (xpecto_class_e) j,
                                   XPECTO_STYLE_PSEUDONYM);
    }

    assert_true(xpecto_mask_build(&mask, 2) > 0);
    (void) xpecto_redact_style(&redacts[2], XPECTO_CLASS_PHONE,
                               XPECTO_STYLE_MASK);
    redacts[2].mask = &mask;

    assert_int_equal(xpecto_pseudonym_set(&pseudonym, key,
                                          (const uint8_t *) "2026-11", 7,
                                          (const uint8_t *) "", 0),
                     XPECTO_OK);
    redacts[3].pseudonym = &pseudonym;

    added[0].name.data = (const uint8_t *) "contacts";
    added[0].name.len = 8;
    added[0].class = XPECTO_CLASS_USER;
    added[1].name.data = (const uint8_t *) "n";
    added[1].name.len = 1;
    added[1].class = XPECTO_CLASS_CREDENTIAL;
    redacts[4].names = added;
    redacts[4].nnames = 2;
    (void) xpecto_redact_style(&redacts[4], XPECTO_CLASS_CONTENT,
                               XPECTO_STYLE_KEEP);

    return 0;
}


static size_t
add(uint8_t *p, size_t len, const char *s)
{
    size_t  n;

    n = strlen(s);

    if (len + n > TEXT) {
        return len;
    }

    memcpy(p + len, s, n);

    return len + n;
}


/* one of a list, or a piece of what is rarely sent */

static size_t
add_one(uint8_t *p, size_t len, const char *const *list, unsigned n,
    unsigned rare)
{
    static const char *const  seldom[] = {
        "%", "+", "-", "_", ".", ":", ";", ",", "#", " ", "\"", "[", "]", "*",
        "[phone]", "[id.2026-11.bcdfghjkmnpqrstv]", "49*******12", "%3D", "@",
        "1234567", "447911100001", "1.2.3.4", "wamid.", "wacid.", "Bearer",
        "EAA", "eyJ", "HBgL", "ABGG", "Y2Fw", "SK", "US.", "DE89", "A.", "!",
        "DE89370400", "%7B", "{\"a\":1}", "basic", "\xd9\xa1", "\\x2B", "=",
        "phone:", "+12", "(", "00", "1-", "/", "?", "&", "ab", "be", "wa", "B"
    };

    if (random_below(20) < rare) {
        len = add(p, len, seldom[random_below(sizeof(seldom)
                                              / sizeof(seldom[0]))]);
    }

    return add(p, len, list[random_below(n)]);
}


/* of the common kind, or nearly so */

static size_t
some_text(uint8_t *p, xpecto_form_e form)
{
    size_t    len, head;
    unsigned  i, rare;

    static const char *const  methods[] = {
        "GET /", "POST /", "DELETE /", "OPTIONS /", "eyJ /", "COPY /", "M-S /",
        "Bw /", "GET ", "/"
    };

    static const char *const  hosts[] = {
        "/", "https://app.example.com/", "http://h/", "https://we.example.org/",
        "https://10.0.0.1/", "https://u:p@h/", "https://a1b2.example:8443/",
        "http://US.x/", "ftp://ba/", "//h/", "https:///", "tel://h/", "x://b"
    };

    static const char *const  segments[] = {
        "", "v1", "v19.0", "contacts", "messages", "+447911100001", "users",
        "+16505551234", "+5215512345678", "+551187654321", "+12", "a", "w",
        "waInstance1", "sendSessionMessage", "whatsapp", "12", "a-b_c.d", "1",
        "Users", "API", "index.html"
    };

    static const char *const  names[] = {
        "to", "phone", "text", "msg", "n", "pin", "key", "name", "limit", "ip",
        "access_token", "accessToken", "MediaUrl0", "page2", "x", "from", "",
        "a_b", "_a", "Body", "q", "id", "contacts", "url"
    };

    static const char *const  values[] = {
        "", "1", "x", "-", "%2B447911100001", "16505551234", "%2B919876543210",
        "hello", "hello+you", "a%20b", "2", "123456", "A", "+1", "%7B%7D",
        "49*******12", "[phone]", "1.2"
    };

#define LIST(a)  a, sizeof(a) / sizeof(a[0])

    rare = random_below(4);
    i = random_below(3) ? 2 : 10;

    len = (form == XPECTO_FORM_REQUEST)
          ? add_one(p, 0, methods, i, 0)
          : add_one(p, 0, hosts, (i == 10) ? 13 : i, 0);

    head = len;

    for (i = random_below(5); i > 0; i--) {
        len = add_one(p, len, LIST(segments), rare);
        len = add(p, len, (i == 1 && random_below(4)) ? "" : "/");
    }

    len = add(p, len, random_below(3) ? "?" : "");

    for (i = random_below(5); i > 0 && len > head && p[len - 1] != '/'; i--) {
        len = add_one(p, len, LIST(names), rare);
        len = add(p, len, "=");
        len = add_one(p, len, LIST(values), rare);
        len = add(p, len, (i == 1 && random_below(4)) ? "" : "&");
    }

    if (rare == 3 && len > head && random_below(2) == 0) {
        p[head + random_below((unsigned) (len - head))] =
            (uint8_t) random_below(256);
    }

    if (form == XPECTO_FORM_REQUEST) {
        len = add(p, len, random_below(30) ? " HTTP/1.1" : " HTTP/11.");
    }

    return len;
}


/* AGAIN: on this processor always */

#if (XPECTO_UNIT_16 && XPECTO_MARK_16)

#define quick            xpecto_quick_try
#define quick_is_there() 1

#elif !(XPECTO_UNIT_16) && defined(__x86_64__) && defined(__GNUC__)

__attribute__((target("avx2,bmi,bmi2,popcnt"), noinline))
static xpecto_rc_e
quick(const xpecto_redact_t *rd, xpecto_form_e form, const uint8_t *p,
    size_t len, uint8_t *out, size_t cap, xpecto_redact_result_t *res)
{
    return xpecto_edit_is_quick()
           ? xpecto_quick_try(rd, form, p, len, out, cap, res) : XPECTO_AGAIN;
}

#define quick_is_there()  xpecto_edit_is_quick()

#else

#define quick(rd, form, p, len, out, cap, res)  XPECTO_AGAIN
#define quick_is_there()  0

#endif


static void
one(const xpecto_redact_t *rd, xpecto_form_e form, const uint8_t *text,
    size_t len, unsigned *counts)
{
    size_t                  cap;
    uint8_t                *copy, *out[2];
    xpecto_rc_e             rc[2];
    xpecto_redact_place_t   place;
    xpecto_redact_result_t  res[2];

    place.form = form;
    place.class = XPECTO_CLASS_CONTENT;
    cap = xpecto_redact_bound(len);

    memset(res, 0, sizeof(res));

    /* on the heap: a read behind the end is seen */

    copy = malloc(len + (len == 0));
    out[0] = malloc(cap);
    out[1] = malloc(cap);

    assert_non_null(copy);
    assert_non_null(out[0]);
    assert_non_null(out[1]);
    memcpy(copy, text, len);

    rc[0] = quick(rd, form, copy, len, out[0], cap, &res[0]);
    rc[1] = xpecto_edit_whole(rd, place, copy, len, 0, out[1], cap, &res[1]);

    counts[rc[0]]++;

    if (rc[0] != XPECTO_AGAIN) {

        if (rc[0] != rc[1]
            || (rc[0] == XPECTO_OK
                && (res[0].len != res[1].len
                    || memcmp(&res[0], &res[1], sizeof(res[0])) != 0
                    || memcmp(out[0], out[1], res[0].len) != 0)))
        {
            print_error("%d \"%.*s\"\nquick %d \"%.*s\"\nedit  %d \"%.*s\"\n",
                        form, (int) len, (const char *) text,
                        rc[0], (int) res[0].len, (char *) out[0],
                        rc[1], (int) res[1].len, (char *) out[1]);
            fail();
        }
    }

    free(out[1]);
    free(out[0]);
    free(copy);
}


static void
same(void **state)
{
    size_t         len;
    uint8_t        text[TEXT];
    unsigned       i, counts[XPECTO_ERROR + 1];
    xpecto_form_e  form;

    (void) state;

    memset(counts, 0, sizeof(counts));

    for (i = 0; i < TRIES; i++) {

        form = random_below(2) ? XPECTO_FORM_REQUEST : XPECTO_FORM_URI;
        len = some_text(text, form);

        one(&redacts[random_below(5)], form, text, len, counts);
    }

    if (quick_is_there()) {
        assert_in_range(counts[XPECTO_OK], TRIES / 40, TRIES);
        assert_in_range(counts[XPECTO_DECLINED], TRIES / 40, TRIES);
        assert_in_range(counts[XPECTO_AGAIN], TRIES / 40, TRIES);
    }
}


/* the lines of a log take the quick way, or it is none */

static void
taken(void **state)
{
    unsigned                i;
    uint8_t                 out[512];
    xpecto_rc_e             rc;
    xpecto_redact_result_t  res;

    static const struct {
        xpecto_form_e  form;
        const char    *in;
        const char    *out;
    } lines[] = {
        { XPECTO_FORM_REQUEST,
          "GET /v1/messages?to=%2B919876500001&n=1 HTTP/1.1",
          "GET /v1/messages?to=[phone]&n=1 HTTP/1.1" },
        { XPECTO_FORM_URI, "https://app.example.com/contacts/+447911100001",
          "https://app.example.com/contacts/[phone]" },
        { XPECTO_FORM_URI, "/contacts/+447911100001/edit?key=s",
          "/contacts/[phone]/edit?key=-" },
        { XPECTO_FORM_REQUEST, "GET /assets/site.css?v=12 HTTP/2.0", NULL },
        { XPECTO_FORM_REQUEST,
          "GET /some/very/long/path/that/goes/on/and/on/in/lower/case/only"
          "/until/the/second/word?to=16505551234&page=2 HTTP/1.1",
          "GET /some/very/long/path/that/goes/on/and/on/in/lower/case/only"
          "/until/the/second/word?to=[phone]&page=2 HTTP/1.1" },
        { XPECTO_FORM_URI, "https://www.example.org/", NULL }
    };

    (void) state;

    if (!quick_is_there()) {
        print_message("this processor has no quick way\n");
        return;
    }

    for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {

        memset(&res, 0, sizeof(res));

        rc = quick(&redacts[0], lines[i].form,
                   (const uint8_t *) lines[i].in, strlen(lines[i].in), out,
                   xpecto_redact_bound(strlen(lines[i].in)), &res);

        if (lines[i].out == NULL) {
            assert_int_equal(rc, XPECTO_DECLINED);
            continue;
        }

        assert_int_equal(rc, XPECTO_OK);
        assert_int_equal(res.len, strlen(lines[i].out));
        assert_memory_equal(out, lines[i].out, res.len);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(same),
        cmocka_unit_test(taken)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, group_setup, NULL);
}
