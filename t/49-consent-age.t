# Ages: the screen, and what follows from it by country.

use lib 't/lib';
use TestXpecto;

use File::Copy;

use XpectoToken;

copy('ngx_xpecto_module/data/jurisdictions.json',
     data_dir() . '/jurisdictions.json') or die "jurisdictions.json: $!";

our $Db = data_dir() . '/mmdb/nested24.mmdb';
our $Day = time - time % 86400;

our $Json = "Sec-Fetch-Site: same-origin\nContent-Type: application/json";
our $Form = "Sec-Fetch-Site: same-origin\n"
            . "Content-Type: application/x-www-form-urlencoded";

our %At = (FR => '2a0a:1:2:3::1', DE => '77.65.1.1', IN => '14.1.1.1',
           US => '23.1.1.1', '' => '10.1.1.1');

our $Refusal = token(granted => 0x4001, denied => 0x3ffe, created => $Day,
                     ttl => 15724800 + 86400, model => 0, method => 0);

# the cookie of an age, as the format says

sub age {
    my ($age, %t) = @_;

    return token(name => '__Host-Http-xpa', flags => 0, granted => 0x4001,
                 denied => 0, created => $Day, ttl => 2 * 86400, model => 0,
                 method => 0, age => $age, %t);
}

# month and year of somebody who is as old since about half a year

sub born {
    my ($years) = @_;
    my (undef, undef, undef, undef, $month, $year) = gmtime;

    $month += 1 - 6;
    $year += 1900;

    if ($month < 1) {
        $month += 12;
        $year--;
    }

    return ($month, $year - $years);
}

sub say_age {
    return sprintf "POST /c/age\n{\"month\":%d,\"year\":%d}", born(@_);
}

add_block_preprocessor {
    my $block = shift;
    my $http = $block->http_config || '';
    my $headers = $block->more_headers || '';

    $http .= ' xpecto_consent_cookie secure=$http_x_tls;'
        unless $http =~ /consent_cookie/;

    if (!ref $headers && !defined $block->plain) {
        chomp $headers;
        $block->set_value('more_headers', "X-TLS: on\n$headers");
    }

    $block->set_value('http_config', <<"_EOC_" . $http);
        xpecto_keys %%DATA%%/consent-keys;
        xpecto_jurisdiction_rules %%DATA%%/rules.json reload=0;
        xpecto_jurisdiction_geoip $Db max_age=0;
        set_real_ip_from 127.0.0.1;
        real_ip_header X-Forwarded-For;
_EOC_

    my $config = $block->config || '';

    $config .= ' xpecto_consent_age_min local;'
        unless $config =~ /^ *xpecto_consent_age_min/;

    $block->set_value('config', $config . <<'_EOC_');
        xpecto_consent on;
        xpecto_jurisdiction on;
        location /c {
            xpecto_consent_api;
        }
        location = /t {
            return 200 "$xpecto_consent_state $xpecto_consent_analytics";
        }
_EOC_
};

chmod 0600, data_dir() . '/consent-keys';
server_name('example.com');
plan_tests(164);
run_tests();

__DATA__

=== TEST 1: age - who is 15 may consent in France, not in Germany or India
--- request eval
[ map { main::say_age($_) } 15, 15, 15, 16, 17, 18, 12, 13, 15 ]
--- more_headers eval
[ map { "X-TLS: on\n$::Json\nX-Forwarded-For: $::At{$_}" }
  'FR', 'DE', 'IN', 'DE', 'IN', 'IN', 'US', 'US', '' ]
