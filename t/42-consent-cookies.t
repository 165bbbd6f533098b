# Cookie and Set-Cookie lines of all kinds, as many as wanted, against a second
# reading of them: no tracker that was refused passes, nothing else is taken.
#
# XPECTO_CASES=100000 SEED=n prove t/42-consent-cookies.t: others, and more.

use lib 't/lib';
use TestXpecto;
use TestUpstream;
use XpectoToken;

use IO::Socket::INET;
use MIME::Base64 qw( encode_base64 decode_base64 );

my $cases = $ENV{XPECTO_CASES} || 10000;
my $sock = upstream_sock;

my %bits = (
    functional => 1 << 1, analytics => 1 << 3, ad_storage => 1 << 4,
    diagnostics => 1 << 9, session_replay => 1 << 10,
);


# pattern => purposes, 0: kept

my %trackers = do {
    open my $in, '<', data_dir() . '/consent-trackers.txt' or die $!;
    map {
        my ($purposes, @names) = split;
        my $mask = 0;
        $mask |= $bits{$_} // 0 for split /,/, $purposes;
        map { $_ => $mask } @names;
    } grep { /^[^#\s]/ } <$in>;
};

my @patterns = sort keys %trackers;


# all patterns that fit count

sub purposes {
    my $name = shift;
    my $mask = 0;

    for my $pattern (@patterns) {
        (my $prefix = $pattern) =~ s/\*$//;

        next unless $pattern =~ /\*$/
                    ? length $name > length $prefix
                      && substr($name, 0, length $prefix) eq $prefix
                    : $name eq $pattern;

        return 0 if $trackers{$pattern} == 0;
        $mask |= $trackers{$pattern};
    }

    return $mask;
}


sub pairs {
    return grep { length } map { s/^[ \t]+//r =~ s/[ \t]+$//r } split /;/, shift;
}


sub name_of {
    my $pair = shift;

    return $pair =~ /^([^=]*?)[ \t]*=/ ? $1 : '';
}


# what the upstream is to see of a line, as pairs

sub left {
    my ($line, $denied) = @_;

    return grep {
        my $name = name_of($_);
        $name ne '__Host-Http-xpc' && !(purposes($name) & $denied);
    } pairs($line);
}


# cases

my @plain = qw( sid session _gateway _g ga fbp _fb uid XSRF-TOKEN _ga_ __utm
                consent-x lang _hj _pk theme JSESSIONID s u cart __Host-id );
my @values = ('1', '', 'GA1.2.3.4', '"a b"', 'a=b==', '%3B%20x', "\xc3\xa9",
              'x' x 90, '{"a":1}', '_ga=1', 'a,b', '=');


sub pick { return $_[int rand @_] }


sub name {
    my $kind = int rand 10;

    return pick(@plain) if $kind < 3;

    my $name = pick(@patterns);
    my $suffix = join '', map { pick('A' .. 'Z', 0 .. 9, '_', '.', '-') }
                          0 .. rand 6;

    $name =~ s/\*$/$suffix/;

    return $name if $kind < 8;
    return $name . pick('x', '_', '1') if $kind == 8;
    return pick(lc $name, uc $name, substr($name, 1), "x$name");
}


sub line {
    my $own = shift;
    my @pairs = map {
        rand 20 < 1 ? pick('nothing', '=nameless', '_ga', ' ', '')
                    : name() . pick('=', '=', '=', ' = ') . pick(@values)
    } 1 .. rand 18;

    splice @pairs, rand(@pairs + 1), 0, $own if defined $own;

    my $join = rand 3 < 2 ? sub { '; ' } : sub { pick('; ', ';', ' ; ', ';;') };
    my $line = shift @pairs // '';

    $line .= $join->() . $_ for @pairs;

    # white space around a value is not of it

    return $line =~ s/^ +//r =~ s/ +$//r;
}


# Set-Cookie: an end of the line, and whether it deletes

my @ends = (
    [ '', 0 ], [ '; Path=/; Secure', 0 ], [ '; Max-Age=0', 1 ],
    [ '; max-age=-5; Path=/', 1 ], [ '; Max-Age=100', 0 ],
    [ '; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 1 ],
    [ '; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60', 0 ],
    [ '; Expires=Fri, 31 Dec 2099 23:59:59 GMT; Max-Age=0', 1 ],
    [ '; Expires=Fri, 31 Dec 2099 23:59:59 GMT', 0 ],
    [ '; Max-Age=0; Max-Age=9', 0 ], [ '; Max-Age=x', 0 ],
);


# the Cookie lines that it sees, and the Set-Cookie lines that it was sent

sub answer {
    my $head = shift;
    my ($sets) = lines_of('X-Set', $head);

    return (join('', map { "$_\n" } lines_of('Cookie', $head)),
            map { "Set-Cookie: $_" } split /\n/, decode_base64($sets // ''));
}


# a connection that lasts; the head and the body of an answer

sub by_http1 {
    my $client = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $ENV{TEST_NGINX_PORT}) or die $!;

    return sub {
        my $got = '';

        print $client join "\r\n", 'GET /up HTTP/1.1', @_, '', '';

        while ($got !~ /\r\n\r\n/) {
            sysread($client, $got, 65536, length $got) or return;
        }

        my ($head, $body) = split /\r\n\r\n/, $got, 2;
        my ($len) = $head =~ /^Content-Length: (\d+)/mi;

        while (length $body < $len) {
            sysread($client, $body, 65536, length $body) or return;
        }

        return ($head, $body);
    };
}


# each line is a crumb of the one that nginx makes of them

sub by_http2 {
    return sub {
        open my $curl, '-|', 'curl', '-si', '--http2-prior-knowledge',
             "http://127.0.0.1:$ENV{TEST_NGINX_PORT}/up",
             map { ('-H', $_) } @_ or die "curl: $!";
        local $/;

        return split /\r\n\r\n/, <$curl> // '', 2;
    };
}


sub compare {
    my ($cases, $http2) = @_;
    my ($leaks, $strips, $sets, $lost, $changed, $empty) = (0) x 6;
    my $ask = $http2 ? by_http2() : by_http1();

    for my $n (1 .. $cases) {
        my $granted = pick(0, 0xffff, int rand 65536) & 0x061a;
        my $own = rand 4 < 1 ? undef
            : token(granted => 0x4001 | $granted,
                    denied => 0x3ffe & ~$granted, id => pack('N4', $n, 1, 1, 1));

        $granted = 0 unless defined $own;

        my $denied = 0x3ffe & ~$granted;
        my @lines = (line($own), rand 5 < 1 ? line() : ());
        my @sets = map {
            my $name = rand 20 < 1 ? '__Host-Http-xpc' : name();
            my $end = pick(@ends);

            # "=_ga=1" has no name, and comes back as "_ga=1"

            my $nameless = rand 10 < 1 ? pick('=', '= ') : '';

            [ "$nameless$name=" . pick(grep { !/[{"]/ } @values) . $end->[0],
              !($name eq '__Host-Http-xpc'
                || (purposes($name) & $denied && !$end->[1])) ];
        } 1 .. rand 4;

        my ($head, $body) = $ask->('Host: example.com', 'X-TLS: on',
            'X-Set: ' . encode_base64(join("\n", map { $_->[0] } @sets), ''),
            map { "Cookie: $_" } @lines) or die "case $n: no answer";

        @lines = join('; ', grep { length } @lines) || () if $http2;

        my @seen_lines = $body =~ /(.*)\n/g;
        my @seen = map { pairs($_) } @seen_lines;
        my @due = map { left($_, $denied) } @lines;

        if ("@seen" ne "@due") {
            my %due = map { $_ => 1 } @due;
            (grep { !$due{$_} } @seen) ? $leaks++ : $strips++;
        }

        # a line of which nothing is left is not sent

        $empty++ if grep({ !pairs($_) } @seen_lines)
                    != grep { !pairs($_) } @lines;

        # nothing to take: the lines are as they were

        my @all = map { pairs($_) } @lines;

        $changed++ if @all == @due && $body ne join '', map { "$_\n" } @lines;

        my @set = $head =~ /^Set-Cookie: ([^\r\n]*)/mgi;
        my @may = map { $_->[0] } grep { $_->[1] } @sets;
        my %may = map { $_ => 1 } @may;

        $sets++ if grep { !$may{$_} } @set;
        $lost++ if @set < @may;
    }

    is $leaks, 0, 'no refused cookie reached the upstream';
    is $strips, 0, 'no other one was taken';
    is $changed, 0, 'lines with nothing to take are as they were';
    is $empty, 0, 'no line was sent of which nothing was left';
    is $sets, 0, 'no refused Set-Cookie reached the browser';
    is $lost, 0, 'no other one was suppressed';
}


srand($ENV{SEED} // 20261122);

add_block_preprocessor(sub {
    my $block = shift;

    $block->set_value('http_config', <<_EOC_);
        xpecto_keys %%DATA%%/consent-keys;
        xpecto_consent_cookie secure=\$http_x_tls;
        upstream platform {
            server unix:$sock;
            keepalive 2;
        }
_EOC_
});

add_response_body_check(sub {
    my ($block) = @_;

    return unless defined $block->compare;

    with_upstream { answer(@_) } sub {
        compare($block->compare || $cases, defined $block->http2);
    };
});

chmod 0600, data_dir() . '/consent-keys';
server_name('example.com');
log_level('warn');
plan_tests(16);
run_tests();

__DATA__

=== TEST 1: xpecto_consent - cookies of all kinds
--- config
    keepalive_requests 1000000;
    location /up {
        xpecto_consent      on;
        proxy_http_version  1.1;
        proxy_set_header    Connection "";
        proxy_pass          http://platform;
    }
    location /t {
        return 204;
    }
--- request
GET /t
--- error_code: 204
--- compare
--- no_error_log
[alert]



=== TEST 2: xpecto_consent - cookies of all kinds, HTTP/2
--- http2
--- config
    location /up {
        xpecto_consent      on;
        proxy_http_version  1.1;
        proxy_set_header    Connection "";
        proxy_pass          http://platform;
    }
    location /t {
        return 204;
    }
--- request
GET /t
--- error_code: 204
--- compare: 200
--- no_error_log
[alert]
