# What nginx -t says of xpecto_consent_page: the templates are the one of
# conf-examples, each with one thing that is wrong.

use lib 't/lib';
use TestXpecto;

my $page = do { local (@ARGV, $/) = 'conf-examples/consent-page.html'; <> };

# writes what the block's "template" (a substitution) makes of it

sub variant {
    my ($block) = @_;

    local $_ = $page;
    eval $block->template;
    die $block->name . ": $@\n" if $@;
    die $block->name . ": nothing is changed\n" if $_ eq $page;

    my $file = data_dir() . '/page.html';

    open my $out, '>', $file or die "$file: $!\n";
    print $out $_;
    close $out or die "$file: $!\n";
}

add_block_preprocessor {
    my $block = shift;
    my $location = $block->location;

    variant($block) if defined $block->template;

    $location = 'xpecto_consent_page ' . data_dir() . '/page.html;'
        unless defined $location;

    $block->set_value('http_config', 'xpecto_keys ' . data_dir()
                      . '/consent-keys;' . ($block->http_config || ''));
    $block->set_value('config', <<"_EOC_");
        location /c {
            xpecto_consent on;
            xpecto_consent_api;
            $location
        }
_EOC_
    $block->set_value('must_die', '');
};

chmod 0600, data_dir() . '/consent-keys';
plan_tests(2 * blocks() + 1);
run_tests();

__DATA__

=== TEST 1: xpecto_consent_page - without parameters
--- location
    xpecto_consent_page;
--- error_log
invalid number of arguments in "xpecto_consent_page"



=== TEST 2: xpecto_consent_page - twice
--- location
    xpecto_consent_page policy=/a;
    xpecto_consent_page policy=/b;
--- error_log
"xpecto_consent_page" directive is duplicate



=== TEST 3: xpecto_consent_page - an unknown parameter
--- location
    xpecto_consent_page policy=/a colour=red;
--- error_log
unknown parameter "colour=red"



=== TEST 4: xpecto_consent_page - a policy that is a script
--- location
    xpecto_consent_page policy=javascript:alert(1);
--- error_log
"policy=javascript:alert(1)" is neither a path of this site nor an https URL



=== TEST 5: xpecto_consent_page - a policy without TLS
--- location
    xpecto_consent_page policy=http://example.org/;
--- error_log
"policy=http://example.org/" is neither



=== TEST 6: xpecto_consent_page - no such file
--- location
    xpecto_consent_page /nowhere/page.html;
--- error_log
open() "/nowhere/page.html" failed



=== TEST 7: xpecto_consent_page - no template, but a page that is too large
--- template: s/<li>/<li>@{['x' x 13000]}/
--- error_log
is larger than 16384 bytes



=== TEST 8: template - makes more than 6 KB
--- template: s/<h1>/'<p>' . 'x' x 2000 . '<\/p><h1>'/e
--- error_log eval
qr{the consent page of \S+/page\.html is up to 6\d\d\d bytes long, more than 6144}



=== TEST 9: template - the built-in page becomes too long by the policy's URL
--- location eval
'xpecto_consent_page policy=/' . 'x' x 2000 . ';'
--- error_log
the consent page is up to



=== TEST 10: template - a purpose is missing
--- template: s/<li>[^\n]*p\.analytics.*?<\/li>\n//s
--- error_log eval
qr{no checkbox of the purpose: "analytics" in \S+/page\.html in}



=== TEST 11: template - a purpose that is asked for here only is missing
--- http_config
    xpecto_consent_purpose custom _own;
--- template: s/Wann/Wenn/
--- error_log
no checkbox of the purpose: "custom"



=== TEST 12: template - a box is ticked beforehand
--- template: s/\{\{checked.analytics\}\}/checked/
--- error_log eval
qr{a box that is ticked beforehand: "checked" in \S+/page\.html:45 in}



=== TEST 13: template - a box shows another purpose
--- template: s/\{\{checked.analytics\}\}/{{checked.functional}}/
--- error_log
a checkbox that does not show the choice



=== TEST 14: template - without a button that rejects
--- template: s/<button form="nein".*?<\/button>\n//
--- error_log
no button reject=all, of a form without checkboxes, right beside that of accept=all



=== TEST 15: template - the button that accepts is of a class of its own
--- template: s/<button form="ja"/<button class="big" form="ja"/
--- error_log
a button of another class than those beside it



=== TEST 16: template - the button that rejects has a style of its own
--- template: s/<button form="nein"/<button style="opacity:.2" form="nein"/
--- error_log
an attribute that is not allowed there, or is there twice: "style"



