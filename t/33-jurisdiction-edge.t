# Signals that name no country, or more than one: each state shows the action
# that the rules give it, and nothing is allowed that the operator did not.
#
# A block's "rules" are members of the rules file, over t/data/rules.json.

use lib 't/lib';
use TestXpecto;

use File::Copy;
use JSON::PP;

copy('ngx_xpecto_module/data/jurisdictions.json',
     data_dir() . '/jurisdictions.json') or die "jurisdictions.json: $!";


sub slurp ($) {
    local (@ARGV, $/) = @_;
    return <>;
}


add_block_preprocessor {
    my $block = shift;
    my $data = data_dir();
    my $rules = decode_json(slurp("$data/rules.json"));
    my $more = decode_json('{' . ($block->rules || '') . '}');
    my $mmdb = $block->mmdb || 'nested24.mmdb max_age=0';

    open my $out, '>', "$data/edge.json" or die "edge.json: $!";
    print $out encode_json({ %$rules, %$more });
    close $out;

    $block->set_value('http_config', ($block->http_config || '') . <<"_EOC_");
    xpecto_tenants $data/tenants-jurisdiction.json;
    xpecto_jurisdiction_rules $data/edge.json;
    xpecto_jurisdiction_geoip $data/mmdb/$mmdb;
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Forwarded-For;
    add_header X-State "\$xpecto_jurisdiction_state" always;
    add_header X-Basis "\$xpecto_jurisdiction_basis" always;
    add_header X-Why "\$xpecto_jurisdiction_why" always;
_EOC_

    $block->set_value('config', <<"_EOC_") if !$block->config;
    xpecto_jurisdiction on;
    xpecto_jurisdiction_destination in;
    location / { xpecto_jurisdiction_origin tenant ip; empty_gif; }
    location /m { xpecto_message on; empty_gif; }
    location /h {
        xpecto_jurisdiction_origin tenant header=CF-IPCountry from=127.0.0.1;
        empty_gif;
    }
    location /both {
        xpecto_jurisdiction_origin ip header=CF-IPCountry from=127.0.0.1;
        empty_gif;
    }
_EOC_
};


# requests to one place that differ in a header or an argument

sub each_of ($@) {
    my $form = shift;
    return [ map { sprintf $form, $_ } @_ ];
}


no_root_location();

plan_tests(350);

run_tests();

__DATA__

=== TEST 1: private address - ignored by default: others decide, if any do
--- pipelined_requests eval
["GET /", "GET /"]
--- more_headers eval
["X-Forwarded-For: 10.0.0.1", "X-Forwarded-For: 10.0.0.1\nX-API-Key: key-pinned"]
--- error_code eval
[451, 451]
--- response_headers eval
["X-State: private_ip\nX-Basis: none",
 "X-State: private_ip,region\nX-Basis: none"]
--- no_error_log
[error]



=== TEST 2: private address - the tenant decides, the address is ignored
--- config
    xpecto_jurisdiction on;
    xpecto_jurisdiction_origin tenant ip;
    xpecto_jurisdiction_destination eu;
    location / { empty_gif; }
--- more_headers
X-Forwarded-For: 10.0.0.1
X-API-Key: key-de
--- response_headers
X-State: private_ip
X-Basis: local
--- no_error_log
[error]



=== TEST 3: private address - unknown is what unknown says
--- rules: "on": { "private_ip": "unknown" }
--- config
    xpecto_jurisdiction on;
    xpecto_jurisdiction_origin tenant ip;
    xpecto_jurisdiction_destination eu;
    location / { empty_gif; }
--- more_headers
X-Forwarded-For: 10.0.0.1
X-API-Key: key-de
--- error_code: 451
--- response_headers
X-State: private_ip
X-Basis: none
--- response_body_like: "why":"","instrument":"","state":"private_ip"
--- no_error_log
[error]



