
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_redact_unit.h"


static void
request_and_uri(void **state)
{
    xpecto_redact_t  rd;

    static const pair_t  requests[] = {
        { "GET /?a=1 HTTP/1.1", NULL },
        { "GET /v21.0/106540352242922/messages HTTP/1.1", NULL },
        { "GET /16505551234 HTTP/1.1", "GET /[phone] HTTP/1.1" },
        { "GET /?q=+16505551234&b=2 HTTP/2.0", "GET /?q=[phone]&b=2 HTTP/2.0" },
        { "GET /?to=1", "GET /?to=[phone]" },
        { "GET /?pin=1 HTTP/1&to=2", "GET /?pin=[credential]&to=[phone]" },
        { "GET / HTTP/1.1&to=2", "GET / HTTP/1.1&to=[phone]" },
        { "OPTIONS * HTTP/1.1", NULL },
        { "CONNECT h:443 HTTP/1.1", NULL },
        { "CONNECT +16505551234:443 HTTP/1.1",
          "CONNECT [phone]:443 HTTP/1.1" },
        { "/a/+1 650 555 1234/x?pin=1", "/a/[phone]/x?pin=[credential]" },
        { "GET /?to=a b c HTTP/1.1", "GET /?to=[phone] HTTP/1.1" },

        /* which a client has begun, and not gone on with */

        { "GET /x/165055", "GET /x/[phone]" },
        { "GET /?q=%2B1650555123", "GET /?q=[phone]" },
        { "GET /x/165055 HTTP/1.1", NULL },

        /* what is no request line at all */

        { "+1 650 555 1234", "[content]" },
        { "call +1 650 555 1234 HTTP/1.1", "[content]" },
        { "GET me a coffee HTTP/1.1", "[content]" },
        { "GET", "[content]" },
        { "get / HTTP/1.1", "[content]" },
        { "{\"text\":{\"body\":\"Hello\"}}", "[content]" },
        { "Body=Hello&to=1", "[content]" },
        { "\x16\x03\x01?pin=77&x=1", "[content]" },
        { "", NULL },

        { "GET http://u:p@h.example/?to=1 HTTP/1.1",
          "GET http://[credential]@h.example/?to=[phone] HTTP/1.1" }
    };

    static const pair_t  uris[] = {
        { "/a?next=%2Fb%3Faccess_token%3Dsecret=1&c=d",
          "/a?next=%2Fb%3Faccess_token%3D[credential]&c=d" },
        { "/a?next=%252Fb%253Fpin%253D1234",
          "/a?next=%252Fb%253Fpin%253D[credential]" },
        { "/a?next=/b%3Fpin=s3cr3t&c=d",
          "/a?next=/b%3Fpin=[credential]&c=d" },
        { "/a?next=/b?x=1%26access_token=s3cr3t%26c=d",
          "/a?next=/b?x=1%26access_token=[credential]" },
        { "/a%2523pin=1234/b", "/a%2523pin=[credential]/b" },
        { "/a?x=1;pin=2;y=3", "/a?x=1;pin=[credential]" },
        { "/cb#access_token=abc&zone=1",
          "/cb#access_token=[credential]&zone=1" },
        { "/p;to=123/q?z=1", "/p;to=[phone]/q?z=1" },
        { "/a?filter[customer][contact_details][primary][phone_number]=1&a=1",
          "/a?filter[customer][contact_details][primary][phone_number]=[phone]"
          "&a=1" },
        { "/a?message[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]=hi",
          "/a?message[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]="
          "[content]" },
        { "/a?+16505551234pin=1&a=1", "/a?[phone]pin=[credential]&a=1" },
        { "/a?t%zz=1&%=2&b%2=3&c%20=4&d=%zz",
          "/a?t%zz=[content]&%=[content]&b%2=[content]&c%20=4&d=%zz" },
        { "/waInstance1wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAzODEwMT"
          "Q0RgA=/sendMessage/s3", "/waInstance1wamid.[id]/sendMessage/"
          "[credential]" },
        { "/a?to+16505551234=x&a=1", "/a?to[phone]=[phone]&a=1" },
        { "/a?to=", NULL },
        { "/a?to", NULL },
        { "/a?=to", NULL },
        { "/a?to=&to=1&to=2", "/a?to=&to=[phone]&to=[phone]" },
        { "http://127.0.0.1:80/?to=1", "http://127.0.0.1:80/?to=[phone]" },
        { "/a?Access-Token=1", "/a?Access-Token=[credential]" },
        { "/a?accessToken=1", "/a?accessToken=[credential]" },
        { "/a?message=%7B%22type%22%3A%22text%22%2C%22text%22%3A%22Hi%22%7D",
          "/a?message=%7B%22type%22%3A%22text%22%2C%22text%22%3A%22[content]"
          "%22%7D" },
        { "/a?message={\"type\":\"text\",\"text\":\"Hi+you\"}&b=1",
          "/a?message={\"type\":\"text\",\"text\":\"[content]\"}&b=1" },
        { "/a?message=Hello&b=1", "/a?message=[content]&b=1" },
        { "/a?message=%7B%22text%22%3A%22Hi", "/a?message=%7B%22text%22%3A"
                                              "[content]" },
        { "/a?ContentVariables=%7B%221%22%3A%22x%22%2C%222%22%3A5%7D",
          "/a?ContentVariables=%7B%221%22%3A%22[content]%22%2C%222%22%3A"
          "%22[content]%22%7D" }
    };

    (void) state;

    labels(&rd);
    check_all(&rd, place_of(XPECTO_FORM_REQUEST), requests);
    check_all(&rd, place_of(XPECTO_FORM_URI), uris);
}


