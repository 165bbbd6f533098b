# What nginx -t says of a configuration that does not do what it seems to.

use lib 't/lib';
use TestXpecto;

use File::Copy;

copy('ngx_xpecto_module/data/jurisdictions.json',
     data_dir() . '/jurisdictions.json') or die "jurisdictions.json: $!";

no_root_location();

plan_tests(28);

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



=== TEST 2: origin - the networks of all clients of IPv6
--- http_config
    xpecto_jurisdiction_rules %%DATA%%/rules.json;
--- config
    xpecto_jurisdiction_origin header=CF-IPCountry from=2000::/3;
--- must_die
--- error_log
from=" together would trust a header of anybody
--- no_error_log
[alert]



=== TEST 3: origin - the networks of all clients of IPv4
--- http_config
    xpecto_jurisdiction_rules %%DATA%%/rules.json;
--- config
    xpecto_jurisdiction_origin header=CF-IPCountry from=1.0.0.0/8 from=2.0.0.0/7
        from=4.0.0.0/6 from=8.0.0.0/5 from=16.0.0.0/4 from=32.0.0.0/3
        from=64.0.0.0/2 from=128.0.0.0/2 from=192.0.0.0/3;
--- must_die
--- error_log
from=" together would trust a header of anybody
--- no_error_log
[alert]



=== TEST 4: origin - a network that matches nobody
--- http_config
    xpecto_jurisdiction_rules %%DATA%%/rules.json;
--- config
    xpecto_jurisdiction_origin header=CF-IPCountry from=::ffff:0:0/96;
--- must_die
--- error_log
"from=::ffff:0:0/96" matches nobody
--- no_error_log
[alert]



=== TEST 5: origin - a header that is taken out
--- http_config
    xpecto_jurisdiction_rules %%DATA%%/rules.json;
--- config
    xpecto_jurisdiction_origin header=X-Xpecto-Country from=10.0.0.0/8;
--- must_die
--- error_log
"header=x-xpecto-country" is a header that is taken out of each request
--- no_error_log
[alert]



=== TEST 6: regions - one that is named auto
--- http_config
    xpecto_jurisdiction_rules $TEST_NGINX_HTML_DIR/r.json;
--- user_files
>>> r.json
{ "schema": 1, "version": "1",
  "data": { "jurisdictions": "%%DATA%%/jurisdictions.json" },
  "regions": { "auto": { "country": "DE", "upstream": "be_eu" } } }
--- must_die
--- error_log
a region of this name cannot be a destination at regions.auto
--- no_error_log
[alert]



=== TEST 7: regions - one that is named off
--- http_config
    xpecto_jurisdiction_rules $TEST_NGINX_HTML_DIR/r.json;
--- user_files
>>> r.json
{ "schema": 1, "version": "1",
  "data": { "jurisdictions": "%%DATA%%/jurisdictions.json" },
  "regions": { "off": { "country": "DE", "upstream": "be_eu" } } }
--- must_die
--- error_log
a region of this name cannot be a destination at regions.off
--- no_error_log
[alert]



=== TEST 8: destination - where nothing is decided
--- http_config
    xpecto_jurisdiction_rules %%DATA%%/rules.json;
--- config
    xpecto_jurisdiction_destination eu;
    location /a { xpecto_jurisdiction on; xpecto_jurisdiction_destination in; }
    location /b { xpecto_jurisdiction off; xpecto_jurisdiction_destination off; }
    location /c { }
    location /d {
        xpecto_jurisdiction_destination in;
    }
    location /e {
        xpecto_jurisdiction off;
        xpecto_jurisdiction_destination eu;
    }
--- request
GET /
--- error_log eval
my $off = qr/destination" decides nothing, "xpecto_jurisdiction" is off there, in \S+:/;
[ qr/\[warn\] .*${off}45$/m, qr/\[warn\] .*${off}49$/m ]
--- no_error_log eval
[ qr/decides nothing.*:(?!45$|49$)\d+$/m ]