=== TEST 4: private address - denied, even where unknown is allowed
--- rules: "on": { "private_ip": "deny" }, "unknown": { "action": "allow" }
--- config
    xpecto_jurisdiction on;
    xpecto_jurisdiction_origin tenant ip;
    xpecto_jurisdiction_destination eu;
    location / { empty_gif; }
--- more_headers
X-Forwarded-For: 10.0.0.1
X-API-Key: key-de
--- error_code: 451
--- response_headers
X-Basis: none
--- no_error_log
[error]



=== TEST 5: unknown - allowed only where the operator says so
--- rules: "unknown": { "action": "allow" }
--- pipelined_requests eval
["GET /", "GET /h", "GET /m"]
--- more_headers eval
["X-Forwarded-For: 10.0.0.1", "CF-IPCountry: XX", "X-None: 1"]
--- response_headers eval
["X-State: private_ip\nX-Basis: none", "X-State: header\nX-Basis: none",
 "X-State: private_ip,no_recipient\nX-Basis: none"]
--- error_code eval
[200, 200, 200]
--- no_error_log
[error]



=== TEST 6: address - of a tunnel, of documentation, of no known country
--- pipelined_requests eval
["GET /", "GET /", "GET /", "GET /", "GET /"]
--- more_headers eval
main::each_of("X-Forwarded-For: %s", "2002:5102:458e::1", "2001:0:5102::1",
              "192.0.2.1", "8.8.8.8", "100.64.0.1")
--- error_code eval
[(451) x 5]
--- response_headers eval
main::each_of("X-State: %s\nX-Basis: none", "tunnel", "tunnel", "private_ip",
              "no_country", "private_ip")
--- no_error_log
[error]



=== TEST 7: database - missing: the others decide
--- mmdb: none-at-all.mmdb optional
--- pipelined_requests eval
["GET /", "GET /"]
--- more_headers eval
["X-Forwarded-For: 14.1.1.1", "X-Forwarded-For: 14.1.1.1\nX-API-Key: key-us"]
--- error_code eval
[451, 200]
--- response_headers eval
["X-State: db_missing\nX-Basis: none",
 "X-State: db_missing\nX-Basis: unrestricted"]
--- no_error_log
[error]



=== TEST 8: database - missing and denied
--- mmdb: none-at-all.mmdb optional
--- rules: "on": { "db_missing": "deny" }, "unknown": { "action": "allow" }
--- more_headers
X-API-Key: key-us
--- error_code: 451
--- response_headers
X-State: db_missing
--- no_error_log
[error]



=== TEST 9: database - too old: unknown where the rules say so
--- mmdb: nested24.mmdb
--- rules: "on": { "db_stale": "unknown" }
--- pipelined_requests eval
["GET /", "GET /"]
--- more_headers eval
["X-Forwarded-For: 14.1.1.1", "X-Forwarded-For: 14.1.1.1\nX-API-Key: key-us"]
--- error_code eval
[451, 451]
--- response_headers eval
[("X-State: db_stale\nX-Basis: none") x 2]
--- no_error_log
[error]



=== TEST 10: database - too old, and nobody else: never the country it says
--- mmdb: nested24.mmdb
--- more_headers
X-Forwarded-For: 14.1.1.1
--- error_code: 451
--- response_headers
X-State: db_stale
X-Basis: none
--- no_error_log
[error]



=== TEST 11: header - of what is no country
--- pipelined_requests eval
[("GET /h") x 12]
--- more_headers eval
main::each_of("CF-IPCountry: %s", "XX", "ZZ", "EU", "AP", "O1", "T1", "A1",
              "A2", "in", "IND", "UK", "IN, DE")
--- error_code eval
[(451) x 12]
--- response_headers eval
[("X-State: header\nX-Basis: none") x 12]
--- no_error_log
[error]



=== TEST 12: header - empty, twice, beside an origin that is known
--- pipelined_requests eval
["GET /h", "GET /h", "GET /h", "GET /h"]
--- more_headers eval
["CF-IPCountry:", "CF-IPCountry: IN\nCF-IPCountry: IN",
 "CF-IPCountry: XX\nX-API-Key: key-us", "CF-IPCountry: IN"]
