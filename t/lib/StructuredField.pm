package StructuredField;

# Lists of structured fields, strictly by the algorithms of RFC 9651, 4.2.
#
#   my $list = parse_list('"a";q=1;w=60, "b";q=2');
#
#   # [ { value => 'a', type => 'string',
#   #     params => { q => 1, w => 60 }, types => { q => 'integer', ... } },
#   #   ... ]
#
# Dies of anything that is not one.  Inner lists, dates and display strings
# are not among what we send and are refused as well.

use strict;
use warnings;

use Exporter qw( import );

our @EXPORT = qw( parse_list );


# a bare item at the start of the text, which is cut: value, type

sub bare {
    my ($text) = @_;

    if ($$text =~ s/^"//) {
        my $value = '';

        while (1) {
            if ($$text =~ s/^([\x20-\x21\x23-\x5b\x5d-\x7e]+)//) {
                $value .= $1;

            } elsif ($$text =~ s/^\\(["\\])//) {
                $value .= $1;

            } elsif ($$text =~ s/^"//) {
                return ($value, 'string');

            } else {
                die "a string without its end: $$text\n";
            }
        }
    }

    if ($$text =~ s/^(-?\d{1,12}\.\d{1,3})(?![\d.])//) {
        return ($1, 'decimal');
    }

    if ($$text =~ s/^(-?\d{1,15})(?![\d.])//) {
        return ($1, 'integer');
    }

    if ($$text =~ s/^\?([01])//) {
        return ($1, 'boolean');
    }

    if ($$text =~ s{^:((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2,3}={0,2})?):}{}) {
        return ($1, 'bytes');
    }

    if ($$text =~ s{^([A-Za-z*][!#\$%&'*+\-.^_`|~0-9A-Za-z:/]*)}{}) {
        return ($1, 'token');
    }

    die "no item: $$text\n";
}


sub parse_list {
    my ($text) = @_;
    my @list;

    $text =~ s/^ +//;
    $text =~ s/ +$//;

    die "an empty list\n" if $text eq '';

    while (1) {
        my %item = (params => {}, types => {});

        @item{qw( value type )} = bare(\$text);

        while ($text =~ s/^; *//) {
            $text =~ s/^([a-z*][a-z0-9_\-.*]*)// or die "no key: $text\n";
            my $key = $1;

            die "\"$key\" twice\n" if exists $item{params}{$key};

            if ($text =~ s/^=//) {
                @{$item{params}}{$key} = undef;
                ($item{params}{$key}, $item{types}{$key}) = bare(\$text);

            } else {
                ($item{params}{$key}, $item{types}{$key}) = (1, 'boolean');
            }
        }

        push @list, \%item;

        $text =~ s/^[ \t]+//;
        return \@list if $text eq '';

        $text =~ s/^,[ \t]*// or die "no comma: $text\n";
        die "a comma at the end\n" if $text eq '';
    }
}


1;
