# What goes to the upstream and back is the same bytes with us and without:
# of requests that are hard to read, and of every place of
# t/data/redact-places.tsv.

use lib 't/lib';
use TestXpecto;
use TestRedact;
use RedactPlaces;

use Compress::Zlib qw( memGzip );
use IO::Socket::UNIX;

# all of a request or a response, by its length or its last chunk

sub read_message ($) {
    my $s = shift;
    my $bytes = '';

    while (sysread $s, $bytes, 65536, length $bytes) {
        next unless $bytes =~ /\r\n\r\n/g;

        my $head = substr $bytes, 0, pos $bytes;
        my $have = length($bytes) - length $head;

        last if $head =~ /^Transfer-Encoding: chunked\r$/mi
                ? $bytes =~ /\r\n0\r\n\r\n\z/
                : $have >= ($head =~ /^Content-Length: (\d+)\r$/mi ? $1 : 0);
    }

    return $bytes;
}


# how a body that is not buffered is cut is a matter of time

sub unchunk ($) {
    my $message = shift;

    $message =~ s/^[0-9a-f]+\r\n(?=.)|\r\n[0-9a-f]+\r\n//mg
        if $message =~ /^Transfer-Encoding: chunked\r$/mi;

    return $message;
}


my $Binary = join '', map { chr } (0 .. 255) x 40;

my @Answers = (
    "HTTP/1.1 200 OK\r\nContent-Length: " . length($Binary)
        . "\r\nSet-Cookie: a=s3cr3t; Path=/\r\nX-API-Key: s3cr3t\r\n"
        . "X-Phone: +16505551234\r\n\r\n$Binary",
    "HTTP/1.1 201 Created\r\nLocation: /x?to=16505551234&pin=s3cr3t\r\n"
        . "Transfer-Encoding: chunked\r\n\r\n"
        . "1b\r\n{\"to\":\"16505551234\",\"pin\":\"\r\nc\r\ns3cr3t\"}, 16\r\n"
        . "0\r\n\r\n",
    do { my $body = memGzip '{"to":"16505551234"}' x 99;
         "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: "
         . length($body) . "\r\n\r\n$body" },
    "HTTP/1.1 404 +16505551234\r\nContent-Length: 11\r\n\r\n16505551234"
);

# writes what it got to a file; the answers one after the other

sub upstream ($) {
    my $mode = shift;
    my $name = tmp_dir . '/up.sock';
    my $n = 0;

    unlink $name;

    my $listen = IO::Socket::UNIX->new(Local => $name, Listen => 9);

    chmod 0777, $name;

    my $pid = fork;

    return $pid if $pid;

    open my $out, '>:raw', tmp_dir . "/up.$mode";
    $out->autoflush;

    while (my $s = $listen->accept) {
        my $request = read_message $s;

        print $out unchunk($request), "\n----\n";
        syswrite $s, $request =~ m{^\w+ /(?:auth|mirror)}
                     ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
                     : $request =~ /^Host: api\.example\r$/m
                     ? "HTTP/1.1 200 OK\r\nContent-Length: "
                       . length($request) . "\r\n\r\n$request"
                     : $Answers[$n++ % @Answers];
        close $s;
    }

    POSIX::_exit(0);
}


my @Headers = ('Authorization: Bearer s3cr3t', 'Cookie: a=s3cr3t; b="16505551234"',
               'X-Phone: +1 650 555 1234', 'User-Agent: "\\x22\\ +16505551234',
               'Referer: https://a/?to=16505551234#x', "X-Raw: \xe4\xff\x01");

sub request ($$$@) {
    my ($method, $uri, $body, @more) = @_;
    my $chunked = grep { /chunked/ } @more;

    $body = sprintf "%x\r\n%s\r\n0\r\n\r\n", length $body, $body if $chunked;
    push @more, 'Content-Length: ' . length $body if !$chunked && $body ne '';

    return join "\r\n", "$method $uri HTTP/1.1", 'Host: a', 'Connection: close',
                        @Headers, @more, '', $body;
}


my $Json = '{"to":"16505551234","text":{"body":"s3cr3t"},"n":16505551234}';
my @Requests = (
    request('GET', '/a?to=%2B16505551234&pin=s3cr3t&%zz&&=', ''),
    request('GET', '/v2/PhoneNumbers/+16505551234;x=1/../y//z?q', ''),
    request('POST', '/a', $Json, 'Content-Type: application/json'),
    request('POST', '/a', $Json, 'Transfer-Encoding: chunked'),
    request('POST', '/s/a', $Json x 20000, 'Transfer-Encoding: chunked'),
    request('POST', '/a', $Binary),
    request('POST', '/a', memGzip($Json), 'Content-Encoding: gzip'),
    request('PUT', '/a', $Json x 20000),
    request('POST', '/auth_mirror', $Json),
    request('POST', '/a', "To=whatsapp%3A%2B16505551234&Body=s3cr3t\n")
);


