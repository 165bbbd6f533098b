package XpectoToken;

# Consent tokens as the format says, without the module: what a test gives to
# nginx and what it expects of it.
#
#   token(granted => 0x4009, denied => 0x3ff6, age => -3600)
#
# The keys are those of t/data/consent-keys.

use strict;
use warnings;

use Digest::SHA qw( hmac_sha256 );
use Exporter qw( import );
use MIME::Base64 qw( encode_base64url );

our @EXPORT = qw( token );

my %master = (
    7 => join('', map { chr } 0x00 .. 0x1f),
    8 => join('', map { chr } 0x20 .. 0x3f),
    9 => join('', map { chr } 0x40 .. 0x5f),
);


# RFC 5869 with an empty salt, one block

sub derive {
    my ($key, $info) = @_;

    return hmac_sha256("$info\x01", hmac_sha256($key, "\0" x 32));
}


sub token {
    my %t = (
        kid => 7, name => '__Host-Http-xpc', scope => 'example.com',
        flags => 0x80, granted => 0x4009, denied => 0x3ff6, revision => 0,
        created => time, ttl => 86400, country => "\0\0", model => 1,
        age => 0, method => 5, @_,
    );

    $t{updated} = $t{created} unless defined $t{updated};
    $t{id} = $t{granted} & 0xbffe ? 'I' x 16 : "\0" x 16
        unless defined $t{id};

    my $payload = pack('C C n n N N N N a2 a3 C C C C C a16', 1, $t{flags},
        $t{granted}, $t{denied}, $t{revision}, $t{created}, $t{updated},
        $t{updated} + $t{ttl}, $t{country}, '', 0, $t{model}, $t{age},
        $t{method}, 0, $t{id});

    my $header = chr(0x11) . chr($t{kid});
    my $domain = "xpc1\0$t{name}\0$t{scope}\0";
    my $key = derive($master{$t{kid}}, 'xpc1 mac ' . chr($t{kid}));

    my $mac = hmac_sha256($domain . $header . $payload, $key);

    return "$t{name}="
           . encode_base64url($header . $payload . substr($mac, 0, 16));
}

1;
