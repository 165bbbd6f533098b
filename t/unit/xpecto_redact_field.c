
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

/*
 * nginx escapes no quote in its error log: a client's may be followed by
 * whatever nginx writes behind its own.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "xpecto_redact_unit.h"


#define PREFIX  "2026/11/22 12:00:00 [info] 71#71: *7 "
#define DEBUG   "2026/11/22 12:00:00 [debug] 71#71: *7 "
#define INVALID PREFIX "client sent invalid request while reading client "     \
                "request line, client: [ip], server: api"


/* what may follow a quote that a client has sent */

static const char *const  quotes[] = {
    "\" while ", "\" while reading ", "\" while reading client request line ",
    "\" failed (2: ", "\" in upstream ", "\" from upstream", "\", client: ",
    "\", client: 1.2.3.4, server: a", "\", server: ", "\", request: \"",
    "\", request: \"GET /", "\", subrequest: \"", "\", upstream: \"",
    "\", upstream: \"http://a/\", host: \"", "\", host: \"",
    "\", host: \"a\", referrer: \"", "\", referrer: \"",
    "\": password mismatch", "\" was not found in \"", "\", args: \"", "\"\"",
    "\" is forbidden", "\" is forbidden, client: ", "\" is not found (2: ",
    "\"", "\", ", "\". "
};


/* lines of nginx in which %s is where such a quote is sent, before a secret */

static const char *const  lines[] = {
    INVALID ", request: \"GET /a%sx?text=hello secret HTTP/1.1\"",
    INVALID ", request: \"GET /a%sx?text=hello secret HTTP/1.1\", host: \"h\"",
    INVALID ", request: \"GET /a?text=hello%s secret HTTP/1.1\", host: \"h\"",
    INVALID ", request: \"GET /a?text=a%sb secret HTTP/1.1\", host: \"h\", "
            "referrer: \"http://b/\"",
    INVALID ", request: \"secret%s secret HTTP/1.1\", host: \"h\"",
    PREFIX "connect() failed (111: Connection refused) while connecting to "
           "upstream, client: [ip], server: api, request: \"GET /?text=a%sb "
           "secret HTTP/1.1\", upstream: \"http://127.0.0.1/?text=a%sb "
           "secret\", host: \"h\", referrer: \"http://r/\"",
    PREFIX "upstream timed out, client: [ip], server: api, request: \"GET / "
           "HTTP/1.1\", upstream: \"http://h/?text=a%sb secret\"",
    PREFIX "no live upstreams, client: [ip], server: api, request: \"GET / "
           "HTTP/1.1\", host: \"h\", referrer: \"http://r/?text=a%sb secret\"",
    PREFIX "a, client: [ip], server: api, request: \"GET / HTTP/1.1\", "
           "subrequest: \"/?text=a%sb secret\", host: \"h\"",
    PREFIX "client sent invalid header line: \"Cookie: a=b%s secret\" while "
           "reading client request headers, client: [ip], server: api, "
           "request: \"GET / HTTP/1.1\", host: \"h\"",
    PREFIX "client sent invalid header line: \"Authorization: a%s secret\" "
           "while reading client request headers, client: [ip], server: api, "
           "request: \"GET /?text=a%sb secret HTTP/1.1\", host: \"h\"",
    PREFIX "open() \"/a?text=b%s secret/x\" failed (2: No such file or "
           "directory), client: [ip], server: api, request: \"GET / HTTP/1.1"
           "\", host: \"h\"",
    PREFIX "directory index of \"/a?text=b%s secret/\" is forbidden, "
           "client: [ip], server: api, request: \"GET / HTTP/1.1\", host: "
           "\"h\"",
    PREFIX "\"/a?text=b%s secret/index.html\" is not found (2: No such "
           "file or directory), client: [ip], server: api, request: \"GET / "
           "HTTP/1.1\", host: \"h\"",
    PREFIX "rewritten data: \"/x\", args: \"text=a%sb secret\", client: [ip], "
           "server: api, request: \"GET / HTTP/1.1\", host: \"h\"",
    DEBUG "http request line: \"GET /a%sx?text=hello secret HTTP/1.1\"",
    DEBUG "http uri: \"/a?text=b%s secret/x\"",
    DEBUG "http finalize request: 404, \"/a?text=b%s secret/x?\" a:1, c:1",
    DEBUG "trying to use file: \"/a?text=b%s secret\" \"/srv/a?text=b%s "
          "secret\"",
    DEBUG "http header: \"Authorization: Bearer a%s secret\"",
    DEBUG "http header: \"Cookie: a=b%s secret\"",
    DEBUG "http args: \"text=a%sb secret\"",
    DEBUG "http script var: \"a%sb secret\""
};


/* whose quotes they are */

