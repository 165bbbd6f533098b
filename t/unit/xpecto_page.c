
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_page.h"


#define u8(s)  ((const uint8_t *) (s))

#define ASKED  XPECTO_PURPOSES_ASKED


/* the least that is accepted; each line is a number in what follows */

static const char  good[] =
    "<!doctype html>\n"
    "<html lang=\"en\">\n"
    "<head><title>T</title>\n"
    "<style>button{color:red}</style></head>\n"
    "<body>\n"
    "<form id=\"s\" method=\"post\" action=\"{{action}}\">{{return}}\n"
    "{{#purposes}}<label><input type=\"checkbox\" name=\"p.{{name}}\" "
    "value=\"1\" {{checked}}>{{label}}</label>\n"
    "{{/purposes}}</form>\n"
    "<form id=\"a\" method=\"post\" action=\"{{action}}\"></form>\n"
    "<form id=\"r\" method=\"post\" action=\"{{action}}\"></form>\n"
    "<p><button form=\"a\" name=\"accept\" value=\"all\">Yes</button>\n"
    "<button form=\"r\" name=\"reject\" value=\"all\">No</button>\n"
    "<button form=\"s\" name=\"reject\" value=\"all\">Save</button></p>\n"
    "<p><a href=\"{{policy}}\">Policy</a></p>\n"
    "</body>\n"
    "</html>\n";


/* what is written instead of what, and what is said of it, where */

typedef struct {
    const char  *what;
    const char  *instead;
    const char  *says;                  /* NULL: nothing */
    size_t       line;
} change_t;


static xpecto_str_t
str(const char *s)
{
    xpecto_str_t  t;

    t.data = u8(s);
    t.len = strlen(s);

    return t;
}


/* a copy with the first "what" replaced, in memory that ends with it */

static char *
changed(const change_t *c, size_t *len)
{
    char        *copy;
    size_t       before, what, instead;
    const char  *at;

    at = strstr(good, c->what);
    assert_non_null(at);

    before = (size_t) (at - good);
    what = strlen(c->what);
    instead = strlen(c->instead);
    *len = strlen(good) - what + instead;

    copy = malloc(*len);
    assert_non_null(copy);

    memcpy(copy, good, before);
    memcpy(copy + before, c->instead, instead);
    memcpy(copy + before + instead, at + what, strlen(at + what));

    return copy;
}


static void
expect(const change_t *c)
{
    int                  ok;
    char                *src;
    size_t               len;
    xpecto_str_t         style;
    xpecto_page_t        page;
    xpecto_page_err_t    err;
    xpecto_page_part_t  *parts;

    src = changed(c, &len);

    parts = malloc(xpecto_page_parts(u8(src), len)
                   * sizeof(xpecto_page_part_t));
    assert_non_null(parts);

    memset(&err, 0, sizeof(xpecto_page_err_t));

    ok = (xpecto_page_compile(&page, parts, u8(src), len, &err) == XPECTO_OK
          && xpecto_page_check(u8(src), len, ASKED, &style, &err)
             == XPECTO_OK);

    if (ok != (c->says == NULL)
        || (!ok && (strstr(err.text, c->says) == NULL
                    || err.line != c->line)))
    {
        print_error("\"%s\" -> \"%s\": %s, line %u\n", c->what, c->instead,
                    ok ? "accepted" : err.text, ok ? 0 : (unsigned) err.line);
        fail();
    }

    free(parts);
    free(src);
}


static void
expect_all(const change_t *c)
{
    for (/* void */; c->what != NULL; c++) {
        expect(c);
    }
}


