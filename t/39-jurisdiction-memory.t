# What a worker remembers of a network ends where the answer does: with the age
# of the database, and at the address that another database knows better.

use lib 't/lib';
use TestXpecto;
use TestRestart;

use File::Copy;

copy('ngx_xpecto_module/data/jurisdictions.json',
     data_dir() . '/jurisdictions.json') or die "jurisdictions.json: $!";

# the databases of the tests are of 2026-01-01

my $built = 1767225600;
my $lapse;


sub tag ($) {
    return ask('/t', "X-Forwarded-For: $_[0]") =~ /^X-Tag: (.*?)\r?$/m ? $1
                                                                     : '';
}


add_block_preprocessor {
    my $block = shift;

    my $anonymous = defined $block->hidden
        ? 'xpecto_jurisdiction_geoip %%DATA%%/mmdb/anonymous.mmdb'
          . ' role=anonymous;'
        : '';

    my $age = 0;

    if (defined $block->lapses) {
        $lapse = time + 4;
        $age = $lapse - $built . 's';
    }

    $block->set_value('http_config', <<"_EOC_");
    xpecto_jurisdiction_rules %%DATA%%/rules.json reload=0;
    xpecto_jurisdiction_geoip %%DATA%%/mmdb/flat32.mmdb max_age=$age;
    $anonymous
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Forwarded-For;
_EOC_

    $block->set_value('config', <<'_EOC_');
    location = /t {
        xpecto_jurisdiction on;
        add_header X-Tag "$xpecto_country/$xpecto_jurisdiction/$xpecto_jurisdiction_state";
        empty_gif;
    }
_EOC_
};


add_response_body_check(sub {
    my ($block) = @_;

    if (defined $block->lapses) {
        my @before = map { tag('5.44.16.' . $_) } 1 .. 3;

        die "the machine was too slow for this test" if time >= $lapse;

        is "@before", 'GB/UK_GDPR/ok GB/UK_GDPR/ok GB/UK_GDPR/ok',
           'asked, remembered';

        sleep 1 while time <= $lapse + 1;

        is tag('5.44.16.4'), 'GB//db_stale', 'the database is too old now';
    }

    if (defined $block->hidden) {
        my @tags = map { tag("2.125.160.$_") } 217, 218, 219, 218, 217;

        is "@tags", 'GB/UK_GDPR/ok //anonymous GB/UK_GDPR/ok //anonymous'
           . ' GB/UK_GDPR/ok', 'each address its own';
    }
});


skip_hup('a database outlives a reload');

plan_tests(7);

run_tests();

__DATA__

=== TEST 1: max_age - ends also for a network that was asked before
--- lapses
--- request
GET /t
--- no_error_log
[emerg]



=== TEST 2: anonymous - one address of a network that was asked before
--- hidden
--- request
GET /t
--- no_error_log
[emerg]
