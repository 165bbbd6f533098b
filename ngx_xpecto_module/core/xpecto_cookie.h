
/*
 * Cookies: names that belong to purposes, the Cookie request line without
 * those of refused purposes, and what a Set-Cookie line does.
 *
 * Names are compared byte by byte.  A pattern "name*" stands for all names
 * that begin with it and are longer.  A name of several purposes needs all
 * of them.
 */


#ifndef _XPECTO_COOKIE_H_INCLUDED_
#define _XPECTO_COOKIE_H_INCLUDED_


#include <stddef.h>

#include "xpecto.h"


/* a tree of name bytes: siblings are a list, 0 ends it; node 0 is unused */

typedef struct {
    uint16_t              child;
    uint16_t              sibling;
    uint16_t              exact;        /* purposes of the name that ends */
    uint16_t              prefix;       /* and of the pattern */
    uint8_t               byte;
    uint8_t               keep;         /* bits: the name, the pattern */
} xpecto_cookie_node_t;


#define XPECTO_COOKIE_HEADS  4096


typedef struct {
    xpecto_cookie_node_t *nodes;        /* the caller's */
    size_t                n;
    size_t                max;
    uint16_t              root[256];    /* by first byte */
    uint64_t              heads[XPECTO_COOKIE_HEADS / 64];  /* a bit for each
                                           way to begin */
} xpecto_cookie_names_t;


/* a pair of a Cookie line: leads into it, white space around it left out */

typedef struct {
    xpecto_str_t          pair;
    xpecto_str_t          name;
    xpecto_str_t          value;
} xpecto_cookie_pair_t;


/* a pair as the scan remembers it for the filter */

typedef struct {
    uint32_t              start;        /* in the line */
    uint32_t              len;
    uint16_t              purposes;
    uint16_t              own;
} xpecto_cookie_span_t;

#define XPECTO_COOKIE_SPANS  12

/* purposes of names of ours besides the one: gone if refused, not counted */

#define XPECTO_COOKIE_OURS   1


/* what a Cookie line holds */

typedef struct {
    uint16_t              purposes;     /* of all its names */
    unsigned              own;          /* pairs with our name */
    unsigned              differ:1;     /* and two values among them */
    uint32_t              start;        /* of the first one's value: where */
    xpecto_str_t          value;        /*   in its line, and itself */
    xpecto_str_t          line;         /* the last that was scanned */
    unsigned              plain:1;      /* "; " between its pairs, and nothing
                                           else that is not of one */
    unsigned              mine;         /* the last pair of it with our name,
                                           if it has one */
    unsigned              n;            /* its first pairs */
    xpecto_cookie_span_t  spans[XPECTO_COOKIE_SPANS];
} xpecto_cookie_scan_t;

/* of no line yet */

#define xpecto_cookie_scan_init(scan)                                        \
    memset(scan, 0, offsetof(xpecto_cookie_scan_t, spans))

/* bytes of a scan up to the last pair that it knows */

#define xpecto_cookie_scan_size(scan)                                        \
    (offsetof(xpecto_cookie_scan_t, spans)                                   \
     + (scan)->n * sizeof(xpecto_cookie_span_t))


/* the list that we ship; purposes 0: never stripped */

typedef struct {
    const char           *pattern;
    uint16_t              purposes;
} xpecto_cookie_tracker_t;

extern const xpecto_cookie_tracker_t  xpecto_cookie_trackers[];
extern const size_t                   xpecto_cookie_ntrackers;

/* nodes that the list needs at most; a pattern needs at most its length */

size_t xpecto_cookie_trackers_nodes(void);


void xpecto_cookie_names_init(xpecto_cookie_names_t *names,
    xpecto_cookie_node_t *nodes, size_t max);

/*
 * purposes 0 keeps the name whatever else is said of it.  DECLINED: not a
 * cookie name (RFC 6265: a token), or a "*" that is not the last of at least
 * three characters.  ERROR: no node is left.
 */

