# Files that change while nginx is running: the new ones are followed, broken
# ones never.

use lib 't/lib';
use TestXpecto;
use TestRestart qw( master processes until_true );

use File::Copy;
use IO::Socket::INET;
use JSON::PP;

copy('ngx_xpecto_module/data/jurisdictions.json',
     data_dir() . '/jurisdictions.json') or die "jurisdictions.json: $!";

# the files that change

my $live = data_dir() . '/live';
mkdir $live;

my $log = "$ENV{TEST_NGINX_SERVROOT}/logs/error.log";


sub ask () {
    my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                                  PeerPort => $ENV{TEST_NGINX_PORT})
        or return "no connection";

    print $s "GET /t HTTP/1.0\r\nX-Forwarded-For: 81.2.69.142\r\n\r\n";

    return join('', <$s>) =~ /^X-Tag: (.*)\r$/m ? $1 : 'nothing';
}


# what it becomes within ten seconds

sub becomes ($) {
    my $what = shift;
    my $is;

    for (1 .. 100) {
        $is = ask();
        last if $is eq $what;
        select undef, undef, undef, 0.1;
    }

    return $is;
}


sub lines ($) {
    my $like = shift;

    local $/ = "\n";
    open my $in, '<', $log or die "$log: $!";
    return scalar grep { /$like/ } <$in>;
}


# as many lines as there are when n have come, or within ten seconds

sub logged ($$) {
    my ($like, $n) = @_;

    for (1 .. 100) {
        last if lines($like) >= $n;
        select undef, undef, undef, 0.1;
    }

    return lines($like);
}


sub refused ($) {
    return logged(qr/\[crit\].* is refused, the previous one stays/, shift);
}


sub hup () {
    open my $in, '<', "$ENV{TEST_NGINX_SERVROOT}/logs/nginx.pid" or die $!;
    kill HUP => <$in> + 0;
}


# of the database

sub zone ($) {
    my $zone = shift;
    my $file = "$ENV{TEST_NGINX_SERVROOT}/conf/nginx.conf";

    local $/;
    open my $in, '<', $file or die "$file: $!";
    my $conf = <$in>;

    $conf =~ s/(geo\.mmdb)( zone=\S+)?/$1 zone=$zone/ or die 'no database';

    open my $out, '>', $file or die "$file: $!";
    print $out $conf;
    close $out or die "$file: $!";
}


sub place ($$) {
    my ($from, $to) = @_;

    copy($from, "$to.new") or die "$to.new: $!";
    chmod 0644, "$to.new";
    rename "$to.new", $to or die "$to: $!";
}


sub geoip () {
    my $file = "$live/geo.mmdb";
    my $mmdb = data_dir() . '/mmdb';

    is becomes('GB UK_GDPR'), 'GB UK_GDPR', 'the database we began with';

    place("$mmdb/moved.mmdb", $file);
    is becomes('FR EU_GDPR'), 'FR EU_GDPR', 'another in its place';

    truncate $file, 1000;
    is refused(1), 1, 'truncated in place it is refused, once';
    is ask(), 'FR EU_GDPR', 'and the answers stay';

    open my $out, '+<:raw', $file or die "$file: $!";
    print $out "\0" x 3000;
    close $out;
    is refused(2), 2, 'overwritten in place it is refused, once';
    is ask(), 'FR EU_GDPR', 'and the answers stay again';

    unlink $file;
    is refused(3), 3, 'deleted it is refused, once';
    is ask(), 'FR EU_GDPR', 'and the answers still stay';

    place("$mmdb/flat32.mmdb", $file);
    is becomes('GB UK_GDPR'), 'GB UK_GDPR', 'a good one of another layout';
}


# a copy of a database that was made so many seconds after 2026-01-01

sub made ($$$) {
    my ($from, $to, $seconds) = @_;

    open my $in, '<:raw', $from or die "$from: $!";
    local $/;
    my $bytes = <$in>;

    # a uint64 of four bytes

    $bytes =~ s/(build_epoch\x04\x02)..../$1 . pack 'N', 1767225600 + $seconds/es
        or die "$from: no build_epoch";

    open my $out, '>:raw', "$to.made" or die "$to: $!";
    print $out $bytes;
    close $out;

    place("$to.made", $to);
}


