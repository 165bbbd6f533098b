# A request that is ended and logged by the log handler of another one: Lua
# of the test does what a module may do.

use lib 't/lib';
use TestXpecto;
use TestRedact;

use IO::Socket::INET;
use Test::More ();

my $modules = '/usr/lib/nginx/modules';

if ($ENV{XPECTO_STATIC} || !-e "$modules/ngx_http_lua_module.so") {
    Test::More::plan(skip_all => 'no Lua module for this nginx');
}

our $Parked;

add_block_preprocessor(sub {
    my $block = shift;

    $block->set_value('main_config',
                      join '', map { "load_module $modules/$_.so;\n" }
                      'ndk_http_module', 'ngx_http_lua_module');
});

# waits for the end of what it parked in the request before

add_response_body_check(sub {
    my ($block, $body, $index) = @_;

    if ($index == 0) {
        $Parked = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                                        PeerPort => $ENV{TEST_NGINX_PORT});
        print $Parked "GET /park?to=16505551234 HTTP/1.0\r\n\r\n";
        wait_for { slurp(tmp_dir . '/parked') };

    } elsif ($index == 1) {
        () = <$Parked>;
        check_files $block;
    }
});

no_root_location();
plan_tests(5);

run_tests();

__DATA__

=== TEST 1: log phase inside of a log phase - its values are left out
--- http_config
    log_format t '$request|$status|$arg_to'; xpecto_redact on;
--- config
    access_log %%TMP%%/a.log t;
    location /first { access_log off; return 200; }
    location /park { content_by_lua_block {
        package.loaded.parked = require("resty.core.base").get_request()
        local f = io.open("%%TMP%%/parked", "w")
        f:write("x") f:close()
        ngx.sleep(20) } }
    location /end { content_by_lua_block { ngx.exit(200) }
        log_by_lua_block {
            local ffi = require "ffi"
            ffi.cdef[[ typedef struct { uint32_t s; void *c; } req_t;
                void ngx_http_finalize_request(void *r, intptr_t rc);
                void ngx_http_run_posted_requests(void *c); ]]
            local r = package.loaded.parked
            package.loaded.parked = nil
            local c = ffi.cast("req_t *", r).c
            ffi.C.ngx_http_finalize_request(r, 499)
            ffi.C.ngx_http_run_posted_requests(c) } }
--- request eval
["GET /first", "GET /end?to=16505551234"]
--- access: a.log
--- lines
-|499|-
GET /end?to=[phone] HTTP/1.1|200|[phone]
--- error_lines
log phase inside of a log phase, its values are left out
