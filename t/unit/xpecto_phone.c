
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "xpecto_phone.h"


static int
check(const char *digits, xpecto_phone_level_e level)
{
    return xpecto_phone_check((const uint8_t *) digits, strlen(digits), level);
}


/* the canonical form, or "declined" or "error" */

static const char *
parsed(const char *text)
{
    static char     out[XPECTO_PHONE_MAX + 1];
    xpecto_rc_e     rc;
    xpecto_phone_t  ph;

    rc = xpecto_phone_parse(&ph, (const uint8_t *) text, strlen(text));

    if (rc != XPECTO_OK) {
        return (rc == XPECTO_DECLINED) ? "declined" : "error";
    }

    memcpy(out, ph.digits, ph.len);
    out[ph.len] = '\0';

    return out;
}


/* "GB GG" */

static const char *
countries(const char *digits)
{
    static char         out[3 * XPECTO_COUNTRIES_MAX + 1];
    unsigned            i;
    xpecto_phone_t      ph;
    xpecto_countries_t  set;

    ph.len = (uint8_t) strlen(digits);
    memcpy(ph.digits, digits, ph.len);

    xpecto_phone_countries(&ph, &set);
    out[0] = '\0';

    for (i = 0; i < set.n; i++) {
        out[3 * i] = (char) (set.cc[i] >> 8);
        out[3 * i + 1] = (char) (set.cc[i] & 0xff);
        out[3 * i + 2] = (i + 1 < set.n) ? ' ' : '\0';
    }

    return out;
}


static FILE *
data(const char *name)
{
    char   path[256];
    FILE  *f;

    (void) snprintf(path, sizeof(path), "t/data/%s", name);

    f = fopen(path, "r");
    assert_non_null(f);

    return f;
}


static void
examples_are_valid(void **state)
{
    char      line[128], region[8], number[32];
    FILE     *f;
    unsigned  n;

    (void) state;

    f = data("phone-examples.txt");
    n = 0;

    while (fgets(line, sizeof(line), f) != NULL) {

        if (line[0] == '#') {
            continue;
        }

        assert_int_equal(sscanf(line, "%7s %31s", region, number), 2);

        if (!check(number, XPECTO_PHONE_VALID)
            || !check(number, XPECTO_PHONE_POSSIBLE)
            || strcmp(parsed(number), number) != 0)
        {
            fail_msg("%s %s", region, number);
        }

        if (strstr(countries(number), region) == NULL) {
            fail_msg("%s is of %s, not of %s", number, region,
                     countries(number));
        }

        n++;
    }

    (void) fclose(f);
    assert_true(n >= 80);
}


static void
refused_are_invalid(void **state)
{
    char      line[128], number[32];
    FILE     *f;
    unsigned  n;

    (void) state;

    f = data("phone-refused.txt");
    n = 0;

    while (fgets(line, sizeof(line), f) != NULL) {

        if (line[0] == '#') {
            continue;
        }

        assert_int_equal(sscanf(line, "%31s", number), 1);

        if (check(number, XPECTO_PHONE_VALID)) {
            fail_msg("%s", number);
        }

        n++;
    }

    (void) fclose(f);
    assert_true(n >= 15);
}


static void
every_unix_time_is_refused(void **state)
{
    char      number[32];
    unsigned  t;

    (void) state;

    for (t = 1420070400; t < 2000000000; t += 9973) {
        (void) snprintf(number, sizeof(number), "%u", t);
        assert_false(check(number, XPECTO_PHONE_VALID));
        assert_false(check(number, XPECTO_PHONE_POSSIBLE));

        (void) snprintf(number, sizeof(number), "%u%03u", t, t % 1000);
        assert_false(check(number, XPECTO_PHONE_VALID));
        assert_false(check(number, XPECTO_PHONE_POSSIBLE));
    }
}


