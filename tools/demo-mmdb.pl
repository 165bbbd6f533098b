#!/usr/bin/perl

# A small MaxMind DB with countries of a few public networks, for the demo,
# the examples and the benchmark.  Written with Debian's
# libmaxmind-db-writer-perl; the addresses are facts of the registries and may
# move, nothing depends on their being right.
#
# usage: tools/demo-mmdb.pl FILE

use strict;
use warnings;

use MaxMind::DB::Writer::Tree;

my ($file) = @ARGV;

die "usage: $0 FILE\n" unless defined $file;

my @networks = (
    [ '5.9.0.0/16',       'DE' ],
    [ '8.8.8.0/24',       'US' ],
    [ '80.10.0.0/16',     'FR' ],
    [ '81.2.69.0/24',     'GB' ],
    [ '103.21.124.0/24',  'IN' ],
    [ '133.11.0.0/16',    'JP' ],
    [ '177.54.144.0/24',  'BR' ],
    [ '2001:200::/32',    'JP' ],
    [ '2a01:4f8::/32',    'DE' ],
    [ '2405:200::/32',    'IN' ],
);

my %type = (
    country    => 'map',
    iso_code   => 'utf8_string',
);

my $tree = MaxMind::DB::Writer::Tree->new(
    ip_version               => 6,
    record_size              => 24,
    database_type            => 'Xpecto-Demo-Country',
    languages                => [ 'en' ],
    description              => { en => 'Countries of a few networks' },
    alias_ipv6_to_ipv4       => 1,
    map_key_type_callback    => sub { $type{$_[0]} },
);

for my $network (@networks) {
    $tree->insert_network($network->[0],
                          { country => { iso_code => $network->[1] } });
}

open my $out, '>:raw', "$file.new" or die "$file.new: $!\n";
$tree->write_tree($out);
close $out or die "$file.new: $!\n";
rename "$file.new", $file or die "$file: $!\n";
