# What a caller is counted by is kept from his first request on where it is
# always the same.  A limit whose key is empty counts nothing, but it could:
# with it, each request is collected anew.  Both ways must say the same of
# the same requests, whatever comes, also while the tenants file changes.
#
# XPECTO_SEED=n prove t/59-limit-ready.t: these requests again

use lib 't/lib';
use TestXpecto;
use TestRestart;

use Digest::SHA qw( sha256_hex );


my $seed = $ENV{XPECTO_SEED} || time;
my @paths = qw( /own /dry /v23.0/106540352242922/messages /x );
my @keys = ((map { ("X-API-Key: key-$_", "Authorization: Bearer key-$_") }
             qw( one two three trial weigh path empty )),
            'X-API-Key: key-nobody', 'X-Other: none');


sub tenants ($$@) {
    my ($burst, $small, @tenants) = @_;

    my $tenants = join ",\n", map {
        my ($name, $plan, $rest, @keys) = @$_;
        sprintf '"%s": { "plan": "%s", %s "keys": [ %s ] }', $name, $plan,
                $rest, join ', ', map { '"sha256:' . sha256_hex("key-$_") . '"' }
                                  @keys;
    } @tenants;

    store("$ENV{TEST_NGINX_HTML_DIR}/tenants.new", <<END);
{ "version": 1,
  "plans": {
    "many": { "limits": [
      { "name": "burst", "kind": "rate", "rate": "1r/d", "burst": $burst },
      { "name": "monthly", "kind": "quota", "count": 90, "per": "month" },
      { "name": "trial", "kind": "rate", "rate": "1r/d", "burst": 20,
        "dry_run": true },
      { "name": "each", "kind": "rate", "rate": "1r/d", "burst": 30,
        "scope": "credential" } ] },
    "weigh": { "limits": [
      { "name": "three", "kind": "rate", "rate": "1r/d", "burst": $small,
        "cost": "3" },
      { "name": "held", "kind": "concurrency", "count": 2 } ] },
    "path": { "limits": [
      { "name": "all", "kind": "rate", "rate": "1r/d", "burst": 40 },
      { "name": "messages", "kind": "rate", "rate": "1r/d", "burst": $small,
        "endpoints": [ "messages" ] } ] },
    "empty": { "limits": [] } },
  "tenants": { $tenants } }
END
    rename "$ENV{TEST_NGINX_HTML_DIR}/tenants.new",
           "$ENV{TEST_NGINX_HTML_DIR}/tenants.json" or die $!;
}


# seconds go on in between

sub same ($$) {
    my ($got, $expected) = map { s/^Date: .*\r\n//mr } @_;
    my @times = map {
        [ map { /(\d+)/ } /;t=\d+|^Retry-After: \d+|Retry after \d+/mg ]
    } $got, $expected;

    s/;t=\d+|^Retry-After: \d+|Retry after \d+|^Content-Length: \d+/-/mg
        for $got, $expected;

    return $got eq $expected && @{$times[0]} == @{$times[1]}
           && !grep { abs($times[0][$_] - $times[1][$_]) > 2 }
              0 .. $#{$times[0]};
}


# how many of so many are answered otherwise, and which answers there were

sub compare ($) {
    my $n = shift;
    my ($differ, %seen) = (0);

    for (1 .. $n) {
        my $path = $paths[rand @paths];
        my @head = map { $keys[rand @keys] } 0 .. (rand() < 0.05);
        my @answers = map { ask("/$_$path", @head) } 'a', 'b';

        $seen{$answers[0] =~ /^X-Limit: (\S*)/m ? $1 : 'none'}++;
        $seen{$answers[0] =~ m{^HTTP/1\.1 (\d+)} ? $1 : 'none'}++;

        if (!same($answers[0], $answers[1]) && $differ++ == 0) {
            s/[^\n -~]//g for @answers;
            diag "$path: @head\n$answers[0]\nother than\n$answers[1]";
        }
    }

    return ($differ, join ' ', sort grep { length } keys %seen);
}


sub who ($) {
    return ask('/a/x', "X-API-Key: key-$_[0]") =~ /^X-Who: (\S+)\r$/m ? $1
                                                                    : 'nobody';
}


add_response_body_check(sub {
    srand $seed;

    my @all = ([ 'one', 'many', '', 'one', 'two' ],
               [ 'three', 'many', '', 'three' ],
               [ 'trial', 'many', '"dry_run": true,', 'trial' ],
               [ 'weigh', 'weigh', '', 'weigh' ],
               [ 'path', 'path', '', 'path' ],
               [ 'empty', 'empty', '', 'empty' ]);

    tenants(60, 45, @all, [ 'first', 'empty', '', 'first' ]);
    ok until_true { who('first') eq 'first' }, 'the first file';

    my ($differ, $seen) = compare(600);
    is $differ, 0, "600 requests, seed $seed";
    is $seen, '200 400 429 PASSED REJECTED REJECTED_DRY_RUN', 'of all sorts';

    # a credential is revoked, a plan changed, somebody gets another one

    pop @{$all[0]};
    $all[3][1] = 'many';

    tenants(80, 60, reverse(@all), [ 'next', 'empty', '', 'next' ]);
    ok until_true { who('next') eq 'next' }, 'another file';

    is who('two'), 'nobody', 'who is revoked is nobody at once';
    ask('/b/x', 'X-API-Key: key-two');
    is who('one'), 'one', 'who is not is still who he was';
    ask('/b/x', 'X-API-Key: key-one');

    ($differ, $seen) = compare(600);
    is $differ, 0, '600 more';
    like $seen, qr/200 400 429 PASSED/, 'of all sorts';

    my $status = ask('/status');
    my @cells = $status =~ /^xpecto_limit_cells_used\{zone="[ab]"\} (\d+)/mg;

    cmp_ok $cells[0], '>', 10, 'keys were counted';
    is $cells[0], $cells[1], 'as many in both ways';
});

no_shuffle();
log_level('error');
skip_hup('the file changes');

plan_tests(11);

run_tests();

__DATA__

=== TEST 1: xpecto_limit - what is kept of a caller, and what is not
--- log_level: error
--- user_files
>>> tenants.json
{ "version": 1, "plans": {}, "tenants": {} }
--- http_config
    xpecto_tenants $TEST_NGINX_HTML_DIR/tenants.json reload=100ms;
    xpecto_limit_zone a:1m;
    xpecto_limit_zone b:1m;
    add_header X-Who $xpecto_tenant always;
    add_header X-Limit "$xpecto_limit_status $xpecto_limit_policy $xpecto_limit_remaining" always;
--- config
    location /a { xpecto_limit zone=a; empty_gif; }
    location /a/dry { xpecto_limit zone=a; xpecto_limit_dry_run on; empty_gif; }
    location /a/own {
        xpecto_limit zone=a rate=1r/d burst=70 scope=tenant policy=own;
        xpecto_limit zone=a;
        empty_gif;
    }
    location /b { xpecto_limit zone=b; xpecto_limit zone=b rate=1r/d key=$arg_none; empty_gif; }
    location /b/dry { xpecto_limit zone=b; xpecto_limit zone=b rate=1r/d key=$arg_none; xpecto_limit_dry_run on; empty_gif; }
    location /b/own {
        xpecto_limit zone=b rate=1r/d burst=70 scope=tenant policy=own;
        xpecto_limit zone=b;
        xpecto_limit zone=b rate=1r/d key=$arg_none;
        empty_gif;
    }
    location = /status { xpecto_status; }
--- request
GET /status
