# What nginx -t says of the directives of consent.

use lib 't/lib';
use TestXpecto;

add_block_preprocessor {
    my $block = shift;
    my $http = $block->http_config;

    $http = '' unless defined $http;

    $block->set_value('http_config',
                      defined $block->keyless ? $http
                      : "xpecto_keys " . data_dir() . "/consent-keys;$http");

    $block->set_value('must_die', '');
};

# directives in their third line

for my $name (qw( on api both require )) {
    my %text = (on => 'xpecto_consent on;',
                api => 'location /c { xpecto_consent_api; }',
                both => 'location /c { xpecto_consent on; xpecto_consent_api; }',
                require => "location /r { xpecto_consent_require analytics; }");

    open my $out, '>', data_dir() . "/consent-$name.conf" or die "$name: $!";
    print $out "#\n#\n$text{$name}\n#\n";
    close $out or die "$name: $!";
}

{
    open my $out, '>', data_dir() . '/x-file' or die "x-file: $!";
    print $out "x = 1\n";
    close $out;
}

chmod 0600, data_dir() . '/consent-keys';
plan_tests(2 * blocks());
run_tests();

__DATA__

=== TEST 1: xpecto_consent - without keys
--- keyless
--- config
    xpecto_consent on;
--- error_log
"xpecto_consent" is not off, but there is no "xpecto_keys"



=== TEST 2: xpecto_consent - report without keys
--- keyless
--- http_config
    xpecto_consent report;
--- error_log
"xpecto_consent" is not off, but there is no "xpecto_keys"



=== TEST 3: xpecto_consent - another word
--- config
    xpecto_consent maybe;
--- error_log
invalid value "maybe"



=== TEST 4: xpecto_consent - twice
--- config
    xpecto_consent on;
    xpecto_consent off;
--- error_log
"xpecto_consent" directive is duplicate



=== TEST 5: xpecto_consent_cookie - twice
--- config
    xpecto_consent_cookie ttl=1d;
    xpecto_consent_cookie ttl=2d;
--- error_log
"xpecto_consent_cookie" directive is duplicate



=== TEST 6: xpecto_consent_cookie - without parameters
--- config
    xpecto_consent_cookie;
--- error_log
invalid number of arguments in "xpecto_consent_cookie" directive



=== TEST 7: xpecto_consent_cookie - an unknown parameter
--- config
    xpecto_consent_cookie samesite=None;
--- error_log
unknown parameter "samesite=None"



=== TEST 8: xpecto_consent_cookie - a parameter twice
--- config
    xpecto_consent_cookie ttl=1d ttl=2d;
--- error_log
duplicate parameter "ttl"



=== TEST 9: xpecto_consent_cookie - a mode that there is not
--- config
    xpecto_consent_cookie mode=plain;
--- error_log
invalid parameter "mode=plain"



=== TEST 10: xpecto_consent_cookie - longer than browsers keep it
--- config
    xpecto_consent_cookie ttl=401d;
--- error_log
"ttl" must be from 1s to 400d: browsers keep no cookie longer



=== TEST 11: xpecto_consent_cookie - no time at all
--- config
    xpecto_consent_cookie ttl=0;
--- error_log
"ttl" must be from 1s to 400d: browsers keep no cookie longer



=== TEST 12: xpecto_consent_cookie - a domain with a dot in front
--- config
    xpecto_consent_cookie domain=.example.com;
--- error_log
"domain=.example.com" is not a host name in lower case



=== TEST 13: xpecto_consent_cookie - a domain that brings an attribute
--- config
    xpecto_consent_cookie "domain=example.com; SameSite=None";
--- error_log
"domain=example.com; SameSite=None" is not a host name in lower case



=== TEST 14: xpecto_consent_cookie - a name that is none
--- config
    xpecto_consent_cookie "name=my cookie";
--- error_log
"name=my cookie" cannot be the name of a cookie



=== TEST 15: xpecto_consent_cookie - a pattern for a name
--- config
    xpecto_consent_cookie name=xpc*;
--- error_log
"name=xpc*" cannot be the name of a cookie



