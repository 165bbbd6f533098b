# What the upstream is told of a request, and that only we can have told it.
#
# The signature is checked here by an independent verifier, written from
# RFC 9421: the key is HKDF-SHA256 (RFC 5869) of the ring's first key, with
# the info "xpecto tags 1".

use lib 't/lib';
use TestXpecto;

use Digest::SHA qw( hmac_sha256 );
use File::Copy;
use MIME::Base64 qw( encode_base64 );


copy('ngx_xpecto_module/data/jurisdictions.json',
     data_dir() . '/jurisdictions.json') or die "jurisdictions.json: $!";


# 00 01 02 ... 1f under the kid 7

my $master = pack('C*', 0 .. 31);

our $Keys = ">>> keys\n7:" . encode_base64($master, '') . "\n";

my $key = hmac_sha256("xpecto tags 1\x01", hmac_sha256($master, "\0" x 32));


our $HttpConfig = <<'_EOC_';
    xpecto_keys $TEST_NGINX_HTML_DIR/keys;
    xpecto_tenants %%DATA%%/tenants.json;
    underscores_in_headers on;
_EOC_

our @Countries = qw( AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF
                     BG BH BI BJ BM BN BO BR BS BT BW );

our $LawConfig = <<'_EOC_';
    xpecto_keys $TEST_NGINX_HTML_DIR/keys;
    xpecto_tenants %%DATA%%/tenants-jurisdiction.json;
    xpecto_jurisdiction_rules %%DATA%%/rules.json;
    xpecto_jurisdiction on;
_EOC_

our $Proxy = <<'_EOC_';
        proxy_set_header Host $http_host;
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
_EOC_


# an upstream that is not ours: it answers with the lines that it was sent

our $Upstream = sub {
    my $request = shift;

    my ($method, $uri) = $request =~ /^(\S+) (\S+)/;
    my $field = sub { CORE::join(', ', $request =~ /^$_[0]: (.*)\r$/mgi) };

    my $body = "method: $method\nauthority: " . $field->('Host')
        . "\npath: " . ($uri =~ s/\?.*//r)
        . "\ntenant: " . $field->('X.Xpecto.Tenant')
        . "\nconsent: " . $field->('X.Xpecto.Consent')
        . "\ninput: " . $field->('Signature-Input')
        . "\nsignature: " . $field->('Signature')
        . "\nother: " . $field->('X-Other')
        . "\nlast: " . $field->('X-Last')
        . "\njurisdiction: " . $field->('X.Xpecto.Jurisdiction') . "\n";

    return "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: "
        . length($body) . "\r\n\r\n$body";
};


# the signature over what the upstream saw, as RFC 9421 section 3.2 says

add_response_body_check(sub {
    my ($block, $body) = @_;

    return unless defined $block->components;

    my %seen = $body =~ /^(\w+): (.*)$/mg;
    my %value = (
        '@method' => $seen{method},
        '@authority' => lc $seen{authority},
        '@path' => $seen{path},
        'x-xpecto-tenant' => $seen{tenant},
        'x-xpecto-jurisdiction' => $seen{jurisdiction},
    );

    my ($params) = $seen{input} =~ /^xpecto=(.*)$/ or return ok 0, 'no input';
    my ($list) = $params =~ /^\(([^)]*)\)/;

    is $list, $block->components, $block->name . ' - what is signed';

    my $base = CORE::join('', map { "\"$_\": $value{$_}\n" }
                              $list =~ /"([^"]+)"/g);

    $base .= "\"\@signature-params\": $params";

    is $seen{signature},
       'xpecto=:' . encode_base64(hmac_sha256($base, $key), '') . ':',
       $block->name . ' - the signature verifies';

    my ($created) = $params =~ /;created=(\d+);/;

    ok abs(time - $created) < 60, $block->name . ' - it is of now';
    like $params, qr/;nonce="[0-9a-f]{32}";keyid="7";alg="hmac-sha256"$/,
         $block->name . ' - nonce, key and algorithm';
});


$ENV{TEST_NGINX_UPSTREAM_PORT} = $ENV{TEST_NGINX_PORT} + 1;

plan_tests(61);

run_tests();

__DATA__

=== TEST 1: tags - signed for a known tenant
--- user_files eval: $main::Keys
--- tcp_listen eval: $ENV{TEST_NGINX_UPSTREAM_PORT}
--- tcp_reply eval: $main::Upstream
--- http_config eval: $main::HttpConfig
--- config eval
"location /v21.0 {
    xpecto_tags on;
    $main::Proxy }"
--- request
GET /v21.0/106540352242922/messages?to=1
--- more_headers
X-API-Key: key-acme
Host: API.example.com
--- components chomp
"@method" "@authority" "@path" "x-xpecto-tenant"
--- response_body_like eval
qr/^tenant: "acme";plan="growth"$/m



=== TEST 2: tags - an absent fact is an absent field, still signed
--- user_files eval: $main::Keys
--- tcp_listen eval: $ENV{TEST_NGINX_UPSTREAM_PORT}
--- tcp_reply eval: $main::Upstream
--- http_config eval: $main::HttpConfig
--- config eval
"location /v21.0 {
    xpecto_tags on;
    $main::Proxy }"
