#!/usr/bin/perl

# The MaxMind DBs of the tests, written by Debian's libmaxmind-db-writer-perl.
#
# usage: make-mmdb.pl DIRECTORY

use strict;
use warnings;

# all are of 2026-01-01, so that a run makes the same bytes

BEGIN { *CORE::GLOBAL::time = sub { 1767225600 } }

use MaxMind::DB::Writer::Tree;

my $dir = shift or die "usage: $0 DIRECTORY\n";

my %type = (
    code               => 'utf8_string',
    continent          => 'map',
    country            => 'map',
    registered_country => 'map',
    represented_country => 'map',
    names              => 'map',
    iso_code           => 'utf8_string',
    en                 => 'utf8_string',
    geoname_id         => 'uint32',
    is_in_european_union => 'boolean',
    country_code       => 'utf8_string',
    place              => 'map',
    where              => 'utf8_string',
    asn                => 'uint32',
    traits             => 'map',
    is_anonymous_proxy => 'boolean',
    is_anonymous_vpn   => 'boolean',
    is_anycast         => 'boolean',
    is_hosting_provider => 'boolean',
    is_tor_exit_node   => 'boolean',
);

# network => country; 10.0.0.0/8 and 2002::/16 must not be believed

my @networks = (
    [ '2.125.160.216/29',  'GB' ], [ '5.45.0.0/16',      'RU' ],
    [ '5.44.16.0/20',      'GB' ], [ '10.0.0.0/8',       'US' ],
    [ '14.0.0.0/8',        'IN' ], [ '14.128.0.0/9',     'CN' ],
    [ '23.0.0.0/12',       'US' ], [ '77.64.0.0/10',     'DE' ],
    [ '77.111.247.5/32',   'CH' ], [ '81.2.69.0/24',     'GB' ],
    [ '177.0.0.0/9',       'BR' ], [ '192.0.2.0/24',     'US' ],
    [ '194.0.0.0/16',      'EU' ], [ '210.0.0.0/15',     'JP' ],
    [ '222.255.255.255/32', 'VN' ], [ '223.255.255.0/24', 'AU' ],
);

my @networks6 = (
    [ '2001:200::/23',  'JP' ], [ '2001:db8::/32',  'US' ],
    [ '2003::/19',      'DE' ], [ '2400::/12',      'IN' ],
    [ '2600::/16',      'US' ], [ '2800::/12',      'BR' ],
    [ '2a00:1450:4000::/37', 'IE' ],
    [ '2a02:cf40::/29', 'CH' ],
    [ '2a0a:1:2:3::/65', 'FR' ],
    [ '2a0a:1:2:3:8000::/66', 'ES' ],
    [ '2a0a:1:2:3:ffff:ffff:ffff:ffff/128', 'IT' ],
    [ '2a0a:1:2:4::/127', 'PT' ],
    [ '2a0a:1:2:ffff:8000::/65', 'BE' ],
    [ '2a0a:1:3::/48', 'BE' ],
    [ '2c0f::/16', 'ZA' ],
    [ '4000::/16', 'NZ' ], [ 'fd00::/8', 'US' ],
);

sub tree {
    my ($name, $record, $version, $alias, $layout, @set) = @_;

    my $tree = MaxMind::DB::Writer::Tree->new(
        ip_version            => $version,
        record_size           => $record,
        database_type         => "Xpecto-Test-$name",
        languages             => ['en'],
        description           => { en => "Test data of ngx_xpecto_module" },
        alias_ipv6_to_ipv4    => $alias,
        remove_reserved_networks => 0,
        map_key_type_callback => sub { $type{ $_[0] } || 'utf8_string' },
    );

    $tree->insert_network($_->[0], $layout->($_->[1])) for @set;

    my $path = "$dir/$name.mmdb";
    open my $fh, '>:raw', "$path.new" or die "$path: $!\n";
    $tree->write_tree($fh);
    close $fh or die "$path: $!\n";
    rename "$path.new", $path or die "$path: $!\n";
}

