package XpectoPseudonym;

# Tokens as docs/formats.md describes them, with Perl's own HMAC and a SipHash
# of its own: what the module writes is compared with this.

use strict;
use warnings;
no warnings 'portable';

use Digest::SHA qw( hmac_sha256 );
use MIME::Base64 qw( decode_base64 );
use base 'Exporter';

our @EXPORT = qw( pseudonym epoch_key siphash128 );

use constant MASK => 0xffffffffffffffff;


sub add ($$) {
    my ($a, $b) = @_;

    my $low = ($a & 0xffffffff) + ($b & 0xffffffff);
    my $high = ($a >> 32) + ($b >> 32) + ($low >> 32);

    return ($high & 0xffffffff) << 32 | $low & 0xffffffff;
}

sub rotl ($$) {
    my ($x, $n) = @_;

    return ($x << $n & MASK) | $x >> 64 - $n;
}


# Aumasson and Bernstein: SipHash-2-4, the variant with 128 bits of output

sub siphash128 ($$) {
    my ($key, $data) = @_;
    my ($k0, $k1) = unpack 'Q<2', $key;

    my @v = ($k0 ^ 0x736f6d6570736575, $k1 ^ 0x646f72616e646f6d ^ 0xee,
             $k0 ^ 0x6c7967656e657261, $k1 ^ 0x7465646279746573);

    my $rounds = sub {
        for (1 .. shift) {
            $v[0] = add $v[0], $v[1];
            $v[2] = add $v[2], $v[3];
            $v[1] = $v[0] ^ rotl $v[1], 13;
            $v[3] = $v[2] ^ rotl $v[3], 16;
            $v[0] = rotl $v[0], 32;
            $v[2] = add $v[2], $v[1];
            $v[0] = add $v[0], $v[3];
            $v[1] = $v[2] ^ rotl $v[1], 17;
            $v[3] = $v[0] ^ rotl $v[3], 21;
            $v[2] = rotl $v[2], 32;
        }
    };

    my $n = length $data;
    $data .= "\0" x ((7 - $n) % 8) . chr($n % 256);

    for my $m (unpack 'Q<*', $data) {
        $v[3] ^= $m;
        $rounds->(2);
        $v[0] ^= $m;
    }

    $v[2] ^= 0xee;
    $rounds->(4);
    my $first = $v[0] ^ $v[1] ^ $v[2] ^ $v[3];

    $v[1] ^= 0xdd;
    $rounds->(4);

    return pack 'Q<2', $first, $v[0] ^ $v[1] ^ $v[2] ^ $v[3];
}

die 'siphash128'
    if unpack('H*', siphash128(pack('C*', 0 .. 15), ''))
       ne 'a3817f04ba25a8e66df67214c7550293';


# RFC 5869, one block

sub epoch_key ($$) {
    my ($ring, $salt) = @_;

    my $prk = hmac_sha256(decode_base64($ring), decode_base64($salt));

    return substr hmac_sha256("xpecto pseudonym 1\x01", $prk), 0, 16;
}


# the letters of a value: class, value, the epoch's key, the tenant's name

sub pseudonym ($$$;$) {
    my ($class, $value, $key, $tenant) = @_;

    my $own = siphash128($key, defined $tenant ? $tenant : '');
    my $text = '';

    for (unpack 'C8', siphash128($own, "$class:$value")) {
        $text .= substr('bcdfghjkmnpqrstv', $_ >> 4, 1)
                 . substr('bcdfghjkmnpqrstv', $_ & 15, 1);
    }

    return $text;
}


1;
