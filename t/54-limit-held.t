# Requests under way: a limit of those that are open at once, and what becomes
# of those that end in other ways than an answer.

use lib 't/lib';
use TestXpecto;

use IO::Socket::INET;
use Time::HiRes qw( sleep time );


my @open;


sub status {
    my ($path) = @_;

    my $sock = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $ENV{TEST_NGINX_PORT})
        or die "connect: $!";

    print $sock "GET $path HTTP/1.0\r\nX-API-Key: key-open\r\n\r\n";

    my ($status) = (<$sock> // '') =~ / (\d+)/;

    return wantarray ? ($status, $sock) : $status;
}


# a request that stays under way; the one before may not be over yet

sub hold {
    for (1 .. 150) {
        my ($status, $sock) = status('/slow');
        return $sock if $status == 200;
        sleep 0.02;
    }

    die 'no slot is free';
}


# until it is so, 3 seconds at most

sub soon {
    my ($what) = @_;

    for (1 .. 150) {
        return 1 if $what->();
        sleep 0.02;
    }

    return 0;
}


add_response_body_check(sub {
    my ($block) = @_;

    @open = map { hold() } 1, 2;

    is scalar(status('/')), 429, 'two are open: no third';

    my $how = $block->ends;

    if ($how eq 'abort') {
        close $_ for @open;
        ok soon(sub { status('/') == 200 }), 'free once they were aborted';

    } else {
        my $begin = time;

        open my $pipe, '-|', 'pgrep', '-P',
            do { local (@ARGV, $/) = Test::Nginx::Util::server_root()
                                     . '/logs/nginx.pid'; <> =~ /(\d+)/; $1 };
        kill KILL => map { /(\d+)/ } <$pipe>;

        ok soon(sub { (eval { status('/') } // 0) == 200 }),
           'free once the workers were killed';
        cmp_ok time - $begin, '<', 2, 'within a second, or two here';
    }
});


add_block_preprocessor(sub {
    my ($block) = @_;

    $block->set_value('http_config', <<'_EOC_');
    xpecto_tenants %%DATA%%/tenants-scopes.json;
    xpecto_limit_zone z:1m;
_EOC_

    $block->set_value('config', <<'_EOC_');
    location = / {
        xpecto_limit zone=z;
        empty_gif;
    }

    location = /slow {
        xpecto_limit zone=z;
        limit_rate 1;
        limit_rate_after 500;
        alias %%DATA%%/tenants-scopes.json;
    }
_EOC_
});


two_workers();
skip_hup('limits outlive a reload');

plan_tests(11);

run_tests();

__DATA__

=== TEST 1: concurrency - a client that goes away
--- more_headers
X-API-Key: key-open
--- ends: abort
--- response_headers
RateLimit-Policy: "open";q=2;qu="concurrent-requests"
RateLimit: "open";r=1
--- no_error_log
[error]



=== TEST 2: concurrency - workers that are killed hold nothing
--- more_headers
X-API-Key: key-open
--- ends: kill
--- response_headers
RateLimit: "open";r=1
