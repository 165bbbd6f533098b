# Limits: who has had enough, and what it is told.  A rate of 1r/d gives
# nothing back while a test runs.

use lib 't/lib';
use TestXpecto;

use IO::Socket::INET;


# many requests at once, each on its own connection: who is let through; one
# worker may get them all, and has 64 connections

sub storm ($$) {
    my ($n, $head) = @_;
    my (@socks, %count);

    for (1 .. $n) {
        push @socks, IO::Socket::INET->new(
            PeerAddr => '127.0.0.1', PeerPort => $ENV{TEST_NGINX_PORT})
            or die "connect: $!";
    }

    print $_ "GET /t HTTP/1.0\r\n$head\r\n" for @socks;

    for my $sock (@socks) {
        local $/;
        my $answer = <$sock>;

        $count{$1}++ if $answer =~ m{^HTTP/1\.1 (\d+)};
    }

    return \%count;
}


# one request for each key, in a row on one connection

sub row ($$) {
    my ($from, $to) = @_;
    my %count;

    my $sock = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $ENV{TEST_NGINX_PORT})
        or die "connect: $!";

    for ($from .. $to) {
        print $sock "HEAD /t?k=$_ HTTP/1.1\r\nHost: a\r\n\r\n";

        while (my $line = <$sock>) {
            $count{$1}++ if $line =~ m{^HTTP/1\.1 (\d+)};
            last if $line eq "\r\n";
        }
    }

    return \%count;
}


sub full_total () {
    my $sock = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $ENV{TEST_NGINX_PORT})
        or die "connect: $!";

    print $sock "GET /status HTTP/1.0\r\n\r\n";
    local $/;

    return <$sock> =~ /^xpecto_limit_full_total (\d+)$/m ? $1 : -1;
}


add_response_body_check(sub {
    my ($block) = @_;

    if (defined $block->fill) {

        # 28 KiB of cells are fewer than 1792

        my $new = row(1, 2000);
        my $old = row(1, 1000);
        my $full = full_total();

        if ($block->fill eq 'allow') {
            is $new->{200}, 2000, 'who finds no cell passes';
            ok $full >= 208, "$full of 2000 found none";

        } else {
            is $new->{429}, $full - 0, 'who finds no cell is refused';
            ok $new->{200} < 1792, "$new->{200} of 2000 fit";
        }

        ok $old->{429} >= 990, "$old->{429} of the first 1000 are kept";

        return;
    }

    return unless defined $block->storm;

    my $one = storm(40, "X-Key: one\r\n");
    my $two = storm(40, "X-Key: two\r\n");

    is $one->{200}, 25, 'the burst passes, at two workers';
    is $one->{429}, 15, 'and nothing else';
    is $two->{200}, 25, 'another key has its own';
    is $two->{429}, 15, 'and no more';
});


two_workers();
skip_hup('limits outlive a reload');

plan_tests(343);

run_tests();

__DATA__

=== TEST 1: xpecto_limit - exactly the burst at two workers
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z key=$http_x_key rate=1r/d burst=25;
        empty_gif;
    }
--- request
GET /t
--- storm: 1
--- error_code: 200
--- no_error_log
[error]



=== TEST 2: xpecto_limit - one is the default burst
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z rate=1r/d;
        empty_gif;
    }
--- request eval
["GET /t", "GET /t"]
--- error_code eval
[200, 429]
--- no_error_log
[error]



=== TEST 3: xpecto_limit - an empty key is not limited
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z key=$http_x_key rate=1r/d;
        empty_gif;
    }
--- request eval
["GET /t", "GET /t", "GET /t", "GET /t"]
--- more_headers eval
["", "", "X-Key: a", "X-Key: a"]
--- error_code eval
[200, 200, 200, 429]
--- response_headers eval
["!RateLimit", "!RateLimit", 'RateLimit: "z";r=0;t=86400',
 'RateLimit: "z";r=0;t=86400']
--- no_error_log
[error]



