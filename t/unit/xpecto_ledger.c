
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "xpecto_ledger.h"
#include "xpecto_ledger_out.h"


static void prepare(xpecto_ledger_chain_t *chain, xpecto_epochs_t *epochs);
static xpecto_ledger_field_t string(const char *name, const void *data,
    size_t len);
static void print(xpecto_ledger_chain_t *chain, const char *name,
    int64_t msec, const xpecto_ledger_field_t *fields, unsigned n,
    const xpecto_epochs_t *epochs, char *text);


/*
 * Lines as a Perl script makes them with Digest::SHA and CryptX: the key is
 * 00 01 .. 1f under the number 7, the salt of the epoch is 40 41 .. 5f.
 */

static const char  first[] =
    "{\"chain\":\"a1b2c3d4e5f60718\",\"kid\":7,\"seq\":1,\"prev\":\"\",\"time"
    "\":\"2026-10-31T23:59:59.999Z\",\"event\":\"start\",\"mac\":\"zgmLya3qQq"
    "I4B03cd-DFoA\"}\n";

static const char  second[] =
    "{\"chain\":\"a1b2c3d4e5f60718\",\"kid\":7,\"seq\":2,\"prev\":\"zgmLya3qQ"
    "qI4B03cd-DFoA\",\"time\":\"2026-11-22T12:00:00.007Z\",\"event\":\"transf"
    "er\",\"tenant\":\"ac\\\"me\\\\\",\"note\":\"a\\u0009\\u007f\303\251\342"
    "\202\254\360\237\230\200\\ufffd\\ufffd\",\"n\":-9223372036854775808,\"m"
    "\":0,\"address\":{\"epoch\":\"2026-11\",\"sealed\":\"obLD1OX2BxgAAAABOmJ"
    "orN8b3SfDInPtFj7-X4H5uUFJI3lrfoiYZSpO\"},\"other\":{\"epoch\":\"2026-11"
    "\",\"sealed\":\"obLD1OX2BxgAAAACMS_b8Ki158p4_ZVsEvbIcA\"},\"mac\":\"52DU"
    "Vdjt_eqaCNfYdQYDAA\"}\n";

static const char  third[] =
    "{\"chain\":\"a1b2c3d4e5f60718\",\"kid\":7,\"seq\":3,\"prev\":\"52DUVdjt_"
    "eqaCNfYdQYDAA\",\"time\":\"2024-02-29T00:00:00.000Z\",\"event\":\"end\","
    "\"x\":\"y\",\"mac\":\"pqFe9_F2rqaFlDqi8ALhYA\"}\n";


static const uint8_t  id[] = { 0xa1, 0xb2, 0xc3, 0xd4, 0xe5, 0xf6, 7, 0x18 };


static void
prepare(xpecto_ledger_chain_t *chain, xpecto_epochs_t *epochs)
{
    unsigned      i;
    xpecto_key_t  key;
    xpecto_err_t  err;

    static const char  text[] =
        "2026-11:1793491200:QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=\n"
        "2026-12:1796083200:gIGCg4SFhoeIiYqLjI2Oj5CRkpOUlZaXmJmam5ydnp8=\n";

    key.kid = 7;

    for (i = 0; i < XPECTO_KEY_LEN; i++) {
        key.master[i] = (uint8_t) i;
    }

    assert_int_equal(xpecto_epochs_parse(epochs, (const uint8_t *) text,
                                         sizeof(text) - 1, &err),
                     XPECTO_OK);
    assert_int_equal(xpecto_epochs_derive(epochs, &key), XPECTO_OK);
    assert_int_equal(xpecto_ledger_open(chain, &key, id), XPECTO_OK);
}


static xpecto_ledger_field_t
string(const char *name, const void *data, size_t len)
{
    xpecto_ledger_field_t  field;

    field.name = name;
    field.type = XPECTO_LEDGER_STR;
    field.str.data = data;
    field.str.len = len;
    field.num = 0;

    return field;
}


/* text: of XPECTO_LEDGER_LINE + 1 */

static void
print(xpecto_ledger_chain_t *chain, const char *name, int64_t msec,
    const xpecto_ledger_field_t *fields, unsigned n,
    const xpecto_epochs_t *epochs, char *text)
{
    size_t                 len;
    xpecto_ledger_event_t  event;

    event.name = name;
    event.msec = msec;
    event.fields = fields;
    event.nfields = n;

    assert_int_equal(xpecto_ledger_line(chain, &event, epochs,
                                        (uint8_t *) text, XPECTO_LEDGER_LINE,
                                        &len),
                     XPECTO_OK);
    text[len] = '\0';
}


