
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "xpecto_consent.h"
#include "xpecto_cookie.h"
#include "xpecto_random.h"


static xpecto_str_t str(const char *text);
static uint16_t purposes(const char *name);


#define STATS   XPECTO_PURPOSE_BIT(XPECTO_PURPOSE_ANALYTICS)
#define ADS     XPECTO_PURPOSE_BIT(XPECTO_PURPOSE_AD_STORAGE)
#define REPLAY  XPECTO_PURPOSE_BIT(XPECTO_PURPOSE_SESSION_REPLAY)
#define OTHER   XPECTO_PURPOSE_BIT(XPECTO_PURPOSE_CUSTOM)

#define ALL     0xbffe

#define NOW     1795341600              /* 2026-11-22T10:00:00Z */


static const struct {
    const char  *name;
    unsigned     purposes;
} lookups[] = {
    { "_ga", STATS },
    { "_ga_ABC123", STATS },
    { "_ga_", 0 },                      /* at least one more */
    { "_gateway", 0 },                  /* "_gat" is not "_gat*" */
    { "_gat", STATS },
    { "_gat_UA-1", STATS },
    { "_GA", 0 },
    { "my_ga", 0 },
    { "_g", 0 },
    { "", 0 },
    { "_fbp", ADS },
    { "_fbpx", 0 },
    { "_clck", STATS | REPLAY },
    { "_hjSessionUser_123", REPLAY },
    { "_hj", 0 },
    { "_pk_id", STATS },
    { "_pk_id.1.1fff", STATS },
    { "_opt_in", 0 },
    { "mp_abc_mixpanel", 0 },
    { "ph_key_posthog", 0 },
    { "sessionid", 0 },
    { "token", 0 },
    { "cebsp_", STATS },
    { "intercom-id-x", XPECTO_PURPOSE_BIT(XPECTO_PURPOSE_FUNCTIONAL) },
    { "_dd_s", XPECTO_PURPOSE_BIT(XPECTO_PURPOSE_DIAGNOSTICS) },

    /* kept */

    { "euconsent-v2", 0 },
    { "__gpi", ADS },
    { "__gpi_optout", 0 },
    { "usercentrics_x", 0 },
    { "_vis_opt_s", STATS },
    { "_vis_opt_out", 0 },
    { "__hs_opt_out", 0 },

    /* the operator's own */

    { "shop_ref", OTHER },
    { "shop_ref2", 0 },
    { "shop-x", OTHER },
    { "shop-", 0 },
    { "shop-keep", 0 },
    { "_gid", STATS | OTHER },
    { "_ym_keep_1", 0 },
    { "_ym_keep_", STATS },
    { "_ym_uid", STATS }
};


/* a request with consent to nothing but "refused" says */

