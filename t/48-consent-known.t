# A line of cookies that a worker remembers: what it remembers is what the
# bytes say, never what follows from the clock, the signals or the place.

use lib 't/lib';
use TestXpecto;

use File::Copy;
use IO::Socket::INET;
use POSIX qw( strftime );

use XpectoToken;

copy('ngx_xpecto_module/data/jurisdictions.json',
     data_dir() . '/jurisdictions.json') or die "jurisdictions.json: $!";

our $Db = data_dir() . '/mmdb/nested24.mmdb';

# the policy changes while the file runs

our $Effective = time + 8;
our $Date = strftime('%Y-%m-%dT%H:%M:%SZ', gmtime $Effective);

our $Void = token(granted => 0x4009, flags => 0);
our $Given = token(granted => 0x4009);
our $Open = token(granted => 0x4003, denied => 0);
our $Ads = token(granted => 0x4039, denied => 0x3fc6);


sub ask {
    my ($path, $cookies) = @_;

    my $sock = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $ENV{TEST_NGINX_PORT})
        or return '';

    print $sock "GET $path HTTP/1.0\r\nHost: example.com\r\n"
                . "Cookie: $cookies\r\n\r\n";
    local $/;
    my $answer = <$sock> || '';

    $answer =~ s/\A.*?\r\n\r\n//s;
    return $answer;
}


sub from {
    my ($time) = @_;

    select(undef, undef, undef, 0.1) while time < $time + 1;
}


add_response_body_check(sub {
    my ($block) = @_;

    if ($block->name =~ /policy/) {
        my $cookies = 'a=1; ' . token(revision => 1);

        is ask('/s', $cookies), 'valid', 'of a policy that is in force';
        from($Effective);
        is ask('/s', $cookies), 'stale_policy', 'and that is no more';
    }

    if ($block->name =~ /end of a choice/) {
        my $end = time + 3;
        my $cookies = 'a=1; ' . token(created => $end - 60, ttl => 60);

        is ask('/s', $cookies), 'valid', 'before its end';
        from($end);
        is ask('/s', $cookies), 'expired', 'and behind it';
    }

    if ($block->name =~ /end of an age/) {
        my $end = time + 3;
        my $age = token(name => '__Host-Http-xpa', flags => 0, denied => 0,
                        granted => 0x4001, method => 0, age => 0x11,
                        created => $end - 60, ttl => 60);
        my $cookies = "$age; " . token();

        is ask('/s', $cookies), 'age_blocked', 'a child that has said so';
        is ask('/s', $cookies), 'age_blocked', 'once more';
        from($end);
        is ask('/s', $cookies), 'valid', 'and in another session';
    }
});

add_block_preprocessor {
    my $block = shift;

    $block->set_value('http_config', <<"_EOC_" . ($block->http_config || ''));
        xpecto_keys %%DATA%%/consent-keys;
        xpecto_jurisdiction_rules %%DATA%%/rules.json reload=0;
        xpecto_jurisdiction_geoip $Db max_age=0;
        xpecto_consent_cookie secure=1;
        set_real_ip_from 127.0.0.1;
        real_ip_header X-Forwarded-For;
_EOC_

    $block->set_value('config', <<'_EOC_' . ($block->config || ''));
        xpecto_consent on;
        xpecto_jurisdiction on;
        location = /s {
            return 200 "$xpecto_consent_state";
        }
        location = /t {
            return 200 "$xpecto_consent|$xpecto_consent_signal";
        }
        location = /source {
            return 200 "$xpecto_consent_source";
        }
        location = /x {
            proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
        }
        location = /report {
            xpecto_consent report;
            proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
        }
        location = /up {
            xpecto_consent off;
            return 200 "[$http_cookie]";
        }
_EOC_
};

chmod 0600, data_dir() . '/consent-keys';
server_name('example.com');
plan_tests(124);
run_tests();

__DATA__

=== TEST 1: a remembered line - the policy changes
--- http_config eval
"xpecto_consent_revision rev=1 effective=2020-01-01;
xpecto_consent_revision rev=2 effective=$::Date material=yes;"
--- request
GET /s
--- response_body chomp
none
--- no_error_log
[error]



=== TEST 2: a remembered line - the end of a choice
--- request
GET /s
--- response_body chomp
none
--- no_error_log
[error]



