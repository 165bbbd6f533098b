# Limits of all kinds and scopes that a directive says by itself.  Their
# periods are long: none ends while a test runs.

use lib 't/lib';
use TestXpecto;


add_block_preprocessor(sub {
    my ($block) = @_;

    my $limit = $block->limit;

    $block->set_value('http_config', $block->http_config // <<'_EOC_');
    xpecto_limit_zone z:1m unique=128k;
_EOC_

    $block->set_value('config', <<"_EOC_");
    location ~ ^/(v[0-9.]+/|[0-9]+/|\$) {
        xpecto_message on;
        xpecto_limit zone=z $limit;
        set \$done http://127.0.0.1:\$TEST_NGINX_SERVER_PORT/done;
        proxy_pass \$done;
    }

    lingering_timeout 200ms;

    location /done {
        xpecto_message off;
        return 204;
    }
_EOC_

    # "KEY PATH BODY" a line

    my (@requests, @headers);

    for (split /\n/, $block->calls // '') {
        my ($key, $path, $body) = split ' ', $_, 3;

        push @requests, ($body // '') eq '' ? "GET $path" : "POST $path\n$body";
        push @headers, "X-Key: $key\nContent-Type: application/json";
    }

    if (@requests) {
        $block->set_value('request', \@requests);
        $block->set_value('more_headers', \@headers);
    }
});


two_workers();
skip_hup('limits outlive a reload');

plan_tests(133);

run_tests();

__DATA__

=== TEST 1: kind - a rate of one in 30 days
--- limit: kind=rate rate=1r/30d burst=2
--- calls
a /
a /
a /
--- error_code eval
[204, 204, 429]
--- response_headers eval
['RateLimit-Policy: "z";q=2;w=5184000
RateLimit: "z";r=1;t=2592000',
 'RateLimit: "z";r=0;t=2592000', 'Retry-After: 2592000']
--- no_error_log
[error]



=== TEST 2: kind - a fixed window
--- limit: kind=window count=2 window=31d policy=w
--- calls
a /
a /
a /
--- error_code eval
[204, 204, 429]
--- response_headers_like eval
['RateLimit-Policy: "w";q=2;w=2678400
RateLimit: "w";r=1;t=\d+', 'RateLimit: "w";r=0;t=\d+', 'Retry-After: \d+']
--- no_error_log
[error]



=== TEST 3: kind - a window that slides
--- limit: kind=sliding count=2 window=24h
--- calls
a /
a /
a /
--- error_code eval
[204, 204, 429]
--- response_headers_like eval
['RateLimit-Policy: "z";q=2;w=86400', 'RateLimit: "z";r=0;t=\d+',
 'Retry-After: \d+']
--- no_error_log
[error]



=== TEST 4: kind - a quota of a month in a time zone
--- limit: kind=quota count=2 per=month time_zone=Asia/Kolkata anchor=31
--- calls
a /
a /
a /
--- error_code eval
[204, 204, 429]
--- response_headers_like eval
['RateLimit-Policy: "z";q=2', 'RateLimit: "z";r=0;t=\d+', 'Retry-After: \d+']
--- no_error_log
[error]



=== TEST 5: kind - a quota for good
--- limit: kind=quota count=1 per=lifetime
--- calls
a /
a /
--- error_code eval
[204, 429]
--- response_headers eval
['RateLimit: "z";r=0', '!Retry-After']
--- no_error_log
[error]



=== TEST 6: kind - requests under way: none is left over
--- limit: kind=concurrency count=1
--- calls
a /
a /
--- error_code eval
[204, 204]
--- response_headers eval
['RateLimit-Policy: "z";q=1;qu="concurrent-requests"
RateLimit: "z";r=0', 'RateLimit: "z";r=0']
--- no_error_log
[error]



=== TEST 7: kind - a pair, each recipient by itself
--- limit: kind=pair rate=1r/d burst=2
--- calls
a /v1/messages {"to":["+14155550100","+14155550100"]}
a /v1/messages {"to":"+14155550101"}
a /v1/messages {"to":"+14155550100"}
--- error_code eval
[204, 204, 429]
--- response_headers_like eval
['RateLimit: "z";r=0;t=\d+', 'RateLimit: "z";r=1;t=\d+', 'Retry-After: \d+']
--- response_body_like eval
['', '', '"code":131056']
--- no_error_log
[error]



=== TEST 8: kind - different recipients
--- limit: kind=unique count=2
--- calls
a /v1/messages {"to":"+14155550100"}
a /v1/messages {"to":"+14155550100"}
a /v1/messages {"to":["+14155550100","+14155550101"]}
a /v1/messages {"to":"+14155550102"}
--- error_code eval
[204, 204, 204, 429]
--- response_headers_like eval
['RateLimit: "z";r=1;t=\d+', 'RateLimit: "z";r=1;t=\d+',
 'RateLimit: "z";r=0;t=\d+', 'Retry-After: \d+']
--- no_error_log
[error]



=== TEST 9: scope - whom one number knows another one does not
--- limit: kind=unique count=1 scope=phone
--- calls
a /106540352242922/messages {"to":"+14155550100"}
a /106540352242923/messages {"to":"+14155550100"}
a /106540352242923/messages {"to":"+14155550101"}
a /106540352242922/messages {"to":"+14155550100"}
a /106540352242922/messages {"to":"+14155550101"}
--- error_code eval
[204, 204, 429, 204, 429]
--- no_error_log
[error]



=== TEST 10: key - so many different recipients for each
--- limit: kind=unique count=1 key=$http_x_key
--- calls
a /v1/messages {"to":"+14155550100"}
b /v1/messages {"to":"+14155550100"}
b /v1/messages {"to":"+14155550101"}
a /v1/messages {"to":"+14155550101"}
--- error_code eval
[204, 204, 429, 429]
--- no_error_log
[error]



=== TEST 11: cost - bytes
--- limit: kind=quota count=60 per=lifetime cost=bytes
--- calls
a /v1/messages {"to":"+14155550100","type":"text"}
a /v1/messages {"to":"+14155550100","type":"text"}
a /v1/messages
--- error_code eval
[204, 429, 204]
--- response_headers eval
['RateLimit-Policy: "z";q=60;qu="content-bytes"
RateLimit: "z";r=25', 'RateLimit: "z";r=25', 'RateLimit: "z";r=25']
--- no_error_log
[error]



=== TEST 12: endpoints - those and no others
--- limit: kind=quota count=1 per=lifetime endpoints=media,templates
--- calls
a /106540352242922/media
a /106540352242922/messages
a /106540352242922/message_templates
--- error_code eval
[204, 204, 429]
--- response_headers eval
['RateLimit: "z";r=0', '!RateLimit', 'RateLimit: "z";r=0']
--- no_error_log
[error]



=== TEST 13: kind - one of Meta's under a name of one's own
--- limit: kind=whatsapp:throughput policy=tp status=503
--- calls
a /106540352242922/messages {"to":"+14155550100"}
--- error_code: 204
--- response_headers_like
RateLimit-Policy: "tp";q=80;w=1
RateLimit: "tp";r=79;t=1
--- no_error_log
[error]



=== TEST 14: scope - each account
--- limit: kind=window count=2 window=31d scope=waba cost=2
--- calls
a /106540352242922/message_templates
a /106540352242923/message_templates
a /106540352242922/message_templates
a /106540352242922/messages
--- error_code eval
[204, 204, 429, 204]
--- no_error_log
[error]



=== TEST 15: cost - of a variable, in a count
--- limit: kind=window count=5 window=31d cost=$http_x_key
--- calls
3 /
3 /
2 /
--- error_code eval
[204, 429, 204]
--- response_headers_like eval
['RateLimit: "z";r=2;t=\d+', 'RateLimit: "z";r=2;t=\d+',
 'RateLimit: "z";r=0;t=\d+']
--- no_error_log
[error]
