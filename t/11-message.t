# What is sent: recipients and type from path, query, form, multipart and
# JSON; bodies that cannot be read; the upstream's view of the body.

use lib 't/lib';
use TestXpecto;

my $echo = 'unix:' . tmp_dir() . '/echo.sock';

# an upstream that answers with the body it got, a location that passes to it

add_block_preprocessor {
    my $block = shift;

    $block->set_value('http_config', ($block->http_config || '') . <<"_EOC_");
    server {
        listen $echo;
        client_max_body_size 1m;
        client_body_buffer_size 1m;
        client_body_in_single_buffer on;

        location / {
            proxy_pass http://$echo:/read/;
            proxy_intercept_errors on;
            error_page 404 =200 \@echo;
        }

        location /read/ { return 404; }

        location \@echo {
            add_header X-Got-Length \$http_content_length always;
            return 200 \$request_body;
        }
    }
_EOC_

    my $config = defined $block->config ? $block->config : '';

    $config =~ s!PASS;!proxy_pass http://$echo;
        add_header X-Count "\$xpecto_message_count" always;
        add_header X-Type "\$xpecto_message_type" always;!g;

    if ($config eq '') {
        $config = "location / { xpecto_message on; proxy_pass http://$echo;"
            . ' add_header X-Count $xpecto_message_count always;'
            . ' add_header X-Type $xpecto_message_type always; }';
    }

    $block->set_value('config', $config);
};

no_root_location();

plan_tests(430);

run_tests();

__DATA__

=== TEST 1: counters - what was read, found, refused and passed on
--- config
    location / { xpecto_message on max=50; PASS; }
    location /pass { xpecto_message on unreadable=pass; PASS; }
    location = /status { xpecto_status; }
--- request eval
[ map({ "POST /m\n$_" } '{"to":["16505551234","16505551235"]}', '{', 'x' x 51),
  "POST /pass\nto=1&x=%", "GET /m?to=1", "GET /status" ]
--- more_headers eval
[ ("Content-Type: application/json") x 3,
  "Content-Type: application/x-www-form-urlencoded", "", "" ]
--- error_code eval
[ 200, 400, 413, 200, 200, 200 ]
--- response_body_like eval
[ ('') x 5, qr/^xpecto_message_bodies_total\ 3$
.*^xpecto_message_recipients_total\ 4$
.*^xpecto_message_refused_total\{reason="broken"\}\ 1$
.*^xpecto_message_refused_total\{reason="too_large"\}\ 1$
.*^xpecto_message_refused_total\{reason="type"\}\ 0$
.*^xpecto_message_passed_unreadable_total\ 1$/xms ]



=== TEST 2: JSON - the places of recipients
--- request eval
[ map { "POST /messages\n$_" }
    '{"to":"16505551234"}',
    '{"recipient":"US.13491208655302741918"}',
    '{"to":["16505551234",16505551235]}',
    '[{"to":"16505551234"},{"recipient":"16505551235"}]',
    '{"messages":[{"to":"16505551234"},{"to":"16505551235"}]}',
    '{"block_users":[{"user":"16505551234"},{"user":"16505551235"}]}',
    '{"participants":[{"user":"16505551234"}]}',
    '{"from":"16505551234","text":{"to":"16505551234"}}',
    '{"to":null}',
]
--- more_headers
Content-Type: application/json
--- response_headers eval
[ map { "X-Count: $_" } 1, 1, 2, 2, 2, 2, 1, 0, 0 ]
--- no_error_log
[error]



=== TEST 3: JSON - every occurrence counts
--- request eval
[ map { "POST /messages\n$_" }
    '{"to":"16505551234","to":"16505551235"}',
    '{"\u0074o":"16505551234","t\u006f":"16505551235","to":"16505551236"}',
    '{"to":"16505551234","recipient":"16505551235"}',
    '{"to":16505551234,"to":"\u002b16505551234"}',
    '{"to":{"number":"16505551234"},"to":true,"to":1.5}',
]
--- more_headers
Content-Type: application/json
--- response_headers eval
[ map { "X-Count: $_" } 2, 3, 2, 2, 3 ]



