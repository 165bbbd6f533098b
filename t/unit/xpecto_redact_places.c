
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

#include <ctype.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_redact_unit.h"


/* of what t/data/redact-places.tsv says about itself */

typedef struct {
    char        kind[8];
    char        place[120];
    char        class[64];
    unsigned    line;
} row_t;

#define ROWS  4096

static row_t     rows[ROWS];
static unsigned  nrows;


/* where a value is planted: a form, what stands before it and behind it */

typedef struct {
    xpecto_redact_place_t  place;
    char                   before[BUFFER];
    char                   behind[BUFFER];
} plant_t;


static const struct {
    const char      *letter;
    xpecto_class_e   class;
} letters[] = {
    { "P", XPECTO_CLASS_PHONE },
    { "E", XPECTO_CLASS_ID },
    { "F", XPECTO_CLASS_ID },
    { "Q", XPECTO_CLASS_PHONE },
    { "U", XPECTO_CLASS_USER },
    { "N", XPECTO_CLASS_NAME },
    { "C", XPECTO_CLASS_CONTENT },
    { "X", XPECTO_CLASS_CONTENT },
    { "L", XPECTO_CLASS_LOCATION },
    { "K", XPECTO_CLASS_CREDENTIAL },
    { "M", XPECTO_CLASS_MEDIA },
    { "EM", XPECTO_CLASS_EMAIL }
};

#define LETTERS  (sizeof(letters) / sizeof(letters[0]))


/* "capi_group:19505550079:120363394320" */

#define GROUP_ID  "Y2FwaV9ncm91cDoxOTUwNTU1MDA3OToxMjAzNjMzOTQzMjA="


/* {"a":[{"b":"...": what stands before and behind the value of a path */

static void
build_json(plant_t *plant, const char *path)
{
    char     name[128], *before, *behind;
    size_t   n;

    before = plant->before;
    behind = plant->behind;

    before[0] = '\0';
    strcpy(behind, "\"");

    if (strncmp(path, "V.", 2) == 0) {
        strcpy(before, "{\"entry\":[{\"changes\":[{\"value\":");
        strcpy(behind, "\"}]}]}");
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
        memmove(behind + 2, behind + 1, strlen(behind));
        behind[1] = '}';

        while (path[0] == '[') {
            strcat(before, "[");
            memmove(behind + 2, behind + 1, strlen(behind));
            behind[1] = ']';
            path += 2;
        }

        path += (*path == '.');
    }

    strcat(before, "\"");
}


static void
percent_encode(char *text)
{
    char    from[BUFFER];
    size_t  i, n;

    strcpy(from, text);

    for (i = 0, n = 0; from[i]; i++) {
        n += (size_t) snprintf(text + n, BUFFER - n,
                               isalnum((unsigned char) from[i]) ? "%c"
                                                                : "%%%02X",
                               from[i]);
    }

    text[n] = '\0';
}


static void
build_part(plant_t *plant, const char *place)
{
    int   file, content;
    char  name[128];

    (void) snprintf(name, sizeof(name), "%s", place);
    name[strcspn(name, " ")] = '\0';

    file = strchr(place, ' ') != NULL;
    content = strstr(place, " name") == NULL;

    (void) snprintf(plant->before, BUFFER,
                    "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n"
                    "\r\nb\r\n--x\r\nContent-Disposition: form-data; "
                    "name=\"%s\"%s%s", name, file ? "; filename=\"" : "",
                    content ? (file ? "\"\r\n\r\n" : "\r\n\r\n") : "");
    (void) snprintf(plant->behind, BUFFER,
                    "%s\r\n--x\r\nContent-Disposition: form-data; name=\"c\""
                    "\r\n\r\nd\r\n--x--\r\n", content ? "" : "\"\r\n\r\n");
}


static xpecto_redact_place_t
place_of_header(const xpecto_redact_t *rd, const char *name)
{
    char    variable[128];
    size_t  i;

    (void) snprintf(variable, sizeof(variable), "http_%s", name);

    for (i = 0; variable[i]; i++) {
        if (variable[i] == '-') {
            variable[i] = '_';
        }
    }

    return xpecto_redact_variable(rd, (uint8_t *) variable, strlen(variable));
}


/* the nth way in which a row's value may come; 0: there are no more */

static int
build(const xpecto_redact_t *rd, const row_t *row, unsigned n, plant_t *plant)
{
    char  *colon;

    plant->before[0] = '\0';
    plant->behind[0] = '\0';
    plant->place = place_of(XPECTO_FORM_BODY);

    if (strcmp(row->kind, "json") == 0) {
        build_json(plant, row->place);

    } else if (strcmp(row->kind, "embed") == 0) {
        colon = strchr(row->place, ':');
        build_json(plant, colon + 1);

        if (n != 1) {
            percent_encode(plant->before);
            percent_encode(plant->behind);
        }

        memmove(plant->before + 1 + (colon - row->place), plant->before,
                strlen(plant->before) + 1);
        memcpy(plant->before, row->place, (size_t) (colon - row->place));
        plant->before[colon - row->place] = '=';
        strcat(plant->behind, "&z=1");

        return n < 2;

    } else if (strcmp(row->kind, "part") == 0
               || strcmp(row->kind, "file") == 0)
    {
        build_part(plant, row->place);

    } else if (strcmp(row->kind, "path") == 0) {
        plant->place = place_of(XPECTO_FORM_URI);
        strcpy(plant->before, row->place);
        strcpy(plant->behind, strstr(row->place, "{}") + 2);
        *strstr(plant->before, "{}") = '\0';

    } else if (strcmp(row->kind, "query") == 0) {

        (void) snprintf(plant->before, BUFFER, "%s%s=",
                        n ? "a=b&" : "GET /x?a=b&", row->place);
        strcpy(plant->behind, n ? "&z=1" : "&z=1 HTTP/1.1");

        if (n == 0) {
            plant->place = place_of(XPECTO_FORM_REQUEST);
        }

        return n < 2;

    } else if (n == 0) {
        plant->place = place_of_header(rd, row->place);
        return 1;

    } else {
        (void) snprintf(plant->before, BUFFER, "2026/11/22 12:00:00 [info] "
                        "1#1: *7 client sent invalid header line: \"%s: ",
                        row->place);
        strcpy(plant->behind, "\" while reading client request headers, "
                              "client: [ip], server: x");
        plant->place = place_of(XPECTO_FORM_LOG);

        return n < 2;
    }

    return n < 1;
}


