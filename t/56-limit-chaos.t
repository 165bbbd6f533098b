# A zone's file while all processes are killed, again and again, most often
# in the middle of writing it: what it held once is never given back, and
# nobody ever finds a file that is damaged.
#
# XPECTO_CHAOS=50 prove t/56-limit-chaos.t: that many times instead of 6.

use lib 't/lib';
use TestXpecto;
use TestRestart;

use IO::Socket::INET;


my $count = $ENV{XPECTO_CHAOS} || 6;
my $file = tmp_dir() . '/limits';
my $log = "$ENV{TEST_NGINX_SERVROOT}/logs/error.log";


# keys in a row on one connection: how many were let through; 0 where the
# server has gone meanwhile

sub row ($$) {
    my ($from, $to) = @_;
    my $passed = 0;

    my $sock = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $ENV{TEST_NGINX_PORT})
        or return 0;

    for ($from .. $to) {
        print $sock "HEAD /t?k=$_ HTTP/1.1\r\nHost: a\r\n\r\n" or last;

        while (my $line = <$sock>) {
            $passed++ if $line =~ m{^HTTP/1\.1 200};
            last if $line eq "\r\n";
        }
    }

    return $passed;
}


sub inode () {
    return (stat $file)[1] // 0;
}


# how many writes were cut short: the new file is there and not complete

my ($again, $given, $cut) = (0, 0, 0);

add_response_body_check(sub {
    my ($block) = @_;

    is row(1, 12000), 12000, 'each key once';
    ok stop(), 'all is in the file';

    for my $n (1 .. $count) {
        truncate $log, 0;
        start();

        my $inode = inode();

        $again++ if logged(qr/is ignored|\[(?:crit|alert|emerg)\]/);

        # what was known from the beginning, and has been in each file since

        $given += row(1, 40);
        $given += row($_, $_) for map { 1 + int rand 12000 } 1 .. 40;
        $given += row(12000 + $n, 12000 + $n) - 1;

        # a worker writes for the first time when it is a second old

        my @pids = processes();

        for (1 .. 10000) {
            last if -e "$file.new" || inode() != $inode;
            select undef, undef, undef, 0.0003;
        }

        select undef, undef, undef, rand() / 200 if $n % 3 == 0;

        kill_all(@pids);
        $cut++ if -e "$file.new";
    }

    start();

    is $again, 0, "never ignored in $count starts";
    is $given, 0, 'nothing was given twice';
    is row(1, 12000), 0, 'all of them are known in the end';
    ok -s $file >= 12000 * 16, "$cut times killed in the middle of writing";
});

no_shuffle();
log_level('error');
ends_nginx();
skip_hup('nginx is started anew');

plan_tests(7);

run_tests();

__DATA__

=== TEST 1: persist - killed in the middle of writing
--- log_level: error
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_limit_zone z:1m persist=%%TMP%%/limits;
    keepalive_requests 100000;
--- config
    error_log logs/error.log error;
    location = /t {
        xpecto_limit zone=z rate=1r/d key=$arg_k;
        empty_gif;
    }
    location = /up {
        empty_gif;
    }
--- request
GET /up