static void
whatsapp_forms_are_valid(void **state)
{
    (void) state;

    assert_true(check("5212221234567", XPECTO_PHONE_VALID));
    assert_true(check("556181234567", XPECTO_PHONE_VALID));
    assert_true(check("22507123456", XPECTO_PHONE_VALID));
    assert_true(check("22997123456", XPECTO_PHONE_VALID));
    assert_true(check("15550783881", XPECTO_PHONE_VALID));
    assert_true(check("447700900123", XPECTO_PHONE_VALID));

    /* their neighbours are not */

    assert_false(check("5202221234567", XPECTO_PHONE_VALID));
    assert_false(check("551181234567", XPECTO_PHONE_VALID));
    assert_false(check("22519123456", XPECTO_PHONE_VALID));
    assert_false(check("15560783881", XPECTO_PHONE_VALID));
    assert_false(check("447700901123", XPECTO_PHONE_VALID));
}


static void
lengths_outside_e164(void **state)
{
    (void) state;

    assert_false(check("", XPECTO_PHONE_POSSIBLE));
    assert_false(check("1", XPECTO_PHONE_POSSIBLE));
    assert_false(check("290512", XPECTO_PHONE_POSSIBLE));
    assert_true(check("2905123", XPECTO_PHONE_POSSIBLE));
    assert_true(check("493012345678901", XPECTO_PHONE_POSSIBLE));
    assert_false(check("4930123456789012", XPECTO_PHONE_POSSIBLE));
}


static void
parse_takes_every_spelling(void **state)
{
    (void) state;

    assert_string_equal(parsed("16505551234"), "16505551234");
    assert_string_equal(parsed("+16505551234"), "16505551234");
    assert_string_equal(parsed("0016505551234"), "16505551234");
    assert_string_equal(parsed(" +1 (650) 555-1234 "), "16505551234");
    assert_string_equal(parsed("+1.650.555.1234"), "16505551234");
    assert_string_equal(parsed("1650/5551234"), "16505551234");
    assert_string_equal(parsed("whatsapp:+16505551234"), "16505551234");
    assert_string_equal(parsed("WhatsApp:16505551234"), "16505551234");
    assert_string_equal(parsed("tel:+1-650-555-1234;ext=9"), "16505551234");
    assert_string_equal(parsed("16505551234@c.us"), "16505551234");
    assert_string_equal(parsed("16505551234@s.whatsapp.net"), "16505551234");
    assert_string_equal(parsed("16505551234:12@s.whatsapp.net"),
                        "16505551234");
    assert_string_equal(parsed("+44 (0)20 7031 3000"), "442070313000");
}


static void
parse_refuses_the_rest(void **state)
{
    (void) state;

    assert_string_equal(parsed(""), "error");
    assert_string_equal(parsed("+"), "error");
    assert_string_equal(parsed("00"), "declined");
    assert_string_equal(parsed("whatsapp:"), "error");
    assert_string_equal(parsed("hello"), "error");
    assert_string_equal(parsed("US.13491208655302741918"), "error");
    assert_string_equal(parsed("16505551234@g.us"), "error");
    assert_string_equal(parsed("16505551234@c.us.example"), "error");
    assert_string_equal(parsed("16505551234:"), "error");
    assert_string_equal(parsed("16505551234,4477"), "error");
    assert_string_equal(parsed("1650555123x"), "error");
    assert_string_equal(parsed("++16505551234"), "error");

    assert_string_equal(parsed("123"), "declined");
    assert_string_equal(parsed("06505551234"), "declined");
    assert_string_equal(parsed("106540352242922"), "declined");
    assert_string_equal(parsed("1650555123412345678"), "declined");
}


static void
one_number_has_one_form(void **state)
{
    (void) state;

    assert_string_equal(parsed("5212221234567"), "522221234567");
    assert_string_equal(parsed("+52 1 222 123 4567"), "522221234567");
    assert_string_equal(parsed("522221234567"), "522221234567");

    assert_string_equal(parsed("556181234567"), "5561981234567");
    assert_string_equal(parsed("5561981234567"), "5561981234567");

    /* a fixed line of Brazil has eight digits for good */

    assert_string_equal(parsed("551123456789"), "551123456789");
}


