# The receipt of a consent and what the API says about the site.

use lib 't/lib';
use TestXpecto;
use XpectoApi;
use XpectoToken;

use File::Temp qw( tempfile );
use JSON::PP;
use MIME::Base64 qw( decode_base64url encode_base64 encode_base64url );

our $Cookie = "Cookie: " . token(granted => 0x4009, denied => 0x3ff6,
                                 country => 'DE', revision => 20260301,
                                 created => 1790000000, ttl => 182 * 86400);

our $Conf = <<'_EOC_';
    xpecto_consent_cookie secure=$http_x_tls;
    xpecto_consent_revision rev=20260301 effective=2026-03-01;
    xpecto_consent_controller "name=Xpecto \"IT\" Solutions"
        "address=Mandi, IN" contact=dpo@example.com
        policy=https://example.com/privacy storage=IN,DE;
    xpecto_consent_processor google-analytics analytics;
    xpecto_consent_processor meta ad_storage ad_user_data;
    xpecto_consent_processor mailer marketing_comms analytics;
_EOC_

# RFC 8410: the public key of a JWK, as openssl reads it

sub pem {
    my $der = pack('H*', '302a300506032b6570032100') . decode_base64url(shift);

    return "-----BEGIN PUBLIC KEY-----\n" . encode_base64($der)
           . "-----END PUBLIC KEY-----\n";
}

sub file {
    my ($out, $name) = tempfile(UNLINK => 1);

    binmode $out;
    print $out shift;
    close $out;

    return $name;
}

# the key that is derived here, of the ring in t/data, without the module

our $Key = do {
    my $seed = XpectoToken::derive(join('', map { chr } 0x00 .. 0x1f),
                                   'xpecto receipt 1');
    my $der = pack('H*', '302e020100300506032b657004220420') . $seed;
    my $pem = file("-----BEGIN PRIVATE KEY-----\n" . encode_base64($der)
                   . "-----END PRIVATE KEY-----\n");

    encode_base64url(substr `openssl pkey -in $pem -pubout -outform DER`, -32);
};

# "verified", and the fields of ISO/IEC TS 27560 that must not be empty

sub check {
    my $text = shift;
    my ($signed, $kid, $value) =
        $text =~ /^(.*),"signature":\{"alg":"EdDSA","kid":"(\d+)","value":"([\w-]+)"\}\}\n$/s
        or return "no signature: $text";

    my ($key, $data, $signature) =
        (file(pem($Key)), file($signed), file(decode_base64url($value)));

    my $out = `openssl pkeyutl -verify -rawin -pubin -inkey $key -in $data -sigfile $signature 2>&1`;
    return $out unless $out =~ /Verified Successfully/;

    my $receipt = decode_json($text);
    my @missing;

    my %must = (
        pii_processing => [ qw( privacy_notice language purpose
            pii_information pii_controllers storage_locations
            retention_period jurisdiction recipient_third_parties
            withdrawal_method ) ],
        party_identification => [ qw( party_id party_address party_name
            party_contact party_type ) ],
        event => [ qw( event_time validity_duration entity_id event_type
            event_state ) ],
    );

    for my $name (qw( schema_version record_id receipt_id pii_principal_id )) {
        push @missing, $name unless $receipt->{$name};
    }

    for my $list (sort keys %must) {
        push @missing, $list unless @{$receipt->{$list} || []};

        for my $row (@{$receipt->{$list} || []}) {
            for my $name (@{$must{$list}}) {
                my $it = $row->{$name};
                push @missing, "$list.$name"
                    unless ref $it ? @$it : defined $it && length $it;
            }
        }
    }

    return "missing: @missing\n" if @missing;

    my $one = $receipt->{pii_processing}[0];
    my $event = $receipt->{event}[0];

    return "verified kid=$kid\n"
           . scalar(@{$receipt->{pii_processing}}) . " $one->{purpose} "
           . "$one->{lawful_basis} $one->{jurisdiction} "
           . "$one->{retention_period}\n"
           . "@{$one->{storage_locations}}: "
           . "@{$one->{recipient_third_parties}}\n"
           . "$one->{privacy_notice} $one->{privacy_notice_revision}\n"
           . "$one->{withdrawal_method}\n"
           . "$receipt->{party_identification}[0]{party_name}\n"
           . "$event->{event_time} $event->{validity_duration} "
           . "$event->{event_state}\n"
           . ($receipt->{pii_principal_id} eq unpack('H*', 'I' x 16)
              ? "the id of the choice\n" : '')
           . ($event->{entity_id} eq $receipt->{pii_principal_id}
              ? "one principal\n" : '');
}

sub ids {
    my $receipt = eval { decode_json(shift) } or return 'no JSON';

    return join ' ', map { s/[0-9a-f]/x/gr }
        @{$receipt}{qw( record_id receipt_id pii_principal_id )};
}

add_block_preprocessor {
    my $block = shift;

    $block->set_value('http_config', $Conf)
        unless defined $block->http_config;
};

server_name('example.com');
plan_tests(60);
run_tests();

__DATA__

=== TEST 1: receipt - all that the standard demands, and a right signature
--- request
GET /.xpecto/consent/receipt
--- more_headers eval
$::Cookie
--- response_headers
Content-Type: application/json
Cache-Control: no-store
!Set-Cookie
--- response_body_filters eval
\&main::check
--- response_body
verified kid=7
1 analytics consent DE P182D
IN DE: google-analytics mailer
https://example.com/privacy 20260301
DELETE https://example.com/.xpecto/consent
Xpecto "IT" Solutions
2026-09-21T14:13:20Z P182D ConsentGiven
one principal
--- no_error_log
[error]



