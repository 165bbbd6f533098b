# The ladder: who fails too often is banned.  A ban of an hour does not end
# while a test runs.

use lib 't/lib';
use TestXpecto;

skip_hup('bans outlive a reload');

plan_tests(146);

run_tests();

__DATA__

=== TEST 1: xpecto_limit_ban - rejected requests
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z rate=1r/d;
        xpecto_limit_ban zone=z rejects=2 time=1h;
        empty_gif;
    }
--- request eval
["GET /t", "GET /t", "GET /t", "GET /t", "GET /t"]
--- error_code eval
[200, 429, 429, 429, 429]
--- response_body_like eval
["GIF", qr/"code":130429,/, qr/"code":130429,/, qr/"code":368,/,
qr/^\{"error":\{"message":"\(\#368\)\ Temporarily\ blocked\ for\ policies\ violations",
"type":"OAuthException","code":368,"error_data":\{"messaging_product":"whatsapp",
"details":"Too\ many\ requests\ have\ failed\ in\ a\ short\ period\ of\ time\.\ Retry\ after\ (?:3600|359\d)\ seconds\."\}\}\}$/x]
--- no_error_log
[error]



=== TEST 2: xpecto_limit_ban - Retry-After of the end, the type, the variable
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z rate=1r/d;
        xpecto_limit_ban zone=z rejects=1 time=1h;
        add_header X-Status $xpecto_limit_status always;
        empty_gif;
    }
--- request eval
["GET /t", "GET /t", "GET /t"]
--- error_code eval
[200, 429, 429]
--- response_headers_like eval
["X-Status: PASSED", "X-Status: REJECTED",
"X-Status: BANNED\nRetry-After: (?:3600|359\\d)\nRateLimit:
Content-Type: application/json\nCache-Control: no-store"]
--- no_error_log
[error]



=== TEST 3: xpecto_limit_ban - credentials that nobody has, by address
--- http_config
    xpecto_tenants %%DATA%%/tenants.json;
    xpecto_limit_zone z:1m;
--- config
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Real-IP;
    location = /t {
        xpecto_tenant unknown=401;
        xpecto_limit_ban zone=z credentials=2 time=1h;
        empty_gif;
    }
--- request eval
[("GET /t") x 8]
--- more_headers eval
["X-Real-IP: 192.0.2.1\nX-API-Key: one", "X-Real-IP: 192.0.2.2\nX-API-Key: two",
"X-Real-IP: 192.0.2.3\nX-API-Key: key-acme",
"X-Real-IP: 192.0.3.1\nX-API-Key: key-acme",
"X-Real-IP: 2001:db8::1\nX-API-Key: one", "X-Real-IP: 2001:db8::2\nX-API-Key: 2",
"X-Real-IP: 2001:db8:0:0:1::1\nX-API-Key: key-acme",
"X-Real-IP: 2001:db8:0:1::1\nX-API-Key: key-acme"]
--- error_code eval
[401, 401, 429, 200, 401, 401, 429, 200]
--- no_error_log
[error]



=== TEST 4: xpecto_limit_ban - no credential is not a wrong one
--- http_config
    xpecto_tenants %%DATA%%/tenants.json;
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_tenant unknown=401;
        xpecto_limit_ban zone=z credentials=1;
        empty_gif;
    }
--- request eval
[("GET /t") x 4]
--- more_headers eval
["", "", "X-API-Key: one", "X-API-Key: key-acme"]
--- error_code eval
[401, 401, 401, 429]
--- no_error_log
[error]



=== TEST 5: xpecto_limit_ban - a tenant is banned, his neighbours are not
--- http_config
    xpecto_tenants %%DATA%%/tenants.json;
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z rate=1r/d;
        xpecto_limit_ban zone=z rejects=1 credentials=0;
        empty_gif;
    }
    location = /u {
        xpecto_limit_ban zone=z rejects=1;
        empty_gif;
    }
--- request eval
["GET /t", "GET /t", "GET /t", "GET /t", "GET /u", "GET /u", "GET /u"]
--- more_headers eval
[("X-API-Key: key-acme") x 3, "X-API-Key: key-bravo", "X-API-Key: key-acme",
"X-API-Key: key-bravo", ""]
--- error_code eval
[200, 429, 429, 200, 429, 200, 200]
--- no_error_log
[error]



=== TEST 6: xpecto_limit_ban - dry run refuses nobody, and says so
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z rate=1r/d;
        xpecto_limit_ban zone=z rejects=1 dry_run;
        empty_gif;
    }
    location = /u {
        xpecto_limit_ban zone=z rejects=1 dry_run;
        add_header X-Status $xpecto_limit_status;
        empty_gif;
    }
    location = /v {
        xpecto_limit_dry_run on;
        xpecto_limit_ban zone=z rejects=1;
        add_header X-Status $xpecto_limit_status;
        empty_gif;
    }
