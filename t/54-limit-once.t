# A request counts once, whatever becomes of it: subrequests, redirects,
# HTTP/2, clients that go away, upstreams that fail.  Of each kind of limit
# five may pass, or three be under way; no period ends while a test runs.

use lib 't/lib';
use TestXpecto;

use IO::Socket::INET;
use IO::Socket::UNIX;
use Time::HiRes qw( sleep );


my @kinds = qw( rate window sliding quota pair each unique );
my $to;


# each time somebody else where different ones are counted

sub body ($) {
    my ($kind) = @_;

    return sprintf '{"type":"text","to":"+1415555%04d"}',
                   $kind eq 'unique' ? ++$to : 0;
}


# HTTP/1.0; rate: the answer is slow behind its first 500 bytes

sub start ($$;$) {
    my ($kind, $path, $rate) = @_;
    my $body = body($kind);

    my $sock = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $ENV{TEST_NGINX_PORT})
        or die "connect: $!";

    print $sock join "\r\n", "POST $path HTTP/1.0", "X-API-Key: once-$kind",
                             'X-Rate: ' . ($rate // 0),
                             'Content-Type: application/json',
                             'Content-Length: ' . length $body, '', $body;
    return $sock;
}


sub head ($) {
    my ($sock) = @_;
    my $head = '';

    while (my $line = <$sock>) {
        last if $line eq "\r\n";
        $head .= $line;
    }

    return { status => $head =~ m{^HTTP/1\.1 (\d+)},
             left => $head =~ /^RateLimit: "n";r=(\d+)/m };
}


sub ask ($$) {
    my $sock = start($_[0], $_[1]);
    my $head = head($sock);

    local $/;
    my $rest = <$sock>;

    return $head;
}


# HTTP/2, as far as it is needed: fields as literals, no window that fills up

sub frame ($$$$) {
    my ($type, $flags, $stream, $payload) = @_;

    return substr(pack('N', length $payload), 1)
           . pack('CCN', $type, $flags, $stream) . $payload;
}


sub connection () {
    my $sock = IO::Socket::UNIX->new(Peer => tmp_dir . '/h2.sock')
        or die "connect: $!";

    print $sock "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", frame(4, 0, 0, '');

    return $sock;
}


sub stream ($$$$;$) {
    my ($sock, $stream, $kind, $path, $rate) = @_;
    my $body = body($kind);
    my @fields = (':method', 'POST', ':scheme', 'http', ':path', $path,
                  ':authority', 'h', 'x-api-key', "once-$kind",
                  'x-rate', $rate // 0, 'content-type', 'application/json',
                  'content-length', length $body);

    print $sock frame(1, 4, $stream, pack '(C(C/a)2)*',
                      map { (0, @fields[2 * $_, 2 * $_ + 1]) } 0 .. 7),
                frame(0, 1, $stream, $body);
}


# of so many streams, as they come: the first field is the status

sub statuses ($$) {
    my ($sock, $n) = @_;
    my @statuses;

    while (@statuses < $n) {
        read $sock, my $head, 9 or die 'no frame';

        my ($high, $low, $type) = unpack 'CnC', $head;
        my $payload = '';

        read $sock, $payload, $high << 16 | $low;
        next unless $type == 1;

        $payload =~ s/^[\x20-\x3f]//;
        push @statuses, $payload =~ /^\x88/ ? 200
                        : $payload =~ /^[\x08\x48]\x03(\d+)/ ? $1
                        : $payload =~ /^[\x08\x48]\x82/ ? 'other' : 'none';
    }

    return join ' ', sort @statuses;
}


# until it is so, 3 seconds at most

sub soon (&) {
    my ($what) = @_;

    for (1 .. 150) {
        return 1 if $what->();
        sleep 0.02;
    }

    return 0;
}


# four have passed: one is left, and then none

sub four ($) {
    my ($kind) = @_;
    my $last = ask($kind, '/end/messages');
    my $more = ask($kind, '/end/messages');

    # another recipient than before has all five

    return "$last->{status} $last->{left} $more->{status}";
}


