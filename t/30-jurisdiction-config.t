# What nginx -t says of databases, rules and directives that it refuses.

use lib 't/lib';
use TestXpecto;

use File::Copy;

copy('ngx_xpecto_module/data/jurisdictions.json',
     data_dir() . '/jurisdictions.json') or die "jurisdictions.json: $!";

# databases that are none

my $dir = data_dir() . '/mmdb';

for my $case ([ 'cut', sub { substr $_[0], 0, length($_[0]) - 100 } ],
              [ 'half', sub { substr $_[0], 0, length($_[0]) / 2 } ],
              [ 'noise', sub { 'x' x length $_[0] } ],
              [ 'hollow', sub { "\0" x (length($_[0]) - 400)
                                . substr $_[0], -400 } ],
              [ 'future', sub { $_[0] =~ s/(epoch\x04\x02)..../$1\xf0   /sr } ],
              [ 'timeless', sub { $_[0] =~ s/(epoch\x04\x02)..../$1\0\0\0\0/sr } ],
              [ 'records', sub { $_[0] =~ s/(record_size\xa1)./$1\x0c/sr } ],
              [ 'version', sub { $_[0] =~ s/(ip_version\xa1)./$1\x05/sr } ],
              [ 'nodes', sub { $_[0] =~ s/(node_count\xc1)./$1\xff/sr } ],
              [ 'loop', sub { "\0\0\1" x 4 . substr $_[0], 12 } ],
              [ 'astray', sub { "\xff" x 6 . substr $_[0], 6 } ],
              [ 'empty', sub { '' } ])
{
    my ($name, $make) = @$case;

    open my $in, '<:raw', "$dir/flat4.mmdb" or die "$dir: $!";
    local $/;
    my $bytes = <$in>;

    open my $out, '>:raw', "$dir/$name.mmdb" or die "$dir: $!";
    print $out $make->($bytes);
    close $out;
}

plan_tests(102);

run_tests();

__DATA__

=== TEST 1: geoip - no such file
--- http_config
    xpecto_jurisdiction_geoip %%TMP%%/none.mmdb;
--- must_die
--- error_log eval
qr/\[emerg\] .*none.mmdb" is refused: cannot be opened: No such file.*:\d+/



=== TEST 2: geoip - empty
--- http_config
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/empty.mmdb;
--- must_die
--- error_log eval
qr/\[emerg\] .*empty.mmdb" is refused: is empty/



=== TEST 3: geoip - truncated
--- http_config
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/cut.mmdb;
--- must_die
--- error_log eval
qr/\[emerg\] .*cut.mmdb" is refused: is no complete MaxMind DB/



=== TEST 4: geoip - truncated to half
--- http_config
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/half.mmdb;
--- must_die
--- error_log eval
qr/\[emerg\] .*half.mmdb" is refused: is no complete MaxMind DB/



=== TEST 5: geoip - something else
--- http_config
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/noise.mmdb;
--- must_die
--- error_log eval
qr/\[emerg\] .*noise.mmdb" is refused: is no complete MaxMind DB/



=== TEST 6: geoip - overwritten by zeros up to its metadata
--- http_config
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/hollow.mmdb;
--- must_die
--- error_log eval
qr/\[emerg\] .*hollow.mmdb" is refused: is broken: node 0 leads back/



=== TEST 7: geoip - without a country
--- http_config
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/none.mmdb;
--- must_die
--- error_log eval
qr/\[emerg\] .*none.mmdb" is refused: has no country in country.iso_code or/



=== TEST 8: geoip - a field that is not there
--- http_config
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/named.mmdb field=where;
--- must_die
--- error_log eval
qr/\[emerg\] .*named.mmdb" is refused: has no country in where/



=== TEST 9: geoip - a zone that is too small
--- http_config
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/named.mmdb field=place.where
                              zone=g:256k;
--- must_die
--- error_log eval
qr/zone "g" is too small for .* in .*nginx.conf:\d+$/m



