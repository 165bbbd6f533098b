# Addresses that say nothing about where somebody is: proxies, Tor, anycast; and
# those that say two countries.

use lib 't/lib';
use TestXpecto;

use File::Copy;

copy('ngx_xpecto_module/data/jurisdictions.json',
     data_dir() . '/jurisdictions.json') or die "jurisdictions.json: $!";

add_block_preprocessor {
    my $block = shift;
    my $databases = $block->databases;

    $block->set_value('http_config', <<"_EOC_");
    xpecto_jurisdiction_rules %%DATA%%/rules.json reload=0;
$databases
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Forwarded-For;
_EOC_

    my $own = $block->config || defined $block->must_die;

    $block->set_value('config', <<'_EOC_') if !$own;
    location = /t {
        xpecto_jurisdiction on;
        add_header X-Tag "$xpecto_country/$xpecto_jurisdiction_state";
        empty_gif;
    }
_EOC_

    $block->set_value('request', 'GET /t') unless defined $block->request
                                               || defined $block->must_die;
};

plan_tests(20);

run_tests();

__DATA__

=== TEST 1: geoip - a network of anycast
--- databases
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/traits.mmdb max_age=0;
--- more_headers
X-Forwarded-For: 81.2.69.142
--- response_headers
X-Tag: /anonymous



=== TEST 2: geoip - a server that is rented out
--- databases
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/traits.mmdb max_age=0;
--- more_headers
X-Forwarded-For: 77.65.1.1
--- response_headers
X-Tag: DE/ok



=== TEST 3: anonymous - hides what the other database knows
--- databases
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/flat32.mmdb max_age=0;
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/anonymous.mmdb role=anonymous;
--- more_headers
X-Forwarded-For: 5.45.1.1
--- response_headers
X-Tag: /anonymous



=== TEST 4: anonymous - does not hide what it does not know
--- databases
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/flat32.mmdb max_age=0;
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/anonymous.mmdb role=anonymous;
--- more_headers
X-Forwarded-For: 2003::1
--- response_headers
X-Tag: DE/ok



=== TEST 5: anonymous - a database without a mark
--- databases
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/flat32.mmdb role=anonymous;
--- must_die
--- error_log
has no network in "is_anonymous" and the like



=== TEST 6: anonymous - has no field
--- databases
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/anonymous.mmdb role=anonymous
                              field=country;
--- must_die
--- error_log
has neither "field" nor "max_age" with "role=anonymous"



=== TEST 7: anonymous - twice
--- databases
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/anonymous.mmdb role=anonymous;
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/traits.mmdb role=anonymous zone=b:1m;
--- must_die
--- error_log
"xpecto_jurisdiction_geoip" directive is duplicate



=== TEST 8: anonymous - has no age of its own
--- databases
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/flat32.mmdb max_age=0;
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/anonymous.mmdb role=anonymous
                              max_age=7d;
--- must_die
--- error_log
has neither "field" nor "max_age" with "role=anonymous"



=== TEST 9: anonymous - hides also when it is old
--- databases
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/flat32.mmdb max_age=1s;
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/anonymous.mmdb role=anonymous;
--- more_headers
X-Forwarded-For: 5.45.1.1
--- response_headers
X-Tag: /db_stale



=== TEST 10: geoip - a base of another country has both laws
--- databases
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/represented.mmdb max_age=0;
--- config
    location = /t {
        xpecto_jurisdiction on;
        add_header X-Tag "$xpecto_country/$xpecto_jurisdiction";
        empty_gif;
    }
--- request
GET /t
--- more_headers
X-Forwarded-For: 81.2.69.142
--- response_headers
X-Tag: GB/UK_GDPR,US_DOJ_202,US_FED
