# The API in a worker that has not met a policy yet: a calendar is followed by
# who looks, too.

use lib 't/lib';
use TestXpecto;
use TestRestart;

use IO::Socket::INET;

chmod 0600, data_dir() . '/consent-keys', data_dir() . '/epochs';


sub peek () {
    my $body = '{"op":"peek","zone":"z","policy":"day","key":"a"}';
    my $sock = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $ENV{TEST_NGINX_PORT})
        or return '';

    print $sock join "\r\n", 'POST /limits HTTP/1.0',
        'Content-Type: application/json', 'Content-Length: ' . length $body,
        '', $body;
    local $/;

    return <$sock> || '';
}


add_response_body_check(sub {
    my ($master, @workers) = processes();

    ask('/t', 'X-Key: a') for 1 .. 2;

    like peek(), qr/"remaining":2,.*"reset":\d/, 'three are used';

    kill KILL => @workers;
    until_true { my (undef, $new) = processes(); $new && $new != $workers[0] };

    like peek(), qr/"remaining":2,.*"reset":\d/, 'and so they are for others';
});


skip_hup('limits outlive a reload');

plan_tests(3);

run_tests();

__DATA__

=== TEST 1: peek - a day that this worker has not seen
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_epochs %%DATA%%/epochs;
    xpecto_ledger %%TMP%%/ledger;
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z kind=quota count=5 per=day key=$http_x_key
                     policy=day;
        empty_gif;
    }
    location = /limits {
        xpecto_limit_api;
    }
--- request
GET /t
--- more_headers
X-Key: a