--- request
POST /v21.0/messages
--- more_headers
Host: api.example.com:8080
--- components chomp
"@method" "@authority" "@path"
--- response_body_like eval
qr/^tenant: $/m



=== TEST 3: tags - what a client says in our name goes, tags on
--- user_files eval: $main::Keys
--- tcp_listen eval: $ENV{TEST_NGINX_UPSTREAM_PORT}
--- tcp_reply eval: $main::Upstream
--- http_config eval: $main::HttpConfig
--- config eval
"location /v21.0 {
    xpecto_tags on;
    $main::Proxy }"
--- request
GET /v21.0/
--- more_headers
X-Other: stays
X-Xpecto-Tenant: "globex";plan="growth"
x_xpecto_tenant: "globex"
X-API-Key: key-acme
Signature-Input: xpecto=("@method");keyid="7"
Signature: xpecto=:AAAA:
X_Xpecto-Consent: granted=(sale_share)
X-Last: stays too
--- components chomp
"@method" "@authority" "@path" "x-xpecto-tenant"
--- response_body_like eval
qr/^tenant: "acme";plan="growth"\nconsent: \n(?:.*\n)*other: stays\nlast: stays too$/m



=== TEST 4: tags - what a client says in our name goes, tags off
--- user_files eval: $main::Keys
--- tcp_listen eval: $ENV{TEST_NGINX_UPSTREAM_PORT}
--- tcp_reply eval: $main::Upstream
--- http_config eval: $main::HttpConfig
--- config eval
"location /v21.0 { $main::Proxy }"
--- request
GET /v21.0/
--- more_headers
X-Xpecto-Tenant: "globex"
X-XPECTO-Consent: granted=(sale_share)
X-Other: stays
--- response_body_like eval
qr/^tenant: \nconsent: \ninput: \nsignature: \nother: stays$/m



=== TEST 5: tags - a rewrite rule does not see them either
--- user_files eval: $main::Keys
--- http_config eval: $main::HttpConfig
--- config
    location /v21.0 {
        if ($http_x_xpecto_tenant) {
            return 403;
        }
        empty_gif;
    }
--- request
GET /v21.0/
--- more_headers
X-Xpecto-Tenant: me
--- error_code: 200



=== TEST 6: tags - dozens of header lines, ours first, last and between
--- user_files eval: $main::Keys
--- tcp_listen eval: $ENV{TEST_NGINX_UPSTREAM_PORT}
--- tcp_reply eval: $main::Upstream
--- http_config eval: $main::HttpConfig
--- config eval
"location /v21.0 {
    xpecto_tags on;
    $main::Proxy }"
--- request
GET /v21.0/
--- more_headers eval
CORE::join("\n", "X-Xpecto-Tenant: 0",
    (map { ("X-Filler-$_: $_", $_ % 3 ? () : "X-Xpecto-T$_: $_") } 1 .. 60),
    "X-Other: stays", "X-Last: stays too", "X-Xpecto-Tenant: 1")
--- components chomp
"@method" "@authority" "@path"
--- response_body_like eval
qr/^tenant: \n(?:.*\n)*other: stays\nlast: stays too$/m



=== TEST 7: tags - after an internal redirect they are of the new location
--- user_files eval: $main::Keys
--- tcp_listen eval: $ENV{TEST_NGINX_UPSTREAM_PORT}
--- tcp_reply eval: $main::Upstream
--- http_config eval: $main::HttpConfig
--- config eval
"location = /old {
    xpecto_tags on;
    try_files /none \@new; }
location \@new {
    xpecto_tags on;
    $main::Proxy }"
--- request
GET /old
--- more_headers
X-API-Key: key-globex
--- components chomp
"@method" "@authority" "@path" "x-xpecto-tenant"
--- response_body_like eval
qr/^tenant: "globex";plan="small"$/m



=== TEST 8: tags - another signature of the client passes
--- user_files eval: $main::Keys
--- tcp_listen eval: $ENV{TEST_NGINX_UPSTREAM_PORT}
--- tcp_reply eval: $main::Upstream
--- http_config eval: $main::HttpConfig
--- config eval
"location /v21.0 { $main::Proxy }"
--- request
GET /v21.0/
--- more_headers
Signature-Input: sig1=("@method")
Signature: sig1=:AAAA:
--- response_body_like eval
qr/^input: sig1=\("\@method"\)\nsignature: sig1=:AAAA:$/m



=== TEST 9: tags - off behind an internal redirect
--- user_files eval: $main::Keys
--- tcp_listen eval: $ENV{TEST_NGINX_UPSTREAM_PORT}
--- tcp_reply eval: $main::Upstream
--- http_config eval: $main::HttpConfig
--- config eval
"location /v21.0 { xpecto_tags on; try_files /none \@off; }"
. "location \@off { xpecto_tags off; $main::Proxy }"
--- request
GET /v21.0/
--- more_headers
X-API-Key: key-acme
X-Other: stays
--- response_body_like eval
qr/^tenant: \nconsent: \ninput: \nsignature: \nother: stays$/m



