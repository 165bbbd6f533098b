# xpecto-redact, the engine as a command.

use strict;
use warnings;

use lib 't/lib';
use XpectoPseudonym;

use Cwd qw( abs_path );
use File::Basename qw( dirname );
use File::Temp qw( tempdir );
use MIME::Base64 qw( encode_base64 );
use Test::More;

my $top = abs_path(dirname(__FILE__) . '/..');
my $command = "$top/build/xpecto-redact";
my $dir = tempdir(CLEANUP => 1);

plan skip_all => 'build/xpecto-redact is not built' unless -x $command;


# (exit code, output, errors) of the command with this on standard input

sub run ($@) {
    my ($input, @args) = @_;

    write_file('in', $input);

    my $pid = fork;
    die "fork: $!" unless defined $pid;

    if ($pid == 0) {
        open STDIN, '<', "$dir/in" or die;
        open STDOUT, '>', "$dir/out" or die;
        open STDERR, '>', "$dir/err" or die;
        exec $command, @args or die;
    }

    waitpid $pid, 0;

    return ($? >> 8, read_file('out'), read_file('err'));
}

sub write_file {
    my ($name, $text) = @_;

    open my $out, '>:raw', "$dir/$name" or die "$name: $!";
    print $out $text;
    close $out or die "$name: $!";

    return "$dir/$name";
}

sub read_file {
    open my $in, '<:raw', "$dir/$_[0]" or die "$_[0]: $!";
    local $/;
    return <$in> // '';
}

sub redacted ($$$;@) {
    my ($in, $expected, $name, @args) = @_;
    my ($code, $out, $err) = run $in, @args;

    is "$code $err$out", "0 $expected", $name;
}


my $access = '203.0.113.9 - - [22/Nov/2026:12:00:00 +0000] "GET /m?to='
             . '%s&page=2 HTTP/1.1" 200 12 "https://a.example/?access_token='
             . '%s" "Mozilla/5.0 (X11; Linux x86_64)"' . "\n";
my $plain = sprintf $access, '%2B16505551234', 'abc';
my $clean = sprintf($access, '[phone]', '-') =~ s/113\.9/113.0/r;

my $error = '2026/11/22 12:00:00 [error] 71#71: *3 connect() failed (111: '
            . 'Connection refused) while connecting to upstream, client: '
            . '192.0.2.%d, server: api, request: "GET /?to=%s HTTP/1.1", '
            . 'upstream: "http://127.0.0.1:1/?to=%2$s", host: "api"' . "\n";

redacted '', '', 'nothing';
redacted $plain, $clean, 'a line of an access log';
redacted sprintf($error, 33, '16505551234'), sprintf($error, 0, '[phone]'),
         'a line of an error log';
redacted '{"status":200,"request":"GET /?pin=1\"2&x=1 HTTP/1.1","to":"1650",'
         . '"body":{"text":{"body":"Hi \"Ann\""}},"took":0.1}' . "\n",
         '{"status":200,"request":"GET /?pin=-&x=1 HTTP/1.1","to":"[phone]",'
         . '"body":{"text":{"body":"[content 10B]"}},"took":0.1}' . "\n",
         'a line of JSON';
redacted "a +1 650 555 1234\r\n\r\n\0b\n+16505551234",
         "a [phone]\r\n\r\n\0b\n[phone]", 'ends of lines, bytes, no last end';
redacted "$clean\n$clean", "$clean\n$clean", 'what is redacted stays';

is((run $plain, '--check', '--style', 'phone=keep', '--style', 'ip=keep',
    '--style=credential=keep')[0], 0, '--style - keep');
redacted "16505551234\n", "1******1234\n", '--style - a mask',
         '--style', 'phone=mask:4';
redacted "/x?ref=abc&q=1\n", "/x?ref=[user]&q=1\n", '--name',
         '--form', 'uri', '--name', 'user=Ref';
redacted "to=1&text=Hello&x=y\n", "to=[phone]&text=[content 5B]&x=y\n",
         '--form', '--form=query';

is_deeply [run "$plain\nx\n$plain", '--check'],
          [1, "-:1: phone 1, ip 1, credential 1\n"
              . "-:4: phone 1, ip 1, credential 1\n", ''],
          '--check - lines, classes and numbers, no value';
is_deeply [run $clean, '-c'], [0, '', ''], '--check - nothing';
is_deeply [run '', '-c', write_file('b.log', "x\n$plain")],
          [1, "$dir/b.log:2: phone 1, ip 1, credential 1\n", ''],
          '--check - the name of the file';

my ($code, $out, $err) = run "$plain$plain", '--stats';

is "$code $out", "0 $clean$clean", '--stats - the output is the same';
like $err, qr/^lines 2\nchanged 2\nphone 2\n.*^ip 2\n.*^credential 2\n/ms,
     '--stats - on standard error';

