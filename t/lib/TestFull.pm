package TestFull;

# A disk that is full: files are of less than a terabyte, and one is as long.

use strict;
use warnings;

use Exporter 'import';

our @EXPORT_OK = qw( full_disk );


sub full_disk {
    my ($file) = @_;

    $SIG{XFSZ} = 'IGNORE';

    open my $out, '>', $file or die "$file: $!";
    truncate $out, 1 << 40 or die "$file: $!";
    close $out;

    system('prlimit', '--pid', $$, '--fsize=' . (1 << 40)) == 0
        or die 'prlimit';
}


1;
