# The ledger over rotation, a worker that is killed and a reload; and what
# verify, open and prune make of it.

use lib 't/lib';
use TestXpecto;

use File::Copy;
use IO::Socket::INET;
use Digest::SHA qw( hmac_sha256 );
use MIME::Base64 qw( encode_base64 encode_base64url );

copy('ngx_xpecto_module/data/jurisdictions.json',
     data_dir() . '/jurisdictions.json') or die "jurisdictions.json: $!";

chmod 0600, data_dir() . '/consent-keys', data_dir() . '/epochs';

my $root = $ENV{TEST_NGINX_SERVROOT};
my $keys = data_dir() . '/consent-keys';


sub content ($) {
    my $name = shift;

    open my $in, '<', $name or return '';
    local $/;

    return <$in> // '';
}


sub write_file {
    my ($name, @lines) = @_;

    open my $out, '>', $name or die "$name: $!";
    print $out @lines;
    close $out or die "$name: $!";
}


sub ledger_lines {
    return map { split /(?<=\n)/, content($_) } @_;
}


sub ask ($) {
    my $path = shift;

    my $sock = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $ENV{TEST_NGINX_PORT})
        or return '';

    print $sock "GET $path HTTP/1.0\r\nX-API-Key: key-de\r\n\r\n";
    local $/;

    return <$sock> || '';
}


# asks until the ledger says so

sub until_ledger ($$) {
    my ($name, $pattern) = @_;

    for (1 .. 200) {
        return 1 if content($name) =~ $pattern;
        ask('/in/');
        select(undef, undef, undef, 0.02);
    }

    return 0;
}


sub signal ($) {
    kill shift, content("$root/logs/nginx.pid") + 0;
}


sub verify {
    my $out = `tools/xpecto-ledger verify @_ 2>&1`;

    return ($? >> 8) . "\n$out";
}


