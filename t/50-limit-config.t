# What nginx -t says of limits that it refuses.

use lib 't/lib';
use TestXpecto;

plan_tests(98);

run_tests();

__DATA__

=== TEST 1: xpecto_limit_zone - no size
--- http_config
    xpecto_limit_zone z;
--- must_die
--- error_log eval
qr/\[emerg\] .*invalid zone "z": "name:size" of at least 32768 bytes is expected in .*nginx\.conf:\d+/



=== TEST 2: xpecto_limit_zone - too small
--- http_config
    xpecto_limit_zone z:31k;
--- must_die
--- error_log eval
qr/\[emerg\] .*invalid zone "z:31k": .* in .*nginx\.conf:\d+/



=== TEST 3: xpecto_limit_zone - a size that is none
--- http_config
    xpecto_limit_zone z:1x;
--- must_die
--- error_log eval
qr/\[emerg\] .*invalid zone "z:1x": .* in .*nginx\.conf:\d+/



=== TEST 4: xpecto_limit_zone - a name that cannot be a label
--- http_config
    xpecto_limit_zone 'z"x:1m';
--- must_die
--- error_log eval
qr/\[emerg\] .*invalid zone "z"x:1m": .* in .*nginx\.conf:\d+/



=== TEST 5: xpecto_limit_zone - duplicate
--- http_config
    xpecto_limit_zone z:1m;
    xpecto_limit_zone z:1m;
--- must_die
--- error_log eval
qr/\[emerg\] .*duplicate zone "z" in .*nginx\.conf:\d+/



=== TEST 6: xpecto_limit_zone - a name that another module has
--- http_config
    limit_req_zone $uri zone=z:1m rate=1r/s;
    xpecto_limit_zone z:1m;
--- must_die
--- error_log eval
qr/\[emerg\] .*the shared memory zone "z" is already declared .* in .*nginx\.conf:\d+/



=== TEST 7: xpecto_limit - no zone
--- config
    xpecto_limit rate=1r/s;
--- must_die
--- error_log eval
qr/\[emerg\] .*"xpecto_limit" directive needs the "zone" parameter in .*nginx\.conf:\d+/



=== TEST 8: xpecto_limit - unknown zone
--- config
    xpecto_limit zone=z rate=1r/s;
--- must_die
--- error_log eval
qr/\[emerg\] .*unknown zone "z" in "xpecto_limit": there is no "xpecto_limit_zone" of that name in .*nginx\.conf:\d+/



=== TEST 9: xpecto_limit - a rate above 1000000r/s
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit zone=z rate=1000001r/s;
--- must_die
--- error_log eval
qr/\[emerg\] .*invalid rate "1000001r\/s": .* in .*nginx\.conf:\d+/



=== TEST 10: xpecto_limit - a rate of nothing
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit zone=z rate=0r/s;
--- must_die
--- error_log eval
qr/\[emerg\] .*invalid rate "0r\/s": .* in .*nginx\.conf:\d+/



=== TEST 11: xpecto_limit - a rate in weeks
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit zone=z rate=1r/w;
--- must_die
--- error_log eval
qr/\[emerg\] .*invalid rate "1r\/w": .* in .*nginx\.conf:\d+/



=== TEST 12: xpecto_limit - a burst of 0
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit zone=z rate=1r/s burst=0;
--- must_die
--- error_log eval
qr/\[emerg\] .*invalid burst "0": a burst below 1 in .*nginx\.conf:\d+/



=== TEST 13: xpecto_limit - a burst that takes centuries to refill
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit zone=z rate=1r/d burst=100000;
--- must_die
--- error_log eval
qr/\[emerg\] .*policy "z" of kind "rate": a rate and burst that cannot be represented in .*nginx\.conf:\d+/



=== TEST 14: xpecto_limit - unknown word
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit zone=z rate=1r/s nodelay;
--- must_die
--- error_log eval
qr/\[emerg\] .*unknown parameter "nodelay" in .*nginx\.conf:\d+/



=== TEST 15: xpecto_limit - a word twice
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit zone=z rate=1r/s rate=2r/s;
--- must_die
--- error_log eval
qr/\[emerg\] .*duplicate parameter "rate" in .*nginx\.conf:\d+/



=== TEST 16: xpecto_limit - full is neither allow nor deny
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit zone=z rate=1r/s full=maybe;
--- must_die
--- error_log eval
qr/\[emerg\] .*invalid parameter "full=maybe": "allow" or "deny" is expected in .*nginx\.conf:\d+/



=== TEST 17: xpecto_limit - a negative cost
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit zone=z rate=1r/s cost=-1;
--- must_die
--- error_log eval
qr/\[emerg\] .*invalid cost "-1": .* in .*nginx\.conf:\d+/