write_file('one', "+16505551234\n");
write_file('two', "b\n");
redacted "c\n", "[phone]\nc\nb\n", 'files, and standard input among them',
         "$dir/one", '-', "$dir/two";


# pseudonyms

my $ring = encode_base64(join('', map { chr } 0 .. 31), '');
my %salt = map { my $c = $_; $c => encode_base64($c x 32, '') } 'a', 'b';
my @keys = ('--keys', write_file('ring', "1:$ring\n"),
            '--epochs', write_file('epochs', "e1:1:$salt{a}\ne2:9:$salt{b}\n"));

sub number ($;$) {
    my ($salt, $tenant) = @_;

    return pseudonym('phone', '16505551234', epoch_key($ring, $salt{$salt}),
                     $tenant);
}

redacted "+1 650 555 1234\n", "[phone.e2.@{[ number 'b' ]}]\n",
         'pseudonyms - of the epoch that has begun', @keys;
redacted "16505551234\n", "[phone.e1.@{[ number 'a', 'acme' ]}]\n",
         'pseudonyms - of an epoch and a tenant',
         @keys, '--epoch', 'e1', '--tenant=acme';


# lines that are longer than the buffer

sub same ($$$) {
    my ($in, $expected, $name) = @_;
    my ($code, $out) = run $in;
    my $at = 0;

    $at++ while $at < length $out
                && substr($out, $at, 1) eq substr($expected, $at, 1);

    is "$code " . ($out eq $expected ? 'same' : "differs at $at: "
                   . substr($out, $at < 40 ? 0 : $at - 40, 80)),
       '0 same', $name;
}

my $words = '';
my $i = 0;

while (length $words < 3_500_000) {
    $words .= ('a', 'ab cd', 'x=1', 'efg;', '/h/i', '+1 650 555 1234')[$i % 6]
              . ' ' x (1 + $i % 7);
    $i++;
}

my $long = $words =~ s/\+1 650 555 1234/[phone]/gr;

same "$words\n16505551234 $words", "$long\n[phone] $long",
     'long lines - a number at every edge';

# each byte of a number at the very end of the buffer, once

for my $shift (0 .. 16) {
    my $x = ('ab ' x 349_525) . 'x' x $shift;

    same "$x +1 650 555 1234 $words", "$x [phone] $long",
         "long lines - the edge at byte $shift of a number"
        if $shift % 4 == 0;
}

# one value fills it

($code, $out) = run '{"a":1,"body":"' . 'secret ' x 400_000
                    . '","to":"16505551234"}' . "\nx +16505551234\n";

