# What nginx -t says of redaction that it refuses.

use lib 't/lib';
use TestXpecto;

# another configuration as a whole, that Test::Nginx has no part in

add_response_body_check(sub {
    my $block = shift;

    return unless defined $block->nginx_t;

    open my $conf, '<', "$ENV{TEST_NGINX_SERVROOT}/conf/nginx.conf" or die;
    my $load = join '', grep { /^\s*load_module/ } <$conf>;
    my $name = tmp_dir . '/a.conf';

    open my $out, '>', $name or die;
    (my $text = $block->nginx_t) =~ s/%%TMP%%/tmp_dir/ge;
    print $out $load, "error_log stderr; pid $name.pid; events { }\n", $text;
    close $out;

    # nginx frees nothing when it refuses its configuration

    local $ENV{LSAN_OPTIONS} = 'detect_leaks=0';
    my $said = `'$ENV{TEST_NGINX_BINARY}' -t -c '$name' 2>&1`;

    is $? >> 8, 1, $block->name . ' - is refused';
    like $said, $block->says, $block->name . ' - says why';
});

plan_tests(67);

run_tests();

__DATA__

=== TEST 1: redact - an unknown mode
--- http_config
    xpecto_redact maybe;
--- must_die
--- error_log eval
qr/\[emerg\] .*invalid value "maybe": "off", "audit" or "on" is expected in .*nginx.conf:\d+/



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
unknown class in "phones=label": phone, id, user, email, ip, name, content, location, media, credential or account is expected



=== TEST 5: redact_as - an unknown style
--- http_config
    xpecto_redact_as phone=hide;
--- must_die
--- error_log
unknown style in "phone=hide": label, mask, mask:n, pseudonym, length, truncate, remove or keep is expected



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
--- error_log eval
qr/"phone=mask:0": one to 4 digits can stay in /



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



=== TEST 20: self-test - the error log, where nothing else is logged
--- config
    location /b { return 204; }
--- nginx_t
http { access_log off; server { listen unix:%%TMP%%/a.sock;
       location /a { xpecto_redact on; xpecto_redact_as media=keep; } } }
--- says eval
qr/\[emerg\] .*"media=keep" shows what is planted in the error log, it must be "media=keep exposed" if that is meant in .*a.conf:\d+/
--- request
GET /
--- error_code: 200



=== TEST 21: self-test - of what is not redacted
--- http_config
    xpecto_redact audit;
    xpecto_redact_as ip=keep;
--- request
GET /
--- error_code: 200
--- no_error_log
[emerg]



=== TEST 22: self-test - nothing but what is meant is kept
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



=== TEST 23: self-test - a variable of if=
--- http_config
    log_format a '$status';
--- config
    location /a { xpecto_redact on; xpecto_redact_as phone=keep;
                  access_log logs/a.log a if=$arg_msisdn; }
--- must_die
--- error_log
"phone=keep" shows what is planted in $arg_msisdn, it must be "phone=keep exposed"



=== TEST 24: self-test - a variable in the name of a file
--- http_config
    log_format a '$status';
--- config
    location /a { xpecto_redact on; xpecto_redact_as phone=keep;
                  access_log logs/$arg_whatsapp_number.log a; }
--- must_die
--- error_log
"phone=keep" shows what is planted in $arg_whatsapp_number, it must be "phone=keep exposed"



=== TEST 25: self-test - escape=json
--- http_config
    log_format a escape=json '{"a":"$cookie_sid"}';
    xpecto_redact_as credential=keep;
--- config
    location /a { xpecto_redact on; access_log logs/a.log a; }
--- must_die
--- error_log
"credential=keep" shows what is planted in $cookie_sid, it must be "credential=keep exposed"



=== TEST 26: self-test - escape=none, of a syslog
--- http_config
    log_format a escape=none '$http_x_api_key';
    xpecto_redact_as credential=keep;
--- config
    location /a { xpecto_redact on;
                  access_log syslog:server=127.0.0.1:9 a; }
--- must_die
--- error_log
"credential=keep" shows what is planted in $http_x_api_key, it must be "credential=keep exposed"



=== TEST 27: self-test - a variable of a map that is logged
--- http_config
    map $arg_profile_name $who { default $arg_profile_name; }
    log_format a '$who';
    xpecto_redact_as name=keep;
--- config
    location /a { xpecto_redact on; access_log logs/a.log a; }
--- must_die
--- error_log
"name=keep" shows what is planted in $arg_profile_name, it must be "name=keep exposed"



=== TEST 28: self-test - each location, by the style that is in force there
--- http_config
    log_format a '$arg_msisdn';
    xpecto_redact on;
    xpecto_redact_as phone=keep exposed;
--- config
    access_log logs/a.log a;
    location /a { xpecto_redact_as phone=label; }
    location /a/b { xpecto_redact_as phone=keep; }
--- must_die
--- error_log eval
qr/"phone=keep" shows what is planted in \$arg_msisdn, .* in .*nginx.conf:\d+/



=== TEST 29: self-test - an answer's header
--- http_config
    log_format a '$sent_http_set_cookie $upstream_http_x_auth_token';
    xpecto_redact_as credential=keep;
--- config
    location /a { xpecto_redact on; access_log logs/a.log a; }
--- must_die
--- error_log eval
qr/"credential=keep" shows what is planted in \$(?:upstream_http_x_auth_token|sent_http_set_cookie), /



=== TEST 30: self-test - names what an operator can name
--- http_config
    log_format a '$request';
    xpecto_redact on;
    xpecto_redact_as phone=keep;
    xpecto_limit_zone z:1m;
--- config
    access_log logs/a.log a;
--- must_die
--- error_log eval
qr/"phone=keep" shows what is planted in \$request(?:_uri)?, it must be/



=== TEST 31: redact - on in a location only is said
--- config
    location /a { xpecto_redact on; }
--- error_log eval
qr/\[warn\] .*"xpecto_redact" is off in the server: a request that is refused before its location is found is logged as it came in .*nginx.conf:\d+/



=== TEST 32: redact - on in a server or above it is not
--- http_config
    xpecto_redact on;
--- config
    xpecto_redact audit;
    location /a { xpecto_redact on; }
    location /b { xpecto_redact off; }
--- request
GET /a
--- error_code: 404
--- no_error_log
is off in the server



=== TEST 33: redact_name - a wildcard is none
--- http_config
    xpecto_redact_name phone cust_*;
--- must_die
--- error_log
invalid character in name "cust_*", a name is whole, in ASCII, and has no variables
