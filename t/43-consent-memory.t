# One allocation after the other fails in a worker, in each one time: no tracker
# that was refused reaches the upstream, and what can go on goes on.

use lib 't/lib';
use TestXpecto;
use TestMemory;
use TestRestart qw( ask master );
use TestUpstream;
use XpectoToken;

my $sock = upstream_sock;
my $token = token(granted => 0x4001, denied => 0x3ffe);
my $granted = token();

# longer than a block of a pool: an allocation of its own

my $long = 'sid=1; a=' . 'x' x 1500;


# answered with the Cookie lines that the upstream sees

sub page {
    return ask('/up', 'Host: example.com', 'Accept: text/html',
               map { "Cookie: $_" } @_);
}


# trackers that the browser is to forget

sub told { return scalar(() = $_[0] =~ /^Set-Cookie: _\w+=;/mg) }


# until a request needs less than that

sub each_fails {
    my $told = told(page(@_));
    my %n;

    for my $n (1 .. 200) {
        fail_at $n;
        my $got = page(@_);
        my $left = left;

        fail_at 0;
        last if $left > 0;

        $n{failed}++;
        my ($head, $seen) = split /\r\n\r\nseen/, $got;

        next unless defined $seen;

        $n{leaks}++ if $seen =~ /(?:_ga|_gid|_fbp|Http-xpc)=/;
        $n{lost}++ if $seen !~ /^sid=1; a=x{1500}(?:$|;b)/m;
        $n{lost}++ if $_[0] =~ /;;/ && $seen !~ /^\Q$_[0]\E$/m;
        $n{untold}++ if told($head) < $told;
    }

    return \%n;
}


sub compare {
    my $master = master;
    my $worker = `pgrep -P $master`;
    my @cases = (
        [ "_ga=1; $long; _fbp=2" ],
        [ "$token; _ga=1; $long; _fbp=2" ],
        [ "$long;b=2 ;;  c=3;d=4", '_ga=' . 'y' x 1000 ],
        [ '_gid=' . 'y' x 1000, "$long; $token; _ga=1", '_fbp=3' ],
    );

    for my $case (@cases) {
        my $n = each_fails(@$case);

        cmp_ok $n->{failed}, '>', 5, 'an allocation failed';
        is $n->{leaks} // 0, 0, 'no tracker reached the upstream';
        is $n->{lost} // 0, 0, 'all that is no tracker did';
        cmp_ok $n->{untold} // 0, '>', 0, 'also without memory for the line';
    }

    is `pgrep -P $master`, $worker, 'the worker is the same';
}


# at each end of a block of the pool: who is answered at all is answered by what
# his cookies of several lines say

sub unseen {
    my %n = map { $_ => 0 } qw( valid invalid none told leaks lost );

    for my $len (map { 8 * $_ } 1 .. 480) {
        for my $at (1 .. 200) {
            fail_at $at;
            my $got = ask('/up/./' . 'x' x $len, 'Host: example.com',
                          "Cookie: _ga=1; $long", "Cookie: $granted");
            my $left = left;

            fail_at 0;
            last if $left > 0;

            my ($state, $seen) = $got =~ /^X-State: (\w+)\r.*?^seen\n?(.*)/ms
                or next;

            $n{$state}++;
            $n{told}++ if told($got);
            $n{leaks}++ if $seen =~ /xpc/ || $seen =~ /_ga/ && $state ne 'valid';
            $n{lost}++ if $seen !~ /^(?:_ga=1; )?sid=1; a=x{1500}$/;
        }
    }

    is $n{invalid}, 0, 'none whose cookies nobody could look at';
    cmp_ok $n{valid}, '>', 0, 'choices are read';
    is $n{told}, 0, 'nobody is told to forget what was granted';
    is $n{none}, 0, 'none that are taken for no cookies';
    is $n{leaks}, 0, 'no tracker reached the upstream';
    is $n{lost}, 0, 'all that is no tracker did';
}


# what is said to be taken back is

sub withdrawn {
    my %n = map { $_ => 0 } qw( done refused kept );

    for my $len (map { 8 * $_ } 1 .. 480) {
        for my $at (1 .. 200) {
            my $cookie = token(id => pack 'N4', $len, $at, 1, 1);

            fail_at $at;
            my $got = ask('DELETE /' . 'x' x $len . '/../.xpecto/consent',
                          'Host: example.com', "Cookie: $long; $cookie");
            my $left = left;

            fail_at 0;
            last if $left > 0;

            if ($got !~ /^HTTP\S+ 204/) {
                $n{refused}++;
                next;
            }

            $n{done}++;
            $n{kept}++ if ask('/state', 'Host: example.com',
                              "Cookie: $cookie") !~ /revoked\z/;
        }
    }

    cmp_ok $n{done}, '>', 0, 'taken back';
    cmp_ok $n{refused}, '>', 0, 'or not';
    is $n{kept}, 0, 'and void if it is said to be';
}


my %checks = (all => \&compare, unseen => \&unseen, withdrawn => \&withdrawn);

add_response_body_check(sub {
    my $block = shift;

    with_upstream {
        my $head = shift;

        return (join("\n", 'seen', lines_of('Cookie', $head)),
                'Content-Type: text/html',
                map { "X-State: $_" } lines_of('X-State', $head));
    } $checks{$block->check};
});

add_block_preprocessor(sub {
    my $block = shift;
    my $pool = $block->pool || 512;

    $block->set_value('http_config', <<_EOC_);
        xpecto_keys %%DATA%%/consent-keys;
        xpecto_consent_cookie secure=1;
        request_pool_size $pool; connection_pool_size 512;
        upstream platform { server unix:$sock; }
        xpecto_consent_zone revoked:1m;
_EOC_
});

loads_allocator();
chmod 0600, data_dir() . '/consent-keys';
server_name('example.com');
log_level('emerg');
skip_hup('the allocator is loaded when nginx starts');
plan_tests(29);

run_tests();

__DATA__

=== TEST 1: xpecto_consent - each allocation of a request fails once
--- check: all
--- config
    location /up {
        xpecto_consent  on;
        proxy_pass      http://platform;
    }
    location /t {
        return 204;
    }
--- request
GET /t
--- error_code: 204
--- timeout: 30



=== TEST 2: xpecto_consent - without memory to look at the cookies
--- check: unseen
--- pool: 768
--- config
    location /up {
        xpecto_consent    on;
        proxy_set_header  X-State $xpecto_consent_state;
        proxy_pass        http://platform;
    }
    location /t {
        return 204;
    }
--- request
GET /t
--- error_code: 204
--- timeout: 30



=== TEST 3: xpecto_consent - without memory for who withdraws
--- check: withdrawn
--- pool: 768
--- config
    xpecto_consent on;
    location /.xpecto/consent {
        xpecto_consent_api;
    }
    location /state {
        return 200 $xpecto_consent_state;
    }
    location /t {
        return 204;
    }
--- request
GET /t
--- error_code: 204
--- timeout: 30
