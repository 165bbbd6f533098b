# What an operator may do to what the upstream wants to have left alone.

use lib 't/lib';
use TestFull qw( full_disk );
use TestXpecto;

use JSON::PP;

skip_hup('cooldowns outlive a reload');

chmod 0600, data_dir() . '/consent-keys', data_dir() . '/epochs';
full_disk(data_dir() . '/full');


# an upstream that refuses if it is asked to

our $Http = <<'END';
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_epochs %%DATA%%/epochs;
    xpecto_ledger %%LEDGER%%;
    xpecto_tenants %%DATA%%/tenants.json;
    xpecto_limit_zone z:1m;
    xpecto_limit_zone d:1m;
    xpecto_limit_zone u:1m;
    server {
        listen 127.0.0.1:%%UPSTREAM%%;
        default_type application/json;
        add_header Retry-After 600 always;
        location / {
            if ($arg_code) {
                return 400 '{"error":{"code":$arg_code}}';
            }
            return 200 'ok';
        }
    }
END

add_block_preprocessor(sub {
    my ($block) = @_;

    my %value = (UPSTREAM => $ENV{TEST_NGINX_PORT} + 1, DATA => data_dir(),
                 LEDGER => $block->file // tmp_dir() . '/ledger');

    my ($http, $config) = ($Http, <<'END');
    location /api/ {
        xpecto_message on;
        xpecto_limit_upstream zone=z;
        proxy_pass http://127.0.0.1:%%UPSTREAM%%;
    }
    location /dry/ {
        xpecto_limit_dry_run on;
        xpecto_limit_upstream zone=d;
        proxy_pass http://127.0.0.1:%%UPSTREAM%%;
    }
    location = /limits {
        xpecto_tenant off;
        xpecto_limit_api;
    }
END

    s/%%(\w+)%%/$value{$1}/g for $http, $config;

    $block->set_value('http_config', $http);
    $block->set_value('config', $config);

    # "KEY PATH BODY" a line; a path that is none is an act: "OP MEMBERS"

    my (@requests, @headers);

    for (split /\n/, $block->calls) {
        my ($key, $path, $body) = split ' ', $_, 3;

        if ($path !~ m{^/}) {
            $body = qq({"op":"$path","zone":"z",$body});
            $path = '/limits';
        }

        push @requests, defined $body ? "POST $path\n$body" : "GET $path";
        push @headers, "X-API-Key: key-$key\nContent-Type: application/json";
    }

    $block->set_value('request', \@requests);
    $block->set_value('more_headers', \@headers);
});


# the acts in the ledger, after the last request

add_response_body_check(sub {
    my ($block, $body, $req_idx) = @_;

    return unless defined $block->ledger;
    return if $req_idx < @{$block->request} - 1;

    open my $in, '<', tmp_dir() . '/ledger' or die "ledger: $!";
    my @all = <$in>;

    is_deeply([map { [@$_{'op', 'zone', 'tenant'}] }
               grep { $_->{event} eq 'limit' } map { decode_json($_) } @all],
              $block->ledger, 'acts');

    unlike(join('', @all), qr/106540352242922|4915112345678/,
           'nothing personal in clear');
});


plan_tests(110);

run_tests();

__DATA__

=== TEST 1: unban - the throughput of a number, within its tenant
--- calls
acme /api/106540352242922?code=130429
globex /api/106540352242922?code=130429
acme /api/106540352242922
acme peek "tenant":"acme","number":"106540352242922"
acme peek "tenant":"acme"
acme unban "tenant":"acme","number":"106540352242923"
acme unban "tenant":"acme"
acme /api/106540352242922
acme unban "tenant":"acme","number":"106540352242922"
acme /api/106540352242922
globex /api/106540352242922
--- error_code eval
[400, 400, 429, 200, 200, 200, 200, 429, 200, 200, 429]
--- response_body_like eval
["", "", qr/"code":130429/, qr/^\{"op":"peek","cooldowns":\{"130429":(?:600|59\d),"80007":0\}\}$/,
qr/^\{"op":"peek","banned":0,/, qr/"cooldowns":\{"130429":0,"80007":0\},"lifted":0\}/,
qr/"banned":0,/, "130429", qr/^\{"op":"unban","cooldowns":\{"130429":0,"80007":0\},"lifted":1\}$/,
"ok", "130429"]
--- ledger eval
[map { [$_, "z", "acme"] } qw( peek peek unban unban unban )]
--- no_error_log
[error]



=== TEST 2: unban - an account, of who is no tenant's
--- calls
none /api/102290129340398?code=80007
none /api/102290129340398
none unban "tenant":"acme","number":"102290129340398"
none unban "number":"102290129340398"
none /api/102290129340398
--- error_code eval
[400, 429, 200, 200, 200]
--- response_body_like eval
["80007", "80007", qr/"lifted":0/, qr/"lifted":1\}$/, "ok"]
--- ledger eval
[["unban", "z", "acme"], ["unban", "z", undef]]
--- no_error_log
[error]



