# What access logs say, whatever their format and however a request ends.

use lib 't/lib';
use TestXpecto;
use TestRedact;

use IO::Socket::INET;

our $Syslog = IO::Socket::INET->new(Proto => 'udp', LocalAddr => '127.0.0.1')
    or die "udp: $!";

$ENV{TEST_NGINX_SYSLOG_PORT} = $Syslog->sockport;
$ENV{TEST_NGINX_LONG} = 'x' x 9000;

add_response_body_check(sub {
    my ($block, $body, $index) = @_;

    # after the last one of several requests

    return if ref $block->request && $index < $#{ $block->request };

    if (defined $block->http2) {
        my $socket = tmp_dir . '/h2.sock';

        system('curl', '-s', '-o', '/dev/null', '--http2-prior-knowledge',
               '--unix-socket', $socket, '-H', 'Cookie: a=s3cr3t',
               '-H', 'Authorization: Bearer s3cr3t',
               'http://h/h2?to=16505551234') == 0 or die 'curl';
    }

    if (defined $block->datagram) {
        my $line = '';

        vec(my $ready = '', $Syslog->fileno, 1) = 1;
        $Syslog->recv($line, 4096) if select $ready, undef, undef, 5;

        (my $like = $block->datagram) =~ s/\n$//;
        like $line, qr/$like/, $block->name . ' - datagram';
        is join(' ', leaks($line, planted $block)), '',
           $block->name . ' - no planted value in it';
    }

    if (defined $block->same) {
        my ($off, $on) = map { slurp(tmp_dir . "/$_.log") } 'off', 'on';

        isnt $off, $on, $block->name . ' - they differ';
        $off =~ s/\+?16505551234/[phone]/g;
        is $on, $off, $block->name . ' - in nothing but the planted value';
        unlink tmp_dir . '/off.log';
    }

    check_files $block;
});


our $Formats = <<'_EOC_';
    log_format t '$remote_addr - $remote_user "$request" $status '
                 '"$http_referer" "$http_user_agent"';
    log_format j escape=json
                 '{"uri":"$request_uri","to":"$arg_to","body":"$request_body",'
                 '"cookie":"$http_cookie","auth":"$http_authorization"}';
    log_format n escape=none '$args|$http_user_agent|$cookie_sid';
    xpecto_redact on;
_EOC_


add_block_preprocessor(sub {
    my $block = shift;

    $block->set_value('http_config',
                      $Formats . ($block->http_config || ''))
        if !defined $block->http_config
           || $block->http_config !~ /xpecto_redact\s/;
    $block->set_value('timeout', 10);
});


no_root_location();
skip_hup('logs of one block would be seen by the next');

plan_tests(106);

run_tests();

__DATA__

=== TEST 1: combined - query, referer, agent, address
--- config
    access_log %%TMP%%/a.log t;
    location / { return 204; }
--- request
GET /m?to=%2B16505551234&page=2
--- more_headers
Referer: https://shop.example/wa?phone=16505551234&x=y
User-Agent: app/1.0 (+16505551234)
--- error_code: 204
--- access: a.log
--- lines
127.0.0.0 - - "GET /m?to=[phone]&page=2 HTTP/1.1" 204 "https://shop.example/wa?phone=[phone]&x=y" "app/1.0 ([phone])"



=== TEST 2: off - shows the number
--- http_config
    log_format t '$request';
    xpecto_redact off;
--- config
    access_log %%TMP%%/a.log t;
    location / { return 204; }
--- request
GET /m?to=16505551234
--- error_code: 204
--- access: a.log
--- lines
GET /m?to=16505551234 HTTP/1.1
--- shows: 1



=== TEST 3: default - off
--- http_config
    log_format t '$request "$xpecto_redacted"'; # no xpecto_redact here
--- config
    access_log %%TMP%%/a.log t;
    location / { return 204; }
--- request
GET /m?to=16505551234
--- error_code: 204
--- access: a.log
--- lines
GET /m?to=16505551234 HTTP/1.1 "-"
--- shows: 1



=== TEST 4: audit - counts and alters nothing
--- http_config
    log_format t '$request "$http_referer" $xpecto_redacted';
    xpecto_redact audit;
--- config
    access_log %%TMP%%/a.log t;
    location / { return 204; }
--- request
GET /m?to=16505551234&pin=s3cr3t
--- more_headers
Referer: http://a/16505551234
--- error_code: 204
--- access: a.log
--- lines
GET /m?to=16505551234&pin=s3cr3t HTTP/1.1 "http://a/16505551234" 3
--- shows: 1



