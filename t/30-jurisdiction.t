# Which laws govern a request: the country of the client, of the recipient,
# of the tenant, and the regimes of all of them.
#
# t/data/mmdb is written by t/data/make-mmdb.pl; the legal data are the ones
# that the module ships.

use lib 't/lib';
use TestXpecto;

use File::Copy;

copy('ngx_xpecto_module/data/jurisdictions.json',
     data_dir() . '/jurisdictions.json') or die "jurisdictions.json: $!";

add_block_preprocessor {
    my $block = shift;
    my $mmdb = $block->mmdb || 'nested24.mmdb max_age=0';

    $block->set_value('http_config', ($block->http_config || '') . <<"_EOC_")
    xpecto_jurisdiction_rules %%DATA%%/rules.json;
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/$mmdb;
    xpecto_jurisdiction on;
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Forwarded-For;
    add_header X-Country "\$xpecto_country" always;
    add_header X-Law "\$xpecto_jurisdiction" always;
_EOC_
        unless $block->must_die;

    $block->set_value('config', 'location / { empty_gif; }')
        if !$block->config;
};

no_root_location();

plan_tests(134);

run_tests();

__DATA__

=== TEST 1: country - of IPv4, nested layout
--- pipelined_requests eval
["GET /", "GET /", "GET /", "GET /"]
--- more_headers eval
["X-Forwarded-For: 81.2.69.142", "X-Forwarded-For: 77.64.0.1",
 "X-Forwarded-For: 77.111.247.5", "X-Forwarded-For: 8.8.8.8"]
--- response_headers eval
["X-Country: GB", "X-Country: DE", "X-Country: CH", "X-Country: "]
--- no_error_log
[error]
[alert]



=== TEST 2: country - of IPv4, flat layout and an IPv4 tree
--- mmdb: flat4.mmdb max_age=0
--- pipelined_requests eval
["GET /", "GET /", "GET /"]
--- more_headers eval
["X-Forwarded-For: 81.2.69.142", "X-Forwarded-For: 222.255.255.255",
 "X-Forwarded-For: 2003::1"]
--- response_headers eval
["X-Country: GB", "X-Country: VN", "X-Country: "]
--- no_error_log
[error]



=== TEST 3: country - of IPv6, flat layout and records of 32 bits
--- mmdb: flat32.mmdb max_age=0
--- pipelined_requests eval
["GET /", "GET /", "GET /", "GET /"]
--- more_headers eval
["X-Forwarded-For: 2003::1", "X-Forwarded-For: ::ffff:81.2.69.142",
 "X-Forwarded-For: 64:ff9b::5102:458e", "X-Forwarded-For: 2a0a:1:2:4::2"]
--- response_headers eval
["X-Country: DE", "X-Country: GB", "X-Country: GB", "X-Country: "]
--- no_error_log
[error]



=== TEST 4: country - a field of one's own
--- mmdb: named.mmdb max_age=0 field=place.where
--- more_headers
X-Forwarded-For: 81.2.69.142
--- response_headers
X-Country: GB
--- no_error_log
[error]



=== TEST 5: country - private, tunnelled and documentation addresses have none
--- pipelined_requests eval
["GET /", "GET /", "GET /", "GET /"]
--- more_headers eval
["X-Forwarded-For: 10.1.2.3", "X-Forwarded-For: 192.0.2.1",
 "X-Forwarded-For: 2002:5102:458e::1", "X-Forwarded-For: fd00::1"]
--- response_headers eval
[("X-Country: \nX-Law: ") x 4]
--- no_error_log
[error]



=== TEST 6: law - of a browser's address, where nobody else speaks
--- pipelined_requests eval
["GET /", "GET /", "GET /", "GET /"]
--- more_headers eval
["X-Forwarded-For: 81.2.69.142", "X-Forwarded-For: 23.1.2.3",
 "X-Forwarded-For: 2a0a:1:2:3::1", "X-Forwarded-For: 8.8.8.8"]
--- response_headers eval
["X-Law: UK_GDPR", "X-Law: US_DOJ_202,US_FED", "X-Law: EU_GDPR", "X-Law: "]
--- no_error_log
[error]



=== TEST 7: law - of the tenant, not of its server's address
--- http_config
    xpecto_tenants %%DATA%%/tenants-jurisdiction.json;
--- more_headers
X-API-Key: key-de
X-Forwarded-For: 23.1.2.3
--- response_headers
X-Country: US
X-Law: EU_GDPR
--- no_error_log
[error]



=== TEST 8: law - of the address as well, where it is an origin
--- http_config
    xpecto_tenants %%DATA%%/tenants-jurisdiction.json;
    xpecto_jurisdiction_origin tenant ip;
--- more_headers
X-API-Key: key-de
X-Forwarded-For: 81.2.69.142
--- response_headers
X-Law: EU_GDPR,UK_GDPR
--- no_error_log
[error]



