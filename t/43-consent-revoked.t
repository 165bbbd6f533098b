# What was taken back stays so: at every worker, over a reload, a restart,
# and when the file that remembers it is damaged or gone.

use lib 't/lib';
use TestXpecto;
use TestRestart qw( content store stop start until_true logged master );
use XpectoToken;

use IO::Socket::INET;


my $root = $ENV{TEST_NGINX_SERVROOT};
my $file = tmp_dir() . '/revoked';
my $grant = 0x4009;


# a request of this site: status line and headers, body

sub ask ($$;$) {
    my ($line, $cookie, $body) = @_;

    my $sock = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $ENV{TEST_NGINX_PORT})
        or return '';

    print $sock "$line HTTP/1.0\r\nHost: example.com\r\nX-TLS: on\r\n"
                . "Sec-Fetch-Site: same-origin\r\n"
                . ($cookie ? "Cookie: $cookie\r\n" : '')
                . (defined $body ? "Content-Type: application/json\r\n"
                                   . 'Content-Length: ' . length($body)
                                   . "\r\n\r\n$body" : "\r\n");
    local $/;

    return <$sock> || '';
}


# what both workers say, from the first request on

sub state_of ($) {
    my $cookie = shift;
    my (%pids, %states);

    for (1 .. 400) {
        my ($pid, $state) = ask('GET /show', $cookie)
                            =~ /\r\n\r\n(\d+) (.*)/ or next;
        $states{$state} = 1;
        $pids{$pid} = 1;
        last if keys %pids == 2;
    }

    $states{'of one worker'} = 1 if keys %pids != 2;

    return join '|', sort keys %states;
}


sub grant (;$) {
    my ($answer) = ask('POST /.xpecto/consent', shift,
                       '{"accept":["analytics"]}');

    return $answer =~ /^Set-Cookie: ([^;]+)/mi ? $1 : '';
}


my $Config = <<'_EOC_';
    xpecto_consent on;
    location /show {
        return 200
           "$pid $xpecto_consent_state $xpecto_consent_analytics";
    }
    location /up {
        return 200;
    }
    location = /.xpecto/consent {
        xpecto_consent_api;
    }
    location = /status {
        xpecto_status;
    }
_EOC_