=== TEST 4: xpecto_limit_headers - on success and on refusal
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z rate=2r/d burst=2 policy=daily;
        empty_gif;
    }
--- request eval
["GET /t", "GET /t", "GET /t"]
--- error_code eval
[200, 200, 429]
--- response_headers eval
['RateLimit-Policy: "daily";q=2;w=86400
RateLimit: "daily";r=1;t=43200
!Retry-After',
'RateLimit-Policy: "daily";q=2;w=86400
RateLimit: "daily";r=0;t=43200
!Retry-After',
'RateLimit-Policy: "daily";q=2;w=86400
RateLimit: "daily";r=0;t=43200
Retry-After: 43200']
--- no_error_log
[error]



=== TEST 5: xpecto_limit_headers - off leaves Retry-After
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z rate=1r/d;
        xpecto_limit_headers off;
        empty_gif;
    }
--- request eval
["GET /t", "GET /t"]
--- error_code eval
[200, 429]
--- response_headers eval
["!RateLimit\n!RateLimit-Policy",
 "!RateLimit\n!RateLimit-Policy\nRetry-After: 86400"]
--- no_error_log
[error]



=== TEST 6: xpecto_limit_headers - a window below a second is left out
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z rate=80r/s burst=40;
        empty_gif;
    }
--- request
GET /t
--- response_headers
RateLimit-Policy: "z";q=40
RateLimit: "z";r=39;t=1
--- no_error_log
[error]



=== TEST 7: xpecto_limit_error - Graph is the default
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z rate=1r/d policy=burst;
        empty_gif;
    }
--- request eval
["GET /t", "GET /t"]
--- error_code eval
[200, 429]
--- response_headers eval
["", "Content-Type: application/json\nCache-Control: no-store"]
--- response_body eval
[qr/GIF/, qr/^\{"error":\{"message":"\(#130429\) Rate limit hit","type":"OAuthException","code":130429,"error_data":\{"messaging_product":"whatsapp","details":"Too many requests: limit 'burst'\. Retry after 86400 seconds\."\}\}\}\n$/]
--- no_error_log
[error]



=== TEST 8: xpecto_limit_error - problem names all that are violated
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z rate=1r/d policy=a;
        xpecto_limit zone=z rate=1r/d burst=2 policy=b;
        xpecto_limit zone=z rate=2r/d policy=c;
        xpecto_limit_error problem;
        empty_gif;
    }
--- request eval
["GET /t", "GET /t"]
--- error_code eval
[200, 429]
--- response_headers eval
['RateLimit: "a";r=0;t=86400, "b";r=1;t=86400, "c";r=0;t=43200
RateLimit-Policy: "a";q=1;w=86400, "b";q=2;w=172800, "c";q=1;w=43200',
'RateLimit: "a";r=0;t=86400, "b";r=1;t=86400, "c";r=0;t=43200
Content-Type: application/problem+json
Retry-After: 86400']
--- response_body eval
[qr/GIF/, qr{^\{"type":"https://iana\.org/assignments/http-problem-types#quota-exceeded","title":"[^"]+","status":429,"violated-policies":\["a","c"\]\}\n$}]
--- no_error_log
[error]



=== TEST 9: xpecto_limit_error - text
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z rate=1r/d;
        xpecto_limit_error text;
        empty_gif;
    }
--- request eval
["GET /t", "GET /t"]
--- error_code eval
[200, 429]
--- response_headers eval
["", "Content-Type: text/plain"]
--- response_body eval
[qr/GIF/, "Too many requests: limit 'z'. Retry after 86400 seconds.\n"]
--- no_error_log
[error]



=== TEST 10: xpecto_limit_status - another status
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z rate=1r/d;
        xpecto_limit_status 503;
        xpecto_limit_error problem;
        empty_gif;
    }
--- request eval
["GET /t", "GET /t"]
--- error_code eval
[200, 503]
--- response_body eval
[qr/GIF/, qr/"status":503,/]
--- no_error_log
[error]



=== TEST 11: xpecto_limit - all or nothing
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z key=all rate=1r/d burst=3 policy=all;
        xpecto_limit zone=z key=$http_x_key rate=1r/d policy=one;
        empty_gif;
    }
