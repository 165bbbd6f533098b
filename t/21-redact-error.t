# What error logs say: every level, every sink.

use lib 't/lib';
use TestXpecto;
use TestRedact;

use IO::Socket::INET;

our $Syslog = IO::Socket::INET->new(Proto => 'udp', LocalAddr => '127.0.0.1')
    or die "udp: $!";

$ENV{TEST_NGINX_SYSLOG_PORT} = $Syslog->sockport;

add_response_body_check(sub {
    my ($block, $body, $index) = @_;

    return if ref $block->request && $index < $#{ $block->request };

    if (defined $block->datagram) {
        my ($all, $line) = ('', '');

        while ($all !~ /connect\(\) failed/) {
            vec(my $ready = '', $Syslog->fileno, 1) = 1;
            last unless select $ready, undef, undef, 5;
            $Syslog->recv($line, 4096);
            $all .= "$line\n";
        }

        (my $like = $block->datagram) =~ s/\n$//;
        like $all, qr/$like/, $block->name . ' - datagram';
        is join(' ', leaks($all, planted $block)), '',
           $block->name . ' - no planted value in it';
    }

    check_files $block;
});

add_block_preprocessor(sub {
    my $block = shift;

    $block->set_value('http_config', 'xpecto_redact on; access_log off;'
                                     . ($block->http_config || ''))
        if !defined $block->http_config
           || $block->http_config !~ /xpecto_redact\s/;
});

no_root_location();
skip_hup('logs of one block would be seen by the next');

plan_tests(90);

run_tests();

__DATA__