--- error_code eval
[451, 451, 451, 200]
--- response_headers eval
["X-State: header", "X-State: header", "X-State: header", "X-Basis: local"]
--- no_error_log
[error]



=== TEST 60: header - names no country, whatever the address says
--- config
    xpecto_jurisdiction on;
    xpecto_jurisdiction_destination in;
    location /ip {
        xpecto_jurisdiction_origin ip header=CF-IPCountry from=127.0.0.1;
        empty_gif;
    }
    location /evidence {
        xpecto_jurisdiction_origin ip=evidence header=CF-IPCountry
                                   from=127.0.0.1;
        empty_gif;
    }
--- pipelined_requests eval
["GET /ip", "GET /evidence", "GET /ip", "GET /evidence", "GET /evidence",
 "GET /ip", "GET /evidence"]
--- more_headers eval
[map { "X-Forwarded-For: 14.1.1.1$_" }
 ("\nCF-IPCountry: T1") x 2, ("\nCF-IPCountry: XX") x 2,
 "\nCF-IPCountry: IN\nCF-IPCountry: IN", '', '']
--- error_code eval
[(451) x 5, 200, 200]
--- response_headers eval
[("X-State: header\nX-Basis: none") x 5, ("X-State: ok\nX-Basis: local") x 2]
--- no_error_log
[error]



=== TEST 13: header and address - both count where both are origins
--- pipelined_requests eval
["GET /both", "GET /both", "GET /both"]
--- more_headers eval
["CF-IPCountry: IN\nX-Forwarded-For: 14.1.1.1",
 "CF-IPCountry: IN\nX-Forwarded-For: 81.2.69.142",
 "CF-IPCountry: DE\nX-Forwarded-For: 14.1.1.1"]
--- error_code eval
[200, 451, 451]
--- response_headers eval
["X-State: ok", "X-State: conflict\nX-Why: GB,UK_GDPR,IN",
 "X-State: conflict\nX-Why: DE,EU_GDPR,IN"]
--- no_error_log
[error]



=== TEST 14: number - national, malformed, of no calling code: denied
--- pipelined_requests eval
main::each_of("GET /m?to=%s", "015112345678", "%2B0491511234", "%2B49",
              "12345", "%2B999123456789", "%2B4915112345678901234",
              "one-two-three")
--- more_headers
X-API-Key: key-us
--- error_code eval
[(451) x 7]
--- response_headers eval
[("X-State: invalid_number\nX-Basis: none") x 7]
--- response_body_unlike eval
[("151123|0491511|999123|one-two") x 7]
--- no_error_log
[error]



=== TEST 15: number - malformed, where the operator says others decide
--- rules: "on": { "invalid_number": "tenant_only" }
--- pipelined_requests eval
["GET /m?to=015112345678", "GET /m?to=015112345678"]
--- more_headers eval
["X-API-Key: key-us", "X-None: 1"]
--- error_code eval
[200, 451]
--- response_headers eval
["X-State: invalid_number\nX-Basis: unrestricted",
 "X-State: invalid_number\nX-Basis: none"]
--- no_error_log
[error]



=== TEST 16: number - of no country: the tenant decides, or it is unknown
--- pipelined_requests eval
main::each_of("GET /m?to=%%2B%s", "870301234567", "881612345678",
              "80012345678", "883510012345")
--- more_headers eval
["X-API-Key: key-us", "X-API-Key: key-us", "X-API-Key: key-us", "X-None: 1"]
--- error_code eval
[200, 200, 200, 451]
--- response_headers eval
[("X-State: non_geographic\nX-Basis: unrestricted") x 3,
 "X-State: non_geographic\nX-Basis: none"]
--- no_error_log
[error]



