# What an operator may do to limits, who he is, and what is recorded.

use lib 't/lib';
use TestFull qw( full_disk );
use TestXpecto;

use IO::Socket::INET;
use JSON::PP;

skip_hup('limits outlive a reload');

chmod 0600, data_dir() . '/consent-keys', data_dir() . '/epochs';
full_disk(data_dir() . '/full');


our $Http = <<'END';
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_epochs %%DATA%%/epochs;
    xpecto_ledger %%TMP%%/ledger;
    xpecto_tenants %%DATA%%/tenants.json;
    xpecto_limit_zone z:1m;
END


add_block_preprocessor(sub {
    my $block = shift;

    my $http = $block->http_config // $Http;
    my $data = data_dir();
    my $tmp = tmp_dir();

    $http =~ s/%%DATA%%/$data/g;
    $http =~ s/%%TMP%%/$tmp/g;
    $block->set_value('http_config', $http);
});


# the lines of the ledger that are of limits, after the last request

add_response_body_check(sub {
    my ($block, $body, $req_idx) = @_;

    return unless defined $block->ledger;
    return if ref $block->request && $req_idx < @{$block->request} - 1;

    open my $in, '<', tmp_dir() . '/ledger' or die "ledger: $!";
    my @all = <$in>;
    my @lines = grep { $_->{event} eq 'limit' } map { decode_json($_) } @all;
    my $expected = $block->ledger;

    is(scalar @lines, scalar @$expected, 'number of lines');

    for my $i (0 .. $#$expected) {
        my %got = map { $_ => $lines[$i]{$_} } keys %{$expected->[$i]};
        is_deeply(\%got, $expected->[$i], "line $i");
    }

    unlike(join('', @all), qr/192\.0\.2|secret-key|127\.0\.0\.1/,
           'nothing personal in clear');
});


# from an address of this machine that is not of the loopback

sub from_outside ($$) {
    my ($uri, $real) = @_;

    my ($own) = grep { /^\d+\.\d+\.\d+\.\d+$/ } split ' ', `hostname -I`;

    return 'none' if !defined $own;

    my $sock = IO::Socket::INET->new(
        LocalAddr => $own, PeerAddr => '127.0.0.1',
        PeerPort => $ENV{TEST_NGINX_PORT}) or return 'none';

    my $body = '{"op":"peek","zone":"z","tenant":"acme"}';

    print $sock "POST $uri HTTP/1.0\r\nX-Real-IP: $real\r\n"
                . "Content-Type: application/json\r\nContent-Length: "
                . length($body) . "\r\n\r\n$body";

    local $/;
    return <$sock> =~ m{^HTTP/1\.1 (\d+)} ? $1 : '';
}


add_response_body_check(sub {
    my ($block) = @_;

    return unless defined $block->outside;

    SKIP: {
        skip 'no other address', 4 if from_outside('/limits', '-') eq 'none';

        is from_outside('/limits', '192.0.2.1'), 403, 'not local';
        is from_outside('/limits', '127.0.0.1'), 403, 'not by a header';
        is from_outside('/other', '198.51.100.1'), 403, 'nor its network';
        is from_outside('/from', '203.0.113.1'), 200, 'whose own is';
    }
});


plan_tests(329);

run_tests();

__DATA__

=== TEST 1: xpecto_limit_api - peek, grant and reset of a plan's policy
--- config
    location /t {
        xpecto_limit zone=z;
        empty_gif;
    }
    location = /limits {
        xpecto_tenant off;
        xpecto_limit_api;
    }
--- request eval
["GET /t", "GET /t", "GET /t", "GET /t",
qq{POST /limits\n{"op":"peek","zone":"z","policy":"burst","tenant":"acme"}},
qq{POST /limits\n{"op":"grant","zone":"z","policy":"burst","tenant":"acme","units":2}},
"GET /t",
qq{POST /limits\n{"op":"reset","zone":"z","policy":"burst","tenant":"acme"}},
"GET /t",
qq{POST /limits\n{"op":"grant","zone":"z","policy":"burst","tenant":"acme","units":9}}]
--- more_headers
X-API-Key: key-acme
Content-Type: application/json
--- error_code eval
[200, 200, 200, 429, 200, 200, 200, 200, 200, 200]
--- response_body_like eval
["GIF", "GIF", "GIF", "130429", qr/^\{"op":"peek","remaining":0,"reset":86\d{3}\}$/,
qr/^\{"op":"grant","granted":2,"remaining":2,"reset":\d+\}$/, "GIF",
qr/^\{"op":"reset","remaining":3,"reset":0\}$/, "GIF",
qr/^\{"op":"grant","granted":1,"remaining":3,"reset":0\}$/]
--- ledger eval
[{ op => 'peek', zone => 'z', policy => 'burst', tenant => 'acme', units => undef },
{ op => 'grant', zone => 'z', policy => 'burst', tenant => 'acme', units => 2 },
{ op => 'reset', zone => 'z', policy => 'burst', tenant => 'acme', units => undef },
{ op => 'grant', units => 9 }]
--- no_error_log
[error]