=== TEST 9: law - of the operator
--- http_config
    xpecto_jurisdiction_origin operator;
--- more_headers
X-Forwarded-For: 81.2.69.142
--- response_headers
X-Law: IN_DPDP
--- no_error_log
[error]



=== TEST 10: law - of recipients in a body, all of them
--- config
    location / {
        xpecto_message on;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
        proxy_set_header X-Forwarded-For "";
    }
    location /up {
        xpecto_jurisdiction off;
        empty_gif;
        error_page 405 =200 @up;
    }
    location @up { xpecto_jurisdiction off; return 200 ok; }
--- request eval
qq{POST /v21.0/messages
[{"to": "+919812345678"}, {"to": "4915112345678"}]}
--- more_headers
Content-Type: application/json
X-Forwarded-For: 81.2.69.142
--- response_headers
X-Country: GB
X-Law: EU_GDPR,IN_DPDP
--- no_error_log
[error]



=== TEST 11: law - of a recipient in the query, of a BSUID, of many countries
--- config
    location / {
        xpecto_message on;
        empty_gif;
    }
--- pipelined_requests eval
["GET /m?to=%2B447911123456", "GET /m?to=BR.13491208655302741918",
 "GET /m?to=%2B590690001234", "GET /m?to=%2B870301234567"]
--- response_headers eval
["X-Law: GG_DPL", "X-Law: BR_LGPD", "X-Law: EU_GDPR,FR_OCT", "X-Law: "]
--- no_error_log
[error]



=== TEST 12: variables - before the body is read there is no answer yet
--- config
    location / {
        xpecto_message on;
        set $early "early $xpecto_jurisdiction";
        add_header X-Early "$early." always;
        add_header X-Law "$xpecto_jurisdiction" always;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
    }
    location /up {
        xpecto_jurisdiction off;
        return 200 ok;
    }
--- request eval
qq{POST /m
{"to": "+919812345678"}}
--- more_headers
Content-Type: application/json
--- response_headers
X-Early: early .
X-Law: IN_DPDP
--- no_error_log
[error]



=== TEST 13: off - no variable says anything
--- config
    location / {
        xpecto_jurisdiction off;
        add_header X-Country "$xpecto_country" always;
        add_header X-Law "$xpecto_jurisdiction" always;
        add_header X-Why "$xpecto_jurisdiction_why" always;
        empty_gif;
    }
--- more_headers
X-Forwarded-For: 81.2.69.142
--- response_headers eval
"X-Country: \nX-Law: \nX-Why: "
--- no_error_log
[error]



=== TEST 14: header - of a trusted peer is an origin
--- http_config
    xpecto_jurisdiction_origin header=CF-IPCountry from=127.0.0.0/8;
--- pipelined_requests eval
["GET /", "GET /", "GET /", "GET /"]
--- more_headers eval
["CF-IPCountry: FR", "CF-IPCountry: XX", "CF-IPCountry: fr",
 "CF-IPCountry: FR\nCF-IPCountry: DE"]
--- response_headers eval
["X-Law: EU_GDPR", "X-Law: ", "X-Law: ", "X-Law: "]
--- no_error_log
[error]



=== TEST 15: header - the peer counts, not the address that realip has put
--- http_config
    xpecto_jurisdiction_origin header=CF-IPCountry from=127.0.0.0/8;
--- more_headers
X-Forwarded-For: 81.2.69.142
CF-IPCountry: FR
--- response_headers
X-Country: GB
X-Law: EU_GDPR
--- no_error_log
[error]



=== TEST 16: header - of others is nothing
--- http_config
    xpecto_jurisdiction_origin header=CF-IPCountry from=192.0.2.0/24;
--- more_headers
X-Forwarded-For: 192.0.2.7
CF-IPCountry: FR
--- response_headers eval
"X-Country: \nX-Law: "
--- no_error_log
[error]



=== TEST 17: geoip - an old database names countries, but is no origin
--- mmdb: nested24.mmdb
--- more_headers
X-Forwarded-For: 81.2.69.142
--- response_headers eval
"X-Country: GB\nX-Law: "
--- no_error_log
[error]



=== TEST 18: geoip - optional, and there is none
--- mmdb: none-at-all.mmdb optional
--- more_headers
X-Forwarded-For: 81.2.69.142
--- response_headers eval
"X-Country: \nX-Law: "
--- no_error_log
[error]



=== TEST 19: geoip - a unix socket has no address
--- http_config
    server {
        listen unix:%%TMP%%/j.sock;
        location / {
            add_header X-Inner "$xpecto_country." always;
            empty_gif;
        }
    }
--- config
    location / {
        xpecto_jurisdiction off;
        proxy_pass http://unix:%%TMP%%/j.sock;
    }
--- response_headers
X-Inner: .
--- no_error_log
[error]