static void
test_placeholders(void **state)
{
    static const change_t  changes[] = {
        { "{{return}}", "{{return}}{{updated}}{{expires}}{{revision}}",
          NULL, 0 },
        { "{{label}}", "{{label}}{{text}}{{#refused}}!{{/refused}}"
          "{{#presumed}}?{{/presumed}}", NULL, 0 },
        { "Policy</a>", "{{#gpc}}{{^void}}{{#young}}x{{/young}}{{/void}}"
          "{{/gpc}}</a>", NULL, 0 },
        { "{{return}}", "{{retur}}", "an unknown placeholder", 6 },
        { "{{return}}", "{{ return }}", "an unknown placeholder", 6 },
        { "{{return}}", "{{^purposes}}{{/purposes}}", "an unknown", 6 },
        { "{{return}}", "{{return}", "a placeholder without an end", 6 },
        { "{{return}}", "{{", "a placeholder without an end", 6 },
        { "</html>\n", "</html>{{", "a placeholder without an end", 16 },
        { "{{return}}", "{{name}}", "outside of {{#purposes}}", 6 },
        { "{{return}}", "{{#refused}}{{/refused}}", "outside of {{#p", 6 },
        { "{{label}}", "{{#purposes}}{{/purposes}}", "within purposes", 7 },
        { "{{/purposes}}", "", "a section without an end", 7 },
        { "{{/purposes}}", "{{/gpc}}", "an end of what is not open", 8 },
        { "{{return}}", "{{/gpc}}", "an end of what is not open", 6 },
        { "{{return}}", "{{#age}}{{/gpc}}", "an end of what is not", 6 },
        { "{{return}}", "\001", "a control character", 6 },
        { "value=\"1\" {{checked}}", "value=\"{{checked}}\"",
          "a placeholder that is not allowed", 7 },
        { "<button form=\"a\"", "<button form=\"{{return}}\"",
          "a placeholder that is not allowed", 11 },
        { "T</title>", "{{updated}}</title>", "a title or style", 3 },
        { "red", "{{updated}}", "a title or style", 4 },
        { "{{policy}}", "{{#gpc}}x{{/gpc}}", "a placeholder that is", 14 },
        { "<p><a", "<p {{checked.custom}}><a", "a placeholder that is", 14 },
        { "<p><a", "{{#gpc}}<p><a", "a section without an end", 14 },
        { "<p><a", "{{#gpc}}<p>{{/gpc}}<a", "a section that ends", 14 },
        { "{{policy}}\">Policy</a></p>",
          "{{policy}}\">{{#gpc}}Policy</a></p>{{/gpc}}",
          "an end of an element that is not the last", 14 },
        { "Yes", "{{label}}", "outside of {{#p", 11 },
        { "Yes", "Yes{{updated}}", "a placeholder in a button", 11 },
        { "Policy</a>", "{{return}}</a>", "a return outside of a form", 14 },
        { NULL, NULL, NULL, 0 }
    };

    (void) state;

    expect_all(changes);
}


static void
test_html(void **state)
{
    static const change_t  changes[] = {
        { "<!doctype html>", "<!DOCTYPE html>", NULL, 0 },
        { "<p><a", "<!-- a comment - of words --><p><a", NULL, 0 },
        { "method=\"post\"", "method='post'", NULL, 0 },
        { "type=\"checkbox\"", "type=checkbox", NULL, 0 },
        { "<p><a", "<p\n class=\"x\"\n><a", NULL, 0 },
        { "<!doctype html>", "", "no <!doctype html>", 2 },
        { "<p><a", "<!-- <p> --><p><a", "a comment", 14 },
        { "<p><a", "<!-- > --><p><a", "a comment", 14 },
        { "<p><a", "<!----><p><a", "a comment", 14 },
        { "<p><a", "<!--x--!><p><a", "a comment", 14 },
        { "<p><a", "<P><a", "an element that is not allowed", 14 },
        { "<p><a", "<p><script>alert(1)</script><a", "an element that is", 14 },
        { "<p><a", "<p><img src=\"/x\"><a", "an element that is not", 14 },
        { "<p><a", "<p><template><a", "an element that is not", 14 },
        { "<p><a", "<link rel=\"x\"><p><a", "an element that is not", 14 },
        { "<p><a", "<p><p><a", "an element within one of its kind", 14 },
        { "<p><a", "<p onclick=\"x\"><a", "an attribute that is not", 14 },
        { "<p><a", "<p style=\"x\"><a", "an attribute that is not", 14 },
        { "<p><a", "<p hidden><a", "an attribute that is not", 14 },
        { "<p><a", "<p class=\"a\" class=\"b\"><a", "an attribute", 14 },
        { "<p><a", "<p class><a", "an attribute without a value", 14 },
        { "<p><a", "<p class=\"<b\"><a", "a \"<\" in a value", 14 },
        { "<p><a", "<p class=/x><a", "a value without quotes", 14 },
        { "<p><a", "<p class=\"a\"id=\"b\"><a", "a tag that is not", 14 },
        { "<p><a", "<p/><a", "a tag that is not written out", 14 },
        { "</html>\n", "</html", "an end of an element", 16 },
        { "</html>\n", "", "an element without an end", 0 },
        { "</html>\n", "</html><p class=\"x", "a quote without an end", 16 },
        { "</html>\n", "</html><p", "a tag that is not written out", 16 },
        { "</html>\n", "</html><", "an element that is not allowed", 16 },
        { "</html>\n", "</html></html>", "an end of an element", 16 },
        { "Policy</a></p>", "Policy</p></a>", "an end of an element", 14 },
        { "<title>T</title>", "", "no <title>", 0 },
        { " lang=\"en\"", "", "no language of the page", 2 },
        { "<title>", "<meta http-equiv=\"refresh\" content=\"0\"><title>",
          "an attribute that is not", 3 },
        { "<title>", "<meta name=\"referrer\" content=\"x\"><title>",
          "a meta element other than", 3 },
        { "<title>", "<meta charset=\"utf-7\"><title>", "a meta element", 3 },
        { "{{policy}}", "//evil.example/", "a link that leads elsewhere", 14 },
        { "{{policy}}", "https://evil.example/", "a link that leads", 14 },
        { "{{policy}}", "javascript:x", "a link that leads elsewhere", 14 },
        { "{{policy}}", "/\\evil.example", "a link that leads elsewhere", 14 },
        { "{{policy}}", "/&#47;evil.example", "a link that leads else", 14 },
        { "{{policy}}", "/privacy#top", NULL, 0 },
        { NULL, NULL, NULL, 0 }
    };

    (void) state;

    expect_all(changes);
}


