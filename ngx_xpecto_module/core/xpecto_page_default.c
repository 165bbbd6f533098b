
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "xpecto_page.h"


typedef struct {
    const char  *label;
    const char  *sentence;
} xpecto_page_purpose_t;


/* by xpecto_purpose_e */

static const xpecto_page_purpose_t  xpecto_page_purposes[XPECTO_PURPOSES] = {
    { "Necessary", "What this site cannot work without." },
    { "Extra functions",
      "Chat, video and other extras store what they need." },
    { "Preferences", "The site remembers language, region and layout." },
    { "Statistics", "Visits are counted to see what works." },
    { "Advertising storage", "Advertisers store ids in your browser." },
    { "Advertising data", "Data about you are sent to advertisers." },
    { "Personal advertising", "Advertisements follow your interests." },
    { "Sale or sharing", "Data about you are sold or shared for advertising." },
    { "Marketing messages", "We send you offers." },
    { "Diagnostics", "Crash and error reports are sent to us." },
    { "Session replay", "Your clicks and scrolling are recorded." },
    { "Social media", "Posts and videos of other sites are embedded." },
    { "Exact location", "Your position is read from your device." },
    { "Profiling", "Your behaviour is evaluated automatically." },
    { "Security", "Protection against fraud and attacks." },
    { "Other purposes", "What the privacy policy describes besides." }
};


const char  xpecto_page_default[] =
"<!doctype html>\n"
"<html lang=\"en\">\n"
"<head>\n"
"<meta charset=\"utf-8\">\n"
"<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
"<title>Privacy choices</title>\n"
"<style>"
":root{color-scheme:light dark;scroll-padding-bottom:6rem;"
"--b:#fff;--t:#1b2127;--m:#55606b;--l:#d5dbe1;--a:#0a57a4}\n"
"@media (prefers-color-scheme:dark){:root{"
"--b:#14181c;--t:#e8ebee;--m:#a6b0ba;--l:#3a434c;--a:#8fc3ff}}\n"
"*{box-sizing:border-box}\n"
"body{max-width:42rem;margin:0 auto;padding:1.5rem 1rem 0;"
"font:1rem/1.5 system-ui,sans-serif;color:var(--t);background:var(--b)}\n"
"h1{margin:0;font-size:1.6rem;line-height:1.25}\n"
"p{margin:.75rem 0}\n"
"a{color:var(--a)}\n"
"fieldset{margin:0 0 .75rem;padding:0;border:0}\n"
"legend{padding:0 0 .4rem}\n"
"fieldset label{display:grid;grid-template-columns:2rem 1fr;"
"padding:.6rem 0;border-top:1px solid var(--l)}\n"
"small,em{grid-column:2;color:var(--m);font:inherit;font-size:.9rem}\n"
"em{color:var(--t)}\n"
"p label{display:grid;grid-template-columns:9rem 8rem;align-items:center}\n"
"input{font:inherit;padding:.4rem}\n"
"fieldset input{width:1.25rem;height:1.25rem;margin:.15rem 0;"
"accent-color:var(--a)}\n"
".row{display:grid;grid-template-columns:1fr 1fr 1fr;gap:.5rem;"
"position:sticky;bottom:0;padding:.75rem 0;background:var(--b);"
"border-top:1px solid var(--l)}\n"
"button{font:600 .9rem system-ui,sans-serif;min-height:2.75rem;"
"padding:.25rem .4rem;"
"border:1px solid var(--a);border-radius:.4rem;"
"color:var(--b);background:var(--a);cursor:pointer}\n"
":focus-visible{outline:3px solid var(--t);outline-offset:2px}"
"</style>\n"
"</head>\n"
"<body>\n"
"<main>\n"
"<h1>Your privacy choices</h1>\n"
"<p>What this site cannot work without is always on. All else is up to you, "
"now and later. <a href=\"{{policy}}\">Privacy policy</a></p>\n"
"<p role=\"status\"><b>{{#young}}You are below the age of consent: nothing "
"optional is used.{{/young}}{{^young}}{{#chosen}}Your choice of {{updated}} "
"is in force until {{expires}}.{{/chosen}}{{#void}}Your earlier choice is no "
"longer valid. {{/void}}{{^chosen}}You have not chosen yet.{{/chosen}}"
"{{/young}}</b>{{#gpc}} Your browser&#39;s Global Privacy Control: opt-out "
"request honored.{{/gpc}}</p>\n"
"{{#needed}}<p>The page you came from is closed without: <b>{{need}}</b>.</p>\n"
"{{/needed}}"
"{{#age}}"
"<form id=\"age\" method=\"post\" action=\"{{action}}/age\">{{back}}\n"
"<p>When were you born? An age group is kept, the date is not.</p>\n"
"<p><label>Month (1 to 12) <input type=\"number\" name=\"month\" min=\"1\" "
"max=\"12\" required></label></p>\n"
"<p><label>Year <input type=\"number\" name=\"year\" min=\"1900\" "
"max=\"2100\" required></label></p>\n"
"</form>\n"
"<form id=\"none\" method=\"post\" action=\"{{action}}\">{{return}}</form>\n"
"<div class=\"row\">\n"
"<button form=\"age\">Continue</button>\n"
"<button form=\"none\" name=\"reject\" value=\"all\">Reject all</button>\n"
"</div>\n"
"{{/age}}"
"{{^age}}{{^young}}"
"<form id=\"save\" method=\"post\" action=\"{{action}}\">{{return}}\n"
"<fieldset>\n"
"<legend>Optional purposes</legend>\n"
"{{#purposes}}"
"<label><input type=\"checkbox\" name=\"p.{{name}}\" value=\"1\" {{checked}}>"
"<b>{{label}}</b><small>{{text}}</small>"
"{{#refused}}<em>Not used: a signal, a law or a restriction refuses it."
"</em>{{/refused}}"
"{{#presumed}}<em>On until you choose.</em>{{/presumed}}"
"</label>\n"
"{{/purposes}}"
"</fieldset>\n"
"</form>\n"
"{{#granted}}"
"<form method=\"post\" action=\"{{action}}\">{{return}}\n"
"<button name=\"reject\" value=\"all\">Withdraw my consent</button>\n"
"</form>\n"
"{{/granted}}"
"<form id=\"accept\" method=\"post\" action=\"{{action}}\">{{return}}</form>\n"
"<form id=\"reject\" method=\"post\" action=\"{{action}}\">{{return}}</form>\n"
"<div class=\"row\">\n"
"<button form=\"accept\" name=\"accept\" value=\"all\">Accept all</button>\n"
"<button form=\"reject\" name=\"reject\" value=\"all\">Reject all</button>\n"
"<button form=\"save\" name=\"reject\" value=\"all\">Save</button>\n"
"</div>\n"
"{{/young}}{{/age}}"
"</main>\n"
"</body>\n"
"</html>\n";


const char *
xpecto_page_label(unsigned purpose)
{
    return xpecto_page_purposes[purpose].label;
}


const char *
xpecto_page_sentence(unsigned purpose)
{
    return xpecto_page_purposes[purpose].sentence;
}
