# xpecto_consent_require: a location that needs a purpose.

use lib 't/lib';
use TestXpecto;
use XpectoToken;

our $Gates = <<'_EOC_';
    xpecto_consent on;
    location /up {
        xpecto_consent off;
        return 200 "let in";
    }
    location /collect {
        xpecto_consent_require analytics;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
    }
    location /pixel {
        xpecto_consent_require analytics deny=204;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
    }
    location /promo {
        xpecto_consent_require marketing_comms deny=451;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
        location /promo/inner {
            proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
        }
    }
    location /copied {
        mirror /mirrored;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
    }
    location /mirrored {
        internal;
        xpecto_consent_require analytics;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up/mirror;
    }
    location = /empty {
        internal;
        xpecto_consent_require analytics deny=204;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up/empty;
    }
    location /asked/empty {
        auth_request /empty;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
    }
    location /asked {
        auth_request /mirrored;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
    }
    location /nested {
        xpecto_consent_require analytics page=/nested/consent;
        location /nested/consent {
            xpecto_consent_api;
        }
    }
    location /map {
        xpecto_consent_require precise_geo page=/.xpecto/consent;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
    }
    location /needed {
        xpecto_consent_require necessary;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
    }
_EOC_

add_block_preprocessor {
    my $block = shift;

    $block->set_value('http_config', 'xpecto_keys ' . data_dir()
                      . '/consent-keys; xpecto_consent_cookie secure=1;');
    $block->set_value('config', ($block->config || '') . $Gates);
};

chmod 0600, data_dir() . '/consent-keys';
server_name('example.com');
plan_tests(82);
run_tests();

__DATA__

=== TEST 1: xpecto_consent_require - without consent
--- request eval
["GET /collect", "HEAD /collect", "POST /collect\nbody", "OPTIONS /collect"]
--- error_code eval
[403, 403, 403, 403]
--- no_error_log
[error]



=== TEST 2: xpecto_consent_require - with consent
--- request
GET /collect
--- more_headers eval
"Cookie: " . main::token()
--- response_body chomp
let in
--- no_error_log
[error]



=== TEST 3: xpecto_consent_require - another purpose does not help
--- request
GET /collect
--- more_headers eval
"Cookie: " . main::token(granted => 0x4011, denied => 0)
--- error_code: 403
--- no_error_log
[error]



=== TEST 4: xpecto_consent_require - a forged grant is none
--- request
GET /collect
--- more_headers eval
"Cookie: " . main::token(kid => 9)
--- error_code: 403
--- no_error_log
[error]



=== TEST 5: xpecto_consent_require - necessary needs nothing
--- request
GET /needed
--- response_body chomp
let in
--- no_error_log
[error]



=== TEST 6: xpecto_consent_require - 204
--- request
GET /pixel
--- error_code: 204
--- response_body
--- no_error_log
[error]



=== TEST 7: xpecto_consent_require - 451 has a line and a body of its own
--- request
GET /promo
--- error_code: 451
--- response_headers
Content-Type: application/problem+json
Cache-Control: no-store
--- raw_response_headers_like chop
^HTTP/1.1 451 Unavailable For Legal Reasons\r\n
--- response_body
{"type":"about:blank","title":"Unavailable For Legal Reasons","status":451,"detail":"This needs a consent that was not given."}
--- no_error_log
[error]



=== TEST 8: xpecto_consent_require - an inner location inherits it
--- request
GET /promo/inner
--- error_code: 451
--- no_error_log
[error]



=== TEST 9: xpecto_consent_require - error_page answers 451
--- config
    error_page 451 /sorry;
    location = /sorry {
        return 200 "sorry";
    }
--- request
GET /promo
--- error_code: 451
--- response_body chomp
sorry
--- no_error_log
[error]



=== TEST 10: xpecto_consent_require - a preflight brings no cookie and passes
--- request
OPTIONS /collect
--- more_headers
Origin: https://shop.example
Access-Control-Request-Method: POST
--- response_body chomp
let in
--- no_error_log
[error]