=== TEST 10: geoip - an unknown role
--- http_config
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/flat4.mmdb role=city;
--- must_die
--- error_log
role=city



=== TEST 11: geoip - optional does not excuse a broken file
--- http_config
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/cut.mmdb optional;
--- must_die
--- error_log
is no complete MaxMind DB



=== TEST 12: rules - no such file
--- http_config
    xpecto_jurisdiction_rules %%TMP%%/none.json;
--- must_die
--- error_log eval
qr/\[emerg\] .*none.json" is refused: it cannot be opened \(2: No such file or directory\) in .*:\d+/



=== TEST 13: rules - not JSON
--- user_files
>>> r.json
{ "schema": 1,
  "version" }
--- http_config
    xpecto_jurisdiction_rules $TEST_NGINX_HTML_DIR/r.json;
--- must_die
--- error_log eval
qr/\[emerg\] .*r.json" is refused: .*line 2/



=== TEST 14: rules - an unknown member, with its path and line
--- user_files
>>> r.json
{ "schema": 1, "version": "1",
  "data": { "jurisdictions": "%%DATA%%/jurisdictions.json" },
  "regions": { "eu": { "country": "DE",
                       "upstreams": "be_eu" } } }
--- http_config
    xpecto_jurisdiction_rules $TEST_NGINX_HTML_DIR/r.json;
--- must_die
--- error_log eval
qr/\[emerg\] .*r.json" is refused: .*regions\.eu\.upstreams, line 4/



=== TEST 15: rules - an unknown country, with its path and line
--- user_files
>>> r.json
{ "schema": 1, "version": "1",
  "data": { "jurisdictions": "%%DATA%%/jurisdictions.json" },
  "regions": { "eu": { "country": "UK", "upstream": "be_eu" } } }
--- http_config
    xpecto_jurisdiction_rules $TEST_NGINX_HTML_DIR/r.json;
--- must_die
--- error_log eval
qr/\[emerg\] .*r.json" is refused: unknown country at regions\.eu\.country, line 3/



=== TEST 16: rules - the legal data are not there
--- user_files
>>> r.json
{ "schema": 1, "version": "1", "data": { "jurisdictions": "law.json" } }
--- http_config
    xpecto_jurisdiction_rules $TEST_NGINX_HTML_DIR/r.json;
--- must_die
--- error_log eval
qr/\[emerg\] .*r.json" is refused: data.jurisdictions "law.json": it cannot/



=== TEST 17: rules - the legal data are wrong
--- user_files
>>> law.json
{ "regimes": { "A": { "number": 1 } },
  "countries": 7 }
>>> r.json
{ "schema": 1, "version": "1", "data": { "jurisdictions": "law.json" } }
--- http_config
    xpecto_jurisdiction_rules $TEST_NGINX_HTML_DIR/r.json;
--- must_die
--- error_log eval
qr/\[emerg\] .*r.json" is refused: data.jurisdictions "law.json": .* line 2 in .*nginx.conf:\d+$/m



=== TEST 18: jurisdiction - without rules; the line is that of the directive
--- user_files
>>> on.conf

xpecto_jurisdiction on;
--- config
    include $TEST_NGINX_HTML_DIR/on.conf;
--- must_die
--- error_log eval
qr/"xpecto_jurisdiction" needs the directive "xpecto_jurisdiction_rules" in .*on.conf:2$/m



=== TEST 19: jurisdiction - an unknown mode
--- config
    xpecto_jurisdiction enforce;
--- must_die
--- error_log
invalid value "enforce": "off", "on" or "observe" is expected



=== TEST 20: origin - the address without a database
--- http_config
    xpecto_jurisdiction_rules %%DATA%%/rules.json;
--- user_files
>>> ip.conf


xpecto_jurisdiction_origin ip;
--- config
    xpecto_jurisdiction on;
    include $TEST_NGINX_HTML_DIR/ip.conf;