=== TEST 16: xpecto_consent_cookie - __Host- with a domain
--- config
    xpecto_consent_cookie name=__Host-xpc domain=example.com;
--- error_log
a cookie "__Host-xpc" has no domain: browsers refuse it



=== TEST 17: xpecto_consent_cookie - in a location
--- config
    location /x {
        xpecto_consent_cookie ttl=1d;
    }
--- error_log
"xpecto_consent_cookie" directive is not allowed here



=== TEST 18: xpecto_consent_revision - without a number
--- config
    xpecto_consent_revision effective=2026-03-01 material=yes;
--- error_log
"rev" must be a number from 1 to 4294967295



=== TEST 19: xpecto_consent_revision - zero
--- config
    xpecto_consent_revision rev=0 effective=2026-03-01;
--- error_log
"rev" must be a number from 1 to 4294967295



=== TEST 20: xpecto_consent_revision - too large
--- config
    xpecto_consent_revision rev=4294967296 effective=2026-03-01;
--- error_log
"rev" must be a number from 1 to 4294967295



=== TEST 21: xpecto_consent_revision - without a date
--- config
    xpecto_consent_revision rev=1 material=yes;
--- error_log
"effective" must be a date as 2026-03-01 or 2026-03-01T00:00:00Z



=== TEST 22: xpecto_consent_revision - a day that there is not
--- config
    xpecto_consent_revision rev=1 effective=2026-02-30;
--- error_log
"effective" must be a date as 2026-03-01 or 2026-03-01T00:00:00Z



=== TEST 23: xpecto_consent_revision - a month that there is not
--- config
    xpecto_consent_revision rev=1 effective=2026-13-01;
--- error_log
"effective" must be a date as 2026-03-01 or 2026-03-01T00:00:00Z



=== TEST 24: xpecto_consent_revision - another time zone
--- config
    xpecto_consent_revision rev=1 effective=2026-03-01T00:00:00+01;
--- error_log
"effective" must be a date as 2026-03-01 or 2026-03-01T00:00:00Z



=== TEST 25: xpecto_consent_revision - not in order
--- config
    xpecto_consent_revision rev=2 effective=2026-03-01;
    xpecto_consent_revision rev=1 effective=2026-04-01;
--- error_log
revisions must be given in their order



=== TEST 26: xpecto_consent_revision - the date not in order
--- config
    xpecto_consent_revision rev=1 effective=2026-03-01;
    xpecto_consent_revision rev=2 effective=2026-02-01;
--- error_log
revisions must be given in their order



=== TEST 27: xpecto_consent_purpose - unknown
--- config
    xpecto_consent_purpose tracking _x_*;
--- error_log
unknown purpose "tracking"



=== TEST 28: xpecto_consent_purpose - one that is never refused
--- config
    xpecto_consent_purpose necessary sid;
--- error_log
the purpose "necessary" is never refused: name its cookies in "xpecto_consent_keep"



=== TEST 29: xpecto_consent_purpose - a star that stands for everything
--- config
    xpecto_consent_purpose analytics *;
--- error_log
"*" is neither the name of a cookie nor the begin of one with a "*" behind it



=== TEST 30: xpecto_consent_purpose - a star in the middle
--- config
    xpecto_consent_purpose analytics ab*c;
--- error_log
"ab*c" is neither the name of a cookie nor the begin of one with a "*" behind it



=== TEST 31: xpecto_consent_keep - not a name
--- config
    xpecto_consent_keep sid=1;
--- error_log
"sid=1" is neither the name of a cookie nor the begin of one with a "*" behind it



=== TEST 32: xpecto_consent_gpc - a word that is not offered
--- config
    xpecto_consent_gpc california;
--- error_log
invalid value "california"



=== TEST 33: xpecto_consent_no_sale - neither on nor off
--- config
    xpecto_consent_no_sale always;
--- error_log
invalid value "always"



=== TEST 34: xpecto_consent_api - where consent is off
--- config
    location /.xpecto/consent {
        xpecto_consent_api;
    }
