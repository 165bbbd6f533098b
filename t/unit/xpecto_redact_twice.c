
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

/*
 * What was redacted is left alone by a second redaction, what only looks like
 * it is not; redact_at() demands the first of every input.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "xpecto_redact_unit.h"


#define TOKEN  "[phone.Ich-komme-morgen.bcdfghjkmnpqbcdf]"


/* more than is looked at behind a token */

#define LONG                                                                 \
    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"                                \
    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"


/* a token that is removed is no word between another one and a number */

static void
announced_behind_a_token(void **state)
{
    size_t           i;
    xpecto_redact_t  rd;

    static const struct {
        const char  *in;
        const char  *out;
    } texts[] = {
        { "phone: Bearer 55_11.98%2076%2054321&",
          "phone: Bearer [credential]%2076%2054321&" },
        { "phone: Bearer AAAAAAAAAA Bearer 55_11.98%2076%2054321&",
          "phone: Bearer - Bearer [credential]%2076%2054321&" },

        /* the usual one goes as before */

        { "Bearer 55_11.98%2076%2054321&", "Bearer -%2076%2054321&" },
        { "Bearer 55_11.98, phone: 7654321", "Bearer -, phone: [phone]" },
        { "phone: Bearer 55_11.98", "phone: Bearer -" }
    };

    (void) state;

    xpecto_redact_defaults(&rd);

    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_TEXT),
                                      texts[i].in, 0), texts[i].out);
    }

    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_TEXT),
                                  "Bearer 54_AAAAAA%40" LONG ".example", 0),
                        "Bearer [credential]%40" LONG ".example");

    /* an address may be cut off behind it */

    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_TEXT),
                                  "Bearer 55_1155a@bx", 1),
                        "Bearer [credential]@bx");
}


/* nor does what is left of a named value go on with the token before it */

static void
named_behind_a_token(void **state)
{
    size_t           i;
    xpecto_redact_t  rd;

    static const struct {
        xpecto_form_e  form;
        const char    *in;
        const char    *out;
    } texts[] = {
        { XPECTO_FORM_URI, "/Bearer 54_AAAAAA=pin=6%2520/0.1.b.n=6/c",
          "/Bearer [credential]=-/0.1.b.n=6/c" },
        { XPECTO_FORM_URI, "/Bearer 54_AAAAAA/instances/7/token/7/0.1.b.n=6/c",
          "/Bearer [credential]-/0.1.b.n=6/c" },
        { XPECTO_FORM_URI, "/v19.0/Bearer 54_AAAAAA/106540352242922/c",
          "/v19.0/Bearer [credential]106540352242922/c" },
        { XPECTO_FORM_QUERY,
          "q=Bearer 54_AAAAAA=pin=6&r=Bearer 54_AAAAAA&pin=6",
          "q=Bearer [credential]=-&r=Bearer -&pin=-" }
    };

    (void) state;

    xpecto_redact_defaults(&rd);

    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_string_equal(redact_at(&rd, place_of(texts[i].form),
                                      texts[i].in, 0), texts[i].out);
    }
}


/* a text is not said by what looks like the token of a number */

static void
token_of_a_text(void **state)
{
    xpecto_redact_t        rd;
    xpecto_redact_place_t  place;

    (void) state;

    xpecto_redact_defaults(&rd);

    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_QUERY),
                                  "text=" TOKEN "&x=1", 0),
                        "text=[content 41B]&x=1");
    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_JSON),
                                  "{\"text\":{\"body\":\"" TOKEN "\"}}", 0),
                        "{\"text\":{\"body\":\"[content 41B]\"}}");

    /* a label says nothing, and a token may stand for a name */

    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_QUERY),
                                  "text=[phone]", 0), "text=[phone]");

    labels(&rd);
    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_QUERY),
                                  "text=" TOKEN, 0), "text=[content]");

    place.form = XPECTO_FORM_WHOLE;
    place.class = XPECTO_CLASS_NAME;

    assert_string_equal(redact_at(&rd, place, TOKEN, 0), TOKEN);
}


/* what was never redacted has no labels; one of them is one for itself */

static const char *
once(const xpecto_redact_t *rd, xpecto_form_e form, const char *in)
{
    xpecto_redact_result_t  res;

    static char  out[BUFFER];

    if (xpecto_redact(rd, place_of(form), (const uint8_t *) in, strlen(in), 0,
                      (uint8_t *) out, sizeof(out), &res)
        != XPECTO_OK)
    {
        return in;
    }

    out[res.len] = '\0';

    return out;
}