sub older () {
    my $file = "$live/geo.mmdb";
    my $mmdb = data_dir() . '/mmdb';

    made("$mmdb/moved.mmdb", $file, -1);
    is refused(1), 1, 'older than the one in use: refused, once';
    is lines('it was made before the one in use, and the directive has no "allow_older"'), 1, 'and the log says why';

    made("$mmdb/moved.mmdb", $file, 1000 * 365 * 86400);
    is refused(2), 2, 'of the future: refused';

    made("$mmdb/moved.mmdb", $file, -1767225600);
    is refused(3), 3, 'of no time at all: refused';
    is ask(), 'GB UK_GDPR', 'the answers stay';

    made("$mmdb/moved.mmdb", $file, 1);
    is becomes('FR EU_GDPR'), 'FR EU_GDPR', 'newer: taken';

    # a reload of nginx is no wish for older data; who asks for it is told

    made("$mmdb/flat32.mmdb", $file, 0);
    is refused(4), 4, 'older again: refused, once';
    hup();
    is logged('is not taken over', 1), 1, 'read again by nginx: kept';
    is ask(), 'FR EU_GDPR', 'and answers by the newer one';

    # nor is a zone of another size, or of another name

    for my $zone ('places:9m', 'other:9m', 'other:3m') {
        zone($zone);
        hup();

        my $n = $zone eq 'places:9m' ? 2 : $zone eq 'other:9m' ? 3 : 4;

        is logged('is not taken over', $n), $n, "in the zone $zone: kept";
        is ask(), 'FR EU_GDPR', 'and answers by the newer one';
    }

    # workers of a zone before would refuse it as well

    is logged('worker process \d+ exited', 4), 4, 'the workers before are gone';

    unlink $file;
    is refused(5), 5, 'deleted: refused, once';
    hup();
    is logged('gracefully shutting down', 5), 5, 'and read again by nginx';
    is ask(), 'FR EU_GDPR', 'optional, but kept';

    made("$mmdb/flat32.mmdb", $file, 2);
    is becomes('GB UK_GDPR'), 'GB UK_GDPR', 'newer again: taken';
}


sub allowed () {
    my $file = "$live/geo.mmdb";
    my $mmdb = data_dir() . '/mmdb';

    made("$mmdb/moved.mmdb", $file, -1);
    is becomes('FR EU_GDPR'), 'FR EU_GDPR', 'older: taken';

    made("$mmdb/flat32.mmdb", $file, -2);
    hup();
    is becomes('GB UK_GDPR'), 'GB UK_GDPR', 'older again, with nginx: taken';

    unlink $file;
    hup();
    is logged('is not taken over.*it is missing', 1), 1, 'none: kept';
    is ask(), 'GB UK_GDPR', 'and its answers';
}


sub rules () {
    my $file = "$live/rules.json";

    is becomes('GB UK_GDPR'), 'GB UK_GDPR', 'the rules we began with';

    open my $out, '>', $file or die "$file: $!";
    print $out '{ "schema": 1,';
    close $out;
    is refused(1), 1, 'broken rules are refused, once';
    is ask(), 'GB UK_GDPR', 'and the old ones stay';

    open my $in, '<', data_dir() . '/jurisdictions.json' or die $!;
    local $/;
    my $law = <$in>;
    $law =~ s/"UK_GDPR"/"UK_LAW"/g;
    open $out, '>', "$live/law.json" or die $!;
    print $out $law;
    close $out;

    open $out, '>', "$file.new" or die "$file: $!";
    print $out '{ "schema": 1, "version": "2",'
               . ' "data": { "jurisdictions": "law.json" } }';
    close $out;
    rename "$file.new", $file or die "$file: $!";
    is becomes('GB UK_LAW'), 'GB UK_LAW', 'new rules, new laws';

    $law =~ s/"UK_LAW"/"UK_ACT"/g;
    open $out, '>', "$live/law.json.new" or die $!;
    print $out $law;
    close $out;
    rename "$live/law.json.new", "$live/law.json" or die "$file: $!";
    is becomes('GB UK_ACT'), 'GB UK_ACT', 'new laws beside the same rules';

    unlink "$live/law.json";
    is refused(2), 2, 'no laws: refused, once';

    $law =~ s/"UK_ACT"/"UK_BILL"/g;
    open $out, '>', "$live/law.json" or die $!;
    print $out $law;
    close $out;
    is becomes('GB UK_BILL'), 'GB UK_BILL', 'there they are again';
}


sub appears () {
    is ask(), ' ', 'no database, no country';

    place(data_dir() . '/mmdb/flat32.mmdb', "$live/geo.mmdb");
    is becomes('GB UK_GDPR'), 'GB UK_GDPR', 'there it is';
}


# the same rules, but expired: said when they are read

