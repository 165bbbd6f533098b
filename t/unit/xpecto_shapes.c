
/*
 * Every shape of t/data/redact-shapes.txt with every number of
 * t/data/phone-mobiles.txt: by the scanner alone, and in the places of a
 * request and of the lines that a log makes of it.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "xpecto_redact.h"


#define FROM     '\001'                 /* the marks of a text */
#define TO       '\002'

#define SHAPES   400
#define NUMBERS  400
#define TEXT     1024
#define MARKS    4


typedef struct {
    char        name[8];                /* S1 */
    char        numbers[8];
    char        text[256];              /* with FROM and TO */
    char        form[8];
} shape_t;

typedef struct {
    char        region[4];
    char        code[4];
    char        national[16];
} number_t;

typedef struct {
    char        text[TEXT];
    size_t      len;
    unsigned    n;
    size_t      from[MARKS];
    size_t      to[MARKS];
} marked_t;

/* where a text stands; "\003" in its place, and what must be encoded */

static const struct {
    const char     *name;
    xpecto_form_e   form;
    const char     *around;
    const char     *escape;
} places[] = {
    { "scan", XPECTO_FORM_TEXT, "\003", "" },
    { "text", XPECTO_FORM_TEXT, "\003", "" },
    { "header", XPECTO_FORM_TEXT, "curl/7.88.1 (\003) x", "" },
    { "path", XPECTO_FORM_REQUEST, "GET /v1/\003/read?a=1 HTTP/1.1",
      " \t\"<>#?&/" },
    { "query", XPECTO_FORM_REQUEST, "GET /v1/read?a=1&x=\003&b=2 HTTP/1.1",
      " \t\"<>#&" },
    { "form", XPECTO_FORM_QUERY, "a=1&x=\003&b=2", " \t\"<>#&" },
    { "body", XPECTO_FORM_BODY, "a=1&x=\003&b=2", " \t\"<>#&" },
    { "referer", XPECTO_FORM_URI, "https://app.example.com/p?x=\003",
      " \t\"<>#&" },
    { "json", XPECTO_FORM_JSON, "{\"a\":1,\"x\":\"\003\",\"b\":2}",
      "\"\t" },
    { "error", XPECTO_FORM_LOG, "2026/11/22 12:00:00 [error] 9#9: *4 "
      "connect() failed (111: Connection refused) while connecting to "
      "upstream, client: 192.0.2.1, server: example.com, request: \"GET "
      "/v1/read?a=1&x=\003&b=2 HTTP/1.1\", upstream: "
      "\"http://127.0.0.1:8080/v1\", host: \"example.com\"",
      " \t\"<>#&" }
};

#define PLACES  (sizeof(places) / sizeof(places[0]))


static shape_t   shapes[SHAPES];
static number_t  numbers[NUMBERS];
static unsigned  nshapes, nnumbers;

static FILE *data(const char *name);
static void expand(char *out, const char *text, const number_t *number);
static void piece(char *out, char *item, const number_t *number);
static void filter(char *s, const char *name);
static void id(char *out, const char *kind, const char *digits);


static int
setup(void **state)
{
    char      line[512], *p, *q, *t;
    FILE     *f;
    shape_t  *shape;

    (void) state;

    f = data("redact-shapes.txt");

    while (fgets(line, sizeof(line), f) != NULL) {
        line[strcspn(line, "\n")] = '\0';

        if (line[0] != 'S') {
            continue;
        }

        assert_true(nshapes < SHAPES);
        shape = &shapes[nshapes++];

        p = strchr(line, '\t');
        assert_non_null(p);
        *p++ = '\0';
        (void) snprintf(shape->name, sizeof(shape->name), "%.7s", line);

        q = strchr(p, '\t');
        assert_non_null(q);
        *q++ = '\0';
        (void) snprintf(shape->numbers, sizeof(shape->numbers), "%.7s",
                        p);

        /* a last column in small letters is the form */

        t = strrchr(q, '\t');

        if (t != NULL && (strcmp(t, "\tjson") == 0 || strcmp(t, "\tform") == 0
                          || strcmp(t, "\ttext") == 0))
        {
            *t = '\0';
            (void) snprintf(shape->form, sizeof(shape->form), "%.7s", t + 1);
        }

        for (t = shape->text; *q; /* void */ ) {

            if (strncmp(q, "\xc2\xab", 2) == 0) {
                *t++ = FROM;
                q += 2;

            } else if (strncmp(q, "\xc2\xbb", 2) == 0) {
                *t++ = TO;
                q += 2;

            } else {
                *t++ = *q++;
            }
        }
    }

    (void) fclose(f);

    f = data("phone-mobiles.txt");

    while (fgets(line, sizeof(line), f) != NULL) {

        if (line[0] == '#') {
            continue;
        }

        assert_true(nnumbers < NUMBERS);
        assert_int_equal(sscanf(line, "%3s %3s %15s",
                                numbers[nnumbers].region,
                                numbers[nnumbers].code,
                                numbers[nnumbers].national), 3);
        nnumbers++;
    }

    (void) fclose(f);

    assert_true(nshapes > 200);
    assert_true(nnumbers >= 245);

    return 0;
}