/* an age is asked for, by a button of a class, with others beside it */

#define NONE  "<form id=\"n\" method=\"post\" action=\"{{action}}\"></form>"

#define AGE(class, form, buttons)                                             \
    "{{#age}}<form id=\"y\" method=\"post\" action=\"{{action}}/age\">"        \
    "</form>" form "<button form=\"y\"" class ">Go</button>" buttons          \
    "{{/age}}<p><a"


static void
test_dark_patterns(void **state)
{
    static const change_t  changes[] = {
        { "{{checked}}", "{{checked}} checked", "a box that is ticked", 7 },
        { "{{checked}}", "checked=\"\"", "a box that is ticked", 7 },
        { "{{checked}}", "", "a checkbox that does not show", 7 },
        { "{{checked}}", "{{checked.analytics}}", "a checkbox that does", 7 },
        { "p.{{name}}", "p.analytics", "a checkbox that is of no", 7 },
        { "value=\"1\"", "value=\"0\"", "a checkbox without value", 7 },
        { "checkbox", "hidden", "an input of a type other", 7 },
        { "<label>", "", "an input without a label", 7 },
        { "{{label}}</label>", "", "a section that ends within", 8 },
        { "<button form=\"a\"", "<button class=\"big\" form=\"a\"",
          "a button of another class", 12 },
        { "<button form=\"a\"", "<button style=\"x\" form=\"a\"",
          "an attribute that is not allowed", 11 },
        { "<button form=\"a\"", "<button id=\"x\" form=\"a\"",
          "an attribute that is not allowed", 11 },
        { "<button form=\"r\" name=\"reject\" value=\"all\">No</button>\n",
          "", "no button reject=all, of a form", 11 },
        { "<button form=\"s\" name=\"reject\" value=\"all\">Save</button>",
          "", "no button reject=all of the checkboxes", 11 },
        { "<button form=\"a\" name=\"accept\" value=\"all\">Yes</button>",
          "", "no button accept=all", 0 },
        { "</button>\n", "</button></p><p>\n",
          "no button reject=all, of a form", 11 },
        { "</button>\n", "</button>{{updated}}\n",
          "no button reject=all, of a form", 11 },
        { "</button>\n<button", "</button>{{#gpc}}<button",
          "a section without an end", 12 - 1 },
        { ">No</button>", "></button>", "a button without a text", 12 },
        { ">Yes</button>", "><b>Yes</b></button>", "an element that is", 11 },
        { "form=\"r\"", "form=\"x\"", "a button without a form", 12 },
        { "form=\"r\"", "form=\"r\" type=\"reset\"", "sends nothing", 12 },
        { "name=\"reject\"", "name=\"later\"", "a button that says", 12 },
        { "form=\"a\" name=\"accept\"", "form=\"s\" name=\"accept\"",
          "a button in the form of another", 11 },
        { "<p><a", "<p><button form=\"a\" name=\"accept\" value=\"all\">Yes"
          "</button><a", "a second button that accepts all", 14 },
        { "<p><a", "<p><button form=\"r\" name=\"reject\" value=\"all\">No"
          "</button><a", NULL, 0 },
        { "<form id=\"r\" method=\"post\" action=\"{{action}}\"></form>",
          "{{#gpc}}<form id=\"r\" method=\"post\" action=\"{{action}}\">"
          "</form>{{/gpc}}", "a button that is not always there", 12 },
        { "{{#purposes}}", "{{#gpc}}{{#purposes}}", "without an end", 7 },
        { "<p><a", "<p id=\"r\"><a", "an id that is there twice", 14 },
        { "method=\"post\"", "method=\"get\"", "a form without method", 6 },
        { "{{action}}", "/elsewhere", "a form that is not sent to", 6 },
        { "{{action}}", "{{action}}/age", "a form that is not sent to", 6 },
        { "<form id=\"a\"", "<form><form id=\"a\"", "a form without method",
          9 },
        { "{{#purposes}}<label>", "<input type=\"text\" name=\"year\">"
          "{{#purposes}}<label>", "an input other than", 7 },
        { "<p><a", "<input type=\"text\" name=\"year\"><p><a",
          "an input outside of a form", 14 },
        { "<p><a", "{{#age}}<form method=\"post\" action=\"{{action}}/age\">"
          "<input type=\"number\" name=\"year\" id=\"y\" required>"
          "<button>Go</button><button form=\"r\" name=\"reject\" "
          "value=\"all\">No</button></form>{{/age}}<p><a",
          "an input without a label", 14 },
        { "<p><a", "{{#age}}<form method=\"post\" action=\"{{action}}/age\">"
          "<label for=\"y\">Year</label>"
          "<input type=\"number\" name=\"year\" id=\"y\" required>"
          "<button>Go</button></form>{{/age}}<p><a",
          "no button reject=all of the same class right beside", 14 },
        { "<p><a", AGE("", NONE, "<button form=\"n\" name=\"reject\" "
                                 "value=\"all\">No</button>"), NULL, 0 },
        { "<p><a", AGE("", NONE, "<button form=\"n\" name=\"accept\" "
                                 "value=\"all\">Yes</button>"),
          "no button reject=all of the same class right beside", 14 },
        { "<p><a", AGE("", NONE, "<br><button form=\"n\" name=\"reject\" "
                                 "value=\"all\">No</button>"),
          "no button reject=all of the same class right beside", 14 },
        { "<p><a", AGE(" class=\"big\"", NONE,
                       "<button form=\"n\" name=\"reject\" "
                       "value=\"all\">No</button>"),
          "no button reject=all of the same class right beside", 14 },
        { "<p><a", AGE("", "", "<button form=\"r\" name=\"reject\" "
                               "value=\"all\">No</button>"), NULL, 0 },
        { "<p><a", AGE("", "{{#gpc}}" NONE "{{/gpc}}",
                       "<button form=\"n\" name=\"reject\" "
                       "value=\"all\">No</button>"),
          "no button reject=all of the same class right beside", 14 },
        { "<p><a", "{{#age}}<form method=\"post\" action=\"{{action}}/age\">"
          "<label>Year"
          "<input type=\"number\" name=\"year\" value=\"1980\"></label>"
          "<button>Go</button></form>{{/age}}<p><a",
          "an input other than an empty month", 14 },
        { NULL, NULL, NULL, 0 }
    };

    (void) state;

    expect_all(changes);
}


