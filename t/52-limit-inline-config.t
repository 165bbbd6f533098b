# What nginx -t says of inline limits that cannot be.

use lib 't/lib';
use TestXpecto;


add_block_preprocessor(sub {
    my ($block) = @_;

    $block->set_value('http_config', <<'_EOC_');
    xpecto_limit_zone z:1m unique=128k;
_EOC_

    $block->set_value('config', 'xpecto_limit zone=z ' . $block->limit . ';');

    if (defined $block->other) {
        my ($limit, $other) = ($block->limit, $block->other);

        $block->set_value('config', <<"_EOC_");
    location /a { xpecto_limit zone=z policy=p $limit; }
    location /b { xpecto_limit zone=z policy=p $other; }
_EOC_
    }

    $block->set_value('must_die', '');

    my $says = $block->says;
    chomp $says;
    $block->set_value('error_log',
                      qr/\[emerg\] .*\Q$says\E in .*nginx\.conf:\d+/);
});


plan_tests(76);

run_tests();

__DATA__

=== TEST 1: kind - one that there is not
--- limit: kind=leaky count=1
--- says
invalid kind "leaky": not rate, window, sliding, quota, pair, concurrency, unique or one of Meta's



=== TEST 2: kind - a window without its length
--- limit: kind=window count=1
--- says
policy "z" of kind "window": no parameter "window"



=== TEST 3: kind - a quota without a period
--- limit: kind=quota count=1
--- says
policy "z" of kind "quota": no parameter "per"



=== TEST 4: kind - what is another kind's
--- limit: kind=window count=1 window=1m burst=2
--- says
invalid burst "2": not expected here



=== TEST 5: count - nothing
--- limit: kind=window count=0 window=1m
--- says
invalid count "0": not 1 to 4294967295



=== TEST 6: count - no number
--- limit: kind=quota count=1e3 per=day
--- says
invalid count "1e3": not an integer



=== TEST 7: count - more than a number holds
--- limit: kind=quota count=18446744073709551617 per=day
--- says
invalid count "18446744073709551617": not an integer



=== TEST 8: window - without its unit
--- limit: kind=sliding count=5 window=60
--- says
invalid window "60": not a time such as "60s" of at most a day



=== TEST 9: per - a year
--- limit: kind=quota count=5 per=year
--- says
invalid per "year": not "day", "week", "month", "lifetime"



=== TEST 10: time_zone - one that nobody has
--- limit: kind=quota count=5 per=day time_zone=Mars/Olympus
--- says
invalid time_zone "Mars/Olympus": no time zone of this machine's database



=== TEST 11: time_zone - a path
--- limit: kind=quota count=5 per=day time_zone=../passwd
--- says
invalid time_zone "../passwd": not the name of a time zone



=== TEST 12: anchor - of a day
--- limit: kind=quota count=5 per=day anchor=2
--- says
invalid anchor "2": only a week or a month has an anchor



=== TEST 13: burst - more than a pair can borrow
--- limit: kind=pair burst=64
--- says
invalid burst "64": not 1 to 63



=== TEST 14: pair - by a key
--- limit: kind=pair key=$uri
--- says
"key" is not for kind "pair": that says what it counts by



=== TEST 15: pair - by tenant
--- limit: kind=pair scope=tenant
--- says
invalid scope "tenant": a pair is of each recipient



=== TEST 16: count - more at once than can be held
--- limit: kind=concurrency count=1025
--- says
invalid count "1025": not 1 to 1024



=== TEST 17: cost - of requests under way
--- limit: kind=concurrency count=5 cost=$http_x_key
--- says
invalid cost "$http_x_key": this kind has no cost



=== TEST 18: scope - of requests under way
--- limit: kind=concurrency count=5 scope=recipient
--- says
invalid scope "recipient": this kind has no scope "recipient"



=== TEST 19: window - of different recipients
--- limit: kind=unique count=5 window=12h
--- says
invalid window "12h": not "24h"



=== TEST 20: endpoints - one that there is not
--- limit: kind=window count=5 window=1m endpoints=messages,mail
--- says
invalid endpoints "messages,mail": not messages, marketing, media, calls, groups, register, templates, management or other



=== TEST 21: inherit - one that there is not
--- limit: kind=window count=5 window=1m inherit=half
--- says
invalid inherit "half": not "as_is", "proportional", "reset"



=== TEST 22: inherit - of a kind that cannot
--- limit: kind=concurrency count=5 inherit=reset
--- says
invalid inherit "reset": a limit of this kind can be taken over as_is only



=== TEST 23: rate - more than 1,000,000 a second
--- limit: rate=5000001r/5s
--- says
invalid rate "5000001r/5s": not a rate such as "80r/s" or "1r/30d", at most 1000000r/s



=== TEST 24: rate - slower than one in 31 days
--- limit: rate=1r/32d
--- says
invalid rate "1r/32d": not a rate such as "80r/s" or "1r/30d", at most 1000000r/s



=== TEST 25: kind - of Meta's, that there is not
--- limit: kind=whatsapp:reach-1k
--- says
unknown policy "whatsapp:reach-1k": "whatsapp:" and "throughput", "throughput-20", "throughput-1000", "pair", "reach-250", "reach-2k", "reach-10k", "reach-100k", "management", "management-200" or "register" is expected



=== TEST 26: kind - of Meta's, with numbers
--- limit: kind=whatsapp:pair burst=5
--- says
invalid burst "5": not expected here



=== TEST 27: inherit - another one elsewhere
--- limit: rate=1r/s
--- other: rate=1r/s inherit=reset
--- says
policy "p" has other numbers



=== TEST 28: window - another one elsewhere
--- limit: kind=window count=5 window=1m
--- other: kind=window count=5 window=60m
--- says
policy "p" has other numbers



=== TEST 29: count - another one elsewhere
--- limit: kind=concurrency count=5
--- other: kind=concurrency count=6
--- says
policy "p" has other numbers



=== TEST 30: count - another one of a day elsewhere
--- limit: kind=quota count=5 per=day
--- other: kind=quota count=6 per=day
--- says
policy "p" has other numbers



=== TEST 31: anchor - another one elsewhere
--- limit: kind=quota count=5 per=week
--- other: kind=quota count=5 per=week anchor=7
--- says
policy "p" has other numbers



=== TEST 32: time_zone - another one elsewhere
--- limit: kind=quota count=5 per=day
--- other: kind=quota count=5 per=day time_zone=+05:30
--- says
policy "p" has other numbers



=== TEST 33: rate - another one of a pair elsewhere
--- limit: kind=pair rate=10r/m
--- other: kind=pair rate=11r/m
--- says
policy "p" has other numbers



=== TEST 34: cost - nothing
--- limit: rate=1r/s cost=0
--- says
invalid cost "0": what costs nothing is never limited



=== TEST 35: cost - nothing, whatever the message is
--- limit: kind=window count=5 window=1m scope=recipient cost=text:0,other:0
--- says
invalid cost "text:0,other:0": what costs nothing is never limited



=== TEST 36: endpoints - the same one twice
--- limit: rate=1r/s endpoints=messages,media,messages
--- says
invalid endpoints "messages,media,messages": the same endpoint twice



=== TEST 37: scope - a tenant where there are none
--- limit: rate=1r/s scope=tenant policy=p
--- says
policy "p" counts by tenant, but there is no "xpecto_tenants": it would count by address, as without "scope",



=== TEST 38: scope - a credential where there are none
--- limit: kind=concurrency count=5 scope=credential policy=p
--- says
policy "p" counts by credential, but there is no "xpecto_tenants": it would count by address, as without "scope",
