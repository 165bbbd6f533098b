# Upstreams that do not speak HTTP see no tracker either: each is told of the
# header in its own way.

use lib 't/lib';
use TestXpecto;
use TestUpstream;
use TestRestart qw( ask content store until_true );
use XpectoToken;

my $sock = upstream_sock;
my $seen = tmp_dir() . '/seen';
my $own = token();

my $config = join '', map { <<"_EOC_" } qw( fastcgi uwsgi scgi );
    location /$_ {
        xpecto_consent     on;
        ${_}_pass          unix:$sock;
        ${_}_read_timeout  300ms;
    }
_EOC_


add_response_body_check(sub {

    # nobody answers: nginx goes, and all that it has sent is there

    with_upstream { store($seen, shift); return '' } sub {
        for my $uri (qw( /fastcgi /uwsgi /scgi )) {
            store($seen, '');
            like ask($uri, 'Host: example.com', 'Sec-GPC: 1',
                     "Cookie: _ga=1; sid=2; $own; _fbp=3", 'Cookie: _gid=4'),
                 qr/^HTTP\S+ 50[24]/, "$uri: not answered";

            until_true { -s $seen };
            my $text = content($seen);

            like $text, qr/HTTP_COOKIE.{0,3}sid=2(?![;,])/s, "$uri: what is none";
            unlike $text, qr/_ga|_gid|_fbp|xpc/, "$uri: no tracker, no token";
            like $text, qr/HTTP_SEC_GPC.{0,3}1/s, "$uri: the signal";
        }
    };
});


add_block_preprocessor(sub {
    my $block = shift;

    $block->set_value('http_config', <<'_EOC_');
        xpecto_keys %%DATA%%/consent-keys;
        xpecto_consent_cookie secure=$http_x_tls;
_EOC_
    $block->set_value('config', "$config location /t { return 204; }");
});

chmod 0600, data_dir() . '/consent-keys';
server_name('example.com');
log_level('crit');
plan_tests(13);
run_tests();

__DATA__

=== TEST 1: xpecto_consent - by FastCGI, uwsgi and SCGI
--- request
GET /t
--- error_code: 204