is $code, 0, 'long values - the line is given up';
unlike $out, qr/secret|1650/, 'long values - nothing of it is shown';
like $out, qr/^\{"a":1,"body":"\[content \d+k?B\][^\n]*\[content\]\n/,
     'long values - from where it stands to the end of the line';
like $out, qr/\nx \[phone\]\n\z/, 'long values - not the next line';

($code, $out) = run '7' x 3_000_000;
ok "$code $out" =~ /^0 7+\[content\]\z/, 'long values - no place to cut';


# the man page, the usage and what is accepted are one

{
    my ($code, $usage) = run '', '--help';
    my $man = do { open my $in, '<', "$top/docs/xpecto-redact.1" or die;
                   local $/; <$in> };
    my %options = map { $_ => 1 } $usage =~ /(--\w+)/g;

    $man =~ s/\\-/-/g;
    my %documented = map { $_ => 1 } $man =~ /^\.(?:BI?R?|TQ).*?(--\w+)/mg;

    is $code, 0, 'help - exits with 0';
    is_deeply [sort keys %documented], [sort keys %options],
              'help - the options of the man page';

    my ($forms) = $usage =~ /what a line is: (.*?); log/s;
    like $man, qr/\b$_\b/, "help - the form $_" for $forms =~ /\b(?!or\b)[a-z]+/g;
}


# trouble

for (['--nonsense'], ['--style', 'phone'], ['--style', 'phone=mask:9'],
     ['--style', 'name=mask'], ['--form', 'csv'], ['--name', 'user'],
     ['--tenant', 'x'], ['--keys', "$dir/ring"],
     ['--keys', "$dir/one", '--epochs', "$dir/epochs"],
     [@keys, '--epoch', 'e3'], ["$dir/none"], [$dir])
{
    my ($code, $out, $err) = run 'x', @$_;

    is "$code $out", '2 ', "trouble - @$_" =~ s{\Q$dir/}{}gr;
    like $err, qr/^xpecto-redact: [^\n]+\n\z|^usage:/m, '... and says which';
    unlike $err, qr/\Q$ring\E|\Q$salt{a}\E/, '... no key is shown';
}

# the sentence for each

for (['unknown class in style "to=[phone.any-epoch.letters]"',
      '--style', 'to=[phone.any-epoch.letters]'],
     ['unknown style "phone=[phone.any-epoch.letters]"',
      '--style', 'phone=[phone.any-epoch.letters]'],
     ['unknown style "phone=mask:12"', '--style', 'phone=mask:12'],
     ['invalid style "phone=mask:0": one to four digits can stay',
      '--style', 'phone=mask:0'],
     ['the style cannot be applied to this class "ip=mask"',
      '--style', 'ip=mask'],
     ['the class already has a style "ip=keep"',
      '--style', 'ip=label', '--style', 'ip=keep'],
     ['--keys and --epochs are needed for "ip=pseudonym"',
      '--style', 'ip=pseudonym'],
     ['unknown class in name "a=b"', '--name', 'a=b'],
     ['invalid character in name "user=a b"', '--name', 'user=a b'],
     ['invalid name "user=_-": it must have 1 to 40 letters or digits',
      '--name', 'user=_-'],
     ['duplicate name "name=Ab": case, "_", "-" and "." do not count',
      '--name', 'user=a_b', '--name', 'name=Ab'],
     ['unknown form "csv"', '--form', 'csv'])
{
    my ($says, @args) = @$_;

    is_deeply [run '+16505551234', @args], [2, '', "xpecto-redact: $says\n"],
              "trouble - $says";
}

# in what is packed nothing can be found

my $packed = 'it is compressed or of wide characters, only plain text can be '
             . 'read';

for (['gzip -c'], ['xz -c'], ['bzip2 -c'], ['zstd -c'],
     ['iconv -f ASCII -t UTF-16'])
{
    my ($pack) = @$_;

    SKIP: {
        my ($tool) = split ' ', $pack;
        skip "no $tool", 2 if system("command -v $tool > /dev/null") != 0;

        my $bytes = `printf '+16505551234\n' | $pack`;

        is_deeply [run $bytes, @$_], [2, '', "xpecto-redact: cannot read "
                                             . "\"-\": $packed\n"],
                  "trouble - packed by $pack"
            for [], ['--check'];
    }
}

# what is lost at the very end, without the end of a line, is lost as well

SKIP: {
    skip 'no /dev/full', 4 unless -e '/dev/full';

    write_file('end', '+16505551234');

    for ('', '--check') {
        for my $file ('one', 'end') {
            my $status = system("'$command' $_ < '$dir/$file' > /dev/full "
                                . '2>/dev/null');
            is $status >> 8, 2, "trouble - no room for the output: $file $_";
        }
    }
}

is system("'$command' < '$dir/one' >&- 2>/dev/null") >> 8, 2,
   'trouble - no output';
is system("'$command' <&- > /dev/null 2>&1") >> 8, 2, 'trouble - no input';

write_file('many', "+16505551234\n" x 200_000);

is `(trap '' PIPE; '$command' '$dir/many'; echo \$? > '$dir/code') 2>/dev/null |
    head -n 1`, "[phone]\n", 'a reader that leaves - it has its line';
is read_file('code'), "2\n", '... and we know it';
is `'$command' '$dir/many' | head -n 1; :`, "[phone]\n",
   'a reader that leaves - as any filter';

# what would grow as it is read

for ("'$dir/one' >> '$dir/one'", "< '$dir/one' >> '$dir/one'") {
    is system("'$command' $_ 2>/dev/null") >> 8, 2,
       'trouble - the input is the output';
    is read_file('one'), "+16505551234\n", '... and stays';
}

# bytes of any kind: each line is read, none is lost

my $bytes = join '', map { chr(($_ * 7919 + ($_ >> 8)) & 255) } 1 .. 300_000;

(my $clean_bytes) = (run $bytes)[1];
is $clean_bytes =~ tr/\n//, $bytes =~ tr/\n//, 'any bytes - lines stay lines';
is_deeply [run $clean_bytes], [0, $clean_bytes, ''],
          'any bytes - a second time';

SKIP: {
    my $script = `which script`;

    skip 'no terminal', 2
        unless $script && `script -qec 'echo yes' /dev/null 2>&1` =~ /^yes/;

    # one second and more

    my $shown = `script -qec "(cat '$dir/in'; sleep 2; echo x; sleep 1) |
                 '$command' > /dev/null" /dev/null < /dev/null`;
    like $shown, qr/\r-: \d+ MB/, 'progress - on a terminal';

    $shown = `script -qec "(sleep 2; echo x; sleep 1) |
              '$command' -q > /dev/null" /dev/null < /dev/null`;
    unlike $shown, qr/MB/, 'progress - not if it is to be quiet';
}

done_testing();
