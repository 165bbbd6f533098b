
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

/*
 * How many bytes are looked through in a second of processor time, line by
 * line, by this module and by its peers in one run: the best of many passes
 * over the text.
 *
 * usage: scan [SECONDS [MEGABYTES [NAME [log|JSON]]]]
 */


#define _POSIX_C_SOURCE  199309L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/xpecto_json.h"
#include "core/xpecto_scan_parts.h"
#include "scan.h"


#define SCAN_ALL     ((1u << XPECTO_CLASSES) - 1)
#define SCAN_PHONES  XPECTO_CLASS_BIT(XPECTO_CLASS_PHONE)


/* which form of the prefilter, NULL: not on this processor */

typedef struct {
    xpecto_prefilter_pt   find;
    unsigned              classes;
} scan_ours_t;


typedef struct {
    const char      *name;
    scan_engine_pt   line;
    void            *ctx;
    size_t           part;              /* of the text: one in so many */
} scan_engine_t;


static double scan_now(void);
static void scan_measure(const char *name, const scan_text_t *text,
    scan_engine_t *engine, double seconds);
static size_t scan_copy_line(void *ctx, const uint8_t *p, size_t len);
static size_t scan_content_line(void *ctx, const uint8_t *p, size_t len);
static size_t scan_paths_line(void *ctx, const uint8_t *p, size_t len);
static xpecto_rc_e scan_path(void *data, const xpecto_json_value_t *value);
static void scan_compile(xpecto_json_paths_t *paths);


/* a number; then an e-mail address, IPv4, tokens, ids, named values */

static const char *const  scan_patterns[] = {
    "\\+?\\b[1-9][0-9]{9,14}\\b",
    "[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}",
    "\\b(?:[0-9]{1,3}\\.){3}[0-9]{1,3}\\b",
    "EAA[0-9A-Za-z]{40,}",
    "wamid\\.[A-Za-z0-9_=+/-]{8,}",
    "[Bb]earer +[A-Za-z0-9._~+/=-]{8,}",
    "eyJ[A-Za-z0-9_-]+\\.eyJ[A-Za-z0-9_-]+",
    "(?:access_token|api_key|password|secret)=[^& \"]+"
};

static const char *const  scan_paths[] = {
    "to", "messages[].to", "contacts[].wa_id", "recipient",
    "entry[].changes[].value.metadata.display_phone_number",
    "entry[].changes[].value.contacts[].wa_id",
    "**.contacts[].profile.name",
    "entry[].changes[].value.messages[].from",
    "entry[].changes[].value.messages[].id",
    "**.messages[].text.body",
    "entry[].changes[].value.statuses[].id",
    "entry[].changes[].value.statuses[].recipient_id"
};


