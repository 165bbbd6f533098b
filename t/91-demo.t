# The demo of tools/run, and each line that it prints, tried.

use strict;
use warnings;

my $port = ($ENV{TEST_NGINX_PORT} || 1984) + 20;

$ENV{XPECTO_DEMO_PORT} = $port;
$ENV{XPECTO_DEMO_DIR} = "build/test/demo-$port";

exec 'tools/run', '--check' or die "tools/run: $!\n";