static void
cookies(void **state)
{
    xpecto_redact_t  rd;

    static const pair_t  pairs[] = {
        { "a=b; c=d", "a=-; c=-" },
        { "a=b=c;d=\"e\"", "a=-;d=-" },
        { "lonely", "-" },
        { "a=; b=1", "a=; b=-" },
        { "2002wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA="
          ";a=1", "2002wamid.[id]=;a=-" }
    };

    static const pair_t  set[] = {
        { "sid=x; Path=/; HttpOnly", "sid=-; Path=/; HttpOnly" },
        { "sid=x; Path=/, b=y; Secure", "sid=-; Path=/, b=-; Secure" },
        { "sid=x; Expires=Thu, 01 Jan 2030 00:00:00 GMT; Odd=1",
          "sid=-; Expires=Thu, 01 Jan 2030 00:00:00 GMT; Odd=-" }
    };

    (void) state;

    xpecto_redact_defaults(&rd);
    check_all(&rd, place_of(XPECTO_FORM_COOKIE), pairs);
    check_all(&rd, place_of(XPECTO_FORM_SET_COOKIE), set);
}


static void
json(void **state)
{
    xpecto_redact_t  rd;

    static const pair_t  pairs[] = {
        { "{\"to\":16505551234}", "{\"to\":\"[phone]\"}" },
        { "{\"to\":[\"1\",2,null,true]}",
          "{\"to\":[\"[phone]\",\"[phone]\",null,true]}" },
        { "{\"t\\u006f\" : \"1\", \"T\\u004F\":\"2\"}",
          "{\"t\\u006f\" : \"[phone]\", \"T\\u004F\":\"[phone]\"}" },
        { "{\"to\":\"1\",\"to\":\"2\"}",
          "{\"to\":\"[phone]\",\"to\":\"[phone]\"}" },
        { "{\"x\":\"call 16505551234\"}", "{\"x\":\"call [phone]\"}" },
        { "{\"x\":\"\\u002b16505551234\"}", "{\"x\":\"[phone]\"}" },
        { "{\"x\":16505551234}", "{\"x\":\"[phone]\"}" },
        { "{\"16505551234\":1}", "{\"[phone]\":1}" },
        { "{\"to\":{\"a\":{\"b\":\"x\"}}}",
          "{\"to\":{\"a\":{\"b\":\"[phone]\"}}}" },
        { "{\"data\":{\"x\":{\"parameters\":{\"a\":\"b\"}}},\"custom\":"
          "{\"parameters\":{\"a\":\"b\",\"code\":{\"c\":\"d\"}}}}",
          "{\"data\":{\"x\":{\"parameters\":{\"a\":\"b\"}}},\"custom\":"
          "{\"parameters\":{\"a\":\"[content]\",\"code\":{\"c\":"
          "\"[credential]\"}}}}" },
        { " [ {\"to\":\"a\\\"b\"} ] ", " [ {\"to\":\"[phone]\"} ] " },
        { "{\"id\":\"106540352242922\",\"n\":1.5e3}", NULL },
        { "{}", NULL },
        { "[]", NULL },
        { "\"16505551234\"", "\"[phone]\"" },

        /* from where it is no JSON any more nothing is shown */

        { "{\"a\":\"b\",\"to\":\"16505", "{\"a\":\"b\",\"to\":[content]" },
        { "{\"a\":\"b\",\"x\":\"sec", "{\"a\":\"b\",\"x\":[content]" },
        { "{\"a\":1} x", "{\"a\":1} [content]" },
        { "{\"a\":1,}", "{\"a\":1,[content]" },
        { "{\"a\":tru}", "{\"a\":[content]" },
        { "{\"a\" \"b\"}", "{\"a\" [content]" },
        { "[1,[2,oops", "[1,[2,[content]" },
        { "[secret]", "[content]" },
        { "{\"a\":[secret", "{\"a\":[content]" },
        { "{'to':'1'}", "{[content]" },
        { "{\"a\":\"b\nc\"}", "{\"a\":[content]" },
        { "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00E9\",\"b\":\"\xc3\xa9"
          "\xe2\x82\xac\xed\x9f\xbf\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf\"}",
          NULL },
        { "{\"a\":\"\\q\",\"b\":1}", "{\"a\":[content]" },
        { "{\"t\\o\":1}", "{[content]" },
        { "{\"a\":\"\\u00g0\"}", "{\"a\":[content]" },
        { "{\"a\":\"\\u00", "{\"a\":[content]" },
        { "{\"a\":\"caf\xe9\"}", "{\"a\":[content]" },
        { "{\"t\xc1\xaf\":1}", "{[content]" },
        { "{\"a\":\"\xe0\x9f\xbf\"}", "{\"a\":[content]" },
        { "{\"a\":\"\xed\xa0\x80\"}", "{\"a\":[content]" },
        { "{\"a\":\"\xf4\x90\x80\x80\"}", "{\"a\":[content]" },
        { "{\"a\":\"\xff\"}", "{\"a\":[content]" },
        { "{\"a\":\"\x80\"}", "{\"a\":[content]" },
        { "{\"a\":\"\xc3\"}", "{\"a\":[content]" }
    };

    (void) state;

    labels(&rd);
    check_all(&rd, place_of(XPECTO_FORM_JSON), pairs);
    check_all(&rd, place_of(XPECTO_FORM_BODY), pairs);
}


