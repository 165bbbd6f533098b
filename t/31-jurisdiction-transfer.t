# May the data go where they are about to go: basis, reason, region, 451.

use lib 't/lib';
use TestXpecto;

use File::Copy;

copy('ngx_xpecto_module/data/jurisdictions.json',
     data_dir() . '/jurisdictions.json') or die "jurisdictions.json: $!";

add_block_preprocessor {
    my $block = shift;
    my $age = $block->mmdb || 'max_age=0';

    $block->set_value('http_config', ($block->http_config || '') . <<"_EOC_");
    xpecto_tenants %%DATA%%/tenants-jurisdiction.json;
    xpecto_jurisdiction_rules %%DATA%%/rules.json;
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/nested24.mmdb $age;
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Forwarded-For;
    add_header X-Basis "\$xpecto_jurisdiction_basis" always;
    add_header X-Why "\$xpecto_jurisdiction_why" always;
    add_header X-Instrument "\$xpecto_jurisdiction_instrument" always;
    add_header X-Where "\$xpecto_jurisdiction_region/\$xpecto_jurisdiction_upstream" always;
_EOC_

    $block->set_value('config', <<"_EOC_") if !$block->config;
    xpecto_jurisdiction on;
    location /eu/ { xpecto_jurisdiction_destination eu; empty_gif; }
    location /in/ { xpecto_jurisdiction_destination in; empty_gif; }
    location /hk/ { xpecto_jurisdiction_destination hk; empty_gif; }
    location /fr/ { xpecto_jurisdiction_destination fr; empty_gif; }
    location / { empty_gif; }
_EOC_
};

no_root_location();

skip_hup('counters outlive a reload');

plan_tests(260);

run_tests();

__DATA__

=== TEST 1: transfer - within the law's own territory
--- request
GET /eu/
--- more_headers
X-API-Key: key-de
--- response_headers
X-Basis: local
X-Why: DE,EU_GDPR,DE
X-Where: eu/be_eu
--- no_error_log
[error]
denied



=== TEST 2: transfer - without a basis it is 451
--- request
GET /in/
--- more_headers
X-API-Key: key-de
--- error_code: 451
--- response_headers
Content-Type: application/problem+json
Cache-Control: no-store
Link: <https://legal.example/>; rel="blocked-by"
X-Basis: none
X-Why: DE,EU_GDPR,IN
--- response_body_like eval
qr/^\{"type":"https:\/\/legal\.example\/transfer",
"title":"Unavailable\ For\ Legal\ Reasons","status":451,"detail":"[^"]+",
"basis":"none","why":"DE,EU_GDPR,IN","instrument":"","state":"ok",
"region":"in","rule":"","rules":"test\.1"\}$/x
--- raw_response_headers_like: HTTP/1\.1 451 Unavailable For Legal Reasons
--- error_log
transfer denied: basis "none", why "DE,EU_GDPR,IN", state "ok", region "in"
--- no_error_log
[error]



=== TEST 3: transfer - forbidden by a restriction, by a rule with its code
--- pipelined_requests eval
["GET /hk/", "GET /fr/"]
--- more_headers eval
["X-API-Key: key-us", "X-API-Key: key-de"]
--- error_code eval
[451, 403]
--- response_headers eval
["X-Basis: blocked\nX-Why: US,US_DOJ_202,HK",
 "X-Basis: local\nLink: "]
--- response_body_like eval
[qr/"why":"US,US_DOJ_202,HK","instrument":"us_doj_202"/,
 qr/"title":"Forbidden","status":403,.*"rule":"not-france"/]
--- no_error_log
[error]



=== TEST 4: transfer - a sub-processor is a destination too
--- config
    xpecto_jurisdiction on;
    xpecto_jurisdiction_destination eu;
    location / { empty_gif; }
