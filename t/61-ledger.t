# The ledger: which decisions have a line, what it says, and what follows
# where it cannot be written.

use lib 't/lib';
use LedgerSample;
use TestFull qw( full_disk );
use TestXpecto;

use File::Copy;
use JSON::PP;

copy('ngx_xpecto_module/data/jurisdictions.json',
     data_dir() . '/jurisdictions.json') or die "jurisdictions.json: $!";

chmod 0600, data_dir() . '/consent-keys', data_dir() . '/epochs';


sub content ($) {
    my $name = shift;

    open my $in, '<', $name or return '';
    local $/;

    return <$in> // '';
}


# of those who hide, one second younger than the database of countries

my $hide = content(data_dir() . '/mmdb/anonymous.mmdb');

$hide =~ s/(build_epoch..*?)\x69\x55\xb9\x00/$1\x69\x55\xb9\x01/s
    or die "no epoch\n";

open my $later, '>:raw', data_dir() . '/later.mmdb' or die "later.mmdb: $!";
print $later $hide;
close $later or die "later.mmdb: $!";


# lines of our own in the error log

add_response_body_check(sub {
    my ($block, $body, $req_idx) = @_;

    return if !defined $block->lost || $req_idx < 4;

    my $log = content("$ENV{TEST_NGINX_SERVROOT}/logs/error.log");

    is(scalar(() = $log =~ /\[crit\]/g), $block->lost, 'logged once');
    like($log, qr/write\(\) failed for the ledger "\S+", its lines are lost/,
         'with its reason');
});


# the expected fields of each transfer, in the order of their lines

add_response_body_check(sub {
    my ($block, $body, $req_idx) = @_;

    return unless defined $block->ledger;
    return if ref $block->request && $req_idx < @{$block->request} - 1;
    return if $block->pipelined_requests
              && $req_idx < @{$block->pipelined_requests} - 1;

    my $text = content(tmp_dir() . '/ledger');
    my @lines = map { decode_json($_) } split /\n/, $text;
    my @transfers = grep { $_->{event} eq 'transfer' } @lines;
    my $expected = $block->ledger;

    is(scalar @transfers, scalar @$expected,
       $block->name . ' - number of lines');

    for my $i (0 .. $#$expected) {
        my %got = map { $_ => $transfers[$i]{$_} } keys %{$expected->[$i]};

        is_deeply(\%got, $expected->[$i], $block->name . " - line $i");
    }

    is(members_of((grep { /"event":"transfer"/ } split /\n/, $text)[0]),
       sample_of('transfer'), 'as docs/formats.md shows it')
        if defined $block->sample;

    my $keys = data_dir() . '/consent-keys';
    my $out = `tools/xpecto-ledger verify $keys ${\tmp_dir()}/ledger 2>&1`;

    is($?, 0, $block->name . ' - verify') or diag($out);
    unlike($text, qr/4915123456789|127\.0\.0\.1/, 'nobody is named');
});


add_block_preprocessor {
    my $block = shift;
    my $ledger = $block->ledger_file // '%%TMP%%/ledger';
    my $files = $block->data ? '$TEST_NGINX_HTML_DIR' : '%%DATA%%';
    my $tenants = $block->data ? 'tenants' : 'tenants-jurisdiction';

    $block->set_value('http_config', ($block->http_config || '') . <<"_EOC_");
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_epochs %%DATA%%/epochs;
    xpecto_tenants $files/$tenants.json;
    xpecto_jurisdiction_rules $files/rules.json;
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/nested24.mmdb max_age=0;
_EOC_

    $block->set_value('http_config', $block->http_config
                                     . "    xpecto_ledger $ledger;\n")
        if $ledger ne 'none';

    $block->set_value('config', <<"_EOC_") if !$block->config;
    xpecto_jurisdiction on;
    location /eu/ { xpecto_jurisdiction_destination eu; empty_gif; }
    location /in/ { xpecto_jurisdiction_destination in; empty_gif; }
    location /all/ {
        xpecto_jurisdiction_destination eu;
        xpecto_jurisdiction_ledger all;
        empty_gif;
    }
    location /lossy/ {
        xpecto_jurisdiction_destination eu;
        xpecto_jurisdiction_ledger all lossy;
        empty_gif;
    }
    location /off/ {
        xpecto_jurisdiction_destination in;
        xpecto_jurisdiction_ledger off;
        empty_gif;
    }
    location = /status { xpecto_status; }
_EOC_
};