=== TEST 4: JSON - type of the message
--- request eval
[ map { "POST /messages\n$_" }
    '{"type":"text","text":{"type":"no"}}', '{"type":"TEXT 1"}',
    '{"type":{"a":1}}', '{"type":"text","type":"template"}', '{}'
]
--- more_headers
Content-Type: application/json; charset=utf-8
--- response_headers eval
[ map { "X-Type: $_" } 'text', '', '', 'template', '' ]



=== TEST 5: content types - those that are read
--- request eval
[ map { "POST /messages\n$_" } '{"to":"16505551234"}', '{"to":"16505551234"}',
    'To=whatsapp%3A%2B16505551234&From=whatsapp%3A%2B14155238886&Body=hi',
    'destination=16505551234&destination=16505551235&source=14155238886',
    "--B\r\nContent-Disposition: form-data; name=\"to\"\r\n\r\n16505551234"
    . "\r\n--B\r\nContent-Disposition: form-data; name=\"to\"\r\n\r\n"
    . "16505551235\r\n--B--\r\n",
    "  [\n{\"to\":\"16505551234\"}]"
]
--- more_headers eval
[ "Content-Type: APPLICATION/json ;charset=utf-8",
  "Content-Type: application/vnd.api+json",
  "Content-Type: application/x-www-form-urlencoded",
  "Content-Type: application/x-www-form-urlencoded; charset=utf-8",
  "Content-Type: multipart/form-data; boundary=B", "X-None: 1" ]
--- response_headers eval
[ map { "X-Count: $_" } 1, 1, 1, 2, 2, 1 ]



=== TEST 6: query - names and repetitions
--- request eval
[ map { "GET /messages?$_" }
    'to=16505551234', 'To=%2B16505551234&to=16505551234',
    'phone=1&recipient=US.1', 'whatsappNumber=16505551234',
    'send_to=16505551234&msg=hi', 'user_wa_id=16505551234',
    't%6f=16505551234', 'to[]=16505551234&to[0]=16505551235', 'from=1&tox=2',
    'a=1;to=16505551234', ''
]
--- response_headers eval
[ map { "X-Count: $_" } 1, 2, 2, 1, 1, 1, 1, 2, 0, 1, 0 ]



=== TEST 7: path - templates
--- request eval
[ map { "GET $_" }
    '/v2/PhoneNumbers/%2B16505551234', '/v2/PhoneNumbers/PN0123456789abcdef',
    '/1/api/v1/sendSessionMessage/16505551234?messageText=hi',
    '/1/api/v1/getMessages/16505551234', '/v2/PhoneNumbers',
    '/sendSessionMessage/16505551234?whatsappNumber=16505551234',
    '/16505551234/messages'
]
--- response_headers eval
[ map { "X-Count: $_" } 1, 0, 1, 1, 0, 2, 0 ]



=== TEST 8: query and body - both count
--- request
POST /messages?to=16505551234
to=16505551235
--- more_headers
Content-Type: application/x-www-form-urlencoded
--- response_headers
X-Count: 2
--- response_body chomp
to=16505551235



=== TEST 9: batch - JSON in a form field
--- request eval
my $body = 'messaging_product=whatsapp&to=16505551235&to=16505551236&text=' . 'x' x 400;
my $batch = '[{"method":"POST","relative_url":"1/messages?to=16505551234",'
    . '"body":"' . $body . '"},{"relative_url":"1/messages"},'
    . '{"relative_url":"v2/PhoneNumbers/%2B16505551237","body":"to=1\u0026to=2"}]';
$batch =~ s/([^\w.~-])/sprintf '%%%02X', ord $1/ge;
"POST /\naccess_token=EAA&batch=$batch"
--- more_headers
Content-Type: application/x-www-form-urlencoded
--- response_headers
X-Count: 6



=== TEST 10: batch - in JSON, as an array and as a string
--- request eval
[ map { "POST /\n$_" }
    '{"batch":[{"relative_url":"1/messages","body":"to=1&to=2"}]}',
    '{"batch":"[{\"relative_url\":\"1/messages\",\"body\":\"to=1\"}]"}',
    '{"batch":[{"body":{"to":"16505551234"}},{"body":"{\"to\":\"1\"}"}]}',
    '{"batch":[{"body":"to=1&text=' . 'x' x 300 . '&to=2"}]}',
]
--- more_headers
Content-Type: application/json
--- response_headers eval
[ map { "X-Count: $_" } 2, 1, 2, 2 ]



