# Where nothing but the address speaks: what a worker remembers of it is never
# that of another location, place or address, and a request counts once.

use lib 't/lib';
use TestXpecto;

use File::Copy;

copy('ngx_xpecto_module/data/jurisdictions.json',
     data_dir() . '/jurisdictions.json') or die "jurisdictions.json: $!";

add_block_preprocessor {
    my $block = shift;

    $block->set_value('http_config', ($block->http_config || '') . <<"_EOC_");
    xpecto_jurisdiction_rules %%DATA%%/rules.json;
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/nested24.mmdb max_age=0;
    xpecto_jurisdiction on;
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Forwarded-For;
    add_header X-Country "\$xpecto_country" always;
    add_header X-Law "\$xpecto_jurisdiction" always;
    add_header X-State "\$xpecto_jurisdiction_state" always;
_EOC_

    $block->set_value('config', ($block->config || '') . <<"_EOC_");
    location / { empty_gif; }
    location = /operator {
        xpecto_jurisdiction_origin operator;
        empty_gif;
    }
    location = /off {
        xpecto_jurisdiction off;
        empty_gif;
    }
    location = /try { try_files /none \@operator; }
    location \@operator {
        xpecto_jurisdiction_origin operator;
        empty_gif;
    }
    location = /status {
        xpecto_jurisdiction off;
        xpecto_status;
    }
_EOC_
};

no_root_location();

skip_hup('what was counted outlives a reload');
plan_tests(97);

run_tests();

__DATA__

=== TEST 1: remembered - each location its own, each place its own
--- pipelined_requests eval
["GET /", "GET /operator", "GET /", "GET /off", "GET /operator", "GET /",
 "GET /", "GET /", "GET /"]
--- more_headers eval
["X-Forwarded-For: 81.2.69.142", "X-Forwarded-For: 81.2.69.142",
 "X-Forwarded-For: 81.2.69.142", "X-Forwarded-For: 81.2.69.142",
 "X-Forwarded-For: 81.2.69.142", "X-Forwarded-For: 77.64.0.1",
 "X-Forwarded-For: 81.2.69.142", "X-Forwarded-For: 8.8.8.8",
 "X-Forwarded-For: 10.0.0.1"]
--- response_headers eval
["X-Country: GB\nX-Law: UK_GDPR\nX-State: ok",
 "X-Country: GB\nX-Law: IN_DPDP\nX-State: ok",
 "X-Country: GB\nX-Law: UK_GDPR\nX-State: ok",
 "X-Country: \nX-Law: ",
 "X-Country: GB\nX-Law: IN_DPDP\nX-State: ok",
 "X-Country: DE\nX-Law: EU_GDPR\nX-State: ok",
 "X-Country: GB\nX-Law: UK_GDPR\nX-State: ok",
 "X-Country: \nX-Law: \nX-State: no_country",
 "X-Country: \nX-Law: \nX-State: private_ip"]
--- no_error_log
[error]



=== TEST 2: remembered - two countries of one law are two
--- config
    xpecto_jurisdiction_origin operator;
--- pipelined_requests eval
["GET /", "GET /", "GET /"]
--- more_headers eval
["X-Forwarded-For: 2a0a:1:2:3::1", "X-Forwarded-For: 77.64.0.1",
 "X-Forwarded-For: 10.0.0.1"]
--- response_headers eval
["X-Country: FR\nX-Law: IN_DPDP", "X-Country: DE\nX-Law: IN_DPDP",
 "X-Country: \nX-Law: IN_DPDP"]
--- no_error_log
[error]



=== TEST 3: a request - a redirect leads to another location, it counts once
--- config
    location = /first {
        set $first $xpecto_jurisdiction;
        add_header X-First $first;
        add_header X-Law $xpecto_jurisdiction;
        try_files /none @operator;
    }
    location = /same {
        set $first $xpecto_jurisdiction;
        rewrite ^ /try last;
    }
--- pipelined_requests eval
["GET /first", "GET /same", "GET /same", "GET /", "GET /off", "GET /status"]
--- more_headers eval
[("X-Forwarded-For: 81.2.69.142") x 6]
--- response_headers eval
[("X-Law: IN_DPDP") x 3, "X-Law: UK_GDPR", "X-Law: ", "X-Law: "]
--- response_body_like eval
[("") x 5, qr/^xpecto_jurisdiction_requests_total\{[^}]*tagged[^}]*\} 4$/m]
--- no_error_log
[error]



=== TEST 4: a request - a realip of the location leads to another address
--- config
    location = /late {
        set $first $xpecto_country;
        set_real_ip_from 127.0.0.1;
        real_ip_header X-Late;
        add_header X-First $first;
        add_header X-Country $xpecto_country;
        empty_gif;
    }
--- pipelined_requests eval
["GET /late", "GET /late"]
--- more_headers eval
["X-Late: 77.64.0.1", "X-Forwarded-For: 81.2.69.142"]
--- response_headers eval
["X-First: \nX-Country: DE", "X-First: GB\nX-Country: GB"]
--- no_error_log
[error]



=== TEST 5: a request - counts once, also where its log is redacted
--- http_config
    log_format law '$xpecto_jurisdiction|$xpecto_country';
    access_log logs/law.log law;
    xpecto_redact on;
--- pipelined_requests eval
["GET /", "GET /?a=1", "GET /status"]
--- more_headers eval
["X-Forwarded-For: 81.2.69.142", "X-Forwarded-For: 8.8.8.8",
 "X-Forwarded-For: 81.2.69.142"]
--- response_body_like eval
["", "", qr/^xpecto_jurisdiction_requests_total\{[^}]*tagged[^}]*\} 1$/m]
--- no_error_log
[error]