static FILE *
data(const char *name)
{
    char   path[256];
    FILE  *f;

    (void) snprintf(path, sizeof(path), "t/data/%s", name);

    f = fopen(path, "r");
    assert_non_null(f);

    return f;
}


static int
applies(const shape_t *shape, const number_t *number)
{
    size_t       national, total;
    const char  *which;

    which = shape->numbers;
    national = strlen(number->national);
    total = national + strlen(number->code);

    switch (which[0]) {

    case 'n':
        return national >= (size_t) atoi(which + 1);

    case '+':
        return strcmp(number->code, which + 1) == 0;

    case 'a':
    case 't':
        return 1;

    default:
        return total >= (size_t) atoi(which);
    }
}


static void
expand(char *out, const char *text, const number_t *number)
{
    char         item[128];
    const char  *end;

    while (*text) {
        end = (*text == '{') ? strchr(text, '}') : NULL;

        /* braces of JSON are no items: an item begins with no quote */

        if (end == NULL || text[1] == '"' || text[1] == '\\'
            || end - text > 60 || memchr(text, '"', (size_t) (end - text)))
        {
            *out++ = *text++;
            continue;
        }

        (void) snprintf(item, sizeof(item), "%.*s", (int) (end - text - 1),
                        text + 1);
        piece(out, item, number);
        out += strlen(out);
        text = end + 1;
    }

    *out = '\0';
}


/* the digits of the first group of a national number, or of what is left */

static size_t
group(size_t left)
{
    return (left <= 4) ? left : (left == 8) ? 4 : 3;
}


static size_t
utf8(char *out, unsigned point)
{
    if (point < 0x800) {
        out[0] = (char) (0xc0 | point >> 6);
        out[1] = (char) (0x80 | (point & 0x3f));
        return 2;
    }

    if (point < 0x10000) {
        out[0] = (char) (0xe0 | point >> 12);
        out[1] = (char) (0x80 | (point >> 6 & 0x3f));
        out[2] = (char) (0x80 | (point & 0x3f));
        return 3;
    }

    out[0] = (char) (0xf0 | point >> 18);
    out[1] = (char) (0x80 | (point >> 12 & 0x3f));
    out[2] = (char) (0x80 | (point >> 6 & 0x3f));
    out[3] = (char) (0x80 | (point & 0x3f));

    return 4;
}


static void
piece(char *out, char *item, const number_t *number)
{
    char    all[32], *name, *next;
    size_t  n, first;

    (void) snprintf(all, sizeof(all), "%s%s", number->code, number->national);

    n = strlen(number->national);
    first = group(n);

    next = strchr(item, '|');

    if (next != NULL) {
        *next++ = '\0';
    }

    if (strncmp(item, "U+", 2) == 0) {
        out[utf8(out, (unsigned) strtoul(item + 2, NULL, 16))] = '\0';

    } else if (strcmp(item, "e") == 0) {
        (void) strcpy(out, all);

    } else if (strcmp(item, "c") == 0) {
        (void) strcpy(out, number->code);

    } else if (strcmp(item, "n") == 0) {
        (void) strcpy(out, number->national);

    } else if (strcmp(item, "a") == 0) {
        (void) sprintf(out, "%.*s", (int) first, number->national);

    } else if (strcmp(item, "r") == 0) {
        (void) strcpy(out, number->national + first);

    } else if (strcmp(item, "h") == 0) {
        (void) sprintf(out, "%.*s", (int) (n / 2), number->national);

    } else {
        id(out, item, all);
    }

    while (next != NULL) {
        name = next;
        next = strchr(name, '|');

        if (next != NULL) {
            *next++ = '\0';
        }

        if (next != NULL && strcmp(next, "some") == 0) {
            filter(out, (strcmp(name, "pct") == 0) ? "somepct" : "somejson");
            next = NULL;

        } else {
            filter(out, name);
        }
    }
}