static void
json_too_deep(void **state)
{
    char             in[512];
    unsigned         i;
    xpecto_redact_t  rd;

    (void) state;

    labels(&rd);

    for (i = 0; i < 100; i++) {
        in[i] = '[';
    }

    strcpy(in + 100, "\"secret\"");
    assert_null(strstr(redact_at(&rd, place_of(XPECTO_FORM_JSON), in, 0),
                       "secret"));
}


#define PART(params)                                                         \
    "--b\r\nContent-Disposition: form-data; " params "\r\n\r\n"


static void
bodies(void **state)
{
    xpecto_redact_t  rd;

    static const pair_t  pairs[] = {
        { "To=whatsapp%3A%2B16505551234&Body=Hi+there",
          "To=[phone]&Body=[content]" },
        { PART("name=\"to\"") "1\r\n--b--",
          PART("name=\"to\"") "[phone]\r\n--b--" },
        { PART("name=\"f\"; filename=\"me.jpg\"") "x\r\n--b--\r\n",
          PART("name=\"f\"; filename=\"[name]\"")
          "[content]\r\n--b--\r\n" },
        { PART("filename*=UTF-8''me.jpg; name=\"a;filename=\"") "x\r\n--b--",
          PART("filename*=[name]; name=\"a;filename=\"")
          "[content]\r\n--b--" },
        { PART("name=to;filename=\"a\"; FileName =b") "\r\n--b--",
          PART("name=to;filename=\"[name]\"; FileName =[name]")
          "\r\n--b--" },
        { PART("name=\"x\"") "call 16505551234\r\n"
          PART("name=message") "{\"text\":\"a%22\",\"b\":1}\r\n"
          PART("name=\"json\"") " {\"to\":1}\r\n"
          PART("name=\"json\"") "{\"to\":1 y\r\n"
          PART("name=\"access_token\"") "\r\n--b--",
          PART("name=\"x\"") "call [phone]\r\n"
          PART("name=message") "{\"text\":\"[content]\",\"b\":1}\r\n"
          PART("name=\"json\"") " {\"to\":\"[phone]\"}\r\n"
          PART("name=\"json\"") "{\"to\":\"[phone]\" [content]\r\n"
          PART("name=\"access_token\"") "\r\n--b--" },

        /* what is read in more than one way is content */

        { PART("name=\"a\"") "b\r\n", "[content]" },
        { PART("name=\"a\"") "b\r\n--b--\r\nepilogue", "[content]" },
        { PART("name=\"a\"; name=\"to\"") "b\r\n--b--", "[content]" },
        { PART("name=\"t\\o\"") "b\r\n--b--", "[content]" },
        { PART("name*=\"to\"") "b\r\n--b--", "[content]" },
        { "\r\n" PART("name=a") "b\r\n--b--", "\r\n[content]" },
        { "--b\nContent-Disposition: form-data; name=\"a\"\n\nb\n--b--",
          "[content]" },
        { "--16505551234\r\nContent-Disposition: form-data; name=a\r\n\r\n"
          "b\r\n--16505551234--", "[content]" },
        { "------=_Part_0\r\nContent-Disposition: form-data; name=a\r\n\r\nb",
          "[content]" },
        { "------=_Part_0\r\nContent-Disposition: form-data; name=to\r\n\r\n"
          "b\r\n------=_Part_0--",
          "------=_Part_0\r\nContent-Disposition: form-data; name=to\r\n\r\n"
          "[phone]\r\n------=_Part_0--" },
        { "--b\r\nContent-Disposition: form-data; name=a\r\n"
          "Content-Transfer-Encoding: base64\r\n\r\nYg==\r\n--b--",
          "[content]" },
        { "--a=1&to=2", "--a=1&to=[phone]" },
        { "call 16505551234 now", "[content]" },
        { "hello", "[content]" },
        { "16505551234", "[content]" },
        { "preamble\r\n--b\r\n\r\nsecret\r\n--b--", "[content]" },
        { "/* */{\"to\":\"1\"}", "[content]" },
        { "<to>1</to>", "[content]" },
        { "\xff\xfe{", "[content]" },
        { "\xef\xbb\xbf{\"to\":\"1\",\"a\":2}",
          "\xef\xbb\xbf{\"to\":\"[phone]\",\"a\":2}" },
        { "\xef\xbb\xbfTo=1&a=2", "\xef\xbb\xbfTo=[phone]&a=2" },
        { "a%5B0%5D=2&b.c[]=1&=&d", NULL },
        { "a:+16505551234=2", "a:[phone]=2" },
        { "[phone 11B]=2", NULL },
        { "&to%253D.=x", "&to%253D[phone]" },
        { "wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA=\n",
          "[id]=\n" },
        { "a%3Fpin%3Ds3=1", "a%3Fpin%3D[credential]" },
        { "", NULL },
        { "  ", NULL }
    };

    (void) state;

    labels(&rd);
    check_all(&rd, place_of(XPECTO_FORM_BODY), pairs);
}


#define PREFIX  "2026/11/22 12:00:00 [error] 71#71: *16505551234 "

