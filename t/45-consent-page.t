# xpecto_consent_page: the preferences page of the API, without a script.

use lib 't/lib';
use TestXpecto;
use XpectoApi;
use XpectoToken;

use Digest::SHA qw( sha256_base64 );
use POSIX qw( strftime );

our $Html = 'Accept: text/html,application/xhtml+xml,'
            . 'application/xml;q=0.9,*/*;q=0.8';

our $Then = time - 60;
our $Chosen = "$Html\nCookie: " . token(created => $Then);
our $Date = strftime('%Y-%m-%d', gmtime $Then);

system("cp conf-examples/consent-page.html '@{[data_dir()]}'") == 0 or die;

# the digest of the style sheet, as a browser makes it

sub style_of {
    my ($page) = @_;
    my ($style) = $page =~ m{<style>(.*?)</style>}s;

    return "'sha256-" . sha256_base64($style) . "='";
}

our $Page = do { local (@ARGV, $/) = 'conf-examples/consent-page.html'; <> };
our $Csp = "default-src 'none'; style-src " . style_of($Page)
           . "; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

server_name('example.com');
plan_tests(144);
run_tests();

__DATA__

=== TEST 1: page - a browser gets it, whole
--- request
GET /.xpecto/consent
--- more_headers eval: $::Html
--- response_headers
Content-Type: text/html; charset=utf-8
Cache-Control: no-store
Vary: Accept, Cookie, Xpecto-Consent, Sec-GPC, DNT, Origin
!Set-Cookie
--- response_body_like eval
qr{^<!doctype html>\n<html lang="en">.*You have not chosen yet\..*<button form="accept" name="accept" value="all">.*</html>\n$}s
--- no_error_log
[error]



