# Where Global Privacy Control is honored, and where that is said.

use lib 't/lib';
use TestXpecto;

use File::Copy;

use XpectoToken;

copy('ngx_xpecto_module/data/jurisdictions.json',
     data_dir() . '/jurisdictions.json') or die "jurisdictions.json: $!";

our $Db = data_dir() . '/mmdb/nested24.mmdb';

# one of California alone, whose day is to come

open my $in, '<', data_dir() . '/jurisdictions.json' or die;
my $data = join '', <$in>;
close $in;

$data =~ s/"opt_out_signal_from":"2\d+-/"opt_out_signal_from":"2099-/g;

open my $out, '>', data_dir() . '/later.json' or die;
print $out $data;
close $out;

open $in, '<', data_dir() . '/rules.json' or die;
my $rules = join '', <$in>;
close $in;

$rules =~ s/"jurisdictions.json"/"later.json"/;

open $out, '>', data_dir() . '/later-rules.json' or die;
print $out $rules;
close $out;

add_block_preprocessor {
    my $block = shift;
    my $http = $block->http_config || '';
    my $rules = $block->rules || 'rules.json';

    $block->set_value('http_config', <<"_EOC_" . $http);
        xpecto_keys %%DATA%%/consent-keys;
        xpecto_consent_cookie secure=1;
        xpecto_jurisdiction_rules %%DATA%%/$rules reload=0;
        xpecto_jurisdiction_geoip $Db max_age=0;
        set_real_ip_from 127.0.0.1;
        real_ip_header X-Forwarded-For;
_EOC_

    $block->set_value('config', ($block->config || '') . <<'_EOC_');
        xpecto_consent on;
        xpecto_jurisdiction on;
        location = /t {
            return 200 "$xpecto_consent_gpc $xpecto_consent_signal $xpecto_consent_sale_share";
        }
        location = /.well-known/gpc.json {
            xpecto_consent_api gpc;
        }
        location /c {
            xpecto_consent_api;
        }
_EOC_
};

chmod 0600, data_dir() . '/consent-keys';
server_name('example.com');
plan_tests(68);
run_tests();

__DATA__

=== TEST 1: law - honored in a country where it binds, and where nobody is known
--- http_config
    xpecto_consent_gpc law;
--- request eval
[ ("GET /t") x 4 ]
--- more_headers eval
[ map { "Sec-GPC: 1\nX-Forwarded-For: $_" }
  '23.1.1.1', '77.65.1.1', '10.1.1.1', '14.1.1.1' ]
--- response_body eval
[ '1 honored 0', '0 ignored 0', '1 honored 0', '0 ignored 0' ]
--- no_error_log
[error]



=== TEST 2: everywhere - is the default
--- request eval
[ ("GET /t") x 3 ]
--- more_headers eval
[ map { "Sec-GPC: 1\nX-Forwarded-For: $_" }
  '23.1.1.1', '77.65.1.1', '10.1.1.1' ]
--- response_body eval
[ ('1 honored 0') x 3 ]
--- no_error_log
[error]



=== TEST 3: law - not before its day, and opt-out grants as without it
--- http_config
    xpecto_consent_gpc law;
--- rules: later-rules.json
--- request eval
[ ("GET /t") x 2 ]
--- more_headers eval
[ "Sec-GPC: 1\nX-Forwarded-For: 23.1.1.1",
  "Sec-GPC: 1\nX-Forwarded-For: 10.1.1.1" ]
--- response_body eval
[ '0 ignored 1', '1 honored 0' ]
--- no_error_log
[error]



=== TEST 4: off - not even there
--- http_config
    xpecto_consent_gpc off;
--- more_headers
Sec-GPC: 1
X-Forwarded-For: 23.1.1.1
--- request
GET /t
--- response_body chomp
0 ignored 1
--- no_error_log
[error]



=== TEST 5: law - without a room of jurisdiction it is honored
--- http_config
    xpecto_consent_gpc law;
--- config
    location = /off {
        xpecto_jurisdiction off;
        return 200 "$xpecto_consent_signal";
    }
--- more_headers
Sec-GPC: 1
X-Forwarded-For: 77.65.1.1
--- request
GET /off
--- response_body chomp
honored
--- no_error_log
[error]



=== TEST 6: signal - one that is stored, one that is not there
--- request eval
[ ("GET /t") x 2 ]
--- more_headers eval
[ "Cookie: " . main::token(flags => 0xc0, granted => 0x4089, denied => 0),
  "Cookie: " . main::token(granted => 0x4089, denied => 0) ]
--- response_body eval
[ '1 stored 0', '0 none 1' ]
--- no_error_log
[error]



=== TEST 7: signal - the API shows it
--- request eval
[ "GET /c", "GET /c" ]
--- more_headers eval
[ "Sec-GPC: 1", "" ]
--- response_body_like eval
[ '"gpc":true,"signal":"honored",', '"gpc":false,"signal":"none",' ]
--- no_error_log
[error]



=== TEST 8: gpc.json - since when, without TLS and for anybody
--- http_config
    xpecto_consent_revision rev=1 effective=2026-02-03T04:05:06Z;
    xpecto_consent_revision rev=2 effective=2099-01-01;
--- request
GET /.well-known/gpc.json
--- response_headers
Content-Type: application/json
!Set-Cookie
--- response_body
{"gpc":true,"lastUpdate":"2026-02-03"}
--- no_error_log
[error]



=== TEST 9: gpc.json - without a revision, by law only, and off
--- http_config
    xpecto_consent_gpc law;
    server {
        listen unix:%%TMP%%/off.sock;
        xpecto_consent on;
        xpecto_consent_gpc off;
        location / {
            xpecto_consent_api gpc;
        }
    }
--- config
    location = /off {
        proxy_pass http://unix:%%TMP%%/off.sock;
    }
--- request eval
[ "GET /.well-known/gpc.json", "GET /off", "POST /.well-known/gpc.json\n{}" ]
--- response_body_like eval
[ '^\{"gpc":true\}$', '^\{"gpc":false\}$', '"status":405' ]
--- error_code eval
[ 200, 200, 405 ]
--- no_error_log
[error]



=== TEST 10: a signal that came with a choice stays with it, until all is taken back
--- request eval
[ ("POST /c\n{\"accept\":[\"*\"]}") x 3 ]
--- more_headers eval
[ map { "Sec-Fetch-Site: same-origin\nContent-Type: application/json\n"
        . "Cookie: " . main::token(flags => $_->[0], granted => $_->[1],
                                   denied => $_->[2]) }
  [ 0xc0, 0x4009, 0x3ff6 ], [ 0x80, 0x4009, 0x3ff6 ], [ 0x80, 0x4001, 0x3ffe ] ]
--- response_body_like eval
[ '"gpc":true,"signal":"stored".*"ad_storage":\{"granted":false,"source":"gpc"\}',
  ('"gpc":false,"signal":"none".*"ad_storage":\{"granted":true,"source":"cookie"\}') x 2 ]
--- no_error_log
[error]
