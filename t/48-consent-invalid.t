# A token that cannot be verified, whatever the reason, may have been a
# refusal: one answer for all of them, also where silence would grant, and a
# counter for each reason.

use lib 't/lib';
use TestXpecto;

use File::Copy;

use XpectoToken;

copy('ngx_xpecto_module/data/jurisdictions.json',
     data_dir() . '/jurisdictions.json') or die "jurisdictions.json: $!";

our $Db = data_dir() . '/mmdb/nested24.mmdb';

# where silence grants, where it does not, and nowhere

our ($Us, $De, $Nowhere) = map { "X-Forwarded-For: $_" }
                           '23.1.1.1', '77.65.1.1', '10.1.1.1';

my $name = '__Host-Http-xpc';
my $good = token();
my $mac = $good;

substr($mac, -1) = substr($mac, -1) eq 'A' ? 'B' : 'A';

our %Bad = (
    format => [ "$name=", "$name=1", "$name=" . 'Z' x 88, "$name=\"\xff\"",
                "$name=" . 'A' x 3000, "$good; $name=1", $good . 'A',
                substr($good, 0, -1) ],
    key => [ token(kid => 9) ],
    mac => [ $mac, token(scope => 'example.org'),
             token(name => 'xpc') =~ s/^xpc/$name/r ],
    range => [ token(created => 0, updated => time), token(ttl => 0),
               token(created => time + 400, updated => time + 400),
               token(created => time + 100, updated => time),
               token(updated => 1), token(created => 0xffffffff - 86400),
               token(granted => 0x4009, denied => 0x0008),
               token(id => "\0" x 16) ],
);

our @Reasons = sort keys %Bad;
our @All = map { @{$Bad{$_}} } @Reasons;

add_block_preprocessor {
    my $block = shift;

    $block->set_value('http_config', <<"_EOC_");
        xpecto_keys %%DATA%%/consent-keys;
        xpecto_jurisdiction_rules %%DATA%%/rules.json reload=0;
        xpecto_jurisdiction_geoip $Db max_age=0;
        xpecto_consent_cookie secure=1;
        set_real_ip_from 127.0.0.1;
        real_ip_header X-Forwarded-For;
        large_client_header_buffers 4 16k;
_EOC_

    $block->set_value('config', <<'_EOC_');
        xpecto_consent on;
        xpecto_jurisdiction on;
        location = /t {
            proxy_set_header X-State "$xpecto_consent_state $xpecto_consent";
            proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
        }
        location = /up {
            xpecto_consent off;
            xpecto_jurisdiction off;
            add_header Set-Cookie "_ga=1";
            return 200 "$http_x_state [$http_cookie]";
        }
        location = /status {
            xpecto_consent off;
            xpecto_status;
        }
_EOC_
};

chmod 0600, data_dir() . '/consent-keys';
server_name('example.com');
skip_hup('what was counted outlives a reload');
plan_tests(221);
run_tests();

__DATA__

=== TEST 1: an invalid token - is refused where silence grants, equally
--- request eval
[ map { "GET /t" } @::All ]
--- more_headers eval
[ map { "$::Us\nCookie: a=1; _ga=2; $_" } @::All ]
--- response_body eval
[ map { "invalid necessary,security [a=1]" } @::All ]
--- response_headers eval
[ map { "!Set-Cookie" } @::All ]
--- no_error_log
[error]



=== TEST 2: an invalid token - is refused where nobody is known
--- request eval
[ map { "GET /t" } @::All ]
--- more_headers eval
[ map { "$::Nowhere\nCookie: a=1; _ga=2; $_" } @::All ]
--- response_body eval
[ map { "invalid necessary,security [a=1]" } @::All ]
--- no_error_log
[error]



=== TEST 3: no token - silence grants by law alone, and nowhere it does not
--- request eval
[ map { "GET /t" } 1 .. 3 ]
--- more_headers eval
[ map { "$_\nCookie: a=1; _ga=2" } $::Us, $::De, $::Nowhere ]
--- response_body_like eval
[ '^none necessary,functional,.*analytics,.* \[a=1; _ga=2\]$',
  ('^none necessary,security \[a=1\]$') x 2 ]
--- no_error_log
[error]



=== TEST 4: an invalid token - of an app, equally
--- request eval
[ map { "GET /t" } 1 .. 3 ]
--- more_headers eval
[ map { "$::Us\nCookie: a=1; _ga=2\nXpecto-Consent: $_" }
  'x', 'Z' x 88, main::token() =~ s/.*?=//r ]
--- response_body eval
[ ("invalid necessary,security [a=1]") x 3 ]
--- no_error_log
[error]



=== TEST 5: an invalid token - is counted by its reason
--- request eval
[ (map { "GET /t" } @::All), "GET /status" ]
--- more_headers eval
[ (map { "$::Us\nCookie: $_" } @::All), "X: y" ]
--- response_body_like eval
[ (map { "^invalid " } @::All),
  CORE::join '', map { "(?ms)(?=.*^xpecto_consent_requests_total\\{state=\"invalid_$_\"\\} "
                       . @{$::Bad{$_}} . "\$)" } @::Reasons ]
--- no_error_log
[error]
