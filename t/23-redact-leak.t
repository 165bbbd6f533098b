# Every place of t/data/redact-places.tsv in every sink: a value of its own is
# planted in each, in a server that redacts and in one that does not.  It has
# to be in the logs of the latter, in none of the former's in any encoding,
# and what is logged besides has to be the same.

use lib 't/lib';
use TestXpecto;
use TestRedact;
use RedactPlaces;

use IO::Socket::INET;
use IO::Socket::UNIX;

my @Sinks = qw( access error debug syslog referer body file );
my @Rows = rows 't/data/redact-places.tsv';
my %Udp = map { $_ => IO::Socket::INET->new(Proto => 'udp',
                                            LocalAddr => '127.0.0.1') }
          'on', 'off';

# variables by name: of the arguments and headers that have one

my @Args = grep { /^[a-z0-9_]+$/i }
           map { $_->{kind} eq 'query' ? $_->{place} : () } @Rows;
my @Headers = map { $_->{kind} eq 'header' ? lc($_->{place}) =~ tr/-/_/r : () }
              @Rows;

my %Formats = (
    line => q('$remote_addr - $remote_user "$request" $status '
                  '"$http_referer" "$http_user_agent"'),
    json => q(escape=json '{"r":"$request","u":"$request_uri","p":"$uri",'
              '"b":"$request_body",) . join(',', map { qq("$_":"\$http_$_") }
                                            @Headers) . "}'",
    none => q(escape=none 'n $args|$request_body|$http_referer'),
    args => join "\n", "'|'", map { "'\$arg_$_|'" } @Args
);

# one server for each sink and mode; the upstream is not there

