# What is decided is decided when the request is about to go, whoever has asked
# before; and what was refused goes nowhere.

use lib 't/lib';
use TestXpecto;

use File::Copy;

copy('ngx_xpecto_module/data/jurisdictions.json',
     data_dir() . '/jurisdictions.json') or die "jurisdictions.json: $!";

add_block_preprocessor {
    my $block = shift;

    my $where = defined $block->own_headers ? ''
        : 'add_header X-Where "$xpecto_jurisdiction_region" always;';
    my $tenants = '%%DATA%%/tenants-jurisdiction.json';

    if (defined $block->tenants) {
        $tenants = data_dir() . '/tenants-lost.json';
        open my $out, '>', $tenants or die "$tenants: $!";
        print $out $block->tenants;
        close $out or die "$tenants: $!";
    }

    $block->set_value('http_config', <<"_EOC_" . ($block->http_config // ''));
    $where
    xpecto_tenants $tenants;
    xpecto_jurisdiction_rules %%DATA%%/rules.json;
    xpecto_jurisdiction on;
    xpecto_jurisdiction_origin tenant;
    add_header X-Basis "\$xpecto_jurisdiction_basis" always;
    add_header X-Why "\$xpecto_jurisdiction_why" always;
_EOC_
};

no_root_location();

plan_tests(70);

run_tests();

__DATA__

=== TEST 1: looks - the destination is set after one
--- config
    location / {
        set $dest eu;
        xpecto_jurisdiction_destination $dest;
        set $basis $xpecto_jurisdiction_basis;
        set $dest $arg_r;
        empty_gif;
    }
--- pipelined_requests eval
["GET /?r=in", "GET /?r=eu"]
--- more_headers
X-API-Key: key-de
--- error_code eval
[451, 200]
--- response_headers eval
["X-Why: DE,EU_GDPR,IN", "X-Why: DE,EU_GDPR,DE"]
--- response_body_like eval
['"region":"in"', '']
--- no_error_log
[error]



=== TEST 2: looks - a subrequest sets it in the access phase
--- config
    location / {
        set $dest eu;
        set $early $xpecto_jurisdiction;
        xpecto_jurisdiction_destination $dest;
        auth_request /ok;
        auth_request_set $dest $upstream_http_x_region;
        empty_gif;
    }
    location = /ok {
        xpecto_jurisdiction off;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/region;
    }
    location = /region {
        xpecto_jurisdiction off;
        add_header X-Region in;
        return 200;
    }
--- request
GET /
--- more_headers
X-API-Key: key-de
--- error_code: 451
--- response_headers
X-Why: DE,EU_GDPR,IN
--- no_error_log
[error]



=== TEST 3: looks - the credential asks where its owner is
--- http_config
    map $xpecto_country $cred { default $http_x_k; }
--- config
    xpecto_tenant $cred;
    xpecto_jurisdiction_origin tenant operator;
    location /go { xpecto_jurisdiction_destination in; empty_gif; }
    location / {
        add_header X-Law "$xpecto_jurisdiction";
        empty_gif;
    }
--- pipelined_requests eval
["GET /go", "GET /"]
--- more_headers
X-K: key-de
--- error_code eval
[451, 200]
--- response_headers eval
["X-Why: DE,EU_GDPR,IN", "X-Law: EU_GDPR,IN_DPDP"]
--- no_error_log
[error]



=== TEST 4: looks - the credential is set after one
--- config
    location / {
        set $key key-us;
        xpecto_tenant $key;
        xpecto_jurisdiction_destination in;
        set $basis $xpecto_jurisdiction_basis;
        set $key key-$arg_k;
        add_header X-Tenant $xpecto_tenant always;
        empty_gif;
    }
--- pipelined_requests eval
["GET /?k=us", "GET /?k=de"]
--- error_code eval
[200, 451]
--- response_headers eval
["X-Tenant: us", "X-Tenant: de"]
--- no_error_log
[error]



=== TEST 5: looks - the value of the destination asks for the state
--- http_config
    map $xpecto_jurisdiction_state $dest { default nowhere; }
--- config
    location / { xpecto_jurisdiction_destination $dest; empty_gif; }
--- request
GET /
--- more_headers
X-API-Key: key-de
--- error_code: 451
--- response_body_like: "state":"region"
--- error_log
state "region"



=== TEST 6: looks - slices go where their request has gone
--- http_config
    map $slice_range $dest { volatile; default in; "" eu; bytes=0-3 eu; }
    upstream be_eu { server unix:%%TMP%%/eu.sock; }
    upstream be_in { server unix:%%TMP%%/in.sock; }
    upstream be_hk { server unix:%%TMP%%/in.sock; }
    upstream be_fr { server unix:%%TMP%%/in.sock; }
    server {
        listen unix:%%TMP%%/eu.sock;
        xpecto_jurisdiction off;
        root html;
    }
    server {
        listen unix:%%TMP%%/in.sock;
        xpecto_jurisdiction off;
        location / { return 500; }
    }
--- config
    location / {
        slice 4;
        xpecto_jurisdiction_destination $dest;
        proxy_set_header Range $slice_range;
        proxy_pass http://$xpecto_jurisdiction_upstream;
    }
--- user_files
>>> text
0123456789
--- request
GET /text
--- more_headers
X-API-Key: key-de
--- response_body
0123456789
--- no_error_log
[error]



=== TEST 7: refused - error_page does not send it on
--- config
    location / {
        xpecto_jurisdiction_destination in;
        error_page 451 =200 @else;
        empty_gif;
    }
    location @else { proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT; }

--- request
GET /
--- more_headers
X-API-Key: key-de
--- error_code: 451
--- response_headers
Content-Type: application/problem+json
--- response_body_like: "status":451
--- error_log
transfer denied: what was refused is led to a location without "xpecto_jurisdiction_destination"
--- no_error_log
[error]



=== TEST 8: refused - a page may be sent, and where it is off all goes
--- config
    location /page {
        xpecto_jurisdiction_destination in;
        error_page 451 /sorry;
        empty_gif;
    }
    location /off {
        xpecto_jurisdiction_destination in;
        error_page 451 =200 @off;
        empty_gif;
    }
    location /eu {
        xpecto_jurisdiction_destination in;
        error_page 451 =200 @eu;
        empty_gif;
    }
    location /none {
        xpecto_jurisdiction_destination in;
        error_page 451 =200 @none;
        empty_gif;
    }
    location @none { xpecto_jurisdiction_destination off; empty_gif; }
    location = /sorry { root html; }
    location @off { xpecto_jurisdiction off; empty_gif; }
    location @eu { xpecto_jurisdiction_destination eu; empty_gif; }
--- user_files
>>> sorry
not there
--- pipelined_requests eval
["GET /page", "GET /off", "GET /eu", "GET /none"]
--- more_headers
X-API-Key: key-de
--- error_code eval
[451, 200, 200, 200]
--- response_body_like eval
["not there", "GIF", "GIF", "GIF"]
--- response_headers eval
["X-Basis: ", "X-Basis: ", "X-Why: DE,EU_GDPR,DE", "X-Basis: "]
--- no_error_log
[error]






=== TEST 9: observe - of no region of the tenant's, the request goes on
--- tenants
{"version": 1, "plans": {"p": {"limits": []}}, "tenants": {
 "lost": {"plan": "p", "establishment": ["DE"], "allow_regions": ["mars"],
  "keys": ["sha256:8514c971c4a3da33698bcdd731d5592f12b0ca1bcae28d7ab6714a4c6a133e37"]}}}
--- http_config
    upstream be_eu { server unix:%%TMP%%/eu.sock; }
    upstream be_in { server unix:%%TMP%%/eu.sock; }
    upstream be_hk { server unix:%%TMP%%/eu.sock; }
    upstream be_fr { server unix:%%TMP%%/eu.sock; }
    server {
        listen unix:%%TMP%%/eu.sock;
        xpecto_jurisdiction off;
        location / { return 200 sent; }
    }
--- config
    xpecto_jurisdiction_destination auto;
    location / {
        xpecto_jurisdiction observe;
        proxy_pass http://$xpecto_jurisdiction_upstream;
    }
    location /on { proxy_pass http://$xpecto_jurisdiction_upstream; }
--- pipelined_requests eval
["GET /", "GET /on"]
--- more_headers
X-API-Key: key-de
--- error_code eval
[200, 451]
--- response_body_like eval
["sent", '"state":"region","region":""']
--- response_headers eval
["X-Where: eu", "X-Where: "]



=== TEST 10: auto - that nothing follows is told
--- config
    location / { xpecto_jurisdiction_destination auto; empty_gif; }
--- own_headers
--- request
GET /
--- more_headers
X-API-Key: key-de
--- error_log
"xpecto_jurisdiction_destination auto" chooses a region, but nothing reads "$xpecto_jurisdiction_upstream" or "$xpecto_jurisdiction_region": the request may go elsewhere in



=== TEST 11: looks - a rewrite says to whom
--- config
    xpecto_jurisdiction_origin recipient;
    xpecto_message on;
    location /send/ {
        set $early $xpecto_jurisdiction;
        rewrite ^/send/([0-9]+)$ /go?to=$1 last;
    }
    location /args/ {
        set $early $xpecto_jurisdiction;
        set $args to=4915112345678;
        xpecto_jurisdiction_destination in;
        empty_gif;
    }
    location /count/ {
        set $early $xpecto_message_count;
        rewrite ^/count(/.*)$ /go$1 last;
    }
    location /go {
        xpecto_jurisdiction_destination in;
        add_header X-Count $xpecto_message_count always;
        empty_gif;
    }
--- pipelined_requests eval
["GET /send/4915112345678", "GET /send/919812345678", "GET /args/",
 "GET /count/?to=919812345678&to=919812345679"]
--- error_code eval
[451, 200, 451, 200]
--- response_headers eval
["X-Count: 1", "X-Count: 1", "X-Why: DE,EU_GDPR,IN", "X-Count: 2"]
--- no_error_log
[error]
