# What nginx -t says of locations for operators that it refuses.

use lib 't/lib';
use TestXpecto;

plan_tests(10);

run_tests();

__DATA__

=== TEST 1: xpecto_limit_api - a parameter that is none
--- config
    location /t {
        xpecto_limit_api 192.0.2.0/24;
    }
--- must_die
--- error_log eval
qr/\[emerg\] .*unknown parameter "192\.0\.2\.0\/24"/



=== TEST 2: xpecto_limit_api - a network that is none
--- config
    location /t {
        xpecto_limit_api from=here;
    }
--- must_die
--- error_log eval
qr/\[emerg\] .*invalid network "from=here"/



=== TEST 3: xpecto_limit_api - duplicate
--- config
    location /t {
        xpecto_limit_api;
        xpecto_limit_api;
    }
--- must_die
--- error_log eval
qr/\[emerg\] .*"xpecto_limit_api" directive is duplicate/



=== TEST 4: xpecto_limit_api - not on a server
--- config
    xpecto_limit_api;
--- must_die
--- error_log eval
qr/\[emerg\] .*"xpecto_limit_api" directive is not allowed here/



=== TEST 5: xpecto_limit_api - without a ledger
--- config
    location /t {
        xpecto_limit_api;
    }
--- must_die
--- error_log eval
qr/\[emerg\] .*"xpecto_limit_api" records what is done, but there is no "xpecto_ledger" in .*nginx\.conf:\d+/