sub server ($$) {
    my ($sink, $mode) = @_;
    my $log = "%%TMP%%/$sink.$mode";
    my $udp = 'syslog:server=127.0.0.1:' . $Udp{$mode}->sockport;
    my %logs = (
        access => join('', map { "access_log $log.$_ $_;\n" } keys %Formats)
                  . "access_log $log.if line if=\$request_method;\n",
        error => 'access_log off; ' . join('', map { "error_log $log.$_ $_;\n" }
                 qw( info notice warn error crit alert emerg )),
        debug => "access_log off; error_log $log.debug debug;\n",
        syslog => "access_log $udp json; error_log $udp;\n",
        referer => "access_log $log.line line;\n"
                   . "error_log $log.error;\n",
        body => join('', map { "access_log $log.$_ $_;\n" }
                     qw( json none )),
        file => "client_body_in_file_only clean; error_log $log.info info;\n"
                . "access_log $log.json json;\n"
    );
    my $error = $logs{$sink} =~ /error_log/ ? '' : "error_log $log.error;\n";

    # what is sent upstream is what the debug level shows of a body

    my $body = $sink eq 'debug' ? 'proxy_set_body $request_body;' : '';

    return "server { listen unix:$log.sock; xpecto_redact $mode;
            xpecto_redact_as ip=keep exposed; $logs{$sink}$error
            location / { proxy_pass http://unix:%%TMP%%/none; $body } }\n";
}


our $Config = join '',
    "keepalive_requests 100000; large_client_header_buffers 4 64k;\n",
    map({ "log_format $_ $Formats{$_};\n" } sort keys %Formats),
    map { my $sink = $_; map { server $sink, $_ } 'on', 'off' } @Sinks;


my %Datagrams = (on => '', off => '');

sub drain () {
    for my $mode ('on', 'off') {
        $Datagrams{$mode} .= "$_\n"
            while defined $Udp{$mode}->recv($_ = '', 4096, 64);  # DONTWAIT
    }
}


# the text of a sink's logs, by file

sub logs ($$) {
    my ($sink, $mode) = @_;

    return ("$sink.$mode.datagrams" => $Datagrams{$mode})
        if $sink eq 'syslog';

    return map { m{([^/]+)$} ? ($1 => slurp $_) : () }
           grep { -f } glob tmp_dir . "/$sink.$mode.*";
}


# lines as they would be at another time in another process; a label for what
# was planted

sub same ($$) {
    my ($off, $on) = @_;
    my $label = qr/(?:\[[a-z]+(?: \d+k?B)?\]|-)/;
    my $planted = planted_re;
    my @texts = ($off, $on);

    for (@texts) {
        s/^<\d+>.*? nginx: //mg;
        s/^\S+ \S+ (\[\w+\] )\d+#\d+: \*\d+ /$1/mg;
        s/^.*http script var: .*\n//mg;
        s/^Date: .*$//mg;
        s{/client_body_temp/\d+}{}g;
        s/\.(?:on|off)\.sock/.sock/g;
        s/^.*(?:event timer|handler$|malloc|close http|memalign|free: |epoll|unused: ).*\n//mg;
        s/\b[0-9A-F]{16}\b/P/g;
        s/, bytes:\s*\d+|\bfd:\s?\d+|#\d+|c:\d+ |recv\w*: \d+ of.*|writev: \d+.*//g;
    }

    my @off = split /\n/, $texts[0];
    my @on = split /\n/, $texts[1];

    for my $i (0 .. ($#off > $#on ? $#off : $#on)) {
        my ($one, $other) = ($off[$i] // '', $on[$i] // '');

        next if $one eq $other;

        # $arg_name has nothing but the value

        $one =~ s/[^|]*$planted[^|]*/+4915120000000/g if $one =~ /^\|/;

        my $like = join $label, map { quotemeta } split /$planted/, $one, -1;

        return "line $i: $other is not $one" if $other !~ /^$like$/;
    }

    return '';
}


sub check_sink ($) {
    my $sink = shift;
    my @requests = requests \@Rows, $sink;
    my %to = map { $_ => IO::Socket::UNIX->new(tmp_dir . "/$sink.$_.sock") }
             'on', 'off';
    my %by_id = map { $_->{id} => $_ } @requests;
    my $bad = 0;

    for my $r (@requests) {
        $bad += send_request($to{$_}, $r) != 502 for 'on', 'off';
        drain;
    }

    is $bad, 0, "$sink - " . @requests . ' requests are answered';

    # the last lines are written when the connections are closed

    close $_ for values %to;
    select undef, undef, undef, 0.2;
    drain;

    my %off = logs $sink, 'off';
    my %shown;

    if ($sink ne 'file') {
        $shown{$_} = 1 for map { plants $_ } values %off;
        is join("\n", map { "$by_id{$_}{row}{kind} $by_id{$_}{row}{place}" }
                      grep { $_ && !$shown{$_} } sort keys %by_id), '',
           "$sink - without us everything is in its logs";
    }

    my %on = logs $sink, 'on';

    for my $file (sort keys %off) {
        (my $ours = $file) =~ s/\.off\./.on./;
        is same($off{$file}, $on{$ours}), '', "$ours - all else is the same";
    }

    return %by_id;
}


add_response_body_check(sub {
    my $block = shift;
    my %by_id = map { check_sink $_ } @Sinks;
    my @found;

    for my $file (glob("$ENV{TEST_NGINX_SERVROOT}/logs/*"), glob tmp_dir . '/*')
    {
        next if !-f $file || $file =~ /\.off\./;

        push @found, map { "$file: line $by_id{$_}{row}{line} "
                           . "$by_id{$_}{row}{kind} $by_id{$_}{row}{place}" }
                     plants slurp $file;
    }

    push @found, map { "datagram: $by_id{$_}{row}{place}" }
                 plants $Datagrams{on};

    is join("\n", @found), '',
       $block->name . ' - none of ' . keys(%by_id)
       . ' values is in any file, in any encoding';
});

no_root_location();
log_level('error');
skip_hup('logs of one block would be seen by the next');
plan_tests(37);

run_tests();

__DATA__

=== TEST 1: all named places in all sinks
--- http_config eval: $::Config
--- config
    location / { access_log off; return 204; }
--- error_code: 204
--- timeout: 60
