# The module is loaded, and nginx accepts a configuration that does not use it.

use lib 't/lib';
use TestXpecto;

plan_tests(9);

run_tests();

__DATA__

=== TEST 1: load - a configuration without a directive of ours
--- config
    location = /t {
        return 200 "served";
    }
--- request
GET /t
--- response_body chomp
served
--- no_error_log
[error]
[emerg]



=== TEST 2: load - without being used it leaves requests alone
--- config
    location = /t {
        empty_gif;
    }
--- request
GET /t
--- more_headers
X-Xpecto-Tenant: somebody
--- response_headers
Content-Type: image/gif
--- no_error_log
[error]



=== TEST 3: load - an unknown directive of its name is refused
--- config
    xpecto_nothing on;
--- must_die
--- error_log
unknown directive "xpecto_nothing"