=== TEST 11: xpecto_consent_require - report lets all in
--- config
    location /reported {
        xpecto_consent report;
        xpecto_consent_require analytics deny=451;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
    }
--- request
GET /reported
--- response_body chomp
let in
--- no_error_log
[error]



=== TEST 12: xpecto_consent_require - a body that is not read does not disturb
--- pipelined_requests eval
["POST /collect\nbody of a request", "GET /up"]
--- error_code eval
[403, 200]
--- no_error_log
[error]



=== TEST 13: xpecto_consent_require - a visitor is sent to the page
--- request eval
["GET /map/pin?to=16505551234", "HEAD /map/pin", "GET /map/%41%3Fx?y"]
--- more_headers
Sec-Fetch-Mode: navigate
--- error_code eval
[303, 303, 303]
--- response_headers eval
["Location: /.xpecto/consent?for=precise_geo&return=%2Fmap%2Fpin",
 "Location: /.xpecto/consent?for=precise_geo&return=%2Fmap%2Fpin",
 "Location: /.xpecto/consent?for=precise_geo&return=%2Fmap%2F%2541%253Fx"]



=== TEST 14: xpecto_consent_require - nor is what nobody looks at
--- request eval
["GET /map/pin", "GET /map/pin", "POST /map/pin\nbody"]
--- more_headers eval
["Sec-Fetch-Mode: no-cors\nAccept: text/html", "Accept: image/png",
 "Sec-Fetch-Mode: navigate"]
--- error_code eval
[403, 403, 403]
--- response_headers eval
["Location: ", "Location: ", "Location: "]



=== TEST 15: xpecto_consent_require - a browser that does not say so
--- request
GET /map
--- more_headers
Accept: text/html,application/xhtml+xml
--- error_code: 303
--- response_headers
Location: /.xpecto/consent?for=precise_geo&return=%2Fmap
Cache-Control: no-store



=== TEST 16: xpecto_consent_require - who has consented is let in
--- request
GET /map/pin
--- more_headers eval
"Sec-Fetch-Mode: navigate\nCookie: " . main::token(granted => 0x5001, denied => 0x2ffe)
--- response_body chomp
let in
--- no_error_log
[error]



=== TEST 17: xpecto_consent_require - a path that leads elsewhere
--- raw_request eval
"GET //map/x HTTP/1.0\r\nHost: example.com\r\nAccept: text/html\r\n\r\n"
--- error_code: 303
--- response_headers
Location: /.xpecto/consent?for=precise_geo



=== TEST 18: xpecto_consent_require - a subrequest needs it as well
--- request eval
["GET /asked", "GET /asked", "GET /asked/empty", "GET /asked/empty"]
--- more_headers eval
["X: y", "Cookie: " . main::token(granted => 0x4009, denied => 0),
 "X: y", "Cookie: " . main::token(granted => 0x4009, denied => 0)]
--- error_code eval
[403, 200, 403, 200]



=== TEST 19: xpecto_consent_require - a mirror gets nothing
--- request
GET /copied
--- response_body chomp
let in
--- error_log
using configuration "/mirrored"
--- no_error_log
/up/mirror



=== TEST 20: xpecto_consent_require - the API can be reached without
--- request eval
["GET /nested/consent", "GET /nested/other"]
--- more_headers
Accept: text/html
--- error_code eval
[200, 303]



=== TEST 21: xpecto_consent_require - no cache keeps a refusal
--- config
    error_page 451 /no451;
    location = /no451 {
        return 200 "no";
    }
    location /paged {
        error_page 403 /no403;
        xpecto_consent_require analytics;
    }
    location = /no403 {
        return 200 "no";
    }
--- request eval
[ "GET /collect", "GET /pixel", "GET /promo", "GET /map", "GET /paged" ]
--- more_headers
Accept: text/html
--- error_code eval
[ 403, 204, 451, 303, 403 ]
--- response_headers eval
[ ("Cache-Control: no-store") x 5 ]