=== TEST 5: JSON format - body, cookies, credentials
--- config
    access_log %%TMP%%/a.log j;
    location / { proxy_pass http://127.0.0.1:1; }
--- request
POST /v21.0/106540352242922/messages
{"to":"16505551234","text":{"body":"s3cr3t"},"n":[1,true]}
--- more_headers
Authorization: Bearer s3cr3t
Cookie: sid=s3cr3t; t=1
--- error_code: 502
--- access: a.log
--- lines
{"uri":"/v21.0/106540352242922/messages","to":"","body":"{\"to\":\"[phone]\",\"text\":{\"body\":\"[content 6B]\"},\"n\":[1,true]}","cookie":"sid=-; t=-","auth":"-"}



=== TEST 6: broken body - masked from where it is broken
--- config
    access_log %%TMP%%/a.log j;
    location / { proxy_pass http://127.0.0.1:1; }
--- request
POST /b
{"a":"b","text":{"body":"s3cr3t 16505551234
--- error_code: 502
--- access: a.log
--- lines
{"uri":"/b","to":"","body":"{\"a\":\"b\",\"text\":{\"body\":[content]","cookie":"","auth":""}



=== TEST 7: form body - arguments by name, JSON in one
--- config
    access_log %%TMP%%/a.log j;
    location / { proxy_pass http://127.0.0.1:1; }
--- request
POST /f
To=whatsapp%3A%2B16505551234&n=1&message=%7B%22text%22%3A%22s3cr3t%22%7D
--- error_code: 502
--- access: a.log
--- lines
{"uri":"/f","to":"","body":"To=[phone]&n=1&message=%7B%22text%22%3A%22[content 6B]%22%7D","cookie":"","auth":""}



=== TEST 8: escape=none - values stand as they are
--- config
    access_log %%TMP%%/a.log n;
    location / { return 204; }
--- request
GET /?hub%2Everify_token=s3cr3t&a=b
--- more_headers
User-Agent: "q" +1 (650) 555-1234
Cookie: sid=s3cr3t
--- error_code: 204
--- access: a.log
--- lines
hub%2Everify_token=-&a=b|"q" [phone]|-



=== TEST 9: gzip and buffer - what is packed is redacted
--- config
    access_log %%TMP%%/a.gz t gzip buffer=4k flush=100ms;
    location / { return 204; }
--- request
GET /16505551234
--- more_headers
User-Agent: u
--- error_code: 204
--- access: a.gz
--- lines
127.0.0.0 - - "GET /[phone] HTTP/1.1" 204 "-" "u"



=== TEST 10: syslog - a datagram
--- config
    access_log syslog:server=127.0.0.1:$TEST_NGINX_SYSLOG_PORT t;
    location / { return 204; }
--- request
GET /?to=16505551234
--- error_code: 204
--- datagram
: 127\.0\.0\.0 - - "GET /\?to=\[phone\] HTTP/1\.1" 204



=== TEST 11: file name - from a variable
--- config
    access_log %%TMP%%/$arg_to.log t;
    location / { return 204; }
--- request
GET /?to=16505551234
--- more_headers
User-Agent: u
--- error_code: 204
--- access: [phone].log
--- lines
127.0.0.0 - - "GET /?to=[phone] HTTP/1.1" 204 "-" "u"



=== TEST 12: if - what is empty or 0 stays false
--- config
    access_log %%TMP%%/a.log t if=$arg_pin;
    location / { return 200; }
--- request eval
["GET /?pin=0", "GET /?pin=", "GET /", "GET /?pin=s3cr3t"]
--- access: a.log
--- lines
127.0.0.0 - - "GET /?pin=- HTTP/1.1" 200 "-" "-"



=== TEST 13: if - a map sees true values
--- http_config
    map $arg_to $log { "16505551234" 1; default 0; }
    log_format t '$request'; xpecto_redact on;
--- config
    access_log %%TMP%%/a.log t if=$log;
    location / { return 200; }
--- request eval
["GET /?to=1", "GET /?to=16505551234"]
--- access: a.log
--- lines
GET /?to=[phone] HTTP/1.1



=== TEST 14: upstream - sees and answers what it would without us
--- config
    access_log %%TMP%%/a.log t;
    location /up { access_log off;
                   return 200 "$request_uri $http_authorization $http_cookie"; }
    location / { proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up; }
--- request
GET /?to=16505551234
--- more_headers
Authorization: Bearer s3cr3t
Cookie: a=s3cr3t
User-Agent: u
--- response_body chomp
/up?to=16505551234 Bearer s3cr3t a=s3cr3t
--- planted eval: ["6505551234"]
--- access: a.log
--- lines
127.0.0.0 - - "GET /?to=[phone] HTTP/1.1" 200 "-" "u"



=== TEST 15: subrequest - logged before the main request goes on
--- config
    access_log %%TMP%%/a.log n; log_subrequest on;
    location /auth { internal; return 204; }
    location /up { access_log off; return 200 "$args $http_user_agent"; }
    location / { auth_request /auth;
                 proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up; }
--- request
GET /?to=16505551234
--- more_headers
User-Agent: s3cr3t +16505551234
--- response_body chomp
to=16505551234 s3cr3t +16505551234
--- planted eval: ["6505551234"]
--- access: a.log
--- lines
|s3cr3t [phone]|
to=[phone]|s3cr3t [phone]|



=== TEST 16: internal redirect - the end decides, the request line stays
--- config
    access_log %%TMP%%/a.log t;
    error_page 404 /gone?code=s3cr3t;
    location /gone { return 410; }
    location / { return 404; }
--- request
GET /x?to=16505551234
--- more_headers
User-Agent: u
--- error_code: 410
--- access: a.log
--- lines
127.0.0.0 - - "GET /x?to=[phone] HTTP/1.1" 410 "-" "u"



=== TEST 17: response headers - Location and Set-Cookie
--- http_config
    log_format t '$sent_http_location $sent_http_set_cookie';
    xpecto_redact on;
--- config
    access_log %%TMP%%/a.log t;
    location / { add_header Set-Cookie "sid=s3cr3t; Path=/" always;
                 return 302 /cb?code=s3cr3t&page=1; }
--- response_headers
Set-Cookie: sid=s3cr3t; Path=/
--- error_code: 302
--- planted eval: ["s3cr3t; Path"]
--- access: a.log
--- lines eval
"http://localhost:$Test::Nginx::Util::ServerPortForClient/cb?code=-&page=1 sid=-; Path=/\n"



=== TEST 18: set and map - values are redacted where they are logged
--- http_config
    map $arg_to $mapped { default "m-$arg_to"; }
    log_format t '$mapped $copy $xpecto_redacted'; xpecto_redact on;
--- config
    access_log %%TMP%%/a.log t;
    location / { set $copy "c $arg_to"; return 200 "$copy $mapped"; }
--- request
GET /?to=16505551234
--- response_body chomp
c 16505551234 m-16505551234
--- access: a.log
--- lines
m-[phone] c [phone] 2



=== TEST 19: bad request line - logged raw by nginx
--- config
    access_log %%TMP%%/a.log t;
--- raw_request eval
"GET /?to=16505551234 x HTTP/1.1\r\nHost: a\r\n\r\n"
--- error_code: 400
--- access: a.log
--- lines
127.0.0.0 - - "GET /?to=[phone] HTTP/1.1" 400 "-" "-"



=== TEST 20: no HTTP at all - content
--- config
    access_log %%TMP%%/a.log t;
--- raw_request eval
"call +16505551234 pin=s3cr3t\r\n\r\n"
--- error_code: 400
--- access: a.log
--- lines
127.0.0.0 - - "[content 28B]" 400 "-" "-"



=== TEST 21: 414 - the line did not fit
--- config
    access_log %%TMP%%/a.log t;
--- raw_request eval
"GET /?to=16505551234&x=$ENV{TEST_NGINX_LONG} HTTP/1.1\r\nHost: a\r\n\r\n"
--- error_code: 414
--- access: a.log
--- lines eval
qr/^127\.0\.0\.0 - - "GET \/\?to=\[phone\]&x=x+" 414 "-" "-"\n$/



=== TEST 22: 494 - a header did not fit
--- config
    access_log %%TMP%%/a.log t;
--- raw_request eval
"GET /?to=16505551234 HTTP/1.1\r\nHost: a\r\nX: $ENV{TEST_NGINX_LONG}\r\n\r\n"
--- error_code: 400
--- access: a.log
--- lines
127.0.0.0 - - "GET /?to=[phone] HTTP/1.1" 400 "-" "-"



=== TEST 23: HTTP/2 - pseudo headers and cookies
--- http_config
    log_format h '$request $http_cookie $http_authorization';
    xpecto_redact on;
    server { listen unix:%%TMP%%/h2.sock http2; access_log %%TMP%%/a.log h;
             location / { return 204; } }
--- config
    location / { access_log off; return 204; }
--- error_code: 204
--- http2: 1
--- access: a.log
--- lines
GET /h2?to=[phone] HTTP/2.0 a=- -



=== TEST 24: location - its own mode, styles and names
--- config
    access_log %%TMP%%/a.log n;
    xpecto_redact_as phone=mask credential=label;
    xpecto_redact_name user customer_ref;
    location /a { return 200; }
    location /b { xpecto_redact_as phone=remove; return 200; }
    location /c { xpecto_redact_name credential page; return 200; }
--- request eval
["GET /a?to=16505551234&CustomerRef=7&pin=1&page=2",
 "GET /b?to=16505551234&customer-ref=7&pin=1&page=2",
 "GET /c?to=16505551234&customer_ref=7&pin=1&page=2"]
--- access: a.log
--- lines
to=1********34&CustomerRef=[user]&pin=[credential]&page=2||
to=-&customer-ref=[user]&pin=[credential]&page=2||
to=1********34&customer_ref=7&pin=[credential]&page=[credential]||



=== TEST 25: on and off - differ in the planted value only
--- http_config
    log_format s escape=json '$args|$http_referer|$http_user_agent|$http_x';
    xpecto_redact on;
--- config
    location /on { access_log %%TMP%%/on.log s; return 200; }
    location /off { xpecto_redact off; access_log %%TMP%%/off.log s;
                    return 200; }
--- request eval
[map { "GET /$_?\"%22\\%5C;x=1,+/?q=16505551234&%zz&&=&b=%E4#" } 'on', 'off']
--- more_headers
Referer: https://a.example:8443/x?next=%2Fy%3Fz%3D1&when=2026-11-22T12:00:00#f
User-Agent: Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0.0.0 "q" \ +16505551234
X: 4f0c9ba6-7b1e-4d0a-9c53-0123456789ab 1700000000 1700000000123 v1.22.1
--- same: 1



=== TEST 26: where few would look - rate, address, Refresh, Link, own names
--- http_config
    map $arg_q $xpecto_mine { default "m $arg_q"; } xpecto_redact on;
    log_format t '$limit_rate|$upstream_addr|$http_refresh|$http_link|'
                 '$xpecto_mine';
--- config
    access_log %%TMP%%/a.log t;
    location / { set $limit_rate $arg_q;
                 proxy_pass http://unix:/tmp/$arg_q:/x; }
--- request
GET /?q=16505551234
--- more_headers
Refresh: 0; url=/cb?code=s3cr3t
Link: </cb?code=s3cr3t>
--- error_code: 502
--- access: a.log
--- lines
[phone]|unix:/tmp/[phone]|0; url=/cb?code=-|</cb?code=-|m [phone]



=== TEST 27: bodies - what is neither JSON nor a form is content
--- config
    access_log %%TMP%%/a.log j;
    location / { proxy_pass http://127.0.0.1:1; }
--- request eval
["POST /\n\xef\xbb\xbf{\"text\":{\"body\":\"s3cr3t\"}}",
 "POST /\n" . CORE::join("\0", '', split //, '"to":"16505551234"'),
 "POST /\n<to>16505551234</to><text>s3cr3t</text>", "POST /\ns3cr3t"]
--- error_code eval
[502, 502, 502, 502]
--- planted eval: ["6505551234", "s3cr3t", CORE::join "\\u0000", split //, "6505551234"]
--- access: a.log
--- lines eval
CORE::join '', map { qq({"uri":"/","to":"","body":"$_","cookie":"","auth":""}\n) }
    "\xef\xbb\xbf" . '{\"text\":{\"body\":\"[content 6B]\"}}',
    '[content 36B]', '[content 39B]', '[content 6B]'



=== TEST 28: bytes found clean before - scanned where a byte or a style differs
--- config
    access_log %%TMP%%/a.log n;
    location / { return 200; }
    location /keep { xpecto_redact_as phone=keep exposed; access_log /dev/null n;
                     return 200; }
--- request eval
["GET /", "GET /", "GET /", "GET /keep", "GET /keep", "GET /", "GET /"]
--- more_headers eval
[map { "User-Agent: client/x of 16${_}5551234 of a b c of d, and so on" }
     'x0', 'x0', '50', '50', '50', '50', 'x0']
--- error_code eval
[(200) x 7]
--- access: a.log
--- lines eval
CORE::join '', map { "|client/x of $_ of a b c of d, and so on|\n" }
    '16x05551234', '16x05551234', '[phone]', '[phone]', '16x05551234'