# every place: in the request, in the body, in the Referer; the upstream says
# what it was told

my @Rows = rows 't/data/redact-places.tsv';
my @Places = map { requests \@Rows, $_ } 'access', 'body', 'referer';

sub send_places ($) {
    my $mode = shift;
    my $s = IO::Socket::UNIX->new(tmp_dir . "/$mode.sock");

    return join '', map { send_request($s, $_) . "\n" . $LastAnswer } @Places;
}


sub run_mode ($) {
    my $mode = shift;
    my $pid = upstream $mode;
    my $answers = send_places $mode;

    for my $request (@Requests) {
        my $s = IO::Socket::UNIX->new(tmp_dir . "/$mode.sock");
        local $SIG{PIPE} = 'IGNORE';

        print $s $request;
        $answers .= unchunk join '', <$s>;
    }

    # HTTP/2 by a client that knows it

    open my $json, '>', tmp_dir . '/body.json';
    print $json $Json x 2000;
    close $json;

    for my $n (1 .. @Answers) {
        $answers .= qx(curl -s -i --http2-prior-knowledge --unix-socket '@{[
            tmp_dir ]}/$mode.h2.sock' -H 'Authorization: Bearer s3cr3t' -H @{[
            ]}'Cookie: a=s3cr3t' --data-binary \@'@{[ tmp_dir ]}/body.json' @{[
            ]}'http://a/a?n=$n&to=16505551234&pin=s3cr3t');
    }

    unlink tmp_dir . '/body.json';

    # the mirror's request is over when the main one is, or a little later

    wait_for { slurp(tmp_dir . "/up.$mode") =~ m{^POST /mirror.*----}ms };
    kill TERM => $pid;
    waitpid $pid, 0;

    my $sent = join '', sort split /(?<=\n----\n)/, slurp tmp_dir . "/up.$mode";

    unlink tmp_dir . "/up.$mode";
    $answers =~ s/^date: .*$//mgi;

    return ($sent, $answers);
}


add_response_body_check(sub {
    my $block = shift;
    my ($sent_off, $answers_off) = run_mode 'off';
    my ($sent_on, $answers_on) = run_mode 'on';

    is scalar(() = $sent_off =~ /^----$/mg), @Places + @Requests + 2 + @Answers,
       'the upstream sees all requests';
    ok $sent_on eq $sent_off, 'the upstream sees the same bytes';
    ok $answers_on eq $answers_off, 'so do clients';
    ok length($answers_on) > 2 * length $Binary, 'which are not few';

    is scalar(@Places) > 1000 && join("\n", grep { !$_ } map {
           my ($row, $id) = @$_{qw( row id )};
           !$id || grep({ index($sent_on, $_) >= 0 } sprintf('zq%05dvk', $id),
                        sprintf('491512%07d', $id)) || $row->{class} =~ /^F/
           ? 1 : ''
       } @Places), '', 'nothing of a place is missing there';

    unlink glob tmp_dir . '/off.log*';
    check_files $block;
});


sub server ($) {
    my $mode = shift;

    return <<_EOC_;
    server { listen unix:%%TMP%%/$mode.sock;
             listen unix:%%TMP%%/$mode.h2.sock http2;
             xpecto_redact $mode; access_log %%TMP%%/$mode.log t;
             error_log %%TMP%%/$mode.log.error debug;
             proxy_http_version 1.1; client_max_body_size 9m;
             location / { proxy_pass http://unix:%%TMP%%/up.sock;
                          proxy_set_header Host \$http_host; }
             location /s/ { proxy_request_buffering off;
                            proxy_pass http://unix:%%TMP%%/up.sock; }
             location /auth_mirror { auth_request /auth; mirror /mirror;
                                     proxy_pass http://unix:%%TMP%%/up.sock; }
             location = /auth { proxy_pass_request_body off;
                                proxy_set_header Content-Length "";
                                proxy_pass http://unix:%%TMP%%/up.sock; }
             location = /mirror { proxy_pass http://unix:%%TMP%%/up.sock; } }
_EOC_
}

our $Config = join '', <<'_EOC_', map { server $_ } 'on', 'off';
    log_format t escape=json '$request|$http_referer|$http_authorization|'
                 '$request_body|$upstream_http_x_phone|$sent_http_location|'
                 '$upstream_http_x_api_key|$http_x_phone|$http_user_agent';
    log_subrequest on; keepalive_requests 100000;
    large_client_header_buffers 4 64k;
_EOC_


no_root_location();
log_level('error');
skip_hup('logs of one block would be seen by the next');
plan_tests(7);

run_tests();

__DATA__

=== TEST 1: upstream and clients - the same bytes with us and without
--- http_config eval: $::Config
--- config
    location / { access_log off; return 204; }
--- error_code: 204
--- timeout: 20
