# Limits of a plan that count: windows, windows that slide, quotas of the
# calendar.  Their periods are long: none ends while a test runs.

use lib 't/lib';
use TestXpecto;

use IO::Socket::INET;
use Time::HiRes;


# until the end of the period, as it is after the answer; time() of Perl may
# be some milliseconds behind the clock that nginx reads

sub now () { return int Time::HiRes::time }

my %left = (
    window => sub { 31 * 86400 - now % (31 * 86400) },
    day => sub { 86400 - (now + 19800) % 86400 },
);

add_response_body_check(sub {
    my ($block, $body, $index) = @_;

    return unless defined $block->until && $index == 2;

    my $sock = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $ENV{TEST_NGINX_PORT})
        or die "connect: $!";

    print $sock "GET /t HTTP/1.0\r\n" . $block->more_headers . "\r\n\r\n";

    my $told = do { local $/; <$sock> =~ /^Retry-After: (\d+)/m ? $1 : 0 };
    my $left = $left{$block->until}->();

    ok $told >= $left && $told <= $left + 5,
       "Retry-After: $told where $left are left";
});

add_block_preprocessor(sub {
    my ($block) = @_;

    $block->set_value('http_config', <<'_EOC_') unless $block->http_config;
    xpecto_tenants %%DATA%%/tenants-kinds.json;
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

plan_tests(84);

run_tests();

__DATA__

=== TEST 1: window - so many, and then none until its end
--- more_headers
X-API-Key: key-window
--- request eval
["GET /t", "GET /t", "GET /t"]
--- error_code eval
[200, 200, 429]
--- until: window
--- response_headers_like eval
['RateLimit-Policy: "w";q=2;w=2678400
RateLimit: "w";r=1;t=\d+',
 'RateLimit: "w";r=0;t=\d+', 'RateLimit: "w";r=0;t=\d+']
--- no_error_log
[error]



=== TEST 2: sliding - so many in sight
--- more_headers
X-API-Key: key-sliding
--- request eval
["GET /t", "GET /t", "GET /t"]
--- error_code eval
[200, 200, 429]
--- response_headers_like eval
['RateLimit-Policy: "s";q=2;w=86400
RateLimit: "s";r=1;t=\d+',
 'RateLimit: "s";r=0;t=\d+', 'Retry-After: \d+']
--- no_error_log
[error]



=== TEST 3: quota - a day of India
--- more_headers
X-API-Key: key-day
--- request eval
["GET /t", "GET /t", "GET /t"]
--- error_code eval
[200, 200, 429]
--- until: day
--- response_headers_like eval
['RateLimit-Policy: "d";q=2;w=86400', '', '']
--- no_error_log
[error]



=== TEST 4: quota - a month says no window
--- more_headers
X-API-Key: key-month
--- request eval
["GET /t", "GET /t"]
--- error_code eval
[200, 429]
--- response_headers_like eval
['RateLimit-Policy: "m";q=1', 'Retry-After: \d+']
--- no_error_log
[error]



=== TEST 5: quota - what is used up for good is never tried again
--- more_headers
X-API-Key: key-life
--- request eval
["GET /t", "GET /t"]
--- error_code eval
[200, 429]
--- response_headers eval
['RateLimit-Policy: "l";q=1', '!Retry-After']
--- no_error_log
[error]



=== TEST 6: several kinds - together, all or nothing; on trial nothing
--- config
    location = /t {
        xpecto_limit zone=z;
        add_header X-Status $xpecto_limit_status always;
        empty_gif;
    }
--- more_headers
X-API-Key: key-mixed
--- request eval
["GET /t", "GET /t", "GET /t", "GET /t"]
--- error_code eval
[200, 200, 429, 429]
--- response_headers_like eval
['RateLimit: "burst";r=4;t=\d+, "d";r=1;t=\d+
X-Status: PASSED',
 'RateLimit: "burst";r=3;t=\d+, "d";r=0;t=\d+
X-Status: REJECTED_DRY_RUN',
 'RateLimit: "burst";r=3;t=\d+, "d";r=0;t=\d+
X-Status: REJECTED',
 'RateLimit: "burst";r=3;t=\d+, "d";r=0;t=\d+
X-Status: REJECTED']
--- no_error_log
[error]



=== TEST 7: xpecto_limit - of one name, another period or kind is another policy
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /week {
        xpecto_limit zone=z policy=p key=a kind=quota count=1 per=week;
        empty_gif;
    }
    location = /month {
        xpecto_limit zone=z policy=p key=a kind=quota count=1 per=month;
        empty_gif;
    }
    location = /rate {
        xpecto_limit zone=z policy=p key=a rate=1r/30d;
        empty_gif;
    }
--- request eval
["GET /week", "GET /month", "GET /rate", "GET /week", "GET /month", "GET /rate"]
--- error_code eval
[200, 200, 200, 429, 429, 429]
--- no_error_log
[error]



=== TEST 8: xpecto_limit - of a plan, at no cost: what is left is said
--- config
    location = /t {
        xpecto_limit zone=z;
        empty_gif;
    }
    location = /left {
        xpecto_limit zone=z cost=0;
        empty_gif;
    }
--- more_headers
X-API-Key: key-life
--- request eval
["GET /left", "GET /t", "GET /left", "GET /t", "GET /left"]
--- error_code eval
[200, 200, 200, 429, 200]
--- response_headers_like eval
['RateLimit: "l";r=1', 'RateLimit: "l";r=0', 'RateLimit: "l";r=0',
 'RateLimit: "l";r=0', 'RateLimit: "l";r=0']
--- no_error_log
[error]
