# What nginx -t says of redaction that it refuses.

use lib 't/lib';
use TestXpecto;

plan_tests(42);

run_tests();

__DATA__

=== TEST 1: redact - an unknown mode
--- http_config
    xpecto_redact maybe;
--- must_die
--- error_log eval
qr/\[emerg\] .*invalid value "maybe" in .*nginx.conf:\d+/



=== TEST 2: redact - twice
--- http_config
    xpecto_redact on;
    xpecto_redact off;
--- must_die
--- error_log
"xpecto_redact" directive is duplicate



=== TEST 3: redact_as - no style
--- http_config
    xpecto_redact_as phone;
--- must_die
--- error_log
invalid parameter "phone", it must be class=style



=== TEST 4: redact_as - an unknown class
--- http_config
    xpecto_redact_as phones=label;
--- must_die
--- error_log
unknown class in "phones=label"



=== TEST 5: redact_as - an unknown style
--- http_config
    xpecto_redact_as phone=hide;
--- must_die
--- error_log
unknown style in "phone=hide"



=== TEST 6: redact_as - a style that is not for this class
--- http_config
    xpecto_redact_as email=truncate;
--- must_die
--- error_log
the style in "email=truncate" cannot be applied to this class



=== TEST 7: redact_as - a class twice
--- http_config
    xpecto_redact_as phone=label ip=keep;
    xpecto_redact_as phone=mask;
--- must_die
--- error_log
class in "phone=mask" already has a style



=== TEST 8: redact_name - an unknown class
--- http_config
    xpecto_redact_name secret ref;
--- must_die
--- error_log
unknown class "secret"



=== TEST 9: redact_name - a character that ends names
--- http_config
    xpecto_redact_name user a=b;
--- must_die
--- error_log
invalid character in name "a=b"



=== TEST 10: redact_name - nothing is left of it
--- http_config
    xpecto_redact_name user _-.;
--- must_die
--- error_log
invalid name "_-.", it must have 1 to 40 letters or digits



=== TEST 11: redact_name - twice
--- http_config
    xpecto_redact_name user customer_ref;
    xpecto_redact_name name a CustomerRef;
--- must_die
--- error_log
duplicate name "CustomerRef", case, "_", "-" and "." do not count



=== TEST 12: redact_as - pseudonyms without epochs
--- http_config
    xpecto_redact_as ip=label
                     email=pseudonym;
--- must_die
--- error_log eval
qr/\[emerg\] .*there is "email=pseudonym", but no "xpecto_epochs" in .*nginx.conf:\d+/



=== TEST 13: redact_as - a mask of nothing
--- http_config
    xpecto_redact_as phone=mask:0;
--- must_die
--- error_log
"phone=mask:0": one to 4 digits can stay



=== TEST 14: redact_as - a mask that leaves few candidates
--- http_config
    xpecto_redact_as phone=mask:5;
--- must_die
--- error_log
"phone=mask:5": one to 4 digits can stay, behind more there are less than 100000 possible numbers in nearly every country



=== TEST 15: redact_as - exposed alone
--- http_config
    xpecto_redact_as exposed phone=keep;
--- must_die
--- error_log
"exposed" must follow class=keep



=== TEST 16: redact_as - exposed, but not kept
--- http_config
    xpecto_redact_as phone=keep exposed ip=label exposed;
--- must_die
--- error_log
"exposed" must follow class=keep



=== TEST 17: self-test - what is kept by accident
--- http_config
    log_format a '$status $remote_addr';
    xpecto_redact_as ip=keep phone=keep exposed;
--- config
    location /a { xpecto_redact on; access_log logs/a.log a; }
--- must_die
--- error_log eval
qr/\[emerg\] .*"ip=keep" shows what is planted in \$remote_addr, it must be "ip=keep exposed" if that is meant in .*nginx.conf:\d+/



=== TEST 18: self-test - an id is kept, and the number that it holds
--- http_config
    xpecto_redact_as ip=label
                     id=keep;
--- config
    location /a { xpecto_redact on; access_log off; }
--- must_die
--- error_log
"id=keep" shows what is planted in



=== TEST 19: self-test - the error log alone
--- config
    error_page 404 /$arg_a;
    location /a { xpecto_redact on; xpecto_redact_as credential=keep; }
--- must_die
--- error_log
"credential=keep" shows what is planted in



=== TEST 20: self-test - of what is not redacted
--- http_config
    xpecto_redact audit;
    xpecto_redact_as ip=keep;
--- request
GET /
--- error_code: 200
--- no_error_log
[emerg]



=== TEST 21: self-test - nothing but what is meant is kept
--- http_config
    xpecto_redact on;
    xpecto_redact_as ip=keep exposed content=keep exposed;
    log_format a '$remote_addr $request "$http_referer" $request_body $arg_to';
    access_log logs/a.log a;
--- request
GET /
--- error_code: 200
--- no_error_log
[emerg]