static const struct {
    const char  *line;
    unsigned     refused;
    const char  *expected;
    unsigned     stripped;
} filters[] = {
    { "a=1; b=2", ALL, "a=1; b=2", 0 },
    { "_ga=1", ALL, "", 1 },
    { "_ga=1", ALL & ~STATS, "_ga=1", 0 },
    { "_ga=1; a=1", ALL, "a=1", 1 },
    { "a=1; _ga=1", ALL, "a=1", 1 },
    { "a=1; _ga=1; b=2", ALL, "a=1; b=2", 1 },
    { "a=1; _ga=1; _ga=2; _ga_X=3; b=2", ALL, "a=1; b=2", 3 },
    { "a=1;_ga=1;b=2", ALL, "a=1; b=2", 1 },
    { "a=1;b=2;_ga=1", ALL, "a=1;b=2", 1 },
    { "a=1 ; \t _ga = x ; b=2 ;", ALL, "a=1; b=2", 1 },
    { ";;a=1;;", ALL, ";;a=1;;", 0 },
    { ";;_ga=1;;", ALL, "", 1 },
    { "a=1; b=1; c=1; d=1; e=1; f=1; _ga=1; g=1; h=1; i=1; j=1; k=1; l=1; "
      "m=1; n=1; o=1; _ga=1; p=1; xpc=1; q=1", ALL,
      "a=1; b=1; c=1; d=1; e=1; f=1; g=1; h=1; i=1; j=1; k=1; l=1; "
      "m=1; n=1; o=1; p=1; q=1", 2 },
    { "_ga", ALL, "_ga", 0 },           /* a value without a name */
    { "=_ga", ALL, "=_ga", 0 },
    { "_ga=", ALL, "", 1 },
    { "x=_ga=1; _ga==", ALL, "x=_ga=1", 1 },
    { "a=\"1; _ga=2\"; b=3", ALL, "a=\"1; b=3", 1 },
    { "a=\xc3\xa9\x01; _ga=1", ALL, "a=\xc3\xa9\x01", 1 },
    { "a=1; xpc=token; b=2", 0, "a=1; b=2", 0 },
    { "xpc=token", 0, "", 0 },
    { "xpc=token; a=1; b=2", 0, "a=1; b=2", 0 },
    { "a=1; b=2; xpc=token", 0, "a=1; b=2", 0 },
    { "a=1; _ga=1; xpc=token", ALL & ~STATS, "a=1; _ga=1", 0 },
    { "a=1; xpc=token; b=2 ", 0, "a=1; b=2", 0 },
    { "a=1;xpc=token; b=2; c=3", 0, "a=1; b=2; c=3", 0 },
    { "a=1; xpc=1; xpc=1; b=2", 0, "a=1; b=2", 0 },
    { "a=1; b=1; c=1; d=1; e=1; f=1; g=1; h=1; i=1; j=1; k=1; l=1; m=1; "
      "xpc=1; n=1; o=1; p=1", 0,
      "a=1; b=1; c=1; d=1; e=1; f=1; g=1; h=1; i=1; j=1; k=1; l=1; m=1; "
      "n=1; o=1; p=1", 0 },
    { "xpc=token; _ga=1; a=b", ALL, "a=b", 1 },
    { "xpcs=1; XPC=2", ALL, "xpcs=1; XPC=2", 0 },
    { "_clck=1; a=2", REPLAY, "a=2", 1 },
    { "_clck=1; a=2", STATS, "a=2", 1 },
    { "_clck=1; a=2", ADS, "_clck=1; a=2", 0 },
    { "  a=1  ", ALL, "  a=1  ", 0 },
    { "", ALL, "", 0 }
};


/* 1: deletes */