=== TEST 18: xpecto_limit - a policy that cannot stand in a header
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit zone=z rate=1r/s 'policy=a"b';
--- must_die
--- error_log eval
qr/\[emerg\] .*invalid policy "a"b": .* in .*nginx\.conf:\d+/



=== TEST 19: xpecto_limit - a key without a rate
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit zone=z key=$uri;
--- must_die
--- error_log eval
qr/\[emerg\] .*"xpecto_limit" directive without "kind" or "rate" takes "cost", "full", "unread" and "dry_run" only: the plan of the tenant has the rest in .*nginx\.conf:\d+/



=== TEST 20: xpecto_limit - the plan twice on one level
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit zone=z;
    xpecto_limit zone=z cost=2;
--- must_die
--- error_log eval
qr/\[emerg\] .*"xpecto_limit" directive without "kind" or "rate" can stand once on one level in .*nginx\.conf:\d+/



=== TEST 21: xpecto_limit - two policies of one name on one level
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit zone=z key=$uri rate=1r/s;
    xpecto_limit zone=z key=$host rate=1r/s;
--- must_die
--- error_log eval
qr/\[emerg\] .*duplicate policy "z" on one level: name it by "policy" in .*nginx\.conf:\d+/



=== TEST 22: xpecto_limit - one policy with two rates
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location /a {
        xpecto_limit zone=z rate=1r/s;
    }
    location /b {
        xpecto_limit zone=z rate=2r/s;
    }
--- must_die
--- error_log eval
qr/\[emerg\] .*policy "z" has other numbers in .*nginx\.conf:\d+: name it by "policy" in .*nginx\.conf:\d+/



=== TEST 23: xpecto_limit - more than sixteen on one level
--- http_config
    xpecto_limit_zone z:1m;
--- config eval
CORE::join "\n", map { "xpecto_limit zone=z rate=1r/s policy=p$_;" } 1 .. 17
--- must_die
--- error_log eval
qr/\[emerg\] .*"xpecto_limit" directive stands too often on one level in .*nginx\.conf:\d+/



=== TEST 24: xpecto_limit_status - below 400
--- config
    xpecto_limit_status 399;
--- must_die
--- error_log eval
qr/\[emerg\] .*status must be between 400 and 599 in .*nginx\.conf:\d+/



=== TEST 25: xpecto_limit_status - above 599
--- config
    xpecto_limit_status 600;
--- must_die
--- error_log eval
qr/\[emerg\] .*status must be between 400 and 599 in .*nginx\.conf:\d+/



=== TEST 26: xpecto_limit_status - a word
--- config
    xpecto_limit_status many;
--- must_die
--- error_log eval
qr/\[emerg\] .*invalid number in .*nginx\.conf:\d+/



=== TEST 27: xpecto_limit_error - unknown shape
--- config
    xpecto_limit_error xml;
--- must_die
--- error_log eval
qr/\[emerg\] .*invalid value "xml": .* is expected in .*nginx\.conf:\d+/



=== TEST 28: xpecto_limit_headers - neither on nor off
--- config
    xpecto_limit_headers yes;
--- must_die
--- error_log eval
qr/\[emerg\] .*invalid value "yes" .* in .*nginx\.conf:\d+/



=== TEST 29: xpecto_limit - the zone stands below
--- http_config
    xpecto_limit zone=z rate=1r/s;
    xpecto_limit_zone z:1m;
--- config
    location = /t {
        empty_gif;
    }
--- request
GET /t
--- no_error_log
[emerg]



=== TEST 30: xpecto_limit - the limits of plans, without plans
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit zone=z;
--- must_die
--- error_log eval
qr/\[emerg\] .*there is no "xpecto_tenants" in .*nginx\.conf:\d+/



=== TEST 31: xpecto_limit - a status that refuses nothing
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit zone=z rate=1r/s status=200;
--- must_die
--- error_log eval
qr/\[emerg\] .*invalid status "200": not 400 to 599 in .*nginx\.conf:\d+/



=== TEST 32: xpecto_limit - a status for the limits of plans
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit zone=z status=503;
--- must_die
--- error_log eval
qr/\[emerg\] .*"xpecto_limit" directive without "kind" or "rate" takes "cost", "full", "unread" and "dry_run" only: .* in .*nginx\.conf:\d+/



=== TEST 33: xpecto_limit - more than all
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit zone=z rate=1r/s enforce=100.01%;
--- must_die
--- error_log eval
qr/\[emerg\] .*invalid enforce "100\.01%": not "0%" to "100%", at most two decimals in .*nginx\.conf:\d+/



=== TEST 34: xpecto_limit - a part without its unit
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit zone=z rate=1r/s enforce=0.5;
--- must_die
--- error_log eval
qr/\[emerg\] .*invalid enforce "0\.5": .* in .*nginx\.conf:\d+/



=== TEST 35: xpecto_limit_zone - a file that nothing seals
--- http_config
    xpecto_limit_zone z:1m persist=limits;