=== TEST 3: unban - a pair, however its recipient is spelled
--- calls
acme /api/106540352242922/messages?code=131056 {"to":"4915112345678"}
acme /api/106540352242922/messages {"to":"+49 1511 2345678"}
acme peek "tenant":"acme","number":"106540352242922"
acme unban "tenant":"acme","number":"106540352242922","recipient":"4915112345679"
acme peek "tenant":"acme","number":"106540352242922","recipient":"4915112345678"
acme unban "tenant":"acme","number":"106540352242922","recipient":"+49 (1511) 2345678"
acme /api/106540352242922/messages {"to":"4915112345678"}
acme /api/106540352242922/messages?code=131056 {"to":"US.13491208655302741918"}
acme /api/106540352242922/messages {"to":"US.13491208655302741918"}
acme unban "tenant":"acme","number":"106540352242922","recipient":"US.13491208655302741918"
--- error_code eval
[400, 429, 200, 200, 200, 200, 200, 400, 429, 200]
--- response_body_like eval
["", "131056", qr/\{"130429":0,"80007":0\}/, qr/"131056":0,.*"lifted":0/,
qr/"cooldowns":\{"130429":0,"131056":(?:600|59\d),"80007":0\}\}/,
qr/"131056":0,.*"lifted":1\}$/, "ok", "", "131056", qr/"lifted":1\}$/]
--- ledger eval
[map { [$_, "z", "acme"] } qw( peek unban peek unban unban )]
--- no_error_log
[error]



=== TEST 4: unban - without its line in the ledger nothing is lifted
--- file eval: TestXpecto::data_dir() . '/full'
--- calls
acme /api/106540352242922?code=130429
acme unban "tenant":"acme","number":"106540352242922"
acme /api/106540352242922
--- error_code eval
[400, 503, 429]
--- no_error_log
[emerg]



=== TEST 5: unban - what cannot be meant; on trial
--- calls
acme unban "number":"106540352242922","address":"192.0.2.1"
acme peek "number":"106540352242922","tenant":"acme","policy":"burst"
acme unban "tenant":"acme","recipient":"4915112345678"
acme reset "tenant":"acme","number":"106540352242922"
acme /limits {"op":"unban","zone":"u","tenant":"acme","number":"106540352242922"}
acme /limits {"op":"unban","zone":"d","tenant":"acme","number":"106540352242922"}
--- error_code eval
[422, 422, 422, 422, 422, 200]
--- response_body_like eval
["number", "number", "recipient", qr/at number/,
qr/^\{"error":"no xpecto_limit_upstream uses zone \\"u\\""\}$/, qr/"lifted":0,"dry_run":true\}$/]
--- ledger eval
[["unban", "d", "acme"]]
--- no_error_log
[error]