static void
fresh_input(void **state)
{
    xpecto_redact_t  rd;

    (void) state;

    xpecto_redact_defaults(&rd);
    rd.fresh = 1;

    assert_string_equal(once(&rd, XPECTO_FORM_QUERY, "to=" TOKEN),
                        "to=[phone]");
    assert_string_equal(once(&rd, XPECTO_FORM_QUERY, "text=[content 123456B]"),
                        "text=[content 17B]");
    assert_string_equal(once(&rd, XPECTO_FORM_QUERY, "to=123*****1234&to=-"),
                        "to=[phone]&to=-");
    assert_string_equal(once(&rd, XPECTO_FORM_REQUEST,
                             "GET /v1?to=" TOKEN "&n=1 HTTP/1.1"),
                        "GET /v1?to=[phone]&n=1 HTTP/1.1");
    assert_string_equal(once(&rd, XPECTO_FORM_BODY, TOKEN), "[content]");
    assert_string_equal(once(&rd, XPECTO_FORM_JSON,
                             "{\"text\":{\"body\":\"" TOKEN "\"}}"),
                        "{\"text\":{\"body\":\"[content 41B]\"}}");
}


/* every class in the style, as far as there is one of it */

static void
styled(xpecto_redact_t *rd, xpecto_style_e style)
{
    unsigned  i;

    static const uint8_t       key[XPECTO_SIPHASH_KEY_LEN];
    static xpecto_mask_t       mask;
    static xpecto_pseudonym_t  pseudonym;

    xpecto_redact_defaults(rd);

    assert_int_not_equal(xpecto_mask_build(&mask, 2), 0);
    assert_int_equal(xpecto_pseudonym_set(&pseudonym, key,
                                          (const uint8_t *) "2026-11", 7,
                                          (const uint8_t *) "", 0),
                     XPECTO_OK);

    rd->mask = &mask;
    rd->pseudonym = &pseudonym;

    for (i = 0; i < XPECTO_CLASSES; i++) {
        (void) xpecto_redact_style(rd, (xpecto_class_e) i, style);
    }
}


typedef struct {
    xpecto_form_e  form;
    const char    *in;
    const char    *out;                 /* with labels */
} hidden_t;


static void
in_all_styles(const hidden_t *texts, size_t n)
{
    size_t           i;
    unsigned         style;
    const char      *out;
    xpecto_redact_t  rd;

    for (style = XPECTO_STYLE_LABEL; style < XPECTO_STYLE_KEEP; style++) {
        styled(&rd, (xpecto_style_e) style);

        if (style == XPECTO_STYLE_LABEL) {
            labels(&rd);
        }

        for (i = 0; i < n; i++) {
            out = redact_at(&rd, place_of(texts[i].form), texts[i].in, 0);

            assert_null(strstr(out, "secret"));

            if (style == XPECTO_STYLE_LABEL) {
                assert_string_equal(out, texts[i].out);
            }
        }
    }
}


/*
 * What is put in the place of a number parts the name beside it as the number
 * did: the value behind it is that of the same class.
 */

static void
names_beside_replacements(void **state)
{
    static const hidden_t  texts[] = {

        /* a broken code: nobody knows which name it is, but for what is left */

        { XPECTO_FORM_QUERY, "%`b8::1-access_token=secret",
          "%`[ip]-access_token=[credential]" },
        { XPECTO_FORM_REQUEST, "GET /?%`b8::1-access_token=secret HTTP/1.1",
          "GET /?%`[ip]-access_token=[credential] HTTP/1.1" },
        { XPECTO_FORM_URI, "/%`b8::1-access_token=secret/1.1",
          "/%`[ip]-access_token=[credential]/1.1" },
        { XPECTO_FORM_QUERY, "to-b8::1-%zz=secret",
          "to-[ip]-%zz=[phone]" },

        /* two names beside a number */

        { XPECTO_FORM_QUERY, "x+16505551234.to[text]=secret",
          "x[phone].to[text]=[phone]" },
        { XPECTO_FORM_QUERY, "x+16505551234[text]=secret",
          "x[phone][text]=[content]" },
        { XPECTO_FORM_QUERY, "to[+16505551234]=secret",
          "to[[phone]]=[phone]" },
        { XPECTO_FORM_QUERY, "a=+1 650 555 1234.text[to]=secret",
          "a=[phone].text[to]=[content]" },
        { XPECTO_FORM_LOG, "a +1 650 555 1234.text[to]=secret",
          "a [phone].text[to]=[content]" },

        /* the number goes on into the name */

        { XPECTO_FORM_LOG, "a +1 650 555 1234.access_token=secret",
          "a [phone].access_token=[credential]" },

        /* an address as well */

        { XPECTO_FORM_LOG, "%a\xd1z@b.ccess_token=secret pin=secret",
          "%[email]_token=[credential] pin=[credential]" }
    };

    (void) state;

    in_all_styles(texts, sizeof(texts) / sizeof(texts[0]));
}