=== TEST 10: tags - the transfer, its basis and what that rests on
--- user_files eval: $main::Keys
--- tcp_listen eval: $ENV{TEST_NGINX_UPSTREAM_PORT}
--- tcp_reply eval: $main::Upstream
--- http_config eval: $main::LawConfig
--- config eval
"location /v1 {
    xpecto_tags on;
    xpecto_message on;
    xpecto_jurisdiction_destination auto;
    $main::Proxy }"
--- request
GET /v1/messages?to=%2B33612345678
--- more_headers
X-API-Key: key-dpf
X-Xpecto-Jurisdiction: origin=("AQ")
--- response_body_like eval
qr/^jurisdiction:\ origin=\("DE"\ "FR"\),\ regime=\("EU_GDPR"\),
\ dest=\("DE"\ "US"\),\ basis="adequate_scoped",
\ instrument="Decision\ \(EU\)\ 2023\/1795\ \(DPF\)",\ region="eu"$/xm
--- components: "@method" "@authority" "@path" "x-xpecto-tenant" "x-xpecto-jurisdiction"
--- no_error_log
[error]



=== TEST 70: tags - more countries than a list has
--- user_files eval: $main::Keys
--- tcp_listen eval: $ENV{TEST_NGINX_UPSTREAM_PORT}
--- tcp_reply eval: $main::Upstream
--- http_config eval: $main::LawConfig
--- config eval
"location /v1 {
    xpecto_tags on;
    xpecto_message on;
    $main::Proxy }"
--- request eval
"GET /v1/messages?" . join '&', map { "to=$_.1" } @main::Countries[0 .. 30]
--- more_headers
X-API-Key: key-dpf
--- response_body_like eval
'(?m)^jurisdiction: origin=\(' . join(' ', map { "\"$_\"" } @main::Countries[0 .. 30])
. '\);more, regime='
--- no_error_log
[error]



=== TEST 71: tags - as many countries as a list has
--- user_files eval: $main::Keys
--- tcp_listen eval: $ENV{TEST_NGINX_UPSTREAM_PORT}
--- tcp_reply eval: $main::Upstream
--- http_config eval: $main::LawConfig
--- config eval
"location /v1 {
    xpecto_tags on;
    xpecto_message on;
    $main::Proxy }"
--- request eval
"GET /v1/messages?" . join '&', map { "to=$_.1" } @main::Countries[0 .. 29]
--- more_headers
X-API-Key: key-dpf
--- response_body_like eval
'(?m)^jurisdiction: origin=\(' . join(' ', map { "\"$_\"" } @main::Countries[0 .. 29],
                                  'DE') . '\), regime='
--- no_error_log
[error]



=== TEST 72: tags - a subrequest has its own
--- user_files eval
"$main::Keys>>> page.html\n" . '<!--#include virtual="/v1/messages" -->'
--- tcp_listen eval: $ENV{TEST_NGINX_UPSTREAM_PORT}
--- tcp_reply eval: $main::Upstream
--- http_config eval: $main::LawConfig
--- config eval
"location = /page.html {
    ssi on;
    xpecto_tags on;
    xpecto_jurisdiction_destination eu;
 }
 location /v1/ {
    xpecto_tags on;
    xpecto_jurisdiction_destination in;
    $main::Proxy
 }"
--- request
GET /page.html
--- more_headers
X-API-Key: key-us
X-Other: kept
--- response_body_like eval
qr/^other: kept\nlast: \njurisdiction: [^\n]*region="in"$/m
--- components: "@method" "@authority" "@path" "x-xpecto-tenant" "x-xpecto-jurisdiction"
--- no_error_log
[error]



=== TEST 73: tags - a subrequest to where there are none has not its request's
--- user_files eval
"$main::Keys>>> page.html\n" . '<!--#include virtual="/plain" -->'
--- tcp_listen eval: $ENV{TEST_NGINX_UPSTREAM_PORT}
--- tcp_reply eval: $main::Upstream
--- http_config eval: $main::LawConfig
--- config eval
"location = /page.html { ssi on; xpecto_tags on; }
 location = /plain { $main::Proxy }"
--- request
GET /page.html
--- more_headers
X-API-Key: key-us
X-Other: kept
--- response_body_like eval
qr/^tenant: \nconsent: \ninput: \nsignature: \nother: kept\nlast: \njurisdiction: $/m
--- no_error_log
[error]



=== TEST 74: tags - a page for a request that cannot be read
--- user_files eval: $main::Keys
--- http_config eval: $main::HttpConfig
--- config
    error_page 400 = /broken;
    location = /broken {
        internal;
        xpecto_tags on;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/seen;
    }
    location = /seen {
        return 200 "seen: $http_x_xpecto_tenant\n";
    }
--- raw_request eval
"GET / HTTX/1.1\r\n\r\n"
--- ignore_response
--- no_error_log
[alert]
