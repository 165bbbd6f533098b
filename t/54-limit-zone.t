# xpecto_limit_zone: what else it may hold, and what it does not.

use lib 't/lib';
use TestXpecto;

add_block_preprocessor(sub {
    my $block = shift;
    my $zone = $block->zone // '';

    return if defined $block->must_die || defined $block->alone;

    $block->set_value('http_config', <<"_EOC_");
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_tenants %%DATA%%/tenants-scopes.json;
    xpecto_limit_zone $zone;
_EOC_

    $block->set_value('config', <<'_EOC_');
    location /v1/ {
        xpecto_message on;
        xpecto_limit zone=z;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/done;
    }
    location /done {
        xpecto_message off;
        xpecto_tenant off;
        return 204;
    }
_EOC_

    $block->set_value('request', "POST /v1/messages\n"
                                 . '{"to":"+14155550100"}');
    $block->set_value('more_headers', "X-API-Key: key-reach\n"
                                      . 'Content-Type: application/json');
});

chmod 0600, data_dir() . '/consent-keys';
skip_hup('a zone of another kind needs another name');
plan_tests(12);
run_tests();

__DATA__

=== TEST 1: xpecto_limit_zone - a file and a table of recipients
--- zone chomp
z:2m persist=%%TMP%%/limits unique=1m
--- error_code: 204
--- raw_response_headers_like
RateLimit: .*r=.*
--- no_error_log
[error]



=== TEST 2: xpecto_limit_zone - recipients and no table for them
--- zone chomp
z:1m
--- error_code: 204
--- error_log
of a plan counts recipients, for which zone "z" has no table: it needs "unique"
--- no_error_log
[alert]



=== TEST 3: xpecto_limit_zone - recipients that leave nothing for limits
--- http_config
    xpecto_limit_zone z:16m unique=16300k;
--- must_die
--- error_log
"z" is too small: "unique" leaves nothing for its limits



=== TEST 4: xpecto_limit - a cost of recipients
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit zone=z scope=recipient rate=1r/s cost=$arg_c;
--- must_die
--- error_log
"cost" is not for "scope=recipient"



=== TEST 5: xpecto_limit - bytes of a chunked body that nobody measures
--- alone
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location /t {
        xpecto_limit zone=z key=$binary_remote_addr rate=1r/m;
        xpecto_limit zone=z key=$arg_k rate=1000r/s burst=1000
                     policy=size cost=bytes;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/done;
    }
    location /done {
        return 204;
    }
--- request eval
["POST /t?k=1\n3\r\nabc\r\n0\r\n\r\n", "POST /t?k=1\n3\r\nabc\r\n0\r\n\r\n"]
--- more_headers
Transfer-Encoding: chunked
--- error_code eval
[429, 429]
