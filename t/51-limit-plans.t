# Plans whose numbers change while their tenants use them: what was counted
# stays, in whole or in part, or begins anew; by a file that is followed, and by
# a reload of nginx.

use lib 't/lib';
use TestXpecto;

use Digest::SHA qw( sha256_hex );
use IO::Socket::INET;
use Time::HiRes qw( sleep );

my $file = data_dir() . '/plans.json';


sub ask ($) {
    my $key = shift;

    my $sock = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $ENV{TEST_NGINX_PORT})
        or return 'no connection';

    print $sock "GET /t HTTP/1.0\r\nX-API-Key: key-$key\r\n\r\n";
    local $/;

    return <$sock> || '';
}


# what is left of a limit after n requests that have to pass

sub left ($$) {
    my ($key, $n) = @_;
    my $answer = '';

    for (1 .. $n) {
        $answer = ask($key);
        return 'refused' if $answer !~ m{^HTTP/1.1 200};
    }

    return $answer =~ /^RateLimit: ".*?";r=(\d+)/m ? $1 : $answer;
}


sub limit ($@) {
    my ($kind, %members) = @_;

    return sprintf '{ "name": "all", "kind": "%s", %s }', $kind,
                   join ', ', map {
                       "\"$_\": " . ($members{$_} =~ /^\d+$/ ? $members{$_}
                                                        : "\"$members{$_}\"")
                   } sort keys %members;
}


# each tenant on a plan of his own, "moved" on one of theirs

my $version = 0;

sub write_plans (%) {
    my (%plans) = @_;
    my $moved = delete $plans{moved};
    my @names = (sort(keys %plans), 'moved', 'version' . ++$version);

    open my $out, '>', "$file.new" or die "$file: $!";
    print $out '{ "version": 1, "plans": { "none": { "limits": [] }, ',
               join(",\n", map { "\"$_\": { \"limits\": [ $plans{$_} ] }" }
                           sort keys %plans),
               " },\n\"tenants\": {",
               join(",\n", map {
                   my $plan = $plans{$_} ? $_ : /^version/ ? 'none' : $moved;
                   "\"$_\": { \"plan\": \"$plan\", \"keys\": [ \"sha256:"
                   . sha256_hex("key-$_") . '" ] }'
               } @names),
               " } }\n";
    close $out;
    rename "$file.new", $file or die "$file: $!";
}


# until all workers know it

sub until_in_force () {
    my $seen = 0;

    for (1 .. 400) {
        $seen = ask("version$version") =~ m{^X-Who: version}m ? $seen + 1 : 0;
        return 1 if $seen == 8;
        sleep 0.02;
    }

    return 0;
}


my %first = (
    rate => limit('rate', rate => '10r/d', burst => 10),
    faster => limit('rate', rate => '1000000r/s', burst => 1000000),
    quota => limit('quota', count => 100, per => 'day'),
    part => limit('quota', count => 100, per => 'lifetime',
                  inherit => 'proportional'),
    anew => limit('window', count => 5, window => '7d', inherit => 'reset'),
    shorter => limit('sliding', count => 50, window => '24h'),
    moved => 'rate',
);

my %second = (
    rate => limit('rate', rate => '20r/d', burst => 20),
    faster => limit('rate', rate => '10r/d', burst => 10),
    quota => limit('quota', count => 50, per => 'day'),
    part => limit('quota', count => 10, per => 'lifetime',
                  inherit => 'proportional'),
    anew => limit('window', count => 6, window => '7d', inherit => 'reset'),
    shorter => limit('sliding', count => 20, window => '12h'),
    moved => 'faster',
);


sub lives_through_changes ($) {
    my $hup = shift;

    ok until_in_force(), 'the first plans are in force';

    is left('rate', 4), 6, 'a rate: 4 of 10';
    is left('quota', 30), 70, 'a quota: 30 of 100';
    is left('part', 50), 50, 'a quota for life: half of it';
    is left('anew', 5), 0, 'a window: all of it';
    is left('shorter', 10), 40, 'a sliding window: 10 of 50';
    is left('moved', 3), 7, 'a tenant: 3 of 10';

    write_plans(%second);

    if ($hup) {
        open my $pid, '<', "$ENV{TEST_NGINX_SERVROOT}/logs/nginx.pid"
            or die $!;
        kill HUP => <$pid> + 0;
    }

    ok until_in_force(), 'the second plans are in force';

    is left('rate', 1), 15, 'a rate: 4 stay used, of 20';
    is left('quota', 1), 19, 'a quota: 30 stay used, of 50';
    is left('part', 1), 4, 'a quota for life: half stays used';
    is left('anew', 1), 5, 'a window begins anew';
    is left('shorter', 1), 9, 'a sliding window: 10 stay used, of 20';
    is left('moved', 1), 6, 'a tenant on another plan: 3 stay used';

    # nothing but what is unknown has changed: nothing is forgotten

    write_plans(%second);

    if ($hup) {
        open my $pid, '<', "$ENV{TEST_NGINX_SERVROOT}/logs/nginx.pid"
            or die $!;
        kill HUP => <$pid> + 0;
    }

    ok until_in_force(), 'the same once more';
    is left('rate', 1), 14, 'a rate goes on';
    is left('part', 1), 3, 'a quota for life goes on';
    is left('anew', 1), 4, 'a window goes on';
    is left('shorter', 1), 8, 'a sliding window goes on';
    is left('moved', 1), 5, 'a tenant goes on';
}


write_plans(%first);

add_response_body_check(sub {
    my $block = shift;

    lives_through_changes($block->hup);
});

add_cleanup_handler(sub { unlink $file });

two_workers();

add_block_preprocessor(sub {
    my $block = shift;
    my $every = $block->hup ? 0 : '50ms';

    write_plans(%first);

    $block->set_value('http_config', <<"_EOC_");
    xpecto_tenants $file reload=$every;
    xpecto_limit_zone z:1m;
_EOC_

    $block->set_value('config', <<'_EOC_');
    location = /t {
        xpecto_limit zone=z;
        add_header X-Who $xpecto_tenant always;
        empty_gif;
    }
_EOC_

    $block->set_value('request', 'GET /t');
});

skip_hup('each block begins with limits that nobody has used');

plan_tests(42);

run_tests();

__DATA__

=== TEST 1: tenants - plans change in a file that is followed



=== TEST 2: tenants - plans change by a reload of nginx
--- hup: 1
