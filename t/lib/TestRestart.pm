package TestRestart;

# One nginx that is stopped, killed and started again within a block.
#
#   use TestXpecto;
#   use TestRestart;
#
#   stop();  start();  kill_all();
#
# All wait until it has happened.

use strict;
use warnings;

use Exporter qw( import );
use IO::Socket::INET;

our @EXPORT = qw( ask content store stop start kill_all logged until_true
                  status_of master processes );

my $root = $ENV{TEST_NGINX_SERVROOT};


sub content ($) {
    my $name = shift;

    open my $in, '<:raw', $name or return '';
    local $/;

    return scalar <$in>;
}


sub store ($$) {
    my ($name, $text) = @_;

    open my $out, '>:raw', $name or die "$name: $!";
    print $out $text;
    close $out or die "$name: $!";
}


# one request with the lines of a head, a GET unless the method stands before
# the URI; '' where nobody listens

sub ask ($@) {
    my ($uri, @head) = @_;

    my $sock = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $ENV{TEST_NGINX_PORT})
        or return '';

    $uri = "GET $uri" if $uri =~ m{^/};

    print $sock join "\r\n", "$uri HTTP/1.0", @head, '', '';
    local $/;

    return <$sock> || '';
}


sub status_of ($@) {
    return ask($_[0], @_[1 .. $#_]) =~ m{^HTTP/1\.1 (\d+)} ? $1 : 'none';
}


sub until_true (&) {
    my $test = shift;

    for (1 .. 400) {
        return 1 if $test->();
        select undef, undef, undef, 0.05;
    }

    return 0;
}


sub master () {
    return content("$root/logs/nginx.pid") =~ /^(\d+)$/m ? $1 : 0;
}


sub stop () {
    my $pid = master() or return 1;

    kill TERM => $pid;
    return until_true { !kill 0 => $pid };
}


# the master and its workers

sub processes () {
    my $pid = master() or return;

    return $pid, map { content($_) =~ /^(\d+) \(nginx\) \S $pid / ? $1 : () }
                 glob '/proc/[0-9]*/stat';
}


# of whom nobody gets to an end

sub kill_all (@) {
    my @pids = @_;

    kill KILL => @pids if @pids;
    unlink "$root/logs/nginx.pid";

    return until_true { !grep { kill 0 => $_ } @pids };
}


sub start () {
    system($ENV{TEST_NGINX_BINARY}, '-p', "$root/", '-c',
           "$root/conf/nginx.conf") == 0 or die 'nginx does not start';

    return until_true { ask('/up') =~ /200/ };
}


sub logged ($) {
    return content("$root/logs/error.log") =~ shift;
}


1;
