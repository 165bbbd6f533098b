# A zone that has no room for recipients: who is in it stays, others are let
# in or refused as configured, and that is counted.

use lib 't/lib';
use TestXpecto;


# "FIRST LAST" a line: a message to each of these

add_block_preprocessor(sub {
    my ($block) = @_;
    my $full = $block->full;

    # 72 KiB are fewer than 9217 slots of 8 bytes

    $block->set_value('http_config',
                      '    xpecto_limit_zone z:1m unique=72k;');

    $block->set_value('config', <<"_EOC_");
    client_body_buffer_size 1m;

    location /v1/ {
        xpecto_message on;
        xpecto_limit zone=z kind=unique count=1000000 full=$full;
        proxy_pass http://127.0.0.1:\$TEST_NGINX_SERVER_PORT/done;
    }

    location /done {
        return 204;
    }

    location /status {
        xpecto_status;
    }
_EOC_

    my @requests = map {
        my ($first, $last) = split;
        "POST /v1/messages\n" . '{"to":["' . join('","', map {
            sprintf '+9198%08d', $_ } $first .. $last) . '"]}'
    } split /\n/, $block->calls;

    $block->set_value('request', [@requests, 'GET /status']);
    $block->set_value('more_headers', 'Content-Type: application/json');
});


skip_hup('limits outlive a reload');

plan_tests(30);

run_tests();

__DATA__

=== TEST 1: unique - no room for recipients, deny
--- full chomp: deny
--- calls
1 1000
10001 20000
20001 24000
1 1000
--- error_code eval
[204, 204, 429, 204, 200]
--- response_body_like eval
['', '', qr/"code":131048,/, '', qr/^xpecto_limit_full_total [1-9]/m]
--- no_error_log
[error]



=== TEST 2: unique - no room for recipients, allow
--- full chomp: allow
--- calls
1 1000
10001 20000
20001 24000
1 1000
--- error_code eval
[(204) x 4, 200]
--- response_body_like eval
[('') x 4, qr/^xpecto_limit_full_total [1-9]/m]
--- no_error_log
[error]