=== TEST 3: a remembered line - the signals are those of the request
--- request eval
[ map { "GET /t" } 1 .. 4 ]
--- more_headers eval
[ map { "Cookie: $::Ads$_" } '', "\nSec-GPC: 1", '', "\nSec-GPC: 1" ]
--- response_body eval
[ map { $_ ? "necessary,analytics,security|honored"
           : "necessary,analytics,ad_storage,ad_user_data,security|none" } 0, 1, 0, 1 ]
--- no_error_log
[error]



=== TEST 4: a remembered line - DNT is that of the request
--- request eval
[ map { "GET /source" } 1 .. 4 ]
--- more_headers eval
[ map { "Cookie: $::Open$_" } '', "\nDNT: 1", '', "\nDNT: 1" ]
--- response_body_like eval
[ map { ",analytics=$_," } qw( default dnt default dnt ) ]
--- no_error_log
[error]



=== TEST 5: a remembered line - the place is that of the request
--- request eval
[ map { "GET /t" } 1 .. 4 ]
--- more_headers eval
[ map { "Cookie: $::Void\nX-Forwarded-For: $_" }
  '23.1.1.1', '77.65.1.1', '23.1.1.1', '77.65.1.1' ]
--- response_body_like eval
[ map { $_ ? '^necessary,security\|' : 'analytics' } 0, 1, 0, 1 ]
--- no_error_log
[error]



=== TEST 6: a remembered line - our cookie goes, wherever it is
--- request eval
[ map { "GET /x" } 1 .. 10 ]
--- more_headers eval
[ map { ("Cookie: $_") x 2 }
  "a=1; b=2; $::Given", "a=1; $::Given; b=2", "$::Given; a=1; b=2",
  "a=1;b=2;$::Given", $::Given ]
--- response_body eval
[ map { ($_) x 2 }
  '[a=1; b=2]', '[a=1; b=2]', '[a=1; b=2]', '[a=1;b=2]', '[]' ]
--- no_error_log
[error]



=== TEST 7: a remembered line - a tracker goes with the signal alone
--- request eval
[ map { "GET /x" } 1 .. 4 ]
--- more_headers eval
[ map { "Cookie: a=1; _gac_1=2; $::Ads$_" }
  '', "\nSec-GPC: 1", '', "\nSec-GPC: 1" ]
--- response_body eval
[ map { "[a=1$_]" } '; _gac_1=2', '', '; _gac_1=2', '' ]
--- no_error_log
[error]



=== TEST 8: a remembered line - and another one
--- request eval
[ map { "GET /x" } 1 .. 3 ]
--- more_headers eval
[ "Cookie: a=1; $::Given", "Cookie: a=1; $::Given\nCookie: _fbp=1; b=2",
  "Cookie: _fbp=1; b=2\nCookie: a=1; $::Given" ]
--- response_body_like eval
[ '^\[a=1\]$', '^\[a=1[;,] b=2\]$', '^\[b=2[;,] a=1\]$' ]
--- no_error_log
[error]



=== TEST 9: a remembered line - report changes nothing
--- request eval
[ map { "GET /report" } 1 .. 2 ]
--- more_headers eval
[ ("Cookie: a=1; $::Given") x 2 ]
--- response_body eval
[ ("[a=1; $::Given]") x 2 ]
--- no_error_log
[error]



=== TEST 10: a remembered line - what a map has read before is read again
--- http_config
    map $http_cookie $all { default $http_cookie; }
    map $cookie_a $first { default $cookie_a; }
--- config
    set $x "$all|$first";
    location = /y {
        add_header X-Cookie "[$http_cookie|$cookie_a]";
        empty_gif;
    }
--- request eval
[ map { "GET /y" } 1 .. 2 ]
--- more_headers eval
[ ("Cookie: a=1; $::Given") x 2 ]
--- response_headers eval
[ ("X-Cookie: [a=1|1]") x 2 ]
--- no_error_log
[error]



=== TEST 11: a remembered line - a sale refused by word is told upstream
--- config
    location = /z {
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/told;
    }
    location = /told {
        xpecto_consent off;
        return 200 "[$http_cookie|$http_sec_gpc]";
    }
--- request eval
[ map { "GET /z" } 1 .. 3 ]
--- more_headers eval
[ ("Cookie: a=1; $::Given") x 3 ]
--- response_body eval
[ ("[a=1|1]") x 3 ]
--- no_error_log
[error]



=== TEST 12: a remembered line - the end of an age
--- request
GET /s
--- response_body chomp
none
--- no_error_log
[error]