--- request eval
["GET /t", "GET /t", "GET /u", "GET /v"]
--- error_code eval
[200, 429, 200, 200]
--- response_headers eval
["X-Status:", "X-Status:", "X-Status: BANNED_DRY_RUN\nRetry-After:",
"X-Status: BANNED_DRY_RUN"]
--- no_error_log
[error]



=== TEST 7: xpecto_limit_ban - problem and text
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit_ban zone=z rejects=1 time=1h;
    location = /t {
        xpecto_limit zone=z rate=1r/d;
        empty_gif;
    }
    location = /problem {
        xpecto_limit_error problem;
        xpecto_limit_status 503;
        empty_gif;
    }
    location = /text {
        xpecto_limit_error text;
        empty_gif;
    }
--- request eval
["GET /t", "GET /t", "GET /problem", "GET /text"]
--- error_code eval
[200, 429, 503, 429]
--- response_headers_like eval
["RateLimit: .*", "RateLimit: .*", "Content-Type: application/problem\\+json",
"Content-Type: text/plain"]
--- response_body_like eval
["GIF", "130429", qr/^\{"type":"https:\/\/iana\.org\/assignments\/http-problem-types#abnormal-usage-detected","title":"[^"]+","status":503\}$/,
qr/^Too many requests have failed in a short period of time\. Retry after (?:3600|359\d) seconds\.$/]
--- no_error_log
[error]



=== TEST 8: xpecto_limit_ban - off, an error page, and subrequests
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit_ban zone=z rejects=1 time=1h;
    location = /t {
        xpecto_limit zone=z rate=1r/d;
        empty_gif;
    }
    location = /off {
        xpecto_limit_ban off;
        auth_request /sub;
        empty_gif;
    }
    location = /sub {
        internal;
        return 204;
    }
    location = /page {
        error_page 429 /own;
        empty_gif;
    }
    location = /own {
        return 200 "own page\n";
    }
--- request eval
["GET /t", "GET /t", "GET /off", "GET /page"]
--- error_code eval
[200, 429, 200, 429]
--- response_headers_like eval
["RateLimit: .*", "RateLimit: .*", "", "Retry-After: (?:3600|359\\d)"]
--- response_body_like eval
["GIF", "130429", "GIF", "own page"]
--- no_error_log
[error]



=== TEST 9: xpecto_limit_ban - a redirect is one failure, a ban is none
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z rate=1r/d;
        xpecto_limit_ban zone=z rejects=3 time=1h;
        error_page 429 = @limited;
        empty_gif;
    }
    location @limited {
        xpecto_limit_ban zone=z rejects=1 time=1h;
        return 418 $xpecto_limit_status;
    }
    location = /status {
        xpecto_limit_ban off;
        xpecto_status;
    }
--- request eval
[("GET /t") x 6, "GET /status"]
--- error_code eval
[200, 418, 418, 418, 418, 418, 200]
--- response_body_like eval
["GIF", "REJECTED", "REJECTED", "REJECTED", "BANNED", "BANNED",
qr/^(?=.*^xpecto_limit_banned_total\{result="rejected"\}\ 2$)
(?=.*^xpecto_limit_banned_total\{result="rejected_dry_run"\}\ 0$)
(?=.*^xpecto_limit_bans_total\{cause="rejects"\}\ 1$)
(?=.*^xpecto_limit_bans_total\{cause="credentials"\}\ 0$)/xms]
--- no_error_log
[error]



=== TEST 10: xpecto_limit_ban - before the credential, after a location's realip
--- http_config
    xpecto_tenants %%DATA%%/tenants.json;
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        set_real_ip_from 127.0.0.1;
        real_ip_header X-Real-IP;
        xpecto_tenant unknown=401;
        xpecto_limit_ban zone=z credentials=1;
        empty_gif;
    }
    location = /status {
        xpecto_status;
    }
--- request eval
["GET /t", "GET /t", "GET /t", "GET /status"]
--- more_headers eval
["X-Real-IP: 192.0.2.1\nX-API-Key: no", "X-Real-IP: 192.0.2.1\nX-API-Key: no",
"X-Real-IP: 192.0.9.1\nX-API-Key: key-acme", ""]
--- error_code eval
[401, 429, 200, 200]
--- response_body_like eval
["", "368", "GIF", qr/^xpecto_tenant_requests_total\{result="unknown"\} 1$/m]
--- no_error_log
[error]



=== TEST 11: xpecto_limit_ban - the log says why and for how long
--- http_config
    xpecto_tenants %%DATA%%/tenants.json;
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_tenant unknown=401;
        xpecto_limit_ban zone=z credentials=1 time=1h max=2h;
        empty_gif;
    }
--- request
GET /t
--- more_headers
X-API-Key: nobody
--- error_code: 401
--- wait: 0.1
--- error_log eval
qr/\[warn\] .*banned for 3600 seconds, rung 1, for failed credentials, zone "z" while/
--- no_error_log
[error]