sub lives_through {
    my ($tmp) = @_;
    my $ledger = "$tmp/ledger";

    ok until_ledger($ledger, qr/"event":"checkpoint","heads":"\w+:\d+:/),
       'a checkpoint';

    is((stat $ledger)[2] & 07777, 0600, 'the file is nobody else\'s');

    # rotation

    rename $ledger, "$ledger.1" or die "$ledger: $!";
    signal('USR1');

    ok until_ledger($ledger, qr/"event":"transfer"/), 'reopened';
    is((stat $ledger)[4], $> || (getpwnam 'nobody')[2],
       'the file is the workers\'');
    is((stat $ledger)[2] & 07777, 0600, 'and again nobody else\'s');

    # a worker that is killed: the next one in its place knows its last line

    my ($worker) = ask('/pid') =~ /^X-Pid: (\d+)/m;

    kill KILL => $worker;

    ok until_ledger($ledger, qr/"event":"start",.*"after":"\w{16}:\d+:/),
       'the next chain knows the last one';

    # a reload under a new key: the workers before it end their chains

    my $ring = content($keys);

    write_file($keys, '9:', encode_base64('new' x 10 . '::', ''), "\n$ring");
    signal('HUP');

    ok until_ledger($ledger, qr/"event":"end","heads":"/), 'ended';
    ok until_ledger($ledger, qr/"kid":9,"seq":1,.*"event":"start"/),
       'begun again, under the new key';

    my $out = verify($keys, "$ledger.1", $ledger);

    like $out, qr/^0\n/, 'it verifies';
    like $out, qr/^chain \w{16}: ended without close after line \d+/m,
         'the chain of the one who was killed';
    like $out, qr/^\d+ lines in \d+ chains, \d+ of them open; last checkpoint/m,
         'in short';

    write_file("$tmp/old", $ring);
    like verify("$tmp/old", "$ledger.1", $ledger), qr/^1\n.*: no key 9$/m,
         'a key is missing';

    like verify($keys, $ledger), qr/^1\n.*missing/s, 'an older file is missing';
    like verify('--partial', $keys, $ledger), qr/^0\n/, 'but may';
}


# what is done to it, and what verify must say then

my @tampered = (
    [ 'a changed line', qr/: changed$/m, sub {
        my $i = find('"event":"transfer"', @_);
        $_[$i] =~ s/"tenant":"de"/"tenant":"us"/;
        @_;
    } ],
    [ 'a changed MAC', qr/: changed$/m, sub {
        my $i = find('"event":"transfer"', @_);
        $_[$i] =~ s/"mac":"(.)/'"mac":"' . ($1 eq 'A' ? 'B' : 'A')/e;
        @_;
    } ],
    [ 'a missing line', qr/: line \d+ is missing before it$/m, sub {
        splice @_, find('"event":"transfer"', @_), 1;
        @_;
    } ],
    [ 'lines that have changed places', qr/: stands after line \d+$/m, sub {
        my $i = find('"seq":2,', @_);
        my ($chain) = $_[$i] =~ /"chain":"(\w+)"/;
        my $k = find("\"chain\":\"$chain\",\"kid\":7,\"seq\":3,", @_);
        @_[$i, $k] = @_[$k, $i];
        @_;
    } ],
    [ 'a line twice', qr/: repeated$/m, sub {
        my $i = find('"event":"transfer"', @_);
        (@_, $_[$i]);
    } ],
    [ 'no start', qr/: line 1 is missing before it$/m, sub {
        splice @_, find('"event":"start"', @_), 1;
        @_;
    } ],
    [ 'a whole chain', qr/: vouches for line \d+ of chain \w+, which is not/,
      sub {
        my ($dead) = "@_" =~ /"after":"(\w+):/;
        grep { !/"chain":"$dead"/ } @_;
    } ],
    [ 'the end of a chain', qr/, which is cut after line 1$/m, sub {
        my ($dead) = "@_" =~ /"after":"(\w+):/;
        grep { !/"chain":"$dead","kid":7,"seq":(?!1,)/ } @_;
    } ],
    [ 'a line of somebody else', qr/: not a line of the ledger$/m, sub {
        (@_, "{\"event\":\"transfer\"}\n");
    } ],
    [ 'a line of a key that we do not have', qr/: no key 5$/m, sub {
        my $i = find('"event":"transfer"', @_);
        $_[$i] =~ s/"kid":7/"kid":5/;
        @_;
    } ],
);


sub find {
    my ($text, @lines) = @_;

    for my $i (0 .. $#lines) {
        return $i if index($lines[$i], $text) >= 0;
    }

    die "no $text";
}


sub mac_of {
    my ($signed) = @_;
    my ($kid) = $signed =~ /"kid":(\d+)/;
    my ($key) = `tools/xpecto-keys ledger $keys` =~ /^$kid:([0-9a-f]{64})$/m;

    return encode_base64url(substr hmac_sha256($signed, pack "H*", $key),
                            0, 16);
}


sub is_tampered_with {
    my ($tmp) = @_;
    my @lines = ledger_lines("$tmp/ledger.1", "$tmp/ledger");
    my $file = "$tmp/tampered";

    for (@tampered) {
        my ($what, $pattern, $change) = @$_;

        write_file($file, $change->(my @copy = @lines));
        my $out = verify($keys, $file);

        like $out, qr/^1\n/, "$what: refused";
        like $out, $pattern, "$what: named";
    }

    # a full disk cut a line, and the next one follows on it

    my $i = find('"event":"transfer"', @lines);
    my @copy = @lines;

    $copy[$i] = substr($copy[$i], 0, 150) . $copy[$i];
    write_file($file, @copy);

    like verify($keys, $file), qr/^0\n.*^1 lines were cut short/ms,
         'a line that was cut short and written again';

    # the last line says that others were lost before it; no file

    @copy = @lines;
    $copy[-1] =~ s/,"mac":"[\w-]+"\}\n$/,"lost":2/;
    $copy[-1] .= sprintf qq(,"mac":"%s"}\n), mac_of($copy[-1]);
    write_file($file, @copy);

    like verify($keys, $file), qr/^3\n.*^2 lines could not be written/ms,
         'lines that are not there';
    like verify($keys, "$file.none"), qr/^4\n/, 'a file that is not there';

    # the keys of the ledger alone, and a file that was compressed

    `tools/xpecto-keys ledger $keys > $tmp/derived`;
    write_file($file, @lines);
    `gzip -f $file`;

    like verify("$tmp/derived", "$file.gz"), qr/^0\n/, 'derived keys, gzip';
}


sub is_pruned {
    my ($tmp) = @_;
    my @files = ("$tmp/ledger.1", "$tmp/ledger");
    my $prune = "tools/xpecto-ledger prune";

    is `$prune $keys $tmp/anchor @files 2>&1`, '', 'nothing is old enough';
    ok -e $files[0], 'so it is there';

    # older than now is old enough

    like `$prune --retain=0 --dry-run $keys $tmp/anchor @files 2>&1`,
         qr/ledger\.1: \d+ lines, the last of/, 'what would be pruned';
    ok -e $files[0], 'is there yet';

    `$prune --retain=0 $keys $tmp/anchor @files 2>&1`;

    is $?, 0, 'pruned';
    ok !-e $files[0], 'the old file is gone';
    ok -e $files[1], 'the current one is not';

    like verify($keys, "$tmp/anchor", $files[1]), qr/^0\n/,
         'what is left verifies';
    like verify($keys, $files[1]), qr/^1\n/, 'not without the anchor';

    my ($anchor) = content("$tmp/anchor");

    $anchor =~ s/"heads":"\w{16}:(\d+)/"heads":"0000000000000000:$1/;
    write_file("$tmp/forged", $anchor);

    like verify($keys, "$tmp/forged", $files[1]), qr/^1\n.*forged:1: changed/s,
         'nor with a forged one';

    write_file($files[0], "junk\n");
    like `$prune --retain=0 $keys $tmp/anchor @files 2>&1`,
         qr/nothing is pruned/, 'what does not verify is not pruned';
    ok -e $files[0], 'it is there';
}


# lines of another maker (t/unit/xpecto_ledger.c has them too), with a number
# that was sealed in November

sub is_forgotten {
    my ($tmp) = @_;
    my $ledger = data_dir() . '/ledger';
    my @epochs = ledger_lines(data_dir() . '/epochs');
    my $open = "tools/xpecto-ledger open $keys $tmp/epochs $ledger 2>&1";

    write_file("$tmp/epochs", @epochs);
    like `$open`, qr/,"address":"\+4915123456789","other":"",/, 'opened';

    write_file("$tmp/epochs", grep { !/^2026-11:/ } @epochs);
    my $out = `$open`;

    like $out, qr/,"address":\{"epoch":"2026-11","forgotten":true\},/,
         'forgotten with the line of its epoch';
    unlike $out, qr/4915123456789/, 'no number';

    write_file("$tmp/epochs", map { s/:QE/:QA/r } @epochs);
    like `$open`, qr/,"address":\{"epoch":"2026-11","unreadable":true\},/,
         'nor by other random bytes';

    like verify($keys, $ledger), qr/^0\n/, 'it verifies nevertheless';
}


add_response_body_check(sub {
    my ($block) = @_;
    my $tmp = tmp_dir();

    lives_through($tmp);
    is_tampered_with($tmp);
    is_pruned($tmp);
    is_forgotten($tmp);
});


# one worker: the next one in its place serves what follows

skip_hup('the test signals itself');

plan_tests(57);

run_tests();

__DATA__

=== TEST 1: xpecto_ledger - rotation, a killed worker, a reload
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_ledger %%TMP%%/ledger checkpoint=50ms;
    xpecto_tenants %%DATA%%/tenants-jurisdiction.json;
    xpecto_jurisdiction_rules %%DATA%%/rules.json;
--- config
    location /in/ {
        xpecto_jurisdiction on;
        xpecto_jurisdiction_destination in;
        empty_gif;
    }
    location = /pid {
        add_header X-Pid $pid;
        empty_gif;
    }
--- request
GET /in/
--- more_headers
X-API-Key: key-de
--- error_code: 451
--- no_error_log
[emerg]
