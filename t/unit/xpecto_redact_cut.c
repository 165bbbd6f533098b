
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

/*
 * A buffer may end anywhere: what a value says is not to be read in any
 * beginning of a body, a request or a line that is known to be cut off.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "xpecto_redact_edit.h"
#include "xpecto_redact_unit.h"


/* so many bytes of a value that stand together are too many */

#define REVEALS  4


static const struct {
    xpecto_form_e    form;
    const char      *text;
} inputs[] = {
    { XPECTO_FORM_BODY,
      "{\"messaging_product\":\"whatsapp\",\"to\":\"16505551234\","
      "\"type\":\"text\",\"text\":{\"body\":\"Vkzq Jxwv Bnqp\"},\"n\":1}" },
    { XPECTO_FORM_BODY,
      "[{\"a\":[{\"wa_id\":\"\\u0031\\u0036505551234\",\"profile\":"
      "{\"name\":\"Vkzq Jxwv Bnqp\"}}]}]" },
    { XPECTO_FORM_BODY,
      "To=whatsapp%3A%2B16505551234&n=1&Body=Vkzq+Jxwv+Bnqp&x=y" },
    { XPECTO_FORM_BODY,
      "message=%7B%22text%22%3A%22Vkzq+Jxwv+Bnqp%22%7D&to=16505551234" },
    { XPECTO_FORM_BODY,
      "--b1\r\nContent-Disposition: form-data; name=\"to\"\r\n\r\n"
      "16505551234\r\n--b1\r\n"
      "Content-Disposition: form-data; name=\"text\"\r\n\r\n"
      "Vkzq Jxwv Bnqp\r\n--b1--\r\n" },
    { XPECTO_FORM_REQUEST,
      "GET /v1/messages?to=%2B16505551234&text=Vkzq+Jxwv+Bnqp HTTP/1.1" },
    { XPECTO_FORM_URI,
      "https://app.example.com/a/+16505551234?text=Vkzq+Jxwv+Bnqp" },
    { XPECTO_FORM_LOG,
      "2026/11/22 12:00:00 [error] 71#71: *3 open() \"/a/16505551234\" failed"
      " (2: No such file or directory), client: 192.0.2.77, server: x, "
      "request: \"GET /?text=Vkzq+Jxwv+Bnqp&to=16505551234 HTTP/1.1\", "
      "host: \"x\", referrer: \"http://x/?text=Vkzq+Jxwv+Bnqp\"" }
};


static const char *const  secrets[] = {
    "16505551234", "6505551234", "Vkzq", "Jxwv", "Bnqp"
};


/* REVEALS bytes of a secret that stand together */

static const char *
revealed(const char *out)
{
    size_t       i, k, n;
    static char  piece[REVEALS + 1];

    for (i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++) {

        n = strlen(secrets[i]);

        for (k = 0; k + REVEALS <= n; k++) {
            memcpy(piece, secrets[i] + k, REVEALS);

            if (strstr(out, piece) != NULL) {
                return piece;
            }
        }
    }

    return NULL;
}


static void
beginnings(void **state)
{
    char             text[BUFFER];
    size_t           i, k, len;
    unsigned         style, hidden;
    const char      *out, *piece;
    xpecto_redact_t  rd;

    (void) state;

    hidden = 0;

    for (style = 0; style < 2; style++) {

        if (style) {
            labels(&rd);

        } else {
            xpecto_redact_defaults(&rd);
        }

        for (i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++) {

            len = strlen(inputs[i].text);

            for (k = 0; k <= len; k++) {

                memcpy(text, inputs[i].text, k);
                text[k] = '\0';

                out = redact_at(&rd, place_of(inputs[i].form), text, 1);
                piece = revealed(out);

                if (piece != NULL) {
                    fail_msg("\"%s\" is in \"%s\"", piece, out);
                }

                hidden += (revealed(text) != NULL);
            }
        }
    }

    assert_true(hidden > 500);
}


/* what a reader takes for cut off is so while it reads that, no longer */

static void
ends(void **state)
{
    size_t                  i;
    uint8_t                 out[BUFFER];
    xpecto_edit_t           e;
    xpecto_redact_t         rd;
    xpecto_redact_result_t  res;

    static const struct {
        xpecto_form_e  form;
        unsigned       tail;
        unsigned       mapped;
        const char    *text;
    } edits[] = {
        { XPECTO_FORM_REQUEST, 0, 1, "GET /a?to=16505551234" },
        { XPECTO_FORM_REQUEST, 0, 1, "GET /a?to=16505551234 HTTP/1.1" },
        { XPECTO_FORM_REQUEST, 1, 0, "GET /a?to=16505551234" },
        { XPECTO_FORM_LOG, 0, 0,
          "client sent too long header line: \"to: 1650555...\" while reading"
          " client request headers" },
        { XPECTO_FORM_LOG, 1, 0, "open() \"/1650555... (2: No such file" }
    };

    (void) state;

    labels(&rd);

    for (i = 0; i < sizeof(edits) / sizeof(edits[0]); i++) {

        memset(&e, 0, sizeof(xpecto_edit_t));
        memset(&res, 0, sizeof(xpecto_redact_result_t));

        e.rd = &rd;
        e.p = (const uint8_t *) edits[i].text;
        e.len = strlen(edits[i].text);
        e.cut = e.len;
        e.out = out;
        e.cap = sizeof(out);
        e.res = &res;
        e.tail = edits[i].tail & 1;

        if (edits[i].mapped && xpecto_map(&e.map, e.p, e.len) == XPECTO_OK) {
            e.mapped = 1;
        }

        xpecto_edit_form(&e, place_of(edits[i].form), 0, e.len);

        assert_int_equal(res.counts[XPECTO_CLASS_PHONE], 1);
        assert_int_equal(e.tail, edits[i].tail);
        assert_int_equal(e.cut, e.len);

        if (xpecto_map(&e.map, e.p, e.len) == XPECTO_OK) {
            assert_int_equal(e.mapped, edits[i].mapped);
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(beginnings),
        cmocka_unit_test(ends)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
