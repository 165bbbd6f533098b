
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "xpecto_scan.h"


#define LINE   1024
#define SPANS  16
#define ALL    ((1u << XPECTO_CLASSES) - 1)


typedef struct {
    char            text[LINE];         /* without the marks */
    char            phones[LINE];
    char            class[16];
    unsigned        n;
    size_t          start[SPANS];
    size_t          end[SPANS];
} line_t;


static const char *const  names[XPECTO_CLASSES] = {
    "phone", "id", "user", "email", "ip", "name", "content", "location",
    "media", "credential", "account"
};


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


/* 0: a comment or an empty line */

static int
parse(line_t *line, char *raw)
{
    char    *p;
    size_t   len;

    memset(line, 0, sizeof(line_t));
    raw[strcspn(raw, "\n")] = '\0';

    if (raw[0] == '\0' || raw[0] == '#') {
        return 0;
    }

    p = strchr(raw, '\t');
    assert_non_null(p);
    *p++ = '\0';

    assert_true(sscanf(raw, "%15s %1000s", line->class, line->phones) >= 1);

    for (len = 0; *p; /* void */ ) {

        if (strncmp(p, "\xc2\xab", 2) == 0) {
            line->start[line->n] = len;
            p += 2;
            continue;
        }

        if (strncmp(p, "\xc2\xbb", 2) == 0) {
            line->end[line->n++] = len;
            p += 2;
            continue;
        }

        line->text[len++] = *p++;
    }

    return 1;
}


/* the input in memory of its own, so that reading past it is seen */

static void
found_as_marked(const line_t *line, int tail)
{
    char           phones[LINE];
    size_t         pos, len;
    uint8_t       *copy;
    unsigned       n;
    xpecto_span_t  span;

    len = strlen(line->text);
    copy = malloc(len);
    assert_non_null(copy);
    memcpy(copy, line->text, len);

    pos = 0;
    phones[0] = '\0';

    for (n = 0;
         xpecto_scan_next(copy, len, &pos, ALL, tail, &span) == XPECTO_OK;
         n++)
    {
        if (n == line->n || span.start != line->start[n]
            || span.end != line->end[n] || pos != span.end
            || strcmp(names[span.class], line->class) != 0)
        {
            fail_msg("%s: %s \"%.*s\"", line->text, names[span.class],
                     (int) (span.end - span.start), line->text + span.start);
        }

        (void) snprintf(phones + strlen(phones), LINE - strlen(phones),
                        "%s%.*s", n ? "," : "", span.phone.len,
                        span.phone.digits);
    }

    if (n != line->n) {
        fail_msg("%s: %u found instead of %u", line->text, n, line->n);
    }

    /* one number for all spans, or one for each */

    if (line->phones[0] != '\0'
        && strncmp(phones, line->phones, strlen(line->phones)) != 0)
    {
        fail_msg("%s: %s", line->text, phones);
    }

    free(copy);
}


static unsigned
file_as_marked(const char *name, int tail)
{
    char      raw[LINE];
    FILE     *f;
    line_t    line;
    unsigned  n;

    f = data(name);
    n = 0;

    while (fgets(raw, sizeof(raw), f) != NULL) {
        if (parse(&line, raw)) {
            found_as_marked(&line, tail);
            n++;
        }
    }

    (void) fclose(f);

    return n;
}


static void
every_shape_is_found(void **state)
{
    (void) state;

    assert_true(file_as_marked("scan-found.txt", 0) > 100);
}


static void
cut_values_are_found(void **state)
{
    (void) state;

    assert_true(file_as_marked("scan-cut.txt", 1) > 20);
}


static void
harmless_text_is_left_alone(void **state)
{
    char      raw[LINE];
    FILE     *f;
    line_t    line;
    unsigned  n;

    (void) state;

    f = data("scan-ignored.txt");
    n = 0;

    while (fgets(raw, sizeof(raw), f) != NULL) {

        if (raw[0] == '#') {
            continue;
        }

        memset(&line, 0, sizeof(line));
        raw[strcspn(raw, "\n")] = '\0';
        memcpy(line.text, raw, strlen(raw));
        found_as_marked(&line, 0);
        n++;
    }

    (void) fclose(f);
    assert_true(n > 30);
}


