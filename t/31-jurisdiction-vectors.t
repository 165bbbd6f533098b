# Tenant, recipient and destinations to a basis and who it is of: the vectors
# of t/unit/xpecto_transfer.c, through directives, files and requests.

use lib 't/lib';
use TestXpecto;

use Digest::SHA qw( sha256_hex );
use File::Copy;
use JSON::PP;

my $data = data_dir();

copy('ngx_xpecto_module/data/jurisdictions.json',
     "$data/jurisdictions.json") or die "jurisdictions.json: $!";

# tenant, recipient, region, path, attested, and at V3 and at V2: answer,
# state, basis, why

my @vectors = (
    [ 'DE', '4915112345678', 'DE', '/', '',
      (200, 'ok', 'local', 'DE,EU_GDPR,DE') x 2 ],
    [ 'DE', '4915112345678', 'DE', '/us', '',
      (451, 'ok', 'none', 'DE,EU_GDPR,US') x 2 ],
    [ 'DE', '4915112345678', 'DE', '/us', 'us_dpf',
      (200, 'ok', 'adequate_scoped', 'DE,EU_GDPR,US') x 2 ],
    [ 'DE', '4915112345678', 'IN', '/', 'safeguards:IN',
      (200, 'ok', 'safeguards', 'DE,EU_GDPR,IN') x 2 ],
    [ 'IN', '4915112345678', 'IN', '/', '',
      (451, 'ok', 'none', 'DE,EU_GDPR,IN') x 2 ],
    [ 'IN', '919812345678', 'IN', '/us', '',
      (200, 'ok', 'unrestricted', 'IN,IN_DPDP,US') x 2 ],
    [ 'GB', '447911123456', 'DE', '/', '',
      200, 'ok', 'adequate', 'GB,UK_GDPR,DE',
      451, 'ok', 'none', 'GG,GG_DPL,DE' ],
    [ 'BR', '5511961234567', 'IE', '/', '',
      (200, 'ok', 'adequate', 'BR,BR_LGPD,IE') x 2 ],
    [ 'BR', '5511961234567', 'US', '/', '',
      (451, 'ok', 'none', 'BR,BR_LGPD,US') x 2 ],
    [ 'FR', '590690001234', 'FR', '/', '',
      (200, 'ok', 'local', 'BL,FR_OCT,FR') x 2 ],
    [ 'US', '12015550123', 'HK', '/', '',
      (451, 'ok', 'blocked', 'US,US_DOJ_202,HK') x 2 ],
    [ 'RU', '79123456789', 'DE', '/', '',
      (451, 'ok', 'local_first', 'RU,RU_152FZ,DE') x 2 ],
    [ 'DE', '77710009998', 'DE', '/', '',
      (200, 'ok', 'local', 'DE,EU_GDPR,DE') x 2 ],
    [ 'CN', '8613123456789', 'SG', '/', '',
      (451, 'ok', 'none', 'CN,CN_PIPL,SG') x 2 ],
    [ 'CN', '8613123456789', 'SG', '/', 'cn_scc_filed',
      (200, 'ok', 'formal', 'CN,CN_PIPL,SG') x 2 ],
    [ 'VN', '84912345678', 'SG', '/', 'vn_ctia_filed',
      (200, 'ok', 'formal', 'VN,VN_PDPL,SG') x 2 ],
    [ 'CH', '41781234567', 'JP', '/', '',
      (451, 'ok', 'none', 'CH,CH_FADP,JP') x 2 ],
    [ 'DE', '870301234567', 'DE', '/', '',
      (200, 'non_geographic', 'local', 'DE,EU_GDPR,DE') x 2 ],
    [ 'IT', '393123456789', 'DE', '/', '',
      (200, 'ok', 'local', 'IT,EU_GDPR,DE') x 2 ],
    [ 'IT', '390669812345', 'DE', '/', '',
      (451, 'ok', 'none', 'VA,VA_DEC,DE') x 2 ],
);


sub put ($$) {
    my ($name, $document) = @_;

    open my $out, '>', "$data/$name" or die "$name: $!";
    print $out encode_json($document);
    close $out;
}


put('vectors-tenants.json', {
    version => 1,
    plans => { p => { limits => [] } },
    tenants => { map {
        my ($tenant, $attest) = @{$vectors[$_]}[0, 4];
        "t$_" => { plan => 'p', establishment => [ $tenant ],
                   attest => [ $attest || () ],
                   keys => [ 'sha256:' . sha256_hex("key-$_") ] }
    } 0 .. $#vectors },
});

for my $level ('V3', 'V2') {
    put("vectors-$level.json", {
        schema => 1,
        version => 't',
        data => { jurisdictions => 'jurisdictions.json', min_level => $level },
        regions => { map { $_->[2] => { country => $_->[2], upstream => 'u' } }
                     @vectors },
        subprocessors => { meta => { countries => [ 'US' ],
                                     paths => [ '/us' ] } },
        attestations => {
            'safeguards:IN' => { expires => '2099-01-01',
                                 covers => [ 'EU_GDPR' ] },
            map { $_ => { expires => '2099-01-01' } }
                qw( us_dpf cn_scc_filed vn_ctia_filed ),
        },
    });
}


add_block_preprocessor {
    my $block = shift;
    my $level = $block->level;
    my $first = $level eq 'V3' ? 5 : 9;
    my (@requests, @headers, @codes, @answers);

    for my $n (0 .. $#vectors) {
        my ($code, $state, $basis, $why)
            = @{$vectors[$n]}[$first .. $first + 3];

        push @requests, "GET $vectors[$n][3]?to=%2B$vectors[$n][1]"
                        . "&region=$vectors[$n][2]";
        push @headers, "X-API-Key: key-$n";
        push @codes, $code;
        push @answers, "X-State: $state\nX-Basis: $basis\nX-Why: $why";
    }

    $block->set_value('pipelined_requests', \@requests);
    $block->set_value('more_headers', \@headers);
    $block->set_value('error_code', \@codes);
    $block->set_value('response_headers', \@answers);

    $block->set_value('http_config', <<"_EOC_");
    xpecto_tenants $data/vectors-tenants.json;
    xpecto_jurisdiction_rules $data/vectors-$level.json;
    add_header X-State "\$xpecto_jurisdiction_state" always;
    add_header X-Basis "\$xpecto_jurisdiction_basis" always;
    add_header X-Why "\$xpecto_jurisdiction_why" always;
_EOC_

    $block->set_value('config', <<'_EOC_');
    location / {
        xpecto_jurisdiction on;
        xpecto_jurisdiction_destination $arg_region;
        xpecto_message on;
        empty_gif;
    }
_EOC_
};


no_root_location();

plan_tests(200);

run_tests();

__DATA__

=== TEST 1: vectors - where rows of every level count
--- level: V3
--- no_error_log
[error]



=== TEST 2: vectors - where those of a source that was read do
--- level: V2
--- no_error_log
[error]