static void
filter(char *s, const char *name)
{
    char      in[TEXT], sep[16], *out;
    size_t    i, len, left;
    unsigned  c, point;

    (void) strcpy(in, s);
    len = strlen(in);
    out = s;

    if (strncmp(name, "group=", 6) == 0) {
        (void) snprintf(sep, sizeof(sep), "%.15s", name + 6);

        if (strncmp(sep, "U+", 2) == 0) {
            sep[utf8(sep, (unsigned) strtoul(name + 8, NULL, 16))] = '\0';
        }

        for (i = 0, left = len; left > 0; i += group(left), left = len - i) {
            out += sprintf(out, "%s%.*s", i ? sep : "", (int) group(left),
                           in + i);
        }

        return;
    }

    if (strcmp(name, "rest") == 0) {
        (void) strcpy(s, in + len / 2);
        return;
    }

    if (strcmp(name, "cut") == 0) {
        for (len -= (len > 7) ? 3 : 0;
             s[len - 1] < '0' || s[len - 1] > '9';
             len--)
        {
            /* void */
        }

        s[len] = '\0';
        return;
    }

    for (i = 0; i < len; i++) {
        c = (unsigned char) in[i];

        if (strncmp(name, "zero=", 5) == 0) {
            point = (unsigned) strtoul(name + 5, NULL, 16);

            if (c >= '0' && c <= '9') {
                out += utf8(out, point + c - '0');
                continue;
            }

        } else if (strcmp(name, "pct") == 0
                   || (strcmp(name, "somepct") == 0 && i % 2))
        {
            out += sprintf(out, "%%%02X", c);
            continue;

        } else if (strcmp(name, "pct2") == 0) {
            out += sprintf(out, "%%25%02x", c);
            continue;

        } else if (strcmp(name, "pct3") == 0) {
            out += sprintf(out, "%%2525%02X", c);
            continue;

        } else if (strcmp(name, "hex") == 0) {
            out += sprintf(out, "\\x%02X", c);
            continue;

        } else if (strcmp(name, "json") == 0 && c >= 0xe0 && c < 0xf0) {
            point = (c & 0x0f) << 12 | ((unsigned) in[i + 1] & 0x3f) << 6
                    | ((unsigned) in[i + 2] & 0x3f);
            out += sprintf(out, "\\u%04x", point);
            i += 2;
            continue;

        } else if (strcmp(name, "json") == 0 && c >= 0xc0) {
            point = (c & 0x1f) << 6 | ((unsigned) in[i + 1] & 0x3f);
            out += sprintf(out, "\\u%04x", point);
            i++;
            continue;

        } else if (strcmp(name, "json") == 0
                   || (strcmp(name, "somejson") == 0 && i % 2))
        {
            out += sprintf(out, "\\u%04x", c);
            continue;

        } else if (strncmp(name, "some", 4) != 0) {
            fail_msg("no filter \"%s\"", name);
        }

        *out++ = (char) c;
    }

    *out = '\0';
}