my %way = (

    requests => sub {
        my ($path) = @_;

        for my $kind (@kinds) {
            my @four = map { ask($kind, $path)->{status} } 1 .. 4;

            is "@four", '200 200 200 200', "$kind: four";
            is four($kind), '200 0 429', "$kind: and one more";
            is ask($kind, $path)->{status}, 429, "$kind: none this way";
        }

        my $sock = start('open', $path, 1);

        is head($sock)->{status}, 200, 'concurrency: under way';
        is ask('open', '/end/messages')->{left}, 1, 'one, and who asks';
        close $sock;
        ok soon { ask('open', '/end/messages')->{left} == 2 }, 'and none';
    },

    http2 => sub {
        my ($path) = @_;

        for my $kind (@kinds) {
            my $sock = connection();

            for (1 .. 4) {
                stream($sock, 2 * $_ - 1, $kind, $path);
                is statuses($sock, 1), 200, "$kind: one of four";
            }

            is four($kind), '200 0 429', "$kind: and one more";
        }
    },

    streams => sub {
        my ($path) = @_;

        for my $kind (@kinds) {
            my $sock = connection();

            stream($sock, 2 * $_ - 1, $kind, $path) for 1 .. 7;
            is statuses($sock, 7), '200 200 200 200 200 429 429',
               "$kind: five of seven at once";
        }
    },

    reset => sub {
        my ($path) = @_;

        for my $kind (@kinds) {
            my $sock = connection();

            for (map { 2 * $_ - 1 } 1 .. 4) {
                stream($sock, $_, $kind, $path, 1);
                is statuses($sock, 1), 200, "$kind: one of four";
                print $sock frame(3, 0, $_, pack 'N', 8);
            }

            is four($kind), '200 0 429', "$kind: and one more";
        }

        my $sock = connection();

        stream($sock, 1, 'open', $path, 1);
        is statuses($sock, 1), 200, 'concurrency: under way';
        is ask('open', '/end/messages')->{left}, 1, 'one, and who asks';

        print $sock frame(3, 0, 1, pack 'N', 8);
        ok soon { ask('open', '/end/messages')->{left} == 2 },
           'and none, while the connection is open';
    },

    # in the middle of the answer

    close => sub {
        my ($path) = @_;

        for my $kind (@kinds) {
            for (1 .. 4) {
                my $sock = start($kind, $path, 1);
                is head($sock)->{status}, 200, "$kind: one of four";
                close $sock;
            }

            is four($kind), '200 0 429', "$kind: and one more";
        }
    },

    # before there is any: the upstream has the request, and is silent

    silent => sub {
        my ($path) = @_;
        my $file = tmp_dir . '/silent.sock';

        my $silent = IO::Socket::UNIX->new(Local => $file, Listen => 8)
            or die "$file: $!";

        chmod 0666, $file;

        for my $kind (@kinds) {
            for (1 .. 4) {
                my $sock = start($kind, $path);
                my $up = $silent->accept;

                close $sock;
                1 while sysread $up, my $buf, 4096;
            }

            is four($kind), '200 0 429', "$kind: four, and one more";
        }

        my $sock = start('open', $path);
        my $up = $silent->accept;

        is ask('open', '/end/messages')->{left}, 1, 'one, and who asks';
        close $sock;
        ok soon { ask('open', '/end/messages')->{left} == 2 }, 'and none';
    },

    # of a body that does not come nobody knows to whom it would have gone

    half => sub {
        my ($path) = @_;

        for my $kind (@kinds) {
            my $sock = IO::Socket::INET->new(
                PeerAddr => '127.0.0.1', PeerPort => $ENV{TEST_NGINX_PORT})
                or die "connect: $!";

            print $sock "POST $path HTTP/1.0\r\nX-API-Key: once-$kind\r\n"
                        . "Content-Type: application/json\r\n"
                        . "Content-Length: 99\r\n\r\n" . body($kind);
            shutdown $sock, 1;

            my $left = do { local $/; <$sock> };
            my $paid = $kind =~ /^(pair|each|unique)$/ ? 0 : 1;

            is ask($kind, '/end/messages')->{left}, 4 - $paid,
               "$kind: $paid of half a request";
        }
    },
);


