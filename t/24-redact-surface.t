# What is said of requests that go wrong: sent byte by byte, with an upstream
# that answers anything.

use lib 't/lib';
use TestXpecto;
use TestRedact;

use IO::Socket::INET;
use IO::Socket::UNIX;
use Time::HiRes qw( time );

no warnings 'portable';         # addresses of 64 bits

our $Long = 'x' x 9000;

# one connection: what came back within a second or two

sub talk ($$) {
    my ($to, $bytes) = @_;
    my $s = $to ? IO::Socket::UNIX->new(tmp_dir . "/$to")
                : IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                                        PeerPort => $ENV{TEST_NGINX_PORT});
    my ($answer, $end) = ('', time + ($to ? 0.3 : 2));

    # "<close>" at the end: gone when it is sent

    my $gone = $bytes =~ s/<close>$//;

    syswrite $s, $bytes;

    if ($gone) {
        select undef, undef, undef, 0.2;
        return '';
    }

    while ((my $left = $end - time) > 0) {
        vec(my $ready = '', $s->fileno, 1) = 1;
        last unless select $ready, undef, undef, $left;
        last unless sysread $s, $answer, 65536, length $answer;
        last if $answer =~ /\r\n\r\n/ && !$to;
    }

    return $answer;
}


# an upstream that reads a request and says this, or nothing for a while

sub upstream ($) {
    my $answer = shift;
    my $name = tmp_dir . '/up.sock';
    my $listen = IO::Socket::UNIX->new(Local => $name, Listen => 9);

    chmod 0777, $name;

    my $pid = fork;

    return $pid if $pid;

    while (my $s = $listen->accept) {
        sysread $s, my $request, 65536;
        select undef, undef, undef, 1 if $answer eq 'hang';
        syswrite $s, $answer;
        close $s;
    }

    POSIX::_exit(0);
}


# HTTP/2: a preface and one request whose names and values are not packed

sub h2_string ($) {
    my $text = shift;
    my $length = length $text;

    return chr($length) . $text if $length < 127;

    my $bytes = "\x7f";

    for ($length -= 127; $length > 127; $length >>= 7) {
        $bytes .= chr($length & 127 | 128);
    }

    return $bytes . chr($length) . $text;
}