--- must_die
--- error_log eval
qr/\[emerg\] .*"persist" of xpecto_limit_zone "z" needs "xpecto_keys", as the file is sealed, in .*nginx\.conf:\d+/



=== TEST 36: xpecto_limit_zone - one file for two zones
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_limit_zone a:1m persist=limits;
    xpecto_limit_zone b:1m persist=limits;
--- must_die
--- error_log eval
qr/\[emerg\] .*"limits" is the file of zone "a" already in .*nginx\.conf:\d+/



=== TEST 37: xpecto_limit_zone - unknown word
--- http_config
    xpecto_limit_zone z:1m keep=limits;
--- must_die
--- error_log eval
qr/\[emerg\] .*unknown parameter "keep=limits" in .*nginx\.conf:\d+/



=== TEST 38: xpecto_limit - a policy that Meta does not have
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit zone=z policy=whatsapp:reach-1k;
--- must_die
--- error_log eval
qr/\[emerg\] .*unknown policy "whatsapp:reach-1k": "whatsapp:" and "throughput", .* or "register" is expected in .*nginx\.conf:\d+/



=== TEST 39: xpecto_limit - a policy of Meta's with a key
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit zone=z policy=whatsapp:pair key=$uri;
--- must_die
--- error_log eval
qr/\[emerg\] .*"key" is not for kind "whatsapp:pair": that says what it counts by in .*nginx\.conf:\d+/



=== TEST 40: xpecto_limit - a scope that is none
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit zone=z rate=1r/s scope=portfolio;
--- must_die
--- error_log eval
qr/\[emerg\] .*invalid scope "portfolio": not tenant, credential, .* or address in .*nginx\.conf:\d+/



=== TEST 41: xpecto_limit - a key and a scope
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit zone=z rate=1r/s scope=phone key=$uri;
--- must_die
--- error_log eval
qr/\[emerg\] .*"xpecto_limit" directive counts by "key" or by "scope", not by both in .*nginx\.conf:\d+/



=== TEST 42: xpecto_limit - a scope without a rate
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit zone=z scope=phone;
--- must_die
--- error_log eval
qr/\[emerg\] .*"xpecto_limit" directive without "kind" or "rate" takes "cost", "full", "unread" and "dry_run" only: .* in .*nginx\.conf:\d+/



=== TEST 43: xpecto_limit_zone - recipients that do not fit
--- http_config
    xpecto_limit_zone z:1m unique=1m;
--- must_die
--- error_log eval
qr/\[emerg\] .*invalid part "unique" of 1048576 bytes: at least \d+ are expected, and less than the zone in .*nginx\.conf:\d+/



=== TEST 44: xpecto_limit - recipients without a table for them
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit zone=z policy=whatsapp:reach-250;
--- must_die
--- error_log eval
qr/\[emerg\] .*policy "whatsapp:reach-250" counts recipients, for which zone "z" has no "unique" in .*nginx\.conf:\d+/



=== TEST 45: xpecto_limit_zone - a folder that the workers cannot write in
--- skip_eval: 2: $> != 0
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_limit_zone z:1m persist=%%DATA%%/limits;
--- must_die
--- error_log eval
qr/\[emerg\] .*the user "nobody" of the workers cannot make a file in ".*\/data\/", as "persist" of xpecto_limit_zone "z" asks, in .*nginx\.conf:\d+ \(13: Permission denied\)/



=== TEST 46: xpecto_limit_zone - a folder that is not there
--- skip_eval: 2: $> != 0
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_limit_zone z:1m persist=%%DATA%%/none/limits;
--- must_die
--- error_log eval
qr/\[emerg\] .*cannot make a file in ".*\/none\/", .* \(2: No such file or directory\)/



=== TEST 47: xpecto_limit - recipients where nobody reads messages
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location /a { xpecto_message on; }
    location /b { xpecto_limit zone=z rate=1r/s scope=recipient; }
--- must_die
--- error_log eval
qr/\[emerg\] .*policy "z" counts by what a message says, but nowhere is it used with "xpecto_message on", in .*nginx\.conf:\d+/



=== TEST 48: xpecto_limit - a cost of recipients, or a name of Meta's
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit zone=z policy=whatsapp:pair;
    location /a { xpecto_limit zone=z rate=1r/s; xpecto_message on; }
--- must_die
--- error_log eval
qr/\[emerg\] .*policy "whatsapp:pair" counts by what a message says, but nowhere is it used with "xpecto_message on", in .*nginx\.conf:\d+/



=== TEST 49: xpecto_limit - of the server, where one location reads messages
--- http_config
    xpecto_limit_zone z:1m;
--- config
    xpecto_limit zone=z rate=1r/d cost=recipients;
    location /a { location /a/b { xpecto_message on; } }
    location = / { empty_gif; }
--- request
GET /
--- error_code: 200
--- no_error_log
[emerg]
