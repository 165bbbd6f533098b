# One allocation after the other fails in a worker, in each one time: what
# cannot be redacted is left out, nothing planted is in a log, nobody crashes.

use lib 't/lib';
use TestXpecto;
use TestRedact;
use TestMemory;

use IO::Socket::INET;
use Test::More ();


sub ask () {
    my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                                  PeerPort => $ENV{TEST_NGINX_PORT});
    my $body = '{"to":"16505551234","pin":"s3cr3t","text":{"body":"'
               . 's3cr3t' x 9000 . '"}}';

    local $SIG{PIPE} = 'IGNORE';

    print $s "POST /a?to=16505551234&pin=s3cr3t HTTP/1.0\r\n"
             . "Authorization: Bearer s3cr3t\r\nCookie: a=s3cr3t\r\n"
             . "Referer: http://a/?to=%2B16505551234&" . 'x' x 700 . "\r\n"
             . 'Content-Length: ' . length($body) . "\r\n\r\n$body";
    return join '', <$s>;
}


add_response_body_check(sub {
    my $block = shift;
    my ($failed, $answered) = (0, 0);
    my $master = slurp("$ENV{TEST_NGINX_SERVROOT}/logs/nginx.pid") + 0;
    my $worker = `pgrep -P $master`;

    # until a request needs less than that

    for my $n (1 .. 500) {
        fail_at $n;
        $answered += ask =~ /^HTTP/ ? 1 : 0;
        select undef, undef, undef, 0.01;

        my $left = left;

        fail_at 0;
        last if $left > 0;
        $failed++;
    }

    cmp_ok $failed, '>', 15, 'requests with an allocation that failed';
    cmp_ok $answered, '>', 5, 'of which some were answered';
    is `pgrep -P $master`, $worker, 'the worker is the same';

    my $lines = () = slurp(tmp_dir . '/a.log') =~ /\[phone\]/g;

    cmp_ok $lines, '>', 5, 'lines are logged';
    check_files $block;
});

loads_allocator();
no_root_location();
log_level('error');
skip_hup('the allocator is loaded when nginx starts');
plan_tests(6);

run_tests();

__DATA__

=== TEST 1: memory - each allocation of a request fails once
--- http_config
    log_format t '$request|$http_referer|$http_authorization|$http_cookie|'
                 '$request_body|$args|$arg_to|$uri|$request_uri|$cookie_a';
    request_pool_size 512; connection_pool_size 512;
    client_body_buffer_size 128k;
    xpecto_redact on;
--- config
    access_log %%TMP%%/a.log t;
    location = / { access_log off; return 204; }
    location / { proxy_pass http://127.0.0.1:1; }
--- error_code: 204
--- timeout: 30
