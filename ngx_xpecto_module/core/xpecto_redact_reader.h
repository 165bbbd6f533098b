
/* The reader of a JSON document that is redacted in place. */


#ifndef _XPECTO_REDACT_READER_H_INCLUDED_
#define _XPECTO_REDACT_READER_H_INCLUDED_


#include "xpecto_redact_edit.h"


#define XPECTO_REDACT_DEPTH  64


typedef struct {
    uint8_t                   type;     /* '{' or '[' */
    uint8_t                   class;    /* of values without a name */
    uint8_t                   leaf;     /* not of what is further below */
    uint8_t                   key_len;  /* of the member we are in */
    uint8_t                   key[XPECTO_REDACT_NAME_MAX];
} xpecto_level_t;


typedef struct {
    xpecto_edit_t            *e;
    size_t                    pos;
    size_t                    end;
    int                       percent;
    unsigned                  depth;
    const char               *name;     /* of the argument it is in, or NULL */
    xpecto_named_t            value;    /* of the value that comes next */
    xpecto_level_t            levels[XPECTO_REDACT_DEPTH];
} xpecto_reader_t;


/* the byte at pos, decoded, and where the next one is; -1 at the end */

int xpecto_reader_peek(xpecto_reader_t *rd, size_t *next);

/* skips white space; the byte behind it, -1 at the end */

int xpecto_reader_blank(xpecto_reader_t *rd);

/*
 * At a quote: [start, end) is what stands between it and the second one, and
 * pos is behind that.  ERROR: there is none, pos stays.
 */

xpecto_rc_e xpecto_reader_string(xpecto_reader_t *rd, size_t *start,
    size_t *end);

/* folded, escapes decoded; 0: no name of ours, as one that is not ASCII */

size_t xpecto_reader_name(xpecto_reader_t *rd, uint8_t *dst, size_t start,
    size_t end);

/* 1: an object with a member begins here, or an array of one, as it is sent */

int xpecto_reader_opens(const uint8_t *p, size_t from, size_t to);


#endif /* _XPECTO_REDACT_READER_H_INCLUDED_ */