int
main(int argc, char *const *argv)
{
    size_t               len;
    double               seconds;
    unsigned             i;
    scan_text_t          log, json;
    xpecto_json_paths_t  paths;

    seconds = (argc > 1) ? atof(argv[1]) : 0.5;
    len = (argc > 2) ? strtoul(argv[2], NULL, 10) << 20 : 8 << 20;

    scan_text_log(&log, len);
    scan_text_json(&json, len);
    scan_compile(&paths);

    scan_ours_t  ours[] = {
        { xpecto_prefilter(), SCAN_PHONES },
        { xpecto_prefilter_avx2(), SCAN_PHONES },
        { xpecto_prefilter_sse2(), SCAN_PHONES },
        { xpecto_prefilter_scalar, SCAN_PHONES },
        { xpecto_prefilter(), SCAN_ALL },
        { xpecto_prefilter_avx2(), SCAN_ALL },
        { xpecto_prefilter_sse2(), SCAN_ALL },
        { xpecto_prefilter_scalar, SCAN_ALL }
    };

    scan_engine_t  engines[] = {
        { "memcpy", scan_copy_line, malloc(65536), 1 },
        { "ours, phones", scan_content_line, &ours[0], 1 },
        { "ours, phones, AVX2", scan_content_line, &ours[1], 1 },
        { "ours, phones, SSE2", scan_content_line, &ours[2], 1 },
        { "ours, phones, scalar", scan_content_line, &ours[3], 4 },
        { "ours, all classes", scan_content_line, &ours[4], 1 },
        { "ours, all classes, AVX2", scan_content_line, &ours[5], 1 },
        { "ours, all classes, SSE2", scan_content_line, &ours[6], 1 },
        { "ours, all classes, scalar", scan_content_line, &ours[7], 4 },
        { "PCRE2 JIT, 1 pattern", scan_pcre2_line,
          scan_pcre2(scan_patterns, 1), 4 },
        { "PCRE2 JIT, 8 patterns", scan_pcre2_line,
          scan_pcre2(scan_patterns, 8), 16 },
        { "Hyperscan, 1 pattern", scan_hyperscan_line,
          scan_hyperscan(scan_patterns, 1), 4 },
        { "Hyperscan, 8 patterns", scan_hyperscan_line,
          scan_hyperscan(scan_patterns, 8), 16 },
        { "libphonenumber, any region", scan_libphonenumber_line,
          scan_libphonenumber("ZZ"), 1024 },
        { "libphonenumber, US", scan_libphonenumber_line,
          scan_libphonenumber("US"), 1024 },
        { "ours, JSON paths", scan_paths_line, &paths, 1 }
    };

    printf("| | text | GB/s | ns a line | found |\n|---|---|---:|---:|---:|\n");

    for (i = 0; i < sizeof(engines) / sizeof(engines[0]); i++) {

        if (argc > 3 && strstr(engines[i].name, argv[3]) == NULL) {
            continue;
        }

        if (engines[i].ctx == NULL) {
            printf("| %s | | not built | | |\n", engines[i].name);
            continue;
        }

        if (engines[i].line == scan_content_line
            && ((scan_ours_t *) engines[i].ctx)->find == NULL)
        {
            printf("| %s | | not here | | |\n", engines[i].name);
            continue;
        }

        if (engines[i].line != scan_paths_line
            && (argc < 5 || strcmp(argv[4], "log") == 0))
        {
            scan_measure("log", &log, &engines[i], seconds);
        }

        if (argc < 5 || strcmp(argv[4], "JSON") == 0) {
            scan_measure("JSON", &json, &engines[i], seconds);
        }
    }

    printf("\nlog: %zu lines, %zu bytes each, %.1f %% with a number\n",
           log.n, log.begin[log.n] / log.n,
           100.0 * (double) log.phones / (double) log.n);
    printf("JSON: %zu documents, %zu bytes each\n", json.n,
           json.begin[json.n] / json.n);

    return 0;
}


static void
scan_measure(const char *name, const scan_text_t *text,
    scan_engine_t *engine, double seconds)
{
    size_t  i, n, found;
    double  start, end, best, total;

    n = (text->n + engine->part - 1) / engine->part;
    best = 0;
    total = 0;
    found = 0;

    do {
        found = 0;
        start = scan_now();

        for (i = 0; i < n; i++) {
            found += engine->line(engine->ctx, text->data + text->begin[i],
                                  text->begin[i + 1] - text->begin[i]);
        }

        end = scan_now();
        total += end - start;

        if (best == 0 || end - start < best) {
            best = end - start;
        }

    } while (total < seconds);

    printf("| %s | %s | %.3f | %.0f | %.2f |\n", engine->name, name,
           (double) text->begin[n] / best / 1e9, best * 1e9 / (double) n,
           (double) found / (double) n);
    (void) fflush(stdout);
}


static double
scan_now(void)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);

    return (double) ts.tv_sec + (double) ts.tv_nsec / 1e9;
}


static size_t
scan_copy_line(void *ctx, const uint8_t *p, size_t len)
{
    memcpy(ctx, p, len);

    return 0;
}


static size_t
scan_content_line(void *ctx, const uint8_t *p, size_t len)
{
    size_t               n, pos;
    scan_ours_t         *ours = ctx;
    xpecto_span_t        span;
    xpecto_scan_rest_t   rest;

    n = 0;
    pos = 0;
    rest.at = NULL;

    while (xpecto_scan_by(ours->find, &rest, p, len, &pos, ours->classes, 0,
                          &span)
           == XPECTO_OK)
    {
        n++;
    }

    return n;
}


static void
scan_compile(xpecto_json_paths_t *paths)
{
    if (xpecto_json_compile(paths, scan_paths,
                            sizeof(scan_paths) / sizeof(scan_paths[0]))
        != XPECTO_OK)
    {
        fprintf(stderr, "scan: the paths cannot be compiled\n");
        exit(1);
    }
}


static size_t
scan_paths_line(void *ctx, const uint8_t *p, size_t len)
{
    size_t                n;
    static xpecto_json_t  json;

    n = 0;
    xpecto_json_init(&json, ctx, scan_path, &n);

    if (xpecto_json_feed(&json, p, len) != XPECTO_OK
        || xpecto_json_finish(&json) != XPECTO_OK)
    {
        fprintf(stderr, "scan: no JSON\n");
        exit(1);
    }

    return n;
}


static xpecto_rc_e
scan_path(void *data, const xpecto_json_value_t *value)
{
    size_t  *n = data;

    (void) value;
    (*n)++;

    return XPECTO_OK;
}