static void
test_style(void **state)
{
    size_t             i;
    xpecto_page_err_t  err;

    static const char *const  fine[] = {
        "", " ", "a{}", "button{color:#fff}", ".a .b>c,d{color:red}",
        "@media (max-width:30em){a{color:red}d{color:red}}g{color:red}",
        ":root{--a:#123}*{color:var(--a)}", "a{color:red;;}",
        "button:hover,a:focus-visible{color:rgb(0 0 0/.5)}",
        "a{font:600 .9rem/1.5 \"Noto Sans\",sans-serif}", "a{margin:0 auto}",
        "a{border:1px solid var(--a);padding:.25rem 4rem}",
        "a{box-shadow:0 -2px 8px #0003}", "a{width:1.25rem;height:auto}",
        "a{max-width:100%;min-width:8rem;flex:1 1 auto}",
        ".r{display:grid;grid-template-columns:1fr 1fr 1fr}",
        ".r{grid-template-columns:repeat(auto-fit, minmax(8rem, 1fr))}",
        "p label,label.x{grid-template-columns:2rem 1fr}",
        ".r{position:sticky;bottom:0}", "a{color:red!important}",
        "a{line-height:1.25;font-size:120%}", "a{flex:none}",
        ":root{--f:\"A B\",serif}", "a{letter-spacing:.02em}",
        "html{-webkit-text-size-adjust:100%}", NULL
    };

    static const char *const  wrong[] = {
        "button[value]{x:y}", "#r{x:y}", "button+button{x:y}",
        "button~button{x:y}", "button:nth-child(2){x:y}",
        "button:first-of-type{x:y}", "button:not(.a){x:y}",
        "a:has(b){x:y}", "button:lang(en){x:y}", "button::after{x:y}",
        "@import \"x\";a{}", "@import url(x);", "@font-face{src:x}",
        "@media x{@media y{}}", "@mediax{a{}}", "@media x;y{a{b:c}}",
        "a{background:url(x)}", "a{background:URL(x)}",
        "a{background:image-set(x)}", "a{b:attr(c)}", "a{b:\\75rl(x)}",
        "a{/* */}", "a{b:c", "a", "}", "a{b{c:d}}", "a{b{c:d}",
        "@media x{a{b:c}",
        "@media x{@media y{a{b:c}}",
        "a{x:y;</style>}", "a{color}",

        /* what hides, shrinks, covers or moves away */

        "a{display:none}", "a{display:contents}", "a{display:var(--a)}",
        "a{DISPLAY:none}", "a{visibility:hidden}", "a{opacity:0}",
        "a{content-visibility:hidden}", "a{filter:blur(9px)}",
        "a{clip:rect(0 0 0 0)}", "a{clip-path:inset(50%)}",
        "a{mask:none}", "a{transform:scale(0)}", "a{scale:0}",
        "a{translate:-99vw}", "a{rotate:90deg}", "a{zoom:.1}",
        "a{position:absolute}", "a{position:fixed}", "a{position:relative}",
        "a{top:-9rem}", "a{bottom:1px}", "a{left:0}", "a{inset:0}",
        "a{z-index:1}", "a{float:left}", "a{order:2}", "a{grid-area:1/1}",
        "a{grid-column:9}", "a{grid-row:1}", "a{overflow:hidden}",
        "a{text-overflow:clip}", "a{white-space:nowrap}",
        "a{pointer-events:none}", "a{user-select:none}",
        "a{text-indent:-99rem}", "a{direction:rtl}", "a{all:unset}",
        "a{appearance:none}", "a{animation:x 1s}", "a{content:\"x\"}",
        "a{font-size:0}", "a{font-size:.5rem}", "a{font-size:11px}",
        "a{font-size:.9em}", "a{font-size:50%}", "a{font-size:1vw}",
        "a{font-size:xx-small}", "a{font-size:calc(1rem*0)}",
        "a{font:.1px/1 x}", "a{font:1rem/.1 x}", "a{font:400 9px x}",
        "a{line-height:0}", "a{line-height:.5}", "a{width:0}",
        "a{width:1px}", "a{height:.5rem}", "a{max-width:9%}",
        "a{max-height:0px}", "a{width:calc(1px)}", "a{width:var(--w)}",
        "a{min-width:100vw}", "a{min-width:30rem}", "a{flex:0 0 100%}",
        "a{margin:-1px}", "a{margin-left:99rem}", "a{padding:65px}",
        "a{gap:100vw}", "a{margin:5}", "a{padding:calc(9rem*9)}",
        "a{border:999px solid}", "a{outline:999px solid red}",
        "a{box-shadow:0 0 0 99rem red}", "a{letter-spacing:-1em}",
        "a{text-decoration:line-through 99px red}",
        "html{-webkit-text-size-adjust:1%}",
        ".r{grid-template-columns:9fr 1fr}",
        ".r{grid-template-columns:repeat(2,9fr 1fr)}",
        ".r{grid-template-columns:1fr repeat(2,1fr)}",
        ".r{grid-template-columns:repeat(1,1fr) repeat(1,1fr)}",
        ".r{grid-template-columns:1px 1px}", ".r{grid-template-columns:0fr}",
        "label .r{grid-template-columns:9fr 1fr}",
        "label,.r{grid-template-columns:9fr 1fr}",
        "labels{grid-template-columns:9fr 1fr}",
        ":root{--a:0px}", ":root{--a:calc(0)}", ":root{--a:var(--b,0px)}",
        "a{color:var(--a}", "a{color:rgb(0}b{color:red)}",
        "a{font-family:\"a;b\"}", "a{font-family:'a}b{color:red}'",
        "a{color:red !x}", "a{color:red\001}", NULL
    };

    (void) state;

    for (i = 0; fine[i] != NULL; i++) {
        if (xpecto_page_style(u8(fine[i]), strlen(fine[i]), &err)
            != XPECTO_OK)
        {
            print_error("%s: %s\n", fine[i], err.text);
            fail();
        }
    }

    for (i = 0; wrong[i] != NULL; i++) {
        if (xpecto_page_style(u8(wrong[i]), strlen(wrong[i]), &err)
            == XPECTO_OK)
        {
            print_error("%s: accepted\n", wrong[i]);
            fail();
        }
    }
}