=== TEST 2: receipt - ids are UUIDs, and not that of the choice
--- request
GET /.xpecto/consent/receipt
--- more_headers eval
$::Cookie
--- response_body_filters eval
sub { my $t = shift; $t =~ /4949494949/ ? 'the id' : main::ids($t) }
--- response_body_like chop
^xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx x{32}$
--- no_error_log
[error]



=== TEST 3: receipt - none of who has refused or not chosen, or where nobody gives any
--- request eval
[ ("GET /.xpecto/consent/receipt") x 3 ]
--- more_headers eval
[ "X-TLS: on", "X-TLS: on\nCookie: "
  . main::token(granted => 0x4001, denied => 0x3ffe, revision => 20260301),
  "X-TLS: on\nCookie: " . main::token(kid => 9) ]
--- error_code eval
[ 404, 404, 404 ]
--- no_error_log
[error]



=== TEST 4: receipt - without a controller there is none
--- http_config
    xpecto_consent_cookie secure=$http_x_tls;
--- request eval
[ "GET /.xpecto/consent/receipt", "GET /.xpecto/consent/config",
  "DELETE /.xpecto/consent/receipt" ]
--- more_headers eval
[ ("X-TLS: on\n$::Cookie") x 3 ]
--- error_code eval
[ 404, 200, 405 ]
--- response_body_like eval
[ 'No controller', '"processors":\[\],"keys":\[\{', '405' ]
--- no_error_log
[error]



=== TEST 5: config - what is asked for, on which basis, and who processes it
--- http_config eval
$::Conf . "xpecto_consent_purpose diagnostics basis=legitimate_interest;"
. "xpecto_consent_gpc law; xpecto_consent_no_sale on;"
. "xpecto_consent_age_min 16;"
--- request
GET /.xpecto/consent/config
--- response_body_filters eval
sub { my $c = eval { JSON::PP::decode_json(shift) } or return 'no JSON';
      my %p = map { $_->{name} => $_ } @{$c->{purposes}};
      "$c->{revision} $c->{ttl} $c->{gpc} $c->{no_sale} $c->{age} @{$c->{processors}}\n"
      . CORE::join("\n", map { CORE::join ' ', $_, $p{$_}{basis},
                                @{$p{$_}{processors}} }
             qw( necessary analytics ad_storage diagnostics )) . "\n"
      . ($p{custom} ? 'custom' : '') . scalar(@{$c->{purposes}}) . "\n" }
--- response_body
20260301 15724800 law 1 1 google-analytics meta mailer
necessary necessary
analytics consent google-analytics mailer
ad_storage consent meta
diagnostics legitimate_interest
15
--- no_error_log
[error]



=== TEST 6: config - the public keys of the ring
--- request
GET /.xpecto/consent/config
--- response_body_like eval
qr/"keys":\[\{"kty":"OKP","crv":"Ed25519","kid":"7","x":"$::Key"\},\{.*"kid":"8"/
--- no_error_log
[error]



=== TEST 7: basis - a legitimate interest holds until there is an objection
--- http_config
    xpecto_consent_cookie secure=$http_x_tls;
    xpecto_consent_purpose diagnostics basis=legitimate_interest;
--- config
    location = /t {
        return 200 "$xpecto_consent_diagnostics$xpecto_consent_analytics";
    }
--- request eval
[ ("GET /t") x 5 ]
--- more_headers eval
[ map { "X-TLS: on\n$_" } "A: b", "DNT: 1",
  "Cookie: " . main::token(granted => 0x4009, denied => 0x0200),
  "Cookie: " . main::token(granted => 0x4009, denied => 0),
  "Cookie: " . main::token(granted => 0x4001, denied => 0x3ffe) ]
--- response_body eval
[ '10', '00', '01', '11', '00' ]
--- no_error_log
[error]



=== TEST 8: basis - to object takes one request, without a proof of who asks
--- http_config
    xpecto_consent_cookie secure=$http_x_tls;
    xpecto_consent_purpose diagnostics basis=legitimate_interest;
--- request
POST /.xpecto/consent
{"reject":["diagnostics"]}
--- more_headers
Content-Type: application/json
--- response_body_like chop
"diagnostics":\{"granted":false,"source":"cookie"\}
--- no_error_log
[error]



=== TEST 9: basis - is on by default in the state of who has not chosen
--- http_config
    xpecto_consent_cookie secure=$http_x_tls;
    xpecto_consent_purpose diagnostics basis=legitimate_interest crash_id;
--- request
GET /.xpecto/consent
--- response_body_like chop
"marketing_comms":\{"granted":false,"source":"default"\},"diagnostics":\{"granted":true,"source":"default"\}
--- no_error_log
[error]



=== TEST 10: receipt - the port of the host belongs to it
--- request eval
[ ("GET /.xpecto/consent/receipt") x 3 ]
--- more_headers eval
[ map { "Host: $_\nX-TLS: on\n$::Cookie" }
  'example.com:8443', 'example.com:443', 'Example.com:' ]
--- response_body_like eval
[ '"DELETE https://example\.com:8443/\.xpecto/consent"',
  ('"DELETE https://example\.com/\.xpecto/consent"') x 2 ]
--- no_error_log
[error]
