
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "xpecto_epochs.h"


static xpecto_rc_e parse(xpecto_epochs_t *epochs, const char *text,
    xpecto_err_t *err);
static void hex(char *dst, const uint8_t *p, size_t len);


/* bytes 0x40 to 0x5f, 0x80 to 0x9f */

#define SALT1  "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8="
#define SALT2  "gIGCg4SFhoeIiYqLjI2Oj5CRkpOUlZaXmJmam5ydnp8="

#define NO_LINE  "not \"epoch:not_before:base64\""
#define NO_TIME  "the begin is not a time in seconds since 1970"
#define NO_SALT  "the rest is not the base64 of 32 bytes"


/* files that are refused, and the error that names the line */

static const struct {
    const char  *text;
    const char  *err;
} refused[] = {
    { "", "no epoch" },
    { "# nothing\n\n\r\n", "no epoch" },
    { "2026-11\n", "line 1: " NO_LINE },
    { ":1:" SALT1 "\n", "line 1: " NO_LINE },
    { " 2026-11:1:" SALT1 "\n", "line 1: " NO_LINE },
    { "2026/11:1:" SALT1 "\n", "line 1: " NO_LINE },
    { "2026\"11:1:" SALT1 "\n", "line 1: " NO_LINE },
    { "12345678901234567:1:" SALT1 "\n", "line 1: " NO_LINE },
    { "a:\n", "line 1: " NO_TIME },
    { "a::" SALT1 "\n", "line 1: " NO_TIME },
    { "a:1\n", "line 1: " NO_TIME },
    { "a:-1:" SALT1 "\n", "line 1: " NO_TIME },
    { "a:+1:" SALT1 "\n", "line 1: " NO_TIME },
    { "a: 1:" SALT1 "\n", "line 1: " NO_TIME },
    { "a:01:" SALT1 "\n", "line 1: " NO_TIME },
    { "a:1x:" SALT1 "\n", "line 1: " NO_TIME },
    { "a:253402300800:" SALT1 "\n", "line 1: " NO_TIME },
    { "a:18446744073709551617:" SALT1 "\n", "line 1: " NO_TIME },
    { "a:1:\n", "line 1: " NO_SALT },
    { "a:1:AAECAw==\n", "line 1: " NO_SALT },
    { "a:1:" SALT1 " \n", "line 1: " NO_SALT },
    { "a:1:" SALT1 ":\n", "line 1: " NO_SALT },
    { "a:1:" SALT1 "\n\na:2:" SALT2 "\n", "line 3: the epoch is repeated" },
    { "a:1:" SALT1 "\n# c\nb:2:" SALT1 "\n",
      "line 3: the random bytes are repeated" },
    { "a:1:" SALT1 "\nb:1:" SALT2 "\n",
      "line 2: the epoch does not begin later than the one above" },
    { "a:2:" SALT1 "\nb:1:" SALT2 "\n",
      "line 2: the epoch does not begin later than the one above" }
};


static xpecto_rc_e
parse(xpecto_epochs_t *epochs, const char *text, xpecto_err_t *err)
{
    err->text[0] = '\0';

    return xpecto_epochs_parse(epochs, (const uint8_t *) text, strlen(text),
                               err);
}


static void
hex(char *dst, const uint8_t *p, size_t len)
{
    size_t  i;

    for (i = 0; i < len; i++) {
        (void) snprintf(&dst[2 * i], 3, "%02x", p[i]);
    }
}


static void
refuses(void **state)
{
    size_t            i, k;
    xpecto_err_t      err;
    const uint8_t    *p;
    xpecto_epochs_t   epochs;

    (void) state;

    for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        assert_int_equal(parse(&epochs, refused[i].text, &err), XPECTO_ERROR);
        assert_string_equal(err.text, refused[i].err);

        /* no name and no byte of a line that came before */

        p = (const uint8_t *) &epochs;

        for (k = 0; k < sizeof(epochs); k++) {
            assert_int_equal(p[k], 0);
        }
    }
}


/* vectors: HKDF written in Python over hmac and hashlib, key 00 01 .. 1f */

