
/*
 * The inside of xpecto_redact: an edit walks over the input from left to
 * right and writes the output once something has to change.
 */


#ifndef _XPECTO_REDACT_EDIT_H_INCLUDED_
#define _XPECTO_REDACT_EDIT_H_INCLUDED_


#include <string.h>

#include "xpecto_map.h"
#include "xpecto_redact_label.h"
#include "xpecto_redact_names.h"


typedef struct {
    const xpecto_redact_t    *rd;
    const uint8_t            *p;
    size_t                    len;
    size_t                    cut;      /* where the tail was cut off */
    size_t                    done;     /* input before it is dealt with */
    size_t                    copied;   /* input before it is in out */
    uint8_t                  *out;
    size_t                    cap;
    xpecto_redact_result_t   *res;
    unsigned                  tail:1;
    unsigned                  changed:1;
    unsigned                  escaped:1;    /* quotes in quoted strings are */
    unsigned                  full:1;   /* out is: the rest was masked */
    unsigned                  mapped:1; /* map is set */
    unsigned                  debug:1;  /* the line is of the debug level */
    unsigned                  open:1;   /* behind the range a value goes on */
    xpecto_map_t              map;
} xpecto_edit_t;


/* where the input ends, as an edit knows it */

typedef struct {
    size_t                    cut;
    unsigned                  tail:1;
    unsigned                  mapped:1;
} xpecto_edit_end_t;


/* what stands around a replacement, where a bare value would not do */

typedef enum {
    XPECTO_QUOTE_NONE = 0,
    XPECTO_QUOTE_JSON,                  /* "..." */
    XPECTO_QUOTE_PERCENT                /* %22...%22 */
} xpecto_quote_e;


/* xpecto_redact_content.c: a style that tells otherwise of what is cut */

int xpecto_edit_is_partial(xpecto_edit_t *e, xpecto_class_e class);

/* by content, from where we are up to an offset that is not behind us */

void xpecto_edit_content(xpecto_edit_t *e, size_t to);


static inline void
xpecto_edit_scan(xpecto_edit_t *e, size_t to)
{
    if (e->done < to) {
        xpecto_edit_content(e, to);
    }
}


/* the same, what is there is a value that is not searched */

static inline void
xpecto_edit_until(xpecto_edit_t *e, size_t to)
{
    e->open = 1;
    xpecto_edit_scan(e, to);
    e->open = 0;
}


/* leaves what is before an offset as it is */

static inline void
xpecto_edit_skip(xpecto_edit_t *e, size_t to)
{
    if (e->done < to) {
        e->done = to;
    }
}


/*
 * xpecto_redact_content.c: from now on the input is read as one that was cut
 * off at an offset; what it was read as, and back to that
 */

xpecto_edit_end_t xpecto_edit_cut(xpecto_edit_t *e, size_t at);
void xpecto_edit_uncut(xpecto_edit_t *e, xpecto_edit_end_t end);


/* the bytes [start, end) are a value of the class, what is before is scanned */

void xpecto_edit_named(xpecto_edit_t *e, size_t start, size_t end,
    xpecto_class_e class, xpecto_quote_e quote);

/* the bytes [start, end) are content of which nobody knows the form */

void xpecto_edit_opaque(xpecto_edit_t *e, size_t start, size_t end);

/* data in the place of the bytes [start, end), what is before stands */

void xpecto_edit_put(xpecto_edit_t *e, size_t start, size_t end,
    xpecto_class_e class, const uint8_t *data, size_t len,
    xpecto_quote_e quote);

/* the bytes [start, end) cannot be parsed */

void xpecto_edit_broken(xpecto_edit_t *e, size_t start, size_t end);


/* returns what is behind the copy */

static inline uint8_t *
xpecto_edit_copy(uint8_t *dst, const void *src, size_t len)
{
    memcpy(dst, src, len);

    return dst + len;
}


/* the offset of a byte in [from, to), or to */

static inline size_t
xpecto_edit_find(const uint8_t *p, size_t from, size_t to, uint8_t c)
{
    const uint8_t  *found;

    if (from >= to) {
        return to;
    }

    found = memchr(p + from, c, to - from);

    return found != NULL ? (size_t) (found - p) : to;
}


/* xpecto_redact_content.c: the same for a separator of URIs */

size_t xpecto_edit_seek(const xpecto_edit_t *e, xpecto_map_e what,
    size_t from, size_t to);

#define xpecto_edit_next(e, what, from, to)                                  \
    ((e)->mapped ? xpecto_map_find(&(e)->map, what, from, to)                \
                 : xpecto_edit_seek(e, what, from, to))


/* xpecto_redact_add(), of any value, by an edit */

