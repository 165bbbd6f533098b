# What a choice that is over still says, what silence does not say of somebody
# young, and which words say that a connection is one of TLS.

use lib 't/lib';
use TestXpecto;

use File::Copy;

use XpectoToken;

copy('ngx_xpecto_module/data/jurisdictions.json',
     data_dir() . '/jurisdictions.json') or die "jurisdictions.json: $!";

our $Db = data_dir() . '/mmdb/nested24.mmdb';

our $US = "\nX-Forwarded-For: 23.1.1.1";

# all but the sale was granted, and that was refused

our @Refused = (granted => 0x7f7f, denied => 0x0080);
our @Objected = (granted => 0x4001, denied => 0x0008);


sub age {
    return token(name => '__Host-Http-xpa', flags => 0, granted => 0x4001,
                 denied => 0, method => 0, age => shift);
}


add_block_preprocessor {
    my $block = shift;

    $block->set_value('http_config', <<"_EOC_" . ($block->http_config || ''));
        xpecto_keys %%DATA%%/consent-keys;
        xpecto_jurisdiction_rules %%DATA%%/rules.json reload=0;
        xpecto_jurisdiction_geoip $Db max_age=0;
        set_real_ip_from 127.0.0.1;
        real_ip_header X-Forwarded-For;
_EOC_

    $block->set_value('config', <<'_EOC_' . ($block->config || ''));
        xpecto_consent on;
        xpecto_jurisdiction on;
        location = /t {
            return 200 "$xpecto_consent_state $xpecto_consent_analytics$xpecto_consent_sale_share $xpecto_consent_gpc";
        }
_EOC_
};

chmod 0600, data_dir() . '/consent-keys';
server_name('example.com');
no_long_string();
plan_tests(90);
run_tests();

__DATA__

=== TEST 1: over - a revision makes no grant of a refusal
--- http_config
    xpecto_consent_cookie secure=1;
    xpecto_consent_revision rev=2 effective=2020-01-01 material=yes;
--- request eval
[ ("GET /t") x 5 ]
--- more_headers eval
[ map { "Cookie: $_$::US" } 'a=b',
  main::token(@::Refused, revision => 2), main::token(@::Refused, revision => 1),
  main::token(granted => 0x7fff, denied => 0, flags => 0xc0, revision => 1),
  main::token(granted => 0x7fff, denied => 0, flags => 0x82, revision => 1) ]
--- response_body eval
[ 'none 11 0', 'valid 10 0', 'stale_policy 10 0', 'stale_policy 10 1',
  'stale_policy 00 0' ]
--- no_error_log
[error]



=== TEST 2: over - nor does the end of it
--- http_config
    xpecto_consent_cookie secure=1;
--- request eval
[ ("GET /t") x 2 ]
--- more_headers eval
[ map { "Cookie: $_$::US" }
  main::token(@::Refused, created => time - 100000, ttl => 60),
  main::token(granted => 0x7fff, denied => 0, created => time - 100000,
              ttl => 60) ]
--- response_body eval
[ 'expired 10 0', 'expired 11 0' ]
--- no_error_log
[error]



=== TEST 3: over - what was granted is not, where it has to be asked for
--- http_config
    xpecto_consent_cookie secure=1;
    xpecto_consent_revision rev=2 effective=2020-01-01 material=yes;
    xpecto_consent_purpose analytics basis=legitimate_interest _x*;
--- request eval
[ ("GET /t") x 3 ]
--- more_headers eval
[ map { "Cookie: $_\nX-Forwarded-For: 77.65.1.1" } 'a=b',
  main::token(@::Objected, revision => 1),
  main::token(granted => 0x7fff, denied => 0, revision => 1) ]
--- response_body eval
[ 'none 10 0', 'stale_policy 00 0', 'stale_policy 10 0' ]
--- no_error_log
[error]



=== TEST 4: age - below 16 silence sells nothing, a word does
--- http_config
    xpecto_consent_cookie secure=1;
    xpecto_consent_age_min local;
--- request eval
[ ("GET /t") x 6 ]
--- more_headers eval
[ map { "Cookie: $_$::US" } 'a=b', main::age(0x12), main::age(0x14),
  main::age(0x15), main::age(0x16),
  main::age(0x14) . '; ' . main::token(granted => 0x7fff, denied => 0) ]
--- response_body eval
[ 'none 11 0', 'none 10 0', 'none 10 0', 'none 11 0', 'none 11 0',
  'valid 11 0' ]
--- no_error_log
[error]



=== TEST 5: secure - words that say so
--- http_config
    xpecto_consent_cookie secure=$arg_s;
--- request eval
[ map { "GET /t?s=$_" } qw( 1 on ON https HTTPS 0 off http no true 11 ), '' ]
--- more_headers eval
"Cookie: " . main::token(@::Refused) . $::US
--- response_body eval
[ ('valid 10 0') x 5, ('none 11 0') x 7 ]
--- no_error_log
[error]



=== TEST 6: over - what is accepted next takes no refusal along
--- http_config
    xpecto_consent_cookie secure=1;
    xpecto_consent_revision rev=2 effective=2020-01-01 material=yes;
--- config
    location /c { xpecto_consent_api; }
--- request eval
[ (qq(POST /c\n{"accept":["analytics"]})) x 2 ]
--- more_headers eval
[ map { "Content-Type: application/json\nSec-Fetch-Site: same-origin\n"
        . "Cookie: $_$::US" }
  main::token(@::Refused, revision => 1), 'a=b' ]
--- response_body_like eval
[ '"sale_share":\{"granted":false,"source":"cookie"\}',
  '"sale_share":\{"granted":true,"source":"default"\}' ]
--- no_error_log
[error]