static void
log_lines(void **state)
{
    xpecto_redact_t  rd;

    static const pair_t  pairs[] = {
        { PREFIX "connect() failed (111: Connection refused) while connecting "
          "to upstream, client: 192.0.2.7, server: api, request: \"GET "
          "/x?to=1&y=1 HTTP/1.1\", upstream: \"http://127.0.0.1:21201/x?to=1"
          "&y=1\", host: \"127.0.0.1:80\", referrer: \"http://a/?pin=12\"",
          PREFIX "connect() failed (111: Connection refused) while connecting "
          "to upstream, client: [ip], server: api, request: \"GET "
          "/x?to=[phone]&y=1 HTTP/1.1\", upstream: \"http://127.0.0.1:21201/x"
          "?to=[phone]&y=1\", host: \"127.0.0.1:80\", referrer: "
          "\"http://a/?pin=[credential]\"" },
        { PREFIX "open() \"/var/www/+16505551234\" failed (2: No such file or "
          "directory), client: [ip], server: , request: \"GET /+16505551234 "
          "HTTP/1.1\"",
          PREFIX "open() \"/var/www/[phone]\" failed (2: No such file or "
          "directory), client: [ip], server: , request: \"GET /[phone] "
          "HTTP/1.1\"" },
        { PREFIX "user \"alice\": password mismatch, client: [ip]",
          PREFIX "user \"[user]\": password mismatch, client: [ip]" },
        { PREFIX "http header: \"authorization: Bearer a\"b\"",
          PREFIX "http header: \"authorization: [credential]\"" },
        { PREFIX "http header: \"Cookie: a=b; c=d\"",
          PREFIX "http header: \"Cookie: a=[credential]; c=[credential]\"" },
        { PREFIX "http proxy header:\n\"GET /?pin=1 HTTP/1.0\r\nHost: h\r\n"
          "X-API-Key: abc\r\nAccept: a\r\n\r\n\"",
          PREFIX "http proxy header:\n\"GET /?pin=[credential] HTTP/1.0\r\n"
          "Host: h\r\nX-API-Key: [credential]\r\nAccept: a\r\n\r\n\"" },
        { PREFIX "fastcgi param: \"HTTP_COOKIE: a=b; c=d\"",
          PREFIX "fastcgi param: \"HTTP_COOKIE: a=[credential]; "
          "c=[credential]\"" },
        { PREFIX "uwsgi param: \"HTTP_X_API_KEY: s3\"",
          PREFIX "uwsgi param: \"HTTP_X_API_KEY: [credential]\"" },
        { PREFIX "scgi param: \"QUERY_STRING: a=%2F%3Fpin%3D1\"",
          PREFIX "scgi param: \"QUERY_STRING: a=%2F%3Fpin%3D[credential]\"" },
        { PREFIX "scgi param: \"REQUEST_URI: /x?a=%2F%3Fpin%3D1&b=1\"",
          PREFIX "scgi param: \"REQUEST_URI: /x?a=%2F%3Fpin%3D[credential]"
          "&b=1\"" },
        { PREFIX "a, upstream: \"http://h/?pin=a\",b&a=1\", host: \"h\"",
          PREFIX "a, upstream: \"http://h/?pin=[credential]&a=1\", host: "
          "\"h\"" },
        { PREFIX "http script var: \"s3\"",
          PREFIX "http script var: \"[content]\"" },
        { PREFIX "http script var: \"--b\r\n\r\nHello \"you\", you\r\n\"",
          PREFIX "http script var: \"[content]\"" },
        { PREFIX "http map: \"s3\" \"s4\"",
          PREFIX "http map: \"[content]\"" },
        { PREFIX "\"^a\" does not match \"s3\", client: [ip], server: a",
          PREFIX "\"^a\" does not match \"[content]\", client: [ip], "
          "server: a" },
        { PREFIX "\"^/a\" matches \"/a?pin=1\", client: [ip]",
          PREFIX "\"^/a\" matches \"/a?pin=[credential]\", client: [ip]" },
        { PREFIX "http regex set $tok to \"s3\"",
          PREFIX "http regex set $tok to \"[content]\"" },
        { PREFIX "client sent header \"x-api-key\" with invalid value: "
          "\"s3\", client: [ip]",
          PREFIX "client sent header \"x-api-key\" with invalid value: "
          "\"[content]\", client: [ip]" },
        { PREFIX "client sent invalid userid cookie \"s3\", client: [ip]",
          PREFIX "client sent invalid userid cookie \"[credential]\", "
          "client: [ip]" },
        { PREFIX "rc: 0 user: \"a\" salt: \"{PLAIN}s3\"",
          PREFIX "rc: 0 user: \"[phone]\" salt: \"[credential]\"" },
        { PREFIX "encrypted: \"{PLAIN}s3\"",
          PREFIX "encrypted: \"[credential]\"" },
        { PREFIX "user \"a\" b\" was not found in \"/pw\", client: [ip]",
          PREFIX "user \"[user]\" was not found in \"/pw\", client: [ip]" },
        { PREFIX "http run request: \"/x/+1 650 555 1234/\n?a=%2F%3Fpin%3D1\"",
          PREFIX "http run request: \"/x/[phone]/\n?a=%2F%3Fpin%3D"
          "[credential]\"" },
        { PREFIX "http args: \"a=%2F%3Fpin%3D1\"",
          PREFIX "http args: \"a=%2F%3Fpin%3D[credential]\"" },
        { PREFIX "http proxy header:\n\"POST / HTTP/1.0\r\nHost: h\r\n\r\n"
          "--b\r\n\r\nsecret\r\n--b--\r\n\"",
          PREFIX "http proxy header:\n\"POST / HTTP/1.0\r\nHost: h\r\n\r\n"
          "[content]\"" },
        { PREFIX "http proxy header:\n\"POST / HTTP/1.0\r\n\r\n{\"to\":1}\"",
          PREFIX "http proxy header:\n\"POST / HTTP/1.0\r\n\r\n"
          "{\"to\":\"[phone]\"}\"" },
        { PREFIX "js: {\"pin\":[gone]x, \"params\":{\"a\":{\"b\":\"}\"},"
          "\"c\":\"s3\"}}",
          PREFIX "js: {\"pin\":[credential], \"params\":[content]}" },
        { PREFIX "http args: \"to=1&a=b\"",
          PREFIX "http args: \"to=[phone]&a=b\"" },
        { PREFIX "rewritten data: \"/x\", args: \"pin=1\", client: [ip]",
          PREFIX "rewritten data: \"/x\", args: \"pin=[credential]\", "
          "client: [ip]" },
        { PREFIX "js: {\"to\":\"1\", \"text\": {\"body\": \"a\\\"b\"}} end",
          PREFIX "js: {\"to\":\"[phone]\", \"text\": {\"body\": "
          "\"[content]\"}} end" },
        { PREFIX "request: \"GET /?password=a\"b HTTP/1.1\", host: \"h\"",
          PREFIX "request: \"GET /?password=[credential] HTTP/1.1\", "
          "host: \"h\"" },

        /* begun and not gone on with; with a space before the colon */

        { PREFIX "client timed out, client: [ip], request: \"GET /x/165055\"",
          PREFIX "client timed out, client: [ip], request: \"GET /x/[phone]\""
        },
        { PREFIX "broken header: \"GET / HTTP/1.1\r\nX-API-Key : s3\r\n"
          "Cookie\t: a=s3\r\n\"",
          PREFIX "broken header: \"GET / HTTP/1.1\r\nX-API-Key : "
          "[credential]\r\nCookie\t: a=[credential]\r\n\"" },
        { PREFIX "js: {\"pin\" : \"s3\", \"text\" : {\"body\" : \"s4\"}}",
          PREFIX "js: {\"pin\" : \"[credential]\", \"text\" : "
          "{\"body\" : \"[content]\"}}" },

        /* a client's name before nginx's quote */

        { PREFIX "a: \"b, host:\", client: 1.2.3.4, request: \"GET /?pin=a "
          "HTTP/1.1\", host: \"h\"",
          PREFIX "a: \"b, host:\", client: [ip], request: "
          "\"GET /?pin=[credential] HTTP/1.1\", host: \"h\"" },
        { PREFIX "a: \"b, Set-Cookie: \" while c, client: 1.2.3.4, request: "
          "\"GET /?x=a;pin=a HTTP/1.1\"",
          PREFIX "a: \"b, Set-Cookie: \" while c, client: [ip], request: "
          "\"GET /?x=a;pin=[credential] HTTP/1.1\"" },
        { PREFIX "signal 17 (SIGCHLD) received from 4711", NULL },
        { "16505551234", "[phone]" }
    };

    (void) state;

    labels(&rd);
    check_all(&rd, place_of(XPECTO_FORM_LOG), pairs);
}