=== TEST 17: template - the style sheet tells the buttons apart
--- template: s/(\.row\{)/button[name=reject]{opacity:.2}\n$1/
--- error_log eval
qr{a selector that may tell one button from another: "\[name=reject\]" in \S+/page\.html:18 in}



=== TEST 18: template - the style sheet tells them apart by their order
--- template: s/(\.row\{)/button:nth-child(2){opacity:.2}\n$1/
--- error_log
a selector that may tell one button from another: ":nth-child(2)"



=== TEST 19: template - the way to reject is elsewhere
--- template: s/(<button form="nein")/<\/div><div>$1/
--- error_log
no button reject=all, of a form without checkboxes, right beside



=== TEST 20: template - rejecting is possible for some only
--- template: s/(<form id="nein".*?<\/form>)/{{#gpc}}$1\{{\/gpc}}/
--- error_log
a button that is not always there



=== TEST 21: template - Enter would accept all
--- template: s/form="ja"/form="auswahl"/
--- error_log
a button in the form of another



=== TEST 22: template - a script
--- template: s/<h1>/<script>alert(1)<\/script><h1>/
--- error_log
an element that is not allowed there: in lower case, none that fetches or runs something, none in a button: "<script"



=== TEST 23: template - a picture of another site
--- template: s/<h1>/<img src="https:\/\/tracker.example\/x"><h1>/
--- error_log
an element that is not allowed there



=== TEST 24: template - a style sheet of another site
--- template: s/<style>/<style>\@import "https:\/\/cdn.example\/x";/
--- error_log
an at-rule of the style other than "@media"



=== TEST 25: template - a picture by the style sheet
--- template: s/b\{display:block\}/b{background:url(\/\/tracker.example\/x)}/
--- error_log
something to fetch in the style: "url(//tracker.example/x)"



=== TEST 26: template - a link to another site
--- template: s/\{\{policy\}\}/https:\/\/other.example\//
--- error_log
a link that leads elsewhere than {{policy}} or a path of this site



=== TEST 27: template - a form that is sent elsewhere
--- template: s/(id="ja" method="post" action=)"\{\{action\}\}"/$1"https:\/\/other.example\/"/
--- error_log
a form that is not sent to {{action}}



=== TEST 28: template - an input without a label
--- template: s/<label for="analytics">/<label for="analytic">/
--- error_log
an input without a label: "analytics"



=== TEST 29: template - a placeholder that nobody knows
--- template: s/\{\{expires\}\}/{{expire}}/
--- error_log eval
qr{an unknown placeholder: "\{\{expire\}\}" in \S+/page\.html:27 in}



=== TEST 30: template - a section that does not end
--- template: s/\{\{\/gpc\}\}//
--- error_log
a section without an end: "{{#gpc}}"



=== TEST 31: template - an element that does not end
--- template: s/<\/main>//
--- error_log
an end of an element that is not the last one that is open



=== TEST 32: template - a byte that is no text
--- template: s/<h1>/<h1>\x00/
--- error_log
a control character



=== TEST 33: xpecto_consent_page - a bad template of a place without the API
--- http_config eval
"xpecto_consent_page /nowhere/page.html;"
--- location
--- error_log
open() "/nowhere/page.html" failed



=== TEST 34: xpecto_consent_page - an input that does not say what it is
--- template: s/<input type="number" name="month"/<input name="month"/
--- error_log
an input without type=: checkbox, number or text: "<input"



=== TEST 35: template - who does not want to say an age cannot refuse
--- template: s/<button form="nichts".*?<\/button>\n//
--- error_log
no button reject=all of the same class right beside the one that sends an age: "<button"



=== TEST 36: template - a style that hides the buttons, with its line
--- template: s/(button\{font)/.row{display:none}\n$1/
--- error_log
a value that may hide, shrink or move away something, or is none: "display:none" in
page.html:19



=== TEST 37: template - a style that makes one button small
--- template: s/1fr 1fr 1fr/8fr 1fr 1fr/
--- error_log
columns of several widths, of which one button may get the small one: "grid-template-columns:8fr 1fr 1f"



=== TEST 38: template - a property that the style may not use
--- template: s/(button\{)/$1opacity:.1;/
--- error_log
a property that the style may not use: "opacity:.1"



=== TEST 39: template - a label that says nothing
--- template: s/<b>Statistik<\/b> Besuche werden gezählt\./<b>&nbsp;<\/b>/
--- error_log
a label without a text that is always there: "</label"



=== TEST 40: template - a label that sometimes says nothing
--- template: s/<b>Statistik<\/b> Besuche werden gezählt\./{{#chosen}}Statistik{{\/chosen}}/
--- error_log
a label without a text that is always there: "</label"



=== TEST 41: template - a button that says nothing
--- template: s/>Alles ablehnen/>&#8203;/
--- error_log
a button without a text