--- response_body_like eval
[ map { qr/^\{"state":"$_->[0]",.*"age":"$_->[1]",/ }
  [ 'none', '15' ], [ 'age_blocked', '15' ], [ 'age_blocked', '15' ],
  [ 'none', '16-17' ], [ 'age_blocked', '16-17' ], [ 'none', '18\+' ],
  [ 'age_blocked', '0-12' ], [ 'none', '13' ], [ 'age_blocked', '15' ] ]
--- no_error_log
[error]



=== TEST 2: age - only the band is kept, the same for all who said it today
--- request eval
main::say_age(15)
--- more_headers eval
"$::Json\nX-Forwarded-For: $::At{FR}"
--- response_headers eval
"Set-Cookie: " . main::age(0x14) . "; Path=/; Secure; HttpOnly; SameSite=Lax"
--- no_error_log
[error]



=== TEST 3: age - a child gets a refusal, and what it granted is void
--- request eval
main::say_age(15)
--- more_headers eval
"$::Json\nX-Forwarded-For: $::At{DE}\nCookie: _ga=1; " . main::token()
--- raw_response_headers_like eval
qr/Set-Cookie: \Q$::Refusal\E;.*Set-Cookie: _ga=; .*Set-Cookie: \Q@{[main::age(0x14)]}\E; /s
--- response_body_like chop
^\{"state":"age_blocked",.*"analytics":\{"granted":false,"source":"age"\}
--- no_error_log
[error]



=== TEST 4: age - is in the choice from then on, with a new id
--- request eval
main::say_age(18)
--- more_headers eval
"$::Json\nX-Forwarded-For: $::At{DE}\nCookie: " . main::token()
--- raw_response_headers_like eval
qr/Set-Cookie: __Host-Http-xpc=EQcBgEAJP_(?!\S*SUlJSUlJ).*Set-Cookie: __Host-Http-xpa=/s
--- response_body_like chop
^\{"state":"valid",.*"age":"18\+",.*"analytics":\{"granted":true
--- no_error_log
[error]



=== TEST 5: age - who said one is not older within the session
--- request eval
[ main::say_age(18), main::say_age(12), main::say_age(18), main::say_age(18),
  "POST /c\n{\"accept\":[\"*\"]}" ]
--- more_headers eval
[ map { "X-TLS: on\n$::Json\nX-Forwarded-For: $::At{DE}\nCookie: $_" }
  main::age(0x14), main::age(0x14), main::age(0x16) . '; '
  . main::age(0x14), main::age(0x16), main::age(0x14) ]
--- error_code eval
[ 403, 200, 403, 200, 403 ]
--- response_body_like eval
[ 'Another age', 'age_blocked', 'Another age', '"age":"18\+"',
  'Somebody of this age' ]
--- no_error_log
[error]



=== TEST 6: age - a cookie that is not ours, is of another day or another site
--- request eval
[ ("GET /t") x 6 ]
--- more_headers eval
[ map { "X-TLS: on\nX-Forwarded-For: $::At{DE}\nCookie: $_" }
  main::age(0x14) . '; ' . main::token(),
  main::age(0x14, created => $::Day - 3 * 86400) . '; ' . main::token(),
  main::age(0x14, scope => 'x') . '; ' . main::token(),
  (main::token(age => 0x14) =~ s/xpc/xpa/r) . '; ' . main::token(),
  main::age(0x10) . '; ' . main::token(),
  main::token(age => 0x14) ]
--- response_body eval
[ 'age_blocked 0', 'valid 1', 'valid 1', 'valid 1', 'valid 1',
  'age_blocked 0' ]
--- no_error_log
[error]



=== TEST 7: age_min - before a consent the age is asked for
--- request eval
[ map { "POST /c\n$_" } '{"accept":["*"]}', '{"reject":["*"]}',
  '{"accept":["*"]}' ]
--- more_headers eval
[ map { "X-TLS: on\n$::Json\nX-Forwarded-For: $::At{DE}\nCookie: $_" }
  'a=b', 'a=b', main::age(0x15) ]
--- error_code eval
[ 403, 200, 200 ]
--- response_body_like eval
[ 'The age is asked for', '"state":"valid"', '"age":"16-17"' ]
--- no_error_log
[error]



=== TEST 8: age_min - nobody is asked without it
--- http_config
    server {
        listen unix:%%TMP%%/s.sock;
        server_name example.com;
        xpecto_consent on;
        location / {
            xpecto_consent_api;
        }
    }
--- config
    location = /other {
        proxy_pass http://unix:%%TMP%%/s.sock:/;
        proxy_set_header Host example.com;
    }
--- request
POST /other
{"accept":["*"]}
--- more_headers eval
$::Json
--- error_code: 200
--- no_error_log
[error]



=== TEST 9: age_min - years of one's own, unless those of the place are more
--- config
    xpecto_consent_age_min 16;
--- request eval
[ ("GET /t") x 4 ]
--- more_headers eval
[ map { "X-TLS: on\nX-Forwarded-For: $::At{$_->[0]}\nCookie: "
        . main::age($_->[1]) . '; ' . main::token() }
  [ 'FR', 0x14 ], [ 'DE', 0x15 ], [ 'IN', 0x15 ], [ '', 0x14 ] ]
--- response_body eval
[ 'age_blocked 0', 'valid 1', 'age_blocked 0', 'age_blocked 0' ]
--- no_error_log
[error]



=== TEST 10: age - the screen does not say which age would do
--- request eval
[ "GET /c/age", "GET /c/age", "PUT /c/age\n{}" ]
--- more_headers eval
[ "X-TLS: on", "X-TLS: on\nCookie: " . main::age(0x16),
  "X-TLS: on\n$::Json" ]
--- error_code eval
[ 200, 200, 405 ]
--- response_body_like eval
[ '^\{"fields":\["month","year"\],"asked":true\}$', '"asked":false', '405' ]
--- no_error_log
[error]



=== TEST 11: age - a form, and back
--- request eval
sprintf "POST /c/age\nmonth=%d&year=%d&return=/x", main::born(16)
--- more_headers eval
"$::Form\nX-Forwarded-For: $::At{DE}"
--- error_code: 303
--- response_headers eval
"Location: /x\nSet-Cookie: " . main::age(0x15)
. "; Path=/; Secure; HttpOnly; SameSite=Lax"
--- no_error_log
[error]



=== TEST 12: age - refused without a partial write
--- request eval
[ map { "POST /c/age\n$_" } '{"month":4,"year":2999}', '{"month":4}',
  '{"month":4,"month":4,"year":2000}', '{"month":4,"year":2000,"day":1}',
  '{"month":4,"year":2000}', '{"month":4,"year":2000}' ]
--- more_headers eval
[ (map { "X-TLS: on\n$::Json" } 1 .. 4),
  "X-TLS: on\nContent-Type: application/json",
  "X-TLS: on\nContent-Type: application/json\nOrigin: https://evil.example" ]
--- error_code eval
[ 422, 422, 422, 422, 403, 403 ]
--- response_headers eval
[ ("!Set-Cookie") x 6 ]
--- no_error_log
[error]



=== TEST 13: age - nothing of the birth in a log
--- request
POST /c/age
{"month":4,"year":1987}
--- more_headers eval
$::Json
--- error_code: 200
--- no_error_log
1987
[error]



=== TEST 14: age - of a domain
--- http_config
    xpecto_consent_cookie secure=1 domain=example.com;
--- request eval
main::say_age(18)
--- more_headers eval
$::Json
--- response_headers eval
"Set-Cookie: " . main::age(0x16, name => '__Secure-xpa')
. "; Path=/; Secure; HttpOnly; SameSite=Lax; Domain=example.com"
--- no_error_log
[error]



=== TEST 15: age_min - fewer years than those of the place change nothing
--- config
    xpecto_consent_age_min 13;
--- request eval
[ ("GET /t") x 4 ]
--- more_headers eval
[ map { "X-TLS: on\nX-Forwarded-For: $::At{$_->[0]}\nCookie: "
        . main::age($_->[1]) . '; ' . main::token() }
  [ 'FR', 0x14 ], [ 'DE', 0x14 ], [ 'US', 0x12 ], [ '', 0x14 ] ]
--- response_body eval
[ 'valid 1', 'age_blocked 0', 'valid 1', 'age_blocked 0' ]
--- no_error_log
[error]



=== TEST 16: age - is found whatever is kept
--- http_config
    xpecto_consent_keep __Host-*;
--- request
GET /t
--- more_headers eval
"X-Forwarded-For: $::At{DE}\nCookie: " . main::age(0x14) . '; '
. main::token()
--- response_body chomp
age_blocked 0
--- no_error_log
[error]



=== TEST 17: age - of a domain, is found whatever is kept
--- http_config
    xpecto_consent_cookie secure=1 domain=example.com;
    xpecto_consent_keep __Secure-*;
--- request
GET /t
--- more_headers eval
"X-Forwarded-For: $::At{DE}\nCookie: "
. main::age(0x14, name => '__Secure-xpa') . '; '
. main::token(name => '__Secure-xpc')
--- response_body chomp
age_blocked 0
--- no_error_log
[error]



=== TEST 18: age - the upstream does not see our cookie
--- config
    location = /upstream {
        xpecto_consent off;
        return 200 "<$http_cookie>";
    }
    location = /page {
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/upstream;
    }
--- request
GET /page
--- more_headers eval
'Cookie: a=1; ' . main::age(0x14) . '; ' . main::token() . '; b=2'
--- response_body chomp
<a=1; b=2>
--- no_error_log
[error]



=== TEST 19: age_min - one place of two, or of nowhere, has the years of 16
--- config
    location /h {
        xpecto_jurisdiction_origin ip header=X-C from=127.0.0.1;
        xpecto_consent_api;
    }
--- request eval
[ map { s{/c/}{/h/}r } map { main::say_age($_) } 15, 15, 15, 16 ]
--- more_headers eval
[ map { "X-TLS: on\n$::Json\nX-Forwarded-For: $::At{US}$_" }
  '', "\nX-C: CH", "\nX-C: T1", "\nX-C: T1" ]
--- response_body_like eval
[ map { qr/^\{"state":"$_->[0]",.*"age":"$_->[1]",/ }
  [ 'none', '15' ], [ 'age_blocked', '15' ], [ 'age_blocked', '15' ],
  [ 'none', '16-17' ] ]
--- no_error_log
[error]
