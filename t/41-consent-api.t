# xpecto_consent_api: the choice is read, made and withdrawn.

use lib 't/lib';
use TestXpecto;
use XpectoToken;
use XpectoApi;

system("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
       . " -subj /CN=example.com -days 2 -keyout '@{[data_dir()]}/tls.key'"
       . " -out '@{[data_dir()]}/tls.pem' 2>/dev/null") == 0
    or die "openssl: $?\n";

server_name('example.com');
plan_tests(308);
run_tests();

__DATA__

=== TEST 1: GET - the state of somebody who has not chosen
--- request
GET /.xpecto/consent
--- response_headers
Content-Type: application/json
Cache-Control: no-store
Vary: Accept, Cookie, Xpecto-Consent, Sec-GPC, DNT, Origin
!Set-Cookie
--- response_body_like chop
^\{"state":"none","revision":0,"model":"opt-in","gpc":false,"signal":"none","age":"unknown","purposes":\{"necessary":\{"granted":true,"source":"always"\},"functional":\{"granted":false,"source":"default"\}.*"custom":\{"granted":false,"source":"default"\}\},"consent_mode":\{"ad_storage":"denied".*\}\}$
--- no_error_log
[error]



=== TEST 2: GET - never sets a cookie, whatever it is asked
--- request
GET /.xpecto/consent?accept=all&p.analytics=1
--- more_headers eval
"$::Site\nSec-GPC: 1\nCookie: _ga=1; __Host-Http-xpc=forged"
--- response_headers
!Set-Cookie
--- response_body_like chop
^\{"state":"invalid",.*"gpc":true,.*"ad_storage":\{"granted":false,"source":"gpc"\}
--- no_error_log
[error]



=== TEST 3: GET - the state of somebody who has
--- request
GET /.xpecto/consent
--- more_headers eval
"Cookie: " . main::token(created => 1700000000, updated => $::Day)
--- response_body_like eval
qr/^\{"state":"valid",.*"updated":$::Day,"expires":@{[$::Day + 86400]},"purposes".*"analytics":\{"granted":true,"source":"cookie"\}/
--- no_error_log
[error]



=== TEST 4: HEAD
--- request
HEAD /.xpecto/consent
--- response_headers
Content-Type: application/json
--- response_body
--- no_error_log
[error]



=== TEST 5: other methods - 405 with Allow
--- request
PATCH /.xpecto/consent
--- error_code: 405
--- response_headers
Allow: GET, HEAD, POST, PUT, DELETE, OPTIONS
Content-Type: application/problem+json
--- response_body
{"type":"about:blank","title":"Method Not Allowed","status":405,"detail":"Use GET, POST, PUT or DELETE."}
--- no_error_log
[error]



=== TEST 6: OPTIONS - nothing for another site's scripts
--- request
OPTIONS /.xpecto/consent
--- more_headers
Origin: https://evil.example
Access-Control-Request-Method: POST
--- error_code: 204
--- response_headers
Allow: GET, HEAD, POST, PUT, DELETE, OPTIONS
!Access-Control-Allow-Origin
!Access-Control-Allow-Methods
--- no_error_log
[error]



=== TEST 7: without TLS - 403 with a sentence
--- plain
--- request
POST /.xpecto/consent
{"accept":["analytics"]}
--- more_headers eval
$::Json
--- error_code: 403
--- response_headers
Content-Type: application/problem+json
!Set-Cookie
--- response_body
{"type":"about:blank","title":"Forbidden","status":403,"detail":"The consent cookie is set and read over TLS only."}
--- no_error_log
[error]



=== TEST 8: POST JSON - a grant
--- request
POST /.xpecto/consent
{"accept":["analytics"],"reject":["*"]}
--- more_headers eval
$::Json
--- response_headers_like eval
"Set-Cookie: __Host-Http-xpc=EQ[\\w-]{86}\Q$::Attributes\E\$"
--- response_body_like chop
^\{"state":"valid",.*"analytics":\{"granted":true,"source":"cookie"\},"ad_storage":\{"granted":false,"source":"cookie"\}
--- no_error_log
[error]



=== TEST 9: POST JSON - a refusal is the same for everybody on that day
--- request
POST /.xpecto/consent
{"reject":["*"]}
--- more_headers eval
$::Json
--- response_headers eval
"Set-Cookie: $::Refusal$::Attributes"
--- no_error_log
[error]



=== TEST 10: POST JSON - also with a choice before, a signal and encryption
--- http_config
    xpecto_consent_cookie secure=$http_x_tls mode=encrypt;
--- request
POST /.xpecto/consent
{"reject":["*"]}
--- more_headers eval
"$::Json\nSec-GPC: 1\nCookie: "
. main::token(granted => 0x4001, denied => 0x0008, created => $::Day - 86400)
--- response_headers eval
"Set-Cookie: $::Refusal$::Attributes"
--- no_error_log
[error]



=== TEST 11: POST JSON - encrypted
--- http_config
    xpecto_consent_cookie secure=$http_x_tls mode=encrypt ttl=30d domain=example.com;
--- request
POST /.xpecto/consent
{"accept":["*"]}
--- more_headers eval
$::Json
--- response_headers_like
Set-Cookie: __Secure-xpc=Eg[\w-]{102}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=2592000; Domain=example.com$
--- no_error_log
[error]



=== TEST 12: POST JSON - what is not named stays as it was
--- request
POST /.xpecto/consent
{"accept":["functional"],"reject":["analytics"]}
--- more_headers eval
"$::Json\nCookie: " . main::token(granted => 0x400c, denied => 0x0010)
--- response_body_like chop
"functional":\{"granted":true,"source":"cookie"\},"preferences":\{"granted":true,"source":"cookie"\},"analytics":\{"granted":false,"source":"cookie"\},"ad_storage":\{"granted":false,"source":"cookie"\},"ad_user_data":\{"granted":false,"source":"default"\}
--- no_error_log
[error]



=== TEST 13: POST JSON - a void choice is not built upon
--- request
POST /.xpecto/consent
{"accept":["functional"]}
--- more_headers eval
"$::Json\nCookie: " . main::token(kid => 9)
--- response_body_like chop
"functional":\{"granted":true,"source":"cookie"\}.*"analytics":\{"granted":false,"source":"default"\}
--- no_error_log
[error]



=== TEST 14: POST JSON - refused without a partial write
--- request eval
[ map { "POST /.xpecto/consent\n$_" }
  '', '{', '[]', '{}', '{"accept":[]}', '{"accept":"analytics"}',
  '{"accept":["tracking"]}', '{"accept":["analytics","Analytics"]}',
  '{"accept":[1]}', '{"accept":[["analytics"]]}', '{"accept":null}',
  '{"accept":["analytics"],"accept":["*"]}',
  '{"accept":["analytics"],"reject":["analytics"]}',
  '{"accept":["*"],"reject":["*"]}', '{"reject":["necessary"]}',
  '{"accept":["custom"]}', '{"accept":["analytics"],"x":1}',
  '{"accept":["analytics"]} x', '[' x 4000 ]
--- more_headers eval
[ ("X-TLS: on\n$::Json") x 19 ]
--- error_code eval
[ (422) x 19 ]
--- response_headers eval
[ ("!Set-Cookie\nContent-Type: application/problem+json") x 19 ]
--- no_error_log
[error]



=== TEST 15: POST - more than 4096 bytes
--- request eval
[ map { "POST /.xpecto/consent\n{" . ' ' x $_ . '"accept":["analytics"]}' }
  4073, 4072 ]
--- more_headers eval
[ ("X-TLS: on\n$::Json") x 2 ]
--- error_code eval
[ 413, 200 ]
--- no_error_log
[error]



=== TEST 16: POST - more than 4096 bytes in chunks
--- raw_request eval
"POST /.xpecto/consent HTTP/1.1\r\nHost: example.com\r\nX-TLS: on\r\n"
. "Sec-Fetch-Site: none\r\nContent-Type: application/json\r\n"
. "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
. "1001\r\n" . ' ' x 4097 . "\r\n0\r\n\r\n"
--- error_code: 413
--- no_error_log
[error]



=== TEST 17: POST - a body in a file
--- config
    client_body_in_file_only clean;
--- request
POST /.xpecto/consent
{"accept":["analytics"]}
--- more_headers eval
$::Json
--- response_body_like chop
"analytics":\{"granted":true
--- no_error_log
[error]



=== TEST 18: POST - another type
--- request
POST /.xpecto/consent
{"accept":["analytics"]}
--- more_headers eval
"$::Site\nContent-Type: text/plain"
--- error_code: 415
--- no_error_log
[error]



=== TEST 19: POST - query parameters
--- request
POST /.xpecto/consent?accept=all
{"reject":["*"]}
--- more_headers eval
$::Json
--- error_code: 422
--- no_error_log
[error]



=== TEST 20: POST form - accept all, and back
--- request
POST /.xpecto/consent
accept=all&return=%2Fprivacy%3Fx%3D1%23top
--- more_headers eval
$::Form
--- error_code: 303
--- response_headers_like
Location: /privacy\?x=1#top
Set-Cookie: __Host-Http-xpc=EQ[\w-]{86};.*
--- no_error_log
[error]



=== TEST 21: POST form - reject all, without "return"
--- request
POST /.xpecto/consent
reject=all
--- more_headers eval
$::Form
--- error_code: 303
--- response_headers eval
"Location: /.xpecto/consent\nSet-Cookie: $::Refusal$::Attributes"
--- no_error_log
[error]



=== TEST 22: POST form - a selection over a rejection of the rest
--- request
POST /.xpecto/consent
reject=all&p.analytics=1&p.functional=0
--- more_headers eval
$::Form
--- error_code: 303
--- response_headers_like
Set-Cookie: __Host-Http-xpc=EQcBgEAJP_Y.*
--- no_error_log
[error]



=== TEST 23: POST form - refused without a partial write
--- request eval
[ map { "POST /.xpecto/consent\n$_" }
  'return=/', 'accept=some', 'accept=all&accept=all', 'accept=all&reject=all',
  'p.analytics=2', 'p.tracking=1', 'p.analytics=1&p.analytics=0',
  'p.analytics=%zz', 'x=1&accept=all', 'accept=all&return=//evil.example',
  'accept=all&return=https://evil.example', 'accept=all&return=/\evil',
  'accept=all&return=/%0d%0aSet-Cookie:a=b', 'accept=all&return=',
  'accept=all&return=/%2fevil', 'accept=all&return=/' . 'a' x 1024 ]
--- more_headers eval
[ ("X-TLS: on\n$::Form") x 16 ]
--- error_code eval
[ (422) x 16 ]
--- response_headers eval
[ ("!Set-Cookie\n!Location") x 16 ]
--- no_error_log
[error]



=== TEST 24: CSRF - who may grant
--- request eval
[ map { "POST /.xpecto/consent\n" . '{"accept":["analytics"]}' } 1 .. 15 ]
--- more_headers eval
[ map { "X-TLS: on\nContent-Type: application/json$_" }
  '', "\nSec-Fetch-Site: none", "\nSec-Fetch-Site: same-site",
  "\nSec-Fetch-Site: cross-site", "\nSec-Fetch-Site: ?",
  "\nOrigin: https://example.com", "\nOrigin: https://EXAMPLE.com:443",
  "\nOrigin: http://example.com", "\nOrigin: https://example.com.evil.example",
  "\nOrigin: null", "\nOrigin: null\nSec-Fetch-Site: same-origin",
  "\nReferer: https://example.com/page?x", "\nReferer: https://evil.example/",
  "\nSec-Fetch-Site: same-origin\nOrigin: https://evil.example",
  "\nReferer: https://example.com\@evil.example/" ]
--- error_code eval
[ 403, 200, 403, 403, 403, 200, 200, 403, 403, 403, 200, 200, 403, 403, 403 ]
--- no_error_log
[error]



=== TEST 25: CSRF - who may refuse
--- request eval
[ map { "POST /.xpecto/consent\n" . '{"reject":["*"]}' } 1 .. 4 ]
--- more_headers eval
[ map { "X-TLS: on\nContent-Type: application/json$_" }
  '', "\nOrigin: null", "\nSec-Fetch-Site: cross-site",
  "\nOrigin: https://evil.example" ]
--- error_code eval
[ 200, 200, 403, 403 ]
--- no_error_log
[error]



=== TEST 26: DELETE - withdraws, and the trackers are expired
--- request
DELETE /.xpecto/consent
--- more_headers eval
"Cookie: _ga=1; sid=2; _fbp=3; _ga=4; " . main::token()
--- error_code: 204
--- raw_response_headers_like eval
qr/Set-Cookie: \Q$::Refusal$::Attributes\E\r\n(?!.*sid).*Set-Cookie: _ga=; Path=\/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure\r\nSet-Cookie: _fbp=; (?!.*_ga)/s
--- no_error_log
[error]



=== TEST 27: DELETE - for the domain as well
--- http_config
    xpecto_consent_cookie secure=1 domain=example.com;
--- request
DELETE /.xpecto/consent
--- more_headers
Cookie: _ga=1
--- error_code: 204
--- raw_response_headers_like eval
qr/Set-Cookie: _ga=; [^\r]*; Secure\r\nSet-Cookie: _ga=; [^\r]*; Secure; Domain=example.com\r\n/
--- no_error_log
[error]



=== TEST 28: DELETE - a jar full of trackers has an end
--- request
DELETE /.xpecto/consent
--- more_headers eval
"Cookie: " . CORE::join '; ', map { "_ga_$_=1" } 1 .. 50
--- error_code: 204
--- raw_response_headers_like eval
qr/\A(?:(?!_ga_)[^\n]*\n)*(?:Set-Cookie: _ga_[^\n]*\n){20}(?:(?!_ga_)[^\n]*\n)*\z/
--- no_error_log
[error]



=== TEST 29: DELETE - what it does not do it says
--- request
DELETE /.xpecto/consent?erase=some
--- error_code: 422
--- response_headers
!Set-Cookie
--- no_error_log
[error]



=== TEST 30: DELETE - from another site
--- request
DELETE /.xpecto/consent
--- more_headers
Origin: https://evil.example
--- error_code: 403
--- response_headers
!Set-Cookie
--- no_error_log
[error]



=== TEST 31: log - no token at any level
--- request
POST /.xpecto/consent
{"accept":["analytics"]}
--- more_headers eval
"$::Json\nCookie: __Host-Http-xpc=" . 'Z' x 88
--- log_level: info
--- error_code: 200
--- no_error_log
ZZZZ
EQcB
analytics



=== TEST 32: TLS - is what the cookie needs
--- plain
--- http_config
    server {
        listen unix:%%TMP%%/tls.sock ssl;
        server_name example.com;
        ssl_certificate %%DATA%%/tls.pem;
        ssl_certificate_key %%DATA%%/tls.key;
        xpecto_consent on;
        location / {
            xpecto_consent_api;
        }
    }
--- config
    location = /tls {
        xpecto_consent off;
        proxy_pass https://unix:%%TMP%%/tls.sock:/;
        proxy_set_header Host example.com;
        proxy_ssl_session_reuse off;
    }
--- request
POST /tls
{"reject":["*"]}
--- more_headers eval
$::Json
--- response_headers eval
"Set-Cookie: $::Refusal$::Attributes"
--- response_body_like chop
^\{"state":"valid"
--- no_error_log
[error]



=== TEST 33: POST JSON - all by name over a rejection of the rest
--- request
POST /.xpecto/consent
{"accept":["functional","preferences","analytics","ad_storage","ad_user_data","ad_personalization","sale_share","marketing_comms","diagnostics","session_replay","social_embeds","precise_geo","profiling"],"reject":["*"]}
--- more_headers eval
$::Json
--- response_body_like chop
"functional":\{"granted":true,"source":"cookie"\}.*"profiling":\{"granted":true,"source":"cookie"\}
--- no_error_log
[error]



=== TEST 34: POST JSON - a signal of before is not taken back by silence
--- request
POST /.xpecto/consent
{"reject":["analytics"]}
--- more_headers eval
"$::Json\nCookie: " . main::token(granted => 0x4089, denied => 0, flags => 0xc0)
--- response_body_like chop
"gpc":true,.*"sale_share":\{"granted":false,"source":"gpc"\}
--- no_error_log
[error]



=== TEST 35: DELETE - the trackers are expired where an "if" has led, too
--- config
    location /.xpecto/consent/if {
        xpecto_consent on;
        xpecto_consent_api;
        if ($http_x_tls) {
            set $tls 1;
        }
    }
--- request
DELETE /.xpecto/consent/if
--- more_headers
Cookie: _ga=1
--- error_code: 204
--- raw_response_headers_like: Set-Cookie: _ga=;
--- no_error_log
[error]



=== TEST 36: POST JSON - of the policy that is in force, since it was first made
--- http_config
    xpecto_consent_cookie secure=$http_x_tls;
    xpecto_consent_revision rev=20260301 effective=2026-03-01 material=yes;
    xpecto_consent_revision rev=20990101 effective=2099-01-01 material=yes;
--- request
POST /.xpecto/consent
{"accept":["analytics"],"reject":["*"]}
--- more_headers eval
"$::Json\nCookie: " . main::token(revision => 20260301, created => 1772359200,
                                  updated => $::Day, granted => 0x400b,
                                  denied => 0)
--- response_headers_like eval
use MIME::Base64 qw( encode_base64url );
'Set-Cookie: __Host-Http-xpc='
. encode_base64url(pack 'C4n2N2', 0x11, 7, 1, 0x80, 0x4009, 0x3ff6, 20260301,
                                  1772359200) =~ s/..\z//r . '.*'
--- response_body_like chop
^\{"state":"valid","revision":20260301,
--- no_error_log
[error]



=== TEST 37: POST JSON - where an older policy was agreed to, it is a new choice
--- http_config
    xpecto_consent_cookie secure=$http_x_tls;
    xpecto_consent_revision rev=20260301 effective=2026-03-01 material=yes;
--- request
POST /.xpecto/consent
{"reject":["*"]}
--- more_headers eval
"$::Json\nCookie: " . main::token(revision => 20260228)
--- response_headers eval
"Set-Cookie: " . main::token(granted => 0x4001, denied => 0x3ffe,
                             created => $::Day, ttl => 15724800 + 86400,
                             model => 0, method => 0, revision => 20260301)
. $::Attributes
--- no_error_log
[error]



=== TEST 38: POST JSON - a host that no line names, as over HTTP/3
--- raw_request eval
my $body = '{"accept":["functional"],"reject":["*"]}';
map { "POST http://example.com/.xpecto/consent HTTP/1.0\r\nX-TLS: on\r\n"
      . "Origin: https://$_\r\nSec-Fetch-Site: same-origin\r\n"
      . "Content-Type: application/json\r\nContent-Length: "
      . length($body) . "\r\n\r\n$body" } "example.com"
--- response_body_like: "functional":.."?granted"?:true
--- no_error_log
[error]



=== TEST 39: GET - what a subrequest takes along has no trackers, either
--- config
    location = /auth {
        internal;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/seen;
    }
    location = /seen {
        xpecto_consent off;
        add_header X-Seen "[$http_cookie] [$http_xpecto_consent]";
        return 204;
    }
--- api_config
    auth_request /auth;
    auth_request_set $seen $upstream_http_x_seen;
    add_header X-Seen $seen always;
--- request eval
["GET /.xpecto/consent", qq{POST /.xpecto/consent\n{"reject":["*"]}},
 "GET /.xpecto/consent"]
--- more_headers eval
my $token = main::token(granted => 0x4001, denied => 0x3ffe, created => $::Day,
                        updated => $::Day, ttl => 3 * 86400);
["X-TLS: on\nCookie: _ga=1; sid=2; $token",
 "X-TLS: on\n$::Json\nCookie: _ga=1; sid=2; $token",
 "X-TLS: on\nXpecto-Consent: " . main::token(name => "hdr:Xpecto-Consent")
 =~ s/^[^=]*=//r]
--- error_code eval
[200, 200, 200]
--- response_headers eval
["X-Seen: [sid=2] []", "X-Seen: [sid=2] []", "X-Seen: [] []"]
--- raw_response_headers_like eval
["", qr/Set-Cookie: _ga=;/, ""]
--- no_error_log
[error]
