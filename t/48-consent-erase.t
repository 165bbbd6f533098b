# DELETE ?erase=all: one answer after which nothing is left but a refusal.

use lib 't/lib';
use TestXpecto;
use XpectoApi;
use XpectoToken;

our $Many = CORE::join '; ', map { "_ga_$_=1" } 1 .. 60;

server_name('example.com');
skip_hup('what was taken back, and what was counted, outlives a reload');
plan_tests(42);
run_tests();

__DATA__

=== TEST 1: erase - the refusal of everybody, and what the browser is to clear
--- request
DELETE /.xpecto/consent?erase=all
--- more_headers eval
"$::Site\nCookie: _ga=1; sid=2; " . main::token()
--- error_code: 204
--- response_headers
Clear-Site-Data: "storage", "cache"
Cache-Control: no-store
--- raw_response_headers_like eval
qr/Set-Cookie: \Q$::Refusal$::Attributes\E\r\n(?!.*sid).*Set-Cookie: _ga=; Path=\/; Max-Age=0; /s
--- no_error_log
[error]



=== TEST 2: erase - a jar full of trackers, all at once
--- request
DELETE /.xpecto/consent?erase=all
--- more_headers eval
"$::Site\nCookie: $::Many"
--- error_code: 204
--- raw_response_headers_like eval
qr/\A(?:(?!_ga_)[^\n]*\n)*(?:Set-Cookie: _ga_[^\n]*\n){60}(?:(?!_ga_)[^\n]*\n)*\z/
--- no_error_log
[error]



=== TEST 3: erase - at the domain as well
--- http_config
    xpecto_consent_cookie secure=1 domain=example.com;
--- request
DELETE /.xpecto/consent?erase=all
--- more_headers eval
"$::Site\nCookie: $::Many"
--- error_code: 204
--- raw_response_headers_like eval
qr/\A(?:(?!_ga_)[^\n]*\n)*(?:Set-Cookie: _ga_[^\n]*Secure\r\nSet-Cookie: _ga_[^\n]*; Domain=example.com\r\n){60}(?:(?!_ga_)[^\n]*\n)*\z/
--- no_error_log
[error]



=== TEST 4: erase - the cookie of before is void
--- http_config
    xpecto_consent_cookie secure=$http_x_tls;
    xpecto_consent_zone revoked:1m;
--- config
    location = /t {
        return 200 "$xpecto_consent_state $xpecto_consent_analytics";
    }
--- request eval
[ "GET /t", "DELETE /.xpecto/consent?erase=all", "GET /t" ]
--- more_headers eval
[ ("X-TLS: on\n$::Site\nCookie: " . main::token(id => 'E' x 16)) x 3 ]
--- error_code eval
[ 200, 204, 200 ]
--- response_body_like eval
[ '^valid 1$', '^$', '^revoked 0$' ]
--- no_error_log
[error]



=== TEST 5: erase - not by a request that may be forged, nor of half of it
--- request eval
[ "DELETE /.xpecto/consent?erase=all", "DELETE /.xpecto/consent?erase=all",
  "DELETE /.xpecto/consent?erase=all&x", "GET /.xpecto/consent?erase=all" ]
--- more_headers eval
[ "X-TLS: on", "X-TLS: on\nOrigin: https://evil.example",
  "X-TLS: on\n$::Site", "X-TLS: on\n$::Site" ]
--- error_code eval
[ 403, 403, 422, 200 ]
--- response_headers eval
[ ("!Set-Cookie\n!Clear-Site-Data") x 4 ]
--- no_error_log
[error]



=== TEST 6: erase - the ledger knows that it was, and of nobody
--- http_config
    xpecto_consent_cookie secure=$http_x_tls;
    xpecto_epochs %%DATA%%/epochs;
    xpecto_ledger %%TMP%%/ledger;
--- init
    chmod 0600, main::data_dir() . '/epochs';

    # one that nginx makes is the master's alone

    open my $ledger, '>', main::tmp_dir() . '/ledger' or die "ledger: $!";
    chmod 0644, $ledger;
--- config
    location = /ledger {
        xpecto_consent off;
        alias %%TMP%%/ledger;
    }
--- request eval
[ "DELETE /.xpecto/consent?erase=all", "GET /ledger" ]
--- more_headers eval
[ "X-TLS: on\n$::Site\nCookie: " . main::token(), "X-TLS: on" ]
--- error_code eval
[ 204, 200 ]
--- response_body_like eval
[ '^$', '"consent"(?!.*"(?:id|before|request)":).*"change":"erased","granted":"necessary security"' ]
--- no_error_log
[error]
