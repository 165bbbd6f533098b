package TestUpstream;

# An upstream that the test answers for, in a process of its own as long as the
# checks of a block last.
#
#   use TestXpecto;
#   use TestUpstream;
#
#   server unix:@{[ upstream_sock ]};            # in the configuration
#
#   with_upstream {
#       my $head = shift;                        # of one request
#       return ('body', 'A-Header: 1', ...);     # of its answer
#   } sub { ... };                               # checks
#
#   lines_of('Cookie', $head)                    # each value of a header
#
# One connection is served after the other, each as long as nginx keeps it.

use strict;
use warnings;

use Exporter qw( import );
use IO::Socket::UNIX;
use POSIX ();
use Test::More ();

our @EXPORT = qw( upstream_sock with_upstream lines_of );


sub upstream_sock () {
    return TestXpecto::tmp_dir() . '/upstream.sock';
}


sub lines_of ($$) {
    my ($name, $head) = @_;

    return $head =~ /^\Q$name\E: ?([^\r\n]*)/mgi;
}


sub serve ($$) {
    my ($listen, $answer) = @_;

    while (my $client = $listen->accept) {
        local $/ = "\r\n\r\n";

        while (my $head = <$client>) {
            my ($body, @lines) = $answer->($head);

            print $client join "\r\n", 'HTTP/1.1 200 OK', @lines,
                          'Content-Length: ' . length $body, '', $body;
        }
    }
}


sub with_upstream (&$) {
    my ($answer, $checks) = @_;

    # one of the block before is there where nginx is reloaded for each

    unlink upstream_sock;

    # who connects before accept() waits

    my $listen = IO::Socket::UNIX->new(Local => upstream_sock, Listen => 5)
        or die upstream_sock . ": $!";
    chmod 0666, upstream_sock;

    my $child = fork // die "fork: $!";

    if ($child == 0) {
        serve($listen, $answer);
        POSIX::_exit(0);
    }

    close $listen;
    eval { $checks->(); 1 } or Test::More::fail($@);
    kill TERM => $child;
    waitpid $child, 0;
}

1;
