
/*
 * Expected: paths of Meta's Cloud API and Business Management API, and what
 * xpecto_target.h says of others.
 */

#include "xpecto_target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>


#define PHONE  "106540352242922"
#define WABA   "102290129340398"


typedef struct {
    const char         *path;
    xpecto_endpoint_e   endpoint;
    const char         *id;
    const char         *phone;
    const char         *waba;
} target_row_t;


static void
str_is(const xpecto_str_t *s, const char *expected, const uint8_t *p,
    size_t len, const char *path)
{
    if (s->len != strlen(expected)
        || (s->len != 0 && memcmp(s->data, expected, s->len) != 0))
    {
        fail_msg("%s: \"%.*s\" where \"%s\" is expected", path, (int) s->len,
                 s->len ? (const char *) s->data : "", expected);
    }

    if (s->len != 0) {
        /* into the path, no copy */
        assert_true(s->data >= p && s->data + s->len <= p + len);
    }
}


/* of copies that end where the path ends: who reads on is seen by ASan */

static void
rows(const target_row_t *row, size_t n)
{
    size_t            i, len;
    uint8_t          *p;
    xpecto_target_t   target;

    for (i = 0; i < n; i++, row++) {
        len = strlen(row->path);

        p = malloc(len ? len : 1);
        assert_non_null(p);

        if (len != 0) {
            memcpy(p, row->path, len);
        }

        memset(&target, 0x5a, sizeof(xpecto_target_t));

        xpecto_target(&target, p, len);

        if (target.endpoint != row->endpoint) {
            fail_msg("%s: endpoint %d where %d is expected", row->path,
                     (int) target.endpoint, (int) row->endpoint);
        }

        str_is(&target.id, row->id, p, len, row->path);
        str_is(&target.phone, row->phone, p, len, row->path);
        str_is(&target.waba, row->waba, p, len, row->path);

        free(p);
    }
}


#define OF_PHONE(edge, endpoint)                                             \
    { "/v23.0/" PHONE "/" edge, endpoint, PHONE, PHONE, "" }

#define OF_WABA(edge, endpoint)                                              \
    { "/v23.0/" WABA "/" edge, endpoint, WABA, "", WABA }


static void
edges(void **state)
{
    static const target_row_t  table[] = {
        OF_PHONE("messages", XPECTO_ENDPOINT_MESSAGES),
        OF_PHONE("messages_encrypted", XPECTO_ENDPOINT_MESSAGES),
        OF_PHONE("marketing_messages", XPECTO_ENDPOINT_MARKETING),
        OF_PHONE("media", XPECTO_ENDPOINT_MEDIA),
        OF_PHONE("calls", XPECTO_ENDPOINT_CALLS),
        OF_PHONE("call_permissions", XPECTO_ENDPOINT_CALLS),
        OF_PHONE("groups", XPECTO_ENDPOINT_GROUPS),
        OF_PHONE("register", XPECTO_ENDPOINT_REGISTER),
        OF_PHONE("deregister", XPECTO_ENDPOINT_REGISTER),
        OF_PHONE("request_code", XPECTO_ENDPOINT_REGISTER),
        OF_PHONE("verify_code", XPECTO_ENDPOINT_REGISTER),
        OF_PHONE("settings", XPECTO_ENDPOINT_MANAGEMENT),
        OF_PHONE("whatsapp_business_profile", XPECTO_ENDPOINT_MANAGEMENT),
        OF_WABA("message_templates", XPECTO_ENDPOINT_TEMPLATES),
        OF_WABA("phone_numbers", XPECTO_ENDPOINT_MANAGEMENT),
        OF_WABA("subscribed_apps", XPECTO_ENDPOINT_MANAGEMENT),
        OF_WABA("assigned_users", XPECTO_ENDPOINT_MANAGEMENT),
        OF_WABA("flows", XPECTO_ENDPOINT_MANAGEMENT)
    };

    (void) state;

    rows(table, sizeof(table) / sizeof(table[0]));
}


/* an edge that is none of those: neither a number nor an account is known */

