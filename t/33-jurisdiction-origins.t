# Whose law counts where it is not plain who that is: who has written to us,
# land that two countries claim, connections that others have made.

use lib 't/lib';
use TestXpecto;

use File::Copy;
use IO::Socket::UNIX;

copy('ngx_xpecto_module/data/jurisdictions.json',
     data_dir() . '/jurisdictions.json') or die "jurisdictions.json: $!";


add_block_preprocessor {
    my $block = shift;
    my $mmdb = $block->mmdb || 'nested24';

    $block->set_value('http_config', <<"_EOC_" . ($block->http_config // ''));
    xpecto_jurisdiction_rules %%DATA%%/rules.json;
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/$mmdb.mmdb max_age=0;
    set_real_ip_from 127.0.0.1;
    set_real_ip_from unix:;
    add_header X-State "\$xpecto_jurisdiction_state" always;
    add_header X-Basis "\$xpecto_jurisdiction_basis" always;
    add_header X-Why "\$xpecto_jurisdiction_why" always;
    add_header X-Law "\$xpecto_jurisdiction" always;
    add_header X-Where "\$xpecto_jurisdiction_region" always;
_EOC_

    # bodies of a webhook: what is in "value"

    my @values = split /\n/, $block->values // '';

    if (@values) {
        $block->set_value('request', [ map { "POST /webhook\n"
            . '{"object":"whatsapp_business_account","entry":[{"id":"1",'
            . '"changes":[{"value":{"metadata":{"display_phone_number":'
            . qq("15550783881","phone_number_id":"106540352242922"},$_},)
            . '"field":"messages"}]}]}' } @values ]);
    }
};


# what servers behind PROXY protocol say of a client in Great Britain, and of
# one that the balancer does not tell

sub proxied ($$) {
    my ($name, $line) = @_;
    my $s = IO::Socket::UNIX->new(Peer => tmp_dir() . "/$name.sock")
        or return "no connection: $!";

    print $s "$line\r\nGET / HTTP/1.0\r\n\r\n";

    my $answer = join '', <$s>;

    return CORE::join ' ', $answer =~ m{^HTTP/1.1 (\d+).*^X-State: ([^\r]*)}ms;
}


add_response_body_check(sub {
    my $block = shift;

    return unless defined $block->proxied;

    my $gb = 'PROXY TCP4 81.2.69.142 127.0.0.1 4321 80';
    my $in = 'PROXY TCP6 ::ffff:14.1.1.1 ::1 4321 80';

    is proxied('real', $gb), '451 ok', 'the address that the balancer says';
    is proxied('real', $in), '200 ok', 'another one, which may go there';
    is proxied('real', 'PROXY UNKNOWN'), '451 db_missing', 'it says none';
    is proxied('bare', $in), '451 db_missing', 'nobody was asked to believe';
});


no_root_location();

plan_tests(114);

run_tests();

__DATA__

=== TEST 1: webhook - goes where the law of who has written wants it
--- config
    location = /webhook {
        xpecto_jurisdiction on;
        xpecto_jurisdiction_destination auto;
        xpecto_message on;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
    }
    location = /up { return 200 ok; }
--- values
"messages":[{"from":"4915112345678","id":"wamid.1","type":"text"}]
"contacts":[{"wa_id":"919812345678","profile":{"name":"A"}}]
"messages":[{"from_user_id":"DE.13491208655302741918","type":"text"}]
"contacts":[{"user_id":"IN.13491208655302741918"}]
"statuses":[{"id":"wamid.1","recipient_id":"4915112345678","status":"read"}]
"statuses":[{"recipient_user_id":"IN.13491208655302741918"}]
"statuses":[{"recipient_participant_id":"919812345678"}]
--- more_headers
Content-Type: application/json
--- response_headers eval
["X-Where: eu", "X-Where: in", "X-Where: eu", "X-Where: in", "X-Where: eu",
 "X-Where: in", "X-Where: in"]
--- no_error_log
[error]



=== TEST 2: webhook - of who must not be told there, or is not known
--- config
    location = /webhook {
        xpecto_jurisdiction on;
        xpecto_jurisdiction_destination in;
        xpecto_message on;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
    }
    location = /up { return 200 ok; }
--- values
"messages":[{"from":"4915112345678"},{"from":"919812345678"}]
"statuses":[{"recipient_id":"4915112345678"}]
"statuses":[{"recipient_id":"Y2FwaV9ncm91cDoxOTUwNTU1MDA3OToxMjA"}]
"errors":[{"code":130501}]
--- more_headers
Content-Type: application/json
--- error_code eval
[(451) x 4]
--- response_headers eval
["X-State: ok\nX-Why: DE,EU_GDPR,IN", "X-State: ok\nX-Why: DE,EU_GDPR,IN",
 "X-State: group\nX-Basis: none",
 "X-State: private_ip,no_recipient\nX-Basis: none"]
--- response_body_unlike eval
[("151123|98123|15550") x 4]
--- no_error_log
[error]



=== TEST 3: address - where two countries claim the land both laws count
--- mmdb: claimed
--- http_config
    real_ip_header X-Forwarded-For;
--- config
    location / {
        xpecto_jurisdiction on;
        xpecto_jurisdiction_origin ip;
        xpecto_jurisdiction_destination eu;
        empty_gif;
    }
