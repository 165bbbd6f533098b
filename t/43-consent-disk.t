# A withdrawal waits for the disk before its answer, and once more when that
# has failed: what is said to be taken back is on the disk.

use lib 't/lib';
use TestXpecto;
use TestMemory;
use TestRestart qw( content stop start );

use IO::Socket::INET;
use Test::More ();

my $file = tmp_dir() . '/revoked';


# the answer, and how many times the worker had waited when it was there

sub ask ($$;$) {
    my ($line, $cookie, $body) = @_;

    $body //= '';

    my $sock = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $ENV{TEST_NGINX_PORT})
        or return ('', 0);

    my $before = syncs;

    print $sock "$line HTTP/1.0\r\nHost: example.com\r\nX-TLS: on\r\n"
                . "Sec-Fetch-Site: same-origin\r\nCookie: $cookie\r\n"
                . "Content-Type: application/json\r\n"
                . 'Content-Length: ' . length($body) . "\r\n\r\n$body";

    sysread $sock, my $got, 4096;
    my $waited = syncs() - $before;
    local $/;

    return ($got . (<$sock> // ''), $waited);
}


sub state_of ($) {
    return (ask 'GET /show', shift)[0] =~ /\r\n\r\n(.*)/ ? $1 : '';
}


sub grant () {
    return (ask 'POST /.xpecto/consent', 'a=1', '{"accept":["analytics"]}')[0]
           =~ /^Set-Cookie: ([^;]+)/m ? $1 : '';
}


sub withdraw ($) {
    return ask 'DELETE /.xpecto/consent', shift;
}


my %checks = (

    waits => sub {
        my $cookie = grant();
        my ($got, $waited) = withdraw($cookie);

        like $got, qr/^HTTP\S+ 204/, 'taken back';
        is $waited, 1, 'behind the disk';

        ($got, $waited) = withdraw($cookie);
        like $got, qr/^HTTP\S+ 204/, 'once more';
        is $waited, 0, 'which is on the disk already';

        $cookie = grant();
        ($got, $waited) = ask 'POST /.xpecto/consent', $cookie,
                              '{"accept":["functional"]}';
        like $got, qr/^HTTP\S+ 200.*^Set-Cookie/ms, 'replaced';
        is $waited, 1, 'behind the disk, too';

        my ($other, $bad) = (grant(), '{"accept":["functional","x"]}');

        for my $line ('POST', 'PUT') {
            ($got, $waited) = ask "$line /.xpecto/consent", $other, $bad;
            like $got, qr/^HTTP\S+ 422/, "$line: not understood";
            is $waited, 0, "$line: nothing was written";
            is state_of($other), 'valid 1', "$line: and nothing is void";
        }
    },

    fails => sub {
        my ($cookie, $kept) = (grant(), grant());

        fail_sync 1;

        my ($got) = withdraw($cookie);

        like $got, qr/^HTTP\S+ 500/, 'not said to be taken back';
        unlike $got, qr/^Set-Cookie/m, 'its cookie stays';
        is state_of($cookie), 'revoked 0', 'yet it is void as long as we run';
        is state_of($kept), 'valid 1', 'another one is not';

        # whatever became of the line, it is written again

        my $size = -s $file;

        ($got, my $waited) = withdraw($cookie);
        like $got, qr/^HTTP\S+ 204/, 'asked once more, taken back';
        is $waited, 1, 'behind the disk';
        cmp_ok -s $file, '>', $size, 'with a line of its own';

        stop();
        start();
        is state_of($cookie), 'revoked 0', 'void after a restart';
        is state_of($kept), 'valid 1', 'another one is not';
    },
);


add_response_body_check(sub {
    eval { $checks{shift->check}->(); 1 } or fail $@;
});


add_block_preprocessor(sub {
    my ($block) = @_;

    $block->set_value('http_config', <<'_EOC_');
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_consent_cookie secure=$http_x_tls;
    xpecto_consent_zone revoked:1m persist=%%TMP%%/revoked;
_EOC_
    $block->set_value('config', <<'_EOC_');
    xpecto_consent on;
    location /show {
        return 200 "$xpecto_consent_state $xpecto_consent_analytics";
    }
    location /up {
        return 200;
    }
    location = /.xpecto/consent {
        xpecto_consent_api;
    }
_EOC_
    $block->set_value('request', 'GET /show');
});


loads_allocator();
chmod 0600, data_dir() . '/consent-keys';
server_name('example.com');
skip_hup('the library is loaded when nginx starts');
plan_tests(24);

run_tests();

__DATA__

=== TEST 1: xpecto_consent_zone - an answer waits for the disk
--- check: waits



=== TEST 2: xpecto_consent_zone - the disk does not answer
--- check: fails
--- error_log
cannot be written
