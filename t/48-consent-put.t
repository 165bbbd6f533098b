# PUT of the consent API: all of a choice at once, and only over the choice
# that the client knows.

use lib 't/lib';
use TestXpecto;
use XpectoApi;
use XpectoToken;

our $Now = time;

our $None = state(state => 'none', granted => 0, denied => 0);
our $Known = state(updated => $Now);
our $Cookie = "Cookie: " . token(created => $Now);
our $Same = '{"accept":["analytics"],"reject":["*"]}';

server_name('example.com');
skip_hup('what was taken back, and what was counted, outlives a reload');
plan_tests(152);
run_tests();

__DATA__

=== TEST 1: GET - the ETag is that of what is shown
--- request
GET /.xpecto/consent
--- response_headers eval
"ETag: " . main::etag($::None)
--- response_body eval
$::None
--- no_error_log
[error]



=== TEST 2: GET - another choice, another ETag
--- request
GET /.xpecto/consent
--- more_headers eval
$::Cookie
--- response_headers eval
"ETag: " . main::etag($::Known)
--- response_body eval
$::Known
--- no_error_log
[error]



=== TEST 3: GET - If-None-Match
--- request eval
[ ("GET /.xpecto/consent") x 6 ]
--- more_headers eval
[ map { "X-TLS: on\n$::Cookie\nIf-None-Match: $_" }
  main::etag($::Known), "W/" . main::etag($::Known), "*",
  '"x", ' . main::etag($::Known), main::etag($::None), '"' ]
--- error_code eval
[ 304, 304, 304, 304, 200, 200 ]
--- response_headers eval
[ ("ETag: " . main::etag($::Known) . "\nCache-Control: no-store") x 6 ]
--- no_error_log
[error]



=== TEST 4: GET - If-Match is for who changes something
--- request
GET /.xpecto/consent
--- more_headers
If-Match: "x"
--- error_code: 200
--- no_error_log
[error]



=== TEST 5: PUT - all at once, what is not accepted is refused
--- request
PUT /.xpecto/consent
{"accept":["functional"],"reject":["*"]}
--- more_headers eval
"$::Json\nIf-Match: " . main::etag($::Known) . "\n$::Cookie"
--- response_headers_like
Set-Cookie: __Host-Http-xpc=EQcBgEADP_w.*
ETag: "[0-9a-f]{32}"
--- response_body_like chop
"functional":\{"granted":true,"source":"cookie"\},"preferences":\{"granted":false,"source":"cookie"\},"analytics":\{"granted":false,"source":"cookie"\}
--- no_error_log
[error]



=== TEST 6: PUT - the ETag of the answer is that of its body
--- request
PUT /.xpecto/consent
{"reject":["*"]}
--- more_headers eval
$::Json
--- response_headers eval
"ETag: " . main::etag(main::state(granted => 0, denied => 0x3ffe,
                                  updated => $::Day, ttl => 15811200))
--- response_body eval
main::state(granted => 0, denied => 0x3ffe, updated => $::Day,
            ttl => 15811200)
--- no_error_log
[error]



=== TEST 7: PUT - the same again changes nothing
--- request eval
"PUT /.xpecto/consent\n$::Same"
--- more_headers eval
"$::Json\n$::Cookie"
--- response_headers eval
"!Set-Cookie\nETag: " . main::etag($::Known)
--- response_body eval
$::Known
--- no_error_log
[error]



=== TEST 8: PUT - the same is another thing under another policy
--- http_config
    xpecto_consent_cookie secure=$http_x_tls;
    xpecto_consent_revision rev=2 effective=2026-01-01;
