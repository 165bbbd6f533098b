# The tenants file, replaced in every way that there is: no request fails, no
# answer is of a file that is none or of two at once, what is refused is said
# once and counted.
#
# XPECTO_CHAOS=2000 prove t/13-tenants-reload.t: that many replacements under
# load instead of 40.
# XPECTO_TENANTS=100000: so many tenants in the last test, instead of 4,000.

use lib 't/lib';
use TestXpecto;

use Digest::SHA qw( sha256_hex );
use IO::Socket::INET;
use POSIX qw( :sys_wait_h mkfifo );
use Time::HiRes qw( sleep time );

my $count = $ENV{XPECTO_CHAOS} || 40;
my $many = $ENV{XPECTO_TENANTS} || 4000;
my $live = data_dir() . '/reload';
my $file = "$live/tenants.json";
my $log = "$ENV{TEST_NGINX_SERVROOT}/logs/error.log";

mkdir $live;


# the first and the last tenant say which version of the file they are of

sub version ($) {
    my $n = shift;

    return join '', '{ "version": 1, "plans": { "p": { "limits": [] } },',
        "\n\"tenants\": {\n", "\"a$n\": { \"plan\": \"p\", \"keys\": [",
        ' "sha256:', sha256_hex('key-first'), "\" ] },\n",
        (map { "\"f$n-$_\": { \"plan\": \"p\", \"keys\": [] },\n" } 1 .. 2000),
        "\"z$n\": { \"plan\": \"p\", \"keys\": [ \"sha256:",
        sha256_hex('key-last'), "\" ] } } }\n";
}


sub connection () {
    return IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                                 PeerPort => $ENV{TEST_NGINX_PORT});
}


# a worker, and whom it takes for the owner of the key

sub ask ($$) {
    my $s = shift or return;
    my $key = shift;

    print $s "GET /t HTTP/1.1\r\nHost: h\r\nX-API-Key: key-$key\r\n\r\n"
        or return;

    my $head = '';
    while ($head !~ /\r\n\r\n/) {
        sysread $s, $head, 4096, length $head or return;
    }

    return $head =~ m{^HTTP/1.1 204 .*^X-Who: (\d+) (\S*)\r$}ms;
}


sub is_of ($$) {
    my ($s, $key) = @_;
    my ($pid, $who) = ask($s, $key);

    return defined $who && $who =~ /^[az](\d+)$/ ? $1 : -1;
}


sub content ($) {
    open my $in, '<', shift or return '';
    local $/;
    return <$in> // '';
}


sub write_file ($$) {
    my ($name, $bytes) = @_;

    open my $out, '>', $name or die "$name: $!";
    print $out $bytes;
    close $out;
    chmod 0644, $name;
}


sub moved ($) {
    write_file("$file.new", shift);
    rename "$file.new", $file or die "$file: $!";
}


sub gone () {
    rmdir $file if -d $file && !-l $file;
    unlink $file;
}


# a part at a time, in the place of what is there

sub in_place ($) {
    my $bytes = shift;

    open my $out, '+<', $file or die "$file: $!";

    for (my $at = 0; $at < length $bytes; $at += 9000) {
        syswrite $out, substr $bytes, $at, 9000;
        sleep 0.001 if int rand 3 == 0;
    }

    truncate $out, length $bytes;
}


sub until_true (&) {
    my $test = shift;

    for (1 .. 500) {
        return 1 if $test->();
        sleep 0.02;
    }

    return 0;
}


# why files were refused, one after the other

sub refused () {
    return content($log) =~ /\[crit\].*is refused, the previous one stays: (.*)/g;
}


sub failed () {
    my $s = connection();

    print $s "GET /status HTTP/1.0\r\n\r\n";
    local $/;

    return <$s> =~ /^xpecto_reloads_total\{result="failed"\} (\d+)/m ? $1 : -1;
}