static const struct {
    const char  *line;
    const char  *name;
    int          deletes;
} sets[] = {
    { "_ga=1", "_ga", 0 },
    { "_ga=1; Max-Age=0", "_ga", 1 },
    { "_ga=; max-age=0", "_ga", 1 },
    { "_ga=1; Max-Age=-1", "_ga", 1 },
    { "_ga=1; Max-Age=00", "_ga", 1 },
    { "_ga=1; Max-Age=1", "_ga", 0 },
    { "_ga=1; Max-Age=", "_ga", 0 },
    { "_ga=1; Max-Age=-", "_ga", 0 },
    { "_ga=1; Max-Age=0x", "_ga", 0 },
    { "_ga=1; Max-Age=+0", "_ga", 0 },
    { "_ga=1; Max-Age=0; Max-Age=10", "_ga", 0 },
    { "_ga=1; Max-Age=10; Max-Age=0", "_ga", 1 },
    { "_ga=1; Max-Age=0; Max-Age=x", "_ga", 1 },
    { " _ga =1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "_ga", 1 },
    { "_ga=1;expires=Sun, 22 Nov 2026 10:00:00 GMT", "_ga", 1 },
    { "_ga=1;expires=Sun, 22 Nov 2026 10:00:01 GMT", "_ga", 0 },
    { "_ga=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=10", "_ga", 0 },
    { "_ga=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT; Max-Age=0", "_ga", 1 },
    { "_ga=1; Expires=nonsense", "_ga", 0 },
    { "_ga=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Expires=x", "_ga", 1 },
    { "_ga=Max-Age=0", "_ga", 0 },
    { "_ga=1, b=2; Secure; HttpOnly", "_ga", 0 },
    { "_ga", "", 0 },
    { "=1; Max-Age=0", "", 1 },
    { "=_ga=1", "_ga", 0 },
    { " = _ga = 1; Path=/", "_ga", 0 },
    { "=_ga=1; Max-Age=0", "_ga", 1 },
    { "==_ga=1", "", 0 },
    { "=_ga", "", 0 },
    { "=", "", 0 },
    { "=; a=1", "", 0 },
    { "", "", 0 },
    { "; Max-Age=0", "", 1 },
    { "_ga=1; XMax-Age=0; Max-Agex=0", "_ga", 0 }
};


/* RFC 6265, 5.1.1; the seconds are those of Python's calendar.timegm() */

static const struct {
    const char  *text;
    int          valid;
    int64_t      time;
} dates[] = {
    { "Thu, 01 Jan 1970 00:00:00 GMT", 1, 0 },
    { "Sun, 06 Nov 1994 08:49:37 GMT", 1, 784111777 },
    { "Sunday, 06-Nov-94 08:49:37 GMT", 1, 784111777 },
    { "Sun Nov  6 08:49:37 1994", 1, 784111777 },
    { "1994-Nov-06", 0, 0 },
    { "Fri, 07 Aug 2009 15:04:19 GMT", 1, 1249657459 },
    { "7 AUGUST 09 15:4:19", 1, 1249657459 },
    { "Aug 7th 2009 15:04:19z", 1, 1249657459 },
    { "Mon, 31 Dec 2012 23:59:59 GMT", 1, 1356998399 },
    { "Mon, 31 Dec 2012 23:59:60 GMT", 0, 0 },
    { "Mon, 31 Dec 2012 24:00:00 GMT", 0, 0 },
    { "Mon, 31 Dec 2012 23:60:00 GMT", 0, 0 },
    { "29 Feb 2000 00:00:00", 1, 951782400 },
    { "29 Feb 2001 00:00:00", 0, 0 },
    { "29 Feb 2100 00:00:00", 0, 0 },
    { "31 Apr 2012 00:00:00", 0, 0 },
    { "0 Jan 2012 00:00:00", 0, 0 },
    { "32 Jan 2012 00:00:00", 0, 0 },
    { "1 Jan 69 00:00:00", 1, 3124224000LL },
    { "1 Jan 70 00:00:00", 1, 0 },
    { "1 Jan 1601 00:00:00", 1, -11644473600LL },
    { "1 Jan 1600 00:00:00", 0, 0 },
    { "1 Jan 100 00:00:00", 0, 0 },
    { "1 Jan 20120 00:00:00", 0, 0 },
    { "1 Jan 2012", 0, 0 },
    { "Jan 2012 00:00:00", 0, 0 },
    { "1 2012 00:00:00", 0, 0 },
    { "1 Jan 00:00:00", 0, 0 },
    { "1 Jan 2012 00:00", 0, 0 },
    { "1 Jan 2012 00:00:000", 0, 0 },
    { "1 Jan 2012 000:00:00", 0, 0 },
    { "", 0, 0 }
};


static xpecto_cookie_node_t   nodes[4096];
static xpecto_cookie_names_t  names;


static int
setup(void **state)
{
    size_t        i;
    xpecto_rc_e   rc;
    xpecto_str_t  pattern;

    static const xpecto_cookie_tracker_t  own[] = {
        { "shop_ref", OTHER },
        { "shop-*", OTHER },
        { "_gid", OTHER },
        { "shop-keep", 0 },
        { "_ym_keep_*", 0 }
    };

    (void) state;

    xpecto_cookie_names_init(&names, nodes, 4096);

    for (i = 0; i < xpecto_cookie_ntrackers; i++) {
        pattern = str(xpecto_cookie_trackers[i].pattern);
        rc = xpecto_cookie_names_add(&names, pattern.data, pattern.len,
                                     xpecto_cookie_trackers[i].purposes);

        if (rc != XPECTO_OK) {
            return -1;
        }
    }

    for (i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
        pattern = str(own[i].pattern);
        rc = xpecto_cookie_names_add(&names, pattern.data, pattern.len,
                                     own[i].purposes);

        if (rc != XPECTO_OK) {
            return -1;
        }
    }

    return 0;
}


static xpecto_str_t
str(const char *text)
{
    xpecto_str_t  s;

    s.data = (const uint8_t *) text;
    s.len = strlen(text);

    return s;
}


static uint16_t
purposes(const char *name)
{
    xpecto_str_t  s;

    s = str(name);

    return xpecto_cookie_purposes(&names, &s);
}


static void
names_and_purposes(void **state)
{
    size_t  i;

    (void) state;

    for (i = 0; i < sizeof(lookups) / sizeof(lookups[0]); i++) {

        if (purposes(lookups[i].name) != lookups[i].purposes) {
            print_message("# %s\n", lookups[i].name);
        }

        assert_int_equal(purposes(lookups[i].name), lookups[i].purposes);
    }
}


/* each pattern of the list means what it says, and is there once */

static void
list_holds_together(void **state)
{
    char    name[64];
    size_t  i, j, len;

    (void) state;

    assert_in_range(xpecto_cookie_ntrackers, 100, 1000);
    assert_in_range(names.n, 2, xpecto_cookie_trackers_nodes() + 40);

    for (i = 0; i < xpecto_cookie_ntrackers; i++) {
        (void) snprintf(name, sizeof(name), "%s",
                        xpecto_cookie_trackers[i].pattern);

        len = strlen(name);

        if (name[len - 1] == '*') {
            name[len - 1] = 'x';
        }

        if (xpecto_cookie_trackers[i].purposes == 0) {
            assert_int_equal(purposes(name), 0);

        } else {
            assert_int_equal(purposes(name)
                             & xpecto_cookie_trackers[i].purposes,
                             xpecto_cookie_trackers[i].purposes);
        }

        for (j = 0; j < i; j++) {
            assert_string_not_equal(xpecto_cookie_trackers[i].pattern,
                                    xpecto_cookie_trackers[j].pattern);
        }
    }
}


static void
patterns_refused(void **state)
{
    size_t                  i;
    xpecto_str_t            pattern;
    xpecto_cookie_node_t    few[4];
    xpecto_cookie_names_t   small;

    static const char *const  bad[] = {
        "", "*", "a*", "a*b", "ab**", "a b", "a=b", "a;b", "a,b", "a\"b",
        "\xc3\xa9", "a\tb", "a/b"
    };

    (void) state;

    xpecto_cookie_names_init(&small, few, 4);

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        pattern = str(bad[i]);
        assert_int_equal(xpecto_cookie_names_add(&small, pattern.data,
                                                 pattern.len, 1),
                         XPECTO_DECLINED);
    }

    pattern = str("abc");
    assert_int_equal(xpecto_cookie_names_add(&small, pattern.data, 3, 1),
                     XPECTO_OK);
    assert_int_equal(xpecto_cookie_purposes(&small, &pattern), 1);

    pattern = str("abd");
    assert_int_equal(xpecto_cookie_names_add(&small, pattern.data, 3, 1),
                     XPECTO_ERROR);
    assert_int_equal(xpecto_cookie_purposes(&small, &pattern), 0);
}


