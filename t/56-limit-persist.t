# The file of a zone: limits over a restart, and files that are none.

use lib 't/lib';
use TestXpecto;
use TestRestart;

use File::Copy;


my $root = $ENV{TEST_NGINX_SERVROOT};
my $folder = tmp_dir();
my $file = "$folder/limits";
my $small = data_dir() . '/small';

# a disk that is soon full; of the right to have one the test is not sure

mkdir $small;

my $gone = data_dir() . '/gone';

mkdir $gone;
chown((getpwnam 'nobody')[2, 3], $gone) if $> == 0;
our $Mounted = $> == 0
    && system("mount -t tmpfs -o size=16k,mode=777 none '$small' 2>&1") == 0;

END {
    system("umount '$small'") if $Mounted;
}


# the folder of a test is open to everybody, and so are its keys

my $bad = qr/\[(?!warn\] .*(?:holds[ ]keys|limiting[ ]requests))
               (?:warn|error|crit|alert|emerg)\]/x;


sub inode () {
    return (stat $file)[1] // 0;
}


sub written () {
    return ask('/status') =~ /^xpecto_limit_snapshots_total
                               \{result="written"\}[ ](\d+)$/mx ? $1 : -1;
}


# stopped and changed while it is: what is logged when it starts

sub restart (&) {
    my $change = shift;

    stop();
    $change->();
    truncate "$root/logs/error.log", 0;
    start();
}


# what is left of the recipients of one phone number, or the status

sub write_to (@) {
    my $body = '{"to":[' . join(',', map { "\"+1415555010$_\"" } @_) . ']}';

    return ask('/v1/messages', 'Content-Length: ' . length $body, '', $body)
           =~ m{^HTTP/1\.1 (?:(?!200)(\d+)|.*^RateLimit: "reach";r=(\d))}ms
           ? $1 // $2 : 'none';
}


sub config_test () {
    return system("$ENV{TEST_NGINX_BINARY} -t -q -p $root/ "
                  . "-c $root/conf/nginx.conf") == 0;
}


