
/* How lines of an error log are read: what its files share. */


#ifndef _XPECTO_REDACT_QUOTED_H_INCLUDED_
#define _XPECTO_REDACT_QUOTED_H_INCLUDED_


#include "xpecto_redact_edit.h"


/* xpecto_redact_prefix.c: what stands before a message, with its number */

size_t xpecto_log_prefix(const uint8_t *p, size_t len);


/* xpecto_redact_quoted.c */

/*
 * How the string behind a quote at i is read, and where it ends; from is
 * where the message begins.  DECLINED: as any text.
 */

xpecto_rc_e xpecto_log_place(const xpecto_edit_t *e, size_t from, size_t i,
    size_t to, xpecto_redact_place_t *place, size_t *end);

/* the closing quote; request: those that nginx goes on behind alone count */

size_t xpecto_log_quote_end(const xpecto_edit_t *e, size_t i, size_t to,
    int request);

/* 1: what stands at i is nginx's, behind a quote of its own */

int xpecto_log_goes_on(const uint8_t *p, size_t i, size_t to);

int xpecto_log_starts_with(const uint8_t *p, size_t i, size_t to,
    const char *word);
int xpecto_log_ends_with(const uint8_t *p, size_t from, size_t i,
    const char *word);


/* xpecto_redact_field.c */

/*
 * 1: the quote at i opens what nginx adds to a message, "request" and so on;
 * how that is read, and where it ends
 */

int xpecto_log_field(const xpecto_edit_t *e, size_t from, size_t i, size_t to,
    xpecto_redact_place_t *place, size_t *end);

/* where the line ends, without the quote that ends it and what parts lines */

size_t xpecto_log_end(const uint8_t *p, size_t i, size_t to);

/* 0: it has what no host and no list of addresses has */

int xpecto_log_is_host(const xpecto_edit_t *e, size_t i, size_t end);

/* what a client sent ends at *end, or all that follows is its content */

void xpecto_log_clear(const xpecto_edit_t *e, size_t to,
    xpecto_redact_place_t *place, size_t *end);


/* xpecto_redact_member.c */

/*
 * A member of JSON that somebody logged, "name": "value"; name: behind the
 * quote of its name, i: its colon.  The offset of the last byte dealt with.
 */

size_t xpecto_log_member(xpecto_edit_t *e, size_t from, size_t name, size_t i,
    size_t to);


/* xpecto_redact_word.c */

/* of what begins at i and stands behind a "=" */

size_t xpecto_log_word_end(const xpecto_edit_t *e, size_t i, size_t to);

/* the same of what stands behind a ":" in JSON */

size_t xpecto_log_scalar_end(const uint8_t *p, size_t i, size_t to);

/* where a value of the class ends of which the word [i, word) may be a part */

size_t xpecto_log_bare_end(const xpecto_edit_t *e, size_t i, size_t word,
    size_t to, xpecto_class_e class, int json);


#endif /* _XPECTO_REDACT_QUOTED_H_INCLUDED_ */