--- pipelined_requests eval
["GET /", "GET /", "GET /"]
--- more_headers eval
["X-Forwarded-For: 81.2.69.142", "X-Forwarded-For: 5.45.1.1",
 "X-Forwarded-For: 77.65.1.1"]
--- error_code eval
[451, 451, 451]
--- response_headers eval
["X-Law: EU_GDPR,TR_KVKK\nX-Why: TR,TR_KVKK,DE",
 "X-Law: RU_152FZ,WB_GDPR_LIKE\nX-Why: UA,WB_GDPR_LIKE,DE",
 "X-Law: RU_152FZ,WB_GDPR_LIKE\nX-Why: GE,WB_GDPR_LIKE,DE"]
--- no_error_log
[error]



=== TEST 4: number - where two countries claim the land both laws count
--- config
    location / {
        xpecto_jurisdiction on;
        xpecto_jurisdiction_destination eu;
        xpecto_message on;
        empty_gif;
    }
--- pipelined_requests eval
["GET /?to=%2B903921234567", "GET /?to=%2B79781234567",
 "GET /?to=%2B79401234567"]
--- error_code eval
[451, 451, 451]
--- response_headers eval
["X-Law: EU_GDPR,TR_KVKK\nX-Why: TR,TR_KVKK,DE",
 "X-Law: RU_152FZ,WB_GDPR_LIKE\nX-Why: UA,WB_GDPR_LIKE,DE",
 "X-Law: RU_152FZ,WB_GDPR_LIKE\nX-Why: GE,WB_GDPR_LIKE,DE"]
--- no_error_log
[error]



=== TEST 5: address - a database that knows only the continent there
--- mmdb: continent
--- http_config
    real_ip_header X-Forwarded-For;
--- config
    location / {
        xpecto_jurisdiction on;
        xpecto_jurisdiction_origin ip;
        xpecto_jurisdiction_destination eu;
        empty_gif;
    }
--- pipelined_requests eval
["GET /", "GET /", "GET /"]
--- more_headers eval
["X-Forwarded-For: 81.2.69.142", "X-Forwarded-For: 14.1.1.1",
 "X-Forwarded-For: 77.65.1.1"]
--- error_code eval
[451, 451, 200]
--- response_headers eval
["X-State: no_country\nX-Basis: none", "X-State: no_country\nX-Basis: none",
 "X-State: ok\nX-Basis: local"]
--- no_error_log
[error]



=== TEST 6: address - of PROXY protocol, where realip was told to believe it
--- http_config
    xpecto_jurisdiction on;
    xpecto_jurisdiction_origin ip;
    xpecto_jurisdiction_destination in;

    server { listen unix:%%TMP%%/real.sock proxy_protocol;
             real_ip_header proxy_protocol;
             location / { empty_gif; } }

    server { listen unix:%%TMP%%/bare.sock proxy_protocol;
             location / { empty_gif; } }
--- config
    location / { xpecto_jurisdiction off; return 204; }
--- proxied
--- error_code: 204
--- no_error_log
[error]



=== TEST 7: origin - nobody has spoken, or nobody who is believed
--- config
    xpecto_jurisdiction on;
    xpecto_jurisdiction_destination in;
    location /h {
        xpecto_jurisdiction_origin header=CF-IPCountry from=127.0.0.1;
        empty_gif;
    }
    location /other {
        xpecto_jurisdiction_origin header=CF-IPCountry from=192.0.2.1;
        empty_gif;
    }
    location /ip {
        xpecto_jurisdiction_origin ip header=CF-IPCountry from=192.0.2.1;
        empty_gif;
    }
--- http_config
    real_ip_header X-Forwarded-For;
--- pipelined_requests eval
["GET /h", "GET /h", "GET /other", "GET /other", "GET /ip"]
--- more_headers eval
["", "CF-IPCountry: IN", "", "CF-IPCountry: IN",
 "CF-IPCountry: DE\nX-Forwarded-For: 14.1.1.1"]
--- error_code eval
[451, 200, 451, 451, 200]
--- response_headers eval
["X-State: no_origin", "X-State: ok", "X-State: no_origin",
 "X-State: untrusted", "X-State: untrusted\nX-Basis: local"]
--- no_error_log
[error]



=== TEST 8: recipient - an origin that nobody reads in this location
--- config
    xpecto_jurisdiction on;
    xpecto_jurisdiction_origin recipient operator;
    xpecto_jurisdiction_destination in;
    location /read { xpecto_message on; empty_gif; }
    location /unread { error_page 405 =200 /done; empty_gif; }
    location /others {
        xpecto_jurisdiction_origin operator;
        error_page 405 =200 /done;
        empty_gif;
    }
    location /here {
        xpecto_jurisdiction_destination off;
        error_page 405 =200 /done;
        empty_gif;
    }
    location /done { xpecto_jurisdiction off; return 204; }
--- request eval
["POST /unread\nto=%2B4915112345678", "GET /unread", "GET /unread?to=1",
 "POST /others\nto=%2B4915112345678", "POST /here\nto=%2B4915112345678"]
--- error_code eval
[451, 200, 451, 200, 200]
--- response_body_like eval
['"state":"unread"', "", '"state":"unread"', "", ""]
--- no_error_log
[error]