/* logs of others: quotes inside of quoted strings are escaped */

static void
lines(void **state)
{
    xpecto_redact_t  rd;

    static const pair_t  pairs[] = {
        { "1.2.3.4 - - [22/Nov/2026:12:00:00 +0000] \"GET /?to=1 HTTP/1.1\" "
          "200 7 \"https://a/?pin=1\" \"curl\"",
          "[ip] - - [22/Nov/2026:12:00:00 +0000] \"GET /?to=[phone] "
          "HTTP/1.1\" 200 7 \"https://a/?pin=[credential]\" \"curl\"" },
        { "{\"request\":\"GET /?pin=1\\\"2 HTTP/1.1\",\"status\":200}",
          "{\"request\":\"GET /?pin=[credential] HTTP/1.1\","
          "\"status\":200}" },
        { "{\"to\":\"/x\",\"n\":[\"http://a/?to=1\",1]}",
          "{\"to\":\"[phone]\",\"n\":[\"http://a/?to=[phone]\",1]}" },
        { "to \"a\" b, c \"GET /?pin=1", "to \"a\" b, c \"GET /?pin="
                                          "[credential]" },
        { PREFIX "a: \"GET /?pin=a\"b HTTP/1.1\", host: \"h\"",
          PREFIX "a: \"GET /?pin=[credential] HTTP/1.1\", host: \"h\"" }
    };

    (void) state;

    labels(&rd);
    check_all(&rd, place_of(XPECTO_FORM_LINE), pairs);
}


static void
hosts(void **state)
{
    xpecto_redact_t  rd;

    static const pair_t  list[] = {
        { "127.0.0.1:80", NULL },
        { "127.0.0.1:80, [2001:db8::7]:81 : 192.0.2.7:80", NULL },
        { "unix:/tmp/16505551234, 127.0.0.1:80, unix:/tmp/16505551234.sock",
          "unix:/tmp/[phone], 127.0.0.1:80, unix:/tmp/[phone].sock" },
        { "+1 650 555 1234", "[phone]" },
        { "16505551234.example:443", "[phone].example:443" },

        /* a zone may be anything */

        { "[fe80::1%eth0]:80, fe80::1%25eth0", NULL },
        { "[fe80::1%16505551234]:80", "[fe80::1%[phone]]:80" },
        { "[fe80::1%2516505551234]", "[fe80::1%25[phone]]" },
        { "[fe80::1%+16505551234]", "[fe80::1%[phone]]" }
    };

    (void) state;

    labels(&rd);
    check_all(&rd, place_of(XPECTO_FORM_HOST), list);
}


/* what a look at few bytes must not take for plain text */