sub expires () {
    open my $in, '<', "$live/rules.json" or die $!;
    my $rules = join '', <$in>;
    $rules =~ s/"version": "test.1",/"version": "old", "expires": "2020-02-29",/
        or die 'no version';
    open my $out, '>', "$live/rules.new" or die $!;
    print $out $rules;
    close $out;
    rename "$live/rules.new", "$live/rules.json" or die $!;

    my $found;
    for (1 .. 100) {
        $found = `grep -c 'warn.*rules.json" expired on 2020-02-29' $log`;
        last if $found > 0;
        select undef, undef, undef, 0.1;
    }
    cmp_ok $found, '==', 1, 'expired rules are said once';
}


# rules without what the configuration rests on

sub lacking () {
    my $file = "$live/rules.json";

    open my $in, '<', $file or die $!;
    my $rules = decode_json(join '', <$in>);

    for my $member ('operator', 'regions') {
        my %less = %$rules;
        defined delete $less{$member} or die "no $member";

        open my $out, '>', "$file.new" or die $!;
        print $out encode_json(\%less);
        close $out;
        rename "$file.new", $file or die $!;

        is logged(qr/\[crit\].*rules.json" is refused.*$member/, 1), 1,
           "no $member: refused";
    }

    is lines('was loaded anew'), 0, 'none is taken';
}


# a worker of before that is still there, but never looks

sub handed () {
    place(data_dir() . '/mmdb/moved.mmdb', "$live/geo.mmdb");
    is becomes('FR EU_GDPR'), 'FR EU_GDPR', 'a worker follows it';

    my ($worker) = grep { $_ != master() } processes();
    kill STOP => $worker;
    hup();
    ok until_true { (() = processes()) > 2 }, 'another one is started';

    made(data_dir() . '/mmdb/flat32.mmdb', "$live/geo.mmdb", 1);
    is becomes('GB UK_GDPR'), 'GB UK_GDPR', 'a newer one follows it now';
    ok kill(0 => $worker), 'and the old one is there';
    kill CONT => $worker;
}


add_block_preprocessor {
    my $block = shift;
    my $data = data_dir();

    unlink glob "$live/*";
    copy("$data/mmdb/nested24.mmdb", "$live/geo.mmdb") or die $!
        unless defined $block->appears;
    copy("$data/jurisdictions.json", "$live/law.json") or die $!;

    open my $in, '<', "$data/rules.json" or die $!;
    open my $out, '>', "$live/rules.json" or die $!;
    print $out map { s/jurisdictions\.json/law.json/r } <$in>;
    close $out;

    my $older = defined $block->allowed ? 'allow_older' : '';

    $block->set_value('http_config', <<"_EOC_");
    xpecto_jurisdiction_rules $live/rules.json reload=100ms;
    xpecto_jurisdiction_geoip $live/geo.mmdb max_age=0 reload=100ms optional
                              $older;
    xpecto_jurisdiction on;
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Forwarded-For;
_EOC_

    $block->set_value('config', <<'_EOC_');
    location = /t {
        add_header X-Tag "$xpecto_country $xpecto_jurisdiction";
        empty_gif;
    }
_EOC_

    $block->set_value('config', $block->config . <<'_EOC_')
    location = /choose {
        xpecto_jurisdiction_origin operator;
        xpecto_jurisdiction_destination auto;
        empty_gif;
    }
_EOC_
        if defined $block->lacking;
};


add_response_body_check(sub {
    my ($block) = @_;

    geoip() if defined $block->geoip;
    older() if defined $block->older;
    allowed() if defined $block->allowed;
    rules() if defined $block->rules;
    expires() if defined $block->expires;
    appears() if defined $block->appears;
    lacking() if defined $block->lacking;
    handed() if defined $block->handed;
});


skip_hup('a database outlives a reload');

plan_tests(74);

run_tests();

__DATA__

=== TEST 1: geoip - followed, and never worse than before
--- geoip
--- request
GET /t
--- no_error_log
[alert]
[emerg]



=== TEST 2: rules - followed, with the laws beside them
--- rules
--- request
GET /t
--- no_error_log
[alert]
[emerg]



=== TEST 3: geoip - missing at first, there later
--- appears
--- request
GET /t
--- no_error_log
[alert]
[emerg]



=== TEST 4: geoip - older than the one in use
--- older
--- request
GET /t
--- no_error_log
[alert]
[emerg]



=== TEST 5: rules - expired ones are said when they are read
--- expires
--- request
GET /t
--- no_error_log
[alert]
[emerg]



=== TEST 6: geoip - is followed by the newest workers
--- handed
--- request
GET /t
--- no_error_log
[alert]
[emerg]



=== TEST 7: geoip - older than the one in use, where that is allowed
--- allowed
--- request
GET /t
--- no_error_log
[alert]
[emerg]



=== TEST 8: rules - without what the configuration rests on
--- lacking
--- request
GET /t
--- no_error_log
[alert]
[emerg]
