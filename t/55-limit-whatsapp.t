# Each of Meta's limits in a plan: what t/data/whatsapp.txt says of it passes,
# one more gets Meta's error.

use lib 't/lib';
use TestXpecto;

use Digest::SHA qw( sha256_hex );
use IO::Socket::INET;


my (@rows, $sock);

open my $in, '<', data_dir() . '/whatsapp.txt' or die "whatsapp.txt: $!";

while (<$in>) {
    next unless s/^limit\s+//;

    my %row;

    @row{qw( name count of seconds burst scope code )} = split;
    push @rows, \%row;
}

close $in;


# a tenant for each, who has nothing but that limit

my %doc = (plans => [], tenants => []);

for (@rows) {
    push @{$doc{plans}}, qq("$_->{name}": { "limits": [ { "name": "n", )
                         . qq("kind": "whatsapp:$_->{name}" } ] });
    push @{$doc{tenants}}, qq("$_->{name}": { "plan": "$_->{name}", "keys": )
                           . '[ "sha256:' . sha256_hex("key-$_->{name}")
                           . '" ] }';
}

open my $out, '>', data_dir() . '/tenants-whatsapp.json' or die $!;
print $out '{ "version": 1, ', join(', ', map {
    qq("$_": { ) . join(', ', @{$doc{$_}}) . ' }' } qw( plans tenants )), ' }';
close $out or die $!;


sub answer () {
    my ($head, $body) = ('', '');

    while (my $line = <$sock>) {
        last if $line eq "\r\n";
        $head .= $line;
    }

    my ($len) = $head =~ /^Content-Length: (\d+)/m;
    read $sock, $body, $len or die 'no answer';

    return { status => $head =~ m{^HTTP/1\.1 (\d+)}, body => $body,
             map { /^([^:]+): (.*)\r/ ? (lc $1, $2) : () }
                 split /\n/, $head };
}


# bodies that are sent together, on one connection; undef: a GET

sub ask ($$@) {
    my ($row, $path, @bodies) = @_;
    my $key = "Host: h\r\nX-API-Key: key-$row->{name}\r\n";

    print $sock join '', map {
        defined $_ ? "POST $path HTTP/1.1\r\n${key}Content-Type: "
                     . 'application/json' . "\r\nContent-Length: "
                     . length($_) . "\r\n\r\n$_"
                   : "GET $path HTTP/1.1\r\n$key\r\n" } @bodies;

    return map { answer() } @bodies;
}


# a message to those of these numbers

sub to (@) {
    return '{"to":["' . join('","', map { sprintf '+9198%08d', $_ } @_)
           . '"]}';
}


sub passed (@) {
    return scalar grep { $_->{status} == 404 } @_;
}


# sends what is allowed: how much of it has passed, and what one more gets

my %use = (

    # all at once, so that no second goes by

    messages => sub {
        my ($row) = @_;
        my $body = to(1 .. $row->{count});
        my ($much) = ask($row, '/v23.0/106540352242999/messages',
                         to(0 .. $row->{count}));
        my ($n, $more) = ask($row, '/v23.0/106540352242922/messages',
                             $body, $body);

        is $much->{status}, 429, "$row->{name}: one more than that at once";

        return ($n->{status} == 404 ? $row->{count} : 0, $more);
    },

    pair => sub {
        my ($row) = @_;
        my @answers = ask($row, '/v23.0/106540352242922/messages',
                          (to(1)) x ($row->{burst} + 1));
        my $more = pop @answers;

        return (passed(@answers), $more);
    },

    users => sub {
        my ($row) = @_;
        my $path = '/v23.0/106540352242922/messages';
        my $n = 0;

        for (my $i = 0; $i < $row->{count}; $i += 1000) {
            my $last = $i + 1000 < $row->{count} ? $i + 999
                                                 : $row->{count} - 1;

            $n += ($last - $i + 1) * passed(ask($row, $path,
                                                to($i .. $last)));
        }

        my ($more, $again) = ask($row, $path, to($row->{count}),
                                 to(0, $row->{count} - 1));

        is $again->{status}, 404, "$row->{name}: two of them once more";

        return ($n, $more);
    },

    # a window that slides loses sight of some when an hour ends: then again,
    # with another account or number

    requests => sub {
        my ($row) = @_;
        my ($hour, $n, $more);
        my $id = 106540352242922;

        do {
            my $path = "/v23.0/$id/" . ($row->{scope} eq 'waba'
                                        ? 'message_templates' : 'register');

            $hour = int(time / 3600);
            $n = 0;

            for (my $i = 0; $i < $row->{count}; $i += 10) {
                $n += passed(ask($row, $path, (undef) x 10));
            }

            ($more) = ask($row, $path, undef);
            $id++;

        } while ($hour != int(time / 3600));

        return ($n, $more);
    },
);


add_response_body_check(sub {
    $sock = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $ENV{TEST_NGINX_PORT})
        or die "connect: $!";

    for my $row (@rows) {
        my ($q, $w) = $row->{burst} eq '-'
            ? ($row->{count}, $row->{seconds})
            : ($row->{burst}, $row->{burst} * $row->{seconds}
                              / $row->{count});
        my ($n, $more) = $use{$row->{of}}->($row);

        is $n, $q, "$row->{name}: $q pass";
        is $more->{status}, 429, "$row->{name}: one more does not";
        like $more->{body}, qr/"code":$row->{code},/,
             "$row->{name}: the error";
        is $more->{'ratelimit-policy'}, qq("n";q=$q;w=$w),
           "$row->{name}: the policy";
        ok $more->{'retry-after'} >= 1, "$row->{name}: later";
    }

    is scalar @rows, 11, 'all of them';
});


two_workers();
log_level('error');
skip_hup('limits outlive a reload');

plan_tests(65);

run_tests();

__DATA__

=== TEST 1: tenants - Meta's limits, each at its number
--- http_config
    xpecto_tenants %%DATA%%/tenants-whatsapp.json;
    xpecto_limit_zone z:8m unique=4m;
--- config
    keepalive_requests 10000;
    location /v23.0/ {
        xpecto_message on;
        xpecto_limit zone=z;
    }
--- request
GET /none
--- error_code: 404
--- no_error_log
[crit]
