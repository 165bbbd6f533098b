
/*
 * Finds personal data by content in bytes that may be percent-encoded,
 * JSON-escaped or nginx-escaped (\x2B).  The input stays as it is: a span
 * names the original bytes, the encoding of the value included, so that
 * whoever replaces it leaves every other byte alone.
 *
 * Stack only: usable from a signal handler and from threads.
 */


#ifndef _XPECTO_SCAN_H_INCLUDED_
#define _XPECTO_SCAN_H_INCLUDED_


#include "xpecto_phone.h"


/* what a value is; the order is part of the status room's counters */

typedef enum {
    XPECTO_CLASS_PHONE = 0,
    XPECTO_CLASS_ID,            /* embeds a number: wamid, wacid, group id */
    XPECTO_CLASS_USER,          /* BSUID, username */
    XPECTO_CLASS_EMAIL,
    XPECTO_CLASS_IP,
    XPECTO_CLASS_NAME,
    XPECTO_CLASS_CONTENT,       /* what a message says */
    XPECTO_CLASS_LOCATION,
    XPECTO_CLASS_MEDIA,
    XPECTO_CLASS_CREDENTIAL,
    XPECTO_CLASS_ACCOUNT,       /* card number, IBAN */
    XPECTO_CLASSES
} xpecto_class_e;

#define XPECTO_CLASS_BIT(class)  (1u << (class))

#define XPECTO_PREFILTER_WORDS   4      /* of 64 bits in the largest block */


/* a block with places of interest; its base may be before where we looked */

typedef struct {
    const uint8_t      *base;           /* of the bits */
    const uint8_t      *next;           /* what is behind the block */
    uint64_t            found[XPECTO_PREFILTER_WORDS];
    uint64_t            inner;          /* from next on: of an escape */
    int                 rough;          /* an escape stands closely before */
} xpecto_prefilter_t;


/* what is known already of the text behind a span; its owner sets at: NULL */

typedef struct {
    const uint8_t      *at;             /* behind the span; NULL: nothing */
    const uint8_t      *end;            /* of the text */
    unsigned            classes;
    xpecto_prefilter_t  block;
} xpecto_scan_rest_t;


typedef struct {
    size_t              start;          /* offsets into the input */
    size_t              end;            /* behind the last byte */
    size_t              first;          /* nothing before it was of interest */
    xpecto_class_e      class;
    xpecto_phone_t      phone;          /* XPECTO_CLASS_PHONE, else len == 0 */
} xpecto_span_t;


/*
 * The next span of one of the wanted classes that starts at or after *pos;
 * *pos moves behind it.  Nothing before *pos is looked at: a label in the
 * place of a span changes nothing for what follows.  tail says that the
 * input was cut off at its end by a buffer: digits that touch the end then
 * count from four on.
 *
 * OK         *span is set
 * DECLINED   nothing more
 */

xpecto_rc_e xpecto_scan_next(const uint8_t *p, size_t len, size_t *pos,
    unsigned classes, int tail, xpecto_span_t *span);

/*
 * The same, one span after the other: rest spares a second look at the block
 * in which a span ends.  What is between *pos and the end must be the same
 * bytes, in the same place, as long as rest->at is not set to NULL.
 */

xpecto_rc_e xpecto_scan_more(xpecto_scan_rest_t *rest, const uint8_t *p,
    size_t len, size_t *pos, unsigned classes, int tail, xpecto_span_t *span);

/* the number that the bytes of an ID hold; DECLINED: none that can be read */

xpecto_rc_e xpecto_scan_id_phone(const uint8_t *p, size_t len,
    xpecto_phone_t *ph);


#endif /* _XPECTO_SCAN_H_INCLUDED_ */
