# Limits over a reload, a change of the zone's size, a worker that dies.

use lib 't/lib';
use TestXpecto;

use IO::Socket::INET;


my $conf = "$ENV{TEST_NGINX_SERVROOT}/conf/nginx.conf";


# what the server says: its status, a header

sub ask ($$;$) {
    my ($key, $header, $path) = @_;

    my $sock = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $ENV{TEST_NGINX_PORT})
        or return 'no connection';

    $path ||= '/t';
    print $sock "GET $path HTTP/1.0\r\nX-Key: $key\r\n\r\n";
    local $/;
    my $answer = <$sock> || '';

    return $answer =~ m{^HTTP/1\.1 (\d+)} ? $1 : 'none' if $header eq 'status';
    return $answer =~ /^\Q$header\E: ([^\r\n]*)/m ? $1 : 'none';
}


# nginx.conf is changed and read again; who answers has the new one

sub reload ($) {
    my $edit = shift;

    open my $in, '<', $conf or die "$conf: $!";
    local $/;
    my $text = <$in>;
    close $in;

    my ($n) = $text =~ /X-Conf (\d+)/;
    my $next = $n + 1;

    $text =~ s/X-Conf $n/X-Conf $next/;
    $edit->() for $text;

    open my $out, '>', $conf or die "$conf: $!";
    print $out $text;
    close $out;

    open my $pid, '<', "$ENV{TEST_NGINX_SERVROOT}/logs/nginx.pid" or die $!;
    kill HUP => <$pid> + 0;

    # for a tenth of a second the old workers are still there

    my $seen = 0;

    for (1 .. 400) {
        $seen = ask('none', 'X-Conf', '/conf') eq $next ? $seen + 1 : 0;
        return 1 if $seen == 6;
        select(undef, undef, undef, 0.05);
    }

    return 0;
}