full_disk(data_dir() . '/full');


no_root_location();

skip_hup('the ledger goes on over a reload');

plan_tests(102);

run_tests();

__DATA__

=== TEST 1: ledger - what is denied has a line: question, answer, versions
--- sample
--- config
    xpecto_jurisdiction on;
    location /in/ { xpecto_jurisdiction_destination in; empty_gif; }
--- request
GET /in/
--- more_headers
X-API-Key: key-de
--- error_code: 451
--- ledger eval
[{ declared => 'DE', hinted => '', areas => '', unknown => 0, forbidden => 0,
   attests => '', destinations => 'IN', rules => 'test.1', basis => 'none',
   why => 'DE,EU_GDPR,IN', instrument => '', action => 'deny',
   cause => 'DE,EU_GDPR,IN', rule => '', status => 451, mode => 'on',
   state => 'ok',
   region => 'in', regimes => 'EU_GDPR', tenant => 'de',
   database => 1767225600, anonymous => 0, seq => 2, kid => 7 }]
--- no_error_log
[alert]



=== TEST 2: ledger - what is allowed without a safeguard has none
--- request
GET /eu/
--- more_headers
X-API-Key: key-de
--- ledger eval
[]
--- no_error_log
[error]



=== TEST 3: xpecto_jurisdiction_ledger - all of them, when asked
--- request
GET /all/
--- more_headers
X-API-Key: key-de
--- ledger eval
[{ basis => 'local', action => 'allow', destinations => 'DE', status => 0 }]
--- no_error_log
[error]



=== TEST 4: xpecto_jurisdiction_ledger - off
--- request
GET /off/
--- more_headers
X-API-Key: key-de
--- error_code: 451
--- ledger eval
[]
--- no_error_log
[alert]



=== TEST 5: ledger - a transfer that needs a safeguard has a line
--- http_config
    xpecto_jurisdiction on;
--- user_files
>>> rules.json
{ "schema": 1, "version": "scc.7",
  "data": { "jurisdictions": "../../data/jurisdictions.json",
            "min_level": "V3" },
  "regions": { "in": { "country": "IN", "upstream": "be_in" } },
  "attestations": { "safeguards:IN": { "expires": "2099-01-01",
                    "instrument": "SCC M3", "covers": ["EU_GDPR"] } } }
>>> tenants.json
{ "version": 1, "plans": { "p": { "limits": [] } }, "tenants": { "de": {
  "plan": "p", "establishment": ["DE"], "attest": ["safeguards:IN"], "keys": [
"sha256:8514c971c4a3da33698bcdd731d5592f12b0ca1bcae28d7ab6714a4c6a133e37" ] } } }
--- data: html
--- config
    xpecto_jurisdiction_destination in;
    location /denied/ { xpecto_jurisdiction_ledger denied; empty_gif; }
    location / { empty_gif; }
--- request eval
["GET /denied/", "GET /"]
--- more_headers
X-API-Key: key-de
--- ledger eval
[{ basis => 'safeguards', action => 'allow', attests => 'safeguards:IN',
   instrument => 'SCC M3', rules => 'scc.7', why => 'DE,EU_GDPR,IN' }]
--- no_error_log
[error]



=== TEST 6: ledger - what would be denied
--- config
    xpecto_jurisdiction observe;
    xpecto_jurisdiction_destination in;
    location / { empty_gif; }
--- request
GET /
--- more_headers
X-API-Key: key-de
--- ledger eval
[{ action => 'deny', mode => 'observe', status => 451 }]
--- no_error_log
[error]



=== TEST 7: ledger - countries of recipients, no recipient
--- config
    xpecto_message on;
    xpecto_jurisdiction on;
    xpecto_jurisdiction_destination eu;
    location / { empty_gif; }
--- request
POST /v21.0/messages
{"messaging_product":"whatsapp","to":"+4915123456789","type":"text"}
--- more_headers
X-API-Key: key-us
Content-Type: application/json
--- error_code: 451
--- ledger eval
[{ declared => 'US', hinted => 'DE', destinations => 'DE US', region => 'eu',
   basis => 'none', why => 'DE,EU_GDPR,US', tenant => 'us' }]
--- no_error_log
[alert]



