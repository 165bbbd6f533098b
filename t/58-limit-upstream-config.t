# What nginx -t says of lessons of the upstream that it refuses.

use lib 't/lib';
use TestXpecto;

plan_tests(18);

run_tests();

__DATA__

=== TEST 1: xpecto_limit_upstream - no zone
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location /t {
        xpecto_limit_upstream cooldown=on;
    }
--- must_die
--- error_log eval
qr/\[emerg\] .*"xpecto_limit_upstream" directive needs the "zone" parameter/



=== TEST 2: xpecto_limit_upstream - unknown zone
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location /t {
        xpecto_limit_upstream zone=y;
    }
--- must_die
--- error_log eval
qr/\[emerg\] .*unknown zone "y" in "xpecto_limit_upstream": there is no "xpecto_limit_zone" of that name in .*nginx\.conf:\d+/



=== TEST 3: xpecto_limit_upstream - duplicate
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location /t {
        xpecto_limit_upstream zone=z;
        xpecto_limit_upstream off;
    }
--- must_die
--- error_log eval
qr/\[emerg\] .*"xpecto_limit_upstream" directive is duplicate/



=== TEST 4: xpecto_limit_upstream - a code that is none
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location /t {
        xpecto_limit_upstream zone=z refund=5xx,6xx;
    }
--- must_die
--- error_log eval
qr/\[emerg\] .*invalid refund "5xx,6xx": statuses, codes of errors or "5xx" are expected, by commas, or "off"/



=== TEST 5: xpecto_limit_upstream - an empty code
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location /t {
        xpecto_limit_upstream zone=z refund=429,;
    }
--- must_die
--- error_log eval
qr/\[emerg\] .*invalid refund "429,"/



=== TEST 6: xpecto_limit_upstream - code 0
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location /t {
        xpecto_limit_upstream zone=z refund=0;
    }
--- must_die
--- error_log eval
qr/\[emerg\] .*invalid refund "0"/



=== TEST 7: xpecto_limit_upstream - cooldown that is neither on nor off
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location /t {
        xpecto_limit_upstream zone=z cooldown=yes;
    }
--- must_die
--- error_log eval
qr/\[emerg\] .*invalid parameter "cooldown=yes"/



=== TEST 8: xpecto_limit_upstream - no time
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location /t {
        xpecto_limit_upstream zone=z max=0;
    }
--- must_die
--- error_log eval
qr/\[emerg\] .*has a time that is not between 1s and 12d/



=== TEST 9: xpecto_limit_upstream - too long
--- http_config
    xpecto_limit_zone z:1m;
--- config
    location /t {
        xpecto_limit_upstream zone=z max=13d;
    }
--- must_die
--- error_log eval
qr/\[emerg\] .*has a time that is not between 1s and 12d/
