# xpecto_consent_page: the preferences page of the API, without a script.

use lib 't/lib';
use TestXpecto;
use XpectoToken;

our $Day = time - time % 86400;

our $Html = 'Accept: text/html,application/xhtml+xml,'
            . 'application/xml;q=0.9,*/*;q=0.8';

add_block_preprocessor {
    my $block = shift;
    my $http = $block->http_config || '';
    my $headers = $block->more_headers || '';

    $block->set_value('http_config', <<"_EOC_" . $http);
        xpecto_keys @{[data_dir()]}/consent-keys;
        xpecto_consent_cookie secure=\$http_x_tls;
_EOC_

    if (!ref $headers) {
        chomp $headers;
        $block->set_value('more_headers', "X-TLS: on\n$headers");
    }

    $block->set_value('config', ($block->config || '') . <<'_EOC_');
        xpecto_consent on;
        location /.xpecto/consent {
            xpecto_consent_api;
        }
_EOC_
};

chmod 0600, data_dir() . '/consent-keys';
server_name('example.com');
plan_tests(10);
run_tests();

__DATA__

=== TEST 1: page - a browser gets it, whole and under a policy of its own
--- request
GET /.xpecto/consent
--- more_headers eval: $::Html
--- response_headers
Content-Type: text/html; charset=utf-8
Cache-Control: private, no-store
Vary: Accept, Cookie, Sec-GPC, DNT, Origin
!Set-Cookie
--- response_headers_like
Content-Security-Policy: default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; form-action 'self'; frame-ancestors 'none'; base-uri 'none'
--- response_body_like eval
qr{^<!doctype html>\n<html lang="en">.*<button form="accept" name="accept" value="all">.*</html>\n$}s
--- no_error_log
[error]



=== TEST 2: page - a client that does not say so gets JSON
--- request
GET /.xpecto/consent
--- more_headers
Accept: */*
--- response_headers
Content-Type: application/json
--- no_error_log
[error]