static int
is_class(const char *list, const char *letter)
{
    size_t  n;

    n = strlen(letter);

    for ( ;; ) {
        if (strcspn(list, "/=") == n && strncmp(list, letter, n) == 0) {
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
is_redacted(const row_t *row, const plant_t *plant, const char *in,
    const char *out)
{
    char         expected[3 * BUFFER];
    size_t       i;
    const char  *before, *behind;

    if (is_class(row->class, "S") || is_class(row->class, "I")) {
        return strcmp(in, out) == 0;
    }

    before = is_class(row->class, "Q") ? "call zq, " : "";
    behind = is_class(row->class, "Q") ? " now" : "";

    for (i = 0; i < LETTERS; i++) {

        if (!is_class(row->class, letters[i].letter)) {
            continue;
        }

        (void) snprintf(expected, sizeof(expected), "%s%s[%s]%s%s",
                        plant->before, before,
                        xpecto_class_name(letters[i].class), behind,
                        plant->behind);

        if (strcmp(expected, out) == 0) {
            return 1;
        }
    }

    return 0;
}


static unsigned
check_row(const xpecto_redact_t *rd, const row_t *row)
{
    char            in[3 * BUFFER], value[64];
    unsigned        n, bad;
    const char     *out;
    static plant_t  plant;

    /* nothing that would be found by content, where that is not the point */

    if (is_class(row->class, "I")) {
        strcpy(value, row->class + 2);

    } else if (is_class(row->class, "F")) {
        strcpy(value, GROUP_ID);

    } else if (is_class(row->class, "Q")) {
        strcpy(value, "call zq, 16505551234 now");

    } else {
        (void) snprintf(value, sizeof(value), "zq%uvk", row->line);
    }

    bad = 0;

    for (n = 0; build(rd, row, n, &plant); n++) {

        (void) snprintf(in, sizeof(in), "%s%s%s", plant.before, value,
                        plant.behind);
        out = redact_at(rd, plant.place, in, 0);

        if (!is_redacted(row, &plant, in, out)) {
            print_error("line %u: %s %s %s: %s\n", row->line, row->kind,
                        row->place, row->class, out);
            bad++;
        }

        if (n == 0 && strcmp(row->kind, "query") != 0
            && strcmp(row->kind, "embed") != 0
            && strcmp(row->kind, "header") != 0)
        {
            break;
        }
    }

    return bad;
}


static row_t *
add_row(const char *kind, const char *place, const char *class, unsigned line)
{
    row_t  *row;

    assert_true(nrows < ROWS);

    row = &rows[nrows++];
    row->line = line;

    assert_true(strlen(kind) < sizeof(row->kind)
                && strlen(place) < sizeof(row->place)
                && strlen(class) < sizeof(row->class));

    strcpy(row->kind, kind);
    strcpy(row->place, place);
    strcpy(row->class, class);

    return row;
}


/* all paths below one prefix once more below another one */

static void
add_same(const char *prefix, const char *other, unsigned line)
{
    char      place[240];
    unsigned  i, n, added;

    added = 0;

    for (i = 0, n = nrows; i < n; i++) {

        if (strcmp(rows[i].kind, "json") == 0
            && strncmp(rows[i].place, prefix, strlen(prefix)) == 0)
        {
            (void) snprintf(place, sizeof(place), "%s%s", other,
                            rows[i].place + strlen(prefix));
            (void) add_row("json", place, rows[i].class, line);
            added++;
        }
    }

    assert_true(added > 0);
}


static int
read_rows(void **state)
{
    FILE        *f;
    char         text[512], *kind, *place, *class;
    unsigned     line;

    (void) state;

    f = fopen("t/data/redact-places.tsv", "r");
    assert_non_null(f);

    for (line = 1; fgets(text, sizeof(text), f) != NULL; line++) {

        if (text[0] == '#') {
            continue;
        }

        kind = strtok(text, "\t\n");
        place = strtok(NULL, "\t\n");
        class = strtok(NULL, "\t\n");
        assert_non_null(class);

        if (strcmp(kind, "same") == 0) {
            add_same(place, class, line);

        } else {
            (void) add_row(kind, place, class, line);
        }
    }

    (void) fclose(f);

    return 0;
}


static void
every_named_place(void **state)
{
    unsigned         i, bad;
    xpecto_redact_t  rd;

    (void) state;

    labels(&rd);

    bad = 0;

    for (i = 0; i < nrows; i++) {
        bad += check_row(&rd, &rows[i]);
    }

    print_message("# %u rows\n", nrows);

    assert_true(nrows > 1000);
    assert_int_equal(bad, 0);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_named_place)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, read_rows, NULL);
}