static void
others(void **state)
{
    static const target_row_t  table[] = {
        { "/v23.0/" PHONE "/message", XPECTO_ENDPOINT_OTHER, PHONE, "", "" },
        { "/v23.0/" PHONE "/messages2", XPECTO_ENDPOINT_OTHER, PHONE, "",
          "" },
        { "/v23.0/" PHONE "/conversation_analytics", XPECTO_ENDPOINT_OTHER,
          PHONE, "", "" },
        { "/v23.0/" PHONE "/12345678", XPECTO_ENDPOINT_OTHER, PHONE, "", "" },
        { "/", XPECTO_ENDPOINT_OTHER, "", "", "" },
        { "", XPECTO_ENDPOINT_OTHER, "", "", "" },
        { "////", XPECTO_ENDPOINT_OTHER, "", "", "" },
        { "/v23.0", XPECTO_ENDPOINT_OTHER, "", "", "" },
        { "/v23.0/me/accounts", XPECTO_ENDPOINT_OTHER, "", "", "" }
    };

    (void) state;

    rows(table, sizeof(table) / sizeof(table[0]));
}


/* "GET /v23.0/<id>": the object itself, of which kind nobody says */

static void
objects(void **state)
{
    static const target_row_t  table[] = {
        { "/v23.0/" WABA, XPECTO_ENDPOINT_MANAGEMENT, WABA, "", "" },
        { "/v23.0/" WABA "/", XPECTO_ENDPOINT_MANAGEMENT, WABA, "", "" },
        { "/" WABA, XPECTO_ENDPOINT_MANAGEMENT, WABA, "", "" },
        { WABA, XPECTO_ENDPOINT_MANAGEMENT, WABA, "", "" },
        { "/messages/" WABA, XPECTO_ENDPOINT_MANAGEMENT, WABA, "", "" }
    };

    (void) state;

    rows(table, sizeof(table) / sizeof(table[0]));
}


/* the first of digits only, at least five of them */

static void
ids(void **state)
{
    static const target_row_t  table[] = {
        { "/12345/messages", XPECTO_ENDPOINT_MESSAGES, "12345", "12345", "" },
        { "/1234/messages", XPECTO_ENDPOINT_MESSAGES, "", "", "" },
        { "/1234/12345/media", XPECTO_ENDPOINT_MEDIA, "12345", "12345", "" },
        { "/12345/67890/messages", XPECTO_ENDPOINT_OTHER, "12345", "", "" },
        { "/12345a/messages", XPECTO_ENDPOINT_MESSAGES, "", "", "" },
        { "/a12345/flows", XPECTO_ENDPOINT_MANAGEMENT, "", "", "" },
        { "/+12345/messages", XPECTO_ENDPOINT_MESSAGES, "", "", "" },
        { "/123.45/messages", XPECTO_ENDPOINT_MESSAGES, "", "", "" },
        { "/00000/messages", XPECTO_ENDPOINT_MESSAGES, "00000", "00000",
          "" }
    };

    (void) state;

    rows(table, sizeof(table) / sizeof(table[0]));
}


static void
shapes(void **state)
{
    static const target_row_t  table[] = {

        /* no object: what an On-Premises API is asked */

        { "/v1/messages", XPECTO_ENDPOINT_MESSAGES, "", "", "" },
        { "/v1/media", XPECTO_ENDPOINT_MEDIA, "", "", "" },
        { "messages", XPECTO_ENDPOINT_MESSAGES, "", "", "" },

        /* a prefix of ours, no version, slashes that are too many */

        { "/api/whatsapp/v23.0/" PHONE "/messages", XPECTO_ENDPOINT_MESSAGES,
          PHONE, PHONE, "" },
        { "/" PHONE "/messages", XPECTO_ENDPOINT_MESSAGES, PHONE, PHONE,
          "" },
        { PHONE "/messages", XPECTO_ENDPOINT_MESSAGES, PHONE, PHONE, "" },
        { "//v23.0//" PHONE "///messages//", XPECTO_ENDPOINT_MESSAGES, PHONE,
          PHONE, "" },

        /* the edge is what follows the object, whatever comes then */

        { "/v23.0/" PHONE "/messages/extra", XPECTO_ENDPOINT_MESSAGES, PHONE,
          PHONE, "" },
        { "/v23.0/" PHONE "/extra/messages", XPECTO_ENDPOINT_OTHER, PHONE, "",
          "" },
        { "/v23.0/messages/" PHONE "/media", XPECTO_ENDPOINT_MEDIA, PHONE,
          PHONE, "" },

        /* what upstreams may take for the same */

        { "/v23.0/" PHONE ";a=b/messages;c", XPECTO_ENDPOINT_MESSAGES, PHONE,
          PHONE, "" },
        { "/v23.0/" PHONE "/;a/messages", XPECTO_ENDPOINT_MESSAGES, PHONE,
          PHONE, "" },
        { "\\v23.0\\" PHONE "\\messages", XPECTO_ENDPOINT_MESSAGES, PHONE,
          PHONE, "" },
        { "/v23.0/" PHONE "/..;/messages", XPECTO_ENDPOINT_MESSAGES, PHONE,
          PHONE, "" },
        { "/v23.0/" PHONE "/Messages", XPECTO_ENDPOINT_MESSAGES, PHONE,
          PHONE, "" },
        { "/v23.0/" PHONE "/MESSAGES .;a", XPECTO_ENDPOINT_MESSAGES, PHONE,
          PHONE, "" },
        { "/v23.0/" PHONE " /media\t", XPECTO_ENDPOINT_MEDIA, PHONE, PHONE,
          "" },
        { "/v23.0/" PHONE "/ ./Media./", XPECTO_ENDPOINT_MEDIA, PHONE, PHONE,
          "" },
        { "/v23.0/" PHONE "/ messages", XPECTO_ENDPOINT_OTHER, PHONE, "",
          "" },
        { "/v23.0/" PHONE "/messages.json", XPECTO_ENDPOINT_OTHER, PHONE, "",
          "" }
    };

    (void) state;

    rows(table, sizeof(table) / sizeof(table[0]));
}


