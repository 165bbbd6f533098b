# Limits that count by messages, where no messages are read.

use lib 't/lib';
use TestXpecto;


add_block_preprocessor(sub {
    my ($block) = @_;

    my $limit = $block->limit // '';

    $block->set_value('http_config', <<'_EOC_');
    xpecto_tenants %%DATA%%/tenants-scopes.json;
    xpecto_limit_zone z:1m unique=128k;
_EOC_

    $block->set_value('config', <<"_EOC_");
    location = /status {
        xpecto_tenant off;
        xpecto_limit_headers off;
        xpecto_status;
    }

    location ~ ^/(v[0-9.]+/|[0-9]+/|send\$) {
        xpecto_limit zone=z $limit;
        set \$done http://127.0.0.1:\$TEST_NGINX_SERVER_PORT/done;
        proxy_pass \$done;
    }

    location /done {
        xpecto_tenant off;
        return 204;
    }
_EOC_

    # "KEY PATH BODY" a line

    my (@requests, @headers);

    for (split /\n/, $block->calls) {
        my ($key, $path, $body) = split ' ', $_, 3;

        push @requests, ($body // '') eq '' ? "GET $path" : "POST $path\n$body";
        push @headers, "X-API-Key: $key\nContent-Type: application/json";
    }

    $block->set_value('request', \@requests);
    $block->set_value('more_headers', \@headers);
});


# in the error log: each refusal, and once that nothing is counted

add_response_body_check(sub {
    my ($block, $body, $index) = @_;

    return if $index != $#{ $block->request };

    open my $in, '<', Test::Nginx::Util::server_root() . '/logs/error.log'
        or die "error.log: $!";

    my $said = 'policy "pair" counts by what a message says, but here '
               . '"xpecto_message" is off: ' . $block->said . ',';

    is scalar(grep { /\Q$said\E/ } <$in>), $block->times // 1, $block->said;
});


skip_hup('counters outlive a reload');

plan_tests(21);

run_tests();

__DATA__

=== TEST 1: unread - a message that nobody reads is refused, and said once
--- calls
key-pair /v1/messages {"to":"+14155550100"}
key-pair /send {"to":"+14155550100"}
key-pair /106540352242922/media {"to":"+14155550100"}
key-pair /v1/messages
none /status
--- error_code eval
[500, 500, 204, 204, 200]
--- response_body_like eval
['', '', '', '', qr/^xpecto_limit_unread_total 2$/m]
--- said: it refuses
--- times: 2



=== TEST 2: unread=allow - it passes, and is counted
--- limit: unread=allow
--- calls
key-pair /v1/messages {"to":"+14155550100"}
none /status
--- error_code eval
[204, 200]
--- response_body_like eval
['', qr/^xpecto_limit_unread_total 1$/m]
--- said: it counts nothing



=== TEST 3: unread - on trial nothing is refused
--- limit: dry_run
--- calls
key-pair /v1/messages {"to":"+14155550100"}
none /status
--- error_code eval
[204, 200]
--- response_body_like eval
['', qr/^xpecto_limit_unread_total 1$/m]
--- said: it counts nothing