=== TEST 1: upstream failure - request, upstream, host, referrer
--- config
    location / { proxy_pass http://127.0.0.1:1; }
--- request
GET /m?to=%2B16505551234&page=2
--- more_headers
Host: 16505551234.example
Referer: https://a.example/?pin=s3cr3t&x=y
--- error_code: 502
--- error_lines
\*\d+ connect\(\) failed \(111: Connection refused\) while connecting to upstream, client: 127\.0\.0\.0, server: localhost, request: "GET /m\?to=\[phone\]&page=2 HTTP/1\.1", upstream: "http://127\.0\.0\.1:1/m\?to=\[phone\]&page=2", host: "\[phone\]\.example", referrer: "https://a\.example/\?pin=-&x=y"\n



=== TEST 2: off - shows the number
--- http_config
    xpecto_redact off; access_log off;
--- config
    location / { proxy_pass http://127.0.0.1:1; }
--- request
GET /m?to=16505551234
--- error_code: 502
--- error_lines
client: 127\.0\.0\.1, .* upstream: "http://127\.0\.0\.1:1/m\?to=16505551234"
--- shows: 1



=== TEST 3: audit - alters nothing
--- http_config
    xpecto_redact audit; access_log off;
--- config
    location / { proxy_pass http://127.0.0.1:1; }
--- request
GET /m?to=16505551234
--- error_code: 502
--- error_lines
client: 127\.0\.0\.1, .* upstream: "http://127\.0\.0\.1:1/m\?to=16505551234"
--- shows: 1



=== TEST 4: debug level - headers, arguments, what is sent upstream
--- config
    location / { proxy_pass http://127.0.0.1:1; }
--- request
POST /m?to=16505551234&hub%2Everify_token=s3cr3t
{"to":"16505551234"}
--- more_headers
Authorization: Bearer s3cr3t
Cookie: a=s3cr3t; b=s3cr3t
X-API-Key: s3cr3t
X-Hub-Signature-256: sha256=s3cr3t
User-Agent: app +1 650 555 1234
--- error_code: 502
--- error_lines
http header: "Authorization: -"
http header: "Cookie: a=-; b=-"
http proxy header: "X-API-Key: -"
http args: "to=\[phone\]&hub%2Everify_token=-"
\nAuthorization: -\r?\n



=== TEST 5: invalid header line - its value
--- config
    ignore_invalid_headers on;
    location / { return 204; }
--- raw_request eval
"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" .
"X_API_Key: s3cr3t\r\nx_phone: 16505551234\r\n\r\n"
--- error_code: 204
--- error_lines
client sent invalid header line: "X_API_Key: -" while reading client request headers
client sent invalid header line: "x_phone: \[phone\]"



=== TEST 6: bad request line
--- config
--- raw_request eval
"GET /?to=16505551234&pin=s3cr3t x HTTP/1.1\r\nHost: a\r\n\r\n"
--- error_code: 400
--- error_lines
client sent invalid request while reading client request line, client: 127\.0\.0\.0, server: localhost, request: "GET /\?to=\[phone\]&pin=- HTTP/1\.1"



=== TEST 7: open() failed - the path
--- config
    location / { root %%TMP%%; }
--- request
GET /inbox/+16505551234.txt?otp=s3cr3t
--- error_code: 404
--- error_lines
open\(\) ".*/inbox/\[phone\]\.txt" failed \(2: No such file or directory\), client: 127\.0\.0\.0, server: localhost, request: "GET /inbox/\[phone\]\.txt\?otp=- HTTP/1\.1"



=== TEST 8: basic authentication - the name
--- user_files
>>> pw
other:{PLAIN}x
--- config
    location / { auth_basic r; empty_gif;
                 auth_basic_user_file $TEST_NGINX_HTML_DIR/pw; }
--- request
GET /
--- more_headers
Authorization: Basic MTY1MDU1NTEyMzQ6czNjcjN0
--- error_code: 401
--- error_lines
user "\[user\]" was not found in
http header: "Authorization: -"



=== TEST 9: limit - the line of a stock module
--- http_config
    xpecto_redact on; access_log off;
    limit_req_zone $arg_to zone=z:64k rate=1r/m;
--- config
    location / { limit_req zone=z; empty_gif; }
--- request eval
["GET /?to=16505551234", "GET /?to=16505551234"]
--- error_code eval
[200, 503]
--- error_lines
limiting requests, excess: \d\.\d+ by zone "z", client: 127\.0\.0\.0, server: localhost, request: "GET /\?to=\[phone\] HTTP/1\.1"



=== TEST 10: a line that was cut - digits at its end
--- config
    location / { proxy_pass http://127.0.0.1:1; }
--- request eval
[map { 'GET /' . ('x' x $_) . '?q=16505551234&n=1' } 896 .. 910]
--- error_code eval
[map { 502 } 896 .. 910]
--- planted eval: ["16505"]
--- error_lines
upstream: "http://127\.0\.0\.1:1/x+\?q=\[phone\]\n



=== TEST 11: location - its own log, and the strictest of who share one
--- config
    location /own { error_log %%TMP%%/own.log; xpecto_redact_as phone=remove;
                    proxy_pass http://127.0.0.1:1; }
    location /off { error_log %%TMP%%/shared.log; xpecto_redact off;
                    proxy_pass http://127.0.0.1:1; }
    location /on { error_log %%TMP%%/shared.log;
                   xpecto_redact_as phone=mask;
                   proxy_pass http://127.0.0.1:1; }
--- request eval
["GET /own?q=16505551234", "GET /off?q=16505551234", "GET /on?q=16505551234"]
--- error_code eval
[502, 502, 502]
--- access: own.log
--- lines eval
qr/upstream: "http:\/\/127\.0\.0\.1:1\/own\?q=-", host/



=== TEST 12: a log of its own - raw where redaction is off
--- config
    location /off { error_log %%TMP%%/off.log; xpecto_redact off;
                    proxy_pass http://127.0.0.1:1; }
--- request
GET /off?q=16505551234
--- error_code: 502
--- access: off.log
--- lines eval
qr/upstream: "http:\/\/127\.0\.0\.1:1\/off\?q=16505551234", host/
--- shows: 1



=== TEST 13: syslog - a datagram
--- config
    location / { error_log syslog:server=127.0.0.1:$TEST_NGINX_SYSLOG_PORT;
                 proxy_pass http://127.0.0.1:1; }
--- request
GET /?to=16505551234
--- error_code: 502
--- datagram
^<\d+>\w+ +\d+ [\d:]+ \S+ nginx: \d+/\d+/\d+ [\d:]+ \[error\] .*request: "GET /\?to=\[phone\] HTTP/1\.1"



=== TEST 14: two logs - both
--- config
    location / { error_log %%TMP%%/1.log; error_log %%TMP%%/2.log warn;
                 proxy_pass http://127.0.0.1:1; }
--- request
GET /?to=16505551234
--- error_code: 502
--- access: 2.log
--- lines eval
qr/request: "GET \/\?to=\[phone\] HTTP\/1\.1"/



=== TEST 15: internal redirect and subrequest
--- config
    error_page 502 /after?pin=s3cr3t;
    location /after { proxy_pass http://127.0.0.1:1; }
    location /auth { proxy_pass http://127.0.0.1:1; }
    location / { auth_request /auth; proxy_pass http://127.0.0.1:1; }
--- request
GET /?to=16505551234
--- error_code: 500
--- error_lines
subrequest: "/auth", upstream: "http://127\.0\.0\.1:1/auth"



=== TEST 16: names - those of a location count in a log that it shares
--- config
    location /a { xpecto_redact_name user customer_ref; return 204; }
    location / { proxy_pass http://127.0.0.1:1; }
--- request
GET /?customer_ref=s3cr3t
--- error_code: 502
--- error_lines
request: "GET /\?customer_ref=\[user\] HTTP/1\.1"



=== TEST 17: parameters of FastCGI - headers and queries by other names
--- config
    location / { fastcgi_pass 127.0.0.1:1;
                 fastcgi_param QUERY_STRING $query_string; }
--- request
GET /?next=%2Fa%3Fpin%3Ds3cr3t
--- more_headers
Cookie: a=s3cr3t; b=s3cr3t
X-API-Key: s3cr3t
--- error_code: 502
--- error_lines
fastcgi param: "HTTP_COOKIE: a=-; b=-"
fastcgi param: "HTTP_X_API_KEY: -"
fastcgi param: "QUERY_STRING: next=%2Fa%3Fpin%3D-"



=== TEST 18: a quote in a request line - " while reading
--- config
--- raw_request eval
"GET /a\" while reading x=16505551234&text=b s3cr3t HTTP/1.1\r\nHost: a\r\n\r\n"
--- error_code: 400
--- error_lines
while reading client request line, client: 127\.0\.0\.0, server: localhost, request: "GET /a" while reading x=\[phone\]&text=\[content \d+B\] HTTP/1\.1"\n



=== TEST 19: a quote in a request line - what else nginx writes behind its own
--- config
--- raw_request eval
"GET /a?text=b\", host: \"s3cr3t 16505551234 HTTP/1.1\r\nHost: a\r\n\r\n"
--- error_code: 400
--- error_lines
while reading client request line, client: 127\.0\.0\.0, server: localhost, request: "\[content \d+B\]"\n



=== TEST 20: a quote in a header - " while reading
--- config
    location / { return 204; }
--- raw_request eval
"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" .
"X_API_Key: a\" while reading s3cr3t\r\n" .
"Authorization: a\" while reading s3cr3t, client: \"s3cr3t\r\n\r\n"
--- error_code: 204
--- error_lines
client sent invalid header line: "X_API_Key: \[content \d+B\]"?\n
http header: "Authorization: -"\n



=== TEST 21: a quote in the name of a file - the value goes on behind it
--- config
    location / { root %%TMP%%; }
--- request
GET /token/a%22%20s3cr3t/x
--- error_code: 404
--- error_lines
open\(\) ".*/token/-/x" failed \(2: No such file or directory\), client: 127\.0\.0\.0, server: localhost, request: "GET /token/-/x HTTP/1\.1"