static void
parse_reads_no_further_than_len(void **state)
{
    char            *copy;
    size_t           len;
    xpecto_phone_t   ph;
    static const char  text[] = "whatsapp:+44 (0)20:3@s.whatsapp.net;x";

    (void) state;

    for (len = 0; len < sizeof(text); len++) {
        copy = malloc(len ? len : 1);
        assert_non_null(copy);
        memcpy(copy, text, len);
        (void) xpecto_phone_parse(&ph, (uint8_t *) copy, len);
        free(copy);
    }
}


static void
countries_of_shared_codes(void **state)
{
    (void) state;

    assert_string_equal(countries("491701234567"), "DE");
    assert_string_equal(countries("12125551234"), "US");
    assert_string_equal(countries("14165551234"), "CA");
    assert_string_equal(countries("18765230123"), "JM");
    assert_string_equal(countries("447400123456"), "GB");
    assert_string_equal(countries("441481256789"), "GG");
    assert_string_equal(countries("79123456789"), "RU");
    assert_string_equal(countries("77710009998"), "KZ");
    assert_string_equal(countries("212650123456"), "EH MA");
    assert_string_equal(countries("972591234567"), "IL PS");
    assert_string_equal(countries("2905123"), "SH");

    /* non-geographic: no country; toll-free of +1: all 25 */

    assert_string_equal(countries("80012345678"), "");
    assert_string_equal(countries("883510001234567"), "");
    assert_int_equal(strlen(countries("18002345678")), 25 * 3 - 1);
}


/* a territory with a prefix of its own is there, and nowhere else */

static void
countries_of_own_prefixes(void **state)
{
    (void) state;

    assert_string_equal(countries("390212345678"), "IT");
    assert_string_equal(countries("393123456789"), "IT");
    assert_string_equal(countries("390669812345"), "VA");
    assert_string_equal(countries("390549123456"), "SM");

    assert_string_equal(countries("61212345678"), "AU");
    assert_string_equal(countries("61891621234"), "CC");
    assert_string_equal(countries("61891641234"), "CX");
    assert_string_equal(countries("35891234567"), "FI");
    assert_string_equal(countries("358181234567"), "AX");
    assert_string_equal(countries("4755123456"), "NO");
    assert_string_equal(countries("4779123456"), "SJ");

    /* mobile numbers are shared with the islands */

    assert_string_equal(countries("61412345678"), "AU CC CX");
    assert_string_equal(countries("358412345678"), "AX FI");
    assert_string_equal(countries("358501234567"), "AX FI");
    assert_string_equal(countries("4740612345"), "NO SJ");
    assert_string_equal(countries("4791234567"), "NO SJ");
}


static void
calling_codes(void **state)
{
    (void) state;

    assert_int_equal(xpecto_phone_code((const uint8_t *) "16505551234", 11),
                     1);
    assert_int_equal(xpecto_phone_code((const uint8_t *) "4915123456789", 13),
                     2);
    assert_int_equal(xpecto_phone_code((const uint8_t *) "2905123", 7), 3);
    assert_int_equal(xpecto_phone_code((const uint8_t *) "21012345678", 11),
                     0);
    assert_int_equal(xpecto_phone_code((const uint8_t *) "49", 2), 0);
}


/* what stands there is a national number, for all that is known */

