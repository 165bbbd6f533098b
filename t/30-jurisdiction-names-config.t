# What nginx says of names in the tenants file that the rules do not have, and
# what becomes of them.

use lib 't/lib';
use TestXpecto;

use Digest::SHA qw( sha256_hex );
use File::Copy;
use JSON::PP;

copy('ngx_xpecto_module/data/jurisdictions.json',
     data_dir() . '/jurisdictions.json') or die "jurisdictions.json: $!";


# "tenants": their members by name; the key of each is "key-" and its name

add_block_preprocessor {
    my $block = shift;
    my $data = data_dir();
    my $tenants = decode_json($block->tenants);

    while (my ($name, $tenant) = each %$tenants) {
        $tenant->{plan} = 'p';
        $tenant->{keys} = [ 'sha256:' . sha256_hex("key-$name") ];
    }

    open my $out, '>', "$data/names.json" or die "names.json: $!";
    print $out encode_json({ version => 1, tenants => $tenants,
                             plans => { p => { limits => [] } } });
    close $out;

    $block->set_value('http_config', <<'_EOC_');
    xpecto_tenants %%DATA%%/names.json;
    xpecto_jurisdiction_rules %%DATA%%/rules.json;
    xpecto_jurisdiction on;
    xpecto_jurisdiction_origin tenant;
    xpecto_jurisdiction_destination eu;
    add_header X-State "$xpecto_jurisdiction_state" always;
    add_header X-Why "$xpecto_jurisdiction_why" always;
_EOC_

    $block->set_value('config', 'location / { empty_gif; }');
};


no_root_location();

plan_tests(30);

run_tests();

__DATA__

=== TEST 1: establishment - codes of the Union: taken for those of ISO 3166-1
--- tenants
{ "uk": { "establishment": [ "UK" ] }, "el": { "establishment": [ "EL" ] },
  "both": { "establishment": [ "UK", "GB" ] } }
--- pipelined_requests eval
["GET /", "GET /", "GET /"]
--- more_headers eval
["X-API-Key: key-uk", "X-API-Key: key-el", "X-API-Key: key-both"]
--- response_headers eval
["X-State: ok\nX-Why: GB,UK_GDPR,DE", "X-State: ok\nX-Why: GR,EU_GDPR,DE",
 "X-State: ok\nX-Why: GB,UK_GDPR,DE"]
--- no_error_log
[error]



=== TEST 2: establishment - codes of the Union: said by nginx -t
--- tenants
{ "uk": { "establishment": [ "UK" ] }, "el": { "establishment": [ "EL" ] },
  "both": { "establishment": [ "UK", "GB" ] } }
--- more_headers
X-API-Key: key-uk
--- response_headers
X-State: ok
--- error_log eval
[qr/\[warn\] .*"UK" at tenants\.uk\.establishment in ".*names\.json" is no ISO 3166-1 code, "GB" is used/,
 qr/"EL" at tenants\.el\.establishment .* "GR" is used/,
 qr/"UK" at tenants\.both\.establishment .* "GB" is used/]



=== TEST 3: names - of nothing in the rules: the tenant is named
--- tenants
{ "acme": { "establishment": [ "QQ", "CA-QV" ], "region": "mars",
            "allow_regions": [ "eu", "pluto" ], "attest": [ "us_dpf_old" ] } }
--- more_headers
X-API-Key: key-acme
--- error_code: 451
--- response_headers
X-State: no_law
--- error_log eval
[qr/\[warn\] .*"QQ" at tenants\.acme\.establishment in ".*names\.json" is not in ".*rules\.json"/,
 qr/"CA-QV" at tenants\.acme\.establishment in /,
 qr/"mars" at tenants\.acme\.region in /,
 qr/"pluto" at tenants\.acme\.allow_regions in /,
 qr/"us_dpf_old" at tenants\.acme\.attest in /]



=== TEST 4: names - a few of them, and how many more
--- tenants eval
'{' . CORE::join(',', map { qq("t$_": { "region": "mars" }) } 1 .. 25) . '}'
--- more_headers
X-API-Key: key-t1
--- error_code: 451
--- grep_error_log eval: qr/"mars" at tenants|\d+ names more in/
--- grep_error_log_out eval
'"mars" at tenants' . "\n" . ("\"mars\" at tenants\n" x 9)
. "15 names more in\n"



=== TEST 5: names - that the rules have
--- tenants
{ "acme": { "establishment": [ "DE", "CA-QC" ], "region": "in",
            "allow_regions": [ "eu", "in" ], "attest": [ "us_dpf" ] } }
--- more_headers
X-API-Key: key-acme
--- error_code: 451
--- response_headers
X-State: ok
--- no_error_log
[warn]
[error]
