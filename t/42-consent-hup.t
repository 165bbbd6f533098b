# Consent over a reload that fails, and a worker that dies behind it.

use lib 't/lib';
use TestXpecto;
use TestRestart;

my $root = $ENV{TEST_NGINX_SERVROOT};


add_response_body_check(sub {
    my ($block) = @_;

    unlike ask('/x'), qr/Set-Cookie/, 'suppressed';

    # refused when the filters of a configuration without consent are set

    my $text = content("$root/conf/nginx.conf");
    my $tenants = data_dir() . '/tenants.json';

    $text =~ s/xpecto_consent on;//;
    $text =~ s/(xpecto_keys)/xpecto_tenants $tenants zone=t:64k;\n$1/;

    store("$root/conf/nginx.conf", $text);
    kill HUP => master();

    ok until_true { logged(qr/zone "t" is too small/) }, 'it is refused';

    my ($worker) = ask('/pid') =~ /^X-Pid: (\d+)/m;

    kill KILL => $worker;

    ok until_true { ask('/pid') =~ /^X-Pid: (?!$worker\r)/m },
       'another worker';

    unlike ask('/x'), qr/Set-Cookie/, 'suppressed as before';
});


chmod 0600, data_dir() . '/consent-keys';

skip_hup('the file reloads itself');

plan_tests(6);

run_tests();

__DATA__

=== TEST 1: xpecto_consent - a worker that is started after a failed reload
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
--- config
    xpecto_consent on;
    location = /x {
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/set;
    }
    location = /set {
        xpecto_consent off;
        add_header Set-Cookie "_ga=1; Path=/";
        empty_gif;
    }
    location = /pid {
        add_header X-Pid $pid;
        empty_gif;
    }
--- request
GET /x
--- error_log
exited on signal 9
