# The consent cookie is read, its decision shown in variables and enforced
# upon cookies.

use lib 't/lib';
use TestXpecto;
use XpectoToken;

our $Http = <<'_EOC_';
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_consent_cookie secure=$http_x_tls;
_EOC_

our $Seen = <<'_EOC_';
    location /up {
        xpecto_consent off;
        return 200 "[$http_cookie][$http_sec_gpc][$cookie_sid]";
    }
    location /set {
        xpecto_consent off;
        add_header Set-Cookie "_ga=1; Path=/";
        add_header Set-Cookie "_gid=; Max-Age=0";
        add_header Set-Cookie "_fbp=; Expires=Thu, 01 Jan 1970 00:00:00 GMT";
        add_header Set-Cookie "_gat=1; Max-Age=60";
        add_header Set-Cookie "sid=1";
        add_header Set-Cookie "__Host-Http-xpc=stolen; Max-Age=0";
        return 200;
    }
    location /show {
        return 200 "$xpecto_consent_state $xpecto_consent_cache_key";
    }
_EOC_

our $Proxy = <<'_EOC_';
    xpecto_consent on;
    location /x {
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
    }
    location /setting {
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/set;
    }
_EOC_

add_block_preprocessor {
    my $block = shift;

    if (defined $block->tls) {
        my $headers = $block->more_headers || '';
        chomp $headers;
        $block->set_value('more_headers', "X-TLS: on\n$headers");
    }

    if (!defined $block->http_config) {
        $block->set_value('http_config', $main::Http);
    }

    $block->set_value('http_config',
                      $block->http_config =~ s/%%DATA%%/data_dir()/ger
                                          =~ s/%%TMP%%/tmp_dir()/ger);
    $block->set_value('config', ($block->config || $Proxy) . $Seen);
};

chmod 0600, data_dir() . '/consent-keys';
server_name('example.com');
plan_tests(113);
run_tests();

__DATA__

=== TEST 1: xpecto_consent - without a choice no tracker reaches the upstream
--- request
GET /x
--- more_headers
Cookie: _ga=GA1.1.2; sid=3; _ga_ABC=4; _fbp=5; theme=dark
--- response_body chomp
[sid=3; theme=dark][][3]
--- no_error_log
[error]



=== TEST 2: xpecto_consent - off leaves them alone
--- config
    location /x {
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
    }
--- request
GET /x
--- more_headers
Cookie: _ga=GA1.1.2; sid=3
Sec-GPC: 1
--- response_body chomp
[_ga=GA1.1.2; sid=3][1][3]
--- no_error_log
[error]



=== TEST 3: xpecto_consent - report changes nothing
--- config
    xpecto_consent report;
    location /x {
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
        add_header X-State $xpecto_consent_state;
        add_header Set-Cookie "_ga=1";
    }
--- request
GET /x
--- more_headers
Cookie: _ga=GA1.1.2; sid=3
--- response_body chomp
[_ga=GA1.1.2; sid=3][][3]
--- response_headers
X-State: none
Set-Cookie: _ga=1
--- no_error_log
[error]



=== TEST 4: request cookies - a header without a cookie left is not sent
--- config
    xpecto_consent on;
    location /x {
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/none;
    }
    location = /none {
        xpecto_consent off;
        if ($http_cookie) {
            return 200 "cookie";
        }
        return 200 "none";
    }
--- request
GET /x
--- more_headers
Cookie: _ga=1; _gid=2
--- response_body chomp
none
--- no_error_log
[error]



=== TEST 5: request cookies - two lines are two lines
--- raw_request eval
"GET /x HTTP/1.1\r\nHost: example.com\r\nCookie: _ga=1; a=2\r\n"
. "X-Other: 1\r\nCookie: _gid=3\r\nCookie: b=4; _fbc=5\r\n"
. "Connection: close\r\n\r\n"
--- response_body chomp
[a=2; b=4][][]
--- no_error_log
[error]