static void
test_purposes(void **state)
{
    char               *p, src[8192];
    unsigned            n;
    xpecto_str_t        style, name;
    xpecto_page_err_t   err;

    (void) state;

    /* each by hand */

    p = src + sprintf(src, "%.*s", (int) (strstr(good, "{{#p") - good), good);

    for (n = 1; n < 14; n++) {
        name = xpecto_purpose_name(n);
        p += sprintf(p, "<label><input type=\"checkbox\" name=\"p.%.*s\" "
                     "value=\"1\" {{checked.%.*s}}>x</label>\n",
                     (int) name.len, (const char *) name.data,
                     (int) name.len, (const char *) name.data);
    }

    strcpy(p, strstr(good, "</form>"));

    assert_int_equal(xpecto_page_check(u8(src), strlen(src), ASKED, &style,
                                       &err), XPECTO_OK);
    assert_int_equal(style.len, strlen("button{color:red}"));

    /* one more in use, one less */

    assert_int_equal(xpecto_page_check(u8(src), strlen(src), ASKED | 0x8000,
                                       &style, &err), XPECTO_ERROR);
    assert_string_equal(err.text, "no checkbox of the purpose");
    assert_memory_equal(err.word.data, "custom", 6);
    assert_int_equal(err.line, 0);

    assert_int_equal(xpecto_page_check(u8(src), strlen(src), ASKED & ~8,
                                       &style, &err), XPECTO_ERROR);
    assert_memory_equal(err.word.data, "analytics", 9);

    /* the same twice */

    memcpy(strstr(src, "p.profiling"), "p.analytics", 11);
    memcpy(strstr(src, "checked.profiling"), "checked.analytics", 17);

    assert_int_equal(xpecto_page_check(u8(src), strlen(src), ASKED, &style,
                                       &err), XPECTO_ERROR);
    assert_int_equal(err.line, 19);
}


