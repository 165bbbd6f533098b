
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/* The benchmark of the scanner: its texts and those it is compared with. */


#ifndef _SCAN_H_INCLUDED_
#define _SCAN_H_INCLUDED_


#include <stddef.h>
#include <stdint.h>


/* lines or documents, one behind the other; begin[n] is the end */

typedef struct {
    uint8_t     *data;
    size_t      *begin;
    size_t       n;
    size_t       phones;                /* of them with a phone number */
} scan_text_t;


#if defined(__cplusplus)
extern "C" {
#endif


/* how much is found in one line */

typedef size_t (*scan_engine_pt)(void *ctx, const uint8_t *p, size_t len);


/* at least len bytes; the same seed gives the same bytes */

void scan_text_log(scan_text_t *text, size_t len);
void scan_text_json(scan_text_t *text, size_t len);


/* NULL: the library was not there when this was built */

void *scan_pcre2(const char *const *patterns, unsigned n);
size_t scan_pcre2_line(void *ctx, const uint8_t *p, size_t len);

void *scan_hyperscan(const char *const *patterns, unsigned n);
size_t scan_hyperscan_line(void *ctx, const uint8_t *p, size_t len);

void *scan_libphonenumber(const char *region);
size_t scan_libphonenumber_line(void *ctx, const uint8_t *p, size_t len);


#if defined(__cplusplus)
}
#endif


#endif /* _SCAN_H_INCLUDED_ */
