# What the upstream teaches: what it wants to have left alone is refused
# here, and what it could not do costs nothing.

use lib 't/lib';
use TestXpecto;

use IO::Socket::INET;

skip_hup('cooldowns outlive a reload');


# an upstream that says what it is asked for, as the Graph API would

our $Upstream = <<'END';
    xpecto_tenants %%DATA%%/tenants.json;
    xpecto_limit_zone z:1m;
    map $arg_usage $usage {
        default '';
        account '{"102290129340398":[{"type":"whatsapp","call_count":100,"estimated_time_to_regain_access":0},{"estimated_time_to_regain_access":7}]}';
    }
    map $arg_wait $wait {
        default $arg_wait;
    }
    server {
        listen 127.0.0.1:%%UPSTREAM%%;
        default_type application/json;
        add_header X-Business-Use-Case-Usage $usage always;
        add_header Retry-After $wait always;
        location / {
            if ($arg_status = 400) {
                return 400 '{"error":{"message":"(#$arg_code) no","type":"OAuthException","code":$arg_code,"fbtrace_id":"A"}}';
            }
            if ($arg_status = 429) {
                return 429 '{"error":{"code":$arg_code}}';
            }
            if ($arg_status = 503) {
                return 503 '{"error":{"code":2}}';
            }
            return 200 '{"error":{"code":130429},"messages":[{"id":"ok"}]}';
        }
        location /api/106540352242922/html {
            default_type text/html;
            return 400 '<html>{"error":{"code":130429}}</html>';
        }
    }
END

our $Port = $ENV{TEST_NGINX_PORT} + 1;
$Upstream =~ s/%%UPSTREAM%%/$Port/;