static void
request_lines(void **state)
{
    size_t                 i, len;
    uint8_t                out[128];
    unsigned               stripped;
    xpecto_str_t           own, line, other;
    xpecto_cookie_scan_t   s, known;

    (void) state;

    own = str("xpc");

    /* without what a scan remembers, with it, and of another such line */

    for (i = 0; i < 3 * sizeof(filters) / sizeof(filters[0]); i++) {
        line = str(filters[i / 3].line);
        stripped = 0;

        memset(&s, 0, sizeof(s));

        if (i % 3 == 1) {
            xpecto_cookie_scan(&names, &own, &line, &s);
        }

        if (i % 3 == 2) {
            memset(&known, 0, sizeof(known));
            memcpy(out, line.data, line.len);

            other.data = out;
            other.len = line.len;

            xpecto_cookie_scan(&names, &own, &other, &known);
            xpecto_cookie_scan_copy(&s, &known, &line);
            assert_true(!s.own || s.value.data - line.data
                                  == known.value.data - other.data);
        }

        memset(out, 'x', sizeof(out));
        len = xpecto_cookie_filter(&names, &own, &s,
                                   (uint16_t) filters[i / 3].refused, &line,
                                   out, &stripped);

        if (len != strlen(filters[i / 3].expected)) {
            print_message("# %s\n", filters[i / 3].line);
        }

        assert_int_equal(len, strlen(filters[i / 3].expected));
        assert_memory_equal(out, filters[i / 3].expected, len);
        assert_int_equal(stripped, filters[i / 3].stripped);
        assert_int_equal(out[line.len], 'x');

        /* in its own place, with a scan and without one */

        memset(&s, 0, sizeof(s));
        memcpy(out, line.data, line.len);

        other.data = out;
        other.len = line.len;

        if (i % 3 != 0) {
            xpecto_cookie_scan(&names, &own, &other, &s);
        }

        assert_int_equal(xpecto_cookie_filter(&names, &own, &s,
                                       (uint16_t) filters[i / 3].refused,
                                       &other, out, &stripped),
                         len);
        assert_memory_equal(out, filters[i / 3].expected, len);
        assert_int_equal(out[line.len], 'x');
    }
}