static void
only_wanted_classes(void **state)
{
    size_t         pos;
    unsigned       class;
    xpecto_span_t  span;

    static const char  text[] = "+16505551234 john@example.com 192.0.2.1 "
        "wamid.HBgLMTY1MDM4Nzk0MzkVAgAS US.13491208655302741918 "
        "Bearer abc123def456 4111 1111 1111 1111";

    (void) state;

    for (class = 0; class < XPECTO_CLASSES; class++) {
        pos = 0;

        if (class == XPECTO_CLASS_NAME || class == XPECTO_CLASS_CONTENT
            || class == XPECTO_CLASS_LOCATION || class == XPECTO_CLASS_MEDIA)
        {
            assert_int_equal(xpecto_scan_next((const uint8_t *) text,
                                              sizeof(text) - 1, &pos,
                                              1u << class, 0, &span),
                             XPECTO_DECLINED);
            continue;
        }

        assert_int_equal(xpecto_scan_next((const uint8_t *) text,
                                          sizeof(text) - 1, &pos, 1u << class,
                                          0, &span),
                         XPECTO_OK);
        assert_int_equal(span.class, class);

        assert_int_equal(xpecto_scan_next((const uint8_t *) text,
                                          sizeof(text) - 1, &pos, 1u << class,
                                          0, &span),
                         XPECTO_DECLINED);
        assert_int_equal(pos, sizeof(text) - 1);
    }
}


/* a number in the shapes that need no grouping of its own */

static void
examples_in_every_shape(void **state)
{
    char            raw[LINE], region[8], number[32], text[LINE];
    FILE           *f;
    size_t          pos, from;
    unsigned        i, j, n;
    xpecto_span_t   span;
    xpecto_phone_t  ph;

    static const char *const  shapes[] = {
        "+", "%2B", "%2b", "%252B", "%25252B", "\\u002b", "\\x2B",
        "\xef\xbc\x8b", "%EF%BC%8B", "whatsapp:+", "tel:", "wa.me/",
        "whatsapp%3A", "waid=", "", "", ""
    };

    (void) state;

    f = data("phone-examples.txt");
    n = 0;

    while (fgets(raw, sizeof(raw), f) != NULL) {

        if (raw[0] == '#') {
            continue;
        }

        assert_int_equal(sscanf(raw, "%7s %31s", region, number), 2);
        assert_int_equal(xpecto_phone_parse(&ph, (uint8_t *) number,
                                            strlen(number)), XPECTO_OK);

        for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {

            (void) strcpy(text, "{\"x\":\"");
            from = strlen(text);

            if (i < 14) {
                (void) strcat(text, shapes[i]);
                from += (i < 9) ? 0 : strlen(shapes[i])
                                      - (strchr(shapes[i], '+') != NULL);
            }

            if (i == 14 || i == 15) {

                if (strlen(number) < 10) {
                    continue;
                }

                if (i == 15) {
                    for (j = 0; number[j]; j++) {
                        (void) sprintf(text + strlen(text), "%%%02X",
                                       (unsigned) number[j]);
                    }

                } else {
                    (void) strcat(text, number);
                }

            } else {
                (void) strcat(text, number);
            }

            if (i == 16) {
                (void) strcat(text, "@s.whatsapp.net");
            }

            (void) strcat(text, "\"}");

            pos = 0;

            if (xpecto_scan_next((uint8_t *) text, strlen(text), &pos,
                                 XPECTO_CLASS_BIT(XPECTO_CLASS_PHONE), 0,
                                 &span)
                != XPECTO_OK
                || span.start != from
                || span.phone.len != ph.len
                || memcmp(span.phone.digits, ph.digits, ph.len) != 0)
            {
                fail_msg("%s", text);
            }

            n++;
        }
    }

    (void) fclose(f);
    assert_true(n > 1500);
}


/* what a caller need not look at again once a span has its label */

