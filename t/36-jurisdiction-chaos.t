# A MaxMind DB that is replaced in every way that there is, under load: no
# worker dies, no request fails, no answer is older than the one before or of
# a file that is none.
#
# XPECTO_CHAOS=10000 prove t/36-jurisdiction-chaos.t: that many replacements
# instead of 120.

use lib 't/lib';
use TestXpecto;

use File::Copy;
use IO::Socket::INET;
use POSIX qw( :sys_wait_h mkfifo );
use Time::HiRes qw( sleep time );

my $count = $ENV{XPECTO_CHAOS} || 120;
my $live = data_dir() . '/chaos';
my $file = "$live/geo.mmdb";
my $log = "$ENV{TEST_NGINX_SERVROOT}/logs/error.log";

copy('ngx_xpecto_module/data/jurisdictions.json',
     data_dir() . '/jurisdictions.json') or die "jurisdictions.json: $!";

mkdir $live;

# a version has an epoch and a country of its own; QQ is in files that must
# never be used

my $epoch = 1767225600;
my @codes = grep { !/^(AP|EU|QQ|XX|ZZ)$/ }
            map { my $a = $_; map { "$a$_" } 'A' .. 'Z' } 'A' .. 'Z';
my %number;
@number{@codes} = 0 .. $#codes;

# large enough that a copy takes several reads: what no record leads to, may
# stand behind the records

my $whole = do {
    open my $in, '<:raw', data_dir() . '/mmdb/flat4.mmdb' or die $!;
    local $/;
    my $bytes = <$in>;
    $bytes =~ s/(\xab\xcd\xefMaxMind)/"\xe0" x 300000 . $1/e;
    $bytes;
};


sub database ($$) {
    my ($code, $made) = @_;
    my $bytes = $whole;

    $bytes =~ s/(country_codeB)GB/$1$code/ or die;
    $bytes =~ s/(build_epoch\x04\x02)..../$1 . pack 'N', $made/es or die;

    return $bytes;
}


sub version ($) {
    my $n = shift;

    return database($codes[$n % @codes], $epoch + $n);
}


# what may be answered: from the version that was seen to the newest one

my ($low, $high) = (0, 0);

sub publish () {
    open my $out, '+<', "$live/range" or die $!;
    syswrite $out, sprintf '%07d %07d', $low, $high;
}


sub range () {
    open my $in, '<', "$live/range" or die $!;
    sysread $in, my $text, 15;
    return map { $_ + 0 } split ' ', $text;
}


sub version_in ($$$) {
    my ($code, $from, $to) = @_;
    my $n = $number{$code} // return;

    return (grep { $_ % @codes == $n } $from .. $to)[0];
}


# ask a worker: its pid and a country, or nothing

sub connection () {
    return IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                                 PeerPort => $ENV{TEST_NGINX_PORT});
}


sub ask ($) {
    my $s = shift or return;

    print $s "GET /t HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 81.2.69.142\r\n\r\n"
        or return;

    my $head = '';
    while ($head !~ /\r\n\r\n/) {
        sysread $s, $head, 4096, length $head or return;
    }

    return unless $head =~ m{^HTTP/1.1 204 };
    return $head =~ /^X-Tag: (\d+) (\w*)\r$/m;
}


# until it is killed: what was wrong goes into a file, a line each

sub load ($) {
    my $id = shift;
    my $n = 0;
    my $last = 0;

    open my $out, '>', "$live/load.$id" or die $!;
    $out->autoflush;
    local $SIG{TERM} = sub { print $out "$n requests\n"; POSIX::_exit(0) };

    for ( ;; ) {
        my $s = connection();

        for (1 .. 100) {
            my ($from) = range();
            my ($pid, $code) = ask($s);
            my (undef, $to) = range();

            if (!defined $code) {
                print $out "failed\n";
                last;
            }

            # none that is older than the one before

            $from = $last if $last > $from;
            my $version = version_in($code, $from, $to);

            print $out "wrong: $code, not of $from .. $to\n"
                unless defined $version;

            $last = $version // $last;
            $n++;
            sleep 0.002;
        }
    }
}


sub write_file ($$) {
    my ($name, $bytes) = @_;

    open my $out, '>:raw', $name or die "$name: $!";
    print $out $bytes;
    close $out;
    chmod 0644, $name;
}


sub moved ($) {
    write_file("$file.new", shift);
    rename "$file.new", $file or die "$file: $!";
}


# in place, from somewhere on, a part at a time, the last one first

sub in_place ($$) {
    my ($bytes, $at) = @_;
    my $parts = int(length($bytes) / 70000);

    moved(version($high)) unless -f $file && -s $file == length $whole;

    open my $out, '+<:raw', $file or die "$file: $!";

    for my $i (reverse 0 .. $parts) {
        sysseek $out, $at + 70000 * $i, 0;
        syswrite $out, substr $bytes, 70000 * $i, 70000;
        sleep 0.004 if int rand 2;
    }
}


# newer files, then those that are none