=== TEST 2: xpecto_limit_api - ban and unban a tenant
--- config
    location /t {
        xpecto_limit_ban zone=z;
        empty_gif;
    }
    location = /limits {
        xpecto_tenant off;
        xpecto_limit_api;
    }
--- request eval
["GET /t", qq{POST /limits\n{"op":"ban","zone":"z","tenant":"acme","seconds":3600}},
"GET /t", qq{POST /limits\n{"op":"peek","zone":"z","tenant":"acme"}},
qq{POST /limits\n{"op":"unban","zone":"z","tenant":"acme"}}, "GET /t"]
--- more_headers
X-API-Key: key-acme
Content-Type: application/json; charset=utf-8
--- error_code eval
[200, 200, 429, 200, 200, 200]
--- response_body_like eval
["GIF", qr/^\{"op":"ban","banned":(?:3600|3599),"rung":1,"strikes":\{"rejects":0,"credentials":0,"recipients":0\}\}$/,
qr/"code":368,/, qr/^\{"op":"peek","banned":3[56]\d\d,"rung":1,/,
qr/^\{"op":"unban","banned":0,"rung":0,/, "GIF"]
--- ledger eval
[{ op => 'ban', zone => 'z', tenant => 'acme', seconds => 3600 },
{ op => 'peek', zone => 'z', tenant => 'acme', policy => undef },
{ op => 'unban', zone => 'z', tenant => 'acme' }]
--- no_error_log
[error]



=== TEST 3: xpecto_limit_api - an address, with its strikes
--- config
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Real-IP;
    location /t {
        xpecto_tenant unknown=401;
        xpecto_limit_ban zone=z credentials=3 time=1h;
        empty_gif;
    }
    location = /limits {
        xpecto_tenant off;
        xpecto_limit_api;
    }
--- request eval
["GET /t", "GET /t", qq{POST /limits\n{"op":"peek","zone":"z","address":"192.0.2.9"}},
qq{POST /limits\n{"op":"unban","zone":"z","address":"192.0.2.1"}}, "GET /t", "GET /t",
qq{POST /limits\n{"op":"peek","zone":"z","address":"192.0.2.9"}},
qq{POST /limits\n{"op":"ban","zone":"z","address":"192.0.2.200","seconds":60}}, "GET /t"]
--- more_headers
X-API-Key: nobody
X-Real-IP: 192.0.2.1
Content-Type: application/json
--- error_code eval
[401, 401, 200, 200, 401, 401, 200, 200, 429]
--- response_body_like eval
["", "", qr/"banned":0,"rung":0,"strikes":\{"rejects":0,"credentials":2,/,
qr/"credentials":0,/, "", "", qr/"credentials":2,/, qr/"banned":(?:60|59),/, "368"]
--- ledger eval
[{ op => 'peek', tenant => undef }, { op => 'unban', tenant => undef, policy => undef },
{ op => 'peek' }, { op => 'ban', seconds => 60 }]
--- no_error_log
[error]



=== TEST 4: xpecto_limit_api - a policy by a key of its own
--- config
    location /t {
        xpecto_limit zone=z key=$http_x_secret rate=1r/d policy=own;
        empty_gif;
    }
    location = /limits {
        xpecto_limit_api;
    }
--- request eval
["GET /t", "GET /t",
qq{POST /limits\n{"op":"reset","zone":"z","policy":"own","key":"secret-key"}}, "GET /t",
qq{POST /limits\n{"op":"peek","zone":"z","policy":"own","key":"other"}},
qq{POST /limits\n{"op":"peek","zone":"z","policy":"own","tenant":"acme"}}]
--- more_headers
X-Secret: secret-key
Content-Type: application/json
--- error_code eval
[200, 429, 200, 200, 200, 422]
--- response_body_like eval
["GIF", "130429", qr/"remaining":1/, "GIF", qr/"remaining":1/,
qr/^\{"error":"the policy does not count by what is given"\}$/]
--- ledger eval
[{ op => 'reset', policy => 'own', zone => 'z' },
{ op => 'peek', policy => 'own', zone => 'z' }]
--- no_error_log
[error]



=== TEST 5: xpecto_limit_api - what nobody knows, and what is not understood
--- config
    location = /limits {
        xpecto_limit_api;
    }
--- request eval
[qq{POST /limits\n{"op":"peek","zone":"y","tenant":"acme"}},
qq{POST /limits\n{"op":"peek","zone":"z","tenant":"nobody"}},
qq{POST /limits\n{"op":"peek","zone":"z","tenant":"acme","policy":"none"}},
qq{POST /limits\n{"op":"peek","zone":"z","address":"192.0.2"}},
qq{POST /limits\n{"op":"peek","zone":"z","tenant":"acme","x":1}},
qq{POST /limits\n{"op":"peek","op":"ban","zone":"z","tenant":"acme"}},
qq{POST /limits\n{"op":"peek","zone":"z"}}, "POST /limits\n{", "POST /limits\n[]"]
--- more_headers
Content-Type: application/json
--- error_code eval
[404, 404, 404, 422, 422, 422, 422, 422, 422]
--- response_headers eval
["Content-Type: application/json", "Cache-Control: no-store", "", "", "", "", "", "", ""]
--- response_body_like eval
[qr/^\{"error":"unknown zone"\}$/, "unknown tenant", "unknown policy", "no address",
qr/\Q{"error":"unknown member at x, line 1"}\E/, "duplicate", "neither", qr/^\{"error":".*line 1/, "error"]
--- ledger eval
[]
--- no_error_log
[error]



=== TEST 6: xpecto_limit_api - only POST, only JSON, not from a page, not too long
--- config
    location = /limits {
        xpecto_limit_api;
    }
--- request eval
["GET /limits", "PUT /limits\n{}", "POST /limits\n{}", "POST /limits\n{}",
"POST /limits\n{}", "POST /limits\n{}", "POST /limits\n{}",
"POST /limits\n" . " " x 4097, "POST /limits\n{}"]
--- more_headers eval
["", "Content-Type: application/json", "", "Content-Type: text/plain",
"Content-Type: application/jsonx",
"Content-Type: application/json\nOrigin: http://localhost",
"Content-Type: application/json\nSec-Fetch-Site: same-origin",
"Content-Type: application/json",
"Content-Type: application/json\nSec-Fetch-Site: none"]
--- error_code eval
[405, 405, 415, 415, 415, 403, 403, 413, 422]
--- response_headers eval
["Allow: POST", "Allow: POST", "", "", "", "", "", "", ""]
--- no_error_log
[error]



=== TEST 7: xpecto_limit_api - chunked
--- config
    location = /limits {
        xpecto_limit_api;
    }
--- raw_request eval
"POST /limits HTTP/1.1\r
Host: a\r
Content-Type: application/json\r
Transfer-Encoding: chunked\r
Connection: close\r
\r
2\r\n{}\r\n0\r\n\r\n"
--- error_code: 411
--- no_error_log
[error]



=== TEST 8: xpecto_limit_api - nothing is done without its line
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_epochs %%DATA%%/epochs;
    xpecto_ledger %%DATA%%/full;
    xpecto_tenants %%DATA%%/tenants.json;
    xpecto_limit_zone z:1m;
--- config
    location /t {
        xpecto_limit_ban zone=z;
        empty_gif;
    }
    location = /limits {
        xpecto_tenant off;
        xpecto_limit_api;
    }
--- request eval
[qq{POST /limits\n{"op":"peek","zone":"z","tenant":"acme"}},
qq{POST /limits\n{"op":"ban","zone":"z","tenant":"acme","seconds":3600}}, "GET /t"]
--- more_headers
X-API-Key: key-acme
Content-Type: application/json
--- error_code eval
[503, 503, 200]
--- response_body_like eval
[(qr/^\{"error":"the ledger cannot be written"\}$/) x 2, "GIF"]
--- no_error_log
[emerg]



=== TEST 9: xpecto_limit_api - realip opens nothing, and closes nothing
--- config
    set_real_ip_from 127.0.0.1;
    set_real_ip_from 0.0.0.0/0;
    real_ip_header X-Real-IP;
    location = /limits {
        xpecto_tenant off;
        xpecto_limit_api;
    }
    location = /from {
        xpecto_tenant off;
        xpecto_limit_api from=198.51.100.0/24 from=0.0.0.0/0;
    }
    location = /other {
        xpecto_tenant off;
        xpecto_limit_api from=198.51.100.0/24;
    }
--- request
POST /limits
{"op":"peek","zone":"z","tenant":"acme"}
--- more_headers
X-Real-IP: 192.0.2.1
Content-Type: application/json
--- outside: 1
--- error_code: 200
--- no_error_log
[error]



=== TEST 10: xpecto_limit_api - counts of days, windows and lives
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_ledger %%TMP%%/ledger;
    xpecto_tenants %%DATA%%/tenants-kinds.json;
    xpecto_limit_zone z:1m;
--- config
    location /t {
        xpecto_limit zone=z;
        empty_gif;
    }
    location = /limits {
        xpecto_tenant off;
        xpecto_limit_api;
    }
--- request eval
[qq{POST /limits\n{"op":"peek","zone":"z","policy":"d","tenant":"day"}},
"GET /t", "GET /t", "GET /t",
qq{POST /limits\n{"op":"grant","zone":"z","policy":"d","tenant":"day","units":1}},
"GET /t", "GET /t",
qq{POST /limits\n{"op":"reset","zone":"z","policy":"d","tenant":"day"}},
"GET /t", "GET /t",
qq{POST /limits\n{"op":"grant","zone":"z","policy":"s","tenant":"sliding","units":9}},
"GET /t",
qq{POST /limits\n{"op":"grant","zone":"z","policy":"l","tenant":"life","units":9}},
"GET /t", qq{POST /limits\n{"op":"peek","zone":"z","policy":"d","tenant":"life"}}]
--- more_headers eval
my $json = "Content-Type: application/json";
[$json, ("X-API-Key: key-day") x 3, $json, ("X-API-Key: key-day") x 2, $json,
("X-API-Key: key-sliding") x 2, $json, "X-API-Key: key-life", $json,
"X-API-Key: key-life", $json]
--- error_code eval
[200, 200, 200, 429, 200, 200, 429, 200, 200, 200, 200, 200, 200, 200, 404]
--- response_body_like eval
[qr/"remaining":2/, "GIF", "GIF", "80007",
qr/"granted":1,"remaining":1,"reset":\d+\}/, "GIF", "80007", qr/"remaining":2/,
"GIF", "GIF", qr/"granted":2,"remaining":2,/, "GIF",
qr/^\{"op":"grant","granted":1,"remaining":1\}|"reset":0\}$/, "GIF", "unknown policy"]
--- no_error_log
[error]



=== TEST 11: xpecto_limit_api - a number of a tenant, a network; kinds that are no count
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_ledger %%TMP%%/ledger;
    xpecto_tenants %%DATA%%/tenants-scopes.json;
    xpecto_limit_zone z:1m unique=128k;
--- config
    location /api/ {
        xpecto_limit zone=z;
        empty_gif;
    }
    location = /limits {
        xpecto_tenant off;
        xpecto_limit_api;
    }
--- request eval
["GET /api/106540352242922/messages", "GET /api/106540352242922/messages",
qq{POST /limits\n{"op":"reset","zone":"z","policy":"phone","tenant":"phone","key":"106540352242923"}},
"GET /api/106540352242922/messages",
qq{POST /limits\n{"op":"reset","zone":"z","policy":"phone","tenant":"phone","key":"106540352242922"}},
"GET /api/106540352242922/messages",
qq{POST /limits\n{"op":"peek","zone":"z","policy":"phone","tenant":"phone"}},
qq{POST /limits\n{"op":"peek","zone":"z","policy":"each","tenant":"credential"}},
qq{POST /limits\n{"op":"peek","zone":"z","policy":"open","tenant":"open"}},
qq{POST /limits\n{"op":"grant","zone":"z","policy":"open","tenant":"open","units":1}},
qq{POST /limits\n{"op":"grant","zone":"z","policy":"pair","tenant":"pair","key":"4915112345678","units":1}}]
--- more_headers
X-API-Key: key-phone
Content-Type: application/json
--- error_code eval
[200, 429, 200, 429, 200, 200, 422, 422, 422, 422, 422]
--- response_body_like eval
["GIF", "80007", qr/"remaining":1/, "80007", qr/"remaining":1/, "GIF",
("does not count by what is given") x 2, ("not for policies of this kind") x 2,
"does not count by what is given"]
--- ledger eval
[{ op => 'reset', policy => 'phone', tenant => 'phone' }, { op => 'reset' }]
--- no_error_log
[error]



=== TEST 12: xpecto_limit_api - reset of all policies of a tenant
--- config
    location /t {
        xpecto_limit zone=z;
        xpecto_limit zone=z policy=life kind=quota count=2 per=lifetime;
        xpecto_limit zone=z policy=path kind=quota count=9 per=lifetime key=$uri;
        empty_gif;
    }
    location = /limits {
        xpecto_tenant off;
        xpecto_limit_api;
    }
--- request eval
["GET /t", "GET /t", "GET /t",
qq{POST /limits\n{"op":"reset","zone":"z","tenant":"globex"}},
qq{POST /limits\n{"op":"reset","zone":"z","tenant":"acme"}},
"GET /t",
qq{POST /limits\n{"op":"peek","zone":"z","policy":"path","key":"/t"}}]
--- more_headers
X-API-Key: key-acme
Content-Type: application/json
--- error_code eval
[200, 200, 429, 200, 200, 200, 200]
--- response_body_like eval
["GIF", "GIF", "error", qr/^\{"op":"reset","forgotten":0\}$/,
qr/^\{"op":"reset","forgotten":2\}$/, "GIF",
qr/^\{"op":"peek","remaining":6\}$/]
--- ledger eval
[{ op => 'reset', zone => 'z', policy => undef, tenant => 'globex' },
{ op => 'reset', zone => 'z', policy => undef, tenant => 'acme' },
{ op => 'peek', policy => 'path', tenant => undef }]
--- no_error_log
[error]



=== TEST 13: xpecto_limit_api - no ban where nobody would ask for it
--- http_config eval
$::Http . "xpecto_limit_zone t:1m;\n"
--- config
    location /t {
        xpecto_limit zone=t;
        xpecto_limit_ban zone=z;
        empty_gif;
    }
    location = /limits {
        xpecto_tenant off;
        xpecto_limit_api;
    }
--- request eval
[qq{POST /limits\n{"op":"ban","zone":"t","tenant":"acme","seconds":60}},
qq{POST /limits\n{"op":"unban","zone":"t","tenant":"acme"}}, "GET /t"]
--- more_headers
X-API-Key: key-acme
Content-Type: application/json
--- error_code eval
[422, 200, 200]
--- response_body_like eval
[qr/^\{"error":"no xpecto_limit_ban uses zone \\"t\\""\}$/,
qr/"banned":0,/, "GIF"]
--- ledger eval
[{ op => 'unban', zone => 't', tenant => 'acme' }]
--- no_error_log
[error]



=== TEST 14: xpecto_limit_api - a ban that is everywhere on trial is said to be so
--- http_config eval
$::Http . "xpecto_limit_zone d:1m; xpecto_limit_zone t:1m;\n"
--- config
    location /z { xpecto_limit_ban zone=z; empty_gif; }
    location /zd { xpecto_limit_ban zone=z dry_run; empty_gif; }
    location /d { xpecto_limit_ban zone=d dry_run; empty_gif; }
    location /t {
        xpecto_limit_dry_run on;
        location /t { xpecto_limit_ban zone=t; empty_gif; }
    }
    location = /limits { xpecto_tenant off; xpecto_limit_api; }
--- request eval
[(map { qq{POST /limits\n{"op":"ban","zone":"$_","tenant":"acme","seconds":60}} }
'z', 'd', 't'), "GET /z", "GET /zd", "GET /d", "GET /t",
qq{POST /limits\n{"op":"peek","zone":"d","tenant":"acme"}},
qq{POST /limits\n{"op":"unban","zone":"t","tenant":"acme"}}]
--- more_headers
X-API-Key: key-acme
Content-Type: application/json
--- error_code eval
[200, 200, 200, 429, 200, 200, 200, 200, 200]
--- response_body_like eval
[qr/"banned":\d+,"rung":1/, (qr/"banned":\d+,"dry_run":true,"rung":1/) x 2, "368",
("GIF") x 3, qr/"banned":\d+,"dry_run":true,/, qr/"banned":0,"dry_run":true,/]
--- no_error_log
[error]