xpecto_rc_e xpecto_cookie_names_add(xpecto_cookie_names_t *names,
    const uint8_t *pattern, size_t len, uint16_t purposes);

/* the purposes of a name, 0 if it is nobody's or is kept */

uint16_t xpecto_cookie_purposes(const xpecto_cookie_names_t *names,
    const xpecto_str_t *name);

/* the same of a pair that begins with its name, if it has one */

uint16_t xpecto_cookie_pair_purposes(const xpecto_cookie_names_t *names,
    const uint8_t *p, size_t len);


/*
 * The next pair of a line from *p on; *p moves behind it.  A pair without
 * "=" has an empty name.  DECLINED: nothing more.
 */

xpecto_rc_e xpecto_cookie_next(const uint8_t **p, const uint8_t *last,
    xpecto_cookie_pair_t *pair);

/* the same, and whose it is: all of a span, and the value */

xpecto_rc_e xpecto_cookie_span(const xpecto_cookie_names_t *names,
    const xpecto_str_t *own, const xpecto_str_t *line, const uint8_t **p,
    const uint8_t *last, xpecto_cookie_span_t *span, xpecto_str_t *value);

/*
 * 1: a pair that starts there follows the one that ends there, NULL if it is
 * the first, as in the lines of browsers.
 */

int xpecto_cookie_is_next(const xpecto_str_t *line, const uint8_t *end,
    uint32_t start);

/*
 * Adds one line to what is known of the lines before.  A browser's line is
 * read the quick way, which sees in it what the other sees.
 */

void xpecto_cookie_scan(const xpecto_cookie_names_t *names,
    const xpecto_str_t *own, const xpecto_str_t *line,
    xpecto_cookie_scan_t *scan);
void xpecto_cookie_scan_any(const xpecto_cookie_names_t *names,
    const xpecto_str_t *own, const xpecto_str_t *line,
    xpecto_cookie_scan_t *scan);

/*
 * What is known of one line, of another one with the same bytes.  A line of
 * NULL: no pointer is kept.
 */

void xpecto_cookie_scan_copy(xpecto_cookie_scan_t *dst,
    const xpecto_cookie_scan_t *src, const xpecto_str_t *line);

/*
 * 1: our cookie is the last pair of the line that was scanned, and once in
 * it: the line's first *len bytes are the line without it.
 */

int xpecto_cookie_own_is_last(const xpecto_cookie_scan_t *scan, size_t *len);

/*
 * The line without cookies of the refused purposes and without ours: the
 * others with all their bytes, in their order, joined by "; " or, where the
 * line left no room for the space, by ";".  dst holds as many bytes as the
 * line, and may be the line if something of it goes; returns the number
 * written, adds to *stripped the cookies of refused purposes.  What the scan
 * remembers of the line is not looked at again.
 */

size_t xpecto_cookie_filter(const xpecto_cookie_names_t *names,
    const xpecto_str_t *own, const xpecto_cookie_scan_t *scan,
    uint16_t refused, const xpecto_str_t *line, uint8_t *dst,
    unsigned *stripped);


/*
 * The name under which a browser sends back what a Set-Cookie line sets;
 * empty: none.  "=a=1" is kept with an empty name, and sent as "a=1".
 */

xpecto_str_t xpecto_cookie_set_name(const xpecto_str_t *line);

/*
 * 1: the line deletes its cookie.  Max-Age of 0 or less, or without a valid
 * Max-Age an Expires in the past, by the algorithms of RFC 6265 section 5;
 * the last attribute of a name counts.
 */

int xpecto_cookie_set_deletes(const xpecto_str_t *line, int64_t now);

/* RFC 6265, 5.1.1; ERROR: not a date */

xpecto_rc_e xpecto_cookie_date(const uint8_t *p, size_t len, int64_t *time);


#endif /* _XPECTO_COOKIE_H_INCLUDED_ */
