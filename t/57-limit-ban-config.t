# What nginx -t says of ladders that it refuses.

use lib 't/lib';
use TestXpecto;

plan_tests(22);

run_tests();

__DATA__

=== TEST 1: xpecto_limit_ban - no zone
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location /t {
        xpecto_limit_ban rejects=1;
    }
--- must_die
--- error_log eval
qr/\[emerg\] .*"xpecto_limit_ban" directive needs the "zone" parameter/



=== TEST 2: xpecto_limit_ban - unknown zone
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location /t {
        xpecto_limit_ban zone=y;
    }
--- must_die
--- error_log eval
qr/\[emerg\] .*unknown zone "y" in "xpecto_limit_ban": there is no "xpecto_limit_zone" of that name in .*nginx\.conf:\d+/



=== TEST 3: xpecto_limit_ban - duplicate
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location /t {
        xpecto_limit_ban zone=z;
        xpecto_limit_ban off;
    }
--- must_die
--- error_log eval
qr/\[emerg\] .*"xpecto_limit_ban" directive is duplicate/



=== TEST 4: xpecto_limit_ban - counts nothing
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location /t {
        xpecto_limit_ban zone=z rejects=0 credentials=0;
    }
--- must_die
--- error_log eval
qr/\[emerg\] .*counts nothing: one of "rejects", "credentials" and "recipients" must be more than 0/



=== TEST 5: xpecto_limit_ban - too many
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location /t {
        xpecto_limit_ban zone=z rejects=4096;
    }
--- must_die
--- error_log eval
qr/\[emerg\] .*"xpecto_limit_ban" counts to 4095 at most/



=== TEST 6: xpecto_limit_ban - no time
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location /t {
        xpecto_limit_ban zone=z within=0;
    }
--- must_die
--- error_log eval
qr/\[emerg\] .*has a time that is not between 1s and 12d/



=== TEST 7: xpecto_limit_ban - too long
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location /t {
        xpecto_limit_ban zone=z max=13d;
    }
--- must_die
--- error_log eval
qr/\[emerg\] .*has a time that is not between 1s and 12d/



=== TEST 8: xpecto_limit_ban - max below time
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location /t {
        xpecto_limit_ban zone=z time=2h max=1h;
    }
--- must_die
--- error_log eval
qr/\[emerg\] .*has a "max" that is shorter than "time"/



=== TEST 9: xpecto_limit_ban - credentials without tenants
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location /t {
        xpecto_limit_ban zone=z credentials=5;
    }
--- must_die
--- error_log eval
qr/\[emerg\] .*counts credentials that no tenant has, but there is no "xpecto_tenants" in .*nginx\.conf:\d+/



=== TEST 10: xpecto_limit_ban - a parameter that is none
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location /t {
        xpecto_limit_ban zone=z strikes=5;
    }
--- must_die
--- error_log eval
qr/\[emerg\] .*unknown parameter "strikes=5"/



=== TEST 11: xpecto_limit_ban - off and more
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location /t {
        xpecto_limit_ban off zone=z;
    }
--- must_die
--- error_log eval
qr/\[emerg\] .*unknown parameter "off"/