--- request eval
["GET /t", "GET /t", "GET /t", "GET /t", "GET /t", "GET /t"]
--- more_headers eval
["X-Key: a", "X-Key: a", "X-Key: a", "X-Key: b", "X-Key: c", "X-Key: d"]
--- error_code eval
[200, 429, 429, 200, 200, 429]
--- response_headers eval
['RateLimit: "all";r=2;t=86400, "one";r=0;t=86400',
 'RateLimit: "all";r=2;t=86400, "one";r=0;t=86400',
 'RateLimit: "all";r=2;t=86400, "one";r=0;t=86400',
 'RateLimit: "all";r=1;t=86400, "one";r=0;t=86400',
 'RateLimit: "all";r=0;t=86400, "one";r=0;t=86400',
 'RateLimit: "all";r=0;t=86400, "one";r=1']
--- no_error_log
[error]



=== TEST 12: xpecto_limit - the plan of the tenant
--- http_config
    xpecto_tenants %%DATA%%/tenants.json;
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z;
        empty_gif;
    }
--- request eval
["GET /t", "GET /t", "GET /t", "GET /t", "GET /t", "GET /t", "GET /t"]
--- more_headers eval
["X-API-Key: key-acme", "X-API-Key: key-acme-2", "X-API-Key: key-globex",
 "X-API-Key: key-acme", "X-API-Key: key-acme", "X-API-Key: key-globex", ""]
--- error_code eval
[200, 200, 200, 200, 429, 429, 200]
--- response_headers eval
['RateLimit: "burst";r=2;t=86400
RateLimit-Policy: "burst";q=3;w=259200',
'RateLimit: "burst";r=1;t=86400', 'RateLimit: "burst";r=0;t=86400
RateLimit-Policy: "burst";q=1;w=86400',
'RateLimit: "burst";r=0;t=86400',
'Retry-After: 86400', 'Retry-After: 86400', '!RateLimit']
--- no_error_log
[error]



=== TEST 13: xpecto_limit - plan and inline together, tenant or address
--- http_config
    xpecto_tenants %%DATA%%/tenants.json;
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z;
        xpecto_limit zone=z rate=1r/d burst=2 policy=every;
        empty_gif;
    }
--- request eval
["GET /t", "GET /t", "GET /t", "GET /t", "GET /t", "GET /t"]
--- more_headers eval
["X-API-Key: key-acme", "X-API-Key: key-acme", "X-API-Key: key-acme",
 "", "X-API-Key: nobody", ""]
--- error_code eval
[200, 200, 429, 200, 200, 429]
--- response_headers eval
['RateLimit: "burst";r=2;t=86400, "every";r=1;t=86400',
 'RateLimit: "burst";r=1;t=86400, "every";r=0;t=86400',
 'RateLimit: "burst";r=1;t=86400, "every";r=0;t=86400',
 'RateLimit: "every";r=1;t=86400',
 'RateLimit: "every";r=0;t=86400', 'RateLimit: "every";r=0;t=86400']
--- no_error_log
[error]



=== TEST 14: xpecto_limit - the address that realip found in a location
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        set_real_ip_from 127.0.0.1;
        real_ip_header X-Real-IP;
        xpecto_limit zone=z rate=1r/d;
        empty_gif;
    }
--- request eval
["GET /t", "GET /t", "GET /t", "GET /t", "GET /t", "GET /t"]
--- more_headers eval
["X-Real-IP: 192.0.2.1", "X-Real-IP: 192.0.2.2", "X-Real-IP: 192.0.2.1",
 "X-Real-IP: 2001:db8:0:1::1", "X-Real-IP: 2001:db8:0:2::1",
 "X-Real-IP: 2001:db8:0:1:ffff::2"]