my %steps = (
    same => sub {
        is ask('a', 'RateLimit'), '"z";r=2;t=86400', 'one is used';
        ok reload(sub { }), 'read again';
        is ask('a', 'RateLimit'), '"z";r=1;t=86400', 'two are used';
        ok reload(sub { }), 'read again';
        like ask('a', 'RateLimit'), qr{^"z";r=0;t=(?:86400|863\d\d)$},
             'three are used';
        is ask('a', 'status'), 429, 'that is all';
        is ask('b', 'status'), 200, 'another key';
    },

    rate => sub {
        is ask('a', 'status'), 200, "$_ of 4" for 1 .. 4;
        is ask('a', 'Retry-After'), 43200, 'that is all';

        # what was used stays used, as under a plan: four of five

        ok reload(sub { s/rate=2r\/d burst=4/rate=1r\/d burst=6/ }), 'read again';
        is ask('a', 'RateLimit'), '"z";r=1;t=86400', 'five of six';
        is ask('a', 'status'), 200, 'six of six';
        is ask('a', 'status'), 429, 'that is all';
        is ask('b', 'RateLimit'), '"z";r=5;t=86400', 'another key';

        # what is owed is owed by the later numbers too, through both steps

        ok reload(sub { s/burst=6/burst=6 inherit=proportional/ }), 'how';
        ok reload(sub { s/burst=6/burst=12/ }), 'twice as much';
        is ask('a', 'status'), 429, 'twelve of twelve';
        like ask('b', 'RateLimit'), qr/"z";r=9;/, 'two of twelve, and one';

        ok reload(sub { s/burst=12 inherit=proportional/burst=3 inherit=reset/ }),
           'anew';
        is ask('a', 'RateLimit'), '"z";r=2;t=86400', 'nothing was used';
    },

    count => sub {
        is ask('a', 'status'), 200, "$_ of 10" for 1 .. 6;

        ok reload(sub { s/count=10 per=month/count=7 per=month/ }), 'fewer';
        is ask('a', 'status'), 200, '7 of 7';
        is ask('a', 'status'), 429, 'that is all';

        ok reload(sub { s/count=7 per=month/count=1000000 per=month cost=2/ }),
           'more';
        like ask('a', 'RateLimit'), qr/"z";r=999991;/, '7 and 2 are used';

        ok reload(sub { s/kind=quota count=1000000 per=month/rate=1r\/d burst=4/ }),
           'another kind';
        is ask('a', 'RateLimit'), '"z";r=2;t=86400', 'is another policy';
    },

    size => sub {
        is scalar(grep { ask($_, 'status') == 200 } 1 .. 300), 300, '300 keys';
        ok reload(sub { s/z:1m/z:4m/ }), 'larger';
        is scalar(grep { ask($_, 'status') == 429 } 1 .. 300), 300, 'all known';
        ok reload(sub { s/z:4m/z:64k/ }), 'smaller';
        is scalar(grep { ask($_, 'status') == 429 } 1 .. 300), 300, 'all known';
        is ask('new', 'status'), 200, 'a new one';
        ok reload(sub { }), 'the same';
        is scalar(grep { ask($_, 'status') == 429 } 1 .. 300), 300, 'all known';
    },

    small => sub {
        my $sock = IO::Socket::INET->new(
            PeerAddr => '127.0.0.1', PeerPort => $ENV{TEST_NGINX_PORT});

        for (1 .. 2500) {
            print $sock "HEAD /t HTTP/1.1\r\nHost: a\r\n\r\n";
            while (defined(my $line = <$sock>)) { last if $line eq "\r\n" }
        }

        ok reload(sub { s/z:1m/z:32k/ }), 'smaller';
    },

    failed => sub {
        is ask('a', 'status'), 200, 'one';

        open my $in, '<', $conf or die "$conf: $!";
        local $/;
        my $text = <$in>;
        my $bad = $text;
        $bad =~ s/z:1m;/z:2m; xpecto_limit zone=none rate=1r\/s;/;

        open my $out, '>', $conf or die "$conf: $!";
        print $out $bad;
        close $out;

        open my $pid, '<', "$ENV{TEST_NGINX_SERVROOT}/logs/nginx.pid" or die $!;
        kill HUP => <$pid> + 0;

        my $log = "$ENV{TEST_NGINX_SERVROOT}/logs/error.log";
        my $said = 0;

        for (1 .. 100) {
            open my $lines, '<', $log or die "$log: $!";
            last if $said = (<$lines> =~ /unknown zone "none"/);
            select(undef, undef, undef, 0.05);
        }

        ok $said, 'it is refused';
        is ask('a', 'status'), 200, 'two';
        is ask('a', 'status'), 429, 'that is all';

        open $out, '>', $conf or die "$conf: $!";
        print $out $text;
        close $out;

        ok reload(sub { s/z:1m/z:2m/ }), 'a good one';
        is ask('a', 'status'), 429, 'that is still all';
    },

    killed => sub {
        is ask('a', 'status'), 200, 'one';

        my $pid = ask('a', 'X-Conf', '/conf');
        kill KILL => $pid;

        for (1 .. 200) {
            last if ask('a', 'X-Conf', '/conf') =~ /^(?!$pid$)\d+$/;
            select(undef, undef, undef, 0.05);
        }

        isnt ask('a', 'X-Conf', '/conf'), $pid, 'another worker';
        is ask('a', 'RateLimit'), '"z";r=1;t=86400', 'knows of it';
        is ask('a', 'status'), 200, 'three';
        is ask('a', 'status'), 429, 'that is all';
    },

    # refused when the filters of a configuration without limits are set

    respawned => sub {
        is ask('a', 'RateLimit'), '"z";r=1;t=86400', 'one is used';

        open my $in, '<', $conf or die "$conf: $!";
        local $/;
        my $text = <$in>;

        my $tenants = data_dir() . '/tenants.json';
        $text =~ s/xpecto_limit zone.*//;
        $text =~ s/(xpecto_limit_zone)/xpecto_tenants $tenants zone=t:64k;\n$1/;

        open my $out, '>', $conf or die "$conf: $!";
        print $out $text;
        close $out;

        open my $pid, '<', "$ENV{TEST_NGINX_SERVROOT}/logs/nginx.pid" or die $!;
        kill HUP => <$pid> + 0;

        my $said = 0;

        for (1 .. 100) {
            open my $lines, '<', "$ENV{TEST_NGINX_SERVROOT}/logs/error.log"
                or die $!;
            last if $said = (<$lines> =~ /zone "t" is too small/);
            select(undef, undef, undef, 0.05);
        }

        ok $said, 'it is refused';

        my $worker = ask('a', 'X-Conf', '/conf');
        kill KILL => $worker;

        for (1 .. 200) {
            last if ask('a', 'X-Conf', '/conf') =~ /^(?!$worker$)\d+$/;
            select(undef, undef, undef, 0.05);
        }

        is ask('a', 'RateLimit'), '"z";r=0;t=86400', 'the old one, whole';
        is ask('a', 'Retry-After'), 86400, 'and its refusals';
    },
);


