# What nginx -t says of tenants files and keys that it refuses.

use lib 't/lib';
use TestXpecto;

# a file that only the superuser can read

my $file = "$ENV{TEST_NGINX_SERVROOT}/../private.json";

open my $out, '>', $file or die "$file: $!";
print $out '{ "version": 1, "plans": {}, "tenants": {} }';
close $out;
chmod 0600, $file;


plan_tests(30);

run_tests();

__DATA__

=== TEST 1: tenants - no such file
--- http_config
    xpecto_tenants %%TMP%%/none.json;
--- must_die
--- error_log eval
qr/\[emerg\] .*none.json" is refused: it cannot be opened.*nginx.conf:\d+/



=== TEST 2: tenants - not JSON
--- user_files
>>> t.json
{ "version": 1,
  "plans" }
--- http_config
    xpecto_tenants $TEST_NGINX_HTML_DIR/t.json;
--- must_die
--- error_log eval
qr/\[emerg\] .*t.json" is refused: .*, line 2, column \d+ in/



=== TEST 3: tenants - an error by path and line
--- user_files
>>> t.json
{ "version": 1,
  "plans": {},
  "tenants": {
    "acme": { "plan": "huge", "keys": [] } } }
--- http_config
    xpecto_tenants $TEST_NGINX_HTML_DIR/t.json;
--- must_die
--- error_log
unknown plan: there is none at tenants.acme.plan, line 4



=== TEST 4: tenants - twice
--- http_config
    xpecto_tenants %%DATA%%/tenants.json;
    xpecto_tenants %%DATA%%/tenants.json;
--- must_die
--- error_log
"xpecto_tenants" directive is duplicate



=== TEST 5: tenants - an unknown parameter
--- http_config
    xpecto_tenants %%DATA%%/tenants.json color=red;
--- must_die
--- error_log
unknown parameter "color=red"



=== TEST 6: tenants - a zone without a size
--- http_config
    xpecto_tenants %%DATA%%/tenants.json zone=t;
--- must_die
--- error_log
invalid parameter "zone=t": name:size is expected, at least 32k



=== TEST 7: tenants - a zone that is too small
--- user_files eval
">>> t.json\n{ \"version\": 1, \"plans\": { \"p\": { \"limits\": [] } },
\"tenants\": {" . CORE::join(',', map { "\"t$_\": { \"plan\": \"p\", \"keys\": [] }" }
1 .. 2000) . "} }\n"
--- http_config
    xpecto_tenants $TEST_NGINX_HTML_DIR/t.json zone=t:128k;
--- must_die
--- error_log eval
qr/zone "t" is too small for ".*t.json": an image of it takes \d+ bytes.* in .*nginx.conf:\d+$/m



=== TEST 8: tenants - unreadable to the user of the workers
--- http_config
    xpecto_tenants $TEST_NGINX_SERVROOT/../private.json;
--- must_die
--- error_log eval
qr/cannot be read by the user "nobody" of the workers.* in .*nginx.conf:\d+ /



=== TEST 9: tenant - without a tenants file
--- config
    xpecto_tenant $http_x_api_key;
--- must_die
--- error_log
"xpecto_tenant" without "xpecto_tenants"



=== TEST 10: tenant - a credential that is no variable
--- http_config
    xpecto_tenants %%DATA%%/tenants.json;
--- config
    xpecto_tenant secret;
--- must_die
--- error_log
a credential without a variable



=== TEST 11: tenant - unknown= takes two words
--- http_config
    xpecto_tenants %%DATA%%/tenants.json;
--- config
    xpecto_tenant unknown=403;
--- must_die
--- error_log
invalid parameter "unknown=403"



=== TEST 12: keys - errors name the line, never the key
--- user_files
>>> keys
7:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=
8:c2VjcmV0LTQ3MTE=
--- http_config
    xpecto_keys $TEST_NGINX_HTML_DIR/keys;
--- must_die
--- error_log eval
qr/keys" is refused: .*line 2/
--- no_error_log
c2VjcmV0



=== TEST 13: tags - without keys
--- config
    xpecto_tags on;
--- must_die
--- error_log
"xpecto_tags" is on, but there is no "xpecto_keys"



=== TEST 14: tenants - a zone that holds no image at all
--- http_config
    xpecto_tenants %%DATA%%/tenants.json zone=t:64k;
--- must_die
--- error_log eval
qr/zone "t" is too small.* in .*nginx.conf:\d+$/m
--- no_error_log
ngx_slab_alloc
