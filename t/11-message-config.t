# What xpecto_message refuses in a configuration.

use lib 't/lib';
use TestXpecto;

plan_tests(25);

run_tests();

__DATA__

=== TEST 1: xpecto_message - neither on nor off
--- config
    xpecto_message yes;
--- must_die
--- error_log
invalid value "yes" in "xpecto_message" directive, it must be "on" or "off"



=== TEST 2: xpecto_message - no argument
--- config
    xpecto_message;
--- must_die
--- error_log
invalid number of arguments in "xpecto_message" directive



=== TEST 3: xpecto_message - too many arguments
--- config
    xpecto_message on max=1k unreadable=pass max=2k;
--- must_die
--- error_log
invalid number of arguments in "xpecto_message" directive



=== TEST 4: xpecto_message - twice on one level
--- config
    xpecto_message on;
    xpecto_message off;
--- must_die
--- error_log
"xpecto_message" directive is duplicate



=== TEST 5: xpecto_message - parameters of what is off
--- config
    xpecto_message off max=1k;
--- must_die
--- error_log
"xpecto_message" directive takes no parameters when it is "off"



=== TEST 6: max - not a size
--- config
    xpecto_message on max=many;
--- must_die
--- error_log
invalid parameter "max=many": a size is expected



=== TEST 7: max - empty
--- config
    xpecto_message on max=;
--- must_die
--- error_log
invalid parameter "max="



=== TEST 8: max - nothing fits in
--- config
    xpecto_message on max=0;
--- must_die
--- error_log
"xpecto_message" directive has a "max" that no body fits in



=== TEST 9: max - twice
--- config
    xpecto_message on max=1k max=2k;
--- must_die
--- error_log
duplicate parameter "max"



=== TEST 10: unreadable - neither deny nor pass
--- config
    xpecto_message on unreadable=allow;
--- must_die
--- error_log
invalid parameter "unreadable=allow"



=== TEST 11: xpecto_message - a parameter it does not know
--- config
    xpecto_message on min=1;
--- must_die
--- error_log
unknown parameter "min=1"



=== TEST 12: xpecto_message - not within an "if"
--- config
    location / {
        if ($arg_a) {
            xpecto_message on;
        }
    }
--- must_die
--- error_log
"xpecto_message" directive is not allowed here



=== TEST 13: xpecto_message - http, server and location
--- http_config
    xpecto_message on;
--- config
    xpecto_message on max=1m unreadable=deny;
    location /t {
        xpecto_message off;
        return 204;
    }
--- request
GET /t
--- error_code: 204
