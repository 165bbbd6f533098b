# Who calls: credentials, what they may say, and the tenants file.
#
# t/data/tenants.json holds the SHA-256 of "key-acme", "key-acme-2" (tenant
# acme) and "key-globex" (tenant globex).

use lib 't/lib';
use TestXpecto;

use IO::Socket::INET;


# what the server says to one request, and a file that changes under it

sub ask ($) {
    my $key = shift;

    my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                                  PeerPort => $ENV{TEST_NGINX_PORT})
        or return "no connection";

    print $s "GET /t HTTP/1.0\r\nX-API-Key: $key\r\n\r\n";

    return join('', <$s>) =~ /^X-Who: (.*)\r$/m ? $1 : 'nobody';
}


sub until_is ($$) {
    my ($key, $who) = @_;
    my $is;

    for (1 .. 100) {
        $is = ask($key);
        return $is if $is eq $who;
        select(undef, undef, undef, 0.1);
    }

    return $is;
}


sub change ($) {
    my $edit = shift;
    my $file = "$ENV{TEST_NGINX_HTML_DIR}/tenants.json";

    open my $in, '<', $file or die "$file: $!";
    local $/;
    my $text = <$in>;
    close $in;

    $edit->() for $text;

    open my $out, '>', "$file.new" or die "$file.new: $!";
    print $out $text;
    close $out;
    rename "$file.new", $file or die "$file: $!";
}


# read again with another xpecto_tenants

sub reconfigure ($) {
    my $edit = shift;
    my $file = "$ENV{TEST_NGINX_SERVROOT}/conf/nginx.conf";

    open my $in, '<', $file or die "$file: $!";
    local $/;
    my $text = <$in>;
    close $in;

    $edit->() for $text;

    open my $out, '>', $file or die "$file: $!";
    print $out $text;
    close $out;

    open my $pid, '<', "$ENV{TEST_NGINX_SERVROOT}/logs/nginx.pid" or die $!;
    kill HUP => <$pid> + 0;
}


# a worker of the old configuration has one answer more to give