static void
scan(void **state)
{
    xpecto_str_t           own, line;
    xpecto_cookie_scan_t   s;

    (void) state;

    own = str("xpc");

    memset(&s, 0, sizeof(s));
    line = str("a=1; _ga=2; _fbp=3; xpc= token ; b=4");
    xpecto_cookie_scan(&names, &own, &line, &s);
    assert_int_equal(s.purposes, STATS | ADS);
    assert_int_equal(s.own, 1);
    assert_int_equal(s.value.len, 5);
    assert_memory_equal(s.value.data, "token", 5);

    line = str("xpc=token");
    xpecto_cookie_scan(&names, &own, &line, &s);
    assert_int_equal(s.own, 2);
    assert_int_equal(s.differ, 0);

    line = str("xpc=tokem");
    xpecto_cookie_scan(&names, &own, &line, &s);
    assert_int_equal(s.own, 3);
    assert_int_equal(s.differ, 1);

    memset(&s, 0, sizeof(s));
    line = str("a=1; xpc; b=2");
    xpecto_cookie_scan(&names, &own, &line, &s);
    assert_int_equal(s.own, 0);
    assert_int_equal(s.purposes, 0);
}


/* lines as browsers write them, and with a piece somewhere that they do not */

static void
quick_as_any(void **state)
{
    size_t                 len, n;
    uint8_t                text[1400], *p;
    unsigned               i, k, odd, plain, pairs;
    xpecto_str_t           own, line, piece;
    xpecto_cookie_scan_t   quick, any;

    static const char *const  pieces[] = {
        "_ga=1", "_ga_X=a=b", "_ga", "_gcl_au", "_gcl_au=1", "_gcl_=x",
        "xpc=token", "xpc=tokem", "xpc=", "xpc", "xpcx=1", "=v", "a", "a=",
        "sid=0123456789abcdef0123456789abcdef", "axeptio_x=1", "_fbp=fb.1"
    };

    static const char *const  odds[] = {
        " ", ";", "\t", "; ", " ;", "", "= ", "a b=1", "xpc =token", ";;"
    };

    (void) state;

    own = str("xpc");
    plain = 0;

    for (i = 0; i < 60000; i++) {
        pairs = random_below(60) + 1;
        odd = (i % 3 == 0) ? random_below(pairs) : pairs;
        len = 0;

        for (k = 0; k < pairs && len < 1200; k++) {

            if (k != 0) {
                memcpy(text + len, "; ", 2);
                len += 2;
            }

            piece = str(pieces[random_below(sizeof(pieces)
                                            / sizeof(pieces[0]))]);
            memcpy(text + len, piece.data, piece.len);
            len += piece.len;

            if (k == odd) {
                piece = str(odds[random_below(sizeof(odds)
                                              / sizeof(odds[0]))]);
                memcpy(text + len, piece.data, piece.len);
                len += piece.len;
            }
        }

        /* a buffer of its own, and an end anywhere */

        n = (i % 5 == 0) ? random_below((unsigned) len + 1) : len;
        p = malloc(n + !n);
        assert_non_null(p);
        memcpy(p, text, n);

        line.data = p;
        line.len = n;

        memset(&quick, 0, sizeof(quick));
        memset(&any, 0, sizeof(any));

        xpecto_cookie_scan(&names, &own, &line, &quick);
        xpecto_cookie_scan_any(&names, &own, &line, &any);

        assert_memory_equal(&quick, &any, sizeof(any));

        plain += any.plain;

        free(p);
    }

    assert_in_range(plain, 5000, 55000);
}


