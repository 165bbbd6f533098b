# What nginx -t warns of, and what it says nothing of.

use lib 't/lib';
use TestXpecto;


my $root = $ENV{TEST_NGINX_SERVROOT};


add_response_body_check(sub {
    my ($block) = @_;

    # nginx -t ends without giving memory back

    local $ENV{ASAN_OPTIONS} = ($ENV{ASAN_OPTIONS} // '') . ':detect_leaks=0';

    my $said = `$ENV{TEST_NGINX_BINARY} -t -p $root/ -c $root/conf/nginx.conf 2>&1`;
    my @warned = $said =~ /\[(?:warn|emerg)\] (.*)/g;
    my $i = 0;

    for my $line (split /\n/, $block->warns // '') {
        like $warned[$i++] // '', qr/\Q$line/, $block->name . ' - said';
    }

    is $#warned, $i - 1, $block->name . ' - and nothing else';
    like $said, qr/test is successful/, $block->name . ' - it is no error';
});


add_block_preprocessor {
    my $block = shift;

    $block->set_value('http_config', "xpecto_keys " . data_dir()
                      . '/consent-keys;' . $block->http_config);
    $block->set_value('config', 'location /t { return 200; }');
    $block->set_value('request', 'GET /t');
};


chmod 0600, data_dir() . '/consent-keys';
plan_tests(25);
run_tests();

__DATA__

=== TEST 1: xpecto_consent_cookie - one of several names outside the domain
--- http_config
    server {
        listen unix:%%TMP%%/s.sock;
        server_name example.com .example.com example.net;
        xpecto_consent_cookie domain=example.com;
        xpecto_consent on;
    }
--- warns
is not the domain of the server name "example.net": browsers keep no choice there in



=== TEST 2: xpecto_consent_cookie - names that may be within the domain
--- http_config
    xpecto_consent_cookie domain=example.com;
    xpecto_consent on;
    server {
        listen unix:%%TMP%%/s.sock;
        server_name ~^.* www.example.* "" _ localhost;
    }
    server {
        listen unix:%%TMP%%/t.sock;
        server_name *.shop.example.com;
    }



=== TEST 3: xpecto_consent_cookie - names outside where consent is off
--- http_config
    xpecto_consent_cookie domain=example.com;
    server {
        listen unix:%%TMP%%/s.sock;
        server_name example.net;
    }



=== TEST 4: xpecto_consent_require - where nobody can consent
--- http_config
    server {
        listen unix:%%TMP%%/s.sock;
        xpecto_consent on;
        location /x {
            xpecto_consent_require analytics;
            location /x/y { }
        }
    }
--- warns
"xpecto_consent_require" is used, but no location of this server has "xpecto_consent_api": nobody can consent here in



=== TEST 5: xpecto_consent_require - the API is at another host of the domain
--- http_config
    server {
        listen unix:%%TMP%%/s.sock;
        server_name www.example.com;
        xpecto_consent_cookie domain=example.com;
        xpecto_consent on;
        location /x {
            xpecto_consent_require analytics;
        }
    }



=== TEST 6: xpecto_consent_gpc - law without laws
--- http_config
    xpecto_consent on;
    xpecto_consent_gpc law;
--- warns
"xpecto_consent_gpc law" is "everywhere" without "xpecto_jurisdiction_rules": no country is known



=== TEST 7: xpecto_consent_age_min - local without laws
--- http_config
    xpecto_consent on;
    xpecto_consent_age_min local;
--- warns
"xpecto_consent_age_min local" is 16 everywhere without "xpecto_jurisdiction_rules": no country is known