/* what parts two names goes with the number that it is a separator of */

static void
separators_of_numbers(void **state)
{
    xpecto_redact_t  rd;

    static const hidden_t  texts[] = {

        { XPECTO_FORM_QUERY, "a=1&to+165/05551234=secret",
          "a=1&to[phone]=[phone]" },
        { XPECTO_FORM_QUERY, "to[+1650/5551234]=secret",
          "to[[phone]]=[phone]" },
        { XPECTO_FORM_QUERY, "a=%3fto+1 650%2f5551234=secret",
          "a=%3fto[phone]=[phone]" },
        { XPECTO_FORM_QUERY, "x?to+1650/5551234+44/20/79460123=secret",
          "x?to[phone][phone]=[phone]" },
        { XPECTO_FORM_LOG, "a to+1 650 555 1234=secret",
          "a to[phone]=[phone]" },

        /* a broken code before it */

        { XPECTO_FORM_QUERY, "7%+165/05551234.nin=secret",
          "7%[phone].nin=[content]" },

        /* segments of a path as well */

        { XPECTO_FORM_URI, "/x/7%+165/05551234.nin=secret/1",
          "/x/7%[phone].nin=[content]/1" },
        { XPECTO_FORM_REQUEST, "GET /to+1650/5551234=secret/1 HTTP/1.1",
          "GET /to[phone]=[phone]/1 HTTP/1.1" },
        { XPECTO_FORM_URI, "/to+1650/5551234%3Dsecret/1",
          "/to[phone]%3D[phone]/1" },

        /* a name in brackets behind or before what is none */

        { XPECTO_FORM_QUERY, "x +16505551234%3dcontact[wa_id]=secret",
          "x [phone]%3dcontact[wa_id]=[phone]" },
        { XPECTO_FORM_QUERY, "%26contact[wa_id]+16505551234=secret",
          "%26contact[wa_id][phone]=[phone]" },
        { XPECTO_FORM_QUERY, "hash[k5!34+16505551234=secret",
          "hash[k5!34[phone]=[credential]" },

        /* a sign that goes with an id begins no header */

        { XPECTO_FORM_LOG, "wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAz"
          "ODEwMTQ0RgA=host: \"text\":{\"body\":\"secret\"}",
          "[id]host: \"text\":{\"body\":\"[content]\"}" },

        { XPECTO_FORM_LOG, "a@b.example\xff" "host:\"to\": \"secret\"",
          "[email]:\"to\": \"[phone]\"" },

        /* a quote that goes says nothing of the end */

        { XPECTO_FORM_LOG, "a, upstream: \"h:0&to=a\":secret; x=1\", host: "
          "\"a\"", "a, upstream: \"[content]\", host: \"a\"" }
    };

    (void) state;

    in_all_styles(texts, sizeof(texts) / sizeof(texts[0]));

    /* they part names where no number is */

    labels(&rd);

    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_QUERY),
                                  "to+165/0555=x&to/x=1", 0),
                        "to+165/0555=x&to/x=1");

    /* what is removed beside a name would be a part of it */

    styled(&rd, XPECTO_STYLE_REMOVE);

    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_QUERY),
                                  "+1/650/555/1234message=x&a=+16505551234", 0),
                        "[phone]message=-&a=-");

    /* labels with a space, one behind the other */

    styled(&rd, XPECTO_STYLE_LENGTH);

    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_LOG),
                                  "a, referrer: \"http://1-650-555-1234"
                                  "+16505551234\"", 0),
                        "a, referrer: \"http://[phone 14B][phone 12B]\"");
}


/* a word of a log goes on behind a label in it, which may have a space */

static void
label_in_a_word(void **state)
{
    xpecto_redact_t  rd;

    (void) state;

    styled(&rd, XPECTO_STYLE_LENGTH);

    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_LOG),
                                  "a message=[22&b", 0),
                        "a message=[%22[content 2B]%22&b");
    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_LOG),
                                  "a pin=1[content 2B]2 x", 0),
                        "a pin=[credential 14B] x");
}


/* a quote ends a string before what is left of what is behind it as well */