add_block_preprocessor(sub {
    my $block = shift;

    $block->set_value('http_config', $Upstream . ($block->http_config // ''));

    my $config = $block->config;
    $config =~ s/%%UPSTREAM%%/127.0.0.1:$Port/g;
    $config =~ s/%%SILENT%%/'127.0.0.1:' . ($Port + 1)/ge;
    $block->set_value('config', $config);
});

# an upstream that takes a request and is silent; the client does not wait

add_response_body_check(sub {
    my ($block) = @_;

    return unless defined $block->gone;

    my $silent = IO::Socket::INET->new(
        LocalAddr => '127.0.0.1', LocalPort => $Port + 1, Listen => 5,
        ReuseAddr => 1) or die "listen: $!";

    for my $n (1, 2) {
        my $sock = IO::Socket::INET->new(
            PeerAddr => '127.0.0.1', PeerPort => $ENV{TEST_NGINX_PORT})
            or die "connect: $!";

        print $sock "GET /api/1 HTTP/1.0\r\n\r\n";

        if ($n == 1) {
            my $upstream = $silent->accept;
            my $line = <$upstream>;
            close $sock;

            # nginx closes it when it has seen that the client is gone

            while (defined($line = <$upstream>)) { }
            next;
        }

        local $/;
        like <$sock>, qr{^HTTP/1\.1 429 }, 'who has gone has paid';
    }
});


plan_tests(228);

run_tests();

__DATA__

=== TEST 1: xpecto_limit_upstream - the throughput of a number
--- config
    location /api/ {
        xpecto_limit_upstream zone=z;
        proxy_pass http://%%UPSTREAM%%;
        add_header X-Status $xpecto_limit_status always;
    }
--- request eval
["GET /api/v23.0/106540352242922/messages?status=400&code=130429&wait=30",
"GET /api/v23.0/106540352242922/messages", "GET /api/106540352242922/media",
"GET /api/v23.0/106540352242923/messages", "GET /api/health"]
--- error_code eval
[400, 429, 429, 200, 200]
--- response_headers_like eval
["X-Status: ", "X-Status: COOLDOWN\nRetry-After: (?:30|29)",
"X-Status: COOLDOWN\nRetry-After: (?:30|29)", "X-Status: ", "X-Status: "]
--- response_body_like eval
[qr/#130429\) no/, qr/^\{"error":\{"message":"\(#130429\) Rate limit hit",/,
qr/"code":130429,/, qr/"ok"/, qr/"ok"/]
--- no_error_log
[error]



=== TEST 2: xpecto_limit_upstream - an account, for as long as the field says
--- config
    location /api/ {
        xpecto_limit_upstream zone=z;
        proxy_hide_header X-Business-Use-Case-Usage;
        proxy_pass http://%%UPSTREAM%%;
    }
--- request eval
["GET /api/v23.0/106540352242922/messages?status=400&code=80007&usage=account",
"GET /api/v23.0/102290129340398/message_templates",
"GET /api/v23.0/106540352242922/messages", "GET /api/v23.0/102290129340399/phone_numbers"]
--- error_code eval
[400, 429, 429, 200]
--- response_headers_like eval
["X-Business-Use-Case-Usage: ", "Retry-After: (?:420|41\\d)",
"Retry-After: (?:420|41\\d)", ""]
--- response_body_like eval
["80007", qr/^\{"error":\{"message":"Business request limit reached .*"code":80007,/,
qr/"code":80007,/, qr/"ok"/]
--- no_error_log
[error]



=== TEST 3: xpecto_limit_upstream - no longer than max
--- config
    location /api/ {
        xpecto_limit_upstream zone=z max=20s;
        proxy_pass http://%%UPSTREAM%%;
    }
--- request eval
["GET /api/v23.0/106540352242922/messages?status=400&code=80007&usage=account",
"GET /api/v23.0/102290129340398/message_templates",
"GET /api/v23.0/106540352242924/messages?status=429&code=130429&wait=86400",
"GET /api/v23.0/106540352242924/messages",
"GET /api/v23.0/106540352242925/messages?status=429&code=80007",
"GET /api/v23.0/106540352242925/messages"]
--- error_code eval
[400, 429, 429, 429, 429, 429]
--- response_headers_like eval
["", "Retry-After: (?:20|1\\d)", "Retry-After: 86400", "Retry-After: (?:20|1\\d)",
"", "Retry-After: (?:20|1\\d)"]
--- no_error_log
[error]



=== TEST 4: xpecto_limit_upstream - a pair
--- config
    location /api/ {
        xpecto_message on;
        xpecto_limit_upstream zone=z;
        proxy_pass http://%%UPSTREAM%%;
    }
--- request eval
["POST /api/v23.0/106540352242922/messages?status=400&code=131056&wait=60
{\"to\":\"4915112345678\",\"type\":\"text\"}",
"POST /api/v23.0/106540352242922/messages\n{\"to\":\"+49 1511 2345678\"}",
"POST /api/v23.0/106540352242922/messages\n{\"to\":\"4915112345679\"}",
"POST /api/v23.0/106540352242923/messages\n{\"to\":\"4915112345678\"}",
"GET /api/v23.0/106540352242922"]
--- more_headers
Content-Type: application/json
--- error_code eval
[400, 429, 200, 200, 200]
--- response_body_like eval
["131056", qr/pair rate limit hit","type":"OAuthException","code":131056,/, "ok",
"ok", "ok"]
--- no_error_log
[error]



=== TEST 5: xpecto_limit_upstream - within the tenant
--- config
    location /api/ {
        xpecto_limit_upstream zone=z;
        proxy_pass http://%%UPSTREAM%%;
    }
--- request eval
["GET /api/106540352242922/messages?status=400&code=130429&wait=60",
("GET /api/106540352242922/messages") x 3]
--- more_headers eval
["X-API-Key: key-acme", "X-API-Key: key-acme", "X-API-Key: key-globex", ""]
--- error_code eval
[400, 429, 200, 200]
--- no_error_log
[error]



=== TEST 6: xpecto_limit_upstream - a key that is configured, and one that is empty
--- config
    location /api/ {
        xpecto_limit_upstream zone=z key=$http_x_number;
        proxy_pass http://%%UPSTREAM%%;
    }
--- request eval
["GET /api/106540352242922?status=400&code=130429&wait=60", "GET /api/x",
"GET /api/106540352242922", "GET /api/106540352242922?status=400&code=130429&wait=60",
"GET /api/106540352242922"]
--- more_headers eval
["X-Number: one", "X-Number: one", "X-Number: two", "", ""]
--- error_code eval
[400, 429, 200, 400, 200]
--- no_error_log
[error]



=== TEST 7: xpecto_limit_upstream - off, dry run
--- config
    xpecto_limit_upstream zone=z;
    location /106540352242922 {
        proxy_pass http://%%UPSTREAM%%;
    }
    location /off/ {
        xpecto_limit_upstream off;
        proxy_pass http://%%UPSTREAM%%;
    }
    location /cooldown/ {
        xpecto_limit_upstream zone=z cooldown=off;
        proxy_pass http://%%UPSTREAM%%;
    }
    location /dry/ {
        xpecto_limit_dry_run on;
        proxy_pass http://%%UPSTREAM%%;
        add_header X-Status $xpecto_limit_status always;
    }
--- request eval
["GET /106540352242922?status=400&code=130429&wait=60", "GET /106540352242922",
"GET /off/106540352242922", "GET /cooldown/106540352242922",
"GET /dry/106540352242922"]
--- error_code eval
[400, 429, 200, 200, 200]
--- response_headers eval
["X-Status:", "X-Status:", "X-Status:", "X-Status:", "X-Status: COOLDOWN_DRY_RUN"]
--- no_error_log
[error]



=== TEST 8: xpecto_limit_upstream - what is not the upstream's error is none
--- config
    xpecto_limit_upstream zone=z;
    location /api/ {
        proxy_pass http://%%UPSTREAM%%;
    }
    location /page/ {
        proxy_pass http://%%UPSTREAM%%;
        proxy_intercept_errors on;
        error_page 400 /own.json;
    }
    location /sub/ {
        auth_request /auth/106540352242922;
        empty_gif;
    }
    location /auth/ {
        proxy_pass http://%%UPSTREAM%%/106540352242922?status=400&code=130429;
    }
--- user_files
>>> own.json
{"error":{"code":130429}}
--- request eval
["GET /api/106540352242922/html", "GET /page/106540352242922?status=400&code=130429",
"GET /sub/106540352242922", "GET /api/106540352242922"]
--- error_code eval
[400, 400, 500, 200]
--- no_error_log
[alert]



=== TEST 9: xpecto_limit_upstream - a body in pieces
--- config
    location /api/ {
        xpecto_limit_upstream zone=z;
        proxy_pass http://127.0.0.1:$TEST_NGINX_RAND_PORT_1;
    }
--- tcp_listen: $TEST_NGINX_RAND_PORT_1
--- tcp_reply eval
["HTTP/1.0 400 Bad Request\r\nRetry-After: 60\r\n\r\n{\"err", "or\" :{\"cod",
"e\":1304", "29}}"]
--- tcp_reply_delay: 10ms
--- request eval
["GET /api/106540352242922", "GET /api/106540352242922"]
--- error_code eval
[400, 429]
--- response_body_like eval
["130429", "Rate limit hit"]
--- no_error_log
[error]



=== TEST 10: xpecto_limit_ban - recipients that cannot be reached
--- config
    location /api/ {
        xpecto_limit_ban zone=z recipients=2 time=1h;
        proxy_pass http://%%UPSTREAM%%;
    }
    location = /status {
        xpecto_status;
    }
--- request eval
["GET /api/106540352242922?status=400&code=131026", "GET /api/106540352242922",
"GET /api/106540352242922?status=400&code=131026", "GET /api/106540352242922",
"GET /api/106540352242922", "GET /status"]
--- more_headers eval
[("X-API-Key: key-acme") x 4, "X-API-Key: key-globex", ""]
--- error_code eval
[400, 200, 400, 429, 200, 200]
--- response_body_like eval
["131026", "ok", "131026", qr/"code":368,/, "ok",
qr/^xpecto_limit_bans_total\{cause="recipients"\} 1$/m]
--- no_error_log
[error]



=== TEST 11: xpecto_limit_upstream - what is counted, and the log
--- config
    location /api/ {
        xpecto_limit_upstream zone=z;
        proxy_pass http://%%UPSTREAM%%;
    }
    location = /status {
        xpecto_status;
    }
--- request eval
["GET /api/106540352242922?status=400&code=130429&wait=60", "GET /api/106540352242922",
"GET /api/106540352242923?status=400&code=80007", "GET /status"]
--- error_code eval
[400, 429, 400, 200]
--- response_body_like eval
["130429", "130429", "80007",
qr/^(?=.*^xpecto_limit_cooled_total\{result="rejected"\}\ 1$)
(?=.*^xpecto_limit_cooldowns_total\{code="130429"\}\ 1$)
(?=.*^xpecto_limit_cooldowns_total\{code="131056"\}\ 0$)
(?=.*^xpecto_limit_cooldowns_total\{code="80007"\}\ 1$)/xms]
--- no_error_log
[error]



=== TEST 12: xpecto_limit_upstream - the next upstream's answer counts
--- http_config
    upstream both {
        server 127.0.0.1:1 max_fails=0;
        server 127.0.0.1:$TEST_NGINX_RAND_PORT_1 backup;
    }
--- config
    location /api/ {
        xpecto_limit_upstream zone=z;
        proxy_pass http://both;
    }
--- tcp_listen: $TEST_NGINX_RAND_PORT_1
--- tcp_reply eval
"HTTP/1.0 429 Too Many\r\nRetry-After: 60\r\n\r\n{\"error\":{\"code\":130429}}"
--- request eval
["GET /api/106540352242922", "GET /api/106540352242922"]
--- error_code eval
[429, 429]
--- response_body_like eval
[qr/^\{"error":\{"code":130429/, "Rate limit hit"]
--- no_error_log
[alert]



=== TEST 13: xpecto_limit_upstream - a refund by status, once
--- config
    location /api/ {
        xpecto_limit zone=z rate=1r/d burst=2;
        xpecto_limit_upstream zone=z;
        proxy_pass http://%%UPSTREAM%%;
    }
    location = /status {
        xpecto_status;
    }
--- request eval
["GET /api/1?status=503", "GET /api/1?status=503", "GET /api/1",
"GET /api/1?status=503", "GET /api/1?status=400&code=1", "GET /api/1?status=503",
"GET /status"]
--- error_code eval
[503, 503, 200, 503, 400, 429, 200]
--- response_body_like eval
["", "", "", "", "", "130429", qr/^xpecto_limit_refunded_total 3$/m]
--- no_error_log
[error]



=== TEST 14: xpecto_limit_upstream - a refund where no upstream answers
--- config
    location /api/ {
        xpecto_limit zone=z rate=1r/d;
        xpecto_limit_upstream zone=z;
        proxy_pass http://127.0.0.1:1;
    }
    location /slow/ {
        xpecto_limit zone=z rate=1r/d;
        xpecto_limit_upstream zone=z;
        proxy_read_timeout 50ms;
        proxy_pass http://127.0.0.1:$TEST_NGINX_RAND_PORT_1;
    }
    location /page/ {
        xpecto_limit zone=z rate=1r/d;
        xpecto_limit_upstream zone=z;
        error_page 502 =200 /own.json;
        proxy_pass http://127.0.0.1:1;
    }
--- user_files
>>> own.json
{}
--- tcp_listen: $TEST_NGINX_RAND_PORT_1
--- tcp_reply_delay: 500ms
--- tcp_reply
HTTP/1.0 200 OK
--- request eval
["GET /api/1", "GET /slow/1", "GET /page/1", "GET /api/1", "GET /api/1"]
--- error_code eval
[502, 504, 200, 502, 502]
--- no_error_log
[alert]



=== TEST 15: xpecto_limit_upstream - another upstream has done it: paid
--- config
    location /api/ {
        xpecto_limit zone=z rate=1r/d;
        xpecto_limit_upstream zone=z;
        error_page 502 = @other;
        proxy_pass http://127.0.0.1:1;
    }
    location @other {
        xpecto_limit zone=z rate=1r/d;
        xpecto_limit_upstream zone=z;
        proxy_pass http://%%UPSTREAM%%;
    }
--- request eval
["GET /api/1", "GET /api/1"]
--- error_code eval
[200, 429]
--- no_error_log
[alert]



=== TEST 16: xpecto_limit_upstream - a refund by the code of the error
--- config
    location /api/ {
        xpecto_limit zone=z rate=1r/d burst=2;
        xpecto_limit_upstream zone=z refund=131047,429;
        proxy_pass http://%%UPSTREAM%%;
    }
--- request eval
["GET /api/1?status=400&code=131047", "GET /api/1?status=400&code=131047",
"GET /api/1?status=429&code=1", "GET /api/1?status=429&code=1",
"GET /api/1?status=503", "GET /api/1?status=400&code=131048", "GET /api/1"]
--- error_code eval
[400, 400, 429, 429, 503, 400, 429]
--- response_body_like eval
["131047", "131047", qr/"code":1\}/, qr/"code":1\}/, "", "131048", "Rate limit hit"]
--- no_error_log
[error]



=== TEST 17: xpecto_limit_upstream - off, and what is refused for a pair is not paid
--- config
    location /off/ {
        xpecto_limit zone=z rate=1r/d policy=off;
        xpecto_limit_upstream zone=z refund=off;
        proxy_pass http://%%UPSTREAM%%;
    }
    location /api/ {
        xpecto_message on;
        xpecto_limit zone=z rate=1r/d burst=2;
        xpecto_limit_upstream zone=z;
        proxy_pass http://%%UPSTREAM%%;
    }
--- request eval
["GET /off/1?status=503", "GET /off/1?status=503",
"POST /api/106540352242922?status=400&code=131056&wait=60\n{\"to\":\"4915112345678\"}",
"POST /api/106540352242922\n{\"to\":\"4915112345678\"}",
"POST /api/106540352242922\n{\"to\":\"4915112345679\"}",
"POST /api/106540352242922\n{\"to\":\"4915112345679\"}"]
--- more_headers
Content-Type: application/json
--- error_code eval
[503, 429, 400, 429, 200, 429]
--- response_body_like eval
["", "130429", "131056", "131056", "ok", "130429"]
--- no_error_log
[error]



=== TEST 18: xpecto_limit_upstream - a client who has gone has paid
--- config
    location /api/ {
        xpecto_limit zone=z rate=1r/d;
        xpecto_limit_upstream zone=z refund=5xx,499;
        proxy_pass http://%%SILENT%%;
    }
    location = /t {
        xpecto_tenant off;
        empty_gif;
    }
--- request
GET /t
--- gone: 1
--- no_error_log
[error]
