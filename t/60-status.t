# What is counted, as Prometheus text and as JSON.

use lib 't/lib';
use TestXpecto;

plan_tests(23);

run_tests();

__DATA__

=== TEST 1: status - Prometheus text, every family with HELP and TYPE once
--- http_config
    xpecto_tenants %%DATA%%/tenants.json;
--- config
    location = /t {
        empty_gif;
    }
    location = /status {
        xpecto_tenant off;
        xpecto_status;
    }
--- pipelined_requests eval
["GET /t", "GET /t", "GET /status"]
--- more_headers eval
["X-API-Key: key-acme", "X-API-Key: nobody", ""]
--- response_body_like eval
["GIF", "GIF", qr/^(?=.*^xpecto_tenant_requests_total\{result="known"\}\ 1$)
(?=.*^xpecto_tenant_requests_total\{result="unknown"\}\ 1$)
(?=.*^xpecto_tenants\ 2$)
(?!.*^(\#\ TYPE\ \S+).*^\1\b)
(?:\#\ HELP\ xpecto_\w+\ [^\n]+\n\#\ TYPE\ xpecto_\w+\ (?:counter|gauge)\n
(?:xpecto_\w+(?:\{[a-z_]+="[^"\n]*"\})?\ \d+\n)+)+\z/xms]
--- no_error_log
[error]



=== TEST 2: status - its answer is typed and not stored
--- config
    location = /status {
        xpecto_status prometheus;
    }
--- request
GET /status
--- response_headers
Content-Type: text/plain; version=0.0.4
Cache-Control: no-store
--- no_error_log
[error]



=== TEST 3: status - JSON
--- config
    location = /status {
        xpecto_status json;
    }
--- request
GET /status
--- response_headers
Content-Type: application/json
--- response_body_like eval
qr/^\{"version":"\d+\.\d+\.\d+"(?:,"xpecto_\w+(?:\.[^"]+)?":\d+)+\}\n\z/



=== TEST 4: status - other methods
--- config
    location = /status {
        xpecto_status;
    }
--- request
POST /status
--- error_code: 405



=== TEST 5: status - an unknown format
--- config
    location = /status {
        xpecto_status xml;
    }
--- must_die
--- error_log
invalid format "xml", it must be "prometheus" or "json"



=== TEST 6: status - nothing of what a client sent
--- http_config
    xpecto_tenants %%DATA%%/tenants.json;
--- config
    location /t {
        empty_gif;
    }
    location = /status {
        xpecto_tenant off;
        xpecto_status;
    }
--- pipelined_requests eval
["GET /t?to=%2B4915112345678", "GET /status"]
--- more_headers eval
["X-API-Key: 4915112345678", ""]
--- response_body_unlike eval
["4915112345678", "4915112345678|key-acme|acme"]
