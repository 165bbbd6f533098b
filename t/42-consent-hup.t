# Consent over a reload that fails, and a worker that dies behind it.

use lib 't/lib';
use TestXpecto;

use IO::Socket::INET;


my $root = $ENV{TEST_NGINX_SERVROOT};


sub content ($) {
    my $name = shift;

    open my $in, '<', "$root/$name" or die "$name: $!";
    local $/;

    return scalar <$in>;
}


sub ask ($) {
    my $path = shift;

    my $sock = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $ENV{TEST_NGINX_PORT})
        or return '';

    print $sock "GET $path HTTP/1.0\r\n\r\n";
    local $/;

    return <$sock> || '';
}


sub until_true ($) {
    my $test = shift;

    for (1 .. 200) {
        return 1 if $test->();
        select(undef, undef, undef, 0.05);
    }

    return 0;
}


add_response_body_check(sub {
    my ($block) = @_;

    unlike ask('/x'), qr/Set-Cookie/, 'suppressed';

    # refused when the filters of a configuration without consent are set

    my $text = content('conf/nginx.conf');
    my $tenants = data_dir() . '/tenants.json';

    $text =~ s/xpecto_consent on;//;
    $text =~ s/(xpecto_keys)/xpecto_tenants $tenants zone=t:64k;\n$1/;

    open my $out, '>', "$root/conf/nginx.conf" or die "nginx.conf: $!";
    print $out $text;
    close $out;

    kill HUP => content('logs/nginx.pid') + 0;

    ok until_true(sub { content('logs/error.log') =~ /zone "t" is too small/ }),
       'it is refused';

    my ($worker) = ask('/pid') =~ /^X-Pid: (\d+)/m;

    kill KILL => $worker;

    ok until_true(sub { ask('/pid') =~ /^X-Pid: (?!$worker\r)/m }),
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
