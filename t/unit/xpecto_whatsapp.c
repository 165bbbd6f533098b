
/*
 * The table against t/data/whatsapp.txt.
 */

#include "xpecto_whatsapp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>


#define SEND    (1u << XPECTO_ENDPOINT_MESSAGES                              \
                 | 1u << XPECTO_ENDPOINT_MARKETING)
#define MANAGE  (1u << XPECTO_ENDPOINT_TEMPLATES                             \
                 | 1u << XPECTO_ENDPOINT_MANAGEMENT)


typedef struct {
    char                 name[32];
    char                 what[16];
    char                 scope[16];
    char                 burst[16];
    unsigned long        count;
    unsigned             seconds;
    unsigned             code;
} transcribed_t;


static const xpecto_whatsapp_t *
find(const char *name)
{
    return xpecto_whatsapp_find((const uint8_t *) name, strlen(name));
}


/* how the words of the transcription are meant here */

static void
row_is(const xpecto_whatsapp_t *w, const transcribed_t *t)
{
    size_t  i;

    static const struct {
        const char         *what;
        const char         *scope;
        xpecto_whatsapp_e   kind;
        unsigned            messages;
        xpecto_scope_e      counted;
        uint32_t            endpoints;
    } words[] = {
        { "messages", "phone", XPECTO_WHATSAPP_RATE, 1, XPECTO_SCOPE_PHONE,
          SEND },
        { "pair", "user", XPECTO_WHATSAPP_PAIR, 1, XPECTO_SCOPE_RECIPIENT,
          SEND },
        { "users", "portfolio", XPECTO_WHATSAPP_UNIQUE, 1,
          XPECTO_SCOPE_TENANT, SEND },
        { "requests", "waba", XPECTO_WHATSAPP_SLIDING, 0, XPECTO_SCOPE_WABA,
          MANAGE },
        { "requests", "phone", XPECTO_WHATSAPP_RATE, 0, XPECTO_SCOPE_PHONE,
          1u << XPECTO_ENDPOINT_REGISTER }
    };

    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(t->what, words[i].what) == 0
            && strcmp(t->scope, words[i].scope) == 0)
        {
            break;
        }
    }

    assert_true(i < sizeof(words) / sizeof(words[0]));

    assert_int_equal(w->kind, words[i].kind);
    assert_int_equal(w->messages, words[i].messages);
    assert_int_equal(w->scope, words[i].counted);
    assert_int_equal(w->endpoints, words[i].endpoints);
    assert_int_equal(w->count, t->count);
    assert_int_equal(w->seconds, t->seconds);
    assert_int_equal(xpecto_graph_code(w->error), t->code);

    /* where Meta names no burst, what a window lets through comes at once */

    if (strcmp(t->burst, "-") != 0) {
        assert_int_equal(w->burst, 45);
        assert_string_equal(t->burst, "45");

    } else if (w->kind == XPECTO_WHATSAPP_RATE) {
        assert_int_equal(w->burst, t->count);
    }

    assert_in_range(w->as_of, 20251001, 20261231);
    assert_true(strlen(w->source) > 10);
}


static void
error_is(unsigned code, const char *message)
{
    size_t        len;
    char          expected[256];
    uint8_t       body[XPECTO_GRAPH_LEN + 1];
    unsigned      e;
    xpecto_str_t  none;

    none.data = (const uint8_t *) "";
    none.len = 0;

    for (e = 0; e < XPECTO_GRAPH_ERRORS; e++) {
        if (xpecto_graph_code((xpecto_graph_e) e) == code) {
            break;
        }
    }

    assert_true(e < XPECTO_GRAPH_ERRORS);

    len = xpecto_graph_write(body, (xpecto_graph_e) e, &none);
    body[len] = '\0';

    (void) snprintf(expected, sizeof(expected), "{\"error\":{\"message\":\"%s"
                    "\",\"type\":\"OAuthException\",\"code\":%u,", message,
                    code);

    assert_memory_equal(body, expected, strlen(expected));
}


static void
as_it_is_transcribed(void **state)
{
    FILE                     *f;
    char                      line[256], name[48], message[128];
    size_t                    limits, errors;
    unsigned                  code;
    transcribed_t             t;
    const xpecto_whatsapp_t  *w;

    (void) state;

    f = fopen("t/data/whatsapp.txt", "r");
    assert_non_null(f);

    limits = 0;
    errors = 0;

    while (fgets(line, sizeof(line), f) != NULL) {

        if (sscanf(line, "limit %31s %lu %15s %u %15s %15s %u", t.name,
                   &t.count, t.what, &t.seconds, t.burst, t.scope, &t.code)
            == 7)
        {
            (void) snprintf(name, sizeof(name), "whatsapp:%s", t.name);
            w = find(name);

            assert_non_null(w);
            assert_ptr_equal(w, xpecto_whatsapp(limits++));
            row_is(w, &t);

        } else if (sscanf(line, "error %u %127[^\n]", &code, message) == 2) {
            error_is(code, message);
            errors++;

        } else {
            assert_true(line[0] == '#' || line[0] == '\n');
        }
    }

    (void) fclose(f);

    assert_null(xpecto_whatsapp(limits));
    assert_int_equal(limits, 11);
    assert_int_equal(errors, XPECTO_GRAPH_ERRORS);
}


static void
other_names(void **state)
{
    (void) state;

    assert_null(find(""));
    assert_null(find("pair"));
    assert_null(find("whatsapp:"));
    assert_null(find("whatsapp:pai"));
    assert_null(find("whatsapp:pairs"));
    assert_null(find("WhatsApp:pair"));
    assert_null(find("whatsapp:reach-1k"));
}


/* what an error says there is */

static void
all_are_named(void **state)
{
    char                      name[64];
    size_t                    i, n;
    const char               *p;
    const xpecto_whatsapp_t  *w;

    (void) state;

    for (i = 0; (w = xpecto_whatsapp(i)) != NULL; i++) {
        (void) snprintf(name, sizeof(name), "\"%s\"", w->name);
        assert_non_null(strstr(XPECTO_WHATSAPP_NAMES, name));
    }

    for (n = 0, p = XPECTO_WHATSAPP_NAMES; *p; n += (*p++ == '"')) {
        /* void */
    }

    assert_int_equal(n, 2 * (i + 1));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(as_it_is_transcribed),
        cmocka_unit_test(other_names),
        cmocka_unit_test(all_are_named)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
