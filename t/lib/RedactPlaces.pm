package RedactPlaces;

# t/data/redact-places.tsv as requests: each of its places with a value that
# stands nowhere else, sent to a server of nginx for each sink.

use strict;
use warnings;

use IO::Socket::UNIX;
use MIME::Base64 qw( encode_base64 );
use TestRedact;
use base 'Exporter';

our @EXPORT = qw( rows requests planted_re send_request $LastAnswer );


# what is planted: a word, a number, or an id with the number in it

our $Planted = qr{
    zq\d{5}vk
    | (?: \+ | %(?:25)*2[Bb] )? 491512\d{7}
    | Y2FwaV9ncm91cDo[\w-]*
}x;


sub planted_re () { return $Planted }


# the rows as they are written: { kind, place, class, line }

sub rows ($) {
    my $file = shift;
    my $line = 0;
    my @rows;

    for (split /\n/, slurp $file) {
        my ($kind, $place, $class) = split /\t/;

        $line++;
        push @rows, { kind => $kind, place => $place, class => $class,
                      line => $line }
            if defined $class && !/^#/ && $kind ne 'same';
    }

    return @rows;
}


sub is ($$) {
    my ($row, $letters) = @_;

    return $row->{class} =~ /^[$letters]/;
}


sub json ($$) {
    my ($path, $value) = @_;
    my $in_value = $path =~ s/^V\.//;
    my $json = qq("$value");

    for my $name (reverse split /\./, $path) {
        my $arrays = () = $name =~ /\[\]/g;

        $name =~ s/(\[\])+$//;
        $json = '[' x $arrays . $json . ']' x $arrays;
        $json = qq({"other":true,"$name":$json});
    }

    $json = qq({"entry":[{"changes":[{"value":$json}]}]}) if $in_value;

    return $json;
}


sub escape ($) {
    (my $text = shift) =~ s/([^A-Za-z0-9._-])/sprintf '%%%02X', ord $1/ge;

    return $text;
}


sub part ($$) {
    my ($row, $value) = @_;
    my ($name, $what) = split / /, $row->{place};
    my $head = qq(--x\r\nContent-Disposition: form-data; name=);

    my $file = !defined $what ? '' : $what eq 'name'
             ? qq(; filename="$value") : '; filename=""';

    $value = '' if defined $what && $what eq 'name';

    return qq($head"a"\r\n\r\nb\r\n$head"$name"$file\r\n\r\n$value\r\n--x--);
}


# { uri, headers, body } with the value in it; undef: not in this sink

sub build ($$$) {
    my ($row, $sink, $value) = @_;
    my ($kind, $place) = @$row{qw( kind place )};
    my $in_body = $sink eq 'body' || $sink eq 'file';
    my $r = { uri => '/m', headers => [], body => '' };
    my $uri;

    if ($kind eq 'header') {
        return if $in_body || $sink eq 'referer';

        # what nginx says of a header with a "_" is said at the level info

        push @{ $r->{headers} }, $place . ($sink eq 'error' ? '_' : '')
                                 . ": $value";
        return $r;
    }

    if ($kind eq 'part' || $kind eq 'file') {
        return unless $in_body;
        $r->{body} = part $row, $value;
        return $r;
    }

    if ($kind eq 'path') {
        return if $in_body;
        (my $escaped = $value) =~ s/([ +])/sprintf '%%%02X', ord $1/ge;
        ($uri = $place) =~ s/\{\}/$escaped/;

    } elsif ($kind eq 'json') {

        if ($in_body || $sink eq 'debug' || $sink eq 'access') {
            $r->{body} = json $place, $value;
            return $r;
        }

        # elsewhere a body does not come: as the message of a form

        return if is $row, 'SI';
        $uri = '/m?message=' . escape json $place, $value;

    } else {
        my ($name, $path) = $kind eq 'embed' ? split(/:/, $place) : $place;

        $name =~ s/>/%3E/;
        $value = defined $path ? escape json $path, $value : escape $value;

        if ($in_body) {
            $r->{body} = "a=b&$name=$value&z=1";
            return $r;
        }

        $uri = "/m?a=b&$name=$value&z=1";
    }

    if ($sink eq 'referer') {
        push @{ $r->{headers} }, "Referer: https://shop.example$uri";

    } else {
        $r->{uri} = $uri;
    }

    return $r;
}


my $Count = 0;

# all requests of a sink: { row, uri, headers, body, id }; id 0: none planted

sub requests ($$) {
    my ($rows, $sink) = @_;
    my @requests;

    for my $row (@$rows) {

        # a word is not found by what it is; a number may be

        my @values = is($row, 'S') ? 'safe'
                   : $row->{class} =~ /^I=(.*)/ ? $1
                   : is($row, 'F') ? 'group'
                   : is($row, 'Q') ? 'quote'
                   : is($row, 'PE') ? ('word', 'number') : 'word';

        for my $kind (@values) {
            my $id = ++$Count;
            my $number = sprintf '491512%07d', $id;
            my $value = $kind eq 'word' ? sprintf 'zq%05dvk', $id
                      : $kind eq 'number' ? ('', '+')[$id % 2] . $number
                      : $kind eq 'quote' ? "call +$number now"
                      : $kind eq 'group'
                        ? encode_base64("capi_group:$number:12036339432", '')
                      : $kind eq 'safe' ? "ok${id}ok"
                      : ($id = 0, $kind)[1];

            $value =~ tr{+/=}{-_}d if $kind eq 'group';
            $id = 0 if $kind eq 'safe';

            my $r = build $row, $sink, $value or next;

            push @requests, { %$r, row => $row, id => $id, sink => $sink };
        }
    }

    return @requests;
}


our $LastAnswer;

# over a connection that is kept; the status

sub send_request ($$) {
    my ($socket, $r) = @_;
    my $head = ($r->{body} eq '' ? 'GET' : 'POST') . " $r->{uri} HTTP/1.1\r\n"
               . join '', map { "$_\r\n" } 'Host: api.example',
                                           @{ $r->{headers} };

    $head .= 'Content-Length: ' . length($r->{body}) . "\r\n"
        if $r->{body} ne '';

    syswrite $socket, "$head\r\n$r->{body}";

    my $answer = '';

    while ($answer !~ /\r\n\r\n/) {
        sysread $socket, $answer, 65536, length $answer or return 0;
    }

    my ($length) = $answer =~ /^Content-Length: (\d+)\r$/mi;
    my $end = index($answer, "\r\n\r\n") + 4 + ($length || 0);

    while (length $answer < $end) {
        sysread $socket, $answer, 65536, length $answer or return 0;
    }

    $LastAnswer = $answer;

    return $answer =~ /^HTTP\S+ (\d+)/ ? $1 : 0;
}


1;