xpecto_rc_e xpecto_edit_whole(const xpecto_redact_t *rd,
    xpecto_redact_place_t place, const uint8_t *p, size_t len, int tail,
    uint8_t *out, size_t cap, xpecto_redact_result_t *res);

/*
 * xpecto_redact_quick.c, xpecto_redact_quick_16.c: the same for a whole
 * request line or URI without a tail, but quicker if it is of the common kind.
 */

xpecto_rc_e xpecto_edit_quick_16(const xpecto_redact_t *rd,
    xpecto_redact_place_t place, const uint8_t *p, size_t len, int tail,
    uint8_t *out, size_t cap, xpecto_redact_result_t *res);

#if defined(__x86_64__) && defined(__GNUC__)

xpecto_rc_e xpecto_edit_quick(const xpecto_redact_t *rd,
    xpecto_redact_place_t place, const uint8_t *p, size_t len, int tail,
    uint8_t *out, size_t cap, xpecto_redact_result_t *res);

#define xpecto_edit_is_quick()                                               \
    (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2"))

#else

#define xpecto_edit_quick  xpecto_edit_quick_16
#define xpecto_edit_is_quick()  0

#endif


/* reads [from, to) as the place says */

void xpecto_edit_form(xpecto_edit_t *e, xpecto_redact_place_t place,
    size_t from, size_t to);


/* xpecto_redact_token.c */

size_t xpecto_edit_pseudonym(const xpecto_redact_t *rd, uint8_t *dst,
    const uint8_t *p, size_t len, xpecto_class_e class,
    const xpecto_phone_t *phone);

/* the canonical number of bytes that are meant to be one */

xpecto_rc_e xpecto_edit_number(xpecto_phone_t *ph, const uint8_t *p,
    size_t len, const xpecto_phone_t *phone);


/* xpecto_redact_mask.c */

size_t xpecto_edit_mask(const xpecto_redact_t *rd, uint8_t *dst,
    const uint8_t *p, size_t len, const xpecto_phone_t *phone);

/* of the masked number that stands at p, 0: there is none */

size_t xpecto_edit_mask_len(const uint8_t *p, size_t len);

/*
 * The star is one of a masked number and the bytes [from, end) are all of it:
 * they may look like an IP's.  Digits that go on beyond it are none of a mask.
 */

int xpecto_edit_in_mask(const uint8_t *p, size_t star, size_t to, size_t from,
    size_t end);


/* xpecto_redact_ip.c */

/* an address, with a port perhaps, cut to /24 or /48; 0: not an address */

size_t xpecto_edit_truncate(uint8_t *dst, const uint8_t *p, size_t len);

/* "host:port, ...": an address of a server stays */

void xpecto_edit_host(xpecto_edit_t *e, size_t from, size_t to);

/* a list of addresses, with ports perhaps; or the bytes of one alone */

void xpecto_edit_ip(xpecto_edit_t *e, size_t start, size_t end);

/* 4 or 16 bytes, without its port and zone; 0: not an address */

size_t xpecto_edit_address(uint8_t dst[16], const uint8_t *p, size_t len);


/* xpecto_redact_uri.c */

void xpecto_edit_request(xpecto_edit_t *e, size_t from, size_t to);
void xpecto_edit_uri(xpecto_edit_t *e, size_t from, size_t to);


/* xpecto_redact_pairs.c; a query is searched by content, too */

void xpecto_edit_query(xpecto_edit_t *e, size_t from, size_t to);
void xpecto_edit_pairs(xpecto_edit_t *e, size_t from, size_t to);


/* xpecto_redact_cookie.c */

void xpecto_edit_cookie(xpecto_edit_t *e, size_t from, size_t to);
void xpecto_edit_set_cookie(xpecto_edit_t *e, size_t from, size_t to);


/* xpecto_redact_json.c */

void xpecto_edit_json(xpecto_edit_t *e, size_t from, size_t to, int percent,
    xpecto_named_t root);


/* xpecto_redact_multipart.c */

void xpecto_edit_body(xpecto_edit_t *e, size_t from, size_t to);


/* xpecto_redact_log.c */

void xpecto_edit_log(xpecto_edit_t *e, size_t from, size_t to);
void xpecto_edit_line(xpecto_edit_t *e, size_t from, size_t to);


/* xpecto_redact_args.c */

/* the value [start, end) of an argument that the tables know */

void xpecto_edit_argument(xpecto_edit_t *e, size_t start, size_t end,
    xpecto_named_t named);

/* where the "=" behind the name at i is, perhaps encoded; to: no form */

size_t xpecto_edit_form_sign(const xpecto_redact_t *rd, const uint8_t *p,
    size_t i, size_t to);


#endif /* _XPECTO_REDACT_EDIT_H_INCLUDED_ */
