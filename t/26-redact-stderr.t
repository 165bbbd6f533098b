# "error_log stderr" at each level, as in a container: nothing planted is in
# what nginx writes there, where it would be without us; nor in $request_body
# of 20 MB, whose number stands at its very end.

use strict;
use warnings;

use lib 't/lib';
use TestRedact;

use File::Path qw( make_path remove_tree );
use IO::Socket::INET;
use POSIX qw( :sys_wait_h );
use Test::More;

my $nginx = $ENV{TEST_NGINX_BINARY} || '/usr/sbin/nginx';
my $port = ($ENV{TEST_NGINX_PORT} || 1984) + 40;
my $dir = "build/test/stderr-$port";
my @levels = qw( debug info notice warn error crit alert emerg );
my $length = 20_000_000;

$ENV{LSAN_OPTIONS} = 'detect_leaks=0';

remove_tree $dir;
make_path "$dir/logs", "$dir/conf";

chomp(my $top = `pwd`);
my $module = $ENV{XPECTO_STATIC} ? ''
             : "load_module $top/build/ngx_xpecto_module.so;";


sub configure ($) {
    my ($mode) = @_;
    my $locations = join '', map { <<"_EOC_" } @levels;
        location /$_ { error_log stderr $_; proxy_pass http://127.0.0.1:1; }
_EOC_

    open my $out, '>', "$dir/conf/nginx.conf" or die "nginx.conf: $!\n";
    print $out <<"_EOC_";
$module
daemon off;
worker_processes 1;
pid logs/nginx.pid;
error_log stderr info;
events { worker_connections 64; }
http {
    xpecto_redact $mode;
    client_body_temp_path body; proxy_temp_path proxy; scgi_temp_path scgi;
    fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi;
    client_max_body_size 32m; client_body_buffer_size 32m;
    log_format body escape=none '\$request_body';
    access_log off;
    server {
        listen 127.0.0.1:$port;
        location = /body { access_log logs/body.log body;
                           proxy_pass http://127.0.0.1:1; }
$locations    }
}
_EOC_
    close $out or die "nginx.conf: $!\n";
}


sub ask ($;$) {
    my ($path, $body) = @_;
    my $s;

    wait_for { $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                                          PeerPort => $port) } or return '';
    $body //= '';
    local $SIG{PIPE} = 'IGNORE';

    print $s "POST $path?to=16505551234&pin=s3cr3t HTTP/1.0\r\n"
             . "Referer: http://a/+16505551234\r\nX-A: EAA" . 's3cr3t' x 9
             . "\r\nContent-Length: " . length($body) . "\r\n\r\n$body";

    return join '', <$s>;
}


# what nginx wrote to stderr, and the access log of the body

sub run ($) {
    my ($mode) = @_;
    my $body = '{"text":{"body":"' . 'a b ' x ($length / 4)
               . '"},"to":"16505551234"}';
    my $pid;

    configure $mode;
    unlink "$dir/logs/body.log";

    $pid = fork // die "fork: $!\n";

    if ($pid == 0) {
        open STDERR, '>', "$dir/stderr" or die "stderr: $!\n";
        { exec $nginx, '-p', "$dir/", '-e', 'stderr', '-c', 'conf/nginx.conf' }
        POSIX::_exit(127);
    }

    for my $level (@levels) {
        like ask("/$level"), qr/^HTTP\S+ 502/, "$mode - $level answers";
    }

    like ask('/body', $body), qr/^HTTP\S+ 502/, "$mode - body answers";

    kill 'QUIT', $pid;
    wait_for { waitpid($pid, WNOHANG) == $pid } or kill 'KILL', $pid;
    is $?, 0, "$mode - ends well";

    return (slurp "$dir/stderr", slurp "$dir/logs/body.log");
}


plan(tests => 2 * (@levels + 2) + 8);

my ($raw, $long) = run 'off';

for my $value ('16505551234', 's3cr3t') {
    isnt index($raw, $value), -1, "off - $value is in stderr";
}

cmp_ok length $long, '>', $length, 'off - all of the body is logged';

my ($text, $short) = run 'on';

like $text, qr{ \[debug\] .*\Q"/debug?to=[phone]&pin=-"\E}, 'on - debug';
like $text, qr{connect\(\) failed.* request: "POST /error\?to=\[phone\]&pin=- },
     'on - error';
is join(' ', leaks $text, '6505551234', 's3cr3t'), '', 'on - nothing planted';
is $short, qq({"text":{"body":"[content ${length}B]"},"to":"[phone]"}\n)
           =~ s/${length}B/20000kB/r, 'on - the body, its number at its end';
is join(' ', leaks $short, '6505551234'), '', 'on - nothing planted in it';

remove_tree $dir;
