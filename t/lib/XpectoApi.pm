package XpectoApi;

# What tests of the consent API share: a server with the API at
# /.xpecto/consent over what counts as TLS, and the state as it is written in
# docs/formats.md, made without the module.
#
#   use XpectoApi;              # behind TestXpecto
#
#   state(granted => 0x4009, denied => 0x3ff6)   the JSON of a valid choice
#   etag(state(...))                             and its ETag
#
# Sections of a block: http_config is put behind xpecto_keys; "plain" sends no
# header that says TLS; api_config goes into the location of the API.

use strict;
use warnings;

use Digest::SHA qw( sha256_hex );
use Exporter qw( import );
use Test::Nginx::Socket;
use TestXpecto;
use XpectoToken;

our @EXPORT = qw( state etag $Day $Site $Json $Form $Refusal $Attributes );

our $Day = time - time % 86400;

our $Site = "Sec-Fetch-Site: same-origin";
our $Json = "$Site\nContent-Type: application/json";
our $Form = "$Site\nContent-Type: application/x-www-form-urlencoded";

# the cookie of everybody who refuses today

our $Refusal = token(granted => 0x4001, denied => 0x3ffe, created => $Day,
                     ttl => 15724800 + 86400, model => 0, method => 0);

our $Attributes = '; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=15724800';

our @Purposes = qw( necessary functional preferences analytics ad_storage
                    ad_user_data ad_personalization sale_share
                    marketing_comms diagnostics session_replay social_embeds
                    precise_geo profiling security custom );

our @Types = ([ 'ad_storage', 0x10 ], [ 'ad_user_data', 0x20 ],
              [ 'ad_personalization', 0xc0 ], [ 'analytics_storage', 0x08 ],
              [ 'functionality_storage', 0x02 ],
              [ 'personalization_storage', 0x04 ],
              [ 'security_storage', 0x4000 ]);

add_block_preprocessor {
    my $block = shift;
    my $http = $block->http_config;
    my $api = $block->api_config || '';
    my $headers = $block->more_headers || '';

    $http = 'xpecto_consent_cookie secure=$http_x_tls;' unless defined $http;

    if (!ref $headers && !defined $block->plain) {
        chomp $headers;
        $block->set_value('more_headers', "X-TLS: on\n$headers");
    }

    $block->set_value('http_config',
                      'xpecto_keys ' . data_dir() . "/consent-keys; $http");
    $block->set_value('config', ($block->config || '') . <<"_EOC_");
        xpecto_consent on;
        location /.xpecto/consent {
            xpecto_consent_api;
            $api
        }
_EOC_
};

chmod 0600, data_dir() . '/consent-keys';


# of a choice that was made now by somebody who is nowhere known

sub state {
    my %s = (
        state => 'valid', revision => 0, model => 'opt-in', gpc => 'false',
        signal => 'none',
        granted => 0x4009, denied => 0x3ff6, updated => time, ttl => 86400,
        source => 'cookie', @_,
    );

    my $granted = $s{granted} | 0x4001;
    my (@purposes, @modes);

    for my $n (0 .. $#Purposes) {
        my $bit = 1 << $n;
        my $source = 0x4001 & $bit ? 'always'
            : ($s{granted} | $s{denied}) & $bit ? $s{source} : 'default';

        push @purposes, sprintf '"%s":{"granted":%s,"source":"%s"}',
            $Purposes[$n], $granted & $bit ? 'true' : 'false', $source;
    }

    push @modes, sprintf '"%s":"%s"', $_->[0],
        ($granted & $_->[1]) == $_->[1] ? 'granted' : 'denied'
        for @Types;

    my $times = $s{state} eq 'none' ? ''
        : sprintf '"updated":%d,"expires":%d,', $s{updated},
                  $s{updated} + $s{ttl};

    return sprintf '{"state":"%s","revision":%d,"model":"%s","gpc":%s,"signal":"%s","age":"unknown",%s'
                   . '"purposes":{%s},"consent_mode":{%s}}' . "\n",
        @s{qw( state revision model gpc signal )}, $times, join(',', @purposes),
        join(',', @modes);
}


sub etag {
    return '"' . substr(sha256_hex(shift), 0, 32) . '"';
}

1;