my %check = (

    stop => sub {
        is status_of('/t?k=1'), 200, 'one of three';
        is status_of('/t', 'X-API-Key: key-life'), 200, 'one of a lifetime';
        is status_of('/t', 'X-API-Key: key-window'), 200, 'one of a window';
        is status_of('/t', 'X-API-Key: key-sliding'), 200, 'of another';

        is write_to(0, 1), 1, 'two of three recipients';

        restart { };

        is write_to(1), 1, 'they are known';
        is write_to(2), 0, 'three of three';
        is write_to(3), 429, 'no more';

        is sprintf('%o', (stat $file)[2] & 07777), 600, 'nobody else reads it';
        is((stat _)[4], (getpwnam 'nobody')[2], 'it is the workers\'')
            if $> == 0;
        ok !-e "$file.new", 'and nothing beside it';
        unlike content($file), qr/window|key-life|127\.0|55501/, 'no names, no keys';

        is status_of('/t', 'X-API-Key: key-life'), 429, 'never again';
        is status_of('/t', 'X-API-Key: key-window'), 200, 'two of a window';
        is status_of('/t', 'X-API-Key: key-window'), 429, 'no more';
        is status_of('/t', 'X-API-Key: key-sliding'), 200, 'two of another';
        is status_of('/t', 'X-API-Key: key-sliding'), 429, 'no more';
        like ask('/t?k=1'), qr/^RateLimit: "p";r=1;t=86\d{3}\r$/m, 'two of three';

        restart { };

        is status_of('/t?k=1'), 200, 'three of three';
        is status_of('/t?k=1'), 429, 'no more';
        unlike content("$root/logs/error.log"), $bad, 'all is well';
    },

    killed => sub {
        is status_of('/t?k=1'), 200, 'one of three';
        ok until_true { written() > 0 }, 'it is in the file';
        ok kill_all(processes()), 'the machine has crashed';
        truncate "$root/logs/error.log", 0;
        start();

        like ask('/t?k=1'), qr/"p";r=1/, 'two of three';
        like ask('/status'),
             qr/^xpecto_limit_snapshot_age_seconds\{zone="z"\} \d$/m,
             'how old it is';
        unlike content("$root/logs/error.log"), $bad, 'all is well';
    },

    damaged => sub {
        status_of('/t?k=1') for 1 .. 3;
        is write_to(0, 1, 4), 0, 'three recipients';

        restart {
            my $bytes = content($file);
            substr($bytes, -20, 1) ^= "\x01";
            store($file, $bytes);
        };

        ok logged(qr{\[warn\] .*/limits" is damaged or of another zone and is ignored: the limits of zone "z" begin anew}),
           'said';
        like ask('/t?k=1'), qr/"p";r=2/, 'nothing of it is believed';

        is write_to(4), 2, 'nor of its recipients';

        # what was found is not trusted later either: it is written anew

        restart { };
        like ask('/t?k=1'), qr/"p";r=1/, 'the next one is good';
        ok !logged($bad), 'and believed';

        restart { truncate $file, 100 };
        ok logged(qr/is damaged or of another zone and is ignored/), 'one that was cut';

        restart { store($file, content($file) . 'x') };
        ok logged(qr/is damaged or of another zone and is ignored/), 'one with more in it';

        restart { truncate $file, 0 };
        ok logged(qr/is damaged or of another zone and is ignored/), 'one of nothing';

        restart { store($file, "#!/bin/sh\n" x 99) };
        ok logged(qr/is not a file of xpecto_limit_zone and is ignored/),
           'one of somebody else';

        restart {
            my $bytes = content($file);
            substr($bytes, 14, 1) = "\x04";
            store($file, $bytes);
        };

        ok logged(qr/is of another version and is ignored/), 'one to come';

        restart {
            my $bytes = content($file);
            substr($bytes, 14, 1) = "\x02";
            store($file, $bytes);
        };

        ok logged(qr/\[warn\] .*is of another version and is ignored/),
           'one that was, without recipients';

        restart { unlink $file; mkdir $file };
        ok logged(qr/could not be read and is ignored/), 'a folder';
        stop();
        ok logged(qr/\[crit\] .*rename\(\) .* failed/), 'it stays one';
        rmdir $file;

        restart { symlink '/etc/passwd', $file };
        ok logged(qr/\[warn\] .*open\(\) ".*limits" failed/), 'a link';

        restart { };
        ok !-l $file && -f $file, 'has gone';
        is status_of('/t?k=1'), 200, 'it goes on';
    },

    keys => sub {
        my $keys = "$root/html/keys";
        my $ring = content($keys);

        status_of('/t?k=1');

        restart { store($keys, join "\n", (split /\n/, $ring)[1, 0], '') };
        like ask('/t?k=1'), qr/"p";r=1/, 'another key is the first';

        # all are sealed by what is the first now

        restart { store($keys, (split /\n/, $ring)[1] . "\n") };
        like ask('/t?k=1'), qr/"p";r=0/, 'the old one is gone';

        restart { store($keys, (split /\n/, $ring)[0] . "\n") };
        ok logged(qr/is sealed under a key that "xpecto_keys" does not have/),
           'none that fits';
        like ask('/t?k=1'), qr/"p";r=2/, 'so it is not known';
    },

    reload => sub {
        status_of('/t?k=1');
        ok until_true { written() > 0 }, 'it is in the file';
        store($file, 'nonsense');
        my $inode = inode();

        ok config_test(), 'a test of the configuration';
        is content($file), 'nonsense', 'does not touch it';

        kill HUP => master();
        ok until_true { logged(qr/exited with code 0/) }, 'read again';
        like ask('/t?k=1'), qr/"p";r=1/, 'memory lives on';
        ok !logged(qr/nonsense|is ignored/), 'nothing is read';

        ok until_true { inode() != $inode }, 'the new workers write';

        # a zone of another size knows what the old one knew

        my $conf = content("$root/conf/nginx.conf");
        $conf =~ s/zone z:1m/zone z:2m/ or die;
        store("$root/conf/nginx.conf", $conf);
        kill HUP => master();
        ok until_true { logged(qr/exited with code 0.*exited with code 0/s) },
           'read again';
        like ask('/t?k=1'), qr/"p";r=0/, 'carried over';
        unlink $file;
        restart { };
        is status_of('/t?k=1'), 429, 'and written at the end';
    },

    zone => sub {
        status_of('/t?k=1') for 1 .. 2;
        stop();

        my $conf = content("$root/conf/nginx.conf");
        (my $other = $conf) =~ s/zone z:1m/zone y:1m/ or die;
        $other =~ s/zone=z/zone=y/g;
        store("$root/conf/nginx.conf", $other);

        truncate "$root/logs/error.log", 0;
        start();
        ok logged(qr{\[warn\] .*is damaged or of another zone and is ignored: the limits of zone "y" begin anew}),
           'what one zone has written is not for another';
        like ask('/t?k=1'), qr/"p";r=2/, 'nothing of it is believed';

        store("$root/conf/nginx.conf", $conf);
    },

    no_test => sub {
        stop();
        unlink $file;
        ok config_test(), 'a test of the configuration';
        ok !-e $file && !-e "$file.new", 'makes no file';
        start();
    },

    refused => sub {
        rename $gone, "$gone.not" or die "$gone: $!";
        ok until_true {
            logged(qr{\[crit\] .*open\(\) ".*/gone/limits\.new" failed: the limits of zone "z" would not survive a restart})
        }, 'a folder that is not there';
        like ask('/status'), qr/total\{result="failed"\} 1$/m, 'counted';
        is status_of('/t?k=1'), 200, 'it goes on';
    },

    full => sub {
        ok until_true { -s "$small/limits" }, 'a small file';
        my $first = content("$small/limits");

        status_of("/t?k=$_") for 1 .. 1500;
        stop();

        ok logged(qr/\[crit\] .*write\(\) .* failed.*No space left/),
           'no room for a large one';
        is content("$small/limits"), $first, 'the one before stays';
        ok !-e "$small/limits.new", 'nothing is left of the other';
        start();
    },
);

add_response_body_check(sub {
    my ($block) = @_;

    $check{$block->check}->() if defined $block->check;
});

add_block_preprocessor(sub {
    my ($block) = @_;

    if (!defined $block->http_config) {
        $block->set_value('http_config', <<'_EOC_');
    xpecto_keys $TEST_NGINX_HTML_DIR/keys;
    xpecto_tenants %%DATA%%/tenants-kinds.json;
    xpecto_limit_zone z:1m persist=%%TMP%%/limits unique=128k;
_EOC_
        $block->set_value('config', <<'_EOC_');
    location = /t {
        xpecto_limit zone=z;
        xpecto_limit zone=z rate=1r/d burst=3 policy=p key=$arg_k;
        empty_gif;
    }
    location = /v1/messages {
        xpecto_message on;
        xpecto_limit zone=z policy=reach kind=unique count=3;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/up;
    }
    location = /up {
        empty_gif;
    }
    location = /status {
        xpecto_status;
    }
_EOC_
        $block->set_value('user_files', ">>> keys\n"
            . "7:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
            . "8:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=\n");
    }
});

ends_nginx();
skip_hup('nginx is started anew');

plan_tests(78);

run_tests();

__DATA__

=== TEST 1: persist - stopped and started
--- request
GET /up
--- check chomp: stop



=== TEST 2: persist - killed
--- request
GET /up
--- check chomp: killed



=== TEST 3: persist - damaged, foreign, of another version
--- request
GET /up
--- check chomp: damaged



=== TEST 4: persist - keys that change
--- request
GET /up
--- check chomp: keys



=== TEST 5: persist - a reload, a test of the configuration
--- request
GET /up
--- check chomp: reload



=== TEST 6: persist - a test of the configuration makes no file
--- request
GET /up
--- check chomp: no_test



=== TEST 7: persist - a folder that goes away
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_limit_zone z:1m persist=%%DATA%%/gone/limits;
--- config
    location = /t {
        xpecto_limit zone=z rate=1r/d;
        empty_gif;
    }
    location = /status {
        xpecto_status;
    }
--- request
GET /status
--- check chomp: refused



=== TEST 8: persist - a disk that is full
--- skip_eval: 6: !$main::Mounted
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_limit_zone z:1m persist=%%DATA%%/small/limits;
--- config
    location = /t {
        xpecto_limit zone=z rate=1r/d key=$arg_k;
        empty_gif;
    }
    location = /up {
        empty_gif;
    }
--- request
GET /up
--- check chomp: full



=== TEST 9: persist - a file of another zone
--- request
GET /up
--- check chomp: zone