=== TEST 6: request cookies - an untouched line keeps its bytes
--- request
GET /x
--- more_headers
Cookie: a=1;b="2 ; my_ga=3;_gateway=4; =5; sid=6;
--- response_body chomp
[a=1;b="2 ; my_ga=3;_gateway=4; =5; sid=6;][][6]
--- no_error_log
[error]



=== TEST 7: request cookies - a value read before is not sent either
--- http_config eval
$::Http . 'map $cookie__ga $seen { default "$http_cookie"; }'
--- config
    xpecto_consent on;
    location /x {
        if ($seen = "") {
            return 200 "nothing";
        }
        proxy_set_header Cookie $http_cookie;
        proxy_set_header X-Ga "<$cookie__ga>";
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/two;
    }
    location = /two {
        xpecto_consent off;
        return 200 "[$http_cookie][$http_x_ga]";
    }
--- request
GET /x
--- more_headers
Cookie: _ga=1; a=2
--- response_body chomp
[a=2][<>]
--- no_error_log
[error]



=== TEST 8: token - a grant lets its cookies pass, the token is not passed on
--- tls
--- request
GET /x
--- more_headers eval
"Cookie: _ga=1; " . main::token() . "; _fbp=2; sid=3"
--- response_body chomp
[_ga=1; sid=3][1][3]
--- no_error_log
[error]



=== TEST 9: token - read over TLS only, yet never passed on
--- request
GET /x
--- more_headers eval
"Cookie: _ga=1; " . main::token() . "; sid=3"
--- response_body chomp
[sid=3][][3]
--- no_error_log
[error]



=== TEST 10: token - "secure" that is 0 is not TLS
--- config
    xpecto_consent on;
--- request
GET /show
--- more_headers eval
"X-TLS: 0\nCookie: " . main::token()
--- response_body chomp
none 4001
--- no_error_log
[error]



=== TEST 11: token - valid, twice in a worker
--- tls
--- config
    xpecto_consent on;
--- pipelined_requests eval
["GET /show", "GET /show"]
--- more_headers eval
"Cookie: " . main::token()
--- response_body eval
["valid 4009", "valid 4009"]
--- no_error_log
[error]



=== TEST 12: token - of an older key
--- tls
--- config
    xpecto_consent on;
--- request
GET /show
--- more_headers eval
"Cookie: " . main::token(kid => 8)
--- response_body chomp
valid 4009
--- no_error_log
[error]



=== TEST 13: token - of a key that is not in the ring
--- tls
--- config
    xpecto_consent on;
--- request
GET /show
--- more_headers eval
"Cookie: " . main::token(kid => 9)
--- response_body chomp
invalid 4001
--- no_error_log
[error]



=== TEST 14: token - forged: its grant changed
--- tls
--- request
GET /x
--- more_headers eval
my $t = main::token(granted => 0x4001, denied => 0x3ffe);
substr($t, length('__Host-Http-xpc=') + 6, 1) = 'X';
"Cookie: _ga=1; $t; sid=3"
--- response_body chomp
[sid=3][][3]
--- no_error_log
[error]



=== TEST 15: token - of another site
--- tls
--- config
    xpecto_consent on;
--- request
GET /show
--- more_headers eval
"Cookie: " . main::token(scope => 'example.org')
--- response_body chomp
invalid 4001
--- no_error_log
[error]



=== TEST 16: token - of another cookie
--- tls
--- config
    xpecto_consent on;
--- request
GET /show
--- more_headers eval
"Cookie: " . main::token(name => '__Secure-xpc') =~ s/__Secure/__Host-Http/r
--- response_body chomp
invalid 4001
--- no_error_log
[error]



=== TEST 17: token - two that differ
--- tls
--- config
    xpecto_consent on;
--- request
GET /show
--- more_headers eval
"Cookie: " . main::token() . "; " . main::token(granted => 0x4001)
--- response_body chomp
invalid 4001
--- no_error_log
[error]



=== TEST 18: token - expired, the known one of March 2026
--- tls
--- config
    xpecto_consent on;
--- request
GET /show
--- more_headers
Cookie: __Host-Http-xpc=EQcBwAAHADgBNSXNaaQOIGmkDiBqk_8gREVCRQABARYCABAREhMUFRYXGBkaGxwdHh9NJcxGeoMzQ4QpzxbBwR_Y
--- response_body chomp
expired 4001
--- no_error_log
[error]



=== TEST 19: token - of the future
--- tls
--- config
    xpecto_consent on;
--- request
GET /show
--- more_headers eval
"Cookie: " . main::token(created => time + 400)
--- response_body chomp
invalid 4001
--- no_error_log
[error]



=== TEST 20: token - kept longer than browsers may
--- tls
--- config
    xpecto_consent on;
--- request
GET /show
--- more_headers eval
"Cookie: " . main::token(ttl => 400 * 86400 + 1)
--- response_body chomp
invalid 4001
--- no_error_log
[error]



=== TEST 21: mode=encrypt - the known sealed token is opened
--- tls
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_consent_cookie secure=$http_x_tls mode=encrypt;
--- config
    xpecto_consent on;
--- request
GET /show
--- more_headers
Cookie: __Host-Http-xpc=EgdkZWZnaGlqa2xtbm-3__V8Rsb-mBC6iXlSj_Wmi_nBPqG0VTPqgzgAGCdm_Hie2zNQvBuKO6mBskrir9R15X8OKtzlz7KVB-Q-ZuXK
--- response_body chomp
expired 4001
--- no_error_log
[error]



=== TEST 22: mode=encrypt - a signed grant is not taken
--- tls
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_consent_cookie secure=$http_x_tls mode=encrypt;
--- config
    xpecto_consent on;
--- request
GET /show
--- more_headers eval
"Cookie: " . main::token()
--- response_body chomp
invalid 4001
--- no_error_log
[error]



=== TEST 23: mode=encrypt - a signed refusal is
--- tls
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_consent_cookie secure=$http_x_tls mode=encrypt;
--- config
    xpecto_consent on;
--- request
GET /show
--- more_headers eval
"Cookie: " . main::token(granted => 0x4001, denied => 0x3ffe)
--- response_body chomp
valid 4001
--- no_error_log
[error]



=== TEST 24: xpecto_consent_cookie - a domain changes name and scope
--- tls
--- server_name: www.example.net
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_consent_cookie secure=$http_x_tls domain=example.net;
--- config
    xpecto_consent on;
--- request
GET /show
--- more_headers eval
"Cookie: " . main::token(name => '__Secure-xpc', scope => 'example.net')
--- response_body chomp
valid 4009
--- no_error_log
[error]



=== TEST 25: xpecto_consent_revision - a choice of an older text is void
--- tls
--- http_config eval
$::Http . 'xpecto_consent_revision rev=1 effective=2020-01-01;
           xpecto_consent_revision rev=2 effective=2020-01-02T00:00:00Z;'
--- config
    xpecto_consent on;
--- request
GET /show
--- more_headers eval
"Cookie: " . main::token(revision => 1)
--- response_body chomp
stale_policy 4001
--- no_error_log
[error]



=== TEST 26: xpecto_consent_revision - not by one that is not material, or not yet
--- tls
--- http_config eval
$::Http . 'xpecto_consent_revision rev=1 effective=2020-01-01;
           xpecto_consent_revision rev=2 effective=2020-01-02 material=no;
           xpecto_consent_revision rev=3 effective=2999-01-01;'
--- config
    xpecto_consent on;
--- request
GET /show
--- more_headers eval
"Cookie: " . main::token(revision => 1)
--- response_body chomp
valid 4009
--- no_error_log
[error]



=== TEST 27: Set-Cookie - refused ones are suppressed, deletions pass
--- request
GET /setting
--- raw_response_headers_like chop
(?s)\A(?!.*_ga=1)(?!.*_gat=1)(?!.*xpc).*Set-Cookie: _gid=; Max-Age=0\r\n.*Set-Cookie: _fbp=; Expires=Thu.*Set-Cookie: sid=1
--- no_error_log
[error]



=== TEST 28: Set-Cookie - granted ones pass, our name does not
--- tls
--- request
GET /setting
--- more_headers eval
"Cookie: " . main::token()
--- raw_response_headers_like chop
(?s)\A(?!.*xpc).*Set-Cookie: _ga=1; Path=/\r\n.*Set-Cookie: _gat=1; Max-Age=60\r\n.*Set-Cookie: sid=1
--- no_error_log
[error]



=== TEST 29: Set-Cookie - one of add_header is seen in a dynamic build
--- skip_eval: 3: $ENV{XPECTO_STATIC}
--- config
    xpecto_consent on;
    location = /x {
        add_header Set-Cookie "_ga=1";
        return 204;
    }
--- request
GET /x
--- error_code: 204
--- response_headers
!Set-Cookie
--- no_error_log
[error]



=== TEST 30: xpecto_consent_purpose - names of the operator's own
--- http_config eval
$::Http . 'xpecto_consent_purpose marketing_comms shop_ref news-*;
           xpecto_consent_keep _gid news-login;'
--- request
GET /x
--- more_headers
Cookie: shop_ref=1; shop_refs=2; news-a=3; news-login=4; _gid=5; _ga=6
--- response_body chomp
[shop_refs=2; news-login=4; _gid=5][][]
--- no_error_log
[error]



=== TEST 31: xpecto_consent_purpose - a server's list replaces that of http
--- http_config eval
$::Http . 'xpecto_consent_purpose analytics mine_*;'
--- config eval
'xpecto_consent_purpose analytics other_*;' . $::Proxy
--- request
GET /x
--- more_headers
Cookie: mine_1=1; other_1=2; _ga=3
--- response_body chomp
[mine_1=1][][]
--- no_error_log
[error]



=== TEST 32: xpecto_consent_purpose - custom counts where it is configured
--- tls
--- http_config eval
$::Http . 'xpecto_consent_purpose custom lab_*;'
--- request
GET /x
--- more_headers eval
"Cookie: lab_1=1; " . main::token(granted => 0xc001, denied => 0)
--- response_body chomp
[lab_1=1][][]
--- no_error_log
[error]



=== TEST 33: HTTP/2 - crumbs are one line, and are filtered
--- http2
--- http_config eval
$::Http . 'server { listen unix:%%TMP%%/up.sock; return 200 "<$http_cookie>"; }'
--- config
    xpecto_consent on;
    location /x {
        proxy_pass http://unix:%%TMP%%/up.sock;
    }
--- request
GET /x
--- more_headers
Cookie: _ga=1; a=2
Cookie: _gid=3
Cookie: sid=4
--- response_body chomp
<a=2; sid=4>
--- no_error_log
[error]



=== TEST 34: HTTP/2 - a header without a cookie left is not sent
--- http2
--- http_config eval
$::Http . 'server { listen unix:%%TMP%%/up.sock; return 200 "<$http_cookie>"; }'
--- config
    xpecto_consent on;
    location /x {
        proxy_pass http://unix:%%TMP%%/up.sock;
    }
--- request
GET /x
--- more_headers
Cookie: _ga=1
--- response_body chomp
<>
--- no_error_log
[error]



=== TEST 35: token - remembered for its own site only
--- tls
--- http_config eval
$::Http . 'server {
    listen unix:%%TMP%%/org.sock;
    server_name example.org;
    xpecto_consent on;
    return 200 "$xpecto_consent_state $xpecto_consent_cache_key";
}'
--- config
    xpecto_consent on;
    location /org {
        xpecto_consent off;
        proxy_pass http://unix:%%TMP%%/org.sock;
    }
--- pipelined_requests eval
["GET /show", "GET /org"]
--- more_headers eval
"Cookie: " . main::token()
--- response_body eval
["valid 4009", "invalid 4001"]
--- no_error_log
[error]
