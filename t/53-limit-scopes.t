# What limits of a plan count by, how much, and when: recipients, pairs,
# requests under way, the header before the body.  Periods are long: none
# ends while a test runs.

use lib 't/lib';
use TestXpecto;


add_block_preprocessor(sub {
    my ($block) = @_;

    $block->set_value('http_config', <<'_EOC_') unless $block->http_config;
    xpecto_tenants %%DATA%%/tenants-scopes.json;
    xpecto_limit_zone z:1m unique=128k;
_EOC_

    $block->set_value('config', <<'_EOC_') unless $block->config;
    location ~ ^/(v[0-9.]+/|$) {
        xpecto_message on;
        xpecto_limit zone=z;
        set $done http://127.0.0.1:$TEST_NGINX_SERVER_PORT/done;
        proxy_pass $done;
    }

    lingering_timeout 200ms;

    location /done {
        xpecto_message off;
        xpecto_tenant off;
        return 204;
    }
_EOC_

    # "KEY PATH BODY" a line

    my (@requests, @headers);

    for (split /\n/, $block->calls // '') {
        my ($key, $path, $body) = split ' ', $_, 3;

        push @requests, ($body // '') eq ''
             ? "GET $path" : "POST $path\n$body";
        push @headers, "X-API-Key: $key\nContent-Type: application/json";
    }

    if (@requests) {
        $block->set_value('request', \@requests);
        $block->set_value('more_headers', \@headers);
    }
});


two_workers();
skip_hup('limits outlive a reload');

plan_tests(258);

run_tests();

__DATA__

=== TEST 1: pair - so many to one, as many to another
--- calls
key-pair /v1/messages {"to":"+14155550100","type":"text"}
key-pair /v1/messages {"to":"1 415 555-0100","type":"text"}
key-pair /v1/messages {"to":"+14155550100","type":"text"}
key-pair /v1/messages {"to":"+14155550101","type":"text"}
--- error_code eval
[204, 204, 429, 204]
--- response_headers_like eval
['RateLimit-Policy: "pair";q=2;w=172800', 'RateLimit: "pair";r=0;t=\d+',
 'Retry-After: 17\d{4}', 'RateLimit: "pair";r=1;t=\d+']
--- response_body_like eval
['', '', '"code":131056', '']
--- no_error_log
[error]



=== TEST 2: pair - a request that writes to nobody is not counted
--- calls
key-pair /v1/messages {"status":"read","message_id":"wamid.A"}
key-pair /v1/media
--- error_code eval
[204, 204]
--- response_headers eval
['!RateLimit', '!RateLimit']
--- no_error_log
[error]



=== TEST 3: recipient - one of many has had enough: nobody pays
--- calls
key-each /v1/messages {"to":["+14155550100","+14155550101"]}
key-each /v1/messages {"to":["+14155550101","+14155550100","+14155550101"]}
key-each /v1/messages {"to":["+14155550100","+14155550102"]}
key-each /v1/messages {"to":["+14155550102","+14155550102"]}
key-each /v1/messages {"to":["+14155550102"]}
--- error_code eval
[204, 429, 204, 429, 204]
--- no_error_log
[error]



=== TEST 4: unique - a recipient that was written to is free
--- calls
key-reach /v1/messages {"to":"+14155550100"}
key-reach /v1/messages {"to":["+14155550100","+14155550101"]}
key-reach /v1/messages {"to":["+14155550102","+14155550103"]}
key-reach /v1/messages {"to":"+14155550102"}
key-reach /v1/messages {"to":["+14155550100","+14155550101"]}
key-reach /v1/messages {"to":"+14155550104"}
--- error_code eval
[204, 204, 429, 204, 204, 429]
--- response_headers_like eval
['RateLimit-Policy: "reach";q=3;w=86400
RateLimit: "reach";r=2;t=8\d{4}',
 'RateLimit: "reach";r=1;t=8\d{4}', 'RateLimit: "reach";r=1;t=8\d{4}',
 'RateLimit: "reach";r=0;t=8\d{4}', 'RateLimit: "reach";r=0;t=8\d{4}',
 'Retry-After: 8\d{4}']
--- response_body_like eval
['', '', '"code":131048', '', '', '"code":131048']
--- no_error_log
[error]



=== TEST 5: phone - the number of the path; a path without one is free
--- calls
key-phone /v23.0/106540352242922/messages {"to":"+14155550100"}
key-phone /v23.0/106540352242922/media
key-phone /v23.0/106540352242923/messages {"to":"+14155550100"}
key-phone /v23.0/102290129340398/message_templates
key-phone /v1/messages
--- error_code eval
[204, 429, 204, 204, 204]
--- no_error_log
[error]



=== TEST 6: waba - the account of the path
--- calls
key-waba /v23.0/102290129340398/message_templates
key-waba /v23.0/102290129340398/phone_numbers
key-waba /v23.0/102290129340399/phone_numbers
key-waba /v23.0/102290129340398/messages
--- error_code eval
[204, 429, 204, 204]
--- no_error_log
[error]



=== TEST 7: endpoint - each class by itself
--- calls
key-class /v23.0/106540352242922/register {}
key-class /v23.0/106540352242922/deregister {}
key-class /v23.0/106540352242922/messages {}
key-class /v23.0/106540352242922/marketing_messages {}
--- error_code eval
[204, 429, 204, 204]
--- no_error_log
[error]



=== TEST 8: endpoints - others are not counted
--- calls
key-register /v23.0/106540352242922/messages {}
key-register /v23.0/106540352242922/messages {}
key-register /v23.0/102290129340398/message_templates
key-register /v23.0/106540352242922/register {}
--- error_code eval
[204, 204, 204, 429]
--- no_error_log
[error]



=== TEST 9: credential - two of one tenant
--- calls
key-one /
key-one /
key-two /
--- error_code eval
[204, 429, 204]
--- response_body_like eval
['', qr/\A\{"error":\{"message":"\(#4\) Application request limit reached",.*"code":4,/, '']
--- no_error_log
[error]



=== TEST 10: cost - by type, for each message
--- calls
key-type /v1/messages {"to":"+14155550100","type":"image"}
key-type /v1/messages {"to":["+14155550100","+14155550101"],"type":"video"}
key-type /v1/messages {"to":"+14155550100","type":"text"}
key-type /v1/messages {"to":"+14155550100","type":"text"}
key-type /v1/messages {"to":"+14155550100","type":"reaction"}
--- error_code eval
[204, 204, 204, 429, 204]
--- response_headers_like eval
['RateLimit: "type";r=7;t=\d+', 'RateLimit: "type";r=1;t=\d+',
 'RateLimit: "type";r=0;t=\d+', 'RateLimit: "type";r=0;t=\d+',
 'RateLimit: "type";r=0;t=\d+']
--- no_error_log
[error]



=== TEST 11: cost - bytes of the body
--- calls
key-bytes /v1/messages {"to":"+14155550100","type":"text","text":{"body":"12345"}}
key-bytes /v1/messages {"to":"+14155550100","type":"text","text":{"body":"12345"}}
key-bytes /v1/media
key-kbytes /v1/messages {"to":"+14155550100"}
--- error_code eval
[204, 429, 204, 204]
--- response_headers_like eval
['RateLimit-Policy: "bytes";q=100;w=2678400;qu="content-bytes"
RateLimit: "bytes";r=41;t=\d+', 'RateLimit: "bytes";r=41;t=\d+',
 'RateLimit: "bytes";r=41;t=\d+', 'RateLimit: "kbytes";r=3;t=\d+']
--- no_error_log
[error]



=== TEST 12: two stages - nothing is paid where the body says no
--- calls
key-stages /v1/messages {"to":["+14155550100","+14155550101"]}
key-stages /v1/messages {"to":"+14155550102"}
key-stages /v1/messages {"to":"+14155550100"}
key-stages /v1/messages {"to":"+14155550100"}
key-stages /v1/media
--- error_code eval
[204, 429, 204, 429, 204]
--- response_headers_like eval
['RateLimit: "calls";r=2;t=\d+, "reach";r=0;t=\d+, "each";r=1;t=\d+',
 'RateLimit: "calls";r=2;t=\d+, "reach";r=0;t=\d+, "each";r=2',
 'RateLimit: "calls";r=1;t=\d+, "reach";r=0;t=\d+, "each";r=0;t=\d+',
 'RateLimit: "calls";r=1;t=\d+, "reach";r=0;t=\d+, "each";r=0;t=\d+',
 'RateLimit: "calls";r=0;t=\d+']
--- no_error_log
[error]



=== TEST 13: two stages - who cannot pass does not send the body
--- raw_request eval
CORE::join '', (map {
    "GET /v1/$_ HTTP/1.1\r\nHost: h\r\nX-API-Key: key-stages\r\n\r\n"
} 1 .. 3), "POST /v1/messages HTTP/1.1\r\nHost: h\r\nX-API-Key: key-stages\r
Connection: close\r\nContent-Length: 40\r\n\r\n"
--- error_code: 204
--- response_body_like eval
qr/\AHTTP.1.1 204 .*^HTTP.1.1 204 .*^HTTP.1.1 429 /ms
--- no_error_log
[error]



=== TEST 14: cost - bytes of a body that nobody has measured
--- config
    location = / {
        xpecto_message off;
        xpecto_limit zone=z;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/done;
    }

    location /done {
        xpecto_tenant off;
        return 204;
    }
--- raw_request eval
["POST / HTTP/1.1\r\nHost: h\r\nX-API-Key: key-bytes\r
Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
 "POST / HTTP/1.1\r\nHost: h\r\nX-API-Key: key-bytes\r
Connection: close\r\nContent-Length: 1\r\n\r\nx"]
--- error_code eval
[429, 204]
--- no_error_log
[error]



=== TEST 15: address - whoever comes from it
--- calls
key-address /
key-address /
--- error_code eval
[204, 429]
--- no_error_log
[error]



=== TEST 16: scope - of a policy in place
--- config
    location ~ ^/(v[0-9.]+/|$) {
        xpecto_message on;
        xpecto_limit zone=z rate=1r/d scope=recipient;
        xpecto_limit zone=z rate=1r/d burst=2 scope=phone policy=phone;
        set $done http://127.0.0.1:$TEST_NGINX_SERVER_PORT/done;
        proxy_pass $done;
    }

    location /done {
        xpecto_message off;
        xpecto_tenant off;
        return 204;
    }
--- calls
key-pair /v23.0/106540352242922/messages {"to":"+14155550100"}
key-pair /v23.0/106540352242922/messages {"to":"+14155550100"}
key-pair /v23.0/106540352242922/messages {"to":"+14155550101"}
key-pair /v23.0/106540352242922/messages {"to":"+14155550102"}
key-pair /v23.0/106540352242923/messages {"to":"+14155550102"}
--- error_code eval
[204, 429, 204, 429, 204]
--- no_error_log
[error]



=== TEST 17: two stages - a body that is refused is paid for by the header
--- calls
key-stages /v1/messages {"to":
key-stages /v1/messages {"to":
key-stages /v1/messages {"to":"+14155550100"}
key-stages /v1/messages {"to":"+14155550100"}
--- error_code eval
[400, 400, 204, 429]
--- response_headers_like eval
['RateLimit: "calls";r=2;t=\d+', 'RateLimit: "calls";r=1;t=\d+',
 'RateLimit: "calls";r=0;t=\d+, "reach";r=1;t=\d+, "each";r=1;t=\d+',
 'RateLimit: "calls";r=0;t=\d+']
--- no_error_log
[crit]



=== TEST 18: two stages - so is one that nobody lets in
--- config
    location /v1/ {
        xpecto_message on;
        xpecto_limit zone=z;
        deny all;
        empty_gif;
    }
--- calls
key-stages /v1/messages {"to":"+14155550100"}
key-stages /v1/messages {"to":"+14155550100"}
key-stages /v1/messages {"to":"+14155550100"}
key-stages /v1/messages {"to":"+14155550100"}
--- error_code eval
[403, 403, 403, 429]
--- response_headers_like eval
['RateLimit: "calls";r=2;t=\d+', 'RateLimit: "calls";r=1;t=\d+',
 'RateLimit: "calls";r=0;t=\d+', 'RateLimit: "calls";r=0;t=\d+']
--- no_error_log
[crit]



=== TEST 19: two stages - on trial as well, and given back as well
--- config
    location /v1/ {
        xpecto_message on;
        xpecto_limit zone=z dry_run;
        xpecto_limit zone=z rate=1r/d scope=recipient policy=one;
        set $done http://127.0.0.1:$TEST_NGINX_SERVER_PORT/done;
        proxy_pass $done;
    }

    location /done {
        xpecto_message off;
        xpecto_tenant off;
        return 204;
    }
--- calls
key-stages /v1/messages {"to":"+14155550100"}
key-stages /v1/messages {"to":"+14155550100"}
key-stages /v1/messages {"to":"+14155550101"}
key-stages /v1/messages {"to":"+14155550101"}
key-stages /v1/messages {"to":"+14155550102"}
--- error_code eval
[204, 429, 204, 429, 204]
--- no_error_log
[crit]



=== TEST 20: recipient - in spellings that no number has
--- calls
key-each /v1/messages {"to":"+14155550100"}
key-each /v1/messages {"to":"+14155550100x"}
key-each /v1/messages {"to":"\u200e+14155550100"}
key-each /v1/messages {"to":"+1_415_555_0100"}
key-each /v1/messages {"to":14155550101.0}
key-each /v1/messages {"to":1.41555501010e10}
key-each /v1/messages {"to":14155550101.00}
key-each /v1/messages {"to":"@alice"}
--- error_code eval
[204, 204, 429, 429, 204, 204, 429, 204]
--- no_error_log
[crit]



=== TEST 21: phone - the number of a path that is encoded twice
--- calls
key-phone /v23.0/106540352242922/messages {"to":"+14155550100"}
key-phone /v23.0/106540352242922/%256dedia
key-phone /v23.0/%2531065403522%34%2532922/messages
key-phone /v23.0/x%252f106540352242922/media
key-phone /v23.0/x/..;/106540352242922%255cmedia
key-phone /v23.0/10654035224292/%256dedia
key-class /v23.0/106540352242922/%2572egister {}
key-class /v23.0/106540352242922/register/%252e%252e/x {}
--- error_code eval
[204, 429, 429, 429, 429, 204, 204, 429]
--- no_error_log
[error]



=== TEST 22: address - a network of its own, whoever knocks from it
--- config
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Real-IP;

    location = /t {
        xpecto_limit zone=z kind=window window=31d count=2 scope=address;
        empty_gif;
    }
--- request eval
["GET /t", "GET /t", "GET /t", "GET /t", "GET /t", "GET /t", "GET /t",
 "GET /t", "GET /t", "GET /t"]
--- more_headers eval
["X-Real-IP: 192.0.2.1", "X-Real-IP: 192.0.2.254\nX-API-Key: key-one",
 "X-Real-IP: 192.0.2.77\nX-API-Key: key-two", "X-Real-IP: 192.0.3.1",
 "X-Real-IP: ::ffff:192.0.2.9", "X-Real-IP: ::ffff:192.0.3.9",
 "X-Real-IP: 2001:db8:0:1::1",
 "X-Real-IP: 2001:db8:0:1:ffff::1\nX-API-Key: key-one",
 "X-Real-IP: 2001:db8:0:1::2", "X-Real-IP: 2001:db8:0:2::1"]
--- error_code eval
[200, 200, 429, 200, 429, 200, 200, 200, 429, 200]
--- no_error_log
[error]



=== TEST 23: address - of a plan, each /24 of its tenant's servers
--- config
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Real-IP;

    location = /t {
        xpecto_limit zone=z;
        empty_gif;
    }
--- request eval
["GET /t", "GET /t", "GET /t", "GET /t", "GET /t"]
--- more_headers eval
[map { "X-API-Key: key-address\nX-Real-IP: $_" } "192.0.2.1", "192.0.2.200",
 "198.51.100.200", "2001:db8:1:1::1", "2001:db8:1:1:8000::1"]
--- error_code eval
[200, 429, 200, 200, 429]
--- no_error_log
[error]
