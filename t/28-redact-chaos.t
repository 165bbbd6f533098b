# Reloads, reopened logs, killed workers, and the module removed and added
# again, all under load: no planted value in a log that is ours, no crash, no
# leak, and no request lost but those of a killed worker.
# XPECTO_CHAOS_SECONDS=n makes it longer.

use lib 't/lib';
use TestXpecto;
use TestRedact;

use IO::Socket::INET;
use POSIX ();
use Time::HiRes qw( time );

my $Seconds = $ENV{XPECTO_CHAOS_SECONDS} || 10;
my $Clients = 3;


sub root_dir () { return $ENV{TEST_NGINX_SERVROOT} }

sub master () {
    return slurp(root_dir . '/logs/nginx.pid') =~ /(\d+)/ ? $1 : 0;
}

sub worker_pids () {
    my $master = master;

    return split ' ', `pgrep -P $master`;
}


# a request of a client: 1 if there was an answer

sub ask ($$) {
    my ($n, $i) = @_;
    my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                                  PeerPort => $ENV{TEST_NGINX_PORT})
        or return 0;
    my $uri = $i % 29 ? '/up' : '/slow';
    my $body = qq({"to":"16505551234","text":{"body":"s3cr3t"}});

    local $SIG{PIPE} = 'IGNORE';

    print $s "POST $uri?id=$n.$i&to=16505551234 HTTP/1.0\r\n"
             . "Authorization: Bearer s3cr3t\r\nReferer: http://a/?pin=s3cr3t"
             . "\r\nContent-Length: " . length($body) . "\r\n\r\n$body";

    my $answer = join '', <$s>;
    return $answer =~ /^HTTP\S+ \d+ .*\r\n\r\n/s ? 1 : 0;
}


# writes "asked answered" and the times of what got no answer

sub client ($) {
    my $n = shift;
    my $pid = fork;

    return $pid if $pid;

    my ($stop, $asked, $answered, @lost) = (0, 0, 0);

    $SIG{TERM} = sub { $stop = 1 };

    until ($stop) {
        my $begin = time;

        if (ask $n, $asked++) {
            $answered++;

        } else {
            push @lost, join '-', $begin, time;
        }
    }

    open my $out, '>', tmp_dir . "/client.$n";
    print $out "$asked $answered @lost\n";
    close $out;

    POSIX::_exit(0);
}


sub write_conf ($) {
    my $text = shift;

    open my $out, '>', root_dir . '/conf/nginx.conf' or die $!;
    print $out $text;
    close $out;
}

sub reload () {
    my %old = map { $_ => 1 } worker_pids;

    kill HUP => master;
    wait_for { my @now = worker_pids; @now && !grep { $old{$_} } @now };
}


# what the master holds: (open files, mappings of us, kB of memory)

sub held () {
    my $master = master;
    my @files = glob "/proc/$master/fd/*";
    my $maps = () = slurp("/proc/$master/maps") =~ /ngx_xpecto_module\.so/g;
    my ($kilo) = slurp("/proc/$master/status") =~ /^VmRSS:\s*(\d+)/m;

    return (scalar @files, $maps, $kilo);
}


