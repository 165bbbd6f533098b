
/*
 * What stands within other values: documents in arguments and in strings,
 * names with spaces around them, passwords in URLs.
 */


#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "xpecto_redact_unit.h"


static void
documents_in_arguments(void **state)
{
    xpecto_redact_t  rd;

    static const pair_t  pairs[] = {
        { "x={\"to\":\"06505551234\",\"n\":1}&a=b",
          "x={\"to\":\"[phone]\",\"n\":1}&a=b" },
        { "x=%7B%22token%22%3A%22abc%22%7D&a=b",
          "x=%7B%22token%22%3A%22[credential]%22%7D&a=b" },
        { "x=[+{\"text\":\"hello\"}]", "x=[+{\"text\":\"[content]\"}]" },
        { "x={\"text\":\"hello", "x={\"text\":[content]" },
        { "x={abc}&y=[1,2]&z=%7Bfoo%7D&q={}", NULL }
    };

    (void) state;

    labels(&rd);
    check_all(&rd, place_of(XPECTO_FORM_QUERY), pairs);
}


static void
documents_in_strings(void **state)
{
    xpecto_redact_t  rd;

    static const pair_t  json[] = {
        { "{\"event\":\"{\\\"to\\\":\\\"0650\\\"}\",\"n\":1}",
          "{\"event\":\"[content]\",\"n\":1}" },
        { "{\"event\":\"[{\\\"a\\\":1}]\"}", "{\"event\":\"[content]\"}" },
        { "{\"event\":\"{a}\",\"b\":\"[x]\",\"c\":\"{}\"}", NULL }
    };

    static const pair_t  form[] = {
        { "a=%7B%22e%22%3A%22%7B%5C%22to%5C%22%3A1%7D%22%7D",
          "a=%7B%22e%22%3A%22[content]%22%7D" }
    };

    (void) state;

    labels(&rd);
    check_all(&rd, place_of(XPECTO_FORM_JSON), json);
    check_all(&rd, place_of(XPECTO_FORM_QUERY), form);
}


static void
names_with_spaces(void **state)
{
    xpecto_redact_t  rd;

    static const pair_t  pairs[] = {
        { "a=b&%20token=abc", "a=b&%20token=[credential]" },
        { "+text=hello&x=1", "+text=[content]&x=1" },
        { "text%20=hello&x=1", "text%20=[content]&x=1" },
        { "%09text%0a=hello", "%09text%0a=[content]" },
        { "te%20xt=hello", NULL }
    };

    (void) state;

    labels(&rd);
    check_all(&rd, place_of(XPECTO_FORM_QUERY), pairs);
}


static void
names_of_secrets(void **state)
{
    xpecto_redact_t  rd;

    static const pair_t  query[] = {
        { "api_token=abc&b=1", "api_token=[credential]&b=1" },
        { "X-Vault-Token=abc", "X-Vault-Token=[credential]" },
        { "new_password=abc", "new_password=[credential]" },
        { "my-client.secret=abc", "my-client.secret=[credential]" },
        { "subscription-key=abc", "subscription-key=[credential]" },
        { "max_tokens=5&open=1&tokenize=2&secretary=3&monkey=4", NULL }
    };

    static const pair_t  text[] = {
        { "Client-Token: abc", "Client-Token: [credential]" },
        { "Ocp-Apim-Subscription-Key: abc",
          "Ocp-Apim-Subscription-Key: [credential]" }
    };

    (void) state;

    labels(&rd);
    check_all(&rd, place_of(XPECTO_FORM_QUERY), query);
    check_all(&rd, place_of(XPECTO_FORM_LOG), text);
}


static void
passwords_in_urls(void **state)
{
    xpecto_redact_t  rd;

    static const pair_t  query[] = {
        { "u=https://u:pw@backend:8080/cb",
          "u=https://[credential]@backend:8080/cb" },
        { "u=https%3A%2F%2Fu%3Apw%40h%2Fcb",
          "u=https%3A%2F%2F[credential]%40h%2Fcb" },
        { "u=https://u%3Ap%2523w%40h.example/",
          "u=https://[credential]%40h.example/" },
        { "u=https://u:p@w@h.example/x",
          "u=https://[credential]@h.example/x" },
        { "u=https://h.example/@user&v=https://h/a@2x", NULL },
        { "u=https://-@h.example/", NULL }
    };

    static const pair_t  json[] = {
        { "{\"u\":\"https://u:pw@backend/\"}",
          "{\"u\":\"https://[credential]@backend/\"}" },
        { "{\"u\":\"https:\\/\\/u:pw@backend\\/\"}",
          "{\"u\":\"https:\\/\\/[credential]@backend\\/\"}" }
    };

    (void) state;

    labels(&rd);
    check_all(&rd, place_of(XPECTO_FORM_QUERY), query);
    check_all(&rd, place_of(XPECTO_FORM_JSON), json);
}


static void
numbers_with_other_neighbours(void **state)
{
    xpecto_redact_t  rd;

    static const pair_t  uri[] = {
        { "/y/49%20151%2012345678?zz=1", "/y/[phone]?zz=1" },
        { "/y/49%20151%2012345678#z", "/y/[phone]#z" }
    };

    static const pair_t  text[] = {
        { "Tel. 0151/12345678 b", "Tel. [phone] b" },
        { "Telefon 0151/123 456 78", "Telefon [phone]" },
        { "tel 030/1234567", "tel [phone]" },
        { "phone 01/02/2026", NULL },
        { "about 0151/12345678", NULL }
    };

    (void) state;

    labels(&rd);
    check_all(&rd, place_of(XPECTO_FORM_URI), uri);
    check_all(&rd, place_of(XPECTO_FORM_TEXT), text);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(documents_in_arguments),
        cmocka_unit_test(documents_in_strings),
        cmocka_unit_test(names_with_spaces),
        cmocka_unit_test(names_of_secrets),
        cmocka_unit_test(passwords_in_urls),
        cmocka_unit_test(numbers_with_other_neighbours)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