--- must_die
--- error_log eval
qr/the origin "ip" needs the directive "xpecto_jurisdiction_geoip" in .*ip.conf:3$/m



=== TEST 21: origin - a header of anybody
--- config
    xpecto_jurisdiction_origin header=CF-IPCountry;
--- must_die
--- error_log
"xpecto_jurisdiction_origin" directive trusts a header of anybody: it needs "from="



=== TEST 22: origin - a header of the whole world
--- config
    xpecto_jurisdiction_origin header=CF-IPCountry from=10.0.0.0/8 from=0.0.0.0/0;
--- must_die
--- error_log
"from=0.0.0.0/0" would trust a header of anybody



=== TEST 23: origin - unknown, repeated, contradictory
--- config
    xpecto_jurisdiction_origin tenant phone;
--- must_die
--- error_log
invalid or repeated origin "phone": "tenant", "recipient", "operator", "ip", "ip=evidence", "header=" and "from=" are known



=== TEST 24: origin - an address that is both
--- config
    xpecto_jurisdiction_origin ip ip=evidence;
--- must_die
--- error_log
has the address both as an origin and as evidence



=== TEST 25: destination - a region that the rules do not have
--- http_config
    xpecto_jurisdiction_rules %%DATA%%/rules.json;
--- user_files
>>> mars.conf

xpecto_jurisdiction on;
xpecto_jurisdiction_destination mars;
--- config
    include $TEST_NGINX_HTML_DIR/mars.conf;
--- must_die
--- error_log eval
qr/region "mars" of "xpecto_jurisdiction_destination" is not in ".*rules.json" in .*mars.conf:3$/m



=== TEST 26: geoip - too few networks
--- http_config
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/flat4.mmdb min_networks=50000;
--- must_die
--- error_log eval
qr/\[emerg\] .*is refused: has only \d+ networks with a country/



=== TEST 27: geoip - made in the future
--- http_config
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/future.mmdb;
--- must_die
--- error_log eval
qr/\[emerg\] .*is refused: was made in the future/



=== TEST 28: geoip - made at no time
--- http_config
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/timeless.mmdb;
--- must_die
--- error_log eval
qr/\[emerg\] .*is refused: (is refused by libmaxminddb|does not say)/



=== TEST 29: geoip - records of a size that does not exist
--- http_config
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/records.mmdb;
--- must_die
--- error_log eval
qr/\[emerg\] .*is refused: (has records of 12 bits|is refused by libmaxm)/



=== TEST 30: geoip - an IP version that does not exist
--- http_config
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/version.mmdb;
--- must_die
--- error_log eval
qr/\[emerg\] .*is refused: is (refused by libmaxminddb|of IP version 5)/



=== TEST 31: geoip - more nodes than there is room for
--- http_config
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/nodes.mmdb;
--- must_die
--- error_log eval
qr/\[emerg\] .*is refused: is (shorter than its tree|refused by libmaxminddb)/



=== TEST 32: geoip - a tree that leads back to itself
--- http_config
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/loop.mmdb;
--- must_die
--- error_log eval
qr/\[emerg\] .*is refused: is broken: its tree is deeper/



=== TEST 33: geoip - a node that leads behind the end
--- http_config
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/astray.mmdb;
--- must_die
--- error_log eval
qr/\[emerg\] .*is refused: is broken: node 0 leads to no sound record/



=== TEST 34: geoip - a field that is too long, of a file that is not there
--- http_config eval
"xpecto_jurisdiction_geoip %%TMP%%/none.mmdb optional field="
    . 'b' x 4000 . ';';
--- must_die
--- error_log eval
qr/\[emerg\] .*the field path is too long: "field=b+/



=== TEST 35: geoip - a field without a name, of a file that is not there
--- http_config
    xpecto_jurisdiction_geoip %%TMP%%/none.mmdb optional field=..;