my @good = (
    sub { moved(shift) },
    sub { in_place(shift, 0) },
    sub { unlink $file; moved(shift) },
    sub { unlink $file; write_file($file, shift) },
);

my @bad = (
    sub { truncate $file, int rand length $whole },
    sub { truncate $file, length($whole) / 2; truncate $file, length $whole },
    sub { in_place((qw( x a ), "\0", "\xff")[rand 4] x (64 + rand 5000),
                   rand(length $whole)) },
    sub { in_place("\xff" x 300, rand 2000) },
    sub { in_place("\0" x length $whole, 0) },
    sub { in_place(database('QQ', $epoch - 1), 0) },
    sub { moved(database('QQ', $epoch - 1 - int rand 100000)) },
    sub { moved(database('QQ', 4000000000)) },
    sub { moved(substr version($high), 0, rand length $whole) },
    sub { moved(join '', map { chr rand 64 } 1 .. 3000) },
    sub { moved('') },
    sub { truncate $file, 0 },
    sub { unlink $file },
    sub { write_file("$file.new", database('QQ', $epoch + $high + 1));
          chmod 0600, "$file.new"; rename "$file.new", $file },
    sub { unlink $file; mkfifo($file, 0644) },
    sub { unlink $file; symlink 'geo.mmdb', $file },
    sub { unlink $file; mkdir $file },
);


sub replace () {

    rmdir $file if -d $file;
    unlink $file if -l $file || -p $file;

    if (rand() < 0.3) {
        $high++;
        publish();
        $good[rand @good]->(version($high));
        return;
    }

    $bad[rand @bad]->();
}


# without traffic: within the interval and a second all workers have it

sub settles ($) {
    my $idle = shift;
    my (%seen, %wrong);

    $high++;
    publish();
    rmdir $file if -d $file;
    moved(version($high));

    sleep 1.05 if $idle;

    for (1 .. 400) {
        my ($pid, $code) = ask(connection());
        last unless defined $code;

        if ($code ne $codes[$high % @codes]) {
            $wrong{$pid} = 1;
            sleep 0.01 unless $idle;
            last if $idle;
            next;
        }

        $seen{$pid} = 1;
        last if keys %seen == 2;
    }

    $low = $high if keys %seen == 2;
    publish();

    return keys %seen == 2 && (!$idle || !%wrong);
}


sub chaos () {
    my (@children, $late);

    srand 1;
    $late = 0;

    write_file("$live/range", '');
    publish();

    my %before;
    for (1 .. 200) {
        my ($pid) = ask(connection()) or last;
        $before{$pid} = 1;
    }

    for my $id (1, 2) {
        my $pid = fork // die $!;
        load($id) unless $pid;
        push @children, $pid;
    }

    for my $n (1 .. $count) {
        replace();

        # a file is looked at when it has been at rest for an interval

        sleep(rand() < 0.2 ? rand 0.05 : 0.06 + rand 0.05);

        next if $n % 50;

        my $idle = $n % 500 == 0 || $n == $count;

        kill STOP => @children if $idle;
        $late++ unless settles($idle);
        kill CONT => @children if $idle;
    }

    kill TERM => @children;
    waitpid $_, 0 for @children;

    my (%lines, %after);

    for my $id (1, 2) {
        open my $in, '<', "$live/load.$id" or die $!;
        while (<$in>) {
            $lines{requests} += $1 if /^(\d+) requests/;
            $lines{$1}++ if /^(failed|wrong)/;
            Test::More::diag($_) if /^wrong/;
        }
    }

    for (1 .. 200) {
        my ($pid) = ask(connection()) or last;
        $after{$pid} = 1;
    }

    open my $in, '<', $log or die "$log: $!";
    my $died = grep { /exited on signal|\[(alert|emerg)\]/ } <$in>;

    Test::More::diag("$count replacements, $high of them newer, "
                     . ($lines{requests} || 0) . ' requests')
        if $ENV{XPECTO_CHAOS};

    ok $lines{requests}, 'there was a load';
    is $lines{failed} || 0, 0, 'no request failed';
    is $lines{wrong} || 0, 0, 'no answer was wrong';
    is $late, 0, 'all workers have the newest in time';
    is "@{[ sort keys %after ]}", "@{[ sort keys %before ]}",
       'the workers are those of the beginning';
    is $died, 0, 'and none of them complains';
}


two_workers();

write_file($file, version(0));

add_block_preprocessor {
    my $block = shift;

    $block->set_value('http_config', <<"_EOC_");
    xpecto_jurisdiction_rules %%DATA%%/rules.json reload=0;
    xpecto_jurisdiction_geoip $file max_age=0 reload=50ms;
    xpecto_jurisdiction on;
    keepalive_requests 1000000;
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Forwarded-For;
_EOC_

    $block->set_value('config', <<'_EOC_');
    location = /t {
        add_header X-Tag "$pid $xpecto_country" always;
        return 204;
    }
_EOC_
};


add_response_body_check(\&chaos);

plan_tests(7);

run_tests();

__DATA__

=== TEST 1: geoip - replaced in every way under load
--- request
GET /t
--- error_code: 204
