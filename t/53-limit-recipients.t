# Each number that one string lists is a recipient: of a cost, of different
# ones, of a pair, of a scope.

use lib 't/lib';
use TestXpecto;


my $form = 'application/x-www-form-urlencoded';

add_block_preprocessor(sub {
    my ($block) = @_;

    my $limit = $block->limit;

    $block->set_value('http_config', <<'_EOC_');
    xpecto_limit_zone z:1m unique=128k;
_EOC_

    $block->set_value('config', <<"_EOC_");
    location /106540352242922/ {
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

    # a body a line: JSON or a form

    my (@requests, @headers);

    for (split /\n/, $block->bodies) {
        push @requests, "POST /106540352242922/messages\n$_";
        push @headers, 'Content-Type: '
                       . (/^[{[]/ ? 'application/json' : $form);
    }

    $block->set_value('request', \@requests);
    $block->set_value('more_headers', \@headers);
});


two_workers();
skip_hup('limits outlive a reload');

plan_tests(76);

run_tests();

__DATA__

=== TEST 1: cost - each number of a list is a message
--- limit: kind=quota count=20 per=lifetime cost=recipients
--- bodies
{"to":"+14155550100"}
{"to":"+1 415-555-0100"}
{"to":"+14155550100,+14155550101"}
{"to":"+14155550100; +14155550101;\n+14155550102"}
{"to":["14155550100 14155550101","14155550102"]}
to=14155550100;14155550101
to=%2B14155550100,%2B14155550101&to=%2B1+415+555+0102
to=%2B14155550100+%2B14155550101
{"to":"14155550100,14155550101,14155550102,14155550103"}
--- error_code eval
[ (204) x 8, 429 ]
--- response_headers eval
[ map { qq{RateLimit: "z";r=$_} } 19, 18, 16, 13, 10, 8, 5, 3, 3 ]
--- no_error_log
[error]
14155550101



=== TEST 2: unique - who is in a list has been written to
--- limit: kind=unique count=3
--- bodies
{"to":"+14155550100,+14155550101"}
to=14155550101;14155550100
{"to":"14155550102;14155550103"}
{"to":"+1 415 555-0102"}
{"to":"+14155550102\n+14155550100"}
destination=14155550100,14155550104
--- error_code eval
[ 204, 204, 429, 204, 204, 429 ]
--- response_headers_like eval
[ map { qq{RateLimit: "z";r=$_;t=\\d+} } 1, 1, 1, 0, 0, 0 ]
--- no_error_log
[error]



=== TEST 3: pair - the second of a list is one as well
--- limit: kind=pair rate=1r/d burst=1
--- bodies
{"to":"+14155550100,+14155550101"}
{"to":"+14155550101"}
{"to":"+14155550102,+14155550101"}
{"to":"+14155550102"}
to=14155550103;14155550102
--- error_code eval
[ 204, 429, 429, 204, 429 ]
--- no_error_log
[error]



=== TEST 4: recipient - one number cut in many ways is one
--- limit: kind=quota count=1 per=lifetime scope=recipient
--- bodies
{"to":"+1 415-555-0100"}
{"to":"1,415,555,0100"}
{"to":"1415555;0100"}
to=1415;5550100
to=14155550100;ext=9
{"to":"1 415 555\n0100"}
--- error_code eval
[ 204, (429) x 5 ]
--- no_error_log
[error]
