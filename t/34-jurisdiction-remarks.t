# What happens to files by itself, or to those that nginx has not asked for:
# said in the log when it happens, once, and to be seen in the metrics.

use lib 't/lib';
use TestXpecto;
use TestRestart qw( ask content store until_true );

use File::Copy;
use JSON::PP;

copy('ngx_xpecto_module/data/jurisdictions.json',
     data_dir() . '/jurisdictions.json') or die "jurisdictions.json: $!";

# the files that change

my $live = data_dir() . '/live';
mkdir $live;

my $log = "$ENV{TEST_NGINX_SERVROOT}/logs/error.log";


sub lines ($) {
    my $like = shift;

    return scalar grep { /$like/ } split /\n/, content($log);
}


# as many lines as there are when n have come and others might have

sub said ($$) {
    my ($like, $n) = @_;

    until_true { lines($like) >= $n };
    select undef, undef, undef, 0.5;

    return lines($like);
}


sub put ($$) {
    my ($name, $text) = @_;

    store("$live/$name.new", $text);
    rename "$live/$name.new", "$live/$name" or die "$name: $!";
}


# a database that was made so many seconds ago

sub made ($$) {
    my ($from, $ago) = @_;
    my $bytes = content(data_dir() . "/mmdb/$from");

    # a uint64 of four bytes

    $bytes =~ s/(build_epoch\x04\x02)..../$1 . pack 'N', time - $ago/es
        or die "$from: no build_epoch";

    return $bytes;
}


sub rules {
    my ($change) = @_;
    my $rules = decode_json(content(data_dir() . '/rules.json'));

    $rules->{data}{jurisdictions} = '../jurisdictions.json';
    $change->($rules) if $change;

    return encode_json($rules);
}


sub tenants ($) {
    my $change = shift;
    my $tenants
        = decode_json(content(data_dir() . '/tenants-jurisdiction.json'));

    delete $tenants->{tenants}{typo};
    $change->($tenants->{tenants});

    return encode_json($tenants);
}


# a number of the metrics, when it has become that, or as it is

sub metric ($$) {
    my ($name, $value) = @_;
    my $is;

    until_true {
        ask('/status') =~ /^\Q$name\E (\d+)\r?$/m and $is = $1;
        return defined $is && $is == $value;
    };

    return $is;
}


sub ages () {
    my $old = qr/\[warn\].*live\/geo.mmdb" was made on .* older than "max_age/;

    is lines($old), 0, 'not too old at first';
    is said($old, 1), 1, 'too old: said once, by one of the workers';

    put('geo.mmdb', made('moved.mmdb', 3600 - 4));
    is said(qr/loaded anew/, 1), 1, 'a newer one';
    is lines($old), 1, 'is not too old';
    is said($old, 2), 2, 'but becomes it';
}


sub attests () {
    my $expired = qr/\[warn\].*"old_paper" in ".*rules.json" expired on 2020-02-29/;

    is lines($expired), 0, 'no attestation that expired';
    is metric('xpecto_jurisdiction_attestations_expired', 0), 0, 'nor any here';

    put('rules.json', rules(sub {
        $_[0]{attestations}{old_paper} = { expires => '2020-02-29' };
        $_[0]{attestations}{older_paper} = { expires => '2019-02-28' };
    }));

    is said($expired, 1), 1, 'rules with one: said once';
    is metric('xpecto_jurisdiction_attestations_expired', 2), 2, 'and counted';
    is lines(qr/us_dpf/), 0, 'one that holds is not said';
}


sub refused () {
    my $good = made('flat32.mmdb', 3600);
    my $name = "xpecto_reload_refused{file=\"$live/geo.mmdb\"}";
    my $again = qr/\[notice\].*live\/geo.mmdb" is good again/;

    put('geo.mmdb', $good);
    is said(qr/loaded anew/, 1), 1, 'a newer one is taken';
    is metric($name, 0), 0, 'nothing is refused';

    put('geo.mmdb', substr $good, 0, 1000);
    is metric($name, 1), 1, 'half of it is refused';
    is metric("xpecto_reload_refused{file=\"$live/rules.json\"}", 0), 0,
       'and nothing else is';

    put('geo.mmdb', $good);
    is metric($name, 0), 0, 'all of it is not';
    is said($again, 1), 1, 'which is said';

    put('geo.mmdb', 'garbage');
    is metric($name, 1), 1, 'garbage is refused';
    put('geo.mmdb', made('moved.mmdb', 3000));
    is metric($name, 0), 0, 'another one is not';
    is said(qr/loaded anew/, 2), 2, 'which is said as ever';
    is lines($again), 1, 'once';
}