=== TEST 17: number - of no country: unknown where the rules say so
--- rules: "on": { "non_geographic": "unknown" }
--- request
GET /m?to=%2B870301234567
--- more_headers
X-API-Key: key-us
--- error_code: 451
--- response_headers
X-State: non_geographic
X-Basis: none
--- no_error_log
[error]



=== TEST 18: number - of several countries: the strictest of them
--- pipelined_requests eval
main::each_of("GET /m?to=%%2B%s", "73651234567", "903921234567",
              "18005551234", "447911123456", "15145550123")
--- error_code eval
[(451) x 5]
--- response_headers eval
main::each_of("X-State: ok\nX-Why: %s", "UA,WB_GDPR_LIKE,IN", "CY,EU_GDPR,IN",
              "AG,CARIB,IN", "GG,GG_DPL,IN", "CA,CA_PIPEDA,IN")
--- no_error_log
[error]



=== TEST 19: recipients - none, a group, a code without a law
--- pipelined_requests eval
["GET /m", "GET /m?to=120363025246125486%40g.us", "GET /m?to=XX.1349",
 "GET /m?to=IN.ENT.1349"]
--- more_headers
X-API-Key: key-us
--- error_code eval
[200, 451, 451, 200]
--- response_headers eval
main::each_of("X-State: %s", "no_recipient", "group", "no_law", "ok")
--- no_error_log
[error]



=== TEST 20: recipients - none: unknown where the rules say so
--- rules: "on": { "no_recipient": "unknown" }
--- request
GET /m
--- more_headers
X-API-Key: key-us
--- error_code: 451
--- response_headers
X-State: no_recipient
--- no_error_log
[error]



=== TEST 21: recipients - a thousand in one body, one of them abroad
--- config
    location /m {
        xpecto_jurisdiction on;
        xpecto_jurisdiction_destination in;
        xpecto_message on;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
    }
    location /up { xpecto_jurisdiction off; return 200 ok; }
--- pipelined_requests eval
[map { "POST /m\n["
       . CORE::join(', ', (map { qq({"to": "+9198123$_"}) } 45000 .. 45998), $_)
       . "]" } '{"to": "+919812345999"}', '{"to": "+4915112345678"}']
--- more_headers
Content-Type: application/json
--- error_code eval
[200, 451]
--- response_headers eval
["X-Basis: local", "X-Why: DE,EU_GDPR,IN"]
--- response_body_unlike eval
["98123", "98123|15112"]
--- no_error_log
[error]



=== TEST 22: body - unreadable is refused, or unknown where it may pass
--- config
    xpecto_jurisdiction on;
    xpecto_jurisdiction_destination in;
    location /no { xpecto_message on; empty_gif; }
    location /pass {
        xpecto_message on max=64 unreadable=pass;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
    }
    location /up { xpecto_jurisdiction off; return 200 ok; }
--- pipelined_requests eval
["POST /no\n{\"to\": ", "POST /pass\n{\"to\": ",
 "POST /pass\n{\"to\": \"+919812345678\", \"x\": \"" . "y" x 64 . "\"}"]
--- more_headers
Content-Type: application/json
X-API-Key: key-us
--- error_code eval
[400, 451, 451]
--- response_headers eval
["X-Basis: none", "X-State: unreadable\nX-Basis: none",
 "X-State: unreadable\nX-Basis: none"]
--- no_error_log
[error]



=== TEST 23: tenant - of no known credential, of two, without a country
--- pipelined_requests eval
["GET /h", "GET /h", "GET /h"]
--- more_headers eval
["X-API-Key: nobody's", "X-API-Key: key-nowhere",
 "X-API-Key: key-nowhere\nCF-IPCountry: IN"]
--- error_code eval
[451, 451, 451]
--- response_headers eval
[("X-State: tenant\nX-Basis: none") x 3]
--- no_error_log
[error]



=== TEST 24: rules - expired: kept by default
--- rules: "expires": "2026-01-01"
--- more_headers
X-Forwarded-For: 14.1.1.1
--- response_headers
X-State: rules_expired
X-Basis: local
--- no_error_log
[error]



