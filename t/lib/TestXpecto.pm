package TestXpecto;

# Test::Nginx::Socket with what every test of the module needs: the module
# loaded, a master and one worker who runs as nobody, loopback only, a folder
# per port, so that two runs with different TEST_NGINX_PORT do not meet.
#
#   use lib 't/lib';
#   use TestXpecto;
#
#   plan_tests(12);             # checks of all blocks together, in one round
#   run_tests();
#
# skip_hup('why') before the plan: the file is left out where one nginx is
# reloaded for each block (make test-hup), as state or logs would remain.
#
# In the sections of a block:
#
#   %%DATA%%    a copy of t/data that the workers can read
#   %%TMP%%     an empty folder of each block that the workers can write
#
# A block without "--- config" gets an empty one, without "--- request" a
# "GET /"; stock modules are loaded in main_config.
#
# Environment:
#
#   TEST_NGINX_PORT      the port of the server, and the name of the folder
#   TEST_NGINX_BINARY    nginx; with XPECTO_STATIC=1 it contains the module
#   XPECTO_WITHOUT       a directive that is taken out wherever it stands

use strict;
use warnings;

use Cwd qw( abs_path );
use File::Basename qw( dirname );
use File::Path qw( make_path remove_tree );

our ($Top, $Work, $Data, $Tmp, $Ends);

BEGIN {
    $Top = abs_path(dirname(abs_path(__FILE__)) . '/../..');

    my $port = $ENV{TEST_NGINX_PORT} ||= 1984;
    my $base = "$Top/build/test";

    make_path($base);

    # workers are nobody: a tree in a private home is tested from elsewhere

    for (my $dir = $base; $dir ne '/'; $dir = dirname($dir)) {
        if (((stat $dir)[2] & 01) == 0) {
            $base = ($ENV{TMPDIR} || '/tmp') . '/xpecto-test';
            last;
        }
    }

    $Work = "$base/$port";
    $Data = "$Work/data";
    $Tmp = "$Work/tmp";

    umask 022;
    make_path("$Work/servroot");
    remove_tree($Data);
    make_path($Data);
    system("cp -R '$Top/t/data/.' '$Data' && chmod -R a+rX '$Data'") == 0
        or die "cannot copy $Top/t/data to $Data\n";

    my $module = $ENV{XPECTO_MODULE} || "$Top/build/ngx_xpecto_module.so";

    $ENV{TEST_NGINX_SERVROOT} = "$Work/servroot";
    $ENV{TEST_NGINX_BINARY} ||= '/usr/sbin/nginx';
    $ENV{TEST_NGINX_LOAD_MODULES} = $ENV{XPECTO_STATIC} ? '' : $module;
    $ENV{TEST_NGINX_HTML_DIR} = "$Work/servroot/html";
    $ENV{TEST_NGINX_CURL} = 'curl';

    if ($> == 0) {
        $ENV{TEST_NGINX_WORKER_USER} = 'nobody nogroup';
    }

    unshift @INC, "$Top/build/test-nginx/usr/share/perl5";
}

use Test::Nginx::Socket -Base;

our @EXPORT = qw( plan_tests skip_hup two_workers ends_nginx tmp_dir
                  data_dir );

no warnings 'redefine';


# an answer that comes before all of the request is no end of the test

$SIG{PIPE} = 'IGNORE';


# what a "must_die" block is about would be shown as a warning as well

$SIG{__WARN__} = sub {
    warn @_ unless $_[0] =~ /^WARNING: .*\[emerg\]/;
};



my $write_config_file = \&Test::Nginx::Util::write_config_file;
my $setup_server_root = \&Test::Nginx::Util::setup_server_root;


# Test::Nginx listens on all addresses

*Test::Nginx::Util::write_config_file = sub ($$$) {
    my $port = $Test::Nginx::Util::ServerPort;
    my $file = $Test::Nginx::Util::ConfFile;

    $write_config_file->(@_);

    open my $in, '<', $file or die "$file: $!\n";
    my $conf = join '', <$in>;
    close $in;

    $conf =~ s/^(\s*listen\s+)(?=\Q$port\E[\s;])/${1}127.0.0.1:/mg;

    # "http2" is a directive since 1.25.1, which Test::Nginx does not know

    if ($Test::Nginx::Util::NginxVersion < 1.025001) {
        $conf =~ s/^(\s*listen\s[^;]*); *http2 on;/$1 http2;/mg;
    }

    open my $out, '>', $file or die "$file: $!\n";
    print $out $conf;
    close $out or die "$file: $!\n";
};


# the nginx of the block before, which may write when it ends, is gone here

*Test::Nginx::Util::setup_server_root = sub ($) {
    $setup_server_root->(@_);

    return if $ENV{TEST_NGINX_USE_HUP} && !$_[0];

    remove_tree($Tmp);
    make_path($Tmp);

    if ($> == 0) {
        chown((getpwnam 'nobody')[2, 3], $Tmp) or die "$Tmp: $!\n";
    }
};


sub expand_block ($) {
    my $block = shift;

    for my $name (qw( main_config http_config config user_files request
                      more_headers init error_log no_error_log
                      response_body response_body_like ))
    {
        my $text = $block->$name;

        next unless defined $text && !ref $text;
        next unless $text =~ s/%%DATA%%/$Data/g + $text =~ s/%%TMP%%/$Tmp/g;

        $block->set_value($name, $text);
    }
}


# a directive goes with its arguments, quoted ones too; lines stay

sub drop_directive ($$) {
    my ($block, $directive) = @_;

    for my $name (qw( http_config config )) {
        my $text = $block->$name;

        next unless defined $text;

        $text =~ s{
            (?: ^ | (?<= [\s;\{\}] ) )
            ( \Q$directive\E (?: \s (?: "(?: \\. | [^"\\] )*"
                                   | '(?: \\. | [^'\\] )*'
                                   | [^;"'] )* )? ; )
        }{
            $1 =~ s/[^\n]//gr;
        }xmge;

        $block->set_value($name, $text);
    }
}


add_block_preprocessor {
    my $block = shift;

    if (!defined $block->config) {
        $block->set_value('config', '');
    }

    if (!defined $block->request && !defined $block->raw_request
        && !defined $block->pipelined_requests && !defined $block->must_die)
    {
        $block->set_value('request', 'GET /');
    }

    if (defined $block->must_die) {
        $block->set_value('suppress_stderr', '');
    }

    # nginx frees nothing when it refuses its configuration

    $ENV{LSAN_OPTIONS} = $Ends || defined $block->must_die
        ? 'detect_leaks=0'
        : "suppressions=$Top/tools/lsan.suppress:print_suppressions=0";

    expand_block($block);

    if ($ENV{XPECTO_WITHOUT}) {
        drop_directive($block, $ENV{XPECTO_WITHOUT});
    }
};


# one nginx for all blocks is not what such a file can be run with

sub skip_hup ($) {
    plan(skip_all => 'reload: ' . shift) if $ENV{TEST_NGINX_USE_HUP};
}


# the file ends nginx itself: a worker that is told to end at once leaves what
# it has to the system

sub ends_nginx () {
    $Ends = 1;
}


sub plan_tests ($) {
    plan(tests => repeat_each() * shift);
}


sub two_workers () {
    workers(2);
}


sub tmp_dir () {
    return $Tmp;
}


sub data_dir () {
    return $Data;
}


master_on();
workers(1);
no_long_string();
no_shuffle();
log_level('debug');

1;