my @bad = (
    [ 'of no bytes', sub { moved('') }, 'it is empty' ],
    [ 'cut', sub { truncate $file, 30000 },
      '[\w ]+, line \d+, column \d+' ],
    [ 'gone', sub { }, 'it cannot be opened \(2: No such file or directory\)' ],
    [ 'a directory', sub { mkdir $file }, 'it is not a regular file' ],
    [ 'a fifo', sub { mkfifo($file, 0644) }, 'it is not a regular file' ],
    [ 'a link to itself', sub { symlink 'tenants.json', $file },
      'it cannot be opened \(40: ' ],
    [ 'unreadable', sub { write_file("$file.new", version(1));
                          chmod 0000, "$file.new";
                          rename "$file.new", $file },
      'it cannot be opened \(13: Permission denied\)' ],
    [ 'too large', sub { moved(''); truncate $file, 65 << 20 },
      'it is larger than 67108864 bytes' ],
    [ 'with an unknown member',
      sub { moved(version(1) =~ s/"plan"/"plans"/r) },
      'unknown member at tenants.a1.plans, line 3' ],
    [ 'of bytes', sub { moved(join '', map { chr rand 256 } 1 .. 50000) },
      '[^\n]*, line \d+, column \d+' ],
);


sub bad_files () {

    for (@bad) {
        my ($name, $make, $reason) = @$_;

        moved(version(0)) if $name eq 'cut';
        gone() if $name =~ /^(?:gone|an? )/ || -d $file;
        $make->();

        ok until_true { ((refused())[-1] // '') =~ /^(?:$reason)/ },
           "$name - said, with its reason"
            or Test::More::diag((refused())[-1]);
        is is_of(connection(), 'first'), 0, "$name - the previous one stays";
    }

    my @said = refused();

    is scalar(grep { $said[$_] eq $said[$_ - 1] && $said[$_] !~ /regular/ }
                   1 .. $#said), 0, 'once for each';
    is failed(), scalar @said, 'and counted';

    gone();
    moved(version(1));
    ok until_true { is_of(connection(), 'last') == 1 }, 'then a good one';
}


# until it is killed: what was wrong, a line each

sub load ($) {
    my $id = shift;
    my ($n, %seen) = (0);

    open my $out, '>', "$live/load.$id" or die $!;
    $out->autoflush;
    local $SIG{TERM} = sub { print $out "$n requests\n"; POSIX::_exit(0) };

    for ( ;; ) {
        my $s = connection();

        for (1 .. 100) {

            # one after the other: none may be of an older file

            my @of = map { is_of($s, $_) } qw( first last first );

            print $out "failed\n" if grep { $_ < 0 } @of;
            print $out "wrong: @of\n"
                if $of[0] > $of[1] || $of[1] > $of[2]
                   || $of[0] < ($seen{$s} // 0);
            $seen{$s} = $of[2];
            $n += 3;
            sleep 0.001;
        }

        %seen = ();
    }
}


sub chaos () {
    my ($high, @children) = (1);

    srand 1;

    for my $id (1, 2) {
        my $pid = fork // die $!;
        load($id) unless $pid;
        push @children, $pid;
    }

    for my $n (1 .. $count) {
        my $way = int rand 4;

        if ($way == 0) {
            gone();
            $bad[rand @bad][1]->() for 1;

        } else {
            gone() if !-f $file || -l $file;
            $high++;
            $way == 1 || !-f $file ? moved(version($high))
                                   : in_place(version($high));
        }

        sleep rand 0.1;
    }

    gone();
    moved(version(++$high));

    my %has;
    ok until_true {
        my ($pid, $who) = ask(connection(), 'last');
        $has{$pid} = 1 if defined $who && $who eq "z$high";
        keys %has == 2;
    }, 'both workers have the newest';

    kill TERM => @children;
    waitpid $_, 0 for @children;

    my $said = join '', map { content("$live/load.$_") } 1, 2;

    like $said, qr/^[1-9]\d* requests$/m, 'there was a load';
    unlike $said, qr/^failed/m, 'no request failed';
    unlike $said, qr/^wrong/m, 'no answer was wrong'
        or Test::More::diag(substr $said, 0, 500);
    unlike content($log), qr/exited on signal|\[(alert|emerg)\]/,
           'no worker complains';
}


# what a worker has for itself, MiB: shared zones are no part of it

sub memory ($) {
    return content('/proc/' . shift . '/status') =~ /^RssAnon:\s+(\d+)/m
           ? $1 / 1024 : 0;
}


# so many of them, on ten plans: moved to another plan, all at once

sub many ($) {
    my $n = shift;

    return '{ "version": 1, "plans": {'
        . join(', ', map { qq("p$_": { "limits": [ { "name": "all", )
                           . qq("kind": "rate", "rate": ") . (10 + $_)
                           . qq(r/d", "burst": 20 } ] }) } 0 .. 9)
        . " },\n\"tenants\": {\n"
        . join(",\n", map { qq("t$_": { "plan": "p) . ($_ + $n) % 10
                            . qq(", "establishment": ["DE"], "keys": [ "sha256:)
                            . sha256_hex("key-$_") . '" ] }'
                      } 0 .. $many - 1) . " } }\n";
}


sub left ($) {
    my $key = shift;
    my $s = connection();

    print $s "GET /limit HTTP/1.0\r\nX-API-Key: key-$key\r\n\r\n";
    local $/;
    my $answer = <$s>;

    my ($plan) = $answer =~ /^X-Plan: (\S*)\r/m;
    my ($left) = $answer =~ /^RateLimit: "all";r=(\d+)/m;

    return defined $plan && defined $left ? "$plan $left" : $answer;
}


sub scale () {
    my $s = connection();
    my @some = (0, 1, 17, $many / 2, $many - 1);

    moved(many(0));
    ok until_true { my (undef, $who) = ask($s, $many - 1);
                    ($who // '') eq 't' . ($many - 1) }, 'all are there';

    for my $k (@some) {
        left($k);
        is left($k), 'p' . $k % 10 . ' 18', "t$k - two of twenty used";
    }

    moved(many(1));
    ok until_true { left(5) =~ /^p6 / }, 'all have moved';

    for my $k (@some) {
        is left($k), 'p' . ($k + 1) % 10 . ' 17',
           "t$k - three, on another plan";
    }

    my %pids;
    for (1 .. 200) {
        my ($pid) = ask(connection(), 0);
        $pids{$pid} = 1 if $pid;
        last if keys %pids == 2;
    }

    # the one who compiles keeps what that took, for the next time

    my $most = $ENV{ASAN_OPTIONS} ? 128 : 32;

    cmp_ok((sort { $a <=> $b } map { memory($_) } keys %pids)[0], '<', $most,
           'MiB that another worker has for itself');
}


my %checks = (bad => \&bad_files, chaos => \&chaos, scale => \&scale);

add_block_preprocessor(sub {
    my $block = shift;

    gone();
    moved(version(0));

    $block->set_value('http_config', <<"_EOC_");
    xpecto_tenants $file zone=t:@{[ 16 + int $many / 800 ]}m reload=20ms;
    xpecto_limit_zone z:4m;
    keepalive_requests 1000000;
_EOC_

    $block->set_value('config', <<'_EOC_');
    location = /t {
        add_header X-Who "$pid $xpecto_tenant" always;
        return 204;
    }
    location = /limit {
        xpecto_limit zone=z;
        add_header X-Plan $xpecto_plan always;
        empty_gif;
    }
    location = /status {
        xpecto_tenant off;
        xpecto_status;
    }
_EOC_

    $block->set_value('request', 'GET /status');
});

add_response_body_check(sub { $checks{shift->check}->() });

skip_hup('files that are refused are no configuration');
two_workers();
log_level('notice');

plan_tests(2 * @bad + 3 + 5 + 13 + 3);

run_tests();

__DATA__

=== TEST 1: tenants - a file that is none, while nginx is running
--- check: bad



=== TEST 2: tenants - replaced in every way under load
--- check: chaos



=== TEST 3: tenants - many of them move to another plan
--- check: scale