=== TEST 11: batch - what is broken within is refused
--- request eval
[ map { "POST /\n$_" }
    '{"batch":[{"body":"to=%zz"}]}', '{"batch":"[{]"}',
    '{"batch":"[{\"body\":\"{\\\"to\\\":1\"}]"}',
    '{"batch":[{"relative_url":"x?to=%"}]}',
]
--- more_headers
Content-Type: application/json
--- error_code eval
[ 400, 400, 400, 400 ]



=== TEST 12: body - the upstream gets every byte of it
--- request eval
"POST /messages\n" . '{"to":"16505551234","text":"' . 'x' x 30000 . '"}'
--- more_headers
Content-Type: application/json
--- response_headers
X-Count: 1
X-Got-Length: 30030
--- response_body eval
'{"to":"16505551234","text":"' . 'x' x 30000 . '"}'



=== TEST 13: body - in a temporary file
--- config
    location / {
        client_body_buffer_size 1k;
        xpecto_message on;
        PASS;
    }
--- request eval
"POST /messages\n" . '{"to":"16505551234","a":"' . 'x' x 60000 . '","to":1}'
--- more_headers
Content-Type: application/json
--- response_headers
X-Count: 2
--- response_body eval
'{"to":"16505551234","a":"' . 'x' x 60000 . '","to":1}'
--- error_log
a client request body is buffered to a temporary file



=== TEST 14: body - a form and a long batch in a temporary file
--- config
    location / {
        client_body_in_file_only clean;
        xpecto_message on;
        PASS;
    }
--- request eval
[ "POST /a\nto=16505551234&Body=" . 'x' x 20000 . '&to=16505551235',
  "POST /b\n" . '{"batch":[{"body":"a=' . 'x' x 9000 . '&to=1&to=2"}]}' ]
--- more_headers eval
[ "Content-Type: application/x-www-form-urlencoded",
  "Content-Type: application/json" ]
--- response_headers eval
[ "X-Count: 2", "X-Count: 2" ]



