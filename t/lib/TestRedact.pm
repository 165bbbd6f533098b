package TestRedact;

# What the tests of the redact room share: the files a block has left are
# compared as a whole, and searched for what was planted, in any encoding.
#
#   --- access: a.log       file in %%TMP%%, with gunzip if it ends in .gz
#   --- lines               exactly what it holds when the last request is
#                           over, or a regular expression
#   --- error_lines         regular expressions, each in the error log once or
#                           more; "! regex": in no line
#   --- planted eval: ["6505551234"]    default: that and "s3cr3t"
#   --- shows: 1            the planted values are to be seen (redaction off)

use strict;
use warnings;

use MIME::Base64;
use Test::More;
use TestXpecto ();
use base 'Exporter';

our @EXPORT = qw( slurp wait_for leaks plants check_files planted );


sub slurp ($) {
    my $name = shift;

    open my $in, '<:raw', $name or return '';
    local $/;
    my $text = <$in>;
    close $in;

    return defined $text ? $text : '';
}


# polls: a log is written after the response is

sub wait_for (&) {
    my $done = shift;

    for (1 .. 100) {
        return 1 if $done->();
        select undef, undef, undef, 0.05;
    }

    return 0;
}


# each way to say it that a reader of logs may know

sub decodings ($) {
    my $text = shift;
    my @all = ($text);

    for (1 .. 3) {
        last if $all[-1] !~ /%[0-9a-f]{2}/i;
        (my $percent = $all[-1]) =~ s/%([0-9a-f]{2})/chr hex $1/gei;
        push @all, $percent;
    }

    for my $slash (@all[0 .. $#all]) {
        next if $slash !~ /\\[xu]/;
        (my $plain = $slash) =~ s/\\x([0-9a-f]{2})/chr hex $1/gei;
        $plain =~ s/\\+u00([0-9a-f]{2})/chr hex $1/gei;
        push @all, $plain;
    }

    push @all, map { tr/\0// ? tr/\0//dr : () } @all;

    # what base64 stands for, as it is and as digits of four bits either way

    my (%seen, @decoded);

    for my $run (map { m{[A-Za-z0-9+/_-]{12,}}g } @all) {
        next if $seen{$run}++;
        $run =~ tr{_-}{/+};
        push @decoded, map { decode_base64(substr $run, $_) } 0 .. 3;
    }

    my $decoded = join "\n", @decoded;
    my $bcd = join ' ', map { unpack 'H*', $_ } @decoded;

    push @all, $decoded, $bcd, join ' ', map { unpack 'h*', $_ } @decoded;
    push @all, map { tr{ ().,/+-}{}dr } @all;

    return @all;
}


sub leaks ($@) {
    my ($text, @planted) = @_;
    my @all = decodings $text;
    my @found;

    for my $value (@planted) {
        push @found, $value if grep { index($_, $value) >= 0 } @all;
    }

    return @found;
}


# the numbers of what RedactPlaces planted, piece by piece as logs are long

sub plants ($) {
    my $text = shift;
    my %found;

    for (my ($from, $to) = (0, 0); $from < length $text; $from = $to) {
        $to = index($text, "\n", $from + 200_000) + 1 || length $text;

        for (decodings substr $text, $from, $to - $from) {
            $found{int($1 // $2)} = 1 while /zq(\d{5})vk|491512(\d{7})/g;
        }
    }

    return sort { $a <=> $b } keys %found;
}


sub planted ($) {
    my $block = shift;

    return defined $block->planted ? @{ $block->planted }
                                   : ('6505551234', 's3cr3t');
}


sub check_files ($) {
    my $block = shift;
    my $tmp = TestXpecto::tmp_dir();
    my $error = "$ENV{TEST_NGINX_SERVROOT}/logs/error.log";
    my $name = $block->name;

    if (defined $block->access) {
        (my $file = $block->access) =~ s/\s+$//;
        my $lines = $block->lines;
        my $text;

        wait_for {
            $text = $file =~ /\.gz$/ ? `gzip -dc '$tmp/$file' 2>/dev/null`
                                     : slurp "$tmp/$file";
            ref $lines ? $text =~ /\n/
                       : ($text =~ tr/\n//) >= ($lines =~ tr/\n//);
        };

        ref $lines ? like $text, $lines, "$name - lines of the access log"
                   : is $text, $lines, "$name - lines of the access log";
    }

    if (defined $block->error_lines) {
        for my $re (split /\n/, $block->error_lines) {
            if ($re =~ s/^! //) {
                ok slurp($error) !~ /$re/, "$name - not in the error log: $re";
                next;
            }

            wait_for { slurp($error) =~ /$re/ };
            ok slurp($error) =~ /$re/, "$name - in the error log: $re";
        }
    }

    my $all = join "\n", slurp $error,
                         map { /\.gz$/ ? `gzip -dc '$_'` : slurp $_ }
                         grep { -f } glob "$tmp/*";

    # file names count as well

    $all .= join "\n", glob "$tmp/*";

    my @found = leaks $all, planted $block;

    if (defined $block->shows) {
        ok scalar(@found), "$name - it is there to be found";

    } else {
        is "@found", '', "$name - no planted value in any file";
    }
}


1;
