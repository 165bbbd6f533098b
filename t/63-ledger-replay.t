# The ledger's transfers, decided again by the reference in Python from what
# their lines say: the same answers.

use lib 't/lib';
use TestXpecto;

use Digest::SHA qw( sha256_hex );
use File::Copy;
use IO::Socket::INET;
use JSON::PP;

my $dir = data_dir();

copy('ngx_xpecto_module/data/jurisdictions.json', "$dir/jurisdictions.json")
    or die "jurisdictions.json: $!";

chmod 0600, "$dir/consent-keys";

my %tenants = (
    de => { establishment => [ 'DE' ] },
    dpf => { establishment => [ 'DE' ], attest => [ 'us_dpf' ] },
    scc => { establishment => [ 'FR', 'DE' ], attest => [ 'safeguards:IN' ] },
    some => { establishment => [ 'BR' ], attest => [ 'derogation' ] },
    old => { establishment => [ 'GB' ], attest => [ 'lapsed', 'us_dpf' ] },
    in => { establishment => [ 'IN' ], allow_regions => [ 'in' ] },
    ru => { establishment => [ 'RU' ] },
    us => { establishment => [ 'US' ] },
    qc => { establishment => [ 'CA-QC', 'DE' ] },
    free => { establishment => [ 'AE-DIFC', 'US-CA' ] },
    typo => { establishment => [ 'CA-QV' ] },
    nowhere => {},
);

for my $name (keys %tenants) {
    $tenants{$name}{plan} = 'p';
    $tenants{$name}{keys} = [ 'sha256:' . sha256_hex("key-$name") ];
}

my @recipients = ('+4915112345678', '+919812345678', '+12125550123',
                  '+14165550123', '+15145550123', '+79161234567',
                  '+5511987654321', '+447911123456', '+8613812345678',
                  '+41791234567', '+870773111111', 'DE.13491208655302741918',
                  '123');


sub write_file {
    my ($name, $document) = @_;

    open my $out, '>', $name or die "$name: $!";
    print $out encode_json($document);
    close $out or die "$name: $!";
}


write_file("$dir/replay-tenants.json",
           { version => 1, plans => { p => { limits => [] } },
             tenants => \%tenants });

write_file("$dir/replay-rules.json", {
    schema => 1, version => 'replay.1',
    data => { jurisdictions => 'jurisdictions.json', min_level => 'V3' },
    subprocessors => { meta => { countries => [ 'US' ],
                                 paths => [ '/meta/*' ] } },
    regions => { eu => { country => 'DE', upstream => 'eu' },
                 in => { country => 'IN', upstream => 'in' },
                 br => { country => 'BR', upstream => 'br' } },
    attestations => {
        us_dpf => { expires => '2099-01-01', instrument => 'DPF' },
        lapsed => { expires => '2020-01-01' },
        'safeguards:IN' => { expires => '2099-01-01', instrument => 'SCC',
                             covers => [ 'EU_GDPR' ] },
        derogation => { expires => '2099-01-01', covers => [ 'BR_LGPD' ] } },
    rules => [
        { id => 'no-in-br', if => { origin => [ 'IN' ], dest => [ 'BR' ] },
          then => { action => 'deny', code => 403 } },
        { id => 'look', if => { origin => [ 'US' ] },
          then => { action => 'flag' } } ],
    deny => { status => 451 },
    unknown => { action => 'flag' },
});


sub send_one {
    my ($tenant, $path, $recipient) = @_;
    my $body = encode_json({ to => $recipient });
    my $sock = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $ENV{TEST_NGINX_PORT})
        or die "connect: $!";

    print $sock "POST $path HTTP/1.0\r\nX-API-Key: key-$tenant\r\n"
                . "Content-Type: application/json\r\nContent-Length: "
                . length($body) . "\r\n\r\n$body";
    local $/;
    my $answer = <$sock>;
}


add_response_body_check(sub {
    my $sent = 0;
    my $ledger = tmp_dir() . '/ledger';

    for my $tenant (sort keys %tenants) {
        for my $path ('/eu/x', '/in/x', '/auto/x', '/meta/x') {
            for my $i (0 .. 3) {
                send_one($tenant, $path, $recipients[$sent++ % @recipients]);
            }
        }
    }

    my $out = `t/reference/replay.py $dir/replay-rules.json $ledger 2>&1`;

    is $out, ++$sent . " transfers, 0 differ\n", 'the same answers';

    open my $in, '<', $ledger or die "$ledger: $!";
    my %bases = map { decode_json($_)->{basis} // '' => 1 } <$in>;

    cmp_ok scalar(keys %bases), '>=', 7, 'not always the same';

    like `tools/xpecto-ledger verify $dir/consent-keys $ledger 2>&1`,
         qr/^${\($sent + 1)} lines in 1 chains, /, 'it verifies';
});


plan(skip_all => 'no python3') if system('python3 -c 0 2>/dev/null') != 0;

no_root_location();

skip_hup('the ledger goes on over a reload');

plan_tests(5);

run_tests();

__DATA__

=== TEST 1: ledger - its transfers can be decided again
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_ledger %%TMP%%/ledger;
    xpecto_tenants %%DATA%%/replay-tenants.json;
    xpecto_jurisdiction_rules %%DATA%%/replay-rules.json;
--- config
    xpecto_message on;
    xpecto_jurisdiction on;
    xpecto_jurisdiction_ledger all;
    location /eu/ { xpecto_jurisdiction_destination eu; empty_gif; }
    location /in/ { xpecto_jurisdiction_destination in; empty_gif; }
    location /auto/ { xpecto_jurisdiction_destination auto; empty_gif; }
    location /meta/ { xpecto_jurisdiction_destination br; empty_gif; }
    location / { xpecto_jurisdiction_destination eu; empty_gif; }
--- request
GET /
--- no_error_log
[emerg]