my %checks = (

    stays => sub {
        my $first = grant();
        my $kept = grant();
        is state_of($first), 'valid 1', 'given';

        # a new choice takes the place of the old one

        my $second = grant($first);
        isnt $second, $first, 'a new id';
        is state_of($first), 'revoked 0', 'the one before is void';
        is state_of($second), 'valid 1', 'this one is not';

        like ask('DELETE /.xpecto/consent', $second), qr/^HTTP\S+ 204/,
             'taken back';
        is state_of($second), 'revoked 0', 'void at both workers';

        my $size = -s $file;
        is((stat $file)[2] & 07777, 0600, 'the file is nobody else\'s');

        kill HUP => master();
        until_true { logged(qr/gracefully shutting down/) };
        is state_of($second), 'revoked 0', 'void after a reload';
        is state_of($kept), 'valid 1', 'another one is not';

        system("$ENV{TEST_NGINX_BINARY} -t -p $root/ "
               . "-c $root/conf/nginx.conf > /dev/null 2>&1");
        is -s $file, $size, 'a test of the configuration writes nothing';

        stop();
        start();
        is state_of($first), 'revoked 0', 'void after a restart';
        is state_of($second), 'revoked 0', 'the later one as well';
        is state_of($kept), 'valid 1', 'the other one is not';

        unlike content($file), qr/\Q@{[ substr $second, -20 ]}\E/,
               'no token is in the file';
    },

    damage => sub {
        my $kept = grant();
        my $gone = grant();

        ask('DELETE /.xpecto/consent', $gone);
        is state_of($kept), 'valid 1', 'valid before';

        stop();
        my $text = content($file);
        substr($text, -5, 1) =~ tr/0-9a-f/1-9a-f0/;
        store($file, $text);
        start();

        ok logged(qr/revoked" is damaged/), 'it is said';
        is state_of($kept), 'revoked 0', 'all that was given is void';

        my $new = grant();
        is state_of($new), 'valid 1', 'what is given now is not';

        stop();
        start();
        is state_of($new), 'valid 1', 'nor after the next start';
        is state_of($kept), 'revoked 0', 'the floor is remembered';
    },

    cut => sub {
        my $kept = grant();

        ask('DELETE /.xpecto/consent', grant());
        stop();
        store($file, substr content($file), 0, -1);
        start();

        is state_of($kept), 'revoked 0', 'a line without an end';
    },

    missing => sub {
        my $kept = grant();

        stop();
        unlink $file;
        start();

        ok logged(qr/revoked" is new/), 'it is said';
        is state_of($kept), 'revoked 0', 'all that was given is void';
    },

    other => sub {
        my ($kept, $gone) = (grant(), grant());

        # what another instance of this machine adds

        my $before = content($file);
        ask('DELETE /.xpecto/consent', $gone);
        my $line = substr content($file), length $before;

        stop();
        store($file, $before);
        start();
        is state_of($gone), 'valid 1', 'not known here';

        open my $out, '>>', $file or die;
        print $out $line;
        close $out;

        ok until_true { state_of($gone) eq 'revoked 0' }, 'read by us';
        is state_of($kept), 'valid 1', 'another one is not void';

        open $out, '>>', $file or die;
        print $out "nonsense\n";
        close $out;

        ok until_true { state_of($kept) eq 'revoked 0' }, 'damage is noticed';
        ok logged(qr/revoked" is damaged/), 'and said';
    },

    full => sub {
        my $kept = token(granted => $grant, denied => 0, updated => time() - 5,
                         created => time() - 5);
        my $denied = token(granted => 0x4001, denied => 0x3ffe, updated => time() - 5,
                           created => time() - 5);
        is state_of($kept), 'valid 1', 'valid before';

        for my $n (1 .. 2000) {
            my $gone = token(granted => $grant, denied => 0, id => pack('N4', $n, 1, 2, 3));
            ask('DELETE /.xpecto/consent', $gone);
            last if $n % 50 == 0 && logged(qr/zone "revoked" is full/);
        }

        ok logged(qr/zone "revoked" is full/), 'it is said';
        is state_of($kept), 'revoked 0', 'all that was given is void';
        is state_of($denied), 'valid 0', 'a refusal has nothing to lose';
        is state_of(grant()), 'valid 1', 'a choice can be made again';
        like ask('GET /status', ''), qr/^xpecto_consent_zone_full_total [1-9]/m,
             'counted';
    },
);


add_response_body_check(sub {
    my ($block) = @_;

    return unless defined $block->check;

    my $failed = sub {
        return scalar grep { !$_->{ok} } Test::More->builder->details;
    };
    my $before = $failed->();

    $checks{$block->check}->();
    is $failed->(), $before, $block->name;
});



add_block_preprocessor(sub {
    my ($block) = @_;

    $block->set_value('http_config', <<'_EOC_') unless $block->http_config;
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_consent_cookie secure=$http_x_tls;
    xpecto_consent_zone revoked:1m persist=%%TMP%%/revoked;
_EOC_

    return if defined $block->must_die;

    $block->set_value('config', $Config);
    $block->set_value('request', 'GET /show');
});


chmod 0600, data_dir() . '/consent-keys';
server_name('example.com');
two_workers();
ends_nginx();
skip_hup('each block stops nginx');

plan_tests(58);

run_tests();

__DATA__

=== TEST 1: xpecto_consent_zone - a choice that was taken back is void for good
--- check: stays



=== TEST 2: xpecto_consent_zone - a file that is damaged
--- check: damage



=== TEST 3: xpecto_consent_zone - a file that was cut
--- check: cut



=== TEST 4: xpecto_consent_zone - a file that is gone
--- check: missing



=== TEST 5: xpecto_consent_zone - lines that others add
--- check: other



=== TEST 6: xpecto_consent_zone - full
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_consent_cookie secure=$http_x_tls;
    xpecto_consent_zone revoked:32k;
--- check: full



=== TEST 7: xpecto_consent_zone - without a size
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_consent_zone revoked;
--- must_die
--- error_log
invalid zone "revoked"



=== TEST 8: xpecto_consent_zone - twice
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_consent_zone one:1m;
    xpecto_consent_zone two:1m;
--- must_die
--- error_log
"xpecto_consent_zone" directive is duplicate



=== TEST 9: xpecto_consent_zone - a folder that is not there
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_consent_zone revoked:1m persist=/nowhere/revoked;
--- must_die
--- error_log
open() "/nowhere/revoked" failed



=== TEST 10: xpecto_consent_zone - what is unknown
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_consent_zone revoked:1m keep=1d;
--- must_die
--- error_log
"keep=1d"



=== TEST 11: xpecto_consent_zone - a file that is none of ours
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_consent_zone revoked:1m persist=%%DATA%%/consent-keys;
--- must_die
--- error_log
consent-keys" is not a file of xpecto_consent_zone



=== TEST 12: xpecto_consent_zone - a file that somebody else writes
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_ledger %%TMP%%/one;
    xpecto_consent_zone revoked:1m persist=%%TMP%%/one;
--- must_die
--- error_log
is written for another purpose
