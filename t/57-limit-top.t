# The tenants that are refused most, in the status.

use lib 't/lib';
use TestXpecto;

two_workers();
skip_hup('counts outlive a reload');

plan_tests(63);

run_tests();

__DATA__

=== TEST 1: top - by tenant, the most refused first; bans count as well
--- http_config
    xpecto_tenants %%DATA%%/tenants.json;
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z;
        xpecto_limit_ban zone=z rejects=3 credentials=0;
        empty_gif;
    }
    location = /status {
        xpecto_status;
    }
--- request eval
[("GET /t") x 13, "GET /status"]
--- more_headers eval
[("X-API-Key: key-acme") x 5, ("X-API-Key: key-globex") x 6,
("X-API-Key: nobody") x 2, ""]
--- error_code eval
[200, 200, 200, 429, 429, 200, (429) x 5, 200, 200, 200]
--- response_body_like eval
[("") x 13, qr/^\# HELP xpecto_limit_top [^\n]+
\# TYPE xpecto_limit_top gauge
xpecto_limit_top\{tenant="globex"\} 5
xpecto_limit_top\{tenant="acme"\} 2
(?:\#.*)?\z/ms]
--- no_error_log
[error]



=== TEST 2: top - as JSON, and nothing where nobody was refused
--- http_config
    xpecto_tenants %%DATA%%/tenants.json;
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z;
        empty_gif;
    }
    location = /status {
        xpecto_status json;
    }
    location = /text {
        xpecto_status;
    }
--- request eval
["GET /text", "GET /t", "GET /t", "GET /status"]
--- more_headers
X-API-Key: key-globex
--- error_code eval
[200, 200, 429, 200]
--- response_body_like eval
[qr/^(?!.*xpecto_limit_top)/s, "GIF", "130429", qr/"xpecto_limit_top\.globex":1[,}]/]
--- no_error_log
[error]



=== TEST 3: top - dry run refuses nobody
--- http_config
    xpecto_tenants %%DATA%%/tenants.json;
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        xpecto_limit zone=z dry_run;
        empty_gif;
    }
    location = /status {
        xpecto_status;
    }
--- request eval
["GET /t", "GET /t", "GET /status"]
--- more_headers
X-API-Key: key-globex
--- error_code eval
[200, 200, 200]
--- response_body_like eval
["GIF", "GIF", qr/^(?!.*xpecto_limit_top)/s]
--- no_error_log
[error]