static void
expect_page(const char *src, const xpecto_page_facts_t *facts,
    const char *expected)
{
    char                 out[256];
    size_t               n;
    xpecto_page_t        page;
    xpecto_page_err_t    err;
    xpecto_page_part_t   parts[32];

    assert_true(xpecto_page_parts(u8(src), strlen(src)) <= 32);
    assert_int_equal(xpecto_page_compile(&page, parts, u8(src), strlen(src),
                                         &err), XPECTO_OK);

    n = xpecto_page_render(&page, facts, (uint8_t *) out, sizeof(out) - 1);
    assert_true(n < sizeof(out));
    out[n] = '\0';

    assert_string_equal(out, expected);

    /* no more than there is room for */

    memset(out, 'X', sizeof(out));
    assert_int_equal(xpecto_page_render(&page, facts, (uint8_t *) out, n / 2),
                     n);
    assert_memory_equal(out, expected, n / 2);
    assert_int_equal(out[n / 2], 'X');
}


static void
test_render(void **state)
{
    xpecto_page_facts_t  facts;

    (void) state;

    memset(&facts, 0, sizeof(xpecto_page_facts_t));

    facts.asked = 0x0018;
    facts.values[XPECTO_PAGE_ACTION] = str("/c");

    expect_page("", &facts, "");
    expect_page("a{b}{c", &facts, "a{b}{c");
    expect_page("<{{action}}>", &facts, "</c>");
    expect_page("[{{return}}]", &facts, "[]");
    expect_page("{{#purposes}}{{name}};{{/purposes}}", &facts,
                "analytics;ad_storage;");
    expect_page("{{#gpc}}a{{/gpc}}{{^gpc}}b{{/gpc}}", &facts, "b");

    facts.flags = XPECTO_PAGE_GPC | XPECTO_PAGE_CHOSEN;
    facts.chosen = 0x0008;
    facts.granted = 0x0010;

    expect_page("{{#gpc}}a{{/gpc}}{{^gpc}}b{{/gpc}}"
                "{{#chosen}}{{#void}}c{{/void}}{{^void}}d{{/void}}{{/chosen}}",
                &facts, "ad");
    expect_page("{{#purposes}}{{checked}}{{#refused}}-{{/refused}}"
                "{{#presumed}}+{{/presumed}}{{^gpc}}x{{/gpc}};{{/purposes}}",
                &facts, "checked-;+;");

    facts.chosen = 0x0018;

    expect_page("{{#purposes}}{{checked}}{{#refused}}-{{/refused}}"
                "{{#presumed}}+{{/presumed}};{{/purposes}}",
                &facts, "checked-;checked;");

    /* who would tick it in vain is told before */

    facts.chosen = 0;
    facts.granted = 0;
    facts.barred = 0x0010;

    expect_page("{{#purposes}}{{checked}}{{#refused}}-{{/refused}}"
                "{{#presumed}}+{{/presumed}};{{/purposes}}",
                &facts, ";-;");

    facts.chosen = 0x0008;

    expect_page("{{checked.analytics}},{{checked.ad_storage}}", &facts,
                "checked,");

    /* what the visitor's request says is never markup */

    facts.values[XPECTO_PAGE_RETURN] = str("/\"><script>'&amp;");

    expect_page("{{return}}", &facts, "<input type=\"hidden\" name=\"return\" "
                "value=\"/&quot;&gt;&lt;script&gt;&#39;&amp;amp;\">");

    facts.asked = 0;
    expect_page("a{{#purposes}}{{name}};{{/purposes}}b", &facts, "ab");
}


