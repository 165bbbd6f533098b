# Pseudonyms in logs: what they are, whose, and that they can be forgotten.

use lib 't/lib';
use TestXpecto;
use TestRedact;
use XpectoPseudonym;

use MIME::Base64 qw( encode_base64 );
use Digest::SHA qw( sha256_hex );
use IO::Socket::INET;

our $Ring = encode_base64(join('', map { chr } 0 .. 31), '');
our %Salt = map { my $c = $_; $c => encode_base64($c x 32, '') } 'a' .. 'd';
our %Key = map { $_ => epoch_key($Ring, $Salt{$_}) } keys %Salt;

sub write_file ($$) {
    my ($name, $text) = @_;

    open my $out, '>', data_dir . "/$name" or die "$name: $!";
    print $out $text;
    close $out or die "$name: $!";
    chmod $name =~ /tenants/ ? 0644 : 0600, data_dir . "/$name";
}

write_file 'ring', "1:$Ring\n";
write_file 'past', "e1:1:$Salt{a}\n";
write_file 'future', "e1:4102444800:$Salt{a}\n";
write_file 'dotted', "e.1:1:$Salt{a}\n";
write_file 'tenants', <<"END";
{ "version": 1, "plans": { "p": { "limits": [
    { "name": "a", "kind": "rate", "rate": "1000r/s", "burst": 1000 } ] } },
  "tenants": { "acme": { "plan": "p", "keys": [ "sha256:@{[
    sha256_hex('key-acme') ]}" ] } } }
END


# the letters of the number under a key and a tenant

sub number ($;$) {
    my ($salt, $tenant) = @_;

    return pseudonym('phone', '16505551234', $Key{$salt}, $tenant);
}

our $Wamid = 'wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA';

# the tests' own arithmetic: the id holds this number

die if substr(MIME::Base64::decode_base64(substr $Wamid, 6), 3, 11)
       ne '16505551234';

our $N = '[phone.e1.' . number('a') . ']';
our $A = '[phone.e1.' . number('a', 'acme') . ']';
our $I = '[id.e1.' . number('a') . '.'
         . pseudonym('id', $Wamid, $Key{a}) . ']';

$ENV{TEST_NGINX_N} = $N;


sub ask ($) {
    my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                                  PeerPort => $ENV{TEST_NGINX_PORT})
        or return '';

    print $s "GET $_[0] HTTP/1.0\r\n\r\n";

    return join '', <$s>;
}

sub log_of ($) {
    my $uri = shift;
    my $log = tmp_dir . '/a.log';

    ask "$uri?to=16505551234";
    wait_for { slurp($log) =~ /^\Q$uri\E .*\n/m };

    return slurp($log) =~ /^\Q$uri\E (.*)\n/m ? $1 : '';
}

sub master () {
    return slurp("$ENV{TEST_NGINX_SERVROOT}/logs/nginx.pid") =~ /(\d+)/ && $1;
}

sub worker_pids () {
    my $master = master;

    return split ' ', `pgrep -P $master`;
}

sub reload () {
    my %old = map { $_ => 1 } worker_pids;

    kill HUP => master;
    wait_for { my @now = worker_pids;
               @now && !grep({ $old{$_} } @now) && ask('/ping') =~ / 204 / };
}

my %steps = (
    # another epoch begins while a worker runs

    turn => sub {
        my $name = shift;

        is log_of('/1'), $N, "$name - the first epoch";

        my $begin = time + 3;
        write_file 'turning', "e1:1:$Salt{a}\ne2:$begin:$Salt{b}\n";
        reload;

        my $before = log_of '/2';
        ok $before eq $N || time >= $begin, "$name - before";

        my @pids = worker_pids;
        my $i = 2;

        wait_for { log_of('/' . ++$i) =~ /e2/ };
        is log_of('/n'), '[phone.e2.' . number('b') . ']',
           "$name - the next epoch";
        is "@{[ worker_pids ]}", "@pids", "$name - in the same worker";
    },

    # what a line of the file made, nothing else makes

    forget => sub {
        my $name = shift;

        is log_of('/1'), $N, "$name - the token";

        write_file 'turning', "e2:2:$Salt{b}\n";
        reload;
        is log_of('/2'), '[phone.e2.' . number('b') . ']',
           "$name - another one";

        # not even under its name

        write_file 'turning', "e1:1:$Salt{c}\n";
        reload;
        my $again = log_of('/3');
        is $again, '[phone.e1.' . number('c') . ']', "$name - same name";
        isnt $again, $N, "$name - other token";

        # all that is left to derive a key from

        my @left = map { epoch_key($Ring, $_) }
                       '', values %{{ %Salt, a => '' }};
        is grep({ $N eq '[phone.e1.'
                        . pseudonym('phone', '16505551234', $_) . ']' } @left),
           0, "$name - from nothing that is left";
    },
);

add_response_body_check(sub {
    my ($block, $body, $index) = @_;

    return if ref $block->request && $index < $#{ $block->request };

    if (defined $block->step) {
        (my $step = $block->step) =~ s/\s+$//;
        $steps{$step}->($block->name);
    }

    check_files $block;

    if (defined $block->longest) {
        my $n = 0;

        for (slurp("$ENV{TEST_NGINX_SERVROOT}/logs/error.log") =~ /(.*\n)/g) {
            $n = length if length > $n;
        }

        ok $n <= 2048, $block->name . " - no line over 2048 bytes";
    }
});

add_block_preprocessor {
    my $block = shift;
    my $epochs = $block->epochs // '';

    $epochs =~ s/\s+$//;
    write_file 'turning', "e1:1:$Salt{a}\n" if $epochs eq 'turning';

    my $data = data_dir;
    my $keys = $epochs eq '' ? ''
             : "xpecto_keys $data/ring; xpecto_epochs $data/$epochs;";

    $block->set_value('http_config',
                      "$keys log_format t '\$uri?\$args';\n"
                      . "log_format p '\$request_uri';\n"
                      . ($block->http_config // ''));
};

skip_hup('the files of a block are those of the next one');
no_root_location();
plan_tests(46);

run_tests();

__DATA__

=== TEST 1: a number - one token in every shape, in an id as well
--- epochs: past
--- config
    location / { xpecto_redact on; access_log %%TMP%%/a.log t; return 204; }
--- request eval
[map { "GET $_" } '/a?to=16505551234', '/a?to=%2B1%20650%20555-1234',
 '/a?q=%252B16505551234', '/p/+1.650.555.1234?-', "/a?id=$::Wamid"]
--- error_code eval
[204, 204, 204, 204, 204]
--- access: a.log
--- lines eval
"/a?to=$::N\n/a?to=$::N\n/a?q=$::N\n/p/$::N?-\n/a?id=$::I\n"



=== TEST 2: tenant - its own tokens, in both logs
--- epochs: past
--- http_config
    xpecto_tenants %%DATA%%/tenants;
--- config
    location / { xpecto_redact on; access_log %%TMP%%/a.log t;
                 proxy_pass http://127.0.0.1:1; }
--- request
GET /a?to=16505551234
--- more_headers
Authorization: Bearer key-acme
--- error_code: 502
--- access: a.log
--- lines eval
"/a?to=$::A\n"
--- error_lines eval
"request: \"GET /a\\?to=\Q$::A\E HTTP/1.1\", upstream: \"http://127.0.0.1:1/a\\?to=\Q$::A\E\"\n"
--- planted eval: ["16505551234", "key-acme"]



=== TEST 3: tenant - labels in the error log until it is known
--- epochs: past
--- http_config
    xpecto_tenants %%DATA%%/tenants;
--- config
    location / { xpecto_redact on; access_log off;
                 proxy_pass http://127.0.0.1:1; }
--- request
GET /a?to=16505551234
--- more_headers
Authorization: Bearer key-acme
--- error_code: 502
--- error_lines eval
"http args: \"to=\\[phone\\]\"\nupstream: .*\\?to=\Q$::A\E\"\n"
. "! \Q$::N\E\n"
--- planted eval: ["16505551234", "key-acme"]



=== TEST 4: no tenants - tokens in the error log from the first request on
--- epochs: past
--- config
    location / { xpecto_redact on; access_log off;
                 proxy_pass http://127.0.0.1:1; }
--- request
GET /a?to=16505551234
--- error_code: 502
--- error_lines eval
"request: \"GET /a\\?to=\Q$::N\E HTTP/1.1\", upstream:\n"



=== TEST 5: no epoch has begun - labels
--- epochs: future
--- suppress_stderr
--- config
    location / { xpecto_redact on; access_log %%TMP%%/a.log t;
                 proxy_pass http://127.0.0.1:1; }
--- request
GET /a?to=16505551234
--- error_code: 502
--- access: a.log
--- lines
/a?to=[phone]
--- error_lines
request: "GET /a\?to=\[phone\] HTTP/1.1", upstream:



=== TEST 6: a long line of the error log - is not longer than nginx's
--- epochs: past
--- config
    location / { xpecto_redact on; access_log off;
                 proxy_pass http://127.0.0.1:1; }
--- request eval
"GET /a?" . "to=16505551234&" x 58
--- error_code: 502
--- error_lines
connect\(\) failed .* request: "GET /a\?to=\[phone\]&to=
--- longest: 1



=== TEST 7: an epoch begins - without a reload
--- epochs: turning
--- config
    location /ping { access_log off; return 204; }
    location / { xpecto_redact on; access_log %%TMP%%/a.log s; return 204; }
--- http_config
    log_format s '$uri $arg_to';
--- request
GET /ping
--- error_code: 204
--- step: turn



=== TEST 8: a line is removed - its tokens cannot be made again
--- epochs: turning
--- config
    location /ping { access_log off; return 204; }
    location / { xpecto_redact on; access_log %%TMP%%/a.log s; return 204; }
--- http_config
    log_format s '$uri $arg_to';
--- request
GET /ping
--- error_code: 204
--- step: forget



=== TEST 9: mask - digits that stay, a label where few numbers are left
--- config
    location / { xpecto_redact on; xpecto_redact_as phone=mask:4;
                 access_log %%TMP%%/a.log t; return 204; }
--- request eval
["GET /a?to=16505551234", "GET /a?to=3546123456"]
--- error_code eval
[204, 204]
--- access: a.log
--- lines
/a?to=1******1234
/a?to=[phone]
--- planted eval: ["16505551234", "3546123456"]



=== TEST 10: a name of an epoch - that could not stand in a log
--- epochs: dotted
--- http_config
    xpecto_redact on;
--- must_die
--- error_log
epoch "e.1" cannot stand in a pseudonym: letters, "_", "-" and at most 8 digits can
