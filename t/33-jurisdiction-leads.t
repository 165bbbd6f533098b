# Where a request leads to: parts of a batch, paths that were rewritten.

use lib 't/lib';
use TestXpecto;

use File::Copy;

copy('ngx_xpecto_module/data/jurisdictions.json',
     data_dir() . '/jurisdictions.json') or die "jurisdictions.json: $!";

open my $in, '<', 't/data/rules.json' or die "rules.json: $!";
my $rules = do { local $/; <$in> };
$rules =~ s{"/v\*/messages"}{"/v*/messages", "/v*/*/messages", "/wa/v*/*/messages"}
    or die 'rules.json: no such path';

open my $out, '>', data_dir() . '/rules-leads.json' or die "rules: $!";
print $out $rules;
close $out;

add_block_preprocessor {
    my $block = shift;

    $block->set_value('http_config', <<'_EOC_');
    xpecto_tenants %%DATA%%/tenants-jurisdiction.json;
    xpecto_jurisdiction_rules %%DATA%%/rules-leads.json;
_EOC_

    $block->set_value('config', <<'_EOC_' . ($block->config || ''));
    xpecto_jurisdiction on;
    xpecto_jurisdiction_origin tenant;
    xpecto_jurisdiction_destination eu;
    xpecto_message on;
    location / { proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/done; }
    location /done {
        xpecto_jurisdiction off;
        xpecto_message off;
        return 204;
    }
_EOC_

    if (defined $block->urls) {
        $block->set_value('request',
            [map { my ($to, $url) = split / /, $_, 2;
                   "POST $to\n{\"batch\":[{\"method\":\"POST\","
                   . "\"relative_url\":\"$url\",\"body\":\"a=b\"}]}" }
             split /\n/, $block->urls]);
    }

    $block->set_value('more_headers', "X-API-Key: key-de\n"
                                      . 'Content-Type: application/json')
        if !$block->more_headers;
};

no_root_location();

plan_tests(78);

run_tests();

__DATA__

=== TEST 1: batch - parts are of the version of the endpoint
--- urls
/v20.0/ 106540352242922/messages
/v20.0 106540352242922/messages
/v20.0/ /106540352242922/messages
/v20.0/ 106540352242922/messages?a=b#c
/v20.0/ messages
/v20.0/ 106540352242922/media
/v20.0/ v21.0/106540352242922/messages
/wa/v20.0/ 106540352242922/messages
/wa/v20.0/ v21.0/106540352242922/messages
/wa/ v21.0/106540352242922/messages
/x/v20.0/ media
/%2576%2532/;a=b 106540352242922/Messages
--- error_code eval
[451, 451, 451, 451, 451, 204, 451, 451, 451, 451, 204, 451]
--- no_error_log
[error]



=== TEST 2: batch - blanks and hosts in front of a part
--- urls
/  v21.0/1/messages
/ \t\nv21.0/1/messages
/  /v21.0/1/messages
/ //graph.facebook.com/v21.0/1/messages
/  //graph.facebook.com/v21.0/1/messages
/ //v21.0/1/messages
/ \\\\graph.facebook.com\\v21.0\\1\\messages
/ https:\\\\graph.facebook.com/v21.0/1/messages
/ HTTPS://graph.facebook.com/v21.0/1/messages
/v20.0/ //graph.facebook.com/1/messages
/ //graph.facebook.com
/ //graph.facebook.com/v21.0/1/media
/ /
/ ?
--- error_code eval
[451, 451, 451, 451, 451, 451, 451, 451, 451, 451, 204, 204, 204, 204]
--- no_error_log
[error]



=== TEST 3: batch - the endpoint as the client has sent it counts, too
--- config
    rewrite ^/api(/.*) $1;
    rewrite ^/v19.0/ /other;
--- urls
/api/v20.0/ 1/messages
/v19.0/ 1/messages
/api/ 1/messages
--- error_code eval
[451, 451, 204]
--- no_error_log
[error]



=== TEST 4: batch - more parts than can be told apart lead anywhere
--- request eval
my $n = 2000;
["POST /x/y\n{\"batch\":[" . CORE::join(',', ('{"relative_url":"1/a"}') x $n) . ']}',
 "POST /x/y\n{\"batch\":[" . CORE::join(',', ('{"relative_url":"1/a"}') x 50) . ']}']
--- error_code eval
[451, 204]
--- no_error_log
[error]



=== TEST 5: path - without a slash in front, with a query in it
--- config
    location /api/ {
        rewrite ^ $request_uri;
        rewrite ^/api/(.*) $1 break;
        return 400;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/done/$uri;
    }
--- request eval
["GET /api/v21.0/1/messages", "GET /api/v21.0/1/messages?x=y",
 "GET /api/v21.0/1/media", "GET /api/v21.0/1/media?x=/v21.0/1/messages"]
--- error_code eval
[451, 451, 204, 204]
--- no_error_log
[error]



=== TEST 6: path - where a "#" may be an end or none
--- request eval
["GET /x#/../v21.0/1/messages", "GET /v21.0/1/messages#/../../../../x",
 "GET /x#/../v21.0/1/media", "GET /x?#/../v21.0/1/messages"]
--- error_code eval
[451, 451, 204, 204]
--- no_error_log
[error]