static void
base64(char *out, const unsigned char *p, size_t len, const char *last)
{
    char      alphabet[65];
    size_t    i;
    unsigned  word;

    (void) snprintf(alphabet, sizeof(alphabet), "%s%s",
                    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                    "0123456789", last);

    for (i = 0; i < len; i += 3) {
        word = (unsigned) p[i] << 16;
        word |= (i + 1 < len) ? (unsigned) p[i + 1] << 8 : 0;
        word |= (i + 2 < len) ? p[i + 2] : 0;

        *out++ = alphabet[word >> 18];
        *out++ = alphabet[word >> 12 & 63];

        if (i + 1 < len || last[0] == '+') {
            *out++ = (i + 1 < len) ? alphabet[word >> 6 & 63] : '=';
        }

        if (i + 2 < len || last[0] == '+') {
            *out++ = (i + 2 < len) ? alphabet[word & 63] : '=';
        }
    }

    *out = '\0';
}


/* research of the wire: Thrift compact; packed BCD; "capi_group:" */

static void
id(char *out, const char *kind, const char *digits)
{
    char           text[TEXT];
    size_t         i, n, len;
    unsigned char  bytes[96];

    static const char  unique[] = "3A4A6599AEE03810144F";

    n = strlen(digits);
    len = 0;

    if (strcmp(kind, "group") == 0) {
        (void) sprintf((char *) bytes, "capi_group:%s:120363394320581", digits);
        base64(out, bytes, strlen((char *) bytes), "-_");
        return;
    }

    if (strncmp(kind, "bcd", 3) == 0) {
        bytes[len++] = 0x80;
        bytes[len++] = 0x11;
        bytes[len++] = (unsigned char) ((n + 1) / 2 | (n % 2 ? 0x80 : 0));

        for (i = 0; i < n; i += 2) {
            bytes[len++] = (unsigned char)
                           ((digits[i] - '0') << 4
                            | (i + 1 < n ? digits[i + 1] - '0' : 0x0f));
        }

        (void) memcpy(bytes + len, "\002\t\016\270\226\321\253\236*\303\263",
                      11);
        base64(text, bytes, len + 11, "-_");
        (void) sprintf(out, "%s%s", kind[3] ? "wacid." : "", text);
        return;
    }

    bytes[len++] = 0x1c;
    bytes[len++] = 0x18;
    bytes[len++] = (unsigned char) n;
    memcpy(bytes + len, digits, n);
    len += n;
    memcpy(bytes + len, "\025\002\000\021\030\024", 6);
    len += 6;
    memcpy(bytes + len, unique, sizeof(unique));
    len += sizeof(unique);

    base64(text, bytes, len, "+/");

    if (strcmp(kind, "wamid") == 0 || strcmp(kind, "wacid") == 0) {
        (void) sprintf(out, "%s.%s", kind, text);

    } else if (strcmp(kind, "wamidurl") == 0) {

        out += sprintf(out, "wamid.");

        for (i = 0; text[i]; i++) {
            out += sprintf(out, strchr("+/=", text[i]) ? "%%%02X" : "%c",
                           (unsigned) text[i]);
        }

    } else {
        fail_msg("no item \"%s\"", kind);
    }
}


/* the marked text in its place, what cannot stand there percent-encoded */

static void
put(marked_t *m, const char *around, const char *escape, const char *text)
{
    char         c, *out;
    const char  *p;

    m->n = 0;
    out = m->text;

    for ( /* void */ ; *around; around++) {

        if (*around != '\003') {
            *out++ = *around;
            continue;
        }

        for (p = text; *p; p++) {
            c = *p;

            if (c == FROM) {
                assert_true(m->n < MARKS);
                m->from[m->n] = (size_t) (out - m->text);
                continue;
            }

            if (c == TO) {
                m->to[m->n++] = (size_t) (out - m->text);
                continue;
            }

            if (strchr(escape, c) != NULL) {
                out += sprintf(out, (escape[0] == '"') ? "\\u%04x" : "%%%02X",
                               (unsigned) c);
                continue;
            }

            *out++ = c;
        }
    }

    *out = '\0';
    m->len = (size_t) (out - m->text);
    assert_true(m->len < TEXT);
}


/* each byte between the marks is in a span */