add_response_body_check(sub {
    my $ours = slurp root_dir . '/conf/nginx.conf';
    my $master = master;
    my $end = time + $Seconds;
    my (@kills, $bad, $asked, $answered, @unexplained);

    # without us everything is logged, elsewhere

    (my $bare = $ours) =~ s/^\s*load_module.*$//mg;
    $bare =~ s/xpecto_redact\w*[^;]*;//g;
    $bare =~ s{/(a|error)\.log}{/bare-$1.log}g;

    my @clients = map { client $_ } 1 .. $Clients;
    my $rounds = 0;
    my (@held, @bare);

    while (time < $end || $rounds < 3) {
        reload;

        rename tmp_dir . '/a.log', tmp_dir . "/a.log.$rounds";
        kill USR1 => $master;
        select undef, undef, undef, 0.2;

        my ($worker) = worker_pids;
        push @kills, time;
        kill KILL => $worker;
        select undef, undef, undef, 0.3;

        write_conf $bare;
        reload;
        push @bare, [held];
        select undef, undef, undef, 0.2;

        # the first round has all there is to say when a cycle ends

        $_ =~ s/(error\.log) debug;/$1 info;/ for $ours, $bare;

        write_conf $ours;
        reload;
        push @held, [held];
        $rounds++;
    }

    kill TERM => $_ for @clients;
    waitpid $_, 0 for @clients;

    for my $n (1 .. $Clients) {
        my ($all, $good, @lost) = split ' ', slurp tmp_dir . "/client.$n";

        $asked += $all;
        $answered += $good;

        for (@lost) {
            my ($from, $to) = split /-/;

            push @unexplained, $_
                unless grep { $from - 0.3 < $_ && $_ < $to + 0.1 } @kills;
        }
    }

    ok $rounds > 0 && $asked > 100, "$rounds rounds, $asked requests";
    is "@unexplained", '', 'none is lost but those of a killed worker';
    ok $asked - $answered <= $Clients * @kills, 'and of those no more';
    is master, $master, 'the master is the same';
    ok kill(0 => $master), 'and lives';

    # the first round had other levels of logging

    is join(' ', map { $_->[0] } @held[1 .. $#held]),
       join(' ', ($held[1][0]) x $#held), 'no file is left open';
    is join(' ', map { $_->[1] } @bare),
       join(' ', (0) x @bare),
       'nothing of us is left in a master without us';
    is join(' ', map { $_->[1] } @held), join(' ', ($held[0][1]) x @held),
       'and once in one with us';
    # a sanitizer keeps what was freed for a while

    cmp_ok $held[-1][2] - $held[1][2], '<',
           ($ENV{ASAN_OPTIONS} ? 3000 : 300) * ($rounds - 1),
           "memory: @{[ map { $_->[2] } @held ]} kB";
    is join(' ', grep { slurp("/proc/$_/cmdline") !~ /^nginx: worker process\0*$/ }
                 worker_pids), '', 'no worker goes on with what was';

    my $lines = () = join('', map { slurp $_ } glob tmp_dir . '/*a.log*')
                     =~ /^\d+ POST/mg;

    ok $lines >= $answered - $Clients * @kills && $lines <= $asked,
       'a line for each';

    my @logs = (root_dir . '/logs/error.log', glob tmp_dir . '/a.log*');
    my $errors = join '', map { slurp $_ } glob root_dir . '/logs/*error.log';

    is join("\n", grep { /\[(?:alert|emerg)\]/ && !/on signal 9/ }
                  split /\n/, $errors), '', 'no alert';
    is join(' ', leaks join('', map { slurp $_ } @logs), '6505551234',
                       's3cr3t'), '', 'no planted value in a log of ours';
    isnt join(' ', leaks slurp(tmp_dir . '/bare-a.log'), '6505551234',
                         's3cr3t'), '', 'there is one where we were not';
});

two_workers();
no_root_location();
log_level('debug');
skip_hup('it reloads by itself');
plan_tests(15);

run_tests();

__DATA__

=== TEST 1: reload, USR1, kill -9, removal - under load
--- http_config
    log_format t '$status $request $http_referer $http_authorization '
                 '$request_body';
    server { listen unix:%%TMP%%/up.sock; access_log off;
             location / { return 200; }
             location /slow { limit_rate 4k; return 200 $pid${request_id}; } }
--- config
    location = / { access_log off; return 204; }
    location / { access_log %%TMP%%/a.log t; xpecto_redact on;
                 proxy_pass http://unix:%%TMP%%/up.sock; }
    location /slow { access_log %%TMP%%/a.log t; xpecto_redact on;
                     proxy_set_header Connection ""; limit_rate 100;
                     proxy_pass http://unix:%%TMP%%/up.sock; }
--- error_code: 204
--- timeout: 60