=== TEST 8: ledger - a mirror has a line of its own, an SSI subrequest has none
--- config
    xpecto_jurisdiction on;
    xpecto_jurisdiction_destination eu;
    xpecto_jurisdiction_ledger all;
    location = / {
        mirror /mirror;
        ssi on;
        default_type text/html;
        index page.html;
    }
    location = /page.html { ssi on; mirror /mirror; }
    location = /part { return 200 part; }
    location = /mirror {
        internal;
        xpecto_jurisdiction_destination in;
        empty_gif;
    }
--- user_files
>>> page.html
<!--# include virtual="/part" -->
--- request
GET /page.html
--- more_headers
X-API-Key: key-de
--- response_body
part
--- ledger eval
[{ region => 'eu', action => 'allow' }, { region => 'in', action => 'deny' }]
--- no_error_log
[alert]



=== TEST 9: ledger - no address of a client
--- config
    xpecto_tenant off;
    xpecto_jurisdiction on;
    xpecto_jurisdiction_origin ip;
    xpecto_jurisdiction_destination in;
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Forwarded-For;
    location / { empty_gif; }
--- request
GET /
--- more_headers
X-Forwarded-For: 5.9.49.12
--- error_code: 451
--- ledger eval
[{ declared => '', unknown => 1, basis => 'none', why => '', tenant => undef,
   state => 'no_country' }]
--- no_error_log
[alert]



=== TEST 10: ledger - none: nothing is asked of it
--- ledger_file: none
--- config
    xpecto_jurisdiction on;
    location /eu/ { xpecto_jurisdiction_destination eu; empty_gif; }
    location /in/ { xpecto_jurisdiction_destination in; empty_gif; }
--- pipelined_requests eval
["GET /in/", "GET /eu/"]
--- more_headers
X-API-Key: key-de
--- error_code eval
[451, 200]
--- no_error_log
[error]



=== TEST 11: ledger - a full disk: what needs its line is refused
--- ledger_file: %%DATA%%/full
--- pipelined_requests eval
["GET /all/", "GET /lossy/", "GET /in/", "GET /eu/", "GET /status"]
--- more_headers
X-API-Key: key-de
--- error_code eval
[503, 200, 451, 200, 200]
--- response_body_like eval
["503", "GIF", "legal.example", "GIF", qr/^(?=.*^xpecto_ledger_lines_total\{
result="written"\}\ 0$).*^xpecto_ledger_lines_total\{result="lost"\}\ 3$/xms]
--- lost: 1



=== TEST 12: ledger - a full disk: the refusal is one of ours
--- ledger_file: %%DATA%%/full
--- request
GET /all/
--- more_headers
X-API-Key: key-de
--- error_code: 503
--- response_headers
Content-Type: application/problem+json
Retry-After: 30
Cache-Control: no-store
--- response_body
{"type":"about:blank","title":"Service Unavailable","status":503,"detail":"The record of this transfer cannot be written."}
--- lost: 1



=== TEST 13: ledger - lines are counted
--- pipelined_requests eval
["GET /all/", "GET /status"]
--- more_headers
X-API-Key: key-de
--- response_body_like eval
["GIF", qr/^xpecto_ledger_lines_total\{result="written"\} 2$/m]
--- no_error_log
[error]



=== TEST 14: ledger - an error page and an index are no further decision
--- config
    xpecto_jurisdiction on;
    xpecto_jurisdiction_ledger all;
    error_page 451 /page.html;
    location /in/ { xpecto_jurisdiction_destination in; empty_gif; }
    location / { xpecto_jurisdiction_destination eu; index page.html; }
    location = /page.html { xpecto_jurisdiction_destination eu; }
--- user_files
>>> page.html
page
--- pipelined_requests eval
["GET /in/", "GET /"]
--- more_headers
X-API-Key: key-de
--- error_code eval
[451, 200]
--- response_body eval
["page\n", "page\n"]
--- ledger eval
[{ region => 'in', action => 'deny' }, { region => 'eu', action => 'allow' },
 { region => 'eu', action => 'allow' }]
--- no_error_log
[alert]



=== TEST 15: ledger - two databases, each with its build time
--- http_config
    xpecto_jurisdiction_geoip %%DATA%%/later.mmdb role=anonymous;
--- request
GET /in/
--- more_headers
X-API-Key: key-de
--- error_code: 451
--- ledger eval
[{ database => 1767225600, anonymous => 1767225601, action => 'deny' }]
--- no_error_log
[alert]
