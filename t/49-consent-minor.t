# X-Xpecto-Minor: children that the upstream has found out about.

use lib 't/lib';
use TestXpecto;
use XpectoToken;

our $Day = time - time % 86400;

our $Refusal = token(granted => 0x4001, denied => 0x3ffe, created => $Day,
                     ttl => 15724800 + 86400, model => 0, method => 0);

our $Age = token(name => '__Host-Http-xpa', flags => 0, granted => 0x4001,
                 denied => 0, created => $Day, ttl => 2 * 86400, model => 0,
                 method => 0, age => 0x31);

add_block_preprocessor {
    my $block = shift;
    my $http = $block->http_config || '';
    my $headers = $block->more_headers || '';

    if (!ref $headers && !defined $block->plain) {
        chomp $headers;
        $block->set_value('more_headers', "X-TLS: on\n$headers");
    }

    $block->set_value('http_config', <<'_EOC_' . $http);
        xpecto_keys %%DATA%%/consent-keys;
        xpecto_consent_cookie secure=$http_x_tls;
_EOC_

    $block->set_value('config', ($block->config || '') . <<'_EOC_');
        xpecto_consent on;
        location = /t {
            return 200 "$xpecto_consent_state $xpecto_consent_analytics";
        }
        location = /found {
            proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
        }
        location = /up {
            xpecto_consent off;
            add_header X-Xpecto-Minor 1;
            return 200 "up";
        }
_EOC_
};

chmod 0600, data_dir() . '/consent-keys';
server_name('example.com');
plan_tests(100);
run_tests();

__DATA__

=== TEST 1: minor - the upstream has found a child: all is refused and erased
--- http_config
    xpecto_consent_zone revoked:1m;
--- request
GET /found
--- more_headers eval
"Cookie: _ga=1; " . main::token(age => 0x16)
--- raw_response_headers_like eval
qr/\A(?!.*X-Xpecto-Minor).*Set-Cookie: \Q$::Refusal\E;.*Set-Cookie: _ga=; .*Clear-Site-Data: "storage", "cache"\r.*Set-Cookie: \Q$::Age\E; /s
--- response_body chomp
up
--- no_error_log
[error]



=== TEST 2: minor - the cookie of before is void at the next request
--- http_config
    xpecto_consent_zone revoked:1m;
--- request eval
[ "GET /t", "GET /found", "GET /t" ]
--- more_headers eval
[ ("X-TLS: on\nCookie: " . main::token(id => 'M' x 16, age => 0x16)) x 3 ]
--- response_body eval
[ 'valid 1', 'up', 'revoked 0' ]
--- no_error_log
[error]



=== TEST 3: minor - without TLS nothing is set, and nobody is told
--- plain
--- request
GET /found
--- response_headers
!Set-Cookie
!X-Xpecto-Minor
--- no_error_log
[error]



=== TEST 4: minor - another value says nothing, and is removed as well
--- config
    location = /up/no {
        xpecto_consent off;
        add_header X-Xpecto-Minor 0;
        return 200 "no";
    }
    location = /no {
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up/no;
    }
--- request
GET /no
--- response_headers
!Set-Cookie
!X-Xpecto-Minor
--- no_error_log
[error]



=== TEST 5: minor - report changes nothing
--- config
    location = /report {
        xpecto_consent report;
        add_header X-Xpecto-Minor 1;
        return 200 "report";
    }
--- request
GET /report
--- response_headers
!Set-Cookie
X-Xpecto-Minor: 1
--- no_error_log
[error]



=== TEST 6: minor - trackers of the very answer are not set, nor spoken of
--- config
    location = /track {
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up_track;
        proxy_set_header X-Mode $xpecto_consent_mode$xpecto_consent_analytics;
        sub_filter up "$xpecto_consent_state $xpecto_consent_analytics $xpecto_consent_mode";
        sub_filter_types *;
    }
    location = /up_track {
        xpecto_consent off;
        add_header Set-Cookie "_ga=2; Path=/";
        add_header Set-Cookie "sid=2; Path=/";
        add_header X-Xpecto-Minor 1;
        return 200 "up";
    }