static void
lines(void **state)
{
    char                   text[XPECTO_LEDGER_LINE + 1];
    xpecto_epochs_t        epochs;
    xpecto_ledger_field_t  fields[6];
    xpecto_ledger_chain_t  chain;

    static const char  note[] = "a\t\177\303\251\342\202\254\360\237\230\200"
                                "\377\302";

    (void) state;

    prepare(&chain, &epochs);

    print(&chain, "start", INT64_C(1793491199999), NULL, 0, NULL, text);
    assert_string_equal(text, first);

    /* not written: made again */

    print(&chain, "start", INT64_C(1793491199999), NULL, 0, NULL, text);
    assert_string_equal(text, first);
    xpecto_ledger_written(&chain);

    fields[0] = string("tenant", "ac\"me\\", 6);
    fields[1] = string("note", note, sizeof(note) - 1);
    fields[2] = string("n", NULL, 0);
    fields[2].type = XPECTO_LEDGER_NUM;
    fields[2].num = INT64_MIN;
    fields[3] = string("m", NULL, 0);
    fields[3].type = XPECTO_LEDGER_NUM;
    fields[4] = string("address", "+4915123456789", 14);
    fields[4].type = XPECTO_LEDGER_SEALED;
    fields[5] = string("other", "", 0);
    fields[5].type = XPECTO_LEDGER_SEALED;

    print(&chain, "transfer", INT64_C(1795348800007), fields, 6, &epochs,
          text);
    assert_string_equal(text, second);
    assert_int_equal(chain.left_out, 0);
    xpecto_ledger_written(&chain);

    fields[0] = string("x", "y", 1);
    print(&chain, "end", INT64_C(1709164800000), fields, 1, &epochs, text);
    assert_string_equal(text, third);

    xpecto_ledger_close(&chain);
}


/* without an epoch a personal field is left out */

static void
left_out(void **state)
{
    char                   text[XPECTO_LEDGER_LINE + 1];
    xpecto_epochs_t        epochs;
    xpecto_ledger_field_t  fields[2];
    xpecto_ledger_chain_t  chain;

    (void) state;

    prepare(&chain, &epochs);

    fields[0] = string("address", "+4915123456789", 14);
    fields[0].type = XPECTO_LEDGER_SEALED;
    fields[1] = string("tenant", "acme", 4);

    print(&chain, "x", INT64_C(1795348800007), fields, 2, NULL, text);
    assert_null(strstr(text, "address"));
    assert_null(strstr(text, "4915"));
    assert_non_null(strstr(text, "\"x\",\"tenant\":\"acme\",\"mac\""));
    assert_int_equal(chain.left_out, 1);

    /* before the first one begins, as it begins, and in the next one */

    print(&chain, "x", INT64_C(1793491199999), fields, 2, &epochs, text);
    assert_null(strstr(text, "address"));
    assert_int_equal(chain.left_out, 1);

    print(&chain, "x", INT64_C(1793491200000), fields, 2, &epochs, text);
    assert_non_null(strstr(text, "\"address\":{\"epoch\":\"2026-11\""));
    assert_int_equal(chain.left_out, 0);

    print(&chain, "x", INT64_C(1796083200000), fields, 2, &epochs, text);
    assert_non_null(strstr(text, "\"address\":{\"epoch\":\"2026-12\""));

    assert_null(strstr(text, "4915"));

    xpecto_ledger_close(&chain);
}


/* no nonce twice, be a line written or not */

static void
nonces(void **state)
{
    char                   one[XPECTO_LEDGER_LINE + 1];
    char                   two[XPECTO_LEDGER_LINE + 1];
    size_t                 len;
    xpecto_epochs_t        epochs;
    xpecto_ledger_field_t  field;
    xpecto_ledger_chain_t  chain;
    xpecto_ledger_event_t  event;

    (void) state;

    prepare(&chain, &epochs);

    field = string("address", "+4915123456789", 14);
    field.type = XPECTO_LEDGER_SEALED;

    print(&chain, "x", INT64_C(1795348800007), &field, 1, &epochs, one);
    print(&chain, "x", INT64_C(1795348800007), &field, 1, &epochs, two);

    assert_memory_equal(strstr(one, "sealed\":\"") + 9, "obLD1OX2BxgAAAAB", 16);
    assert_memory_equal(strstr(two, "sealed\":\"") + 9, "obLD1OX2BxgAAAAC", 16);

    chain.nonces = UINT32_MAX;

    event.name = "x";
    event.msec = INT64_C(1795348800007);
    event.fields = &field;
    event.nfields = 1;

    assert_int_equal(xpecto_ledger_line(&chain, &event, &epochs,
                                        (uint8_t *) one, XPECTO_LEDGER_LINE,
                                        &len),
                     XPECTO_ERROR);

    xpecto_ledger_close(&chain);
}


/* every size that is too small is refused, and not a byte written beyond it */

