# What nginx -t says of epochs and of a ledger that it refuses.

use lib 't/lib';
use TestXpecto;

use Fcntl qw( O_RDONLY O_NONBLOCK );
use POSIX qw( mkfifo );

# a folder that only the superuser can enter

mkdir data_dir() . '/../closed', 0700;

# one that nobody reads, and one that somebody does

mkfifo(data_dir() . "/$_", 0666) for 'pipe', 'read-pipe';

sysopen my $reader, data_dir() . '/read-pipe', O_RDONLY|O_NONBLOCK
    or die "read-pipe: $!";

plan_tests(70);

run_tests();

__DATA__

=== TEST 1: epochs - without keys
--- http_config
    xpecto_epochs %%DATA%%/epochs;
--- must_die
--- error_log
there is "xpecto_epochs", but no "xpecto_keys"
--- no_error_log
[alert]



=== TEST 2: epochs - twice
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_epochs %%DATA%%/epochs;
    xpecto_epochs %%DATA%%/epochs;
--- must_die
--- error_log
"xpecto_epochs" directive is duplicate
--- no_error_log
[alert]



=== TEST 3: epochs - no such file
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_epochs %%TMP%%/none;
--- must_die
--- error_log eval
qr/\[emerg\] .*open\(\) "\S+none" failed \(2: No such file or directory\)/
--- no_error_log
[alert]



=== TEST 4: epochs - errors name the line, never its bytes
--- user_files
>>> epochs
# one
2026-11:1793491200:QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=
2026-12:1796083200:c2VjcmV0LTQ3MTE=
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_epochs $TEST_NGINX_HTML_DIR/epochs;
--- must_die
--- error_log eval
qr/epochs" is refused: line 3: the rest is not the base64 of 32 bytes/
--- no_error_log
c2VjcmV0



=== TEST 5: epochs - not in order
--- user_files
>>> epochs
2026-12:1796083200:QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=
2026-11:1793491200:gIGCg4SFhoeIiYqLjI2Oj5CRkpOUlZaXmJmam5ydnp8=
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_epochs $TEST_NGINX_HTML_DIR/epochs;
--- must_die
--- error_log eval
qr/is refused: line 2: the epoch does not begin later than the one above/
--- no_error_log
[alert]



=== TEST 6: epochs - before their keys, what lies ahead is counted
--- http_config
    xpecto_epochs %%DATA%%/epochs;
    xpecto_keys %%DATA%%/consent-keys;
--- config
    location = /status {
        xpecto_status;
    }
--- request
GET /status
--- response_body_like: \nxpecto_epochs_ahead 1\n
--- no_error_log
[error]



=== TEST 7: epochs - the first one has not begun, everybody can read them
--- user_files
>>> epochs
2100-01:4102444800:QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_epochs $TEST_NGINX_HTML_DIR/epochs;
--- config
    return 204;
--- error_code: 204
--- error_log eval
[qr/\[warn\] .*the first epoch of "\S+epochs" has not begun/,
 qr/\[warn\] .*epochs" holds keys and is open to everybody/]
--- no_error_log
[error]



=== TEST 8: ledger - without keys
--- http_config
    xpecto_ledger %%TMP%%/ledger;
--- must_die
--- error_log
there is "xpecto_ledger", but no "xpecto_keys"
--- no_error_log
[alert]



=== TEST 9: ledger - twice
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_ledger %%TMP%%/ledger;
    xpecto_ledger %%TMP%%/other;
--- must_die
--- error_log
"xpecto_ledger" directive is duplicate
--- no_error_log
[alert]



=== TEST 10: ledger - a folder that is not there
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_ledger %%TMP%%/none/ledger;
--- must_die
--- error_log eval
qr/\[emerg\] .*open\(\) "\S+none\/ledger" failed \(2: No such file/
--- no_error_log
[alert]



=== TEST 11: ledger - a folder that the workers cannot enter
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_ledger %%DATA%%/../closed/ledger;
--- must_die
--- error_log eval
qr/\[emerg\] .*closed\/ledger" cannot be reached by the user "nobody"/
--- no_error_log
[alert]



=== TEST 12: ledger - times that are none
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_ledger %%TMP%%/ledger retain=long;
--- must_die
--- error_log
invalid parameter "retain=long"
--- no_error_log
[alert]



=== TEST 13: ledger - times that are 0
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_ledger %%TMP%%/ledger checkpoint=0;
--- must_die
--- error_log
"retain" and "checkpoint" must not be 0
--- no_error_log
[alert]



=== TEST 14: ledger - a word that it does not know
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_ledger %%TMP%%/ledger sync;
--- must_die
--- error_log
unknown parameter "sync"
--- no_error_log
[alert]



=== TEST 15: xpecto_jurisdiction_ledger - a word that it does not know
--- config
    xpecto_jurisdiction_ledger some;
--- must_die
--- error_log
invalid value "some"
--- no_error_log
[alert]



=== TEST 16: xpecto_jurisdiction_ledger - a second word that it does not know
--- config
    xpecto_jurisdiction_ledger all lossless;
--- must_die
--- error_log
invalid parameter "lossless"
--- no_error_log
[alert]



=== TEST 17: xpecto_jurisdiction_ledger - twice
--- config
    xpecto_jurisdiction_ledger all;
    xpecto_jurisdiction_ledger off;
--- must_die
--- error_log
"xpecto_jurisdiction_ledger" directive is duplicate
--- no_error_log
[alert]



=== TEST 18: ledger - without a name
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_ledger "";
--- must_die
--- error_log
the ledger has no name
--- no_error_log
[alert]



=== TEST 19: ledger - a folder that is not there
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_ledger %%TMP%%/none/ledger;
--- must_die
--- error_log eval
qr/\[emerg\] .*open\(\) "\S+none\/ledger" failed \(2: No such file or directory\) in .*nginx.conf:\d+$/m
--- no_error_log
[alert]



=== TEST 20: ledger - a folder in its place
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_ledger %%TMP%%;
--- must_die
--- error_log eval
qr/\[emerg\] .*open\(\) "\S+" failed \(21: Is a directory\) in .*nginx.conf:\d+$/m
--- no_error_log
[alert]



=== TEST 21: ledger - a device, which keeps nothing
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_epochs %%DATA%%/epochs;
    xpecto_ledger /dev/null;
--- must_die
--- error_log
"/dev/null" is not a regular file
--- no_error_log
[alert]



=== TEST 22: ledger - a pipe does not stop nginx
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_epochs %%DATA%%/epochs;
    xpecto_ledger %%DATA%%/pipe;
--- must_die
--- error_log
/pipe" failed (6: No such device or address)
--- no_error_log
[alert]



=== TEST 23: ledger - a pipe that is read is none either
--- http_config
    xpecto_keys %%DATA%%/consent-keys;
    xpecto_epochs %%DATA%%/epochs;
    xpecto_ledger %%DATA%%/read-pipe;
--- must_die
--- error_log
/read-pipe" is not a regular file
--- no_error_log
[alert]