static void
bare_digits(void **state)
{
    size_t   i, n;
    uint8_t  digits[XPECTO_PHONE_MAX];

    static const char *const  forms[][2] = {
        { "6505551234", "6505551234" }, { "(650) 555-1234", "6505551234" },
        { " tel:015112345678", "015112345678" },
        { "WhatsApp:6505551234;ext=9", "6505551234" },
        { "+6505551234", NULL }, { "006505551234", NULL },
        { "whatsapp:+6505551234", NULL }, { "6505551234@c.us", NULL },
        { "6505551234:3@s.whatsapp.net", NULL }, { "US.650", NULL },
        { "1234567890123456", NULL }, { "", NULL }, { "tel:", NULL }
    };

    (void) state;

    for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {

        if (forms[i][1] == NULL) {
            assert_int_equal(xpecto_phone_bare((const uint8_t *) forms[i][0],
                                               strlen(forms[i][0]), digits,
                                               &n),
                             XPECTO_DECLINED);
            continue;
        }

        assert_int_equal(xpecto_phone_bare((const uint8_t *) forms[i][0],
                                           strlen(forms[i][0]), digits, &n),
                         XPECTO_OK);
        assert_int_equal(n, strlen(forms[i][1]));
        assert_memory_equal(digits, forms[i][1], n);
    }
}


/* by the countries' lists of the ITU */

static void
calling_codes_of_countries(void **state)
{
    size_t                i;
    xpecto_phone_homes_t  homes;

    static const struct {
        const char  *country;
        unsigned     code;
    } rows[] = {
        { "US", 1 }, { "CA", 1 }, { "PR", 1 }, { "RU", 7 }, { "KZ", 7 },
        { "DE", 49 }, { "GB", 44 }, { "GG", 44 }, { "IN", 91 }, { "CN", 86 },
        { "IT", 39 }, { "VA", 39 }, { "AE", 971 }, { "IE", 353 },
        { "AX", 358 }, { "ZZ", 0 }
    };

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        xpecto_phone_homes(&homes, XPECTO_COUNTRY(rows[i].country[0],
                                                  rows[i].country[1]));

        assert_int_equal(homes.n, rows[i].code != 0);

        if (homes.n != 0) {
            assert_int_equal(homes.code[0], rows[i].code);
        }
    }
}


static void
national_digits_in_full(void **state)
{
    size_t          i;
    xpecto_phone_t  ph;

    static const struct {
        unsigned     code;
        const char  *digits;
        const char  *full;
    } rows[] = {
        { 1, "6505551234", "16505551234" }, { 1, "16505551234", NULL },
        { 49, "15112345678", "4915112345678" },
        { 49, "015112345678", "4915112345678" },
        { 39, "0612345678", "390612345678" },   /* Rome keeps its zero */
        { 91, "9812345678", "919812345678" }, { 91, "12", NULL },
        { 971, "0501234567", "971501234567" }, { 49, "", NULL },
        { 971, "123456789012345", NULL }, { 44, "0", NULL }
    };

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {

        if (rows[i].full == NULL) {
            assert_int_equal(xpecto_phone_national(&ph, rows[i].code,
                                       (const uint8_t *) rows[i].digits,
                                       strlen(rows[i].digits)),
                             XPECTO_DECLINED);
            continue;
        }

        assert_int_equal(xpecto_phone_national(&ph, rows[i].code,
                                       (const uint8_t *) rows[i].digits,
                                       strlen(rows[i].digits)),
                         XPECTO_OK);
        assert_int_equal(ph.len, strlen(rows[i].full));
        assert_memory_equal(ph.digits, rows[i].full, ph.len);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(examples_are_valid),
        cmocka_unit_test(refused_are_invalid),
        cmocka_unit_test(every_unix_time_is_refused),
        cmocka_unit_test(whatsapp_forms_are_valid),
        cmocka_unit_test(lengths_outside_e164),
        cmocka_unit_test(parse_takes_every_spelling),
        cmocka_unit_test(parse_refuses_the_rest),
        cmocka_unit_test(one_number_has_one_form),
        cmocka_unit_test(parse_reads_no_further_than_len),
        cmocka_unit_test(countries_of_shared_codes),
        cmocka_unit_test(countries_of_own_prefixes),
        cmocka_unit_test(calling_codes),
        cmocka_unit_test(bare_digits),
        cmocka_unit_test(calling_codes_of_countries),
        cmocka_unit_test(national_digits_in_full)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
