# The key ring over two rotations: nobody is asked again, and what a key that
# is gone has signed is void.

use lib 't/lib';
use TestXpecto;
use TestRestart;
use XpectoToken;

use IO::Socket::INET;
use MIME::Base64 qw( encode_base64 );

my $ring = data_dir() . '/ring';

# a server that takes what is sent and says nothing

my $silent = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1')
    or die "listen: $!";
our $Silent = $silent->sockport;

my $time = time - 100;
my $day = $time - $time % 86400;


sub keys_are {
    store($ring, join '', map {
        my $first = ($_ - 7) * 32;
        "$_:" . encode_base64(join('', map { chr } $first .. $first + 31), '')
        . "\n"
    } @_);
    chmod 0600, $ring;
}


sub given {
    my ($kid, @more) = @_;

    return token(kid => $kid, created => $time, updated => $time + 10, @more);
}


sub refused {
    my ($kid) = @_;

    return token(kid => $kid, granted => 0x4001, denied => 0x3ffe,
                 created => $day, ttl => 3 * 86400, model => 0, method => 0);
}


sub page {
    my ($cookies, $uri) = @_;

    return ask($uri || '/page', 'Host: example.com', "Cookie: a=1; $cookies");
}


# the workers of before answer until they have gone

sub rotate {
    my ($kid, @ring) = @_;
    my ($master, @before) = processes();

    keys_are($kid, @ring);
    kill HUP => $master;

    ok until_true {
        page(given($kid)) =~ /X-State: valid\r/ && !grep { kill 0 => $_ } @before
    }, "key $kid is there";
}


sub signs_again {
    my ($old, $new, $what) = @_;

    for ('first seen', 'remembered') {
        my $answer = page($old);

        like $answer, qr/X-State: valid\r/, "$what: valid, $_";
        like $answer,
             qr/\nSet-Cookie: \Q$new\E; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=\d+\r/,
             "$what: the same by the new key, $_";
        like $answer, qr/\nCache-Control: private, no-store\r/,
             "$what: for nobody else, $_";
    }

    unlike page($old, '/json'), qr/Set-Cookie/, "$what: with a page only";
    unlike page($old, 'POST /page'), qr/Set-Cookie/, "$what: to a GET only";
    unlike page($old, '/late'), qr/Set-Cookie/, "$what: by no late answer";
    unlike page($new), qr/Set-Cookie/, "$what: once";
}


sub app {
    my ($kid) = @_;

    return given($kid, name => 'hdr:Xpecto-Consent')
           =~ s/^[^=]*=/Xpecto-Consent: /r;
}


sub asked_by_app {
    my ($kid, $uri) = @_;

    return ask($uri || '/.xpecto/consent', 'Host: example.com', app($kid));
}


sub signs_again_for_app {
    my ($old, $new) = @_;
    my $answer = asked_by_app($old);
    my $header = app($new);

    like $answer, qr/"state":"valid"/, "an app: valid by key $old";
    like $answer, qr/\n\Q$header\E\r/, "an app: the same by key $new";
    like $answer, qr/\nCache-Control: [^\r]*no-store/, 'an app: kept by nobody';
    unlike $answer, qr/\nSet-Cookie:/, 'an app: no cookie';
    unlike asked_by_app($new), qr/\nXpecto-Consent:/, 'an app: once';
    unlike asked_by_app($old, '/page'), qr/\nXpecto-Consent:/,
           'an app: by the API only';
}


add_response_body_check(sub {
    unlike page(given(7)), qr/Set-Cookie/, 'nothing to do';

    rotate(8, 7);
    signs_again(given(7), given(8), 'a consent');
    signs_again(refused(7), refused(8), 'a refusal');
    signs_again_for_app(7, 8);

    my ($left) = page(given(7)) =~ /Max-Age=(\d+)/;
    my $end = $time + 10 + 86400;

    cmp_ok $left, '<=', $end - $time - 100, 'it does not last longer';
    cmp_ok $left, '>=', $end - time - 2, 'nor shorter';

    unlike page(given(7), '/report'), qr/Set-Cookie/, 'report sets nothing';
    unlike page('x=1; ' . token(kid => 7, ttl => 1, created => $time)),
           qr/Set-Cookie/, 'what has ended is not signed';

    rotate(9, 8);
    signs_again(given(8), given(9), 'the third key');
    signs_again_for_app(8, 9);

    my $gone = page(given(7));

    like $gone, qr/X-State: invalid\r/, 'the first key is gone';
    unlike $gone, qr/Set-Cookie/, 'and what it signed is not signed again';

    $gone = asked_by_app(7);

    like $gone, qr/"state":"invalid"/, 'for an app it is gone, too';
    unlike $gone, qr/\nXpecto-Consent:/, 'and not signed again';
});


keys_are(7);

skip_hup('the file reloads itself');
server_name('example.com');
plan_tests(55);
run_tests();

__DATA__

=== TEST 1: xpecto_keys - three of them, one after the other
--- http_config
    xpecto_keys %%DATA%%/ring;
    xpecto_consent_cookie secure=1;
--- config eval
<<"_EOC_" . <<'_EOC_'
    location = /late {
        proxy_pass http://127.0.0.1:$::Silent;
        proxy_read_timeout 2100ms;
        error_page 504 =200 /page;
    }
_EOC_
    xpecto_consent on;
    add_header X-State $xpecto_consent_state;
    location = /.xpecto/consent { xpecto_consent_api; }
    location = /page { proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up/page; }
    location = /json { proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up/json; }
    location = /report {
        xpecto_consent report;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up/page;
    }
    location /up/ {
        xpecto_consent off;
        default_type text/html;
        add_header Cache-Control "public, max-age=600";
        return 200 "page";
    }
    location = /up/json {
        xpecto_consent off;
        default_type application/json;
        return 200 "{}";
    }
_EOC_
--- request
GET /page
--- response_body chomp
page
