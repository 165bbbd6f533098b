# Each number that one string lists is an origin: the second one's country
# counts as the first one's does.

use lib 't/lib';
use TestXpecto;

use File::Copy;

copy('ngx_xpecto_module/data/jurisdictions.json',
     data_dir() . '/jurisdictions.json') or die "jurisdictions.json: $!";


add_block_preprocessor {
    my $block = shift;

    $block->set_value('http_config', <<'_EOC_');
    xpecto_jurisdiction_rules %%DATA%%/rules.json;
    add_header X-Basis "$xpecto_jurisdiction_basis" always;
    add_header X-Why "$xpecto_jurisdiction_why" always;
_EOC_

    $block->set_value('config', <<'_EOC_');
    location / {
        xpecto_jurisdiction on;
        xpecto_jurisdiction_origin recipient;
        xpecto_jurisdiction_destination in;
        xpecto_message on;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
    }
    location /up { return 200 ok; }
_EOC_

    # a body a line: JSON or a form

    my (@requests, @headers);

    for (split /\n/, $block->bodies // '') {
        push @requests, "POST /m\n$_";
        push @headers, 'Content-Type: application/'
                       . (/^[{[]/ ? 'json' : 'x-www-form-urlencoded');
    }

    if (@requests) {
        $block->set_value('request', \@requests);
        $block->set_value('more_headers', \@headers);
    }
};


no_root_location();

plan_tests(42);

run_tests();

__DATA__

=== TEST 1: recipient - the second number of a string has a country, too
--- bodies
{"to":"+919812345678"}
{"to":"+91 98123-45678"}
{"to":"+919812345678,+919812345679"}
{"to":"+919812345678,+4915112345678"}
{"to":"+919812345678;+4915112345678"}
{"to":"+919812345678 +4915112345678"}
{"to":"+91 98123 45678\n+49 151 12345678"}
to=919812345678;4915112345678
destination=%2B919812345678,%2B4915112345678
--- error_code eval
[ 200, 200, 200, (451) x 6 ]
--- response_headers eval
[ ('X-Basis: local') x 3, ('X-Why: DE,EU_GDPR,IN') x 6 ]
--- no_error_log
[error]
15112345678



=== TEST 2: recipient - one far behind in a long string
--- request eval
[ map { "POST /m\n" . '{"to":"' . '919812345678,' x 500 . $_ . '"}' }
  '919812345679', '4915112345678' ]
--- more_headers
Content-Type: application/json
--- error_code eval
[ 200, 451 ]
--- response_headers eval
[ 'X-Basis: local', 'X-Why: DE,EU_GDPR,IN' ]
--- no_error_log
[error]