static void
test_default(void **state)
{
    unsigned              n;
    xpecto_str_t          style;
    xpecto_page_t         page;
    xpecto_page_err_t     err;
    xpecto_page_part_t    parts[256];
    xpecto_page_facts_t   facts;

    (void) state;

    n = (unsigned) strlen(xpecto_page_default);

    assert_true(xpecto_page_parts(u8(xpecto_page_default), n) <= 256);
    assert_int_equal(xpecto_page_compile(&page, parts,
                                         u8(xpecto_page_default), n, &err),
                     XPECTO_OK);

    if (xpecto_page_check(u8(xpecto_page_default), n, ASKED, &style, &err)
        != XPECTO_OK)
    {
        print_error("%s, line %u\n", err.text, (unsigned) err.line);
        fail();
    }

    memset(&facts, 0, sizeof(xpecto_page_facts_t));

    facts.asked = ASKED | 0x8000;
    facts.values[XPECTO_PAGE_ACTION] = str("/.xpecto/consent");
    facts.values[XPECTO_PAGE_POLICY] = str("/privacy");
    facts.values[XPECTO_PAGE_UPDATED] = str("2026-03-01");
    facts.values[XPECTO_PAGE_EXPIRES] = str("2026-03-01");
    facts.values[XPECTO_PAGE_NEED] = str("Personal advertising");

    assert_true(xpecto_page_longest(&page, &facts) <= XPECTO_PAGE_SIZE);

    /* the longest is one with a note at each purpose */

    facts.chosen = facts.asked;
    facts.flags = XPECTO_PAGE_CHOSEN | XPECTO_PAGE_VOID | XPECTO_PAGE_GRANTED
                  | XPECTO_PAGE_GPC | XPECTO_PAGE_NEEDED;

    assert_int_equal(xpecto_page_render(&page, &facts, NULL, 0),
                     xpecto_page_longest(&page, &facts));

    /* which purpose is which: no two are called the same */

    for (n = 1; n < XPECTO_PURPOSES; n++) {
        assert_string_not_equal(xpecto_page_label(n - 1),
                                xpecto_page_label(n));
        assert_string_not_equal(xpecto_page_sentence(n - 1),
                                xpecto_page_sentence(n));
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_placeholders),
        cmocka_unit_test(test_html),
        cmocka_unit_test(test_dark_patterns),
        cmocka_unit_test(test_style),
        cmocka_unit_test(test_purposes),
        cmocka_unit_test(test_render),
        cmocka_unit_test(test_default)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