--- error_code eval
[200, 200, 429, 200, 200, 429]
--- no_error_log
[error]



=== TEST 15: xpecto_limit - a cost
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z rate=1r/d burst=10 cost=$arg_n;
        empty_gif;
    }
--- request eval
["GET /t?n=4", "GET /t?n=7", "GET /t?n=6", "GET /t?n=0", "GET /t?n=1",
 "GET /t?n=11"]
--- error_code eval
[200, 429, 200, 200, 429, 429]
--- response_headers eval
['RateLimit: "z";r=6;t=86400', 'RateLimit: "z";r=6;t=86400
Retry-After: 86400', 'RateLimit: "z";r=0;t=86400',
'RateLimit: "z";r=0;t=86400', 'Retry-After: 86400', '!Retry-After']
--- no_error_log
[error]



=== TEST 16: xpecto_limit - a cost that is none counts as one
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z rate=1r/d burst=3 cost=$arg_n;
        empty_gif;
    }
--- request eval
["GET /t?n=-5", "GET /t?n=x", "GET /t", "GET /t?n=-1"]
--- error_code eval
[200, 200, 200, 429]
--- grep_error_log eval
qr/\[info\].*invalid cost in zone "z", counted as 1/
--- grep_error_log_out eval
qr/invalid cost/
--- no_error_log
[error]



=== TEST 17: xpecto_limit - recipients are read first, all decided together
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_message on;
        xpecto_limit zone=z rate=1r/d burst=5 policy=people cost=recipients;
        xpecto_limit zone=z rate=1r/d burst=3 policy=calls;
        error_page 405 =200 /ok;
        empty_gif;
    }
    location = /ok {
        return 200 ok;
    }
--- request eval
['POST /t
{"to":["+919812345670","+919812345671","+919812345672"]}',
'POST /t
{"to":["+919812345670","+919812345671","+919812345672"]}',
'POST /t
{"to":"+919812345670"}']
--- more_headers
Content-Type: application/json
--- error_code eval
[200, 429, 200]
--- response_headers eval
['RateLimit: "calls";r=2;t=86400, "people";r=2;t=86400',
'RateLimit: "calls";r=2;t=86400, "people";r=2;t=86400',
'RateLimit: "calls";r=1;t=86400, "people";r=1;t=86400']
--- no_error_log
[error]



=== TEST 18: xpecto_limit - dry_run of one policy
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z rate=1r/d burst=4 policy=real;
        xpecto_limit zone=z rate=1r/d burst=2 policy=try dry_run;
        add_header X-L "$xpecto_limit_status $xpecto_limit_policy" always;
        empty_gif;
    }
--- request eval
["GET /t", "GET /t", "GET /t", "GET /t", "GET /t"]
--- error_code eval
[200, 200, 200, 200, 429]
--- response_headers eval
["X-L: PASSED real", "X-L: PASSED real", "X-L: REJECTED_DRY_RUN try
RateLimit: \"real\";r=1;t=86400",
"X-L: REJECTED_DRY_RUN try", "X-L: REJECTED real"]
--- no_error_log
[error]



=== TEST 19: xpecto_limit_dry_run - of all
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z rate=1r/d burst=2;
        xpecto_limit_dry_run on;
        add_header X-L "$xpecto_limit_status $xpecto_limit_policy $xpecto_limit_remaining $xpecto_limit_reset";
        empty_gif;
    }
--- request eval
["GET /t", "GET /t", "GET /t"]
--- error_code eval
[200, 200, 200]
--- response_headers eval
["X-L: PASSED z 1 86400", "X-L: PASSED z 0 86400",
 "X-L: REJECTED_DRY_RUN z 0 86400\n!RateLimit\n!Retry-After"]
--- no_error_log
[error]