--- error_log
"xpecto_consent_api" is used where "xpecto_consent" is off



=== TEST 35: xpecto_consent_api - in a server
--- config
    xpecto_consent_api;
--- error_log
"xpecto_consent_api" directive is not allowed here



=== TEST 36: xpecto_consent_require - where consent is off
--- config
    location /x {
        xpecto_consent_require analytics;
    }
--- error_log
"xpecto_consent_require" is used where "xpecto_consent" is off



=== TEST 37: xpecto_consent_require - unknown purpose
--- config
    xpecto_consent on;
    location /x {
        xpecto_consent_require tracking;
    }
--- error_log
unknown purpose "tracking"



=== TEST 38: xpecto_consent_require - a status that is not offered
--- config
    xpecto_consent on;
    location /x {
        xpecto_consent_require analytics deny=500;
    }
--- error_log
invalid parameter "deny=500"



=== TEST 39: xpecto_consent_require - twice
--- config
    xpecto_consent on;
    location /x {
        xpecto_consent_require analytics;
        xpecto_consent_require functional;
    }
--- error_log
"xpecto_consent_require" directive is duplicate



=== TEST 40: xpecto_consent_api - another parameter
--- config
    xpecto_consent on;
    location /x {
        xpecto_consent_api state;
    }
--- error_log
invalid value "state", it must be "gpc"



=== TEST 41: xpecto_consent_age_min - below what the policy promises
--- config
    xpecto_consent_age_min 12;
--- error_log
invalid age "12", it must be "local" or from 13 to 18



=== TEST 42: xpecto_consent_age_min - twice
--- config
    xpecto_consent_age_min local;
    xpecto_consent_age_min 16;
--- error_log
"xpecto_consent_age_min" directive is duplicate



=== TEST 43: xpecto_consent_require - a page elsewhere
--- config
    xpecto_consent on;
    location /x {
        xpecto_consent_require analytics page=//elsewhere.example/;
    }
--- error_log
invalid "page=//elsewhere.example/", it must be the path of a page of this site



=== TEST 44: xpecto_consent_expire - twice
--- config
    xpecto_consent_expire on;
    xpecto_consent_expire off;
--- error_log
"xpecto_consent_expire" directive is duplicate



=== TEST 45: xpecto_consent_expire - not a domain
--- config
    xpecto_consent_expire example.com .example.org;
--- error_log
".example.org" is neither "on" nor "off" nor a domain, as in "example.com"



=== TEST 46: xpecto_consent_expire - a domain without a dot
--- config
    xpecto_consent_expire localhost;
--- error_log
"localhost" is neither "on" nor "off" nor a domain, as in "example.com"



=== TEST 47: xpecto_consent_controller - without what a receipt needs
--- config
    xpecto_consent_controller name=X policy=https://x/;
--- error_log
a receipt needs "name", "address", "contact", "policy", and "storage"



=== TEST 48: xpecto_consent_controller - a policy that is not on the web
--- config
    xpecto_consent_controller name=X address=Y contact=Z policy=/privacy storage=IN;
--- error_log
"policy=/privacy" is not an https URL



=== TEST 49: xpecto_consent_controller - a country that is none
--- config
    xpecto_consent_controller name=X address=Y contact=Z policy=https://x/ storage=IN,Germany;
--- error_log
"storage=IN,Germany" is not a list of countries as IN,DE



=== TEST 50: xpecto_consent_controller - a list that goes on
--- config
    xpecto_consent_controller name=X address=Y contact=Z policy=https://x/ storage=IN,;
--- error_log
"storage=IN," is not a list of countries as IN,DE



=== TEST 51: xpecto_consent_controller - twice
--- config
    xpecto_consent_controller name=X address=Y contact=Z policy=https://x/ storage=IN;
    xpecto_consent_controller name=X address=Y contact=Z policy=https://x/ storage=IN;
--- error_log
"xpecto_consent_controller" directive is duplicate



=== TEST 52: xpecto_consent_processor - unknown purpose
--- config
    xpecto_consent_processor meta ads;
--- error_log
unknown purpose "ads"



