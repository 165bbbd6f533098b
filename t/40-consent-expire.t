# xpecto_consent_expire: trackers that are in the browser already.

use lib 't/lib';
use TestXpecto;
use XpectoToken;

our $Site = <<'_EOC_';
    xpecto_consent on;
    location /up {
        xpecto_consent off;
        default_type text/html;
        return 200 "<$http_cookie>";
    }
    location /up/part {
        xpecto_consent off;
        default_type application/json;
        return 200 "<$http_cookie>";
    }
    location /site {
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
    }
    location /part {
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up/part;
    }
    location /seen {
        xpecto_consent report;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
    }
    location /.xpecto/consent {
        xpecto_consent_api;
    }
_EOC_

our $Gone = '=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; '
            . 'Secure';

add_block_preprocessor {
    my $block = shift;

    $block->set_value('http_config', 'xpecto_keys ' . data_dir()
                      . '/consent-keys; xpecto_consent_cookie secure=1;'
                      . ($block->http_config || ''));
    $block->set_value('config', ($block->config || '') . $Site);
};

chmod 0600, data_dir() . '/consent-keys';
server_name('example.com');
plan_tests(30);
run_tests();

__DATA__

=== TEST 1: xpecto_consent_expire - with a page
--- request
GET /site
--- more_headers
Cookie: a=1; _ga=2; b=3; _fbp=4; _ga=5
--- response_body chomp
<a=1; b=3>
--- raw_response_headers_like eval
qr/^Set-Cookie: _ga\Q$::Gone\E\r\nSet-Cookie: _fbp\Q$::Gone\E\r\n(?!.*Set-Cookie)/ms
--- no_error_log
[error]



=== TEST 2: xpecto_consent_expire - not with parts of pages, nor in a report
--- request eval
["GET /part", "GET /seen"]
--- more_headers
Cookie: a=1; _ga=2
--- response_body eval
["<a=1>", "<a=1; _ga=2>"]
--- response_headers eval
["Set-Cookie: ", "Set-Cookie: "]



=== TEST 3: xpecto_consent_expire - what was granted stays
--- request
GET /site
--- more_headers eval
"Cookie: _ga=2; _fbp=3; " . ::token()
--- response_body chomp
<_ga=2>
--- raw_response_headers_like eval
qr/^Set-Cookie: _fbp\Q$::Gone\E\r\n(?!.*Set-Cookie)/ms



=== TEST 4: xpecto_consent_expire - several lines, several domains
--- config
    xpecto_consent_expire example.com www.example.com;
--- request
GET /site
--- more_headers
Cookie: _ga=2
Cookie: b=1; _gid=3
--- raw_response_headers_like eval
CORE::join '', 'Set-Cookie: ', CORE::join "\r\nSet-Cookie: ", map { quotemeta }
    "_ga$::Gone", "_ga$::Gone; Domain=example.com",
    "_ga$::Gone; Domain=www.example.com", "_gid$::Gone",
    "_gid$::Gone; Domain=example.com", "_gid$::Gone; Domain=www.example.com"



=== TEST 5: xpecto_consent_expire - at most 20 lines
--- request
GET /site
--- more_headers eval
'Cookie: ' . CORE::join "; ", map { "_ga_$_=1" } 1 .. 30
--- response_body chomp
<>
--- raw_response_headers_like
(?s)(Set-Cookie: _ga_\d+=.*){20}
--- raw_response_headers_unlike
(?s)(Set-Cookie: _ga_\d+=.*){21}



=== TEST 6: xpecto_consent_expire - with a withdrawal, at the domains too
--- config
    xpecto_consent_expire example.com;
--- request
DELETE /.xpecto/consent
--- more_headers eval
"Sec-Fetch-Site: same-origin\nCookie: _ga=2; " . ::token()
--- error_code: 204
--- raw_response_headers_like eval
quotemeta "Set-Cookie: _ga$::Gone; Domain=example.com"



=== TEST 7: xpecto_consent_expire - off
--- config
    xpecto_consent_expire off;
--- request
GET /site
--- more_headers
Cookie: a=1; _ga=2
--- response_body chomp
<a=1>
--- response_headers
! Set-Cookie



=== TEST 8: $xpecto_consent_permissions - what a browser must not do
--- config
    location /bare {
        add_header Permissions-Policy $xpecto_consent_permissions;
        return 200;
    }
--- request eval
["GET /bare", "GET /bare", "GET /bare"]
--- more_headers eval
["X: y", 'Cookie: ' . ::token(granted => 0x5051, denied => 0x2fae),
 'Cookie: ' . ::token(granted => 0x4051, denied => 0x3fae)]
--- response_headers eval
["Permissions-Policy: attribution-reporting=(), private-state-token-issuance=(), browsing-topics=(), join-ad-interest-group=(), run-ad-auction=(), geolocation=()",
 "Permissions-Policy: ", "Permissions-Policy: geolocation=()"]