sub h2 (@) {
    my $block = '';

    while (my ($name, $value) = splice @_, 0, 2) {
        $block .= "\0" . h2_string($name) . h2_string $value;
    }

    # frames of 16k at most: the first one has the flag END_STREAM

    my @parts = unpack '(a16384)*', $block;
    my $frames = '';

    for my $i (0 .. $#parts) {
        $frames .= substr(pack('N', length $parts[$i]), 1)
                   . chr($i ? 9 : 1) . chr(!$i | 4 * ($i == $#parts))
                   . "\0\0\0\1$parts[$i]";
    }

    return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0$frames";
}


# what "error_log memory:" holds: lines in mappings that belong to no file

sub memory_log () {
    my $master = slurp("$ENV{TEST_NGINX_SERVROOT}/logs/nginx.pid") + 0;
    my $worker = `pgrep -P $master` + 0;
    my $lines = '';

    open my $memory, '<:raw', "/proc/$worker/mem" or return '';

    for (split /\n/, slurp "/proc/$worker/maps") {
        my ($from, $to) = /^(\w+)-(\w+) rw-p \S+ \S+ 0\s*$/ or next;

        # the shadow of a sanitizer

        next if hex($to) - hex $from > 1 << 28;

        sysseek $memory, hex $from, 0;
        sysread $memory, my $bytes, hex($to) - hex $from;
        $lines .= "$_\n" for $bytes =~ m{^\d+/\d\d/\d\d [\d:]+ \[\w+\] .*}mg;
    }

    return $lines;
}


add_response_body_check(sub {
    my $block = shift;
    my $pid = defined $block->upstream ? upstream $block->upstream : 0;

    # no memory but for the body itself

    if (defined $block->memory_left) {
        my $master = slurp("$ENV{TEST_NGINX_SERVROOT}/logs/nginx.pid") + 0;
        my $worker = `pgrep -P $master` + 0;
        my ($size) = slurp("/proc/$worker/status") =~ /^VmSize:\s+(\d+)/m;

        # whoever is the same user as the worker may do that

        my @as = $> == 0 ? qw( setpriv --reuid nobody --regid nogroup
                               --clear-groups ) : ();

        system(@as, 'prlimit', '--pid', $worker,
               '--as=' . 1024 * ($size + $block->memory_left)) == 0
            or die 'prlimit';
    }

    for (ref $block->bytes ? @{ $block->bytes } : $block->bytes // ()) {
        talk '', $_;
    }

    talk 'h2.sock', $_ for defined $block->h2 ? @{ $block->h2 } : ();
    talk 'pp.sock', 'GET /a?to=16505551234&pin=s3cr3t HTTP/1.0' . "\r\n\r\n"
        if defined $block->pp;
    check_files $block;

    if (defined $block->memory) {
        SKIP: {
            skip 'the memory of a worker is for root', 2 if $> != 0;

            my $lines = memory_log;
            my $like = $block->memory;

            like $lines, qr/$like/, $block->name . ' - in memory';
            is join(' ', leaks $lines, planted $block), '',
               $block->name . ' - no planted value in it';
        }
    }

    if ($pid) {
        kill TERM => $pid;
        waitpid $pid, 0;
    }
});

add_block_preprocessor(sub {
    my $block = shift;

    $block->set_value('http_config', <<'_EOC_' . ($block->http_config || ''));
    xpecto_redact on;
    log_format t escape=none '$request|$status|$request_body|$http_x|';
    server { listen unix:%%TMP%%/h2.sock http2; access_log %%TMP%%/h2.log t;
             location / { return 204; } }
_EOC_
    $block->set_value('config', <<'_EOC_' . ($block->config || ''));
    access_log %%TMP%%/a.log t;
    location = / { access_log off; return 204; }
_EOC_
    $block->set_value('error_code', 204);
    $block->set_value('timeout', 10);
});

no_root_location();
log_level('debug');
skip_hup('logs of one block would be seen by the next');
plan_tests(120);

run_tests();

__DATA__

=== TEST 1: 408 - the header did not come to its end
--- config
    client_header_timeout 200ms;
--- bytes eval: "GET /a?to=16505551234&pin=s3cr3t HTTP/1.1\r\nHost: a\r\nX: 16"
--- access: a.log
--- lines
GET /a?to=[phone]&pin=- HTTP/1.1|408|||
--- error_lines
client timed out .* request: "GET /a\?to=\[phone\]&pin=- HTTP/1\.1"



=== TEST 2: 408 - the body did not come to its end
--- config
    client_body_timeout 200ms;
    location /a { proxy_pass http://127.0.0.1:1; }
--- bytes eval
"POST /a?to=16505551234 HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n"
. '{"to":"16505551234","pin":"s3cr3t'
--- access: a.log
--- lines
POST /a?to=[phone] HTTP/1.1|408|{"to":"[phone]","pin":[content]||



=== TEST 3: 499 - the client is gone, the upstream silent
--- config
    location /a { proxy_pass http://unix:%%TMP%%/up.sock; }
--- upstream chomp: hang
--- bytes eval
"GET /a?to=16505551234 HTTP/1.1\r\nHost: a\r\nX: +16505551234\r\n\r\n<close>"
--- access: a.log
--- lines
GET /a?to=[phone] HTTP/1.1|499||[phone]|
--- error_lines
client prematurely closed connection.* upstream: "http://unix:.*/up\.sock:?/a\?to=\[phone\]"



=== TEST 4: 444
--- config
    location /a { return 444; }
--- bytes eval: "GET /a?pin=s3cr3t HTTP/1.1\r\nHost: a\r\n\r\n"
--- access: a.log
--- lines
GET /a?pin=- HTTP/1.1|444|||



=== TEST 5: 413 - the body is announced too large
--- config
    location /a { client_max_body_size 9; proxy_pass http://127.0.0.1:1; }
--- bytes eval
"POST /a?to=16505551234 HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n"
--- access: a.log
--- lines
POST /a?to=[phone] HTTP/1.1|413|||
--- error_lines
client intended to send too large body: 99 bytes, .*to=\[phone\]



=== TEST 6: 400 - hosts, lengths and encodings that are none
--- bytes eval
[map { "GET /a?to=16505551234 HTTP/1.1\r\n$_\r\n\r\n" }
 "Host: 16505551234..x", "Host: a\r\nHost: +16505551234", 'X: 16505551234',
 "Host: a\r\nContent-Length: +16505551234",
 "Host: a\r\nTransfer-Encoding: +16505551234",
 "Host: a\r\nX\0: s3cr3t 16505551234"]
--- error_lines
client sent invalid host header while
client sent duplicate host header: "Host: \[phone\]"|client sent invalid host header
client sent HTTP/1\.1 request without "Host" header
client sent invalid "Content-Length" header
client sent unknown "Transfer-Encoding": "\[phone\]"
client sent invalid header line: "X



=== TEST 7: 400 - a chunk that is none
--- config
    location /a { proxy_pass http://127.0.0.1:1; }
--- bytes eval
"POST /a?to=16505551234 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
. "\r\n5\r\n{\"to\"\r\nxx16505551234s3cr3t\r\n\r\n"
--- access: a.log
--- lines
POST /a?to=[phone] HTTP/1.1|400|||
--- error_lines
client sent invalid chunked body



=== TEST 8: 414 and 494 - lines that do not fit
--- bytes eval
["GET /a?to=16505551234&x=$::Long HTTP/1.1\r\n\r\n",
 "GET /a?to=16505551234 HTTP/1.1\r\nHost: a\r\n"
 . "Authorization: s3cr3t$::Long\r\n\r\n"]
--- error_lines
client sent too long URI
client sent too long header line: "Authorization: -\.\.\."



=== TEST 9: upstream - says nothing in time
--- config
    location /a { proxy_read_timeout 100ms;
                  proxy_pass http://unix:%%TMP%%/up.sock; }
--- upstream chomp: hang
--- bytes eval: "GET /a?pin=s3cr3t HTTP/1.1\r\nHost: a\r\n\r\n"
--- error_lines
upstream timed out .* upstream: "http://unix:.*up\.sock:?/a\?pin=-"



=== TEST 10: upstream - closes at once
--- config
    location /a { proxy_pass http://unix:%%TMP%%/up.sock; }
--- upstream eval: ''
--- bytes eval: "GET /a?pin=s3cr3t HTTP/1.1\r\nHost: a\r\n\r\n"
--- error_lines
upstream prematurely closed connection .* upstream: "http://unix:.*up\.sock:?/a\?pin=-"



=== TEST 11: upstream - sends no HTTP
--- config
    location /a { proxy_pass http://unix:%%TMP%%/up.sock; }
--- upstream eval: "token s3cr3t of +16505551234\r\n\r\n"
--- bytes eval: "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
--- error_lines
upstream sent no valid HTTP/1\.0 header



=== TEST 12: upstream - the same header twice
--- config
    location /a { proxy_pass http://unix:%%TMP%%/up.sock; }
--- upstream eval
"HTTP/1.0 200 OK\r\nLocation: /x?pin=s3cr3t\r\nLocation: /y?pin=s3cr3t\r\n"
. "Set-Cookie: a=s3cr3t; Path=/\r\nX-API-Key: s3cr3t\r\n"
. "Content-Length: 0\r\nContent-Length: +16505551234\r\n\r\n"
--- bytes eval: "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
--- error_lines
http proxy header: "Location: /x\?pin=-"
http proxy header: "Set-Cookie: a=-; Path=/"
(?:http proxy header|duplicate header line): "Content-Length: \[phone\]"



=== TEST 13: upstream - a header that is none
--- config
    location /a { proxy_pass http://unix:%%TMP%%/up.sock; }
--- upstream eval
"HTTP/1.0 200 OK\r\nX-API-Key\0: s3cr3t\r\n\r\n"
--- bytes eval: "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
--- error_lines
upstream sent invalid header



=== TEST 14: upstream - FastCGI writes to stderr
--- config
    location /a { fastcgi_pass unix:%%TMP%%/up.sock;
                  fastcgi_param X $http_x; }
--- upstream eval
"\1\7\0\1\0\x40\0\0" . substr('PHP message: cannot call +16505551234 {"pin":'
. '"s3cr3t"} access_token=s3cr3t' . ' ' x 64, 0, 64)
--- bytes eval: "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
--- error_lines
FastCGI sent in stderr: "PHP message: cannot call \[phone\] \{"pin":"-"



=== TEST 15: redirects - error_page, named locations, try_files
--- config
    error_page 502 =200 /after?pin=s3cr3t;
    location /after { try_files /+16505551234 @n; }
    location @n { rewrite ^ /gone?otp=s3cr3t; }
    location /gone { return 410; }
    location /a { proxy_pass http://127.0.0.1:1; }
--- bytes eval: "GET /a?to=16505551234 HTTP/1.1\r\nHost: a\r\n\r\n"
--- error_lines
internal redirect: "/after\?pin=-"
trying to use file: "/\[phone\]"
connect\(\) failed .* request: "GET /a\?to=\[phone\] HTTP/1\.1"



=== TEST 16: rewrite_log - what is matched and made of it
--- config
    rewrite_log on;
    location /a { if ($http_x_api_key ~ "^s3") { set $c $http_x_api_key; }
                  rewrite "^/a/(\d+)/x$" /b?to=$1&z=1; }
    location /b { return 204; }
--- bytes eval: "GET /a/16505551234/x?q=1 HTTP/1.1\r\nHost: a\r\nX-API-Key: s3cr3t\r\n\r\n"
--- error_lines
"\^s3" matches "\[content 6B\]", client
matches "/a/\[phone\]/x", client
rewritten data: "/b", args: "to=\[phone\]&z=1&q=1"



=== TEST 17: files - indexes, directories and WebDAV
--- config
    location /a { root %%TMP%%; autoindex on; dav_methods PUT MKCOL MOVE; }
--- bytes eval
[map { "$_ HTTP/1.1\r\nHost: a\r\n\r\n" } 'GET /a/16505551234/?pin=s3cr3t',
 'GET /a/16505551234', 'MKCOL /a/16505551234/',
 "MOVE /a/16505551234/x HTTP/1.1\r\nDestination: /a/+16505551234/y\r\nX: x"]
--- error_lines
opendir\(\) ".*/a/\[phone\]/" failed|".*/a/\[phone\]/index\.html" is not found
open\(\) ".*/a/\[phone\]" failed
MKCOL|mkdir\(\) ".*/a/\[phone\]/" failed|http mkcol path: ".*/a/\[phone\]/"



=== TEST 18: basic authentication - a wrong password
--- user_files
>>> pw
16505551234:{PLAIN}x
--- config
    location /a { auth_basic r; auth_basic_user_file $TEST_NGINX_HTML_DIR/pw; }
--- bytes eval
"GET /a HTTP/1.1\r\nHost: a\r\nAuthorization: Basic MTY1MDU1NTEyMzQ6czNjcjN0"
. "\r\n\r\n"
--- error_lines
user "\[user\]": password mismatch



=== TEST 19: rules and limits
--- http_config
    limit_conn_zone $arg_to zone=c:64k;
--- config
    location /a { deny all; }
    location /b { limit_conn c 1; proxy_pass http://unix:%%TMP%%/up.sock; }
--- upstream chomp: hang
--- bytes eval
["GET /a?to=16505551234 HTTP/1.1\r\nHost: a\r\n\r\n",
 "GET /b?to=16505551234 HTTP/1.1\r\nHost: a\r\n\r\n<close>"]
--- error_lines
access forbidden by rule, client: 127\.0\.0\.0, .*to=\[phone\]



=== TEST 20: cache - its key at the level debug, a file that is none
--- http_config
    proxy_cache_path %%TMP%%/cache keys_zone=k:64k;
--- config
    location /a { proxy_cache k; proxy_cache_key $http_x$request_uri;
                  proxy_pass http://127.0.0.1:1; }
--- bytes eval
"GET /a?to=16505551234&pin=s3cr3t HTTP/1.1\r\nHost: a\r\nX: +16505551234\r\n\r\n"
--- error_lines
http cache key: ".*"



=== TEST 21: PROXY protocol - a line that is none
--- http_config
    server { listen unix:%%TMP%%/pp.sock proxy_protocol;
             location / { return 204; } }
--- pp: 1
--- error_lines
broken header: "GET /a\?to=\[phone\]&pin=- HTTP/1\.0



=== TEST 22: HTTP/2 - headers at the level debug
--- h2 eval
[::h2(':method', 'GET', ':scheme', 'http', ':authority', 'a', ':path',
    '/a?to=16505551234&pin=s3cr3t', 'cookie', 'a=s3cr3t', 'x', '+16505551234',
    'authorization', 'Bearer s3cr3t', 'x-api-key', 's3cr3t')]
--- access: h2.log
--- lines
GET /a?to=[phone]&pin=- HTTP/2.0|204||[phone]|
--- error_lines
http2 header: ":path: /a\?to=\[phone\]&pin=-"|":path: /a\?to=\[phone\]&pin=-"
"x-api-key: -"
"x: \[phone\]"



=== TEST 23: HTTP/2 - headers and paths that are none
--- h2 eval
[map { ::h2(':method', 'GET', ':scheme', 'http', ':authority', 'a', @$_) }
 [':path', '/a', 'X-API-Key', 's3cr3t'],
 [':path', '/a', 'x-api-key', "s3cr3t\0"],
 [':path', '/a', 'x-api_key', 's3cr3t'],
 [':path', '16505551234 s3cr3t'], [':path', "/a?to=16505551234\0"],
 [':path', '/a', ':path', '/b?pin=s3cr3t'],
 [':path', '/a', ':to', '16505551234'],
 [':path', '/a', 'host', '16505551234..x'],
 [':path', "/a?to=16505551234&x=$::Long$::Long$::Long$::Long"]]
--- error_lines
client sent invalid header name: "X-API-Key"
client sent header "x-api-key" with invalid value: "\[content 7B\]"
client sent invalid header: "x-api_key"
client sent invalid :path header: "\[content 18B\]"
client sent header ":path" with invalid value: "\[content 18B\]"
previous value: "host: a"
client sent too large header field



=== TEST 24: request_body - a megabyte in memory
--- config
    client_body_buffer_size 2m;
    location /a { proxy_pass http://127.0.0.1:1; }
--- bytes eval
my $body = '{"a":[' . '"fine words, no more",' x 50000
           . '{"to":"16505551234","text":{"body":"s3cr3t"}}]}';
"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: " . length($body)
. "\r\n\r\n$body"
--- access: a.log
--- lines eval
"POST /a HTTP/1.1|502|" . '{"a":[' . '"fine words, no more",' x 50000
. '{"to":"[phone]","text":{"body":"[content 6B]"}}]}' . "||\n"



=== TEST 25: error_log - in memory
--- config
    location /a { error_log memory:1m debug; proxy_pass http://127.0.0.1:1; }
--- bytes eval
"GET /a?to=16505551234&pin=s3cr3t HTTP/1.1\r\nHost: a\r\nX-API-Key: s3cr3t\r\n\r\n"
--- memory chomp
\[error\] .*connect\(\) failed .* request: "GET /a\?to=\[phone\]&pin=- HTTP



=== TEST 26: no memory - the value is left out
--- config
    client_body_buffer_size 8m;
    location /a { proxy_pass http://127.0.0.1:1; }
--- memory_left: 8192
--- skip_eval: 4: $ENV{ASAN_OPTIONS} || $ENV{TEST_NGINX_USE_VALGRIND}
--- bytes eval
my $body = '{"to":"16505551234","pin":"s3cr3t","a":"' . 'b' x 4_000_000 . '"}';
"POST /a?to=16505551234 HTTP/1.1\r\nHost: a\r\nContent-Length: "
. length($body) . "\r\n\r\n$body"
--- access: a.log
--- lines
POST /a?to=[phone] HTTP/1.1|502|||
--- error_lines
malloc\(12\d+\) failed



=== TEST 27: names of an operator - wherever a name may stand
--- config
    xpecto_redact_name name customer-ref Patient;
    location /a { proxy_pass http://127.0.0.1:1; }
--- bytes eval
my $part = qq(--b\r\nContent-Disposition: form-data; name=);
[map { my ($uri, $body) = @$_;
      "POST $uri HTTP/1.1\r\nHost: a\r\nX: b\r\nContent-Length: "
      . length($body) . "\r\n\r\n$body" }
    ['/a?customerRef=s3cr3t&customer%5Fref[]=s3cr3t&patient.id=7', ''],
    ['/a/customer_ref/s3cr3t/x', ''],
    ['/a', 'x=1&Customer_Ref=s3cr3t'],
    ['/a', '{"patient":{"a":["s3cr3t"]},"CUSTOMER-REF":5,"x":"y"}'],
    ['/a', qq($part"customer_ref"\r\n\r\ns3cr3t\r\n--b--)]]
--- access: a.log
--- lines eval
"POST /a?customerRef=[name]&customer%5Fref[]=[name]&patient.id=7 HTTP/1.1|502||b|
POST /a/customer_ref/[name]/x HTTP/1.1|502||b|
POST /a HTTP/1.1|502|x=1&Customer_Ref=[name]|b|
POST /a HTTP/1.1|502|" . '{"patient":{"a":["[name]"]},"CUSTOMER-REF":"[name]","x":"y"}' . "|b|
POST /a HTTP/1.1|502|--b\r\nContent-Disposition: form-data; name=\"customer_ref\"\r\n\r\n[name]\r\n--b--|b|\n"



=== TEST 28: a header line that is too long - nginx cuts it within a number
--- config
    large_client_header_buffers 2 2k;
    location /a { proxy_pass http://127.0.0.1:1; }
--- bytes eval
"GET /a HTTP/1.1\r\nHost: a\r\nX-Foo: " . 'a' x 1730 . " 16505551234"
. 'b' x 500 . "\r\n\r\n"
--- error_lines
client sent too long header line: "X-Foo: a+ \[phone\]\.\.\." while



=== TEST 29: 408 - the request line did not come to its end
--- config
    client_header_timeout 200ms;
--- bytes eval: "GET /a/+1650555123"
--- access: a.log
--- lines
GET /a/[phone]|408|||
--- error_lines
client timed out .* request: "GET /a/\[phone\]"



=== TEST 30: 408 - the body ends within a number
--- config
    client_body_timeout 200ms;
    location /a { proxy_pass http://127.0.0.1:1; }
--- bytes eval
[map { "POST /a HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
       . "Content-Length: 99\r\n\r\n$_" }
 'x=1&y=%2B1650555123', '{"x":1650555123']
--- access: a.log
--- lines
POST /a HTTP/1.1|408|x=1&y=[phone]||
POST /a HTTP/1.1|408|{"x":[phone]||