static void
quotes_of_a_client(void **state)
{
    char             text[BUFFER];
    size_t           i, k;
    unsigned         style;
    const char      *out;
    xpecto_redact_t  rd;

    (void) state;

    for (style = 0; style < 2; style++) {

        if (style) {
            labels(&rd);

        } else {
            xpecto_redact_defaults(&rd);
        }

        for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
            for (k = 0; k < sizeof(quotes) / sizeof(quotes[0]); k++) {

                (void) snprintf(text, sizeof(text), lines[i], quotes[k],
                                quotes[k]);

                out = redact_at(&rd, place_of(XPECTO_FORM_LOG), text, 0);

                if (strstr(out, "secret") != NULL) {
                    fail_msg("%s -> %s", text, out);
                }
            }
        }
    }
}


/* what can be told apart is, and the rest of the line is as it was */

static void
fields(void **state)
{
    xpecto_redact_t  rd;

    static const pair_t  pairs[] = {
        { INVALID ", request: \"GET /a\" while reading x=16505551234 HTTP/1.1"
          "\", host: \"api\", referrer: \"http://a/?pin=1&b=2\"",
          INVALID ", request: \"GET /a\" while reading x=[phone] HTTP/1.1"
          "\", host: \"api\", referrer: \"http://a/?pin=[credential]&b=2\"" },
        { INVALID ", request: \"GET /a\" while ?text=a b&n=1 HTTP/1.1\"",
          INVALID ", request: \"GET /a\" while ?text=[content]&n=1 HTTP/1.1\""
        },
        { PREFIX "a, client: [ip], server: api, request: \"GET /?n=1 HTTP/1.1"
          "\", subrequest: \"/b?to=1\", upstream: \"http://h/b?to=1&n=1\", "
          "host: \"a:80\", referrer: \"http://r/\"",
          PREFIX "a, client: [ip], server: api, request: \"GET /?n=1 HTTP/1.1"
          "\", subrequest: \"/b?to=[phone]\", upstream: "
          "\"http://h/b?to=[phone]&n=1\", host: \"a:80\", referrer: "
          "\"http://r/\"" },

        /* a field twice, or before its turn */

        { INVALID ", request: \"GET /\", host: \"a HTTP/1.1\", host: \"b\"",
          INVALID ", request: \"[content]\"" },
        { INVALID ", request: \"GET / HTTP/1.1\", host: \"a\", referrer: "
          "\"http://b/\", host: \"c\"",
          INVALID ", request: \"[content]\"" },

        /* a host that is none, a request that does not end */

        { PREFIX "a, request: \"GET / HTTP/1.1\", host: \"?a=b\"",
          PREFIX "a, request: \"GET / HTTP/1.1\", host: \"[content]\"" },
        { INVALID ", request: \"GET /\", host: \"a HTTP/1.0\"",
          INVALID ", request: \"[content]\"" },

        /* a header's end, one or two of them */

        { PREFIX "client sent invalid header line: \"X_Api_Key: a\" while "
          "reading client request headers, client: [ip], server: api, "
          "request: \"GET / HTTP/1.1\", host: \"h\"",
          PREFIX "client sent invalid header line: \"X_Api_Key: [credential]\""
          " while reading client request headers, client: [ip], server: api, "
          "request: \"GET / HTTP/1.1\", host: \"h\"" },
        { PREFIX "client sent invalid header line: \"X_Api_Key: a\" while b\" "
          "while reading client request headers, client: [ip], server: api",
          PREFIX "client sent invalid header line: \"X_Api_Key: [content]" },

        /* the name of a file */

        { PREFIX "open() \"/srv/a\" b?pin=1\" failed (2: No such file or "
          "directory), client: [ip], server: api, request: \"GET / HTTP/1.1"
          "\", host: \"h\"",
          PREFIX "open() \"/srv/a\" b?pin=[credential]\" failed (2: No such "
          "file or directory), client: [ip], server: api, request: \"GET / "
          "HTTP/1.1\", host: \"h\"" },
        { PREFIX "open() \"/v1/token/a\" failed (2: b\" failed (2: No such "
          "file or directory), client: [ip], server: api",
          PREFIX "open() \"[content]" },

        /* the debug log has nothing behind it */

        { DEBUG "http header: \"X-Api-Key: a\" while b\", client: c\"",
          DEBUG "http header: \"X-Api-Key: [credential]\"" }
    };

    (void) state;

    labels(&rd);
    check_all(&rd, place_of(XPECTO_FORM_LOG), pairs);
    check_all(&rd, place_of(XPECTO_FORM_LINE), pairs);
}


/* what a stream has sent and received is no address */

static void
bytes_of_a_stream(void **state)
{
    xpecto_redact_t  rd;

    static const pair_t  pairs[] = {
        { PREFIX "client disconnected, bytes from/to client:0/0, bytes "
          "from/to upstream:0/0", NULL },
        { PREFIX "a, client: [ip], server: a, upstream: \"a:80\", "
          "bytes from/to client:517/1024, bytes from/to upstream:1024/517",
          NULL },
        { PREFIX "a, bytes from/to client:2001:db8::1, client:0/0",
          PREFIX "a, bytes from/to client:[ip], client:[ip]" }
    };

    (void) state;

    labels(&rd);
    check_all(&rd, place_of(XPECTO_FORM_LOG), pairs);
    check_all(&rd, place_of(XPECTO_FORM_LINE), pairs);
}


