# Signals of the browser, what decides before a choice, and the variables.

use lib 't/lib';
use TestXpecto;
use XpectoToken;

our $Up = <<'_EOC_';
    xpecto_consent on;
    location /x {
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
    }
    location /up {
        xpecto_consent off;
        return 200 "[$http_sec_gpc]";
    }
    location /gpc {
        return 200 "$xpecto_consent_gpc";
    }
    location /few {
        return 200 "$xpecto_consent_analytics$xpecto_consent_ad_storage$xpecto_consent_sale_share";
    }
    location /source {
        return 200 "$xpecto_consent_source";
    }
    location /mode {
        return 200 "$xpecto_consent_mode";
    }
    location /names {
        return 200 "$xpecto_consent|$xpecto_consent_state|$xpecto_consent_cache_key|$xpecto_consent_necessary$xpecto_consent_custom";
    }
_EOC_

add_block_preprocessor {
    my $block = shift;
    my $http = $block->http_config || '';

    $block->set_value('http_config', 'xpecto_keys ' . data_dir()
                      . '/consent-keys; xpecto_consent_cookie secure=1;' . "\n"
                      . $http);
    $block->set_value('config', ($block->config || '') . $Up);
};

chmod 0600, data_dir() . '/consent-keys';
server_name('example.com');
plan_tests(157);
run_tests();

__DATA__

=== TEST 1: Sec-GPC - 1 is on and is passed on once
--- request
GET /x
--- more_headers
Sec-GPC: 1
--- response_body chomp
[1]
--- no_error_log
[error]



=== TEST 2: Sec-GPC - one of two lines is on
--- request
GET /gpc
--- more_headers
Sec-GPC: 0
Sec-GPC: 1
--- response_body chomp
1
--- no_error_log
[error]



=== TEST 3: Sec-GPC - folded by a hop
--- request eval
["GET /gpc", "GET /gpc", "GET /gpc"]
--- more_headers eval
["Sec-GPC: 1, 1", "Sec-GPC: 0,1", "Sec-GPC: 0, 0"]
--- response_body eval
["1", "1", "0"]
--- no_error_log
[error]



=== TEST 4: Sec-GPC - other values are nothing
--- request eval
[ map { "GET /gpc" } 1 .. 5 ]
--- more_headers eval
[ map { "Sec-GPC: $_" } '0', 'true', '1;x', '11', '"1"' ]
--- response_body eval
[ ('0') x 5 ]
--- no_error_log
[error]



=== TEST 5: Sec-GPC - refuses what a choice granted
--- request
GET /few
--- more_headers eval
"Sec-GPC: 1\nCookie: " . main::token(granted => 0x7fff, denied => 0)
--- response_body chomp
100
--- no_error_log
[error]



=== TEST 6: Sec-GPC - a stored signal lasts, and is told to the upstream
--- request eval
["GET /few", "GET /x"]
--- more_headers eval
"Cookie: " . main::token(granted => 0x7fff, denied => 0, flags => 0xc0)
--- response_body eval
["100", "[1]"]
--- no_error_log
[error]



=== TEST 7: Sec-GPC - a sale refused by word is told to the upstream
--- request
GET /x
--- more_headers eval
"Cookie: " . main::token(granted => 0x4001, denied => 0x0080)
--- response_body chomp
[1]
--- no_error_log
[error]



=== TEST 8: Sec-GPC - silence is no signal
--- request eval
["GET /x", "GET /gpc"]
--- response_body eval
["[]", "0"]
--- no_error_log
[error]



=== TEST 9: xpecto_consent_gpc - off
--- http_config
    xpecto_consent_gpc off;
--- request eval
["GET /few", "GET /gpc"]
--- more_headers eval
"Sec-GPC: 1\nCookie: " . main::token(granted => 0x7fff, denied => 0)
--- response_body eval
["111", "0"]
--- no_error_log
[error]



=== TEST 10: xpecto_consent_no_sale - no choice brings it back
--- http_config
    xpecto_consent_no_sale on;
--- request
GET /few
--- more_headers eval
"Cookie: " . main::token(granted => 0x7fff, denied => 0)
--- response_body chomp
110
--- no_error_log
[error]



=== TEST 11: DNT - below a choice
--- request eval
["GET /few", "GET /source"]
--- more_headers eval
"DNT: 1\nCookie: " . main::token(granted => 0x4009, denied => 0)
--- response_body_like eval
["^100\$", "analytics=cookie,ad_storage=dnt,.*marketing_comms=default"]
--- no_error_log
[error]



=== TEST 12: $xpecto_consent_source - names the layer of each purpose
--- http_config
    xpecto_consent_no_sale on;
--- request
GET /source
--- more_headers eval
"Sec-GPC: 1\nCookie: " . main::token(granted => 0x400b, denied => 0x0004)
--- response_body chomp
functional=cookie,preferences=cookie,analytics=cookie,ad_storage=gpc,ad_user_data=gpc,ad_personalization=gpc,sale_share=no_sale,marketing_comms=default,diagnostics=default,session_replay=default,social_embeds=default,precise_geo=default,profiling=default,custom=default
--- no_error_log
[error]