static void
short_values(void **state)
{
    xpecto_redact_t  rd;

    static const pair_t  pairs[] = {
        { "Basic YWxhZGRp", "Basic -" },
        { "Bearer abcd1234", "Bearer -" },
        { "basic+YWxhZGRp", "basic+-" },
        { "wamid.HBgLMTY1", "[id]" },
        { "wacid.HBgLMTY1", "[id]" },
        { "ABGGY2FwgBGG", "[id]" },
        { "eyJhbGci.Xy", "-" },
        { "a@b.example", "[email]" },
        { "192.0.2.1", "192.0.2.0" },
        { "1.2.3.4", "1.2.3.0" },
        { "2001:db8::1", "2001:db8::" },
        { "tel:+35312345678", "tel:[phone]" },
        { " HTTP/1.1", NULL },
        { "app.example.com", NULL },
        { "/v1/messages", NULL },
        { "Bearer of news", NULL }
    };

    (void) state;

    xpecto_redact_defaults(&rd);
    check_all(&rd, place_of(XPECTO_FORM_TEXT), pairs);
}


/* what a buffer cut off may have been longer */

static void
cut_lines(void **state)
{
    xpecto_redact_t  rd;

    (void) state;

    labels(&rd);

    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_LOG),
                        PREFIX "request: \"GET /x?q=16505", 1),
                        PREFIX "request: \"GET /x?q=[phone]");
    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_LOG),
                        PREFIX "open() \"/x/16505... (2: No such file)", 1),
                        PREFIX "open() \"/x/[phone]... (2: No such file)");
    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_LOG),
                        PREFIX "open() \"/x/%2B1 650 55... (2: No such file)",
                        1),
                        PREFIX "open() \"/x/[phone]... (2: No such file)");
    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_LOG),
                        "ip=1~9202... (5: a", 1), "ip=[ip]... (5: a");
    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_LOG),
                        PREFIX "a: \"GET /?pin=ab...cd", 1),
                        PREFIX "a: \"GET /?pin=[credential]");
    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_LOG),
                        PREFIX "request: \"GET /x?q=16505", 0),
                        PREFIX "request: \"GET /x?q=16505");
}


static void
styles(void **state)
{
    xpecto_mask_t          mask;
    xpecto_redact_t        rd;
    xpecto_redact_place_t  phone, ip;

    (void) state;

    phone.form = XPECTO_FORM_WHOLE;
    phone.class = XPECTO_CLASS_PHONE;
    ip.form = XPECTO_FORM_WHOLE;
    ip.class = XPECTO_CLASS_IP;

    xpecto_redact_defaults(&rd);

    assert_int_equal(xpecto_redact_style(&rd, XPECTO_CLASS_NAME,
                                         XPECTO_STYLE_MASK), XPECTO_DECLINED);
    assert_int_equal(xpecto_redact_style(&rd, XPECTO_CLASS_PHONE,
                                         XPECTO_STYLE_TRUNCATE),
                     XPECTO_DECLINED);

    assert_int_equal(xpecto_redact_style(&rd, XPECTO_CLASS_PHONE,
                                         XPECTO_STYLE_MASK), XPECTO_OK);
    assert_string_equal(redact_at(&rd, phone, "+16505551234", 0), "[phone]");

    (void) xpecto_mask_build(&mask, 2);
    rd.mask = &mask;

    assert_string_equal(redact_at(&rd, phone, "+16505551234", 0),
                        "1********34");
    assert_string_equal(redact_at(&rd, phone, "%2B919876543210", 0),
                        "91********10");
    assert_string_equal(redact_at(&rd, phone, "+35312345678", 0),
                        "353******78");
    assert_string_equal(redact_at(&rd, phone, "nobody", 0), "[phone]");
    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_TEXT),
                                  "call +16505551234", 0),
                        "call 1********34");

    /* digits right before a mask */

    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_TEXT),
                                  "+1650555+16505551", 1),
                        "+1650555[phone]");

    assert_int_equal(xpecto_redact_style(&rd, XPECTO_CLASS_PHONE,
                                         XPECTO_STYLE_LENGTH), XPECTO_OK);
    assert_string_equal(redact_at(&rd, phone, "16505551234", 0),
                        "[phone 11B]");

    /* a label that hides a number is none */

    assert_string_equal(redact_at(&rd, phone, "[phone 16505551234B]", 0),
                        "[phone 20B]");

    assert_int_equal(xpecto_redact_style(&rd, XPECTO_CLASS_PHONE,
                                         XPECTO_STYLE_KEEP), XPECTO_OK);
    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_URI),
                                  "/16505551234?to=16505551234&pin=1", 0),
                        "/16505551234?to=16505551234&pin=-");

    assert_string_equal(redact_at(&rd, ip, "192.0.2.33", 0), "192.0.2.0");
    assert_string_equal(redact_at(&rd, ip, "192.0.2.0", 0), "192.0.2.0");
    assert_string_equal(redact_at(&rd, ip, "192.0.2.33:8080", 0),
                        "192.0.2.0:8080");
    assert_string_equal(redact_at(&rd, ip, "2001:db8:a:b::1", 0),
                        "2001:db8:a::");
    assert_string_equal(redact_at(&rd, ip, "2001:DB8::1", 0), "2001:db8::");
    assert_string_equal(redact_at(&rd, ip, "::1", 0), "::");
    assert_string_equal(redact_at(&rd, ip, "fe80::1%eth0", 0), "fe80::");
    assert_string_equal(redact_at(&rd, ip, "[2001:db8::1]:443", 0),
                        "[2001:db8::]:443");
    assert_string_equal(redact_at(&rd, ip, "::ffff:192.0.2.7", 0),
                        "::ffff:192.0.2.0");
    assert_string_equal(redact_at(&rd, ip, "1:2:3:4:5:6:7:8", 0), "1:2:3::");
    assert_string_equal(redact_at(&rd, ip, "1:2:3:4:5:6:7", 0), "[ip]");
    assert_string_equal(redact_at(&rd, ip, "1::2::3", 0), "[ip]");
    assert_string_equal(redact_at(&rd, ip, "192.0.2.300", 0), "[ip]");
    assert_string_equal(redact_at(&rd, ip, "unix:", 0), "[ip]");
    assert_string_equal(redact_at(&rd, ip, "192.0.2.1, 198.51.100.2", 0),
                        "192.0.2.0, 198.51.100.0");

    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_TEXT),
                                  "::192.0.2.1:6", 0), "[ip]:6");

    /* four bytes of a text are no $binary_remote_addr */

    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_QUERY),
                                  "ip=ab\xea\xd5&a=1", 0), "ip=[ip]&a=1");
    assert_string_equal(redact_at(&rd, place_of(XPECTO_FORM_LOG),
                                  "ip=ab\xea\xd5", 0), "ip=[ip]");

    /* $binary_remote_addr */

    assert_memory_equal(redact_at(&rd, ip, "\xc0\x02\x03\x04", 0),
                        "\xc0\x02\x03\0", 4);
}


