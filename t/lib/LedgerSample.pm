package LedgerSample;

# The lines of a ledger that docs/formats.md shows, beside those of a run.
#
#   use LedgerSample;
#
#   is members_of($line), sample_of('transfer');
#
# Both are the names of the members, in their order, by spaces.

use strict;
use warnings;

use Exporter qw( import );

our @EXPORT = qw( members_of sample_of );


# of what is sealed the name counts

sub members_of ($) {
    my $line = shift;

    return join ' ', $line =~ s/\{"epoch".*?\}/0/gr =~ /"(\w+)":/g;
}


sub sample_of ($) {
    my $event = shift;

    open my $in, '<', 'docs/formats.md' or die "docs/formats.md: $!";
    local $/;
    my ($sample) = grep { /"event":"$event"/ }
                   <$in> =~ /^(\{"chain":.*?"mac":.*?\})$/gms;

    return members_of($sample // die "no sample of $event");
}


1;
