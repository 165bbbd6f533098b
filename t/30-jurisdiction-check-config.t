# What nginx -t says of a configuration that does not do what it seems to.

use lib 't/lib';
use TestXpecto;

use File::Copy;

copy('ngx_xpecto_module/data/jurisdictions.json',
     data_dir() . '/jurisdictions.json') or die "jurisdictions.json: $!";

no_root_location();

plan_tests(6);

run_tests();

__DATA__

=== TEST 1: regions - upstreams by host and port, as nginx looks for them
--- http_config
    xpecto_jurisdiction_rules $TEST_NGINX_HTML_DIR/r.json;
    upstream be_eu { server 127.0.0.1:1; }
--- user_files
>>> r.json
{ "schema": 1, "version": "1",
  "data": { "jurisdictions": "%%DATA%%/jurisdictions.json" },
  "regions": { "eu": { "country": "DE", "upstream": "localhost:27222" },
               "in": { "country": "IN", "upstream": "localhost" },
               "us": { "country": "US", "upstream": "BE_eu" },
               "fr": { "country": "FR", "upstream": "be_eu:80" },
               "br": { "country": "BR", "upstream": "127.0.0.1:80" } } }
--- config
    location /named { proxy_pass http://localhost:27222; }
    location /send {
        xpecto_jurisdiction on;
        xpecto_jurisdiction_destination auto;
        proxy_pass http://$xpecto_jurisdiction_upstream;
    }
--- request
GET /
--- error_log eval
[ qr/\[warn\] .*"localhost" at regions.in.upstream /,
  qr/\[warn\] .*"be_eu:80" at regions.fr.upstream / ]
--- no_error_log eval
[ qr/ at regions.eu/, qr/ at regions.us/, qr/ at regions.br/ ]