static void
address_behind_a_quote(void **state)
{
    unsigned         style;
    const char      *out;
    xpecto_redact_t  rd;

    (void) state;

    for (style = XPECTO_STYLE_LABEL; style < XPECTO_STYLE_KEEP; style++) {
        styled(&rd, (xpecto_style_e) style);

        out = redact_at(&rd, place_of(XPECTO_FORM_LOG),
                        "a; filename=\"secret\".secret@b.exa.%:\x9e-1", 0);
        assert_null(strstr(out, "secret"));

        out = redact_at(&rd, place_of(XPECTO_FORM_LOG),
                        "open() \"/a?pin=secret\". b", 0);
        assert_null(strstr(out, "secret"));
        assert_non_null(strstr(out, "\". b"));
    }
}


/* what is left of an address is not read as a part of a number */

static void
address_in_a_number(void **state)
{
    xpecto_redact_t  rd;

    (void) state;

    xpecto_redact_defaults(&rd);

    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_QUERY),
                                  "+11/2.0.2.14+16#0", 0), "+11/[ip]+16#0");
    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_TEXT),
                                  "a 192.0.2.14 b", 0), "a 192.0.2.0 b");

    /* nor was it one of a mask */

    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_TEXT),
                                  "x ::11*****6505", 1), "x ::*****[phone]");
}


/* the last quote of a body in a log is nginx's, if there is one */

static void
number_at_an_end(void **state)
{
    size_t           i;
    unsigned         style;
    xpecto_redact_t  rd;

    static const char *const  texts[] = {
        "a \"b\r\n\r\n[[[16505551234", "a \"b\r\n\r\n{\"to\":16505551234",
        "a \"b\r\n\r\n{\"pin\":true", "a \"b\r\n\r\n{\"pin\":[1,2",
        "a \"b\r\n\r\n[16505551234\"", "a \"b\r\n\r\n{\"to\":1\"",
        "a \"b\r\n\r\n[\"16505551234", "a \"b\r\n\r\n{\"to\":\"1\""
    };

    (void) state;

    for (style = XPECTO_STYLE_LABEL; style < XPECTO_STYLE_KEEP; style++) {
        styled(&rd, (xpecto_style_e) style);

        for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
            (void) redact_at(&rd, place_of(XPECTO_FORM_LOG), texts[i], 0);
            (void) redact_at(&rd, place_of(XPECTO_FORM_LOG), texts[i], 1);
        }
    }

    labels(&rd);

    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_LOG), texts[0], 0),
                        "a \"b\r\n\r\n[[[[phone]");
    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_LOG), texts[1], 0),
                        "a \"b\r\n\r\n{\"to\":[phone]");
}


/* a line that ends within a value ends where it has ended before */

static void
end_of_a_line(void **state)
{
    xpecto_redact_t  rd;

    static const hidden_t  texts[] = {
        { XPECTO_FORM_LOG, "a encrypted: \"\"b; \" while =\"c\"d:\"\n",
          "a encrypted: \"[content]\"\n" },
        { XPECTO_FORM_LOG, "a encrypted: \"secret\"\r\n",
          "a encrypted: \"[credential]\"\r\n" },
        { XPECTO_FORM_LOG, "a encrypted: \"secret\n",
          "a encrypted: \"[credential]\n" },
        { XPECTO_FORM_LOG, "a \"secret\" does not match \"sec\"\nret\"\n",
          "a \"secret\" does not match \"[content]\"\n" }
    };

    (void) state;

    in_all_styles(texts, sizeof(texts) / sizeof(texts[0]) - 1);

    labels(&rd);
    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_LOG), texts[3].in,
                                  0), texts[3].out);
}


/* where an address has gone another one may begin, and its name behind it */

static void
address_behind_an_address(void **state)
{
    static const hidden_t  texts[] = {
        { XPECTO_FORM_LOG, "a 192.0.2.1::1-access_token=secret x",
          "a [ip][ip]-access_token=[credential] x" },
        { XPECTO_FORM_QUERY, "x192.0.2.1::1/access_token=secret",
          "x192.0.2.1::1/access_token=[credential]" },

        /* what takes the place of a password stands where one would */

        { XPECTO_FORM_LOG, "a https://u:secret@h.example/ b",
          "a https://[credential]@h.example/ b" }
    };

    (void) state;

    in_all_styles(texts, sizeof(texts) / sizeof(texts[0]));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(announced_behind_a_token),
        cmocka_unit_test(named_behind_a_token),
        cmocka_unit_test(token_of_a_text),
        cmocka_unit_test(names_beside_replacements),
        cmocka_unit_test(separators_of_numbers),
        cmocka_unit_test(label_in_a_word),
        cmocka_unit_test(address_behind_a_quote),
        cmocka_unit_test(address_in_a_number),
        cmocka_unit_test(number_at_an_end),
        cmocka_unit_test(end_of_a_line),
        cmocka_unit_test(address_behind_an_address),
        cmocka_unit_test(fresh_input)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
