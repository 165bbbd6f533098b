
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * Regular expressions over one line: PCRE2 with its JIT, and Hyperscan.  A
 * peer that was not there when this was built is NULL.
 */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scan.h"


#if defined(HAVE_PCRE2)

#define PCRE2_CODE_UNIT_WIDTH  8
#include <pcre2.h>


typedef struct {
    pcre2_code        *code;
    pcre2_match_data  *data;
} scan_pcre2_t;


/* several patterns: one alternation */

void *
scan_pcre2(const char *const *patterns, unsigned n)
{
    int            error;
    char           all[2048];
    unsigned       i;
    PCRE2_SIZE     offset;
    scan_pcre2_t  *re;

    all[0] = '\0';

    for (i = 0; i < n; i++) {
        (void) strcat(all, i ? "|(?:" : "(?:");
        (void) strcat(all, patterns[i]);
        (void) strcat(all, ")");
    }

    re = malloc(sizeof(scan_pcre2_t));
    if (re == NULL) {
        return NULL;
    }

    re->code = pcre2_compile((PCRE2_SPTR) all, PCRE2_ZERO_TERMINATED, 0,
                             &error, &offset, NULL);

    if (re->code == NULL || pcre2_jit_compile(re->code, PCRE2_JIT_COMPLETE)) {
        fprintf(stderr, "scan: PCRE2 cannot compile %s\n", all);
        exit(1);
    }

    re->data = pcre2_match_data_create_from_pattern(re->code, NULL);

    return re;
}


size_t
scan_pcre2_line(void *ctx, const uint8_t *p, size_t len)
{
    size_t         n, pos;
    PCRE2_SIZE    *match;
    scan_pcre2_t  *re = ctx;

    n = 0;
    pos = 0;
    match = pcre2_get_ovector_pointer(re->data);

    while (pcre2_jit_match(re->code, p, len, pos, 0, re->data, NULL) > 0) {
        n++;
        pos = match[1];
    }

    return n;
}

#else

void *
scan_pcre2(const char *const *patterns, unsigned n)
{
    (void) patterns;
    (void) n;

    return NULL;
}


size_t
scan_pcre2_line(void *ctx, const uint8_t *p, size_t len)
{
    (void) ctx;
    (void) p;

    return len;
}

#endif


#if defined(HAVE_HYPERSCAN)

#include <hs.h>


typedef struct {
    hs_database_t  *db;
    hs_scratch_t   *scratch;
} scan_hyperscan_t;


static int scan_hyperscan_match(unsigned id, unsigned long long from,
    unsigned long long to, unsigned flags, void *data);


void *
scan_hyperscan(const char *const *patterns, unsigned n)
{
    unsigned            ids[16], flags[16], i;
    scan_hyperscan_t   *hs;
    hs_compile_error_t *error;

    for (i = 0; i < n; i++) {
        ids[i] = i;
        flags[i] = HS_FLAG_SOM_LEFTMOST;
    }

    hs = calloc(1, sizeof(scan_hyperscan_t));

    if (hs == NULL
        || hs_compile_multi(patterns, flags, ids, n, HS_MODE_BLOCK, NULL,
                            &hs->db, &error)
           != HS_SUCCESS
        || hs_alloc_scratch(hs->db, &hs->scratch) != HS_SUCCESS)
    {
        fprintf(stderr, "scan: Hyperscan cannot compile the patterns\n");
        exit(1);
    }

    return hs;
}


size_t
scan_hyperscan_line(void *ctx, const uint8_t *p, size_t len)
{
    size_t             n;
    scan_hyperscan_t  *hs = ctx;

    n = 0;

    (void) hs_scan(hs->db, (const char *) p, (unsigned) len, 0, hs->scratch,
                   scan_hyperscan_match, &n);

    return n;
}


static int
scan_hyperscan_match(unsigned id, unsigned long long from,
    unsigned long long to, unsigned flags, void *data)
{
    size_t  *n = data;

    (void) id;
    (void) from;
    (void) to;
    (void) flags;

    (*n)++;

    return 0;
}

#else

void *
scan_hyperscan(const char *const *patterns, unsigned n)
{
    (void) patterns;
    (void) n;

    return NULL;
}


size_t
scan_hyperscan_line(void *ctx, const uint8_t *p, size_t len)
{
    (void) ctx;
    (void) p;

    return len;
}

#endif


#if !defined(HAVE_PHONENUMBER)

void *
scan_libphonenumber(const char *region)
{
    (void) region;

    return NULL;
}


size_t
scan_libphonenumber_line(void *ctx, const uint8_t *p, size_t len)
{
    (void) ctx;
    (void) p;

    return len;
}

#endif
