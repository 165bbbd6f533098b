# conf-examples/regions.conf: the region is chosen by the law, and nothing is
# sent to a machine that cannot prove to be in it.

use strict;
use warnings;

use POSIX qw( :sys_wait_h );
use Test::More tests => 13;

my $nginx = $ENV{TEST_NGINX_BINARY} || '/usr/sbin/nginx';
my $port = ($ENV{TEST_NGINX_PORT} || 1984) + 60;

$ENV{XPECTO_DEMO_PORT} = $port;
$ENV{XPECTO_DEMO_DIR} = "build/test/regions-$port";
$ENV{LSAN_OPTIONS} = 'detect_leaks=0';

chomp(my $dir = `tools/demo --files`);
die "tools/demo --files failed\n" if $? || !-d $dir;

my %key = map { chomp; split /=/, $_, 2 }
          do { local @ARGV = "$dir/tenants.txt"; <> };


sub start {
    my $pid = fork // die "fork: $!\n";

    if ($pid == 0) {
        exec $nginx, '-p', "$dir/", '-e', 'logs/error.log',
             '-c', 'conf/regions.conf', '-g', 'daemon off;';
        exit 127;
    }

    my $ask = "curl -sk -m 5 -o /dev/null -w '%{http_code}' "
              . "https://127.0.0.1:$port/";

    for (1 .. 100) {
        return $pid if `$ask` eq '200';
        select undef, undef, undef, 0.1;
    }

    die "nginx does not answer\n";
}


sub stop {
    my ($pid) = @_;

    kill 'QUIT', $pid;
    waitpid $pid, 0;
}


sub answer {
    my ($tenant, @to) = @_;
    my $body = join ', ', map { qq({"to": "$_"}) } @to;

    my $ask = "curl -ski -m 10 https://127.0.0.1:$port/v21.0/1/messages "
              . "-H 'Authorization: Bearer $key{$tenant}' "
              . "-H 'Content-Type: application/json' -d '[$body]'";

    return scalar `$ask`;
}


my $pid = start();

my $text = answer('acme', '+4915123456789');
like $text, qr{^HTTP/1\.1 200.*^X-Served-By: eu\r$}ms, 'Germany to Germany';
like $text, qr/^X-Region: eu\r$/m, 'by the region of the EU';
like $text, qr/^X-Basis: adequate_scoped\r$/m, 'Meta is in the US';
like $text, qr/^X-Instrument: Decision \(EU\) 2023\/1795 \(DPF\)\r$/m,
     'the decision it rests on';

$text = answer('globex', '+919876543210');
like $text, qr{^HTTP/1\.1 200.*^X-Region: in\r\n.*^X-Basis: unrestricted\r$}ms,
     'India to India';
like $text, qr/^X-Served-By: in\r$/m, 'by the region of India';

$text = answer('acme', '+919876543210', '+4915123456789');
like $text, qr{^HTTP/1\.1 200.*^X-Served-By: eu\r$}ms,
     'to both from Germany: only the EU may have it';

$text = answer('globex', '+4915123456789');
like $text, qr{^HTTP/1\.1 451.*^No region may have this message\.$}ms,
     'no region for India to Germany: the page says so';
unlike $text, qr/^X-Served-By/m, 'and nobody was asked';

stop($pid);

# the wrong machine where the EU should be

for my $kind ('pem', 'key') {
    system('cp', "$dir/conf/regions-eu.$kind", "$dir/conf/kept.$kind");
    system('cp', "$dir/conf/regions-in.$kind", "$dir/conf/regions-eu.$kind");
}

$pid = start();

$text = answer('acme', '+4915123456789');
like $text, qr{^HTTP/1\.1 502}, 'India says it is the EU: refused';
unlike $text, qr/^X-Served-By/m, 'and nothing was sent';
like answer('globex', '+919876543210'), qr{^HTTP/1\.1 200},
     'the other one is still there';

stop($pid);

for my $kind ('pem', 'key') {
    rename "$dir/conf/kept.$kind", "$dir/conf/regions-eu.$kind";
}

my $log = do { local (@ARGV, $/) = "$dir/logs/error.log"; <> };
unlike $log, qr/15123456789|9876543210/, 'no number in the log';
