# Digits without a plus: in full, national ones of the tenant, or both.

use lib 't/lib';
use TestXpecto;

use File::Copy;

copy('ngx_xpecto_module/data/jurisdictions.json',
     data_dir() . '/jurisdictions.json') or die "jurisdictions.json: $!";

# rules that treat it in another way

open my $in, '<', 't/data/rules.json' or die "rules.json: $!";
my $rules = do { local $/; <$in> };

for my $word (qw( strictest unknown deny )) {
    my $text = $rules;

    $text =~ s/"operator":/"on": { "no_plus": "$word" }, "operator":/
        or die 'rules.json: no operator';

    open my $out, '>', data_dir() . "/rules-$word.json" or die "rules: $!";
    print $out $text;
    close $out;
}


add_block_preprocessor {
    my $block = shift;
    my $file = $block->rules // 'rules';

    $block->set_value('http_config', <<"_EOC_");
    xpecto_tenants %%DATA%%/tenants-jurisdiction.json;
    xpecto_jurisdiction_rules %%DATA%%/$file.json;
    add_header X-Law "\$xpecto_jurisdiction" always;
    add_header X-State "\$xpecto_jurisdiction_state" always;
_EOC_

    $block->set_value('config', <<'_EOC_');
    location / {
        xpecto_jurisdiction on;
        xpecto_jurisdiction_origin recipient;
        xpecto_jurisdiction_destination eu;
        xpecto_message on;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
    }
    location /up { return 200 ok; }
_EOC_

    # a number a line, of the tenant before it

    my (@requests, @headers);

    for (split /\n/, $block->numbers) {
        my ($tenant, $number) = split / /, $_, 2;

        my $body = $number =~ /^\{/ ? $number : "{\"to\":\"$number\"}";

        push @requests, "POST /m\n$body";
        push @headers, "Content-Type: application/json"
                       . ($tenant eq '-' ? '' : "\nX-API-Key: key-$tenant");
    }

    $block->set_value('request', \@requests);
    $block->set_value('more_headers', \@headers);
};


no_root_location();

plan_tests(142);

run_tests();

__DATA__

=== TEST 1: no plus - national digits are the tenant's
--- numbers
us 6505551234
us (650) 555-1234
us 2125551234
de 15112345678
de 015112345678
de 030-12345678
us tel:650-555-1234
--- error_code eval
[ (200) x 7 ]
--- response_headers eval
[ ("X-Law: US_DOJ_202,US_FED,US_STATE\nX-State: no_plus") x 2,
  "X-Law: US_DOJ_202,US_FED\nX-State: no_plus",
  ("X-Law: EU_GDPR\nX-State: no_plus") x 3,
  "X-Law: US_DOJ_202,US_FED,US_STATE\nX-State: no_plus" ]
--- no_error_log
[error]



=== TEST 2: no plus - without a tenant national digits are nobody's
--- numbers
- 6505551234
- 015112345678
- 13812345678
- 2125551234
nowhere 6505551234
--- error_code eval
[ (451) x 5 ]
--- response_headers eval
[ "X-State: invalid_number,no_plus", "X-State: invalid_number",
  "X-State: invalid_number,no_plus", "X-State: invalid_number",
  "X-State: invalid_number,no_plus" ]
--- no_error_log
[error]



=== TEST 3: no plus - in full, where that is the only reading
--- numbers
- 16505551234
us 16505551234
us 4915112345678
- 8613812345678
us 8613812345678
pinned 4915112345678
us +6591234567
pinned +6591234567
pinned 006591234567
pinned 6591234567@s.whatsapp.net
--- error_code eval
[ 200, 200, 200, 451, 451, 200, (451) x 4 ]
--- response_headers eval
[ ("X-State: ok\nX-Law: US_DOJ_202,US_FED,US_STATE") x 2,
  "X-State: ok\nX-Law: EU_GDPR",
  ("X-State: ok\nX-Law: CN_PIPL") x 2, "X-State: ok\nX-Law: EU_GDPR",
  ("X-State: ok\nX-Law: SG_PDPA") x 4 ]
--- no_error_log
[error]



=== TEST 4: no plus - two readings are two origins
--- numbers
pinned 6591234567
- 6591234567
us 6591234567
--- error_code eval
[ (451) x 3 ]
--- response_headers eval
[ "X-State: no_plus\nX-Law: IN_DPDP,SG_PDPA", "X-State: ok\nX-Law: SG_PDPA",
  "X-State: ok\nX-Law: SG_PDPA" ]
--- no_error_log
[error]



=== TEST 5: no plus - two readings of one country leave no doubt
--- numbers
de 4917612345678
--- response_headers
X-State: ok
X-Law: EU_GDPR
--- no_error_log
[error]



=== TEST 6: on.no_plus - denied, if the rules say so
--- rules: rules-deny
--- numbers
de 15112345678
de +4915112345678
de 4915112345678
--- error_code eval
[ 451, 200, 200 ]
--- response_headers eval
[ "X-State: no_plus", "X-State: ok", "X-State: ok" ]
--- no_error_log
[error]



=== TEST 7: on.no_plus - an origin of no known country
--- rules: rules-unknown
--- numbers
de 15112345678
de +4915112345678
--- error_code eval
[ 451, 200 ]
--- no_error_log
[error]



=== TEST 8: on.no_plus - all readings count, as by default
--- rules: rules-strictest
--- numbers
de 15112345678
--- error_code: 200
--- response_headers
X-State: no_plus
--- no_error_log
[error]



=== TEST 9: no plus - the log says so
--- numbers
pinned 6591234567
--- error_code: 451
--- error_log
state "no_plus"
--- no_error_log
[error]



=== TEST 10: no plus - what WhatsApp tells is in full
--- numbers
- {"to":"13812345678"}
- {"messages":[{"from":"13812345678"}]}
- {"statuses":[{"recipient_id":"13812345678"}]}
- {"contacts":[{"wa_id":"13812345678"}]}
- {"entry":[{"changes":[{"value":{"messages":[{"from":"13812345678"}]}}]}]}
us {"messages":[{"from":"6505551234"}]}
--- error_code eval
[ (451) x 6 ]
--- response_headers eval
[ "X-Law: \nX-State: invalid_number,no_plus",
  ("X-Law: CA_PIPEDA,US_DOJ_202,US_FED\nX-State: ok") x 4, "X-Law: SG_PDPA\nX-State: ok" ]
--- no_error_log
[error]