static void
added_names(void **state)
{
    uint8_t                folded[XPECTO_REDACT_NAME_MAX];
    xpecto_redact_t        rd;
    xpecto_redact_name_t   name;
    xpecto_redact_place_t  place;

    static const pair_t  uris[] = {
        { "/?customer_ref=1&a=2", "/?customer_ref=[user]&a=2" }
    };

    static const pair_t  docs[] = {
        { "{\"customerRef\":\"1\"}", "{\"customerRef\":\"[user]\"}" }
    };

    (void) state;

    labels(&rd);

    name.name.len = xpecto_name_fold(folded, (const uint8_t *) "Customer-Ref",
                                     12);
    name.name.data = folded;
    name.class = XPECTO_CLASS_USER;

    assert_int_equal(name.name.len, 11);

    rd.names = &name;
    rd.nnames = 1;

    check_all(&rd, place_of(XPECTO_FORM_URI), uris);
    check_all(&rd, place_of(XPECTO_FORM_JSON), docs);

    place = xpecto_redact_variable(&rd, (const uint8_t *) "arg_customer_ref",
                                   16);
    assert_int_equal(place.form, XPECTO_FORM_WHOLE);
    assert_int_equal(place.class, XPECTO_CLASS_USER);

    place = xpecto_redact_variable(&rd, (const uint8_t *) "http_customer_ref",
                                   17);
    assert_int_equal(place.form, XPECTO_FORM_WHOLE);
}


static void
variables(void **state)
{
    unsigned               i;
    xpecto_redact_t        rd;
    xpecto_redact_place_t  place;

    static const struct {
        const char      *name;
        xpecto_form_e    form;
        xpecto_class_e   class;
    } list[] = {
        { "request", XPECTO_FORM_REQUEST, XPECTO_CLASSES },
        { "request_uri", XPECTO_FORM_URI, XPECTO_CLASSES },
        { "args", XPECTO_FORM_QUERY, XPECTO_CLASSES },
        { "request_body", XPECTO_FORM_BODY, XPECTO_CLASSES },
        { "http_referer", XPECTO_FORM_URI, XPECTO_CLASSES },
        { "sent_http_location", XPECTO_FORM_URI, XPECTO_CLASSES },
        { "upstream_http_location", XPECTO_FORM_URI, XPECTO_CLASSES },
        { "http_cookie", XPECTO_FORM_COOKIE, XPECTO_CLASS_CREDENTIAL },
        { "sent_http_set_cookie", XPECTO_FORM_SET_COOKIE,
          XPECTO_CLASS_CREDENTIAL },
        { "cookie_sid", XPECTO_FORM_WHOLE, XPECTO_CLASS_CREDENTIAL },
        { "arg_to", XPECTO_FORM_WHOLE, XPECTO_CLASS_PHONE },
        { "arg_hub_verify_token", XPECTO_FORM_WHOLE,
          XPECTO_CLASS_CREDENTIAL },
        { "arg_page", XPECTO_FORM_TEXT, XPECTO_CLASSES },
        { "http_authorization", XPECTO_FORM_WHOLE, XPECTO_CLASS_CREDENTIAL },
        { "http_x_forwarded_for", XPECTO_FORM_WHOLE, XPECTO_CLASS_IP },
        { "proxy_add_x_forwarded_for", XPECTO_FORM_WHOLE, XPECTO_CLASS_IP },
        { "binary_remote_addr", XPECTO_FORM_WHOLE, XPECTO_CLASS_IP },
        { "realip_remote_addr", XPECTO_FORM_WHOLE, XPECTO_CLASS_IP },
        { "remote_user", XPECTO_FORM_WHOLE, XPECTO_CLASS_USER },
        { "ssl_client_s_dn", XPECTO_FORM_WHOLE, XPECTO_CLASS_NAME },
        { "ssl_client_i_dn", XPECTO_FORM_WHOLE, XPECTO_CLASS_NAME },
        { "http_user_agent", XPECTO_FORM_TEXT, XPECTO_CLASSES },
        { "http_text", XPECTO_FORM_TEXT, XPECTO_CLASSES },
        { "status", XPECTO_FORM_NONE, XPECTO_CLASSES },
        { "limit_rate", XPECTO_FORM_TEXT, XPECTO_CLASSES },
        { "upstream_addr", XPECTO_FORM_HOST, XPECTO_CLASSES },
        { "upstream_http_refresh", XPECTO_FORM_URI, XPECTO_CLASSES },
        { "sent_http_link", XPECTO_FORM_URI, XPECTO_CLASSES },
        { "xpecto_consent", XPECTO_FORM_NONE, XPECTO_CLASSES },
        { "xpecto_consent_state", XPECTO_FORM_NONE, XPECTO_CLASSES },
        { "xpecto_of_somebody", XPECTO_FORM_TEXT, XPECTO_CLASSES },
        { "xpecto_redacted", XPECTO_FORM_NONE, XPECTO_CLASSES },
        { "whatever", XPECTO_FORM_TEXT, XPECTO_CLASSES }
    };

    (void) state;

    xpecto_redact_defaults(&rd);

    for (i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
        place = xpecto_redact_variable(&rd, (const uint8_t *) list[i].name,
                                       strlen(list[i].name));

        if (place.form != list[i].form || place.class != list[i].class) {
            fail_msg("$%s: form %d, class %d", list[i].name, place.form,
                     place.class);
        }
    }
}