/* what begins in a value and is found by content is the end of it */

static void
values_that_go_on(void **state)
{
    xpecto_redact_t  rd;

    static const pair_t  pairs[] = {
        { PREFIX "a pin=+1 (650) 555-1234 b", PREFIX "a pin=[credential] b" },
        { PREFIX "a text=+49 151 23456789, b",
          PREFIX "a text=[content], b" },
        { PREFIX "a to=+49 151 23456789;+1 (650) 555-1234 b",
          PREFIX "a to=[phone] b" },
        { PREFIX "a to=5;4111 1111 1111 1111 b", PREFIX "a to=[phone] b" },
        { PREFIX "a to=55 4111 1111 1111 1111 b", PREFIX "a to=[phone] b" },
        { PREFIX "a {\"body\":+49 151 23456789} b",
          PREFIX "a {\"body\":[content]} b" },
        { PREFIX "a {\"to\":+49 151 23456789,\"n\":1} b",
          PREFIX "a {\"to\":[phone],\"n\":1} b" },
        { PREFIX "a pin=[credential] 555-1234 b", NULL },
        { PREFIX "a text=[content] 555-1234 b", NULL }
    };

    (void) state;

    labels(&rd);
    check_all(&rd, place_of(XPECTO_FORM_LOG), pairs);
    check_all(&rd, place_of(XPECTO_FORM_LINE), pairs);
}


/* a name at the end of a value has one of its own */

static void
values_with_a_name(void **state)
{
    xpecto_redact_t  rd;

    static const pair_t  pairs[] = {
        { PREFIX "a to=x;Authorization: Bearer s3cret",
          PREFIX "a to=[phone];Authorization: [credential]" },
        { PREFIX "a text=x,X-API-Key: s3cret",
          PREFIX "a text=[content],X-API-Key: [credential]" },
        { PREFIX "a {to=x}password: s3cret",
          PREFIX "a {to=[phone]}password: [credential]" },
        { PREFIX "a to=x;Authorization:", PREFIX "a to=[phone]" },
        { PREFIX "a to=x;later: b", PREFIX "a to=[phone] b" }
    };

    (void) state;

    labels(&rd);
    check_all(&rd, place_of(XPECTO_FORM_LOG), pairs);
    check_all(&rd, place_of(XPECTO_FORM_LINE), pairs);
}


/* a number goes on behind spaces, what has one already does not */

static void
words_of_a_number(void **state)
{
    xpecto_redact_t  rd;

    static const pair_t  pairs[] = {
        { PREFIX "a to=1 650 555 1234 b", PREFIX "a to=[phone] b" },
        { PREFIX "a to=-1 650 555 1234. b", PREFIX "a to=[phone] b" },
        { PREFIX "a waid=650-555-1234:+1 650-555-1234, b",
          PREFIX "a waid=[phone], b" },
        { PREFIX "a to=+1 (650) 555-1234 200 612 b",
          PREFIX "a to=[phone] 200 612 b" },
        { PREFIX "a to=030 1234567&n=1", PREFIX "a to=[phone]&n=1" },
        { PREFIX "a to=16505551234 200 612",
          PREFIX "a to=[phone] 200 612" },
        { PREFIX "a to=(650) 555-1234;next b", PREFIX "a to=[phone] b" },
        { PREFIX "a to='(650) 555-1234' b", PREFIX "a to=[phone] b" },
        { PREFIX "a to=<(650) 555-1234> b", PREFIX "a to=[phone] b" },
        { PREFIX "a to=5 1234567x b", PREFIX "a to=[phone] 1234567x b" },
        { PREFIX "a to=5 200 0.003 b", PREFIX "a to=[phone] 200 0.003 b" },
        { PREFIX "a to=5 b 1234567 c", PREFIX "a to=[phone] b 1234567 c" },
        { PREFIX "a to=1 650 555 1234 56789 b",
          PREFIX "a to=[phone] 56789 b" },
        { PREFIX "a to=[phone] 555 1234 b", NULL },
        { PREFIX "a to= 650 555 1234 b", NULL },
        { PREFIX "a to=", NULL },
        { PREFIX "a to=- 555 1234 b", NULL }
    };

    (void) state;

    labels(&rd);
    check_all(&rd, place_of(XPECTO_FORM_LOG), pairs);
    check_all(&rd, place_of(XPECTO_FORM_LINE), pairs);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(quotes_of_a_client),
        cmocka_unit_test(fields),
        cmocka_unit_test(bytes_of_a_stream),
        cmocka_unit_test(values_that_go_on),
        cmocka_unit_test(values_with_a_name),
        cmocka_unit_test(words_of_a_number)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