--- request eval
"PUT /.xpecto/consent\n$::Same"
--- more_headers eval
"$::Json\n$::Cookie"
--- response_headers_like
Set-Cookie: __Host-Http-xpc=.*
--- response_body_like chop
^\{"state":"valid","revision":2,
--- no_error_log
[error]



=== TEST 9: If-Match, If-None-Match - 412 and nothing is written
--- request eval
[ "PUT /.xpecto/consent\n$::Same", "PUT /.xpecto/consent\n$::Same",
  "POST /.xpecto/consent\n$::Same", "DELETE /.xpecto/consent",
  ("PUT /.xpecto/consent\n$::Same") x 5 ]
--- more_headers eval
[ map { "X-TLS: on\n$::Json\n$_" }
  "If-Match: \"x\"\n$::Cookie", "If-Match: *",
  "If-Match: " . main::etag($::None) . "\n$::Cookie",
  "If-Match: \"x\"\n$::Cookie", "If-None-Match: *\n$::Cookie",
  "If-None-Match: " . main::etag($::Known) . "\n$::Cookie",
  "If-None-Match: W/" . main::etag($::Known) . "\n$::Cookie",
  "If-Match: W/" . main::etag($::Known) . "\n$::Cookie",
  "If-Match: " . substr(main::etag($::Known), 0, 33) . "\n$::Cookie" ]
--- error_code eval
[ (412) x 9 ]
--- response_headers eval
[ ("!Set-Cookie\nContent-Type: application/problem+json") x 9 ]
--- no_error_log
[error]



=== TEST 10: If-Match, If-None-Match - met
--- request eval
[ ("PUT /.xpecto/consent\n{\"accept\":[\"*\"]}") x 4 ]
--- more_headers eval
[ map { "X-TLS: on\n$::Json\n$_" }
  "If-None-Match: *", "If-Match: " . main::etag($::None),
  "If-Match: *\n$::Cookie",
  "If-Match: W/\"a,b\" , " . main::etag($::Known) . "\n$::Cookie" ]
--- error_code eval
[ (200) x 4 ]
--- no_error_log
[error]



=== TEST 11: PUT - not for half a choice, not a form, not from elsewhere
--- request eval
[ map { "PUT /.xpecto/consent\n$_" } '{"accept":["analytics"]}',
  '{"reject":["analytics"]}', '{}', 'accept=all', '{"accept":["*"]}' ]
--- more_headers eval
[ map { "X-TLS: on\n$_" } $::Json, $::Json, $::Json, $::Form,
  "Content-Type: application/json" ]
--- error_code eval
[ 422, 422, 422, 415, 403 ]
--- response_headers eval
[ ("!Set-Cookie") x 5 ]
--- no_error_log
[error]



=== TEST 12: POST - the ETag is that of the new state, nginx keeps out of it
--- request
POST /.xpecto/consent
{"reject":["*"]}
--- more_headers eval
"$::Json\nIf-Match: " . main::etag($::None)
--- error_code: 200
--- response_headers eval
"ETag: " . main::etag(main::state(granted => 0, denied => 0x3ffe,
                                  updated => $::Day, ttl => 15811200))
--- no_error_log
[error]



=== TEST 13: restrict - denies all, and the record stays
--- request
POST /.xpecto/consent
{"restrict":true}
--- more_headers eval
"Content-Type: application/json\n$::Cookie"
--- response_headers_like
Set-Cookie: __Host-Http-xpc=EQcBgkAJP_Y.*
--- response_body_like chop
^\{"state":"restricted",.*"analytics":\{"granted":false,"source":"withdrawal"\}
--- no_error_log
[error]



=== TEST 14: restrict - of who has granted nothing it is a refusal
--- request
POST /.xpecto/consent
restrict=1&return=/x
--- more_headers eval
$::Form
--- error_code: 303
--- response_headers eval
"Location: /x\nSet-Cookie: $::Refusal$::Attributes"
--- no_error_log
[error]



=== TEST 15: restrict - holds against what is not accepted, and is lifted
--- request eval
[ map { "POST /.xpecto/consent\n$_" } '{"reject":["profiling"]}',
  '{"restrict":false}', '{"accept":["functional"]}', '{"restrict":false}' ]
--- more_headers eval
[ map { "X-TLS: on\n$_\nCookie: " . main::token(flags => 0x82) }
  $::Json, $::Json, $::Json, "Content-Type: application/json" ]
--- error_code eval
[ 200, 200, 200, 403 ]
--- response_body_like eval
[ '^\{"state":"restricted"', '^\{"state":"valid".*"analytics":\{"granted":true',
  '^\{"state":"valid".*"analytics":\{"granted":true', '"status":403' ]
--- no_error_log
[error]



=== TEST 16: what is not a resource - 404
--- request eval
[ "GET /.xpecto/consent/x", "POST /.xpecto/consentx\n{}",
  "GET /.xpecto/consent/" ]
--- more_headers eval
[ ("X-TLS: on\n$::Json") x 3 ]
--- error_code eval
[ 404, 404, 200 ]
--- no_error_log
[error]



=== TEST 17: status - calls that were refused, by reason
--- config
    location = /status {
        xpecto_consent off;
        xpecto_status json;
    }
--- request eval
[ "PUT /.xpecto/consent\n{", "PUT /.xpecto/consent\n{}",
  "PUT /.xpecto/consent\n{\"x\":[[[[1]]]]}", "GET /status" ]
--- more_headers eval
[ ("X-TLS: on\n$::Json") x 4 ]
--- error_code eval
[ 422, 422, 422, 200 ]
--- response_body_like eval
[ "not JSON", "PUT replaces all", "four levels",
  'api_refused_total[^}]*insecure[^,]*0,[^}]*syntax[^,]*2,[^}]*value[^,]*1\b' ]
--- no_error_log
[error]
