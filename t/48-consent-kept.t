# What a choice keeps of the one before, and what it does not.

use lib 't/lib';
use TestXpecto;
use XpectoApi;
use XpectoToken;

our $Now = time;

my $log = tmp_dir() . '/etag.log';
my $done;

add_cleanup_handler(sub {
    return if $done++;

    open my $in, '<', $log or die "$log: $!";
    my @lines = grep { $_ ne "-\n" } <$in>;

    like "@lines", qr/\A(\\x22[0-9a-f]{32}\\x22)\n \1\n/,
         'the ETag as it was sent';
});

server_name('example.com');
plan_tests(11);
run_tests();

__DATA__

=== TEST 1: POST - an opt-out that was stored lasts when the last grant goes
--- http_config
    xpecto_consent_cookie secure=$http_x_tls;
--- request
POST /.xpecto/consent
{"reject":["analytics"]}
--- more_headers eval
"$::Json\nCookie: " . main::token(flags => 0xc0, granted => 0x4009, denied => 0)
--- response_body_like chomp
"sale_share":\{"granted":false,"source":"cookie"\}
--- no_error_log
[error]



=== TEST 2: POST - what is not asked for any more goes with the next choice
--- request
POST /.xpecto/consent
{"reject":["*"]}
--- more_headers eval
"$::Json\nCookie: " . main::token(granted => 0xc009, denied => 0x3ff6)
--- response_headers eval
"Set-Cookie: $::Refusal$::Attributes"
--- no_error_log
[error]



=== TEST 3: GET - the ETag lasts as long as the request
--- http_config
    xpecto_consent_cookie secure=$http_x_tls;
    log_format etag '$sent_http_etag';
    access_log %%TMP%%/etag.log etag;
--- request eval
["GET /.xpecto/consent", "GET /.xpecto/consent"]
--- more_headers eval
["X-TLS: on", "X-TLS: on\nIf-None-Match: *"]
--- error_code eval
[200, 304]
--- no_error_log
[error]