sub nested {
    my $cc = shift;

    return {
        country => { iso_code => $cc, geoname_id => ord $cc,
                     names => { en => "The country of $cc" },
                     is_in_european_union => $cc eq 'DE' ? 1 : 0 },
        registered_country => { iso_code => 'ZA' },
    };
}

sub flat  { return { country_code => shift } }
sub named { return { place => { where => shift }, asn => 64496 } }
sub none  { shift; return { asn => 64496 } }

mkdir $dir;

tree('nested24', 24, 6, 1, \&nested, @networks, @networks6);
tree('nested28', 28, 6, 1, \&nested, @networks, @networks6);
tree('flat32',   32, 6, 0, \&flat,   @networks, @networks6);
tree('flat4',    24, 4, 0, \&flat,   @networks);
tree('named',    28, 6, 0, \&named,  @networks, @networks6);
tree('none',     24, 6, 0, \&none,   @networks);

# what comes in place of another at run time: 81.2.69.0/24 has moved

tree('moved',    24, 6, 1, \&nested,
     grep({ $_->[0] ne '81.2.69.0/24' } @networks), [ '81.2.69.0/24', 'FR' ]);

# who hides: said by a country database of some networks, and by one of its own

sub traits {
    my ($cc, $flag, $value) = @{ $_[0] };

    return { country => { iso_code => $cc }, traits => { $flag => $value } };
}

sub hiding {
    my ($cc, $flag, $value) = @{ $_[0] };

    return { $flag => $value };
}

my @hiding = (
    [ '81.2.69.0/24',  [ 'GB', 'is_anycast', 1 ] ],
    [ '5.45.0.0/16',   [ 'RU', 'is_tor_exit_node', 1 ] ],
    [ '77.64.0.0/10',  [ 'DE', 'is_hosting_provider', 1 ] ],
    [ '2003::/19',     [ 'DE', 'is_anonymous_proxy', 0 ] ],
    [ '2400::/12',     [ 'IN', 'is_anonymous_proxy', 1 ] ],
    [ '2.125.160.218/32', [ 'GB', 'is_anonymous_vpn', 1 ] ],
);

tree('traits',    28, 6, 0, \&traits, @hiding);
tree('anonymous', 24, 6, 0, \&hiding, @hiding);

# bases and embassies; 'X!' is no code, DE in DE is one country

sub represented {
    my ($cc, $for) = @{ $_[0] };

    return { country => $cc ? { iso_code => $cc } : {},
             represented_country => { iso_code => $for } };
}

tree('represented', 24, 6, 0, \&represented,
     [ '81.2.69.0/24',  [ 'GB', 'US' ] ],
     [ '77.64.0.0/10',  [ 'DE', 'DE' ] ],
     [ '14.0.0.0/8',    [ 'IN', 'X!' ] ],
     [ '5.45.0.0/16',   [ '', 'US' ] ],
     [ '2003::/19',     [ 'DE', 'US' ] ],
     [ '2a0a:1:2:3::/65', [ 'FR', 'US' ] ]);

# who knows only the continent, beside who knows the country; and areas that
# two countries claim, whose maker names both

sub continent {
    my ($continent, $cc) = @{ $_[0] };

    return { continent => { code => $continent },
             $cc ? (country => { iso_code => $cc }) : () };
}

tree('continent', 24, 6, 0, \&continent,
     [ '81.2.69.0/24',  [ 'EU' ] ],
     [ '14.0.0.0/8',    [ 'AS' ] ],
     [ '77.64.0.0/10',  [ 'EU', 'DE' ] ]);

tree('claimed', 24, 6, 0, \&represented,
     [ '81.2.69.0/24',  [ 'TR', 'CY' ] ],
     [ '5.45.0.0/16',   [ 'UA', 'RU' ] ],
     [ '77.64.0.0/10',  [ 'GE', 'RU' ] ]);