=== TEST 25: rules - expired: denied where the rules say so
--- rules: "expires": "2026-01-01", "on": { "rules_expired": "deny" }
--- more_headers
X-Forwarded-For: 14.1.1.1
--- error_code: 451
--- response_headers
X-State: rules_expired
X-Basis: none
--- no_error_log
[error]



=== TEST 26: rules - an attestation that has expired is none
--- rules: "attestations": { "us_dpf": { "expires": "2026-01-01" } }
--- config
    xpecto_jurisdiction on;
    xpecto_jurisdiction_destination eu;
    location / { empty_gif; }
--- request
GET /v1/messages
--- more_headers
X-API-Key: key-dpf
--- error_code: 451
--- response_headers
X-Why: DE,EU_GDPR,US
--- no_error_log
[error]



=== TEST 27: tenant - a province adds its laws, an unknown one any
--- rules: "regions": { "ca": { "country": "CA", "upstream": "ca" }, "eu": { "country": "DE", "upstream": "eu" } }
--- config
    xpecto_jurisdiction on;
    xpecto_jurisdiction_destination $arg_to;
    location / { empty_gif; }
--- pipelined_requests eval
["GET /?to=ca", "GET /?to=ca", "GET /?to=eu", "GET /?to=ca"]
--- more_headers eval
["X-API-Key: key-ca", "X-API-Key: key-qc", "X-API-Key: key-canary",
 "X-API-Key: key-typo"]
--- error_code eval
[200, 451, 200, 451]
--- response_headers eval
["X-State: ok\nX-Why: CA,CA_PIPEDA,CA", "X-State: ok\nX-Why: CA-QC,CA_QC_L25,CA",
 "X-State: ok\nX-Why: ES,EU_GDPR,DE", "X-State: no_law\nX-Basis: none"]
--- no_error_log
[error]


=== TEST 61: database - missing: unknown where the rules say so
--- mmdb: none-at-all.mmdb optional
--- rules: "on": { "db_missing": "unknown" }
--- more_headers
X-API-Key: key-us
--- error_code: 451
--- response_headers
X-State: db_missing
X-Basis: none
--- no_error_log
[error]



=== TEST 62: database - too old: denied, even where unknown is allowed
--- mmdb: nested24.mmdb
--- rules: "on": { "db_stale": "deny" }, "unknown": { "action": "allow" }
--- more_headers
X-API-Key: key-us
X-Forwarded-For: 14.1.1.1
--- error_code: 451
--- response_headers
X-State: db_stale
--- no_error_log
[error]



=== TEST 63: recipients - none: denied, even where unknown is allowed
--- rules: "on": { "no_recipient": "deny" }, "unknown": { "action": "allow" }
--- request
GET /m
--- more_headers
X-API-Key: key-us
--- error_code: 451
--- response_headers
X-State: no_recipient
--- no_error_log
[error]



=== TEST 64: number - of no country: denied, even where unknown is allowed
--- rules: "on": { "non_geographic": "deny" }, "unknown": { "action": "allow" }
--- request
GET /m?to=%2B870301234567
--- more_headers
X-API-Key: key-us
--- error_code: 451
--- response_headers
X-State: non_geographic
--- no_error_log
[error]



=== TEST 65: number - malformed: unknown where the rules say so
--- rules: "on": { "invalid_number": "unknown" }, "unknown": { "action": "allow" }
--- request
GET /m?to=015112345678
--- more_headers
X-API-Key: key-us
--- error_code: 200
--- response_headers
X-State: invalid_number
--- no_error_log
[error]



=== TEST 66: rules - expired: unknown where the rules say so
--- rules: "expires": "2026-01-01", "on": { "rules_expired": "unknown" }
--- more_headers
X-Forwarded-For: 14.1.1.1
--- error_code: 451
--- response_headers
X-State: rules_expired
X-Basis: none
--- no_error_log
[error]
