# The preferences page and the banner of conf-examples in a real browser, over
# TLS: t/browser/consent.js speaks TAP.

use strict;
use warnings;

use POSIX qw( :sys_wait_h );
use Test::More;

my $nginx = $ENV{TEST_NGINX_BINARY} || '/usr/sbin/nginx';
my $port = ($ENV{TEST_NGINX_PORT} || 1984) + 57;

chomp(my $browser = `tools/get-browser 2>&1`);
plan(skip_all => $browser) if $?;

$ENV{XPECTO_DEMO_PORT} = $port;
$ENV{XPECTO_DEMO_DIR} = "build/test/browser-$port";
$ENV{LSAN_OPTIONS} = 'detect_leaks=0';

chomp(my $dir = `tools/demo --files`);
die "tools/demo --files failed\n" if $? || !-d $dir;

# beside the example, a server that asks for the age

my $conf = do { local (@ARGV, $/) = "$dir/conf/consent-mode.conf"; <> };

$conf =~ s/(?=\}\s*\z)/<<"_EOC_"/e;
    server {
        listen   127.0.0.1:@{[$port + 1]} ssl;
        include  tls.inc;
        xpecto_consent          on;
        xpecto_consent_age_min  16;
        location \/ { root www; }
        location \/.xpecto\/consent { xpecto_consent_api; }
    }
_EOC_

open my $out, '>', "$dir/conf/browser.conf" or die "browser.conf: $!\n";
print $out $conf;
close $out or die "browser.conf: $!\n";

unlink "$dir/logs/application.log", "$dir/logs/revoked";

my $pid = fork // die "fork: $!\n";

if ($pid == 0) {
    exec $nginx, '-p', "$dir/", '-e', 'logs/error.log', '-c',
         'conf/browser.conf', '-g', 'daemon off;';
    exit 127;
}

for (1 .. 100) {
    last if `curl -sk -m 5 -o /dev/null -w '%{http_code}' https://127.0.0.1:$port/` eq '200';
    die "nginx ended\n" if waitpid($pid, WNOHANG) == $pid;
    select undef, undef, undef, 0.1;
}

my $rc = system('node', 't/browser/consent.js', $browser,
                "https://127.0.0.1:$port", "$dir/logs/application.log");

kill 'QUIT', $pid;
waitpid $pid, 0;

exit($rc ? 1 : 0);
