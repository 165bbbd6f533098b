# What redaction says of itself in numbers.

use lib 't/lib';
use TestXpecto;

skip_hup('what was counted outlives a reload');

plan_tests(6);

run_tests();

__DATA__

=== TEST 1: redact - values of an access log, spans of each class
--- http_config
    error_log /dev/null crit;
    xpecto_redact on;
--- config
    location = /t { access_log %%TMP%%/a.log combined; empty_gif; }
    location = /status { access_log off; xpecto_status; }
--- pipelined_requests eval
["GET /t?to=%2B919876543210&email=a%40b.example", "GET /status"]
--- more_headers eval
["Referer: https://app.example.com/contacts/+447911112345", ""]
--- response_body_like eval
["GIF", qr/^(?=.*^xpecto_redact_values_total\{[^}]*"access"\}\ 3$)
(?=.*^xpecto_redact_spans_total\{class="phone"\}\ 2$)
(?=.*^xpecto_redact_spans_total\{class="id"\}\ 0$)
(?=.*^xpecto_redact_spans_total\{class="email"\}\ 1$)
(?=.*^xpecto_redact_spans_total\{class="ip"\}\ 1$)
(?=.*^xpecto_redact_spans_total\{class="account"\}\ 0$)/xms]
--- no_error_log
[error]