static void
derives(void **state)
{
    char              text[65];
    size_t            i;
    xpecto_key_t      key;
    xpecto_err_t      err;
    xpecto_epochs_t   epochs;

    static const uint8_t  zeros[XPECTO_KEY_LEN];

    (void) state;

    key.kid = 7;

    for (i = 0; i < XPECTO_KEY_LEN; i++) {
        key.master[i] = (uint8_t) i;
    }

    assert_int_equal(parse(&epochs, "# months\n2026-11:1793491200:" SALT1
                           "\r\n\nb:1796083200:" SALT2, &err),
                     XPECTO_OK);
    assert_int_equal(epochs.n, 2);

    assert_int_equal(xpecto_epochs_derive(&epochs, &key), XPECTO_OK);
    assert_int_equal(epochs.kid, 7);

    hex(text, epochs.epochs[0].pseudonym, 16);
    assert_string_equal(text, "90b891b5164360f9956ee15271e18deb");
    hex(text, epochs.epochs[0].ledger, 32);
    assert_string_equal(text, "1bc6f862595d753ca25ac91dcdca6ef4"
                              "d8bb63a84c3cdb124ff00511d2c682ad");

    hex(text, epochs.epochs[1].pseudonym, 16);
    assert_string_equal(text, "17a8c8b394bae21c16e0e9d54c04b617");
    hex(text, epochs.epochs[1].ledger, 32);
    assert_string_equal(text, "11fb5efd14ebbe525388bc9cfbe6b2a1"
                              "a0d19b338b5a1ab7e86b61a382426c12");

    assert_memory_equal(epochs.epochs[0].salt, zeros, XPECTO_KEY_LEN);
    assert_memory_equal(epochs.epochs[1].salt, zeros, XPECTO_KEY_LEN);

    /* another key of the ring makes other keys */

    assert_int_equal(parse(&epochs, "2026-11:1793491200:" SALT1, &err),
                     XPECTO_OK);
    key.master[31] ^= 1;
    assert_int_equal(xpecto_epochs_derive(&epochs, &key), XPECTO_OK);
    hex(text, epochs.epochs[0].pseudonym, 16);
    assert_string_not_equal(text, "90b891b5164360f9956ee15271e18deb");
}


static void
begins(void **state)
{
    xpecto_err_t           err;
    xpecto_epochs_t        epochs;
    const xpecto_epoch_t  *e;

    (void) state;

    assert_int_equal(parse(&epochs, "a:100:" SALT1 "\nb:200:" SALT2, &err),
                     XPECTO_OK);

    assert_null(xpecto_epochs_at(&epochs, -1));
    assert_null(xpecto_epochs_at(&epochs, 99));

    e = xpecto_epochs_at(&epochs, 100);
    assert_non_null(e);
    assert_int_equal(e->name_len, 1);
    assert_int_equal(e->name[0], 'a');

    assert_ptr_equal(xpecto_epochs_at(&epochs, 199), e);

    e = xpecto_epochs_at(&epochs, 200);
    assert_non_null(e);
    assert_int_equal(e->name[0], 'b');
    assert_ptr_equal(xpecto_epochs_at(&epochs, INT64_MAX), e);

    assert_ptr_equal(xpecto_epochs_find(&epochs, (const uint8_t *) "b", 1), e);
    assert_null(xpecto_epochs_find(&epochs, (const uint8_t *) "bb", 2));
    assert_null(xpecto_epochs_find(&epochs, (const uint8_t *) "", 0));
    assert_null(xpecto_epochs_find(&epochs, (const uint8_t *) "c", 1));
}


static void
names(void **state)
{
    xpecto_err_t     err;
    xpecto_epochs_t  epochs;

    (void) state;

    assert_int_equal(parse(&epochs, "aZ09._-890123456:0:" SALT1, &err),
                     XPECTO_OK);
    assert_int_equal(epochs.epochs[0].name_len, 16);
    assert_int_equal(epochs.epochs[0].not_before, 0);
    assert_memory_equal(epochs.epochs[0].name, "aZ09._-890123456", 16);

    assert_int_equal(parse(&epochs, "a:253402300799:" SALT1, &err),
                     XPECTO_OK);
}


/* as many as can be held, and one more */

static void
full(void **state)
{
    size_t           len;
    unsigned         i;
    xpecto_err_t     err;
    xpecto_epochs_t  epochs;

    static char  text[(XPECTO_EPOCHS_MAX + 1) * 64];

    (void) state;

    len = 0;

    for (i = 0; i <= XPECTO_EPOCHS_MAX; i++) {
        len += (size_t) sprintf(&text[len], "e%u:%u:%c%c"
                                "FCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=\n",
                                i, i, 'A' + (int) (i / 26),
                                'A' + (int) (i % 26));

        if (i == XPECTO_EPOCHS_MAX - 1) {
            assert_int_equal(parse(&epochs, text, &err), XPECTO_OK);
            assert_int_equal(epochs.n, XPECTO_EPOCHS_MAX);
        }
    }

    assert_int_equal(parse(&epochs, text, &err), XPECTO_ERROR);
    assert_string_equal(err.text, "line 129: more epochs than can be held");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(refuses),
        cmocka_unit_test(derives),
        cmocka_unit_test(begins),
        cmocka_unit_test(names),
        cmocka_unit_test(full)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