--- pipelined_requests eval
["GET /v1/messages", "GET /v1/messages", "GET /v1/media"]
--- more_headers eval
["X-API-Key: key-de", "X-API-Key: key-dpf", "X-API-Key: key-de"]
--- error_code eval
[451, 200, 200]
--- response_headers eval
["X-Basis: none\nX-Why: DE,EU_GDPR,US",
 "X-Basis: adequate_scoped\nX-Why: DE,EU_GDPR,US
X-Instrument: Decision (EU) 2023/1795 (DPF)", "X-Basis: local"]
--- no_error_log
[error]



=== TEST 5: transfer - of an address, where it is an origin
--- config
    xpecto_jurisdiction on;
    xpecto_jurisdiction_origin ip;
    xpecto_jurisdiction_destination in;
    location / { empty_gif; }
--- pipelined_requests eval
["GET /", "GET /", "GET /", "GET /"]
--- more_headers eval
["X-Forwarded-For: 81.2.69.142", "X-Forwarded-For: 14.1.1.1",
 "X-Forwarded-For: 8.8.8.8", "X-Forwarded-For: 10.0.0.1"]
--- error_code eval
[451, 200, 451, 451]
--- response_headers eval
["X-Why: GB,UK_GDPR,IN", "X-Basis: local", "X-Basis: none\nX-Why: ",
 "X-Basis: none"]
--- no_error_log
[error]



=== TEST 6: transfer - of recipients in a body, which is read first
--- config
    location / {
        xpecto_jurisdiction on;
        xpecto_jurisdiction_destination in;
        xpecto_message on;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
    }
    location /up { return 200 ok; }
--- pipelined_requests eval
[qq{POST /m
{"to": "+919812345678"}}, qq{POST /m
{"to": "+4915112345678"}}, qq{POST /m
[{"to": "+919812345678"}, {"to": "+4915112345678"}]}]
--- more_headers
Content-Type: application/json
--- error_code eval
[200, 451, 451]
--- response_headers eval
["X-Basis: local", "X-Why: DE,EU_GDPR,IN", "X-Why: DE,EU_GDPR,IN"]
--- response_body_unlike eval
["9812345678", "15112345678", "15112345678"]
--- no_error_log
[error]



=== TEST 7: transfer - an invalid number is denied, nobody is unknown
--- config
    location / {
        xpecto_jurisdiction on;
        xpecto_jurisdiction_destination eu;
        xpecto_message on;
        empty_gif;
    }
--- pipelined_requests eval
["GET /m?to=%2B999999", "GET /m?to=%2B4915112345678", "GET /m"]
--- error_code eval
[451, 200, 451]
--- no_error_log
[error]



=== TEST 8: observe - says what would be denied, and lets it pass
--- config
    xpecto_jurisdiction observe;
    location / { xpecto_jurisdiction_destination in; empty_gif; }
--- more_headers
X-API-Key: key-de
--- response_headers
X-Basis: none
X-Where: in/be_in
--- error_log eval
qr/\[warn\] .*transfer would be denied: basis "none", why "DE,EU_GDPR,IN", state "ok", region "in"/
--- no_error_log
[error]



=== TEST 9: auto - the region of the best basis, then the tenant's own
--- config
    xpecto_jurisdiction on;
    xpecto_jurisdiction_destination auto;
    location / { empty_gif; }
--- pipelined_requests eval
["GET /", "GET /", "GET /"]
--- more_headers eval
["X-API-Key: key-de", "X-API-Key: key-pinned", "X-API-Key: key-us"]
--- error_code eval
[200, 200, 200]
--- response_headers eval
["X-Where: eu/be_eu", "X-Where: eu/be_eu\nX-Why: IN,IN_DPDP,DE",
 "X-Where: eu/be_eu\nX-Basis: unrestricted"]
--- no_error_log
[error]



=== TEST 10: destination - of a variable; one that is none is denied
--- config
    xpecto_jurisdiction on;
    location / { xpecto_jurisdiction_destination $arg_r; empty_gif; }
--- pipelined_requests eval
["GET /?r=eu", "GET /?r=mars", "GET /"]
--- more_headers
X-API-Key: key-de
--- error_code eval
[200, 451, 451]
--- response_headers eval
["X-Where: eu/be_eu", "X-Where: /", "X-Where: /"]
--- response_body_like eval
["", '"state":"region","region":""', '"state":"region","region":""']
--- response_body_unlike eval
["mars", "mars", "mars"]
--- no_error_log
[error]



=== TEST 11: destination - a region that is not the tenant's is denied
--- request
GET /in/
--- more_headers
X-API-Key: key-pinned
--- error_code: 451
--- response_headers
X-Basis: none
X-Where: in/be_in
--- response_body_like: "state":"region","region":"in"
--- error_log
state "region", region "in"
--- no_error_log
[error]



=== TEST 41: destination - not the tenant's: what is observed goes there
--- config
    xpecto_jurisdiction observe;
    location /in/ {
        xpecto_jurisdiction_destination in;
        proxy_pass http://$xpecto_jurisdiction_upstream;
    }
--- http_config
    upstream be_in { server 127.0.0.1:$TEST_NGINX_SERVER_PORT; }
    server {
        listen 127.0.0.1:$TEST_NGINX_SERVER_PORT;
        server_name be_in;
        location / { xpecto_jurisdiction off; return 200 arrived; }
    }
--- request
GET /in/
--- more_headers
X-API-Key: key-pinned
--- response_body: arrived
--- error_log
transfer would be denied
--- no_error_log
[error]



=== TEST 12: destination - an internal redirect is decided anew
--- config
    xpecto_jurisdiction on;
    location /eu/ {
        xpecto_jurisdiction_destination eu;
        try_files /nothing /in/;
    }
    location /in/ { xpecto_jurisdiction_destination in; empty_gif; }
--- request
GET /eu/
--- more_headers
X-API-Key: key-de
--- error_code: 451
--- response_headers
X-Why: DE,EU_GDPR,IN
--- no_error_log
[error]



=== TEST 13: destination - off below, and none without the directive
--- config
    xpecto_jurisdiction on;
    xpecto_jurisdiction_destination in;
    location / { xpecto_jurisdiction_destination off; empty_gif; }
--- more_headers
X-API-Key: key-de
--- response_headers eval
"X-Basis: \nX-Why: \nX-Where: /"
--- no_error_log
[error]



=== TEST 14: destination - of itself is a cycle, and denied
--- config
    xpecto_jurisdiction on;
    location / {
        xpecto_jurisdiction_destination $xpecto_jurisdiction_region;
        empty_gif;
    }
--- more_headers
X-API-Key: key-de
--- error_code: 451



=== TEST 15: 451 - error_page may answer, the counters tell
--- config
    xpecto_tenant off;
    location /in/ {
        xpecto_jurisdiction on;
        xpecto_jurisdiction_origin ip;
        xpecto_jurisdiction_destination in;
        error_page 451 =200 /sorry;
        empty_gif;
    }
    location /sorry { return 200 "sorry"; }
    location /status { xpecto_status; }
--- pipelined_requests eval
["GET /in/", "GET /status"]
--- more_headers
X-Forwarded-For: 81.2.69.142
--- error_code eval
[200, 200]
--- response_body_like eval
["sorry", qr/jurisdiction_requests_total\{result="denied"\} 1$
.*jurisdiction_geoip_built_timestamp_seconds\{role="country"} 1767225600$/ms]
--- no_error_log
[error]



=== TEST 16: destination - chosen by what the request is tagged with
--- http_config
    map $xpecto_jurisdiction $where { default in; EU_GDPR eu; }
--- config
    xpecto_jurisdiction on;
    location / { xpecto_jurisdiction_destination $where; empty_gif; }
--- more_headers
X-API-Key: key-de
--- response_headers
X-Basis: local
X-Where: eu/be_eu
--- no_error_log
[error]
cycle while



=== TEST 17: destination - a path that is rewritten after a look counts
--- config
    xpecto_jurisdiction on;
    location / {
        xpecto_jurisdiction_destination eu;
        set $before $xpecto_jurisdiction_basis;
        rewrite ^/harmless$ /v1/messages break;
        empty_gif;
    }
--- request
GET /harmless
--- more_headers
X-API-Key: key-de
--- error_code: 451
--- response_headers
X-Why: DE,EU_GDPR,US
--- no_error_log
[error]



=== TEST 18: variables - of the place that is decided, not of one before
--- config
    xpecto_jurisdiction on;
    location /in/ {
        xpecto_jurisdiction_destination in;
        set $before $xpecto_jurisdiction_upstream;
        rewrite ^ /eu/ last;
    }
    location /eu/ { xpecto_jurisdiction_destination eu; empty_gif; }
--- request
GET /in/
--- more_headers
X-API-Key: key-de
--- response_headers
X-Basis: local
X-Where: eu/be_eu
--- no_error_log
[error]



=== TEST 19: subrequest - to another destination is decided for itself
--- http_config
    server {
        listen unix:%%TMP%%/copy.sock;
        location / { return 200; }
    }
--- config
    xpecto_jurisdiction on;
    location /eu/ {
        xpecto_jurisdiction_destination eu;
        mirror /copy/in;
        mirror /copy/eu;
        empty_gif;
    }
    location /copy/in {
        xpecto_jurisdiction_destination in;
        proxy_pass http://unix:%%TMP%%/copy.sock;
    }
    location /copy/eu {
        xpecto_jurisdiction_destination eu;
        proxy_pass http://unix:%%TMP%%/copy.sock;
    }
--- request
GET /eu/
--- more_headers
X-API-Key: key-de
--- response_headers
X-Where: eu/be_eu
--- error_log
transfer denied: basis "none", why "DE,EU_GDPR,IN", state "ok", region "in"
"GET /copy/eu HTTP/1.0
--- no_error_log
"GET /copy/in HTTP/1.0



=== TEST 20: consent - of a client whose country is not known it is opt-in
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    add_header X-Model "$xpecto_consent_analytics" always;
--- config
    xpecto_jurisdiction on;
    xpecto_jurisdiction_origin tenant;
    xpecto_consent on;
    location / { empty_gif; }
--- pipelined_requests eval
["GET /", "GET /"]
--- more_headers eval
["X-API-Key: key-us\nX-Forwarded-For: 10.1.2.3",
 "X-API-Key: key-us\nX-Forwarded-For: 23.0.0.1"]
--- response_headers eval
["X-Model: 0", "X-Model: 1"]
--- no_error_log
[error]



=== TEST 21: consent - nor by a database that is too old
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    add_header X-Model "$xpecto_consent_analytics" always;
--- mmdb: max_age=1d
--- config
    xpecto_jurisdiction on;
    xpecto_jurisdiction_origin tenant;
    xpecto_consent on;
    location / { empty_gif; }
--- more_headers
X-API-Key: key-us
X-Forwarded-For: 23.0.0.1
--- response_headers
X-Model: 0
--- no_error_log
[error]



=== TEST 22: header - a peer that does not know the country says so
--- config
    xpecto_jurisdiction on;
    xpecto_jurisdiction_origin tenant header=CF-IPCountry from=127.0.0.0/8;
    location / { xpecto_jurisdiction_destination eu; empty_gif; }
--- pipelined_requests eval
["GET /", "GET /", "GET /", "GET /", "GET /"]
--- more_headers eval
["X-API-Key: key-de\nCF-IPCountry: DE", "X-API-Key: key-de\nCF-IPCountry: XX",
 "X-API-Key: key-de\nCF-IPCountry: EU", "X-API-Key: key-de\nCF-IPCountry: T1",
 "X-API-Key: key-de\nCF-IPCountry: DE\nCF-IPCountry: DE"]
--- error_code eval
[200, 451, 451, 451, 451]
--- no_error_log
[error]



=== TEST 23: tenant - one whose establishment nobody has written down
--- config
    xpecto_jurisdiction on;
    xpecto_message on;
    location / { xpecto_jurisdiction_destination eu; empty_gif; }
--- pipelined_requests eval
["GET /?to=4915112345678", "GET /?to=4915112345678"]
--- more_headers eval
["X-API-Key: key-de", "X-API-Key: key-nowhere"]
--- error_code eval
[200, 451]
--- no_error_log
[error]



=== TEST 20: 451 - an error_page that would inherit the destination
--- config
    xpecto_jurisdiction on;
    xpecto_jurisdiction_destination in;
    error_page 451 /sorry;
    location / { empty_gif; }
    location /sorry {
        xpecto_jurisdiction_destination off;
        return 200 "sorry\n";
    }
    location /worse {
        error_page 451 /inherits;
        empty_gif;
    }
    location /inherits { empty_gif; }
--- pipelined_requests eval
["GET /", "GET /worse"]
--- more_headers
X-API-Key: key-de
--- error_code eval
[451, 451]
--- response_body_like eval
[qr/^sorry$/, qr/"why":"DE,EU_GDPR,IN"/]
--- no_error_log
[error]



=== TEST 25: transfer - a sub-processor, by paths that may be the same
--- config
    xpecto_jurisdiction on;
    xpecto_jurisdiction_destination eu;
    location / { empty_gif; }
--- pipelined_requests eval
["GET /v1/messages/", "GET /v1/messages;a=b", "GET /v1;a/messages;b/",
 "GET /v1/Messages", "GET /V1/messages%20", "GET /v1/MESSAGES.%20;a/",
 "GET /;a/v1/messages", "GET /x/..;b/v1/messages",
 "GET /v1/media;messages", "GET /v1/messages.json"]
--- more_headers
X-API-Key: key-de
--- error_code eval
[451, 451, 451, 451, 451, 451, 451, 451, 200, 200]
--- no_error_log
[error]



=== TEST 26: subrequest - by its own path and its own origins
--- http_config
    server {
        listen unix:%%TMP%%/copy.sock;
        location / { return 200; }
    }
--- config
    xpecto_jurisdiction on;
    xpecto_jurisdiction_destination eu;
    proxy_http_version 1.1;
    location / { proxy_pass http://unix:%%TMP%%/copy.sock; }
    location /from {
        mirror /v1/messages;
        mirror /of/header;
        mirror /copied;
        empty_gif;
    }
    location /of/header {
        xpecto_jurisdiction_origin header=X-C from=127.0.0.1;
        proxy_pass http://unix:%%TMP%%/copy.sock;
    }
--- request
GET /from
--- more_headers
X-API-Key: key-de
X-C: CN
--- error_log
transfer denied: basis "none", why "DE,EU_GDPR,US", state "ok", region "eu"
transfer denied: basis "none", why "CN,CN_PIPL,DE", state "ok", region "eu"
"GET /copied HTTP/1.1
--- no_error_log
"GET /v1/messages HTTP/1.1
"GET /of/header HTTP/1.1



=== TEST 27: subrequest - of auto, to the region of its own path
--- http_config
    server {
        listen unix:%%TMP%%/copy.sock;
        location / { return 200; }
    }
--- config
    xpecto_jurisdiction on;
    xpecto_jurisdiction_destination auto;
    location / { empty_gif; }
    location /path { mirror /v1/messages; empty_gif; }
    location /v1/ { proxy_pass http://unix:%%TMP%%/copy.sock; }
--- request
GET /path
--- more_headers
X-API-Key: key-de
--- response_headers
X-Where: eu/be_eu
--- error_log
transfer denied: basis "none", why "DE,EU_GDPR,US"
--- no_error_log
"GET /v1/messages HTTP/1



=== TEST 28: subrequest - is not believed before its main request is decided
--- http_config
    server {
        listen unix:%%TMP%%/copy.sock;
        location / { return 200; }
    }
--- config
    xpecto_jurisdiction on;
    xpecto_jurisdiction_destination in;
    location / {
        auth_request /auth;
        empty_gif;
    }
    location = /auth {
        internal;
        proxy_pass http://unix:%%TMP%%/copy.sock:/asked;
    }
--- request
GET /
--- more_headers
X-API-Key: key-de
--- error_code: 500
--- error_log
transfer denied: basis "none", why "DE,EU_GDPR,IN"
--- no_error_log
"GET /asked HTTP/1.0



=== TEST 29: subrequest - one that stays here is none
--- http_config
    server {
        listen unix:%%TMP%%/copy.sock;
        location / { return 200; }
    }
--- config
    xpecto_jurisdiction on;
    xpecto_jurisdiction_destination in;
    location / {
        auth_request /auth;
        empty_gif;
    }
    location = /auth {
        internal;
        xpecto_jurisdiction_destination off;
        proxy_pass http://unix:%%TMP%%/copy.sock:/asked;
    }
--- request
GET /
--- more_headers
X-API-Key: key-de
--- error_code: 451
--- error_log
"GET /asked HTTP/1.0
--- no_error_log
[error]



=== TEST 30: transfer - a sub-processor, by a path that is encoded twice
--- config
    xpecto_jurisdiction on;
    xpecto_jurisdiction_destination eu;
    location / { empty_gif; }
--- pipelined_requests eval
["GET /v1/%256dessages", "GET /v1/%25256Dessages", "GET /v1%252fmessages",
 "GET /v1/x/%252e%252e/messages", "GET /v1/messages%253bx",
 "GET /v1/media/%256dessages", "GET /v1/100%25"]
--- more_headers
X-API-Key: key-de
--- error_code eval
[451, 451, 451, 451, 451, 200, 200]
--- no_error_log
[error]



=== TEST 31: transfer - a sub-processor, slashes that nobody merges
--- config
    xpecto_jurisdiction on;
    xpecto_jurisdiction_destination eu;
    merge_slashes off;
    location / { empty_gif; }
--- pipelined_requests eval
["GET //v1/messages", "GET /v1//messages", "GET /v1/messages//",
 "GET /v1\\messages", "GET /v1/x//../messages", "GET //v1/media",
 "GET /v1/media/../x"]
--- more_headers
X-API-Key: key-de
--- error_code eval
[451, 451, 451, 451, 451, 200, 200]
--- no_error_log
[error]



=== TEST 32: transfer - slashes and "..", which servers read in two ways
--- config
    xpecto_jurisdiction on;
    xpecto_jurisdiction_destination eu;
    location / { empty_gif; }
--- pipelined_requests eval
["GET /v1//../messages", "GET /v1//%2e%2e/messages",
 "GET /x/../v1/media", "GET /v1//media"]
--- more_headers
X-API-Key: key-de
--- error_code eval
[451, 451, 200, 200]
--- no_error_log
[error]



=== TEST 33: transfer - a sub-processor, by what a path was rewritten to
--- config
    xpecto_jurisdiction on;
    xpecto_jurisdiction_destination eu;
    rewrite ^/a/(.*) /v1/$1;
    rewrite ^/v1/b/(.*) /media/$1;
    location / { empty_gif; }
--- pipelined_requests eval
["GET /a/messages", "GET /a/%256dessages", "GET /v1/b/x%252f"]
--- more_headers
X-API-Key: key-de
--- error_code eval
[451, 451, 200]
--- no_error_log
[error]



=== TEST 40: transfer - a sub-processor that a part of a batch leads to
--- config
    xpecto_jurisdiction on;
    xpecto_jurisdiction_destination eu;
    xpecto_message on;
    location / { proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/done; }
    location /tenant {
        xpecto_jurisdiction_origin tenant;
        if ($xpecto_jurisdiction_basis = none) { return 403; }
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/done;
    }
    location /done {
        xpecto_jurisdiction off;
        xpecto_message off;
        return 204;
    }
--- request eval
my @bodies = map { '{"batch":[{"relative_url":"me"},' . $_ . ']}' }
    '{"relative_url":"v1/messages?x=y"}',
    '{"relative_url":"/V1/%6dessages","method":"POST","body":"a=b"}',
    '{"relative_url":"https://graph.example/v1/messages#z"}',
    '{"relative_url":"v1/media"}';

[(map { "POST /\n$_" } @bodies), "POST /tenant\n$bodies[0]",
 "POST /tenant\n$bodies[3]",
 "GET /?batch=%5B%7B%22relative_url%22%3A%22v1/messages%22%7D%5D"]
--- more_headers
X-API-Key: key-de
Content-Type: application/json
--- error_code eval
[451, 451, 451, 204, 451, 204, 451]
--- no_error_log
[error]
