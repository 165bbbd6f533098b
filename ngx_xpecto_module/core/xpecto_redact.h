
/*
 * What a log may say: (where a value stands, its bytes) -> the bytes to log.
 *
 * Named places (a query name, a header, a JSON path of the WhatsApp and BSP
 * APIs) are redacted whatever they hold; all other bytes are scanned by
 * content.  Bytes outside a redacted span come out identical.  What cannot
 * be parsed is masked as a whole.  redact(redact(x)) == redact(x).
 *
 * Stack only: the error log's writer calls this from signal handlers.
 */


#ifndef _XPECTO_REDACT_H_INCLUDED_
#define _XPECTO_REDACT_H_INCLUDED_


#include "xpecto_pseudonym.h"
#include "xpecto_scan.h"


/* how the bytes are to be read */

typedef enum {
    XPECTO_FORM_TEXT = 0,       /* by content only */
    XPECTO_FORM_REQUEST,        /* "POST /path?query HTTP/1.1" */
    XPECTO_FORM_URI,            /* "[https://host]/path?query#fragment" */
    XPECTO_FORM_HOST,           /* "host:port, ...": an IP is a server's */
    XPECTO_FORM_QUERY,          /* "a=b&c=d", a form body as well */
    XPECTO_FORM_COOKIE,         /* "a=b; c=d": every value goes */
    XPECTO_FORM_SET_COOKIE,     /* "a=b; Path=/": the value goes */
    XPECTO_FORM_JSON,
    XPECTO_FORM_BODY,           /* JSON, a form, else content as a whole */
    XPECTO_FORM_LOG,            /* a line of an error log: "request: ..." */
    XPECTO_FORM_LINE,           /* of any log: in others quotes are escaped */
    XPECTO_FORM_WHOLE,          /* one value of the class, NONE: unreadable */
    XPECTO_FORM_NONE            /* cannot hold personal data ($status) */
} xpecto_form_e;


typedef enum {
    XPECTO_STYLE_LABEL = 0,     /* "[phone]" */
    XPECTO_STYLE_MASK,          /* calling code and last digits stay */
    XPECTO_STYLE_PSEUDONYM,     /* "[phone.epoch.letters]"; no key: label */
    XPECTO_STYLE_LENGTH,        /* "[content 57B]" */
    XPECTO_STYLE_TRUNCATE,      /* IP: /24 and /48 */
    XPECTO_STYLE_REMOVE,        /* "-" */
    XPECTO_STYLE_KEEP
} xpecto_style_e;


/*
 * Which numbers are masked: by their first three digits, bit n says that
 * those of n digits leave candidates enough.
 */

#define XPECTO_MASK_CANDIDATES  100000
#define XPECTO_MASK_LAST        4       /* digits that may stay, at most */
#define XPECTO_MASK_DEFAULT     2
#define XPECTO_MASK_CODES       1000

typedef struct {
    uint8_t                   last;     /* digits that stay, not 0 */
    uint16_t                  lens[XPECTO_MASK_CODES];
} xpecto_mask_t;


/* a name that an operator added (xpecto_redact_name) */

typedef struct {
    xpecto_str_t              name;     /* folded */
    xpecto_class_e            class;
} xpecto_redact_name_t;

#define XPECTO_REDACT_NAME_MAX  40      /* bytes of the longest folded name */


typedef struct {
    uint8_t                   styles[XPECTO_CLASSES];
    unsigned                  classes;  /* bits: what has to be looked for */
    const xpecto_redact_name_t  *names;
    unsigned                  nnames;
    unsigned                  fresh;    /* 1: what looks like a label is none */
    const xpecto_mask_t      *mask;     /* NULL: label */
    xpecto_pseudonym_t       *pseudonym;    /* NULL: label */

    /*
     * By the length of a folded name: bits of the letters, modulo 32, that no
     * name of an argument, of a segment in the tables begins with.
     */
    uint32_t                  new_args[XPECTO_REDACT_NAME_MAX + 1];
    uint32_t                  new_segments[XPECTO_REDACT_NAME_MAX + 1];

    /* of whatever length: the letters that a segment of the tables has */
    uint32_t                  segments;
} xpecto_redact_t;


/* how a value is read, and its class if all of it is one value */

typedef struct {
    xpecto_form_e             form;
    xpecto_class_e            class;
} xpecto_redact_place_t;


typedef struct {
    size_t                    len;      /* of what was written */
    uint32_t                  total;    /* of the counts */
    uint32_t                  counts[XPECTO_CLASSES];
} xpecto_redact_result_t;


/* the styles of DESIGN: what stands in force without xpecto_redact_as */

void xpecto_redact_defaults(xpecto_redact_t *rd);

/*
 * DECLINED: the style says nothing of this class (truncate of a name).  MASK
 * and PSEUDONYM are labels until rd has what they need.
 */

xpecto_rc_e xpecto_redact_style(xpecto_redact_t *rd, xpecto_class_e class,
    xpecto_style_e style);

/*
 * Counts in the numbering plan; last is 1 to XPECTO_MASK_LAST.  Returns the
 * number of calling codes that have numbers to be masked.
 */

unsigned xpecto_mask_build(xpecto_mask_t *mask, unsigned last);

/* lets rd redact whatever a or rd redacts, as strictly; names are not read */

void xpecto_redact_stricter(xpecto_redact_t *rd, const xpecto_redact_t *a);

/*
 * A name as it is compared: percent codes decoded, in lower case, without
 * "_", "-" and ".", so that access_token, accessToken and Access-Token are
 * one.  0: nothing is left, or it is too long.  dst may be p.
 */

size_t xpecto_name_fold(uint8_t *dst, const uint8_t *p, size_t len);

/*
 * The place of an nginx variable by its name without the "$": "request",
 * "arg_to", "http_authorization", "cookie_sid", "remote_addr".  Names it
 * does not know are TEXT.
 */

xpecto_redact_place_t xpecto_redact_variable(const xpecto_redact_t *rd,
    const uint8_t *name, size_t len);

/* enough room for the redacted form of len bytes */

#define XPECTO_REDACT_BOUND(len)  (3 * (len) + 64)

size_t xpecto_redact_bound(size_t len);

/*
 * tail: the input was cut off at its end by a buffer.
 *
 * OK         out holds res->len bytes
 * DECLINED   nothing to redact: out may be anything, the input stands
 * ERROR      cap is too small: the caller must log nothing of the value
 */

xpecto_rc_e xpecto_redact(const xpecto_redact_t *rd,
    xpecto_redact_place_t place, const uint8_t *p, size_t len, int tail,
    uint8_t *out, size_t cap, xpecto_redact_result_t *res);

/* the same, but what is counted is added to what res has */

xpecto_rc_e xpecto_redact_add(const xpecto_redact_t *rd,
    xpecto_redact_place_t place, const uint8_t *p, size_t len, int tail,
    uint8_t *out, size_t cap, xpecto_redact_result_t *res);

/* "phone" -> XPECTO_CLASS_PHONE; DECLINED: no such name */

xpecto_rc_e xpecto_class_parse(const uint8_t *p, size_t len,
    xpecto_class_e *class);

/* "label", "mask:4"; last: how many digits a mask leaves */

xpecto_rc_e xpecto_style_parse(const uint8_t *p, size_t len,
    xpecto_style_e *style, unsigned *last);
const char *xpecto_class_name(xpecto_class_e class);


#endif /* _XPECTO_REDACT_H_INCLUDED_ */