=== TEST 13: $xpecto_consent_mode - Google Consent Mode v2
--- request
GET /mode
--- more_headers eval
"Cookie: " . main::token()
--- response_body chomp
{"ad_storage":"denied","ad_user_data":"denied","ad_personalization":"denied","analytics_storage":"granted","functionality_storage":"denied","personalization_storage":"denied","security_storage":"granted"}
--- no_error_log
[error]



=== TEST 14: variables - of a choice
--- request
GET /names
--- more_headers eval
"Cookie: " . main::token()
--- response_body chomp
necessary,analytics,security|valid|4009|10
--- no_error_log
[error]



=== TEST 15: variables - where the room is off
--- config
    location /off {
        xpecto_consent off;
        return 200 "<$xpecto_consent$xpecto_consent_state$xpecto_consent_gpc$xpecto_consent_necessary$xpecto_consent_mode>";
    }
--- request
GET /off
--- response_body chomp
<>
--- no_error_log
[error]



=== TEST 16: variables - the same after an internal redirect
--- config
    location /first {
        set $before $xpecto_consent_state;
        error_page 404 /second;
        return 404;
    }
    location /second {
        return 200 "$before $xpecto_consent_state $xpecto_consent_analytics";
    }
--- request
GET /first
--- more_headers eval
"Cookie: " . main::token()
--- error_code: 404
--- response_body chomp
valid valid 1
--- no_error_log
[error]



=== TEST 17: a child - is refused all, whatever was granted
--- request
GET /names
--- more_headers eval
"Cookie: " . main::token(age => 0x11)
--- response_body chomp
necessary,security|age_blocked|4001|10
--- no_error_log
[error]



=== TEST 18: a grant by silence - is void where consent must be asked for
--- request
GET /names
--- more_headers eval
"Cookie: " . main::token(flags => 0)
--- response_body chomp
necessary,security|valid|4001|10
--- no_error_log
[error]



=== TEST 19: continued use - grants nothing, and makes nobody a cookie
--- http_config
    xpecto_consent_revision rev=1 effective=2020-01-01;
    xpecto_consent_revision rev=2 effective=2020-01-02;
--- config
    add_header X-Cookies "[$sent_http_set_cookie]" always;
--- request eval
[ ("GET /names", "POST /names\na=1", "GET /names?consent=1") x 2 ]
--- more_headers eval
[ ("Sec-Fetch-Dest: document\nReferer: http://example.com/") x 3,
  ("Sec-Fetch-Dest: document\nCookie: " . main::token(revision => 1)) x 3 ]
--- response_body eval
[ ("necessary,security|none|4001|10") x 3,
  ("necessary,security|stale_policy|4001|10") x 3 ]
--- response_headers eval
[ ("X-Cookies: []\n!Set-Cookie") x 6 ]
--- no_error_log
[error]



=== TEST 20: $xpecto_consent_cache_key - a page is kept for who has chosen the same
--- http_config
    proxy_cache_path %%TMP%%/cache keys_zone=c:1m;
--- config
    location /page {
        proxy_cache c;
        proxy_cache_key $uri$xpecto_consent_cache_key;
        proxy_cache_valid 1m;
        proxy_set_header X-Allowed $xpecto_consent;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/made;
        add_header X-Cache $upstream_cache_status;
    }
    location /made {
        xpecto_consent off;
        return 200 "$http_x_allowed [$http_cookie]";
    }
--- request eval
[ ("GET /page") x 4 ]
--- more_headers eval
[ "Cookie: _ga=1", "Cookie: _ga=2; " . main::token(),
  "Cookie: _ga=3; " . main::token(id => 'J' x 16), "X: y" ]
--- response_body eval
[ "necessary,security []", ("necessary,analytics,security [_ga=2]") x 2,
  "necessary,security []" ]
--- response_headers eval
[ "X-Cache: MISS", "X-Cache: MISS", "X-Cache: HIT", "X-Cache: HIT" ]
--- no_error_log
[error]



=== TEST 21: Sec-GPC - the upstream is told once, and of nothing else
--- request eval
[ ("GET /x") x 6 ]
--- more_headers eval
[ "Sec-GPC: 0\nSec-GPC: 1", "Sec-GPC: 1\nSec-GPC: 0", "Sec-GPC: 0, 1",
  "Sec-GPC: 0\nCookie: " . main::token(granted => 0x4009, denied => 0x0080),
  "Sec-GPC: 0", "Sec-GPC: 1\nX: y\nSec-GPC: nonsense\nSec-GPC:" ]
--- response_body eval
[ "[1]", "[1]", "[1]", "[1]", "[0]", "[1]" ]
--- no_error_log
[error]



=== TEST 22: Sec-GPC - off: it is left alone, but for a contradiction
--- http_config
    xpecto_consent_gpc off;
--- request eval
[ ("GET /x") x 3 ]
--- more_headers eval
[ "Sec-GPC: 0\nSec-GPC: 1", "Sec-GPC: 0, 1", "Sec-GPC: 0" ]
--- response_body eval
[ "[1]", "[0, 1]", "[0]" ]
--- no_error_log
[error]