=== TEST 20: xpecto_limit - variables
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z rate=1r/d burst=9 policy=wide;
        xpecto_limit zone=z rate=2r/d burst=2 policy=tight;
        add_header X-L "$xpecto_limit_status $xpecto_limit_policy $xpecto_limit_remaining $xpecto_limit_reset" always;
        empty_gif;
    }
    location = /u {
        add_header X-L "<$xpecto_limit_status$xpecto_limit_policy$xpecto_limit_remaining$xpecto_limit_reset>";
        empty_gif;
    }
--- request eval
["GET /t", "GET /t", "GET /t", "GET /u"]
--- error_code eval
[200, 200, 429, 200]
--- response_headers eval
["X-L: PASSED tight 1 43200", "X-L: PASSED tight 0 43200",
 "X-L: REJECTED tight 0 43200", "X-L: <>"]
--- no_error_log
[error]



=== TEST 21: xpecto_limit - an internal redirect counts once
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit zone=z rate=1r/d burst=3;
    location = /t {
        error_page 404 = /e;
        return 404;
    }
    location = /r {
        try_files /none /e;
    }
    location = /e {
        empty_gif;
    }
--- request eval
["GET /r", "GET /r", "GET /r", "GET /r"]
--- error_code eval
[200, 200, 200, 429]
--- response_headers eval
['RateLimit: "z";r=2;t=86400', 'RateLimit: "z";r=1;t=86400',
'RateLimit: "z";r=0;t=86400', 'Retry-After: 86400']
--- no_error_log
[error]



=== TEST 22: xpecto_limit - a subrequest is not counted
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit zone=z rate=1r/d burst=2;
    location = /t {
        auth_request /auth;
        mirror /auth;
        empty_gif;
    }
    location = /auth {
        internal;
        empty_gif;
    }
--- request eval
["GET /t", "GET /t", "GET /t"]
--- error_code eval
[200, 200, 429]
--- response_headers eval
['RateLimit: "z";r=1;t=86400', 'RateLimit: "z";r=0;t=86400', '']
--- no_error_log
[error]



=== TEST 23: xpecto_limit - error_page keeps what is said
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit zone=z rate=1r/d;
    error_page 429 /enough;
    location = /t {
        empty_gif;
    }
    location = /enough {
        internal;
        return 429 "enough\n";
    }
--- request eval
["GET /t", "GET /t"]
--- error_code eval
[200, 429]
--- response_headers eval
['RateLimit: "z";r=0;t=86400', 'RateLimit: "z";r=0;t=86400
Retry-After: 86400']
--- response_body eval
[qr/GIF/, "enough\n"]
--- no_error_log
[error]



=== TEST 24: xpecto_limit - a proxied answer carries the fields
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z rate=1r/d burst=2;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
    }
    location = /up {
        return 200 "up\n";
    }
--- request
GET /t
--- response_headers
RateLimit: "z";r=1;t=86400
RateLimit-Policy: "z";q=2;w=172800
--- response_body
up
--- no_error_log
[error]



=== TEST 25: xpecto_limit - HEAD has no body
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z rate=1r/d;
        empty_gif;
    }
--- request eval
["HEAD /t", "HEAD /t"]
--- error_code eval
[200, 429]
--- response_headers eval
["", "Content-Type: application/json"]
--- response_body eval
["", ""]
--- no_error_log
[error]



=== TEST 26: xpecto_limit - none is inherited where the level has its own
--- http_config
    xpecto_limit_zone z:1m;
    xpecto_limit zone=z rate=1r/d policy=outer;
--- config
    location = /outer {
        empty_gif;
    }
    location = /t {
        xpecto_limit zone=z rate=1r/d burst=3 policy=inner;
        empty_gif;
    }
--- request eval
["GET /t", "GET /t", "GET /outer", "GET /outer"]
--- error_code eval
[200, 200, 200, 429]
--- no_error_log
[error]



=== TEST 27: xpecto_limit - a policy is one in all locations of a zone
--- http_config
    xpecto_limit_zone z:1m;
    xpecto_limit_zone other:1m;