static void
own_is_last(void **state)
{
    size_t                 i, len;
    xpecto_str_t           own, line;
    xpecto_cookie_scan_t   s;

    /* -1: our cookie cannot go by its length alone */

    static const struct {
        const char  *line;
        int          len;
    } lines[] = {
        { "xpc=1", 0 },
        { "a=1; xpc=1", 3 },
        { "a=1; b; xpc=", 6 },
        { "xpc=1; a=1", -1 },
        { "a=1; xpc=1; b=2", -1 },
        { "xpc=1; xpc=1", -1 },
        { "a=1;xpc=1", -1 },
        { "a=1; xpc=1;", -1 },
        { "a=1; xpc=1 ", -1 },
        { " a=1; xpc=1", -1 },
        { "a=1;  xpc=1", -1 },
        { "a=1; xpc", -1 },
        { "a=1", -1 },
        { "", -1 },
        { "1; 2; 3; 4; 5; 6; 7; 8; 9; 10; 11; xpc=1", 33 },
        { "1; 2; 3; 4; 5; 6; 7; 8; 9; 10; 11; 12; xpc=1", -1 }
    };

    (void) state;

    own = str("xpc");

    for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        memset(&s, 0, sizeof(s));
        line = str(lines[i].line);
        len = 99;

        xpecto_cookie_scan(&names, &own, &line, &s);

        assert_int_equal(xpecto_cookie_own_is_last(&s, &len),
                         lines[i].len != -1);

        if (lines[i].len != -1) {
            assert_int_equal(len, lines[i].len);
        }
    }
}


static void
set_cookie_lines(void **state)
{
    char          line[2048];
    size_t        i;
    xpecto_str_t  s, name;

    (void) state;

    for (i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
        s = str(sets[i].line);
        name = xpecto_cookie_set_name(&s);

        if (xpecto_cookie_set_deletes(&s, NOW) != sets[i].deletes) {
            print_message("# %s\n", sets[i].line);
        }

        assert_int_equal(name.len, strlen(sets[i].name));
        assert_memory_equal(name.data, sets[i].name, name.len);
        assert_int_equal(xpecto_cookie_set_deletes(&s, NOW), sets[i].deletes);
    }

    /* a browser leaves out an attribute of more than 1024 bytes */

    (void) snprintf(line, sizeof(line), "_ga=1; Max-Age=%01024d", 0);
    s = str(line);
    assert_int_equal(xpecto_cookie_set_deletes(&s, NOW), 1);

    (void) snprintf(line, sizeof(line), "_ga=1; Max-Age=%01025d", 0);
    s = str(line);
    assert_int_equal(xpecto_cookie_set_deletes(&s, NOW), 0);
}


static void
cookie_dates(void **state)
{
    size_t        i;
    int64_t       time;
    xpecto_rc_e   rc;
    xpecto_str_t  s;

    (void) state;

    for (i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
        s = str(dates[i].text);
        rc = xpecto_cookie_date(s.data, s.len, &time);

        if ((rc == XPECTO_OK) != dates[i].valid) {
            print_message("# %s\n", dates[i].text);
        }

        assert_int_equal(rc, dates[i].valid ? XPECTO_OK : XPECTO_ERROR);

        if (rc == XPECTO_OK) {
            assert_int_equal(time, dates[i].time);
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(names_and_purposes),
        cmocka_unit_test(list_holds_together),
        cmocka_unit_test(patterns_refused),
        cmocka_unit_test(request_lines),
        cmocka_unit_test(scan),
        cmocka_unit_test(quick_as_any),
        cmocka_unit_test(own_is_last),
        cmocka_unit_test(set_cookie_lines),
        cmocka_unit_test(cookie_dates)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, setup, NULL);
}
