# A withdrawal is on the disk before its answer: whoever is killed right after
# it, nothing comes back; and what could not be written is not said to be done.

use lib 't/lib';
use TestXpecto;
use TestRestart qw( stop start kill_all processes until_true );

use IO::Socket::INET;

my $root = $ENV{TEST_NGINX_SERVROOT};

# the workers inherit it: a file that may not grow is an error, not the end

$SIG{XFSZ} = 'IGNORE';


# right after the last byte of the answer, $then is run

sub ask ($$;$$) {
    my ($line, $cookie, $then, $body) = @_;

    $body //= '';

    my $sock = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $ENV{TEST_NGINX_PORT})
        or return '';

    print $sock "$line HTTP/1.0\r\nHost: example.com\r\nX-TLS: on\r\n"
                . "Sec-Fetch-Site: same-origin\r\nCookie: $cookie\r\n"
                . "Content-Type: application/json\r\n"
                . 'Content-Length: ' . length($body) . "\r\n\r\n$body";

    my $got = '';

    while ($got !~ /\r\n\r\n/) {
        sysread($sock, $got, 4096, length $got) or last;
    }

    $then->() if $then;
    local $/;

    return $got . (<$sock> // '');
}


sub state_of ($) {
    return ask('GET /show', shift) =~ /\r\n\r\n(.*)/ ? $1 : '';
}


sub grant () {
    return ask('POST /.xpecto/consent', 'a=1', undef,
               '{"accept":["analytics"]}') =~ /^Set-Cookie: ([^;]+)/m ? $1 : '';
}


my %checks = (

    # the workers alone: the zone lives on

    worker => sub {
        my $cookie = grant();
        my ($master, @workers) = processes();

        is state_of($cookie), 'valid 1', 'given';
        like ask('DELETE /.xpecto/consent', $cookie,
                 sub { kill KILL => @workers }),
             qr/^HTTP\S+ 204/, 'taken back, workers killed';

        until_true { my (undef, @new) = processes();
                     @new && !grep { $_ eq $workers[0] } @new };
        is state_of($cookie), 'revoked 0', 'void at the next worker';
    },

    # all of them: the file is all that is left

    all => sub {
        for my $n (1 .. 3) {
            my ($cookie, $kept) = (grant(), grant());
            my @pids = processes();

            is state_of($cookie), 'valid 1', "$n: given";
            like ask('DELETE /.xpecto/consent', $cookie,
                     sub { kill KILL => @pids }),
                 qr/^HTTP\S+ 204/, "$n: taken back, all killed";

            kill_all(@pids);
            start();
            is state_of($cookie), 'revoked 0', "$n: void after the start";
            is state_of($kept), 'valid 1', "$n: another one is not";
        }
    },

    # a file that may not grow beyond 1 KB, in the middle of a line

    disk => sub {
        stop();
        system('bash', '-c', 'ulimit -f 1 && exec "$@"', '-',
               $ENV{TEST_NGINX_BINARY}, '-p', "$root/",
               '-c', "$root/conf/nginx.conf") == 0 or die 'no start';
        until_true { state_of('a=1') };

        my ($cookie, $got);
        my $n = 0;

        do {
            $cookie = grant();
            $got = ask('DELETE /.xpecto/consent', $cookie);
        } while ($got =~ /^HTTP\S+ 204/ && ++$n < 40);

        # behind the head and the floor of a new file

        is $n, int((1024 - 67 - 48) / 47), 'as many as have room';
        like $got, qr/^HTTP\S+ 500/, 'one more is not said to be taken back';
        unlike $got, qr/^Set-Cookie/m, 'its cookie stays';
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
    access_log off;
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


chmod 0600, data_dir() . '/consent-keys';
server_name('example.com');
ends_nginx();
skip_hup('each block stops nginx');
plan_tests(21);

run_tests();

__DATA__

=== TEST 1: xpecto_consent_zone - the worker is killed after its answer
--- check: worker



=== TEST 2: xpecto_consent_zone - all are killed after the answer
--- check: all



=== TEST 3: xpecto_consent_zone - nothing can be written
--- check: disk