/* many short values: the rest is masked before the room is used up */

static void
bound(void **state)
{
    char             in[BUFFER];
    size_t           i;
    uint8_t          out[8];
    xpecto_redact_t  rd;

    xpecto_redact_result_t  res;

    (void) state;

    labels(&rd);

    for (i = 0; i + 2 < 3000; i += 2) {
        memcpy(in + i, "1;", 2);
    }

    in[i] = '\0';
    (void) redact_at(&rd, place_of(XPECTO_FORM_COOKIE), in, 0);

    memcpy(in, "{\"to\":[", 7);

    for (i = 7; i + 2 < 3000; i += 2) {
        memcpy(in + i, "1,", 2);
    }

    memcpy(in + i, "1]}", 4);
    (void) redact_at(&rd, place_of(XPECTO_FORM_JSON), in, 0);

    assert_int_equal(xpecto_redact(&rd, place_of(XPECTO_FORM_TEXT),
                                   (const uint8_t *) "a", 1, 0, out,
                                   sizeof(out), &res), XPECTO_ERROR);
}


static void
classes_and_styles(void **state)
{
    unsigned         last;
    xpecto_class_e   class;
    xpecto_style_e   style;
    xpecto_redact_t  rd, other;

    (void) state;

    assert_int_equal(xpecto_class_parse((const uint8_t *) "credential", 10,
                                        &class), XPECTO_OK);
    assert_int_equal(class, XPECTO_CLASS_CREDENTIAL);
    assert_string_equal(xpecto_class_name(class), "credential");
    assert_int_equal(xpecto_class_parse((const uint8_t *) "phones", 6, &class),
                     XPECTO_DECLINED);
    assert_int_equal(xpecto_style_parse((const uint8_t *) "truncate", 8,
                                        &style, &last), XPECTO_OK);
    assert_int_equal(style, XPECTO_STYLE_TRUNCATE);
    assert_int_equal(xpecto_style_parse((const uint8_t *) "mask:4", 6,
                                        &style, &last), XPECTO_OK);
    assert_int_equal(style, XPECTO_STYLE_MASK);
    assert_int_equal(last, 4);
    assert_int_equal(xpecto_style_parse((const uint8_t *) "mask", 4,
                                        &style, &last), XPECTO_OK);
    assert_int_equal(last, 2);
    assert_int_equal(xpecto_style_parse((const uint8_t *) "", 0, &style,
                                        &last), XPECTO_DECLINED);
    assert_int_equal(xpecto_style_parse((const uint8_t *) "label:4", 7,
                                        &style, &last), XPECTO_DECLINED);
    assert_int_equal(xpecto_style_parse((const uint8_t *) "mask:", 5, &style,
                                        &last), XPECTO_DECLINED);
    assert_int_equal(xpecto_style_parse((const uint8_t *) "mask:10", 7,
                                        &style, &last), XPECTO_DECLINED);

    xpecto_redact_defaults(&rd);
    xpecto_redact_defaults(&other);

    assert_int_equal(xpecto_redact_style(&rd, XPECTO_CLASS_PHONE,
                                         XPECTO_STYLE_KEEP), XPECTO_OK);
    assert_int_equal(xpecto_redact_style(&other, XPECTO_CLASS_CONTENT,
                                         XPECTO_STYLE_KEEP), XPECTO_OK);
    xpecto_redact_stricter(&rd, &other);
    assert_int_equal(rd.styles[XPECTO_CLASS_PHONE], XPECTO_STYLE_PSEUDONYM);
    assert_int_equal(rd.styles[XPECTO_CLASS_CONTENT], XPECTO_STYLE_LENGTH);
    assert_true(rd.classes & XPECTO_CLASS_BIT(XPECTO_CLASS_PHONE));
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(request_and_uri),
        cmocka_unit_test(cookies),
        cmocka_unit_test(json),
        cmocka_unit_test(json_too_deep),
        cmocka_unit_test(bodies),
        cmocka_unit_test(log_lines),
        cmocka_unit_test(lines),
        cmocka_unit_test(hosts),
        cmocka_unit_test(short_values),
        cmocka_unit_test(cut_lines),
        cmocka_unit_test(styles),
        cmocka_unit_test(added_names),
        cmocka_unit_test(variables),
        cmocka_unit_test(bound),
        cmocka_unit_test(classes_and_styles)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