static int
scanned(const marked_t *m, int tail)
{
    size_t         pos, at, left;
    uint8_t       *copy;
    unsigned       n;
    xpecto_span_t  span;

    copy = malloc(m->len);
    assert_non_null(copy);
    memcpy(copy, m->text, m->len);

    pos = 0;
    n = 0;
    left = m->n;
    at = m->from[0];

    while (left > 0
           && xpecto_scan_next(copy, m->len, &pos,
                               (1u << XPECTO_CLASSES) - 1, tail, &span)
              == XPECTO_OK)
    {
        if (span.start > at) {
            break;
        }

        at = (span.end > at) ? span.end : at;

        while (left > 0 && at >= m->to[n]) {
            n++;
            left--;
            at = (left > 0 && m->from[n] > at) ? m->from[n] : at;
        }
    }

    free(copy);

    return left == 0;
}


static int
contains(const uint8_t *p, size_t len, const char *text, size_t n)
{
    size_t  i;

    for (i = 0; i + n <= len; i++) {
        if (memcmp(p + i, text, n) == 0) {
            return 1;
        }
    }

    return 0;
}


/* neither half of what is between the marks is left */

static int
redacted(const marked_t *m, xpecto_form_e form, int tail)
{
    size_t                  half;
    uint8_t                 out[XPECTO_REDACT_BOUND(TEXT)];
    unsigned                i;
    xpecto_redact_t         rd;
    xpecto_redact_place_t   place;
    xpecto_redact_result_t  res;

    xpecto_redact_defaults(&rd);

    place.form = form;
    place.class = XPECTO_CLASS_CONTENT;

    if (xpecto_redact(&rd, place, (const uint8_t *) m->text, m->len, tail,
                      out, sizeof(out), &res)
        != XPECTO_OK)
    {
        return 0;
    }

    for (i = 0; i < m->n; i++) {
        half = (m->to[i] - m->from[i]) / 2;

        if (contains(out, res.len, m->text + m->from[i], half)
            || contains(out, res.len, m->text + m->to[i] - half, half))
        {
            return 0;
        }
    }

    return 1;
}


/* a whole document stands by itself, any other text in each place */

static int
stands(const shape_t *shape, unsigned place)
{
    return shape->form[0] == '\0' || places[place].form == XPECTO_FORM_TEXT;
}


/* miss: the first text that was not redacted */

static void
run(const shape_t *shape, const number_t *number, unsigned *found,
    unsigned *total, marked_t *miss)
{
    int       ok, tail;
    char      text[TEXT];
    unsigned  i;
    marked_t  m;

    expand(text, shape->text, number);
    tail = (shape->numbers[0] == 't');

    for (i = 0; i < PLACES; i++) {

        if (tail && i > 1) {
            break;
        }

        if (!stands(shape, i)) {
            continue;
        }

        put(&m, places[i].around, places[i].escape, text);

        ok = (i == 0) ? scanned(&m, tail)
                      : redacted(&m, places[i].form, tail);

        *found += (unsigned) ok;
        (*total)++;

        if (!ok && miss->len == 0) {
            *miss = m;
        }
    }

    if (shape->form[0] == 'j' || shape->form[0] == 'f') {
        put(&m, "\003", "", text);
        ok = redacted(&m, (shape->form[0] == 'j') ? XPECTO_FORM_JSON
                                                  : XPECTO_FORM_QUERY, 0);
        *found += (unsigned) ok;
        (*total)++;

        if (!ok && miss->len == 0) {
            *miss = m;
        }
    }
}


/* recall by content: 99.9 of 100 in each shape */

static void
every_number_in_every_shape(void **state)
{
    unsigned  i, j, found, total, of_all, all;
    marked_t  miss;

    (void) state;

    all = 0;
    of_all = 0;

    for (i = 0; i < nshapes; i++) {

        found = 0;
        total = 0;
        miss.len = 0;

        for (j = 0; j < nnumbers; j++) {
            if (applies(&shapes[i], &numbers[j])) {
                run(&shapes[i], &numbers[j], &found, &total, &miss);
            }
        }

        if (found < total) {
            print_message("# %s %s: %u of %u, not in: %s\n", shapes[i].name,
                          shapes[i].numbers, found, total, miss.text);
        }

        assert_true(total > 0);
        assert_true(found * 1000 >= total * 999);

        all += found;
        of_all += total;
    }

    print_message("# %u of %u\n", all, of_all);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(every_number_in_every_shape)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, setup, NULL);
}