--- must_die
--- error_log eval
qr/\[emerg\] .*invalid field path: "field=\.\." in .*:\d+/



=== TEST 36: origin - the tenant without tenants
--- http_config
    xpecto_jurisdiction_rules $TEST_NGINX_HTML_DIR/r.json;
--- user_files
>>> r.json
{ "schema": 1, "version": "1",
  "data": { "jurisdictions": "%%DATA%%/jurisdictions.json" } }
>>> want.conf

xpecto_jurisdiction_origin tenant;
--- config
    xpecto_jurisdiction on;
    include $TEST_NGINX_HTML_DIR/want.conf;
--- must_die
--- error_log eval
qr/the origin "tenant" needs the directive "xpecto_tenants" in .*want.conf:2$/m



=== TEST 37: origin - the recipient where no message is read
--- http_config
    xpecto_jurisdiction_rules $TEST_NGINX_HTML_DIR/r.json;
--- user_files
>>> r.json
{ "schema": 1, "version": "1",
  "data": { "jurisdictions": "%%DATA%%/jurisdictions.json" } }
>>> want.conf

xpecto_jurisdiction_origin recipient;
--- config
    xpecto_jurisdiction on;
    include $TEST_NGINX_HTML_DIR/want.conf;
--- must_die
--- error_log eval
qr/the origin "recipient" needs "xpecto_message on" somewhere in .*want.conf:2$/m



=== TEST 38: origin - an operator that the rules do not have
--- http_config
    xpecto_jurisdiction_rules $TEST_NGINX_HTML_DIR/r.json;
--- user_files
>>> r.json
{ "schema": 1, "version": "1",
  "data": { "jurisdictions": "%%DATA%%/jurisdictions.json" } }
>>> want.conf

xpecto_jurisdiction_origin operator;
--- config
    xpecto_jurisdiction on;
    include $TEST_NGINX_HTML_DIR/want.conf;
--- must_die
--- error_log eval
qr/the origin "operator" needs the member "operator" in ".*r.json" in .*want.conf:2$/m



=== TEST 39: destination - auto, and the rules have no regions
--- http_config
    xpecto_jurisdiction_rules $TEST_NGINX_HTML_DIR/r.json;
--- user_files
>>> r.json
{ "schema": 1, "version": "1",
  "data": { "jurisdictions": "%%DATA%%/jurisdictions.json" } }
>>> want.conf

xpecto_jurisdiction_destination auto;
--- config
    xpecto_jurisdiction on;
    include $TEST_NGINX_HTML_DIR/want.conf;
--- must_die
--- error_log eval
qr/"xpecto_jurisdiction_destination auto" needs the member "regions" in ".*r.json" in .*want.conf:2$/m



=== TEST 40: ledger - which lines, and there is no ledger
--- http_config
    xpecto_jurisdiction_rules $TEST_NGINX_HTML_DIR/r.json;
--- user_files
>>> r.json
{ "schema": 1, "version": "1",
  "data": { "jurisdictions": "%%DATA%%/jurisdictions.json" } }
>>> want.conf

xpecto_jurisdiction_ledger all;
--- config
    xpecto_jurisdiction on;
    include $TEST_NGINX_HTML_DIR/want.conf;
--- must_die
--- error_log eval
qr/"xpecto_jurisdiction_ledger" needs the directive "xpecto_ledger" in .*want.conf:2$/m



=== TEST 41: geoip - those who hide, and no country of anybody
--- user_files
>>> want.conf

xpecto_jurisdiction_geoip %%DATA%%/mmdb/anonymous.mmdb role=anonymous;
--- http_config
    xpecto_jurisdiction_rules %%DATA%%/rules.json;
    include $TEST_NGINX_HTML_DIR/want.conf;
--- must_die
--- error_log eval
qr/"role=anonymous" needs one with "role=country" beside it in .*want.conf:2$/m