add_response_body_check(sub {
    my ($block) = @_;

    $steps{$block->steps}->();
});


skip_hup('limits outlive a reload, the file reloads itself');

plan_tests(78);

run_tests();

__DATA__

=== TEST 1: xpecto_limit_zone - a reload keeps what was used
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z key=$http_x_key rate=1r/d burst=3;
        empty_gif;
    }
    location = /conf {
        add_header X-Conf 1;
        empty_gif;
    }
--- request
GET /t
--- steps: same
--- no_error_log
[emerg]



=== TEST 2: xpecto_limit_zone - another rate and burst keep what was used
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z key=$http_x_key rate=2r/d burst=4;
        empty_gif;
    }
    location = /conf {
        add_header X-Conf 1;
        empty_gif;
    }
--- request
GET /t
--- steps: rate
--- no_error_log
[emerg]



=== TEST 3: xpecto_limit - another count keeps what was used
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z key=$http_x_key kind=quota count=10 per=month;
        empty_gif;
    }
    location = /conf {
        add_header X-Conf 1;
        empty_gif;
    }
--- request
GET /t
--- steps: count
--- no_error_log
[emerg]



=== TEST 4: xpecto_limit_zone - larger and smaller keep what was used
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z key=$http_x_key rate=1r/d;
        empty_gif;
    }
    location = /conf {
        add_header X-Conf 1;
        empty_gif;
    }
--- request
GET /t
--- steps: size
--- no_error_log
[emerg]
is now too small



=== TEST 5: xpecto_limit_zone - too small for what lives is said
--- http_config
    xpecto_limit_zone z:1m;
    keepalive_requests 10000;
--- config
    location = /t {
        xpecto_limit zone=z key=$request_id rate=1r/d;
        empty_gif;
    }
    location = /conf {
        add_header X-Conf 1;
        empty_gif;
    }
--- log_level: notice
--- request
GET /t
--- steps: small
--- error_log eval
qr/\[warn\] .*xpecto_limit_zone "z" is now too small: \d+ keys are forgotten/
--- no_error_log
[emerg]



=== TEST 6: xpecto_limit_zone - a reload that fails changes nothing
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z key=$http_x_key rate=1r/d burst=2;
        empty_gif;
    }
    location = /conf {
        add_header X-Conf 1;
        empty_gif;
    }
--- request
GET /t
--- steps: failed



=== TEST 7: xpecto_limit_zone - a worker that is killed leaves all as it was
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z key=$http_x_key rate=1r/d burst=3;
        empty_gif;
    }
    location = /conf {
        add_header X-Conf $pid;
        empty_gif;
    }
--- request
GET /t
--- steps: killed
--- error_log
exited on signal 9
--- no_error_log
[emerg]



=== TEST 8: xpecto_limit - a worker that is started after a failed reload
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z key=$http_x_key rate=1r/d burst=2;
        empty_gif;
    }
    location = /conf {
        add_header X-Conf $pid;
        empty_gif;
    }
--- request
GET /t
--- steps: respawned
--- error_log
exited on signal 9
