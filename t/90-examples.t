# Every file of conf-examples is accepted, starts and answers.

use strict;
use warnings;

use File::Temp;
use POSIX qw( :sys_wait_h );
use Test::More;

my $nginx = $ENV{TEST_NGINX_BINARY} || '/usr/sbin/nginx';
my $port = ($ENV{TEST_NGINX_PORT} || 1984) + 30;

$ENV{XPECTO_DEMO_PORT} = $port;
$ENV{XPECTO_DEMO_DIR} = "build/test/examples-$port";
$ENV{LSAN_OPTIONS} = 'detect_leaks=0';

chomp(my $dir = `tools/demo --files`);
die "tools/demo --files failed\n" if $? || !-d $dir;

my @confs = sort map { s{.*/}{}r } glob 'conf-examples/*.conf';
my @options = ('-p', "$dir/", '-e', 'logs/error.log');


sub start {
    my ($conf) = @_;
    my $pid = fork // die "fork: $!\n";

    if ($pid == 0) {
        exec $nginx, @options, '-c', "conf/$conf", '-g', 'daemon off;';
        exit 127;
    }

    return $pid;
}


# the exit status, or what happened instead of an end

sub stop {
    my ($pid) = @_;

    kill 'QUIT', $pid;

    for (1 .. 100) {
        return $? if waitpid($pid, WNOHANG) != 0;
        select undef, undef, undef, 0.1;
    }

    kill 'KILL', $pid;
    waitpid $pid, 0;

    return 'killed after ten seconds';
}


# the status of an answer, "000" if there is none within ten seconds

sub answer {
    my ($pid, $url) = @_;

    for (1 .. 100) {
        my $code = `curl -sk -m 5 -o /dev/null -w '%{http_code}' $url`;
        return $code if $code ne '000';
        return 'it ended' if waitpid($pid, WNOHANG) == $pid;
        select undef, undef, undef, 0.1;
    }

    return '000';
}


plan(tests => 3 * @confs + 3);

# the platform stands behind those that pass requests on

my $platform = start('platform.conf');

for my $conf (@confs) {
    my $text = do { local (@ARGV, $/) = "$dir/conf/$conf"; <> };
    my $out = `$nginx @options -c conf/$conf -t 2>&1`;

    is $?, 0, "$conf - accepted" or diag $out;

    my $pid = $conf eq 'platform.conf' ? $platform : start($conf);
    my $scheme = $text =~ /listen.* ssl/ ? 'https' : 'http';
    my $at = $conf eq 'platform.conf' ? $port + 1 : $port;

    is answer($pid, "$scheme://127.0.0.1:$at/"), 200, "$conf - answers";
    is stop($pid), 0, "$conf - ends well" unless $conf eq 'platform.conf';
}

is stop($platform), 0, 'platform.conf - ends well';


# in a folder that all share, what somebody else has made is not used

my $private = File::Temp->newdir;           # 0700: another one is needed
my $shared = File::Temp->newdir;
my $made = "$shared/xpecto-demo-$port";

chmod 0755, $shared;
$ENV{XPECTO_DEMO_DIR} = "$private/demo";
$ENV{TMPDIR} = "$shared";

mkdir "$shared/other";
symlink 'other', $made;
like `tools/demo --files 2>&1`, qr/is not a folder of yours alone/,
     'the folder of the demo is a link';

unlink $made;
mkdir $made;
chmod 0777, $made;
like `tools/demo --files 2>&1`, qr/is not a folder of yours alone/,
     'all may write to the folder of the demo';

rmdir $made;
is `tools/demo --files 2>&1`, "$made\n", 'the folder of the demo is made';
