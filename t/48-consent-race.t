# If-Match: of those who know one choice and change it, one does.

use lib 't/lib';
use TestXpecto;
use XpectoApi;
use XpectoToken;

use IO::Select;
use IO::Socket::INET;


our $Now = time;
our @Change = ("PUT", '{"accept":["functional"],"reject":["*"]}');


# a connection with the head of a request, up to its body

sub begin {
    my ($id, $etag, $method, $body, @more) = @_;

    my $sock = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $ENV{TEST_NGINX_PORT})
        or die "connect: $!\n";

    my $cookie = token(created => $Now - 60, updated => $Now - 60,
                       id => $id);

    print $sock join "\r\n", "$method /.xpecto/consent HTTP/1.1",
        'Host: example.com', 'X-TLS: on', 'Connection: close',
        split(/\n/, $Json), 'Content-Length: ' . length $body,
        "Cookie: $cookie", ($etag ? "If-Match: $etag" : ()), @more, '', '';

    return $sock;
}


# its status; 0: none

sub status ($) {
    my $sock = shift;

    return 0 unless IO::Select->new($sock)->can_read(20);

    local $/;
    my $answer = <$sock> // '';
    $answer =~ s{^HTTP/1\.1 100.*?\r\n\r\n}{}s;
    close $sock;

    return $answer =~ m{^HTTP/1\.1 (\d+)} ? $1 : 0;
}


sub known () {
    return etag(state(updated => $Now - 60));
}


sub one ($) {
    return pack 'N4', 7, 7, 7, shift;
}


my %checks = (

    # the one who asks first is slower

    slow => sub {
        my $n = 1;

        for my $method (qw( PUT POST )) {
            my @first = (one($n++), known(), $method, $Change[1]);

            my $slow = begin(@first, 'Expect: 100-continue');
            sysread $slow, my $go, 25;
            like $go, qr/^HTTP\S+ 100/, "$method waits for its body";

            my $fast = begin(@first);
            print $fast $Change[1];
            is status($fast), 200, 'another one does not';

            print $slow $Change[1];
            is status($slow), 412, 'and is the one';
        }

        # without the condition the last one wins, as it says

        my @first = (one($n++), undef, @Change);
        my $slow = begin(@first, 'Expect: 100-continue');
        sysread $slow, my $go, 25;
        my $fast = begin(@first);

        print $fast $Change[1];
        is status($fast), 200, 'without If-Match';
        print $slow $Change[1];
        is status($slow), 200, 'both are taken';
    },

    # what is withdrawn while a body is waited for is not given again

    late => sub {
        my @first = (one(1), undef, 'POST', '{"accept":["functional"]}');

        my $slow = begin(@first, 'Expect: 100-continue');
        sysread $slow, my $go, 25;

        my $fast = begin(one(1), undef, 'DELETE', '');
        is status($fast), 204, 'withdrawn';

        print $slow $first[3];
        my $answer = do { local $/; <$slow> };

        like $answer, qr{^HTTP/1\.1 200.*"functional":\{"granted":true}s,
             'what the body asks for is';
        like $answer, qr{"analytics":\{"granted":false}, 'and no more';
    },

    # both at once

    together => sub {
        my %seen;

        for my $n (1 .. 300) {
            my @socks = map { begin(one(1000 + $n), known(), @Change) } 1 .. 4;

            print $_ $Change[1] for @socks;

            $seen{join ' ', sort map { status $_ } @socks}++;
        }

        is_deeply \%seen, { '200 412 412 412' => 300 },
                  'one of four, each time';
    },

    # whose change changes nothing has not lost, nor has who comes back

    again => sub {
        my @same = ('PUT', '{"accept":["analytics"],"reject":["*"]}');

        for (1 .. 2) {
            my $sock = begin(one(1), known(), @same);
            print $sock $same[1];
            is status($sock), 200, 'the same choice';
        }

        my $sock = begin(one(1), known(), 'DELETE', '');
        is status($sock), 204, 'and its end';

        $sock = begin(one(1), known(), 'DELETE', '');
        is status($sock), 412, 'once';
    },
);


add_response_body_check(sub {
    my ($block) = @_;

    $checks{$block->check}->() if defined $block->check;
});


add_block_preprocessor(sub {
    my ($block) = @_;

    $block->set_value('request', 'GET /.xpecto/consent');
});


server_name('example.com');
two_workers();
skip_hup('what was taken back outlives a reload');
plan_tests(24);
run_tests();

__DATA__

=== TEST 1: If-Match - the choice changes while a body is waited for
--- http_config
    xpecto_consent_cookie secure=$http_x_tls;
    xpecto_consent_zone revoked:1m;
--- check: slow
--- no_error_log
[error]



=== TEST 2: If-Match - at two workers at once
--- http_config
    xpecto_consent_cookie secure=$http_x_tls;
    xpecto_consent_zone revoked:1m;
--- check: together
--- no_error_log
[error]



=== TEST 3: If-Match - where nothing was changed
--- http_config
    xpecto_consent_cookie secure=$http_x_tls;
    xpecto_consent_zone revoked:1m;
--- check: again
--- no_error_log
[error]



=== TEST 4: POST - a withdrawal while a body is waited for
--- http_config
    xpecto_consent_cookie secure=$http_x_tls;
    xpecto_consent_zone revoked:1m;
--- check: late
--- no_error_log
[error]