add_response_body_check(sub {
    my ($block) = @_;

    $to = 0;
    $way{$block->way}->($block->path);
});


add_block_preprocessor(sub {
    my ($block) = @_;

    $block->set_value('http_config', <<'_EOC_');
    xpecto_tenants %%DATA%%/tenants-once.json;
    xpecto_limit_zone z:1m unique=128k;

    upstream next {
        server unix:%%TMP%%/down.sock max_fails=0;
        server unix:%%TMP%%/down.sock max_fails=0;
        server unix:%%TMP%%/up.sock backup;
    }

    server {
        listen unix:%%TMP%%/down.sock;
        return 503;
    }

    server {
        listen unix:%%TMP%%/up.sock;
        default_type text/html;
        set $s "0123456789012345678901234567890123456789";
        set $s "$s$s$s$s$s";
        set $s "$s$s$s$s$s";

        location / { return 200 $s; }
        location /ssi/ { return 200 '<!--#include virtual="/sub" -->$s'; }
        location /error/ { return 404; }
        location /accel/ {
            add_header X-Accel-Redirect /end/messages;
            return 200;
        }
    }
_EOC_

    $block->set_value('config', <<'_EOC_');
    listen unix:%%TMP%%/h2.sock; http2 on;

    xpecto_message on;
    xpecto_limit zone=z;
    limit_rate $http_x_rate;
    limit_rate_after 500;
    set $up http://unix:%%TMP%%/up.sock;

    location /end/ { proxy_pass $up:; }
    location /silent/ { proxy_pass http://unix:%%TMP%%/silent.sock; }
    location /sub { proxy_pass $up:; }
    location /auth/ { auth_request /sub; proxy_pass $up:; }
    location /mirror/ { mirror /sub; proxy_pass $up:; }
    location /ssi/ { ssi on; proxy_pass $up:; }
    location /next/ {
        proxy_next_upstream http_503 non_idempotent;
        proxy_pass http://next;
    }
    location /try/ { try_files /none /end/messages; }
    location /accel/ { proxy_pass $up:; }
    location /error/ {
        error_page 404 =200 /end/messages;
        proxy_intercept_errors on;
        proxy_pass $up:;
    }
    location /named/ {
        error_page 404 =200 @end;
        proxy_intercept_errors on;
        proxy_pass $up:/error/;
    }
    location @end { proxy_pass $up:; }
_EOC_

    $block->set_value('request', 'GET /none');
    $block->set_value('error_code', 404);
});


two_workers();
skip_hup('limits outlive a reload');
no_root_location();

plan_tests(373);

run_tests();

__DATA__

=== TEST 1: once - auth_request
--- way: requests
--- path: /auth/messages



=== TEST 2: once - mirror
--- way: requests
--- path: /mirror/messages



=== TEST 3: once - ssi
--- way: requests
--- path: /ssi/messages



=== TEST 4: once - try_files
--- way: requests
--- path: /try/messages



=== TEST 5: once - X-Accel-Redirect
--- way: requests
--- path: /accel/messages



=== TEST 6: once - error_page
--- way: requests
--- path: /error/messages



=== TEST 7: once - error_page, a named location
--- way: requests
--- path: /named/messages



=== TEST 8: once - HTTP/2
--- way: http2
--- path: /end/messages



=== TEST 9: once - HTTP/2, a subrequest and a redirect
--- way: http2
--- path: /try/messages



=== TEST 10: once - HTTP/2, at once
--- way: streams
--- path: /end/messages



=== TEST 11: once - HTTP/2, streams that are reset
--- way: reset
--- path: /end/messages



=== TEST 12: once - clients that go away
--- way: close
--- path: /end/messages



=== TEST 13: once - clients that do not wait
--- way: silent
--- path: /silent/messages



=== TEST 14: once - half a body
--- way: half
--- path: /end/messages



=== TEST 15: once - upstreams that are asked one after the other
--- way: requests
--- path: /next/messages