--- config
    location = /a {
        xpecto_limit zone=z rate=1r/d policy=p;
        empty_gif;
    }
    location = /b {
        xpecto_limit zone=z rate=1r/d policy=p;
        empty_gif;
    }
    location = /c {
        xpecto_limit zone=other rate=1r/d policy=p;
        empty_gif;
    }
--- request eval
["GET /a", "GET /b", "GET /c"]
--- error_code eval
[200, 429, 200]
--- no_error_log
[error]



=== TEST 28: xpecto_limit - a full zone allows by default, and counts
--- http_config
    xpecto_limit_zone z:32k;
    keepalive_requests 10000;
--- config
    error_log logs/error.log error;
    location = /t {
        xpecto_limit zone=z key=$arg_k rate=1r/d;
        empty_gif;
    }
    location = /status {
        xpecto_status;
    }
--- request
GET /t?k=0
--- fill chomp: allow
--- no_error_log
[error]



=== TEST 29: xpecto_limit - a full zone denies where it says so
--- http_config
    xpecto_limit_zone z:32k;
    keepalive_requests 10000;
--- config
    error_log logs/error.log error;
    location = /t {
        xpecto_limit zone=z key=$arg_k rate=1r/d full=deny;
        empty_gif;
    }
    location = /status {
        xpecto_status;
    }
--- request
GET /t?k=0
--- fill chomp: deny
--- no_error_log
[error]



=== TEST 30: xpecto_limit - a line of the log names policy and zone, no key
--- log_level: warn
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z key=$http_x_key rate=1r/d policy=p cost=2;
        xpecto_limit zone=z rate=1r/d burst=9 policy=q;
        empty_gif;
    }
--- request
GET /t
--- more_headers
X-Key: sesame
--- error_code: 429
--- grep_error_log eval
qr/\[warn\] \S+ \S+ limiting requests,.*?, client/
--- grep_error_log_out eval
qr/limiting requests, policy "p" of zone "z", client/
--- no_error_log
[error]
sesame



=== TEST 31: xpecto_limit - a line of the log, dry run
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z rate=1r/d policy=p cost=2 dry_run;
        empty_gif;
    }
--- request
GET /t
--- error_code: 200
--- grep_error_log eval
qr/\[warn\] \S+ \S+ limiting requests,.*?, client/
--- grep_error_log_out eval
qr/limiting requests, dry run, policy "p" of zone "z", client/
--- no_error_log
[error]



=== TEST 32: status - decisions and cells
--- http_config
    xpecto_limit_zone a:1m;
    xpecto_limit_zone b:1m;
--- config
    location = /t {
        xpecto_limit zone=a rate=1r/d burst=2;
        empty_gif;
    }
    location = /d {
        xpecto_limit zone=b rate=1r/d dry_run;
        empty_gif;
    }
    location = /status {
        xpecto_status;
    }
--- request eval
[("GET /t") x 5, ("GET /d") x 5, "GET /status"]
--- error_code eval
[(200) x 2, (429) x 3, (200) x 6]
--- response_body_like eval
[("GIF") x 2, ("130429") x 3, ("GIF") x 5,
 qr/limit_decisions_total\{result="passed"\} 3
.*result="rejected"\} 3
.*result="rejected_dry_run"\} 4
.*limit_cells_used\{zone="a"\} 1
xpecto_limit_cells_used\{zone="b"\} 1
.*limit_cells\{zone="a"\} 6\d{4}
xpecto_limit_cells\{zone="b"\} 6\d{4}
/s]
--- no_error_log
[error]



=== TEST 33: xpecto_limit - HTTP/2
--- http2
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z rate=1r/d burst=1;
        empty_gif;
    }
--- request eval
["GET /t", "GET /t"]
--- error_code eval
[200, 429]
--- response_headers eval
['RateLimit: "z";r=0;t=86400', 'Retry-After: 86400']
--- no_error_log
[error]