static void
first_position_of_interest(void **state)
{
    size_t         i, pos;
    xpecto_span_t  span;

    static const struct {
        const char      *text;
        size_t           first;
    } values[] = {
        { "n=12 https://app.example.com/+447911123456", 30 },
        { "EAA +447911123456", 0 },
        { "n=1-2 +447911123456", 2 },
        { "192.0.2.1", 0 },
        { "bob@example.com", 3 }
    };

    (void) state;

    for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        pos = 0;

        assert_int_equal(xpecto_scan_next((const uint8_t *) values[i].text,
                                          strlen(values[i].text), &pos,
                                          (1u << XPECTO_CLASSES) - 1, 0,
                                          &span),
                         XPECTO_OK);
        assert_int_equal(span.first, values[i].first);
    }
}


/* examples of the vendors' documentation, encoded by hand; Brazil's old form */

static void
ids_hold_a_number(void **state)
{
    size_t          i;
    xpecto_phone_t  ph;

    static const struct {
        const char  *id;
        const char  *number;
    } ids[] = {
        { "wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA=",
          "16503879439" },
        { "wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA%3D",
          "16503879439" },
        { "HBgLMTY1MDM4Nzk0MzkVAgAS", "16503879439" },
        { "wamid.HBgMNTUzMTg3NjU0MzIxFQIAEhg", "5531987654321" },
        { "wacid.HBgLMTIxODU1NTI4MjgVAgARGCAyODRDRUVBNkY4ODdFNTI",
          "12185552828" },
        { "gBEGkYiEB1VXAglK1ZEqA1YKPrU", "918884075557" },
        { "gBGGFlA5FpafAgkOuJbRq54qwbM", "16503916969" },
        { "wacid.ABGGFjFVU2AfAgo6V-Hc5eCgK5Gh", "16315553601" },
        { "Y2FwaV9ncm91cDoxOTUwNTU1MDA3OToxMjAzNjMzOTQzMjA", "19505550079" },
        { "wamid.HBgLMTY1MDM", NULL },
        { "Y2FwaV9ncm91cDoxOTUwNTU1", NULL },
        { "wamid.", NULL },
        { "US.13491208655302741918", NULL },
        { "", NULL }
    };

    (void) state;

    for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {

        if (ids[i].number == NULL) {
            assert_int_equal(xpecto_scan_id_phone((const uint8_t *) ids[i].id,
                                                  strlen(ids[i].id), &ph),
                             XPECTO_DECLINED);
            continue;
        }

        assert_int_equal(xpecto_scan_id_phone((const uint8_t *) ids[i].id,
                                              strlen(ids[i].id), &ph),
                         XPECTO_OK);
        assert_int_equal(ph.len, strlen(ids[i].number));
        assert_memory_equal(ph.digits, ids[i].number, ph.len);
    }
}


static void
resumes_at_every_offset(void **state)
{
    size_t         pos, at, len;
    uint8_t       *copy;
    xpecto_span_t  span;

    static const char  text[] = "x=%252B1%20650%20555%201234&\\u002b1650"
        "\xef\xbc\x91\xd9\xa1 2001%3Adb8::1 john%40example.com 192.0.2.1 "
        "wamid.HBgLMTY1MDM4Nzk0MzkVAgAS%3D eyJhbGciOi.eyJz.x 1 (650) 555";

    (void) state;

    for (len = 0; len < sizeof(text); len++) {
        copy = malloc(len ? len : 1);
        assert_non_null(copy);
        memcpy(copy, text, len);

        for (at = 0; at <= len; at++) {
            pos = at;

            while (xpecto_scan_next(copy, len, &pos, ALL, len % 2, &span)
                   == XPECTO_OK)
            {
                assert_true(span.start >= at && span.start < span.end
                            && span.end <= len && span.end == pos);
            }

            assert_int_equal(pos, len);
        }

        free(copy);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(every_shape_is_found),
        cmocka_unit_test(cut_values_are_found),
        cmocka_unit_test(harmless_text_is_left_alone),
        cmocka_unit_test(only_wanted_classes),
        cmocka_unit_test(examples_in_every_shape),
        cmocka_unit_test(first_position_of_interest),
        cmocka_unit_test(ids_hold_a_number),
        cmocka_unit_test(resumes_at_every_offset)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