static void
sizes(void **state)
{
    size_t                 i, len, all;
    uint8_t                buf[1024];
    xpecto_epochs_t        epochs;
    xpecto_ledger_field_t  field;
    xpecto_ledger_chain_t  chain;
    xpecto_ledger_event_t  event;

    (void) state;

    prepare(&chain, &epochs);

    field = string("address", "+4915123456789", 14);
    field.type = XPECTO_LEDGER_SEALED;

    event.name = "x";
    event.msec = INT64_C(1795348800007);
    event.fields = &field;
    event.nfields = 1;

    assert_int_equal(xpecto_ledger_line(&chain, &event, &epochs, buf,
                                        sizeof(buf), &all),
                     XPECTO_OK);

    /* base64 is measured with its padding */

    for (i = 0; i < all + 2; i++) {
        memset(buf, 0x5a, sizeof(buf));

        if (xpecto_ledger_line(&chain, &event, &epochs, buf, i, &len)
            == XPECTO_OK)
        {
            assert_int_equal(len, all);
            assert_true(i >= all);
        }

        assert_int_equal(buf[i], 0x5a);
    }

    field.str.len = XPECTO_LEDGER_SEALED_MAX + 1;
    assert_int_equal(xpecto_ledger_line(&chain, &event, &epochs, buf,
                                        sizeof(buf), &len),
                     XPECTO_ERROR);

    event.nfields = 0;
    event.msec = -1;
    assert_int_equal(xpecto_ledger_line(&chain, &event, &epochs, buf,
                                        sizeof(buf), &len),
                     XPECTO_ERROR);

    xpecto_ledger_close(&chain);
}


static void
heads(void **state)
{
    size_t                len;
    uint8_t               text[XPECTO_LEDGER_HEAD_TEXT];
    xpecto_ledger_head_t  head;

    (void) state;

    memcpy(head.id, id, sizeof(id));
    memset(head.mac, 0xff, sizeof(head.mac));
    head.seq = UINT64_MAX;

    len = xpecto_ledger_head(&head, text);

    assert_int_equal(len, 60);
    assert_memory_equal(text, "a1b2c3d4e5f60718:18446744073709551615:"
                              "_____________________w", 60);
}


/* by GNU date */

static void
times(void **state)
{
    size_t               i;
    char                 text[32];
    xpecto_ledger_out_t  out;

    static const struct {
        int64_t      sec;
        const char  *text;
    } known[] = {
        { 0, "1970-01-01T00:00:00.000Z" },
        { 951782400, "2000-02-29T00:00:00.000Z" },
        { 1709164800, "2024-02-29T00:00:00.000Z" },
        { 1793491199, "2026-10-31T23:59:59.000Z" },
        { INT64_C(4107542400), "2100-03-01T00:00:00.000Z" },
        { INT64_C(253402300799), "9999-12-31T23:59:59.000Z" }
    };

    (void) state;

    for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        out.p = (uint8_t *) text;
        out.last = out.p + sizeof(text) - 1;

        xpecto_ledger_time(known[i].sec * 1000, &out);
        assert_non_null(out.p);
        *out.p = '\0';
        assert_string_equal(text, known[i].text);
    }
}


/* bytes that are no UTF-8: overlong, surrogate, too large, cut */

static void
strings(void **state)
{
    size_t               i;
    char                 text[64];
    xpecto_str_t         str;
    xpecto_ledger_out_t  out;

    static const struct {
        const char  *bytes;
        const char  *text;
    } known[] = {
        { "", "\"\"" },
        { "\037 ~\177", "\"\\u001f ~\\u007f\"" },
        { "\"\\/", "\"\\\"\\\\/\"" },
        { "\300\200", "\"\\ufffd\\ufffd\"" },
        { "\301\277", "\"\\ufffd\\ufffd\"" },
        { "\340\237\277", "\"\\ufffd\\ufffd\\ufffd\"" },
        { "\340\240\200", "\"\340\240\200\"" },
        { "\355\240\200", "\"\\ufffd\\ufffd\\ufffd\"" },
        { "\356\200\200", "\"\356\200\200\"" },
        { "\360\217\277\277", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"" },
        { "\360\220\200\200", "\"\360\220\200\200\"" },
        { "\364\217\277\277", "\"\364\217\277\277\"" },
        { "\364\220\200\200", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"" },
        { "\365\200\200\200", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"" },
        { "\200x", "\"\\ufffdx\"" },
        { "\342\202", "\"\\ufffd\\ufffd\"" },
        { "\303(", "\"\\ufffd(\"" }
    };

    (void) state;

    for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        str.data = (const uint8_t *) known[i].bytes;
        str.len = strlen(known[i].bytes);

        out.p = (uint8_t *) text;
        out.last = out.p + sizeof(text) - 1;

        xpecto_ledger_string(&str, &out);
        assert_non_null(out.p);
        *out.p = '\0';
        assert_string_equal(text, known[i].text);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(lines),
        cmocka_unit_test(left_out),
        cmocka_unit_test(nonces),
        cmocka_unit_test(sizes),
        cmocka_unit_test(heads),
        cmocka_unit_test(times),
        cmocka_unit_test(strings)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