sub lingering () {
    my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                                  PeerPort => $ENV{TEST_NGINX_PORT})
        or return ok 0, 'a connection';

    print $s "GET /slow HTTP/1.0\r\n\r\n";
    sysread $s, my $first, 1;

    # the owner must be of the old configuration

    change(sub { s/"globex"/"initech"/ });
    is until_is('key-globex', 'initech/small'), 'initech/small',
       'a file is followed';

    reconfigure(sub { s/# next/xpecto_tenant unknown=401;/ });
    is until_is('nobody', 'nobody'), 'nobody', 'there are new workers';

    change(sub { s/"initech"/"hooli"/ });
    is until_is('key-globex', 'hooli/small'), 'hooli/small',
       'the new workers follow it while the old one is still there';

    close $s;
}


# it takes the old worker some time to compile what is soon not asked for

sub overtaken () {
    change(sub {
        my $more = CORE::join ', ', map {
            my $key = unpack 'H*', pack 'N8', $_, 1 .. 7;
            qq("t$_": { "plan": "small", "keys": [ "sha256:$key" ] })
        } 1 .. 40000;

        s/"globex": /"initech": /;
        s/"tenants": \{/"tenants": { $more,/;
    });

    select undef, undef, undef, 0.2;

    reconfigure(sub { s/tenants\.json reload=100ms/other.json reload=0/ });
    is until_is('key-globex', 'hooli/small'), 'hooli/small', 'another file';

    my $log = "$ENV{TEST_NGINX_SERVROOT}/logs/error.log";

    for (1 .. 200) {
        open my $in, '<', $log or die "$log: $!";
        last if grep { /worker process \d+ exited with code 0/ } <$in>;
        select undef, undef, undef, 0.1;
    }

    is ask('key-globex'), 'hooli/small',
       'and it stays when the old worker has gone';
}


# somebody writes all the time, and then no more

sub restless () {
    my $log = "$ENV{TEST_NGINX_SERVROOT}/logs/error.log";
    my @lines;

    change(sub { s/"globex"/"initech"/ });

    for (1 .. 120) {
        change(sub { $_ .= "\n" });
        select undef, undef, undef, 0.03;
    }

    open my $in, '<', $log or die "$log: $!";
    @lines = grep { /never stops changing, the previous one stays/ } <$in>;

    is scalar @lines, 1, 'it is said once';
    is ask('key-globex'), 'globex/small', 'the previous one stays';
    is until_is('key-globex', 'initech/small'), 'initech/small',
       'until it does';
}


add_response_body_check(sub {
    my ($block) = @_;

    return restless() if defined $block->restless;
    return lingering() if defined $block->lingering;
    return overtaken() if defined $block->overtaken;

    return unless defined $block->changes;

    # renamed in place: workers follow, requests see it

    change(sub { s/"globex"/"initech"/ });
    is until_is('key-globex', 'initech/small'), 'initech/small',
       'a new file is followed';

    # a bad one changes nothing and is said once

    change(sub { s/"plan": "small"/"plan": "moon"/ });

    my $log = "$ENV{TEST_NGINX_SERVROOT}/logs/error.log";
    my @lines;

    for (1 .. 100) {
        open my $in, '<', $log or die "$log: $!";
        @lines = grep { /is refused, the previous one stays/ } <$in>;
        last if @lines;
        select(undef, undef, undef, 0.1);
    }

    like $lines[0], qr/unknown plan, not growth, small at tenants\.initech\.plan, line \d+/,
         'a bad file is named with path and line';

    is ask('key-globex'), 'initech/small', 'the previous file stays';

    change(sub { s/"plan": "moon"/"plan": "growth"/ });
    is until_is('key-globex', 'initech/growth'), 'initech/growth',
       'a mended file is followed';

    open my $in, '<', $log or die "$log: $!";
    is scalar(grep { /is refused/ } <$in>), 1, 'it was said once';
});


plan_tests(88);

run_tests();

__DATA__

=== TEST 1: tenant - by X-API-Key
--- http_config
    xpecto_tenants %%DATA%%/tenants.json;
--- config
    location = /t {
        add_header X-Who "$xpecto_tenant/$xpecto_plan" always;
        empty_gif;
    }
--- request
GET /t
--- more_headers
X-API-Key: key-acme
--- response_headers
X-Who: acme/growth
--- no_error_log
[error]



=== TEST 2: tenant - by Bearer, in any case, and by a second key
--- http_config
    xpecto_tenants %%DATA%%/tenants.json;
--- config
    location = /t {
        add_header X-Who "$xpecto_tenant/$xpecto_plan" always;
        empty_gif;
    }
--- pipelined_requests eval
["GET /t", "GET /t", "GET /t"]
--- more_headers eval
["Authorization: Bearer key-globex", "authorization: bearer key-acme-2",
 "Authorization: Basic key-globex"]
--- response_headers eval
["X-Who: globex/small", "X-Who: acme/growth", "X-Who: /"]
--- no_error_log
[error]



=== TEST 3: tenant - nobody is anonymous by default, known beats unknown
--- http_config
    xpecto_tenants %%DATA%%/tenants.json;
--- config
    location = /t {
        add_header X-Who "$xpecto_tenant/$xpecto_plan" always;
        empty_gif;
    }
--- pipelined_requests eval
["GET /t", "GET /t", "GET /t"]
--- more_headers eval
["", "X-API-Key: key-acm",
 "Authorization: Bearer somebody-else\nX-API-Key: key-acme"]
--- response_headers eval
["X-Who: /", "X-Who: /", "X-Who: acme/growth"]



=== TEST 4: tenant - two credentials of different tenants
--- http_config
    xpecto_tenants %%DATA%%/tenants.json;
--- config
    location = /t {
        empty_gif;
    }
--- request
GET /t
--- more_headers
X-API-Key: key-acme
X-API-Key: key-globex
--- log_level: info
--- error_code: 400
--- response_body_like: "code":100
--- no_error_log
key-acme
key-globex



=== TEST 5: tenant - two credentials of one tenant are one
--- http_config
    xpecto_tenants %%DATA%%/tenants.json;
--- config
    location = /t {
        add_header X-Who "$xpecto_tenant" always;
        empty_gif;
    }
--- request
GET /t
--- more_headers
X-API-Key: key-acme
Authorization: Bearer key-acme-2
--- response_headers
X-Who: acme



=== TEST 6: tenant - unknown=401
--- http_config
    xpecto_tenants %%DATA%%/tenants.json;
--- config
    location = /t {
        xpecto_tenant unknown=401;
        empty_gif;
    }
--- request
GET /t
--- more_headers
X-API-Key: somebody
--- log_level: info
--- error_code: 401
--- response_headers
WWW-Authenticate: Bearer
--- response_body_like: "code":190
--- no_error_log
somebody



=== TEST 7: tenant - a configured value replaces the headers
--- http_config
    xpecto_tenants %%DATA%%/tenants.json;
--- config
    location = /t {
        xpecto_tenant $arg_key $cookie_key;
        add_header X-Who "$xpecto_tenant" always;
        empty_gif;
    }
--- request
GET /t?key=key-globex
--- more_headers
X-API-Key: key-acme
--- response_headers
X-Who: globex



=== TEST 8: tenant - off
--- http_config
    xpecto_tenants %%DATA%%/tenants.json;
    xpecto_tenant unknown=401;
--- config
    location = /t {
        xpecto_tenant off;
        add_header X-Who "$xpecto_tenant/" always;
        empty_gif;
    }
--- request
GET /t
--- more_headers
X-API-Key: key-acme
--- response_headers
X-Who: /



=== TEST 9: tenant - error_page may answer instead
--- http_config
    xpecto_tenants %%DATA%%/tenants.json;
    xpecto_tenant unknown=401;
--- config
    error_page 401 = /login;
    location = /t {
        empty_gif;
    }
    location = /login {
        internal;
        xpecto_tenant off;
        return 200 "please log in";
    }
--- request
GET /t
--- response_body chomp
please log in



=== TEST 10: tenants - followed while nginx is running
--- http_config
    xpecto_tenants $TEST_NGINX_HTML_DIR/tenants.json reload=100ms;
--- user_files
>>> tenants.json
{ "version": 1,
  "plans": {
    "growth": { "limits": [
      { "name": "burst", "kind": "rate", "rate": "1r/d", "burst": 3 } ] },
    "small": { "limits": [
      { "name": "burst", "kind": "rate", "rate": "1r/d", "burst": 1 } ] } },
  "tenants": {
    "acme": { "plan": "growth", "establishment": ["DE"], "region": "eu",
      "allow_regions": ["eu", "in"],
      "keys": [ "sha256:6371cb7a907cc8f10740229732c4b6164b285169494b85304468313513427878",
                "sha256:d1e43997b246d30446d328a20c8183ef87d6c229e4e7d6101e6a664c4fe5459b" ] },
    "globex": { "plan": "small", "establishment": ["IN"],
      "keys": [ "sha256:6434a00879acb6a4faed427b6463c32e2e5e3736404258155c408f29558d268d" ] } } }
--- config
    location = /t {
        add_header X-Who "$xpecto_tenant/$xpecto_plan" always;
        empty_gif;
    }
--- request
GET /t
--- more_headers
X-API-Key: key-globex
--- response_headers
X-Who: globex/small
--- changes



=== TEST 11: tenants - followed while an old worker is shutting down
--- http_config
    xpecto_tenants $TEST_NGINX_HTML_DIR/tenants.json reload=100ms;
    # next
--- user_files
>>> tenants.json
{ "version": 1,
  "plans": { "small": { "limits": [] } },
  "tenants": {
    "globex": { "plan": "small",
      "keys": [ "sha256:6434a00879acb6a4faed427b6463c32e2e5e3736404258155c408f29558d268d" ] } } }
--- config
    location = /t {
        add_header X-Who "$xpecto_tenant/$xpecto_plan";
        empty_gif;
    }
    location = /slow {
        xpecto_tenant off;
        limit_rate 1;
        empty_gif;
    }
--- request
GET /t
--- lingering
--- no_error_log
[alert]



=== TEST 12: tenants - an old worker does not publish over a new file
--- http_config
    xpecto_tenants $TEST_NGINX_HTML_DIR/tenants.json reload=100ms
        zone=t:64m;
--- user_files
>>> tenants.json
{ "version": 1,
  "plans": { "small": { "limits": [] } },
  "tenants": {
    "globex": { "plan": "small",
      "keys": [ "sha256:6434a00879acb6a4faed427b6463c32e2e5e3736404258155c408f29558d268d" ] } } }
>>> other.json
{ "version": 1,
  "plans": { "small": { "limits": [] } },
  "tenants": {
    "hooli": { "plan": "small",
      "keys": [ "sha256:6434a00879acb6a4faed427b6463c32e2e5e3736404258155c408f29558d268d" ] } } }
--- config
    location = /t {
        add_header X-Who "$xpecto_tenant/$xpecto_plan";
        empty_gif;
    }
--- request
GET /t
--- overtaken
--- no_error_log
[alert]



=== TEST 13: tenant - refused where an error_page has led to
--- http_config
    xpecto_tenants %%DATA%%/tenants.json;
--- config
    error_page 403 /help;
    location = /help { xpecto_tenant unknown=401; empty_gif; }
    location = /t { return 403; }
--- request
GET /t
--- error_code: 401
--- response_body_like: Invalid OAuth access token



=== TEST 14: tenant - a value that asks who calls
--- http_config
    xpecto_tenants %%DATA%%/tenants.json;
    map $xpecto_tenant $second { default $http_x_other; none ""; }
--- config
    location = /t {
        xpecto_tenant $http_x_api_key $second;
        add_header X-Who $xpecto_plan;
        empty_gif;
    }
--- request eval
["GET /t", "GET /t"]
--- more_headers
X-API-Key: key-acme
--- response_headers eval
["X-Who: growth", "X-Who: growth"]



=== TEST 15: tenant - a tab behind Bearer
--- http_config
    xpecto_tenants %%DATA%%/tenants.json;
--- config
    location = /t {
        xpecto_tenant unknown=401;
        add_header X-Who "$xpecto_tenant" always;
        empty_gif;
    }
--- pipelined_requests eval
["GET /t", "GET /t", "GET /t"]
--- more_headers eval
["Authorization: Bearer\tkey-globex", "Authorization: BEARER \t key-acme-2",
 "Authorization: Bearerkey-globex"]
--- response_headers eval
["X-Who: globex", "X-Who: acme", "X-Who: "]
--- error_code eval
[200, 200, 401]
--- no_error_log
[error]



=== TEST 16: tenant - Authorization of no scheme, or another, is no credential
--- http_config
    xpecto_tenants %%DATA%%/tenants.json;
--- config
    location = /t {
        xpecto_tenant unknown=401;
        add_header X-Who "$xpecto_tenant" always;
        empty_gif;
    }

    location = /bare {
        xpecto_tenant $http_authorization unknown=401;
        add_header X-Who "$xpecto_tenant" always;
        empty_gif;
    }
--- pipelined_requests eval
["GET /t", "GET /t", "GET /t", "GET /t", "GET /bare", "GET /bare"]
--- more_headers eval
["Authorization: key-globex", "Authorization: OAuth key-globex",
 "Authorization: Basic a2V5LWdsb2JleDo=",
 "Authorization: key-globex\nX-API-Key: key-acme",
 "Authorization: key-globex", "Authorization: Bearer key-globex"]
--- response_headers eval
["X-Who: ", "X-Who: ", "X-Who: ", "X-Who: acme", "X-Who: globex",
 "X-Who: globex"]
--- error_code eval
[401, 401, 401, 200, 200, 200]
--- no_error_log
[error]



=== TEST 17: tenants - a file that never stops changing
--- http_config
    xpecto_tenants $TEST_NGINX_HTML_DIR/tenants.json reload=100ms;
--- user_files
>>> tenants.json
{ "version": 1,
  "plans": {
    "growth": { "limits": [
      { "name": "burst", "kind": "rate", "rate": "1r/d", "burst": 3 } ] },
    "small": { "limits": [
      { "name": "burst", "kind": "rate", "rate": "1r/d", "burst": 1 } ] } },
  "tenants": {
    "acme": { "plan": "growth", "establishment": ["DE"], "region": "eu",
      "allow_regions": ["eu", "in"],
      "keys": [ "sha256:6371cb7a907cc8f10740229732c4b6164b285169494b85304468313513427878",
                "sha256:d1e43997b246d30446d328a20c8183ef87d6c229e4e7d6101e6a664c4fe5459b" ] },
    "globex": { "plan": "small", "establishment": ["IN"],
      "keys": [ "sha256:6434a00879acb6a4faed427b6463c32e2e5e3736404258155c408f29558d268d" ] } } }
--- config
    location = /t {
        add_header X-Who "$xpecto_tenant/$xpecto_plan" always;
        empty_gif;
    }
--- request
GET /t
--- more_headers
X-API-Key: key-globex
--- response_headers
X-Who: globex/small
--- restless