=== TEST 2: page - nothing is ticked, nothing is fetched, at most 6 KB
--- request
GET /.xpecto/consent
--- more_headers eval: $::Html
--- response_body_unlike eval
qr{checked|<script|<link|src=|url\(|https?:|^.{6145}}s
--- no_error_log
[error]



=== TEST 3: page - its own style may be applied, and nothing else
--- api_config
    xpecto_consent_page %%DATA%%/consent-page.html;
--- request
GET /.xpecto/consent
--- more_headers eval: $::Html
--- response_headers eval
"Content-Security-Policy: $::Csp"
--- no_error_log
[error]



=== TEST 4: page - under /ui whatever is accepted
--- request
GET /.xpecto/consent/ui
--- more_headers
Accept: application/json
--- response_headers
Content-Type: text/html; charset=utf-8
--- response_body_like: action="/\.xpecto/consent"
--- no_error_log
[error]



=== TEST 5: Accept - a client that does not name HTML gets JSON
--- request
GET /.xpecto/consent
--- more_headers
Accept: */*
--- response_headers
Content-Type: application/json
--- no_error_log
[error]



=== TEST 6: Accept - HTML is refused by its quality
--- request
GET /.xpecto/consent
--- more_headers
Accept: text/html;q=0, application/json;q=0.1
--- response_headers
Content-Type: application/json
--- no_error_log
[error]



=== TEST 7: Accept - JSON is preferred
--- request
GET /.xpecto/consent
--- more_headers
Accept: text/html;q=0.5, application/json ; q=0.75
--- response_headers
Content-Type: application/json
--- no_error_log
[error]



=== TEST 8: Accept - HTML is preferred
--- request
GET /.xpecto/consent
--- more_headers
Accept: application/json;q=0.9
Accept: x/y,TEXT/HTML
--- response_headers
Content-Type: text/html; charset=utf-8
--- no_error_log
[error]



=== TEST 9: HEAD - the headers of the page
--- request
HEAD /.xpecto/consent
--- more_headers eval: $::Html
--- response_headers
Content-Type: text/html; charset=utf-8
--- response_body
--- no_error_log
[error]



=== TEST 10: choice - is shown as it was made
--- request
GET /.xpecto/consent
--- more_headers eval: $::Chosen
--- response_body_like eval
qr{Your choice of $::Date is in force until \d{4}-\d\d-\d\d\..*name="p\.preferences" value="1" >.*name="p\.analytics" value="1" checked>.*name="p\.ad_storage" value="1" >.*Withdraw my consent}s
--- no_error_log
[error]



=== TEST 11: choice - a refusal has nothing to be withdrawn
--- request
GET /.xpecto/consent
--- more_headers eval: "$::Html\nCookie: $::Refusal"
--- response_body_unlike: checked|Withdraw|not chosen
--- no_error_log
[error]



=== TEST 12: choice - one that is no longer valid is not shown as ticked
--- request
GET /.xpecto/consent
--- more_headers eval
"$::Html\nCookie: " . main::token(created => $::Day - 864000)
--- response_body_like: Your earlier choice is no longer valid\. You have not chosen yet\.
--- response_body_unlike: checked
--- no_error_log
[error]



=== TEST 13: Sec-GPC - the page says that it is heard, and what it refuses
--- request
GET /.xpecto/consent
--- more_headers eval
"Sec-GPC: 1\n$::Html\nCookie: " . main::token(granted => 0x4011, denied => 0)
--- response_body_like eval
qr{opt-out request honored.*p\.ad_storage" value="1" checked>[^\n]*<em>Not used: a signal}s
--- no_error_log
[error]



=== TEST 14: return - the forms lead back to where the visitor came from
--- request
GET /.xpecto/consent?return=/shop%3Fa%3D1%26b
--- more_headers eval: $::Chosen
--- response_body_like eval
qr{(?:<form [^>]*><input type="hidden" name="return" value="/shop\?a=1&amp;b">.*){4}}s
--- no_error_log
[error]



=== TEST 15: return - bytes of the request are never markup
--- request
GET /.xpecto/consent?return=/%22%3E%3Cscript%3Ealert(%27x%27)%3C/script%3E
--- more_headers eval: $::Html
--- response_body_like eval
qr{value="/&quot;&gt;&lt;script&gt;alert\(&#39;x&#39;\)&lt;/script&gt;">}
--- response_body_unlike: <script|alert\('
--- no_error_log
[error]



=== TEST 16: return - to another site is no return
--- request
GET /.xpecto/consent?return=//evil.example/
--- more_headers eval: $::Html
--- response_body_unlike: evil|type="hidden"
--- no_error_log
[error]



=== TEST 17: return - with a line feed is no return
--- request
GET /.xpecto/consent?return=/a%0d%0aSet-Cookie:%20x=1
--- more_headers eval: $::Html
--- response_headers
!Set-Cookie
--- response_body_unlike: Set-Cookie|type="hidden"
--- no_error_log
[error]



=== TEST 18: form - saves what is ticked, and rejects the rest
--- request
POST /.xpecto/consent
p.analytics=1&reject=all&return=%2Fshop
--- more_headers eval: "$::Form\n$::Html"
--- error_code: 303
--- response_headers
Location: /shop
--- response_headers_like
Set-Cookie: __Host-Http-xpc=[\w-]{88}; Path=/; Secure; HttpOnly; .*
--- no_error_log
[error]



=== TEST 19: form - without a return the page itself says how it is now
--- request
POST /.xpecto/consent
reject=all
--- more_headers eval: "$::Form\n$::Html"
--- error_code: 303
--- response_headers
Location: /.xpecto/consent
--- no_error_log
[error]



=== TEST 20: template - the operator's own words, and the visitor's choice
--- api_config
    xpecto_consent_page %%DATA%%/consent-page.html policy=https://example.org/p?a&b;
--- request
GET /.xpecto/consent
--- more_headers eval: $::Chosen
--- response_body_like eval
qr{lang="de".*href="https://example\.org/p\?a&amp;b".*Ihre Auswahl vom $::Date gilt.*name="p\.functional" value="1" >.*name="p\.analytics" value="1" checked>.*Alles ablehnen}s
--- no_error_log
[error]



=== TEST 21: template - of the server, the link by a location of its own
--- config
    xpecto_consent_page %%DATA%%/consent-page.html;
    location /other {
        xpecto_consent on;
        xpecto_consent_page policy=/other-policy;
        xpecto_consent_api;
    }
--- request eval
["GET /.xpecto/consent", "GET /other"]
--- more_headers eval
["X-TLS: on\n$::Html", "X-TLS: on\n$::Html"]
--- response_body_like eval
[qr{lang="de".*href="/privacy"}s,
 qr{lang="en".*href="/other-policy".*action="/other"}s]
--- no_error_log
[error]



=== TEST 22: page - a line that says who may keep it, and no other
--- request
GET /.xpecto/consent
--- more_headers eval: $::Html
--- raw_response_headers_like chop
\A(?:(?!Cache-Control).)*Cache-Control: no-store\r\n(?!.*Cache-Control)
--- no_error_log
[error]



=== TEST 23: age - is asked first, with nothing filled in
--- config
    xpecto_consent_age_min 16;
--- request
GET /.xpecto/consent?return=/shop
--- more_headers eval: $::Html
--- response_body_like eval
qr{<form id="age" method="post" action="/\.xpecto/consent/age"><input type="hidden" name="return" value="/\.xpecto/consent\?return=/shop">.*name="month".*name="year"}s
--- response_body_unlike: checkbox|accept|value="\d
--- no_error_log
[error]



=== TEST 24: age - is not asked for again, and is not shown
--- config
    xpecto_consent_age_min 16;
--- request
GET /.xpecto/consent
--- more_headers eval
"$::Html\nCookie: " . main::token(age => 0x16)
--- response_body_like: checkbox
--- response_body_unlike: name="year"
--- no_error_log
[error]



=== TEST 25: page - says what the visitor was sent for, until it is granted
--- request eval
[ map { "GET /.xpecto/consent?for=$_&return=/x" } 'analytics', 'analytics',
  'precise_geo', 'analytics', 'tracking', '%3Cb%3E' ]
--- more_headers eval
[ map { "X-TLS: on\n$::Html\n$_" } 'X: y', "Cookie: $::Refusal",
  "Cookie: " . main::token(), "Cookie: " . main::token(), 'X: y', 'X: y' ]
--- response_body_like eval
[ qr{is closed without: <b>Statistics</b>\.}, qr{closed without: <b>Stat},
  qr{closed without: <b>Exact location</b>}, qr{^(?!.*closed without)}s,
  qr{^(?!.*closed without)}s, qr{^(?!.*closed without)}s ]
--- no_error_log
[error]



=== TEST 26: a gate - who refuses is told so by the page, and goes no circle
--- config
    location /stats {
        xpecto_consent on;
        xpecto_consent_require analytics page=/.xpecto/consent;
        empty_gif;
    }
--- request eval
[ "GET /stats", "POST /.xpecto/consent\nreject=all&return=/stats",
  "GET /stats", "GET /.xpecto/consent?for=analytics&return=%2Fstats",
  "POST /.xpecto/consent\naccept=all&return=/stats", "GET /stats" ]
--- more_headers eval
my $tls = "X-TLS: on\n$::Html";
[ $tls, "$tls\n$::Form", "$tls\nCookie: $::Refusal",
  "$tls\nCookie: $::Refusal", "$tls\n$::Form\nCookie: $::Refusal",
  "$tls\nCookie: " . main::token() ]
--- error_code eval
[ 303, 303, 303, 200, 303, 200 ]
--- response_headers eval
my $page = 'Location: /.xpecto/consent?for=analytics&return=%2Fstats';
[ $page, 'Location: /stats', $page, '!Location', 'Location: /stats',
  '!Location' ]
--- no_error_log
[error]



=== TEST 27: a form - an error is a page for people, JSON for others
--- request eval
[ ("POST /.xpecto/consent\np.tracking=1&reject=all") x 2,
  "POST /.xpecto/consent?x=1\nreject=all", "GET /.xpecto/consent/nothing" ]
--- more_headers eval
my $tls = "X-TLS: on";
[ "$tls\n$::Html\n$::Form", "$tls\n$::Form", "$tls\n$::Html\n$::Form",
  "$tls\n$::Html" ]
--- error_code eval
[ 422, 422, 422, 404 ]
--- response_headers eval
[ "Content-Type: text/html; charset=utf-8\nCache-Control: no-store",
  "Content-Type: application/problem+json",
  "Content-Type: text/html; charset=utf-8",
  "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'" ]
--- response_body_like eval
[ qr{^<!doctype html>.*<h1>Nothing was changed</h1>\n<p>[^<]+</p>\n<p><a href="/\.xpecto/consent">Back to the choices</a></p>\n</main>}s,
  qr{^\{"type":"about:blank",}, qr{takes no query parameters},
  qr{<p>There is nothing of that name\.</p>} ]
--- no_error_log
[error]



=== TEST 28: choice - one that is restricted is shown, and that it is not used
--- request
GET /.xpecto/consent
--- more_headers eval
"$::Html\nCookie: " . main::token(flags => 0x82)
--- response_body_like eval
qr{p\.analytics" value="1" checked>[^\n]*<em>Not used: [^\n]*restriction}
--- no_error_log
[error]



=== TEST 29: choice - one that was taken back is not in force, nor ticked
--- http_config
    xpecto_consent_cookie secure=$http_x_tls;
    xpecto_consent_zone revoked:1m;
--- request eval
[ "DELETE /.xpecto/consent", "GET /.xpecto/consent" ]
--- more_headers eval
[ ("X-TLS: on\n$::Html\nCookie: " . main::token(id => 'R' x 16)) x 2 ]
--- error_code eval
[ 204, 200 ]
--- response_body_like eval
[ '^$', qr{^(?!.*in force)(?!.*checked>)(?!.*Withdraw).*Your earlier choice is no longer valid}s ]
--- no_error_log
[error]
