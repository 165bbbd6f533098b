# What who has had enough is told, and whom it concerns.  A rate of 1r/d
# gives nothing back while a test runs.

use lib 't/lib';
use TestXpecto;
use StructuredField;

use IO::Socket::INET;


# one request with the lines of a head: status, fields in small letters, body

sub ask ($@) {
    my ($uri, @head) = @_;

    my $sock = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $ENV{TEST_NGINX_PORT})
        or die "connect: $!";

    print $sock join "\r\n", (@head > 1 ? 'POST' : 'GET') . " $uri HTTP/1.0",
                              @head, (@head > 1 ? () : ('', ''));

    my $answer = do { local $/; <$sock> };
    my ($head, $body) = split /\r\n\r\n/, $answer, 2;
    my ($status) = $head =~ m{^HTTP/1\.1 (\d+)};

    return { status => $status, body => $body,
             map { /^([^:]+): (.*)/ ? (lc $1, $2) : () }
                 split /\r\n/, $head };
}


# what draft-ietf-httpapi-ratelimit-headers-11 says of both fields: why not

sub fields_are ($) {
    my ($answer) = @_;
    my $policies = eval { parse_list($answer->{'ratelimit-policy'}) };
    my $limits = $policies && eval { parse_list($answer->{ratelimit}) };

    return $@ unless $limits;
    return 'of other policies' unless "@{[map { $_->{value} } @$policies]}"
                                   eq "@{[map { $_->{value} } @$limits]}";

    for my $n (0 .. $#$policies) {
        my ($policy, $limit) = ($policies->[$n], $limits->[$n]);
        my %p = %{$policy->{params}};
        my %l = %{$limit->{params}};

        return "$policy->{value}: an item that is no string"
            if $policy->{type} ne 'string' || $limit->{type} ne 'string';
        return "$policy->{value}: no q" unless defined $p{q} && $p{q} >= 0;
        return "$policy->{value}: w=0" if defined $p{w} && $p{w} < 1;
        return "$policy->{value}: no r" unless defined $l{r} && $l{r} >= 0;
        return "$policy->{value}: more is left than there is"
            if $l{r} > $p{q};
        return "$policy->{value}: t=$l{t}" if defined $l{t} && $l{t} < 0;
        return "$policy->{value}: an unknown unit"
            if defined $p{qu} && $p{qu} !~ /^(requests|content-bytes
                                              |concurrent-requests)$/x;

        for (keys %p) {
            return "$policy->{value}: unknown $_" unless /^(q|qu|w|pk)$/;
            return "$policy->{value}: $_ is no number"
                if /^(q|w)$/ && $policy->{types}{$_} ne 'integer';
        }

        for (keys %l) {
            return "$policy->{value}: unknown $_" unless /^(r|t|pk)$/;
            return "$policy->{value}: $_ is no number"
                if /^(r|t)$/ && $limit->{types}{$_} ne 'integer';
        }
    }

    return 'good';
}


# of all that refuse, the one that takes longest: never earlier than its t