=== TEST 42: origin, ledger - what is not written is not missed
--- http_config
    xpecto_jurisdiction_rules $TEST_NGINX_HTML_DIR/r.json;
--- user_files
>>> r.json
{ "schema": 1, "version": "1",
  "data": { "jurisdictions": "%%DATA%%/jurisdictions.json" } }
--- config
    xpecto_jurisdiction on;
    location = /t { xpecto_jurisdiction_ledger off; empty_gif; }
--- request
GET /t
--- no_error_log
[emerg]



=== TEST 43: origin - the address as evidence without a database
--- http_config
    xpecto_jurisdiction_rules %%DATA%%/rules.json;
--- user_files
>>> ip.conf

xpecto_jurisdiction_origin ip=evidence;
--- config
    xpecto_jurisdiction on;
    include $TEST_NGINX_HTML_DIR/ip.conf;
--- must_die
--- error_log eval
qr/the origin "ip" needs the directive "xpecto_jurisdiction_geoip" in .*ip.conf:2$/m



=== TEST 44: origin - a header whose name none can have
--- config
    xpecto_jurisdiction_origin header=$http_x from=10.0.0.0/8;
--- must_die
--- error_log
"header=$http_x" is no name of a header



=== TEST 45: origin - a header of the whole world, in halves
--- config
    xpecto_jurisdiction_origin header=CF-IPCountry from=128.0.0.0/1
                               from=10.0.0.0/8 from=0.0.0.0/1;
--- must_die
--- error_log
"from=" together would trust a header of anybody



=== TEST 46: origin - the same of IPv6, in parts of three sizes
--- config
    xpecto_jurisdiction_origin header=CF-IPCountry from=8000::/2 from=c000::/2
                               from=::/1;
--- must_die
--- error_log
"from=" together would trust a header of anybody



=== TEST 47: origin - almost the whole world
--- http_config
    xpecto_jurisdiction_rules %%DATA%%/rules.json;
--- config
    xpecto_jurisdiction_origin header=CF-IPCountry from=0.0.0.0/1
                               from=128.0.0.0/2 from=192.0.0.0/4
                               from=3000::/4;
--- request
GET /
--- no_error_log
[emerg]



=== TEST 48: regions - an upstream that nobody knows
--- http_config
    xpecto_jurisdiction_rules $TEST_NGINX_HTML_DIR/r.json;
    upstream be_eu { server 127.0.0.1:1; }
--- user_files
>>> r.json
{ "schema": 1, "version": "1",
  "data": { "jurisdictions": "%%DATA%%/jurisdictions.json" },
  "regions": { "eu": { "country": "DE", "upstream": "be_eu" },
               "in": { "country": "IN", "upstream": "be_in" },
               "us": { "country": "US", "upstream": "192.0.2.1:443" } } }
--- config
    location /send {
        xpecto_jurisdiction on;
        xpecto_jurisdiction_destination auto;
        proxy_pass http://$xpecto_jurisdiction_upstream;
    }
--- request
GET /
--- error_log eval
qr/\[warn\] .*"be_in" at regions.in.upstream in ".*r.json" is neither an "upstream" block nor an address, and no "resolver" is there to find it/
--- no_error_log eval
[ qr/be_eu" at/, qr/192.0.2.1:443" at/ ]



=== TEST 49: regions - a name that a resolver may know, one nobody sends to
--- http_config
    xpecto_jurisdiction_rules %%DATA%%/rules.json;
--- config
    xpecto_jurisdiction on;
    location /send {
        resolver 127.0.0.1:1;
        proxy_pass http://$xpecto_jurisdiction_upstream;
    }
--- request
GET /
--- no_error_log
[warn]



=== TEST 50: regions - names of upstreams that nothing sends to
--- http_config
    xpecto_jurisdiction_rules %%DATA%%/rules.json;
--- config
    xpecto_jurisdiction on;
--- request
GET /
--- no_error_log
[warn]