--- request
GET /track
--- more_headers eval
"Cookie: _ga=1; " . main::token(age => 0x16)
--- raw_response_headers_like eval
qr/\A(?!.*_ga=2)(?=.*Set-Cookie: sid=2; ).*Set-Cookie: \Q$::Refusal\E;.*Set-Cookie: _ga=; .*Set-Cookie: \Q$::Age\E; /s
--- response_body_like chop
^age_blocked 0 \{.*"analytics_storage":"denied"
--- no_error_log
[error]



=== TEST 7: minor - a child that is known is left alone, trackers are not
--- config
    location = /known {
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up/known;
    }
    location = /up/known {
        xpecto_consent off;
        add_header Set-Cookie "_ga=2; Path=/";
        add_header X-Xpecto-Minor 1;
        return 200 "known";
    }
--- request
GET /known
--- more_headers eval
"Cookie: $::Refusal; $::Age"
--- response_headers
!Set-Cookie
!Clear-Site-Data
!Cache-Control
!X-Xpecto-Minor
--- no_error_log
[error]



=== TEST 8: minor - a grant, another age, or a refusal alone is not enough
--- request eval
[ ("GET /found") x 3 ]
--- more_headers eval
[ map { "X-TLS: on\nCookie: $_" } main::token() . "; $::Age",
  "$::Refusal; " . main::token(name => '__Host-Http-xpa', flags => 0,
                               granted => 0x4001, denied => 0,
                               created => $::Day, ttl => 2 * 86400,
                               model => 0, method => 0, age => 0x14),
  $::Refusal ]
--- raw_response_headers_like eval
[ (qr/Clear-Site-Data: .*Set-Cookie: \Q$::Age\E; /s) x 3 ]
--- no_error_log
[error]



=== TEST 9: minor - an app is known by its choice alone
--- request eval
[ "GET /found", "GET /found" ]
--- more_headers eval
[ map { "X-TLS: on\n" . $_ =~ s/^hdr:Xpecto-Consent=/Xpecto-Consent: /r }
  main::token(name => 'hdr:Xpecto-Consent', age => 0x16),
  main::token(name => 'hdr:Xpecto-Consent', granted => 0x4001,
              denied => 0x3ffe, created => $::Day, ttl => 15724800 + 86400,
              model => 0, method => 0) ]
--- raw_response_headers_like eval
[ qr/Clear-Site-Data/, qr/\A(?!.*(?:Clear-Site-Data|Set-Cookie))/s ]
--- no_error_log
[error]



=== TEST 10: minor - what a cache says is of somebody else
--- http_config
    proxy_cache_path %%TMP%%/cache keys_zone=c:1m;
--- config
    location = /cached {
        proxy_cache c;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up_cached;
    }
    location = /up_cached {
        xpecto_consent off;
        add_header Cache-Control "public, max-age=600";
        add_header X-Xpecto-Minor 1;
        return 200 "up";
    }
--- request eval
[ "GET /cached", "GET /cached" ]
--- more_headers eval
[ ("X-TLS: on\nCookie: " . main::token()) x 2 ]
--- raw_response_headers_like eval
[ qr/\A(?!.*public)(?=.*Clear-Site-Data).*Cache-Control: private, no-store\r/s,
  qr/\A(?!.*(?:Clear-Site-Data|Set-Cookie|Minor)).*Cache-Control: public, /s ]
--- no_error_log
[error]



=== TEST 11: minor - without TLS the trackers of the answer are suppressed
--- plain
--- http_config
    xpecto_consent_purpose analytics basis=legitimate_interest;
--- config
    location = /adult {
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up/adult;
    }
    location = /up/adult {
        xpecto_consent off;
        add_header Set-Cookie "_ga=2; Path=/";
        return 200 "adult";
    }
    location = /child {
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up/child;
    }
    location = /up/child {
        xpecto_consent off;
        add_header Set-Cookie "_ga=2; Path=/";
        add_header X-Xpecto-Minor 1;
        return 200 "child";
    }
--- request eval
[ "GET /adult", "GET /child" ]
--- response_headers eval
[ "Set-Cookie: _ga=2; Path=/", "!Set-Cookie" ]
--- no_error_log
[error]



=== TEST 12: minor - what is added to the answer is of the refusal
--- config
    location = /added {
        proxy_set_header X-Analytics $xpecto_consent_analytics;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
        add_header X-State "$xpecto_consent_state $xpecto_consent_analytics $xpecto_consent";
    }
--- request
GET /added
--- more_headers eval
"Cookie: " . main::token(age => 0x16)
--- response_headers
X-State: age_blocked 0 necessary,security
!X-Xpecto-Minor
--- raw_response_headers_like: Clear-Site-Data
--- no_error_log
[error]



=== TEST 13: minor - said with X-Accel-Redirect, or by an answer that another one is shown for
--- config
    location = /up/accel {
        xpecto_consent off;
        add_header X-Xpecto-Minor 1;
        add_header X-Accel-Redirect $http_x_to;
        return 200 "up";
    }
    location = /up/gone {
        xpecto_consent off;
        add_header X-Xpecto-Minor 1 always;
        return 410 "up";
    }
    location = /file {
        internal;
        empty_gif;
    }
    location = /other {
        internal;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/adult;
    }
    location = /adult {
        return 200 "other";
    }
    location @named {
        empty_gif;
    }
    location = /accel {
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up/accel;
    }
    location = /gone {
        proxy_intercept_errors on;
        error_page 410 =200 /file;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up/gone;
    }
--- request eval
[ "GET /accel", "GET /accel", "GET /accel", "GET /gone" ]
--- more_headers eval
[ map { "X-TLS: on\nX-To: $_\nCookie: _ga=1; " . main::token(age => 0x16) }
  '/file', '/other', '@named', '' ]
--- error_code eval
[ (200) x 4 ]
--- raw_response_headers_like eval
[ (qr/\A(?!.*X-Xpecto-Minor)(?!.*Set-Cookie: __Host-Http-xpc.*Set-Cookie: __Host-Http-xpc).*Set-Cookie: \Q$::Refusal\E;.*Set-Cookie: _ga=; .*Clear-Site-Data: "storage", "cache"\r.*Set-Cookie: \Q$::Age\E; /s) x 4 ]
--- no_error_log
[error]



=== TEST 14: minor - nobody but us sets an age
--- config
    location = /sets {
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up/sets;
    }
    location = /up/sets {
        xpecto_consent off;
        add_header Set-Cookie "__Host-Http-xpa=x; Path=/; Secure; HttpOnly";
        add_header Set-Cookie "__Host-Http-xpa=; Path=/; Secure; Max-Age=0";
        add_header Set-Cookie "session=1";
        return 200 "sets";
    }
--- request
GET /sets
--- response_headers
Set-Cookie: session=1
--- no_error_log
[error]



=== TEST 15: minor - trackers of a child stay away from where it is led to
--- config
    location = /up/child {
        xpecto_consent off;
        add_header X-Xpecto-Minor 1;
        add_header X-Accel-Redirect /second;
        return 200 "up";
    }
    location = /first {
        xpecto_consent off;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up/child;
    }
    location = /second {
        internal;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/seen;
    }
    location = /seen {
        xpecto_consent off;
        return 200 "[$http_cookie]";
    }
--- request eval
[ ("GET /first") x 3 ]
--- more_headers eval
my $token = main::token(granted => 0x7fff, denied => 0);
[ "X-TLS: on\nCookie: $token; _ga=1; sid=3",
  ("X-TLS: on\nCookie: _ga=1; sid=3; $token") x 2 ]
--- response_body eval
[ ("[sid=3]") x 3 ]
--- no_error_log
[error]



=== TEST 16: minor - also where all was on before
--- config
    location = /up/child {
        xpecto_consent off;
        add_header X-Xpecto-Minor 1;
        add_header X-Accel-Redirect /second;
        return 200 "up";
    }
    location = /first {
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up/child;
    }
    location = /second {
        internal;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/seen;
    }
    location = /seen {
        xpecto_consent off;
        return 200 "[$http_cookie]";
    }
--- request eval
[ ("GET /first") x 3 ]
--- more_headers eval
my $token = main::token(granted => 0x7fff, denied => 0);
[ "X-TLS: on\nCookie: $token; _ga=1; sid=3",
  ("X-TLS: on\nCookie: _ga=1; sid=3; $token") x 2 ]
--- response_body eval
[ ("[sid=3]") x 3 ]
--- no_error_log
[error]
