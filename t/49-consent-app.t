# Xpecto-Consent: the choice of an app, in a header.

use lib 't/lib';
use TestXpecto;
use XpectoApi;
use XpectoToken;

# a token of the header, as the format says

sub app {
    my $token = token(name => 'hdr:Xpecto-Consent', @_);

    return $token =~ s/^[^=]*=/Xpecto-Consent: /r;
}

our $AppJson = "Content-Type: application/json";

our $Up = <<'_EOC_';
        location = /t {
            return 200 "$xpecto_consent_state $xpecto_consent_analytics";
        }
        location = /x {
            proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
        }
        location = /up {
            xpecto_consent off;
            return 200 "[$http_xpecto_consent]";
        }
_EOC_

add_block_preprocessor {
    my $block = shift;

    $block->set_value('config', ($block->config || '') . $Up);
};

server_name('example.com');
skip_hup('what was taken back, and what was counted, outlives a reload');
plan_tests(93);
run_tests();

__DATA__

=== TEST 1: app - a token of the header counts, one of the cookie does not
--- request eval
[ ("GET /t") x 6 ]
--- more_headers eval
[ map { "X-TLS: on\n$_" } main::app(),
  main::token() =~ s/^[^=]*=/Xpecto-Consent: /r,
  "Cookie: __Host-Http-xpc=" . (main::app() =~ s/^[^ ]* //r),
  "Xpecto-Consent: none", main::app(scope => 'x'),
  "Xpecto-Consent: " . 'a' x 300 ]
--- response_body eval
[ 'valid 1', 'invalid 0', 'invalid 0', 'none 0', 'invalid 0', 'invalid 0' ]
--- no_error_log
[error]



=== TEST 2: app - its own cookie is never taken for it, remembered or not
--- request eval
[ ("GET /t") x 4 ]
--- more_headers eval
[ map { "X-TLS: on\n$_" }
  "Cookie: " . main::token(id => 'R' x 16),
  main::token(id => 'R' x 16) =~ s/^[^=]*=/Xpecto-Consent: /r,
  main::app(id => 'R' x 16),
  "Cookie: __Host-Http-xpc=" . (main::app(id => 'R' x 16) =~ s/^[^ ]* //r) ]
--- response_body eval
[ 'valid 1', 'invalid 0', 'valid 1', 'invalid 0' ]
--- no_error_log
[error]



=== TEST 3: app - where there is a cookie the header says nothing
--- request eval
[ ("GET /t") x 3 ]
--- more_headers eval
[ map { "X-TLS: on\n$_" }
  main::app() . "\nCookie: " . main::token(granted => 1, denied => 0x3ffe),
  "Xpecto-Consent: none\nCookie: " . main::token(),
  main::app() . "\nCookie: __Host-Http-xpc=x" ]
--- response_body eval
[ 'valid 0', 'valid 1', 'invalid 0' ]
--- no_error_log
[error]



=== TEST 4: app - two of them are none
--- request
GET /t
--- more_headers eval
main::app() . "\n" . main::app()
--- response_body chomp
invalid 0
--- no_error_log
[error]



=== TEST 5: app - is not passed on
--- request eval
[ ("GET /x") x 2 ]
--- more_headers eval
[ "X-TLS: on\n" . main::app(), "X-TLS: on" ]
--- response_body eval
[ '[]', '[]' ]
--- no_error_log
[error]



=== TEST 6: app - a first choice, without a browser's headers
--- request
POST /.xpecto/consent
{"accept":["analytics"],"reject":["*"]}
--- more_headers eval
"$::AppJson\nXpecto-Consent: none"
--- response_headers_like
Xpecto-Consent: EQcBgEAJP_[\w-]{78}
--- raw_response_headers_unlike: Set-Cookie
--- response_body_like chop
^\{"state":"valid",
--- no_error_log
[error]



=== TEST 7: app - a refusal is that of everybody, in either way the same
--- request eval
[ "PUT /.xpecto/consent\n{\"reject\":[\"*\"]}", "DELETE /.xpecto/consent" ]
--- more_headers eval
[ map { "X-TLS: on\n$::AppJson\n$_" } "Xpecto-Consent: none", main::app() ]
--- error_code eval
[ 200, 204 ]
--- response_headers eval
[ (main::app(granted => 0x4001, denied => 0x3ffe, created => $::Day,
             ttl => 15724800 + 86400, model => 0, method => 0)
   . "\n!Set-Cookie") x 2 ]
--- no_error_log
[error]



=== TEST 8: app - not from another site, and not beside a cookie
--- request eval
[ ("POST /.xpecto/consent\n{\"accept\":[\"*\"]}") x 3 ]
--- more_headers eval
[ map { "X-TLS: on\n$::AppJson\nXpecto-Consent: none\n$_" }
  "Sec-Fetch-Site: cross-site", "Referer: https://evil.example/",
  "Cookie: " . main::token() ]
--- error_code eval
[ (403) x 3 ]
--- no_error_log
[error]



=== TEST 9: app - the token of before is void
--- http_config
    xpecto_consent_cookie secure=$http_x_tls;
    xpecto_consent_zone revoked:1m;
--- request eval
[ "GET /t", "DELETE /.xpecto/consent", "GET /t" ]
--- more_headers eval
[ ("X-TLS: on\n" . main::app(id => 'A' x 16)) x 3 ]
--- response_body_like eval
[ '^valid 1$', '^$', '^revoked 0$' ]
--- error_code eval
[ 200, 204, 200 ]
--- no_error_log
[error]



=== TEST 10: app - encrypted where the cookie is
--- http_config
    xpecto_consent_cookie secure=$http_x_tls mode=encrypt;
--- request
POST /.xpecto/consent
{"accept":["*"]}
--- more_headers eval
"$::AppJson\nXpecto-Consent: none"
--- response_headers_like
Xpecto-Consent: Eg[\w-]{102}
--- no_error_log
[error]



=== TEST 11: app - over TLS only
--- plain
--- request
GET /t
--- more_headers eval
main::app()
--- response_body chomp
none 0
--- no_error_log
[error]



=== TEST 12: app - an age that was said is in a cookie, until it is in the choice
--- http_config
    xpecto_consent_cookie secure=$http_x_tls;
    xpecto_consent_age_min local;
--- request eval
[ "POST /.xpecto/consent/age\n{\"month\":1,\"year\":1980}",
  ("POST /.xpecto/consent\n{\"accept\":[\"*\"]}") x 3 ]
--- more_headers eval
[ map { "X-TLS: on\n$::AppJson\nXpecto-Consent: $_" } "none", "none",
  "none\nCookie: " . main::token(name => '__Host-Http-xpa', flags => 0,
      granted => 0x4001, denied => 0, created => $::Day, ttl => 2 * 86400,
      model => 0, method => 0, age => 0x16),
  main::app(age => 0x16) =~ s/^[^ ]* //r ]
--- error_code eval
[ 200, 403, 200, 200 ]
--- response_headers_like eval
[ 'Set-Cookie: __Host-Http-xpa=.*', '', ('Xpecto-Consent: EQ.*') x 2 ]
--- no_error_log
[error]
