# The ledger of consent: a line for each change of a choice, which names
# nobody.

use lib 't/lib';
use LedgerSample;
use TestFull qw( full_disk );
use TestXpecto;
use XpectoToken;

use JSON::PP;


full_disk(data_dir() . '/full');


sub content ($) {
    my $name = shift;

    open my $in, '<', $name or return '';
    local $/;

    return <$in> // '';
}


# of both tokens below

my $id = 'I' x 16;

our $Granted = token(granted => 0x4009);
our $Both = token(granted => 0x400b, denied => 0);


add_response_body_check(sub {
    my ($block) = @_;

    return unless defined $block->lines;

    my $file = tmp_dir() . '/ledger';
    my $data = data_dir();
    my $text = content($file);
    my @lines = grep { $_->{event} eq 'consent' }
                map { decode_json($_) } split /\n/, $text;
    my $expected = $block->lines;

    is scalar @lines, scalar @$expected, 'as many as changes';

    for my $i (0 .. $#$expected) {
        for my $name (sort keys %{$expected->[$i]}) {
            my $want = $expected->[$i]{$name};
            my $got = $lines[$i]{$name};

            $got = exists $lines[$i]{$name} ? ref $got : 'none'
                if $want =~ /^(?:HASH|none)$/;

            is $got, $want, "$i: $name";
        }
    }

    unlike $text, qr/"\w*gpc\w*":|127\.0\.0\.1|\Q@{[ unpack 'H*', $id ]}\E/i,
           'neither a signal nor who it was';

    is members_of((grep { /"event":"consent"/ } split /\n/, $text)[0]),
       sample_of('consent'), 'as docs/formats.md shows it'
        if defined $block->sample;

    my $out = `tools/xpecto-ledger verify $data/consent-keys $file 2>&1`;
    is $?, 0, 'it can be verified' or diag $out;
});


our $Http = <<'_EOC_';
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_epochs %%DATA%%/epochs;
    xpecto_ledger %%TMP%%/ledger;
    xpecto_consent_cookie secure=$http_x_tls;
_EOC_

add_block_preprocessor(sub {
    my ($block) = @_;

    $block->set_value('http_config', $Http =~ s/%%DATA%%/data_dir()/ger
                                           =~ s/%%TMP%%/tmp_dir()/ger)
        unless $block->http_config;

    $block->set_value('config', <<'_EOC_');
    xpecto_consent on;
    location = /.xpecto/consent {
        xpecto_consent_api;
    }
    location = /minor {
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up/minor;
    }
    location = /up/minor {
        xpecto_consent off;
        add_header X-Xpecto-Minor 1;
        return 200;
    }
_EOC_

    $block->set_value('more_headers', <<"_EOC_" . ($block->more_headers || ''));
X-TLS: on
Sec-Fetch-Site: same-origin
Content-Type: application/json
_EOC_
});


chmod 0600, data_dir() . '/consent-keys', data_dir() . '/epochs';
server_name('example.com');
no_root_location();
skip_hup('the ledger goes on over a reload');

plan_tests(89);

run_tests();

__DATA__

=== TEST 1: xpecto_ledger - a consent that is given
--- sample
--- request
POST /.xpecto/consent
{"accept":["analytics"]}
--- lines eval
[{ change => 'given', granted => 'necessary analytics security', denied => '',
   revision => 0, model => 'opt-in', id => 'HASH', before => 'none' }]
--- no_error_log
[error]



=== TEST 2: xpecto_ledger - a refusal is nobody's
--- request
POST /.xpecto/consent
{"reject":["*"]}
--- lines eval
[{ change => 'refused', id => 'none', before => 'none', request => 'none' }]
--- no_error_log
[error]



=== TEST 3: xpecto_ledger - a withdrawal is nobody's either
--- request
DELETE /.xpecto/consent
--- more_headers eval: "Cookie: $::Granted"
--- error_code: 204
--- lines eval
[{ change => 'withdrawn', id => 'none', before => 'none', request => 'none' }]
--- no_error_log
[error]



=== TEST 4: xpecto_ledger - one purpose less, and which choice it replaces
--- request
POST /.xpecto/consent
{"reject":["functional"]}
--- more_headers eval: "Cookie: $::Both"
--- lines eval
[{ change => 'withdrawn', id => 'HASH', before => 'HASH' }]
--- no_error_log
[error]



=== TEST 5: xpecto_ledger - nothing is kept of a signal
--- request
POST /.xpecto/consent
{"accept":["analytics"]}
--- more_headers
Sec-GPC: 1
DNT: 1
--- lines eval
[{ change => 'given', granted => 'necessary analytics security',
   denied => '' }]
--- no_error_log
[error]



=== TEST 6: xpecto_ledger - who only asks changes nothing
--- request
GET /.xpecto/consent
--- lines eval: []
--- no_error_log
[error]



=== TEST 7: xpecto_ledger - a consent that cannot be proven is none
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_ledger %%DATA%%/full;
    xpecto_consent_cookie secure=$http_x_tls;
--- request
POST /.xpecto/consent
{"accept":["analytics"]}
--- error_code: 500
--- response_headers
!Set-Cookie
--- error_log
its lines are lost



=== TEST 8: xpecto_ledger - the same again is no consent without a proof
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_ledger %%DATA%%/full;
    xpecto_consent_cookie secure=$http_x_tls;
--- request
POST /.xpecto/consent
{"accept":["analytics"]}
--- more_headers eval: "Cookie: $::Granted"
--- error_code: 500
--- response_headers
!Set-Cookie
--- error_log
its lines are lost



=== TEST 9: xpecto_ledger - a withdrawal needs no proof
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_ledger %%DATA%%/full;
    xpecto_consent_cookie secure=$http_x_tls;
--- request
DELETE /.xpecto/consent
--- more_headers eval: "Cookie: $::Granted"
--- error_code: 204
--- response_headers_like
Set-Cookie: __Host-Http-xpc=\S+; .*
--- error_log
its lines are lost



=== TEST 10: xpecto_ledger - a child that the upstream found had consented
--- request
GET /minor
--- more_headers eval: "Cookie: $::Granted"
--- lines eval
[{ change => 'minor', id => 'none', before => 'none', request => 'none' }]
--- no_error_log
[error]



=== TEST 11: xpecto_ledger - or had not
--- request
GET /minor
--- lines eval: []
--- no_error_log
[error]



=== TEST 12: xpecto_ledger - half given, half taken back, without a proof
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_ledger %%DATA%%/full;
    xpecto_consent_zone revoked:1m;
    xpecto_consent_cookie secure=$http_x_tls;
--- request eval
[ "POST /.xpecto/consent\n{\"accept\":[\"functional\"],\"reject\":[\"analytics\"]}",
  "GET /.xpecto/consent" ]
--- more_headers eval: "Cookie: $::Granted"
--- error_code eval: [ 500, 200 ]
--- response_headers eval: [ "!Set-Cookie", "!Set-Cookie" ]
--- response_body_like eval: [ '500', '"state":"revoked"' ]



=== TEST 13: xpecto_ledger - what a signal refuses was not given
--- request
POST /.xpecto/consent
{"accept":["analytics","sale_share"]}
--- more_headers
Sec-GPC: 1
--- lines eval
[{ change => 'given', granted => 'necessary analytics security',
   denied => '' }]
--- no_error_log
[error]
