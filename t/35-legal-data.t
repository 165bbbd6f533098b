# tools/check-legal-data finds what is wrong with the legal data.

use strict;
use warnings;

use File::Temp qw( tempfile );
use JSON::PP;
use Test::More;

my $text = do {
    local (@ARGV, $/) = 'ngx_xpecto_module/data/jurisdictions.json';
    <>;
};


sub row {
    my ($rows, $member, $value) = @_;
    my ($row) = grep { $_->{$member} eq $value } @$rows;

    return $row;
}


# what is done to the data, and what must be said of it

my @cases = (
    [ sub { delete $_[0]{decisions}[3]{verified} },
      'decisions[3]: has no verified' ],
    [ sub { $_[0]{decisions}[3]{verified} = 'V4' },
      "decisions[3].verified: is 'V4', none of V1, V2, V3" ],
    [ sub { $_[0]{countries}[0]{source} = [] },
      'countries[0].source: is too short' ],
    [ sub { delete $_[0]{regimes}{EU_GDPR}{as_of} },
      'regimes.EU_GDPR: has no as_of' ],
    [ sub { $_[0]{decisions}[0]{source} = ['S_NOWHERE'] },
      "names the source 'S_NOWHERE', which is not listed" ],
    [ sub { $_[0]{decisions}[0]{to} = 'QQ' },
      'decision EU_GDPR -> QQ: leads to a country that does not exist' ],
    [ sub { $_[0]{decisions}[0]{to} = $_[0]{decisions}[1]{to} },
      'decision EU_GDPR -> BE: is there twice' ],
    [ sub { $_[0]{decisions}[0]{since} = '2026-02-30' }, 'since is no day' ],
    [ sub { $_[0]{decisions}[0]{until} = '26-2-3' },
      "decisions[0].until: '26-2-3' does not have the form" ],
    [ sub { row($_[0]{decisions}, 'to', 'GB')->{until} = '2020-01-01' },
      'ends before it begins' ],
    [ sub { row($_[0]{countries}, 'code', 'DE')->{regimes} = ['EU_GPDR'] },
      "names the regime 'EU_GPDR', which does not exist" ],
    [ sub { push @{$_[0]{countries}}, { %{$_[0]{countries}[0]} } },
      'countries AT: is there twice' ],
    [ sub { @{$_[0]{countries}} = grep { $_->{code} ne 'JM' }
                                  @{$_[0]{countries}} },
      'JM: has a calling code, but no country row' ],
    [ sub { $_[0]{countries}[0]{colour} = 'red' },
      'countries[0].colour: is an unknown member' ],
    [ sub { $_[0]{countries}[0]{min_age} = '14' },
      'countries[0].min_age: is no integer' ],
    [ sub { $_[0]{countries}[0]{min_age} = JSON::PP::true },
      'countries[0].min_age: is no integer' ],
    [ sub { $_[0]{regimes}{IN_DPDP}{number} = 1 },
      'has the number of' ],
    [ sub { delete $_[0]{regimes}{NONE};
            $_[0]{regimes}{NEW} = { %{$_[0]{regimes}{IN_DPDP}},
                                    number => 69 } },
      'regime NEW: has got the number 69 of NONE' ],
    [ sub { $_[0]{regimes}{NEW} = { %{$_[0]{regimes}{IN_DPDP}},
                                    number => 70 } },
      'regime NEW: has no number below next_number' ],
    [ sub { $_[0]{restrictions}[0]{to} = ['QQ'] },
      'restriction us_doj_202: names a country that does not exist' ],
    [ sub { $_[0]{restrictions}[0]{to} = 'all' },
      'restrictions[0].to: is none of what it may be' ],
    [ sub { $_[0]{decisions}[0]{instrument} = 'say "yes"' },
      'does not have the form' ],
    [ sub { row($_[0]{decisions}, 'to', 'US')->{attest} = 'us_dfp' },
      "asks for the attestation 'us_dfp', which is not in meta.attestations" ],
    [ sub { push @{row($_[0]{restrictions}, 'id', 'cn_formal')->{satisfied_by}},
                 'cn_filed' },
      "restriction cn_formal: asks for the attestation 'cn_filed'" ],
    [ sub { $_[0]{restrictions}[0]{unless_attest} = 'us_dsp' },
      "restriction us_doj_202: asks for the attestation 'us_dsp'" ],
    [ sub { $_[0]{meta}{attestations}{us_dfp} = 'none' },
      'meta.attestations.us_dfp: is asked for by no row' ],
    [ sub { delete row($_[0]{restrictions}, 'id', 'cn_formal')
                  ->{satisfied_by} },
      'restriction cn_formal: is a formality that nothing meets' ],
    [ sub { $_[0]{regimes}{IN_DPDP}{inherits_decisions_from} = 'IN_DPDP' },
      'regime IN_DPDP: inherits from itself' ],
    [ sub { $_[0]{subdivisions}[0]{code} = 'QQ-CA' },
      'subdivisions QQ-CA: is of no country' ],
);

plan tests => 2 * @cases + 3;

my $out = `tools/check-legal-data 2>&1`;
is $?, 0, 'the data that are shipped' or diag $out;
like $out, qr/^69 regimes, 250 countries, \d+ decisions .* 9 restrictions$/,
     'all of them';

for my $case (@cases) {
    my ($change, $what) = @$case;
    my $data = decode_json($text);

    $change->($data);

    my ($file, $name) = tempfile(UNLINK => 1);
    print $file encode_json($data);
    close $file;

    $out = `tools/check-legal-data $name 2>&1`;
    is $? >> 8, 1, "refused: $what";
    ok index($out, $what) >= 0, 'and said so' or diag $out;
}

my ($file, $name) = tempfile(UNLINK => 1);
print $file $text =~ s/"IN_DPDP":\{/"IN_DPDP":{"number":17,/r;
close $file;
like `tools/check-legal-data $name`, qr/^number: is repeated in one object$/m,
     'a repeated key';