sub databases () {
    for my $role ('country', 'anonymous') {
        my $made = 'xpecto_jurisdiction_geoip_built_timestamp_seconds'
                   . "{role=\"$role\"}";
        is metric($made, 1767225600), 1767225600, "$role: when it was made";

        my $name = 'xpecto_jurisdiction_geoip_age_seconds';
        my ($age) = ask('/status') =~ /^$name\{role="$role"} (\d+)/m;
        cmp_ok abs(time - 1767225600 - $age), '<', 5, 'its age';

        $name = "xpecto_jurisdiction_geoip_generation{role=\"$role\"}";
        is metric($name, 1), 1, 'its generation';
    }

    my %heads;
    $heads{$_}++ for ask('/status') =~ /^# TYPE (\S+)/mg;
    is_deeply [ grep { $heads{$_} > 1 } keys %heads ], [],
              'each metric has one head';
}


sub strangers () {
    my $warn = qr/\[warn\].*is not in ".*live\/rules.json"/;

    is lines($warn), 0, 'no stranger at first';

    put('tenants.json', tenants(sub {
        $_[0]{de}{establishment} = ['QQ'];
        $_[0]{pinned}{allow_regions} = ['eu', 'mars'];
        $_[0]{us}{attest} = ['nobodys'];
    }));

    is said($warn, 3), 3, 'three';
    is lines(qr/"QQ" at tenants.de.establishment in ".*live\/tenants.json"/),
       1, 'a country';
    is lines(qr/"mars" at tenants.pinned.allow_regions in ".*tenants.json"/),
       1, 'a region';
    is lines(qr/"nobodys" at tenants.us.attest in ".*tenants.json"/),
       1, 'an attestation';

    put('tenants.json', tenants(sub {
        for my $n (1 .. 3000) {
            $_[0]{"t$n"} = { plan => 'p', region => 'venus',
                             keys => [ sprintf 'sha256:%064x', $n ] };
        }
    }));

    is said(qr/"venus" at tenants\.t\d+\.region/, 10), 10, 'ten of many';
    is said(qr/2990 names more in ".*tenants.json" that are not in/, 1), 1,
       'and how many more';

    put('tenants.json', tenants(sub { }));
    is said(qr/tenants.json" was loaded anew/, 3), 3, 'none again';

    put('rules.json', rules(sub { delete $_[0]{attestations} }));
    is said(qr/"us_dpf" at tenants.dpf.attest in ".*tenants.json"/, 1), 1,
       'rules that no longer have a name';
}


add_block_preprocessor {
    my $block = shift;
    my $data = data_dir();

    unlink glob "$live/*";
    put('geo.mmdb', made('nested24.mmdb', $block->age // 7200));
    put('rules.json', rules());
    put('tenants.json', tenants(sub { }));

    my $max_age = defined $block->age ? 'max_age=1h' : 'max_age=0';

    $block->set_value('http_config', <<"_EOC_");
    xpecto_tenants $live/tenants.json reload=100ms;
    xpecto_jurisdiction_rules $live/rules.json reload=100ms;
    xpecto_jurisdiction_geoip $live/geo.mmdb $max_age reload=100ms;
_EOC_

    $block->set_value('http_config', <<"_EOC_") if defined $block->databases;
    xpecto_jurisdiction_rules $live/rules.json;
    xpecto_jurisdiction_geoip $data/mmdb/nested24.mmdb max_age=0;
    xpecto_jurisdiction_geoip $data/mmdb/anonymous.mmdb role=anonymous;
_EOC_


    $block->set_value('config', <<'_EOC_');
    location = /status { xpecto_status; }
    location = /t {
        xpecto_jurisdiction on;
        empty_gif;
    }
_EOC_

    $block->set_value('request', 'GET /t');
};


add_response_body_check(sub {
    my ($block) = @_;

    ages() if defined $block->ages;
    attests() if defined $block->attests;
    refused() if defined $block->refused;
    databases() if defined $block->databases;
    strangers() if defined $block->strangers;
});


two_workers();
skip_hup('lines of blocks before would count');

plan_tests(54);

run_tests();

__DATA__

=== TEST 1: geoip - too old from some second on
--- ages
--- age: 3594
--- no_error_log
[alert]
[emerg]



=== TEST 2: geoip - too old already
--- age: 4000
--- error_log eval
qr/\[warn\].*live\/geo.mmdb" was made on .* older than "max_age"/
--- no_error_log
[emerg]



=== TEST 3: rules - an attestation that expired
--- attests
--- no_error_log
[alert]
[emerg]



=== TEST 4: geoip - refused, and good again
--- refused
--- no_error_log
[alert]
[emerg]



=== TEST 5: geoip - metrics of both databases
--- databases
--- no_error_log
[warn]
[emerg]



=== TEST 6: tenants - names that the rules do not have
--- strangers
--- no_error_log
[alert]
[emerg]