=== TEST 53: xpecto_consent_processor - twice
--- config
    xpecto_consent_processor meta ad_storage;
    xpecto_consent_processor meta analytics;
--- error_log
duplicate processor "meta"



=== TEST 54: xpecto_consent_purpose - an unknown basis
--- config
    xpecto_consent_purpose analytics basis=habit;
--- error_log
invalid "basis=habit", it must be "basis=consent" or "basis=legitimate_interest"



=== TEST 55: xpecto_consent_purpose - what needs a consent
--- config
    xpecto_consent_purpose ad_storage basis=legitimate_interest;
--- error_log
"ad_storage" needs a consent: it is what an opt-out signal refuses



=== TEST 56: xpecto_consent_cookie - the name of the cookie of an age
--- config
    xpecto_consent_cookie name=__Host-Http-xpa;
--- error_log
"name=__Host-Http-xpa" is the name of the cookie of an age



=== TEST 57: xpecto_consent_cookie - and the one that it has with a domain
--- config
    xpecto_consent_cookie name=__Secure-xpa;
--- error_log
"name=__Secure-xpa" is the name of the cookie of an age



=== TEST 58: xpecto_consent_purpose - our own cookies are no trackers
--- config
    xpecto_consent_purpose analytics __Host-Http-*;
--- error_log
"xpecto_consent_purpose" names our own cookies as trackers



=== TEST 59: xpecto_consent_purpose - nor is the one of an age
--- config
    xpecto_consent_purpose analytics __Host-Http-xpa;
--- error_log
"xpecto_consent_purpose" names our own cookies as trackers



=== TEST 60: xpecto_consent - without keys, in the line that needs them
--- keyless
--- config
    include %%DATA%%/consent-on.conf;
--- error_log eval
qr{there is no "xpecto_keys" in \S+/consent-on\.conf:3\n}



=== TEST 61: xpecto_consent_api - without keys, in the line that needs them
--- keyless
--- config
    include %%DATA%%/consent-both.conf;
--- error_log eval
qr{there is no "xpecto_keys" in \S+/consent-both\.conf:3\n}



=== TEST 62: xpecto_consent_api - where consent is off, in its line
--- config
    include %%DATA%%/consent-api.conf;
--- error_log eval
qr{"xpecto_consent_api" is used where "xpecto_consent" is off in \S+/consent-api\.conf:3\n}



=== TEST 63: xpecto_consent_require - where consent is off, in its line
--- config
    include %%DATA%%/consent-require.conf;
--- error_log eval
qr{"xpecto_consent_require" is used where "xpecto_consent" is off in \S+/consent-require\.conf:3\n}



=== TEST 64: xpecto_consent_purpose - unknown, and what there is
--- config
    xpecto_consent_purpose tracking _x;
--- error_log
unknown purpose "tracking", there are: necessary functional preferences analytics ad_storage ad_user_data ad_personalization sale_share marketing_comms diagnostics session_replay social_embeds precise_geo profiling security custom in



=== TEST 65: xpecto_consent_require - unknown, and what there is
--- config
    xpecto_consent on;
    location /x {
        xpecto_consent_require tracking;
    }
--- error_log
unknown purpose "tracking", there are: necessary functional



=== TEST 66: xpecto_consent_processor - unknown, and what there is
--- config
    xpecto_consent_processor Acme ads;
--- error_log
unknown purpose "ads", there are: necessary functional



=== TEST 67: xpecto_consent_api - in a location with a regular expression
--- config
    xpecto_consent on;
    location ~ ^/privacy/(choices)$ {
        xpecto_consent_api;
    }
--- error_log
"xpecto_consent_api" needs a location of a prefix, as "location /.xpecto/consent": in "^/privacy/(choices)$" nothing tells the API's resources apart



=== TEST 68: xpecto_consent_api - in a named location
--- config
    xpecto_consent on;
    location @choices {
        xpecto_consent_api;
    }
--- error_log
"xpecto_consent_api" needs a location of a prefix, as "location /.xpecto/consent": in "@choices" nothing