sub waits ($) {
    my ($answer) = @_;
    my ($t) = sort { $b <=> $a }
              map { $_->{params}{r} == 0 ? $_->{params}{t} // 0 : 0 }
                  @{parse_list($answer->{ratelimit})};

    return ($answer->{'retry-after'} // '') =~ /^\d+$/
           && $answer->{'retry-after'} >= $t;
}


# n times the same request: how many had which status, and the last answer

sub many ($$$;$) {
    my ($n, $path, $key, $body) = @_;
    my (%count, $answer);

    for (1 .. $n) {
        $answer = ask($path, "X-API-Key: $key", defined $body
                      ? ('Content-Type: application/json',
                         'Content-Length: ' . length $body, '', $body) : ());
        $count{$answer->{status}}++;
    }

    return (join(' ', map { "$count{$_}x$_" } sort keys %count), $answer);
}


sub to ($) {
    return '{"to":"' . shift() . '"}';
}


my %check = (
    pair => sub {
        my $one = '/v23.0/106540352242922/messages';
        my ($n, $last) = many(46, $one, 'key-meta', to('+919812345670'));

        like $n, qr/^1x400 45x40\d$/, '45 at once to one user';
        is fields_are($last), 'good', 'the fields';
        ok $last->{'retry-after'} >= 264 && $last->{'retry-after'} <= 270,
           "and then none for $last->{'retry-after'} seconds";
        is $last->{body}, '{"error":{"message":"(#131056) (Business Account, '
            . 'Consumer Account) pair rate limit hit","type":"OAuthException"'
            . ',"code":131056,"error_data":{"messaging_product":"whatsapp",'
            . '"details":"Too many messages sent from the sender phone number'
            . ' to the same recipient phone number in a short period of time'
            . ": limit 'pair'. Retry after $last->{'retry-after'} seconds."
            . "\"}}}\n", 'as Meta says it';

        ($n) = many(1, $one, 'key-meta', to('919812345670'));
        is $n, '1x400', 'in another spelling';
        ($n) = many(1, $one, 'key-meta', to('+919812345671'));
        unlike $n, qr/400/, 'another user';
        ($n) = many(1, '/v23.0/106540352242923/messages', 'key-meta',
                     to('+919812345670'));
        unlike $n, qr/400/, 'from another number';
        ($n) = many(1, '/v23.0/106540352242922/media', 'key-meta',
                     to('+919812345670'));
        unlike $n, qr/400/, 'what is no message';
    },

    speed => sub {
        my $path = '/v23.0/106540352242922/messages';
        my $body = '{"to":["' . join('","', map { "+9198123456$_" } 10 .. 31)
                   . '"]}';
        my ($n, $last) = many(1, $path, 'key-speed', $body);

        is $n, '1x429', '22 messages at once of a number of 20 a second';
        like $last->{body}, qr/"code":130429,.*too many messages.*'speed'/,
             'as Meta says it';
    },

    reach => sub {
        my $path = '/v23.0/106540352242922/messages';

        for my $tens (10 .. 14) {
            my @to = map { sprintf '+9198123%02d%03d', $tens, $_ } 1 .. 50;
            my ($n) = many(1, $path, 'key-reach',
                           '{"to":["' . join('","', @to) . '"]}');

            is $n, '1x404', '50 more';
        }

        my ($n) = many(1, $path, 'key-reach', to('+919812310001'));
        is $n, '1x404', 'who was written to before';

        ($n, my $last) = many(1, $path, 'key-reach', to('+919812315001'));
        is $n, '1x429', 'the 251st of a day';
        like $last->{body}, qr/"message":"\(#131048\) Spam rate limit hit"/,
             'the error';
        is fields_are($last), 'good', 'the fields';
        ok $last->{'retry-after'} > 86000 && $last->{'retry-after'} <= 87300,
           'when the first are a day old';
    },

    manage => sub {
        my ($n, $last) = many(201, '/v23.0/102290129340398/subscribed_apps',
                               'key-meta');

        like $n, qr/^200x40\d 1x429$/, '200 in an hour, of an account';
        like $last->{body}, qr/"code":80007,"error_subcode":2446079,/,
             'the error';
        ok $last->{'retry-after'} > 0 && $last->{'retry-after'} <= 7200,
           'when';

        ($n) = many(1, '/v23.0/102290129340399/subscribed_apps', 'key-meta');
        unlike $n, qr/429/, 'another account';

        ($n, $last) = many(11, '/v23.0/106540352242922/register',
                            'key-meta', '{}');

        like $n, qr/^10x40\d 1x429$/, 'ten times is a number registered';
        like $last->{body}, qr/"code":133016,/, 'the error';
        is $last->{'retry-after'}, 25920, 'when';

        my $status = ask('/status')->{body};

        is join(' ', $status =~ /limit_rejected_total\{code="(\d+)"\} 1$/mg),
           '80007 133016', 'and they are counted';
    },

    fields => sub {
        my @answers = map { ask('/t', 'X-API-Key: key-plain') } 1 .. 4;

        is fields_are($_), 'good', "the fields of $_->{status}"
            for @answers;

        is join(' ', map { $_->{status} } @answers), '200 200 503 503',
           'two and no more';
        ok waits($answers[2]), 'Retry-After is not before t';
    },

    part => sub {
        my @answers = map { ask('/t', 'X-API-Key: key-half') } 1 .. 600;
        my $n = grep { $_->{status} == 429 } @answers;

        # five standard deviations of a binomial distribution

        ok $n >= 300 - 62 && $n <= 300 + 62, "$n of 600 are refused";

        ok 2 > grep({ $_->{status} == 200 && $_->{ratelimit} } @answers),
           'where it is not enforced, nothing is said of it';
    },

    full => sub {
        my $answer;

        for (1 .. 3000) {
            $answer = ask("/t?k=$_");
            last if $answer->{status} != 200;
        }

        is $answer->{status}, 429, 'there is no room';
        like $answer->{body}, qr/#temporary-reduced-capacity".*capacity
                                 [ ]constraints".*"status":429,
                                 "violated-policies":\["z"\]/x,
             'that is not what the client has used';
    },
);

add_response_body_check(sub {
    my ($block) = @_;

    $check{$block->check}->() if defined $block->check;
});

add_block_preprocessor(sub {
    my ($block) = @_;

    $block->set_value('http_config', <<'_EOC_') unless $block->http_config;
    xpecto_tenants %%DATA%%/tenants-answer.json;
    xpecto_limit_zone z:1m;
_EOC_

    $block->set_value('config', <<'_EOC_') unless $block->config;
    location = /t {
        xpecto_limit zone=z;
        empty_gif;
    }
_EOC_
});


two_workers();
skip_hup('limits outlive a reload');

plan_tests(182);

run_tests();

__DATA__

=== TEST 1: RateLimit - structured fields of every kind of policy
--- request
GET /t
--- check chomp: fields
--- no_error_log
[error]



=== TEST 2: xpecto_limit - status of a policy of its own
--- config
    location = /t {
        xpecto_limit zone=z rate=1r/d key=$arg_a policy=a status=503;
        xpecto_limit zone=z rate=1r/d key=$arg_b policy=b;
        xpecto_limit_status 420;
        empty_gif;
    }
--- request eval
["GET /t?a=1", "GET /t?a=1", "GET /t?b=1", "GET /t?b=1"]
--- error_code eval
[200, 503, 200, 420]
--- no_error_log
[error]



=== TEST 3: xpecto_limit - the status of who decides: the longest wait
--- config
    location = /t {
        xpecto_limit zone=z rate=1r/d policy=a status=503;
        xpecto_limit zone=z rate=2r/d policy=b status=599;
        xpecto_limit_error problem;
        empty_gif;
    }
--- request eval
["GET /t", "GET /t"]
--- error_code eval
[200, 503]
--- response_body_like eval
["GIF", qr/"status":503,"violated-policies":\["a","b"\]/]
--- no_error_log
[error]



=== TEST 4: tenants - status of a limit, and the error of a quota
--- request eval
["GET /t", "GET /t"]
--- more_headers
X-API-Key: key-count
--- error_code eval
[200, 402]
--- response_body eval
[qr/GIF/, qr/^\{"error":\{"message":"Business request limit reached for WhatsApp Business Account","type":"OAuthException","code":80007,"error_subcode":2446079,"is_transient":true,"error_data":\{"messaging_product":"whatsapp","details":"Too many requests: limit 'ever'\."\}\}\}\n$/]
--- response_headers eval
["", "!Retry-After"]
--- no_error_log
[error]



=== TEST 5: xpecto_limit_error - accept, as the client likes it
--- config
    location = /t {
        xpecto_limit zone=z rate=1r/d;
        xpecto_limit_error accept;
        empty_gif;
    }
--- request eval
[("GET /t") x 6]
--- more_headers eval
["", "", "Accept: application/problem+json, application/json;q=0.9",
 "Accept: text/plain, */*;q=0.1", "Accept: application/json;q=0.1\nAccept: text/*",
 "Accept: image/gif"]
--- error_code eval
[200, (429) x 5]
--- response_headers eval
["!Vary", map { "Content-Type: $_\nVary: Accept" } "application/json",
 "application/problem+json", "text/plain", "text/plain", "application/json"]
--- response_body_like eval
["GIF", qr/^\{"error"/, qr/^\{"type"/, "^Too many", "^Too many",
 qr/^\{"error"/]
--- no_error_log
[error]



=== TEST 6: xpecto_limit_error - the client is not asked otherwise
--- config
    location = /t {
        xpecto_limit zone=z rate=1r/d;
        xpecto_limit_error problem;
        empty_gif;
    }
--- request eval
[("GET /t") x 2]
--- more_headers
Accept: text/plain
--- error_code eval
[200, 429]
--- response_headers eval
["", "Content-Type: application/problem+json\n!Vary"]
--- no_error_log
[error]



=== TEST 7: tenants - a tenant on trial, limits of the plan and of the place
--- config
    location = /t {
        xpecto_limit zone=z;
        xpecto_limit zone=z rate=1r/d policy=p;
        add_header X-L $xpecto_limit_status always;
        empty_gif;
    }
--- request eval
[("GET /t") x 4]
--- more_headers eval
[("X-API-Key: key-trial") x 2, ("X-API-Key: key-count") x 2]
--- error_code eval
[200, 200, 200, 402]
--- response_headers eval
["X-L: PASSED\n!RateLimit", "X-L: REJECTED_DRY_RUN\n!RateLimit",
 "X-L: PASSED", "X-L: REJECTED"]
--- no_error_log
[error]



=== TEST 8: xpecto_limit - enforced for none, and for all
--- config
    location = /none {
        xpecto_limit zone=z rate=1r/d policy=none enforce=0%;
        add_header X-L $xpecto_limit_status always;
        empty_gif;
    }
    location = /all {
        xpecto_limit zone=z rate=1r/d policy=all enforce=100%;
        empty_gif;
    }
--- request eval
[("GET /none") x 3, ("GET /all") x 3]
--- error_code eval
[(200) x 4, 429, 429]
--- response_headers eval
["X-L: PASSED", ("X-L: REJECTED_DRY_RUN") x 2, ("") x 3]
--- no_error_log
[error]



=== TEST 9: tenants - enforced for none
--- request eval
[("GET /t") x 3]
--- more_headers
X-API-Key: key-none
--- error_code eval
[(200) x 3]
--- no_error_log
[error]



=== TEST 10: tenants - enforced for half of the requests
--- request
GET /t
--- check chomp: part
--- no_error_log
[error]



=== TEST 11: xpecto_limit_error - problem, a zone that is full
--- http_config
    xpecto_limit_zone z:32k;
--- config
    error_log logs/error.log error;
    location = /t {
        xpecto_limit zone=z key=$arg_k rate=1r/d full=deny;
        xpecto_limit_error problem;
        empty_gif;
    }
--- request
GET /t?k=0
--- check chomp: full
--- no_error_log
[error]



=== TEST 12: tenants - whatsapp:pair, 45 at once and then a wait
--- config
    location /v23.0/ {
        xpecto_message on;
        xpecto_limit zone=z;
    }
--- request
GET /none
--- error_code: 404
--- check chomp: pair



=== TEST 13: tenants - whatsapp:throughput counts messages
--- config
    location /v23.0/ {
        xpecto_message on;
        xpecto_limit zone=z;
    }
--- request
GET /none
--- error_code: 404
--- check chomp: speed



=== TEST 14: tenants - whatsapp:management and whatsapp:register
--- config
    location /v23.0/ {
        xpecto_message on;
        xpecto_limit zone=z;
    }
    location = /status {
        xpecto_status;
    }
--- request
GET /none
--- error_code: 404
--- check chomp: manage



=== TEST 15: xpecto_limit - policies of Meta's in place
--- config
    location /v23.0/ {
        xpecto_message on;
        xpecto_limit zone=z policy=whatsapp:register;
        xpecto_limit zone=z policy=whatsapp:management;
    }
--- request eval
[("POST /v23.0/106540352242922/register") x 11,
 "GET /v23.0/102290129340398/subscribed_apps"]
--- error_code eval
[(404) x 10, 429, 404]
--- response_headers eval
['RateLimit-Policy: "whatsapp:register";q=10;w=259200
RateLimit: "whatsapp:register";r=9;t=25920', ("") x 9,
'Retry-After: 25920',
'RateLimit-Policy: "whatsapp:management";q=5000;w=3600']



=== TEST 16: tenants - whatsapp:reach-250 counts different recipients
--- http_config
    xpecto_tenants %%DATA%%/tenants-answer.json;
    xpecto_limit_zone z:1m unique=256k;
--- config
    location /v23.0/ {
        xpecto_message on;
        xpecto_limit zone=z;
    }
--- request
GET /none
--- error_code: 404
--- check chomp: reach



=== TEST 17: xpecto_limit - the error of what a credential has used up, of any kind
--- http_config
    xpecto_tenants %%DATA%%/tenants.json;
    xpecto_limit_zone z:1m;
--- config
    location = /rate {
        xpecto_limit zone=z rate=1r/d scope=credential policy=r;
        empty_gif;
    }
    location = /day {
        xpecto_limit zone=z kind=quota count=1 per=lifetime scope=credential
                     policy=q;
        empty_gif;
    }
    location = /tenant {
        xpecto_limit zone=z rate=1r/d policy=t;
        empty_gif;
    }
    location = /key {
        xpecto_limit zone=z rate=1r/d key=$http_x_api_key policy=k;
        empty_gif;
    }
    location = /status {
        xpecto_tenant off;
        xpecto_status;
    }
--- request eval
["GET /rate", "GET /rate", "GET /day", "GET /day", "GET /tenant",
 "GET /tenant", "GET /key", "GET /key", "GET /status"]
--- more_headers
X-API-Key: key-acme
--- error_code eval
[(200, 429) x 4, 200]
--- response_body_like eval
["GIF", qr/"code":4,/, "GIF", qr/"code":4,/, "GIF", qr/"code":130429,/,
 "GIF", qr/"code":130429,/,
 qr/^xpecto_limit_rejected_total\{code="4"\} 2$/m]
--- no_error_log
[error]