static xpecto_rc_e
endpoint(uint32_t *n, const char *name)
{
    return xpecto_endpoint_parse(n, (const uint8_t *) name, strlen(name));
}


static xpecto_rc_e
scope(uint32_t *n, const char *name)
{
    return xpecto_scope_parse(n, (const uint8_t *) name, strlen(name));
}


static void
names(void **state)
{
    size_t    i;
    uint32_t  n;

    static const struct {
        const char         *name;
        xpecto_endpoint_e   endpoint;
    } endpoints[] = {
        { "other", XPECTO_ENDPOINT_OTHER },
        { "messages", XPECTO_ENDPOINT_MESSAGES },
        { "marketing", XPECTO_ENDPOINT_MARKETING },
        { "media", XPECTO_ENDPOINT_MEDIA },
        { "calls", XPECTO_ENDPOINT_CALLS },
        { "groups", XPECTO_ENDPOINT_GROUPS },
        { "register", XPECTO_ENDPOINT_REGISTER },
        { "templates", XPECTO_ENDPOINT_TEMPLATES },
        { "management", XPECTO_ENDPOINT_MANAGEMENT }
    };

    static const struct {
        const char      *name;
        xpecto_scope_e   scope;
    } scopes[] = {
        { "tenant", XPECTO_SCOPE_TENANT },
        { "credential", XPECTO_SCOPE_CREDENTIAL },
        { "phone", XPECTO_SCOPE_PHONE },
        { "waba", XPECTO_SCOPE_WABA },
        { "endpoint", XPECTO_SCOPE_ENDPOINT },
        { "recipient", XPECTO_SCOPE_RECIPIENT },
        { "address", XPECTO_SCOPE_ADDRESS }
    };

    static const char *const  bad[] = {
        "", "message", "messagess", "Messages", " media", "media ",
        "marketing_messages", "tenants", "Tenant", "recipients", "ip", "all"
    };

    (void) state;

    /* none is left out */

    assert_int_equal(sizeof(endpoints) / sizeof(endpoints[0]),
                     XPECTO_ENDPOINTS);
    assert_int_equal(sizeof(scopes) / sizeof(scopes[0]), XPECTO_SCOPES);

    for (i = 0; i < XPECTO_ENDPOINTS; i++) {
        n = 99;
        assert_int_equal(endpoint(&n, endpoints[i].name), XPECTO_OK);
        assert_int_equal(n, endpoints[i].endpoint);
    }

    for (i = 0; i < XPECTO_SCOPES; i++) {
        n = 99;
        assert_int_equal(scope(&n, scopes[i].name), XPECTO_OK);
        assert_int_equal(n, scopes[i].scope);
    }

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        n = 99;
        assert_int_equal(endpoint(&n, bad[i]), XPECTO_ERROR);
        assert_int_equal(scope(&n, bad[i]), XPECTO_ERROR);
        assert_int_equal(n, 99);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(edges),
        cmocka_unit_test(others),
        cmocka_unit_test(objects),
        cmocka_unit_test(ids),
        cmocka_unit_test(shapes),
        cmocka_unit_test(names)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
