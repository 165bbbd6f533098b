# Reloads, reopened logs and killed workers, while requests come in.

use lib 't/lib';
use TestXpecto;
use TestRedact;

use IO::Socket::INET;
use POSIX qw( WNOHANG );

sub ask ($) {
    my $uri = shift;

    my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                                  PeerPort => $ENV{TEST_NGINX_PORT})
        or return '';

    print $s "GET $uri HTTP/1.0\r\nAuthorization: Bearer s3cr3t\r\n\r\n";

    my $answer = join '', <$s>;
    return $answer =~ /^HTTP\S+ (\d+)/ ? $1 : '';
}


sub root_dir () { return $ENV{TEST_NGINX_SERVROOT} }

sub master () {
    return slurp(root_dir . '/logs/nginx.pid') =~ /(\d+)/ ? $1 : 0;
}

sub worker_pids () {
    my $master = master;

    return split ' ', `pgrep -P $master`;
}

# all workers are others, and they answer

sub renewed (@) {
    my %old = map { $_ => 1 } @_;

    return wait_for {
        my @now = worker_pids;
        @now && !grep({ $old{$_} } @now) && ask('/ping') eq '204';
    };
}


sub edit (&) {
    my $change = shift;
    my $file = root_dir . '/conf/nginx.conf';

    local $_ = slurp $file;
    my $before = $_;
    $change->();

    open my $out, '>', $file or die "$file: $!";
    print $out $_;
    close $out;

    return $before;
}


sub put_back ($) {
    my $text = shift;

    edit { $_ = $text };
}


# everything that is logged from here on

sub fresh () {
    truncate $_, 0 for root_dir . '/logs/error.log', glob tmp_dir . '/*';
}

sub found () {
    select undef, undef, undef, 0.1;

    return join ' ', leaks join("\n", map { slurp $_ }
                                      root_dir . '/logs/error.log',
                                      glob tmp_dir . '/*'),
                           '6505551234', 's3cr3t';
}


my %steps = (
    'reload' => sub {
        my @old = worker_pids;
        kill HUP => master;
        ok renewed(@old), 'reload - new workers';
        is ask('/up?to=16505551234'), '502', 'reload - a request';
        is found, '', 'reload - no planted value';
    },

    'reopen' => sub {
        my $log = tmp_dir . '/a.log';
        rename $log, "$log.1";
        kill USR1 => master;
        ok wait_for { -e $log }, 'reopen - a new file';
        is ask('/up?to=16505551234'), '502', 'reopen - a request';
        ok wait_for { slurp($log) =~ /\[phone\]/ }, 'reopen - it is used';
        is found, '', 'reopen - no planted value';
    },

    'killed worker' => sub {
        my @old = worker_pids;
        kill KILL => @old;
        ok renewed(@old), 'killed worker - another one';
        is ask('/up?to=16505551234'), '502', 'killed worker - a request';
        is found, '', 'killed worker - no planted value';
    },

    # the address cannot be bound: that is found out behind our configuration

    'late failure' => sub {
        my $before = edit { s/(listen\s+)/listen 203.0.113.1:9;\n    $1/ };
        my @old = worker_pids;
        kill HUP => master;
        ok wait_for { slurp(root_dir . '/logs/error.log')
                          =~ /bind\(\) to 203/ },
           'late failure - is said';
        put_back $before;
        kill KILL => @old;
        ok renewed(@old), 'late failure - a worker of the old cycle';
        is ask('/up?to=16505551234'), '502', 'late failure - a request';
        is found, '', 'late failure - no planted value';
    },

    'removed' => sub {
        my $before = edit { s/^\s*load_module.*$//mg;
                            s/xpecto_redact\w*[^;]*;//g };
        my @old = worker_pids;
        my $master = master;

        kill HUP => $master;
        ok renewed(@old), 'removed - new workers';
        ok kill(0 => $master), 'removed - the master lives';
        fresh;
        is ask('/up?to=16505551234'), '502', 'removed - a request';
        is found, '6505551234 s3cr3t', 'removed - nothing is redacted';

        put_back $before;
        @old = worker_pids;
        kill HUP => $master;
        ok renewed(@old), 'added again - new workers';
        fresh;
        is ask('/up?to=16505551234'), '502', 'added again - a request';
        is found, '', 'added again - no planted value';
    }
);


add_response_body_check(sub {
    my $block = shift;
    my $step = $block->step;

    $step =~ s/\s+$//;

    # somebody else's requests all the while

    my $pid = fork;

    if ($pid == 0) {
        for (1 .. 2000) {
            ask('/up?q=16505551234');
            select undef, undef, undef, 0.01;
        }

        POSIX::_exit(0);
    }

    $steps{$step}->();

    kill TERM => $pid;
    waitpid $pid, 0;

    is scalar(grep { /\[alert\]|\[emerg\]/ && !/signal 9|bind/ }
              split /\n/, slurp(root_dir . '/logs/error.log')), 0,
       "$step - no alert";
});

no_root_location();
plan_tests(31);

run_tests();

__DATA__

=== TEST 1: reload
--- config
    location /ping { access_log off; return 204; }
    location / { access_log %%TMP%%/a.log; xpecto_redact on;
                 proxy_pass http://127.0.0.1:1; }
--- request
GET /ping
--- error_code: 204
--- step: reload



=== TEST 2: reopened logs
--- config
    location /ping { access_log off; return 204; }
    location / { access_log %%TMP%%/a.log; xpecto_redact on;
                 proxy_pass http://127.0.0.1:1; }
--- request
GET /ping
--- error_code: 204
--- step: reopen



=== TEST 3: a killed worker
--- config
    location /ping { access_log off; return 204; }
    location / { access_log %%TMP%%/a.log; xpecto_redact on;
                 proxy_pass http://127.0.0.1:1; }
--- request
GET /ping
--- error_code: 204
--- step: killed worker



=== TEST 4: a reload that fails late
--- config
    location /ping { access_log off; return 204; }
    location / { access_log %%TMP%%/a.log; xpecto_redact on;
                 proxy_pass http://127.0.0.1:1; }
--- request
GET /ping
--- error_code: 204
--- step: late failure
--- timeout: 20



=== TEST 5: the module removed and added again
--- config
    location /ping { access_log off; return 204; }
    location / { access_log %%TMP%%/a.log; xpecto_redact on;
                 proxy_pass http://127.0.0.1:1; }
--- request
GET /ping
--- error_code: 204
--- step: removed
