
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

/* links: core/xpecto_redact.c core/xpecto_redact_cookie.c
          core/xpecto_redact_ip.c core/xpecto_redact_json.c
          core/xpecto_redact_log.c core/xpecto_redact_names.c
          core/xpecto_redact_args.c
          core/xpecto_redact_places.c core/xpecto_redact_prefix.c
          core/xpecto_redact_quoted.c core/xpecto_redact_reader.c
          core/xpecto_redact_style.c core/xpecto_redact_uri.c
          core/xpecto_scan.c core/xpecto_scan_context.c
          core/xpecto_scan_id.c core/xpecto_scan_net.c
          core/xpecto_scan_phone.c core/xpecto_scan_run.c
          core/xpecto_scan_token.c core/xpecto_scan_account.c
          core/xpecto_prefilter.c
          core/xpecto_prefilter_x86.c core/xpecto_view.c core/xpecto_phone.c
          core/xpecto_base64.c data/xpecto_numbering.c */


#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_redact_unit.h"


typedef struct {
    char       *kind;
    char       *place;
    char       *class;
} row_t;


static const struct {
    const char      *letter;
    xpecto_class_e   class;
} letters[] = {
    { "P", XPECTO_CLASS_PHONE },
    { "E", XPECTO_CLASS_ID },
    { "U", XPECTO_CLASS_USER },
    { "N", XPECTO_CLASS_NAME },
    { "C", XPECTO_CLASS_CONTENT },
    { "L", XPECTO_CLASS_LOCATION },
    { "K", XPECTO_CLASS_CREDENTIAL },
    { "M", XPECTO_CLASS_MEDIA },
    { "EM", XPECTO_CLASS_EMAIL }
};

#define LETTERS  (sizeof(letters) / sizeof(letters[0]))


/* {"a":[{"b":"...": what stands before and behind the value of a path */

static void
build_json(const char *path, char *before, char *behind)
{
    char        name[128];
    size_t      n;

    before[0] = '\0';
    behind[0] = '\0';

    if (strncmp(path, "V.", 2) == 0) {
        strcpy(before, "{\"entry\":[{\"changes\":[{\"value\":");
        strcpy(behind, "}]}]}");
        path += 2;
    }

    while (*path) {

        n = strcspn(path, ".[");
        memcpy(name, path, n);
        name[n] = '\0';
        path += n;

        strcat(before, "{\"other\": true, \"");
        strcat(before, name);
        strcat(before, "\":");
        memmove(behind + 1, behind, strlen(behind) + 1);
        behind[0] = '}';

        while (path[0] == '[') {
            strcat(before, "[");
            memmove(behind + 1, behind, strlen(behind) + 1);
            behind[0] = ']';
            path += 2;
        }

        path += (*path == '.');
    }
}


static int
is_class(const char *list, const char *letter)
{
    size_t  n;

    n = strlen(letter);

    for ( ;; ) {
        if (strcspn(list, "/") == n && strncmp(list, letter, n) == 0) {
            return 1;
        }

        list = strchr(list, '/');
        if (list == NULL) {
            return 0;
        }

        list++;
    }
}


/* out must be in with the value replaced by the label of one of the classes */

static int
is_redacted(const row_t *row, const char *before, const char *behind,
    const char *value, const char *out)
{
    char    expected[3 * BUFFER];
    size_t  i;

    if (strcmp(row->class, "S") == 0) {
        (void) snprintf(expected, sizeof(expected), "%s%s%s", before, value,
                        behind);
        return strcmp(expected, out) == 0;
    }

    for (i = 0; i < LETTERS; i++) {

        if (!is_class(row->class, letters[i].letter)) {
            continue;
        }

        (void) snprintf(expected, sizeof(expected), "%s[%s]%s", before,
                        xpecto_class_name(letters[i].class), behind);

        if (strcmp(expected, out) == 0) {
            return 1;
        }
    }

    return 0;
}


static unsigned
check_row(const xpecto_redact_t *rd, const row_t *row, unsigned line)
{
    char                   in[3 * BUFFER], before[BUFFER], behind[BUFFER];
    char                   value[64], name[64];
    const char            *out;
    unsigned               i, bad;
    xpecto_redact_place_t  place;

    /* nothing that would be found by content */

    (void) snprintf(value, sizeof(value), "zq%uvk", line);

    before[0] = '\0';
    behind[0] = '\0';
    place = place_of(XPECTO_FORM_JSON);

    if (strcmp(row->kind, "json") == 0) {
        build_json(row->place, before, behind);
        strcat(before, "\"");
        memmove(behind + 1, behind, strlen(behind) + 1);
        behind[0] = '"';

    } else if (strcmp(row->kind, "query") == 0) {
        place = place_of(XPECTO_FORM_REQUEST);
        (void) snprintf(before, sizeof(before), "GET /x?a=b&%s=", row->place);
        strcpy(behind, "&z=1 HTTP/1.1");

    } else if (strcmp(row->kind, "path") == 0) {
        place = place_of(XPECTO_FORM_URI);
        strcpy(before, row->place);
        strcpy(behind, strstr(row->place, "{}") + 2);
        *strstr(before, "{}") = '\0';

    } else {
        (void) snprintf(name, sizeof(name), "http_%s", row->place);

        for (i = 0; name[i]; i++) {
            if (name[i] == '-') {
                name[i] = '_';
            }
        }

        place = xpecto_redact_variable(rd, (uint8_t *) name, strlen(name));
    }

    bad = 0;

    (void) snprintf(in, sizeof(in), "%s%s%s", before, value, behind);
    out = redact_at(rd, place, in, 0);

    if (!is_redacted(row, before, behind, value, out)) {
        print_error("line %u: %s %s %s: %s\n", line, row->kind, row->place,
                    row->class, out);
        bad++;
    }

    /* the same in an error log and, for arguments, in a form */

    if (strcmp(row->kind, "header") == 0) {
        (void) snprintf(before, sizeof(before), "2026/11/22 12:00:00 [info] "
                        "1#1: *7 client sent invalid header line: \"%s: ",
                        row->place);
        strcpy(behind, "\" while reading client request headers, "
                       "client: [ip], server: x");
        place = place_of(XPECTO_FORM_LOG);

    } else if (strcmp(row->kind, "query") == 0) {
        (void) snprintf(before, sizeof(before), "a=b&%s=", row->place);
        strcpy(behind, "&z=1");
        place = place_of(XPECTO_FORM_BODY);

    } else {
        return bad;
    }

    (void) snprintf(in, sizeof(in), "%s%s%s", before, value, behind);
    out = redact_at(rd, place, in, 0);

    if (!is_redacted(row, before, behind, value, out)) {
        print_error("line %u: %s %s %s: %s\n", line, row->kind, row->place,
                    row->class, out);
        bad++;
    }

    return bad;
}


static void
every_named_place(void **state)
{
    FILE            *f;
    char             text[512];
    row_t            row;
    unsigned         line, rows, bad;
    xpecto_redact_t  rd;

    (void) state;

    labels(&rd);

    f = fopen("t/data/places.tsv", "r");
    assert_non_null(f);

    rows = 0;
    bad = 0;

    for (line = 1; fgets(text, sizeof(text), f) != NULL; line++) {

        if (text[0] == '#') {
            continue;
        }

        row.kind = strtok(text, "\t\n");
        row.place = strtok(NULL, "\t\n");
        row.class = strtok(NULL, "\t\n");
        assert_non_null(row.class);

        bad += check_row(&rd, &row, line);
        rows++;
    }

    (void) fclose(f);

    assert_true(rows > 400);
    assert_int_equal(bad, 0);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_named_place)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