=== TEST 15: body - chunked, in small pieces
--- raw_request eval
[ "POST /messages HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
  . "Content-Type: application/json\r\nConnection: close\r\n\r\n",
  map({ sprintf "1\r\n%s\r\n", $_ } split //, '{"to":"16505551234"}'),
  "0\r\n\r\n" ]
--- response_headers
X-Count: 1
X-Got-Length: 20
--- response_body chomp
{"to":"16505551234"}



=== TEST 16: body - byte by byte
--- raw_request eval
[ "POST /messages HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n"
  . "Content-Type: application/json\r\nConnection: close\r\n\r\n",
  split //, '{"to":"16505551234"}' ]
--- raw_request_middle_delay: 0.001
--- response_headers
X-Count: 1
--- response_body chomp
{"to":"16505551234"}



=== TEST 17: body - the next request of a pipeline stays whole
--- pipelined_requests eval
[ "POST /a\n" . '{"to":"16505551234"}', "GET /b?to=1&to=2",
  "POST /c\n" . '{"to":"16505551235"}' ]
--- more_headers
Content-Type: application/json
--- response_headers eval
[ "X-Count: 1", "X-Count: 2", "X-Count: 1" ]
--- response_body eval
[ '{"to":"16505551234"}', '', '{"to":"16505551235"}' ]



=== TEST 18: body - Expect: 100-continue
--- request
POST /messages
{"to":"16505551234"}
--- more_headers
Content-Type: application/json
Expect: 100-continue
--- error_code: 100
--- response_body_like: (?s)^HTTP/1.1 200 .*X-Count: 1\r.*\{"to":"16505551234"\}$



=== TEST 19: body - HTTP/2
--- http2
--- request
POST /messages
{"to":"16505551234"}
--- more_headers
Content-Type: application/json
--- response_headers
X-Count: 1
--- response_body chomp
{"to":"16505551234"}



=== TEST 20: body - none with a Content-Type for one
--- request eval
[ "POST /messages?to=1\n", "DELETE /messages?to=1" ]
--- more_headers
Content-Type: application/json
--- response_headers eval
[ "X-Count: 1", "X-Count: 1" ]



=== TEST 21: refusal - JSON that is broken, cut off or followed by more
--- request eval
[ map { "POST /messages\n$_" } '{"to":"16505551234"', '{to:1}',
    '{"to":"16505551234"}}', '{"to":"16505551234"} {"to":"16505551235"}',
    "\xef\xbb\xbf{}", '[' x 65 . ']' x 65 ]
--- more_headers
Content-Type: application/json
--- error_code eval
[ (400) x 6 ]
--- no_error_log
16505551234
16505551235



=== TEST 22: refusal - the shape of the answer and the log line
--- request
POST /messages
{"to":"16505551234",}
--- more_headers
Content-Type: application/json
--- error_code: 400
--- response_headers
Content-Type: application/json
Cache-Control: no-store
X-Count: 1
--- response_body eval
'{"error":{"message":"(#100) The request body is not valid JSON",'
. '"type":"OAuthException","code":100}}' . "\r\n"
--- error_log eval
qr/\[info\] .*xpecto message refused: the body is not valid JSON/



=== TEST 23: refusal - percent-encoding and multipart
--- request eval
[ "POST /m?to=%2", "GET /m?x=%zz",
  map { "POST /m\n$_" } 'to=%2', 'x=100%', 'x%=1',
    "--B\r\nContent-Disposition: form-data; name=\"to\"\r\n\r\n1", "x" ]
--- more_headers eval
[ ("Content-Type: application/x-www-form-urlencoded") x 5,
  ("Content-Type: multipart/form-data; boundary=B") x 2 ]
--- error_code eval
[ (400) x 7 ]



=== TEST 24: refusal - content types and encodings
--- request eval
[ map { "POST /messages\n$_" } ('{"to":"16505551234"}') x 6, 'to=1' ]
--- more_headers eval
[ "Content-Type: text/plain", "Content-Type: image/jpeg",
  "Content-Type: multipart/mixed; boundary=B",
  "Content-Type: application/json\nContent-Encoding: gzip",
  "Content-Type: text/plain\nContent-Type: application/json",
  "Content-Type: application/json\nContent-Encoding: identity", "X-None: 1" ]
--- error_code eval
[ (415) x 5, 200, 415 ]



=== TEST 25: max - a Content-Length at and above it
--- config
    location / { xpecto_message on max=20; PASS; }
--- request eval
[ "POST /m\n" . '{"to":"16505551234"}', "POST /m\n" . '{"to":"165055512345"}' ]
--- more_headers
Content-Type: application/json
--- error_code eval
[ 200, 413 ]



=== TEST 26: max - a chunked body above it
--- config
    location / { xpecto_message on max=19; PASS; }
--- raw_request eval
"POST /messages HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
. "Content-Type: application/json\r\nConnection: close\r\n\r\n"
. "14\r\n" . '{"to":"16505551234"}' . "\r\n0\r\n\r\n"
--- error_code: 413
--- error_log
xpecto message refused: the body is too large



=== TEST 27: max - by default 256k
--- request eval
[ map { "POST /m\n" . '{"to":"16505551234","a":"' . 'x' x $_ . '"}' }
    262144 - 27, 262144 - 26 ]
--- more_headers
Content-Type: application/json
--- error_code eval
[ 200, 413 ]



=== TEST 28: unreadable=pass - the upstream gets what could not be read
--- config
    location / { xpecto_message on max=30 unreadable=pass; PASS; }
--- request eval
[ map { "POST /m\n$_" } '{"to":"16505551234"', 'x' x 31, '{}', '{}' ]
--- more_headers eval
[ "Content-Type: application/json", "Content-Type: application/json",
  "Content-Type: image/jpeg", "Content-Encoding: gzip" ]
--- response_headers eval
[ "X-Count: 1", "X-Count: 0", "X-Count: 0", "X-Count: 0" ]
--- response_body eval
[ '{"to":"16505551234"', 'x' x 31, '{}', '{}' ]
--- error_log
xpecto message passed on unread
--- no_error_log
[error]



=== TEST 29: off - by default and in a location
--- config
    location /default { PASS; }
    location /off { xpecto_message off; PASS; }
--- request eval
[ "POST /default?to=1\n{", "POST /off?to=1\n{" ]
--- more_headers
Content-Type: application/json
--- response_headers eval
[ "X-Count: ", "X-Count: " ]



=== TEST 30: inheritance - from http as a whole, replaced as a whole
--- http_config
    xpecto_message on max=5 unreadable=pass;
--- config
    location /inherits { PASS; }
    location /own { xpecto_message on; PASS; }
--- request eval
[ "POST /inherits\n" . '{"to":1', "POST /own\n" . '{"to":1',
  "POST /own\n" . '{"to":"1"}' ]
--- more_headers
Content-Type: application/json
--- error_code eval
[ 200, 400, 200 ]



=== TEST 31: internal redirect - error_page does not read or count again
--- config
    location / {
        xpecto_message on;
        error_page 404 = @again;
        try_files /none =404;
    }
    location @again { xpecto_message on; PASS; }
--- request
POST /messages
{"to":"16505551234"}
--- more_headers
Content-Type: application/json
--- response_headers
X-Count: 1
--- response_body chomp
{"to":"16505551234"}



=== TEST 32: internal redirect - error_page of a refusal
--- config
    error_page 400 @sorry;
    location / { xpecto_message on; PASS; }
    location @sorry {
        xpecto_message on;
        try_files /none @text;
    }
    location @text { return 200 "sorry"; }
--- request
POST /messages
{"to":
--- more_headers
Content-Type: application/json
--- error_code: 400
--- response_body chomp
sorry



=== TEST 33: rewrite - the query as it is passed on
--- config
    location /send {
        xpecto_message on;
        set $args "to=$arg_n&to=1";
        PASS;
    }
--- request
GET /send?n=16505551234
--- response_headers
X-Count: 2



=== TEST 34: subrequest - says what its main request says
--- config
    location / {
        xpecto_message on;
        mirror /copy;
        PASS;
    }
    location = /copy {
        internal;
        access_log logs/access.log count;
        log_subrequest on;
        xpecto_message on;
        return 204;
    }
--- http_config
    log_format count "count $xpecto_message_count";
--- request
POST /messages
{"to":["16505551234","16505551235"]}
--- more_headers
Content-Type: application/json
--- response_headers
X-Count: 2
--- response_body chomp
{"to":["16505551234","16505551235"]}
--- access_log
count 2



=== TEST 35: authentication - comes before the body is read
--- config
    location / {
        deny all;
        xpecto_message on;
        PASS;
    }
--- request
POST /messages
{"to":
--- more_headers
Content-Type: application/json
--- error_code: 403
--- no_error_log
xpecto message



=== TEST 36: body - is still there when the response has been sent
--- config
    location / {
        client_body_in_file_only clean;
        xpecto_message on;
        post_action /after;
        PASS;
    }
    location /after { PASS; }
--- request
POST /messages
{"to":"16505551234"}
--- more_headers
Content-Type: application/json
--- response_body chomp
{"to":"16505551234"}
--- wait: 0.1
--- no_error_log
[crit]
[alert]



=== TEST 37: body - nginx itself refuses it, error_page leads here again
--- config
    error_page 400 413 @sorry;
    location / { client_max_body_size 10; xpecto_message on; PASS; }
    location @sorry {
        client_max_body_size 10;
        xpecto_message on;
        try_files /none @text;
    }
    location @text { return 200 "sorry $xpecto_message_count"; }
--- raw_request eval
[ "POST /m HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
  . "Content-Type: application/json\r\nConnection: close\r\n\r\n",
  "14\r\n" . '{"to":"16505551234"}' . "\r\n0\r\n\r\n" ]
--- error_code: 413
--- response_body chomp
sorry 0



=== TEST 38: body - nginx finds a broken chunk of it
--- config
    error_page 400 @sorry;
    location / { xpecto_message on; PASS; }
    location @sorry { xpecto_message on; try_files /none @text; }
    location @text { return 200 "sorry"; }
--- raw_request eval
"POST /m HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
. "Content-Type: application/json\r\nConnection: close\r\n\r\nxyz\r\n"
--- error_code: 400
--- response_body chomp
sorry



=== TEST 39: query - a name is known however long its index is
--- request eval
"GET /m?to%5B" . ('a' x 70) . "%5D=16505551234"
--- response_headers
X-Count: 1



=== TEST 40: query - a long name that is none of ours
--- request eval
"GET /m?to" . ('a' x 70) . "=16505551234"
--- response_headers
X-Count: 0



=== TEST 41: form - what one reader or another takes for a recipient
--- request eval
[ map { "POST /m\n$_" }
  '+to=16505551234', 'to%00x=16505551234', '%20to+=16505551234',
  '{"to":"16505551234"}', '{"x":"&to=16505551234&y="}',
  '["&to=16505551234&to=16505551235&y="]', 'tox=1' ]
--- more_headers eval
[ ("Content-Type: application/x-www-form-urlencoded") x 7 ]
--- response_headers eval
[ ("X-Count: 1") x 5, "X-Count: 2", "X-Count: 0" ]



=== TEST 42: refusal - character sets, JSON in a form, more behind the end
--- request eval
[ (map { "POST /m\n$_" } ('{"to":"16505551234"}') x 6, '{"to":1'),
  "POST /m\n--B\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1"
  . "\r\n--B--\r\n--B\r\nContent-Disposition: form-data; name=\"to\""
  . "\r\n\r\n16505551234\r\n--B--" ]
--- more_headers eval
[ "Content-Type: application/json; charset=utf-7",
  "Content-Type: application/json; charset=\"IBM037\"",
  "Content-Type: application/json; charset=utf-8; charset=utf-16",
  "Content-Type: application/json; charset=utf-8x",
  "Content-Type: application/json; charset=\"UTF-8\"",
  "Content-Type: application/json; v=1; charset=utf-8",
  "Content-Type: application/x-www-form-urlencoded",
  "Content-Type: multipart/form-data; boundary=B" ]
--- error_code eval
[ (415) x 4, 200, 200, 400, 400 ]



=== TEST 43: query - names behind a semicolon
--- request eval
[ map { "GET /messages?$_" }
    'x=1;to=16505551234', 'to=16505551234;to=16505551235', 'x;T%6f=1650555123',
    'to=16505551234;x', 'to=1650555;1234', 'text=a;b;tox=1;to', 'x=1;to=%zz',
    'x=1;;=;to=16505551234;&to=16505551235', 'batch=[{"relative_url":"a;b"}]',
    'x=1%3Bto=16505551234'
]
--- response_headers eval
[ map { "X-Count: $_" } 1, 2, 1, 1, 2, 0, 0, 2, 0, 0 ]
--- error_code eval
[ (200) x 6, 400, (200) x 3 ]



=== TEST 44: form - names behind a semicolon
--- request
POST /messages
x=1;to=16505551234;type=text
--- more_headers
Content-Type: application/x-www-form-urlencoded
--- response_headers
X-Count: 1
X-Type: text



=== TEST 45: content types - a character set is a parameter of its own
--- request eval
[ (map { "POST /m\n$_" } ('{"to":"16505551234"}') x 10),
  "POST /m\n--charsetX\r\nContent-Disposition: form-data; name=\"to\""
  . "\r\n\r\n16505551234\r\n--charsetX--" ]
--- more_headers eval
[ (map { "Content-Type: application/json$_" }
    '; xcharset=utf-7', '; profile=charset', ';v="charset=utf-7"',
    ";\tcharset=utf-8;;charset = us-ascii;\tcharset='utf8'",
    (';charset=utf-8') x 2 . ";\t CHARSET=utf-16", ';charset=', '; charset',
    ";charset*=utf-8''utf-7", ';v=";charset=utf-7"', ';x=1 ; charset=utf-7'),
  'Content-Type: multipart/form-data; boundary=charsetX' ]
--- error_code eval
[ (200) x 4, (415) x 6, 200 ]



=== TEST 46: JSON - lists in a string
--- request eval
[ map { "POST /messages\n$_" }
    '{"to":"16505551234,16505551235"}', '{"to":"16505551234;16505551235;"}',
    '{"to":"16505551234\u002c16505551235\n16505551236"}',
    '{"to":"+1 650-555-1234"}', '{"to":["16505551234 16505551235","1"]}',
    '{"recipient":"US.13491208655302741918,US.2"}',
    '{"to":"' . '16505551234,' x 10000 . '"}',
    '{"to":"' . '1' x 300 . '"}',
]
--- more_headers
Content-Type: application/json
--- response_headers eval
[ map { "X-Count: $_" } 2, 2, 3, 1, 3, 2, 10000, 1 ]



=== TEST 47: query - lists in a value, beside names behind a semicolon
--- request eval
[ map { "GET /messages?$_" }
    'to=16505551234;16505551235', 'to=16505551234,16505551235',
    'to=%2B16505551234%3B%2B16505551235', 'to=16505551234+16505551235',
    'to=%2B1+650-555-1234', 'to=16505551234;16505551235;x=1;16505551236',
    'to=16505551234;from=16505551235', 'to=16505551234;to=16505551235,1650555',
    'x=1;to=16505551234,16505551235', 'to=16505551234%0D%0A16505551235'
]
--- response_headers eval
[ map { "X-Count: $_" } 2, 2, 2, 2, 1, 3, 1, 3, 2, 2 ]



=== TEST 48: path and multipart - lists in a value
--- request eval
[ "GET /v2/PhoneNumbers/16505551234,16505551235,PN0123456789abcdef",
  "POST /m\n--B\r\nContent-Disposition: form-data; name=\"to\"\r\n\r\n"
  . "16505551234,\r\n16505551235\r\n--B--\r\n" ]
--- more_headers eval
[ "", "Content-Type: multipart/form-data; boundary=B" ]
--- response_headers eval
[ map { "X-Count: $_" } 2, 2 ]



=== TEST 49: JSON - contacts, messages and statuses at the root
--- request eval
[ map { "POST /messages\n$_" }
    '{"contacts":[{"profile":{"name":"A"},"wa_id":"8613812345678"}]}',
    '{"blocking":"wait","contacts":["+8613812345678","+16505551234"]}',
    '{"contacts":[{"input":"+1 650 555 1234","wa_id":"16505551234"},{"user_id":"US.1"}]}',
    '{"statuses":[{"id":"x","recipient_id":"8613812345678","status":"delivered"}]}',
    '{"statuses":[{"recipient_user_id":"US.1"},{"recipient_participant_id":"16505551234"}]}',
    '{"messages":[{"from":"8613812345678","id":"x"}]}',
    '{"messages":[{"from":"8613812345678"},{"from_user_id":"US.1"},{"from":1.5}]}',
    '{"messages":[{"from":"441134960000","to":"441134960001"}]}',
    '{"messages":[{"to":"441134960001","from":"441134960000"},{"from":"16505551234"}]}',
    '{"messages":[{"from":"441134960000","destinations":[{"to":"441134960001"}]}]}',
    '[{"messages":[{"to":"16505551234"}]},{"messages":[{"from":"16505551235"}]}]',
    '[{"contacts":["+16505551234"]},{"contacts":[{"wa_id":"16505551235"}]},'
    . '{"statuses":[{"recipient_id":"16505551236"}]}]',
    '[' . CORE::join(',', ('{"messages":[{"to":"16505551234"}]}') x 1001) . ']',
    '{"to":"16505551234","type":"contacts","contacts":[{"name":{"first_name":"B"},'
    . '"phones":[{"phone":"+16505551235","wa_id":"16505551235"}]}]}',
    '{"contacts":[null,true,["16505551234"]]}',
    '{"messages":[{"from":"8613812345678","to":null}]}',
    '{"messages":["x"],"contacts":{"wa_id":"16505551234"},"statuses":null}',
]
--- more_headers
Content-Type: application/json
--- response_headers eval
[ map { "X-Count: $_" } 1, 2, 3, 1, 2, 1, 3, 1, 2, 1, 2, 3, 1001, 1, 2, 1, 0 ]
--- no_error_log
[error]



=== TEST 50: query - behind a fragment
--- request eval
[ map { "GET $_" }
    '/1/messages#?to=%2B8613812345678', '/1/messages#a?b=c&to=16505551234',
    '/1/messages?a=b#&to=16505551234', '/1/messages#to=16505551234',
    '/1/messages#', '/1/messages?a=b#c?to=1',
]
--- response_headers eval
[ map { "X-Count: $_" } 1, 1, 1, 0, 0, 0 ]
--- no_error_log
[error]



=== TEST 51: batch - behind a fragment of a part
--- request eval
[ map { "POST /\n{\"batch\":[{\"relative_url\":\"$_\"}]}" }
    '1/messages#?to=16505551234', '1/messages?a=b#&to=16505551234',
    '1/messages#' ]
--- more_headers
Content-Type: application/json
--- response_headers eval
[ map { "X-Count: $_" } 1, 1, 0 ]



=== TEST 52: query - broken behind a fragment
--- request
GET /1/messages#?to=%zz
--- error_code: 400
--- response_body_like: query string is malformed