=== TEST 69: xpecto_consent_require - a page that is no path
--- config
    xpecto_consent on;
    location /x {
        xpecto_consent_require analytics page=consent;
    }
--- error_log
invalid "page=consent", it must be the path of a page of this site, without arguments: that of "xpecto_consent_api", as "page=/.xpecto/consent"



=== TEST 70: xpecto_consent_require - a page with arguments
--- config
    xpecto_consent on;
    location /x {
        xpecto_consent_require analytics page=/consent?lang=de;
    }
--- error_log
invalid "page=/consent?lang=de", it must be the path



=== TEST 71: xpecto_consent_require - a page by a variable
--- config
    xpecto_consent on;
    location /x {
        xpecto_consent_require analytics page=$page;
    }
--- error_log
invalid "page=$page", it must be the path



=== TEST 72: xpecto_consent_require - a purpose that nobody is asked for
--- config
    xpecto_consent on;
    location /c { xpecto_consent_api; }
    location /x {
        xpecto_consent_require custom;
    }
--- error_log
nobody is asked for the purpose "custom" that "xpecto_consent_require" names: it needs "xpecto_consent_purpose custom" in



=== TEST 73: xpecto_consent_cookie - a domain that the host is not in
--- http_config
    server {
        listen unix:%%TMP%%/s.sock;
        server_name shop.example.net;
        xpecto_consent_cookie domain=example.com;
        xpecto_consent on;
    }
--- error_log
"xpecto_consent_cookie domain=example.com" is not the domain of the server name "shop.example.net": browsers keep no choice there in



=== TEST 74: xpecto_consent_cookie - a domain that merely ends alike
--- http_config
    server {
        listen unix:%%TMP%%/s.sock;
        server_name *.notexample.com;
        xpecto_consent_cookie domain=example.com;
        xpecto_consent on;
    }
--- error_log
is not the domain of the server name "*.notexample.com"



=== TEST 75: xpecto_consent_cookie - a domain below the host
--- http_config
    server {
        listen unix:%%TMP%%/s.sock;
        server_name example.com;
        xpecto_consent_cookie domain=www.example.com;
        xpecto_consent on;
    }
--- error_log
"xpecto_consent_cookie domain=www.example.com" is not the domain of the server name "example.com"



=== TEST 76: xpecto_consent_controller - a country that there is not
--- config
    xpecto_consent_controller name=X address=Y contact=Z policy=https://x/ storage=IN,XX;
--- error_log
"storage=IN,XX": there is no country "XX"



=== TEST 77: xpecto_consent_page - of a server without the API
--- http_config
    server {
        listen unix:%%TMP%%/s.sock;
        xpecto_consent on;
        location /c { xpecto_consent_api; }
    }
--- config
    xpecto_consent on;
    xpecto_consent_page policy=/p;
--- error_log
"xpecto_consent_page" is used where no location has "xpecto_consent_api": nobody sees it in



=== TEST 78: xpecto_consent_page - of nobody
--- http_config
    xpecto_consent on;
    xpecto_consent_page policy=/p;
--- error_log
"xpecto_consent_page" is used where no location has "xpecto_consent_api": nobody sees it in



=== TEST 79: xpecto_consent_purpose - no interest in where somebody is
--- config
    xpecto_consent_purpose precise_geo basis=legitimate_interest;
--- error_log
"precise_geo" needs a consent: it is granted by nobody's silence



=== TEST 80: xpecto_consent_purpose - no interest in what somebody does
--- config
    xpecto_consent_purpose session_replay basis=legitimate_interest;
--- error_log
"session_replay" needs a consent: it is granted by nobody's silence



=== TEST 81: xpecto_consent_zone - a file of another, however it begins
--- http_config
    xpecto_consent_zone revoked:1m persist=%%DATA%%/x-file;
--- error_log
x-file" is not a file of xpecto_consent_zone



=== TEST 82: xpecto_consent_zone - what is no file
--- http_config
    xpecto_consent_zone revoked:1m persist=/dev/null;
--- error_log
"/dev/null" is not a regular file
